"""The engine against brute force on generated definitions and logs; and a log as it stood on a day, by both routes."""

from __future__ import annotations

from collections import Counter
from dataclasses import replace
from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from support.both_routes import brute_counts, card_of, engine_counts
from support.brute import Gap, Moment
from support.brute_events import Events
from support.brute_periods import card_marks, marks
from support.brute_score import Call, counts, judged, response, seen
from support.strategies_events import event_calls
from support.strategies_trade import trade_calls

pytestmark = pytest.mark.hypothesis  # which marks no test whose examples are made inside it
SOME = max(settings.default.max_examples // 3, 5)
"""Each example is a definition, a log, and two ways of counting it: fewer of them for each of many kinds."""
CHECKS = [HealthCheck.too_slow, HealthCheck.data_too_large, HealthCheck.filter_too_much]


@pytest.mark.parametrize("kind", ["working", "clocked", "card", "repeat", "joined", "loyalty", "all"])
def test_engine_agrees_with_brute_force(kind: str) -> None:
    calls = trade_calls() if kind == "all" else trade_calls((kind,))

    @settings(max_examples=SOME, deadline=None, suppress_health_check=CHECKS)
    @given(call=calls)
    def agrees(call: Call) -> None:
        assert engine_counts(call) == counts(call)
        assert card_marks(card_of(call)) == marks(call)

    agrees()


@pytest.mark.parametrize("kind", ["duration", "count", "attribute", "card", "repeat", "all"])
def test_engine_agrees_with_brute_force_on_event_logs(kind: str) -> None:
    calls = event_calls() if kind == "all" else event_calls((kind,))

    @settings(max_examples=SOME, deadline=None, suppress_health_check=CHECKS)
    @given(call=calls)
    def agrees(call: Call) -> None:
        assert engine_counts(call) == counts(call)
        assert card_marks(card_of(call)) == marks(call)

    agrees()


@pytest.mark.parametrize("calls", [trade_calls(("clocked", "joined")), event_calls()], ids=["interactions", "events"])
def test_who_was_asked_and_answered(calls: st.SearchStrategy[Call]) -> None:
    @settings(max_examples=SOME, deadline=None, suppress_health_check=CHECKS)
    @given(call=calls)
    def agrees(call: Call) -> None:
        found = card_of(call).responses
        keys = found[["criterion", "period", *call.by]].astype(object).fillna("").astype(str).to_numpy()
        numbers = zip(found["asked"], found["answered"], strict=True)
        assert {tuple(key): pair for key, pair in zip(keys, numbers, strict=True) if pair[0]} == response(call)

    agrees()


@settings(max_examples=SOME, deadline=None, suppress_health_check=CHECKS)
@given(call=event_calls())
def test_drill_down_names_each_case_with_its_zone(call: Call) -> None:
    listed = card_of(call).interactions(call.process_id)
    columns = (listed[name].astype(str) for name in ("criterion", "id", "zone"))
    judged_one_by_one = Counter((one.criterion, " / ".join(one.id), one.state[0]) for one in judged(call))
    assert Counter(zip(*columns, strict=True)) == judged_one_by_one


@pytest.mark.parametrize("route", [brute_counts, engine_counts])
@pytest.mark.parametrize(
    "calls", [trade_calls(), trade_calls(("loyalty",)), event_calls()], ids=["interactions", "customers", "events"]
)
def test_a_log_as_of_a_day_is_the_log_without_what_came_later(route: Any, calls: st.SearchStrategy[Call]) -> None:
    @settings(max_examples=SOME, deadline=None, suppress_health_check=CHECKS)
    @given(call=calls.map(without_abandoned).filter(lambda call: call.as_of is not None))
    def agrees(call: Call) -> None:
        early = replace(call, rows=before(call))
        # rows that have not begun are excluded, and a log of that day does not hold them
        whole, cut = (
            {key: count for key, count in route(one).items() if key[-1] != "excluded"} if one.rows else {}
            for one in (call, early)
        )
        assert whole == cut

    agrees()


def without_abandoned(call: Call) -> Call:
    """Who gave up later was still waiting that day, which a log of that day says by fields that have no time."""
    process = call.definition["processes"][call.process_id]
    criteria = {
        name: {key: what for key, what in one.items() if key != "abandoned"}
        for name, one in process["criteria"].items()
    }
    processes = {call.process_id: {**process, "criteria": criteria}}
    return replace(call, definition={**call.definition, "processes": processes})


def before(call: Call) -> list[dict[str, Any]]:
    """The rows of that day: those that had begun, without the times that were still to come."""
    scorer, _ = seen(call)
    ever = replace(scorer, now=None)
    promises = {column for due in scorer.dues for column in columns_of(scorer, due)}
    times = {
        name: columns_of(scorer, name)
        for name in {*scorer.clocks, *scorer.fields}
        if name and scorer.is_time(name) and not promises & set(columns_of(scorer, name))
    }
    kept = []
    for row in call.rows:
        if isinstance(scorer, Events):
            there = not scorer.in_future(scorer.happened(row))
        else:
            there = scorer.weight(row) is None or scorer.begun(row)
        later = [
            column
            for name, columns in times.items()
            if set(columns) <= set(row) and not isinstance(ever.cell(row, name, "time"), Gap)
            for column in columns
            if scorer.in_future(ever.cell(row, name, "time"))
        ]
        if there:
            kept.append({**row, **dict.fromkeys(later)})
    return kept


def columns_of(scorer: Any, name: str) -> list[str]:
    column = scorer.fields.get(name, {"time": name}).get("time", [])
    return [column] if isinstance(column, str) else list(column)


def test_what_came_later_is_cut_off() -> None:
    log = {"time": "at", "fields": {"at": {"time": "at"}, "end": {"time": "end"}}}
    what = {"title": "c", "measure": {"duration": {"from": "at", "to": "end"}}, "green": "<= 1 h"}
    definition = {
        "svclight": 1,
        "time_zone": "UTC",
        "processes": {"p": {"title": "P", "log": log, "criteria": {"c": what}}},
    }
    rows = [{"at": f"2026-01-1{day}", "end": f"2026-01-1{day + 1}"} for day in (1, 2, 3)]
    call = Call(definition, "p", rows, as_of="2026-01-12 12:00")
    assert before(call) == [rows[0], {**rows[1], "end": None}]
    assert isinstance(seen(call)[0].now, Moment)
