"""Rows of a plan and of a comparison: every number as the tables have it, in words of the language."""

from __future__ import annotations

import pandas as pd
import pytest
from support.answered_cards import card_of

import svclight
from svclight.commands import decision_rows


def test_rows_of_a_plan():
    card = card_of(
        {
            "a": [(800, 0, 200, ("team", "east")), (700, 0, 300, ("team", "east"))],
            "b": [(500, 0, 500, ("team", "west"))] * 2,
        },
        by=["team"],
    )
    made = svclight.plan(card)
    assert decision_rows.plan_sentence(made, card.definitions, "en") == (
        "Mend first: Waiting, east: at least 68 greens too few (100 seen)."
    )
    first, second = decision_rows.plan_rows(card, made, "en")
    assert (first.title, second.title) == ("1. Waiting, east", "2. Hold, west")
    # 700 of 1000 are green, 800 are needed: 100 too few; Hold needs a net score of 10, which is 50 more greens
    assert (first.share[0], first.targets) == ("70.0 % green", ("green ≥ 80 %",))
    assert first.change == "68 too few for sure"
    assert first.detail.startswith("100 seen; 66.7 % of all damage")
    assert first.course == (0.8, 0.7)
    assert (second.share[0], second.targets) == ("net score 0.0", ("net score ≥ 10",))


@pytest.mark.parametrize(
    ("after", "sides", "said", "signs"),
    [
        ((700, 0, 300), ("2026-01", "2026-02"), "Jan 2026 → Feb 2026: 1 is perhaps worse, 1 shows only chance", "▼="),
        ((980, 0, 20), ("2026-01", "2026-02"), "Jan 2026 → Feb 2026: 1 is perhaps better, 1 shows only chance", "▲="),
        ((900, 0, 100), ("2026-01", "2026-02"), "Jan 2026 → Feb 2026: nothing changed by more than chance", "=="),
        ((900, 0, 100), ("2026-02", "2026-01"), "Feb 2026 → Jan 2026: nothing changed by more than chance", "=="),
    ],
)
def test_rows_of_a_comparison(after, sides, said, signs):
    card = card_of({"a": [(900, 0, 100), after], "b": [(500, 0, 500)] * 2}, ["2026-01", "2026-02"])
    made = svclight.compare(card, *sides)
    assert decision_rows.comparison_heading(made, "en") == said
    rows = decision_rows.comparison_rows(card, made, "en")
    assert "".join(row.sign for row in rows) == signs
    assert rows[0].share[1] == "before: 90.0 %"
    assert not rows[0].is_worse  # with fewer than four earlier months nothing is sure


def test_a_sure_change_counts_as_worse_and_stands_first():
    months = [str(month) for month in pd.period_range("2025-01", periods=12, freq="M")]
    card = card_of({"b": [(500, 0, 500)] * 12, "a": [(900, 0, 100)] * 11 + [(600, 0, 400)]}, months)
    made = svclight.compare(card, "2025-11", "2025-12")
    assert decision_rows.comparison_heading(made, "en").endswith(": 1 is worse for sure, 1 shows only chance")
    first = decision_rows.comparison_rows(card, made, "en")[0]
    assert (first.title, first.sign, first.word, first.is_worse) == ("Waiting", "▼", "worse", True)
    assert first.change == "−30.0 points"


def test_a_comparison_without_data_says_so():
    card = card_of({"a": [(900, 0, 100), (0, 0, 0)]})
    made = svclight.compare(card, "2026-01", "2026-02")
    assert decision_rows.comparison_heading(made, "en").endswith(": 1 cannot be told")
    assert [row.sign for row in decision_rows.comparison_rows(card, made, "en")] == ["?"]
