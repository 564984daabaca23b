"""Tails and points of the distributions that decisions use: normal, Student's, F, binomial, hypergeometric.

In: arrays. Out: arrays. They come from `scipy.special`, loaded when used: `scipy.stats`, which has the same numbers,
takes ten times as long to load, half a second of every command that compares or charts.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

import numpy as np

if TYPE_CHECKING:
    from numpy.typing import ArrayLike, NDArray

    Floats = NDArray[np.float64]

_ALIKE: Final = 1e-7
"""Logarithms of chances this near are those of equally likely tables."""


def normal_tail(deviate: ArrayLike) -> Floats:
    """The chance that a normal deviate is larger."""
    from scipy.special import ndtr  # noqa: PLC0415 - loaded when used

    return np.asarray(ndtr(-np.asarray(deviate, dtype=np.float64)))


def normal_point(chance: ArrayLike) -> Floats:
    """The deviate below which a normal one lies with a chance."""
    from scipy.special import ndtri  # noqa: PLC0415 - loaded when used

    return np.asarray(ndtri(chance))


def student_tail(deviate: ArrayLike, freedom: ArrayLike) -> Floats:
    """The chance that a deviate of Student's distribution is larger; of infinite freedom the normal one's."""
    from scipy.special import stdtr  # noqa: PLC0415 - loaded when used

    x, n = np.broadcast_arrays(np.asarray(deviate, dtype=np.float64), np.asarray(freedom, dtype=np.float64))
    return np.where(np.isinf(n), normal_tail(x), stdtr(np.where(np.isinf(n), 1.0, n), -x))


def student_point(chance: ArrayLike, freedom: ArrayLike) -> Floats:
    """The deviate below which one of Student's distribution lies with a chance."""
    from scipy.special import stdtrit  # noqa: PLC0415 - loaded when used

    p, n = np.broadcast_arrays(np.asarray(chance, dtype=np.float64), np.asarray(freedom, dtype=np.float64))
    return np.where(np.isinf(n), normal_point(p), stdtrit(np.where(np.isinf(n), 1.0, n), p))


def f_tail(ratio: ArrayLike, freedom: tuple[int, int]) -> Floats:
    """The chance that a ratio of variances is larger."""
    from scipy.special import fdtrc  # noqa: PLC0415 - loaded when used

    return np.asarray(fdtrc(*freedom, ratio))


def binomial_point(chance: float, trials: ArrayLike, each: ArrayLike) -> Floats:
    """The least count of so many trials that is reached with a chance, where each succeeds with `each`.

    A guess by the normal distribution, corrected for the skewness, and steps of one from there.
    """
    n, p = np.broadcast_arrays(np.asarray(trials, dtype=np.float64), np.asarray(each, dtype=np.float64))
    z, spread = float(normal_point(chance)), np.sqrt(n * p * (1 - p))
    found: Floats = np.clip(np.rint(n * p + z * spread + (1 - 2 * p) * (z**2 - 1) / 6), 0, n)
    while True:
        low = _binomial_share(found, n, p) < chance
        high = (found > 0) & (_binomial_share(found - 1, n, p) >= chance)
        if not (low | high).any():
            return found
        found = found + low - high


def fisher_irwin_p(part: int, whole: int, other_part: int, other_whole: int) -> float:
    """The two-sided p-value of the exact test of two shares, by Irwin's rule.

    With both margins of the table held, the chances of all tables are added that are no likelier than the one at hand.
    Two that differ in the last digits alone count as equally likely.

    Source: Irwin (1935), Metron 12, 84-94.

    Examples:
        >>> from svclight.statistics.distributions import fisher_irwin_p
        >>> round(fisher_irwin_p(3, 4, 1, 4), 4)  # the lady who tasted tea: 34 of 70
        0.4857
    """
    both = part + other_part
    counts = np.arange(max(0, both - other_whole), min(whole, both) + 1)
    logs = _log_choices(whole, counts) + _log_choices(other_whole, both - counts)
    here = logs[counts == part]
    chances = np.exp(logs - _log_choices(whole + other_whole, np.asarray(both)))
    return min(1.0, float(chances[logs <= here + _ALIKE].sum()))


def _log_choices(n: int, counts: NDArray[np.int64]) -> Floats:
    """The logarithm of the number of ways to choose so many of n."""
    from scipy.special import betaln  # noqa: PLC0415 - loaded when used

    # not by `gammaln`, whose values of large numbers leave too few digits for their difference
    found: Floats = -betaln(n - counts + 1.0, counts + 1.0) - np.log1p(n)
    return found


def _binomial_share(count: Floats, n: Floats, p: Floats) -> Floats:
    """The chance of at most so many of n."""
    from scipy.special import betainc  # noqa: PLC0415 - loaded when used

    inside = np.clip(count, 0, n - 1)
    found = np.where(count >= n, 1.0, betainc(n - inside, inside + 1, 1 - p))
    return np.where(count < 0, 0.0, found)
