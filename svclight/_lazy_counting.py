"""Counting in an engine: one wide aggregation of 0/1 columns by period and segments; nothing but counts comes back.

In: a compiled `Query`. Out: `Found`: for each group that occurs how many rows each rule of each criterion took, how
many are green, how many green or yellow, and how many rows are left to the pandas engine; or a criterion's histogram.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, Final

import narwhals as nw
import numpy as np

from svclight import histogram
from svclight._expressions import stepwise
from svclight._lazy_cases import ODD_EVENTS
from svclight._lazy_found import Found, periods_of
from svclight._preparing import NotFiniteError
from svclight.asof import moments
from svclight.counts import Counts, bin_code
from svclight.thresholds import ZONES

if TYPE_CHECKING:
    from collections.abc import Mapping

    import pandas as pd

    from svclight._dialects import Dialect
    from svclight._lazy_log import LazyLog
    from svclight._lazy_query import Query

    Frame = nw.LazyFrame[Any]
    Pair = tuple[str, str]


ODD = "odd"
_SUMMED: Final = ("raw rows", "odd rows")


def ask(query: Query) -> Found:
    """Runs a compiled query: one pass over the log. Of the times that tell how far it goes the newest are told, too.

    Raises:
        NotFiniteError: Numbers were taken to be finite, and some are not.
    """
    log = query.log
    odd_rows = log.any_odd()
    if odd_rows is not None and not log.odd:  # rows that are hardly ever there are counted before they are told apart
        found = _asked(query, {}, {ODD: odd_rows})
        total = int(found[ODD].sum())
        if not total:
            return Found(found, 0)
    if odd_rows is None:
        return Found(_asked(query, {}, {}), 0)
    found = _asked(query, {ODD: odd_rows}, {})
    odd = found[ODD].fillna(value=False).to_numpy(dtype=bool)
    rows, known = (int(found[name].to_numpy()[odd].sum()) for name in ("rows", "odd rows"))
    return Found(found[~odd].reset_index(drop=True), rows, known)


def _asked(query: Query, more_keys: Mapping[str, nw.Expr], counts: Mapping[str, nw.Expr]) -> pd.DataFrame:
    """The groups; by more keys, or with more counts of rows."""
    log, keys = query.log, {**query.keys, **more_keys}
    newest = {
        f"newest:{name}": nw.col(log.moment(name).column)
        for name in (() if log.counted else moments(log.log.process))  # of events they are told before
        if name != log.log.anchor or not log.is_plain(name)
    }
    summed = {f"sum:{name}": nw.col(name) for name in log.summed}
    columns = {**keys, "anchor": query.anchored(), **newest, **query.sums, **counts, **summed}
    weighted = log.log.spec.weight is not None
    if weighted:
        columns["weight"] = query.counted()
    if log.counted:
        columns |= {"raw rows": nw.col(log.counted), "odd rows": nw.col(ODD_EVENTS)}
    chosen = log.prepared(query.kind).select(*(expression.alias(name) for name, expression in columns.items()))
    found = log.dialect.collect(
        chosen.group_by(*keys).agg(
            nw.len().alias("rows"),
            *([nw.col("weight").sum().cast(nw.Int64).alias("all")] if weighted else []),
            *(nw.col(name).sum().cast(nw.Int64).alias(name) for name in _SUMMED if log.counted),
            nw.col("anchor").min().alias("anchor:low"),
            nw.col("anchor").max().alias("anchor:high"),
            *(nw.col(name).max().alias(f"{name}:high") for name in newest),
            *(_total(name, log, weighted=weighted and not name.endswith(":askers")) for name in query.sums),
            *(_total(name, log, weighted=False) for name in counts),
            *(nw.col(name).sum().alias(name) for name in summed),
        )
    )
    if not all(np.isfinite(found.pop(name).to_numpy(dtype=np.float64)).all() for name in summed):
        raise NotFiniteError
    if not weighted:
        found["all"] = found["rows"]
    if not log.counted:
        found["raw rows"], found["odd rows"] = found["rows"], 0
    return found


def values_of(query: Query, name: str) -> Counts:
    """The histogram of a criterion's rated values: one more pass."""
    log, outcomes = query.log, query.outcomes[name]
    each = [one for one in outcomes.each() if one.state in ZONES and not one.reason]
    zone: Any = nw.lit(-1, nw.Int64)
    for one in each:
        zone = nw.when(one.rows).then(nw.lit(ZONES.index(one.state), nw.Int64)).otherwise(zone)
    odd, shown = log.any_odd(), outcomes.shown
    columns = {
        "period": query.keys["period"],
        "zone": zone if odd is None else nw.when(odd).then(nw.lit(-1, nw.Int64)).otherwise(zone),
    }
    columns["value"] = nw.col(log.moment(query.anchor).column) if shown is None else shown
    if log.log.spec.weight is not None:
        columns["weight"] = query.counted()
    rows = log.prepared(query.kind).select(*(expression.alias(key) for key, expression in columns.items()))
    rows = binned(log.dialect.settled(rows).filter(nw.col("zone") >= 0), log.dialect)
    count = nw.len() if "weight" not in columns else nw.col("weight").sum()
    found = log.dialect.collect(rows.group_by("period", "zone", "bin").agg(count.alias("count")))
    numbers: dict[str, Any] = {
        key: found[key].astype("Int64").to_numpy(dtype=np.int64) for key in ("zone", "bin", "count")
    }
    return Counts(periods_of(Found(found, 0)), (), bin_code(numbers["zone"], numbers["bin"]), numbers["count"])


def binned(rows: Frame, dialect: Dialect) -> Frame:
    """Adds the number of the bin of each value: as `histogram.bins_of` reads it off the bits, exactly.

    Step by step, so that what is needed often is computed once: some engines put expressions in the place of names.
    """

    def with_columns(rows: Frame, **made: nw.Expr) -> Frame:
        return dialect.settled(rows.with_columns(**made))

    first, last = histogram.LOWEST_OCTAVE, histogram.LOWEST_OCTAVE + histogram.OCTAVES
    value, size, low, number = (nw.col(name) for name in ("value", "size", "low", "number"))
    octaves, end = np.arange(first, last), 2.0**last
    plain = nw.when(value < 0).then(value * -1.0).otherwise(value)
    rows = with_columns(rows, size=nw.when(plain < end).then(plain).otherwise(nw.lit(end, nw.Float64)))
    rows = with_columns(
        rows,
        low=stepwise(size, 2.0**octaves, 2.0**octaves, nw.Float64),
        number=stepwise(size, 2.0**octaves, (octaves - first) * histogram.PER_OCTAVE + 1, nw.Int64),
    )
    step = ((size / low - 1.0) * float(histogram.PER_OCTAVE)).floor().cast(nw.Int64)
    rows = with_columns(rows, number=number + step)
    least = nw.when(number < 1).then(nw.lit(1, nw.Int64)).otherwise(number)
    rows = with_columns(rows, number=nw.when(size >= end).then(nw.lit(histogram.SIDE, nw.Int64)).otherwise(least))
    signed = nw.when(value < 0).then(number * -1).otherwise(number)
    return with_columns(rows, bin=nw.when(value == 0).then(nw.lit(0, nw.Int64)).otherwise(signed))


def _total(name: str, log: LazyLog, *, weighted: bool) -> nw.Expr:
    if not weighted:
        return log.dialect.flagged(nw.col(name)).sum().alias(name)
    return nw.when(nw.col(name)).then(nw.col("weight")).otherwise(nw.lit(0, nw.Int64)).sum().alias(name)
