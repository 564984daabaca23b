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
        return svclight.score({"p": frame}, definition(criteria, log, zone), **{"max_unread": 1, **options})


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


def counted(
    rows, more: str = "", *, criteria=("c",), by=(), parts=(), zone: str = "UTC", **options
) -> svclight.Scorecard:
    """A card of given counts: rows of month, green, yellow, red, and segment `team` or process where there are several.

    Each month's first and last day have interactions, so that no month is partial. `more` goes into each criterion.
    """
    log = "{time: at, weight: k, segments: [team], fields: {at: {time: at}, x: {number: x}}}"
    body = "".join(
        f"      {name}: {{title: Criterion {name}, measure: {{value: x}}, green: '<= 1', yellow: '<= 2'{more}}}\n"
        for name in criteria
    )
    names = parts or ("p",)
    heading = "  h: {title: Heading}\n" if parts else ""
    belongs = "part_of: h, " if parts else ""
    text = f"svclight: 1\ntime_zone: {zone}\nprocesses:\n{heading}" + "".join(
        f"  {name}:\n    {belongs.replace(', ', chr(10) + '    ')}title: Process {name}\n    log: {log}\n    criteria:\n{body}"
        for name in names
    )
    logs = {name: [] for name in names}
    for month, green, yellow, red, *other in rows:
        period = pd.Period(month, "M")
        home = other[0] if parts else names[0]
        for x, count in ((1, green), (2, yellow), (3, red)):
            first = {"at": f"{month}-01", "x": x, "k": count - count // 2, "team": other[0] if other else "a"}
            logs[home] += [first, {**first, "at": f"{month}-{period.days_in_month}", "k": count // 2}]
    with warnings.catch_warnings():
        warnings.simplefilter("ignore", SvclightNotice)
        frames = {name: pd.DataFrame(found) for name, found in logs.items() if found}
        last = max((pd.Period(month, "M") for month, *_ in rows), default=pd.Period("2026-01", "M"))
        as_of = (last + 1).start_time.date()
        return svclight.score(frames, svclight.loads(text), by=list(by), **{"as_of": as_of, **options})
