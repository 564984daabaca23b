"""The working time of a calendar over the days that a log's times lie in.

In: a log, the name of a calendar, the names of times. Out: `WorkingTime`, made once for a log; what is not known about
the holidays of its years is entered in the log's notices.
"""

from __future__ import annotations

import datetime as dt
from typing import TYPE_CHECKING, Final

from svclight.counts.log_reach import Reach, days_around
from svclight.judging.working_hours import open_days
from svclight.judging.working_time import WorkingTime, working_time
from svclight.method.clock_measures import FIRST_YEAR, LAST_YEAR
from svclight.values import clocks
from svclight.values.clocks import DAY, NANO

if TYPE_CHECKING:
    from collections.abc import Callable, Collection

    from svclight.logs.log import Log
    from svclight.values.clocks import Ticks

FIRST_DAY: Final = clocks.day_number(dt.date(FIRST_YEAR, 1, 1))
LAST_DAY: Final = clocks.day_number(dt.date(LAST_YEAR, 12, 31))
"""The first and the last day for which working time is known."""


def working_of(log: Log, calendar: str, names: tuple[str, ...]) -> WorkingTime:
    """The working time of a calendar over all days that the log's times (and `as_of`) lie in."""

    def lay_out() -> WorkingTime:
        ends = [(clocks.tick_range(times.ticks), times.per_second) for times in map(log.times, names)]
        days = [tick // (DAY * second) for pair, second in ends if pair is not None for tick in pair]
        return working_over(log, calendar, days)

    working: WorkingTime = log.remember(("working", calendar, names), lay_out)
    log.notices.update(dict.fromkeys(working.notices))
    return working


def open_days_of(log: Log, first: int, last: int) -> Ticks | None:
    """The days from the first to the last on which a process's service is open; None where it is open every day."""
    name = log.spec.calendar
    if name is None:
        return None
    begin, end = (min(max(day, FIRST_DAY), LAST_DAY) for day in (first, last))
    return open_days(log.definitions.document.calendars[name], begin, end)


def reach_of(log: Log, kind: str, days: Callable[[], Ticks], ends: tuple[int, int] | None, *, given: bool) -> Reach:
    """How far a log reaches at its `as_of`.

    Args:
        log: The log, which need not have its rows.
        kind: The kind of period.
        days: Gives the days with an anchor, in their order.
        ends: The first and the last of them; None where there is none.
        given: Whether the call gave `as_of`.
    """
    first, last = ends if ends is not None else (None, None)
    if last is not None and log.as_of is not None:  # an anchor that is a promise may lie in the future
        last = min(last, clocks.day_at(log.as_of, log.zone))
    since = None if log.spec.since is None else clocks.day_number(log.spec.since)
    seen = [day for day in (first, last) if day is not None]
    seen += [] if log.as_of is None else [clocks.day_at(log.as_of, log.zone)]
    open_days = open_days_of(log, *days_around(min(seen), max(seen))) if seen else None
    return Reach(kind, log.zone, log.as_of, given, first, last, since, open_days, days)


def working_over(log: Log, calendar: str, days: Collection[int]) -> WorkingTime:
    """The working time of a calendar over days, and that of `as_of`, as far as it is known."""
    document = log.definitions.document
    more = [*days, *([] if log.as_of is None else [log.as_of // (DAY * NANO)])]
    first, last = (min(max(day, FIRST_DAY), LAST_DAY) for day in (min(more, default=0), max(more, default=0)))
    return working_time(document.calendars[calendar], document.time_zone, first, last, name=calendar)
