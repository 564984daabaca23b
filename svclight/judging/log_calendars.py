"""The working time of a calendar over the days that a log's times lie in.

In: a log, the name of a calendar, the names of times. Out: `WorkingTime`, made once for a log; what is not known about
the holidays of its years is entered in the log's notices.
"""

from __future__ import annotations

import datetime as dt
from typing import TYPE_CHECKING, Final

from svclight.judging.working_time import WorkingTime, working_time
from svclight.method.clock_measures import FIRST_YEAR, LAST_YEAR
from svclight.values import clocks
from svclight.values.clocks import DAY, NANO

if TYPE_CHECKING:
    from collections.abc import Collection

    from svclight.logs.log import Log

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


def working_over(log: Log, calendar: str, days: Collection[int]) -> WorkingTime:
    """The working time of a calendar over days, and that of `as_of`, as far as it is known."""
    document = log.definitions.document
    more = [*days, *([] if log.as_of is None else [log.as_of // (DAY * NANO)])]
    first, last = (min(max(day, FIRST_DAY), LAST_DAY) for day in (min(more, default=0), max(more, default=0)))
    return working_time(document.calendars[calendar], document.time_zone, first, last, name=calendar)
