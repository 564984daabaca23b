"""What to mend first: damage beyond targets, what is sure of it, its order, its words, the way to its interactions."""

import math

import numpy as np
import pandas as pd
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from scipy.stats import norm
from statsmodels.stats.proportion import proportion_confint
from support import example_logs
from support.helpers import score

import svclight
from svclight.planning import sure_damage

VALUES = {"green": 1, "yellow": 7, "red": 9}
LOG = "{time: at, segments: [team, kind]}"


def rows(name: str = "2026-01", team: str = "a", kind: str = "k", **counts: int) -> pd.DataFrame:
    """Interactions over the whole of a month; counts by zone."""
    days = pd.date_range(f"{name}-01", periods=pd.Period(name).days_in_month, freq="D")
    values = [VALUES[zone] for zone, count in counts.items() for _ in range(count)]
    at = [days[i % len(days)] for i in range(len(values))]
    return pd.DataFrame({"at": at, "x": values, "team": team, "kind": kind})


def card_of(*parts: pd.DataFrame, more: str = "targets: {red: '<= 10 %'}", **options) -> svclight.Scorecard:
    frame = pd.concat(parts, ignore_index=True).sort_values("at", kind="stable")
    return score(frame, f'c: {{measure: {{value: x}}, green: "<= 5", yellow: "<= 8", {more}}}', LOG, **options)


def test_damage_is_what_the_target_does_not_allow():
    made = svclight.plan(card_of(rows(green=800, yellow=50, red=150)))
    line = made.table.iloc[0]
    low, _ = proportion_confint(150, 1000, method="wilson")  # another library's Wilson
    assert line["above"] == 50  # 150 - 10 % of 1000
    assert line["sure"] == int(1000 * (low - 0.1)) == 29  # one line: Holm's level is 2.5 %
    assert (line["verdict"], line["zone"], line["target"]) == ("missed", "red", "<= 10 %")
    assert line["needed"] == "to reach the target: 50 fewer reds a month (−33 %)"  # 50 of 150
    assert line["why"] == (
        "at least 29 reds too many for sure (50 seen), 100.0 % of all damage; nothing else has more to win for sure"
    )


def test_it_stands_by_what_is_sure_not_by_the_loudest_percentage():
    card = card_of(
        rows(team="loud", green=10, red=30),  # 75 % red, 26 above, about 20 of them sure
        rows(team="large", green=1600, red=400),  # 20 % red, 200 above, about 165 of them sure
        rows(team="tiny", green=2, red=18),  # 90 % red, but under 30 rated
        rows(team="fine", green=95, red=5),
        by="team",
    )
    made = svclight.plan(card)
    assert made.table["team"].tolist() == ["large", "loud", "tiny"]
    assert made.table["verdict"].tolist() == ["missed", "missed", "too few"]
    assert made.table["above"].tolist() == [200, 26, 16]
    assert made.table["sure"].iloc[2] == 0
    assert made.table["damage_share"].tolist() == pytest.approx([200 / 242, 26 / 242, 16 / 242])
    assert made.table["cumulated"].tolist() == pytest.approx([200 / 242, 226 / 242, 1])
    assert "nothing is sure: too few are rated" in made.sentences[2]


def test_a_target_inside_the_interval_is_not_sure():
    line = svclight.plan(card_of(rows(green=89, red=11))).table.iloc[0]
    assert (line["verdict"], line["sure"]) == ("cannot tell", 0)
    assert (
        line["why"] == "1 red too many seen, 100.0 % of all damage, but nothing is sure: chance alone could do so much"
    )


def test_exactly_on_the_target_is_no_damage():
    made = svclight.plan(card_of(rows(green=90, red=10)))
    assert not len(made.table)
    assert str(made) == "nothing lies beyond its target (1 line judged)"


@pytest.mark.parametrize(
    ("targets", "zone", "above", "needed"),
    [
        ("{green: '>= 80 %'}", "green", 100, "100 more greens a month (+14 %)"),  # 80 % of 1000 - 700
        ("{yellow: '<= 5 %'}", "yellow", 50, "50 fewer yellows a month (−50 %)"),  # 100 - 50
        ("{net: '>= 70'}", "net", 100, "100 a month must turn from red to green (−50 %)"),  # (70 - 50) points / 2 a red
        ("{green: '10 % .. 60 %'}", "green", 100, "100 fewer greens a month (−14 %)"),
        ("{green: '>= 72 %', red: '<= 10 %'}", "red", 100, "100 fewer reds a month (−50 %)"),  # 20 green, 100 red
    ],
)
def test_each_kind_of_target(targets, zone, above, needed):
    made = svclight.plan(card_of(rows(green=700, yellow=100, red=200), more=f"targets: {targets}"))
    line = made.table.iloc[0]
    assert (line["zone"], line["above"]) == (zone, pytest.approx(above))
    assert line["needed"] == f"to reach the target: {needed}"


def test_without_a_target_every_red_is_damage():
    made = svclight.plan(card_of(rows(green=99, red=1), rows("2026-02", green=300, red=100), more="title: C"))
    line = made.table.iloc[0]
    assert (line["verdict"], line["above"], line["period"]) == ("no target", 100, "2026-02")
    assert line["sure"] == 0  # nobody has said what is too many
    assert line["why"] == "100 reds, 100.0 % of all damage"
    assert line["needed"] == "to be without red: 100 fewer reds a month"
    assert "no target is declared, so every red is damage" in made.sentences[0]


def test_missed_targets_come_before_criteria_without_targets():
    frame = rows(green=100, red=100).assign(y=[VALUES["green"]] * 150 + [VALUES["red"]] * 50)
    criteria = """
loud: {measure: {value: x}, green: "<= 5"}
missed: {measure: {value: y}, green: "<= 5", targets: {red: "<= 10 %"}}
near: {measure: {value: y}, green: "<= 5", targets: {red: "<= 24 %"}}
"""
    made = svclight.plan(score(frame, criteria, LOG))
    assert made.table["criterion"].tolist() == ["missed", "near", "loud"]
    assert made.table["verdict"].tolist() == ["missed", "cannot tell", "no target"]
    assert made.table["above"].tolist() == [30, 2, 100]


def test_the_sure_number_is_that_of_its_step_in_holms_procedure():
    """Lines of 1,000 with 200, 150 and 100 reds against 10 %: levels 0.025 / 3 and / 2, z = 2.394 and 2.241."""
    reds = {"a": 150, "b": 200, "c": 100}
    made = svclight.plan(
        card_of(*(rows(team=team, green=1000 - red, red=red) for team, red in reds.items()), by="team")
    )
    assert made.tested == 3
    assert made.table["team"].tolist() == ["b", "a"]
    ends = [proportion_confint(red, 1000, alpha=2 * 0.025 / k, method="wilson")[0] for red, k in ((200, 3), (150, 2))]
    assert made.table["sure"].tolist() == [math.floor(1000 * (low - 0.1)) for low in ends] == [71, 26]
    said = "3 lines are held against targets, corrected by Holm: without that, 0.075 of 3 that are exactly on target would "
    assert made.notes == (f"{said}look missed for sure, by chance alone",)


def test_some_of_twenty_teams_on_target_is_named_in_at_most_one_of_twenty_calls():
    """Without a correction in half of all calls: 1 - 0.975^20 = 40 %, more as counts are whole."""
    random = np.random.default_rng(3)
    named, uncorrected = [], []
    for red in random.binomial(100, 0.2, (400, 20)):
        cells = pd.DataFrame({"green": 100 - red, "yellow": 0, "red": red, "rated": 100, "effective": 100.0})
        cells = cells.assign(zone="red", target="<= 20 %", side="fewer", bound=0.2, min_rated=30)
        cells["deviate"] = (red - 20) / 4  # the root of 100 x 0.2 x 0.8
        found = sure_damage.add_sure_damage(cells)
        named.append((found["verdict"] == "missed").any())
        uncorrected.append((cells["deviate"] > 1.96).any())
    assert np.mean(named) <= 0.05
    assert np.mean(uncorrected) > 0.3


def test_less_than_one_interaction_is_not_said_to_be_sure():
    # 60 of 500 against 9 %: 2.34 standard errors; the lower end 9.44 % leaves 2.2; against 9.4 % it leaves 0.2
    made = svclight.plan(card_of(rows(green=440, red=60), more="targets: {red: '<= 9.4 %'}"))
    line = made.table.iloc[0]
    assert (line["verdict"], line["sure"]) == ("missed", 0)
    assert (
        line["why"]
        == "13 reds too many seen, 100.0 % of all damage: more than chance alone would do, but less than one of them is certain"
    )
    assert "for sure" not in str(made)


@pytest.mark.parametrize(
    ("counts", "more", "said"),
    [
        ({"green": 29}, "targets: {red: '<= 10 %'}", "nothing was judged: of 1 line with a target too few are rated"),
        ({"green": 200}, "title: C", "no criterion has a target, and nothing is red"),
        ({"green": 60, "red": 40}, "targets: {red: '<= 10 %'}, accepted: {red: '<= 50 %', until: 2026-03-01, reason: x}",
         "nothing lies beyond its target but what is accepted"),
    ],
)  # fmt: skip
def test_a_plan_without_a_line_says_what_was_judged(counts, more, said):
    assert str(svclight.plan(card_of(rows(**counts), more=more, as_of="2026-02-01"))).startswith(said)


def test_means_of_rows_count_by_their_effective_number():
    """40 rows of 100 calls each, 10 of them red: the interval is that of 10 of 40, the damage that of 4,000 calls."""
    log = "{time: at, weight: k, fields: {x: {number: x, unit: s, averaged: true}}}"
    frame = pd.DataFrame(
        {"at": [f"2026-01-{1 + day % 31:02}" for day in range(40)], "x": [9] * 10 + [1] * 30, "k": 100}
    )
    criterion = "c: {measure: {value: x}, green: '<= 5 s', targets: {red: '<= 10 %'}}"
    line = svclight.plan(score(frame, criterion, log, as_of="2026-02-01")).table.iloc[0]
    low, _ = proportion_confint(10, 40, method="wilson")
    assert (line["rated"], line["effective"], line["above"]) == (4000, 40, 600)
    assert line["sure"] == math.floor(4000 * (low - 0.1))
    few = svclight.plan(score(frame[:29], criterion, log, as_of="2026-02-01")).table.iloc[0]
    assert (few["rated"], few["verdict"]) == (2900, "too few")


def test_several_periods_are_added_up_and_needed_is_by_period():
    card = card_of(rows("2026-01", green=80, red=20), rows("2026-02", green=70, red=30))
    line = svclight.plan(card, ["2026-01", "2026-02"]).table.iloc[0]
    assert (line["rated"], line["above"], line["period"]) == (200, 30, "2026-01 to 2026-02")  # 50 - 20
    assert line["needed"] == "to reach the target: 15 fewer reds a month (−60 %)"  # 15 of 25


def test_the_targets_of_a_segment_come_first():
    more = "targets: [{red: '<= 10 %'}, {where: {team: a}, red: '<= 30 %'}]"
    card = card_of(rows(team="a", green=60, red=40), rows(team="b", green=60, red=40), more=more, by="team")
    made = svclight.plan(card)
    assert dict(zip(made.table["team"], made.table["above"], strict=True)) == {"a": 10, "b": 30}
    # the criterion is split by what its own targets name, though the call asks for no split: 40 - 10 and 40 - 30
    held = svclight.plan(card, by=[])
    assert held.table[["team", "above"]].values.tolist() == [["b", 30], ["a", 10]]
    whole = svclight.plan(card_of(rows(team="a", green=60, red=40), rows(team="b", green=60, red=40), more=more))
    assert whole.table["above"].tolist() == [60]  # 80 - 10 % of 200
    assert whole.notes == ("a target of c is for team is a: it is not used, as cells are not made by that",)


def test_what_is_accepted_stands_apart_and_counts_as_damage():
    more = "targets: {red: '<= 10 %'}, accepted: {red: '<= 50 %', until: 2026-03-01, reason: new line, ticket: OPS-1}"
    card = card_of(rows(team="a", green=60, red=40), rows(team="b", green=10, red=90), more=more, by="team")
    made = svclight.plan(card)
    assert made.table["team"].tolist() == ["b"]
    assert made.accepted[["team", "reason", "ticket"]].to_numpy().tolist() == [["a", "new line", "OPS-1"]]
    assert made.table["damage_share"].tolist() == pytest.approx([80 / 110])
    assert made.accepted["damage_share"].tolist() == pytest.approx([30 / 110])
    assert "until 1 Mar 2026: new line, OPS-1" in str(made)
    late = card_of(rows("2026-03", team="a", green=60, red=40), more=more, by="team")
    assert not len(svclight.plan(late).accepted)


def months(reds: list[int]) -> list[pd.DataFrame]:
    names = pd.period_range("2025-01", periods=len(reds), freq="M").astype(str)
    return [rows(name, green=200 - red, red=red) for name, red in zip(names, reds, strict=True)]


@pytest.mark.parametrize(("newest", "trend"), [(90, "worse than usual"), (42, "as usual"), (25, "better than usual")])
def test_the_trend_is_held_against_the_median_of_earlier_periods(newest, trend):
    line = svclight.plan(card_of(*months([40, 38, 42, 190, 41, 39, newest]))).table.iloc[0]
    assert (line["trend"], line["usual"], line["earlier"]) == (trend, pytest.approx(40.5 / 200), 6)  # one odd month


def test_two_earlier_periods_say_nothing():
    line = svclight.plan(card_of(*months([40, 38, 90]))).table.iloc[0]
    assert line["trend"] == "no earlier periods"
    assert np.isnan(line["usual"])


def two(cost: str) -> svclight.Scorecard:
    frame = rows(green=700, red=300).assign(y=VALUES["green"])
    frame.loc[frame.index[:150], "y"] = VALUES["red"]
    criteria = f"""
many: {{measure: {{value: x}}, green: "<= 5", targets: {{red: "<= 10 %"}}, cost: {{red: 1}}}}
dear: {{measure: {{value: y}}, green: "<= 5", targets: {{red: "<= 10 %"}}{cost}}}
"""
    return score(frame, criteria, LOG)


def test_money_ranks_where_all_have_a_cost():
    made = svclight.plan(two(", cost: {red: 50}"))
    assert made.order == "money"
    assert made.table["criterion"].tolist() == ["dear", "many"]
    assert made.table["money"].tolist() == [50 * 50, 200 * 1]  # 150 - 100, 300 - 100
    assert svclight.plan(two(", cost: {red: 50}"), order="interactions").table["criterion"].tolist() == ["many", "dear"]


def test_both_orders_are_there_where_some_have_a_cost():
    made = svclight.plan(two(""))
    assert (made.order, made.table["criterion"].tolist()) == ("interactions", ["many", "dear"])
    assert any('order="money" puts those with a cost first' in note for note in made.notes)
    assert svclight.plan(two(""), order="money").table["criterion"].tolist() == ["many", "dear"]


def test_the_cost_of_a_green_that_is_missing_is_that_of_what_is_there_instead():
    more = "targets: {green: '>= 80 %'}, cost: {red: 10, yellow: 4}"
    line = svclight.plan(card_of(rows(green=700, yellow=100, red=200), more=more)).table.iloc[0]
    assert line["price"] == pytest.approx((200 * 10 + 100 * 4) / 300)


def test_the_worst_of_others_and_items_are_not_counted_twice():
    frame = rows(green=50, red=50).assign(hello=[True] * 50 + [False] * 50)
    criteria = """
c: {measure: {value: x}, green: "<= 5"}
book: {measure: {worst: [c]}}
card: {measure: {checklist: {items: {hello: 1}, each: true}}, green: ">= 90 %"}
"""
    made = svclight.plan(score(frame, criteria, LOG))
    assert made.table["criterion"].tolist() == ["c", "card"]
    assert any("book is the worst of c" in note for note in made.notes)
    assert any("card stands for its items" in note for note in made.notes)


def test_the_way_to_the_interactions():
    card = card_of(rows(team="a b", green=60, red=40), rows(team="c", green=99, red=1), by="team")
    made = svclight.plan(card)
    assert made.drill(1) == {
        "process": "p", "criterion": "c", "zone": "red", "period": "2026-01", "where": {"team": "a b"},
    }  # fmt: skip
    assert len(card.interactions(**made.drill(1))) == 40
    assert made.command(1, "my service.yaml", ["p=x.csv"]) == (
        "svclight interactions 'my service.yaml' --log p=x.csv --criterion p.c --zone red --period 2026-01 --where 'team=a b'"
    )
    assert 'card.interactions("p", "c", zone="red", period="2026-01", where={"team": "a b"})' in str(made)
    with pytest.raises(svclight.SvclightError, match=r'there is no such line; found "2"; expected 1 to 1'):
        made.drill(2)


def test_a_card_of_counts_alone_is_enough(tmp_path):
    card = card_of(rows(team="a", green=60, red=40), rows(team="b", green=95, red=5), by="team")
    opened = svclight.Scorecard.open(card.save(tmp_path / "x.svclight"))
    made, again = svclight.plan(card), svclight.plan(opened)
    pd.testing.assert_frame_equal(made.table, again.table)
    assert again.notes[0] == "the card has no way back to a log: score it again to see the interactions"


def test_partial_and_immature_periods_are_passed_over():
    frame = pd.concat([rows("2026-01", green=60, red=40), rows("2026-02", green=0, red=100).head(90)])
    frame = frame[frame["at"] < "2026-02-20"]
    made = svclight.plan(card_of(frame))
    assert made.table["period"].tolist() == ["2026-01"]
    named = svclight.plan(card_of(frame, as_of="2026-02-20"), ["2026-01", "2026-02"])
    # February is not over, which a period that is named may be; nothing of it is pending, so that nothing can turn
    assert named.table["period"].tolist() == ["2026-01 to 2026-02"]
    assert named.notes == ()
    alone = svclight.plan(card_of(frame[frame["at"] >= "2026-02-01"]))
    assert not len(alone.table)
    assert alone.notes == ("c: no period is whole and mature",)
    assert str(alone).startswith("nothing was judged: no period that is whole and mature has a rated interaction")


@pytest.mark.parametrize(
    ("call", "message"),
    [
        ({"order": "mony"}, 'unknown order; found "mony"; expected "interactions", "money"; did you mean "money"'),
        ({"order": "money"}, "no criterion that is listed has a `cost`"),
        ({"by": "tem"}, 'the card is not split by "tem"; it is split by nothing'),
        ({"periods": "2026-Q1"}, 'this is no month; found "2026-Q1"'),
    ],
)
def test_wrong_calls(call, message):
    with pytest.raises(svclight.SvclightError, match=message):
        svclight.plan(card_of(rows(green=60, red=40)), **call)


@settings(max_examples=min(settings.default.max_examples, 25))
@given(st.lists(st.tuples(*[st.integers(0, 60)] * 3), min_size=1, max_size=6))
def test_lines_against_a_loop(cells):
    if not sum(map(sum, cells)):
        return
    parts = [rows(team=str(at), green=green, yellow=yellow, red=red) for at, (green, yellow, red) in enumerate(cells)]
    made = svclight.plan(card_of(*parts, by="team", as_of="2026-02-01"), "2026-01")
    expected, deviates = {}, {}
    for at, (green, yellow, red) in enumerate(cells):
        rated = green + yellow + red
        if 10 * red > rated:
            expected[str(at)] = (red - rated / 10, 0)
        if rated >= 30:
            deviates[str(at)] = (red / rated - 0.1) / math.sqrt(0.1 * 0.9 / rated)
    # Holm by hand: the clearest line first, each at its own level, until one is not clear enough
    for step, team in enumerate(sorted(deviates, key=lambda one: -deviates[one])):
        z = norm.isf(0.025 / (len(deviates) - step))
        if deviates[team] <= z:
            break
        green, yellow, red = cells[int(team)]
        rated = green + yellow + red
        low = (red + z * z / 2 - z * math.sqrt(red * (rated - red) / rated + z * z / 4)) / (rated + z * z)
        expected[team] = (expected[team][0], math.floor(round(rated * (low - 0.1), 6)))
    found = {row["team"]: (row["above"], row["sure"]) for row in made.table.to_dict("records")}
    assert found.keys() == expected.keys()
    for team, pair in expected.items():
        assert found[team] == pytest.approx(pair, abs=1e-6)
    assert (np.diff(made.table["sure"]) <= 0).all()
    if len(made.table):
        assert made.table["cumulated"].iloc[-1] == pytest.approx(1)


@pytest.mark.once
@pytest.mark.xdist_group("examples")
@pytest.mark.parametrize(
    ("case", "by", "period", "first"),
    [
        ("hotline", ("team", "phone_line"), "2025-03", ("wait", "west", "W3")),
        ("chat", ("topic", "team"), "2024-06", ("wait", "returns", "accounts")),
        ("delivery", ("region", "carrier"), "2025-06", ("lateness", "south", "Otter")),
    ],
)
def test_the_cause_that_is_built_into_the_example_stands_first(case, by, period, first):
    card = example_logs.card_of(case, *by)
    line = svclight.plan(card, period).table.iloc[0]
    assert (line["criterion"], *(line[name] for name in by)) == first


def test_a_line_has_its_reason_without_its_name_whatever_the_title_holds():
    text = "svclight: 1\ntime_zone: UTC\nprocesses: {p: {title: P, log: {time: at}, criteria: {c: {title: 'Card: polite', measure: {value: w}, green: '<= 1', targets: {red: '<= 10 %'}}}}}"
    table = pd.DataFrame(
        {"month": ["2026-03"], "process": "p", "criterion": "c", "green": 500, "yellow": 0, "red": 500}
    )
    found = svclight.plan(svclight.tally(table, svclight.loads(text), as_of="2026-05-01"))
    assert found.reasons[0].startswith("At least ")
    assert f"Card: polite: {found.reasons[0]}".lower() == found.sentences[0].lower()
