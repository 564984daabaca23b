"""Working time in an engine: each instant finds its slot in a small table, which is joined to the log.

In: `LazyLog`, a criterion whose measure has a calendar, and two times. Out: `Worked`, the working time between them in
whole numbers, the same as `judging.clock_measures` gives. The table reaches as far as the log's times do; what has not
ended yet ends at `as_of`, whose working time is one number.
"""

from __future__ import annotations

from dataclasses import dataclass
from functools import reduce
from typing import TYPE_CHECKING, Any, Final

import narwhals as nw
import numpy as np

from svclight.in_engine.expressions import UnableError
from svclight.in_engine.log import UnsurveyedError
from svclight.judging.clock_measures import FIRST_DAY, LAST_DAY, in_working_days, outside, working_over
from svclight.judging.maturity import clocked
from svclight.judging.working_time import DAY_UNITS
from svclight.values import clocks
from svclight.values.clocks import DAY, NANO
from svclight.values.columns import MICRO

if TYPE_CHECKING:
    from collections.abc import Sequence

    from svclight.definition.models import Criterion
    from svclight.in_engine.log import LazyLog
    from svclight.judging.working_time import Slots, WorkingTime
    from svclight.logs.log import Log

    Names = tuple[str, ...]

_TO_WHOLE: Final = 2.0**52
"""Added and taken off again it leaves of a smaller number the whole one that is nearest, of two the even one."""


@dataclass(frozen=True)
class Worked:
    """Working time between two times.

    Attributes:
        values: Whole numbers, `per_unit` of which make a unit.
        per_unit: See there.
        unit: s or bd.
        far: Rows of which it is not told, and why.
        backwards: Rows that end before they begin, though perhaps no working time lies between.
    """

    values: nw.Expr
    per_unit: int
    unit: str
    far: tuple[tuple[nw.Expr, str], ...]
    backwards: nw.Expr


@dataclass(frozen=True)
class _Totals:
    """A running total at the two times: of each where it is, which rows are too far, what it is at `as_of`.

    `at` is what is compared to tell which is earlier: ticks, or days.
    """

    at: tuple[nw.Expr, nw.Expr]
    up_to: tuple[nw.Expr, nw.Expr]
    far: tuple[nw.Expr | None, nw.Expr | None]
    now: int
    now_is_far: bool


def calendar_of(criterion: Criterion) -> str | None:
    """The calendar of a criterion's measure; None where it has none."""
    return getattr(criterion.measure.spec, "calendar", None)


def worked(criterion: Criterion, log: LazyLog, names: tuple[str, str]) -> Worked:
    """The working time from one time to another, to `as_of` where the other is empty.

    Raises:
        UnableError: The engine takes no tables, or the calendar needs too large a one.
    """
    begin, end = names
    by_date, in_days = criterion.measure.spec.by == "date", in_working_days(criterion)
    per_second = 1 if by_date else max(*(log.moment(name).per_second for name in names), MICRO)
    totals = _by_date(criterion, log, names) if by_date else _by_instant(criterion, log, names, per_second)
    log.notices.update(dict.fromkeys(_working(log, str(calendar_of(criterion)), names).notices))
    begun, ended = log.seen(begin), log.seen(end)
    last = nw.when(ended).then(totals.up_to[1]).otherwise(nw.lit(totals.now, nw.Int64))
    far = [] if totals.far[0] is None else [(begun & totals.far[0], outside(log.log.said(begin)))]
    too_late = [] if totals.far[1] is None else [begun & ended & totals.far[1]]
    too_late += [begun & ~ended] if totals.now_is_far else []
    if too_late:
        far.append((reduce(lambda one, other: one | other, too_late), outside(log.log.said(end))))
    return Worked(
        last - totals.up_to[0],
        DAY_UNITS if in_days else per_second,
        "bd" if in_days else "s",
        tuple(far),
        totals.at[1] < totals.at[0],
    )


# --- by instant ------------------------------------------------------------------------------------------------------


def _by_instant(criterion: Criterion, log: LazyLog, names: tuple[str, str], per_second: int) -> _Totals:
    calendar, in_days = str(calendar_of(criterion)), in_working_days(criterion)
    working = _working(log, calendar, _all_names(log.log, calendar))
    slots = _slots(log, calendar, working, per_second, in_days=in_days)
    found = [_instant(log, name, per_second) for name in names]
    now = log.now() * per_second // NANO
    total = working.days if in_days else working.time
    kind = f"{calendar} {'days' if in_days else 'time'} {per_second}"
    first, last = (_total(log, f"{kind} {name}", ticks, slots) for name, (ticks, _) in zip(names, found, strict=True))
    return _Totals(
        (found[0][0], found[1][0]),
        (first, last),
        (found[0][1], found[1][1]),
        int(total(np.array([now], dtype=np.int64), per_second)[0]),
        not FIRST_DAY <= now // (DAY * per_second) <= LAST_DAY,
    )


def _instant(log: LazyLog, name: str, per_second: int) -> tuple[nw.Expr, nw.Expr | None]:
    """Instants in ticks, null where they are too far away, and which are; None where there can be none."""
    own, ticks = log.moment(name).per_second, log.instants(name)
    far = None
    if not all(FIRST_DAY + 2 <= day <= LAST_DAY - 2 for day in _days(log, (name,))):
        far = (ticks < FIRST_DAY * DAY * own) | (ticks >= (LAST_DAY + 1) * DAY * own)
    near = ticks if far is None else nw.when(~far).then(ticks)
    return (near * (per_second // own) if own < per_second else near), far


def _slots(log: LazyLog, calendar: str, working: WorkingTime, per_second: int, *, in_days: bool) -> Slots:
    days = _days(log, _all_names(log.log, calendar)) or [working.first_day]
    low, high = (min(max(day, working.first_day), working.last_day) for day in (min(days), max(days)))
    key = ("slots", calendar, per_second, in_days)
    slots = log.log.remember(key, lambda: working.slots(low - 1, high + 1, per_second, in_days=in_days))
    if slots is None:
        raise UnableError(f"the calendar {calendar} over so many years")
    return slots  # type: ignore[no-any-return]  # the memory holds what was made


def _total(log: LazyLog, name: str, ticks: nw.Expr, slots: Slots) -> nw.Expr:
    """The running total at each instant."""
    since = ticks - slots.begin
    # from the middle of its slot, so that no engine's way of dividing whole numbers can miss it
    slot = (since - since % slots.width + slots.width // 2) // slots.width
    cells = log.looked_up(name, slot.cast(nw.Int64), slots.columns)
    if slots.layers:
        parts = [_day(cells, str(number), since, slots.per_second) for number in range(slots.layers)]
        made = reduce(lambda one, other: one + other, parts)
    else:
        made = cells["base"] * slots.per_second + cells["slope"] * since
    return log.before.computed(f"worked:{name}", [made], level=0)[0]


def _day(cells: dict[str, nw.Expr], layer: str, since: nw.Expr, per_second: int) -> nw.Expr:
    """The working days so far of one layer: whole ones before, and a part of this one."""
    done = cells[f"done{layer}"] * per_second + cells[f"runs{layer}"] * since
    length = cells[f"length{layer}"] * per_second
    part = done.cast(nw.Float64) / length.cast(nw.Float64) * float(DAY_UNITS)
    return cells[f"before{layer}"] * DAY_UNITS + ((part + _TO_WHOLE) - _TO_WHOLE).cast(nw.Int64)


# --- by date ---------------------------------------------------------------------------------------------------------


def _by_date(criterion: Criterion, log: LazyLog, names: tuple[str, str]) -> _Totals:
    calendar, in_days = str(calendar_of(criterion)), in_working_days(criterion)
    working = _working(log, calendar, _all_names(log.log, calendar))

    def total(days: Any) -> Any:
        return working.days_by_date(days) if in_days else working.time_by_date(days, 1)

    every = np.arange(working.first_day - 1, working.last_day + 2, dtype=np.int64)
    table = {"day": every, "total": total(every)}
    kind = f"{calendar} {'days' if in_days else 'time'} by date"
    first, last = (log.looked_up(f"{kind} {name}", log.days(name).cast(nw.Int64), table)["total"] for name in names)
    far = [
        None
        if all(FIRST_DAY + 2 <= day <= LAST_DAY - 2 for day in _days(log, (name,)))
        else (log.days(name) < FIRST_DAY) | (log.days(name) > LAST_DAY)
        for name in names
    ]
    wall = clocks.to_wall(np.array([log.now() // NANO], dtype=np.int64), 1, log.log.zone)
    today = clocks.to_days(wall, 1)
    return _Totals(
        (log.days(names[0]), log.days(names[1])),
        (first, last),
        (far[0], far[1]),
        int(total(today)[0]),
        not FIRST_DAY <= int(today[0]) <= LAST_DAY,
    )


# --- the calendar over the log's times -------------------------------------------------------------------------------


def _all_names(log: Log, calendar: str) -> Names:
    """All times between which working time of a calendar is measured."""
    names: dict[str, None] = {}
    for criterion in log.process.criteria.values():
        if calendar_of(criterion) != calendar:
            continue
        spec: Any = criterion.measure.spec
        is_duration = criterion.measure.kind == "duration"
        ends = map(log.moment, (spec.from_, spec.to)) if is_duration else (spec.due, spec.actual)
        names |= dict.fromkeys(ends)
        if criterion.abandoned is not None and criterion.abandoned.at is not None:
            names[log.given_up(criterion.abandoned.at)] = None
    return tuple(names)


def _days(log: LazyLog, names: Sequence[str]) -> list[int]:
    """The first and the last day of each time that has any, as it is written."""
    if log.bounds is None:
        raise UnsurveyedError
    found = [(log.bounds.get(moment.column), moment.per_second) for moment in map(log.moment, names)]
    return [tick // (DAY * second) for ends, second in found if ends is not None for tick in ends]


def _working(log: LazyLog, calendar: str, names: Names) -> WorkingTime:
    """The working time of a calendar over the days of times and of `as_of`."""
    days = sorted(_days(log, names))
    key = ("working over", calendar, *days[:1], *days[-1:])
    return log.log.remember(key, lambda: working_over(log.log, calendar, days))  # type: ignore[no-any-return]  # the same


def know_working_time(spec: Log, log: LazyLog, rest: Log | None) -> None:
    """Tells a log without rows how far its working time reaches, so that it knows which periods are immature."""
    for criterion in spec.process.criteria.values():
        for calendar in filter(None, map(calendar_of, clocked(criterion, spec.process))):
            names = tuple(dict.fromkeys((spec.anchor, spec.anchor_of(criterion))))
            days = _days(log, names)
            for times in map(rest.times, names) if rest is not None else ():
                ends = clocks.tick_range(times.ticks)
                days += [] if ends is None else [tick // (DAY * times.per_second) for tick in ends]
            working = working_over(spec, calendar, days)
            spec.remember(("working", calendar, names), lambda working=working: working)
