"""Databases in their own words, asked through ibis.

In: a narwhals frame over an ibis table. Out: the same with columns more; rows as pandas columns. Times become whole
numbers by functions of the database itself: those of ibis would round, or look at the time zone of the server. A
database whose ways are not known here gives its rows to pandas.
"""

from __future__ import annotations

from functools import cache
from types import SimpleNamespace
from typing import TYPE_CHECKING, Any, Final

import narwhals as nw
import pandas as pd

from svclight.dialects.dialect import (
    DIFFERENT,
    FIRST,
    FLAG,
    LAST,
    MONTHS_TO_1970,
    NUMBER,
    NUMBER_OF,
    TEXT,
    TIME,
    WHOLE,
    Aggregate,
    Column,
    Dialect,
    Written,
    column_of,
)
from svclight.dialects.number_tables import BEGIN, END, list_text, runs_of
from svclight.dialects.returned_columns import column_back
from svclight.dialects.text_in_sql import read_text
from svclight.values.clocks import DAY, MONDAY, NANO
from svclight.values.columns import MICRO

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    import numpy as np
    from numpy.typing import NDArray

    Frame = nw.LazyFrame[Any]

_NAMES: Final = {
    "postgres": "PostgreSQL",
    "duckdb": "DuckDB",
    "sqlite": "SQLite",
    "mysql": "MySQL",
    "mssql": "SQL Server",
}
"""Databases as people write them."""
_KNOWN: Final = ("postgres", "duckdb")
_ALL_ROWS: Final = 2**62
"""More rows than there are."""
_FAR: Final = 10**12
"""Times so many seconds from 1970 lie in no calendar; `infinity` is one of them."""
_FAREST: Final = 9 * 10**18
"""The tick of such a time, which numpy still holds."""


class Ibis(Dialect):
    """A database's own words."""

    def __init__(self, backend: str) -> None:
        self._backend, self.name = backend, _NAMES.get(backend, backend)

    @classmethod
    def of(cls, native: Any) -> Ibis:
        return cls(native.get_backend().name)

    def unable(self, names: Sequence[str]) -> str:
        del names  # all names are quoted
        return "" if self._backend in _KNOWN else "how it compares text and times is not known"

    def plain_columns(self, frame: Frame, names: Sequence[str]) -> Frame:
        native: Any = nw.to_native(frame)
        return _from_native(native.select(**{name: self._plain_column(native[name]) for name in names}))

    def _plain_column(self, column: Any) -> Any:
        kind = column.type()
        if kind.is_decimal() or kind.is_float16():
            return column.cast("float64")
        # texts that are compared by rules of their own, or padded, become texts of characters
        return _database_functions().textcat(column, "") if kind.is_string() and self._backend == "postgres" else column

    def ticks(self, frame: Frame, wanted: Mapping[str, tuple[str, Column]]) -> Frame:
        native: Any = nw.to_native(frame)
        return _with_columns(frame, {new: self._ticks(native[name], column) for new, (name, column) in wanted.items()})

    def days(self, frame: Frame, wanted: Mapping[str, tuple[str, int]]) -> Frame:
        native: Any = nw.to_native(frame)
        return _with_columns(
            frame, {new: _floor_divide(native[name], DAY * second) for new, (name, second) in wanted.items()}
        )

    def periods(self, frame: Frame, wanted: Mapping[str, tuple[str, bool]], kind: str) -> Frame:
        native: Any = nw.to_native(frame)
        columns = {name: column_of(dtype) for name, dtype in frame.collect_schema().items()}

        def number(name: str) -> Any:
            return _floor_divide(self._ticks(native[name], columns[name]), DAY * (columns[name].per_second or MICRO))

        made = {new: native[name] if days else number(name) for new, (name, days) in wanted.items()}
        return _with_columns(frame, {new: _period_number(days, kind) for new, days in made.items()})

    def parse_text(self, frame: Frame, wanted: Mapping[str, Written]) -> Frame | None:
        # PostgreSQL's regular expressions take ten milliseconds a row: pandas has read the rows long before
        return None if self._backend == "postgres" else read_text(frame, wanted)

    def strip_chars(self, cell: nw.Expr, chars: str) -> nw.Expr:
        return cell.str.strip_chars_start(chars).str.strip_chars_end(chars)

    def compute_once(self, frame: Frame) -> Frame:
        """The frame with its columns computed once."""
        # PostgreSQL copies expressions into those that use them, again and again, but never across a LIMIT
        return frame.head(_ALL_ROWS) if self._backend == "postgres" else frame

    def group(self, frame: Frame, keys: Sequence[str], found: Mapping[str, Aggregate]) -> Frame:
        """One row for each different key, null among them, with what is found of each group."""
        # narwhals adds a truth to a number to count null as a value, which PostgreSQL refuses; here null does not count
        native = nw.to_native(frame)
        ways = {FIRST: "min", LAST: "max", NUMBER_OF: "count", DIFFERENT: "nunique"}
        made = {name: getattr(native[one.column], ways[one.how])() for name, one in found.items()}
        return _from_native(native.group_by(*keys).aggregate(**made))

    def table(self, frame: Frame, columns: Mapping[str, NDArray[np.int64]]) -> Frame | None:
        """A small table of whole numbers that can be joined to the frame."""
        # made out of the frame's own table, as both are read in one query, which may create nothing
        one_row = nw.to_native(frame).limit(0).aggregate(rows=lambda table: table.count())
        key, runs = next(iter(columns)), runs_of(columns)
        lists = columns if runs is None else runs
        rows = one_row.select(**{name: self._number_list(values).unnest() for name, values in lists.items()})
        if runs is not None:
            made = _database_functions().ibis.range(rows[f"{key}{BEGIN}"], rows[f"{key}{END}"]).unnest()
            rows = rows.select(**{key: made}, **{name: rows[name] for name in columns if name != key})
        return self.compute_once(_from_native(rows))

    def _number_list(self, values: NDArray[np.int64]) -> Any:
        text = list_text(values, "{}" if self._backend == "postgres" else "[]")
        return _database_functions().ibis.literal(text, "string").cast("array<int64>")

    def long(self, frame: Frame, columns: Sequence[str], index: Sequence[str]) -> Frame:
        """A row for each cell of some columns."""
        # by arrays: the way of ibis itself goes through JSON in PostgreSQL
        native, array = nw.to_native(frame), _database_functions().ibis.array
        cells = {"name": array(list(columns)), "cell": array([native[name] for name in columns])}
        return _from_native(native.select(*index, **{name: cell.unnest() for name, cell in cells.items()}))

    def collect(self, frame: Frame) -> pd.DataFrame:
        native: Any = nw.to_native(frame)
        kinds = {name: column_of(dtype) for name, dtype in frame.collect_schema().items()}
        sent = {
            str(place): self._column_to_send(native[name], kind) for place, (name, kind) in enumerate(kinds.items())
        }
        table = native.select(**sent).to_pyarrow()
        return pd.DataFrame(
            {name: column_back(table.column(place), kind) for place, (name, kind) in enumerate(kinds.items())}
        )

    def _column_to_send(self, column: Any, kind: Column) -> Any:
        """A column as it travels to pandas: times as ticks; all but numbers, flags and text as text."""
        if kind.kind == TIME:
            return self._ticks(column, kind, sent=True)
        if kind.kind == WHOLE and self._backend == "postgres":
            return _database_functions().int8(column)  # sums and parts of times are decimals there
        return column if kind.kind in (FLAG, NUMBER, TEXT, WHOLE) else column.cast("string")

    def _ticks(self, times: Any, column: Column, *, sent: bool = False) -> Any:
        """Ticks of a time; null where it is in no calendar, or a tick far away where it is sent."""
        if times.type().is_integer():  # text gives ticks
            return times
        if self._backend == "duckdb":
            return _of_duckdb(times, column, sent=sent)
        if self._backend == "postgres":
            return _of_postgres(times, column, sent=sent)
        return times  # Arrow has times, too


def _from_native(native: Any) -> Frame:
    return nw.from_native(native)  # type: ignore[no-any-return]  # ibis is not typed


def _with_columns(frame: Frame, made: Mapping[str, Any]) -> Frame:
    return _from_native(nw.to_native(frame).mutate(**made)) if made else frame


@cache
def _database_functions() -> Any:
    """Functions of databases by their own names, without types for what they take: the database decides."""
    import ibis  # noqa: PLC0415 - only where a log is an ibis table

    def word(name: str, takes: Any, gives: str) -> Any:
        taken = (None,) * takes.__code__.co_argcount
        return ibis.udf.scalar.builtin(takes, name=name, signature=(taken, gives))

    def one(_column: Any) -> None:
        """Takes one value."""

    def two(_first: Any, _second: Any) -> None:
        """Takes two."""

    kinds = {
        "textcat": (two, "string"),
        "int8": (one, "int64"),
        "date_part": (two, "float64"),
        "date_trunc": (two, "timestamp"),
        "date_mi": (two, "int32"),
        "isfinite": (one, "boolean"),
        "epoch_us": (one, "int64"),
        "epoch_ns": (one, "int64"),
    }
    return SimpleNamespace(ibis=ibis, **{name: word(name, *kind) for name, kind in kinds.items()})


def _of_duckdb(times: Any, column: Column, *, sent: bool) -> Any:
    words = _database_functions()
    ticks = words.epoch_ns(times) if column.per_second == NANO else words.epoch_us(times)
    far = words.ibis.literal(_FAREST, "int64") if sent else None
    return words.ibis.cases((_is_null(times), None), (words.isfinite(times), ticks), else_=far)


def _of_postgres(times: Any, column: Column, *, sent: bool) -> Any:
    """Ticks of times in PostgreSQL; null, or a tick far away where they are sent, for times in no calendar."""
    # some servers give parts of times as doubles: whole seconds and the rest apart are exact there, too
    words, literal = _database_functions(), _database_functions().ibis.literal
    if column.is_date:
        finite = words.isfinite(times)
        days = words.ibis.cases((finite, words.date_mi(times, words.ibis.date(1970, 1, 1))))
        near = days.between(-_FAR // DAY, _FAR // DAY)
        ticks = days.cast("int64") * literal(DAY * MICRO, "int64")
    else:
        seconds = words.date_part("epoch", words.date_trunc("second", times))
        near = seconds.between(-float(_FAR), float(_FAR))
        rest = words.int8(words.date_part("microseconds", times)) % MICRO
        ticks = words.int8(seconds) * literal(MICRO, "int64") + rest
    far = literal(_FAREST, "int64") if sent else None
    return words.ibis.cases((_is_null(times), None), (near, ticks), else_=far)


def _is_null(column: Any) -> Any:
    return ~column.notnull()  # noqa: PD004 - it is no pandas column


def _floor_divide(number: Any, by: int) -> Any:
    """A whole number divided by another and rounded down, below 0 too."""
    # without its remainder the number divides exactly, so that the way through doubles loses nothing
    rest = (number % by + by) % by
    return ((number - rest).cast("float64") / float(by)).cast("int64")


def _period_number(days: Any, kind: str) -> Any:
    """The number of the period, since 1970, that holds a day."""
    if kind in ("day", "week"):
        return days if kind == "day" else _floor_divide(days + MONDAY, 7)
    ibis = _database_functions().ibis
    date = ibis.date(1970, 1, 1) + days.cast("int32").as_interval("D")
    if kind == "year":
        return (date.year() - 1970).cast("int64")
    months = (date.year() * 12 + date.month() - MONTHS_TO_1970).cast("int64")
    return months if kind == "month" else _floor_divide(months, 3)
