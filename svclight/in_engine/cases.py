"""Event logs that stay in their engine: their events are grouped to a log of cases there.

In: `LazyLog` of events. Out: `LazyLog` of cases, made by one grouping by their ids, with the times of their steps, how
often steps happened, and the last known cell of each column that is asked for. The counterpart of `cases`. A case is
odd, so that the pandas engine judges it, where one of its events is odd or cannot be placed, where none is left or has
come yet, and where the last known cell of a column depends on the order of events at the same instant.
"""

from __future__ import annotations

from dataclasses import dataclass, field, replace
from functools import reduce
from typing import TYPE_CHECKING, Any, Final

import narwhals as nw
import pandas as pd

from svclight.definition.names_used import is_step, names_of_cases
from svclight.dialects.dialect import (
    DIFFERENT,
    FIRST,
    LAST,
    NUMBER,
    NUMBER_OF,
    OTHER,
    TEXT,
    WHOLE,
    Aggregate,
    Known,
)
from svclight.errors import UnableError
from svclight.in_engine.cells import are_filled, have_ids, words_of
from svclight.in_engine.conditions import CellExpressions
from svclight.in_engine.expressions import twofold
from svclight.in_engine.log import LazyLog, Moment
from svclight.logs.cases import END, START, CaseNames, steps_by_value
from svclight.method.conditions import rows_of_step
from svclight.method.left_out_rows import left_out_rules
from svclight.method.rules import any_of
from svclight.values import clocks

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping

    from svclight.definition.models import FieldSpec, Process

    Frame = nw.LazyFrame[Any]

EVENTS: Final = "case:events"
"""The column of cases that says of how many events each is made."""
ODD_EVENTS: Final = "case:odd"
"""The column of cases that says, by 1 or 0, whether one of its events is odd."""
TIMES: Final = "event:times"
"""The column of events that says how often each stands in the log."""
_AT_STEPS: Final = ("number", "text", "flag")
"""The kinds of fields of which the cell at a step is found in the engine."""
_AT, _ODD = "event:at", "event:odd"


def count_column(step: str, distinct: str | None) -> str:
    """The name of the column of cases with the number of a step's events, or of a column's different values."""
    return f"case:count {step}" if distinct is None else f"case:count {step} by {distinct}"


def id_columns(log: LazyLog) -> list[str]:
    """The raw columns that together identify a case.

    Raises:
        UnableError: The engine cannot tell them apart as pandas does.
    """
    columns = list(dict.fromkeys(log.raw(name) for name in log.log.id_names))
    if any(log.columns[column].kind == NUMBER for column in columns):
        raise UnableError("cases known by numbers with fractions")
    return columns


def each_once(events: LazyLog, columns: Iterable[str]) -> Frame:
    """The events without exact repetitions; a new column holds the number of times that each one stood there.

    Raises:
        UnableError: The engine cannot tell by itself what is the same in pandas.
    """
    made = {}
    for name in columns:
        there, cell = events.columns[name], nw.col(name)
        if there.kind == OTHER:
            raise UnableError(f"events that stand twice, with {name}")
        empty = ~events.has_text(name, ()) if there.kind == TEXT else None
        if there.kind == NUMBER and events.has_nan:
            empty = cell.is_nan()
        made[name] = cell if empty is None else nw.when(~empty).then(cell)
    frame = events.frame.select(*(cell.alias(name) for name, cell in made.items()))
    return events.dialect.compute_once(frame.group_by(*made).agg(nw.len().alias(TIMES)))


def process_of_events(process: Process) -> Process:
    """The process whose events are asked: a field at a step is a column of every event."""
    return _with_fields(process, {name: one.model_copy(update={"at": None}) for name, one in _at_steps(process)})


def _at_steps(process: Process) -> list[tuple[str, FieldSpec]]:
    """The fields that hold the cell of one column at a step, by name."""
    fields: Mapping[str, FieldSpec] = (process.log.fields if process.log else None) or {}
    return [(name, one) for name, one in fields.items() if one.at is not None and one.kind in _AT_STEPS]


def _with_fields(process: Process, changed: Mapping[str, FieldSpec]) -> Process:
    if process.log is None or not changed:
        return process
    log = process.log.model_copy(update={"fields": {**(process.log.fields or {}), **changed}})
    return process.model_copy(update={"log": log})


def _column_at(name: str) -> str:
    """The name of the column of cases with a field's cell at a step."""
    return f"case:at a step {name}"


def cases_of(events: LazyLog, process: Process, segments: Iterable[str]) -> LazyLog:
    """Groups events to cases, as the log stood at its moment, with the columns that the criteria need.

    Raises:
        UnableError: The engine cannot put them together by itself.
    """
    made = _Cases(events, process)
    made.add_steps()
    made.add_columns(names_of_cases(process, segments))
    return made.log()


@dataclass
class _Cases:
    """The columns of each case, put together from columns of its events."""

    events: LazyLog
    process: Process
    columns: dict[str, nw.Expr] = field(default_factory=dict)
    pairs: dict[str, nw.Expr] = field(default_factory=dict)
    found: dict[str, Aggregate] = field(default_factory=dict)
    known: dict[str, Known] = field(default_factory=dict)
    moments: dict[str, Moment] = field(default_factory=dict)
    spec: CaseNames = field(init=False)
    time: Moment = field(init=False)

    def __post_init__(self) -> None:
        log = self.events.log
        # to the criteria a cell at a step is a column of the cases like any other
        changed = {
            name: one.model_copy(update={one.kind: _column_at(name), "at": None})
            for name, one in _at_steps(self.process)
        }
        process = _with_fields(self.process, changed)
        self.spec = CaseNames(log.process_id, process, log.definitions, log.raw, as_of=log.as_of, path=log.path)
        self._check()
        self.time = self.events.moment(self._name)
        self.columns[_AT] = self._live()
        _mark_twofold(self.events, self._name)
        for name in (START, END):
            self._add_moment(name, _AT, first=name == START)

    @property
    def _name(self) -> str:
        return str(self.spec.spec.time)

    def _check(self) -> None:
        """Refuses logs whose events the engine does not group to cases."""
        spec = self.spec.spec
        if spec.begins is not None or self._name in self.spec.always_seen:
            raise UnableError("another time at which cases begin")
        taken = [name for name in self.events.columns if name.startswith(("event:", "case:", "moment:"))]
        if taken:
            raise UnableError(f"the name {taken[0]} of a column")
        if steps_by_value(self.spec):
            words_of(str(spec.step), self.events)

    def _live(self) -> nw.Expr:
        """The time of each event; null for events that are excluded or lie after `as_of`."""
        log = self.events
        ticks = log.ticks(self._name)
        apart = any_of(rule.rows for rule in left_out_rules(CellExpressions(log), (self._name,)))
        return ticks if apart is None else nw.when(~apart).then(ticks)

    # --- steps --------------------------------------------------------------------------------------------------------

    def add_steps(self) -> None:
        """Enters the first and last times and the numbers of the steps that criteria and `ends` need."""
        log: Any = self.spec.process.log
        for step in log.ends or ():
            self._add_named(self.spec.moment(step), step)
        for criterion in self.spec.process.criteria.values():
            measure, rule = criterion.measure, criterion.abandoned
            if measure.duration is not None:
                for end in (measure.duration.from_, measure.duration.to):
                    self._add_named(self.spec.moment(end), end if isinstance(end, str) else end.last)
            if rule is not None and rule.at is not None and is_step(rule.at, log):
                self._add_named(self.spec.moment(rule.at), rule.at)
            if measure.count is not None:
                self._add_count(measure.count.step, measure.count.distinct)

    def _add_named(self, name: str, step: str) -> None:
        if name not in self.moments:
            self._add_moment(name, self._add_step(step), first=name == self.spec.moment(step))

    def _add_moment(self, name: str, column: str, *, first: bool) -> None:
        new = f"moment:{name.replace(chr(31), ':')}"
        self.found[new] = Aggregate(FIRST if first else LAST, column)
        self.moments[name] = replace(self.time, column=new, native=False)

    def _add_step(self, step: str) -> str:
        """Adds the column with an event's time if the event is the step."""
        name = f"event:of {step}"
        if name not in self.columns:
            self.columns[name] = nw.when(rows_of_step(step, CellExpressions(self.events))).then(nw.col(_AT))
        return name

    def _add_count(self, step: str, distinct: str | None) -> None:
        at, new = self._add_step(step), count_column(step, distinct)
        if distinct is None:
            self.found[new] = Aggregate(NUMBER_OF, at)
            return
        name, cell = f"event:{step} by {distinct}", self._distinct(distinct)
        self.pairs[name] = nw.when(self._present(distinct) & ~nw.col(at).is_null()).then(cell)
        self.found[new] = Aggregate(DIFFERENT, name)

    def _distinct(self, name: str) -> nw.Expr:
        """Text cells brought into a form in which they differ only if their texts differ."""
        column, spec = self.events.raw(name), self.events.log.field(name, "text")
        if spec.kind != "text" or self.events.columns[column].kind not in (TEXT, WHOLE):
            raise UnableError(f"different values of {name}")
        if self.events.columns[column].kind == TEXT:
            self.events.mark_other_forms(column)
            return self.events.stripped(column)
        return nw.col(column)

    # --- last known values --------------------------------------------------------------------------------------------

    def add_columns(self, names: Iterable[str]) -> None:
        """Enters the columns whose last known cell the criteria need, each under its own name."""
        tokens: dict[str, set[str]] = {}
        at_steps = dict(_at_steps(self.process))
        for name in names:
            if name in at_steps:
                self._add_at_step(name, at_steps[name])
                continue
            if self.events.log.field(name, "text").at is not None:
                raise UnableError(f"{name} at a step")
            column = self._column(name)
            mine = {token for token in self._tokens(name) if token}
            if tokens.setdefault(column, mine) != mine:
                raise UnableError(f"cells of {column} that are missing here and not there")
            if column in self.known or column in id_columns(self.events):
                continue
            self.columns[f"event:known {column}"] = nw.when(self._present(name)).then(nw.col(_AT))
            self.known[column] = Known(column, f"event:known {column}")

    def _add_at_step(self, name: str, spec: FieldSpec) -> None:
        """Enters the cell of a column at the first or the last event that is a step, empty or not."""
        column, moment = self.events.raw(name), self.spec.moment(spec.at)  # type: ignore[arg-type]  # it has one
        self._add_named(moment, spec.at if isinstance(spec.at, str) else spec.at.last)  # type: ignore[union-attr]
        cell = nw.col(column)
        if self.events.columns[column].kind == NUMBER and self.events.has_nan:
            cell = nw.when(~cell.is_nan()).then(cell)
        self.columns[f"event:at a step {name}"] = cell
        found = self.found[self.moments[moment].column]
        self.known[_column_at(name)] = Known(f"event:at a step {name}", found.column, found.how, empty=True)

    def _column(self, name: str) -> str:
        """The raw column behind a name; for an hour, weekday or date that of its time."""
        spec = self.events.log.field(name, "text")
        name = name if spec.part is None else str(spec.of)
        return self.events.raw(name)

    def _tokens(self, name: str) -> tuple[str, ...]:
        spec = self.events.log.field(name, "text")
        return self.events.tokens(spec if spec.part is None else self.events.log.field(str(spec.of), "time"))

    def _present(self, name: str) -> nw.Expr:
        """The events with a cell in a column, also one that cannot be read."""
        return are_filled(self._column(name), self._tokens(name), self.events)

    # --- the log of cases ---------------------------------------------------------------------------------------------

    def log(self) -> LazyLog:
        """The log of the cases."""
        events, ids = self.events, id_columns(self.events)
        there = have_ids(events) & ~events.ticks(self._name).is_null()
        odd = events.any_odd()
        odd = ~there if odd is None else odd | ~there
        first = {
            _AT: self.columns.pop(_AT),
            _ODD: nw.when(odd).then(nw.lit(1, nw.Int64)).otherwise(nw.lit(0, nw.Int64)),
        }
        frame = events.prepared_frame("month")
        for columns in (first, self.columns, self.pairs):
            frame = _with(frame, columns)
        found = {**self.found, EVENTS: Aggregate(NUMBER_OF, _ODD), ODD_EVENTS: Aggregate(LAST, _ODD)}
        whose = frame.filter(nw.col(_ODD) > 0).select(*ids).unique()
        frame = events.dialect.aggregate_groups(frame, ids, found, self.known)
        odds = [nw.col(ODD_EVENTS) > 0, nw.col(self.moments[START].column).is_null()]
        odds += [nw.col(f"{name}?") for name in self.known]
        return LazyLog(
            self.spec,
            frame,
            events.dialect,
            events.as_of,
            events.passed | frozenset(self.moments),
            events.settled,
            None if events.bounds is None else self._ranges(),
            self._ranges,
            events.forms,
            self._distinct_cells,
            events.notices,
            events.lows,
            odd=odds,
            moments=self.moments,
            ended=self._has_ended(),
            counted=EVENTS,
            odd_ids=whose,
            at_hand=events.at_hand,
        )

    def _distinct_cells(self, column: str) -> pd.Series[Any] | None:
        """The different cells of a column; at a step there may be none, and no others than in all events."""
        fields = {_column_at(name): name for name, _ in _at_steps(self.process)}
        if column not in fields:
            return self.events.distinct(column)
        cells = self.events.distinct(self.events.raw(fields[column]))
        if cells is None or cells.isna().any():
            return cells
        return pd.concat([cells.astype(object), pd.Series([None], dtype=object)], ignore_index=True)

    def _ranges(self) -> Mapping[str, tuple[int, int]]:
        """The ranges of all times; the times of a case lie where those of its events do."""
        known = self.events.ranges()
        own = known.get(self.time.column)
        return known if own is None else {**known, **{one.column: own for one in self.moments.values()}}

    def _has_ended(self) -> nw.Expr | None:
        """The cases with one of the steps that end a case; None if the log declares none."""
        ends = self.spec.spec.ends
        if ends is None:
            return None
        parts = [~nw.col(self.moments[self.spec.moment(step)].column).is_null() for step in ends]
        return reduce(lambda one, other: one | other, parts)


def _with(frame: Frame, columns: dict[str, nw.Expr]) -> Frame:
    return frame.with_columns(*(made.alias(name) for name, made in columns.items())) if columns else frame


def _mark_twofold(events: LazyLog, name: str) -> None:
    """Marks events in the hours of a clock change as odd: their order is unsure, whatever the field says of it."""
    moment, ticks = events.moment(name), events.ticks(name)
    if moment.aware or moment.zone == "UTC":
        return
    ends = events.ranges().get(moment.column)
    if ends is None:
        return
    steps = clocks.offsets_of_local_times(*events.range_of(name), moment.per_second, moment.zone, None)
    if steps.twofold.any():
        events.odd.append(~ticks.is_null() & twofold(ticks, steps))
