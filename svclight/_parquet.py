"""A Parquet file -> the needed columns, typed as they are there; whole numbers stay exact beside empty cells."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np
import pandas as pd

from svclight._columns_back import column, exact
from svclight._logfile import LINE
from svclight.errors import printable

if TYPE_CHECKING:
    from pathlib import Path

    from svclight._logfile import LogFile


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
            chosen = ", ".join(f'{exact(*types[place][:2])} AS "{number}"' for number, place in enumerate(places))
            query = f"SELECT {chosen} FROM read_parquet(?)"  # noqa: S608 - names are quoted, the path is a parameter
            found = base.execute(query, path).fetchnumpy()
        except duckdb.Error as error:
            raise file.error(
                "this is no Parquet file that can be read", hint=printable(str(error).splitlines()[0], 200)
            ) from None
    columns = [column(found[str(number)], types[place][1]) for number, place in enumerate(places)]
    made = pd.DataFrame(dict(zip(file.needed, columns, strict=True)))
    return made.assign(**{LINE: np.arange(1, len(made) + 1)})


def literal_path(path: Path) -> str:
    """The path so that DuckDB takes no character of it for a pattern."""
    return "".join(f"[{char}]" if char in "*?[" else char for char in str(path))
