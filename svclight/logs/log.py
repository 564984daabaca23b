"""A log as its definition sees it: typed columns over accepted rows.

In: a process's definition and `Raw` columns. Out: `Log`, which types a column when it is first asked for, and `Rows`, a
part of it as it stood at its `as_of`: what measures and conditions work on. A name means a declared field, else the raw
column of that name, read as its use needs; `survey.score` is a field of a joined log, seen through the row that belongs
to it. A time after `as_of` has not happened: it reads as empty, unless it is a promise.
"""

from __future__ import annotations

from dataclasses import dataclass, field, replace
from typing import TYPE_CHECKING, Any, Final

import numpy as np

from svclight.definition.models import FLAGS, FieldSpec
from svclight.definition.names_used import due_fields, time_fields, unit_behind
from svclight.errors import LogError, printable_text, quoted_text
from svclight.logs.array_cells import ArrayCells
from svclight.logs.derived_fields import combined_numbers, flag_words, met, number_words
from svclight.logs.typed_columns import (
    ambiguous_date,
    day_part,
    latest_anchor,
    raw_column,
    read_in_words,
    typed_column,
    unclear_span,
    without_far_times,
)
from svclight.method.conditions import rows_meeting
from svclight.reading.sources import Raw, Rejected
from svclight.values import clocks
from svclight.values.clocks import NAT
from svclight.values.columns import Flags, Numbers, Texts, Times, are_counts, is_mixed, keys_of
from svclight.values.quantities import show_seconds

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator, Mapping

    from numpy.typing import NDArray

    from svclight.definition.models import Criterion, LastStep, Process
    from svclight.errors import Issue
    from svclight.processes import Definitions

    Partners = Callable[["Log", str], NDArray[np.intp]]
    Mask = NDArray[np.bool_]

PART: Final = 1 << 18
"""Rows judged at a time: few enough that their columns stay in the processor's cache."""
_SHOWN: Final = 200


@dataclass
class Log:
    """A log's rows behind typed columns; columns are typed once, when they are first asked for.

    Attributes:
        process_id: Whose log it is; `process` and `definitions` say how it is read.
        raw: The accepted rows as they lie there.
        weights: The number of interactions that each row stands for; None if each is one.
        as_of: The instant (nanoseconds) from which it is seen; None for as it is written.
        joined: The logs whose fields are used here, by name, and how their rows are found.
        people: Who stands behind a customer's id, where that is another name.
        notices: The notices about it, for the caller.
        latest: The last instant (nanoseconds) that may place a row in a period; None where `as_of` was not given.
    """

    process_id: str
    process: Process
    definitions: Definitions
    raw: Raw
    weights: NDArray[np.int64] | None = None
    as_of: int | None = None
    joined: Mapping[str, tuple[Log, Partners]] = field(default_factory=dict, repr=False)
    people: Mapping[str, str] = field(default_factory=dict, repr=False)
    path: tuple[str | int, ...] = ()
    notices: dict[str, None] = field(default_factory=dict, repr=False)
    latest: int | None = None
    typed: dict[tuple[str, str], Any] = field(default_factory=dict, repr=False)
    remembered: dict[Any, Any] = field(default_factory=dict, repr=False)

    @classmethod
    def of(
        cls,
        process_id: str,
        definitions: Definitions,
        raw: Raw,
        *,
        joined: Mapping[str, tuple[Log, Partners]] | None = None,
        people: Mapping[str, str] | None = None,
        given: int | None = None,
    ) -> Log:
        """The log of a process; rows with a weight that is no whole number of 0 or more are rejected.

        Args:
            process_id: Which process.
            definitions: What is measured.
            raw: Its rows.
            joined: The logs that it joins.
            people: Who stands behind a customer's id.
            given: The moment (nanoseconds) from which it is seen, where the call gave it.

        Raises:
            LogError: A time field without a format holds a date such as 03/04/2026.
        """
        process = definitions.processes[process_id]
        path = ("processes", process_id, "log")
        more: dict[str, Any] = {"joined": joined or {}, "people": people or {}, "path": path}
        log = cls(process_id, process, definitions, raw, latest=latest_anchor(given), **more)
        return log if log.spec.weight is None else log._with_weights()

    def at(self, as_of: int | None) -> Log:
        """The same log as it stood at an instant (nanoseconds)."""
        return replace(self, as_of=as_of, remembered={})

    def __len__(self) -> int:
        return len(self.raw.frame)

    @property
    def spec(self) -> Any:
        """The definition's `log`."""
        return self.process.log

    @property
    def zone(self) -> str:
        """The document's time zone."""
        return self.definitions.document.time_zone

    @property
    def anchor(self) -> str:
        """The name of the time that places a row in its period."""
        return str(self.spec.time)

    def anchor_of(self, criterion: Criterion) -> str:
        """The name of the time that places a row in its period for a criterion."""
        return criterion.time or self.anchor

    @property
    def id_names(self) -> tuple[str, ...]:
        """The names of the fields that together identify a row; empty if the definition names none."""
        return self.spec.id or ()

    @property
    def always_seen(self) -> frozenset[str]:
        """The names of the times that count even after `as_of`: promises."""
        return self.remember("promises", lambda: due_fields(self.process))  # type: ignore[no-any-return]

    def moment(self, end: str | LastStep) -> str:
        """The name of the time meant by an end of a duration."""
        return str(end)

    def abandon_time(self, name: str) -> str:
        """The name of the time that `abandoned.at` means."""
        return name

    def plain_name(self, name: str) -> str:
        """The name of a time as people write it."""
        return name

    def lacks(self, name: str) -> str:
        """The reason given for a row without a time."""
        return f"{name} is empty"

    def never(self, rows: Rows, name: str) -> Mask | None:  # noqa: ARG002 - cases of an event log know more
        """The rows that will never have a time; None if that is not known of any row."""
        return None

    def other(self, name: str) -> tuple[str, str] | None:
        """The joined log and field meant by a name such as `survey.score`; None for a name of this log."""
        other, dot, inner = name.partition(".")
        return (other, inner) if dot and other in self.joined else None

    def declared_field(self, name: str) -> FieldSpec | None:
        """The declared field of that name; None for a raw column."""
        other = self.other(name)
        if other is not None:
            return self.joined[other[0]][0].declared_field(other[1])
        found: FieldSpec | None = (self.spec.fields or {}).get(name)
        return found

    def field(self, name: str, kind: str) -> FieldSpec:
        """The declared field of a name, or one made for the raw column of that name."""
        return self.declared_field(name) or FieldSpec.model_validate({"text" if kind == "id" else kind: name})

    def kind(self, name: str) -> str | None:
        """The declared kind of a field; None for a raw column."""
        declared = self.declared_field(name)
        return None if declared is None else declared.kind

    @property
    def time_names(self) -> dict[str, None]:
        """The names that the definition uses as times."""
        return self.remember("times", lambda: time_fields(self.process))  # type: ignore[no-any-return]

    def times(self, name: str) -> Times:
        """A field or raw column as times."""
        return self._column_as(name, "time")  # type: ignore[no-any-return]  # the cache holds what `_read_column` made

    def numbers(self, name: str) -> Numbers:
        """A field or raw column as numbers (a span in seconds)."""
        return self._column_as(name, "number")  # type: ignore[no-any-return]

    def flags(self, name: str) -> Flags:
        """A field or raw column as true and false."""
        return self._column_as(name, "flag")  # type: ignore[no-any-return]

    def texts(self, name: str) -> Texts:
        """A field or raw column as words in their normal form: this is how `by` and `where` read it."""
        return self._column_as(name, "text")  # type: ignore[no-any-return]

    def typed_cells(self, name: str, use: str) -> Any:
        """A field or raw column read as `time`, `number` or `flag`."""
        return self._column_as(name, use)

    def unread_cells(self, name: str, use: str, places: NDArray[np.intp]) -> list[str]:
        """The cells of a field in some rows as text; empty for a time that is no text in its frame."""
        texts = self.typed_cells(name, use).texts
        return [""] * len(places) if texts is None else [str(cell) for cell in texts.at(places)]

    def names(self, name: str) -> Texts:
        """A field or raw column as text just as it stands: ids and customers."""
        return self._column_as(name, "id")  # type: ignore[no-any-return]

    def unit(self, name: str) -> str:
        """The unit of a number; that of its parts where it is made of others, empty where there is none."""
        return unit_behind(self.field(name, "number"), lambda part: self.field(part, "number")) or ""

    def sorts_as(self, name: str) -> str:
        """Whether a column puts rows in an order as a number or as a time."""
        kind = self.kind(name) or ("time" if name in self.time_names else None)
        if kind is not None:
            return "time" if kind == "time" else "number"
        numbers = self.numbers(name)
        readable = numbers.bad is None and not np.isnan(np.asarray(numbers.values, dtype=np.float64)).all()
        return "number" if readable else "time"

    def keys(self, name: str) -> NDArray[np.int64]:
        """The different cells of a column as numbers, one for each row; -1 if the cell is missing."""
        spec = self.field(name, "text")
        if len(spec.columns) == 0 or spec.kind in FLAGS or spec.at is not None or self.other(name) is not None:
            return np.asarray(self.names(name).codes, dtype=np.int64)
        missing = (*self.spec.missing, *spec.missing)
        return keys_of(raw_column(self.raw.frame, spec, missing), missing)

    def customers(self) -> Texts:
        """The customer behind each row; ids of one person count as one customer."""
        return self.remember("customers", self._customers)  # type: ignore[no-any-return]

    def _customers(self) -> Texts:
        texts = self.names(self.spec.customer)
        if not self.people:
            return texts
        names = [self.people.get(word, word) for word in texts.words]
        known = {name: place for place, name in enumerate(dict.fromkeys(names))}
        table = np.array([known[name] for name in names], dtype=np.int64)
        return Texts(texts.look_up(table, -1), np.array(list(known), dtype=object))

    def is_unique(self, name: str) -> bool:
        """Whether no cell of a single column stands twice: cheaper to find out than `keys`."""
        if self.other(name) is not None:
            return False
        spec = self.field(name, "text")
        column = self.raw.frame[spec.columns[0]] if len(spec.columns) == 1 and spec.kind not in FLAGS else None
        return column is not None and not is_mixed(column) and bool(column.is_unique)

    def _column_as(self, name: str, use: str) -> Any:
        spec = self.field(name, use)
        # both depend on what had happened by `as_of`
        if spec.part is not None:
            return self.remember(("part", name), lambda: self._part(name, spec))
        if spec.when is not None:
            return self.remember(("when", name, use), lambda: self._when(name, spec, use))
        if (name, use) not in self.typed:
            self.typed[name, use] = self._read_column(name, spec, use)
        return self.typed[name, use]

    def _when(self, name: str, spec: FieldSpec, use: str) -> Any:
        """Whether each row meets the condition of a field."""
        if self.other(name) is not None:
            return self._of_partner(name, use)
        # by parts: what a condition asks of times is computed for as many rows as stay in the processor's cache
        parts = [rows_meeting(spec.when, ArrayCells(rows)) for rows in in_parts(self, PART)]  # type: ignore[arg-type]  # the caller looked
        flags = met(np.concatenate(parts) if parts else np.zeros(0, dtype=bool))
        return flag_words(flags) if use in ("text", "id") else flags

    def _part(self, name: str, spec: FieldSpec) -> Texts:
        if self.other(name) is not None:
            return self._of_partner(name, "text")  # type: ignore[no-any-return]
        # a row whose anchor is still to come is left out, but keeps its day
        seen = self.at(None) if spec.of == self.anchor and self.spec.begins is None else self
        return day_part(*seen.rows().walls(str(spec.of)), spec.part)

    def _of_partner(self, name: str, use: str) -> Any:
        """A field of a joined log, looked up through the row that belongs to each row of this one."""
        other, inner = self.other(name) or ("", "")
        log, partners = self.joined[other]
        rows = self.remember(("partners", other), lambda: partners(self, other))
        return log.at(self.as_of)._column_as(inner, use).take(rows)  # noqa: SLF001 - a log reads a log

    def remember(self, key: Any, make: Any) -> Any:
        """Computes something the first time, and remembers it for this log at this `as_of`."""
        if key not in self.remembered:
            self.remembered[key] = make()
        return self.remembered[key]

    def _read_column(self, name: str, spec: FieldSpec, use: str) -> Any:
        if self.other(name) is not None:
            return self._of_partner(name, use)
        if spec.parts:
            numbers = combined_numbers([self.numbers(part) for part in spec.parts], spec)
            return number_words(numbers) if use in ("text", "id") else numbers
        missing = (*self.spec.missing, *spec.missing)
        column, read = raw_column(self.raw.frame, spec, missing), self.spec.read
        found = typed_column(column, spec, use, missing=missing, decimal=read.decimal, thousands=read.thousands)
        if use == "time":
            self._check_dates(name, spec, found)
            if name == self.spec.time:
                return without_far_times(found, column, spec.time_zone or self.zone, self.latest)
        elif use == "number" and spec.span is not None:
            self._check_spans(name, found)
        return found

    def _check_dates(self, name: str, spec: FieldSpec, times: Times) -> None:
        """Refuses dates that can be read in several ways, by no format or two of a list: a person must decide."""
        found = ambiguous_date(times) if spec.format is None else None
        if found is not None:
            row, cell, readings = found
            read = " or ".join(f'{day} (format: "{written}")' for day, written in readings)
            message = f"the times of {quoted_text(name)} are not ISO 8601 and have no `format`"
            expected = "a `format` at the field"
            if name not in self.spec.fields:  # a column by its name, which has no place for a format
                made = f"fields: {{at: {{time: {quoted_text(name)}, format: …}}}}"
                expected = f"a field with a `format`, {made}, and `at` where the column is named now"
            raise LogError(self._unclear(name, message, cell, row, expected, read))
        if times.conflict is not None and times.texts is not None:
            word, formats = times.conflict.word, times.conflict.formats
            row = int(np.flatnonzero(times.texts.look_up(times.texts.words == word, missing=False))[0])
            read = " or ".join(f'{read_in_words(word, one, spec.zones)} (format: "{one}")' for one in formats)
            message = f"two formats of {quoted_text(name)} read the same cell differently, and neither alone reads all"
            raise LogError(self._unclear(name, message, word, row, "formats that differ in their signs", read))

    def _check_spans(self, name: str, spans: Numbers) -> None:
        """A length of time of two parts has two readings: that is for a person to decide."""
        found = unclear_span(spans)
        if found is not None:
            row, cell, readings = found
            read = " or ".join(f'{show_seconds(seconds)} (format: "{written}")' for seconds, written in readings)
            message = f"lengths of time of {quoted_text(name)} have two parts and no `format`"
            raise LogError(self._unclear(name, message, cell, row, "a `format` at the field", read))

    def _unclear(self, name: str, message: str, cell: str, row: int, expected: str, read: str) -> Issue:
        return self.definitions.issue(
            (*self.path, "fields", name),
            message,
            found=quoted_text(cell) + (f" in {place}" if (place := self.raw.place(row)) else ""),
            expected=expected,
            hint=f"it can be read as {read}",
        )

    def _with_weights(self) -> Log:
        numbers = self.numbers(self.spec.weight)
        values = np.asarray(numbers.values, dtype=np.float64)
        good = are_counts(values)
        if good.all():
            return replace(self, weights=values.astype(np.int64))
        texts = self.names(self.spec.weight)

        def reason(row: int) -> str:
            return f"the weight {quoted_text(texts.at(np.array([row]))[0])} is no whole number of 0 or more"

        self.reject(~good, reason)
        return self.keep(good, values[good].astype(np.int64))

    def keep(self, rows: Mask, weights: NDArray[np.int64] | None) -> Log:
        """The log with only the rows of a mask, and their weights."""
        return replace(self, raw=self.raw.keep(rows), weights=weights, typed={}, remembered={})

    def reject(self, rows: Mask, reason: Callable[[int], str]) -> None:
        """Lists rows among the rejected ones; it does not take them out."""
        for row in np.flatnonzero(rows):
            self.raw.rejected.append(_rejected_row(self.raw, int(row), reason(int(row))))

    def rows(self, begin: int = 0, end: int | None = None) -> Rows:
        """The rows from `begin` to `end`."""
        return Rows(self, slice(begin, len(self) if end is None else min(end, len(self))))


@dataclass(frozen=True)
class Rows:
    """Some rows of a log, as they stood at its `as_of`."""

    log: Log
    part: slice
    cache: dict[str, Times] = field(default_factory=dict, repr=False, compare=False)

    def __len__(self) -> int:
        return int(self.part.stop - self.part.start)

    def numbers(self, name: str) -> Numbers:
        """A field or raw column as numbers."""
        return self.log.numbers(name).rows(self.part)

    def flags(self, name: str) -> Flags:
        """A field or raw column as true and false."""
        return self.log.flags(name).rows(self.part)

    def texts(self, name: str) -> Texts:
        """A field or raw column as words in their normal form."""
        return self.log.texts(name).rows(self.part)

    def names(self, name: str) -> Texts:
        """A field or raw column as text just as it stands."""
        return self.log.names(name).rows(self.part)

    def times(self, name: str) -> Times:
        """A field or raw column as times; one after `as_of` is empty, unless it is a promise."""
        if name not in self.cache:
            times = self.log.times(name).rows(self.part)
            future = self.future(name)
            self.cache[name] = times if future is None else replace(times, ticks=np.where(future, NAT, times.ticks))
        return self.cache[name]

    def future(self, name: str) -> Mask | None:
        """The rows whose time lies after `as_of`; None if none does, or the time is a promise."""
        log = self.log
        if log.as_of is None or name in log.always_seen:
            return None
        parts = (log.rows(begin, begin + PART) for begin in range(0, len(log), PART))
        if not log.remember(("future", name), lambda: any(part.ahead(name) is not None for part in parts)):
            return None  # as in every log that is seen from its own newest time
        return self.ahead(name)

    def ahead(self, name: str) -> Mask | None:
        """The rows whose time lies after `as_of`, promises among them; None if none does."""
        log = self.log
        if log.as_of is None:
            return None
        times = log.times(name).rows(self.part)
        limit = clocks.ticks_at(log.as_of, times.per_second)
        near = np.flatnonzero(times.ticks > limit - clocks.DAY * times.per_second)
        if not len(near):  # all of them lie before, in any zone
            return None
        ticks, _ = self._instants(times.rows(near), name)
        later = near[ticks > limit]
        if not len(later):
            return None
        mask = np.zeros(len(self), dtype=bool)
        mask[later] = True
        return mask

    def _instants(self, times: Times, name: str) -> tuple[NDArray[np.int64], Mask | None]:
        spec = self.log.field(name, "time")
        if times.aware is True:
            return times.ticks, None
        zone = spec.time_zone or self.log.zone
        ticks, unsure = clocks.to_instant(times.ticks, times.per_second, zone, spec.clock_change)
        if times.aware is False:
            return ticks, unsure
        return np.where(times.aware, times.ticks, ticks), None if unsure is None else unsure & ~times.aware

    def instants(self, name: str, some: NDArray[np.intp] | None = None) -> tuple[NDArray[np.int64], int, Mask | None]:
        """Instants in ticks, the number of ticks a second, and the rows in the hours of a clock change."""
        times = self.times(name) if some is None else self.times(name).rows(some)
        ticks, unsure = self._instants(times, name)
        return ticks, times.per_second, unsure

    def walls(self, name: str) -> tuple[NDArray[np.int64], int]:
        """Local times of the document's zone in ticks, and the number of ticks a second."""
        times, zone = self.times(name), self.log.zone
        spec = self.log.field(name, "time")
        if times.aware is False and (spec.time_zone or zone) == zone:
            return times.ticks, times.per_second
        ticks, unsure = self._instants(times, name)
        walls = clocks.to_wall(ticks, times.per_second, zone)
        if unsure is not None:  # it keeps the date that is written
            walls = np.where(unsure, times.ticks, walls)
        if not isinstance(times.aware, bool) and (spec.time_zone or zone) == zone:
            walls = np.where(times.aware, walls, times.ticks)
        return walls, times.per_second

    def weights(self) -> NDArray[np.int64] | None:
        """The number of interactions that each row stands for; None if each stands for one."""
        return None if self.log.weights is None else self.log.weights[self.part]


def in_parts(log: Log, size: int) -> Iterator[Rows]:
    """The log's rows in parts of `size`."""
    for begin in range(0, len(log), size):
        yield log.rows(begin, begin + size)


def _rejected_row(raw: Raw, row: int, reason: str) -> Rejected:
    cells = (f"{name}={raw.frame[name].iloc[row]}" for name in raw.frame.columns)
    text = printable_text(", ".join(cells), _SHOWN)
    file = "" if raw.file_codes is None else raw.files[raw.file_codes[row]]
    line = row + 1 if raw.lines is None else int(raw.lines[row])
    return Rejected(file, line if raw.ordered else 0, reason, text)
