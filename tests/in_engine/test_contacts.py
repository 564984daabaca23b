"""Later contacts in engines: counted there, with no row brought to pandas; a row that pandas must judge takes its
customer's rows with it, and no others."""

from __future__ import annotations

import random
import warnings
from datetime import UTC, datetime, timedelta
from typing import Any

import pandas as pd
import pytest
from support.alike import Alike
from support.alike import listed as listed_of
from support.engines import ENGINES, Bench, Column, Engine, Table, each, to_duckdb, to_pandas, to_polars

import svclight
from svclight.errors import SvclightNotice

pytestmark = [
    pytest.mark.once,
    pytest.mark.filterwarnings(
        "ignore:PySpark does not yet fully support pandas:FutureWarning",
        "ignore:fetch_arrow_table:DeprecationWarning",  # ibis calls what DuckDB has renamed
    ),
]
KINDS = {
    "called": "instant",
    "customer_id": "text",
    "topic": "text",
    "number": "whole",
    "n": "whole",
    "spam": "flag",
    "waited": "number",
    "team": "text",
}
DEFINITION = """
svclight: 1
time_zone: Europe/Berlin
processes:
  desk:
    title: Desk
    log:
      time: called
      customer: customer_id
      weight: n
      id: number
      exclude: [{{where: {{spam: true}}, reason: spam}}]
      segments: [team]
      missing: [unknown]
      fields: {{waited: {{number: waited, unit: s}}}}
    criteria:
      again: {{measure: {{repeat: {{within: 7 d, same: [customer, topic]}}}}, green: "<= 0", yellow: "<= 2"}}
      solved: {{measure: {{repeat: {{within: 30 d, same: [customer], first_only: true}}}}, green: "<= 0"}}
      back: {{measure: {{repeat: {{within: 90 d, same: [{third}]}}}}, green: ">= 1"}}
      wait: {{measure: {{value: waited}}, green: "<= 30 s"}}
      all: {{measure: {{worst: [again, wait]}}}}
"""
DESK = DEFINITION.format(third="customer, team")
POLARS, DUCKDB = (next(one for one in ENGINES if one.name == name) for name in ("polars lazy", "duckdb"))


@pytest.fixture(scope="module")
def bench():
    with Bench() as made:
        yield made


def drawn(seed: int, *, tied: bool = False, rows: int = 300) -> Table:
    """Contacts of some customers within half a year; with `tied` several of a customer at the same moment."""
    rng = random.Random(seed)  # noqa: S311 - rows are made up
    first = datetime(2026, 1, 1, tzinfo=UTC)
    made: dict[str, list[Any]] = {name: [] for name in KINDS}
    for place in range(rows):
        # each row a second of its own, unless they may be tied: on whole days, so that windows end on contacts
        apart = timedelta() if tied else timedelta(seconds=place)
        made["called"].append(None if rng.random() < 0.03 else first + timedelta(days=rng.randrange(180)) + apart)
        made["customer_id"].append(rng.choice([None, "", "unknown", *(f"c{number}" for number in range(40))]))
        made["topic"].append(rng.choice(["bill", "line", "move", None]))
        made["number"].append(place)
        made["n"].append(rng.choice([1, 1, 2, 0]))
        made["spam"].append(rng.random() < 0.05)
        made["waited"].append(rng.choice([10.0, 30.0, 31.0]))
        made["team"].append(rng.choice(["a", "b"]))
    return {name: Column(kind, made[name]) for name, kind in KINDS.items()}


def changed(table: Table, name: str, cells: dict[int, Any]) -> Table:
    return table | {
        name: Column(table[name].kind, [cells.get(place, cell) for place, cell in enumerate(table[name].cells)])
    }


def scored(log: Any, text: str = DESK, **options: Any) -> tuple[svclight.Scorecard, list[str]]:
    """The card, and the notices about rows that left their engine."""
    with warnings.catch_warnings():
        warnings.simplefilter("ignore", SvclightNotice)
        card = svclight.score(log, svclight.loads(text), **{"by": ["team"], "as_of": "2026-06-01", **options})
    return card, [notice for notice in card.provenance.notices if "brought from" in notice]


def check(engine: Engine, table: Table, bench: Bench, text: str = DESK, **options: Any) -> list[str]:
    """Holds the card of the engine against that of the pandas engine; the notices about rows that left it."""
    card, left = scored(engine.log(engine.sees(table), bench), text, **options)
    expected, _ = scored(to_pandas(engine.sees(table)), text, **options)
    Alike(engine).check(card, expected)
    return left


OTHERS = [engine for engine in ENGINES if engine.name != "pandas"]


@pytest.mark.parametrize("options", [{}, {"as_of": None, "period": "week", "matured": True}], ids=["months", "weeks"])
@pytest.mark.parametrize("engine", each(OTHERS, "contacts"))
def test_contacts_are_counted_in_the_engine(engine, options, bench):
    assert check(engine, drawn(1), bench, **options) == []


@pytest.mark.parametrize("seed", range(5))
def test_the_order_of_rows_decides_between_contacts_at_the_same_time(seed, bench):
    assert check(POLARS, drawn(seed, tied=True), bench) == []


@pytest.mark.parametrize("engine", each([engine for engine in OTHERS if not engine.ordered], "contacts"))
def test_tied_contacts_of_a_table_without_an_order_come_with_their_customers(engine, bench):
    table = drawn(2)
    one = table["customer_id"].cells.index("c7")
    other = table["customer_id"].cells.index("c7", one + 1)
    when = datetime(2026, 3, 1, tzinfo=UTC)
    table = changed(table, "called", {one: when, other: when})
    alike = {"topic": "bill", "spam": False, "n": 1, "waited": 10.0, "team": "a"}  # so that the order does not matter
    for name, cell in alike.items():
        table = changed(table, name, {one: cell, other: cell})
    (left,) = check(engine, table, bench)
    assert left.startswith(f"{table['customer_id'].cells.count('c7')} rows were brought from ")


@pytest.mark.parametrize("engine", each([POLARS, DUCKDB], "contacts"))
def test_a_row_that_pandas_must_judge_brings_the_rows_of_its_customer(engine, bench):
    table = drawn(3)
    one, other = table["customer_id"].cells.index("c7"), table["customer_id"].cells.index("c9")
    table = changed(table, "waited", {one: float("inf")})
    (left,) = check(engine, table, bench)
    count = table["customer_id"].cells.count("c7")
    assert left.startswith(f"{count} rows were brought from ")
    # two rows of one id, of which the older is left out, are of two customers
    table = changed(drawn(3), "number", {one: 1000, other: 1000})
    text = DESK.replace("id: number", "id: number\n      repeated_ids: {keep: last, by: called}")
    (left,) = check(engine, table, bench, text)
    assert left.startswith(f"{count + table['customer_id'].cells.count('c9')} rows were brought from ")
    # a row without a customer is nobody's
    table = changed(drawn(3), "waited", {table["customer_id"].cells.index(None): float("inf")})
    (left,) = check(engine, table, bench)
    assert left.startswith("1 row was brought from ")


@pytest.mark.parametrize("engine", each([POLARS, DUCKDB], "contacts"))
def test_interactions_are_judged_among_all_of_their_customer(engine, bench):
    table = drawn(4)
    card, _ = scored(engine.log(table, bench))
    expected, _ = scored(to_pandas(table))
    Alike(engine).check_listed(listed_of(card), listed_of(expected))
    for wanted in ({"zone": "red"}, {"period": "2026-02"}, {"zone": "yellow", "period": "2026-03"}):
        rows, others = (one.interactions("desk", "again", **wanted) for one in (card, expected))
        columns = ["id", "value", "zone", "reason"]
        assert sorted(map(str, rows[columns].to_numpy().tolist())) == sorted(
            map(str, others[columns].to_numpy().tolist())
        )


@pytest.mark.parametrize("engine", each([POLARS, DUCKDB], "contacts"))
@pytest.mark.parametrize("column", ["customer_id", "topic"])
def test_blanks_are_part_of_an_id_and_no_part_of_a_word(engine, column, bench):
    table = drawn(5)
    padded = {place: f" {cell}\t" for place, cell in enumerate(table[column].cells) if cell and place % 3 == 0}
    assert check(engine, changed(table, column, padded), bench) == []


@pytest.mark.parametrize("engine", each([POLARS, DUCKDB], "contacts"))
def test_customers_may_be_numbers(engine, bench):
    table = drawn(6)
    numbers = [None if not cell or cell == "unknown" else int(cell[1:]) for cell in table["customer_id"].cells]
    assert check(engine, table | {"customer_id": Column("whole", numbers)}, bench) == []


@pytest.mark.parametrize("engine", each([POLARS, DUCKDB], "contacts"))
@pytest.mark.parametrize(
    ("why", "column", "cell", "text"),
    [
        ("texts of topic that may be the same in another form", "topic", "Umzu\u0308ge", DESK),
        ("contacts by keys that have nothing in common", "topic", "bill", DEFINITION.format(third="topic")),
    ],
)
def test_what_no_window_tells_is_brought_to_pandas(engine, why, column, cell, text, bench):
    left = check(engine, changed(drawn(7), column, {0: cell}), bench, text)
    assert left == [f"300 rows were brought from {'DuckDB' if engine is DUCKDB else 'Polars'} to pandas: {why}"]


@pytest.mark.parametrize("convert", [to_polars, to_duckdb])
def test_ids_of_one_person_are_told_in_pandas(convert, bench):
    people = pd.DataFrame({"id": ["c1", "c2"], "person": ["x", "x"]})
    card, left = scored(convert(drawn(8), bench), customers=people)
    expected, _ = scored(to_pandas(drawn(8)), customers=people)
    pd.testing.assert_frame_equal(card.counts, expected.counts)
    assert left[0].endswith("to pandas: several ids of one customer")


@pytest.mark.parametrize("within", ["100000 wk", "900000000000000000 wk"])
@pytest.mark.parametrize("engine", each([POLARS, DUCKDB], "contacts"))
def test_a_window_that_never_ends(engine, within, bench):
    text = DESK.replace("within: 7 d", f"within: {within}")
    check(engine, drawn(9), bench, text)


def test_contacts_at_both_ends_of_the_nanoseconds(bench):
    table = drawn(10)
    cells = [None if cell is None else pd.Timestamp(cell) for cell in table["called"].cells]
    ends = [pd.Timestamp("1700-01-01", tz="UTC"), pd.Timestamp("2262-04-01", tz="UTC")]
    table["called"] = Column("instant_ns", [*ends, *cells[2:]])
    table = changed(table, "customer_id", {0: "c1", 1: "c1"})
    (left,) = check(POLARS, table, bench, as_of="2262-04-10")
    assert left.startswith(f"{table['customer_id'].cells.count('c1')} rows were brought from ")
