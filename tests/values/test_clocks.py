"""Clocks on arrays against zoneinfo, one moment at a time; periods against pandas and the calendar of the week."""

# ruff: noqa: DTZ001 - times without a zone are what is tested

import datetime as dt
from zoneinfo import ZoneInfo

import numpy as np
import pandas as pd
import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from svclight.values import clocks
from svclight.values.clocks import DAY, FIRST_SECOND, LAST_SECOND, NANO, NAT

ZONES = [
    *("Europe/Berlin", "America/New_York", "Asia/Jerusalem", "Australia/Lord_Howe", "America/Sao_Paulo", "UTC"),
    *("Asia/Kathmandu", "Africa/Casablanca", "America/Havana", "Pacific/Apia", "Europe/Moscow", "Asia/Tehran"),
    *("Europe/Dublin", "Antarctica/Troll", "Asia/Beirut", "America/Caracas"),
]
CHANGES = [
    *("2026-03-29T01:00", "2026-10-25T01:00", "2026-03-08T07:00", "2026-11-01T06:00", "2018-11-04T03:00"),
    *("2011-12-30T10:00", "2014-10-25T22:00", "1999-04-02T00:00", "2020-04-04T15:00", "2022-09-21T20:30"),
]
UTC = dt.UTC
EPOCH = dt.datetime(1970, 1, 1, tzinfo=UTC)
PLAIN = dt.datetime(1970, 1, 1)

zones = st.sampled_from(ZONES)
near_changes = st.builds(
    lambda change, minutes: dt.datetime.fromisoformat(change) + dt.timedelta(minutes=minutes),
    st.sampled_from(CHANGES),
    st.integers(-40 * 60, 40 * 60),
)
moments = st.one_of(near_changes, st.datetimes(dt.datetime(1890, 1, 1), dt.datetime(2037, 12, 30)))


def micros(moment: dt.datetime) -> int:
    since = moment - (PLAIN if moment.tzinfo is None else EPOCH)
    return (since.days * DAY + since.seconds) * 1_000_000 + since.microseconds


def array(values) -> np.ndarray:
    return np.array(values, dtype=np.int64)


@given(zone=zones, several=st.lists(moments, min_size=1, max_size=6))
def test_a_clock_shows_what_zoneinfo_shows(zone, several):
    instants = [moment.replace(tzinfo=UTC) for moment in several]
    shown = clocks.to_wall(array([*map(micros, instants), NAT]), 1_000_000, zone)
    expected = [micros(moment.astimezone(ZoneInfo(zone)).replace(tzinfo=None)) for moment in instants]
    assert shown.tolist() == [*expected, NAT]


@given(
    zone=zones, several=st.lists(moments, min_size=1, max_size=6), change=st.sampled_from([None, "earlier", "later"])
)
@example(zone="Europe/Berlin", several=[dt.datetime(2026, 3, 29, 2, 30)], change=None)
@example(zone="Europe/Berlin", several=[dt.datetime(2026, 10, 25, 2, 30)], change="later")
def test_local_times_are_the_instants_that_zoneinfo_says(zone, several, change):
    readings = [
        sorted({wall.replace(tzinfo=ZoneInfo(zone), fold=fold).astimezone(UTC) for fold in (0, 1)}) for wall in several
    ]
    instants, unsure = clocks.to_instant(array([*map(micros, several), NAT]), 1_000_000, zone, change)
    assert instants.tolist() == [*(micros(two[-1 if change == "later" else 0]) for two in readings), NAT]
    twofold = [len(two) > 1 for two in readings]
    if change is not None or not any(twofold):
        assert unsure is None
    else:
        assert unsure.tolist() == [*twofold, False]


@pytest.mark.parametrize(
    ("wall", "earlier", "later"),
    [
        ("2026-03-29T02:30", "2026-03-29T00:30", "2026-03-29T01:30"),  # does not exist: 01:59 is followed by 03:00
        ("2026-10-25T02:30", "2026-10-25T00:30", "2026-10-25T01:30"),  # exists twice
        ("2026-06-01T12:00", "2026-06-01T10:00", "2026-06-01T10:00"),
    ],
)
def test_the_night_when_the_clock_changes(wall, earlier, later):
    ticks = array([micros(dt.datetime.fromisoformat(wall))])
    for change, expected in (("earlier", earlier), ("later", later)):
        found, _ = clocks.to_instant(ticks, 1_000_000, "Europe/Berlin", change)
        assert found[0] == micros(dt.datetime.fromisoformat(expected))


@pytest.mark.parametrize("per_second", [1, 1000, 1_000_000, NANO])
def test_every_unit_gives_the_same(per_second):
    instant = int(dt.datetime(2026, 7, 1, 12, tzinfo=UTC).timestamp())
    wall = clocks.to_wall(array([instant * per_second]), per_second, "Asia/Tokyo")
    assert wall[0] == (instant + 9 * 3600) * per_second


@pytest.mark.parametrize("zone", ["Asia/Tokyo", "America/New_York"])
@pytest.mark.parametrize("per_second", [1, 1_000_000, NANO])
def test_the_ends_of_the_calendar_do_not_wrap(zone, per_second):
    low = max(FIRST_SECOND, -((2**63 - 1) // NANO)) if per_second == NANO else FIRST_SECOND
    high = min(LAST_SECOND, (2**63 - 1) // NANO) if per_second == NANO else LAST_SECOND
    ends = array([low * per_second, 0, high * per_second, NAT])
    for moved in (clocks.to_wall(ends, per_second, zone), clocks.to_instant(ends, per_second, zone)[0]):
        assert moved[0] < moved[1] < moved[2]
        assert moved[3] == NAT
        assert (moved[:3] >= FIRST_SECOND * per_second).all() if per_second < NANO else True
        assert abs(int(moved[2]) - int(ends[2])) <= DAY * per_second


def test_empty_columns_stay_empty():
    for nothing in (array([]), array([NAT, NAT])):
        assert clocks.to_wall(nothing, 1, "Europe/Berlin").tolist() == nothing.tolist()
        assert clocks.to_instant(nothing, 1, "Europe/Berlin") == (pytest.approx(nothing), None)
        assert clocks.to_days(nothing, 1).tolist() == nothing.tolist()
        assert clocks.tick_range(nothing) is None


@given(st.lists(st.dates(), min_size=1))
def test_day_numbers(days):
    numbers = array([clocks.day_number(day) for day in days])
    assert clocks.to_days(numbers * DAY + DAY - 1, 1).tolist() == numbers.tolist()
    assert [clocks.day_of(int(number)) for number in numbers] == days
    assert clocks.tick_range(np.append(numbers, NAT)) == (numbers.min(), numbers.max())


@given(day=st.dates(dt.date(1, 1, 8), dt.date(9999, 12, 24)), kind=st.sampled_from(clocks.PERIODS))
@example(day=dt.date(2024, 12, 30), kind="week")  # belongs to week 1 of 2025
@example(day=dt.date(2027, 1, 3), kind="week")  # belongs to week 53 of 2026
def test_period_labels_are_those_of_the_calendar(day, kind):
    number = int(clocks.period_numbers(array([clocks.day_number(day)]), kind)[0])
    year, week, _ = day.isocalendar()
    expected = {
        "day": day.isoformat(),
        "week": f"{year:04}-W{week:02}",
        "month": f"{day.year:04}-{day.month:02}",
        "quarter": f"{day.year:04}-Q{(day.month + 2) // 3}",
        "year": f"{day.year:04}",
    }[kind]
    assert clocks.period_label(number, kind) == expected
    assert clocks.period_number(expected) == (kind, number)
    assert clocks.period_start(number, kind) <= day < clocks.period_start(number + 1, kind)


@given(st.datetimes(dt.datetime(1900, 1, 1), dt.datetime(2200, 1, 1)))
def test_periods_begin_where_those_of_pandas_begin(moment):
    codes = {"day": "D", "week": "W-SUN", "month": "M", "quarter": "Q", "year": "Y"}
    for kind, code in codes.items():
        number = int(clocks.period_numbers(array([clocks.day_number(moment.date())]), kind)[0])
        assert clocks.period_start(number, kind) == pd.Period(moment, code).start_time.date()


@pytest.mark.parametrize("text", ["", "2026-13", "2026-W54", "2026-02-30", "2026-Q5", "march", "26", "0000"])
def test_what_is_no_period(text):
    assert clocks.period_number(text) is None


@pytest.mark.parametrize(
    ("zone", "day", "instant"),
    [
        ("Europe/Berlin", "2026-06-01", "2026-05-31T22:00"),
        ("America/Sao_Paulo", "2018-11-04", "2018-11-04T03:00"),  # 00:00 does not exist: the day begins at 01:00
        ("America/Havana", "2026-11-01", "2026-11-01T04:00"),  # 00:00 exists twice: the first
    ],
)
def test_midnight(zone, day, instant):
    expected = micros(dt.datetime.fromisoformat(instant)) * 1000
    assert clocks.midnight(dt.date.fromisoformat(day), zone) == expected


@pytest.mark.parametrize(
    ("written", "zone", "shown"),
    [
        ("2026-03-31", "Europe/Berlin", "2026-03-31T00:00:00+02:00"),
        (dt.date(2026, 3, 31), "Europe/Berlin", "2026-03-31T00:00:00+02:00"),
        ("2026-03-31T12:00", "Europe/Berlin", "2026-03-31T12:00:00+02:00"),
        (" 2026-03-31 12:00:00Z ", "Europe/Berlin", "2026-03-31T14:00:00+02:00"),
        ("2026-03-31T12:00:00.5+05:30", "UTC", "2026-03-31T06:30:00.500000+00:00"),
        (dt.datetime(2026, 3, 31, 12, tzinfo=UTC), "Asia/Kathmandu", "2026-03-31T17:45:00+05:45"),
        (pd.Timestamp("2026-03-31 12:00:00.000001"), "UTC", "2026-03-31T12:00:00.000001+00:00"),
        (
            "9999-12-31T23:59:59Z",
            "Asia/Tokyo",
            "9999-12-31T23:59:59+00:00",
        ),  # the calendar ends: no later time is shown
        ("9999-12-31T23:59:59-05:00", "UTC", "9999-12-31T23:59:59+00:00"),
        ("0001-01-01", "Asia/Tokyo", "0001-01-01T09:18:59+09:18:59"),
    ],
)
def test_as_of_is_read_and_shown(written, zone, shown):
    assert clocks.show_instant(clocks.read_as_of(written, zone), zone) == shown


def test_as_of_keeps_nanoseconds():
    assert clocks.read_as_of(pd.Timestamp("1970-01-01 00:00:00.000000007"), "UTC") == 7


@pytest.mark.parametrize("text", ["yesterday", "", "2026-02-30", "31.12.2026"])
def test_as_of_that_is_no_time(text):
    with pytest.raises(ValueError, match=r"Invalid isoformat|day is out of range"):
        clocks.read_as_of(text, "UTC")
