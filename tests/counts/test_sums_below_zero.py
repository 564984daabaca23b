"""Counts of totals below 0: which are an error, and what it says."""

import duckdb
import pandas as pd
import pytest
from support.helpers import definition, score

import svclight

LOG = (
    "{rows: totals, time: at, segments: [queue], fields: {at: {time: at}, queue: {text: queue}, offered: {number: offered}, "
    "answered: {number: answered}, gone: {number: gone}, late: {difference: [offered, answered]}, "
    "lost: {difference: [offered, answered, gone]}, all_late: {sum: [late, gone]}}%s}"
)
LATE = "c: {measure: {totals: {green: [answered], red: [late]}}}"


def rows(*counts):
    """Days of March: offered, answered, gone, queue."""
    columns = ("offered", "answered", "gone", "queue")
    return [{"at": f"2026-03-{day:02}", **dict(zip(columns, one, strict=True))} for day, one in enumerate(counts, 1)]


def refused(log, criteria=LATE, more="", **options) -> str:
    with pytest.raises(svclight.LogError) as error:
        score(log, criteria, LOG % more, **options)
    return str(error.value)


def test_a_sum_below_0_names_both_fields_its_line_and_its_period():
    # 5 - 6 = -1, 5 - 7 = -2
    assert refused(rows((5, 6, 0, "a"), (5, 7, 0, "a"))) == (
        'definition:8: processes.p.criteria.c.measure.totals.red: "late" adds up to less than 0: offered less answered; '
        "found -3 in 2026-03; expected 0 or more in each month; do the fields stand the right way round? "
        "What falls into the row after it evens out over longer periods and without segments"
    )


def test_what_one_row_borrows_from_the_next_evens_out_over_the_month_and_not_by_day():
    log = rows((5, 6, 0, "a"), (7, 5, 0, "b"))
    # -1 + 2 = 1
    assert score(log, LATE, LOG % "").shares()["red_share"].tolist() == [1 / 12]
    assert "found -1 in 2026-03-01; expected 0 or more in each day" in refused(log, period="day")
    said = refused(log, by="queue")
    assert "found -1 in 2026-03 (queue a); expected 0 or more in each month and segment" in said


def test_many_sums_are_named_by_the_first_of_them():
    log = rows(*[(5, 6, 0, "a")] * 5)
    said = refused(log, period="day")
    assert "found -1 in 2026-03-01, -1 in 2026-03-02, -1 in 2026-03-03 and in 2 more" in said


def test_a_difference_below_0_does_not_hide_behind_another_field_of_its_zone():
    # -3 lost and 9 gone would be 6 red, and nobody would see that the fields do not belong together
    log = rows((10, 4, 9, "a"))
    said = refused(log, "c: {measure: {totals: {green: [answered], red: [lost, gone]}}}")
    assert '"lost" adds up to less than 0: offered less answered and gone; found -3 in 2026-03' in said


def test_a_sum_of_a_difference_is_named_by_its_parts():
    said = refused(rows((1, 4, 1, "a")), "c: {measure: {totals: {green: [answered], red: [all_late]}}}")
    assert '"all_late" adds up to less than 0: (offered less answered) and gone; found -2 in 2026-03' in said


def test_what_a_rule_leaves_out_is_not_below_0_either():
    log = [*rows((9, 4, 0, "a"), (1, 4, 0, "b")), {"at": None, "offered": 0, "answered": 1, "gone": 0, "queue": "a"}]
    more = ", exclude: [{where: {queue: b}, reason: a test}]"
    said = refused(log, "c: {measure: {totals: {red: [late]}}}", more)
    assert (
        "processes.p.criteria.c.measure.totals: what is excluded (a test) adds up to less than 0; found -3 in 2026-03; "
        "expected 0 or more in each month; late is offered less answered"
    ) in said
    assert "what is missing (at is empty) adds up to less than 0; found -1 in rows without a time" in said
    # with the answered ones each row adds what was offered: 1 + 0
    whole = score(log, LATE, LOG % more)
    assert whole.counts.loc[whole.counts["count"] > 0, "count"].tolist() == [4, 5, 1]


def test_engines_say_the_same_and_add_the_rows_that_pandas_judges():
    frame = pd.DataFrame(rows((5, 6, 0, "a"), (5, 7, 0, "a"))).assign(at=pd.to_datetime("2026-03-01"))
    said = refused(frame.to_dict("records"))
    with pytest.raises(svclight.LogError) as error:
        svclight.score(duckdb.from_df(frame), definition(LATE, LOG % ""))
    assert str(error.value) == said


def test_drivers_split_no_further_than_sums_hold():
    log = rows(*[(9, 5, 0, "a")] * 20, *[(1, 2, 0, "b")] * 5)
    card = score(log, LATE, LOG % "")
    with pytest.raises(svclight.LogError, match=r"found -5 in 2026-03 \(queue b\)"):
        svclight.drivers(card, "p.c")
