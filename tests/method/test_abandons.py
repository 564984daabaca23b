"""Abandons of the rule book: what becomes of those who gave up, and what is shown of them."""

import pandas as pd
import pytest
from support.helpers import score, states

AT = pd.Timestamp("2026-01-15 12:00")
LIMITS = 'green: "<= 20 s", yellow: "<= 60 s"'


def frame(precision: str = "us") -> pd.DataFrame:
    """Answered after 10 s, and given up after 4, 15, 30 and 90 s, or nobody knows when; all by 13:00."""
    gave = pd.Series([None, *(AT + pd.Timedelta(seconds=seconds) for seconds in (4, 15, 30, 90)), None])
    return pd.DataFrame(
        {
            "at": [AT] * 6,
            "done": pd.Series([AT + pd.Timedelta(seconds=10), *[None] * 5]).astype("datetime64[us]"),
            "gave": gave.astype(f"datetime64[{precision}]"),
            "end": ["answered", *["gave up"] * 5],
        }
    )


def card(counts: str, precision: str = "us"):
    """The card of the frame under a rule."""
    measure = f"measure: {{duration: {{from: at, to: done}}}}, abandoned: {{where: {{end: gave up}}, at: gave, counts: {counts}}}"
    return score(frame(precision), f"c: {{{measure}, {LIMITS}}}", as_of="2026-01-15T13:00:00Z")


@pytest.mark.parametrize(
    ("counts", "expected"),
    [
        ("red", ["green", *["red"] * 5]),
        ("excluded", ["green", *["excluded"] * 5]),
        ("by_elapsed", ["green", "green", "green", "yellow", "red", "missing"]),
        ("{excluded_within: 5 s}", ["green", "excluded", "red", "red", "red", "missing"]),
        ("{excluded_within: green}", ["green", "excluded", "excluded", "red", "red", "missing"]),
    ],
)
def test_each_rule_for_those_who_gave_up(counts, expected):
    assert states(card(counts), "c") == expected


@pytest.mark.parametrize("precision", ["s", "us", "ns"])
@pytest.mark.parametrize("counts", ["red", "by_elapsed"])
def test_what_was_waited_is_shown_in_its_unit_however_finely_times_are_written(counts, precision):
    values = card(counts, precision).interactions("p", "c")["value"]
    assert values.fillna(-1).tolist() == [10, 4, 15, 30, 90, -1]


@pytest.mark.parametrize(
    ("within", "expected"),
    [
        # 4 s < 15 s of team b; 15 s is not; 30 s is within 30 s of team a; 90 s is not; of the last nobody knows
        ("green", ["green", "excluded", "red", "excluded", "red", "missing"]),
        # a length of time is the same whatever limits hold: 4 s and 15 s are within 15 s
        ("15 s", ["green", "excluded", "excluded", "red", "red", "missing"]),
    ],
)
def test_a_short_wait_is_told_by_the_limits_that_hold_for_the_row(within, expected):
    # given up after 4, 15, 30 and 90 s, by limits of a team each
    rows = frame().assign(team=["a", "b", "b", "a", "a", "a"])
    limits = 'thresholds: [{where: {team: a}, green: "<= 30 s"}, {green: "< 15 s"}]'
    abandoned = f"{{where: {{end: gave up}}, at: gave, counts: {{excluded_within: {within}}}}}"
    measure = f"measure: {{duration: {{from: at, to: done}}}}, abandoned: {abandoned}"
    found = score(rows, f"c: {{{measure}, {limits}}}", as_of="2026-01-15T13:00:00Z")
    assert states(found, "c") == expected
