"""A part of a typed log as conditions ask it: every answer is an array with an entry a row.

In: `Rows`. Out: `ArrayCells`, which answers the words of `method.view.CellView`. What several criteria ask for (which
rows have a time, their instants) is computed once for the part.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, Protocol

import numpy as np

from svclight.method.view import Flags, Numbers, RowCounts
from svclight.values.clocks import NAT
from svclight.values.columns import MICRO, are_counts, flag_of, word_numbers
from svclight.values.number_text import PLAIN, NumberForm

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence

    from numpy.typing import NDArray

    from svclight.definition.conditions import Scalar, Test
    from svclight.method.rules import Measured
    from svclight.method.view import CellView
    from svclight.thresholds import Interval
    from svclight.values.columns import Flags as FlagColumn
    from svclight.values.columns import Numbers as NumberColumn
    from svclight.values.columns import Texts, Times

    Mask = NDArray[np.bool_]
    Ticks = NDArray[np.int64]


class TypedRows(Protocol):
    """Some rows of a typed log: `logs.log.Rows`, which itself asks conditions of its rows."""

    @property
    def log(self) -> Any:
        """The log."""

    def __len__(self) -> int: ...

    def numbers(self, name: str) -> NumberColumn:
        """A column of numbers."""

    def flags(self, name: str) -> FlagColumn:
        """A column of true and false."""

    def texts(self, name: str) -> Texts:
        """A column of words."""

    def times(self, name: str) -> Times:
        """A column of times."""

    def future(self, name: str) -> Mask | None:
        """The rows whose time is still to come."""

    def instants(self, name: str) -> tuple[Ticks, int, Mask | None]:
        """Instants, ticks a second, and rows whose time has two readings or none."""


class ArrayCells:
    """Some rows of a log, as conditions ask for them: every answer is an array."""

    def __init__(self, rows: TypedRows) -> None:
        self.rows, self.log = rows, rows.log
        self._known: dict[Any, Any] = {}

    def _once(self, key: Any, make: Callable[[], Any]) -> Any:
        if key not in self._known:
            self._known[key] = make()
        return self._known[key]

    def everybody(self) -> Mask:
        """All rows."""
        return np.ones(len(self.rows), dtype=bool)

    def nobody(self) -> Mask:
        """No row."""
        return np.zeros(len(self.rows), dtype=bool)

    def some(self, rows: Mask) -> Mask | None:
        """The same rows; None where there are none."""
        return rows if rows.any() else None

    def by_cells(self, _test: Test, _passing: Callable[[Test, CellView], Mask]) -> Mask | None:
        """None: arrays are compared row by row."""
        return None

    def holds_times(self, _name: str) -> bool:
        """False: a raw column that no measure uses as a time is read as text."""
        return False

    # Times -----------------------------------------------------------------------------------------------------------

    def has_time(self, name: str) -> Mask:
        """The rows that have a time at `as_of`."""
        return self._once(("seen", name), lambda: self.rows.times(name).ticks != NAT)  # type: ignore[no-any-return]  # it holds what was found

    def later(self, name: str) -> Mask | None:
        """The rows whose time lies after `as_of`."""
        return self.rows.future(name)

    def _instants(self, name: str) -> tuple[Ticks, int, Mask | None]:
        return self._once(("instants", name), lambda: self.rows.instants(name))  # type: ignore[no-any-return]  # the same

    def ticks_a_second(self, *names: str) -> int:
        """The number of ticks a second in which all of the times are whole numbers."""
        return max(*(self.rows.times(name).per_second for name in names), MICRO)

    def instants(self, name: str, per_second: int) -> Ticks:
        """The instants of a time in ticks of the given size, cut off at the ends of the calendar."""
        ticks, own, _ = self._instants(name)
        scale = per_second // own
        if scale == 1:
            return ticks
        most = np.iinfo(np.int64).max // scale

        def finer() -> Ticks:
            return np.where(ticks == NAT, NAT, np.clip(ticks, -most, most) * scale)

        return self._once(("instants", name, per_second), finer)  # type: ignore[no-any-return]  # the same

    # Cells -----------------------------------------------------------------------------------------------------------

    def numbers(self, name: str) -> Numbers:
        """A column of numbers; an infinite cell holds no number."""
        values = self.rows.numbers(name).values
        if values.dtype.kind in "iu":
            return Numbers(values, None, dtype=values.dtype)
        missing = ~np.isfinite(values)
        if not missing.any():
            return Numbers(values, None, dtype=values.dtype)
        return Numbers(values, missing, self.some(np.isinf(values)), values.dtype)

    def counts(self, name: str) -> RowCounts:
        """A column of numbers that are counts; a number that is none cannot be read as one."""
        return self._once(("counts", name), lambda: self._counts(name))  # type: ignore[no-any-return]  # the same

    def _counts(self, name: str) -> RowCounts:
        numbers = self.rows.numbers(name)
        values = np.asarray(numbers.values, dtype=np.float64)
        sound = are_counts(values)
        if sound.all():
            return RowCounts(values.astype(np.int64), None)
        empty = np.isnan(values) if numbers.bad is None else np.isnan(values) & ~numbers.bad
        whole = np.where(sound, values, 0).astype(np.int64)
        return RowCounts(whole, self.some(empty), self.some(~sound & ~empty))

    def flags(self, name: str) -> Flags:
        """A column of true and false."""
        values = self.rows.flags(name).values
        return Flags(values == 1, values == 0, values)

    def one_of(self, values: NDArray[Any], wanted: Sequence[float], _dtype: Any) -> Mask:
        """The rows whose number is one of some."""
        return np.isin(values, wanted)

    def inside(self, measured: Measured, interval: Interval) -> Mask:
        """The rows whose value lies in a range."""
        return interval.holds(measured.values)

    def equal_text(self, name: str, values: Sequence[Scalar]) -> tuple[Mask, Mask]:
        """The rows that have a text, and the rows whose text is one of some."""
        texts, read = self.rows.texts(name), self.log.spec.read
        form = NumberForm(read.decimal, read.thousands or "")
        key = ("equal text", name, repr(values))  # 1 and True are different words
        table = self.log.remember(key, lambda: equal_words(texts, values, form))
        return ~texts.missing, texts.look_up(table, missing=False)

    def words_passing(self, name: str, passes: Callable[[str], bool]) -> tuple[Mask, Mask]:
        """The rows that have a text, and the rows whose text passes a test."""
        texts = self.rows.texts(name)
        table = np.fromiter(map(passes, texts.words), dtype=bool, count=len(texts.words))
        return ~texts.missing, texts.look_up(table, missing=False)


def equal_words(texts: Texts, values: Sequence[Scalar], form: NumberForm = PLAIN) -> Mask:
    """Marks the words of a dictionary that are one of the values."""
    found = np.zeros(len(texts.words), dtype=bool)
    for value in values:
        found |= _equal(texts, value, form)
    return found


def _equal(texts: Texts, value: Scalar, form: NumberForm) -> Mask:
    if isinstance(value, bool):
        return np.array([flag_of(word) == int(value) for word in texts.words], dtype=bool)
    if isinstance(value, int | float):
        return np.asarray(word_numbers(texts, form) == value, dtype=bool)
    return np.asarray(texts.words == value, dtype=bool)
