"""The sheets of a workbook as plain data, and what all of them share: names, periods and shares in cells.

In: a card, its answer, the language of the reader. Out: `Sheet`, its tables and columns; `Told`, from which they are
made. A number is a number and a period a date, each with the number format by which it shows what the page says.
"""

from __future__ import annotations

import datetime as dt
import math
from dataclasses import dataclass
from typing import TYPE_CHECKING, Final, TypeAlias

from svclight.card.light_table import light_table
from svclight.pages import page_words
from svclight.thresholds import ZONES
from svclight.values import clocks
from svclight.wording.catalogue import say, say_of, to_say_of
from svclight.wording.languages import decimal_sign, period_words
from svclight.wording.shares import number_format, number_text, share_text, targets_told

if TYPE_CHECKING:
    from collections.abc import Mapping

    from svclight.pages.answer import Answer
    from svclight.scorecard import Scorecard
    from svclight.wording.shares import Ends

COUNT: Final = "#,##0"
SHARE: Final = "0.0 %"
POINTS: Final = "+0.0;\N{MINUS SIGN}0.0;0.0"
TENTH: Final = "#,##0.0"
NUMBER: Final = "#,##0.00"
_EARLIEST: Final = 1900
"""No workbook knows a date before this year."""
_DATES: Final = {
    "month": to_say_of("number format of a workbook", "[$-409]mmm yyyy"),
    "day": to_say_of("number format of a workbook", "[$-409]d mmm yyyy"),
    "year": to_say_of("number format of a workbook", "yyyy"),
}
"""As Excel has them; 409 is English. A week and a quarter are told by their first day, their name stands beside it."""


@dataclass(frozen=True)
class Number:
    """A number with a number format of its own."""

    value: float
    pattern: str


Cell: TypeAlias = str | float | dt.date | Number | None


@dataclass(frozen=True)
class Column:
    """A column of a table.

    Attributes:
        head: Its head.
        pattern: The number format of its numbers and dates; empty for text.
        bar: The zone in whose colour a bar stands behind its shares; empty for none.
        colours: Signs and words that colour a cell, and the zone of each colour.
    """

    head: str
    pattern: str = ""
    bar: str = ""
    colours: tuple[tuple[str, str], ...] = ()


@dataclass(frozen=True)
class Table:
    """A table of a sheet: a heading over it, columns and rows."""

    columns: tuple[Column, ...]
    rows: tuple[tuple[Cell, ...], ...]
    heading: str = ""


@dataclass(frozen=True)
class Sheet:
    """A sheet.

    Attributes:
        name: Its name.
        lines: Lines over its tables; the first one is its heading.
        tables: One under another.
        notes: Lines under its tables.
        trend: The first of the columns, the last ones of its table, whose numbers are drawn in the column before;
            0 for none. These columns are not printed.
    """

    name: str
    lines: tuple[str, ...]
    tables: tuple[Table, ...]
    notes: tuple[str, ...] = ()
    trend: int = 0


@dataclass(frozen=True)
class Chart:
    """The zones of a criterion by period: its title, names of periods, counts of green, yellow and red of each."""

    title: str
    periods: tuple[str, ...]
    counts: tuple[tuple[int, ...], ...]


@dataclass(frozen=True)
class Told:
    """What all sheets are made from.

    Attributes:
        card: The card.
        found: Its answer.
        ends: The ends of all targets.
        titles: Titles by process and criterion, those of totals under a heading included.
        processes: Titles of the processes.
    """

    card: Scorecard
    found: Answer
    ends: Mapping[tuple[str, str], Mapping[str, Ends]]
    titles: Mapping[tuple[str, str], str]
    processes: Mapping[str, str]

    @property
    def lang(self) -> str:
        """The language of the reader."""
        return self.found.lang

    def name_columns(self) -> tuple[Column, ...]:
        """The columns that say which criterion a row is of; the process is one of them where there are several."""
        process = (Column(say("Process", self.lang)),) if len(self.processes) > 1 else ()
        return (Column(say("Criterion", self.lang)), *process)

    def name_cells(self, process: str, criterion: str) -> tuple[str, ...]:
        """The cells of these columns: titles, no ids."""
        title = self.titles[process, criterion]
        return (title, self.processes[process]) if len(self.processes) > 1 else (title,)

    def share_cell(self, value: float, process: str, criterion: str, zone: str) -> Cell:
        """A share, or a net score in points, with the text that it has everywhere."""
        if math.isnan(value):
            return None
        ends = self.ends.get((process, criterion), {}).get(zone, ())
        text = number_text(value, ends, signed=True) if zone == "net" else share_text(value, ends)
        return Number(value, pattern_of(text, self.lang))


def told_of(card: Scorecard, found: Answer) -> Told:
    """What the sheets of a card are made from."""
    titles = {(line.which.process, line.which.criterion): line.title for line in found.lines}
    totals = {(row.process, row.criterion): row.title for row in light_table(card).rows if row.is_total}
    named = dict.fromkeys(process for process, _ in (*titles, *totals))
    processes = {process: card.definitions.title(process) for process in named}
    return Told(card, found, targets_told(card.definitions), {**totals, **titles}, processes)


def pattern_of(text: str, lang: str) -> str:
    """The number format by which a number shows a text, in the language of the reader."""
    pattern = number_format(text)
    return decimal_sign(pattern, lang) if pattern.startswith('"') else pattern.replace("-", "\N{MINUS SIGN}")


def period_columns(kind: str, lang: str) -> tuple[Column, ...]:
    """The columns of a period: its first day, and before it the name of a week or a quarter."""
    name = page_words.kind_name(kind, lang)
    if kind in _DATES:
        return (Column(name, say_of("number format of a workbook", _DATES[kind], lang)),)
    return Column(name), Column(
        say_of("head of a table", "First day", lang), say_of("number format of a workbook", _DATES["day"], lang)
    )


def period_cells(period: str, kind: str, lang: str) -> tuple[Cell, ...]:
    """The cells of these columns; a date that no workbook knows is a text."""
    found = clocks.period_number(period)
    name = period_words(period, lang) if period else ""
    begin: Cell = clocks.period_start(found[1], found[0]) if found else None
    if isinstance(begin, dt.date) and begin.year < _EARLIEST:
        begin = name
    return (begin,) if kind in _DATES else (name, begin)


def interval_columns(lang: str) -> tuple[Column, Column]:
    """The ends of the interval of the share before."""
    low, high = say_of("head of a table", "from", lang), say_of("head of a table", "to", lang)
    return Column(low, SHARE), Column(high, SHARE)


def sign_colours() -> tuple[tuple[str, str], ...]:
    """The signs of verdicts, and the zones in whose colours they stand."""
    return tuple(zip(("✓", "?", "✕"), ZONES, strict=True))


def zone_head(zone: str, lang: str) -> str:
    """The letter and the name of a zone: `G green`."""
    place = ZONES.index(zone)
    return f"{page_words.letters_of(lang)[place]} {page_words.zone_names(lang)[place]}"
