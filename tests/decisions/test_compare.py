"""Two periods and two cards against each other: differences, verdicts, mix, earlier months, words, errors."""

import warnings

import numpy as np
import pandas as pd
import pytest
from support.helpers import counted, score
from support.needs import module
from support.places import EXAMPLES

import svclight
from svclight.decisions import compare
from svclight.errors import SvclightNotice
from svclight.scorecard import Scorecard
from svclight.statistics import two_shares

MIX = [
    ("2026-01", 900, 0, 100, "hotline"),
    ("2026-01", 60, 0, 40, "chat"),
    ("2026-02", 460, 0, 40, "hotline"),
    ("2026-02", 390, 0, 210, "chat"),
]


def row(found, zone="green", place=0):
    table = found.table[found.table["zone"] == zone]
    return table.iloc[place]


def verdicts(found):
    return found.verdicts["verdict"].tolist()


def likely(verdict):
    """What is said where it is not known by how much months vary on their own."""
    return f"likely {verdict}, if months vary by chance alone"


def year(first, *, months=12, start="2025-01", rated=1000):
    """Months of a share, one after another."""
    periods = pd.period_range(start, periods=months, freq="M")
    return [
        (str(period), round(share * rated), 0, rated - round(share * rated))
        for period, share in zip(periods, first, strict=True)
    ]


# --- mix


@pytest.mark.parametrize("way", ["segment", "process"])
def test_a_total_falls_while_every_part_rises(way):
    """960/1100 = 87.27 % -> 850/1100 = 77.27 %; at January's mix (10 x 92 % + 65 %) / 11 = 89.55 %: mix makes -12.27."""
    if way == "segment":
        found = svclight.compare(counted(MIX, by=["team"]), "2026-01", "2026-02")
    else:
        found = svclight.compare(counted(MIX, parts=("hotline", "chat")), "2026-01", "2026-02", heading="h")
    green = row(found)
    assert round(100 * green["share_before"], 2) == 87.27
    assert round(100 * green["share_after"], 2) == 77.27
    assert round(100 * (green["share_before"] + green["at_mix"]), 2) == 89.55
    assert round(100 * green["mix"], 2) == -12.27
    assert green["difference"] == pytest.approx(green["at_mix"] + green["mix"])
    assert (green["verdict"], green["verdict_at_mix"]) == (likely("worse"), compare.NO_DIFFERENCE)
    assert green["covered"] == 1.0
    assert "Green fell in total though it rose in chat and hotline: what changed is the mix." in str(found)
    assert "Red rose in total though it fell in chat and hotline" in str(found)
    assert "green would be 89.5 % (+2.3 points" in str(found)
    assert "the mix makes −12.3 points" in str(found)


def test_both_parts_of_the_mix_are_compared_alone_by_the_segment():
    """Hotline 90 % -> 92 %, chat 60 % -> 65 %."""
    found = svclight.compare(counted(MIX, by=["team"]), "2026-01", "2026-02", by="team")
    green = found.table[found.table["zone"] == "green"]
    assert green["team"].tolist() == ["chat", "hotline"]
    assert green["difference"].round(4).tolist() == [0.05, 0.02]
    assert found.mix == ()
    assert green["at_mix"].isna().all()
    assert "(team chat)" in found.sentences[0]


def test_an_improvement_that_is_mix_alone_is_none_at_the_first_mix():
    """Each team stays at 90 and 60 %; the better one takes over: 75 % -> 87 %."""
    rows = [
        ("2026-01", 450, 0, 50, "a"),
        ("2026-01", 300, 0, 200, "b"),
        ("2026-02", 810, 0, 90, "a"),
        ("2026-02", 60, 0, 40, "b"),
    ]
    sham = svclight.compare(counted(rows, by=["team"]), "2026-01", "2026-02")
    assert row(sham)["at_mix"] == pytest.approx(0)
    assert sham.verdicts[["verdict", "verdict_at_mix"]].values.tolist() == [[likely("better"), compare.NO_DIFFERENCE]]
    rows[2:] = [("2026-02", 480, 0, 20, "a"), ("2026-02", 390, 0, 110, "b")]
    real = svclight.compare(counted(rows, by=["team"]), "2026-01", "2026-02")
    assert real.verdicts[["verdict", "verdict_at_mix"]].values.tolist() == [[likely("better")] * 2]


def test_parts_that_one_side_lacks_are_left_out_of_the_mix_and_it_is_said():
    rows = [
        ("2026-01", 80, 0, 20, "a"),
        ("2026-01", 10, 0, 30, "gone"),
        ("2026-02", 90, 0, 10, "a"),
        ("2026-02", 50, 0, 0, "new"),
    ]
    found = svclight.compare(counted(rows, by=["team"]), "2026-01", "2026-02")
    assert row(found)["covered"] == pytest.approx(100 / 140)
    assert row(found)["at_mix"] == pytest.approx(0.1)
    assert "(of the 71.4 % in parts that both sides have)" in found.sentences[0]
    apart = svclight.compare(counted([rows[1], rows[3]], by=["team"]), "2026-01", "2026-02")
    assert np.isnan(row(apart)["at_mix"])
    assert row(apart)["verdict_at_mix"] == ""
    assert "No part is rated on both sides, so the mix cannot be held." in apart.sentences[0]


def test_many_parts_are_not_listed():
    rows = [("2026-01", 90, 0, 10, "a")] + [("2026-01", 6 + n, 0, 4, f"t{n}") for n in range(4)]
    rows += [("2026-02", 19, 0, 1, "a")] + [("2026-02", 150, 0, 50, f"t{n}") for n in range(4)]
    assert (
        "though it rose in all 5 parts"
        in svclight.compare(counted(rows, by=["team"]), "2026-01", "2026-02").sentences[0]
    )


# --- numbers


def test_the_table_has_the_numbers_of_the_formulas():
    found = svclight.compare(counted([("2026-01", 48, 12, 20), ("2026-02", 56, 4, 10)]), "2026-01", "2026-02")
    table = found.table.set_index("zone")
    assert table["rated_before"].tolist() == [80] * 3
    assert table["rated_after"].tolist() == [70] * 3
    for zone, before, after in (("green", 48, 56), ("yellow", 12, 4), ("red", 20, 10)):
        line = table.loc[zone]
        low, high = two_shares.newcombe_interval(before, 80, after, 70)
        assert (line["low"], line["high"]) == (float(low), float(high))
        assert line["p"] == float(two_shares.p_value(two_shares.chi_squared(before, 80, after, 70)))
    assert table.loc["green", ["low", "high"]].astype(float).round(4).tolist() == [
        0.0524,
        0.3339,
    ]  # Newcombe (1998), table II (a)
    green, red = table.loc["green", "p"], table.loc["red", "p"]
    assert table.loc["green", "p_corrected"] == pytest.approx(2 * green)  # 0.0083 is the smaller of two
    assert table.loc["red", "p_corrected"] == pytest.approx(max(red, 2 * green))
    assert np.isnan(table.loc["yellow", "p_corrected"])
    assert verdicts(found) == [likely("better")]


def test_the_correction_is_over_criteria_by_green_and_red():
    rows = [("2026-01", 48, 12, 20), ("2026-02", 56, 4, 10)]
    three = svclight.compare(counted(rows, criteria=("a", "b", "c")), "2026-01", "2026-02")
    one = row(svclight.compare(counted(rows), "2026-01", "2026-02"))
    assert row(three)["p_corrected"] == pytest.approx(6 * one["p"])
    assert verdicts(three) == [likely("better")] * 3  # 6 x 0.0083 = 0.0495
    four = svclight.compare(counted(rows, criteria=("a", "b", "c", "d")), "2026-01", "2026-02")
    assert verdicts(four) == [compare.NO_DIFFERENCE] * 4
    found = svclight.compare(counted(rows, criteria=("a", "b", "c", "d")), "2026-01", "2026-02", correction="bh")
    assert row(found)["p_corrected"] == pytest.approx(8 * one["p"] / 4)
    assert "(Benjamini-Hochberg)" in found.notes[0]


@pytest.mark.parametrize(
    ("after", "verdict"),
    [
        ((900, 50, 50), "better"),
        ((700, 100, 200), "worse"),
        ((900, 0, 100), "better"),
        ((800, 180, 20), "better"),
        ((900, 0, 180), "mixed"),
        ((800, 100, 100), compare.NO_DIFFERENCE),
    ],
)  # fmt: skip
def test_verdicts(after, verdict):
    found = svclight.compare(counted([("2026-01", 800, 100, 100), ("2026-02", *after)]), "2026-01", "2026-02")
    assert verdicts(found) == [verdict if verdict == compare.NO_DIFFERENCE else likely(verdict)]


def test_few_and_nothing():
    few = svclight.compare(counted([("2026-01", 29, 0, 0), ("2026-02", 0, 0, 500)]), "2026-01", "2026-02")
    assert few.verdicts[["verdict", "flag_before", "flag_after"]].values.tolist() == [["too few", "few", ""]]
    assert few.table["p_corrected"].isna().all()
    assert "before: few rated" in few.sentences[0]
    enough = svclight.compare(counted([("2026-01", 30, 0, 0), ("2026-02", 0, 0, 500)]), "2026-01", "2026-02")
    assert verdicts(enough) == [likely("worse")]
    card = counted([("2026-01", 50, 0, 0)], criteria=("a",)) + counted([("2026-02", 0, 0, 0)], criteria=("a",))
    nothing = svclight.compare(card, "2026-01", "2026-02")
    assert verdicts(nothing) == ["no data"]
    assert np.isnan(row(nothing)["difference"])
    assert nothing.sentences == ("Process p, Criterion a: no data (after: few rated).",)


def test_those_that_get_no_verdict_do_not_count_for_the_correction():
    rows = [
        ("2026-01", 48, 12, 20, "x"),
        ("2026-02", 56, 4, 10, "x"),
        ("2026-01", 5, 0, 0, "y"),
        ("2026-02", 5, 0, 0, "y"),
    ]
    found = svclight.compare(counted(rows, parts=("x", "y")), "2026-01", "2026-02")
    assert verdicts(found) == [likely("better"), "too few"]
    assert row(found)["p_corrected"] == pytest.approx(2 * row(found)["p"])


def test_immature_periods_get_no_verdict_and_partial_ones_are_flagged():
    frame = pd.DataFrame(
        {
            "at": pd.to_datetime(["2026-01-10"] * 40 + ["2026-01-31"] * 40 + ["2026-02-01"] * 40 + ["2026-02-28"] * 40),
        }
    )
    frame["done"] = frame["at"] + pd.to_timedelta(np.where(frame["at"] < "2026-02-01", 1, 50), "h")
    frame.loc[frame.index[-1], "done"] = pd.NaT
    log = "{time: at, fields: {at: {time: at}, done: {time: done}}}"
    card = score(
        frame,
        "c: {measure: {duration: {from: at, to: done}}, green: '<= 1 d', yellow: '<= 30 d'}",
        log,
        as_of="2026-03-10",
    )
    found = svclight.compare(card, "2026-01", "2026-02")
    assert found.verdicts[["verdict", "flag_before", "flag_after"]].values.tolist() == [
        ["no verdict", "partial", "immature"]
    ]
    assert "(before: not a whole period; after: can still change)" in found.sentences[0]
    assert found.table["p_corrected"].isna().all()


def test_several_periods_are_added_up():
    rows = [("2026-01", 40, 0, 10), ("2026-02", 20, 0, 30), ("2026-03", 30, 0, 20)]
    found = svclight.compare(counted(rows), ["2026-02", "2026-01"], "2026-03")
    assert row(found)["share_before"] == pytest.approx(60 / 100)
    assert (found.before, found.after) == ("Jan 2026–Feb 2026", "Mar 2026")


# --- earlier months


@pytest.mark.parametrize("months", [4, 5, 12])
def test_with_four_earlier_months_it_is_widened_by_their_variation(months):
    shares = [0.80, 0.86, 0.78, 0.84, 0.79, 0.85, 0.80, 0.87, 0.79, 0.84, 0.80, 0.86]
    rows = [*year(shares)[13 - months :], ("2026-01", 840, 0, 160), ("2026-02", 790, 0, 210)]
    found = row(svclight.compare(counted(rows), "2026-01", "2026-02"))
    events = np.array([green for _, green, _, _ in rows[:-1]])  # the earlier of the two is among them
    deviates = (events / 1000 - events.mean() / 1000) / np.sqrt(
        events.mean() / 1000 * (1 - events.mean() / 1000) / 1000
    )
    sigma_z = np.abs(np.diff(deviates)).mean() / 1.128
    assert found["earlier"] == len(events) == months
    assert found["sigma_z"] == pytest.approx(sigma_z)
    student = {4: 3.18245, 5: 2.77645, 12: 2.20099}[months]  # the 97.5 % points of 3, 4 and 11 degrees of freedom
    low, high = two_shares.newcombe_interval(840, 1000, 790, 1000, widen=sigma_z * student / 1.959964)
    assert (found["low"], found["high"]) == pytest.approx((float(low), float(high)), rel=1e-5)
    z = float(two_shares.chi_squared(840, 1000, 790, 1000))
    assert found["p"] == pytest.approx(2 * module("scipy.stats").t.sf(abs(z) / sigma_z, months - 1))
    assert found["verdict"] == compare.NO_DIFFERENCE
    words = svclight.compare(counted(rows), "2026-01", "2026-02").sentences[0]
    assert f"The interval allows for how much the {months} months before vary (sigma_z {sigma_z:.2f})." in words


def test_with_three_earlier_months_the_verdict_is_weaker():
    rows = [*year([0.80, 0.86], months=2), ("2026-01", 840, 0, 160), ("2026-02", 790, 0, 210)]
    binomial = svclight.compare(counted(rows), "2026-01", "2026-02")
    assert row(binomial)["earlier"] == 3
    assert np.isnan(row(binomial)["sigma_z"])
    assert verdicts(binomial) == [likely("worse")]
    assert "Months are taken to vary by chance alone." in binomial.sentences[0]
    assert "fewer than 4 earlier ones are there (3)" in str(binomial)


def test_months_after_the_later_side_partial_ones_and_few_do_not_count():
    """The sides may stand in any order; of the four months before the later one, one has few."""
    rows = [*year([0.8, 0.84, 0.79, 0.83, 0.7, 0.9], months=6), ("2025-07", 800, 0, 200)]
    rows[1] = ("2025-02", 20, 0, 9)
    forth, back = (
        svclight.compare(counted(rows), *sides) for sides in (("2025-04", "2025-05"), ("2025-05", "2025-04"))
    )
    assert (row(forth)["earlier"], row(back)["earlier"]) == (3, 3)
    assert row(forth)["difference"] == -row(back)["difference"]


def test_it_is_never_narrowed():
    rows = [*year([0.8, 0.801] * 6), ("2026-01", 801, 0, 199), ("2026-02", 790, 0, 210)]
    found = row(svclight.compare(counted(rows), "2026-01", "2026-02"))
    assert found["sigma_z"] < 0.2
    low, high = two_shares.newcombe_interval(801, 1000, 790, 1000)
    assert (found["low"], found["high"]) == pytest.approx((float(low), float(high)))
    assert found["p"] == pytest.approx(float(two_shares.p_value(two_shares.chi_squared(801, 1000, 790, 1000))))


def test_no_variation_spans_a_change_and_its_month_is_left_out():
    shares = [0.6] * 6 + [0.9] * 7
    rows = [*year(shares, months=13), ("2026-02", 900, 0, 100), ("2026-03", 790, 0, 210)]
    change = ", changes: [{at: 2025-07-01, reason: new}]"
    assert row(svclight.compare(counted(rows, change), "2026-02", "2026-03"))["sigma_z"] == 0
    assert row(svclight.compare(counted(rows), "2026-02", "2026-03"))["sigma_z"] > 1
    inside = svclight.compare(counted(rows, ", changes: [{at: 2025-07-15, reason: new}]"), "2026-02", "2026-03")
    assert row(inside)["earlier"] == 13  # of 14


def test_a_stretch_of_months_uses_its_own_variation_too():
    rows = [*year([0.8, 0.85] * 6), ("2026-01", 840, 0, 160)]
    found = row(svclight.compare(counted(rows), [month for month, *_ in rows[:12]], "2026-01"))
    assert found["earlier"] == 12
    assert found["sigma_z"] > 1


def test_months_that_do_not_differ_at_all_are_said_to():
    rows = [*year([1.0] * 5, months=5), ("2026-01", 1000, 0, 0), ("2026-02", 900, 0, 100)]
    found = svclight.compare(counted(rows), "2026-01", "2026-02")
    assert verdicts(found) == ["worse"]
    assert "The 6 months before do not differ at all." in found.sentences[0]


def test_means_of_rows_count_by_their_effective_number():
    """Rows of 100 calls: 40 of 50 green against 32 of 50, and not 4,000 of 5,000."""
    rows = [
        {"at": f"2026-0{month}-{1 + at % 28:02}", "x": 1 if at < green else 5, "k": 100, "team": "ab"[at % 2]}
        for month, green in ((1, 40), (2, 32))
        for at in range(50)
    ]
    log = "{time: at, weight: k, segments: [team], fields: {x: {number: x, unit: s, averaged: true}}}"
    card = score(rows, "c: {measure: {value: x}, green: '<= 1 s'}", log, by=["team"], as_of="2026-03-01")
    found = row(svclight.compare(card, "2026-01", "2026-02"))
    assert (found["rated_before"], found["share_before"]) == (5000, 0.8)
    low, high = two_shares.newcombe_interval(40, 50, 32, 50)
    assert (found["low"], found["high"]) == pytest.approx((float(low), float(high)))
    assert found["p"] == pytest.approx(float(two_shares.p_value(two_shares.chi_squared(40, 50, 32, 50))))
    assert found["at_mix"] == pytest.approx(found["difference"])  # both teams have a half on both sides
    mixed = two_shares.at_first_mix([20, 20], [25, 25], [16, 16], [25, 25])
    assert (found["at_mix_low"], found["at_mix_high"]) == pytest.approx((float(mixed[1]), float(mixed[2])))
    few = score(
        [one for one in rows if int(one["at"][-2:]) <= 14],
        "c: {measure: {value: x}, green: '<= 1 s'}",
        log,
        as_of="2026-03-01",
    )
    assert verdicts(svclight.compare(few, "2026-01", "2026-02")) == ["too few"]


# --- two cards


def test_two_cards_are_compared():
    north = counted([("2026-01", 80, 0, 20), ("2026-02", 80, 0, 20)])
    south = counted([("2026-01", 60, 0, 40), ("2026-02", 90, 0, 10)])
    found = svclight.compare(north, south)
    assert row(found)["difference"] == pytest.approx(150 / 200 - 160 / 200)
    assert str(found).startswith("the first card (Jan 2026–Feb 2026) → the second card (Jan 2026–Feb 2026)\n")
    one = svclight.compare(north, south, "2026-01")
    assert row(one)["difference"] == pytest.approx(-0.2)
    assert verdicts(one) == ["worse"]  # groups of the same month: months do not come into it
    assert "months" not in " ".join(one.sentences)
    assert "by chance alone" not in str(one)
    assert "note: two groups of the same periods: that periods differ does not come into it" in str(one)


def test_two_cards_of_different_months_are_months():
    rows = [*year([0.80, 0.86, 0.78, 0.84, 0.79], months=5), ("2025-06", 850, 0, 150)]
    first, second = counted(rows[:5]), counted([*rows[4:5], ("2025-06", 850, 0, 150)]).only("2025-06")
    found = row(svclight.compare(first.only("2025-05"), second))
    assert found["earlier"] == 1
    found = row(svclight.compare(first, second))
    assert found["earlier"] == 5
    assert found["sigma_z"] > 1


def test_what_one_card_lacks_is_no_data():
    first, second = (
        counted([("2026-01", 80, 0, 20)], criteria=("a", "b")),
        counted([("2026-01", 60, 0, 40)], criteria=("b",)),
    )
    assert svclight.compare(first, second).verdicts[["criterion", "verdict"]].values.tolist() == [
        ["a", "no data"],
        ["b", "worse"],
    ]


def test_cards_must_agree_in_what_decides():
    first = counted([("2026-01", 80, 0, 20)])
    assert verdicts(svclight.compare(first, counted([("2026-01", 60, 0, 40)], ", targets: {green: '>= 9 %'}"))) == [
        "worse"
    ]
    with pytest.raises(svclight.SvclightError, match="the cards differ in the definition of p.c: score both logs"):
        svclight.compare(first, counted([("2026-01", 60, 0, 40)], ", whole: true"))
    with pytest.raises(svclight.SvclightError, match="the cards differ in their kind of period: month and year"):
        svclight.compare(first, counted([("2026-01", 60, 0, 40)], period="year"))


def test_a_saved_card_is_compared_like_a_fresh_one(tmp_path):
    card = counted(MIX, by=["team"])
    kept = Scorecard.open(card.save(tmp_path / "card.svclight"))
    assert str(svclight.compare(kept, "2026-01", "2026-02")) == str(svclight.compare(card, "2026-01", "2026-02"))


# --- shown


def test_what_is_shown_in_a_notebook_is_escaped():
    card = counted([("2026-01", 80, 0, 20, "<b>x"), ("2026-02", 80, 0, 20, "<b>x")], by=["team"])
    page = svclight.compare(card, "2026-01", "2026-02", by="team")._repr_html_()
    assert "&lt;b&gt;x" in page
    assert "<b>x" not in page


def test_the_note_says_where_the_mix_cannot_be_known():
    assert "not split by any segment" in str(svclight.compare(counted(MIX), "2026-01", "2026-02"))
    assert "not split by any segment" not in str(svclight.compare(counted(MIX, by=["team"]), "2026-01", "2026-02"))


def test_rows_stand_in_the_order_of_the_definitions():
    rows = [
        ("2026-01", 80, 0, 20, "z"),
        ("2026-02", 80, 0, 20, "z"),
        ("2026-01", 8, 0, 20, "a"),
        ("2026-02", 80, 0, 20, "a"),
    ]
    found = svclight.compare(counted(rows, parts=("z", "a"), criteria=("d", "b")), "2026-01", "2026-02")
    assert found.verdicts[["process", "criterion"]].values.tolist() == [["z", "d"], ["z", "b"], ["a", "d"], ["a", "b"]]


# --- errors


@pytest.mark.parametrize(
    ("call", "match"),
    [
        (lambda card: svclight.compare(card, "2026-1", "2026-02"), 'no such period; found "2026-1"; expected some of "2026-01", "2026-02"; did you mean "2026-01"?'),
        (lambda card: svclight.compare(card, [], "2026-02"), "no such period; found none"),
        (lambda card: svclight.compare(card, "2026-01", ["2026-02", "2026-01"]), '"2026-01" cannot be on both sides'),
        (lambda card: svclight.compare(card, "2026-01"), "needs two periods of a card, or two cards"),
        (lambda card: svclight.compare(card, "2026-01", "2026-02", correction="hulm"), 'unknown correction; found "hulm"; expected "holm", "bh"; did you mean "holm"?'),
        (lambda card: svclight.compare(card, "2026-01", "2026-02", by="queue"), 'not split by "queue"; it is split by nothing'),
        (lambda card: svclight.compare(card, "2026-01", "2026-02", heading="q"), 'unknown process; found "q"; expected "p"'),
        (lambda card: svclight.compare(card, "2026-01", "2026-02", heading="p"), 'no process is a part of it; found "p"; expected a process that others name in part_of'),
    ],
)  # fmt: skip
def test_errors(call, match):
    with pytest.raises(svclight.SvclightError, match=match.replace("?", r"\?")):
        call(counted([("2026-01", 80, 0, 20), ("2026-02", 60, 0, 40)]))


def test_a_heading_is_asked_for_by_name():
    with pytest.raises(svclight.SvclightError, match='no process is a part of it; found "chat"; expected one of "h"'):
        svclight.compare(counted(MIX, parts=("hotline", "chat")), "2026-01", "2026-02", heading="chat")


def test_there_must_be_something():
    empty = score(pd.DataFrame({"at": [""], "x": [1]}), "c: {measure: {value: x}, green: '<= 1'}")
    with pytest.raises(svclight.SvclightError, match="neither side has an interaction with a usable time"):
        svclight.compare(empty, empty.only([""]))


# --- the made-up logs of two years: what is built into them


def months(first: str, last: str) -> list[str]:
    return pd.period_range(first, last, freq="M").astype(str).tolist()


@pytest.mark.parametrize(
    ("name", "log", "criterion", "by", "sham", "before", "after"),
    [
        ("hotline", "calls.csv.gz", "wait", "topic", "2024-11", ("2025-04", "2025-08"), ("2025-09", "2025-11")),
        ("chat", "chats.csv.gz", "wait", "topic", "2025-02", ("2025-02", "2025-06"), ("2025-07", "2025-11")),
        ("delivery", "orders.csv.gz", "lateness", "region", "2024-11", ("2025-04", "2025-08"), ("2025-09", "2025-11")),
    ],
)
@pytest.mark.slow
def test_the_real_improvement_is_real_and_the_sham_one_is_not(name, log, criterion, by, sham, before, after):
    folder = EXAMPLES / name
    with warnings.catch_warnings():
        warnings.simplefilter("ignore", SvclightNotice)
        card = svclight.score(folder / log, folder / f"{name}.yaml", by=[by])

    def verdicts(*periods):
        table = svclight.compare(card, *periods).verdicts
        return table.loc[table["criterion"] == criterion, ["verdict", "verdict_at_mix"]].values.tolist()

    assert verdicts(months(*before), months(*after)) == [["better", "better"]]
    earlier = str(pd.Period(sham) - 1)
    assert verdicts(earlier, sham)[0][1] == compare.NO_DIFFERENCE
