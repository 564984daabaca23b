"""What the keys of a definition must hold together: fields that exist, units that fit, zones in their order.

In: a `Document` whose single keys are valid, and the plain data it was made of (a name that stands there but was itself
wrong is not reported a second time as unknown). Out: findings, each with the key path at which a person mends it.
"""

from __future__ import annotations

import codecs
import datetime as dt
import re
import zoneinfo
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any, Final

from svclight.conditions import tests
from svclight.errors import guess, quoted
from svclight.models import FIELD_KINDS, LastStep, Measure, Within
from svclight.thresholds import STATES, ZONES, Interval, order_problem, unit_problem
from svclight.units import SECONDS, dimension_of, misspelt, parse_quantity

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator

    from svclight.conditions import Condition, Test
    from svclight.models import (
        Abandoned,
        Calendar,
        Criterion,
        Document,
        FieldSpec,
        Log,
        Process,
        ThresholdRow,
    )

Path = tuple[str | int, ...]

TABLE_COLUMNS: Final = frozenset(
    [
        "process",
        "criterion",
        "period",
        "zone",
        "count",
        "reason",
        "id",
        "customer",
        "time",
        "value",
        "unit",
        "weight",
    ]
    + ["file", "line", "text", "rated", "net", "net_low", "net_high", "flag", *STATES]
    + [f"{zone}_share{end}" for zone in ZONES for end in ("", "_low", "_high")]
)
"""Columns of the library's tables; no segment may bear such a name."""

NUMERIC: Final = (
    "value",
    "duration",
    "delay",
    "count",
    "repeat",
    "checklist",
    "recency",
    "frequency",
    "spend",
)
"""Measures whose value is a number, so that their limits are ranges."""
_DIRECTIVES: Final = set("aAwdbBmyYHIpMSfzjUWcxXuVG%")


@dataclass(frozen=True)
class Finding:
    """One broken rule; `found` is what stands at the path unless given."""

    path: Path
    message: str
    expected: str = ""
    hint: str = ""
    found: str | None = None


def check_document(document: Document, raw: Any) -> list[Finding]:
    """Every broken rule of the document, in the order of its parts."""
    return [*_Checks(document, raw).all()]


def raw_at(raw: Any, path: Path) -> Any:
    """The plain data at a path; None where there is none."""
    for key in path:
        if isinstance(raw, dict):
            raw = raw.get(key)
        elif isinstance(raw, list) and isinstance(key, int) and key < len(raw):
            raw = raw[key]
        else:
            return None
    return raw


def value_unit(measure: Measure, log: Log | None) -> str | None:
    """The unit in which limits of a numeric measure are written: a field's unit, `time`, `%`, or "" for bare numbers.

    None where it cannot be told, because the field is not known.
    """
    if measure.kind in ("duration", "delay", "recency"):
        return "time"
    if measure.kind == "checklist":
        return "%"
    name = measure.value or (measure.spend.amount if measure.spend else None)
    if name is None or log is None or log.fields is None or name not in log.fields:
        return "" if name is None or log is None or log.fields is None else None
    spec = log.fields[name]
    return "s" if spec.span is not None else (spec.unit or "")


def zone_problem(zone: str) -> bool:
    """Whether a time zone is unknown."""
    try:
        zoneinfo.ZoneInfo(zone)
    except (zoneinfo.ZoneInfoNotFoundError, ValueError, OSError):
        return True
    return False


def _zone_finding(zone: str | None, path: Path) -> Iterator[Finding]:
    if zone is not None and zone_problem(zone):
        near = guess(zone, zoneinfo.available_timezones())
        yield Finding(path, "unknown time zone", "an IANA name such as Europe/Berlin or UTC", near)


@dataclass
class _Checks:
    document: Document
    raw: Any
    known: dict[Path, list[str]] = field(default_factory=dict)

    def names(self, *path: str | int) -> list[str]:
        """The keys written at a path, right or wrong."""
        found = raw_at(self.raw, path)
        return list(found) if isinstance(found, dict) else []

    def unknown(self, what: str, name: str, known: Iterable[str], path: Path) -> Iterator[Finding]:
        """A finding where `name` is none of `known`."""
        names = sorted(known)
        if name not in names:
            expected = f"one of {', '.join(names)}" if names else f"a {what} that is declared"
            yield Finding(path, f"unknown {what}", expected, guess(name, names), quoted(name))

    def all(self) -> Iterator[Finding]:
        yield from _zone_finding(self.document.time_zone, ("time_zone",))
        for name, calendar in self.document.calendars.items():
            yield from _calendar(calendar, ("calendars", name))
        if "processes" in self.raw and not self.names("processes"):
            yield Finding(("processes",), "there is no process", "at least one process")
        for name, process in self.document.processes.items():
            path: Path = ("processes", name)
            yield from _id_finding(name, path)
            yield from self.process(process, path)

    def process(self, process: Process, path: Path) -> Iterator[Finding]:
        if process.part_of is not None:
            yield from self.unknown("process", process.part_of, self.names("processes"), (*path, "part_of"))
            yield from self.circle(str(path[1]), path)
        yield from _twice([step.step for step in process.scenario], "step", (*path, "scenario"), "step")
        if self.names(*path, "criteria") and "log" not in self.names(*path):
            yield Finding(
                path,
                "there are criteria, but no log",
                "a key `log` that says where the interactions stand",
                found="",
            )
        if process.log is not None:
            yield from self.log(process.log, (*path, "log"))
        for name, criterion in process.criteria.items():
            here = (*path, "criteria", name)
            yield from _id_finding(name, here)
            yield from self.criterion(criterion, process, here)
        yield from self.worst_circles(process, path)

    def circle(self, start: str, path: Path) -> Iterator[Finding]:
        seen, at = [start], self.document.processes[start].part_of
        while at is not None and at in self.document.processes and at not in seen:
            seen.append(at)
            at = self.document.processes[at].part_of
        if at == start:
            yield Finding((*path, "part_of"), "a process is a part of itself", hint=" -> ".join([*seen, start]))

    def log(self, log: Log, path: Path) -> Iterator[Finding]:
        fields = log.fields or {}
        for name, spec in fields.items():
            yield from _field(name, spec, fields, self.names(*path, "fields"), (*path, "fields", name))
        for key in ("time", "begins"):
            yield from self.typed(getattr(log, key), log, ("time",), (*path, key), raw_allowed=True)
        yield from self.typed(log.weight, log, ("number",), (*path, "weight"), raw_allowed=True)
        for index, name in enumerate(log.segments or ()):
            if name in TABLE_COLUMNS:
                yield Finding(
                    (*path, "segments", index),
                    "a segment may not bear the name of a column of the results",
                    hint=f"declare a field with another name: {name}_: {{text: {name}}}",
                )
        yield from _twice(list(log.segments or ()), "segment", (*path, "segments"))
        for index, rule in enumerate(log.exclude):
            yield from self.condition(rule.where, log, (*path, "exclude", index, "where"))
        if log.repeated_ids is not None:
            if log.id is None:
                yield Finding(
                    (*path, "repeated_ids"),
                    "there is no `id` that could be repeated",
                    "a key `id` in the log",
                    found="",
                )
            if log.repeated_ids.by is not None:
                kinds = ("time", "number", "span")
                yield from self.typed(log.repeated_ids.by, log, kinds, (*path, "repeated_ids", "by"), raw_allowed=True)
        yield from _reading(log, path)
        yield from self.events(log, path)
        for name, join in log.join.items():
            for inner, spec in join.fields.items():
                here = (*path, "join", name, "fields")
                yield from _field(inner, spec, join.fields, self.names(*here), (*here, inner))

    def events(self, log: Log, path: Path) -> Iterator[Finding]:
        only = [key for key in ("step", "steps", "ends", "repeated_rows") if getattr(log, key) is not None]
        if log.rows == "interactions":
            for key in only:
                yield Finding((*path, key), f"`{key}` belongs to event logs", "`rows: events` in the log", found="")
            return
        for key in ("id", "step", "steps"):
            if getattr(log, key) is None and key not in self.names(*path):
                yield Finding(path, f"an event log needs `{key}`", f"a key `{key}`", found="")
        if log.repeated_ids is not None:
            yield Finding(
                (*path, "repeated_ids"),
                "cases of an event log share their id",
                "`repeated_rows: drop`",
                found="",
            )
        for index, name in enumerate(log.ends or ()):
            yield from self.unknown("step", name, self.names(*path, "steps"), (*path, "ends", index))

    def typed(
        self, name: str | None, log: Log, kinds: tuple[str, ...], path: Path, *, raw_allowed: bool = False
    ) -> Iterator[Finding]:
        """The name must be a declared field of one of the kinds, or a raw column where that is allowed."""
        if name is None:
            return
        fields = log.fields or {}
        if name in fields:
            kind = fields[name].kind if _one_kind(fields[name]) else None
            if kind is not None and kind not in kinds:
                article = "a field of " + " or ".join(kinds)
                yield Finding(path, f"{quoted(name)} is a field of {kind}", article, found="")
        elif "." in name and name.split(".")[0] in log.join:
            return
        elif log.fields is not None and not raw_allowed:
            yield from self.unknown("field", name, self.names(*path[:2], "log", "fields"), path)

    def condition(self, condition: Condition | None, log: Log | None, path: Path) -> Iterator[Finding]:
        for test in tests(condition):
            yield from _test(test, log, path)

    def criterion(self, criterion: Criterion, process: Process, path: Path) -> Iterator[Finding]:
        log, kinds = process.log, self.names(*path, "measure")
        if len(kinds) != 1:
            expected = "one of " + ", ".join(Measure.model_fields)
            yield Finding(
                (*path, "measure"),
                "a measure is exactly one thing",
                expected,
                found=", ".join(kinds) or "nothing",
            )
            return
        for key in ("applies", "asked"):
            yield from self.condition(getattr(criterion, key), log, (*path, key))
        if log is not None:
            yield from self.measure(criterion.measure, process, log, path)
            yield from self.typed(criterion.time, log, ("time",), (*path, "time"), raw_allowed=True)
        yield from self.limits(criterion, log, path)
        if criterion.abandoned is not None:
            yield from self.abandoned(criterion.abandoned, criterion, log, (*path, "abandoned"))
        if criterion.scale is not None and criterion.scale[0] >= criterion.scale[1]:
            yield Finding((*path, "scale"), "the lowest value stands first", "[low, high]")
        for key in ("scale", "whole"):
            if getattr(criterion, key) and criterion.measure.kind not in NUMERIC:
                yield Finding((*path, key), f"`{key}` is for numbers", found=f"a measure of {criterion.measure.kind}")
        yield from self.targets(criterion, log, path)

    def measure(self, measure: Measure, process: Process, log: Log, path: Path) -> Iterator[Finding]:
        here = (*path, "measure", measure.kind)
        match measure.kind:
            case "value":
                yield from self.typed(measure.value, log, ("number", "span"), here)
            case "flag":
                yield from self.typed(measure.flag, log, ("flag",), here)
            case "category":
                yield from self.typed(measure.category, log, ("text", "part"), here)
            case "duration" | "delay" as kind:
                for key in ("from", "to") if kind == "duration" else ("due", "actual"):
                    moment = getattr(measure.spec, "from_" if key == "from" else key)
                    yield from self.moment(moment, log, (*here, key))
                if measure.spec.calendar is not None:
                    yield from self.unknown(
                        "calendar", measure.spec.calendar, self.names("calendars"), (*here, "calendar")
                    )
                    if measure.spec.by == "date":
                        yield Finding((*here, "by"), "a calendar counts working time between instants", "`by: instant`")
                if measure.duration is not None:
                    yield from self.minus(measure.duration.minus, log, (*here, "minus"))
            case "count":
                if log.rows == "interactions":
                    yield Finding(here, "a count of steps needs an event log", "`rows: events` in the log", found="")
                elif measure.count is not None:
                    steps = self.names(*path[:2], "log", "steps")
                    yield from self.unknown("step", measure.count.step, steps, (*here, "step"))
            case "worst":
                yield from self.parts(measure, path)
            case "checklist" if measure.checklist is not None:
                for name in measure.checklist.items:
                    yield from self.typed(name, log, ("flag", "text"), (*here, "items", name))
                for index, name in enumerate(measure.checklist.critical):
                    yield from self.unknown("item", name, measure.checklist.items, (*here, "critical", index))
            case "repeat" | "recency" | "frequency" | "spend":
                yield from self.of_customers(measure, log, path)

    def moment(self, name: str | LastStep, log: Log, path: Path) -> Iterator[Finding]:
        steps = self.names(*path[:2], "log", "steps")
        if isinstance(name, LastStep):
            if log.rows == "interactions":
                yield Finding(path, "only an event log has a last step", "a time field", found="")
            else:
                yield from self.unknown("step", name.last, steps, (*path, "last"))
        elif log.rows == "interactions" or path[-1] in ("due", "actual"):
            yield from self.typed(name, log, ("time",), path)
        elif name not in ("start", "end"):
            yield from self.unknown("step", name, ["start", "end", *steps], path)

    def minus(self, names: tuple[str, ...], log: Log, path: Path) -> Iterator[Finding]:
        for index, name in enumerate(names):
            here = path if isinstance(raw_at(self.raw, path), str) else (*path, index)
            yield from self.typed(name, log, ("number", "span"), here)
            spec = (log.fields or {}).get(name)
            if spec is None and log.fields is None:
                yield Finding(here, "what is taken off needs a unit of time", f"a field {{number: {name}, unit: s}}")
            elif spec is not None and spec.number is not None and dimension_of(spec.unit or "") != "time":
                yield Finding(
                    here,
                    f"{quoted(name)} is not counted in a unit of time",
                    "`unit: s` at the field",
                    found="",
                )

    def parts(self, measure: Measure, path: Path) -> Iterator[Finding]:
        for index, name in enumerate(measure.worst or ()):
            known = [other for other in self.names(*path[:3]) if other != path[3]]
            yield from self.unknown("criterion of this process", name, known, (*path, "measure", "worst", index))

    def of_customers(self, measure: Measure, log: Log, path: Path) -> Iterator[Finding]:
        here = (*path, "measure", measure.kind)
        within = measure.spec.within
        if within.dimension != "time" or "bh" in within.units or within.amount <= 0:
            yield Finding((*here, "within"), "a window is a length of time", "a quantity such as 7 d")
        needs_customer = measure.repeat is None or "customer" in measure.repeat.same
        if needs_customer and log.customer is None and "customer" not in self.names(*path[:2], "log"):
            yield Finding(here, "this measure needs to know the customer", "a key `customer` in the log", found="")
        if measure.spend is not None:
            yield from self.typed(measure.spend.amount, log, ("number",), (*here, "amount"))

    def limits(self, criterion: Criterion, log: Log | None, path: Path) -> Iterator[Finding]:
        given = set(self.names(*path))
        zones = given & set(ZONES)
        if criterion.measure.kind == "worst":
            for key in sorted(zones | given & {"thresholds"}):
                yield Finding((*path, key), "`worst` takes the zones of its parts", "no limits", found="")
            return
        if "thresholds" in given:
            for key in [zone for zone in ZONES if zone in zones]:
                yield Finding((*path, key), f"`{key}` stands beside `thresholds`", "one of the two", found="")
            yield from self.coverage(criterion, path)
        elif "green" not in given:
            yield Finding(path, "there is no `green`", "`green` (or `thresholds`)", _zone_typo(given), found="")
        for index, row in enumerate(criterion.rows):
            here = path if criterion.thresholds is None else (*path, "thresholds", index)
            yield from self.condition(row.where, log, (*here, "where"))
            if criterion.thresholds is not None and "green" not in self.names(*here):
                yield Finding(here, "there is no `green`", "`green`", found="")
            yield from _zones(row, criterion, log, here)
        yield from _working_days(criterion, path)

    def coverage(self, criterion: Criterion, path: Path) -> Iterator[Finding]:
        """The rows without `where` must cover every date."""
        rows = [(index, row) for index, row in enumerate(criterion.thresholds or ())]
        for index, row in rows:
            if row.from_ is not None and row.until is not None and row.from_ >= row.until:
                yield Finding(
                    (*path, "thresholds", index),
                    "these limits hold on no day",
                    "`from` before `until`",
                    found="",
                )
        reached: dt.date | None = dt.date.min
        for start, end in sorted(
            (row.from_ or dt.date.min, row.until or dt.date.max) for _, row in rows if row.where is None
        ):
            if reached is None or start > reached:
                break
            reached = max(reached, end)
        if reached != dt.date.max:
            since = "" if reached in (None, dt.date.min) else f" from {reached}"
            yield Finding(
                (*path, "thresholds"),
                f"there are no limits for all dates{since}",
                "rows without `where` that together cover every date",
                "let the last row have neither `where` nor `until`",
                found="",
            )

    def abandoned(self, abandoned: Abandoned, criterion: Criterion, log: Log | None, path: Path) -> Iterator[Finding]:
        yield from self.condition(abandoned.where, log, (*path, "where"))
        if log is not None and log.rows == "interactions":
            yield from self.typed(abandoned.at, log, ("time",), (*path, "at"))
        kind, counts = criterion.measure.kind, abandoned.counts
        if counts in ("red", "excluded"):
            return
        name = "excluded_within" if isinstance(counts, Within) else "by_elapsed"
        here = (*path, "counts")
        if kind not in NUMERIC or kind == "count":
            yield Finding(
                here,
                f"`{name}` needs a value that grows with waiting",
                "red or excluded",
                found=f"a measure of {kind}",
            )
        elif kind == "duration" and abandoned.at is None and "at" not in self.names(*path):
            yield Finding(
                here,
                f"`{name}` on a duration needs to know when the customer gave up",
                "a key `at` in `abandoned`",
                found="",
            )
        elif isinstance(counts, Within) and not isinstance(counts.excluded_within, str):
            unit = value_unit(criterion.measure, log)
            wrong = unit is not None and unit_problem(
                Interval(high=counts.excluded_within), unit, calendar=_calendar_of(criterion) is not None
            )
            if wrong:
                yield Finding((*here, "excluded_within"), "the unit does not fit the measure", hint=wrong)

    def targets(self, criterion: Criterion, log: Log | None, path: Path) -> Iterator[Finding]:
        single = not isinstance(raw_at(self.raw, (*path, "targets")), list)
        for index, target in enumerate(criterion.targets):
            here = (*path, "targets") if single else (*path, "targets", index)
            yield from _shares(target, here)
            yield from self.condition(target.where, log, (*here, "where"))
            for test in tests(target.where):
                if log is not None and test.column not in (log.segments or ()):
                    yield from self.unknown("segment", test.column, log.segments or (), (*here, "where", test.column))
        if criterion.accepted is not None:
            yield from _shares(criterion.accepted, (*path, "accepted"))

    def worst_circles(self, process: Process, path: Path) -> Iterator[Finding]:
        parts = {
            name: criterion.measure.worst or () for name, criterion in process.criteria.items() if _has_one(criterion)
        }
        for name in parts:
            stack, seen = list(parts[name]), set[str]()
            while stack:
                at = stack.pop()
                if at == name:
                    here = (*path, "criteria", name, "measure", "worst")
                    yield Finding(here, "a criterion is a part of itself", "other criteria")
                    break
                if at not in seen:
                    seen.add(at)
                    stack.extend(parts.get(at, ()))


def _has_one(criterion: Criterion) -> bool:
    return len(criterion.measure.model_fields_set) == 1


def _one_kind(spec: FieldSpec) -> bool:
    return sum(getattr(spec, kind) is not None for kind in FIELD_KINDS) == 1


def _id_finding(name: str, path: Path) -> Iterator[Finding]:
    if name != name.strip() or not name or re.search(r"[.=/\x00-\x1f]", name):
        yield Finding(
            path,
            "this name cannot be used",
            "a name without . = / and without blanks at its ends",
            found=quoted(name),
        )


def _twice(names: list[str], what: str, path: Path, *tail: str) -> Iterator[Finding]:
    for index, name in enumerate(names):
        if name in names[:index]:
            yield Finding((*path, index, *tail), f"the {what} {quoted(name)} stands twice", found="")


def _calendar(calendar: Calendar, path: Path) -> Iterator[Finding]:
    yield from _zone_finding(calendar.time_zone, (*path, "time_zone"))
    if not calendar.hours:
        yield Finding((*path, "hours"), "there are no hours", 'at least one day such as mon-fri: "09:00-18:00"')


def _field(name: str, spec: FieldSpec, fields: dict[str, FieldSpec], known: list[str], path: Path) -> Iterator[Finding]:
    kinds = [kind for kind in FIELD_KINDS if getattr(spec, kind) is not None]
    if len(kinds) != 1:
        yield Finding(
            path,
            "a field is exactly one thing",
            "one of " + ", ".join(FIELD_KINDS),
            found=", ".join(kinds) or "nothing",
        )
        return
    owners = {
        "format": "time", "time_zone": "time", "clock_change": "time", "unit": "number",
        "true_values": "flag", "false_values": "flag", "of": "part",
    }  # fmt: skip
    for key, owner in owners.items():
        if getattr(spec, key) is not None and kinds[0] != owner:
            yield Finding((*path, key), f"`{key}` belongs to fields of {owner}", found=f"a field of {kinds[0]}")
    yield from _zone_finding(spec.time_zone, (*path, "time_zone"))
    if spec.format is not None:
        yield from _format(spec.format, (*path, "format"))
    if spec.unit is not None and misspelt(spec.unit):
        yield Finding(
            (*path, "unit"),
            "this unit is written otherwise",
            f"one of {', '.join(SECONDS)}, %",
            f"did you mean {misspelt(spec.unit)}?",
        )
    both = set(spec.true_values or ()) & set(spec.false_values or ())
    if both:
        yield Finding(
            (*path, "false_values"), "a text means true and false", found=", ".join(sorted(map(quoted, both)))
        )
    if spec.part is not None:
        target = fields.get(spec.of or "")
        if spec.of is None:
            yield Finding(path, "`part` needs `of`", "a key `of` that names a time field", found="")
        elif spec.of not in known:
            yield Finding((*path, "of"), "unknown field", "a time field", guess(spec.of, known))
        elif target is not None and target.time is None:
            yield Finding((*path, "of"), f"{quoted(spec.of)} is no time field", "a time field", found="")


def _format(text: str, path: Path) -> Iterator[Finding]:
    if text in ("unix", "unix_ms"):
        return
    used = re.findall(r"%(.?)", text)
    wrong = [directive for directive in used if directive not in _DIRECTIVES or not directive]
    if wrong:
        yield Finding(path, f"unknown directive %{wrong[0]}", "directives of Python's strptime, or unix, unix_ms")
    elif not set(used) - {"%"}:
        yield Finding(path, "this is no time format", 'a format such as "%d.%m.%Y %H:%M", or unix, unix_ms')


def _reading(log: Log, path: Path) -> Iterator[Finding]:
    name = log.read.encoding
    if name is None:
        return
    try:
        text = codecs.lookup(name)._is_text_encoding  # noqa: SLF001 - the only place where Python says it
    except LookupError:
        near = guess(
            name,
            ("utf-8", "utf-16", "latin-1", "cp1251", "cp1252", "cp866", "koi8-r", "iso-8859-1", "shift_jis"),
        )
        yield Finding((*path, "read", "encoding"), "unknown encoding", "an encoding that Python knows", near)
    else:
        if not text:
            yield Finding((*path, "read", "encoding"), "this is no text encoding", "an encoding such as utf-8")


def _test(test: Test, log: Log | None, path: Path) -> Iterator[Finding]:
    """A condition on a declared field must be of the field's type."""
    spec = (log.fields or {}).get(test.column) if log is not None else None
    kind = spec.kind if spec is not None and _one_kind(spec) else None
    here = (*path, test.column)
    if test.limit:
        yield from _compared(test, spec, kind, here)
        return
    for value in test.values:
        said = "true or false" if isinstance(value, bool) else "text" if isinstance(value, str) else "a number"
        fits = {
            "number": ("a number",), "span": ("a number",), "flag": ("true or false",), "time": ("text",),
            "text": ("text", "a number", "true or false"), "part": ("text", "a number"),
        }  # fmt: skip
        if value is not None and kind is not None and said not in fits[kind]:
            yield Finding(
                here,
                f"{quoted(test.column)} is a field of {kind}",
                " or ".join(fits[kind]),
                _flag_hint(value, kind),
                found=quoted(value),
            )
        elif kind == "time" and isinstance(value, str) and not _is_moment(value):
            yield Finding(here, "this is no time", "a time such as 2026-03-31 or 2026-03-31 12:00", found=quoted(value))


def _flag_hint(value: Any, kind: str) -> str:
    meant = {"yes": "true", "no": "false", "on": "true", "off": "false", "1": "true", "0": "false"}
    word = meant.get(str(value).casefold(), "") if kind == "flag" else ""
    return f"did you mean {word}?" if word else ""


def _compared(test: Test, spec: FieldSpec | None, kind: str | None, path: Path) -> Iterator[Finding]:
    operand = re.sub(r"^\s*(<=|>=|<|>)\s*", "", test.limit)
    if kind in ("text", "flag") or (kind == "part" and spec is not None and spec.part == "weekday"):
        hint = f'for that very text write {{is: "{test.limit}"}}'
        yield Finding(
            path,
            f"{quoted(test.column)} is a field of {kind}",
            "a number or a time to compare",
            hint,
            found=quoted(test.limit),
        )
    elif kind == "time" or (kind == "part" and spec is not None and spec.part == "date"):
        if not _is_moment(operand):
            yield Finding(path, "this is no time", "a time such as > 2026-03-31", found=quoted(test.limit))
    else:
        try:
            limit = Interval(high=parse_quantity(operand))
        except ValueError as error:
            if kind is not None or not _is_moment(operand):
                yield Finding(path, "this is no number", "a limit such as > 5", str(error), found=quoted(test.limit))
            return
        unit = "s" if kind == "span" else (spec.unit if spec is not None else "") or ""
        wrong = unit_problem(limit, unit, calendar=False)
        if wrong:
            yield Finding(path, "the unit does not fit the field", hint=wrong, found=quoted(test.limit))


def _is_moment(text: str) -> bool:
    try:
        dt.datetime.fromisoformat(text.strip())
    except ValueError:
        return False
    return True


def _zone_typo(given: set[str]) -> str:
    near = [name for name in given if guess(name, ZONES)]
    return guess(near[0], ZONES) if near else ""


def _zones(row: ThresholdRow, criterion: Criterion, log: Log | None, path: Path) -> Iterator[Finding]:
    """Zones of the right form for the measure, in their order, in a unit that fits."""
    kind = criterion.measure.kind
    given = {zone: getattr(row, zone) for zone in ZONES if getattr(row, zone) is not None}
    wanted: tuple[type, str]
    if kind == "flag":
        wanted = (bool, "true or false")
    elif kind == "category":
        wanted = (tuple, "a list of categories such as [a, b]")
    else:
        wanted = (Interval, 'a limit such as "<= 30 s"')
    fitting = {zone: limit for zone, limit in given.items() if isinstance(limit, wanted[0])}
    for zone in given.keys() - fitting.keys():
        yield Finding((*path, zone), f"this does not fit a measure of {kind}", wanted[1])
    if kind == "category":
        yield from _categories(fitting, path)
        return
    if "red" in given:
        yield Finding(
            (*path, "red"),
            "`red` is for categories: what is neither green nor yellow is red",
            "no `red`",
            found="",
        )
    if kind == "flag":
        if "yellow" in given:
            yield Finding((*path, "yellow"), "a flag is green or red", "no `yellow`", found="")
        return
    unit = value_unit(criterion.measure, log)
    wrong_unit = False
    for zone in ("green", "yellow"):
        problem = (
            zone in fitting
            and unit is not None
            and unit_problem(fitting[zone], unit, calendar=_calendar_of(criterion) is not None)
        )
        if problem:
            wrong_unit = True
            yield Finding((*path, zone), "the unit does not fit the measure", hint=problem)
    if "green" in fitting and "yellow" in fitting and not wrong_unit:
        green, yellow = _comparable(fitting["green"], unit), _comparable(fitting["yellow"], unit)
        if {end.dimension for end in (*green.ends, *yellow.ends)} != {"bd", "time"}:
            problem = order_problem(green, yellow)
            if problem:
                yield Finding((*path, "yellow"), problem, "zones in their order: yellow encloses green")


def _comparable(interval: Interval, unit: str | None) -> Interval:
    """The interval with times in the field's unit, beside which bare numbers stand."""
    return interval.in_unit(unit or "")


def _categories(zones: dict[str, tuple[str | int | float, ...]], path: Path) -> Iterator[Finding]:
    seen: dict[str, str] = {}
    for zone in ZONES:
        for index, category in enumerate(zones.get(zone, ())):
            first = seen.setdefault(str(category), zone)
            if first != zone or str(category) in map(str, zones[zone][:index]):
                yield Finding(
                    (*path, zone, index), f"the category {quoted(category)} is in `{first}` already", found=""
                )


def _calendar_of(criterion: Criterion) -> str | None:
    spec = criterion.measure.duration or criterion.measure.delay
    return spec.calendar if spec is not None else None


def _working_days(criterion: Criterion, path: Path) -> Iterator[Finding]:
    limits = [limit for row in criterion.rows for limit in (row.green, row.yellow) if isinstance(limit, Interval)]
    units = {end.dimension for limit in limits for end in limit.ends}
    if "bd" in units and units - {"bd"}:
        place = (*path, "thresholds") if criterion.thresholds is not None else (*path, "green")
        yield Finding(
            place,
            "working days (bd) do not mix with other units in one criterion",
            "all limits in bd",
            found="",
        )


def _shares(target: Any, path: Path) -> Iterator[Finding]:
    """Targets on shares are in percent, on the net score bare numbers."""
    named = [key for key in (*ZONES, "net") if getattr(target, key) is not None]
    if not named:
        yield Finding(path, "nothing is aimed at", "one of green, yellow, red, net", found="")
    for key in named:
        limit: Interval = getattr(target, key)
        wanted = "number" if key == "net" else "%"
        if any(end.dimension not in (wanted, "%") for end in limit.ends):
            example = '">= 30"' if key == "net" else '">= 80 %"'
            yield Finding(
                (*path, key),
                "the unit does not fit",
                f"{'percentage points' if key == 'net' else 'percent'} such as {example}",
            )
        elif any(not (-100 if key == "net" else 0) <= end.amount <= 100 for end in limit.ends):  # noqa: PLR2004 - percent
            yield Finding((*path, key), "this can never be reached", "at most 100" if key == "net" else "0 % to 100 %")
