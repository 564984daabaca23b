"""Working time a second way: span by span, each edge turned into an instant by `zoneinfo`, exact fractions.

For calendars of `hours`, `closed` and `open` whose spans do not overlap and have no edge inside an hour that the changing
clock shows twice or not at all; holidays are tested with their own package.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import UTC, date, datetime, timedelta
from fractions import Fraction
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from collections.abc import Iterator
    from zoneinfo import ZoneInfo

WEEKDAYS = ("mon", "tue", "wed", "thu", "fri", "sat", "sun")
DAY = timedelta(days=1)
MICROSECOND = timedelta(microseconds=1)
Stretch = tuple[datetime, datetime]


def days_of(text: str) -> list[str]:
    """`fri-mon` is Friday, Saturday, Sunday, Monday."""
    first, _, last = text.partition("-")
    start = WEEKDAYS.index(first)
    length = (WEEKDAYS.index(last or first) - start) % 7 + 1
    return [WEEKDAYS[(start + step) % 7] for step in range(length)]


def clock(text: str) -> timedelta:
    hours, minutes = text.split(":")
    return timedelta(hours=int(hours), minutes=int(minutes))


def listed(spans: str | list[str]) -> list[str]:
    return [spans] if isinstance(spans, str) else list(spans)


def spans_on(calendar: dict[str, Any], day: date) -> list[str]:
    """What is written for the very day, else what its weekday has."""
    own = {str(key): spans for key, spans in calendar.get("open", {}).items()}
    if day.isoformat() in own:
        return listed(own[day.isoformat()])
    if day.isoformat() in map(str, calendar.get("closed", [])):
        return []
    hours = calendar["hours"].items()
    return [span for days, spans in hours if WEEKDAYS[day.weekday()] in days_of(days) for span in listed(spans)]


@dataclass
class Hours:
    """A calendar with its zone, and what was worked out already for its days."""

    calendar: dict[str, Any]
    zone: ZoneInfo
    known: dict[date, list[Stretch]] = field(default_factory=dict)

    def stretches(self, day: date) -> list[Stretch]:
        """From when to when is worked; a span over midnight belongs to the day on which it begins."""
        if day not in self.known:
            self.known[day] = [self.stretch(day, *span.split("-")) for span in spans_on(self.calendar, day)]
        return self.known[day]

    def stretch(self, day: date, begin: str, end: str) -> Stretch:
        overnight = DAY if clock(end) <= clock(begin) else timedelta(0)
        midnight = datetime(day.year, day.month, day.day)  # noqa: DTZ001  # its zone follows
        walls = (midnight + clock(begin), midnight + clock(end) + overnight)
        return tuple(wall.replace(tzinfo=self.zone).astimezone(UTC) for wall in walls)  # type: ignore[return-value]

    def days(self, first: datetime, last: datetime) -> Iterator[date]:
        """Every day with a span that may lie between two instants."""
        day = first.astimezone(self.zone).date() - DAY
        while day <= last.astimezone(self.zone).date():
            yield day
            day += DAY

    def seconds_on(self, day: date, first: datetime | None = None, last: datetime | None = None) -> Fraction:
        """What of the day's spans lies between the instants; all of it where none are given."""
        inside = [
            (max(begin, first) if first else begin, min(end, last) if last else end)
            for begin, end in self.stretches(day)
        ]
        return sum((Fraction((end - begin) // MICROSECOND, 10**6) for begin, end in inside if end > begin), Fraction(0))

    def share_of(self, day: date, done: Fraction) -> Fraction:
        """A part of a day counts as the part of its hours."""
        return done / self.seconds_on(day) if done else Fraction(0)

    def between(self, first: datetime, last: datetime, *, in_days: bool) -> Fraction:
        """Working seconds, or days, from one instant to another; negative where the other is earlier."""
        if last < first:
            return -self.between(last, first, in_days=in_days)
        done = {day: self.seconds_on(day, first, last) for day in self.days(first, last)}
        return sum((self.share_of(day, part) if in_days else part for day, part in done.items()), Fraction(0))

    def between_dates(self, first: date, last: date, *, in_days: bool) -> Fraction:
        """The days after the first date, up to and including the last."""
        if last < first:
            return -self.between_dates(last, first, in_days=in_days)
        days = [first + DAY * step for step in range(1, (last - first).days + 1)]
        whole = {day: self.seconds_on(day) for day in days}
        return sum((self.share_of(day, part) if in_days else part for day, part in whole.items()), Fraction(0))
