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
