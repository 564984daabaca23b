"""What chance does: how often unchanged months, families of criteria, charts and funnels raise an alarm. Simulated, seeded."""

from __future__ import annotations

import numpy as np
import pytest
from support.needs import module

from svclight.statistics import control_limits, funnel_limits, two_shares
from svclight.statistics.shares import wilson_interval

pytestmark = pytest.mark.once  # simulations of formulas that have tests of their own
Z = 1.959963984540054


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
            early = one[..., 1 : earlier + 1]  # so many before the later month, the first of the two among them
            sigma_z, _ = control_limits.sigma_z([(early, np.full(early.shape, rated))])
            found.append(two_shares.p_value(z, np.nan_to_num(sigma_z, nan=1.0), earlier - 1))
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


@pytest.mark.parametrize("earlier", [4, 12, 24])
@pytest.mark.parametrize("criteria", [1, 5, 20])
@pytest.mark.parametrize("spread", [0.0, 0.02, 0.05])
def test_families_of_months_that_vary_raise_few_alarms_once_earlier_ones_are_there(criteria, spread, earlier):
    random = np.random.default_rng(12)
    options = {"families": 3000, "criteria": criteria, "rated": 1100, "share": 0.8, "spread": spread}
    assert family_alarms(random, **options, earlier=earlier) <= 0.05


@pytest.mark.parametrize("earlier", [4, 5, 8, 11, 12, 24])
@pytest.mark.parametrize("spread", [0.0, 0.015, 0.03])
def test_single_comparisons_of_months_that_vary_are_under_5_percent_in_at_most_8(earlier, spread):
    random = np.random.default_rng(20)
    green, _ = months(random, (8000, earlier + 1), 1000, 0.8, spread)
    z = two_shares.chi_squared(green[:, -2], 1000, green[:, -1], 1000)
    sigma_z, _ = control_limits.sigma_z([(green[:, :-1], np.full((8000, earlier), 1000))])
    assert (two_shares.p_value(z, sigma_z, earlier - 1) < 0.05).mean() <= 0.08
    if spread:  # that is why it is done: 16 to 34 % without it
        assert (two_shares.p_value(z) < 0.05).mean() > 0.12


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
