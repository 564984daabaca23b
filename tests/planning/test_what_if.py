"""What would be: values shifted, scaled, capped, other limits; what moves and what stays; the curve; money."""

import dataclasses

import numpy as np
import pandas as pd
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from support.helpers import definition

import svclight

pytestmark = pytest.mark.once

WAIT = """
wait:
  measure: {duration: {from: at, to: answered}}
  green: "<= 30 s"
  yellow: "<= 1 min"
  abandoned: {where: {gone: "yes"}, at: ended, counts: by_elapsed}
  cost: {red: 5, minute: 2}
"""
LOG = "{time: at, segments: [team], fields: {at: {time: at}, answered: {time: answered}, ended: {time: ended}}}"
AS_OF = "2026-02-01"


def log_of(waits, gone=()) -> pd.DataFrame:
    """Calls of January: waits in seconds, None for one without an end; then those who gave up after so long."""
    at = pd.Timestamp("2026-01-10")
    frame = pd.DataFrame(
        [(at, None if wait is None else at + pd.Timedelta(wait, "s"), None, "no") for wait in waits]
        + [(at, None, at + pd.Timedelta(wait, "s"), "yes") for wait in gone],
        columns=["at", "answered", "ended", "gone"],
    )
    return frame.assign(
        at=pd.to_datetime(frame["at"]),
        answered=pd.to_datetime(frame["answered"]),
        ended=pd.to_datetime(frame["ended"]),
        team="a",
    )


def suppose(frame, criteria=WAIT, log=LOG, name="wait", **given):
    return svclight.what_if(frame, definition(criteria, log), name, as_of=AS_OF, periods="2026-01", **given)


def moves(made) -> dict[tuple[str, str], int]:
    return {(before, after): count for before, after, count in made.moved.itertuples(index=False)}


def test_every_wait_10_seconds_shorter():
    made = suppose(log_of([5, 30, 31, 40, 41, 60, 70, 71]), shift="-10 s")
    # 31 and 40 become green, 41 and 60 stay yellow, 70 becomes yellow, 71 stays red
    assert moves(made) == {("yellow", "green"): 2, ("red", "yellow"): 1}
    row = made.table.iloc[-1]
    assert [row[f"{zone}_before"] for zone in ("green", "yellow", "red")] == [2, 4, 2]
    assert [row[f"{zone}_after"] for zone in ("green", "yellow", "red")] == [4, 3, 1]
    assert row["green_change"] == 25  # 4 of 8 instead of 2 of 8
    assert made.minutes == pytest.approx((5 + 7 * 10) / 60)  # the wait of 5 s can lose but 5
    assert (made.cost, made.red_cost) == (pytest.approx(2 * 75 / 60), 5)
    assert made.exact
    assert "green 25.0 % → 50.0 % (+2), red 25.0 % → 12.5 % (−1)" in str(made)


def test_what_is_not_finished_or_given_up_or_missing_stays():
    frame = log_of([20, 40, None, -5], gone=[35, 90])
    made = suppose(frame, shift="-20 s")
    assert moves(made) == {("yellow", "green"): 1}
    assert made.unmoved.to_numpy().tolist() == [
        ["yellow", "abandoned", 1], ["red", "abandoned", 1], ["red", "overdue", 1],
        ["missing", "answered is before at", 1],
    ]  # fmt: skip
    assert (
        "Not moved, as they have no complete measured value: 2 abandoned, 1 overdue, 1 answered is before at."
        in str(made)
    )
    row = made.table.iloc[-1]
    assert (row["rated_before"], row["rated_after"]) == (5, 5)


def test_every_wait_half_as_long():
    made = suppose(log_of([40, 60, 62]), scale="0.5")
    assert moves(made) == {("yellow", "green"): 2, ("red", "yellow"): 1}  # 20, 30 and 31 s
    assert moves(suppose(log_of([40, 60, 62]), scale="50 %")) == moves(made)


COUNTS = 'c: {measure: {value: x}, whole: true, scale: [0, 9], green: "<= 1", yellow: "<= 3"}'


def counts_of(*values) -> pd.DataFrame:
    return pd.DataFrame({"at": ["2026-01-10"] * len(values), "x": values})


def test_transfers_capped_at_one():
    made = suppose(counts_of(0, 1, 2, 3, 4, 9), COUNTS, "{time: at}", "c", cap="1")
    assert moves(made) == {("yellow", "green"): 2, ("red", "green"): 2}
    assert np.isnan(made.minutes)
    assert made.gain_unit == "1"


def test_values_stay_on_their_scale():
    made = suppose(counts_of(0, 9), COUNTS, "{time: at}", "c", shift="+5")
    assert moves(made) == {("green", "red"): 1}
    assert made.table["red_after"].iloc[-1] == 2
    assert moves(suppose(counts_of(0, 9), COUNTS, "{time: at}", "c", scale="0 %")) == {("red", "green"): 1}


def test_other_limits_judge_everything_anew():
    made = suppose(log_of([20, 25, 40, None], gone=[25]), limits={"green": "<= 20 s"})
    assert moves(made) == {("green", "yellow"): 2}  # the one who gave up after 25 s too
    assert not len(made.unmoved)
    assert made.limits == (30, 20)
    assert made.minutes == pytest.approx(5 / 60)  # the answered call of 25 s is now 5 s over
    assert "To keep what is green now, interactions would have to be 0 min shorter in all" in str(made)
    again = svclight.score(
        log_of([20, 25, 40, None], gone=[25]), definition(WAIT.replace("<= 30 s", "<= 20 s"), LOG), as_of=AS_OF
    )
    row = again.shares().iloc[0]
    assert [row[zone] for zone in ("green", "yellow", "red")] == [
        made.table[f"{zone}_after"].iloc[-1] for zone in ("green", "yellow", "red")
    ]


def test_the_curve_is_counted_and_the_gain_is_its_slope():
    made = suppose(log_of(range(1, 101)), shift="0 s")
    curve = made.curve.set_index("at")
    assert curve.loc[30.0, "green"] == 30
    assert curve.loc[30.0, "limit"] == "30 s"
    assert curve.loc[90.0, "green_share"] == 0.9
    assert curve.loc[60.0, "gain"] == pytest.approx(1)  # a hundredth of all in each second
    assert made.curve_after is None
    assert made.moved.empty
    assert "No interaction changes its zone." in str(made)


def test_the_curve_keeps_what_no_limit_moves():
    made = suppose(log_of([10, 40], gone=[5, 90]), shift="-1 s")
    curve = made.curve.set_index("at")
    assert (
        curve.loc[3.0, "green_share"] == 0.25
    )  # who gave up after 5 s is green by what was waited, whatever the limit
    assert curve.loc[90.0, "green_share"] == 0.75


def test_bands_and_higher_is_better():
    band = 'c: {measure: {value: x}, green: "3 .. 7", yellow: "2 .. 10"}'
    made = suppose(counts_of(1, 2, 3, 5, 7, 8, 10, 11), band, "{time: at}", "c", shift="1")
    assert moves(made) == {("green", "yellow"): 1, ("yellow", "green"): 1, ("red", "yellow"): 1, ("yellow", "red"): 1}
    assert made.curve.set_index("at").loc[7, "green"] == 3
    stars = 'c: {measure: {value: x}, green: ">= 4", yellow: ">= 3"}'
    made = suppose(counts_of(1, 2, 3, 4, 5), stars, "{time: at}", "c", shift="1")
    assert moves(made) == {("yellow", "green"): 1, ("red", "yellow"): 1}
    assert made.curve.set_index("at")["green"].to_dict() == {1: 5, 2: 4, 3: 3, 4: 2, 5: 1}


def test_limits_by_segment_and_date_are_kept_when_values_move():
    criteria = 'c: {measure: {value: x}, thresholds: [{where: {team: a}, green: "<= 5"}, {green: "<= 8"}]}'
    frame = counts_of(6, 9).assign(team=["a", "b"])
    made = suppose(frame, criteria, "{time: at, segments: [team]}", "c", shift="-1")
    assert moves(made) == {("red", "green"): 2}
    assert moves(suppose(frame, criteria, "{time: at, segments: [team]}", "c", limits="<= 9")) == {("red", "green"): 2}


def test_units_of_fields():
    criteria = 'c: {measure: {value: x}, green: "<= 2 min", yellow: "<= 5"}'
    log = "{time: at, fields: {at: {time: at}, x: {number: x, unit: min}}}"
    made = suppose(counts_of(2.5, 5.5), criteria, log, "c", shift="-30 s")
    assert moves(made) == {("yellow", "green"): 1, ("red", "yellow"): 1}
    assert made.limits == (120, 120)
    assert made.minutes == pytest.approx(1)


def test_weights_count_as_interactions():
    frame = counts_of(6, 9).assign(n=[3, 4])
    made = suppose(frame, 'c: {measure: {value: x}, green: "<= 5"}', "{time: at, weight: n}", "c", shift="-1")
    assert moves(made) == {("red", "green"): 3}
    assert made.table["rated_before"].iloc[-1] == 7


def test_cases_of_an_event_log():
    frame = pd.DataFrame({
        "case": [1, 1, 2, 2], "step": ["in", "out"] * 2,
        "at": ["2026-01-10 10:00", "2026-01-10 11:30", "2026-01-10 10:00", "2026-01-10 14:00"],
    })  # fmt: skip
    log = "{rows: events, id: case, step: step, time: at, steps: {out: out}}"
    made = suppose(
        frame, 'c: {measure: {duration: {from: start, to: out}}, green: "<= 1 h"}', log, "c", shift="-30 min"
    )
    assert moves(made) == {("red", "green"): 1}
    assert moves(
        suppose(frame, 'c: {measure: {duration: {from: start, to: out}}, green: "<= 1 h"}', log, "c", limits="<= 4 h")
    ) == {("red", "green"): 2}


def test_a_card_alone_is_recounted_from_its_histogram():
    card = svclight.score(log_of([5, 30, 31, 40, 41, 60, 75, 90], gone=[50]), definition(WAIT, LOG), as_of=AS_OF)
    alone = dataclasses.replace(card, way_back=None)
    made = svclight.what_if(alone, "wait", shift="-10 s", periods="2026-01")
    assert not made.exact
    assert "approximately, from the histogram of a card" in str(made)
    assert moves(made) == {("yellow", "green"): 2}
    assert svclight.what_if(alone, "wait", shift="0 s", periods="2026-01").moved.empty
    row = made.table.iloc[-1]
    assert (row["rated_before"], row["green_before"]) == (9, 2)
    other = svclight.what_if(alone, "wait", limits="<= 10 s", periods="2026-01")
    assert moves(other) == {("green", "yellow"): 1}


@settings(max_examples=min(settings.default.max_examples, 25))
@given(st.lists(st.integers(0, 200), min_size=1, max_size=30), st.integers(-60, 60))
def test_a_shift_is_the_same_as_shifting_the_log(waits, step):
    made = suppose(log_of(waits), shift=f"{step} s")
    moved = svclight.score(log_of([max(0, wait + step) for wait in waits]), definition(WAIT, LOG), as_of=AS_OF)
    row = moved.shares().iloc[0]
    assert [int(row[zone]) for zone in ("green", "yellow", "red")] == [
        made.table[f"{zone}_after"].iloc[-1] for zone in ("green", "yellow", "red")
    ]


@pytest.mark.parametrize(
    ("given", "message"),
    [
        ({}, 'suppose exactly one thing; found nothing; expected one of "shift", "scale", "cap", "limits"'),
        ({"shift": "1 s", "cap": "1 s"}, 'suppose exactly one thing; found "shift", "cap"'),
        ({"shift": "10"}, "shift: the value is a time, the limit a number without a unit"),
        ({"shift": "soon"}, "shift: 'soon' is no quantity; found \"soon\"; expected an amount such as"),
        ({"scale": "10 s"}, 'scale is a factor; found "10 s"; expected 0.9, or 90 %'),
        ({"scale": -1}, "scale is a factor"),
        (
            {"limits": {"gren": "<= 1 s"}},
            'unknown zone of limits; found "gren"; expected "green", "yellow"; did you mean "green"',
        ),
    ],
)
def test_wrong_calls(given, message):
    with pytest.raises(svclight.SvclightError, match=message):
        suppose(log_of([1]), **given)


def test_limits_that_do_not_fit_are_refused_as_in_a_definition():
    with pytest.raises(svclight.DefinitionError, match="yellow .* is not wider than green"):
        suppose(log_of([1]), limits={"green": "<= 2 min"})


def test_what_has_no_numbers_cannot_move():
    with pytest.raises(svclight.SvclightError, match=r"p\.c has no numbers to move: its measure is flag"):
        suppose(counts_of(1), "c: {measure: {flag: x}, green: true}", "{time: at}", "c", shift="1")


def test_working_days_move_by_working_days():
    text = """
svclight: 1
time_zone: UTC
calendars: {office: {hours: {mon-fri: "09:00-17:00"}}}
processes:
  p:
    title: P
    log: {time: at, fields: {at: {time: at}, done: {time: done}}}
    criteria:
      c: {measure: {duration: {from: at, to: done, calendar: office}}, green: "<= 1 bd", yellow: "<= 2 bd"}
"""
    frame = pd.DataFrame({"at": ["2026-01-05 09:00"] * 2, "done": ["2026-01-06 13:00", "2026-01-07 13:00"]})
    made = svclight.what_if(frame, svclight.loads(text), "c", shift="-1 bd", as_of=AS_OF, periods="2026-01")
    assert moves(made) == {("yellow", "green"): 1, ("red", "yellow"): 1}
    with pytest.raises(svclight.SvclightError, match='shift: the limits are in "bd", and so must 1 h be'):
        svclight.what_if(frame, svclight.loads(text), "c", shift="1 h", as_of=AS_OF, periods="2026-01")


def test_a_card_without_what_is_needed_says_so():
    criteria = 'c: {measure: {value: x}, thresholds: [{where: {team: a}, green: "<= 5"}, {green: "<= 8"}]}'
    card = svclight.score(
        counts_of(6).assign(team="a"), definition(criteria, "{time: at, segments: [team]}"), as_of=AS_OF
    )
    with pytest.raises(svclight.SvclightError, match="has limits by segment or date; what_if needs the log for them"):
        svclight.what_if(dataclasses.replace(card, way_back=None), "c", shift="1")
    bare = dataclasses.replace(card, way_back=None, values=card.values.iloc[:0])
    with pytest.raises(svclight.SvclightError, match="the card holds no values of it; what_if needs the log"):
        svclight.what_if(bare, "c", shift="1")


def test_no_mature_period_is_said():
    clock = 'c: {measure: {duration: {from: at, to: done}}, green: "<= 30 d"}'
    log = "{time: at, fields: {at: {time: at}, done: {time: done}}}"
    # on 1 February it has been open for 22 days, of the 30 that are green
    card = svclight.score(counts_of(1).assign(done=pd.NaT), definition(clock, log), as_of="2026-02-01")
    with pytest.raises(svclight.SvclightError, match="no period is mature: name one with --period"):
        svclight.what_if(card, "c", shift="1 d")
