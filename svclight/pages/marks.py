"""The marks of the page's figures: boxes, words, lines, points, bands, and the axes that they stand on.

In: coordinates in pixels, values, texts. Out: elements of SVG as text, all texts escaped. Colours are those of the
page's style sheet, so that light, dark and print share one figure.
"""

from __future__ import annotations

import html
import math
from dataclasses import dataclass
from typing import TYPE_CHECKING, Final

from svclight.errors import printable_text

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Iterator, Sequence

    Scale = Callable[[float], float]
    Show = Callable[[float], str]
    Size = tuple[float, float]

LEFT: Final = 62.0
RIGHT: Final = 14.0
TOP: Final = 10.0
BOTTOM: Final = 26.0
LETTER: Final = 6.6
"""The mean width of a letter of 12 px."""
_LONGEST: Final = 400
"""A text is cut after so many characters."""
_NO_BREAK: Final = "\N{NO-BREAK SPACE}"
_MOST_POINTS: Final = 80
"""More points than this are a line without a mark each; those that stand out keep theirs."""


@dataclass(frozen=True)
class Point:
    """A point of a line: its value, NaN where there is none, its tooltip; whether it stands out, or is hollow."""

    value: float
    tip: str
    stands_out: bool = False
    is_hollow: bool = False


def escape(text: object) -> str:
    """A text for the inside of markup and of quoted attributes; controls but ends of lines are written out."""
    lines = str(text).split("\n")
    shown = (_NO_BREAK.join(printable_text(part, _LONGEST) for part in line.split(_NO_BREAK)) for line in lines)
    return html.escape("\n".join(shown), quote=True)


def number(value: float) -> str:
    """A coordinate: one decimal, without a needless zero."""
    return f"{value:.1f}".removesuffix(".0")


def figure(parts: Iterable[str], size: Size, label: str, *, kind: str, is_still: bool = False) -> str:
    """Marks put together; one that is not still can be walked through by keyboard."""
    walk = "" if is_still else ' tabindex="0"'
    box_of = f"0 0 {number(size[0])} {number(size[1])}"
    return (
        f'<svg class="{kind}" viewBox="{box_of}" role="img" aria-label="{escape(label)}"{walk}>{"".join(parts)}</svg>'
    )


def tipped(parts: Iterable[str], tip: str, *, name: str = "") -> str:
    """Marks that say something when they are pointed at."""
    return f'<g{f" class={name}" if name else ""} data-tip="{escape(tip)}">{"".join(parts)}</g>'


def box(name: str, x: float, y: float, wide: float, tall: float) -> str:
    """A box in the colour of a class."""
    return f'<path class="{name}" d="M{number(x)} {number(y)}h{number(wide)}v{number(tall)}h-{number(wide)}z"/>'


def words(x: float, y: float, text: str, *, name: str = "", anchor: str = "") -> str:
    """A text; `anchor` is `middle` or `end`."""
    kind = f' class="{name}"' if name else ""
    side = f' text-anchor="{anchor}"' if anchor else ""
    return f'<text{kind} x="{number(x)}" y="{number(y)}"{side}>{escape(text)}</text>'


def level(name: str, x: float, until: float, y: float) -> str:
    """A level line."""
    return f'<path class="{name}" d="M{number(x)} {number(y)}H{number(until)}"/>'


def upright(name: str, x: float, y: float, until: float) -> str:
    """An upright line."""
    return f'<path class="{name}" d="M{number(x)} {number(y)}V{number(until)}"/>'


def path(places: Sequence[tuple[float, float]]) -> str:
    """The way through some places."""
    return "M" + "L".join(f"{number(x)} {number(y)}" for x, y in places)


def mark(x: float, y: float, *, stands_out: bool, is_hollow: bool = False) -> str:
    """A point: round, hollow, or a square where it stands out."""
    if stands_out:
        return box("out", x - 4.5, y - 4.5, 9.0, 9.0)
    return f'<circle{" class=hollow" if is_hollow else ""} cx="{number(x)}" cy="{number(y)}" r="3.2"/>'


def line(at: Sequence[float], values: Sequence[float], up: Scale) -> str:
    """A line through all values; it is broken where there is none."""
    runs = _runs([not math.isnan(value) for value in values])
    ways = [path([(at[place], up(values[place])) for place in run]) for run in runs if len(run) > 1]
    return f'<path class="line" d="{"".join(ways)}"/>' if ways else ""


def points(at: Sequence[float], made: Sequence[Point], up: Scale) -> Iterator[str]:
    """The points of a line, each with its tooltip; of very many those alone that stand out."""
    for x, point in zip(at, made, strict=True):
        if math.isnan(point.value) or (len(made) > _MOST_POINTS and not point.stands_out):
            continue
        shown = mark(x, up(point.value), stands_out=point.stands_out, is_hollow=point.is_hollow)
        yield tipped([shown], point.tip)


def band(at: Sequence[float], limits: Sequence[tuple[float, float, float]], up: Scale) -> Iterator[str]:
    """The band between lower and upper limits as steps, and its centre; broken where there is none."""
    half = (at[1] - at[0]) / 2 if len(at) > 1 else 20.0
    for run in _runs([not math.isnan(low) and not math.isnan(high) for low, _, high in limits]):
        edges = [(at[place] + side * half, place) for place in run for side in (-1, 1)]
        upper = [(x, up(limits[place][2])) for x, place in edges]
        lower = [(x, up(limits[place][0])) for x, place in reversed(edges)]
        yield f'<path class="band" d="{path([*upper, *lower])}z"/>'
        yield f'<path class="mid" d="{path([(x, up(limits[place][1])) for x, place in edges])}"/>'


def _runs(holds: Sequence[bool]) -> list[list[int]]:
    """The stretches of places for which something holds."""
    found: list[list[int]] = []
    for place, here in enumerate(holds):
        if here and place and holds[place - 1]:
            found[-1].append(place)
        elif here:
            found.append([place])
    return found


def grid(marks: Iterable[float], up: Scale, size: Size, show: Show, *, foot: float = BOTTOM) -> Iterator[str]:
    """Level lines with their values on the left."""
    for one in marks:
        y = up(one)
        if TOP - 2 <= y <= size[1] - foot + 2:
            yield level("grid", LEFT, size[0] - RIGHT, y)
            yield words(LEFT - 6, y + 4, show(one), name="soft", anchor="end")


def names_under(at: Sequence[float], names: Sequence[str], size: Size) -> Iterator[str]:
    """Names under the axis, from the last one back, as many as there is room for."""
    free = size[0] + 8
    for x, name in reversed(list(zip(at, names, strict=True))):
        wide = len(name) * LETTER
        centre = min(max(x, wide / 2), size[0] - wide / 2)
        if centre + wide / 2 + 10 <= free:
            yield words(centre, size[1] - 8, name, name="soft", anchor="middle")
            free = centre - wide / 2


def scale(values: tuple[float, float], places: tuple[float, float]) -> Scale:
    """A function from values to places; where all values are one, it stands in the middle."""
    span = values[1] - values[0]
    if not span:
        return lambda _: (places[0] + places[1]) / 2
    return lambda value: places[0] + (value - values[0]) / span * (places[1] - places[0])


def places_of(many: int, first: float, last: float) -> list[float]:
    """So many places from the first to the last; a single one stands in the middle."""
    if many == 1:
        return [(first + last) / 2]
    return [first + (last - first) * place / (many - 1) for place in range(many)]


def room(values: Iterable[float], bounds: tuple[float, float] = (-math.inf, math.inf)) -> tuple[float, float]:
    """The ends of an axis that shows all values with some room, within what a value can be."""
    there = [value for value in values if not math.isnan(value)]
    low, high = min(there, default=0.0), max(there, default=1.0)
    more = max((high - low) * 0.08, 0.005 if bounds[1] <= 1 else abs(high) * 0.01, 1e-9)
    return max(low - more, bounds[0]), min(high + more, bounds[1])


def ticks(low: float, high: float) -> list[float]:
    """About four round values, from the one at or below `low` to the one at or above `high`."""
    rough = max(high - low, 1e-9) / 4
    unit = 10.0 ** math.floor(math.log10(rough))
    step = unit * min((one for one in (1, 2, 2.5, 5, 10) if unit * one >= rough * 0.999), default=10)
    first, last = math.floor(low / step + 1e-9), math.ceil(high / step - 1e-9)
    return [step * place for place in range(first, last + 1)]
