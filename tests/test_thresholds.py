"""Limits and zones: which side they take, how they are ordered, and the one comparison of values with limits."""

from __future__ import annotations

from fractions import Fraction

import numpy as np
import pytest
from hypothesis import assume, given
from hypothesis import strategies as st

from svclight.errors import SvclightError
from svclight.thresholds import (
    GREEN,
    RED,
    YELLOW,
    Interval,
    Rule,
    check_zone,
    order_problem,
    parse_interval,
    scale_interval,
    unit_problem,
)


def zones(green: str, yellow: str | None, values: list[float], dtype: str = "float64") -> list[int]:
    rule = Rule(parse_interval(green), None if yellow is None else parse_interval(yellow))
    return rule.zones(np.array(values, dtype=dtype)).tolist()


def test_up_to_includes_its_limit() -> None:
    assert zones("<= 30 s", "<= 1 min", [30, 30.001, 60, 60.001]) == [GREEN, YELLOW, YELLOW, RED]


def test_below_does_not_include_its_limit() -> None:
    assert zones("< 30 s", "< 60 s", [29.999, 30, 59.999, 60]) == [GREEN, YELLOW, YELLOW, RED]


def test_higher_is_better() -> None:
    assert zones(">= 4", "> 2", [5, 4, 3.9, 2.1, 2, 0]) == [GREEN, GREEN, YELLOW, YELLOW, RED, RED]


def test_band() -> None:
    found = zones("3 min .. 7 min", "2 min .. 10 min", [180, 179.9, 120, 119, 420, 421, 600, 601])
    assert found == [GREEN, YELLOW, YELLOW, RED, GREEN, YELLOW, YELLOW, RED]


def test_without_yellow_the_rest_is_red() -> None:
    assert zones("<= 0 d", None, [0, 1, -5, np.nan]) == [GREEN, RED, GREEN, RED]


@pytest.mark.parametrize("dtype", ["int64", "uint32"])
def test_whole_numbers_meet_limits_exactly(dtype: str) -> None:
    """Ticks are whole; a limit of 2.5 lies between 2 and 3, and 10**30 is beyond every tick."""
    assert zones("<= 2.5", "< 4", [2, 3, 4], dtype) == [GREEN, YELLOW, RED]
    assert zones("> 2.5", ">= 2", [3, 2, 1], dtype) == [GREEN, YELLOW, RED]
    assert zones("< 3", "<= 3", [2, 3, 4], dtype) == [GREEN, YELLOW, RED]
    assert zones("<= " + "1" + "0" * 30, None, [2**31], dtype) == [GREEN]
    assert zones(">= " + "1" + "0" * 30, None, [2**31], dtype) == [RED]


def test_a_limit_of_a_tenth_holds_the_value_of_a_tenth() -> None:
    assert zones("<= 0.1", None, [0.1], "float32") == [GREEN]
    assert zones(">= 1.1", None, [1.1]) == [GREEN]


@pytest.mark.parametrize(
    ("text", "shown", "direction"),
    [
        ("<= 30 s", "<= 30 s", "lower is better"), ("<30s", "< 30 s", "lower is better"), (" >= 4 ", ">= 4", "higher is better"),
        ("> 2", "> 2", "higher is better"), ("3 min .. 7 min", "3 min .. 7 min", "a band"), ("3 .. 7 min", "3 min .. 7 min", "a band"),
        ("-1..2.5", "-1 .. 2.5", "a band"), ("5 .. 5", "5 .. 5", "a band"), ("3 .. PT7M", "3 min .. 7 min", "a band"),
    ],
)  # fmt: skip
def test_limits_as_text(text: str, shown: str, direction: str) -> None:
    found = parse_interval(text)
    assert (str(found), found.direction) == (shown, direction)


@pytest.mark.parametrize(
    ("text", "said"),
    [
        ("30 s", 'did you mean "<= 30 s"'), ("=< 30 s", 'did you mean "<= 30 s"'), ("=> 4", 'did you mean ">= 4"'),
        ("\u2264 30 s", 'did you mean "<= 30 s"'), ("\u2265 4", 'did you mean ">= 4"'), ("= 5", "written as a band: 5 .. 5"),
        ("== 5", "written as a band"), ("3-7 min", 'did you mean "3 .. 7 min"'), ("3 min to 7 min", 'did you mean "3 min .. 7 min"'),
        ("3 \u2013 7", 'did you mean "3 .. 7"'), ("3 ..", "a band has two ends"), (".. 7", "a band has two ends"),
        ("7 min .. 3 min", "the low end stands first: 3 min .. 7 min"), ("3 min .. 7", "different units: 3 min and 7"),
        ("3 s .. 7 %", "different units"), ("1 .. 2 min 30 s", "the low end needs a unit of its own: 1"),
        ("<= 30 secs", "is written 's'"), ("<= inf", "a limit is finite"), (">= abc", "'abc' is no quantity"), ("good", "^$"), ("", "^$"),
    ],
)  # fmt: skip
def test_what_is_no_limit(text: str, said: str) -> None:
    with pytest.raises(ValueError, match=said.replace(" .. ", r" \.\. ").replace("?", r"\?")):
        parse_interval(text)


def test_what_a_limit_was_meant_to_be() -> None:
    said = {
        "= 5": "an exact value is written as a band: 5 .. 5",
        ".. 7": "a band has two ends: 3 min .. 7 min",
        "5 s": 'did you mean "<= 5 s" or ">= 5 s"?',
        "=< 30 s": 'did you mean "<= 30 s"?',
        "good": "",
    }
    for text, guess in said.items():
        with pytest.raises(ValueError) as caught:  # noqa: PT011 - the whole message is compared
            parse_interval(text)
        assert str(caught.value) == guess


@pytest.mark.parametrize(
    ("green", "yellow", "said"),
    [
        ("<= 30 s", "<= 1 min", ""), ("< 30 s", "<= 30 s", ""), (">= 4", "> 3", ""), ("> 4", ">= 4", ""), ("3 .. 7", "3 .. 8", ""),
        ("3 .. 7", "2 .. 7", ""), ("<= 30 s", "<= 30 s", "is not wider than"), ("<= 30 s", "< 30 s", "is not wider than"),
        ("<= 30 s", "<= 20 s", "is not wider than"), (">= 3", ">= 4", "is not wider than"), (">= 4", "> 4", "is not wider than"),
        ("3 .. 7", "4 .. 10", "does not enclose"), ("3 .. 7", "1 .. 6", "does not enclose"), ("3 .. 7", "4 .. 6", "is not wider than"),
        ("<= 30 s", ">= 1 min", "point different ways"), ("3 .. 7", "<= 10", "point different ways: for green a band"),
    ],
)  # fmt: skip
def test_zones_in_their_order(green: str, yellow: str, said: str) -> None:
    found = order_problem(parse_interval(green), parse_interval(yellow))
    assert (said in found) if said else found == ""


NO_CALENDAR = "working days and hours (bd, bh) need a calendar in the measure"


@pytest.mark.parametrize(
    ("limit", "unit", "calendar", "said"),
    [
        ("<= 30", "s", False, ""), ("<= 30 min", "s", False, ""), ("<= 30 s", "time", False, ""), (">= 5", "points", False, ""),
        (">= 5 points", "points", False, ""), (">= 5", "", False, ""), (">= 80 %", "%", False, ""), (">= 80", "%", False, ""),
        ("<= 1 bd", "time", True, ""), ("<= 8 bh", "time", True, ""), ("<= 4 h", "time", True, ""),
        ("<= 30", "time", False, "the value is a time, the limit a number without a unit"),
        ("<= 30 s", "", False, "the value is a number without a unit, the limit a time"),
        ("<= 30 s", "points", False, "the value is counted in points, the limit a time"),
        ("<= 30 m", "s", False, "the limit counted in m; did you mean min?"), ("<= 1 H", "time", False, "did you mean h?"),
        ("<= 5 EUR", "USD", False, "the value is counted in USD, the limit counted in EUR"),
        ("<= 1 bd", "time", False, NO_CALENDAR), ("<= 8 bh", "s", False, NO_CALENDAR),
        (">= 80 %", "time", True, "the value is a time, the limit counted in %"), ("1 .. 2 %", "", False, "counted in %"),
    ],
)  # fmt: skip
def test_units_must_fit(limit: str, unit: str, calendar: bool, said: str) -> None:
    found = unit_problem(parse_interval(limit), unit, calendar=calendar)
    assert found.endswith(said) if said else found == ""


def test_the_same_range_in_another_unit() -> None:
    assert [end.amount for end in parse_interval("30 s .. 90 s").in_unit("min").ends] == [
        Fraction(1, 2),
        Fraction(3, 2),
    ]
    assert parse_interval("<= 5").in_unit("min") == parse_interval("<= 5")
    assert parse_interval("<= 90 s").in_unit("points") == parse_interval("<= 90 s")
    assert [end.amount for end in scale_interval(parse_interval(">= 1.1 h"), Fraction(10**9)).ends] == [3960 * 10**9]
    assert scale_interval(parse_interval("1 .. 2"), Fraction(2)) == parse_interval("2 .. 4")


def test_an_open_range_holds_everything_but_nan() -> None:
    assert Interval().holds(np.array([1.0, -5.0])).tolist() == [True, True]
    assert not parse_interval(">= 4").lies_below(np.array([100.0])).any()


NUMBERS = st.decimals(-1000, 1000, places=2)
VALUES = st.lists(NUMBERS.map(float), min_size=2, max_size=20)


@given(st.sampled_from(["<=", "<"]), NUMBERS, st.sampled_from(["<=", "<"]), NUMBERS, VALUES)
def test_a_worse_value_never_gets_a_better_zone(
    op: str, low: object, wide_op: str, high: object, values: list[float]
) -> None:
    green, yellow = parse_interval(f"{op} {low}"), parse_interval(f"{wide_op} {high}")
    assume(not order_problem(green, yellow))
    found = Rule(green, yellow).zones(np.sort(np.array(values)))
    assert (np.diff(found.astype(int)) >= 0).all()
    turned = Rule(parse_interval(f"{op.replace('<', '>')} {high}"), parse_interval(f"{op.replace('<', '>')} {low}"))
    if not order_problem(turned.green, turned.yellow or turned.green):
        assert (np.diff(turned.zones(np.sort(np.array(values))).astype(int)) <= 0).all()


@given(NUMBERS, NUMBERS, NUMBERS, VALUES)
def test_wider_green_never_lowers_green(a: object, b: object, c: object, values: list[float]) -> None:
    narrow, wide, yellow = sorted([a, b, c], key=float)
    assume(float(wide) < float(yellow))
    outer = parse_interval(f"<= {yellow}")
    fewer = Rule(parse_interval(f"<= {narrow}"), outer).zones(np.array(values))
    more = Rule(parse_interval(f"<= {wide}"), outer).zones(np.array(values))
    assert ((fewer == GREEN) <= (more == GREEN)).all()
    assert ((fewer == RED) == (more == RED)).all()


@given(st.sampled_from(["<= {}", "< {}", ">= {}", "> {}"]), NUMBERS, st.lists(st.integers(-1000, 1000), min_size=1))
def test_whole_numbers_and_floats_agree(form: str, limit: object, values: list[int]) -> None:
    interval = parse_interval(form.format(limit))
    assert interval.holds(np.array(values)).tolist() == interval.holds(np.array(values, dtype=float)).tolist()


@given(st.tuples(NUMBERS, NUMBERS, NUMBERS, NUMBERS), VALUES)
def test_bands_by_hand(ends: tuple[object, ...], values: list[float]) -> None:
    a, b, c, d = sorted(ends, key=float)
    assume(float(a) < float(b) or float(c) < float(d))
    found = Rule(parse_interval(f"{b} .. {c}"), parse_interval(f"{a} .. {d}")).zones(np.array(values))
    by_hand = [GREEN if float(b) <= v <= float(c) else YELLOW if float(a) <= v <= float(d) else RED for v in values]
    assert found.tolist() == by_hand


def test_a_zone_that_a_call_names_is_one_of_three() -> None:
    for zone in ("green", "yellow", "red"):
        check_zone(zone)
    with pytest.raises(SvclightError) as caught:
        check_zone("gren")
    assert str(caught.value) == 'unknown zone; found "gren"; expected "green", "yellow", "red"; did you mean "green"?'


def test_a_single_value_lies_in_a_range_or_not() -> None:
    limit = parse_interval("<= 5")
    assert [limit.contains(value) for value in (4, 5, 5.001)] == [True, True, False]
    assert [parse_interval("> 5").contains(value) for value in (5, 6)] == [False, True]


def test_values_beyond_the_upper_end() -> None:
    values = np.array([1.0, 3, 5, 6])
    assert parse_interval("<= 5").lies_below(values).tolist() == [False, False, False, True]
    assert parse_interval("< 5").lies_below(values).tolist() == [False, False, True, True]
    assert parse_interval("2 .. 3").lies_below(values).tolist() == [
        False,
        False,
        True,
        True,
    ]  # 1 may still grow into it
    nowhere = parse_interval(">= 2").lies_below(values)
    assert (nowhere.tolist(), nowhere.dtype) == ([False] * 4, np.dtype(bool))


def test_percent_in_the_unit_of_a_share() -> None:
    share = parse_interval("<= 40 %").in_unit("share")
    assert share.high is not None
    assert (share.high.amount, str(share)) == (Fraction(40, 100), "<= 40 %")
    assert parse_interval("<= 40 min").in_unit("share") == parse_interval("<= 40 min")


def test_only_ends_of_one_dimension_are_scaled() -> None:
    number = scale_interval(parse_interval("1 .. 4"), Fraction(1, 2), "number")
    assert str(number) == "0.5 .. 2"
    assert scale_interval(parse_interval("1 .. 4"), Fraction(1, 2), "time") == parse_interval("1 .. 4")
    weeks = scale_interval(parse_interval("<= 3 wk"), Fraction(1, 3600), "time")
    assert weeks.high is not None
    assert (str(weeks), weeks.high.amount) == ("<= 3 wk", 3 * 7 * 24)


def test_limits_beyond_all_whole_numbers() -> None:
    ends = np.iinfo(np.int64)
    values = np.array([ends.min, ends.min + 1, 0, ends.max], dtype=np.int64)
    # the smallest whole number is that of no time: a limit stays above it
    beyond = "1" + "0" * 30
    assert parse_interval(f"<= -{beyond}").holds(values).tolist() == [True, False, False, False]
    assert parse_interval(f">= -{beyond}").holds(values).tolist() == [False, True, True, True]
    assert parse_interval(f">= {beyond}").holds(values).tolist() == [False, False, False, True]
