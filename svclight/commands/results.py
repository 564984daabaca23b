"""What a decision found, as people or machines want it: text, Markdown, a table, a picture.

In: its sentences, its table, and how it is drawn. Out: text on standard output, or a file by its suffix: .md, .csv,
.json, .parquet, and .png, .svg, .pdf where there is something to draw.
"""

from __future__ import annotations

import io
from typing import TYPE_CHECKING, Any, Final

from svclight.commands.common import write_text
from svclight.commands.terminal import print_lines
from svclight.errors import Issue, SvclightError, quoted_text

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence
    from pathlib import Path

    import pandas as pd
    from matplotlib.axes import Axes

    Draw = Callable[[Axes], Any]

PICTURES: Final = (".png", ".svg", ".pdf")
_MOST_DRAWN: Final = 12
_WIDE, _HIGH, _DOTS = 8.6, 4.2, 150
"""Inches of one chart, and dots an inch."""


def chart(name: str, *arguments: Any, **options: Any) -> Draw:
    """A chart of `svclight.report`, which is loaded when it is drawn: a command that prints text does not wait."""

    def draw(ax: Axes) -> Any:
        from svclight import report

        return getattr(report, name)(*arguments, **options, ax=ax)

    return draw


def give_result(
    text: str, table: pd.DataFrame, output: Path | None, *, title: str = "", draw: Sequence[Draw] = ()
) -> None:
    """The text for people, or a file of the kind that its suffix says.

    Args:
        text: What was found, in sentences, one a line.
        table: The numbers behind it.
        output: The file; standard output where there is none.
        title: What stands above the Markdown.
        draw: The charts, which stand below each other; none where there is nothing to draw.

    Raises:
        SvclightError: The suffix is unknown, there is no picture of it, or the file cannot be written.
    """
    from svclight.pages.exports import decision_markdown, write_table

    suffix = "" if output is None else output.suffix.lower()
    if output is None:
        print_lines(text)
    elif suffix == ".md":
        write_text(decision_markdown(title, text.splitlines(), table), output)
    elif suffix in PICTURES:
        write_picture(draw, output)
    else:
        write_table(table, output)


def write_picture(draw: Sequence[Draw], path: Path) -> None:
    """Draws charts below each other into a file.

    Raises:
        SvclightError: The suffix is none of a picture, there is nothing to draw, there are too many charts, or the file
            cannot be written.
    """
    from matplotlib.figure import Figure

    from svclight.values.files import write_whole

    name, suffix = quoted_text(path.name), path.suffix.lower()
    if suffix not in PICTURES:
        raise SvclightError(Issue("a picture cannot have this suffix", found=name, expected=" or ".join(PICTURES)))
    if not draw:
        raise SvclightError(Issue("there is nothing to draw", found=name, expected=".md, .csv, .json or .parquet"))
    if len(draw) > _MOST_DRAWN:
        what = f"these are {len(draw)} charts, too many for one picture"
        raise SvclightError(Issue(what, found=name, expected=f"at most {_MOST_DRAWN}", hint="choose by --criterion"))
    figure = Figure(figsize=(_WIDE, _HIGH * len(draw)), layout="constrained")
    for ax, chart in zip(figure.subplots(len(draw), squeeze=False).flat, draw, strict=True):
        chart(ax)
    drawn = io.BytesIO()
    figure.savefig(drawn, format=suffix.removeprefix("."), dpi=_DOTS)
    write_whole(path, drawn.getvalue())
