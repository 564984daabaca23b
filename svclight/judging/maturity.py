"""How long interactions can still turn: which periods are immature, and which rows are too young to be judged.

In: a criterion, a log at its `as_of`, a period or rows. An interaction can turn until the widest upper limit of
yellow (of green where there is no yellow) has passed since its anchor, by the clock of its measure; `repeat` waits
for its window, `worst` for its parts, and what is known at once can never turn.
"""

from __future__ import annotations

import math
from fractions import Fraction
from typing import TYPE_CHECKING, Final

import numpy as np

from svclight.judging.clock_measures import in_working_days, since, working_of
from svclight.judging.working_time import DAY_UNITS
from svclight.logs.customers import Customers
from svclight.thresholds import Interval
from svclight.values import clocks
from svclight.values.clocks import NANO, NAT
from svclight.values.columns import MICRO

if TYPE_CHECKING:
    import datetime as dt
    from collections.abc import Iterator

    from numpy.typing import NDArray

    from svclight.definition.models import Criterion, Process, ThresholdRow
    from svclight.logs.log import Log, Rows

    Mask = NDArray[np.bool_]

CLOCKS: Final = ("duration", "delay")
"""Measures whose limits are a length of time, so that what has not ended yet may still turn."""


def clocked(criterion: Criterion, process: Process) -> Iterator[Criterion]:
    """The criteria by whose clocks a criterion's zone is known: itself, or the parts of a `worst`."""
    if criterion.measure.worst is None:
        yield criterion
    for part in criterion.measure.worst or ():
        yield from clocked(process.criteria[part], process)


def widest_limit(criterion: Criterion, begin: dt.date, end: dt.date) -> Fraction:
    """How long an interaction of the period [begin, end) can still turn, in seconds or working days.

    It is the widest upper limit valid in the period; nothing for measures without a clock.
    """
    if criterion.measure.repeat is not None:
        return criterion.measure.repeat.within.amount
    if criterion.measure.kind not in CLOCKS:
        return Fraction(0)
    return max([Fraction(0), *(_upper(row) for row in criterion.rows if _valid(row, begin, end))])


def _valid(row: ThresholdRow, begin: dt.date, end: dt.date) -> bool:
    return (row.from_ is None or row.from_ < end) and (row.until is None or row.until > begin)


def _upper(row: ThresholdRow) -> Fraction:
    limit = row.yellow if isinstance(row.yellow, Interval) else row.green
    high = limit.high if isinstance(limit, Interval) else None
    return Fraction(0) if high is None else high.amount


def immature(criterion: Criterion, log: Log, number: int, kind: str, *, ended: bool) -> bool:
    """Whether interactions of a period can still turn at `as_of`.

    Args:
        criterion: What is judged.
        log: The log at its `as_of`.
        number: The period's number.
        kind: Its kind.
        ended: No `as_of` was given and the period's last day has an anchor, so that the period counts as over.
    """
    begin, end = clocks.period_start(number, kind), clocks.period_end(number, kind)
    over = clocks.midnight(end, log.zone)
    seen = max(over, log.as_of or over) if ended else log.as_of
    if seen is None or seen < over:
        return True
    anchors = tuple(dict.fromkeys((log.anchor, log.anchor_of(criterion))))
    return any(
        _elapsed(part, log, anchors, over, seen) < widest_limit(part, begin, end)
        for part in clocked(criterion, log.process)
    )


def _elapsed(criterion: Criterion, log: Log, anchors: tuple[str, ...], begin: int, end: int) -> Fraction:
    """The time between two instants in nanoseconds, in seconds or working days, by the clock of a criterion."""
    calendar = getattr(criterion.measure.spec, "calendar", None)
    if calendar is None:
        return Fraction(end - begin, NANO)
    working = working_of(log, calendar, anchors)
    # nanoseconds do not reach to the end of the calendar
    ends = np.array([instant * MICRO // NANO for instant in (begin, end)], dtype=np.int64)
    if in_working_days(criterion):
        first, last = working.days(ends, MICRO).tolist()
        return Fraction(last - first, DAY_UNITS)
    first, last = working.time(ends, MICRO).tolist()
    return Fraction(last - first, MICRO)


def young(criterion: Criterion, rows: Rows, kind: str) -> Mask:
    """Which rows are too young: their anchor plus what they can still turn is after `as_of`.

    Customers are until their period is over.
    """
    if isinstance(rows.log, Customers):
        return np.full(len(rows), rows.log.is_cut)
    found = np.zeros(len(rows), dtype=bool)
    anchor = rows.log.anchor_of(criterion)
    known = rows.times(anchor).ticks != NAT
    walls, per_second = rows.walls(anchor)
    numbers = clocks.period_numbers(np.where(known, clocks.to_days(walls, per_second), 0), kind)
    for part in clocked(criterion, rows.log.process):
        span = since(part, rows, anchor)
        for number in np.unique(numbers[known]):
            begin, end = clocks.period_start(int(number), kind), clocks.period_end(int(number), kind)
            limit = math.ceil(widest_limit(part, begin, end) * span.factor)
            found |= known & (numbers == number) & (span.values < limit)
    return found
