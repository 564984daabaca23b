"""The brute-force scorer against the worked examples of SEMANTICS, and the engine against the brute-force scorer."""

from __future__ import annotations

import warnings
from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings
from support.brute import brute_counts, brute_states
from support.strategies import COLUMNS, PROCESS, Case, cases, mentioned, to_frame, to_yaml

import svclight
from svclight.errors import SvclightNotice

Counts = dict[tuple[str, ...], int]


def by_brute_force(case: Case) -> Counts:
    return brute_counts(case.definition, PROCESS, case.rows, as_of=case.as_of, period=case.period, by=tuple(case.by))


def by_engine(case: Case) -> Counts:
    with warnings.catch_warnings():
        warnings.simplefilter("ignore", SvclightNotice)
        card = svclight.score(
            {PROCESS: to_frame(case.rows, case.columns)},
            svclight.loads(to_yaml(case.definition)),
            by=case.by,
            period=case.period,
            as_of=case.as_of,
            max_unread=1,
        )
    counts = card.counts
    keys = counts[["criterion", "period", *case.by, "zone"]].astype(object).fillna("").astype(str)
    return {tuple(key): count for key, count in zip(keys.to_numpy(), counts["count"], strict=True) if count}


@pytest.fixture(params=[by_brute_force, by_engine])
def count(request: pytest.FixtureRequest) -> Any:
    """Both routes must give the figures of every worked example."""

    def counted(
        rows: list[dict[str, object]],
        *,
        as_of: str | None = "2030-01-01",
        period: str = "month",
        by: tuple[str, ...] = (),
        zone: str = "UTC",
        log: dict[str, Any] | None = None,
        **criteria: dict[str, Any],
    ) -> Counts:
        case = made(rows, as_of=as_of, period=period, by=by, zone=zone, log=log, **criteria)
        return request.param(case)

    return counted


def made(
    rows: list[dict[str, object]],
    *,
    as_of: str | None = "2030-01-01",
    period: str = "month",
    by: tuple[str, ...] = (),
    zone: str = "UTC",
    log: dict[str, Any] | None = None,
    **criteria: dict[str, Any],
) -> Case:
    """A case with one anchor, `at`, where the rows do not say otherwise."""
    log = {"time": "called", "fields": {}, **(log or {})}
    log["fields"] = {"called": {"time": "at"}, **log["fields"]} if log["fields"] is not None else None
    process = {
        "title": "Desk",
        "log": {key: what for key, what in log.items() if what is not None},
        "criteria": {name: {"title": name, **what} for name, what in criteria.items()},
    }
    definition = {"svclight": 1, "title": "Example", "time_zone": zone, "processes": {PROCESS: process}}
    filled = [{"at": "2026-01-15 12:00", **row} for row in rows]
    columns = sorted({"at", *(set(COLUMNS) & mentioned(process)), *(column for row in filled for column in row)})
    return Case(definition, [{c: row.get(c) for c in columns} for row in filled], columns, as_of, list(by), period)


def zones(counts: Counts) -> dict[str, int]:
    """All periods and segments of the one criterion together."""
    found: dict[str, int] = {}
    for key, number in counts.items():
        found[key[-1]] = found.get(key[-1], 0) + number
    return found


WAIT = {"measure": {"value": "waited"}, "green": "<= 30 s", "yellow": "<= 1 min"}
WAITED = {"fields": {"waited": {"number": "wait", "unit": "s"}}}
LENGTH = {"measure": {"duration": {"from": "called", "to": "ended"}}, "green": "<= 30 s", "yellow": "<= 60 s"}
ENDED = {"fields": {"ended": {"time": "closed"}, "left": {"time": "gone"}}}
LATE = {"measure": {"delay": {"due": "due_at", "actual": "came"}}, "green": "<= 0 s", "yellow": "<= 1 d"}
DUE = {"fields": {"due_at": {"time": "promised"}, "came": {"time": "delivered"}}}


# --- section 1: counting ---------------------------------------------------------------------------------------------


def test_every_accepted_row_is_in_exactly_one_state(count: Any) -> None:
    rows = [{"wait": wait, "kind": "a"} for wait in ("10", "45", "90", "", "abc")] + [{"wait": "10", "kind": "x"}]
    rows += [{"wait": "10", "kind": "y"}]
    log = {**WAITED, "exclude": [{"where": {"kind": "x"}, "reason": "a test call"}]}
    counts = count(rows, log=log, wait={**WAIT, "applies": {"kind": {"not": "y"}}})
    # 1 green, 1 yellow, 1 red, 2 missing (empty and unreadable), 1 excluded, 1 not applicable: 7 rows
    assert zones(counts) == {"green": 1, "yellow": 1, "red": 1, "missing": 2, "excluded": 1, "not_applicable": 1}


def test_abandoned_is_asked_after_applies_and_before_missing(count: Any) -> None:
    rows = [{"wait": "", "outcome": "hang", "kind": kind} for kind in ("a", "b")]
    for counts, zone in (("red", "red"), ("excluded", "excluded"), ("by_elapsed", "missing")):
        rule = {"where": {"outcome": "hang"}, "counts": counts}
        found = count(rows, log=WAITED, wait={**WAIT, "applies": {"kind": "a"}, "abandoned": rule})
        assert zones(found) == {zone: 1, "not_applicable": 1}


def test_a_row_without_a_readable_anchor_stands_in_an_empty_period(count: Any) -> None:
    rows = [
        {"at": "", "wait": "10", "outcome": "agent"},
        {"at": "abc", "wait": "10", "outcome": "agent"},
        {"at": None, "wait": "10", "outcome": "hang"},
        {"at": "2026-01-31", "wait": "10", "outcome": "agent"},
    ]
    counts = count(rows, log=WAITED, wait={**WAIT, "abandoned": {"where": {"outcome": "hang"}}})
    # two have a value but no month to be held against; giving up is red without one
    assert counts == {("wait", "", "missing"): 2, ("wait", "", "red"): 1, ("wait", "2026-01", "green"): 1}


def test_a_delay_without_a_promise_stays_not_applicable(count: Any) -> None:
    rows = [{"promised": None, "delivered": "2026-01-03"}, {"promised": "abc", "delivered": "2026-01-03"}]
    counts = count(rows, log={**DUE, "time": "due_at"}, late=LATE)
    assert counts == {("late", "", "not_applicable"): 1, ("late", "", "missing"): 1}


@pytest.mark.parametrize(
    ("condition", "met"),
    [
        ({"kind": "a"}, 1),
        ({"kind": {"not": "a"}}, 1),  # b; the missing cell meets neither
        ({"kind": None}, 1),
        ({"not": {"kind": "a"}}, 2),  # plain negation: b and the missing cell
    ],
)
def test_a_missing_cell_meets_nothing_on_its_column(count: Any, condition: dict[str, Any], met: int) -> None:
    rows = [{"wait": "10", "kind": kind} for kind in ("a", "b", "?")]
    counts = count(rows, log={**WAITED, "missing": ["?"]}, wait={**WAIT, "applies": condition})
    assert zones(counts) == {"green": met, "not_applicable": 3 - met}


def test_rows_that_are_the_same_count_once(count: Any) -> None:
    rows = [{"id": "1", "wait": "10"}] * 3 + [{"id": "", "wait": "10"}] * 2
    # a row without id repeats none: 1 of the three and both of the two
    assert zones(count(rows, log={**WAITED, "id": "id"}, wait=WAIT)) == {"green": 3, "excluded": 2}


@pytest.mark.parametrize(("keep", "zone"), [("last", "red"), ("first", "green")])
def test_one_row_of_an_id_stays_and_ties_go_to_the_later_row(count: Any, keep: str, zone: str) -> None:
    ages = [("2026-01-15", "45"), ("2026-01-15", "10"), ("2026-01-16", "45"), ("2026-01-16", "90")]
    rows = [{"id": "1", "stamp": stamp, "wait": wait} for stamp, wait in ages]
    fields = {**WAITED["fields"], "stamped": {"time": "stamp"}}
    log = {"fields": fields, "id": "id", "repeated_ids": {"keep": keep, "by": "stamped"}}
    # first: 10 s, the later of the two of the 15th; last: 90 s, the later of the two of the 16th
    assert zones(count(rows, log=log, wait=WAIT)) == {zone: 1, "excluded": 3}


def test_a_version_from_the_future_is_not_begun(count: Any) -> None:
    rows = [{"id": "1", "stamp": f"2026-01-{day}", "wait": wait} for day, wait in (("16", "10"), ("20", "90"))]
    fields = {**WAITED["fields"], "stamped": {"time": "stamp"}}
    log = {"fields": fields, "id": "id", "repeated_ids": {"keep": "last", "by": "stamped"}}
    assert zones(count(rows, as_of="2026-01-18", log=log, wait=WAIT)) == {"green": 1, "excluded": 1}


def test_totals_add_counts(count: Any) -> None:
    rows = [{"wait": "10" if n < 90 else "90", "kind": "hotline"} for n in range(100)]
    rows += [{"wait": "10" if n < 5 else "90", "kind": "chat"} for n in range(20)]
    counts = count(rows, by=("kind",), log={**WAITED, "segments": ["kind"]}, wait=WAIT)
    assert counts["wait", "2026-01", "hotline", "green"] == 90
    assert counts["wait", "2026-01", "chat", "green"] == 5
    total = zones(counts)
    # (90 + 5) / (100 + 20) = 0.7917, not the mean of 90 % and 25 %
    assert round(total["green"] / (total["green"] + total["red"]), 4) == 0.7917


def test_values_are_compared_before_any_rounding(count: Any) -> None:
    assert zones(count([{"wait": "30.4"}], log=WAITED, wait=WAIT)) == {"yellow": 1}


def test_an_empty_log_counts_nothing(count: Any) -> None:
    assert count([], log=WAITED, wait=WAIT) == {}


# --- section 2: zones ------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("wait", "zone"),
    [("30", "green"), ("30.001", "yellow"), ("60", "yellow"), ("60.001", "red"), ("-1", "missing"), ("inf", "missing")],
)
def test_limits_say_which_side_they_take(count: Any, wait: str, zone: str) -> None:
    assert zones(count([{"wait": wait}], log=WAITED, wait=WAIT)) == {zone: 1}


@pytest.mark.parametrize(("wait", "zone"), [("29.999", "green"), ("30", "yellow"), ("60", "red")])
def test_a_strict_limit_does_not_include_itself(count: Any, wait: str, zone: str) -> None:
    assert zones(count([{"wait": wait}], log=WAITED, wait={**WAIT, "green": "< 30 s", "yellow": "< 60 s"})) == {zone: 1}


@pytest.mark.parametrize(
    ("wait", "zone"),
    [
        ("180", "green"),  # 3 min
        ("179.9", "yellow"),
        ("120", "yellow"),  # 2 min
        ("119", "red"),
        ("600", "yellow"),  # 10 min
        ("601", "red"),
    ],
)
def test_a_band_includes_both_ends(count: Any, wait: str, zone: str) -> None:
    band = {"measure": {"value": "waited"}, "green": "3 .. 7 min", "yellow": "2 min .. 10 min"}
    assert zones(count([{"wait": wait}], log=WAITED, wait=band)) == {zone: 1}


def test_limits_are_exact_decimals(count: Any) -> None:
    rows = [{"wait": wait} for wait in ("3960", "3960.001")]
    # 1.1 h = 1.1 x 3600 s = 3960 s
    assert zones(count(rows, log=WAITED, wait={**WAIT, "green": "<= 1.1 h", "yellow": "<= 2 h"})) == {
        "green": 1,
        "yellow": 1,
    }


def test_limits_by_segment_and_date(count: Any) -> None:
    rows = [
        {"at": at, "wait": "45", "kind": kind} for at in ("2025-12-31 23:30", "2026-01-01") for kind in ("a", "b", "")
    ]
    thresholds = [
        {"where": {"kind": "a"}, "green": "<= 60 s"},
        {"until": "2026-01-01", "green": "<= 30 s", "yellow": "<= 60 s"},
        {"from": "2026-01-01", "green": "<= 10 s", "yellow": "<= 30 s"},
    ]
    counts = count(rows, log=WAITED, wait={"measure": {"value": "waited"}, "thresholds": thresholds})
    # a is green in both months; the others, the missing segment too, go by the date: until is not included
    assert counts == {
        ("wait", "2025-12", "green"): 1,
        ("wait", "2025-12", "yellow"): 2,
        ("wait", "2026-01", "green"): 1,
        ("wait", "2026-01", "red"): 2,
    }


def test_a_category_named_in_no_list_is_missing(count: Any) -> None:
    rows = [{"answer": answer} for answer in ("a", "b", "c", "d", "A", "")]
    what = {"measure": {"category": "said"}, "green": ["a"], "yellow": ["b"], "red": ["c"]}
    counts = count(rows, log={"fields": {"said": {"text": "answer"}}}, said=what)
    assert zones(counts) == {"green": 1, "yellow": 1, "red": 1, "missing": 3}


def test_values_outside_scale_or_not_whole_are_missing(count: Any) -> None:
    rows = [{"score": score} for score in ("1", "5", "0.9", "5.1", "6", "4.0", "4.5", "3")]
    what = {"measure": {"value": "stars"}, "scale": [1, 5], "whole": True, "green": ">= 4", "yellow": ">= 3"}
    counts = count(rows, log={"fields": {"stars": {"number": "score"}}}, stars=what)
    # 5 and 4.0 green, 3 yellow, 1 red; 0.9, 5.1 and 6 are off the scale, 4.5 is not whole
    assert zones(counts) == {"green": 2, "yellow": 1, "red": 1, "missing": 4}


def test_a_duration_below_0_is_missing_and_a_delay_below_0_is_early(count: Any) -> None:
    rows = [{"closed": "2026-01-15 11:59:59"}]
    assert zones(count(rows, log=ENDED, length=LENGTH)) == {"missing": 1}
    rows = [{"promised": "2026-01-15", "delivered": "2026-01-14"}]
    assert zones(count(rows, log=DUE, late=LATE)) == {"green": 1}


def test_a_flag(count: Any) -> None:
    rows = [{"ok": cell} for cell in ("true", "NO", "1", "0", "Yes", "maybe", "")]
    counts = count(
        rows, log={"fields": {"solved": {"flag": "ok"}}}, solved={"measure": {"flag": "solved"}, "green": True}
    )
    assert zones(counts) == {"green": 3, "red": 2, "missing": 2}


@pytest.mark.parametrize(
    ("parts", "zone"),
    [
        (("10", "45"), "yellow"),
        (("10", "90"), "red"),
        (("", "90"), "red"),  # red before missing
        (("", "45"), "missing"),  # missing before yellow
        (("10", "x"), "green"),  # what does not apply is left out
        (("x", "x"), "not_applicable"),
    ],
)
def test_the_worst_of_some_criteria(count: Any, parts: tuple[str, str], zone: str) -> None:
    log = {"fields": {name: {"number": name, "unit": "s"} for name in ("one", "two")}}
    criteria = {
        f"c_{name}": {**WAIT, "measure": {"value": name}, "applies": {f"{name}_asked": "yes"}}
        for name in ("one", "two")
    }
    row = dict(zip(("one", "two"), parts, strict=True))
    row |= {f"{name}_asked": "no" if cell == "x" else "yes" for name, cell in row.items()}
    counts = count([row], log=log, **criteria, book={"measure": {"worst": ["c_one", "c_two"]}})
    assert counts["book", "2026-01", zone] == 1


# --- section 3: unfinished interactions -------------------------------------------------------------------------------


def test_open_tickets_count_as_soon_as_their_zone_is_certain(count: Any) -> None:
    # at the 15th, 12:00: six closed after 10 h, one after 30 h, three open for 40, 50 and 5 h
    opened = [("2026-01-01 00:00", "2026-01-01 10:00")] * 6 + [("2026-01-01 00:00", "2026-01-02 06:00")]
    opened += [("2026-01-13 20:00", ""), ("2026-01-13 10:00", "?"), ("2026-01-15 07:00", "2026-01-16 07:00")]
    rows = [{"at": at, "closed": closed} for at, closed in opened]
    what = {"measure": {"duration": {"from": "called", "to": "ended"}}, "green": "<= 24 h"}
    counts = zones(count(rows, as_of="2026-01-15 12:00", log={**ENDED, "missing": ["?"]}, length=what))
    # 6 of 9 rated are in time (66.7 %), 1 is pending
    assert counts == {"green": 6, "red": 3, "pending": 1}
    assert round(counts["green"] / 9, 3) == 0.667


@pytest.mark.parametrize(
    ("as_of", "zone"),
    [("12:00:30", "pending"), ("12:00:45", "pending"), ("12:01:00", "pending"), ("12:01:00.001", "red")],
)
def test_elapsed_over_yellow_is_red_now_and_less_is_pending(count: Any, as_of: str, zone: str) -> None:
    assert zones(count([{"closed": ""}], as_of=f"2026-01-15 {as_of}", log=ENDED, length=LENGTH)) == {zone: 1}


def test_where_longer_is_better_green_is_certain_early(count: Any) -> None:
    what = {**LENGTH, "green": ">= 60 s", "yellow": ">= 30 s"}
    for as_of, zone in (("12:00:59", "pending"), ("12:01:00", "green")):
        assert zones(count([{"closed": ""}], as_of=f"2026-01-15 {as_of}", log=ENDED, length=what)) == {zone: 1}


def test_an_unreadable_end_is_missing_and_so_is_an_empty_start(count: Any) -> None:
    rows = [{"closed": "abc"}, {"start": "", "closed": "2026-01-15 12:00"}]
    rows = [{"start": "2026-01-15 12:00", **row} for row in rows]
    fields = {**ENDED["fields"], "started": {"time": "start"}}
    what = {**LENGTH, "measure": {"duration": {"from": "started", "to": "ended"}}}
    assert zones(count(rows, log={"fields": fields}, length=what)) == {"missing": 2}


def test_a_time_equal_to_as_of_has_happened_and_a_later_one_has_not(count: Any) -> None:
    rows = [{"closed": "2026-01-15 12:00:20"}]
    for as_of, zone in (("12:00:20", "green"), ("12:00:19", "pending")):
        assert zones(count(rows, as_of=f"2026-01-15 {as_of}", log=ENDED, length=LENGTH)) == {zone: 1}


def test_as_of_is_read_in_the_zone_of_the_document(count: Any) -> None:
    rows = [{"at": "2026-02-01 00:00"}, {"at": "2026-02-01 00:00:01"}]
    what = {"measure": {"value": "waited"}, "green": "<= 30 s"}
    for as_of in ("2026-02-01", "2026-02-01 00:00", "2026-01-31T23:00Z"):
        counts = count([{**row, "wait": "1"} for row in rows], as_of=as_of, zone="Europe/Berlin", log=WAITED, wait=what)
        assert zones(counts) == {"green": 1, "excluded": 1}


def test_as_of_is_the_newest_time_where_it_is_not_given(count: Any) -> None:
    rows = [{"closed": ""}, {"closed": "2026-01-15 12:00:45"}]
    assert zones(count(rows, as_of=None, log=ENDED, length=LENGTH)) == {"pending": 1, "yellow": 1}
    rows = [{"closed": ""}, {"closed": "2026-01-15 12:01:01"}]
    assert zones(count(rows, as_of=None, log=ENDED, length=LENGTH)) == {"red": 2}


def test_a_promise_does_not_say_what_time_it_is(count: Any) -> None:
    rows = [
        {"promised": "2026-01-10", "delivered": "2026-01-09"},
        {"promised": "2026-01-08", "delivered": ""},
        {"promised": "2026-03-01", "delivered": None},
    ]
    counts = count(rows, as_of=None, log={**DUE, "time": "due_at"}, late=LATE)
    # as_of is the 9th: the second is late by a day and can still be yellow, the third is begun and due in March
    assert counts == {
        ("late", "2026-01", "green"): 1,
        ("late", "2026-01", "pending"): 1,
        ("late", "2026-03", "pending"): 1,
    }


def test_a_row_that_begins_after_as_of_is_excluded(count: Any) -> None:
    rows = [{"placed": placed, "promised": "2026-01-20", "delivered": ""} for placed in ("2026-01-15", "2026-01-17")]
    log = {"fields": {**DUE["fields"], "ordered": {"time": "placed"}}, "time": "due_at", "begins": "ordered"}
    assert zones(count(rows, as_of="2026-01-16", log=log, late=LATE)) == {"pending": 1, "excluded": 1}


def calls() -> list[dict[str, object]]:
    """1000 answered, 860 of them within 20 s; 60 given up, 20 of them within 20 s, 10 of these within 5 s."""
    waits = [("agent", "20")] * 860 + [("agent", "20.5")] * 140
    waits += [("hang", "5")] * 10 + [("hang", "20")] * 10 + [("hang", "21")] * 40
    return [{"outcome": outcome, "wait": wait} for outcome, wait in waits]


@pytest.mark.parametrize(
    ("counts", "green", "rated"),
    [
        ("red", 860, 1060),  # 81.13 %
        ({"excluded_within": "5 s"}, 860, 1050),  # 81.90 %: the 10 short ones leave
        ({"excluded_within": "green"}, 860, 1040),  # 82.69 %: the 20 within green leave
        ("by_elapsed", 880, 1060),  # 83.02 %: the 20 within green are green
        ("excluded", 860, 1000),  # 86.00 %
    ],
)
def test_the_five_ways_to_count_an_abandoned_call(count: Any, counts: Any, green: int, rated: int) -> None:
    rule = {"where": {"outcome": "hang"}, "counts": counts}
    found = zones(
        count(calls(), log=WAITED, wait={"measure": {"value": "waited"}, "green": "<= 20 s", "abandoned": rule})
    )
    assert found["green"] == green
    assert found["green"] + found["red"] == rated
    assert sum(found.values()) == 1060


def test_giving_up_by_its_own_time(count: Any) -> None:
    rows = [
        {"outcome": "hang", "gone": "2026-01-15 12:00:30", "closed": "2026-01-15 12:05"},
        {"outcome": "hang", "gone": "2026-01-15 12:00:31", "closed": ""},
        {"outcome": "agent", "gone": "", "closed": "2026-01-15 12:01:01"},
    ]
    for counts, expected in (
        ("by_elapsed", {"green": 1, "yellow": 1, "red": 1}),
        ({"excluded_within": "30 s"}, {"excluded": 1, "red": 2}),
    ):
        rule = {"where": {"outcome": "hang"}, "at": "left", "counts": counts}
        assert zones(count(rows, log=ENDED, length={**LENGTH, "abandoned": rule})) == expected


@pytest.mark.parametrize(
    ("within", "as_of", "zone"),
    [
        ("10 s", "12:00:20", "red"),  # over 10 s already: never excluded, and what is not is red
        ("10 s", "12:00:10", "pending"),
        ("1 h", "12:02", "pending"),  # over the criterion's yellow, yet it may still leave within the hour
        ("1 h", "13:00:01", "red"),
        ("green", "12:00:40", "red"),  # over green: never excluded, though yellow is open
        ("green", "12:00:20", "pending"),
    ],
)
def test_giving_up_without_an_end_is_certain_by_the_limit_that_excludes(
    count: Any, within: str, as_of: str, zone: str
) -> None:
    rows = [{"at": "2026-01-15", "promised": "2026-01-15 12:00", "delivered": "", "outcome": "hang"}]
    rule = {"where": {"outcome": "hang"}, "counts": {"excluded_within": within}}
    what = {**LATE, "green": "<= 30 s", "yellow": "<= 60 s", "abandoned": rule}
    assert zones(count(rows, as_of=f"2026-01-15 {as_of}", log=DUE, late=what)) == {zone: 1}


# --- section 4: clocks -----------------------------------------------------------------------------------------------


@pytest.mark.parametrize(("zone", "month"), [("Europe/Moscow", "2026-02"), ("Europe/Berlin", "2026-01")])
def test_the_month_is_cut_in_the_zone_of_the_document(count: Any, zone: str, month: str) -> None:
    # 21:30 UTC is 00:30 of the next day in Moscow and 22:30 of the same in Berlin
    counts = count([{"at": "2026-01-31T21:30Z", "wait": "1"}], zone=zone, log=WAITED, wait=WAIT)
    assert counts == {("wait", month, "green"): 1}


@pytest.mark.parametrize(
    ("period", "label"),
    [("day", "2027-01-03"), ("week", "2026-W53"), ("month", "2027-01"), ("quarter", "2027-Q1"), ("year", "2027")],
)
def test_periods(count: Any, period: str, label: str) -> None:
    assert count([{"at": "2027-01-03", "wait": "1"}], period=period, log=WAITED, wait=WAIT) == {
        ("wait", label, "green"): 1
    }


@pytest.mark.parametrize(
    ("day", "hours"),
    [("2026-03-29", 1), ("2026-10-25", 3), ("2026-06-15", 2)],
)
def test_durations_are_between_instants(count: Any, day: str, hours: int) -> None:
    # 01:30 to 03:30 on the wall: the clock jumps over one hour in March and shows one twice in October
    rows = [{"at": f"{day} 01:30", "closed": f"{day} 03:30"}]
    exact = {**LENGTH, "green": f"{hours} h .. {hours} h", "yellow": "0 h .. 4 h"}
    assert zones(count(rows, zone="Europe/Berlin", log=ENDED, length=exact)) == {"green": 1}


@pytest.mark.parametrize(
    ("day", "closed", "earlier", "later"),
    [
        ("2026-10-25", "02:30", "yellow", "red"),  # twice: 01:30 + 1 h or + 2 h
        ("2026-03-29", "02:30", "green", "yellow"),  # not at all: as summer time 00:30 UTC, as winter time 01:30 UTC
    ],
)
def test_a_time_in_the_changing_hour(count: Any, day: str, closed: str, earlier: str, later: str) -> None:
    rows = [{"at": f"{day} 01:30", "closed": f"{day} {closed}"}]
    what = {**LENGTH, "green": "<= 30 min", "yellow": "<= 90 min"}
    for change, zone in ((None, "missing"), ("earlier", earlier), ("later", later)):
        ended = {"time": "closed", **({"clock_change": change} if change else {})}
        counts = count(rows, zone="Europe/Berlin", log={"fields": {"ended": ended}}, length=what)
        assert counts == {("length", day[:7], zone): 1}


def test_a_time_in_the_changing_hour_keeps_its_written_date(count: Any) -> None:
    rows = [{"promised": "2026-10-24 12:00", "delivered": "2026-10-25 02:30"}]
    what = {"measure": {"delay": {"due": "due_at", "actual": "came", "by": "date"}}, "green": "1 d .. 1 d"}
    counts = count(rows, period="day", zone="Europe/Berlin", log=DUE, late={**what, "time": "came"})
    assert counts == {("late", "2026-10-25", "green"): 1}


def test_offsets_win_over_the_declared_zone(count: Any) -> None:
    ends = ("2026-01-15T12:00:30", "2026-01-15T13:00:30+02:00", "2026-01-15 06:00:30-05:00", "2026-01-15T11:00:30Z")
    rows = [{"closed": end} for end in ends]  # noon in Berlin is 11:00 UTC; each end is half a minute later
    assert zones(count(rows, zone="Europe/Berlin", log=ENDED, length=LENGTH)) == {"green": 4}


def test_by_date_a_promise_is_kept_until_its_day_ends(count: Any) -> None:
    rows = [{"promised": "2026-01-21", "delivered": delivered} for delivered in ("2026-01-21 23:59:59", "2026-01-22")]
    what = {"measure": {"delay": {"due": "due_at", "actual": "came", "by": "date"}}, "green": "<= 0 d"}
    assert zones(count(rows, log=DUE, late=what)) == {"green": 1, "red": 1}
    what["measure"]["delay"].pop("by")
    assert zones(count(rows, log=DUE, late=what)) == {"red": 2}


# --- weights, and reasons ----------------------------------------------------------------------------------------------


def test_a_weight_is_a_whole_number_and_other_rows_are_rejected(count: Any) -> None:
    rows = [{"wait": "10", "n": n} for n in ("3", "2.0", "0", "1.5", "-1", "", "abc", None)]
    # 3 + 2 + 0; the other five rows are no interactions
    assert zones(count(rows, log={**WAITED, "weight": "n"}, wait=WAIT)) == {"green": 5}


def test_brute_force_says_why() -> None:
    rows = [{"wait": "10"}, {"wait": ""}, {"wait": "abc"}, {"wait": "-5"}]
    case = made(rows, log=WAITED, wait=WAIT)
    assert brute_states(case.definition, PROCESS, case.rows, as_of=case.as_of) == [
        {"wait": ("green", "measured")},
        {"wait": ("missing", "empty")},
        {"wait": ("missing", "unreadable")},
        {"wait": ("missing", "below 0")},
    ]


# --- one criterion knows nothing of another --------------------------------------------------------------------------


def test_the_lists_of_two_criteria_over_one_column_stay_apart(count: Any) -> None:
    said = {"measure": {"category": "said"}, "green": ["a"], "red": ["c"]}
    criteria = {"two": {**said, "applies": {"kind": "x"}}, "three": {**said, "yellow": ["b"]}}
    for _ in range(10):  # what is remembered of one criterion may only now and then reach the other
        counts = count([{"answer": "b", "kind": "y"}], log={"fields": {"said": {"text": "answer"}}}, **criteria)
        assert counts == {("two", "2026-01", "not_applicable"): 1, ("three", "2026-01", "yellow"): 1}


@pytest.mark.parametrize("turned", [False, True])
def test_true_and_1_are_different_questions(count: Any, turned: bool) -> None:
    rows = [{"ok": cell, "wait": "10"} for cell in ("yes", "true", "1")]
    asked = {"flag": {"ok": True}, "number": {"ok": 1}}
    names = sorted(asked, reverse=turned)
    counts = count(rows, log=WAITED, **{name: {**WAIT, "applies": asked[name]} for name in names})
    # as a flag all three are true, as a number only one cell is 1
    assert (counts["flag", "2026-01", "green"], counts["number", "2026-01", "green"]) == (3, 1)


@pytest.mark.parametrize("declared", [True, False])
def test_a_version_from_the_future_is_not_begun_in_a_log_without_fields(count: Any, declared: bool) -> None:
    rows = [{"id": "1", "stamp": f"2026-01-{day}", "score": score} for day, score in (("16", "5"), ("20", "1"))]
    log: dict[str, Any] = {"time": "at", "id": "id", "repeated_ids": {"keep": "last", "by": "stamp"}}
    log["fields"] = {"score": {"number": "score"}, "stamp": {"time": "stamp"}} if declared else None
    counts = count(rows, as_of="2026-01-18", log=log, stars={"measure": {"value": "score"}, "green": ">= 4"})
    assert zones(counts) == {"green": 1, "excluded": 1}


# --- generated definitions and logs ----------------------------------------------------------------------------------


@settings(deadline=None, suppress_health_check=[HealthCheck.too_slow, HealthCheck.data_too_large])
@given(case=cases())
def test_engine_agrees_with_brute_force(case: Case) -> None:
    assert by_engine(case) == by_brute_force(case)
