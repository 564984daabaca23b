"""A straight trend of shares, by another library, and where there is none to tell."""

import numpy as np
import pytest
import statsmodels.api as sm

from svclight.statistics.trends import straight_trend


def test_a_trend_has_the_numbers_of_another_library():
    shares, places = [0.70, 0.72, 0.71, 0.74, 0.75, 0.78], [0, 1, 2, 4, 5, 6]
    model = sm.OLS(shares, sm.add_constant(places)).fit()
    assert straight_trend(places, shares) == pytest.approx((model.params[1], model.pvalues[1]))
    assert straight_trend(range(6), [0.7] * 6) == (0.0, 1.0)
    assert np.isnan(straight_trend(range(5), [0.7, 0.8, 0.9, 0.95, 0.99])[0])
