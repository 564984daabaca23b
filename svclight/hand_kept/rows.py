"""Rows of a hand-kept table -> counts by process, criterion, period and state, or the issues with them.

In: a `HandTable` and definitions. Out: `Row`s and issues with their places. A row without any count is a row of a
template that is not filled in yet: it is passed over, and said.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from svclight.errors import Issue, quoted_list, quoted_text
from svclight.hand_kept.cells import read_count, read_criterion, read_period, read_process, read_state, text_of
from svclight.hand_kept.tables import PERIOD, REQUIRED

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Mapping, Sequence

    from svclight.hand_kept.tables import HandTable
    from svclight.processes import Definitions

    Key = tuple[str, str, str, tuple[str | None, ...]]
    """Process, criterion, period, and the segments by which the call splits; None where the process has no such one."""


@dataclass(frozen=True)
class Row:
    """A row that was read.

    Attributes:
        key: Whose counts it has.
        segments: All its segments.
        counts: Its counts by state.
        table: The table in which it stands.
        number: Its number there, from 0.
    """

    key: Key
    segments: Mapping[str, str]
    counts: Mapping[str, int]
    table: HandTable
    number: int


def rows_of(table: HandTable, definitions: Definitions, *, by: Sequence[str], period: str) -> Iterator[Row | Issue]:
    """The rows that have a count, and the issues with the others."""
    for row in range(len(table.lines)):
        counts = dict(_row_counts(table, row))
        if not counts:
            continue
        keys = _row_keys(table, row, definitions, period)
        split = {name: text_of(table.columns[name][row]) for name in table.segments}
        found = {**keys, **counts}
        if isinstance(keys["process"], str):
            found |= _foreign_segments(keys["process"], split, definitions)
        wrong = {column: each for column, each in found.items() if isinstance(each, Issue)}
        yield from (table.issue(row, column, issue) for column, issue in wrong.items())
        if not wrong:
            offered = definitions.segments_of(str(keys["process"]))
            kept = tuple(split.get(name, "") if name in offered else None for name in by)
            key = (str(keys["process"]), str(keys["criterion"]), str(keys[PERIOD]), kept)
            yield Row(key, split, {state: each for state, each in counts.items() if isinstance(each, int)}, table, row)


def _row_keys(table: HandTable, row: int, definitions: Definitions, period: str) -> dict[str, str | Issue]:
    """Period, process and, where the process is known, criterion."""
    cells = {name: table.columns[name][row] for name in REQUIRED}
    process = read_process(cells["process"], definitions)
    keys = {PERIOD: read_period(cells[PERIOD], period, definitions.document.time_zone), "process": process}
    if isinstance(process, str):
        keys["criterion"] = read_criterion(cells["criterion"], process, definitions)
    return keys


def _row_counts(table: HandTable, row: int) -> Iterator[tuple[str, int | Issue]]:
    """The counts of a row by state, 0 where a cell is empty beside others; nothing where all are."""
    if not table.states:
        count = read_count(table.columns["count"][row])
        if count is not None:
            state = read_state(table.columns["zone"][row])
            yield from [("zone", state)] if isinstance(state, Issue) else []
            yield ("count" if isinstance(count, Issue) or isinstance(state, Issue) else state), count
        return
    found = {state: read_count(table.columns[state][row]) for state in table.states}
    if any(count is not None for count in found.values()):
        yield from ((state, 0 if count is None else count) for state, count in found.items())


def _foreign_segments(process: str, split: Mapping[str, str], definitions: Definitions) -> Iterator[tuple[str, Issue]]:
    """The segments that a row has, but its process does not, each with an issue."""
    offered = definitions.segments_of(process)
    for name, text in split.items():
        if text and name not in offered:
            message = f"{quoted_text(process)} has no segment {quoted_text(name)}"
            yield name, Issue(message, found=quoted_text(text), expected="an empty cell")


def repeated_counts(rows: Iterable[Row]) -> Iterator[Issue]:
    """Counts that stand twice, each with the place of the first."""
    first: dict[Any, Row] = {}
    for row in rows:
        split = tuple(sorted((name, text) for name, text in row.segments.items() if text))
        places = [(row.key[:3], split, state) for state in row.counts]
        before = next((first[place] for place in places if place in first), None)
        if before is not None:
            process, criterion, period, _ = row.key
            state = "" if row.table.states else f" {next(iter(row.counts))}"
            found = f"{period} {process}.{criterion}{state}" + "".join(f", {name} {text}" for name, text in split)
            hint = f"it stands first in {before.table.place(before.number)}"
            yield row.table.issue(row.number, "", Issue("this stands twice", found=found, expected="once", hint=hint))
        first |= {place: row for place in places if place not in first}


def unused_notices(table: HandTable, by: Sequence[str]) -> Iterator[str]:
    """Notices of columns that are not used, and of segments that are added up."""
    if table.remarks:
        word = "columns" if len(table.remarks) > 1 else "column"
        yield f"{table.name}: not used: {word} {quoted_list(table.remarks)}"
    added = [name for name in table.segments if name not in by and any(map(text_of, table.columns[name]))]
    if added:
        yield f"{table.name}: added up over {quoted_list(added)}, by which the call does not split"
    empty = [row for row in range(len(table.lines)) if not dict(_row_counts(table, row))]
    begun = sum(any(text_of(column[row]) for column in table.columns.values()) for row in empty)
    if begun:
        said = "1 row has no count and is" if begun == 1 else f"{begun:,} rows have no count and are"
        yield f"{table.name}: {said} passed over"
