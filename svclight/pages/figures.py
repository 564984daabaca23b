"""The figures of the page as light SVG: months as bars, charts, dots with intervals, funnels, histograms.

In: plain data and texts that are shown. Out: an `<svg>` element as text, about 5 KB; its marks carry their words in
`data-tip`. They are drawn here and not by a chart library, which in the page would weigh more than the page.
"""

from __future__ import annotations

import math
from dataclasses import dataclass
from typing import TYPE_CHECKING, Final

from svclight.pages import marks
from svclight.pages.marks import BOTTOM, LEFT, LETTER, RIGHT, TOP, Point

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from svclight.pages.marks import Show, Size

WIDTH: Final = 560.0
ZONE_CLASSES: Final = ("G", "Y", "R")
_NAMES_RIGHT: Final = 86.0
"""The room for the names at the ends of lines."""


@dataclass(frozen=True)
class Stack:
    """A bar: the three zones of a period by count, its tooltip, and whether the period is not whole."""

    counts: tuple[int, int, int]
    tip: str
    is_pale: bool = False


@dataclass(frozen=True)
class Spread:
    """A value with its interval beside others, such as that of a team, and how many it is of."""

    name: str
    value: float
    low: float
    high: float
    rated: int
    text: str
    tip: str
    stands_out: bool = False


@dataclass(frozen=True)
class Column:
    """A column of a histogram: its ends on the axis, its heights by zone, its tooltip."""

    low: float
    high: float
    heights: tuple[float, float, float]
    tip: str


def stacks(bars: Sequence[Stack], label: str, *, target: float | None = None) -> str:
    """Periods as small bars of the three zones, green at the foot; `target` is the line of a green share, 0 to 1."""
    width, height = 312.0, 46.0
    step = width / max(len(bars), 1)
    gap = min(2.0, step / 4)
    parts = [
        marks.tipped(_zones_of(bar, place * step + gap / 2, step - gap, height), bar.tip, name="pale" * bar.is_pale)
        for place, bar in enumerate(bars)
        if sum(bar.counts)
    ]
    if target is not None:
        parts.append(marks.level("target", 0.0, width, height * (1 - target)))
    return marks.figure(parts, (width, height), label, kind="stacks")


def _zones_of(bar: Stack, left: float, wide: float, height: float) -> Iterator[str]:
    """The boxes of a bar, red at the top."""
    top = 0.0
    for zone in (2, 1, 0):
        tall = height * bar.counts[zone] / sum(bar.counts)
        if tall:
            yield marks.box(ZONE_CLASSES[zone], left, top, wide, tall)
        top += tall


def share_bar(counts: Sequence[int]) -> str:
    """Three zones as one level bar beside a number that says the green one; for screen readers it is not there."""
    total, left, parts = sum(counts), 0.0, []
    for name, count in zip(ZONE_CLASSES, counts, strict=True):
        if count:
            parts.append(marks.box(name, left, 0.0, 100 * count / total, 6.0))
            left += 100 * count / total
    return f'<svg class="bar" viewBox="0 0 100 6" preserveAspectRatio="none" aria-hidden="true">{"".join(parts)}</svg>'


def chart(
    points: Sequence[Point],
    names: Sequence[str],
    label: str,
    *,
    show: Show,
    limits: Sequence[tuple[float, float, float]] = (),
    target: float | None = None,
    bounds: tuple[float, float] = (-math.inf, math.inf),
) -> str:
    """A line of points over their periods, with the band in which they lie by chance.

    Args:
        points: One for each period.
        names: What the periods are called; as many of them stand under the line as there is room for.
        label: What a screen reader says.
        show: The text of a value on the axis.
        limits: For each point the lower limit, the centre and the upper limit; NaN where there is none.
        target: A dashed line.
        bounds: The ends of what a value can be.
    """
    size = (WIDTH, 190.0)
    ends = [end for one in limits for end in one]
    low, high = marks.room([*(point.value for point in points), *ends, math.nan if target is None else target], bounds)
    up = marks.scale((low, high), (size[1] - BOTTOM, TOP))
    at = marks.places_of(len(points), LEFT + 6, size[0] - RIGHT - 6)
    parts = [
        *marks.grid(marks.ticks(low, high), up, size, show),
        *marks.band(at, limits, up),
        *marks.names_under(at, names, size),
    ]
    if target is not None:
        parts.append(marks.level("target", LEFT, size[0] - RIGHT, up(target)))
    parts += [marks.line(at, [point.value for point in points], up), *marks.points(at, points, up)]
    return marks.figure(parts, size, label, kind="chart")


def lines(series: Sequence[tuple[str, Sequence[Point]]], names: Sequence[str], label: str, *, show: Show) -> str:
    """Several lines over the same periods, each named at its end; values from 0 on."""
    size = (WIDTH, 170.0)
    right = size[0] - _NAMES_RIGHT
    high = max((point.value for _, made in series for point in made if not math.isnan(point.value)), default=1.0) or 1.0
    steps = marks.ticks(0.0, high)
    up = marks.scale((0.0, steps[-1]), (size[1] - BOTTOM, TOP))
    at = marks.places_of(len(names), LEFT + 6, right)
    parts = [*marks.grid(steps, up, (right + RIGHT, size[1]), show), *marks.names_under(at, names, size)]
    ends = []
    for place, (name, made) in enumerate(series):
        there = [point.value for point in made if not math.isnan(point.value)]
        way = [marks.line(at, [point.value for point in made], up), *marks.points(at, made, up)]
        parts.append(f'<g class="line{place}">{"".join(way)}</g>')
        ends.append((up(there[-1]) if there else up(0.0), name))
    parts += [marks.words(right + 10, y + 4, name) for y, name in _apart(ends)]
    return marks.figure(parts, size, label, kind="chart")


def _apart(ends: Sequence[tuple[float, str]]) -> list[tuple[float, str]]:
    """Names at the ends of lines, moved down where they would lie over each other."""
    found: list[tuple[float, str]] = []
    for y, name in sorted(ends):
        found.append((max(y, found[-1][0] + 14) if found else y, name))
    return found


def spreads(rows: Sequence[Spread], label: str, *, whole: float, whole_text: str) -> str:
    """Values with their intervals, one under another, and the value of the whole as a line through all."""
    size = (WIDTH, 22.0 * len(rows) + 26.0)
    left = min(max((len(row.name) for row in rows), default=0) * LETTER + 14, WIDTH * 0.45)
    right = WIDTH - max((len(row.text) for row in rows), default=0) * LETTER - 10
    ends = [end for row in rows for end in (row.low, row.high) if not math.isnan(end)]
    across = marks.scale((min([*ends, whole]), max([*ends, whole])), (left, right))
    x = across(whole)
    parts = [
        marks.upright("mid", x, 2.0, size[1] - 22),
        marks.words(min(max(x, left), right), size[1] - 6, whole_text, name="soft", anchor="middle"),
    ]
    for place, row in enumerate(rows):
        y = place * 22.0 + 11
        inside = [marks.words(0.0, y + 4, cut(row.name, left))]
        if not math.isnan(row.low):
            inside.append(marks.level("line", across(row.low), across(row.high), y))
            inside.append(marks.mark(across(row.value), y, stands_out=row.stands_out))
        inside.append(marks.words(WIDTH, y + 4, row.text, anchor="end"))
        parts.append(marks.tipped(inside, row.tip))
    return marks.figure(parts, size, label, kind="spreads")


def cut(text: str, width: float) -> str:
    """A text that fits into so many pixels; the tooltip has all of it."""
    most = int(width / LETTER)
    return text if len(text) < most else text[: max(most - 2, 1)] + "…"


def funnel(
    rows: Sequence[Spread],
    limits: Sequence[tuple[float, float, float]],
    label: str,
    *,
    whole: float,
    show: Show,
    axis: str,
) -> str:
    """Values over how many they are of, with the limits of chance; those that stand out bear their names.

    Args:
        rows: The values.
        limits: How many, the lower and the upper limit there, in their order.
        label: What a screen reader says.
        whole: The value of the whole.
        show: The text of a value on the axis.
        axis: What is counted, under the axis.
    """
    size, foot = (WIDTH, 230.0), 40.0
    most = max(row.rated for row in rows) * 1.06
    far = [end for many, *both in limits if many > most / 8 for end in both]
    low, high = marks.room([*(row.value for row in rows), whole, *far], (0.0, 1.0))
    least = min(row.rated for row in rows) * 0.8
    first = least if least > most / 3 else 0.0  # where all are of one size, they stand apart
    across = marks.scale((first, most), (LEFT, size[0] - RIGHT))
    up = marks.scale((low, high), (size[1] - foot, TOP))
    parts = [*marks.grid(marks.ticks(low, high), up, size, show, foot=foot)]
    for side in (1, 2):
        way = [(across(one[0]), up(min(max(one[side], low), high))) for one in limits if first < one[0] <= most]
        parts.append(f'<path class="limit" d="{marks.path(way)}"/>')
    parts.append(marks.level("mid", LEFT, size[0] - RIGHT, up(whole)))
    parts += [
        marks.words(across(tick), size[1] - 22, f"{tick:,.0f}", name="soft", anchor="middle")
        for tick in marks.ticks(first, most)
        if first < tick <= most
    ]
    parts.append(marks.words(size[0] - RIGHT, size[1] - 6, axis, name="soft", anchor="end"))
    ordered = sorted(rows, key=lambda row: row.stands_out)
    parts += [_named_mark(row, across(row.rated), up(row.value), size) for row in ordered]
    return marks.figure(parts, size, label, kind="chart")


def _named_mark(row: Spread, x: float, y: float, size: Size) -> str:
    """A point of a funnel, with its name where it stands out."""
    inside = [marks.mark(x, y, stands_out=row.stands_out)]
    if row.stands_out:
        before = x > size[0] * 0.7
        inside.append(marks.words(x + (-9 if before else 9), y + 4, row.name, anchor="end" if before else ""))
    return marks.tipped(inside, row.tip)


def columns(
    made: Sequence[Column],
    limits: Sequence[tuple[float, str]],
    label: str,
    *,
    names: Sequence[tuple[float, str]],
    bands: Sequence[tuple[float, float, str]] = (),
) -> str:
    """A histogram in the colours of the zones, with the limits between them as lines.

    Args:
        made: The columns, from left to right.
        limits: The place and the text of each limit.
        label: What a screen reader says.
        names: The place and the text of values under the axis.
        bands: The ends of each zone and its letter, which stands above it: no zone is told by its colour alone.
    """
    size = (WIDTH, 192.0)
    highest = max((sum(one.heights) for one in made), default=1.0) or 1.0
    across = marks.scale((made[0].low, made[-1].high), (4.0, size[0] - 4))
    up = marks.scale((0.0, highest), (size[1] - BOTTOM, 34.0))
    parts = [marks.level("axis", 0.0, size[0], size[1] - BOTTOM)]
    for one in made:
        foot, inside = 0.0, []
        x, wide = across(one.low), max(across(one.high) - across(one.low) - 0.8, 0.8)
        for zone, tall in enumerate(one.heights):
            if tall:
                inside.append(marks.box(ZONE_CLASSES[zone], x, up(foot + tall), wide, up(foot) - up(foot + tall)))
                foot += tall
        if inside:
            parts.append(marks.tipped(inside, one.tip))
    parts += _limit_lines([(across(value), text) for value, text in limits], size)
    for low, high, letter in bands:
        ends = max(across(low), 0.0), min(across(high), size[0])
        if ends[1] - ends[0] > 2 * LETTER:
            parts.append(marks.words(sum(ends) / 2, 26.0, letter, name="soft", anchor="middle"))
    parts += marks.names_under([across(value) for value, _ in names], [text for _, text in names], size)
    return marks.figure(parts, size, label, kind="chart")


def _limit_lines(limits: Sequence[tuple[float, str]], size: Size) -> Iterator[str]:
    """Upright lines at limits, with as many of their texts as there is room for."""
    free = -math.inf
    for x, text in limits:
        if not 0 <= x <= size[0]:
            continue
        yield marks.upright("limit", x, 16.0, size[1] - BOTTOM)
        half = len(text) * LETTER / 2
        centre = min(max(x, half), size[0] - half)
        if centre - half > free:
            yield marks.words(centre, 11.0, text, anchor="middle")
            free = centre + half + 6


def excess(sure: float, seen: float, most: float, label: str) -> str:
    """What is beyond a target as a bar: the part that is sure dark, what is seen beside it pale."""
    width = 300.0
    parts = [
        marks.box(name, 0.0, 2.0, width * min(value / most, 1.0), 14.0)
        for name, value in (("seen", seen), ("sure", sure))
        if value > 0
    ]
    return marks.figure(parts, (width, 18.0), label, kind="excess", is_still=True)
