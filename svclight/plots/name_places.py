"""Places for names beside points, where they lie on no point and on no other name.

In: points and texts on a plane of points (1/72 inch). Out: the text in lines, its shift from the point, its box.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Final

from svclight.plots.style import SMALL, text_width, wrap_to

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator

    Box = tuple[float, float, float, float]
    Point = tuple[float, float]

_MARK: Final = 4.0
"""Half the width of a point's mark."""
_GAP: Final = 6.0
_LINE: Final = 1.15 * SMALL
_WIDTHS: Final = (150.0, 90.0, 60.0)
_UPWARDS: Final = (0.0, 9.0, -9.0, 18.0, -18.0, 27.0, -27.0)


@dataclass(frozen=True)
class NamePlace:
    """Where a name stands: its lines, its shift from the point, the side it begins at, the box that it fills."""

    text: str
    shift: Point
    align: str
    box: Box


def boxes_around(points: Iterable[Point]) -> list[Box]:
    """The boxes of the marks of points."""
    return [(x - _MARK, y - _MARK, x + _MARK, y + _MARK) for x, y in points]


def free_place(at: Point, text: str, taken: Iterable[Box], space: Box) -> NamePlace | None:
    """The first place beside a point where its name meets nothing, in one line or in more; None where there is none."""
    own = boxes_around([at])[0]
    others = [box for box in taken if box != own]
    return next(
        (
            place
            for place in _places_around(at, text)
            if _is_inside(place.box, space) and not any(_boxes_meet(place.box, box) for box in others)
        ),
        None,
    )


def _places_around(at: Point, text: str) -> Iterator[NamePlace]:
    """The places that are tried, the nearest first."""
    x, y = at
    shapes = list(dict.fromkeys(wrap_to(text, width, SMALL, most=4) for width in _WIDTHS))
    for up in _UPWARDS:
        for shown in shapes:
            wide, half = text_width(shown, SMALL) + 1, _LINE * (shown.count("\n") + 1) / 2
            for align, gap in (("left", _GAP), ("right", -_GAP)):
                left = x + gap if align == "left" else x + gap - wide
                yield NamePlace(shown, (gap, up), align, (left, y + up - half, left + wide, y + up + half))


def _is_inside(box: Box, space: Box) -> bool:
    return box[0] >= space[0] and box[1] >= space[1] and box[2] <= space[2] and box[3] <= space[3]


def _boxes_meet(first: Box, second: Box) -> bool:
    return first[0] < second[2] and second[0] < first[2] and first[1] < second[3] and second[1] < first[3]
