"""One table of cells, handed to every engine: what tests of sameness share.

In: a `Table`, columns of plain cells of a declared kind in which None is null and NaN is NaN. Out: what `svclight.score`
takes as a log: a pandas frame, files, Polars frames, a DuckDB relation, a Spark frame, ibis tables. Nothing goes through
pandas or Arrow on the way, which would make one of null and NaN.

`Engine.sees` says what is left of a table in an engine: a CSV file holds text alone, JSON lines have no times, Spark and
PostgreSQL no nanoseconds. The pandas frame of what is seen is what an engine must agree with to the last reason.
"""

from __future__ import annotations

import csv
import gzip
import json
import shutil
import tempfile
import warnings
from contextlib import ExitStack
from dataclasses import dataclass, field
from datetime import UTC, datetime
from decimal import Decimal
from functools import cache, cached_property
from importlib.util import find_spec
from itertools import count
from pathlib import Path
from typing import TYPE_CHECKING, Any, Self
from unittest.mock import patch

import duckdb
import pandas as pd
import pytest
from support.needs import need

from svclight import scoring

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Mapping

KINDS = (
    "any",  # cells of Python, each of its own type: what JSON is read as
    *("text", "number", "whole", "flag", "decimal", "date"),
    *("time", "instant", "time_ns", "instant_ns"),  # naive and with a zone; in microseconds, in nanoseconds
)
SCALE = 3
"""Digits behind the point of a decimal."""
_NANO_INSTANTS = int(duckdb.__version__.split(".")[0]) >= 2
_EPOCH = datetime(1970, 1, 1, tzinfo=UTC)


@dataclass(frozen=True)
class Column:
    """Cells of one kind; times of nanoseconds are `pd.Timestamp`, other times `datetime`, dates `date`."""

    kind: str
    cells: list[Any]

    def __post_init__(self) -> None:
        assert self.kind in KINDS, self.kind


Table = dict[str, Column]


def rows_of(table: Table) -> list[dict[str, Any]]:
    """The table row by row."""
    cells = zip(*(column.cells for column in table.values()), strict=True)
    return [dict(zip(table, row, strict=True)) for row in cells]


def size(table: Table) -> int:
    return max((len(column.cells) for column in table.values()), default=0)


def text_table(rows: list[Mapping[str, object]], columns: list[str]) -> Table:
    """Rows as a CSV would give them: every cell is text, NaN is null."""
    return {name: Column("text", [written(row[name]) for row in rows]) for name in columns}


def written(cell: Any) -> str | None:
    """A cell as text; None where there is none."""
    if cell is None or cell != cell:  # noqa: PLR0124  # NaN
        return None
    if isinstance(cell, bool):
        return "true" if cell else "false"
    if isinstance(cell, datetime):  # a Timestamp too, with all its digits
        return cell.isoformat(sep=" ")
    return str(cell)


# --- what is left of a table -----------------------------------------------------------------------------------------


def as_it_is(table: Table) -> Table:
    return table


def as_text(table: Table, kinds: tuple[str, ...] = KINDS) -> Table:
    """Columns of some kinds as text."""
    return {
        name: Column("text", list(map(written, column.cells))) if column.kind in kinds else column
        for name, column in table.items()
    }


def as_json(table: Table) -> Table:
    """Numbers, flags and text are JSON's own, cell by cell; NaN is one of the numbers that Python writes."""
    plain = as_text(table, ("date", "time", "instant", "time_ns", "instant_ns"))
    return {name: Column("any", list(map(_of_json, column.cells))) for name, column in plain.items()}


def _of_json(cell: Any) -> Any:
    return float(cell) if isinstance(cell, Decimal) else cell


def to_microseconds(table: Table) -> Table:
    """Times that an engine has no type for are text."""
    return as_text(table, ("time_ns", "instant_ns"))


def of_duckdb(table: Table) -> Table:
    return table if _NANO_INSTANTS else as_text(table, ("instant_ns",))


# --- pandas ----------------------------------------------------------------------------------------------------------

_DTYPES = {
    "any": object,
    "text": object,
    "number": "float64",
    "whole": "Int64",
    "flag": "boolean",
    "decimal": object,
    "date": object,
    "time": "datetime64[us]",
    "instant": "datetime64[us, UTC]",
    "time_ns": "datetime64[ns]",
    "instant_ns": "datetime64[ns, UTC]",
}


def to_pandas(table: Table) -> pd.DataFrame:
    """The frame that others are held against; null and NaN are the same there."""
    return pd.DataFrame({name: _series(column) for name, column in table.items()})


def _series(column: Column) -> pd.Series:
    if column.kind in _PER_SECOND:
        ticks = pd.array(_ticks(column), dtype="Int64")
        naive = pd.Series(ticks.to_numpy("int64", na_value=pd.NaT._value).view(f"datetime64[{_unit(column.kind)}]"))
        return naive if column.kind.startswith("time") else naive.dt.tz_localize("UTC")
    return pd.Series(column.cells, dtype=_DTYPES[column.kind])


_PER_SECOND = {"time": 10**6, "instant": 10**6, "time_ns": 10**9, "instant_ns": 10**9}


def _unit(kind: str) -> str:
    return "ns" if kind.endswith("_ns") else "us"


def _ticks(column: Column) -> list[int | None]:
    """Times as counts of their unit since 1970; those with a zone as instants."""
    return [None if cell is None else _tick(cell, _PER_SECOND[column.kind]) for cell in column.cells]


def _tick(cell: datetime, per_second: int) -> int:
    since = cell.replace(tzinfo=UTC) - _EPOCH if cell.tzinfo is None else cell - _EPOCH
    micros = (since.days * 86_400 + since.seconds) * 10**6 + since.microseconds
    nanos = micros * 1000 + getattr(since, "nanoseconds", 0)
    return nanos // (10**9 // per_second)


# --- the bench: folders and connections, opened when they are first needed -----------------------------------------------


@dataclass
class Bench:
    """Where tables are put: a folder, connections; closed with it. Until then small files are streamed, too."""

    stack: ExitStack = field(default_factory=ExitStack)
    numbers: Any = field(default_factory=count)

    def __enter__(self) -> Self:
        self.stack.enter_context(patch.object(scoring, "LARGE", 0))
        return self

    def __exit__(self, *what: object) -> None:
        self.stack.close()

    @cached_property
    def folder(self) -> Path:
        made = Path(tempfile.mkdtemp())
        self.stack.callback(shutil.rmtree, made, ignore_errors=True)
        return made

    def path(self, suffix: str) -> Path:
        """A new file, alone in its folder, so that it is always called the same."""
        folder = self.folder / str(next(self.numbers))
        folder.mkdir()
        return folder / f"log{suffix}"

    def name(self) -> str:
        return f"log {next(self.numbers)}"  # with a blank: names are quoted everywhere

    @cached_property
    def duckdb(self) -> Any:
        return self.stack.enter_context(duckdb.connect())

    @cached_property
    def ibis(self) -> Any:
        import ibis

        connection = ibis.duckdb.connect()
        self.stack.callback(connection.disconnect)
        return connection


@cache
def spark_session() -> Any:
    """The session of Spark that all tests share: it takes ten seconds to start, and ends with the tests."""
    from pyspark.sql import SparkSession

    builder = SparkSession.builder.master("local[1]").appName("svclight")
    settings = {
        "spark.ui.enabled": "false",
        "spark.ui.showConsoleProgress": "false",
        "spark.sql.shuffle.partitions": "1",
        "spark.sql.session.timeZone": "UTC",
        "spark.driver.bindAddress": "127.0.0.1",
        "spark.driver.host": "127.0.0.1",
    }
    for key, value in settings.items():
        builder = builder.config(key, value)
    session = builder.getOrCreate()
    session.sparkContext.setLogLevel("ERROR")
    return session


# --- files -----------------------------------------------------------------------------------------------------------


def to_csv(table: Table, bench: Bench) -> Path:
    path = bench.path(".csv")
    with path.open("w", encoding="utf-8", newline="") as file:
        _write_csv(table, file)
    return path


def to_csv_gz(table: Table, bench: Bench) -> Path:
    path = bench.path(".csv.gz")
    with gzip.open(path, "wt", encoding="utf-8", newline="") as file:
        _write_csv(table, file)
    return path


def _write_csv(table: Table, file: Any) -> None:
    writer = csv.writer(file)
    writer.writerow(table)
    for row in rows_of(table):
        cells = ["" if (text := written(cell)) is None else text for cell in row.values()]
        # an empty row of one column would be a blank line, which is no row
        file.write('""\r\n') if cells == [""] else writer.writerow(cells)


def to_json_lines(table: Table, bench: Bench) -> Path:
    path = bench.path(".jsonl")
    lines = (json.dumps(row, ensure_ascii=False) for row in rows_of(as_json(table)))
    path.write_text("".join(f"{line}\n" for line in lines) or "\n", encoding="utf-8")  # no line at all is no file
    return path


def to_parquet(table: Table, bench: Bench) -> Path:
    """Written by DuckDB."""
    path, name = bench.path(".parquet"), bench.name()
    create(table, name, bench.duckdb)
    bench.duckdb.execute(f"COPY \"{name}\" TO '{path}' (FORMAT parquet)")
    bench.duckdb.execute(f'DROP TABLE "{name}"')
    return path


def to_polars_parquet(table: Table, bench: Bench) -> Path:
    """Written by Polars."""
    path = bench.path(".parquet")
    to_polars(table, bench).write_parquet(path)
    return path


# --- engines ---------------------------------------------------------------------------------------------------------

_SQL = {
    "text": ("VARCHAR", "{}"),
    "number": ("DOUBLE", "{}"),
    "whole": ("BIGINT", "{}"),
    "flag": ("BOOLEAN", "{}"),
    "decimal": ("VARCHAR", f"CAST({{}} AS DECIMAL(18, {SCALE}))"),
    "date": ("DATE", "{}"),
    "time": ("BIGINT", "make_timestamp({})"),
    "instant": ("BIGINT", "make_timestamp({}) AT TIME ZONE 'UTC'"),
    "time_ns": ("BIGINT", "make_timestamp_ns({})"),
    "instant_ns": ("BIGINT", "make_timestamp_ns({}) AT TIME ZONE 'UTC'"),
}
"""For each kind the type in which DuckDB is given its cells, and how it makes of them what is meant."""


def create(table: Table, name: str, connection: Any) -> None:
    """Creates the table in DuckDB."""
    table = of_duckdb(table)
    connection.execute("SET TimeZone = 'UTC'")
    columns = []
    for number, (column, what) in enumerate(table.items(), 1):
        given, made = _SQL[what.kind]
        title = '"' + column.replace('"', '""') + '"'
        columns.append(f"{made.format(f'unnest(${number}::{given}[])')} AS {title}")
    connection.execute(f'CREATE TABLE "{name}" AS SELECT {", ".join(columns)}', list(map(_plain, table.values())))


def _plain(column: Column) -> list[Any]:
    if column.kind in _PER_SECOND:
        return _ticks(column)
    return list(map(written, column.cells)) if column.kind in ("decimal", "text") else column.cells


def to_duckdb(table: Table, bench: Bench) -> Any:
    name = bench.name()
    create(table, name, bench.duckdb)
    return bench.duckdb.table(f'"{name}"')


def to_polars(table: Table, _bench: Bench) -> Any:
    import polars as pl

    dtypes = {
        "text": pl.String,
        "number": pl.Float64,
        "whole": pl.Int64,
        "flag": pl.Boolean,
        "decimal": pl.Decimal(18, SCALE),
        "date": pl.Date,
    }
    made = {}
    for name, column in table.items():
        if column.kind in _PER_SECOND:
            dtype = pl.Datetime(_unit(column.kind), None if column.kind.startswith("time") else "UTC")
            made[name] = pl.Series(_ticks(column), dtype=pl.Int64).cast(dtype)
        else:
            made[name] = pl.Series(column.cells, dtype=dtypes[column.kind])
    return pl.DataFrame(made)


def to_polars_lazy(table: Table, bench: Bench) -> Any:
    return to_polars(table, bench).lazy()


def to_ibis(table: Table, bench: Bench) -> Any:
    name = bench.name()
    create(table, name, bench.ibis.con)
    with warnings.catch_warnings():
        warnings.simplefilter("ignore", DeprecationWarning)  # ibis calls what DuckDB has renamed
        return bench.ibis.table(name)


def to_spark(table: Table, _bench: Bench) -> Any:
    from pyspark.sql import types as kinds

    spark = spark_session()
    table = to_microseconds(table)
    made = {
        "text": kinds.StringType(),
        "number": kinds.DoubleType(),
        "whole": kinds.LongType(),
        "flag": kinds.BooleanType(),
        "decimal": kinds.DecimalType(18, SCALE),
        "date": kinds.DateType(),
        "time": kinds.TimestampNTZType(),
        "instant": kinds.TimestampType(),
    }
    schema = kinds.StructType([kinds.StructField(name, made[column.kind]) for name, column in table.items()])
    rows = [tuple(map(_of_spark, row.values())) for row in rows_of(table)]
    return spark.createDataFrame(rows, schema).coalesce(1)


def _of_spark(cell: Any) -> Any:
    return cell.quantize(Decimal(1).scaleb(-SCALE)) if isinstance(cell, Decimal) else cell


@dataclass(frozen=True)
class Engine:
    """A kind of log.

    Attributes:
        name: What tests call it.
        convert: A table as such a log.
        sees: What is left of a table in it.
        package: What must be installed.
        ordered: Whether its rows have an order.
        first_line: Where it is a file, whose rows are known by file and line, the line of the first one; else 0.
        slow: Whether each call takes seconds, so that few examples are tried.
        like: Another one from which it differs only in how the log is written, so that few calls are tried; or none. A
            file is read as a relation of DuckDB.
    """

    name: str
    convert: Callable[[Table, Bench], Any]
    sees: Callable[[Table], Table] = as_it_is
    package: str = ""
    ordered: bool = True
    first_line: int = 0
    slow: bool = False
    like: str = ""

    @property
    def is_late(self) -> bool:
        """Whether it goes the way of another one once it is read, and so is tried with the slow tests: all but CSV."""
        return bool(self.like) and self.name != "csv"

    @property
    def tried_often(self) -> bool:
        """Whether it is tried with every call."""
        return not self.slow and not self.like

    def __str__(self) -> str:
        return self.name

    def log(self, table: Table, bench: Bench) -> Any:
        """The table as a log of this kind; the test is skipped where what that needs is not installed."""
        need(not self.package or find_spec(self.package), f"{self.package} is not installed")
        return self.convert(table, bench)


ENGINES = (
    Engine("pandas", lambda table, _bench: to_pandas(table)),
    Engine("csv", to_csv, as_text, first_line=2, like="duckdb"),
    Engine("csv.gz", to_csv_gz, as_text, first_line=2, like="csv"),
    Engine("json lines", to_json_lines, as_json, first_line=1, like="duckdb"),
    Engine("parquet", to_parquet, of_duckdb, first_line=1, like="duckdb"),
    Engine("parquet of polars", to_polars_parquet, package="polars", first_line=1, like="parquet"),
    Engine("duckdb", to_duckdb, of_duckdb, ordered=False),
    Engine("polars", to_polars, package="polars", like="polars lazy"),
    Engine("polars lazy", to_polars_lazy, package="polars"),
    Engine("ibis", to_ibis, of_duckdb, package="ibis", ordered=False, slow=True),
    Engine("spark", to_spark, to_microseconds, package="pyspark", ordered=False, slow=True),
)


def where(engine: Engine, group: str) -> pytest.MarkDecorator:
    """The worker on which an engine is tried: all of a golden log on one, and all of Spark on that of its session."""
    return pytest.mark.xdist_group("spark" if engine.name == "spark" else group)


def each(engines: Iterable[Engine], group: str, *, quick: tuple[str, ...] = ()) -> list[Any]:
    """Engines as parameters of a test: slow are those that take seconds a call, but for some, and late ones."""
    return [
        pytest.param(engine, id=str(engine), marks=[where(engine, group), *([pytest.mark.slow] if slow else [])])
        for engine in engines
        for slow in [(engine.slow and engine.name not in quick) or engine.is_late]
    ]
