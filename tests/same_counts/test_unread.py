"""Cells that cannot be read, and conditions that meet nothing, are told alike by every engine."""

from __future__ import annotations

import warnings
from datetime import UTC, datetime
from typing import Any

import pytest
from support.engines import ENGINES, Bench, Column, each, to_pandas

import svclight
from svclight.errors import SvclightNotice

pytestmark = [
    pytest.mark.once,
    pytest.mark.filterwarnings(
        "ignore:PySpark does not yet fully support pandas:FutureWarning",
        "ignore:fetch_arrow_table:DeprecationWarning",  # ibis calls what DuckDB has renamed
    ),
]
GROUP = "unread"
DEFINITIONS = svclight.loads("""
svclight: 1
time_zone: UTC
processes:
  p:
    title: P
    log:
      id: number
      time: at
      segments: [kind]
      exclude: [{where: {kind: test}, reason: a test}]
      fields:
        at: {time: at}
        waited: {number: waited, unit: s}
        solved: {flag: solved}
        done: {time: done, format: "%d.%m.%Y"}
    criteria:
      wait: {measure: {value: waited}, green: "<= 30 s", applies: {kind: [call, letter]}}
      solved: {measure: {flag: solved}, green: true}
      done: {measure: {duration: {from: at, to: done, by: date}}, green: "<= 1 d"}
  events:
    title: E
    log:
      rows: events
      id: kind
      time: at
      step: solved
      steps: {first: "yes"}
      fields: {at: {time: at}, waited: {number: waited, unit: s}}
    criteria:
      wait: {measure: {value: waited}, green: "<= 30 s"}
""")
TOTALS = svclight.loads("""
svclight: 1
time_zone: UTC
processes:
  p:
    title: P
    log:
      rows: totals
      time: at
      fields: {at: {time: at}, offered: {number: offered}, good: {number: good}, late: {difference: [offered, good]}}
    criteria:
      calls: {measure: {totals: {green: [good], red: [late]}}}
""")
ROWS = 300
KINDS = ("call", "mail", "test")
TABLE = {
    "number": Column("text", [str(row) for row in range(ROWS)]),
    "at": Column("time", [datetime(2026, 3, 1 + row % 28, 12, tzinfo=UTC).replace(tzinfo=None) for row in range(ROWS)]),
    "kind": Column("text", [KINDS[row % 3] for row in range(ROWS)]),
    # of the 200 rows that are no tests, rows 0 and 1 cannot be read, and 9 and 12 are empty; 2 is a test
    "waited": Column("text", ["4,5" if row < 3 else None if row in (9, 12) else str(row % 60) for row in range(ROWS)]),
    "solved": Column("text", ["perhaps" if row == 4 else ("yes", "no")[row % 2] for row in range(ROWS)]),
    "done": Column("text", ["soon" if row == 7 else f"{1 + row % 28:02}.03.2026" for row in range(ROWS)]),
}


@pytest.fixture(scope="module")
def bench():
    with Bench() as made:
        yield made


def score(process: str, log: Any) -> tuple[svclight.Scorecard, set[str]]:
    with warnings.catch_warnings(record=True) as caught:
        warnings.simplefilter("always")
        card = svclight.score({process: log}, DEFINITIONS, as_of="2026-04-01", max_unread="5 %")
    said = {str(one.message) for one in caught if issubclass(one.category, SvclightNotice)}
    return card, {line.partition(", such as")[0] for line in said if "filled cells" in line or "no row meets" in line}


@pytest.mark.parametrize("engine", each(ENGINES, GROUP))
def test_unread_cells_are_counted_where_the_log_lies(engine, bench, monkeypatch):
    monkeypatch.setattr("svclight.scoring.LARGE", 0)  # files go the way of large ones
    card, said = score("p", engine.log(TABLE, bench))
    assert card.unread[["field", "cells", "unread", "example"]].values.tolist() == [
        ["waited", 198, 2, "4,5"],
        ["solved", 200, 1, "perhaps"],
        ["done", 200, 1, "soon"],
    ]
    assert said == {
        'p: 2 of 198 filled cells of "waited" (1.0 %) are not a number',
        'p: 1 of 200 filled cells of "solved" (0.5 %) is not true or false',
        'p: 1 of 200 filled cells of "done" (0.5 %) is not a time',
        (
            "processes.p.criteria.wait.applies: no row meets `kind is letter`; the most frequent words are "
            '"call", "mail", "test"'
        ),
    }
    assert card.counts.equals(score("p", to_pandas(TABLE))[0].counts)


@pytest.mark.parametrize("engine", each(ENGINES, GROUP))
def test_of_totals_each_cell_that_counts_nothing_is_told(engine, bench, monkeypatch):
    monkeypatch.setattr("svclight.scoring.LARGE", 0)
    good: list[float | None] = [8.0] * ROWS
    good[3:5] = [-1.0, None]  # below 0, and empty
    offered = [2.5 if row == 5 else 10.0 for row in range(ROWS)]
    table = {"at": TABLE["at"], "offered": Column("number", offered), "good": Column("number", good)}
    with warnings.catch_warnings():
        warnings.simplefilter("ignore", SvclightNotice)
        card = svclight.score({"p": engine.log(table, bench)}, TOTALS, as_of="2026-04-01")
    assert sorted(card.unread[["field", "cells", "unread"]].values.tolist()) == [["good", 300, 2], ["offered", 300, 1]]
    # the 297 other rows: 297 x 8 in time, 297 x 2 late
    counts = card.counts.set_index("zone")["count"]
    assert (counts["green"], counts["red"]) == (2376, 594)


@pytest.mark.parametrize("engine", each(ENGINES, GROUP))
def test_of_event_logs_the_events_are_counted(engine, bench, monkeypatch):
    monkeypatch.setattr("svclight.scoring.LARGE", 0)
    card, said = score("events", engine.log(TABLE, bench))
    assert card.unread[["field", "cells", "unread"]].values.tolist() == [["waited", 298, 3]]
    assert 'events: 3 of 298 filled cells of "waited" (1.0 %) are not a number' in said
