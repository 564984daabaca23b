"""An event log in its engine: cases are judged there, and odd ones come back with all their events.

In: a narwhals frame over the engine whose rows are events, and a process. Out: `EventLog`, an `EngineLog` that gives
the log of cases as it stood at a moment, the newest times of events that can be placed, and single cases as the pandas
engine has them.
"""

from __future__ import annotations

from dataclasses import dataclass, replace
from functools import reduce
from typing import TYPE_CHECKING, Any, ClassVar

import narwhals as nw
import pandas as pd

from svclight.definition.names_used import raw_columns
from svclight.in_engine.cases import TIMES, cases_of, each_once, id_columns, process_of_events
from svclight.in_engine.cells import have_ids
from svclight.in_engine.conditions import few
from svclight.in_engine.engine_log import EngineLog, in_micros
from svclight.in_engine.expression_view import mark_unread
from svclight.judging.contract import Settled
from svclight.logs.as_of import moments, two_newest
from svclight.logs.cases import each_once as each_once_of
from svclight.logs.cases import idle_steps, step_words, steps_by_value, twice, with_place
from svclight.values.clocks import NANO
from svclight.values.columns import MICRO

if TYPE_CHECKING:
    from collections.abc import Iterator

    from svclight.in_engine.log import LazyLog
    from svclight.in_engine.returned_counts import Found
    from svclight.logs.log import Log

    Frame = nw.LazyFrame[Any]

_ORDER, _WANTED, _SURE = "event:order", "event:wanted", "event:sure"


@dataclass
class EventLog(EngineLog):
    """An event log that an engine judges.

    Attributes:
        segments: By what its cases are split.
    """

    segments: tuple[str, ...] = ()
    newest_with_counts: ClassVar[bool] = False  # a query of cases does not give it

    def __post_init__(self) -> None:
        self.look_for_nan()  # what is not the last known value is in no sum that could tell

    def judged_log(self, settled: Settled) -> LazyLog:
        """The log of the cases, as they stood at a moment."""
        events = self._once(settled)
        self.mark_far_anchors(events)
        mark_unread(events)
        return cases_of(events, self.spec.process, self.segments)

    def log_at(self, settled: Settled) -> LazyLog:
        """The log of the events as it stood at a moment."""
        log = super().log_at(settled)
        log.log = replace(log.log, process=process_of_events(self.spec.process), remembered={})
        return log

    def raw_log(self, judged: LazyLog, settled: Settled) -> LazyLog:  # noqa: ARG002 - the judged rows are cases
        """The events."""
        return self._once(settled)

    def own_rows(self, log: LazyLog, judged: LazyLog, kind: str) -> Frame:
        """The events of cases that the engine judges itself."""
        ids = id_columns(judged)
        prepared = log.prepared_frame(kind).filter(have_ids(log))
        return prepared.join(self._odd_cases(judged, kind).select(*ids), on=ids, how="anti")

    def _once(self, settled: Settled) -> LazyLog:
        """The events, without exact repetitions if the definition says so."""
        log = self.log_at(settled)
        if steps_by_value(self.spec):  # of which notices tell what never happens
            log.looked_up = frozenset(self.spec.field(str(self.spec.spec.step), "text").columns)
        if self.spec.spec.repeated_rows is not None:
            log.frame = each_once(log, raw_columns(self.spec.process))
        return log

    def _mark_repeats(self, log: LazyLog) -> None:
        """Marks nothing: the events of a case share its id."""

    # --- the moment from which it is seen -----------------------------------------------------------------------------

    def newest(self) -> int | None:
        """The newest time of an event with an id and a time, in nanoseconds; None if no event has both."""
        found: list[int] = self.once("events' newest", lambda: self._newest(None))
        return max(found, default=None)

    def second_newest(self, newest: int) -> int | None:
        """The newest time of an event earlier than `newest`, to the microsecond."""
        return max((time for time in self._newest(newest) if time < newest), default=None)

    def has_rows(self) -> bool:
        """Whether an event has an id and a time."""
        return self.newest() is not None

    def _newest(self, below: int | None) -> list[int]:
        """The newest times of events (before one, if given), those of events that pandas must read among them."""
        self.bounds()
        log = self.log_at(Settled(None, given=True))
        seconds = {name: log.moment(name).per_second for name in moments(self.spec.process)}
        instants = {name: log.instants(name) for name in seconds}
        rows, unsure = self._sure(log)
        if below is None:
            asked = rows.select(*(made.max().alias(name) for name, made in instants.items()))
        else:  # nanoseconds do not reach to the end of the calendar
            latest = [in_micros(made, seconds[name]) for name, made in instants.items()]
            rows = rows.select(latest=nw.max_horizontal(*latest) if len(latest) > 1 else latest[0])
            asked = rows.filter(nw.col("latest") < below // 1000).select(nw.col("latest").max())
            seconds = {"latest": MICRO}
        row = self.dialect.collect(asked).iloc[0]
        found = [int(row[name]) * (NANO // second) for name, second in seconds.items() if not pd.isna(row[name])]
        if unsure is None:
            return found
        others: list[int] = self.once("newest of unsure events", lambda: two_newest(self.log_of(unsure)))
        return found + others

    def _sure(self, log: LazyLog) -> tuple[Frame, Frame | None]:
        """The events whose id and time the engine can read, and the other events, if there are any."""
        odd, there = log.any_odd(), have_ids(log) & ~log.ticks(str(self.spec.spec.time)).is_null()
        prepared = log.prepared_frame("month")
        if odd is None:
            return prepared.filter(there), None
        prepared = prepared.with_columns((~odd.fill_null(value=False)).alias(_SURE))
        unsure = prepared.filter(~nw.col(_SURE))
        if not len(self.dialect.collect(unsure.select(_SURE).head(1))):
            return prepared.filter(there), None
        return prepared.filter(there & nw.col(_SURE)), unsure

    # --- rows ---------------------------------------------------------------------------------------------------------

    def odd_rows(self, log: LazyLog, kind: str, also: nw.Expr | None = None) -> Log:
        """Brings all events of the odd cases, and of others that are asked for, to pandas."""
        return self._events_of(self._odd_cases(log, kind, also), id_columns(log))

    def _odd_cases(self, log: LazyLog, kind: str, also: nw.Expr | None = None) -> Frame:
        """The odd cases, and others that are asked for."""
        rows = reduce(lambda one, other: one | other, [*log.odd, *log.rare, *([] if also is None else [also])])
        return log.prepared_frame(kind).filter(rows)

    def rest(self, log: LazyLog, kind: str, found: Found) -> Log | None:
        """All events of the odd cases in pandas; None if there are no odd cases."""
        if not found.odd:
            return None
        if log.odd_ids is not None and found.odd_ids == found.odd:  # which is known without putting cases together
            return self._events_of(log.odd_ids, id_columns(log))
        return self.odd_rows(log, kind)

    def _events_of(self, cases: Frame, ids: list[str]) -> Log:
        """Brings all events of some cases to pandas, and the events without an id."""
        cases = cases.select(*ids, nw.lit(value=True).alias(_WANTED))
        frame = self.frame if self.places else self.dialect.as_they_come(self.frame, _ORDER)
        without = ~have_ids(self.log_at(Settled(None, given=True)))
        frame = frame.join(cases, on=ids, how="left").filter(~nw.col(_WANTED).is_null() | without)
        has_order = _ORDER in frame.collect_schema()  # rows of a database or of Spark have none, before or after
        return self.log_of(frame.sort(_ORDER) if has_order else frame)

    def log_of(self, frame: Frame) -> Log:
        """Brings events to pandas: those with an id and a time, without repetitions if the definition says so."""
        return each_once_of(with_place(super().log_of(frame)))

    # --- notices -----------------------------------------------------------------------------------------------------

    def notices_of(self, rest: Log | None) -> list[str]:
        """The notices about repeated events, and about steps that no event has.

        Args:
            rest: The events of odd cases; None if no case is odd, so that all events can be placed.
        """
        return [*self._twice(), *self._idle_steps(rest)]

    def _twice(self) -> Iterator[str]:
        if self.spec.spec.repeated_rows is None:
            return
        rows, unsure = self._sure(self._once(Settled(None, given=True)))
        row = self.dialect.collect(rows.select(nw.col(TIMES).sum().alias("all"), nw.len().alias("once"))).iloc[0]
        events, once = (0 if pd.isna(row[name]) else int(row[name]) for name in ("all", "once"))
        if unsure is not None:
            _, others = self._sure(self.log_at(Settled(None, given=True)))
            placed = with_place(super().log_of(others))  # type: ignore[arg-type]  # the same are there as above
            events, once = events + len(placed), once + len(each_once_of(placed))
        if once < events:
            yield twice(self.process_id, events, once)

    def _idle_steps(self, rest: Log | None) -> Iterator[str]:
        if not steps_by_value(self.spec):
            return
        met = set() if rest is None else step_words(rest)
        if all(met & set(values) for values in steps_by_value(self.spec).values()):
            return  # all steps happen in the odd cases alone: no look at the others is needed
        name = str(self.spec.spec.step)
        column = self.spec.field(name, "text").columns[0]
        cells = self.distinct(column)
        if rest is not None:
            rows, _ = self._sure(self.log_at(Settled(None, given=True)))
            cells = self.dialect.collect(rows.select(column).unique())[column]
        words = set(few(self.spec, {column: cells}).texts(name).words)
        yield from idle_steps(self.spec, words | met)
