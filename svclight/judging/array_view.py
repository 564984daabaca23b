"""A part of a typed log as the rule book asks it: every answer is an array with an entry a row.

In: `Rows`. Out: `ArrayView`, which answers the words of `method.view`. What several criteria ask for (which rows have a
time, their instants) is computed once for the part. Numbers without a decimal point are exact: ticks and days.
"""

from __future__ import annotations

from dataclasses import dataclass
from fractions import Fraction
from typing import TYPE_CHECKING, Any, Final

import numpy as np

from svclight.judging.array_clock import ArrayClock
from svclight.judging.log_calendars import working_of
from svclight.logs.array_cells import ArrayCells, equal_words
from svclight.logs.cases import Cases
from svclight.logs.customers import Customers, after, contact_ticks, later_contacts
from svclight.logs.unread_cells import UNREADABLE, not_asked, unread_rule
from svclight.method.clock_measures import calendar_of
from svclight.method.rules import Left, Rule
from svclight.method.view import Contacts
from svclight.values import clocks
from svclight.values.clocks import NAT

if TYPE_CHECKING:
    import datetime as dt
    from collections.abc import Callable, Iterator

    from numpy.typing import NDArray

    from svclight.definition.models import Criterion
    from svclight.logs.log import Rows
    from svclight.method.rules import Measured
    from svclight.method.view import Flags, Numbers
    from svclight.values.columns import Texts

    Mask = NDArray[np.bool_]
    Ticks = NDArray[np.int64]

_DOUBLE: Final[np.dtype[Any]] = np.dtype(np.float64)
_FAR: Final = 2.0**62
"""Ticks beyond this are as many as this: longer than any time between two moments."""


@dataclass(frozen=True)
class ArrayWords:
    """A column of text: the different words, and each row's place among them."""

    rows_of: Rows
    name: str
    texts: Texts

    @property
    def missing(self) -> Mask | None:
        """The rows without a word; None if all rows have one."""
        missing = self.texts.missing
        return missing if missing.any() else None

    @property
    def values(self) -> Ticks:
        """The place of each row's word."""
        return np.asarray(self.texts.codes, dtype=np.int64)

    @property
    def words(self) -> NDArray[np.object_]:
        """The different words."""
        return self.texts.words

    def equal(self, values: tuple[Any, ...]) -> Mask:
        """Marks the different words that are one of the values."""
        key = ("equal", self.name, repr(values))  # 1 and True are different words
        return self.rows_of.log.remember(key, lambda: equal_words(self.texts, list(values)))  # type: ignore[no-any-return]  # it holds what was found

    def rows(self, table: Mask) -> Mask:
        """The rows whose word is marked."""
        return self.texts.look_up(table, missing=False)

    def each(self, table: Mask, reason: Callable[[str], str]) -> tuple[Rule, ...]:
        """Rules that make marked words missing, each with its reason."""
        if not table.any():
            return ()
        codes, words = self.texts.codes, self.texts.words

        def reasons(places: NDArray[np.intp]) -> NDArray[np.object_]:
            return np.array([reason(words[code]) for code in codes[places]], dtype=object)

        return (Rule("missing", reasons, self.rows(table)),)


class ArrayView(ArrayCells):
    """Some rows of a log, as the rule book asks for them: every answer is an array."""

    rows: Rows

    def __init__(self, rows: Rows, kind: str = "month") -> None:
        """Takes the rows, and the kind of period between which limits may change."""
        super().__init__(rows)
        self.kind = kind

    # Rows ------------------------------------------------------------------------------------------------------------

    def once(self, _name: str, rows: Mask) -> Mask:
        """The same rows: an array is computed already."""
        return rows

    def either(self, rows: Mask, one: Any, other: Any) -> Any:
        """One value for some rows, another for the others."""
        # most parts of a log have nothing unfinished: no need to copy them
        return one if isinstance(one, np.ndarray) and rows.all() else np.where(rows, one, other)

    def unread(self, name: str, kind: str) -> tuple[Rule, ...]:
        """The rule for cells that cannot be read as their kind."""
        column = self.rows.times(name) if kind == "time" else self.rows.numbers(name)
        return unread_rule(name, kind, column.bad)

    # Times -----------------------------------------------------------------------------------------------------------

    def never(self, name: str) -> Mask | None:
        """The rows that will never have the time; None if that is not known of any row."""
        return self.log.never(self.rows, name)  # type: ignore[no-any-return]  # logs of several kinds answer

    def doubtful(self, name: str) -> Mask | None:
        """The rows whose time lies in the hours that a clock change repeats or skips."""
        return self._instants(name)[2]

    def is_plain(self, _name: str) -> bool:
        """False: arrays look at each row."""
        return False

    def now(self, per_second: int) -> int:
        """The moment from which the log is seen, in such ticks."""
        return clocks.now_at(self.log.as_of or 0, per_second)

    def days(self, name: str) -> Ticks:
        """The calendar days."""
        return self._once(("days", name), lambda: clocks.to_days(*self.rows.walls(name)))  # type: ignore[no-any-return]  # the same

    def today(self) -> int:
        """The day of the moment from which the log is seen."""
        return clocks.day_at(self.log.as_of or 0, self.log.zone)

    def places_in_days(self, name: str) -> tuple[Ticks, int]:
        """Calendar days, with 1 as the number of units in a day."""
        return self.days(name), 1

    def working(
        self, criterion: Criterion, names: tuple[str, ...], per_second: int, *, by: str, in_days: bool
    ) -> ArrayClock:
        """The working time of the measure's calendar."""
        working, by_date = working_of(self.log, str(calendar_of(criterion)), names), by == "date"
        places = {name: self.days(name) if by_date else self.instants(name, per_second) for name in names}
        now = self.today() if by_date else self.now(per_second)
        return ArrayClock(working, places, now, per_second, in_days, by_date, self._known)

    def periods(self, name: str, *, dated: bool) -> Iterator[tuple[Mask, dt.date, dt.date]]:
        """The rows of each period, with its first day and the day after its last."""
        known = self.has_time(name)
        if not dated:
            yield known, clocks.day_of(0), clocks.day_of(1)
            return
        numbers = clocks.period_numbers(np.where(known, self.days(name), 0), self.kind)
        for number in np.unique(numbers[known]):
            begin, end = clocks.period_start(int(number), self.kind), clocks.period_end(int(number), self.kind)
            yield known & (numbers == number), begin, end

    # Cells -----------------------------------------------------------------------------------------------------------

    def whole_ticks(self, numbers: Numbers, length: Fraction) -> Ticks:
        """Numbers times a length in ticks, to the nearest whole tick."""
        known = np.where(np.isfinite(numbers.values), numbers.values, 0)
        with np.errstate(over="ignore"):
            ticks = np.clip(known * float(length), -_FAR, _FAR)
        return np.rint(ticks).astype(np.int64)

    def items(self, name: str) -> Flags:
        """The flags of a checklist's item: an unreadable cell is neither true nor false anyway."""
        return self.flags(name)

    def unread_flags(self, name: str, *, item: bool = False) -> tuple[Rule, ...]:
        """The rule for cells that are neither true nor false."""
        flags = self.rows.flags(name)
        bad = flags.values == UNREADABLE
        if item and bad.any():
            bad &= ~not_asked(flags)
        return unread_rule(name, "flag", bad)

    def words(self, name: str) -> ArrayWords:
        """A column of text."""
        return ArrayWords(self.rows, name, self.rows.texts(name))

    def weight_where(self, rows: Mask, weight: float) -> NDArray[Any]:
        """A weight for the rows of a mask, 0 for the others."""
        return rows * weight

    def percent(self, part: NDArray[Any], whole: NDArray[Any]) -> tuple[NDArray[np.float64], np.dtype[Any]]:
        """How much percent a part is of the whole."""
        return 100 * part / np.where(whole == 0, 1, whole), np.dtype(np.float64)

    def difference(self, one: Numbers, other: Numbers) -> tuple[NDArray[np.float64], np.dtype[Any]]:
        """Numbers less others, in doubles."""
        return np.asarray(one.values, dtype=np.float64) - np.asarray(other.values, dtype=np.float64), _DOUBLE

    # Values against numbers ------------------------------------------------------------------------------------------

    def above(self, measured: Measured, number: float) -> Mask:
        """The values that are greater than a number."""
        mask: Mask = measured.values > number
        return mask

    def not_whole(self, measured: Measured) -> Mask:
        """The rows whose value is no whole number of the unit."""
        with np.errstate(invalid="ignore"):
            mask: Mask = np.mod(measured.values, measured.per_unit) != 0
        return mask

    # Several rows at once --------------------------------------------------------------------------------------------

    def step_counts(self, step: str, distinct: str | None) -> NDArray[np.int64]:
        """The number of times that a step happened in each case."""
        log = self._cases()
        counts = log.remember(("count", step, distinct), lambda: log.counts(step, distinct))
        return counts[self.rows.part]  # type: ignore[no-any-return]  # the memory holds what was made

    def open_cases(self) -> Mask | None:
        """The cases that have not ended; None if all have, or the log declares no end."""
        ended = self._cases().has_ended()
        return None if ended is None or ended.all() else ~ended[self.rows.part]

    def _cases(self) -> Cases:
        if not isinstance(self.log, Cases):  # loading saw to it
            raise TypeError
        return self.log

    def later_contacts(self, same: tuple[str, ...], within: Fraction) -> Contacts:
        """The later contacts of each row that are the same in all names, within a window."""
        log, part = self.log, self.rows.part
        later = log.remember(("later", same, within), lambda: later_contacts(log, same, within))
        ticks, per_second = log.remember("contacts", lambda: contact_ticks(log))
        as_of = NAT if log.as_of is None else clocks.ticks_at(log.as_of, per_second)
        until = after(ticks[part], within * per_second)
        still = (until > as_of) & (ticks[part] != NAT)
        unknown = tuple((name, rows[part]) for name, rows in later.unknown)
        left = Left(np.where(still, until, as_of) - as_of, Fraction(per_second))
        return Contacts(later.counts[part], self.some(still), left, later.is_repeat[part], unknown)

    def _customers(self) -> Customers:
        log: Any = self.log
        customers: Customers = log  # criteria of this kind are asked of no others
        return customers

    def recency(self) -> tuple[Ticks, int]:
        """The time from a customer's last contact to the period's end."""
        return self._customers().recency()[self.rows.part], self._customers().per_second

    def frequency(self, within: Fraction) -> NDArray[np.int64]:
        """The number of a customer's contacts in the window."""
        return self._customers().frequency(within)[self.rows.part]

    def spend(self, amount: str, within: Fraction) -> tuple[Any, Any, tuple[Rule, ...]]:
        """The amounts that a customer spent in the window, and the rule for amounts that are not known."""
        customers = self._customers()
        values, reasons = customers.remember(("spend", amount, within), lambda: customers.spend(within, amount))
        unknown = reasons[self.rows.part]
        return values[self.rows.part], values.dtype, (Rule("missing", lambda at: unknown[at], unknown != ""),)

    def customers_to_come(self) -> Mask | None:
        """The customers of a period that is not over."""
        return self.log.ends.is_cut[self.rows.part] if isinstance(self.log, Customers) else None

    def young_customers(self, within: Fraction) -> Mask:
        """The customers whose first contact is younger than a window."""
        return self._customers().are_young(within)[self.rows.part]
