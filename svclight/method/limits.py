"""Limits: the row of limits for each interaction, the zone of its value, and zones that are certain early.

In: what was measured. Out: rules, and the green rows and the green or yellow ones. An unfinished value is an interval
without an upper end: where one zone holds all of it the zone is certain, else the row is pending.
"""

from __future__ import annotations

import math
from functools import lru_cache
from typing import TYPE_CHECKING, Final

from svclight.method.conditions import rows_meeting
from svclight.method.rules import Ladder, Left, Rule, all_of, any_of, rules_among
from svclight.thresholds import Interval, scale_interval
from svclight.thresholds import Rule as Limits
from svclight.values import clocks

if TYPE_CHECKING:
    from collections.abc import Sequence
    from fractions import Fraction

    from svclight.definition.models import Criterion, ThresholdRow
    from svclight.method.rules import Mask, Measured
    from svclight.method.view import View

    Pair = tuple[str, str]

OVERDUE: Final = "overdue"
NOT_FINISHED: Final = "not finished"
FAR: Final = 2**62
"""More units than any measured time has: a limit beyond it is never reached, and differences from it fit 64 bits."""
CLOCKS: Final = ("duration", "delay")
"""Measures whose limits are a length of time, so that what has not ended yet may still turn."""


def limits_of(row: ThresholdRow, factor: Fraction, unit: str) -> Limits:
    """The limits of one row of a definition, in the unit of the values."""
    return Limits(
        limit_in_units(row.green, factor, unit),
        None if row.yellow is None else limit_in_units(row.yellow, factor, unit),
    )


@lru_cache(maxsize=256)
def limit_in_units(limit: Interval, factor: Fraction, unit: str) -> Interval:
    """A limit in the unit of the values: `factor` times its amount, or counted in `unit`.

    The arithmetic is exact, and done once for a limit and not once for each part of a log.
    """
    return scale_interval(limit.in_unit(unit) if factor == 1 else limit, factor)


def limit_choices(criterion: Criterion, view: View, anchor: str) -> tuple[Mask, ...]:
    """The rows of the log to which each row of limits applies first; None if it applies to all."""
    limits = criterion.rows
    if len(limits) == 1 and limits[0].where is None:
        return (None,)
    choices: list[Mask] = []
    taken = None
    for row in limits[:-1]:
        holds = _holds(row, view, anchor)
        choices.append(holds if taken is None else holds & ~taken)
        taken = any_of((taken, holds))
    return (*choices, None if taken is None else ~taken)


def _holds(row: ThresholdRow, view: View, anchor: str) -> Mask:
    """The rows that meet the `where` of limits and lie in their dates, [from, until)."""
    parts = [] if row.where is None else [rows_meeting(row.where, view)]
    if row.from_ is not None or row.until is not None:
        times, day = view.places_in_days(anchor)
        parts.append(view.has_time(anchor))
        parts += [] if row.from_ is None else [times >= clocks.day_number(row.from_) * day]
        parts += [] if row.until is None else [times < clocks.day_number(row.until) * day]
    return all_of(parts) if parts else view.everybody()


def by_value(criterion: Criterion, view: View, measured: Measured, choices: Sequence[Mask]) -> Ladder:
    """The rules and zones that follow from the values alone: no value, unfinished, or a zone."""
    rules, greens, widers = list(measured.rules), [], []
    overdue = OVERDUE if criterion.measure.kind in CLOCKS else ""
    for row, choice in zip(criterion.rows, choices, strict=True):
        if measured.zones is not None:
            green, wider = measured.zones(row)
            unlisted = () if measured.unlisted_rules is None else measured.unlisted_rules(row)
            rules += unlisted if choice is None else rules_among(choice, unlisted)
        else:
            limits = limits_of(row, measured.factor, measured.unit)
            green = view.inside(measured, limits.green)
            wider = green if limits.yellow is None else view.inside(measured, limits.yellow)
            rules += certain_rules(limits, measured, choice, view, good=("green", ""), bad=("red", overdue))
        greens.append(green if choice is None else choice & green)
        widers.append(wider if choice is None else choice & wider)
    if measured.open is not None:
        left = time_left(criterion, view, measured, choices)
        rules.append(Rule("pending", NOT_FINISHED, measured.open, by_clock=left is not None, left=left))
    return Ladder(tuple(rules), any_of(greens), any_of(widers))


def time_left(criterion: Criterion, view: View, measured: Measured, choices: Sequence[Mask]) -> Left | None:
    """How long unfinished values need until their zone is certain; None where no clock runs."""
    if measured.left is not None or criterion.measure.kind not in CLOCKS:
        return measured.left
    ends = [min(_certain_from(limits_of(row, measured.factor, measured.unit)), FAR) for row in criterion.rows]
    values = ends[-1] - measured.values
    for end, choice in zip(ends[-2::-1], choices[-2::-1], strict=True):
        values = view.either(choice, end - measured.values, values)
    return Left(values, measured.factor, by_date=criterion.measure.spec.by == "date")


def _certain_from(limits: Limits) -> int:
    """The first whole value at which the zone of what goes on is certain: beyond the widest limit, or green already."""
    high, low = (limits.yellow or limits.green).high, limits.green.low
    if high is not None:
        is_open, amount = (limits.yellow or limits.green).high_open, high.amount
        return math.ceil(amount) if is_open else math.floor(amount) + 1
    is_open, amount = limits.green.low_open, low.amount  # type: ignore[union-attr]  # a limit has an end
    return math.floor(amount) + 1 if is_open else math.ceil(amount)


def certain_rules(
    limits: Limits, measured: Measured, choice: Mask, view: View, *, good: Pair, bad: Pair
) -> tuple[Rule, ...]:
    """The rules for unfinished rows whose zone is certain: over the widest limit, or good already."""
    if measured.open is None:
        return ()
    still = measured.open if choice is None else measured.open & choice
    wider = limits.yellow or limits.green
    if wider.high is not None:
        return (Rule(*bad, still & ~view.inside(measured, wider.up_to_end())),)
    return (Rule(*good, still & view.inside(measured, limits.green)),)
