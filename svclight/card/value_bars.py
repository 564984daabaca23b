"""The values of a criterion as bars over its zones: the numbers that `plot_values` draws.

In: a card's histogram of one criterion, its limits. Out: `Picture`: bars, limits, bands. Bars end at limits and at
edges of the histogram's own bins, so that every count is exact: what a limit cuts inside a bin is told apart by
zone. All places are in seconds where the values are times, else in the values' own unit.
"""

from __future__ import annotations

import math
from dataclasses import dataclass, replace
from fractions import Fraction
from itertools import pairwise
from typing import TYPE_CHECKING, Any, Final

import numpy as np

from svclight.counts.tidy_tables import rows_of
from svclight.definition.document_checks import value_unit
from svclight.thresholds import ZONES, Interval, Rule, scale_interval
from svclight.values import histogram
from svclight.values.quantities import SECONDS

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Sequence

    import pandas as pd

    from svclight.card.card_tables import CardTables
    from svclight.definition.criterion_id import CriterionId
    from svclight.definition.models import Criterion, Log, ThresholdRow

    Zoned = dict[int, list[int]]

NUMERIC: Final = frozenset(
    {"value", "duration", "delay", "count", "repeat", "checklist", "recency", "frequency", "spend"}
)
"""Measures whose values are numbers with limits."""
BARS: Final = 36
"""About so many bars are drawn."""
MOST_WHOLE: Final = 60
"""Whole numbers get a bar each up to so many."""
LOG_FROM: Final = 50
"""A log scale is used where the 99th of a hundred values is more than so many times the 10th, or the lowest limit."""


@dataclass(frozen=True)
class Bar:
    """Values from `low` to `high`, counted by zone."""

    low: float
    high: float
    counts: tuple[int, ...]


@dataclass(frozen=True)
class Limit:
    """The end of a zone: its place, its text, and whether the place itself belongs to the zone left of it."""

    at: float
    text: str
    holds_left: bool
    operator: str


@dataclass(frozen=True)
class Picture:
    """Everything that is drawn.

    Attributes:
        scale: `whole` (a bar for each whole number), `linear` or `log`.
        unit: `time` (places are seconds), or the unit of the values.
        bars: In their order, without gaps unless `scale` is whole.
        zeros: Values of 0 by zone, where a log scale has no place for them.
        limits: In their order.
        bands: Zone and its lower and upper end, `inf` where it is open.
        beyond: How many values lie left of the first and right of the last bar's proper range; they are in those bars.
        several: Whether other limits hold for other dates or segments.
    """

    scale: str
    unit: str
    bars: tuple[Bar, ...]
    zeros: tuple[int, ...]
    limits: tuple[Limit, ...]
    bands: tuple[tuple[str, float, float], ...]
    beyond: tuple[int, int]
    several: bool

    @property
    def total(self) -> int:
        """All values."""
        return sum(map(sum, (*(bar.counts for bar in self.bars), self.zeros)))

    def height(self, bar: Bar) -> float:
        """The factor for a bar's counts by which bars of unequal width compare by their area."""
        if self.scale == "whole":
            return 1.0
        widths = [self.place(one.high) - self.place(one.low) for one in self.bars]
        return float(np.median(widths)) / (self.place(bar.high) - self.place(bar.low))

    def place(self, value: float) -> float:
        """The place of a value on the axis."""
        return math.log10(value) if self.scale == "log" else value


def value_picture(card: CardTables, which: CriterionId) -> Picture:
    """The picture of a numeric criterion; without bars where nothing was measured."""
    definition = card.definitions.processes[which.process]
    chosen = definition.criteria[which.criterion]
    unit, written, length = _axis_unit(chosen, definition.log)
    row, several = _newest_limits(chosen)
    bins = _zoned_bins(rows_of(card.values, which))
    limits = _axis_limits(_axis_rule(row, length), row)
    scale = _axis_scale(chosen, bins, [limit.at for limit in limits], length)
    if scale == "whole":  # places are the whole numbers themselves
        unit, length = written, 1.0
        rule = _axis_rule(row, length, written)
        limits, bands = _between_wholes(_axis_limits(rule, row), rule)
    else:
        rule = _axis_rule(row, length)
        bands = _zone_bands([limit.at for limit in limits], rule)
    made: Made = ([], (0,) * len(ZONES), (0, 0))  # what stays where nothing was measured
    if bins:
        spread = _whole_bars if scale == "whole" else _range_bars
        made = spread(_Task(chosen, bins, [limit.at for limit in limits], rule, length, scale == "log"))
    return Picture(scale, unit, tuple(made[0]), made[1], limits, bands, made[2], several)


@dataclass(frozen=True)
class _Task:
    """The material of bars: `bins` hold counts by zone, `length` is the size of a value's unit on the axis."""

    criterion: Criterion
    bins: Zoned
    limits: list[float]
    rule: Rule
    length: float
    log: bool


Made = tuple[list[Bar], tuple[int, ...], tuple[int, int]]


def _axis_unit(criterion: Criterion, log: Log | None) -> tuple[str, str, float]:
    """The unit of the axis, the unit of the counted values, and how many of the first one of the second is."""
    measure = criterion.measure
    ends = [end for row in criterion.rows for zone in (row.green, row.yellow) for end in getattr(zone, "ends", ())]
    if any(end.dimension == "bd" for end in ends):
        return "bd", "bd", 1.0
    unit = value_unit(measure, log) or ""
    if unit == "time":
        unit = "d" if getattr(measure.spec, "by", "instant") == "date" else "s"
    return ("time", unit, float(SECONDS[unit])) if unit in SECONDS else (unit, unit, 1.0)


def _newest_limits(criterion: Criterion) -> tuple[ThresholdRow, bool]:
    """The limits that hold last for everybody, and whether other limits exist."""
    general = [row for row in criterion.rows if row.where is None]  # a definition has limits for everybody at all times
    newest = max(general, key=lambda row: (row.until is None, row.until or row.from_, row.from_ is not None))
    return newest, len(criterion.rows) > 1


def _axis_rule(row: ThresholdRow, length: float, unit: str = "s") -> Rule:
    """The limits on the axis: in seconds, or in `unit`; bare numbers are in the values' own unit."""

    def fit(zone: Any) -> Interval | None:
        if not isinstance(zone, Interval):
            return None
        bare = all(end.dimension == "number" for end in zone.ends)
        return scale_interval(zone, Fraction(length)) if bare else zone.in_unit(unit)

    green = fit(row.green)
    if green is None:
        raise ValueError("limits without green do not load")
    return Rule(green, fit(row.yellow))


def _zoned_bins(values: pd.DataFrame) -> Zoned:
    """Counts of each bin by zone, in the order of the values."""
    found: Zoned = {}
    # periods are added up first: of days there may be hundreds
    added = values.groupby(["bin", "zone"], observed=True, as_index=False)["count"].sum()
    for number, zone, count in zip(added["bin"], added["zone"], added["count"], strict=True):
        found.setdefault(int(number), [0] * len(ZONES))[ZONES.index(zone)] += int(count)
    return found


def _axis_limits(rule: Rule, row: ThresholdRow) -> tuple[Limit, ...]:
    """Each end of a zone once, as it is written in the definition."""
    made: dict[tuple[float, bool], tuple[str, str]] = {}
    for fitted, written in ((rule.green, row.green), (rule.yellow, row.yellow)):
        if fitted is None or not isinstance(written, Interval):
            continue
        for end, text in zip(fitted.ends, written.ends, strict=True):
            holds_left = not fitted.high_open if end is fitted.high else fitted.low_open
            operator = ("<=" if holds_left else "<") if end is fitted.high else (">" if holds_left else ">=")
            made[float(end.amount), holds_left] = (str(text), operator)
    return tuple(Limit(at, text, left, operator) for (at, left), (text, operator) in sorted(made.items()))


def _zone_bands(limits: Sequence[float], rule: Rule) -> tuple[tuple[str, float, float], ...]:
    """The zones from left to right."""
    ends = [-math.inf, *limits, math.inf]
    made: list[tuple[str, float, float]] = []
    for low, high in pairwise(ends):
        inside = high - 1 if low == -math.inf else low + 1 if high == math.inf else (low + high) / 2
        zone = _zone_of_value(inside, rule)
        if made and made[-1][0] == zone:
            low = made.pop()[1]  # noqa: PLW2901 - two neighbours of one zone are one band
        made.append((zone, low, high))
    return tuple(made)


def _between_wholes(limits: tuple[Limit, ...], rule: Rule) -> tuple[tuple[Limit, ...], Any]:
    """Limits and bands where values are whole numbers: each limit lies between two of them."""
    moved = []
    for limit in limits:
        at = math.floor(limit.at) + 0.5 if limit.holds_left else math.ceil(limit.at) - 0.5
        moved.append(replace(limit, at=at, text=f"{limit.operator} {limit.text}"))
    made = []
    ends = [-math.inf, *dict.fromkeys(limit.at for limit in moved), math.inf]
    for low, high in pairwise(ends):
        inside = math.floor(high) if low == -math.inf else math.ceil(low)
        made.append((_zone_of_value(inside, rule), low, high))
    return tuple(moved), tuple(made)


def _zone_of_value(value: float, rule: Rule) -> str:
    return ZONES[rule.zones(np.array([value], dtype=np.float64))[0]]


def _is_whole(number: int) -> bool:
    """Whether a bin may hold nothing but whole numbers."""
    low, high = histogram.bin_edges(number)
    return low == high or (math.ceil(low) < high if number > 0 else math.floor(high) > low)


def _core_bins(bins: Zoned) -> Zoned:
    """The bins without the two in a thousand values at either end."""
    low, high = (_quantile(bins, part) for part in (0.002, 0.998))
    return {number: zoned for number, zoned in bins.items() if low <= sum(histogram.bin_edges(number)) / 2 <= high}


def _axis_scale(criterion: Criterion, bins: Zoned, limits: Sequence[float], length: float) -> str:
    """The scale of the axis: `whole` for a few whole numbers, `log` for values far beyond the limits, or `linear`."""
    if not bins:
        return "whole" if criterion.whole else "linear"
    counted = criterion.whole or criterion.measure.kind in ("count", "repeat", "frequency") or length == SECONDS["d"]
    if counted:
        sides = [histogram.bin_edges(number) for number in _core_bins(bins)]
        ends = [*(edge for side in sides for edge in side), *(at / length for at in limits)]
        single = all(high - low <= 1 for low, high in sides) and all(map(_is_whole, bins))
        if single and max(ends) - min(ends) <= MOST_WHOLE:
            return "whole"
    if min(bins) < 0 or min(limits) <= 0:  # a logarithm has no place for them
        return "linear"
    low, high = (_quantile(bins, part) for part in (0.1, 0.99))
    least = min(limits) / length
    return "log" if high > LOG_FROM * max(min(low, least), least / LOG_FROM) else "linear"


def _quantile(bins: Zoned, part: float) -> float:
    """The middle of the bin that holds a quantile."""
    wanted = part * sum(map(sum, bins.values()))
    seen = np.cumsum([sum(counts) for counts in bins.values()])
    return sum(histogram.bin_edges(list(bins)[int(np.searchsorted(seen, wanted))])) / 2


def _whole_bars(task: _Task) -> Made:
    """A bar at each whole number: of the scale where it is short, else of the range in which nearly all values lie."""
    every, core = ([_whole_number(number) for number in bins] for bins in (task.bins, _core_bins(task.bins)))
    core = every if max(every) - min(every) <= BARS // 2 else core
    first, last = min(*core, *map(math.floor, task.limits)), max(*core, *map(math.ceil, task.limits))
    scale = task.criterion.scale
    if scale is not None and scale[1] - scale[0] <= BARS // 2:
        first, last = math.ceil(scale[0]), math.floor(scale[1])
    counts = {at: [0] * len(ZONES) for at in range(first, last + 1)}
    outside = [0, 0]
    for number, zoned in task.bins.items():
        at = _whole_number(number)
        outside[0] += sum(zoned) if at < first else 0
        outside[1] += sum(zoned) if at > last else 0
        bar = counts[min(max(at, first), last)]
        bar[:] = [a + b for a, b in zip(bar, zoned, strict=True)]
    bars = [Bar(at - 0.4, at + 0.4, tuple(zoned)) for at, zoned in counts.items()]
    return bars, (0,) * len(ZONES), (outside[0], outside[1])


def _whole_number(number: int) -> int:
    """The whole number nearest to 0 that a bin holds."""
    low, high = histogram.bin_edges(number)
    return math.ceil(low) if number >= 0 else math.floor(high)


def _range_bars(task: _Task) -> Made:
    """Bars that fill the range in which nearly all values lie, each about equally wide on the axis."""
    bins = dict(task.bins)
    zeros = tuple(bins.pop(0, (0,) * len(ZONES))) if task.log else (0,) * len(ZONES)
    low, high = _drawn_range(bins or {1: [0, 0, 0]}, task)
    edges = _bar_edges(low, high, task)
    counts = np.zeros((len(edges) - 1, len(ZONES)), dtype=np.int64)
    outside = [0, 0]
    for number, zoned in bins.items():
        for zone, count in enumerate(zoned):
            if count:
                at = _place_of_bin(number, zone, task)
                outside[0] += count if at < edges[0] else 0
                outside[1] += count if at >= edges[-1] else 0
                counts[min(max(int(np.searchsorted(edges, at, "right")) - 1, 0), len(counts) - 1), zone] += count
    pairs = zip(edges[:-1], edges[1:], counts.tolist(), strict=True)
    return [Bar(a, b, tuple(row)) for a, b, row in pairs], zeros, (outside[0], outside[1])


def _drawn_range(bins: Zoned, task: _Task) -> tuple[float, float]:
    """The range to draw: from the 2nd to the 998th of 1000 values, and all limits with room beside them."""
    seen_low, seen_high = (task.length * _quantile(bins, part) for part in (0.002, 0.998))
    low = min(seen_low, *task.limits) if task.limits else seen_low
    high = max(seen_high, *task.limits)
    if task.log:
        room = (high / low) ** 0.04
        return low / (room if low in task.limits else 1), high * room
    room = 0.04 * ((high - low) or abs(high) or 1.0)
    if min(bins) >= 0:  # times and counts begin at 0
        return 0.0, high + room
    return low - room, high + room


def _bar_edges(low: float, high: float, task: _Task) -> list[float]:
    """Edges of bars: all limits, and between them edges of bins at about equal distances."""
    to: Callable[[float], float] = math.log10 if task.log else float
    back: Callable[[float], float] = (lambda place: 10.0**place) if task.log else float
    width = (to(high) - to(low)) / BARS
    anchors = [low, *(at for at in task.limits if low < at < high), high]
    edges: list[float] = []
    for first, last in pairwise(anchors):
        parts = max(1, round((to(last) - to(first)) / width))
        steps = (back(to(first) + (to(last) - to(first)) * step / parts) for step in range(1, parts))
        start = first if first in task.limits or first == 0 else _first_edge(first, task)
        edges.append(start)
        edges += [edge for edge in _places_at_edges(steps, task) if start < edge < last]
    return sorted({*edges, _snap_to_edge(high, task, up=True)})


def _first_edge(place: float, task: _Task) -> float:
    """The left edge of the first bar."""
    if task.rule.green.high is None or not all(_is_whole(number) for number in task.bins):
        return _snap_to_edge(place, task, up=False)
    first = round(place / task.length) - 1  # bars that hold their right edge begin one whole number earlier
    return (max(first, 0.5) if task.log else first) * task.length


def _places_at_edges(places: Iterable[float], task: _Task) -> list[float]:
    """Places moved to edges of bins; where values are whole numbers, to just beyond a whole number."""
    whole = all(_is_whole(number) for number in task.bins)
    up = task.rule.green.high is not None
    made = []
    for place in places:
        value = place / task.length
        made.append(_snap_to_edge((round(value) if whole and round(value) else value) * task.length, task, up=up))
    return made


def _snap_to_edge(place: float, task: _Task, *, up: bool) -> float:
    """The upper or lower edge of the bin that holds a place."""
    number = int(histogram.bins_of(np.array([place / task.length]))[0])
    return histogram.bin_edges(number)[up] * task.length


def _place_of_bin(number: int, zone: int, task: _Task) -> float:
    """The place of a bin's values of one zone: its middle, but on the zone's side of a limit that cuts the bin."""
    low, high = (edge * task.length for edge in histogram.bin_edges(number))
    cuts = [at for at in task.limits if low <= at <= high]
    if not cuts:
        return (low + high) / 2
    ends = [low, *cuts, high]
    middles = [(a + b) / 2 for a, b in pairwise(ends) if a < b]
    # a zone may hold the limit alone: places just beside each limit are tried after the middles
    beside = [at + side * 1e-9 * max(abs(at), 1e-6) for at in cuts for side in (-1, 1)]
    candidates = [*middles, *beside]
    zones = task.rule.zones(np.array(candidates))
    return next((at for at, found in zip(candidates, zones, strict=True) if found == zone), (low + high) / 2)
