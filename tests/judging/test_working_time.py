"""Working time: worked examples with their arithmetic, published moved days, and a counter that goes minute by minute."""

from __future__ import annotations

import datetime as dt
import re
import subprocess
import sys
from fractions import Fraction
from zoneinfo import ZoneInfo

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from support.worked_minutes import LENGTH, Counter

from svclight.definition.models import Calendar
from svclight.judging import working_hours
from svclight.judging import working_time as calendars
from svclight.judging.working_time import DAY_UNITS, working_time
from svclight.values import public_holidays as holidays
from svclight.values.clocks import NANO, NAT, day_number
from svclight.values.public_holidays import PublicHolidays, holidays_problem, public_holidays

BERLIN = "Europe/Berlin"
WEEK = {"mon-fri": "09:00-18:00"}
MIN, H = 60, 3600


def number(date: str) -> int:
    return day_number(dt.date.fromisoformat(date))


def office(raw: dict, zone: str = BERLIN, first: str = "2026-01-01", last: str = "2026-12-31"):
    return working_time(Calendar.model_validate(raw), zone, number(first), number(last), name="office")


def instant(text: str, zone: str = BERLIN) -> int:
    moment = dt.datetime.fromisoformat(text)
    return int((moment if moment.tzinfo else moment.replace(tzinfo=ZoneInfo(zone))).timestamp())


def array(*values: int) -> np.ndarray:
    return np.array(values, dtype=np.int64)


def between(made, begin: str, end: str, zone: str = BERLIN) -> int:
    """Working seconds from one local time to another."""
    return int(np.diff(made.time(array(instant(begin, zone), instant(end, zone)), 1))[0])


def days_between(made, begin: str, end: str, zone: str = BERLIN) -> int:
    """Working days from one local time to another, in units."""
    return int(np.diff(made.days(array(instant(begin, zone), instant(end, zone)), 1))[0])


def hours_on(made, *dates: str) -> list[float]:
    """The hours that belong to each date."""
    return [np.diff(made.time_by_date(array(number(date) - 1, number(date)), 1))[0] / H for date in dates]


def worked(made, *dates: str) -> list[int]:
    """Whether each date is a working day: 1 or 0."""
    return [int(np.diff(made.days_by_date(array(number(date) - 1, number(date))))[0]) // DAY_UNITS for date in dates]


# worked examples


def test_friday_evening_to_monday_morning():
    made = office({"hours": WEEK})
    # Friday 17:30 to 18:00 is 30 min, Monday 9:00 to 9:20 is 20 min; a day has 540 min
    assert between(made, "2026-03-06T17:30", "2026-03-09T09:20") == 50 * MIN
    assert days_between(made, "2026-03-06T17:30", "2026-03-09T09:20") == round(Fraction(50, 540) * DAY_UNITS)
    assert days_between(made, "2026-03-06T10:30", "2026-03-09T10:30") == DAY_UNITS  # the same place a working day later
    assert days_between(made, "2026-03-06T09:00", "2026-03-06T09:54") == DAY_UNITS // 10  # 54 of 540 min, exactly
    assert (
        between(made, "2026-03-06T19:00", "2026-03-09T08:00")
        == days_between(made, "2026-03-06T19:00", "2026-03-09T08:00")
        == 0
    )
    assert between(made, "2026-03-09T09:20", "2026-03-06T17:30") == -50 * MIN


def test_units_of_time():
    made = office({"hours": WEEK})
    begin, end = instant("2026-03-06T17:59:59"), instant("2026-03-09T09:00:01")
    for per_second in (1, 1000, 10**6, NANO):
        ticks = array(begin, end) * per_second + array(per_second // 4, per_second // 4)
        assert np.diff(made.time(ticks, per_second)).tolist() == [
            2 * per_second
        ]  # 0.75 s on Friday and 1.25 s on Monday
        assert (
            made.time_by_date(array(number("2026-03-06")), per_second)
            - made.time_by_date(array(number("2026-03-05")), per_second)
            == 9 * H * per_second
        )
    assert (
        np.diff(made.days(array(begin, end), 1)).tolist() == np.diff(made.days(array(begin, end) * NANO, NANO)).tolist()
    )


def test_several_spans_a_day():
    made = office({"hours": {"mon-thu": ["13:00-17:00", "08:00-12:00"], "fri": "08:00-12:00"}})
    assert between(made, "2026-03-03T11:30", "2026-03-03T13:30") == H  # lunch does not count
    assert hours_on(made, "2026-03-05", "2026-03-06", "2026-03-07") == [8, 4, 0]
    # each counts 1, however long: 1 of 8 h on Thursday, 1 of 4 h on Friday
    assert days_between(made, "2026-03-05T16:00", "2026-03-06T09:00") == DAY_UNITS // 8 + DAY_UNITS // 4
    assert days_between(made, "2026-03-02T00:00", "2026-03-09T00:00") == 5 * DAY_UNITS


def test_days_and_ranges_of_the_week():
    made = office({"hours": {"sun-thu": "07:00-24:00", "fri": "07:00-14:00", "sat": "20:00-24:00"}})
    assert hours_on(made, *(f"2026-03-0{day}" for day in range(1, 8))) == [
        17,
        17,
        17,
        17,
        17,
        7,
        4,
    ]  # the 1st is a Sunday
    assert between(made, "2026-03-07T21:00", "2026-03-08T08:00") == 4 * H  # to 24:00, and again from 7:00


def test_round_the_clock():
    made = office({"hours": {"mon-sun": "00:00-24:00"}})
    assert between(made, "2026-01-01T00:00", "2026-12-31T00:00") == 364 * 24 * H
    assert days_between(made, "2026-03-28T12:00", "2026-03-30T12:00") == 2 * DAY_UNITS  # a day of 23 h is a day
    assert hours_on(made, "2026-03-29", "2026-10-25", "2026-06-01") == [23, 25, 24]


# over midnight and where the clock changes


def test_a_span_belongs_to_the_day_on_which_it_begins():
    made = office({"hours": {"fri": "22:00-06:00"}})
    assert hours_on(made, "2026-03-06", "2026-03-07") == [8, 0]
    assert worked(made, "2026-03-06", "2026-03-07") == [1, 0]
    assert between(made, "2026-03-07T00:00", "2026-03-07T12:00") == 6 * H
    assert days_between(made, "2026-03-06T12:00", "2026-03-07T00:00") == DAY_UNITS // 4


@pytest.mark.parametrize(
    ("date", "hours", "spans"),
    [
        ("2026-03-28", 7, "22:00-06:00"),  # 2:00 to 3:00 does not exist
        ("2026-10-24", 9, "22:00-06:00"),  # 2:00 to 3:00 exists twice
        ("2026-03-29", 0, "02:15-02:45"),  # no such hours
        ("2026-03-29", 1, "01:00-02:30"),  # it is 3:00 after 1:59
        ("2026-03-29", 2, "02:30-05:00"),
        ("2026-03-29", 2, "01:00-04:00"),
        ("2026-10-25", 1.5, "02:15-02:45"),  # from its first 2:15 to its last 2:45
        ("2026-10-25", 1, "01:00-02:00"),  # it is over when the clock shows 2:00 first
        ("2026-10-25", 2, "02:00-03:00"),
        ("2026-10-25", 2.5, "01:00-02:30"),
        ("2026-10-25", 1, "03:00-04:00"),
    ],
)
def test_nights_when_the_clock_changes(date, hours, spans):
    made = office({"hours": {"sun": "12:00-13:00"}, "open": {date: spans}})
    assert hours_on(made, date) == [hours]
    assert worked(made, date) == [int(hours > 0)]


def test_two_spans_that_meet_where_the_hour_exists_twice():
    made = office({"hours": {"sun": ["01:00-02:30", "02:30-05:00"]}})
    # 1:00 to 5:00 is 5 h; 2:30 to 2:30 an hour later belongs to both spans and counts once
    assert hours_on(made, "2026-10-25") == [5]
    assert days_between(made, "2026-10-25T00:00", "2026-10-25T12:00") == DAY_UNITS
    assert days_between(made, "2026-10-25T00:00", "2026-10-25T02:00") == DAY_UNITS // 5


def test_a_midnight_that_exists_twice_and_a_day_that_does_not_exist():
    havana = office({"hours": {"sat": "07:00-24:00", "sun": "00:00-24:00"}}, "America/Havana")
    assert hours_on(havana, "2026-10-31", "2026-11-01") == [17, 25]  # at 1:00 on Sunday it is 0:00 again
    apia = office({"hours": {"mon-sun": "09:00-18:00"}}, "Pacific/Apia", "2011-12-25", "2012-01-05")
    assert worked(apia, "2011-12-29", "2011-12-30", "2011-12-31") == [1, 0, 1]
    assert hours_on(apia, "2011-12-29", "2011-12-30", "2011-12-31") == [9, 0, 9]


def test_days_that_overlap_count_once_in_time_and_each_in_days():
    made = office({"hours": {"sat": "22:00-06:00", "sun": "05:00-10:00"}})
    assert between(made, "2026-03-07T12:00", "2026-03-08T12:00") == 12 * H  # 22:00 to 10:00
    assert hours_on(made, "2026-03-07", "2026-03-08") == [8, 4]  # the hour in both belongs to the day that began first
    assert days_between(made, "2026-03-07T12:00", "2026-03-08T12:00") == 2 * DAY_UNITS
    # 5:00 to 6:00: 1 of the 8 h of Saturday and 1 of the 5 h of Sunday
    assert days_between(made, "2026-03-08T05:00", "2026-03-08T06:00") == DAY_UNITS // 8 + DAY_UNITS // 5


def test_the_time_zone_of_the_calendar_goes_first():
    made = office({"hours": WEEK, "time_zone": "Asia/Kolkata"})
    assert between(made, "2026-03-06T09:00+05:30", "2026-03-06T18:00+05:30") == 9 * H
    assert between(made, "2026-03-06T18:00+05:30", "2026-03-06T18:00+01:00") == 0


# closed and open days, holidays


def test_closed_and_open_days():
    made = office(
        {
            "hours": WEEK,
            "holidays": {"country": "DE"},
            "closed": ["2026-03-04"],
            "open": {"2026-03-07": "10:00-12:00", "2026-05-01": ["09:00-10:00", "11:00-12:00"]},
        }
    )
    assert hours_on(made, "2026-03-03", "2026-03-04", "2026-03-07") == [9, 0, 2]  # a Saturday is open
    assert hours_on(made, "2026-05-01", "2026-04-06", "2026-04-03") == [2, 0, 0]  # open goes before a holiday
    assert days_between(made, "2026-03-03T18:00", "2026-03-05T18:00") == DAY_UNITS
    assert made.notices == ()


def test_holidays_of_a_subdivision():
    epiphany = "2026-01-06"
    assert hours_on(office({"hours": WEEK, "holidays": {"country": "DE"}}), epiphany) == [9]
    assert hours_on(office({"hours": WEEK, "holidays": {"country": "DE", "subdivision": "BY"}}), epiphany) == [0]


def test_moved_working_days_of_russia_2024():
    """Government decree 1314 of 10 August 2023: 27 April for the 29th, 2 November for 30 April, 28 December for the 30th."""
    week = {"mon": "08:00-12:00", "tue": "09:00-18:00", "wed-fri": "09:00-17:00", "sat": "10:00-11:00"}
    made = office({"hours": week, "holidays": {"country": "RU"}}, "Europe/Moscow", "2024-01-01", "2024-12-31")
    assert hours_on(made, "2024-04-27", "2024-11-02", "2024-12-28") == [4, 9, 4]  # of a Monday, a Tuesday, a Monday
    assert hours_on(made, "2024-04-29", "2024-04-30", "2024-12-30", "2024-12-31", "2024-05-10") == [0] * 5
    assert hours_on(made, "2024-04-20", "2024-05-06") == [1, 4]
    assert made.notices == ()


def test_moved_working_days_of_hungary_2026_and_china_2025():
    """Decree 10/2025 (NGM): 10 January for the 2nd, 8 August for the 21st; the State Council's notice for 2025."""
    short = {"mon-thu": "09:00-18:00", "fri": "09:00-14:00"}
    hungary = office({"hours": short, "holidays": {"country": "HU"}}, "Europe/Budapest")
    assert hours_on(hungary, "2026-01-10", "2026-08-08", "2026-01-02", "2026-08-21") == [5, 5, 0, 0]
    closed = office(
        {
            "hours": short,
            "holidays": {"country": "HU"},
            "closed": ["2026-01-10"],
            "open": {"2026-08-08": "08:00-09:00"},
        },
        "Europe/Budapest",
    )
    assert hours_on(closed, "2026-01-10", "2026-08-08") == [0, 1]
    china = office({"hours": WEEK, "holidays": {"country": "CN"}}, "Asia/Shanghai", "2025-01-01", "2025-12-31")
    weekends = [
        str(day) for day in (dt.date(2025, 1, 1) + dt.timedelta(days=n) for n in range(365)) if day.weekday() > 4
    ]
    assert [day for day, is_worked in zip(weekends, worked(china, *weekends), strict=True) if is_worked] == [
        "2025-01-26",
        "2025-02-08",
        "2025-04-27",
        "2025-09-28",
        "2025-10-11",
    ]


def test_a_day_moved_across_new_year_is_known_on_both_sides():
    """China, State Council's notice for 2006: work on Saturday, 31 December 2005 for Tuesday, 3 January 2006."""
    for year in (2005, 2006):
        assert public_holidays("CN", None, range(year, year + 1)).moved[dt.date(2005, 12, 31)] == dt.date(2006, 1, 3)
    short = {"mon": "09:00-18:00", "tue": "09:00-12:00"}
    made = office({"hours": short, "holidays": {"country": "CN"}}, "Asia/Shanghai", "2005-12-01", "2005-12-31")
    assert hours_on(made, "2005-12-31") == [3]


MONDAY_TO_SATURDAY = {0: ((540, 1080),), 1: ((540, 1080),), 4: ((540, 840),), 5: ((600, 660),)}


@pytest.mark.parametrize(
    ("day", "exchanged", "hours"),
    [
        ("2026-01-10", "2026-01-05", ((540, 1080),)),  # of a Monday
        ("2026-01-10", "2026-01-07", ((600, 660),)),  # nobody works on Wednesdays: nothing was exchanged
        ("2026-01-11", "2026-01-07", ()),
        ("2026-01-10", None, ((540, 840),)),  # unknown: the last weekday before that has hours, Friday
        ("2026-01-11", None, ((540, 840),)),  # Saturday is no weekday
    ],
)
def test_the_hours_of_a_moved_working_day(day, exchanged, hours):
    date = dt.date.fromisoformat(day)
    known = PublicHolidays(frozenset(), {date: exchanged and dt.date.fromisoformat(exchanged)}, frozenset({5, 6}))
    assert working_hours._moved_hours(date, known, MONDAY_TO_SATURDAY) == hours


def test_the_hours_of_a_moved_working_day_where_only_weekends_have_hours():
    sunday = dt.date(2026, 1, 11)
    known = PublicHolidays(frozenset(), {sunday: None}, frozenset({5, 6}))
    assert working_hours._moved_hours(sunday, known, {5: ((600, 660),), 6: ((0, 60),)}) == ((600, 660),)
    assert working_hours._moved_hours(sunday, known, {}) == ()


def test_an_exchange_that_the_package_does_not_name(monkeypatch):
    monkeypatch.setattr(holidays, "_exchanged_days", lambda _: {})
    made = office(
        {"hours": {"mon-thu": "09:00-18:00", "fri": "09:00-14:00"}, "holidays": {"country": "RU"}},
        "Europe/Moscow",
        "2024-01-01",
        "2024-12-31",
    )
    assert hours_on(made, "2024-04-27", "2024-11-02", "2024-12-28") == [5, 5, 5]  # each of the Friday before


# what is not known


def test_a_year_without_entries():
    made = office({"hours": WEEK, "holidays": {"country": "UA"}}, first="2022-06-01", last="2027-01-01")
    (notice,) = made.notices
    head, tail = (
        "no public holidays of UA are known for 2023 to 2027",
        "all days of these years have their usual hours; list the days off under `closed`, and working days at a weekend under `open`",
    )
    assert notice == f'calendar "office": {head}: {tail}'
    long_ago = office({"hours": WEEK, "holidays": {"country": "BY"}}, first="1989-12-31", last="1989-12-31")
    assert long_ago.notices[0].startswith('calendar "office": no public holidays of BY are known for 1989: all days')


def test_a_year_without_the_moved_days_that_others_have():
    made = office({"hours": WEEK, "holidays": {"country": "HU"}}, first="2016-01-01", last="2018-12-31")
    (notice,) = made.notices
    head, tail = (
        "no moved days of HU are known for 2017, though other years have them (the last is ",
        "if days were moved, list the days off under `closed` and the working days under `open`",
    )
    assert re.fullmatch(f'calendar "office": {re.escape(head)}20[0-9][0-9]\\): {re.escape(tail)}', notice)
    # days off were moved from a weekend in 2023, without a working day in exchange
    assert office({"hours": WEEK, "holidays": {"country": "RU"}}, first="2023-01-01", last="2024-12-31").notices == ()
    assert office({"hours": WEEK, "holidays": {"country": "DE"}}, first="2000-01-01", last="2040-12-31").notices == ()


def test_a_stray_date_asks_no_table_for_thousands_of_years():
    known = public_holidays("HU", None, range(1, 10_000))
    assert known.notices[0].startswith("no public holidays of HU are known for 1 to ")
    assert " 2101 to 9999: all days" in known.notices[0]
    assert {day.year for day in known.off} <= set(range(1900, 2101))


def test_years_are_said_in_runs():
    assert holidays._years_in_words([2019, 2021, 2022, 2023, 2026]) == "2019, 2021 to 2023, 2026"


def test_what_the_package_warns_of_is_handed_on():
    made = working_time(
        Calendar.model_validate({"hours": WEEK, "holidays": {"country": "IN"}}),
        "Asia/Kolkata",
        number("2000-01-01"),
        number("2001-12-31"),
    )
    (notice,) = made.notices
    said, tail = (
        "Requested Holidays are available only from 2001 to 2035.",
        "list the days off that it lacks under `closed`, and working days at a weekend under `open`",
    )
    assert notice == f'the holidays package says of IN: "{said}"; {tail}'
    inside = office({"hours": WEEK, "holidays": {"country": "IN"}}, "Asia/Kolkata", "2001-01-01", "2035-12-31")
    assert inside.notices == ()


@pytest.mark.parametrize(
    ("where", "problem"),
    [
        (("DE",), None),
        (("UK",), None),
        (("DE", "BY"), None),
        (("DE", "Bayern"), None),  # the package knows names of subdivisions too
        (("de",), 'country: unknown country; expected a country code such as DE, IL or US; did you mean "DE"?'),
        (("Germany",), 'country: unknown country; expected a country code such as DE, IL or US; did you mean "DE"?'),
        (("united states",), 'country: unknown country; expected a country code such as DE, IL or US; did you mean "US"?'),
        (("Deutschland",), "country: unknown country; expected a country code such as DE, IL or US"),
        (("NYSE",), "country: unknown country; expected a country code such as DE, IL or US"),
        (("HolidayBase",), "country: unknown country; expected a country code such as DE, IL or US"),
        (("AT", "AT-9"), 'subdivision: unknown subdivision of AT; expected one of "1", "2", "3", "4", "5", "6", "7", "8", "9"; did you mean "9"?'),
        (("AT", "Tirrol"), 'subdivision: unknown subdivision of AT; expected one of "1", "2", "3", "4", "5", "6", "7", "8", "9"; did you mean "Tirol"?'),
        (("MT", "Gozo"), "subdivision: no subdivisions of MT are known; expected `country` alone"),
    ],
)  # fmt: skip
def test_unknown_countries_and_subdivisions(where, problem):
    found = holidays_problem(*where)
    assert (None if found is None else str(found)) == problem


def test_a_definition_without_holidays_does_not_load_the_package():
    code = (
        "import sys, svclight; svclight.loads('svclight: 1\\ntime_zone: UTC\\ncalendars: {o: {hours: {mon: \"9:00-18:00\"}}}\\nprocesses: {p: {title: P}}'); "
        "from svclight.judging import working_time; from svclight.definition.models import Calendar; "
        "working_time.working_time(Calendar(hours={'mon': '09:00-18:00'}), 'UTC', 20000, 20100); sys.exit('holidays' in sys.modules)"
    )
    subprocess.run([sys.executable, "-c", code], check=True)


# what is outside, and far ranges


def test_instants_outside_and_no_times():
    made = office({"hours": WEEK}, first="2026-03-02", last="2026-03-06")
    for per_second in (1, NANO):
        far = array(NAT, -(2**62), 2**62) if per_second == NANO else array(NAT, -(2**40), 2**40)
        nearest = (
            array(instant("2026-03-01T00:00Z"), instant("2026-03-01T00:00Z"), instant("2026-03-08T00:00Z")) * per_second
        )
        assert made.time(far, per_second).tolist() == made.time(nearest, per_second).tolist()
        assert made.days(far, per_second).tolist() == made.days(nearest, per_second).tolist()
    far, nearest = array(NAT, 0, 10**9), array(number("2026-03-01"), number("2026-03-01"), number("2026-03-07"))
    assert made.time_by_date(far, 1).tolist() == made.time_by_date(nearest, 1).tolist()
    assert made.days_by_date(far).tolist() == made.days_by_date(nearest).tolist()
    assert np.diff(made.days_by_date(nearest)).tolist() == [0, 5 * DAY_UNITS]
    for empty in (
        made.time(array(), 1),
        made.days(array(), 1),
        made.time_by_date(array(), 1),
        made.days_by_date(array()),
    ):
        assert empty.tolist() == []
        assert empty.dtype == np.int64


def test_more_rows_than_go_at_a_time():
    made = office({"hours": WEEK})
    ticks = np.arange(instant("2026-01-10T00:00"), instant("2026-12-20T00:00"), 297)
    assert len(ticks) > 3 * calendars._CHUNK
    backwards = np.concatenate([made.time(ticks[place : place + 1000], 1) for place in range(0, len(ticks), 1000)])
    assert made.time(ticks, 1).tolist() == backwards.tolist()
    assert made.time(ticks[::-1], 1).tolist() == backwards[::-1].tolist()


def test_a_long_range_is_searched_and_gives_the_same(monkeypatch):
    raw = {"hours": {"mon-fri": "09:01-18:00", "sat": "22:00-06:00", "sun": "05:00-09:00"}}
    by_slot = office(raw)
    monkeypatch.setattr(calendars, "_MOST_SLOTS", 1000)
    searched = office(raw)
    assert (by_slot._width, searched._width) == (60, 0)
    ticks = np.concatenate([np.arange(instant("2025-12-20T00:00"), instant("2027-01-10T00:00"), 1777), array(NAT)])
    for per_second in (1, NANO):
        several = np.where(ticks == NAT, NAT, ticks * per_second)
        assert searched.time(several, per_second).tolist() == by_slot.time(several, per_second).tolist()
        assert searched.days(several, per_second).tolist() == by_slot.days(several, per_second).tolist()


def test_the_whole_calendar_can_be_covered():
    raw = {"hours": WEEK, "open": {"0001-01-06": "09:00-10:00"}}
    whole, year = office(raw, first="0001-01-01", last="9999-12-31"), office(raw)
    ticks = array(instant("2026-03-06T17:30"), instant("2026-03-09T09:20"))
    for per_second in (1, NANO):
        assert whole.time(ticks * per_second, per_second).tolist() != [0, 0]
        assert (
            np.diff(whole.time(ticks * per_second, per_second)).tolist()
            == np.diff(year.time(ticks * per_second, per_second)).tolist()
            == [50 * MIN * per_second]
        )
    assert days_between(whole, "2026-03-06T10:30", "2026-03-09T10:30") == DAY_UNITS
    assert np.diff(whole.time_by_date(array(number("2026-03-05"), number("2026-03-06")), NANO)).tolist() == [
        9 * H * NANO
    ]
    assert whole.days_by_date(array(number("9999-12-31")))[0] > 0


@pytest.mark.parametrize("zone", ["Pacific/Kiritimati", "Pacific/Pago_Pago", BERLIN])
def test_the_days_around_are_covered_too(zone):
    """A day before and after, in UTC, so that no zone has instants of the days asked for that are left out."""
    raw = {"hours": {"thu-tue": ["22:00-23:00", "23:00-22:00"], "wed": "10:00-12:00"}}
    narrow, wide = office(raw, zone, "2026-06-05", "2026-06-08"), office(raw, zone, "2026-05-01", "2026-07-01")
    ticks = np.arange(instant("2026-06-04T00:00Z"), instant("2026-06-10T00:00Z"), 900)
    assert np.diff(narrow.time(ticks, 1)).tolist() == np.diff(wide.time(ticks, 1)).tolist()
    assert np.diff(narrow.days(ticks, 1)).tolist() == np.diff(wide.days(ticks, 1)).tolist()


def test_before_the_first_working_day():
    made = office({"hours": {"fri": "09:00-18:00"}}, first="2026-06-09", last="2026-06-14")
    assert days_between(made, "2026-06-09T00:00", "2026-06-12T09:00") == 0
    assert days_between(made, "2026-06-09T00:00", "2026-06-12T12:00") == DAY_UNITS // 3
    never = office({"hours": {"fri": "09:00-18:00"}}, first="2026-06-08", last="2026-06-08")
    assert days_between(never, "2026-06-08T00:00", "2026-06-09T00:00") == 0


def test_totals_do_not_depend_on_the_range_where_it_holds_1970():
    raw = {"hours": WEEK}
    one, other = office(raw, "UTC", "1960-01-01", "2026-12-31"), office(raw, "UTC", "1969-01-01", "2030-12-31")
    ticks = array(instant("1969-06-02T12:00Z"), 0, instant("2026-03-04T12:34Z"))
    assert one.time(ticks, 1).tolist() == other.time(ticks, 1).tolist()
    assert one.time(ticks, 1)[1] == 0
    dates = array(number("1969-06-02"), -1, 0, number("2026-03-04"))
    assert one.time_by_date(dates, 1).tolist() == other.time_by_date(dates, 1).tolist()
    assert one.days_by_date(dates).tolist() == other.days_by_date(dates).tolist()
    assert one.days_by_date(dates)[1:3].tolist() == [0, DAY_UNITS]  # 1970 began on a Thursday


def test_a_calendar_that_is_always_closed():
    made = office(
        {"hours": {"sun": "09:00-10:00"}, "closed": ["2026-03-01", "2026-03-08"]}, first="2026-03-05", last="2026-03-06"
    )
    assert (
        between(made, "2026-03-05T00:00", "2026-03-06T00:00")
        == days_between(made, "2026-03-05T00:00", "2026-03-06T00:00")
        == 0
    )


# minute by minute

WINDOWS = [
    *((BERLIN, date) for date in ("2026-03-27", "2026-10-23", "2026-06-01")),
    *(("America/New_York", date) for date in ("2026-03-06", "2026-10-30")),
    *(("Australia/Lord_Howe", date) for date in ("2026-04-03", "2026-10-02")),
    *(("America/Havana", date) for date in ("2026-03-06", "2026-10-30")),
    *(("America/Sao_Paulo", date) for date in ("2018-02-16", "2018-11-02")),
    *(("Antarctica/Troll", date) for date in ("2026-03-27", "2026-10-23")),
    *[
        ("Pacific/Apia", "2011-12-28"),
        ("Asia/Kolkata", "2026-06-01"),
        ("Asia/Kathmandu", "1985-12-30"),
        ("UTC", "1969-12-29"),
    ],
]


@st.composite
def spans(draw, grid: int) -> list[str]:
    """One to three spans of a day that do not overlap, in any order; the last may go over midnight."""
    steps = 1440 // grid
    count = draw(st.integers(1, 3))
    ends = sorted(draw(st.lists(st.integers(0, steps), min_size=2 * count, max_size=2 * count, unique=True)))
    if draw(st.booleans()) and ends[-2] < steps:
        ends[-1] = draw(st.integers(0, ends[0])) if ends[0] < ends[-2] else ends[-1]
    made = [
        f"{ends[n] * grid // 60:02}:{ends[n] * grid % 60:02}-{ends[n + 1] * grid // 60:02}:{ends[n + 1] * grid % 60:02}"
        for n in range(0, 2 * count, 2)
    ]
    return draw(st.permutations(made))


@st.composite
def cases(draw):
    zone, first = draw(st.sampled_from(WINDOWS))
    day_spans = spans(draw(st.sampled_from([1, 5, 15, 30, 60])))
    names = draw(
        st.lists(
            st.sampled_from(["mon", "tue", "wed", "thu", "fri", "sat", "sun"]), min_size=1, max_size=7, unique=True
        )
    )
    start = dt.date.fromisoformat(first)
    dates = draw(st.lists(st.integers(-1, LENGTH), max_size=4, unique=True))
    named = [str(start + dt.timedelta(days=place)) for place in dates]
    raw = {
        "hours": {name: draw(day_spans) for name in names},
        "closed": named[:2],
        "open": {date: draw(day_spans) for date in named[2:]},
    }
    if draw(st.booleans()):
        raw["time_zone"] = zone
    low, high = number(first) * 86_400, (number(first) + LENGTH) * 86_400 - 1
    seconds = draw(
        st.lists(
            st.one_of(st.integers(low, high), st.integers(low // 900, high // 900).map(lambda n: 900 * n)),
            min_size=2,
            max_size=12,
        )
    )
    return raw, zone, first, sorted(seconds)


@given(cases(), st.sampled_from([1, 1000, NANO]))
def test_a_counter_that_goes_minute_by_minute_agrees(case, per_second):
    raw, zone, first, seconds = case
    last = str(dt.date.fromisoformat(first) + dt.timedelta(days=LENGTH - 1))
    made = office(raw, "Asia/Tokyo" if "time_zone" in raw else zone, first, last)
    counter = Counter(raw, zone, first)
    ticks = array(*seconds) * per_second
    time, days = made.time(ticks, per_second), made.days(ticks, per_second)
    assert (time - time[0]).tolist() == [
        (counter.time(second) - counter.time(seconds[0])) * per_second for second in seconds
    ]
    assert (days - days[0]).tolist() == [counter.days(second) - counter.days(seconds[0]) for second in seconds]
    assert (np.diff(time) >= 0).all()
    assert (np.diff(time) <= np.diff(ticks)).all()
    assert (np.diff(days) >= 0).all()


@given(cases())
def test_a_counter_of_dates_agrees(case):
    raw, zone, first, _ = case
    last = str(dt.date.fromisoformat(first) + dt.timedelta(days=LENGTH - 1))
    made, counter = office(raw, zone, first, last), Counter(raw, zone, first)
    dates = np.arange(number(first) - 1, number(last) + 1)
    masks = [counter.by_date[date] for date in dates]
    assert np.diff(made.days_by_date(dates)).tolist() == [DAY_UNITS * int(mask.any()) for mask in masks[1:]]
    seen = np.logical_or.reduce([mask for date, mask in counter.by_date.items() if date <= dates[0]])
    expected = []
    for mask in masks[1:]:
        expected.append(60 * int((mask & ~seen).sum()))
        seen = seen | mask
    assert np.diff(made.time_by_date(dates, 1)).tolist() == expected


@given(cases())
def test_a_total_does_not_depend_on_the_rows_beside_it_or_the_days_covered(case):
    raw, zone, first, seconds = case
    start = dt.date.fromisoformat(first)
    made = office(raw, zone, first, str(start + dt.timedelta(days=LENGTH - 1)))
    wider = office(raw, zone, str(start - dt.timedelta(days=40)), str(start + dt.timedelta(days=40)))
    ticks = array(*seconds)
    assert made.time(ticks, 1).tolist() == [int(made.time(array(second), 1)[0]) for second in seconds]
    assert made.days(ticks, 1).tolist() == [int(made.days(array(second), 1)[0]) for second in seconds]
    assert np.diff(made.time(ticks, 1)).tolist() == np.diff(wider.time(ticks, 1)).tolist()
    assert np.diff(made.days(ticks, 1)).tolist() == np.diff(wider.days(ticks, 1)).tolist()
