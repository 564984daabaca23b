"""The example of the definition format loads as it stands, and every line of it means what it says."""

from __future__ import annotations

import datetime as dt
from fractions import Fraction

import pytest
from support.places import DATA

from svclight.definition.conditions import All, AnyOf
from svclight.definition.conditions import Test as Given
from svclight.definition.models import Criterion, LastStep, Log
from svclight.processes import Definitions, load
from svclight.thresholds import Interval

EXAMPLE = DATA / "format.yaml"


@pytest.fixture(scope="module")
def definitions() -> Definitions:
    return load(EXAMPLE)


def criterion(definitions: Definitions, process: str, name: str) -> Criterion:
    return definitions.processes[process].criteria[name]


def log(definitions: Definitions, process: str) -> Log:
    found = definitions.processes[process].log
    assert found is not None
    return found


def limits(found: Criterion) -> list[tuple[str, str]]:
    return [(str(row.green), str(row.yellow)) for row in found.rows]


def test_document(definitions: Definitions) -> None:
    document = definitions.document
    assert (document.svclight, document.title, document.owner) == (1, "Bank customer service", "Service quality team")
    assert (document.version, document.time_zone, document.currency) == ("2026.1", "Asia/Jerusalem", "EUR")
    assert list(definitions.processes) == ["support", "hotline", "delivery", "helpdesk"]


def test_calendar(definitions: Definitions) -> None:
    office = definitions.document.calendars["office"]
    assert office.hours == {"sun-thu": ("07:00-24:00",), "fri": ("07:00-14:00",), "sat": ("20:00-24:00",)}
    assert office.holidays is not None
    assert office.holidays.country == "IL"
    assert office.closed == (dt.date(1999, 4, 21),)


def test_heading_and_parts(definitions: Definitions) -> None:
    support, hotline = definitions.processes["support"], definitions.processes["hotline"]
    assert (support.title, support.log, support.criteria) == ("Customer support", None, {})
    assert (hotline.title, hotline.part_of) == ("Support by hotline", "support")
    assert [(step.step, step.actor) for step in hotline.scenario] == [
        ("call", "customer"), ("queue", "system"), ("answer", "employee"), ("solve", "employee"),
    ]  # fmt: skip
    assert hotline.scenario[3].action == "solves the question or passes it on"


def test_log_of_the_hotline(definitions: Definitions) -> None:
    found = log(definitions, "hotline")
    assert (found.rows, found.id, found.time, found.customer) == (
        "interactions", ("date", "vru+line", "call_id"), "called_at", "who",
    )  # fmt: skip
    assert (found.segments, found.missing) == (("type", "priority", "server"), ("?",))
    assert (found.read.delimiter, found.read.encoding) == ("\t", "utf-8")
    assert [(rule.where, rule.reason) for rule in found.exclude] == [
        (Given("outcome", ("PHANTOM",)), "not a real call"),
    ]  # fmt: skip
    assert found.repeated_ids is not None
    assert (found.repeated_ids.keep, found.repeated_ids.by) == ("last", "called_at")


def test_fields_of_the_hotline(definitions: Definitions) -> None:
    fields = log(definitions, "hotline").fields or {}
    assert [(name, spec.kind, spec.columns) for name, spec in fields.items()] == [
        ("called_at", "time", ("date", "vru_entry")),
        ("who", "text", ("customer_id",)),
        ("waited", "number", ("q_time",)),
        ("talked", "number", ("ser_time",)),
        ("weekday", "part", ()),
    ]
    assert fields["called_at"].format == ("%y%m%d %H:%M:%S",)
    assert fields["who"].missing == ("0",)
    assert fields["waited"].unit == "s"
    assert (fields["weekday"].part, fields["weekday"].of) == ("weekday", "called_at")


def test_waiting_time(definitions: Definitions) -> None:
    wait = criterion(definitions, "hotline", "wait")
    assert definitions.title("hotline", "wait") == "Waiting time before an employee answers"
    assert (wait.measure.kind, wait.measure.spec) == ("value", "waited")
    assert wait.applies == AnyOf((Given("outcome", ("AGENT",)), Given("q_start", ("0:00:00",), negated=True)))
    assert limits(wait) == [("<= 30 s", "<= 1 min")]
    assert wait.abandoned is not None
    assert (wait.abandoned.where, wait.abandoned.counts) == (Given("outcome", ("HANG",)), "red")
    assert [(str(t.green), str(t.red), t.min_rated) for t in wait.targets] == [(">= 80 %", "<= 5 %", 30)]
    assert wait.accepted is not None
    assert (str(wait.accepted.red), wait.accepted.until) == ("<= 12 %", dt.date(1999, 6, 30))
    assert (wait.accepted.reason, wait.accepted.ticket) == ("new switchboard in June", "OPS-12")
    assert [(change.at, change.reason) for change in wait.changes] == [(dt.date(1999, 6, 15), "new switchboard")]
    assert wait.cost is not None
    assert (wait.cost.red, wait.cost.yellow) == (12.5, None)


def test_a_band(definitions: Definitions) -> None:
    assert limits(criterion(definitions, "hotline", "talk")) == [("3 min .. 7 min", "2 min .. 10 min")]


def test_dated_limits_by_segment(definitions: Definitions) -> None:
    lateness = criterion(definitions, "delivery", "lateness")
    assert lateness.measure.delay is not None
    assert (lateness.measure.delay.due, lateness.measure.delay.actual) == ("promised_at", "delivered_at")
    assert lateness.measure.delay.by == "date"
    day = dt.date(2018, 1, 1)
    assert [(row.from_, row.until, row.where) for row in lateness.rows] == [
        (None, day, None), (day, None, Given("state", ("SP",))), (day, None, None),
    ]  # fmt: skip
    assert limits(lateness) == [("<= 0 d", "<= 3 d"), ("<= 0 d", "<= 1 d"), ("<= 0 d", "<= 2 d")]


def test_higher_is_better(definitions: Definitions) -> None:
    found = criterion(definitions, "delivery", "satisfaction")
    assert (found.scale, found.whole) == ((1, 5), True)
    assert isinstance(found.green, Interval)
    assert found.green.direction == "higher is better"


def test_event_log(definitions: Definitions) -> None:
    found = log(definitions, "helpdesk")
    assert (found.rows, found.id, found.step, found.time) == ("events", ("Case ID",), "Activity", "at")
    assert found.steps == {"taken": ("Take in charge ticket",), "solved": ("Resolve ticket",)}
    assert (found.ends, found.repeated_rows) == (("solved",), "drop")
    first = criterion(definitions, "helpdesk", "first_response")
    assert first.measure.duration is not None
    assert (first.measure.duration.from_, first.measure.duration.to) == ("start", "taken")
    assert first.measure.duration.calendar == "office"
    assert [(end.amount, end.dimension) for row in first.rows for end in row.green.ends] == [(Fraction(1), "bd")]
    overs = criterion(definitions, "helpdesk", "hand_overs")
    assert overs.measure.count is not None
    assert (overs.measure.count.step, overs.measure.count.distinct) == ("taken", "Resource")


def test_places_of_keys(definitions: Definitions) -> None:
    assert definitions.places["processes", "hotline", "criteria", "wait"].line == 39
    issue = definitions.issue(("processes", "hotline", "criteria", "wait", "green"), "look here")
    assert str(issue) == f"{EXAMPLE}:43: processes.hotline.criteria.wait.green: look here"


def test_criteria_in_their_order(definitions: Definitions) -> None:
    assert [(process, name) for process, name, _ in definitions.criteria()] == [
        ("hotline", "wait"), ("hotline", "talk"), ("delivery", "lateness"), ("delivery", "satisfaction"),
        ("helpdesk", "first_response"), ("helpdesk", "hand_overs"),
    ]  # fmt: skip
    assert definitions.title("delivery", "lateness") == "lateness"
    assert definitions.title("delivery") == "Delivery"
    assert not isinstance(definitions.processes["helpdesk"].criteria["first_response"].measure.spec.to, LastStep)
    assert not isinstance(criterion(definitions, "hotline", "wait").applies, All)
