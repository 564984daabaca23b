"""One log with every trap, through every engine: the same card as by the pandas engine, and as counted by hand."""

from __future__ import annotations

import warnings
from functools import cache
from typing import TYPE_CHECKING, Any

import pytest
from support.alike import Alike
from support.alike import listed as listed_of
from support.engines import ENGINES, Bench, Engine, Table, as_text, each, to_duckdb, to_pandas, where
from support.golden import AS_OF, NAN, ZONES, definition, golden_rows, row, table_of

import svclight
from svclight.errors import LogError, SvclightNotice
from svclight.thresholds import STATES

if TYPE_CHECKING:
    from collections.abc import Callable

pytestmark = [
    pytest.mark.once,
    pytest.mark.filterwarnings(
        "ignore:PySpark does not yet fully support pandas:FutureWarning",
        "ignore:fetch_arrow_table:DeprecationWarning",  # ibis calls what DuckDB has renamed
    ),
]
TABLE = table_of(golden_rows())
CALLS: dict[str, dict[str, Any]] = {
    "by kind": {"by": ["kind"], "as_of": AS_OF},
    "by team, newest time": {"by": ["team", "kind"]},
    "by weekday and flag, weeks": {"by": ["weekday", "solved"], "period": "week", "as_of": "2026-02-01", "zone": 1},
    "by number and date, years": {"by": ["points", "promised"], "period": "year", "as_of": AS_OF, "zone": 2},
    "by day, matured": {"by": ["day_called", "said"], "period": "day", "as_of": "2026-01-20 12:00", "matured": True},
    "in New York": {"period": "quarter", "as_of": AS_OF, "zone": 2},
    "in Kathmandu": {"as_of": AS_OF, "zone": 1},
}
FEW = ("by kind", "by team, newest time")
OTHERS = [engine for engine in ENGINES if engine.name != "pandas"]
GROUP = "golden"
ENGINES_CALLS = [
    pytest.param(
        engine,
        call,
        id=f"{engine}, {call}",
        marks=[
            where(engine, GROUP),
            *([pytest.mark.slow] if call != "by kind" or engine.is_late or engine.name == "spark" else []),
        ],
    )
    for engine in OTHERS
    for call in CALLS
    if engine.tried_often or call in FEW
]


@pytest.fixture(scope="module")
def bench():
    with Bench() as made:
        yield made


def score(log: Any, text: str, **options: Any) -> svclight.Scorecard:
    with warnings.catch_warnings():
        warnings.simplefilter("ignore", SvclightNotice)
        return svclight.score(log, svclight.loads(text), **{"max_unread": 1, **options})


def called(log: Any, call: str) -> svclight.Scorecard:
    options = dict(CALLS[call])
    return score(log, definition(ZONES[options.pop("zone", 0)]), **options)


@pytest.fixture(scope="module")
def cards(bench):
    """The card of an engine for a call, made once."""

    @cache
    def card(engine: Engine, call: str, sees: Callable[[Table], Table]) -> svclight.Scorecard:
        return called(engine.log(sees(TABLE), bench), call)

    return card


@pytest.fixture(scope="module")
def listed(cards):
    """All interactions behind a card, listed once."""
    return cache(lambda *which: listed_of(cards(*which)))


PANDAS = ENGINES[0]


@pytest.mark.parametrize(("engine", "call"), ENGINES_CALLS)
def test_the_card_is_the_same(engine, call, cards):
    found = cards(engine, call, engine.sees)
    # what is left of the table in the engine, word for word; and all of it, but for how a cell is written
    Alike(engine).check(found, cards(PANDAS, call, engine.sees))
    Alike(engine, reasons=False).check(found, cards(PANDAS, call, PANDAS.sees))


@pytest.mark.parametrize("call", ["by kind", pytest.param("by team, newest time", marks=pytest.mark.slow)])
@pytest.mark.parametrize("engine", each(OTHERS, GROUP))
def test_the_card_of_cells_of_text_is_the_same(engine, call, cards):
    Alike(engine).check(cards(engine, call, as_text), cards(PANDAS, call, as_text))


@pytest.mark.parametrize("sees", [None, as_text], ids=["typed", "text"])
@pytest.mark.parametrize("engine", each(OTHERS, GROUP))
def test_interactions_are_the_same(engine, sees, listed):
    sees = sees or engine.sees
    Alike(engine).check_listed(listed(engine, "by kind", sees), listed(PANDAS, "by kind", sees))


# each cell by hand: green, yellow, red, pending, missing, not applicable, excluded
BY_HAND = {
    # 29.999 and 30 | 30.001, 60 and, in February, 60 | 60.001 twice | NaN twice, null, two infinities, -1
    ("wait", "limits"): (2, 3, 2, 0, 6, 0, 0),
    # 29.999 | 30, 30.001 | 60, 60.001 and 60, 60.001 in February, as < leaves out its limit
    ("wait_excluded", "limits"): (1, 2, 4, 0, 6, 0, 0),
    # 30, 30.001, 60, 60 | 29.999, 60.001, 60.001
    ("wait_band", "limits"): (4, 3, 0, 0, 6, 0, 0),
    # in January Köln's rule, up to 20 and 40 s: none | 29.999, 30, 30.001 | 60, 60.001; in February 60 | | 60.001
    ("wait_dated", "limits"): (1, 3, 3, 0, 6, 0, 0),
    # a weight of 0 and one of 1 | 2 | 3; weights of -1 and null are rejected
    ("wait", "weights"): (1, 2, 3, 0, 0, 0, 0),
    # gave up after 5, 5.001, 20, 30, 60, 90 s and an unknown time
    ("wait", "gone"): (0, 0, 7, 0, 0, 0, 0),
    ("wait_elapsed", "gone"): (4, 1, 1, 0, 1, 0, 0),
    ("wait_excluded", "gone"): (0, 0, 0, 0, 0, 0, 7),
    ("wait_short", "gone"): (0, 0, 5, 0, 1, 0, 1),
    ("wait_green", "gone"): (0, 0, 2, 0, 1, 0, 4),
    # all within the hour, but for the one of whom it is not known
    ("answer_time", "gone"): (6, 0, 0, 0, 1, 0, 0),
    ("answer_early", "gone"): (0, 0, 5, 0, 1, 0, 1),
    # from noon to midnight of another month is red; two rows that were called later than answered are missing
    ("answer_time", "months"): (0, 0, 6, 0, 2, 0, 0),
    # Berlin: 01:30 +02:00 to 02:30 UTC is 3 h, 03:00 +01:00 to then half an hour; 01:30 +01:00 to 01:30 UTC one hour,
    # 03:00 +02:00 to then half an hour; 02:30 of either night is not certain; 5 rows have no answer and are months old
    ("answer_time", "clock"): (3, 1, 5, 0, 2, 0, 0),
    # 1 h and 24 h | 1 ns more, 365 d | 1 ns more | 1 ns before it began
    ("long", "long"): (2, 2, 1, 0, 1, 0, 0),
    # answered within half an hour twice, and at as_of after 1 h; open for 1 h, 3 h, half an hour (the answer is still to
    # come) and no time is pending, for 1 µs over 3 h red; one begins 1 µs after as_of
    ("answer_time", "open"): (3, 0, 1, 4, 0, 0, 1),
    # x: 45 stays of 10, 45, 90; y: 45, as the other has no stamp; z: 10, as 90 is still to come; x / 2 and one without
    # an id are 90; two that are the same and missing count once
    ("wait", "repeats"): (1, 2, 2, 0, 1, 0, 5),
    # three phantoms; tests of 10 s, of an unknown time (not over 100 is plain negation) and 100 s, not of 101 s
    ("wait", "left"): (0, 0, 1, 0, 0, 0, 6),
}


@pytest.mark.parametrize("engine", each(ENGINES, GROUP, quick=("ibis",)))
def test_cells_counted_by_hand(engine, cards):
    counts = cards(engine, "by kind", engine.sees).counts
    found = {}
    for criterion, kind in BY_HAND:
        cell = counts[(counts["criterion"] == criterion) & (counts["kind"] == kind)]
        found[criterion, kind] = tuple(int(cell.loc[cell["zone"] == zone, "count"].sum()) for zone in STATES)
    assert found == BY_HAND


# 18:14:59.999999, 18:15, 22:59:59.999999, 23:00, 04:59:59.999999, 05:00 UTC; the two others are answered on 15 January
MONTHS_BY_HAND = {
    "by kind": {"2026-01": 3 + 2, "2026-02": 3},  # Berlin: midnight is 23:00
    "in Kathmandu": {"2026-01": 1 + 2, "2026-02": 5},  # midnight is 18:15
    "in New York": {"2026-01": 5 + 2, "2026-02": 1},  # midnight is 05:00
}


@pytest.mark.parametrize("call", MONTHS_BY_HAND)
@pytest.mark.parametrize("engine", each([engine for engine in ENGINES if not engine.slow], GROUP))
def test_month_ends_counted_by_hand(engine, call, bench):
    rows = [one for one in golden_rows() if one["kind"] == "months"]
    log = engine.log(engine.sees(table_of(rows)), bench)
    counts = score(log, definition(ZONES[CALLS[call].get("zone", 0)]), as_of=AS_OF).counts
    picked_up = counts[counts["criterion"] == "picked_up"]
    assert picked_up.groupby("period", observed=True)["count"].sum().to_dict() == MONTHS_BY_HAND[call]


@pytest.mark.xdist_group(GROUP)
def test_null_and_nan_are_both_there(bench):
    waits = [cell for cell in TABLE["wait"].cells if cell is None or cell != cell]  # noqa: PLR0124
    nulls, nans = waits.count(None), len(waits) - waits.count(None)
    assert nulls > 3
    assert nans > 3
    connection = bench.duckdb
    to_duckdb(TABLE, bench).create_view("here")
    seen = 'count(*) FILTER (isnan("wait")), count(*) FILTER ("wait" IS NULL)'
    files = {engine.name: engine.log(TABLE, bench) for engine in ENGINES if engine.name.startswith("parquet")}
    for source in ('"here"', *(f"read_parquet('{path}')" for path in files.values())):
        assert connection.execute(f"SELECT {seen} FROM {source}").fetchall() == [(nans, nulls)]
    polars = next(engine for engine in ENGINES if engine.name == "polars").log(TABLE, bench)["wait"]
    assert (polars.is_nan().sum(), polars.is_null().sum()) == (nans, nulls)


@pytest.mark.parametrize("engine", each(ENGINES, GROUP))
def test_nan_that_statistics_leave_out_is_no_good_value(engine, bench):
    # the statistics of a Parquet file may say that all values are 1 to 10 s, and an engine may believe it
    table = engine.sees(table_of([row(wait=wait) for wait in (1.0, NAN, 10.0, None)]))
    wait = score(engine.log(table, bench), PLAIN, as_of=AS_OF).counts[:7].set_index("zone")["count"]
    assert (wait["green"], wait["missing"], wait["red"]) == (2, 2, 0)


FILTERS: tuple[dict[str, Any], ...] = (
    {"criterion": "wait", "zone": "red"},
    {"criterion": "answer_time", "zone": "pending", "period": "2026-03"},
    {"criterion": "book", "where": {"kind": "limits"}},
    {"criterion": "picked_up", "period": "", "where": {"kind": ""}},
    {"zone": "excluded", "pseudonymise": "secret"},
)


@pytest.mark.parametrize("engine", each(OTHERS, GROUP, quick=("ibis",)))
def test_interactions_that_are_asked_for_are_the_same(engine, cards):
    here, there = cards(engine, "by kind", engine.sees), cards(PANDAS, "by kind", engine.sees)
    for asked in FILTERS[: 2 if engine.slow else None]:
        expected = there.interactions("desk", **asked)
        assert len(expected)
        found = here.interactions("desk", **asked)
        if "pseudonymise" in asked:  # rows without an id are called by their place, which differs
            found, expected = (
                one[one["id"].isin(expected["id"]) & one["id"].isin(found["id"])] for one in (found, expected)
            )
            found, expected = (one.reset_index(drop=True) for one in (found, expected))
        Alike(engine).check_listed(found, expected)


PLAIN = """
svclight: 1
time_zone: Europe/Berlin
processes:
  desk:
    title: Desk
    log:
      id: [id, part]
      time: called
      fields: {called: {time: called}, waited: {number: wait, unit: s}, points: {number: points}}
    criteria:
      wait: {measure: {value: waited}, green: "<= 30 s", yellow: "<= 1 min"}
      points: {measure: {value: points}, green: ">= 4", applies: {team: {not: KÖLN}}}
"""


@pytest.mark.parametrize("engine", each(OTHERS, GROUP))
def test_rows_that_are_the_same_count_once(engine, bench):
    # a null and a NaN are both missing; the stamp is not used and may differ
    rows = [row(id="a", wait=None), row(id="a", wait=NAN, stamp=None), row(id="a", part=2, wait=NAN), row(id="b")]
    rows += [row(id="b", team=team) for team in ("Köln", "Köln")] + [row(wait=1.0), row(wait=1.0)]
    table = engine.sees(table_of(rows))
    found = score(engine.log(table, bench), PLAIN, as_of=AS_OF)
    Alike(engine).check(found, score(to_pandas(table), PLAIN, as_of=AS_OF))
    wait = found.counts[found.counts["criterion"] == "wait"].set_index("zone")["count"]
    # b and the two without an id | a twice, as 1 and 2 | one of a, two of b
    assert wait[["green", "missing", "excluded"]].tolist() == [3, 2, 3]


@pytest.mark.parametrize("engine", each(OTHERS, GROUP))
def test_rows_that_share_an_id_and_differ_are_an_error(engine, bench):
    rows = [row(id="a"), row(id="a", wait=11.0), row(id="b"), row(id="c"), row(id="c", team=None)]
    log = engine.log(engine.sees(table_of(rows)), bench)
    with pytest.raises(LogError, match="2 ids stand in rows that differ") as raised:
        score(log, PLAIN, as_of=AS_OF)
    assert "wait" in str(raised.value)
    assert "team" in str(raised.value)


@pytest.mark.parametrize("engine", each(OTHERS, GROUP))
def test_a_log_without_rows_is_the_same(engine, bench):
    table = engine.sees(table_of([]))
    found, expected = (score(log, PLAIN) for log in (engine.log(table, bench), to_pandas(table)))
    Alike(engine).check(found, expected)
    assert not len(found.counts)


@pytest.mark.parametrize("engine", each(OTHERS, GROUP))
def test_a_date_with_two_readings_is_an_error(engine, bench):
    log = engine.log(engine.sees(table_of([row(), row(placed="03/04/2026 12:00")])), bench)
    with pytest.raises(LogError, match="not ISO 8601 and have no `format`"):
        score(log, definition(), as_of=AS_OF)


@pytest.mark.parametrize("engine", each(OTHERS, GROUP))
def test_a_column_that_is_not_there_is_an_error(engine, bench):
    table = table_of([row()])
    del table["wait"]
    with pytest.raises(LogError, match='the log has no column "wait"'):
        score(engine.log(engine.sees(table), bench), PLAIN)
