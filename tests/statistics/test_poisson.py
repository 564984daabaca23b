"""The exact interval of a count: published ends, and the distribution itself as a second route."""

from __future__ import annotations

import math

import pytest

from svclight.statistics.poisson import poisson_interval


@pytest.mark.parametrize(
    ("count", "low", "high"),
    # Garwood (1936), and every table since
    [(0, 0.0, 3.689), (1, 0.0253, 5.572), (5, 1.623, 11.668), (10, 4.795, 18.390), (50, 37.111, 65.919)],
)
def test_published_ends(count, low, high):
    assert poisson_interval(count) == (pytest.approx(low, abs=6e-4), pytest.approx(high, abs=6e-4))


@pytest.mark.parametrize("count", [1, 7, 40])
def test_each_end_leaves_a_fortieth_beyond(count):
    def at_most(number: int, mean: float) -> float:
        return sum(math.exp(-mean + k * math.log(mean) - math.lgamma(k + 1)) for k in range(number + 1))

    low, high = poisson_interval(count)
    assert 1 - at_most(count - 1, low) == pytest.approx(0.025)
    assert at_most(count, high) == pytest.approx(0.025)
