"""Plots of funnels: each group at its size and share, between limits that narrow as groups grow.

In: a card that is split by a segment, ids, axes or none. Out: the axes. The numbers come from `decisions.funnel`.
Groups beyond the limits are squares and bear their names where these fit; nobody is ranked.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, Final

import numpy as np

from svclight.card.card_tables import check_card
from svclight.card.light_table import find_criterion
from svclight.card.lights import OUTLINE
from svclight.counts.tidy_tables import rows_of
from svclight.decisions.funnel import funnel
from svclight.decisions.funnel_words import FAR, FLAGGED_FEW, NEAR, widening
from svclight.definition.criterion_id import CriterionId
from svclight.plots import axes
from svclight.plots.control import BAND
from svclight.statistics import funnel_limits
from svclight.wording.result_words import span_text
from svclight.wording.shares import NO_DATA, share_text, target_ends

if TYPE_CHECKING:
    from collections.abc import Iterable

    import pandas as pd
    from matplotlib.axes import Axes

    from svclight.scorecard import Scorecard
    from svclight.wording.shares import Ends

_MOST_NAMED: Final = 14
_LONGEST_NAME: Final = 26
_LOG_FROM: Final = 30
"""Sizes stand on a log scale where the largest is more than so many times the smallest."""
_MARKS: Final = {FAR: ("s", "#7f1424", 6.5), NEAR: ("s", "#c78500", 5.5), FLAGGED_FEW: ("o", "#ffffff", 4.0)}
_STEPS: Final = 200

Box = tuple[float, float, float, float]


def plot_funnel(
    card: Scorecard,
    process: str,
    criterion: str,
    *,
    segment: str,
    zone: str = "red",
    periods: str | Iterable[str] | None = None,
    title: str | None = None,
    ax: Axes | None = None,
) -> Axes:
    """Draws each value of a segment against the whole, with 95 % and 99.8 % limits.

    Args:
        card: What was counted, by the segment.
        process: Id of the process.
        criterion: Id of the criterion.
        segment: Such as a team or an employee.
        zone: `green`, `yellow` or `red`.
        periods: The periods that are added up; all but immature ones unless given.
        title: What stands above; the criterion's title, zone and segment unless given.
        ax: Where to draw; a figure of its own unless given.

    Returns:
        The axes.

    Raises:
        SvclightError: There is no such process, criterion, zone or period, or the card is not split by the segment.

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
        >>> table = pd.DataFrame({"month": "2026-03", "process": "hotline", "criterion": "wait",
        ...                       "team": ["east", "west"], "green": [900, 700], "yellow": 0, "red": [100, 300]})
        >>> card = svclight.tally(table, definitions, by="team", as_of="2026-05-01")
        >>> ax = svclight.report.plot_funnel(card, "hotline", "wait", segment="team")
        >>> ax.get_title(loc="left")
        'wait: red by team'
    """
    check_card(card, "svclight.report.plot_funnel")
    which = CriterionId(process, criterion)
    ends = target_ends(find_criterion(card, which))[zone]
    made = funnel(card, segment, zone=zone, periods=periods)
    table = rows_of(made.table, which)
    table = table[table["rated"] > 0]
    ax = axes.own_axes(ax, width=6.8, height=4.0)
    named = f"{card.definitions.title(*which)}: {zone} by {segment}"
    axes.write_title(ax, named if title is None else title, rows=0)
    if not len(table):
        return axes.draw_nothing(ax, NO_DATA)
    wide = _size_axis(ax, table)
    whole = rows_of(made.wholes, which).iloc[0].to_dict()
    _draw_limits(ax, whole, wide)
    _share_axis(ax, table)
    _draw_groups(ax, table)
    left_out = _draw_names(ax, table, segment)
    axes.write_notes(
        ax,
        ["rated interactions of each " + segment, "; ".join(_note_lines(table, whole, made.periods, left_out, ends))],
    )
    return ax


def _size_axis(ax: Axes, table: pd.DataFrame) -> tuple[float, float]:
    """Sets the axis of sizes, and returns its ends."""
    low, high = int(table["rated"].min()), int(table["rated"].max())
    if high > _LOG_FROM * low:
        ax.set_xscale("log")
        ends = (low / 1.3, high * 1.5)
        decades = range(int(np.floor(np.log10(ends[0]))), int(np.ceil(np.log10(ends[1]))) + 1)
        ticks = [lead * 10.0**decade for decade in decades for lead in (1, 3)]
    else:
        ends = (0.0, high * 1.12)
        ticks = [float(tick) for tick in ax.xaxis.get_major_locator().tick_values(*ends)]
    ax.set_xlim(ends)
    inside = [tick for tick in ticks if ends[0] <= tick <= ends[1] and tick >= 1]
    ax.set_xticks(inside, [f"{tick:,.0f}" for tick in inside], fontsize=axes.SMALL)
    ax.set_xticks([], minor=True)
    return ends


def _draw_limits(ax: Axes, whole: dict[Any, Any], ends: tuple[float, float]) -> None:
    """Draws the whole as a line and the limits around it, wider towards small sizes.

    Each group has an over-dispersion factor of its own, that of the others; the lines have the least of them.
    """
    center, first = float(whole["center"]), max(ends[0], 1.0)
    n = np.unique(np.round(np.geomspace(first, max(min(ends[1], whole["effective"] - 1), first), _STEPS)))
    ax.axhline(100 * center, color="#76808d", linewidth=1.0, zorder=1)
    for level, style in zip(funnel_limits.LEVELS, ((0, (4, 2)), "solid"), strict=True):
        wider = widening(whole["factor"], level, whole["judged"])
        low, high = funnel_limits.funnel_limits(n, center, level, widen=wider, whole=whole["effective"])
        if level == funnel_limits.LEVELS[0]:
            ax.fill_between(n, 100 * low, 100 * high, color=BAND, linewidth=0, zorder=0)
        for end in (low, high):
            ax.plot(n, 100 * end, color="#76808d", linewidth=0.9, linestyle=style, zorder=1)


def _share_axis(ax: Axes, table: pd.DataFrame) -> None:
    """Sets the range of shares: the groups and their limits, without the wide mouth at the smallest sizes."""
    shares = table["share"].to_numpy() * 100
    usual = table[table["position"] != FLAGGED_FEW] if (table["position"] != FLAGGED_FEW).any() else table
    ends = np.nan_to_num(np.concatenate([usual["low_998"], usual["high_998"]]) * 100, nan=shares.mean())
    low, high = min(shares.min(), ends.min()), max(shares.max(), ends.max())
    axes.scale_to_shares(ax, low, high, room=0.08, beyond=1.5)
    axes.draw_grid(ax)


def _draw_groups(ax: Axes, table: pd.DataFrame) -> None:
    """Draws a mark for each group, by its position between the limits."""
    for position, rated, share in zip(table["position"], table["rated"], table["share"], strict=True):
        marker, face, size = _MARKS.get(position, ("o", "#566070", 4.0))
        ax.plot(
            [rated], [100 * share], marker=marker, markersize=size, markerfacecolor=face, markeredgecolor=OUTLINE,
            markeredgewidth=0.8, linestyle="none", zorder=4 if marker == "s" else 3,
        )  # fmt: skip


def _draw_names(ax: Axes, table: pd.DataFrame, segment: str) -> int:
    """Writes names at the groups beyond the limits, the farthest first; returns how many found no room."""
    beyond = table[table["position"].isin([FAR, NEAR])]
    beyond = beyond.assign(far=beyond["position"] == FAR).sort_values("far", ascending=False, kind="stable")
    places = [
        _place_in_points(ax, rated, 100 * share) for rated, share in zip(table["rated"], table["share"], strict=True)
    ]
    # points first: a name may lie on no point, not even on one without a name
    taken: list[Box] = [(x - 3, y - 3, x + 3, y + 3) for x, y in places]
    named = 0
    for name, rated, share in zip(beyond[segment], beyond["rated"], beyond["share"], strict=True):
        text = axes.shorten_text(str(name), _LONGEST_NAME)
        found = (
            _free_place(_place_in_points(ax, rated, 100 * share), text, taken, axes.size_in_points(ax))
            if named < _MOST_NAMED
            else None
        )
        if found is None:
            continue
        shift, align, box = found
        taken.append(box)
        axes.write_at(ax, text, (rated, 100 * share), shift, ha=align, zorder=5)
        named += 1
    return len(beyond) - named


def _place_in_points(ax: Axes, x: float, y: float) -> tuple[float, float]:
    """About where a point stands on the axes, in points."""
    (left, right), (bottom, top) = ax.get_xlim(), ax.get_ylim()
    wide, high = axes.size_in_points(ax)
    along = np.log(x / left) / np.log(right / left) if ax.get_xscale() == "log" else (x - left) / (right - left)
    return float(along) * wide, (y - bottom) / (top - bottom) * high


def _free_place(
    at: tuple[float, float], text: str, taken: list[Box], space: tuple[float, float]
) -> tuple[tuple[float, float], str, Box] | None:
    """A place beside a point where its name meets nothing: shift, alignment and box."""
    x, y = at
    wide = axes.text_width(text, axes.SMALL)
    for up in (0, 9, -9, 18, -18):
        for align, gap in (("left", 6.0), ("right", -6.0)):
            left = x + gap if align == "left" else x + gap - wide
            box = (left, y + up - 4, left + wide, y + up + 4)
            inside = box[0] >= 0 and box[2] <= space[0] and box[1] >= 0 and box[3] <= space[1]
            own = (x - 3, y - 3, x + 3, y + 3)
            if inside and not any(_boxes_meet(box, other) for other in taken if other != own):
                return (gap, up), align, box
    return None


def _boxes_meet(first: Box, second: Box) -> bool:
    return first[0] < second[2] and second[0] < first[2] and first[1] < second[3] and second[1] < first[3]


def _note_lines(
    table: pd.DataFrame, whole: dict[Any, Any], periods: tuple[str, ...], left_out: int, ends: Ends
) -> list[str]:
    said = [span_text(periods)] if periods else []
    said.append(f"line: the whole, {share_text(whole['center'], ends)}")
    wider = widening(whole["factor"], funnel_limits.LEVELS[0], whole["judged"])
    wider = f", {wider:.2f} times as wide for over-dispersion" if whole["factor"] > 1 else ""
    said.append(f"band: 95 %, outer lines: 99.8 % of chance{wider}")
    if table["position"].isin([FAR, NEAR]).any():
        said.append("squares: beyond the limits" + (f" ({left_out:,} without a name here)" if left_out else ""))
    flags = ", ".join(table["flag"])
    if "few" in flags:
        said.append("hollow: few, under 30 rated")
    unsure = [word for word in ("partial", "immature") if word in flags]
    return [*said, f"some periods are {' or '.join(unsure)}"] if unsure else said
