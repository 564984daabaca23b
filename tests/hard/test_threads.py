"""Threads of one program that ask the same log at the same time: each gets what one alone would get."""

from concurrent.futures import ThreadPoolExecutor

import duckdb
import pytest
from support.helpers import definition

import svclight

CRITERIA = """
c: {measure: {value: x}, green: "<= 5", yellow: "<= 20"}
d: {measure: {duration: {from: at, to: done}}, green: "<= 1 h", yellow: "<= 2 h"}
"""
LOG = "{time: at, segments: [team], fields: {at: {time: at}, done: {time: done}, x: {number: x}}}"
ROWS = """
SELECT TIMESTAMP '2026-01-01' + INTERVAL (i) MINUTE AS at, TIMESTAMP '2026-01-01' + INTERVAL (i + i % 150) MINUTE AS done,
       (i * 7919) % 40 / 1.0 AS x, 'abc'[i % 3 + 1] AS team
FROM range(20000) rows(i)
"""
THREADS = 6

pytestmark = pytest.mark.once


def relation():
    return duckdb.connect().sql(ROWS)


def polars():
    return relation().pl().lazy()


def pandas():
    return relation().df()


def file(folder):
    path = folder / "log.parquet"
    relation().write_parquet(str(path))
    return path


def at_once(work, times: int = 2 * THREADS) -> list:
    """What a function gives in several threads."""
    with ThreadPoolExecutor(THREADS) as pool:
        return list(pool.map(lambda _: work(), range(times)))


@pytest.mark.parametrize("make", [relation, polars, pandas, file])
def test_threads_share_a_log(make, tmp_path, monkeypatch):
    monkeypatch.setattr("svclight.scoring.LARGE", 0)  # the file is asked in DuckDB
    log, definitions = make(tmp_path) if make is file else make(), definition(CRITERIA, LOG)
    alone = svclight.score({"p": log}, definitions, by="team").counts
    assert alone["count"].sum() == 40_000
    assert all(
        card.counts.equals(alone) for card in at_once(lambda: svclight.score({"p": log}, definitions, by="team"))
    )


@pytest.mark.parametrize("make", [relation, file])
@pytest.mark.filterwarnings("ignore:.*brought from DuckDB:svclight.errors.SvclightNotice")
def test_threads_share_a_card_whose_log_is_asked_again(make, tmp_path, monkeypatch):
    monkeypatch.setattr("svclight.scoring.LARGE", 0)
    log = make(tmp_path) if make is file else make()
    card, other = (svclight.score({"p": log}, definition(CRITERIA, LOG)) for _ in range(2))
    alone = other.summary()
    assert all(len(found) == 20_000 for found in at_once(lambda: card.interactions("p", "c"), 4))
    assert all(found.equals(alone) for found in at_once(card.summary))
