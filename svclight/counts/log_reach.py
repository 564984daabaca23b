"""How far the log of a process reaches, and what follows for a period: whether it is over, and whether it is whole.

In: the days of a log's anchors, the moment from which it is seen, what its definition says of it (`since`, `calendar`).
Out: `Reach`, which answers for each period. Nothing here knows a criterion: how far back a measure looks is handed in.
"""

from __future__ import annotations

from dataclasses import dataclass, replace
from functools import cached_property
from typing import TYPE_CHECKING, Final

import numpy as np

from svclight.values import clocks
from svclight.values.clocks import DAY, NANO
from svclight.values.time_text import MONTHS

if TYPE_CHECKING:
    import datetime as dt
    from collections.abc import Callable

    from numpy.typing import NDArray

    Days = NDArray[np.int64]

RUNNING: Final = "running"
BEGINS: Final = "begins"
WINDOW: Final = "window"
ENDS: Final = "ends"
"""Why a period is partial: it is not over; the log begins in it or later; a window before it reaches further back than
the log; the log ends before it does."""
LEAST_GAP: Final = 7
"""So many days without an anchor at a period's end are no sign that a log stopped, however dense it was before."""
GAPS_OF: Final = 92
"""The longest gap is looked for in so many days, about three months, before the last anchor."""
MOST_EMPTY: Final = 1_200
"""Of the periods up to `as_of` that have no row so many are kept, the newest: `as_of` may be the year 9999."""


@dataclass(frozen=True)
class Reach:
    """How far a log reaches. Days are counted since 1970, by the document's time zone.

    Attributes:
        kind: The kind of period.
        zone: The document's time zone.
        as_of: The moment from which the log is seen, in nanoseconds since 1970; None where there is none.
        given: Whether the call gave it.
        first: The day of the first anchor; None where there is none.
        last: The day of the last anchor that had come by `as_of`.
        since: The day from which the log is complete, where its definition says so.
        open_days: The days on which the service is open, in their order; None where it is open every day.
        days: Gives the days with an anchor, in their order, those before the last `GAPS_OF` at will.
    """

    kind: str
    zone: str
    as_of: int | None
    given: bool
    first: int | None
    last: int | None
    since: int | None
    open_days: Days | None
    days: Callable[[], Days]

    @property
    def begins(self) -> int | None:
        """The day from which the log is complete."""
        return self.first if self.since is None else self.since

    def joined(self, other: Reach) -> Reach:
        """The reach of two parts of a log together."""
        firsts, lasts = (
            [day for day in pair if day is not None] for pair in ((self.first, other.first), (self.last, other.last))
        )

        def days() -> Days:
            return np.union1d(self.days(), other.days())

        return replace(self, first=min(firsts, default=None), last=max(lasts, default=None), days=days)

    def is_over(self, number: int) -> bool:
        """Whether a period is over: `as_of` is at its end, or none was given and its last open day has an anchor."""
        end = clocks.period_end(number, self.kind)
        if self.as_of is not None and self.as_of >= clocks.midnight(end, self.zone):
            return True
        last_open = self._last_open_day(number)
        return not self.given and self.last is not None and last_open is not None and self.last >= last_open

    def why_partial(self, number: int, *, before_begin: int, before_end: int, has_rows: bool) -> str:
        """Why a period is partial; empty where it is whole.

        Args:
            number: Which period.
            before_begin: How many seconds before its begin the log must reach.
            before_end: How many seconds before its end.
            has_rows: Whether there is any row in it: a period that is over and empty is no partial one.
        """
        if not self.is_over(number):
            return RUNNING
        if self._begins_later(number):
            return BEGINS
        if not self._holds_windows(number, before_begin, before_end):
            return WINDOW
        return ENDS if has_rows and self.ends_before(number) else ""

    def empty_periods(self) -> range:
        """The periods between the first anchor and a given `as_of` that are over; the newest, where they are many."""
        if not self.given or self.as_of is None or self.first is None:
            return range(0)
        # what begins at as_of has not begun
        days = (self.first, clocks.day_at(self.as_of - 1, self.zone))
        first, last = (clocks.period_of_day(day, self.kind) for day in days)
        last -= not self.is_over(last)
        return range(max(first, last + 1 - MOST_EMPTY), last + 1)

    def _newest_over(self) -> int | None:
        """The newest period that is over; None where none is."""
        if self.as_of is None:
            return None
        newest = clocks.period_of_day(clocks.day_at(self.as_of, self.zone), self.kind)
        return newest if self.is_over(newest) else newest - 1

    def ends_before(self, number: int) -> bool:
        """Whether the last anchor lies so long before a period's last open day that the log may have stopped."""
        last_open = self._last_open_day(number)
        if self.last is None or last_open is None or self.last >= last_open:
            return False
        silent = last_open - self.last
        # days are asked for last: where the log stays in an engine, they cost a pass
        return self.open_days is not None or silent > GAPS_OF or (silent > LEAST_GAP and silent > self._longest_gap)

    def stopped(self) -> bool:
        """Whether the log may have stopped before the newest period that is over was."""
        newest = self._newest_over()
        return newest is not None and self.ends_before(newest)

    @cached_property
    def _longest_gap(self) -> int:
        """The most days between two days with an anchor, of the last months before the last of them."""
        days = self.days()
        days = days[(days >= (self.last or 0) - GAPS_OF) & (days <= (self.last or 0))]
        return int(np.diff(days).max(initial=0))

    def _last_open_day(self, number: int) -> int | None:
        """The last day before a period's end on which the service is open."""
        end = clocks.day_number(clocks.period_end(number, self.kind))
        if self.open_days is None:
            return end - 1
        place = int(np.searchsorted(self.open_days, end))
        return int(self.open_days[place - 1]) if place else None

    def _begins_later(self, number: int) -> bool:
        """Whether an open day of a period lies before the log begins."""
        begin, end = (clocks.day_number(one(number, self.kind)) for one in (clocks.period_start, clocks.period_end))
        if self.begins is None:
            return True
        if begin >= self.begins:
            return False
        if self.open_days is None or self.begins >= end:
            return True
        first, last = np.searchsorted(self.open_days, [begin, self.begins])
        return bool(last > first)

    def _holds_windows(self, number: int, before_begin: int, before_end: int) -> bool:
        """Whether the log reaches back as far as is looked from a period's begin and from its end."""
        looks = ((clocks.period_start, before_begin), (clocks.period_end, before_end))
        if self.begins is None:
            return False
        begins = clocks.midnight(clocks.day_of(self.begins), self.zone)
        ends = ((clocks.midnight(end(number, self.kind), self.zone), seconds) for end, seconds in looks if seconds)
        return all(begins <= instant - seconds * NANO for instant, seconds in ends)


def ends_in_words(last: dt.date, *, year: int) -> str:
    """That a log ends on a day, as a question; with the year where it is not the one of the period in question."""
    written = f"{last.day} {MONTHS[last.month - 1]}" + ("" if last.year == year else f" {last.year}")
    return f"the log ends on {written}: is it whole?"


def day_range(days: Days) -> tuple[int, int] | None:
    """The first and the last of some days; None where there are none."""
    return (int(days.min()), int(days.max())) if len(days) else None


def days_around(first: int, last: int) -> tuple[int, int]:
    """The first and the last day of which it matters whether they are open: a year more on both sides."""
    low, high = clocks.FIRST_SECOND // DAY, clocks.LAST_SECOND // DAY
    return max(first - 400, low), min(last + 400, high)
