"""Clocks: the time from one moment to another, and how late something is against a promise.

In: rows and a criterion. Out: `Measured`: whole ticks between two instants, whole days between two dates, or working
time of a calendar between them. What has not ended has lasted at least until `as_of`.
"""

from __future__ import annotations

import datetime as dt
from dataclasses import dataclass
from fractions import Fraction
from typing import TYPE_CHECKING, Final

import numpy as np

from svclight.judging.working_time import DAY_UNITS, WorkingTime, working_time
from svclight.logs.measured_values import Gap, Measured, cells_gap, gap, number_gaps, within_scale
from svclight.thresholds import Interval
from svclight.values import clocks
from svclight.values.clocks import DAY, NANO, NAT
from svclight.values.columns import MICRO
from svclight.values.quantities import SECONDS

if TYPE_CHECKING:
    from collections.abc import Collection

    from numpy.typing import NDArray

    from svclight.definition.models import Criterion, Delay, Duration
    from svclight.logs.log import Log, Rows

NO_PROMISE: Final = "no promise"
FIRST_YEAR, LAST_YEAR = 1900, 2199
"""The years for which working time is told."""
FIRST_DAY: Final = clocks.day_number(dt.date(FIRST_YEAR, 1, 1))
LAST_DAY: Final = clocks.day_number(dt.date(LAST_YEAR, 12, 31))
"""Their first day, and their last."""
_FAR: Final = 2.0**62
"""Ticks beyond this are as many as this: longer than any time between two moments."""
CLOCK_CHANGE: Final = "stands in the night when the clock changes"


def duration(criterion: Criterion, rows: Rows, gave_up: str | None) -> Measured:
    """The time from one moment to another; below 0 is missing."""
    spec: Duration = criterion.measure.duration  # type: ignore[assignment]  # the caller looked at the kind
    log, begin = rows.log, rows.log.moment(spec.from_)
    end = gave_up or log.moment(spec.to)
    first, last = rows.times(begin), rows.times(end)
    no_begin, no_end = first.ticks == NAT, last.ticks == NAT
    never = no_end if gave_up else log.never(rows, end)
    gaps = (
        *cells_gap(begin, "time", first.bad, first.texts),
        *gap(no_begin, "missing", log.lacks(begin)),
        *cells_gap(end, "time", last.bad, last.texts),
        *(gap(never, "missing", log.lacks(end)) if never is not None else ()),
    )
    span = _between(criterion, rows, begin, end)
    span = _minus(rows, spec.minus, span)
    unfinished = no_end & ~no_begin
    negative = span.values < 0 if span.backwards is None else (span.values < 0) | span.backwards
    negative = negative & ~unfinished & ~no_begin
    reason = "after taking off, the time is below 0" if spec.minus else f"{log.said(end)} is before {log.said(begin)}"
    gaps += (*span.gaps, *gap(negative, "missing", reason))
    return _made(criterion, span, gaps, None if gave_up else unfinished)


def delay(criterion: Criterion, rows: Rows, gave_up: str | None) -> Measured:
    """How late against a promise; early is below 0, no promise is not applicable."""
    spec: Delay = criterion.measure.delay  # type: ignore[assignment]  # the caller looked at the kind
    actual = gave_up or spec.actual
    due, done = rows.times(spec.due), rows.times(actual)
    no_due, not_done = due.ticks == NAT, done.ticks == NAT
    promised = no_due if due.bad is None else no_due & ~due.bad
    gaps = (
        *gap(promised, "not_applicable", NO_PROMISE),
        *cells_gap(spec.due, "time", due.bad, due.texts),
        *cells_gap(actual, "time", done.bad, done.texts),
        *(gap(not_done, "missing", rows.log.lacks(actual)) if gave_up else ()),
    )
    span = _between(criterion, rows, spec.due, actual)
    return _made(criterion, span, gaps + span.gaps, None if gave_up else not_done & ~no_due)


@dataclass(frozen=True)
class Span:
    """Lengths of time.

    Attributes:
        values: Whole numbers, `per_unit` of which make a unit.
        per_unit: See there.
        factor: What an amount of a limit (seconds or working days) is in the values.
        unit: The unit in which they are shown: s, d, bd.
        gaps: Rows of which it cannot be told.
        backwards: Rows that end before they begin, though perhaps no working time lies between; None where that is
            told by the values.
    """

    values: NDArray[np.int64]
    per_unit: int
    factor: Fraction
    unit: str
    gaps: tuple[Gap, ...] = ()
    backwards: NDArray[np.bool_] | None = None


def _made(criterion: Criterion, span: Span, gaps: tuple[Gap, ...], unfinished: NDArray[np.bool_] | None) -> Measured:
    still = unfinished if unfinished is not None and unfinished.any() else None
    return within_scale(criterion, Measured(span.values, span.factor, span.unit, span.per_unit, gaps, still))


def _between(criterion: Criterion, rows: Rows, begin: str, end: str) -> Span:
    """From one time to another, to `as_of` where the other is empty."""
    if criterion.measure.spec.by == "date":
        return _by_date(criterion, rows, begin, end)
    first, last, per_second, gaps = _instants(rows, begin, end)
    open_rows = last == NAT
    if open_rows.any():
        last = np.where(open_rows, (rows.log.as_of or 0) * per_second // NANO, last)
    return _elapsed(criterion, rows, (begin, end), (first, last), per_second, gaps)


def _elapsed(
    criterion: Criterion,
    rows: Rows,
    names: tuple[str, ...],
    ends: tuple[NDArray[np.int64], NDArray[np.int64]],
    per_second: int,
    gaps: tuple[Gap, ...] = (),
) -> Span:
    """The time between instants: elapsed, or working time where the measure has a calendar."""
    first, last = ends
    calendar = criterion.measure.spec.calendar
    if calendar is None:
        return Span(last - first, per_second, Fraction(per_second), "s", gaps)
    working = working_of(rows.log, calendar, names)
    for name, ticks in zip(names, ends, strict=False):
        far = (ticks != NAT) & ~_near(ticks, per_second)
        gaps += gap(far, "missing", outside(rows.log.said(name)))
    if in_working_days(criterion):
        values = working.days(last, per_second) - working.days(first, per_second)
        return Span(values, DAY_UNITS, Fraction(DAY_UNITS), "bd", gaps, last < first)
    values = working.time(last, per_second) - working.time(first, per_second)
    return Span(values, per_second, Fraction(per_second), "s", gaps, last < first)


def since(criterion: Criterion, rows: Rows, name: str) -> Span:
    """The time from a moment of each row to `as_of`, by the clock of the criterion's measure."""
    ticks, per_second, _ = rows.instants(name)
    now = np.full(len(ticks), (rows.log.as_of or 0) * per_second // NANO, dtype=np.int64)
    if getattr(criterion.measure.spec, "calendar", None) is None:
        return Span(now - ticks, per_second, Fraction(per_second), "s")
    return _elapsed(criterion, rows, (name,), (ticks, now), per_second)


def _by_date(criterion: Criterion, rows: Rows, begin: str, end: str) -> Span:
    """Whole days between two dates; with a calendar the working time of the days after the first."""
    first, last = (clocks.to_days(*rows.walls(name)) for name in (begin, end))
    wall = clocks.to_wall(np.array([(rows.log.as_of or 0) // NANO], dtype=np.int64), 1, rows.log.zone)
    last = np.where(last == NAT, int(clocks.to_days(wall, 1)[0]), last)
    calendar = criterion.measure.spec.calendar
    if calendar is None:
        return Span(last - first, 1, Fraction(1, DAY), "d")
    working = working_of(rows.log, calendar, (begin, end))
    gaps: tuple[Gap, ...] = ()
    for name, days in ((begin, first), (end, last)):
        far = (days != NAT) & ((days < FIRST_DAY) | (days > LAST_DAY))
        gaps += gap(far, "missing", outside(rows.log.said(name)))
    if in_working_days(criterion):
        values = working.days_by_date(last) - working.days_by_date(first)
        return Span(values, DAY_UNITS, Fraction(DAY_UNITS), "bd", gaps, last < first)
    values = working.time_by_date(last, 1) - working.time_by_date(first, 1)
    return Span(values, 1, Fraction(1), "s", gaps, last < first)


def in_working_days(criterion: Criterion) -> bool:
    """Whether the limits of a criterion are counted in working days."""
    limits = [limit for row in criterion.rows for limit in (row.green, row.yellow) if isinstance(limit, Interval)]
    return any(end.dimension == "bd" for limit in limits for end in limit.ends)


def working_of(log: Log, calendar: str, names: tuple[str, ...]) -> WorkingTime:
    """The working time of a calendar over all days that the log's times (and `as_of`) lie in."""

    def made() -> WorkingTime:
        ends = [(clocks.tick_range(times.ticks), times.per_second) for times in map(log.times, names)]
        days = [tick // (DAY * second) for pair, second in ends if pair is not None for tick in pair]
        return working_over(log, calendar, days)

    working: WorkingTime = log.remember(("working", calendar, names), made)
    log.notices.update(dict.fromkeys(working.notices))
    return working


def working_over(log: Log, calendar: str, days: Collection[int]) -> WorkingTime:
    """The working time of a calendar over days, and that of `as_of`, as far as it is told."""
    document = log.definitions.document
    more = [*days, *([] if log.as_of is None else [log.as_of // (DAY * NANO)])]
    first, last = (min(max(day, FIRST_DAY), LAST_DAY) for day in (min(more, default=0), max(more, default=0)))
    return working_time(document.calendars[calendar], document.time_zone, first, last, name=calendar)


def outside(name: str) -> str:
    """What is said of a row whose time lies too far away."""
    return f"{name} lies outside the years {FIRST_YEAR} to {LAST_YEAR}"


def _near(ticks: NDArray[np.int64], per_second: int) -> NDArray[np.bool_]:
    days = ticks // (DAY * per_second)
    return (days >= FIRST_DAY) & (days <= LAST_DAY)


def _instants(rows: Rows, begin: str, end: str) -> tuple[NDArray[np.int64], NDArray[np.int64], int, tuple[Gap, ...]]:
    """Two times as instants in one unit, how many make a second, and the gaps of times that have two readings."""
    first, per_first, unsure_first = rows.instants(begin)
    last, per_last, unsure_last = rows.instants(end)
    per_second = max(per_first, per_last, MICRO)
    gaps = tuple(
        Gap(unsure, "missing", f"{rows.log.said(name)} {CLOCK_CHANGE}")
        for name, unsure in ((begin, unsure_first), (end, unsure_last))
        if unsure is not None and unsure.any()
    )
    return _finer(first, per_first, per_second), _finer(last, per_last, per_second), per_second, gaps


def _finer(ticks: NDArray[np.int64], per_second: int, wanted: int) -> NDArray[np.int64]:
    """Ticks in a finer unit; times too far away for it are put at its ends."""
    scale = wanted // per_second
    if scale == 1:
        return ticks
    most = np.iinfo(np.int64).max // scale
    return np.where(ticks == NAT, NAT, np.clip(ticks, -most, most) * scale)


def _minus(rows: Rows, names: tuple[str, ...], span: Span) -> Span:
    """Takes off fields counted in a unit of time, in whole ticks; where one is missing, so is the value."""
    if not names:
        return span
    values, gaps = span.values, span.gaps
    per_unit = DAY * MICRO if span.unit == "d" else max(span.per_unit, MICRO)
    values = values * (per_unit // span.per_unit)
    ticks_a_second = per_unit // DAY if span.unit == "d" else per_unit
    for name in names:
        spec, numbers = rows.log.field(name, "number"), rows.numbers(name)
        length = SECONDS["s" if spec.span is not None else str(spec.unit)]
        gaps += number_gaps(name, numbers, "span" if spec.span is not None else "number")
        known = np.where(np.isfinite(numbers.values), numbers.values, 0)
        with np.errstate(over="ignore"):
            taken_off = np.clip(known * float(length * ticks_a_second), -_FAR, _FAR)
        values = values - np.rint(taken_off).astype(np.int64)
    factor = Fraction(per_unit, DAY if span.unit == "d" else 1)
    return Span(values, per_unit, factor, span.unit, gaps, span.backwards)
