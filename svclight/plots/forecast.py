"""The plot of a forecast: the months to come as points with their bands, the target as a line.

In: what `forecast` gave, axes or none. Out: the axes. The share of a running month so far is a cross beside its point.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, Final

import pandas as pd

from svclight.card.lights import OUTLINE, Column
from svclight.decisions.forecast import Forecasts
from svclight.errors import SvclightError, check_kind, quoted_text
from svclight.plots import axes, words
from svclight.plots.style import DASHES, USUAL_LEFT, own_axes, widest, write_at, write_notes, write_title
from svclight.thresholds import parse_interval
from svclight.wording.catalogue import say
from svclight.wording.sentence_parts import limit_words
from svclight.wording.zone_words import zone_members

if TYPE_CHECKING:
    from matplotlib.axes import Axes

    from svclight.thresholds import Interval

BAND: Final = "#c9d2dc"
_WIDTH: Final = 0.34


def plot_forecast(
    found: Forecasts, place: int = 1, *, title: str | None = None, lang: str | None = None, ax: Axes | None = None
) -> Axes:
    """Draws one of the forecasts.

    Args:
        found: What `forecast` gave.
        place: Which of its sentences, from 1.
        title: What stands above; the criterion, its zone and its target unless given.
        lang: The language of the words in it; that of the result unless given.
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
    check_kind(found, Forecasts, "svclight.report.plot_forecast takes a result", "what svclight.forecast gave")
    lang, rows = words.result_language(lang, found), _rows_of(found, place)
    target = parse_interval(rows[0]["target"]) if rows[0]["target"] else None
    ax = own_axes(ax, width=6.4, height=3.4)
    room = axes.room_per_period(ax, len(rows), left=USUAL_LEFT)
    told = () if target is None else tuple(end.amount for end in target.ends)
    shares = [words.share_in(row["forecast"], lang, told) for row in rows]
    every = 1 if widest(shares) + 4 <= room else 2
    for at, (row, text) in enumerate(zip(rows, shares, strict=True)):
        _draw_band(ax, at, row)
        if at % every == 0:
            write_at(ax, text, (at, 100 * row["high"]), (0, 7), ha="center")
    _scale_axes(ax, rows, target, room, lang)
    limit = "" if target is None else f" {limit_words(str(target), lang)}"
    named = f"{found.titles[place - 1]}, {zone_members(rows[0]['zone'], lang)}{limit}"
    write_title(ax, named if title is None else title)
    notes = [say("bars: 90 of 100 periods are meant to end within them", lang)]
    notes += [say("cross: the running period so far", lang)] if rows[0]["running"] else []
    notes += [say("dashed: the target", lang)] if target is not None else []
    write_notes(ax, ["; ".join(notes)])
    return ax


def _draw_band(ax: Axes, at: int, row: dict[str, Any]) -> None:
    """Draws the band of a period, its point, and what is rated so far."""
    low, high, share = (100 * row[name] for name in ("low", "high", "forecast"))
    ax.bar(at, high - low, _WIDTH, bottom=low, facecolor=BAND, edgecolor=OUTLINE, linewidth=0.7, zorder=2)
    ax.plot([at], [share], marker="o", markersize=5, color=OUTLINE, zorder=4)
    if row["running"] and pd.notna(row["share"]):
        ax.plot([at - 0.26], [100 * row["share"]], marker="x", markersize=6, color=OUTLINE, zorder=4)


def _scale_axes(ax: Axes, rows: list[dict[str, Any]], target: Interval | None, room: float, lang: str) -> None:
    """Sets both axes, and draws the target."""
    ends = [100 * row[name] for row in rows for name in ("low", "high")]
    ends += [100 * row["share"] for row in rows if row["running"] and pd.notna(row["share"])]
    for end in () if target is None else map(axes.percent_of, target.ends):
        ax.axhline(end, color=OUTLINE, linewidth=1.1, linestyle=DASHES, zorder=3)
        ends.append(end)
    axes.set_period_axis(ax, [Column(row["period"]) for row in rows], room, lang)
    ax.set_xlim(-0.6, len(rows) - 0.4)
    axes.scale_to_shares(ax, min(ends), max(ends), room=0.14, beyond=2, lang=lang)
    axes.draw_grid(ax)


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
