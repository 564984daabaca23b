"""Definitions in words: the service standard that a team can hang on the wall.

In: `Definitions`. Out: Markdown: each process with its usual course, and for each criterion what is measured, when the
customer is satisfied, neutral and dissatisfied, what becomes of abandoned and unfinished interactions, and what is
aimed at. Text of a definition is text of the page: it makes no markup, no HTML and no link.
"""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, Any, Final

from svclight.errors import printable
from svclight.models import LastStep, Within
from svclight.thresholds import Interval

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Iterator

    from svclight.models import Abandoned, Calendar, Criterion, Duration, Measure, Process, ThresholdRow
    from svclight.processes import Definitions
    from svclight.units import Quantity

_COUNTS: Final = {
    "red": "dissatisfied, however long it took",
    "by_elapsed": "counted by the time until they gave up",
    "excluded": "not counted",
}
_UNITS: Final = {
    "ms": "milliseconds", "s": "seconds", "min": "minutes", "h": "hours", "d": "days", "wk": "weeks",
    "bd": "working days", "bh": "working hours",
}  # fmt: skip
_LONG: Final = re.compile(r"(-?[0-9.]+) (d|wk|bd|bh)\b")
_MARKS: Final = re.compile(r"[\\`*\[\]|~]|(?<!\w)_|_(?!\w)|^[#+\-=>]|^[0-9]+(?=[.)]\s)")
_DEEPEST: Final = 5
"""Headings below this level are hard to tell apart; deeper processes share it."""


def describe(definitions: Definitions) -> str:
    """The definitions as Markdown, in their order, parts after the process they belong to."""
    document = definitions.document
    lines = [f"# {_text(document.title or 'Service standard')}", ""]
    if document.description:
        lines += [_text(document.description), ""]
    facts = (("Owner", document.owner), ("Version", document.version), ("Time zone", document.time_zone))
    lines += [" · ".join(f"{name}: {_text(value)}" for name, value in facts if value), ""]
    for process_id, depth in _in_order(definitions):
        lines += _process(definitions.processes[process_id], min(depth + 2, _DEEPEST), document.currency)
    for name, calendar in document.calendars.items():
        lines += _calendar(name, calendar)
    return "\n".join(lines).rstrip() + "\n"


def _text(value: object) -> str:
    """Text of a definition as text of Markdown, on one line."""
    plain = printable(" ".join(str(value).split()), 2000)
    plain = re.sub(r"&(?=[#\w])", "&amp;", plain)
    plain = re.sub(r"<(?=[A-Za-z/!?])", "&lt;", plain)
    return _MARKS.sub(lambda mark: mark[0] + "\\" if mark[0].isdigit() else "\\" + mark[0], plain)


def _name(value: str) -> str:
    """The name of a field, step or column as people say it."""
    return f"“{_text(value.replace('_', ' '))}”"


def _in_order(definitions: Definitions, parent: str | None = None, depth: int = 0) -> Iterator[tuple[str, int]]:
    """Processes, each followed by its parts, and how deep they stand."""
    for name, process in definitions.processes.items():
        if process.part_of == parent:
            yield name, depth
            yield from _in_order(definitions, name, depth + 1)


def _process(process: Process, depth: int, currency: str | None) -> Iterator[str]:
    yield from (f"{'#' * depth} {_text(process.title)}", "")
    if process.description:
        yield from (_text(process.description), "")
    if process.scenario:
        yield from ("The usual course:", "")
        for number, step in enumerate(process.scenario, 1):
            doing = " ".join(_text(part) for part in (step.actor, step.action) if part)
            yield f"{number}. **{_text(step.step)}**" + (f": {doing}" if doing else "")
        yield ""
    left_out = process.log.exclude if process.log is not None else ()
    if left_out:
        yield (
            "Not counted: " + "; ".join(f"{_text(rule.reason)} (where {_text(rule.where)})" for rule in left_out) + "."
        )
        yield ""
    for name, criterion in process.criteria.items():
        yield from _criterion(_title(name, criterion), criterion, process, depth + 1, currency)


def _title(name: str, criterion: Criterion) -> str:
    return criterion.title or name.replace("_", " ").capitalize()


def _criterion(title: str, criterion: Criterion, process: Process, depth: int, currency: str | None) -> Iterator[str]:
    yield from (f"{'#' * depth} {_text(title)}", "")
    if criterion.description:
        yield from (_text(criterion.description), "")
    only = f" Only where {_text(criterion.applies)}." if criterion.applies is not None else ""
    yield from (f"Measured: {_measured(criterion.measure, process)}.{only}", "")
    if criterion.measure.worst is None:
        yield from _limits(criterion)
    details = [*_details(criterion), *_aims(criterion), *_costs(criterion, currency)]
    if details:
        yield from (*(f"- {detail}" for detail in details), "")


def _details(criterion: Criterion) -> Iterator[str]:
    """What becomes of interactions that are no plain values."""
    whole = "whole numbers" if criterion.whole else "numbers"
    if criterion.scale is not None:
        low, high = criterion.scale
        yield f"Possible are {whole} from {low:g} to {high:g}; anything else counts as missing."
    elif criterion.whole:
        yield "Possible are whole numbers; anything else counts as missing."
    if criterion.asked is not None:
        yield f"Asked were those where {_text(criterion.asked)}; the report says how many of them answered."
    if criterion.abandoned is not None:
        rule = criterion.abandoned
        yield f"Customers who gave up (where {_text(rule.where)}): {_abandoned(rule)}."
    if criterion.measure.kind in ("duration", "delay"):
        yield "Not finished yet: counted as soon as the zone is certain, pending until then."


def _abandoned(rule: Abandoned) -> str:
    if not isinstance(rule.counts, Within):
        return _COUNTS[rule.counts]
    within = rule.counts.excluded_within
    short = "while they would have been satisfied" if isinstance(within, str) else f"within {_quantity(within)}"
    return f"not counted where they gave up {short}, else dissatisfied"


def _aims(criterion: Criterion) -> Iterator[str]:
    """Targets, misses that are accepted, and changes."""
    for target in criterion.targets:
        where = "" if target.where is None else f" where {_text(target.where)}"
        yield f"Target{where}: {_shares(target)}; judged from {target.min_rated} rated interactions."
    if criterion.accepted is not None:
        ticket = f" ({_text(criterion.accepted.ticket)})" if criterion.accepted.ticket else ""
        why = f"{_text(criterion.accepted.reason)}{ticket}"
        yield f"Accepted before {criterion.accepted.until}: {_shares(criterion.accepted)}; {why}."
    yield from (f"Changed on {change.at}: {_text(change.reason)}." for change in criterion.changes)


def _costs(criterion: Criterion, currency: str | None) -> Iterator[str]:
    if criterion.cost is None:
        return
    named = (("red", "a dissatisfied customer"), ("yellow", "a neutral one"), ("minute", "a minute of service"))
    prices = [(said, getattr(criterion.cost, key)) for key, said in named]
    money = f" {_text(currency)}" if currency else ""
    said = [f"{what} {price:.2f}{money}" for what, price in prices if price is not None]
    if said:
        yield f"Cost: {', '.join(said)}."


def _shares(target: Any) -> str:
    named = {"green": "satisfied", "yellow": "neutral", "red": "dissatisfied"}
    said = [f"{_range(limit)} {word}" for zone, word in named.items() if (limit := getattr(target, zone)) is not None]
    if target.net is not None:
        said.append(f"satisfied minus dissatisfied {_range(target.net)} percentage points")
    return ", ".join(said)


def _limits(criterion: Criterion) -> Iterator[str]:
    """The zones as a table, with a row for each segment and time that has limits of its own."""
    scopes = [_scope(row) for row in criterion.rows]
    scoped = any(scopes)
    yield ("| for " if scoped else "") + "| satisfied (green) | neutral (yellow) | dissatisfied (red) |"
    yield "|---" * (4 if scoped else 3) + "|"
    for scope, row in zip(scopes, criterion.rows, strict=True):
        cells = [_zone(row.green), _zone(row.yellow), _red(row)]
        yield "| " + " | ".join([*([scope or "all others"] if scoped else []), *cells]) + " |"
    yield ""


def _scope(row: ThresholdRow) -> str:
    where = "" if row.where is None else _text(row.where)
    dates = (f"from {row.from_}" if row.from_ else "", f"before {row.until}" if row.until else "")
    return ", ".join(part for part in (where, " ".join(filter(None, dates))) if part)


def _zone(limit: Any) -> str:
    match limit:
        case None:
            return "-"
        case bool():
            return "yes" if limit else "no"
        case Interval():
            return _range(limit)
    return ", ".join(_text(category) for category in limit)


def _red(row: ThresholdRow) -> str:
    """What is left: beyond the wider zone."""
    widest = row.yellow if row.yellow is not None else row.green
    if isinstance(widest, bool):
        return _zone(not widest)
    if not isinstance(widest, Interval):
        return _zone(row.red)
    low, high = widest.low, widest.high
    under = f"{'at most' if widest.low_open else 'less than'} {_quantity(low)}" if low is not None else ""
    over = f"{'at least' if widest.high_open else 'more than'} {_quantity(high)}" if high is not None else ""
    return " or ".join(filter(None, (under, over)))


def _range(limit: Interval) -> str:
    """A limit in words."""
    if limit.low is not None and limit.high is not None:
        return f"{_quantity(limit.low)} to {_quantity(limit.high)}"
    if limit.high is not None:
        return f"{'less than' if limit.high_open else 'at most'} {_quantity(limit.high)}"
    return f"{'more than' if limit.low_open else 'at least'} {_quantity(*limit.ends)}"


def _quantity(quantity: Quantity) -> str:
    """A quantity with the longer units written out: `2 bd` is 2 working days."""

    def long(term: re.Match[str]) -> str:
        word = _UNITS[term[2]]
        return f"{term[1]} {word.removesuffix('s') if term[1].lstrip('-') == '1' else word}"

    return _text(_LONG.sub(long, str(quantity)))


def _measured(measure: Measure, process: Process) -> str:
    """What is measured, in words."""
    if measure.duration is not None:
        return _duration(measure.duration, process)
    if measure.kind in ("value", "flag", "category"):
        return _field(str(measure.spec), process)
    said = _SAID.get(measure.kind)
    if said is not None:
        return said(measure.spec)
    parts = (
        _text(_title(name, process.criteria[name])) if name in process.criteria else _name(name)
        for name in measure.spec
    )
    return f"the worst zone of {_and(parts)}"


def _field(name: str, process: Process) -> str:
    spec = (process.log.fields or {}).get(name) if process.log is not None else None
    unit = "s" if spec is not None and spec.span is not None else (spec.unit if spec is not None else None)
    return _name(name) + (f", in {_text(_UNITS.get(unit, unit))}" if unit else "")


def _duration(spec: Duration, process: Process) -> str:
    has_events = process.log is not None and process.log.rows == "events"
    minus = f", less {_and(map(_name, spec.minus))}" if spec.minus else ""
    return f"the time from {_moment(spec.from_, has_events)} to {_moment(spec.to, has_events)}{minus}{_clock(spec)}"


def _delay(spec: Any) -> str:
    return f"how late {_name(spec.actual)} is against {_name(spec.due)}{_clock(spec)}; early is below 0"


def _count(spec: Any) -> str:
    if spec.distinct:
        return f"with how many different values of {_name(spec.distinct)} {_name(spec.step)} happens"
    return f"how often {_name(spec.step)} happens"


def _repeat(spec: Any) -> str:
    first = "; contacts that are repeats themselves are not counted" if spec.first_only else ""
    return f"later contacts within {_quantity(spec.within)} with the same {_and(map(_name, spec.same))}{first}"


def _checklist(spec: Any) -> str:
    items = _and(f"{_name(name)} ({weight:g})" for name, weight in spec.items.items())
    critical = f"; 0 % where {_or(map(_name, spec.critical))} fails" if spec.critical else ""
    return f"percent of the points that apply: {items}{critical}"


_SAID: Final[dict[str, Callable[[Any], str]]] = {
    "delay": _delay,
    "count": _count,
    "repeat": _repeat,
    "checklist": _checklist,
    "recency": lambda spec: (
        f"time since the customer's last interaction, at each period's end, looking back {_quantity(spec.within)}"
    ),
    "frequency": lambda spec: f"interactions of a customer in the {_quantity(spec.within)} before each period's end",
    "spend": lambda spec: (
        f"what a customer spent ({_name(spec.amount)}) in the {_quantity(spec.within)} before each period's end"
    ),
}


def _moment(moment: str | LastStep, has_events: bool) -> str:
    if isinstance(moment, LastStep):
        return f"the last {_name(moment.last)}"
    ends = {"start": "the first event", "end": "the last event"} if has_events else {}
    return ends.get(moment) or _name(moment)


def _clock(spec: Any) -> str:
    calendar = f", in working time ({_text(spec.calendar)})" if spec.calendar else ""
    return calendar + (", by calendar date" if spec.by == "date" else "")


def _and(parts: Iterable[str], word: str = "and") -> str:
    *first, last = parts
    return f"{', '.join(first)} {word} {last}" if first else last


def _or(parts: Iterable[str]) -> str:
    return _and(parts, "or")


def _calendar(name: str, calendar: Calendar) -> Iterator[str]:
    yield from (f"## Working hours: {_text(name)}", "")
    for days, spans in calendar.hours.items():
        yield f"- {days}: {_and(spans)}"
    if calendar.holidays is not None:
        region = f", {_text(calendar.holidays.subdivision)}" if calendar.holidays.subdivision else ""
        yield f"- closed on public holidays of {_text(calendar.holidays.country)}{region}"
    if calendar.closed:
        yield f"- closed on {_and(map(str, calendar.closed))}"
    for day, spans in calendar.open.items():
        yield f"- open on {day}: {_and(spans)}"
    if calendar.time_zone:
        yield f"- time zone: {_text(calendar.time_zone)}"
    yield ""
