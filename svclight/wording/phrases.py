"""Measures, limits and conditions in words: the phrases that the service standard is made of.

In: models of a definition. Out: text of Markdown on one line. Text of a definition is text of the page: it makes no
markup, no HTML and no link.
"""

from __future__ import annotations

import re
from dataclasses import replace
from typing import TYPE_CHECKING, Any, Final

from svclight.definition.conditions import All, AnyOf, Not, Test
from svclight.definition.models import LastStep
from svclight.definition.names_used import unit_behind
from svclight.wording.markdown_text import escape_text

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Mapping

    from svclight.definition.conditions import Condition
    from svclight.definition.models import Criterion, Duration, FieldSpec, Log, Measure, Process
    from svclight.thresholds import Interval
    from svclight.values.quantities import Quantity

_UNITS: Final = {
    "ms": "milliseconds", "s": "seconds", "min": "minutes", "h": "hours", "d": "days", "wk": "weeks",
    "bd": "working days", "bh": "working hours", "share": "shares of 1",
}  # fmt: skip
_LONG: Final = re.compile(r"(-?[0-9.]+) (d|wk|bd|bh)\b")


def name_in_words(name: str) -> str:
    """The name of a field, step or column as people say it."""
    return f"“{escape_text(name.replace('_', ' '))}”"


def criterion_title(name: str, criterion: Criterion) -> str:
    """The title of a criterion, or its id in words; not escaped."""
    return criterion.title or title_of_name(name)


def title_of_name(name: str) -> str:
    """The title that a criterion without one has: its id in words."""
    return name.replace("_", " ").capitalize()


def quoted_title(name: str, criterion: Criterion) -> str:
    """The title of a criterion for the inside of a sentence."""
    return f"“{escape_text(criterion_title(name, criterion))}”"


def condition_in_words(condition: Condition) -> str:
    """A condition, with the names of its columns as people say them."""
    return escape_text(_rename_columns(condition))


def _rename_columns(condition: Condition) -> Condition:
    """The condition with the names of its columns as people say them."""
    match condition:
        case Test():
            return replace(condition, column=f"“{condition.column.replace('_', ' ')}”")
        case Not(part):
            return Not(_rename_columns(part))
        case All(parts):
            return All(tuple(map(_rename_columns, parts)))
        case AnyOf(parts):
            return AnyOf(tuple(map(_rename_columns, parts)))


def limit_in_words(limit: Interval) -> str:
    """A limit: `at most 30 s`, `3 min to 7 min`."""
    if limit.low is not None and limit.high is not None:
        return f"{quantity_in_words(limit.low)} to {quantity_in_words(limit.high)}"
    if limit.high is not None:
        return f"{'less than' if limit.high_open else 'at most'} {quantity_in_words(limit.high)}"
    return f"{'more than' if limit.low_open else 'at least'} {quantity_in_words(*limit.ends)}"


def quantity_in_words(quantity: Quantity) -> str:
    """A quantity with its longer units written out, `2 working days`; below 0 with the minus sign of typesetting."""

    def long(term: re.Match[str]) -> str:
        word = _UNITS[term[2]]
        return f"{term[1]} {word.removesuffix('s') if term[1].lstrip('-') == '1' else word}"

    return escape_text(_LONG.sub(long, str(quantity)).replace("-", "\u2212", 1))


def join_words(parts: Iterable[str], word: str = "and") -> str:
    """Parts put together: `a, b and c`."""
    *first, last = parts
    return f"{', '.join(first)} {word} {last}" if first else last


def measure_in_words(measure: Measure, process: Process) -> str:
    """The measure of a criterion in words: `the time from arrived to answered`."""
    if measure.duration is not None:
        return _duration_in_words(measure.duration, process)
    if measure.kind in ("value", "flag", "category"):
        return _field_in_words(str(measure.spec), process.log)
    said = _SAID.get(measure.kind)
    if said is not None:
        return said(measure.spec)
    known = process.criteria
    parts = (_item_in_words(name, process) if "." in name else quoted_title(name, known[name]) for name in measure.spec)
    return f"the worst zone of {join_words(parts)}"


def _item_in_words(name: str, process: Process) -> str:
    """An item of a quality card, which a criterion names as `card.item`."""
    card, _, item = name.partition(".")
    return f"{name_in_words(item)} of {quoted_title(card, process.criteria[card])}"


def _field_in_words(name: str, log: Log | None) -> str:
    other, _, inner = name.partition(".")
    join = log.join.get(other) if log is not None else None
    if join is not None:
        said = f"{name_in_words(inner)} of {name_in_words(other)}"
        return said + _made_of(join.fields.get(inner)) + _unit_in_words(inner, join.fields)
    fields = (log.fields if log is not None else None) or {}
    return name_in_words(name) + _made_of(fields.get(name)) + _unit_in_words(name, fields)


def _made_of(spec: FieldSpec | None) -> str:
    """What a sum or difference is made of, or what must hold, in brackets."""
    if spec is None:
        return ""
    if spec.when is not None:
        return f" ({condition_in_words(spec.when)})"
    if not spec.parts:
        return ""
    first, *others = map(name_in_words, spec.parts)
    empty = "; an empty one counts as 0" if spec.empty is not None else ""
    said = f"{first} less {join_words(others)}" if spec.difference is not None else join_words([first, *others])
    return f" ({said}{empty})"


def _unit_in_words(name: str, fields: Mapping[str, FieldSpec]) -> str:
    unit = unit_behind(fields.get(name), fields.get)
    return f", in {escape_text(_UNITS.get(unit, unit))}" if unit else ""


def _duration_in_words(spec: Duration, process: Process) -> str:
    has_events = process.log is not None and process.log.rows == "events"
    minus = f", less {join_words(map(name_in_words, spec.minus))}" if spec.minus else ""
    begin, end = _moment_in_words(spec.from_, has_events), _moment_in_words(spec.to, has_events)
    return f"the time from {begin} to {end}{minus}{_clock_in_words(spec)}"


def _moment_in_words(moment: str | LastStep, has_events: bool) -> str:
    if isinstance(moment, LastStep):
        return f"the last {name_in_words(moment.last)}"
    ends = {"start": "the first event", "end": "the last event"} if has_events else {}
    return ends.get(moment) or name_in_words(moment)


def _delay_in_words(spec: Any) -> str:
    actual, due = name_in_words(spec.actual), name_in_words(spec.due)
    return f"how late {actual} is against {due}{_clock_in_words(spec)}; early is below 0"


def _clock_in_words(spec: Any) -> str:
    calendar = f", in working time ({escape_text(spec.calendar.replace('_', ' '))})" if spec.calendar else ""
    return calendar + (", by calendar date" if spec.by == "date" else "")


def _count_in_words(spec: Any) -> str:
    if spec.distinct:
        return f"how many different values of {name_in_words(spec.distinct)} there are at {name_in_words(spec.step)}"
    return f"how often {name_in_words(spec.step)} happens"


def _repeat_in_words(spec: Any) -> str:
    first = "; only of contacts that are no repeats themselves" if spec.first_only else ""
    same = join_words(map(name_in_words, spec.same))
    return f"how many contacts with the same {same} follow within {quantity_in_words(spec.within)}{first}"


def _checklist_in_words(spec: Any) -> str:
    items = join_words(f"{name_in_words(name)} ({weight:g})" for name, weight in spec.items.items())
    critical = f"; 0 % where {join_words(map(name_in_words, spec.critical), 'or')} fails" if spec.critical else ""
    return f"percent of the points that apply: {items}{critical}"


def _totals_in_words(spec: Any) -> str:
    unknown = f"; of {join_words(map(name_in_words, spec.missing))} it is not known" if spec.missing else ""
    return f"as the log counts it already{unknown}"


_SAID: Final[dict[str, Callable[[Any], str]]] = {
    "totals": _totals_in_words,
    "delay": _delay_in_words,
    "count": _count_in_words,
    "repeat": _repeat_in_words,
    "checklist": _checklist_in_words,
    "recency": lambda spec: (
        "the time since the customer's last interaction, at each period's end, looking back "
        f"{quantity_in_words(spec.within)}"
    ),
    "frequency": lambda spec: (
        f"interactions of a customer in the {quantity_in_words(spec.within)} before each period's end"
    ),
    "spend": lambda spec: (
        f"what a customer spent ({name_in_words(spec.amount)}) in the {quantity_in_words(spec.within)} before each "
        "period's end"
    ),
}
