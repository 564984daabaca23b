"""Clocks: the time from one moment to another, and how late something is against a promise.

In: a criterion and a view of the log. Out: `Measured`: whole ticks between two instants, whole days between two dates,
or working time of a calendar between them. What has not ended has lasted at least until `as_of`.
"""

from __future__ import annotations

from dataclasses import replace
from fractions import Fraction
from typing import TYPE_CHECKING, Final

from svclight.definition.models import NUMBERS
from svclight.method.missing import is_of_empty, number_rules
from svclight.method.rules import Measured, Rule, any_of, rules_for
from svclight.thresholds import Interval
from svclight.values.clocks import DAY
from svclight.values.columns import MICRO
from svclight.values.quantities import SECONDS

if TYPE_CHECKING:
    from svclight.definition.models import Criterion, Delay, Duration
    from svclight.method.view import View

NO_PROMISE: Final = "no promise"
CLOCK_CHANGE: Final = "stands in the night when the clock changes"
FIRST_YEAR, LAST_YEAR = 1900, 2199
"""The years for which working time is known."""

BACKWARDS: Final = " is before "
"""What stands between the names of two times in the reason of a duration that ends before it begins."""
BELOW_ZERO: Final = " is below 0"
"""What stands behind the name of a number in the reason of a length of time that is negative."""


def duration(criterion: Criterion, view: View, gave_up: str | None) -> Measured:
    """The time from one moment to another; a negative one is missing."""
    spec: Duration = criterion.measure.duration  # type: ignore[assignment]  # the caller looked at the kind
    log, begin = view.log, view.log.moment(spec.from_)
    end = gave_up or log.moment(spec.to)
    begun, ended = view.has_time(begin), view.has_time(end)
    never = None if gave_up else view.never(end)
    rules = [*view.unread(begin, "time"), Rule("missing", log.lacks(begin), ~begun, free=never is None)]
    rules += view.unread(end, "time")
    if gave_up:
        rules.append(Rule("missing", log.lacks(end), ~ended, others=ended))
    elif never is not None:
        rules.append(Rule("missing", log.lacks(end), never & ~ended))
    span = _less(_span_between(criterion, view, begin, end), spec.minus, view)
    names = log.plain_name(end), log.plain_name(begin)
    reason = f"after taking off, the time{BELOW_ZERO}" if spec.minus else BACKWARDS.join(names)
    negative = any_of((span.values < 0, span.backwards))
    rules += [*span.rules, Rule("missing", reason, begun & ended & negative)]
    return replace(span, rules=tuple(rules), open=None if gave_up else view.some(begun & ~ended))


def delay(criterion: Criterion, view: View, gave_up: str | None) -> Measured:
    """The time by which a promise was missed, negative if early; rows without a promise are not applicable."""
    spec: Delay = criterion.measure.delay  # type: ignore[assignment]  # the caller looked at the kind
    if view.log.kind(spec.due) in NUMBERS:
        return _delay_of_numbers(spec, view)
    actual = gave_up or spec.actual
    promised, done = view.has_time(spec.due), view.has_time(actual)
    unread = view.unread(spec.due, "time")
    no_promise = view.some(~promised)
    for rule in unread:  # a promise that cannot be read is one
        no_promise = None if no_promise is None else no_promise & ~rule.rows
    rules = [*rules_for("not_applicable", NO_PROMISE, no_promise, others=promised), *unread]
    rules += view.unread(actual, "time")
    if gave_up:
        rules.append(Rule("missing", view.log.lacks(actual), ~done, others=done))
    span = _span_between(criterion, view, spec.due, actual)
    return replace(span, rules=(*rules, *span.rules), open=None if gave_up else view.some(promised & ~done))


def _delay_of_numbers(spec: Delay, view: View) -> Measured:
    """A real number less a promised one, in their unit; they have no clock, so that nothing is unfinished."""
    promised, real = view.numbers(spec.due), view.numbers(spec.actual)
    # a promise that cannot be read is one: only an empty cell is none
    wrong = [rule for rule in number_rules(spec.due, promised, view, free=False) if not is_of_empty(rule)]
    no_promise = promised.missing
    for rule in wrong:
        no_promise = None if no_promise is None else no_promise & ~rule.rows
    rules = (*rules_for("not_applicable", NO_PROMISE, no_promise), *wrong)
    rules += number_rules(spec.actual, real, view, free=False)
    values, dtype = view.difference(real, promised)
    has_nan = promised.has_nan or real.has_nan
    return Measured(values, unit=view.log.unit(spec.due), rules=rules, dtype=dtype, has_nan=has_nan)


def in_working_days(criterion: Criterion) -> bool:
    """Whether the limits of a criterion are counted in working days."""
    limits = [limit for row in criterion.rows for limit in (row.green, row.yellow) if isinstance(limit, Interval)]
    return any(end.dimension == "bd" for limit in limits for end in limit.ends)


def calendar_of(criterion: Criterion) -> str | None:
    """The name of the calendar of a criterion's measure; None for elapsed time."""
    return getattr(criterion.measure.spec, "calendar", None)


def since(criterion: Criterion, view: View, name: str) -> Measured:
    """The time from a moment of each row to `as_of`, by the clock of the criterion's measure."""
    per_second = view.ticks_a_second(name)
    if calendar_of(criterion) is None:
        values = view.instants(name, per_second) * -1 + view.now(per_second)
        return Measured(values, Fraction(per_second), "s", per_second)
    in_days = in_working_days(criterion)
    clock = view.working(criterion, (name,), per_second, by="instant", in_days=in_days)
    factor = Fraction(clock.per_unit)
    return Measured(clock.up_to(name) * -1 + clock.up_to_now, factor, "bd" if in_days else "s", clock.per_unit)


def _span_between(criterion: Criterion, view: View, begin: str, end: str) -> Measured:
    """The time from one moment to another; to `as_of` in rows that do not have the other yet."""
    if calendar_of(criterion) is not None:
        return _working_time_between(criterion, view, begin, end)
    ended = view.has_time(end)
    if criterion.measure.spec.by == "date":
        days = view.either(ended, view.days(end), view.today()) - view.days(begin)
        return Measured(days, Fraction(1, DAY), "d")
    per_second = view.ticks_a_second(begin, end)
    last = view.either(ended, view.instants(end, per_second), view.now(per_second))
    values = last - view.instants(begin, per_second)
    return Measured(values, Fraction(per_second), "s", per_second, _doubtful(view, begin, end))


def _doubtful(view: View, *names: str) -> tuple[Rule, ...]:
    """The rules for times in the hours that a clock change repeats or skips."""
    return tuple(
        rule
        for name in names
        for rule in rules_for("missing", f"{view.log.plain_name(name)} {CLOCK_CHANGE}", view.doubtful(name))
    )


def _working_time_between(criterion: Criterion, view: View, begin: str, end: str) -> Measured:
    """The working time between two instants, or of the days after one date up to another."""
    by, in_days = criterion.measure.spec.by, in_working_days(criterion)
    per_second = 1 if by == "date" else view.ticks_a_second(begin, end)
    doubtful = () if by == "date" else _doubtful(view, begin, end)
    clock = view.working(criterion, (begin, end), per_second, by=by, in_days=in_days)
    begun, ended = view.has_time(begin), view.has_time(end)
    too_early, too_late = clock.far(begin), clock.far(end)
    early = None if too_early is None else begun & too_early
    late = None if too_late is None else begun & ended & too_late
    still = begun & ~ended if clock.now_is_far else None
    far = (
        *rules_for("missing", _outside(view.log.plain_name(begin)), early),
        *rules_for("missing", _outside(view.log.plain_name(end)), any_of((late, still))),
    )
    values = view.either(ended, clock.up_to(end), clock.up_to_now) - clock.up_to(begin)
    return Measured(
        values,
        Fraction(clock.per_unit),
        "bd" if in_days else "s",
        clock.per_unit,
        (*doubtful, *far),
        backwards=clock.place(end) < clock.place(begin),
    )


def _outside(name: str) -> str:
    """The reason given for a row whose time lies outside the years of the calendars."""
    return f"{name} lies outside the years {FIRST_YEAR} to {LAST_YEAR}"


def _less(span: Measured, names: tuple[str, ...], view: View) -> Measured:
    """Takes fields (numbers in a unit of time) off the values; if one of them is missing, so is the value."""
    if not names:
        return span
    per_unit = DAY * MICRO if span.unit == "d" else max(span.per_unit, MICRO)
    values, rules = span.values * (per_unit // span.per_unit), span.rules
    ticks_a_second = per_unit // DAY if span.unit == "d" else per_unit
    for name in names:
        numbers, length = view.numbers(name), SECONDS[view.log.unit(name)]
        rules += number_rules(name, numbers, view, free=False)
        # else a hold of -30 min would make 90 min of an hour
        rules += (Rule("missing", f"{name}{BELOW_ZERO}", numbers.values < 0),)
        values = values - view.whole_ticks(numbers, length * ticks_a_second)
    factor = Fraction(per_unit, DAY if span.unit == "d" else 1)
    return replace(span, values=values, per_unit=per_unit, rules=rules, factor=factor)
