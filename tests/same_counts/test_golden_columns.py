"""Columns that engines could trip over: their names, whole numbers that no double holds, logs of more than one part."""

from __future__ import annotations

import warnings
from datetime import UTC, datetime, timedelta
from decimal import Decimal
from typing import Any

import pytest
import yaml
from support.alike import Alike, listed
from support.engines import ENGINES, Bench, Column, each, to_pandas

import svclight
from svclight.errors import SvclightNotice
from svclight.logs.log import PART

pytestmark = [
    pytest.mark.once,
    pytest.mark.filterwarnings(
        "ignore:PySpark does not yet fully support pandas:FutureWarning",
        "ignore:fetch_arrow_table:DeprecationWarning",  # ibis calls what DuckDB has renamed
    ),
]
IN_CASE = ("csv", "csv.gz", "json lines", "polars", "polars lazy")
"""Those in which names may differ in case alone."""
OTHERS = [engine for engine in ENGINES if engine.name != "pandas"]
GROUP = "golden columns"
AT = datetime(2026, 1, 15, 12, tzinfo=UTC)


@pytest.fixture(scope="module")
def bench():
    with Bench() as made:
        yield made


def score(log: Any, definition: dict[str, Any], **options: Any) -> svclight.Scorecard:
    text = yaml.safe_dump(definition, allow_unicode=True)
    with warnings.catch_warnings():
        warnings.simplefilter("ignore", SvclightNotice)
        return svclight.score(log, svclight.loads(text), **{"max_unread": 1, **options})


def measured(log: dict[str, Any], field: dict[str, Any], **more: Any) -> dict[str, Any]:
    """A definition of one value in seconds."""
    criterion = {"measure": {"value": "waited"}, "green": "<= 30 s", "yellow": "<= 1 min", **more}
    process = {"title": "P", "log": log, "criteria": {"c": criterion}}
    log["fields"] = {"anchor": log.pop("anchor"), "waited": field}
    return {"svclight": 1, "time_zone": "Europe/Berlin", "processes": {"p": process}}


NAMES = {
    "words": ("at", "select", "order by", "a b", 'say "a"', "it's", "a,b", "a;b", "null", "группа", "Ünï", "🙂"),
    "signs": (
        "%d",
        "{0}",
        "$1",
        "?",
        "\\",
        "[a]",
        "1",
        "x:y",
        "-",
        "#a",
        "a--b",
        "/*a*/",
        "rows",
        "odd",
        "weight",
        "0.green",
    ),
    "patterns": ("*", "^.*$", "a"),
    "dotted": ("a.b", "`a`", "a"),
}


@pytest.mark.parametrize(
    "kind", [pytest.param(kind, marks=pytest.mark.slow if kind == "words" else ()) for kind in NAMES]
)
@pytest.mark.parametrize("engine", each(OTHERS, GROUP))
def test_names_of_columns(engine, kind, bench):
    names = NAMES[kind]
    cells = ([10.0, 45.0, None, 90.0], [90.0, 10.0, 45.0, None])
    table = {name: Column("number", cells[place % 2]) for place, name in enumerate(names)}
    table["when"] = Column("instant", [AT, AT, None, AT])
    fields = {f"f{place}": {"number": name, "unit": "s"} for place, name in enumerate(names)}
    limits = {"green": "<= 30 s", "yellow": "<= 1 min"}
    criteria = {
        f"c{place}": {"measure": {"value": f"f{place}"}, "applies": {names[place - 1]: {"not": 45}}, **limits}
        for place in range(len(names))
    }
    log = {"time": "anchor", "segments": [names[0]], "fields": {"anchor": {"time": "when"}, **fields}}
    process = {"title": "P", "log": log, "criteria": criteria}
    definition = {"svclight": 1, "time_zone": "Europe/Berlin", "processes": {"p": process}}
    found = score(engine.log(engine.sees(table), bench), definition, by=names[0])
    expected = score(to_pandas(engine.sees(table)), definition, by=names[0])
    Alike(engine).check(found, expected)
    Alike(engine).check_listed(listed(found), listed(expected))


CASED = {
    "Wait": Column("number", [10.0, 45.0]),
    "wait": Column("number", [90.0, 90.0]),
    "At": Column("instant", [AT, AT]),
    "at": Column("text", ["a", "b"]),
}


def cased() -> dict[str, Any]:
    log = {"time": "anchor", "anchor": {"time": "At"}, "segments": ["at"]}
    return measured(log, {"number": "Wait", "unit": "s"})


@pytest.mark.parametrize("engine", each([engine for engine in OTHERS if engine.name in IN_CASE], GROUP))
def test_names_that_differ_in_case_alone(engine, bench):
    found = score(engine.log(engine.sees(CASED), bench), cased(), by="at")
    Alike(engine).check(found, score(to_pandas(engine.sees(CASED)), cased(), by="at"))
    counts = found.counts[found.counts["count"] > 0]
    assert list(zip(counts["at"], counts["zone"], strict=True)) == [("a", "green"), ("b", "yellow")]


def test_names_in_parquet_that_differ_in_case_alone_are_told_apart_or_not_at_all(bench):
    # DuckDB, by which such files are read, gives the second one another name
    engine = next(engine for engine in OTHERS if engine.name == "parquet of polars")
    with pytest.raises(svclight.LogError, match='the log has no column "at"; did you mean "At"'):
        score(engine.log(CASED, bench), cased(), by="at")


@pytest.mark.parametrize("engine", each(OTHERS, GROUP, quick=("ibis",)))
def test_whole_numbers_that_no_double_holds(engine, bench):
    large = 2**53
    table = {
        "id": Column("whole", [large, large + 1, large + 1, -large - 1, None, 2**63 - 1]),
        "x": Column("whole", [large, large + 1, large + 1, -large - 1, 1, 2**63 - 1]),
        "at": Column("instant", [AT] * 6),
    }
    log = {"id": "id", "time": "anchor", "anchor": {"time": "at"}, "segments": ["x"]}
    definition = measured(log, {"number": "x"}, green=f"<= {large}", yellow=f"<= {large + 1}")
    found = score(engine.log(engine.sees(table), bench), definition, by="x")
    expected = score(to_pandas(engine.sees(table)), definition, by="x")
    Alike(engine).check(found, expected)
    if engine.sees(table)["x"].kind == "whole":  # text, and what is read from JSON, is compared as a double
        total = found.counts.groupby("zone", observed=False)["count"].sum()
        # the two smallest and 1 | one more than a double holds | 2^63 - 1 | the row that repeats its id
        assert total[["green", "yellow", "red", "excluded"]].tolist() == [3, 1, 1, 1]


@pytest.mark.parametrize("engine", each(OTHERS, GROUP))
def test_conditions_on_numbers_of_any_type(engine, bench):
    cells = [30.0, 4.5, 4.0, None, 45.0]
    table = {
        "float": Column("number", cells),
        "int": Column("whole", [None if cell is None else int(cell) for cell in cells]),
        "decimal": Column("decimal", [None if cell is None else Decimal(str(cell)) for cell in cells]),
        "at": Column("instant", [AT] * 5),
    }
    fields = {"anchor": {"time": "at"}, **{f"f_{name}": {"number": name} for name in table if name != "at"}}
    criteria = {
        f"{name}_{place}": {"measure": {"value": name}, "green": "<= 30", "applies": {name: wanted}}
        for name in fields
        for place, wanted in enumerate((30, [4, 4.5], {"not": 30}, "> 4.5"))
        if name != "anchor"
    }
    process = {"title": "P", "log": {"time": "anchor", "fields": fields}, "criteria": criteria}
    definition = {"svclight": 1, "time_zone": "UTC", "processes": {"p": process}}
    found = score(engine.log(engine.sees(table), bench), definition)
    Alike(engine).check(found, score(to_pandas(engine.sees(table)), definition))
    counts = found.counts.pivot_table(index="criterion", columns="zone", values="count", observed=False)
    applying = counts[["green", "yellow", "red"]].sum(axis=1)
    # 30 | 4 and 4.5; of whole numbers 4 twice | 4.5, 4, 45 | 30, 45
    assert applying[[f"f_float_{place}" for place in range(4)]].tolist() == [1, 2, 3, 2]
    assert applying[[f"f_int_{place}" for place in range(4)]].tolist() == [1, 2, 3, 2]


@pytest.mark.parametrize("engine", each(OTHERS, GROUP))
def test_who_was_asked_in_which_group(engine, bench):
    table = {
        "x": Column("number", [1.0, None, 3.0, 4.0]),
        "team": Column("text", ["a", "a", "b", "c"]),
        "asked": Column("flag", [True, True, False, True]),
        "n": Column("whole", [2, 3, 1, 0]),
        "at": Column("instant", [AT] * 4),
    }
    for weight in ({"weight": "n"}, {}):
        log = {"time": "anchor", "anchor": {"time": "at"}, "segments": ["team"], **weight}
        definition = measured(log, {"number": "x", "unit": "s"}, asked={"asked": True})
        found = score(engine.log(engine.sees(table), bench), definition, by="team")
        Alike(engine).check(found, score(to_pandas(engine.sees(table)), definition, by="team"))
        # none of b was asked: it has no line; a weight of 0 has one
        assert found.responses["team"].tolist() == ["a", "c"]
        assert found.responses["asked"].tolist() == ([2 + 3, 0] if weight else [2, 1])
        assert found.responses["answered"].tolist() == ([2, 0] if weight else [1, 1])


@pytest.mark.parametrize("text", [False, True], ids=["numbers", "text"])
@pytest.mark.parametrize("engine", each(OTHERS, GROUP))
def test_weights_that_are_none(engine, text, bench):
    inf = float("inf")
    weights = Column("number", [1.0, 2.0, 0.0, inf, -inf, float("nan"), None, 1.5, -1.0, 2.0**53, 1e300])
    table = {
        "n": Column("text", [None if cell is None else repr(cell) for cell in weights.cells]) if text else weights,
        "wait": Column("number", [10.0] * 11),
        "at": Column("instant", [AT] * 11),
    }
    log = {"time": "anchor", "anchor": {"time": "at"}, "weight": "n"}
    definition = measured(log, {"number": "wait", "unit": "s"})
    found = score(engine.log(engine.sees(table), bench), definition)
    Alike(engine).check(found, score(to_pandas(engine.sees(table)), definition))
    log = found.provenance.logs[0]
    assert (log.rows, log.interactions, log.rejected) == (3, 1 + 2 + 0, 8)


@pytest.mark.parametrize("engine", each([one for one in OTHERS if one.tried_often or one.name == "csv"], GROUP))
def test_a_log_of_several_parts(engine, bench):
    size = PART + 5000
    waits = [float(place % 90) for place in range(size - 3)] + [None, float("nan"), float("inf")]
    teams = [f"t{place % 7}" for place in range(size - 1)] + [None]
    table = {
        "wait": Column("number", waits),
        "team": Column("text", teams),
        "when": Column("instant", [AT + timedelta(minutes=place) for place in range(size)]),
    }
    log = {"time": "anchor", "anchor": {"time": "when"}, "segments": ["team"]}
    definition = measured(log, {"number": "wait", "unit": "s"}, applies={"team": {"not": "t3"}})
    found = score(engine.log(engine.sees(table), bench), definition, by="team")
    Alike(engine).check(found, score(to_pandas(engine.sees(table)), definition, by="team"))
    total = found.counts.groupby("zone", observed=False)["count"].sum()
    applying = [place for place in range(size - 3) if place % 7 != 3 and place % 90 <= 30]
    assert total["green"] == len(applying)
    assert total.sum() == size
