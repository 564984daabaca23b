"""Plots of drivers: for each cell, how many times as often it meets the zone as all interactions outside of it.

In: what `drivers` gave, axes or none. Out: the axes. A line from end to end of the interval, a square where the data
can tell it from chance, a hollow circle where they cannot; 1 is like elsewhere.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, Final

import numpy as np

from svclight.card.lights import OUTLINE
from svclight.errors import check_kind
from svclight.planning.drivers import FEWER, MORE, TOO_FEW, Drivers, cell_name
from svclight.plots import axes
from svclight.plots.axes import FAINT, SMALL
from svclight.wording.result_words import span_text
from svclight.wording.shares import NO_DATA, share_text

if TYPE_CHECKING:
    import pandas as pd
    from matplotlib.axes import Axes

    from svclight.wording.shares import Ends

_MARKS: Final = {MORE: ("s", "#7f1424", 6.5), FEWER: ("D", "#9fd8a8", 5.5)}
_ROW: Final = 22.0  # points
_TICKS: Final = (0.1, 0.2, 0.5, 1, 2, 5, 10, 20, 50, 100)


def plot_drivers(made: Drivers, *, most: int = 12, title: str | None = None, ax: Axes | None = None) -> Axes:
    """Draws the cells that explain most, with the interval of their lift.

    Args:
        made: What `drivers` gave.
        most: So many cells are drawn.
        title: What stands above; the criterion's title and the zone unless given.
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
        >>> waits = {"east": [10] * 180 + [90] * 20, "west": [10] * 140 + [90] * 60}
        >>> rows = [("2026-03-10 09:00", team, wait) for team in waits for wait in waits[team]]
        >>> log = pd.DataFrame(rows, columns=["called", "team", "waited"])
        >>> ax = svclight.report.plot_drivers(svclight.drivers(log, definitions, "hotline.wait", as_of="2026-04-01"))
        >>> ax.get_title(loc="left")
        'wait: what explains red'
    """
    check_kind(made, Drivers, "svclight.report.plot_drivers takes a result", "what svclight.drivers gave")
    table = made.table[(made.table["verdict"] != TOO_FEW) & np.isfinite(made.table["lift_low"])]
    rows: list[dict[Any, Any]] = _cells_to_draw(table, most).to_dict("records")
    ax = axes.own_axes(ax, width=7.4, height=1.4 + 0.34 * max(len(rows), 3))
    rows = rows[: max(3, int(axes.size_in_points(ax)[1] / _ROW))]
    shown = f"{made.title}: what explains {made.zone}" if title is None else title
    if not rows:
        axes.write_title(ax, shown, rows=0)
        return axes.draw_nothing(ax, NO_DATA)
    ax.set_xscale("log")
    low, high = min(row["lift_low"] for row in rows), max(row["lift_high"] for row in rows)
    left, right = min(low, 0.8) / 1.15, max(high, 1.25) * 1.15
    ax.set_xlim(left, right)
    ax.axvline(1, color="#76808d", linewidth=1.0, zorder=1)
    for at, row in enumerate(rows):
        _draw_cell(ax, at, row, made.targets)
    ticks = [tick for tick in _TICKS if left <= tick <= right]
    ax.set_xticks(ticks, [f"{tick:g} x" for tick in ticks], fontsize=SMALL)
    ax.set_xticks([], minor=True)
    ax.set_ylim(len(rows) - 0.4, -0.6)
    names = [axes.wrap_text(cell_name(row), max(18, int(axes.size_in_points(ax)[0] / 12)), 2) for row in rows]
    ax.set_yticks(range(len(rows)), names, fontsize=SMALL, parse_math=False)
    axes.draw_grid(ax, "x", without=("top", "right", "left"))
    room = axes.room_beside(ax, names)
    axes.write_title_within(ax, shown, room)
    axes.write_note_within(ax, _note_text(made, rows), room)
    return ax


def _cells_to_draw(table: pd.DataFrame, most: int) -> pd.DataFrame:
    """The cells that stand out first, then the cells with most beyond the share outside of them."""
    order = table.assign(out=table["verdict"] == MORE).sort_values(["out"], ascending=False, kind="stable")
    return order.head(most)


def _draw_cell(ax: Axes, at: int, row: dict[Any, Any], ends: Ends) -> None:
    """Draws the ratio of a cell as a point with its interval, its share beside it."""
    marker, face, size = _MARKS.get(row["verdict"], ("o", "#ffffff", 4.5))
    ax.plot([row["lift_low"], row["lift_high"]], [at, at], color=OUTLINE, linewidth=1.1, zorder=2)
    if row["lift"] > 0:
        ax.plot(
            [row["lift"]], [at], marker=marker, markersize=size, markerfacecolor=face, markeredgecolor=OUTLINE,
            markeredgewidth=0.9, linestyle="none", zorder=3,
        )  # fmt: skip
    text = f"{share_text(row['share'], ends)} of {row['rated']:,}"
    axes.write_at(ax, text, (1, at), (3, 0), coords=("axes fraction", "data"), color=FAINT)


def _note_text(made: Drivers, rows: list[dict[Any, Any]]) -> str:
    said = [span_text(made.periods), f"{made.zone} compared with everything outside of the cell, 95 % interval"]
    seen = {row["verdict"] for row in rows}
    words = {MORE: "square: more than chance", FEWER: "diamond: fewer than chance"}
    said += [text for verdict, text in words.items() if verdict in seen]
    if seen - set(words):
        said.append("hollow: no difference that the data can show")
    return "; ".join([*said, "corrected over all cells (Holm)", f"{len(rows)} of {len(made.table):,} cells"])
