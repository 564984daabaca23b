"""Exact sums: numbers as whole numbers of several places, which add up in any order and in any engine alike.

In: doubles, or whole numbers (ticks). Out: whole numbers, one for each of `PLACES`, each below 2^24 in size, so that
sums of them are exact in 64 bits; and from the sums the exact total as a fraction. A sum of doubles depends on their
order, and two engines add in two orders; these sums do not. A double counts as the number that it is exactly, to the
last of its bits that is worth 2^-120 or more (all bits of a double from 10^-20 on); one from 2^96 (8 x 10^28) on counts
as 2^96.
"""

from __future__ import annotations

from fractions import Fraction
from typing import TYPE_CHECKING, Any, Final

import numpy as np

if TYPE_CHECKING:
    from collections.abc import Mapping

    from numpy.typing import NDArray

    Ints = NDArray[np.int64]

WIDTH: Final = 24
"""Bits of a place: sums over 2^39 interactions still fit into 63 bits."""
PLACES: Final = (-120, -96, -72, -48, -24, 0, 24, 48, 72)
"""Each place counts in 2 to this power."""
WHOLE_PLACES: Final = (0, 24, 48)
"""Those that whole numbers of 64 bits need; the last one holds all that is left, with its sign."""
GREATEST: Final = 2.0**96


def places_of_floats(values: NDArray[np.float64]) -> dict[int, Ints]:
    """Finite doubles by place; the places of a negative number are 0 or below."""
    size = np.minimum(np.abs(values), GREATEST)
    sign = np.where(values < 0, -1, 1)
    # each step is exact: a power of two, a whole number, and a difference that is below 2^24 again
    above = {place: np.floor(size * 2.0**-place) for place in (*PLACES, PLACES[-1] + WIDTH)}
    above[PLACES[-1] + WIDTH][:] = 0  # the last place holds all that is left
    return {place: sign * (above[place] - above[place + WIDTH] * 2.0**WIDTH).astype(np.int64) for place in PLACES}


def places_of_whole(values: Ints) -> dict[int, Ints]:
    """Whole numbers by place."""
    mask = (1 << WIDTH) - 1
    low, middle, high = WHOLE_PLACES
    return {low: values & mask, middle: (values >> WIDTH) & mask, high: values >> (2 * WIDTH)}


def total_of(sums: Mapping[int, Any], per_unit: int) -> Fraction:
    """The exact total of summed places; `per_unit` of the numbers' units make one of the total's."""
    lowest = PLACES[0]
    return Fraction(sum(int(number) << (place - lowest) for place, number in sums.items()), per_unit << -lowest)
