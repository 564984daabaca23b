"""A histogram that fits every log: the same bins for all values, so that histograms of two logs can be added.

In: values as floats. Out: bin numbers, and the edges of a bin. Bins are 32 to an octave (about 2 % wide), mirrored
below 0; 0 has a bin of its own. A bin's number is read off the bits of the float, which costs next to nothing. Counts
are kept by zone: a bin that a limit cuts is counted in two parts, so a picture can end a bar exactly at the limit.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

import numpy as np

if TYPE_CHECKING:
    from numpy.typing import NDArray

_PER_OCTAVE_BITS: Final = 5
_SHIFT: Final = 52 - _PER_OCTAVE_BITS
_BIAS: Final = 1023
LOWEST_OCTAVE: Final = -10
"""The first octave begins at 2 to this power."""
OCTAVES: Final = 44
PER_OCTAVE: Final = 1 << _PER_OCTAVE_BITS
"""Bins to an octave."""
_FIRST: Final = (_BIAS + LOWEST_OCTAVE) << _PER_OCTAVE_BITS
SIDE: Final = OCTAVES << _PER_OCTAVE_BITS
"""Bins on each side of 0."""
BINS: Final = 2 * SIDE + 1


def bins_of(values: NDArray[np.float64]) -> NDArray[np.int64]:
    """Bin numbers of finite values: 0 for zero, positive above, negative below; extremes fall into the last bins."""
    numbers = np.abs(values).view(np.int64)
    numbers >>= _SHIFT
    numbers -= _FIRST - 1
    np.maximum(numbers, 1, out=numbers)
    np.minimum(numbers, SIDE, out=numbers)
    if len(values) and values.min() <= 0:
        numbers = np.where(values < 0, -numbers, np.where(values == 0, 0, numbers))
    return numbers


def bin_edges(number: int) -> tuple[float, float]:
    """The lower and upper edge of a bin; a positive bin holds its lower edge, a negative one its upper."""
    if number == 0:
        return 0.0, 0.0
    low, high = (_lower_edge(abs(number) - 1), _lower_edge(abs(number)))
    return (low, high) if number > 0 else (-high, -low)


def _lower_edge(place: int) -> float:
    octave, step = divmod(place, 1 << _PER_OCTAVE_BITS)
    return float((1 + step / (1 << _PER_OCTAVE_BITS)) * 2.0 ** (octave + LOWEST_OCTAVE))
