"""Rows that belong together: the events of a case, the contacts of a customer.

In: the group of each row of a log, and its time. Out: `Grouped`, the rows in the order of their groups and times, so
that the first and the last row of every group are found in one look; `Ranges`, the same for groups that share rows; and
`Gathered`, a log whose rows are such groups and whose columns hold the last known value of each.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, Final, Protocol, Self

import numpy as np

from svclight.logs.derived_fields import flag_words, met
from svclight.logs.log import Log
from svclight.values.columns import has_cell

if TYPE_CHECKING:
    from numpy.typing import NDArray

    from svclight.definition.models import FieldSpec
    from svclight.logs.log import Rows
    from svclight.method.rules import Rule

    Mask = NDArray[np.bool_]
    Places = NDArray[np.intp]

_EXACT: Final = 2.0**53  # up to here every whole number is exact
_AT_ONCE: Final = 1 << 20  # so many numbers are laid out at once where sums cannot be differences of running sums


class RowGroups(Protocol):
    """Groups of a log's rows, each in the order of time."""

    def some(self, mask: Mask) -> Self:
        """The groups with only the rows that a mask over the log chooses."""

    def first(self) -> Places:
        """The first row of each group; -1 for an empty group."""

    def last(self) -> Places:
        """The last row of each group; -1 for an empty group."""


@dataclass(frozen=True)
class Grouped:
    """The rows of a log in the order of their groups, then of their times, then of the log.

    Attributes:
        size: How many groups there are, numbered from 0.
        rows: The rows in that order.
        groups: The group of each of them.
        whole: Whether these are all rows of the log as they stand in it.
    """

    size: int
    rows: Places
    groups: Places
    whole: bool = False

    @classmethod
    def of(cls, groups: Places, times: NDArray[np.int64], chosen: Mask, size: int) -> Self:
        """Groups the chosen rows; rows of one group and time keep the order of the log.

        Logs mostly stand in the order of their times or of their groups: what is sorted already is not sorted again.
        """
        whole = bool(chosen.all())
        rows = np.arange(len(chosen)) if whole else np.flatnonzero(chosen)
        mine, ticks = (groups, times) if whole else (groups[rows], times[rows])
        step, later = np.diff(mine), np.diff(ticks) >= 0
        if bool(((step > 0) | ((step == 0) & later)).all()):
            return cls(size, rows, mine, whole)
        if not later.all():
            rows = rows[np.argsort(ticks, kind="stable")]
            mine = groups[rows]
        rows = rows[np.argsort(mine, kind="stable")]
        return cls(size, rows, groups[rows])

    def some(self, mask: Mask) -> Self:
        """The grouped rows that a mask over the log chooses."""
        if mask.all():
            return self
        kept = mask if self.whole else mask[self.rows]
        return type(self)(self.size, self.rows[kept], self.groups[kept])

    def first(self) -> Places:
        """The first row of each group; -1 for an empty group."""
        return self._ends(np.append(True, np.diff(self.groups) != 0))

    def last(self) -> Places:
        """The last row of each group; -1 for an empty group."""
        return self._ends(np.append(np.diff(self.groups) != 0, True))

    def _ends(self, is_end: Mask) -> Places:
        found = np.full(self.size, -1, dtype=np.intp)
        if len(self.rows):
            found[self.groups[is_end]] = self.rows[is_end]
        return found

    def sums(self, weights: NDArray[Any] | None = None) -> NDArray[Any]:
        """The number of rows in each group, or the sum of their weights."""
        return np.bincount(self.groups, None if weights is None else weights[self.rows], self.size)


@dataclass(frozen=True)
class Ranges:
    """Groups that are ranges of one order of rows and may share them, such as a customer's contacts up to each month.

    What is found of a group takes the same time however many rows it has.

    Attributes:
        rows: The rows of the log in that order.
        begin: The place in it at which each group begins.
        end: The place after its last row.
    """

    rows: Places
    begin: Places
    end: Places

    @property
    def size(self) -> int:
        """How many groups there are."""
        return len(self.begin)

    def some(self, mask: Mask) -> Self:
        """The groups with only the rows that a mask over the log chooses."""
        kept = mask[self.rows]
        if kept.all():
            return self
        before = np.append(0, np.cumsum(kept))
        return type(self)(self.rows[kept], before[self.begin], before[self.end])

    def first(self) -> Places:
        """The first row of each group; -1 for an empty group."""
        return self._rows_at(self.begin)

    def last(self) -> Places:
        """The last row of each group; -1 for an empty group."""
        return self._rows_at(self.end - 1)

    def _rows_at(self, places: Places) -> Places:
        found = np.full(self.size, -1, dtype=np.intp)
        full = self.begin < self.end
        found[full] = self.rows[places[full]]
        return found

    def sums(self, weights: NDArray[Any] | None = None) -> NDArray[Any]:
        """The number of rows in each group, or the sum of their weights."""
        if weights is None:
            return self.end - self.begin
        added = weights[self.rows]
        if np.issubdtype(added.dtype, np.integer) or _are_exact(added):
            total = np.append(added[:0].sum(), np.cumsum(added))
            return np.asarray(total[self.end] - total[self.begin])
        return self._added_one_by_one(added)

    def _added_one_by_one(self, added: NDArray[Any]) -> NDArray[np.float64]:
        """Sums of numbers that are no whole ones: a difference of running sums would carry the errors of other rows."""
        until = np.append(0, np.cumsum(self.end - self.begin))
        sums = np.zeros(self.size, dtype=np.float64)
        first = 0
        while first < self.size:
            stop = max(int(np.searchsorted(until, until[first] + _AT_ONCE, side="right")) - 1, first + 1)
            lengths = np.diff(until[first : stop + 1])
            groups = np.repeat(np.arange(stop - first), lengths)
            places = np.arange(len(groups)) + (self.begin[first:stop] + until[first] - until[first:stop])[groups]
            sums[first:stop] = np.bincount(groups, added[places], stop - first)
            first = stop
        return sums


def _are_exact(numbers: NDArray[Any]) -> bool:
    """Whether every sum of some of the numbers is exact: they are whole, and all of them together are not too many."""
    with np.errstate(over="ignore"):
        return bool((np.rint(numbers) == numbers).all() and np.abs(numbers).sum() < _EXACT)


@dataclass
class Gathered(Log):
    """A log whose rows are groups of another log's rows; a column holds each group's last known value.

    Attributes:
        base: The log whose rows were put together.
        grouped: Which of them belong to each group.
    """

    base: Log = None  # type: ignore[assignment]  # a dataclass with defaults above; always given
    grouped: RowGroups = None  # type: ignore[assignment]  # the same

    @classmethod
    def gather(cls, base: Log, grouped: RowGroups, first: Places, **more: Any) -> Self:
        """Makes a log of groups; each group stands where its first row stood."""
        raw = base.raw.at(first)
        shared: dict[str, Any] = {"joined": base.joined, "people": base.people, "path": base.path}
        shared |= {"notices": base.notices, "as_of": base.as_of, "base": base, "grouped": grouped}
        return cls(base.process_id, base.process, base.definitions, raw, **shared, **more)

    def left_out(self, rows: Rows) -> tuple[Rule, ...]:
        """The rules for groups that no criterion rates."""
        raise NotImplementedError

    def picks(self, name: str) -> Places | None:
        """The row that gives each group a time; None for a column of the log."""
        raise NotImplementedError

    def field(self, name: str, kind: str) -> FieldSpec:
        """The declared field of a name, or one made for the raw column of that name."""
        return super().field(self.base.anchor if self.picks(name) is not None else name, kind)

    def keys(self, name: str) -> NDArray[np.int64]:
        """The different values of a column as numbers, one for each group; -1 if it is missing."""
        return np.asarray(self.names(name).codes, dtype=np.int64)

    def is_unique(self, name: str) -> bool:  # noqa: ARG002 - the answer is the same for all
        """False: that no value stands twice is not known without looking."""
        return False

    def _read_column(self, name: str, spec: FieldSpec, use: str) -> Any:
        if self.other(name) is not None or spec.parts:
            return super()._read_column(name, spec, use)
        picked = self.picks(name)
        if picked is not None:
            return self.base.times(self.base.anchor).take(picked)
        column = self.base._column_as(name, use)  # noqa: SLF001 - a log reads a log
        if spec.filled is not None:  # what is known last is known, though the last row has an empty cell
            flags = met(self.grouped.some(self.base.flags(name).values == 1).last() >= 0)
            return flag_words(flags) if use in ("text", "id") else flags
        return column.take(self.grouped.some(has_cell(column)).last())
