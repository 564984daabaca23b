"""Counting in an engine: one wide aggregation of 0/1 columns by period and segments; nothing but counts comes back.

In: a compiled `Query`. Out: `Found`: for each group that occurs how many rows each rule of each criterion took, how
many are green, how many green or yellow, and how many rows are left to the pandas engine; or histograms.
"""

from __future__ import annotations

from dataclasses import dataclass
from functools import partial
from typing import TYPE_CHECKING, Any, Final

import narwhals as nw
import numpy as np

from svclight.counts.count_tables import Counts, bin_code
from svclight.in_engine.cases import ODD_EVENTS
from svclight.in_engine.returned_counts import Found, periods_of
from svclight.logs.as_of import moments
from svclight.thresholds import ZONES
from svclight.values import histogram

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping, Sequence

    import pandas as pd

    from svclight.dialects.dialect import Dialect
    from svclight.in_engine.aggregation import Outcomes, Query
    from svclight.in_engine.log import LazyLog
    from svclight.method.rules import Rule

    Frame = nw.LazyFrame[Any]
    Columns = Callable[["ColumnsOf"], dict[str, nw.Expr]]
    Pair = tuple[str, str]


ODD = "odd"
_SUMMED: Final = ("raw rows", "odd rows")


def ask(query: Query) -> Found:
    """Runs a compiled query in one pass over the log; the newest times come back with the counts."""
    log = query.log
    odd_rows = log.any_odd()
    if odd_rows is not None and not log.odd:  # rows that are hardly ever there are counted before they are told apart
        found, finite = _ask_groups(query, {}, {ODD: odd_rows})
        if not finite or not int(found[ODD].sum()):
            return Found(found, 0, finite=finite)
    if odd_rows is None:
        found, finite = _ask_groups(query, {}, {})
        return Found(found, 0, finite=finite)
    found, finite = _ask_groups(query, {ODD: odd_rows}, {})
    odd = found[ODD].fillna(value=False).to_numpy(dtype=bool)
    rows, known = (int(found[name].to_numpy()[odd].sum()) for name in ("rows", "odd rows"))
    return Found(found[~odd].reset_index(drop=True), rows, known, finite)


def _ask_groups(
    query: Query, more_keys: Mapping[str, nw.Expr], counts: Mapping[str, nw.Expr]
) -> tuple[pd.DataFrame, bool]:
    """The counts of each group, and whether the numbers that were summed are finite."""
    log, keys = query.log, {**query.keys, **more_keys}
    newest = {
        f"newest:{name}": nw.col(log.moment(name).column)
        for name in (() if log.counted else moments(log.log.process))  # of events they are told before
        if name != log.log.anchor or not log.is_plain(name)
    }
    summed = {f"sum:{name}": nw.col(name) for name in log.summed}
    numbers = {**query.sums, **query.totals, **query.most}
    columns = {**keys, "anchor": query.anchor_time(), **newest, **numbers, **counts, **summed}
    weighted = log.log.spec.weight is not None
    if weighted:
        columns["weight"] = query.weight()
    if log.counted:
        columns |= {"raw rows": nw.col(log.counted), "odd rows": nw.col(ODD_EVENTS)}
    chosen = log.prepared_frame(query.kind).select(*(expression.alias(name) for name, expression in columns.items()))
    found = log.dialect.collect(
        chosen.group_by(*keys).agg(
            nw.len().alias("rows"),
            *([nw.col("weight").sum().cast(nw.Int64).alias("all")] if weighted else []),
            *(nw.col(name).sum().cast(nw.Int64).alias(name) for name in _SUMMED if log.counted),
            nw.col("anchor").min().alias("anchor:low"),
            nw.col("anchor").max().alias("anchor:high"),
            *(nw.col(name).max().alias(f"{name}:high") for name in newest),
            *(nw.col(name).max().alias(name) for name in query.most),
            *(_weighted_sum(name, log, weighted=weighted and not name.endswith(":askers")) for name in query.sums),
            *(nw.col(name).sum().cast(nw.Int64).alias(name) for name in query.totals),
            *(_weighted_sum(name, log, weighted=False) for name in counts),
            *(nw.col(name).sum().alias(name) for name in summed),
        )
    )
    sums = [found.pop(name).to_numpy(dtype=np.float64) for name in summed]
    finite = all(np.isfinite(one).all() for one in sums)
    if not weighted:
        found["all"] = found["rows"]
    if not log.counted:
        found["raw rows"], found["odd rows"] = found["rows"], 0
    return found, finite


def values_of(query: Query, names: Sequence[str]) -> dict[str, Counts]:
    """The histograms of the rated values of some criteria, in one more pass over the log."""
    log, odd = query.log, query.log.any_odd()
    columns = {"period": query.keys["period"]}
    for place, name in enumerate(names):
        columns[f"zone:{place}"] = zone_of(query.outcomes[name], odd)
        columns[f"value:{place}"] = query.outcomes[name].shown
    index, count = ["period"], nw.len()
    if log.log.spec.weight is not None:
        columns["weight"] = query.weight()
        index, count = [*index, "weight"], nw.col("weight").sum()
    rows = log.prepared_frame(query.kind).select(*(expression.alias(key) for key, expression in columns.items()))
    rows = add_bins(log.dialect.compute_once(rows), len(names), log.dialect, histogram.COARSE, _zone_and_bin)
    codes = [f"code:{place}" for place in range(len(names))]
    long = log.dialect.long(rows.select(*index, *codes), codes, index).filter(nw.col("cell") >= 0)
    counted = long.group_by("name", "period", "cell").agg(count.alias("count"))
    found = log.dialect.collect(counted)
    whose = found["name"].to_numpy(dtype=object)
    return {name: _histogram(found[whose == code]) for name, code in zip(names, codes, strict=True)}


def zone_of(outcomes: Outcomes, odd: nw.Expr | None) -> nw.Expr:
    """The zone of each row that is rated by its value, as its place in `ZONES`; -1 of others, and of odd rows."""
    # a chain asks the rules in their order: cut ones, each of which asks all before it, are five times as long
    zones = [(rows, ZONES.index(name)) for rows, name in ((outcomes.green, "green"), (outcomes.wider, "yellow"))]
    ladder = [*((rule.rows, _rated_place(rule)) for rule in outcomes.uncut), *zones]
    zone: nw.Expr = nw.lit(ZONES.index("red"), nw.Int64)
    for rows, place in reversed(ladder if odd is None else [(odd, -1), *ladder]):
        zone = nw.when(rows).then(nw.lit(place, nw.Int64)).otherwise(zone)
    return zone


def _rated_place(rule: Rule) -> int:
    """The place in `ZONES` of the rows that a rule takes as rated by their value; -1 of all others."""
    return ZONES.index(rule.state) if rule.state in ZONES and not rule.reason else -1


def _histogram(found: pd.DataFrame) -> Counts:
    numbers: Any = {name: found[name].astype("Int64").to_numpy(dtype=np.int64) for name in ("cell", "count")}
    return Counts(periods_of(Found(found, 0)), (), numbers["cell"], numbers["count"])


def add_bins(
    rows: Frame, number: int, dialect: Dialect, scale: histogram.Scale, code_of: Callable[[ColumnsOf], nw.Expr]
) -> Frame:
    """Adds the code of each value: of `zone:0` and `value:0` as `code:0` and so on.

    `code_of` makes it from the bin of the value's size, which is the one that `Scale.bins_of` reads off the bits,
    exactly. It is found step by step, so that what is needed often is computed once: some engines put expressions in
    the place of names.
    """
    # The octave is found by halving: a comparison for each bit of its number, where one for each of 90 octaves took
    # narwhals and the engines several times as long. Powers of two change no digit of a double.
    halves = [1 << bit for bit in reversed(range((scale.octaves - 1).bit_length()))]
    end, side = 2.0 ** (scale.lowest + scale.octaves), nw.lit(scale.side, nw.Int64)

    def add_columns(rows: Frame, made: Columns) -> Frame:
        each = map(ColumnsOf, range(number))
        columns = {f"{name}:{of.place}": one for of in each for name, one in made(of).items()}
        return dialect.compute_once(rows.with_columns(**columns))

    def size(of: ColumnsOf) -> dict[str, nw.Expr]:
        plain = nw.when(of["value"] < 0).then(of["value"] * -1.0).otherwise(of["value"])
        return {"size": nw.when(plain < end).then(plain).otherwise(nw.lit(end, nw.Float64))}

    def lowest_octave(of: ColumnsOf) -> dict[str, nw.Expr]:
        return {"rest": of["size"] * 2.0**-scale.lowest, "bin": nw.lit(1, nw.Int64)}

    def octave(of: ColumnsOf, half: int) -> dict[str, nw.Expr]:
        is_above = of["rest"] >= 2.0**half
        return {
            "rest": nw.when(is_above).then(of["rest"] * 2.0**-half).otherwise(of["rest"]),
            "bin": nw.when(is_above).then(of["bin"] + half * scale.per_octave).otherwise(of["bin"]),
        }

    def bin_in_octave(of: ColumnsOf) -> dict[str, nw.Expr]:
        return {"bin": of["bin"] + ((of["rest"] - 1.0) * float(scale.per_octave)).floor().cast(nw.Int64)}

    def ends(of: ColumnsOf) -> dict[str, nw.Expr]:
        least = nw.when(of["bin"] < 1).then(nw.lit(1, nw.Int64)).otherwise(of["bin"])
        return {"bin": nw.when(of["size"] >= end).then(side).otherwise(least)}

    def code(of: ColumnsOf) -> dict[str, nw.Expr]:
        return {"code": nw.when(of["zone"] >= 0).then(code_of(of)).otherwise(nw.lit(-1, nw.Int64))}

    octaves: list[Columns] = [partial(octave, half=half) for half in halves]
    for made in (size, lowest_octave, *octaves, bin_in_octave, ends, code):
        rows = add_columns(rows, made)
    return rows


def _zone_and_bin(of: ColumnsOf) -> nw.Expr:
    """The code of a value by its zone and its signed bin."""
    signed = nw.when(of["value"] < 0).then(of["bin"] * -1).otherwise(of["bin"])
    place = nw.when(of["value"] == 0).then(nw.lit(0, nw.Int64)).otherwise(signed)
    made: nw.Expr = bin_code(of["zone"], place)
    return made


@dataclass(frozen=True)
class ColumnsOf:
    """The columns of one criterion in the query for histograms, by what they hold."""

    place: int

    def __getitem__(self, name: str) -> nw.Expr:
        return nw.col(f"{name}:{self.place}")


def _weighted_sum(name: str, log: LazyLog, *, weighted: bool) -> nw.Expr:
    if not weighted:
        return log.dialect.flag_as_number(nw.col(name)).sum().cast(nw.Int64).alias(name)
    weights = nw.when(nw.col(name)).then(nw.col("weight")).otherwise(nw.lit(0, nw.Int64))
    return weights.sum().cast(nw.Int64).alias(name)  # some engines sum whole numbers as wider ones
