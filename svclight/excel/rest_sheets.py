"""The sheets of a workbook behind its numbers: what is not rated and why, what could not be read, definitions, origin.

In: a card, its answer, the language of the reader. Out: `Sheet`s as plain data. No text of a log's line and no id of a
customer is in them.
"""

from __future__ import annotations

from collections import Counter
from fractions import Fraction
from typing import TYPE_CHECKING, Final

from svclight.card.light_table import process_title
from svclight.card.lights import STATE_WORDS
from svclight.errors import printable_text, quoted_text
from svclight.excel.number_sheets import MOST_ROWS
from svclight.excel.sheets import COUNT, SHARE, Column, Number, Sheet, Table, pattern_of
from svclight.pages import page_words
from svclight.pages.report_rest import reason_counts, state_name
from svclight.processes import criterion_at
from svclight.wording import short_phrases
from svclight.wording.catalogue import say, say_of, to_say
from svclight.wording.languages import whole_number
from svclight.wording.shares import share_text

if TYPE_CHECKING:
    from collections.abc import Iterator

    from svclight.definition.criterion_id import CriterionId
    from svclight.excel.sheets import Cell, Told
    from svclight.pages.report_rest import Rest

_LONGEST: Final = 400
_STEPS: Final = (
    (to_say("Step"), ""), (to_say("Actor"), ""), (to_say("Cases"), COUNT), (to_say("Share"), SHARE),
    (to_say("Median since the step before"), ""), (to_say("Out of order"), COUNT),
)  # fmt: skip


def rest_sheets(told: Told, rest: Rest) -> Iterator[Sheet]:
    """The sheets behind the numbers, those that have something to say."""
    makers = not_rated_sheet(told, rest), unread_sheet(told), joins_sheet(told), rejected_sheet(told)
    yield from (sheet for sheet in makers if any(table.rows for table in sheet.tables))
    if rest.courses:
        yield courses_sheet(told, rest)
    yield definitions_sheet(told)
    yield origin_sheet(told, rest)


def not_rated_sheet(told: Told, rest: Rest) -> Sheet:
    """What is not rated, or red without a value, and why: a row for each criterion, state and reason."""
    lang = told.lang
    heads = (
        *told.name_columns(),
        Column(say("State", lang)),
        Column(say("Reason", lang)),
        Column(say_of("head of a table", "Count", lang), COUNT),
    )
    rows = tuple(row for line in told.found.lines for row in _reasons(told, line.which))
    lines = (say("Not rated, or red without a value", lang),)
    return Sheet(say_of("page of the workbook", "not rated", lang), lines, (Table(heads, rows),), rest.notices)


def _reasons(told: Told, which: CriterionId) -> Iterator[tuple[Cell, ...]]:
    counts = reason_counts(told.card, which.process).get(which.criterion, Counter())
    order = list(STATE_WORDS)
    for (state, reason), count in sorted(counts.items(), key=lambda item: (order.index(item[0][0]), -item[1], item[0])):
        yield *told.name_cells(*which), state_name(state, told.lang), printable_text(reason, _LONGEST), count


def unread_sheet(told: Told) -> Sheet:
    """The fields of which some cells could not be read; the example is empty unless the card quotes cells."""
    lang = told.lang
    heads = (
        Column(say("Log", lang)), Column(say("Field", lang)), Column(say("Filled", lang), COUNT),
        Column(say("Not read", lang), COUNT), Column(say("Share", lang), SHARE, bar="red"),
        Column(say("Such as", lang)), Column(say("What would read them", lang)),
    )  # fmt: skip
    rows = []
    for row in told.card.unread.to_dict("records"):
        owner = process_title(told.card, row["process"]) + ("" if row["log"] == row["process"] else f" ({row['log']})")
        share = Fraction(row["unread"], row["cells"])
        shown = Number(float(share), pattern_of(share_text(share), lang))
        example = quoted_text(row["example"], 40) if row["example"] else ""
        rows.append((owner, row["field"], row["cells"], row["unread"], shown, example, row["hint"]))
    lines = (
        say("Cells that could not be read", lang),
        say("A criterion that needs such a cell counts its interaction as missing.", lang),
    )
    return Sheet(say_of("page of the workbook", "unread", lang), lines, (Table(heads, tuple(rows)),))


def joins_sheet(told: Told) -> Sheet:
    """How many rows of joined logs found a partner."""
    lang = told.lang
    heads = (
        Column(say("Log", lang)), Column(say("Joined log", lang)), Column(say("Rows", lang), COUNT),
        Column(say("With a partner", lang), COUNT), Column(say("Rows of the joined log", lang), COUNT),
    )  # fmt: skip
    rows = tuple(
        (process_title(told.card, row["process"]), row["join"], row["rows"], row["matched"], row["other_rows"])
        for row in told.card.joins.to_dict("records")
    )
    return Sheet(say_of("page of the workbook", "joins", lang), (say("Joined logs", lang),), (Table(heads, rows),))


def rejected_sheet(told: Told) -> Sheet:
    """The lines that could not be read, without their text."""
    lang, rejected = told.lang, told.card.rejected[["file", "line", "reason"]]
    heads = Column(say("File", lang)), Column(say("Line", lang), "0"), Column(say("Reason", lang))
    rows = tuple(
        (str(file), int(line), printable_text(reason, _LONGEST))
        for file, line, reason in rejected.head(MOST_ROWS).itertuples(index=False, name=None)
    )
    more = say("Only {count} rows stand here.", lang, count=whole_number(MOST_ROWS, lang))
    lines = (
        say("Lines that could not be read", lang),
        say("They are not interactions and are not counted. Their text is not shown here.", lang),
    )
    return Sheet(
        say_of("page of the workbook", "rejected", lang),
        lines,
        (Table(heads, rows),),
        (more,) if len(rejected) > MOST_ROWS else (),
    )


def courses_sheet(told: Told, rest: Rest) -> Sheet:
    """The steps of each process in their usual order."""
    lang = told.lang
    heads = tuple(Column(say(head, lang), pattern) for head, pattern in _STEPS)
    tables, notes = [], []
    for course in rest.courses:
        rows = []
        for step in course.steps:
            name, actor, _, share, since, _ = step.cells()
            known = step.cases is not None
            part: Cell = share
            if step.cases is not None and step.of:
                exact = Fraction(step.cases, step.of)
                part = Number(float(exact), pattern_of(share_text(exact), lang))
            rows.append((name, actor, step.cases, part, since, step.out_of_order if known else None))
        tables.append(Table(heads, tuple(rows), course.title))
        notes.append(f"{course.title}: {course.in_words}")
    return Sheet(
        say_of("page of the workbook", "usual course", lang),
        (say("The usual course", lang),),
        tuple(tables),
        tuple(notes),
    )


def definitions_sheet(told: Told) -> Sheet:
    """The limits of each criterion in words, its targets, how it is measured: a row for each row of limits."""
    lang = told.lang
    zones = (
        f"{letter} {name}"
        for letter, name in zip(page_words.letters_of(lang), page_words.zone_names(lang), strict=True)
    )
    heads = (
        *told.name_columns(), Column(say_of("head of a table", "For", lang)), *(Column(zone) for zone in zones),
        Column(say("Measured", lang)), Column(say("Rules and targets", lang)), Column(say("Description", lang)),
    )  # fmt: skip
    rows = tuple(row for line in told.found.lines for row in _limits(told, line.which))
    return Sheet(
        say_of("page of the workbook", "definitions", lang), (say("Definitions", lang),), (Table(heads, rows),)
    )


def _limits(told: Told, which: CriterionId) -> Iterator[tuple[Cell, ...]]:
    definition = criterion_at(told.card.definitions, which)
    (_, measured), *facts = short_phrases.measure_facts(
        definition, told.card.definitions.processes[which.process], told.lang
    )
    more = "; ".join(f"{name}: {text}" for name, text in facts)
    rows = list(short_phrases.limit_rows(definition, told.lang)) or [("", "", "", "")]
    for limits in rows:
        yield *told.name_cells(*which), *limits, measured, more, definition.description or ""


def origin_sheet(told: Told, rest: Rest) -> Sheet:
    """What is measured by which definitions, and what was read of each log."""
    lang = told.lang
    facts = Table(
        (Column(say_of("head of a table", "Fact", lang)), Column(say_of("head of a table", "Text", lang))),
        rest.facts,
        say("Measured by", lang),
    )
    heads = (
        Column(say("Log", lang)), Column(say("Files", lang)), Column(say("Rows", lang), COUNT),
        Column(say("Interactions", lang), COUNT), Column(say("Rejected lines", lang), COUNT),
    )  # fmt: skip
    logs = tuple(
        (process, files, log.rows, log.interactions, log.rejected)
        for log, (process, files, *_) in zip(told.card.provenance.logs, rest.logs, strict=True)
    )
    tables = facts, Table(heads, logs, say("Logs", lang))
    return Sheet(
        say_of("page of the workbook", "provenance", lang),
        (say("Where it comes from", lang),),
        tuple(one for one in tables if one.rows),
    )
