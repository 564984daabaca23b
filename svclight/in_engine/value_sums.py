"""What rated values add up to in an engine, and their histogram by period and segments: exactly what pandas counts.

In: a compiled `Query`. Out: for each criterion with numbers its `Amounts`. Numbers are taken apart into whole numbers
of several places (see `values.exact_sums`), so that the engine's sums are exact and its order of rows does not matter.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, Final

import narwhals as nw
import numpy as np
import pandas as pd

from svclight.counts.count_tables import Amounts, Counts
from svclight.in_engine.counting import ColumnsOf, add_bins, zone_of
from svclight.in_engine.returned_counts import Found, periods_of, segments_of
from svclight.values import exact_sums, histogram

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence

    from svclight.in_engine.aggregation import Query

    Frame = nw.LazyFrame[Any]
    Parts = dict[int, nw.Expr]

_STEP: Final = 1 << exact_sums.WIDTH
_ALL_WHOLE: Final = 2.0**53
"""From here on doubles are whole numbers."""


def amounts_of(query: Query, names: Sequence[str]) -> dict[str, Amounts]:
    """Sums and histograms of the rated values of criteria: two or three passes for all of them."""
    log, odd = query.log, query.log.any_odd()
    columns = dict(query.keys)
    for place, name in enumerate(names):
        outcomes: Any = query.outcomes[name]
        zone = zone_of(outcomes, odd)
        if outcomes.measured.open is not None:  # what is not complete is no value yet
            zone = nw.when(outcomes.measured.open.fill_null(value=False)).then(nw.lit(-1, nw.Int64)).otherwise(zone)
        columns[f"zone:{place}"] = zone
        columns[f"value:{place}"] = outcomes.shown
        columns[_exact(place)] = outcomes.measured.values
    if log.log.spec.weight is not None:
        columns["weight"] = query.weight()
    prepared = log.prepared_frame(query.kind)
    if odd is not None:  # their periods may be none of the engine's: pandas counts them
        prepared = prepared.filter(~odd.fill_null(value=False))
    chosen = prepared.select(*(expression.alias(key) for key, expression in columns.items()))
    rows = log.dialect.compute_once(chosen)
    rows = log.dialect.compute_once(rows.with_columns(**_rated_values(query, names)))
    bins, sums = _bins(query, rows, len(names)), _sums(query, rows, names)
    return {name: Amounts(bins[place], sums[place]) for place, name in enumerate(names)}


def _rated_values(query: Query, names: Sequence[str]) -> dict[str, nw.Expr]:
    """The measured values of rows that are rated by them, in the type that is summed; null in all others."""
    measured: list[Any] = [query.outcomes[name].measured for name in names]
    return {
        _exact(place): nw.when(nw.col(f"zone:{place}") >= 0).then(
            nw.col(_exact(place)).cast(nw.Int64 if one.is_whole else nw.Float64)
        )
        for place, one in enumerate(measured)
    }


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
    """The exact total of each criterion: those of whole numbers together, and those of doubles."""
    measured: list[Any] = [query.outcomes[name].measured for name in names]
    made: dict[int, Counts] = {}
    kinds = ((True, exact_sums.WHOLE_PLACES, _parts_of_whole), (False, exact_sums.PLACES, _parts_of_float))
    for whole, places, parts_of in kinds:
        mine = [place for place, one in enumerate(measured) if one.is_whole == whole]
        found = _added_parts(query, rows, mine, parts_of) if mine else pd.DataFrame()
        for place in mine:
            of_one = found[found["name"] == _exact(place)].reset_index(drop=True)
            groups, per_unit = Found(of_one, 0), measured[place].per_unit
            nothing = np.zeros(len(of_one), dtype=np.int64)
            totals = _totals(of_one, places, per_unit)
            made[place] = Counts(periods_of(groups), segments_of(groups, query), nothing, totals)
    return [made[place] for place in range(len(names))]


def _exact(place: int) -> str:
    return f"exact:{place}"


def _added_parts(query: Query, rows: Frame, mine: Sequence[int], parts_of: Callable[[nw.Expr], Parts]) -> pd.DataFrame:
    """The sums of the places of some criteria's values: a row a criterion, period and segment."""
    dialect, weighted = query.log.dialect, query.log.log.spec.weight is not None
    columns, index = [_exact(place) for place in mine], [*query.keys, *(["weight"] if weighted else [])]
    long = dialect.long(rows.select(*index, *columns), columns, index).filter(~nw.col("cell").is_null())
    parts = {f"part:{place}": part for place, part in parts_of(nw.col("cell")).items()}
    weight = nw.col("weight") if weighted else 1
    chosen = long.select("name", *query.keys, *((part * weight).alias(name) for name, part in parts.items()))
    sums = (nw.col(name).sum().cast(nw.Int64).alias(name) for name in parts)
    return dialect.collect(chosen.group_by("name", *query.keys).agg(*sums))


def _totals(found: pd.DataFrame, places: Sequence[int], per_unit: int) -> Any:
    """The exact totals of the groups of a criterion."""
    columns = [found[f"part:{place}"].astype("Int64").fillna(0).tolist() for place in places]
    totals = np.empty(len(found), dtype=object)
    totals[:] = [
        exact_sums.total_of(dict(zip(places, row, strict=True)), per_unit) for row in zip(*columns, strict=True)
    ]
    return totals


def _parts_of_whole(value: nw.Expr) -> Parts:
    """A whole number by place. What remains of one below 0 has the engine's own sign: it is taken off, then divided."""
    low, middle, high = exact_sums.WHOLE_PLACES
    first = value % _STEP
    rest = (value - first) // _STEP
    second = rest % _STEP
    return {low: first, middle: second, high: (rest - second) // _STEP}


def _parts_of_float(value: nw.Expr) -> Parts:
    """A double by place, each place by itself."""
    greatest = nw.lit(exact_sums.GREATEST, nw.Float64)
    size = nw.when(value < 0).then(value * -1.0).otherwise(value)
    bounded = nw.when(size < greatest).then(size).otherwise(greatest)
    sign = nw.when(value < 0).then(nw.lit(-1, nw.Int64)).otherwise(nw.lit(1, nw.Int64))
    last = exact_sums.PLACES[-1]
    parts = {place: _below(bounded * 2.0 ** -(place + exact_sums.WIDTH)) * _STEP for place in exact_sums.PLACES}
    parts[last] = bounded * 2.0**-last
    return {place: part.floor().cast(nw.Int64) * sign for place, part in parts.items()}


def _below(number: nw.Expr) -> nw.Expr:
    """What stands behind the decimal sign of a number; nothing does in one so large that all its bits are before it."""
    # some engines give the floor as a whole number of 64 bits, which would overflow
    near = nw.when(number < _ALL_WHOLE).then(number).otherwise(nw.lit(0.0, nw.Float64))
    return near - near.floor().cast(nw.Float64)
