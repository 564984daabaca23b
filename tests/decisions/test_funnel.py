"""Groups against the whole of the others: positions, over-dispersion, who is not judged, words, and the picture."""

import numpy as np
import pandas as pd
import pytest
from matplotlib.backends.backend_agg import FigureCanvasAgg
from matplotlib.figure import Figure
from support.helpers import counted, score
from support.needs import module

import svclight
from svclight import report
from svclight.scorecard import Scorecard
from svclight.statistics import funnel_limits


def teams(reds, rated=500, month="2026-01"):
    return [(month, rated - red, 0, red, name) for name, red in reds.items()]


EQUAL = {f"team {at:02}": 50 + 2 * (at % 4) for at in range(12)}


def test_groups_are_held_against_the_whole_of_the_others():
    found = svclight.funnel(counted(teams({**EQUAL, "bad": 110, "poor": 72}), by=["team"]), "team")
    table = found.table.set_index("team")
    reds = sum(EQUAL.values()) + 182
    assert table["center"].unique().tolist() == [reds / 7000]
    assert table.loc["bad", ["share", "others"]].tolist() == [110 / 500, (reds - 110) / 6500]
    # Pearson's chi-squared of the 13 others by 14 - 2 degrees of freedom, as scipy has it
    others = np.array([*EQUAL.values(), 72])
    expected = module("scipy.stats").chi2_contingency([others, 500 - others], correction=False).statistic / 12
    assert table.loc["bad", "factor"] == pytest.approx(max(expected, 1))
    widen = table.loc["bad", "factor"] ** 0.5 * 2.1788 / 1.95996  # Student's 97.5 % point of 12 degrees of freedom
    low, high = funnel_limits.funnel_limits(500, reds / 7000, 0.95, widen=widen, whole=7000)
    assert (table.loc["bad", "low_95"], table.loc["bad", "high_95"]) == pytest.approx(
        (float(low), float(high)), rel=1e-4
    )
    assert table.loc["bad", ["position", "direction"]].tolist() == ["beyond 99.8 %", "up"]
    assert table["position"].value_counts().to_dict()["beyond 99.8 %"] == 1
    assert "beyond 99.8 %, above: bad" in str(found)


@pytest.mark.parametrize("groups", range(2, 13))
def test_an_outlier_is_named_beside_any_number_of_others(groups):
    """83 % of 600 beside 9 % of 550 each: it does not hide behind itself."""
    rows = [("2026-01", 100, 0, 500, "odd"), *(("2026-01", 500, 0, 50, f"g{at:02}") for at in range(1, groups))]
    found = svclight.funnel(counted(rows, by=["team"]), "team")
    assert found.table.set_index("team").loc["odd", ["position", "direction"]].tolist() == ["beyond 99.8 %", "up"]
    assert "beyond 99.8 %, above: odd" in str(found)
    assert ("the limits are those of chance alone" in str(found)) == (groups < 5)
    if groups >= 5:  # the others vary by chance alone, and the odd one stands in their factor
        assert set(found.table["position"][found.table["team"] != "odd"]) == {"inside"}
        assert found.wholes["factor"].tolist() == [1.0]


@pytest.mark.parametrize("reds", [{"a": 3, "b": 9}, {"a": 29}])
def test_where_all_are_few_none_could_be_judged(reds):
    found = svclight.funnel(counted(teams(reds, rated=29), by=["team"]), "team")
    assert set(found.table["position"]) == {"few"}
    count = f"{len(reds)} group{'s' if len(reds) > 1 else ''}"
    assert found.sentences[0].endswith(f"none could be judged: {count} of under 30 rated.")


def test_one_group_has_nothing_to_be_held_against():
    found = svclight.funnel(counted(teams({"only": 50}), by=["team"]), "team")
    assert found.table["position"].tolist() == ["no limits"]
    assert found.sentences == (
        "Process p, Criterion c, red 10.0 % of 500 in all: there is no other team to hold it against.",
    )


def test_rows_stand_by_name_and_never_by_share():
    found = svclight.funnel(counted(teams({"b": 90, "c": 10, "a": 50, "10": 5, "9": 70}), by=["team"]), "team")
    assert found.table["team"].tolist() == ["9", "10", "a", "b", "c"]


def test_over_dispersion_widens_the_limits():
    """Reds of 30 and 80 in 500 in turn: 20 groups, of which one is left out."""
    spread = {f"t{at:02}": 30 if at % 2 else 80 for at in range(20)}
    found = svclight.funnel(counted(teams(spread), by=["team"]), "team")
    others = np.array([30] * 9 + [80] * 10)
    statistic = module("scipy.stats").chi2_contingency([others, 500 - others], correction=False).statistic
    assert found.table["factor"].iloc[1] == pytest.approx(statistic / 18)
    assert set(found.table["position"]) == {"inside"}
    wider = found.wholes["factor"].iloc[0] ** 0.5 * 2.1009 / 1.95996  # Student's 97.5 % point of 18 degrees of freedom
    assert f"the limits are {wider:.2f} times those of chance" in str(found)
    equal = svclight.funnel(counted(teams(EQUAL), by=["team"]), "team")
    assert set(equal.table["factor"]) == {1.0}
    assert "differ" not in str(equal)


def test_means_of_rows_count_by_their_effective_number():
    """Each row stands for 100 calls: 2,000 calls of a team tell as much as 20 single ones, which are few."""
    rows = [{"at": f"2026-01-{day:02}", "x": 1 + (day % 9 == 0), "k": 100, "team": team}
            for team in "abc" for day in range(1, 31 if team == "a" else 21)]  # fmt: skip
    log = "{time: at, weight: k, segments: [team], fields: {x: {number: x, unit: s, averaged: true}}}"
    card = score(rows, "c: {measure: {value: x}, green: '<= 1 s'}", log, by=["team"], as_of="2026-02-01")
    table = svclight.funnel(card, "team").table.set_index("team")
    assert table["rated"].tolist() == [3000, 2000, 2000]
    assert table["effective"].tolist() == [30, 20, 20]
    assert table["position"].tolist() == ["inside", "few", "few"]
    low, high = funnel_limits.funnel_limits(30, 700 / 7000, 0.95, whole=70)
    assert table.loc["a", ["low_95", "high_95"]].astype(float).tolist() == [float(low), float(high)]


def test_few_are_flagged_and_not_judged():
    rows = [*teams(EQUAL), ("2026-01", 0, 0, 29, "tiny"), ("2026-01", 0, 0, 30, "small")]
    found = svclight.funnel(counted(rows, by=["team"]), "team")
    table = found.table.set_index("team")
    assert table.loc["tiny", ["position", "flag"]].tolist() == ["few", "few"]
    assert table.loc["small", ["position", "flag"]].tolist() == ["beyond 99.8 %", ""]
    assert found.wholes["rated"].tolist() == [6000 + 59]
    assert "1 with under 30 rated is not judged." in str(found)


def test_interactions_without_a_group_are_in_the_whole_alone():
    found = svclight.funnel(counted([*teams(EQUAL), ("2026-01", 0, 0, 300, "")], by=["team"]), "team")
    assert "" not in set(found.table["team"])
    assert found.table["center"].iloc[0] == pytest.approx((sum(EQUAL.values()) + 300) / 6300)


def test_periods_are_added_up_and_may_be_named():
    card = counted([*teams({"a": 100, "b": 50}), *teams({"a": 20, "b": 50}, month="2026-02")], by=["team"])
    assert svclight.funnel(card, "team").table["count"].tolist() == [120, 100]
    one = svclight.funnel(card, "team", periods="2026-02")
    assert one.table["count"].tolist() == [20, 50]
    assert one.periods == ("2026-02",)
    assert svclight.funnel(card, "team", zone="green", periods=["2026-01", "2026-02"]).table["count"].tolist() == [
        880,
        900,
    ]


def test_immature_periods_are_left_out_unless_named():
    at = ["2026-01-01", "2026-01-31", "2026-02-01", "2026-02-28"] * 20
    frame = pd.DataFrame({"at": at, "team": ["a", "b"] * 40})
    frame["done"] = pd.to_datetime(frame["at"]) + pd.Timedelta("3h")
    for team in (2, 3):  # a case of each team is open since February
        frame.loc[team, "done"] = pd.NaT
    log = "{time: at, segments: [team], fields: {at: {time: at}, done: {time: done}}}"
    card = score(
        frame,
        "c: {measure: {duration: {from: at, to: done}}, green: '<= 1 h', yellow: '<= 30 d'}",
        log,
        by=["team"],
        as_of="2026-03-02",
    )
    assert svclight.funnel(card, "team", zone="yellow").table["rated"].tolist() == [20, 20]
    assert svclight.funnel(card, "team", zone="yellow").periods == ("2026-01",)
    named = svclight.funnel(card, "team", zone="yellow", periods=["2026-01", "2026-02"])
    assert named.table["rated"].tolist() == [39, 39]
    assert named.table["flag"].tolist() == ["immature", "immature"]


def test_no_limits_around_never_and_no_data():
    found = svclight.funnel(counted(teams({"a": 0, "b": 0}), by=["team"]), "team")
    assert found.table["position"].tolist() == ["no limits", "no limits"]
    assert found.table["low_95"].isna().all()
    card = counted([*teams({"a": 10}), ("2026-01", 0, 0, 0, "b")], by=["team"])
    assert svclight.funnel(card, "team").table["position"].tolist()[0] == "no limits"
    assert "red 0.0 % of 1,000 in all: it is 0.0 % everywhere, so nobody differs." in str(found)


def test_many_are_named_in_part_and_chance_is_said():
    rows = teams({f"t{at:03}": 50 for at in range(60)}) + teams({f"u{at:03}": 130 for at in range(5)})
    rows += teams({f"v{at:03}": 0 for at in range(5)})
    said = str(svclight.funnel(counted(rows, by=["team"]), "team"))
    assert "By chance alone about 4 of 70 are beyond 95 %." in said
    names = {f"t{at:03}": 55 for at in range(100)} | {f"w{at:03}": 120 for at in range(9)}
    assert "w007 and 1 more" in str(svclight.funnel(counted(teams(names), by=["team"]), "team"))


def test_a_saved_card_is_as_good(tmp_path):
    card = counted(teams(EQUAL), by=["team"])
    kept = Scorecard.open(card.save(tmp_path / "c.svclight"))
    assert svclight.funnel(kept, "team").table.equals(svclight.funnel(card, "team").table)
    assert "team 00" in svclight.funnel(kept, "team")._repr_html_()


def test_nothing_is_said_of_nothing():
    log = "{time: at, segments: [team], fields: {at: {time: at}}}"
    empty = score(
        pd.DataFrame({"at": [], "x": [], "team": []}),
        "c: {measure: {value: x}, green: '<= 1'}",
        "{time: at, segments: [team]}",
        by=["team"],
    )
    found = svclight.funnel(empty, "team")
    assert str(found) == "nothing is rated: there is nothing to hold against the whole"
    assert list(found.table.columns)[:3] == ["process", "criterion", "team"]
    frame = pd.DataFrame({"at": ["2026-01-01", "2026-01-31"], "x": [None, None], "team": ["a", "b"]})
    unrated = score(
        frame, "c: {measure: {value: x}, green: '<= 1'}", log.replace("}}}", "}, x: {number: x}}}"), by=["team"]
    )
    assert svclight.funnel(unrated, "team").sentences == ("P, c: no data.",)
    assert svclight.funnel(unrated, "team").table["position"].tolist() == ["no data", "no data"]
    assert svclight.funnel(counted([("2026-01", 9, 0, 1, "")], by=["team"]), "team").sentences == (
        "Process p, Criterion c: no interaction has a team.",
    )


@pytest.mark.parametrize(
    ("call", "match"),
    [
        (lambda card: svclight.funnel(card, "queue"), 'the card is not split by "queue"; it is split by "team"'),
        (lambda card: svclight.funnel(card, "team", zone="rot"), 'unknown zone; found "rot"; expected "green", "yellow", "red"'),
        (lambda card: svclight.funnel(card, "team", periods="2026-1"), 'no such period; found "2026-1"; expected some of "2026-01"; did you mean "2026-01"'),
    ],
)  # fmt: skip
def test_errors(call, match):
    with pytest.raises(svclight.SvclightError, match=match):
        call(counted(teams(EQUAL), by=["team"]))


# --- picture


def drawn(card, **options):
    """Drawn for real, at half the width of a page."""
    ax = report.plot_funnel(
        card, "p", "c", segment="team", ax=Figure((4.2, 3.4), layout="constrained").add_subplot(), **options
    )
    ax.figure.canvas.draw()
    return ax


def test_the_picture_has_groups_limits_and_names():
    card = counted(teams({**EQUAL, "bad": 110}), by=["team"])
    ax = drawn(card)
    squares = [line.get_xydata()[0].tolist() for line in ax.lines if line.get_marker() == "s"]
    assert squares == [[500, 22]]
    assert len([line for line in ax.lines if line.get_marker() == "o"]) == 12
    assert [text.get_text() for text in ax.texts] == ["bad"]
    assert ax.get_title(loc="left") == "Criterion c: red by team"
    label = " ".join(ax.get_xlabel().split())
    assert "squares: beyond 95 %, dark ones beyond 99.8 %" in label
    assert "line: all together, 11.5 %" in label  # 3 x (50 + 52 + 54 + 56) + 110 = 746 of 6,500
    wholes = svclight.funnel(card, "team").wholes
    curve = next(line for line in ax.lines if line.get_linestyle() == "--")
    x, y = curve.get_data()
    # the lines have the factor with the oddest group left out, which is 1 here: 2.2010 of 11 degrees of freedom
    assert wholes["factor"].tolist() == [1.0]
    low, _ = funnel_limits.funnel_limits(500, 746 / 6500, 0.95, widen=2.2010 / 1.95996, whole=6500)
    assert y[np.argmin(abs(x - 500))] == pytest.approx(100 * low, abs=0.3)


def test_a_hundred_teams_with_long_names_can_be_read():
    names = [f"Группа сопровождения корпоративных клиентов № {at}" for at in range(100)]
    random = np.random.default_rng(4)
    sizes = random.integers(100, 3000, 100)
    reds = random.binomial(sizes, np.where(np.arange(100) % 12, 0.1, 0.2))
    rows = [("2026-01", int(n - red), 0, int(red), name) for name, n, red in zip(names, sizes, reds, strict=True)]
    ax = drawn(counted(rows, by=["team"]))
    renderer = FigureCanvasAgg(ax.figure).get_renderer()
    boxes = [text.get_window_extent(renderer) for text in ax.texts]
    assert len(boxes) >= 2
    assert not any(one.overlaps(other) for at, one in enumerate(boxes) for other in boxes[:at])
    assert all(box.x0 >= 0 and box.x1 <= ax.figure.bbox.x1 for box in boxes)
    shown = {text.get_text() for text in ax.texts}
    assert {" ".join(text.split()) for text in shown} <= set(names)  # in lines, and whole
    assert "squares without room for a name" in " ".join(ax.get_xlabel().split())


def test_sizes_far_apart_stand_on_a_log_scale_and_few_are_hollow():
    rows = [*teams({"a": 5, "b": 8}, rated=50), *teams({"c": 900}, rated=10_000), ("2026-01", 5, 0, 1, "d")]
    ax = drawn(counted(rows, by=["team"]))
    assert ax.get_xscale() == "log"
    assert "hollow: under 30 rated" in " ".join(ax.get_xlabel().split())
    assert drawn(counted(teams(EQUAL), by=["team"])).get_xscale() == "linear"


def test_nothing_rated_is_said_and_one_group_is_drawn():
    frame = pd.DataFrame({"at": ["2026-01-01", "2026-01-31"], "x": [None, None], "team": ["a", "b"]})
    card = score(
        frame,
        "c: {title: Wait, measure: {value: x}, green: '<= 1'}",
        "{time: at, segments: [team], fields: {at: {time: at}, x: {number: x}}}",
        by=["team"],
    )
    assert [text.get_text() for text in drawn(card, title="Mine").texts] == ["no data"]
    ax = drawn(counted(teams({"only": 50}), by=["team"]))
    assert "over-dispersion" not in ax.get_xlabel()
    own = report.plot_funnel(counted(teams({"only": 0}), by=["team"]), "p", "c", segment="team", zone="red")
    assert own.figure.get_size_inches()[0] == pytest.approx(6.8)
