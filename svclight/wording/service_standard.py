"""Definitions in words: the service standard that a team can hang on the wall.

In: `Definitions`. Out: Markdown: each process with its usual course, and for each criterion what is measured, when the
customer is satisfied, neutral and dissatisfied, what becomes of abandoned and unfinished interactions, and what is
aimed at. Text of a definition is text of the page: it makes no markup, no HTML and no link.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, Final

from svclight.definition.models import Within
from svclight.definition.names_used import is_of_numbers
from svclight.thresholds import ZONES, Interval
from svclight.wording import phrases as say
from svclight.wording.markdown_text import escape_text
from svclight.wording.shares import points_text

if TYPE_CHECKING:
    from collections.abc import Iterator

    from svclight.definition.models import Abandoned, Action, Calendar, Criterion, Log, Measure, Process, ThresholdRow
    from svclight.processes import Definitions

_COUNTS: Final = {
    "red": "dissatisfied, however long it took",
    "by_elapsed": "counted by the time until they gave up",
    "excluded": "not counted",
}
_ZONE_HEADER: Final = "| satisfied (green) | neutral (yellow) | dissatisfied (red) |"
_DEEPEST: Final = 5
"""Headings below this level are hard to tell apart; deeper processes share it."""


def describe_definitions(definitions: Definitions) -> str:
    """The definitions as Markdown, in their order, parts after the process they belong to."""
    document = definitions.document
    lines = [f"# {escape_text(document.title or 'Service standard')}", ""]
    if document.description:
        lines += [escape_text(document.description), ""]
    facts = (("Owner", document.owner), ("Version", document.version), ("Time zone", document.time_zone))
    lines += [" · ".join(f"{name}: {escape_text(value)}" for name, value in facts if value), ""]
    for process_id, depth in _in_order(definitions):
        lines += _process_lines(definitions.processes[process_id], min(depth + 2, _DEEPEST), document.currency)
    for name, calendar in document.calendars.items():
        lines += _calendar_lines(name, calendar)
    return "\n".join(lines).rstrip() + "\n"


def _in_order(definitions: Definitions, parent: str | None = None, depth: int = 0) -> Iterator[tuple[str, int]]:
    """The processes, each followed by its parts, with the depth at which they stand."""
    for name, process in definitions.processes.items():
        if process.part_of == parent:
            yield name, depth
            yield from _in_order(definitions, name, depth + 1)


def _process_lines(process: Process, depth: int, currency: str | None) -> Iterator[str]:
    """The lines of a process: title, description, usual course, interactions that count, criteria."""
    yield from (f"{'#' * depth} {escape_text(process.title)}", "")
    if process.description:
        yield from (escape_text(process.description), "")
    if process.scenario:
        yield from ("The usual course:", "")
        for number, step in enumerate(process.scenario, 1):
            doing = " ".join(escape_text(part) for part in (step.actor, step.action) if part)
            yield f"{number}. **{escape_text(step.step.replace('_', ' '))}**" + (f": {doing}" if doing else "")
        yield ""
    if process.log is not None and process.criteria:
        yield from (" ".join(_interaction_lines(process.log)), "")
    left_out = process.log.exclude if process.log is not None else ()
    if left_out:
        reasons = "; ".join(
            f"{escape_text(rule.reason)} (where {say.condition_in_words(rule.where)})" for rule in left_out
        )
        yield from (f"Not counted: {reasons}.", "")
    for name, criterion in process.criteria.items():
        if "." in name:  # an item of a card stands in the card
            continue
        yield from _criterion_lines(say.criterion_title(name, criterion), criterion, process, depth + 1, currency)


def _interaction_lines(log: Log) -> Iterator[str]:
    """Lines on what counts as an interaction, and to which month it belongs."""
    if log.rows == "events":
        yield f"All events with the same {say.join_words(map(say.name_in_words, log.id or ()))} are one interaction."
        yield "It belongs to the month of its first event."
        if log.ends:
            yield f"It is finished with {say.join_words(map(say.name_in_words, log.ends), 'or')}."
    else:
        begins = f" and exists from {say.name_in_words(log.begins)} on" if log.begins else ""
        what = "A row of totals" if log.rows == "totals" else "An interaction"
        yield f"{what} belongs to the month of {say.name_in_words(log.time)}{begins}."
    if log.weight:
        yield f"A row stands for as many interactions as {say.name_in_words(log.weight)} says."
    if log.repeated_ids is not None:
        by = f" by {say.name_in_words(log.repeated_ids.by)}" if log.repeated_ids.by else ""
        same = say.join_words(map(say.name_in_words, log.id or ("id",)))
        yield f"Of rows with the same {same} the {log.repeated_ids.keep} one{by} counts."
    for name, join in log.join.items():
        counts = f", the {join.keep} row of several counts" if join.keep else ""
        yield f"{say.name_in_words(name)} is joined to it by {say.join_words(map(say.name_in_words, join.on))}{counts}."


def _criterion_lines(
    title: str, criterion: Criterion, process: Process, depth: int, currency: str | None
) -> Iterator[str]:
    """The lines of a criterion: title, measure, zones, details, targets, costs."""
    yield from (f"{'#' * depth} {escape_text(title)}", "")
    if criterion.description:
        yield from (escape_text(criterion.description), "")
    only = f" Only where {say.condition_in_words(criterion.applies)}." if criterion.applies is not None else ""
    yield from (f"Measured: {say.measure_in_words(criterion.measure, process)}.{only}", "")
    if criterion.measure.worst is None:
        yield from _limit_lines(criterion)
    details = [*_detail_lines(criterion, process.log), *_target_lines(criterion), *_cost_lines(criterion, currency)]
    if details:
        yield from (*(f"- {detail}" for detail in details), "")


def _detail_lines(criterion: Criterion, log: Log | None) -> Iterator[str]:
    """Lines on the month that counts, possible values, the customers asked, abandons and unfinished interactions."""
    if criterion.time is not None:
        yield f"Counts in the month of {say.name_in_words(criterion.time)}."
    whole = "whole numbers" if criterion.whole else "numbers"
    if criterion.scale is not None:
        low, high = criterion.scale
        yield f"Possible are {whole} from {low:g} to {high:g}; anything else counts as missing."
    elif criterion.whole:
        yield "Possible are whole numbers; anything else counts as missing."
    if criterion.asked is not None:
        asked = say.condition_in_words(criterion.asked)
        yield f"Asked were those where {asked}; the report says how many of them answered."
    if criterion.abandoned is not None:
        rule = criterion.abandoned
        yield f"Customers who gave up (where {say.condition_in_words(rule.where)}): {_abandon_rule(rule)}."
    yield from _by_measure(criterion.measure, log)


def _by_measure(measure: Measure, log: Log | None) -> Iterator[str]:
    """Sentences that belong to a kind of measure, such as how it treats interactions that are not finished."""
    has_clock = measure.duration is not None or (measure.delay is not None and not is_of_numbers(measure.delay, log))
    if has_clock or (measure.kind == "count" and log is not None and log.ends):
        yield "Not finished yet: counted as soon as the zone is certain, pending until then."
    elif measure.repeat is not None:
        within = say.quantity_in_words(measure.repeat.within)
        yield f"Younger than {within}: counted as soon as the zone is certain, pending until then."
    elif measure.kind in ("recency", "frequency", "spend"):
        yield "At the end of each period every customer seen so far counts as one."
    elif measure.worst is not None:
        yield "Red where one of them is red, else pending where one is pending; what does not apply is left out."
    elif measure.checklist is not None:
        yield "An item that is empty or n/a does not apply, and its points are left out."
        for name, items in measure.checklist.groups.items():
            yield f"Also counted by itself: {say.name_in_words(name)}, {say.join_words(map(say.name_in_words, items))}."
        if measure.checklist.each:
            yield "Each item is also counted by itself."


def _abandon_rule(rule: Abandoned) -> str:
    """The rule for abandoned interactions in words."""
    if not isinstance(rule.counts, Within):
        return _COUNTS[rule.counts]
    within = rule.counts.excluded_within
    short = (
        "while they would have been satisfied" if isinstance(within, str) else f"within {say.quantity_in_words(within)}"
    )
    return f"not counted where they gave up {short}, else dissatisfied"


def _target_lines(criterion: Criterion) -> Iterator[str]:
    """Targets, misses that are accepted, and changes."""
    for target in criterion.targets:
        where = "" if target.where is None else f" where {say.condition_in_words(target.where)}"
        warned = "" if target.warn_at is None else f"; warned of at {target.warn_at} of what it allows"
        yield f"Target{where}: {_target_shares(target)}; judged from {target.min_rated} rated interactions{warned}."
    if criterion.accepted is not None:
        ticket = f" ({escape_text(criterion.accepted.ticket)})" if criterion.accepted.ticket else ""
        why = f"{escape_text(criterion.accepted.reason)}{ticket}"
        yield f"Accepted before {criterion.accepted.until}: {_target_shares(criterion.accepted)}; {why}."
    yield from (f"Changed on {change.at}: {escape_text(change.reason)}." for change in criterion.changes)
    yield from map(_action_line, criterion.actions)


def _action_line(action: Action) -> str:
    """What was done, by whom, and what is expected of it."""
    owner = f" ({escape_text(action.owner)})" if action.owner else ""
    promised = [] if action.expected is None else [(zone, getattr(action.expected, zone)) for zone in ZONES]
    said = ", ".join(f"{zone} {points_text(float(points.amount) / 100)}" for zone, points in promised if points)
    return f"Done on {action.at}{owner}: {escape_text(action.what)}" + (f"; expected: {said}." if said else ".")


def _cost_lines(criterion: Criterion, currency: str | None) -> Iterator[str]:
    """The line on the costs of a criterion; nothing without any."""
    if criterion.cost is None:
        return
    named = (("red", "a dissatisfied customer"), ("yellow", "a neutral one"), ("minute", "a minute of service"))
    prices = [(said, getattr(criterion.cost, key)) for key, said in named]
    money = f" {escape_text(currency)}" if currency else ""
    said = [f"{what} {price:.2f}{money}" for what, price in prices if price is not None]
    if said:
        yield f"Cost: {', '.join(said)}."


def _target_shares(target: Any) -> str:
    """The shares of a target in words."""
    named = {"green": "satisfied", "yellow": "neutral", "red": "dissatisfied"}
    said = [
        f"{say.limit_in_words(limit)} {word}"
        for zone, word in named.items()
        if (limit := getattr(target, zone)) is not None
    ]
    if target.net is not None:
        said.append(f"satisfied minus dissatisfied {say.limit_in_words(target.net)} percentage points")
    return ", ".join(said)


def _limit_lines(criterion: Criterion) -> Iterator[str]:
    """The zones as a table, with a row for each segment and time that has limits of its own; of totals their fields."""
    if criterion.measure.totals is not None:
        counted = criterion.measure.totals
        cells = [", ".join(map(say.name_in_words, getattr(counted, zone))) or "-" for zone in ZONES]
        yield from (_ZONE_HEADER, "|---|---|---|", f"| {' | '.join(cells)} |", "")
        return
    special = any(row.where is not None for row in criterion.rows)
    scopes = [_scope_in_words(row, special=special) for row in criterion.rows]
    scoped = any(scopes)
    yield ("| for " if scoped else "") + _ZONE_HEADER
    yield "|---" * (4 if scoped else 3) + "|"
    for scope, row in zip(scopes, criterion.rows, strict=True):
        cells = [_zone_in_words(row.green), _zone_in_words(row.yellow), _red_in_words(row)]
        yield "| " + " | ".join([*([scope or "all others"] if scoped else []), *cells]) + " |"
    yield ""


def _scope_in_words(row: ThresholdRow, *, special: bool) -> str:
    """For which interactions limits hold; nothing where they hold for all. `special`: other rows are for some alone."""
    others = "all others" if special and (row.from_ or row.until) else ""
    dates = (f"from {row.from_}" if row.from_ else "", f"before {row.until}" if row.until else "")
    return ", ".join(
        filter(None, (say.condition_in_words(row.where) if row.where else others, " ".join(filter(None, dates))))
    )


def _zone_in_words(limit: Any) -> str:
    """A zone in words: a limit, true or false, or its categories."""
    match limit:
        case None:
            return "-"
        case bool():
            return "yes" if limit else "no"
        case Interval():
            return say.limit_in_words(limit)
    return ", ".join(escape_text(category) for category in limit)


def _red_in_words(row: ThresholdRow) -> str:
    """The red zone in words: all values beyond the wider of the other zones."""
    widest = row.yellow if row.yellow is not None else row.green
    if isinstance(widest, bool):
        return _zone_in_words(not widest)
    if not isinstance(widest, Interval):
        return _zone_in_words(row.red)
    low, high = widest.low, widest.high
    under = f"{'at most' if widest.low_open else 'less than'} {say.quantity_in_words(low)}" if low is not None else ""
    over = (
        f"{'at least' if widest.high_open else 'more than'} {say.quantity_in_words(high)}" if high is not None else ""
    )
    return " or ".join(filter(None, (under, over)))


def _calendar_lines(name: str, calendar: Calendar) -> Iterator[str]:
    """The lines of a calendar: hours, holidays, closed days, days with hours of their own."""
    yield from (f"## Working hours: {escape_text(name.replace('_', ' '))}", "")
    for days, spans in calendar.hours.items():
        yield f"- {days}: {say.join_words(spans)}"
    if calendar.holidays is not None:
        region = f", {escape_text(calendar.holidays.subdivision)}" if calendar.holidays.subdivision else ""
        yield f"- closed on public holidays of {escape_text(calendar.holidays.country)}{region}"
    if calendar.closed:
        yield f"- closed on {say.join_words(map(str, calendar.closed))}"
    for day, spans in calendar.open.items():
        yield f"- open on {day}: {say.join_words(spans)}"
    if calendar.time_zone:
        yield f"- time zone: {escape_text(calendar.time_zone)}"
    yield ""
