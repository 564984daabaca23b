"""Working time in an engine: each instant finds its slot in a small table, which is joined to the log.

In: `LazyLog`, a criterion whose measure has a calendar, and times. Out: `ExpressionClock`, the running total of working
time up to each of them in whole numbers. The table reaches as far as the log's times do; the total up to `as_of` is one
number.
"""

from __future__ import annotations

from dataclasses import dataclass
from functools import reduce
from typing import TYPE_CHECKING, Any, Final

import narwhals as nw
import numpy as np

from svclight.errors import UnableError
from svclight.judging.log_calendars import FIRST_DAY, LAST_DAY, working_over
from svclight.judging.working_time import DAY_UNITS
from svclight.method.clock_measures import calendar_of
from svclight.values import clocks
from svclight.values.clocks import DAY

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from svclight.definition.models import Criterion
    from svclight.in_engine.log import LazyLog
    from svclight.judging.working_time import Slots, WorkingTime
    from svclight.logs.log import Log

    Names = tuple[str, ...]

_TO_WHOLE: Final = 2.0**52
"""Added and taken off again it leaves of a smaller number the whole one that is nearest, of two the even one."""


@dataclass(frozen=True)
class ExpressionClock:
    """Running totals of working time, as the rule book asks a clock (`method.view.Clock`).

    Attributes:
        per_unit: How much of it makes a second, or a working day.
        totals: The total up to each time, by name.
        places: The ticks or days that show which of two times is earlier.
        too_far: The rows whose time lies outside the years for which working time is known; None if none can.
        up_to_now: The total up to `as_of`.
        now_is_far: Whether `as_of` lies outside these years.
    """

    per_unit: int
    totals: Mapping[str, nw.Expr]
    places: Mapping[str, nw.Expr]
    too_far: Mapping[str, nw.Expr | None]
    up_to_now: int
    now_is_far: bool

    def up_to(self, name: str) -> nw.Expr:
        """The working time up to a time of each row."""
        return self.totals[name]

    def place(self, name: str) -> nw.Expr:
        """The ticks or days that show which of two times is earlier."""
        return self.places[name]

    def far(self, name: str) -> nw.Expr | None:
        """The rows whose time lies outside the years for which working time is known."""
        return self.too_far[name]


def clock_of(
    criterion: Criterion, log: LazyLog, names: Names, per_second: int, *, by: str, in_days: bool
) -> ExpressionClock:
    """The working time of a measure's calendar up to times, as expressions over a joined table.

    Raises:
        UnableError: The engine takes no tables, or the calendar needs too large a one.
    """
    calendar = str(calendar_of(criterion))
    if by == "date":
        clock = _by_date(calendar, log, names, in_days=in_days)
    else:
        clock = _by_instant(calendar, log, names, per_second, in_days=in_days)
    log.notices.update(dict.fromkeys(_working(log, calendar, names).notices))
    return clock


# --- by instant ------------------------------------------------------------------------------------------------------


def _by_instant(calendar: str, log: LazyLog, names: Names, per_second: int, *, in_days: bool) -> ExpressionClock:
    working = _working(log, calendar, _all_names(log.log, calendar))
    slots = _slots(log, calendar, working, per_second, in_days=in_days)
    found = {name: _instant(log, name, per_second) for name in names}
    now = clocks.now_at(log.now(), per_second)
    total = working.days if in_days else working.time
    kind = f"{calendar} {'days' if in_days else 'time'} {per_second}"
    return ExpressionClock(
        DAY_UNITS if in_days else per_second,
        {name: _running_total(log, f"{kind} {name}", ticks, slots) for name, (ticks, _) in found.items()},
        {name: ticks for name, (ticks, _) in found.items()},
        {name: far for name, (_, far) in found.items()},
        int(total(np.array([now], dtype=np.int64), per_second)[0]),
        not FIRST_DAY <= now // (DAY * per_second) <= LAST_DAY,
    )


def _instant(log: LazyLog, name: str, per_second: int) -> tuple[nw.Expr, nw.Expr | None]:
    """Instants in ticks, null outside the known years, and the rows that lie outside; None if none can."""
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


def _running_total(log: LazyLog, name: str, ticks: nw.Expr, slots: Slots) -> nw.Expr:
    """The working time up to each instant."""
    since = ticks - slots.begin
    # from the middle of its slot, so that no engine's way of dividing whole numbers can miss it
    slot = (since - since % slots.width + slots.width // 2) // slots.width
    cells = log.look_up_in_table(name, slot.cast(nw.Int64), slots.columns)
    if slots.layers:
        parts = [_day(cells, str(number), since, slots.per_second) for number in range(slots.layers)]
        made = reduce(lambda one, other: one + other, parts)
    else:
        made = cells["base"] * slots.per_second + cells["slope"] * since
    return log.before.as_columns(f"worked:{name}", [made], level=0)[0]


def _day(cells: dict[str, nw.Expr], layer: str, since: nw.Expr, per_second: int) -> nw.Expr:
    """The working days up to each instant in one layer: whole days before it, and the part of its own day."""
    done = cells[f"done{layer}"] * per_second + cells[f"runs{layer}"] * since
    length = cells[f"length{layer}"] * per_second
    part = done.cast(nw.Float64) / length.cast(nw.Float64) * float(DAY_UNITS)
    return cells[f"before{layer}"] * DAY_UNITS + ((part + _TO_WHOLE) - _TO_WHOLE).cast(nw.Int64)


# --- by date ---------------------------------------------------------------------------------------------------------


def _by_date(calendar: str, log: LazyLog, names: Names, *, in_days: bool) -> ExpressionClock:
    working = _working(log, calendar, _all_names(log.log, calendar))

    def total(days: Any) -> Any:
        return working.days_by_date(days) if in_days else working.time_by_date(days, 1)

    every = np.arange(working.first_day - 1, working.last_day + 2, dtype=np.int64)
    table = {"day": every, "total": total(every)}
    kind = f"{calendar} {'days' if in_days else 'time'} by date"
    today = clocks.day_at(log.now(), log.log.zone)
    return ExpressionClock(
        DAY_UNITS if in_days else 1,
        {name: log.look_up_in_table(f"{kind} {name}", log.days(name).cast(nw.Int64), table)["total"] for name in names},
        {name: log.days(name) for name in names},
        {name: _far_days(log, name) for name in names},
        int(total(np.array([today], dtype=np.int64))[0]),
        not FIRST_DAY <= today <= LAST_DAY,
    )


def _far_days(log: LazyLog, name: str) -> nw.Expr | None:
    """The rows whose day lies outside the known years; None if none can."""
    if all(FIRST_DAY + 2 <= day <= LAST_DAY - 2 for day in _days(log, (name,))):
        return None
    return (log.days(name) < FIRST_DAY) | (log.days(name) > LAST_DAY)


# --- the calendar over the log's times -------------------------------------------------------------------------------


def _all_names(log: Log, calendar: str) -> Names:
    """The names of all times that a calendar's working time is measured between."""
    names: dict[str, None] = {}
    for criterion in log.process.criteria.values():
        if calendar_of(criterion) != calendar:
            continue
        spec: Any = criterion.measure.spec
        is_duration = criterion.measure.kind == "duration"
        ends = map(log.moment, (spec.from_, spec.to)) if is_duration else (spec.due, spec.actual)
        names |= dict.fromkeys(ends)
        if criterion.abandoned is not None and criterion.abandoned.at is not None:
            names[log.abandon_time(criterion.abandoned.at)] = None
    return tuple(names)


def _days(log: LazyLog, names: Sequence[str]) -> list[int]:
    """The first and the last day of each time, as it is written."""
    found = [(log.ranges().get(moment.column), moment.per_second) for moment in map(log.moment, names)]
    return [tick // (DAY * second) for ends, second in found if ends is not None for tick in ends]


def _working(log: LazyLog, calendar: str, names: Names) -> WorkingTime:
    """The working time of a calendar over the days of some times and of `as_of`."""
    days = sorted(_days(log, names))
    key = ("working over", calendar, *days[:1], *days[-1:])
    return log.log.remember(key, lambda: working_over(log.log, calendar, days))  # type: ignore[no-any-return]  # the same
