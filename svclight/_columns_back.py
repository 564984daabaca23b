"""Columns that come back from engines by way of Arrow -> pandas columns of exact types.

In: an Arrow column, and what it holds; times as whole ticks or of Arrow's own type. Out: the pandas column: whole
numbers stay whole beside empty cells, null and NaN stay apart from text.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, Final

import numpy as np
import pandas as pd

from svclight._dialects import FLAG, NUMBER, TIME, WHOLE
from svclight.clocks import NANO

if TYPE_CHECKING:
    from svclight._dialects import Column

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
