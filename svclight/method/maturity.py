"""How long interactions can still turn, and which of them are too young to be judged.

In: a criterion, and a view of the log at its `as_of`. Out: a length of time, or rules. An interaction can turn until
the widest upper limit of yellow (of green where there is no yellow) has passed since its clock began (`from`, `due`);
`repeat` waits for its window since the contact, `worst` for its parts, and what is known at once can never turn.
"""

from __future__ import annotations

import math
from fractions import Fraction
from typing import TYPE_CHECKING, Final

from svclight.definition.criterion_checks import AT_THE_END
from svclight.definition.names_used import is_of_numbers
from svclight.method.clock_measures import since
from svclight.method.limits import CLOCKS, FAR
from svclight.method.rules import Left, Rule
from svclight.thresholds import Interval

if TYPE_CHECKING:
    import datetime as dt
    from collections.abc import Iterable, Iterator

    from svclight.definition.models import Criterion, Process, ThresholdRow
    from svclight.method.view import View

    Pair = tuple[str, str]


TOO_YOUNG: Final = "too young"


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


def young_rules(criterion: Criterion, view: View) -> tuple[Rule, ...]:
    """The rules for rows that are too young: their clock began less than what they can still turn before `as_of`.

    Customers are until their period is over.
    """
    customers = view.customers_to_come()
    if customers is not None:
        return (Rule("pending", TOO_YOUNG, customers),)
    anchor = view.log.anchor_of(criterion)
    return tuple(
        rule for part in criteria_with_clocks(criterion, view.log.process) for rule in _young_rules(part, view, anchor)
    )


def _young_rules(criterion: Criterion, view: View, anchor: str) -> Iterator[Rule]:
    """The rules for rows whose own clock began too short a time ago."""
    begin = clock_begins(criterion, view)
    if begin is None:
        return
    span = since(criterion, view, begin)
    dated = any(row.from_ is not None or row.until is not None for row in criterion.rows)
    for rows, first, end in view.periods(anchor, dated=dated):
        limit = min(math.ceil(widest_limit(criterion, first, end) * span.factor), FAR)
        young = rows & view.has_time(begin) & (span.values < limit)
        yield Rule("pending", TOO_YOUNG, young, by_clock=True, left=Left(limit - span.values, span.factor))


def clock_begins(criterion: Criterion, view: View) -> str | None:
    """The name of the time at which the clock of a measure begins; None where it has no clock."""
    measure = criterion.measure
    if measure.duration is not None:
        return str(view.log.moment(measure.duration.from_))
    if measure.delay is not None:
        return str(measure.delay.due)
    return None if measure.repeat is None else str(view.log.anchor)


def pending_by_clock(criterion: Criterion, process: Process, reason: str) -> bool:
    """Whether rows that are pending for a reason will be turned by a clock, and not by what a person does."""
    for part in criterion.measure.worst or ():
        if reason.startswith(f"{part}: "):
            return pending_by_clock(process.criteria[part], process, reason.removeprefix(f"{part}: "))
    return any(has_clock(part) for part in criteria_with_clocks(criterion, process))


def turning_pairs(criterion: Criterion, process: Process, pairs: Iterable[Pair]) -> frozenset[Pair]:
    """Those of the (state, reason) pairs of a criterion that are pending by a clock."""
    return frozenset(
        pair for pair in pairs if pair[0] == "pending" and pending_by_clock(criterion, process, str(pair[1]))
    )


def has_clock(criterion: Criterion) -> bool:
    """Whether a clock turns what is unfinished in a criterion: of a count or of customers it does not."""
    return criterion.measure.kind in (*CLOCKS, "repeat")


def looks_back(criterion: Criterion, process: Process) -> tuple[int, int]:
    """How many seconds a criterion looks back from a period's begin, and from its end; 0 where it does not."""
    begin = end = Fraction(0)
    for part in criteria_with_clocks(criterion, process):
        measure = part.measure
        if measure.kind in AT_THE_END:
            end = max(end, measure.spec.within.amount)
        elif measure.repeat is not None and measure.repeat.first_only:
            begin = max(begin, measure.repeat.within.amount)
    return math.ceil(begin), math.ceil(end)
