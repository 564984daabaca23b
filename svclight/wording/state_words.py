"""States of interactions and the reasons of states in words.

In: states and reasons as tables have them, the code of a language. Out: plain text. A reason that quotes a column or
a cell of the log stays as it is.
"""

from __future__ import annotations

from typing import Final

from svclight.wording.catalogue import say, say_of, to_say, to_say_of

_STATES: Final = {
    "green": to_say_of("state", "green"),
    "yellow": to_say_of("state", "yellow"),
    "red": to_say_of("state", "red"),
    "pending": to_say_of("state", "pending"),
    "missing": to_say_of("state", "missing"),
    "not_applicable": to_say_of("state", "not applicable"),
    "excluded": to_say_of("state", "excluded"),
    "absent": to_say_of("state", "absent"),
}
_REASONS: Final = (
    to_say_of("reason", "abandoned"),
    to_say_of("reason", "no promise"),
    to_say_of("reason", "overdue"),
    to_say_of("reason", "not finished"),
    to_say_of("reason", "too young"),
    to_say_of("reason", "no item applies"),
    to_say_of("reason", "no part applies"),
)
_OF_COLUMNS: Final = {
    " is empty": to_say("{column} is empty"),
    " stands in the night when the clock changes": to_say("{column} stands in the night when the clock changes"),
}
"""The reasons that begin with a column, by what follows it."""


def state_words(state: str, lang: str) -> str:
    """A state of interactions, `absent` where a definition does not count them: `red`, `красные`."""
    return say_of("state", _STATES[state], lang)


def reason_words(reason: str, lang: str) -> str:
    """The reason of a state: `not finished`, `answered is empty`."""
    for end, text in _OF_COLUMNS.items():
        if reason.endswith(end):
            return say(text, lang, column=reason.removesuffix(end))
    return say_of("reason", reason, lang)
