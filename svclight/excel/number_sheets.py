"""The sheets of a workbook with a row for each period: shares and counts, segments, responses, what was measured.

In: what is told. Out: `Sheet`s. A table that would be too long has the newest periods, and says so.
"""

from __future__ import annotations

import math
from typing import TYPE_CHECKING, Any, Final

import pandas as pd

from svclight.card.light_table import columns_between
from svclight.card.summary import summary_table
from svclight.counts.tidy_tables import keys_as_text, records_of
from svclight.excel.sheets import (
    COUNT,
    NUMBER,
    POINTS,
    SHARE,
    Column,
    Number,
    Sheet,
    Table,
    interval_columns,
    pattern_of,
    period_cells,
    period_columns,
    zone_head,
)
from svclight.pages import page_words
from svclight.thresholds import STATES, ZONES
from svclight.wording.catalogue import say, say_of, to_say_of
from svclight.wording.languages import whole_number
from svclight.wording.limit_words import unit_text
from svclight.wording.shares import share_text
from svclight.wording.zone_words import zone_members

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Mapping, Sequence

    from svclight.excel.sheets import Cell, Told

MOST_ROWS: Final = 20_000
"""A table has at most so many rows, those of the newest periods: more make a file that opens slowly."""
_NAMES: Final = {
    "day": to_say_of("page of the workbook", "days"), "week": to_say_of("page of the workbook", "weeks"),
    "month": to_say_of("page of the workbook", "months"), "quarter": to_say_of("page of the workbook", "quarters"),
    "year": to_say_of("page of the workbook", "years"),
}  # fmt: skip


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
        Column(share, SHARE, bar="green"), *interval_columns(lang),
    )  # fmt: skip
    cells = []
    for row in rows:
        rates = (row[f"response_rate{end}"] for end in ("", "_low", "_high"))
        shown = (None if math.isnan(one) else Number(one, pattern_of(share_text(one), lang)) for one in rates)
        cells.append((*_where(told, row, told.card.by), int(row["asked"]), int(row["answered"]), *shown))
    return Sheet(say_of("page of the workbook", "response rates", lang), (share,), (Table(heads, tuple(cells)),), notes)


def summary_sheet(told: Told) -> Sheet:
    """What was measured: mean, median, 90 % point and sum of each criterion and period, segments put together."""
    card, lang = told.card, told.lang
    rows, notes = _newest_rows(
        [row for row in _share_rows(summary_table(card, [])) if row["period"] and not _is_none(row["sum"])], lang
    )
    heads = (
        *told.name_columns(), *period_columns(card.provenance.period, lang),
        Column(say("Measured", lang), COUNT), Column(say("Mean", lang), NUMBER), Column(say("Median", lang), NUMBER),
        Column(say("90 % up to", lang), NUMBER), Column(say("Sum", lang), NUMBER), Column(say("Unit", lang)),
        Column(say_of("head of a table", "Note", lang)),
    )  # fmt: skip
    about = say("Abandoned and overdue interactions have no value. ≈: from a histogram, at most 1.1 % off.", lang)
    cells = tuple((*_where(told, row, ()), *_amount_cells(row, lang)) for row in rows)
    return Sheet(
        say_of("page of the workbook", "summary", lang),
        (say("What was measured", lang),),
        (Table(heads, cells),),
        (about, *notes),
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
    green, yellow, red = (Column(zone_head(zone, lang), SHARE, bar=zone) for zone in ZONES)
    rest = say("Pending", lang), say("Missing", lang), say("Not applicable", lang), say("Excluded", lang)
    return (
        Column(say("Rated", lang), COUNT),
        green, *interval_columns(lang), yellow, red,
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


def _amount_cells(row: Mapping[str, Any], lang: str) -> Iterator[Cell]:
    for name in ("measured", "mean", "median", "p90", "sum"):
        yield None if _is_none(row[name]) else float(row[name])
    yield "" if _is_none(row["unit"]) else unit_text(row["unit"], lang)
    yield "" if row["exact"] else "≈"


def _is_none(value: Any) -> bool:
    return value is None or bool(pd.isna(value))
