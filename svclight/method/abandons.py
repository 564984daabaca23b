"""Abandoned interactions: the rows, and the rules by which the definition counts them.

In: a criterion, a view, what was measured, the limits that hold. Out: rules for the abandoned rows: red whatever they
waited, excluded, excluded where short, or rated by what they waited.
"""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING, Any, Final

from svclight.definition.models import Within
from svclight.method.conditions import rows_meeting
from svclight.method.limits import NOT_FINISHED, by_value, certain_rules, limit_in_units, time_left
from svclight.method.measures import measure
from svclight.method.missing import without_time
from svclight.method.rules import Rule, applicable, rules_among
from svclight.thresholds import Interval
from svclight.thresholds import Rule as Limits

if TYPE_CHECKING:
    from collections.abc import Sequence

    from svclight.definition.models import Criterion
    from svclight.method.rules import Ladder, Mask, Measured
    from svclight.method.view import View

ABANDONED: Final = "abandoned"


def abandoned_rows(criterion: Criterion, view: View, measured: Measured | None) -> Mask:
    """The abandoned rows, without rows still waiting at `as_of` and rows to which nothing was promised."""
    rule: Any = criterion.abandoned
    gone = rows_meeting(rule.where, view)
    later = None if rule.at is None else view.later(view.log.abandon_time(rule.at))
    return applicable(gone if later is None else gone & ~later, measured)


def with_abandons(criterion: Criterion, view: View, ladder: Ladder) -> Ladder:
    """Puts the rules for abandoned rows into a ladder of rules by value."""
    measured: Any = ladder.measured
    gone = view.some(view.once("abandoned", abandoned_rows(criterion, view, measured)))
    if gone is None:
        return ladder
    rule: Any = criterion.abandoned
    if isinstance(rule.counts, Within):
        waited = time_waited(criterion, view, measured)
        rules = _short_or_red(criterion, view, waited, ladder.choices)
        return _instead(ladder, gone, [*rules_among(gone, rules), Rule("red", ABANDONED, gone)], waited)
    if rule.counts != "by_elapsed":
        return _instead(ladder, gone, [Rule(str(rule.counts), ABANDONED, gone)])
    waited = time_waited(criterion, view, measured)
    late = by_value(criterion, view, waited, ladder.choices)
    untimed = without_time(criterion, view, waited)
    rules = [*rules_among(gone, (*untimed, *late.rules)), *rules_among(~gone, ladder.rules)]
    green, wider = ((gone & one) | (~gone & other) for one, other in _zones(late, ladder))
    return replace(ladder, rules=tuple(rules), green=green, wider=wider, gone=gone, waited=waited)


def _instead(ladder: Ladder, gone: Mask, rules: Sequence[Rule], waited: Measured | None = None) -> Ladder:
    """The rules that take all abandoned rows, so that later rules and zones need not ask about them."""
    return replace(ladder, rules=(*rules, *ladder.rules), gone=gone, waited=waited)


def _zones(late: Ladder, ladder: Ladder) -> tuple[tuple[Mask, Mask], ...]:
    return (late.green, ladder.green), (late.wider, ladder.wider)


def time_waited(criterion: Criterion, view: View, measured: Measured) -> Measured:
    """The time that abandoned rows waited until they gave up; the measured time if that is not known."""
    rule: Any = criterion.abandoned
    return measured if rule.at is None else measure(criterion, view, gave_up=view.log.abandon_time(rule.at))


def shown_values(criterion: Criterion, view: View, ladder: Ladder) -> Measured:
    """The values to show: of abandoned rows the time they waited, nothing if it is not known."""
    measured: Measured = ladder.measured  # type: ignore[assignment]  # no `worst` is shown
    if ladder.gone is None:
        return measured
    gone, waited = ladder.gone, ladder.waited or time_waited(criterion, view, measured)
    rules = [*rules_among(~gone, measured.rules), *rules_among(gone, waited.rules)]
    if waited.open is not None:
        rules.append(Rule("missing", ABANDONED, waited.open & gone))
    still_open = None if measured.open is None else measured.open & ~gone
    if waited is not measured:
        measured, waited = _in_same_ticks(measured, waited)
        measured = replace(measured, values=view.either(gone, waited.values, measured.values))
    return replace(measured, rules=tuple(rules), open=still_open)


def _in_same_ticks(one: Measured, other: Measured) -> tuple[Measured, Measured]:
    """Puts two waits into the finer of their ticks: one may be in microseconds, the other in nanoseconds."""
    ticks = max(one.per_unit, other.per_unit)
    return _in_ticks(one, ticks), _in_ticks(other, ticks)


def _in_ticks(measured: Measured, ticks: int) -> Measured:
    scale = ticks // measured.per_unit
    if scale == 1:
        return measured
    return replace(measured, values=measured.values * scale, factor=measured.factor * scale, per_unit=ticks)


def _short_or_red(criterion: Criterion, view: View, waited: Measured, choices: Sequence[Mask]) -> list[Rule]:
    """The rules by which a short wait is excluded and a long one red, or pending while it is not certain."""
    within: Any = criterion.abandoned.counts.excluded_within  # type: ignore[union-attr]  # the caller looked
    short = ("excluded", f"{ABANDONED} within {within}")
    # limits by date need a time, a fixed limit does not
    rules = [*(without_time(criterion, view, waited) if within == "green" else ()), *waited.rules]
    for row, choice in zip(criterion.rows, choices, strict=True):
        limit = row.green if isinstance(within, str) else Interval(high=within)
        limits = Limits(limit_in_units(limit, waited.factor, waited.unit))
        rules += certain_rules(limits, waited, choice, view, good=short, bad=("red", ABANDONED))
        done = view.inside(waited, limits.green)
        done = done if waited.open is None else done & ~waited.open
        rules.append(Rule(*short, done if choice is None else choice & done))
    if waited.open is not None:
        left = time_left(criterion, view, waited, choices)
        rules.append(Rule("pending", NOT_FINISHED, waited.open, by_clock=left is not None, left=left))
    return rules
