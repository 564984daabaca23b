"""Engines' own words held against the clocks of the library: ticks, days, periods, text, and the way back to pandas."""

# ruff: noqa: DTZ001 - times without a zone are what is tested

import datetime as dt
import warnings
from importlib.util import find_spec

import duckdb
import narwhals as nw
import numpy as np
import pandas as pd
import pytest
from support.engines import spark_session
from support.needs import module, need

from svclight.dialects.dialect import Written, column_of
from svclight.dialects.frames import open_frame
from svclight.values import clocks

pytestmark = pytest.mark.once

KINDS = ("day", "week", "month", "quarter", "year")
TIMES = [
    dt.datetime(1, 1, 1),
    dt.datetime(1, 1, 1, 0, 0, 0, 1),
    dt.datetime(1582, 10, 10, 12),
    dt.datetime(1900, 2, 28, 23, 59, 59, 999_999),
    dt.datetime(1969, 12, 31, 23, 59, 59, 999_999),
    dt.datetime(1970, 1, 1),
    dt.datetime(2000, 2, 29, 7, 8, 9, 123_456),
    dt.datetime(2026, 3, 29, 2, 30),  # this local time does not exist in Berlin
    dt.datetime(2026, 10, 25, 2, 30),  # and this one exists twice
    None,
    dt.datetime(9999, 12, 31, 23, 59, 59, 999_999),
]
DAYS = [None if time is None else time.date() for time in TIMES]
SQL = """CREATE TABLE t AS SELECT unnest(?::TIMESTAMP[]) AS naive, unnest(?::TIMESTAMP[]) AT TIME ZONE 'UTC' AS aware,
unnest(?::DATE[]) AS "day" """


def in_duckdb():
    connection = duckdb.connect()
    connection.execute("SET TimeZone = 'America/New_York'")
    connection.execute(SQL, [TIMES, TIMES, DAYS])
    return connection.table("t")


def in_ibis():
    ibis = module("ibis")
    backend = ibis.duckdb.connect()
    backend.con.execute("SET TimeZone = 'America/New_York'")
    backend.con.execute(SQL, [TIMES, TIMES, DAYS])
    with warnings.catch_warnings():
        warnings.simplefilter("ignore", DeprecationWarning)  # ibis calls what DuckDB has renamed
        return backend.table("t")


def in_polars():
    polars = module("polars")
    naive = polars.Series(TIMES, dtype=polars.Datetime("us"))
    days = polars.Series(DAYS, dtype=polars.Date)
    return polars.DataFrame({"naive": naive, "aware": naive.dt.replace_time_zone("UTC"), "day": days}).lazy()


SPARK = pytest.param("spark", marks=[pytest.mark.slow, pytest.mark.xdist_group("spark")])


@pytest.fixture
def spark():
    """The session that all tests share, in a zone of its own for a while."""
    need(find_spec("pyspark"), "pyspark is not installed")
    session = spark_session()
    session.conf.set("spark.sql.session.timeZone", "America/New_York")
    yield session
    session.conf.set("spark.sql.session.timeZone", "UTC")


@pytest.fixture(params=["duckdb", "ibis", "polars", SPARK])
def frame(request):
    """The times, in each engine, whose session has a zone of its own where it has one."""
    if request.param != "spark":
        return {"duckdb": in_duckdb, "ibis": in_ibis, "polars": in_polars}[request.param]()
    session = request.getfixturevalue("spark")
    from pyspark.sql import types as kinds

    types = {"naive": kinds.TimestampNTZType(), "aware": kinds.TimestampType(), "day": kinds.DateType()}
    schema = kinds.StructType([kinds.StructField(name, kind) for name, kind in types.items()])
    aware = [None if time is None else time.replace(tzinfo=dt.UTC) for time in TIMES]
    # Python has no local time before year 1, through which Spark takes instants
    aware[:2] = [None, None]
    return session.createDataFrame(list(zip(TIMES, aware, DAYS, strict=True)), schema).coalesce(1)


def expected(column):
    """Ticks by way of numpy, NAT where there is none."""
    return np.array(column, dtype="datetime64[us]").astype(np.int64)


def whole(column):
    return column.astype("Int64").fillna(clocks.NAT).to_numpy(dtype=np.int64)


def test_ticks_days_and_periods_are_those_of_the_clocks(frame):
    made, dialect = open_frame(frame)
    made = dialect.plain_columns(made, ["naive", "aware", "day"])
    kinds = {name: column_of(dtype) for name, dtype in made.collect_schema().items()}
    assert [kinds[name].aware for name in ("naive", "aware", "day")] == [False, True, False]
    made = dialect.ticks(made, {f"ticks {name}": (name, kind) for name, kind in kinds.items()})
    made = dialect.days(made, {"days": ("ticks naive", 10**6)})
    for kind in KINDS:
        made = dialect.periods(made, {f"{kind} of time": ("naive", False), f"{kind} of day": ("days", True)}, kind)
    found = dialect.collect(made)
    ticks = expected(TIMES)
    there = ticks != clocks.NAT
    assert whole(found["ticks naive"]).tolist() == ticks.tolist()
    assert whole(found["ticks day"]).tolist() == expected(DAYS).tolist()
    instants = whole(found["ticks aware"])
    assert (instants == ticks)[2:].all()
    days = clocks.to_days(ticks[there], 10**6)
    assert whole(found["days"])[there].tolist() == days.tolist()
    for kind in KINDS:
        for way in ("time", "day"):
            numbers = whole(found[f"{kind} of {way}"])
            assert numbers[there].tolist() == clocks.period_numbers(days, kind).tolist(), (kind, way)
            assert (numbers[~there] == clocks.NAT).all()


def test_times_come_back_as_they_are(frame):
    made, dialect = open_frame(frame)
    found = dialect.collect(dialect.plain_columns(made, ["naive", "aware"]))
    assert found["naive"].astype("datetime64[us]").to_numpy().view(np.int64).tolist() == expected(TIMES).tolist()
    assert str(found["aware"].dt.tz) == "UTC"
    instants = found["aware"].dt.tz_convert(None).astype("datetime64[us]").to_numpy().view(np.int64)
    assert instants[2:].tolist() == expected(TIMES)[2:].tolist()


TEXTS = {
    "2026-01-02 03:04:05": dt.datetime(2026, 1, 2, 3, 4, 5),
    "0001-01-01 00:00:00": dt.datetime(1, 1, 1),
    "9999-12-31 23:59:59.5": dt.datetime(9999, 12, 31, 23, 59, 59, 500_000),
    "2000-02-29 23:59:59.000001": dt.datetime(2000, 2, 29, 23, 59, 59, 1),
    "2026-02-29 00:00:00": "odd",
    "1900-02-29 00:00:00": "odd",
    "2026-01-02 24:00:00": "odd",
    "2026-01-02 03:04": "odd",
    "2026-01-02 03:04:05\n": "odd",
    "٢٠٢٦-01-02 03:04:05": "odd",
    "": None,
    "n/a": None,
}
NUMBERS = {
    "1": 1.0, "-2.5": -2.5, "+3": 3.0, "007": 7.0, "0.1": 0.1, "9007199254740993": float("9007199254740993"),
    "1_0": "odd", "٣": "odd", "": None, "n/a": None,
}  # fmt: skip


@pytest.mark.parametrize(("cells", "formats"), [(TEXTS, ("%Y-%m-%d %H:%M:%S", "%Y-%m-%d %H:%M:%S.%f")), (NUMBERS, ())])
@pytest.mark.parametrize("engine", ["duckdb", "ibis", SPARK])
def test_text_is_read_or_odd(engine, cells, formats, request):
    rows = [*cells, None]
    if engine == "spark":
        frame = request.getfixturevalue("spark").createDataFrame([(cell,) for cell in rows], "cell string").coalesce(1)
    else:
        connection = module("ibis").duckdb.connect() if engine == "ibis" else None
        base = connection.con if connection else duckdb.connect()
        base.execute("CREATE TABLE t AS SELECT unnest(?::VARCHAR[]) AS cell", [rows])
        with warnings.catch_warnings():
            warnings.simplefilter("ignore", DeprecationWarning)
            frame = (connection or base).table("t")
    made, dialect = open_frame(frame)
    made = dialect.parse_text(made, {"it": Written("cell", ("n/a",), formats)})
    wanted = ["cell", "it", "it?"]
    if formats:
        made = dialect.ticks(made, {"ticks": ("it", column_of(nw.Datetime("us")))})
        wanted[1] = "ticks"
    found = dialect.collect(made.select(*wanted)).set_axis(["cell", "it", "odd"], axis=1)
    assert not found["odd"].isna().any()
    for cell, value, odd in found.itertuples(index=False):
        wish = None if cell is None or cell != cell else cells[cell]  # noqa: PLR0124 - NaN
        assert bool(odd) == (wish == "odd"), cell
        if wish is None:
            assert pd.isna(value), cell
        elif wish != "odd":
            assert value == (expected([wish])[0] if formats else wish), cell


@pytest.mark.filterwarnings("ignore:The 'future.infer_string' option")
def test_a_database_that_is_not_known_gives_its_rows():
    """SQLite keeps times as text: ibis makes times of them, to the microsecond."""
    ibis = module("ibis")
    backend = ibis.sqlite.connect()
    backend.raw_sql("CREATE TABLE t (at TIMESTAMP, x REAL)").close()
    backend.raw_sql("INSERT INTO t VALUES ('2026-01-02 03:04:05.123456', 1.5), (NULL, NULL)").close()
    made, dialect = open_frame(backend.table("t"))
    assert dialect.name == "SQLite"
    assert dialect.unable(["at"]) == "how it compares text and times is not known"
    found = dialect.collect(dialect.plain_columns(made, ["at", "x"]))
    times = expected([dt.datetime(2026, 1, 2, 3, 4, 5, 123_456), None])
    assert found["at"].to_numpy().view(np.int64).tolist() == times.tolist()
    assert found["x"].tolist()[0] == 1.5


MINUTES = np.arange(1_000_000)
TABLES = {
    "minutes of two years in runs": {"slot": MINUTES, "base": MINUTES // 525 * 7, "slope": MINUTES // 525 % 2},
    "one run": {"slot": np.arange(5), "base": np.zeros(5, dtype=np.int64)},
    "a row each": {"slot": np.arange(4), "base": np.array([3, -1, 4, 1])},
    "keys with gaps": {"slot": np.array([1, 2, 7, 9]), "base": np.array([5, 5, 5, 5])},
    "no row": {"slot": np.zeros(0, dtype=np.int64), "base": np.zeros(0, dtype=np.int64)},
    "keys alone": {"slot": np.arange(3)},
}


@pytest.mark.parametrize("name", TABLES)
@pytest.mark.parametrize("made_in", [in_duckdb, in_polars])
def test_a_small_table_has_its_rows_in_the_engine(made_in, name):
    made, dialect = open_frame(made_in())
    found = dialect.collect(dialect.table(made, TABLES[name])).sort_values("slot")
    assert list(found.columns) == list(TABLES[name])
    for column, values in TABLES[name].items():
        assert found[column].tolist() == values.tolist()


def test_a_table_of_few_runs_takes_few_letters_of_the_query():
    made, dialect = open_frame(in_duckdb())
    table = dialect.table(made, TABLES["minutes of two years in runs"])
    assert len(table.to_native().sql_query()) < 100_000  # four numbers for each of 1,905 runs
