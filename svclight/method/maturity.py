"""How long interactions can still turn, and which of them are too young to be judged.

In: a criterion, and a view of the log at its `as_of`. Out: a length of time, or rows. An interaction can turn until the
widest upper limit of yellow (of green where there is no yellow) has passed since its anchor, by the clock of its
measure; `repeat` waits for its window, `worst` for its parts, and what is known at once can never turn.
"""

from __future__ import annotations

import math
from fractions import Fraction
from typing import TYPE_CHECKING

from svclight.definition.names_used import is_of_numbers
from svclight.method.clock_measures import since
from svclight.method.limits import CLOCKS
from svclight.method.rules import any_of
from svclight.thresholds import Interval

if TYPE_CHECKING:
    import datetime as dt
    from collections.abc import Iterator

    from svclight.definition.models import Criterion, Process, ThresholdRow
    from svclight.method.rules import Mask
    from svclight.method.view import View


def criteria_with_clocks(criterion: Criterion, process: Process) -> Iterator[Criterion]:
    """The criteria whose clocks decide when a zone is final: the criterion itself, or a `worst`'s parts."""
    if criterion.measure.worst is None and not is_of_numbers(criterion.measure.delay, process.log):
        yield criterion
    for part in criterion.measure.worst or ():
        yield from criteria_with_clocks(process.criteria[part], process)


def widest_limit(criterion: Criterion, begin: dt.date, end: dt.date) -> Fraction:
    """The time for which an interaction of a period can still change its zone, in seconds or working days.

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


def young_rows(criterion: Criterion, view: View) -> Mask:
    """The rows that are too young: at `as_of` their zone can still change.

    Customers are until their period is over.
    """
    customers = view.young_customers()
    if customers is not None:
        return customers
    young: list[Mask] = []
    anchor = view.log.anchor_of(criterion)
    for part in criteria_with_clocks(criterion, view.log.process):
        span = since(part, view, anchor)
        dated = any(row.from_ is not None or row.until is not None for row in part.rows)
        for rows, begin, end in view.periods(anchor, dated=dated):
            limit = math.ceil(widest_limit(part, begin, end) * span.factor)
            young.append(rows & (span.values < limit))
    return any_of(young)
