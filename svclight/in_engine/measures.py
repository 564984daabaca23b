"""What is measured, in an engine: `LazyLog` + criterion -> expressions of values, and of what stands in the way.

The counterpart of `measures`, measure by measure: the same gaps in the same order, the same units. A measure that is
not in `LAZY_MEASURES` is measured by the pandas engine.
"""

from __future__ import annotations

from dataclasses import dataclass, replace
from fractions import Fraction
from functools import reduce
from typing import TYPE_CHECKING, Any, Final

import narwhals as nw
import numpy as np

from svclight.in_engine.cells import among, is_flag, numbers_of, words_of
from svclight.in_engine.conditions import few
from svclight.in_engine.expressions import UnableError, has_fraction, nobody
from svclight.in_engine.working_time import worked
from svclight.judging.clock_measures import NO_PROMISE
from svclight.judging.measures import NO_ITEM, NOT_ASKED, UNREADABLE, weights_of
from svclight.judging.outcomes import UNLISTED, category_zones, unlisted_reason
from svclight.thresholds import GREEN, YELLOW
from svclight.values import clocks
from svclight.values.clocks import DAY, NANO
from svclight.values.columns import MICRO
from svclight.values.quantities import SECONDS, decimal_text

if TYPE_CHECKING:
    from collections.abc import Callable

    from svclight.definition.models import Criterion, ThresholdRow
    from svclight.in_engine.log import LazyLog

    Zones = Callable[[ThresholdRow], tuple[nw.Expr, nw.Expr]]

LARGEST: Final = float(np.finfo(np.float64).max)
"""No number is greater; NaN is, to every engine."""
_WHOLE: Final = np.dtype(np.int64)
_MOST_LISTED: Final = 100
"""So many categories that are in no list are counted apart in the engine."""


@dataclass(frozen=True)
class Gap:
    """Rows without a value: their state and the reason.

    `kept` is a cheaper way to say which rows it leaves, good for comparisons of the same value alone: it may be null
    where there is none, as a comparison with nothing is. With `free` such comparisons need not ask at all. With
    `untimed` it takes all rows without a period that earlier rules leave, which can be told of whole groups.
    """

    rows: nw.Expr
    state: str
    reason: str
    kept: nw.Expr | None = None
    free: bool = False
    untimed: bool = False

    def left(self) -> tuple[nw.Expr, ...]:
        """What must hold of rows for later rules."""
        if self.free or self.untimed:
            return ()
        return (~self.rows if self.kept is None else self.kept,)


@dataclass(frozen=True)
class Measured:
    """Values of rows, as in `Measured`; `zones` gives green, and green or yellow, for what is no number."""

    values: nw.Expr
    dtype: np.dtype[Any] = _WHOLE
    factor: Fraction = Fraction(1)
    unit: str = ""
    per_unit: int = 1
    gaps: tuple[Gap, ...] = ()
    open: nw.Expr | None = None
    zones: Zones | None = None
    has_nan: bool = False
    """Whether some values may be NaN."""
    backwards: nw.Expr | None = None
    """Rows that end before they begin, where that is not told by the values."""


def measure(criterion: Criterion, log: LazyLog, *, gave_up: str | None = None) -> Measured:
    """The values of a criterion.

    Raises:
        UnableError: The engine cannot measure it by itself.
    """
    kind = criterion.measure.kind
    if kind not in LAZY_MEASURES:
        raise UnableError(f"the measure {kind} needs several rows at once")
    return _within_scale(criterion, LAZY_MEASURES[kind](criterion, log, gave_up))


def _value(criterion: Criterion, log: LazyLog, _gave_up: str | None) -> Measured:
    name = str(criterion.measure.value)
    spec, numbers = log.log.field(name, "number"), numbers_of(name, log)
    unit = "s" if spec.span is not None else spec.unit or ""
    gaps = [Gap(numbers.missing, "missing", f"{name} is empty", free=numbers.free)]
    if unit in SECONDS and (numbers.low is None or numbers.low < 0):
        gaps.append(Gap(numbers.values < 0, "missing", f"{name} is below 0", numbers.values >= 0))
    return Measured(numbers.values, numbers.dtype, unit=unit, gaps=tuple(gaps), has_nan=numbers.has_nan)


def _flag(criterion: Criterion, log: LazyLog, _gave_up: str | None) -> Measured:
    name = str(criterion.measure.flag)
    true, false = flags_of(name, log)
    gaps = (Gap(~true & ~false, "missing", f"{name} is empty"),)

    def zones(row: ThresholdRow) -> tuple[nw.Expr, nw.Expr]:
        green = true if row.green else false
        return green, green

    return Measured(true, gaps=gaps, zones=zones)


def flags_of(name: str, log: LazyLog, *, left_out: bool = False) -> tuple[nw.Expr, nw.Expr]:
    """Which rows are true, and which are false; cells that cannot be read are judged by the pandas engine.

    With `left_out`, `n/a` is neither true nor false nor unreadable.
    """
    if is_flag(name, log):
        column = nw.col(log.raw(name))
        there = ~column.is_null()
        return column & there, ~column & there
    cells = words_of(name, log)
    flags = few(log.log, {log.raw(name): cells}).flags(name)
    unread = flags.values == UNREADABLE
    if left_out and flags.texts is not None:
        words = np.array([word.strip().casefold() == NOT_ASKED for word in flags.texts.words], dtype=bool)
        unread &= ~flags.texts.look_up(words, missing=False)
    if unread.any():
        log.odd.append(among(name, cells[unread], log))
    return among(name, cells[flags.values == 1], log), among(name, cells[flags.values == 0], log)


def _category(criterion: Criterion, log: LazyLog, _gave_up: str | None) -> Measured:
    name = str(criterion.measure.category)
    cells = words_of(name, log)
    texts = few(log.log, {log.raw(name): cells}).texts(name)
    gaps = [Gap(among(name, cells[texts.missing], log), "missing", f"{name} is empty")]

    def zones(row: ThresholdRow) -> tuple[nw.Expr, nw.Expr]:
        codes = texts.look_up(category_zones(row, texts), missing=UNLISTED)
        return among(name, cells[codes == GREEN], log), among(name, cells[codes <= YELLOW], log)

    if len(criterion.rows) > 1:
        raise UnableError("categories whose lists change")
    listed = category_zones(criterion.rows[0], texts) != UNLISTED
    unlisted = np.flatnonzero(~listed)
    for place in unlisted[:_MOST_LISTED]:
        chosen = among(name, cells[np.asarray(texts.codes) == place], log)
        gaps.append(Gap(chosen, "missing", unlisted_reason(name, texts.words[place])))
    if len(unlisted) > _MOST_LISTED:
        log.odd.append(among(name, cells[np.isin(texts.codes, unlisted[_MOST_LISTED:])], log))
    return Measured(nobody(nw.col(log.raw(name))), gaps=tuple(gaps), zones=zones)


def _count(criterion: Criterion, log: LazyLog, _gave_up: str | None) -> Measured:
    """How often a step happened in each case up to `as_of`; at least so often where the case is not ended."""
    spec: Any = criterion.measure.count
    return Measured(nw.col(count_column(spec.step, spec.distinct)), open=None if log.ended is None else ~log.ended)


def count_column(step: str, distinct: str | None) -> str:
    """The column of cases that says how often a step happened, or with how many different values of a column."""
    return f"case:count {step}" if distinct is None else f"case:count {step} by {distinct}"


def _checklist(criterion: Criterion, log: LazyLog, _gave_up: str | None) -> Measured:
    """Percent of the points of the items that apply; a failed critical one makes it 0."""
    spec: Any = criterion.measure.checklist
    weights = weights_of(spec.items)
    if not all(isinstance(weight, int) for weight in weights.values()):
        raise UnableError("weights that differ by more than whole numbers hold")
    got, most, failed = [], [], []
    for name, weight in weights.items():
        true, false = flags_of(name, log, left_out=True)
        got.append(nw.when(true).then(nw.lit(weight, nw.Int64)).otherwise(nw.lit(0, nw.Int64)))
        most.append(nw.when(true | false).then(nw.lit(weight, nw.Int64)).otherwise(nw.lit(0, nw.Int64)))
        if name in spec.critical:
            failed.append(false)
    points, all_points = _sum(got), _sum(most)
    none = all_points == 0
    percent = (points * 100).cast(nw.Float64) / nw.when(none).then(nw.lit(1, nw.Int64)).otherwise(all_points).cast(
        nw.Float64
    )
    if failed:
        percent = nw.when(reduce(lambda one, other: one | other, failed)).then(nw.lit(0.0)).otherwise(percent)
    gaps = (Gap(none, "not_applicable", NO_ITEM),)
    return Measured(percent, np.dtype(np.float64), unit="%", gaps=gaps, has_nan=True)


def _sum(parts: list[nw.Expr]) -> nw.Expr:
    return reduce(lambda one, other: one + other, parts)


def _duration(criterion: Criterion, log: LazyLog, gave_up: str | None) -> Measured:
    """The time from one moment to another; below 0 is missing."""
    spec: Any = criterion.measure.duration
    of, begin = log.log, log.log.moment(spec.from_)
    end = gave_up or of.moment(spec.to)
    begun, ended = log.seen(begin), log.seen(end)
    never = None if gave_up else log.ended
    gaps = [Gap(~begun, "missing", of.lacks(begin), free=never is None)]
    if gave_up:
        gaps.append(Gap(~ended, "missing", of.lacks(end), ended))
    if never is not None:
        gaps.append(Gap(never & ~ended, "missing", of.lacks(end)))
    span = _between(criterion, log, begin, end)
    gaps += span.gaps
    span = _minus(span, spec.minus, log, gaps)
    negative = span.values < 0 if span.backwards is None else (span.values < 0) | span.backwards
    reason = "after taking off, the time is below 0" if spec.minus else f"{of.said(end)} is before {of.said(begin)}"
    gaps.append(Gap(begun & ended & negative, "missing", reason))
    return replace(span, gaps=tuple(gaps), open=None if gave_up else begun & ~ended)


def _delay(criterion: Criterion, log: LazyLog, gave_up: str | None) -> Measured:
    """How late against a promise; early is below 0, no promise is not applicable."""
    spec: Any = criterion.measure.delay
    actual = gave_up or spec.actual
    promised, done = log.seen(spec.due), log.seen(actual)
    gaps = [Gap(~promised, "not_applicable", NO_PROMISE, promised)]
    if gave_up:
        gaps.append(Gap(~done, "missing", log.log.lacks(actual), done))
    span = _between(criterion, log, spec.due, actual)
    return replace(span, gaps=(*gaps, *span.gaps), open=None if gave_up else promised & ~done)


def _between(criterion: Criterion, log: LazyLog, begin: str, end: str) -> Measured:
    """From one time to another, to `as_of` where the other is empty."""
    if criterion.measure.spec.calendar is not None:
        made = worked(criterion, log, (begin, end))
        gaps = tuple(Gap(rows, "missing", reason) for rows, reason in made.far)
        return Measured(
            made.values,
            factor=Fraction(made.per_unit),
            unit=made.unit,
            per_unit=made.per_unit,
            gaps=gaps,
            backwards=made.backwards,
        )
    now = log.now()
    if criterion.measure.spec.by == "date":
        wall = clocks.to_wall(np.array([now // NANO], dtype=np.int64), 1, log.log.zone)
        today = int(clocks.to_days(wall, 1)[0])
        last = nw.when(log.seen(end)).then(log.days(end)).otherwise(nw.lit(today, nw.Int64))
        return Measured(last - log.days(begin), factor=Fraction(1, DAY), unit="d")
    per_second = max(log.moment(begin).per_second, log.moment(end).per_second, MICRO)
    first, last = (
        log.instants(name) * (per_second // log.moment(name).per_second)
        if log.moment(name).per_second < per_second
        else log.instants(name)
        for name in (begin, end)
    )
    last = nw.when(log.seen(end)).then(last).otherwise(nw.lit(now * per_second // NANO, nw.Int64))
    return Measured(last - first, factor=Fraction(per_second), unit="s", per_unit=per_second)


def _minus(span: Measured, names: tuple[str, ...], log: LazyLog, gaps: list[Gap]) -> Measured:
    """Takes off fields counted in a unit of time, in whole ticks; where one is missing, so is the value."""
    if not names:
        return span
    per_unit = DAY * MICRO if span.unit == "d" else max(span.per_unit, MICRO)
    values = span.values * (per_unit // span.per_unit)
    ticks_a_second = per_unit // DAY if span.unit == "d" else per_unit
    for name in names:
        spec, numbers = log.log.field(name, "number"), numbers_of(name, log)
        length = SECONDS["s" if spec.span is not None else str(spec.unit)]
        gaps.append(Gap(numbers.missing, "missing", f"{name} is empty"))
        scale = length * ticks_a_second
        if numbers.dtype.kind != "i" or scale.denominator != 1:
            raise UnableError(f"{name} is taken off and is no whole number")
        values = values - numbers.values.cast(nw.Int64) * int(scale)
    factor = Fraction(per_unit, DAY if span.unit == "d" else 1)
    return replace(span, values=values, per_unit=per_unit, factor=factor)


def _within_scale(criterion: Criterion, measured: Measured) -> Measured:
    """Adds the gaps of values outside the scale and of values that are not whole."""
    gaps, values = list(measured.gaps), measured.values
    if criterion.scale is not None:
        low, high = (end * measured.per_unit for end in criterion.scale)
        above = (values > high) & (values <= LARGEST) if measured.dtype.kind == "f" else values > high
        outside = (values < low) | above
        reason = f"outside the scale {decimal_text(criterion.scale[0])} to {decimal_text(criterion.scale[1])}"
        gaps.append(Gap(outside, "missing", reason))
    if criterion.whole and (measured.dtype.kind == "f" or measured.per_unit > 1):
        parts = (
            values % measured.per_unit != 0
            if measured.dtype.kind != "f"
            else has_fraction(values) & (values <= LARGEST)
        )
        gaps.append(Gap(parts, "missing", "not a whole number"))
    return replace(measured, gaps=tuple(gaps))


LAZY_MEASURES: Final[dict[str, Callable[[Criterion, LazyLog, str | None], Measured]]] = {
    "value": _value,
    "duration": _duration,
    "delay": _delay,
    "count": _count,
    "flag": _flag,
    "category": _category,
    "checklist": _checklist,
}
"""The measures that look at one row (or one case) alone; `worst` is put together from the zones of others."""
