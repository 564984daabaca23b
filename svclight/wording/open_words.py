"""What is unfinished in words: how many of each criterion, what turns next, one interaction on a line.

In: counts, and rows of `planning.open_interactions`. Out: text in a language, not escaped for any format.
"""

from __future__ import annotations

import math
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from svclight.thresholds import ZONES
from svclight.wording.catalogue import say
from svclight.wording.languages import time_left_text, whole_number
from svclight.wording.zone_words import zone_name, zone_reached

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence


@dataclass(frozen=True)
class OpenCount:
    """What is unfinished of one criterion.

    Attributes:
        process: Its process.
        criterion: Its id.
        title: Both in words.
        zones: How many there are, by their zone now.
        soon: How many turn within the time that was asked for; all of them where none was.
        turns: The zone that the next one turns to; empty where none turns.
        left: The seconds until then.
        working: Whether they are working time.
    """

    process: str
    criterion: str
    title: str
    zones: Mapping[str, int]
    soon: int
    turns: str
    left: float
    working: bool


def open_sentence(count: OpenCount | None, within: str | None, lang: str) -> str:
    """How many are unfinished of a criterion, and what turns next; without a count that nothing is.

    Args:
        count: The numbers.
        within: How soon something must turn, as it is shown; None where that was not asked.
        lang: The language.
    """
    if count is None:
        return say("Nothing is unfinished.", lang)
    zones = {zone: whole_number(count.zones[zone], lang) for zone in ZONES}
    whole = whole_number(sum(count.zones.values()), lang)
    parts = [
        say(
            "{title}: {whole} unfinished ({green} green, {yellow} yellow, {red} red)",
            lang,
            title=count.title,
            whole=whole,
            **zones,
        )
    ]
    if within is not None:
        parts.append(
            say("within {time} {count} of them will turn", lang, time=within, count=whole_number(count.soon, lang))
        )
    return f"{'; '.join([*parts, _next_text(count, lang)])}."


def _next_text(count: OpenCount, lang: str) -> str:
    """What turns next, and when."""
    if not count.turns:
        return say("none can turn any more", lang)
    left = _left_text(count.left, lang, working=count.working)
    return say("the next turns {zone} in {time}", lang, zone=zone_reached(count.turns, lang), time=left)


def _left_text(left: float, lang: str, *, working: bool) -> str:
    """The time left, with the word that it is working time."""
    shown = time_left_text(left, lang, days=not working)
    return say("{time} of working time", lang, time=shown) if working else shown


def open_line(row: Mapping[Any, Any], title: str, lang: str) -> str:
    """One interaction: what it turns to and when, what it is, its id, its zone now."""
    zone = zone_name(row["zone"], lang)
    if not row["turns"]:
        return f"{zone}  {title}  {row['id']}"
    turns, now = zone_name(row["turns"], lang), say("now {zone}", lang, zone=zone)
    if math.isnan(row["left"]):
        when = say("{zone} in more than 5 years", lang, zone=turns)
    else:
        when = say(
            "{zone} in {time}", lang, zone=turns, time=_left_text(row["left"], lang, working=bool(row["calendar"]))
        )
    return f"{when}  {title}  {row['id']}  ({now})"


def unmatched_note(titles: Sequence[str], lang: str) -> tuple[str, ...]:
    """That working days leave out criteria whose clock has no calendar."""
    if not titles:
        return ()
    named = ", ".join(titles)
    return (say("Working days need a calendar; left out, as they have none: {titles}.", lang, titles=named),)
