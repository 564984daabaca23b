"""Columns of every kind that Parquet has, read as a number and as a length of time: one answer by every way to the file.

In: a file with 30, 59 or 90, and nothing. Out: the zones of each way: the path, DuckDB, Polars, pandas. A time of day is
a length of time and no number; a length of time knows its unit and is both; what is neither is unread, never another number.
"""

import datetime as dt
import warnings
from collections import Counter
from decimal import Decimal

import numpy as np
import pandas as pd
import pytest
from support.needs import module

import svclight
from svclight.errors import SvclightNotice

AT = dt.datetime(2026, 1, 5, 10)  # noqa: DTZ001 - most files have times without a zone
MICRO = 1_000_000
BOTH = {"green": 1, "red": 1, "missing": 1}
NEITHER = {"missing": 3}
KINDS = {
    # name: column, zones as a number, zones as a length of time (30 s is green, 59 s yellow, 90 s red)
    "seconds": (lambda pa: pa.array([30, 90, None], pa.duration("s")), BOTH, BOTH),
    "milliseconds": (lambda pa: pa.array([30_000, 90_000, None], pa.duration("ms")), BOTH, BOTH),
    "nanoseconds": (lambda pa: pa.array([30_000 * MICRO, 90_000 * MICRO, None], pa.duration("ns")), BOTH, BOTH),
    "time of day": (lambda pa: pa.array([dt.time(0, 0, 30), dt.time(0, 1, 30), None], pa.time32("s")), NEITHER, BOTH),
    "exact time of day": (lambda pa: pa.array([30_000 * MICRO, 90_000 * MICRO, None], pa.time64("ns")), NEITHER, BOTH),
    "decimal": (
        lambda pa: pa.array([Decimal("30.0"), Decimal("59.9"), None], pa.decimal128(10, 1)),
        {"green": 1, "yellow": 1, "missing": 1},
        NEITHER,
    ),
    # 59.97 is 59.96875 as half a float, 61 stands exactly
    "half float": (
        lambda pa: pa.array(np.array([30, 59.97, 61], dtype=np.float16)),
        {"green": 1, "yellow": 1, "red": 1},
        NEITHER,
    ),
    "words": (
        lambda pa: pa.array(["30", "59", "x"]).dictionary_encode(),
        {"green": 1, "yellow": 1, "missing": 1},
        NEITHER,
    ),
    "truth": (lambda pa: pa.array([True, False, None]), NEITHER, NEITHER),
    "lists": (lambda pa: pa.array([[1], [2], None]), NEITHER, NEITHER),
}
READ_AS = {
    "number": '{value: v}, green: "<= 30", yellow: "<= 60"',
    "span": '{value: w}, green: "<= 30 s", yellow: "<= 60 s"',
}


def of_duckdb(path):
    return module("duckdb").connect().sql(f"SELECT * FROM '{path}'")


WAYS = {
    "path": str,
    "duckdb": of_duckdb,
    "polars lazy": lambda path: module("polars").scan_parquet(path),
    "polars": lambda path: module("polars").read_parquet(path),
    "pandas": pd.read_parquet,
}


PAIRS = [(way, kind) for way in WAYS for kind in KINDS if way != "duckdb" or not kind.endswith("seconds")]
"""DuckDB reads a length of time in Parquet as a bare number: no unit is left to see."""


@pytest.mark.parametrize(("way", "kind"), PAIRS)
@pytest.mark.parametrize("read_as", READ_AS)
def test_a_column_is_the_same_by_every_way(read_as, kind, way, tmp_path):
    pa = module("pyarrow")
    make, as_number, as_span = KINDS[kind]
    path = tmp_path / "log.parquet"
    module("pyarrow.parquet").write_table(pa.table({"at": pa.array([AT] * 3), "v": make(pa)}), path)
    text = f"""
svclight: 1
time_zone: UTC
processes:
  p:
    title: P
    log: {{time: at, fields: {{at: {{time: at}}, v: {{number: v}}, w: {{span: v}}}}}}
    criteria:
      c: {{measure: {READ_AS[read_as]}}}
"""
    with warnings.catch_warnings():
        warnings.simplefilter("ignore", SvclightNotice)  # what is unread is told
        counts = svclight.score(WAYS[way](path), svclight.loads(text), max_unread=1).counts
    found = Counter(dict(zip(counts["zone"].astype(str), counts["count"], strict=True)))
    assert +found == {"number": as_number, "span": as_span}[read_as]
