"""The words in which the rule book asks a log, whoever answers them.

In: names of fields, steps, conditions. Out: masks of rows and their values. Two views answer: arrays over a part of a
typed log (`judging.array_view`), expressions over a log that stays in its engine (`in_engine.expression_view`). No rule
stands in a view: it knows how a log is asked, not what follows. A view that cannot answer says so by an error of its
own, and the log is judged by the other one.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, Protocol

if TYPE_CHECKING:
    import datetime as dt
    from collections.abc import Callable, Iterator, Sequence
    from fractions import Fraction

    from svclight.definition.conditions import Scalar, Test
    from svclight.definition.models import Criterion
    from svclight.method.rules import Left, Mask, Measured, Rule
    from svclight.thresholds import Interval


@dataclass(frozen=True)
class Numbers:
    """A column of numbers.

    Attributes:
        values: The numbers.
        missing: The rows without a number; None if all have one.
        infinite: The rows with an infinite number; None if there are none, or the view leaves them to the other view.
        dtype: Their type.
        free: Whether comparisons need not ask which are missing: their values are null or NaN.
        has_nan: Whether some may be NaN.
        low: None of them is smaller, where that is known.
    """

    values: Any
    missing: Mask
    infinite: Mask = None
    dtype: Any = None
    free: bool = False
    has_nan: bool = False
    low: float | None = None


@dataclass(frozen=True)
class RowCounts:
    """A column of counts: whole numbers from 0 on.

    Attributes:
        values: The counts; 0 where there is none.
        empty: The rows without one; None where all have one.
        unread: The rows whose cell is no count; None where there are none, or a view leaves them to the other.
    """

    values: Any
    empty: Mask
    unread: Mask = None

    @property
    def unknown(self) -> Mask:
        """The rows of which it is not known how many they count."""
        if self.empty is None or self.unread is None:
            return self.unread if self.empty is None else self.empty
        return self.empty | self.unread


@dataclass(frozen=True)
class Flags:
    """A column of true and false: the rows of each; `values` are 1 and 0, to be shown."""

    true: Mask
    false: Mask
    values: Any = None


class Words(Protocol):
    """A column of text: a table marks some of its different words, and tables are joined with `|` and `~`."""

    @property
    def missing(self) -> Mask:
        """The rows without a word; None if all rows have one."""

    @property
    def values(self) -> Any:
        """The place of each row's word."""

    @property
    def words(self) -> Any:
        """The different words."""

    def equal(self, values: tuple[Any, ...]) -> Any:
        """Marks the different words that are one of the values."""

    def rows(self, table: Any) -> Mask:
        """The rows whose word is marked."""

    def each(self, table: Any, reason: Callable[[str], str]) -> tuple[Rule, ...]:
        """Rules that make marked words missing, each with its reason."""


class Clock(Protocol):
    """The working time of a calendar, as totals up to times of each row and up to `as_of`."""

    @property
    def per_unit(self) -> int:
        """The number of units of the totals in a second, or in a working day."""

    @property
    def up_to_now(self) -> int:
        """The working time up to `as_of`."""

    @property
    def now_is_far(self) -> bool:
        """Whether `as_of` lies outside the years for which working time is known."""

    def up_to(self, name: str) -> Any:
        """The working time up to a time of each row, in whole numbers."""

    def place(self, name: str) -> Any:
        """The ticks or days that show which of two times is earlier."""

    def far(self, name: str) -> Mask:
        """The rows whose time lies outside the known years; None if no row's does."""


@dataclass(frozen=True)
class Contacts:
    """The later contacts of each row.

    Attributes:
        counts: How many there are within the window.
        open: The rows whose window is not over; None if there are none.
        left: How long the windows last from `as_of` on.
        repeats: The rows that are later contacts themselves.
        unknown: The rows of which it is not known whose contact they are, or what about, by the name of what they lack.
    """

    counts: Any
    open: Mask
    left: Left | None
    repeats: Mask
    unknown: tuple[tuple[str, Mask], ...]


class CellView(Protocol):
    """The questions that conditions ask a log: cells against values, times at `as_of`."""

    log: Any
    """What names mean: fields, moments of a case, the process (`logs.log.Log`)."""

    def everybody(self) -> Mask:
        """All rows."""

    def nobody(self) -> Mask:
        """No row, as a mask."""

    def by_cells(self, test: Test, passing: Callable[[Test, CellView], Mask]) -> Mask:
        """The rows that pass a test, looked up by a column's different cells; None if rows are compared."""

    def holds_times(self, name: str) -> bool:
        """Whether a raw column holds nothing but times."""

    def has_time(self, name: str) -> Mask:
        """The rows that have a time at `as_of`."""

    def later(self, name: str) -> Mask:
        """The rows whose time lies after `as_of`; None if no row's does, or the time is a promise."""

    def ticks_a_second(self, *names: str) -> int:
        """The number of ticks a second in which all of the times are whole numbers."""

    def instants(self, name: str, per_second: int) -> Any:
        """The instants of a time in ticks of the given size."""

    def numbers(self, name: str) -> Numbers:
        """A column of numbers."""

    def counts(self, name: str) -> RowCounts:
        """A column of numbers that are counts."""

    def flags(self, name: str) -> Flags:
        """A column of true and false."""

    def one_of(self, values: Any, wanted: Sequence[float], dtype: Any) -> Mask:
        """The rows whose number is one of some; `dtype` is their type, None for whole numbers."""

    def inside(self, measured: Measured, interval: Interval) -> Mask:
        """The rows whose value lies in a range; NaN lies in none."""

    def equal_text(self, name: str, values: Sequence[Scalar]) -> tuple[Mask, Mask]:
        """The rows that have a text, and the rows whose text is one of some."""

    def words_passing(self, name: str, passes: Callable[[str], bool]) -> tuple[Mask, Mask]:
        """The rows that have a text, and the rows whose text passes a test."""


class View(CellView, Protocol):
    """The questions that the rule book asks a log."""

    def some(self, rows: Mask) -> Mask:
        """The same rows; None if it is known that there are none."""

    def once(self, name: str, rows: Mask) -> Mask:
        """The same rows, computed once although several rules ask for them."""

    def either(self, rows: Mask, one: Any, other: Any) -> Any:
        """One value for the rows of a mask, another for the others."""

    def unread(self, name: str, kind: str) -> tuple[Rule, ...]:
        """The rule for cells that cannot be read as their kind; its reason quotes the cell."""

    # Times

    def never(self, name: str) -> Mask:
        """The rows that have no time and will never have it; None if that is not known of any row."""

    def doubtful(self, name: str) -> Mask:
        """The rows whose time lies in the hours that a clock change repeats or skips; None if there are none."""

    def is_plain(self, name: str) -> bool:
        """Whether the time places its rows by itself, so that rows without one are a whole group."""

    def now(self, per_second: int) -> int:
        """The moment from which the log is seen, in such ticks."""

    def days(self, name: str) -> Any:
        """The calendar days, counted since 1970, by the document's zone."""

    def today(self) -> int:
        """The calendar day of the moment from which the log is seen."""

    def places_in_days(self, name: str) -> tuple[Any, int]:
        """Local times of the document's zone, and the number of their units in a day."""

    def working(
        self, criterion: Criterion, names: tuple[str, ...], per_second: int, *, by: str, in_days: bool
    ) -> Clock:
        """The working time of the measure's calendar, in ticks or parts of a working day."""

    def periods(self, name: str, *, dated: bool) -> Iterator[tuple[Mask, dt.date, dt.date]]:
        """The rows of each period, with its first day and the day after its last; `dated` if the days matter."""

    # Cells

    def whole_ticks(self, numbers: Numbers, length: Fraction) -> Any:
        """Numbers times a length in ticks, to the nearest whole tick."""

    def items(self, name: str) -> Flags:
        """The flags of a checklist's item: `n/a` is neither true nor false, and no unreadable cell."""

    def unread_flags(self, name: str, *, item: bool = False) -> tuple[Rule, ...]:
        """The rule for cells that are neither true nor false."""

    def words(self, name: str) -> Words:
        """A column of text."""

    def weight_where(self, rows: Mask, weight: float) -> Any:
        """A weight for the rows of a mask, 0 for the others."""

    def percent(self, part: Any, whole: Any) -> tuple[Any, Any]:
        """The percentage of a part in a whole (anything in a whole of 0), and the type of the numbers."""

    def difference(self, one: Numbers, other: Numbers) -> tuple[Any, Any]:
        """Numbers less others, in doubles, and the type of these numbers."""

    # Values against numbers

    def above(self, measured: Measured, number: float) -> Mask:
        """The values that are greater than a number; NaN is not."""

    def not_whole(self, measured: Measured) -> Mask:
        """The rows whose value is no whole number of the unit."""

    # Several rows at once

    def step_counts(self, step: str, distinct: str | None) -> Any:
        """The number of a step's events in each case, or of a column's different values in them."""

    def open_cases(self) -> Mask:
        """The cases that have not ended; None if all have, or the log declares no end."""

    def later_contacts(self, same: tuple[str, ...], within: Fraction) -> Contacts:
        """The later contacts of each row that are the same in all names, within a window of seconds."""

    def recency(self) -> tuple[Any, int]:
        """The time from a customer's last contact to the period's end, and the number of ticks a second."""

    def frequency(self, within: Fraction) -> Any:
        """The number of a customer's contacts in the window before the period's end."""

    def spend(self, amount: str, within: Fraction) -> tuple[Any, Any, tuple[Rule, ...]]:
        """The sum that a customer spent in a window, its type, and the rule for amounts that are not known."""

    def customers_to_come(self) -> Mask:
        """The customers of a period that is not over; None for rows that are no customers."""

    def young_customers(self, within: Fraction) -> Mask:
        """The customers whose first contact is younger than a window at the period's end."""
