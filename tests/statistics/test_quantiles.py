"""Quantiles of values with counts are those of the values written out one by one."""

from __future__ import annotations

from fractions import Fraction

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from svclight.statistics.quantiles import quantile

pairs = st.lists(st.tuples(st.integers(-50, 50), st.integers(0, 4)), min_size=1, max_size=20)


@given(pairs, st.fractions(0, 1, max_denominator=20))
def test_as_numpy_has_them(several, place):
    values, counts = (np.array(column) for column in zip(*several, strict=True))
    found = quantile(values.astype(float), counts, place)
    written = np.repeat(values, counts)
    if not len(written):
        assert np.isnan(found)
    else:
        assert found == pytest.approx(np.quantile(written, float(place)), abs=1e-9)


def test_no_float_moves_a_rank():
    # of 11 values the 90 % point is the tenth, exactly
    assert quantile(np.arange(11.0), np.ones(11, dtype=int), Fraction(9, 10)) == 9.0
