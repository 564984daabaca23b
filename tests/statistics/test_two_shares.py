"""Two shares against each other: published numbers, second routes."""

from __future__ import annotations

import math

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from support.needs import module

from svclight.statistics import two_shares
from svclight.statistics.shares import wilson_interval

Z = 1.959963984540054


@pytest.mark.parametrize(
    ("after", "before", "low", "high"),
    [
        ((56, 70), (48, 80), 0.0524, 0.3339),
        ((9, 10), (3, 10), 0.1705, 0.8090),
        ((6, 7), (2, 7), 0.0582, 0.8062),
        ((5, 56), (0, 29), -0.0381, 0.1926),
        ((0, 10), (0, 20), -0.1611, 0.2775),
        ((0, 10), (0, 10), -0.2775, 0.2775),
        ((10, 10), (0, 20), 0.6791, 1.0),
        ((10, 10), (0, 10), 0.6075, 1.0),
    ],
)  # fmt: skip
def test_newcombe_against_his_table(after, before, low, high):
    """Newcombe (1998), table II, contrasts (a) to (h), method 10."""
    found = two_shares.newcombe_interval(*before, *after)
    assert [round(float(end), 4) for end in found] == [low, high]


def test_newcombe_against_statsmodels():
    proportion = module("statsmodels.stats.proportion")
    for a, n, b, m in [(48, 80, 56, 70), (0, 30, 3, 45), (900, 1000, 460, 500), (5, 5, 0, 9)]:
        theirs = proportion.confint_proportions_2indep(b, m, a, n, method="newcomb")
        assert np.allclose(two_shares.newcombe_interval(a, n, b, m), theirs, atol=1e-12)
    wide = proportion.confint_proportions_2indep(56, 70, 48, 80, method="newcomb", alpha=2 * 0.0099)
    z = module("scipy.stats").norm.isf(0.0099)
    assert np.allclose(two_shares.newcombe_interval(48, 80, 56, 70, widen=z / Z), wide, atol=1e-9)


def test_the_n_1_chi_squared_test_by_its_definition():
    """Campbell (2007): Pearson's (a d - b c)^2 N / (m n r s), with N - 1 for N."""
    a, n, b, m = 48, 80, 56, 70
    table = [[a, n - a], [b, m - b]]
    cross = a * (m - b) - (n - a) * b
    margins = n * m * (a + b) * (n + m - a - b)
    expected = (n + m - 1) * cross**2 / margins  # 149 * (48 * 14 - 32 * 56)^2 / (80 * 70 * 104 * 46) = 6.9766
    z = float(two_shares.chi_squared(a, n, b, m))
    assert z**2 == pytest.approx(expected)
    assert round(z**2, 4) == 6.9766
    assert z > 0
    pearson = module("scipy.stats").chi2_contingency(table, correction=False).statistic
    assert z**2 == pytest.approx(pearson * 149 / 150)
    assert float(two_shares.p_value(z)) == pytest.approx(module("scipy.stats").chi2.sf(expected, 1))


def test_fewer_than_one_expected_takes_the_exact_test():
    """Campbell (2007): the Fisher-Irwin test by Irwin's rule. 1 of 30 and 0 of 1,000: 30/1030 is the chance of that."""
    z = two_shares.chi_squared(0, 1000, 1, 30)
    assert float(two_shares.p_value(z)) == pytest.approx(30 / 1030)
    plain = 1029 * (1 * 1000) ** 2 / (1000 * 30 * 1 * 1029)  # 33.3: one in a hundred million
    assert plain > 33
    kept = two_shares.chi_squared(0, 1000, 1, 30, least_expected=0)
    assert float(kept) ** 2 == pytest.approx(plain)


def test_the_exact_test_by_adding_up_tables():
    """All tables with the same margins that are no more likely than the one seen."""
    a, n, b, m = 1, 40, 6, 45
    whole = math.comb(n + m, a + b)
    chances = [math.comb(n, k) * math.comb(m, a + b - k) / whole for k in range(a + b + 1)]
    expected = sum(chance for chance in chances if chance <= chances[a] * (1 + 1e-9))
    z = two_shares.chi_squared(a, n, b, m, least_expected=10)
    assert float(two_shares.p_value(z)) == pytest.approx(expected)


def test_nothing_to_compare_is_no_number_and_the_same_is_no_difference():
    assert np.isnan(two_shares.chi_squared(0, 0, 5, 9))
    assert np.isnan(two_shares.newcombe_interval(0, 0, 5, 9)).all()
    assert float(two_shares.chi_squared(0, 40, 0, 60)) == 0.0
    assert float(two_shares.chi_squared(40, 40, 60, 60)) == 0.0
    assert float(two_shares.p_value(0.0)) == 1.0


@given(st.tuples(st.integers(0, 60), st.integers(1, 60), st.integers(0, 60), st.integers(1, 60)))
def test_both_directions_say_the_same(numbers):
    a, n, b, m = numbers
    a, b = min(a, n), min(b, m)
    low, high = two_shares.newcombe_interval(a, n, b, m)
    assert -1 <= low <= b / m - a / n <= high <= 1
    back = two_shares.newcombe_interval(b, m, a, n)
    assert np.allclose([low, high], [-back[1], -back[0]])
    assert float(two_shares.chi_squared(a, n, b, m)) == pytest.approx(-float(two_shares.chi_squared(b, m, a, n)))
    wider = two_shares.newcombe_interval(a, n, b, m, widen=2.0)
    assert -1 <= wider[0] <= low
    assert high <= wider[1] <= 1


def test_holm_and_benjamini_hochberg_by_hand():
    """Holm: 4 x 0.01, 3 x 0.02, 2 x 0.03, never falling. BH: 0.01 x 4/1, 0.02 x 4/2, 0.03 x 4/3, 0.5, never rising."""
    p = [0.02, np.nan, 0.01, 0.5, 0.03]
    assert np.allclose(two_shares.corrected_p_values(p, "holm"), [0.06, np.nan, 0.04, 0.5, 0.06], equal_nan=True)
    assert np.allclose(two_shares.corrected_p_values(p, "bh"), [0.04, np.nan, 0.04, 0.5, 0.04], equal_nan=True)
    theirs = module("scipy.stats").false_discovery_control([0.02, 0.01, 0.5, 0.03])
    assert np.allclose(two_shares.corrected_p_values([0.02, 0.01, 0.5, 0.03], "bh"), theirs)
    assert np.isnan(two_shares.corrected_p_values([np.nan], "holm")).all()


@pytest.mark.parametrize(("method", "theirs"), [("holm", "holm"), ("bh", "fdr_bh")])
@pytest.mark.parametrize("seed", range(10))
def test_corrections_are_those_of_statsmodels(method, theirs, seed):
    rng = np.random.default_rng(seed)
    p = rng.uniform(0, 0.2, rng.integers(1, 30)).round(2)  # some stand twice, some are 0
    expected = module("statsmodels.stats.multitest").multipletests(p, method=theirs)[1]
    assert two_shares.corrected_p_values(p, method) == pytest.approx(expected, rel=1e-12)


def test_a_total_that_falls_while_both_parts_rise():
    """January 900/1000 and 60/100, February 460/500 and 390/600: 960/1100 = 87.27 %, 850/1100 = 77.27 %.

    At January's mix February is 10/11 x 92 % + 1/11 x 65 % = 89.55 %.
    """
    numbers = ([900, 60], [1000, 100], [460, 390], [500, 600])
    difference, low, high, z = two_shares.at_first_mix(*numbers)
    assert 960 / 1100 + float(difference) == pytest.approx((10 * 0.92 + 0.65) / 11)
    assert round(100 * (960 / 1100 + float(difference)), 2) == 89.55
    assert low < difference < high
    assert z > 0


def test_the_interval_at_the_first_mix_by_hand():
    """Squared distances of the Wilson ends, by squared weight; the variance under no change, by stratum."""
    numbers = ([900, 60], [1000, 100], [460, 390], [500, 600])
    weights, below, above, variance = (1000 / 1100, 100 / 1100), 0.0, 0.0, 0.0
    for weight, (a, n, b, m) in zip(weights, zip(*numbers, strict=True), strict=True):
        (l1, u1), (l2, u2) = wilson_interval(a, n), wilson_interval(b, m)
        below += weight**2 * ((b / m - float(l2)) ** 2 + (float(u1) - a / n) ** 2)
        above += weight**2 * ((float(u2) - b / m) ** 2 + (a / n - float(l1)) ** 2)
        p = (a + b) / (n + m)
        variance += weight**2 * p * (1 - p) * (1 / n + 1 / m) * (n + m) / (n + m - 1)
    difference, low, high, z = (float(one) for one in two_shares.at_first_mix(*numbers))
    assert (difference - low) ** 2 == pytest.approx(below)
    assert (high - difference) ** 2 == pytest.approx(above)
    assert z == pytest.approx(difference / math.sqrt(variance))


def test_one_stratum_is_the_plain_comparison_and_one_sided_strata_are_left():
    difference, low, high, z = two_shares.at_first_mix([48, 3, 0], [80, 9, 0], [56, 0, 7], [70, 0, 8])
    assert float(difference) == pytest.approx(0.2)
    assert np.allclose([low, high], two_shares.newcombe_interval(48, 80, 56, 70))
    assert float(z) == pytest.approx(float(two_shares.chi_squared(48, 80, 56, 70)))
    assert np.isnan(two_shares.at_first_mix([1, 0], [2, 0], [0, 1], [0, 2])).all()


def test_holms_procedure_step_by_step():
    p = [0.01, 0.04, np.nan, 0.03, 0.005]
    levels, found = two_shares.holm_steps(p, 0.05)
    assert levels[[0, 1, 3, 4]] == pytest.approx([0.05 / 3, 0.05, 0.05 / 2, 0.05 / 4])
    assert np.isnan(levels[2])
    assert found.tolist() == [True, False, False, False, True]
    corrected = two_shares.corrected_p_values(p, "holm")  # by another route
    assert found.tolist() == (corrected < 0.05).tolist()
