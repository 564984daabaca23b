"""A test of the tests: a rule book with a spoilt rule, and a view that answers wrongly, are noticed.

A rule that stands once is wrong for all engines at once: only the scorer by brute force, which shares nothing with it,
can tell. A word that one view answers wrongly is told by holding the engines against each other.
"""

from __future__ import annotations

import operator
import warnings
from dataclasses import replace
from typing import TYPE_CHECKING, Any

import pandas as pd
import pytest
from hypothesis import HealthCheck, Phase, find, settings
from support import helpers
from support.both_routes import brute_counts, card_of, engine_counts
from support.brute_score import response
from support.strategies_events import event_calls
from support.strategies_trade import trade_calls

import svclight
from svclight.errors import SvclightNotice
from svclight.in_engine.conditions import CellExpressions
from svclight.in_engine.expression_view import ExpressionView
from svclight.method import (
    clock_measures,
    conditions,
    left_out_rows,
    limits,
    maturity,
    measures,
    outcomes,
)

if TYPE_CHECKING:
    from collections.abc import Callable

    import narwhals as nw
    from hypothesis import strategies as st
    from support.brute_score import Call

    from svclight.method.rules import Measured, Rule

    Calls = st.SearchStrategy[Call]

pytestmark = [pytest.mark.once, pytest.mark.slow]  # hundreds of random documents for each rule
SEARCH = settings(
    max_examples=400,
    derandomize=True,
    database=None,
    deadline=None,
    phases=[Phase.generate],
    suppress_health_check=list(HealthCheck),
)


def last_limits(criterion: Any, view: Any, _anchor: str) -> tuple[Any, ...]:
    """The last row of limits for everybody."""
    return (*(view.nobody() for _ in criterion.rows[1:]), view.everybody())


def missing_passes(test: Any, present: Any, chosen: Any) -> Any:
    """A missing cell meets what is negated."""
    return ~chosen if test.negated else PASSING(test, present, chosen)


def closed_at_once(criterion: Any, view: Any, gave_up: str | None) -> Measured:
    """What has not ended counts as ended now."""
    return replace(clock_measures.duration(criterion, view, gave_up), open=None)


def early_is_late(criterion: Any, view: Any, gave_up: str | None) -> Measured:
    """A delay has no sign."""
    measured = clock_measures.delay(criterion, view, gave_up)
    return replace(measured, values=abs(measured.values))


def promised_or_missing(criterion: Any, view: Any, gave_up: str | None) -> Measured:
    """What was promised to nobody is missing."""
    measured = clock_measures.delay(criterion, view, gave_up)
    return replace(measured, rules=tuple(replace(rule, state="missing") for rule in measured.rules))


def items_weigh_the_same(items: dict[str, float]) -> dict[str, int]:
    """Points without weights."""
    return dict.fromkeys(items, 1)


def nothing(*_arguments: Any, **_options: Any) -> tuple[Rule, ...]:
    """No rule."""
    return ()


def of_ladder(_criterion: Any, _view: Any, ladder: Any) -> Any:
    """Abandoned rows are like all others."""
    return ladder


def open_count(criterion: Any, view: Any, _gave_up: str | None) -> Measured:
    """A count of cases that are open is taken as final."""
    return replace(COUNT(criterion, view, None), open=None)


def all_repeats(criterion: Any, view: Any, _gave_up: str | None) -> Measured:
    """Contacts that are repeats themselves are rated, too."""
    measured = REPEAT(criterion, view, None)
    return replace(measured, rules=tuple(rule for rule in measured.rules if rule.state != "not_applicable"))


def is_mixed(call: Call) -> bool:
    """Whether a criterion is the worst of one that a clock turns and of one that is known at once."""
    criteria = call.definition["processes"][call.process_id]["criteria"]
    parts = next((one["measure"]["worst"] for one in criteria.values() if "worst" in one["measure"]), ())
    kinds = {kind for part in parts for kind in criteria.get(part, {"measure": ()})["measure"]}
    return "duration" in kinds and bool(kinds & {"value", "flag", "category"})


PASSING, COUNT, REPEAT = conditions.passing, measures.count, measures.repeat
CLOCKED, CARD, AGAIN = (trade_calls((kind,)) for kind in ("clocked", "card", "repeat"))
MATURED = CLOCKED.map(lambda call: replace(call, matured=True))
MIXED = CLOCKED.filter(is_mixed).map(lambda call: replace(call, matured=False))
"""Where nobody is too young: a row that is would be pending before it is red."""
COUNTS, DURATIONS = (event_calls((kind,)) for kind in ("count", "duration"))
RULES: dict[str, tuple[Any, str, Any, Calls]] = {
    "abandoned rows are like all others": (outcomes, "with_abandons", of_ladder, CLOCKED),
    "the last row of limits counts": (outcomes, "limit_choices", last_limits, CLOCKED),
    "no open zone is certain": (limits, "certain_rules", nothing, CLOCKED),
    "without a time a row is rated": (outcomes, "without_time", nothing, CLOCKED),
    "too young is old enough": (outcomes, "young_rules", nothing, MATURED),
    "every limit is as wide as none": (maturity, "widest_limit", lambda *_: 0, MATURED),
    "a missing cell meets a negated test": (conditions, "passing", missing_passes, CLOCKED),
    "nothing is left out": (left_out_rows, "excluded_rules", nothing, CLOCKED),
    "a row is there before it begins": (left_out_rows, "not_begun_rules", nothing, CLOCKED),
    "a worst is pending before it is red": (
        outcomes,
        "WORST_FIRST",
        ("pending", "red", "missing", "yellow", "green", "excluded"),
        MIXED,
    ),
    "values need no scale": (measures, "within_scale", lambda _criterion, measured, _view: measured, CLOCKED),
    "items weigh the same": (measures, "weights_of", items_weigh_the_same, CARD),
    "an event is every step": (conditions, "rows_meeting", lambda _, view: view.everybody(), DURATIONS),
}
MEASURES: dict[str, tuple[str, Any, Calls]] = {
    "what has not ended counts as ended": ("duration", closed_at_once, DURATIONS),
    "early is late": ("delay", early_is_late, CLOCKED),
    "no promise is a missing one": ("delay", promised_or_missing, CLOCKED),
    "an open case is final": ("count", open_count, COUNTS),
    "repeats are rated, too": ("repeat", all_repeats, AGAIN),
}


def differs(call: Call) -> bool:
    """Whether brute force and the rule book count differently."""
    return bool(engine_counts(call) != brute_counts(call))


@pytest.mark.parametrize("name", RULES)
def test_a_spoilt_rule_is_noticed_by_brute_force(name, monkeypatch):
    module, rule, spoilt, calls = RULES[name]
    monkeypatch.setattr(module, rule, spoilt)
    find(calls, differs, settings=SEARCH)


@pytest.mark.parametrize("name", MEASURES)
def test_a_spoilt_measure_is_noticed_by_brute_force(name, monkeypatch):
    measure, spoilt, calls = MEASURES[name]
    monkeypatch.setitem(measures.MEASURES, measure, spoilt)
    find(calls, differs, settings=SEARCH)


def test_who_is_asked_though_left_out_is_noticed_by_brute_force(monkeypatch):
    whole = conditions.asked_and_answered

    def spoilt(asked: Any, view: Any, **states: Any) -> tuple[Any, Any]:
        return whole(asked, view, left=None, rated=states["rated"])

    monkeypatch.setattr("svclight.judging.counting.asked_and_answered", spoilt)

    def asks_otherwise(call: Call) -> bool:
        found = card_of(call).responses
        return bool(found["asked"].sum() != sum(asked for asked, _ in response(call).values()))

    find(trade_calls(("clocked", "joined")), asks_otherwise, settings=SEARCH)


def all_seen(view: CellExpressions, name: str) -> nw.Expr:
    """A time after `as_of` has happened."""
    return view.lazy.there(name)


def strictly_inside(_view: CellExpressions, measured: Measured, interval: Any) -> nw.Expr:
    """A limit does not hold itself."""
    ends = [(operator.gt, interval.low), (operator.lt, interval.high)]
    parts = [compare(measured.values, float(end.amount)) for compare, end in ends if end is not None]
    return parts[0] if len(parts) == 1 else parts[0] & parts[1]


LOG = "{time: at, exclude: [{where: {kind: test}, reason: test}]}"
CRITERIA = """
wait: {measure: {duration: {from: at, to: answered}}, abandoned: {where: {kind: gone}, at: left, counts: by_elapsed}, green: "<= 60 s", yellow: "<= 2 min"}
talk: {measure: {value: talk}, applies: {kind: {not: gone}}, green: ">= 3"}
card: {measure: {checklist: {items: {polite: 30, solved: 70}}}, green: ">= 70 %"}
"""
NOON = pd.Timestamp("2026-01-15 12:00")


def moment(seconds: float | None) -> pd.Timestamp | None:
    return None if seconds is None else NOON + pd.Timedelta(seconds=seconds)


WAITS = [
    *[(0, 60, None), (0, 120, 30), (0, None, 61), (0, None, None), (0, 30, None), (0, 9000, None), (0, None, 9000)],
    (3590, 9000, None),  # still unfinished, and not over its limit
]
ROWS = pd.DataFrame(
    [
        {
            "at": moment(begin),
            "answered": moment(wait),
            "left": moment(left),
            "kind": kind,
            "talk": talk,
            "polite": talk == 3,
            "solved": talk != 3,
        }
        for begin, wait, left in WAITS
        for kind, talk in (("call", 3), ("gone", None), ("test", 5), ("call", float("nan")))
    ]
).astype({"answered": "datetime64[us]", "left": "datetime64[us]", "at": "datetime64[us]"})
NUMBERS = CellExpressions.numbers
WORDS: dict[str, tuple[type, str, Callable[..., Any]]] = {
    "seen": (CellExpressions, "has_time", all_seen),
    "inside": (CellExpressions, "inside", strictly_inside),
    "equal text": (CellExpressions, "equal_text", lambda view, *_: (view.nobody(), view.nobody())),
    "now": (ExpressionView, "now", lambda _view, _per_second: 0),
    "either": (ExpressionView, "either", lambda _view, _rows, one, _other: one),
    "weighed": (ExpressionView, "weight_where", lambda view, rows, _weight: WEIGHED(view, rows, 1)),
    "numbers": (CellExpressions, "numbers", lambda view, name: replace(NUMBERS(view, name), missing=view.nobody())),
}
WEIGHED = ExpressionView.weight_where


def counted(log: Any) -> dict[tuple[str, str], int]:
    """The counts of the small log; none of its rows is brought to pandas."""
    with warnings.catch_warnings():
        warnings.simplefilter("ignore", SvclightNotice)
        card = svclight.score({"p": log}, helpers.definition(CRITERIA, LOG), as_of="2026-01-15 13:00", max_unread=1)
    return (
        card.counts.astype({"zone": str}).groupby(["criterion", "zone"])["count"].sum().loc[lambda n: n > 0].to_dict()
    )


@pytest.mark.parametrize("word", WORDS)
def test_a_word_that_an_engine_answers_wrongly_is_noticed(word, monkeypatch):
    polars = pytest.importorskip("polars")
    right, log = counted(ROWS), polars.from_pandas(ROWS).lazy()
    assert counted(log) == right
    view, name, spoilt = WORDS[word]
    monkeypatch.setattr(view, name, spoilt)
    assert counted(log) != right
