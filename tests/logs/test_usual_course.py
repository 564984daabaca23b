"""The usual course of a process, held against its cases."""

from itertools import pairwise

import pandas as pd
import pytest

import svclight
from svclight.logs.usual_course import COLUMNS

TEXT = """svclight: 1
time_zone: UTC
processes:
  desk:
    title: Desk
    SCENARIO
    log:
      rows: events
      id: id
      time: at
      step: step
      steps: {taken: Take, solved: [Solve, Resolve], closed: {where: {step: Close}}}
      exclude: [{where: {step: Robot}, reason: a machine}]
    criteria:
      taken: {measure: {count: {step: taken}}, green: "<= 1"}
"""
WRITTEN = (
    "scenario: [{step: call, actor: customer, action: calls}, {step: taken, actor: employee, action: takes it}, "
    "{step: solved, actor: employee, action: solves it}]"
)
EVENTS = [
    # 1 in the usual order, taken twice: the first time counts
    ("1", "09:00", "Take"), ("1", "10:00", "Solve"), ("1", "10:30", "Take"), ("1", "12:00", "Close"),
    # 2 is solved before it is taken
    ("2", "09:00", "Resolve"), ("2", "09:30", "Take"), ("2", "11:30", "Close"),
    # 3 is closed without being solved, 5 h after it was taken
    ("3", "09:00", "Take"), ("3", "14:00", "Close"),
    # 4 has none of the steps, 5 none that counts, 6 comes later
    ("4", "09:00", "New"), ("5", "09:00", "Robot"), ("6", "23:00", "Take"),
]  # fmt: skip


def course(scenario: str = "", events=EVENTS, as_of: str = "2026-01-15T20:00", **options) -> pd.DataFrame:
    """The steps of a log of the 15th."""
    frame = pd.DataFrame([(case, f"2026-01-15T{at}", step) for case, at, step in events], columns=["id", "at", "step"])
    return svclight.score(frame, svclight.loads(TEXT.replace("SCENARIO", scenario)), as_of=as_of, **options).steps


def plain(table: pd.DataFrame) -> list[list]:
    """The table as lists; what is missing is None."""
    return table.astype(object).where(table.notna(), None).to_numpy().tolist()


def test_steps_in_the_order_of_the_log():
    # taken to solved: 1 h (2 is out of order); to closed: 2 h (1), 2.5 h (2, since it was solved), 5 h (3)
    # 2 is taken after it is solved: so solved comes before a step that usually comes earlier
    assert plain(course()) == [
        ["desk", "taken", 3, 4, None, 0, 1],
        ["desk", "solved", 2, 4, 3600.0, 1, 1],
        ["desk", "closed", 3, 4, 2.5 * 3600, 0, 1],
    ]
    assert list(course().columns) == list(COLUMNS)


def test_steps_in_the_order_of_the_scenario():
    found = course(WRITTEN)
    # the log does not know the call; closed is no part of the scenario and comes last
    assert found["step"].tolist() == ["call", "taken", "solved", "closed"]
    assert plain(found)[0] == ["desk", "call", None, 4, None, None, 1]
    assert plain(found)[1:] == plain(course())


def test_a_plain_loop_gives_the_same():
    spans = {"solved": [], "closed": []}
    for case in "123":
        firsts: dict[str, pd.Timestamp] = {}
        names = {"Take": "taken", "Solve": "solved", "Resolve": "solved", "Close": "closed"}
        for one, at, step in EVENTS:
            if one == case:
                firsts.setdefault(names[step], pd.Timestamp(f"2026-01-15T{at}"))
        there = [step for step in ("taken", "solved", "closed") if step in firsts]
        for before, step in pairwise(there):
            if firsts[step] >= firsts[before]:
                spans[step].append((firsts[step] - firsts[before]).total_seconds())
    medians = course().set_index("step")["median_seconds"]
    for step, found in spans.items():
        assert medians[step] == float(pd.Series(found).median())


def test_steps_at_the_same_time_are_in_order():
    found = course(events=[("1", "09:00", "Take"), ("1", "09:00", "Solve")])
    assert plain(found)[1] == ["desk", "solved", 1, 1, 0.0, 0, 0]


def test_what_has_not_happened_yet_is_not_counted():
    found = course(as_of="2026-01-15T09:45").set_index("step")
    assert found["cases"].tolist() == [3, 1, 0]
    assert found["of"].tolist() == [4, 4, 4]


@pytest.mark.parametrize("events", [[], [("5", "09:00", "Robot")]])
def test_no_case_is_left(events):
    found = course(events=events)
    assert found[["cases", "of", "out_of_order"]].to_numpy().tolist() == [[0, 0, 0]] * 3
    assert found["median_seconds"].isna().all()


def test_a_log_of_interactions_has_no_steps():
    text = "svclight: 1\ntime_zone: UTC\nprocesses: {p: {title: P, log: {time: at}, criteria: {c: {measure: {value: x}, green: '<= 1'}}}}\n"
    card = svclight.score(pd.DataFrame({"at": ["2026-01-15"], "x": [1]}), svclight.loads(text))
    assert card.steps.empty
    assert list(card.steps.columns) == list(COLUMNS)


def test_steps_are_those_of_a_whole_log():
    frame = pd.DataFrame([(case, f"2026-01-15T{at}", step) for case, at, step in EVENTS], columns=["id", "at", "step"])
    card = svclight.score(frame, svclight.loads(TEXT.replace("SCENARIO", WRITTEN)), as_of="2026-01-15T20:00")
    assert len(card.steps) == 4
    assert card.only("2026-01").steps.empty
