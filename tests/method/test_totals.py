"""Totals by worked examples: what each row adds, and what becomes of rows that rules take."""

import pandas as pd
import pytest
from support.helpers import score, total

import svclight
from svclight.definition.names_used import count_fields, differences_of
from svclight.judging.array_view import ArrayView
from svclight.method.totals import counts_of, gaps_by_field, rows_without_counts

LOG = (
    "{rows: totals, time: at, segments: [queue], fields: {at: {time: at}, queue: {text: queue}, kind: {text: kind}, "
    "offered: {number: offered}, in_time: {number: in_time}, late: {number: late}, gone: {number: gone}, "
    "rest: {difference: [offered, in_time, gone]}, both: {sum: [late, gone], empty: 0}}%s}"
)
SPEED = "speed: {measure: {totals: {green: [in_time], yellow: [late], red: [gone]}}%s}"


def card(rows, criteria=SPEED % "", more="", **options):
    """Half-hours of queue `a` in March unless a row says otherwise."""
    usual = {"queue": "a", "kind": "call"}
    filled = [
        {"at": f"2026-03-02 {10 + place // 2}:{place % 2 * 30:02}", **usual, **row} for place, row in enumerate(rows)
    ]
    return score(filled, criteria, LOG % more, **options)


def half_hour(offered, in_time, late, gone, **more):
    return {"offered": offered, "in_time": in_time, "late": late, "gone": gone, **more}


DAY = [half_hour(20, 13, 5, 2), half_hour(10, 9, 1, 0), half_hour(0, 0, 0, 0)]


def test_counts_are_the_sums_of_fields():
    made = card(DAY)
    # 13 + 9 + 0 in time, 5 + 1 late, 2 gone: 30 in all, of which 22 are green
    assert total(made, "speed") == {"green": 22, "yellow": 6, "red": 2}
    assert made.shares()[["rated", "green_share"]].to_numpy().tolist() == [[30, 22 / 30]]
    assert made.provenance.logs[0].rows == 3
    assert made.provenance.logs[0].interactions == 30


def test_several_fields_count_as_one_zone():
    # 5 + 2 and 1 + 0 are red
    made = card(DAY, "c: {measure: {totals: {green: [in_time], red: [late, gone]}}}")
    assert total(made, "c") == {"green": 22, "red": 8}


def test_a_difference_may_be_below_0_in_a_row():
    # a call is offered at 9:29 and answered at 9:31: 5 - 4 - 0 = 1, then 3 - 4 - 0 = -1
    rows = [half_hour(5, 4, 0, 0), half_hour(3, 4, 0, 0)]
    made = card(rows, "c: {measure: {totals: {green: [in_time], yellow: [rest], red: [gone]}}}")
    assert total(made, "c") == {"green": 8}
    shown = made.interactions("p", "c")
    assert shown[["id", "zone", "weight"]].astype(str).to_numpy().tolist() == [
        ["0", "green", "4"], ["0", "yellow", "1"], ["1", "green", "4"], ["1", "yellow", "-1"],
    ]  # fmt: skip


def test_a_row_that_does_not_apply_adds_the_sum_of_its_fields():
    rows = [*DAY, half_hour(9, 4, 3, 2, kind="mail")]
    made = card(rows, SPEED % ", applies: {kind: call}")
    # 4 + 3 + 2 = 9
    assert total(made, "speed") == {"green": 22, "yellow": 6, "red": 2, "not_applicable": 9}
    assert made.reasons[["zone", "reason", "count"]].to_numpy().tolist() == [["not_applicable", "does not apply", 9]]


def test_an_excluded_row_adds_the_sum_of_the_fields_of_each_criterion():
    rows = [*DAY, half_hour(9, 4, 3, 2, kind="test")]
    more = ", exclude: [{where: {kind: test}, reason: a test}]"
    made = card(rows, SPEED % "" + "\ngone: {measure: {totals: {green: [in_time], red: [gone]}}}", more)
    # 4 + 3 + 2 of the one, 4 + 2 of the other
    assert total(made, "speed") == {"green": 22, "yellow": 6, "red": 2, "excluded": 9}
    assert total(made, "gone") == {"green": 22, "red": 2, "excluded": 6}
    # over all periods the larger of both totals: 39
    assert made.provenance.logs[0].interactions == 39


def test_a_row_that_has_not_begun_is_excluded_in_its_own_period():
    made = card([*DAY, half_hour(9, 4, 3, 2, at="2026-04-01")], as_of="2026-03-31 12:00")
    counts = made.counts[made.counts["count"] > 0]
    assert counts[["period", "zone", "count"]].astype(str).to_numpy().tolist() == [
        ["2026-03", "green", "22"], ["2026-03", "yellow", "6"], ["2026-03", "red", "2"], ["2026-04", "excluded", "9"],
    ]  # fmt: skip


def test_a_row_without_a_time_is_missing():
    made = card([*DAY, half_hour(9, 4, 3, 2, at=None), half_hour(1, 1, 0, 0, at="soon")])
    assert total(made, "speed") == {"green": 22, "yellow": 6, "red": 2, "missing": 10}
    assert sorted(made.reasons["count"]) == [1, 9]
    assert "at is empty" in made.reasons["reason"].tolist()


def test_what_is_counted_as_missing_is_beside_the_shares():
    made = card(DAY, "c: {measure: {totals: {green: [in_time], red: [late], missing: [gone]}}}")
    assert total(made, "c") == {"green": 22, "red": 6, "missing": 2}
    assert made.reasons[["zone", "reason", "count"]].to_numpy().tolist() == [["missing", "counted in gone", 2]]
    # 22 of 28, not of 30
    assert made.shares()["green_share"].tolist() == [22 / 28]


@pytest.mark.parametrize("cell", [None, "", "n/a", "-1", -1, "2.5", 2.5, 2.0**53, float("inf"), "1e400"])
def test_a_row_with_a_cell_that_is_no_count_gives_nothing(cell):
    made = card([*DAY, half_hour(9, 4, 3, cell)])
    assert total(made, "speed") == {"green": 22, "yellow": 6, "red": 2}
    # a criterion that does not ask for the cell has the row: 22 + 4, 6 + 3
    other = card([*DAY, half_hour(9, 4, 3, cell)], "c: {measure: {totals: {green: [in_time], red: [late]}}}")
    assert total(other, "c") == {"green": 26, "red": 9}


def test_a_period_of_rows_that_give_nothing_has_no_data():
    made = card([*DAY, half_hour(None, None, 3, 1, at="2026-04-02")])
    april = made.shares()[made.shares()["period"] == "2026-04"]
    assert april[["rated", "missing"]].to_numpy().tolist() == [[0, 0]]
    assert april["green_share"].isna().all()


def test_an_empty_cell_stands_for_0_where_the_field_says_so_and_an_unread_one_never_does():
    rows = [half_hour(9, 4, 3, 2), half_hour(9, 4, 3, None), half_hour(9, 4, 3, "?")]
    made = card(rows, "c: {measure: {totals: {green: [in_time], red: [both]}}}")
    # 4 + 4 green; 3 + 2 and 3 + 0 red; the third row gives nothing
    assert total(made, "c") == {"green": 8, "red": 8}


def test_what_a_count_can_be_and_which_rows_lack_one():
    rows = [half_hour(9, 4, 3, 2), half_hour(9, 4, 3, None), half_hour(9, 4, -3, 2), half_hour(9, 4, 2.5, None)]
    made = card(rows)
    (plan,) = made.way_back(svclight.judging.contract.Wanted())
    view = ArrayView(plan.log.rows())
    late, gone = counts_of("late", view), counts_of("gone", view)
    assert late.values.tolist() == [3, 3, 0, 0]
    assert late.empty is None
    assert late.unread.tolist() == [False, False, True, True]
    assert gone.empty.tolist() == [False, True, False, True]
    process = plan.log.process
    assert rows_without_counts(process.criteria["speed"], view).tolist() == [False, True, True, True]
    gaps = gaps_by_field(process.criteria["speed"], view)
    assert gaps["in_time"] is None
    assert gaps["late"].tolist() == [False, False, True, True]
    assert gaps["gone"].tolist() == [False, True, False, True]
    assert count_fields(process) == ("in_time", "late", "gone")
    assert differences_of(process.criteria["speed"], process.log) == ()


def test_an_empty_cell_that_stands_for_0_is_no_gap():
    made = card(
        [half_hour(9, 4, 3, None), half_hour(9, 4, "?", 1)], "c: {measure: {totals: {green: [in_time], red: [both]}}}"
    )
    (plan,) = made.way_back(svclight.judging.contract.Wanted())
    gaps = gaps_by_field(plan.log.process.criteria["c"], ArrayView(plan.log.rows()))
    assert gaps["late"].tolist() == [False, True]
    assert gaps["in_time"] is None
    assert gaps["gone"] is None


def test_each_state_of_a_row_is_an_interaction_with_its_weight():
    made = card([half_hour(20, 13, 5, 0), half_hour(0, 0, 0, 0)], by="queue")
    shown = made.interactions("p", "speed")
    assert shown[["queue", "zone", "weight"]].astype(str).to_numpy().tolist() == [
        ["a", "green", "13"], ["a", "yellow", "5"],
    ]  # fmt: skip
    assert shown["value"].isna().all()
    assert made.interactions("p", "speed", zone="yellow")["weight"].tolist() == [5]
    assert len(made.interactions("p", "speed", zone="red")) == 0
    # two fields of one zone are one row: 5 + 2
    both = card([half_hour(20, 13, 5, 2)], "c: {measure: {totals: {green: [in_time], red: [late, gone]}}}")
    assert both.interactions("p", "c")[["zone", "weight"]].astype(str).to_numpy().tolist() == [
        ["green", "13"],
        ["red", "7"],
    ]


def test_rows_that_are_the_same_count_once_where_the_log_has_an_id():
    rows = [half_hour(20, 13, 5, 2, at="2026-03-02 09:00"), half_hour(20, 13, 5, 2, at="2026-03-02 09:00")]
    assert total(card(rows), "speed") == {"green": 26, "yellow": 10, "red": 4}
    assert total(card(rows, more=", id: [at, queue]"), "speed") == {"green": 13, "yellow": 5, "red": 2, "excluded": 20}
    with pytest.raises(svclight.LogError, match="1 id stands in rows that differ"):
        card([rows[0], {**rows[1], "gone": 3}], more=", id: [at, queue]")


def test_the_period_is_cut_in_the_zone_of_the_document():
    # 23:30 in London is half past midnight in Berlin
    rows = [half_hour(20, 13, 5, 2, at="2026-03-31T22:30+00:00")]
    assert card(rows, zone="Europe/Berlin").counts["period"].unique().tolist() == ["2026-04"]
    assert card(rows, zone="Europe/London").counts["period"].unique().tolist() == ["2026-03"]
    day = card(DAY, period="day")
    assert day.counts["period"].unique().tolist() == ["2026-03-02"]


def test_a_criterion_counts_in_the_month_of_its_own_time():
    log = "{rows: totals, time: at}"
    criterion = "c: {measure: {totals: {green: [in_time], red: [late]}}, time: billed}"
    made = score([{"at": "2026-03-02", "billed": "2026-05-01", "in_time": 3, "late": 1}], criterion, log)
    assert made.counts["period"].unique().tolist() == ["2026-05"]


def test_who_was_asked():
    # the late ones gave no answer, and mail asks nobody
    criterion = "c: {measure: {totals: {green: [in_time], red: [gone], missing: [late]}}, asked: {kind: call}}"
    made = card([*DAY, half_hour(9, 4, 3, 2, kind="mail")], criterion)
    # 13 + 5 + 2 and 9 + 1 + 0 were asked, and 13 + 2 and 9 + 0 of them answered
    assert made.responses[["asked", "answered"]].to_numpy().tolist() == [[30, 24]]


def test_values_of_a_log_with_a_weight_stand_beside_totals():
    criteria = SPEED % "" + "\ntalk: {measure: {value: talked}, green: '<= 3 min'}"
    rows = [
        {"at": "2026-03-02", "k": 20, "t": 170, "in_time": 13, "late": 5, "gone": 2},
        {"at": "2026-03-03", "k": 10, "t": 190, "in_time": 9, "late": 1, "gone": 0},
    ]
    log = "{rows: totals, time: at, weight: k, fields: {at: {time: at}, k: {number: k}, talked: {number: t, unit: s}, in_time: {number: in_time}, late: {number: late}, gone: {number: gone}}}"
    made = score(rows, criteria, log)
    assert total(made, "talk") == {"green": 20, "red": 10}
    assert total(made, "speed") == {"green": 22, "yellow": 6, "red": 2}


def test_cards_of_two_months_are_added_and_saved(tmp_path):
    march, april = card(DAY), card([half_hour(20, 13, 5, 2, at="2026-04-02")])
    both = march + april
    assert total(both, "speed") == {"green": 35, "yellow": 11, "red": 4}
    both.save(tmp_path / "both.svclight")
    opened = svclight.Scorecard.open(tmp_path / "both.svclight")
    pd.testing.assert_frame_equal(opened.counts, both.counts)
    assert opened.provenance == both.provenance


def test_the_summary_of_totals_is_their_sum_alone():
    # 22 in time, 6 late and 2 gone are rated
    (row,) = card(DAY).summary().to_dict("records")
    assert row["sum"] == 30
    assert pd.isna(pd.Series(row)[["measured", "mean", "median", "p90", "unit"]]).all()


EXPORT = """Interval Start;Queue;Offered;Answered in time;Abandoned;Service Level
2026-03-02 09:00;billing;18;13;1;72.2%
2026-03-02 09:30;billing;10;9;0;90.0%
2026-03-31 09:00;tariff;7;;0;
"""
HALF_HOURS = """
svclight: 1
time_zone: Europe/Berlin
processes:
  hotline:
    title: Hotline
    log:
      rows: totals
      time: Interval Start
      weight: offered
      segments: [Queue]
      read: {delimiter: ";"}
      fields:
        offered: {number: Offered}
        in_time: {number: Answered in time}
        gone: {number: Abandoned}
        level: {number: Service Level, unit: "%", averaged: true}
        late: {difference: [offered, in_time, gone]}
    criteria:
      speed: {measure: {totals: {green: [in_time], yellow: [late], red: [gone]}}, targets: {green: ">= 80 %"}}
      level: {measure: {value: level}, green: ">= 80 %"}
"""


def test_an_export_of_half_hours_as_it_lies_on_disk(tmp_path):
    path = tmp_path / "intervals.csv"
    path.write_text(EXPORT, encoding="utf-8")
    made = svclight.score(path, svclight.loads(HALF_HOURS), as_of="2026-04-01")
    # 13 + 9 in time, 4 + 1 late, 1 gone; the last row does not say how many were in time
    assert total(made, "speed") == {"green": 22, "yellow": 5, "red": 1}
    # a share with its sign: 72.2 % of 18 is below 80 %, 90 % of 10 is not, and 7 have none
    assert total(made, "level") == {"green": 10, "red": 18, "missing": 7}
    assert made.interactions("hotline", "level")["value"].tolist()[:2] == [72.2, 90.0]
