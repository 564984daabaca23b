"""Rows that come back from an engine: those that are asked for and no others, and what has no order in it."""

import warnings

import duckdb
import pandas as pd
import pytest
from support.helpers import definition as of_one

import svclight
from svclight.errors import LogError, SvclightNotice
from svclight.in_engine import counting, run

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
    rows = run.EngineLog.log_of

    def log_of(self, frame):
        made = rows(self, frame)
        seen.append(len(made))
        return made

    monkeypatch.setattr(run.EngineLog, "log_of", log_of)
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


def waited(kind: str, waits: list, folder):
    """Calls that waited so long, in an engine."""
    if kind == "Polars":
        polars = pytest.importorskip("polars")
        return polars.DataFrame({"at": CALLS["at"].tolist(), "wait": waits, "team": "a"})
    cells = ["NULL" if wait is None else f"'{wait}'" for wait in waits]
    rows = (f"(TIMESTAMP '{at}', {cell}::DOUBLE, 'a')" for at, cell in zip(TIMES, cells, strict=True))
    relation = duckdb.sql(f'SELECT * FROM (VALUES {", ".join(rows)}) AS calls("at", wait, team)')
    if kind == "DuckDB":
        return relation
    relation.to_parquet(str(folder / "calls.parquet"))
    return duckdb.read_parquet(str(folder / "calls.parquet"))


INF, NAN = float("inf"), float("nan")


@pytest.mark.parametrize(
    ("waits", "passes"),
    [
        ([1.0, 5.0, 2.0, 30.0], 1),
        ([1.0, 5.0, 2.0, None], 1),
        ([1.0, 1.0, 2.0, NAN], 2),  # the statistics of a file leave NaN out, so all would be at most 3
        ([1.0, 5.0, INF, -INF], 3),  # the sum is NaN; and the two are told apart from the others
        ([1.0, 5.0, INF, 2.0], 3),
        ([2.0, 5.0, 1e308, 1e308], 2),  # only their sum is infinite
    ],
)
@pytest.mark.parametrize("kind", ["DuckDB", "Parquet", "Polars"])
def test_numbers_are_looked_at_one_by_one_where_some_are_not_finite(kind, waits, passes, tmp_path, monkeypatch):
    asked = []
    ask = counting._ask_groups
    monkeypatch.setattr(counting, "_ask_groups", lambda *args: asked.append(args) or ask(*args))
    with warnings.catch_warnings(action="ignore", category=SvclightNotice):
        found = svclight.score(waited(kind, waits, tmp_path), definition())
        assert len(asked) == passes
        frame = CALLS.assign(wait=pd.Series(waits, dtype=float), team="a")
        expected = svclight.score(frame, definition())
    pd.testing.assert_frame_equal(found.counts, expected.counts)
    pd.testing.assert_frame_equal(found.reasons, expected.reasons)


@pytest.mark.parametrize("kind", ["DuckDB", "Parquet", "Polars"])
@pytest.mark.parametrize("low", [0.0, -0.001])
def test_lengths_of_time_below_0_are_missing(kind, low, tmp_path):
    text = DEFINITION.replace("number: wait", "number: wait, unit: s").format(id="")
    for number in (2, 3, 4):
        text = text.replace(f'= {number}"', f'= {number} s"')
    found = svclight.score(waited(kind, [1.0, 5.0, low, None], tmp_path), svclight.loads(text))
    expected = svclight.score(CALLS.assign(wait=[1.0, 5.0, low, None], team="a"), svclight.loads(text))
    pd.testing.assert_frame_equal(found.reasons, expected.reasons)
    assert ("wait is below 0" in set(found.reasons["reason"])) == (low < 0)


@pytest.mark.parametrize("last", ["20260220T100000", "2026-02-20 10:00:00Z", "2026-02-20T10:00"])
def test_the_newest_time_counts_however_it_is_written(last):
    """An open row is red by then, and the warning says that it stands alone."""
    wait = 'c: {measure: {duration: {from: at, to: done}}, green: "<= 1 d", yellow: "<= 3 d"}'
    text = of_one(wait, "{time: at, fields: {at: {time: at}, done: {time: done}}}")
    begun = ["2026-01-05 10:00:00", "2026-01-06 10:00:00", "2026-01-06 11:00:00", last]
    frame = pd.DataFrame({"at": begun, "done": ["2026-01-05 11:00:00", None, "2026-01-06 12:00:00", None]})
    with warnings.catch_warnings(action="ignore", category=SvclightNotice):
        found, expected = (svclight.score(log, text) for log in (in_duckdb(frame), frame))
    assert found.provenance.as_of == expected.provenance.as_of
    pd.testing.assert_frame_equal(found.counts, expected.counts)
    said = [notice for notice in expected.provenance.notices if "newest time" in notice]
    assert len(said) == 1
    assert said[0] in found.provenance.notices


@pytest.mark.parametrize(
    ("far", "zones"), [("2999-12-31", {"green": 1, "red": 1}), ("1900-01-01", {"green": 1, "missing": 1})]
)
def test_a_time_far_away_is_no_deep_expression(far, zones):
    """Of 2999 it takes a thousand clock changes to tell; what is not done by `as_of` waits for 15 h, before 1970 is below 0."""
    rows = pd.DataFrame({"at": pd.to_datetime(["2026-01-05 09:00"] * 2), "done": ["2026-01-05 10:00", far]})
    rows["done"] = rows["done"].astype("datetime64[us]")
    criterion = 'w: {measure: {duration: {from: at, to: done}}, green: "<= 2 h", yellow: "<= 4 h"}'
    wanted = of_one(criterion, "{time: at, fields: {at: {time: at}, done: {time: done}}}", zone="Europe/Berlin")
    counts = svclight.score({"p": in_duckdb(rows)}, wanted, as_of="2026-01-06").counts
    found = counts[counts["count"] > 0]
    assert dict(zip(found["zone"].astype(str), found["count"], strict=True)) == zones


@pytest.mark.parametrize("as_of", [None, "2026-03-01"])
def test_a_process_without_criteria_rates_nothing(as_of):
    definitions = svclight.loads(
        "svclight: 1\ntime_zone: UTC\nprocesses: {p: {title: P, log: {time: at}, criteria: {}}}"
    )
    with pytest.warns(SvclightNotice, match="^4 rows were brought from DuckDB to pandas: a process without criteria$"):
        card = svclight.score({"p": in_duckdb(CALLS)}, definitions, as_of=as_of)
    assert (len(card.counts), card.provenance.logs[0].interactions) == (0, 4)


def test_groups_may_be_many():
    # so many counts of 0 written as text, one after the other, would be a number of more digits than Python reads
    rows = pd.DataFrame(
        {"at": pd.Timestamp("2026-01-05 10:00"), "wait": 1.0, "team": [f"t{n:04}" for n in range(5000)]}
    )
    card = svclight.score(in_duckdb(rows), definition(), by="team")
    expected = svclight.score(rows, definition(), by="team")
    pd.testing.assert_frame_equal(card.counts, expected.counts)
    assert card.counts["count"].sum() == 2 * 5000
