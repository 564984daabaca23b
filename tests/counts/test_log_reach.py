"""How far a log reaches: months that are over, partial or empty, with and without `as_of`, `since` and `calendar`."""

from __future__ import annotations

import numpy as np
import pandas as pd
import pytest
from support.helpers import score

import svclight
from svclight.values import clocks

OFFICE = "calendars: {office: {hours: {mon-fri: '09:00-18:00'}, closed: [2026-05-01]}}\n"
CRITERION = "c: {measure: {value: x}, green: '<= 5'}"


def card_of(days, *, log: str = "", zone: str = "Europe/Berlin", **options) -> svclight.Scorecard:
    """The card of a log that has an interaction on each of some days, at noon."""
    text = (
        f"svclight: 1\ntime_zone: {zone}\n{OFFICE}processes: {{p: {{title: P, log: {{time: at{log}}}, "
        f"criteria: {{{CRITERION}}}}}}}"
    )
    frame = pd.DataFrame({"at": [f"{pd.Timestamp(day).date()}T12:00" for day in days], "x": 1})
    return svclight.score(frame, svclight.loads(text), **options)


def why(days, **options) -> dict[str, str]:
    """Why each period is partial; empty for a whole one."""
    periods = card_of(days, **options).periods
    return dict(zip(periods["period"].astype(str), periods["why"], strict=True))


def weekdays(first: str, last: str) -> list[pd.Timestamp]:
    """Monday to Friday."""
    return list(pd.bdate_range(first, last))


@pytest.mark.parametrize(
    ("as_of", "expected"),
    [
        # May 2026 ends on a Sunday; the office's last day is Friday, the 29th
        ("2026-05-31T23:59:59", "running"),
        ("2026-06-01", ""),
        ("2026-06-02", ""),
        # nobody says when the log was taken, and its last day, the 31st, has no interaction
        (None, "running"),
    ],
)
def test_a_month_that_ends_on_a_sunday(as_of, expected):
    assert why(weekdays("2026-04-01", "2026-05-29"), as_of=as_of)["2026-05"] == expected


def test_closed_days_never_make_a_month_partial():
    """With the office's calendar the log of weekdays is whole: 1 May is closed, 2 and 3 May are a weekend, too."""
    log = ", calendar: office"
    assert why(weekdays("2026-05-04", "2026-05-29"), log=log) == {"2026-05": ""}
    assert why(weekdays("2026-05-04", "2026-05-28"), log=log) == {"2026-05": "running"}
    # from the 5th on: Monday, the 4th, is open
    assert why(weekdays("2026-05-05", "2026-05-29"), log=log) == {"2026-05": "begins"}
    # without it the log begins on the fourth day of the month
    assert why(weekdays("2026-05-04", "2026-05-29"), as_of="2026-06-01") == {"2026-05": "begins"}
    # a Saturday's interaction is one day more than the office's last
    assert why([*weekdays("2026-05-04", "2026-05-28"), "2026-05-30"], log=log) == {"2026-05": ""}


@pytest.mark.parametrize(
    ("since", "expected"),
    [("2026-05-01", ""), ("2026-04-10", ""), ("2026-05-02", "begins"), ("2026-06-01", "begins")],
)
def test_since_says_from_when_the_log_is_complete(since, expected):
    days = pd.date_range("2026-05-06", "2026-05-31")
    assert why(days, log=f", since: {since}") == {"2026-05": expected}


def test_since_and_closed_days():
    """Complete from the 4th, a Monday: the days before are closed."""
    days = weekdays("2026-05-06", "2026-05-29")
    assert why(days, log=", calendar: office, since: 2026-05-04") == {"2026-05": ""}
    assert why(days, log=", calendar: office, since: 2026-05-05") == {"2026-05": "begins"}


@pytest.mark.parametrize(
    ("last", "expected"),
    [
        # every day had an interaction, so that the longest gap is 1: at least 7 days are borne with
        ("2026-05-24", ""),  # 7 days before the 31st
        ("2026-05-23", "ends"),  # 8 days
        ("2026-05-14", "ends"),
    ],
)
def test_a_log_that_stopped_in_the_middle_of_a_month(last, expected):
    card = card_of(pd.date_range("2026-03-01", last), as_of="2026-06-02")
    assert card.periods["why"].tolist() == ["", "", expected]
    day = int(last[-2:])
    assert card.provenance.notices == ((f"p: the log ends on {day} May: is it whole?",) if expected else ())


def test_the_longest_gap_of_the_last_three_months_is_borne_with():
    """An interaction every ten days: the last one on 20 May, 11 days before the 31st; on the 21st it is 10 days."""
    assert why(pd.date_range("2026-02-09", "2026-05-20", freq="10D"), as_of="2026-06-01")["2026-05"] == "ends"
    assert why(pd.date_range("2026-02-10", "2026-05-21", freq="10D"), as_of="2026-06-01")["2026-05"] == ""
    # a gap of 40 days that is longer ago than three months says nothing any more
    old = ["2025-12-01", "2026-01-10", *pd.date_range("2026-01-20", "2026-05-10", freq="10D")]
    assert why(old, as_of="2026-06-01")["2026-05"] == "ends"


def test_with_a_calendar_every_open_day_counts():
    log = ", calendar: office"
    assert why(weekdays("2026-04-01", "2026-05-28"), log=log, as_of="2026-06-01")["2026-05"] == "ends"
    assert why(weekdays("2026-04-01", "2026-05-29"), log=log, as_of="2026-06-01")["2026-05"] == ""


def test_periods_without_a_row_are_there_up_to_a_given_as_of():
    days = [*pd.date_range("2026-01-01", "2026-01-31"), *pd.date_range("2026-03-01", "2026-03-31")]
    card = card_of(days, as_of="2026-06-15")
    assert card.periods["period"].tolist() == ["2026-01", "2026-02", "2026-03", "2026-04", "2026-05"]
    # an empty month is no partial one: it is no data
    assert not card.periods["partial"].any()
    assert card.counts["period"].unique().tolist() == ["2026-01", "2026-03"]
    assert card.provenance.notices == ("p: the log ends on 31 March: is it whole?",)
    # what begins at as_of has not begun
    assert card_of(days, as_of="2026-05-01").periods["period"].tolist()[-1] == "2026-04"
    # nobody says up to when the log reaches
    assert card_of(days).periods["period"].tolist() == ["2026-01", "2026-03"]


def test_the_year_stands_beside_a_day_of_another_year():
    card = card_of(pd.date_range("2025-11-01", "2025-12-31"), as_of="2026-03-01")
    assert card.provenance.notices == ("p: the log ends on 31 December 2025: is it whole?",)


@pytest.mark.parametrize(
    ("period", "as_of", "expected"),
    [
        ("day", "2026-03-04", {"2026-03-02": "", "2026-03-03": ""}),
        ("week", "2026-03-16", {"2026-W10": "", "2026-W11": ""}),  # 7 days without an interaction are borne with
        ("quarter", "2026-07-01", {"2026-Q1": "begins", "2026-Q2": ""}),
        ("year", "2027-01-01", {"2026": "begins"}),
    ],
)
def test_other_kinds_of_period(period, as_of, expected):
    days = pd.date_range("2026-03-02", "2026-03-08" if period == "week" else "2026-03-02")
    assert why(days, period=period, as_of=as_of) == expected


def test_other_logs_of_the_call_tell_that_a_log_stopped():
    """Nobody gave as_of: it is the newest time of both logs, the 1st of June, and the first log ends on 14 May."""
    text = (
        "svclight: 1\ntime_zone: UTC\nprocesses:\n"
        f"  p: {{title: P, log: {{time: at}}, criteria: {{{CRITERION}}}}}\n"
        f"  q: {{title: Q, log: {{time: at}}, criteria: {{{CRITERION}}}}}\n"
    )
    logs = {
        name: pd.DataFrame({"at": pd.date_range("2026-04-01", last), "x": 1})
        for name, last in (("p", "2026-05-14"), ("q", "2026-06-01"))
    }
    card = svclight.score(logs, svclight.loads(text))
    marks = card.periods.set_index(["process", "period"])["why"]
    assert marks["p"].to_dict() == {"2026-04": "", "2026-05": "ends"}
    assert marks["q"].to_dict() == {"2026-04": "", "2026-05": "", "2026-06": "running"}


def test_promises_do_not_say_that_a_month_is_over():
    """Due on each day of August, seen on 10 July: only what is due until then tells how far the log reaches."""
    rows = [{"due": day, "done": "2026-07-10"} for day in pd.date_range("2026-07-01", "2026-08-31")]
    log = "{time: due, fields: {due: {time: due}, done: {time: done}}}"
    card = score(rows, 'c: {measure: {delay: {due: due, actual: done}}, green: "<= 0 d"}', log)
    assert card.periods["why"].tolist() == ["running", "running"]


def test_only_the_newest_of_very_many_empty_periods_are_kept():
    card = card_of(["2026-01-01"], as_of="9999-12-31", period="day")
    assert card.periods["period"].iloc[[0, -1]].tolist() == ["2026-01-01", "9999-12-30"]
    assert len(card.periods) == 1 + 1200


def test_days_are_those_of_the_documents_zone():
    """31 May, 22:30 in London is 1 June in Berlin."""
    for zone, months in (("Europe/London", ["2026-05"]), ("Europe/Berlin", ["2026-05", "2026-06"])):
        rows = [{"at": "2026-05-01T12:00Z", "x": 1}, {"at": "2026-05-31T22:30Z", "x": 1}]
        periods = score(rows, CRITERION, zone=zone).periods
        assert periods["period"].tolist() == months


def test_unknown_calendars_are_refused():
    with pytest.raises(svclight.DefinitionError, match='unknown calendar; found "offcie".*did you mean "?office'):
        card_of(["2026-05-04"], log=", calendar: offcie")
    with pytest.raises(svclight.DefinitionError, match="since"):
        card_of(["2026-05-04"], log=", since: soon")


def test_a_card_keeps_how_far_its_log_reaches(tmp_path):
    card = card_of(pd.date_range("2026-03-01", "2026-05-14"), as_of="2026-06-02")
    again = svclight.Scorecard.open(card.save(tmp_path / "card.svclight"))
    pd.testing.assert_frame_equal(again.periods, card.periods)
    assert again.provenance.notices == card.provenance.notices


def test_cards_share_no_period_in_which_one_has_no_row():
    """The first log was seen on 15 May and has no row in May yet; the other one is that of May."""
    first = card_of(pd.date_range("2026-03-01", "2026-04-30"), as_of="2026-06-01")
    may = card_of(pd.date_range("2026-05-01", "2026-05-31"), as_of="2026-06-01")
    for both in (first + may, may + first, first.replace(may), may.replace(first)):
        assert both.periods["period"].tolist() == ["2026-03", "2026-04", "2026-05"]
        assert both.shares()["rated"].tolist() == [31, 30, 31]
        assert both.periods["ends"].tolist() == ["2026-04-30", "2026-04-30", "2026-05-31"]
        assert np.array_equal(both.periods["partial"], [False, False, False])


def test_period_of_day():
    assert clocks.period_of_day(clocks.day_number(pd.Timestamp("2026-05-14").date()), "month") == 56 * 12 + 4
