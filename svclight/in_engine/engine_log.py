"""A log that stays in its engine, and what it learns about itself there: ranges of times, repeated ids, words.

In: a narwhals frame over the engine, and a process. Out: `EngineLog`, which gives the log as it stood at a moment
(`LazyLog`), the newest times in it, and single rows as the pandas engine has them.
"""

from __future__ import annotations

import datetime as dt
import re
from dataclasses import dataclass, field
from functools import reduce
from typing import TYPE_CHECKING, Any, ClassVar, Final

import narwhals as nw
import numpy as np
import pandas as pd

from svclight.definition.names_used import count_fields, names_used, raw_columns, time_fields
from svclight.dialects.dialect import NUMBER, TEXT, WHOLE, column_of
from svclight.dialects.duckdb import DuckDB
from svclight.dialects.frames import needed_of, origin_of
from svclight.errors import UnableError
from svclight.in_engine.cells import MOST_WORDS, counts_in, have_ids, numbers_of
from svclight.in_engine.expression_view import mark_unread
from svclight.in_engine.log import LazyLog, Moment
from svclight.judging.contract import Settled
from svclight.logs.as_of import moments, needs_as_of, two_newest
from svclight.logs.log import Log
from svclight.logs.logs_of_call import where_of
from svclight.logs.typed_columns import FIRST_ANCHOR, latest_anchor
from svclight.reading.file_relation import FILE, LINE, Scan
from svclight.reading.sources import Raw
from svclight.values import clocks
from svclight.values.clocks import DAY, NANO
from svclight.values.columns import MICRO
from svclight.values.quantities import SECONDS

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping, Sequence

    from numpy.typing import NDArray

    from svclight.dialects.dialect import Dialect
    from svclight.in_engine.returned_counts import Found
    from svclight.processes import Definitions
    from svclight.reading.sources import Rejected

    Frame = nw.LazyFrame[Any]

ROW: Final = "\0row"
"""The column that holds each row's number: no column of a log bears its name."""
_SAMPLE: Final = 200
_DATE, _CLOCK = r"\d{4}-\d\d-\d\d", r"\d\d:\d\d:\d\d"
FORMS: Final = {
    ("%Y-%m-%d %H:%M:%S", "%Y-%m-%d %H:%M:%S.%f"): re.compile(rf"{_DATE} {_CLOCK}(\.\d{{1,6}})?"),
    ("%Y-%m-%dT%H:%M:%S", "%Y-%m-%dT%H:%M:%S.%f"): re.compile(rf"{_DATE}T{_CLOCK}(\.\d{{1,6}})?"),
    ("%Y-%m-%d %H:%M",): re.compile(rf"{_DATE} \d\d:\d\d"),
    ("%Y-%m-%d",): re.compile(_DATE),
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
        given: The moment (nanoseconds) from which it is seen, where the call gave it.
        files: The files behind it.
        origin: Where a table of a database lies.
        places: The columns that say where a row stands: its file and line, or its row; none where rows have no order.
        rejected: Lines that could not be read.
        source: What must stay as long as this does.
    """

    spec: Log
    frame: Frame
    dialect: Dialect
    people: Mapping[str, str] = field(default_factory=dict)
    given: int | None = None
    files: tuple[str, ...] = ()
    origin: tuple[str, ...] = ()
    places: tuple[str, ...] = ()
    rejected: list[Rejected] = field(default_factory=list)
    source: Any = None
    newest_with_counts: ClassVar[bool] = True
    """Whether the newest time comes back with the counts, in one pass."""
    _known: dict[str, Any] = field(default_factory=dict)

    @property
    def process_id(self) -> str:
        """The id of the process that the log belongs to."""
        return self.spec.process_id

    def once(self, what: str, find: Callable[[], Any]) -> Any:
        """Computes something about the log the first time, and remembers it under a name."""
        if what not in self._known:
            self._known[what] = find()
        return self._known[what]

    # --- the log as the engine sees it --------------------------------------------------------------------------------

    def log_at(self, settled: Settled) -> LazyLog:
        """The log as it stood at a moment, with repeated ids and unusable weights marked as odd.

        Raises:
            UnableError: The engine cannot read it by itself.
        """
        if self.spec.spec.join:
            raise UnableError("it joins another log")
        if unable := self.dialect.unable(self.frame.collect_schema().names()):
            raise UnableError(unable)
        passed = frozenset() if settled.given else frozenset(moments(self.spec.process))
        finite = self._known.get("finite", self.dialect.sums_tell)
        log = LazyLog(
            self.spec.at(settled.as_of),
            self.frame if finite else self.dialect.without_nan(self.frame),
            self.dialect,
            settled.as_of,
            passed,
            settled.known,
            self._known.get("bounds"),
            self.bounds,
            self.once("forms", self._forms),
            self.distinct,
            lows=self.once("lows", self._lows),
            at_hand=self.once("at hand", lambda: self.dialect.at_hand(self._raw)),
            finite=finite,
        )
        self._mark_repeats(log)
        self._mark_weights(log)
        self._mark_counts(log)
        return log

    def look_for_nan(self) -> None:
        """Makes later logs test every number for NaN, once the sums of a column were not finite."""
        self._known["finite"] = False

    def distinct(self, column: str) -> pd.Series[Any] | None:
        """The different cells of a column; None if there are more than `MOST_WORDS`."""

        def find() -> pd.Series[Any] | None:
            cells = self.dialect.collect(self.frame.select(column).unique().head(MOST_WORDS + 1))[column]
            return None if len(cells) > MOST_WORDS else cells.reset_index(drop=True)

        return self.once(f"distinct {column}", find)  # type: ignore[no-any-return]  # it holds what was found

    def _lows(self) -> dict[str, float]:
        """The smallest number of each column of lengths of time, if the engine has it at hand."""
        schema = self.frame.collect_schema()
        kept = [name for name in self._lengths() if name in schema and column_of(schema[name]).kind in (WHOLE, NUMBER)]
        if not kept or not self.dialect.at_hand(self._raw):
            return {}
        row = self.dialect.collect(self._raw.select(nw.col(name).min() for name in kept)).astype(np.float64).iloc[0]
        return {name: float(row[name]) for name in kept if np.isfinite(row[name])}

    @property
    def _raw(self) -> Frame:
        """The rows as they lie there."""
        return nw.from_native(self.source.relation) if isinstance(self.source, Scan) else self.frame

    def _lengths(self) -> list[str]:
        """The columns that criteria measure as lengths of time."""
        criteria = self.spec.process.criteria.values()
        names = [str(one.measure.value) for one in criteria if one.measure.value is not None]
        fields = [self.spec.field(name, "number") for name in names if self.spec.other(name) is None]
        return sorted({one.columns[0] for one in fields if one.number is not None and one.unit in SECONDS})

    def _forms(self) -> dict[str, tuple[str, ...]]:
        """The way in which times without a format are written, judged by the first cells of each column."""
        found = {}
        for name in self._time_names():
            spec = self.spec.field(name, "time")
            if spec.format is None and len(spec.columns) == 1 and self._holds_text(spec.columns[0]):
                cells = self.dialect.collect(self.frame.select(spec.columns[0]).drop_nulls().head(_SAMPLE))
                found[spec.columns[0]] = commonest_form(cells[spec.columns[0]].tolist())
        return found

    def _holds_text(self, column: str) -> bool:
        kinds = self.once("columns", lambda: {n: column_of(t) for n, t in self.frame.collect_schema().items()})
        return bool(kinds[column].kind == TEXT)

    def _time_names(self) -> list[str]:
        """The names of all fields and columns that the definition reads as times."""
        process = self.spec.process
        declared = {name: spec for name, spec in (self.spec.spec.fields or {}).items() if spec.kind == "time"}
        names = dict.fromkeys(time_fields(process))
        for name in names_used(process):
            spec = self.spec.declared_field(name)
            if spec is not None and spec.kind in ("time", "part"):
                names[name if spec.kind == "time" else str(spec.of)] = None
        return [name for name in names if name in declared or self.spec.declared_field(name) is None]

    def judged_log(self, settled: Settled) -> LazyLog:
        """The log whose rows are judged, as it stood at a moment: here the rows themselves.

        Raises:
            UnableError: The engine cannot judge the log by itself.
        """
        log = self.log_at(settled)
        self.mark_far_anchors(log)
        mark_unread(log)
        return log

    def raw_log(self, judged: LazyLog, settled: Settled) -> LazyLog:  # noqa: ARG002 - event logs need it
        """The log whose rows are those of the source, for questions about its cells: here the judged rows."""
        return judged

    def own_rows(self, log: LazyLog, judged: LazyLog, kind: str) -> Frame:  # noqa: ARG002 - event logs need it
        """The rows of `raw_log` that the engine judges itself, with all columns that were asked of it."""
        odd, prepared = log.any_odd(), log.prepared_frame(kind)
        return prepared if odd is None else prepared.filter(~odd.fill_null(value=False))

    def _mark_repeats(self, log: LazyLog) -> None:
        """Marks rows that share an id as odd: they are few, and the pandas engine has rules for them."""
        if not self.spec.id_names:
            return
        columns = list(dict.fromkeys(log.raw(name) for name in self.spec.id_names))
        again = (
            log.frame.filter(have_ids(log)).group_by(*columns).agg(nw.len().alias("rows")).filter(nw.col("rows") > 1)
        )
        if self.once("repeats", lambda: bool(len(self.dialect.collect(again.head(1))))):
            marked = again.select(*columns, repeated=nw.col("rows") > 1)
            log.frame = log.frame.join(marked, on=columns, how="left")
            log.odd.append(~nw.col("repeated").is_null())

    def _mark_weights(self, log: LazyLog) -> None:
        """Marks rows whose weight is no whole number as odd: the pandas engine rejects them."""
        if self.spec.spec.weight is None:
            return
        name = str(self.spec.spec.weight)
        log.odd.append(numbers_of(name, log).missing | counts_in(name, log)[1])

    def _mark_counts(self, log: LazyLog) -> None:
        """Rows of totals with a number that is no count are judged by the pandas engine, which lists its cell."""
        for name in count_fields(self.spec.process):
            log.odd.append(counts_in(name, log)[1])

    def mark_far_anchors(self, log: LazyLog) -> None:
        """Rows whose anchor may lie too far away to place them are told by the pandas engine."""
        name = log.log.anchor
        moment, (low, high) = log.moment(name), self._anchor_limits(log)
        known = self._known.get("anchor ends")
        if known is not None and known[0] >= low and (high is None or known[1] <= high):
            return
        column: nw.Expr = nw.col(moment.column)
        limits: Any = (low, high)
        if isinstance(log.frame.collect_schema().get(moment.column), nw.Datetime):
            # as it stands: in ticks every row would be told apart by whether it has any, one group-by key more
            limits = tuple(None if tick is None else _datetime_at(tick, moment) for tick in limits)
        else:
            column = log.ticks(name)
        far = column < limits[0] if limits[1] is None else (column < limits[0]) | (column > limits[1])
        log.rare.append(~column.is_null() & far)

    def _anchor_limits(self, log: LazyLog) -> tuple[int, int | None]:
        """The first and the last tick of an anchor that surely places its row: offsets are a day at most."""
        moment, latest, near = log.moment(log.log.anchor), latest_anchor(self.given), 2 * DAY
        high = None if latest is None else clocks.ticks_at(latest - near * NANO, moment.per_second)
        return (FIRST_ANCHOR + near) * moment.per_second, high

    # --- the moment from which it is seen -----------------------------------------------------------------------------

    def depends_on_as_of(self) -> bool:
        """Whether a count can depend on the moment from which the log is seen."""
        log = self.spec
        seen_later = set(self._time_names()) - set(moments(log.process)) - log.always_seen
        return needs_as_of(log) or bool(seen_later)

    @property
    def has_bounds(self) -> bool:
        """Whether the range of all times is known."""
        return "bounds" in self._known

    def bounds(self) -> Mapping[str, tuple[int, int]]:
        """The smallest and greatest tick of every time, by column; the first call takes a pass over the log."""
        return self.once("bounds", self._bounds)  # type: ignore[no-any-return]  # it holds what was found

    def _bounds(self) -> Mapping[str, tuple[int, int]]:
        log = self.log_at(Settled(None, given=True))
        names = self._time_names()
        ticks = {name: log.ticks(name) for name in names}
        anchor, (first, last) = log.log.anchor, self._anchor_limits(log)
        # between a slip and all other times lie the clock changes of centuries: such rows are judged by pandas
        near = ticks[anchor] >= first
        near = near if last is None else near & (ticks[anchor] <= last)
        asked = {**ticks, anchor: nw.when(near).then(ticks[anchor]), "all of the anchor": ticks[anchor]}
        ends = [made.alias(f"{name}:{end}") for name, one in asked.items() for end, made in _min_and_max(one)]
        row: Any = self.dialect.collect(log.prepared_frame("month").select(*ends)).iloc[0]
        whole = (row["all of the anchor:low"], row["all of the anchor:high"])
        if not pd.isna(whole[0]):
            self._known["anchor ends"] = (int(whole[0]), int(whole[1]))
        found = {log.moment(name).column: (row[f"{name}:low"], row[f"{name}:high"]) for name in names}
        return {column: (int(low), int(high)) for column, (low, high) in found.items() if not pd.isna(low)}

    def newest(self) -> int | None:
        """The newest time in the log in nanoseconds; None for a log without times."""
        bounds = self.bounds()
        log = self.log_at(Settled(None, given=True))
        found = []
        for name in moments(self.spec.process):
            moment = log.moment(name)
            ends = bounds.get(moment.column)
            # before that no time places a row
            if ends is not None and (name != log.log.anchor or ends[1] >= FIRST_ANCHOR * moment.per_second):
                found.append(self.latest(log, name, ends[1]) * (NANO // moment.per_second))
        return max([*found, *self._doubtful()], default=None)

    def _doubtful(self) -> list[int]:
        """The two newest times of the rows whose times the pandas engine must read."""

        def find() -> list[int]:
            log = self.log_at(Settled(None, given=True))
            others = len(log.odd)
            for name in moments(self.spec.process):
                log.instants(name)
            if not log.odd[others:]:
                return []
            rows = log.prepared_frame("month").filter(reduce(lambda one, other: one | other, log.odd[others:]))
            return two_newest(self.log_of(rows))

        return self.once("doubtful times", find)  # type: ignore[no-any-return]  # it holds what was found

    def latest(self, log: LazyLog, name: str, last: int) -> int:
        """The latest instant of a time, from its greatest tick as written."""
        moment = log.moment(name)
        ticks = np.array([last], dtype=np.int64)
        if moment.aware or moment.zone == "UTC":
            return last
        if not clocks.is_steady(last, moment.per_second, moment.zone):
            near = log.ticks(name) > last - 2 * DAY * moment.per_second
            column = log.ticks(name).alias("ticks")
            rows = self.dialect.collect(log.prepared_frame("month").filter(near).select(column))
            ticks = rows["ticks"].to_numpy(dtype=np.int64)
        return int(clocks.to_instant(ticks, moment.per_second, moment.zone, moment.change)[0].max())

    def has_rows(self) -> bool:
        """Whether the log has a row."""
        return bool(len(self.dialect.collect(self.frame.head(1))))

    def second_newest(self, newest: int) -> int | None:
        """The newest time of a row that has no time as late as `newest`, to the microsecond."""
        self.bounds()
        log = self.log_at(Settled(None, given=True))
        latest = [in_micros(log.instants(name), log.moment(name).per_second) for name in moments(self.spec.process)]
        rows = log.prepared_frame("month").select(latest=nw.max_horizontal(*latest) if len(latest) > 1 else latest[0])
        found = self.dialect.collect(rows.filter(nw.col("latest") < newest // 1000).select(nw.col("latest").max()))
        known = [] if found["latest"].isna().all() else [int(found["latest"].iloc[0]) * 1000]
        return max([*known, *(time for time in self._doubtful() if time < newest)], default=None)

    def anchor_days(self, log: LazyLog) -> NDArray[np.int64]:
        """The days with an anchor, in their order: a pass that few logs need."""

        def find() -> NDArray[np.int64]:
            day, odd = log.days(log.log.anchor), log.any_odd()
            rows = log.prepared_frame("day")
            rows = rows if odd is None else rows.filter(~odd.fill_null(value=False))
            found = self.dialect.collect(rows.select(day=day).unique())["day"]
            return np.unique(found.dropna().to_numpy(dtype=np.int64))

        return self.once("anchor days", find)  # type: ignore[no-any-return]  # it holds what was found

    # --- rows ---------------------------------------------------------------------------------------------------------

    def odd_rows(self, log: LazyLog, kind: str, also: nw.Expr | None = None) -> Log:
        """Brings the odd rows, and others that are asked for, to pandas with the columns they need."""
        odd = log.any_odd()
        rows = odd if also is None else also if odd is None else odd | also
        prepared = log.prepared_frame(kind)
        return self.log_of(prepared if rows is None else prepared.filter(rows))

    def rest(self, log: LazyLog, kind: str, found: Found) -> Log | None:
        """The odd rows in pandas; None if the engine found none."""
        return self.odd_rows(log, kind) if found.odd else None

    def notices_of(self, rest: Log | None) -> list[str]:  # noqa: ARG002 - event logs differ in it
        """The notices about the log as a whole; an event log has some."""
        return []

    def log_of(self, frame: Frame) -> Log:
        """Brings rows of the engine to pandas, as a typed log."""
        columns = list(raw_columns(self.spec.process))
        table = self.dialect.collect(frame.select(*columns, *self.places))
        raw = self._rows_in_order(table) if self.places else Raw(table, ordered=self.dialect.ordered)
        return Log.of(self.process_id, self.spec.definitions, raw, people=self.people, given=self.given)

    def _rows_in_order(self, table: pd.DataFrame) -> Raw:
        """Puts rows into the order of their files and lines, or of their row numbers."""
        table = table.sort_values(list(self.places), kind="stable", ignore_index=True)
        *codes, places = (table.pop(name).to_numpy(dtype=np.int64) for name in self.places)
        if codes:
            return Raw(table, self.files, codes[0].astype(np.int32), places)
        return Raw(table.set_axis(places, axis="index"), lines=places + 1)


def _datetime_at(tick: int, moment: Moment) -> dt.datetime | None:
    """A tick as a time of Python, of the kind that the column of a time holds; None beyond the calendar."""
    seconds = tick // moment.per_second
    if not clocks.FIRST_SECOND <= seconds <= clocks.LAST_SECOND:
        return None
    return dt.datetime(1970, 1, 1, tzinfo=dt.UTC if moment.aware else None) + dt.timedelta(seconds=seconds)


def in_micros(instants: nw.Expr, per_second: int) -> nw.Expr:
    """Instants in microseconds, as nanoseconds do not reach to the end of the calendar."""
    return instants // (per_second // MICRO) if per_second > MICRO else instants


def _min_and_max(column: nw.Expr) -> tuple[tuple[str, nw.Expr], tuple[str, nw.Expr]]:
    return ("low", column.min()), ("high", column.max())


def commonest_form(cells: Sequence[str]) -> tuple[str, ...]:
    """The strptime formats of the form in which most of the cells are written; none if most are in no known form."""
    texts = [str(cell) for cell in cells if str(cell).strip()]
    fits = {form: sum(pattern.fullmatch(text) is not None for text in texts) for form, pattern in FORMS.items()}
    best = max(fits, key=lambda form: fits[form])
    if 2 * fits[best] < len(texts):
        return ()
    return best[::-1] if 2 * sum("." in text for text in texts) > len(texts) else best


def opened_log(process_id: str, source: Any, definitions: Definitions, make: Callable[..., EngineLog]) -> EngineLog:
    """The log of a frame or table that an engine holds, built by `make`.

    Raises:
        LogError: A column is not there.
    """
    needed = raw_columns(definitions.processes[process_id])
    frame, dialect = needed_of(source, list(needed), where_of(process_id, needed))
    spec, numbered = spec_of(process_id, definitions), dialect.with_row_numbers(frame, ROW)
    places = () if numbered is None else (ROW,)
    return make(spec, frame if numbered is None else numbered, dialect, origin=origin_of(source), places=places)


def scanned_log(process_id: str, scan: Scan, definitions: Definitions, make: Callable[..., EngineLog]) -> EngineLog:
    """The log of files that DuckDB reads by itself, built by `make`."""
    dialect = DuckDB(underscored=scan.underscored, check=scan.check)
    frame = dialect.plain_columns(
        nw.from_native(scan.relation), [*raw_columns(definitions.processes[process_id]), FILE, LINE]
    )
    spec = spec_of(process_id, definitions)
    return make(spec, frame, dialect, files=scan.files, places=(FILE, LINE), rejected=scan.rejected, source=scan)


def spec_of(process_id: str, definitions: Definitions) -> Log:
    """A log without rows, which knows the fields and names of its definition."""
    process = definitions.processes[process_id]
    columns = {name: pd.Series([], dtype=object) for name in raw_columns(process)}
    return Log(process_id, process, definitions, Raw(pd.DataFrame(columns)), path=("processes", process_id, "log"))
