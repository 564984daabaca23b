"""How many cells of each field could not be read: nothing that was not read stays silent.

In: a `Log`, as it stood at its moment. Out: `UnreadField`, one for each field that has such cells: of how many filled
cells, one of them with its place, and what would read them. Cells of rows that `exclude` takes are not counted, nor are
those of fields that nothing uses.
"""

from __future__ import annotations

from dataclasses import dataclass, replace
from fractions import Fraction
from typing import TYPE_CHECKING, Any

import numpy as np

from svclight.definition.models import FieldSpec
from svclight.definition.names_used import cells_used, read_as
from svclight.errors import printable_text, quoted_text
from svclight.logs.array_cells import ArrayCells
from svclight.logs.condition_masks import rows_that_meet
from svclight.logs.unread_cells import UNREADABLE, expected_cell, not_asked
from svclight.logs.ways_to_read import NO_HINT, Cells, Hint, hint_for
from svclight.method.rules import any_of
from svclight.method.totals import gaps_by_field
from svclight.values.columns import Flags, Texts, has_cell
from svclight.values.quantities import decimal_text
from svclight.wording.shares import share_text

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping

    from numpy.typing import NDArray

    from svclight.logs.log import Log

    Mask = NDArray[np.bool_]

_SHOWN = 40
ANCHOR = "a time (of 1980 or later, and at most 366 days after as_of)"
"""As what the cells of the anchor are read: others place a row in no period."""
LEAST_UNREAD = 3
"""Fewer cells than this that cannot be read are no error, whatever their share."""


@dataclass(frozen=True)
class UnreadField:
    """A field of which some cells could not be read.

    Attributes:
        process: The process.
        log: The name of the joined log in which the field is; that of the process for its own log.
        field: The field.
        expected: As what its cells are read, in words.
        cells: How many cells are filled.
        unread: How many of them could not be read. In totals a row with an empty cell counts nothing: it is among them.
        empty: How many of them are such empty cells.
        example: One of them.
        file: The file in which it stands; empty for a frame.
        line: Its line there, or the row of a frame, from 1; 0 where rows have no order.
        hint: What would read them, tried on the cells; empty where nothing is known.
    """

    process: str
    log: str
    field: str
    expected: str
    cells: int
    unread: int
    example: str = ""
    empty: int = 0
    file: str = ""
    line: int = 0
    hint: Hint = NO_HINT

    @property
    def share(self) -> float:
        """The share of the filled cells that could not be read, 0 to 1."""
        return self.unread / self.cells if self.cells else 0.0

    @property
    def name(self) -> str:
        """The field as a definition names it."""
        return self.field if self.log == self.process else f"{self.log}.{self.field}"

    @property
    def sentence(self) -> str:
        """What is said of it, without a cell."""
        kind = "cells" if self.empty else "filled cells"
        found = f"{self.process}: {self.unread:,} of {self.cells:,} {kind} of {quoted_text(self.name)}"
        share = share_text(Fraction(self.unread, self.cells))
        verb, empty = "is" if self.unread == 1 else "are", "empty or " if self.empty else ""
        return f"{found} ({share}) {verb} {empty}not {self.expected}"

    @property
    def without_empty(self) -> UnreadField:
        """The same field, of its filled cells alone."""
        return replace(self, cells=self.cells - self.empty, unread=self.unread - self.empty, empty=0)

    @property
    def where(self) -> tuple[str, str, int]:
        """One of the cells, its file and its line."""
        return self.example, self.file, self.line

    @property
    def place(self) -> str:
        """One of the cells and where it stands, such as `"4,5" in calls.csv, line 3`; empty where it is not known."""
        if not self.example:
            return ""
        where = f" in {self.file}, line {self.line}" if self.file else f" in row {self.line}" if self.line else ""
        return f"{quoted_text(self.example)}{where}"


def unread_fields(log: Log) -> list[UnreadField]:
    """The fields of a log, and of those that it joins, that have cells which cannot be read."""
    found = []
    counts = rows_that_count_nothing(log)
    for name, use in cells_used(log.process).items():
        other = log.other(name)
        source, inner = (log, name) if other is None else (log.joined[other[0]][0], other[1])
        column = source.typed_cells(inner, read_as(use))
        bad = counts.get(name) if use == "count" else unread_rows(column, is_item=use == "item")
        if bad is None:
            continue
        kept = log.remember("kept rows", lambda: kept_rows(log)) if other is None else np.ones(len(source), dtype=bool)
        if (bad & kept).any():
            one = _field(source, inner, use, column, bad & kept)
            owner = log.process_id if other is None else other[0]
            filled = has_cell(column)
            cells, empty = int(((filled | bad) & kept).sum()), int((bad & ~filled & kept).sum())
            found.append(replace(one, process=log.process_id, log=owner, cells=cells, empty=empty))
    return found


def rows_that_count_nothing(log: Log) -> dict[str, Mask]:
    """The rows of totals that add nothing to a criterion, by the number whose cell is empty or no count."""
    found: dict[str, Mask] = {}
    for criterion in log.process.criteria.values():
        for name, rows in gaps_by_field(criterion, ArrayCells(log.rows())).items() if criterion.measure.totals else ():
            found[name] = any_of((found.get(name), rows))
    return {name: rows for name, rows in found.items() if rows is not None}


def unread_rows(column: Any, *, is_item: bool = False) -> Mask | None:
    """The rows whose cell cannot be read; None where all can. An item of a checklist may be `n/a`."""
    bad: Any = column.values == UNREADABLE if isinstance(column, Flags) else column.bad
    if is_item and bad.any():
        bad = bad & ~not_asked(column)
    return None if bad is None or not bad.any() else bad


def kept_rows(log: Log) -> Mask:
    """The rows that `exclude` does not take."""
    rows, kept = log.rows(), np.ones(len(log), dtype=bool)
    for rule in log.spec.exclude:
        taken = rows_that_meet(rule.where, rows)
        kept &= True if taken is None else ~taken
    return kept


def _field(log: Log, name: str, use: str, column: Any, bad: Mask) -> UnreadField:
    filled = bad & has_cell(column) if use == "count" else bad
    row = int(np.argmax(filled if filled.any() else bad))
    spec, texts, raw = log.field(name, read_as(use)), column.texts, log.raw
    example = ""
    if filled[row]:
        example = printable_text(log.unread_cells(name, read_as(use), np.array([row]))[0], _SHOWN)
    if filled[row] and use == "count" and texts is None and np.isfinite(column.values[row]):
        example = decimal_text(float(column.values[row]))
    file = "" if raw.file_codes is None else raw.files[raw.file_codes[row]]
    line = (row + 1 if raw.lines is None else int(raw.lines[row])) if raw.ordered else 0
    hint = NO_HINT if texts is None else hint_for(_cells(log, spec, read_as(use), texts, bad))
    expected = ANCHOR if use == "time" and name == log.anchor else expected_cell(spec, use)
    unread = int(bad.sum())
    return UnreadField(log.process_id, "", name, expected, 0, unread, example, file=file, line=line, hint=hint)


def _cells(log: Log, spec: FieldSpec, use: str, texts: Texts, bad: Mask) -> Cells:
    """The different words of a column that cannot be read, and those that can."""
    unread = np.zeros(len(texts.words), dtype=bool)
    unread[texts.codes[bad & (texts.codes >= 0)]] = True
    read = np.zeros(len(texts.words), dtype=bool)
    there = (texts.codes >= 0) & ~bad
    read[texts.codes[there]] = True
    words = texts.words
    return Cells(spec, use, log.spec, tuple(map(str, words[unread])), tuple(map(str, words[read & ~unread])))


def with_more_cells(found: Iterable[UnreadField], more: Mapping[str, tuple[int, int]], log: Log) -> list[UnreadField]:
    """The same fields with cells that were counted elsewhere, and the fields that have unread cells there alone.

    Args:
        found: The fields.
        more: By the name of a field how many cells are filled elsewhere, and how many rows count nothing.
        log: The log without rows.
    """
    known = {one.field: one for one in found}
    made = []
    for name, (filled, gaps) in more.items():
        one = known.get(name) or UnreadField(
            log.process_id, log.process_id, name, expected_cell(FieldSpec(), "count"), 0, 0
        )
        # a cell that cannot be read brings its row to pandas: what counts nothing elsewhere is empty
        made.append(replace(one, cells=one.cells + filled + gaps, unread=one.unread + gaps, empty=one.empty + gaps))
    return [one for one in made if one.unread]
