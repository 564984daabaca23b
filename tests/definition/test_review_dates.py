"""When a definition is to be reviewed again: lengths as a calendar has them, what is refused."""

import datetime as dt

import pytest
from hypothesis import given
from hypothesis import strategies as st

import svclight
from svclight.definition.review_dates import CalendarLength, date_after, parse_calendar_length
from svclight.errors import DefinitionError

DOCUMENT = "svclight: 1\n{keys}\ntime_zone: UTC\nprocesses: {{hotline: {{title: Hotline}}}}"


@pytest.mark.parametrize(
    ("text", "day", "due"),
    [
        ("6 months", "2026-06-15", "2026-12-15"),
        ("6 months", "2026-08-31", "2027-02-28"),  # February has no 31st
        ("6 months", "2027-08-31", "2028-02-29"),
        ("1 year", "2028-02-29", "2029-02-28"),
        ("12 months", "2026-12-31", "2027-12-31"),
        ("2 weeks", "2026-12-20", "2027-01-03"),
        ("90 days", "2026-01-01", "2026-04-01"),  # 31 + 28 + 31 = 90
    ],
)
def test_the_date_that_is_due(text, day, due):
    assert date_after(dt.date.fromisoformat(day), parse_calendar_length(text)).isoformat() == due
    found = svclight.loads(DOCUMENT.format(keys=f"reviewed: {day}\nreview_every: {text}"))
    assert found.review_due.isoformat() == due


@given(st.dates(dt.date(1990, 1, 1), dt.date(2100, 1, 1)), st.integers(1, 100))
def test_months_one_by_one_lead_to_the_same_month(day, count):
    """From the first of a month no day is missing on the way."""
    first, step = day.replace(day=1), CalendarLength(1, "month")
    at = first
    for _ in range(count):
        at = date_after(at, step)
    assert date_after(first, CalendarLength(count, "month")) == at
    # from a later day of the month the date lies in that month, too
    assert date_after(day, CalendarLength(count, "month")).replace(day=1) == at


@pytest.mark.parametrize("keys", ["", "reviewed: 2026-06-15"])
def test_without_both_keys_nothing_is_due(keys):
    assert svclight.loads(DOCUMENT.format(keys=keys)).review_due is None


@pytest.mark.parametrize(
    ("keys", "message"),
    [
        ("review_every: 6 months", "review_every: without `reviewed` no review is due; .*expected reviewed: a date"),
        (
            "reviewed: 2026-06-15\nreview_every: half a year",
            'review_every: this is no length of time on a calendar; found "half a year"; expected whole days, weeks, months',
        ),
        ("reviewed: 2026-06-15\nreview_every: 0 days", "this is no length of time on a calendar"),
        ("reviewed: 2026-06-15\nreview_every: 6", "this is no length of time on a calendar"),
        ("reviewed: June 2026", 'reviewed: this is no date; found "June 2026"'),
    ],
)
def test_what_is_refused(keys, message):
    with pytest.raises(DefinitionError, match=message):
        svclight.loads(DOCUMENT.format(keys=keys))
