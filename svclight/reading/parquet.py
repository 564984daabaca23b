"""Parquet by way of DuckDB: the needed columns of a log's file; small tables as they are, in and out.

In: a file, or a table. Out: columns typed as they are there (whole numbers stay exact beside empty cells), a table, or
the bytes of a file.
"""

from __future__ import annotations

import contextlib
import tempfile
from pathlib import Path
from typing import TYPE_CHECKING, Any

import numpy as np
import pandas as pd

from svclight.dialects.returned_columns import exact_column, pandas_column
from svclight.errors import printable_text
from svclight.reading.open_file import LINE
from svclight.reading.parquet_schema import durations_of
from svclight.values.clocks import NAT

if TYPE_CHECKING:
    from collections.abc import Iterator

    import duckdb

    from svclight.reading.open_file import LogFile


def read_parquet(file: LogFile, path: Path) -> pd.DataFrame:
    """The needed columns of a Parquet file, with each row's number from 1 as its line.

    Dates, large numbers and lists, for which pandas has no exact type, come as text; times of day, too. Whole numbers
    that the file's own schema calls durations come as durations.

    Args:
        file: The file.
        path: Where it lies, unpacked.

    Raises:
        LogError: The file is no Parquet file, or columns are absent.
    """
    import duckdb  # noqa: PLC0415 - loaded when used

    with duckdb.connect() as base, parquet_errors(file):
        base.execute("SET TimeZone = 'UTC'")  # instants as text must not depend on the machine
        given = [literal_path(path)]
        types = base.execute("DESCRIBE SELECT * FROM read_parquet(?)", given).fetchall()
        durations = duration_columns(base, path)
        places = file.places([name for name, *_ in types])
        chosen = ", ".join(f'{exact_column(*types[place][:2])} AS "{number}"' for number, place in enumerate(places))
        query = f"SELECT {chosen} FROM read_parquet(?)"  # noqa: S608 - names are quoted, the path is a parameter
        found = base.execute(query, given).fetchnumpy()
    columns = [
        _durations(found[str(number)], durations[name])
        if name in durations
        else pandas_column(found[str(number)], kind)
        for number, (name, kind) in enumerate(types[place][:2] for place in places)
    ]
    made = pd.DataFrame(dict(zip(file.needed, columns, strict=True)))
    return made.assign(**{LINE: np.arange(1, len(made) + 1)})


def duration_columns(base: duckdb.DuckDBPyConnection, path: Path) -> dict[str, str]:
    """The columns of whole numbers that are durations by the file's own schema, with their unit."""
    given = [literal_path(path)]
    metadata = base.execute("SELECT key, value FROM parquet_kv_metadata(?)", given).fetchall()
    units = durations_of({bytes(key): bytes(value) for key, value in metadata})
    types = base.execute("DESCRIBE SELECT * FROM read_parquet(?)", given).fetchall() if units else []
    return {name: units[name] for name, kind, *_ in types if kind == "BIGINT" and name in units}


def _durations(found: Any, unit: str) -> pd.Series[Any]:
    ticks = np.where(np.ma.getmaskarray(found), NAT, np.ma.getdata(found)).astype(np.int64)
    return pd.Series(ticks.view(f"timedelta64[{unit}]"))


@contextlib.contextmanager
def parquet_errors(file: LogFile) -> Iterator[None]:
    """Turns what DuckDB says of a damaged file inside the block into a LogError."""
    import duckdb  # noqa: PLC0415 - loaded when used

    try:
        yield
    except duckdb.InterruptException:
        raise KeyboardInterrupt from None  # a person stops it: the file may be sound
    except (duckdb.Error, UnicodeDecodeError) as error:
        said = printable_text(str(error).partition("\n")[0], 200)
        raise file.error("this is no Parquet file that can be read", hint=said) from None


def literal_path(path: Path) -> str:
    """A path for DuckDB in which no character means a pattern."""
    return "".join(f"[{char}]" if char in "*?[" else char for char in str(path))


def table_of_parquet(path: Path) -> pd.DataFrame:
    """A small table, read from a Parquet file.

    Raises:
        OSError: The file cannot be read.
        ValueError: It is no Parquet file.
    """
    import duckdb  # noqa: PLC0415 - loaded when used

    path.read_bytes()[:1]  # raises Python's own error where the file cannot be read
    with duckdb.connect() as base:
        try:
            return base.execute("SELECT * FROM read_parquet(?)", [str(path)]).df()
        except duckdb.Error as error:
            raise ValueError(str(error)) from None


def parquet_of_table(table: pd.DataFrame) -> bytes:
    """A small table as the bytes of a Parquet file."""
    import duckdb  # noqa: PLC0415 - loaded when used

    # DuckDB writes to files alone, so the bytes take the way through a temporary one
    plain = table.astype({name: "str" for name in table.columns if isinstance(table[name].dtype, pd.CategoricalDtype)})
    with tempfile.TemporaryDirectory() as folder, duckdb.connect() as base:
        base.register("plain", plain)
        file = Path(folder) / "table.parquet"
        base.execute(f"COPY plain TO '{file.as_posix()}' (FORMAT parquet)")
        return file.read_bytes()
