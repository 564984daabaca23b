"""One criterion in an engine: for each row the state it is in, and the reason, as expressions.

In: `LazyLog` + criterion. Out: `Ladder`: the rules in their order (left out, not applicable, abandoned, missing, zone),
each with the rows that it takes; the first that takes a row counts. What no rule takes has a zone by its value.
"""

from __future__ import annotations

import operator
from dataclasses import dataclass, replace
from functools import reduce
from typing import TYPE_CHECKING, Any

import narwhals as nw

from svclight.definition.models import Within
from svclight.in_engine.conditions import condition_of, within
from svclight.in_engine.expressions import everybody, nobody
from svclight.in_engine.measures import LARGEST, Gap, Measured, measure
from svclight.judging.contract import UnableError
from svclight.judging.maturity import CLOCKS, clocked, widest_limit
from svclight.judging.outcomes import (
    ABANDONED,
    DOES_NOT_APPLY,
    NOT_FINISHED,
    OVERDUE,
    TOO_YOUNG,
    fitted,
    limits_of,
)
from svclight.logs.cases import CaseNames
from svclight.logs.left_out_rows import NOT_BEGUN, beginnings
from svclight.thresholds import Interval, Rule
from svclight.values import clocks
from svclight.values.clocks import DAY, NANO

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence

    from svclight.definition.models import Criterion, ThresholdRow
    from svclight.in_engine.log import LazyLog

    Pair = tuple[str, str]


@dataclass(frozen=True)
class Ladder:
    """The rules for a criterion's rows: which rows a rule takes, and what they then are; then zones by value."""

    rules: tuple[Gap, ...]
    green: nw.Expr
    wider: nw.Expr
    shown: nw.Expr | None = None
    """The values in their unit, what was waited where a row is abandoned; None where they are no numbers."""


def left_out(log: LazyLog) -> tuple[Gap, ...]:
    """The rows that no criterion rates: excluded, not begun. Repeated ones are judged by the pandas engine.

    So are cases of which no event is left, or none is seen.
    """
    if isinstance(log.log, CaseNames):
        return ()
    excluded = [Gap(condition_of(rule.where, log), "excluded", rule.reason) for rule in log.log.spec.exclude]
    return (*excluded, *(Gap(rows, "excluded", NOT_BEGUN) for rows in not_begun(log)))


def not_begun(log: LazyLog) -> list[nw.Expr]:
    """The rows that do not exist yet, time by time."""
    later = (log.later(name) for name in beginnings(log.log))
    return [rows for rows in later if rows is not None]


def ladder_of(criterion: Criterion, log: LazyLog, *, matured: bool) -> Ladder:
    """The rules for a criterion that is no `worst`.

    Raises:
        UnableError: The engine cannot tell by itself.
    """
    measured = measure(criterion, log)
    anchor = log.log.anchor_of(criterion)
    choices = _choices(criterion, log, anchor)
    untimed = _without_time(log, anchor, measured)
    by_elapsed = criterion.abandoned is not None and criterion.abandoned.counts == "by_elapsed"
    if not by_elapsed and untimed.kept is not None and not matured:
        untimed = replace(untimed, untimed=log.is_plain(anchor))
    by_value = _by_value(criterion, measured, choices)
    rules, green, wider = [untimed, *by_value.rules], by_value.green, by_value.wider
    shown = _shown(measured)
    if criterion.abandoned is not None:
        (gone,) = log.before.computed(
            "abandoned", [_abandoned(criterion, log, measured).fill_null(value=False)], level=1
        )
        if by_elapsed:
            late = _waited(criterion, log, choices)
            rules = [*_of_those(gone, late.rules), *_of_those(~gone, rules)]
            green, wider = (gone & late.green) | (~gone & green), (gone & late.wider) | (~gone & wider)
            if shown is not None and late.shown is not None:
                shown = nw.when(gone).then(late.shown).otherwise(shown)
        else:  # these take all that are gone: later rules and zones need not ask
            rules = [*_given_up(criterion, log, choices, gone), *rules]
    if matured:
        young = _applicable(_young(criterion, log, anchor), measured)
        rules.insert(0, Gap(young, "pending", TOO_YOUNG))
    return Ladder((*_not_applying(criterion, log), *rules), green, wider, shown)


def _shown(measured: Measured) -> nw.Expr | None:
    if measured.zones is not None:
        return None
    return measured.values.cast(nw.Float64) / float(measured.per_unit)


def _not_applying(criterion: Criterion, log: LazyLog) -> list[Gap]:
    if criterion.applies is None:
        return []
    applies = condition_of(criterion.applies, log)
    return [Gap(~applies, "not_applicable", DOES_NOT_APPLY, applies)]


def _without_time(log: LazyLog, anchor: str, measured: Measured | None) -> Gap:
    """Rows without a usable time are missing where a zone would be asked; what is not applicable stays so."""
    seen = log.seen(anchor)
    simple = measured is None or all(gap.state != "not_applicable" for gap in measured.gaps)
    return Gap(_applicable(~seen, measured), "missing", f"{anchor} is empty", seen if simple else None)


def _applicable(rows: nw.Expr, measured: Measured | None) -> nw.Expr:
    """The rows without those to which the measure does not apply."""
    for gap in measured.gaps if measured is not None else ():
        if gap.state == "not_applicable":
            rows = rows & ~gap.rows
    return rows


def _choices(criterion: Criterion, log: LazyLog, anchor: str) -> list[nw.Expr | None]:
    """For each row of limits the rows for which it is the first that holds; None where it holds for all."""
    limits = criterion.rows
    if len(limits) == 1 and limits[0].where is None:
        return [None]
    made: list[nw.Expr | None] = []
    taken: nw.Expr | None = None
    for row in limits[:-1]:
        holds = _holds(row, log, anchor)
        made.append(holds if taken is None else holds & ~taken)
        taken = holds if taken is None else taken | holds
    return [*made, None if taken is None else ~taken]


def _holds(row: ThresholdRow, log: LazyLog, anchor: str) -> nw.Expr:
    """Which rows meet the `where` of limits and lie in their dates."""
    parts = [] if row.where is None else [condition_of(row.where, log)]
    if row.from_ is not None or row.until is not None:
        walls, day = log.walls(anchor), DAY * log.moment(anchor).per_second
        parts.append(log.seen(anchor))
        if row.from_ is not None:
            parts.append(walls >= clocks.day_number(row.from_) * day)
        if row.until is not None:
            parts.append(walls < clocks.day_number(row.until) * day)
    return reduce(lambda one, other: one & other, parts) if parts else everybody(nw.col(log.moment(anchor).column))


def _by_value(criterion: Criterion, measured: Measured, choices: Sequence[nw.Expr | None]) -> Ladder:
    """Gaps, unfinished rows, zones."""
    rules, greens, widers = list(measured.gaps), [], []
    overdue = OVERDUE if criterion.measure.kind in CLOCKS else ""
    for row, choice in zip(criterion.rows, choices, strict=True):
        if measured.zones is not None:
            green, wider = measured.zones(row)
        else:
            rule = limits_of(row, measured.factor, measured.unit)
            green, wider = _zones(rule, measured)
            if measured.open is not None:
                rules += _unfinished(rule, measured, choice, ("green", ""), ("red", overdue))
        greens.append(green if choice is None else choice & green)
        widers.append(wider if choice is None else choice & wider)
    if measured.open is not None:
        rules.append(Gap(measured.open, "pending", NOT_FINISHED))
    return Ladder(tuple(rules), _any(greens), _any(widers))


def _any(parts: Sequence[nw.Expr]) -> nw.Expr:
    return reduce(lambda one, other: one | other, parts)


def _zones(rule: Rule, measured: Measured) -> tuple[nw.Expr, nw.Expr]:
    green = _inside(rule.green, measured)
    return green, green if rule.yellow is None else _inside(rule.yellow, measured)


def _inside(interval: Interval, measured: Measured) -> nw.Expr:
    """The values in a range; NaN, which is greater than all numbers to every engine, in none."""
    comparisons = interval.comparisons(measured.dtype)
    if interval.high is None and measured.has_nan:
        comparisons = (*comparisons, (operator.le, LARGEST))
    return within(measured.values, comparisons)


def _unfinished(rule: Rule, measured: Measured, choice: nw.Expr | None, good: Pair, bad: Pair) -> list[Gap]:
    """The unfinished rows whose zone is certain: beyond the widest limit, or good already where more is better."""
    still: Any = measured.open if choice is None else measured.open & choice
    wider = rule.yellow or rule.green
    if wider.high is not None:
        return [Gap(still & ~within(measured.values, wider.up_to_end().comparisons(measured.dtype)), *bad)]
    return [Gap(still & _inside(rule.green, measured), *good)]


def _abandoned(criterion: Criterion, log: LazyLog, measured: Measured | None) -> nw.Expr:
    """Which rows are abandoned: not those that still waited at `as_of`, nor those to which nothing was promised."""
    rule: Any = criterion.abandoned
    gone = everybody(nw.col(log.moment(log.log.anchor).column)) if rule.where is None else condition_of(rule.where, log)
    later = None if rule.at is None else log.later(log.log.given_up(rule.at))
    return _applicable(gone if later is None else gone & ~later, measured)


def _of_those(rows: nw.Expr, rules: Iterable[Gap]) -> list[Gap]:
    """Rules that take only some rows."""
    return [Gap(rows & rule.rows, rule.state, rule.reason) for rule in rules]


def _waited(criterion: Criterion, log: LazyLog, choices: Sequence[nw.Expr | None]) -> Ladder:
    """What abandoned rows are by what they waited."""
    waited, untimed = _until_given_up(criterion, log)
    ladder = _by_value(criterion, waited, choices)
    return Ladder((untimed, *ladder.rules), ladder.green, ladder.wider, _shown(waited))


def _until_given_up(criterion: Criterion, log: LazyLog) -> tuple[Measured, Gap]:
    """What abandoned rows waited, and which of them have no time."""
    rule: Any = criterion.abandoned
    waited = measure(criterion, log, gave_up=None if rule.at is None else log.log.given_up(rule.at))
    return waited, _without_time(log, log.log.anchor_of(criterion), waited)


def _given_up(criterion: Criterion, log: LazyLog, choices: Sequence[nw.Expr | None], gone: nw.Expr) -> list[Gap]:
    """Rules that together take all abandoned rows, where they do not count by what they waited."""
    rule: Any = criterion.abandoned
    if not isinstance(rule.counts, Within):
        return [Gap(gone, str(rule.counts), ABANDONED)]
    waited, untimed = _until_given_up(criterion, log)
    first = [untimed] if rule.counts.excluded_within == "green" else []
    rules = [*first, *waited.gaps, *_leaving_early(criterion, waited, choices)]
    return [*_of_those(gone, rules), Gap(gone, "red", ABANDONED)]


def _leaving_early(criterion: Criterion, waited: Measured, choices: Sequence[nw.Expr | None]) -> list[Gap]:
    """What was waited: excluded where short; pending or red where that is certain of what is unfinished."""
    within_limit = criterion.abandoned.counts.excluded_within  # type: ignore[union-attr]  # the caller looked
    short = ("excluded", f"{ABANDONED} within {within_limit}")
    rules: list[Gap] = []
    for row, choice in zip(criterion.rows, choices, strict=True):
        green = row.green if isinstance(within_limit, str) else Interval(high=within_limit)
        rule = Rule(fitted(green, waited.factor, waited.unit))
        if waited.open is not None:
            rules += _unfinished(rule, waited, choice, short, ("red", ABANDONED))
        done = _zones(rule, waited)[0]
        done = done if waited.open is None else done & ~waited.open
        rules.append(Gap(done if choice is None else choice & done, *short))
    if waited.open is not None:
        rules.append(Gap(waited.open, "pending", NOT_FINISHED))
    return rules


def _young(criterion: Criterion, log: LazyLog, anchor: str) -> nw.Expr:
    """Which rows are too young to be judged: their anchor plus what they can still turn is after `as_of`."""
    found = []
    for part in clocked(criterion, log.log.process):
        if getattr(part.measure.spec, "calendar", None) is not None:
            raise UnableError("working time")
        if any(row.from_ is not None or row.until is not None for row in part.rows):
            raise UnableError("limits that change while rows can still turn")
        moment = log.moment(anchor)
        limit = widest_limit(part, clocks.day_of(0), clocks.day_of(1)) * moment.per_second
        now = log.now() * moment.per_second // NANO
        found.append(log.seen(anchor) & ((log.instants(anchor) * -1 + now) < -int(-limit // 1)))
    return _any(found)


def worst_ladder(criterion: Criterion, parts: dict[str, list[Gap]], log: LazyLog, *, matured: bool) -> Ladder:
    """The rules for a `worst`: red before pending, missing, yellow, green; what is left out is left out.

    Args:
        criterion: What is judged.
        parts: For each part its outcomes, of which every row has exactly one.
        log: The log.
        matured: Whether rows that are too young are pending.
    """
    rules = [
        Gap(one.rows, state, f"{name}: {one.reason}" if one.reason else "")
        for state in ("red", "pending", "missing", "yellow", "green", "excluded")
        for name, outcomes in parts.items()
        for one in outcomes
        if one.state == state
    ]
    anywhere = nw.col(log.moment(log.log.anchor).column)
    rules.append(Gap(everybody(anywhere), "not_applicable", "no part applies"))
    if criterion.time is not None:
        anchor = log.log.anchor_of(criterion)
        rules = _over(Gap(~log.seen(anchor), "missing", f"{anchor} is empty"), rules)
    if criterion.abandoned is not None:
        gone = _abandoned(criterion, log, None)
        rules.insert(0, Gap(gone, str(criterion.abandoned.counts), ABANDONED))
    if matured:
        rules = _over(Gap(_young(criterion, log, log.log.anchor_of(criterion)), "pending", TOO_YOUNG), rules)
    return Ladder((*_not_applying(criterion, log), *rules), nobody(anywhere), nobody(anywhere))


def _over(first: Gap, rules: list[Gap]) -> list[Gap]:
    """A rule before others, but not for rows that they leave out or to which nothing applies."""
    taken: nw.Expr | None = None
    apart = []
    for rule in rules:
        mine = rule.rows if taken is None else rule.rows & ~taken
        taken = rule.rows if taken is None else taken | rule.rows
        if rule.state in ("excluded", "not_applicable"):
            apart.append(mine)
    rows = first.rows & ~_any(apart) if apart else first.rows
    return [Gap(rows, first.state, first.reason), *rules]
