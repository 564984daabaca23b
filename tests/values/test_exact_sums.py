"""Numbers by places: nothing is lost, and the order of additions does not matter."""

from __future__ import annotations

from fractions import Fraction

import numpy as np
from hypothesis import given
from hypothesis import strategies as st

from svclight.values.exact_sums import GREATEST, PLACES, WHOLE_PLACES, places_of_floats, places_of_whole, total_of

doubles = st.floats(-1e25, 1e25, allow_nan=False).filter(lambda x: x == 0 or abs(x) >= 2**-67)


@given(st.lists(doubles, max_size=30))
def test_doubles_add_up_exactly(numbers):
    parts = places_of_floats(np.array(numbers, dtype=np.float64))
    sums = {place: int(part.sum()) for place, part in parts.items()}
    assert total_of(sums, 1) == sum(map(Fraction, numbers))
    assert all(abs(part) < 2**24 for column in parts.values() for part in column.tolist())


@given(st.lists(st.integers(-(2**63), 2**63 - 1), max_size=30), st.sampled_from([1, 1000, 10**9, 86_400]))
def test_whole_numbers_add_up_exactly(numbers, per_unit):
    parts = places_of_whole(np.array(numbers, dtype=np.int64))
    sums = {place: int(part.astype(object).sum()) for place, part in parts.items()}
    assert total_of(sums, per_unit) == Fraction(sum(numbers), per_unit)
    assert tuple(parts) == WHOLE_PLACES


def test_the_ends_of_what_is_exact():
    (least,) = {total_of({place: int(part[0]) for place, part in places_of_floats(np.array([2.0**-121])).items()}, 1)}
    assert least == 0  # below the last place
    parts = places_of_floats(np.array([-1e300]))
    assert total_of({place: int(part[0]) for place, part in parts.items()}, 1) == -Fraction(GREATEST)
    assert tuple(sorted(parts)) == PLACES
