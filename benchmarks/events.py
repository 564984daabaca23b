"""One million events of 200,000 cases: svclight beside the least that any tool does with them, paired in one run.

`python benchmarks/events.py [events] [rounds]`. svclight puts the events together to cases, measures two durations
and the number of different employees, and counts by team and month; beside it stands pandas' bare
`groupby(case).min()` of the times. Cases are known by a text or by a number, events stand in the order of their times
or of their cases. Then the same in DuckDB and Polars, beside svclight on the pandas frame, in processor time.
"""

from __future__ import annotations

import statistics
import sys
import time
import warnings
from typing import TYPE_CHECKING, Any

import numpy as np
import pandas as pd

import svclight

if TYPE_CHECKING:
    from collections.abc import Iterator

DEFINITION = """
svclight: 1
time_zone: Europe/Berlin
processes:
  desk:
    title: Help desk
    log:
      rows: events
      id: case
      step: step
      time: at
      segments: [team]
      steps: {taken: take in charge, solved: resolve}
      ends: [solved]
    criteria:
      first_response: {measure: {duration: {from: start, to: taken}}, green: "<= 4 h", yellow: "<= 1 d"}
      solution: {measure: {duration: {from: start, to: {last: solved}}}, green: "<= 3 d", yellow: "<= 7 d"}
      hand_overs: {measure: {count: {step: taken, distinct: employee}}, green: "<= 1", yellow: "<= 2"}
"""


def made_up(events: int, *, text: bool, by_case: bool) -> pd.DataFrame:
    """Made-up events over a year, five to a case."""
    random = np.random.default_rng(11)
    case = random.integers(0, events // 5, events)
    begin = random.integers(0, 335 * 86_400, events // 5)
    at = pd.Timestamp("2025-01-01") + pd.to_timedelta(begin[case] + random.integers(0, 30 * 86_400, events), unit="s")
    steps = np.array(["open", "take in charge", "wait", "resolve", "close"])
    frame = pd.DataFrame(
        {
            "case": pd.Series(case).map("T{:07d}".format) if text else case,
            "step": steps[random.integers(0, len(steps), events)],
            "at": at,
            "employee": random.integers(0, 60, events),
            "team": np.array(["north", "south", "west"])[case % 3],
        }
    )
    return frame.sort_values(["case", "at"] if by_case else "at", ignore_index=True)


def timed(work: object, *arguments: object, **options: object) -> float:
    """Seconds that a call takes."""
    begin = time.perf_counter()
    work(*arguments, **options)  # type: ignore[operator]
    return time.perf_counter() - begin


def in_engines(frame: pd.DataFrame, definitions: svclight.Definitions, rounds: int) -> Iterator[str]:
    """How many times the pandas engine's processor time each engine takes."""
    import duckdb  # noqa: PLC0415 - only here
    import polars as pl  # noqa: PLC0415 - the same

    connection = duckdb.connect()
    connection.register("frame", frame)
    connection.execute("CREATE TABLE events AS SELECT * FROM frame")
    logs: dict[str, Any] = {"DuckDB": connection.table("events"), "Polars": pl.from_pandas(frame)}
    for name, log in logs.items():
        ratios = []
        for _ in range(rounds):
            ends = [time.process_time()]
            for one in (log, frame):
                svclight.score(one, definitions, by=["team"])
                ends.append(time.process_time())
            ratios.append((ends[1] - ends[0]) / (ends[2] - ends[1]))
        yield f"    in {name}, beside svclight on the pandas frame".ljust(50) + _ratio(ratios)


def _ratio(ratios: list[float]) -> str:
    return f" {statistics.median(ratios):5.2f} x  ({min(ratios):.2f} to {max(ratios):.2f})"


def main() -> None:
    """Runs the pairs and prints the table."""
    events = int(sys.argv[1]) if len(sys.argv) > 1 else 1_000_000
    rounds = int(sys.argv[2]) if len(sys.argv) > 2 else 5
    warnings.simplefilter("error")
    definitions = svclight.loads(DEFINITION)
    print(f"{events:,} events of {events // 5:,} cases; pandas {pd.__version__}, numpy {np.__version__}")
    for text in (True, False):
        for by_case in (True, False):
            frame = made_up(events, text=text, by_case=by_case)
            pairs = [
                (
                    timed(svclight.score, frame, definitions, by=["team"]),
                    timed(lambda table: table.groupby("case")["at"].min(), frame),
                )
                for _ in range(rounds)
            ]
            ratios = [ours / bare for ours, bare in pairs]
            named = f"cases known by {'text' if text else 'number'}, in the order of {'cases' if by_case else 'times'}"
            print(f"{named:50}{_ratio(ratios)}")
            with warnings.catch_warnings(action="ignore", category=svclight.errors.SvclightNotice):
                print(*in_engines(frame, definitions, rounds), sep="\n")


if __name__ == "__main__":
    main()
