"""Scores the made-up chat, its worst month by topic and team, and how many answered the survey. Writes nothing.

python examples/chat/score.py
"""

from pathlib import Path

import svclight

HERE = Path(__file__).resolve().parent


def card(*by: str) -> svclight.Scorecard:
    """The chat's card, split by the segments named; it is taken as it stood at the newest time in the log."""
    definitions = svclight.load(HERE / "chat.yaml")
    return svclight.score({"chat": HERE / "chats.csv.gz"}, definitions, by=list(by))


if __name__ == "__main__":
    whole = card()
    print(whole)
    waits = whole.shares().query("criterion == 'wait'")
    worst = waits.sort_values("green_share").iloc[0]["period"]
    print(f"\nThe worst month for waiting is {worst}. Its topics, and the teams to which they went:")
    parts = card("topic", "team").shares().query("criterion == 'wait' and period == @worst and rated > 0")
    print(parts[["topic", "team", "rated", "green_share", "red_share"]].to_string(index=False))
    long = whole.interactions("chat", "wait", zone="red", period=worst)
    print(f"\nThe first of its {len(long)} chats that are red:")
    print(long[["id", "time", "value", "unit", "reason"]].head(5).to_string(index=False))
    print(f"\nLines that could not be read: {len(whole.rejected)}")
