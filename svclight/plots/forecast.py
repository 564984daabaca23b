"""The plot of a forecast: the months to come as points with their bands, the target as a line.

In: what `forecast` gave, axes or none. Out: the axes. The share of a running month so far is a cross beside its point.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, Final

import pandas as pd

from svclight.card.lights import OUTLINE
from svclight.errors import SvclightError, quoted_text
from svclight.plots import axes
from svclight.plots.axes import SMALL
from svclight.thresholds import parse_interval
from svclight.wording.shares import share_text

if TYPE_CHECKING:
    from matplotlib.axes import Axes

    from svclight.decisions.forecast import Forecasts

BAND: Final = "#c9d2dc"
_WIDTH: Final = 0.34


def plot_forecast(found: Forecasts, place: int = 1, *, title: str | None = None, ax: Axes | None = None) -> Axes:
    """Draws one of the forecasts.

    Args:
        found: What `forecast` gave.
        place: Which of its sentences, from 1.
        title: What stands above; the criterion, its zone and its target unless given.
        ax: Where to draw; a figure of its own unless given.

    Returns:
        The axes.

    Raises:
        SvclightError: There is no such forecast.

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
        >>> months = [f"2025-{month:02}" for month in range(1, 13)]
        >>> table = pd.DataFrame({"month": months, "process": "hotline", "criterion": "wait",
        ...                       "green": [840, 860, 850] * 4, "yellow": 0, "red": [160, 140, 150] * 4})
        >>> card = svclight.tally(table, definitions, as_of="2026-01-01")
        >>> ax = svclight.report.plot_forecast(svclight.forecast(card))
        >>> ax.get_title(loc="left")
        'Hotline, wait, green ≥ 80 %'
    """
    rows = _rows_of(found, place)
    targets = parse_interval(rows[0]["target"]).ends if rows[0]["target"] else ()
    told = [end.amount for end in targets]
    ax = axes.own_axes(ax, width=6.4, height=3.4)
    for at, row in enumerate(rows):
        low, high, share = (100 * row[name] for name in ("low", "high", "forecast"))
        ax.bar(at, high - low, _WIDTH, bottom=low, facecolor=BAND, edgecolor=OUTLINE, linewidth=0.7, zorder=2)
        ax.plot([at], [share], marker="o", markersize=5, color=OUTLINE, zorder=4)
        axes.write_at(ax, share_text(row["forecast"], told), (at, high), (0, 7), ha="center")
        if row["running"] and pd.notna(row["share"]):
            ax.plot([at - 0.26], [100 * row["share"]], marker="x", markersize=6, color=OUTLINE, zorder=4)
    ends = [100 * row[name] for row in rows for name in ("low", "high")]
    for end in map(axes.percent_of, targets):
        ax.axhline(end, color=OUTLINE, linewidth=1.1, linestyle=(0, (4, 2)), zorder=3)
        ends.append(end)
    ax.set_xlim(-0.6, len(rows) - 0.2)
    ax.set_xticks(range(len(rows)), [row["period"] for row in rows], fontsize=SMALL)
    axes.scale_to_shares(ax, min(ends), max(ends), room=0.12, beyond=2)
    axes.draw_grid(ax)
    named = found.sentences[place - 1].partition(": ")[0]
    axes.write_title(ax, named if title is None else title, rows=0)
    so_far = "; cross: the running period so far" if rows[0]["running"] else ""
    line = "; dashed: the target" if targets else ""
    axes.write_notes(ax, [f"bars: 90 of 100 periods are meant to end within them{so_far}{line}"])
    return ax


def _rows_of(found: Forecasts, place: int) -> list[dict[str, Any]]:
    """The rows of one sentence.

    Raises:
        SvclightError: There is no such sentence.
    """
    if not 1 <= place <= len(found.sentences):
        raise SvclightError(f"there is no forecast {quoted_text(place)}; there are {len(found.sentences)}")
    keys = ["process", "criterion", "where", "zone", "target"]
    groups = [part for _, part in found.table.groupby(keys, sort=False)]
    return [{str(name): value for name, value in row.items()} for row in groups[place - 1].to_dict("records")]
