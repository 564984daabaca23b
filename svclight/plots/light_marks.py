"""Marks of lights: what is not sure yet is paler and hatched, and notes say what each mark means.

In: lights, paints, the code of a language. Out: fills, hatches, lines of notes.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from svclight.card.lights import OUTLINE
from svclight.plots.style import HATCH, paler_colour
from svclight.wording.catalogue import say, to_say

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator

    from matplotlib.axes import Axes

    from svclight.card.lights import Light, Paint

_UNSURE = {"immature": to_say("can still turn"), "partial": to_say("not all days")}


def is_unsure(light: Light) -> bool:
    """Whether the share of a light is not sure yet."""
    return any(flag in light.flags for flag in _UNSURE)


def inks_of(light: Light, paint: Paint) -> tuple[Any, str]:
    """The fill and text colours of a light; paler where its share is not sure yet."""
    return (paler_colour(paint.fill), OUTLINE) if is_unsure(light) else (paint.fill, paint.text)


def draw_hatch(ax: Axes, x: float, width: float, low: float, height: float) -> None:
    """Draws pale hatching over a bar and below its numbers."""
    ax.bar(
        x, height, width, bottom=low, facecolor="none", edgecolor=HATCH, linewidth=0, hatch="////", zorder=2.2,
        gid="hatch",
    )  # fmt: skip


def patch_behind(light: Light, fill: Any) -> dict[str, Any] | None:
    """The patch behind a text, so that no hatching crosses it; None where there is no hatching."""
    return {"facecolor": fill, "edgecolor": "none", "pad": 1.2} if is_unsure(light) else None


def flag_notes(lights: Iterable[Light], lang: str) -> Iterator[str]:
    """The lines of the note that explain the flags in a plot."""
    flags = {flag for light in lights for flag in light.flags if light.rated_count}
    if "few" in flags:
        yield say("* under 30 rated", lang)
    unsure = ", ".join(say(text, lang) for flag, text in _UNSURE.items() if flag in flags)
    if unsure:
        yield say("pale and hatched: {reasons}", lang, reasons=unsure)
