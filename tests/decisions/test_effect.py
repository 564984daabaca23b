"""What came after actions: which periods stand on each side, the interval, verdicts, words; how often they are wrong."""

import numpy as np
import pandas as pd
import pytest
from scipy import stats
from statsmodels.stats.proportion import confint_proportions_2indep

import svclight
from svclight.decisions.effect import verdict_on_promise
from svclight.errors import DefinitionError, SvclightError

pytestmark = pytest.mark.once

HEAD = """
svclight: 1
time_zone: UTC
processes:
  hotline:
    title: Hotline
    log: {time: called, segments: [team], fields: {called: {time: called}, waited: {number: waited, unit: s}}}
    criteria:
      wait:
        title: Waiting
        measure: {value: waited}
        green: "<= 30 s"
        yellow: "<= 60 s"
"""
ACTION = 'actions: [{at: 2026-05-01, what: two more people, owner: Ann, ticket: T-1, expected: {green: "+5 %"}}]'


def definitions(*lines: str) -> svclight.Definitions:
    return svclight.loads(HEAD + "".join(f"        {line}\n" for line in lines))


def tally(green: list[int], *lines: str, rated: int = 1000, first: str = "2026-01", **columns: object):
    months = [str(month) for month in pd.period_range(first, periods=len(green), freq="M")]
    table = pd.DataFrame({"month": months, "process": "hotline", "criterion": "wait", "green": green, "yellow": 0})
    after = str(pd.Period(months[-1]) + 1)
    return svclight.tally(table.assign(red=rated - table["green"], **columns), definitions(*lines), as_of=f"{after}-01")


def only(found) -> dict[str, object]:
    (row,) = found.table.to_dict("records")
    return row


def test_both_sides_add_counts_and_their_difference_is_held_against_the_promise():
    row = only(svclight.effect(tally([800, 790, 810, 800, 860, 850, 855], ACTION)))
    # before: 3,200 of 4,000; after: 2,565 of 3,000
    assert (row["rated_before"], row["share_before"], row["before"]) == (4000, 0.8, "2026-01 to 2026-04")
    assert (row["rated_after"], row["share_after"], row["periods_after"]) == (3000, 0.855, 3)
    assert row["difference"] == pytest.approx(0.055)
    assert row["expected"] == 0.05
    assert row["verdict"] == "as promised"


def test_the_interval_is_newcombes_as_wide_as_the_months_before_vary():
    row = only(svclight.effect(tally([800, 760, 820, 780, 860, 850, 855], ACTION)))
    # sigma_z by hand: deviates of the shares from 0.79, in binomial standard deviations; the mean range by 1.128
    error = np.sqrt(0.79 * 0.21 / 1000)
    ranges = np.abs(np.diff(np.array([0.80, 0.76, 0.82, 0.78]))) / error
    sigma = ranges.mean() / 1.128
    assert row["sigma_z"] == pytest.approx(sigma)
    # another library's Newcombe, at the level whose deviate is Student's with 3 degrees of freedom times sigma_z
    wide = sigma * stats.t.ppf(0.975, 3)
    low, high = confint_proportions_2indep(
        2565, 3000, 3160, 4000, compare="diff", method="newcomb", alpha=2 * stats.norm.sf(wide)
    )
    assert (row["low"], row["high"]) == pytest.approx((low, high), abs=1e-9)


@pytest.mark.parametrize(
    ("low", "high", "expected", "verdict"),
    [
        (0.01, 0.06, 0.05, "as promised"),  # holds the promise, and not 0
        (0.06, 0.08, 0.05, "as promised"),  # more than was promised
        (0.01, 0.04, 0.05, "less than promised"),
        (-0.04, 0.04, 0.05, "less than promised"),  # holds 0, and lies short of the promise
        (-0.04, -0.01, 0.05, "less than promised"),  # worse
        (-0.01, 0.06, 0.05, "cannot tell"),  # holds both
        (-0.06, -0.01, -0.05, "as promised"),  # reds that were to fall
        (-0.04, 0.01, -0.05, "less than promised"),
        (-0.06, 0.01, -0.05, "cannot tell"),
        (np.nan, np.nan, 0.05, "cannot tell"),
        (0.01, 0.06, np.nan, "nothing was promised"),
    ],
)
def test_verdicts(low: float, high: float, expected: float, verdict: str):
    assert verdict_on_promise(low, high, expected) == verdict


def test_each_action_ends_the_stretch_of_the_one_before_and_a_change_does_too():
    two = 'actions: [{at: 2026-07-10, what: b, expected: {green: "+1 %"}}, {at: 2026-05-01, what: a, expected: {red: "-5 %"}}]'
    changed = "changes: [{at: 2026-02-01, reason: a new switchboard}]"
    table = svclight.effect(tally([800, 790, 810, 800, 860, 850, 855, 860], two, changed)).table
    assert table[["what", "before", "after"]].values.tolist() == [
        ["a", "2026-02 to 2026-04", "2026-05 to 2026-06"],  # the change begins February; July holds the next action
        ["b", "2026-05 to 2026-06", "2026-08"],
    ]
    assert table[["periods_before", "periods_after"]].values.tolist() == [[3, 2], [2, 1]]
    assert (table["verdict"] == "cannot tell").all()  # under 4 months before


def test_few_young_and_partial_periods_are_on_no_side():
    card = tally([800, 790, 810, 800, 20, 850], ACTION)
    assert only(svclight.effect(card))["after"] == "2026-05 to 2026-06"
    few = svclight.tally(
        pd.DataFrame({"month": ["2026-01", "2026-02", "2026-03", "2026-04", "2026-05"], "process": "hotline",
                      "criterion": "wait", "green": [800, 790, 20, 800, 850], "yellow": 0, "red": [200, 210, 9, 200, 150]}),
        definitions(ACTION), as_of="2026-05-20",
    )  # fmt: skip
    row = only(svclight.effect(few))
    # March has 29 rated, May is not over
    assert (row["periods_before"], row["periods_after"], row["verdict"]) == (3, 0, "cannot tell")


def test_segments_are_added_up():
    months = [f"2026-0{month}" for month in range(1, 7)]
    green = [80, 79, 81, 80, 86, 85]
    table = pd.concat(
        pd.DataFrame({"month": months, "process": "hotline", "criterion": "wait", "team": team, "green": green,
                      "yellow": 0, "red": [100 - one for one in green]}) for team in ("a", "b")
    )  # fmt: skip
    card = svclight.tally(table, definitions(ACTION), by="team", as_of="2026-07-01")
    assert only(svclight.effect(card))["rated_before"] == 800


def test_a_share_that_moved_so_before_is_not_laid_to_the_action():
    rising = [700, 712, 720, 733, 741, 752, 760, 772, 820, 830]
    late = ACTION.replace("2026-05", "2026-09")
    row = only(svclight.effect(tally(rising, late)))
    line = stats.linregress(np.arange(8), np.array(rising[:8]) / 1000)
    assert row["trend"] == pytest.approx(line.slope)
    assert (row["low"] > 0, row["verdict"]) == (True, "cannot tell")
    falling = only(svclight.effect(tally([*reversed(rising[:8]), 820, 830], late)))
    assert falling["verdict"] == "as promised"


def test_always_all_green_is_told():
    row = only(svclight.effect(tally([1000, 1000, 1000, 1000, 1000, 1000], ACTION)))
    assert (row["difference"], row["verdict"]) == (0, "less than promised")
    assert row["high"] < 0.01


# How often it is wrong ------------------------------------------------------------------------------------------------


def simulated(seed: int, effect: float, before: int, after: int, spread: float) -> pd.DataFrame:
    """The effects of 100 actions, each with a promise of 5 points and months that vary by themselves."""
    rng = np.random.default_rng(seed)
    months = [str(month) for month in pd.period_range("2024-01", periods=before + after, freq="M")]
    actions = f'actions: [{{at: {months[before]}-01, what: a, expected: {{green: "+5 %"}}}}]'
    names = [f"c{number}" for number in range(100)]
    criteria = [f'{name}: {{measure: {{value: waited}}, green: "<= 30 s", {actions}}}' for name in names]
    level = np.r_[np.full(before, 0.80), np.full(after, 0.80 + effect)]
    level = level + rng.normal(0, spread, (len(names), len(months)))
    green = rng.binomial(1000, np.clip(level, 0, 1)).ravel()
    table = pd.DataFrame({"month": np.tile(months, len(names)), "process": "hotline", "green": green, "yellow": 0})
    table = table.assign(criterion=np.repeat(names, len(months)), red=1000 - table["green"])
    known = svclight.loads(HEAD + "".join(f"      {one}\n" for one in criteria))
    return svclight.effect(svclight.tally(table, known, as_of="2027-01-01")).table


@pytest.mark.parametrize(("before", "after"), [(6, 3), (12, 6)])
def test_what_brings_nothing_is_seldom_called_as_promised(before: int, after: int):
    """Months vary by 1.5 points by themselves: one side of a 95 % interval, 2.5 % of 100, is 2 or 3; at most 7 are seen."""
    verdicts = simulated(14, 0.0, before, after, 0.015)["verdict"].value_counts()
    # 8 or more of 100 at 2.5 % have a chance of 0.5 %
    assert verdicts.get("as promised", 0) <= 7
    kept = simulated(15, 0.05, before, after, 0.015)["verdict"].value_counts()
    assert kept.get("less than promised", 0) <= 7
    assert kept["as promised"] > 50


def test_the_interval_holds_the_truth_where_months_vary():
    found = simulated(16, 0.03, 12, 6, 0.015)
    held = (found["low"] <= 0.03) & (found["high"] >= 0.03)
    assert held.sum() >= 89  # 95 % of 100 are 95; fewer than 89 have a chance of 0.5 %


# Words, refusals ------------------------------------------------------------------------------------------------------


def test_words_in_both_languages():
    card = tally([800, 790, 810, 800, 860, 850, 855], ACTION)
    assert svclight.effect(card).sentences == (
        (
            "Hotline, Waiting. two more people (1 May 2026, Ann, T-1): as promised. Green 80.0 % of 4,000 (4 months: "
            "Jan 2026–Apr 2026) → 85.5 % of 3,000 (3 months: May 2026–Jul 2026): +5.5 points, 95 %: +2.8 to +8.2; "
            "promised +5.0 points."
        ),
    )
    (russian,) = svclight.effect(card, lang="ru").sentences
    assert russian.startswith(
        "Hotline, Waiting. two more people (01.05.2026, Ann, T-1): как обещано. Зелёных 80,0 % из"
    )
    assert russian.endswith("обещано +5,0 п.\N{NO-BREAK SPACE}п.")
    assert "need not have come of it" in str(svclight.effect(card))
    assert "не значит «из-за этого»" in str(svclight.effect(card, lang="ru"))


WORDS = {
    "No month after it": ([800] * 4, ACTION),
    "Known before it: 1 month;": ([800] * 4, ACTION.replace("05-01", "02-01")),
    "The interval holds both": ([760, 840, 770, 850, 850, 840], ACTION),
    "No change can be seen at all": ([800, 790, 810, 800, 805, 795], ACTION),
    "moved that way before it already": ([700, 712, 720, 733, 741, 752, 760, 772, 840], ACTION.replace("05", "09")),
    "nothing was promised. Green 80.0 %": ([800] * 5, "actions: [{at: 2026-05-01, what: music}]"),
}


@pytest.mark.parametrize("said", WORDS)
def test_the_reason_stands_beside_the_verdict(said: str):
    green, line = WORDS[said]
    assert said in svclight.effect(tally(green, line)).sentences[0]
    assert "nan" not in str(svclight.effect(tally(green, line), lang="ru"))


def test_refusals():
    card = tally([800] * 5, ACTION)
    with pytest.raises(SvclightError, match="no criterion names an action: give it `actions`"):
        svclight.effect(tally([800] * 5))
    with pytest.raises(SvclightError, match="unknown criterion"):
        svclight.effect(card, "hotline.wiat")
    with pytest.raises(SvclightError, match="unknown language"):
        svclight.effect(card, lang="de")
    assert len(svclight.effect(card, "hotline.wait").table) == 1


@pytest.mark.parametrize(
    ("line", "said"),
    [
        ("actions: [{at: 2026-05-01}]", 'the key "what" is missing'),
        ("actions: [{what: a}]", 'the key "at" is missing'),
        ("actions: [{at: may, what: a}]", "this is no date"),
        ("actions: [{at: 2026-05-01, what: a, expected: {}}]", "nothing is expected"),
        ("actions: [{at: 2026-05-01, what: a, expected: {green: 5}}]", 'did you mean "5 %"?'),
        ('actions: [{at: 2026-05-01, what: a, expected: {green: "+5"}}]', "this is no change of a share"),
        ('actions: [{at: 2026-05-01, what: a, expected: {green: "-5 %"}}]', "this would be a change for the worse"),
        ('actions: [{at: 2026-05-01, what: a, expected: {red: "+5 %"}}]', "this would be a change for the worse"),
        ('actions: [{at: 2026-05-01, what: a, expected: {red: "0 %"}}]', "no share changes so"),
        ('actions: [{at: 2026-05-01, what: a, expected: {net: "5 %"}}]', 'unknown key "net"'),
    ],
)
def test_wrong_actions_are_told_with_their_line(line: str, said: str):
    with pytest.raises(DefinitionError) as caught:
        definitions(line)
    assert said in str(caught.value)
    assert {issue.line for issue in caught.value.issues} == {len(HEAD.splitlines()) + 1}


def test_the_service_standard_says_what_was_done():
    from svclight.wording.service_standard import describe_definitions

    said = describe_definitions(definitions(ACTION))
    assert "Done on 1 May 2026 (Ann): two more people; expected: green +5.0 points." in said


def test_the_plot_draws_the_numbers():
    found = svclight.effect(tally([800, 790, 810, 800, 860, 850, 855], ACTION))
    ax = svclight.report.plot_effect(found)
    heights = [line.get_ydata().tolist() for line in ax.get_lines()]
    assert heights[0] == [80.0, 79.0, 81.0, 80.0]
    assert heights[1] == pytest.approx([80.0, 80.0])
    assert heights[3] == pytest.approx([85.5, 85.5])
    assert heights[4] == pytest.approx([85.0, 85.0])  # 80 % and the promise of 5 points
    with pytest.raises(SvclightError, match="there is no row 1"):
        svclight.report.plot_effect(found, 1)
    none = svclight.effect(tally([800] * 4, ACTION.replace("05-01", "04-15")))
    assert svclight.report.plot_effect(none).get_title(loc="left") == "two more people: cannot tell"
