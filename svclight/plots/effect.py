"""Plots of what came after an action: the periods before and after it, both shares, and the promise.

In: what `svclight.effect` gave, axes or none. Out: the axes. Before and after are told apart by hollow and full points,
so that it is seen in grey.
"""

from __future__ import annotations

import math
from typing import TYPE_CHECKING, Any

import numpy as np

from svclight.card.light_table import columns_between
from svclight.decisions.effect import Effects
from svclight.errors import SvclightError, check_kind
from svclight.plots import axes, words
from svclight.plots.style import (
    DASHES,
    INK,
    MIDDLE,
    USUAL_LEFT,
    draw_nothing,
    own_axes,
    write_notes,
    write_title,
)
from svclight.values import clocks
from svclight.wording.catalogue import say
from svclight.wording.languages import period_words
from svclight.wording.sentence_parts import series_name

if TYPE_CHECKING:
    import pandas as pd
    from matplotlib.axes import Axes


def plot_effect(
    found: Effects, row: int = 0, *, title: str | None = None, lang: str | None = None, ax: Axes | None = None
) -> Axes:
    """Draws the share before and after an action, period by period, and the promise as a dashed line.

    Args:
        found: What `svclight.effect` gave.
        row: The row of its table: an action and a zone.
        title: What stands above; the action and its verdict unless given.
        lang: The language of the words in it; that of the result unless given.
        ax: Where to draw; a figure of its own unless given.

    Returns:
        The axes.

    Raises:
        SvclightError: It is something else, or has no such row.

    Examples:
        >>> import pandas as pd
        >>> import svclight
        >>> definitions = svclight.loads('''
        ... svclight: 1
        ... time_zone: UTC
        ... processes:
        ...   hotline:
        ...     title: Hotline
        ...     log: {time: called, fields: {waited: {number: waited, unit: s}}}
        ...     criteria:
        ...       wait:
        ...         measure: {value: waited}
        ...         green: "<= 30 s"
        ...         actions: [{at: 2026-05-01, what: two more people, expected: {green: "+5 %"}}]
        ... ''')
        >>> table = pd.DataFrame({"month": [f"2026-0{month}" for month in range(1, 8)], "process": "hotline",
        ...                       "criterion": "wait", "green": [800, 790, 810, 800, 860, 850, 855], "yellow": 0})
        >>> table["red"] = 1000 - table["green"]
        >>> found = svclight.effect(svclight.tally(table, definitions, as_of="2026-08-01"))
        >>> svclight.report.plot_effect(found).get_title(loc="left")
        'two more people: as promised'
    """
    check_kind(found, Effects, "plot_effect takes a result", "what svclight.effect gave")
    if not 0 <= row < len(found.table):
        raise SvclightError(f"there is no row {row}: the table has {len(found.table)}")
    lang = words.result_language(lang, found)
    line: Any = found.table.iloc[row]
    points = found.periods[found.periods["row"] == row]
    ax = own_axes(ax, width=7.6, height=3.2)
    named = f"{line['what']}: {say(line['verdict'], lang)}"
    write_title(ax, named if title is None else title, rows=0.5)
    if points.empty:
        return draw_nothing(ax, say("no data", lang))
    kind, _ = clocks.period_number(str(points["period"].iloc[0])) or ("month", 0)
    columns = columns_between(points["period"], kind)
    places = {column.label: place for place, column in enumerate(columns)}
    drawn = [_draw_side(ax, points, places, side) for side in ("before", "after")]
    levels = [100 * line["share_before"], 100 * line["share_after"]]
    notes = _note_lines(line, found.titles[row], lang)
    if not math.isnan(line["expected"]) and not math.isnan(line["share_before"]):
        levels.append(100 * (line["share_before"] + line["expected"]))
        first = max(drawn[0][1] + 0.5, 0) if drawn[0] else 0
        ax.plot([first, len(columns) - 0.5], [levels[-1]] * 2, color=INK, linewidth=1.2, linestyle=DASHES)
        notes.append(say("dashed: what was promised", lang))
    shares = np.array([*(100 * points["share"]), *(level for level in levels if not math.isnan(level))])
    axes.scale_to_shares(ax, float(shares.min()), float(shares.max()), room=0.12, beyond=1.0, lang=lang)
    axes.draw_grid(ax, without=("top", "right", "left"))
    axes.set_period_axis(ax, columns, axes.room_per_period(ax, len(columns), left=USUAL_LEFT), lang)
    write_notes(ax, ["; ".join(notes)])
    return ax


def _note_lines(line: Any, title: str, lang: str) -> list[str]:
    """Whose share it is, and what hollow and full points are."""
    day = period_words(str(line["at"]), lang)
    return [
        f"{title}, {series_name(line['zone'], lang)}",
        say("hollow: before {day}, full: after it; grey lines: the shares of each side", lang, day=day),
    ]


def _draw_side(ax: Axes, points: pd.DataFrame, places: dict[str, int], side: str) -> tuple[int, int] | None:
    """Draws the periods of one side and their common share; gives the first and the last place."""
    mine = points[points["side"] == side]
    if mine.empty:
        return None
    at = [places[period] for period in mine["period"]]
    level = 100 * np.average(mine["share"], weights=mine["rated"])
    face = "#ffffff" if side == "before" else INK
    ax.plot(at, 100 * mine["share"], marker="o", markersize=4.5, markerfacecolor=face, color=INK, linewidth=0.8)
    ax.plot([at[0] - 0.4, at[-1] + 0.4], [level, level], color=MIDDLE, linewidth=2.0, zorder=1)
    return at[0], at[-1]
