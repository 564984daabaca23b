"""Definitions in words: the service standard that a team can hang on the wall.

In: `Definitions`, the code of a language. Out: Markdown: each process with its usual course, and for each criterion
what is measured, when the customer is satisfied, neutral and dissatisfied, what becomes of abandoned and unfinished
interactions, and what is aimed at. Text of a definition is text of the page: it makes no markup, no HTML and no link.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, Final

from svclight.definition.models import Within
from svclight.definition.names_used import is_of_numbers
from svclight.thresholds import ZONES, Interval
from svclight.wording import phrases
from svclight.wording.calendar_words import calendar_lines
from svclight.wording.catalogue import say, say_counted, say_of, to_say
from svclight.wording.languages import date_words, decimal_sign, language_of, money_text, points_words
from svclight.wording.markdown_text import escape_text
from svclight.wording.zone_words import zone_members

if TYPE_CHECKING:
    from collections.abc import Iterator

    from svclight.definition.models import Abandoned, Action, Criterion, Log, Measure, Process, Target, ThresholdRow
    from svclight.processes import Definitions

_COUNTS: Final = {
    "red": to_say("dissatisfied, however long it took"),
    "by_elapsed": to_say("counted by the time until they gave up"),
    "excluded": to_say("not counted"),
}
_SHARES: Final = {
    "green": to_say("{limit} satisfied"),
    "yellow": to_say("{limit} neutral"),
    "red": to_say("{limit} dissatisfied"),
    "net": to_say("satisfied minus dissatisfied {limit} percentage points"),
}
_COSTS: Final = {
    "red": to_say("a dissatisfied customer {amount}"),
    "yellow": to_say("a neutral one {amount}"),
    "minute": to_say("a minute of service {amount}"),
}
_NOTHING: Final = "\N{EN DASH}"
_DEEPEST: Final = 5
"""Headings below this level are hard to tell apart; deeper processes share it."""


def describe_definitions(definitions: Definitions, lang: str | None = None) -> str:
    """The definitions as Markdown, in their order, parts after the process they belong to.

    Args:
        definitions: What `load` gave.
        lang: The language, en or ru; that of the definitions unless given.
    """
    lang = language_of(lang, definitions)
    document = definitions.document
    title = document.title or say("Service standard", lang)
    lines = [f"# {escape_text(title)}", ""]
    if document.description:
        lines += [escape_text(document.description), ""]
    lines += [" · ".join(_document_facts(definitions, lang)), ""]
    for process_id, depth in _in_order(definitions):
        lines += _process_lines(definitions.processes[process_id], min(depth + 2, _DEEPEST), document.currency, lang)
    for name, calendar in document.calendars.items():
        lines += calendar_lines(name, calendar, lang)
    return "\n".join(lines).rstrip() + "\n"


def _document_facts(definitions: Definitions, lang: str) -> Iterator[str]:
    """Who answers for the document, its version, its time zone, when it was reviewed."""
    document, due = definitions.document, definitions.review_due
    if document.owner:
        yield say("Owner: {name}", lang, name=escape_text(document.owner))
    if document.version:
        yield say("Version: {version}", lang, version=escape_text(document.version))
    yield say("Time zone: {zone}", lang, zone=escape_text(document.time_zone))
    if document.reviewed is not None:
        yield say("Reviewed: {day}", lang, day=date_words(document.reviewed, lang))
    if due is not None:
        yield say("Next review: {day}", lang, day=date_words(due, lang))


def _in_order(definitions: Definitions, parent: str | None = None, depth: int = 0) -> Iterator[tuple[str, int]]:
    """The processes, each followed by its parts, with the depth at which they stand."""
    for name, process in definitions.processes.items():
        if process.part_of == parent:
            yield name, depth
            yield from _in_order(definitions, name, depth + 1)


def _process_lines(process: Process, depth: int, currency: str | None, lang: str) -> Iterator[str]:
    """The lines of a process: title, description, usual course, interactions that count, criteria."""
    yield from (f"{'#' * depth} {escape_text(process.title)}", "")
    if process.description:
        yield from (escape_text(process.description), "")
    if process.scenario:
        yield from (say("The usual course:", lang), "")
        for number, step in enumerate(process.scenario, 1):
            doing = " ".join(escape_text(part) for part in (step.actor, step.action) if part)
            yield f"{number}. **{escape_text(step.step.replace('_', ' '))}**" + (f": {doing}" if doing else "")
        yield ""
    if process.log is not None and process.criteria:
        yield from (" ".join(_interaction_lines(process.log, lang)), "")
    if process.log is not None and process.log.exclude:
        yield from (_left_out_line(process.log, lang), "")
    for name, criterion in process.criteria.items():
        if "." in name:  # an item of a card stands in the card
            continue
        title = phrases.criterion_title(name, criterion)
        yield from _criterion_lines(title, criterion, process, depth + 1, currency, lang)


def _left_out_line(log: Log, lang: str) -> str:
    """Which interactions are not counted, and why."""
    reasons = [
        say(
            "{reason} (where {condition})",
            lang,
            reason=escape_text(rule.reason),
            condition=phrases.condition_in_words(rule.where, lang),
        )
        for rule in log.exclude
    ]
    return say("Not counted: {reasons}.", lang, reasons="; ".join(reasons))


def _interaction_lines(log: Log, lang: str) -> Iterator[str]:
    """Lines on what counts as an interaction, and to which month it belongs."""
    if log.rows == "events":
        fields = phrases.names_joined(log.id or (), lang)
        yield say("All events with the same {fields} are one interaction.", lang, fields=fields)
        yield say("It belongs to the month of its first event.", lang)
        if log.ends:
            yield say("It is finished with {steps}.", lang, steps=phrases.names_to_choose(log.ends, lang))
    else:
        yield _anchor_line(log, lang)
    if log.weight:
        field = phrases.name_in_words(log.weight, lang)
        yield say("A row stands for as many interactions as {field} says.", lang, field=field)
    if log.repeated_ids is not None:
        yield _repeated_line(log, lang)
    for name, join in log.join.items():
        values = {"log": phrases.name_in_words(name, lang), "fields": phrases.names_joined(join.on, lang)}
        if join.keep == "first":
            yield say("{log} is joined to it by {fields}, the first row of several counts.", lang, **values)
        elif join.keep == "last":
            yield say("{log} is joined to it by {fields}, the last row of several counts.", lang, **values)
        else:
            yield say("{log} is joined to it by {fields}.", lang, **values)


def _anchor_line(log: Log, lang: str) -> str:
    """To which month an interaction or a row of totals belongs, and from when on it exists."""
    field = phrases.name_in_words(log.time, lang)
    if log.rows == "totals":
        return say("A row of totals belongs to the month of {field}.", lang, field=field)
    if log.begins:
        begins = phrases.name_in_words(log.begins, lang)
        text = to_say("An interaction belongs to the month of {field} and exists from {begins} on.")
        return say(text, lang, field=field, begins=begins)
    return say("An interaction belongs to the month of {field}.", lang, field=field)


def _repeated_line(log: Log, lang: str) -> str:
    """Which of the rows with the same id counts."""
    rule: Any = log.repeated_ids
    fields = phrases.names_joined(log.id or ("id",), lang)
    first = rule.keep == "first"
    if not rule.by:
        text = (
            to_say("Of rows with the same {fields} the first one counts.")
            if first
            else to_say("Of rows with the same {fields} the last one counts.")
        )
        return say(text, lang, fields=fields)
    text = (
        to_say("Of rows with the same {fields} the first one by {order} counts.")
        if first
        else to_say("Of rows with the same {fields} the last one by {order} counts.")
    )
    return say(text, lang, fields=fields, order=phrases.name_in_words(rule.by, lang))


def _criterion_lines(
    title: str, criterion: Criterion, process: Process, depth: int, currency: str | None, lang: str
) -> Iterator[str]:
    """The lines of a criterion: title, measure, zones, details, targets, costs."""
    yield from (f"{'#' * depth} {escape_text(title)}", "")
    if criterion.description:
        yield from (escape_text(criterion.description), "")
    measured = [say("Measured: {measure}.", lang, measure=phrases.measure_in_words(criterion.measure, process, lang))]
    if criterion.applies is not None:
        condition = phrases.condition_in_words(criterion.applies, lang)
        measured.append(say("Only where {condition}.", lang, condition=condition))
    yield from (" ".join(measured), "")
    if criterion.measure.worst is None:
        yield from _limit_lines(criterion, lang)
    details = [
        *_detail_lines(criterion, process.log, lang),
        *_target_lines(criterion, lang),
        *_cost_lines(criterion, currency, lang),
    ]
    if details:
        yield from (*(f"- {detail}" for detail in details), "")


def _detail_lines(criterion: Criterion, log: Log | None, lang: str) -> Iterator[str]:
    """Lines on the month that counts, possible values, the customers asked, abandons and unfinished interactions."""
    if criterion.time is not None:
        yield say("Counts in the month of {field}.", lang, field=phrases.name_in_words(criterion.time, lang))
    if criterion.scale is not None:
        low, high = (decimal_sign(f"{end:g}", lang) for end in criterion.scale)
        text = (
            to_say("Possible are whole numbers from {low} to {high}; anything else counts as missing.")
            if criterion.whole
            else to_say("Possible are numbers from {low} to {high}; anything else counts as missing.")
        )
        yield say(text, lang, low=low, high=high)
    elif criterion.whole:
        yield say("Possible are whole numbers; anything else counts as missing.", lang)
    if criterion.asked is not None:
        asked = phrases.condition_in_words(criterion.asked, lang)
        text = to_say("Asked were those where {condition}; the report says how many of them answered.")
        yield say(text, lang, condition=asked)
    if criterion.abandoned is not None:
        where = phrases.condition_in_words(criterion.abandoned.where, lang)
        rule = _abandon_rule(criterion.abandoned, lang)
        yield say("Customers who gave up (where {condition}): {rule}.", lang, condition=where, rule=rule)
    yield from _by_measure(criterion.measure, log, lang)


def _by_measure(measure: Measure, log: Log | None, lang: str) -> Iterator[str]:
    """Sentences that belong to a kind of measure, such as how it treats interactions that are not finished."""
    has_clock = measure.duration is not None or (measure.delay is not None and not is_of_numbers(measure.delay, log))
    if has_clock or (measure.kind == "count" and log is not None and log.ends):
        yield say("Not finished yet: counted as soon as the zone is certain, pending until then.", lang)
    elif measure.repeat is not None:
        within = phrases.quantity_in_words(measure.repeat.within, lang)
        text = to_say("Younger than {time}: counted as soon as the zone is certain, pending until then.")
        yield say(text, lang, time=within)
    elif measure.kind in ("recency", "frequency", "spend"):
        yield say("At the end of each period every customer seen so far counts as one.", lang)
    elif measure.worst is not None:
        yield say(
            "Red where one of them is red, else pending where one is pending; what does not apply is left out.", lang
        )
    elif measure.checklist is not None:
        yield say("An item that is empty or n/a does not apply, and its points are left out.", lang)
        for name, items in measure.checklist.groups.items():
            values = {"group": phrases.name_in_words(name, lang), "items": phrases.names_joined(items, lang)}
            yield say("Also counted by itself: {group}, {items}.", lang, **values)
        if measure.checklist.each:
            yield say("Each item is also counted by itself.", lang)


def _abandon_rule(rule: Abandoned, lang: str) -> str:
    """The rule for abandoned interactions in words."""
    if not isinstance(rule.counts, Within):
        return say(_COUNTS[rule.counts], lang)
    within = rule.counts.excluded_within
    if isinstance(within, str):
        return say("not counted where they gave up while they would have been satisfied, else dissatisfied", lang)
    time = phrases.quantity_in_words(within, lang)
    return say("not counted where they gave up within {time}, else dissatisfied", lang, time=time)


def _target_lines(criterion: Criterion, lang: str) -> Iterator[str]:
    """Targets, misses that are accepted, and changes."""
    for target in criterion.targets:
        yield _target_line(target, lang)
    if criterion.accepted is not None:
        known = criterion.accepted
        reason = escape_text(known.reason) + (f" ({escape_text(known.ticket)})" if known.ticket else "")
        day, shares = date_words(known.until, lang), _target_shares(known, lang)
        yield say("Accepted before {day}: {shares}; {reason}.", lang, day=day, shares=shares, reason=reason)
    for change in criterion.changes:
        reason = escape_text(change.reason)
        yield say("Changed on {day}: {reason}.", lang, day=date_words(change.at, lang), reason=reason)
    for action in criterion.actions:
        yield _action_line(action, lang)


def _target_line(target: Target, lang: str) -> str:
    """A target: its shares, from how many rated it is judged, when it is warned of."""
    head = say("Target", lang)
    if target.where is not None:
        head = say("Target where {condition}", lang, condition=phrases.condition_in_words(target.where, lang))
    line = say_counted(
        "{target}: {shares}; judged from {count} rated interaction",
        "{target}: {shares}; judged from {count} rated interactions",
        target.min_rated,
        lang,
        target=head,
        shares=_target_shares(target, lang),
    )
    if target.warn_at is not None:
        share = phrases.quantity_in_words(target.warn_at, lang)
        line = say("{target}; warned of at {share} of what it allows", lang, target=line, share=share)
    return f"{line}."


def _action_line(action: Action, lang: str) -> str:
    """What was done, by whom, and what is expected of it."""
    owner = f" ({escape_text(action.owner)})" if action.owner else ""
    when = f"{date_words(action.at, lang)}{owner}"
    promised = [] if action.expected is None else [(zone, getattr(action.expected, zone)) for zone in ZONES]
    parts = [
        f"{zone_members(zone, lang)} {points_words(float(points.amount) / 100, lang)}"
        for zone, points in promised
        if points
    ]
    what = escape_text(action.what)
    if not parts:
        return say("Done on {day}: {what}.", lang, day=when, what=what)
    expected = ", ".join(parts).removesuffix(".")
    return say("Done on {day}: {what}; expected: {shares}.", lang, day=when, what=what, shares=expected)


def _cost_lines(criterion: Criterion, currency: str | None, lang: str) -> Iterator[str]:
    """The line on the costs of a criterion; nothing without any."""
    prices = [] if criterion.cost is None else [(text, getattr(criterion.cost, key)) for key, text in _COSTS.items()]
    parts = [
        say(text, lang, amount=money_text(price, escape_text(currency or ""), lang))
        for text, price in prices
        if price is not None
    ]
    if parts:
        yield say("Cost: {prices}.", lang, prices=", ".join(parts))


def _target_shares(target: Any, lang: str) -> str:
    """The shares of a target in words."""
    return ", ".join(
        say(text, lang, limit=phrases.limit_in_words(limit, lang))
        for zone, text in _SHARES.items()
        if (limit := getattr(target, zone)) is not None
    )


def _limit_lines(criterion: Criterion, lang: str) -> Iterator[str]:
    """The zones as a table, with a row for each segment and time that has limits of its own; of totals their fields."""
    heads = [say("satisfied (green)", lang), say("neutral (yellow)", lang), say("dissatisfied (red)", lang)]
    if criterion.measure.totals is not None:
        named = [getattr(criterion.measure.totals, zone) for zone in ZONES]
        rows = [[", ".join(phrases.name_in_words(name, lang) for name in names) or _NOTHING for names in named]]
        yield from _table_lines(heads, rows)
        return
    special = any(row.where is not None for row in criterion.rows)
    scopes = [_scope_in_words(row, lang, special=special) for row in criterion.rows]
    rows = [
        [_zone_in_words(row.green, lang), _zone_in_words(row.yellow, lang), _red_in_words(row, lang)]
        for row in criterion.rows
    ]
    if any(scopes):
        heads = [say_of("head of limits", "for", lang), *heads]
        rows = [[scope or say("all others", lang), *row] for scope, row in zip(scopes, rows, strict=True)]
    yield from _table_lines(heads, rows)


def _table_lines(heads: list[str], rows: list[list[str]]) -> Iterator[str]:
    """A table of Markdown; cells are text of Markdown already."""
    yield f"| {' | '.join(heads)} |"
    yield "|---" * len(heads) + "|"
    yield from (f"| {' | '.join(row)} |" for row in rows)
    yield ""


def _scope_in_words(row: ThresholdRow, lang: str, *, special: bool) -> str:
    """For which interactions limits hold; nothing where they hold for all. `special`: other rows are for some alone."""
    others = say("all others", lang) if special and (row.from_ or row.until) else ""
    dates = [
        say("from {day}", lang, day=date_words(row.from_, lang)) if row.from_ else "",
        say("before {day}", lang, day=date_words(row.until, lang)) if row.until else "",
    ]
    where = phrases.condition_in_words(row.where, lang) if row.where else others
    return ", ".join(filter(None, (where, " ".join(filter(None, dates)))))


def _zone_in_words(limit: Any, lang: str) -> str:
    """A zone in words: a limit, true or false, or its categories."""
    match limit:
        case None:
            return _NOTHING
        case bool():
            return say_of("flag", "yes", lang) if limit else say_of("flag", "no", lang)
        case Interval():
            return phrases.limit_in_words(limit, lang)
    return ", ".join(escape_text(category) for category in limit)


def _red_in_words(row: ThresholdRow, lang: str) -> str:
    """The red zone in words: all values beyond the wider of the other zones."""
    widest = row.yellow if row.yellow is not None else row.green
    if isinstance(widest, bool):
        return _zone_in_words(not widest, lang)
    if not isinstance(widest, Interval):
        return _zone_in_words(row.red, lang)
    low, high = widest.low, widest.high
    under = phrases.high_end(low, lang, itself=widest.low_open) if low is not None else ""
    over = phrases.low_end(high, lang, itself=widest.high_open) if high is not None else ""
    return say("{first} or {last}", lang, first=under, last=over) if under and over else under or over
