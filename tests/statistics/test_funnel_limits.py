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


def test_over_dispersion_step_by_step():
    """One of the 12 deviates at each end (10 % of 12, rounded down) is set to its neighbour; then the mean square."""
    x, n = (np.array(one) for one in HOSPITALS)
    center = 208 / 2814
    assert (x.sum(), n.sum()) == (208, 2814)
    z = sorted((a / b - center) / math.sqrt(center * (1 - center) / b) for a, b in zip(*HOSPITALS, strict=True))
    z[0], z[-1] = z[1], z[-2]
    expected = sum(one**2 for one in z) / 12
    factor = funnel_limits.over_dispersion(x, n, center)
    assert factor == pytest.approx(expected)
    critical = module("scipy.stats").chi2.ppf(0.95, 12)  # 21.03
    assert factor * 12 > critical
    assert funnel_limits.factor_used(factor, 12) == factor
    assert funnel_limits.factor_used(21.0 / 12, 12) == 1.0
    assert funnel_limits.factor_used(0.7, 12) == 1.0


def test_one_bad_group_does_not_widen_the_limits():
    x, n = np.full(20, 50), np.full(20, 500)
    x[3] = 250
    assert funnel_limits.over_dispersion(x, n, 0.1) == pytest.approx(0.0, abs=1e-12)


def test_funnel_limits_by_hand():
    """Of 100 around 0.1: 5 is the first count with at least 2.5 % at or below it; interpolated back to 4 + 0.04."""
    chance = [math.comb(100, k) * 0.1**k * 0.9 ** (100 - k) for k in range(101)]
    below, reached = sum(chance[:5]), sum(chance[:6])
    assert below < 0.025 <= reached
    low, high = funnel_limits.funnel_limits(100, 0.1, 0.95)
    assert float(low) == pytest.approx((5 - (reached - 0.025) / chance[5]) / 100)
    assert [round(float(low), 4), round(float(high), 4)] == [0.0404, 0.1577]
    wide_low, wide_high = funnel_limits.funnel_limits(100, 0.1, 0.95, 4.0)
    assert float(wide_low) == pytest.approx(max(0.1 + 2 * (float(low) - 0.1), 0))
    assert float(wide_high) == pytest.approx(0.1 + 2 * (float(high) - 0.1))


def test_funnel_limits_of_many_are_the_normal_ones():
    for level, z in ((0.95, 1.959964), (0.998, 3.090232)):
        low, high = funnel_limits.funnel_limits(10**6, 0.3, level)
        half = z * math.sqrt(0.3 * 0.7 / 10**6)
        assert (float(low), float(high)) == pytest.approx((0.3 - half, 0.3 + half), abs=2e-6)


def test_no_funnel_without_a_share():
    assert np.isnan(funnel_limits.funnel_limits([10, 20], 0.0, 0.95)).all()
    assert np.isnan(funnel_limits.funnel_limits(0, 0.3, 0.95)).all()
    assert np.isnan(funnel_limits.over_dispersion([], [], 0.3))
    assert np.isnan(funnel_limits.over_dispersion([1, 2], [3, 4], 1.0))
