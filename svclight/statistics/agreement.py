"""How far two ratings in zones agree: weighted kappa, Kendall's tau-b, who of those rated answered; formulas on tables.

In: counts, rows one rating (green, yellow, red), columns the other. Out: coefficients with their 95 % intervals.
Nothing to agree on gives NaN: where one rating knows a single zone, no agreement beyond chance can be shown.
statsmodels and scipy are loaded when used.
"""

from __future__ import annotations

import warnings
from typing import TYPE_CHECKING, Any, Final

import numpy as np

if TYPE_CHECKING:
    from numpy.typing import ArrayLike, NDArray

    Floats = NDArray[np.float64]

WEIGHTS: Final = {"none": None, "linear": "linear", "quadratic": "quadratic"}
"""Weights of kappa, and what statsmodels calls them: how much a pair of zones that lie apart counts as disagreement."""


def weighted_kappa(table: ArrayLike, weights: str) -> tuple[float, float, float]:
    """Weighted kappa of two ratings with its 95 % interval.

    [[120, 20, 5], [25, 40, 10], [5, 15, 30]] gives 0.5009 without weights, 0.5759 with linear, 0.6520 with quadratic.

    Source: Cohen (1968), Psychological Bulletin 70, 213-220; the interval by the large-sample variance of Fleiss, Cohen
    and Everitt (1969), both as statsmodels has them.

    Returns:
        The coefficient, the lower and the upper end; NaN where one rating knows a single zone.
    """
    from statsmodels.stats.inter_rater import cohens_kappa  # noqa: PLC0415 - loaded when used

    counts = np.asarray(table, dtype=np.float64)
    if not _has_two_zones(counts):
        return np.nan, np.nan, np.nan
    with warnings.catch_warnings(), np.errstate(divide="ignore", invalid="ignore"):
        warnings.simplefilter("ignore", RuntimeWarning)
        found: Any = cohens_kappa(counts, wt=WEIGHTS[weights])
    return float(found.kappa), float(found.kappa_low), float(found.kappa_upp)


def _has_two_zones(counts: Floats) -> bool:
    """Whether both ratings know at least two zones."""
    return all(int((counts.sum(axis=axis) > 0).sum()) > 1 for axis in (0, 1))


def tau_b(tables: ArrayLike) -> Floats:
    """Kendall's tau-b of tables (the last two axes), from counts alone: pairs in one order less pairs in the other.

    scipy has it for two lists of ratings; here it is wanted for many resampled tables at once. The table above gives
    0.6058.

    Source: Kendall (1945), Biometrika 33, 239-251; Agresti, Analysis of Ordinal Categorical Data, section 7.1.
    """
    counts = np.asarray(tables, dtype=np.float64)
    below = _sums_beyond(counts, 1, 1)
    crossed = _sums_beyond(counts, 1, -1)
    difference = (counts * (below - crossed)).sum(axis=(-1, -2))
    whole = counts.sum(axis=(-1, -2))
    untied = [whole**2 - (counts.sum(axis=axis) ** 2).sum(axis=-1) for axis in (-1, -2)]
    scale = np.sqrt(untied[0] * untied[1]) / 2
    quotient: Floats = np.divide(difference, scale, out=np.full(scale.shape, np.nan), where=scale > 0)
    return quotient


def _sums_beyond(counts: Floats, down: int, right: int) -> Floats:
    """For each cell the sum of the cells strictly below and strictly to the right (with -1: to the left) of it."""
    turned = counts[..., ::-down, ::-right]
    summed = turned.cumsum(axis=-1).cumsum(axis=-2)
    shifted = np.zeros_like(summed)
    shifted[..., 1:, 1:] = summed[..., :-1, :-1]
    return shifted[..., ::-down, ::-right]


def resample_table(counts: ArrayLike, resamples: int, rng: np.random.Generator) -> NDArray[np.int64]:
    """Tables as they might have come out: the same number of interactions drawn again, with replacement."""
    plain = np.asarray(counts, dtype=np.int64)
    whole = int(plain.sum())
    drawn: NDArray[np.int64] = rng.multinomial(whole, plain.ravel() / whole, size=resamples)
    return drawn.reshape(resamples, *plain.shape)


def percentile_interval(values: ArrayLike) -> tuple[float, float]:
    """The 95 % percentile interval of resampled values; NaN where none of them is a number."""
    known = np.asarray(values, dtype=np.float64)
    known = known[np.isfinite(known)]
    if not len(known):
        return np.nan, np.nan
    low, high = np.quantile(known, [0.025, 0.975])
    return float(low), float(high)


def equal_shares_p_value(answered: ArrayLike, whole: ArrayLike) -> float:
    """The p-value of the chi-squared test that all shares are the same; NaN where there is nothing to compare."""
    from scipy import stats as scipy_stats  # noqa: PLC0415 - loaded when used

    part, of = np.asarray(answered, dtype=np.int64), np.asarray(whole, dtype=np.int64)
    part, of = part[of > 0], of[of > 0]
    silent = of - part
    if len(of) < 2 or not part.sum() or not silent.sum():  # noqa: PLR2004 - two shares can differ
        return np.nan
    return float(scipy_stats.chi2_contingency(np.stack([part, silent]), correction=False).pvalue)
