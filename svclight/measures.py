"""What is measured: `Rows` + criterion -> the value of each row, and what stands in the way of one.

A measure is a function from rows and a criterion to `Measured`. Values are numbers: ticks of a clock (whole numbers,
so that limits are met exactly), the numbers of a field, 1 and 0 for true and false, the places of categories. A value
that is not complete is marked `open`: it is at least what is given. Gaps say which rows have no value, and why; the
first counts.
"""

from __future__ import annotations

from dataclasses import dataclass
from fractions import Fraction
from typing import TYPE_CHECKING, Any, Final

import numpy as np

from svclight import clocks
from svclight.clocks import DAY, NANO, NAT
from svclight.columns import MICRO, unread
from svclight.units import SECONDS, decimal

if TYPE_CHECKING:
    from collections.abc import Callable

    from numpy.typing import NDArray

    from svclight.columns import Numbers, Texts
    from svclight.logs import Rows
    from svclight.models import Criterion, Delay, Duration

    Mask = NDArray[np.bool_]
    Reason = str | Callable[[NDArray[np.intp]], NDArray[np.object_]]

CLOCK_CHANGE: Final = "stands in the night when the clock changes"


@dataclass(frozen=True)
class Gap:
    """Rows without a value: their state, and the reason (a text, or the texts for given places)."""

    rows: Mask
    state: str
    reason: Reason


@dataclass(frozen=True)
class Measured:
    """Values of rows.

    Attributes:
        values: One number a row; without meaning where a gap is.
        factor: What an amount of a limit (seconds, days, or the field's own unit) is in the unit of the values.
        unit: The unit in which values are shown.
        per_unit: How many of the values' units make one of `unit`.
        gaps: The rows without a value; of several for a row the first counts.
        open: The rows whose value is at least the one given; None where all are complete.
        words: The categories, where values are their places.
    """

    values: NDArray[Any]
    factor: Fraction = Fraction(1)
    unit: str = ""
    per_unit: int = 1
    gaps: tuple[Gap, ...] = ()
    open: Mask | None = None
    words: NDArray[np.object_] | None = None

    def shown(self) -> NDArray[np.float64]:
        """The values in `unit`."""
        return np.asarray(self.values, dtype=np.float64) / self.per_unit


def measure(criterion: Criterion, rows: Rows, *, gave_up: str | None = None) -> Measured:
    """The values of a criterion.

    Args:
        criterion: What is measured.
        rows: Part of a log, as it stood at its `as_of`.
        gave_up: The time field at which a duration or delay ends instead, for abandoned interactions.
    """
    return MEASURES[criterion.measure.kind](criterion, rows, gave_up)


def _value(criterion: Criterion, rows: Rows, _gave_up: str | None) -> Measured:
    name = str(criterion.measure.value)
    spec = rows.log.field(name, "number")
    unit = "s" if spec.span is not None else spec.unit or ""
    numbers = rows.numbers(name)
    gaps = _number_gaps(name, numbers, "span" if spec.span is not None else "number")
    if unit in SECONDS:
        below = numbers.values < 0
        gaps += _gap(below, "missing", f"{name} is below 0")
    return _within_scale(criterion, Measured(numbers.values, unit=unit, gaps=gaps))


def _number_gaps(name: str, numbers: Numbers, kind: str) -> tuple[Gap, ...]:
    values = numbers.values
    if values.dtype.kind in "iu":
        return ()
    finite = np.isfinite(values)
    if finite.all():
        return ()
    gaps = cells_gap(name, kind, numbers.bad, numbers.texts)
    return (
        *gaps,
        *_gap(np.isinf(values), "missing", f"{name} is infinite"),
        *_gap(~finite, "missing", f"{name} is empty"),
    )


def _gap(rows: Mask, state: str, reason: Reason) -> tuple[Gap, ...]:
    return (Gap(rows, state, reason),) if rows.any() else ()


def cells_gap(name: str, kind: str, bad: Mask | None, texts: Texts | None) -> tuple[Gap, ...]:
    """The gap of cells that cannot be read; the cell stands in the reason."""
    if bad is None or not bad.any():
        return ()
    said = unread(name, kind)

    def reasons(places: NDArray[np.intp]) -> NDArray[np.object_]:
        if texts is None:
            return np.full(len(places), f"{name} is no time between the years 1 and 9999", dtype=object)
        codes = texts.codes[places]
        made = {code: said(texts.words[code]) for code in np.unique(codes)}
        return np.array([made[code] for code in codes], dtype=object)

    return (Gap(bad, "missing", reasons),)


def _within_scale(criterion: Criterion, measured: Measured) -> Measured:
    """Adds the gaps of values outside the scale and of values that are not whole."""
    gaps, values = measured.gaps, measured.values
    if criterion.scale is not None:
        low, high = (end * measured.per_unit for end in criterion.scale)
        outside = (values < low) | (values > high)
        gaps += _gap(
            outside, "missing", f"outside the scale {decimal(criterion.scale[0])} to {decimal(criterion.scale[1])}"
        )
    if criterion.whole and (values.dtype.kind == "f" or measured.per_unit > 1):
        with np.errstate(invalid="ignore"):
            parts = np.mod(values, measured.per_unit) != 0
        gaps += _gap(parts, "missing", "not a whole number")
    return Measured(values, measured.factor, measured.unit, measured.per_unit, gaps, measured.open)


def _duration(criterion: Criterion, rows: Rows, gave_up: str | None) -> Measured:
    spec: Duration = criterion.measure.duration  # type: ignore[assignment]  # the caller looked at the kind
    begin, end = str(spec.from_), gave_up or str(spec.to)
    first, last = rows.times(begin), rows.times(end)
    no_begin, no_end = first.ticks == NAT, last.ticks == NAT
    gaps = (
        *cells_gap(begin, "time", first.bad, first.texts),
        *_gap(no_begin, "missing", f"{begin} is empty"),
        *cells_gap(end, "time", last.bad, last.texts),
        *(_gap(no_end, "missing", f"{end} is empty") if gave_up else ()),
    )
    values, per_unit, unit, unsure = _between(rows, begin, end, spec.by)
    gaps += unsure
    values, per_unit, gaps = _minus(rows, spec.minus, values, per_unit, unit, gaps)
    unfinished = no_end & ~no_begin
    negative = (values < 0) & ~unfinished & ~no_begin
    reason = "after taking off, the time is below 0" if spec.minus else f"{end} is before {begin}"
    gaps += _gap(negative, "missing", reason)
    factor = Fraction(per_unit, DAY if unit == "d" else 1)
    made = Measured(values, factor, unit, per_unit, gaps, None if gave_up or not unfinished.any() else unfinished)
    return _within_scale(criterion, made)


def _delay(criterion: Criterion, rows: Rows, gave_up: str | None) -> Measured:
    spec: Delay = criterion.measure.delay  # type: ignore[assignment]  # the caller looked at the kind
    actual = gave_up or spec.actual
    due, done = rows.times(spec.due), rows.times(actual)
    no_due, not_done = due.ticks == NAT, done.ticks == NAT
    promised = no_due if due.bad is None else no_due & ~due.bad
    gaps = (
        *_gap(promised, "not_applicable", "no promise"),
        *cells_gap(spec.due, "time", due.bad, due.texts),
        *cells_gap(actual, "time", done.bad, done.texts),
        *(_gap(not_done, "missing", f"{actual} is empty") if gave_up else ()),
    )
    values, per_unit, unit, unsure = _between(rows, spec.due, actual, spec.by)
    unfinished = not_done & ~no_due
    factor = Fraction(per_unit, DAY if unit == "d" else 1)
    made = Measured(
        values, factor, unit, per_unit, gaps + unsure, None if gave_up or not unfinished.any() else unfinished
    )
    return _within_scale(criterion, made)


def _between(rows: Rows, begin: str, end: str, by: str) -> tuple[NDArray[np.int64], int, str, tuple[Gap, ...]]:
    """From one time to another, to `as_of` where the other is empty: whole days by date, else ticks by instant.

    Returns:
        The values, how many make a unit, that unit (`d` or `s`), and the gaps of times that have two readings.
    """
    as_of = rows.log.as_of or 0
    if by == "date":
        first, last = (clocks.to_days(*rows.walls(name)) for name in (begin, end))
        wall = clocks.to_wall(np.array([as_of // NANO], dtype=np.int64), 1, rows.log.zone)
        today = int(clocks.to_days(wall, 1)[0])
        return np.where(last == NAT, today, last) - first, 1, "d", ()
    first, per_first, unsure_first = rows.instants(begin)
    last, per_last, unsure_last = rows.instants(end)
    per_second = max(per_first, per_last, MICRO)
    first, last = _finer(first, per_first, per_second), _finer(last, per_last, per_second)
    open_rows = last == NAT
    if open_rows.any():
        last = np.where(open_rows, as_of * per_second // NANO, last)
    gaps = tuple(
        Gap(unsure, "missing", f"{name} {CLOCK_CHANGE}")
        for name, unsure in ((begin, unsure_first), (end, unsure_last))
        if unsure is not None and unsure.any()
    )
    return last - first, per_second, "s", gaps


def _finer(ticks: NDArray[np.int64], per_second: int, wanted: int) -> NDArray[np.int64]:
    """Ticks in a finer unit; times too far away for it are put at its ends."""
    scale = wanted // per_second
    if scale == 1:
        return ticks
    most = np.iinfo(np.int64).max // scale
    return np.where(ticks == NAT, NAT, np.clip(ticks, -most, most) * scale)


def _minus(
    rows: Rows, names: tuple[str, ...], values: NDArray[np.int64], per_unit: int, unit: str, gaps: tuple[Gap, ...]
) -> tuple[NDArray[np.int64], int, tuple[Gap, ...]]:
    """Takes off fields counted in a unit of time, in whole ticks; where one is missing, so is the value."""
    if not names:
        return values, per_unit, gaps
    if unit == "d":
        values, per_unit = values * (DAY * MICRO), DAY * MICRO
    ticks_a_second = per_unit // DAY if unit == "d" else per_unit
    for name in names:
        spec, numbers = rows.log.field(name, "number"), rows.numbers(name)
        length = SECONDS["s" if spec.span is not None else str(spec.unit)]
        gaps += _number_gaps(name, numbers, "span" if spec.span is not None else "number")
        known = np.where(np.isfinite(numbers.values), numbers.values, 0)
        values = values - np.rint(known * float(length * ticks_a_second)).astype(np.int64)
    return values, per_unit, gaps


def _flag(criterion: Criterion, rows: Rows, _gave_up: str | None) -> Measured:
    name = str(criterion.measure.flag)
    flags = rows.flags(name)
    bad = flags.values == -2  # noqa: PLR2004 - the code of a cell that cannot be read
    gaps = (*cells_gap(name, "flag", bad, flags.texts), *_gap(flags.values == -1, "missing", f"{name} is empty"))
    return Measured(flags.values.astype(np.float64), gaps=gaps)


def _category(criterion: Criterion, rows: Rows, _gave_up: str | None) -> Measured:
    name = str(criterion.measure.category)
    texts = rows.texts(name)
    gaps = _gap(texts.missing, "missing", f"{name} is empty")
    return Measured(np.asarray(texts.codes, dtype=np.int64), gaps=gaps, words=texts.words)


MEASURES: Final[dict[str, Callable[[Criterion, Rows, str | None], Measured]]] = {
    "value": _value,
    "duration": _duration,
    "delay": _delay,
    "flag": _flag,
    "category": _category,
}
"""The measures that are computed, by name; `worst` is put together from the zones of others."""
