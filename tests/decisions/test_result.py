"""Tables of results as people read them: titles, percent, periods and verdicts in words; the whole in a fold."""

from __future__ import annotations

import re

import pandas as pd
import pytest

import svclight
from svclight.decisions.result import CHANGE_INTERVAL, INTERVAL, result_html, shown_table, whole_table
from svclight.values.notebook_html import TextTable

TEXT = """
svclight: 1
time_zone: UTC
language: {lang}
processes:
  hotline:
    title: Hotline
    log: {{time: at, segments: [team], fields: {{a: {{number: a, unit: s}}}}}}
    criteria:
      wait: {{title: Waiting, measure: {{value: a}}, green: "<= 1 s", yellow: "<= 2 s", targets: {{green: ">= 80 %"}}}}
"""
MONTHS = [str(month) for month in pd.period_range("2025-01", periods=12, freq="M")]


def card_of(lang="en"):
    rows = [
        {"month": month, "process": "hotline", "criterion": "wait", "team": team, "green": green, "yellow": 0,
         "red": 1000 - green}
        for month in MONTHS for team, green in (("<east>", 900), ("west", 700 if month == MONTHS[-1] else 890))
    ]  # fmt: skip
    return svclight.tally(pd.DataFrame(rows), svclight.loads(TEXT.format(lang=lang)), by="team", as_of="2026-02-01")


def row(**more):
    shown = {"process": "p", "criterion": "c", "zone": "green", "period": "2026-03", "share": 0.8125, "low": 0.75}
    return pd.DataFrame([{**shown, "high": 0.86, "target": ">= 80 %", "verdict": "met", "rated": 1200, **more}])


def test_cells_are_words():
    columns = ("period", "zone", "target", "share", INTERVAL, "rated", "verdict")
    made = shown_table(row(), columns, {("p", "c"): "Waiting"}, "en")
    assert made.head == ("Criterion", "Period", "Zone", "Target", "Share", "95 % interval", "Rated", "Verdict")
    assert made.rows == (("Waiting", "Mar 2026", "green", "≥ 80 %", "81.3 %", "75.0 to 86.0 %", "1,200", "met"),)
    assert made.numbers == {4, 5, 6}
    russian = shown_table(row(), columns, {}, "ru").rows[0]
    assert russian == ("C", "март 2026", "зелёный", "≥ 80 %", "81,3 %", "75,0 … 86,0 %", "1\xa0200", russian[-1])


def test_a_share_is_told_from_its_target():
    assert shown_table(row(share=0.7996), ("share",), {}, "en").rows == (("C", "79.96 %"),)


@pytest.mark.parametrize(
    ("name", "more", "text"),
    [
        ("difference", {"difference": -0.1}, "−10.0 points"),
        (CHANGE_INTERVAL, {"low": -0.15, "high": -0.05}, "−15.0 to −5.0"),
        (INTERVAL, {"zone": "net", "low": -3.0, "high": 12.5}, "−3.0 … +12.5"),
        ("share", {"zone": "net", "share": 4.0}, "+4.0"),
        ("above", {"above": 3.85}, "3"),
        ("lift", {"lift": 3.8512}, "3.85"),
        ("verdict", {"verdict": "no target"}, "no target"),
        (
            "verdict",
            {"verdict": "likely worse, if months vary by chance alone"},
            "likely worse, if months vary by chance alone",
        ),
        ("running", {"running": True}, "yes"),
    ],
)
def test_cells_of_other_columns(name, more, text):
    assert shown_table(row(**more), (name,), {}, "en").rows == (("C", text),)


def test_columns_without_anything_are_left_out():
    made = shown_table(row(where="", share=float("nan")), ("where", "share", "gone", "rated"), {}, "en")
    assert made.head == ("Criterion", "Rated")


def test_a_whole_table_has_all_its_columns_as_they_are():
    made = whole_table(pd.DataFrame({"a": [1.23456, float("nan")], "b": ["<x>", None]}))
    assert made == TextTable(("a", "b"), (("1.235", "<x>"), ("", "")), frozenset({0}))


def test_long_results_are_folded():
    html = result_html(
        [f"line {at}" for at in range(7)], TextTable((), ()), {"t": pd.DataFrame({"a": range(205)})}, lang="en"
    )
    assert "<summary>3 more lines</summary>" in html
    assert "<summary>All numbers: 205 rows</summary>" in html
    assert "5 more rows are in the table." in html


@pytest.mark.parametrize(
    ("make", "said"),
    [
        (svclight.answer, "Waiting|80.0 %"),
        (svclight.check, "Waiting|Dec 2025|≥ 80 %"),
        (lambda card: svclight.compare(card, "2025-11", "2025-12"), "Waiting|89.5 %|80.0 %|−9.5 points"),
        (svclight.control_limits, "Waiting|Changing"),
        (lambda card: svclight.funnel(card, "team", periods="2025-12"), "Waiting|&lt;east&gt;|The others"),
        (svclight.plan, "Waiting|west|70.0 %|Of all damage"),
        (lambda card: svclight.drivers(card, criterion="hotline.wait", periods="2025-12"), "west|Elsewhere"),
        (svclight.budget, "Waiting|Allowed"),
        (svclight.forecast, "Waiting|Jan 2026"),
        (lambda _: svclight.needed(0.8, 0.75), "Needed|1,092"),
    ],
)  # fmt: skip
def test_every_result_shows_sentences_a_small_table_and_the_whole_in_a_fold(make, said):
    html = make(card_of())._repr_html_()
    assert html.startswith('<div class="svclight-shown">')
    assert html.count("<table") >= 1
    assert "<details><summary>All numbers: " in html
    assert "<script" not in html
    assert "<east>" not in html
    small = html[: html.index("<summary>All numbers")]
    assert small.index("<p") < small.index("<table")
    for text in said.split("|"):
        assert text in small, text
    assert "0.8" not in re.sub(r"<style>.*?</style>", "", small)  # no fraction
