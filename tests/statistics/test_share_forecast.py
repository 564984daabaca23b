"""The share of months to come: by hand, and seeded series of which the bands hold about as many as they are meant to."""

from __future__ import annotations

import math

import numpy as np
import pytest

from svclight.statistics.share_forecast import day_dispersion, month_forecast, month_level

YEAR = np.arange(240) % 12 + 1


def forecast_of(counts, rated, ahead: int = 1, to_come: float = 1000.0, sure=(0.0, 0.0)):
    months = len(counts)
    level = month_level(counts, rated, YEAR[:months], month=int(YEAR[months + ahead - 1]), ahead=ahead)
    return month_forecast(level, to_come=to_come, sure=sure)


def test_months_that_are_all_alike_by_hand():
    found = forecast_of([800] * 8, [1000] * 8)
    # arcsin √((800.375) / (1000.75)) is the level, so the share is 0.79977; no error but that of counting: the level of
    # weight 0.1 has the variance 0.1 / 1.9 of a month's 1 / 4002, and the month to come has its own
    assert found.level.own == pytest.approx(0.1 / 1.9 / 4002)
    assert found.share == pytest.approx(800.375 / 1000.75)
    spread = math.sqrt(0.1 / 1.9 / 4002 + 1 / 4002)
    assert found.spread == pytest.approx(spread)
    # 8 months: 7 errors, of which the first 2 are left out; half of 5 - 1 is 2 degrees of freedom, t = 2.9200
    low = math.sin(math.asin(math.sqrt(800.375 / 1000.75)) - 2.9200 * spread) ** 2
    assert found.low == pytest.approx(low, abs=1e-3)  # whole interactions: 0.759
    assert found.low == round(found.low, 3)


def test_the_chance_is_that_of_the_band():
    found = forecast_of([800, 820, 790, 805, 815, 795, 800], [1000] * 7)
    # 5 % lie below the band and 95 % below its upper end, but for whole interactions
    assert found.chance_below(found.low) == pytest.approx(0.05, abs=0.01)
    assert found.chance_below(found.high) == pytest.approx(0.95, abs=0.01)
    assert found.chance_below(found.share) == pytest.approx(0.5)
    assert (found.chance_below(-0.01), found.chance_below(1.01)) == (0.0, 1.0)


def test_what_is_counted_of_a_running_month_stands():
    before = ([800, 820, 790, 805, 815, 795, 800], [1000] * 7)
    half = forecast_of(*before, to_come=500.0, sure=(300.0, 500.0))
    # 300 of 500 are counted: at least 300 and at most 800 of 1000
    assert 0.3 < half.low < half.share < half.high < 0.8
    assert half.chance_below(0.299) == 0.0
    assert half.share < forecast_of(*before).share
    over = forecast_of(*before, to_come=0.0, sure=(300.0, 500.0))
    assert (over.low, over.share, over.high) == (0.6, 0.6, 0.6)
    assert (over.chance_below(0.59), over.chance_below(0.6)) == (0.0, 1.0)


def test_a_level_that_drifts_has_a_wider_band_further_ahead():
    rising = [500 + 20 * month for month in range(14)]
    near, far = forecast_of(rising, [1000] * 14), forecast_of(rising, [1000] * 14, ahead=4)
    assert far.high - far.low > 1.5 * (near.high - near.low)
    assert near.level.centre == far.level.centre


def test_a_season_needs_24_months_and_more_than_chance():
    wave = [round(1000 * (0.8 + 0.08 * math.sin(2 * math.pi * month / 12))) + 5 * (-1) ** month for month in range(36)]
    assert not forecast_of(wave[:23], [1000] * 23).level.season
    july, january = (forecast_of(wave[:24], [1000] * 24, ahead=ahead) for ahead in (4, 10))
    assert july.level.season
    # month 3 after a whole number of years stands high, month 9 low: 0.8 + 0.08 and 0.8 - 0.08
    assert july.share == pytest.approx(0.88, abs=0.02)
    assert january.share == pytest.approx(0.72, abs=0.02)
    chance = np.random.default_rng(2)
    flat = [forecast_of(chance.binomial(1000, 0.8, 24), [1000] * 24).level.season for _ in range(300)]
    assert np.mean(flat) <= 0.03  # an F test at 1 %


KINDS = {
    "binomial": lambda t, _chance: np.full(len(t), 1.107),
    "months": lambda t, chance: 1.107 + chance.normal(0, 0.03, len(t)),
    "drift": lambda t, chance: 1.107 + np.cumsum(chance.normal(0, 0.02, len(t))),
    "season": lambda t, chance: 1.107 + 0.06 * np.sin(2 * np.pi * t / 12) + chance.normal(0, 0.015, len(t)),
    "rare": lambda t, chance: 0.174 + chance.normal(0, 0.01, len(t)),
}


@pytest.mark.parametrize("kind", KINDS)
@pytest.mark.parametrize("months", [12, 30])
@pytest.mark.parametrize("ahead", [1, 3])
def test_the_band_holds_ninety_of_a_hundred(kind, months, ahead):
    chance, held, many = np.random.default_rng(11), 0, 250
    for _ in range(many):
        shares = np.sin(KINDS[kind](np.arange(months + ahead), chance)) ** 2
        rated = chance.poisson(600, months + ahead)
        counts = chance.binomial(rated, shares)
        found = forecast_of(counts[:months], rated[:months], ahead, float(rated[months - 3 : months].mean()))
        held += found.low <= counts[-1] / rated[-1] <= found.high
    # 90 % with 250 draws: a standard error of 1.9 points; bands may be wider, as months may have incidents
    assert held / many >= 0.87


def test_the_band_of_half_a_month_holds_ninety_of_a_hundred():
    chance, held, many = np.random.default_rng(12), 0, 250
    for _ in range(many):
        shares = np.sin(KINDS["months"](np.arange(16), chance)) ** 2
        counts = chance.binomial(600, shares)
        so_far = float(chance.hypergeometric(counts[-1], 600 - counts[-1], 300))
        found = forecast_of(counts[:-1], [600] * 15, 1, 300.0, (so_far, 300.0))
        held += found.low <= counts[-1] / 600 <= found.high
    assert held / many >= 0.87


def test_days_that_vary_more_than_counting_say_less_of_the_rest():
    # two months of two days of 100: 60 and 40 around 50, 70 and 70 around 70: (2 · 10² / 25 + 0) / (4 - 2) = 4
    assert day_dispersion([60, 40, 70, 70], [100] * 4, [1, 1, 2, 2]) == pytest.approx(4.0)
    assert day_dispersion([70, 70], [100, 100], [1, 1]) == 1.0  # never less than counting
    assert day_dispersion([0, 0], [10, 10], [1, 1]) == 1.0
    level = month_level([800, 820, 790, 805, 815, 795, 800], [1000] * 7, YEAR[:7], month=8, ahead=1)
    near, far = (month_forecast(level, to_come=500.0, sure=(300.0, 500.0), clumped=by) for by in (1.0, 9.0))
    assert near.share < far.share  # it is drawn less towards what is counted
    assert far.high - far.low > near.high - near.low
