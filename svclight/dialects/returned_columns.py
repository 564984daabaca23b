"""Columns that come back from engines by way of Arrow -> pandas columns of exact types.

In: an Arrow column, and what it holds; times as whole ticks or of Arrow's own type. Out: the pandas column: whole
numbers stay whole beside empty cells, null and NaN stay apart from text.
"""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, Any, Final

import numpy as np
import pandas as pd

from svclight.dialects.dialect import FLAG, NUMBER, TIME, WHOLE
from svclight.values.clocks import NANO

if TYPE_CHECKING:
    from svclight.dialects.dialect import Column

_FILLING: Final = {FLAG: False, WHOLE: 0, TIME: int(np.iinfo(np.int64).min), NUMBER: float("nan")}
"""What stands where nothing is; for times it is numpy's own NaT."""


def column_back(arrow: Any, kind: Column) -> pd.Series[Any]:
    """An Arrow column as pandas has it."""
    if kind.kind not in _FILLING:
        return pd.Series(arrow.to_pylist(), dtype=object)
    arrow = _in_ticks(arrow, kind)
    empty = arrow.is_null().to_numpy()
    values = (arrow.fill_null(_FILLING[kind.kind]) if empty.any() else arrow).to_numpy()
    if kind.is_date:
        days = values.astype(np.int64).view("datetime64[us]").astype("datetime64[D]")
        return pd.Series(days.astype(object), dtype=object)
    if kind.kind == TIME:
        unit = "ns" if kind.per_second == NANO else "us"
        times = pd.Series(values.astype(np.int64).view(f"datetime64[{unit}]"))
        return times.dt.tz_localize("UTC") if kind.aware else times
    if kind.kind == NUMBER or not empty.any():
        return pd.Series(values)
    masked = pd.arrays.BooleanArray if kind.kind == FLAG else pd.arrays.IntegerArray
    return pd.Series(masked(np.array(values), empty))


def _in_ticks(arrow: Any, kind: Column) -> Any:
    """Times of Arrow as whole ticks."""
    import pyarrow as pa  # noqa: PLC0415 - only where something comes back

    if not pa.types.is_temporal(arrow.type):
        return arrow
    zone = arrow.type.tz if pa.types.is_timestamp(arrow.type) else None
    return arrow.cast(pa.timestamp("ns" if kind.per_second == NANO else "us", zone)).cast(pa.int64())


_AWARE: Final = "TIMESTAMP WITH TIME ZONE"
_KEPT: Final = re.compile(
    r"BOOLEAN|FLOAT|DOUBLE|VARCHAR|BLOB|INTERVAL|U?(TINY|SMALL|BIG)INT|U?INTEGER|TIMESTAMP(_NS|_MS|_S| WITH TIME ZONE)?"
)


def sql_name(name: str) -> str:
    """A name as SQL: quoted always, as `at` and its like are keywords."""
    return '"' + name.replace('"', '""') + '"'


def sql_literal(text: str) -> str:
    """A text as SQL."""
    return "'" + text.replace("'", "''") + "'"


def exact_column(name: str, kind: str) -> str:
    """The column as a type that pandas holds exactly, in SQL; decimal fractions as numbers, odd types as text."""
    if _KEPT.fullmatch(kind):
        return sql_name(name)
    fraction = re.fullmatch(r"DECIMAL\(\d+,[1-9]\d*\)", kind)
    return f"CAST({sql_name(name)} AS {'DOUBLE' if fraction else 'VARCHAR'})"


def pandas_column(found: Any, kind: str) -> pd.Series[Any]:
    """A pandas column of what DuckDB gives: numbers, times or objects, and which of them are null."""
    values, empty = np.ma.getdata(found), np.ma.getmaskarray(found)
    if kind == "BLOB":
        values = np.array(
            [None if null else bytes(value) for value, null in zip(values, empty, strict=True)], dtype=object
        )
    if not empty.any():
        made = pd.Series(values, dtype=values.dtype)
    elif values.dtype.kind in "iub":
        masked = pd.arrays.BooleanArray if values.dtype.kind == "b" else pd.arrays.IntegerArray
        made = pd.Series(masked(values, empty))
    else:
        made = pd.Series(values, dtype=values.dtype).mask(empty)
    return pd.Series(pd.DatetimeIndex(made).tz_localize("UTC")) if kind == _AWARE else made
