"""Rows that hold means of several interactions: intervals, `few` and verdicts go by the effective number of rated rows."""

import warnings

import pandas as pd
import pytest
from support.engines import ENGINES, Bench, Column, each
from support.helpers import definition, score

import svclight
from svclight.statistics.shares import wilson_interval

LOG = (
    "{time: at, weight: k, segments: [team], "
    "fields: {at: {time: at}, x: {number: x, unit: s, averaged: true}, y: {number: y, unit: s}}}"
)
CRITERIA = """mean: {measure: {value: x}, green: "<= 30 s", targets: {green: ">= 30 %"}}
plain: {measure: {value: y}, green: "<= 30 s", targets: {green: ">= 30 %"}}"""
ROWS = pd.DataFrame(
    {
        "at": ["2026-01-01", "2026-01-31", "2026-01-31", "2026-01-31"],
        "k": [30, 10, 60, 7],
        "x": [10, 20, 99, None],
        "y": [10, 20, 99, None],
        "team": ["a", "b", "a", "b"],
    }
)


def card_of(month="2026-01", as_of="2026-02-01"):
    return score(ROWS.assign(at=ROWS["at"].str.replace("2026-01", month)), CRITERIA, LOG, by=["team"], as_of=as_of)


def test_the_effective_number_by_hand():
    shares = card_of().shares(by=[]).set_index("criterion")
    # rated 30 + 10 + 60; 100 * 100 / (900 + 100 + 3600) = 2.17; the row without a value is not rated
    assert shares["rated"].tolist() == [100, 100]
    assert shares.loc["mean", "effective"] == pytest.approx(10_000 / 4_600)
    assert shares.loc["plain", "effective"] == 100
    assert shares["green_share"].tolist() == [0.4, 0.4]
    low, high = wilson_interval(0.4 * 10_000 / 4_600, 10_000 / 4_600)
    assert shares.loc["mean", ["green_share_low", "green_share_high"]].tolist() == pytest.approx(
        [float(low), float(high)]
    )
    assert shares["flag"].tolist() == ["few", ""]


def test_segments_have_their_own():
    shares = card_of().shares().set_index(["criterion", "team"])
    assert shares.loc[("mean", "a"), "effective"] == pytest.approx(90**2 / (900 + 3600))
    assert shares.loc[("mean", "b"), "effective"] == 1
    assert shares.loc[("mean", "b"), "green_share_high"] == 1.0


def test_cards_keep_it_and_add_it(tmp_path):
    card, later = card_of(), card_of("2026-03", "2026-04-01")
    opened = svclight.Scorecard.open(card.save(tmp_path / "card.svclight"))
    assert opened.shares().equals(card.shares())
    both = (card + later).shares(by=[])
    assert both.loc[both["criterion"] == "mean", "effective"].tolist() == pytest.approx([10_000 / 4_600] * 2)


def test_check_asks_for_enough_single_interactions():
    said = str(svclight.check(card_of(), "2026-01"))
    assert "TOO FEW" in said
    assert "rows that hold means tell as much as 2.17 single ones; 30 rated are needed" in said


@pytest.fixture(scope="module")
def bench():
    with Bench() as made:
        yield made


@pytest.mark.parametrize("engine", each(ENGINES, "effective"))
def test_every_engine_counts_alike(engine, bench):
    table = {
        "at": Column("text", ROWS["at"].tolist()),
        "k": Column("whole", ROWS["k"].tolist()),
        "x": Column("number", ROWS["x"].tolist()),
        "y": Column("number", ROWS["y"].tolist()),
        "team": Column("text", ROWS["team"].tolist()),
    }
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        found = svclight.score(
            {"p": engine.log(table, bench)}, definition(CRITERIA, LOG), by=["team"], as_of="2026-02-01"
        )
    assert found.shares().astype(str).equals(card_of().shares().astype(str))
