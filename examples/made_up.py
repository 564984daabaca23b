"""Dice, days and files for the generators of the example logs. The data of the examples is made up, every row of it.

A generator rolls a `Dice` from a fixed seed and never reads a clock, so that every Python on every machine writes the
same bytes. Only `random.Random.random` is used: it is the one method whose numbers Python promises never to change.
What gzip makes of the bytes may differ with the version of zlib; compare what is inside.
"""

from __future__ import annotations

import csv
import datetime as dt
import gzip
import io
import math
import random
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
    from pathlib import Path

    Test = Callable[[list[str]], bool]

LOST_HOURS = (dt.datetime(2024, 3, 31, 2), dt.datetime(2025, 3, 30, 2))  # noqa: DTZ001 - wall clocks have no zone
"""In these nights the clocks of central Europe went from 02:00 to 03:00: no clock ever showed the hour between."""


class Dice:
    """Chance from a seed: what the made-up world needs of it."""

    def __init__(self, seed: int) -> None:
        """Starts the sequence that belongs to the seed."""
        self._next = random.Random(seed).random

    def chance(self, probability: float) -> bool:
        """True with this probability."""
        return self._next() < probability

    def whole(self, low: int, high: int) -> int:
        """A whole number from low to high, both included."""
        return low + int(self._next() * (high - low + 1))

    def uniform(self, low: float, high: float) -> float:
        """A number between low and high."""
        return low + self._next() * (high - low)

    def exponential(self, mean: float) -> float:
        """A time until something that may happen at any moment: patience, for example."""
        return -mean * math.log(1.0 - self._next())

    def skewed(self, median: float, spread: float) -> float:
        """A log-normal number: most are near the median, a few far above, as waits and talks are."""
        normal = math.sqrt(-2.0 * math.log(1.0 - self._next())) * math.cos(2.0 * math.pi * self._next())
        return median * math.exp(spread * normal)

    def poisson(self, mean: float) -> int:
        """How many come where `mean` come on average and none knows of the others."""
        limit, product, number = math.exp(-mean), self._next(), 0
        while product > limit:
            product *= self._next()
            number += 1
        return number

    def pick(self, weights: Mapping[str, float]) -> str:
        """One of the keys, each as often as its weight says."""
        left = self._next() * sum(weights.values())
        for name, weight in weights.items():
            left -= weight
            if left < 0:
                return name
        return name

    def regular(self, number: int) -> int:
        """A customer from 1 to `number`: the low ones come often, most of the others once or twice."""
        return 1 + int(number * self._next() ** 2)


def days(first: dt.date, last: dt.date) -> Iterator[dt.date]:
    """Every day from first to last, both included."""
    return (first + dt.timedelta(days=number) for number in range((last - first).days + 1))


def month(day: dt.date) -> str:
    """The month of a day, written as in the results: 2025-03."""
    return f"{day:%Y-%m}"


def moment(dice: Dice, day: dt.date, hours: Mapping[str, float]) -> dt.datetime:
    """A time of that day; `hours` says how busy each hour is."""
    seconds = 3600 * int(dice.pick(hours)) + dice.whole(0, 3599)
    return on_wall_clock(dt.datetime.combine(day, dt.time()) + dt.timedelta(seconds=seconds))


def later(start: dt.datetime, seconds: float) -> dt.datetime:
    """What the wall clock shows so many seconds later, in whole seconds."""
    return on_wall_clock(start + dt.timedelta(seconds=round(seconds)))


def on_wall_clock(time: dt.datetime) -> dt.datetime:
    """The time, an hour later where the clock was put forward over it."""
    lost = any(hour <= time < hour + dt.timedelta(hours=1) for hour in LOST_HOURS)
    return time + dt.timedelta(hours=1) if lost else time


def monthly_noise(dice: Dice, every: Iterable[dt.date], spread: float, *, calm: Sequence[str]) -> dict[str, float]:
    """A factor for each month of these days: months differ by more than pure chance, but for the calm ones."""
    factors = {name: dice.skewed(1.0, spread) for name in dict.fromkeys(map(month, every))}
    return factors | dict.fromkeys(calm, 1.0)


def somewhere(dice: Dice, rows: Sequence[object]) -> int:
    """The index of a row anywhere but among the newest 1000, so that the end of a log stays as it was built."""
    return dice.whole(0, len(rows) - 1001)


def damage(dice: Dice, rows: list[list[str]], change: Callable[[list[str]], None], when: Test) -> None:
    """Changes one row, somewhere, of those that are as `when` wants them."""
    at = somewhere(dice, rows)
    while not when(rows[at]):
        at = somewhere(dice, rows)
    change(rows[at])


def put(column: int, cell: str) -> Callable[[list[str]], None]:
    """A change for `damage`: this cell stands in that column."""

    def change(row: list[str]) -> None:
        row[column] = cell

    return change


def repeat_some(dice: Dice, rows: list[list[str]], number: int) -> None:
    """Writes some rows twice, one below the other."""
    for _ in range(number):
        at = somewhere(dice, rows)
        rows.insert(at, list(rows[at]))


def delay_some(dice: Dice, rows: list[list[str]], number: int) -> list[list[str]]:
    """Takes some rows of the last weeks out, to be put at the end: they came late."""
    return [rows.pop(dice.whole(len(rows) - 900, len(rows) - 300)) for _ in range(number)]


def lines(header: Sequence[str], rows: Iterable[Sequence[object]], *, delimiter: str = ",") -> list[bytes]:
    """The lines of a CSV file, header first, each with its line end."""
    text = io.StringIO()
    csv.writer(text, delimiter=delimiter, lineterminator="\n").writerows([header, *rows])
    return text.getvalue().encode().splitlines(keepends=True)


def break_lines(dice: Dice, made: list[bytes], *, short: Sequence[int], long: int, foreign: int, by: bytes) -> None:
    """Breaks lines for good: cut off after so many columns, with columns too many, with a byte that is no UTF-8.

    `by` is what stands between columns. The last line is cut off as well: the export broke off in the middle of it.
    """
    for columns in short:
        at = 1 + somewhere(dice, made)
        made[at] = by.join(made[at].split(by)[:columns]).rstrip(b"\n") + b"\n"
    for _ in range(long):
        at = 1 + somewhere(dice, made)
        made[at] = made[at].rstrip(b"\n") + by + b"0" + by + b"0\n"
    for _ in range(foreign):
        at = 1 + somewhere(dice, made)
        made[at] = made[at].replace(by, by + b"\xe9", 1)
    made.append(by.join(made[-1].split(by)[:3]))


def write(path: Path, content: bytes) -> None:
    """Writes gzipped content, with neither time nor name inside, so that the file is the same each time."""
    with path.open("wb") as file, gzip.GzipFile(filename="", mode="wb", fileobj=file, compresslevel=9, mtime=0) as out:
        out.write(content)
    print(f"{path.name}: {len(content.splitlines())} lines, {path.stat().st_size / 1000:.0f} kB")
