"""Parquet by way of DuckDB: the needed columns of a log's file; small tables as they are, in and out.

In: a file, or a table. Out: columns typed as they are there (whole numbers stay exact beside empty cells), a table, or
the bytes of a file.
"""

from __future__ import annotations

import tempfile
from pathlib import Path
from typing import TYPE_CHECKING

import numpy as np
import pandas as pd

from svclight.dialects.returned_columns import exact_column, pandas_column
from svclight.errors import printable_text
from svclight.reading.open_file import LINE

if TYPE_CHECKING:
    from svclight.reading.open_file import LogFile


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
            chosen = ", ".join(
                f'{exact_column(*types[place][:2])} AS "{number}"' for number, place in enumerate(places)
            )
            query = f"SELECT {chosen} FROM read_parquet(?)"  # noqa: S608 - names are quoted, the path is a parameter
            found = base.execute(query, path).fetchnumpy()
        except duckdb.Error as error:
            raise file.error(
                "this is no Parquet file that can be read", hint=printable_text(str(error).splitlines()[0], 200)
            ) from None
    columns = [pandas_column(found[str(number)], types[place][1]) for number, place in enumerate(places)]
    made = pd.DataFrame(dict(zip(file.needed, columns, strict=True)))
    return made.assign(**{LINE: np.arange(1, len(made) + 1)})


def literal_path(path: Path) -> str:
    """The path so that DuckDB takes no character of it for a pattern."""
    return "".join(f"[{char}]" if char in "*?[" else char for char in str(path))


def table_of_parquet(path: Path) -> pd.DataFrame:
    """A small table that was written to Parquet.

    Raises:
        OSError: The file cannot be read.
        ValueError: It is no Parquet file.
    """
    import duckdb  # noqa: PLC0415 - loaded when used

    path.read_bytes()[:1]  # says what is wrong with a file that cannot be read
    with duckdb.connect() as base:
        try:
            return base.execute("SELECT * FROM read_parquet(?)", [str(path)]).df()
        except duckdb.Error as error:
            raise ValueError(str(error)) from None


def parquet_of_table(table: pd.DataFrame) -> bytes:
    """A small table as the bytes of a Parquet file; DuckDB needs a file of its own to write to."""
    import duckdb  # noqa: PLC0415 - loaded when used

    plain = table.astype({name: "str" for name in table.columns if isinstance(table[name].dtype, pd.CategoricalDtype)})
    with tempfile.TemporaryDirectory() as folder, duckdb.connect() as base:
        base.register("plain", plain)
        file = Path(folder) / "table.parquet"
        base.execute(f"COPY plain TO '{file.as_posix()}' (FORMAT parquet)")
        return file.read_bytes()
