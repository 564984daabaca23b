"""Control charts of shares and of values: limits (Laney's p', XmR), the months of the year, the rules; on arrays.

In: counts and what they are parts of, or values, periods in calendar order on the last axis, all of one phase (between
two changes of the service). Out: limits, and which points raise which rule. Leading axes are charts of their own.
scipy is loaded when used.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Final

import numpy as np
from numpy.lib.stride_tricks import sliding_window_view

from svclight.statistics.distributions import f_tail
from svclight.statistics.shares import share

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence

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
SEASON_FROM: Final = 24
"""From so many months on it can be seen whether months of the year have levels of their own."""
SEASON_LEVEL: Final = 0.01
"""They have where the test that they explain more than chance is significant at this level."""
_YEAR: Final = 12
_WAVE_NUMBERS: Final = 3
"""A wave of a year has a mean, and two numbers for its height and its place."""
_ROUNDING: Final = 1e-24
"""Of a sum of squares so much may be rounding, which is 1e-15 of each value, with room."""
_OUTER: Final = 2.0
"""The outer third begins so many standard deviations from the centre; the limits stand at three."""
_RANGE_TO_SIGMA: Final = 1.128
"""The mean range of two normal values is so many standard deviations."""
_RANGE_VARIANCE, _NEIGHBOUR_COVARIANCE = 0.5708, 0.1278
"""Of the absolute difference of two normal values, as a multiple of its squared mean: its variance, and its covariance
with that of the next pair, which shares one of the values: pi/2 - 1, and sqrt(3)/2 + pi/12 - 1."""


@dataclass(frozen=True)
class Limits:
    """Limits of one phase of a chart.

    Attributes:
        center: Everything counted by everything rated, 0 to 1, or the mean value; one axis less than the points.
        level: The centre of each point: the one for all, or that of its month of the year.
        sigma_z: How many times more the points vary than binomial counts; NaN of values.
        sigma: The standard deviation of each point.
        lower: The lower limit of each point (of a share not below 0); NaN where a share is always 0 or always 1.
        upper: The upper limit of each point (of a share not above 1).
    """

    center: Floats
    level: Floats
    sigma_z: Floats
    sigma: Floats
    lower: Floats
    upper: Floats


def binomial_deviates(events: ArrayLike, rated: ArrayLike, level: ArrayLike | None = None) -> Floats:
    """The distance of each share from the share of the whole, in binomial standard deviations.

    Args:
        events: Counts, periods on the last axis.
        rated: The numbers that they are parts of, above 0.
        level: The centre of each point, where it is not that of the whole.

    Returns:
        The deviates; NaN where the share of the whole is 0 or 1.
    """
    x, n = np.asarray(events, dtype=np.float64), np.asarray(rated, dtype=np.float64)
    center = share(x.sum(axis=-1), n.sum(axis=-1))[..., np.newaxis]
    error = np.sqrt(center * (1 - center) / n)
    step = x / n - (center if level is None else np.asarray(level))
    z: Floats = np.divide(step, error, out=np.full(np.broadcast(x, center).shape, np.nan), where=error > 0)
    return z


def sigma_z(phases: Iterable[tuple[ArrayLike, ArrayLike]]) -> tuple[Floats, float]:
    """The factor by which shares vary more from period to period than binomial counts, and its certainty.

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


def p_prime(events: ArrayLike, rated: ArrayLike, *, narrower: bool = False, level: ArrayLike | None = None) -> Limits:
    """The limits of Laney's p' chart, three standard deviations around the centre.

    Source: Laney (2002), Improved control charts for attributes, Quality Engineering 14, 531-537.

    Args:
        events: What is counted, by period; at least one period.
        rated: What it is a part of, above 0.
        narrower: Whether limits may be narrower than those of the plain p chart, where points vary less than binomial
            counts.
        level: The centre of each point where months of the year have their own (`month_levels`).
    """
    x, n = np.asarray(events, dtype=np.float64), np.asarray(rated, dtype=np.float64)
    center = share(x.sum(axis=-1), n.sum(axis=-1))
    middle = np.where((center > 0) & (center < 1), center, np.nan)[..., np.newaxis]
    around = np.broadcast_to(middle, x.shape) if level is None else np.asarray(level, dtype=np.float64)
    factor = _deviate_sigma(binomial_deviates(x, n, around), around)
    if not narrower:
        factor = np.fmax(factor, 1.0)
    sigma = np.sqrt(middle * (1 - middle) / n) * factor[..., np.newaxis]
    return Limits(
        center, around, factor, sigma, np.maximum(around - 3 * sigma, 0.0), np.minimum(around + 3 * sigma, 1.0)
    )


def xmr(values: ArrayLike, *, level: ArrayLike | None = None) -> Limits:
    """The limits of an XmR chart: the mean and 2.66 mean moving ranges (three by 1.128) on both sides.

    Source: Shewhart (1931); Wheeler (1993), Understanding Variation; the chart of NHS "Making data count". The ten flow
    rates of the NIST/SEMATECH e-Handbook, 6.3.2.2, have the mean 50.81 and the limits 45.8159 and 55.8041.

    Args:
        values: One for each period, at least two periods.
        level: The centre of each point where months of the year have their own (`month_levels`).
    """
    x = np.asarray(values, dtype=np.float64)
    center = x.mean(axis=-1)
    around = np.broadcast_to(center[..., np.newaxis], x.shape) if level is None else np.asarray(level, dtype=np.float64)
    sigma = np.broadcast_to(_deviate_sigma(x - around, around)[..., np.newaxis], x.shape)
    return Limits(center, around, np.full(center.shape, np.nan), sigma, around - 3 * sigma, around + 3 * sigma)


def _deviate_sigma(deviates: Floats, level: Floats) -> Floats:
    """The standard deviation of deviates from their levels by the mean moving range.

    Levels that were found from the same points lie nearer to them than those that hold: of N points with L levels the
    mean squared deviate is 1 - L / N of the variance. Of one level for all, that is left as the charts have it.
    """
    if deviates.shape[-1] < 2:  # noqa: PLR2004 - a range has two ends
        return np.full(deviates.shape[:-1], np.nan)
    mean = np.abs(np.diff(deviates, axis=-1)).mean(axis=-1) / _RANGE_TO_SIGMA
    points = deviates.shape[-1]
    levels = (np.diff(np.sort(level, axis=-1), axis=-1) > 0).sum(axis=-1) + 1
    found: Floats = np.where(
        (levels > 1) & (levels < points), mean * np.sqrt(points / np.maximum(points - levels, 1)), mean
    )
    return found


def month_levels(values: ArrayLike, weights: ArrayLike, months: Sequence[int]) -> tuple[Floats, Floats]:
    """The mean of each point's month of the year, and the p-value of months explaining more than chance.

    Two F tests, and the smaller p-value twice (Bonferroni): the one-way analysis of variance of the values by month,
    and the fit of one wave a year. Two years show twelve levels of their own only where they lie far apart; a wave,
    which has but two numbers, they show as well as it is.

    Source: Fisher (1925), Statistical Methods for Research Workers, chapter VII; Bliss (1958), Periodic Regression in
    Biology and Climatology.

    Args:
        values: Shares or values, periods on the last axis.
        weights: What each counts for.
        months: The month of the year of each period, from 0.

    Returns:
        The weighted mean of the month of each point; and the p-value, NaN where no month comes twice.
    """
    y, w = np.broadcast_arrays(np.asarray(values, dtype=np.float64), np.asarray(weights, dtype=np.float64))
    names, place = np.unique(np.asarray(months), return_inverse=True)
    belongs = (place[:, np.newaxis] == np.arange(len(names))).astype(np.float64)  # points x months of the year
    level: Floats = ((w * y) @ belongs / (w @ belongs))[..., place]
    by_month = _fit_p(y, w, level, len(names))
    by_wave = _fit_p(y, w, _yearly_wave(y, w, np.asarray(months)), _WAVE_NUMBERS)
    return level, np.minimum(2 * np.minimum(by_month, by_wave), 1.0)


def _yearly_wave(y: Floats, w: Floats, months: NDArray[np.int64]) -> Floats:
    """The weighted least squares fit of a mean and one wave a year."""
    angle = 2 * np.pi * months / _YEAR
    columns = np.stack([np.ones(len(angle)), np.cos(angle), np.sin(angle)], axis=-1)
    root = np.sqrt(w)
    basis, _ = np.linalg.qr(columns * root[..., np.newaxis])
    fitted: Floats = (basis @ (basis.swapaxes(-1, -2) @ (root * y)[..., np.newaxis]))[..., 0] / root
    return fitted


def _fit_p(y: Floats, w: Floats, fitted: Floats, numbers: int) -> Floats:
    """The p-value of the F test that a fit of so many numbers explains more than the mean does by chance."""
    whole = ((w * y).sum(axis=-1) / w.sum(axis=-1))[..., np.newaxis]
    explained, left = (w * (fitted - whole) ** 2).sum(axis=-1), (w * (y - fitted) ** 2).sum(axis=-1)
    freedom = numbers - 1, y.shape[-1] - numbers
    if min(freedom) < 1:
        return np.full(whole.shape[:-1], np.nan)
    # values that are all alike differ from their fit by rounding alone, which follows no law
    differ = explained + left > _ROUNDING * (w * y**2).sum(axis=-1)
    with np.errstate(divide="ignore", invalid="ignore"):
        ratio = np.where(differ, (explained / freedom[0]) / (left / freedom[1]), np.nan)
    return f_tail(ratio, freedom)


def rule_signals(shares: ArrayLike, limits: Limits) -> dict[tuple[str, bool], Mask]:
    """The points that raise each rule, upwards (True) and downwards (False).

    A point on its centre is on no side, and a trend is one of the distances from it. A run's points are all marked; of
    two in the outer third those that lie in it.
    """
    p = np.asarray(shares, dtype=np.float64)
    with np.errstate(divide="ignore", invalid="ignore"):
        away = p - limits.level
        far = away / limits.sigma
        steps = np.diff(away, axis=-1) * np.where(np.isnan(far[..., 1:]), np.nan, 1.0)  # without limits no trend either
        over, under = p > limits.upper, p < limits.lower
    found = {(OUTSIDE, True): over, (OUTSIDE, False): under}
    for up, sign in ((True, 1.0), (False, -1.0)):
        found[ONE_SIDE, up] = _in_runs(sign * far > 0, RUN)
        rising = _in_runs(sign * steps > 0, RUN - 1)  # seven points have six steps between them
        found[TREND, up] = _points_at_steps(rising, p.shape)
        found[OUTER_THIRD, up] = _two_of_three(sign * far > _OUTER)
    return found


def _in_runs(holds: Mask, length: int) -> Mask:
    """A mask of the points that stand in a run of at least `length` points for which something holds."""
    marked = np.zeros(holds.shape, dtype=bool)
    if holds.shape[-1] < length:
        return marked
    whole = sliding_window_view(holds, length, axis=-1).all(axis=-1)
    for shift in range(length):
        marked[..., shift : shift + whole.shape[-1]] |= whole
    return marked


def _points_at_steps(steps: Mask, shape: tuple[int, ...]) -> Mask:
    """The points at either end of the marked steps between points."""
    marked = np.zeros(shape, dtype=bool)
    marked[..., 1:] |= steps
    marked[..., :-1] |= steps
    return marked


def _two_of_three(holds: Mask) -> Mask:
    """A mask of the points that hold and stand beside another such point within three points."""
    marked = np.zeros(holds.shape, dtype=bool)
    if holds.shape[-1] < 2:  # noqa: PLR2004 - two points
        return marked
    # one empty point at the end: the last two points may be the two, though no third follows
    padded = np.concatenate([holds, np.zeros((*holds.shape[:-1], 1), dtype=bool)], axis=-1)
    enough = sliding_window_view(padded, 3, axis=-1).sum(axis=-1) >= 2  # noqa: PLR2004 - two of three
    for shift in range(3):
        end = min(enough.shape[-1], holds.shape[-1] - shift)
        marked[..., shift : shift + end] |= enough[..., :end]
    return marked & holds
