"""What DuckDB gives -> pandas columns of exact types.

In: DuckDB's columns by type. Out: the SQL that makes of each a type which pandas holds exactly, and the pandas column.
"""

from __future__ import annotations

import re
from typing import Any, Final

import numpy as np
import pandas as pd

_AWARE: Final = "TIMESTAMP WITH TIME ZONE"
_KEPT: Final = re.compile(
    r"BOOLEAN|FLOAT|DOUBLE|VARCHAR|BLOB|INTERVAL|U?(TINY|SMALL|BIG)INT|U?INTEGER|TIMESTAMP(_NS|_MS|_S| WITH TIME ZONE)?"
)


def quoted(name: str) -> str:
    """A name as SQL: quoted always, as `at` and its like are keywords."""
    return '"' + name.replace('"', '""') + '"'


def literal(text: str) -> str:
    """A text as SQL."""
    return "'" + text.replace("'", "''") + "'"


def exact(name: str, kind: str) -> str:
    """The column as a type that pandas holds exactly, in SQL; decimal fractions as numbers, odd types as text."""
    if _KEPT.fullmatch(kind):
        return quoted(name)
    fraction = re.fullmatch(r"DECIMAL\(\d+,[1-9]\d*\)", kind)
    return f"CAST({quoted(name)} AS {'DOUBLE' if fraction else 'VARCHAR'})"


def column(found: Any, kind: str) -> pd.Series[Any]:
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
