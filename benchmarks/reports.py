"""What a command costs that people wait for: the processor time of whole calls of `report` and `score`.

`python benchmarks/reports.py [rounds]`. Each is a fresh Python with a made-up log (ten criteria, two years, twenty
teams, 28,800 rows) or the example hotline. Beside each stands how many times the time of `import pandas` it takes, both
in one round, since a machine may be slow for an hour; and the size of the page.
"""

from __future__ import annotations

import statistics
import sys
import tempfile
from pathlib import Path
from typing import Final

import numpy as np
import pandas as pd
from imports import spent
from pairs import machine

CRITERIA: Final = [f"c{place}" for place in range(10)]
HOTLINE: Final = Path(__file__).resolve().parent.parent / "examples" / "hotline"
RUN: Final = ["-m", "svclight.cli"]
_TO_REACH: Final = {"report, 20 teams": 3.0, "report, 731 days": 3.0, "hotline, score": 0.8, "hotline, report": 1.3}


def made_up(folder: Path) -> tuple[str, str]:
    """The paths of a definition and of its log, written into a folder."""
    random, months = np.random.default_rng(3), pd.period_range("2024-01", periods=24, freq="M")
    begins, lengths = months.to_timestamp().repeat(1200), np.repeat(months.days_in_month * 86_390, 1200)
    log = pd.DataFrame({"at": begins + pd.to_timedelta(random.uniform(0, lengths), unit="s").floor("s")})
    log["team"] = [f"Team {number:02}" for number in random.integers(1, 21, len(log))]
    for name in CRITERIA:
        log[name] = np.round(np.exp(random.normal(3, 0.8, len(log))), 1)
    log.to_csv(folder / "log.csv", index=False)
    fields = ", ".join(f"{name}: {{number: {name}, unit: s}}" for name in CRITERIA)
    aims = ('targets: {green: ">= 60 %", red: "<= 12 %"}, ', "")
    criteria = "".join(
        f'      {name}: {{{aims[place % 2]}title: Wait {place}, measure: {{value: {name}}}, green: "<= 30 s", '
        'yellow: "<= 60 s"}\n'
        for place, name in enumerate(CRITERIA)
    )
    (folder / "service.yaml").write_text(
        "svclight: 1\ntime_zone: Europe/Berlin\nprocesses:\n  hotline:\n    title: Hotline\n"
        f"    log: {{time: at, segments: [team], fields: {{{fields}}}}}\n    criteria:\n{criteria}",
        encoding="utf-8",
    )
    return str(folder / "service.yaml"), str(folder / "log.csv")


def works(folder: Path) -> dict[str, list[str]]:
    """The arguments of each call; those that write a page end with its path."""
    definition, log = made_up(folder)
    given, hotline = (
        [definition, "--log", log],
        [str(HOTLINE / "hotline.yaml"), "--log", f"hotline={HOTLINE / 'calls.csv.gz'}"],
    )
    page = str(folder / "page.html")
    return {
        "report, 20 teams": [*RUN, "report", *given, "--by", "team", "-o", page],
        "report, 731 days": [*RUN, "report", *given, "--period", "day", "-o", page],
        "hotline, score": [*RUN, "score", *hotline],
        "hotline, report": [*RUN, "report", *hotline, "-o", page],
        "hotline, report by days": [*RUN, "report", *hotline, "--period", "day", "-o", page],
    }


def main() -> None:
    """Runs the rounds and prints the table as Markdown."""
    rounds = int(sys.argv[1]) if len(sys.argv) > 1 else 5
    with tempfile.TemporaryDirectory() as name:
        calls, sizes = works(Path(name)), {}
        took: dict[str, list[tuple[float, float]]] = {call: [] for call in calls}
        for _ in range(rounds):
            pandas = spent(["-c", "import pandas"])
            for call, arguments in calls.items():
                took[call].append((spent(arguments), pandas))
                page = Path(arguments[-1])
                sizes[call] = f"{page.stat().st_size / 1e6:.2f} MB" if page.suffix == ".html" else ""
    print(f"{rounds} rounds; {machine('svclight', 'pandas')}\n")
    print("| call | processor time | to reach | times `import pandas` | page |", "| --- " * 5 + "|", sep="\n")
    for call, times in took.items():
        seconds = statistics.median(mine for mine, _ in times)
        ratio = statistics.median(mine / pandas for mine, pandas in times)
        print(f"| {call} | {seconds:.2f} s | {_TO_REACH.get(call, '')} | {ratio:.1f} | {sizes[call]} |")


if __name__ == "__main__":
    main()
