"""Working time in every time zone and every country that is known, each once: a counter of minutes, a table of days.

A zone is tried where its clock last changed up to 2027; zones with one history are tried once. The second route of a
country is the package of holidays itself, asked day by day.
"""

from __future__ import annotations

import datetime as dt
import zoneinfo
from importlib import resources

import holidays
import numpy as np
import pytest
from support.worked_minutes import LENGTH, Counter

from svclight.definition.models import Calendar
from svclight.judging.working_time import working_time
from svclight.values.clocks import day_number

pytestmark = [pytest.mark.slow, pytest.mark.once]
SPANS = {"mon wed fri": ["00:30-02:15", "09:00-18:00"], "tue thu": ["22:00-03:00"], "sat sun": ["00:00-24:00"]}
WEEK = {"hours": {day: spans for days, spans in SPANS.items() for day in days.split()}}
EVERY_DAY = {"hours": {"mon-sun": "09:00-17:00"}}
FIRST, LAST = dt.date(2024, 1, 1), dt.date(2026, 12, 31)


def histories() -> dict[bytes, str]:
    """A name of each history that tzdata holds."""
    folder = resources.files("tzdata")
    names = folder.joinpath("zones").read_text("utf-8").split()
    return {folder.joinpath("zoneinfo", *name.split("/")).read_bytes(): name for name in names}


def last_change(zone: zoneinfo.ZoneInfo) -> dt.date:
    """The day on which a clock last changed from whole minutes to whole minutes; a plain day where it never did."""
    newest = dt.datetime(2027, 1, 1, 12, tzinfo=dt.UTC)
    for year in range(80):
        noons = [newest - dt.timedelta(days=365 * year + n) for n in range(366)]
        offsets = [noon.astimezone(zone).utcoffset() for noon in noons]
        for noon, after, before in zip(noons, offsets, offsets[1:], strict=False):
            if after != before and not (after % dt.timedelta(minutes=1) or before % dt.timedelta(minutes=1)):
                return noon.date()
    return dt.date(2026, 3, 27)


@pytest.mark.parametrize("part", range(8))
def test_every_time_zone(part):
    names = sorted(histories().values())[part::8]
    assert len(names) > 30
    for name in names:
        first = last_change(zoneinfo.ZoneInfo(name)) - dt.timedelta(days=LENGTH // 2)
        numbers = day_number(first), day_number(first) + LENGTH - 1
        made = working_time(Calendar.model_validate(WEEK), name, *numbers, name="office")
        counter = Counter(WEEK, name, str(first))
        seconds = np.arange(numbers[0] * 86_400, (numbers[1] + 1) * 86_400, 4_211)
        time, days = made.time(seconds, 1), made.days(seconds, 1)
        begin = int(seconds[0])
        assert (time - time[0]).tolist() == [counter.time(int(at)) - counter.time(begin) for at in seconds], name
        assert (days - days[0]).tolist() == [counter.days(int(at)) - counter.days(begin) for at in seconds], name


@pytest.mark.parametrize("country", sorted(holidays.list_supported_countries(include_aliases=False)))
def test_every_country(country):
    raw = {**EVERY_DAY, "holidays": {"country": country}}
    made = working_time(Calendar.model_validate(raw), "UTC", day_number(FIRST), day_number(LAST), name="office")
    dates = [FIRST + dt.timedelta(days=n) for n in range((LAST - FIRST).days + 1)]
    known = holidays.country_holidays(country, years=range(2023, 2028))
    worked = np.diff(made.time_by_date(np.array([day_number(FIRST) - 1, *map(day_number, dates)]), 1))
    # a working day that was moved to a weekend is worked, also where it would be a day off
    expected = [0 if day in known and day not in known.weekend_workdays else 8 * 3600 for day in dates]
    wrong = [str(day) for day, found, due in zip(dates, worked.tolist(), expected, strict=True) if found != due]
    assert wrong == []
