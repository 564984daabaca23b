"""Quantiles of values that stand for several interactions each.

In: values and how often each occurs. Out: the quantile by linear interpolation between neighbours (Hyndman and Fan
1996, type 7), which is what pandas, NumPy and spreadsheets give of the values written out one by one.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

if TYPE_CHECKING:
    from fractions import Fraction

    from numpy.typing import NDArray


def quantile(values: NDArray[np.float64], counts: NDArray[np.int64], place: Fraction) -> float:
    """The value below which a part of all lies.

    Args:
        values: In any order.
        counts: How often each occurs.
        place: The part, 0 to 1, exact: with 11 values the 90 % point is the tenth, and no float may say otherwise.

    Returns:
        The quantile; NaN where nothing occurs.
    """
    order = np.argsort(values, kind="stable")
    reached = np.cumsum(counts[order])
    if not len(reached) or not reached[-1]:
        return float("nan")
    rank = place * (int(reached[-1]) - 1)  # of the ranks 0 to n - 1
    below = rank.numerator // rank.denominator
    low, high = values[order][np.searchsorted(reached, [below, below + (rank > below)], side="right")].tolist()
    return float(low + float(rank - below) * (high - low))
