"""Zones in words: the name of one, how many are in one, what something turns to.

In: a zone, the code of a language. Out: its word. Languages with cases have a form for each.
"""

from __future__ import annotations

from typing import Final

from svclight.wording.catalogue import say_of, to_say_of

_NAMES: Final = (to_say_of("zone", "green"), to_say_of("zone", "yellow"), to_say_of("zone", "red"))
_HOW_MANY: Final = (
    to_say_of("how many", "green"),
    to_say_of("how many", "yellow"),
    to_say_of("how many", "red"),
    to_say_of("how many", "not green"),
)
_TURNED_TO: Final = (to_say_of("what it turns", "yellow"), to_say_of("what it turns", "red"))


def zone_name(zone: str, lang: str) -> str:
    """The name of a zone: `red`, `красный`."""
    return say_of("zone", zone, lang)


def zone_members(zone: str, lang: str) -> str:
    """The word after a number of interactions in a zone, also of `not green`: `5 red`, `5 красных`."""
    return say_of("how many", zone, lang)


def zone_reached(zone: str, lang: str) -> str:
    """The zone that something turns to: `turns red`, `станет красным`."""
    return say_of("what it turns", zone, lang)
