"""Polars in its own words: expressions for times and periods.

In: a narwhals frame over a Polars LazyFrame. Out: the same with columns more; rows as pandas columns, without Arrow.
"""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, Any, Final

import narwhals as nw
import numpy as np
import pandas as pd

from svclight.dialects.dialect import MONTHS_TO_1970, Dialect
from svclight.values.clocks import DAY, MONDAY, NANO, NAT

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from numpy.typing import NDArray

    from svclight.dialects.dialect import Column

    Frame = nw.LazyFrame[Any]

_AT_HAND: Final = re.compile(r'DF \[|ROW INDEX |SELECT \[col\("[^"]*"\)(, col\("[^"]*"\))*\]$')
"""A step of the plan of a frame in memory of which columns are chosen, and nothing is computed."""


class Polars(Dialect):
    """Polars' own words."""

    orders_by_bytes, sums_tell = True, True
    name, ordered = "Polars", True  # it reads no text: its readers take what pandas does not, and the reverse

    def unable(self, names: Sequence[str]) -> str:
        odd = _name_patterns(names)
        return f"the name {odd[0]!r} is a pattern to it" if odd else ""

    def with_row_numbers(self, frame: Frame, name: str) -> Frame | None:
        return nw.from_native(frame.to_native().with_row_index(name))  # type: ignore[no-any-return]  # Polars need not be there

    def at_hand(self, frame: Frame) -> bool:
        plan = frame.to_native().explain(optimized=False).splitlines()
        return all(_AT_HAND.match(step.strip()) for step in plan)

    def plain_columns(self, frame: Frame, names: Sequence[str]) -> Frame:
        if _name_patterns(names):
            return _by_name(frame, names)
        schema = frame.collect_schema()
        return frame.select(*(_plain_column(name, schema[name]) for name in names))

    def ticks(self, frame: Frame, wanted: Mapping[str, tuple[str, Column]]) -> Frame:
        return frame.with_columns(*(_to_ticks(name, column).alias(new) for new, (name, column) in wanted.items()))

    def days(self, frame: Frame, wanted: Mapping[str, tuple[str, int]]) -> Frame:
        return frame.with_columns(
            *((nw.col(name) // (DAY * second)).alias(new) for new, (name, second) in wanted.items())
        )

    def periods(self, frame: Frame, wanted: Mapping[str, tuple[str, bool]], kind: str) -> Frame:
        return frame.with_columns(
            *(_period_number(nw.col(name), kind, days=days).alias(new) for new, (name, days) in wanted.items())
        )

    def table(self, frame: Frame, columns: Mapping[str, NDArray[np.int64]]) -> Frame | None:  # noqa: ARG002 - see Dialect
        import polars as pl  # noqa: PLC0415 - only where a log stays there

        return nw.from_native(pl.LazyFrame(dict(columns)))

    def collect(self, frame: Frame) -> pd.DataFrame:
        table = frame.collect()
        return pd.DataFrame({name: _pandas_column(table[name]) for name in table.columns})


def _name_patterns(names: Sequence[str]) -> list[str]:
    """The names that Polars takes for patterns of several columns: `*`, and all from `^` to `$`."""
    return [name for name in names if name == "*" or (name.startswith("^") and name.endswith("$"))]


def _by_name(frame: Frame, names: Sequence[str]) -> Frame:
    """The columns as `plain` gives them, chosen by name even where a name looks like a pattern."""
    import polars as pl  # noqa: PLC0415 - the frame is one of its frames
    from polars import selectors  # noqa: PLC0415 - the same

    decimals, words = selectors.decimal(), selectors.by_dtype(pl.Categorical, pl.Enum)
    chosen = frame.to_native().select(selectors.by_name(*names))
    return nw.from_native(chosen.with_columns(decimals.cast(pl.Float64), words.cast(pl.String)))  # type: ignore[no-any-return]  # see `numbered`


def _plain_column(name: str, dtype: Any) -> nw.Expr:
    column = nw.col(name)
    if dtype.is_decimal():
        return column.cast(nw.Float64)
    return column.cast(nw.String) if dtype in (nw.Categorical, nw.Enum) else column


def _to_ticks(name: str, column: Column) -> nw.Expr:
    times = nw.col(name).cast(nw.Datetime("us")) if column.is_date else nw.col(name)
    return times.dt.timestamp("ns" if column.per_second == NANO else "us")


def _period_number(times: nw.Expr, kind: str, *, days: bool) -> nw.Expr:
    """The number of the period, since 1970, that holds a naive time, or with `days` a day."""
    date = times.cast(nw.Int32).cast(nw.Date) if days else times
    year, month = date.dt.year().cast(nw.Int32), date.dt.month().cast(nw.Int32)
    match kind:
        case "month":
            return year * 12 + month - MONTHS_TO_1970
        case "quarter":
            return (year * 12 + month - MONTHS_TO_1970) // 3
        case "year":
            return year - 1970
    number = times.cast(nw.Int32) if days else date.cast(nw.Date).cast(nw.Int32)
    return number if kind == "day" else (number + MONDAY) // 7


def _pandas_column(series: nw.Series[Any]) -> pd.Series[Any]:
    """A pandas column of exact type: whole numbers stay whole beside empty cells, null and NaN stay apart from text."""
    dtype, empty = series.dtype, series.is_null().to_numpy()
    if dtype.is_integer() or dtype == nw.Boolean:
        values = series.fill_null(value=0 if dtype.is_integer() else False).to_numpy()
        if not empty.any():
            return pd.Series(values)
        masked = pd.arrays.BooleanArray if dtype == nw.Boolean else pd.arrays.IntegerArray
        return pd.Series(masked(np.array(values), empty))
    if isinstance(dtype, nw.Datetime):
        unit = dtype.time_unit
        ticks = series.dt.timestamp("us" if unit == "ms" else unit).fill_null(0).to_numpy()
        values = np.where(empty, NAT, ticks)
        times = pd.Series(values.view(f"datetime64[{'us' if unit == 'ms' else unit}]"))
        return times if dtype.time_zone is None else times.dt.tz_localize("UTC")
    if dtype.is_float():
        return pd.Series(series.to_numpy())
    return pd.Series(series.to_list(), dtype=object)
