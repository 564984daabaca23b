"""Plots of the values of a criterion: bars by zone, bands behind them, limits, and notes.

In: axes, a `Picture`, colours. Out: what stands on the axes. `card_plots.plot_values` puts it together.
"""

from __future__ import annotations

from fractions import Fraction
from typing import TYPE_CHECKING

from svclight.card.light_table import counted_unit
from svclight.card.lights import LETTERS, OUTLINE
from svclight.counts.tidy_tables import rows_of
from svclight.plots import axes
from svclight.plots.axes import SMALL
from svclight.thresholds import ZONES
from svclight.wording.shares import share_text
from svclight.wording.short_phrases import count_text

if TYPE_CHECKING:
    from collections.abc import Sequence

    from matplotlib.axes import Axes

    from svclight.card.lights import Paint
    from svclight.card.value_bars import Picture
    from svclight.definition.criterion_id import CriterionId
    from svclight.scorecard import Scorecard
    from svclight.wording.shares import Ends


def value_bars(ax: Axes, made: Picture, paints: dict[str, Paint]) -> float | None:
    """Draws bars stacked by zone; returns the place of the bar of zeros, None where there is none."""
    for bar in made.bars:
        _value_bar(ax, (bar.low, bar.high), bar.counts, made.height(bar), paints)
    low, high = _axis_range(made)
    zero = None
    if made.scale == "log":
        ratio = (high / low) ** 0.035
        if any(made.zeros):  # a logarithm has no place for 0: its bar stands apart at the left
            _value_bar(ax, (low / ratio**2, low / ratio), made.zeros, 1.0, paints)
            zero, low = low / ratio**1.5, low / ratio**2
        ax.set_xlim(low / ratio, high * ratio)
    else:
        ax.set_xlim(low - 0.03 * (high - low), high + 0.03 * (high - low))
    return zero


def _axis_range(made: Picture) -> tuple[float, float]:
    """The range of the axis: all bars, empty ones too, and all limits."""
    places = [limit.at for limit in made.limits]
    ends = [*places, *(end for bar in made.bars for end in (bar.low, bar.high))]
    if made.bars:
        return min(ends), max(ends)
    return min(0.0, *places), max(places) + 0.5 * max(abs(max(places)), 1.0)


def _value_bar(
    ax: Axes, ends: tuple[float, float], counts: Sequence[int], height: float, paints: dict[str, Paint]
) -> None:
    """Draws one bar, its zones stacked."""
    low, high = ends
    bottom = 0.0
    for zone, count in zip(ZONES, counts, strict=True):
        if count:
            ax.bar(
                low, count * height, high - low, bottom=bottom, align="edge", zorder=2,
                facecolor=paints[zone].fill, edgecolor=OUTLINE, linewidth=0.5,
            )  # fmt: skip
            bottom += count * height


def draw_bands(ax: Axes, made: Picture, paints: dict[str, Paint], targets: Sequence[Ends]) -> None:
    """Draws the zones behind the bars, with their letters and the share of the values in each."""
    left, right = ax.get_xlim()
    counts = [sum(bar.counts[zone] for bar in made.bars) + made.zeros[zone] for zone in range(len(ZONES))]
    for zone, low, high in made.bands:
        low, high = max(low, left), min(high, right)  # noqa: PLW2901 - what can be seen of it
        if low >= high:
            continue
        ax.axvspan(low, high, color=axes.paler_colour(paints[zone].fill, 0.22), linewidth=0, zorder=0)
        middle = (low * high) ** 0.5 if made.scale == "log" else (low + high) / 2
        wide = _points_along(ax, made, high) - _points_along(ax, made, low)
        letter, texts = LETTERS[zone], [f"{LETTERS[zone]} {zone}", LETTERS[zone]]
        if sum(one == zone for one, _, _ in made.bands) == 1 and made.total:
            place = ZONES.index(zone)
            share = share_text(Fraction(counts[place], made.total), targets[place])
            texts = [f"{letter} {zone} {share}", f"{letter} {share}", *texts]
        text = next((text for text in texts if axes.text_width(text, SMALL) < wide), "")
        ax.text(middle, 0.97, text, transform=ax.get_xaxis_transform(), fontsize=SMALL, ha="center", va="top", zorder=4)
    ax.set_xlim(left, right)


def limit_lines(ax: Axes, made: Picture) -> int:
    """Draws a line at each limit, its text above; returns how many lines of text there are."""
    level, ends = 0, [-1e9, -1e9, -1e9]
    for limit in made.limits:
        at = _points_along(ax, made, limit.at)
        half = axes.text_width(limit.text, 8) / 2 + 2
        # the first line of text in which the limit before leaves room; the last one takes what is left
        row = next((row for row, end in enumerate(ends) if at - half > end), len(ends) - 1)
        ends[row] = at + half
        level = max(level, row)
        ax.axvline(limit.at, color="#10131a", linewidth=1.1, zorder=3)
        shift, coords = (0, 3 + 10 * row), ("data", "axes fraction")
        axes.write_at(
            ax, limit.text, (limit.at, 1), shift, size=8, coords=coords, ha="center", va="bottom", color="black"
        )
    return level


def _points_along(ax: Axes, made: Picture, value: float) -> float:
    """How far a value stands from the left end of its axis, in points."""
    left, right = map(made.place, ax.get_xlim())
    return axes.size_in_points(ax)[0] * (made.place(value) - left) / (right - left)


def value_notes(card: Scorecard, made: Picture, which: CriterionId) -> list[str]:
    """The lines of the note under a plot of values."""
    counts = rows_of(card.counts, which)
    rated = int(counts.loc[counts["zone"].isin(ZONES), "count"].sum())
    whom = f" (customers at each {card.provenance.period}'s end)" if counted_unit(card, which) == "customers" else ""
    notes = [f"{made.total:,} of {rated:,} rated{whom} have a value"]
    if rated > made.total:
        notes.append(f"{rated - made.total:,} rated without one (abandoned, overdue)")
    for count, side in zip(made.beyond, ("first", "last"), strict=True):
        if count:
            notes.append(f"the {side} bar also holds {count_text(count, 'value')} beyond it")
    if made.several:
        notes.append("other limits hold for other dates or segments: drawn are those that hold last for everybody")
    return ["; ".join(notes)]
