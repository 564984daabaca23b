"""Rows of a hand-kept table -> counts by process, criterion, period and state, or the issues with them.

In: a `HandTable` and definitions. Out: `Row`s and issues with their places. A row without any count is a row of a
template that is not filled in yet: it is passed over, and said.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from svclight.errors import Issue, LogError, quoted_list, quoted_text
from svclight.hand_kept.cells import read_count, read_criterion, read_period, read_process, read_state, text_of
from svclight.hand_kept.tables import PERIOD

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence

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


def read_rows(
    table: HandTable, definitions: Definitions, *, by: Sequence[str], period: str
) -> tuple[list[Row], list[Issue]]:
    """The rows that have a count, and the issues with the others."""
    found: list[Row] = []
    issues: list[Issue] = []
    for number in range(len(table.lines)):
        if not _has_count(table, number):
            continue
        cells = _Cells(table, number)
        keys = _row_keys(cells, definitions, period)
        counts = _row_counts(cells)
        split = {name: text_of(table.columns[name][number]) for name in table.segments}
        foreign = _foreign_segments(keys[0], split, definitions) if keys[0] else ()
        wrong = [*cells.issues, *(table.issue(number, name, issue) for name, issue in foreign)]
        issues += wrong
        if not wrong:
            offered = definitions.segments_of(keys[0])
            kept = tuple(split.get(name, "") if name in offered else None for name in by)
            found.append(Row((*keys, kept), split, counts, table, number))
    return found, issues


class _Cells:
    """The cells of a row as they are read one after another, and the issues with those that cannot be read."""

    def __init__(self, table: HandTable, row: int) -> None:
        self.table, self.row = table, row
        self.issues: list[Issue] = []

    def read(self, column: str, reader: Callable[..., Any], *more: Any) -> Any:
        """What the reader makes of a cell; None where it makes nothing of it."""
        try:
            return reader(self.table.columns[column][self.row], *more)
        except LogError as error:
            self.issues += (self.table.issue(self.row, column, issue) for issue in error.issues)
            return None


def _row_keys(cells: _Cells, definitions: Definitions, period: str) -> tuple[str, str, str]:
    """Process, criterion (asked where the process is known) and period; empty where they cannot be read."""
    when = cells.read(PERIOD, read_period, period, definitions.document.time_zone)
    process = cells.read("process", read_process, definitions)
    criterion = cells.read("criterion", read_criterion, process, definitions) if process else ""
    return process or "", criterion or "", when or ""


def _has_count(table: HandTable, row: int) -> bool:
    """Whether a cell of the row that is for a count holds something."""
    return any(text_of(table.columns[name][row]) for name in table.states or ("count",))


def _row_counts(cells: _Cells) -> dict[str, int]:
    """The counts of a row by state, 0 where a cell is empty beside others."""
    if cells.table.states:
        return {state: cells.read(state, read_count) or 0 for state in cells.table.states}
    state = cells.read("zone", read_state)
    return {state or "": cells.read("count", read_count) or 0}


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
    empty = [row for row in range(len(table.lines)) if not _has_count(table, row)]
    begun = sum(any(text_of(column[row]) for column in table.columns.values()) for row in empty)
    if begun:
        said = "1 row has no count and is" if begun == 1 else f"{begun:,} rows have no count and are"
        yield f"{table.name}: {said} passed over"
