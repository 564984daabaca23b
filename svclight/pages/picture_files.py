"""A plot as a file: PNG or SVG, the same bytes for the same plot.

In: a function that draws on axes, a size, a path. Out: the file, written whole or not at all.
"""

from __future__ import annotations

import io
import warnings
from typing import TYPE_CHECKING, Final

import matplotlib as mpl
from matplotlib.figure import Figure

from svclight.errors import Issue, SvclightError, quoted_text
from svclight.pages.svg import draw_svg
from svclight.values.files import write_whole

if TYPE_CHECKING:
    from collections.abc import Callable
    from pathlib import Path

    from matplotlib.axes import Axes

PICTURES: Final = (".png", ".svg")
_SHARP: Final = 160
"""Dots per inch of a PNG."""


def is_picture(path: Path | None) -> bool:
    """Whether a path asks for a picture by its suffix."""
    return path is not None and path.suffix.lower() in PICTURES


def write_picture(draw: Callable[[Axes], Axes], path: Path, *, size: tuple[float, float], title: str) -> Path:
    """Writes what `draw` draws, by the suffix of the path.

    Args:
        draw: Draws on the axes that it is given.
        path: The file; it ends in .png or .svg.
        size: Width and height in inches.
        title: What a screen reader calls it.

    Raises:
        SvclightError: The suffix is another one, or the file cannot be written.
    """
    suffix = path.suffix.lower()
    if suffix == ".svg":
        text = draw_svg(draw, size=size, key="plot", title=title, description=title)
        # inside a page an <svg> needs no name space, as a file of its own it does
        return write_whole(path, text.replace("<svg", '<svg xmlns="http://www.w3.org/2000/svg"', 1).encode())
    if suffix == ".png":
        return write_whole(path, _png(draw, size))
    expected = f"a name that ends in {', '.join(PICTURES)}"
    raise SvclightError(Issue("unknown kind of file", found=quoted_text(path.name), expected=expected))


def _png(draw: Callable[[Axes], Axes], size: tuple[float, float]) -> bytes:
    file = io.BytesIO()
    with mpl.rc_context(), warnings.catch_warnings():
        mpl.rcdefaults()  # a file does not depend on how its user likes plots
        warnings.filterwarnings("ignore", "Glyph .* missing", UserWarning)
        figure = Figure(figsize=size, layout="constrained")
        draw(figure.add_subplot())
        figure.savefig(file, format="png", dpi=_SHARP, metadata={"Software": None})
    return file.getvalue()
