"""Spark in its own words: expressions for times, periods and text.

In: a narwhals frame over a Spark frame. Out: the same with columns more; rows as pandas columns. Nothing depends on the
time zone of the session: a TIMESTAMP is an instant and is asked for its microseconds, a TIMESTAMP_NTZ for its parts.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, Final

import narwhals as nw
import pandas as pd

from svclight.dialects.dialect import (
    FLAG,
    MONTHS_TO_1970,
    NUMBER,
    TEXT,
    TIME,
    WHOLE,
    Column,
    Dialect,
    Written,
    column_of,
)
from svclight.dialects.number_tables import BEGIN, END, runs_of
from svclight.dialects.returned_columns import column_back
from svclight.dialects.text_in_sql import read_text
from svclight.values.clocks import DAY, MONDAY
from svclight.values.columns import MICRO

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    import numpy as np
    from numpy.typing import NDArray

    Frame = nw.LazyFrame[Any]

_EPOCH: Final = "1970-01-01"


class Spark(Dialect):
    """Spark's own words."""

    name = "Spark"

    def unable(self, names: Sequence[str]) -> str:
        odd = [name for name in names if "." in name or "`" in name]
        return f"the name {odd[0]!r} is more than one name to it" if odd else ""

    def plain_columns(self, frame: Frame, names: Sequence[str]) -> Frame:
        native: Any = nw.to_native(frame)
        kinds = {field.name: field.dataType for field in native.schema}
        return _from_native(native.select(*(_plain_column(name, kinds[name]).alias(name) for name in names)))

    def ticks(self, frame: Frame, wanted: Mapping[str, tuple[str, Column]]) -> Frame:
        read = {name for name, dtype in frame.collect_schema().items() if dtype.is_integer()}
        made = {
            new: _to_ticks(_column_named(name), column) for new, (name, column) in wanted.items() if name not in read
        }
        return _with_columns(
            frame, made | {new: _column_named(name) for new, (name, _) in wanted.items() if name in read}
        )

    def days(self, frame: Frame, wanted: Mapping[str, tuple[str, int]]) -> Frame:
        return _with_columns(
            frame, {new: _floor_divide(_column_named(name), DAY * second) for new, (name, second) in wanted.items()}
        )

    def periods(self, frame: Frame, wanted: Mapping[str, tuple[str, bool]], kind: str) -> Frame:
        read = {name for name, dtype in frame.collect_schema().items() if dtype.is_integer()}

        def number(name: str, *, days: bool) -> Any:
            is_read = name in read and not days  # text gives ticks
            column = _floor_divide(_column_named(name), DAY * MICRO) if is_read else _column_named(name)
            return _period_number(column, kind, days=days or is_read).cast("bigint")

        return _with_columns(frame, {new: number(name, days=days) for new, (name, days) in wanted.items()})

    def parse_text(self, frame: Frame, wanted: Mapping[str, Written]) -> Frame | None:
        return read_text(frame, wanted)

    def flag_as_number(self, flag: nw.Expr) -> nw.Expr:
        return flag.cast(nw.Int64)  # truths have no sum

    def table(self, frame: Frame, columns: Mapping[str, NDArray[np.int64]]) -> Frame | None:
        """A small table of whole numbers that can be joined to the frame: each worker gets all of it."""
        native, functions = nw.to_native(frame), _spark_functions()
        key, runs = next(iter(columns)), runs_of(columns)
        lists = columns if runs is None else runs
        schema = ", ".join(f"`{name}` BIGINT" for name in lists)
        cells = zip(*(values.tolist() for values in lists.values()), strict=True)
        rows = native.sparkSession.createDataFrame(list(cells), schema)
        if runs is not None:
            keys = functions.sequence(_column_named(f"{key}{BEGIN}"), _column_named(f"{key}{END}") - 1)
            others = (_column_named(name) for name in columns if name != key)
            rows = rows.select(functions.explode(keys).alias(key), *others)
        return _from_native(functions.broadcast(rows))

    def collect(self, frame: Frame) -> pd.DataFrame:
        native: Any = nw.to_native(frame)
        kinds = {name: column_of(dtype) for name, dtype in frame.collect_schema().items()}
        made = [
            _column_to_send(_column_named(name), kind).alias(str(place))
            for place, (name, kind) in enumerate(kinds.items())
        ]
        table = native.select(*made).toArrow()
        return pd.DataFrame(
            {name: column_back(table.column(place), kind) for place, (name, kind) in enumerate(kinds.items())}
        )


def _spark_functions() -> Any:
    from pyspark.sql import functions  # noqa: PLC0415 - only where a log is a Spark frame

    return functions


def _column_named(name: str) -> Any:
    return _spark_functions().col("`" + name.replace("`", "``") + "`")


def _from_native(native: Any) -> Frame:
    return nw.from_native(native)  # type: ignore[no-any-return]  # Spark is not typed


def _with_columns(frame: Frame, made: Mapping[str, Any]) -> Frame:
    return _from_native(nw.to_native(frame).withColumns(dict(made))) if made else frame


def _plain_column(name: str, kind: Any) -> Any:
    column, written = _column_named(name), kind.simpleString()
    if written.startswith("decimal"):
        return column.cast("double")
    # texts that are compared by rules of a language, or padded, become texts of characters
    return column.cast("string") if written.startswith(("string collate", "char", "varchar")) else column


def _to_ticks(times: Any, column: Column) -> Any:
    """The ticks of a time in microseconds, whatever the time zone of the session."""
    functions = _spark_functions()
    if column.aware:
        return functions.unix_micros(times)
    days = functions.date_diff(times.cast("date"), functions.lit(_EPOCH).cast("date")).cast("bigint")
    ticks = days * (DAY * MICRO)
    if column.is_date:
        return ticks
    second = functions.date_part(functions.lit("SECOND"), times)  # a decimal with six digits
    parts = functions.hour(times) * 3600 + functions.minute(times) * 60
    return ticks + parts.cast("bigint") * MICRO + (second * MICRO).cast("bigint")


def _floor_divide(number: Any, by: int) -> Any:
    """A whole number divided by another and rounded down, below 0 too."""
    # without its remainder the number divides exactly, so that the way through doubles loses nothing
    return ((number - _spark_functions().pmod(number, _spark_functions().lit(by))) / by).cast("bigint")


def _period_number(times: Any, kind: str, *, days: bool) -> Any:
    """The number of the period, since 1970, that holds a naive time, or with `days` a day."""
    functions = _spark_functions()
    epoch = functions.lit(_EPOCH).cast("date")
    if kind in ("day", "week"):
        number = times if days else functions.date_diff(times.cast("date"), epoch)
        return number if kind == "day" else _floor_divide(number + MONDAY, 7)
    date = functions.date_add(epoch, times.cast("int")) if days else times
    if kind == "year":
        return functions.year(date) - 1970
    months = functions.year(date) * 12 + functions.month(date) - MONTHS_TO_1970
    return months if kind == "month" else _floor_divide(months, 3)


def _column_to_send(column: Any, kind: Column) -> Any:
    """A column as it travels to pandas: times as ticks; all but numbers, flags and text as text."""
    if kind.kind == TIME:
        return _to_ticks(column, kind)
    return column if kind.kind in (FLAG, NUMBER, TEXT, WHOLE) else column.cast("string")
