"""A counter of working time that goes minute by minute.

It looks at zoneinfo's clock every minute and knows no instant of its own: a span is worked from the first minute that
shows its beginning or later to the last that shows less than its end.

In: a calendar as plain data, a time zone, the first day of a window. Out: seconds worked up to an instant, and parts of
working days.
"""

from __future__ import annotations

import datetime as dt
from functools import lru_cache
from zoneinfo import ZoneInfo

import numpy as np

from svclight.judging.working_time import DAY_UNITS
from svclight.values.clocks import day_number

LENGTH = 6  # days that are covered
MARGIN = 4  # days around them at which the counter looks


@lru_cache(maxsize=64)
def shown(zone: str, first: str) -> np.ndarray:
    """What a clock shows in each minute (UTC) around the window, in local minutes since 1970."""
    begin = dt.datetime.fromisoformat(first + "T00:00+00:00") - dt.timedelta(days=MARGIN)
    minutes = (begin + dt.timedelta(minutes=n) for n in range((LENGTH + 2 * MARGIN) * 1440))
    plain = dt.datetime(1970, 1, 1, tzinfo=dt.UTC)
    return np.array(
        [(at.astimezone(ZoneInfo(zone)).replace(tzinfo=dt.UTC) - plain) // dt.timedelta(minutes=1) for at in minutes]
    )


class Counter:
    """Counts worked minutes, date by date."""

    def __init__(self, raw: dict, zone: str, first: str) -> None:
        walls = shown(zone, first)
        self.begin = (day_number(dt.date.fromisoformat(first)) - MARGIN) * 1440
        self.by_date = {}
        start = dt.date.fromisoformat(first)
        for place in range(-MARGIN + 1, LENGTH + MARGIN):
            date = start + dt.timedelta(days=place)
            mask = np.zeros(len(walls), dtype=bool)
            for span in self.spans(raw, date):
                (hour, minute), (to_hour, to_minute) = (map(int, end.split(":")) for end in span.split("-"))
                opens, closes = 60 * hour + minute, 60 * to_hour + to_minute
                midnight = day_number(date) * 1440
                after = np.flatnonzero(walls >= midnight + opens)
                before = np.flatnonzero(walls < midnight + closes + (1440 if closes <= opens else 0))
                if len(after) and len(before):
                    mask[after[0] : before[-1] + 1] = True
            self.by_date[day_number(date)] = mask
        self.any = np.logical_or.reduce(list(self.by_date.values()))

    @staticmethod
    def spans(raw: dict, date: dt.date) -> list[str]:
        if str(date) in raw.get("open", {}):
            return raw["open"][str(date)]
        if str(date) in raw.get("closed", []):
            return []
        return raw["hours"].get(("mon", "tue", "wed", "thu", "fri", "sat", "sun")[date.weekday()], [])

    def worked(self, mask: np.ndarray, second: int) -> int:
        """Seconds of the mask up to an instant."""
        minute, rest = second // 60 - self.begin, second % 60
        return 60 * int(mask[:minute].sum()) + rest * int(mask[minute])

    def time(self, second: int) -> int:
        return self.worked(self.any, second)

    def days(self, second: int) -> int:
        masks = [mask for mask in self.by_date.values() if mask.any()]
        return sum(round(self.worked(mask, second) / (60 * int(mask.sum())) * DAY_UNITS) for mask in masks)
