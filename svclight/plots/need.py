"""The plot of how many interactions it takes: the smaller the difference, the more.

In: what `needed` gave, axes or none. Out: the axes. Both axes are logarithmic: half the difference takes four times as
many.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from svclight.card.lights import OUTLINE
from svclight.decisions.need import TARGET
from svclight.plots import axes
from svclight.plots.axes import SMALL
from svclight.wording.outlook_words import percent_words

if TYPE_CHECKING:
    from matplotlib.axes import Axes

    from svclight.decisions.need import Needed

SIZE: Final = (6.4, 3.6)


def plot_need(found: Needed, *, title: str | None = None, ax: Axes | None = None) -> Axes:
    """Draws how many rated interactions each difference takes; the one that was asked is filled.

    Args:
        found: What `needed` gave.
        title: What stands above; the question unless given.
        ax: Where to draw; a figure of its own unless given.

    Returns:
        The axes.

    Examples:
        >>> import svclight
        >>> ax = svclight.report.plot_need(svclight.needed(0.80, 0.75))
        >>> ax.get_title(loc="left")
        'Rated interactions on each side, to see a difference from 75 %'
    """
    ax = axes.own_axes(ax, width=SIZE[0], height=SIZE[1])
    curve, asked = found.curve, found.table.iloc[0]
    points = (curve["share"] - curve["other"]).abs() * 100
    ax.plot(points, curve["needed"], color=OUTLINE, linewidth=1.2, marker="o", markersize=4, markerfacecolor="white")
    here = abs(asked["share"] - asked["other"]) * 100
    ax.plot([here], [asked["needed"]], color=OUTLINE, marker="o", markersize=7)
    ax.set_xscale("log")
    ax.set_yscale("log")
    ax.set_xticks(list(points), [f"{round(point):g}" for point in points], fontsize=SMALL)
    ax.set_xticks([], minor=True)
    ax.yaxis.set_major_formatter(lambda number, _: f"{number:,.0f}")
    ax.tick_params(axis="y", labelsize=SMALL)
    for point, number in zip(points, curve["needed"], strict=True):
        axes.write_at(ax, f"{number:,}", (point, number), (4, 6))
    axes.draw_grid(ax)
    other = percent_words(float(asked["other"]), "en")
    for_target = asked["question"] == TARGET
    what = f"to tell a share from {other}" if for_target else f"on each side, to see a difference from {other}"
    axes.write_title(ax, f"Rated interactions {what}" if title is None else title, rows=0)
    odds = f"power {percent_words(asked['power'], 'en')}, level {percent_words(asked['level'], 'en')}"
    axes.write_notes(ax, [f"difference in percentage points; {odds}"])
    return ax
