"""The overview of all criteria: a cell for each period, with its three zones as a small bar and its green share.

In: a card, axes or none. Out: the axes. A cell says one thing: how much is green; the bar below has the zones in their
proportion, and where a target is declared, its verdict stands beside the share as a sign.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, Final

from matplotlib.patches import Rectangle

from svclight.card.card_tables import check_card
from svclight.card.light_table import light_table, process_title
from svclight.card.lights import OUTLINE, paints_of
from svclight.decisions.check import check, segments_needed
from svclight.decisions.verdicts import CANNOT_TELL, MET, MISSED
from svclight.plots import axes, words
from svclight.plots.light_marks import draw_hatch, flag_notes, inks_of, is_unsure
from svclight.plots.style import (
    FAINT,
    SMALL,
    inner_height,
    left_of,
    lines_in_row,
    own_axes,
    room_for_names,
    text_width,
    widest,
    wrap_to,
    write_in_middle,
    write_notes,
    write_title,
)
from svclight.thresholds import ZONES
from svclight.wording.catalogue import say
from svclight.wording.languages import decimal_sign
from svclight.wording.sentence_parts import series_name

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from matplotlib.axes import Axes

    from svclight.card.lights import Light, LightTable, Paint
    from svclight.scorecard import Scorecard

    Signs = Mapping[tuple[str, str, str], str]

_SIGNS: Final = {MET: "\N{CHECK MARK}", CANNOT_TELL: "?", MISSED: "\N{MULTIPLICATION X}"}
"""From the best to the worst."""
_WIDE, _TALL = 0.9, 0.8
"""The part of a cell that is drawn on."""
_TALLEST: Final = 34.0
"""A cell is no taller than so many points."""
_LEAST_ROOM: Final = 10.0
_GAP: Final = 4.0
"""Points between the numbers of two cells."""
_BAR: Final = 0.34
"""The height of the small bar, of the cell's."""
_NAMES: Final = 8.0
_SIZES: Final = (8.0, SMALL, 6.0)
"""Sizes of numbers that are tried."""


def plot_overview(
    card: Scorecard, *, palette: str = "svclight", lang: str | None = None, ax: Axes | None = None
) -> Axes:
    """Draws criteria x periods: the green share, the three zones as a small bar, the verdict on the target as a sign.

    A period without data has an empty cell. Cells that are too narrow for numbers have the bars alone, upright.

    Args:
        card: What was counted.
        palette: `svclight` or `classic`.
        lang: The language of the words in it; that of the definitions unless given.
        ax: Where to draw; a figure of its own unless given.

    Returns:
        The axes.

    Raises:
        SvclightError: There is no such palette or language.

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
    lang = words.card_language(lang, card.definitions)
    paints, table = paints_of(palette), light_table(card)
    rows, places = len(table.rows), max(len(table.columns), axes.FEWEST_PLACES)
    ax = own_axes(ax, width=min(max(6.0, 2.6 + 0.5 * places), 16), height=1.1 + 0.42 * max(rows, 2))
    lights = [light for row in table.rows for light in row.lights]
    heading, notes = card.provenance.title or say("Traffic lights", lang), _note_lines(lights, {}, lang, numbered=True)
    inner = inner_height(ax, heading, notes, left=room_for_names(ax))
    names = _row_names(card, table, room_for_names(ax), lines_in_row(inner, rows, _NAMES))
    left = left_of(names, _NAMES)
    room = axes.room_per_period(ax, len(table.columns), left=left)
    tall = min(_TALL, _TALLEST * max(rows, 1) / inner)
    high = tall * inner / max(rows, 1)
    signs = _signs_of(card, table) if text_width("88.8 ?", _SIZES[-1]) <= room - _GAP else {}
    size, texts = _fitted_texts(_texts_of(table, signs, lang), (room - _GAP, high))
    for down, row in enumerate(table.rows):
        for at, (light, text) in enumerate(zip(row.lights, texts[down], strict=True)):
            _draw_cell(ax, (at, down), light, paints, (tall, room), (text, size))
    ax.set_ylim(max(rows, 1) - 0.5, -0.5)
    axes.set_period_axis(ax, list(table.columns), room, lang)
    _write_names(ax, table, names)
    write_title(ax, heading, left=left)
    if not table.columns or not rows:
        write_in_middle(ax, say("no data", lang))
    write_notes(ax, _note_lines(lights, signs, lang, numbered=size > 0), left=left)
    return ax


def _write_names(ax: Axes, table: LightTable, names: Sequence[str]) -> None:
    """Writes the names of the rows at their left; items stand under their card."""
    ax.set_yticks(range(len(names)), names, fontsize=_NAMES, parse_math=False)
    for label, row in zip(ax.get_yticklabels(), table.rows, strict=True):
        if row.card:
            label.set(fontsize=SMALL, color=FAINT, style="italic")
    ax.tick_params(length=0)
    ax.spines[:].set_visible(False)


def _row_names(card: Scorecard, table: LightTable, room: float, most: int) -> list[str]:
    """The names of the rows; with their process where there are several."""
    many = len(table.processes) > 1
    names = [
        row.name if row.card else f"{process_title(card, row.process)}: {row.title}" if many else row.title
        for row in table.rows
    ]
    return [wrap_to(name, room, _NAMES, most=most) for name in names]


def _signs_of(card: Scorecard, table: LightTable) -> Signs:
    """The sign of each criterion's worst verdict by period; of a card that is not split as its targets need, none."""
    if not set(segments_needed(card.definitions)) <= set(card.provenance.by):
        return {}
    periods = [column.label for column in table.columns if column.label]
    order, found = list(_SIGNS), dict[tuple[str, str, str], str]()
    for row in check(card, periods).rows() if periods else []:
        key = row["process"], row["criterion"], row["period"]
        if row["verdict"] in order and order.index(row["verdict"]) >= order.index(found.get(key, MET)):
            found[key] = row["verdict"]
    return {key: _SIGNS[verdict] for key, verdict in found.items()}


def _texts_of(table: LightTable, signs: Signs, lang: str) -> list[list[tuple[str, str]]]:
    """For each cell its green share and the sign of its verdict; both empty where nothing is rated."""
    return [
        [
            _cell_text(light, signs.get((row.process, row.criterion, column.label), ""), lang)
            for column, light in zip(table.columns, row.lights, strict=True)
        ]
        for row in table.rows
    ]


def _cell_text(light: Light, sign: str, lang: str) -> tuple[str, str]:
    if not light.rated_count:
        return "", ""
    star = "*" if "few" in light.flags else ""
    return decimal_sign(light.share, lang) + star, "" if is_unsure(light) else sign


def _fitted_texts(
    cells: Sequence[Sequence[tuple[str, str]]], space: tuple[float, float]
) -> tuple[float, list[list[str]]]:
    """The texts of all cells in the fullest form that fits into every one, and their size; 0 where none does."""
    wide, high = space
    full = [[f"{share} {sign}".rstrip() for share, sign in row] for row in cells]
    short = [[text.replace(" %", "") for text in row] for row in full]
    for texts in (full, short):
        for size in _SIZES:
            fits = widest((text for row in texts for text in row), size) <= wide
            if fits and size <= high * (1 - _BAR):
                return size, texts
    return 0.0, [["" for _ in row] for row in full]


def _draw_cell(
    ax: Axes,
    at: tuple[int, int],
    light: Light,
    paints: dict[str, Paint],
    space: tuple[float, float],
    written: tuple[str, float],
) -> None:
    """Draws a cell: an empty frame, or the share above the zones as a bar; upright bars where numbers do not fit."""
    (x, y), (tall, room), (text, size) = at, space, written
    if not light.rated_count:
        looks: dict[str, Any] = {"edgecolor": "#c4cad2", "linewidth": 0.6, "linestyle": (0, (2, 2))}
        ax.add_patch(Rectangle((x - _WIDE / 2, y - tall / 2), _WIDE, tall, facecolor="none", **looks))
    elif not size:
        # of narrow bars outlines and gaps would be all that is seen
        wide, line = (_WIDE, 0.6) if room > _LEAST_ROOM else (1.0, 0.0)
        _draw_zones(ax, (x - wide / 2, y + tall / 2), (wide, -tall), light, paints, upright=True, line=line)
    else:
        _draw_zones(ax, (x - _WIDE / 2, y + tall / 2 - _BAR * tall), (_WIDE, _BAR * tall), light, paints)
        ax.text(x, y - _BAR * tall / 2, text, fontsize=size, ha="center", va="center", color=OUTLINE, parse_math=False)


def _draw_zones(
    ax: Axes,
    corner: tuple[float, float],
    size: tuple[float, float],
    light: Light,
    paints: dict[str, Paint],
    *,
    upright: bool = False,
    line: float = 0.6,
) -> None:
    """Draws the three zones in their proportion: side by side, or upright with green at the bottom."""
    (x, y), (wide, high) = corner, size
    begin = 0.0
    for zone, count in zip(ZONES, light.counts, strict=False):
        part = count / light.rated_count
        box = ((x, y + begin * high), wide, part * high) if upright else ((x + begin * wide, y), part * wide, high)
        fill = inks_of(light, paints[zone])[0]
        ax.add_patch(
            Rectangle(*box, facecolor=fill, edgecolor=OUTLINE if line else fill, linewidth=line, antialiased=line > 0)
        )
        begin += part
    if is_unsure(light):
        draw_hatch(ax, x + wide / 2, wide, y, high)


def _note_lines(lights: Sequence[Light], signs: Signs, lang: str, *, numbered: bool) -> list[str]:
    """What a cell is, and what its marks mean."""
    there = ", ".join(
        series_name(zone, lang) for at, zone in enumerate(ZONES) if any(light.counts[at] for light in lights)
    )
    numbers, bars = (
        say("number: green share; bar: {zones}", lang, zones=there),
        say("bars, from below: {zones}", lang, zones=there),
    )
    said = [numbers if numbered else bars] if there else []
    meanings = {
        _SIGNS[MET]: say("{sign} target met", lang, sign=_SIGNS[MET]),
        _SIGNS[MISSED]: say("{sign} missed", lang, sign=_SIGNS[MISSED]),
        _SIGNS[CANNOT_TELL]: say("{sign} cannot tell", lang, sign=_SIGNS[CANNOT_TELL]),
    }
    seen = set(signs.values())
    return ["; ".join([*said, *(text for sign, text in meanings.items() if sign in seen), *flag_notes(lights, lang)])]
