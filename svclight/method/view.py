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
        missing: The rows without a number; None where all have one.
        infinite: The rows with an infinite one; None where there are none, or a view leaves them to the other.
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
class Flags:
    """A column of true and false: the rows of each; `values` are 1 and 0, to be shown."""

    true: Mask
    false: Mask
    values: Any = None


class Words(Protocol):
    """A column of text: tables say of each different word whether it is chosen, and are joined with `|` and `~`."""

    @property
    def missing(self) -> Mask:
        """The rows without a word; None where all have one."""

    @property
    def values(self) -> Any:
        """The place of each row's word."""

    @property
    def words(self) -> Any:
        """The different words."""

    def equal(self, values: tuple[Any, ...]) -> Any:
        """The table of the words that are one of the values."""

    def rows(self, table: Any) -> Mask:
        """The rows whose word is chosen."""

    def each(self, table: Any, reason: Callable[[str], str]) -> tuple[Rule, ...]:
        """The chosen words as missing, each with its reason."""


class Clock(Protocol):
    """The working time of a calendar: its running total at times of each row, and at `as_of`."""

    @property
    def per_unit(self) -> int:
        """How much of it makes a second, or a working day."""

    @property
    def up_to_now(self) -> int:
        """The total up to `as_of`."""

    @property
    def now_is_far(self) -> bool:
        """Whether `as_of` lies in no year for which working time is told."""

    def up_to(self, name: str) -> Any:
        """The total up to a time, in whole numbers."""

    def place(self, name: str) -> Any:
        """What tells which of two times is earlier: ticks, or days."""

    def far(self, name: str) -> Mask:
        """The rows whose time lies in no year for which working time is told; None where there are none."""


@dataclass(frozen=True)
class Contacts:
    """The later contacts of each row.

    Attributes:
        counts: How many there are within the window.
        open: The rows whose window is not over; None where there are none.
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
    """A log, as conditions ask it: cells against values, times as of `as_of`."""

    log: Any
    """What names mean: fields, moments of a case, the process (`logs.log.Log`)."""

    def everybody(self) -> Mask:
        """All rows."""

    def nobody(self) -> Mask:
        """No row, as a mask."""

    def by_cells(self, test: Test, passing: Callable[[Test, CellView], Mask]) -> Mask:
        """The rows that pass a test, where a view holds a rule against the different cells of a column; else None."""

    def holds_times(self, name: str) -> bool:
        """Whether a raw column holds nothing but times."""

    def seen(self, name: str) -> Mask:
        """The rows that have a time, as of `as_of`."""

    def later(self, name: str) -> Mask:
        """The rows whose time lies after `as_of`; None where there are none, or for a promise."""

    def ticks_a_second(self, *names: str) -> int:
        """Into how many ticks a second is parted, so that each of the times is a whole number of them."""

    def instants(self, name: str, per_second: int) -> Any:
        """The instants in such ticks."""

    def numbers(self, name: str) -> Numbers:
        """A column of numbers."""

    def flags(self, name: str) -> Flags:
        """A column of true and false."""

    def one_of(self, values: Any, wanted: Sequence[float], dtype: Any) -> Mask:
        """The rows whose number, of a type (None for whole numbers), is one of some."""

    def inside(self, measured: Measured, interval: Interval) -> Mask:
        """The rows whose value lies in a range; NaN lies in none."""

    def equal_text(self, name: str, values: Sequence[Scalar]) -> tuple[Mask, Mask]:
        """The rows that have a text, and those in which it is one of some."""

    def words_passing(self, name: str, passes: Callable[[str], bool]) -> tuple[Mask, Mask]:
        """The rows that have a text, and those in which it passes."""


class View(CellView, Protocol):
    """A log, as the rule book asks it."""

    def some(self, rows: Mask) -> Mask:
        """The same rows; None where it is known that there are none."""

    def once(self, name: str, rows: Mask) -> Mask:
        """The same rows, found out once though several rules ask."""

    def either(self, rows: Mask, one: Any, other: Any) -> Any:
        """One value for some rows, another for the others."""

    def unread(self, name: str, kind: str) -> tuple[Rule, ...]:
        """The rule for cells that cannot be read as their kind; the cell stands in its reason."""

    # Times

    def never(self, name: str) -> Mask:
        """The rows that will not have a time any more, if they have none yet; None where that is not known of any."""

    def doubtful(self, name: str) -> Mask:
        """The rows whose time exists twice or not at all; None where there are none."""

    def is_plain(self, name: str) -> bool:
        """Whether a row without a time is one without a period, so that it can be told of whole groups."""

    def now(self, per_second: int) -> int:
        """The moment from which the log is seen, in such ticks."""

    def days(self, name: str) -> Any:
        """The calendar days, counted since 1970, by the document's zone."""

    def today(self) -> int:
        """The day of the moment from which the log is seen."""

    def places_in_days(self, name: str) -> tuple[Any, int]:
        """Local times of the document's zone, and how many of their units make a day."""

    def working(
        self, criterion: Criterion, names: tuple[str, ...], per_second: int, *, by: str, in_days: bool
    ) -> Clock:
        """The working time of the measure's calendar: in ticks (or parts of a working day), by instant or date."""

    def periods(self, name: str, *, dated: bool) -> Iterator[tuple[Mask, dt.date, dt.date]]:
        """The rows of each period, with its first day and that after its last; `dated` where the days matter."""

    # Cells

    def whole_ticks(self, numbers: Numbers, length: Fraction) -> Any:
        """Numbers, times a length in ticks, to the nearest whole tick."""

    def items(self, name: str) -> Flags:
        """An item of a checklist: `n/a` is neither true nor false, and no cell that cannot be read."""

    def unread_flags(self, name: str, *, item: bool = False) -> tuple[Rule, ...]:
        """The rule for cells that are neither."""

    def words(self, name: str) -> Words:
        """A column of text."""

    def weighed(self, rows: Mask, weight: float) -> Any:
        """A weight for some rows, 0 for the others."""

    def percent(self, part: Any, whole: Any) -> tuple[Any, Any]:
        """How much percent a part is of the whole, of nothing anything; and the type of these numbers."""

    # Values against numbers

    def above(self, measured: Measured, number: float) -> Mask:
        """The values that are greater than a number; NaN is not."""

    def broken(self, measured: Measured) -> Mask:
        """The values that are no whole number of their unit."""

    # Several rows at once

    def happened(self, step: str, distinct: str | None) -> Any:
        """How often a step happened in each case, or with how many different values of a column."""

    def unended(self) -> Mask:
        """The cases in which more may happen; None where there are none."""

    def later_contacts(self, same: tuple[str, ...], within: Fraction) -> Contacts:
        """The later contacts that are the same in all names, within so many seconds."""

    def recency(self) -> tuple[Any, int]:
        """The time from a customer's last contact to the period's end, and how many ticks make a second."""

    def frequency(self, within: Fraction) -> Any:
        """How many contacts a customer had in the window before the period's end."""

    def spend(self, amount: str, within: Fraction) -> tuple[Any, Any, tuple[Rule, ...]]:
        """What a customer spent in the window, the type of these numbers, and the rule for amounts not known."""

    def customers_to_come(self) -> Mask:
        """The customers of a period that is not over; None where rows are no customers."""

    def young_customers(self, within: Fraction) -> Mask:
        """The customers whose first contact is younger than a window at the period's end."""
