"""The same work written by hand: as queries of DuckDB and Polars, and as the usual script of pandas.

Each takes a source and gives one row for each month and segment, with a column for the rows in each state of each
criterion (`wait_green`, ..., `wait_missing`). The same query can be written in several forms; all that an analyst may
think of are here, `run.py` times them first and lets the fastest stand as rival.
"""

from __future__ import annotations

from functools import partial
from typing import TYPE_CHECKING, Any, Final

import duckdb
import numpy as np
import pandas as pd
import polars as pl

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator
    from pathlib import Path

    from work import Work

    Form = Callable[[], Any]

_TYPES: Final = {"id": "BIGINT", "at": "TIMESTAMP", "type": "VARCHAR", "server": "VARCHAR", "outcome": "VARCHAR"}
_COUNTED: Final = {
    "count_if": "count_if({})",
    "FILTER": "count(*) FILTER (WHERE {})",
    "CASE": "sum(CASE WHEN {} THEN 1 ELSE 0 END)",
    "INT": "sum(({})::INT)",
}
_MONTHS: Final = {"date_trunc": "date_trunc('month', \"at\")", "year, month": 'year("at") * 12 + month("at") - 1'}
_IDS: Final = 'SELECT count("id") - count(DISTINCT "id") FROM {}'


def table_of_parquet(path: Path) -> str:
    """A Parquet file as a table of DuckDB."""
    return f"read_parquet('{path}')"


def table_of_csv(work: Work, path: Path) -> str:
    """A CSV file as a table of DuckDB, its types said: nothing is guessed, nothing read twice."""
    types = ", ".join(f"'{name}': '{_TYPES.get(name, 'DOUBLE')}'" for name in work.columns)
    return f"read_csv('{path}', header = true, auto_detect = false, delim = ',', quote = '\"', columns = {{{types}}})"


def duckdb_forms(work: Work, table: str) -> dict[str, Form]:
    """The query in SQL, in all its forms."""
    connection = duckdb.connect()

    def run(query: str) -> pd.DataFrame:
        if work.with_id and connection.execute(_IDS.format(table)).fetchall() != [(0,)]:
            raise ValueError("an id stands twice")
        return connection.execute(query).df()

    queries = {}
    for month_name, month in _MONTHS.items():
        for counted_name, counted in _COUNTED.items():
            zones = ", ".join(f'{counted.format(rows)} AS "{name}"' for name, rows in _conditions(work))
            queries[f"DuckDB {counted_name}, {month_name}"] = _grouped(work, month, zones, table)
        queries[f"DuckDB differences, {month_name}"] = _grouped(work, month, ", ".join(_differences(work)), table)
    forms: dict[str, Form] = {name: partial(run, query) for name, query in queries.items()}
    return forms


def _grouped(work: Work, month: str, counted: str, table: str) -> str:
    segments = ", ".join(f'"{name}"' for name in work.segments)
    return f"SELECT {month} AS month, {segments}, {counted} FROM {table} GROUP BY ALL"


def _conditions(work: Work) -> Iterator[tuple[str, str]]:
    """The rows in each state of each criterion, as conditions."""
    for name, one in work.criteria.items():
        good, bad = one.ops
        only, gave_up = _rated(work, name)
        yield f"{name}_green", f'{only}"{name}" {good} {one.green}'
        yield f"{name}_yellow", f'{only}"{name}" {bad} {one.green} AND "{name}" {good} {one.yellow}'
        yield f"{name}_red", f'{only}"{name}" {bad} {one.yellow}{gave_up}'
        yield f"{name}_missing", f'{only}"{name}" IS NULL'
        yield from _outside(work, name)


def _rated(work: Work, name: str) -> tuple[str, str]:
    """The condition before and after a comparison: rows to which the criterion applies, and those who gave up."""
    if work.rules is None:
        return "", ""
    red = work.rules.red.get(name)
    kept = [word for word in work.rules.applies[name] if word != red]
    return f'"outcome" IN ({_listed(kept)}) AND ', f" OR \"outcome\" = '{red}'" if red else ""


def _outside(work: Work, name: str) -> Iterator[tuple[str, str]]:
    if work.rules is not None:
        known = (*work.rules.applies[name], work.rules.excluded)
        yield f"{name}_not_applicable", f'"outcome" NOT IN ({_listed(known)})'
        yield f"{name}_excluded", f"\"outcome\" = '{work.rules.excluded}'"


def _listed(words: list[str] | tuple[str, ...]) -> str:
    return ", ".join(f"'{word}'" for word in words)


def _differences(work: Work) -> Iterator[str]:
    """Fewer conditions: yellow is what is within its limit less what is green, and so on."""
    for name, one in work.criteria.items():
        good = one.ops[0]
        only, _ = _rated(work, name)
        green, within = (f'count_if({only}"{name}" {good} {limit})' for limit in (one.green, one.yellow))
        rated = f'count_if({only}"{name}" IS NOT NULL)' if only else f'count("{name}")'
        rows = f"count_if({only.removesuffix(' AND ')})" if only else "count(*)"
        red = work.rules.red.get(name) if work.rules else None
        gave_up = f" + count_if(\"outcome\" = '{red}')" if red else ""
        yield f'{green} AS "{name}_green", {within} - {green} AS "{name}_yellow"'
        yield f'{rated} - {within}{gave_up} AS "{name}_red", {rows} - {rated} AS "{name}_missing"'
        yield from (f'count_if({rows}) AS "{state}"' for state, rows in _outside(work, name))


def polars_forms(work: Work, source: Callable[[], pl.LazyFrame]) -> dict[str, Form]:
    """The query in Polars, in all its forms; `source` gives the table, converting it where that is part of the work."""

    def run(month: pl.Expr, counted: list[pl.Expr], engine: Any) -> pl.DataFrame:
        table = source()
        if work.with_id and not table.select(pl.col("id").drop_nulls().is_unique().all()).collect(engine=engine).item():
            raise ValueError("an id stands twice")
        keys = [month.alias("month"), *work.segments]
        return table.group_by(keys).agg(counted).collect(engine=engine)

    at = pl.col("at")
    forms: dict[str, Form] = {}
    months = {"truncate": at.dt.truncate("1mo"), "year, month": at.dt.year().cast(pl.Int32) * 12 + at.dt.month() - 1}
    for month_name, month in months.items():
        for counted_name, counted in (("sum", _sums(work)), ("differences", _sums_by_difference(work))):
            for engine in ("in-memory", "streaming"):
                forms[f"Polars {counted_name}, {month_name}, {engine}"] = partial(run, month, counted, engine)
    return forms


def _masks(work: Work, name: str) -> tuple[pl.Expr, pl.Expr, list[pl.Expr]]:
    """Rows to which a criterion applies, those who gave up, and counts of those outside."""
    if work.rules is None:
        return pl.lit(value=True), pl.lit(value=False), []
    outcome, red, excluded = pl.col("outcome"), work.rules.red.get(name), work.rules.excluded
    applies = list(work.rules.applies[name])
    outside = [
        (~outcome.is_in([*applies, excluded])).sum().alias(f"{name}_not_applicable"),
        (outcome == excluded).sum().alias(f"{name}_excluded"),
    ]
    return outcome.is_in([word for word in applies if word != red]), outcome == (red or ""), outside


def _sums(work: Work) -> list[pl.Expr]:
    """A sum of a condition for each state."""
    made: list[pl.Expr] = []
    for name, one in work.criteria.items():
        value, plain = pl.col(name), work.rules is None
        rated, gave_up, outside = _masks(work, name)
        green = value >= one.green if one.more else value <= one.green
        within = value >= one.yellow if one.more else value <= one.yellow
        red = value < one.yellow if one.more else value > one.yellow
        yellow = (value < one.green if one.more else value > one.green) & within
        states = {"green": green, "yellow": yellow, "red": red, "missing": value.is_null()}
        if not plain:
            states = {state: rated & rows for state, rows in states.items()}
            states["red"] = states["red"] | gave_up
        made += [rows.sum().alias(f"{name}_{state}") for state, rows in states.items()]
        made += outside
    return made


def _sums_by_difference(work: Work) -> list[pl.Expr]:
    """Fewer conditions, as in SQL."""
    made: list[pl.Expr] = []
    for name, one in work.criteria.items():
        value, plain = pl.col(name), work.rules is None
        rated, gave_up, outside = _masks(work, name)
        good, fair = (value >= limit if one.more else value <= limit for limit in (one.green, one.yellow))
        green, within, known = (good, fair, value.is_not_null()) if plain else (good & rated, fair & rated, rated)
        counted = value.count() if plain else (known & value.is_not_null()).sum()
        rows = pl.len() if plain else rated.sum()
        red = counted - within.sum()
        made += [
            green.sum().alias(f"{name}_green"),
            (within.sum() - green.sum()).alias(f"{name}_yellow"),
            (red if plain else red + gave_up.sum()).alias(f"{name}_red"),
            (rows - counted).alias(f"{name}_missing"),
            *outside,
        ]
    return made


def script_forms(work: Work, frame: pd.DataFrame) -> dict[str, Form]:
    """The usual script of pandas, in its forms: rows without a value as a category, or as a group without a name."""
    return {
        f"pandas {'dropna=False' if nameless else 'fillna'}": partial(_script, work, frame, nameless=nameless)
        for nameless in ((False,) if work.rules else (False, True))
    }


def _script(work: Work, frame: pd.DataFrame, *, nameless: bool) -> pd.DataFrame:
    """The script that people write: `to_period`, `pd.cut` and `groupby` for each criterion."""
    if work.with_id and frame["id"].duplicated().any():
        raise ValueError("an id stands twice")
    month = frame["at"].dt.to_period("M")
    keys = [month, *(frame[name] for name in work.segments)]
    made = []
    for name, one in work.criteria.items():
        bins = [-np.inf, *sorted((one.green, one.yellow)), np.inf]
        labels = ["red", "yellow", "green"] if one.more else ["green", "yellow", "red"]
        state = pd.cut(frame[name], bins, labels=labels, right=not one.more)
        if not nameless:
            state = state.cat.add_categories(["missing", "not_applicable", "excluded"]).fillna("missing")
        if work.rules is not None:
            outcome = frame["outcome"]
            state = state.mask(~outcome.isin(work.rules.applies[name]), "not_applicable")
            if name in work.rules.red:
                state = state.mask(outcome == work.rules.red[name], "red")
            state = state.mask(outcome == work.rules.excluded, "excluded")
        counts = frame.groupby([*keys, state], observed=True, dropna=not nameless).size()
        wide = counts.unstack(fill_value=0)  # noqa: PD010 - of a series
        made.append(wide.set_axis([f"{name}_{zone if isinstance(zone, str) else 'missing'}" for zone in wide], axis=1))
    return pd.concat(made, axis=1).rename_axis(index={"at": "month"}).reset_index()
