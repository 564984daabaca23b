"""The plot of shares by period: bars stacked to 100 %, green at the bottom, the numbers rated above them.

In: a card, ids, axes or none. Out: the axes. What is drawn is worked out before, as numbers, by `lights`; here it gets
a place and a colour. Colour never stands alone: letters, numbers and outlines say the same.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, Final

import numpy as np

from svclight.card.card_tables import check_card
from svclight.card.light_table import counted_unit, find_criterion, lights_of
from svclight.card.lights import OUTLINE, paints_of
from svclight.decisions.control_chart import target_for
from svclight.definition.criterion_id import CriterionId
from svclight.plots import axes, words
from svclight.plots.light_marks import draw_hatch, flag_notes, inks_of, is_unsure, patch_behind
from svclight.plots.style import (
    DASHES,
    FAINT,
    INK,
    SMALL,
    left_of,
    own_axes,
    size_in_points,
    text_width,
    widest,
    write_at,
    write_in_middle,
    write_notes,
    write_title,
)
from svclight.thresholds import ZONES
from svclight.wording.catalogue import say
from svclight.wording.languages import decimal_sign, whole_number

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from matplotlib.axes import Axes

    from svclight.card.lights import Column, Light, Paint
    from svclight.scorecard import Scorecard

    Months = Sequence[tuple[Column, Light]]

BAR: Final = 0.84
"""Width of a monthly bar; 1 is the distance between two."""
LEAST: Final = 5.0
"""Text smaller than this is left out."""
_LEAST_ROOM: Final = 3.0
"""With less room for a period, in points, bars become areas: outlines would be all that is seen."""


def plot_distribution(
    card: Scorecard,
    process: str,
    criterion: str,
    *,
    where: Mapping[str, str] | None = None,
    palette: str = "svclight",
    title: str | None = None,
    lang: str | None = None,
    ax: Axes | None = None,
) -> Axes:
    """Draws the zones of a criterion by period: bars stacked to 100 %, green at the bottom.

    Above each bar stand its rated interactions and, where there are any, those not rated beside the 100 %. A period
    without data keeps its place; one that is immature or partial is paler and hatched; few rated interactions have a
    star.

    Args:
        card: What was counted.
        process: Id of the process.
        criterion: Id of the criterion.
        where: A segment and its value, such as `{"team": "west"}`; the card must be split by it.
        palette: `svclight`, which can be told apart in grey and by colour-blind readers, or `classic`.
        title: What stands above; the criterion's title, and the segment, unless given.
        lang: The language of the words in it; that of the definitions unless given.
        ax: Where to draw; a figure of its own unless given.

    Returns:
        The axes.

    Raises:
        SvclightError: There is no such process, criterion, segment, palette or language.

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
    lang = words.card_language(lang, card.definitions)
    paints, which = paints_of(palette), CriterionId(process, criterion)
    months = lights_of(card, which, where)
    ax = own_axes(ax, width=min(max(5.5, 1.8 + 0.34 * len(months)), 14), height=3.4)
    names = _names_above(months, lang)
    left, right = left_of([name for name, _ in names]), widest(words.lettered_zone(zone, lang) for zone in ZONES) + 8
    room = axes.room_per_period(ax, len(months), left=left, right=right)
    target = target_for(find_criterion(card, which), "green", where)
    line = None if target is None else axes.percent_of(target.ends[0])
    if room < _LEAST_ROOM:
        notes = _draw_areas(ax, months, paints, lang)
        rows = 0.0
    else:
        for at, (_, light) in enumerate(months):
            _draw_stack(ax, at, light, paints, room, lang, avoid=line)
        rows = _header_rows(months, names, room)
        notes = _counts_above(ax, months, names, room, lang)
    _zone_names(ax, months, lang)
    if target is not None and line is not None:
        ax.axhline(line, color="#ffffff", linewidth=2.6, zorder=3)
        ax.axhline(line, color=INK, linewidth=1.2, linestyle=DASHES, zorder=3.1)
        notes.append(words.target_note("green", target, lang))
    if counted_unit(card, which) == "customers":
        notes.append(say("counted: customers at each period's end", lang))
    axes.set_period_axis(ax, [column for column, _ in months], room, lang)
    axes.scale_to_percent(ax, lang)
    axes.draw_grid(ax, without=("top", "right", "left"))
    named = " · ".join(filter(None, (card.definitions.title(*which), words.segments_in((where or {}).items(), lang))))
    write_title(ax, named if title is None else title, rows=rows, left=left)
    if not any(light.rated_count for _, light in months):
        write_in_middle(ax, say("no data", lang))
    write_notes(ax, ["; ".join(notes)], left=left)
    return ax


def _draw_stack(
    ax: Axes, at: int, light: Light, paints: dict[str, Paint], room: float, lang: str, *, avoid: float | None
) -> None:
    """Draws one bar, its segments labelled where labels fit and do not lie on the line at `avoid`."""
    if not light.rated_count:
        return
    bottom, tall = 0.0, size_in_points(ax)[1] / 100
    upright = text_width("88.8", SMALL) > BAR * room
    line = (0.55 * text_width("88.8", SMALL) if upright else 0.7 * SMALL) / tall
    for zone, count, shown in zip(ZONES, light.counts, light.percentages, strict=False):
        height = 100 * count / light.rated_count
        fill, colour = inks_of(light, paints[zone])
        ax.bar(at, height, BAR, bottom=bottom, facecolor=fill, edgecolor=OUTLINE, linewidth=0.7, zorder=2)
        if is_unsure(light):
            draw_hatch(ax, at, BAR, bottom, height)
        low, high = bottom, bottom + height
        if avoid is not None and low < avoid < high and abs((low + high) / 2 - avoid) < line:
            low, high = (avoid, high) if high - avoid > avoid - low else (low, avoid)
        text = decimal_sign(shown.removesuffix(" %"), lang)
        _segment_label(
            ax, (at, (low + high) / 2), text, (BAR * room, tall * (high - low)), (patch_behind(light, fill), colour)
        )
        bottom += height


def _segment_label(
    ax: Axes, at: tuple[float, float], text: str, space: tuple[float, float], inks: tuple[Any, str]
) -> None:
    """Writes a label inside a segment: upright where it is too wide, not at all where it does not fit."""
    wide, high = space
    rotation = 0 if text_width("88.8", SMALL) <= wide else 90  # alike in all bars
    along, across = (wide, high) if rotation == 0 else (high, wide)
    size = min(SMALL, SMALL * along / text_width(text, SMALL))
    if size < LEAST or across < size * 1.15:
        return
    ax.text(
        *at, text, fontsize=size, ha="center", va="center", color=inks[1], rotation=rotation, rotation_mode="anchor",
        clip_on=True, zorder=4, bbox=inks[0],
    )  # fmt: skip


def _draw_areas(ax: Axes, months: Months, paints: dict[str, Paint], lang: str) -> list[str]:
    """Draws the zones of very many periods as areas, without outlines; returns the lines of the note."""
    counts = np.array([light.counts[: len(ZONES)] for _, light in months], dtype=np.float64)
    rated = counts.sum(axis=1)
    ends = 100 * np.cumsum(counts, axis=1) / np.where(rated > 0, rated, 1)[:, None]
    low = np.zeros(len(months))
    for zone, high in zip(ZONES, ends.T, strict=True):
        ax.fill_between(
            np.arange(len(months)), low, high, where=rated > 0, step="mid", facecolor=paints[zone].fill, linewidth=0,
            zorder=2,
        )  # fmt: skip
        low = high
    return [_rated_range(months, lang)]


def _rated_range(months: Months, lang: str) -> str:
    counts = [light.rated_count for _, light in months if light.rated_count]
    low, high = (whole_number(end, lang) for end in (min(counts, default=0), max(counts, default=0)))
    return say("rated: {low} to {high} a period", lang, low=low, high=high)


# --- the numbers above ------------------------------------------------------------------------------------------------


def _names_above(months: Months, lang: str) -> list[tuple[str, list[str]]]:
    """The lines above the bars, from below: their names and numbers; what is not rated only where there is any."""
    stars = ["*" if light.rated_count and "few" in light.flags else "" for _, light in months]
    rated = [f"{whole_number(light.rated_count, lang)}{star}" for (_, light), star in zip(months, stars, strict=True)]
    lines = [(say("rated", lang), rated)]
    if any(light.not_rated_count for _, light in months):
        lines.append((say("not rated", lang), [whole_number(light.not_rated_count, lang) for _, light in months]))
    return lines


def _header_font(names: list[tuple[str, list[str]]], room: float) -> tuple[float, int]:
    """The size and rotation of the numbers above the bars."""
    if max(widest(texts) for _, texts in names) + 2 <= room:
        return SMALL, 0
    return min(SMALL, room / 1.15), 90


def _header_rows(months: Months, names: list[tuple[str, list[str]]], room: float) -> float:
    """How many lines of small text the numbers above the bars take."""
    size, rotation = _header_font(names, room)
    if not months or size < LEAST:
        return 0
    if rotation == 0:
        return len(names)
    return sum(widest(texts, size) + 6 for _, texts in names) / 11


def _counts_above(ax: Axes, months: Months, names: list[tuple[str, list[str]]], room: float, lang: str) -> list[str]:
    """Writes rated and not rated interactions above each bar; returns the lines of the note that this needs."""
    size, rotation = _header_font(names, room)
    notes = list(flag_notes((light for _, light in months), lang))
    if size < LEAST or not months:
        return [*notes, _rated_range(months, lang)] if months else notes
    gap = 4.0
    for (name, texts), colour in zip(names, (OUTLINE, FAINT), strict=False):
        for at, text in enumerate(texts):
            write_at(
                ax, text, (at, 100), (0, gap), size=size, rotation=rotation, rotation_mode="anchor",
                ha="center" if rotation == 0 else "left", va="bottom" if rotation == 0 else "center", color=colour,
            )  # fmt: skip
        coords = ("axes fraction", "data")
        write_at(ax, name, (0, 100), (-4, gap), coords=coords, ha="right", va="bottom", color=colour)
        gap += 10 if rotation == 0 else 6 + widest(texts, size)
    return notes


def _zone_names(ax: Axes, months: Months, lang: str) -> None:
    """Writes letters and names of the zones that are there right of the bars, at the height of the newest segments."""
    rated = [light for _, light in months if light.rated_count]
    there = [zone for at, zone in enumerate(ZONES) if any(light.counts[at] for light in rated)]
    apart, bottom = 100 * 1.3 * SMALL / size_in_points(ax)[1], 0.0
    places: list[float] = []
    for zone in there:
        height = 100 * rated[-1].counts[ZONES.index(zone)] / rated[-1].rated_count
        places.append(max(bottom + height / 2, places[-1] + apart if places else 0.0))
        bottom += height
    for up, zone in enumerate(there):
        place = min(places[up], 100 - apart * (len(there) - up - 0.5))
        write_at(ax, words.lettered_zone(zone, lang), (1, place), (4, 0), coords=("axes fraction", "data"))
