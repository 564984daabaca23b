"""Funnels: over-dispersion step by step, limits by hand."""

from __future__ import annotations

import math

import numpy as np
import pytest
from support.needs import module

from svclight.statistics import funnel_limits

Z = 1.959963984540054


HOSPITALS = ([0, 18, 8, 46, 8, 13, 9, 31, 14, 8, 29, 24], [47, 148, 119, 810, 211, 196, 148, 215, 207, 97, 256, 360])
"""Deaths and operations on infants in 12 hospitals: the Surgical example of the BUGS project (Spiegelhalter et al.)."""


def test_the_factor_of_the_others_is_pearsons_chi_squared():
    """Each hospital left out: the chi-squared of the other 11 in a table of 2 x 11, by 10 degrees of freedom."""
    x, n = (np.array(one) for one in HOSPITALS)
    assert (x.sum(), n.sum()) == (208, 2814)
    found = funnel_limits.others_factor(x, n)
    for at in range(12):
        others = [np.delete(x, at), np.delete(n - x, at)]
        statistic = module("scipy.stats").chi2_contingency(others, correction=False).statistic
        assert found[at] == pytest.approx(statistic / 10)
    # hospital 8, the known outlier (31 of 215): without it the factor is the least
    assert int(found.argmin()) == 7


def test_an_outlier_does_not_widen_its_own_limits():
    x, n = np.full(20, 50), np.full(20, 500)
    x[3] = 250
    found = funnel_limits.others_factor(x, n)
    assert found[3] == 1.0
    assert found[0] > 10


def test_of_fewer_than_five_nothing_is_widened():
    assert funnel_limits.others_factor([5, 100, 200, 9], [500] * 4).tolist() == [1.0] * 4
    assert funnel_limits.quantile_ratio(0.95, 4) == 1.0
    # Student's 97.5 % points: 3.1824 of 3 degrees of freedom, 2.2281 of 10
    assert funnel_limits.quantile_ratio(0.95, 5) == pytest.approx(3.1824 / Z, rel=1e-4)
    assert funnel_limits.quantile_ratio(0.95, 12) == pytest.approx(2.2281 / Z, rel=1e-4)


def test_funnel_limits_by_hand():
    """Of 100 around 0.1: 5 is the first count with at least 2.5 % at or below it, 16 the first with 97.5 %."""
    chance = [math.comb(100, k) * 0.1**k * 0.9 ** (100 - k) for k in range(101)]
    assert sum(chance[:5]) < 0.025 <= sum(chance[:6])
    assert sum(chance[:16]) < 0.975 <= sum(chance[:17])
    low, high = funnel_limits.funnel_limits(100, 0.1, 0.95)
    assert (float(low), float(high)) == (0.05, 0.16)
    wide_low, wide_high = funnel_limits.funnel_limits(100, 0.1, 0.95, widen=1.5)
    assert (float(wide_low), float(wide_high)) == pytest.approx((0.1 - 0.075, 0.1 + 0.09))


@pytest.mark.parametrize(
    ("n", "whole", "events"), [(50, 100, 4), (40, 120, 9), (300, 600, 120), (100, 1000, 930), (30, 70, 35)]
)
def test_a_part_of_a_whole_is_hypergeometric(n, whole, events):
    """Given the count of the whole that of a part is hypergeometric: beyond each limit lies 2.5 % at most, 3 counts less not."""
    chance = module("scipy.stats").hypergeom(whole, events, n)
    low, high = (round(float(end) * n) for end in funnel_limits.funnel_limits(n, events / whole, 0.95, whole=whole))
    assert chance.cdf(low - 1) <= 0.026
    assert chance.sf(high) <= 0.026
    assert chance.cdf(low + 2) > 0.025
    assert chance.sf(high - 3) > 0.025


def test_funnel_limits_of_many_are_the_normal_ones():
    for level, z in ((0.95, 1.959964), (0.998, 3.090232)):
        for whole in (math.inf, 2 * 10**6):  # the half of a whole: the root of 1 - 1/2
            low, high = funnel_limits.funnel_limits(10**6, 0.3, level, whole=whole)
            half = z * math.sqrt(0.3 * 0.7 / 10**6 * (1 - 10**6 / whole))
            assert (float(low), float(high)) == pytest.approx((0.3 - half, 0.3 + half), abs=4e-6)


def test_no_funnel_without_a_share():
    assert np.isnan(funnel_limits.funnel_limits([10, 20], 0.0, 0.95)).all()
    assert np.isnan(funnel_limits.funnel_limits(0, 0.3, 0.95)).all()
    assert np.isnan(funnel_limits.funnel_limits(10, 0.3, 0.95, whole=10)).all()
    assert funnel_limits.others_factor(np.zeros(6), np.full(6, 50)).tolist() == [1.0] * 6


@pytest.mark.once  # simulated; the formulas are tried above
@pytest.mark.parametrize("groups", [2, 3, 5, 8, 12, 30])
@pytest.mark.parametrize(
    ("sizes", "share", "spread"), [((40, 41), 0.05, 0), ((30, 2000), 0.07, 0), ((2000, 2001), 0.2, 0.02)]
)
def test_null_families_raise_no_more_than_is_said(groups, sizes, share, spread):
    """5 % beyond the inner limits, 0.2 % beyond the outer ones; also of large teams that differ by 2 points by nature."""
    if spread and groups < 5:
        return  # of so few it is said that their nature is not known
    random = np.random.default_rng(groups)
    families = 3000 // groups
    n = random.integers(*sizes, (families, groups))
    x = random.binomial(n, np.clip(random.normal(share, spread, n.shape), 0.01, 1))
    factor = funnel_limits.others_factor(x, n)
    for level, said in ((0.95, 0.05), (0.998, 0.002)):
        widen = np.sqrt(factor) * funnel_limits.quantile_ratio(level, groups)
        beyond = 0
        for events, rated, wider in zip(x, n, widen, strict=True):
            limits = funnel_limits.funnel_limits(
                rated, events.sum() / rated.sum(), level, widen=wider, whole=rated.sum()
            )
            beyond += int(((events / rated < limits[0] - 1e-12) | (events / rated > limits[1] + 1e-12)).sum())
        assert beyond / x.size <= said + 3 * math.sqrt(said / x.size)
