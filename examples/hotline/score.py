"""Scores the made-up hotline and follows its worst month down to the cause. Writes nothing.

python examples/hotline/score.py
"""

from pathlib import Path

import svclight

HERE = Path(__file__).resolve().parent


def card(*by: str) -> svclight.Scorecard:
    """The hotline's card, split by the segments named; the log was exported on New Year's morning."""
    definitions = svclight.load(HERE / "hotline.yaml")
    log = {"hotline": HERE / "calls.csv.gz"}
    return svclight.score(log, definitions, by=list(by), as_of="2026-01-01 06:00")


if __name__ == "__main__":
    whole = card()
    print(whole)
    waits = whole.shares().query("criterion == 'wait'")
    worst = waits.sort_values("green_share").iloc[0]["period"]
    print(f"\nThe worst month for waiting is {worst}. Its teams and their lines:")
    lines = card("team", "phone_line").shares().query("criterion == 'wait' and period == @worst")
    print(lines[["team", "phone_line", "rated", "green_share", "red_share"]].to_string(index=False))
    print("\nWhy calls were not rated, or are red without a value:")
    why = whole.reasons.groupby(["criterion", "zone", "reason"], observed=True)["count"].sum()
    print(why.sort_values(ascending=False).head(10).to_string())
    print(f"\nLines that could not be read: {len(whole.rejected)}")
