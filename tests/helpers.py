"""What many tests need: a definition in a few words, and the zones that rows get."""

import warnings

import pandas as pd

import svclight
from svclight.errors import SvclightNotice

HEAD = "svclight: 1\ntime_zone: {zone}\nprocesses:\n  p:\n    title: P\n    log: {log}\n    criteria:\n"


def definition(criteria: str, log: str = "{time: at}", zone: str = "UTC") -> svclight.Definitions:
    """A definition with one process `p`; `criteria` is YAML, one criterion a line."""
    lines = "".join(f"      {line}\n" for line in criteria.strip().splitlines())
    return svclight.loads(HEAD.format(zone=zone, log=log) + lines)


def score(rows, criteria: str, log: str = "{time: at}", zone: str = "UTC", **options) -> svclight.Scorecard:
    """The card of a log given as a list of dicts or a frame."""
    frame = rows if isinstance(rows, pd.DataFrame) else pd.DataFrame(rows)
    with warnings.catch_warnings():
        warnings.simplefilter("ignore", SvclightNotice)
        return svclight.score({"p": frame}, definition(criteria, log, zone), **options)


def states(card: svclight.Scorecard, criterion: str) -> list[str]:
    """The state of each row, in the order of the log."""
    return card.interactions("p", criterion)["zone"].astype(str).tolist()


def reasons(card: svclight.Scorecard, criterion: str) -> list[str]:
    """The reason of each row, in the order of the log."""
    return card.interactions("p", criterion)["reason"].tolist()


def zones_of(values, criterion: str, log: str = "{time: at}", **options) -> list[str]:
    """The states of rows that differ in `x` alone."""
    frame = pd.DataFrame({"at": ["2026-01-15"] * len(values), "x": values})
    return states(score(frame, f"c: {criterion}", log, **options), "c")


def total(card: svclight.Scorecard, criterion: str) -> dict[str, int]:
    """Counts of the states over everything."""
    counts = card.counts[card.counts["criterion"] == criterion]
    return {
        str(zone): int(count) for zone, count in counts.groupby("zone", observed=False)["count"].sum().items() if count
    }
