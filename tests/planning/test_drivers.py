"""Drivers: cells against everything outside, pairs against the rest of their segments, corrections, causes that are built in."""

import numpy as np
import pandas as pd
import pytest
from scipy import stats as scipy_stats
from support import example_logs
from support.helpers import score

import svclight
from svclight.statistics import two_shares

pytestmark = pytest.mark.once

LOG = "{time: at, segments: [team, kind, same]}"


def p_values(count, rated, other, outside):
    return two_shares.p_value(two_shares.chi_squared(other, outside, count, rated))


def card_of(cells: dict[tuple[str, str], tuple[int, int]], by=("team", "kind"), **options) -> svclight.Scorecard:
    """Cells of team and kind with their rated and red interactions."""
    parts = [
        pd.DataFrame({"x": [9] * red + [1] * (rated - red), "team": team, "kind": kind, "same": team.upper()})
        for (team, kind), (rated, red) in cells.items()
    ]
    frame = pd.concat(parts, ignore_index=True)
    frame["at"] = [f"2026-01-{1 + i % 31:02}" for i in range(len(frame))]
    return score(frame, 'c: {measure: {value: x}, green: "<= 5"}', LOG, by=by, **options)


EVEN = {(team, kind): (200, 20) for team in "abc" for kind in "xyz"}


def test_one_bad_team():
    made = svclight.drivers(card_of(EVEN | {("a", kind): (200, 80) for kind in "xyz"}), "c")
    line = made.table.iloc[0]
    assert (line["segment"], line["value"], line["segment_2"], line["verdict"]) == ("team", "a", "", "more")
    assert (line["rated"], line["count"]) == (600, 240)
    assert line["share"] == 0.4
    assert line["outside_share"] == 0.1  # 120 of 1200
    assert line["lift"] == 4
    assert line["extra"] == 180  # 240 - 600 x 0.1
    assert line["sure"] == pytest.approx(240 * (1 - 1 / line["lift_low"]))
    assert made.table.loc[made.table["verdict"] == "more", "value"].tolist() == ["a"]  # and no pair of it
    assert made.sentences[0].startswith("team a: red 40.0 % of 600, outside of it 10.0 %: 4.0 times as often (95 %: 3.")


def test_a_cell_beside_none_is_not_inf_times_as_often():
    made = svclight.drivers(
        card_of({("a", "x"): (200, 80), ("b", "x"): (400, 0), ("c", "x"): (400, 0)}), "c", by="team"
    )
    row = made.table.iloc[0]
    assert np.isinf(row["lift"])
    assert made.sentences[0].startswith(
        f"team a: red 40.0 % of 200, outside of it none: at least {row['lift_low']:.1f} times as often (95 %, corrected p < 0.001); at least "
    )
    assert "inf" not in str(made)


def test_a_bad_pair_is_named_before_its_segments():
    made = svclight.drivers(card_of(EVEN | {("a", "x"): (200, 150)}), "p.c")
    line = made.table.iloc[0]
    assert (line["value"], line["value_2"], line["verdict"]) == ("a", "x", "more")
    assert {"team b", "team c"}.isdisjoint({text.split(":")[0] for text in made.sentences})


def test_nothing_is_found_where_nothing_is():
    made = svclight.drivers(card_of(EVEN), "c")
    assert set(made.table["verdict"]) == {"no difference that the data can show"}
    assert "no segment has more red than the data can tell from chance" in str(made)


def test_false_alarms_are_rare():
    """12 cells alike: Holm's first step, the smallest p-value under 0.05 / 12, errs in at most 5 of 100 families."""
    count = np.random.default_rng(1).binomial(300, 0.15, size=(2000, 12))
    other = count.sum(axis=1, keepdims=True) - count
    p = p_values(count.ravel(), np.full(24_000, 300), other.ravel(), np.full(24_000, 3300)).reshape(-1, 12)
    assert 0.03 < (p.min(axis=1) < 0.05 / 12).mean() < 0.06


def test_few_are_not_tested():
    made = svclight.drivers(card_of(EVEN | {("d", "x"): (20, 20)}), "c")
    few = made.table[made.table["verdict"] == "few"]
    assert ("team", "d") in set(zip(few["segment"], few["value"], strict=True))
    assert few["p"].isna().all()
    assert (few["sure"] == 0).all()
    assert any("1 cell with under 30 rated" in note or "2 cells with under 30 rated" in note for note in made.notes)


def test_pairs_that_are_a_segment_once_more_are_left_out():
    made = svclight.drivers(card_of(EVEN, by=("team", "same")), "c")
    assert set(made.table["segment_2"]) == {""}
    assert "3 pairs hold the same interactions as one of their segments, and are left out" in made.notes


def test_a_log_and_a_card_of_counts_say_the_same(tmp_path):
    card = card_of(EVEN | {("a", "x"): (200, 150)})
    opened = svclight.Scorecard.open(card.save(tmp_path / "x.svclight"))
    anew = svclight.drivers(card_of(EVEN | {("a", "x"): (200, 150)}, by=()), "c", by=["team", "kind"])
    pd.testing.assert_frame_equal(svclight.drivers(opened, "c").table, anew.table)
    pd.testing.assert_frame_equal(svclight.drivers(card, "c").table, anew.table)


def test_straight_from_a_log():
    frame = pd.DataFrame({"at": ["2026-01-01"] * 100, "x": [9] * 40 + [1] * 60, "team": ["a"] * 50 + ["b"] * 50})
    text = 'svclight: 1\ntime_zone: UTC\nprocesses: {p: {title: P, log: {time: at, segments: [team]}, criteria: {c: {measure: {value: x}, green: "<= 5"}}}}'
    made = svclight.drivers(frame, svclight.loads(text), "p.c", as_of="2026-02-01")
    assert made.table["value"].tolist() == ["a", "b"]
    assert made.table["verdict"].tolist() == ["more", "fewer"]


@pytest.mark.parametrize(
    ("arguments", "options", "message"),
    [
        (["d"], {}, 'unknown criterion; found "d"; expected one of "p.c"'),
        (["c"], {"zone": "rd"}, 'unknown zone; found "rd"; expected "green", "yellow", "red"; did you mean "red"'),
        (
            ["c"],
            {"by": "tem"},
            'unknown segment; found "tem"; expected one of "team", "kind", "same"; did you mean "team"',
        ),
        (["c"], {"periods": "2026"}, 'this is no month; found "2026"'),
    ],
)
def test_wrong_calls(arguments, options, message):
    with pytest.raises(svclight.SvclightError, match=message):
        svclight.drivers(card_of(EVEN), *arguments, **options)


def test_a_card_that_is_not_split_needs_its_log(tmp_path):
    opened = svclight.Scorecard.open(card_of(EVEN, by=()).save(tmp_path / "x.svclight"))
    with pytest.raises(svclight.SvclightError, match="has no segments: there is nothing to split by"):
        svclight.drivers(opened, "c")
    with pytest.raises(svclight.SvclightError, match="expected a card that is split by segments, or has its log"):
        svclight.drivers(opened, "c", by="team")


def test_p_values_of_two_shares():
    """56 of 70 against 48 of 80: Pearson's chi-squared by scipy, times (N - 1) / N as Campbell (2007) says."""
    chi = scipy_stats.chi2_contingency([[56, 14], [48, 32]], correction=False).statistic
    expected = scipy_stats.chi2.sf(chi * 149 / 150, 1)
    assert p_values([56], [70], [48], [80])[0] == pytest.approx(expected)
    exact = scipy_stats.fisher_exact([[1, 29], [0, 1000]]).pvalue  # 30 x 1 / 1030 expected: under 1
    assert p_values([1], [30], [0], [1000])[0] == pytest.approx(exact)
    assert p_values([0, 5], [30, 5], [0, 5], [40, 5]).tolist() == [1, 1]
    assert np.isnan(p_values([0], [0], [1], [2]))


def test_the_interval_of_a_ratio():
    """By hand: log(56.5 / 70.5 x 80.5 / 48.5) -+ 1.96 x sqrt(1/56.5 - 1/70.5 + 1/48.5 - 1/80.5)."""
    centre = np.log(56.5 / 70.5 * 80.5 / 48.5)
    half = 1.959964 * np.sqrt(1 / 56.5 - 1 / 70.5 + 1 / 48.5 - 1 / 80.5)
    low, high = two_shares.ratio_interval([56], [70], [48], [80])
    assert (low[0], high[0]) == (pytest.approx(np.exp(centre - half)), pytest.approx(np.exp(centre + half)))
    assert np.isnan(two_shares.ratio_interval([1], [1], [0], [0])).all()


@pytest.mark.xdist_group("examples")
@pytest.mark.parametrize(
    ("case", "criterion", "by", "period", "named"),
    [
        ("hotline", "wait", ["team", "topic", "phone_line"], "2025-03", ["phone_line W3", "team west"]),
        ("hotline", "wait", ["team", "topic"], "2025-03", ["team west"]),
        ("chat", "wait", ["channel", "topic", "team"], "2024-06", ["team accounts", "topic returns"]),
        ("delivery", "lateness", None, "2025-06", ["region south, carrier Otter"]),
    ],
)
def test_the_cause_that_is_built_into_the_example_is_named_first(case, criterion, by, period, named):
    card = example_logs.card_of(case)
    made = svclight.drivers(card, f"{case}.{criterion}", by=by, periods=period)
    assert [text.split(":")[0] for text in made.sentences][: len(named)] == named
