"""Counting: a typed log -> how many rows of each group (period, segments) have each outcome.

In: a `Judge`. Out: `Counted`, and what it counted in terms of no engine (`process_counts`). Rows are judged in parts
that fit the processor's cache and leave nothing but counts.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from fractions import Fraction
from functools import partial
from typing import TYPE_CHECKING, Any, Final

import numpy as np

from svclight.counts.count_tables import Amounts, Counts, Tallied, Tally, bin_code
from svclight.counts.outcome_codes import MANY_CELLS
from svclight.definition.names_used import differences_of, is_averaged
from svclight.judging.maturity import certain_at, with_worst
from svclight.logs.array_cells import ArrayCells
from svclight.logs.log import PART
from svclight.method.conditions import asked_and_answered
from svclight.method.maturity import looks_back, turning_pairs
from svclight.method.outcomes import LEFT
from svclight.thresholds import ZONES
from svclight.values import exact_sums, histogram
from svclight.values.threads import cores, map_in_order

if TYPE_CHECKING:
    from collections.abc import Mapping

    from numpy.typing import NDArray

    from svclight.counts.outcome_codes import Outcomes
    from svclight.judging.judge import Judge
    from svclight.judging.outcomes import Batch, Judged
    from svclight.logs.log import Log, Rows

    _Waits = tuple[int, Fraction, bool]

DENSE: Final = 1 << 22
"""Up to so many cells counts are gathered in a full table, beyond in a sorted list of those that occur."""
_CELLS_A_ROW: Final = 64
"""A table of more cells a row takes longer to lay out than its rows take to be sorted."""
_MANY: Final = 1 << 20  # more than there are outcomes or bins
_LEAST_PARTS: Final = 2  # so many make a share worth a thread


@dataclass
class _Tally:
    """The numbers of rows (and weights) of (group, code) pairs, in a full table or, if that is large, in a list."""

    groups: int
    weighted: bool
    table: NDArray[np.int64] | None = None
    keys: list[NDArray[np.int64]] = field(default_factory=list)
    counts: list[NDArray[np.int64]] = field(default_factory=list)

    def add(
        self, groups: NDArray[np.int64], codes: NDArray[Any], width: int, weights: NDArray[np.int64] | None
    ) -> None:
        """Adds rows; `codes` are smaller than `width`."""
        cells = self.groups * width
        if cells <= DENSE and (self.table is not None or cells <= _CELLS_A_ROW * len(groups)):
            table = self._widen_table(width)
            keys = groups * table.shape[2]
            keys += codes
            np.add.at(table[0].reshape(-1), keys, 1)  # in place: the table may be larger than the part
            if weights is not None:
                np.add.at(table[1].reshape(-1), keys, weights)
            return
        places, inverse = np.unique(groups * _MANY + codes, return_inverse=True)
        self.keys.append(places)
        summed = np.bincount(inverse)
        if weights is not None:  # whose sums `bincount` makes of doubles
            summed = np.zeros(len(places), dtype=np.int64)
            np.add.at(summed, inverse, weights)
        self.counts.append(summed)

    def join(self, other: _Tally, codes: NDArray[np.int64] | None = None) -> None:
        """Adds the rows of another tally; `codes` translates its codes to those of this one."""
        groups, theirs, numbers = other.result()
        self.keys.append(groups * _MANY + (theirs if codes is None else codes[theirs]))
        self.counts.append(numbers)

    def _widen_table(self, width: int) -> NDArray[np.int64]:
        """The table with room for codes up to `width`, and some to spare for those that turn up later."""
        if self.table is None or self.table.shape[2] < width:
            wider = np.zeros((1 + self.weighted, self.groups, width + width // 4), dtype=np.int64)
            if self.table is not None:
                wider[:, :, : self.table.shape[2]] = self.table
            self.table = wider
        return self.table

    def result(self) -> tuple[NDArray[np.int64], NDArray[np.int64], NDArray[np.int64]]:
        """The groups, codes and counts of all pairs that occur, in order; a row of weight 0 occurs too."""
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


@dataclass
class Counted:
    """The counts of one process: outcomes, values, those asked and answering, and what differences of totals give.

    With `amounts` also the sums and the fine histogram of complete values, by period and segments.
    """

    log: Log
    judge: Judge
    amounts: bool = False
    tallies: dict[str, _Tally] = field(default_factory=dict)
    values: dict[str, _Tally] = field(default_factory=dict)
    asked: dict[str, _Tally] = field(default_factory=dict)
    squares: dict[str, _Tally] = field(default_factory=dict)
    differences: dict[str, _Tally] = field(default_factory=dict)
    bins: dict[str, _Tally] = field(default_factory=dict)
    sums: dict[tuple[str, int], _Tally] = field(default_factory=dict)
    """By criterion, and by how many units of the values make one of those in which they are shown."""
    left: dict[str, dict[_Waits, int]] = field(default_factory=dict)
    """How long rows that a clock keeps pending can still turn at most, by criterion, period, and unit."""

    @classmethod
    def of(cls, judge: Judge, *, amounts: bool = False) -> Counted:
        """Judges and counts the rows of a judge, a long log on all cores."""
        made = cls(judge.log, judge, amounts)
        for log, names in judge.populations():
            made._add_part(log, names, slice(0, PART))  # alone: what is found once for a log is there for the others
            shares = _shares(PART, len(log))
            for share in map_in_order(partial(made._of_part, log, names), shares, workers=len(shares)):
                made._join(share)
        return made

    def _of_part(self, log: Log, names: tuple[str, ...], part: slice) -> Counted:
        """Counts a part of a log by itself, with outcomes of its own, for a thread."""
        made = Counted(self.log, self.judge.apart(), self.amounts)
        made._add_part(log, names, part)
        return made

    def _add_part(self, log: Log, names: tuple[str, ...], part: slice) -> None:
        for begin in range(part.start, min(part.stop, len(log)), PART):
            self._add(log.rows(begin, min(begin + PART, part.stop)), names)

    def _join(self, other: Counted) -> None:
        """Adds the counts of later rows; their outcome codes are translated to those of these counts."""
        for name, tally in other.tallies.items():
            self.tallies[name].join(tally, self.judge.outcomes[name].codes_of(other.judge.outcomes[name]))
        for each in ("values", "asked", "squares", "differences", "bins", "sums"):
            mine, others = getattr(self, each), getattr(other, each)
            for key, tally in others.items():
                mine.setdefault(key, _Tally(tally.groups, tally.weighted)).join(tally)
        for name, left in other.left.items():
            _keep_longest(self.left.setdefault(name, {}), left)

    def _add(self, rows: Rows, names: tuple[str, ...]) -> None:
        judged = self.judge.judge_rows(rows, names)
        weights = rows.weights()
        groups: dict[str, Any] = {}
        for name in names:
            criterion = self.log.process.criteria[name]
            anchor = self.log.anchor_of(criterion)
            if anchor not in groups:
                groups[anchor] = self.judge.groups(rows, anchor)
            numbers, key = groups[anchor]
            one, size = judged[name], self.judge.size(criterion)
            for batch in one.batches(weights):
                tally = self.tallies.setdefault(name, _Tally(size, batch.weights is not None))
                tally.add(key, batch.codes, len(self.judge.outcomes[name].pairs), batch.weights)
                if criterion.asked is not None:
                    self._add_asked(name, rows, batch, key)
            _keep_longest(self.left.setdefault(name, {}), _time_left(one, self.judge.outcomes[name], numbers))
            if weights is not None and is_averaged(criterion, self.log.spec):
                self._add_squares(name, one.codes < len(ZONES), key, weights)
            if one.totals:
                self._add_differences(name, one, key)
            if one.measured is not None and one.measured.words is None and criterion.measure.flag is None:
                self._add_values(name, one, numbers, weights)
                if self.amounts:
                    self._add_amounts(name, one, key, weights)

    def _add_asked(self, name: str, rows: Rows, batch: Batch, key: NDArray[np.int64]) -> None:
        """Counts the rows in which a customer was asked, and the rows with an answer that could be rated."""
        criterion: Any = self.log.process.criteria[name]  # one that says who was asked
        weights = batch.weights
        states = [state for state, _ in self.judge.outcomes[name].pairs]
        left, rated = (np.array([one in some for one in states], dtype=bool)[batch.codes] for some in (LEFT, ZONES))
        asked, answered = asked_and_answered(criterion.asked, ArrayCells(rows), left=left, rated=rated)
        tally = self.asked.setdefault(name, _Tally(self.judge.size(criterion), weights is not None))
        tally.add(key[asked], answered[asked].astype(np.int64), 2, None if weights is None else weights[asked])

    def _add_squares(self, name: str, rated: Any, key: NDArray[np.int64], weights: NDArray[np.int64]) -> None:
        """Adds up the squared weights of rated rows, by which it is told how many interactions they are worth."""
        tally = self.squares.setdefault(name, _Tally(self.judge.size(self.log.process.criteria[name]), weighted=True))
        tally.add(key[rated], np.zeros(int(rated.sum()), dtype=np.int64), 1, weights[rated] ** 2)

    def _add_differences(self, name: str, judged: Judged, key: NDArray[np.int64]) -> None:
        """Adds up what fields that take one number from another count."""
        criterion = self.log.process.criteria[name]
        fields = differences_of(criterion, self.log.process.log)
        counted = judged.codes < len(ZONES)
        for batch in judged.totals:
            if batch.field in fields:
                tally = self.differences.setdefault(name, _Tally(self.judge.size(criterion), weighted=True))
                places = np.full(len(key), fields.index(batch.field), dtype=np.int64)
                tally.add(key, places, len(fields), counted * np.asarray(batch.weights))

    def _add_values(self, name: str, judged: Judged, periods: NDArray[np.int64], weights: Any) -> None:
        shown = judged.values_in_unit()
        rated, groups = judged.codes < len(ZONES), periods * len(ZONES) + judged.codes
        if not rated.all():
            groups, shown = groups[rated], shown[rated]
            weights = None if weights is None else weights[rated]
        bins = histogram.bins_of(shown)
        bins += histogram.SIDE
        size = self.judge.number_of_periods(self.log.process.criteria[name])
        tally = self.values.setdefault(name, _Tally(size * len(ZONES), weights is not None))
        tally.add(groups, bins, histogram.BINS, weights)

    def _add_amounts(self, name: str, judged: Judged, key: NDArray[np.int64], weights: Any) -> None:
        """Counts complete values: what is unfinished and rated already is at least so much, and no value yet."""
        measured: Any = judged.measured  # one with numbers
        chosen = judged.codes < len(ZONES)
        if measured.open is not None:
            chosen &= ~measured.open
        groups, weights = key[chosen], None if weights is None else weights[chosen]
        size = self.judge.size(self.log.process.criteria[name])
        bins = self.bins.setdefault(name, _Tally(size, weights is not None))
        bins.add(
            groups,
            histogram.fine_codes(judged.values_in_unit()[chosen]) + histogram.FINE_SIDE,
            histogram.FINE_CODES,
            weights,
        )
        sums = self.sums.setdefault((name, measured.per_unit), _Tally(size, weighted=True))
        for code, part in _places_of(np.asarray(measured.values)[chosen]).items():
            same = np.full(len(groups), code, dtype=np.int64)
            sums.add(groups, same, len(exact_sums.PLACES), part if weights is None else part * weights)

    def process_counts(self) -> Tallied:
        """The counts in the form that every engine gives."""
        log, judge = self.log, self.judge
        criteria = with_worst(log.process, {name: self._of(name) for name in self.tallies})
        return Tallied(log.process_id, judge.segments, judge.kind, log.as_of, criteria, judge.reach())

    def _of(self, name: str) -> Tally:
        criterion, pairs, process = self.log.process.criteria[name], self.judge.outcomes[name].pairs, self.log.process
        return Tally(
            self._counts(name, self.tallies[name]),
            tuple(pairs),
            self._cells(name),
            self._counts(name, self.asked[name]) if name in self.asked else None,
            self._histogram(name) if name in self.values else None,
            self._amounts(name) if name in self.bins else None,
            self._counts(name, self.squares[name]) if name in self.squares else None,
            self._counts(name, self.differences[name]) if name in self.differences else None,
            turning_pairs(criterion, process, pairs),
            self._certain(name),
            looks_back(criterion, process),
        )

    def _certain(self, name: str) -> dict[int, int]:
        """For each period the instant at which the last row that a clock keeps pending is certain."""
        criterion = self.log.process.criteria[name]
        periods = self.judge.periods[self.log.anchor_of(criterion)]
        found: dict[int, int] = {}
        for (place, factor, by_date), left in self.left.get(name, {}).items():
            number = int(periods.since_1970(np.array([place], dtype=np.int64))[0])
            instant = certain_at(criterion, self.log, Fraction(left) / factor, by_date=by_date)
            if instant is not None:
                found[number] = max(instant, found.get(number, instant))
        return found

    def _cells(self, name: str) -> dict[tuple[str, str], tuple[str, str]]:
        """The outcomes whose reason quotes a cell; too many of them share one outcome.

        A `worst` takes over the reasons of its parts, and with them where one has too many.
        """
        outcomes = self.judge.outcomes[name]
        found = {outcomes.pairs[code]: (outcomes.pairs[code][0], MANY_CELLS) for code in outcomes.cells}
        for part in self.log.process.criteria[name].measure.worst or ():
            for (state, reason), (_, shared) in self._cells(part).items():
                found[state, f"{part}: {reason}"] = (state, f"{part}: {shared}")
        return found

    def _counts(self, name: str, tally: _Tally) -> Counts:
        groups, codes, numbers = tally.result()
        criterion = self.log.process.criteria[name]
        periods, segments = self.judge.split_groups(groups)
        since = self.judge.periods[self.log.anchor_of(criterion)].since_1970(periods)
        return Counts(since, tuple(segments.values()), codes, numbers)

    def _histogram(self, name: str) -> Counts:
        groups, bins, numbers = self.values[name].result()
        period, zone = np.divmod(groups, len(ZONES))
        since = self.judge.periods[self.log.anchor_of(self.log.process.criteria[name])].since_1970(period)
        return Counts(since, (), bin_code(zone, bins - histogram.SIDE), numbers)

    def _amounts(self, name: str) -> Amounts:
        """The fine histogram of a criterion, and its exact sums: what the places of each group come to."""
        found: dict[int, Fraction] = {}
        mine = [(per_unit, tally) for (whose, per_unit), tally in self.sums.items() if whose == name]
        for per_unit, tally in mine:
            # the places of a group are put together first: one fraction a group, not one a place
            places: dict[int, dict[int, Any]] = {}
            for group, code, number in zip(*(column.tolist() for column in tally.result()), strict=True):
                places.setdefault(group, {})[exact_sums.PLACES[code]] = number
            for group, numbers in places.items():
                found[group] = found.get(group, Fraction()) + exact_sums.total_of(numbers, per_unit)
        seen, totals = np.array(list(found), dtype=np.int64), np.empty(len(found), dtype=object)
        totals[:] = list(found.values())
        periods, segments = self.judge.split_groups(seen)
        since = self.judge.periods[self.log.anchor_of(self.log.process.criteria[name])].since_1970(periods)
        sums = Counts(since, tuple(segments.values()), np.zeros(len(seen), dtype=np.int64), totals)
        return Amounts(self._counts(name, self.bins[name]), sums)


def _places_of(values: NDArray[Any]) -> dict[int, NDArray[np.int64]]:
    """Values by place, each place by its number in `exact_sums.PLACES`."""
    if values.dtype.kind in "iub":
        found = exact_sums.places_of_whole(values.astype(np.int64))
    else:
        found = exact_sums.places_of_floats(values.astype(np.float64))
    return {exact_sums.PLACES.index(place): part for place, part in found.items()}


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
    """Splits a log's rows into one share for each core, of several parts each; few rows are one share."""
    several = (end - begin) // (_LEAST_PARTS * PART)
    size = -(-(end - begin) // max(1, min(cores(), several)))
    return [slice(at, min(at + size, end)) for at in range(begin, end, size)] if size > 0 else []
