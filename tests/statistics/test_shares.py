"""Intervals and shown shares: published figures, an independent routine, and properties."""

from __future__ import annotations

import math
import warnings

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from support.needs import module

from svclight.statistics.shares import net_interval, net_score, score_deviate, share, wilson_interval


@pytest.mark.parametrize(
    ("part", "whole", "low", "high"),
    [(412, 500, 0.7882, 0.8549), (0, 12, 0.0, 0.2425), (12, 12, 0.7575, 1.0), (1, 1, 0.2065, 1.0), (50, 100, 0.4038, 0.5962)],
)  # fmt: skip
def test_wilson_against_published_figures(part: int, whole: int, low: float, high: float) -> None:
    found = wilson_interval(part, whole)
    assert [round(float(end), 4) for end in found] == [low, high]


def test_wilson_against_statsmodels() -> None:
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        proportion = module("statsmodels.stats.proportion")
    for part, whole in [(412, 500), (0, 12), (12, 12), (7, 9), (1, 100_000)]:
        theirs = proportion.proportion_confint(part, whole, alpha=0.05, method="wilson")
        assert np.allclose(wilson_interval(part, whole), theirs, atol=1e-12)


def test_wilson_by_solving_its_equation() -> None:
    """The ends are where |p - share| is z standard errors of p."""
    z = 1.959963984540054
    for end in wilson_interval(412, 500):
        assert abs(float(end) - 0.824) == pytest.approx(z * math.sqrt(float(end) * (1 - float(end)) / 500))


def test_nothing_rated_is_not_a_number() -> None:
    assert np.isnan(share(0, 0))
    assert np.isnan(net_score(0, 0, 0))
    assert np.isnan([*wilson_interval(0, 0), *net_interval(0, 0, 0)]).all()


def test_arrays_keep_their_shape() -> None:
    low, high = wilson_interval(np.array([[0, 5], [10, 0]]), np.array([[10, 10], [10, 0]]))
    assert low.shape == high.shape == (2, 2)
    assert low[0, 0] == 0.0
    assert high[1, 0] == 1.0
    assert np.isnan(low[1, 1])
    assert share([90, 5], [100, 20]).tolist() == [0.9, 0.25]


def test_net_score_and_its_interval() -> None:
    """(50 - 20) / 100 = 30; adjusted Wald: 50.75/103 and 20.75/103 of 103."""
    assert float(net_score(50, 20, 100)) == pytest.approx(30)
    assert [round(float(end), 2) for end in net_interval(50, 20, 100)] == [14.05, 44.20]


def test_net_interval_stays_within_what_is_possible() -> None:
    low, high = net_interval([5, 0], [0, 5], [5, 5])
    assert high[0] == 100
    assert low[1] == -100


@given(st.integers(0, 2000), st.integers(1, 2000))
def test_wilson_holds_the_share_and_is_symmetric(part: int, whole: int) -> None:
    part = min(part, whole)
    low, high = wilson_interval(part, whole)
    assert 0 <= low <= part / whole <= high <= 1
    other = wilson_interval(whole - part, whole)
    assert np.allclose([low, high], [1 - other[1], 1 - other[0]])


def test_the_score_test_is_the_other_side_of_the_wilson_interval():
    counts = {"green": 60, "yellow": 0, "red": 40}
    assert float(score_deviate(counts, "green", 0.5)) == pytest.approx(2.0)  # 0.1 / sqrt(0.25 / 100)
    for z in (1.0, 1.96, 3.0):
        low, high = wilson_interval(60, 100, z)
        assert float(score_deviate(counts, "green", low)) == pytest.approx(z)
        assert float(score_deviate(counts, "green", high)) == pytest.approx(-z)
        low, _ = net_interval(60, 40, 100, z)
        assert float(score_deviate(counts, "net", low)) == pytest.approx(z)
    assert float(score_deviate(counts, "red", 0.0)) == np.inf
    assert float(score_deviate({"green": 5, "yellow": 0, "red": 0}, "red", 0.0)) == 0.0
