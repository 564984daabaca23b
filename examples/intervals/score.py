"""Scores the made-up half-hours, and their worst month by queue and weekday. Writes nothing.

python examples/intervals/score.py
"""

from pathlib import Path

import svclight

HERE = Path(__file__).resolve().parent


def card(*by: str) -> svclight.Scorecard:
    """The card of the queues, split by the segments named; the export was made on New Year's Day."""
    definitions = svclight.load(HERE / "intervals.yaml")
    return svclight.score({"queues": HERE / "intervals.csv.gz"}, definitions, by=list(by), as_of="2026-01-01")


if __name__ == "__main__":
    whole = card()
    print(whole)
    levels = whole.shares().query("criterion == 'service_level'")
    worst = levels.sort_values("green_share").iloc[0]["period"]
    print(f"\nThe worst month for the service level is {worst}. Its queues:")
    parts = card("queue").shares().query("criterion == 'service_level' and period == @worst and rated > 0")
    print(parts[["queue", "rated", "green_share", "red_share"]].to_string(index=False))
    borrowed = whole.interactions("queues", "service_level", zone="yellow").query("weight < 0")
    print(f"\nHalf-hours that answered more than they were offered: {len(borrowed)}, such as")
    print(borrowed[["id", "weight"]].head(3).to_string(index=False))
    print(f"\nLines that could not be read: {len(whole.rejected)}")
