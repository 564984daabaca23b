"""Calibration: agreement, limits that answers propose, heaps under a limit, who answers, and the words for it."""

import numpy as np
import pandas as pd
import pytest
from hypothesis import given
from hypothesis import strategies as st
from scipy import stats as scipy_stats
from statsmodels.stats.inter_rater import cohens_kappa
from support.russian import check_russian

import svclight
from svclight.plots.calibration import plot_calibration
from svclight.statistics import agreement, heaping, limit_search

pytestmark = pytest.mark.once

TABLE = [[120, 20, 5], [25, 40, 10], [5, 15, 30]]


# --- formulas


@pytest.mark.parametrize(("weights", "expected"), [("none", 0.5009), ("linear", 0.5759), ("quadratic", 0.6520)])
def test_weighted_kappa_of_the_worked_example(weights, expected):
    assert agreement.weighted_kappa(TABLE, weights)[0] == pytest.approx(expected, abs=5e-5)


def test_kappa_by_hand():
    # observed (120 + 40 + 30) / 270; by chance (145 * 150 + 75 * 75 + 50 * 45) / 270^2
    observed, chance = 190 / 270, (145 * 150 + 75 * 75 + 50 * 45) / 270**2
    assert agreement.weighted_kappa(TABLE, "none")[0] == pytest.approx((observed - chance) / (1 - chance))


def test_kappa_of_a_published_table():
    # the two clinicians of Cohen (1968), also the example of the R package psych: 0.49 without weights
    # observed 0.44 + 0.20 + 0.06 = 0.70; by chance 0.6 * 0.5 + 0.3 * 0.3 + 0.1 * 0.2 = 0.41; 0.29 / 0.59 = 0.4915
    shares = np.array([[0.44, 0.07, 0.09], [0.05, 0.20, 0.05], [0.01, 0.03, 0.06]])
    assert agreement.weighted_kappa(200 * shares, "none")[0] == pytest.approx(0.4915, abs=5e-5)


def test_tau_b_of_the_worked_example_and_of_scipy():
    assert float(agreement.tau_b(TABLE)) == pytest.approx(0.6058, abs=5e-5)
    rows, columns = np.indices((3, 3)).reshape(2, 9).repeat(np.ravel(TABLE), axis=1)
    assert float(agreement.tau_b(TABLE)) == pytest.approx(scipy_stats.kendalltau(rows, columns).statistic)


@given(st.lists(st.integers(0, 30), min_size=9, max_size=9))
def test_tau_b_is_that_of_scipy_for_any_table(cells):
    table = np.reshape(cells, (3, 3))
    rows, columns = np.indices((3, 3)).reshape(2, 9).repeat(table.ravel(), axis=1)
    expected = scipy_stats.kendalltau(rows, columns).statistic if len(rows) > 1 else np.nan
    assert float(agreement.tau_b(table)) == pytest.approx(expected, nan_ok=True)


def test_one_zone_alone_agrees_with_nothing():
    for table in ([[5, 3, 2], [0, 0, 0], [0, 0, 0]], np.zeros((3, 3))):
        assert np.isnan(agreement.weighted_kappa(table, "linear")).all()
        assert np.isnan(agreement.tau_b(table))


def test_rates_that_are_alike():
    # 20 of 100 and 40 of 100: chi-squared 100 * 2 * (20 * 60 - 40 * 80)^2 / (60 * 140 * 100 * 100) = 9.5238
    assert agreement.equal_shares_p_value([20, 40], [100, 100]) == pytest.approx(
        scipy_stats.chi2.sf(9.5238, 1), rel=1e-4
    )
    assert np.isnan(agreement.equal_shares_p_value([0, 0], [10, 20]))
    assert np.isnan(agreement.equal_shares_p_value([3, 0], [10, 0]))
    assert agreement.percentile_interval([np.nan]) == pytest.approx((np.nan, np.nan), nan_ok=True)


# --- limits


def answered(seed=1, n=150, steps=12):
    rng = np.random.default_rng(seed)
    values = rng.integers(1, steps + 1, n).astype(float)
    scores = np.clip(np.rint(5 - 0.35 * np.maximum(values - 4, 0) + rng.normal(0, 0.7, n)), 1, 5)
    zones = np.where(scores >= 4, 0, np.where(scores >= 3, 1, 2))
    return values, scores, zones


@pytest.mark.parametrize("seed", range(4))
def test_proposals_are_those_of_trying_every_pair_by_other_means(seed):
    values, scores, zones = answered(seed)
    least = limit_search.LEAST_SHARE * len(values)
    best = {}
    for green in range(1, 13):
        for yellow in range(green + 1, 13):
            # a fall may begin and end anywhere: what lies at the edge is told apart afterwards
            fall = np.clip((values - green) / (yellow - green), 0, 1)
            line = np.polyfit(fall, scores, 1)
            left = ((np.polyval(line, fall) - scores) ** 2).sum() if line[0] < 0 else np.inf
            best["fall"] = max(best.get("fall", (-np.inf, 0, 0)), (-left, green, yellow))
            mine = np.where(values <= green, 0, np.where(values <= yellow, 1, 2))
            if min((mine == zone).sum() for zone in range(3)) < least:
                continue
            table = np.zeros((3, 3))
            np.add.at(table, (mine, zones), 1)
            kappa = cohens_kappa(table, wt="linear", return_results=False)
            within = sum(((scores[mine == zone] - scores[mine == zone].mean()) ** 2).sum() for zone in range(3))
            for method, worth in (("agreement", kappa), ("tree", -within)):
                best[method] = max(best.get(method, (-np.inf, 0, 0)), (worth, green, yellow))
    found = limit_search.proposed_limits(limit_search.Answers.of(values, scores, zones))
    for method, (worth, green, yellow) in best.items():
        assert found[method][0].tolist() == [green, yellow], (method, worth)


def waited(seed, n, start, end, noise):
    """Waits and answers of customers whose satisfaction falls from one wait to another, and what that gives."""
    rng = np.random.default_rng(seed)
    waits = np.rint(rng.lognormal(3.4, 0.8, n))
    fallen = np.clip((waits - start) / (end - start), 0, 1)
    scores = np.clip(np.rint(4.4 - 2.4 * fallen + rng.normal(0, noise, n)), 1, 5)
    return limit_search.Answers.of(waits, scores, np.where(scores >= 4, 0, np.where(scores >= 3, 1, 2)))


@pytest.mark.parametrize(
    ("start", "end", "noise", "n"),
    [(45, 80, 0.7, 800), (45, 300, 0.7, 1000), (60, 240, 0.7, 1000), (3, 60, 0.7, 1000), (45, 105, 1.2, 600)],
)
def test_intervals_of_a_fall_cover_it_in_nine_of_ten_simulations(start, end, noise, n):
    """Of 30: also where satisfaction does not level off within what was seen, and where it falls from the first second."""
    covered = np.zeros((30, 2))
    for run in range(30):
        answers = waited(run, n, start, end, noise)
        drawn = limit_search.bootstrap_limits(answers, 60, np.random.default_rng(run))["fall"]
        opened = limit_search.open_at_edges(answers, drawn)
        for at, true in enumerate((start, end)):
            low, high = limit_search.limit_interval(answers, opened[:, at])
            covered[run, at] = low <= true <= high
    assert (covered.mean(axis=0) >= 0.9).all(), covered.mean(axis=0)


def test_what_lies_at_the_edge_is_no_estimate():
    answers = waited(1, 1000, 45, 300, 0.7)
    first, last = answers.edges()
    below, inside, above = first, (first + last) / 2, last + 1
    assert limit_search.open_at_edges(answers, np.array([below, inside, above])).tolist() == [-np.inf, inside, np.inf]
    assert limit_search.limit_interval(answers, np.full(9, np.inf)) == (last, np.inf)
    assert limit_search.limit_interval(answers, np.full(9, -np.inf)) == (-np.inf, first)
    assert np.isnan(limit_search.limit_interval(answers, np.full(9, np.nan))).all()
    # a class farther on both sides: the limit may lie inside of a class
    tops = answers.tops
    assert limit_search.limit_interval(answers, np.full(9, tops[20])) == (tops[19], tops[21])


def test_kappa_of_a_proposal_is_that_of_statsmodels():
    values, scores, zones = answered()
    answers = limit_search.Answers.of(values, scores, zones)
    mine = np.where(values <= 5, 0, np.where(values <= 8, 1, 2))
    table = np.zeros((3, 3))
    np.add.at(table, (mine, zones), 1)
    found = limit_search.limit_kappas(answers, answers.counts[np.newaxis], np.array([4]), np.array([7]))
    assert found[0, 0] == pytest.approx(cohens_kappa(table, wt="linear", return_results=False))


def test_many_values_are_put_into_classes():
    rng = np.random.default_rng(0)
    values, scores = rng.random(5000), rng.random(5000)
    answers = limit_search.Answers.of(values, scores, np.where(scores > 0.5, 0, 2))
    assert answers.counts.sum() == 5000
    assert len(answers.tops) == limit_search.MOST_CUTS
    assert not answers.has_yellow
    assert answers.tops[-1] == values.max()


def test_values_that_do_not_differ_propose_nothing():
    answers = limit_search.Answers.of(np.ones(50), np.arange(50.0), np.zeros(50, dtype=np.int64))
    assert all(np.isnan(limits).all() for limits in limit_search.proposed_limits(answers).values())


# --- heaps


def alarms(draw, limit, runs=60, **options):
    return sum(heaping.heap_under(draw(), limit, **options).is_one for _ in range(runs))


def test_smooth_values_raise_hardly_any_alarm():
    rng = np.random.default_rng(11)
    half = lambda values, step: np.where(rng.random(len(values)) < 0.5, np.maximum(np.rint(values / step), 1) * step, np.rint(values))  # fmt: skip # noqa: E731
    draws = {
        "whole seconds": (lambda: np.rint(rng.lognormal(3.4, 0.8, 5000)), 30),
        "a falling spread": (lambda: np.rint(rng.exponential(40, 5000)), 60),
        "not rounded": (lambda: rng.gamma(2, 20, 5000), 30),
        "half of them in fives": (lambda: half(rng.lognormal(3.4, 0.8, 5000), 5), 30),
        "half of them in tens": (lambda: half(rng.lognormal(3.4, 0.8, 5000), 10), 60),
    }
    found = {name: alarms(draw, limit) for name, (draw, limit) in draws.items()}
    assert sum(found.values()) <= 0.02 * 60 * len(found), found  # the level is 1 %


def test_a_limit_that_is_played_to_is_found():
    rng = np.random.default_rng(12)

    def played():
        values = np.rint(rng.lognormal(3.4, 0.8, 10_000))
        over = (values > 30) & (values <= 36) & (rng.random(10_000) < 0.3)
        return np.where(over, 30 - rng.integers(0, 2, 10_000), values)

    assert alarms(played, 30, runs=30) >= 24


def test_what_cannot_be_tested_says_why():
    rng = np.random.default_rng(13)
    scale = rng.integers(1, 6, 1000).astype(float)
    assert heaping.heap_under(scale, 3, times=False).why_not == "there are too few different values around the limit"
    few = rng.integers(1, 60, 60).astype(float)
    assert heaping.heap_under(few, 30).why_not == "there are fewer than 100 values around the limit"
    gap = np.concatenate([rng.integers(20, 29, 500), rng.integers(33, 40, 500)]).astype(float)
    heap = heaping.heap_under(gap, 30)
    assert not heap.is_one


def test_an_open_limit_has_its_own_class_below():
    values = np.repeat(np.arange(10.0, 51.0), 20)
    assert heaping.heap_under(np.append(values, np.full(500, 30.0)), 30).is_one
    assert not heaping.heap_under(np.append(values, np.full(500, 30.0)), 30, closed=False).is_one
    assert heaping.heap_under(np.append(values, np.full(500, 29.0)), 30, closed=False).is_one


# --- the whole

DEFINITION = """
svclight: 1
time_zone: UTC
processes:
  hotline:
    title: Hotline
    log:
      id: id
      time: at
      segments: [team]
      fields: {at: {time: at}, w: {number: w, unit: s}, sat: {number: sat}, asked: {flag: asked}, team: {text: team}, solved: {flag: solved}}
      join: {survey: {on: {id: id}, fields: {score: {number: score}}}}
    criteria:
      wait: {title: Waiting, measure: {value: w}, green: "<= 30 s", yellow: "<= 1 min"}
      speed: {title: Speed, measure: {value: w}, green: ">= 30 s", yellow: ">= 10 s"}
      talk: {title: Talk, measure: {value: w}, green: "20 s .. 40 s", yellow: "10 s .. 60 s"}
      done: {title: Done, measure: {flag: solved}, green: true}
EXTRA"""
RATED = '      csat: {measure: {value: sat}, asked: {asked: true}, scale: [1, 5], green: ">= 4", yellow: ">= 3"}\n'


def calls(n=6000, seed=3, turn=45, *, played=False):
    rng = np.random.default_rng(seed)
    waits = np.rint(rng.lognormal(3.4, 0.8, n))
    if played:
        over = (waits > 30) & (waits <= 40) & (rng.random(n) < 0.5)
        waits = np.where(over, 30, waits)
    score = np.clip(np.rint(4.4 - 2.4 * np.clip((waits - turn) / 60, 0, 1) + rng.normal(0, 0.7, n)), 1, 5)
    answers = rng.random(n) < np.where(waits > 60, 0.6, 0.3)
    return pd.DataFrame(
        {
            "id": range(n),
            "at": pd.date_range("2026-01-01", periods=n, freq="7min"),
            "w": waits,
            "sat": np.where(answers, score, np.nan),
            "asked": True,
            "team": np.where(np.arange(n) % 2, "a", "b"),
            "solved": rng.random(n) < 0.8,
        }
    )


def calibrated(frame, criterion="hotline.wait", extra=RATED, satisfaction="sat", **options):
    survey = frame[["id", "sat"]].dropna().rename(columns={"sat": "score"})
    definitions = svclight.loads(DEFINITION.replace("EXTRA", extra))
    options = {"resamples": 100} | options
    logs = {"hotline": frame, "survey": survey}
    found = svclight.calibrate(logs, definitions, criterion, satisfaction=satisfaction, **options)
    russian = svclight.calibrate(
        logs, definitions, criterion, satisfaction=satisfaction, **{**options, "resamples": 5}, lang="ru"
    )
    for text in (*russian.sentences, *russian.notes):
        check_russian(text, "points", "sat", "csat")
    return found


@pytest.fixture(scope="module")
def found():
    return calibrated(calls())


def test_zones_and_answers_are_counted_against_each_other(found):
    frame = calls().dropna(subset="sat")
    zones = [np.select([frame[name] >= good if name == "sat" else frame[name] <= good, frame[name] >= fair if name == "sat" else frame[name] <= fair], [0, 1], 2) for name, good, fair in (("w", 30, 60), ("sat", 4, 3))]  # fmt: skip
    expected = pd.crosstab(*zones).to_numpy()
    assert found.matrix[["green", "yellow", "red"]].to_numpy().tolist() == expected.tolist()
    assert found.agreement["coefficient"].tolist() == ["kappa, none", "kappa, linear", "kappa, quadratic", "tau-b"]
    for row in found.agreement.itertuples():
        assert row.low < row.value < row.high


def test_the_turn_that_was_built_in_is_found(found):
    turn = found.proposals.query("method == 'fall' and zone == 'green'").iloc[0]
    assert turn["low"] <= 52
    assert turn["high"] >= 45
    assert turn["verdict"] == "later"
    assert found.sentences[1].startswith("Customers turn at ")
    assert found.sentences[1].endswith("your green ends at 30 s: you may be paying for seconds that nobody feels.")
    assert "red counts interactions that have not yet lost the customer" in found.sentences[2]
    assert found.follows


def test_it_says_who_answers(found):
    frame = calls()
    assert found.responses["interactions"].tolist()[-1] == len(frame)
    assert found.responses["answered"].tolist()[-1] == frame["sat"].notna().sum()
    assert "who answers depends on the zone (green 3" in found.notes[2]
    assert found.notes[0] == "zones of the answers: those of the criterion csat"
    half = calls().assign(asked=lambda f: f["sat"].notna() | (f.index % 2 == 0))
    assert "rated interactions that were asked have an answer" in calibrated(half).notes[1]
    few = calls(2000).assign(sat=lambda f: f["sat"].where(f.index % 10 == 0))
    assert any("few answer (by zone: " in note or "depends on the zone" in note for note in calibrated(few).notes)


def test_satisfaction_by_value_goes_over_no_limit(found):
    table = found.by_value
    assert table["answers"].sum() == calls()["sat"].notna().sum()
    assert {30.0, 60.0} <= set(table["high"])
    first = table.iloc[0]
    frame = calls().dropna(subset="sat").query("w <= @first.high")
    assert first["green_share"] == pytest.approx((frame["sat"] >= 4).mean())
    assert first["answer"] == pytest.approx(frame["sat"].mean())


def test_the_same_seed_gives_the_same_intervals(found):
    pd.testing.assert_frame_equal(calibrated(calls()).proposals, found.proposals)
    other = calibrated(calls(), seed=5).proposals
    pd.testing.assert_series_equal(other["limit"], found.proposals["limit"])
    assert not other[["low", "high"]].equals(found.proposals[["low", "high"]])


def test_customers_that_turn_earlier():
    said = calibrated(calls(turn=5)).sentences
    assert "your green ends at 30 s: green counts interactions that customers no longer call good." in said[1]


def test_satisfaction_that_does_not_level_off_has_an_open_interval():
    frame = calls()
    rng = np.random.default_rng(6)
    fallen = np.clip((frame["w"] - 45) / 400, 0, 1)
    frame["sat"] = np.clip(np.rint(4.4 - 2.4 * fallen + rng.normal(0, 0.5, len(frame))), 1, 5)
    found = calibrated(frame)
    row = found.proposals.query("method == 'fall' and zone == 'yellow'").iloc[0]
    assert np.isnan(row["limit"])
    assert (row["beyond"], row["high"]) == ("above", np.inf)
    assert row["low"] <= row["edge"] < 445
    said = found.sentences[2]
    assert said.startswith("Their satisfaction has fallen to the end later than 1 min ")
    assert ", the longest time that enough customers answered (95 %: " in said
    assert " or later), your yellow ends at 1 min: " in said
    assert "inf" not in str(found)
    plot_calibration(found).figure.canvas.draw()


def test_an_agreement_that_may_be_none_has_no_word():
    rng = np.random.default_rng(8)
    frame = calls(600).assign(sat=lambda f: rng.integers(1, 6, len(f)).astype(float))
    said = calibrated(frame).sentences[0]
    assert said.startswith(
        "Whether the zones agree with what 600 customers answered more than by chance cannot be told: linear kappa "
    )
    assert "slightly" not in said


def test_limits_that_the_answers_bear_out():
    frame = calls()
    limit = found_limit(frame)
    extra = f'      other: {{measure: {{value: w}}, green: "<= {limit} s"}}\n{RATED}'
    assert calibrated(frame, "hotline.other", extra).sentences[1].endswith(f"your green ends at {limit} s: the answers bear it out.")  # fmt: skip
    assert calibrated(frame, "hotline.other", extra).sentences[2].endswith("; there is no limit of yellow to hold against it.")  # fmt: skip


def found_limit(frame):
    return calibrated(frame).proposals["limit"][0]


def test_a_joined_field_and_limits_of_its_own(found):
    joined = calibrated(calls(), satisfaction="survey.score", green=">= 4", yellow=">= 3")
    assert joined.matrix.equals(found.matrix)
    assert joined.notes[0] == "zones of the answers: given: green ≥ 4, yellow ≥ 3"
    thirds = calibrated(calls(), satisfaction="survey.score")
    # from 1 to 5: a third is 4 / 3
    assert thirds.notes[0] == "zones of the answers: thirds of the range of the answers: green ≥ 3.666667, yellow ≥ 2.333333"  # fmt: skip
    assert thirds.matrix.equals(found.matrix)
    less = calibrated(calls().assign(sat=lambda f: 6 - f["sat"]), satisfaction="survey.score", green="<= 2", yellow="<= 3")  # fmt: skip
    assert less.matrix.equals(found.matrix)
    pd.testing.assert_frame_equal(less.proposals, found.proposals)


def test_one_segment():
    frame = calls()
    part = calibrated(frame, where={"team": "a"})
    alone = calibrated(frame[frame["team"] == "a"])
    assert part.matrix.equals(alone.matrix)


def test_higher_is_better():
    frame = calls().assign(w=lambda f: 200 - f["w"].clip(upper=190))
    result = calibrated(frame, "hotline.speed")
    assert result.direction == "higher is better"
    fall = result.proposals.query("method == 'fall'")
    assert fall["limit"].iloc[0] > fall["limit"].iloc[1]
    assert fall["verdict"].iloc[0] == "earlier"
    assert "your green begins at 30 s" in result.sentences[1]
    plot_calibration(result).figure.canvas.draw()


def test_a_band_and_a_flag_propose_no_limits():
    band = calibrated(calls(), "hotline.talk")
    assert not len(band.proposals)
    assert "no limits are proposed: a band has limits on two sides" in band.notes
    plot_calibration(band).figure.canvas.draw()
    flag = calibrated(calls(), "hotline.done")
    assert "no limits are proposed: its values are no numbers with limits" in flag.notes
    assert not len(flag.by_value)
    with pytest.raises(
        svclight.SvclightError, match="hotline.done has no values with limits to draw satisfaction over"
    ):
        plot_calibration(flag)


def test_few_answers_propose_no_limits():
    result = calibrated(calls(120))
    assert "no limits are proposed: fewer than 100 interactions have a value and an answer" in result.notes


def test_answers_that_have_nothing_to_do_with_it():
    rng = np.random.default_rng(8)
    frame = calls().assign(sat=lambda f: rng.integers(1, 6, len(f)).astype(float))
    result = calibrated(frame)
    assert result.sentences[1] == (
        "The answers do not follow this value, as far as the data can show: no limit can be read from them."
    )
    assert len(result.sentences) == 2


def test_one_zone_cannot_be_held_against_answers():
    result = calibrated(calls(300).assign(w=5))
    assert "cannot be held against each other: one of them knows a single zone" in result.sentences[0]


def test_values_that_heap_are_warned_of():
    said = [one for one in calibrated(calls(played=True)).sentences if one.startswith("Warning")]
    assert len(said) == 1
    assert said[0].startswith("Warning: values heap just inside the limit of green at 30 s: ")
    assert said[0].endswith("The limit may be played to.")


def test_limits_by_segment_are_said():
    extra = RATED + '      mixed: {measure: {value: w}, thresholds: [{where: {team: a}, green: "<= 20 s"}, {green: "<= 30 s"}]}\n'  # fmt: skip
    result = calibrated(calls(), "hotline.mixed", extra)
    assert any(note.startswith("other limits hold for other dates or segments") for note in result.notes)
    assert result.proposals["current"].tolist()[::2] == [30, 30, 30]


def test_weights_count():
    frame = calls(500)
    extra, log = RATED, "time: at\n      weight: n"
    doubled = svclight.loads(DEFINITION.replace("EXTRA", extra).replace("time: at\n", log + "\n", 1))
    survey = frame[["id", "sat"]].dropna().rename(columns={"sat": "score"})
    result = svclight.calibrate({"hotline": frame.assign(n=2), "survey": survey}, doubled, "hotline.wait", satisfaction="sat", resamples=20)  # fmt: skip
    plain = calibrated(frame, resamples=20)
    assert (2 * plain.matrix[["green", "red"]]).equals(result.matrix[["green", "red"]])


def test_its_words_and_tables(found):
    text = str(found)
    assert text.startswith("Waiting (hotline.wait) against sat\nThe zones agree ")
    assert "\nnote: " in text
    assert found._repr_html_().count("<table") == 6  # proposals in short, and five tables in folds


def test_the_picture(found):
    ax = plot_calibration(found)
    ax.figure.canvas.draw()
    texts = [text.get_text() for text in ax.texts]
    assert {"30 s", "1 min", "G green", "Y yellow", "R red", "where satisfaction falls"} <= set(texts)
    assert ax.get_title(loc="left") == "Waiting: satisfied customers by value"
    drawn = ax.containers[0].lines[0].get_xydata()
    assert drawn[:, 0].tolist() == found.by_value["value"].tolist()
    assert drawn[:, 1] == pytest.approx(100 * found.by_value["green_share"])
    with pytest.raises(svclight.SvclightError, match='unknown palette; found "clasic"; .* did you mean "classic"?'):
        plot_calibration(found, palette="clasic")
    _, given = __import__("matplotlib.pyplot").pyplot.subplots()
    assert svclight.report.plot_calibration(found, palette="classic", ax=given) is given


def test_a_picture_of_skewed_values():
    rng = np.random.default_rng(4)
    frame = calls().assign(w=lambda f: np.rint(f["w"] ** 2 / 10 * (1 + rng.random(len(f)))) + 1)
    ax = plot_calibration(calibrated(frame))
    ax.figure.canvas.draw()
    assert ax.get_xscale() == "log"
    assert 2 <= len(ax.get_xticks()) <= 9
    with pytest.raises(svclight.SvclightError, match='hotline.csat measures "sat" itself: calibrate another criterion'):
        calibrated(calls(), "hotline.csat")


@pytest.mark.parametrize(
    ("options", "message"),
    [
        ({"criterion": "hotline.wiat"}, 'unknown criterion; found "hotline.wiat"; .* did you mean "hotline.wait"?'),
        ({"satisfaction": "survey.scor"}, 'unknown field of answers; found "survey.scor"; .* did you mean "survey.score"?'),
        ({"where": {"taem": "a"}}, 'unknown segment; found "taem"; expected one of "team"; did you mean "team"?'),
        ({"satisfaction": "team"}, '"team" is a field of text; expected a field of numbers; or a criterion'),
        ({"green": ">= 4"}, '"sat" has limits already, those of hotline.csat: leave out limits of the answers'),
        ({"satisfaction": "survey.score", "yellow": ">= 3"}, "limits of the answers need green: yellow alone"),
        ({"satisfaction": "survey.score", "green": "4"}, 'the green of the answers is no limit; found "4"'),
        ({"satisfaction": "survey.score", "green": ">= 3", "yellow": ">= 4"}, "limits of the answers: yellow .* is not wider"),
    ],
)  # fmt: skip
def test_calls_that_are_wrong(options, message):
    with pytest.raises(svclight.SvclightError, match=message):
        calibrated(calls(50), **options)


def test_nothing_to_hold_against_each_other():
    with pytest.raises(
        svclight.SvclightError, match="no interaction has both a zone of hotline.wait and an answer in sat"
    ):
        calibrated(calls(50).assign(sat=np.nan))
    with pytest.raises(svclight.SvclightError, match="no interaction has both a zone"):
        calibrated(calls(50).assign(sat=np.nan), satisfaction="survey.score")


def test_customers_at_a_periods_end_have_no_answers():
    text = DEFINITION.replace("id: id\n", "id: id\n      customer: id\n", 1).replace("EXTRA", '      often: {measure: {frequency: {within: 30 d}}, green: ">= 2"}\n')  # fmt: skip
    with pytest.raises(svclight.SvclightError, match="hotline.often counts customers at each period's end"):
        svclight.calibrate({"hotline": calls(50)}, svclight.loads(text), "hotline.often", satisfaction="sat")
