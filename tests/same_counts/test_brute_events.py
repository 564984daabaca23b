"""Event logs: worked examples by two routes, then generated ones."""

from __future__ import annotations

from typing import Any

import pytest
from support.both_routes import brute_counts, engine_counts, made, zones
from support.brute_score import states

LOG = {
    "rows": "events",
    "id": "ticket",
    "time": "at",
    "step": "step",
    "steps": {"taken": "Take", "solved": ["Solve", "Resolve"], "closed": "Close"},
    "segments": ["team"],
}
HOURS = {"green": "<= 1 h", "yellow": "<= 4 h"}


@pytest.fixture(params=[brute_counts, engine_counts])
def count(request: pytest.FixtureRequest) -> Any:
    """Both routes must give the figures of every worked example."""
    return request.param


def events(*told: str, **columns: str) -> list[dict[str, Any]]:
    """`1 09:00 Take a` is an event of ticket 1 on the 15th, by team a."""
    rows = []
    for one in told:
        ticket, at, step, *team = one.split(" ")
        day = at if "-" in at else f"2026-01-15 {at}"
        rows.append(
            {"ticket": ticket, "at": day.replace("T", " "), "step": step, "team": team[0] if team else "", **columns}
        )
    return rows


def helpdesk(rows: list[dict[str, Any]], log: dict[str, Any] | None = None, **options: Any) -> Any:
    limits = options.pop("limits", HOURS)
    criteria = options.pop("criteria", None) or {"c": {"measure": options.pop("measure"), **limits}}
    return made(rows, {**LOG, **(log or {})}, criteria, **options)


def spell(start: Any, end: Any, **how: Any) -> dict[str, Any]:
    return {"duration": {"from": start, "to": end, **how}}


def exactly(text: str) -> dict[str, Any]:
    return {"green": f"{text} .. {text}"}


REOPENED = events("1 09:00 New", "1 10:00 Take", "1 11:00 Solve", "1 12:00 Take", "1 15:00 Resolve", "1 20:00 Close")


@pytest.mark.parametrize(
    ("start", "end", "value"),
    [
        ("start", "taken", "1 h"),
        ("taken", "solved", "1 h"),  # the first time: 10 to 11
        ("taken", {"last": "solved"}, "5 h"),  # 10 to 15
        ({"last": "taken"}, {"last": "solved"}, "3 h"),  # 12 to 15
        ("start", "end", "11 h"),
        ("solved", "end", "9 h"),
        ("start", "start", "0 s"),
    ],
)
@pytest.mark.parametrize("ends", [None, ["closed"]])
def test_durations_between_steps(count: Any, start: Any, end: Any, value: str, ends: Any) -> None:
    for rows in (REOPENED, REOPENED[::-1]):  # the order of rows does not matter where times differ
        log = {"ends": ends} if ends else {}
        assert zones(count(helpdesk(rows, log, measure=spell(start, end), limits=exactly(value))), "c") == {"green": 1}


def test_ten_tickets_against_24_hours(count: Any) -> None:
    rows = [one for n in range(6) for one in events(f"{n} 2026-01-01T00:00 New", f"{n} 2026-01-01T10:00 Solve")]
    rows += events("6 2026-01-01T00:00 New", "6 2026-01-02T06:00 Solve")
    rows += events(
        "7 2026-01-13T20:00 New", "8 2026-01-13T10:00 New", "9 2026-01-15T07:00 New", "9 2026-01-16T07:00 Solve"
    )
    criteria = {"c": {"measure": spell("start", "solved"), "green": "<= 24 h"}}
    call = helpdesk(rows, as_of="2026-01-15 12:00", criteria=criteria)
    # six in time, one after 30 h, three open for 40, 50 and 5 h: 6 of 9 rated are in time, one is pending
    assert zones(count(call), "c") == {"green": 6, "red": 3, "pending": 1}


def test_a_duration_to_the_end_is_never_unfinished(count: Any) -> None:
    call = helpdesk(REOPENED, as_of="2026-01-15 12:30", measure=spell("start", "end"), limits=exactly("3 h"))
    assert zones(count(call), "c") == {"green": 1}


@pytest.mark.parametrize(
    ("told", "ends", "zone"),
    [
        (("1 09:00 New", "1 10:00 Close"), ["closed"], "missing"),  # closed without being solved
        (("1 09:00 New", "1 10:00 Close"), ["solved"], "pending"),
        (("1 09:00 New", "1 10:00 Close"), None, "pending"),
        (("1 09:00 New",), ["closed"], "pending"),
    ],
)
def test_a_step_that_did_not_happen(count: Any, told: tuple[str, ...], ends: Any, zone: str) -> None:
    log = {"ends": ends} if ends else {}
    call = helpdesk(events(*told), log, as_of="2026-01-15 12:00", measure=spell("start", "solved"))
    assert zones(count(call), "c") == {zone: 1}


def test_a_duration_from_a_step_that_did_not_happen_is_missing(count: Any) -> None:
    call = helpdesk(events("1 09:00 New"), as_of="2026-01-15 12:00", measure=spell("taken", "solved"))
    assert zones(count(call), "c") == {"missing": 1}


def test_steps_in_the_wrong_order_are_missing(count: Any) -> None:
    rows = events("1 09:00 Solve", "1 10:00 Take")
    assert zones(count(helpdesk(rows, measure=spell("taken", "solved"))), "c") == {"missing": 1}
    call = helpdesk(rows, measure=spell("taken", "solved"))
    assert states(call) == [{"c": ("missing", "below 0")}]


def counting(step: str, **how: str) -> dict[str, Any]:
    return {"c": {"measure": {"count": {"step": step, **how}}, "green": "<= 1", "yellow": "<= 2"}}


@pytest.mark.parametrize(
    ("times", "ends", "zone"),
    [
        (1, None, "green"),  # no ends: final
        (2, None, "yellow"),
        (3, None, "red"),
        (0, ["closed"], "pending"),  # open: at least so many
        (2, ["closed"], "pending"),
        (3, ["closed"], "red"),
        (1, ["taken"], "green"),  # the step itself ends the case
    ],
)
def test_a_count_is_final_when_the_case_has_ended(count: Any, times: int, ends: Any, zone: str) -> None:
    rows = events("1 09:00 New", *[f"1 1{n}:00 Take" for n in range(times)], "1 20:00 Close")
    log = {"ends": ends} if ends else {}
    call = helpdesk(rows, log, as_of="2026-01-15 19:00", criteria=counting("taken"))
    assert zones(count(call), "c") == {zone: 1}
    if ends == ["closed"]:
        final = {0: "green", 2: "yellow", 3: "red"}[times]
        assert zones(count(helpdesk(rows, log, criteria=counting("taken"))), "c") == {final: 1}


def test_an_open_count_that_is_wanted_is_green_when_reached(count: Any) -> None:
    rows = events("1 09:00 Take", "1 10:00 Take", "2 09:00 Take")
    criteria = {"c": {"measure": {"count": {"step": "taken"}}, "green": ">= 2"}}
    assert zones(count(helpdesk(rows, {"ends": ["closed"]}, criteria=criteria)), "c") == {"green": 1, "pending": 1}


def test_with_how_many_different_values(count: Any) -> None:
    rows = events("1 09:00 Take a", "1 10:00 Take b", "1 11:00 Take a", "1 12:00 Take", "1 13:00 Close c")
    # a and b; the empty one is none, c is at another step
    assert zones(count(helpdesk(rows, criteria=counting("taken", distinct="team"))), "c") == {"yellow": 1}
    assert zones(count(helpdesk(rows, criteria=counting("taken"))), "c") == {"red": 1}


def test_the_anchor_is_the_first_event(count: Any) -> None:
    rows = events("1 2026-02-01T00:30 Take", "1 2026-01-31T23:30 New", "2 2026-02-01T00:00 Take")
    found = count(helpdesk(rows, measure=spell("start", "taken")))
    assert found == {("c", "2026-01", "green"): 1, ("c", "2026-02", "green"): 1}


def test_a_case_is_as_its_last_known_values_say(count: Any) -> None:
    rows = events("1 09:00 New a", "1 10:00 Take b", "1 11:00 Solve", "1 12:00 Close c")
    criteria = {"c": {"measure": spell("start", "taken"), **HOURS, "applies": {"team": "b"}}}
    log = {"missing": ["?"]}
    assert count(helpdesk(rows, log, as_of="2026-01-15 11:30", by=("team",), criteria=criteria)) == {
        ("c", "2026-01", "b", "green"): 1
    }
    assert count(helpdesk(rows, log, by=("team",), criteria=criteria)) == {("c", "2026-01", "c", "not_applicable"): 1}
    rows[-1]["team"] = "?"
    assert count(helpdesk(rows, log, by=("team",), criteria=criteria)) == {("c", "2026-01", "b", "green"): 1}


def test_an_unreadable_cell_is_the_last_known_one(count: Any) -> None:
    rows = [
        {**one, "stars": cell}
        for one, cell in zip(events("1 09:00 New", "1 10:00 New", "1 11:00 New"), ("5", "abc", ""), strict=True)
    ]
    fields = {"at": {"time": "at"}, "stars": {"number": "stars"}}
    criteria = {"c": {"measure": {"value": "stars"}, "green": ">= 4"}}
    assert zones(count(helpdesk(rows, {"fields": fields}, criteria=criteria)), "c") == {"missing": 1}
    rows[1]["stars"] = None
    assert zones(count(helpdesk(rows, {"fields": fields}, criteria=criteria)), "c") == {"green": 1}


def test_excluded_events_are_no_events(count: Any) -> None:
    rows = events(
        "1 09:00 New robot",
        "1 10:00 New",
        "1 10:30 Take",
        "2 2026-01-31T09:00 New robot",
        "2 2026-02-02T09:00 Take robot",
    )
    log = {"exclude": [{"where": {"team": "robot"}, "reason": "made by a machine"}]}
    found = count(helpdesk(rows, log, measure=spell("start", "taken"), limits=exactly("30 min")))
    # 10:00 to 10:30; the second has no event left and stands in the month of its first
    assert found == {("c", "2026-01", "green"): 1, ("c", "2026-01", "excluded"): 1}


def test_a_case_that_begins_after_as_of_has_not_begun(count: Any) -> None:
    rows = events("1 09:00 New", "2 2026-02-01T09:00 New", "3 2026-01-15T10:00 New")
    found = count(helpdesk(rows, as_of="2026-01-15 10:00", measure=spell("start", "taken")))
    assert found == {("c", "2026-01", "pending"): 2, ("c", "2026-02", "excluded"): 1}


def test_events_without_id_or_time_are_no_events(count: Any) -> None:
    rows = events("1 09:00 New", "1 10:00 Take")
    rows += [
        {**rows[0], "ticket": ""},
        {**rows[0], "at": "soon"},
        {**rows[0], "ticket": None},
        {**rows[0], "at": None, "ticket": "2"},
    ]
    assert zones(count(helpdesk(rows, measure=spell("start", "taken"))), "c") == {"green": 1}


@pytest.mark.parametrize(("log", "zone"), [({}, "yellow"), ({"repeated_rows": "drop"}, "green")])
def test_repeated_rows(count: Any, log: dict[str, Any], zone: str) -> None:
    rows = events("1 09:00 Take a", "1 09:00 Take a", "2 09:00 Take a", "2 09:00 Take b")
    found = zones(count(helpdesk(rows[:2], log, criteria=counting("taken"))), "c")
    assert found == {zone: 1}
    # rows that differ in a column that is used are two events
    assert zones(count(helpdesk(rows[2:], log, criteria=counting("taken", distinct="team"))), "c") == {"yellow": 1}


def test_as_of_is_the_newest_event(count: Any) -> None:
    rows = events("1 09:00 New", "2 10:00 New", "2 13:00:01 Take")
    # the first is open for 4 h and a second, the second took 3 h and a second
    assert zones(count(helpdesk(rows, as_of=None, measure=spell("start", "taken"))), "c") == {"red": 1, "yellow": 1}


def test_a_case_counts_its_last_known_weight(count: Any) -> None:
    rows = [
        {**one, "n": n}
        for one, n in zip(events("1 09:00 New", "1 10:00 New", "1 11:00 Take"), ("1", "3", ""), strict=True)
    ]
    assert zones(count(helpdesk(rows, {"weight": "n"}, criteria=counting("taken"))), "c") == {"green": 3}


def test_steps_by_condition(count: Any) -> None:
    rows = events("1 09:00 Note a", "1 09:30 Note b", "1 11:00 Note c")
    log = {"steps": {"taken": {"where": {"step": "Note", "team": ["b", "c"]}}}}
    assert zones(count(helpdesk(rows, log, measure=spell("start", "taken"), limits=exactly("30 min"))), "c") == {
        "green": 1
    }


def test_giving_up_at_a_step(count: Any) -> None:
    rows = events("1 09:00 New x", "1 09:30 Close gone", "2 09:00 New x", "2 13:30 Close gone", "3 09:00 New gone")
    rule = {"where": {"team": "gone"}, "at": "closed", "counts": "by_elapsed"}
    criteria = {"c": {"measure": spell("start", "taken"), **HOURS, "abandoned": rule}}
    # half an hour, four and a half; the third gave up, nobody knows when
    assert zones(count(helpdesk(rows, criteria=criteria)), "c") == {"green": 1, "red": 1, "missing": 1}


@pytest.mark.parametrize(("as_of", "zone"), [("2026-01-19 09:30", "pending"), ("2026-01-19 09:31", "red")])
def test_working_time_of_open_cases(count: Any, as_of: str, zone: str) -> None:
    rows = events("1 2026-01-16T17:30 New")  # a Friday
    options = {"calendars": {"office": {"hours": {"mon-fri": "09:00-18:00"}}}, "as_of": as_of}
    call = helpdesk(
        rows,
        measure=spell("start", "taken", calendar="office"),
        limits={"yellow": "<= 1 h", "green": "<= 1 min"},
        **options,
    )
    assert zones(count(call), "c") == {zone: 1}


def test_complaints_by_the_book(count: Any) -> None:
    steps = {name: name for name in ("acknowledge", "apologise", "mend", "tell", "compensate")}
    clocks = dict.fromkeys(steps, "<= 24 h") | {"mend": "<= 7 d", "compensate": "<= 14 d"}
    criteria = {name: {"measure": spell("start", name), "green": limit} for name, limit in clocks.items()}
    criteria["compensate"]["applies"] = {"team": "damage"}
    criteria["book"] = {"measure": {"worst": list(steps)}}
    rows = events(
        "1 2026-01-01T09:00 come",
        *[f"1 2026-01-01T1{n}:00 {name}" for n, name in enumerate(["acknowledge", "apologise", "mend", "tell"])],
    )
    rows += events(
        "2 2026-01-01T09:00 come damage",
        "2 2026-01-01T10:00 acknowledge",
        "2 2026-01-01T10:00 apologise",
        "2 2026-01-01T11:00 tell",
    )
    rows += events("3 2026-01-01T09:00 come", "3 2026-01-01T10:00 acknowledge", "3 2026-01-01T11:00 tell")
    call = made(rows, {**LOG, "steps": steps, "ends": ["compensate"]}, criteria, as_of="2026-01-05")
    found = count(call)
    # 1: all done, nothing to make good; 2: mending is not due yet; 3: no apology within 24 h
    assert zones(found, "mend") == {"green": 1, "pending": 2}
    assert zones(found, "compensate") == {"not_applicable": 2, "pending": 1}
    assert zones(found, "book") == {"green": 1, "pending": 1, "red": 1}


@pytest.mark.parametrize(("as_of", "zone"), [("2026-01-15 12:59:59", "pending"), ("2026-01-15 13:00", "green")])
def test_cases_too_young(count: Any, as_of: str, zone: str) -> None:
    rows = events("1 09:00 New", "1 09:10 Take")
    assert zones(count(helpdesk(rows, as_of=as_of, matured=True, measure=spell("start", "taken"))), "c") == {zone: 1}


def test_cases_that_come_again(count: Any) -> None:
    rows = [
        {**one, "who": who}
        for one, who in zip(
            events("1 2026-01-01 New", "1 2026-01-09 Take", "2 2026-01-08 New", "3 2026-01-08 New"), "aaab", strict=True
        )
    ]
    criteria = {"c": {"measure": {"repeat": {"within": "7 d", "same": ["customer"]}}, "green": "<= 0"}}
    # the case of the 1st is followed by that of the 8th; its own later event is none
    assert zones(count(helpdesk(rows, {"customer": "who"}, criteria=criteria)), "c") == {"red": 1, "green": 2}
