"""Customers: which contacts are whose, and the customers as they stood at each period's end.

In: a log with `customer`, at its `as_of`. Out: for `repeat` the later contacts of each row; for recency, frequency and
spend `Customers` logs of some periods each: a row for every customer seen so far in each of them, in whose columns the
last known values stand.
"""

from __future__ import annotations

import math
from dataclasses import dataclass, field
from fractions import Fraction
from itertools import pairwise
from typing import TYPE_CHECKING, Any, Final, Self

import numpy as np
import pandas as pd

from svclight.definition.criterion_checks import AT_THE_END
from svclight.definition.models import FieldSpec
from svclight.logs.left_out_rows import left_out_of
from svclight.logs.log import PART
from svclight.logs.row_groups import Gathered, Grouped, Ranges
from svclight.logs.unread_cells import unread_reason
from svclight.values import clocks
from svclight.values.clocks import DAY, NAT
from svclight.values.columns import MICRO, Times

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

    from numpy.typing import NDArray

    from svclight.definition.models import Criterion, Process
    from svclight.logs.log import Log, Rows
    from svclight.method.rules import Rule
    from svclight.values.columns import Texts

    Mask = NDArray[np.bool_]
    Ticks = NDArray[np.int64]

_MOST_DECIMALS: Final = 6
_EXACT: Final = 2.0**53  # up to here every whole number is exact
PERIOD_END: Final = "\x1fperiod's end"  # no column has such a name


def of_customers(criterion: Criterion, process: Process) -> bool:
    """Whether a criterion judges customers at each period's end, and not the rows of the log."""
    parts = criterion.measure.worst or ()
    return criterion.measure.kind in AT_THE_END or any(of_customers(process.criteria[part], process) for part in parts)


def contact_ticks(log: Log) -> tuple[Ticks, int]:
    """The instants of all rows in ticks of at most a microsecond, and the number of ticks a second."""
    ticks, per_second, _ = log.rows().instants(log.anchor)
    scale = max(MICRO // per_second, 1)
    return np.where(ticks == NAT, NAT, ticks * scale) if scale > 1 else ticks, per_second * scale


def after(ticks: Ticks, window: Fraction) -> Ticks:
    """The last ticks of windows of one length, from their first ticks; none ends after the calendar does."""
    most = np.iinfo(np.int64).max
    length = min(math.floor(window), most)
    return np.where(ticks > most - length, most, ticks + length)


def before(ticks: Ticks, window: Fraction) -> Ticks:
    """The first ticks of windows of one length, from the ticks at which they end; none begins before all ticks do."""
    least, most = np.iinfo(np.int64).min, np.iinfo(np.int64).max
    length = min(math.floor(window), most)
    return np.where(ticks < least + length, least, ticks - length)


@dataclass(frozen=True)
class Later:
    """The later contacts of each row within a window, and the rows that are repeats themselves."""

    counts: NDArray[np.int64]
    is_repeat: Mask
    unknown: tuple[tuple[str, Mask], ...]


def later_contacts(log: Log, same: tuple[str, ...], within: Fraction) -> Later:
    """Counts, for each row, the later contacts that are the same in all names, within a window of seconds.

    Contacts at the same time follow each other as they stand in the log. What is left out is no contact; a row that
    stands for several interactions is several contacts.
    """
    parts = [(name, _key(log, name)) for name in same]
    keys = parts[0][1]
    for _, codes in parts[1:]:
        keys = np.where((keys < 0) | (codes < 0), -1, pd.factorize(keys * (int(codes.max(initial=-1)) + 2) + codes)[0])
    ticks, per_second = contact_ticks(log)
    chosen = (keys >= 0) & (ticks != NAT) & ~left_out_of(log)
    grouped = Grouped.of(keys.astype(np.intp), ticks, chosen, int(keys.max(initial=-1)) + 1)
    times, groups = ticks[grouped.rows], grouped.groups
    instants, rank = np.unique(times, return_inverse=True)
    size = len(instants) + 1
    until = after(times, within * per_second)
    end = np.searchsorted(instants, until, side="right")
    last = np.searchsorted(groups * size + rank, groups * size + end, side="left")
    weights = np.ones(len(times), dtype=np.int64) if log.weights is None else log.weights[grouped.rows]
    total = np.append(0, np.cumsum(weights))
    counts, is_repeat = np.zeros(len(log), dtype=np.int64), np.zeros(len(log), dtype=bool)
    counts[grouped.rows] = total[last] - total[1:]
    follows = (np.diff(groups) == 0) & (times[1:] <= until[:-1])
    is_repeat[grouped.rows[1:][follows]] = True
    return Later(counts, is_repeat, tuple((name, codes < 0) for name, codes in parts))


def _key(log: Log, name: str) -> NDArray[np.int64]:
    return np.asarray(log.customers().codes if name == "customer" else log.texts(name).codes, dtype=np.int64)


@dataclass(frozen=True)
class PeriodEnds:
    """The ends of consecutive periods, one place a period.

    Attributes:
        number: The place of the period among those of the log, from 1.
        over: The instant at which it is over, as ticks.
        end: The same, or `as_of` where it is not over.
        last_second: Its last second by the clock of the document's zone.
        is_cut: Whether it is not over.
    """

    number: NDArray[np.int64]
    over: Ticks
    end: Ticks
    last_second: NDArray[np.int64]
    is_cut: Mask

    @classmethod
    def of(cls, log: Log, numbers: range, kind: str, *, per_second: int, is_over: Callable[[int], bool]) -> Self:
        """The ends of the periods of a log."""
        following = [clocks.period_end(number, kind) for number in numbers]
        over = np.array([clocks.ticks_at(clocks.midnight(day, log.zone), per_second) for day in following], np.int64)
        has_ended = np.array([log.as_of is None or is_over(number) for number in numbers], dtype=bool)
        return cls(
            number=np.arange(1, len(numbers) + 1),
            over=over,
            end=over if log.as_of is None else np.where(has_ended, over, clocks.ticks_at(log.as_of, per_second)),
            last_second=np.array([clocks.day_number(day) * DAY - 1 for day in following], dtype=np.int64),
            is_cut=~has_ended,
        )

    def at(self, places: NDArray[np.intp]) -> Self:
        """The ends at some places."""
        ticks = (self.number[places], self.over[places], self.end[places], self.last_second[places])
        return type(self)(*ticks, self.is_cut[places])


@dataclass
class Customers(Gathered):
    """The customers of a log at the ends of some periods: for each period a row for each customer seen before it.

    Attributes:
        contacts: The contacts in the order of their customers, then of their times.
        grouped: Those of each row's customer before the period is over.
        whose: The customer of each row.
        ends: The end of each row's period.
        ticks: The instants of the contacts, ticks of which `per_second` make a second.
    """

    grouped: Ranges = None  # type: ignore[assignment]  # always given, as in the class above
    contacts: Grouped = None  # type: ignore[assignment]  # the same
    whose: NDArray[np.intp] = field(default_factory=lambda: np.zeros(0, dtype=np.intp), repr=False)
    ends: PeriodEnds = None  # type: ignore[assignment]  # the same
    ticks: Ticks = field(default_factory=lambda: np.zeros(0, dtype=np.int64), repr=False)
    per_second: int = MICRO

    @property
    def anchor(self) -> str:
        """The name of the time that places a customer in the period."""
        return PERIOD_END

    @property
    def id_names(self) -> tuple[str, ...]:
        """A customer is known by the customer's id."""
        return (str(self.spec.customer),)

    @property
    def always_seen(self) -> frozenset[str]:
        """The names of times that count even after `as_of`: promises, and the end of the period."""
        return super().always_seen | {PERIOD_END}

    def plain_name(self, name: str) -> str:
        """The name of a time as people write it."""
        return name.removeprefix("\x1f")

    def left_out(self, rows: Rows) -> tuple[Rule, ...]:  # noqa: ARG002 - all are customers
        """No rules: rows that were left out are no contacts of a customer."""
        return ()

    def picks(self, name: str) -> None:
        """None: a customer has no time but the end of the period."""

    def field(self, name: str, kind: str) -> FieldSpec:
        """The declared field of a name, or one for the raw column; the period's end is a local time."""
        return FieldSpec.model_validate({"time": PERIOD_END}) if name == PERIOD_END else super().field(name, kind)

    def _part(self, name: str, spec: FieldSpec) -> Texts:
        """An hour, weekday or date by the words of the whole log, so that all periods share one dictionary."""
        return self._read_column(name, spec, "text")  # type: ignore[no-any-return]  # it reads what it is asked for

    def _read_column(self, name: str, spec: FieldSpec, use: str) -> Any:
        if name == PERIOD_END:
            return Times(self.ends.last_second, 1, aware=False)
        return super()._read_column(name, spec, use)

    def recency(self) -> Ticks:
        """The ticks from each customer's last contact to the period's end."""
        return np.asarray(self.ends.end - self.ticks[self.grouped.last()])

    def are_young(self, window: Fraction) -> Mask:
        """Which customers had their first contact less than a window before the period's end."""
        limit = before(self.ends.end, Fraction(math.ceil(window * self.per_second)))
        return np.asarray(self.ticks[self.grouped.first()] > limit)

    def contacts_within(self, window: Fraction) -> Ranges:
        """The contacts in a window before the period's end, its limit included."""
        begin = _contacts_before(self.contacts, self.ticks, self.whose, before(self.ends.end, window * self.per_second))
        return Ranges(self.grouped.rows, begin, self.grouped.end)

    def frequency(self, window: Fraction) -> NDArray[np.int64]:
        """The number of each customer's contacts in a window."""
        return np.asarray(self.contacts_within(window).sums(self.base.weights), dtype=np.int64)

    def spend(self, window: Fraction, amount: str) -> tuple[NDArray[np.float64], NDArray[np.object_]]:
        """The sum of each customer's amounts in a window, and the reason if it is not known."""
        contacts = self.contacts_within(window)
        numbers = self.base.numbers(amount)
        values = np.asarray(numbers.values, dtype=np.float64)
        known = np.isfinite(values)
        parts, scale = _whole(np.where(known, values, 0))
        sums = contacts.sums(parts if self.base.weights is None else parts * self.base.weights) / scale
        reasons = np.full(contacts.size, "", dtype=object)
        lacking = contacts.some(~known).first()
        for row in np.unique(lacking[lacking >= 0]).tolist():
            bad = numbers.bad is not None and numbers.bad[row]
            lacks = "infinite" if np.isinf(values[row]) else "empty"
            reasons[lacking == row] = unread_reason(amount, "number") if bad else f"{amount} is {lacks}"
        return np.asarray(sums, dtype=np.float64), reasons

    def unread_cells(self, name: str, use: str, places: NDArray[np.intp]) -> list[str]:
        """The newest cell of some customers that cannot be read: where one stands in the window, that one does too."""
        bad = self.base.numbers(name).bad
        newest = self.grouped.some(np.zeros(len(self.base), dtype=bool) if bad is None else bad).last()
        return self.base.unread_cells(name, use, newest[places])


def _whole(values: NDArray[np.float64]) -> tuple[NDArray[np.float64], int]:
    """Amounts as whole numbers of a decimal unit, and its number in 1, so that 0.7 and 0.1 make 0.8 exactly."""
    for digits in range(_MOST_DECIMALS + 1):
        with np.errstate(over="ignore"):
            parts = np.rint(values * 10**digits)
            is_exact = (parts / 10**digits == values).all() and np.abs(parts).sum() < _EXACT
        if is_exact:
            return parts, 10**digits
    return values, 1


def _contacts_before(contacts: Grouped, ticks: Ticks, whose: NDArray[np.intp], limits: Ticks) -> NDArray[np.intp]:
    """The place after the last contact before a limit, for each customer of `whose`; contacts stand by customer."""
    # an instant becomes the number of limits that it has reached, small enough to stand in one number with a customer
    different, place = np.unique(limits, return_inverse=True)
    reached = np.searchsorted(different, ticks[contacts.rows], side="right")
    size = len(different) + 1
    return np.searchsorted(contacts.groups * size + reached, whose * size + place, side="right")


def at_period_ends(log: Log, numbers: range, kind: str, *, is_over: Callable[[int], bool]) -> Iterator[Customers]:
    """The customers of a log at the ends of its periods: logs of as many periods as make `PART` rows, in their order.

    Args:
        log: The log at its `as_of`.
        numbers: The numbers of the periods.
        kind: day, week, month, quarter or year.
        is_over: Whether a period is over; the last one may be though `as_of` lies in it.
    """
    codes = np.asarray(log.customers().codes)
    # customers in the order in which the log first names them, however its cells are stored
    keys = np.asarray(pd.factorize(np.where(codes < 0, np.nan, codes))[0], dtype=np.intp)
    ticks, per_second = contact_ticks(log)
    chosen = (keys >= 0) & (ticks != NAT) & ~left_out_of(log)
    contacts = Grouped.of(keys, ticks, chosen, int(keys.max(initial=-1)) + 1)
    if log.as_of is not None:  # an anchor that is a promise may lie in the future
        contacts = contacts.some(ticks <= clocks.ticks_at(log.as_of, per_second))
    ends = PeriodEnds.of(log, numbers, kind, per_second=per_second, is_over=is_over)
    first = contacts.first()
    known = np.flatnonzero(first >= 0)
    since = np.searchsorted(ends.over, ticks[first[known]], side="right")  # the first period that is over after it
    for periods in _periods_together(since, len(numbers)):
        seen = since < periods.stop
        whose, place = _rows_of_periods(known[seen], since[seen], periods)
        mine = ends.at(place)
        until = _contacts_before(contacts, ticks, whose, mine.over)
        grouped = Ranges(contacts.rows, np.searchsorted(contacts.groups, whose), until)
        yield Customers.gather(
            log,
            grouped,
            grouped.first(),
            contacts=contacts,
            whose=whose,
            ends=mine,
            ticks=ticks,
            per_second=per_second,
        )


def _periods_together(since: NDArray[np.intp], size: int) -> Iterator[range]:
    """Consecutive periods, as many as have `PART` rows together; one alone may have more."""
    customers = np.cumsum(np.bincount(since, minlength=size)[:size])
    parts = (np.cumsum(customers) - customers) // PART
    edges = [0, *(np.flatnonzero(np.diff(parts)) + 1).tolist(), size]
    yield from (range(begin, end) for begin, end in pairwise(edges) if begin < end)


def _rows_of_periods(
    known: NDArray[np.intp], since: NDArray[np.intp], periods: range
) -> tuple[NDArray[np.intp], NDArray[np.intp]]:
    """The customer and the period of each row: all periods of some from that of a customer's first contact on."""
    begin = np.maximum(since, periods.start)
    lengths = periods.stop - begin
    place = np.arange(int(lengths.sum())) + np.repeat(begin - (np.cumsum(lengths) - lengths), lengths)
    order = np.argsort(place, kind="stable")
    return np.repeat(known, lengths)[order], place[order]
