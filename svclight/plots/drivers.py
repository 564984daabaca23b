"""Plots of drivers: for each cell, how many times as often it meets the zone as all interactions outside of it.

In: what `drivers` gave, axes or none. Out: the axes. A line from end to end of the interval, a square where the data
can tell it from chance, a hollow circle where they cannot; 1 is like elsewhere.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, Final

import numpy as np

from svclight.card.lights import OUTLINE
from svclight.errors import check_kind
from svclight.planning.drivers import FEWER, MORE, TOO_FEW, Drivers
from svclight.plots import axes, words
from svclight.plots.style import (
    FAINT,
    MIDDLE,
    SMALL,
    draw_nothing,
    inner_height,
    left_of,
    own_axes,
    room_for_names,
    size_in_points,
    widest,
    wrap_to,
    write_notes,
    write_right,
    write_title,
)
from svclight.wording.catalogue import say, to_say
from svclight.wording.languages import decimal_sign, whole_number
from svclight.wording.sentence_parts import series_name, stretch_words

if TYPE_CHECKING:
    from collections.abc import Iterator

    import pandas as pd
    from matplotlib.axes import Axes

_MARKS: Final = {MORE: ("s", "#7f1424", 6.5), FEWER: ("D", "#9fd8a8", 5.5)}
_MEANINGS: Final = {
    MORE: to_say("square: more than chance"),
    FEWER: to_say("diamond: fewer than chance"),
}
_ROW: Final = 22.0  # points
_TICKS: Final = (
    (0.01, 0.1, 1, 10, 100),
    (0.1, 0.2, 0.5, 1, 2, 5, 10, 20, 50),
    (0.2, 0.3, 0.5, 0.7, 1, 1.5, 2, 3, 4, 5, 6, 8),
    (0.5, 0.6, 0.7, 0.8, 0.9, 1, 1.1, 1.2, 1.3, 1.5, 1.7, 2),
)
"""Round ratios, ever nearer to each other."""


def plot_drivers(
    made: Drivers, *, most: int = 12, title: str | None = None, lang: str | None = None, ax: Axes | None = None
) -> Axes:
    """Draws the cells that explain most, with the interval of their lift.

    Args:
        made: What `drivers` gave.
        most: So many cells are drawn.
        title: What stands above; the criterion's title and the zone unless given.
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
        >>> waits = {"east": [10] * 180 + [90] * 20, "west": [10] * 140 + [90] * 60}
        >>> rows = [("2026-03-10 09:00", team, wait) for team in waits for wait in waits[team]]
        >>> log = pd.DataFrame(rows, columns=["called", "team", "waited"])
        >>> ax = svclight.report.plot_drivers(svclight.drivers(log, definitions, "hotline.wait", as_of="2026-04-01"))
        >>> ax.get_title(loc="left")
        'wait: what explains red'
    """
    check_kind(made, Drivers, "svclight.report.plot_drivers takes a result", "what svclight.drivers gave")
    lang = words.result_language(lang, made)
    table = made.table[(made.table["verdict"] != TOO_FEW) & np.isfinite(made.table["lift_low"])]
    rows: list[dict[Any, Any]] = _cells_to_draw(table, most).to_dict("records")
    ax = own_axes(ax, width=7.4, height=1.4 + 0.34 * max(len(rows), 3))
    named = say("{title}: what explains {zone}", lang, title=made.title, zone=series_name(made.zone, lang))
    heading = named if title is None else title
    if not rows:
        write_title(ax, heading, left=0)
        return draw_nothing(ax, say("no data", lang))
    high = inner_height(ax, heading, ["; ".join(_notes(made, rows, lang))], left=room_for_names(ax))
    rows = rows[: max(3, int(high / _ROW))]
    names = [wrap_to(_cell_name(row, lang), room_for_names(ax), most=2) for row in rows]
    numbers = [_number_text(row, made, lang) for row in rows]
    left = left_of(names)
    for at, (row, text) in enumerate(zip(rows, numbers, strict=True)):
        _draw_cell(ax, at, row)
        write_right(ax, text, at, color=FAINT)
    ax.axvline(1, color=MIDDLE, linewidth=1.0, zorder=1)
    _scale_ratios(ax, rows, size_in_points(ax, left=left, right=widest(numbers) + 8)[0], lang)
    ax.set_ylim(len(rows) - 0.4, -0.6)
    ax.set_yticks(range(len(rows)), names, fontsize=SMALL, parse_math=False)
    axes.draw_grid(ax, "x", without=("top", "right", "left"))
    write_title(ax, heading, left=left)
    write_notes(ax, ["; ".join(_notes(made, rows, lang))], left=left)
    return ax


def _cells_to_draw(table: pd.DataFrame, most: int) -> pd.DataFrame:
    """The cells that stand out first, then the cells with most beyond the share outside of them."""
    order = table.assign(out=table["verdict"] == MORE).sort_values(["out"], ascending=False, kind="stable")
    return order.head(most)


def _cell_name(row: dict[Any, Any], lang: str) -> str:
    """A cell as people name it: `Team 07 · billing`."""
    pairs = ((row["segment"], row["value"]), (row["segment_2"], row["value_2"]))
    return words.segments_in((pair for pair in pairs if pair[0]), lang)


def _number_text(row: dict[Any, Any], made: Drivers, lang: str) -> str:
    share = words.share_in(row["share"], lang, made.targets)
    return say("{share} of {count}", lang, share=share, count=whole_number(row["rated"], lang))


def _draw_cell(ax: Axes, at: int, row: dict[Any, Any]) -> None:
    """Draws the ratio of a cell as a point with its interval."""
    marker, face, size = _MARKS.get(row["verdict"], ("o", "#ffffff", 4.5))
    ax.plot([row["lift_low"], row["lift_high"]], [at, at], color=OUTLINE, linewidth=1.1, zorder=2)
    if row["lift"] > 0:
        ax.plot(
            [row["lift"]], [at], marker=marker, markersize=size, markerfacecolor=face, markeredgecolor=OUTLINE,
            markeredgewidth=0.9, linestyle="none", zorder=3,
        )  # fmt: skip


def _scale_ratios(ax: Axes, rows: list[dict[Any, Any]], room: float, lang: str) -> None:
    """Sets a log axis of ratios, with as many round ticks as `room` points hold, three at least."""
    ax.set_xscale("log")
    low, high = min(row["lift_low"] for row in rows), max(row["lift_high"] for row in rows)
    left, right = min(low, 0.8) / 1.15, max(high, 1.25) * 1.15
    ax.set_xlim(left, right)
    chosen: list[float] = []
    for candidates in _TICKS:
        ticks = [float(tick) for tick in candidates if left <= tick <= right]
        places = np.log(np.array(ticks) / left) / np.log(right / left) * room
        width = widest(_ratio_text(tick, lang) for tick in ticks) + 8
        if len(chosen) < axes.FEWEST_TICKS or (np.diff(places) > width).all():
            chosen = ticks
    ax.set_xticks(chosen, [_ratio_text(tick, lang) for tick in chosen], fontsize=SMALL)
    ax.set_xticks([], minor=True)


def _ratio_text(ratio: float, lang: str) -> str:
    return f"{decimal_sign(f'{ratio:g}', lang)} \N{MULTIPLICATION SIGN}"


def _notes(made: Drivers, rows: list[dict[Any, Any]], lang: str) -> Iterator[str]:
    """What is compared, and what each mark means."""
    segments = dict.fromkeys(row[key].replace("_", " ") for row in rows for key in ("segment", "segment_2") if row[key])
    yield say("by {segments}", lang, segments=", ".join(segments))
    yield stretch_words(made.periods, lang)
    zone = series_name(made.zone, lang)
    yield say("how many times as often {zone} as all others, with 95 % interval", lang, zone=zone)
    seen = {row["verdict"] for row in rows}
    yield from (say(text, lang) for verdict, text in _MEANINGS.items() if verdict in seen)
    if seen - set(_MEANINGS):
        yield say("hollow: no difference that the data can show", lang)
    yield say("corrected over all groups (Holm)", lang)
    if len(made.table) > len(rows):
        shown = {"shown": whole_number(len(rows), lang), "all": whole_number(len(made.table), lang)}
        yield say("{shown} of {all} groups", lang, **shown)
