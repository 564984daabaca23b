"""A histogram that fits every log: the same bins for all values, so that histograms of two logs can be added.

In: values as floats. Out: bin numbers, and the edges of a bin. Bins are 32 to an octave (about 2 % wide), mirrored
below 0; 0 has a bin of its own. A bin's number is read off the bits of the float, which costs next to nothing. Counts
are kept by zone: a bin that a limit cuts is counted in two parts, so a picture can end a bar exactly at the limit.

For medians there are finer bins, 64 to an octave, and whole numbers below 1,000 stand alone (`fine_codes`).
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Final

import numpy as np

if TYPE_CHECKING:
    from numpy.typing import NDArray

_BIAS: Final = 1023


@dataclass(frozen=True)
class Scale:
    """Bins of one width: so many bits of them to an octave, and the octaves that they reach over.

    Attributes:
        bits: 2 to this power bins are in an octave.
        lowest: The first octave begins at 2 to this power.
        octaves: How many octaves there are; what lies beyond them falls into the first or the last bin.
    """

    bits: int
    lowest: int
    octaves: int

    @property
    def per_octave(self) -> int:
        """Bins to an octave."""
        return 1 << self.bits

    @property
    def side(self) -> int:
        """Bins on each side of 0."""
        return self.octaves << self.bits

    def bins_of(self, values: NDArray[np.float64]) -> NDArray[np.int64]:
        """Bin numbers of finite values: 0 for zero, positive above, negative below."""
        # exponent and first bits of the fraction, read as one whole number, count the bins: no logarithm, no search
        numbers = np.abs(values).view(np.int64)
        numbers >>= 52 - self.bits
        numbers -= ((_BIAS + self.lowest) << self.bits) - 1
        np.maximum(numbers, 1, out=numbers)
        np.minimum(numbers, self.side, out=numbers)
        if len(values) and values.min() <= 0:  # most measures have no such value, and are spared the two passes
            numbers = np.where(values < 0, -numbers, np.where(values == 0, 0, numbers))
        return numbers

    def lower_edges(self, places: NDArray[np.int64]) -> NDArray[np.float64]:
        """The lower edges of bins above 0, counted from 0; each is the upper edge of the bin before."""
        octaves, steps = np.divmod(places, self.per_octave)
        return (1 + steps / self.per_octave) * 2.0 ** (octaves + self.lowest)


# the same for every log: only so can the histograms of two cards be added
COARSE: Final = Scale(bits=5, lowest=-10, octaves=44)
FINE: Final = Scale(bits=6, lowest=-34, octaves=90)
SIDE: Final = COARSE.side
"""Bins on each side of 0."""
BINS: Final = 2 * SIDE + 1
WHOLE_BELOW: Final = 1000
"""Whole numbers below this have a code of their own in the fine histogram."""
FINE_SIDE: Final = WHOLE_BELOW + FINE.side
"""Codes on each side of 0 in the fine histogram."""
FINE_CODES: Final = 2 * FINE_SIDE + 1


def bins_of(values: NDArray[np.float64]) -> NDArray[np.int64]:
    """Bin numbers of finite values: 0 for zero, positive above, negative below; extremes fall into the last bins."""
    return COARSE.bins_of(values)


def bin_edges(number: int) -> tuple[float, float]:
    """The lower and upper edge of a bin; a positive bin holds its lower edge, a negative one its upper."""
    if number == 0:
        return 0.0, 0.0
    low, high = COARSE.lower_edges(np.array([abs(number) - 1, abs(number)], dtype=np.int64)).tolist()
    return (low, high) if number > 0 else (-high, -low)


def fine_codes(values: NDArray[np.float64]) -> NDArray[np.int64]:
    """Codes of finite values: a whole number below 1,000 is its own code; beyond it are the fine bins, mirrored."""
    bins = FINE.bins_of(values)
    bins += np.where(values < 0, -WHOLE_BELOW, WHOLE_BELOW)
    alone = (np.abs(values) < WHOLE_BELOW) & (values == np.floor(values))
    return np.where(alone, np.where(alone, values, 0.0).astype(np.int64), bins)


def fine_values(codes: NDArray[np.int64]) -> tuple[NDArray[np.float64], NDArray[np.bool_]]:
    """The values that codes of one group stand for, and which of them are exact.

    A whole number keeps its value where no other value shares its bin: else the order within the bin is not known, and
    both stand for the bin's middle. The middle is that of the least relative error: 0.8 % at most.
    """
    alone = np.abs(codes) < WHOLE_BELOW
    bins = np.where(codes < 0, codes + WHOLE_BELOW, codes - WHOLE_BELOW)
    bins = np.where(alone, FINE.bins_of(codes.astype(np.float64)), bins)
    exact = alone & ~np.isin(bins, bins[~alone])
    places = np.maximum(np.abs(bins), 1)
    low, high = FINE.lower_edges(places - 1), FINE.lower_edges(places)
    return np.where(exact, codes, np.sign(bins) * 2 * low * high / (low + high)), exact
