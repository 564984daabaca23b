"""Scoring on a real Spark cluster: a master and two workers as processes of their own, one of which dies on the way."""

import json
import warnings

import duckdb
import pytest
from support.servers import spark_cluster, spark_driver, wait_for

import svclight
from svclight.errors import SvclightNotice

ROWS, FILES = 3_000_000, 12

DEFINITION = """
svclight: 1
time_zone: Europe/Berlin
processes:
  calls:
    title: Calls
    log:
      time: called_at
      segments: [team]
      fields:
        called_at: {time: called_at}
        waited: {number: waited, unit: s}
        talked: {number: talked, unit: s}
        outcome: {text: outcome}
      exclude:
        - {where: {outcome: test}, reason: test call}
    criteria:
      wait:
        title: Wait
        measure: {value: waited}
        abandoned: {where: {outcome: abandoned}, counts: {excluded_within: 5 s}}
        green: "<= 30 s"
        yellow: "<= 1 min"
      talk:
        title: Talk
        measure: {value: talked}
        applies: {outcome: answered}
        green: "3 min .. 7 min"
        yellow: "2 min .. 10 min"
      outcome:
        title: Outcome
        measure: {category: outcome}
        green: [answered]
        yellow: [called back]
        red: [abandoned]
"""

CALLS = """
    SELECT
        TIMESTAMP '2025-01-01 00:00:07' + INTERVAL (i * 7) SECOND AS called_at,
        CASE WHEN h % 101 = 0 THEN NULL WHEN h % 97 = 0 THEN 'NaN'::DOUBLE ELSE (h % 1300) / 10 END AS waited,
        (h // 1300) % 800 AS talked,
        CASE WHEN h % 53 = 0 THEN 'test' WHEN h % 11 = 0 THEN 'abandoned' WHEN h % 17 = 0 THEN 'called back'
             WHEN h % 509 = 0 THEN NULL ELSE 'answered' END AS outcome,
        ['Nord', 'Süd', 'Öst', 'команда', NULL][1 + h % 5] AS team
    FROM (SELECT i, (i * 2654435761) % 4294967291 AS h FROM range({first}, {last}) AS t(i))
"""
"""Calls that arithmetic makes up: values on each limit, null and NaN, words of several scripts, two nights when clocks change."""

pytestmark = [pytest.mark.slow, pytest.mark.once, pytest.mark.xdist_group("spark")]


@pytest.fixture(scope="module")
def log(tmp_path_factory):
    """A folder of Parquet files, 3 million rows in all."""
    folder = tmp_path_factory.mktemp("calls")
    each = ROWS // FILES
    for number in range(FILES):
        query = CALLS.format(first=number * each, last=(number + 1) * each)
        duckdb.sql(query).write_parquet(str(folder / f"calls-{number:02}.parquet"), row_group_size=30_000)
    return folder


def by_pandas(folder) -> dict[str, str]:
    frame = duckdb.read_parquet(f"{folder}/*.parquet").df()
    assert len(frame) == ROWS
    with warnings.catch_warnings():
        warnings.simplefilter("ignore", SvclightNotice)
        card = svclight.score(frame, svclight.loads(DEFINITION), by=["team"])
    return {"counts": card.counts.to_csv(index=False), "reasons": card.reasons.to_csv(index=False)}


def heard(driver) -> dict:
    """What the driver says next."""
    line = driver.stdout.readline()
    assert line, "the driver has ended"
    return json.loads(line)


def again(driver) -> None:
    driver.stdin.write("again\n")
    driver.stdin.flush()


def test_a_cluster_counts_as_pandas_does_also_when_a_worker_dies(log, tmp_path):
    (tmp_path / "calls.yaml").write_text(DEFINITION)
    with spark_cluster(tmp_path) as cluster, spark_driver(cluster, tmp_path, tmp_path / "calls.yaml", log) as driver:
        try:
            found = follow(cluster, driver)
        except AssertionError as error:
            raise AssertionError(f"{error}\n{(tmp_path / 'driver.log').read_text()[-4000:]}") from error
    expected = by_pandas(log)
    for card in found:
        assert card["counts"] == expected["counts"]
        assert card["reasons"] == expected["reasons"]


def follow(cluster, driver) -> list[dict[str, str]]:
    """The cards of two scorings, the second of which loses a worker while it goes through the log."""
    assert set(heard(driver)) == {"ready"}
    again(driver)
    whole = heard(driver)
    if "middle" in whole:
        whole = heard(driver)
    assert (whole["error"], whole["failed"]) == (None, 0)
    assert whole["tasks"] >= 2 * FILES
    assert sum(app["state"] == "RUNNING" for app in cluster.state()["activeapps"]) == 1
    again(driver)
    middle = heard(driver)["middle"]
    cluster.kill(1)
    assert middle["done"] + middle["at work"] <= middle["tasks"] // 2
    broken = heard(driver)
    assert broken["error"] is None
    assert broken["failed"] >= 1  # a task died with the worker, and was done again by the other
    wait_for("the master's word that a worker is gone", lambda: cluster.alive() == 1)
    return [whole["card"], broken["card"]]
