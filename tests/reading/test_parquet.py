"""Parquet with durations and times of day: the file's own schema says what they are, and every route gives one answer."""

# ruff: noqa: DTZ001 - times without a zone are what is tested

import base64
import datetime as dt
import warnings
from importlib.util import find_spec

import duckdb
import numpy as np
import pandas as pd
import pytest
from hypothesis import given
from hypothesis import strategies as st
from support.needs import need
from support.raw_logs import cells, read_both

import svclight
from svclight import scoring
from svclight.errors import LogError, SvclightNotice
from svclight.reading.parquet_schema import durations_of

DEFINITION = """
svclight: 1
time_zone: UTC
processes:
  p:
    title: P
    log: {{id: id, time: at, fields: {{at: {{time: at}}, n: {field}}}}}
    criteria:
      w: {{measure: {{value: n}}, green: "<= 60 s", yellow: "<= 2 min"}}
"""
TIMES = [dt.datetime(2026, 1, 5), dt.datetime(2026, 1, 6), dt.datetime(2026, 1, 7)]
SPANS = [30_000, 91_500, None]
CLOCKS = [dt.time(0, 0, 30), dt.time(0, 1, 31, 500_000), None]
IN_SECONDS = [(30.0, "green", ""), (91.5, "yellow", ""), (None, "missing", "n is empty")]
NO_NUMBERS = [
    (None, "missing", 'n: "00:00:30" is not a number'),
    (None, "missing", 'n: "00:01:31.5" is not a number'),
    (None, "missing", "n is empty"),
]


def scored(log, field: str) -> list[tuple[object, ...]]:
    with warnings.catch_warnings():
        warnings.simplefilter("ignore", SvclightNotice)
        card = svclight.score(log, svclight.loads(DEFINITION.format(field=field)), as_of="2026-02-01")
        found = card.interactions().sort_values("id")
    values = [None if np.isnan(value) else value for value in found["value"].astype(float)]
    return list(zip(values, found["zone"], found["reason"], strict=True))


KEPT: list[duckdb.DuckDBPyConnection] = []


def times_of_day(where, tmp_path):
    """The same times of day as a frame of pandas, of Polars, a relation, and a file."""
    frame = pd.DataFrame({"id": ["a", "b", "c"], "at": TIMES, "n": pd.Series(CLOCKS, dtype=object)})
    if where == "pandas":
        return frame
    if where == "polars":
        need(find_spec("polars"), "polars is not installed")
        import polars as pl

        return pl.DataFrame({"id": ["a", "b", "c"], "at": TIMES, "n": CLOCKS}, schema_overrides={"n": pl.Time})
    base = duckdb.connect()
    KEPT.append(base)  # an early DuckDB closes it when nobody names it, though there are relations of it
    clocks = ["NULL" if clock is None else f"TIME '{clock}'" for clock in CLOCKS]
    rows = ", ".join(
        f"('{key}', TIMESTAMP '{at}', {clock})" for key, at, clock in zip("abc", TIMES, clocks, strict=True)
    )
    relation = base.sql(f'SELECT * FROM (VALUES {rows}) t(id, "at", n)')
    if where == "duckdb":
        return relation
    relation.write_parquet(str(tmp_path / "log.parquet"))
    return tmp_path / "log.parquet"


@pytest.mark.parametrize("large", [scoring.LARGE, 0])
@pytest.mark.parametrize("where", ["pandas", "polars", "duckdb", "file"])
def test_a_time_of_day_is_a_span_since_midnight_and_no_number(monkeypatch, tmp_path, where, large):
    """00:01:31.5 is 60 + 31.5 s."""
    monkeypatch.setattr(scoring, "LARGE", large)
    log = times_of_day(where, tmp_path)
    assert scored(log, "{span: n}") == IN_SECONDS
    assert scored(log, "{number: n, unit: s}") == NO_NUMBERS


def durations(writer: str, path):
    """30 s and 91.5 s, as libraries write durations: whole numbers of some unit, and a schema beside them."""
    need(find_spec("pyarrow"), "pyarrow is not installed")
    unit = writer.rpartition(" ")[2]
    frame = pd.DataFrame(
        {"id": ["a", "b", "c"], "at": TIMES, "n": pd.to_timedelta(SPANS, unit="ms").astype(f"timedelta64[{unit}]")}
    )
    if writer.startswith("pandas"):
        frame.to_parquet(path)
    elif writer.startswith("polars"):
        need(find_spec("polars"), "polars is not installed")
        import polars as pl

        pl.from_pandas(frame).write_parquet(path)
    else:
        import pyarrow as pa
        import pyarrow.parquet as pq

        pq.write_table(pa.Table.from_pandas(frame).replace_schema_metadata(), path)


@pytest.mark.parametrize("large", [scoring.LARGE, 0])
@pytest.mark.parametrize(
    "writer", ["pandas ns", "pandas us", "pandas ms", "polars us", "polars ns", "pyarrow ms", "pyarrow ns"]
)
def test_a_duration_is_as_long_as_its_writer_says(monkeypatch, tmp_path, writer, large):
    monkeypatch.setattr(scoring, "LARGE", large)
    path = tmp_path / "log.parquet"
    durations(writer, path)
    assert scored(path, "{number: n, unit: s}") == IN_SECONDS
    assert scored(path, "{span: n}") == IN_SECONDS
    assert scored(path, "{number: n, unit: min}")[0][:2] == (0.5, "green")


def test_whole_numbers_stay_numbers(tmp_path):
    """A column of no duration beside one, and a name that only the schema has."""
    need(find_spec("pyarrow"), "pyarrow is not installed")
    durations("pandas us", tmp_path / "log.parquet")
    frame = pd.read_parquet(tmp_path / "log.parquet").assign(wait=[1, 2, 3])
    frame.to_parquet(tmp_path / "log.parquet")
    assert cells(read_both(tmp_path / "log.parquet", ["wait"])) == [[1], [2], [3]]


def schema_of(*fields):
    import pyarrow as pa

    message = pa.schema(fields).serialize().to_pybytes()
    return {b"ARROW:schema": base64.b64encode(message)}


def test_the_schema_of_arrow_is_read_without_arrow():
    need(find_spec("pyarrow"), "pyarrow is not installed")
    import pyarrow as pa

    units = {unit: pa.duration(unit) for unit in ("s", "ms", "us", "ns")}
    others = {
        "t": pa.time64("us"),
        "l": pa.list_(pa.duration("s")),
        "st": pa.struct([("x", pa.duration("s"))]),
        "é": pa.int64(),
    }
    assert durations_of(schema_of(*(units | others).items())) == {unit: unit for unit in units}
    assert durations_of(schema_of()) == {}


@given(st.binary(max_size=60), st.integers(0, 400))
def test_whatever_stands_in_the_place_of_a_schema(noise, cut):
    assert durations_of({b"ARROW:schema": base64.b64encode(noise), b"pandas": noise}) == {}
    assert durations_of({b"ARROW:schema": noise, b"pandas": b'{"columns": [5]}'}) == {}
    if find_spec("pyarrow"):
        import pyarrow as pa

        whole = base64.b64decode(schema_of(("wait", pa.duration("s")))[b"ARROW:schema"])
        broken = whole[:cut] + noise + whole[cut + len(noise) :]
        assert isinstance(durations_of({b"ARROW:schema": base64.b64encode(broken)}), dict)


def test_damage_inside_of_a_file_is_told_by_both_routes(monkeypatch, tmp_path):
    """The footer is sound, so that only reading the rows shows it: an engine does so as late as it is asked."""
    path = tmp_path / "log.parquet"
    with duckdb.connect() as base:
        rows = "SELECT md5(i::VARCHAR) AS id, TIMESTAMP '2026-01-05' AS \"at\", random() AS n FROM range(5000) t(i)"
        base.execute(f"COPY ({rows}) TO '{path}' (FORMAT parquet)")
    content = bytearray(path.read_bytes())
    content[2000:90_000:50] = bytes(255 for _ in content[2000:90_000:50])
    path.write_bytes(content)
    for large in (scoring.LARGE, 0):
        monkeypatch.setattr(scoring, "LARGE", large)
        with pytest.raises(LogError, match=r"log.parquet: this is no Parquet file that can be read; "):
            scored(path, "{number: n, unit: s}")


def test_a_fault_of_a_query_is_not_put_on_a_sound_file():
    from svclight.dialects.duckdb import DuckDB

    with duckdb.connect() as base:
        import narwhals as nw

        told = []
        frame = nw.from_native(base.sql("SELECT error('no') AS x"))
        with pytest.raises(duckdb.Error, match="no"):
            DuckDB(check=lambda: told.append(1)).collect(frame)
        assert told == [1]
