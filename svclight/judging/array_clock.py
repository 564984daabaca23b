"""The working time of a calendar up to times of a part of a log, as arrays: what the rule book asks of a clock.

In: `WorkingTime`, and the times as ticks or days. Out: `ArrayClock`: running totals, computed when first asked for.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

import numpy as np

from svclight.judging.log_calendars import FIRST_DAY, LAST_DAY
from svclight.judging.working_time import DAY_UNITS
from svclight.values.clocks import DAY

if TYPE_CHECKING:
    from collections.abc import Mapping

    from numpy.typing import NDArray

    from svclight.judging.working_time import WorkingTime

    Ticks = NDArray[np.int64]


@dataclass(frozen=True)
class ArrayClock:
    """The running totals of a calendar's working time, as arrays.

    Attributes:
        working: The working time of the calendar.
        places: The times by name: ticks, or days where `by_date`.
        now: The moment from which the log is seen, likewise.
        per_second: How many ticks make a second.
        in_days: Whether working days are counted, and not working time.
        by_date: Whether whole days are counted.
        known: Totals that were computed before, of all clocks of a part of a log.
    """

    working: WorkingTime
    places: Mapping[str, Ticks]
    now: int
    per_second: int
    in_days: bool
    by_date: bool
    known: dict[Any, Ticks]

    @property
    def per_unit(self) -> int:
        """The number of units of the totals in a second, or in a working day."""
        return DAY_UNITS if self.in_days else self.per_second

    @property
    def up_to_now(self) -> int:
        """The working time up to `as_of`."""
        return int(self._total(np.array([self.now], dtype=np.int64))[0])

    @property
    def now_is_far(self) -> bool:
        """Whether `as_of` lies outside the years for which working time is known."""
        return bool(self._far(np.array([self.now], dtype=np.int64))[0])

    def up_to(self, name: str) -> Ticks:
        """The working time up to a time of each row."""
        key = (id(self.working), self.per_second, self.in_days, self.by_date, name)
        if key not in self.known:
            self.known[key] = self._total(self.places[name])
        return self.known[key]

    def place(self, name: str) -> Ticks:
        """The ticks or days that show which of two times is earlier."""
        return self.places[name]

    def far(self, name: str) -> NDArray[np.bool_] | None:
        """The rows whose time lies outside the known years; None if no row's does."""
        far = self._far(self.places[name])
        return far if far.any() else None

    def _total(self, places: Ticks) -> Ticks:
        if self.by_date:
            return self.working.days_by_date(places) if self.in_days else self.working.time_by_date(places, 1)
        return (self.working.days if self.in_days else self.working.time)(places, self.per_second)

    def _far(self, places: Ticks) -> NDArray[np.bool_]:
        a_day = 1 if self.by_date else DAY * self.per_second
        return (places < FIRST_DAY * a_day) | (places >= (LAST_DAY + 1) * a_day)
