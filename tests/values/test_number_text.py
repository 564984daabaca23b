"""Numbers as people write them: thousands in groups of three, decimal commas, and signs that the field's unit declares."""

import decimal

import numpy as np
import pandas as pd
import pytest
from hypothesis import given
from hypothesis import strategies as st

from svclight.values.columns import numbers_of
from svclight.values.number_text import NumberForm

NONE = None


def read(cell: object, **form: str) -> float | None:
    """The number of a cell; None where it cannot be read."""
    numbers = numbers_of(pd.Series([cell], dtype=object), form=NumberForm(**form))
    assert (numbers.bad is not None) == bool(np.isnan(numbers.values[0]))
    return None if numbers.bad is not None else float(numbers.values[0])


@pytest.mark.parametrize(
    ("cell", "form", "number"),
    [
        ("1,234", {"thousands": ","}, 1234),
        ("1,234,567.5", {"thousands": ","}, 1234567.5),
        ("-1,234", {"thousands": ","}, -1234),
        ("1,5", {"thousands": ","}, NONE),  # never 15
        ("12,34", {"thousands": ","}, NONE),
        ("1234,567", {"thousands": ","}, NONE),
        ("1.5", {"thousands": ","}, 1.5),
        ("1.234,5", {"decimal": ",", "thousands": "."}, 1234.5),
        ("1.5", {"decimal": ",", "thousands": "."}, NONE),
        ("1,5", {"decimal": ",", "thousands": "."}, 1.5),
        ("12 345", {"thousands": " "}, 12345),
        ("12\u00a0345,5", {"decimal": ",", "thousands": " "}, 12345.5),
        ("12\u202f345", {"thousands": " "}, 12345),
        ("1'234", {"thousands": "'"}, 1234),
        ("1\u2019234", {"thousands": "'"}, 1234),
        ("1,234", {}, NONE),
        ("1e3", {"thousands": ","}, 1000),
        (1234.5, {"decimal": ",", "thousands": "."}, 1234.5),  # a cell that is a number was never written
        (decimal.Decimal("1.5"), {"decimal": ",", "thousands": "."}, 1.5),
    ],
)
def test_thousands_stand_in_groups_of_three(cell, form, number):
    assert read(cell, **form) == number


@pytest.mark.parametrize(
    ("cell", "unit", "number"),
    [
        ("45 s", "s", 45),
        ("45s", "s", 45),
        ("45 sec.", "s", 45),
        ("45 сек", "s", 45),
        ("45 s", "min", NONE),  # nothing is converted in silence
        ("5 m", "min", 5),
        ("72.2%", "%", 72.2),
        ("72.2 %", "%", 72.2),
        ("%72", "%", 72),
        ("72.2%", "share", NONE),
        ("72.2%", "", NONE),
        ("$5", "USD", 5),
        ("$5", "$", 5),
        ("USD 5", "$", 5),
        ("-$5", "USD", -5),
        ("5 €", "EUR", 5),
        ("€5", "USD", NONE),
        ("12.50 руб.", "RUB", 12.5),
        ("3 calls", "calls", 3),
        ("s 45", "s", NONE),
    ],
)
def test_the_sign_of_the_declared_unit_may_stand_beside_a_number(cell, unit, number):
    assert read(cell, unit=unit) == number


def test_signs_and_thousands_together():
    assert read("$1,234.50", unit="USD", thousands=",") == 1234.5
    assert read("1.234,50 €", unit="EUR", thousands=".", decimal=",") == 1234.5


@given(st.integers(-(10**12), 10**12), st.sampled_from([",", " ", "'"]))
def test_what_is_written_with_thousands_is_read_again(number, sign):
    written = f"{number:,}".replace(",", sign)
    assert read(written, thousands=sign) == number


@given(st.text(st.sampled_from("0123456789,. -"), max_size=8))
def test_no_sign_of_thousands_changes_a_plain_number(text):
    plain = read(text) if text.strip() else None
    if plain is not None:
        assert read(text, thousands=",") == plain


def test_numbers_of_half_precision_and_signalling_nan_are_doubles():
    # 65,504 is the largest of half precision: added up in it, two of them would be infinite
    halves = numbers_of(pd.Series([65504, 65504], dtype="float16"))
    assert halves.values.dtype == np.float64
    assert halves.values.sum() == 131_008
    cells = pd.Series([decimal.Decimal(1), decimal.Decimal("sNaN"), decimal.Decimal("2.5")], dtype=object)
    assert numbers_of(cells).values.tolist()[::2] == [1.0, 2.5]
    assert numbers_of(cells).bad is None  # NaN, of whatever kind, is an empty cell
    mixed = pd.Series([decimal.Decimal("sNaN"), "x", 4], dtype=object)
    assert numbers_of(mixed).bad.tolist() == [False, True, False]
