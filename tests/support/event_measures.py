"""A clean event log and one small definition for each measure of event logs; and how many rows of a log came to pandas.

In: nothing. Out: `MEASURES`, definitions by name; `clean_events`, the log that they measure, in which no engine reads a
cell differently from pandas; `travelled`, which counts rows that are judged by pandas.
"""

from __future__ import annotations

import contextlib
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from typing import TYPE_CHECKING, Any
from unittest.mock import patch

from support.engines import Column, Table

from svclight.logs.log import Log

if TYPE_CHECKING:
    from collections.abc import Iterator

_HEAD = """
svclight: 1
time_zone: Europe/Berlin
calendars: {{office: {{hours: {{mon-fri: "09:00-18:00"}}, holidays: {{country: DE}}}}}}
processes:
  desk:
    title: Desk
    scenario: [{{step: taken, actor: employee, action: takes it}}, {{step: solved, actor: employee, action: solves it}}]
    log:
      rows: events
      id: case
      step: step
      time: at
      segments: [team, first_team]
      steps: {{taken: Take, solved: [Solve, Resolve], small: {{where: {{points: "< 3"}}}}}}
      {more}
      fields:
        at: {{time: at}}
        points: {{number: points}}
        held: {{number: held, unit: min}}
        good: {{flag: good}}
        first_team: {{text: team, at: taken}}
        first_points: {{number: points, at: taken}}
        last_who: {{text: who, at: {{last: taken}}}}
        team_word: {{text: team}}
        hour: {{part: hour, of: at}}
    criteria:
      one: {criterion}
"""


@dataclass(frozen=True)
class Measure:
    """A criterion of event logs, with what the log of its definition and the call say more."""

    criterion: str
    more: str = "ends: [solved]"
    options: dict[str, Any] = field(default_factory=dict)

    @property
    def text(self) -> str:
        """The document."""
        return _HEAD.format(more=self.more, criterion=self.criterion)


_TAKEN = '{measure: {duration: {from: start, to: taken}}, green: "<= 1 h", yellow: "<= 1 d"}'
MEASURES: dict[str, Measure] = {
    "duration": Measure(_TAKEN),
    "duration to the last step": Measure(
        '{measure: {duration: {from: taken, to: {last: solved}}}, green: "<= 1 d", yellow: "<= 2 d"}'
    ),
    "duration of the case": Measure('{measure: {duration: {from: start, to: end}}, green: "<= 2 d"}'),
    "duration by date": Measure('{measure: {duration: {from: start, to: solved, by: date}}, green: "<= 2 d"}'),
    "working time": Measure(
        '{measure: {duration: {from: start, to: solved, calendar: office}}, green: "<= 9 h", yellow: "<= 18 h"}'
    ),
    "working days": Measure(
        '{measure: {duration: {from: start, to: solved, calendar: office}}, green: "<= 1 bd", yellow: "<= 2 bd"}'
    ),
    "working days by date": Measure(
        '{measure: {duration: {from: start, to: solved, by: date, calendar: office}}, green: "<= 1 bd"}'
    ),
    "count": Measure('{measure: {count: {step: taken}}, green: "<= 1", yellow: "<= 2"}'),
    "count of a condition": Measure('{measure: {count: {step: small}}, green: "<= 0"}'),
    "count of different cells": Measure('{measure: {count: {step: taken, distinct: who}}, green: "<= 1"}'),
    "last number": Measure('{measure: {value: points}, green: ">= 4"}'),
    "last length of time": Measure('{measure: {value: held}, green: "<= 1 h"}'),
    "last flag": Measure("{measure: {flag: good}, green: true}"),
    "last word": Measure("{measure: {category: team_word}, green: [a], yellow: [b], red: [c]}"),
    "number at a step": Measure('{measure: {value: first_points}, green: ">= 4"}'),
    "word at a step": Measure("{measure: {category: last_who}, green: [x], yellow: [y], red: [z]}"),
    "segment at a step": Measure(_TAKEN, options={"by": ["first_team"]}),
    "segment": Measure(_TAKEN, options={"by": ["team"], "period": "week"}),
    "condition": Measure('{measure: {value: points}, green: ">= 4", applies: {team: [a, b]}, asked: {hour: ">= 9"}}'),
    "abandoned": Measure(
        '{measure: {duration: {from: start, to: taken}}, green: "<= 1 h", '
        "abandoned: {where: {team: c}, at: solved, counts: excluded}}"
    ),
    "no end": Measure(_TAKEN, more=""),
    "excluded events": Measure(_TAKEN, more="exclude: [{where: {step: Note}, reason: a machine}]"),
    "repeated events": Measure(_TAKEN, more="repeated_rows: drop"),
    "newest time": Measure(_TAKEN, options={"as_of": None}),
}
KINDS = {
    "case": "text", "step": "text", "at": "time", "who": "text", "team": "text", "points": "number", "held": "whole",
    "good": "flag",
}  # fmt: skip

SQL_TYPES = {"text": "text", "time": "timestamp", "number": "double precision", "whole": "bigint", "flag": "boolean"}
"""The types of PostgreSQL that hold cells of a kind."""


def clean_events(cases: int = 12) -> Table:
    """Cases of four to six events each, no two at the same instant; some are not solved, and no cell is unusual."""
    begin, rows = datetime.fromisoformat("2026-01-05 08:30"), []
    for case in range(cases):
        at = begin + timedelta(hours=29 * case, minutes=7 * case)
        words = [
            "New",
            "Take",
            "Note",
            "Take",
            *(["Solve"] if case % 4 else []),
            *(["Resolve"] if case % 3 == 1 else []),
        ]
        for place, word in enumerate(words):
            moment = at + timedelta(minutes=(25 + 13 * case) * place, hours=(case % 5) * 6 * max(place - 1, 0))
            who = ("x", "y", "z", None)[(case + place) % 4]
            team = ("a", "b", "c", None)[(case * 2 + place) % 4]
            points = None if place == 0 else float((case * 3 + place) % 6)
            rows.append((f"T{case}", word, moment, who, team, points, 20 * (case + place) % 90, (case + place) % 3 > 0))
    rows.append(rows[6])  # a note that stands twice, after which all columns are told once more
    rows.sort(key=lambda row: row[2])
    cells = zip(*rows, strict=True)
    return {name: Column(kind, list(column)) for (name, kind), column in zip(KINDS.items(), cells, strict=True)}


@contextlib.contextmanager
def travelled() -> Iterator[list[int]]:
    """The numbers of rows of logs that are made of pandas frames within the block."""
    seen: list[int] = []
    make = Log.of

    def of(process_id: Any, definitions: Any, raw: Any, **more: Any) -> Log:
        seen.append(len(raw.frame))
        return make(process_id, definitions, raw, **more)

    with patch.object(Log, "of", of):
        yield seen
