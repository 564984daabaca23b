"""Plots of a card: shares by period, the overview of all criteria, values over their zones.

In: a card, ids, matplotlib axes or none. Out: the axes. What is drawn is worked out before, as numbers, by `lights`
and `value_bars`; here it gets a place and a colour. Colour never stands alone: letters, numbers and outlines say the
same. Nothing global is touched: no pyplot, no rcParams; without `ax` a figure of its own is made. Titles are text,
never mathematics.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, Final

from matplotlib.patches import Rectangle

from svclight.card.card_tables import check_card
from svclight.card.light_table import counted_unit, find_criterion, light_table, lights_of, process_title, zone_targets
from svclight.card.lights import LETTERS, OUTLINE, paints_of
from svclight.card.value_bars import NUMERIC, value_picture
from svclight.decisions.control_chart import target_for
from svclight.definition.criterion_id import CriterionId
from svclight.errors import SvclightError
from svclight.plots import axes, values
from svclight.plots.axes import FAINT, FEWEST_PLACES, SMALL
from svclight.thresholds import ZONES
from svclight.wording.shares import NO_DATA

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping, Sequence

    from matplotlib.axes import Axes

    from svclight.card.lights import Column, Light, Paint
    from svclight.scorecard import Scorecard

    Months = Sequence[tuple[Column, Light]]

BAR: Final = 0.84
"""Width of a monthly bar; 1 is the distance between two."""
LEAST: Final = 5.0
"""Text smaller than this is left out."""


def plot_distribution(
    card: Scorecard,
    process: str,
    criterion: str,
    *,
    where: Mapping[str, str] | None = None,
    palette: str = "svclight",
    title: str | None = None,
    ax: Axes | None = None,
) -> Axes:
    """Draws the zones of a criterion by period: bars stacked to 100 %, green at the bottom.

    Above each bar stand its rated interactions and, beside the 100 %, those not rated. A period without data keeps its
    place; one that is immature or partial is paler and hatched; few rated interactions have a star.

    Args:
        card: What was counted.
        process: Id of the process.
        criterion: Id of the criterion.
        where: A segment and its value, such as `{"team": "west"}`; the card must be split by it.
        palette: `svclight`, which can be told apart in grey and by colour-blind readers, or `classic`.
        title: What stands above; the criterion's title, and the segment, unless given.
        ax: Where to draw; a figure of its own unless given.

    Returns:
        The axes.

    Raises:
        SvclightError: There is no such process, criterion, segment or palette.

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
        >>> ax = svclight.report.plot_distribution(card, "hotline", "wait")
        >>> ax.get_title(loc="left")
        'wait'
    """
    check_card(card, "svclight.report.plot_distribution")
    paints, which = paints_of(palette), CriterionId(process, criterion)
    months = lights_of(card, which, where)
    ax = axes.own_axes(ax, width=min(max(5.5, 1.8 + 0.34 * len(months)), 14), height=3.4)
    room = axes.room_per_period(ax, len(months))
    target = target_for(find_criterion(card, which), "green", where)
    line = None if target is None else axes.percent_of(target.ends[0])
    for at, (_, light) in enumerate(months):
        _draw_stack(ax, at, light, paints, room, avoid=line)
    notes = _counts_above(ax, months, room)
    _zone_names(ax, months)
    if line is not None:
        ax.axhline(line, color="#ffffff", linewidth=2.6, zorder=3)
        ax.axhline(line, color="#10131a", linewidth=1.2, linestyle=(0, (5, 2)), zorder=3.1)
        notes.append(f"dashed line: target for green {target}")
    if counted_unit(card, which) == "customers":
        notes.append(f"counted: customers at each {card.provenance.period}'s end")
    axes.period_axis(ax, [column for column, _ in months], room)
    axes.scale_to_percent(ax)
    axes.draw_grid(ax, without=("top", "right", "left"))
    segment = ", ".join(f"{name} {value}" for name, value in (where or {}).items())
    named = card.definitions.title(*which) + (f" ({segment})" if segment else "")
    axes.write_title(ax, named if title is None else title, rows=_header_rows(months, room))
    if not any(light.rated_count for _, light in months):
        axes.write_in_middle(ax, NO_DATA)
    axes.write_notes(ax, ["; ".join(notes)] if notes else [])
    return ax


def plot_overview(card: Scorecard, *, palette: str = "svclight", ax: Axes | None = None) -> Axes:
    """Draws criteria x periods as tiles with letter and green share; a period without data has an empty tile.

    Args:
        card: What was counted.
        palette: `svclight` or `classic`.
        ax: Where to draw; a figure of its own unless given.

    Returns:
        The axes.

    Raises:
        SvclightError: There is no such palette.

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
        >>> ax = svclight.report.plot_overview(card)
        >>> ax.get_title(loc="left")
        'Traffic lights'
    """
    check_card(card, "svclight.report.plot_overview")
    paints = paints_of(palette)
    table = light_table(card)
    rows, places = len(table.rows), max(len(table.columns), FEWEST_PLACES)
    ax = axes.own_axes(ax, width=min(max(6.0, 2.6 + 0.5 * places), 16), height=1.1 + 0.42 * max(rows, 2))
    many = len(table.processes) > 1
    names = [
        row.name if row.card else f"{process_title(card, row.process)}: {row.title}" if many else row.title
        for row in table.rows
    ]
    labels = [axes.wrap_text(name, 30, 2) for name in names]
    beside = max([0.0, *(axes.text_width(label, 8) - 70 for label in labels)])
    room = axes.room_per_period(ax, len(table.columns)) - beside / places
    tall = axes.size_in_points(ax)[1] / max(rows, 1)
    for down, row in enumerate(table.rows):
        for at, light in enumerate(row.lights):
            _draw_tile(ax, (at, down), light, paints, (room, tall))
    ax.set_ylim(max(rows, 1) - 0.5, -0.5)
    axes.period_axis(ax, list(table.columns), room)
    ax.set_yticks(range(rows), labels, fontsize=8, parse_math=False)
    for label, row in zip(ax.get_yticklabels(), table.rows, strict=True):
        if row.card:  # items stand under their card
            label.set(fontsize=SMALL, color=FAINT, style="italic")
    ax.tick_params(length=0)
    ax.spines[:].set_visible(False)
    axes.write_title(ax, table.title, rows=0, beside=beside)
    if not table.columns or not rows:
        axes.write_in_middle(ax, NO_DATA)
    notes = ["letter: the zone with most rated interactions (G green, Y yellow, R red); number: green share, %"]
    notes.append("; ".join(_flag_notes(light for row in table.rows for light in row.lights)))
    axes.write_notes(ax, notes, beside=beside)
    return ax


def plot_values(
    card: Scorecard,
    process: str,
    criterion: str,
    *,
    palette: str = "svclight",
    title: str | None = None,
    ax: Axes | None = None,
) -> Axes:
    """Draws how a criterion's values are spread over its zones; a bar ends exactly at each limit.

    Where values are skewed, the axis is logarithmic; where they are whole numbers, each has its bar. With limits that
    differ by date or segment those that hold last for everybody are drawn, and the note says so.

    Args:
        card: What was counted.
        process: Id of the process.
        criterion: Id of a criterion whose values are numbers.
        palette: `svclight` or `classic`.
        title: What stands above; the criterion's title unless given.
        ax: Where to draw; a figure of its own unless given.

    Returns:
        The axes.

    Raises:
        SvclightError: There is no such process, criterion or palette, or the criterion's values are no numbers.

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
        >>> log = pd.DataFrame({"called": "2026-03-10 09:00", "team": "east", "waited": [10, 20, 35, 90]})
        >>> ax = svclight.report.plot_values(svclight.score(log, definitions), "hotline", "wait")
        >>> ax.get_title(loc="left")
        'wait: values'
    """
    check_card(card, "svclight.report.plot_values")
    paints, which = paints_of(palette), CriterionId(process, criterion)
    kind = find_criterion(card, which).measure.kind
    if kind not in NUMERIC:
        raise SvclightError(f"{which} has no values to draw: its measure is {kind}; plot_distribution draws its zones")
    made = value_picture(card, which)
    ax = axes.own_axes(ax, width=6.8, height=3.2)
    if made.scale == "log":
        ax.set_xscale("log")
    zero = values.value_bars(ax, made, paints)
    values.draw_bands(ax, made, paints, zone_targets(card, which))
    axes.value_axis(ax, made, zero)
    level = values.limit_lines(ax, made)
    axes.write_title(ax, f"{card.definitions.title(*which)}: values" if title is None else title, rows=level + 1)
    if not made.total:
        axes.write_in_middle(ax, NO_DATA)
    axes.write_notes(ax, values.value_notes(card, made, which))
    return ax


# --- shared -----------------------------------------------------------------------------------------------------------


# --- bars by period ---------------------------------------------------------------------------------------------------


def _is_unsure(light: Light) -> bool:
    return "immature" in light.flags or "partial" in light.flags


def _draw_stack(ax: Axes, at: int, light: Light, paints: dict[str, Paint], room: float, *, avoid: float | None) -> None:
    """Draws one bar, its segments labelled where labels fit and do not lie on the line at `avoid`."""
    if not light.rated_count:
        return
    bottom, tall = 0.0, axes.size_in_points(ax)[1] / 100
    upright = axes.text_width("88.8", SMALL) > BAR * room
    line = (0.55 * axes.text_width("88.8", SMALL) if upright else 0.7 * SMALL) / tall
    for zone, count, shown in zip(ZONES, light.counts, light.percentages, strict=False):
        height = 100 * count / light.rated_count
        fill, colour = _inks(light, paints[zone])
        hatch = "////" if _is_unsure(light) else None
        ax.bar(at, height, BAR, bottom=bottom, facecolor=fill, edgecolor=OUTLINE, linewidth=0.7, hatch=hatch, zorder=2)
        low, high = bottom, bottom + height
        if avoid is not None and low < avoid < high and abs((low + high) / 2 - avoid) < line:
            low, high = (avoid, high) if high - avoid > avoid - low else (low, avoid)
        text = shown.removesuffix(" %")
        _segment_label(
            ax, (at, (low + high) / 2), text, (BAR * room, tall * (high - low)), (_patch_behind(light, fill), colour)
        )
        bottom += height


def _inks(light: Light, paint: Paint) -> tuple[Any, str]:
    """The fill and text colours of a light; paler where its share is not sure yet."""
    return (axes.paler_colour(paint.fill), OUTLINE) if _is_unsure(light) else (paint.fill, paint.text)


def _segment_label(
    ax: Axes, at: tuple[float, float], text: str, space: tuple[float, float], inks: tuple[Any, str]
) -> None:
    """Writes a label inside a segment: upright where it is too wide, not at all where it does not fit."""
    wide, high = space
    rotation = 0 if axes.text_width("88.8", SMALL) <= wide else 90  # alike in all bars
    along, across = (wide, high) if rotation == 0 else (high, wide)
    size = min(SMALL, SMALL * along / axes.text_width(text, SMALL))
    if size < LEAST or across < size * 1.15:
        return
    ax.text(
        *at, text, fontsize=size, ha="center", va="center", color=inks[1], rotation=rotation, rotation_mode="anchor",
        clip_on=True, zorder=4, bbox=inks[0],
    )  # fmt: skip


def _patch_behind(light: Light, fill: Any) -> dict[str, Any] | None:
    """The patch behind a text that hatching would cross; None where there is no hatching."""
    return {"facecolor": fill, "edgecolor": "none", "pad": 0.6} if _is_unsure(light) else None


def _header_font(months: Months, room: float) -> tuple[float, int]:
    """The size and rotation of the numbers above the bars."""
    widest = max((axes.text_width(f"{light.rated_count:,}*", SMALL) for _, light in months), default=0)
    if widest <= room:
        return SMALL, 0
    return min(SMALL, room / 1.15), 90


def _header_rows(months: Months, room: float) -> float:
    size, rotation = _header_font(months, room)
    if rotation == 0 or size < LEAST:
        return 2
    longest = max(
        axes.text_width(f"{light.rated_count:,}*", size) + axes.text_width(f"{light.not_rated_count:,}", size)
        for _, light in months
    )
    return longest / 11 + 1


def _counts_above(ax: Axes, months: Months, room: float) -> list[str]:
    """Writes rated and not rated interactions above each bar; returns the lines of the note that this needs."""
    size, rotation = _header_font(months, room)
    notes = _flag_notes(light for _, light in months)
    if size < LEAST:
        counts = [light.rated_count for _, light in months if light.rated_count]
        notes.append(f"rated: {min(counts, default=0):,} to {max(counts, default=0):,} a period")
        return notes
    gap = 4.0
    for row, (name, colour) in enumerate((("rated", OUTLINE), ("not rated", FAINT))):
        texts = [_text_above(light, row) for _, light in months]
        for at, text in enumerate(texts):
            axes.write_at(
                ax, text, (at, 100), (0, gap), size=size, rotation=rotation, rotation_mode="anchor",
                ha="center" if rotation == 0 else "left", va="bottom" if rotation == 0 else "center", color=colour,
            )  # fmt: skip
        coords = ("axes fraction", "data")
        axes.write_at(ax, name, (0, 100), (-4, gap), coords=coords, ha="right", va="bottom", color=colour)
        gap += 10 if rotation == 0 else 6 + max(axes.text_width(text, size) for text in texts)
    return notes


def _flag_notes(lights: Iterable[Light]) -> list[str]:
    """The lines of the note that explain the flags in a plot."""
    flags = {flag for light in lights for flag in light.flags if light.rated_count}
    words = {"immature": "immature (can still turn)", "partial": "partial (not all days)"}
    unsure = ", ".join(said for flag, said in words.items() if flag in flags)
    few = ["* few: under 30 rated"] if "few" in flags else []
    return [*few, f"pale and hatched: {unsure}"] if unsure else few


def _text_above(light: Light, row: int) -> str:
    if row == 0:
        return f"{light.rated_count:,}{'*' if light.rated_count and 'few' in light.flags else ''}"
    return f"{light.not_rated_count:,}"


def _zone_names(ax: Axes, months: Months) -> None:
    """Writes letters and names right of the bars, at the height of the newest bar's segments."""
    rated = [light for _, light in months if light.rated_count]
    if not rated:
        return
    apart, bottom = 100 * 1.3 * SMALL / axes.size_in_points(ax)[1], 0.0
    places: list[float] = []
    for count in rated[-1].counts[: len(ZONES)]:
        height = 100 * count / rated[-1].rated_count
        places.append(max(bottom + height / 2, places[-1] + apart if places else 0.0))
        bottom += height
    for up, zone in enumerate(ZONES):
        place = min(places[up], 100 - apart * (len(ZONES) - up - 0.5))
        axes.write_at(ax, f"{LETTERS[zone]} {zone}", (1, place), (4, 0), coords=("axes fraction", "data"))


# --- tiles ------------------------------------------------------------------------------------------------------------


def _draw_tile(
    ax: Axes, at: tuple[int, int], light: Light, paints: dict[str, Paint], space: tuple[float, float]
) -> None:
    """Draws the tile of a light: its colour, its letter and its green share, as far as they fit."""
    x, y = at
    box = (x - 0.46, y - 0.43), 0.92, 0.86
    if not light.rated_count:
        ax.add_patch(Rectangle(*box, facecolor="none", edgecolor="#c4cad2", linewidth=0.6, linestyle=(0, (2, 2))))
        return
    paint = paints[light.zone]
    fill, colour = _inks(light, paint)
    hatch = "////" if _is_unsure(light) else None
    ax.add_patch(Rectangle(*box, facecolor=fill, edgecolor=OUTLINE, linewidth=0.7, hatch=hatch))
    number = light.share.removesuffix(" %") + ("*" if "few" in light.flags else "")
    size, text, rotation = _tile_text(light.letter, number, 0.92 * space[0], 0.86 * space[1])
    ax.text(
        x, y, text, fontsize=size, ha="center", va="center", color=colour, rotation=rotation, rotation_mode="anchor",
        bbox=_patch_behind(light, fill),
    )  # fmt: skip


def _tile_text(letter: str, number: str, wide: float, high: float) -> tuple[float, str, int]:
    """The fullest text that fits into a tile: in one line, in two, upright, or the letter alone."""
    forms = ((f"{letter} {number}", 0), (f"{letter}\n{number}", 0), (f"{letter} {number}", 90))
    for size in (8.0, SMALL, 6.0):
        for text, rotation in forms:
            along, across = (wide, high) if rotation == 0 else (high, wide)
            if axes.text_width(text, size) <= along and 1.2 * size * (text.count("\n") + 1) <= across:
                return size, text, rotation
    return max(min(8.0, wide, high), 4.0), letter, 0
