"""How many rows come to pandas for each measure of event logs, engine by engine: none of a clean log; and the same counts.

`python benchmarks/travel.py` prints the same as a table.
"""

from __future__ import annotations

import warnings
from typing import Any

import pandas as pd
import pytest
from support.engines import ENGINES, Bench, each, rows_of, to_pandas
from support.event_measures import MEASURES, SQL_TYPES, Measure, clean_events, travelled
from support.needs import module
from support.servers import HOST, postgres

import svclight
from svclight.errors import SvclightNotice

pytestmark = [
    pytest.mark.once,
    pytest.mark.filterwarnings(
        "ignore:PySpark does not yet fully support pandas:FutureWarning",
        "ignore:fetch_arrow_table:DeprecationWarning",  # ibis calls what DuckDB has renamed
    ),
]
NATIVE = [engine for engine in ENGINES if engine.name in ("duckdb", "parquet", "polars lazy", "ibis", "spark")]
GROUP = "rows that travel"


@pytest.fixture(scope="module")
def bench():
    with Bench() as made:
        yield made


def card_of(log: Any, measure: Measure) -> svclight.Scorecard:
    options = {"as_of": "2026-03-01", **measure.options}
    with warnings.catch_warnings(action="ignore", category=SvclightNotice):
        return svclight.score(log, svclight.loads(measure.text), **options)


def check(log: Any, measure: Measure) -> None:
    """No row of the log travels, neither for counts nor for values, and all is the same as in pandas."""
    with travelled() as rows:
        card = card_of(log, measure)
        found = {name: getattr(card, name) for name in ("counts", "reasons", "periods", "values")}
    assert rows == []
    expected = card_of(to_pandas(clean_events()), measure)
    for name, table in found.items():
        pd.testing.assert_frame_equal(table, getattr(expected, name), obj=name)
    assert expected.counts["count"].sum() > 5


@pytest.mark.parametrize("measure", MEASURES.values(), ids=MEASURES)
@pytest.mark.parametrize("engine", each(NATIVE, GROUP))
def test_no_row_of_a_clean_event_log_travels(engine, measure, bench):
    check(engine.log(clean_events(), bench), measure)


def test_all_rows_travel_where_pandas_is_asked():
    """What the other tests count on."""
    with travelled() as rows:
        card_of(to_pandas(clean_events()), MEASURES["duration"])
    assert rows == [len(clean_events()["case"].cells)]


@pytest.mark.slow
@pytest.mark.xdist_group("postgres")
def test_no_row_of_a_clean_event_log_leaves_the_server(monkeypatch):
    ibis = module("ibis")
    for name in ("PGHOST", "PGPORT", "PGUSER", "PGDATABASE", "PGSERVICE", "PGPASSFILE"):
        monkeypatch.delenv(name, raising=False)
    log = clean_events()
    with postgres() as server:
        kinds = {name: SQL_TYPES[column.kind] for name, column in log.items()}
        server.load("events", [tuple(row.values()) for row in rows_of(log)], kinds)
        connection = ibis.postgres.connect(
            host=HOST, port=server.port, user="analyst", password=server.passwords["analyst"], database="service"
        )
        try:
            for measure in MEASURES.values():
                check(connection.table("events"), measure)
        finally:
            connection.disconnect()
