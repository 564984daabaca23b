"""Event logs: rows that are the steps of cases -> a log whose rows are the cases.

In: an event log as its definition reads it, at its `as_of`. Out: `Cases`. A case stands in the month of its first
event; its columns hold its last known values; each step has a first and a last time. Events without an id or a time
are rejected; what a rule of `exclude` names, and what lies after `as_of`, is not seen.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any, Final

import numpy as np
import pandas as pd

from svclight.definition.models import LastStep, StepWhere
from svclight.definition.names_used import is_step
from svclight.errors import did_you_mean, quoted_text
from svclight.logs.array_cells import ArrayCells
from svclight.logs.derived_fields import flag_words, met
from svclight.logs.left_out_rows import ids
from svclight.logs.log import Log
from svclight.logs.row_groups import Gathered, Grouped
from svclight.method.conditions import rows_of_step
from svclight.method.left_out_rows import excluded_rules, not_begun_rules
from svclight.method.rules import Rule
from svclight.values import clocks
from svclight.values.clocks import NAT
from svclight.values.columns import texts_of

if TYPE_CHECKING:
    from collections.abc import Iterator

    from numpy.typing import NDArray

    from svclight.definition.models import FieldSpec
    from svclight.logs.log import Rows

    Mask = NDArray[np.bool_]
    Places = NDArray[np.intp]

_MOMENT: Final = "\x1f"  # no column has such a name
_FIRST, _LAST = f"{_MOMENT}first ", f"{_MOMENT}last "
START, END = f"{_FIRST}start", f"{_FIRST}end"


def accepted_events(log: Log) -> Log:
    """The events with an id and a time, without repetitions if the definition says so."""
    placed = with_place(log)
    once = each_once(placed)
    if len(once) < len(placed):
        log.notices[twice(log.process_id, len(placed), len(once))] = None
    return once


def with_place(log: Log) -> Log:
    """The events with an id and a readable time; the others are rejected."""
    keys = ids(log, log.id_names)
    times = log.times(log.spec.time)
    without = (keys < 0) | (times.ticks == NAT)
    if without.any():
        cells = log.texts(log.spec.time)

        def reason(row: int) -> str:
            if keys[row] < 0:
                return "the event has no id"
            cell = str(cells.at(np.array([row]))[0])
            return f'the time of the event cannot be read: "{cell}"' if cell else "the event has no time"

        log.reject(without, reason)
        log = log.keep(~without, None if log.weights is None else log.weights[~without])
    return log


def each_once(log: Log) -> Log:
    """The events without repetitions (rows equal in every column in use), if the definition says so."""
    if log.spec.repeated_rows is None:
        return log
    keys = np.zeros(len(log), dtype=np.int64)
    for name in log.raw.frame.columns:
        codes = np.asarray(texts_of(log.raw.frame[name]).codes, dtype=np.int64)
        keys = pd.factorize(keys * (int(codes.max(initial=-1)) + 2) + codes + 1)[0]
    again = pd.Series(keys).duplicated().to_numpy()
    return log.keep(~again, None if log.weights is None else log.weights[~again]) if again.any() else log


def twice(process_id: str, events: int, once: int) -> str:
    """The notice about events that stand more than once."""
    return f"{process_id}: {events - once:,} of {events:,} events stand twice; each is used once"


class CaseNames(Log):
    """The names of a case's times: its first and last event, and the first and last of each step."""

    @property
    def anchor(self) -> str:
        """The name of the time that places a case in its period: its first event."""
        return START

    def moment(self, end: str | LastStep) -> str:
        """The name of the time meant by an end of a duration."""
        return _LAST + end.last if isinstance(end, LastStep) else _FIRST + end

    def abandon_time(self, name: str) -> str:
        """The name of the time that `abandoned.at` means: a step's, or a column."""
        return self.moment(name) if is_step(name, self.spec) else name

    def plain_name(self, name: str) -> str:
        """The name of a time as people write it."""
        return name.removeprefix(_FIRST).removeprefix(_MOMENT)

    def lacks(self, name: str) -> str:
        """The reason given for a case without a time."""
        return f"{self.plain_name(name)} did not happen" if name.startswith(_MOMENT) else super().lacks(name)


@dataclass
class Cases(CaseNames, Gathered):
    """The cases of an event log.

    Attributes:
        excluded: For each case the place of the rule of `exclude` that took its last event, -1 where events are left.
        moments: The event of each case that a moment means, by the moment's name.
    """

    grouped: Grouped = None  # type: ignore[assignment]  # always given, as in the class above
    excluded: NDArray[np.int64] = field(default_factory=lambda: np.zeros(0, dtype=np.int64), repr=False)
    moments: dict[str, Places] = field(default_factory=dict, repr=False)

    @classmethod
    def put_together(cls, log: Log) -> Cases:
        """Puts the events of a log together to cases, as they stood at its `as_of`."""
        cases, size = _number_keys(ids(log, log.id_names))
        ticks, per_second, _ = log.at(None).rows().instants(log.anchor)
        dropped = _excluding_rules(log)
        seen = np.ones(len(log), dtype=bool) if log.as_of is None else ticks <= clocks.ticks_at(log.as_of, per_second)
        chosen, excluded = _choose_events(cases, size, seen, dropped)
        grouped = Grouped.of(cases, ticks, chosen, size)
        first, last = grouped.first(), grouped.last()
        excluded = np.where(excluded, dropped[first], -1) if size else excluded.astype(np.int64)
        weights = None if log.weights is None else log.weights[last]
        moments = {START: first, END: last}
        return cls.gather(log, grouped, first, weights=weights, excluded=excluded, moments=moments)

    def never(self, rows: Rows, name: str) -> Mask | None:
        """The cases that have ended without a time; None if the log declares no end."""
        ended = self.has_ended()
        return None if ended is None else ended[rows.part] & (rows.times(name).ticks == NAT)

    def has_ended(self) -> Mask | None:
        """The cases with one of the steps that end a case; None if `ends` is not declared."""
        if self.spec.ends is None:
            return None
        found = np.zeros(len(self), dtype=bool)
        for step in self.spec.ends:
            found[self.events(step).groups] = True
        return found

    def events(self, step: str) -> Grouped:
        """The events of the cases that are a given step."""
        return self.remember(("events", step), lambda: self.grouped.some(self.happens(step)))  # type: ignore[no-any-return]  # it holds what was found

    def happens(self, step: str) -> Mask:
        """The events of the log that are a given step."""

        def find() -> Mask:
            return rows_of_step(step, ArrayCells(self.base.rows()))  # type: ignore[no-any-return]  # a mask of arrays

        return self.base.remember(("step", step), find)  # type: ignore[no-any-return]  # it holds what was found

    def counts(self, step: str, distinct: str | None) -> NDArray[np.int64]:
        """The number of a step's events in each case, or of a column's different values in them."""
        events = self.events(step)
        if distinct is None:
            return events.sums()
        codes = self.base.texts(distinct).codes[events.rows].astype(np.int64)
        size = int(codes.max(initial=-1)) + 1
        pairs = pd.unique((events.groups * size + codes)[codes >= 0])
        return np.bincount(pairs // max(size, 1), minlength=events.size)

    def _column_as(self, name: str, use: str) -> Any:
        spec = self.field(name, use)
        if spec.at is None or self.picks(name) is not None or self.other(name) is not None:
            return super()._column_as(name, use)
        return self.remember(("at", name, use), lambda: self._at_step(name, spec, use))

    def _at_step(self, name: str, spec: FieldSpec, use: str) -> Any:
        """A field at the event that is a step: missing where that did not happen, and a condition is then not met."""
        events: Any = self.picks(self.moment(spec.at))  # type: ignore[arg-type]  # the caller looked
        if spec.kind in ("when", "filled"):
            flags = self.base.flags(name).take(events)
            found = met(flags.values == 1)
            return flag_words(found) if use in ("text", "id") else found
        return self.base._column_as(name, use).take(events)  # noqa: SLF001 - a log reads a log

    def picks(self, name: str) -> Places | None:
        """The event that gives each case a time; None for a column."""
        if not name.startswith(_MOMENT):
            return None
        if name not in self.moments:
            self.moments[name] = self._event(name)
        return self.moments[name]

    def _event(self, name: str) -> Places:
        step = name.removeprefix(_FIRST).removeprefix(_LAST)
        events = self.events(step)
        return events.first() if name.startswith(_FIRST) else events.last()

    def left_out(self, rows: Rows) -> tuple[Rule, ...]:
        """The rules for cases whose events are all excluded, and for cases that have not begun."""
        rules = self.excluded[rows.part]
        by_rule = [Rule("excluded", rule.reason, rules == place) for place, rule in enumerate(self.spec.exclude)]
        return (*by_rule, *not_begun_rules(ArrayCells(rows), (START,)))


def steps_by_value(log: Log) -> dict[str, tuple[str, ...]]:
    """The steps that are recognised by words of the column of steps, with these words."""
    return {name: tuple(step) for name, step in (log.spec.steps or {}).items() if not isinstance(step, StepWhere)}


def step_words(log: Log) -> set[str]:
    """The words in the column of steps; none if no step is recognised by them."""
    return set(log.texts(log.spec.step).words) if steps_by_value(log) else set()


def idle_steps(log: Log, words: set[str]) -> Iterator[str]:
    """The notices about steps that no event has, though a word of the log is spelt nearly so: likely a slip."""
    for name, values in steps_by_value(log).items():
        near = next(filter(None, (did_you_mean(value, words) for value in values)), "")
        if near and not words & set(values):
            shown = " or ".join(quoted_text(value) for value in values)
            column = quoted_text(log.spec.step)
            yield f"{log.process_id}: no event is the step {quoted_text(name)}: {shown} is not in {column}; {near}"


def _number_keys(keys: NDArray[np.int64]) -> tuple[Places, int]:
    """Renumbers the keys without gaps, and counts them; a case without accepted events is no case."""
    size = int(keys.max(initial=-1)) + 1
    if len(keys) < size or not np.bincount(keys, minlength=size).all():
        seen, keys = np.unique(keys, return_inverse=True)
        size = len(seen)
    return np.asarray(keys, dtype=np.intp), size


def _excluding_rules(log: Log) -> NDArray[np.int64]:
    """The place, for each event, of the first rule of `exclude` that names it; -1 if none does."""
    found = np.full(len(log), -1, dtype=np.int64)
    for place, rule in reversed(list(enumerate(excluded_rules(ArrayCells(log.rows()))))):
        found[rule.rows] = place
    return found


def _choose_events(cases: Places, size: int, seen: Mask, dropped: NDArray[np.int64]) -> tuple[Mask, Mask]:
    """The events that make up each case, and the cases whose events are all excluded.

    They are those that are seen and not excluded. A case of which none is seen yet has not begun; one of which all are
    excluded is known by those that are seen.
    """
    kept = dropped < 0
    live = seen & kept

    def some(mask: Mask) -> Mask:
        return np.bincount(cases[mask], minlength=size) > 0

    has_live = some(live)
    if has_live.all():
        return live, np.zeros(size, dtype=bool)
    has_seen, has_kept = some(seen), some(kept)
    all_excluded = np.where(has_seen[cases], seen, np.ones(len(cases), dtype=bool))
    fallback = np.where(has_kept[cases], kept, all_excluded)
    return np.where(has_live[cases], live, fallback), ~has_kept


def of_events(log: Any) -> bool:
    """Whether the rows of a log are events, to be put together to cases."""
    return bool(log.spec.rows == "events")
