"""The plot of budgets: a bar for what is used, a line where all is used, a mark for how much of the period is over.

In: what `budget` gave, axes or none. Out: the axes. A bar that ends right of its mark is used up faster than the days
go by.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, Final

import numpy as np
import pandas as pd

from svclight.card.lights import OUTLINE
from svclight.plots import axes
from svclight.plots.axes import SMALL

if TYPE_CHECKING:
    from matplotlib.axes import Axes

    from svclight.decisions.budget import Budgets

USED: Final = "#9aa5b1"
OVER: Final = "#7f1424"
_ROOM = 0.4
"""Room for numbers right of the bars, in parts of what is allowed."""
_BAR: Final = 0.62
_MOST: Final = 2.0
"""Bars are cut at twice the budget; the number stands beside them."""


def plot_budget(found: Budgets, *, title: str | None = None, ax: Axes | None = None) -> Axes:
    """Draws how much of each budget is used.

    Args:
        found: What `budget` gave.
        title: What stands above; "Used of what the targets allow" unless given.
        ax: Where to draw; a figure of its own unless given.

    Returns:
        The axes.

    Examples:
        >>> import pandas as pd
        >>> import svclight
        >>> definitions = svclight.loads('''
        ... svclight: 1
        ... time_zone: UTC
        ... processes:
        ...   hotline:
        ...     title: Hotline
        ...     log: {time: called, segments: [team], fields: {waited: {number: waited, unit: s}}}
        ...     criteria:
        ...       wait: {measure: {value: waited}, green: "<= 30 s", targets: {green: ">= 80 %"}}
        ... ''')
        >>> table = pd.DataFrame({"month": ["2026-03"], "process": "hotline", "criterion": "wait",
        ...                       "green": 850, "yellow": 60, "red": 90})
        >>> ax = svclight.report.plot_budget(svclight.budget(svclight.tally(table, definitions, as_of="2026-05-01")))
        >>> ax.get_title(loc="left")
        'Used of what the targets allow'
    """
    rows, texts = found.rows(), [_bar_name(sentence) for sentence in found.sentences]
    ax = axes.own_axes(ax, width=7.4, height=1.3 + 0.5 * max(len(found.table), 2))
    axes.write_title(ax, "Used of what the targets allow" if title is None else title, rows=0)
    if not rows:
        return axes.draw_nothing(ax, "no target of red or green is declared")
    for at, row in enumerate(rows):
        _draw_bar(ax, at, row)
    ax.axvline(1, color=OUTLINE, linewidth=1.1, zorder=4)
    widest = max(1.0, *(min(row["used"], _MOST) for row in rows if pd.notna(row["used"])), *map(_text_begins, rows))
    ax.set_xlim(0, widest + _ROOM)
    ax.set_ylim(len(rows) - 0.4, -0.6)
    ax.set_yticks(range(len(rows)), texts, fontsize=SMALL, parse_math=False)
    ticks = np.arange(0, widest + 0.01, 0.25)
    ax.set_xticks(ticks, [f"{at:.0%}".replace("%", " %") for at in ticks])
    ax.tick_params(axis="x", labelsize=SMALL)
    axes.draw_grid(ax, "x", without=("top", "right", "left"))
    marked = any(_part_over(row) is not None for row in rows)
    axes.write_notes(ax, ["◇: the part of the period that is over" if marked else "of finished periods"])
    return ax


def _bar_name(sentence: str) -> str:
    """Title and period of a budget on two lines."""
    name, _, month = sentence.partition(": ")[0].rpartition(", ")
    return f"{axes.wrap_text(name, 44, 2)}\n{month}"


def _draw_bar(ax: Axes, at: int, row: dict[str, Any]) -> None:
    nothing_allowed = row["allowed"] == 0
    used = (_MOST if row["bad"] else 0.0) if nothing_allowed else min(row["used"], _MOST)
    ax.barh(at, min(used, 1), _BAR, facecolor=USED, edgecolor=OUTLINE, linewidth=0.7, zorder=2)
    if used > 1:
        ax.barh(at, used - 1, _BAR, left=1, facecolor=OVER, edgecolor=OUTLINE, linewidth=0.7, hatch="////", zorder=2)
    bad = "red" if row["zone"] == "red" else "not green"
    axes.write_at(ax, f"{row['bad']:,} of {int(row['allowed']):,} {bad}", (_text_begins(row), at), (8, 0))
    over = _part_over(row)
    if over is not None:
        ax.plot([over], [at], marker="D", markersize=6, color=OUTLINE, markerfacecolor="white", zorder=5)


def _text_begins(row: dict[str, Any]) -> float:
    """Where the number stands: right of the bar, and of the mark of the part that is over."""
    used = (_MOST if row["bad"] else 0.0) if row["allowed"] == 0 else min(row["used"], _MOST)
    return max(float(used), _part_over(row) or 0.0)


def _part_over(row: dict[str, Any]) -> float | None:
    """The part of a running period that is over; None where it is not known."""
    return float(row["day"] / row["days"]) if row["running"] and pd.notna(row["day"]) else None
