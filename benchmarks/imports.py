"""What it costs to load svclight, beside pandas: `import svclight`, its help, and the first use of `score`.

`python benchmarks/imports.py [rounds]`. Each is a fresh Python; what is measured is the time that the processor spent
(user and system), which other programs disturb less than the clock. The line `from svclight import score, load` says
what is put off: names are loaded when they are first used.
"""

from __future__ import annotations

import os
import statistics
import subprocess
import sys
from typing import Final

from pairs import machine

WORKS: Final = {
    "nothing": ["-c", ""],
    "import pandas": ["-c", "import pandas"],
    "import pandas, svclight": ["-c", "import pandas, svclight"],
    "import svclight": ["-c", "import svclight"],
    "svclight --help": ["-m", "svclight.cli", "--help"],
    "svclight score --help": ["-m", "svclight.cli", "score", "--help"],
    "from svclight import score, load": ["-c", "from svclight import score, load"],
}
_TO_REACH: Final = {"import pandas, svclight": ("import pandas", 0.1), "svclight --help": ("", 0.5)}


def spent(arguments: list[str]) -> float:
    """Seconds of processor time of a fresh Python."""
    process = subprocess.Popen([sys.executable, *arguments], stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)
    _, status, usage = os.wait4(process.pid, 0)
    if os.waitstatus_to_exitcode(status):
        raise SystemExit(f"{arguments} failed")
    return usage.ru_utime + usage.ru_stime


def main() -> None:
    """Runs the rounds and prints the table as Markdown."""
    rounds = int(sys.argv[1]) if len(sys.argv) > 1 else 5
    took: dict[str, list[float]] = {name: [] for name in WORKS}
    for _ in range(rounds):
        for name, arguments in WORKS.items():
            took[name].append(spent(arguments))
    print(f"{rounds} rounds; {machine('svclight', 'pandas')}\n")
    print(
        "| a fresh Python | processor time | lowest to highest | more than | to reach |", "| --- " * 5 + "|", sep="\n"
    )
    for name, times in took.items():
        other, most = _TO_REACH.get(name, ("", 0.0))
        more = statistics.median(a - b for a, b in zip(times, took[other], strict=True)) if other else 0.0
        beside = f"{other}: {more:+.3f} s" if other else ""
        spread = f"{min(times):.3f} to {max(times):.3f}"
        print(f"| {name} | {statistics.median(times):.3f} s | {spread} | {beside} | {most or ''} |")


if __name__ == "__main__":
    main()
