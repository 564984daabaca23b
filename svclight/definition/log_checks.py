"""The rules between the keys of a `log`, and between a condition and the fields that it asks.

In: a `Scope` whose single keys are valid. Out: a finding for each broken rule.
"""

from __future__ import annotations

import codecs
import datetime as dt
import re
from dataclasses import replace
from typing import TYPE_CHECKING, Any, Final

from svclight.definition.conditions import tests_in
from svclight.definition.field_checks import (
    anchor_findings,
    averaged_findings,
    circle_findings,
    format_findings,
    joined_scope,
    step_findings,
    sum_findings,
)
from svclight.definition.findings import (
    Finding,
    Path,
    Scope,
    kind_of,
    names_at,
    raw_at,
    repeated_findings,
    unknown_findings,
    zone_finding,
)
from svclight.definition.models import FIELD_KINDS, FLAGS, NUMBERS, WEEKDAYS, StepWhere
from svclight.definition.totals_checks import log_of_totals_findings
from svclight.errors import did_you_mean, quoted_text
from svclight.thresholds import STATES, ZONES, Interval, unit_problem
from svclight.values.quantities import SECONDS, parse_quantity, unit_of_misspelling

if TYPE_CHECKING:
    from collections.abc import Iterator

    from svclight.definition.conditions import Condition, Scalar, Test
    from svclight.definition.models import FieldSpec, Log, Read

TABLE_COLUMNS: Final = frozenset(
    (
        *("process", "criterion", "period", "zone", "count", "reason"),
        *("id", "customer", "time", "value", "unit", "weight"),
        *("file", "line", "text", "rated", "effective", "squares", "net", "net_low", "net_high", "flag"),
        *STATES,
        *(f"{zone}_share{end}" for zone in ZONES for end in ("", "_low", "_high")),
    )
)
"""Columns of the library's tables; no segment may bear such a name."""

_ENCODINGS: Final = (
    *("utf-8", "utf-8-sig", "utf-16", "ascii", "latin-1", "iso-8859-1", "iso-8859-15", "cp1250", "cp1251", "cp1252"),
    *("cp437", "cp850", "cp866", "koi8-r", "mac-roman", "gbk", "gb18030", "big5", "shift_jis", "euc-jp", "euc-kr"),
)
_OWNERS: Final = {
    "format": ("time", "span"), "time_zone": ("time",), "zones": ("time",), "clock_change": ("time",),
    "unit": ("number",), "averaged": ("number", "span"), "empty": ("sum", "difference"),
    "true_values": ("flag",), "false_values": ("flag",), "of": ("part",),
}  # fmt: skip
"""Keys of a field that belong to some kinds of field alone."""
_FITS: Final = {
    **dict.fromkeys(NUMBERS, ("a number",)), **dict.fromkeys(FLAGS, ("true or false",)), "time": ("text",),
    "text": ("text", "a number", "true or false"), "part": ("text", "a number"),
    "sum": ("a number",), "difference": ("a number",),
}  # fmt: skip
"""Values that a condition may hold a field of each kind against."""


def log_findings(log: Log, scope: Scope) -> Iterator[Finding]:
    """Every broken rule of a log, as a finding at the key where a person mends it."""
    path = (*scope.path, "log")
    fields = log.fields or {}
    for name, spec in fields.items():
        yield from _field_findings(spec, fields, scope.names("log", "fields"), scope, (*path, "fields", name))
    for name, join in log.join.items():
        for inner, spec in join.fields.items():
            here = (*path, "join", name, "fields", inner)
            known = scope.names("log", "join", name, "fields")
            yield from _field_findings(spec, join.fields, known, replace(scope, log=joined_scope(join)), here)
    for key in ("time", "begins"):
        yield from scope.type_findings(getattr(log, key), ("time",), (*path, key), raw_allowed=True)
    yield from scope.type_findings(log.weight, ("number", "sum", "difference"), (*path, "weight"), raw_allowed=True)
    yield from circle_findings(fields, (*path, "fields"))
    yield from anchor_findings(log, path)
    yield from averaged_findings(log, path)
    yield from _case_findings(log, scope, path)
    if log.calendar is not None:
        yield from unknown_findings("calendar", log.calendar, names_at(scope.raw, "calendars"), (*path, "calendar"))
    yield from _segment_findings(log, path)
    for index, rule in enumerate(log.exclude):
        yield from condition_findings(rule.where, scope, (*path, "exclude", index, "where"))
    yield from _reading_findings(log.read, scope.names("log", "read"), (*path, "read"))
    for name, join in log.join.items():
        if join.read is not None:
            here = ("join", name, "read")
            yield from _reading_findings(join.read, scope.names("log", *here), (*path, *here))
    yield from list(log_of_totals_findings(log, path)) or _repeated_id_findings(log, scope, path)
    yield from (_event_findings(log, scope, path) if scope.has_events else _no_events(log, path))


def _segment_findings(log: Log, path: Path) -> Iterator[Finding]:
    """Findings of segments that bear the name of a column of the results, or stand twice."""
    for index, name in enumerate(log.segments or ()):
        if name in TABLE_COLUMNS:
            message = "a segment may not bear the name of a column of the results"
            hint = f"declare a field with another name: {name}_: {{text: {name}}}"
            yield Finding((*path, "segments", index), message, hint=hint)
    yield from repeated_findings(log.segments or (), "segment", (*path, "segments"))
    shown = [] if log.customer_may_be_shown else _customer_segments(log)
    for name in shown:
        yield Finding(
            (*path, "segments", (log.segments or ()).index(name)),
            f"the segment {quoted_text(name)} is the customer: ids of customers would stand in reports and saved cards",
            "another segment, or `customer_may_be_shown: true` in the log",
            found=quoted_text(name),
        )


def _customer_segments(log: Log) -> list[str]:
    """The segments that read the column of the customer, under whatever name."""
    fields = log.fields or {}

    def columns(name: str) -> tuple[str, ...]:
        return fields[name].columns if name in fields else (name,)

    if log.customer is None:
        return []
    return [name for name in log.segments or () if set(columns(name)) & set(columns(log.customer))]


def _repeated_id_findings(log: Log, scope: Scope, path: Path) -> Iterator[Finding]:
    """Findings of the rule for repeated ids: a log of interactions, with an id and a field that orders."""
    if log.repeated_ids is None:
        return
    here = (*path, "repeated_ids")
    if scope.has_events:
        yield Finding(here, "cases of an event log share their id", "`repeated_rows: drop`", found="")
    elif log.id is None and "id" not in scope.names("log"):
        yield Finding(here, "there is no `id` that could be repeated", "a key `id` in the log", found="")
    yield from scope.type_findings(log.repeated_ids.by, ("time", *NUMBERS), (*here, "by"), raw_allowed=True)


def _no_events(log: Log, path: Path) -> Iterator[Finding]:
    for key in ("step", "steps", "ends", "repeated_rows"):
        if getattr(log, key) is not None:
            yield Finding((*path, key), f"`{key}` belongs to event logs", "`rows: events` in the log", found="")


def _event_findings(log: Log, scope: Scope, path: Path) -> Iterator[Finding]:
    """Findings of an event log: its id, its steps and its ends."""
    written = scope.names("log")
    if "id" not in written:
        yield Finding(path, "an event log needs `id`", "a key `id` that says the case", found="")
    by_value = [name for name, step in (log.steps or {}).items() if not isinstance(step, StepWhere)]
    if by_value and "step" not in written:
        yield Finding(path, "an event log needs `step`", "a key `step`: the column that names the step", found="")
    for name, step in (log.steps or {}).items():
        if name in ("start", "end"):
            message = (
                f"a step may not be called {name}: that is a case's {'first' if name == 'start' else 'last'} event"
            )
            yield Finding((*path, "steps", name), message, "another name", found="")
        if isinstance(step, StepWhere):
            yield from condition_findings(step.where, scope, (*path, "steps", name, "where"))
    for index, name in enumerate(log.ends or ()):
        yield from unknown_findings("step", name, scope.steps, (*path, "ends", index))


def _field_findings(
    spec: FieldSpec, fields: dict[str, FieldSpec], known: list[str], scope: Scope, path: Path
) -> Iterator[Finding]:
    """Findings of a field: exactly one kind, and keys that belong to it."""
    kind = kind_of(spec)
    if kind is None:
        found = ", ".join(kind for kind in FIELD_KINDS if getattr(spec, kind) is not None)
        expected = "one of " + ", ".join(FIELD_KINDS)
        yield Finding(path, "a field is exactly one thing", expected, found=found or "nothing")
        return
    for key, owner in _OWNERS.items():
        value = getattr(spec, key)
        if value is not None and value is not False and kind not in owner:
            yield Finding(
                (*path, key), f"`{key}` belongs to fields of {' or '.join(owner)}", found=f"a field of {kind}"
            )
    yield from zone_finding(spec.time_zone, (*path, "time_zone"))
    yield from format_findings(spec, raw_at(scope.raw, (*path, "format")), path)
    if spec.unit is not None and unit_of_misspelling(spec.unit):
        units = f"one of {', '.join(SECONDS)}, %"
        yield Finding(
            (*path, "unit"), "this unit is written otherwise", units, f"did you mean {unit_of_misspelling(spec.unit)}?"
        )
    both = set(spec.true_values or ()) & set(spec.false_values or ())
    if both:
        shown = ", ".join(sorted(map(quoted_text, both)))
        yield Finding((*path, "false_values"), "a text means true and false", found=shown)
    if spec.part is not None:
        yield from _part_findings(spec, fields, known, path)
    if spec.parts:
        yield from sum_findings(spec, fields, known, scope, path)
    yield from condition_findings(spec.when, scope, (*path, "when"))
    yield from step_findings(spec, scope, path)


def _part_findings(spec: FieldSpec, fields: dict[str, FieldSpec], known: list[str], path: Path) -> Iterator[Finding]:
    """Findings of a part of a time: the field that it is a part of."""
    if spec.of is None:
        yield Finding(path, "`part` needs `of`", "a key `of` that names a time field", found="")
    elif spec.of not in known:
        yield Finding((*path, "of"), "unknown field", "a time field", did_you_mean(spec.of, known))
    elif kind_of(fields.get(spec.of)) not in ("time", None):
        yield Finding((*path, "of"), f"{quoted_text(spec.of)} is no time field", "a time field", found="")


def _case_findings(log: Log, scope: Scope, path: Path) -> Iterator[Finding]:
    """Findings where a field of a case, such as the cell at a step, is asked of a single event."""
    fields = log.fields or {}
    asked = [(getattr(log, key), (*path, key)) for key in ("time", "begins", "weight", "step")]
    asked += [(name, (*path, "id")) for name in log.id or ()]
    conditions = [(rule.where, (*path, "exclude", index, "where")) for index, rule in enumerate(log.exclude)]
    conditions += [
        (step.where, (*path, "steps", name, "where"))
        for name, step in (log.steps or {}).items()
        if isinstance(step, StepWhere)
    ]
    asked += [(test.column, (*here, *test.path)) for where, here in conditions for test in tests_in(where)]
    for name, here in asked:
        if name in fields and fields[name].at is not None and scope.has_events:
            message = f"{quoted_text(name)} is the cell at a step of the case, and here events are asked"
            yield Finding(here, message, "a field without `at`", found="")


def _reading_findings(read: Read, written: list[str], path: Path) -> Iterator[Finding]:
    """Findings of the way in which files are written: an encoding that Python knows, names given once."""
    if read.columns is not None and "header" in written and read.header is not False:
        expected = "`columns` where no line has the names, `header` where one has them"
        yield Finding((*path, "columns"), "`columns` stands beside `header`", expected, found="")
    if read.thousands == read.decimal:
        yield Finding((*path, "thousands"), "this is the decimal mark already", "another sign than `decimal`")
    if read.encoding is None:
        return
    here = (*path, "encoding")
    try:
        text = codecs.lookup(read.encoding)._is_text_encoding  # noqa: SLF001 - the only place where Python says it
    except (LookupError, ValueError):
        near = did_you_mean(read.encoding, _ENCODINGS)
        yield Finding(here, "unknown encoding", "an encoding that Python knows", near)
    else:
        if not text:
            yield Finding(here, "this is no text encoding", "an encoding such as utf-8")


def condition_findings(condition: Condition | None, scope: Scope, path: Path) -> Iterator[Finding]:
    """A finding for each test of a condition that a field of its kind can never meet."""
    for test in tests_in(condition):
        here = (*path, *test.path)
        spec = scope.field(test.column)
        kind = kind_of(spec)
        yield from scope.joined_findings(test.column, here)
        if test.how:
            if kind not in (None, "text", "part"):
                message = f"{quoted_text(test.column)} is a field of {kind}"
                yield Finding(here, message, f"a field of text for `{test.how}`", found="")
        elif test.limit:
            yield from _comparison_findings(test, spec, kind, scope.unit(test.column), here)
        elif spec is not None and kind is not None:
            for value in test.values:
                yield from _value_findings(test, value, spec, here)


def _value_findings(test: Test, value: Scalar, spec: FieldSpec, path: Path) -> Iterator[Finding]:
    """A finding where a field of its kind can never have the value that a test holds it against."""
    if value is None:
        return
    said = "true or false" if isinstance(value, bool) else "text" if isinstance(value, str) else "a number"
    fitting = _FITS[spec.kind]
    if said not in fitting:
        hint = _flag_hint(value) if spec.kind in FLAGS else ""
        message = f"{quoted_text(test.column)} is a field of {spec.kind}"
        yield Finding(path, message, " or ".join(fitting), hint, quoted_text(value))
    elif spec.kind == "time" and not _is_moment(str(value)):
        yield Finding(
            path, "this is no time", "a time such as 2026-03-31 or 2026-03-31 12:00", found=quoted_text(value)
        )
    elif spec.part == "weekday" and value not in WEEKDAYS:
        near = did_you_mean(str(value)[:3], WEEKDAYS)
        yield Finding(path, "this is no day of the week", "one of " + ", ".join(WEEKDAYS), near, quoted_text(value))


def _flag_hint(value: Any) -> str:
    meant = {"yes": "true", "no": "false", "on": "true", "off": "false", "1": "true", "0": "false"}
    word = meant.get(str(value).casefold(), "")
    return f"did you mean {word}?" if word else ""


def _comparison_findings(
    test: Test, spec: FieldSpec | None, kind: str | None, unit: str | None, path: Path
) -> Iterator[Finding]:
    """A finding where a comparison such as `> 5` meets no number or time, or one in another unit."""
    operand = re.sub(r"^\s*(<=|>=|<|>)\s*", "", test.limit)
    found, very_text = quoted_text(test.limit), f'for that very text write {{is: "{test.limit}"}}'
    part = spec.part if spec is not None else None
    if kind in ("text", *FLAGS) or part == "weekday":
        message, expected = f"{quoted_text(test.column)} is a field of {kind}", "a number or a time to compare"
        yield Finding(path, message, expected, very_text, found)
    elif kind == "time" or part == "date":
        if not _is_moment(operand):
            yield Finding(path, "this is no time", "a time such as > 2026-03-31", found=found)
    elif kind is not None or not _is_moment(operand):  # a raw column may hold either: both are read by their look
        yield from _number_findings(operand, unit or "", path, found, very_text)


def _number_findings(operand: str, unit: str, path: Path, found: str, very_text: str) -> Iterator[Finding]:
    """A finding where the operand of a comparison is no number in a unit that fits."""
    try:
        limit = Interval(high=parse_quantity(operand))
    except ValueError as error:
        yield Finding(path, "this is no number", "a limit such as > 5", f"{error}; {very_text}", found)
        return
    wrong = unit_problem(limit, unit, calendar=False)
    if wrong:
        yield Finding(path, "the unit does not fit the field", "", f"{wrong}; {very_text}", found)


def _is_moment(text: str) -> bool:
    try:
        dt.datetime.fromisoformat(text.strip())
    except ValueError:
        return False
    return True
