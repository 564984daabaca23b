"""Counting: a typed log -> how many rows of each group (period, segments) have each outcome.

In: a `Plan`. Out: the tidy tables of one process. Rows are judged in parts that fit the processor's cache and leave
nothing but counts.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from functools import partial
from typing import TYPE_CHECKING, Any, Final

import numpy as np

from svclight import clocks, histogram
from svclight._threads import cores, in_order
from svclight.filters import met
from svclight.maturity import immature
from svclight.rows import PART
from svclight.tables import Part, Words
from svclight.thresholds import STATES, ZONES

if TYPE_CHECKING:
    from numpy.typing import NDArray

    from svclight.judging import Judged
    from svclight.logs import Log
    from svclight.models import Criterion
    from svclight.plans import Plan
    from svclight.rows import Rows

DENSE: Final = 1 << 22
"""Up to so many cells counts are gathered in a full table, beyond in a sorted list of those that occur."""
_MANY: Final = 1 << 20  # more than there are outcomes or bins
_LEAST_PARTS: Final = 2  # so many make a share worth a thread


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
            keys = groups * table.shape[2]
            keys += codes
            np.add.at(table[0].reshape(-1), keys, 1)  # in place: the table may be larger than the part
            if weights is not None:
                np.add.at(table[1].reshape(-1), keys, weights)
            return
        places, inverse = np.unique(groups * _MANY + codes, return_inverse=True)
        self.keys.append(places)
        self.counts.append(_whole(np.bincount(inverse, weights)))

    def join(self, other: _Tally, codes: NDArray[np.int64] | None = None) -> None:
        """Adds another's rows; `codes` says what its codes are called here."""
        groups, theirs, numbers = other.result()
        self.keys.append(groups * _MANY + (theirs if codes is None else codes[theirs]))
        self.counts.append(numbers)

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


@dataclass
class Counted:
    """One process, counted: how often each outcome, each value, and who of those asked answered."""

    log: Log
    plan: Plan
    tallies: dict[str, _Tally] = field(default_factory=dict)
    values: dict[str, _Tally] = field(default_factory=dict)
    asked: dict[str, _Tally] = field(default_factory=dict)

    @classmethod
    def of(cls, plan: Plan) -> Counted:
        """Judges and counts a log, a long one on all cores."""
        made = cls(plan.log, plan)
        for log, names in plan.populations():
            made._add_part(log, names, slice(0, PART))  # alone: what is found once for a log is there for the others
            shares = _shares(PART, len(log))
            for share in in_order(partial(cls._of_part, plan, log, names), shares, workers=len(shares)):
                made._join(share)
        return made

    @classmethod
    def _of_part(cls, plan: Plan, log: Log, names: tuple[str, ...], part: slice) -> Counted:
        """A part of a log, counted by itself, with outcomes of its own."""
        made = cls(plan.log, plan.apart())
        made._add_part(log, names, part)
        return made

    def _add_part(self, log: Log, names: tuple[str, ...], part: slice) -> None:
        for begin in range(part.start, min(part.stop, len(log)), PART):
            self._add(log.rows(begin, min(begin + PART, part.stop)), names)

    def _join(self, other: Counted) -> None:
        """Adds what was counted of later rows; their outcomes get the codes that they have here."""
        for name, tally in other.tallies.items():
            self.tallies[name].join(tally, self.plan.outcomes[name].entered(other.plan.outcomes[name]))
        for mine, others in ((self.values, other.values), (self.asked, other.asked)):
            for name, tally in others.items():
                mine.setdefault(name, _Tally(tally.groups, tally.weighted)).join(tally)

    def _add(self, rows: Rows, names: tuple[str, ...]) -> None:
        judged = self.plan.judged(rows, names)
        weights = rows.weights()
        groups: dict[str, Any] = {}
        for name in names:
            criterion = self.log.process.criteria[name]
            anchor = self.log.anchor_of(criterion)
            if anchor not in groups:
                groups[anchor] = self.plan.groups(rows, anchor)
            numbers, key = groups[anchor]
            outcomes, one = self.plan.outcomes[name], judged[name]
            tally = self.tallies.setdefault(name, _Tally(self.plan.size(criterion), weights is not None))
            tally.add(key, one.codes, len(outcomes.pairs), weights)
            if criterion.asked is not None:
                self._add_asked(name, rows, one.codes, key)
            if one.measured is not None and one.measured.words is None and criterion.measure.flag is None:
                self._add_values(name, one, numbers, weights)

    def _add_asked(self, name: str, rows: Rows, codes: NDArray[Any], key: NDArray[np.int64]) -> None:
        """Counts who was asked, and who of them answered so that it could be rated."""
        criterion, weights = self.log.process.criteria[name], rows.weights()
        apart = [state in ("excluded", "not_applicable") for state, _ in self.plan.outcomes[name].pairs]
        asked = met(criterion.asked, rows) & ~np.array(apart, dtype=bool)[codes]
        rated = np.array([state in ZONES for state, _ in self.plan.outcomes[name].pairs], dtype=bool)[codes]
        tally = self.asked.setdefault(name, _Tally(self.plan.size(criterion), weights is not None))
        tally.add(key[asked], rated[asked].astype(np.int64), 2, None if weights is None else weights[asked])

    def _add_values(self, name: str, judged: Judged, periods: NDArray[np.int64], weights: Any) -> None:
        shown = judged.measured.shown()  # type: ignore[union-attr]  # the caller looked
        rated, groups = judged.codes < len(ZONES), periods * len(ZONES) + judged.codes
        if not rated.all():
            groups, shown = groups[rated], shown[rated]
            weights = None if weights is None else weights[rated]
        bins = histogram.bins_of(shown)
        bins += histogram.SIDE
        size = self.plan.periods[self.log.anchor_of(self.log.process.criteria[name])].size
        tally = self.values.setdefault(name, _Tally(size * len(ZONES), weights is not None))
        tally.add(groups, bins, histogram.BINS, weights)


def _shares(begin: int, end: int) -> list[slice]:
    """The rows from `begin` to `end` as one share a core, each of several parts; few rows are one share."""
    several = (end - begin) // (_LEAST_PARTS * PART)
    size = -(-(end - begin) // max(1, min(cores(), several)))
    return [slice(at, min(at + size, end)) for at in range(begin, end, size)] if size > 0 else []


def tables_of(counted: Counted) -> dict[str, list[Part]]:
    """The tables of one process, criterion by criterion."""
    made: dict[str, list[Part]] = {"counts": [], "reasons": [], "values": [], "periods": [], "responses": []}
    for name, tally in counted.tallies.items():
        groups, codes, numbers = tally.result()
        made["counts"].append(_zone_counts(counted, name, groups, codes, numbers))
        made["reasons"].append(_reason_counts(counted, name, groups, codes, numbers))
        labels = made["counts"][-1]["period"]
        words = [labels.words[code] for code in np.unique(labels.codes)] if isinstance(labels, Words) else []
        made["periods"].append(_marks(counted, name, words))
    for name, tally in counted.values.items():
        groups, bins, numbers = tally.result()
        periods = counted.plan.periods[counted.log.anchor_of(counted.log.process.criteria[name])]
        period, zone = np.divmod(groups, len(ZONES))
        columns = {"period": periods.labels(period), "zone": Words(zone, ZONES), "bin": bins - histogram.SIDE}
        made["values"].append(_keyed(counted, name, {**columns, "count": numbers}))
    for name, tally in counted.asked.items():
        made["responses"].append(_responses(counted, name, *tally.result()))
    return made


def _responses(
    counted: Counted, name: str, groups: NDArray[np.int64], codes: NDArray[np.int64], numbers: NDArray[np.int64]
) -> Part:
    """How many were asked in each group, and how many of them answered."""
    seen, place = np.unique(groups, return_inverse=True)
    wide = np.zeros((len(seen), 2), dtype=np.int64)
    np.add.at(wide, (place, codes), numbers)
    keys = counted.plan.keys(counted.log.process.criteria[name], seen)
    return _keyed(counted, name, {**keys, "asked": wide.sum(axis=1), "answered": wide[:, 1]})


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
    plan, days = counted.plan, counted.plan.anchor_days()
    begin, end = clocks.period_start(found[1], plan.kind), clocks.period_end(found[1], plan.kind)
    last = clocks.day_number(end) - 1
    covered = days is not None and days[0] <= clocks.day_number(begin) and days[1] >= last
    return not covered, immature(criterion, counted.log, found[1], plan.kind, ended=plan.ended(found[1]))
