"""Repeat contacts: windows at the ends of the calendar, customers with several ids, weights, messages."""

import pandas as pd
import pytest
from support.helpers import reasons, score, states, total

import svclight

AGAIN = 'c: {{measure: {{repeat: {{within: {within}, same: [customer]{more}}}}}, green: "<= 0"}}'
LOG = "{time: at, customer: who}"


def came(times, who="a", within="7 d", more="", log=LOG, **options) -> svclight.Scorecard:
    """The card of contacts at some times."""
    frame = pd.DataFrame({"at": times, "who": who})
    return score(frame, AGAIN.format(within=within, more=more), log, **options)


@pytest.mark.parametrize("within", ["1000000 wk", "100000000000 d", "900000000000000000 wk"])
@pytest.mark.parametrize("unit", ["s", "ms", "us", "ns"])
def test_a_window_that_is_longer_than_the_calendar_never_ends(within, unit):
    times = pd.to_datetime(["2026-01-05", "2026-01-06"]).astype(f"datetime64[{unit}]")
    assert states(came(times, within=within, as_of="2200-01-01"), "c") == ["red", "pending"]


def test_a_window_that_reaches_over_the_last_nanosecond():
    times = pd.to_datetime(["2262-04-10", "2262-04-11"]).astype("datetime64[ns]")
    assert states(came(times, within="30 d", as_of="2263-01-01"), "c") == ["red", "green"]


def test_contacts_at_both_ends_of_the_calendar_are_far_apart():
    times = [pd.Timestamp("1980-01-01"), pd.Timestamp.max.floor("s")]
    first_only = came(times, more=", first_only: true", as_of="2263-01-01")
    assert states(first_only, "c") == ["green", "green"]


def test_a_contact_that_stands_for_several_is_several_contacts():
    log = "{time: at, customer: who, weight: n}"
    frame = pd.DataFrame({"at": ["2026-01-05", "2026-01-06", "2026-01-07"], "who": "a", "n": [1, 0, 3]})
    criterion = 'c: {measure: {repeat: {within: 7 d, same: [customer]}}, green: "<= 0", yellow: "<= 2"}'
    card = score(frame, criterion, log, as_of="2026-03-01")
    # after the first 0 + 3 more, after the second 3, after the third none
    assert card.interactions("p", "c")["value"].tolist() == [3, 3, 0]
    assert total(card, "c") == {"red": 1, "green": 3}


def test_one_person_under_two_ids():
    card = came(["2026-01-05", "2026-01-06", "2026-01-06"], ["a", "b", "c"], as_of="2026-03-01")
    assert states(card, "c") == ["green"] * 3
    people = pd.DataFrame({"id": ["a", "b", "z"], "person": ["x", "x", "x"]})
    card = came(["2026-01-05", "2026-01-06", "2026-01-06"], ["a", "b", "c"], as_of="2026-03-01", customers=people)
    assert states(card, "c") == ["red", "green", "green"]


def test_reasons():
    log = "{time: at, customer: who, segments: [about]}"
    frame = pd.DataFrame(
        {
            "at": ["2026-01-05", "2026-01-06", "2026-01-06", "2026-01-06", None, "soon"],
            "who": ["a", "a", None, "b", "a", "a"],
            "about": ["x", "x", "x", "", "x", "x"],
        }
    )
    criterion = 'c: {measure: {repeat: {within: 7 d, same: [customer, about], first_only: true}}, green: "<= 0"}'
    card = score(frame, criterion, log, as_of="2026-01-07")
    assert list(zip(states(card, "c"), reasons(card, "c"), strict=True)) == [
        ("red", ""),
        ("not_applicable", "is a repeat itself"),
        ("missing", "who is empty"),
        ("missing", "about is empty"),
        ("missing", "at is empty"),
        ("missing", 'at: "soon" is not a time'),
    ]
    frame = frame[:1]
    assert reasons(score(frame, criterion, log, as_of="2026-01-07"), "c") == ["not finished"]


@pytest.mark.parametrize(
    ("criterion", "log", "message"),
    [
        (
            AGAIN.format(within="0 s", more=""),
            LOG,
            r"repeat\.within: a window is a length of time.*expected a quantity such",
        ),
        (AGAIN.format(within="2 bd", more=""), LOG, r"repeat\.within: a window is a length of time"),
        (AGAIN.format(within="7 d", more=""), "{time: at}", "customer"),
    ],
)
def test_definitions_that_are_refused(criterion, log, message):
    with pytest.raises(svclight.DefinitionError, match=message):
        score([{"at": "2026-01-05", "who": "a"}], criterion, log)


def test_nobody_is_known():
    assert states(came(["2026-01-05", "2026-01-06"], None), "c") == ["missing", "missing"]
    assert came([], []).counts.empty
