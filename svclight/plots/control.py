"""Plots of control charts: the share (or mean, or median) by period as a line, the band of its limits, the signals.

In: a card, ids, axes or none. Out: the axes. The numbers come from `control_chart`. What raises a rule is a square, so
that it is seen in grey, and the note names the rules; a period that is no point is a hollow circle.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, Final

import numpy as np

from svclight.card.card_tables import check_card
from svclight.card.light_table import columns_between, find_criterion
from svclight.counts.tidy_tables import rows_of
from svclight.decisions.control_chart import SHARE, control_limits, target_for
from svclight.definition.criterion_id import CriterionId
from svclight.errors import SvclightError, printable_text, unknown_name
from svclight.plots import axes, words
from svclight.plots.style import (
    BAND,
    DASHES,
    INK,
    MIDDLE,
    SMALL,
    draw_nothing,
    left_of,
    own_axes,
    write_notes,
    write_title,
)
from svclight.statistics.control_limits import ONE_SIDE, OUTER_THIRD, OUTSIDE, RULES, TREND
from svclight.values import clocks
from svclight.values.quantities import SECONDS
from svclight.wording.catalogue import say, to_say
from svclight.wording.estimates import estimate_text
from svclight.wording.languages import date_words
from svclight.wording.limit_words import quantity_text
from svclight.wording.sentence_parts import series_name

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping, Sequence

    import pandas as pd
    from matplotlib.axes import Axes

    from svclight.card.lights import Column
    from svclight.definition.models import Criterion
    from svclight.scorecard import Scorecard
    from svclight.thresholds import Interval

_LEAST_ROOM: Final = 9.0
"""With less room for a period, in points, marks are smaller."""
_NO_MARKS: Final = 3.0
"""With less room, only points that raise a rule have a mark."""
_RULE_WORDS: Final = {
    OUTSIDE: to_say("outside the band"),
    ONE_SIDE: to_say("7 in a row on one side"),
    TREND: to_say("7 in a row up or down"),
    OUTER_THIRD: to_say("2 of 3 near the edge"),
}
_HOLLOW: Final = {
    "few": to_say("under 30 rated"),
    "partial": to_say("not all days"),
    "immature": to_say("can still turn"),
    "changed": to_say("the service was changed"),
}


def plot_control(  # noqa: PLR0913 - what is drawn, and how
    card: Scorecard,
    process: str,
    criterion: str,
    *,
    zone: str = "green",
    where: Mapping[str, str] | None = None,
    of: str = SHARE,
    title: str | None = None,
    lang: str | None = None,
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
        lang: The language of the words in it; that of the definitions unless given.
        ax: Where to draw; a figure of its own unless given.

    Returns:
        The axes.

    Raises:
        SvclightError: There is no such process, criterion, zone, segment, segment's value or language.

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
    lang = words.card_language(lang, card.definitions)
    which = CriterionId(process, criterion)
    definition = find_criterion(card, which)
    chosen = {name: str(value) for name, value in (where or {}).items()}
    table = _chart_of(card, which, chosen, zone=zone, of=of)
    columns = columns_between(table["period"], card.provenance.period)
    ax = own_axes(ax, width=min(max(5.5, 1.8 + 0.3 * len(columns)), 14), height=3.2)
    target = target_for(definition, zone, chosen or None) if of == SHARE else None
    rows = table.set_index("period").reindex([column.label for column in columns])
    drawn = ["value", "lower", "center", "upper"]
    rows[drawn] = rows[drawn].astype(np.float64) * (100 if of == SHARE else 1)
    charted = series_name(zone if of == SHARE else of, lang)
    parts = (card.definitions.title(*which), words.segments_in(chosen.items(), lang))
    named = f"{' · '.join(filter(None, parts))}: {charted}"
    heading = named if title is None else title
    if not (rows["rated"] > 0).any():
        write_title(ax, heading, left=0)
        return draw_nothing(ax, say("no data", lang))
    left = left_of(_scale_axis(ax, rows, target, lang))
    room = axes.room_per_period(ax, len(columns), left=left)
    notes = [
        *_draw_band(ax, rows, lang),
        *_draw_points(ax, rows, room, lang),
        *_draw_target(ax, target, zone, lang),
        *_draw_changes(ax, definition, columns, lang),
    ]
    axes.set_period_axis(ax, columns, room, lang)
    write_title(ax, heading, rows=0.5, left=left)
    write_notes(ax, ["; ".join(notes)], left=left)
    return ax


def _chart_of(card: Scorecard, which: CriterionId, chosen: Mapping[str, str], *, zone: str, of: str) -> pd.DataFrame:
    """The rows of the control chart of one criterion and segment."""
    table = control_limits(card, zone=zone, by=list(chosen), of=of).table
    for name, value in chosen.items():
        known = table[name].astype(str).unique()
        if value not in known:
            raise SvclightError(unknown_name(f"no interaction has this {name}", value, known))
    table = rows_of(table, which)
    for name, value in chosen.items():
        table = table[table[name].astype(str) == value]
    return table


def _draw_band(ax: Axes, rows: pd.DataFrame, lang: str) -> list[str]:
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
        ax.plot(edges[order], middle, color=MIDDLE, linewidth=1.0, zorder=1)
        for ends in (low, high):
            ax.plot(edges[order], ends, color=MIDDLE, linewidth=0.8, linestyle=(0, (1, 1.5)), zorder=1)
        trial = bool(part["trial"].iloc[0])
    if not rows["lower"].notna().any():
        return []
    if trial:
        return [say("band: where periods lie by chance (trial limits)", lang)]
    return [say("band: where periods lie by chance", lang)]


def _draw_points(ax: Axes, rows: pd.DataFrame, room: float, lang: str) -> list[str]:
    """Draws the line and its points, those that raise a rule as squares; returns lines of the note."""
    share = rows["value"].to_numpy(dtype=np.float64)
    there = np.flatnonzero(~np.isnan(share))
    ax.plot(there, share[there], color=INK, linewidth=1.1 if room >= _NO_MARKS else 0.6, zorder=3)
    point = rows["phase"].to_numpy(dtype=np.float64) >= 0
    size = 4.5 if room >= _LEAST_ROOM else 3.0
    raised: set[str] = set()
    for at in there:
        rules = [rule for rule in str(rows["signals"].iloc[at]).split("; ") if rule]
        raised |= set(rules)
        if room >= _NO_MARKS or rules:
            _draw_point(ax, (at, share[at]), size, rules=bool(rules), is_point=bool(point[at]))
    return list(_point_notes(rows, raised, room, lang))


def _draw_point(ax: Axes, at: tuple[Any, Any], size: float, *, rules: bool, is_point: bool) -> None:
    face = "#ffffff" if not is_point else "#7f1424" if rules else INK
    ax.plot(
        [at[0]], [at[1]], marker="s" if rules else "o", markersize=size + 1.6 * rules, zorder=4,
        markerfacecolor=face, markeredgecolor=INK, markeredgewidth=0.9, linestyle="none",
    )  # fmt: skip


def _point_notes(rows: pd.DataFrame, raised: set[str], room: float, lang: str) -> Iterator[str]:
    """What squares, hollow points and stars mean, as far as they are there."""
    if raised:
        rules = ", ".join(say(_RULE_WORDS[rule], lang) for rule in RULES if rule in raised)
        yield say("squares: more than chance ({rules})", lang, rules=rules)
    flags = ", ".join(str(flag) for flag in rows["flag"].dropna() if flag)
    hollow = [say(text, lang) for flag, text in _HOLLOW.items() if flag in flags]
    if hollow and room >= _NO_MARKS:
        yield say("hollow: no point of the chart ({reasons})", lang, reasons=", ".join(hollow))


def _draw_target(ax: Axes, target: Interval | None, zone: str, lang: str) -> list[str]:
    if target is None:
        return []
    for end in target.ends:
        at = axes.percent_of(end)
        ax.axhline(at, color="#ffffff", linewidth=2.4, zorder=1.8)
        ax.axhline(at, color=INK, linewidth=1.2, linestyle=DASHES, zorder=1.9)
    return [words.target_note(zone, target, lang)]


def _draw_changes(ax: Axes, criterion: Criterion, columns: Sequence[Column], lang: str) -> list[str]:
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
                ax.axvline(place, color=INK, linewidth=1.0, linestyle=(0, (1, 1)), zorder=2)
                reason = printable_text(change.reason, 60)
                notes.append(say("dotted line, {day}: {reason}", lang, day=date_words(change.at, lang), reason=reason))
    return notes


def _scale_axis(ax: Axes, rows: pd.DataFrame, target: Interval | None, lang: str) -> list[str]:
    """Sets the range of the axis: the points and limits with some room, not the whole from 0 to 100 %.

    Returns:
        The labels of its ticks.
    """
    values = [rows[name].to_numpy(dtype=np.float64) for name in ("value", "lower", "upper")]
    places = np.concatenate([*values, [axes.percent_of(end) for end in target.ends] if target is not None else []])
    places = places[~np.isnan(places)]
    low, high = (places.min(), places.max()) if len(places) else (0.0, 100.0)
    if rows["share"].notna().any() or not rows["value"].notna().any():
        axes.scale_to_shares(ax, low, high, room=0.12, beyond=1.0, lang=lang)
    else:
        _scale_to_values(ax, low, high, next(str(one) for one in rows["unit"] if isinstance(one, str)), lang)
    axes.draw_grid(ax, without=("top", "right", "left"))
    return [label.get_text() for label in ax.get_yticklabels()]


def _scale_to_values(ax: Axes, low: float, high: float, unit: str, lang: str) -> None:
    """Sets the range of an axis of means or medians, its ticks in the unit of the values."""
    room = 0.12 * (high - low) or max(0.1 * abs(high), 1e-6)
    bottom, top = low - room, high + room
    length = float(SECONDS.get(unit, 1))
    if unit in SECONDS:
        ticks = [tick / length for tick in axes.round_times(bottom * length, top * length)]
    else:
        ticks = axes.round_numbers(bottom, top)
    ax.set_ylim(bottom, top)
    labels = [quantity_text(estimate_text(tick, unit), lang) for tick in ticks]
    ax.set_yticks(ticks, labels, fontsize=SMALL)
