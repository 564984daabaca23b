"""Plots of customers who come again: the share of each month after the first, with its interval.

In: what `svclight.cohorts` gave, the id of a process, axes or none. Out: the axes.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from svclight.errors import SvclightError, check_kind, unknown_name
from svclight.planning.cohorts import Cohorts
from svclight.plots import axes, words
from svclight.plots.style import (
    BAND,
    DASHES,
    INK,
    SMALL,
    draw_nothing,
    own_axes,
    size_in_points,
    widest,
    write_notes,
    write_right,
    write_title,
)
from svclight.wording.catalogue import say

if TYPE_CHECKING:
    import pandas as pd
    from matplotlib.axes import Axes


def plot_cohorts(
    found: Cohorts,
    process: str | None = None,
    *,
    title: str | None = None,
    lang: str | None = None,
    ax: Axes | None = None,
) -> Axes:
    """Draws how many customers come again, by months after the first; all first months together.

    Args:
        found: What `svclight.cohorts` gave.
        process: Id of the process; the first one unless given.
        title: What stands above.
        lang: The language of the words in it; that of the result unless given.
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
    lang = words.result_language(lang, found)
    rows = found.totals[found.totals["process"] == name]
    ax = own_axes(ax, width=7.6, height=3.2)
    heading = say("{title}: customers who come again", lang, title=found.processes[known.index(str(name))].title)
    write_title(ax, heading if title is None else title)
    if rows.empty:
        return draw_nothing(ax, say("no data", lang))
    right = _draw_lines(ax, rows, lang)
    axes.scale_to_shares(ax, 0.0, 100 * _highest(rows), room=0.08, beyond=0.0, lang=lang)
    axes.draw_grid(ax)
    at = [int(month) for month in rows["months_after"]]
    ax.set_xlim(min(at) - 0.5, max(at) + 0.5)
    ticks, labels = axes.thinned(at, [str(one) for one in at], size_in_points(ax, right=right)[0])
    ax.set_xticks(ticks, labels, fontsize=SMALL)
    write_notes(ax, [say("months after the first contact; band: 95 % interval", lang)])
    return ax


def _highest(rows: pd.DataFrame) -> float:
    return float(max(rows["high"].max(), rows["share_within"].max()))


def _draw_lines(ax: Axes, rows: pd.DataFrame, lang: str) -> float:
    """Draws both shares, their names at the right; returns the width of these."""
    at, names = rows["months_after"].to_numpy(), [say("in that month", lang)]
    ax.fill_between(at, 100 * rows["low"], 100 * rows["high"], color=BAND, linewidth=0, zorder=0)
    ax.plot(at, 100 * rows["share"], color=INK, marker="o", markersize=4.5, linewidth=1.1)
    write_right(ax, names[0], 100 * rows["share"].iloc[-1])
    if len(at) > 1:  # of a single month both are the same
        names.append(say("in any month so far", lang))
        ax.plot(at, 100 * rows["share_within"], color=INK, linewidth=1.0, linestyle=DASHES)
        write_right(ax, names[1], 100 * rows["share_within"].iloc[-1])
    return widest(names) + 8
