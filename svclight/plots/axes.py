"""Axes of periods, shares and values: a few round ticks, months as people write them, times in units that people use.

In: columns of periods, ranges, pictures of values, the code of a language. Out: axes that fit the data, with at least
three ticks. Labels of periods are thinned so that they do not run into each other: days to the first days of months,
months to quarters, and these to years; a label is never the 13th of something.
"""

from __future__ import annotations

import math
from itertools import pairwise
from typing import TYPE_CHECKING, Final, Literal

from matplotlib.ticker import MaxNLocator

from svclight.plots.style import GRID, SMALL, size_in_points, text_width, widest
from svclight.plots.words import begin_of, column_words, percent_tick, tick_words
from svclight.values.quantities import SECONDS, decimal_text, show_seconds
from svclight.wording.limit_words import quantity_text

if TYPE_CHECKING:
    import datetime as dt
    from collections.abc import Sequence

    from matplotlib.axes import Axes

    from svclight.card.lights import Column
    from svclight.card.value_bars import Picture
    from svclight.values.quantities import Quantity

    Tick = tuple[int, str, str]

FEWEST_TICKS: Final = 3
FEWEST_PLACES: Final = 6
"""An axis of periods has room for at least so many, so that a single month is no wall."""
_GAP: Final = 4.0
"""Points that stay free between two labels."""
_MONTHS: Final = tuple(("month", step) for step in (1, 2, 3, 4, 6))
_YEARS: Final = tuple(("year", step) for step in (1, 2, 5, 10, 20, 50))
_LEVELS: Final = {
    "day": (*(("day", step) for step in (1, 2, 7, 14)), *_MONTHS, *_YEARS),
    "week": (*(("week", step) for step in (1, 2, 4, 8, 13, 26)), *_YEARS),
    "month": (*_MONTHS, *_YEARS),
    "quarter": (("quarter", 1), ("quarter", 2), *_YEARS),
    "year": _YEARS,
}
"""Which periods have a label, from all of them to ever fewer."""
_STEPS: Final = (1, 2, 2.5, 5, 10)
_MINUTE, _HOUR, _DAY, _WEEK = 60, 3600, 86_400, 604_800
_ROUND: Final = (
    0.001, 0.01, 0.1, 0.2, 0.5, 1, 2, 5, 10, 15, 30,
    *(_MINUTE * n for n in (1, 2, 5, 10, 15, 30)),
    *(_HOUR * n for n in (1, 2, 3, 6, 12)),
    *(_DAY * n for n in (1, 2, 3)), *(_WEEK * n for n in (1, 2, 4)),
    *(_DAY * n for n in (60, 90, 180, 365, 730, 3650)),
)  # fmt: skip
"""Round times, in seconds."""


def round_numbers(low: float, high: float, most: int = 6) -> list[float]:
    """Round numbers from `low` to `high`, at least three of them where the range is wider than nothing."""
    for bins in (most, 2 * most, 4 * most):
        places = MaxNLocator(nbins=bins, steps=list(_STEPS)).tick_values(low, high)
        ticks = [float(round(at, 10)) for at in places if low <= at <= high]
        if len(ticks) >= FEWEST_TICKS:
            return ticks
    return ticks


def round_times(low: float, high: float, most: int = 6) -> list[float]:
    """Round times from `low` to `high` seconds, in steps that people use."""
    wanted = [size for size in _ROUND if (high - low) / size <= max(most, FEWEST_TICKS)]
    size = wanted[0] if wanted else float(_ROUND[-1])
    return [float(size * count) for count in range(math.ceil(low / size), math.floor(high / size) + 1)]


def log_ticks(low: float, high: float) -> list[float]:
    """Round numbers on a log scale, at least three."""
    decades = range(math.floor(math.log10(low)), math.ceil(math.log10(high)) + 1)
    for leads in ((1,), (1, 3), (1, 2, 5)):
        ticks = [lead * 10.0**decade for decade in decades for lead in leads if low <= lead * 10.0**decade <= high]
        if len(ticks) >= FEWEST_TICKS:
            break
    return ticks


def thinned(ticks: Sequence[float], labels: Sequence[str], room: float) -> tuple[list[float], list[str]]:
    """Every so many of some evenly placed ticks, so that `room` points hold their labels."""
    most = max(int(room // (widest(labels) + 6)), 1) if labels else 1
    step = max(1, math.ceil(len(ticks) / most))
    return list(ticks[::step]), list(labels[::step])


def scale_to_percent(ax: Axes, lang: str) -> None:
    """Sets an axis of shares from 0 to 100 %."""
    ax.set_ylim(0, 100)
    ax.set_yticks(range(0, 101, 20), [percent_tick(at, lang) for at in range(0, 101, 20)], fontsize=SMALL)


def scale_to_shares(ax: Axes, low: float, high: float, *, room: float, beyond: float, lang: str) -> None:
    """Sets an axis of shares to a range with some room around it, at most `beyond` points below 0 or above 100 %."""
    around = max(room * (high - low), 1.0)
    bottom, top = max(low - around, -beyond), min(high + around, 100 + beyond)
    ax.set_ylim(bottom, top)
    ticks = round_numbers(max(bottom, 0), min(top, 100))
    ax.set_yticks(ticks, [percent_tick(tick, lang) for tick in ticks], fontsize=SMALL)


def draw_grid(ax: Axes, axis: Literal["x", "y"] = "y", *, without: Sequence[str] = ("top", "right")) -> None:
    """Draws pale lines behind the data, without marks at the ticks and without some sides of the frame."""
    ax.grid(axis=axis, color=GRID, linewidth=0.6)
    ax.set_axisbelow(True)
    ax.tick_params(which="both", length=0)
    ax.spines[list(without)].set_visible(False)


def percent_of(end: Quantity) -> float:
    """The end of a target in percent, which may be written as a part of 1."""
    return float(end.amount) * (1 if end.dimension == "%" else 100)


def set_value_axis(ax: Axes, made: Picture, zero: float | None, lang: str) -> None:
    """Sets the ticks of an axis of values, and hides the other one: heights compare, their scale says nothing."""
    left, right = ax.get_xlim()
    wide, _ = size_in_points(ax, left=0)
    ticks, labels = _value_ticks(made, left, right, wide, lang)
    if zero is not None:
        near = zero * (right / left) ** (30 / wide)
        beside = [(tick, label) for tick, label in zip(ticks, labels, strict=True) if tick > near]
        ticks, labels = [zero, *(tick for tick, _ in beside)], ["0", *(label for _, label in beside)]
    ax.set_xticks(ticks, labels, fontsize=SMALL)
    ax.set_xticks([], minor=True)
    ax.set_yticks([])
    ax.set_ylabel("")
    ax.set_xlim(left, right)
    ax.set_ylim(0, 1.18 * ax.dataLim.y1 if made.total else 1)
    ax.spines[["top", "right", "left"]].set_visible(False)


def _value_ticks(made: Picture, left: float, right: float, wide: float, lang: str) -> tuple[list[float], list[str]]:
    """The ticks of an axis of times or numbers, as many as its width holds."""
    if made.unit != "time":
        ticks = _plain_ticks(made, left, right, int(wide // 40))
        return ticks, _with_unit([quantity_text(decimal_text(round(tick, 6)), lang) for tick in ticks], made.unit, lang)
    if made.scale == "log":
        inside = [float(at) for at in _ROUND if left <= at <= right]
        return thinned(inside, [time_words(tick, lang) for tick in inside], wide)
    for most in (8, 6, 5, 4, 3):
        ticks = round_times(left, right, most)
        labels = [time_words(tick, lang) for tick in ticks]
        if (widest(labels) + 6) * len(labels) <= wide:
            break
    return ticks, labels


def time_words(seconds: float, lang: str) -> str:
    """A round time at a tick."""
    return quantity_text(show_seconds(round(seconds, 6)), lang)


def _with_unit(labels: list[str], unit: str, lang: str) -> list[str]:
    """Labels with their unit: a short one at every number, a longer word at the last one alone."""
    if unit in SECONDS or unit in ("bd", "%"):
        return [quantity_text(f"{label} {unit}", lang) for label in labels]
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
    return round_numbers(left, right, max(min(most, 8), 2))


def rows_above(spans: Sequence[tuple[float, float]], most: int = 3) -> list[int]:
    """The line, from 0, in which each of some texts stands so that it does not meet those before it.

    Args:
        spans: Begin and end of each text along the axis, in points.
        most: How many lines there are; the last one takes what is left.
    """
    ends = [float("-inf")] * most
    rows = []
    for begin, end in spans:
        row = next((row for row, taken in enumerate(ends) if begin > taken), most - 1)
        ends[row] = end
        rows.append(row)
    return rows


# --- periods ----------------------------------------------------------------------------------------------------------


def room_per_period(ax: Axes, places: int, *, left: float, right: float = 0.0) -> float:
    """The width that each period has on an axis, in points, with labels so wide at its sides."""
    return size_in_points(ax, left=left, right=right)[0] / max(places, FEWEST_PLACES)


def set_period_axis(ax: Axes, columns: Sequence[Column], room: float, lang: str) -> None:
    """Sets an axis of periods, `room` points each."""
    places = max(len(columns), FEWEST_PLACES)
    middle = (len(columns) - 1) / 2
    ax.set_xlim(middle - places / 2, middle + places / 2)
    ticks, labels = period_ticks(columns, room, lang)  # never rotated: fewer labels, not slanted ones
    ax.set_xticks(ticks, labels, fontsize=SMALL)
    ax.set_xticks([], minor=True)
    ax.tick_params(axis="x", pad=5)  # the first label may reach below those at the left


def period_ticks(columns: Sequence[Column], room: float, lang: str) -> tuple[list[int], list[str]]:
    """Places and labels of periods, `room` points each: whole where they fit, else short with the year under the first.

    A stretch without data that became one column always has its label.
    """
    if not columns:
        return [], []
    whole = [column_words(column, lang) for column in columns] if room > 4 * SMALL else []
    if whole and widest(whole) + _GAP <= room:
        return list(range(len(columns))), whole
    begins = [begin_of(column) for column in columns]
    kind = next((found[0] for found in begins if found), "year")
    days = [None if found is None else found[1] for found in begins]
    ticks = _level_that_fits(days, kind, room, lang)
    gaps = [(at, "…", "") for at, day in enumerate(days) if day is None]
    apart = [tick for tick in ticks if all(abs(tick[0] - gap[0]) * room > 2 * SMALL for gap in gaps)]
    return _with_groups(sorted([*apart, *gaps]), room)


def _level_that_fits(days: Sequence[dt.date | None], kind: str, room: float, lang: str) -> list[Tick]:
    """The most ticks whose labels leave room for each other."""
    ticks: list[Tick] = []
    for unit, step in _LEVELS[kind]:
        chosen = _ticks_of_level(days, kind, unit, step)
        least = min((later - at for (at, _), (later, _) in pairwise(chosen)), default=len(days))
        if least * room < 2 * SMALL:  # not even two digits: no text needs to be measured
            continue
        ticks = [(at, *tick_words(day, unit, lang)) for at, day in chosen]
        if widest(text for tick in ticks for text in tick[1:]) + _GAP <= least * room:
            return ticks
    return ticks[:1]


def _ticks_of_level(days: Sequence[dt.date | None], kind: str, unit: str, step: int) -> list[tuple[int, dt.date]]:
    """The periods that have a tick: every so many, or those in which a month or a year begins."""
    there = [(at, day) for at, day in enumerate(days) if day is not None]
    if unit == kind and kind in ("day", "week"):
        return there[::step]
    if unit == "year":
        first = dict.fromkeys(reversed([day.year for _, day in there]))
        begins = {year: next(place for place in there if place[1].year == year) for year in first}
        return sorted(place for year, place in begins.items() if year % step == 0 and _begins_year(place[1], kind))
    if unit == "quarter":
        return [(at, day) for at, day in there if (day.month - 1) // 3 % step == 0]
    return [(at, day) for at, day in there if (day.month - 1) % step == 0 and (kind == "month" or day.day == 1)]


def _begins_year(day: dt.date, kind: str) -> bool:
    """Whether a period is the first of its year: the first week may begin on any of seven days."""
    return day.month == 1 and day.day <= (7 if kind == "week" else 1)


def _with_groups(ticks: Sequence[Tick], room: float) -> tuple[list[int], list[str]]:
    """Places and labels, the year (or month) once under the first of its ticks, where the last one leaves room."""
    labels, last, free = [], "", float("-inf")
    for at, short, group in ticks:
        shows = group not in ("", last) and at * room >= free
        labels.append(f"{short}\n{group}" if shows else short)
        if shows:
            last, free = group, at * room + text_width(group, SMALL) + _GAP
    return [at for at, _, _ in ticks], labels
