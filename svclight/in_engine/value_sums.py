"""What rated values add up to in an engine, and their histogram by period and segments: exactly what pandas counts.

In: a compiled `Query`. Out: for each criterion with numbers its `Amounts`. Numbers are taken apart into whole numbers
of several places (see `values.exact_sums`), so that the engine's sums are exact and its order of rows does not matter.
"""

from __future__ import annotations

from functools import partial
from typing import TYPE_CHECKING, Any, Final

import narwhals as nw
import numpy as np

from svclight.counts.count_tables import Amounts, Counts
from svclight.in_engine.counting import ColumnsOf, add_bins, zone_of
from svclight.in_engine.returned_counts import Found, periods_of, segments_of
from svclight.values import exact_sums, histogram

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence

    import pandas as pd

    from svclight.dialects.dialect import Dialect
    from svclight.in_engine.aggregation import Query

    Frame = nw.LazyFrame[Any]

_STEP: Final = 1 << exact_sums.WIDTH


def amounts_of(query: Query, names: Sequence[str]) -> dict[str, Amounts]:
    """Sums and histograms of the rated values of criteria: two passes for all of them."""
    log, odd = query.log, query.log.any_odd()
    columns = dict(query.keys)
    for place, name in enumerate(names):
        outcomes: Any = query.outcomes[name]
        zone = zone_of(outcomes, odd)
        if outcomes.measured.open is not None:  # what is not complete is no value yet
            zone = nw.when(outcomes.measured.open.fill_null(value=False)).then(nw.lit(-1, nw.Int64)).otherwise(zone)
        kind = nw.Int64 if outcomes.measured.is_whole else nw.Float64
        columns[f"zone:{place}"] = zone
        columns[f"value:{place}"] = outcomes.shown
        columns[f"exact:{place}"] = outcomes.measured.values.cast(kind)
    if log.log.spec.weight is not None:
        columns["weight"] = query.weight()
    prepared = log.prepared_frame(query.kind)
    if odd is not None:  # their periods may be none of the engine's: pandas counts them
        prepared = prepared.filter(~odd.fill_null(value=False))
    chosen = prepared.select(*(expression.alias(key) for key, expression in columns.items()))
    rows = log.dialect.compute_once(chosen)
    bins, sums = _bins(query, rows, len(names)), _sums(query, rows, names)
    return {name: Amounts(bins[place], sums[place]) for place, name in enumerate(names)}


def _bins(query: Query, rows: Frame, number: int) -> list[Counts]:
    """The histogram of each criterion."""
    dialect, index, count = query.log.dialect, list(query.keys), nw.len()
    if query.log.log.spec.weight is not None:
        index, count = [*index, "weight"], nw.col("weight").sum()
    codes = [f"code:{place}" for place in range(number)]
    binned = add_bins(rows, number, dialect, histogram.FINE, _fine_code)
    long = dialect.long(binned.select(*index, *codes), codes, index).filter(nw.col("cell") >= 0)
    found = dialect.collect(long.group_by("name", *query.keys, "cell").agg(count.cast(nw.Int64).alias("count")))
    whose = found["name"].to_numpy(dtype=object)
    return [_counts(query, found[whose == code].reset_index(drop=True)) for code in codes]


def _counts(query: Query, found: pd.DataFrame) -> Counts:
    groups = Found(found, 0)
    numbers: Any = {name: found[name].astype("Int64").to_numpy(dtype=np.int64) for name in ("cell", "count")}
    return Counts(periods_of(groups), segments_of(groups, query), numbers["cell"], numbers["count"])


def _fine_code(of: ColumnsOf) -> nw.Expr:
    """The code of a rated value (see `histogram.fine_codes`), -1 of others: whole numbers below 1,000 stand alone."""
    signed = nw.when(of["value"] < 0).then(of["bin"] * -1).otherwise(of["bin"])
    beyond = nw.when(of["value"] < 0).then(signed - histogram.WHOLE_BELOW).otherwise(signed + histogram.WHOLE_BELOW)
    is_whole = (of["size"] < float(histogram.WHOLE_BELOW)) & (of["size"].floor() == of["size"])
    small = nw.when(is_whole).then(of["value"]).otherwise(nw.lit(0.0, nw.Float64)).cast(nw.Int64)
    code = nw.when(is_whole).then(small).otherwise(beyond) + histogram.FINE_SIDE
    return nw.when(of["zone"] >= 0).then(code).otherwise(nw.lit(-1, nw.Int64))


def _sums(query: Query, rows: Frame, names: Sequence[str]) -> list[Counts]:
    """The exact total of each criterion."""
    dialect, weighted = query.log.dialect, query.log.log.spec.weight is not None
    each = [_places_of(query, name) for name in names]
    split = _with_places(rows, each, dialect)
    parts = [_column("part", place, number) for number, places in enumerate(each) for place in places]
    weighed = {name: nw.col(name) * nw.col("weight") if weighted else nw.col(name) for name in parts}
    chosen = split.select(*query.keys, *(expression.alias(name) for name, expression in weighed.items()))
    found = dialect.collect(
        chosen.group_by(*query.keys).agg(*(nw.col(name).sum().cast(nw.Int64).alias(name) for name in parts))
    )
    groups = Found(found, 0)
    periods, segments = periods_of(groups), segments_of(groups, query)
    nothing = np.zeros(len(periods), dtype=np.int64)
    return [
        Counts(periods, segments, nothing, _totals(found, number, places, query.outcomes[name].measured))
        for number, (name, places) in enumerate(zip(names, each, strict=True))
    ]


def _places_of(query: Query, name: str) -> tuple[int, ...]:
    """The places that the values of a criterion take."""
    measured: Any = query.outcomes[name].measured
    return exact_sums.WHOLE_PLACES if measured.is_whole else exact_sums.PLACES


def _column(what: str, place: int, number: int) -> str:
    return f"{what}@{place}:{number}"


def _totals(found: pd.DataFrame, number: int, places: tuple[int, ...], measured: Any) -> Any:
    """The exact totals of a criterion, one a group."""
    columns = [found[_column("part", place, number)].astype("Int64").fillna(0).tolist() for place in places]
    totals = np.empty(len(found), dtype=object)
    totals[:] = [
        exact_sums.total_of(dict(zip(places, row, strict=True)), measured.per_unit)
        for row in zip(*columns, strict=True)
    ]
    return totals


def _with_places(rows: Frame, each: Sequence[tuple[int, ...]], dialect: Dialect) -> Frame:
    """Adds each place of each rated value as `part@0:0` (place, criterion) and so on; 0 of what is not rated.

    Step by step, so that an engine that puts expressions in the place of names computes each of them once.
    """

    def add_columns(rows: Frame, made: Callable[[int, tuple[int, ...]], dict[str, nw.Expr]]) -> Frame:
        some = [made(number, places).items() for number, places in enumerate(each)]
        columns = {name: one for pairs in some for name, one in pairs}
        return dialect.compute_once(rows.with_columns(**columns)) if columns else rows

    rows = add_columns(rows, _rated_value)
    for step in range(max(map(len, each))):
        rows = add_columns(rows, partial(_part, step))
        rows = add_columns(rows, partial(_rest, step))
    return rows


def _rated_value(number: int, places: tuple[int, ...]) -> dict[str, nw.Expr]:
    """What is to be taken apart: whole numbers as they are, the size of others and their sign."""
    rated, value = nw.col(f"zone:{number}") >= 0, nw.col(f"exact:{number}")
    if places == exact_sums.WHOLE_PLACES:
        return {f"rest:{number}": nw.when(rated).then(value).otherwise(nw.lit(0, nw.Int64))}
    size = nw.when(value < 0).then(value * -1.0).otherwise(value)
    greatest = nw.lit(exact_sums.GREATEST, nw.Float64)
    bounded = nw.when(size < greatest).then(size).otherwise(greatest)
    sign = nw.when(rated & (value < 0)).then(nw.lit(-1, nw.Int64)).otherwise(nw.lit(1, nw.Int64))
    none = nw.lit(0.0, nw.Float64)
    return {f"rest:{number}": nw.when(rated).then(bounded).otherwise(none), f"sign:{number}": sign}


def _part(step: int, number: int, places: tuple[int, ...]) -> dict[str, nw.Expr]:
    """The next place of a value: of whole numbers the least comes first, of others the greatest."""
    if step >= len(places):
        return {}
    rest = nw.col(f"rest:{number}")
    if places == exact_sums.WHOLE_PLACES:
        is_last = step == len(places) - 1
        return {_column("part", places[step], number): rest if is_last else rest % _STEP}
    place = places[-1 - step]
    whole = (rest * 2.0**-place).floor().cast(nw.Int64)
    return {_column("part", place, number): whole * nw.col(f"sign:{number}")}


def _rest(step: int, number: int, places: tuple[int, ...]) -> dict[str, nw.Expr]:
    """What is left of a value after that place."""
    if step >= len(places) - 1:
        return {}
    rest = nw.col(f"rest:{number}")
    if places == exact_sums.WHOLE_PLACES:
        return {f"rest:{number}": (rest - nw.col(_column("part", places[step], number))) // _STEP}
    place = places[-1 - step]
    taken = (nw.col(_column("part", place, number)) * nw.col(f"sign:{number}")).cast(nw.Float64)
    return {f"rest:{number}": rest - taken * 2.0**place}
