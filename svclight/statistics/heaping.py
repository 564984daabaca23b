"""Values that heap just under a limit: a sign that the limit is being played to; a formula on numbers.

In: values turned so that less is better, and a limit. Out: how many lie in a narrow class just on the good side of it,
how many a smooth spread around it leads to expect, and the p-value. statsmodels and scipy are loaded when used.
"""

from __future__ import annotations

import math
import warnings
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, Final

import numpy as np

if TYPE_CHECKING:
    from numpy.typing import NDArray

    Floats = NDArray[np.float64]

LEVEL: Final = 0.01
"""A heap is said to be one below this p-value: the test is asked of every limit of every criterion."""
SIDE: Final = 10
"""So many classes on each side make the neighbourhood."""
_FEWEST: Final = 8
_LEAST_VALUES: Final = 100
_LEAST_EXPECTED: Final = 5.0
_FINE: Final = 50
_TIMES: Final = (
    0.001, 0.002, 0.005, 0.01, 0.02, 0.05, 0.1, 0.2, 0.5, 1, 2, 5, 10, 15, 30,
    60, 120, 300, 600, 900, 1800, 3600, 7200, 10_800, 21_600, 43_200, 86_400, 172_800, 604_800,
)  # fmt: skip
_PLAIN: Final = tuple(lead * 10.0**power for power in range(-3, 7) for lead in (1, 2, 5))
_ROUND: Final = (5, 10, 15, 30, 60)
_NEARLY_ALL: Final = 0.999
_ABOUT: Final = 1e-9


@dataclass(frozen=True)
class Heap:
    """The class just under a limit: its width, how many values it holds and should hold, and the p-value.

    `p` is NaN where it cannot be tested, and `why_not` says why.
    """

    width: float = math.nan
    counted: int = 0
    expected: float = math.nan
    p: float = math.nan
    why_not: str = ""

    @property
    def is_one(self) -> bool:
        """Whether there are more than a smooth spread explains."""
        return self.p < LEVEL


def heap_under(values: Floats, limit: float, *, closed: bool = True, times: bool = True) -> Heap:
    """Holds the class just under a limit against its neighbourhood.

    Twenty classes of the same width around it are fitted by a curve (Poisson regression, the logarithm quadratic in
    the place), which says what to expect; where they scatter more than counts do, the test is that much milder. A round
    limit is also held against other places as round: who writes down 5, 10 or 15 minutes heaps at all of them.

    Args:
        values: All values, less is better.
        limit: Where the zone ends.
        closed: Whether the limit itself is in the zone.
        times: Whether the values are seconds, whose round numbers are others.
    """
    width = _class_width(values, limit, _TIMES if times else _PLAIN)
    places = _class_places(values, limit, width, closed=closed)
    low, high = int(places.min()), int(places.max())
    near = np.array([at for at in range(-SIDE, SIDE + 1) if at and low <= at <= high])
    counts = np.bincount((places - low), minlength=1)
    counted = int(counts[-low]) if low <= 0 <= high else 0
    if len(near) < _FEWEST or near.min() > -_FEWEST // 4 or near.max() < _FEWEST // 4:
        return Heap(width, counted, why_not="there are too few different values around the limit")
    around = counts[near - low]
    if int(around.sum()) < _LEAST_VALUES:
        return Heap(width, counted, why_not=f"there are fewer than {_LEAST_VALUES} values around the limit")
    expected, p = _beside_neighbours(near, around, counted)
    if expected < _LEAST_EXPECTED:
        return Heap(width, counted, why_not="there are too few values at the limit")
    whole = abs(limit / width - round(limit / width)) < _ABOUT
    if whole and p < LEVEL:
        p = max(p, _beside_as_round(counts, low, round(limit / width)))
    return Heap(width, counted, expected, p)


def _class_width(values: Floats, limit: float, nice: tuple[float, ...]) -> float:
    """The width of a class: about a fiftieth of the limit, and a whole number of the steps in which values are kept."""
    grain = nice[0]
    for step in nice:
        with np.errstate(invalid="ignore"):
            off = np.abs(values / step - np.rint(values / step))
        if (off < _ABOUT * np.maximum(np.abs(values / step), 1e3)).mean() >= _NEARLY_ALL:
            grain = step
    size = abs(limit) or float(np.subtract(*np.quantile(values, [0.75, 0.25])))
    fits = [step for step in nice if abs(step / grain - round(step / grain)) < _ABOUT and step >= grain]
    return next((step for step in fits if step >= size / _FINE), fits[-1] if fits else grain)


def _class_places(values: Floats, limit: float, width: float, *, closed: bool) -> NDArray[np.int64]:
    """The class of each value: 0 just under the limit, -1 the one below it, 1 the first one beyond it."""
    away = (values - limit) / width
    near = np.rint(away)
    away = np.where(np.abs(away - near) < _ABOUT * np.maximum(np.abs(limit / width), 1e3), near, away)
    place = np.ceil(away) if closed else np.floor(away) + 1
    far = 1e6
    return np.clip(place, -far, far).astype(np.int64)


def _beside_neighbours(near: NDArray[np.int64], around: NDArray[np.int64], counted: int) -> tuple[float, float]:
    """What the neighbours lead to expect, and the p-value that there are so many or more."""
    import statsmodels.api as sm  # noqa: PLC0415 - loaded when used
    from scipy import stats as scipy_stats  # noqa: PLC0415

    x = np.column_stack([np.ones(len(near)), near / SIDE, (near / SIDE) ** 2])
    with warnings.catch_warnings(), np.errstate(all="ignore"):
        warnings.simplefilter("ignore")  # a curve that does not fit shows in the scatter
        fit: Any = sm.GLM(around, x, family=sm.families.Poisson()).fit()
    freedom = len(near) - x.shape[1]
    scatter = max(float(fit.pearson_chi2) / freedom, 1.0)
    expected = float(np.exp(fit.params[0]))
    variance = scatter * (expected + expected**2 * float(fit.cov_params()[0, 0]))
    if not math.isfinite(variance) or variance <= 0:
        return 0.0, math.nan
    return expected, float(scipy_stats.t.sf((counted - expected) / math.sqrt(variance), freedom))


def _beside_as_round(counts: NDArray[np.int64], low: int, number: int) -> float:
    """The greatest p-value of the class against others as round: how far each stands out of those right beside it."""
    from scipy import stats as scipy_stats  # noqa: PLC0415 - loaded when used

    def beside(place: int) -> tuple[int, int]:
        at = place - low
        return int(counts[at]), int(counts[[at - 2, at - 1, at + 1, at + 2]].sum())

    last = low + len(counts) - 3
    worst = 0.0
    for step in _ROUND:
        peers = [sign * step * times for times in range(1, 6) for sign in (-1, 1)]
        peers = [place for place in peers if low + 2 <= place <= last]
        if number % step or len(peers) < 2 or not low + 2 <= 0 <= last:  # noqa: PLR2004 - one is no rule
            continue
        there, around = np.sum([beside(place) for place in peers], axis=0).tolist()
        table = [list(beside(0)), [there, around]]
        worst = max(worst, float(scipy_stats.fisher_exact(table, alternative="greater").pvalue))
    return worst
