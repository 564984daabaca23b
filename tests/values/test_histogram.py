"""Bins that fit every log: each value lies in its bin, bins lie side by side, and their order is that of the values."""

import numpy as np
from hypothesis import given
from hypothesis import strategies as st

from svclight.values.histogram import BINS, SIDE, bin_edges, bins_of

inside = st.floats(2**-9, 2**33).flatmap(lambda size: st.sampled_from([size, -size]))
values = st.lists(st.one_of(inside, st.just(0.0), st.just(-0.0)), min_size=1, max_size=50)


@given(values)
def test_a_value_lies_in_its_bin(several):
    for value, number in zip(several, bins_of(np.array(several)), strict=True):
        low, high = bin_edges(int(number))
        if value > 0:
            assert low <= value < high
        elif value < 0:
            assert low < value <= high
        else:
            assert (number, low, high) == (0, 0.0, 0.0)


@given(values)
def test_bins_are_in_the_order_of_values(several):
    ordered = np.sort(np.array(several))
    assert (np.diff(bins_of(ordered)) >= 0).all()


def test_extremes_fall_into_the_last_bins():
    assert bins_of(np.array([1e300, -1e300, 1e-300, -1e-300, 5e-324])).tolist() == [SIDE, -SIDE, 1, -1, 1]
    assert bins_of(np.array([])).tolist() == []
    assert bins_of(np.array([3.0, 1.0])).min() > 0
    assert BINS == 2 * SIDE + 1


def test_bins_lie_side_by_side_and_are_narrow():
    for number in range(1, SIDE):
        low, high = bin_edges(number)
        assert high == bin_edges(number + 1)[0]
        assert 1 < high / low <= 1 + 1 / 32  # 32 to an octave
        assert bin_edges(-number) == (-high, -low)
