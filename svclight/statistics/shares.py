"""Shares and net scores with their intervals: formulas on numbers and small arrays.

In: counts. Out: shares, 0 to 1 (a net score: -100 to 100). It knows no definition and no table's layout. Nothing rated
gives NaN, never 0 and never 1.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, Final

import numpy as np

if TYPE_CHECKING:
    from numpy.typing import ArrayLike, NDArray

    Floats = NDArray[np.float64]

Z95: Final = 1.959963984540054
"""The 97.5 % point of the normal distribution."""


def _ratio(part: ArrayLike, whole: ArrayLike) -> Floats:
    """`part / whole`; NaN where the whole is 0."""
    whole = np.asarray(whole, dtype=np.float64)
    quotient: Floats = np.divide(part, whole, out=np.full(np.broadcast(part, whole).shape, np.nan), where=whole > 0)
    return quotient


def share(part: ArrayLike, whole: ArrayLike) -> Floats:
    """The share of `part` in `whole`, 0 to 1; NaN where the whole is 0."""
    return _ratio(np.asarray(part, dtype=np.float64), whole)


def wilson_interval(part: ArrayLike, whole: ArrayLike, z: ArrayLike = Z95) -> tuple[Floats, Floats]:
    """The Wilson score interval of a share, 95 % unless `z` says otherwise.

    Source: Wilson (1927); Brown, Cai, DasGupta (2001), section 3.1.1. 412 of 500 gives 0.7882 to 0.8549.

    Returns:
        The lower and the upper end, 0 to 1; NaN where the whole is 0.
    """
    whole, part, z = (np.asarray(one, dtype=np.float64) for one in (whole, part, z))
    p = share(part, whole)
    centre = _ratio(part + z * z / 2, whole + z * z)
    half = z * np.sqrt(whole * p * (1 - p) + z * z / 4) / (whole + z * z)
    # the ends at 0 and 1 are exact: the formula leaves a last digit there
    low = np.where(part == 0, 0.0, np.clip(centre - half, 0, 1))
    high = np.where(part == whole, 1.0, np.clip(centre + half, 0, 1))
    return np.where(whole > 0, low, np.nan), np.where(whole > 0, high, np.nan)


def net_score(best: ArrayLike, worst: ArrayLike, rated: ArrayLike) -> Floats:
    """Share of the best minus share of the worst in percentage points, -100 to 100; NaN where nothing is rated."""
    return 100 * share(np.asarray(best, dtype=np.float64) - np.asarray(worst, dtype=np.float64), rated)


def net_interval(best: ArrayLike, worst: ArrayLike, rated: ArrayLike, z: ArrayLike = Z95) -> tuple[Floats, Floats]:
    """The adjusted Wald interval of a net score: 3/4 is added to the best and to the worst, 3 to the whole.

    It is the 95 % interval unless `z` says otherwise.

    Source: Rocks (2016), Interval estimation for the Net Promoter Score. 50 best and 20 worst of 100 give 14.05 to
    44.20.

    Returns:
        The lower and the upper end in percentage points, -100 to 100; NaN where nothing is rated.
    """
    rated = np.asarray(rated, dtype=np.float64)
    middle, error = _adjusted_net(best, worst, rated)
    half = np.asarray(z, dtype=np.float64) * error
    low, high = 100 * np.clip(middle - half, -1, 1), 100 * np.clip(middle + half, -1, 1)
    return np.where(rated > 0, low, np.nan), np.where(rated > 0, high, np.nan)


def _adjusted_net(best: ArrayLike, worst: ArrayLike, rated: Floats) -> tuple[Floats, Floats]:
    """The middle of the interval of a net score and its standard error, -1 to 1."""
    n = rated + 3
    up, down = ((np.asarray(one, dtype=np.float64) + 0.75) / n for one in (best, worst))
    return up - down, np.sqrt((up + down - (up - down) ** 2) / n)


def score_deviate(counts: Any, zone: str, limit: ArrayLike) -> Floats:
    """By how many standard errors the share of a zone stands above a limit, with the error that it has at the limit.

    The score test of one share (Wilson 1927): the deviate is beyond z exactly where the limit lies outside of the
    Wilson interval of that z. 60 of 100 against 0.5 are 2. Of `net` the same holds of its own interval.

    Args:
        counts: Gives the counts of green, yellow and red by name.
        zone: One of them, or `net`.
        limit: 0 to 1; a net score in percentage points.

    Returns:
        The deviates; infinite where the limit is 0 or 1 and the share is another, NaN where nothing is rated.
    """
    green, yellow, red = (np.asarray(counts[name], dtype=np.float64) for name in ("green", "yellow", "red"))
    rated, limit = green + yellow + red, np.asarray(limit, dtype=np.float64)
    if zone == "net":
        middle, error = _adjusted_net(green, red, rated)
        return np.where(rated > 0, (middle - limit / 100) / error, np.nan)
    step = share(counts[zone], rated) - limit
    with np.errstate(divide="ignore", invalid="ignore"):
        found = step / np.sqrt(limit * (1 - limit) / rated)
    return np.where(step == 0, 0.0, found)


def zone_share(counts: Any, zone: str, z: ArrayLike = Z95) -> tuple[Floats, Floats, Floats]:
    """The share of a zone in green, yellow and red with its interval; of `net` the net score with its own.

    Args:
        counts: Gives the counts of green, yellow and red by name: a mapping or a frame.
        zone: One of them, or `net`.
        z: The deviate of the interval; that of 95 % unless given.
    """
    green, yellow, red = (np.asarray(counts[name], dtype=np.float64) for name in ("green", "yellow", "red"))
    rated = green + yellow + red
    if zone == "net":
        return net_score(green, red, rated), *net_interval(green, red, rated, z)
    return share(counts[zone], rated), *wilson_interval(counts[zone], rated, z)
