"""Counting: a typed log -> how many rows of each group (period, segments) have each outcome.

In: a `Log` at its `as_of`, segments, the kind of period. Out: `Plan`, which judges any part of the log, and the tidy
tables of one process. Rows are judged in parts that fit the processor's cache and leave nothing but counts. All that
needs the whole log (periods, the words of segments, repeated ids) is found before.
"""

from __future__ import annotations

import datetime as dt
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any, Final

import numpy as np

from svclight import asof, clocks, histogram
from svclight.clocks import NAT
from svclight.filters import met
from svclight.judging import NOT_BEGUN, REPEATED, Judged, Outcomes, judge, judge_worst
from svclight.logs import in_parts
from svclight.measures import Gap
from svclight.repeats import repeated
from svclight.tables import Part, Words
from svclight.thresholds import STATES, ZONES

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Mapping

    from numpy.typing import NDArray

    from svclight.logs import Log, Rows
    from svclight.models import Criterion, Process

PART: Final = 1 << 17
"""Rows judged at a time: few enough that their columns stay in the processor's cache."""
DENSE: Final = 1 << 21
"""Up to so many cells counts are gathered in a full table, beyond in a sorted list of those that occur."""
_MANY: Final = 1 << 20  # more than there are outcomes or bins


@dataclass
class _Tally:
    """Rows (and weights) of (group, code) pairs, in a full table, or in a list where that would be large."""

    groups: int
    weighted: bool
    table: NDArray[np.int64] | None = None
    keys: list[NDArray[np.int64]] = field(default_factory=list)
    counts: list[NDArray[np.int64]] = field(default_factory=list)

    def add(
        self, groups: NDArray[np.int64], codes: NDArray[Any], width: int, weights: NDArray[np.int64] | None
    ) -> None:
        """Adds rows; `codes` are smaller than `width`."""
        if self.groups * width <= DENSE:
            table = self._widened(width)
            keys, size = groups * table.shape[2] + codes, table[0].size
            table[0] += np.bincount(keys, minlength=size).reshape(table[0].shape)
            if weights is not None:
                table[1] += _whole(np.bincount(keys, weights, size)).reshape(table[1].shape)
            return
        places, inverse = np.unique(groups * _MANY + codes, return_inverse=True)
        self.keys.append(places)
        self.counts.append(_whole(np.bincount(inverse, weights)))

    def _widened(self, width: int) -> NDArray[np.int64]:
        """The table with room for codes up to `width`, and some to spare for those that turn up later."""
        if self.table is None or self.table.shape[2] < width:
            wider = np.zeros((1 + self.weighted, self.groups, width + width // 4), dtype=np.int64)
            if self.table is not None:
                wider[:, :, : self.table.shape[2]] = self.table
            self.table = wider
        return self.table

    def result(self) -> tuple[NDArray[np.int64], NDArray[np.int64], NDArray[np.int64]]:
        """Groups, codes and counts of all pairs that occur, in order; a row of weight 0 occurs too."""
        keys, counts = list(self.keys), list(self.counts)
        if self.table is not None:
            group, code = np.nonzero(self.table[0])
            keys.append(group * _MANY + code)
            counts.append(self.table[-1][group, code])
        if not keys:
            nothing = np.array([], dtype=np.int64)
            return nothing, nothing, nothing
        places, inverse = np.unique(np.concatenate(keys), return_inverse=True)
        summed = np.zeros(len(places), dtype=np.int64)
        np.add.at(summed, inverse, np.concatenate(counts))
        return (*np.divmod(places, _MANY), summed)


def _whole(counts: NDArray[Any]) -> NDArray[np.int64]:
    """Sums of weights come as floats, exact up to 2^53."""
    return np.rint(counts).astype(np.int64) if counts.dtype.kind == "f" else counts


@dataclass(frozen=True)
class _Periods:
    """Periods of one time field: number 0 for rows without a usable time, then the periods from `first` on."""

    name: str
    kind: str
    first_day: int
    first: int
    table: NDArray[np.int64]

    @classmethod
    def of(cls, log: Log, name: str, kind: str) -> _Periods:
        """The periods that the log's times touch."""
        whole = log.at(None)
        parts = [rows.walls(name) for rows in in_parts(whole, PART)]
        ends = [(clocks.bounds(walls), per_second) for walls, per_second in parts]
        days = [tick // (clocks.DAY * per_second) for pair, per_second in ends if pair is not None for tick in pair]
        if not days:
            return cls(name, kind, 0, 0, np.zeros(1, dtype=np.int64))
        numbers = clocks.period_numbers(np.arange(min(days), max(days) + 1, dtype=np.int64), kind)
        return cls(name, kind, min(days), int(numbers[0]), numbers - numbers[0] + 1)

    @property
    def size(self) -> int:
        """How many numbers there are."""
        return int(self.table[-1]) + 1

    def numbers(self, days: NDArray[np.int64]) -> NDArray[np.int64]:
        """The period number of each day."""
        if len(days) and days.min() == NAT:
            known = days != NAT
            return np.where(known, self.table[np.where(known, days - self.first_day, 0)], 0)
        return self.table[days - self.first_day]

    def labels(self, numbers: NDArray[np.int64]) -> Words:
        """How periods are written; empty for number 0."""
        seen, place = np.unique(numbers, return_inverse=True)
        words = [clocks.period_label(self.first + int(number) - 1, self.kind) if number else "" for number in seen]
        return Words(place, words)


@dataclass
class Plan:
    """What is known of a log before its rows are judged."""

    log: Log
    segments: tuple[str, ...]
    periods: dict[str, _Periods]
    repeats: NDArray[np.bool_] | None
    outcomes: dict[str, Outcomes]
    order: tuple[str, ...]

    @classmethod
    def of(cls, log: Log, segments: tuple[str, ...], kind: str) -> Plan:
        """The plan for a log: periods, repeated ids, and the order in which criteria are judged."""
        criteria = log.process.criteria
        times = dict.fromkeys([log.spec.time, *(c.time for c in criteria.values() if c.time is not None)])
        plan = cls(log, segments, {name: _Periods.of(log, name, kind) for name in times}, None, {}, _in_order(criteria))
        plan.outcomes = {name: Outcomes() for name in criteria}
        if log.spec.id is not None:
            out = np.zeros(len(log), dtype=bool)
            for rows in in_parts(log, PART):
                for gap in plan.left_out(rows):
                    out[rows.part] |= gap.rows
            plan.repeats = repeated(log, out)
        return plan

    def left_out(self, rows: Rows) -> tuple[Gap, ...]:
        """The rows that no criterion rates, in the order of the rules: excluded, not begun, repeated."""
        gaps = [
            Gap(mask, "excluded", rule.reason)
            for rule in rows.log.spec.exclude
            if (mask := met(rule.where, rows)) is not None
        ]
        gaps += [Gap(later, "excluded", NOT_BEGUN) for later in self._not_begun(rows)]
        if self.repeats is not None:
            gaps.append(Gap(self.repeats[rows.part], "excluded", REPEATED))
        return tuple(gap for gap in gaps if gap.rows.any())

    def _not_begun(self, rows: Rows) -> Iterator[NDArray[np.bool_]]:
        log = rows.log.spec
        names = [log.begins or log.time]
        by = log.repeated_ids.by if log.repeated_ids is not None else None
        if by is not None and rows.log.remember(("sorts", by), lambda: rows.log.sorts_as(by)) == "time":
            names.append(by)
        for name in names:
            later = rows.future(name)
            if later is not None:
                yield later

    def judged(self, rows: Rows, only: Iterable[str] | None = None) -> dict[str, Judged]:
        """The outcomes of all criteria (or of some, with what they are made of)."""
        left_out = self.left_out(rows)
        wanted = set(self.order) if only is None else _with_parts(rows.log.process, set(only))
        made: dict[str, Judged] = {}
        for name in self.order:
            criterion, outcomes = rows.log.process.criteria[name], self.outcomes[name]
            if name not in wanted:
                continue
            if criterion.measure.worst is None:
                made[name] = judge(criterion, rows, left_out, outcomes)
            else:
                parts = {part: (made[part].codes, self.outcomes[part]) for part in criterion.measure.worst}
                made[name] = judge_worst(criterion, rows, parts, left_out, outcomes)
        return made

    def groups(self, rows: Rows, name: str) -> tuple[NDArray[np.int64], NDArray[np.int64]]:
        """Period number and group (period and segments) of each row."""
        ticks, per_second = rows.walls(name)
        for later in self._not_begun(rows):  # what has not begun is left out of its own period
            if later.any():
                whole, _ = rows.log.at(None).rows(rows.part.start, rows.part.stop).walls(name)
                ticks = np.where(later, whole, ticks)
        periods = self.periods[name].numbers(clocks.to_days(ticks, per_second))
        key = periods
        for segment in self.segments:
            texts = rows.texts(segment)
            key = key * (len(texts.words) + 1) + texts.codes + 1
        return periods, key

    def size(self, criterion: Criterion) -> int:
        """How many groups there can be."""
        sizes = [len(self.log.texts(segment).words) + 1 for segment in self.segments]
        return int(np.prod([self.periods[criterion.time or self.log.spec.time].size, *map(float, sizes)]))

    def keys(self, criterion: Criterion, groups: NDArray[np.int64]) -> dict[str, Words]:
        """Period and segments of groups."""
        columns: dict[str, Words] = {}
        for segment in reversed(self.segments):
            words = self.log.texts(segment).words
            groups, codes = np.divmod(groups, len(words) + 1)
            columns[segment] = Words(codes, ["", *words])
        columns["period"] = self.periods[criterion.time or self.log.spec.time].labels(groups)
        return {name: columns[name] for name in ("period", *self.segments)}


@dataclass
class Counted:
    """One process, counted."""

    log: Log
    segments: tuple[str, ...]
    kind: str
    given_as_of: bool
    plan: Plan
    tallies: dict[str, _Tally] = field(default_factory=dict)
    values: dict[str, _Tally] = field(default_factory=dict)
    anchor_days: tuple[int, int] | None = None

    @classmethod
    def of(cls, log: Log, segments: tuple[str, ...], kind: str, *, given_as_of: bool) -> Counted:
        """Judges and counts a log."""
        plan = Plan.of(log, segments, kind)
        made = cls(log, segments, kind, given_as_of, plan)
        for rows in in_parts(log, PART):
            made._add(rows)
        return made

    def _add(self, rows: Rows) -> None:
        judged = self.plan.judged(rows)
        weights = rows.weights()
        groups = {name: self.plan.groups(rows, name) for name in self.plan.periods}
        for name, criterion in self.log.process.criteria.items():
            numbers, key = groups[criterion.time or self.log.spec.time]
            outcomes, one = self.plan.outcomes[name], judged[name]
            tally = self.tallies.setdefault(name, _Tally(self.plan.size(criterion), weights is not None))
            tally.add(key, one.codes, len(outcomes.pairs), weights)
            if one.measured is not None and one.measured.words is None and criterion.measure.flag is None:
                self._add_values(name, one, numbers, weights)

    def _add_values(self, name: str, judged: Judged, periods: NDArray[np.int64], weights: Any) -> None:
        codes, shown = judged.codes, judged.measured.shown()  # type: ignore[union-attr]  # the caller looked
        rated = codes < len(ZONES)
        if not rated.all():
            codes, shown, periods = codes[rated], shown[rated], periods[rated]
            weights = None if weights is None else weights[rated]
        bins = histogram.bins_of(shown) + histogram.SIDE
        size = self.plan.periods[self.log.process.criteria[name].time or self.log.spec.time].size
        tally = self.values.setdefault(name, _Tally(size * len(ZONES), weights is not None))
        tally.add(periods * len(ZONES) + codes, bins, histogram.BINS, weights)


def _in_order(criteria: Mapping[str, Criterion]) -> tuple[str, ...]:
    """Criteria so that the parts of a `worst` come before it; loading refused circles."""
    done: dict[str, None] = {}

    def add(name: str) -> None:
        for part in criteria[name].measure.worst or ():
            add(part)
        done[name] = None

    for name in criteria:
        add(name)
    return tuple(done)


def _with_parts(process: Process, names: set[str]) -> set[str]:
    more = {part for name in names for part in process.criteria[name].measure.worst or ()}
    return names if more <= names else _with_parts(process, names | more)


def tables_of(counted: Counted) -> dict[str, list[Part]]:
    """The tables of one process, criterion by criterion."""
    made: dict[str, list[Part]] = {"counts": [], "reasons": [], "values": [], "periods": []}
    for name, tally in counted.tallies.items():
        groups, codes, numbers = tally.result()
        made["counts"].append(_zone_counts(counted, name, groups, codes, numbers))
        made["reasons"].append(_reason_counts(counted, name, groups, codes, numbers))
        labels = made["counts"][-1]["period"]
        words = [labels.words[code] for code in np.unique(labels.codes)] if isinstance(labels, Words) else []
        made["periods"].append(_marks(counted, name, words))
    for name, tally in counted.values.items():
        groups, bins, numbers = tally.result()
        periods = counted.plan.periods[counted.log.process.criteria[name].time or counted.log.spec.time]
        period, zone = np.divmod(groups, len(ZONES))
        columns = {"period": periods.labels(period), "zone": Words(zone, ZONES), "bin": bins - histogram.SIDE}
        made["values"].append(_keyed(counted, name, {**columns, "count": numbers}))
    return made


def _keyed(counted: Counted, criterion: str, columns: Part) -> Part:
    first = next(iter(columns.values()))
    same = np.zeros(len(first.codes if isinstance(first, Words) else first), dtype=np.int8)
    return {"process": Words(same, [counted.log.process_id]), "criterion": Words(same, [criterion]), **columns}


def _zone_counts(
    counted: Counted, name: str, groups: NDArray[np.int64], codes: NDArray[np.int64], numbers: NDArray[np.int64]
) -> Part:
    """Counts of all seven states for each group that occurs."""
    states = np.array([STATES.index(state) for state, _ in counted.plan.outcomes[name].pairs], dtype=np.int64)
    seen, place = np.unique(groups, return_inverse=True)
    wide = np.zeros((len(seen), len(STATES)), dtype=np.int64)
    np.add.at(wide, (place, states[codes]), numbers)
    keys = counted.plan.keys(counted.log.process.criteria[name], np.repeat(seen, len(STATES)))
    zones = Words(np.tile(np.arange(len(STATES)), len(seen)), STATES)
    return _keyed(counted, name, {**keys, "zone": zones, "count": wide.ravel()})


def _reason_counts(
    counted: Counted, name: str, groups: NDArray[np.int64], codes: NDArray[np.int64], numbers: NDArray[np.int64]
) -> Part:
    """Counts of the outcomes that have a reason."""
    pairs = counted.plan.outcomes[name].reasons()
    first = {pair: code for code, pair in reversed(list(enumerate(pairs)))}
    same = np.array([first[pair] for pair in pairs], dtype=np.int64)
    chosen = np.array([reason != "" for _, reason in pairs], dtype=bool)[codes] & (numbers > 0)
    places, inverse = np.unique(groups[chosen] * _MANY + same[codes[chosen]], return_inverse=True)
    summed = np.zeros(len(places), dtype=np.int64)
    np.add.at(summed, inverse, numbers[chosen])
    seen, code = np.divmod(places, _MANY)
    states = np.array([STATES.index(state) for state, _ in pairs], dtype=np.int64)
    reasons = np.array([reason for _, reason in pairs], dtype=object)
    keys = counted.plan.keys(counted.log.process.criteria[name], seen)
    columns: Part = {"zone": Words(states[code], STATES), "reason": reasons[code], "count": summed}
    return _keyed(counted, name, {**keys, **columns})


def _marks(counted: Counted, name: str, labels: list[str]) -> Part:
    """Which periods of a criterion are partial or immature."""
    log = counted.log
    marks = [_mark(counted, log.process.criteria[name], label) for label in labels]
    columns: Part = {
        "period": Words(np.arange(len(labels)), labels),
        "partial": np.array([partial for partial, _ in marks], dtype=bool),
        "immature": np.array([immature for _, immature in marks], dtype=bool),
        "as_of": np.full(len(labels), -1 if log.as_of is None else log.as_of // 1000, dtype=np.int64),
    }
    return _keyed(counted, name, columns)


def _mark(counted: Counted, criterion: Criterion, label: str) -> tuple[bool, bool]:
    """Whether a period is partial, and whether it is immature; rows without a time belong to none."""
    found = clocks.period_number(label)
    if found is None:
        return False, False
    log, anchors = counted.log, counted.plan.periods[counted.log.spec.time]
    begin, end = clocks.period_start(found[1], counted.kind), _end(found[1], counted.kind)
    last = clocks.day_number(end) - 1
    covered = anchors.first_day <= clocks.day_number(begin) and anchors.first_day + len(anchors.table) - 1 >= last
    over = clocks.midnight(end, log.zone)
    ended = not counted.given_as_of and (log.as_of is None or log.as_of < over) and _has_day(log, last)
    limit = asof.widest_limit(criterion, log.process, begin, end)
    return not covered, asof.immature(over, limit, log.as_of, ended=ended)


def _end(number: int, kind: str) -> dt.date:
    """The first day after a period; the last day that there is where that would be in the year 10000."""
    try:
        return clocks.period_start(number + 1, kind)
    except (ValueError, OverflowError):
        return dt.date.max


def _has_day(log: Log, day: int) -> bool:
    """Whether an anchor lies on a day."""

    def look() -> bool:
        parts = (rows.walls(log.spec.time) for rows in in_parts(log.at(None), PART))
        return any((clocks.to_days(walls, per_second) == day).any() for walls, per_second in parts)

    return bool(log.remember(("day", day), look))
