"""Every worked example of the meaning of numbers that one row an interaction can show, with its arithmetic."""

import datetime as dt

import numpy as np
import pandas as pd
import pytest
from support.helpers import definition, reasons, score, states, total, zones_of

import svclight
from svclight.thresholds import STATES
from svclight.values.threads import map_in_order

WAIT = '{measure: {value: x}, green: "<= 30 s", yellow: "<= 1 min"}'
SECONDS = "{time: at, fields: {at: {time: at}, x: {number: x, unit: s}}}"
SPANS = "{time: opened, fields: {opened: {time: opened}, closed: {time: closed}}}"


def test_limits_say_which_side_they_take():
    assert zones_of([30, 30.001, 60, 60.001], WAIT, SECONDS) == ["green", "yellow", "yellow", "red"]
    strict = '{measure: {value: x}, green: "< 30 s", yellow: "< 1 min"}'
    assert zones_of([29.999, 30, 59.999, 60], strict, SECONDS) == ["green", "yellow", "yellow", "red"]
    more = '{measure: {value: x}, green: "> 4", yellow: ">= 3"}'
    assert zones_of([5, 4, 3, 2.999], more) == ["green", "yellow", "yellow", "red"]


def test_values_are_compared_before_any_rounding():
    assert zones_of([30.4], WAIT, SECONDS) == ["yellow"]


def test_band():
    band = '{measure: {value: x}, green: "3 min .. 7 min", yellow: "2 min .. 10 min"}'
    values = [180, 179.9, 120, 119, 600, 601]
    assert zones_of(values, band, SECONDS) == ["green", "yellow", "yellow", "red", "yellow", "red"]


def test_without_yellow_the_rest_is_red():
    assert zones_of([30, 31], '{measure: {value: x}, green: "<= 30 s"}', SECONDS) == ["green", "red"]


def test_limits_are_exact_decimals():
    exact = '{measure: {value: x}, green: "<= 1.1 h"}'
    assert zones_of([3960, 3960.0000001], exact, SECONDS) == ["green", "red"]
    in_minutes = "{time: at, fields: {at: {time: at}, x: {number: x, unit: min}}}"
    assert zones_of(["0.1", "0.1000001"], '{measure: {value: x}, green: "<= 6 s"}', in_minutes) == ["green", "red"]


def test_a_limit_holds_in_the_precision_of_the_values():
    assert zones_of(np.array([0.1, 0.11], dtype=np.float32), '{measure: {value: x}, green: "<= 0.1"}') == [
        "green",
        "red",
    ]


def test_totals_add_counts_and_never_average_percentages():
    # 90 of 100 and 5 of 20 are 95 of 120 = 79.17 %, not (90 % + 25 %) / 2 = 57.5 %
    frame = pd.DataFrame(
        {
            "at": ["2026-01-15"] * 120,
            "x": [10] * 90 + [99] * 10 + [10] * 5 + [99] * 15,
            "kind": ["a"] * 100 + ["b"] * 20,
        }
    )
    card = score(frame, 'c: {measure: {value: x}, green: "<= 30"}', "{time: at, segments: [kind]}", by=["kind"])
    assert card.shares()["green_share"].tolist() == [0.9, 0.25]
    assert card.shares(by=[])["green_share"].tolist() == [pytest.approx(0.7917, abs=5e-5)]


def test_nothing_rated_gives_no_share():
    card = score([{"at": "2026-01-15", "x": None}], 'c: {measure: {value: x}, green: "<= 30"}')
    shares = card.shares()
    assert shares["rated"].tolist() == [0]
    assert shares[["green_share", "red_share_high", "net", "net_low"]].isna().all(axis=None)


def test_what_cannot_be_is_missing_with_its_reason():
    log = "{time: at, missing: ['?'], fields: {at: {time: at}, x: {number: x, unit: s}}}"
    frame = pd.DataFrame({"at": ["2026-01-15"] * 6, "x": ["-1", "abc", "", "?", "inf", "5"]})
    card = score(frame, f"c: {WAIT}", log)
    assert states(card, "c") == ["missing"] * 5 + ["green"]
    assert reasons(card, "c") == [
        "x is below 0",
        'x: "abc" is not a number',
        "x is empty",
        "x is empty",
        'x: "inf" is not a number',
        "",
    ]
    infinite = score(pd.DataFrame({"at": ["2026-01-15"] * 2, "x": [np.inf, np.nan]}), f"c: {WAIT}", log)
    assert reasons(infinite, "c") == ["x is infinite", "x is empty"]


def test_scale_and_whole():
    answer = '{measure: {value: x}, scale: [1, 5], whole: true, green: ">= 4", yellow: ">= 3"}'
    assert zones_of([5, 4.5, 3, 1, 0, 6], answer) == ["green", "missing", "yellow", "red", "missing", "missing"]
    card = score(pd.DataFrame({"at": ["2026-01-15"] * 2, "x": [4.5, 6]}), f"c: {answer}")
    assert reasons(card, "c") == ["not a whole number", "outside the scale 1 to 5"]


def test_nps_is_the_net_of_limits_nine_and_seven():
    # 50 promoters, 30 passives, 20 detractors of 100: net 30, adjusted Wald from 14.05 to 44.20
    frame = pd.DataFrame(
        {"at": ["2026-01-15"] * 100, "x": [9] * 25 + [10] * 25 + [7] * 15 + [8] * 15 + [0] * 10 + [6] * 10}
    )
    row = score(frame, 'c: {measure: {value: x}, scale: [0, 10], green: ">= 9", yellow: ">= 7"}').shares().iloc[0]
    assert (row["net"], round(row["net_low"], 2), round(row["net_high"], 2)) == (30, 14.05, 44.20)


def test_flag():
    values = ["yes", "no", "TRUE", "0", "maybe", None]
    expected = ["green", "red", "green", "red", "missing", "missing"]
    assert zones_of(values, "{measure: {flag: x}, green: true}") == expected
    assert zones_of([True, False], "{measure: {flag: x}, green: false}") == ["red", "green"]


def test_category_in_no_list_is_missing():
    listed = "{measure: {category: x}, green: [a, b], yellow: [c], red: [d]}"
    values = ["a", "b", "c", "d", "e", None]
    assert zones_of(values, listed) == ["green", "green", "yellow", "red", "missing", "missing"]
    card = score(pd.DataFrame({"at": ["2026-01-15"], "x": ["e"]}), f"c: {listed}")
    assert reasons(card, "c") == ['x: "e" is in no list']


def test_per_segment_and_dated_limits():
    criteria = """
c:
  measure: {value: x}
  thresholds:
    - {until: 2026-02-01, green: "<= 10"}
    - {from: 2026-02-01, where: {kind: fast}, green: "<= 1"}
    - {from: 2026-02-01, green: "<= 5"}
"""
    frame = pd.DataFrame(
        {
            "at": ["2026-01-31T23:59:59", "2026-02-01", "2026-02-01", "2026-02-01", "2026-02-02", None],
            "x": [10, 10, 1.5, 1.5, 5, 1],
            "kind": ["slow", "slow", "fast", None, "slow", "slow"],
        }
    )
    card = score(frame, criteria, "{time: at, segments: [kind]}")
    # January keeps its limit; from February on: 10 > 5; 1.5 > 1 for fast; no segment, so 1.5 <= 5; 5 <= 5; no time
    assert states(card, "c") == ["green", "red", "red", "green", "green", "missing"]


def test_open_tickets_are_intervals():
    # Ten tickets against 24 h: six closed in time, one after 30 h, three open for 40, 50 and 5 h at as_of.
    # 6 of 9 rated are in time (66.7 %), one is pending; closed ones alone would say 6 of 7 = 85.7 %.
    as_of = pd.Timestamp("2026-01-20")
    hours = [1, 2, 3, 4, 5, 24, 30]
    opened = [as_of - pd.Timedelta(hours=h) for h in (100,) * 7] + [as_of - pd.Timedelta(hours=h) for h in (40, 50, 5)]
    closed = [start + pd.Timedelta(hours=h) for start, h in zip(opened, hours, strict=False)] + [pd.NaT] * 3
    card = score(
        pd.DataFrame({"opened": opened, "closed": closed}),
        'c: {measure: {duration: {from: opened, to: closed}}, green: "<= 24 h"}',
        SPANS,
        as_of="2026-01-20",
    )
    assert total(card, "c") == {"green": 6, "red": 3, "pending": 1}
    assert card.shares()["green_share"].tolist() == [pytest.approx(6 / 9)]
    assert reasons(card, "c")[7:] == ["overdue", "overdue", "not finished"]


def calls_1000() -> pd.DataFrame:
    """1000 answered, 860 of them within 20 s; 60 abandoned, 20 of them within 20 s, 10 of these within 5 s."""
    waited = [20] * 860 + [21] * 140 + [5] * 10 + [20] * 10 + [21] * 40
    return pd.DataFrame({"at": ["2026-01-15"] * 1060, "x": waited, "outcome": ["answered"] * 1000 + ["gone"] * 60})


@pytest.mark.parametrize(
    ("counts", "green", "rated"),
    [
        ("red", 860, 1060),  # 81.13 %
        ("{excluded_within: 5 s}", 860, 1050),  # 81.90 %
        ("{excluded_within: green}", 860, 1040),  # 82.69 %
        ("by_elapsed", 880, 1060),  # 83.02 %
        ("excluded", 860, 1000),  # 86.00 %
    ],
)
def test_five_forms_of_abandoned(counts, green, rated):
    criterion = (
        f'c: {{measure: {{value: x}}, green: "<= 20 s", abandoned: {{where: {{outcome: gone}}, counts: {counts}}}}}'
    )
    row = score(calls_1000(), criterion, SECONDS).shares().iloc[0]
    assert (row["green"], row["rated"]) == (green, rated)
    as_duration = calls_1000().assign(
        opened=pd.Timestamp("2026-01-15"),
        gave_up=lambda f: (f["opened"] + pd.to_timedelta(f["x"], unit="s")).where(f["outcome"] == "gone"),
        closed=lambda f: (f["opened"] + pd.to_timedelta(f["x"], unit="s")).where(f["outcome"] != "gone"),
    )
    criterion = (
        'c: {measure: {duration: {from: opened, to: closed}}, green: "<= 20 s", '
        f"abandoned: {{where: {{outcome: gone}}, at: gave_up, counts: {counts}}}}}"
    )
    log = "{time: opened, fields: {opened: {time: opened}, closed: {time: closed}, gave_up: {time: gave_up}}}"
    row = score(as_duration, criterion, log, as_of="2026-01-16").shares().iloc[0]
    assert (row["green"], row["rated"]) == (green, rated)


def test_red_and_excluded_hold_without_a_value_and_the_others_need_one():
    frame = pd.DataFrame({"at": ["2026-01-15"], "x": [None], "outcome": ["gone"]})
    for counts, expected in [
        ("red", "red"),
        ("excluded", "excluded"),
        ("by_elapsed", "missing"),
        ("{excluded_within: 5 s}", "missing"),
    ]:
        criterion = (
            f'c: {{measure: {{value: x}}, green: "<= 20 s", abandoned: {{where: {{outcome: gone}}, counts: {counts}}}}}'
        )
        assert states(score(frame, criterion, SECONDS), "c") == [expected], counts


def test_who_gave_up_after_as_of_still_waits():
    frame = pd.DataFrame(
        {"opened": ["2026-01-15T10:00"], "closed": [None], "gave_up": ["2026-01-15T11:00"], "outcome": ["gone"]}
    )
    log = "{time: opened, fields: {opened: {time: opened}, closed: {time: closed}, gave_up: {time: gave_up}}}"
    criterion = (
        'c: {measure: {duration: {from: opened, to: closed}}, green: "<= 20 min", '
        "abandoned: {where: {outcome: gone}, at: gave_up, counts: red}}"
    )
    assert states(score(frame, criterion, log, as_of="2026-01-15T10:10"), "c") == ["pending"]
    assert states(score(frame, criterion, log, as_of="2026-01-15T11:00"), "c") == [
        "red"
    ]  # a time equal to it has happened


def test_order_of_the_rules():
    criterion = (
        'c: {measure: {value: x}, green: "<= 20 s", applies: {kind: call}, '
        "abandoned: {where: {outcome: gone}, counts: red}}"
    )
    log = "{time: at, id: id, fields: {at: {time: at}, x: {number: x, unit: s}}, exclude: [{where: {kind: test}, reason: a test}]}"
    rows = [
        {"id": 1, "at": "2026-01-15", "x": 5, "kind": "test", "outcome": "gone"},  # excluded before all else
        {"id": 2, "at": "2026-01-15", "x": 5, "kind": "mail", "outcome": "gone"},  # not applicable before abandoned
        {"id": 3, "at": "2026-01-15", "x": None, "kind": "call", "outcome": "gone"},  # abandoned before missing
        {"id": 4, "at": "2026-01-15", "x": None, "kind": "call", "outcome": "ok"},
        {"id": 5, "at": "2026-03-01", "x": 5, "kind": "mail", "outcome": "ok"},  # not begun before not applicable
        {"id": 4, "at": "2026-01-15", "x": None, "kind": "call", "outcome": "ok"},  # the same row once more
    ]
    card = score(rows, criterion, log, as_of="2026-02-01")
    assert states(card, "c") == ["excluded", "not_applicable", "red", "missing", "excluded", "excluded"]
    assert reasons(card, "c") == ["a test", "does not apply", "abandoned", "x is empty", "not begun", "repeated"]


def test_a_row_without_a_time_stands_in_an_empty_period():
    criterion = (
        'c: {measure: {value: x}, green: "<= 20", applies: {kind: call}, abandoned: {where: {gone: "1"}, counts: red}}'
    )
    rows = [
        {"at": None, "x": 5, "kind": "call", "gone": "0"},
        {"at": "soon", "x": 5, "kind": "call", "gone": "0"},
        {"at": None, "x": 5, "kind": "mail", "gone": "0"},
        {"at": None, "x": 5, "kind": "call", "gone": "1"},
        {"at": "2026-01-15", "x": 5, "kind": "call", "gone": "0"},
    ]
    card = score(rows, criterion)
    assert states(card, "c") == ["missing", "missing", "not_applicable", "red", "green"]
    assert reasons(card, "c")[:2] == ["at is empty", 'at: "soon" is not a time']
    assert set(card.counts["period"]) == {"", "2026-01"}


def test_no_promise_is_not_applicable_even_without_an_anchor():
    log = "{time: due, fields: {due: {time: due}, done: {time: done}}}"
    rows = [{"due": None, "done": "2026-01-02"}, {"due": "2026-01-03", "done": "2026-01-02"}]
    card = score(rows, 'c: {measure: {delay: {due: due, actual: done}}, green: "<= 0 d"}', log)
    assert states(card, "c") == ["not_applicable", "green"]
    assert reasons(card, "c") == ["no promise", ""]


def test_a_delay_by_date_is_kept_until_the_day_ends():
    log = "{time: due, fields: {due: {time: due}, done: {time: done}}}"
    rows = [{"due": "2026-01-21", "done": "2026-01-21T23:59"}, {"due": "2026-01-21", "done": "2026-01-22"}]
    by = 'c: {{measure: {{delay: {{due: due, actual: done, by: {}}}}}, green: "<= 0 d", yellow: "<= 1 d"}}'
    assert states(score(rows, by.format("date"), log), "c") == ["green", "yellow"]
    assert states(score(rows, by.format("instant"), log), "c") == ["yellow", "yellow"]


def test_an_undelivered_order_is_red_when_nothing_better_is_possible():
    log = "{time: due, begins: ordered, fields: {due: {time: due}, done: {time: done}, ordered: {time: ordered}}}"
    rows = [{"ordered": "2026-01-01", "due": due, "done": None} for due in ("2026-01-05", "2026-01-09", "2026-02-01")]
    rows.append({"ordered": "2026-01-11", "due": "2026-02-01", "done": None})
    criterion = 'c: {measure: {delay: {due: due, actual: done, by: date}}, green: "<= 0 d", yellow: "<= 2 d"}'
    card = score(rows, criterion, log, as_of="2026-01-10")
    # on the 10th: 5 days late is beyond 2; 1 day late may still be 2; not due yet; ordered after the 10th
    assert states(card, "c") == ["red", "pending", "pending", "excluded"]


def test_months_are_cut_in_the_documents_zone():
    rows = [{"at": "2026-01-31T21:30:00Z", "x": 1}]  # 00:30 in Moscow, 22:30 in Berlin
    for zone, month in [("Europe/Moscow", "2026-02"), ("Europe/Berlin", "2026-01")]:
        assert score(rows, 'c: {measure: {value: x}, green: "<= 2"}', zone=zone).counts["period"].unique().tolist() == [
            month
        ]


def test_arithmetic_is_on_instants():
    # Berlin: on 2026-03-29 clocks go from 2 to 3, on 2026-10-25 from 3 back to 2: 01:30 to 03:30 is one hour, then three
    rows = [
        {"opened": "2026-03-29T01:30", "closed": "2026-03-29T03:30"},
        {"opened": "2026-10-25T01:30", "closed": "2026-10-25T03:30"},
    ]
    card = score(
        rows, 'c: {measure: {duration: {from: opened, to: closed}}, green: "<= 1 h"}', SPANS, zone="Europe/Berlin"
    )
    assert card.interactions("p", "c")["value"].tolist() == [3600, 10800]


def test_a_time_that_exists_twice_keeps_its_date_but_gives_no_duration():
    rows = [{"opened": "2026-10-25T01:30", "closed": "2026-10-25T02:30"}]
    criterion = 'c: {measure: {duration: {from: opened, to: closed}}, green: "<= 1 h"}'
    assert reasons(score(rows, criterion, SPANS, zone="Europe/Berlin"), "c") == [
        "closed stands in the night when the clock changes"
    ]
    for change, seconds in [("earlier", 3600), ("later", 7200)]:
        log = SPANS.replace("closed: {time: closed}", f"closed: {{time: closed, clock_change: {change}}}")
        assert score(rows, criterion, log, zone="Europe/Berlin").interactions("p", "c")["value"].tolist() == [seconds]
    by_date = 'c: {measure: {duration: {from: opened, to: closed, by: date}}, green: "<= 0 d"}'
    assert states(score(rows, by_date, SPANS, zone="Europe/Berlin"), "c") == ["green"]


def test_offsets_in_the_data_win_over_the_declared_zone():
    rows = [
        {"opened": "2026-01-15T10:00+03:00", "closed": "2026-01-15T07:30Z"},
        {"opened": "2026-01-15T10:00", "closed": "2026-01-15T10:30"},
    ]
    card = score(
        rows, 'c: {measure: {duration: {from: opened, to: closed}}, green: "<= 30 min"}', SPANS, zone="Asia/Tokyo"
    )
    assert card.interactions("p", "c")["value"].tolist() == [1800, 1800]


def test_end_before_start_is_missing_and_minus_is_taken_off():
    log = "{time: opened, fields: {opened: {time: opened}, closed: {time: closed}, hold: {number: hold, unit: min}}}"
    rows = [
        {"opened": "2026-01-15T10:00", "closed": "2026-01-15T10:30", "hold": 10},
        {"opened": "2026-01-15T10:30", "closed": "2026-01-15T10:00", "hold": 0},
        {"opened": "2026-01-15T10:00", "closed": "2026-01-15T10:30", "hold": None},
        {"opened": "2026-01-15T10:00", "closed": "2026-01-15T10:05", "hold": 10},
    ]
    card = score(rows, 'c: {measure: {duration: {from: opened, to: closed, minus: [hold]}}, green: "<= 20 min"}', log)
    assert states(card, "c") == ["green", "missing", "missing", "missing"]
    assert score(rows[1:2], 'c: {measure: {duration: {from: opened, to: closed}}, green: "<= 20 min"}', SPANS).reasons[
        "reason"
    ].tolist() == ["closed is before opened"]


def test_times_are_exact_to_the_nanosecond():
    start = pd.Timestamp("2026-01-15T10:00")
    closed = pd.Series([start + pd.Timedelta(30, "s"), start + pd.Timedelta(30_000_000_001, "ns")]).astype(
        "datetime64[ns]"
    )
    frame = pd.DataFrame({"opened": [start] * 2, "closed": closed})
    assert states(
        score(frame, 'c: {measure: {duration: {from: opened, to: closed}}, green: "<= 30 s"}', SPANS), "c"
    ) == ["green", "red"]


def test_worst():
    criteria = """
a: {measure: {category: a}, green: [g], yellow: [y], red: [r], applies: {a: {not: n}}}
b: {measure: {category: b}, green: [g], yellow: [y], red: [r], applies: {b: {not: n}}, abandoned: {where: {b: x}, counts: excluded}}
w: {measure: {worst: [a, b]}}
"""
    pairs = ["gg", "gy", "gr", "yr", "g?", "r?", "gn", "nn", "nx", "gx"]
    card = score([{"at": "2026-01-15", "a": pair[0], "b": pair[1]} for pair in pairs], criteria)
    assert states(card, "w") == [
        "green", "yellow", "red", "red", "missing", "red", "green", "not_applicable", "excluded", "green",
    ]  # fmt: skip


def test_worst_is_pending_before_missing():
    criteria = """
t: {measure: {duration: {from: at, to: end}}, green: "<= 1 d"}
v: {measure: {value: x}, green: "<= 5"}
w: {measure: {worst: [t, v]}}
"""
    rows = [{"at": "2026-01-15", "end": None, "x": x} for x in (None, 9)]
    log = "{time: at, fields: {at: {time: at}, end: {time: end}, x: {number: x}}}"
    card = score(rows, criteria, log, as_of="2026-01-15T12:00")
    assert states(card, "w") == ["pending", "red"]
    assert reasons(card, "w") == ["t: not finished", ""]


def test_repeated_ids_keep_one_row():
    log = "{time: at, id: id, repeated_ids: {keep: KEEP, by: seen}}"
    rows = [
        {"id": "a", "at": "2026-01-15", "x": 1, "seen": 1},
        {"id": "a", "at": "2026-01-15", "x": 9, "seen": 2},
        {"id": "a", "at": "2026-01-15", "x": 2, "seen": 2},
        {"id": None, "at": "2026-01-15", "x": 3, "seen": 1},
        {"id": None, "at": "2026-01-15", "x": 3, "seen": 1},
    ]
    criterion = 'c: {measure: {value: x}, green: "<= 5"}'
    last = score(rows, criterion, log.replace("KEEP", "last"))
    assert states(last, "c") == ["excluded", "excluded", "green", "green", "green"]  # a tie goes to the later row
    first = score(rows, criterion, log.replace("KEEP", "first"))
    assert states(first, "c") == ["green", "excluded", "excluded", "green", "green"]


def test_ids_that_differ_are_an_error():
    rows = [{"id": "a", "at": "2026-01-15", "x": 1}, {"id": "a", "at": "2026-01-15", "x": 2}]
    with pytest.raises(
        svclight.LogError, match=r'1 id stands in rows that differ; found a \(0 and 1\).*they differ in "x"'
    ):
        score(rows, 'c: {measure: {value: x}, green: "<= 5"}', "{time: at, id: id}")


def test_a_version_after_as_of_is_not_begun():
    log = "{time: at, id: id, repeated_ids: {keep: last, by: seen}, fields: {at: {time: at}, seen: {time: seen}, x: {number: x}}}"
    rows = [{"id": "a", "at": "2026-01-15", "x": x, "seen": seen} for x, seen in [(1, "2026-01-16"), (9, "2026-01-20")]]
    card = score(rows, 'c: {measure: {value: x}, green: "<= 5"}', log, as_of="2026-01-17")
    assert states(card, "c") == ["green", "excluded"]
    assert reasons(card, "c") == ["", "not begun"]


def test_weights_stand_for_interactions():
    rows = [
        {"at": "2026-01-15", "x": 1, "n": 3},
        {"at": "2026-01-15", "x": 9, "n": 0},
        {"at": "2026-01-15", "x": 9, "n": 2},
    ]
    card = score(rows, 'c: {measure: {value: x}, green: "<= 5"}', "{time: at, weight: n}")
    assert total(card, "c") == {"green": 3, "red": 2}
    assert (card.provenance.logs[0].rows, card.provenance.logs[0].interactions) == (3, 5)


def test_a_weight_that_is_none_rejects_its_row():
    rows = [{"at": "2026-01-15", "x": 1, "n": n} for n in ("1", "-1", "1.5", "many", None)]
    card = score(rows, 'c: {measure: {value: x}, green: "<= 5"}', "{time: at, weight: n}")
    assert total(card, "c") == {"green": 1}
    assert card.rejected["line"].tolist() == [2, 3, 4, 5]
    assert card.rejected["reason"].tolist()[0] == 'the weight "-1" is no whole number of 0 or more'


def test_a_criterions_own_time_places_it_in_another_month():
    log = "{time: at, fields: {at: {time: at}, answered: {time: answered}, x: {number: x}}}"
    rows = [{"at": "2026-01-15", "answered": "2026-02-03", "x": 5}, {"at": "2026-01-16", "answered": None, "x": 5}]
    card = score(
        rows, 'c: {measure: {value: x}, time: answered, green: ">= 4"}\nd: {measure: {value: x}, green: ">= 4"}', log
    )
    green = card.counts[card.counts["count"] > 0]
    assert list(zip(green["criterion"], green["period"], green["zone"], strict=True)) == [
        ("c", "2026-02", "green"), ("c", "", "missing"), ("d", "2026-01", "green"),
    ]  # fmt: skip


@pytest.mark.parametrize(
    ("kind", "label"),
    [("day", "2026-03-01"), ("week", "2026-W09"), ("month", "2026-03"), ("quarter", "2026-Q1"), ("year", "2026")],
)
def test_periods(kind, label):
    card = score([{"at": "2026-03-01T12:00", "x": 1}], 'c: {measure: {value: x}, green: "<= 5"}', period=kind)
    assert card.counts["period"].unique().tolist() == [label]


def test_as_of_is_the_newest_time_but_no_promise():
    log = "{time: due, fields: {due: {time: due}, done: {time: done}}}"
    criterion = 'c: {measure: {delay: {due: due, actual: done}}, green: "<= 0 d"}'
    rows = [
        {"due": "2026-05-01", "done": "2026-01-10"},
        {"due": "2026-01-05", "done": None},
        {"due": "2026-01-20", "done": "2026-01-08"},
    ]
    card = score(rows, criterion, log)
    assert card.provenance.as_of == "2026-01-10T00:00:00+00:00"
    assert not card.provenance.as_of_given
    with pytest.raises(svclight.LogError, match="give as_of"):
        score([{"due": "2026-05-01", "done": None}], criterion, log)


def test_a_newest_time_far_from_the_others_is_told():
    """From 16 January 31 days lead to 16 February; 366 days to 17 January of the next year."""
    definitions = definition('c: {measure: {value: x}, green: "<= 5"}')

    def scored(newest: str) -> svclight.Scorecard:
        frame = pd.DataFrame({"at": ["2026-01-15", "2026-01-16", newest], "x": 1})
        return svclight.score(frame, definitions)

    assert scored("2026-02-16").provenance.notices == ()
    with pytest.warns(
        svclight.SvclightNotice, match=r"2026-02-17.* 32 days after the newest earlier time of another row"
    ):
        scored("2026-02-17")
    with pytest.warns(svclight.SvclightNotice, match="366 days after"):
        scored("2027-01-17")
    said = (
        r"2027-01-18.*367 days after .*: correct it, or give as_of \(--as-of\), the moment at which the log was taken"
    )
    with pytest.raises(svclight.LogError, match=said):
        scored("2027-01-18")
    with pytest.raises(svclight.LogError, match="9999-12-31"):
        scored("9999-12-31")


@pytest.mark.parametrize(
    ("at", "period"),
    [
        ("1979-12-31T23:59:59", ""),
        ("1980-01-01", "1980-01"),
        # 366 days after 15 January 2026, 0:00, is 16 January 2027, 0:00
        ("2027-01-16", "2027-01"),
        ("2027-01-16T00:00:01", ""),
        ("9999-12-31", ""),
        ("0001-01-01", ""),
    ],
)
def test_an_anchor_far_from_a_given_as_of_stands_in_the_empty_period(at, period):
    frame = pd.DataFrame({"at": [at], "x": [1]})
    for given in (frame, frame.assign(at=frame["at"].to_numpy(dtype="datetime64[s]"))):
        card = score(given, 'c: {measure: {value: x}, green: "<= 5"}', as_of="2026-01-15")
        assert card.counts["period"].astype(str).unique().tolist() == [period]
    # other times are times: never is 2999
    frame = pd.DataFrame({"at": ["2026-01-10"], "end": ["2999-01-01"]})
    card = score(frame, 'c: {measure: {duration: {from: at, to: end}}, green: "<= 1 d"}', as_of="2026-01-15")
    assert card.interactions("p", "c")["reason"].tolist() == ["overdue"]


@pytest.mark.parametrize("zone", ["UTC", "Asia/Tokyo", "America/New_York"])
@pytest.mark.parametrize("unit", ["s", "ms", "us", "ns"])
@pytest.mark.parametrize("calendar", ["", ", calendar: office"])
def test_as_of_at_the_ends_of_the_calendar(unit, zone, calendar):
    """Seen from the year 1 all times are slips; from 9999 what is open is red, or beyond the years of calendars."""
    frame = pd.DataFrame({"at": ["2026-01-05T10:00", "2026-03-02T11:00"], "end": ["2026-01-05T12:00", None]})
    frame = frame.apply(pd.to_datetime).astype(f"datetime64[{unit}]")
    head = f"svclight: 1\ntime_zone: {zone}\ncalendars: {{office: {{hours: {{mon-fri: '09:00-18:00'}}}}}}\n"
    definitions = svclight.loads(
        f"{head}processes: {{p: {{title: P, log: {{time: at, calendar: office}}, criteria: {{c: "
        f"{{measure: {{duration: {{from: at, to: end{calendar}}}}}, green: '<= 9 h', targets: {{green: '>= 80 %'}}}}}}}}}}"
    )
    late = "missing" if calendar else "red"
    for as_of, expected in (("0001-01-01", ["missing"] * 2), ("9999-12-31T23:59:59.999999", ["green", late])):
        card = svclight.score(frame, definitions, as_of=as_of)
        assert states(card, "c") == expected
        assert svclight.check(card).exit_code() == 3  # no row in December 9999, and nothing at all before


def test_partial_and_immature():
    days = pd.date_range("2026-01-10", "2026-03-31", freq="D")
    frame = pd.DataFrame({"opened": days, "closed": days + pd.Timedelta("1h"), "ok": True})
    frame.loc[frame.index[-1], "closed"] = None
    criteria = """
t: {measure: {duration: {from: opened, to: closed}}, green: "<= 1 d", yellow: "<= 2 d"}
v: {measure: {flag: ok}, green: true}
w: {measure: {worst: [t, v]}}
"""
    log = "{time: opened, fields: {opened: {time: opened}, closed: {time: closed}, ok: {flag: ok}}}"
    card = score(frame, criteria, log)
    marks = card.periods.set_index(["criterion", "period"])[["partial", "immature"]]
    # January begins on the 10th. as_of is not given and March's last day has an anchor, so March counts as over;
    # but the ticket of the 31st is open, and can stay yellow for two days.
    assert marks.loc[("v", "2026-01")].tolist() == [True, False]
    assert marks.loc[("v", "2026-03")].tolist() == [False, False]
    assert marks.loc[("t", "2026-03")].tolist() == [False, True]
    assert marks.loc[("w", "2026-03")].tolist() == [False, True]
    assert marks.loc[("t", "2026-02")].tolist() == [False, False]
    # after two days it is red, and nothing can turn
    assert score(frame, criteria, log, as_of="2026-04-02").periods["immature"].sum() == 2
    assert not score(frame, criteria, log, as_of="2026-04-02T00:00:01").periods["immature"].any()
    assert "few, partial" in set(card.shares()["flag"])


def test_all_states_of_every_combination_in_order():
    frame = pd.DataFrame({"at": ["2026-01-15", "2026-03-15"], "x": [1, 9], "kind": ["a", None]})
    counts = score(frame, 'c: {measure: {value: x}, green: "<= 5"}', "{time: at, segments: [kind]}", by="kind").counts
    assert list(counts.columns) == ["process", "criterion", "period", "kind", "zone", "count"]
    assert counts["zone"].tolist() == list(STATES) * 2
    assert counts["count"].tolist() == [1, 0, 0, 0, 0, 0, 0] + [0, 0, 1, 0, 0, 0, 0]
    assert counts["kind"].tolist() == ["a"] * 7 + [""] * 7
    assert all(
        isinstance(counts[name].dtype, pd.CategoricalDtype)
        for name in ("process", "criterion", "period", "kind", "zone")
    )


def test_a_frame_may_have_any_index_and_is_not_changed():
    frame = pd.DataFrame(
        {"at": ["2026-01-15"] * 3, "x": [1, 2, 9]}, index=pd.MultiIndex.from_tuples([("a", 1), ("a", 1), ("b", 2)])
    )
    before = frame.copy(deep=True)
    card = score(frame, 'c: {measure: {value: x}, green: "<= 5"}')
    assert total(card, "c") == {"green": 2, "red": 1}
    pd.testing.assert_frame_equal(frame, before)
    assert card.interactions("p", "c")["id"].tolist() == ["a / 1", "a / 1", "b / 2"]


def test_a_later_change_of_the_frame_does_not_change_the_way_back():
    frame = pd.DataFrame({"at": ["2026-01-15"], "x": [1]})
    card = score(frame, 'c: {measure: {value: x}, green: "<= 5"}')
    frame.loc[0, "x"] = 9
    assert states(card, "c") == ["green"]


def test_as_of_forms():
    rows = [{"opened": "2026-01-15T10:00", "closed": None}]
    criterion = 'c: {measure: {duration: {from: opened, to: closed}}, green: "<= 1 d"}'
    for as_of in (
        "2026-01-16",
        dt.date(2026, 1, 16),
        dt.datetime.fromisoformat("2026-01-16T00:00"),
        pd.Timestamp("2026-01-16"),
        "2026-01-15T23:00Z",
    ):
        card = score(rows, criterion, SPANS, zone="Europe/Berlin", as_of=as_of)
        assert card.provenance.as_of == "2026-01-16T00:00:00+01:00"
        assert card.provenance.as_of_given


@pytest.mark.parametrize(
    ("call", "message"),
    [
        (lambda d: svclight.score({}, d), "no log was given"),
        (lambda d: svclight.score(None, d), "no log was given"),
        (lambda d: svclight.score({"q": pd.DataFrame()}, d), r'unknown process "q"; expected one of "p"'),
        (lambda d: svclight.score(5, d), "this is no log; found builtins.int"),
        (lambda d: svclight.score(pd.DataFrame({"at": [], "x": []}), d, period="moon"), 'unknown period; found "moon"'),
        (
            lambda d: svclight.score(pd.DataFrame({"at": [], "x": []}), d, by=["kind"]),
            r'"p" has no segment "kind"; expected a log with',
        ),
        (
            lambda d: svclight.score(pd.DataFrame({"at": [], "x": []}), d, as_of="soon"),
            'as_of is no time; found "soon"',
        ),
        (lambda d: svclight.score(pd.DataFrame({"at": []}), d), r'the log has no column "x".*"at"'),
    ],
)
def test_wrong_calls(call, message):
    with pytest.raises(svclight.SvclightError, match=message):
        call(definition('c: {measure: {value: x}, green: "<= 5"}'))


def test_which_process_and_headings():
    two = svclight.loads(
        "svclight: 1\ntime_zone: UTC\nprocesses:\n  h: {title: H}\n"
        '  a: {title: A, log: {time: at, segments: [k]}, criteria: {c: {measure: {value: x}, green: "<= 5"}}}\n'
        '  b: {title: B, log: {time: at, segments: [k]}, criteria: {c: {measure: {value: x}, green: "<= 5"}}}\n'
    )
    frame = pd.DataFrame({"at": ["2026-01-15"], "x": [1], "k": ["z"]})
    with pytest.raises(svclight.SvclightError, match='which process is this the log of.* "a", "b"'):
        svclight.score(frame, two)
    with pytest.raises(svclight.SvclightError, match='"h" is a heading without a log'):
        svclight.score({"h": frame}, two)
    with pytest.raises(svclight.SvclightError, match='no process has the segment "kk".*did you mean "k"'):
        svclight.score({"a": frame, "b": frame}, two, by=["kk"])
    with pytest.raises(svclight.SvclightError, match="a segment is named twice"):
        svclight.score({"a": frame, "b": frame}, two, by=["k", "k"])
    with pytest.warns(svclight.SvclightNotice, match='"b" is not scored: it was given no log'):
        card = svclight.score({"a": frame}, two)
    assert card.provenance.notices == ('"b" is not scored: it was given no log',)


def test_max_rejected(tmp_path):
    log = tmp_path / "log.csv"
    log.write_text("at,x\n2026-01-15,1\nbroken\n2026-01-15,1,2\n")
    definitions = definition('c: {measure: {value: x}, green: "<= 5"}')
    assert len(svclight.score(log, definitions, max_rejected=2).rejected) == 2
    with pytest.raises(svclight.LogError, match="2 lines were rejected, at most 1 are bearable") as error:
        svclight.score(log, definitions, max_rejected=1)
    assert "log.csv:3: rejected: 1 columns found, 2 expected" in str(error.value)


def test_too_many_different_words_share_one_reason(monkeypatch):
    monkeypatch.setattr("svclight.counts.outcome_codes.MOST_CELLS", 3)
    frame = pd.DataFrame({"at": ["2026-01-15"] * 6, "x": ["a", "b", "c", "d", "e", ""]})
    for rows in (frame, frame[::-1]):
        card = score(rows, "c: {measure: {category: x}, green: [z]}")
        table = dict(zip(card.reasons["reason"], card.reasons["count"], strict=True))
        assert table == {"words in no list, too many to tell apart": 5, "x is empty": 1}


def test_counts_name_the_field_and_interactions_quote_the_cell():
    frame = pd.DataFrame({"at": ["2026-01-15"] * 3, "x": ["a", "b", "7"]})
    card = score(frame, 'c: {measure: {value: x}, green: "<= 5"}\nw: {measure: {worst: [c]}}')
    table = card.reasons[card.reasons["zone"] == "missing"][["criterion", "reason", "count"]]
    assert table.values.tolist() == [["c", "x is not a number", 2], ["w", "c: x is not a number", 2]]
    assert reasons(card, "w") == ['c: x: "a" is not a number', 'c: x: "b" is not a number', ""]


def test_many_groups_are_counted_the_same(monkeypatch):
    random = np.random.default_rng(3)
    frame = pd.DataFrame(
        {
            "at": pd.Timestamp("2026-01-01") + pd.to_timedelta(random.integers(0, 90, 500), unit="D"),
            "x": random.integers(0, 9, 500),
            "k": random.integers(0, 50, 500),
            "n": random.integers(0, 4, 500),
        }
    )
    log = "{time: at, segments: [k], weight: n}"
    dense = score(frame, 'c: {measure: {value: x}, green: "<= 5"}', log, by="k")
    monkeypatch.setattr("svclight.judging.counting.DENSE", 1)
    monkeypatch.setattr("svclight.judging.counting.PART", 64)
    listed = score(frame, 'c: {measure: {value: x}, green: "<= 5"}', log, by="k")
    pd.testing.assert_frame_equal(dense.counts, listed.counts)
    pd.testing.assert_frame_equal(dense.values, listed.values)


@pytest.mark.parametrize("workers", [2, 3, 7])
def test_a_log_is_counted_the_same_by_several_threads(monkeypatch, workers):
    random = np.random.default_rng(4)
    rows = 3000
    frame = pd.DataFrame(
        {
            "id": random.integers(0, 2900, rows),
            "at": pd.Timestamp("2026-01-01") + pd.to_timedelta(random.integers(0, 90, rows), unit="D"),
            "x": pd.Series(random.integers(0, 900, rows)).astype(str).where(random.random(rows) < 0.9, "word "),
            "asked": random.random(rows) < 0.5,
            "k": random.choice(["a", "b", None], rows),
        }
    )
    frame["x"] += frame["k"].eq("b").map({True: "?", False: ""}) * random.integers(0, 2, rows)
    frame = frame.drop_duplicates("id")
    log = "{id: id, time: at, segments: [k], exclude: [{where: {k: a, asked: true}, reason: test}]}"
    criteria = (
        'c: {measure: {value: x}, green: "<= 500", yellow: "<= 700", asked: {asked: true}}\n'
        "d: {measure: {category: x}, green: [word], yellow: [c]}\n"
        "e: {measure: {worst: [c, d]}}"
    )
    monkeypatch.setattr("svclight.judging.counting.cores", lambda: 1)
    alone = score(frame, criteria, log, by="k")
    monkeypatch.setattr("svclight.judging.counting.PART", 50)
    monkeypatch.setattr("svclight.judging.counting.cores", lambda: workers)
    together = score(frame, criteria, log, by="k")
    for name in ("counts", "reasons", "values", "responses", "periods"):
        pd.testing.assert_frame_equal(getattr(alone, name), getattr(together, name))
    assert len(alone.reasons["reason"].unique()) > 50  # words in no list, of each share


def test_cells_of_several_threads_share_one_reason_where_they_are_too_many(monkeypatch):
    monkeypatch.setattr("svclight.counts.outcome_codes.MOST_CELLS", 30)
    monkeypatch.setattr("svclight.judging.counting.PART", 10)
    monkeypatch.setattr("svclight.judging.counting.cores", lambda: 3)
    frame = pd.DataFrame({"at": ["2026-01-15"] * 100, "x": [f"cell {number % 50}" for number in range(100)]})
    card = score(frame, "c: {measure: {category: x}, green: [z]}")
    table = dict(zip(card.reasons["reason"], card.reasons["count"], strict=True))
    assert table == {"words in no list, too many to tell apart": 100}


def test_what_a_thread_raises_is_raised():
    def refuse(begin):
        if begin == 3:
            raise ValueError("three")
        return begin

    assert list(map_in_order(refuse, [0, 1, 2], workers=2)) == [0, 1, 2]
    assert list(map_in_order(refuse, [], workers=2)) == []
    with pytest.raises(ValueError, match="three"):
        list(map_in_order(refuse, range(9), workers=2))


def test_paths_from_a_generator_can_be_read_again(tmp_path):
    (tmp_path / "log.csv").write_text("at,x\n2026-01-15,1\n")
    card = svclight.score(
        (path for path in [tmp_path / "log.csv"]), definition('c: {measure: {value: x}, green: "<= 5"}')
    )
    assert states(card, "c") == ["green"]
