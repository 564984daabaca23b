"""Event logs that an engine puts together to cases: what comes to pandas is odd cases with all their events, no other.

Every card is held against that of the pandas engine; beside it stands how many events were brought for it.
"""

from __future__ import annotations

import warnings
from typing import TYPE_CHECKING, Any

import duckdb
import pandas as pd
import pytest

import svclight
from svclight import scoring
from svclight.errors import SvclightNotice
from svclight.in_engine import run

if TYPE_CHECKING:
    from collections.abc import Callable

pytestmark = pytest.mark.once

DEFINITION = """
svclight: 1
time_zone: {zone}
processes:
  desk:
    title: Desk
    scenario: [{{step: taken, actor: employee, action: takes it}}, {{step: solved, actor: employee, action: solves it}}]
    log:
      rows: events
      id: case
      step: step
      time: at
      segments: [team]
      steps: {{taken: Take, solved: [Solve, Resolve], small: {{where: {{points: "< 3"}}}}}}
      ends: [solved]
      {more}
      fields: {{at: {{time: at}}, points: {{number: points}}}}
    criteria:
      taken: {{measure: {{duration: {{from: start, to: taken}}}}, green: "<= 1 h", yellow: "<= 1 d"}}
      solved: {{measure: {{duration: {{from: taken, to: {{last: solved}}}}}}, green: "<= 1 d", yellow: "<= 2 d"}}
      all: {{measure: {{duration: {{from: start, to: end}}}}, green: "<= 2 d"}}
      hands: {{measure: {{count: {{step: taken, distinct: who}}}}, green: "<= 1", yellow: "<= 2"}}
      small: {{measure: {{count: {{step: small}}}}, green: "<= 0"}}
      points: {{measure: {{value: points}}, green: ">= 4", applies: {{team: {{not: null}}}}}}
"""
PLAIN = [
    ("1", "New", "2026-01-15 12:00", None, "a", None),
    ("1", "Take", "2026-01-15 13:00", "x", None, 4.0),
    ("1", "Solve", "2026-01-16 13:00", "x", "b", 3.0),
    ("2", "Take", "2026-02-20 09:00", "x", "a", 2.0),  # out of order: its first event stands below
    ("2", "New", "2026-02-15 12:00", "", "a", None),
    ("2", "Take", "2026-02-21 09:00", "y", "", 5.0),
    ("3", "New", "2026-03-01 12:00", None, None, None),  # open
    ("3", "Take", "2026-03-01 14:00", "z", "a", None),
]
COLUMNS = ["case", "step", "at", "who", "team", "points"]
ENGINES_OF_EVENTS = ("duckdb", "polars", pytest.param("parquet", marks=pytest.mark.slow))
"""A file is read as a relation of DuckDB: it is tried when everything is."""


def log_of(rows: list[tuple[Any, ...]]) -> pd.DataFrame:
    frame = pd.DataFrame(rows, columns=COLUMNS)
    return frame.assign(at=pd.to_datetime(frame["at"]), points=frame["points"].astype("float64"))


def definition(more: str = "", *, zone: str = "UTC") -> svclight.Definitions:
    return svclight.loads(DEFINITION.format(more=more, zone=zone))


@pytest.fixture(params=ENGINES_OF_EVENTS)
def to_engine(request, tmp_path, monkeypatch) -> Callable[[pd.DataFrame], Any]:
    monkeypatch.setattr(scoring, "LARGE", 0)  # a file is counted as it is read, however small

    def made(frame: pd.DataFrame) -> Any:
        if request.param == "polars":
            return pytest.importorskip("polars").from_pandas(frame)
        relation = duckdb.from_df(frame)
        if request.param == "duckdb":
            return relation
        path = tmp_path / f"log{len(list(tmp_path.iterdir()))}.parquet"
        relation.write_parquet(str(path))
        return path

    return made


@pytest.fixture
def brought(monkeypatch) -> list[int]:
    """How many rows came to pandas, time by time."""
    seen: list[int] = []
    rows = run.EngineLog.log_of

    def log_of(self: run.EngineLog, frame: Any) -> Any:
        made = rows(self, frame)
        seen.append(len(made))
        return made

    monkeypatch.setattr(run.EngineLog, "log_of", log_of)
    return seen


def quietly(logs: Any, definitions: svclight.Definitions, **options: Any) -> svclight.Scorecard:
    with warnings.catch_warnings(action="ignore", category=SvclightNotice):
        return svclight.score(logs, definitions, **{"max_unread": 1, **options})


def notices_of(logs: Any, definitions: svclight.Definitions, *, about: str, **options: Any) -> list[str]:
    """The notices of a card in which some words stand."""
    return [notice for notice in quietly(logs, definitions, **options).provenance.notices if about in notice]


def check(to_engine: Any, frame: pd.DataFrame, definitions: svclight.Definitions, **options: Any) -> None:
    found, expected = quietly(to_engine(frame), definitions, **options), quietly(frame, definitions, **options)
    for name in ("counts", "reasons", "periods", "responses"):
        pd.testing.assert_frame_equal(getattr(found, name), getattr(expected, name), obj=name)
    assert [(log.rows, log.interactions, log.rejected) for log in found.provenance.logs] == [
        (log.rows, log.interactions, log.rejected) for log in expected.provenance.logs
    ]
    assert sorted(found.rejected["reason"]) == sorted(expected.rejected["reason"])
    assert found.provenance.as_of == expected.provenance.as_of


@pytest.mark.parametrize(
    ("options", "more"),
    [
        ({"as_of": "2026-04-01", "by": "team"}, ""),
        ({"by": "team", "period": "week"}, ""),  # as of the newest event
        ({"as_of": "2026-04-01", "matured": True}, "exclude: [{where: {step: New}, reason: of no matter}]"),
        ({"as_of": "2026-03-01 13:00"}, ""),  # the last event is still to come
        ({"as_of": "2026-04-01"}, "missing: [b]"),
        ({"as_of": "2026-04-01"}, "repeated_rows: drop"),
    ],
)
def test_nothing_is_brought_for_regular_cases(to_engine, brought, options, more):
    check(to_engine, log_of(PLAIN), definition(more), **options)
    assert brought == []


ODD = {
    "cells that differ in events of one instant, where they are the last ones": (
        [*PLAIN, ("2", "Note", "2026-02-20 09:00", None, "b", None)],
        {"by": "team"},
        [4],
    ),
    "an event without an id": ([*PLAIN, (None, "Take", "2026-02-20 09:00", None, "b", None)], {}, [1]),
    "a blank id": ([*PLAIN, (" ", "Take", "2026-02-20 09:00", None, "b", None)], {}, [1]),
    "an event without a time": ([*PLAIN, ("2", "Take", None, None, "b", None)], {}, [4]),
    "a case of which all events are without a time": ([*PLAIN, ("4", "Take", None, None, "b", None)], {}, [1]),
    "an infinite number where it is the last one": (
        [*PLAIN, ("3", "Note", "2026-03-02 12:00", None, None, float("inf"))],
        {},
        [3],
    ),
}


@pytest.mark.parametrize(("rows", "options", "events"), ODD.values(), ids=ODD)
def test_all_events_of_odd_cases_are_brought(to_engine, brought, rows, options, events):
    check(to_engine, log_of(rows), definition(), as_of="2026-04-01", **options)
    assert brought == events


AT_A_STEP = """
    criteria:
      number: {measure: {value: taken_points}, green: ">= 4"}
      word: {measure: {category: last_who}, green: [x], yellow: [y], red: [z], applies: {taken_team: {not: b}}}
"""


def at_a_step() -> svclight.Definitions:
    """A definition whose fields are cells at a step."""
    head, _, _ = DEFINITION.format(more="", zone="UTC").partition("    criteria:\n")
    fields = "fields: {taken_points: {number: points, at: taken}, last_who: {text: who, at: {last: taken}}, "
    head = head.replace("fields: {", fields + "taken_team: {text: team, at: taken}, ")
    return svclight.loads(head.replace("segments: [team]", "segments: [team, taken_team]") + AT_A_STEP)


@pytest.mark.parametrize(
    ("more", "events"),
    [
        ([], []),
        ([("4", "New", "2026-03-01 12:00", "x", "a", 5.0)], []),  # the step did not happen
        ([("3", "Note", "2026-03-01 14:00", "y", "b", 5.0)], []),  # another event at the same instant
        ([("3", "Take", "2026-03-01 14:00", "z", "b", 5.0)], [3]),  # two of the step: which is the first?
        ([("3", "Take", "2026-03-01 14:00", "z", "a", 5.0)], [3]),  # one of them without the number
        ([("3", "Take", "2026-03-01 14:00", "z", "a", None)], []),  # which are the same
        ([("3", "Take", "2026-03-01 15:00", "", "c", 9.0)], []),  # the last one is empty
    ],
)
def test_cells_at_a_step_are_found(to_engine, brought, more, events):
    rows = [*PLAIN, *more]
    check(to_engine, log_of(rows), at_a_step(), as_of="2026-04-01", by="taken_team")
    assert brought == events


def test_cases_are_found_by_their_cell_at_a_step(to_engine, brought):
    card, expected = (
        quietly(log, at_a_step(), as_of="2026-04-01", by="taken_team")
        for log in (to_engine(log_of(PLAIN)), log_of(PLAIN))
    )
    found = card.interactions(where={"taken_team": "a"})
    assert brought == [5]
    pd.testing.assert_frame_equal(found, expected.interactions(where={"taken_team": "a"}))


def test_events_of_one_instant_are_regular_where_it_does_not_matter(to_engine, brought):
    rows = [
        *PLAIN,
        ("2", "Note", "2026-02-20 09:00", None, "a", None),  # the same team
        ("1", "Note", "2026-01-15 13:00", None, "c", 1.0),  # another team and number, but later ones are known
        ("3", "Note", "2026-03-01 14:00", "w", "", None),  # no team
    ]
    check(to_engine, log_of(rows), definition(), as_of="2026-04-01", by="team")
    assert brought == []


def test_cases_that_have_not_begun_are_brought(to_engine, brought):
    check(to_engine, log_of(PLAIN), definition(), as_of="2026-02-17", by="team")
    assert brought == [2]  # both events of the third; the second has begun, and of it one event is seen


def test_a_case_of_which_nothing_is_left_is_brought(to_engine, brought):
    rows = [*PLAIN, ("4", "Robot", "2026-03-01 14:00", "w", "b", None)]
    more = "exclude: [{where: {step: Robot}, reason: a machine}]"
    check(to_engine, log_of(rows), definition(more), as_of="2026-04-01", by="team")
    assert brought == [1]


def test_events_in_the_night_when_the_clock_changes_are_odd(to_engine, brought):
    rows = [*PLAIN, ("3", "Note", "2026-03-29 02:30", None, None, None)]
    check(to_engine, log_of(rows), definition(zone="Europe/Berlin"), as_of="2026-04-01")
    assert brought == [3]


def test_the_newest_time_is_that_of_events_that_can_be_placed(to_engine, brought):
    rows = [*PLAIN, (None, "Take", "2026-05-01 09:00", None, "b", None)]
    check(to_engine, log_of(rows), definition())
    assert brought == [1]
    card = quietly(to_engine(log_of(rows)), definition())
    assert card.provenance.as_of == "2026-03-01T14:00:00+00:00"


def test_a_slip_in_the_newest_time_is_told(to_engine):
    rows = [*PLAIN, ("3", "Note", "2026-09-01 09:00", None, "b", None)]
    said = r"^as_of is 2026-09-01T09:00:00\+00:00, the newest time in the log, 183 days after the newest earlier time"
    for log in (to_engine(log_of(rows)), log_of(rows)):
        with pytest.warns(SvclightNotice, match=said):
            svclight.score(log, definition())


def test_there_is_no_moment_where_no_event_can_be_placed(to_engine):
    frame = log_of([(None, "Take", "2026-05-01 09:00", None, "b", None)])
    check(to_engine, frame, definition())


def test_events_that_stand_twice_count_once_and_are_told(to_engine, brought):
    rows = [
        *PLAIN,
        PLAIN[3],
        PLAIN[3],
        ("2", "New", "2026-02-15 12:00", None, "a", None),
    ]  # "" and nothing are the same
    check(to_engine, log_of(rows), definition("repeated_rows: drop"), as_of="2026-04-01", by="team")
    assert brought == []
    odd = [
        *rows,
        *[("3", "Take", "2026-03-01 14:00", "z", "b", None)] * 2,
        (None, *PLAIN[3][1:]),
        (None, *PLAIN[3][1:]),
    ]
    said = "desk: 4 of 13 events stand twice; each is used once"
    for log in (to_engine(log_of(odd)), log_of(odd)):
        options = {"as_of": "2026-04-01", "by": "team", "about": "twice"}
        assert notices_of(log, definition("repeated_rows: drop"), **options) == [said]


def test_a_step_that_never_happens_is_told(to_engine):
    said = 'desk: no event is the step "taken": "Take" is not in "step"; did you mean "Taken"?'
    frame = log_of(PLAIN).replace({"step": {"Take": "Taken"}})
    alone = pd.concat([frame, log_of([(None, "Take", "2026-05-01 09:00", None, "b", None)])], ignore_index=True)
    for given in (frame, alone):  # one that is rejected does not make it happen
        for log in (to_engine(given), given):
            assert notices_of(log, definition(), as_of="2026-04-01", about="no event") == [said]


def test_the_usual_course_comes_late(to_engine, brought):
    card, expected = (
        quietly(log, definition(), as_of="2026-04-01") for log in (to_engine(log_of(PLAIN)), log_of(PLAIN))
    )
    assert brought == []
    with warnings.catch_warnings(record=True) as notices:
        warnings.simplefilter("always")
        pd.testing.assert_frame_equal(card.steps, expected.steps)
    assert brought == [8]
    assert {str(one.message).partition("from")[0] for one in notices} <= {"8 rows were brought "}
    assert card.steps is card.steps


def test_cards_are_put_together_without_the_usual_course(to_engine, brought):
    cards = [quietly(to_engine(log_of(rows)), definition(), as_of="2026-04-01") for rows in (PLAIN[:3], PLAIN[3:])]
    expected = [quietly(log_of(rows), definition(), as_of="2026-04-01") for rows in (PLAIN[:3], PLAIN[3:])]
    together = cards[0] + cards[1]
    assert brought == []
    with warnings.catch_warnings(action="ignore", category=SvclightNotice):
        pd.testing.assert_frame_equal(together.steps, (expected[0] + expected[1]).steps)


@pytest.mark.parametrize(
    ("asked", "events"),
    [
        ({"criterion": "taken", "zone": "red"}, 3),
        ({"criterion": "hands", "zone": "pending"}, 5),
        ({"where": {"team": "b"}}, 3),
        ({"period": "2026-03"}, 2),
        ({"criterion": "points", "zone": "yellow"}, 0),
    ],
)
def test_only_events_of_cases_that_are_asked_for_are_brought(to_engine, brought, asked, events):
    options = {"as_of": "2026-04-01", "by": "team"}
    card = quietly(to_engine(log_of(PLAIN)), definition(), **options)
    found = card.interactions(**asked)
    assert brought == [events]
    pd.testing.assert_frame_equal(found, quietly(log_of(PLAIN), definition(), **options).interactions(**asked))


def test_cases_known_by_numbers_with_fractions_are_put_together_in_pandas(to_engine):
    frame = log_of(PLAIN)
    frame["case"] = frame["case"].astype("float64")
    check(to_engine, frame, definition(), as_of="2026-04-01", by="team")


@pytest.mark.parametrize("name", ["taken", "solved", "all", "hands", "small", "points"])
def test_each_criterion_alone(to_engine, brought, name):
    """What the others need of events is not there."""
    head, _, criteria = DEFINITION.format(more="", zone="UTC").partition("    criteria:\n")
    alone = next(line for line in criteria.splitlines() if line.strip().startswith(f"{name}:"))
    text = svclight.loads(f"{head}    criteria:\n{alone}\n")
    card = quietly(to_engine(log_of(PLAIN)), text)
    assert not brought
    expected = quietly(log_of(PLAIN), text)
    pd.testing.assert_frame_equal(card.counts, expected.counts)
    pd.testing.assert_frame_equal(card.reasons, expected.reasons)


@pytest.mark.parametrize(
    "change",
    [
        pytest.param({"case": None}, id="no ids"),
        pytest.param({"at": pd.NaT}, id="no times"),
        pytest.param({"step": None}, id="no steps"),
        pytest.param({"team": None, "who": None, "points": float("nan")}, id="nothing known"),
    ],
)
def test_columns_that_are_empty(to_engine, change):
    check(to_engine, log_of(PLAIN).assign(**change).astype({"at": "datetime64[us]", "case": object}), definition())
