"""The answer of an engine, a row for each group, turned into counts of the form that every engine gives.

In: `Found` and the `Query` that it answers. Out: `Tally` of each criterion, and the days and times that tell how far
the log goes.
"""

from __future__ import annotations

from dataclasses import dataclass
from fractions import Fraction
from typing import TYPE_CHECKING, Any

import numpy as np
import pandas as pd

from svclight.counts.count_tables import NO_PERIOD, Counts, Tally
from svclight.counts.tidy_tables import Words
from svclight.definition.models import WEEKDAYS
from svclight.definition.names_used import differences_of
from svclight.in_engine.conditions import few
from svclight.judging.maturity import certain_at
from svclight.method.maturity import looks_back, turning_pairs
from svclight.thresholds import ZONES
from svclight.values import clocks
from svclight.values.clocks import DAY, NANO, NAT
from svclight.values.columns import MICRO

if TYPE_CHECKING:
    from collections.abc import Callable

    import narwhals as nw

    from svclight.in_engine.aggregation import Query
    from svclight.in_engine.log import LazyLog

    Frame = nw.LazyFrame[Any]
    Pair = tuple[str, str]


@dataclass(frozen=True)
class Found:
    """The answer of an engine: one row of sums for each group.

    Attributes:
        groups: The groups, with the sums of each.
        odd: The number of odd rows.
        odd_ids: The number of odd rows whose ids are in `LazyLog.odd_ids`.
        finite: Whether all numbers are finite that were taken to be: else the counts mean nothing.
    """

    groups: pd.DataFrame
    odd: int
    odd_ids: int = 0
    finite: bool = True


def ticks_of(column: pd.Series[Any], per_second: int) -> Any:
    """A column of times or ticks as ticks; `NAT` in empty cells."""
    if column.dtype.kind == "M":
        plain = column.dt.tz_convert(None) if isinstance(column.dtype, pd.DatetimeTZDtype) else column
        unit = {NANO: "ns", MICRO: "us"}[per_second]
        return plain.to_numpy().astype(f"datetime64[{unit}]").astype(np.int64)
    if column.dtype == object:  # dates
        plain = pd.to_datetime(column).to_numpy().astype("datetime64[us]").astype(np.int64)
        return np.where(column.isna(), NAT, plain)
    return column.astype("Int64").fillna(NAT).to_numpy(dtype=np.int64)


def newest_of(found: Found, name: str, log: LazyLog) -> Any:
    """The greatest tick of a time in each group, as written; `NAT` in groups without one."""
    key = f"newest:{name}:high"
    column = found.groups[key if key in found.groups else "anchor:high"]
    return ticks_of(column, log.moment(name).per_second)


def first_and_last_day(found: Found, log: LazyLog) -> tuple[int, int] | None:
    """The first and the last day of the anchor over all groups."""
    per_second = log.moment(log.log.anchor).per_second
    ends = [ticks_of(found.groups[f"anchor:{end}"], per_second) for end in ("low", "high")]
    low, high = (clocks.to_days(ticks[ticks != NAT], per_second) for ticks in ends)
    return (int(low.min()), int(high.max())) if len(low) else None


def periods_of(found: Found) -> Any:
    """The period numbers of groups; `NO_PERIOD` for rows without a time."""
    return found.groups["period"].astype("Int64").fillna(NO_PERIOD).to_numpy(dtype=np.int64)


def beyond_calendar(found: Found, kind: str) -> bool:
    """Whether a period lies outside the years 1 to 9999."""
    numbers = periods_of(found)
    numbers = numbers[numbers != NO_PERIOD]
    if not len(numbers):
        return False
    ends = np.array([clocks.FIRST_SECOND // DAY, clocks.LAST_SECOND // DAY], dtype=np.int64)
    first, last = clocks.period_numbers(ends, kind)
    return bool(numbers.min() < first or numbers.max() > last)


def segments_of(found: Found, query: Query) -> tuple[Words, ...]:
    """The words of the segments of each group, as the pandas engine writes them."""
    made = []
    columns = {name.removeprefix("raw:"): found.groups[name] for name in query.keys if name.startswith("raw:")}
    small = few(query.log.log, {"": range(len(found.groups)), **columns})
    for name in query.segments:
        spec = query.log.log.field(name, "text")
        if f"part:{name}" not in query.keys:
            texts = small.texts(name)
            made.append(Words(np.asarray(texts.codes, dtype=np.int64) + 1, ["", *texts.words]))
            continue
        numbers = found.groups[f"part:{name}"].astype("Int64")
        words = [_part_word(spec.part or "", number) for number in numbers.fillna(-1).tolist()]
        known = {word: place for place, word in enumerate(dict.fromkeys(["", *words]))}
        codes = np.array([0 if empty else known[word] for word, empty in zip(words, numbers.isna(), strict=True)])
        made.append(Words(codes.astype(np.int64), list(known)))
    return tuple(made)


def _part_word(part: str, number: int) -> str:
    if not part:  # a flag
        return str(bool(number)).lower()
    if part == "hour":
        return str(number)
    return WEEKDAYS[number] if part == "weekday" else clocks.day_of(number).isoformat()


def tallies(found: Found, query: Query) -> dict[str, Tally]:
    """Turns the sums of a query into the counts of each criterion."""
    periods, segments = periods_of(found), segments_of(found, query)
    return {name: _tally(found, query, place, periods, segments) for place, name in enumerate(query.names)}


def _tally(found: Found, query: Query, place: int, periods: Any, segments: tuple[Words, ...]) -> Tally:
    outcomes = query.outcomes[query.names[place]]
    if outcomes.shares:
        return _tally_of_totals(found, query, place, periods, segments)
    pairs: dict[Pair, Any] = {(zone, ""): np.zeros(len(periods), dtype=np.int64) for zone in ZONES}

    def sums(key: str) -> Any:
        return found.groups[key].fillna(0).to_numpy(dtype=np.int64)

    green, wider = sums(f"{place}:green"), sums(f"{place}:wider")
    left = found.groups["all"].to_numpy(dtype=np.int64, copy=True)
    timed = np.ones(len(periods), dtype=bool)
    for number, rule in enumerate(outcomes.rules):
        pair = (rule.state, str(rule.reason))
        if rule.untimed:  # all that earlier rules leave of rows without a period
            timed = periods != NO_PERIOD
            green, wider, taken = np.where(timed, green, 0), np.where(timed, wider, 0), np.where(timed, 0, left)
        else:
            taken = np.where(timed, sums(query.rule(place, number)), 0)
        pairs[pair] = pairs.get(pair, 0) + taken
        left -= taken
    for zone, number in zip(ZONES, (green, wider - green, left - wider), strict=True):
        pairs[zone, ""] = pairs[zone, ""] + number
    counts = _there(np.column_stack(list(pairs.values())), periods, segments)
    asked = None
    if f"{place}:asked" in found.groups:
        asked = _responses(lambda key: sums(f"{place}:{key}"), periods, segments)
    process = query.log.log.process
    criterion = process.criteria[query.names[place]]
    return Tally(
        counts,
        tuple(pairs),
        asked=asked,
        by_clock=turning_pairs(criterion, process, pairs),
        certain=_certain(found, query, place, periods),
        looks_back=looks_back(criterion, process),
    )


def _certain(found: Found, query: Query, place: int, periods: Any) -> dict[int, int]:
    """For each period the instant at which the last row that a clock keeps pending is certain."""
    log = query.log.log
    criterion = log.process.criteria[query.names[place]]
    made: dict[int, int] = {}
    for column, unit in query.waiting(place):
        left = found.groups[column].astype("Int64")
        there = left.notna().to_numpy(dtype=bool)
        longest = pd.Series(left[there].to_numpy(dtype=np.int64)).groupby(periods[there]).max()
        for number, ticks in longest.items():
            instant = certain_at(criterion, log, Fraction(int(ticks)) / unit.factor, by_date=unit.by_date)
            if instant is not None:
                made[int(number)] = max(instant, made.get(int(number), instant))  # type: ignore[call-overload]  # it is a number
    return made


def _tally_of_totals(found: Found, query: Query, place: int, periods: Any, segments: tuple[Words, ...]) -> Tally:
    """What rows of totals count: what rules take of the sum of their fields, and of the others each field by itself."""
    name = query.names[place]
    outcomes, process = query.outcomes[name], query.log.log.process
    pairs: dict[Pair, Any] = {(zone, ""): np.zeros(len(periods), dtype=np.int64) for zone in ZONES}

    def sums(key: str) -> Any:
        return found.groups[key].fillna(0).to_numpy(dtype=np.int64)

    left, timed = sums(f"{place}:whole"), np.ones(len(periods), dtype=bool)
    for number, rule in enumerate(outcomes.rules):
        if rule.untimed:  # all that earlier rules leave of rows without a period
            timed = periods != NO_PERIOD
            taken = np.where(timed, 0, left)
        else:
            taken = np.where(timed, sums(query.rule(place, number)), 0)
        pairs[rule.state, str(rule.reason)] = pairs.get((rule.state, str(rule.reason)), 0) + taken
        left = left - taken
    shares = [np.where(timed, sums(f"{place}:share:{number}"), 0) for number in range(len(outcomes.shares))]
    for share, counted in zip(outcomes.shares, shares, strict=True):
        pairs[share.state, share.reason] = pairs.get((share.state, share.reason), 0) + counted
    differing = differences_of(process.criteria[name], process.log)
    apart = [counted for share, counted in zip(outcomes.shares, shares, strict=True) if share.name in differing]
    return Tally(
        _there(np.column_stack(list(pairs.values())), periods, segments),
        tuple(pairs),
        asked=_responses(lambda key: sums(f"{place}:{key}"), periods, segments)
        if f"{place}:asked" in found.groups
        else None,
        differences=_there(np.column_stack(apart), periods, segments) if apart else None,
    )


def _there(wide: Any, periods: Any, segments: tuple[Words, ...]) -> Counts:
    """The outcomes that occur in each group; if all weigh nothing, the first one stands for them."""
    occurs = wide != 0
    occurs[:, 0] |= ~occurs.any(axis=1)
    groups, codes = np.nonzero(occurs)
    words = tuple(Words(one.codes[groups], one.words) for one in segments)
    return Counts(periods[groups], words, codes, wide[occurs])


def _responses(sums: Callable[[str], Any], periods: Any, segments: tuple[Words, ...]) -> Counts:
    """The numbers of customers asked and of answers, in groups in which somebody was asked."""
    there = sums("askers") > 0
    answered = sums("answered")[there]
    both = np.column_stack([sums("asked")[there] - answered, answered])
    words = tuple(Words(np.repeat(one.codes[there], 2), one.words) for one in segments)
    return Counts(np.repeat(periods[there], 2), words, np.tile(np.arange(2), len(answered)), both.ravel())
