"""Tails and points against those of scipy.stats, which comes to them by its own layer."""

from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from scipy import stats

from svclight.statistics import distributions as own

CHANCES = np.array([1e-9, 1e-4, 0.001, 0.025, 0.3, 0.5, 0.9, 0.975, 0.999, 1 - 1e-9])
DEVIATES = np.array([-9.0, -3.2, -0.4, 0.0, 1e-3, 1.96, 4.0, 12.0, 37.0])


def test_normal():
    assert own.normal_tail(DEVIATES) == pytest.approx(stats.norm.sf(DEVIATES), rel=1e-12, abs=0)
    assert own.normal_point(CHANCES) == pytest.approx(stats.norm.ppf(CHANCES), rel=1e-12)


@pytest.mark.parametrize("freedom", [1.0, 2.5, 7.0, 30.0, 1e4, np.inf])
def test_student(freedom):
    assert own.student_tail(DEVIATES, freedom) == pytest.approx(stats.t.sf(DEVIATES, freedom), rel=1e-9, abs=0)
    assert own.student_point(CHANCES, freedom) == pytest.approx(stats.t.ppf(CHANCES, freedom), rel=1e-7)


def test_f():
    ratios = np.array([0.0, 0.2, 1.0, 3.5, 60.0, np.inf, np.nan])
    for freedom in ((2, 21), (11, 12), (11, 1)):
        expected = stats.f.sf(ratios, *freedom)
        assert np.allclose(own.f_tail(ratios, freedom), expected, rtol=1e-12, atol=0, equal_nan=True)


@given(st.integers(1, 20_000), st.floats(1e-4, 1 - 1e-4), st.floats(1e-6, 1 - 1e-6))
def test_binomial(trials, each, chance):
    assert own.binomial_point(chance, trials, each) == stats.binom.ppf(chance, trials, each)
