"""One share, one text: its arithmetic, and that card, check, compare, plan, report and workbook show the same."""

from __future__ import annotations

import datetime as dt
import io
import re
from fractions import Fraction

import pandas as pd
import pytest
from hypothesis import given
from hypothesis import strategies as st
from python_calamine import CalamineWorkbook

import svclight
from svclight.card.display import card_text
from svclight.card.light_table import lights_of
from svclight.definition.criterion_id import CriterionId
from svclight.excel.report_workbook import report_workbook
from svclight.pages.markdown import markdown_report
from svclight.pages.page_content import page_of
from svclight.wording.languages import points_interval_words, points_words
from svclight.wording.shares import (
    interval_text,
    number_format,
    number_text,
    percent_number,
    points_number,
    share_text,
    target_ends,
)

EIGHTY = (Fraction(80),)


@pytest.mark.parametrize(
    ("part", "whole", "text"),
    [
        (1, 16, "6.3 %"),  # 6.25 exactly: halves go away from zero
        (3, 80, "3.8 %"),  # 3.75 exactly, and the double 0.0375 lies below it
        (1, 3, "33.3 %"),
        (2, 3, "66.7 %"),
        (0, 7, "0.0 %"),
        (7, 7, "100.0 %"),
        (1, 2000, "0.1 %"),  # 0.05
        (1, 2001, "< 0.1 %"),  # 0.04998 would be 0.0
        (9994, 10_000, "99.9 %"),
        (9995, 10_000, "> 99.9 %"),  # 99.95 would be 100.0
    ],
)
def test_a_share_is_rounded_by_itself(part, whole, text):
    assert share_text(Fraction(part, whole)) == text
    assert share_text(part / whole) == text  # as a column of doubles has it
    assert percent_number(Fraction(part, whole)) == text.removesuffix(" %")


def test_a_share_of_nothing():
    assert (share_text(float("nan")), percent_number(float("nan"))) == ("no data", "")


@pytest.mark.parametrize(
    ("share", "target", "text"),
    [
        ("0.7996", "80", "79.96 %"),  # 80.0 would read as met
        ("0.8004", "80", "80.04 %"),
        ("0.79996", "80", "79.996 %"),
        ("0.799996", "80", "79.9996 %"),
        ("0.79999999", "80", "< 80.0000 %"),  # no more than four decimals
        ("0.8", "80", "80.0 %"),  # it is the target
        ("0.7994", "80", "79.9 %"),
        ("0.7995", "79.95", "79.95 %"),  # 80.0 would lie over it
        ("0.9997", "100", "> 99.9 %"),
        ("0.9997", "99.95", "99.97 %"),  # `> 99.9 %` could lie on either side
        ("0.0003", "0.05", "0.03 %"),
        ("0.0003", "0", "< 0.1 %"),
    ],
)
def test_a_share_has_as_many_decimals_as_tell_it_from_its_target(share, target, text):
    assert share_text(Fraction(share), [Fraction(target)]) == text


def test_differences_in_points():
    assert points_words(0.0345, "en") == "+3.5 points"  # 3.45: halves away from zero
    assert [points_number(one) for one in (-0.0345, 0.0, 0.0004, -0.0004, 0.9996, -0.9996)] == [
        "-3.5", "0.0", "< +0.1", "> -0.1", "> +99.9", "< -99.9",
    ]  # fmt: skip
    assert points_number(0.4 - 0.3 - 0.1) == "0.0"  # the last digits of doubles are no difference
    assert points_interval_words(-0.012, 0.0299, "en") == "−1.2 to +3.0"
    assert points_number(0.00123, 2) == "+0.12"


def test_net_scores_and_intervals():
    assert number_text(Fraction(-1205, 100)) == "-12.1"
    assert (number_text(30.0), number_text(30.0, signed=True)) == ("30.0", "+30.0")
    assert number_text(29.97, [Fraction(30)]) == "29.97"
    assert interval_text(0.0, 0.2425) == "0.0 to 24.3"  # 0 of 12
    assert interval_text(0.7803, 0.79997, EIGHTY) == "78.0 to 79.997"


@given(
    st.integers(1, 10**9).flatmap(lambda whole: st.tuples(st.integers(0, whole), st.just(whole))),
    st.lists(st.fractions(0, 100, max_denominator=1000), max_size=3),
)
def test_no_share_reads_as_what_it_is_not(counts, ends):
    exact = 100 * Fraction(*counts)
    text = share_text(Fraction(*counts), ends)
    assert share_text(counts[0] / counts[1], ends) == text  # doubles are as good up to 10^9
    number = Fraction(re.search(r"[\d.]+", text)[0])
    if text.startswith(("<", ">")):
        assert (exact < number) == text.startswith("<")
        assert exact != number
    else:
        assert abs(number - exact) <= Fraction(1, 20)
        assert (number in {0, 100}) == (exact in {0, 100})
    for end in ends:
        if not text.startswith(("<", ">")):
            assert (number > end, number < end) == (exact > end, exact < end)


def test_number_formats_show_the_text():
    assert [number_format(text) for text in ("81.1 %", "79.96 %", "> 99.9 %", "+12.0", "-0.04", "< +0.1")] == [
        "0.0 %", "0.00 %", '"> 99.9 %"', "+0.0;-0.0;0.0", "0.00", '"< +0.1"',
    ]  # fmt: skip


TEXT = """
svclight: 1
title: Service
time_zone: UTC
processes:
  hotline:
    title: Hotline
    log: {time: called, segments: [team], fields: {waited: {number: waited, unit: s}}}
    criteria:
      wait:
        measure: {value: waited}
        green: "<= 30 s"
        yellow: "<= 60 s"
        targets: {green: ">= 80 %", red: "<= 20 %"}
"""
# 3998 of 5000 are 79.96 %, which with one decimal would read as the target; 1 of 5000 is 0.02 %; 1001 are 20.02 %
COUNTS = {"green": [3998, 4100], "yellow": [1, 400], "red": [1001, 500]}


def card():
    months = ["2026-02", "2026-01"]
    table = pd.DataFrame({"month": months, "process": "hotline", "criterion": "wait", **COUNTS})
    return svclight.tally(table, svclight.loads(TEXT), as_of="2026-03-01")


def test_targets_of_a_criterion_are_told_by_zone():
    criterion = svclight.loads(TEXT).processes["hotline"].criteria["wait"]
    assert target_ends(criterion) == {"green": EIGHTY, "yellow": (), "red": (Fraction(20),), "net": ()}


def test_one_share_has_one_text_everywhere():
    made = card()
    ((_, january), (_, february)) = lights_of(made, CriterionId("hotline", "wait"))
    assert february.percentages == ("79.96 %", "< 0.1 %", "20.02 %")
    assert january.percentages == ("82.0 %", "8.0 %", "10.0 %")
    assert "79.96 %" in card_text(made)
    checks = svclight.check(made)
    assert "79.96 % of 5,000 rated" in checks.table["reason"][0]
    assert page_of(made, checks).rows[0].share == "79.96"
    assert "79.96 %" in markdown_report(made, checks)
    assert "green 82.0 % of 5,000 → 79.96 %" in str(svclight.compare(made, "2026-01", "2026-02")).lower()
    assert "Green 79.96 % of 5,000 rated" in str(svclight.plan(made, periods="2026-02"))


def test_a_workbook_holds_the_exact_number_and_shows_the_text():
    made = card()
    content = report_workbook(made)
    book = CalamineWorkbook.from_filelike(io.BytesIO(content))
    head, *rows = book.get_sheet_by_name("months").to_python(skip_empty_area=True)[2:]
    february = next(row for row in rows if row[head.index("Month")] == dt.date(2026, 2, 1))
    assert february[head.index("G green")] == 3998 / 5000
    import zipfile

    styles = zipfile.ZipFile(io.BytesIO(content)).read("xl/styles.xml").decode()
    assert 'formatCode="0.00 %"' in styles
    assert 'formatCode="&quot;&lt; 0.1 %&quot;"' in styles


@pytest.mark.parametrize("limit", ["<= 3 wk", "<= 90 min", "<= PT2H"])
def test_a_declared_limit_reads_as_it_was_declared(limit):
    declared = limit.replace("PT2H", "2 h")
    text = TEXT.replace('"<= 30 s"', f'"{limit}"').replace('        yellow: "<= 60 s"\n', "")
    definitions = svclight.loads(text)
    log = pd.DataFrame({"called": "2026-03-10", "team": "east", "waited": [10.0, 4e6, 5000.0] * 20})
    made = svclight.what_if(log, definitions, "hotline.wait", shift="-10 s", as_of="2026-05-01")
    assert f"At {declared.removeprefix('<= ')}, where green ends now" in str(made)
