"""Quantities: exact amounts, their dimensions, and how they are shown."""

from __future__ import annotations

from fractions import Fraction

import pytest
from hypothesis import given
from hypothesis import strategies as st

from svclight.values.quantities import (
    SECONDS,
    Quantity,
    decimal_text,
    dimension_of,
    is_unit,
    parse_quantity,
    probable_unit,
    show_seconds,
    unit_of_misspelling,
)


@pytest.mark.parametrize(
    ("text", "amount", "dimension"),
    [
        ("30 s", 30, "time"), ("30s", 30, "time"), ("500 ms", Fraction(1, 2), "time"), ("1 min", 60, "time"),
        ("1 min 30 s", 90, "time"), ("1min30s", 90, "time"), ("1h30min", 5400, "time"), ("2 h", 7200, "time"),
        ("1 d", 86_400, "time"), ("2 wk", 1_209_600, "time"), ("1.1 h", 3960, "time"), (".5 min", 30, "time"),
        ("PT2H", 7200, "time"), ("P1DT12H", 129_600, "time"), ("PT1M30S", 90, "time"), ("P2W", 1_209_600, "time"),
        ("PT0.5S", Fraction(1, 2), "time"), ("-PT1H", -3600, "time"), ("-1 h 30 min", -5400, "time"),
        ("\u22125", -5, "number"), ("+5", 5, "number"), ("5.", 5, "number"), ("0", 0, "number"),
        ("2 bh", 7200, "time"), ("1.5 bd", Fraction(3, 2), "bd"), ("80 %", 80, "%"), ("12.50 EUR", Fraction(25, 2), "EUR"),
        ("5 \u20ac", 5, "\u20ac"), ("3 pages/day", 3, "pages/day"), ("4 m2", 4, "m2"), ("4 m", 4, "m"), ("7 звонков", 7, "звонков"),
    ],
)  # fmt: skip
def test_quantities(text: str, amount: Fraction, dimension: str) -> None:
    found = parse_quantity(text)
    assert (found.amount, found.dimension) == (amount, dimension)


@pytest.mark.parametrize(
    ("text", "said"),
    [
        ("", "is no quantity"), ("s", "is no quantity"), ("--5", "is no quantity"), ("5 s 3", "only units of time"),
        ("P", "is no quantity"), ("PT", "is no quantity"), ("P1DT", "is no quantity"), ("P1M", "is no quantity"),
        ("1 bd 2 h", "only units of time can be put together"), ("1 2", "only units of time"),
        ("1,5 h", "a decimal has a point: 1.5 h"), ("1e3", "without an exponent"), ("1E-3", "without an exponent"),
        ("inf", "a limit is finite"), ("-Infinity", "a limit is finite"), (".nan", "a limit is finite"), ("\u221e", "a limit is finite"),
        ("9" * 101, "at most 100 digits"), ("5 sec", "the unit 'sec' is written 's'"), ("5 Minutes", "is written 'min'"),
        ("about 5 s", "is no quantity"), ("5 s!", "is no quantity"),
    ],
)  # fmt: skip
def test_what_is_no_quantity(text: str, said: str) -> None:
    with pytest.raises(ValueError, match=said.replace("(", r"\(")):
        parse_quantity(text)


def test_units_that_are_written_otherwise() -> None:
    assert (
        unit_of_misspelling("seconds"),
        unit_of_misspelling("Days"),
        unit_of_misspelling("s"),
        unit_of_misspelling("EUR"),
    ) == ("s", "d", "", "")
    assert (
        probable_unit("m"),
        probable_unit("H"),
        probable_unit("MIN"),
        probable_unit("hours"),
        probable_unit("s"),
        probable_unit("EUR"),
    ) == (
        "min",
        "h",
        "min",
        "h",
        "",
        "",
    )


def test_units_of_fields() -> None:
    assert all(is_unit(unit) for unit in (*SECONDS, "%", "EUR", "\u20ac", "m2", "pages/day", "Punkte"))
    assert not any(is_unit(text) for text in ("", "two words", "5", "5 s", "<", "a-b", "-"))
    assert [dimension_of(unit) for unit in ("ms", "wk", "bh", "bd", "%", "", "EUR")] == [
        "time", "time", "time", "bd", "%", "number", "EUR",
    ]  # fmt: skip


@pytest.mark.parametrize(
    ("seconds", "shown"),
    [
        (90, "1 min 30 s"), (0, "0 s"), (0.5, "500 ms"), (86_400, "1 d"), (90_061.5, "1 d 1 h 1 min 1.5 s"), (-3600, "-1 h"),
        (Fraction(1, 10**7), "0.0001 ms"), (3600, "1 h"), (60.25, "1 min 0.25 s"),
    ],
)  # fmt: skip
def test_seconds_as_text(seconds: float, shown: str) -> None:
    assert show_seconds(seconds) == shown


def test_working_hours_as_text() -> None:
    assert show_seconds(5400, working=True) == "1.5 bh"
    assert str(Quantity(Fraction(-5400), "time", ("bh",))) == "-1.5 bh"


@pytest.mark.parametrize(
    ("quantity", "shown"),
    [
        (parse_quantity(" 1.10  h "), "1.10 h"), (parse_quantity("PT90S"), "1 min 30 s"), (parse_quantity("-5 EUR"), "-5 EUR"),
        (Quantity(Fraction(5, 2), "number"), "2.5"), (Quantity(Fraction(80), "%"), "80 %"), (Quantity(Fraction(90), "time"), "1 min 30 s"),
    ],
)  # fmt: skip
def test_quantities_as_text(quantity: Quantity, shown: str) -> None:
    assert str(quantity) == shown


def test_decimals() -> None:
    assert [decimal_text(x) for x in (5, 2.5, Fraction(1, 3), 1e-9, -0.25, 10**20)] == [
        "5", "2.5", "0.333333", "1e-09", "-0.25", "1" + "0" * 20,
    ]  # fmt: skip


@given(st.decimals(0, 10**9, places=3), st.sampled_from([*SECONDS, "bd", "bh", "%", "EUR", ""]), st.booleans())
def test_what_is_shown_is_read_back_exactly(amount: object, unit: str, negative: bool) -> None:
    quantity = parse_quantity(f"{'-' if negative else ''}{amount} {unit}")
    again = parse_quantity(str(quantity))
    assert again == quantity


@given(st.integers(0, 10**12), st.sampled_from(list(SECONDS)))
def test_decimals_are_exact(thousandths: int, unit: str) -> None:
    text = f"{thousandths // 1000}.{thousandths % 1000:03d} {unit}"
    assert parse_quantity(text).amount == Fraction(thousandths, 1000) * SECONDS[unit]


@given(st.integers(0, 40), st.integers(0, 23), st.integers(0, 59), st.integers(1, 59))
def test_combinations_and_iso_durations_say_the_same(days: int, hours: int, minutes: int, seconds: int) -> None:
    plain = parse_quantity(f"{days} d {hours} h {minutes} min {seconds} s")
    assert plain.amount == parse_quantity(f"P{days}DT{hours}H{minutes}M{seconds}S").amount
    assert parse_quantity(show_seconds(plain.amount)).amount == plain.amount
