"""Control charts: Laney's limits step by step, published data, each rule, rules by brute force."""

from __future__ import annotations

import itertools
import math

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from support.needs import module

from svclight.statistics import control_limits

Z = 1.959963984540054


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
    limits = control_limits.Limits(
        np.asarray(center),
        np.full(len(values), center),
        np.asarray(1.0),
        sigmas,
        center - 3 * sigmas,
        center + 3 * sigmas,
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


FLOW = [49.6, 47.6, 49.9, 51.3, 47.8, 51.2, 52.6, 52.4, 53.6, 52.1]
"""Flow rates of ten batches: the individuals chart of the NIST/SEMATECH e-Handbook of Statistical Methods, 6.3.2.2."""


def test_xmr_of_a_published_chart():
    """The handbook has the mean 50.81, the mean moving range 1.8778 and the limits 45.8159 and 55.8041."""
    limits = control_limits.xmr(FLOW)
    assert float(limits.center) == pytest.approx(50.81)
    assert float(limits.sigma[0]) * 1.128 == pytest.approx(1.8778, abs=5e-5)
    assert (float(limits.lower[0]), float(limits.upper[0])) == pytest.approx((45.8159, 55.8041), abs=5e-5)
    # 2.66 mean moving ranges, as NHS "Making data count" has it
    moving = sum(abs(one - other) for one, other in itertools.pairwise(FLOW)) / 9
    assert float(limits.upper[0]) == pytest.approx(50.81 + 2.66 * moving, abs=1e-3)
    assert not any(marked.any() for marked in control_limits.rule_signals(FLOW, limits).values())


def test_xmr_as_the_workbook_of_the_nhs_has_it():
    """NHS "Making data count": the chart of 18 days in "Deviations from Excel defaults" of NHSRplotthedots.

    Its workbook screens no outlying points: the mean is 1.94, the limits are -3.06 and 6.95. By hand: 35 / 18 = 1.944, the
    moving ranges add up to 32, and 2.66 x 32 / 17 = 5.007. The ten of day 5 raises the one signal.
    """
    values = [1, 2, 1, 2, 10, *[1, 2] * 6, 1]
    limits = control_limits.xmr(values)
    assert (round(float(limits.center), 2), round(float(limits.lower[0]), 2), round(float(limits.upper[0]), 2)) == (
        1.94,
        -3.06,
        6.95,
    )
    signals = control_limits.rule_signals(values, limits)
    assert [(rule, np.flatnonzero(marked).tolist()) for (rule, _), marked in signals.items() if marked.any()] == [
        ("outside", [4])
    ]


def test_months_of_the_year_by_an_analysis_of_variance_and_by_a_wave():
    """Twice the smaller p-value of scipy's analysis of variance and of statsmodels' fit of a wave."""
    random = np.random.default_rng(5)
    months = np.tile(np.arange(12), 2)
    angle = 2 * np.pi * months / 12
    wave = np.column_stack([np.ones(24), np.cos(angle), np.sin(angle)])
    values = random.normal(size=(3, 24)) + [[0.0, 4.0] * 12, np.sin(angle).tolist(), [0.0] * 24]
    level, p = control_limits.month_levels(values, np.full(24, 7.0), months)
    which = []
    for row in range(3):
        groups = [values[row][months == month] for month in range(12)]
        by_month = float(module("scipy.stats").f_oneway(*groups).pvalue)
        by_wave = float(module("statsmodels.api").OLS(values[row], wave).fit().f_pvalue)
        assert float(p[row]) == pytest.approx(min(2 * min(by_month, by_wave), 1.0))
        assert level[row][:12] == pytest.approx([group.mean() for group in groups])
        which.append((by_month < 0.005, by_wave < 0.005))
    assert which == [(True, False), (False, True), (False, False)]


def test_a_wave_with_weights_is_that_of_statsmodels():
    random = np.random.default_rng(6)
    months, weights = np.arange(30) % 12, random.uniform(100, 1000, 30)
    angle = 2 * np.pi * months / 12
    values = np.sin(angle + 1) + random.normal(size=30)
    wave = np.column_stack([np.ones(30), np.cos(angle), np.sin(angle)])
    fitted = module("statsmodels.api").WLS(values, wave, weights=weights).fit()
    _, p = control_limits.month_levels(values, weights, months)
    assert float(p) == pytest.approx(2 * float(fitted.f_pvalue))


def test_values_that_are_all_alike_have_no_season():
    for value in (0.8, 1 / 3, 1e-9):
        _, p = control_limits.month_levels(np.full(24, value), np.linspace(100, 1000, 24), np.arange(24) % 12)
        assert np.isnan(p)


def test_months_of_the_year_have_weighted_means():
    level, _ = control_limits.month_levels([1.0, 4.0, 2.0, 3.0], [1.0, 2.0, 3.0, 2.0], [1, 2, 1, 2])
    assert level.tolist() == [1.75, 3.5, 1.75, 3.5]  # (1 + 3 x 2) / 4 and (2 x 4 + 2 x 3) / 4
    assert np.isnan(control_limits.month_levels([1.0, 2.0], [1.0, 1.0], [1, 2])[1])


@pytest.mark.parametrize("months", [24, 36, 48, 60])
@pytest.mark.parametrize(("amplitude", "spread"), [(0.0, 0.0), (0.02, 0.0), (0.03, 0.0), (0.03, 0.01), (0.06, 0.0)])
def test_unchanged_charts_with_a_yearly_wave_are_called_changing_in_at_most_one_of_ten(months, amplitude, spread):
    random = np.random.default_rng(months)
    at = np.arange(months)
    share = 0.8 + amplitude * np.sin(2 * np.pi * at / 12) + random.normal(0, spread, (1500, months))
    events, rated = random.binomial(1000, share), np.full((1500, months), 1000.0)
    level, p = control_limits.month_levels(events / rated, rated, at % 12)
    changing = 0
    for limits, mine in (
        (control_limits.p_prime(events, rated), p >= 0.01),
        (control_limits.p_prime(events, rated, level=level), p < 0.01),
    ):
        marked = control_limits.rule_signals(events / rated, limits)
        newest = np.logical_or.reduce([one[:, -7:].any(axis=1) for one in marked.values()])
        changing += int((newest & mine).sum())
    assert changing / 1500 <= 0.10
