"""Random definitions and random logs: every engine gives the card of the pandas engine and the counts of brute force."""

from __future__ import annotations

import warnings
from functools import cache
from typing import TYPE_CHECKING, Any

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from support import brute_score, strategies
from support.alike import Alike
from support.alike import listed as listed_of
from support.brute_periods import card_marks, marks
from support.brute_score import Call
from support.engines import ENGINES, Bench, Engine, each, to_pandas
from support.native import Typed, as_text, typed
from support.strategies import PROCESS, to_yaml
from support.strategies_events import event_calls
from support.strategies_trade import trade_calls

import svclight
from svclight.errors import LogError, SvclightNotice

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable

    from support.both_routes import Counts
    from support.engines import Table

pytestmark = [
    pytest.mark.once,
    pytest.mark.filterwarnings(
        "ignore:PySpark does not yet fully support pandas:FutureWarning",
        "ignore:fetch_arrow_table:DeprecationWarning",  # ibis calls what DuckDB has renamed
    ),
]
EXAMPLES = settings.default.max_examples
SOME = max(EXAMPLES // 3, 5)
"""Each example is a definition, a log, and its card by every engine: fewer of them for each of many kinds."""
FEW = max(EXAMPLES // 20, 2)
"""Engines that take seconds for each."""
CHECKS = [HealthCheck.too_slow, HealthCheck.data_too_large, HealthCheck.filter_too_much]
PANDAS = ENGINES[0]
FAST = [engine for engine in ENGINES if engine.name in ("duckdb", "polars lazy")]
FILES = [engine for engine in ENGINES if engine.name in ("csv", "json lines", "parquet")]
"""One of each kind; the others differ in how the golden log is written. Of files each example is written as one kind."""
SLOW = [engine for engine in ENGINES if engine.slow]
UNORDERED = ("stand in no order", "keeps no order")
KINDS = ("working", "clocked", "card", "repeat", "joined", "loyalty")


@st.composite
def plain_calls(draw: st.DrawFn) -> tuple[Call, list[str]]:
    """Values, waits, promises, flags and categories, and the columns of a log that may have no rows."""
    case = draw(strategies.cases())
    return Call(case.definition, PROCESS, case.rows, {}, case.as_of, case.period, tuple(case.by)), case.columns


def examples(kind: str) -> st.SearchStrategy[Typed]:
    """Examples of a kind, half of them with cells of text, half with types."""
    if kind == "plain":
        calls = plain_calls()
    else:
        calls = (event_calls() if kind == "events" else trade_calls((kind,))).map(lambda call: (call, []))
    return calls.flatmap(lambda made: st.one_of(st.just(as_text(*made)), typed(*made)))


@pytest.fixture(scope="module")
def bench():
    with Bench() as made:
        yield made


def scored(call: Call, definitions: svclight.Definitions, logs: dict[str, Any]) -> svclight.Scorecard:
    with warnings.catch_warnings():
        warnings.simplefilter("ignore", SvclightNotice)
        options = {"by": call.by, "period": call.period, "as_of": call.as_of, "matured": call.matured}
        return svclight.score(logs, definitions, **{"max_unread": 1, **options})


def counts_of(card: svclight.Scorecard, by: Iterable[str]) -> Counts:
    counts = card.counts
    keys = counts[["criterion", "period", *by, "zone"]].astype(object).fillna("").astype(str)
    return {tuple(key): count for key, count in zip(keys.to_numpy(), counts["count"], strict=True) if count}


def check(example: Typed, engines: list[Engine], bench: Bench) -> None:
    """Holds the card of each engine against that of a frame with what is left of the cells in it."""
    call, definitions = example.call, svclight.loads(to_yaml(example.call.definition))

    @cache
    def expected(sees: Callable[[Table], Table]) -> svclight.Scorecard:
        frames = {name: to_pandas(sees(table)) for name, table in example.tables.items()}
        return scored(call, definitions, frames)

    listed = cache(lambda sees: listed_of(expected(sees)))
    assert counts_of(expected(PANDAS.sees), call.by) == brute_score.counts(call)
    assert card_marks(expected(PANDAS.sees)) == marks(call)
    for engine in engines:
        logs = {name: engine.log(engine.sees(table), bench) for name, table in example.tables.items()}
        try:
            card, alike = scored(call, definitions, logs), Alike(engine)
        except LogError as error:
            if engine.ordered or not any(said in str(error) for said in UNORDERED):
                raise
            continue  # rows that are tied and differ: which one counts cannot be told without an order
        try:
            alike.check(card, expected(engine.sees))
            alike.check_listed(listed_of(card), listed(engine.sees))
        except AssertionError as error:
            error.add_note(f"by {engine}")
            raise


@pytest.mark.hypothesis  # which marks no test whose examples are made inside it
@pytest.mark.parametrize("kind", ["plain", *KINDS, "events"])
def test_engines_agree_with_pandas_and_brute_force(kind: str, bench: Bench) -> None:
    # cards have so many rules that an example takes seconds where an id stands twice
    number = {"plain": EXAMPLES, "card": max(SOME // 3, 3)}.get(kind, SOME)

    @settings(max_examples=number, deadline=None, suppress_health_check=CHECKS)
    @given(example=examples(kind), file=st.sampled_from(FILES))
    def agrees(example: Typed, file: Engine) -> None:
        check(example, [*FAST, file], bench)

    agrees()


@pytest.mark.slow
@pytest.mark.parametrize("engine", each(SLOW, "slow engines"))
@pytest.mark.parametrize("kind", ["plain", "clocked"])
def test_slow_engines_agree_too(engine: Engine, kind: str, bench: Bench) -> None:
    @settings(max_examples=FEW, deadline=None, suppress_health_check=CHECKS)
    @given(example=examples(kind).filter(lambda example: len(example.call.rows) > 3))
    def agrees(example: Typed) -> None:
        check(example, [engine], bench)

    agrees()
