"""Plots of control charts: the share (or mean, or median) by period as a line, the band of its limits, the signals.

In: a card, ids, axes or none. Out: the axes. The numbers come from `control_chart`. What raises a rule is a square
with the rule's number beside it, so that it is seen in grey; a period that is no point is a hollow circle.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

import numpy as np

from svclight.card.card_tables import check_card
from svclight.card.light_table import columns_between, find_criterion
from svclight.counts.tidy_tables import rows_of
from svclight.decisions.control_chart import SHARE, control_limits, target_for
from svclight.definition.criterion_id import CriterionId
from svclight.errors import SvclightError, printable_text, unknown_name
from svclight.plots import axes
from svclight.statistics.control_limits import RULES
from svclight.values import clocks
from svclight.wording.estimates import estimate_text
from svclight.wording.shares import NO_DATA

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    import pandas as pd
    from matplotlib.axes import Axes

    from svclight.card.lights import Column
    from svclight.definition.models import Criterion
    from svclight.scorecard import Scorecard
    from svclight.thresholds import Interval

BAND: Final = "#dfe5ec"
_LINE: Final = "#10131a"
_LEAST_ROOM: Final = 9.0
"""With less room for a month, in points, marks are smaller and bear no numbers."""


def plot_control(
    card: Scorecard,
    process: str,
    criterion: str,
    *,
    zone: str = "green",
    where: Mapping[str, str] | None = None,
    of: str = SHARE,
    title: str | None = None,
    ax: Axes | None = None,
) -> Axes:
    """Draws the share of a zone by period with its control limits, signals, target and changes.

    Args:
        card: What was counted.
        process: Id of the process.
        criterion: Id of the criterion.
        zone: `green`, `yellow` or `red`.
        where: Segments and their values, such as `{"team": "west"}`; the card must be split by them.
        of: What is charted: the `share` of the zone, or the `mean` or `median` of the values.
        title: What stands above; the criterion's title, zone and segment unless given.
        ax: Where to draw; a figure of its own unless given.

    Returns:
        The axes.

    Raises:
        SvclightError: There is no such process, criterion, zone, segment or segment's value.

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
        ...                       "green": 900, "yellow": 60, "red": 40})
        >>> card = svclight.tally(table, definitions, as_of="2026-05-01")
        >>> ax = svclight.report.plot_control(card, "hotline", "wait", zone="red")
        >>> ax.get_title(loc="left")
        'wait: red'
    """
    check_card(card, "svclight.report.plot_control")
    which = CriterionId(process, criterion)
    definition = find_criterion(card, which)
    chosen = {name: str(value) for name, value in (where or {}).items()}
    table = control_limits(card, zone=zone, by=list(chosen), of=of).table
    for name, value in chosen.items():
        known = table[name].astype(str).unique()
        if value not in known:
            raise SvclightError(unknown_name(f"no interaction has this {name}", value, known))
    table = rows_of(table, which)
    for name, value in chosen.items():
        table = table[table[name].astype(str) == value]
    columns = columns_between(table["period"], card.provenance.period)
    ax = axes.own_axes(ax, width=min(max(5.5, 1.8 + 0.3 * len(columns)), 14), height=3.2)
    room = axes.room_per_period(ax, len(columns))
    target = target_for(definition, zone, chosen or None) if of == SHARE else None
    rows = table.set_index("period").reindex([column.label for column in columns])
    drawn = ["value", "lower", "center", "upper"]
    rows[drawn] = rows[drawn].astype(np.float64) * (100 if of == SHARE else 1)
    notes = [
        *_draw_band(ax, rows),
        *_draw_points(ax, rows, room),
        *_draw_target(ax, target, zone),
        *_draw_changes(ax, definition, columns),
    ]
    _scale_axis(ax, rows, target)
    axes.period_axis(ax, columns, room)
    segment = ", ".join(f"{name} {value}" for name, value in chosen.items())
    charted = zone if of == SHARE else of
    named = f"{card.definitions.title(*which)}: {charted}" + (f" ({segment})" if segment else "")
    axes.write_title(ax, named if title is None else title, rows=1)
    if not (rows["rated"] > 0).any():
        axes.write_in_middle(ax, NO_DATA)
    axes.write_notes(ax, ["; ".join(notes)] if notes else [])
    return ax


def _draw_band(ax: Axes, rows: pd.DataFrame) -> list[str]:
    """Draws the band between the limits and the centre, phase by phase."""
    phases = rows["phase"].to_numpy(dtype=np.float64)
    trial = False
    for phase in range(int(np.nanmax(phases, initial=-1)) + 1):
        at = np.flatnonzero((phases == phase) & rows["lower"].notna().to_numpy())
        if not len(at):
            continue
        part = rows.iloc[at]
        edges = np.concatenate([at - 0.5, at + 0.5])
        order = np.argsort(edges, kind="stable")
        low, high, middle = (
            np.tile(part[name].to_numpy(dtype=float), 2)[order] for name in ("lower", "upper", "center")
        )
        ax.fill_between(edges[order], low, high, color=BAND, linewidth=0, zorder=0)
        ax.plot(edges[order], middle, color="#76808d", linewidth=1.0, zorder=1)
        for ends in (low, high):
            ax.plot(edges[order], ends, color="#76808d", linewidth=0.8, linestyle=(0, (1, 1.5)), zorder=1)
        trial = bool(part["trial"].iloc[0])
    return (
        ["band: where months lie by chance" + (" (trial limits)" if trial else "")]
        if rows["lower"].notna().any()
        else []
    )


def _draw_points(ax: Axes, rows: pd.DataFrame, room: float) -> list[str]:
    """Draws the line, its points and the numbers of the rules that they raise; returns lines of the note."""
    share = rows["value"].to_numpy(dtype=np.float64)
    point = rows["phase"].to_numpy(dtype=np.float64) >= 0
    there = ~np.isnan(share)
    ax.plot(np.flatnonzero(there), share[there], color=_LINE, linewidth=1.1, zorder=3)
    size = 4.5 if room >= _LEAST_ROOM else 3.0
    raised: set[str] = set()
    flags = ", ".join(str(flag) for flag in rows["flag"].dropna() if flag)
    for at in np.flatnonzero(there):
        rules = [rule for rule in str(rows["signals"].iloc[at]).split("; ") if rule]
        raised |= set(rules)
        face = "#ffffff" if not point[at] else "#7f1424" if rules else _LINE
        ax.plot(
            [at], [share[at]], marker="s" if rules else "o", markersize=size + 1.6 * bool(rules), zorder=4,
            markerfacecolor=face, markeredgecolor=_LINE, markeredgewidth=0.9, linestyle="none",
        )  # fmt: skip
        few = "*" if "few" in str(rows["flag"].iloc[at]) else ""
        text = ",".join(str(RULES.index(rule) + 1) for rule in rules) + few
        if text and room >= _LEAST_ROOM:
            up = share[at] >= rows["center"].iloc[at] if rules else True
            shift, va = ((0, 5), "bottom") if up else ((0, -5), "top")
            axes.write_at(ax, text, (at, share[at]), shift, ha="center", va=va, zorder=5)
    notes = [
        "squares raise a rule: " + ", ".join(f"{RULES.index(rule) + 1} {rule}" for rule in RULES if rule in raised)
    ]
    hollow = [word for word in ("few", "partial", "immature", "changed") if word in flags]
    return [
        *(notes if raised else []),
        *([f"hollow: no point of the chart ({', '.join(hollow)})"] if hollow else []),
        *(["* few: under 30 rated"] if "few" in flags and room >= _LEAST_ROOM else []),
    ]


def _draw_target(ax: Axes, target: Interval | None, zone: str) -> list[str]:
    if target is None:
        return []
    for end in target.ends:
        at = axes.percent_of(end)
        ax.axhline(at, color="#ffffff", linewidth=2.4, zorder=1.8)
        ax.axhline(at, color=_LINE, linewidth=1.2, linestyle=(0, (5, 2)), zorder=1.9)
    return [f"dashed line: target for {zone} {target}"]


def _draw_changes(ax: Axes, criterion: Criterion, columns: Sequence[Column]) -> list[str]:
    """Draws a line at each change of the service within the chart; returns the reasons for the note."""
    notes = []
    for change in criterion.changes:
        for at, column in enumerate(columns):
            found = clocks.period_number(column.label)
            if found is None:
                continue
            begin, end = (clocks.period_start(found[1] + more, found[0]) for more in (0, 1))
            if begin <= change.at < end:
                place = at - 0.5 + (change.at - begin).days / (end - begin).days
                ax.axvline(place, color=_LINE, linewidth=1.0, linestyle=(0, (1, 1)), zorder=2)
                notes.append(f"dotted line, {change.at}: {printable_text(change.reason, 60)}")
    return notes


def _scale_axis(ax: Axes, rows: pd.DataFrame, target: Interval | None) -> None:
    """Sets the range of the axis: the points and limits with some room, not the whole from 0 to 100 %."""
    values = [rows[name].to_numpy(dtype=np.float64) for name in ("value", "lower", "upper")]
    places = np.concatenate([*values, [axes.percent_of(end) for end in target.ends] if target is not None else []])
    places = places[~np.isnan(places)]
    low, high = (places.min(), places.max()) if len(places) else (0.0, 100.0)
    if rows["share"].notna().any() or not rows["value"].notna().any():
        axes.scale_to_shares(ax, low, high, room=0.12, beyond=1.0)
    else:
        room = 0.12 * (high - low) or 1.0
        ax.set_ylim(low - room, high + room)
        unit = next(str(one) for one in rows["unit"] if isinstance(one, str))
        ticks = [tick for tick in ax.get_yticks() if low - room <= tick <= high + room]
        ax.set_yticks(ticks, [estimate_text(tick, unit) for tick in ticks], fontsize=axes.SMALL)
    axes.draw_grid(ax, without=("top", "right", "left"))
