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


@given(st.integers(1, 60), st.one_of(st.integers(1, 60), st.integers(10**6, 10**8)), st.floats(0, 1), st.floats(0, 1))
def test_the_exact_test_is_that_of_scipy(whole, other, share, other_share):
    part, other_part = round(whole * share), round(min(other, 10_000) * other_share)
    mine = own.fisher_irwin_p(part, whole, other_part, other)
    theirs = stats.fisher_exact([[part, whole - part], [other_part, other - other_part]]).pvalue
    assert mine == pytest.approx(theirs, rel=1e-6, abs=1e-12)


def test_the_exact_test_of_equally_likely_tables():
    # 2 of 4 and 2 of 4: the tables 0/4 .. 4/0 have the chances 1, 16, 36, 16, 1 of 70, and none is likelier than this one
    assert own.fisher_irwin_p(2, 4, 2, 4) == pytest.approx(1.0)
    # 1 of 4 and 3 of 4: both ends and both tables of 16 are no likelier
    assert own.fisher_irwin_p(1, 4, 3, 4) == pytest.approx((1 + 16 + 16 + 1) / 70)
