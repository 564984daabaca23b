"""Lengths of time in all their spellings; two parts have two readings, and none without a format."""

import math

import pytest
from hypothesis import given
from hypothesis import strategies as st

from svclight.values.span_text import read_span, two_part_readings


@pytest.mark.parametrize(
    ("text", "seconds"),
    [
        ("1:02:03", 3723),
        ("3m 11s", 191),  # 3 * 60 + 11
        ("PT3M11S", 191),
        ("3 min 11 s", 191),
        ("3 minutes, 11 seconds", 191),
        ("3 мин 11 с", 191),
        ("2 hrs, 5 min.", 7500),  # 2 * 3600 + 5 * 60
        ("1.1 h", 3960),  # 1.1 * 3600, exactly
        ("1w 2d", 777600),  # 9 * 86400
        ("P1DT1H", 90000),  # 86400 + 3600
        ("-PT5M", -300),
        ("- 5 min", -300),
        ("5ms", 0.005),
        ("2:03.5", 123.5),  # a fraction is of seconds: one reading alone
        ("1 day, 0:00:01", 86401),
    ],
)
def test_spellings(text, seconds):
    assert read_span(text) == seconds


@pytest.mark.parametrize("text", ["", "45", "m", "P", "PT", "3m 11m", "11s 3m", "3 months", "1:60:00", "5 mx", "1,5 h"])
def test_what_is_no_length_of_time(text):
    assert math.isnan(read_span(text))


@pytest.mark.parametrize(("written", "seconds"), [("h:mm", 180), ("m:ss", 3)])
def test_two_parts_need_a_format(written, seconds):
    assert math.isnan(read_span("00:03"))
    assert read_span("00:03", written) == seconds
    assert read_span("-00:03", written) == -seconds
    assert read_span("1:02:03", written) == 3723
    assert two_part_readings("00:03") == [(180, "h:mm"), (3, "m:ss")]
    assert two_part_readings("1:02:03") == []
    assert math.isnan(read_span("00:75", written))


@given(st.integers(0, 10**6), st.integers(0, 59), st.integers(0, 59))
def test_every_spelling_of_a_length_is_the_same_length(hours, minutes, seconds):
    whole = hours * 3600 + minutes * 60 + seconds
    for text in (
        f"{hours}:{minutes:02}:{seconds:02}",
        f"{hours}h {minutes}m {seconds}s",
        f"PT{hours}H{minutes}M{seconds}S",
        f"{hours} hours {minutes} minutes {seconds} seconds",
    ):
        assert read_span(text) == whole
