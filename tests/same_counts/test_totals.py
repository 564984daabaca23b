"""Logs of totals: every engine against the brute-force scorer, and what must hold of any log."""

from __future__ import annotations

import itertools
import warnings
from collections import Counter
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from decimal import Decimal
from typing import Any

import pandas as pd
import pytest
import yaml
from hypothesis import HealthCheck, Phase, find, given, settings
from hypothesis import strategies as st
from support.alike import Alike, listed
from support.brute_totals import Fields, Totals, brute_totals
from support.engines import ENGINES, Bench, Column, each, to_pandas

import svclight
from svclight.errors import LogError, SvclightNotice
from svclight.judging import outcomes as judging
from svclight.method import outcomes, totals
from svclight.method.rules import Ladder

pytestmark = [
    pytest.mark.once,
    pytest.mark.filterwarnings(
        "ignore:PySpark does not yet fully support pandas:FutureWarning",
        "ignore:fetch_arrow_table:DeprecationWarning",  # ibis calls what DuckDB has renamed
    ),
]
GROUP = "totals"
ZONE = "Europe/Berlin"
FIRST = datetime(2026, 1, 31, 22, 30, tzinfo=UTC)  # half an hour before February in Berlin
COLUMNS = ("Offered", "In time", "Late", "Gone", "Unknown")
NAMES = ("offered", "in_time", "late", "gone", "unknown")
WRITTEN = {"text": str, "decimal": Decimal, "number": float, "whole": int}
OTHERS = [engine for engine in ENGINES if engine.name != "pandas"]
MANY = settings.default.max_examples
FEW = max(MANY // 4, 5)
"""For engines, each of which takes a second for a log."""


@dataclass(frozen=True)
class Case:
    """A log of totals and what is counted in it."""

    rows: list[dict[str, Any]]
    fields: Fields
    criteria: dict[str, Totals]
    as_of: datetime | None

    def definition(self) -> svclight.Definitions:
        fields: dict[str, Any] = {"at": {"time": "at"}, "queue": {"text": "queue"}, "kind": {"text": "kind"}}
        fields |= {name: {"number": column} for name, column in self.fields.columns.items()}
        for key, made in (("sum", self.fields.sums), ("difference", self.fields.differences)):
            zero = {name: {"empty": 0} if name in self.fields.empty_is_0 else {} for name in made}
            fields |= {name: {key: parts, **zero[name]} for name, parts in made.items()}
        log = {"rows": "totals", "time": "at", "segments": ["queue"], "fields": fields}
        log["exclude"] = [{"where": {"kind": "test"}, "reason": "a test"}]
        criteria = {
            name: {
                "measure": {"totals": one.states},
                **({} if one.applies is None else {"applies": {"kind": one.applies}}),
            }
            for name, one in self.criteria.items()
        }
        process = {"title": "P", "log": log, "criteria": criteria}
        return svclight.loads(yaml.safe_dump({"svclight": 1, "time_zone": ZONE, "processes": {"p": process}}))

    def table(self, kind: str = "number") -> dict[str, Column]:
        words = {name: Column("text", [row[name] for row in self.rows]) for name in ("queue", "kind")}
        cells = {name: [row[name] for row in self.rows] for name in COLUMNS}
        numbers = {
            name: Column(kind, [WRITTEN[kind](cell) if cell is not None else None for cell in column])
            for name, column in cells.items()
        }
        return {"at": Column("instant", [row["at"] for row in self.rows]), **words, **numbers}

    def score(self, log: Any, *, by: tuple[str, ...] = ("queue",)) -> svclight.Scorecard:
        with warnings.catch_warnings():
            warnings.simplefilter("ignore", SvclightNotice)
            return svclight.score(log, self.definition(), by=by, as_of=self.as_of, max_unread=1)


def numbers() -> st.SearchStrategy[Any]:
    """Counts, few and many; now and then nothing, or a number that is no count."""
    rare = st.sampled_from([None, None, -1, 2.5, 2.0**53, float("nan")])
    return st.one_of(st.integers(0, 9), st.integers(0, 9), st.integers(0, 2**53 - 1), rare)


@st.composite
def cases(draw: st.DrawFn) -> Case:
    count = draw(st.integers(0, 6))
    rows = [
        {
            "at": draw(st.one_of(st.none(), st.integers(0, 70).map(lambda hours: FIRST + timedelta(hours=hours)))),
            "queue": draw(st.sampled_from(["a", "b", None])),
            "kind": draw(st.sampled_from(["call", "call", "mail", "test"])),
            **{name: draw(numbers()) for name in COLUMNS},
        }
        for _ in range(count)
    ]
    sums = {"both": ["late", "gone"], "nested": ["unknown", "rest"]}
    differences = {"rest": ["offered", "in_time"], "wide": ["offered", "late", "gone"]}
    fields = Fields(
        dict(zip(NAMES, COLUMNS, strict=True)),
        sums,
        differences,
        frozenset(draw(st.sets(st.sampled_from([*sums, *differences])))),
    )
    criteria = {}
    for name in ("one", "two"):
        chosen = draw(st.lists(st.sampled_from([*NAMES, *sums, *differences]), min_size=1, max_size=4, unique=True))
        states = [draw(st.sampled_from(["green", "yellow", "red", "missing"])) for _ in chosen]
        states[0] = "green" if states[0] == "missing" else states[0]
        pairs = sorted(zip(states, chosen, strict=True))
        by_state = {state: [field for _, field in group] for state, group in itertools.groupby(pairs, lambda p: p[0])}
        criteria[name] = Totals(by_state, draw(st.sampled_from([None, "call"])))
    as_of = draw(st.sampled_from([None, FIRST + timedelta(hours=35)]))
    return Case(rows, fields, criteria, as_of)


def expected_of(case: Case, *, by: tuple[str, ...]) -> tuple[dict[str, Counter[Any]], bool]:
    """What the brute-force scorer counts, and whether a sum is below 0."""
    rows = case.rows if by else [{**row, "queue": None} for row in case.rows]
    as_of = case.as_of
    if as_of is None:  # the newest anchor
        as_of = max((row["at"] for row in rows if row["at"] is not None), default=None)
    found = {name: brute_totals(rows, case.fields, one, zone=ZONE, as_of=as_of) for name, one in case.criteria.items()}
    return {name: counts for name, (counts, _) in found.items()}, any(below for _, below in found.values())


def counted(card: svclight.Scorecard) -> dict[str, Counter[Any]]:
    """The counts of a card with their reasons, by criterion."""
    by = card.by
    found: dict[str, Counter[Any]] = {}
    for name, mine in card.counts.groupby("criterion", observed=True):
        found[str(name)] = Counter({(*key, ""): count for *key, count in words(mine, "period", *by, "zone", "count")})
    for name, *where, zone, reason, count in words(card.reasons, "criterion", "period", *by, "zone", "reason", "count"):
        found[name][*where, zone, reason] += count
        found[name][*where, zone, ""] -= count
    return {name: Counter({key: count for key, count in one.items() if count}) for name, one in found.items()}


def words(table: pd.DataFrame, *columns: str) -> list[list[Any]]:
    """Some columns row by row; the empty word where a cell is missing."""
    return table[list(columns)].astype(object).fillna("").to_numpy().tolist()


def check_case(case: Case, log: Any, *, by: tuple[str, ...] = ("queue",)) -> svclight.Scorecard | None:
    expected, below = expected_of(case, by=by)
    if below:
        with pytest.raises(LogError, match="adds up to less than 0"):
            case.score(log, by=by)
        return None
    card = case.score(log, by=by)
    found = counted(card)
    for name, counts in expected.items():
        wanted = Counter({(*key[: 1 + len(by)], *key[2:]): 0 for key in counts})
        for (month, queue, state, reason), number in counts.items():
            wanted[(month, *([queue] if by else []), state, reason)] += number
        assert found.get(name, Counter()) == Counter({key: number for key, number in wanted.items() if number}), name
    return card


@settings(deadline=None, suppress_health_check=list(HealthCheck))
@given(cases(), st.sampled_from([(), ("queue",)]))
def test_pandas_counts_as_by_hand(case, by):
    check_case(case, to_pandas(case.table()), by=by)


@pytest.fixture(scope="module")
def bench():
    with Bench() as made:
        yield made


@pytest.mark.parametrize("engine", each([engine for engine in OTHERS if not engine.slow], GROUP))
@settings(deadline=None, max_examples=FEW, suppress_health_check=list(HealthCheck))
@given(case=cases(), by=st.sampled_from([(), ("queue",)]))
def test_engines_count_as_by_hand(engine, bench, case, by):
    check_engine(engine, bench, case, by)


@pytest.mark.parametrize("engine", each([engine for engine in OTHERS if engine.slow], GROUP))
@settings(deadline=None, max_examples=5, suppress_health_check=list(HealthCheck))
@given(case=cases(), by=st.sampled_from([(), ("queue",)]))
def test_slow_engines_count_as_by_hand(engine, bench, case, by):
    check_engine(engine, bench, case, by)


def check_engine(engine, bench, case, by):
    table = engine.sees(case.table())
    found = check_case(case, engine.log(table, bench), by=by)
    if found is not None and case.rows:
        expected = case.score(to_pandas(table), by=by)
        Alike(engine).check(found, expected)
        Alike(engine).check_listed(listed(found), listed(expected))


def few(*rows: tuple[Any, ...], kind: str = "number", **states: list[str]) -> tuple[Case, dict[str, Column]]:
    """A case of rows of day, queue, and the five numbers."""
    made = [
        {"at": FIRST + timedelta(days=day), "queue": queue, "kind": "call", **dict(zip(COLUMNS, counts, strict=True))}
        for day, queue, *counts in rows
    ]
    fields = Fields(dict(zip(NAMES, COLUMNS, strict=True)), {}, {"rest": ["offered", "in_time"]})
    case = Case(made, fields, {"c": Totals(states)}, None)
    return case, case.table(kind)


@pytest.mark.parametrize("engine", each([engine for engine in ENGINES if not engine.slow], GROUP))
def test_an_empty_number_beside_small_ones_is_no_count(engine, bench):
    # Parquet's statistics of 0 and NaN are 0 to 0, and an engine may take them for all that is there
    case, _ = few((1, "a", 0, 0, 0, 0, 0), (1, "a", 0, 0, 0, float("nan"), 0), green=["offered"], red=["gone"])
    check_engine(engine, bench, case, ())


@pytest.mark.parametrize("kind", ["number", "whole", "decimal", "text"])
@pytest.mark.parametrize("engine", each(ENGINES, GROUP, quick=("ibis",)))
def test_large_counts_are_exact(engine, kind, bench):
    # 3 * (2^53 - 1) = 27,021,597,764,222,973 has no double of its own
    most = 2**53 - 1 if kind != "decimal" else 10**14
    case, table = few(*[(day, "a", most, most, 0, 0, 0) for day in (1, 2, 3)], green=["offered"], red=["gone"])
    for by in ((), ("queue",)):
        card = case.score(engine.log(engine.sees(table), bench), by=by)
        assert card.counts.loc[card.counts["zone"] == "green", "count"].tolist() == [3 * most]


@pytest.mark.parametrize("engine", each(ENGINES, GROUP, quick=("ibis",)))
def test_text_that_is_no_count_gives_nothing(engine, bench):
    case, table = few(*[(day, "a", 10, 1, 0, 0, 0) for day in range(6)], green=["offered"], red=["in_time"])
    cells = ["10", "ten", "-1", "2.5", "", None]
    table = {**table, "Offered": Column("text", cells)}
    card = case.score(engine.log(engine.sees(table), bench), by=())
    counts = card.counts.groupby("zone", observed=False)["count"].sum()
    # the first row alone is read: 10 green and 1 red
    assert counts[counts != 0].to_dict() == {"green": 10, "red": 1}


@settings(deadline=None, max_examples=MANY, suppress_health_check=list(HealthCheck))
@given(cases(), st.data())
def test_two_halves_give_what_the_whole_gives(case, data):
    # the moment from which both are seen must be the same
    case = Case(case.rows, case.fields, case.criteria, FIRST + timedelta(hours=35))
    frame = to_pandas(case.table())
    first = pd.Series([data.draw(st.booleans()) for _ in case.rows], dtype=bool, index=frame.index)
    try:
        whole = counted(case.score(frame))
        halves = [counted(case.score(frame[half])) for half in (first, ~first)]
    except LogError as error:
        assert "adds up to less than 0" in str(error)  # noqa: PT017 - either of the three may be
        return
    for name in case.criteria:
        both: Counter[Any] = Counter()
        for half in halves:
            both.update(half.get(name, {}))
        assert {key: number for key, number in both.items() if number} == dict(whole.get(name, {}))


@settings(deadline=None, max_examples=MANY, suppress_health_check=list(HealthCheck))
@given(cases())
def test_a_criterion_adds_up_to_the_sum_of_its_fields(case):
    try:
        card = case.score(to_pandas(case.table()))
    except LogError:
        return
    for name, one in case.criteria.items():
        names = [field for fields in one.states.values() for field in fields]
        each_row = [[case.fields.number(field, row) for field in names] for row in case.rows]
        known = [sum(row) for row in each_row if not {None, "unread"} & set(row)]
        assert card.counts.loc[card.counts["criterion"] == name, "count"].sum() == sum(known)
        shown = card.interactions("p", name)
        assert shown["weight"].sum() == sum(known)
        assert (shown["weight"] != 0).all()


def test_a_count_of_rows_one_by_one_gives_the_same():
    # each interaction as a row of its own, with its zone as a category: the same shares
    states = {"green": ["in_time"], "yellow": ["late"], "red": ["gone"], "missing": ["unknown"]}
    case, table = few((1, "a", 5, 3, 1, 1, 2), (2, "b", 4, 4, 0, 2, 0), **states)
    card = case.score(to_pandas(table))
    singles = [
        {"at": row["at"], "queue": row["queue"], "what": name}
        for row in case.rows
        for name, column in case.fields.columns.items()
        for _ in range(row[column] if name != "offered" else 0)
    ]
    text = f"""
svclight: 1
time_zone: {ZONE}
processes:
  p:
    title: P
    log: {{time: at, segments: [queue]}}
    criteria:
      c: {{measure: {{category: what}}, green: [in_time], yellow: [late], red: [gone]}}
"""
    other = svclight.score(pd.DataFrame(singles), svclight.loads(text), by="queue")
    pd.testing.assert_frame_equal(card.counts, other.counts)
    pd.testing.assert_frame_equal(card.shares(), other.shares())


def spoilt_shares(criterion: Any, view: Any) -> tuple[Any, ...]:
    """A row with an empty cell adds its other numbers."""
    states = criterion.measure.totals.states
    return tuple(
        totals.Share(
            name, state, "" if state != "missing" else f"counted in {name}", totals.counts_of(name, view).values
        )
        for name, state in states.items()
    )


def ladder_without_times(criterion: Any, view: Any) -> Any:
    """A row without a time has zones."""
    return Ladder(outcomes.rows_not_applying(criterion, view))


def ladder_for_all(criterion: Any, view: Any) -> Any:
    """A criterion applies to every row."""
    return totals.totals_ladder(criterion.model_copy(update={"applies": None}), view)


@pytest.mark.parametrize(
    ("word", "spoilt"),
    [("shares_of", spoilt_shares), ("totals_ladder", ladder_without_times), ("totals_ladder", ladder_for_all)],
)
def test_a_spoilt_rule_is_noticed(word, spoilt, monkeypatch):
    monkeypatch.setattr(judging, word, spoilt)

    def differs(case: Case) -> bool:
        expected, below = expected_of(case, by=())
        try:
            found = counted(case.score(to_pandas(case.table()), by=()))
        except LogError:
            return not below
        return below or any(found.get(name, Counter()) != one for name, one in without_queues(expected).items())

    find(cases(), differs, settings=settings(max_examples=400, database=None, deadline=None, phases=[Phase.generate]))


def without_queues(expected: dict[str, Counter[Any]]) -> dict[str, Counter[Any]]:
    """Counts by hand with the keys that `counted` gives where nothing is split."""
    made = {name: Counter() for name in expected}
    for name, counts in expected.items():
        for (month, _, state, reason), number in counts.items():
            made[name][month, state, reason] += number
    return {name: Counter({key: number for key, number in one.items() if number}) for name, one in made.items()}
