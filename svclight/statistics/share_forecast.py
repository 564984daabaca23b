"""The share of the months to come from the counts of the months before: a level, bands, chances.

In: counts and what they are parts of, a month each, in calendar order. Out: `Forecast`, a distribution of the share of
a later month. It knows no definition. Shares are put on the scale of arcsin √share, where chance alone has the variance
1 / (4 n) wherever the share lies. scipy is loaded when used.
"""

from __future__ import annotations

import math
from dataclasses import dataclass
from typing import TYPE_CHECKING, Final

import numpy as np

from svclight.statistics.control_limits import SEASON_FROM, SEASON_LEVEL, month_levels

if TYPE_CHECKING:
    from numpy.typing import ArrayLike, NDArray

    Floats = NDArray[np.float64]

FEWEST: Final = 6
"""With fewer months nothing is forecast."""
BAND: Final = 0.90
"""The band is meant to hold so many of the months to come."""
_WEIGHTS: Final = (0.1, 0.2, 0.35, 0.5, 0.7, 0.9)
"""Weights of the newest month that are tried; the one with the smallest errors is taken."""
_YEAR: Final = 12
_LEAST_FREEDOM: Final = 2.0


@dataclass(frozen=True)
class Level:
    """What the months before say of a month to come, on the scale of arcsin √share.

    Attributes:
        centre: Where the month is expected.
        own: The variance of months around that which is no chance of counting: their own, and that of the level.
        freedom: The degrees of freedom of that variance.
        season: Whether months of the year have levels of their own.
    """

    centre: float
    own: float
    freedom: float
    season: bool


@dataclass(frozen=True)
class Forecast:
    """The share of a month to come, 0 to 1.

    Attributes:
        share: The most likely one.
        low: The lower end of the band that is meant to hold 90 of 100 months.
        high: Its upper end.
        level: The level from which it comes.
        sure: How many of the month are bad or good already, and how many are rated; the rest is forecast.
        to_come: How many will be rated.
        spread: The standard deviation of the part that is forecast, on the scale of arcsin √share.
        rest: The expected share of that part on that scale.
    """

    share: float
    low: float
    high: float
    level: Level
    sure: tuple[float, float]
    to_come: float
    rest: float
    spread: float

    def chance_below(self, share: float) -> float:
        """The chance that the month ends at this share or below, 0 to 1."""
        count, rated = self.sure
        if not self.to_come:
            return float(self.share <= share)
        needed = (share * (rated + self.to_come) - count) / self.to_come
        if not 0 <= needed <= 1:
            return float(needed > 1)
        return _below((math.asin(math.sqrt(needed)) - self.rest) / self.spread, self.level.freedom)


def month_level(counts: ArrayLike, rated: ArrayLike, months: ArrayLike, *, month: int, ahead: int) -> Level:
    """What the months before say of a month to come.

    The level is the exponentially weighted mean of the months, the newest with the weight that would have forecast them
    best; months of the year have their own distance from it where there are 24 months and the F test of a one-way
    analysis of variance says so at 1 %. The variance of months is that of the errors of forecasts one month ahead, less
    what counting explains; it grows with every month more ahead as that of a level that drifts, or as the errors of
    forecasts so long ahead have it, whichever is more.

    Source: Hyndman, Koehler, Ord, Snyder (2008), Forecasting with Exponential Smoothing, section 6.2, of the local
    level model; Freeman, Tukey (1950) of the scale.

    Args:
        counts: How many of each month, `FEWEST` months at least.
        rated: Of how many, above 0.
        months: The month of the year of each, 1 to 12.
        month: The month of the year that is forecast.
        ahead: How many months ahead of the newest.
    """
    x, chance = _on_scale(counts, rated)
    seasonal, freedom_lost, wider = _season(x, chance, np.asarray(months), month)
    flat = x - seasonal[:-1]
    weight = _best_weight(flat)
    errors = _errors(flat, weight, 1)
    known = max(len(errors) - 1 - freedom_lost, 1)
    # the season was fitted to the same months, so that they lie nearer to it than later ones will
    fitted = len(errors) / known
    own = fitted * float((errors**2).mean()) - float(chance.mean())
    own = max(own, float(chance.mean()) * weight / (2 - weight)) * (1 + (ahead - 1) * weight**2)
    # a drift, or a season that is not known yet, shows in the errors of forecasts made so long ahead
    if len(flat) > ahead:
        own = max(own, fitted * float((_errors(flat, weight, ahead) ** 2).mean()) - float(chance.mean()))
    centre = float(_levels(flat, weight)[-1] + seasonal[-1])
    # a month with an incident lies far out more often than a normal number: with all degrees of freedom bands held 86
    # to 89 of 100 months of the examples and of three real logs, with half of them 90 to 92
    freedom = max(known / 2, _LEAST_FREEDOM)
    return Level(centre, own + wider * (own + float(chance.mean())), freedom, bool(freedom_lost))


def month_forecast(
    level: Level, *, to_come: float, sure: tuple[float, float] = (0.0, 0.0), clumped: float = 1.0
) -> Forecast:
    """The share at which a month ends.

    Args:
        level: What the months before say of it.
        to_come: How many will still be rated.
        sure: Of the running month, how many are counted already and of how many. They are a sample of its own level: it
            is drawn towards them, the more of them there are.
        clumped: How many times more the days of a month vary than counting explains (see `day_dispersion`): a part of a
            month says so much less of the rest of it.
    """
    count, rated = sure
    centre, own = level.centre, level.own
    if rated:
        here, chance = (float(one[0]) for one in _on_scale([count], [rated]))
        chance *= clumped
        trust = own / (own + chance)
        centre, own = centre + trust * (here - centre), own * chance / (own + chance)
    spread = math.sqrt(own + (clumped if rated else 1.0) / (4 * to_come + 2)) if to_come else 0.0
    reach = _quantile((1 + BAND) / 2, level.freedom) * spread
    middle, low, high = (to_come * _share_at(at) for at in (centre, centre - reach, centre + reach))
    whole = rated + to_come
    # a month has whole interactions: of few that are rare, the band would else lie between two that can be
    share, low, high = (
        (count + part) / whole if whole else math.nan
        for part in (middle, math.floor(low), min(math.ceil(high), to_come))
    )
    return Forecast(share, low, high, level, sure, to_come, min(max(centre, 0.0), math.pi / 2), spread)


def day_dispersion(counts: ArrayLike, rated: ArrayLike, of_month: ArrayLike) -> float:
    """How many times more the shares of days vary around those of their months than counting explains; 1 at least.

    The mean square of their distances in binomial standard deviations (Pearson's statistic by its degrees of freedom).

    Args:
        counts: How many of each day.
        rated: Of how many, above 0.
        of_month: The number of the month of each day.
    """
    k, n = np.asarray(counts, dtype=np.float64), np.asarray(rated, dtype=np.float64)
    names, place = np.unique(np.asarray(of_month), return_inverse=True)
    share = (np.bincount(place, k) / np.bincount(place, n))[place]
    inside = (share > 0) & (share < 1)
    freedom = len(k) - len(names)
    if freedom < 1 or not inside.any():
        return 1.0
    squares = (k - n * share)[inside] ** 2 / (n * share * (1 - share))[inside]
    return max(float(squares.sum() / freedom), 1.0)


def _on_scale(counts: ArrayLike, rated: ArrayLike) -> tuple[Floats, Floats]:
    """The arcsin √share of each month, and the variance that it has by counting alone."""
    k, n = np.asarray(counts, dtype=np.float64), np.asarray(rated, dtype=np.float64)
    # the additions of Anscombe (1948) keep shares of 0 and 1 off the ends
    return np.arcsin(np.sqrt((k + 0.375) / (n + 0.75))), 1 / (4 * n + 2)


def _season(x: Floats, chance: Floats, months: NDArray[np.int64], month: int) -> tuple[Floats, int, float]:
    """The distance of each month, and of the one that is forecast, from the level by its month of the year.

    Returns:
        The distances, 0 without a season; the degrees of freedom that it takes; and by how much the variance of the
        forecast is larger, as the distance of its month is known from so many years alone.
    """
    none = np.zeros(len(x) + 1), 0, 0.0
    present = np.unique(months)
    if len(x) < SEASON_FROM or len(present) < _YEAR:
        return none
    weights = 1 / (chance + max(float(x.var()) - float(chance.mean()), 0.0))
    fitted, p = month_levels(x, weights, months.tolist())
    if not p < SEASON_LEVEL:
        return none
    same = months == month
    away = np.array([*fitted, fitted[same][0]]) - np.average(x, weights=weights)
    return away, _YEAR - 1, 1 / int(same.sum())


def _best_weight(x: Floats) -> float:
    """The weight of the newest month whose forecasts one month ahead had the smallest errors."""
    return min(_WEIGHTS, key=lambda weight: float((_errors(x, weight, 1) ** 2).sum()))


def _errors(x: Floats, weight: float, ahead: int) -> Floats:
    """The errors of forecasts so many months ahead, without the first third of the months, from which they learn."""
    errors: Floats = x[ahead:] - _levels(x, weight)[:-ahead]
    return errors[min(len(x) // 3, len(errors) - 1) :]


def _levels(x: Floats, weight: float) -> Floats:
    """The level after each month: the mean of the first ones, then exponentially weighted."""
    found = np.empty(len(x))
    level = x[0]
    for place, value in enumerate(x.tolist()):
        # at the begin a plain mean: the first month weighs no more than the others
        level += max(weight, 1 / (place + 1)) * (value - level)
        found[place] = level
    return found


def _share_at(place: float) -> float:
    """The share at a place of the scale; beyond its ends 0 or 1."""
    return math.sin(min(max(place, 0.0), math.pi / 2)) ** 2


def _quantile(part: float, freedom: float) -> float:
    from scipy.special import stdtrit  # noqa: PLC0415 - loaded when used

    return float(stdtrit(freedom, part))


def _below(deviate: float, freedom: float) -> float:
    from scipy.special import stdtr  # noqa: PLC0415 - loaded when used

    return float(stdtr(freedom, deviate))
