"""Limits of the rule book: when the zone of an unfinished value is certain, and which limits hold for a row."""

import numpy as np
import pandas as pd
import pytest
from support.helpers import definition

from svclight.judging.array_view import ArrayView
from svclight.logs.log import Log
from svclight.method.limits import by_value, limit_choices
from svclight.method.rules import Measured
from svclight.reading.sources import Raw

GREEN, YELLOW, RED, PENDING = "green", "yellow", "red", "pending"


def view_of(frame: pd.DataFrame, criteria: str) -> ArrayView:
    """The view of a small log."""
    return ArrayView(Log.of("p", definition(criteria), Raw(frame)).rows())


def open_zones(limits: str, values: list[float]) -> list[str]:
    """The states of values that are not complete: each is at least what is given."""
    view = view_of(
        pd.DataFrame({"at": ["2026-01-15"] * len(values), "x": values}), f"c: {{measure: {{value: x}}, {limits}}}"
    )
    criterion = view.log.process.criteria["c"]
    measured = Measured(np.array(values), dtype=np.dtype(float), open=np.ones(len(values), dtype=bool))
    states = np.full(len(values), "", dtype=object)
    for rule in reversed(by_value(criterion, view, measured, [None]).rules):
        states[rule.rows] = rule.state
    return states.tolist()


def test_unfinished_values_are_red_only_when_nothing_better_is_possible():
    hours = [5.0, 24.0, 25.0, 48.0, 48.1]
    assert open_zones('green: "<= 24", yellow: "<= 48"', hours) == [PENDING, PENDING, PENDING, PENDING, RED]
    assert open_zones('green: "<= 24"', hours) == [PENDING, PENDING, RED, RED, RED]


def test_unfinished_values_that_are_good_already_stay_good():
    assert open_zones('green: ">= 4", yellow: ">= 2"', [5.0, 4.0, 3.0, 1.0]) == [GREEN, GREEN, PENDING, PENDING]
    band = 'green: "3 .. 7", yellow: "2 .. 10"'
    assert open_zones(band, [1.0, 5.0, 8.0, 10.0, 11.0]) == [PENDING] * 4 + [RED]


@pytest.mark.parametrize(
    ("rows", "places"),
    [
        ('[{where: {team: a}, green: "<= 1"}, {green: "<= 2"}]', [0, 1, 1, 0]),
        ('[{where: {team: a}, until: 2026-02-01, green: "<= 1"}, {green: "<= 2"}]', [0, 1, 1, 1]),
        ('[{until: 2026-02-01, green: "<= 1"}, {where: {team: b}, green: "<= 3"}, {green: "<= 2"}]', [0, 0, 1, 2]),
    ],
)
def test_the_first_row_of_limits_that_holds_counts(rows, places):
    frame = pd.DataFrame(
        {"at": ["2026-01-31", "2026-01-01", "2026-02-01", "2026-02-28"], "team": ["a", "b", "b", "a"], "x": 1}
    )
    view = view_of(frame, f"c: {{measure: {{value: x}}, thresholds: {rows}}}")
    choices = limit_choices(view.log.process.criteria["c"], view, "at")
    assert np.array(choices).argmax(axis=0).tolist() == places
    assert np.array(choices).sum(axis=0).tolist() == [1] * 4  # each row has one


@pytest.mark.parametrize(
    ("dates", "expected"),
    [
        ("from: 2026-02-01", [False, True, True, False]),
        ("until: 2026-02-02", [True, True, False, False]),
        ("from: 2026-02-01, until: 2026-02-02", [False, True, False, False]),
    ],
)
def test_dates_of_limits_are_half_open_and_a_missing_one_lies_in_none(dates, expected):
    frame = pd.DataFrame({"at": ["2026-01-31", "2026-02-01", "2026-02-02 00:00:00", None], "x": 1})
    view = view_of(frame, f'c: {{measure: {{value: x}}, thresholds: [{{{dates}, green: "<= 1"}}, {{green: "<= 2"}}]}}')
    assert limit_choices(view.log.process.criteria["c"], view, "at")[0].tolist() == expected
