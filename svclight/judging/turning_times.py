"""When unfinished interactions leave a zone: the instant at which each reaches the end of a limit, and the time left.

In: a criterion with a clock, a log at its `as_of`, the values measured so far. Out: instants, and the time from `as_of`
up to them by the clock of the measure: working time where it has a calendar. `judging.maturity` asks the same of the
last row of a period, one number at a time; here whole columns are looked up.
"""

from __future__ import annotations

import math
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, Final

import numpy as np

from svclight.judging.log_calendars import LAST_DAY, working_over
from svclight.judging.working_time import DAY_UNITS
from svclight.method.clock_measures import calendar_of, in_working_days
from svclight.method.limits import FAR
from svclight.values import clocks
from svclight.values.clocks import DAY, NAT
from svclight.values.columns import MICRO

if TYPE_CHECKING:
    from collections.abc import Callable

    from numpy.typing import NDArray

    from svclight.definition.models import Criterion
    from svclight.judging.working_time import WorkingTime
    from svclight.logs.log import Log
    from svclight.method.rules import Measured
    from svclight.thresholds import Interval

    Ticks = NDArray[np.int64]
    Floats = NDArray[np.float64]

_YEARS_AHEAD: Final = 5 * 366
"""Working time is laid out for so many days after `as_of`; what turns later has no instant, like what never turns."""


@dataclass(frozen=True)
class Turning:
    """When rows reach the end of a limit.

    Attributes:
        instants: In microseconds since 1970; `NAT` where that is not known, or further away than five years.
        seconds: The time left, working time where the measure has a calendar; NaN likewise.
        working_days: The same in working days; NaN without a calendar.
    """

    instants: Ticks
    seconds: Floats
    working_days: Floats


def turning_times(criterion: Criterion, log: Log, measured: Measured, rows: Ticks, limit: Interval) -> Turning:
    """When the values of some rows, which grow by the clock, reach the upper end of a limit.

    Args:
        criterion: A duration or delay.
        log: The log at its `as_of`.
        measured: What was measured up to `as_of`.
        rows: The places of the rows; of those beyond the limit the result has no meaning.
        limit: The limit in the units of the values, with an upper end.
    """
    by_date, calendar = criterion.measure.spec.by == "date", calendar_of(criterion)
    end: Any = limit.high
    # whole days pass at midnight: the zone is left with the first day beyond the limit, not on reaching its end
    first = min(math.ceil(end.amount) if limit.high_open else math.floor(end.amount) + 1, FAR)
    values = np.asarray(measured.values)[rows]
    needed = (first - values if by_date else float(end.amount) - values) / float(measured.factor)
    if calendar is not None:
        return _by_working_time(log, calendar, needed, in_days=in_working_days(criterion), by_date=by_date)
    as_of = _micros(log)
    if by_date:
        today = clocks.day_at(log.as_of or 0, log.zone)
        instants = _midnights(today + np.ceil(np.minimum(needed, clocks.LAST_SECOND) / DAY).astype(np.int64), log.zone)
    else:
        instants = as_of + np.rint(np.minimum(needed, clocks.LAST_SECOND - as_of / MICRO) * MICRO).astype(np.int64)
    return Turning(instants, (instants - as_of) / MICRO, np.full(len(rows), np.nan))


def _micros(log: Log) -> int:
    """`as_of` in microseconds since 1970."""
    return (log.as_of or 0) // 1000


def _midnights(days: Ticks, zone: str) -> Ticks:
    """The instants, in microseconds, at which days begin."""
    different, place = np.unique(np.minimum(days, clocks.LAST_SECOND // DAY), return_inverse=True)
    begins = [clocks.midnight(clocks.day_of(int(day)), zone) // 1000 for day in different]
    return np.array(begins, dtype=np.int64)[place.ravel()]


def _by_working_time(log: Log, calendar: str, needed: Floats, *, in_days: bool, by_date: bool) -> Turning:
    """The first instants at which so much more working time (seconds, or working days) has passed."""
    as_of, today = _micros(log), clocks.day_at(log.as_of or 0, log.zone)
    last = min(today + _YEARS_AHEAD, LAST_DAY)
    working = working_over(log, calendar, [today - 1, last])
    total, unit, begin, end = _total(working, in_days=in_days, by_date=by_date), 1, as_of, last * DAY * MICRO
    unit = DAY_UNITS if in_days else 1 if by_date else MICRO
    if by_date:
        begin, end = today, last
    passed = total(np.array([begin], dtype=np.int64))[0]
    more = np.ceil(np.minimum(np.round(needed * unit, 3), FAR)).astype(np.int64)
    places = _first_places(total, passed + more, begin, end)
    known = places >= 0
    instants = np.where(known, places, begin)
    if by_date:
        instants = _midnights(instants, log.zone)
    seconds = (working.time(instants, MICRO) - working.time(np.array([as_of]), MICRO)) / MICRO
    days = (working.days(instants, MICRO) - working.days(np.array([as_of]), MICRO)) / DAY_UNITS
    return Turning(np.where(known, instants, NAT), *(np.where(known, one, np.nan) for one in (seconds, days)))


def _total(working: WorkingTime, *, in_days: bool, by_date: bool) -> Callable[[Ticks], Ticks]:
    """The working time up to instants in microseconds, or of all days up to and including day numbers."""
    if by_date:
        return working.days_by_date if in_days else lambda days: working.time_by_date(days, 1)
    return lambda ticks: (working.days if in_days else working.time)(ticks, MICRO)


def _first_places(total: Callable[[Ticks], Ticks], wanted: Ticks, begin: int, end: int) -> Ticks:
    """The first numbers at which a total that never falls is what is wanted; -1 where it is less even at the end."""
    low, high = np.full(len(wanted), begin, dtype=np.int64), np.full(len(wanted), end, dtype=np.int64)
    reached = total(high) >= wanted
    while (low < high).any():
        middle = (low + high) // 2
        enough = total(middle) >= wanted
        low, high = np.where(enough, low, middle + 1), np.where(enough, middle, high)
        low = np.minimum(low, high)
    return np.where(reached, low, -1)
