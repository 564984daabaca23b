"""Makes the log that the CI examples check, and the stored month: all of it made up.

    python examples/ci/generate.py

The same seed gives the same bytes on every machine.
"""

from __future__ import annotations

import datetime as dt
import random
from pathlib import Path

HERE = Path(__file__).resolve().parent
SEED = 20260401


def content() -> str:
    """Two months of calls, February and March 2026, as CSV."""
    roll = random.Random(SEED).random
    lines = ["call_id,queued_at,team,wait_s,outcome,rating"]
    day, number = dt.date(2026, 2, 1), 1000
    while day < dt.date(2026, 4, 1):
        for _ in range(30):
            number += 1
            team = "north" if roll() < 0.6 else "south"
            wait = int(roll() ** 3 * (80 if team == "north" else 110))
            outcome = "abandoned" if wait > 40 and roll() < 0.2 else "answered"
            answers = outcome == "answered" and roll() < 0.4
            rating = str(1 + int(5 * roll() ** 0.35)) if answers else ""
            clock = f"{8 + int(roll() * 10):02}:{int(roll() * 60):02}:{int(roll() * 60):02}"
            lines.append(f"{number},{day} {clock},{team},{wait},{outcome},{rating}")
        day += dt.timedelta(days=1)
    return "\n".join(lines) + "\n"


if __name__ == "__main__":
    import svclight

    log = HERE / "calls.csv"
    log.write_text(content(), "utf-8")
    counts = svclight.score(log, HERE / "service.yaml", as_of="2026-04-01").only("2026-02").counts
    counts.to_csv(HERE / "baseline.csv", index=False, lineterminator="\n")
    print(log)
