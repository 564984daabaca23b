"""A log that stays in its engine as the rule book asks it: every answer is an expression.

In: `LazyLog`. Out: `ExpressionView`, which answers the words of `method.view`. Cells that cannot be read, times with
two readings and the like are odd: their rows are judged by the view of arrays, so that no rule asks for them here.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, Final, NoReturn

import narwhals as nw
import numpy as np

from svclight.definition.names_used import cells_used
from svclight.dialects.dialect import TEXT
from svclight.errors import UnableError
from svclight.in_engine.cases import count_column
from svclight.in_engine.cells import among, is_flag, numbers_of, words_of
from svclight.in_engine.conditions import LARGEST, CellExpressions, few
from svclight.in_engine.expressions import has_fraction, nobody
from svclight.in_engine.working_time import clock_of
from svclight.judging.array_view import ArrayView
from svclight.logs.array_cells import equal_words
from svclight.method.rules import Rule
from svclight.method.view import Flags
from svclight.values import clocks
from svclight.values.clocks import DAY

if TYPE_CHECKING:
    import datetime as dt
    from collections.abc import Callable, Iterator
    from fractions import Fraction

    import pandas as pd
    from numpy.typing import NDArray

    from svclight.definition.models import Criterion
    from svclight.in_engine.log import LazyLog
    from svclight.in_engine.working_time import ExpressionClock
    from svclight.method.rules import Measured
    from svclight.method.view import Numbers
    from svclight.values.text_dictionary import Texts

    Mask = NDArray[np.bool_]

_MOST_LISTED: Final = 100
"""So many categories that are in no list are counted apart in the engine."""


@dataclass(frozen=True)
class ExpressionWords:
    """A column of text in an engine: its different cells, which the pandas engine has read."""

    lazy: LazyLog
    name: str
    cells: pd.Series[Any]
    texts: Texts

    @property
    def missing(self) -> nw.Expr:
        """The rows without a word."""
        return among(self.name, self.cells[self.texts.missing], self.lazy)

    @property
    def values(self) -> nw.Expr:
        """A mask of no row: no number stands for a text here."""
        return nobody(nw.col(self.lazy.raw(self.name)))

    @property
    def words(self) -> NDArray[np.object_]:
        """The different words."""
        return self.texts.words

    def equal(self, values: tuple[Any, ...]) -> Mask:
        """Marks the different words that are one of the values."""
        return equal_words(self.texts, list(values))

    def rows(self, table: Mask) -> nw.Expr:
        """The rows whose word is marked."""
        return among(self.name, self.cells[self.texts.look_up(table, missing=False)], self.lazy)

    def each(self, table: Mask, reason: Callable[[str], str]) -> tuple[Rule, ...]:
        """Rules that make marked words missing, each with its reason; very many words are left to pandas."""
        chosen = np.flatnonzero(table)
        codes = np.asarray(self.texts.codes)
        if len(chosen) > _MOST_LISTED:
            self.lazy.odd.append(among(self.name, self.cells[np.isin(codes, chosen[_MOST_LISTED:])], self.lazy))
        return tuple(
            Rule("missing", reason(self.texts.words[place]), among(self.name, self.cells[codes == place], self.lazy))
            for place in chosen[:_MOST_LISTED]
        )


class ExpressionView(CellExpressions):
    """The rows of a log in its engine, as the rule book asks for them: every answer is an expression."""

    def some(self, rows: nw.Expr) -> nw.Expr:
        """The same rows: an engine knows only later whether there are any."""
        return rows

    def once(self, name: str, rows: nw.Expr) -> nw.Expr:
        """The same rows as a computed column, so that several rules share it."""
        return self.lazy.before.as_columns(name, [rows.fill_null(value=False)], level=1)[0]

    def either(self, rows: nw.Expr, one: Any, other: Any) -> nw.Expr:
        """One value for some rows, another for the others."""
        return nw.when(rows).then(_literal(one)).otherwise(_literal(other))

    def unread(self, _name: str, _kind: str) -> tuple[Rule, ...]:
        """No rule: rows with such cells are odd, and judged by pandas."""
        return ()

    # Times -----------------------------------------------------------------------------------------------------------

    def never(self, _name: str) -> nw.Expr | None:
        """The cases that have ended and will have no more times."""
        return self.lazy.ended

    def doubtful(self, _name: str) -> None:
        """None: rows with a time in the hours of a clock change are odd."""

    def is_plain(self, name: str) -> bool:
        """Whether the time places its rows by itself, so that rows without one are a whole group."""
        return self.lazy.is_plain(name)

    def now(self, per_second: int) -> int:
        """The moment from which the log is seen, in such ticks."""
        return clocks.now_at(self.lazy.now(), per_second)

    def days(self, name: str) -> nw.Expr:
        """The calendar day of a time, counted since 1970."""
        return self.lazy.days(name)

    def today(self) -> int:
        """The day of the moment from which the log is seen."""
        return clocks.day_at(self.lazy.now(), self.log.zone)

    def places_in_days(self, name: str) -> tuple[nw.Expr, int]:
        """Local times in ticks, and the number of ticks a day: no day need be cut from them."""
        return self.lazy.walls(name), DAY * self.lazy.moment(name).per_second

    def working(
        self, criterion: Criterion, names: tuple[str, ...], per_second: int, *, by: str, in_days: bool
    ) -> ExpressionClock:
        """The working time of the measure's calendar, joined from a small table."""
        if len(names) == 1:
            raise UnableError("working time")
        return clock_of(criterion, self.lazy, names, per_second, by=by, in_days=in_days)

    def periods(self, name: str, *, dated: bool) -> Iterator[tuple[nw.Expr, dt.date, dt.date]]:
        """One group of all rows with a time, as limits that change between periods are left to pandas."""
        if dated:
            raise UnableError("limits that change while rows can still turn")
        yield self.lazy.has_time(name), clocks.day_of(0), clocks.day_of(1)

    # Cells -----------------------------------------------------------------------------------------------------------

    def whole_ticks(self, numbers: Numbers, length: Fraction) -> nw.Expr:
        """Whole numbers, times a length in ticks."""
        if numbers.dtype.kind != "i" or length.denominator != 1:
            raise UnableError("what is taken off is no whole number")
        ticks: nw.Expr = numbers.values.cast(nw.Int64) * int(length)
        return ticks

    def flags(self, name: str) -> Flags:
        """A column of true and false."""
        return super().flags(name) if self.tells_flags(name) else _flags_by_cells(name, self.lazy, item=False)

    def items(self, name: str) -> Flags:
        """An item of a checklist."""
        return super().flags(name) if self.tells_flags(name) else _flags_by_cells(name, self.lazy, item=True)

    def unread_flags(self, _name: str, *, item: bool = False) -> tuple[Rule, ...]:  # noqa: ARG002 - the same for both
        """No rule: rows with such cells are odd, and judged by pandas."""
        return ()

    def words(self, name: str) -> ExpressionWords:
        """A column of text."""
        cells = words_of(name, self.lazy)
        return ExpressionWords(self.lazy, name, cells, few(self.log, {self.lazy.raw(name): cells}).texts(name))

    def weight_where(self, rows: nw.Expr, weight: float) -> nw.Expr:
        """A weight for the rows of a mask, 0 for the others."""
        if not isinstance(weight, int):
            raise UnableError("weights that differ by more than whole numbers hold")
        return nw.when(rows).then(nw.lit(weight, nw.Int64)).otherwise(nw.lit(0, nw.Int64))

    def percent(self, part: nw.Expr, whole: nw.Expr) -> tuple[nw.Expr, np.dtype[Any]]:
        """How much percent a part is of the whole."""
        sound = nw.when(whole == 0).then(nw.lit(1, nw.Int64)).otherwise(whole)
        return (part * 100).cast(nw.Float64) / sound.cast(nw.Float64), np.dtype(np.float64)

    def difference(self, one: Numbers, other: Numbers) -> tuple[nw.Expr, np.dtype[Any]]:
        """Numbers less others, in doubles."""
        return one.values.cast(nw.Float64) - other.values.cast(nw.Float64), np.dtype(np.float64)

    # Values against numbers ------------------------------------------------------------------------------------------

    def above(self, measured: Measured, number: float) -> nw.Expr:
        """The values that are greater than a number."""
        above: nw.Expr = measured.values > number
        return above if measured.is_whole else above & (measured.values <= LARGEST)

    def not_whole(self, measured: Measured) -> nw.Expr:
        """The rows whose value is no whole number of the unit."""
        if measured.is_whole:
            parts: nw.Expr = measured.values % measured.per_unit != 0
        else:
            parts = has_fraction(measured.values) & (measured.values <= LARGEST)
        return parts

    # Several rows at once --------------------------------------------------------------------------------------------

    def step_counts(self, step: str, distinct: str | None) -> nw.Expr:
        """The number of times that a step happened in each case, which is a column of the cases."""
        return nw.col(count_column(step, distinct))

    def open_cases(self) -> nw.Expr | None:
        """The cases that have not ended; None if the log declares no end."""
        return None if self.lazy.ended is None else ~self.lazy.ended

    def later_contacts(self, _same: tuple[str, ...], _within: Fraction) -> NoReturn:
        """Refused: no engine looks for later contacts of a customer."""
        raise UnableError("later contacts")

    def recency(self) -> NoReturn:
        """Refused: no engine gathers the customers of a period."""
        raise UnableError("customers")

    def frequency(self, _within: Fraction) -> NoReturn:
        """Refused: no engine gathers the customers of a period."""
        raise UnableError("customers")

    def spend(self, _amount: str, _within: Fraction) -> NoReturn:
        """Refused: no engine gathers the customers of a period."""
        raise UnableError("customers")

    def customers_to_come(self) -> None:
        """None: the rows of an engine are no customers."""

    def young_customers(self, _within: Fraction) -> NoReturn:
        """Refused: no engine gathers the customers of a period."""
        raise UnableError("customers")


def _flags_by_cells(name: str, log: LazyLog, *, item: bool) -> Flags:
    """The true and false rows of a text column, by its different cells; rows with unreadable ones are odd."""
    cells = words_of(name, log)
    log.odd += unread_flag_rows(name, log, item=item)
    flags = ArrayView(few(log.log, {log.raw(name): cells}).rows()).flags(name)
    true = among(name, cells[flags.true], log)
    return Flags(true, among(name, cells[flags.false], log), true)


def mark_unread(log: LazyLog) -> None:
    """Rows with a cell that cannot be read as its field's type are odd, wherever the field is used.

    Raises:
        UnableError: The engine cannot tell by itself.
    """
    for name, use in cells_used(log.log.process).items():
        if log.log.other(name) is not None:
            continue
        if use == "time":
            log.moment(name)
        elif use == "number" and log.columns[log.raw(name)].kind == TEXT:
            numbers_of(name, log)
        elif use in ("flag", "item") and not is_flag(name, log):
            log.odd += unread_flag_rows(name, log, item=use == "item")


def unread_flag_rows(name: str, log: LazyLog, *, item: bool) -> list[nw.Expr]:
    """The rows whose cell is neither true nor false; none where there are no such cells.

    Raises:
        UnableError: There are too many different cells.
    """
    cells = words_of(name, log)
    rules = ArrayView(few(log.log, {log.raw(name): cells}).rows()).unread_flags(name, item=item)
    return [among(name, cells[rule.rows], log) for rule in rules]


def _literal(value: Any) -> Any:
    """A number as an expression; whole ones are whole in every engine."""
    if isinstance(value, int):
        return nw.lit(value, nw.Int64)
    return nw.lit(value) if isinstance(value, float) else value
