"""Event logs: which events make up a case, what is said of those that do not, and steps in every form."""

import warnings

import numpy as np
import pandas as pd
import pytest
from support.helpers import definition, reasons, score, states, total

import svclight
from svclight.errors import SvclightNotice

STEPS = "steps: {taken: Take, solved: [Solve, Resolve], closed: {where: {step: Close, team: a}}, gone: Gone}"
LOG = "{rows: events, id: id, time: at, step: step, " + STEPS + ", segments: [team]MORE}"


def log(more: str = "") -> str:
    """The log of the tests with more keys."""
    return LOG.replace("MORE", more and f", {more}")


def spell(start: str = "start", end: str = "taken", limit: str = "1 h", more: str = "") -> str:
    """A criterion of the time between two steps."""
    return f'c: {{measure: {{duration: {{from: {start}, to: {end}}}}}, green: "<= {limit}"{more}}}'


def told(*events: str, **columns) -> list[dict]:
    """`1 09:00 Take a` is an event of case 1 on the 15th, by team a."""
    rows = []
    for one in events:
        case, at, step, *team = one.split(" ")
        rows.append(
            {
                "id": case,
                "at": f"2026-01-15T{at}" if ":" in at else at,
                "step": step,
                "team": team[0] if team else None,
                **columns,
            }
        )
    return rows


DAY = ["1 09:00 New a", "1 09:30 Take b", "1 11:00 Solve b", "1 12:00 Take a", "1 15:00 Resolve a", "1 20:00 Close a"]


@pytest.mark.parametrize(
    ("start", "end", "hours"),
    [
        ("start", "taken", 0.5),
        ("taken", "solved", 1.5),
        ("taken", "{last: solved}", 5.5),
        ("{last: taken}", "{last: solved}", 3),
        ("start", "end", 11),
        ("{last: solved}", "closed", 5),
        ("closed", "end", 0),
        ("end", "closed", 0),
        ("start", "start", 0),
    ],
)
@pytest.mark.parametrize("order", [slice(None), slice(None, None, -1)])
def test_from_step_to_step(start, end, hours, order):
    card = score(told(*DAY)[order], spell(start, end), log(), as_of="2026-01-16")
    found = card.interactions("p", "c")
    assert found[["id", "value", "unit"]].to_numpy().tolist() == [["1", hours * 3600, "s"]]


@pytest.mark.parametrize("repeated_rows", ["", "repeated_rows: drop"])
def test_events_at_the_same_time_stay_in_the_order_of_the_log(repeated_rows):
    rows = told("1 09:00 Take a", "1 09:00 Take b")
    card = score(rows, 'c: {measure: {count: {step: taken}}, green: "<= 1"}', log(repeated_rows), by="team")
    # the last known value is that of the later row
    assert card.interactions("p", "c")[["team", "value"]].to_numpy().tolist() == [["b", 2]]
    card = score(rows[::-1], 'c: {measure: {count: {step: taken}}, green: "<= 1"}', log(repeated_rows), by="team")
    assert card.interactions("p", "c")["team"].tolist() == ["a"]


def test_events_that_cannot_be_placed_are_listed():
    rows = told("1 09:00 New", "1 09:30 Take")
    rows += [
        {**rows[0], "id": None},
        {**rows[0], "at": "soon"},
        {**rows[0], "at": None},
        {**rows[0], "id": "", "at": "x"},
    ]
    card = score(rows, spell(), log(), as_of="2026-01-16")
    assert card.rejected["reason"].tolist() == [
        "the event has no id",
        'the time of the event cannot be read: "soon"',
        "the event has no time",
        "the event has no id",
    ]
    assert card.rejected["line"].tolist() == [3, 4, 5, 6]
    assert total(card, "c") == {"green": 1}
    assert (card.provenance.logs[0].rows, card.provenance.logs[0].rejected, card.provenance.logs[0].interactions) == (
        2,
        4,
        1,
    )
    with pytest.raises(svclight.LogError, match="4 lines were rejected, at most 3 are bearable"):
        score(rows, spell(), log(), as_of="2026-01-16", max_rejected=3)


def test_repeated_rows_are_told():
    rows = pd.DataFrame(told("1 09:00 Take a", "1 09:00 Take a", "2 09:00 Take a", "1 09:00 Take a"))
    criterion = 'c: {measure: {count: {step: taken}}, green: "<= 1"}'
    with warnings.catch_warnings(record=True) as heard:
        warnings.simplefilter("always", SvclightNotice)
        card = svclight.score(rows, definition(criterion, log("repeated_rows: drop")))
    assert "p: 2 of 4 events stand twice; each is used once" in [str(one.message) for one in heard]
    assert states(card, "c") == ["green", "green"]
    assert states(score(rows, criterion, log()), "c") == ["red", "green"]
    # columns that are not used do not tell rows apart
    assert states(score(rows.assign(note=list("abcd")), criterion, log("repeated_rows: drop")), "c") == [
        "green",
        "green",
    ]


def test_weights_go_with_the_events_that_stay():
    rows = pd.DataFrame(told("1 09:00 Take a", "1 09:00 Take a", "2 09:00 Take a", "3 soon Take a"))
    rows["n"] = [2, 2, 5, 7]
    card = score(rows, 'c: {measure: {count: {step: taken}}, green: "<= 1"}', log("repeated_rows: drop, weight: n"))
    assert total(card, "c") == {"green": 7}
    assert len(card.rejected) == 1


def test_what_did_not_happen():
    rows = told("1 09:00 New", "1 10:00 Close a", "2 09:00 New", "3 09:00 Solve", "3 10:00 Take")
    ends = log("ends: [closed]")
    card = score(rows, spell(end="solved"), ends, as_of="2026-01-15T09:30")
    assert list(zip(states(card, "c"), reasons(card, "c"), strict=True)) == [
        ("pending", "not finished"), ("pending", "not finished"), ("green", ""),
    ]  # fmt: skip
    card = score(rows, spell("taken", "solved"), ends, as_of="2026-01-16")
    assert reasons(card, "c") == ["taken did not happen", "taken did not happen", "solved is before taken"]
    card = score(rows, spell("start", "{last: solved}"), ends, as_of="2026-01-16")
    assert list(zip(states(card, "c"), reasons(card, "c"), strict=True)) == [
        ("missing", "last solved did not happen"), ("red", "overdue"), ("green", ""),
    ]  # fmt: skip


def test_excluded_events_and_cases_without_any_left():
    rows = told(
        "1 09:00 New robot",
        "1 10:00 New a",
        "1 10:20 Take a",
        "2 09:00 New robot",
        "3 23:00 New robot",
        "4 23:00 New a",
    )
    more = "exclude: [{where: {team: robot}, reason: a machine}, {where: {step: New, team: robot}, reason: second}]"
    card = score(rows, spell(limit="20 min"), log(more), as_of="2026-01-15T22:00")
    assert list(zip(states(card, "c"), reasons(card, "c"), strict=True)) == [
        ("green", ""), ("excluded", "a machine"), ("excluded", "a machine"), ("excluded", "not begun"),
    ]  # fmt: skip
    assert set(card.counts["period"].astype(str)) == {"2026-01"}


def test_the_month_of_a_case_without_events_is_that_of_its_first():
    rows = [
        {**one, "at": at}
        for one, at in zip(told("1 09:00 New r", "1 09:00 New r"), ["2026-02-03", "2026-01-31"], strict=True)
    ]
    card = score(rows, spell(), log("exclude: [{where: {team: r}, reason: x}]"), as_of="2026-03-01")
    assert card.interactions("p", "c")[["period", "reason"]].to_numpy().tolist() == [["2026-01", "x"]]


def test_missing_tokens_are_no_last_known_value():
    rows = told("1 09:00 Take a", "1 10:00 Take ?", "1 11:00 Take -")
    criterion = 'c: {measure: {count: {step: taken, distinct: team}}, green: "<= 1"}'
    card = score(rows, criterion, log("missing: ['?', '-']"), by="team")
    assert card.interactions("p", "c")[["team", "value"]].to_numpy().tolist() == [["a", 1]]


@pytest.mark.parametrize(
    ("counts", "expected"),
    [
        ("red", ["red", "red", "red"]),
        ("excluded", ["excluded", "excluded", "excluded"]),
        ("by_elapsed", ["green", "red", "missing"]),
        ("{excluded_within: green}", ["excluded", "red", "missing"]),
        ("{excluded_within: 2 h}", ["excluded", "red", "missing"]),
    ],
)
def test_giving_up_at_a_step(counts, expected):
    rows = told("1 09:00 New a", "1 09:30 Gone x", "2 09:00 New a", "2 13:30 Gone x", "3 09:00 New x")
    card = score(
        rows, spell(more=f", abandoned: {{where: {{team: x}}, at: gone, counts: {counts}}}"), log(), as_of="2026-01-16"
    )
    # half an hour, four and a half; nobody knows when the third gave up
    assert states(card, "c") == expected
    if "missing" in expected:
        assert reasons(card, "c")[2] == "gone did not happen"


def test_values_of_a_case():
    fields = "fields: {at: {time: at}, id: {text: id}, step: {text: step}, team: {text: team}, x: {number: x}, ok: {flag: ok}, then: {time: then}}"
    rows = told("1 09:00 New a", "1 10:00 Take a", "1 11:00 Close a", "2 09:00 New a")
    frame = pd.DataFrame(rows).assign(
        x=[1.5, 7, np.nan, np.nan], ok=["no", "yes", "", "perhaps"], then=["2026-01-01", None, "", "2026-01-02"]
    )
    criteria = 'x: {measure: {value: x}, green: "<= 5"}\nok: {measure: {flag: ok}, green: true}\nt: {measure: {category: team}, time: then, green: [a]}'
    card = score(frame, criteria, log(fields))
    assert states(card, "x") == ["red", "missing"]
    assert states(card, "ok") == ["green", "missing"]
    assert reasons(card, "ok")[1] == 'ok: "perhaps" is not true or false'
    assert states(card, "t") == ["green", "green"]
    whole = score(frame.assign(x=[1, 2, 3, 9], ok=[True, False, True, False]), criteria, log(fields))
    assert (states(whole, "x"), states(whole, "ok")) == (["green", "red"], ["green", "red"])


def test_steps_in_working_time_and_by_date():
    definitions = svclight.loads(
        "svclight: 1\ntime_zone: Europe/Berlin\ncalendars: {office: {hours: {mon-fri: '09:00-18:00'}}}\nprocesses:\n  p:\n    title: P\n"
        f"    log: {log()}\n    criteria:\n      c: {{measure: {{duration: {{from: start, to: taken, calendar: office}}}}, green: '<= 1 h'}}\n"
        "      d: {measure: {duration: {from: start, to: {last: taken}, by: date}}, green: '<= 1 d'}\n"
    )
    rows = [
        {**one, "at": at}
        for one, at in zip(told("1 09:00 New", "1 09:00 Take"), ["2026-01-16T17:30", "2026-01-19T09:20"], strict=True)
    ]
    card = svclight.score(pd.DataFrame(rows), definitions)
    # Friday 17:30 to Monday 9:20 is 50 min of work, and three days
    assert card.interactions("p", "c")["value"].tolist() == [3000]
    assert card.interactions("p", "d")["value"].tolist() == [3]


@pytest.mark.parametrize(
    "frame",
    [
        pd.DataFrame({"id": [], "at": [], "step": [], "team": []}),
        pd.DataFrame({"id": [None], "at": [None], "step": [None], "team": [None]}),
        pd.DataFrame({"id": [np.nan], "at": [pd.NaT], "step": [np.nan], "team": [np.nan]}),
    ],
)
def test_a_log_without_events_counts_nothing(frame):
    card = score(
        frame, spell() + '\nn: {measure: {count: {step: taken, distinct: team}}, green: "<= 1"}', log("ends: [closed]")
    )
    assert card.counts.empty
    assert card.interactions().empty
    assert len(card.rejected) == len(frame)


@pytest.mark.parametrize("kind", ["category", "string"])
@pytest.mark.parametrize("index", [[0] * 6, list("abcdef")])
def test_dtypes_and_indexes(kind, index):
    frame = pd.DataFrame(told(*DAY), index=index)
    expected = score(frame.reset_index(drop=True), spell("taken", "{last: solved}"), log(), by="team").counts
    typed = frame.astype(dict.fromkeys(("id", "step", "team"), kind)).assign(at=pd.to_datetime(frame["at"]))
    assert score(typed, spell("taken", "{last: solved}"), log(), by="team").counts.equals(expected)


def test_files_and_frames_give_the_same(tmp_path):
    frame = pd.DataFrame(told(*DAY, "2 09:00 New a", "3 soon Take a"))
    frame.to_csv(tmp_path / "events.csv", index=False)
    definitions = definition(spell(), log("ends: [solved]"))
    with warnings.catch_warnings():
        warnings.simplefilter("ignore", SvclightNotice)
        by_file, by_frame = svclight.score(tmp_path / "events.csv", definitions), svclight.score(frame, definitions)
    assert by_file.counts.equals(by_frame.counts)
    assert by_file.rejected[["file", "line"]].to_numpy().tolist() == [["events.csv", 9]]
    assert by_file.interactions("p", "c").drop(columns="id").equals(by_frame.interactions("p", "c").drop(columns="id"))


@pytest.mark.parametrize("kind", [object, "category"])
def test_a_case_of_which_all_events_are_rejected_is_none(kind):
    # its id stays among the words of a column that is a dictionary, as those of files are
    rows = told("1 09:00 New a", "2 soon New a", "2 soon Take a", "3 09:00 New a")
    card = score(pd.DataFrame(rows).astype({"id": kind}), spell(), log("ends: [gone]"), as_of="2026-01-15T09:30")
    assert card.provenance.logs[0].interactions == 2
    assert card.interactions("p", "c")["id"].tolist() == ["1", "3"]
    assert total(card, "c") == {"pending": 2}


def test_a_step_that_no_event_has_is_told():
    frame = pd.DataFrame({"id": [1, 1], "at": ["2026-01-05", "2026-01-06"], "step": ["taken", "solved"]})
    log = (
        "{rows: events, id: id, time: at, step: step, steps: {taken: taken, reopened: Solvd, other: {where: {id: 7}}}}"
    )
    with pytest.warns(
        SvclightNotice, match='p: no event is the step "reopened": "Solvd" is not in "step"; did you mean "solved"'
    ) as told:
        svclight.score({"p": frame}, definition("c: {measure: {count: {step: reopened}}, green: '<= 1'}", log))
    # the condition of the other step is told as conditions are
    assert [str(one.message).split("`")[1] for one in told if "no row meets" in str(one.message)] == ["id is 7"]
    assert len(told) == 2
