"""The one style of all plots: colours, sizes, and texts that are measured before they are written.

In: axes, texts. Out: titles and notes in lines that fit, texts beside places, colours. Widths are those of the font
itself, so that no text is cut or lies over another, in Latin and Cyrillic letters alike. Nothing global is touched.
"""

from __future__ import annotations

import functools
import re
import warnings
from itertools import pairwise
from typing import TYPE_CHECKING, Any, Final

from matplotlib.colors import to_rgb
from matplotlib.figure import Figure
from matplotlib.font_manager import FontProperties
from matplotlib.textpath import text_to_path

from svclight.card.lights import OUTLINE
from svclight.errors import printable_text

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence

    from matplotlib.axes import Axes

    Shift = tuple[float, float]

INK: Final = "#10131a"
"""Lines of data."""
MIDDLE: Final = "#76808d"
"""Lines behind the data: centres, limits."""
FAINT: Final = "#566070"
GRID: Final = "#dfe3e8"
BAND: Final = "#dfe5ec"
HATCH: Final = "#7b8490"
"""Hatching: seen in grey, and pale enough to be no part of a number."""
DASHES: Final = (0, (5, 2))
SMALL: Final = 7.0
"""The size of numbers in and around the plots, in points."""
NARROW: Final = 300.0
"""Axes of fewer points in width are narrow: half a page."""
USUAL_LEFT: Final = 30.0
"""The width of labels such as 100 % at the left of axes, in points."""
_NO_BREAK: Final = "\N{NO-BREAK SPACE}"
_TOGETHER: Final = re.compile(r"(?<=[≥≤<>]) (?=\d)| (?=%)")
"""The space of `≥ 80` and `80 %`, at which no line ends."""
_KEPT_TOGETHER: Final = re.compile(_TOGETHER.pattern.replace(" ", _NO_BREAK))
_TITLE, _LONG_TITLE = 10.0, 8.5
_MOST_TITLE_LINES: Final = 7
_HINTED: Final = 1.1
"""Letters that are fitted to pixels are up to so many times as wide as the font says."""
_NAMES: Final = 0.38
"""The part of their room that names at the left of axes may take."""
_LONGEST_NAME: Final = 220.0
_PADS: Final = 10.0
"""What a layout leaves free at both sides, in points."""
_OF_OTHERS: Final = 35.0
"""What titles and notes of axes beside may take more than one's own, in points."""
_AROUND: Final = 85.0
"""The height of title, ticks and notes, about, in points."""


class OwnFigure(Figure):
    """A figure that a notebook shows once: as the value of a cell, or else at the cell's end."""

    def _ipython_display_(self) -> None:
        from IPython import get_ipython  # noqa: PLC0415 - it asks for it, so it is there
        from IPython.display import publish_display_data  # noqa: PLC0415
        from matplotlib import pyplot as plt  # noqa: PLC0415

        plt.close(self)  # what pyplot still knows at the cell's end would be shown once more
        formatters = get_ipython().display_formatter.formatters
        shown = {kind: formatter(self) for kind, formatter in formatters.items()}
        # a picture may come with its metadata
        data = {kind: one[0] if isinstance(one, tuple) else one for kind, one in shown.items() if one is not None}
        publish_display_data(data)  # type: ignore[no-untyped-call]  # IPython has no types


def own_axes(ax: Axes | None, *, width: float, height: float) -> Axes:
    """The axes that were given, or new ones in a figure of their own."""
    if ax is not None:
        return ax
    from matplotlib import pyplot as plt  # noqa: PLC0415 - a notebook shows the figures that pyplot knows

    return plt.subplots(figsize=(width, height), layout="constrained", FigureClass=OwnFigure)[1]


def room_of(ax: Axes) -> tuple[float, float]:
    """The width and height that axes have with all their labels, in points; without a layout, without labels."""
    figure = ax.figure
    scale = 72 / figure.dpi
    wide, high = figure.bbox.width * scale, figure.bbox.height * scale
    spec = ax.get_subplotspec()
    if figure.get_layout_engine() is None or spec is None:  # labels are outside of the room, and nothing makes way
        box = ax.get_position()
        return box.width * wide, box.height * high
    grid = spec.get_gridspec()
    parts = (grid.get_width_ratios(), spec.colspan), (grid.get_height_ratios(), spec.rowspan)
    across, down = (_part_of(ratios, span) for ratios, span in parts)
    return across * wide, down * high


def _part_of(ratios: Any, span: range) -> float:
    """The part that some rows or columns of a grid have of it."""
    return float(sum(ratios[at] for at in span) / sum(ratios))


def size_in_points(ax: Axes, *, left: float = USUAL_LEFT, right: float = 0.0) -> tuple[float, float]:
    """The width and height that axes will have, about, in points, with labels so wide at their sides."""
    wide, high = room_of(ax)
    if ax.figure.get_layout_engine() is None:
        return wide, high
    return max(wide - left - right - _PADS, 40.0), max(high - _AROUND, 20.0)


def settle_layout(ax: Axes) -> None:
    """Lays the figure out, so that it is known where things will stand."""
    figure = ax.figure
    root = figure if isinstance(figure, Figure) else figure.figure
    root.draw_without_rendering()


def is_narrow(ax: Axes) -> bool:
    """Whether axes are half a page."""
    return room_of(ax)[0] < NARROW


# --- texts that are measured ------------------------------------------------------------------------------------------


def text_width(text: str, size: float, *, bold: bool = False) -> float:
    """The width of a text in points; of several lines the widest."""
    return max(_line_width(line, size, "bold" if bold else "normal") for line in text.split("\n"))


@functools.lru_cache(maxsize=4096)
def _line_width(line: str, size: float, weight: str) -> float:
    font = FontProperties(size=size, weight=weight)
    with warnings.catch_warnings():
        warnings.simplefilter("ignore", UserWarning)  # a glyph that the font lacks has the width of its box
        return _HINTED * float(text_to_path.get_text_width_height_descent(line, font, ismath=False)[0])


def widest(texts: Iterable[str], size: float = SMALL) -> float:
    """The width of the widest of some texts, in points."""
    return max((text_width(text, size) for text in texts), default=0.0)


def wrap_to(text: str, room: float, size: float = SMALL, *, most: int = 3, bold: bool = False) -> str:
    """The text in lines that so many points hold; what `most` lines do not hold is cut, with a mark."""
    lines = _lines_within(text, room, size, bold=bold)
    if len(lines) <= most:
        return "\n".join(lines)
    last = f"{lines[most - 1]} …"
    while len(last) > 2 and text_width(last, size, bold=bold) > room:  # noqa: PLR2004 - the mark itself
        last = f"{last[:-2].rstrip()}…"
    return "\n".join([*lines[: most - 1], last])


def _lines_within(text: str, room: float, size: float, *, bold: bool) -> list[str]:
    """Lines of whole words; a word that is longer than a line is broken."""
    whole = _TOGETHER.sub(_NO_BREAK, text)
    shown = _NO_BREAK.join(printable_text(part, 400) for part in whole.split(_NO_BREAK))
    lines = [""]
    for word in shown.split(" "):
        longer = f"{lines[-1]} {word}".strip()
        if text_width(longer, size, bold=bold) <= room:
            lines[-1] = longer
            continue
        pieces = _pieces_of(word, room, size, bold=bold)
        lines = [*(line for line in lines if line), *pieces]
    return [_KEPT_TOGETHER.sub(" ", line) for line in lines]


def _pieces_of(word: str, room: float, size: float, *, bold: bool) -> list[str]:
    """A word in pieces that fit into a line."""
    ends = [0]
    for at in range(1, len(word) + 1):
        if at - ends[-1] > 1 and text_width(word[ends[-1] : at], size, bold=bold) > room:
            ends.append(at - 1)
    return [word[begin:end] for begin, end in pairwise([*ends, len(word)])]


def write_title(ax: Axes, title: str, *, rows: float = 0, left: float = USUAL_LEFT) -> None:
    """Writes the title above `rows` lines of small text, in as many lines as it takes; `left` points are labels."""
    room = _room_right_of(ax, left)
    size = _TITLE if len(_lines_within(title, room, _TITLE, bold=True)) <= 2 else _LONG_TITLE  # noqa: PLR2004
    text = wrap_to(title, room, size, most=_MOST_TITLE_LINES, bold=True)
    ax.set_title(text, loc="left", fontsize=size, fontweight="bold", pad=6 + 11 * rows, parse_math=False)


def write_notes(ax: Axes, notes: Sequence[str], *, left: float = USUAL_LEFT) -> None:
    """Writes notes under an axis, each on lines of its own."""
    room = _room_right_of(ax, left)
    text = "\n".join(wrap_to(note, room, most=8) for note in notes if note)
    if text:
        ax.set_xlabel(text, loc="left", fontsize=SMALL, color=FAINT, labelpad=5, parse_math=False)


def inner_height(ax: Axes, title: str, notes: Sequence[str], *, left: float) -> float:
    """The height that axes will have below such a title and above such notes, about, in points."""
    room, high = _room_right_of(ax, left), room_of(ax)[1]
    if ax.figure.get_layout_engine() is None:
        return high
    above = 6 + 1.3 * _LONG_TITLE * len(_lines_within(title, room, _TITLE, bold=True))
    below = 1.25 * SMALL * (1 + sum(len(_lines_within(note, room, SMALL, bold=False)) for note in notes))
    beside = 0.0 if _is_alone(ax) else _OF_OTHERS  # a layout gives all axes of a row the height of the least
    return max(high - above - below - beside - 2 * _PADS, 40.0)


def _is_alone(ax: Axes) -> bool:
    """Whether axes have no others beside them in their grid."""
    spec = ax.get_subplotspec()
    return spec is None or spec.get_gridspec().ncols == 1


def _room_right_of(ax: Axes, left: float) -> float:
    """The width from the left side of axes to the end of their room."""
    wide, spec = room_of(ax)[0], ax.get_subplotspec()
    if ax.figure.get_layout_engine() is None:
        return wide
    if (
        spec is not None and spec.get_gridspec().nrows > 1
    ):  # a layout moves all axes of a column behind its widest names
        left = max(left, _NAMES * wide)
    return max(wide - left - _PADS, 60.0)


def room_for_names(ax: Axes) -> float:
    """The width that names at the left of axes may take, in points."""
    return min(max(room_of(ax)[0] * _NAMES, 60.0), _LONGEST_NAME)


def lines_in_row(high: float, rows: int, size: float = SMALL) -> int:
    """How many lines of names a row holds, of so many in axes of so many points in height."""
    return max(1, int(high / max(rows, 1) / (1.25 * size)))


def left_of(names: Iterable[str], size: float = SMALL) -> float:
    """The width that labels at the left take, with the distance from the axes."""
    return max(USUAL_LEFT, widest(names, size) + 6)


def write_in_middle(ax: Axes, text: str) -> None:
    """Writes a text into the middle of an axis that has nothing else to show."""
    shown = wrap_to(text, 0.9 * size_in_points(ax)[0], 11, most=6)
    ax.text(
        0.5, 0.5, shown, transform=ax.transAxes, ha="center", va="center", color=FAINT, fontsize=11, parse_math=False
    )


def draw_nothing(ax: Axes, text: str) -> Axes:
    """The axes without anything but a text in their middle."""
    write_in_middle(ax, text)
    ax.set_xticks([])
    ax.set_yticks([])
    ax.spines[:].set_color(GRID)
    return ax


def write_at(
    ax: Axes, text: str, at: tuple[Any, Any], shift: Shift, *, size: float = SMALL, coords: Any = "data", **style: Any
) -> None:
    """Writes a text some points beside a place; it is never mathematics, and is seen outside of the axes, too."""
    looks: dict[str, Any] = {"color": OUTLINE, "va": "center", "annotation_clip": False, "parse_math": False} | style
    ax.annotate(text, at, shift, xycoords=coords, textcoords="offset points", fontsize=size, **looks)


def write_right(ax: Axes, text: str, height: float, *, color: str = OUTLINE) -> None:
    """Writes a text in the column right of the axes, at a height of the data."""
    write_at(ax, text, (1, height), (5, 0), coords=("axes fraction", "data"), color=color)


def paler_colour(colour: str, strength: float = 0.45) -> tuple[float, float, float]:
    """The colour on white, with a part of its strength."""
    red, green, blue = (1 - strength * (1 - part) for part in to_rgb(colour))
    return red, green, blue
