"""Definitions in words: the service standard that a team can hang on the wall.

In: `Definitions`. Out: Markdown: each process with its steps, and for each criterion what is measured, when the customer is
satisfied, neutral and dissatisfied, what becomes of abandoned and unfinished interactions, and what is aimed at.
"""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, Any

from svclight.errors import printable
from svclight.models import LastStep, Within
from svclight.thresholds import ZONES, Interval

if TYPE_CHECKING:
    from collections.abc import Iterator

    from svclight.models import Abandoned, Calendar, Criterion, Log, Measure, Process, Target, ThresholdRow
    from svclight.processes import Definitions

_COUNTS = {
    "red": "counts as dissatisfied, whatever was waited",
    "by_elapsed": "counts by the time until the customer gave up",
    "excluded": "is left out",
}


def describe(definitions: Definitions) -> str:
    """The definitions as Markdown, in their order, parts after the process they belong to."""
    document = definitions.document
    lines = [f"# {_text(document.title or 'Service standard')}", ""]
    if document.description:
        lines += [_text(document.description), ""]
    facts = (("Owner", document.owner), ("Version", document.version), ("Time zone", document.time_zone))
    lines += [" · ".join(f"{name}: {_text(value)}" for name, value in facts if value), ""]
    for process_id in _in_order(definitions):
        lines += _process(process_id, definitions)
    for name, calendar in document.calendars.items():
        lines += _calendar(name, calendar)
    return "\n".join(lines).rstrip() + "\n"


def _text(value: object) -> str:
    """Text of a definition as text of Markdown."""
    plain = printable(str(value).replace("\n", " ").strip(), 2000)
    plain = re.sub(r"([\\`*\[\]|])|(?<!\w)_|_(?!\w)", lambda mark: "\\" + mark[0], plain.replace("<", "&lt;"))
    return plain


def _in_order(definitions: Definitions) -> Iterator[str]:
    """Processes, each followed by its parts."""

    def below(parent: str | None) -> Iterator[str]:
        for name, process in definitions.processes.items():
            if process.part_of == parent:
                yield name
                yield from below(name)

    yield from below(None)


def _depth(process_id: str, definitions: Definitions) -> int:
    parent = definitions.processes[process_id].part_of
    return 0 if parent is None else 1 + _depth(parent, definitions)


def _process(process_id: str, definitions: Definitions) -> Iterator[str]:
    process = definitions.processes[process_id]
    depth = min(2 + _depth(process_id, definitions), 5)
    yield f"{'#' * depth} {_text(process.title)}"
    yield ""
    if process.description:
        yield _text(process.description)
        yield ""
    yield from _scenario(process)
    if process.log is not None and process.log.exclude:
        for rule in process.log.exclude:
            yield f"Left out: {_text(rule.reason)} ({_text(rule.where)})."
        yield ""
    for name, criterion in process.criteria.items():
        yield from _criterion(name, criterion, process, depth + 1)


def _scenario(process: Process) -> Iterator[str]:
    for number, step in enumerate(process.scenario, 1):
        actor = f"{_text(step.actor)} " if step.actor else ""
        yield f"{number}. **{_text(step.step)}**: {actor}{_text(step.action or '')}".rstrip(": ")
    if process.scenario:
        yield ""


def _criterion(name: str, criterion: Criterion, process: Process, depth: int) -> Iterator[str]:
    yield f"{'#' * depth} {_text(criterion.title or name)}"
    yield ""
    if criterion.description:
        yield _text(criterion.description)
        yield ""
    yield f"Measured is {_measured(criterion.measure, process)}."
    if criterion.applies is not None:
        yield f"Only where {_text(criterion.applies)}."
    yield ""
    yield from _limits(criterion)
    details = list(_details(criterion))
    yield from details
    if details:
        yield ""


def _details(criterion: Criterion) -> Iterator[str]:
    if criterion.scale is not None:
        low, high = (f"{end:g}" for end in criterion.scale)
        yield f"- Possible: {'whole numbers ' if criterion.whole else ''}from {low} to {high}; anything else counts as missing."
    elif criterion.whole:
        yield "- Possible: whole numbers; anything else counts as missing."
    if criterion.abandoned is not None:
        yield f"- Given up by the customer ({_text(criterion.abandoned.where)}): {_abandoned(criterion.abandoned)}."
    if criterion.measure.kind in ("duration", "delay"):
        yield "- Not finished yet: pending while the zone is open, dissatisfied as soon as nothing better is possible."
    yield from (f"- Target{_where(target)}: {_aims(target)}." for target in criterion.targets)
    if criterion.accepted is not None:
        ticket = f" ({_text(criterion.accepted.ticket)})" if criterion.accepted.ticket else ""
        reason = _text(criterion.accepted.reason)
        yield f"- Accepted until before {criterion.accepted.until}: {_aims(criterion.accepted)}; {reason}{ticket}."
    yield from (f"- Changed on {change.at}: {_text(change.reason)}." for change in criterion.changes)


def _where(row: Target) -> str:
    return "" if row.where is None else f" where {_text(row.where)}"


def _aims(target: Any) -> str:
    named = {"green": "satisfied", "yellow": "neutral", "red": "dissatisfied", "net": "satisfied minus dissatisfied"}
    return ", ".join(
        f"{said} {_operators(getattr(target, zone))}"
        for zone, said in named.items()
        if getattr(target, zone) is not None
    )


def _operators(limit: Interval) -> str:
    return str(limit).replace("<=", "at most").replace(">=", "at least").replace("<", "under").replace(">", "over")


def _limits(criterion: Criterion) -> Iterator[str]:
    """The zones as a table, with a row for each segment and time that has limits of its own."""
    if criterion.measure.worst is not None:
        return
    scopes = [_scope(row) for row in criterion.rows]
    scoped = any(scopes)
    yield ("| for |" if scoped else "|") + " satisfied (green) | neutral (yellow) | dissatisfied (red) |"
    yield "|---" * (4 if scoped else 3) + "|"
    other = "a category named here" if criterion.measure.kind == "category" else "otherwise"
    for scope, row in zip(scopes, criterion.rows, strict=True):
        cells = [_zone(row.green), _zone(row.yellow), other if row.red is None else _zone(row.red)]
        yield "| " + " | ".join([*([scope or "all others"] if scoped else []), *cells]) + " |"
    yield ""


def _scope(row: ThresholdRow) -> str:
    where = "" if row.where is None else _text(row.where)
    dates = (f"from {row.from_}" if row.from_ else "") + (f" until before {row.until}" if row.until else "")
    return ", ".join(part for part in (where, dates.strip()) if part)


def _zone(limit: Any) -> str:
    if limit is None:
        return "-"
    if isinstance(limit, bool):
        return "yes" if limit else "no"
    if isinstance(limit, Interval):
        if limit.low is not None and limit.high is not None:
            return f"{limit.low} to {limit.high}"
        return _operators(limit)
    return ", ".join(_text(category) for category in limit)


def _abandoned(rule: Abandoned) -> str:
    if isinstance(rule.counts, Within):
        short = (
            "would have been satisfied (green)"
            if rule.counts.excluded_within == "green"
            else f"waited {rule.counts.excluded_within} or less"
        )
        return f"is left out where the customer {short}, else counts as dissatisfied"
    return _COUNTS[rule.counts]


def _measured(measure: Measure, process: Process) -> str:
    """What is measured, in words."""
    spec = measure.spec
    match measure.kind:
        case "value" | "flag" | "category":
            return _field(str(spec), process.log)
        case "duration":
            minus = f", less {_and([_text(name) for name in spec.minus])}" if spec.minus else ""
            return f"the time from {_moment(spec.from_)} to {_moment(spec.to)}{minus}{_clock(spec)}"
        case "delay":
            return f"how late {_text(spec.actual)} is against {_text(spec.due)}{_clock(spec)}; early is negative"
        case "count":
            return f"how often `{_text(spec.step)}` happens" + (
                f", by different {_text(spec.distinct)}" if spec.distinct else ""
            )
        case "repeat":
            first = "; contacts that are repeats themselves do not apply" if spec.first_only else ""
            return (
                f"later contacts within {spec.within} with the same {_and([_text(name) for name in spec.same])}{first}"
            )
        case "checklist":
            items = _and([f"{_text(name)} ({weight:g})" for name, weight in spec.items.items()])
            critical = (
                f"; none where one of these fails: {_and([_text(name) for name in spec.critical])}"
                if spec.critical
                else ""
            )
            return f"percent of the points that apply: {items}{critical}"
        case "worst":
            return f"the worst zone of {_and([_text(_titled(name, process)) for name in spec])}"
        case "recency":
            return f"time since the customer's last interaction, at each period's end, looking back {spec.within}"
        case "frequency":
            return f"interactions of the customer in {spec.within}, at each period's end"
        case _:
            return f"what the customer spent ({_text(spec.amount)}) in {spec.within}, at each period's end"


def _titled(name: str, process: Process) -> str:
    return process.criteria[name].title or name


def _field(name: str, log: Log | None) -> str:
    spec = (log.fields or {}).get(name) if log is not None else None
    unit = "s" if spec is not None and spec.span is not None else (spec.unit if spec is not None else None)
    return f"{_text(name)}" + (f" in {unit}" if unit else "")


def _moment(moment: str | LastStep) -> str:
    return f"the last {_text(moment.last)}" if isinstance(moment, LastStep) else _text(moment)


def _clock(spec: Any) -> str:
    calendar = f", in working time of {_text(spec.calendar)}" if spec.calendar else ""
    return calendar + (", by calendar date" if spec.by == "date" else "")


def _and(parts: list[str]) -> str:
    return parts[0] if len(parts) == 1 else ", ".join(parts[:-1]) + " and " + parts[-1]


def _calendar(name: str, calendar: Calendar) -> Iterator[str]:
    yield f"## Working hours: {_text(name)}"
    yield ""
    for days, spans in calendar.hours.items():
        yield f"- {days}: {', '.join(spans)}"
    if calendar.holidays is not None:
        region = f", {_text(calendar.holidays.subdivision)}" if calendar.holidays.subdivision else ""
        yield f"- closed on public holidays of {_text(calendar.holidays.country)}{region}"
    if calendar.closed:
        yield f"- closed on {', '.join(map(str, calendar.closed))}"
    for day, spans in calendar.open.items():
        yield f"- open on {day}: {', '.join(spans)}"
    yield ""
