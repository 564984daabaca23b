"""The sheets of a workbook that hold its numbers, as plain data: the answer, periods, segments, targets, plan, summary.

In: a card, its answer, the language of the reader. Out: `Sheet`: heads, numbers as numbers, periods as dates, each with
the number format by which it shows what the page says. `pages.excel` writes them; nothing is counted here.
"""

from __future__ import annotations

import datetime as dt
import math
from dataclasses import dataclass
from fractions import Fraction
from typing import TYPE_CHECKING, Any, Final, TypeAlias

import pandas as pd

from svclight.card.light_table import columns_between, light_table
from svclight.card.summary import summary_table
from svclight.counts.tidy_tables import ids_of, keys_as_text, records_of
from svclight.decisions.verdicts import verdict_words
from svclight.pages import answer_words, page_words
from svclight.pages.page_content import eyebrow
from svclight.thresholds import STATES, ZONES
from svclight.values import clocks
from svclight.wording.catalogue import say, say_of, to_say_of
from svclight.wording.languages import decimal_sign, period_words, span_words, whole_number
from svclight.wording.limit_words import unit_text
from svclight.wording.sentence_parts import limit_words
from svclight.wording.shares import number_format, number_text, share_text, targets_told
from svclight.wording.zone_words import zone_members

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Mapping, Sequence

    from svclight.definition.criterion_id import CriterionId
    from svclight.pages.answer import Answer
    from svclight.pages.answer_lines import AnswerLine
    from svclight.pages.page_periods import PagePeriods
    from svclight.scorecard import Scorecard
    from svclight.wording.shares import Ends

MOST_ROWS: Final = 20_000
"""A table has at most so many rows, those of the newest periods: more make a file that opens slowly."""
MOST_LINES: Final = 1_000
"""Lines of the plan."""
MOST_PERIODS: Final = 24
"""The answer has the green shares of so many of the newest periods behind it."""
COUNT: Final = "#,##0"
SHARE: Final = "0.0 %"
POINTS: Final = "+0.0;\N{MINUS SIGN}0.0;0.0"
NUMBER: Final = "#,##0.##"
_EARLIEST: Final = 1900
"""No workbook knows a date before this year."""
_DATES: Final = {
    "month": to_say_of("number format of a workbook", "[$-409]mmm yyyy"),
    "day": to_say_of("number format of a workbook", "[$-409]d mmm yyyy"),
    "year": to_say_of("number format of a workbook", "yyyy"),
}
"""As Excel has them; 409 is English. A week and a quarter are told by their first day, their name stands beside it."""
_NAMES: Final = {
    "day": to_say_of("page of the workbook", "days"), "week": to_say_of("page of the workbook", "weeks"),
    "month": to_say_of("page of the workbook", "months"), "quarter": to_say_of("page of the workbook", "quarters"),
    "year": to_say_of("page of the workbook", "years"),
}  # fmt: skip


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


# --- periods


def period_columns(kind: str, lang: str) -> tuple[Column, ...]:
    """The columns of a period: its first day, and before it the name of a week or a quarter."""
    name = page_words.kind_name(kind, lang)
    if kind in _DATES:
        return (Column(name, say_of("number format of a workbook", _DATES[kind], lang)),)
    return Column(name), Column(
        say_of("head of a table", "From", lang), say_of("number format of a workbook", _DATES["day"], lang)
    )


def period_cells(period: str, kind: str, lang: str) -> tuple[Cell, ...]:
    """The cells of these columns; a date that no workbook knows is a text."""
    found = clocks.period_number(period)
    name = period_words(period, lang) if period else ""
    begin: Cell = clocks.period_start(found[1], found[0]) if found else None
    if isinstance(begin, dt.date) and begin.year < _EARLIEST:
        begin = name
    return (begin,) if kind in _DATES else (name, begin)


# --- the answer


def answer_sheet(told: Told, shown: PagePeriods, notices: Sequence[str]) -> Sheet:
    """The first sheet: the verdict, three sentences, a row for each criterion, the worst first."""
    lang, found = told.lang, told.found
    rows = tuple(tuple(_answer_row(told, line, shown)) for line in found.lines)
    columns = _answer_columns(told, shown)
    nothing = say(
        "No interaction was counted. The logs hold none with a usable time, or all of them are excluded: "
        "see below what was read.", lang,
    )  # fmt: skip
    about = say("Shares are those of the interactions that are rated; ranges are 95 % intervals (Wilson).", lang)
    return Sheet(
        say_of("page of the workbook", "answer", lang),
        (found.heading, eyebrow(told.card, found), *found.sentences[1:]),
        (Table(columns, rows),) if rows else (),
        ((about,) if rows else (nothing,)) + tuple(notices),
        trend=len(columns) - len(_newest(shown)),
    )


def _newest(shown: PagePeriods) -> list[int]:
    """The places of the newest periods, those that stand for many left out."""
    return [place for place, column in enumerate(shown.columns) if not column.skipped][-MOST_PERIODS:]


def _answer_columns(told: Told, shown: PagePeriods) -> tuple[Column, ...]:
    lang, names = told.lang, shown.names(told.lang)
    changed = ((say("worse for sure", lang), "red"), (say("better for sure", lang), "green"))
    return (
        *told.name_columns(),
        *period_columns(told.found.kind, lang),
        Column(_zone_head("green", lang), SHARE, bar="green"), *_interval(lang),
        Column(say("Target", lang)),
        Column(say("Verdict", lang), colours=_signs()),
        Column(say("Change", lang), colours=changed),
        Column(say_of("head of a table", "Points", lang), POINTS),
        Column(say("Grounds", lang)),
        Column(say("Rated", lang), COUNT), Column(say("Not rated", lang), COUNT),
        Column(page_words.by_kind(shown.kind, lang)),
        *(Column(names[place], SHARE) for place in _newest(shown)),
    )  # fmt: skip


def _interval(lang: str) -> tuple[Column, Column]:
    """The ends of the interval of the share before."""
    low, high = say_of("head of a table", "from", lang), say_of("head of a table", "to", lang)
    return Column(low, SHARE), Column(high, SHARE)


def _signs() -> tuple[tuple[str, str], ...]:
    return tuple(zip(("✓", "?", "✕"), ZONES, strict=True))


def _zone_head(zone: str, lang: str) -> str:
    """The letter and the name of a zone: `G green`."""
    place = ZONES.index(zone)
    return f"{page_words.letters_of(lang)[place]} {page_words.zone_names(lang)[place]}"


def _answer_row(told: Told, line: AnswerLine, shown: PagePeriods) -> Iterator[Cell]:
    lang = told.lang
    yield from told.name_cells(*line.which)
    yield from period_cells(line.period, told.found.kind, lang)
    yield from (told.share_cell(share, *line.which, "green") for share in line.green)
    yield page_words.targets_text(line.rows, lang)
    yield " ".join(page_words.verdict_of(line, lang))
    difference = line.change.difference[0]
    change, grounds = answer_words.change_words(line, told.found.kind, lang)
    yield f"{page_words.arrow(difference)} {change}" if line.change.verdict else change
    yield None if math.isnan(difference) else 100 * difference
    yield grounds
    yield from (line.rated, line.not_rated, None)
    counts = shown.of(*line.which)
    for place in _newest(shown):
        rated = sum(counts[place][: len(ZONES)])
        yield told.share_cell(float(Fraction(counts[place][0], rated)), *line.which, "green") if rated else None


def charts_of(told: Told, shown: PagePeriods) -> tuple[Chart, ...]:
    """A chart for each criterion, the worst first."""
    names = tuple(shown.names(told.lang))
    return tuple(
        Chart(
            ": ".join(reversed(told.name_cells(*line.which))),
            names,
            tuple(counts[: len(ZONES)] for counts in shown.of(*line.which)),
        )
        for line in told.found.lines
    )


# --- periods and segments


def periods_sheet(told: Told) -> Sheet:
    """A row for each criterion and period, also of periods without data, and the totals of headings."""
    kind, lang = told.card.provenance.period, told.lang
    known = {(row["process"], row["criterion"], row["period"]): row for row in _share_rows(told.card.shares(by=[]))}
    labels = [column.label for column in columns_between({key[2] for key in known} - {""}, kind) if column.label]
    whole = [
        known.get((*which, label), {"process": which.process, "criterion": which.criterion, "period": label})
        for which in (line.which for line in told.found.lines)
        for label in reversed(labels)
    ]
    rows, notes = _newest_rows([*whole, *_heading_rows(told)], lang)
    heads = *told.name_columns(), *period_columns(kind, lang), *_share_columns(lang)
    cells = tuple((*_where(told, row, ()), *_share_cells(told, row)) for row in rows)
    return Sheet(
        say_of("page of the workbook", _NAMES[kind], lang),
        (page_words.by_kind(kind, lang),),
        (Table(heads, cells),),
        notes,
    )


def _share_rows(shares: pd.DataFrame, by: Iterable[str] = ()) -> list[dict[str, Any]]:
    return records_of(keys_as_text(shares, ["process", "criterion", "period", *by]))


def _heading_rows(told: Told) -> Iterator[dict[str, Any]]:
    """What the parts of each heading count together, for criteria that several of them have."""
    totals = told.titles.keys() - {tuple(line.which) for line in told.found.lines}
    for heading in sorted({process for process, _ in totals}):
        for row in _share_rows(told.card.shares(by=[], heading=heading)):
            if (row["process"], row["criterion"]) in totals and row["period"]:
                yield row


def segments_sheet(told: Told) -> Sheet:
    """A row for each criterion, period and segment."""
    kind, lang, by = told.card.provenance.period, told.lang, told.card.by
    places = {which: place for place, which in enumerate(told.titles)}
    found = [row for row in _share_rows(told.card.shares(), by) if row["period"]]
    found.sort(key=lambda row: row["period"], reverse=True)
    found.sort(key=lambda row: places[row["process"], row["criterion"]])
    rows, notes = _newest_rows(found, lang)
    heads = (*told.name_columns(), *(Column(name) for name in by), *period_columns(kind, lang), *_share_columns(lang))
    cells = tuple((*_where(told, row, by), *_share_cells(told, row)) for row in rows)
    heading = say("Segments", lang)
    return Sheet(say_of("page of the workbook", "segments", lang), (heading,), (Table(heads, cells),), notes)


def _newest_rows(rows: Sequence[dict[str, Any]], lang: str) -> tuple[list[dict[str, Any]], tuple[str, ...]]:
    """The rows of the newest periods, as many as a table may have, and a note where some are left out."""
    if len(rows) <= MOST_ROWS:
        return list(rows), ()
    many = pd.Series([row["period"] for row in rows]).value_counts().sort_index(ascending=False).cumsum()
    kept = set(many.index[many <= MOST_ROWS]) or {many.index[0]}
    chosen = [row for row in rows if row["period"] in kept][:MOST_ROWS]
    note = say(
        "Only {count} rows, those of the newest periods, stand here. `svclight score -o counts.csv` writes all counts.",
        lang, count=whole_number(len(chosen), lang),
    )  # fmt: skip
    return chosen, (note,)


def _where(told: Told, row: Mapping[str, Any], by: Iterable[str]) -> tuple[Cell, ...]:
    """Criterion, segments and period of a row."""
    segments = tuple(row[name] or say("(missing)", told.lang) for name in by)
    period = period_cells(row["period"], told.card.provenance.period, told.lang)
    return (*told.name_cells(row["process"], row["criterion"]), *segments, *period)


def _share_columns(lang: str) -> tuple[Column, ...]:
    """The columns of counts and shares."""
    green, yellow, red = (Column(_zone_head(zone, lang), SHARE, bar=zone) for zone in ZONES)
    rest = say("Pending", lang), say("Missing", lang), say("Not applicable", lang), say("Excluded", lang)
    return (
        Column(say("Rated", lang), COUNT),
        green, *_interval(lang), yellow, red,
        Column(say("net", lang), POINTS),
        *(Column(say("number of {zone}", lang, zone=zone_members(zone, lang)), COUNT) for zone in ZONES),
        *(Column(head, COUNT) for head in rest),
        Column(say_of("head of a table", "Note", lang)),
    )  # fmt: skip


def _share_cells(told: Told, row: Mapping[str, Any]) -> Iterator[Cell]:
    """The cells of these columns; where nothing is rated there is no share."""
    which = row["process"], row["criterion"]
    shares = ("green_share", "green_share_low", "green_share_high", "yellow_share", "red_share", "net")
    yield int(row.get("rated", 0))
    for name in shares:
        yield told.share_cell(row.get(name, math.nan), *which, name.partition("_")[0])
    yield from (int(row.get(state, 0)) for state in STATES)
    flags = [page_words.flag_words(flag, told.lang) for flag in row.get("flag", "").split(", ") if flag]
    yield ", ".join(flags) if "flag" in row else say("no data", told.lang)


def responses_sheet(told: Told) -> Sheet:
    """Who was asked and who answered, by criterion and period."""
    kind, lang = told.card.provenance.period, told.lang
    rows, notes = _newest_rows(
        [row for row in _share_rows(told.card.response_rates(), told.card.by) if row["period"]], lang
    )
    share = say("Response rate", lang)
    heads = (
        *told.name_columns(), *(Column(name) for name in told.card.by), *period_columns(kind, lang),
        Column(say("Asked", lang), COUNT), Column(say("Answered", lang), COUNT),
        Column(share, SHARE, bar="green"), *_interval(lang),
    )  # fmt: skip
    cells = []
    for row in rows:
        rates = (row[f"response_rate{end}"] for end in ("", "_low", "_high"))
        shown = (None if math.isnan(one) else Number(one, pattern_of(share_text(one), lang)) for one in rates)
        cells.append((*_where(told, row, told.card.by), int(row["asked"]), int(row["answered"]), *shown))
    return Sheet(say_of("page of the workbook", "response rates", lang), (share,), (Table(heads, tuple(cells)),), notes)


# --- decisions


def targets_sheet(told: Told) -> Sheet:
    """A row for each target that is judged."""
    lang = told.lang
    heads = (
        *told.name_columns(), *period_columns(told.found.kind, lang), Column(say_of("head of a table", "For", lang)),
        Column(say_of("head of a table", "Zone", lang)), Column(say("Target", lang)),
        Column(say("Verdict", lang), colours=_signs()),
        Column(say("Share, or points", lang), SHARE), *_interval(lang),
        Column(say("Rated", lang), COUNT),
    )  # fmt: skip
    table = told.found.checks.table
    rows = tuple(tuple(_target_row(told, row)) for row in records_of(table))
    return Sheet(
        say_of("page of the workbook", "targets", lang),
        (say("Targets", lang), told.found.heading),
        (Table(heads, rows),),
    )


def _target_row(told: Told, row: Mapping[str, Any]) -> Iterator[Cell]:
    lang, which, zone = told.lang, (row["process"], row["criterion"]), row["zone"]
    yield from told.name_cells(*which)
    yield from period_cells(row["period"], told.found.kind, lang)
    yield row["where"] or say("all", lang)
    yield say("net", lang) if zone == "net" else _zone_head(zone, lang)
    yield limit_words(row["target"], lang)
    yield f"{page_words.SIGNS[row['verdict']]} {verdict_words(row['verdict'], lang)}"
    yield from (told.share_cell(row[name], *which, zone) for name in ("share", "low", "high"))
    yield int(row["rated"])


def plan_sheet(told: Told, commands: Sequence[str], notes: Sequence[str]) -> Sheet:
    """What to mend first: a row for each line of the plan, with the command that lists its interactions."""
    lang, priorities = told.lang, told.found.priorities
    table = priorities.table.iloc[:MOST_LINES]
    has_money = bool(table["money"].notna().any())
    money = (Column(say("Money", lang), NUMBER), Column(say("Currency", lang))) if has_money else ()
    heads = (
        Column(say_of("head of a table", "Place", lang), COUNT), Column(say("Criterion", lang)),
        Column(page_words.kind_name(told.found.kind, lang)),
        Column(say_of("head of a table", "Zone", lang)), Column(say("Target", lang)),
        Column(say_of("head of a table", "For sure", lang), COUNT),
        Column(say_of("head of a table", "Seen", lang), NUMBER),
        Column(say("Part of all damage", lang), SHARE, bar="red"), *money,
        Column(say("Share, or points", lang), SHARE), *_interval(lang),
        Column(say("Rated", lang), COUNT), Column(say("Which interactions?", lang)),
    )  # fmt: skip
    rows = []
    for place, (row, which) in enumerate(zip(records_of(table), ids_of(table), strict=True), 1):
        rows.append((*_plan_row(told, place, row, which, has_money=has_money), commands[place - 1]))
    about = say(
        "For sure: interactions that lie beyond the target whatever chance did. Seen: those that the share shows.", lang
    )
    heading = say("What to mend first", lang)
    return Sheet(
        say_of("page of the workbook", "plan", lang),
        (heading, told.found.sentences[3]),
        (Table(heads, tuple(rows)),),
        (about, *notes),
    )


def _plan_row(told: Told, place: int, row: Mapping[str, Any], which: CriterionId, *, has_money: bool) -> Iterator[Cell]:
    lang = told.lang
    first, _, last = row["period"].partition(" to ")
    yield place
    yield answer_words.plan_title(row, told.found.priorities, which)
    yield span_words(first, last or first, lang)
    yield say("net", lang) if row["zone"] == "net" else _zone_head(row["zone"], lang)
    yield limit_words(row["target"], lang) if row["target"] else say("No target", lang)
    yield from (
        row["sure"],
        row["above"],
        Number(row["damage_share"], pattern_of(share_text(row["damage_share"]), lang)),
    )
    if has_money:
        yield from (None if math.isnan(row["money"]) else row["money"], row["currency"])
    yield from (told.share_cell(row[name], *which, row["zone"]) for name in ("share", "low", "high"))
    yield int(row["rated"])


def summary_sheet(told: Told) -> Sheet:
    """What was measured: mean, median, 90 % point and sum of each criterion, period and segment."""
    card, lang = told.card, told.lang
    rows, notes = _newest_rows(
        [row for row in _share_rows(summary_table(card), card.by) if row["period"] and not _is_none(row["sum"])], lang
    )
    heads = (
        *told.name_columns(), *(Column(name) for name in card.by), *period_columns(card.provenance.period, lang),
        Column(say("Measured", lang), COUNT), Column(say("Mean", lang), NUMBER), Column(say("Median", lang), NUMBER),
        Column(say("90 % up to", lang), NUMBER), Column(say("Sum", lang), NUMBER), Column(say("Unit", lang)),
        Column(say_of("head of a table", "Note", lang)),
    )  # fmt: skip
    about = say("Abandoned and overdue interactions have no value. ≈: from a histogram, at most 1.1 % off.", lang)
    cells = tuple((*_where(told, row, card.by), *_amount_cells(row, lang)) for row in rows)
    return Sheet(
        say_of("page of the workbook", "summary", lang),
        (say("What was measured", lang),),
        (Table(heads, cells),),
        (about, *notes),
    )


def _amount_cells(row: Mapping[str, Any], lang: str) -> Iterator[Cell]:
    for name in ("measured", "mean", "median", "p90", "sum"):
        yield None if _is_none(row[name]) else float(row[name])
    yield "" if _is_none(row["unit"]) else unit_text(row["unit"], lang)
    yield "" if row["exact"] else "≈"


def _is_none(value: Any) -> bool:
    return value is None or bool(pd.isna(value))
