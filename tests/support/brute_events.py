"""Event logs a second way: events are put together to cases one at a time, and a case is judged like a row.

Written from SEMANTICS and FORMAT alone. A case is a `Group` of its events that are seen: not left out, not later than
as_of, in the order of their times. What it is like, it is by its last known values.
"""

from __future__ import annotations

from dataclasses import dataclass, replace
from fractions import Fraction
from functools import cached_property
from typing import Any

from support.brute import Gap, Group, Moment, Row
from support.brute_trade import Trade


@dataclass(frozen=True)
class EventCase(Group):
    id: tuple[str, ...]
    first: Moment  # its anchor
    weight: int
    whole: Group  # by these events a case that is left out stands in its segment: seen ones, later ones where none is
    out: str | None = None  # why it is left out


@dataclass
class Events(Trade):
    """A scorer for logs with one row an event."""

    # --- from events to cases ----------------------------------------------------------------------------------------

    def accepted(self, rows: list[Row]) -> list[Row]:
        """The events with an id and a readable time; of rows that are the same the first, where that is asked for."""
        found, seen = [], set()
        for row in rows:
            same = tuple("" if cell is None or cell != cell else str(cell) for cell in row.values())  # noqa: PLR0124  # NaN
            again = self.log.get("repeated_rows") == "drop" and same in seen
            seen.add(same)
            if self.case_id(row) and isinstance(self.happened(row), Moment) and not again:
                found.append(row)
        return found

    def case_id(self, row: Row) -> tuple[str, ...] | None:
        columns = [self.log["id"]] if isinstance(self.log["id"], str) else self.log["id"]
        parts = tuple(self.cell(row, column, "id") for column in columns)
        return None if any(isinstance(part, Gap) for part in parts) else parts

    def happened(self, event: Row) -> Moment | Gap:
        """The event's time, though it be after as_of."""
        return self.ever.cell(event, self.log["time"], "time")

    @cached_property
    def ever(self) -> Events:
        return self if self.now is None else replace(self, now=None)

    def cases(self, rows: list[Row]) -> list[EventCase]:
        """In the order of their first events in the log; events of the same time stay in the order of the log."""
        groups: dict[tuple[str, ...], list[Row]] = {}
        for row in self.accepted(rows):
            groups.setdefault(self.case_id(row), []).append(row)
        ever = self.ever
        return [
            self.case(identity, sorted(events, key=lambda one: ever.happened(one).first))
            for identity, events in groups.items()
        ]

    def case(self, identity: tuple[str, ...], events: list[Row]) -> EventCase:
        kept = [event for event in events if not self.is_excluded(event)]
        standing = kept or events
        known = [event for event in standing if not self.in_future(self.happened(event))]
        whole = Group(tuple(known or standing))
        if not kept:
            return EventCase((), identity, self.happened(events[0]), self.heaviness(events), whole, "exclude")
        first = self.happened(kept[0])
        if self.in_future(first):
            return EventCase((), identity, first, self.heaviness(kept), whole, "not begun")
        seen = [event for event in kept if not self.in_future(self.happened(event))]
        return EventCase(tuple(seen), identity, first, self.heaviness(seen), whole)

    def heaviness(self, events: list[Row]) -> int:
        """The last known weight."""
        return super().weight(Group(tuple(events)))

    def weight(self, case: EventCase) -> int:
        return case.weight

    def is_excluded(self, event: Row) -> bool:
        return any(self.holds(rule["where"], event) for rule in self.log.get("exclude", []))

    def newest(self, rows: list[Row]) -> Moment:
        """The default of as_of: the newest of the events and of the times that criteria use, a `due` excepted."""
        used = {self.log["time"], *(name for one in self.criteria.values() for name in self.times_used(one))}
        cells = [self.cell(row, name, "time") for row in self.accepted(rows) for name in sorted(used - self.dues)]
        return max((cell for cell in cells if isinstance(cell, Moment)), key=lambda cell: cell.first)

    def times_used(self, criterion: dict[str, Any]) -> set[str]:
        """A step is no time field."""
        names = super().times_used(criterion) - {"start", "end", *self.steps}
        return {name for name in names if self.is_time(name)}

    # --- what happened in a case -------------------------------------------------------------------------------------

    @property
    def steps(self) -> dict[str, Any]:
        return self.log.get("steps", {})

    def is_step(self, event: Row, name: str) -> bool:
        spec = self.steps[name]
        if isinstance(spec, dict):
            return self.holds(spec["where"], event)
        wanted = [str(text) for text in (spec if isinstance(spec, list) else [spec])]
        return self.cell(event, self.log["step"], "text") in wanted

    def events_of(self, case: EventCase, step: str) -> list[Row]:
        return [event for event in case.rows if self.is_step(event, step)]

    def moment_of(self, case: EventCase, name: Any) -> Moment | Gap:
        """The first time of a step, `{last: step}` the last; `start` and `end` are the first and last event."""
        if isinstance(name, dict):
            events, place = self.events_of(case, name["last"]), -1
        elif name in {"start", "end"}:
            events, place = list(case.rows), 0 if name == "start" else -1
        elif name in self.steps:
            events, place = self.events_of(case, name), 0
        else:
            return super().moment_of(case, name)
        return self.cell(events[place], self.log["time"], "time") if events else Gap.EMPTY

    def has_ended(self, case: EventCase) -> bool:
        return any(self.events_of(case, step) for step in self.log.get("ends", []))

    def measure(self, case: EventCase, criterion: dict[str, Any], until: str | None = None) -> tuple[str, Any]:
        ((kind, what),) = criterion["measure"].items()
        if kind == "count":
            is_final = "ends" not in self.log or self.has_ended(case)
            return "known" if is_final else "open", Fraction(self.number(case, what))
        if kind == "duration" and until is None:
            moments = [self.moment_of(case, what[end]) for end in ("from", "to")]
            if moments[0] is Gap.EMPTY or (moments[1] is Gap.EMPTY and self.has_ended(case)):
                return "missing", "did not happen"
        return super().measure(case, criterion, until)

    def number(self, case: EventCase, what: dict[str, Any]) -> int:
        events = self.events_of(case, what["step"])
        if "distinct" not in what:
            return len(events)
        values = {self.cell(event, what["distinct"], "text") for event in events}
        return len(values - {Gap.EMPTY})

    # --- a case as a row ---------------------------------------------------------------------------------------------

    def anchor(self, case: EventCase) -> Moment | Gap:
        return case.first

    def time_of(self, case: EventCase, criterion: dict[str, Any]) -> Moment | Gap:
        return self.cell(case, criterion["time"], "time") if "time" in criterion else case.first
