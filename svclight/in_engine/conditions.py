"""A log that stays in its engine as conditions ask it: every answer is an expression.

In: `LazyLog`. Out: `CellExpressions`, which answers the words of `method.view.CellView`; what is compared with text, a
number or a time is compared in the engine. All other tests are held against the different cells of their column by the
view of arrays, once, so that they mean the same here.
"""

from __future__ import annotations

import operator
import re
from functools import reduce
from typing import TYPE_CHECKING, Any, Final, NoReturn

import narwhals as nw
import numpy as np
import pandas as pd

from svclight.definition.models import NUMBERS, WEEKDAYS
from svclight.dialects.dialect import TEXT, TIME
from svclight.dialects.normal_form import BLANKS, is_plain
from svclight.errors import UnableError
from svclight.in_engine.cells import among, are_filled, counts_in, is_flag, kind_of, numbers_of, words_of
from svclight.in_engine.expressions import everybody, nobody
from svclight.logs.array_cells import ArrayCells
from svclight.logs.log import Log
from svclight.method.conditions import is_of_time, rows_meeting
from svclight.method.conditions import passing as meeting
from svclight.method.view import Flags, RowCounts
from svclight.reading.sources import Raw
from svclight.values.clocks import DAY, MONDAY
from svclight.values.columns import MICRO
from svclight.values.text_dictionary import Texts

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence

    from svclight.definition.conditions import Scalar, Test
    from svclight.definition.models import FieldSpec
    from svclight.in_engine.log import LazyLog
    from svclight.method.rules import Measured
    from svclight.method.view import CellView, Numbers
    from svclight.thresholds import Interval

    Passing = Callable[[Test, CellView], Any]

LARGEST: Final = float(np.finfo(np.float64).max)
"""No number is greater; NaN is, to every engine."""
_WHOLE: Final = np.dtype(np.int64)


class CellExpressions:
    """The rows of a log in its engine, as conditions ask for them: every answer is an expression.

    Every word may raise `UnableError`: the engine cannot read or compare as pandas does.
    """

    def __init__(self, lazy: LazyLog) -> None:
        self.lazy, self.log = lazy, lazy.log

    def everybody(self) -> nw.Expr:
        """All rows."""
        return everybody(nw.col(self.lazy.moment(self.log.anchor).column))

    def nobody(self) -> nw.Expr:
        """No row."""
        return nobody(nw.col(self.lazy.moment(self.log.anchor).column))

    def by_cells(self, test: Test, passing: Passing) -> nw.Expr | None:
        """The rows that pass a test, looked up by their cells; None if the engine can compare by itself."""
        name, kind = test.column, self.log.kind(test.column)
        if self.log.other(name) is not None:
            raise UnableError(f"{name} stands in another log")
        if kind == "part":
            return _by_part(test, passing, self.lazy)
        if test.limit or kind in (*NUMBERS, "when", "filled") or is_of_time(test, self):
            return None
        only_text = all(isinstance(value, str) for value in test.values)
        is_text = kind_of(name, self.lazy).kind == TEXT
        if test.how and is_text and not self.lazy.at_hand:
            return meeting(test, *self._text_found(test))  # type: ignore[no-any-return]  # a mask of expressions
        if is_text and kind != "flag" and only_text and not test.how:
            return None
        cells = words_of(name, self.lazy)
        few_rows = few(self.log, {self.lazy.raw(name): cells}).rows()
        return among(name, cells[np.asarray(passing(test, ArrayCells(few_rows)))], self.lazy)

    def holds_times(self, name: str) -> bool:
        """Whether a raw column has a type of time in the engine."""
        return kind_of(name, self.lazy).kind == TIME

    # Times -----------------------------------------------------------------------------------------------------------

    def has_time(self, name: str) -> nw.Expr:
        """The rows that have a time at `as_of`."""
        return self.lazy.has_time(name)

    def later(self, name: str) -> nw.Expr | None:
        """The rows whose time lies after `as_of`."""
        return self.lazy.later(name)

    def ticks_a_second(self, *names: str) -> int:
        """The number of ticks a second in which all of the times are whole numbers."""
        return max(*(self.lazy.moment(name).per_second for name in names), MICRO)

    def instants(self, name: str, per_second: int) -> nw.Expr:
        """The instants of a time in ticks of the given size."""
        own, ticks = self.lazy.moment(name).per_second, self.lazy.instants(name)
        return ticks * (per_second // own) if own < per_second else ticks

    # Cells -----------------------------------------------------------------------------------------------------------

    def numbers(self, name: str) -> Numbers:
        """A column of numbers."""
        return numbers_of(name, self.lazy)

    def counts(self, name: str) -> RowCounts:
        """A column of counts; rows with a number that is none are odd."""
        return RowCounts(counts_in(name, self.lazy)[0], numbers_of(name, self.lazy).missing)

    def flags(self, name: str) -> Flags:
        """A column of true and false; rows with cells that cannot be read are odd."""
        spec = self.log.field(name, "flag")
        if spec.when is not None or spec.filled is not None:
            true = self._derived_flag(name, spec)
            return Flags(true, ~true, true)
        if not is_flag(name, self.lazy):
            raise UnableError(f"{name} is true or false by its words")
        column = nw.col(self.lazy.raw(name))
        there = ~column.is_null()
        return Flags(column & there, ~column & there, column)

    def tells_flags(self, name: str) -> bool:
        """Whether a name is true or false in the engine itself."""
        return self.log.field(name, "flag").kind in ("when", "filled") or is_flag(name, self.lazy)

    def _derived_flag(self, name: str, spec: FieldSpec) -> nw.Expr:
        """The rows that meet a condition, or have a cell: never null."""
        if self.log.other(name) is not None or spec.at is not None:
            raise UnableError(f"{name} stands in another row")
        if spec.when is not None:
            return rows_meeting(spec.when, self).fill_null(value=False)  # type: ignore[no-any-return]  # a mask of expressions
        column = str(spec.filled)
        return are_filled(column, self.lazy.tokens(spec), self.lazy).fill_null(value=False)

    def one_of(self, values: nw.Expr, wanted: Sequence[float], dtype: Any) -> nw.Expr:
        """The rows whose number is one of some, cast to the column's type, as Polars compares no others."""
        if dtype is None or dtype.kind != "f":
            wanted = [int(value) for value in wanted if int(value) == value]
        else:
            wanted = [float(value) for value in wanted]
        return values.is_in(wanted) if wanted else nobody(values)

    def inside(self, measured: Measured, interval: Interval) -> nw.Expr:
        """The rows whose value lies in a range; NaN, which is greater than all numbers to every engine, in none."""
        comparisons = interval.comparisons(measured.dtype or _WHOLE)
        if interval.high is None and measured.has_nan:
            comparisons = (*comparisons, (operator.le, LARGEST))
        return _meets_all(measured.values, comparisons)

    def equal_text(self, name: str, values: Sequence[Scalar]) -> tuple[nw.Expr, nw.Expr]:
        """The rows that have a text, and the rows whose text is one of some. Tokens and blanks are no text."""
        spec = self.log.field(name, "text")
        if kind_of(name, self.lazy).kind != TEXT or spec.flag is not None:
            return self._equal_by_cells(name, values)
        column, tokens = self.lazy.raw(name), self.lazy.tokens(spec)
        cell = nw.col(column)
        wanted = [value for value in values if isinstance(value, str) and value not in ("", *tokens)]
        at_hand = self.lazy.at_hand or column in self.lazy.looked_up
        if wanted and at_hand and self.lazy.distinct(column) is not None:  # stripping takes ten times as long
            return self._equal_by_cells(name, values)
        if not is_plain(wanted):
            self.lazy.mark_other_forms(column)
        equal = self.lazy.stripped(column).is_in(wanted) & ~cell.is_null() if wanted else nobody(cell)
        return self.lazy.has_text(column, tokens), equal

    def _text_found(self, test: Test) -> tuple[nw.Expr, nw.Expr]:
        """The rows that have a text, and those whose text contains, starts or ends with one, or has a word."""
        column = self.lazy.raw(test.column)
        self.lazy.mark_other_forms(column)
        present = self.lazy.has_text(column, self.lazy.tokens(self.log.field(test.column, "text")))
        cell, wanted = self.lazy.stripped(column), list(map(str, test.values))
        if test.how == "word":
            between = f"[{BLANKS},;|]"
            found = [cell.str.contains(f"(^|{between})({'|'.join(map(re.escape, wanted))})({between}|$)")]
        elif test.how == "contains":
            found = [cell.str.contains(text, literal=True) for text in wanted]
        else:
            at_end = cell.str.starts_with if test.how == "starts" else cell.str.ends_with
            found = list(map(at_end, wanted))
        return present, present & reduce(operator.or_, found).fill_null(value=False)

    def _equal_by_cells(self, name: str, values: Sequence[Scalar]) -> tuple[nw.Expr, nw.Expr]:
        cells = words_of(name, self.lazy)
        small = ArrayCells(few(self.log, {self.lazy.raw(name): cells}).rows())
        present, equal = (among(name, cells[rows], self.lazy) for rows in small.equal_text(name, values))
        return present, equal

    def words_passing(self, name: str, _passes: Callable[[str], bool]) -> NoReturn:
        """Refused: text is compared by its different cells."""
        raise UnableError(f"{name} is held against its different cells")


def few(log: Log, columns: dict[str, Any]) -> Log:
    """A log of a few rows with some columns of another one, for the pandas engine to read."""
    return Log(log.process_id, log.process, log.definitions, Raw(pd.DataFrame(columns)), path=log.path)


def _meets_all(values: nw.Expr, comparisons: Any) -> nw.Expr:
    """The values that pass every comparison of a limit."""
    parts = [compare(values, end.item() if isinstance(end, np.generic) else end) for compare, end in comparisons]
    return reduce(lambda one, other: one & other, parts) if parts else everybody(values)


def _by_part(test: Test, passing: Passing, log: LazyLog) -> nw.Expr:
    """The rows whose hour, weekday or date passes a test, each different word of it tried once on arrays."""
    number, seen = part_of(test.column, log)
    spec = log.log.field(test.column, "text")
    if spec.part == "date":
        raise UnableError("conditions on dates are many words")
    words = [str(hour) for hour in range(24)] if spec.part == "hour" else list(WEEKDAYS)
    each = few(log.log, {"": range(len(words) + 1)})
    each.remembered["part", test.column] = Texts(np.array([*range(len(words)), -1]), np.array(words, dtype=object))
    chosen = np.asarray(passing(test, ArrayCells(each.rows())))
    wanted = [place for place, holds in enumerate(chosen[:-1]) if holds]
    found = number.is_in(wanted) & seen if wanted else nobody(number)
    return found | ~seen if chosen[-1] else found


def part_of(name: str, log: LazyLog) -> tuple[nw.Expr, nw.Expr]:
    """The hour (0 to 23), weekday (0 is Monday) or day since 1970 of a time, and the rows that have one."""
    spec = log.log.field(name, "text")
    time = str(spec.of)
    whole = time == log.log.anchor and log.log.spec.begins is None  # a row still to come keeps its day
    walls, per_second = log.walls(time, whole=whole), log.moment(time).per_second
    days = log.day_of(name, walls, per_second)
    seen = log.there(time) if whole else log.has_time(time)
    if spec.part == "date":
        return days, seen
    if spec.part == "weekday":
        return (days + MONDAY) % 7, seen
    return (walls - days * (DAY * per_second)) // (3600 * per_second), seen
