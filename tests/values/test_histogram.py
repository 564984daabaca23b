"""Bins that fit every log: each value lies in its bin, bins lie side by side, and their order is that of the values."""

import numpy as np
from hypothesis import given
from hypothesis import strategies as st

from svclight.values.histogram import BINS, FINE_CODES, FINE_SIDE, SIDE, bin_edges, bins_of, fine_codes, fine_values

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


@given(values)
def test_fine_codes_stand_for_their_values(several):
    numbers = np.array(several)
    codes = fine_codes(numbers)
    found, exact = fine_values(codes)
    assert (np.abs(codes) <= FINE_SIDE).all()
    assert (np.abs(found - numbers) <= 0.0078 * np.abs(numbers)).all()  # (1/64) / (2 + 1/64)
    assert (found[exact] == numbers[exact]).all()


def test_whole_numbers_below_1000_stand_alone():
    numbers = np.arange(-999.0, 1000.0)
    found, exact = fine_values(fine_codes(numbers))
    assert exact.all()
    assert (found == numbers).all()
    # 500 and 500.5 share a bin: which of them comes first is not known
    found, exact = fine_values(fine_codes(np.array([500.0, 500.5, 7.0])))
    assert exact.tolist() == [False, False, True]
    assert found[0] == found[1]
    assert fine_codes(np.array([1e300, -1e300])).tolist() == [FINE_SIDE, -FINE_SIDE]
    assert FINE_CODES == 2 * FINE_SIDE + 1
