"""How long interactions can still turn: immature periods and rows too young, by every clock."""

import duckdb
import pandas as pd
import pytest
from support.helpers import score, states

import svclight
from svclight.values import clocks

OFFICE = "svclight: 1\ntime_zone: {zone}\ncalendars: {{office: {{hours: {{mon-fri: '09:00-18:00'}}}}}}\n"
HEAD = OFFICE + "processes:\n  p:\n    title: P\n    log: {{time: at}}\n    criteria:\n      c: {{{what}}}\n"
ELAPSED = "measure: {duration: {from: at, to: end}}, green: '<= 1 d', yellow: '<= 2 d'"
WORKING = "measure: {duration: {from: at, to: end, calendar: office}}, green: '<= 1 bd', yellow: '<= 2 bd'"
HOURS = "measure: {duration: {from: at, to: end, calendar: office}}, green: '<= 1 h', yellow: '<= 18 h'"


def marks(what: str, rows: list[tuple[str, str | None]], as_of: str | None, *, zone: str = "UTC", **options):
    """For each month of a log whether it is immature, how many rows are pending, and when the last is certain."""
    definitions = svclight.loads(HEAD.format(zone=zone, what=what))
    frame = pd.DataFrame(rows, columns=["at", "end"]).assign(x=1)
    periods = svclight.score({"p": frame}, definitions, as_of=as_of, **options).periods
    certain = [
        "" if micros < 0 else clocks.show_instant(micros * 1000, zone)[:16].replace("T", " ")
        for micros in periods["certain"]
    ]
    return list(zip(periods["period"], periods["immature"], periods["pending"], certain, strict=True))


@pytest.mark.parametrize(
    ("what", "as_of", "expected"),
    [
        # open since 31 January, 12:00: red for certain two days later, and pending until then
        (ELAPSED, "2026-02-01", ("2026-01", True, 1, "2026-02-02 12:00")),
        (ELAPSED, "2026-02-02T12:00", ("2026-01", True, 1, "2026-02-02 12:00")),  # "<= 2 d" includes its limit
        (ELAPSED, "2026-02-02T12:00:00.000001", ("2026-01", False, 0, "")),
        # before the month is over it is not immature: it is not over
        (ELAPSED, "2026-01-31T23:59:59", ("2026-01", False, 1, "2026-02-02 12:00")),
        # the 31st is a Saturday: on Tuesday at 18:00 it is two working days, and more when Wednesday's work begins
        (WORKING, "2026-02-01", ("2026-01", True, 1, "2026-02-04 09:00")),
        (WORKING, "2026-02-03T18:00", ("2026-01", True, 1, "2026-02-04 09:00")),
        (WORKING, "2026-02-04T09:00:00.000001", ("2026-01", False, 0, "")),
        # 18 working hours are the same two days
        (HOURS, "2026-02-01", ("2026-01", True, 1, "2026-02-04 09:00")),
        # more is better: green for certain as soon as the limit is reached
        (
            "measure: {duration: {from: at, to: end}}, green: '>= 1 d'",
            "2026-02-01",
            ("2026-01", True, 1, "2026-02-01 12:00"),
        ),
        ("measure: {duration: {from: at, to: end}}, green: '>= 1 d'", "2026-02-01T12:00", ("2026-01", False, 0, "")),
        # a value is known at once
        ("measure: {value: x}, green: '<= 5'", "2026-02-01", ("2026-01", False, 0, "")),
    ],
)
def test_a_period_is_immature_while_one_of_its_rows_is_pending_by_a_clock(what, as_of, expected):
    assert marks(what, [("2026-01-01T12:00", "2026-01-01T13:00"), ("2026-01-31T12:00", None)], as_of) == [expected]


@pytest.mark.parametrize("what", [ELAPSED, WORKING, HOURS])
def test_with_nothing_pending_a_period_is_mature_at_the_first_instant_after_its_end(what):
    rows = [("2026-01-01T12:00", "2026-01-01T13:00"), ("2026-01-31T12:00", "2026-01-31T12:10")]
    assert marks(what, rows, "2026-02-01") == [("2026-01", False, 0, "")]
    # the same where nobody says so: the last day has an anchor
    assert marks(what, rows, None) == [("2026-01", False, 0, "")]


@pytest.mark.parametrize(("as_of", "immature"), [("2026-01-31T22:59:59Z", False), ("2026-01-31T23:00Z", True)])
def test_the_end_of_a_period_is_midnight_in_the_documents_zone(as_of, immature):
    rows = [("2026-01-01T12:00", "2026-01-01T13:00"), ("2026-01-31T12:00", None)]
    assert marks(ELAPSED, rows, as_of, zone="Europe/Berlin") == [("2026-01", immature, 1, "2026-02-02 12:00")]


@pytest.mark.parametrize(
    ("rows", "date"),
    [
        # due on the 30th, and on the 31st, not delivered: "<= 2 d" is over when the 1st, the 2nd of February is
        ([("2026-01-30T08:00", None)], "2026-02-02 00:00"),
        ([("2026-01-30T08:00", None), ("2026-01-31T20:00", None)], "2026-02-03 00:00"),
    ],
)
def test_the_last_that_is_certain_by_date(rows, date):
    what = "measure: {delay: {due: at, actual: end, by: date}}, green: '<= 0 d', yellow: '<= 2 d'"
    assert marks(what, rows, "2026-02-01") == [("2026-01", True, len(rows), date)]


def test_each_row_is_certain_by_its_own_limits():
    what = (
        "measure: {duration: {from: at, to: end}}, "
        "thresholds: [{where: {x: 2}, green: '<= 9 d'}, {until: 2026-01-31, green: '<= 5 d'}, {green: '<= 1 d'}]"
    )
    # open since the 30th with 5 days, since the 31st with one: 4 February, not 1 February and not 9 d after the 31st
    rows = [("2026-01-30T12:00", None), ("2026-01-31T12:00", None)]
    assert marks(what, rows, "2026-02-01") == [("2026-01", True, 2, "2026-02-04 12:00")]


def test_a_repeat_waits_for_its_window():
    rows = [{"at": "2026-01-02", "who": "a"}, {"at": "2026-01-30T10:00", "who": "b"}]
    criterion = 'c: {measure: {repeat: {within: 7 d, same: [customer]}}, green: "<= 0"}'
    for as_of, expected in (("2026-02-06T09:59", (True, 1)), ("2026-02-06T10:00", (False, 0))):
        periods = score(rows, criterion, "{time: at, customer: who}", as_of=as_of).periods
        assert [tuple(row) for row in periods[["immature", "pending"]].to_numpy()] == [expected]


def test_what_waits_for_a_person_never_makes_a_period_immature():
    """A case that is not ended may still be handed over, but no clock will say so."""
    log = "{rows: events, id: n, step: what, time: at, steps: {taken: take, done: close}, ends: [done]}"
    criteria = """
times: {measure: {count: {step: taken}}, green: "<= 1"}
first: {measure: {duration: {from: start, to: taken}}, green: "<= 3 d"}
both: {measure: {worst: [times, first]}}
"""
    rows = [{"n": 1, "at": "2026-01-02", "what": "take"}, {"n": 2, "at": "2026-01-30", "what": "open"}]
    periods = score(rows, criteria, log, as_of="2026-02-01").periods.set_index("criterion")
    assert periods["pending"].to_dict() == {"times": 0, "first": 1, "both": 1}
    assert periods["immature"].to_dict() == {"times": False, "first": True, "both": True}
    # two days later `first` is red, and so is the worst of case 2; case 1 waits for nobody's clock
    later = score(rows, criteria, log, as_of="2026-02-03").periods.set_index("criterion")
    assert not later["immature"].any()


def test_a_segment_is_never_asked():
    """One pending row of the north keeps the whole month from a verdict, in the south too."""
    rows = [{"at": f"2026-01-{day:02}", "end": f"2026-01-{day:02}T01:00", "team": "south"} for day in range(1, 32)]
    rows.append({"at": "2026-01-31T12:00", "end": None, "team": "north"})
    criterion = 'c: {measure: {duration: {from: at, to: end}}, green: "<= 2 d"}'
    card = score(rows, criterion, "{time: at, segments: [team]}", as_of="2026-02-01", by=["team"])
    assert card.shares()[["team", "flag"]].to_numpy().tolist() == [
        ["north", "few, immature"],
        ["south", "immature"],
    ]


@pytest.mark.parametrize("what", [ELAPSED, WORKING, HOURS])
@pytest.mark.parametrize("at", ["9999-12-31T10:00", "2262-04-11T23:47", "2199-12-31", "1899-12-31", "0001-01-01"])
def test_periods_at_the_ends_of_the_calendar(what, at):
    definitions = svclight.loads(HEAD.format(zone="Europe/Berlin", what=what))
    for matured in (False, True):
        frame = pd.DataFrame({"at": [at], "end": [at]})
        card = svclight.score({"p": frame}, definitions, as_of="9999-12-31T23:59", matured=matured)
        assert card.counts["count"].sum() == 1
        # before 1980 no time is one of an interaction
        assert card.counts["period"].astype(str).iloc[0] == ("" if at < "1980" else at[:7])


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


def test_too_young_is_told_from_when_the_clock_began():
    """A promise of the 20th is too young until the 22nd, whenever it was given."""
    criterion = 'c: {measure: {delay: {due: due, actual: end}}, green: "<= 1 d", yellow: "<= 2 d"}'
    rows = [{"at": "2026-01-02", "due": "2026-01-20", "end": "2026-01-19"}]
    log = "{time: at, fields: {at: {time: at}, due: {time: due}, end: {time: end}}}"
    for as_of, expected in (("2026-01-21T23:59", "pending"), ("2026-01-22", "green")):
        assert states(score(rows, criterion, log, as_of=as_of, matured=True), "c") == [expected]


LOYAL = """
r: {measure: {recency: {within: 90 d}}, green: "<= 10 d", yellow: "<= 30 d"}
f: {measure: {frequency: {within: 30 d, young: rated}}, green: ">= 1"}
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


FAR = [
    ("measure: {duration: {from: at, to: end}}, green: '<= 1 d'", "d"),
    ("measure: {duration: {from: at, to: end, by: date}}, green: '<= 1 d'", "d"),
    ("measure: {duration: {from: at, to: end, calendar: office}}, green: '<= 1 bh'", "bh"),
    ("measure: {duration: {from: at, to: end, calendar: office}}, green: '<= 1 bd'", "bd"),
    ("measure: {duration: {from: at, to: end, calendar: office, by: date}}, green: '<= 1 bd'", "bd"),
]
ENOUGH = [10**12, 10**30]
"""So many hours or days: more than a table of 64-bit numbers can hold, in each unit in which times are kept."""


@pytest.mark.parametrize(("what", "unit"), FAR)
@pytest.mark.parametrize("many", ENOUGH)
@pytest.mark.parametrize("log", ["text", "nanoseconds", "engine"])
@pytest.mark.parametrize("matured", [True, False])
@pytest.mark.filterwarnings("ignore:.*brought from DuckDB:svclight.errors.SvclightNotice")
def test_a_limit_that_no_time_reaches_leaves_what_is_open_pending(what, unit, many, log, matured):
    definitions = svclight.loads(HEAD.format(zone="UTC", what=f"{what}, yellow: '<= {many} {unit}'"))
    rows = pd.DataFrame({"at": ["2026-01-05 12:00"] * 2, "end": ["2026-01-05 12:30", None]})
    if log != "text":
        rows = rows.apply(pd.to_datetime).astype("datetime64[ns]")
    given = duckdb.from_df(rows) if log == "engine" else rows
    card = svclight.score({"p": given}, definitions, as_of="2026-02-01", matured=matured)
    counts = card.counts.groupby("zone", observed=False)["count"].sum()
    # matured: even the one that has ended began too short a time ago
    assert (counts["green"], counts["pending"]) == ((0, 2) if matured else (1, 1))
    assert card.periods["immature"].tolist() == [True]
    found = svclight.open_interactions({"p": rows}, definitions, as_of="2026-02-01")
    assert len(found.table) == 1
