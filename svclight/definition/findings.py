"""Findings of the rules of a definition, and a process beside the plain data that it was made of.

In: plain data and the log model. Out: `Finding`, one broken rule and the key path at which a person mends it, and
`Scope`, which knows the names of a process. A name that stands in the plain data but was itself wrong is not reported a
second time as unknown.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from svclight.definition.models import FIELD_KINDS
from svclight.definition.names_used import field_of, unit_behind
from svclight.errors import did_you_mean, quoted_text
from svclight.values.time_zones import FIXED, is_zone, zone_hint

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator

    from svclight.definition.models import FieldSpec, Log

Path = tuple[str | int, ...]


@dataclass(frozen=True)
class Finding:
    """One broken rule; `found` is the value that stands at the path unless another text is given."""

    path: Path
    message: str
    expected: str = ""
    hint: str = ""
    found: str | None = None


def raw_at(raw: Any, path: Path) -> Any:
    """The plain data at a key path; None where the path leads nowhere."""
    for key in path:
        if isinstance(raw, dict):
            raw = raw.get(key)
        elif isinstance(raw, list) and isinstance(key, int) and key < len(raw):
            raw = raw[key]
        else:
            return None
    return raw


def names_at(raw: Any, *path: str | int) -> list[str]:
    """The keys written in the mapping at a path, right or wrong; none where there is no mapping."""
    found = raw_at(raw, path)
    return list(found) if isinstance(found, dict) else []


def unknown_findings(what: str, name: str, known: Iterable[str], path: Path, *, hint: str = "") -> Iterator[Finding]:
    """A finding where a name is not among the known ones, with a guess at the one that was meant, or another hint."""
    names = sorted(known)
    if name not in names:
        expected = f"one of {', '.join(names)}" if names else f"a {what} that is declared"
        yield Finding(path, f"unknown {what}", expected, hint or did_you_mean(name, names), quoted_text(name))


def repeated_findings(names: Iterable[str], what: str, path: Path) -> Iterator[Finding]:
    """A finding for each name that stands a second time in a list."""
    seen = set[str]()
    for index, name in enumerate(names):
        if name in seen:
            yield Finding((*path, index), f"the {what} {quoted_text(name)} stands twice", found="")
        seen.add(name)


def zone_finding(zone: str | None, path: Path) -> Iterator[Finding]:
    """A finding where a name is not that of a time zone."""
    if zone is not None and not is_zone(zone):
        message = "this is an abbreviation, which knows no summer time" if zone in FIXED else "unknown time zone"
        yield Finding(path, message, "an IANA name such as Europe/Berlin or UTC", zone_hint(zone))


def kind_of(spec: FieldSpec | None) -> str | None:
    """The kind of a field, such as `time` or `number`; None where it says none or several."""
    kinds = [kind for kind in FIELD_KINDS if spec is not None and getattr(spec, kind) is not None]
    return kinds[0] if len(kinds) == 1 else None


@dataclass(frozen=True)
class Scope:
    """A process: the plain data of the document, the path of the process in it, and its log."""

    raw: Any
    path: Path
    log: Log | None

    def names(self, *path: str | int) -> list[str]:
        """The keys written at a path inside the process."""
        return names_at(self.raw, *self.path, *path)

    @property
    def steps(self) -> list[str]:
        """The names of the steps of an event log."""
        return self.names("log", "steps")

    @property
    def has_events(self) -> bool:
        """Whether a row of the log is an event."""
        return self.log is not None and self.log.rows == "events"

    def field(self, name: str) -> FieldSpec | None:
        """The declared field of that name, of this log or, as NAME.field, of a joined one."""
        return None if self.log is None else field_of(name, self.log)

    def unit(self, name: str) -> str | None:
        """The unit of a number; empty for a raw column, None where it is not known."""
        return unit_behind(self.field(name), self.field)

    def joined_findings(self, name: str, path: Path) -> Iterator[Finding]:
        """A finding where NAME.field names a field that the joined log does not have."""
        other, dot, inner = name.partition(".")
        if dot and self.field(name) is None and other in self.names("log", "join"):
            yield from unknown_findings(
                f"field of {quoted_text(other)}", inner, self.names("log", "join", other, "fields"), path
            )

    def type_findings(
        self, name: str | None, kinds: tuple[str, ...], path: Path, *, raw_allowed: bool = False
    ) -> Iterator[Finding]:
        """A finding where a name is no declared field of one of the kinds, nor a raw column where that is allowed."""
        if name is None or self.log is None:
            return
        kind = kind_of(self.field(name))
        if kind is not None and kind not in kinds:
            expected = "a field of " + " or ".join(kinds)
            yield Finding(path, f"{quoted_text(name)} is a field of {kind}", expected, found="")
        elif name.partition(".")[0] in self.names("log", "join"):
            yield from self.joined_findings(name, path)
        elif self.log.fields is not None and not raw_allowed:
            names = self.names("log", "fields")
            yield from unknown_findings("field", name, names, path, hint=self._column_hint(name, names, kinds))

    def _column_hint(self, name: str, names: list[str], kinds: tuple[str, ...]) -> str:
        """What to write where a raw column is named in place of a field: the field that reads it, or a new one."""
        fields = (self.log.fields if self.log is not None else None) or {}
        readers = [field for field, spec in fields.items() if name in spec.columns]
        if readers:
            return f"the field {quoted_text(readers[0])} reads that column: name the field"
        near = did_you_mean(name, names)
        return near or f"a column is declared under `log.fields` first: {{{name}: {{{kinds[0]}: {name}}}}}"
