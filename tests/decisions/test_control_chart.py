"""Control limits of a card: points, phases, signals, the two verdicts, words, and their picture."""

import itertools

import numpy as np
import pandas as pd
import pytest
from matplotlib.colors import to_hex
from matplotlib.figure import Figure
from support.helpers import counted, score

import svclight
from svclight import report
from svclight.decisions import control_chart
from svclight.scorecard import Scorecard
from svclight.statistics import control_limits

STEADY = [0.80, 0.83, 0.79, 0.82, 0.81, 0.78, 0.83, 0.80, 0.79, 0.82, 0.81, 0.80]
TARGET = ", targets: {green: '>= 70 %', red: '<= 5 %'}"


def months(shares, rated=400, start="2025-01", team="a"):
    periods = pd.period_range(start, periods=len(shares), freq="M")
    return [
        (str(period), round(share * rated), 0, rated - round(share * rated), team)
        for period, share in zip(periods, shares, strict=True)
        if not np.isnan(share)
    ]


def test_limits_are_those_of_the_formula():
    found = svclight.control_limits(counted(months(STEADY))).table
    events = np.array([round(share * 400) for share in STEADY])
    limits = control_limits.p_prime(events, np.full(12, 400))
    assert np.allclose(found["lower"], limits.lower)
    assert np.allclose(found["upper"], limits.upper)
    assert np.allclose(found["center"], events.sum() / 4800)
    assert found["share"].tolist() == [count / 400 for count in events]
    assert found["sigma_z"].unique().tolist() == [float(limits.sigma_z)]
    quiet = counted(months([0.80, 0.81] * 6))
    plain, narrow = (svclight.control_limits(quiet, narrower=narrower).table.iloc[0] for narrower in (False, True))
    assert narrow["sigma_z"] < 1 == plain["sigma_z"]
    assert narrow["lower"] > plain["lower"]


def test_the_two_questions_are_kept_apart():
    found = svclight.control_limits(counted(months(STEADY), TARGET))
    assert found.verdicts[["changing", "target", "meets"]].values.tolist() == [["steady", ">= 70 %", "meets it"]]
    assert "green: steady. Centre 80.7 %" in str(found)
    assert "The target ≥ 70 % is met as long as nothing changes." in str(found)
    red = svclight.control_limits(counted(months(STEADY), TARGET), zone="red")
    assert red.verdicts[["changing", "target", "meets"]].values.tolist() == [["steady", "<= 5 %", "misses it"]]
    assert "is missed as long as nothing changes" in str(red)
    between = svclight.control_limits(counted(months(STEADY), TARGET.replace("70", "80")))
    assert between.verdicts["meets"].tolist() == [control_chart.SOMETIMES]
    assert "lies between the limits" in str(between)
    assert svclight.control_limits(counted(months(STEADY))).verdicts["meets"].tolist() == ["no target"]


def test_a_month_outside_is_a_signal():
    shares = [*STEADY, 0.60, 0.81]
    found = svclight.control_limits(counted(months(shares)))
    assert found.signals[["rule", "direction", "first", "last", "points"]].values.tolist() == [
        ["outside", "down", "2026-01", "2026-01", 1]
    ]
    assert found.table.set_index("period").loc["2026-01", "signals"] == "outside"
    assert found.verdicts["changing"].tolist() == ["changing for the worse"]
    assert "Signals: outside, down, Jan 2026." in str(found)
    red = svclight.control_limits(counted(months(shares)), zone="red")
    assert red.signals["direction"].tolist() == ["up"]
    assert red.verdicts["changing"].tolist() == ["changing for the worse"]
    better = svclight.control_limits(counted(months([*STEADY, 0.97, 0.81])))
    assert better.verdicts["changing"].tolist() == ["changing for the better"]


def test_the_newest_signal_says_the_direction():
    """Half a year above the mean of both, half a year under it: it got worse."""
    found = svclight.control_limits(counted(months([0.84, 0.85] * 6 + [0.76, 0.75] * 6)))
    run = found.signals[found.signals["rule"] == "7 on one side"]
    assert run[["direction", "first", "last"]].values.tolist() == [
        ["up", "2025-01", "2025-12"],
        ["down", "2026-01", "2026-12"],
    ]
    assert found.verdicts["changing"].tolist() == ["changing for the worse"]
    yellow = counted(
        [(month, 500 - green, green // 4, 0) for month, green, *_ in months([0.84, 0.85] * 6 + [0.3, 0.31] * 6)]
    )
    assert svclight.control_limits(yellow, zone="yellow").verdicts["changing"].tolist() == ["changing"]


def test_a_signal_of_long_ago_is_listed_but_nothing_is_changing_now():
    found = svclight.control_limits(counted(months([*STEADY, 0.60, *STEADY[:7]])))
    assert found.signals["first"].tolist() == ["2026-01"]
    assert found.verdicts["changing"].tolist() == ["steady"]
    assert "Signals: outside, down, Jan 2026." in str(found)


def test_while_it_is_changing_the_band_says_nothing_that_the_newest_months_deny():
    shares = [0.83, 0.85] * 10 + [0.83, 0.76]
    fell = svclight.control_limits(counted(months(shares), TARGET.replace("70", "77")))
    assert fell.table["lower"].iloc[0] > 0.77 > fell.table["share"].iloc[-1]
    assert fell.verdicts[["changing", "meets"]].values.tolist() == [["changing for the worse", "cannot tell"]]
    assert "Whether the target ≥ 77 % is met cannot be told while it is changing." in str(fell)
    still = svclight.control_limits(counted(months(shares), TARGET))
    assert still.verdicts["meets"].tolist() == ["meets it"]


def test_limits_begin_anew_at_a_change_alone():
    shares = [0.9 + 0.01 * (at % 2) for at in range(12)] + [0.7 + 0.01 * (at % 2) for at in range(12)]
    plain = svclight.control_limits(counted(months(shares)))
    assert plain.table["phase"].unique().tolist() == [0]
    assert len(plain.signals)
    dated = svclight.control_limits(counted(months(shares), ", changes: [{at: 2026-01-01, reason: new switchboard}]"))
    assert dated.table["phase"].tolist() == [0] * 12 + [1] * 12
    assert not len(dated.signals)
    assert dated.verdicts["changing"].tolist() == ["steady"]
    assert dated.table["center"].round(3).unique().tolist() == [0.905, 0.705]


def test_a_month_into_which_a_change_falls_is_no_point():
    found = svclight.control_limits(counted(months(STEADY * 2), ", changes: [{at: 2025-07-15, reason: new}]")).table
    assert found["phase"].tolist() == [0] * 6 + [-1] + [1] * 17
    inside = found.iloc[6]
    assert inside["flag"] == "changed"
    assert np.isnan([inside["lower"], inside["center"]]).all()
    assert found["trial"].tolist() == [True] * 6 + [False] * 18


def test_under_twelve_points_limits_are_trial_limits():
    found = svclight.control_limits(counted(months(STEADY[:11]), TARGET))
    assert found.table["trial"].all()
    assert found.verdicts["changing"].tolist() == ["trial limits"]
    assert "trial limits of 11 points" in str(found)
    assert not svclight.control_limits(counted(months(STEADY))).table["trial"].any()


@pytest.mark.parametrize(("share", "said", "meets"), [(1.0, "100.0 %", "meets it"), (0.0, "0.0 %", "misses it")])
def test_always_or_never_has_no_limits(share, said, meets):
    found = svclight.control_limits(counted(months([share] * 15), TARGET.replace("70", "80")))
    assert found.table["lower"].isna().all()
    assert found.verdicts[["changing", "meets"]].values.tolist() == [["no limits", meets]]
    assert f"green: no limits. It is always {said}, in 15 periods and 6,000 rated. The target ≥ 80 % is m" in str(found)


def test_months_of_few_raise_no_signal_and_a_run_goes_on_over_them():
    """A month of 29 without a green is no point: not in the mean, not in sigma, not in the rules."""
    usual = months([0.85, 0.75] * 6 + [0.78, 0.77, 0.78] + [float("nan")] + [0.77, 0.78, 0.77, 0.78])
    few = [*usual, ("2026-04", 0, 0, 29, "a")]
    found = svclight.control_limits(counted(few))
    month = found.table.set_index("period").loc["2026-04"]
    assert (month["phase"], month["flag"], month["signals"]) == (-1, "few", "")
    assert np.isnan([month["lower"], month["center"]]).all()
    plain = svclight.control_limits(counted(usual))
    assert found.table["lower"].dropna().tolist() == plain.table["lower"].dropna().tolist()
    run = found.signals[found.signals["rule"] == "7 on one side"]
    assert run[["first", "last", "points"]].values.tolist() == [["2025-12", "2026-08", 8]]
    assert "1 period of under 30 rated is no point." in str(found)
    nothing = svclight.control_limits(counted(months(STEADY, rated=29)))
    assert not len(nothing.signals)
    assert (
        "no limits. There is no limit from 0 whole and mature periods of at least 30 rated. 12 periods of under 30 rated are no point."
        in str(nothing)
    )


def wave(years, amplitude=0.05, seed=2):
    random = np.random.default_rng(seed)
    share = 0.8 + amplitude * np.sin(2 * np.pi * np.arange(12 * years) / 12)
    return list(random.binomial(1000, share) / 1000)


def test_a_yearly_wave_is_known_from_24_months_on():
    card = counted(months(wave(3), rated=1000), TARGET)
    found = svclight.control_limits(card)
    assert found.table["seasonal"].all()
    greens = found.table["count"].to_numpy().reshape(3, 12)
    assert np.allclose(found.table["center"], np.tile(greens.sum(axis=0) / 3000, 3))  # each month's own level
    assert found.verdicts[["changing", "meets"]].values.tolist() == [["steady", "meets it"]]
    assert (
        "Months of the year differ by more than chance: centre and limits are those of each month of the year."
        in str(found)
    )
    short = svclight.control_limits(counted(months(wave(3)[:23], rated=1000)))
    assert not short.table["seasonal"].any()
    assert "of the year" not in str(short)


def test_with_a_season_the_target_is_held_against_the_whole_year():
    """The band of December lies above 80 %, that of September below it: chance does not decide alone, the season does."""
    found = svclight.control_limits(counted(months(wave(3, 0.08), rated=1000), TARGET.replace("70", "80")))
    assert found.table["lower"].max() > 0.8 > found.table["upper"].min()
    assert found.verdicts["meets"].tolist() == [control_chart.SOMETIMES]


def calls(means, rated=40):
    rows = []
    for month, mean in zip(pd.period_range("2025-01", periods=len(means), freq="M"), means, strict=True):
        days = [1 + day % month.days_in_month for day in range(rated - 1)] + [month.days_in_month]
        rows += [{"at": f"{month}-{day:02}", "x": mean + (at % 2 * 2 - 1)} for at, day in enumerate(days)]
    return rows


@pytest.mark.parametrize("of", ["mean", "median"])
def test_means_and_medians_are_charted_as_xmr(of):
    means = [20, 22, 19, 21, 20, 23, 20, 19, 22, 21, 20, 22, 34]
    log = "{time: at, fields: {x: {number: x, unit: s}}}"
    card = score(
        calls(means), "c: {measure: {value: x}, green: '<= 30 s', targets: {green: '>= 80 %'}}", log, as_of="2026-02-01"
    )
    found = svclight.control_limits(card, of=of)
    center = sum(means) / 13
    moving = sum(abs(one - other) for one, other in itertools.pairwise(means)) / 12
    last = found.table.iloc[-1]
    assert (last["value"], last["center"], last["zone"]) == (34, pytest.approx(center), of)
    assert (last["lower"], last["upper"]) == pytest.approx((center - 3 * moving / 1.128, center + 3 * moving / 1.128))
    assert found.signals[["rule", "direction", "first"]].values.tolist() == [["outside", "up", "2026-01"]]
    assert found.verdicts[["changing", "meets"]].values.tolist() == [["changing for the worse", "no target"]]
    assert "Centre 21.8 s, limits 14.2 s to 29.3 s in Jan 2026. Signals: outside, up, Jan 2026." in str(found)
    ax = drawn(card, of=of)
    assert ax.get_title(loc="left") == f"c: {of}"
    assert marks(ax, "s") == [[12, 34]]
    assert all(tick.get_text().endswith(" s") for tick in ax.get_yticklabels())
    few = svclight.control_limits(
        score(calls(means, rated=29), "c: {measure: {value: x}, green: '<= 30 s'}", log, as_of="2026-02-01"), of=of
    )
    assert set(few.table["phase"]) == {-1}


def test_means_of_rows_count_by_their_effective_number():
    """Each month has 30 rows of 100 calls: limits are those of 30 single ones."""
    shares = [24, 25, 23, 26, 24, 25, 23, 24, 26, 24, 25, 24]
    rows = [
        {"at": f"2025-{month:02}-{day:02}", "x": 1 if day <= green else 5, "k": 100}
        for month, green in enumerate(shares, 1)
        for day in [*range(1, 28), 28, 28, pd.Period(f"2025-{month:02}").days_in_month]
    ]
    log = "{time: at, weight: k, fields: {x: {number: x, unit: s, averaged: true}}}"
    table = svclight.control_limits(
        score(rows, "c: {measure: {value: x}, green: '<= 1 s'}", log, as_of="2026-01-01")
    ).table
    assert table["effective"].tolist() == [30] * 12
    limits = control_limits.p_prime(np.array(table["count"]) / 100, np.full(12, 30))
    assert np.allclose(table["lower"], limits.lower)


def test_one_month_has_no_limits():
    found = svclight.control_limits(counted(months([0.8])))
    assert found.verdicts["changing"].tolist() == ["no limits"]
    assert "There is no limit from 1 whole and mature period of at least 30 rated." in str(found)


def test_months_without_data_keep_their_place_but_are_no_points():
    shares = [*STEADY[:5], float("nan"), *STEADY[5:]]
    found = svclight.control_limits(counted(months(shares))).table
    assert found["period"].tolist() == [str(period) for period in pd.period_range("2025-01", "2026-01", freq="M")]
    gap = found.iloc[5]
    assert (gap["rated"], gap["phase"], gap["flag"]) == (0, -1, "")
    assert np.isnan([gap["share"], gap["lower"]]).all()
    events = np.array([round(share * 400) for share in STEADY])
    assert found["lower"].dropna().tolist() == control_limits.p_prime(events, np.full(12, 400)).lower.tolist()


def test_a_run_goes_on_over_a_month_without_data():
    shares = [0.85, 0.75] * 6 + [0.78, 0.77, 0.78, float("nan"), 0.77, 0.78, 0.77, 0.78]
    found = svclight.control_limits(counted(months(shares)))
    run = found.signals[found.signals["rule"] == "7 on one side"]
    assert run[["first", "last", "points"]].values.tolist() == [["2025-12", "2026-08", 8]]


def test_partial_and_immature_months_are_no_points():
    days = pd.date_range("2025-01-10", "2026-02-20", freq="6h")
    frame = pd.DataFrame({"at": days, "done": days + pd.to_timedelta(np.where(np.arange(len(days)) % 5, 1, 50), "h")})
    frame.loc[(frame["at"] >= "2026-01-31 18:00") & (frame["at"] < "2026-02-01"), "done"] = pd.NaT
    card = score(
        frame, "c: {measure: {duration: {from: at, to: done}}, green: '<= 1 d', yellow: '<= 30 d'}",
        "{time: at, fields: {at: {time: at}, done: {time: done}}}", as_of="2026-02-22",
    )  # fmt: skip
    found = svclight.control_limits(card).table.set_index("period")
    unsure = ["2025-01", "2026-01", "2026-02"]
    assert found.loc[unsure, "flag"].tolist() == ["partial", "immature", "partial"]
    assert found["phase"].tolist() == [-1] + [0] * 11 + [-1, -1]
    assert found.loc[unsure, "lower"].isna().all()
    assert found.loc[unsure, "share"].notna().all()


def test_each_segment_has_a_chart_of_its_own():
    rows = months(STEADY, team="north") + months([*STEADY[:11], 0.6], team="south")
    targets = ", targets: [{green: '>= 60 %'}, {where: {team: south}, green: '>= 95 %'}]"
    card = counted(rows, targets, by=["team"])
    found = svclight.control_limits(card, by="team")
    assert found.verdicts[["team", "changing", "target", "meets"]].values.tolist() == [
        ["north", "steady", ">= 60 %", "meets it"],
        ["south", "changing for the worse", ">= 95 %", "misses it"],
    ]
    assert "(team south)" in found.sentences[1]
    assert len(svclight.control_limits(card).table) == 12


def test_a_saved_card_and_a_card_without_rows(tmp_path):
    card = counted(months(STEADY))
    kept = Scorecard.open(card.save(tmp_path / "c.svclight"))
    assert str(svclight.control_limits(kept)) == str(svclight.control_limits(card))
    empty = score(pd.DataFrame({"at": [], "x": []}), "c: {measure: {value: x}, green: '<= 1'}")
    assert str(svclight.control_limits(empty)) == "no criterion is rated: there is nothing to chart"
    assert list(svclight.control_limits(empty).table.columns) == list(svclight.control_limits(card).table.columns)


def test_many_signals_are_counted():
    wild = svclight.control_limits(counted(months([0.8, 0.81] * 10 + [0.3, 0.95, 0.2, 0.99, 0.25, 0.98], rated=4000)))
    assert len(wild.signals) > 3
    assert " more." in str(wild)
    assert "&" not in wild._repr_html_().replace("&gt;", "").replace("&lt;", "")


@pytest.mark.parametrize(
    ("options", "match"),
    [
        ({"zone": "gren"}, 'unknown zone; found "gren"; expected "green", "yellow", "red"; did you mean "green"'),
        ({"by": "queue"}, 'the card is not split by "queue"'),
        ({"of": "men"}, 'unknown series; found "men"; expected "share", "mean", "median"; did you mean "mean"'),
    ],
)
def test_errors(options, match):
    with pytest.raises(svclight.SvclightError, match=match):
        svclight.control_limits(counted(months(STEADY)), **options)


# --- picture


def drawn(card, *, wide=3.8, **options):
    """Drawn for real, at half the width of a page."""
    ax = report.plot_control(card, "p", "c", ax=Figure((wide, 3.0), layout="constrained").add_subplot(), **options)
    ax.figure.canvas.draw()
    return ax


def marks(ax, shape):
    return [line.get_xydata()[0].round(3).tolist() for line in ax.lines if line.get_marker() == shape]


def test_the_picture_has_line_band_target_and_marks():
    card = counted(months([*STEADY, 0.60, 0.81]), TARGET)
    ax = drawn(card)
    assert marks(ax, "s") == [[12, 60]]
    assert len(marks(ax, "o")) == 13
    table = svclight.control_limits(card).table
    band = ax.collections[0].get_paths()[0].get_extents()
    assert band.y0 == pytest.approx(100 * table["lower"].min())
    assert band.y1 == pytest.approx(100 * table["upper"].max())
    assert [line.get_ydata()[0] for line in ax.lines if set(line.get_ydata()) == {70}] == [70, 70]
    label = " ".join(ax.get_xlabel().split())
    assert "squares: more than chance (outside the band)" in label
    assert "dashed line: the target, green ≥ 70 %" in label
    assert "band: where periods lie by chance" in label
    assert ax.get_title(loc="left") == "Criterion c: green"
    assert not ax.texts  # rules stand in the note, not at points


def test_changes_are_lines_and_hollow_months_are_no_points():
    card = counted(months(STEADY * 2), ", changes: [{at: 2025-07-15, reason: Новая АТС}]")
    ax = drawn(card)
    line = next(line for line in ax.lines if len(set(line.get_xdata())) == 1 and line.get_marker() == "None")
    assert line.get_xdata()[0] == pytest.approx(5.5 + 14 / 31)
    label = " ".join(ax.get_xlabel().split())
    assert "dotted line, 15 Jul 2025: Новая АТС" in label
    assert "hollow: no point of the chart (the service was changed)" in label
    hollow = [line for line in ax.lines if line.get_marker() == "o" and to_hex(line.get_markerfacecolor()) == "#ffffff"]
    assert [line.get_xdata()[0] for line in hollow] == [6]
    assert len(ax.collections) == 2  # a band for each phase


@pytest.mark.parametrize("count", [1, 2, 12, 60])
def test_pictures_of_few_and_many_months(count):
    rows = months((STEADY * 5)[:count])
    ax = drawn(
        counted(rows, TARGET), title="Время ожидания ответа сотрудника контактного центра на первой линии поддержки"
    )
    assert len(ax.get_title(loc="left").splitlines()) > 1
    assert len(marks(ax, "o")) + len(marks(ax, "s")) == count
    low, high = ax.get_ylim()
    assert low < 70 < high


def test_a_segment_is_named_and_few_are_hollow():
    card = counted(months(STEADY, rated=20, team="north") + months(STEADY, team="south"), by=["team"])
    ax = drawn(card, where={"team": "north"})
    assert ax.get_title(loc="left") == "Criterion c · north: green"
    assert "hollow: no point of the chart (under 30 rated)" in " ".join(ax.get_xlabel().split())
    assert "(trial limits)" in drawn(counted(months(STEADY[:5]))).get_xlabel().replace("\n", " ")


def test_nothing_rated_says_so():
    frame = pd.DataFrame({"at": ["2026-01-01", "2026-01-31"], "x": [None, None]})
    card = score(
        frame, "c: {measure: {value: x}, green: '<= 1'}", "{time: at, fields: {at: {time: at}, x: {number: x}}}"
    )
    assert [text.get_text() for text in drawn(card).texts] == ["no data"]
    assert "There is no limit from 0 whole and mature periods of at least 30 rated." in str(
        svclight.control_limits(card)
    )


def test_errors_of_the_picture():
    card = counted(months(STEADY, team="north"), by=["team"])
    with pytest.raises(
        svclight.SvclightError,
        match='no interaction has this team; found "nort"; expected "north"; did you mean "north"',
    ):
        report.plot_control(card, "p", "c", where={"team": "nort"})
    with pytest.raises(svclight.SvclightError, match="has no such criterion"):
        report.plot_control(card, "p", "x")
    ax = report.plot_control(card, "p", "c")
    assert ax.figure.get_size_inches()[0] == pytest.approx(5.5)
