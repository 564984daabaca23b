"""Measures of the rule book that are told from one cell, and the worst of several criteria, with their reasons."""

import warnings

import duckdb
import pandas as pd
import pytest
from support.helpers import definition, reasons, states

import svclight

LOG = "{time: at, fields: {at: {time: at}, done: {time: done}, ok: {flag: ok, true_values: [ja], false_values: [nein]}, x: {number: x}}}"


def score_of(log, criteria: str, **options) -> svclight.Scorecard:
    """The card of a frame or of a table in an engine."""
    with warnings.catch_warnings():
        warnings.simplefilter("ignore", svclight.SvclightNotice)
        return svclight.score({"p": log}, definition(criteria, LOG), max_unread=1, **options)


def test_an_empty_flag_is_missing_for_its_own_reason():
    rows = pd.DataFrame({"at": "2026-01-15", "ok": ["ja", "nein", "", None, "vielleicht"]})
    for given in (rows, duckdb.from_df(rows)):
        card = score_of(given, "c: {measure: {flag: ok}, green: true}")
        told = dict(zip(card.reasons["reason"], card.reasons["count"], strict=True))
        assert told == {"ok is empty": 2, "ok is not true or false": 1}
    card = score_of(rows, "c: {measure: {flag: ok}, green: true}")
    assert states(card, "c") == ["green", "red", "missing", "missing", "missing"]
    assert reasons(card, "c")[2:4] == ["ok is empty"] * 2


@pytest.mark.parametrize(
    ("newest", "expected"),
    [
        ("2026-01-15 23:59", ("pending", "not finished")),  # the same day
        ("2026-01-17 00:00", ("pending", "not finished")),  # two days: "<= 2 d" holds them
        ("2026-01-18 00:00", ("red", "overdue")),  # three
    ],
)
def test_what_is_open_is_seen_from_the_newest_day_of_the_log(newest, expected):
    rows = pd.DataFrame({"at": ["2026-01-15 12:00"] * 2, "done": [None, newest]})
    criterion = "c: {measure: {duration: {from: at, to: done, by: date}}, green: '<= 1 d', yellow: '<= 2 d'}"
    typed = rows.apply(pd.to_datetime)
    for given in (rows, typed, duckdb.from_df(typed)):
        card = score_of(given, criterion)
        found = card.reasons[["zone", "reason", "count"]].astype(str).values.tolist()
        assert [*expected, "1"] in found


@pytest.mark.parametrize("in_engine", [False, True])
def test_the_worst_stands_in_the_period_of_its_own_time(in_engine):
    # called in January, done in February, or nobody knows when; 3 is red of x, and the worst of both
    rows = pd.DataFrame(
        {
            "at": pd.to_datetime(["2026-01-15"] * 4),
            "done": pd.to_datetime(["2026-02-01", "2026-01-31", None, None]),
            "x": [1.0, 3.0, 1.0, 3.0],
            "ok": "ja",
        }
    )
    criteria = "c: {measure: {value: x}, green: '<= 1', yellow: '<= 2'}\nd: {measure: {flag: ok}, green: true}\nw: {measure: {worst: [c, d]}, time: done}"
    card = score_of(duckdb.from_df(rows) if in_engine else rows, criteria, as_of="2026-03-01")
    counts = card.counts[(card.counts["criterion"] == "w") & (card.counts["count"] > 0)]
    found = sorted(zip(counts["period"], counts["zone"].astype(str), counts["count"], strict=True))
    # a row without that time is in no period, whatever its parts are
    assert found == [("", "missing", 2), ("2026-01", "red", 1), ("2026-02", "green", 1)]
    of_part = card.counts[(card.counts["criterion"] == "c") & (card.counts["count"] > 0)]
    assert set(of_part["period"]) == {"2026-01"}
    told = card.reasons[card.reasons["criterion"] == "w"]
    assert list(zip(told["reason"], told["count"], strict=True)) == [("done is empty", 2)]
