"""The rules between the keys of a definition: fields that exist, units that fit, zones in their order.

In: a `Document` whose single keys are valid, and the plain data it was made of (a name that stands there but was itself
wrong is not reported a second time as unknown). Out: findings, each with the key path at which a person mends it. Here
are the rules of the document, its calendars and processes; those of a log and of a criterion have modules of their own.
"""

from __future__ import annotations

import re
from itertools import pairwise
from typing import TYPE_CHECKING, Any, Final

from svclight.definition.criterion_checks import NUMERIC, criterion_findings, value_unit, worst_findings
from svclight.definition.findings import (
    Finding,
    Path,
    Scope,
    names_at,
    raw_at,
    unknown_findings,
    zone_finding,
)
from svclight.definition.key_types import DAY_MINUTES, days_of, minutes_of
from svclight.definition.log_checks import TABLE_COLUMNS, log_findings
from svclight.errors import quoted_text
from svclight.values.public_holidays import holidays_problem

if TYPE_CHECKING:
    from collections.abc import Iterator

    from svclight.definition.models import Calendar, Document, Process

__all__ = ["NUMERIC", "TABLE_COLUMNS", "Finding", "Path", "check_document", "raw_at", "value_unit"]


NO_REVIEW: Final = "without `reviewed` no review is due", "reviewed: a date such as 2026-03-31"
"""What is wrong with a `review_every` alone, and what is expected."""


def check_document(document: Document, raw: Any) -> list[Finding]:
    """Every broken rule of a document, as findings in the order of its parts.

    Args:
        document: A document whose single keys are valid.
        raw: The plain data that it was made of: keys that were broken by themselves still stand there.
    """
    return [*_document_findings(document, raw)]


def _document_findings(document: Document, raw: Any) -> Iterator[Finding]:
    """Findings of a document, part by part."""
    yield from zone_finding(document.time_zone, ("time_zone",))
    if "review_every" in raw and "reviewed" not in raw:
        yield Finding(("review_every",), *NO_REVIEW)
    for name, calendar in document.calendars.items():
        yield from _calendar_findings(calendar, raw, ("calendars", name))
    if raw_at(raw, ("processes",)) == {}:
        yield Finding(("processes",), "there is no process", "at least one process", found="")
    for name, process in document.processes.items():
        path = ("processes", name)
        yield from _name_findings(name, path)
        yield from _process_findings(process, Scope(raw, path, process.log))
        yield from _circle_findings(name, document, path)


def _process_findings(process: Process, scope: Scope) -> Iterator[Finding]:
    """Findings of a process: its place among the others, its log and its criteria."""
    path = scope.path
    if process.part_of is not None:
        yield from unknown_findings("process", process.part_of, names_at(scope.raw, "processes"), (*path, "part_of"))
    if scope.names("criteria") and "log" not in scope.names():
        expected = "a key `log` that says where the interactions stand"
        yield Finding(path, "there are criteria, but no log", expected, found="")
    if process.log is not None:
        yield from log_findings(process.log, scope)
    for name, criterion in process.criteria.items():
        here = (*path, "criteria", name)
        yield from _name_findings(name, here)
        yield from criterion_findings(criterion, scope, here)
    yield from worst_findings(process, path)


def _circle_findings(start: str, document: Document, path: Path) -> Iterator[Finding]:
    """A finding where a process is, through others, a part of itself."""
    seen, at = [start], document.processes[start].part_of
    while at in document.processes and at not in seen:
        seen.append(at)
        at = document.processes[at].part_of
    if at == start:
        yield Finding((*path, "part_of"), "a process is a part of itself", hint=" -> ".join([*seen, start]))


def _name_findings(name: str, path: Path) -> Iterator[Finding]:
    """A finding where an id could not be written on the command line."""
    # a dot and an equals sign part names there: --log hotline=calls.csv, --criterion hotline.wait
    if name != name.strip() or not name.isprintable() or re.search(r"[.=]", name):
        expected = "a name without . and = and without blanks at its ends"
        yield Finding(path, "this name cannot be used", expected, found=quoted_text(name))


def _calendar_findings(calendar: Calendar, raw: Any, path: Path) -> Iterator[Finding]:
    """Findings of a calendar: hours that do not overlap, each day of the week once, known holidays."""
    yield from zone_finding(calendar.time_zone, (*path, "time_zone"))
    if not calendar.hours and not names_at(raw, *path, "hours"):  # days that are wrong are told by themselves
        yield Finding(
            (*path, "hours"), "there are no hours", 'at least one day such as mon-fri: "09:00-18:00"', found=""
        )
    seen: dict[str, str] = {}
    for days, spans in calendar.hours.items():
        yield from _overlap_findings(spans, (*path, "hours", days))
        first = next((seen[day] for day in days_of(days) if day in seen), None)
        if first is not None:
            yield Finding((*path, "hours", days), f"{quoted_text(days)} and {quoted_text(first)} share a day", found="")
        seen |= dict.fromkeys(days_of(days), days)
    yield from _holiday_findings(calendar, (*path, "holidays"))
    for day, spans in calendar.open.items():
        yield from _overlap_findings(spans, (*path, "open", str(day)))
        if day in calendar.closed:
            yield Finding((*path, "open", str(day)), "this day is `closed` as well", "one of the two", found="")


def _holiday_findings(calendar: Calendar, path: Path) -> Iterator[Finding]:
    spec = calendar.holidays
    problem = None if spec is None else holidays_problem(spec.country, spec.subdivision)
    if problem is not None:
        yield Finding((*path, problem.path), problem.message, problem.expected, problem.hint)


def _overlap_findings(spans: tuple[str, ...], path: Path) -> Iterator[Finding]:
    """A finding where two spans of a day overlap."""
    # a span over midnight belongs to the day on which it begins, and ends a day later
    ends = sorted((begin, end if end > begin else end + DAY_MINUTES) for begin, end in map(minutes_of, spans))
    if any(later[0] < earlier[1] for earlier, later in pairwise(ends)):
        yield Finding(path, "spans of one day overlap", "spans that follow each other")
