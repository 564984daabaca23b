"""Plots of customers who come again: the share of each month after the first, with its interval.

In: what `svclight.cohorts` gave, the id of a process, axes or none. Out: the axes.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from svclight.errors import SvclightError, check_kind, unknown_name
from svclight.planning.cohorts import Cohorts
from svclight.plots import axes
from svclight.plots.control import BAND

if TYPE_CHECKING:
    from matplotlib.axes import Axes

_LINE: Final = "#10131a"


def plot_cohorts(
    found: Cohorts, process: str | None = None, *, title: str | None = None, ax: Axes | None = None
) -> Axes:
    """Draws how many customers come again, by months after the first; all first months together.

    Args:
        found: What `svclight.cohorts` gave.
        process: Id of the process; the first one unless given.
        title: What stands above.
        ax: Where to draw; a figure of its own unless given.

    Returns:
        The axes.

    Raises:
        SvclightError: It is something else, or has no such process.

    Examples:
        >>> import pandas as pd
        >>> import svclight
        >>> definitions = svclight.loads('''
        ... svclight: 1
        ... time_zone: UTC
        ... processes:
        ...   shop:
        ...     title: Shop
        ...     log: {time: at, customer: who, since: 2020-01-01, fields: {at: {time: at}, x: {number: x}}}
        ...     criteria: {c: {measure: {value: x}, green: "<= 5"}}
        ... ''')
        >>> log = pd.DataFrame({"at": ["2026-01-05", "2026-01-07", "2026-02-03"], "who": ["ann", "bob", "ann"], "x": 1})
        >>> found = svclight.cohorts(log, definitions, as_of="2026-03-01")
        >>> svclight.report.plot_cohorts(found).get_xlabel()
        'months after the first contact; band: 95 % interval'
    """
    check_kind(found, Cohorts, "plot_cohorts takes a result", "what svclight.cohorts gave")
    known = list(dict.fromkeys(found.reds["process"]))
    name = known[0] if process is None and known else process
    if name not in known:
        raise SvclightError(unknown_name("unknown process", str(process), known))
    rows = found.totals[found.totals["process"] == name]
    ax = axes.own_axes(ax, width=7.6, height=3.2)
    heading = f"{found.processes[known.index(str(name))].title}: customers who come again"
    axes.write_title(ax, heading if title is None else title, rows=0)
    if rows.empty:
        return axes.draw_nothing(ax, "no data")
    at = rows["months_after"].to_numpy()
    ax.fill_between(at, 100 * rows["low"], 100 * rows["high"], color=BAND, linewidth=0, zorder=0)
    ax.plot(at, 100 * rows["share"], color=_LINE, marker="o", markersize=4.5, linewidth=1.1)
    axes.write_at(ax, "in that month", (at[-1], 100 * rows["share"].iloc[-1]), (6, 0))
    if len(at) > 1:  # of a single month both are the same
        ax.plot(at, 100 * rows["share_within"], color=_LINE, linewidth=1.0, linestyle=(0, (5, 2)))
        axes.write_at(ax, "in any month so far", (at[-1], 100 * rows["share_within"].iloc[-1]), (6, 0))
    highest = float(max(rows["high"].max(), rows["share_within"].max()))
    axes.scale_to_shares(ax, 0.0, 100 * highest, room=0.08, beyond=0.0)
    axes.draw_grid(ax)
    ax.set_xlim(0.5, at[-1] + max(0.25 * at[-1], 1))
    ax.set_xticks(at, [str(one) for one in at], fontsize=axes.SMALL)
    axes.write_notes(ax, ["months after the first contact; band: 95 % interval"])
    return ax
