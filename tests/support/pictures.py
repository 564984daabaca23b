"""What a reader of a plot would stumble over, told from what is drawn: texts that are cut, texts that lie on others."""

from __future__ import annotations

from itertools import combinations
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Iterator

    from matplotlib.axes import Axes
    from matplotlib.text import Text


def texts_of(ax: Axes) -> list[Text]:
    """All texts of axes that are seen: title, notes, ticks, names."""
    titles = [ax._left_title, ax.xaxis.label, ax.yaxis.label]  # type: ignore[attr-defined]
    found = [*titles, *ax.get_xticklabels(), *ax.get_yticklabels(), *ax.texts]
    return [text for text in found if text.get_visible() and text.get_text().strip()]


def words_of(ax: Axes) -> list[str]:
    """The texts of axes, each on one line."""
    return [" ".join(text.get_text().split()) for text in texts_of(ax)]


def stumbles(*axes: Axes) -> Iterator[str]:
    """Texts outside of the figure, or over another one, on axes of one figure."""
    figure = axes[0].figure
    figure.draw_without_rendering()  # type: ignore[union-attr]
    boxes = [(text.get_text(), text.get_window_extent()) for ax in axes for text in texts_of(ax)]
    whole = figure.bbox
    for text, box in boxes:
        if box.x0 < whole.x0 - 1 or box.y0 < whole.y0 - 1 or box.x1 > whole.x1 + 1 or box.y1 > whole.y1 + 1:
            yield f"outside: {text!r}"
    for (one, first), (other, second) in combinations(boxes, 2):
        if (
            min(first.x1, second.x1) - max(first.x0, second.x0)
            > 1
            < min(first.y1, second.y1) - max(first.y0, second.y0)
        ):
            yield f"{one!r} over {other!r}"
