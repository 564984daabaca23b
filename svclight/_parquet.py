"""A Parquet file -> the needed columns, typed as they are there; whole numbers stay exact beside empty cells."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, Any, Final

import numpy as np
import pandas as pd

from svclight._logfile import LINE
from svclight.errors import printable

if TYPE_CHECKING:
    from pathlib import Path

    from svclight._logfile import LogFile

_AWARE: Final = "TIMESTAMP WITH TIME ZONE"
_KEPT: Final = re.compile(
    r"BOOLEAN|FLOAT|DOUBLE|VARCHAR|BLOB|INTERVAL|U?(TINY|SMALL|BIG)INT|U?INTEGER|TIMESTAMP(_NS|_MS|_S| WITH TIME ZONE)?"
)


def read_parquet(file: LogFile) -> pd.DataFrame:
    """The needed columns. What pandas has no exact type for (dates, large numbers, lists) comes as text.

    Raises:
        LogError: It is no Parquet file, or columns are absent.
    """
    import duckdb  # noqa: PLC0415 - loaded when used

    path = [literal_path(file.path)]
    with duckdb.connect() as base:
        base.execute("SET TimeZone = 'UTC'")
        try:
            types = base.execute("DESCRIBE SELECT * FROM read_parquet(?)", path).fetchall()
            places = file.places([name for name, *_ in types])
            chosen = ", ".join(f'{cast_of(*types[place][:2])} AS "{number}"' for number, place in enumerate(places))
            query = f"SELECT {chosen} FROM read_parquet(?)"  # noqa: S608 - names are quoted, the path is a parameter
            found = base.execute(query, path).fetchnumpy()
        except duckdb.Error as error:
            raise file.error(
                "this is no Parquet file that can be read", hint=printable(str(error).splitlines()[0], 200)
            ) from None
    columns = [_column(found[str(number)], types[place][1]) for number, place in enumerate(places)]
    made = pd.DataFrame(dict(zip(file.needed, columns, strict=True)))
    return made.assign(**{LINE: np.arange(1, len(made) + 1)})


def literal(text: str) -> str:
    """A text as SQL writes it."""
    return "'" + text.replace("'", "''") + "'"


def identifier(name: str) -> str:
    """A name as SQL writes it."""
    return '"' + name.replace('"', '""') + '"'


def literal_path(path: Path) -> str:
    """The path so that DuckDB takes no character of it for a pattern."""
    return "".join(f"[{char}]" if char in "*?[" else char for char in str(path))


def cast_of(name: str, kind: str) -> str:
    """The column as a type that pandas holds exactly; decimal fractions as numbers."""
    if _KEPT.fullmatch(kind):
        return identifier(name)
    fraction = re.fullmatch(r"DECIMAL\(\d+,[1-9]\d*\)", kind)
    return f"CAST({identifier(name)} AS {'DOUBLE' if fraction else 'VARCHAR'})"


def _column(found: Any, kind: str) -> pd.Series[Any]:
    """A pandas column of what DuckDB gives: numbers, times or objects, and which of them are null."""
    values, empty = np.ma.getdata(found), np.ma.getmaskarray(found)
    if kind == "BLOB":
        values = np.array(
            [None if null else bytes(value) for value, null in zip(values, empty, strict=True)], dtype=object
        )
    if not empty.any():
        column = pd.Series(values, dtype=values.dtype)
    elif values.dtype.kind in "iub":
        masked = pd.arrays.BooleanArray if values.dtype.kind == "b" else pd.arrays.IntegerArray
        column = pd.Series(masked(values, empty))
    else:
        column = pd.Series(values, dtype=values.dtype).mask(empty)
    return pd.Series(pd.DatetimeIndex(column).tz_localize("UTC")) if kind == _AWARE else column
