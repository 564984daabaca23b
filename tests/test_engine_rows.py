"""Rows that come back from an engine: those that are asked for and no others, and what has no order in it."""

import warnings

import duckdb
import pandas as pd
import pytest
from helpers import definition as of_one

import svclight
from svclight import engines
from svclight.errors import LogError, SvclightNotice

DEFINITION = """
svclight: 1
time_zone: Europe/Berlin
processes:
  hotline:
    title: Hotline
    log:
      {id}time: at
      segments: [team]
      fields: {{at: {{time: at}}, wait: {{number: wait}}, team: {{text: team}}}}
    criteria:
      short: {{measure: {{value: wait}}, green: "<= 3", yellow: "<= 4"}}
      long: {{measure: {{value: wait}}, green: ">= 2"}}
"""
TIMES = ["2026-01-01 10:00", "2026-01-02 10:00", "2026-02-01 10:00", "2026-02-03 10:00"]
CALLS = pd.DataFrame(
    {
        "id": ["a", "a", "b", "c"],
        "at": pd.to_datetime(TIMES),
        "wait": [1.0, 5.0, 2.0, None],
        "team": ["north", "south", "north", None],
    }
)


def in_duckdb(frame: pd.DataFrame):
    return duckdb.from_df(frame)


def definition(more: str = ""):
    return svclight.loads(DEFINITION.format(id=more))


def known(table: pd.DataFrame) -> pd.DataFrame:
    """The rows in an order of their own, without the ids that rows of no order have not."""
    return table.drop(columns="id").sort_values(["criterion", "time"]).reset_index(drop=True)


@pytest.mark.parametrize(
    ("asked", "brought"),
    [
        ({"zone": "red"}, 2),  # 5.0 is too long for the one, 1.0 too short for the other
        ({"zone": "green", "period": "2026-01"}, 2),
        ({"criterion": "short", "zone": "yellow"}, 0),
        ({"criterion": "short", "zone": "missing"}, 1),
        ({"where": {"team": "north"}}, 2),
        ({"where": {"team": ""}}, 1),
        ({"where": {"team": "north"}, "period": "2026-02"}, 1),
        ({"period": ""}, 0),
    ],
)
def test_only_rows_that_are_asked_for_are_brought(monkeypatch, asked, brought):
    seen = []
    rows = engines.EngineLog.log_of

    def log_of(self, frame):
        made = rows(self, frame)
        seen.append(len(made))
        return made

    monkeypatch.setattr(engines.EngineLog, "log_of", log_of)
    card = svclight.score(in_duckdb(CALLS), definition(), by="team")
    found = card.interactions(**asked)
    assert seen == [brought]
    pd.testing.assert_frame_equal(
        known(found), known(svclight.score(CALLS, definition(), by="team").interactions(**asked))
    )
    assert set(found["id"]) <= {""}  # rows without an order have no number


def test_all_rows_come_with_a_notice():
    card = svclight.score(in_duckdb(CALLS), definition())
    with pytest.warns(
        SvclightNotice, match=r'^4 rows were brought from DuckDB to pandas: all of "hotline" is asked for$'
    ):
        assert len(card.interactions()) == 8


def test_ids_in_rows_that_differ_are_told_without_places():
    with pytest.raises(LogError, match=r"1 id stands in rows that differ; found a; expected one row an id"):
        svclight.score(in_duckdb(CALLS), definition("id: id\n      "))


@pytest.mark.parametrize("by", ["", ", by: at"])
def test_which_version_counts_must_be_told_where_rows_have_no_order(by):
    frame = CALLS.assign(at=pd.Timestamp("2026-01-01 10:00"))
    named = "at is the same" if by else "nothing else orders them"
    said = (
        rf'rows share an id, differ, and stand in no order: .*; found a: {named}, and "team", "wait" differ; expected a'
    )
    with pytest.raises(LogError, match=said):
        svclight.score(in_duckdb(frame), definition(f"id: id\n      repeated_ids: {{keep: last{by}}}\n      "))


def test_a_weight_that_is_none_is_rejected_without_a_line():
    frame = CALLS.assign(weight=[1, 2, -1, 1])
    card = svclight.score(in_duckdb(frame), definition("weight: weight\n      "))
    assert card.rejected["line"].tolist() == [0]
    assert card.rejected["reason"].tolist() == ['the weight "-1" is no whole number of 0 or more']


def test_a_joined_log_without_order_has_no_last_row():
    log = "{time: at, join: {survey: {on: {id: id}, keep: last, fields: {score: {number: score}}}}}"
    joined = of_one('score: {measure: {value: survey.score}, green: ">= 4"}', log)
    answers = pd.DataFrame({"id": ["b", "b"], "score": [3, 5]})
    card = svclight.score({"p": CALLS, "survey": answers}, joined)
    assert card.counts.set_index(["period", "zone"])["count"]["2026-02", "green"] == 1
    with (
        warnings.catch_warnings(action="ignore", category=SvclightNotice),
        pytest.raises(
            LogError,
            match=r'1 row has several partners in "survey" that differ; found b; expected one partner a row: a database keeps no order',
        ),
    ):
        svclight.score({"p": CALLS, "survey": in_duckdb(answers)}, joined)
