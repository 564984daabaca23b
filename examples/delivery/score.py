"""Scores the made-up deliveries, and their worst month by region and carrier. Writes nothing.

python examples/delivery/score.py
"""

from pathlib import Path

import svclight

HERE = Path(__file__).resolve().parent


def card(*by: str) -> svclight.Scorecard:
    """The delivery's card, split by the segments named; the log was exported on 5 January."""
    definitions = svclight.load(HERE / "delivery.yaml")
    log = {"delivery": HERE / "orders.csv.gz"}
    return svclight.score(log, definitions, by=list(by), as_of="2026-01-05 06:00")


if __name__ == "__main__":
    whole = card()
    print(whole)
    late = whole.shares().query("criterion == 'lateness' and rated >= 100")
    worst = late.sort_values("green_share").iloc[0]["period"]
    print(f"\nThe worst month for punctuality is {worst}. Its regions and carriers:")
    parts = card("region", "carrier").shares().query("criterion == 'lateness' and period == @worst")
    print(parts[["region", "carrier", "rated", "green_share", "red_share"]].to_string(index=False))
    waiting = whole.counts.query("criterion == 'lateness' and zone == 'pending' and count > 0")
    print("\nOn their way, and not too late yet:")
    print(waiting[["period", "count"]].to_string(index=False))
    print(f"\nLines that could not be read: {len(whole.rejected)}")
