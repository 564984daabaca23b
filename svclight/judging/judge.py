"""The judge of a process's rows: the order of its criteria, and the groups (period and segments) that rows fall into.

In: a `Log` at its `as_of`, segments, the kind of period. Out: `Judge`, which judges any part of the log and tells the
group of each row. What needs the whole log (periods, the words of segments) is found before, so that parts can be
judged one by one, or at the same time.
"""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import TYPE_CHECKING

import numpy as np

from svclight.counts.count_tables import NO_PERIOD
from svclight.counts.log_reach import MOST_EMPTY, day_range
from svclight.counts.outcome_codes import Outcomes
from svclight.counts.tidy_tables import Words
from svclight.judging.array_view import ArrayView
from svclight.judging.log_calendars import reach_of
from svclight.judging.outcomes import Judged, judge_criterion, judge_totals, judge_worst
from svclight.logs.array_cells import ArrayCells
from svclight.logs.customers import Customers, at_period_ends, of_customers
from svclight.logs.left_out_rows import beginnings, left_out
from svclight.logs.log import PART, in_parts
from svclight.method.left_out_rows import placed_rows
from svclight.values import clocks
from svclight.values.clocks import NAT

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Mapping

    from numpy.typing import NDArray

    from svclight.counts.log_reach import Reach
    from svclight.definition.models import Criterion
    from svclight.logs.log import Log, Rows


@dataclass(frozen=True)
class Periods:
    """The periods of one time field: 0 for rows without a usable time, then the periods from `first` on."""

    name: str
    kind: str
    first_day: int
    first: int
    table: NDArray[np.int64]

    @classmethod
    def of(cls, log: Log, name: str, kind: str) -> Periods:
        """The periods from the first to the last time in the log."""
        whole = log.at(None)
        parts = [rows.walls(name) for rows in in_parts(whole, PART)]
        ends = [(clocks.tick_range(walls), per_second) for walls, per_second in parts]
        days = [tick // (clocks.DAY * per_second) for pair, per_second in ends if pair is not None for tick in pair]
        if not days:
            return cls(name, kind, 0, 0, np.zeros(1, dtype=np.int64))
        numbers = clocks.period_numbers(np.arange(min(days), max(days) + 1, dtype=np.int64), kind)
        return cls(name, kind, min(days), int(numbers[0]), numbers - numbers[0] + 1)

    @property
    def size(self) -> int:
        """The number of periods, the one for rows without a time among them."""
        return int(self.table[-1]) + 1

    def numbers(self, days: NDArray[np.int64]) -> NDArray[np.int64]:
        """The period number of each day."""
        if len(days) and days.min() == NAT:
            known = days != NAT
            return np.where(known, self.table[np.where(known, days - self.first_day, 0)], 0)
        return self.table[days - self.first_day]

    def since_1970(self, numbers: NDArray[np.int64]) -> NDArray[np.int64]:
        """Period numbers counted from 1970; `NO_PERIOD` for number 0."""
        return np.where(numbers == 0, NO_PERIOD, numbers + (self.first - 1))

    def labels(self, numbers: NDArray[np.int64]) -> Words:
        """The labels of periods, such as 2026-03; empty for number 0."""
        seen, place = np.unique(numbers, return_inverse=True)
        words = [clocks.period_label(self.first + int(number) - 1, self.kind) if number else "" for number in seen]
        return Words(place, words)


@dataclass
class Judge:
    """Judges and groups the rows of one log, part by part, under criteria put in their order.

    Attributes:
        log: The log at its `as_of`.
        segments: The segments by which rows are grouped.
        kind: The kind of period.
        given_as_of: Whether the call gave `as_of`.
        matured: Whether rows that are too young are pending, whatever they are now.
        periods: The periods of each time that places rows.
        outcomes: The outcomes of each criterion, as they turn up.
        order: The criteria, parts of a `worst` before it.
    """

    log: Log
    segments: tuple[str, ...]
    kind: str
    given_as_of: bool
    matured: bool
    periods: dict[str, Periods]
    outcomes: dict[str, Outcomes]
    order: tuple[str, ...]

    @classmethod
    def of(cls, log: Log, segments: tuple[str, ...], kind: str, *, given_as_of: bool, matured: bool = False) -> Judge:
        """The judge of a log: its periods are found, and its criteria put in their order."""
        criteria = log.process.criteria
        times = dict.fromkeys([log.anchor, *(c.time for c in criteria.values() if c.time is not None)])
        periods = {name: Periods.of(log, name, kind) for name in times}
        outcomes = {name: Outcomes() for name in criteria}
        return cls(log, segments, kind, given_as_of, matured, periods, outcomes, in_order(criteria))

    def apart(self) -> Judge:
        """The same judge with outcomes of its own, so that threads can judge parts of a log at the same time."""
        return replace(self, outcomes={name: Outcomes() for name in self.outcomes})

    def populations(self) -> Iterator[tuple[Log, tuple[str, ...]]]:
        """The logs whose rows are judged, with their criteria: the log itself, and the customers of each period."""
        process = self.log.process
        late = tuple(name for name in self.order if of_customers(process.criteria[name], process))
        yield self.log, tuple(name for name in self.order if name not in late)
        if late and self.reach().first is not None:
            for customers in at_period_ends(self.log, self._period_ends(), self.kind, is_over=self.reach().is_over):
                yield customers, late

    def _period_ends(self) -> range:
        """The periods at whose ends customers are looked at: to that of the last contact, or of a given `as_of`."""
        reach, first = self.reach(), self.periods[self.log.anchor].first
        if reach.last is None:
            return range(0)
        last = clocks.period_of_day(reach.last, self.kind)
        if reach.given and reach.as_of is not None:
            newest = clocks.period_of_day(clocks.day_at(reach.as_of - 1, reach.zone), self.kind)
            last = max(last, min(newest, last + MOST_EMPTY))
        return range(first, last + 1)

    def number_of_periods(self, criterion: Criterion) -> int:
        """How many periods there can be of a criterion, that of rows without a time among them."""
        periods = self.periods[self.log.anchor_of(criterion)]
        if not of_customers(criterion, self.log.process):
            return periods.size
        return max(periods.size, self._period_ends().stop - periods.first + 1)

    def reach(self) -> Reach:
        """How far the log reaches."""

        def found() -> Reach:
            parts = [_different_days(*rows.walls(self.log.anchor)) for rows in in_parts(self.log, PART)]
            days = np.unique(np.concatenate([*parts, np.zeros(0, dtype=np.int64)]))
            return reach_of(self.log, self.kind, lambda: days, day_range(days), given=self.given_as_of)

        return self.log.remember(("reach", self.kind, self.given_as_of), found)  # type: ignore[no-any-return]  # it holds what was found

    def judge_rows(self, rows: Rows, names: Iterable[str]) -> dict[str, Judged]:
        """Judges rows by some criteria, and by the parts of those that are a `worst`."""
        out, view = left_out(rows), ArrayView(rows, self.kind)
        wanted = with_parts(rows.log.process.criteria, set(names))
        made: dict[str, Judged] = {}
        for name in self.order:
            criterion, outcomes = rows.log.process.criteria[name], self.outcomes[name]
            if name not in wanted:
                continue
            if criterion.measure.totals is not None:
                made[name] = judge_totals(criterion, view, out, outcomes)
            elif criterion.measure.worst is None:
                made[name] = judge_criterion(criterion, view, out, outcomes, matured=self.matured)
            else:
                parts = {part: (made[part].codes, self.outcomes[part]) for part in criterion.measure.worst}
                made[name] = judge_worst(criterion, view, parts, out, outcomes, matured=self.matured)
        return made

    def groups(self, rows: Rows, name: str) -> tuple[NDArray[np.int64], NDArray[np.int64]]:
        """The period number of each row, and its group: the number of its period and segments together."""
        if isinstance(rows.log, Customers):
            periods = rows.log.ends.number[rows.part]
        else:
            periods = self.periods[name].numbers(_days(rows, name))
        key = periods
        for segment in self.segments:
            texts = rows.texts(segment)
            key = key * (len(texts.words) + 1) + texts.codes + 1
        return periods, key

    def size(self, criterion: Criterion) -> int:
        """The number of groups that there can be for a criterion."""
        sizes = [len(self.log.texts(segment).words) + 1 for segment in self.segments]
        return int(np.prod([self.number_of_periods(criterion), *map(float, sizes)]))

    def keys(self, criterion: Criterion, groups: NDArray[np.int64]) -> dict[str, Words]:
        """The period and segments of groups, as words."""
        periods, segments = self.split_groups(groups)
        return {"period": self.periods[self.log.anchor_of(criterion)].labels(periods), **segments}

    def split_groups(self, groups: NDArray[np.int64]) -> tuple[NDArray[np.int64], dict[str, Words]]:
        """Splits group numbers into period numbers and the words of segments."""
        columns: dict[str, Words] = {}
        for segment in reversed(self.segments):
            words = self.log.texts(segment).words
            groups, codes = np.divmod(groups, len(words) + 1)
            columns[segment] = Words(codes, ["", *words])
        return groups, {name: columns[name] for name in self.segments}


def _different_days(walls: NDArray[np.int64], per_second: int) -> NDArray[np.int64]:
    """The different days of local times, in their order."""
    days = clocks.to_days(walls, per_second)
    known: NDArray[np.int64] = days[days != NAT]
    if not len(known):
        return known
    first = int(known.min())
    # a mark a day of the calendar: ten times as fast as sorting the days of all rows
    there = np.zeros(known.max() - first + 1, dtype=bool)
    there[known - first] = True
    return np.flatnonzero(there) + first


def _days(rows: Rows, name: str) -> NDArray[np.int64]:
    """The day of each row by the time that places it; `NAT` for rows that have not begun."""
    if rows.future(name) is None:
        return clocks.to_days(*rows.walls(name))
    placed = placed_rows(ArrayCells(rows), name, beginnings(rows.log))
    days = clocks.to_days(*rows.log.at(None).rows(rows.part.start, rows.part.stop).walls(name))
    return days if placed is None else np.where(placed, days, NAT)


def in_order(criteria: Mapping[str, Criterion]) -> tuple[str, ...]:
    """The criteria in an order in which the parts of a `worst` come before it."""
    done: dict[str, None] = {}

    def add(name: str) -> None:
        for part in criteria[name].measure.worst or ():
            add(part)
        done[name] = None

    for name in criteria:
        add(name)
    return tuple(done)


def with_parts(criteria: Mapping[str, Criterion], names: set[str]) -> set[str]:
    """Adds to the names of criteria those of the parts of every `worst` among them."""
    more = {part for name in names for part in criteria[name].measure.worst or ()}
    return names if more <= names else with_parts(criteria, names | more)
