"""The rules between the keys of a criterion: zones in their order, units that fit, fields of the right type.

In: a criterion whose single keys are valid, and the `Scope` of its process. Out: a finding for each broken rule.
"""

from __future__ import annotations

import datetime as dt
from typing import TYPE_CHECKING, Any, Final

from svclight.definition.conditions import tests_in
from svclight.definition.findings import (
    Finding,
    Path,
    Scope,
    kind_of,
    names_at,
    raw_at,
    repeated_findings,
    unknown_findings,
)
from svclight.definition.log_checks import condition_findings
from svclight.definition.models import FIELD_KINDS, FLAGS, NUMBERS, LastStep, Measure, Within
from svclight.definition.names_used import is_of_numbers
from svclight.definition.totals_checks import (
    abandoned_row_findings,
    misplaced_findings,
    needless_limit_findings,
    totals_findings,
)
from svclight.errors import quoted_text
from svclight.thresholds import ZONES, Interval, order_problem, unit_problem
from svclight.values.quantities import dimension_of, unit_of_misspelling

if TYPE_CHECKING:
    from collections.abc import Iterator

    from svclight.definition.models import Checklist, Criterion, Delay, Duration, Log, Process, ThresholdRow

NUMERIC: Final = ("value", "duration", "delay", "count", "repeat", "checklist", "recency", "frequency", "spend")
"""Measures whose value is a number, so that their limits are ranges."""
AT_THE_END: Final = ("recency", "frequency", "spend")
"""Measures that count customers at each period's end."""
_FIELDS: Final = {"value": NUMBERS, "flag": FLAGS, "category": ("text", "part")}
"""Measures that are a field, and the kinds of field that fit."""


def value_unit(measure: Measure, log: Log | None) -> str | None:
    """The unit in which limits of a numeric measure are written: a field's unit, `time`, `%`, or "" for bare numbers.

    None where the field is not known, so that its unit is not known either.
    """
    if measure.delay is not None and is_of_numbers(measure.delay, log):
        return _unit_of(measure.delay.due, log)
    if measure.kind in ("duration", "delay", "recency"):
        return "time"
    if measure.kind == "checklist":
        return "%"
    name = measure.value or (measure.spend.amount if measure.spend else None)
    return "" if name is None else _unit_of(name, log)


def _unit_of(name: str, log: Log | None) -> str | None:
    """The unit of a field, or "" for a raw column; None where the field is not known, or broken by itself."""
    if log is None:
        return None
    spec = Scope(None, (), log).field(name)
    if spec is None:
        return None if log.fields is not None or "." in name else ""
    unit = Scope(None, (), log).unit(name)
    return None if kind_of(spec) not in NUMBERS or unit_of_misspelling(unit or "") else unit


def criterion_findings(criterion: Criterion, scope: Scope, path: Path) -> Iterator[Finding]:
    """Every broken rule of a criterion, as a finding at the key where a person mends it."""
    kinds = names_at(scope.raw, *path, "measure")
    if len(kinds) != 1:
        expected = "one of " + ", ".join(Measure.model_fields)
        found = ", ".join(kinds) or "nothing"
        yield Finding((*path, "measure"), "a measure is exactly one thing", expected, found=found)
    elif len(criterion.measure.model_fields_set) == 1:  # else what stands in it is wrong
        yield from _own_findings(criterion, scope, path)


def _own_findings(criterion: Criterion, scope: Scope, path: Path) -> Iterator[Finding]:
    """Findings of a criterion that has exactly one measure."""
    for key in ("applies", "asked"):
        yield from condition_findings(getattr(criterion, key), scope, (*path, key))
    misplaced = list(misplaced_findings(criterion.measure, scope, path))
    yield from misplaced or _measure_findings(criterion.measure, scope, path)
    yield from scope.type_findings(criterion.time, ("time",), (*path, "time"), raw_allowed=True)
    yield from () if misplaced else _limit_findings(criterion, scope, path)
    yield from list(abandoned_row_findings(criterion, scope, path)) or _abandoned_findings(criterion, scope, path)
    if criterion.scale is not None and criterion.scale[0] >= criterion.scale[1]:
        yield Finding((*path, "scale"), "the lowest value stands first", "[low, high]")
    elif criterion.scale is not None and _excludes_nothing(criterion):
        yield Finding((*path, "scale"), "this scale can exclude nothing: no value lies outside it", "a narrower one")
    for key in ("scale", "whole"):
        if getattr(criterion, key) and criterion.measure.kind not in NUMERIC:
            yield Finding((*path, key), f"`{key}` is for numbers", found=f"a measure of {criterion.measure.kind}")
    if criterion.measure.kind in AT_THE_END:
        for key in ("abandoned", "asked", "time"):
            if getattr(criterion, key) is not None:
                message = (
                    f"`{key}` is for interactions; `{criterion.measure.kind}` counts customers at each period's end"
                )
                yield Finding((*path, key), message, found="")
    yield from _target_findings(criterion, scope, path)


def kinds_of(measure: Measure) -> list[str]:
    """The keys of a measure that have a value; a sound one has exactly one."""
    return [name for name in type(measure).model_fields if getattr(measure, name) is not None]


def _excludes_nothing(criterion: Criterion) -> bool:
    """Whether no value of the measure can lie outside its scale: percent of points lie between 0 and 100."""
    low, high = criterion.scale or (0, 0)
    return criterion.measure.kind == "checklist" and low <= 0 and high >= 100  # noqa: PLR2004 - percent


def worst_findings(process: Process, path: Path) -> Iterator[Finding]:
    """Findings of criteria that are parts of themselves, or whose parts count different things."""
    for name, criterion in process.criteria.items():
        counted = [process.criteria[part] for part in criterion.measure.worst or () if part in process.criteria]
        kinds = {kind for part in counted for kind in kinds_of(part.measure) if kind != "worst"}
        late = {kind in AT_THE_END for kind in kinds}
        if len(late) > 1:
            expected = "parts that all count interactions, or all count customers at each period's end"
            here = (*path, "criteria", name, "measure", "worst")
            yield Finding(here, "these parts count different things", expected)
    parts = {name: criterion.measure.worst or () for name, criterion in process.criteria.items()}
    for name, direct in parts.items():
        # through others, too: parts of parts are followed until the criterion itself comes up, or nothing is left
        waiting, seen = list(direct), set[str]()
        while waiting and name not in seen:
            at = waiting.pop()
            waiting += [] if at in seen else parts.get(at, ())
            seen.add(at)
        if name in seen:
            here = (*path, "criteria", name, "measure", "worst")
            yield Finding(here, "a criterion is a part of itself", "other criteria")


def _measure_findings(measure: Measure, scope: Scope, path: Path) -> Iterator[Finding]:
    """Findings of a measure: fields of the right kind, steps and criteria that exist."""
    here = (*path, "measure", measure.kind)
    if measure.kind in _FIELDS:
        yield from scope.type_findings(measure.spec, _FIELDS[measure.kind], here)
    elif measure.duration is not None:
        yield from _duration_findings(measure.duration, scope, here)
    elif measure.delay is not None:
        yield from _delay_findings(measure.delay, scope, here)
    elif measure.count is not None:
        if scope.has_events or scope.log is None:
            yield from unknown_findings("step", measure.count.step, scope.steps, (*here, "step"))
        else:
            yield Finding(here, "a count of steps needs an event log", "`rows: events` in the log", found="")
    elif measure.worst is not None:
        yield from _parts_findings(measure.worst, scope, here)
    elif measure.checklist is not None:
        yield from _checklist_findings(measure.checklist, scope, here)
    elif measure.totals is not None:
        yield from totals_findings(measure.totals, scope, here)
    else:
        yield from _of_customers(measure, scope, here)


def _delay_findings(spec: Delay, scope: Scope, path: Path) -> Iterator[Finding]:
    """Findings of a delay: two times, or two numbers of one unit, which need no clock."""
    if not is_of_numbers(spec, scope.log):
        for key in ("due", "actual"):
            yield from scope.type_findings(getattr(spec, key), ("time",), (*path, key))
        yield from _unknown_calendar(spec, scope, path)
        return
    yield from scope.type_findings(spec.actual, NUMBERS, (*path, "actual"))
    units = scope.unit(spec.due), scope.unit(spec.actual)
    if None not in units and units[0] != units[1]:
        shown = " and ".join(unit or "no unit" for unit in units if unit is not None)
        yield Finding((*path, "actual"), "the two numbers have different units", "one unit", found=shown)
    for key in ("by", "calendar"):
        if key in names_at(scope.raw, *path):
            yield Finding(
                (*path, key), f"`{key}` is for times, and here two numbers are compared", "no such key", found=""
            )


def _unknown_calendar(spec: Duration | Delay, scope: Scope, path: Path) -> Iterator[Finding]:
    if spec.calendar is not None:
        yield from unknown_findings("calendar", spec.calendar, names_at(scope.raw, "calendars"), (*path, "calendar"))


def _duration_findings(spec: Duration, scope: Scope, path: Path) -> Iterator[Finding]:
    """Findings of a duration: its two ends, its calendar, and the times that are taken off."""
    for key, moment in (("from", spec.from_), ("to", spec.to)):
        yield from _moment_findings(moment, scope, (*path, key))
    yield from _unknown_calendar(spec, scope, path)
    if scope.log is None:
        return
    for index, name in enumerate(spec.minus):
        here: Path = (
            (*path, "minus") if isinstance(raw_at(scope.raw, (*path, "minus")), str) else (*path, "minus", index)
        )
        yield from scope.type_findings(name, NUMBERS, here)
        field = scope.field(name)
        if field is None and scope.log.fields is None:
            yield Finding(here, "what is taken off needs a unit of time", f"a field {{number: {name}, unit: s}}")
        elif kind_of(field) in NUMBERS and dimension_of(scope.unit(name) or "") != "time":
            message = f"{quoted_text(name)} is not counted in a unit of time"
            yield Finding(here, message, "`unit: s` at the field", found="")


def _moment_findings(name: str | LastStep, scope: Scope, path: Path) -> Iterator[Finding]:
    """Findings of the end of a duration: a time field, or in an event log a step."""
    if isinstance(name, LastStep):
        if scope.has_events:
            yield from unknown_findings("step", name.last, scope.steps, (*path, "last"))
        else:
            yield Finding(path, "only an event log has a last step", "a time field", found="")
    elif not scope.has_events:
        yield from scope.type_findings(name, ("time",), path)
    elif name not in ("start", "end"):
        yield from unknown_findings("step", name, ["start", "end", *scope.steps], path)


def _parts_findings(parts: tuple[str, ...], scope: Scope, path: Path) -> Iterator[Finding]:
    """Findings of the parts of `worst`: criteria of the process, or items that are counted by themselves."""
    known, cards = scope.names("criteria"), dict[str, str]()
    for one in scope.names("criteria"):
        place = ("criteria", one, "measure", "checklist")
        known += [f"{one}.{group}" for group in scope.names(*place, "groups")]
        cards |= {f"{one}.{item}": one for item in scope.names(*place, "items")}
    for index, name in enumerate(parts):
        yield from unknown_findings("criterion of this process", name, [*known, *cards], (*path, index))
        card = cards.get(name)
        if card is None or name in known:
            continue
        if raw_at(scope.raw, (*scope.path, "criteria", card, "measure", "checklist", "each")) in (None, False):
            message = f"the items of {quoted_text(card)} are not counted by themselves"
            yield Finding((*path, index), message, f"`each: true` in the checklist of {quoted_text(card)}")


def _checklist_findings(spec: Checklist, scope: Scope, path: Path) -> Iterator[Finding]:
    for name in spec.items:
        yield from scope.type_findings(name, (*FLAGS, "text"), (*path, "items", name))
    for index, name in enumerate(spec.critical):
        yield from unknown_findings("item", name, spec.items, (*path, "critical", index))
    for group, items in spec.groups.items():
        here = (*path, "groups", group)
        if spec.each and group in spec.items:
            message = f"{quoted_text(group)} is an item, which `each` counts by this name"
            yield Finding(here, message, "a name of its own for the group", found="")
        yield from repeated_findings(items, "item", here)
        for index, name in enumerate(items):
            yield from unknown_findings("item", name, spec.items, (*here, index))


def _of_customers(measure: Measure, scope: Scope, path: Path) -> Iterator[Finding]:
    """Findings of measures that look at other interactions of the same customer."""
    within = measure.spec.within
    if within.dimension != "time" or "bh" in within.units or within.amount <= 0:
        yield Finding((*path, "within"), "a window is a length of time", "a quantity such as 7 d")
    same = measure.repeat.same if measure.repeat is not None else ("customer",)
    if "customer" in same and scope.log is not None and "customer" not in scope.names("log"):
        yield Finding(path, "this measure needs to know the customer", "a key `customer` in the log", found="")
    for index, name in enumerate(same):
        if name != "customer":
            yield from scope.type_findings(name, FIELD_KINDS, (*path, "same", index), raw_allowed=True)
    if measure.spend is not None:
        yield from scope.type_findings(measure.spend.amount, ("number", "sum", "difference"), (*path, "amount"))


def _limit_findings(criterion: Criterion, scope: Scope, path: Path) -> Iterator[Finding]:
    """Limits are there, once, for every date, and each row of them is right."""
    given = names_at(scope.raw, *path)
    zones = [zone for zone in ZONES if zone in given]
    if criterion.measure.kind == "worst":
        for key in [*zones, *(["thresholds"] if "thresholds" in given else [])]:
            yield Finding((*path, key), "`worst` takes the zones of its parts", "no limits", found="")
        return
    if criterion.measure.totals is not None:
        yield from needless_limit_findings(given, path)
        return
    if "thresholds" in given:  # as written: rows that are broken by themselves still stand instead of `green`
        for key in zones:
            yield Finding((*path, key), f"`{key}` stands beside `thresholds`", "one of the two", found="")
        yield from _coverage_findings(criterion, (*path, "thresholds"))
    elif "green" not in given:
        yield Finding(path, "there is no `green`", "`green` (or `thresholds`)", found="")
    for index, row in enumerate(criterion.thresholds or ()):
        here = (*path, "thresholds", index)
        yield from condition_findings(row.where, scope, (*here, "where"))
        if "green" not in names_at(scope.raw, *here):
            yield Finding(here, "there is no `green`", "`green`", found="")
        yield from _zone_findings(row, criterion, scope, here)
    if criterion.thresholds is None:
        yield from _zone_findings(criterion.rows[0], criterion, scope, path)
    yield from _working_days(criterion, path)


def _coverage_findings(criterion: Criterion, path: Path) -> Iterator[Finding]:
    """Findings where limits hold on no day, or where the rows without `where` leave a date without limits."""
    if criterion.thresholds is None:  # something in them is wrong already
        return
    spans = [(row.from_ or dt.date.min, row.until or dt.date.max) for row in criterion.thresholds]
    for index, (start, end) in enumerate(spans):
        if start >= end:
            yield Finding((*path, index), "these limits hold on no day", "`from` before `until`", found="")
    reached = dt.date.min  # up to this day every date has limits for all interactions
    for start, end in sorted(span for row, span in zip(criterion.thresholds, spans, strict=True) if row.where is None):
        reached = max(reached, end) if start <= reached else reached
    if reached != dt.date.max:
        since = "" if reached == dt.date.min else f" from {reached}"
        expected = "rows without `where` that together cover every date"
        hint = "let the last row have neither `where` nor `until`"
        yield Finding(path, f"there are no limits for all dates{since}", expected, hint, found="")


def _zone_findings(row: ThresholdRow, criterion: Criterion, scope: Scope, path: Path) -> Iterator[Finding]:
    """Findings where a zone has not the form that its measure needs: limits, true or false, or categories."""
    kind = criterion.measure.kind
    form, expected = {
        "flag": (bool, "true or false"),
        "category": (tuple, "a list of categories such as [a, b]"),
    }.get(kind, (Interval, 'a limit such as "<= 30 s"'))
    given = {zone: getattr(row, zone) for zone in ZONES if getattr(row, zone) is not None}
    for zone, limit in given.items():
        if zone == "red" and kind != "category":
            message = "`red` is for categories: what is neither green nor yellow is red"
            yield Finding((*path, zone), message, "no `red`", found="")
        elif zone == "yellow" and kind == "flag":
            yield Finding((*path, zone), "a flag is green or red", "no `yellow`", found="")
        elif not isinstance(limit, form):
            yield Finding((*path, zone), f"this does not fit a measure of {kind}", expected)
    if kind == "category":
        yield from _category_findings({zone: limit for zone, limit in given.items() if isinstance(limit, tuple)}, path)
    elif kind != "flag":
        ranges = {zone: limit for zone, limit in given.items() if isinstance(limit, Interval)}
        yield from _range_findings(ranges, criterion, scope, path)


def _unit_to_write(field: str, limit: Interval) -> str:
    """Where the unit of a field is written; it may be another than that of the limit, minutes beside hours."""
    units = {unit for end in limit.ends for unit in end.units}
    return f"; the unit of its numbers stands at the field, {field}: {{number: …, unit: {min(units)}}}" if units else ""


def _range_findings(zones: dict[str, Interval], criterion: Criterion, scope: Scope, path: Path) -> Iterator[Finding]:
    """Findings where the unit of a limit does not fit the measure, or yellow does not enclose green."""
    unit = value_unit(criterion.measure, scope.log)
    wrong = False
    for zone in [zone for zone in ("green", "yellow") if zone in zones and unit is not None]:
        problem = unit_problem(zones[zone], str(unit), calendar=_has_calendar(criterion))
        if problem:
            wrong = True
            if not unit and criterion.measure.value is not None:
                problem += _unit_to_write(criterion.measure.value, zones[zone])
            yield Finding((*path, zone), "the unit does not fit the measure", hint=problem)
    if wrong or not {"green", "yellow"} <= set(zones):
        return
    green, yellow = zones["green"].in_unit(unit or ""), zones["yellow"].in_unit(unit or "")
    # working days beside time have no order; `_working_days` tells of the mix
    if {end.dimension for end in (*green.ends, *yellow.ends)} != {"bd", "time"}:
        problem = order_problem(green, yellow)
        if problem:
            end = yellow.high if green.direction == "lower is better" else yellow.low
            banded = green.direction != "a band" and yellow.direction == "a band"
            hint = f'write "{"<=" if green.low is None else ">="} {end}": yellow holds green too' if banded else ""
            yield Finding((*path, "yellow"), problem, "zones in their order: yellow encloses green", hint)


def _category_findings(zones: dict[str, tuple[str | int | float, ...]], path: Path) -> Iterator[Finding]:
    """A finding for each category that stands in two zones."""
    seen: dict[str, str] = {}
    for zone, categories in zones.items():
        for index, category in enumerate(categories):
            first = seen.get(str(category))
            if first is not None:
                message = f"the category {quoted_text(category)} is in `{first}` already"
                yield Finding((*path, zone, index), message, found="")
            seen.setdefault(str(category), zone)


def _has_calendar(criterion: Criterion) -> bool:
    spec = criterion.measure.duration or criterion.measure.delay
    return spec is not None and spec.calendar is not None


def _working_days(criterion: Criterion, path: Path) -> Iterator[Finding]:
    """Findings where some limits of a criterion are in working days and others are not."""
    limits = [limit for row in criterion.rows for limit in (row.green, row.yellow) if isinstance(limit, Interval)]
    units = {end.dimension for limit in limits for end in limit.ends}
    message = "working days (bd) do not mix with other units in one criterion"
    if "bd" in units and len(units) > 1 and _has_calendar(criterion):
        place = "thresholds" if criterion.thresholds is not None else "yellow"
        yield Finding((*path, place), message, "all limits in bd", found="")
    if "bd" in units and criterion.measure.duration is not None and criterion.measure.duration.minus:
        here = (*path, "measure", "duration", "minus")
        yield Finding(here, "what is taken off cannot be counted in working days", "limits in bh, h or min", found="")
    counts = criterion.abandoned.counts if criterion.abandoned is not None else None
    if isinstance(counts, Within) and not isinstance(counts.excluded_within, str):
        other = counts.excluded_within
        if units and "bd" in units | {other.dimension} and units != {other.dimension}:
            yield Finding((*path, "abandoned", "counts", "excluded_within"), message, "all limits in bd")


def _abandoned_findings(criterion: Criterion, scope: Scope, path: Path) -> Iterator[Finding]:
    """Findings of the rule for abandoned interactions: a measure and limits for which it means something."""
    rule, kind = criterion.abandoned, criterion.measure.kind
    if rule is None:
        return
    yield from condition_findings(rule.where, scope, (*path, "abandoned", "where"))
    if not scope.has_events:  # in an event log it may be a step as well
        yield from scope.type_findings(rule.at, ("time",), (*path, "abandoned", "at"))
    if rule.counts in ("red", "excluded"):
        return
    here = (*path, "abandoned", "counts")
    name = "excluded_within" if isinstance(rule.counts, Within) else "by_elapsed"
    if kind not in NUMERIC or kind == "count":
        message, expected = f"`{name}` needs a value that grows with waiting", "red or excluded"
        yield Finding(here, message, expected, found=f"a measure of {kind}")
    elif kind == "duration" and rule.at is None and "at" not in names_at(scope.raw, *path, "abandoned"):
        message = f"`{name}` on a duration needs to know when the customer gave up"
        yield Finding(here, message, "a key `at` in `abandoned`", found="")
    elif isinstance(rule.counts, Within) and not isinstance(rule.counts.excluded_within, str):
        unit = value_unit(criterion.measure, scope.log)
        limit = Interval(high=rule.counts.excluded_within)
        wrong = "" if unit is None else unit_problem(limit, unit, calendar=_has_calendar(criterion))
        if wrong:
            yield Finding((*here, "excluded_within"), "the unit does not fit the measure", hint=wrong)


def _target_findings(criterion: Criterion, scope: Scope, path: Path) -> Iterator[Finding]:
    """Findings of the targets and of the accepted miss of a criterion."""
    single = not isinstance(raw_at(scope.raw, (*path, "targets")), list)
    for index, target in enumerate(criterion.targets):
        here: Path = (*path, "targets") if single else (*path, "targets", index)
        yield from _share_findings(target, scope, here, "nothing is aimed at")
        if target.warn_at is not None and target.red is None and target.green is None:
            yield Finding((*here, "warn_at"), "this target has no budget", "`warn_at` beside `red` or `green`")
        yield from condition_findings(target.where, scope, (*here, "where"))
        for test in tests_in(target.where):
            if scope.log is not None:  # shares are counted by segments alone
                yield from unknown_findings(
                    "segment", test.column, scope.log.segments or (), (*here, "where", *test.path)
                )
    if criterion.accepted is not None:
        yield from _share_findings(criterion.accepted, scope, (*path, "accepted"), "nothing is accepted")
    for index, action in enumerate(criterion.actions):
        here = (*path, "actions", index, "expected")
        if action.expected is not None and not set(ZONES) & set(names_at(scope.raw, *here)):
            yield Finding(here, "nothing is expected", "one of green, yellow, red", found="")


def _share_findings(target: Any, scope: Scope, path: Path, nothing: str) -> Iterator[Finding]:
    """Findings of targets: shares are aimed at in percent, the net score in percentage points."""
    written = set(names_at(scope.raw, *path))
    aims = [key for key in (*ZONES, "net") if getattr(target, key) is not None]
    if not aims and not {*ZONES, "net"} & written:
        yield Finding(path, nothing, "one of green, yellow, red, net", found="")
    for key in [key for key in aims if key in written]:  # one that was misspelt is told as that, once
        limit: Interval = getattr(target, key)
        units, lowest = ({"number", "%"}, -100) if key == "net" else ({"%"}, 0)
        if not units >= {end.dimension for end in limit.ends}:
            expected = 'percentage points such as ">= 30"' if key == "net" else 'percent such as ">= 80 %"'
            yield Finding((*path, key), "the unit does not fit", expected)
        elif any(not lowest <= end.amount <= 100 for end in limit.ends):  # noqa: PLR2004 - percent
            yield Finding((*path, key), "this can never be reached", f"{lowest} to 100")
