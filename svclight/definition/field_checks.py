"""The rules of a field: how times are written, what sums are made of, at which step its cell stands.

In: a field whose single keys are valid, the fields beside it, and the `Scope` of its process. Out: a finding for each
broken rule.
"""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, Any, Final

from svclight.definition.findings import Finding, Path, Scope, kind_of, repeated_findings, unknown_findings
from svclight.definition.models import NUMBERS, LastStep, Log
from svclight.definition.names_used import MOST_DEEP
from svclight.errors import quoted_text
from svclight.values.span_text import PARTS
from svclight.values.time_formats import SERIALS

if TYPE_CHECKING:
    from collections.abc import Iterator

    from svclight.definition.models import FieldSpec, Join

_DIRECTIVES: Final = set("aAwdbBmyYHIpMSfzZjUWcxXuVG%")
_YEARS, _DAYS = set("YyGcx"), set("mbBjUWVcx")


def format_findings(spec: FieldSpec, written: Any, path: Path) -> Iterator[Finding]:
    """Findings of the formats of a field: of a time those of strptime or serials, of a span those of two parts."""
    here = (*path, "format")
    formats = spec.format or ()
    places = [(*here, index) if isinstance(written, list) else here for index in range(len(formats))]
    if spec.span is not None:
        for one, place in zip(formats, places, strict=True):
            if one not in PARTS or len(formats) > 1:
                yield Finding(place, "this is no format of a length of time", " or ".join(map(quoted_text, PARTS)))
        return
    yield from repeated_findings(formats, "format", here)
    for one, place in zip(formats, places, strict=True):
        if one not in SERIALS:
            yield from _strptime_findings(one, place)
    if spec.zones and not any("Z" in _directives(one) for one in formats):
        yield Finding(
            (*path, "zones"), "`zones` are for formats with %Z", 'a format such as "%d.%m.%Y %H:%M %Z"', found=""
        )


def _directives(written: str) -> list[str]:
    return re.findall(r"%(.?)", written)


def _strptime_findings(written: str, path: Path) -> Iterator[Finding]:
    """Findings of a format of strptime: directives that exist, hours with their half of the day."""
    used = _directives(written)
    wrong = [directive for directive in used if directive not in _DIRECTIVES]
    serials = ", ".join(SERIALS)
    if wrong:
        yield Finding(path, f"unknown directive %{wrong[0]}", f"directives of Python's strptime, or {serials}")
    elif not set(used) - {"%"}:
        yield Finding(path, "this is no time format", f'a format such as "%d.%m.%Y %H:%M", or {serials}')
    elif "p" in used and "H" in used:
        # strptime reads the 24 hours and passes over the half of the day: 02:36 PM would be 02:36
        yield Finding(
            path, "%H with %p would take 02:36 PM for 02:36", "%I with %p", f'did you mean "{_twelve(written)}"?'
        )
    elif "p" in used and "I" not in used:
        yield Finding(path, "%p without %I means nothing", "%I with %p, or no %p")
    elif "I" in used and "p" not in used:
        hint = f'did you mean "{re.sub("%I", "%H", written)}"?'
        yield Finding(path, "%I without %p cannot tell morning from afternoon", "%I with %p, or %H", hint)


def _twelve(written: str) -> str:
    return written.replace("%H", "%I")


def anchor_findings(log: Log, path: Path) -> Iterator[Finding]:
    """Findings of the anchor's formats: without a date no interaction has a month."""
    spec = (log.fields or {}).get(log.time)
    for written in (spec.format or ()) if spec is not None and spec.time is not None else ():
        used = set(_directives(written))
        if written not in SERIALS and used <= _DIRECTIVES and used - {"%"} and not (used & _YEARS and used & _DAYS):
            message = f"{quoted_text(log.time)} places interactions in their months, and this format has no date"
            hint = "several columns are joined by one space: time: [date, time]"
            yield Finding((*path, "fields", log.time, "format"), message, "a format with year, month and day", hint)


def averaged_findings(log: Log, path: Path) -> Iterator[Finding]:
    """Findings of fields that hold means, in a log whose rows stand for one interaction each."""
    for name, spec in (log.fields or {}).items():
        if spec.averaged and log.weight is None:
            here = (*path, "fields", name, "averaged")
            yield Finding(here, "a mean of one interaction is its value", "a key `weight` in the log", found="")


def sum_findings(
    spec: FieldSpec, fields: dict[str, FieldSpec], known: list[str], scope: Scope, path: Path
) -> Iterator[Finding]:
    """Findings of a sum or difference: declared numbers of one unit, and at least two of them for a difference."""
    here = (*path, spec.kind)
    if spec.difference is not None and len(spec.difference) == 1:
        yield Finding(here, "a difference has at least two fields", "[FIELD, FIELD]")
    for index, name in enumerate(spec.parts):
        joined = scope.field(name) if "." in name else None
        if name not in known and joined is None:
            yield from unknown_findings("field", name, known, (*here, index))
        elif kind_of(joined or fields.get(name)) not in (*NUMBERS, None):
            message = f"{quoted_text(name)} is a field of {kind_of(joined or fields.get(name))}"
            yield Finding((*here, index), message, "a field of " + " or ".join(NUMBERS), found="")
    units = {name: scope.unit(name) for name in spec.parts}
    seen = list(dict.fromkeys(unit for unit in units.values() if unit is not None))
    if len(seen) > 1:
        shown = ", ".join(f"{name}: {unit or 'none'}" for name, unit in units.items() if unit is not None)
        yield Finding(here, "these numbers have different units", "fields of one unit", found=shown)


def circle_findings(fields: dict[str, FieldSpec], path: Path) -> Iterator[Finding]:
    """A finding for each field that is made of itself, be it through others."""
    for name, spec in fields.items():
        waiting, seen = list(spec.uses), set[str]()
        while waiting and name not in seen and len(seen) < MOST_DEEP**2:
            at = waiting.pop()
            waiting += fields[at].uses if at in fields and at not in seen else ()
            seen.add(at)
        if name in seen and kind_of(spec) is not None:
            yield Finding((*path, name), "a field is made of itself", "other fields", found=quoted_text(name))


def step_findings(spec: FieldSpec, scope: Scope, path: Path) -> Iterator[Finding]:
    """Findings of `at`: a step of an event log."""
    if spec.at is None:
        return
    if not scope.has_events:
        yield Finding((*path, "at"), "`at` names a step of an event log", "`rows: events` in the log", found="")
    elif isinstance(spec.at, LastStep):
        yield from unknown_findings("step", spec.at.last, scope.steps, (*path, "at", "last"))
    elif spec.at not in ("start", "end"):
        yield from unknown_findings("step", spec.at, ["start", "end", *scope.steps], (*path, "at"))


def joined_scope(join: Join) -> Log:
    """The fields of a joined log as a log of their own, so that they see each other."""
    return Log.model_construct(fields=join.fields, join={}, rows="interactions", time="")
