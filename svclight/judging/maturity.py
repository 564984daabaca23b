"""When the unfinished interactions of a criterion are certain: how long they can still turn, as an instant.

In: a criterion, a log at its `as_of`, how long its rows can still turn by the clock of the measure. Out: the instant
from which their zone is certain. Working time is turned back into time by looking for the instant at which so much of
it has passed.
"""

from __future__ import annotations

import math
from dataclasses import replace
from typing import TYPE_CHECKING, Final

import numpy as np

from svclight.judging.log_calendars import LAST_DAY, working_over
from svclight.judging.working_time import DAY_UNITS
from svclight.method.clock_measures import calendar_of, in_working_days
from svclight.method.maturity import criteria_with_clocks
from svclight.values import clocks
from svclight.values.clocks import DAY, NANO
from svclight.values.columns import MICRO

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping
    from fractions import Fraction

    from svclight.counts.count_tables import Tally
    from svclight.definition.models import Criterion, Process
    from svclight.judging.working_time import WorkingTime
    from svclight.logs.log import Log

_FIRST_LOOK: Final = 64
"""So many days after `as_of` are looked at first; twice as many each time they do not suffice."""


def certain_at(criterion: Criterion, log: Log, left: Fraction, *, by_date: bool) -> int | None:
    """The instant, in nanoseconds since 1970, from which rows are certain that can turn for so long.

    Args:
        criterion: What is judged; no `worst`.
        log: The log at its `as_of`.
        left: How long, in seconds, or in working days where limits are counted in those.
        by_date: Whether whole days are counted.

    Returns:
        The instant; None where it lies beyond the years for which working time is told.
    """
    as_of = log.as_of or 0
    calendar = calendar_of(criterion)
    if calendar is not None:
        return _worked_until(criterion, log, calendar, left, by_date=by_date)
    if not by_date:
        return min(as_of + int(left * NANO), clocks.LAST_SECOND * NANO)
    return _midnight(clocks.day_at(as_of, log.zone) + math.ceil(left / DAY), log.zone)


def with_worst(process: Process, tallies: Mapping[str, Tally]) -> dict[str, Tally]:
    """What was counted of each criterion; the rows of a `worst` are certain when the last of its parts is."""
    worst = [(name, process.criteria[name]) for name in tallies if process.criteria[name].measure.worst is not None]
    return {**tallies, **{name: _certain_with_parts(one, tallies[name], process, tallies) for name, one in worst}}


def _certain_with_parts(criterion: Criterion, tally: Tally, process: Process, tallies: Mapping[str, Tally]) -> Tally:
    found: dict[int, int] = {}
    names = {id(part): name for name, part in process.criteria.items()}
    parts = [names[id(part)] for part in criteria_with_clocks(criterion, process)]
    for part in filter(tallies.__contains__, parts):
        for number, instant in tallies[part].certain.items():
            found[number] = max(instant, found.get(number, instant))
    return replace(tally, certain=found)


def _worked_until(criterion: Criterion, log: Log, calendar: str, left: Fraction, *, by_date: bool) -> int | None:
    """The first instant at which so much more working time has passed than at `as_of`."""
    as_of, in_days = log.as_of or 0, in_working_days(criterion)
    today, days = clocks.day_at(as_of, log.zone), _FIRST_LOOK
    more = left * (DAY_UNITS if in_days else 1 if by_date else MICRO)
    while today + days // 2 < LAST_DAY:
        working = working_over(log, calendar, [today - 1, today + days])
        passed = _passed_days(working, in_days=in_days) if by_date else _passed_micros(working, in_days=in_days)
        begin, end = (today, today + days) if by_date else (as_of // 1000, (today + days) * DAY * MICRO)
        place = _first(passed, passed(begin) + more, begin, end)
        if place is not None:
            return _midnight(place, log.zone) if by_date else place * 1000
        days *= 2
    return None


def _passed_micros(working: WorkingTime, *, in_days: bool) -> Callable[[int], int]:
    """The working time up to an instant in microseconds."""
    total = working.days if in_days else working.time
    return lambda at: int(total(np.array([at], dtype=np.int64), MICRO)[0])


def _passed_days(working: WorkingTime, *, in_days: bool) -> Callable[[int], int]:
    """The working time of all days up to and including a day."""
    if in_days:
        return lambda day: int(working.days_by_date(np.array([day], dtype=np.int64))[0])
    return lambda day: int(working.time_by_date(np.array([day], dtype=np.int64), 1)[0])


def _first(total: Callable[[int], int], wanted: Fraction, low: int, high: int) -> int | None:
    """The first number at which a total that never falls is what is wanted; None where it is less even at `high`."""
    if total(high) < wanted:
        return None
    while low < high:
        middle = (low + high) // 2
        low, high = (low, middle) if total(middle) >= wanted else (middle + 1, high)
    return low


def _midnight(day: int, zone: str) -> int:
    last = clocks.LAST_SECOND // DAY
    return clocks.midnight(clocks.day_of(min(day, last)), zone)
