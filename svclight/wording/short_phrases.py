"""A criterion in short words for tables: its measure, its limits, its rule for abandoned interactions.

In: models of the definition, the code of a language. Out: plain text, not escaped for any format. Names of fields stay
as the definition has them.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, Final

from svclight.thresholds import ZONES, Interval
from svclight.wording.catalogue import say, say_of, to_say
from svclight.wording.languages import date_words, decimal_sign
from svclight.wording.limit_words import condition_text, limit_text, quantity_text
from svclight.wording.zone_words import zone_members

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

    from svclight.definition.models import Abandoned, Criterion, Process, Target, ThresholdRow

_COUNTS: Final = {
    "red": to_say("red, whatever they waited"),
    "by_elapsed": to_say("rated by the time until they were given up"),
    "excluded": to_say("excluded"),
}


def count_text(count: int, word: str) -> str:
    """`1 month`, `24 months`."""
    return f"{count:,} {word}" if count == 1 else f"{count:,} {word}s"


def measure_facts(criterion: Criterion, process: Process, lang: str = "en") -> Iterator[tuple[str, str]]:
    """The names and texts of all keys that decide the numbers of a criterion, limits excepted."""
    yield say("Measured", lang), short_measure(criterion, process, lang)
    if criterion.applies is not None:
        yield say("Applies where", lang), condition_text(criterion.applies, lang)
    if criterion.time is not None:
        yield say("Month of", lang), criterion.time
    if criterion.scale is not None:
        yield say("Possible values", lang), _scale_text(criterion, lang)
    if measure_has_rule(criterion):
        yield say("Abandoned", lang), short_abandons(criterion.abandoned, lang)
    for target in criterion.targets:
        where = "" if target.where is None else condition_text(target.where, lang)
        head = say("Target where {condition}", lang, condition=where) if where else say("Target", lang)
        yield head, short_target(target, lang)
    if criterion.accepted is not None:
        yield say("Accepted", lang), _accepted_text(criterion.accepted, lang)
    for change in criterion.changes:
        yield say("Changed", lang), f"{date_words(change.at, lang)}: {change.reason}"


def _scale_text(criterion: Criterion, lang: str) -> str:
    """The values that are possible."""
    low, high = (decimal_sign(f"{end:g}", lang) for end in criterion.scale or ())
    if criterion.whole:
        return say("{low} to {high}, whole numbers", lang, low=low, high=high)
    return say("{low} to {high}", lang, low=low, high=high)


def _accepted_text(known: Any, lang: str) -> str:
    """Which miss is accepted, until when, and why."""
    why = f"{known.reason} ({known.ticket})" if known.ticket else known.reason
    target, day = short_target(known, lang), date_words(known.until, lang)
    return say("{target} until before {day}: {reason}", lang, target=target, day=day, reason=why)


def measure_has_rule(criterion: Criterion) -> bool:
    """Whether the criterion has a rule for abandoned interactions: the worst of others has theirs, counts have none."""
    return criterion.measure.kind not in ("worst", "totals") or criterion.abandoned is not None


def short_measure(criterion: Criterion, process: Process, lang: str = "en") -> str:
    """The measure of a criterion in short words."""
    measure = criterion.measure
    match measure.kind:
        case "value" | "flag" | "category":
            return str(measure.spec)
        case "worst":
            titles = ", ".join(_part_title(name, process) for name in measure.spec)
            return say("worst zone of: {titles}", lang, titles=titles)
        case _:
            return _MEASURES[measure.kind](measure.spec, lang)


def _part_title(name: str, process: Process) -> str:
    """A criterion, or the item of a quality card."""
    known = process.criteria.get(name)
    return (known.title if known is not None else None) or name


def _short_duration(spec: Any, lang: str) -> str:
    begin, end = _short_moment(spec.from_, lang), _short_moment(spec.to, lang)
    time = say("time from {begin} to {end}", lang, begin=begin, end=end)
    if spec.minus:
        time = say("{time}, less {others}", lang, time=time, others=", ".join(spec.minus))
    return _with_clock(time, spec, lang)


def _short_delay(spec: Any, lang: str) -> str:
    late = say("how late {actual} is against {due}", lang, actual=spec.actual, due=spec.due)
    return _with_clock(late, spec, lang)


def _with_clock(time: str, spec: Any, lang: str) -> str:
    """A time with the words that it is counted by calendar date, or in working time."""
    if spec.by == "date":
        time = say("{time}, by calendar date", lang, time=time)
    if spec.calendar:
        time = say("{time}, in working time of {calendar}", lang, time=time, calendar=spec.calendar)
    return time


def _short_count(spec: Any, lang: str) -> str:
    if spec.distinct:
        return say("different values of {field} at {step}", lang, field=spec.distinct, step=spec.step)
    return say("how often {step} happens", lang, step=spec.step)


def _short_repeat(spec: Any, lang: str) -> str:
    values = {"time": quantity_text(spec.within, lang), "fields": ", ".join(spec.same)}
    if spec.first_only:
        return say(
            "contacts that follow within {time} with the same {fields}; only of contacts that are no repeats "
            "themselves",
            lang,
            **values,
        )
    return say("contacts that follow within {time} with the same {fields}", lang, **values)


def _short_checklist(spec: Any, lang: str) -> str:
    items = ", ".join(f"{name} ({decimal_sign(f'{weight:g}', lang)})" for name, weight in spec.items.items())
    points = say("percent of the points that apply: {items}", lang, items=items)
    if not spec.critical:
        return points
    critical = ", ".join(spec.critical)
    return say("{points}; 0 % where one of these fails: {critical}", lang, points=points, critical=critical)


def _short_totals(spec: Any, lang: str) -> str:
    if spec.missing:
        return say("counts of the log; missing: {fields}", lang, fields=", ".join(spec.missing))
    return say("counts of the log", lang)


def _short_recency(spec: Any, lang: str) -> str:
    return say(
        "time since the customer's last interaction, looking back {time} from a period's end",
        lang,
        time=quantity_text(spec.within, lang),
    )


def _short_frequency(spec: Any, lang: str) -> str:
    within = quantity_text(spec.within, lang)
    return say("interactions of a customer in the {time} before a period's end", lang, time=within)


def _short_spend(spec: Any, lang: str) -> str:
    within = quantity_text(spec.within, lang)
    return say("sum of {field} of a customer in the {time} before a period's end", lang, field=spec.amount, time=within)


_MEASURES: Final[dict[str, Callable[[Any, str], str]]] = {
    "duration": _short_duration,
    "delay": _short_delay,
    "totals": _short_totals,
    "count": _short_count,
    "repeat": _short_repeat,
    "checklist": _short_checklist,
    "recency": _short_recency,
    "frequency": _short_frequency,
    "spend": _short_spend,
}


def _short_moment(moment: Any, lang: str) -> str:
    return moment if isinstance(moment, str) else say("the last {step}", lang, step=moment.last)


def short_abandons(rule: Abandoned | None, lang: str = "en") -> str:
    """The rule for abandoned interactions in short words; empty without a rule."""
    if rule is None:
        return say("no rule: counted like all others", lang)
    within = getattr(rule.counts, "excluded_within", None)
    if within is None:
        counts = say(_COUNTS[str(rule.counts)], lang)
    elif within == "green":
        counts = say("excluded while they would be green, else red", lang)
    else:
        counts = say("excluded up to {time}, else red", lang, time=quantity_text(within, lang))
    return say("{counts} (where {condition})", lang, counts=counts, condition=condition_text(rule.where, lang))


def short_target(target: Target | Any, lang: str = "en") -> str:
    """The limits of a target, `green ≥ 80 %, red ≤ 5 %`."""
    named = [(zone_members(zone, lang), getattr(target, zone)) for zone in ZONES]
    named.append((say("net", lang), target.net))
    return ", ".join(f"{name} {limit_text(limit, lang)}" for name, limit in named if limit is not None)


def limit_rows(criterion: Criterion, lang: str = "en") -> Iterator[tuple[str, str, str, str]]:
    """For whom the limits hold, and green, yellow and red in words; nothing for the worst of others."""
    if criterion.measure.worst is not None:
        return
    everybody, none = say("all", lang), say_of("zone without limits", "none", lang)
    if criterion.measure.totals is not None:
        green, yellow, red = (", ".join(getattr(criterion.measure.totals, zone)) or none for zone in ZONES)
        yield everybody, green, yellow, red
        return
    for row in criterion.rows:
        yellow = none if row.yellow is None else zone_text(row.yellow, lang)
        red = say("everything else", lang) if row.red is None else zone_text(row.red, lang)
        yield short_scope(row, lang) or everybody, zone_text(row.green, lang), yellow, red


def short_scope(row: ThresholdRow, lang: str = "en") -> str:
    """For which interactions a row of limits holds; empty for all."""
    parts = (
        "" if row.where is None else condition_text(row.where, lang),
        "" if row.from_ is None else say("from {day}", lang, day=date_words(row.from_, lang)),
        "" if row.until is None else say("until before {day}", lang, day=date_words(row.until, lang)),
    )
    return ", ".join(filter(None, parts))


def zone_text(limit: Any, lang: str = "en") -> str:
    """The limit of a zone: a range, true or false, or its categories."""
    if isinstance(limit, Interval):
        return limit_text(limit, lang)
    if isinstance(limit, bool):
        return say_of("flag", "yes", lang) if limit else say_of("flag", "no", lang)
    return ", ".join(str(word) for word in limit or ())
