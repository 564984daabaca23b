"""Ten million interactions x 3 criteria in a pandas frame: svclight beside the usual pandas script, paired in one run.

`python benchmarks/frame.py [rows] [rounds]`. Both do the same work: month of each interaction, zone of each of three
values, counts by month, type and zone. Each round times one after the other, so that both meet the same machine; what
is reported is the ratio. Peak memory beyond the frame is measured in a process of its own, as the kernel counts it.
The price of ids (that repeated ones must be found) and of the histogram-free reading are listed beside.
"""

from __future__ import annotations

import statistics
import subprocess
import sys
import time
import warnings
from pathlib import Path

import numpy as np
import pandas as pd

import svclight

DEFINITION = """
svclight: 1
time_zone: Europe/Berlin
processes:
  hotline:
    title: Hotline
    log:
      {id}time: at
      segments: [type]
      fields:
        at: {{time: at}}
        wait: {{number: wait, unit: s}}
        talk: {{number: talk, unit: s}}
        score: {{number: score}}
    criteria:
      wait: {{measure: {{value: wait}}, green: "<= 30 s", yellow: "<= 1 min"}}
      talk: {{measure: {{value: talk}}, green: "<= 5 min", yellow: "<= 10 min"}}
      score: {{measure: {{value: score}}, green: ">= 4", yellow: ">= 3"}}
"""
LIMITS = {"wait": [30, 60], "talk": [300, 600], "score": [2, 3]}


def made_up(rows: int) -> pd.DataFrame:
    """A frame of made-up interactions over two years."""
    random = np.random.default_rng(7)
    start = np.datetime64("2024-01-01", "us").astype(np.int64)
    at = (start + random.integers(0, 730 * 86_400 * 10**6, rows)).view("datetime64[us]")
    return pd.DataFrame(
        {
            "id": random.permutation(rows),
            "at": at,
            "type": pd.Series(np.array(["PS", "NE", "NW", "TT", "IN"])[random.integers(0, 5, rows)]),
            "wait": random.exponential(40, rows),
            "talk": random.exponential(240, rows),
            "score": random.integers(1, 6, rows).astype(float),
        }
    )


def usual(frame: pd.DataFrame) -> list[pd.Series[int]]:
    """The script that people write."""
    month = frame["at"].dt.to_period("M")
    made = []
    for name, (first, second) in LIMITS.items():
        zone = pd.cut(frame[name], [-np.inf, first, second, np.inf], labels=["a", "b", "c"])
        made.append(frame.groupby([month, frame["type"], zone], observed=True).size())
    return made


def ours(frame: pd.DataFrame, *, with_id: bool = False) -> object:
    """The same by svclight."""
    return svclight.score(frame, svclight.loads(DEFINITION.format(id="id: id\n      " if with_id else "")), by=["type"])


def timed(work: object, *arguments: object, **options: object) -> float:
    """Seconds that a call takes."""
    begin = time.perf_counter()
    work(*arguments, **options)  # type: ignore[operator]
    return time.perf_counter() - begin


def peak(*, reset: bool = False) -> int:
    """The most memory this process has had since the last reset, in bytes, as Linux counts it."""
    if reset:
        Path("/proc/self/clear_refs").write_text("5")
    lines = Path("/proc/self/status").read_text().splitlines()
    return 1024 * next(int(line.split()[1]) for line in lines if line.startswith("VmHWM"))


def memory(rows: int) -> None:
    """Prints how many bytes a row scoring takes at its peak beyond the frame."""
    ours(made_up(1000))  # what is loaded once does not count
    frame = made_up(rows)
    before = peak(reset=True)
    ours(frame)
    print(f"{(peak() - before) / rows:.1f}")


def main() -> None:
    """Runs the pairs and prints the table."""
    rows = int(sys.argv[1]) if len(sys.argv) > 1 else 10_000_000
    rounds = int(sys.argv[2]) if len(sys.argv) > 2 else 3
    if "--memory" in sys.argv:
        memory(rows)
        return
    warnings.simplefilter("error")
    frame = made_up(rows)
    pairs = [(timed(ours, frame), timed(usual, frame), timed(ours, frame, with_id=True)) for _ in range(rounds)]
    print(f"{rows:,} rows x 3 criteria, by type and month; pandas {pd.__version__}, numpy {np.__version__}")
    for name, ratios in (
        ("svclight / usual script", [a / b for a, b, _ in pairs]),
        ("with an id / usual script", [c / b for _, b, c in pairs]),
    ):
        print(f"{name:28} {statistics.median(ratios):.3f}  ({min(ratios):.3f} to {max(ratios):.3f})")
    print(f"seconds: {', '.join(f'{a:.2f} / {b:.2f} / {c:.2f}' for a, b, c in pairs)} (svclight / script / with id)")
    bytes_a_row = subprocess.run(
        [sys.executable, __file__, str(rows), "1", "--memory"], capture_output=True, text=True, check=True
    ).stdout.strip()
    print(f"peak memory beyond the frame: {bytes_a_row} bytes a row")


if __name__ == "__main__":
    main()
