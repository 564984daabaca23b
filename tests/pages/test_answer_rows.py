"""Rows of an answer, a plan and a comparison: every number as the tables have it, in words of the language."""

from __future__ import annotations

import math

import pandas as pd
from support.answered_cards import TEXT, card_of

import svclight
from svclight.pages import answer_rows


def whole_card():
    return card_of({"a": [(900, 0, 100)] * 2 + [(700, 100, 200)], "b": [(500, 100, 400)] * 3, "c": [(9, 0, 1)] * 3})


def test_rows_of_an_answer_say_what_its_lines_hold():
    card = whole_card()
    rows = answer_rows.answer_rows(card, svclight.answer(card))
    assert [row.title for row in rows] == ["Waiting", "Hold", "Talk"]
    waiting, hold, talk = rows
    # 700 of 1000; Wilson: 0.6709 to 0.7276
    assert waiting.share == ("70.0 %", "67.1 to 72.8 %", "1,000 rated")
    assert (waiting.verdict, waiting.sign, waiting.word) == ("missed", "✕", "missed")
    assert waiting.targets == ("✕ green ≥ 80 %", "✓ red ≤ 30 %")
    assert hold.targets == ("? net score ≥ 10",)
    assert (talk.verdict, talk.sign, talk.word, talk.targets) == ("", "–", "no target", ())
    # January, February, nothing in March, April
    assert waiting.course[:2] == (0.9, 0.9)
    assert math.isnan(waiting.course[2])
    assert waiting.course[3] == 0.7


def test_rows_of_an_answer_in_russian():
    card = whole_card()
    waiting = answer_rows.answer_rows(card, svclight.answer(card, lang="ru"))[0]
    assert waiting.share[:2] == ("70,0 %", "67,1 … 72,8 %")
    assert waiting.word == "не достигнут"
    assert waiting.targets == ("✕ зелёных ≥ 80 %", "✓ красных ≤ 30 %")


def test_a_criterion_that_is_judged_in_an_older_period_names_it():
    card = card_of({"a": [(90, 0, 10)] * 3, "b": [(90, 0, 10)] * 2})
    rows = {row.title: row for row in answer_rows.answer_rows(card, svclight.answer(card))}
    assert rows["Waiting"].share[-1] == "100 rated"
    assert rows["Hold"].share[-1] in {"Feb 2026", "no data"}


def test_a_course_holds_the_newest_periods_only():
    months = [str(month) for month in pd.period_range("2023-01", periods=40, freq="M")]
    card = card_of({"a": [(at, 0, 100 - at) for at in range(40)]}, months)
    course = answer_rows.green_courses(card)["hotline", "a"]
    assert course == tuple(at / 100 for at in range(16, 40))
    assert answer_rows.course_span(card, "en") == "May 2024–Apr 2026"
    assert answer_rows.course_span(card, "en", 1) == "Apr 2026"


def test_what_is_not_rated_is_told():
    log = pd.DataFrame({"at": ["2026-01-01", "2026-01-31"], "a": [1, None], "b": [1, 1], "c": [1, 1], "team": "x"})
    card = svclight.score(log, svclight.loads(TEXT))
    assert answer_rows.not_rated_lines(card, "en") == ["Waiting: 1 missing"]


def test_the_verdicts_all_have_a_sign_and_a_word():
    from svclight.decisions.verdicts import VERDICTS

    for code in (*VERDICTS, ""):
        assert answer_rows.verdict_sign(code) in "✓✕?–"
        assert answer_rows.verdict_word(code, "ru") != answer_rows.verdict_word(code, "en")
