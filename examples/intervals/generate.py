"""Makes up the half-hours of an energy supplier's telephone queues, a year of them, and writes intervals.csv.gz.

    python examples/intervals/generate.py

Nothing in it is real. What is built in, so that it can be found again, stands in README.md.
"""

from __future__ import annotations

import datetime as dt
import sys
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING

sys.path.insert(0, str(Path(__file__).resolve().parents[1]))

import made_up
from made_up import Dice

if TYPE_CHECKING:
    from collections.abc import Iterator

SEED = 4
FIRST, LAST = dt.date(2025, 1, 1), dt.date(2025, 12, 31)
OPENS, CLOSES = 8, 20

BAD_MONTH, BAD_QUEUE = "2025-05", "Meter reading"
BETTER_FROM = "2025-09"

CALLS = {"Billing": 14.0, "Meter reading": 8.0, "Moving house": 5.0}
WEEKDAYS = (1.35, 1.05, 1.0, 1.0, 0.95, 0.5, 0.0)  # closed on Sundays
HOURS = (1.1, 1.3, 1.35, 1.2, 0.9, 0.85, 0.95, 1.05, 1.1, 1.0, 0.7, 0.5)
HEADER = ("Interval Start", "Queue", "Offered", "Answered in time", "Abandoned", "Service Level")
OFFERED, IN_TIME, ABANDONED = 2, 3, 4


@dataclass
class Interval:
    """What is counted of a half-hour and queue."""

    start: dt.datetime
    queue: str
    offered: int = 0
    in_time: int = 0
    abandoned: int = 0

    def row(self) -> list[str]:
        """The interval as a row of the export."""
        share = f"{100 * self.in_time / self.offered:.1f}%" if self.offered else ""
        numbers = (self.offered, self.in_time, self.abandoned)
        return [f"{self.start:%d.%m.%Y %H:%M}", self.queue, *map(str, numbers), share]


def content() -> bytes:
    """The whole export, not yet gzipped."""
    dice = Dice(SEED)
    days = list(made_up.days(FIRST, LAST))
    noise = made_up.monthly_noise(dice, days, 0.05, calm=("2025-04", BAD_MONTH))
    rows = [one.row() for day in days for one in _day(dice, day, noise[made_up.month(day)])]
    return b"".join(_as_exported(dice, rows))


def _day(dice: Dice, day: dt.date, noise: float) -> list[Interval]:
    """The half-hours of a day, queue by queue."""
    if not WEEKDAYS[day.weekday()]:
        return []
    made = [one for queue in CALLS for one in _of_queue(dice, day, queue, noise)]
    if day.day == 1:
        made.append(Interval(dt.datetime.combine(day, dt.time(CLOSES)), "Test", 3, 3, 0))
    return sorted(made, key=lambda one: one.start)


def _of_queue(dice: Dice, day: dt.date, queue: str, noise: float) -> Iterator[Interval]:
    """The half-hours of a queue: some of the last calls of each are answered in the next one."""
    waiting = 0
    for half in range(2 * (CLOSES - OPENS)):
        start = dt.datetime.combine(day, dt.time(OPENS + half // 2, half % 2 * 30))
        load = WEEKDAYS[day.weekday()] * HOURS[half // 2]
        made = Interval(start, queue, dice.poisson(CALLS[queue] * load))
        made.in_time, waiting = waiting, 0
        last = half == 2 * (CLOSES - OPENS) - 1
        for place in range(made.offered):
            fate = dice.pick(_fates(day, queue, load * noise))
            if fate == "abandoned":
                made.abandoned += 1
            elif fate == "in time" and place == made.offered - 1 and not last and dice.chance(0.3):
                waiting = 1
            elif fate == "in time":
                made.in_time += 1
        yield made


def _fates(day: dt.date, queue: str, load: float) -> dict[str, float]:
    """What may become of a call: the busier, the later; in the bad month one queue lacks half of its people."""
    short = (made_up.month(day), queue) == (BAD_MONTH, BAD_QUEUE)
    helped = 0.6 if made_up.month(day) >= BETTER_FROM else 1.0
    strain = load * (3.2 if short else 1.0) * helped
    late, gone = min(0.5, 0.13 * strain), min(0.3, 0.035 * strain)
    return {"in time": 1 - late - gone, "late": late, "abandoned": gone}


def _as_exported(dice: Dice, rows: list[list[str]]) -> list[bytes]:
    """The export as exports are: some cells empty or unread, intervals twice, lines broken."""
    for cell in ("",) * 9 + ("-",) * 4 + ("n/a",) * 2:
        made_up.damage(dice, rows, made_up.put(IN_TIME, cell), lambda row: row[IN_TIME].isdigit() and row[1] != "Test")
    made_up.damage(dice, rows, made_up.put(ABANDONED, "-1"), lambda row: row[1] != "Test" and row[IN_TIME].isdigit())
    made_up.repeat_some(dice, rows, 10)
    lines = made_up.lines(HEADER, rows, delimiter=";")
    made_up.break_lines(dice, lines, short=(2, 3, 4), long=1, foreign=2, by=b";")
    return lines


if __name__ == "__main__":
    made_up.write(Path(__file__).with_name("intervals.csv.gz"), content())
