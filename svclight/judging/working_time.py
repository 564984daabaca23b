"""Working time: how much of it has passed up to an instant, in elapsed time and in working days.

In: a calendar of the definition, a time zone and the days that must be covered; then columns of instants (UTC ticks)
or of dates (day numbers). Out: running totals, so that the working time between two columns is one subtraction.

The running total is a line that rises while the office is open and is level while it is closed. Its bends stand on
whole minutes of the clock, so time is cut into slots of equal width (half an hour for most calendars) in which it does
not bend: an instant finds its slot by one division and its total by one look into a table.

When a span begins and ends is said in `working_hours`. Where spans of two days overlap, elapsed time counts once and
belongs to the earlier day; each of the two working days still counts 1, and its parts by its own hours. A day whose
spans have no length is no working day.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Final

import numpy as np

from svclight.errors import quoted_text
from svclight.judging.working_hours import Spans, spans_of, years_of
from svclight.values.clocks import DAY

if TYPE_CHECKING:
    from collections.abc import Iterator

    from numpy.typing import NDArray

    from svclight.definition.models import Calendar
    from svclight.values.clocks import Ticks

DAY_UNITS: Final = 10**12
"""A working day in `WorkingTime.days`: equal parts of equal days cancel, and 12 decimals of a limit are exact."""
_PAD: Final = 3  # days before and after: spans over midnight, and a zone's distance from UTC
_MOST_SLOTS: Final = 1 << 21  # 16 MB; a line that would need more is searched
_CHUNK: Final = 1 << 15  # rows at a time, so that what is between stays in the processor's cache
_MOST: Final = np.iinfo(np.int64).max


@dataclass(frozen=True, eq=False)
class _Layer:
    """Days whose hours do not overlap: by slot `line` and `day`, by day `seconds`.

    `line` gives what is worked of the day so far, packed as by `_pack_line`; `day` counts the days begun, 0 before the
    first; `seconds` is how long each of them is. Before the first stands a day of one second that is over.
    """

    line: Ticks
    day: Ticks
    seconds: Ticks


@dataclass(frozen=True, eq=False)
class Slots:
    """The running totals as a small table for engines: slots of equal width in which no total bends.

    With `t` the time from `begin` to an instant, the instant lies in slot `t // width`, and in the rows of `columns`:
    the working time is `base + slope * t`; what is worked of a day so far is `done + runs * t` of its `length`, after
    `before` whole days (layer by layer, as `done0`, `done1`).

    Attributes:
        begin: The tick at which the first slot begins.
        width: The ticks of a slot.
        per_second: How many ticks make a second.
        columns: `slot`, and what stands in each, in seconds and days; all int64.
        layers: How many layers of days there are.
    """

    begin: int
    width: int
    per_second: int
    columns: dict[str, Ticks]
    layers: int = 0


@dataclass(frozen=True, eq=False)
class WorkingTime:
    """Running totals of working time from `first_day` to `last_day`; made by `working_time`.

    Instants and dates outside are taken as the nearest that is covered; a tick that is no time gives any number.
    """

    first_day: int
    last_day: int
    notices: tuple[str, ...]
    """What is not known about the holidays of these years, worded for people."""
    _edges: Ticks
    _width: int
    _line: Ticks
    _layers: tuple[_Layer, ...]
    _seconds_by_date: Ticks
    _days_by_date: Ticks

    def time(self, ticks: Ticks, per_second: int) -> Ticks:
        """The working time up to each instant in ticks; the difference of two is the working time between them."""
        made = np.empty(len(ticks), dtype=np.int64)
        for rows, instant, place in self._in_chunks(ticks, per_second):
            _write_heights(self._line, per_second, instant, place, made[rows])
        return made

    def days(self, ticks: Ticks, per_second: int) -> Ticks:
        """The working days up to each instant, times `DAY_UNITS`; a day passes with its working hours."""
        made = np.zeros(len(ticks), dtype=np.int64)
        done, day = _arrays(ticks, 2)
        part, length = _arrays(ticks, 2).astype(np.float64)
        for rows, instant, place in self._in_chunks(ticks, per_second):
            some = slice(len(place))
            for layer in self._layers:
                layer.day.take(place, mode="clip", out=day[some])
                (layer.seconds * float(per_second)).take(day[some], mode="clip", out=length[some])
                _write_heights(layer.line, per_second, instant.copy(), place.copy(), done[some])
                np.divide(done[some], length[some], out=part[some])
                part[some] *= DAY_UNITS
                made[rows] += np.rint(part[some], out=part[some]).astype(np.int64)
                day[some] -= 1
                day[some] *= DAY_UNITS
                made[rows] += day[some]
        return made

    def time_by_date(self, days: Ticks, per_second: int) -> Ticks:
        """The working time of all days up to and including each day number, in ticks."""
        return self._seconds_by_date[self._dates(days)] * np.int64(per_second)

    def days_by_date(self, days: Ticks) -> Ticks:
        """The number of working days up to and including each day number, times `DAY_UNITS`."""
        return self._days_by_date[self._dates(days)] * DAY_UNITS

    def slots(self, first: int, last: int, per_second: int, *, in_days: bool) -> Slots | None:
        """The running totals as a table of the days from `first` to `last` (in UTC), for an engine.

        None where it has too many slots.
        """
        width = int(np.gcd.reduce(self._edges, initial=DAY))
        low, high = first * DAY // width, -(-(last + 1) * DAY // width)
        if high - low > _MOST_SLOTS or (high - low) * width > _MOST // per_second:
            return None
        slots = np.arange(low, high, dtype=np.int64)
        unit = self._width or width
        pieces = slots * width // unit - int(self._edges[0]) // unit
        if not self._width:
            pieces = np.searchsorted(self._edges, slots * width, side="right") - 1
        columns, begin = {"slot": slots - low}, low * width
        if not in_days:
            columns["base"], columns["slope"] = _unpack_line(self._line.take(pieces, mode="clip"), begin)
        for number, layer in enumerate(self._layers if in_days else ()):
            day, line = layer.day.take(pieces, mode="clip"), layer.line.take(pieces, mode="clip")
            columns[f"done{number}"], columns[f"runs{number}"] = _unpack_line(line, begin)
            columns[f"length{number}"], columns[f"before{number}"] = layer.seconds[day], day - 1
        return Slots(begin * per_second, width * per_second, per_second, columns, len(self._layers) if in_days else 0)

    def _dates(self, days: Ticks) -> Ticks:
        return np.clip(days, self.first_day - 1, self.last_day + 1) - (self.first_day - _PAD)

    def _in_chunks(self, ticks: Ticks, per_second: int) -> Iterator[tuple[slice, Ticks, Ticks]]:
        """Goes through instants some rows at a time: the rows, their instants within the table, and their slots."""
        low, high = ((self.first_day - 1) * DAY * per_second, (self.last_day + 2) * DAY * per_second)
        most = _MOST // per_second
        edges = np.clip(self._edges, -most, most) * per_second
        instants, places = _arrays(ticks, 2)
        for begin in range(0, len(ticks), _CHUNK):
            rows = slice(begin, min(begin + _CHUNK, len(ticks)))
            instant, place = (array[: rows.stop - begin] for array in (instants, places))
            np.clip(ticks[rows], max(low, -_MOST), min(high, _MOST), out=instant)
            if self._width:
                np.floor_divide(instant, self._width * per_second, out=place)
                place -= int(self._edges[0]) // self._width
            else:
                np.subtract(np.searchsorted(edges, instant, side="right"), 1, out=place)
            yield rows, instant, place


def _arrays(ticks: Ticks, count: int) -> Ticks:
    """Empty arrays with room for one chunk of rows."""
    return np.empty((count, min(len(ticks), _CHUNK)), dtype=np.int64)


def _write_heights(line: Ticks, per_second: int, instant: Ticks, place: Ticks, made: Ticks) -> None:
    """Writes the running total at each instant; `instant` and `place` are used as scratch space."""
    line.take(place, mode="clip", out=made)
    np.bitwise_and(made, 1, out=place)
    instant *= place
    np.right_shift(made, 1, out=made)
    made *= per_second
    made += instant


def _unpack_line(line: Ticks, begin: int) -> tuple[Ticks, Ticks]:
    """The running total at `begin` of each piece of the line, in seconds, and its slope."""
    slope = line & 1
    return (line >> 1) + slope * begin, slope


def working_time(calendar: Calendar, zone: str, first_day: int, last_day: int, *, name: str = "") -> WorkingTime:
    """Lays out a calendar over the days.

    Args:
        calendar: The calendar; its own time zone goes before `zone`.
        zone: The document's time zone.
        first_day: The first day (since 1970-01-01) that must be covered, in any zone.
        last_day: The last one.
        name: The calendar's name in the definition, for notices.
    """
    dates = np.arange(first_day - _PAD, last_day + _PAD + 1, dtype=np.int64)
    spans, notices = spans_of(calendar, zone, dates, years=years_of(first_day, last_day))
    edges = _different(np.concatenate([spans.begins, spans.ends, (dates[[0, -1]] + [-1, _PAD]) * DAY]))
    width = _slot_width(edges)
    repeats = np.diff(edges) // width if width else np.ones(len(edges) - 1, dtype=np.int64)
    where = f"calendar {quoted_text(name)}: " if name else ""
    return WorkingTime(
        first_day,
        last_day,
        tuple(where + notice for notice in notices),
        edges,
        width,
        np.repeat(_total(spans, edges), repeats),
        tuple(_layers(spans, edges, repeats)),
        _from_epoch(spans.own_seconds(len(dates)), dates),
        _from_epoch(np.bincount(spans.owners, minlength=len(dates)) > 0, dates),
    )


def _different(values: Ticks) -> Ticks:
    """The different values in their order."""
    ordered = np.sort(values)
    return ordered[np.diff(ordered, prepend=ordered[0] - 1) > 0]


def _slot_width(edges: Ticks) -> int:
    """The widest slot in which no line bends, in seconds; 0 where there would be too many slots."""
    width = int(np.gcd.reduce(edges, initial=DAY))
    return width if (int(edges[-1]) - int(edges[0])) // width <= _MOST_SLOTS else 0


def _pack_line(height: Ticks, covered: NDArray[np.bool_], edges: Ticks) -> Ticks:
    """The line as numbers: what to add to an instant, and in the last bit whether the line rises."""
    return (height - covered * edges) * 2 + covered


def _total(spans: Spans, edges: Ticks) -> Ticks:
    """The running total of all spans, 0 in 1970 (or at the nearest edge), so that it stays below the instants."""
    covered, height = spans.rise(edges)
    epoch = min(max(0, int(edges[0])), int(edges[-1]))
    place = min(int(np.searchsorted(edges, epoch, side="right")), len(covered)) - 1
    zero = height[place] + covered[place] * (epoch - edges[place])
    return _pack_line(height[:-1] - zero, covered, edges[:-1])


def _layers(spans: Spans, edges: Ticks, repeats: Ticks) -> Iterator[_Layer]:
    """Deals the days to as few layers (one or two) as keep hours of a layer from overlapping."""
    if not len(spans.owners):
        return
    new = np.diff(spans.owners, prepend=-1) > 0
    first, rank = np.flatnonzero(new), np.cumsum(new) - 1
    begins, ends = spans.begins[first], np.maximum.accumulate(np.maximum.reduceat(spans.ends, first))
    count = next(count for count in range(1, len(begins) + 1) if not (begins[count:] < ends[:-count]).any())
    for number in range(count):
        mine = rank % count == number
        covered, height = Spans(spans.begins[mine], spans.ends[mine], spans.owners[mine]).rise(edges)
        starts = begins[number::count]
        day = np.searchsorted(starts, edges[:-1], side="right")
        at_start = height[np.searchsorted(edges, starts)]
        done = height[:-1] - np.concatenate([[-1], at_start])[day]
        seconds = np.concatenate([[1], np.diff(at_start, append=height[-1])])
        yield _Layer(np.repeat(_pack_line(done, covered, edges[:-1]), repeats), np.repeat(day, repeats), seconds)


def _from_epoch(values: Ticks | NDArray[np.bool_], dates: Ticks) -> Ticks:
    """The running total by date, 0 before 1970 (or before the first date)."""
    total = np.cumsum(values, dtype=np.int64)
    before = min(-1 - int(dates[0]), len(dates) - 1)
    return total - total[before] if before >= 0 else total
