"""The plot of budgets: a bar for what is used, a line where all is used, a mark for how much of the period is over.

In: what `budget` gave, axes or none. Out: the axes. A bar that ends right of its mark is used up faster than the days
go by.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, Final

import numpy as np
import pandas as pd

from svclight.card.lights import OUTLINE
from svclight.decisions.budget import Budgets
from svclight.errors import check_kind
from svclight.plots import axes, words
from svclight.plots.style import (
    SMALL,
    draw_nothing,
    inner_height,
    left_of,
    lines_in_row,
    own_axes,
    room_for_names,
    size_in_points,
    widest,
    wrap_to,
    write_notes,
    write_right,
    write_title,
)
from svclight.wording.catalogue import say
from svclight.wording.languages import period_words, whole_number

if TYPE_CHECKING:
    from collections.abc import Sequence

    from matplotlib.axes import Axes

USED: Final = "#9aa5b1"
OVER: Final = "#7f1424"
_BAR: Final = 0.62
_MOST: Final = 2.0
"""Bars are cut at twice the budget; the number stands beside them."""


def plot_budget(found: Budgets, *, title: str | None = None, lang: str | None = None, ax: Axes | None = None) -> Axes:
    """Draws how much of each budget is used.

    Args:
        found: What `budget` gave.
        title: What stands above; "Used of what the targets allow" unless given.
        lang: The language of the words in it; that of the result unless given.
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
    check_kind(found, Budgets, "svclight.report.plot_budget takes a result", "what svclight.budget gave")
    lang, rows = words.result_language(lang, found), found.rows()
    ax = own_axes(ax, width=7.4, height=1.3 + 0.55 * max(len(rows), 2))
    heading = say("Used of what the targets allow", lang) if title is None else title
    if not rows:
        write_title(ax, heading, left=0)
        return draw_nothing(ax, say("no target of red or green is declared", lang))
    most = lines_in_row(inner_height(ax, heading, [""], left=room_for_names(ax)), len(rows)) - 1
    names = [
        f"{wrap_to(title, room_for_names(ax), most=max(most, 1))}\n{period_words(row['period'], lang)}"
        for title, row in zip(found.titles, rows, strict=True)
    ]
    numbers = [_number_text(row, lang) for row in rows]
    left, right = left_of(names), widest(numbers) + 8
    write_title(ax, heading, left=left)
    for at, (row, text) in enumerate(zip(rows, numbers, strict=True)):
        _draw_bar(ax, at, row)
        write_right(ax, text, at)
    ax.axvline(1, color=OUTLINE, linewidth=1.1, zorder=4)
    _scale_axis(ax, rows, names, size_in_points(ax, left=left, right=right)[0], lang)
    marked = any(_part_over(row) is not None for row in rows)
    over = say("◇: the part of the period that is over", lang)
    write_notes(ax, [over if marked else say("of finished periods", lang)], left=left)
    return ax


def _scale_axis(ax: Axes, rows: Sequence[dict[str, Any]], names: Sequence[str], room: float, lang: str) -> None:
    """Sets the axis of parts used, and the names at the left."""
    widest_bar = max(1.0, *(_used_of(row) for row in rows), *(_part_over(row) or 0.0 for row in rows))
    ax.set_xlim(0, widest_bar + 0.06)
    ax.set_ylim(len(rows) - 0.4, -0.6)
    ax.set_yticks(range(len(rows)), names, fontsize=SMALL, parse_math=False)
    ticks = [float(at) for at in np.arange(0, widest_bar + 0.01, 0.25)]
    labels = [words.percent_tick(100 * at, lang) for at in ticks]
    ax.set_xticks(*axes.thinned(ticks, labels, room), fontsize=SMALL)
    axes.draw_grid(ax, "x", without=("top", "right", "left"))


def _number_text(row: dict[str, Any], lang: str) -> str:
    """How many were allowed, and how many there are."""
    numbers = {"bad": whole_number(row["bad"], lang), "allowed": whole_number(int(row["allowed"]), lang)}
    if row["zone"] == "red":
        return say("{bad} of {allowed} red", lang, **numbers)
    return say("{bad} of {allowed} not green", lang, **numbers)


def _draw_bar(ax: Axes, at: int, row: dict[str, Any]) -> None:
    """Draws what is used, what is used beyond the budget, and the mark of the days."""
    used = _used_of(row)
    ax.barh(at, min(used, 1), _BAR, facecolor=USED, edgecolor=OUTLINE, linewidth=0.7, zorder=2)
    if used > 1:
        ax.barh(at, used - 1, _BAR, left=1, facecolor=OVER, edgecolor=OUTLINE, linewidth=0.7, zorder=2)
    over = _part_over(row)
    if over is not None:
        ax.plot([over], [at], marker="D", markersize=6, color=OUTLINE, markerfacecolor="white", zorder=5)


def _used_of(row: dict[str, Any]) -> float:
    """The part of the budget that is used, twice of it at most; where nothing is allowed, all of that or nothing."""
    if row["allowed"] == 0:
        return _MOST if row["bad"] else 0.0
    return float(min(row["used"], _MOST))


def _part_over(row: dict[str, Any]) -> float | None:
    """The part of a running period that is over; None where it is not known."""
    return float(row["day"] / row["days"]) if row["running"] and pd.notna(row["day"]) else None
