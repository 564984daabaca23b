"""A straight trend of shares over periods, and whether it is more than chance.

In: shares in calendar order. Out: the slope and its p-value. scipy is loaded when used.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

import numpy as np

if TYPE_CHECKING:
    from numpy.typing import ArrayLike

FEWEST_FOR_TREND: Final = 6
"""With fewer periods a line fits almost anything."""


def straight_trend(places: ArrayLike, shares: ArrayLike) -> tuple[float, float]:
    """The slope of the straight line through shares (least squares), and its two-sided p-value by Student's t.

    0.70, 0.72, 0.71, 0.74, 0.75, 0.78 in six periods rise by 0.0149 a period, p = 0.005.

    Args:
        places: The places of the periods in the calendar: gaps count.
        shares: One for each.

    Returns:
        Slope and p-value; NaN for fewer than six periods, a p-value of 1 where all shares are the same.
    """
    from scipy import stats as scipy_stats  # noqa: PLC0415 - loaded when used

    x, y = np.asarray(places, dtype=np.float64), np.asarray(shares, dtype=np.float64)
    if len(y) < FEWEST_FOR_TREND:
        return np.nan, np.nan
    if np.ptp(y) == 0:
        return 0.0, 1.0
    line = scipy_stats.linregress(x, y)
    return float(line.slope), float(line.pvalue)
