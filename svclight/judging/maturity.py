"""Whether a period of a criterion is immature: whether interactions of it can still turn.

In: a criterion, a log at its `as_of`, a period. Out: yes or no. How long an interaction can turn is a matter of the
rule book; here the clock of the measure is held against the time since the period's end.
"""

from __future__ import annotations

from fractions import Fraction
from typing import TYPE_CHECKING

import numpy as np

from svclight.judging.log_calendars import working_of
from svclight.judging.working_time import DAY_UNITS
from svclight.method.clock_measures import calendar_of, in_working_days
from svclight.method.maturity import criteria_with_clocks, widest_limit
from svclight.values import clocks
from svclight.values.clocks import NANO
from svclight.values.columns import MICRO

if TYPE_CHECKING:
    from svclight.definition.models import Criterion
    from svclight.logs.log import Log


def immature(criterion: Criterion, log: Log, number: int, kind: str, *, ended: bool) -> bool:
    """Whether interactions of a period can still change their zone at `as_of`.

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
        _elapsed_time(part, log, anchors, over, seen) < widest_limit(part, begin, end)
        for part in criteria_with_clocks(criterion, log.process)
    )


def _elapsed_time(criterion: Criterion, log: Log, anchors: tuple[str, ...], begin: int, end: int) -> Fraction:
    """The time between two instants on the clock of a criterion: in seconds, or in working days."""
    calendar = calendar_of(criterion)
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
