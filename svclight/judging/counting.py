"""Counting: a typed log -> how many rows of each group (period, segments) have each outcome.

In: a `Plan`. Out: `Counted`, and what it counted in terms of no engine (`tallied`). Rows are judged in parts that fit
the processor's cache and leave nothing but counts.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from fractions import Fraction
from functools import partial
from typing import TYPE_CHECKING, Any, Final

import numpy as np

from svclight.counts.count_tables import Counts, Tallied, Tally, bin_code
from svclight.counts.outcome_codes import MANY_CELLS
from svclight.judging.maturity import certain_at, with_worst
from svclight.logs.array_cells import ArrayCells
from svclight.logs.log import PART
from svclight.method.conditions import asked_and_answered
from svclight.method.maturity import looks_back, turning_pairs
from svclight.method.outcomes import LEFT
from svclight.thresholds import ZONES
from svclight.values import histogram
from svclight.values.threads import cores, map_in_order

if TYPE_CHECKING:
    from collections.abc import Mapping

    from numpy.typing import NDArray

    from svclight.counts.outcome_codes import Outcomes
    from svclight.judging.outcomes import Judged
    from svclight.judging.plan import Plan
    from svclight.logs.log import Log, Rows

    _Waits = tuple[int, Fraction, bool]

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
    left: dict[str, dict[_Waits, int]] = field(default_factory=dict)
    """How long rows that a clock keeps pending can still turn at most, by criterion, period, and unit."""

    @classmethod
    def of(cls, plan: Plan) -> Counted:
        """Judges and counts a log, a long one on all cores."""
        made = cls(plan.log, plan)
        for log, names in plan.populations():
            made._add_part(log, names, slice(0, PART))  # alone: what is found once for a log is there for the others
            shares = _shares(PART, len(log))
            for share in map_in_order(partial(cls._of_part, plan, log, names), shares, workers=len(shares)):
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
        for name, left in other.left.items():
            _keep_longest(self.left.setdefault(name, {}), left)

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
            _keep_longest(self.left.setdefault(name, {}), _time_left(one, outcomes, numbers))
            if criterion.asked is not None:
                self._add_asked(name, rows, one.codes, key)
            if one.measured is not None and one.measured.words is None and criterion.measure.flag is None:
                self._add_values(name, one, numbers, weights)

    def _add_asked(self, name: str, rows: Rows, codes: NDArray[Any], key: NDArray[np.int64]) -> None:
        """Counts who was asked, and who of them answered so that it could be rated."""
        criterion: Any = self.log.process.criteria[name]  # one that says who was asked
        weights = rows.weights()
        states = [state for state, _ in self.plan.outcomes[name].pairs]
        left, rated = (np.array([one in some for one in states], dtype=bool)[codes] for some in (LEFT, ZONES))
        asked, answered = asked_and_answered(criterion.asked, ArrayCells(rows), left=left, rated=rated)
        tally = self.asked.setdefault(name, _Tally(self.plan.size(criterion), weights is not None))
        tally.add(key[asked], answered[asked].astype(np.int64), 2, None if weights is None else weights[asked])

    def _add_values(self, name: str, judged: Judged, periods: NDArray[np.int64], weights: Any) -> None:
        shown = judged.shown()
        rated, groups = judged.codes < len(ZONES), periods * len(ZONES) + judged.codes
        if not rated.all():
            groups, shown = groups[rated], shown[rated]
            weights = None if weights is None else weights[rated]
        bins = histogram.bins_of(shown)
        bins += histogram.SIDE
        size = self.plan.number_of_periods(self.log.process.criteria[name])
        tally = self.values.setdefault(name, _Tally(size * len(ZONES), weights is not None))
        tally.add(groups, bins, histogram.BINS, weights)

    def tallied(self) -> Tallied:
        """What was counted, in terms of no engine."""
        log, plan = self.log, self.plan
        criteria = with_worst(log.process, {name: self._of(name) for name in self.tallies})
        return Tallied(log.process_id, plan.segments, plan.kind, log.as_of, criteria, plan.reach())

    def _of(self, name: str) -> Tally:
        criterion, pairs, process = self.log.process.criteria[name], self.plan.outcomes[name].pairs, self.log.process
        return Tally(
            self._counts(name, self.tallies[name]),
            tuple(pairs),
            self._cells(name),
            self._counts(name, self.asked[name]) if name in self.asked else None,
            self._histogram(name) if name in self.values else None,
            turning_pairs(criterion, process, pairs),
            self._certain(name),
            looks_back(criterion, process),
        )

    def _certain(self, name: str) -> dict[int, int]:
        """For each period the instant at which the last row that a clock keeps pending is certain."""
        criterion = self.log.process.criteria[name]
        periods = self.plan.periods[self.log.anchor_of(criterion)]
        found: dict[int, int] = {}
        for (place, factor, by_date), left in self.left.get(name, {}).items():
            number = int(periods.since_1970(np.array([place], dtype=np.int64))[0])
            instant = certain_at(criterion, self.log, Fraction(left) / factor, by_date=by_date)
            if instant is not None:
                found[number] = max(instant, found.get(number, instant))
        return found

    def _cells(self, name: str) -> dict[tuple[str, str], tuple[str, str]]:
        """The outcomes whose reason holds a cell, each with the one that they share where there are too many.

        A `worst` takes over the reasons of its parts, and with them where one has too many.
        """
        outcomes = self.plan.outcomes[name]
        found = {outcomes.pairs[code]: (outcomes.pairs[code][0], MANY_CELLS) for code in outcomes.cells}
        for part in self.log.process.criteria[name].measure.worst or ():
            for (state, reason), (_, shared) in self._cells(part).items():
                found[state, f"{part}: {reason}"] = (state, f"{part}: {shared}")
        return found

    def _counts(self, name: str, tally: _Tally) -> Counts:
        groups, codes, numbers = tally.result()
        criterion = self.log.process.criteria[name]
        periods, segments = self.plan.split(groups)
        since = self.plan.periods[self.log.anchor_of(criterion)].since_1970(periods)
        return Counts(since, tuple(segments.values()), codes, numbers)

    def _histogram(self, name: str) -> Counts:
        groups, bins, numbers = self.values[name].result()
        period, zone = np.divmod(groups, len(ZONES))
        since = self.plan.periods[self.log.anchor_of(self.log.process.criteria[name])].since_1970(period)
        return Counts(since, (), bin_code(zone, bins - histogram.SIDE), numbers)


def _time_left(judged: Judged, outcomes: Outcomes, periods: NDArray[np.int64]) -> dict[_Waits, int]:
    """How long the rows of a part that a clock keeps pending can still turn at most."""
    found: dict[_Waits, int] = {}
    for rule in judged.waiting:
        code = outcomes.codes.get((rule.state, str(rule.reason)))
        rows = np.flatnonzero(rule.rows) if code is not None else np.zeros(0, dtype=np.intp)
        rows = rows[judged.codes[rows] == code]
        if not len(rows) or rule.left is None:
            continue
        places, group = np.unique(periods[rows], return_inverse=True)
        most = np.full(len(places), np.iinfo(np.int64).min)
        np.maximum.at(most, group, rule.left.values[rows])
        left = {
            (int(place), rule.left.factor, rule.left.by_date): int(one) for place, one in zip(places, most, strict=True)
        }
        _keep_longest(found, left)
    return found


def _keep_longest(found: dict[_Waits, int], more: Mapping[_Waits, int]) -> None:
    """Adds what is longer than what is there."""
    for key, left in more.items():
        found[key] = max(left, found.get(key, left))


def _shares(begin: int, end: int) -> list[slice]:
    """The rows from `begin` to `end` as one share a core, each of several parts; few rows are one share."""
    several = (end - begin) // (_LEAST_PARTS * PART)
    size = -(-(end - begin) // max(1, min(cores(), several)))
    return [slice(at, min(at + size, end)) for at in range(begin, end, size)] if size > 0 else []
