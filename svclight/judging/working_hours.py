"""The working hours of a calendar as spans of time: from weekdays and dates to instants.

In: a calendar, a time zone and dates. Out: `Spans`, when work begins and ends in UTC seconds, and the day to which each
span belongs.

Rules. A span belongs to the day on which it begins. It begins at the first instant at which a clock in the zone shows
its beginning or later, and ends with the last instant at which the clock shows less than its end: in the night of a
change 22:00-06:00 is 7 or 9 hours, and hours that do not exist have no length. `open` goes before `closed`, this before
moved working days, these before holidays, and holidays before the hours of the week.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np

from svclight.definition.key_types import DAY_MINUTES, WEEKDAYS, days_of, minutes_of
from svclight.values.clocks import DAY, MONDAY, day_number, day_of, to_instant, to_wall
from svclight.values.public_holidays import public_holidays

if TYPE_CHECKING:
    import datetime as dt
    from collections.abc import Iterable, Mapping

    from numpy.typing import NDArray

    from svclight.definition.models import Calendar
    from svclight.values.clocks import Ticks
    from svclight.values.public_holidays import PublicHolidays

    Hours = tuple[tuple[int, int], ...]
    """Spans of a day in minutes since its midnight; an end may lie on the day after."""


@dataclass(frozen=True, eq=False)
class Spans:
    """Spans of working hours in UTC seconds, in order; `owners` is the place of the day on which each begins."""

    begins: Ticks
    ends: Ticks
    owners: Ticks

    def rise(self, edges: Ticks) -> tuple[NDArray[np.bool_], Ticks]:
        """Whether work goes on after each edge, and the working seconds before it."""
        counts = (np.bincount(np.searchsorted(edges, at), minlength=len(edges)) for at in (self.begins, self.ends))
        covered = np.cumsum(np.subtract(*counts))[:-1] > 0
        return covered, np.concatenate([[0], np.cumsum(np.diff(edges) * covered)])

    def own_seconds(self, days: int) -> Ticks:
        """The seconds of each day that no earlier day has counted."""
        before = np.concatenate([self.begins[:1], np.maximum.accumulate(self.ends)[:-1]])
        added = np.maximum(self.ends - np.maximum(self.begins, before), 0)
        return np.bincount(self.owners, weights=added, minlength=days).astype(np.int64)


def spans_of(calendar: Calendar, zone: str, dates: Ticks, *, years: range) -> tuple[Spans, tuple[str, ...]]:
    """The working hours of some consecutive dates, and notices about holidays that are not known."""
    week = _week(calendar)
    exceptions, notices = _exceptions(calendar, week, years)
    return _laid_out(week, exceptions, dates, calendar.time_zone or zone), notices


def open_days(calendar: Calendar, first: int, last: int) -> Ticks:
    """The days (day numbers) from the first to the last on which a calendar has hours."""
    week = _week(calendar)
    exceptions, _ = _exceptions(calendar, week, years_of(first, last))
    days = np.arange(first, last + 1, dtype=np.int64)
    open_ = np.isin((days + MONDAY) % 7, [weekday for weekday, hours in week.items() if hours])
    named = {day: bool(hours) for day, hours in exceptions.items() if first <= day <= last}
    open_[np.array(list(named), dtype=np.int64) - first] = list(named.values())
    return days[open_]


def years_of(first_day: int, last_day: int) -> range:
    """The years in which the days lie."""
    return range(day_of(first_day).year, day_of(last_day).year + 1)


def _hours(spans: Iterable[str]) -> Hours:
    ends = sorted(map(minutes_of, spans))
    return tuple((begin, end if end > begin else end + DAY_MINUTES) for begin, end in ends)


def _week(calendar: Calendar) -> dict[int, Hours]:
    """The hours of each weekday; Monday is 0."""
    named = ((day, spans) for days, spans in calendar.hours.items() for day in days_of(days))
    return {WEEKDAYS.index(day): _hours(spans) for day, spans in named}


def _exceptions(
    calendar: Calendar, week: Mapping[int, Hours], years: range
) -> tuple[dict[int, Hours], tuple[str, ...]]:
    """The days that do not have the hours of their weekday, and notices about holidays that are not known."""
    made: dict[dt.date, Hours] = {}
    notices: tuple[str, ...] = ()
    if calendar.holidays is not None:
        known = public_holidays(calendar.holidays.country, calendar.holidays.subdivision, years)
        made = dict.fromkeys(known.off, ()) | {day: _moved_hours(day, known, week) for day in known.moved}
        notices = known.notices
    made |= dict.fromkeys(calendar.closed, ()) | {day: _hours(spans) for day, spans in calendar.open.items()}
    return {day_number(day): hours for day, hours in made.items()}, notices


def _moved_hours(day: dt.date, known: PublicHolidays, week: Mapping[int, Hours]) -> Hours:
    """The hours of a moved working day: those of the day it was exchanged for.

    Where that weekday has none, nothing was exchanged here, and the day has its usual hours. Where it is unknown, the
    hours are those of the last weekday before that has any; a day of the weekend only where no other has.
    """
    exchanged = known.moved[day]
    if exchanged is not None:
        return week.get(exchanged.weekday()) or week.get(day.weekday(), ())
    before = [(day.weekday() - back) % 7 for back in range(1, 8)]
    in_order = sorted(before, key=lambda weekday: weekday in known.weekend)
    return next((week[weekday] for weekday in in_order if weekday in week), ())


def _laid_out(week: Mapping[int, Hours], exceptions: Mapping[int, Hours], dates: Ticks, zone: str) -> Spans:
    usual = dates[~np.isin(dates, list(exceptions))]
    weekdays = (usual + MONDAY) % 7
    parts = [(usual[weekdays == weekday], *span) for weekday, hours in week.items() for span in hours]
    inside = ((day, hours) for day, hours in exceptions.items() if dates[0] <= day <= dates[-1])
    parts += [(np.array([day], dtype=np.int64), *span) for day, hours in inside for span in hours]
    days = np.concatenate([days for days, _, _ in parts] or [dates[:0]])
    begins, ends = (np.concatenate([part[0] * DAY + part[end] * 60 for part in parts] or [dates[:0]]) for end in (1, 2))
    begins, ends = _first_at(begins, zone), _last_before(ends, zone)
    order = np.lexsort((begins, days))
    order = order[ends[order] > begins[order]]
    return Spans(begins[order], ends[order], days[order] - dates[0])


def _first_at(walls: Ticks, zone: str) -> Ticks:
    """The first instants at which a clock shows the local times (in seconds), or later ones."""
    instants, _ = to_instant(walls, 1, zone, "earlier")
    return _not_skipped(instants, walls, zone)


def _last_before(walls: Ticks, zone: str) -> Ticks:
    """The instants at which a clock stops showing less than the local times (in seconds)."""
    seconds, _ = to_instant(walls - 1, 1, zone, "later")
    return _not_skipped(seconds + 1, walls, zone, back=1)


def _not_skipped(instants: Ticks, walls: Ticks, zone: str, *, back: int = 0) -> Ticks:
    """The instants of local times; those in a skipped hour become the instant of the clock change."""
    skipped = to_wall(instants - back, 1, zone) != walls - back
    if not skipped.any():
        return instants
    wanted = walls[skipped] - back
    low, high = ((to_instant(wanted, 1, zone, change)[0]) for change in ("earlier", "later"))
    while (high - low > 1).any():
        middle = (low + high) // 2
        shows = to_wall(middle, 1, zone) >= wanted
        low, high = np.where(shows, low, middle), np.where(shows, middle, high)
    made = instants.copy()
    made[skipped] = high
    return made
