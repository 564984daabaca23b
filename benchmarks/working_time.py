"""A column of durations in working time beside the plain subtraction of the same two columns, paired in one run.

`python benchmarks/working_time.py [rows] [rounds]`. The calendar is Monday to Friday, 9 to 18 with a lunch break, in
Berlin, over 5 years. Each round times one after the other, so that all meet the same machine; what is reported is the
ratio: to numpy's subtraction of whole numbers, and to pandas' subtraction of two columns of times. The file is not
called calendar.py, as it would then hide Python's own module of that name from the scripts beside it.
"""

from __future__ import annotations

import datetime as dt
import statistics
import sys
import time
from typing import TYPE_CHECKING

import numpy as np
import pandas as pd

from svclight.definition.models import Calendar
from svclight.judging.working_time import working_time
from svclight.values.clocks import day_number

if TYPE_CHECKING:
    from collections.abc import Callable

    from numpy.typing import NDArray

    Ticks = NDArray[np.int64]

MICRO = 10**6
FIRST, LAST = dt.date(2021, 1, 1), dt.date(2025, 12, 31)
OFFICE = {"hours": {"mon-fri": ["09:00-12:30", "13:15-18:00"]}}


def made_up(rows: int) -> tuple[Ticks, Ticks]:
    """Two columns of made-up instants in microseconds: begin anywhere in the 5 years, end up to 9 days later."""
    random = np.random.default_rng(7)
    first, last = (day_number(day) * 86_400 * MICRO for day in (FIRST, LAST))
    begins = first + random.integers(0, last - first, rows)
    return begins, np.minimum(begins + random.integers(0, 9 * 86_400 * MICRO, rows), last)


def timed(work: Callable[[], object]) -> float:
    """Seconds that a call takes."""
    begin = time.perf_counter()
    work()
    return time.perf_counter() - begin


def main() -> None:
    """Runs the rounds and prints the table."""
    rows = int(sys.argv[1]) if len(sys.argv) > 1 else 10_000_000
    rounds = int(sys.argv[2]) if len(sys.argv) > 2 else 5
    calendar = Calendar.model_validate(OFFICE)
    build = timed(lambda: working_time(calendar, "Europe/Berlin", day_number(FIRST), day_number(LAST)))
    office = working_time(calendar, "Europe/Berlin", day_number(FIRST), day_number(LAST))
    begins, ends = made_up(rows)
    from_, to = (pd.Series(ticks.view("datetime64[us]")) for ticks in (begins, ends))
    works = {
        "numpy's subtraction": lambda: ends - begins,
        "pandas' subtraction": lambda: to - from_,
        "working time": lambda: office.time(ends, MICRO) - office.time(begins, MICRO),
        "working days": lambda: office.days(ends, MICRO) - office.days(begins, MICRO),
    }
    took = [{name: timed(work) for name, work in works.items()} for _ in range(rounds)]
    print(f"{rows:,} durations, Mon-Fri 9 to 18 with lunch, 5 years; pandas {pd.__version__}, numpy {np.__version__}")
    for name in works:
        plain, tables = ([round_[name] / round_[other] for round_ in took] for other in list(works)[:2])
        seconds = statistics.median(round_[name] for round_ in took)
        spread = f"({min(plain):.1f} to {max(plain):.1f})"
        print(
            f"{name:20} {seconds:7.3f} s  {statistics.median(plain):6.1f} x numpy's {spread:16}"
            f"{statistics.median(tables):6.1f} x pandas'"
        )
    print(f"laying the calendar out: {build:.3f} s")


if __name__ == "__main__":
    main()
