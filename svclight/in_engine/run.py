"""The same counts in other engines: logs that stay where they are, and only counts come back.

In: a table that narwhals takes lazily (a Polars frame, a DuckDB relation, a Spark frame, an ibis table), or files.
Out: `InEngine`, which counts a process inside the engine, row by row as the pandas engine does. Rows that the engine
might not judge alike are brought to pandas with the columns they need, and judged there; a definition that needs more
than the engine can do brings all of them. A notice says how many.
"""

from __future__ import annotations

import warnings
from dataclasses import dataclass
from functools import partial, reduce
from typing import TYPE_CHECKING, Any, TypeVar

import numpy as np

from svclight.counts.provenance import LogProvenance
from svclight.definition.names_used import is_averaged, raw_columns
from svclight.dialects.frames import interrupts_told, leaving_notice, turn_of
from svclight.errors import SvclightNotice, UnableError, quoted_text
from svclight.in_engine.added_counts import Counting
from svclight.in_engine.aggregation import Query
from svclight.in_engine.cells import among
from svclight.in_engine.conditions import few
from svclight.in_engine.counting import ask, values_of
from svclight.in_engine.engine_log import EngineLog, opened_log, scanned_log
from svclight.in_engine.events import EventLog
from svclight.in_engine.expressions import nobody
from svclight.in_engine.log_notices import unmet_in_engine, unread_in_engine
from svclight.in_engine.returned_counts import beyond_calendar
from svclight.in_engine.value_sums import amounts_of
from svclight.judging.contract import Call, Scored, Settled
from svclight.judging.judge import in_order
from svclight.judging.pandas_log import judge_of
from svclight.logs import as_of
from svclight.logs.logs_of_call import where_of
from svclight.logs.unread_fields import unread_fields
from svclight.logs.usual_course import course, no_steps
from svclight.method.clock_measures import calendar_of
from svclight.method.measures import SEVERAL_ROWS
from svclight.reading.file_relation import with_scan
from svclight.values import clocks

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

    import narwhals as nw
    import pandas as pd

    from svclight.counts.count_tables import Tallied
    from svclight.definition.models import Process
    from svclight.in_engine.log import LazyLog
    from svclight.judging.contract import Wanted
    from svclight.judging.judge import Judge
    from svclight.logs.unread_fields import UnreadField
    from svclight.reading.source import Source

Made = TypeVar("Made")


@dataclass
class InEngine:
    """A log that its engine can count, with what the call asks of it."""

    log: EngineLog
    call: Call
    early: Counting | None = None
    """The counts that were made: before `as_of` was known, if they do not depend on it, or when first asked for."""

    @property
    def process_id(self) -> str:
        """The id of the process that the log belongs to."""
        return self.log.process_id

    def newest(self) -> int | None:
        """The newest time in the log in nanoseconds; None for a log without times.

        Where counts do not depend on it, it comes with them, in one pass.
        """
        found: int | None = self.log.once("newest", self._find_newest)
        return found

    def _find_newest(self) -> int | None:
        if self.log.newest_with_counts and not self.log.depends_on_as_of():
            self.early = self.count(Settled(None, given=False, known=False))
            return self.early.newest()
        self._try_out()
        return self.log.newest()

    def look(self, given: int | None) -> None:
        """Looks at the log a first time: finds out that the engine can judge it, and counts it if `as_of` is given.

        Raises:
            UnableError: The engine cannot judge it by itself.
        """
        if given is None:
            self.newest()
        else:
            self.early = self.count(Settled(given, given=True))

    def second_newest(self, newest: int) -> int | None:
        """The newest time of another row, or any so near the newest that no warning is due."""
        counting = self.early or self.count(Settled(newest, given=False))
        near = counting.near(newest)
        return self.log.second_newest(newest) if near is None else near

    def needs_as_of(self) -> bool:
        """Whether results depend on `as_of`."""
        return as_of.needs_as_of(self.log.spec) and self.log.has_rows()

    def score_at(self, settled: Settled) -> Scored:
        """Counts the log as it stood at a moment, for the card."""
        counting = self.counted(settled)
        tallied, rejected = counting.process_counts(settled.as_of), tuple(counting.rejected_lines)
        log, call = self.log, self.call
        # histogram and sums, which may be asked for later, need the same counts; rows are not kept for them
        here = InEngine(log, call, counting if counting.rest is None else None)
        return Scored(
            LogProvenance(
                self.process_id, log.files or log.origin, counting.rows, counting.interactions, len(rejected)
            ),
            tallied,
            rejected,
            (lambda: here.in_turn(here.course, settled)) if log.spec.spec.steps else no_steps,
            tuple(counting.notices),
            lambda wanted: here.in_turn(here.judge_for, wanted, settled),
            lambda: here.in_turn(here.amounts, settled),
            lambda: here.in_turn(here.histogram, settled),
            told=tuple(unmet_in_engine(counting)),
            unread=tuple(unread_in_engine(counting)),
        )

    def in_turn(self, work: Callable[..., Made], *given: Any) -> Made:
        """What is asked for when `score` is long over; the threads of a program may ask at the same time."""
        with turn_of(self.log.frame), interrupts_told():
            return work(*given)

    def counted(self, settled: Settled) -> Counting:
        """The counts of the log as it stood at a moment, made once: histogram and sums follow from the same."""
        self.early = self.early or self.count(settled)
        return self.early

    def unread(self) -> list[UnreadField]:
        """The fields of which some cells cannot be read, before the moment is known from which the log is seen."""
        return unread_fields(self.log.log_of(self.log.frame))

    def count(self, settled: Settled) -> Counting:
        """Counts the log in its engine in one query for each time, and has the odd rows judged by pandas.

        Raises:
            UnableError: The engine cannot judge it by itself.
        """
        log, queries = self._compile_queries(settled)
        found = [ask(query) for query in queries]
        if not all(one.finite for one in found):
            self.log.look_for_nan()
            log, queries = self._compile_queries(settled)
            found = [ask(query) for query in queries]
        if any(beyond_calendar(one, self.call.kind) for one in found):
            for query in queries:
                log.ticks(query.anchor)  # which finds such times odd
            found = [ask(query) for query in queries]
        return Counting(self.log, queries, found, self.log.rest(log, self.call.kind, found[0]), settled, self.call)

    def _compile_queries(self, settled: Settled) -> tuple[LazyLog, list[Query]]:
        """The log as it stood at a moment, and the compiled queries that count it."""
        had_bounds = self.log.has_bounds
        log = self.log.judged_log(settled)
        queries = self._queries(log)
        if self.log.has_bounds and not had_bounds:
            # Put together anew, now that the range of times is known: times that lie within the calendar need no look.
            log = self.log.judged_log(settled)
            queries = self._queries(log)
        return log, queries

    def _try_out(self) -> None:
        """Compiles the queries without running them, so that a log the engine cannot judge is known at once.

        Raises:
            UnableError: The engine cannot judge the log by itself.
        """
        log = self.log.judged_log(Settled(0, given=True))
        log.bounds = log.bounds or {}
        self._queries(log)
        log.prepared_frame(self.call.kind)
        if any(calendar_of(one) for one in log.log.process.criteria.values()):  # whose tables may be too large
            newest = self.log.newest()
            self._queries(self.log.judged_log(Settled(newest or 0, given=True)))

    def histogram(self, settled: Settled) -> Tallied:
        """The counts of the process with the histogram of values: one more pass over the log."""
        counting = self.counted(settled)
        found: dict[str, dict[str, Any]] = {}
        for query, names in _with_numbers(counting):
            found |= {name: {"values": counts} for name, counts in values_of(query, names).items()}
        return counting.process_counts(settled.as_of, found)

    def amounts(self, settled: Settled) -> Tallied:
        """The counts of the process with the sums and the fine histogram of values: more passes over the log."""
        counting = self.counted(settled)
        found: dict[str, dict[str, Any]] = {}
        for query, names in _with_numbers(counting):
            found |= {name: {"amounts": amounts} for name, amounts in amounts_of(query, names).items()}
        return counting.process_counts(settled.as_of, found, amounts=True)

    def _queries(self, log: LazyLog) -> list[Query]:
        """Compiles a query for each time by which rows are placed; all of them know all odd rows."""
        criteria = self.log.spec.process.criteria
        order = in_order(criteria)
        anchors: dict[str, list[str]] = {}
        for name in order:
            anchors.setdefault(log.log.anchor_of(criteria[name]), []).append(name)
        queries = [
            Query(log, anchor, tuple(names), self.call.segments, self.call.kind, matured=self.call.matured)
            for anchor, names in anchors.items()
        ]
        return [query.compile_rules(order) for query in queries]

    def judge_for(self, wanted: Wanted, settled: Settled) -> Judge:
        """Brings the interactions that are asked for to pandas, with the judge of their rows."""
        log = self.log.judged_log(settled)
        rows = self._wanted_rows(log, wanted)
        if rows is not None:
            return judge_of(self.log.odd_rows(log, self.call.kind, rows), settled, self.call)
        return self._whole(settled, f"all of {quoted_text(self.process_id)} is asked for")

    def course(self, settled: Settled) -> pd.DataFrame:
        """The usual course of the cases, in pandas: medians need all of them. A notice tells how many came."""
        why = f"the usual course of {quoted_text(self.process_id)} is asked for"
        return course(self._whole(settled, why).log)

    def _whole(self, settled: Settled, why: str) -> Judge:
        """Brings all rows to pandas, with their judge; a notice tells how many they are, and why."""
        brought = self.log.log_of(self.log.frame)
        if not self.log.files:
            warnings.warn(leaving_notice(len(brought), self.log.dialect.name, why), SvclightNotice, stacklevel=2)
        return judge_of(brought, settled, self.call)

    def _wanted_rows(self, log: LazyLog, wanted: Wanted) -> nw.Expr | None:
        """The rows that are asked for, as an expression; None if all of them are."""
        parts = [rows for rows in (_with_word(log, *pair) for pair in wanted.where) if rows is not None]
        if wanted.zone is not None or wanted.period is not None:
            names = [wanted.criterion] if wanted.criterion else list(log.log.process.criteria)
            each = [
                _of_criterion(query, name, wanted)
                for query in self._queries(log)
                for name in query.names
                if name in names
            ]
            parts.append(reduce(lambda one, other: one | other, each))
        return reduce(lambda one, other: one & other, parts) if parts else None


def _with_numbers(counting: Counting) -> Iterator[tuple[Query, list[str]]]:
    """The queries about criteria that measure numbers, each with the names of these criteria."""
    for query in counting.queries:
        if names := [name for name in query.names if query.outcomes[name].measured is not None]:
            yield query, names


def _of_criterion(query: Query, name: str, wanted: Wanted) -> nw.Expr:
    """The rows of a criterion that are in the wanted zone and period."""
    rows = ~nobody(query.anywhere())
    if wanted.zone is not None:
        there = query.outcomes[name].rows_in(wanted.zone)
        rows = reduce(lambda one, other: one | other, there, nobody(query.anywhere()))
    if wanted.period is None:
        return rows
    number, period = clocks.period_number(wanted.period), query.period()
    return rows & (period.is_null() if number is None else ~period.is_null() & (period == number[1]))


def _with_word(log: LazyLog, segment: str, word: str) -> nw.Expr | None:
    """The rows with a word in a segment; None if the engine cannot tell, or has too many different words."""
    spec = log.log.field(segment, "text")
    cells = log.distinct(log.raw(segment)) if len(spec.columns) == 1 and spec.at is None else None
    if cells is None:  # too many different words
        return None
    texts = few(log.log, {log.raw(segment): cells}).texts(segment)
    return among(segment, cells[texts.look_up(np.asarray(texts.words == word), missing=word == "")], log)


def beyond(process: Process) -> str:
    """The part of a process that no engine can judge, in words; empty if every engine can."""
    log, criteria = process.log, process.criteria.values()
    if log is None or log.join:
        return "another log that it joins"
    if not criteria:
        return "a process without criteria"
    if any(is_averaged(criterion, log) for criterion in criteria):
        return "the squares of weights"
    kinds = [c.measure.kind for c in criteria if c.measure.kind in SEVERAL_ROWS]
    return f"several rows at once for {kinds[0]}" if kinds else ""


def in_engine(process_id: str, source: Source, call: Call) -> InEngine:
    """Opens a log in its engine (or files in DuckDB) and looks at it once; it is then ready to be counted.

    Raises:
        UnableError: It must be judged in pandas.
        LogError: A column is not there, there is no such file, or it is not of its kind.
    """
    process = call.definitions.processes[process_id]
    if why := beyond(process):
        raise UnableError(why)
    make = _maker(process, call)
    if source.table is not None:
        return _look_once(opened_log(process_id, source.table, call.definitions, make), call)
    needed = raw_columns(process)
    read = process.log.read  # type: ignore[union-attr]  # `beyond` looked
    return with_scan(
        lambda scan: _look_once(scanned_log(process_id, scan, call.definitions, make), call),
        source,
        list(needed),
        read,
        where=where_of(process_id, needed),
        progress=call.progress,
    )


def _maker(process: Process, call: Call) -> Callable[..., EngineLog]:
    """The class of the process's log in an engine, with what it needs of the call."""
    has_events = process.log.rows == "events"  # type: ignore[union-attr]  # `beyond` looked
    if has_events:
        return partial(EventLog, people=call.people, given=call.as_of, segments=call.segments)
    return partial(EngineLog, people=call.people, given=call.as_of)


def _look_once(log: EngineLog, call: Call) -> InEngine:
    """A log in its engine, looked at once."""
    made = InEngine(log, call.later())
    made.look(call.as_of)
    return made
