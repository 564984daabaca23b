"""The sheets of a workbook that say what to do: the targets with their verdicts, and what to mend first.

In: what is told. Out: `Sheet`s. Nothing is decided here.
"""

from __future__ import annotations

import math
from typing import TYPE_CHECKING, Any, Final

from svclight.counts.tidy_tables import ids_of, records_of
from svclight.decisions.verdicts import SIGNS, verdict_words
from svclight.excel.sheets import (
    COUNT,
    NUMBER,
    SHARE,
    Column,
    Number,
    Sheet,
    Table,
    interval_columns,
    pattern_of,
    period_cells,
    period_columns,
    sign_colours,
    zone_head,
)
from svclight.pages import answer_words, page_words
from svclight.wording.catalogue import say, say_of
from svclight.wording.languages import span_words
from svclight.wording.sentence_parts import limit_words
from svclight.wording.shares import share_text

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping, Sequence

    from svclight.definition.criterion_id import CriterionId
    from svclight.excel.sheets import Cell, Told

MOST_LINES: Final = 1_000
"""Lines of the plan."""


def targets_sheet(told: Told) -> Sheet:
    """A row for each target that is judged."""
    lang = told.lang
    heads = (
        *told.name_columns(), *period_columns(told.found.kind, lang), Column(say_of("head of a table", "For", lang)),
        Column(say_of("head of a table", "Zone", lang)), Column(say("Target", lang)),
        Column(say("Verdict", lang), colours=sign_colours()),
        Column(say("Share, or points", lang), SHARE), *interval_columns(lang),
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
    yield told.found.checks.conditions.get(row["where"], row["where"]) or say("all", lang)
    yield say("net", lang) if zone == "net" else zone_head(zone, lang)
    yield limit_words(row["target"], lang)
    yield f"{SIGNS[row['verdict']]} {verdict_words(row['verdict'], lang)}"
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
        Column(say("Share, or points", lang), SHARE), *interval_columns(lang),
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
    yield say("net", lang) if row["zone"] == "net" else zone_head(row["zone"], lang)
    yield limit_words(row["target"], lang) if row["target"] else say("No target", lang)
    yield from (
        row["sure"],
        row["above"],
        Number(row["damage_share"], pattern_of(share_text(row["damage_share"]), lang)),
    )
    if has_money:
        yield from (None, None) if math.isnan(row["money"]) else (row["money"], row["currency"])
    yield from (told.share_cell(row[name], *which, row["zone"]) for name in ("share", "low", "high"))
    yield int(row["rated"])
