"""The same counts in other engines: logs that stay where they are, and only counts come back.

In: what narwhals takes lazily (a Polars frame, a DuckDB relation, a Spark frame, an ibis table), or files opened as
such. Out: `EngineLog`, which counts a process inside the engine, row by row as the pandas engine does. Rows that the engine
might not judge alike are brought to pandas with the columns they need, and judged there; a definition that needs more
than the engine can do brings all of them. A notice says how many.
"""

from __future__ import annotations

import re
from dataclasses import dataclass, field, replace
from functools import reduce
from typing import TYPE_CHECKING, Any, Final

import narwhals as nw
import numpy as np
import pandas as pd

from svclight import clocks
from svclight._dialects import NUMBER, TEXT, WHOLE, column_of
from svclight._lazy_counting import (
    Found,
    Query,
    ask,
    beyond_calendar,
    first_and_last_day,
    last_days,
    tallies,
    ticks_of,
)
from svclight._lazy_log import MOST_WORDS, LazyLog, UnableError, UnsurveyedError, nobody
from svclight._uses import names_used, raw_columns, time_fields
from svclight.asof import LONG_AFTER, moments
from svclight.clocks import DAY, NANO, NAT
from svclight.counting import Counted
from svclight.counts import Tallied, added
from svclight.errors import quoted
from svclight.lazies import needed_of, said
from svclight.logs import Log
from svclight.maturity import immature
from svclight.plans import Plan, in_order
from svclight.sources import Raw

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping, Sequence

    from svclight._dialects import Dialect
    from svclight.processes import Definitions
    from svclight.sources import Rejected
    from svclight.wanted import Wanted

    Frame = nw.LazyFrame[Any]

_SAMPLE: Final = 200
_DATE, _CLOCK = r"\d{4}-\d\d-\d\d", r"\d\d:\d\d:\d\d"
FORMS: Final = {
    "%Y-%m-%d %H:%M:%S": re.compile(f"{_DATE} {_CLOCK}"),
    "%Y-%m-%d %H:%M:%S.%f": re.compile(rf"{_DATE} {_CLOCK}\.\d{{1,6}}"),
    "%Y-%m-%dT%H:%M:%S": re.compile(f"{_DATE}T{_CLOCK}"),
    "%Y-%m-%dT%H:%M:%S.%f": re.compile(rf"{_DATE}T{_CLOCK}\.\d{{1,6}}"),
    "%Y-%m-%d %H:%M": re.compile(rf"{_DATE} \d\d:\d\d"),
    "%Y-%m-%d": re.compile(_DATE),
}
"""The forms of ISO 8601 that engines read; cells in another form are read by the pandas engine."""


@dataclass
class EngineLog:
    """A log that an engine judges.

    Attributes:
        spec: The log as its definition sees it, without rows.
        frame: The raw columns that are needed, and for files where each row stands.
        dialect: The engine's own words.
        people: Who stands behind a customer's id.
        files: The files behind it.
        places: The columns that say in which file and line a row stands.
        rejected: Lines that could not be read.
        source: What must stay as long as this does.
        notices: What is worth saying about it.
    """

    spec: Log
    frame: Frame
    dialect: Dialect
    people: Mapping[str, str] = field(default_factory=dict)
    files: tuple[str, ...] = ()
    places: tuple[str, str] | None = None
    rejected: list[Rejected] = field(default_factory=list)
    source: Any = None
    notices: dict[str, None] = field(default_factory=dict)
    _known: dict[str, Any] = field(default_factory=dict)

    @property
    def process_id(self) -> str:
        """Whose log it is."""
        return self.spec.process_id

    def _once(self, what: str, find: Callable[[], Any]) -> Any:
        if what not in self._known:
            self._known[what] = find()
        return self._known[what]

    # --- the log as the engine sees it --------------------------------------------------------------------------------

    def seen(self, settled: Settled) -> LazyLog:
        """The log as it stood at a moment.

        Raises:
            UnableError: The engine cannot read it by itself.
        """
        if self.spec.spec.join:
            raise UnableError("it joins another log")
        passed = frozenset() if settled.given else frozenset(moments(self.spec.process))
        log = LazyLog(
            self.spec.at(settled.as_of),
            self.frame,
            self.dialect,
            settled.as_of,
            passed,
            settled.known,
            self._known.get("bounds"),
            self._once("forms", self._forms),
            self.distinct,
        )
        self._mark_repeats(log)
        self._mark_weights(log)
        return log

    def distinct(self, column: str) -> pd.Series[Any] | None:
        """The different cells of a column; None where there are too many."""

        def find() -> pd.Series[Any] | None:
            cells = self.dialect.collect(self.frame.select(column).unique().head(MOST_WORDS + 1))[column]
            return None if len(cells) > MOST_WORDS else cells.reset_index(drop=True)

        return self._once(f"distinct {column}", find)  # type: ignore[no-any-return]  # it holds what was found

    def _forms(self) -> dict[str, str]:
        """How times without a format are written, by their column: as most of the first cells are."""
        found = {}
        for name in self._time_names():
            spec = self.spec.field(name, "time")
            if spec.format is None and len(spec.columns) == 1 and self._holds_text(spec.columns[0]):
                cells = self.dialect.collect(self.frame.select(spec.columns[0]).drop_nulls().head(_SAMPLE))
                found[spec.columns[0]] = commonest_form(cells[spec.columns[0]].tolist())
        return found

    def _holds_text(self, column: str) -> bool:
        kinds = self._once("columns", lambda: {n: column_of(t) for n, t in self.frame.collect_schema().items()})
        return bool(kinds[column].kind == TEXT)

    def _time_names(self) -> list[str]:
        """All names that are read as times."""
        process = self.spec.process
        declared = {name: spec for name, spec in (self.spec.spec.fields or {}).items() if spec.kind == "time"}
        names = dict.fromkeys(time_fields(process))
        for name in names_used(process):
            spec = self.spec.declared(name)
            if spec is not None and spec.kind in ("time", "part"):
                names[name if spec.kind == "time" else str(spec.of)] = None
        return [name for name in names if name in declared or self.spec.declared(name) is None]

    def _mark_repeats(self, log: LazyLog) -> None:
        """Rows that share an id are judged by the pandas engine: they are few, and it has rules for them."""
        if not self.spec.id_names:
            return
        columns = list(dict.fromkeys(log.raw(name) for name in self.spec.id_names))
        whole = reduce(lambda one, other: one & other, [_is_there(log, name) for name in self.spec.id_names])
        again = self.frame.filter(whole).group_by(*columns).agg(nw.len().alias("rows")).filter(nw.col("rows") > 1)
        if self._once("repeats", lambda: bool(len(self.dialect.collect(again.head(1))))):
            marked = again.select(*columns, repeated=nw.col("rows") > 1)
            log.frame = self.frame.join(marked, on=columns, how="left")
            log.odd.append(~nw.col("repeated").is_null())

    def _mark_weights(self, log: LazyLog) -> None:
        """Rows whose weight is no whole number are rejected by the pandas engine."""
        if self.spec.spec.weight is None:
            return
        numbers = log.numbers(str(self.spec.spec.weight))
        wrong = numbers.missing | (numbers.values < 0) | (numbers.values >= 2**53)
        if numbers.dtype.kind == "f":
            wrong = wrong | (numbers.values.floor() != numbers.values)
        log.odd.append(wrong)

    # --- the moment from which it is seen -----------------------------------------------------------------------------

    def survey(self) -> None:
        """Looks at the range of all times, once."""
        if "bounds" in self._known:
            return
        log = self.seen(Settled(None, known=True, given=True))
        names = self._time_names()
        ticks = {name: log.ticks(name) for name in names}
        ends = [made.alias(f"{name}:{end}") for name, one in ticks.items() for end, made in _min_and_max(one)]
        row: Any = self.dialect.collect(log.prepared("month").select(*ends)).iloc[0] if ends else {}
        found = {log.moment(name).column: (row[f"{name}:low"], row[f"{name}:high"]) for name in names}
        self._known["bounds"] = {
            column: (int(low), int(high)) for column, (low, high) in found.items() if not pd.isna(low)
        }

    def newest(self) -> int | None:
        """The newest time that tells how far the log goes, in nanoseconds; None where there is none."""
        self.survey()
        log = self.seen(Settled(None, known=True, given=True))
        found = []
        for name in moments(self.spec.process):
            moment = log.moment(name)
            ends = self._known["bounds"].get(moment.column)
            if ends is not None:
                found.append(self.latest(log, name, ends[1]) * (NANO // moment.per_second))
        return max(found, default=None)

    def latest(self, log: LazyLog, name: str, last: int) -> int:
        """The latest instant of a time whose greatest tick, as written, is known."""
        moment = log.moment(name)
        ticks = np.array([last], dtype=np.int64)
        if moment.aware or moment.zone == "UTC":
            return last
        if not clocks.is_steady(last, moment.per_second, moment.zone):
            near = log.ticks(name) > last - 2 * DAY * moment.per_second
            column = log.ticks(name).alias("ticks")
            rows = self.dialect.collect(log.prepared("month").filter(near).select(column))
            ticks = rows["ticks"].to_numpy(dtype=np.int64)
        return int(clocks.to_instant(ticks, moment.per_second, moment.zone, moment.change)[0].max())

    def second_newest(self, newest: int) -> int | None:
        """The newest time of a row that has no time as late as `newest`."""
        log = self.seen(Settled(None, known=True, given=True))
        latest = [log.instants(name) * (NANO // log.moment(name).per_second) for name in moments(self.spec.process)]
        rows = log.prepared("month").select(latest=nw.max_horizontal(*latest))
        found = self.dialect.collect(rows.filter(nw.col("latest") < newest).select(nw.col("latest").max()))
        return None if found["latest"].isna().all() else int(found["latest"].iloc[0])

    # --- counting -----------------------------------------------------------------------------------------------------

    def count(self, settled: Settled, split: Split) -> Counting:
        """Counts the log in its engine.

        Raises:
            UnableError: The engine cannot judge it by itself.
            UnsettledError: The moment from which it is seen must be known first.
        """
        try:
            return self._count(settled, split)
        except UnsurveyedError:
            self.survey()
            return self._count(settled, split)

    def _count(self, settled: Settled, split: Split) -> Counting:
        log = self.seen(settled)
        queries = self._queries(log, split)
        found = [ask(query) for query in queries]
        if any(beyond_calendar(one, split.kind) for one in found):
            for query in queries:
                log.ticks(query.anchor)  # which finds such times odd
            found = [ask(query) for query in queries]
        rest = self.odd_rows(log, split.kind) if found[0].odd else None
        return Counting(self, queries, found, rest, settled, split)

    def _queries(self, log: LazyLog, split: Split) -> list[Query]:
        """A query for each time that places rows in periods, compiled: all of them know all rows that are odd."""
        criteria = self.spec.process.criteria
        order = in_order(criteria)
        anchors: dict[str, list[str]] = {}
        for name in order:
            anchors.setdefault(self.spec.anchor_of(criteria[name]), []).append(name)
        queries = [
            Query(log, anchor, tuple(names), split.segments, split.kind, matured=split.matured)
            for anchor, names in anchors.items()
        ]
        return [query.compiled(order) for query in queries]

    # --- rows ---------------------------------------------------------------------------------------------------------

    def odd_rows(self, log: LazyLog, kind: str, also: nw.Expr | None = None) -> Log:
        """The rows that the pandas engine judges, and others that are asked for, with the columns that they need."""
        odd = log.any_odd()
        rows = odd if also is None else also if odd is None else odd | also
        prepared = log.prepared(kind)
        return self._log_of(prepared if rows is None else prepared.filter(rows))

    def _log_of(self, frame: Frame) -> Log:
        columns = list(raw_columns(self.spec.process))
        table = self.dialect.collect(frame.select(*columns, *(self.places or ())))
        raw = Raw(table)
        if self.places is not None:
            table = table.sort_values(list(self.places), kind="stable", ignore_index=True)
            codes, lines = (table.pop(name).to_numpy(dtype=np.int64) for name in self.places)
            raw = Raw(table, self.files, codes.astype(np.int32), lines)
        return Log.of(self.process_id, self.spec.definitions, raw, people=self.people)

    def plans(self, wanted: Wanted, settled: Settled, split: Split) -> Plan:
        """The way back: a plan of the rows that are asked for, in pandas."""
        log = self.seen(settled)
        rows = self._wanted(log, wanted, split)
        brought = self.odd_rows(log, split.kind, rows) if rows is not None else self._log_of(self.frame)
        return _plan(brought, settled, split)

    def _wanted(self, log: LazyLog, wanted: Wanted, split: Split) -> nw.Expr | None:
        """Which rows are asked for; None where it takes all."""
        if wanted.criterion is None or (wanted.zone is None and wanted.period is None):
            return None
        query = next(one for one in self._queries(log, split) if wanted.criterion in one.names)
        parts = []
        if wanted.zone is not None:
            each = [one.rows for one in query.outcomes[wanted.criterion].each() if one.state == wanted.zone]
            parts.append(reduce(lambda one, other: one | other, each) if each else nobody(query.anywhere()))
        if wanted.period is not None:
            number = clocks.period_number(wanted.period) if wanted.period else None
            period = query.period()
            parts.append(period.is_null() if number is None else ~period.is_null() & (period == number[1]))
        return reduce(lambda one, other: one & other, parts)


@dataclass(frozen=True)
class Settled:
    """From when logs are seen: the moment in nanoseconds, whether the call gave it, whether it is known yet."""

    as_of: int | None
    given: bool
    known: bool = True


@dataclass(frozen=True)
class Split:
    """By what rows are split, and how: segments, the kind of period, whether young rows are pending."""

    segments: tuple[str, ...]
    kind: str
    matured: bool


@dataclass(frozen=True)
class Counting:
    """A log counted in its engine, and the rows of it that pandas judges."""

    log: EngineLog
    queries: list[Query]
    found: list[Found]
    rest: Log | None
    settled: Settled
    split: Split

    @property
    def rows(self) -> int:
        """How many rows were accepted."""
        return int(self.found[0].groups["rows"].sum()) + (0 if self.rest is None else len(self.rest))

    @property
    def interactions(self) -> int:
        """How many interactions they are."""
        here = int(self.found[0].groups["all"].sum())
        if self.rest is None:
            return here
        return here + (len(self.rest) if self.rest.weights is None else int(self.rest.weights.sum()))

    @property
    def rejected(self) -> list[Rejected]:
        """The lines that could not be read."""
        return [*self.log.rejected, *([] if self.rest is None else self.rest.raw.rejected)]

    @property
    def notices(self) -> list[str]:
        """What is worth saying."""
        if self.rest is None or self.log.files or not len(self.rest):
            return []
        why = f"cells or ids of {quoted(self.log.process_id)} that need a closer look"
        return [said(len(self.rest), self.log.dialect.name, why)]

    def newest(self) -> int | None:
        """The newest time that was seen while counting."""
        log, found = self.queries[0].log, []
        for name in log.passed:
            moment = log.moment(name)
            ticks = [ticks_of(one.groups[f"newest:{name}:high"], moment.per_second) for one in self.found]
            known = np.concatenate(ticks)
            known = known[known != NAT]
            if len(known):
                found.append(self.log.latest(log, name, int(known.max())) * (NANO // moment.per_second))
        return max(found, default=None)

    def is_near(self, newest: int) -> bool:
        """Whether two groups have a time so near to the newest that nobody needs to be warned."""
        log, near = self.queries[0].log, set[int]()
        groups = self.found[0].groups
        for name in moments(self.log.spec.process):
            moment = log.moment(name)
            ticks = ticks_of(groups[f"newest:{name}:high"], moment.per_second)
            limit = (newest - LONG_AFTER + 2 * DAY * NANO) * moment.per_second // NANO
            near |= set(np.flatnonzero((ticks != NAT) & (ticks > limit)).tolist())
        return len(near) > 1

    def tallied(self, as_of: int | None) -> Tallied:
        """What was counted, the rows that pandas judges included."""
        criteria = {
            name: tally
            for query, found in zip(self.queries, self.found, strict=True)
            for name, tally in tallies(found, query).items()
        }
        query, found, kind = self.queries[0], self.found[0], self.split.kind
        spec, days = self.log.spec.at(as_of), last_days(found, query.log)

        def ended(number: int) -> bool:
            end = clocks.period_end(number, kind)
            is_early = as_of is None or as_of < clocks.midnight(end, spec.zone)
            return not self.settled.given and is_early and clocks.day_number(end) - 1 in days

        def is_immature(name: str, number: int, over: bool) -> bool:
            return immature(spec.process.criteria[name], spec, number, kind, ended=over)

        reach = first_and_last_day(found, query.log)
        made = Tallied(self.log.process_id, self.split.segments, kind, as_of, criteria, reach, ended, is_immature)
        if self.rest is None:
            return made
        settled = replace(self.settled, as_of=as_of)
        return added(made, Counted.of(_plan(self.rest, settled, self.split)).tallied())


def _plan(log: Log, settled: Settled, split: Split) -> Plan:
    return Plan.of(log.at(settled.as_of), split.segments, split.kind, given_as_of=settled.given, matured=split.matured)


def _is_there(log: LazyLog, name: str) -> nw.Expr:
    """Which rows have an id in a column."""
    column, spec = log.raw(name), log.log.field(name, "text")
    if spec.flag is not None:
        raise UnableError(f"the id {name} is true or false")
    there, tokens = log.columns[column].kind, log.tokens(spec)
    if there == TEXT:
        return log.has_text(column, tokens)
    if there not in (WHOLE, NUMBER):
        raise UnableError(f"the id {name} is neither text nor a number")
    return ~log.numbers_in(column, tokens).missing


def _min_and_max(column: nw.Expr) -> tuple[tuple[str, nw.Expr], tuple[str, nw.Expr]]:
    return ("low", column.min()), ("high", column.max())


def commonest_form(cells: Sequence[str]) -> str:
    """The form in which most cells are written, as a strptime format."""
    fits = {form: sum(pattern.fullmatch(str(cell)) is not None for cell in cells) for form, pattern in FORMS.items()}
    return max(fits, key=lambda form: fits[form])


def opened_log(
    process_id: str, source: Any, definitions: Definitions, *, people: Mapping[str, str], where: Mapping[str, str]
) -> EngineLog:
    """A log in its engine.

    Raises:
        LogError: A column is not there.
    """
    process = definitions.processes[process_id]
    frame, dialect = needed_of(source, list(raw_columns(process)), where)
    return EngineLog(spec_of(process_id, definitions), frame, dialect, people)


def spec_of(process_id: str, definitions: Definitions) -> Log:
    """A log as its definition sees it, without rows."""
    process = definitions.processes[process_id]
    columns = {name: pd.Series([], dtype=object) for name in raw_columns(process)}
    return Log(process_id, process, definitions, Raw(pd.DataFrame(columns)), path=("processes", process_id, "log"))
