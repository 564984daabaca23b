"""What must hold for every log: states add up to rows, order is irrelevant, worse is never better, parts add up."""

import numpy as np
import pandas as pd
from hypothesis import given, settings
from hypothesis import strategies as st
from support.helpers import score, states

from svclight.thresholds import STATES

LOG = "{time: at, segments: [kind], fields: {at: {time: at}, end: {time: end}, x: {number: x, unit: s}, ok: {flag: ok}}, exclude: [{where: {kind: test}, reason: a test}]}"
CRITERIA = """
value: {measure: {value: x}, green: "<= 30 s", yellow: "<= 1 min", applies: {kind: {not: b}}}
band: {measure: {value: x}, green: "20 s .. 40 s", yellow: "10 s .. 60 s"}
time: {measure: {duration: {from: at, to: end}}, green: "<= 1 d", yellow: "<= 3 d", abandoned: {where: {kind: c}, counts: red}}
flag: {measure: {flag: ok}, green: true}
all: {measure: {worst: [value, time, flag]}}
"""
AS_OF = "2026-03-01"

times = st.datetimes(min_value=pd.Timestamp("2026-01-01"), max_value=pd.Timestamp("2026-03-10")).map(
    lambda t: t.isoformat()
)
rows = st.fixed_dictionaries(
    {
        "at": st.one_of(times, st.sampled_from(["", "soon"])),
        "end": st.one_of(times, st.sampled_from(["", "soon"])),
        "x": st.sampled_from(["", "abc", "-1", "30", "30.001", "60", "60.5", "10", "999"]),
        "ok": st.sampled_from(["yes", "no", "", "maybe"]),
        "kind": st.sampled_from(["a", "b", "c", "test", ""]),
    }
)
logs = st.lists(rows, min_size=1, max_size=25).map(lambda made: pd.DataFrame(made, dtype=object))


@given(logs)
def test_states_add_up_to_rows(frame):
    card = score(frame, CRITERIA, LOG, by=["kind"], as_of=AS_OF)
    for criterion, counts in card.counts.groupby("criterion", observed=True):
        assert counts["count"].sum() == len(frame), criterion
    for _, counts in card.counts.groupby(["criterion", "period", "kind"], observed=True):
        assert counts["zone"].tolist() == list(STATES)
    explained = card.reasons[card.reasons["zone"] != "red"].groupby(["criterion", "zone"], observed=True)["count"].sum()
    unrated = card.counts[card.counts["zone"].isin(STATES[3:]) & (card.counts["count"] > 0)]
    assert explained.to_dict() == unrated.groupby(["criterion", "zone"], observed=True)["count"].sum().to_dict()


@given(logs, st.randoms(use_true_random=False))
def test_order_of_rows_is_irrelevant(frame, random):
    order = list(range(len(frame)))
    random.shuffle(order)
    if not _has_time(frame):
        return
    one, other = (score(rows, CRITERIA, LOG, by=["kind"]) for rows in (frame, frame.iloc[order]))
    for table in ("counts", "reasons", "values", "periods"):
        pd.testing.assert_frame_equal(getattr(one, table), getattr(other, table))


def _has_time(frame):
    return bool(((frame["at"] != "") & (frame["at"] != "soon")).any())


@given(logs, st.integers(0, 25))
def test_parts_of_a_log_add_up(frame, cut):
    whole, *parts = (score(one, CRITERIA, LOG, as_of=AS_OF) for one in (frame, frame.iloc[:cut], frame.iloc[cut:]))
    for table in ("counts", "reasons", "values"):
        keys = [name for name in getattr(whole, table).columns if name != "count"]
        added = pd.concat([getattr(part, table).astype(dict.fromkeys(keys, object)) for part in parts])
        summed = added.groupby(keys)["count"].sum()
        expected = getattr(whole, table).astype(dict.fromkeys(keys, object)).groupby(keys)["count"].sum()
        pd.testing.assert_series_equal(summed, expected, check_index_type=False)


@given(st.lists(st.floats(-1e9, 1e9, allow_nan=False), min_size=2, max_size=40), st.floats(0, 1e6), st.floats(0, 1e6))
def test_a_worse_value_never_gets_a_better_zone(values, first, second):
    low, high = sorted([first, second])
    if low == high:
        high += 1
    worst_first = sorted(values)
    frame = pd.DataFrame({"at": "2026-01-15", "x": worst_first})
    for green, yellow, order in (
        (f"<= {low:.3f}", f"<= {high + 1:.3f}", 1),
        (f">= {high + 1:.3f}", f">= {low:.3f}", -1),
    ):
        found = states(score(frame, f'c: {{measure: {{value: x}}, green: "{green}", yellow: "{yellow}"}}'), "c")
        codes = [STATES.index(state) for state in found][::order]
        assert codes == sorted(codes)


@given(logs, st.integers(1, 100), st.integers(0, 100))
def test_wider_green_never_lowers_green(frame, narrow, more):
    def green(limit):
        card = score(frame, f'c: {{measure: {{value: x}}, green: "<= {limit} s"}}', LOG, as_of=AS_OF)
        return card.counts.loc[card.counts["zone"] == "green", "count"].sum()

    assert green(narrow) <= green(narrow + more)


@given(logs, st.lists(st.integers(0, 4), min_size=25, max_size=25))
def test_weights_equal_repeated_rows(frame, weights):
    weighted = frame.assign(n=weights[: len(frame)])
    repeated = frame.loc[np.repeat(frame.index, weights[: len(frame)])]
    one = score(weighted, CRITERIA, LOG.replace("{time: at,", "{time: at, weight: n,", 1), as_of=AS_OF)
    many = score(repeated, CRITERIA, LOG, as_of=AS_OF)
    for table in ("counts", "reasons", "values"):
        first, second = (getattr(card, table)[getattr(card, table)["count"] > 0] for card in (one, many))
        keys = list(first.columns)
        assert first.astype(object)[keys].values.tolist() == second.astype(object)[keys].values.tolist()


@settings(max_examples=min(settings.default.max_examples, 15))
@given(logs)
def test_what_comes_later_changes_nothing_that_was_certain(frame):
    """Seen later, a rated zone stays; only what was pending may turn."""
    early, late = (
        score(frame, CRITERIA, LOG, as_of=as_of).interactions("p", "time")["zone"].astype(str)
        for as_of in ("2026-02-01", "2026-04-01")
    )
    turned = early[early != late]
    assert set(turned) <= {"pending", "excluded"}


@given(logs)
def test_interactions_are_what_was_counted(frame):
    card = score(frame, CRITERIA, LOG, by=["kind"], as_of=AS_OF)
    keys = ["criterion", "period", "kind", "zone"]
    listed = card.interactions("p").astype(dict.fromkeys(keys, object)).groupby(keys).size()
    counted = card.counts[card.counts["count"] > 0].astype(dict.fromkeys(keys, object)).groupby(keys)["count"].sum()
    assert listed.to_dict() == counted.to_dict()
