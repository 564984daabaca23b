"""How many interactions it takes: published numbers, other formulas, and what a seeded simulation sees."""

from __future__ import annotations

import math

import numpy as np
import pytest

from svclight.decisions.verdicts import CANNOT_TELL, verdict_on
from svclight.statistics.sample_sizes import rated_for_target, rated_per_side
from svclight.statistics.shares import wilson_interval
from svclight.statistics.two_shares import chi_squared
from svclight.thresholds import parse_interval

Z975, Z80 = 1.959964, 0.841621


def test_two_shares_by_the_difference_of_arcsines():
    # h = 2 (arcsin √0.80 - arcsin √0.75) = 2 (1.107149 - 1.047198) = 0.119902; 2 · (1.959964 + 0.841621)² / h² = 1091.9
    assert rated_per_side(0.80, 0.75) == rated_per_side(0.75, 0.80) == 1092
    # Cohen (1988), table 6.4.1: h = 0.20 takes 392 a side at 5 % with 80 %, h = 0.50 takes 63
    assert rated_per_side(*_shares_with_effect(0.20)) in (392, 393)
    assert rated_per_side(*_shares_with_effect(0.50)) == 63


def _shares_with_effect(effect: float) -> tuple[float, float]:
    """50 %, and the share whose arcsine lies so far from it."""
    return 0.5, math.sin(math.pi / 4 + effect / 2) ** 2


@pytest.mark.parametrize(("first", "second"), [(0.80, 0.75), (0.50, 0.60), (0.05, 0.08)])
def test_two_shares_beside_the_formula_of_fleiss(first, second):
    pooled = (first + second) / 2
    width = Z975 * math.sqrt(2 * pooled * (1 - pooled)) + Z80 * math.sqrt(first * (1 - first) + second * (1 - second))
    assert rated_per_side(first, second) == pytest.approx((width / (first - second)) ** 2, rel=0.06)


def test_two_shares_beside_statsmodels():
    from statsmodels.stats.power import NormalIndPower
    from statsmodels.stats.proportion import proportion_effectsize

    solved = NormalIndPower().solve_power(proportion_effectsize(0.80, 0.75), power=0.9, alpha=0.01)
    assert rated_per_side(0.80, 0.75, power=0.9, level=0.01) == math.ceil(solved)


@pytest.mark.parametrize(("first", "second"), [(0.80, 0.75), (0.10, 0.13), (0.95, 0.99)])
def test_the_difference_is_seen_as_often_as_is_said(first, second):
    chance, many = np.random.default_rng(5), 4000
    side = rated_per_side(first, second)
    before, after = chance.binomial(side, first, many), chance.binomial(side, second, many)
    seen = np.abs(chi_squared(before, side, after, side)) > Z975
    assert seen.mean() == pytest.approx(0.80, abs=0.025)  # 4 standard errors of 4,000 draws


@pytest.mark.parametrize(("share", "target"), [(0.78, 0.80), (0.83, 0.80), (0.07, 0.05)])
def test_a_target_is_judged_as_often_as_is_said(share, target):
    chance, many = np.random.default_rng(6), 4000
    rated = rated_for_target(share, target)
    low, high = wilson_interval(chance.binomial(rated, share, many), rated)
    limit = parse_interval(f">= {target * 100:g} %")
    told = [verdict_on(limit, "green", *ends) != CANNOT_TELL for ends in zip(low, high, strict=True)]
    assert np.mean(told) == pytest.approx(0.80, abs=0.03)


def test_a_target_by_hand():
    # (1.959964 · √(0.8 · 0.2) + 0.841621 · √(0.78 · 0.22))² / 0.02² = (0.783986 + 0.348636)² / 0.0004 = 3207.1
    assert rated_for_target(0.78, 0.80) == 3208
    # no red allowed: one of n is red with a chance of 80 % where 0.98^n <= 0.2, so n >= ln 0.2 / ln 0.98 = 79.7
    assert rated_for_target(0.02, 0.0) == 80
    assert rated_for_target(0.98, 1.0) == 80
    assert rated_for_target(0.0, 1.0) == 1
