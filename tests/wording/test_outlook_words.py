"""Percentages without decimals and days of a month, in both languages."""

from __future__ import annotations

import datetime as dt
from fractions import Fraction

import pytest

from svclight.wording.outlook_words import day_words, ordinal, percent_words


@pytest.mark.parametrize(
    ("share", "ends", "text"),
    [
        (0.75, (), "75 %"),
        (Fraction(1, 3), (), "33 %"),
        (1.5, (100,), "150 %"),
        (0.9996, (100,), "> 99 %"),  # not all of it
        (1.0004, (100,), "100.04 %"),  # and not only all of it
        (0.7496, (75,), "74.96 %"),  # 75 % would read as the limit
        (0.002, (), "< 1 %"),
        (0.0, (), "0 %"),
    ],
)
def test_a_percentage_without_decimals(share, ends, text):
    assert percent_words(share, "en", map(Fraction, ends)) == text
    assert percent_words(share, "ru", map(Fraction, ends)) == text.replace(".", ",")


def test_days_of_a_month():
    assert [ordinal(number, "en") for number in (1, 2, 3, 4, 11, 12, 13, 21, 22, 23, 31)] == [
        *("1st", "2nd", "3rd", "4th", "11th", "12th", "13th", "21st", "22nd", "23rd", "31st")
    ]
    day = dt.date(2026, 5, 24)
    assert [day_words(day, lang, month=month) for lang in ("en", "ru") for month in (False, True)] == [
        *("the 24th", "24 May", "24-го", "24 мая")
    ]
