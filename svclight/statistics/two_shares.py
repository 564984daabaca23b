"""Two shares against each other: difference and ratio with intervals, test, correction for many tests.

In: counts before and after (or in a cell and outside of it), and the numbers that they are parts of. Out: differences
of shares (after minus before, -1 to 1) and ratios, their intervals, p-values. Everything takes arrays and works element
by element; strata (the parts of a total) stand on the last axis. scipy is loaded when used.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

import numpy as np

from svclight.statistics.distributions import fisher_irwin_p, normal_point, normal_tail, student_point, student_tail
from svclight.statistics.shares import Z95, share, wilson_interval

if TYPE_CHECKING:
    from numpy.typing import ArrayLike, NDArray

    Floats = NDArray[np.float64]

CORRECTIONS: Final = ("holm", "bh")
"""Corrections for many tests."""
LEAST_EXPECTED: Final = 1.0
"""With fewer expected in a cell than this the exact test is used (Campbell 2007)."""
FAR_OUT: Final = 10.0
"""The same for a test of a family. Its levels lie far out in the tail, where chi-squared is too quick with few expected
and sides of unequal size: 30 tests of 1,000 against 30 with a share of 4 % raise a false alarm 12 times in 100, with
this bound 3 times."""


def newcombe_interval(
    before: ArrayLike, rated_before: ArrayLike, after: ArrayLike, rated_after: ArrayLike, *, widen: ArrayLike = 1.0
) -> tuple[Floats, Floats]:
    """The interval of the difference of two independent shares (after minus before), 95 %.

    Each end takes the distances of the Wilson ends from their shares (method 10 of Newcombe). `widen` multiplies the
    standard error of both shares, element by element, so that the ends stay between -1 and 1; statsmodels has the same
    formula with one level for all elements.

    Source: Newcombe (1998), Statistics in Medicine 17, 873-890. 56 of 70 against 48 of 80 gives 0.0524 to 0.3339.

    Returns:
        The lower and the upper end; NaN where one of the wholes is 0.
    """
    first, second = share(before, rated_before), share(after, rated_after)
    z = Z95 * np.asarray(widen, dtype=np.float64)
    low_before, high_before = wilson_at(before, rated_before, z)
    low_after, high_after = wilson_at(after, rated_after, z)
    difference = second - first
    low = difference - np.hypot(second - low_after, high_before - first)
    high = difference + np.hypot(high_after - second, first - low_before)
    return low, high


def ratio_interval(count: ArrayLike, rated: ArrayLike, other: ArrayLike, outside: ArrayLike) -> tuple[Floats, Floats]:
    """The 95 % interval of the ratio of two shares, `count / rated` by `other / outside`.

    Source: Walter (1975), Biometrika 62, 371-374: a half is added to all counts. 56 of 70 against 48 of 80 give 1.07
    to 1.65.

    Returns:
        The lower and the upper end; NaN where one of the wholes is 0.
    """
    from statsmodels.stats.proportion import confint_proportions_2indep  # noqa: PLC0415 - loaded when used

    numbers = [np.asarray(one, dtype=np.float64) for one in (count, rated, other, outside)]
    there = (numbers[1] > 0) & (numbers[3] > 0)
    ends = np.full((2, len(there)), np.nan)
    if there.any():
        inside = [one[there] for one in numbers]
        ends[:, there] = confint_proportions_2indep(*inside, compare="ratio", method="log-adjusted")
    return ends[0], ends[1]


def wilson_at(part: ArrayLike, whole: ArrayLike, z: ArrayLike) -> tuple[Floats, Floats]:
    """Wilson intervals with a width of their own for each element."""
    return wilson_interval(part, whole, z)


def chi_squared(
    before: ArrayLike,
    rated_before: ArrayLike,
    after: ArrayLike,
    rated_after: ArrayLike,
    *,
    least_expected: float = LEAST_EXPECTED,
) -> Floats:
    """The N-1 chi-squared test of two shares as a signed normal deviate: positive where the later share is greater.

    Its square is (N - 1) / N times Pearson's chi-squared of the table. Where fewer than `least_expected` are expected
    in a cell, the Fisher-Irwin test by Irwin's rule takes its place, its p-value turned into the deviate that has it.

    Source: Campbell (2007), Statistics in Medicine 26, 3661-3675.

    Returns:
        The deviates; 0 where both shares are 0 or both 1, NaN where one of the wholes is 0.
    """
    numbers = np.broadcast_arrays(*(np.asarray(one, np.float64) for one in (before, rated_before, after, rated_after)))
    a, n, b, m = numbers
    pooled = share(a + b, n + m)
    with np.errstate(divide="ignore", invalid="ignore"):
        error = np.sqrt(pooled * (1 - pooled) * (1 / n + 1 / m) * (n + m) / (n + m - 1))
        z = np.where(error > 0, (b / m - a / n) / error, 0.0)
    z = np.where((n > 0) & (m > 0), z, np.nan)
    rare = np.minimum(n, m) * np.minimum(pooled, 1 - pooled) < least_expected
    rare &= (z != 0) & ~np.isnan(z)
    if rare.any():
        z[rare] = np.sign(z[rare]) * _fisher_deviate(
            np.rint(np.stack([one[rare] for one in numbers], axis=-1)).astype(np.int64)
        )
    return z


def _fisher_deviate(tables: NDArray[np.int64]) -> Floats:
    """The size of the deviate that has the p-value of the Fisher-Irwin test; rows: before, rated, after, rated."""
    # the exact test is asked once for each different table, not for each comparison
    kinds, where = np.unique(tables, axis=0, return_inverse=True)
    p = [fisher_irwin_p(*numbers) for numbers in kinds.tolist()]
    found: Floats = -normal_point(np.minimum(p, 1.0) / 2)[where.ravel()]
    return found


def p_value(z: ArrayLike, sigma_z: ArrayLike = 1.0, freedom: ArrayLike = np.inf) -> Floats:
    """The two-sided p-value of a normal deviate; never smaller than that of a binomial count.

    Where `sigma_z` says how much more periods vary than binomial counts, the deviate is divided by it and, as it is an
    estimate itself, held against Student's t with its degrees of freedom.
    """
    size = np.abs(np.asarray(z, dtype=np.float64))
    plain = 2 * normal_tail(size)
    with np.errstate(divide="ignore", invalid="ignore"):
        wider = 2 * student_tail(size / np.asarray(sigma_z, dtype=np.float64), freedom)
    found: Floats = np.where(np.isnan(wider), plain, np.maximum(plain, wider))
    return found


def widening_factor(sigma_z: ArrayLike, freedom: ArrayLike = np.inf) -> Floats:
    """The factor for the standard error of a 95 % interval: `sigma_z`, more where that is uncertain, never below 1.

    The 97.5 % point of Student's t takes the place of the normal one.

    Args:
        sigma_z: How many times more periods vary than binomial counts.
        freedom: The degrees of freedom with which that is known.
    """
    factor = np.asarray(sigma_z, dtype=np.float64) * student_point(0.975, freedom) / Z95
    found: Floats = np.maximum(factor, 1.0)
    return found


def corrected_p_values(p: ArrayLike, method: str) -> Floats:
    """p-values corrected over their family, all those that are not NaN.

    Args:
        p: The p-values of the family.
        method: `holm` (Holm 1979: the chance of any false alarm) or `bh` (Benjamini and Hochberg 1995: their share).
    """
    found = np.array(p, dtype=np.float64)
    tested = np.flatnonzero(~np.isnan(found))
    order = tested[np.argsort(found[tested])]
    rank = np.arange(len(order), dtype=np.float64)
    # both as running bounds: a test is no more significant than one with a smaller p-value
    if method == "holm":
        found[order] = np.minimum(np.maximum.accumulate(found[order] * (len(order) - rank)), 1.0)
    else:
        found[order] = np.minimum.accumulate((found[order] * len(order) / (rank + 1))[::-1])[::-1]
    return found


def holm_steps(p: ArrayLike, level: float) -> tuple[Floats, NDArray[np.bool_]]:
    """Holm's procedure step by step: the level of each test, and whether it is significant.

    The least of m p-values is held against level / m, the next one against level / (m - 1), and so on; with the first
    that is not below its level, none of the later ones is significant either.

    Source: Holm (1979), Scandinavian Journal of Statistics 6, 65-70. Of 0.01, 0.04, 0.03 and 0.005 at 5 % the levels
    are 0.05/3, 0.05/1, 0.05/2 and 0.05/4, and the first and the last are significant.

    Returns:
        Levels and decisions; a p-value that is NaN is not tested, and has no level.
    """
    values = np.asarray(p, dtype=np.float64)
    order = np.argsort(values, kind="stable")[: int((~np.isnan(values)).sum())]
    levels = np.full(values.shape, np.nan)
    levels[order] = level / np.arange(len(order), 0, -1)
    found = np.zeros(values.shape, dtype=bool)
    found[order] = np.logical_and.accumulate(values[order] < levels[order])
    return levels, found


def at_first_mix(
    before: ArrayLike,
    rated_before: ArrayLike,
    after: ArrayLike,
    rated_after: ArrayLike,
    *,
    widen: ArrayLike = 1.0,
    sizes: ArrayLike | None = None,
) -> tuple[Floats, Floats, Floats, Floats]:
    """The difference of a total if its strata (last axis) had kept the weights that they had before.

    The weights go by `sizes` where these are others than `rated_before` (which may be an effective number). Strata that
    are rated on one side alone are left out, and the weights of the others add up to 1. The interval puts the Wilson
    ends of all strata together as `newcombe_interval` does those of two shares, and is the same for one stratum (method
    of variance estimates recovery: Zou and Donner 2008, Statistics in Medicine 27, 1693-1702). The test is a score
    test: the N-1 variance of each stratum, by squared weight.

    Returns:
        The difference, the lower and the upper end of its 95 % interval, and the signed normal deviate; NaN where no
        stratum is rated on both sides, the deviate 0 where nothing varies.
    """
    a, n, b, m = (np.asarray(one, np.float64) for one in (before, rated_before, after, rated_after))
    both = (n > 0) & (m > 0)
    heavy = np.where(both, n if sizes is None else np.asarray(sizes, np.float64), 0.0)
    weights = share(heavy, heavy.sum(axis=-1, keepdims=True))
    z = Z95 * np.asarray(widen, dtype=np.float64)[..., np.newaxis]
    first, second = share(a, n), share(b, m)
    low_first, high_first = wilson_at(a, n, z)
    low_second, high_second = wilson_at(b, m, z)
    pooled = share(a + b, n + m)
    with np.errstate(divide="ignore", invalid="ignore"):
        variance = np.where(both, pooled * (1 - pooled) * (1 / n + 1 / m) * (n + m) / (n + m - 1), 0.0)

    def total(values: Floats) -> Floats:
        added: Floats = np.where(both, values, 0.0).sum(axis=-1)
        return np.where(both.any(axis=-1), added, np.nan)

    difference = total(weights * (second - first))
    below = np.sqrt(total(weights**2 * ((second - low_second) ** 2 + (high_first - first) ** 2)))
    above = np.sqrt(total(weights**2 * ((high_second - second) ** 2 + (first - low_first) ** 2)))
    error = np.sqrt(total(weights**2 * variance))
    deviate = np.divide(difference, error, out=np.where(error == 0, 0.0, np.nan), where=error > 0)
    return difference, difference - below, difference + above, deviate
