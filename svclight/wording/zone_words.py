"""Zones and states in words: the name of one, how many are in one, what something turns to, the flags of a period.

In: a zone, a state or a flag, the code of a language. Out: its word. Languages with cases have a form for each.
"""

from __future__ import annotations

from typing import Final

from svclight.wording.catalogue import say, say_of, to_say, to_say_of

_NAMES: Final = (to_say_of("zone", "green"), to_say_of("zone", "yellow"), to_say_of("zone", "red"))
_HOW_MANY: Final = (
    to_say_of("how many", "green"),
    to_say_of("how many", "yellow"),
    to_say_of("how many", "red"),
    to_say_of("how many", "not green"),
    to_say_of("how many", "pending"),
    to_say_of("how many", "missing"),
    to_say_of("how many", "not applicable"),
    to_say_of("how many", "excluded"),
)
_LETTERS: Final = {
    "green": to_say_of("letter of a zone", "G"),
    "yellow": to_say_of("letter of a zone", "Y"),
    "red": to_say_of("letter of a zone", "R"),
}
_FLAGS: Final = (
    to_say_of("flag of a period", "few"),
    to_say_of("flag of a period", "partial"),
    to_say_of("flag of a period", "immature"),
)
_TURNED_TO: Final = (to_say_of("what it turns", "yellow"), to_say_of("what it turns", "red"))
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


def zone_name(zone: str, lang: str) -> str:
    """The name of a zone: `red`, `красный`."""
    return say_of("zone", zone, lang)


def zone_letter(zone: str, lang: str) -> str:
    """The letter of a zone, such as `G`; empty for none."""
    return say_of("letter of a zone", _LETTERS[zone], lang) if zone in _LETTERS else ""


def zone_members(zone: str, lang: str) -> str:
    """The word after a number of interactions in a zone or state, also of `not green`: `5 red`, `5 красных`."""
    return say_of("how many", zone.replace("_", " "), lang)


def flag_word(flag: str, lang: str) -> str:
    """The word of a flag of a period: `few`, `partial`, `immature`."""
    return say_of("flag of a period", flag, lang)


def zone_reached(zone: str, lang: str) -> str:
    """The zone that something turns to: `turns red`, `станет красным`."""
    return say_of("what it turns", zone, lang)


def state_words(state: str, lang: str) -> str:
    """A state of interactions, `absent` where a definition does not count them: `red`, `красные`."""
    return say_of("state", _STATES[state], lang)


def reason_words(reason: str, lang: str) -> str:
    """The reason of a state: `not finished`, `answered is empty`."""
    for end, text in _OF_COLUMNS.items():
        if reason.endswith(end):
            return say(text, lang, column=reason.removesuffix(end))
    return say_of("reason", reason, lang)
