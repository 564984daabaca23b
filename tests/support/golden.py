"""The golden log: every trap in which engines could differ, in rows that a person can count.

`kind` names the trap. Most rows are written out; those of the kinds `drawn` are drawn, seeded, from the same traps. Columns have
types (see `engines.KINDS`): null and NaN, naive times and instants, micro- and nanoseconds, dates, decimals, text.
"""

from __future__ import annotations

import random
from datetime import UTC, date, datetime, timedelta
from decimal import Decimal
from pathlib import Path
from typing import Any

import pandas as pd
from support.engines import Column, Table

Row = dict[str, Any]
NAN, INF = float("nan"), float("inf")
ZONES = ("Europe/Berlin", "Asia/Kathmandu", "America/New_York")
AS_OF = "2026-03-10T12:00:00+01:00"

COLUMNS = {
    "id": "text",
    "part": "whole",
    "stamp": "time_ns",
    "called": "time",
    "answered": "instant",
    "left": "instant",
    "ended": "time_ns",
    "placed": "text",
    "delivered": "instant_ns",
    "promised": "date",
    "logged": "text",
    "day": "date",
    "clock": "text",
    "unix": "whole",
    "wait": "number",
    "hold": "decimal",
    "points": "whole",
    "stars": "number",
    "span": "text",
    "ok": "flag",
    "said": "text",
    "greets": "text",
    "solves": "flag",
    "polite": "whole",
    "answer": "text",
    "outcome": "text",
    "who": "text",
    "team": "text",
    "kind": "text",
    "n": "whole",
}


def definition(zone: str = ZONES[0]) -> str:
    """What is measured, with the months of a zone."""
    text = Path(__file__).with_name("golden.yaml").read_text("utf-8")
    return text.replace(f"\ntime_zone: {ZONES[0]}", f"\ntime_zone: {zone}")


def row(kind: str | None = None, **cells: Any) -> Row:
    """A row in which nothing is amiss, but for what is said."""
    plain = {
        "part": 1,
        "stamp": pd.Timestamp("2026-01-15 12:00:00.000000001"),
        "called": at("2026-01-15 12:00"),
        "answered": datetime(2026, 1, 15, 11, 30, tzinfo=UTC),
        "left": None,
        "ended": pd.Timestamp("2026-01-15 08:00"),
        "placed": "2026-01-15 12:00",
        "delivered": pd.Timestamp("2026-01-15 13:00", tz="UTC"),
        "promised": date(2026, 1, 15),
        "logged": "15.1.2026 12:00:00",
        "day": date(2026, 1, 15),
        "clock": "12:30:00",
        "unix": 1768474800,  # 2026-01-15 11:00 UTC
        "wait": 10.0,
        "hold": Decimal("1.100"),
        "points": 4,
        "stars": 4.0,
        "span": "0:10:00",
        "ok": True,
        "said": "nein",
        "greets": "yes",
        "solves": True,
        "polite": 1,
        "answer": "a",
        "outcome": "AGENT",
        "who": "w1",
        "team": "Köln",
        "kind": kind,
        "n": 1,
    }
    return {"id": None, **plain, **cells}


def at(text: str) -> datetime:
    return datetime.fromisoformat(text)


def instant(text: str) -> datetime:
    return datetime.fromisoformat(text).replace(tzinfo=UTC)


def nano(text: str) -> pd.Timestamp:
    return pd.Timestamp(text, tz="UTC")


def written_out() -> list[Row]:
    """The rows that are written out, trap by trap."""
    waits = (29.999, 30.0, 30.001, 60.0, 60.001, NAN, None, INF, -INF, -1.0)
    rows = [row("limits", wait=wait) for wait in waits]
    rows += [row("limits", called=at("2026-02-01 00:00"), wait=wait) for wait in (60.0, 60.001, NAN)]
    rows += [row("weights", n=n, wait=wait) for n, wait in ((0, 10.0), (1, 10.0), (2, 45.0), (3, 90.0))]
    rows += [row("weights", n=n) for n in (-1, None)]
    for wait in (5.0, 5.001, 20.0, 30.0, 60.0, 90.0, NAN):
        left = None if wait != wait else instant("2026-01-15 11:00") + timedelta(seconds=wait)  # noqa: PLR0124
        rows.append(row("gone", outcome="HANG", wait=wait, answered=None, left=left))
    rows += [row("months", answered=instant(text)) for text in MONTH_ENDS]
    rows += [row("months", called=at(text)) for text in ("2026-01-31 23:59:59.999999", "2026-02-01 00:00")]
    rows += [row("clock", called=at(called), answered=instant(answered)) for called, answered in CLOCKS]
    rows += [
        row("clock", called=at("2025-03-01"), answered=None, placed=placed)
        for placed in ("2025-10-26 02:30", "2025-03-30 02:30", "2025-10-26 02:30+01:00")
    ]
    rows += [
        row("clock", called=at("2025-03-01"), ended=pd.Timestamp(text))
        for text in ("2025-11-02 01:30", "2025-03-09 02:30")
    ]
    rows += [row("long", placed="2025-01-01T00:00Z", delivered=nano(text)) for text in LONG]
    rows += [row("open", called=at(called), answered=answered) for called, answered in OPEN]
    rows += [row("open", placed="2026-03-09", delivered=delivered) for delivered in (None, nano("2026-03-11"))]
    rows += repeats() + texts()
    rows += [row("left", outcome="PHANTOM", wait=wait) for wait in (10.0, NAN, None)]
    rows += [row("left", outcome="TEST", wait=wait) for wait in (10.0, NAN, 100.0, 101.0)]
    rows += [row("anchor", called=None), row("anchor", called=None, outcome="PHANTOM"), row("anchor", answered=None)]
    rows += promises() + scores() + cards()
    return rows


# around midnight of 1 February: in Kathmandu (+05:45), in Berlin (+01:00), in New York (-05:00)
MONTH_ENDS = (
    *("2026-01-31 18:14:59.999999", "2026-01-31 18:15:00"),
    *("2026-01-31 22:59:59.999999", "2026-01-31 23:00:00"),
    *("2026-02-01 04:59:59.999999", "2026-02-01 05:00:00"),
)
# written in Berlin, where 02:30 exists twice on 26 October 2025 and not at all on 30 March
CLOCKS = (
    ("2025-10-26 01:30", "2025-10-26 02:30"),
    ("2025-10-26 02:30", "2025-10-26 02:30"),
    ("2025-10-26 03:00", "2025-10-26 02:30"),
    ("2025-03-30 01:30", "2025-03-30 01:30"),
    ("2025-03-30 02:30", "2025-03-30 01:30"),
    ("2025-03-30 03:00", "2025-03-30 01:30"),
)
LONG = (
    *("2025-01-01 01:00", "2025-01-02 00:00", "2025-01-02 00:00:00.000000001"),
    *("2026-01-01 00:00", "2026-01-01 00:00:00.000000001", "2024-12-31 23:59:59.999999999"),
)
OPEN = (
    ("2026-03-10 11:00", None),
    ("2026-03-10 09:00", None),
    ("2026-03-10 08:59:59.999999", None),
    ("2026-03-10 11:30", instant("2026-03-10 12:00")),
    ("2026-03-10 12:00", None),
    ("2026-03-10 12:00:00.000001", None),
    ("2026-03-10 11:00", instant("2026-03-10 11:00")),
)


def repeats() -> list[Row]:
    """Versions of an id in the order of their stamps; one without a stamp, and one that is still to come."""
    stamps = [pd.Timestamp("2026-01-15 12:00") + pd.Timedelta(nanos, "ns") for nanos in range(3)]
    rows = [
        row("repeats", id="x", stamp=stamp, wait=wait)
        for stamp, wait in zip((stamps[0], stamps[2], stamps[1]), (10.0, 45.0, 90.0), strict=True)
    ]
    rows += [row("repeats", id="y", stamp=None, wait=90.0), row("repeats", id="y", wait=45.0)]
    rows += [row("repeats", id="z", wait=10.0), row("repeats", id="z", stamp=pd.Timestamp("2026-03-11"), wait=90.0)]
    rows += [row("repeats", id="x", part=2, wait=90.0), row("repeats", id="x", part=None, wait=90.0)]
    return rows + [row("repeats", id="same", wait=wait) for wait in (NAN, NAN)]


TEAMS = ("東京", "ß", "\u00e9", "e\u0301", "🙂", " Köln", "KÖLN", 'Köln,"West"', "", "  ", "?", None, "10", "9", "1e1")


def texts() -> list[Row]:
    rows = [row("texts", team=team) for team in TEAMS]
    rows += [row(kind) for kind in (None, "", " ", "?")]
    rows += [row("texts", answer=answer) for answer in ("A", "b", "a b", "Ünï", "z", "-", " ", "", None, "?", " a")]
    rows += [row("texts", said=said) for said in ("ja", " ja ", "Ja", "", None, "?", "true")]
    rows += [row("texts", ok=ok) for ok in (False, None)]
    rows += [
        row("texts", span=span) for span in ("1:00:00", "1:00:00.001", "24:00:00", "24:00:01", "-0:00:01", "1h", None)
    ]
    rows += [
        row("texts", logged=logged) for logged in ("15.01.2026 12:30:00", "15.1.2026 11:29:59", "2026-01-15", " ", None)
    ]
    return rows + [
        row("texts", placed=placed) for placed in ("2026-01-15", "2026-01-14T13:00:00.000000001Z", "soon", "", None)
    ]


def promises() -> list[Row]:
    """Delivered at, just before and just after the midnights of Berlin around a promise for the 15th."""
    moments = ("2026-01-14 22:59:59.999999999", "2026-01-14 23:00", "2026-01-14 23:00:00.000000001", "2026-01-15 22:59")
    moments += ("2026-01-15 23:00", "2026-01-17 22:59:59.999999999", "2026-01-17 23:00")
    rows = [row("promises", delivered=nano(moment)) for moment in moments]
    return rows + [row("promises", promised=None), row("promises", delivered=None), row("promises", day=None)]


def scores() -> list[Row]:
    rows = [row("scores", points=points) for points in (0, 1, 3, 5, 6, None)]
    rows += [row("scores", stars=stars) for stars in (0.0, 3.0, 3.5, 5.0, 5.5, -0.0, NAN, None, INF)]
    rows += [
        row("scores", hold=None if hold is None else Decimal(hold)) for hold in ("1.101", "66", "66.001", "-1", None)
    ]
    return rows + [row("scores", unix=unix) for unix in (1768474799, None, -1)]


def cards() -> list[Row]:
    answers = (
        ("no", True, 1),
        ("yes", False, 1),
        ("n/a", True, 0),
        ("-", None, None),
        ("maybe", True, 1),
        ("?", True, 2),
    )
    return [row("cards", greets=greets, solves=solves, polite=polite) for greets, solves, polite in answers]


def drawn() -> list[Row]:
    """Rows of 2025 but for August, each a mixture of the cells of the traps."""
    chance = random.Random(2025)  # noqa: S311  # the same rows each time
    traps = written_out()
    cells = {name: [one[name] for one in traps] for name in COLUMNS if name not in ("id", "part", "stamp")}
    rows = []
    for _ in range(160):
        month = chance.choice([month for month in range(1, 13) if month != 8])
        day = date(2025, month, chance.randint(1, 28))
        called = at(f"{day} {chance.randint(0, 23):02}:{chance.randint(0, 59):02}")
        mixed = {name: chance.choice(values) for name, values in cells.items()} | {"called": called}
        if chance.random() < 0.7:
            shift = timedelta(
                seconds=chance.choice((30, 3600, 10800, 86400, 86400 * 40)), microseconds=chance.randint(0, 1)
            )
            mixed["answered"] = called.replace(tzinfo=UTC) + shift
            mixed["ended"] = pd.Timestamp(called + 2 * shift)
            mixed["delivered"] = pd.Timestamp(called + shift, tz="UTC")
            mixed["placed"] = chance.choice((str(called), called.isoformat() + "Z", called.isoformat() + "+05:45"))
            mixed["promised"] = (called + timedelta(days=chance.randint(-1, 3))).date()
        if mixed["n"] is None or chance.random() < 0.6:
            mixed["n"] = chance.randint(0, 3)
        mixed["kind"] = chance.choice(("drawn a", "drawn b", "", None))
        rows.append(row(**mixed))
    return rows


def golden_rows() -> list[Row]:
    """All rows; where none was said the id is the row's number."""
    rows = written_out() + drawn()
    return [{**one, "id": one["id"] or f"r{number}"} for number, one in enumerate(rows)]


def table_of(rows: list[Row]) -> Table:
    return {name: Column(kind, [one[name] for one in rows]) for name, kind in COLUMNS.items()}
