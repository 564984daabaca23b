"""What is unfinished in words: how many of each criterion, what turns next, one interaction on a line.

In: counts, and rows of `planning.open_interactions`. Out: text in a language, not escaped for any format.
"""

from __future__ import annotations

import math
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, Final

from svclight.thresholds import ZONES
from svclight.wording.languages import RUSSIAN, time_left_text, whole_number

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

_BECOMES: Final = {"yellow": "жёлтым", "red": "красным"}
_IN_ZONE: Final = {"green": "зелёных", "yellow": "жёлтых", "red": "красных"}
_ZONE: Final = {"green": "зелёный", "yellow": "жёлтый", "red": "красный"}


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
    """How many are unfinished of a criterion, and what turns next; without a count that nothing is."""
    if count is None:
        return "Незаконченного нет." if lang == RUSSIAN else "Nothing is unfinished."
    whole = sum(count.zones.values())
    if lang == RUSSIAN:
        zones = ", ".join(f"{_IN_ZONE[zone]} {whole_number(count.zones[zone], lang)}" for zone in ZONES)
        said = f"{count.title}: не закончено {whole_number(whole, lang)} ({zones})"
        soon = "" if within is None else f"; в течение {within} сменят цвет {whole_number(count.soon, lang)}"
    else:
        zones = ", ".join(f"{whole_number(count.zones[zone], lang)} {zone}" for zone in ZONES)
        said = f"{count.title}: {whole_number(whole, lang)} unfinished ({zones})"
        soon = "" if within is None else f"; within {within} {whole_number(count.soon, lang)} of them will turn"
    return f"{said}{soon}; {_next_text(count, lang)}."


def _next_text(count: OpenCount, lang: str) -> str:
    """What turns next, and when."""
    if not count.turns:
        return "сменить цвет больше ничто не может" if lang == RUSSIAN else "none can turn any more"
    left = _left_text(count.left, lang, working=count.working)
    if lang == RUSSIAN:
        return f"ближайшее станет {_BECOMES[count.turns]} через {left}"
    return f"the next turns {count.turns} in {left}"


def _left_text(left: float, lang: str, *, working: bool) -> str:
    """The time left, with the word that it is working time."""
    shown = time_left_text(left, lang, days=not working)
    clock = " рабочего времени" if lang == RUSSIAN else " of working time"
    return shown + (clock if working else "")


def open_line(row: Mapping[Any, Any], title: str, lang: str) -> str:
    """One interaction: what it turns to and when, what it is, its id, its zone now."""
    russian = lang == RUSSIAN
    zone = _ZONE[row["zone"]] if russian else row["zone"]
    if not row["turns"]:
        return f"{zone}  {title}  {row['id']}"
    if math.isnan(row["left"]):
        when = "более чем через 5 лет" if russian else "in more than 5 years"
    else:
        left = _left_text(row["left"], lang, working=bool(row["calendar"]))
        when = f"через {left}" if russian else f"in {left}"
    turns = _ZONE[row["turns"]] if russian else row["turns"]
    return f"{turns} {when}  {title}  {row['id']}  ({'сейчас' if russian else 'now'} {zone})"


def unmatched_note(titles: Sequence[str], lang: str) -> tuple[str, ...]:
    """That working days leave out criteria whose clock has no calendar."""
    if not titles:
        return ()
    named = ", ".join(titles)
    if lang == RUSSIAN:
        return (f"Рабочие дни есть только в календаре; без календаря: {named}.",)
    return (f"Working days need a calendar; left out, as they have none: {named}.",)
