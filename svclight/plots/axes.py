"""Axes of plots: periods that do not run into each other, times in units that people use, titles and notes.

In: columns of periods, pictures of values. Out: places and texts; `value_axis` sets them.
"""

from __future__ import annotations

import math
import textwrap
from typing import TYPE_CHECKING, Any, Final, Literal

from matplotlib.colors import to_rgb
from matplotlib.figure import Figure
from matplotlib.ticker import MaxNLocator

from svclight.card.lights import OUTLINE
from svclight.errors import printable_text
from svclight.values.quantities import SECONDS, decimal_text, show_seconds

if TYPE_CHECKING:
    from collections.abc import Sequence

    from matplotlib.axes import Axes

    from svclight.card.lights import Column
    from svclight.card.value_bars import Picture
    from svclight.values.quantities import Quantity

    Shift = tuple[float, float]

FAINT: Final = "#566070"
GRID: Final = "#dfe3e8"
FEWEST_PLACES: Final = 6
"""An axis of periods has room for at least so many, so that a single month is no wall."""
SMALL: Final = 7.0
"""The size of numbers in and around the plots, in points."""
_CHARACTER: Final = 4.4  # about how wide a character of 7 points is, in points
_STEPS: Final = (1, 2, 3, 4, 6, 12, 24, 60, 120, 365, 730)
_MINUTE, _HOUR, _DAY, _WEEK = 60, 3600, 86_400, 604_800
_ROUND: Final = (
    0.001, 0.01, 0.1, 0.2, 0.5, 1, 2, 5, 10, 20, 30,
    *(_MINUTE * n for n in (1, 2, 5, 10, 20, 30)),
    *(_HOUR * n for n in (1, 2, 3, 6, 12)),
    *(_DAY * n for n in (1, 2, 3)), *(_WEEK * n for n in (1, 2, 4)),
    *(_DAY * n for n in (60, 90, 180, 365, 730, 3650)),
)  # fmt: skip


def own_axes(ax: Axes | None, *, width: float, height: float) -> Axes:
    """The axes that were given, or new ones in a figure of their own."""
    if ax is not None:
        return ax
    from matplotlib import pyplot as plt  # noqa: PLC0415 - a notebook shows the figures that pyplot knows

    return plt.subplots(figsize=(width, height), layout="constrained")[1]


def period_axis(ax: Axes, columns: Sequence[Column], room: float) -> None:
    """Sets an axis of periods, `room` points each."""
    places = max(len(columns), FEWEST_PLACES)
    middle = (len(columns) - 1) / 2
    ax.set_xlim(middle - places / 2, middle + places / 2)
    ticks, labels = period_ticks(columns, room)  # never rotated: fewer labels, not slanted ones
    ax.set_xticks(ticks, labels, fontsize=SMALL)


def size_in_points(ax: Axes) -> tuple[float, float]:
    """The width and height that axes will have, about, in points."""
    box, figure = ax.get_position(), ax.figure
    if not isinstance(figure, Figure):  # a part of a figure
        return box.width * 400, box.height * 250
    wide, high = (72 * side for side in figure.get_size_inches())
    if figure.get_layout_engine() is not None:  # it will take all but the room of the labels
        grid = ax.get_subplotspec()
        rows, columns = grid.get_gridspec().get_geometry() if grid is not None else (1, 1)
        return box.width / 0.775 * (wide - 70 * columns), box.height / 0.77 * max(high - 85 * rows, 20)
    return box.width * wide, box.height * high


def period_ticks(columns: Sequence[Column], room: float) -> tuple[list[int], list[str]]:
    """Places and labels of periods, `room` points each: whole where they fit, else short with the year under the first.

    A stretch without data that became one column always has its label.
    """
    if not columns:
        return [], []
    longest = max(len(column.heading) for column in columns)
    if (longest + 1) * _CHARACTER <= room:
        return list(range(len(columns))), [column.heading for column in columns]
    parts = [_short_label(column) for column in columns]
    needed = (max(len(short) for short, _ in parts) + 0.6) * _CHARACTER
    step = next((step for step in _STEPS if step * room >= needed), _STEPS[-1])
    ticks = [at for at, column in enumerate(columns) if column.skipped or at % step == 0]
    labels, last, free = [], "", -1e9
    for at in ticks:
        short, group = parts[at]
        shows = group not in ("", last) and at * room >= free  # the year once, and only where the last one leaves room
        labels.append(f"{short}\n{group}" if shows else short)
        if shows:
            last, free = group, at * room + (len(group) + 1) * _CHARACTER
    return ticks, labels


def _short_label(column: Column) -> tuple[str, str]:
    """The last part of a period's label, and the part before it: 2026-03 -> 03, 2026."""
    if column.skipped:
        return "…", ""
    group, _, short = column.label.rpartition("-")
    return short, group


def scale_to_percent(ax: Axes) -> None:
    """Sets an axis of shares from 0 to 100 %."""
    ax.set_ylim(0, 100)
    ax.set_yticks(range(0, 101, 20), [f"{at} %" for at in range(0, 101, 20)], fontsize=SMALL)


def scale_to_shares(ax: Axes, low: float, high: float, *, room: float, beyond: float) -> None:
    """Sets an axis of shares to a range with some room around it, at most `beyond` points below 0 or above 100 %."""
    around = max(room * (high - low), 1.0)
    bottom, top = max(low - around, -beyond), min(high + around, 100 + beyond)
    ax.set_ylim(bottom, top)
    ticks = [tick for tick in ax.get_yticks() if max(bottom, 0) <= tick <= min(top, 100)]
    ax.set_yticks(ticks, [f"{tick:g} %" for tick in ticks], fontsize=SMALL)


def draw_grid(ax: Axes, axis: Literal["x", "y"] = "y", *, without: Sequence[str] = ("top", "right")) -> None:
    """Draws pale lines behind the data, without marks at the ticks and without some sides of the frame."""
    ax.grid(axis=axis, color=GRID, linewidth=0.6)
    ax.set_axisbelow(True)
    ax.tick_params(length=0)
    ax.spines[list(without)].set_visible(False)


def percent_of(end: Quantity) -> float:
    """The end of a target in percent, which may be written as a part of 1."""
    return float(end.amount) * (1 if end.dimension == "%" else 100)


def value_axis(ax: Axes, made: Picture, zero: float | None) -> None:
    """Sets the ticks of an axis of values, and hides the other one: heights compare, their scale says nothing."""
    left, right = ax.get_xlim()
    wide, _ = size_in_points(ax)
    if made.unit == "time":
        ticks = _time_ticks(made, left, right, int(wide // 52))
        labels = [show_seconds(round(tick, 6)) for tick in ticks]
    else:
        ticks = _plain_ticks(made, left, right, int(wide // 40))
        labels = _with_unit([decimal_text(round(tick, 6)) for tick in ticks], made.unit)
    if zero is not None:
        near = zero * (right / left) ** (30 / wide)
        beside = [(tick, label) for tick, label in zip(ticks, labels, strict=True) if tick > near]
        ticks, labels = [zero, *(tick for tick, _ in beside)], ["0", *(label for _, label in beside)]
    ax.set_xticks(ticks, labels, fontsize=7)
    ax.set_xticks([], minor=True)
    ax.set_yticks([])
    ax.set_ylabel("")
    ax.set_xlim(left, right)
    ax.set_ylim(0, 1.18 * ax.dataLim.y1 if made.total else 1)
    ax.spines[["top", "right", "left"]].set_visible(False)


def _time_ticks(made: Picture, left: float, right: float, most: int) -> list[float]:
    """The places of ticks on an axis of times, in steps that people use."""
    if made.scale == "log":
        inside = [float(at) for at in _ROUND if left <= at <= right]
        return inside[:: max(1, math.ceil(len(inside) / max(most, 2)))]
    size = next((size for size in _ROUND if (right - left) / size <= max(most, 2)), _ROUND[-1])
    return [float(size * count) for count in range(math.ceil(left / size), math.floor(right / size) + 1)]


def _with_unit(labels: list[str], unit: str) -> list[str]:
    """Labels with their unit: a short one at every number, a longer word at the last one alone."""
    if unit in SECONDS or unit in ("bd", "%"):
        return [f"{label} {unit}" for label in labels]
    return [*labels[:-1], f"{labels[-1]} {unit}"] if unit and labels else labels


def _plain_ticks(made: Picture, left: float, right: float, most: int) -> list[float]:
    """The places of ticks on an axis of numbers, at most about `most` of them."""
    if made.scale == "whole":
        whole = range(math.ceil(left), math.floor(right) + 1)
        return [float(number) for number in whole[:: max(1, math.ceil(len(whole) / max(most, 2)))]]
    if made.scale == "log":
        decades = range(math.floor(math.log10(left)), math.ceil(math.log10(right)) + 1)
        inside = [float(f"{lead}e{decade}") for decade in decades for lead in (1, 2, 5)]
        inside = [at for at in inside if left <= at <= right]
        return inside[:: max(1, math.ceil(len(inside) / max(most, 2)))]
    ticks = MaxNLocator(nbins=max(min(most, 8), 2), steps=[1, 2, 2.5, 5, 10]).tick_values(left, right)
    return [float(at) for at in ticks if left <= at <= right]


def room_per_period(ax: Axes, places: int) -> float:
    """The width that each period has on an axis, in points."""
    return size_in_points(ax)[0] / max(places, FEWEST_PLACES)


def text_width(text: str, size: float) -> float:
    """The width of a text, about, in points."""
    narrow = ".,:; "
    return size * max(sum(0.33 if mark in narrow else 0.64 for mark in line) for line in text.split("\n"))


def wrap_text(text: str, width: int, most: int = 3) -> str:
    """The text in lines of about `width` characters, cut after `most` lines."""
    return "\n".join(textwrap.wrap(printable_text(text, 400), max(width, 8), max_lines=most, placeholder=" …") or [""])


def write_title(ax: Axes, title: str, *, rows: float, beside: float = 0) -> None:
    """Writes the title above `rows` lines of small text; `beside` points are taken by wide labels."""
    text = wrap_text(title, int((size_in_points(ax)[0] - max(beside, 0)) / 5.8))
    ax.set_title(text, loc="left", fontsize=10, fontweight="bold", pad=6 + 11 * rows, parse_math=False)


def write_notes(ax: Axes, notes: Sequence[str], *, beside: float = 0) -> None:
    """Writes notes under an axis, each on lines of its own."""
    text = "\n".join(wrap_text(note, int((size_in_points(ax)[0] - max(beside, 0)) / 3.7)) for note in notes if note)
    if text:
        ax.set_xlabel(text, loc="left", fontsize=SMALL, color=FAINT, labelpad=5, parse_math=False)


def room_beside(ax: Axes, names: Sequence[str]) -> float:
    """The width that axes with long names at their left have, about, in points."""
    widest = max((text_width(name, SMALL) for name in names), default=0.0)
    return max(size_in_points(ax)[0] - max(widest - 30, 0), 60)


def write_title_within(ax: Axes, title: str, room: float, *, rows: float = 0) -> None:
    """Writes the title in lines that `room` points hold, wide letters too, above `rows` lines of small text."""
    text = wrap_text(title, int(room / 6.8))
    ax.set_title(text, loc="left", fontsize=10, fontweight="bold", pad=6 + 11 * rows, parse_math=False)


def shorten_text(text: str, width: int) -> str:
    """A long text without its middle: names of groups often differ in their last word."""
    shown = printable_text(text, 400)
    if len(shown) <= width:
        return shown
    end = width // 2
    return f"{shown[: width - end - 1].rstrip()}…{shown[-end:].lstrip()}"


def write_note_within(ax: Axes, text: str, room: float) -> None:
    """Writes a note in lines that `room` points hold."""
    write_notes(ax, textwrap.wrap(printable_text(text, 400), max(int(room / 3.7), 16)))


def write_in_middle(ax: Axes, text: str) -> None:
    """Writes a text into the middle of an axis that has nothing else to show."""
    ax.text(0.5, 0.5, text, transform=ax.transAxes, ha="center", va="center", color=FAINT, fontsize=11)


def draw_nothing(ax: Axes, text: str) -> Axes:
    """The axes without anything but a text in their middle."""
    write_in_middle(ax, text)
    ax.set_xticks([])
    ax.set_yticks([])
    return ax


def write_at(
    ax: Axes, text: str, at: tuple[Any, Any], shift: Shift, *, size: float = SMALL, coords: Any = "data", **style: Any
) -> None:
    """Writes a text some points beside a place; it is never mathematics, and is seen outside of the axes, too."""
    looks: dict[str, Any] = {"color": OUTLINE, "va": "center", "annotation_clip": False, "parse_math": False} | style
    ax.annotate(text, at, shift, xycoords=coords, textcoords="offset points", fontsize=size, **looks)


def paler_colour(colour: str, strength: float = 0.45) -> tuple[float, float, float]:
    """The colour on white, with a part of its strength."""
    red, green, blue = (1 - strength * (1 - part) for part in to_rgb(colour))
    return red, green, blue
