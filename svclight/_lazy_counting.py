"""Counting in an engine: one wide aggregation of 0/1 columns by period and segments; nothing but counts comes back.

In: `LazyLog`, criteria, segments, the kind of period. Out: `Found`: for each group that occurs how many rows each rule
of each criterion took, how many are green, how many green or yellow, and how many rows are left to the pandas engine.
"""

from __future__ import annotations

from dataclasses import dataclass, field, replace
from functools import reduce
from typing import TYPE_CHECKING, Any

import narwhals as nw
import numpy as np
import pandas as pd

from svclight import clocks, histogram
from svclight._expressions import stepwise
from svclight._lazy_conditions import condition_of, few, part_of
from svclight._lazy_judging import Ladder, ladder_of, left_out, not_begun, worst_ladder
from svclight._lazy_measures import Gap
from svclight.asof import moments
from svclight.clocks import DAY, NANO, NAT
from svclight.columns import MICRO
from svclight.counts import NO_PERIOD, Counts, Tally, bin_code
from svclight.leaving import beginnings
from svclight.models import WEEKDAYS
from svclight.tables import Words
from svclight.thresholds import ZONES

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping, Sequence

    from svclight._lazy_log import LazyLog
    from svclight.models import Criterion

    Frame = nw.LazyFrame[Any]
    Pair = tuple[str, str]

ODD = "odd"


@dataclass(frozen=True)
class Outcomes:
    """The outcomes of a criterion: for each rule the rows that it takes and no earlier one, and what has a zone.

    Their expressions may be null for rows that they do not hold for.
    """

    gaps: tuple[Gap, ...]
    rest: nw.Expr | None
    green: nw.Expr
    wider: nw.Expr
    shown: nw.Expr | None = None

    def rated(self, zone: nw.Expr) -> nw.Expr:
        """The rows that no rule takes and that are in a zone."""
        return zone if self.rest is None else self.rest & zone

    def each(self) -> list[Gap]:
        """Every outcome: each row has exactly one, and no expression is null."""
        green, wider = (self.rated(zone).fill_null(value=False) for zone in (self.green, self.wider))
        gaps, untimed = [], None
        for gap in self.gaps:
            rows = gap.rows.fill_null(value=False)
            gaps.append(Gap(rows if untimed is None else rows & ~untimed, gap.state, gap.reason))
            untimed = rows if gap.untimed else untimed
        if untimed is not None:
            green, wider = green & ~untimed, wider & ~untimed
        others = [wider, *(gap.rows for gap in gaps)]
        red = ~reduce(lambda one, other: one | other, others)
        zones = (green, wider & ~green, red)
        return [*gaps, *(Gap(rows, zone, "") for rows, zone in zip(zones, ZONES, strict=True))]


def outcomes_of(ladder: Ladder, out: Sequence[Gap]) -> Outcomes:
    """The rules one after the other, after those that leave rows out for all criteria."""
    kept: list[nw.Expr] = []
    gaps = []
    for rule in (*out, *ladder.rules):
        rows = reduce(lambda one, other: one & other, [*kept, rule.rows])
        gaps.append(Gap(rows, rule.state, rule.reason, untimed=rule.untimed))
        kept += rule.left()
    rest = reduce(lambda one, other: one & other, kept) if kept else None
    return Outcomes(tuple(gaps), rest, ladder.green, ladder.wider, ladder.shown)


def _is_simple(criterion: Criterion) -> bool:
    """Whether the rules of a criterion are so few and short that each can be asked wherever it is needed."""
    asks = (criterion.abandoned, criterion.applies, criterion.thresholds, criterion.scale, criterion.measure.worst)
    return criterion.measure.kind in ("value", "duration", "delay") and all(one is None for one in asks)


def _computed(ladder: Ladder, log: LazyLog, level: int) -> Ladder:
    """The same rules as columns, each computed once."""
    zones = [zone.fill_null(value=False) for zone in (ladder.green, ladder.wider)]
    rules = _columns_of(ladder.rules, "rule", log, level)
    green, wider = log.before.computed("zone", zones, level=level)
    return replace(ladder, rules=rules, green=green, wider=wider)


def _columns_of(rules: Sequence[Gap], what: str, log: LazyLog, level: int) -> tuple[Gap, ...]:
    """Rules whose rows are columns that are never null."""
    if not rules:
        return ()
    rows = log.before.computed(what, [rule.rows.fill_null(value=False) for rule in rules], level=level)
    return tuple(Gap(row, rule.state, rule.reason) for row, rule in zip(rows, rules, strict=True))


@dataclass
class Query:
    """What is asked of an engine about criteria that share a time.

    Attributes:
        log: The log.
        anchor: The time that places rows in periods.
        names: The criteria.
        segments: By what rows are split.
        kind: The kind of period.
        matured: Whether rows that are too young are pending.
    """

    log: LazyLog
    anchor: str
    names: tuple[str, ...]
    segments: tuple[str, ...]
    kind: str
    matured: bool = False
    outcomes: dict[str, Outcomes] = field(default_factory=dict)
    keys: dict[str, nw.Expr] = field(default_factory=dict)
    sums: dict[str, nw.Expr] = field(default_factory=dict)

    def compiled(self, order: Sequence[str]) -> Query:
        """The query with the outcomes of its criteria (and of their parts), and with what is grouped and summed.

        After that the log knows all rows that are odd for it.

        Raises:
            UnableError: The engine cannot tell by itself.
        """
        out = _columns_of(left_out(self.log), "left out", self.log, level=1)
        criteria = self.log.log.process.criteria
        wanted = _with_parts(criteria, set(self.names))
        levels: dict[str, int] = {}
        for name in order:
            if name not in wanted:
                continue
            criterion = criteria[name]
            if criterion.measure.worst is None:
                ladder, levels[name] = ladder_of(criterion, self.log, matured=self.matured), 2
            else:
                above = 1 + max(levels[part] for part in criterion.measure.worst)
                parts = {part: self._part(part, above) for part in criterion.measure.worst}
                ladder, levels[name] = worst_ladder(criterion, parts, self.log, matured=self.matured), above + 1
            computed = ladder if _is_simple(criterion) else _computed(ladder, self.log, levels[name])
            self.outcomes[name] = outcomes_of(computed, out)
        self.keys, self.sums = _keys(self), _sums(self)
        _anchor(self)  # enters what it needs
        return self

    def _part(self, name: str, level: int) -> list[Gap]:
        """The outcomes of a criterion, as columns that others are put together from."""
        each = self.outcomes[name].each()
        rows = self.log.before.computed(f"outcome:{name}", [one.rows for one in each], level=level)
        return [replace(one, rows=row) for one, row in zip(each, rows, strict=True)]

    def period(self) -> nw.Expr:
        """The number of each row's period; what has not begun keeps the one of its anchor."""
        log, later = self.log, self.log.later(self.anchor)
        if later is None or self.anchor in beginnings(log.log):
            return log.period(self.anchor)
        early = not_begun(log)
        seen = ~later if not early else ~later | reduce(lambda one, other: one | other, early)
        return log.period(self.anchor, nw.when(seen).then(log.walls(self.anchor, whole=True)))

    def counted(self) -> nw.Expr:
        """How many interactions a row is: its weight, or 1."""
        values = self.log.numbers(str(self.log.log.spec.weight)).values
        # others are odd, and an engine may refuse to make them whole
        sound = (values >= 0) & (values < 2**53)
        return nw.when(sound).then(values).otherwise(nw.lit(0)).cast(nw.Int64)

    def anywhere(self) -> nw.Expr:
        """A column that every log has."""
        return nw.col(self.log.moment(self.log.log.anchor).column)


def _with_parts(criteria: Mapping[str, Criterion], names: set[str]) -> set[str]:
    more = {part for name in names for part in criteria[name].measure.worst or ()}
    return names if more <= names else _with_parts(criteria, names | more)


def _keys(query: Query) -> dict[str, nw.Expr]:
    """The columns by which rows are grouped: the period, and what stands behind the segments."""
    made = {"period": query.period()}
    for name in query.segments:
        spec = query.log.log.field(name, "text")
        if spec.part is not None:
            number, seen = part_of(name, query.log)
            made[f"part:{name}"] = nw.when(seen).then(number)
            continue
        for column in spec.columns:
            made[f"raw:{column}"] = nw.col(column)
    return made


@dataclass(frozen=True)
class Found:
    """What came back: a row for each group. `odd` is how many rows the pandas engine must judge."""

    groups: pd.DataFrame
    odd: int


def ask(query: Query) -> Found:
    """Runs a compiled query: one pass over the log. Of the times that tell how far it goes the newest are told, too."""
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
    return Found(found[~odd].reset_index(drop=True), int(found["rows"].to_numpy()[odd].sum()))


def _asked(query: Query, more_keys: Mapping[str, nw.Expr], counts: Mapping[str, nw.Expr]) -> pd.DataFrame:
    """The groups; by more keys, or with more counts of rows."""
    log, keys = query.log, {**query.keys, **more_keys}
    newest = {
        f"newest:{name}": nw.col(log.moment(name).column)
        for name in moments(log.log.process)
        if name != log.log.anchor or not log.is_plain(name)
    }
    columns = {**keys, "anchor": _anchor(query), **newest, **query.sums, **counts}
    weighted = log.log.spec.weight is not None
    if weighted:
        columns["weight"] = query.counted()
    chosen = log.prepared(query.kind).select(*(expression.alias(name) for name, expression in columns.items()))
    found = log.dialect.collect(
        chosen.group_by(*keys).agg(
            nw.len().alias("rows"),
            *([nw.col("weight").sum().cast(nw.Int64).alias("all")] if weighted else []),
            nw.col("anchor").min().alias("anchor:low"),
            nw.col("anchor").max().alias("anchor:high"),
            *(nw.col(name).max().alias(f"{name}:high") for name in newest),
            *(_total(name, log, weighted=weighted and not name.endswith(":askers")) for name in query.sums),
            *(_total(name, log, weighted=False) for name in counts),
        )
    )
    if not weighted:
        found["all"] = found["rows"]
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
    rows = binned(rows.filter(nw.col("zone") >= 0))
    count = nw.len() if "weight" not in columns else nw.col("weight").sum()
    found = log.dialect.collect(rows.group_by("period", "zone", "bin").agg(count.alias("count")))
    numbers: dict[str, Any] = {
        key: found[key].astype("Int64").to_numpy(dtype=np.int64) for key in ("zone", "bin", "count")
    }
    return Counts(periods_of(Found(found, 0)), (), bin_code(numbers["zone"], numbers["bin"]), numbers["count"])


def binned(rows: Frame) -> Frame:
    """Adds the number of the bin of each value: as `histogram.bins_of` reads it off the bits, exactly.

    Step by step, so that what is needed often is computed once: some engines put expressions in the place of names.
    """
    first, last = histogram.LOWEST_OCTAVE, histogram.LOWEST_OCTAVE + histogram.OCTAVES
    value, size, low, number = (nw.col(name) for name in ("value", "size", "low", "number"))
    octaves, end = np.arange(first, last), 2.0**last
    plain = nw.when(value < 0).then(value * -1.0).otherwise(value)
    rows = rows.with_columns(size=nw.when(plain < end).then(plain).otherwise(nw.lit(end, nw.Float64)))
    rows = rows.with_columns(
        low=stepwise(size, 2.0**octaves, 2.0**octaves, nw.Float64),
        number=stepwise(size, 2.0**octaves, (octaves - first) * histogram.PER_OCTAVE + 1, nw.Int64),
    )
    step = ((size / low - 1.0) * float(histogram.PER_OCTAVE)).floor().cast(nw.Int64)
    rows = rows.with_columns(number=number + step)
    least = nw.when(number < 1).then(nw.lit(1, nw.Int64)).otherwise(number)
    rows = rows.with_columns(number=nw.when(size >= end).then(nw.lit(histogram.SIDE, nw.Int64)).otherwise(least))
    signed = nw.when(value < 0).then(number * -1).otherwise(number)
    return rows.with_columns(bin=nw.when(value == 0).then(nw.lit(0, nw.Int64)).otherwise(signed))


def _total(name: str, log: LazyLog, *, weighted: bool) -> nw.Expr:
    if not weighted:
        return log.dialect.flagged(nw.col(name)).sum().alias(name)
    return nw.when(nw.col(name)).then(nw.col("weight")).otherwise(nw.lit(0, nw.Int64)).sum().alias(name)


def _sums(query: Query) -> dict[str, nw.Expr]:
    """The 0/1 columns of all criteria: a rule's rows, green, green or yellow; and who was asked, and who answered."""
    sums: dict[str, nw.Expr] = {}
    for place, name in enumerate(query.names):
        outcomes = query.outcomes[name]
        sums |= {f"{place}:{number}": gap.rows for number, gap in enumerate(outcomes.gaps) if not gap.untimed}
        sums[f"{place}:green"] = outcomes.rated(outcomes.green)
        sums[f"{place}:wider"] = outcomes.rated(outcomes.wider)
        criterion = query.log.log.process.criteria[name]
        if criterion.asked is not None:
            met = condition_of(criterion.asked, query.log)
            each = outcomes.each()
            apart = [gap.rows for gap in each if gap.state in ("excluded", "not_applicable")]
            met = met & ~reduce(lambda one, other: one | other, apart) if apart else met
            rated = [gap.rows for gap in each if gap.state in ZONES]
            sums[f"{place}:asked"] = sums[f"{place}:askers"] = met
            sums[f"{place}:answered"] = met & reduce(lambda one, other: one | other, rated)
    return sums


def _anchor(query: Query) -> nw.Expr:
    """The time of the log's anchor, of which the first and the last day are told."""
    log, name = query.log, query.log.log.anchor
    return nw.col(log.moment(name).column) if log.is_plain(name) else log.walls(name)


def ticks_of(column: pd.Series[Any], per_second: int) -> Any:
    """A column of times or of ticks, as ticks; NAT where there is none."""
    if column.dtype.kind == "M":
        plain = column.dt.tz_convert(None) if isinstance(column.dtype, pd.DatetimeTZDtype) else column
        unit = {NANO: "ns", MICRO: "us"}[per_second]
        return plain.to_numpy().astype(f"datetime64[{unit}]").astype(np.int64)
    if column.dtype == object:  # dates
        plain = pd.to_datetime(column).to_numpy().astype("datetime64[us]").astype(np.int64)
        return np.where(column.isna(), NAT, plain)
    return column.astype("Int64").fillna(NAT).to_numpy(dtype=np.int64)


def newest_of(found: Found, name: str, log: LazyLog) -> Any:
    """The greatest tick of a time in each group, as it is written; NAT where there is none."""
    key = f"newest:{name}:high"
    column = found.groups[key if key in found.groups else "anchor:high"]
    return ticks_of(column, log.moment(name).per_second)


def first_and_last_day(found: Found, log: LazyLog) -> tuple[int, int] | None:
    """The days of the first and of the last anchor."""
    per_second = log.moment(log.log.anchor).per_second
    ends = [ticks_of(found.groups[f"anchor:{end}"], per_second) for end in ("low", "high")]
    low, high = (clocks.to_days(ticks[ticks != NAT], per_second) for ticks in ends)
    return (int(low.min()), int(high.max())) if len(low) else None


def last_days(found: Found, log: LazyLog) -> set[int]:
    """The last day of an anchor in each group."""
    per_second = log.moment(log.log.anchor).per_second
    ticks = ticks_of(found.groups["anchor:high"], per_second)
    return set(clocks.to_days(ticks[ticks != NAT], per_second).tolist())


def periods_of(found: Found) -> Any:
    """The period numbers of groups, `NO_PERIOD` where there is none."""
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
        if spec.part is None:
            texts = small.texts(name)
            made.append(Words(np.asarray(texts.codes, dtype=np.int64) + 1, ["", *texts.words]))
            continue
        numbers = found.groups[f"part:{name}"].astype("Int64")
        words = [_part_word(spec.part, number) for number in numbers.fillna(-1).tolist()]
        known = {word: place for place, word in enumerate(dict.fromkeys(["", *words]))}
        codes = np.array([0 if empty else known[word] for word, empty in zip(words, numbers.isna(), strict=True)])
        made.append(Words(codes.astype(np.int64), list(known)))
    return tuple(made)


def _part_word(part: str, number: int) -> str:
    if part == "hour":
        return str(number)
    return WEEKDAYS[number] if part == "weekday" else clocks.day_of(number).isoformat()


def tallies(found: Found, query: Query) -> dict[str, Tally]:
    """What was counted of each criterion."""
    periods, segments = periods_of(found), segments_of(found, query)
    return {name: _tally(found, query, place, periods, segments) for place, name in enumerate(query.names)}


def _tally(found: Found, query: Query, place: int, periods: Any, segments: tuple[Words, ...]) -> Tally:
    outcomes = query.outcomes[query.names[place]]
    pairs: dict[Pair, Any] = {(zone, ""): np.zeros(len(periods), dtype=np.int64) for zone in ZONES}

    def sums(key: str) -> Any:
        return found.groups[f"{place}:{key}"].fillna(0).to_numpy(dtype=np.int64)

    green, wider, left = sums("green"), sums("wider"), found.groups["all"].to_numpy(dtype=np.int64, copy=True)
    timed = np.ones(len(periods), dtype=bool)
    for number, gap in enumerate(outcomes.gaps):
        pair = (gap.state, gap.reason)
        if gap.untimed:  # all that earlier rules leave of rows without a period
            timed = periods != NO_PERIOD
            green, wider, taken = np.where(timed, green, 0), np.where(timed, wider, 0), np.where(timed, 0, left)
        else:
            taken = np.where(timed, sums(str(number)), 0)
        pairs[pair] = pairs.get(pair, 0) + taken
        left -= taken
    for zone, number in zip(ZONES, (green, wider - green, left - wider), strict=True):
        pairs[zone, ""] = pairs[zone, ""] + number
    wide = np.column_stack(list(pairs.values()))
    keys = _repeated(periods, segments, len(pairs))
    codes = np.tile(np.arange(len(pairs), dtype=np.int64), len(periods))
    counts = Counts(*keys, codes, wide.ravel())
    asked = None
    if f"{place}:asked" in found.groups:
        asked = _responses(sums, periods, segments)
    return Tally(counts, tuple(pairs), asked=asked)


def _responses(sums: Callable[[str], Any], periods: Any, segments: tuple[Words, ...]) -> Counts:
    """Who was asked and has not answered, and who has; of groups in which somebody was asked, be the weight 0."""
    there = sums("askers") > 0
    answered = sums("answered")[there]
    both = np.column_stack([sums("asked")[there] - answered, answered])
    keys = _repeated(periods[there], tuple(Words(one.codes[there], one.words) for one in segments), 2)
    return Counts(*keys, np.tile(np.arange(2), len(answered)), both.ravel())


def _repeated(periods: Any, segments: tuple[Words, ...], times: int) -> tuple[Any, tuple[Words, ...]]:
    return np.repeat(periods, times), tuple(Words(np.repeat(one.codes, times), one.words) for one in segments)
