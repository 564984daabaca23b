"""Funnel plots of shares: limits around the whole for each part, and how much more the others vary than chance.

In: counts of each part (a team, an employee) and what they are counts of. Out: limits for any size, the over-dispersion
factor of the other parts, the quantile that goes with it. Parts stand on the last axis; leading axes are families of
their own. scipy is loaded when used.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

import numpy as np

from svclight.statistics.distributions import binomial_point, normal_point, student_point
from svclight.statistics.shares import share

if TYPE_CHECKING:
    from numpy.typing import ArrayLike, NDArray

    Floats = NDArray[np.float64]

LEVELS: Final = (0.95, 0.998)
"""How much of chance lies inside the limits; two and about three standard deviations."""
FEWEST_WIDENED: Final = 5
"""From so many parts on, the others tell by how much more than chance parts differ by nature."""
_NEAR: Final = 1e-9
"""The last digits of a float make no count of another one."""


def others_factor(events: ArrayLike, rated: ArrayLike) -> Floats:
    """The factor by which the variance of the other parts exceeds the binomial one, for each part.

    Pearson's chi-squared of the others' shares by its degrees of freedom, never below 1. The part itself is left out:
    an outlier does not hide behind itself, so that no deviate needs to be drawn in (winsorised).

    Source: the multiplicative factor of Spiegelhalter (2005), Funnel plots for comparing institutional performance,
    Statistics in Medicine 24, 1185-1202, section 5; left out as the externally studentised residual leaves out a point.

    Args:
        events: Counts, parts on the last axis.
        rated: What they are counts of, above 0.

    Returns:
        The factor of each part; 1 where fewer than `FEWEST_WIDENED` parts are there, or the others are all 0 or all 1.
    """
    x, n = np.broadcast_arrays(*(np.asarray(one, dtype=np.float64) for one in (events, rated)))
    parts = x.shape[-1]
    if parts < FEWEST_WIDENED:
        return np.ones(x.shape)
    left, whole = x.sum(axis=-1, keepdims=True) - x, n.sum(axis=-1, keepdims=True) - n
    center = share(left, whole)
    # the sum of n (share - centre)^2 over the others, written with sums so that each part is left out in one step
    squares = (x**2 / n).sum(axis=-1, keepdims=True) - x**2 / n - left**2 / whole
    chance = center * (1 - center) * (parts - 2)
    factor = np.divide(squares, chance, out=np.ones(x.shape), where=chance > 0)
    found: Floats = np.maximum(factor, 1.0)
    return found


def quantile_ratio(level: float, parts: int) -> float:
    """The quantile that limits are drawn with, by the normal one: Student's with `parts - 2` degrees of freedom.

    The factor is estimated from `parts - 1` others around their own share. Of fewer than `FEWEST_WIDENED` parts it is
    not estimated, and the ratio is 1.
    """
    if parts < FEWEST_WIDENED:
        return 1.0
    place = (1 + level) / 2
    return float(student_point(place, parts - 2) / normal_point(place))


def funnel_limits(
    rated: ArrayLike, center: float, level: float, *, widen: ArrayLike = 1.0, whole: float = np.inf
) -> tuple[Floats, Floats]:
    """The lower and the upper limit of a share of so many, around the share of the whole.

    Exact binomial points (Spiegelhalter 2005, appendix A.1, without his interpolation): a share on a limit is inside,
    and beyond each limit lies at most half of what the level leaves. A part belongs to the whole, so that its share
    differs from that of all others where it differs from the whole's by more than chance times the root of
    1 - part / whole: the score test of two shares. Of 100 around 0.1, in a whole without end, they are 0.05 and 0.16.

    Args:
        rated: The sizes.
        center: The share of the whole.
        level: How much of chance lies inside.
        widen: The factor of the distance from the centre, for each size.
        whole: How many are rated in all.

    Returns:
        The limits, 0 to 1; NaN where nothing is rated, nothing else is rated, or the centre is 0 or 1.
    """
    n = np.rint(np.asarray(rated, dtype=np.float64))
    if not 0 < center < 1:
        return np.full(n.shape, np.nan), np.full(n.shape, np.nan)
    known = (n > 0) & (n < whole)
    size = np.where(known, n, 1.0)
    # whole counts that lie outwards: nothing that chance does at the level is beyond them
    ends = (np.floor(_part_point(size, center, whole, (1 - level) / 2) + _NEAR) / size,
            np.ceil(_part_point(size, center, whole, (1 + level) / 2) - _NEAR) / size)  # fmt: skip
    low, high = (np.clip(center + np.asarray(widen) * (end - center), 0.0, 1.0) for end in ends)
    return np.where(known, low, np.nan), np.where(known, high, np.nan)


def _part_point(n: Floats, center: float, whole: float, probability: float) -> Floats:
    """The count of n of the whole that is reached with a probability.

    Given the count of the whole, that of a part is hypergeometric: the part may be drawn from the whole, or what is
    rarer in the whole (events or the others) from all places. The binomial of the smaller draw is the nearer one.
    """
    part, rare = n / whole, min(center, 1 - center)
    drawn = n * center + (_binomial_point(n, center, probability) - n * center) * np.sqrt(1 - part)
    if not np.isfinite(whole):
        return drawn
    events = center == rare
    place = probability if events else 1 - probability
    count = _binomial_point(np.full(n.shape, np.rint(rare * whole)), part, place)
    turned = n * rare + (count - n * rare) * np.sqrt(1 - rare)
    return np.where(rare < part, turned if events else n - turned, drawn)


def _binomial_point(n: Floats, chance: ArrayLike, probability: float) -> Floats:
    """The least count of n that is reached with a probability."""
    return binomial_point(probability, n, chance)
