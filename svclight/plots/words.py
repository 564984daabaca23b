"""The words of plots in the language of the reader: zones, limits, periods, segments, amounts.

In: codes and texts of tables, the code of a language. Out: plain text. Pictures bear titles and never ids, signs of
typesetting, and months as people write them.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, Final, Protocol

from babel.dates import format_date

from svclight.values import clocks
from svclight.wording.catalogue import say, say_of, to_say_of
from svclight.wording.languages import check_language, decimal_sign, language_of, period_words, share_words
from svclight.wording.sentence_parts import limit_words, series_name
from svclight.wording.zone_words import zone_members

if TYPE_CHECKING:
    import datetime as dt
    from collections.abc import Iterable
    from fractions import Fraction

    from svclight.card.lights import Column
    from svclight.processes import Definitions
    from svclight.thresholds import Interval


class Spoken(Protocol):
    """A result whose sentences are in a language."""

    @property
    def lang(self) -> str:
        """The language."""


_LETTERS: Final = {
    "green": to_say_of("letter of a zone", "G"),
    "yellow": to_say_of("letter of a zone", "Y"),
    "red": to_say_of("letter of a zone", "R"),
}
_TICKS: Final = {
    "day": to_say_of("pattern of ticks", "d"),
    "month": to_say_of("pattern of ticks", "LLL"),
    "quarter": to_say_of("pattern of ticks", "QQQ"),
    "year": to_say_of("pattern of ticks", "y"),
    "month and year": to_say_of("pattern of ticks", "LLL y"),
}


def card_language(lang: str | None, definitions: Definitions) -> str:
    """The language of a plot of a card: the one that is asked for, else that of its definitions."""
    return language_of(lang, definitions)


def result_language(lang: str | None, found: Spoken) -> str:
    """The language of a plot of a result: the one that is asked for, else that of its sentences."""
    if lang is None:
        return found.lang
    check_language(lang)
    return lang


def zone_letter(zone: str, lang: str) -> str:
    """The letter of a zone."""
    return say_of("letter of a zone", _LETTERS[zone], lang)


def target_note(zone: str, limit: Interval, lang: str) -> str:
    """What a dashed line is."""
    named = {"zone": zone_members(zone, lang), "limit": limit_words(str(limit), lang)}
    return say("dashed line: the target, {zone} {limit}", lang, **named)


def lettered_zone(zone: str, lang: str) -> str:
    """A zone with its letter before it: `G green`."""
    return f"{zone_letter(zone, lang)} {series_name(zone, lang)}"


def percent_tick(percent: float, lang: str) -> str:
    """A round number of percent at a tick: `80 %`, `82,5 %`."""
    return f"{decimal_sign(f'{percent:g}', lang)} %"


def share_in(share: Fraction | float, lang: str, ends: Iterable[Fraction] = ()) -> str:
    """A share as percent with the decimal sign of the language."""
    return share_words(share, lang, ends)


def segment_value(name: str, value: Any, lang: str) -> str:
    """A group as people name it: its value; with the segment before it where the value alone says nothing.

    Examples:
        >>> from svclight.plots.words import segment_value
        >>> segment_value("team", "Team 07", "en"), segment_value("team", "7", "en"), segment_value("team", "", "ru")
        ('Team 07', 'team 7', 'team (не указано)')
    """
    shown = name.replace("_", " ")
    if not value:
        return say("{segment} (missing)", lang, segment=shown)
    return str(value) if sum(letter.isalpha() for letter in str(value)) > 1 else f"{shown} {value}"


def segments_in(segments: Iterable[tuple[str, Any]], lang: str) -> str:
    """A cell of several segments as people name it: `Team 07 · billing`; those that are null are not there."""
    return " · ".join(segment_value(name, value, lang) for name, value in segments if isinstance(value, str))


# --- periods at ticks -------------------------------------------------------------------------------------------------


def column_words(column: Column, lang: str) -> str:
    """A period as people name it, or how many are left out."""
    return column.heading if column.skipped else period_words(column.label, lang)


def tick_words(begin: dt.date, unit: str, lang: str) -> tuple[str, str]:
    """What stands at the tick of a day, week, month, quarter or year, and what stands once under several of them."""
    if unit == "week":
        year, week, _ = begin.isocalendar()
        return say_of("tick of a week", "W{week}", lang, week=week), str(year)
    below = {"day": "month and year", "month": "year", "quarter": "year"}
    return _dated(begin, unit, lang), _dated(begin, below[unit], lang) if unit in below else ""


def _dated(begin: dt.date, unit: str, lang: str) -> str:
    return format_date(begin, say_of("pattern of ticks", _TICKS[unit], lang), locale=lang)


def begin_of(column: Column) -> tuple[str, dt.date] | None:
    """The kind of a period and its first day; None for a stretch without data."""
    found = clocks.period_number(column.label)
    return None if found is None else (found[0], clocks.period_start(found[1], found[0]))
