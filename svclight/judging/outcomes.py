"""One criterion, one part of a log: for each row the state it is in, and the reason.

In: a criterion and `Rows`. Out: outcome codes, one a row: places in `Outcomes`, a list of (state, reason) whose first
three are the measured zones. The rules are asked in their order: left out, not applicable, abandoned, missing, zone.
They are written to the codes in the reverse order, so that an earlier rule overwrites a later one.
"""

from __future__ import annotations

from dataclasses import dataclass, replace
from functools import lru_cache
from typing import TYPE_CHECKING, Any, Final

import numpy as np

from svclight.definition.models import Within
from svclight.judging.maturity import CLOCKS
from svclight.judging.measures import measure
from svclight.logs.condition_masks import dates_hold, equal_words, met
from svclight.logs.measured_values import Gap, Measured, cells_gap
from svclight.thresholds import GREEN, PENDING, RED, STATES, ZONES, Interval, Rule, scale_interval
from svclight.values import clocks
from svclight.values.clocks import NAT

if TYPE_CHECKING:
    from fractions import Fraction

    from numpy.typing import NDArray

    from svclight.counts.outcome_codes import Outcomes
    from svclight.definition.models import Abandoned, Criterion, ThresholdRow
    from svclight.logs.log import Rows
    from svclight.values.columns import Texts

    Mask = NDArray[np.bool_]
    Codes = NDArray[np.int16]

OVERDUE: Final = "overdue"
ABANDONED: Final = "abandoned"
NOT_FINISHED: Final = "not finished"
TOO_YOUNG: Final = "too young"
DOES_NOT_APPLY: Final = "does not apply"
UNLISTED: Final = len(STATES)
"""The zone code of a category that no list names."""


@dataclass(frozen=True)
class Judged:
    """Outcome codes of rows, and what was measured."""

    codes: Codes
    measured: Measured | None = None


def judge(
    criterion: Criterion,
    rows: Rows,
    left_out: tuple[Gap, ...],
    outcomes: Outcomes,
    *,
    young: Mask | None = None,
) -> Judged:
    """The outcome of each row.

    Args:
        criterion: What is judged; no `worst`.
        rows: Part of a log.
        left_out: The rows excluded for all criteria, in the order of the rules.
        outcomes: Where new outcomes are entered.
        young: The rows that are too young to be judged, where that is asked for.
    """
    measured = measure(criterion, rows)
    anchor = rows.log.anchor_of(criterion)
    choice = _choice(criterion, rows, anchor)
    codes = _zoned(criterion, rows, measured, choice, outcomes)
    if rows.has_gaps(anchor):
        _without_time(codes, rows, anchor, measured, outcomes)
    if criterion.abandoned is not None:
        gone = given_up(criterion, rows, measured)
        if gone.any():
            codes[gone], measured = _given_up(criterion, rows, measured, gone, choice, outcomes)
    if young is not None:
        outcomes.fill(codes, Gap(_applicable(young, measured), "pending", TOO_YOUNG))
    _leave(criterion, rows, left_out, codes, outcomes)
    return Judged(codes, measured)


def judge_worst(
    criterion: Criterion,
    rows: Rows,
    parts: dict[str, tuple[Codes, Outcomes]],
    left_out: tuple[Gap, ...],
    outcomes: Outcomes,
    *,
    young: Mask | None = None,
) -> Judged:
    """The outcome of each row from those of its parts: red before pending, missing, yellow, green."""
    codes = np.full(len(rows), outcomes.code("not_applicable", "no part applies"), dtype=np.int16)
    for state in ("excluded", "green", "yellow", "missing", "pending", "red"):
        for name, (part, pairs) in reversed(parts.items()):
            chosen = np.array([pair[0] == state for pair in pairs.pairs])[part]
            if not chosen.any():
                continue
            table = np.array([_of_part(name, state, reason, outcomes) for state, reason in pairs.pairs], dtype=np.int16)
            codes[chosen] = table[part[chosen]]
    anchor = rows.log.anchor_of(criterion)
    if criterion.time is not None and rows.has_gaps(anchor):
        _without_time(codes, rows, anchor, None, outcomes)
    if criterion.abandoned is not None:
        gone = _abandoned(criterion.abandoned, rows, None)
        codes[gone] = outcomes.code(str(criterion.abandoned.counts), ABANDONED)
    if young is not None:
        left = np.array([pair[0] in ("not_applicable", "excluded") for pair in outcomes.pairs])[codes]
        outcomes.fill(codes, Gap(young & ~left, "pending", TOO_YOUNG))
    _leave(criterion, rows, left_out, codes, outcomes)
    return Judged(codes)


def _of_part(name: str, state: str, reason: str, outcomes: Outcomes) -> int:
    return outcomes.code(state, f"{name}: {reason}" if reason else "")


def _leave(criterion: Criterion, rows: Rows, left_out: tuple[Gap, ...], codes: Codes, outcomes: Outcomes) -> None:
    """Writes the first rules: to what the criterion does not apply, and what is left out for all."""
    applies = met(criterion.applies, rows)
    if applies is not None and not applies.all():
        codes[~applies] = outcomes.code("not_applicable", DOES_NOT_APPLY)
    for gap in reversed(left_out):
        outcomes.fill(codes, gap)


def _choice(criterion: Criterion, rows: Rows, anchor: str) -> NDArray[np.intp] | None:
    """For each row the place of the first limits that hold for it; None where there is one row of limits."""
    limits = criterion.rows
    if len(limits) == 1 and limits[0].where is None:
        return None
    days = clocks.to_days(*rows.walls(anchor))
    chosen = np.full(len(rows), len(limits) - 1, dtype=np.intp)
    for place in range(len(limits) - 1, -1, -1):
        inside = dates_hold(days, limits[place].from_, limits[place].until)
        where = met(limits[place].where, rows)
        holds = [mask for mask in (inside, where) if mask is not None]
        chosen[np.logical_and.reduce(holds) if holds else slice(None)] = place
    return chosen


def _zones(criterion: Criterion, row: ThresholdRow, rows: Rows, measured: Measured, part: Any) -> NDArray[np.uint8]:
    """Zone codes of complete values; `UNLISTED` for a category that no list names."""
    values = measured.values[part]
    if criterion.measure.kind == "flag":
        return np.where(values == float(bool(row.green)), np.uint8(GREEN), np.uint8(RED))
    if measured.words is not None:
        texts = rows.texts(str(criterion.measure.category))
        key = ("zones", criterion.measure.category, row.green, row.yellow, row.red)
        table: NDArray[np.uint8] = rows.log.remember(key, lambda: category_zones(row, texts))
        zones: NDArray[np.uint8] = np.append(table, np.uint8(UNLISTED))[values]
        return zones
    return _rule(row, measured).zones(values)


def category_zones(row: ThresholdRow, texts: Texts) -> NDArray[np.uint8]:
    """The zone code of each word; one beyond all zones for a word that is in no list."""
    table = np.full(len(texts.words), UNLISTED, dtype=np.uint8)
    for code, zone in reversed(list(enumerate(ZONES))):
        listed = getattr(row, zone)
        if listed is not None:
            table[equal_words(texts, list(listed))] = code
    return table


def _rule(row: ThresholdRow, measured: Measured) -> Rule:
    return limits_of(row, measured.factor, measured.unit)


def limits_of(row: ThresholdRow, factor: Fraction, unit: str) -> Rule:
    """The limits of a row in the unit of the values; loading saw to it that they are limits."""
    return Rule(fitted(row.green, factor, unit), None if row.yellow is None else fitted(row.yellow, factor, unit))


@lru_cache(maxsize=256)
def fitted(limit: Interval, factor: Fraction, unit: str) -> Interval:
    """A limit in the unit of the values: `factor` times its amount, or counted in `unit`.

    The arithmetic is exact, and done once for a limit and not once for each part of a log.
    """
    return scale_interval(limit.in_unit(unit) if factor == 1 else limit, factor)


def _zoned(
    criterion: Criterion, rows: Rows, measured: Measured, choice: NDArray[np.intp] | None, outcomes: Outcomes
) -> Codes:
    """Outcome codes by value alone: zones, unfinished rows, gaps."""
    if choice is None:
        codes = _by_limits(criterion, criterion.rows[0], rows, measured, slice(None), outcomes)
    else:
        codes = np.zeros(len(rows), dtype=np.int16)
        for place, row in enumerate(criterion.rows):
            part = np.flatnonzero(choice == place)
            if len(part):
                codes[part] = _by_limits(criterion, row, rows, measured, part, outcomes)
    for gap in reversed(measured.gaps):
        outcomes.fill(codes, gap)
    return codes


def _by_limits(
    criterion: Criterion, row: ThresholdRow, rows: Rows, measured: Measured, part: Any, outcomes: Outcomes
) -> Codes:
    codes = _zones(criterion, row, rows, measured, part).astype(np.int16)
    if measured.words is not None:
        unlisted = (codes == UNLISTED) & (measured.values[part] >= 0)
        name, places = criterion.measure.category, measured.values[part]
        outcomes.fill(codes, Gap(unlisted, "missing", lambda at: _unlisted(str(name), measured, places[at])))
    if measured.open is not None and measured.open[part].any():
        unfinished = measured.open[part]
        table = np.zeros(PENDING + 1, dtype=np.int16)
        table[RED] = outcomes.code("red", OVERDUE if criterion.measure.kind in CLOCKS else "")
        table[PENDING] = outcomes.code("pending", NOT_FINISHED)
        codes[unfinished] = table[_rule(row, measured).open_zones(measured.values[part][unfinished])]
    return codes


def _unlisted(name: str, measured: Measured, places: NDArray[Any]) -> NDArray[np.object_]:
    words = measured.words if measured.words is not None else np.array([], dtype=object)
    return np.array([unlisted_reason(name, words[place]) for place in places], dtype=object)


def unlisted_reason(name: str, word: str) -> str:
    """What is said of a category that no list names."""
    return f"{name}: {word!r} is in no list".replace("'", '"')


def _without_time(codes: Codes, rows: Rows, anchor: str, measured: Measured | None, outcomes: Outcomes) -> None:
    """Rows without a usable time are missing where a zone would be asked; what is not applicable stays so."""
    times = rows.times(anchor)
    asked = _applicable(times.ticks == NAT, measured)
    if measured is None:
        asked &= np.array([pair[0] not in ("not_applicable", "excluded") for pair in outcomes.pairs])[codes]
    outcomes.fill(codes, Gap(asked, "missing", f"{anchor} is empty"))
    for gap in cells_gap(anchor, "time", times.bad, times.texts):
        outcomes.fill(codes, Gap(asked & gap.rows, gap.state, gap.reason))


def _given_up(
    criterion: Criterion,
    rows: Rows,
    measured: Measured,
    gone: Mask,
    choice: NDArray[np.intp] | None,
    outcomes: Outcomes,
) -> tuple[Codes, Measured]:
    """The outcomes of the abandoned rows `gone`, and the values of all rows, in theirs what was waited."""
    rule: Abandoned = criterion.abandoned  # type: ignore[assignment]  # the caller looked
    waited = measured if rule.at is None else measure(criterion, rows, gave_up=rows.log.given_up(rule.at))
    if not isinstance(rule.counts, Within) and rule.counts != "by_elapsed":
        code = outcomes.code(rule.counts, ABANDONED)
        return np.full(int(gone.sum()), code, dtype=np.int16), _waited(measured, waited, gone)
    codes = _zoned(criterion, rows, waited, choice, outcomes)
    anchor = rows.log.anchor_of(criterion)
    asks_zone = not isinstance(rule.counts, Within) or rule.counts.excluded_within == "green"
    if asks_zone and rows.has_gaps(anchor):
        _without_time(codes, rows, anchor, waited, outcomes)
    if isinstance(rule.counts, Within):
        _leave_early(criterion, waited, codes, choice, outcomes)
    return codes[gone], _waited(measured, waited, gone)


def _waited(measured: Measured, waited: Measured, gone: Mask) -> Measured:
    """The values with what was waited by those who gave up; none where it is not known when they did."""
    unfinished = waited.open if waited.open is not None else np.zeros(len(gone), dtype=bool)
    gaps = [replace(gap, rows=gap.rows & ~gone) for gap in measured.gaps]
    gaps += [replace(gap, rows=gap.rows & gone) for gap in (*waited.gaps, Gap(unfinished, "missing", ABANDONED))]
    still_open = None if measured.open is None else measured.open & ~gone
    values = np.where(gone, waited.values, measured.values)
    return replace(measured, values=values, gaps=tuple(gaps), open=still_open)


def given_up(criterion: Criterion, rows: Rows, measured: Measured) -> Mask:
    """Which rows are abandoned by the rule of a criterion; none where it has none."""
    rule = criterion.abandoned
    return np.zeros(len(rows), dtype=bool) if rule is None else _abandoned(rule, rows, measured)


def choice_of(criterion: Criterion, rows: Rows) -> NDArray[np.intp] | None:
    """For each row the place of the first limits that hold for it; None where there is one row of limits."""
    return _choice(criterion, rows, rows.log.anchor_of(criterion))


def rule_of(criterion: Criterion, place: int, measured: Measured) -> Rule:
    """The limits at a place, in the unit of the values."""
    return _rule(criterion.rows[place], measured)


def _abandoned(rule: Abandoned, rows: Rows, measured: Measured | None) -> Mask:
    """Which rows are abandoned: not those that still waited at `as_of`, nor those to which nothing was promised."""
    gone = met(rule.where, rows)
    gone = np.ones(len(rows), dtype=bool) if gone is None else gone
    if rule.at is not None:
        later = rows.future(rows.log.given_up(rule.at))
        gone = gone if later is None else gone & ~later
    return _applicable(gone, measured)


def _applicable(rows: Mask, measured: Measured | None) -> Mask:
    """The rows without those to which the measure does not apply."""
    for gap in measured.gaps if measured is not None else ():
        if gap.state == "not_applicable":
            rows = rows & ~gap.rows
    return rows


def _leave_early(
    criterion: Criterion, waited: Measured, codes: Codes, choice: NDArray[np.intp] | None, outcomes: Outcomes
) -> None:
    """Turns what was waited into: excluded where short, else red; pending where that is not certain yet."""
    within = criterion.abandoned.counts.excluded_within  # type: ignore[union-attr]  # the caller looked
    if isinstance(within, str):
        limits = [fitted(row.green, waited.factor, waited.unit) for row in criterion.rows]
    else:
        limits = [fitted(Interval(high=within), waited.factor, waited.unit)] * len(criterion.rows)
    by_value = [*range(len(ZONES)), outcomes.code("red", OVERDUE), outcomes.code("pending", NOT_FINISHED)]
    unfinished = waited.open if waited.open is not None else np.zeros(len(codes), dtype=bool)
    unfinished = unfinished & np.isin(codes, by_value)  # the others have no value
    table = np.zeros(PENDING + 1, dtype=np.int16)
    table[[GREEN, RED]] = outcomes.code("excluded", f"{ABANDONED} within {within}"), outcomes.code("red", ABANDONED)
    table[PENDING] = outcomes.code("pending", NOT_FINISHED)
    for place, limit in enumerate(limits):
        rule, here = Rule(limit), np.ones(len(codes), dtype=bool) if choice is None else choice == place
        done = here & ~unfinished & (codes < len(ZONES))
        codes[done] = table[rule.zones(waited.values[done])]
        still = here & unfinished
        codes[still] = table[rule.open_zones(waited.values[still])]
