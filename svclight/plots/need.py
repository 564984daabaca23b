"""The plot of how many interactions it takes: the smaller the difference, the more.

In: what `needed` gave, axes or none. Out: the axes. Both axes are logarithmic: half the difference takes four times as
many.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, Final

from svclight.card.lights import OUTLINE
from svclight.decisions.need import TARGET, Needed
from svclight.errors import check_kind
from svclight.plots import axes, words
from svclight.plots.style import SMALL, is_narrow, own_axes, size_in_points, write_at, write_notes, write_title
from svclight.wording.catalogue import say
from svclight.wording.languages import whole_number
from svclight.wording.outlook_words import percent_words

if TYPE_CHECKING:
    import pandas as pd
    from matplotlib.axes import Axes

SIZE: Final = (6.4, 3.6)


def plot_need(found: Needed, *, title: str | None = None, lang: str | None = None, ax: Axes | None = None) -> Axes:
    """Draws how many rated interactions each difference takes; the one that was asked is filled.

    Args:
        found: What `needed` gave.
        title: What stands above; the question unless given.
        lang: The language of the words in it; that of the result unless given.
        ax: Where to draw; a figure of its own unless given.

    Returns:
        The axes.

    Examples:
        >>> import svclight
        >>> ax = svclight.report.plot_need(svclight.needed(0.80, 0.75))
        >>> ax.get_title(loc="left")
        'Rated interactions on each side, to see a difference from 75 %'
    """
    check_kind(found, Needed, "svclight.report.plot_need takes a result", "what svclight.needed gave")
    lang = words.result_language(lang, found)
    ax = own_axes(ax, width=SIZE[0], height=SIZE[1])
    curve, asked = found.curve, found.table.iloc[0]
    points = (curve["share"] - curve["other"]).abs() * 100
    ax.plot(points, curve["needed"], color=OUTLINE, linewidth=1.2, marker="o", markersize=4, markerfacecolor="white")
    here = abs(asked["share"] - asked["other"]) * 100
    ax.plot([here], [asked["needed"]], color=OUTLINE, marker="o", markersize=7)
    _scale_axes(ax, points, lang)
    for point, number in zip(points, curve["needed"], strict=True):
        # in half a page neighbours would meet: the number that was asked for is the one that counts
        if not is_narrow(ax) or abs(point - here) < 1e-9:  # noqa: PLR2004 - the same point
            write_at(ax, whole_number(number, lang), (point, number), (4, 6))
    write_title(ax, _heading(asked, lang) if title is None else title)
    odds = {"power": percent_words(asked["power"], lang), "level": percent_words(asked["level"], lang)}
    write_notes(ax, [say("difference in percentage points; power {power}, level {level}", lang, **odds)])
    return ax


def _heading(asked: Any, lang: str) -> str:
    """The question."""
    other = percent_words(float(asked["other"]), lang)
    if asked["question"] == TARGET:
        return say("Rated interactions to tell a share from {other}", lang, other=other)
    return say("Rated interactions on each side, to see a difference from {other}", lang, other=other)


def _scale_axes(ax: Axes, points: pd.Series[float], lang: str) -> None:
    """Sets both axes: log scales with round ticks."""
    ax.set_xscale("log")
    ax.set_yscale("log")
    ax.margins(x=0.08, y=0.08)
    labels = [whole_number(point, lang) for point in points]
    ax.set_xticks(*axes.thinned(list(points), labels, size_in_points(ax)[0]), fontsize=SMALL)
    low, high = ax.get_ylim()
    ticks = axes.log_ticks(low, high)
    ax.set_yticks(ticks, [whole_number(tick, lang) for tick in ticks], fontsize=SMALL)
    ax.set_xticks([], minor=True)
    ax.set_yticks([], minor=True)
    axes.draw_grid(ax)
