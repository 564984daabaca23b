"""Counting: a typed log -> how many rows of each group (period, segments) have each outcome.

In: a `Log` at its `as_of`, segments, the kind of period. Out: `Plan`, which judges any part of the log, and the tidy tables
of one process. Rows are judged in parts that fit the processor's cache and leave nothing but counts. All that needs the
whole log (periods, the words of segments, repeated ids) is found before.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any, Final

import numpy as np
import pandas as pd

from svclight import asof, clocks, histogram
from svclight.clocks import NAT
from svclight.filters import met
from svclight.judging import NOT_BEGUN, REPEATED, Judged, Outcomes, judge, judge_worst
from svclight.logs import in_parts
from svclight.measures import Gap
from svclight.repeats import repeated
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


@dataclass
class _Tally:
    """Counts of (group, code) pairs, gathered part by part."""

    groups: int
    keys: list[NDArray[np.int64]] = field(default_factory=list)
    counts: list[NDArray[np.int64]] = field(default_factory=list)

    def add(
        self, groups: NDArray[np.int64], codes: NDArray[Any], width: int, weights: NDArray[np.int64] | None
    ) -> None:
        """Adds rows; `codes` are smaller than `width`."""
        keys = groups * width + codes
        if self.groups * width <= DENSE:
            counts = np.bincount(keys, weights)
            places = np.flatnonzero(np.bincount(keys)) if weights is not None else np.flatnonzero(counts)
            found = counts[places]
        else:
            places, inverse = np.unique(keys, return_inverse=True)
            found = np.bincount(inverse, weights)
        group, code = np.divmod(places, width)
        self.keys.append(group << 32 | code)
        self.counts.append(np.rint(found).astype(np.int64))

    def result(self) -> tuple[NDArray[np.int64], NDArray[np.int64], NDArray[np.int64]]:
        """Groups, codes and counts of all pairs that occur, in order."""
        if not self.keys:
            nothing = np.array([], dtype=np.int64)
            return nothing, nothing, nothing
        keys, inverse = np.unique(np.concatenate(self.keys), return_inverse=True)
        counts = np.zeros(len(keys), dtype=np.int64)
        np.add.at(counts, inverse, np.concatenate(self.counts))
        return keys >> 32, keys & 0xFFFFFFFF, counts


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
        ends = [clocks.bounds(clocks.to_days(*rows.walls(name))) for rows in in_parts(whole, PART)]
        days = [end for pair in ends if pair is not None for end in pair]
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

    def label(self, number: int) -> str:
        """How a period is written; empty for number 0."""
        return clocks.period_label(self.first + number - 1, self.kind) if number else ""


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
        if by is not None and (rows.log.kind(by) == "time" or by in rows.log.time_names):
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

    def keys(self, criterion: Criterion, groups: NDArray[np.int64]) -> dict[str, list[str]]:
        """Period and segments of groups."""
        columns: dict[str, list[str]] = {}
        for segment in reversed(self.segments):
            words = self.log.texts(segment).words
            groups, codes = np.divmod(groups, len(words) + 1)
            columns[segment] = ["" if code == 0 else str(words[code - 1]) for code in codes]
        periods = self.periods[criterion.time or self.log.spec.time]
        labels = {number: periods.label(number) for number in np.unique(groups).tolist()}
        columns["period"] = [labels[number] for number in groups.tolist()]
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
            tally = self.tallies.setdefault(name, _Tally(self.plan.size(criterion)))
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
        tally = self.values.setdefault(name, _Tally(size * len(ZONES)))
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


def tables_of(counted: Counted) -> dict[str, pd.DataFrame]:
    """The tables of one process, keys as text."""
    made: dict[str, list[pd.DataFrame]] = {"counts": [], "reasons": [], "values": [], "periods": []}
    for name, tally in counted.tallies.items():
        criterion = counted.log.process.criteria[name]
        counts, reasons = _zone_tables(counted, name, tally)
        made["counts"].append(counts)
        made["reasons"].append(reasons)
        made["periods"].append(_marks(counted, name, criterion, dict.fromkeys(counts["period"])))
    for name, tally in counted.values.items():
        groups, bins, numbers = tally.result()
        periods = counted.plan.periods[counted.log.process.criteria[name].time or counted.log.spec.time]
        labels = [periods.label(number) for number in (groups // len(ZONES)).tolist()]
        zones = [ZONES[code] for code in (groups % len(ZONES)).tolist()]
        made["values"].append(
            _keyed(counted, name, {"period": labels, "zone": zones, "bin": bins - histogram.SIDE, "count": numbers})
        )
    return {table: pd.concat(parts, ignore_index=True) if parts else pd.DataFrame() for table, parts in made.items()}


def _keyed(counted: Counted, criterion: str, columns: dict[str, Any]) -> pd.DataFrame:
    frame = pd.DataFrame(columns)
    frame.insert(0, "process", counted.log.process_id)
    frame.insert(1, "criterion", criterion)
    return frame


def _zone_tables(counted: Counted, name: str, tally: _Tally) -> tuple[pd.DataFrame, pd.DataFrame]:
    groups, codes, numbers = tally.result()
    pairs = counted.plan.outcomes[name].reasons()
    states = np.array([STATES.index(state) for state, _ in pairs], dtype=np.int64)
    seen, place = np.unique(groups, return_inverse=True)
    wide = np.zeros((len(seen), len(STATES)), dtype=np.int64)
    np.add.at(wide, (place, states[codes]), numbers)
    criterion = counted.log.process.criteria[name]
    keys = counted.plan.keys(criterion, np.repeat(seen, len(STATES)))
    counts = _keyed(counted, name, {**keys, "zone": list(STATES) * len(seen), "count": wide.ravel()})
    with_reason = np.array([reason != "" for _, reason in pairs], dtype=bool)[codes]
    chosen = codes[with_reason]
    columns = counted.plan.keys(criterion, groups[with_reason])
    columns |= {"zone": [pairs[code][0] for code in chosen], "reason": [pairs[code][1] for code in chosen]}
    reasons = _keyed(counted, name, {**columns, "count": numbers[with_reason]})
    summed = [column for column in reasons.columns if column != "count"]
    return counts, reasons.groupby(summed, sort=False, as_index=False)["count"].sum()


def _marks(counted: Counted, name: str, criterion: Criterion, labels: Iterable[str]) -> pd.DataFrame:
    """Which periods of a criterion are partial or immature."""
    log = counted.log
    anchors = counted.plan.periods[log.spec.time]
    first_day, last_day = anchors.first_day, anchors.first_day + len(anchors.table) - 1
    rows = []
    for label in labels:
        partial = immature = False
        if label:
            number = clocks.period_number(label)[1]  # type: ignore[index]  # the label was made from a number
            begin, end = (clocks.period_start(at, counted.kind) for at in (number, number + 1))
            last = clocks.day_number(end) - 1
            partial = first_day > clocks.day_number(begin) or last_day < last
            ended = not counted.given_as_of and _has_day(log, last)
            limit = asof.widest_limit(criterion, log.process, begin, end)
            immature = asof.immature(end, limit, log.as_of, ended=ended, zone=log.zone)
        rows.append((label, partial, immature, -1 if log.as_of is None else log.as_of))
    return _keyed(counted, name, pd.DataFrame(rows, columns=["period", "partial", "immature", "as_of"]).to_dict("list"))


def _has_day(log: Log, day: int) -> bool:
    """Whether an anchor lies on a day."""
    days = log.remember("days", lambda: _anchor_days(log))
    return day in days


def _anchor_days(log: Log) -> set[int]:
    days = (pd.unique(clocks.to_days(*rows.walls(log.spec.time))) for rows in in_parts(log.at(None), PART))
    return {int(day) for part in days for day in part}
