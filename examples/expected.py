"""Writes the expected counts of the made-up logs anew: expected_counts.csv beside each definition.

    python examples/expected.py

The tests hold every scoring against these files. Write them anew only where a log, a definition or the meaning of a
number was changed on purpose, and look at what has changed before you keep it.
"""

import runpy
from pathlib import Path

CASES = ("hotline", "chat", "delivery", "intervals")


def write(case: str) -> Path:
    """Scores one case as its script does, by month and not split, and writes the counts."""
    folder = Path(__file__).resolve().parent / case
    path = folder / "expected_counts.csv"
    counts = runpy.run_path(str(folder / "score.py"))["card"]().counts
    counts.to_csv(path, index=False, lineterminator="\n")
    return path


if __name__ == "__main__":
    for name in CASES:
        print(write(name))
