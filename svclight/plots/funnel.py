"""Plots of funnels: each group at its size and share, between limits that narrow as groups grow.

In: a card that is split by a segment, ids, axes or none. Out: the axes. The numbers come from `decisions.funnel`.
Groups beyond the limits are squares and bear their names, which lie on nothing else; nobody is ranked.
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
from svclight.plots import axes, words
from svclight.plots.name_places import boxes_around, free_place
from svclight.plots.style import (
    BAND,
    FAINT,
    MIDDLE,
    SMALL,
    draw_nothing,
    own_axes,
    settle_layout,
    size_in_points,
    write_at,
    write_notes,
    write_title,
)
from svclight.statistics import funnel_limits
from svclight.wording.catalogue import say, to_say
from svclight.wording.languages import decimal_sign, whole_number
from svclight.wording.sentence_parts import series_name, stretch_words
from svclight.wording.shares import target_ends

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator

    import pandas as pd
    from matplotlib.axes import Axes

    from svclight.scorecard import Scorecard
    from svclight.statistics.funnel_limits import Floats
    from svclight.wording.shares import Ends

_MOST_NAMED: Final = 14
_LOG_FROM: Final = 30
"""Sizes stand on a log scale where the largest is more than so many times the smallest."""
_MARKS: Final = {FAR: ("s", "#7f1424", 6.5), NEAR: ("s", "#c78500", 5.5), FLAGGED_FEW: ("o", "#ffffff", 4.0)}
_STEPS: Final = 200
_UNSURE: Final = {"partial": to_say("not all days"), "immature": to_say("can still turn")}


def plot_funnel(  # noqa: PLR0913 - what is drawn, and how
    card: Scorecard,
    process: str,
    criterion: str,
    *,
    segment: str,
    zone: str = "red",
    periods: str | Iterable[str] | None = None,
    title: str | None = None,
    lang: str | None = None,
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
        lang: The language of the words in it; that of the definitions unless given.
        ax: Where to draw; a figure of its own unless given.

    Returns:
        The axes.

    Raises:
        SvclightError: There is no such process, criterion, zone, period or language, or the card is not split by the
            segment.

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
    lang = words.card_language(lang, card.definitions)
    which = CriterionId(process, criterion)
    ends = target_ends(find_criterion(card, which))[zone]
    made = funnel(card, segment, zone=zone, periods=periods)
    table = rows_of(made.table, which)
    table = table[table["rated"] > 0]
    ax = own_axes(ax, width=6.8, height=4.0)
    names = {"title": card.definitions.title(*which), "zone": series_name(zone, lang)}
    named = say("{title}: {zone} by {segment}", lang, **names, segment=segment.replace("_", " "))
    write_title(ax, named if title is None else title)
    if not len(table):
        return draw_nothing(ax, say("no data", lang))
    wide = _size_axis(ax, table, lang)
    whole = rows_of(made.wholes, which).iloc[0].to_dict()
    _draw_limits(ax, whole, wide)
    _share_axis(ax, table, whole, lang)
    _draw_groups(ax, table)
    notes = list(_notes(table, whole, made.periods, ends, lang))
    across = say("across: rated interactions of each", lang)
    write_notes(ax, [across, "; ".join(notes)])
    nameless = _draw_names(ax, table, segment, lang)
    if nameless:
        notes.append(say("squares without room for a name: {count}", lang, count=whole_number(nameless, lang)))
        write_notes(ax, [across, "; ".join(notes)])
    return ax


def _size_axis(ax: Axes, table: pd.DataFrame, lang: str) -> tuple[float, float]:
    """Sets the axis of sizes to those of the groups, and returns its ends."""
    low, high = int(table["rated"].min()), int(table["rated"].max())
    if high > _LOG_FROM * low:
        ax.set_xscale("log")
        ends = (low / 1.3, high * 1.5)
        ticks = axes.log_ticks(*ends)
    else:
        room = 0.08 * (high - low) or 0.5 * high
        ends = (max(low - room, 0.0), high + room)
        ticks = axes.round_numbers(*ends)
    ax.set_xlim(ends)
    shown = [tick for tick in ticks if tick >= 1]
    labels = [whole_number(tick, lang) for tick in shown]
    ax.set_xticks(*axes.thinned(shown, labels, size_in_points(ax)[0]), fontsize=SMALL)
    ax.set_xticks([], minor=True)
    return ends


def _draw_limits(ax: Axes, whole: dict[Any, Any], ends: tuple[float, float]) -> None:
    """Draws the whole as a line and the limits around it, wider towards small sizes.

    Each group has an over-dispersion factor of its own, that of the others; the lines have the least of them.
    """
    center, first = float(whole["center"]), max(ends[0], 1.0)
    last = max(min(ends[1], float(whole["effective"]) - 1), first)
    n = np.unique(np.round(np.geomspace(first, last, _STEPS))).astype(np.float64)
    ax.axhline(100 * center, color=MIDDLE, linewidth=1.0, zorder=1)
    for level, style in zip(funnel_limits.LEVELS, ((0, (4, 2)), "solid"), strict=True):
        low, high = _limits_of(whole, level, n)
        if level == funnel_limits.LEVELS[0]:
            ax.fill_between(n, 100 * low, 100 * high, color=BAND, linewidth=0, zorder=0)
        for end in (low, high):
            ax.plot(n, 100 * end, color=MIDDLE, linewidth=0.9, linestyle=style, zorder=1)


def _limits_of(whole: dict[Any, Any], level: float, sizes: Floats) -> tuple[Floats, Floats]:
    """The limits around the whole for groups of some sizes, 0 to 1."""
    wider = widening(whole["factor"], level, whole["judged"])
    return funnel_limits.funnel_limits(
        sizes, float(whole["center"]), level, widen=wider, whole=float(whole["effective"])
    )


def _share_axis(ax: Axes, table: pd.DataFrame, whole: dict[Any, Any], lang: str) -> None:
    """Sets the range of shares: all groups, and the limits of a usual one, without the wide mouth at small sizes."""
    shares = 100 * table["share"].to_numpy()
    usual = np.array([table["rated"].median()], dtype=np.float64)
    limits = 100 * np.array(_limits_of(whole, funnel_limits.LEVELS[1], usual))
    ends = [*shares, *limits[~np.isnan(limits)]]
    axes.scale_to_shares(ax, float(min(ends)), float(max(ends)), room=0.1, beyond=1.5, lang=lang)
    axes.draw_grid(ax)


def _draw_groups(ax: Axes, table: pd.DataFrame) -> None:
    """Draws a mark for each group, by its position between the limits."""
    for position, rated, share in zip(table["position"], table["rated"], table["share"], strict=True):
        marker, face, size = _MARKS.get(position, ("o", FAINT, 4.0))
        ax.plot(
            [rated], [100 * share], marker=marker, markersize=size, markerfacecolor=face, markeredgecolor=OUTLINE,
            markeredgewidth=0.8, linestyle="none", zorder=4 if marker == "s" else 3,
        )  # fmt: skip


def _draw_names(ax: Axes, table: pd.DataFrame, segment: str, lang: str) -> int:
    """Writes names at the groups beyond the limits, the farthest first; returns how many found no free place."""
    beyond = table[table["position"].isin([FAR, NEAR])]
    beyond = beyond.assign(far=beyond["position"] == FAR).sort_values("far", ascending=False, kind="stable")
    if beyond.empty:
        return 0
    settle_layout(ax)
    to_points = 72 / ax.figure.dpi
    frame = ax.get_window_extent()
    space = 0.0, 0.0, frame.width * to_points, frame.height * to_points
    spots = ax.transData.transform(np.column_stack([table["rated"], 100 * table["share"]])) - (frame.x0, frame.y0)
    places = {row: (float(x) * to_points, float(y) * to_points) for row, (x, y) in zip(table.index, spots, strict=True)}
    taken = boxes_around(places.values())  # a name may lie on no point, not even on one without a name
    named = 0
    for row, name in list(zip(beyond.index, beyond[segment], strict=True))[:_MOST_NAMED]:
        text = words.segment_value(segment, name, lang)
        found = free_place(places[row], text, taken, space)
        if found is None:
            continue
        taken.append(found.box)
        at = (table.loc[row, "rated"], 100 * table.loc[row, "share"])
        write_at(ax, found.text, at, found.shift, ha=found.align, zorder=5, linespacing=1.0, gid="name")
        named += 1
    return len(beyond) - named


def _notes(
    table: pd.DataFrame, whole: dict[Any, Any], periods: tuple[str, ...], ends: Ends, lang: str
) -> Iterator[str]:
    if periods:
        yield stretch_words(periods, lang)
    yield say("line: all together, {share}", lang, share=words.share_in(whole["center"], lang, ends))
    yield say("band: 95 %, outer lines: 99.8 % of chance", lang)
    if whole["factor"] > 1:
        wider = widening(whole["factor"], funnel_limits.LEVELS[0], whole["judged"])
        yield say(
            "{factor} times as wide, since groups differ by nature", lang, factor=decimal_sign(f"{wider:.2f}", lang)
        )
    if table["position"].isin([FAR, NEAR]).any():
        yield say("squares: beyond 95 %, dark ones beyond 99.8 %", lang)
    flags = ", ".join(table["flag"])
    if "few" in flags:
        yield say("hollow: under 30 rated", lang)
    unsure = [say(text, lang) for flag, text in _UNSURE.items() if flag in flags]
    if unsure:
        yield say("some periods: {reasons}", lang, reasons=", ".join(unsure))
