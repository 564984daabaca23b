"""Control charts of shares: Laney's p' limits, the variation between periods, the rules; formulas on arrays.

In: counts and what they are parts of, periods in calendar order on the last axis, all of one phase (between two
changes of the service). Out: limits, and which points raise which rule. Leading axes are charts of their own.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Final

import numpy as np
from numpy.lib.stride_tricks import sliding_window_view

from svclight.statistics.shares import share

if TYPE_CHECKING:
    from collections.abc import Iterable

    from numpy.typing import ArrayLike, NDArray

    Floats = NDArray[np.float64]
    Mask = NDArray[np.bool_]

OUTSIDE: Final = "outside"
ONE_SIDE: Final = "7 on one side"
TREND: Final = "7 rising or falling"
OUTER_THIRD: Final = "2 of 3 in the outer third"
RULES: Final = (OUTSIDE, ONE_SIDE, TREND, OUTER_THIRD)
RUN: Final = 7
"""So many points make a run."""
_OUTER: Final = 2.0
"""The outer third begins so many standard deviations from the centre; the limits stand at three."""
_RANGE_TO_SIGMA: Final = 1.128
"""The mean range of two normal values is so many standard deviations."""
_RANGE_VARIANCE, _NEIGHBOUR_COVARIANCE = 0.5708, 0.1278
"""Of the absolute difference of two normal values, as a multiple of its squared mean: its variance, and its covariance
with that of the next pair, which shares one of the values: pi/2 - 1, and sqrt(3)/2 + pi/12 - 1."""


@dataclass(frozen=True)
class PPrime:
    """Limits of one phase of a chart.

    Attributes:
        center: Everything counted by everything rated; 0 to 1, one axis less than the points.
        sigma_z: How many times more the points vary than binomial counts.
        sigma: The standard deviation of each point.
        lower: The lower limit of each point, not below 0; NaN where the centre is 0 or 1.
        upper: The upper limit of each point, not above 1.
    """

    center: Floats
    sigma_z: Floats
    sigma: Floats
    lower: Floats
    upper: Floats


def binomial_deviates(events: ArrayLike, rated: ArrayLike) -> Floats:
    """How far each share lies from the whole's, in binomial standard deviations; NaN where the whole's is 0 or 1."""
    x, n = np.asarray(events, dtype=np.float64), np.asarray(rated, dtype=np.float64)
    center = share(x.sum(axis=-1), n.sum(axis=-1))[..., np.newaxis]
    error = np.sqrt(center * (1 - center) / n)
    z: Floats = np.divide(x / n - center, error, out=np.full(np.broadcast(x, center).shape, np.nan), where=error > 0)
    return z


def sigma_z(phases: Iterable[tuple[ArrayLike, ArrayLike]]) -> tuple[Floats, float]:
    """How many times more shares vary from period to period than binomial counts, and how well that is known.

    The mean moving range of the deviates of all phases, by 1.128.

    Args:
        phases: Counts and what they are parts of, phase by phase; no range spans two phases.

    Returns:
        The factor, NaN where there is no range; and its degrees of freedom: those of the chi-squared distribution
        with the same relative variance as the mean of ranges that overlap (6.8 for 12 points, 14.1 for 24).
    """
    ranges = [np.abs(np.diff(binomial_deviates(*phase), axis=-1)) for phase in phases]
    counts = [one.shape[-1] for one in ranges if one.shape[-1]]
    if not counts:
        return np.asarray(np.nan), 0.0
    count, neighbours = sum(counts), sum(one - 1 for one in counts)
    mean = np.concatenate(ranges, axis=-1).mean(axis=-1)
    variance = (_RANGE_VARIANCE * count + 2 * _NEIGHBOUR_COVARIANCE * neighbours) / count**2
    return mean / _RANGE_TO_SIGMA, 1 / (2 * variance)


def p_prime(events: ArrayLike, rated: ArrayLike, *, narrower: bool = False) -> PPrime:
    """The limits of Laney's p' chart, three standard deviations around the centre.

    Source: Laney (2002), Improved control charts for attributes, Quality Engineering 14, 531-537.

    Args:
        events: What is counted, by period; at least one period.
        rated: What it is a part of, above 0.
        narrower: Whether limits may be narrower than those of the plain p chart, where points vary less than binomial
            counts.
    """
    n = np.asarray(rated, dtype=np.float64)
    center = share(np.asarray(events, dtype=np.float64).sum(axis=-1), n.sum(axis=-1))
    factor, _ = sigma_z([(events, rated)])
    if not narrower:
        factor = np.fmax(factor, 1.0)
    middle = np.where((center > 0) & (center < 1), center, np.nan)[..., np.newaxis]
    sigma = np.sqrt(middle * (1 - middle) / n) * factor[..., np.newaxis]
    return PPrime(center, factor, sigma, np.maximum(middle - 3 * sigma, 0.0), np.minimum(middle + 3 * sigma, 1.0))


def rule_signals(shares: ArrayLike, limits: PPrime) -> dict[tuple[str, bool], Mask]:
    """The points that raise each rule, upwards (True) and downwards (False).

    A point on the centre is on no side. A run's points are all marked; of two in the outer third those that lie in it.
    """
    p = np.asarray(shares, dtype=np.float64)
    with np.errstate(invalid="ignore"):
        far = (p - limits.center[..., np.newaxis]) / limits.sigma
        steps = np.diff(p, axis=-1) * np.where(np.isnan(far[..., 1:]), np.nan, 1.0)
        over, under = p > limits.upper, p < limits.lower
    found = {(OUTSIDE, True): over, (OUTSIDE, False): under}
    for up, sign in ((True, 1.0), (False, -1.0)):
        found[ONE_SIDE, up] = _in_runs(sign * far > 0, RUN)
        rising = _in_runs(sign * steps > 0, RUN - 1)
        found[TREND, up] = _points_at_steps(rising, p.shape)
        found[OUTER_THIRD, up] = _two_of_three(sign * far > _OUTER)
    return found


def _in_runs(holds: Mask, length: int) -> Mask:
    """Which points stand in a run of at least so many for which it holds."""
    marked = np.zeros(holds.shape, dtype=bool)
    if holds.shape[-1] < length:
        return marked
    whole = sliding_window_view(holds, length, axis=-1).all(axis=-1)
    for shift in range(length):
        marked[..., shift : shift + whole.shape[-1]] |= whole
    return marked


def _points_at_steps(steps: Mask, shape: tuple[int, ...]) -> Mask:
    """The points at either end of marked steps."""
    marked = np.zeros(shape, dtype=bool)
    marked[..., 1:] |= steps
    marked[..., :-1] |= steps
    return marked


def _two_of_three(holds: Mask) -> Mask:
    marked = np.zeros(holds.shape, dtype=bool)
    if holds.shape[-1] < 2:  # noqa: PLR2004 - two points
        return marked
    padded = np.concatenate([holds, np.zeros((*holds.shape[:-1], 1), dtype=bool)], axis=-1)
    enough = sliding_window_view(padded, 3, axis=-1).sum(axis=-1) >= 2  # noqa: PLR2004 - two of three
    for shift in range(3):
        end = min(enough.shape[-1], holds.shape[-1] - shift)
        marked[..., shift : shift + end] |= enough[..., :end]
    return marked & holds
