"""Measures, limits and conditions in words: the phrases that the service standard is made of.

In: models of a definition, the code of a language. Out: text of Markdown on one line. Text of a definition is text of
the page: it makes no markup, no HTML and no link.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, Final

from svclight.definition.models import LastStep
from svclight.definition.names_used import unit_behind
from svclight.wording.catalogue import say, say_counted_of, say_of, to_say_of
from svclight.wording.languages import decimal_sign
from svclight.wording.limit_words import condition_text, replace_amounts
from svclight.wording.markdown_text import escape_text

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Mapping

    from svclight.definition.conditions import Condition
    from svclight.definition.models import Criterion, Duration, FieldSpec, Log, Measure, Process
    from svclight.thresholds import Interval
    from svclight.values.quantities import Quantity

_UNITS: Final = {
    "ms": to_say_of("after in", "milliseconds"),
    "s": to_say_of("after in", "seconds"),
    "min": to_say_of("after in", "minutes"),
    "h": to_say_of("after in", "hours"),
    "d": to_say_of("after in", "days"),
    "wk": to_say_of("after in", "weeks"),
    "bd": to_say_of("after in", "working days"),
    "bh": to_say_of("after in", "working hours"),
    "share": to_say_of("after in", "shares of 1"),
}
_PARTS: Final = {
    "d": to_say_of("a part of it", "{number} days"),
    "wk": to_say_of("a part of it", "{number} weeks"),
    "bd": to_say_of("a part of it", "{number} working days"),
    "bh": to_say_of("a part of it", "{number} working hours"),
}
"""Units that are written out, after an amount with decimals."""


def name_in_words(name: str, lang: str) -> str:
    """The name of a field, step or column as people say it."""
    return _quoted(escape_text(name.replace("_", " ")), lang)


def _quoted(text: str, lang: str) -> str:
    return say("“{name}”", lang, name=text)


def criterion_title(name: str, criterion: Criterion) -> str:
    """The title of a criterion, or its id in words; not escaped."""
    return criterion.title or title_of_name(name)


def title_of_name(name: str) -> str:
    """The title that a criterion without one has: its id in words."""
    return name.replace("_", " ").capitalize()


def quoted_title(name: str, criterion: Criterion, lang: str) -> str:
    """The title of a criterion for the inside of a sentence."""
    return _quoted(escape_text(criterion_title(name, criterion)), lang)


def names_joined(names: Iterable[str], lang: str) -> str:
    """Names of fields, steps or columns put together: `“a”, “b” and “c”`."""
    return join_words([name_in_words(name, lang) for name in names], lang)


def names_to_choose(names: Iterable[str], lang: str) -> str:
    """The same of names of which one is meant: `“a”, “b” or “c”`."""
    *first, last = (name_in_words(name, lang) for name in names)
    return say("{first} or {last}", lang, first=", ".join(first), last=last) if first else last


def condition_in_words(condition: Condition, lang: str) -> str:
    """A condition, with the names of its columns as people say them."""
    return escape_text(condition_text(condition, lang, lambda column: _quoted(column.replace("_", " "), lang)))


def limit_in_words(limit: Interval, lang: str) -> str:
    """A limit: `at most 30 s`, `3 min to 7 min`."""
    if limit.low is not None and limit.high is not None:
        low, high = quantity_in_words(limit.low, lang), quantity_in_words(limit.high, lang)
        return say_of("limit", "{low} to {high}", lang, low=low, high=high)
    if limit.high is not None:
        return high_end(limit.high, lang, itself=not limit.high_open)
    return "" if limit.low is None else low_end(limit.low, lang, itself=not limit.low_open)


def high_end(end: Quantity, lang: str, *, itself: bool) -> str:
    """All up to an end, which belongs to it or not: `at most 30 s`, `less than 30 s`."""
    limit = quantity_in_words(end, lang)
    return say("at most {limit}", lang, limit=limit) if itself else say("less than {limit}", lang, limit=limit)


def low_end(end: Quantity, lang: str, *, itself: bool) -> str:
    """All from an end on, which belongs to it or not: `at least 4`, `more than 4`."""
    limit = quantity_in_words(end, lang)
    return say("at least {limit}", lang, limit=limit) if itself else say("more than {limit}", lang, limit=limit)


def quantity_in_words(quantity: Quantity, lang: str) -> str:
    """A quantity behind `at most` and the like, its longer units written out: `2 working days`."""
    return escape_text(replace_amounts(str(quantity), lang, _long_amount))


def _long_amount(number: str, unit: str, lang: str) -> str | None:
    """An amount in a longer unit; None where its unit is not written out."""
    if unit in _PARTS and "." in number:
        return say_of("a part of it", _PARTS[unit], lang, number=decimal_sign(number, lang))
    match unit:
        case "d":
            return say_counted_of("after at most", "{count} day", "{count} days", int(number), lang)
        case "wk":
            return say_counted_of("after at most", "{count} week", "{count} weeks", int(number), lang)
        case "bd":
            return say_counted_of("after at most", "{count} working day", "{count} working days", int(number), lang)
        case "bh":
            return say_counted_of("after at most", "{count} working hour", "{count} working hours", int(number), lang)
    return None


def join_words(parts: Iterable[str], lang: str) -> str:
    """Parts put together: `a, b and c`."""
    *first, last = parts
    return say("{first} and {last}", lang, first=", ".join(first), last=last) if first else last


def measure_in_words(measure: Measure, process: Process, lang: str) -> str:
    """The measure of a criterion in words: `the time from arrived to answered`."""
    if measure.duration is not None:
        return _duration_in_words(measure.duration, process, lang)
    if measure.kind in ("value", "flag", "category"):
        return _field_in_words(str(measure.spec), process.log, lang)
    in_words = _MEASURES.get(measure.kind)
    if in_words is not None:
        return in_words(measure.spec, lang)
    known = process.criteria
    parts = [
        _item_in_words(name, process, lang) if "." in name else quoted_title(name, known[name], lang)
        for name in measure.spec
    ]
    return say("the worst zone of {criteria}", lang, criteria=join_words(parts, lang))


def _item_in_words(name: str, process: Process, lang: str) -> str:
    """An item of a quality card, which a criterion names as `card.item`."""
    card, _, item = name.partition(".")
    title = quoted_title(card, process.criteria[card], lang)
    return say("{item} of {card}", lang, item=name_in_words(item, lang), card=title)


def _field_in_words(name: str, log: Log | None, lang: str) -> str:
    other, _, inner = name.partition(".")
    join = log.join.get(other) if log is not None else None
    if join is not None:
        field, of = name_in_words(inner, lang), name_in_words(other, lang)
        shown = say("{field} of {log}", lang, field=field, log=of)
        return _with_unit(_with_parts(shown, join.fields.get(inner), lang), inner, join.fields, lang)
    fields = (log.fields if log is not None else None) or {}
    return _with_unit(_with_parts(name_in_words(name, lang), fields.get(name), lang), name, fields, lang)


def _with_parts(field: str, spec: FieldSpec | None, lang: str) -> str:
    """A field with what a sum or difference is made of, or what must hold, in brackets."""
    if spec is not None and spec.when is not None:
        return f"{field} ({condition_in_words(spec.when, lang)})"
    if spec is None or not spec.parts:
        return field
    parts = names_joined(spec.parts, lang)
    if spec.difference is not None:
        first, *others = spec.parts
        parts = say("{first} less {others}", lang, first=name_in_words(first, lang), others=names_joined(others, lang))
    if spec.empty is not None:
        parts = say("{parts}; an empty one counts as 0", lang, parts=parts)
    return f"{field} ({parts})"


def _with_unit(field: str, name: str, fields: Mapping[str, FieldSpec], lang: str) -> str:
    """A field with the unit in which it is counted."""
    unit = unit_behind(fields.get(name), fields.get)
    if not unit:
        return field
    if unit in _UNITS:
        return say("{field}, in {unit}", lang, field=field, unit=say_of("after in", _UNITS[unit], lang))
    return say_of("unit of the definition", "{field}, in {unit}", lang, field=field, unit=escape_text(unit))


def _duration_in_words(spec: Duration, process: Process, lang: str) -> str:
    has_events = process.log is not None and process.log.rows == "events"
    begin, end = (_moment_in_words(moment, lang, has_events=has_events) for moment in (spec.from_, spec.to))
    time = say("the time from {begin} to {end}", lang, begin=begin, end=end)
    if spec.minus:
        time = say("{time}, less {others}", lang, time=time, others=names_joined(spec.minus, lang))
    return _with_clock(time, spec, lang)


def _moment_in_words(moment: str | LastStep, lang: str, *, has_events: bool) -> str:
    if isinstance(moment, LastStep):
        return say("the last {step}", lang, step=name_in_words(moment.last, lang))
    if has_events and moment == "start":
        return say_of("moment", "the first event", lang)
    return say_of("moment", "the last event", lang) if has_events and moment == "end" else name_in_words(moment, lang)


def _delay_in_words(spec: Any, lang: str) -> str:
    actual, due = name_in_words(spec.actual, lang), name_in_words(spec.due, lang)
    late = say("how late {actual} is against {due}", lang, actual=actual, due=due)
    return say("{delay}; early is below 0", lang, delay=_with_clock(late, spec, lang))


def _with_clock(time: str, spec: Any, lang: str) -> str:
    """A time with the words that it is working time, or counted by calendar date."""
    if spec.calendar:
        calendar = escape_text(spec.calendar.replace("_", " "))
        time = say("{time}, in working time ({calendar})", lang, time=time, calendar=calendar)
    return say("{time}, by calendar date", lang, time=time) if spec.by == "date" else time


def _count_in_words(spec: Any, lang: str) -> str:
    step = name_in_words(spec.step, lang)
    if spec.distinct:
        field = name_in_words(spec.distinct, lang)
        return say("how many different values of {field} there are at {step}", lang, field=field, step=step)
    return say("how often {step} happens", lang, step=step)


def _repeat_in_words(spec: Any, lang: str) -> str:
    values = {"fields": names_joined(spec.same, lang), "time": quantity_in_words(spec.within, lang)}
    if spec.first_only:
        return say(
            "how many contacts with the same {fields} follow within {time}; only of contacts that are no repeats "
            "themselves",
            lang,
            **values,
        )
    return say("how many contacts with the same {fields} follow within {time}", lang, **values)


def _checklist_in_words(spec: Any, lang: str) -> str:
    weights = {name: decimal_sign(f"{weight:g}", lang) for name, weight in spec.items.items()}
    items = join_words([f"{name_in_words(name, lang)} ({weight})" for name, weight in weights.items()], lang)
    points = say("percent of the points that apply: {items}", lang, items=items)
    if not spec.critical:
        return points
    critical = names_to_choose(spec.critical, lang)
    return say("{points}; 0 % where {items} fails", lang, points=points, items=critical)


def _totals_in_words(spec: Any, lang: str) -> str:
    if spec.missing:
        fields = names_joined(spec.missing, lang)
        return say("as the log counts it already; of {fields} it is not known", lang, fields=fields)
    return say("as the log counts it already", lang)


def _recency_in_words(spec: Any, lang: str) -> str:
    return say(
        "the time since the customer's last interaction, at each period's end, looking back {time}",
        lang,
        time=quantity_in_words(spec.within, lang),
    )


def _frequency_in_words(spec: Any, lang: str) -> str:
    within = quantity_in_words(spec.within, lang)
    return say("interactions of a customer in the {time} before each period's end", lang, time=within)


def _spend_in_words(spec: Any, lang: str) -> str:
    return say(
        "what a customer spent ({field}) in the {time} before each period's end",
        lang,
        field=name_in_words(spec.amount, lang),
        time=quantity_in_words(spec.within, lang),
    )


_MEASURES: Final[dict[str, Callable[[Any, str], str]]] = {
    "totals": _totals_in_words,
    "delay": _delay_in_words,
    "count": _count_in_words,
    "repeat": _repeat_in_words,
    "checklist": _checklist_in_words,
    "recency": _recency_in_words,
    "frequency": _frequency_in_words,
    "spend": _spend_in_words,
}
