"""How long interactions can still turn: immature periods and rows too young, by every clock."""

import pandas as pd
import pytest
from support.helpers import score, states

import svclight

OFFICE = "svclight: 1\ntime_zone: {zone}\ncalendars: {{office: {{hours: {{mon-fri: '09:00-18:00'}}}}}}\n"
HEAD = OFFICE + "processes:\n  p:\n    title: P\n    log: {{time: at}}\n    criteria:\n      c: {{{what}}}\n"
ELAPSED = "measure: {duration: {from: at, to: end}}, green: '<= 1 d', yellow: '<= 2 d'"
WORKING = "measure: {duration: {from: at, to: end, calendar: office}}, green: '<= 1 bd', yellow: '<= 2 bd'"
HOURS = "measure: {duration: {from: at, to: end, calendar: office}}, green: '<= 1 h', yellow: '<= 18 h'"


def marks(what: str, at: str, as_of: str | None, *, zone: str = "UTC", end: str | None = None, **options) -> bool:
    """Whether the one period of a row is immature."""
    definitions = svclight.loads(HEAD.format(zone=zone, what=what))
    card = svclight.score(
        {"p": pd.DataFrame({"at": [at], "end": [end or at], "x": [1]})}, definitions, as_of=as_of, **options
    )
    return bool(card.periods["immature"].item())


@pytest.mark.parametrize(
    ("what", "as_of", "immature"),
    [
        # January ends on Sunday, 1 February 0:00; 2 days later it cannot turn any more
        (ELAPSED, "2026-02-02T23:59:59.999999", True),
        (ELAPSED, "2026-02-03T00:00", False),
        # two working days after the end: Monday and Tuesday until 18:00
        (WORKING, "2026-02-03T17:59:59", True),
        (WORKING, "2026-02-03T18:00", False),
        # 18 working hours are the same two days
        (HOURS, "2026-02-03T17:59:59", True),
        (HOURS, "2026-02-03T18:00", False),
        # a value is known at once; a repeat waits for its window
        ("measure: {value: x}, green: '<= 5'", "2026-02-01", False),
        ("measure: {value: x}, green: '<= 5'", "2026-01-31T23:59:59", True),
        # no yellow: green is the widest; without an upper limit there is none
        ("measure: {duration: {from: at, to: end}}, green: '<= 1 d'", "2026-02-01T23:59:59", True),
        ("measure: {duration: {from: at, to: end}}, green: '<= 1 d'", "2026-02-02", False),
        ("measure: {duration: {from: at, to: end}}, green: '>= 1 d'", "2026-02-01", False),
    ],
)
def test_a_period_is_immature_until_its_end_plus_the_widest_limit(what, as_of, immature):
    assert marks(what, "2026-01-31T12:00", as_of) is immature


@pytest.mark.parametrize(("as_of", "immature"), [("2026-02-02T22:59:59Z", True), ("2026-02-02T23:00Z", False)])
def test_the_end_of_a_period_is_midnight_in_the_documents_zone(as_of, immature):
    assert marks(ELAPSED, "2026-01-15T12:00", as_of, zone="Europe/Berlin") is immature


def test_a_repeat_waits_for_its_window():
    rows = [{"at": "2026-01-15", "who": "a"}]
    criterion = 'c: {measure: {repeat: {within: 7 d, same: [customer]}}, green: "<= 0"}'
    for as_of, immature in (("2026-02-07T23:59", True), ("2026-02-08", False)):
        card = score(rows, criterion, "{time: at, customer: who}", as_of=as_of)
        assert card.periods["immature"].tolist() == [immature]


DATED = (
    "measure: {duration: {from: at, to: end}}, thresholds: "
    "[{until: 2026-02-01, green: '<= 5 d'}, {from: 2026-02-01, until: 2026-03-01, green: '<= 1 d'}, {from: 2026-03-01, green: '<= 9 d'}]"
)


@pytest.mark.parametrize(
    ("at", "as_of", "immature"),
    [
        ("2026-01-15", "2026-02-05T23:59", True),
        ("2026-01-15", "2026-02-06", False),
        # in February the limit of February counts, not that of January or March
        ("2026-02-15", "2026-03-01T23:59", True),
        ("2026-02-15", "2026-03-02", False),
        ("2026-03-15", "2026-04-09T23:59", True),
        ("2026-03-15", "2026-04-10", False),
    ],
)
def test_the_limits_of_the_period_count(at, as_of, immature):
    assert marks(DATED, at, as_of) is immature


@pytest.mark.parametrize("what", [ELAPSED, WORKING, HOURS])
@pytest.mark.parametrize("at", ["9999-12-31T10:00", "2262-04-11T23:47", "2199-12-31", "1899-12-31", "0001-01-01"])
def test_periods_at_the_ends_of_the_calendar(what, at):
    definitions = svclight.loads(HEAD.format(zone="Europe/Berlin", what=what))
    for matured in (False, True):
        card = svclight.score({"p": pd.DataFrame({"at": [at], "end": [at]})}, definitions, matured=matured)
        assert card.counts["count"].sum() == 1
    assert marks(what, at, "9999-12-31T23:59") in (True, False)


@pytest.mark.parametrize(
    ("what", "as_of", "zone"),
    [
        (ELAPSED, "2026-01-18T11:59:59", "pending"),
        (ELAPSED, "2026-01-18T12:00", "green"),
        # a Friday noon: half of Friday, Monday, half of Tuesday
        (WORKING, "2026-01-20T13:29:59", "pending"),
        (WORKING, "2026-01-20T13:30", "green"),
    ],
)
def test_rows_too_young(what, as_of, zone):
    definitions = svclight.loads(HEAD.format(zone="UTC", what=what))
    at = "2026-01-16T12:00" if what is ELAPSED else "2026-01-16T13:30"
    frame = pd.DataFrame({"at": [at], "end": ["2026-01-16T14:00"]})
    card = svclight.score({"p": frame}, definitions, as_of=as_of, matured=True)
    assert states(card, "c") == [zone]
    assert card.interactions()["reason"].tolist() == ["too young" if zone == "pending" else ""]
    assert states(svclight.score({"p": frame}, definitions, as_of=as_of), "c") == ["green"]


def test_worst_waits_for_its_slowest_part():
    criteria = """
fast: {measure: {duration: {from: at, to: end}}, green: "<= 1 h"}
slow: {measure: {duration: {from: at, to: end}}, green: "<= 5 h"}
both: {measure: {worst: [fast, slow]}}
all: {measure: {worst: [both]}}
"""
    rows = [{"at": "2026-01-15T12:00", "end": "2026-01-15T12:10"}]
    for as_of, expected in (("2026-01-15T16:59", ["green", "pending", "pending"]), ("2026-01-15T17:00", ["green"] * 3)):
        card = score(rows, criteria, as_of=as_of, matured=True)
        assert [states(card, name)[0] for name in ("fast", "slow", "all")] == expected


LOYAL = """
r: {measure: {recency: {within: 90 d}}, green: "<= 10 d", yellow: "<= 30 d"}
f: {measure: {frequency: {within: 30 d}}, green: ">= 1"}
w: {measure: {worst: [r, f]}}
"""


@pytest.mark.parametrize(
    ("as_of", "expected"),
    [
        # January is over: 27 days since a's contact, half a day since b's
        ("2026-02-01", {"r": ["yellow", "green"], "f": ["green", "green"], "w": ["yellow", "green"]}),
        ("2026-01-31T23:59", {"r": ["pending"] * 2, "f": ["pending"] * 2, "w": ["pending"] * 2}),
        # not given, and the last day has a contact: January counts as over
        (None, {"r": ["yellow", "green"], "f": ["green", "green"], "w": ["yellow", "green"]}),
    ],
)
def test_customers_are_too_young_until_their_period_is_over(as_of, expected):
    rows = [{"at": "2026-01-05", "who": "a"}, {"at": "2026-01-31T12:00", "who": "b"}]
    card = score(rows, LOYAL, "{time: at, customer: who}", as_of=as_of, matured=True)
    assert {name: states(card, name) for name in "rfw"} == expected


def test_rows_without_a_time_are_not_too_young():
    criterion = 'c: {measure: {duration: {from: at, to: end}}, green: "<= 1 h"}'
    rows = [{"at": None, "end": "2026-01-15"}, {"at": "2026-01-15T11:30", "end": "2026-01-15T11:40"}]
    assert states(score(rows, criterion, as_of="2026-01-15T12:00", matured=True), "c") == ["missing", "pending"]
