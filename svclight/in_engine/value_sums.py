"""What rated values add up to in an engine, and their histogram by period and segments: exactly what pandas counts.

In: a compiled `Query`. Out: for each criterion with numbers its `Amounts`. Numbers are taken apart into whole numbers of
several places (see `values.exact_sums`), so that the engine's sums are exact and its order of rows does not matter.
"""

from __future__ import annotations

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
        columns["weight"] = query.counted()
    chosen = log.prepared(query.kind).select(*(expression.alias(key) for key, expression in columns.items()))
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
    whole = [query.outcomes[name].measured.is_whole for name in names]  # type: ignore[union-attr]  # they have numbers
    dialect, weight = query.log.dialect, query.log.log.spec.weight is not None
    split = _with_places(rows, whole, dialect)
    made = {
        f"sum:{place}:{at}": nw.col(f"part@{at}:{place}") * nw.col("weight") if weight else nw.col(f"part@{at}:{place}")
        for place, is_whole in enumerate(whole)
        for at in range(len(exact_sums.WHOLE_PLACES if is_whole else exact_sums.PLACES))
    }
    chosen = split.select(*query.keys, *(expression.alias(name) for name, expression in made.items()))
    summed = (nw.col(name).sum().cast(nw.Int64).alias(name) for name in made)
    found = dialect.collect(chosen.group_by(*query.keys).agg(*summed))
    groups = Found(found, 0)
    periods, segments = periods_of(groups), segments_of(groups, query)
    totals = [_totals(found, place, name, query) for place, name in enumerate(names)]
    return [Counts(periods, segments, np.zeros(len(periods), dtype=np.int64), total) for total in totals]


def _totals(found: pd.DataFrame, place: int, name: str, query: Query) -> Any:
    measured: Any = query.outcomes[name].measured
    places = exact_sums.WHOLE_PLACES if measured.is_whole else exact_sums.PLACES
    columns = [found[f"sum:{place}:{at}"].astype("Int64").fillna(0).tolist() for at in range(len(places))]
    rows = zip(*columns, strict=True)
    totals = np.empty(len(found), dtype=object)
    totals[:] = [exact_sums.total_of(dict(zip(places, row, strict=True)), measured.per_unit) for row in rows]
    return totals


def _with_places(rows: Frame, whole: Sequence[bool], dialect: Dialect) -> Frame:
    """Adds the places of each rated value, as `part@0:0` (its first place) and so on; 0 of what is not rated.

    Step by step, so that an engine that puts expressions in the place of names computes each of them once.
    """

    def added(rows: Frame, made: Callable[[int, bool], dict[str, nw.Expr]]) -> Frame:
        each = [made(place, is_whole).items() for place, is_whole in enumerate(whole)]
        columns = {f"{name}:{place}": one for place, pairs in enumerate(each) for name, one in pairs}
        return dialect.compute_once(rows.with_columns(**columns)) if columns else rows

    def rest(place: int, is_whole: bool) -> dict[str, nw.Expr]:  # noqa: FBT001 - as all steps take it
        rated, value = nw.col(f"zone:{place}") >= 0, nw.col(f"exact:{place}")
        none = nw.lit(0, nw.Int64) if is_whole else nw.lit(0.0, nw.Float64)
        value = nw.when(rated).then(value).otherwise(none)
        if is_whole:
            return {"rest": value}
        size = nw.when(value < 0).then(value * -1.0).otherwise(value)
        greatest = nw.lit(exact_sums.GREATEST, nw.Float64)
        sign = nw.when(rated & (nw.col(f"exact:{place}") < 0)).then(nw.lit(-1, nw.Int64)).otherwise(nw.lit(1, nw.Int64))
        return {"rest": nw.when(size < greatest).then(size).otherwise(greatest), "sign": sign}

    rows = added(rows, rest)
    for at in range(len(exact_sums.PLACES)):
        rows = added(rows, lambda place, is_whole, at=at: _part(place, at, is_whole=is_whole))
        rows = added(rows, lambda place, is_whole, at=at: _rest(place, at, is_whole=is_whole))
    return rows


def _part(place: int, at: int, *, is_whole: bool) -> dict[str, nw.Expr]:
    """One place of a value; of whole numbers the least comes first, of others the greatest."""
    rest = nw.col(f"rest:{place}")
    if is_whole:
        last = len(exact_sums.WHOLE_PLACES) - 1
        return {} if at > last else {f"part@{at}": rest if at == last else rest % _STEP}
    turned = len(exact_sums.PLACES) - 1 - at
    whole = (rest * 2.0 ** -exact_sums.PLACES[turned]).floor().cast(nw.Int64)
    return {f"part@{turned}": whole * nw.col(f"sign:{place}")}


def _rest(place: int, at: int, *, is_whole: bool) -> dict[str, nw.Expr]:
    """What is left of a value after a place."""
    rest = nw.col(f"rest:{place}")
    if is_whole:
        return {} if at >= len(exact_sums.WHOLE_PLACES) - 1 else {"rest": (rest - nw.col(f"part@{at}:{place}")) // _STEP}
    turned = len(exact_sums.PLACES) - 1 - at
    taken = (nw.col(f"part@{turned}:{place}") * nw.col(f"sign:{place}")).cast(nw.Float64)
    return {"rest": rest - taken * 2.0 ** exact_sums.PLACES[turned]}
