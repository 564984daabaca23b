"""Formulas of comparisons, control charts and funnels: published numbers, second routes, and what chance does to them."""

from __future__ import annotations

import itertools
import math

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from support.needs import module

from svclight.statistics import control_limits, funnel_limits, two_shares
from svclight.statistics.shares import wilson_interval

Z = 1.959963984540054

# --- two shares


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


# --- control charts


EVENTS = [10, 14, 9, 30, 12, 11, 8, 25, 13, 12, 15, 7]
RATED = [100, 120, 90, 150, 100, 110, 95, 140, 100, 105, 130, 80]


def test_laney_limits_step_by_step():
    """Laney (2002): deviates from the mean share, their mean moving range by 1.128, three times that many sigmas."""
    center = sum(EVENTS) / sum(RATED)  # 166 / 1320 = 0.12576
    assert round(center, 5) == 0.12576
    z = [(x / n - center) / math.sqrt(center * (1 - center) / n) for x, n in zip(EVENTS, RATED, strict=True)]
    ranges = [abs(later - earlier) for earlier, later in itertools.pairwise(z)]
    sigma_z = sum(ranges) / 11 / 1.128
    limits = control_limits.p_prime(EVENTS, RATED)
    assert float(limits.center) == pytest.approx(center)
    assert float(limits.sigma_z) == pytest.approx(sigma_z)
    assert sigma_z > 1
    for n, low, high in zip(RATED, limits.lower, limits.upper, strict=True):
        half = 3 * math.sqrt(center * (1 - center) / n) * sigma_z
        assert (low, high) == pytest.approx((max(center - half, 0), center + half))


def test_limits_are_those_of_individuals_where_all_months_are_of_one_size():
    """With equal sizes the p' chart is the individuals chart of the shares (XmR; Wheeler): mean +- 2.66 mean ranges."""
    shares = np.array([0.85, 0.82, 0.88, 0.86, 0.80, 0.84, 0.91, 0.83, 0.87, 0.85, 0.82, 0.89])
    limits = control_limits.p_prime(10_000 * shares, np.full(12, 10_000))
    half = 3 / 1.128 * np.abs(np.diff(shares)).mean()
    assert np.allclose(limits.lower, shares.mean() - half)
    assert np.allclose(limits.upper, shares.mean() + half)
    assert pytest.approx(2.66, abs=0.001) == 3 / 1.128


def test_the_published_data_of_wetherill_and_brown_show_no_more_than_chance():
    """Wetherill and Brown (1991), pp. 212-213, as in R's qcc: 30 samples of 50, variance 0.7645 of binomial."""
    x = [
        12,
        11,
        18,
        11,
        10,
        16,
        9,
        11,
        14,
        15,
        11,
        9,
        10,
        13,
        12,
        8,
        12,
        13,
        10,
        12,
        13,
        16,
        12,
        18,
        16,
        10,
        16,
        10,
        12,
        14,
    ]
    z = control_limits.binomial_deviates(x, np.full(30, 50))
    assert (z**2).sum() == pytest.approx(22.16924, abs=1e-5)  # qcc.overdispersion.test: statistic 22.16924
    wide = control_limits.p_prime(x, np.full(30, 50))
    narrow = control_limits.p_prime(x, np.full(30, 50), narrower=True)
    p = sum(x) / 1500
    assert float(wide.sigma_z) == 1.0
    assert float(narrow.sigma_z) == pytest.approx(np.abs(np.diff(z)).mean() / 1.128)
    assert float(narrow.sigma_z) < 1
    assert float(wide.upper[0]) == pytest.approx(p + 3 * math.sqrt(p * (1 - p) / 50))


def test_no_limits_around_always_or_never():
    for events in ([0, 0, 0], [9, 9, 9]):
        limits = control_limits.p_prime(events, [9, 9, 9])
        assert np.isnan([*limits.lower, *limits.upper]).all()
        assert not any(marked.any() for marked in control_limits.rule_signals(np.array(events) / 9, limits).values())


def test_no_range_spans_two_phases():
    """The step between the phases is none of their variation: 0, 0 and 0 ranges would be 1 in one phase."""
    phases = [([50, 51, 50], [100] * 3), ([80, 81, 80], [100] * 3)]
    both, freedom = control_limits.sigma_z(phases)
    each = [float(np.abs(np.diff(control_limits.binomial_deviates(*phase))).mean()) for phase in phases]
    assert float(both) == pytest.approx(sum(each) / 2 / 1.128)
    assert freedom == pytest.approx(1 / (2 * (0.5708 * 4 + 2 * 0.1278 * 2) / 16))
    assert np.isnan(control_limits.sigma_z([([5], [9])])[0])


def test_degrees_of_freedom_of_moving_ranges_by_simulation():
    """The relative variance of sigma_z of 12 points is 1 / (2 x 6.85)."""
    random = np.random.default_rng(2)
    ranges = np.abs(np.diff(random.normal(size=(40_000, 12)), axis=1)).mean(axis=1)
    _, freedom = control_limits.sigma_z([(np.arange(1, 13), np.full(12, 20))])
    assert freedom == pytest.approx(6.85, abs=0.01)
    assert ranges.var() / ranges.mean() ** 2 == pytest.approx(1 / (2 * freedom), rel=0.03)


def raised(values, center=0.5, sigma=0.1):
    values = np.array(values, dtype=float)
    sigmas = np.full(len(values), sigma)
    limits = control_limits.PPrime(
        np.asarray(center), np.asarray(1.0), sigmas, center - 3 * sigmas, center + 3 * sigmas
    )
    return {
        (rule, up): np.flatnonzero(marked).tolist()
        for (rule, up), marked in control_limits.rule_signals(values, limits).items()
        if marked.any()
    }


def test_a_point_outside():
    assert raised([0.5, 0.85, 0.5, 0.15]) == {("outside", True): [1], ("outside", False): [3]}
    assert raised([0.5, 0.79, 0.5]) == {}


def test_seven_on_one_side():
    assert raised([0.45, *[0.52, 0.53] * 3, 0.52, 0.45]) == {("7 on one side", True): [1, 2, 3, 4, 5, 6, 7]}
    assert raised([0.45, *[0.52, 0.53] * 3, 0.45]) == {}
    assert raised([*[0.48, 0.47] * 2, 0.5, *[0.48, 0.47] * 2]) == {}  # on the centre is on no side


def test_seven_rising_or_falling():
    rising = [0.46, 0.47, 0.48, 0.49, 0.51, 0.52, 0.53]
    assert raised(rising) == {("7 rising or falling", True): list(range(7))}
    assert raised(rising[::-1]) == {("7 rising or falling", False): list(range(7))}
    assert raised(rising[:6]) == {}
    assert raised([0.46, 0.47, 0.48, 0.48, 0.49, 0.51, 0.52]) == {}  # two alike end it


def test_two_of_three_in_the_outer_third():
    assert raised([0.5, 0.71, 0.5, 0.72, 0.5]) == {("2 of 3 in the outer third", True): [1, 3]}
    assert raised([0.71, 0.72]) == {("2 of 3 in the outer third", True): [0, 1]}
    assert raised([0.5, 0.71, 0.5, 0.5, 0.72]) == {}
    assert raised([0.5, 0.71, 0.28, 0.5]) == {}  # not on the same side


@given(st.lists(st.integers(1, 19), min_size=2, max_size=30))
def test_rules_by_brute_force(values):
    x = np.array(values, dtype=float) / 20
    found = raised(x, center=0.5, sigma=0.1)
    z = (x - 0.5) / np.full(len(x), 0.1)
    for up, sign in ((True, 1), (False, -1)):
        side, outer = set(), set()
        rising = set()
        for start in range(len(x)):
            if start + 7 <= len(x) and all(sign * z[start : start + 7] > 0):
                side |= set(range(start, start + 7))
            if start + 7 <= len(x) and all(sign * np.diff(x[start : start + 7]) > 0):
                rising |= set(range(start, start + 7))
            window = [at for at in range(start, min(start + 3, len(x))) if sign * z[at] > 2]
            outer |= set(window) if len(window) >= 2 else set()
        for rule, points in (
            ("7 on one side", side),
            ("7 rising or falling", rising),
            ("2 of 3 in the outer third", outer),
        ):
            assert found.get((rule, up), []) == sorted(points), rule


# --- funnels


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


# --- what chance does


def months(random, shape, rated, share, spread):
    """Green and red counts of months; with a spread their share of green varies from month to month."""
    if spread:
        size = share * (1 - share) / spread**2 - 1
        share = random.beta(share * size, (1 - share) * size, shape)
    green = random.binomial(rated, share, shape)
    return green, random.binomial(rated - green, 0.4)


def family_alarms(random, *, families, criteria, rated, share, spread, earlier, after=None):
    """The share of families of criteria x {green, red} in which Holm's correction lets one through.

    One does where the smallest p-value times their number is under 5 %.
    """
    counts = months(random, (families, criteria, earlier + 2), rated, share, spread)
    found = []
    for one in counts:
        first, last = one[..., earlier], one[..., earlier + 1]
        late = rated if after is None else after
        if after is not None:
            last = random.binomial(after, last / rated)
        z = two_shares.chi_squared(first, rated, last, late, least_expected=two_shares.FAR_OUT)
        if earlier:
            early = one[..., :earlier]
            sigma_z, freedom = control_limits.sigma_z([(early, np.full(early.shape, rated))])
            found.append(two_shares.p_value(z, np.nan_to_num(sigma_z, nan=1.0), freedom))
        else:
            found.append(two_shares.p_value(z))
    p = np.concatenate(found, axis=1)
    return float((p.min(axis=1) * p.shape[1] < 0.05).mean())


@pytest.mark.parametrize("criteria", [1, 5, 20])
@pytest.mark.parametrize(("rated", "share"), [(200, 0.8), (1100, 0.8), (1100, 0.95)])
def test_families_without_a_change_raise_few_alarms(criteria, rated, share):
    random = np.random.default_rng(11)
    found = family_alarms(random, families=4000, criteria=criteria, rated=rated, share=share, spread=0, earlier=0)
    assert found <= 0.05


@pytest.mark.parametrize("earlier", [12, 24])
@pytest.mark.parametrize("criteria", [1, 5, 20])
@pytest.mark.parametrize("spread", [0.0, 0.02, 0.05])
def test_families_of_months_that_vary_raise_few_alarms_once_earlier_ones_are_there(criteria, spread, earlier):
    random = np.random.default_rng(12)
    options = {"families": 3000, "criteria": criteria, "rated": 1100, "share": 0.8, "spread": spread}
    assert family_alarms(random, **options, earlier=earlier) <= 0.05


def test_without_earlier_months_those_that_vary_raise_many():
    random = np.random.default_rng(13)
    options = {"families": 1000, "criteria": 5, "rated": 1100, "share": 0.8, "spread": 0.05}
    assert family_alarms(random, **options, earlier=0) > 0.5  # that is why it is said


def test_families_of_unequal_sides_raise_few_alarms():
    random = np.random.default_rng(14)
    options = {"families": 1500, "criteria": 10, "rated": 1000, "share": 0.96, "spread": 0, "earlier": 0}
    assert family_alarms(random, **options, after=30) <= 0.05


def test_a_fall_by_five_points_is_found_four_times_in_five():
    """80 % -> 75 % of 1,100: 0.05 / sqrt(0.16 / 1100 + 0.1875 / 1100) = 2.81; beyond 1.96 in 80.3 % of trials."""
    random = np.random.default_rng(15)
    before, after = random.binomial(1100, 0.80, 20_000), random.binomial(1100, 0.75, 20_000)
    p = two_shares.p_value(two_shares.chi_squared(before, 1100, after, 1100))
    assert (p < 0.05).mean() == pytest.approx(0.80, abs=0.015)


@pytest.mark.parametrize("part", [0.0, 0.05, 0.15])
@pytest.mark.parametrize(("share", "rated"), [(0.5, 300), (0.8, 100), (0.8, 1100), (0.9, 400), (0.95, 1100)])
def test_unchanged_charts_of_24_months_raise_few_signals(share, rated, part):
    """Months vary by up to a seventh of what is not green: 80 % +- 3 points in 1,100, sigma_z 2.7."""
    random = np.random.default_rng(16)
    green, _ = months(random, (6000, 24), rated, share, part * (1 - share))
    any_signal, outside = chart_alarms(green, np.full(green.shape, rated))
    assert any_signal <= 0.20
    assert outside <= 0.08


def test_limits_as_far_up_as_down_do_not_fit_months_that_are_skewed():
    """95 % +- 2 points cannot go far up but far down: more points fall outside than the limits promise."""
    random = np.random.default_rng(19)
    green, _ = months(random, (3000, 24), 1100, 0.95, 0.02)
    limits = control_limits.p_prime(green, np.full(green.shape, 1100))
    marked = control_limits.rule_signals(green / 1100, limits)
    down, up = (marked["outside", way].any(axis=-1).mean() for way in (False, True))
    assert up < 0.01
    assert 0.08 < down < 0.20


def test_unchanged_charts_of_months_of_unequal_size_raise_few_signals():
    random = np.random.default_rng(17)
    rated = random.integers(150, 1500, (3000, 24))
    any_signal, outside = chart_alarms(random.binomial(rated, 0.85), rated)
    assert any_signal <= 0.20
    assert outside <= 0.08


def chart_alarms(events, rated):
    """The shares of charts with any signal, and with one outside the limits."""
    limits = control_limits.p_prime(events, rated)
    marked = control_limits.rule_signals(events / rated, limits)
    outside = marked["outside", True].any(axis=-1) | marked["outside", False].any(axis=-1)
    any_signal = np.logical_or.reduce([one.any(axis=-1) for one in marked.values()])
    return float(any_signal.mean()), float(outside.mean())


@pytest.mark.parametrize("n", [20, 50, 200])
def test_wilson_covers_95_percent_on_average(n):
    """Exactly, not by trials: the chance of each count, where its interval holds the share, over shares from 0 to 1."""
    shares = np.linspace(0.0005, 0.9995, 1000)
    counts = np.arange(n + 1)
    low, high = wilson_interval(counts, np.full(n + 1, n))
    chance = module("scipy.stats").binom.pmf(counts[:, np.newaxis], n, shares)
    covers = (low[:, np.newaxis] <= shares) & (shares <= high[:, np.newaxis])
    assert (chance * covers).sum(axis=0).mean() == pytest.approx(0.95, abs=0.015)


def test_most_equal_groups_lie_inside_their_funnel():
    """5 % beyond the inner limits and 0.2 % beyond the outer ones, whatever their size."""
    random = np.random.default_rng(18)
    sizes = random.integers(30, 2000, 40_000)
    counts = random.binomial(sizes, 0.07)
    for level, expected, near in ((0.95, 0.05, 0.008), (0.998, 0.002, 0.001)):
        low, high = funnel_limits.funnel_limits(sizes, 0.07, level)
        assert ((counts / sizes < low) | (counts / sizes > high)).mean() == pytest.approx(expected, abs=near)
