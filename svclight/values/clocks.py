"""Clocks and periods on arrays: local time and instants, days and the months that hold them.

In: ticks (int64 counts of a unit since 1970, `NAT` where there is none) and the number of ticks in a second. Out: ticks
again, or day numbers and period numbers. A zone's offset is a step function with a few steps, found once from the
zone's rules; everything else is addition and a search in a short list.
"""

from __future__ import annotations

import datetime as dt
import re
from dataclasses import dataclass, replace
from functools import lru_cache
from typing import TYPE_CHECKING, Final, Literal
from zoneinfo import ZoneInfo

import numpy as np

from svclight.errors import SvclightError, unknown_name

if TYPE_CHECKING:
    from numpy.typing import NDArray

    Ticks = NDArray[np.int64]

NAT: Final = np.iinfo(np.int64).min
"""The tick that means: no time. It is numpy's own NaT."""
DAY: Final = 86_400
NANO: Final = 1_000_000_000
FIRST_SECOND: Final = (dt.date(1, 1, 1) - dt.date(1970, 1, 1)).days * DAY
"""The first second (since 1970) of the year 1, where the calendar begins."""
LAST_SECOND: Final = (dt.date(9999, 12, 31) - dt.date(1970, 1, 1)).days * DAY + DAY - 1
"""The last second of the year 9999, where it ends."""
PERIODS: Final = ("day", "week", "month", "quarter", "year")
_EPOCH: Final = dt.datetime(1970, 1, 1, tzinfo=dt.UTC)
_EPOCH_DAY: Final = dt.date(1970, 1, 1)
MONDAY: Final = 3
"""1970-01-01 was a Thursday: so many days after a Monday."""
_FIRST_YEAR, _LAST_YEAR = 1800, 2300  # rules are looked up in these years; far outside the nearest offset holds

Change = Literal["earlier", "later"]


@dataclass(frozen=True)
class _ZoneOffsets:
    """The offsets of a zone: `offsets[i]` seconds from the instant `starts[i]` (UTC seconds) on."""

    starts: Ticks
    offsets: Ticks


@dataclass(frozen=True)
class Steps:
    """A step function over ticks: `offsets[i]` seconds from `starts[i]` on.

    `twofold` says which steps are local times that exist twice or not at all.
    """

    starts: Ticks
    offsets: Ticks
    twofold: NDArray[np.bool_]


@lru_cache(maxsize=64)
def _offsets_of_years(zone: str, first_year: int, last_year: int) -> _ZoneOffsets:
    """The offsets of a zone over some years: found by looking once a day, then searching the second of a change."""
    # A step function of a few steps takes the place of the zone's rules: a column needs one search in a short list.
    info = ZoneInfo(zone)

    def offset(second: int) -> int:
        local = (_EPOCH + dt.timedelta(seconds=second)).astimezone(info)
        return int(local.utcoffset().total_seconds())  # type: ignore[union-attr]  # an aware time has an offset

    begin, end = ((dt.date(year, 1, 1) - _EPOCH_DAY).days * DAY for year in (first_year, last_year + 1))
    starts, offsets = [int(NAT) + 1], [offset(begin)]
    for second in range(begin, end, DAY):
        if offset(second + DAY) == offsets[-1]:
            continue
        # between two looks that differ the day is halved until the second of the change is found
        low, high = second, second + DAY
        while high - low > 1:
            middle = (low + high) // 2
            low, high = (middle, high) if offset(middle) == offsets[-1] else (low, middle)
        starts.append(high)
        offsets.append(offset(high))
    return _ZoneOffsets(np.array(starts, dtype=np.int64), np.array(offsets, dtype=np.int64))


def tick_range(ticks: Ticks) -> tuple[int, int] | None:
    """The earliest and the latest time of a column as ticks; None where the column has no time at all."""
    if not len(ticks):
        return None
    low, high = int(ticks.min()), int(ticks.max())
    if low == NAT:  # NAT is the smallest number of all, so a full column needs no mask
        times = ticks[ticks != NAT]
        return (int(times.min()), high) if len(times) else None
    return low, high


def _offsets_around(low: int, high: int, per_second: int, zone: str) -> _ZoneOffsets:
    """The offsets of a zone over the years of two ticks, and over one year before and after them."""
    years = (1970 + tick // per_second // 31_556_952 for tick in (low, high))
    first, last = (min(max(year, _FIRST_YEAR), _LAST_YEAR) for year in years)
    return _offsets_of_years(zone, first - 1, last + 1)


def _shift_ticks(ticks: Ticks, shift: Ticks | int, per_second: int, ends: tuple[int, int]) -> Ticks:
    """Ticks moved by a shift; at the ends of the calendar, and of what 64 bits hold, they stop."""
    low, high = (int(_to_ticks(np.array(end), per_second)) for end in (FIRST_SECOND, LAST_SECOND))
    near = DAY * per_second  # no offset is longer: only a column that comes so near to an end has to be clipped
    if ends[0] < low + near or ends[1] > high - near:
        ticks = np.where(ticks == NAT, NAT, np.clip(ticks, low - np.minimum(shift, 0), high - np.maximum(shift, 0)))
    moved = ticks + shift
    moved[ticks == NAT] = NAT
    return moved


def to_wall(instants: Ticks, per_second: int, zone: str) -> Ticks:
    """The local times that a clock in the zone shows at the instants."""
    ends = tick_range(instants)
    if ends is None or zone == "UTC":
        return instants
    steps = offsets_of_instants(*ends, per_second, zone)
    if len(steps.starts) == 1:  # all rows lie between two changes of the offset: one addition, and no search
        return _shift_ticks(instants, int(steps.offsets[0]) * per_second, per_second, ends)
    place = np.searchsorted(steps.starts, instants, side="right") - 1
    return _shift_ticks(instants, steps.offsets[np.maximum(place, 0)] * per_second, per_second, ends)


def to_instant(
    walls: Ticks, per_second: int, zone: str, change: Change | None = None
) -> tuple[Ticks, NDArray[np.bool_] | None]:
    """The instants at which a clock in the zone shows the local times.

    A local time that exists twice, or not at all, has two readings, one with each offset around the change; the earlier
    instant is taken unless `change` says `later`.

    Returns:
        The instants, and which of them had two readings and no `change` to decide; None where none had.
    """
    ends = tick_range(walls)
    if ends is None or zone == "UTC":
        return walls, None
    steps = offsets_of_local_times(*ends, per_second, zone, change)
    if len(steps.starts) == 1:
        unsure = walls != NAT if steps.twofold[0] and change is None else None
        return _shift_ticks(walls, -int(steps.offsets[0]) * per_second, per_second, ends), unsure
    place = np.maximum(np.searchsorted(steps.starts, walls, side="right") - 1, 0)
    twofold = steps.twofold[place] & (walls != NAT)
    unsure = twofold if change is None and twofold.any() else None
    return _shift_ticks(walls, -steps.offsets[place] * per_second, per_second, ends), unsure


def offsets_of_instants(low: int, high: int, per_second: int, zone: str) -> Steps:
    """The offsets of a zone at the instants from `low` to `high`, by which they become local times."""
    steps = _offsets_around(low, high, per_second, zone)
    return _steps_between(_to_ticks(steps.starts, per_second), steps.offsets, None, (low, high))


def offsets_of_local_times(low: int, high: int, per_second: int, zone: str, change: Change | None = None) -> Steps:
    """The offsets by which the local times from `low` to `high` become instants."""
    steps = _offsets_around(low, high, per_second, zone)
    before, after, at = steps.offsets[:-1], steps.offsets[1:], steps.starts[1:]
    small, large = np.minimum(before, after), np.maximum(before, after)
    # between `at + small` and `at + large` a clock shows each time twice, or never: a step of its own for each change
    edges = np.column_stack([at + small, at + large]).ravel()
    starts = np.concatenate([steps.starts[:1], np.maximum.accumulate(edges)])
    made = np.empty(len(starts), dtype=np.int64)
    made[0::2] = steps.offsets
    made[1::2] = small if change == "later" else large
    return _steps_between(_to_ticks(starts, per_second), made, np.arange(len(starts)) % 2 == 1, (low, high))


def _steps_between(starts: Ticks, made: Ticks, twofold: NDArray[np.bool_] | None, ends: tuple[int, int]) -> Steps:
    """The steps from the one that holds the lower end to the one that holds the upper end."""
    first, last = np.maximum(np.searchsorted(starts, np.array(ends), side="right") - 1, 0)
    part = slice(first, last + 1)
    unsure = np.zeros(len(starts), dtype=bool) if twofold is None else twofold
    return Steps(starts[part], made[part], unsure[part])


def is_steady(wall: int, per_second: int, zone: str) -> bool:
    """Whether the offset of a zone is the same for two days around a local time."""
    around = 2 * DAY * per_second
    return len(offsets_of_instants(wall - around, wall + around, per_second, zone).starts) == 1


def _to_ticks(seconds: Ticks, per_second: int) -> Ticks:
    """Seconds as ticks; seconds that 64 bits cannot hold in this unit stop at the last tick that fits."""
    most = np.iinfo(np.int64).max // per_second
    return np.asarray(np.clip(seconds, -most, most) * per_second)


def ticks_at(instant: int, per_second: int) -> int:
    """An instant in nanoseconds as ticks; one that 64 bits cannot hold in this unit stops at the last that they can."""
    most = np.iinfo(np.int64).max
    return min(max(instant * per_second // NANO, -most), most)


def now_at(instant: int, per_second: int) -> int:
    """The instant from which logs are seen as ticks, near enough that its distance to any time fits into 64 bits.

    In nanoseconds that is within 230 years of 1970, where limits are shorter and times of interactions nearer.
    """
    most = 230 * 366 * DAY * per_second
    ticks = ticks_at(instant, per_second)
    return min(max(ticks, -most), most) if per_second == NANO else ticks


def to_days(walls: Ticks, per_second: int) -> Ticks:
    """Day numbers (days since 1970-01-01) of local times; NAT stays NAT."""
    days = walls // np.int64(DAY * per_second)  # rounds down, before 1970 too
    if len(walls) and walls.min() == NAT:
        days[walls == NAT] = NAT
    return days


@lru_cache(maxsize=1 << 16)  # every criterion asks for the ends of the same periods: 14,600 days in forty years
def midnight(day: dt.date, zone: str) -> int:
    """The instant at which a day begins in the zone, in nanoseconds."""
    local = dt.datetime(day.year, day.month, day.day, tzinfo=ZoneInfo(zone))
    return round((local - _EPOCH).total_seconds()) * NANO


def day_at(instant: int, zone: str) -> int:
    """The day number of an instant in nanoseconds, by the clock of the zone."""
    wall = to_wall(np.array([instant // NANO], dtype=np.int64), 1, zone)
    return int(to_days(wall, 1)[0])


def day_number(day: dt.date) -> int:
    """Days since 1970-01-01."""
    return (day - _EPOCH_DAY).days


def day_of(number: int) -> dt.date:
    """The date of a day number."""
    return _EPOCH_DAY + dt.timedelta(days=number)


def period_numbers(days: Ticks, kind: str) -> Ticks:
    """The number of the period (day, week, month, quarter, year) that holds each day, counted from 1970."""
    match kind:
        case "day":
            return days
        case "week":
            return (days + MONDAY) // 7
        case "month" | "quarter":
            months = days.astype("datetime64[D]").astype("datetime64[M]").astype(np.int64)
            return months if kind == "month" else months // 3
        case _:
            return days.astype("datetime64[D]").astype("datetime64[Y]").astype(np.int64)


def period_of_day(day: int, kind: str) -> int:
    """The number of the period that holds a day."""
    return int(period_numbers(np.array([day], dtype=np.int64), kind)[0])


def period_end(number: int, kind: str) -> dt.date:
    """The first day after a period; 9999-12-31 where that day would lie in the year 10000."""
    try:
        return period_start(number + 1, kind)
    except (ValueError, OverflowError):
        return dt.date.max


@lru_cache(maxsize=4096)  # as for `period_number`
def period_start(number: int, kind: str) -> dt.date:
    """The first day of a period."""
    match kind:
        case "day":
            return day_of(number)
        case "week":
            return day_of(7 * number - MONDAY)
        case "month":
            return dt.date(1970 + number // 12, number % 12 + 1, 1)
        case "quarter":
            return dt.date(1970 + number // 4, number % 4 * 3 + 1, 1)
        case _:
            return dt.date(1970 + number, 1, 1)


def period_label(number: int, kind: str) -> str:
    """The label of a period: 2026-03-14, 2026-W09, 2026-03, 2026-Q1, 2026."""
    start = period_start(number, kind)
    match kind:
        case "day":
            return start.isoformat()
        case "week":
            year, week, _ = start.isocalendar()
            return f"{year:04}-W{week:02}"
        case "month":
            return start.isoformat()[:7]
        case "quarter":
            return f"{start.year:04}-Q{(start.month + 2) // 3}"
        case _:
            return f"{start.year:04}"


def check_kind_of_period(kind: str) -> None:
    """Refuses a kind of period that there is none of.

    Raises:
        SvclightError: It is none of `PERIODS`.
    """
    if kind in PERIODS:
        return
    issue = unknown_name("unknown period", kind, PERIODS)
    if period_number(kind) is not None:
        issue = replace(issue, hint="what is wanted here is how long a period is, not the name of one")
    raise SvclightError(issue)


@lru_cache(maxsize=4096)  # eleven years of days: views of a card ask for each period many times
def period_number(label: str) -> tuple[str, int] | None:
    """The kind and number of a written period (`2026-03`, `2026-W09`); None where the text is no period."""
    forms = {
        "day": r"\d{4}-\d{2}-\d{2}",
        "week": r"(\d{4})-W(\d{2})",
        "month": r"\d{4}-\d{2}",
        "quarter": r"(\d{4})-Q([1-4])",
        "year": r"\d{4}",
    }
    for kind, form in forms.items():
        found = re.fullmatch(form, label)
        if not found:
            continue
        try:
            match kind:
                case "week":
                    start = dt.date.fromisocalendar(int(found[1]), int(found[2]), 1)
                case "quarter":
                    start = dt.date(int(found[1]), 3 * int(found[2]) - 2, 1)
                case _:
                    start = dt.date.fromisoformat((label + "-01-01")[:10])
        except ValueError:
            return None
        return kind, int(period_numbers(np.array([day_number(start)], dtype=np.int64), kind)[0])
    return None


def read_as_of(text: str | dt.date | dt.datetime, zone: str) -> int:
    """The instant of an `as_of` in nanoseconds: a naive one is read in the zone, a bare date is its first instant.

    Raises:
        ValueError: It is no time of ISO 8601.
    """
    extra = 0
    if isinstance(text, str):
        written = text.strip()
        moment: dt.date = (
            dt.date.fromisoformat(written) if len(written) == len("2026-01-31") else dt.datetime.fromisoformat(written)
        )
    else:
        moment, extra = text, getattr(text, "nanosecond", 0)  # of a pandas Timestamp; datetime itself ends at micros
    if not isinstance(moment, dt.datetime):
        return midnight(moment, zone)
    if moment.tzinfo is None:
        moment = moment.replace(tzinfo=ZoneInfo(zone))
    since = moment - _EPOCH
    micros = (since.days * DAY + since.seconds) * 1_000_000 + since.microseconds
    return micros * 1000 + int(extra)


def show_instant(nanos: int, zone: str) -> str:
    """An instant in the zone, ISO 8601 with its offset, to the second, or microsecond where it has parts of one."""
    micros = min(max(nanos // 1000, FIRST_SECOND * 1_000_000), LAST_SECOND * 1_000_000)
    wall = int(to_wall(np.array([micros], dtype=np.int64), 1_000_000, zone)[0])
    offset = dt.timezone(dt.timedelta(seconds=(wall - micros) // 1_000_000))
    moment = dt.datetime(1970, 1, 1, tzinfo=offset) + dt.timedelta(microseconds=wall)
    return moment.isoformat(timespec="seconds" if moment.microsecond == 0 else "microseconds")
