"""Estimates are rounded in the unit in which they are shown; limits read as they were declared."""

from __future__ import annotations

from fractions import Fraction

import pytest

from svclight.thresholds import parse_interval, scale_interval
from svclight.wording.estimates import declared_end, estimate_text, rough_time


@pytest.mark.parametrize(
    ("seconds", "text"),
    [
        (0.0, "0 s"),
        (0.0126, "13 ms"),
        (4.26, "4.3 s"),
        (90.4, "1 min 30 s"),
        (-90.4, "-1 min 30 s"),
        (59_040.1, "16 h 24 min"),  # 16 * 3600 + 24 * 60 = 59,040
        (1_272_000.0, "14 d 17 h"),  # 14 * 86,400 + 17.3 * 3600: hours suffice from ten days on
        (1_814_400.0, "21 d"),  # three weeks
    ],
)
def test_lengths_of_time_to_about_three_digits(seconds, text):
    assert rough_time(seconds) == text


@pytest.mark.parametrize(
    ("value", "unit", "text"),
    [
        (83.4, "s", "1 min 23 s"),
        (1.5, "h", "1 h 30 min"),
        (4.256, "", "4.26"),
        (0.012345, "points", "0.0123 points"),
        (1234.4, "€", "1234 €"),
        (-2.135, "bd", "\N{MINUS SIGN}2.13 bd"),
        (0.0, "", "0"),
        (float("nan"), "s", "?"),
        (float("inf"), "", "?"),
    ],
)
def test_estimates_in_their_unit(value, unit, text):
    assert estimate_text(value, unit) == text


def test_limits_read_as_they_were_declared():
    weeks = scale_interval(parse_interval("<= 3 wk"), Fraction(10**9))  # as ticks of a nanosecond
    assert declared_end(weeks.high, "s") == "3 wk"
    assert declared_end(parse_interval("<= 90").high, "s") == "1 min 30 s"  # bare: in the unit of the values
    assert declared_end(parse_interval(">= 4").low, "points") == "4 points"
