"""Funnel plots of shares: limits around the whole, and how much more its parts vary than chance; formulas on arrays.

In: counts of each part (a team, an employee) and what they are counts of. Out: limits for any size, the
over-dispersion factor. scipy is loaded when used.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

import numpy as np

from svclight.statistics.shares import share

if TYPE_CHECKING:
    from numpy.typing import ArrayLike, NDArray

    Floats = NDArray[np.float64]

LEVELS: Final = (0.95, 0.998)
"""How much of chance lies inside the limits; two and about three standard deviations."""
_WINSORISED: Final = 0.1
"""The share of the parts at each end that is drawn in."""
_SURE: Final = 0.95


def over_dispersion(events: ArrayLike, rated: ArrayLike, center: float) -> float:
    """The factor by which the parts' variance exceeds the binomial one: the mean squared winsorised deviate.

    The 10 % of the deviates that are lowest, and the 10 % that are highest, are set to the nearest one left, so that
    the parts which the plot is to find do not widen its limits.

    Source: Spiegelhalter (2005), Funnel plots for comparing institutional performance, Statistics in Medicine 24,
    1185-1202, and the appendix of Spiegelhalter (2005), Quality and Safety in Health Care 14, 347-351.

    Returns:
        The factor as it is found, also below 1; NaN without parts or where the centre is 0 or 1.
    """
    from scipy.stats.mstats import winsorize  # noqa: PLC0415 - loaded when used

    x, n = np.asarray(events, dtype=np.float64), np.asarray(rated, dtype=np.float64)
    if not len(x) or not 0 < center < 1:
        return float("nan")
    z = (x / n - center) / np.sqrt(center * (1 - center) / n)
    drawn_in = np.asarray(winsorize(z, limits=(_WINSORISED, _WINSORISED)))
    return float((drawn_in**2).mean())


def factor_used(factor: float, parts: int) -> float:
    """The over-dispersion factor with which limits are drawn: 1 unless it is surely above 1.

    Without over-dispersion the factor times the number of parts is about chi-squared with as many degrees of freedom
    (less, as it is winsorised); the factor counts where that is beyond its 95 % point.
    """
    from scipy import stats as scipy_stats  # noqa: PLC0415 - loaded when used

    if parts and factor * parts > scipy_stats.chi2.ppf(_SURE, parts):
        return factor
    return 1.0


def funnel_limits(rated: ArrayLike, center: float, level: float, factor: float = 1.0) -> tuple[Floats, Floats]:
    """The lower and the upper limit of a share of so many, where the whole's is `center`.

    Exact binomial points, interpolated between whole counts (Spiegelhalter 2005, appendix A.1), so that they hold for
    few and for rare ones too; their distance from the centre grows with the root of the over-dispersion factor, and
    they end at 0 and 1. Of 100 around 0.1 they are 0.0404 and 0.1577.

    Returns:
        The limits, 0 to 1; NaN where nothing is rated or the centre is 0 or 1.
    """
    n = np.asarray(rated, dtype=np.float64)
    if not 0 < center < 1:
        return np.full(n.shape, np.nan), np.full(n.shape, np.nan)
    ends = (_binomial_point(n, center, (1 - level) / 2), _binomial_point(n, center, (1 + level) / 2))
    low, high = (np.clip(center + np.sqrt(factor) * (end - center), 0.0, 1.0) for end in ends)
    return np.where(n > 0, low, np.nan), np.where(n > 0, high, np.nan)


def _binomial_point(n: Floats, center: float, probability: float) -> Floats:
    """A share of n below which a binomial one lies with a probability, interpolated between whole counts."""
    from scipy import stats as scipy_stats  # noqa: PLC0415 - loaded when used

    count = scipy_stats.binom.ppf(probability, n, center)
    reached = scipy_stats.binom.cdf(count, n, center)
    step = scipy_stats.binom.pmf(count, n, center)
    back = np.divide(reached - probability, step, out=np.zeros(n.shape), where=step > 0)
    return share(np.maximum(count - back, 0.0), n)
