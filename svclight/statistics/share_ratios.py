"""A cell held against everything outside of it: interval of the ratio of shares, test, correction.

In: counts and what they are parts of, inside and outside, as arrays. Out: arrays. The formulas are those of statsmodels
and scipy, loaded when used.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, Final

import numpy as np

if TYPE_CHECKING:
    from numpy.typing import ArrayLike, NDArray

    Floats = NDArray[np.float64]

LEAST_EXPECTED: Final = 1.0
"""With fewer expected in a cell than this the exact test is used (Campbell 2007)."""


def ratio_interval(count: ArrayLike, rated: ArrayLike, other: ArrayLike, outside: ArrayLike) -> tuple[Floats, Floats]:
    """The 95 % interval of the ratio of two shares, `count / rated` by `other / outside`.

    Source: Walter (1975), Biometrika 62, 371-374: a half is added to all counts. 56 of 70 against 48 of 80 give 1.07
    to 1.65.

    Returns:
        The lower and the upper end; NaN where one of the wholes is 0.
    """
    from statsmodels.stats.proportion import confint_proportions_2indep  # noqa: PLC0415 - loaded when used

    numbers, there = _with_wholes(count, rated, other, outside)
    ends = np.full((2, len(there)), np.nan)
    if there.any():
        inside = [one[there] for one in numbers]
        ends[:, there] = confint_proportions_2indep(*inside, compare="ratio", method="log-adjusted")
    return ends[0], ends[1]


def p_values(count: ArrayLike, rated: ArrayLike, other: ArrayLike, outside: ArrayLike) -> Floats:
    """Two-sided p-values of the N-1 chi-squared test; of Fisher's exact test where fewer than 1 are expected.

    Source: Campbell (2007), Statistics in Medicine 26, 3661-3675.

    Returns:
        The p-values; NaN where one of the wholes is 0, 1 where both shares are 0 or both are 1.
    """
    from scipy import stats as scipy_stats  # noqa: PLC0415 - loaded when used
    from statsmodels.stats.proportion import test_proportions_2indep  # noqa: PLC0415

    numbers, there = _with_wholes(count, rated, other, outside)
    hit, n, miss, m = numbers
    found = np.where(there, 1.0, np.nan)
    varies = there & (hit + miss > 0) & (hit + miss < n + m)
    if not varies.any():
        return found
    inside = [one[varies] for one in numbers]
    with np.errstate(divide="ignore", invalid="ignore"):  # of ratios that are not asked for
        found[varies] = test_proportions_2indep(*inside, value=0, compare="diff", method="score", return_results=False)[
            1
        ]
    pooled = np.divide(hit + miss, n + m, out=np.zeros(len(n)), where=varies)
    rare = varies & (np.minimum(n, m) * np.minimum(pooled, 1 - pooled) < LEAST_EXPECTED)
    for at in np.flatnonzero(rare):
        table = [[hit[at], n[at] - hit[at]], [miss[at], m[at] - miss[at]]]
        found[at] = scipy_stats.fisher_exact(np.array(table, dtype=np.int64)).pvalue
    return found


def holm_p_values(p: Floats) -> Floats:
    """p-values corrected by Holm (1979) over all that are not NaN."""
    from statsmodels.stats.multitest import multipletests  # noqa: PLC0415 - loaded when used

    found, tested = p.copy(), ~np.isnan(p)
    if tested.any():
        found[tested] = multipletests(p[tested], method="holm")[1]
    return found


def _with_wholes(*numbers: Any) -> tuple[list[Floats], NDArray[np.bool_]]:
    made = [np.asarray(one, dtype=np.float64) for one in numbers]
    return made, (made[1] > 0) & (made[3] > 0)
