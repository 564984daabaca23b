"""Some rows of a log, as they stood at its `as_of`: what measures and conditions work on.

In: a `Log` and which of its rows. Out: their columns, typed. A time after `as_of` has not happened: it reads as empty,
unless it is a promise. Times are given as they are written, as instants, or by the clock of the document's zone.
"""

from __future__ import annotations

from dataclasses import dataclass, field, replace
from typing import TYPE_CHECKING, Final

import numpy as np

from svclight import clocks
from svclight.clocks import NANO, NAT

if TYPE_CHECKING:
    from collections.abc import Iterator

    from numpy.typing import NDArray

    from svclight.columns import Flags, Numbers, Texts, Times
    from svclight.logs import Log

    Mask = NDArray[np.bool_]

PART: Final = 1 << 18
"""Rows judged at a time: few enough that their columns stay in the processor's cache."""


@dataclass(frozen=True)
class Rows:
    """Some rows of a log, as they stood at its `as_of`."""

    log: Log
    part: slice
    cache: dict[str, Times] = field(default_factory=dict, repr=False, compare=False)

    def __len__(self) -> int:
        return int(self.part.stop - self.part.start)

    def numbers(self, name: str) -> Numbers:
        """A field or raw column as numbers."""
        return self.log.numbers(name).rows(self.part)

    def flags(self, name: str) -> Flags:
        """A field or raw column as true and false."""
        return self.log.flags(name).rows(self.part)

    def texts(self, name: str) -> Texts:
        """A field or raw column as text."""
        return self.log.texts(name).rows(self.part)

    def times(self, name: str) -> Times:
        """A field or raw column as times; one after `as_of` is empty, unless it is a promise."""
        if name not in self.cache:
            times = self.log.times(name).rows(self.part)
            future = self.future(name)
            self.cache[name] = times if future is None else replace(times, ticks=np.where(future, NAT, times.ticks))
        return self.cache[name]

    def future(self, name: str) -> Mask | None:
        """Which rows hold a time after `as_of`; None where none does, or where it does not matter."""
        log = self.log
        if log.as_of is None or name in log.always_seen:
            return None
        parts = (log.rows(begin, begin + PART) for begin in range(0, len(log), PART))
        if not log.remember(("future", name), lambda: any(part.ahead(name) is not None for part in parts)):
            return None  # as in every log that is seen from its own newest time
        return self.ahead(name)

    def ahead(self, name: str) -> Mask | None:
        """Which rows hold a time after `as_of`, a promise too; None where none does."""
        log = self.log
        if log.as_of is None:
            return None
        times = log.times(name).rows(self.part)
        limit = log.as_of * times.per_second // NANO
        near = np.flatnonzero(times.ticks > limit - clocks.DAY * times.per_second)
        if not len(near):  # all of them lie before, in any zone
            return None
        ticks, _ = self._instants(times.rows(near), name)
        later = near[ticks > limit]
        if not len(later):
            return None
        mask = np.zeros(len(self), dtype=bool)
        mask[later] = True
        return mask

    def _instants(self, times: Times, name: str) -> tuple[NDArray[np.int64], Mask | None]:
        spec = self.log.field(name, "time")
        if times.aware is True:
            return times.ticks, None
        zone = spec.time_zone or self.log.zone
        ticks, unsure = clocks.to_instant(times.ticks, times.per_second, zone, spec.clock_change)
        if times.aware is False:
            return ticks, unsure
        return np.where(times.aware, times.ticks, ticks), None if unsure is None else unsure & ~times.aware

    def instants(self, name: str, some: NDArray[np.intp] | None = None) -> tuple[NDArray[np.int64], int, Mask | None]:
        """Instants as ticks (of some rows), ticks a second, and rows whose local time exists twice or not at all."""
        times = self.times(name) if some is None else self.times(name).rows(some)
        ticks, unsure = self._instants(times, name)
        return ticks, times.per_second, unsure

    def walls(self, name: str) -> tuple[NDArray[np.int64], int]:
        """Local times of the document's zone as ticks, and ticks a second: what months and dates are cut by."""
        times, zone = self.times(name), self.log.zone
        spec = self.log.field(name, "time")
        if times.aware is False and (spec.time_zone or zone) == zone:
            return times.ticks, times.per_second
        ticks, unsure = self._instants(times, name)
        walls = clocks.to_wall(ticks, times.per_second, zone)
        if unsure is not None:  # it keeps the date that is written
            walls = np.where(unsure, times.ticks, walls)
        if not isinstance(times.aware, bool) and (spec.time_zone or zone) == zone:
            walls = np.where(times.aware, walls, times.ticks)
        return walls, times.per_second

    def has_gaps(self, name: str) -> bool:
        """Whether a row has no such time (yet)."""
        ticks = self.times(name).ticks
        return bool(len(ticks)) and bool(ticks.min() == NAT)

    def weights(self) -> NDArray[np.int64] | None:
        """How many interactions each row stands for; None where each is one."""
        return None if self.log.weights is None else self.log.weights[self.part]


def in_parts(log: Log, size: int) -> Iterator[Rows]:
    """The log's rows in parts of `size`."""
    for begin in range(0, len(log), size):
        yield log.rows(begin, begin + size)
