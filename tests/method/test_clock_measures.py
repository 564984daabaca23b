"""Durations and delays in working time, what is taken off, and times that working time does not reach."""

import pandas as pd
import pytest

import svclight

HEAD = """svclight: 1
time_zone: Europe/Berlin
calendars: {office: {hours: {mon-fri: "09:00-18:00"}}}
processes:
  p:
    title: P
    log: {time: at, fields: {at: {time: at}, end: {time: end}, due: {time: due}, off: {number: off, unit: min}, span: {span: span}}}
    criteria:
      c: {MEASURE, green: "<= LIMIT"}
"""


def one(measure: str, limit: str = "1 h", as_of: str | None = "2026-06-01", **row) -> tuple:
    """Value, zone and reason of a row that begins on Friday, 2026-01-16 at 12:00."""
    definitions = svclight.loads(HEAD.replace("MEASURE", f"measure: {measure}").replace("LIMIT", limit))
    frame = pd.DataFrame([{"at": "2026-01-16T12:00", "end": None, "due": None, "off": 0, "span": "0:00:00", **row}])
    found = svclight.score({"p": frame}, definitions, as_of=as_of).interactions().iloc[0]
    value = None if pd.isna(found["value"]) else found["value"]
    return value, str(found["zone"]), found["reason"]


SPELL = "{duration: {from: at, to: end, calendar: office}}"
BY_DATE = "{duration: {from: at, to: end, by: date, calendar: office}}"


@pytest.mark.parametrize(
    ("measure", "limit", "end", "expected"),
    [
        # Friday 17:30 to Monday 9:20 is 50 min
        (SPELL, "50 min", ("2026-01-16T17:30", "2026-01-19T09:20"), (3000, "green", "")),
        (SPELL, "49 min", ("2026-01-16T17:30", "2026-01-19T09:20"), (3000, "red", "")),
        # half an hour of nine, and a third of an hour of nine
        (SPELL, "1 bd", ("2026-01-16T17:30", "2026-01-19T09:20"), (pytest.approx(5 / 6 / 9, abs=1e-6), "green", "")),
        # over a weekend no work lies between, in either direction
        (SPELL, "0 s", ("2026-01-17T12:00", "2026-01-18T12:00"), (0, "green", "")),
        (SPELL, "1 h", ("2026-01-18T12:00", "2026-01-17T12:00"), (None, "missing", "end is before at")),
        (SPELL, "1 bd", ("2026-01-18T12:00", "2026-01-17T12:00"), (None, "missing", "end is before at")),
        (BY_DATE, "1 h", ("2026-01-18T12:00", "2026-01-17T12:00"), (None, "missing", "end is before at")),
        (BY_DATE, "1 bd", ("2026-01-18T12:00", "2026-01-17T12:00"), (None, "missing", "end is before at")),
        (BY_DATE, "1 bd", ("2026-01-16T17:00", "2026-01-19T09:00"), (1, "green", "")),
        (BY_DATE, "8 h", ("2026-01-16T17:00", "2026-01-19T09:00"), (32400, "red", "")),
        (BY_DATE, "8 h", ("2026-01-16T17:00", "2026-01-16T09:00"), (0, "green", "")),
    ],
)
def test_working_time(measure, limit, end, expected):
    assert one(measure, limit, at=end[0], end=end[1]) == expected


@pytest.mark.parametrize("measure", [SPELL, BY_DATE])
@pytest.mark.parametrize("limit", ["1 h", "1 bd"])
@pytest.mark.parametrize(
    ("row", "said"),
    [
        ({"end": "2200-01-01T10:00"}, "end lies outside the years 1900 to 2199"),
        ({"at": "9999-12-30", "end": "9999-12-31T10:00"}, "at lies outside the years 1900 to 2199"),
    ],
)
def test_working_time_is_told_for_three_centuries(measure, limit, row, said):
    assert one(measure, limit, None, **row)[1:] == ("missing", said)


@pytest.mark.parametrize(
    ("measure", "row", "expected"),
    [
        # 90 min from noon, 31.5 min of them at the customer's and 60 s on the road
        (
            "{duration: {from: at, to: end, minus: [off]}}",
            {"end": "2026-01-16T13:30", "off": 31.5},
            (3510, "green", ""),
        ),
        (
            "{duration: {from: at, to: end, minus: [off, span]}}",
            {"end": "2026-01-16T13:30", "off": 31.5, "span": "0:01:00"},
            (3450, "green", ""),
        ),
        (
            "{duration: {from: at, to: end, minus: [off]}}",
            {"end": "2026-01-16T13:30", "off": 91},
            (None, "missing", "after taking off, the time is below 0"),
        ),
        (
            "{duration: {from: at, to: end, minus: [off]}}",
            {"end": "2026-01-16T13:30", "off": None},
            (None, "missing", "off is empty"),
        ),
        (
            "{duration: {from: at, to: end, minus: [off]}}",
            {"end": "2026-01-16T13:30", "off": "much"},
            (None, "missing", 'off: "much" is not a number'),
        ),
        # working time less what was taken off; one day by date less 12 h
        (
            "{duration: {from: at, to: end, calendar: office, minus: [off]}}",
            {"at": "2026-01-16T17:30", "end": "2026-01-19T09:20", "off": 20},
            (1800, "green", ""),
        ),
        (
            "{duration: {from: at, to: end, calendar: office, minus: [off]}}",
            {"at": "2026-01-18T12:00", "end": "2026-01-17T12:00"},
            (None, "missing", "after taking off, the time is below 0"),
        ),
        (
            "{duration: {from: at, to: end, by: date, minus: [off]}}",
            {"end": "2026-01-17", "off": 720},
            (0.5, "red", ""),
        ),
        # open: from 16 January 12:00 to 1 June 0:00 is 135.5 days less the hour of summer time; one hour is taken off
        ("{duration: {from: at, to: end, minus: [off]}}", {"off": 60}, (135.5 * 86400 - 2 * 3600, "red", "overdue")),
    ],
)
def test_what_is_taken_off(measure, row, expected):
    assert one(measure, "11 h" if "date" in measure else "1 h", **row) == expected


@pytest.mark.parametrize(
    ("row", "expected"),
    [
        ({"due": None, "end": "2026-01-16"}, (None, "not_applicable", "no promise")),
        ({"due": "soon", "end": "2026-01-16"}, (None, "missing", 'due: "soon" is not a time')),
        ({"due": "2026-01-16", "end": "late"}, (None, "missing", 'end: "late" is not a time')),
        ({"due": "2026-01-19T10:00", "end": "2026-01-16T17:00"}, (-7200, "green", "")),
        ({"due": "2026-05-29T17:00"}, (3600, "pending", "not finished")),
        ({"due": "2026-05-29T16:00"}, (7200, "red", "overdue")),
        ({"due": "2026-07-01"}, (None, "pending", "not finished")),
    ],
)
def test_promises_in_working_time(row, expected):
    found = one("{delay: {due: due, actual: end, calendar: office}}", "1 h", **row)
    # what is due in the future is early by what lies between
    assert found[1:] == expected[1:]
    if expected[0] is not None:
        assert found[0] == expected[0]


@pytest.mark.parametrize("name", ["at", "end"])
def test_the_night_when_the_clock_changes(name):
    row = {"at": "2026-03-28T12:00", "end": "2026-03-30T12:00"} | {name: "2026-03-29T02:30"}
    found = one("{duration: {from: at, to: end}}", "1 h", **row)
    assert found == (None, "missing", f"{name} stands in the night when the clock changes")
    assert one("{duration: {from: at, to: end, by: date}}", "1 d", **row)[1] == "green"


@pytest.mark.parametrize("first", ["s", "ms", "us", "ns"])
@pytest.mark.parametrize("last", ["s", "ms", "us", "ns"])
def test_times_of_different_units(first, last):
    definitions = svclight.loads(
        HEAD.replace("MEASURE", "measure: {duration: {from: at, to: end}}").replace("LIMIT", "90 s")
    )
    frame = pd.DataFrame(
        {"at": pd.to_datetime(["2026-01-16T12:00:00", None]), "end": pd.to_datetime(["2026-01-16T12:01:30"] * 2)}
    )
    frame = frame.astype({"at": f"datetime64[{first}]", "end": f"datetime64[{last}]"}).assign(
        due=None, off=0, span="0:00:00"
    )
    found = svclight.score({"p": frame}, definitions).interactions()
    assert found["zone"].astype(str).tolist() == ["green", "missing"]
    assert found["value"].iloc[0] == 90


def test_times_far_apart_in_different_units():
    definitions = svclight.loads(
        HEAD.replace("MEASURE", "measure: {duration: {from: at, to: end}}").replace("LIMIT", "90 s")
    )
    frame = pd.DataFrame(
        {"at": pd.to_datetime(["2026-01-16"]).astype("datetime64[ns]"), "end": ["9999-12-31"], "due": None}
    )
    frame = frame.assign(end=frame["end"].astype("datetime64[s]"), off=0, span="0:00:00")
    assert svclight.score({"p": frame}, definitions, as_of="9999-12-31").interactions()["zone"].tolist() == ["red"]
