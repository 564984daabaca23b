"""The mark of what is counted: it changes with what decides a count, and with nothing else."""

from __future__ import annotations

import re

import pytest

import svclight
from svclight.definition.criterion_id import CriterionId
from svclight.store.counting_mark import counting_mark

TEXT = """
svclight: 1
time_zone: UTC
calendars:
  office: {hours: {mon-fri: "09:00-18:00"}}
  night: {hours: {mon-sun: "22:00-06:00"}}
processes:
  desk:
    title: Desk
    log:
      time: opened
      segments: [team]
      max_unread: 2 %
      fields:
        opened: {time: opened}
        solved: {time: solved}
        first: {number: first, unit: s}
        second: {number: second, unit: s}
        both: {sum: [first, second]}
        points: {number: points}
        greets: {flag: greets}
        solves: {flag: solves}
    criteria:
      solution: {measure: {duration: {from: opened, to: solved, calendar: office}}, green: "<= 4 bh", targets: {green: ">= 80 %"}}
      hold: {title: Hold, measure: {value: both}, green: "<= 60 s"}
      score: {measure: {value: points}, green: ">= 4"}
      book: {measure: {checklist: {items: {greets: 1, solves: 2}, groups: {manner: [greets]}}}, green: ">= 80 %"}
      whole: {measure: {worst: [hold, score]}}
  chat: {title: Chat, log: {time: at, fields: {reply: {number: reply}}}, criteria: {reply: {measure: {value: reply}, green: "<= 9"}}}
"""


def marks(text: str = TEXT) -> dict[str, str]:
    definitions = svclight.loads(text)
    return {
        str(one): counting_mark(definitions, one) for one in (CriterionId(a, b) for a, b, _ in definitions.criteria())
    }


def test_criteria_have_marks_of_their_own() -> None:
    found = marks()
    assert set(found) == {
        *("desk.solution", "desk.hold", "desk.score", "desk.book", "desk.book.manner", "desk.whole", "chat.reply"),
    }
    assert all(re.fullmatch("[0-9a-f]{12}", mark) for mark in found.values())
    assert len(set(found.values())) == len(found)
    assert marks() == found


@pytest.mark.parametrize(
    ("old", "new", "changed"),
    [
        # what decides counts, and of whom
        ("<= 4 bh", "<= 5 bh", "desk.solution"),
        ('mon-fri: "09:00-18:00"', 'mon-fri: "09:00-17:00"', "desk.solution"),
        ("calendar: office", "calendar: night", "desk.solution"),
        ("from: opened, to: solved", "from: solved, to: opened", "desk.solution"),
        ("first: {number: first, unit: s}", "first: {number: first, unit: s, missing: [7]}", "desk.hold desk.whole"),
        ("points: {number: points}", "points: {number: points, missing: [9]}", "desk.score desk.whole"),
        ('green: ">= 4"', 'green: ">= 3"', "desk.score desk.whole"),
        ("worst: [hold, score]", "worst: [score, hold]", "desk.whole"),
        ("solves: 2", "solves: 3", "desk.book desk.book.manner"),
        ('reply}, green: "<= 9"', 'reply}, applies: {team: a}, green: "<= 9"', "chat.reply"),
        ("time: at, fields", "time: at, id: n, fields", "chat.reply"),
        (
            "opened: {time: opened}",
            "opened: {time: begun}",
            "desk.solution desk.hold desk.score desk.book desk.book.manner desk.whole",
        ),
        # what does not
        ("title: Hold, ", "title: Waiting, ", ""),
        ('targets: {green: ">= 80 %"}', 'targets: {green: ">= 90 %"}', ""),
        ('mon-sun: "22:00-06:00"', 'mon-sun: "22:00-07:00"', ""),
        ("segments: [team]", "segments: [team, kind]", ""),
        ("max_unread: 2 %", "max_unread: 3 %", ""),
        ("points: {number: points}", "points: {number: points}\n        more: {number: more}", ""),
        ("title: Desk", "title: Help desk", ""),
    ],
)
def test_the_mark_changes_with_what_decides_a_count(old: str, new: str, changed: str) -> None:
    assert TEXT.count(old) == 1
    before, after = marks(), marks(TEXT.replace(old, new))
    assert {name for name in before if before[name] != after[name]} == set(changed.split())


def test_the_order_of_keys_says_nothing() -> None:
    old = 'measure: {value: points}, green: ">= 4"'
    assert marks(TEXT.replace(old, 'green: ">= 4", measure: {value: points}')) == marks()


def test_a_field_that_is_a_segment_alone_decides_no_count() -> None:
    text = TEXT.replace("greets: {flag: greets}", "greets: {flag: greets}\n        team: {text: squad}")
    assert marks(text) == marks()


def test_marks_are_those_of_earlier_versions() -> None:
    """Stores were written with them: were they others, all months of before would be counted otherwise."""
    assert marks() == {
        "desk.solution": "3b1c4c388289",
        "desk.hold": "96bf9cad854e",
        "desk.score": "0c122a461436",
        "desk.book": "47dfbfe10879",
        "desk.book.manner": "e72e272fe8f6",
        "desk.whole": "64618a570c47",
        "chat.reply": "a6de0ee7661c",
    }
