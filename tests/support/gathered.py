"""Logs whose rows are seen together: events of cases, contacts of customers, answers to join; each small enough to count by hand.

In: nothing. Out: tables of cells (see `engines.Table`), the definitions that measure them, and how they are called.
"""

from __future__ import annotations

from datetime import datetime, timedelta
from decimal import Decimal
from itertools import pairwise
from typing import Any

import pandas as pd
from support.engines import Column, Table

NAN = float("nan")
EVENTS = """
svclight: 1
time_zone: Europe/Berlin
calendars: {office: {hours: {mon-fri: "09:00-18:00"}}}
processes:
  desk:
    title: Desk
    scenario: [{step: taken, actor: employee, action: takes it}, {step: solved, actor: employee, action: solves it}]
    log:
      rows: events
      id: case
      step: step
      time: at
      segments: [team, points]
      steps: {taken: Take, solved: [Solve, Resolve], paid: {where: {points: "> 3"}}}
      ends: [solved]
      repeated_rows: drop
      exclude: [{where: {step: Robot}, reason: a machine}]
      fields: {at: {time: at}, points: {number: points}, held: {number: held, unit: min}}
    criteria:
      taken: {measure: {duration: {from: start, to: taken}}, green: "<= 1 h", yellow: "<= 1 d"}
      solved: {measure: {duration: {from: taken, to: {last: solved}, calendar: office}}, green: "<= 1 bd", yellow: "<= 2 bd"}
      all: {measure: {duration: {from: start, to: end}}, green: "<= 2 d", yellow: "<= 365 d"}
      hands: {measure: {count: {step: taken, distinct: who}}, green: "<= 1", yellow: "<= 2"}
      paid: {measure: {count: {step: paid}}, green: "<= 0"}
      points: {measure: {value: points}, green: ">= 4", applies: {team: {not: null}}}
      held: {measure: {value: held}, green: "<= 1 h"}
"""
EVENT_KINDS = {
    "case": "text",
    "step": "text",
    "at": "time_ns",
    "who": "text",
    "team": "text",
    "points": "number",
    "held": "decimal",
}

CONTACTS = """
svclight: 1
time_zone: Asia/Kathmandu
processes:
  desk:
    title: Desk
    log:
      id: id
      time: at
      customer: who
      segments: [team]
      missing: ["?"]
      fields: {at: {time: at}, paid: {number: paid}}
    criteria:
      again: {measure: {repeat: {within: 7 d, same: [customer, topic]}}, green: "<= 0", yellow: "<= 1"}
      first: {measure: {repeat: {within: 1 d, same: [customer], first_only: true}}, green: "<= 0"}
      recency: {measure: {recency: {within: 40 d}}, green: "<= 7 d", yellow: "<= 31 d"}
      frequency: {measure: {frequency: {within: 40 d}}, green: ">= 3", yellow: ">= 2"}
      spend: {measure: {spend: {within: 40 d, amount: paid}}, green: ">= 30", yellow: ">= 0.3"}
"""
CONTACT_KINDS = {"id": "whole", "at": "instant", "who": "text", "topic": "text", "team": "text", "paid": "decimal"}

JOINED = """
svclight: 1
time_zone: America/New_York
processes:
  desk:
    title: Desk
    log:
      time: at
      segments: [survey.word, team]
      fields: {at: {time: at}}
      join:
        survey:
          on: {id: number}
          keep: last
          fields: {stars: {number: stars}, word: {text: word}, kept: {flag: kept}, sent: {time: sent}}
    criteria:
      stars: {measure: {value: survey.stars}, green: ">= 4", yellow: ">= 3", asked: {topic: {not: null}}}
      word: {measure: {category: survey.word}, green: [a], yellow: [b], applies: {survey.kept: {not: false}}}
      kept: {measure: {flag: survey.kept}, green: true}
      sent: {measure: {duration: {from: at, to: survey.sent}}, green: "<= 1 h", yellow: "<= 1 d"}
"""
SURVEY_KINDS = {"number": "whole", "stars": "number", "word": "text", "kept": "flag", "sent": "instant"}


def table(kinds: dict[str, str], rows: list[tuple[Any, ...]]) -> Table:
    cells = zip(*rows, strict=True)
    return {name: Column(kind, list(column)) for (name, kind), column in zip(kinds.items(), cells, strict=True)}


def events() -> Table:
    def day(text: str) -> pd.Timestamp:
        return pd.Timestamp(f"2026-{text}")

    rows = [
        ("1", "New", day("01-15 12:00"), None, "a", NAN, None),
        ("1", "Take", day("01-15 13:00"), "x", "a", 4.0, Decimal(60)),
        ("1", "Solve", day("01-16 13:00"), "x", None, 3.0, None),
        ("2", "Take", day("01-15 13:00:00.000000001"), "y", "ß", None, Decimal("60.001")),  # out of order
        ("2", "New", day("01-15 12:00"), "", "ß", None, None),
        ("2", "Take", day("01-20 09:00"), "x", None, 4.0, None),
        ("2", "Take", day("01-20 09:00"), "x", None, 4.0, None),  # repeated
        ("2", "Solve", day("01-21 09:00"), "x", "東京", NAN, None),
        ("2", "Resolve", day("01-22 18:00"), "x", None, None, None),
        ("3", "New", day("03-29 02:30"), None, None, None, None),  # is not in Berlin
        ("3", "Take", day("03-29 03:30"), "z", None, 5.0, None),
        ("4", "Robot", day("01-15 12:00"), None, "a", None, None),  # nothing is left of this case
        ("5", "New", day("01-31 23:59:59.999999999"), None, "a", None, None),
        ("5", "Robot", day("02-03 12:00"), "r", "b", None, None),
        ("6", "Take", day("03-31 12:00"), "x", "a", None, None),
        (None, "Take", day("03-31 12:00"), "x", "a", None, None),  # rejected
        ("7", "Take", None, "x", "a", None, None),  # rejected
        ("8", "", day("04-15 12:00"), "x", "a", None, None),
    ]
    return table(EVENT_KINDS, rows)


def contacts() -> Table:
    start = datetime.fromisoformat("2026-01-31T18:14:59.999999+00:00")  # a microsecond before February in Kathmandu
    steps = [0, 1, 86_400 * 10**6, 86_400 * 10**6 + 1, 6 * 86_400 * 10**6, 7 * 86_400 * 10**6, 7 * 86_400 * 10**6 + 1]
    times = [start + timedelta(microseconds=step) for step in steps]
    rows: list[tuple[Any, ...]] = []
    for who in ("w1", "東京", "?", "", None):
        for place, at in enumerate(times):
            topic = ("x", "x", "y", None)[place % 4]
            paid = (Decimal("0.1"), Decimal("0.2"), None, Decimal("29.7"))[place % 4]
            rows.append((len(rows), at, who, topic, ("a", "b", None)[place % 3], paid))
    rows.append((len(rows), datetime.fromisoformat("2026-06-15T12:00+00:00"), "w2", "x", "a", None))
    assert all(one < other for one, other in pairwise(times))
    return table(CONTACT_KINDS, rows)


def survey(*, ties: bool) -> Table:
    sent = datetime.fromisoformat("2026-02-01T18:00+00:00")
    rows = [
        (0, 5.0, "a", True, sent),
        (1, NAN, "b", False, None),
        *([(1, 3.0, "c", None, sent + timedelta(days=1))] if ties else []),
        (2, None, None, None, sent - timedelta(days=3)),
        (3, 2.999, "東京", True, sent),
        (None, 5.0, "a", True, None),
        (99, 5.0, "a", True, None),
    ]
    return table(SURVEY_KINDS, rows)


CASES: tuple[tuple[str, Table, str, dict[str, Any]], ...] = (
    ("events", events(), EVENTS, {"by": ["team"], "as_of": "2026-04-01"}),
    ("events, newest time", events(), EVENTS, {"by": ["points"], "period": "week"}),
    ("contacts", contacts(), CONTACTS, {"by": ["team"], "as_of": "2026-02-20T00:00:00+05:45"}),
    ("contacts, newest time, matured", contacts(), CONTACTS, {"period": "quarter", "matured": True}),
)
