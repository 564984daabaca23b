"""A log as its definition sees it: typed columns over accepted rows, as they stood at `as_of`.

In: a process's definition and `Raw` columns. Out: `Log`, which types a column when it is first asked for, and `Rows`, a
part of it on which measures and conditions work. A name means a declared field, else the raw column of that name, read
as its use needs. A time after `as_of` has not happened: it reads as empty, unless it is a promise.
"""

from __future__ import annotations

from dataclasses import dataclass, field, replace
from typing import TYPE_CHECKING, Any, Final

import numpy as np

from svclight import clocks
from svclight._uses import measured_fields, names_used, promises, raw_columns, time_fields
from svclight.clocks import NANO, NAT
from svclight.columns import (
    Flags,
    Numbers,
    Texts,
    Times,
    flag_of,
    flags_of,
    is_mixed,
    joined,
    keys_of,
    looks_like_date,
    numbers_of,
    spans_of,
    texts_of,
    times_of,
)
from svclight.errors import LogError, printable, quoted
from svclight.models import WEEKDAYS, FieldSpec
from svclight.sources import Raw, Rejected
from svclight.units import SECONDS

if TYPE_CHECKING:
    from collections.abc import Iterator

    import pandas as pd
    from numpy.typing import NDArray

    from svclight.errors import Issue
    from svclight.models import Process
    from svclight.processes import Definitions

    Mask = NDArray[np.bool_]

__all__ = (
    "Log",
    "Rows",
    "in_parts",
    "measured_fields",
    "names_used",
    "promises",
    "raw_columns",
    "time_fields",
)

_WEIGHT_LIMIT: Final = 2.0**53  # up to here every whole number is exact
_SHOWN: Final = 200
_FEW_DAYS: Final = 100_000


@dataclass
class Log:
    """A log's rows behind typed columns; columns are typed once, when they are first asked for."""

    process_id: str
    process: Process
    definitions: Definitions
    raw: Raw
    weights: NDArray[np.int64] | None = None
    as_of: int | None = None
    typed: dict[tuple[str, str], Any] = field(default_factory=dict, repr=False)
    seen: dict[Any, Any] = field(default_factory=dict, repr=False)

    @classmethod
    def of(cls, process_id: str, definitions: Definitions, raw: Raw) -> Log:
        """The log of a process; rows whose weight is no whole number of 0 or more are rejected.

        Raises:
            LogError: A time field without a format holds a date such as 03/04/2026.
        """
        log = cls(process_id, definitions.processes[process_id], definitions, raw)
        return log if log.spec.weight is None else log._weighed()

    def at(self, as_of: int | None) -> Log:
        """The same log as it stood at an instant (nanoseconds)."""
        return replace(self, as_of=as_of, seen={})

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

    def field(self, name: str, kind: str) -> FieldSpec:
        """The declared field of that name, or one made for the raw column."""
        declared = (self.spec.fields or {}).get(name)
        if declared is not None:
            return declared  # type: ignore[no-any-return]  # `spec` is a Log, or None for headings that have no rows
        return FieldSpec.model_validate({kind: name})

    def kind(self, name: str) -> str | None:
        """The declared kind of a field; None for a raw column."""
        declared = (self.spec.fields or {}).get(name)
        return None if declared is None else declared.kind

    @property
    def time_names(self) -> dict[str, None]:
        """The names that the definition uses as times."""
        return self.remember("times", lambda: time_fields(self.process))  # type: ignore[no-any-return]

    def times(self, name: str) -> Times:
        """A field or raw column as times."""
        return self._typed(name, "time")  # type: ignore[no-any-return]  # the cache holds what `_read` made

    def numbers(self, name: str) -> Numbers:
        """A field or raw column as numbers (a span in seconds)."""
        return self._typed(name, "number")  # type: ignore[no-any-return]

    def flags(self, name: str) -> Flags:
        """A field or raw column as true and false."""
        return self._typed(name, "flag")  # type: ignore[no-any-return]

    def texts(self, name: str) -> Texts:
        """A field or raw column as text, whatever its kind: what `by`, `where` and `id` see."""
        return self._typed(name, "text")  # type: ignore[no-any-return]

    def sorts_as(self, name: str) -> str:
        """Whether rows are ordered by a column as by a number or a time; a raw column is read as what it holds."""
        kind = self.kind(name) or ("time" if name in self.time_names else None)
        if kind is not None:
            return "time" if kind == "time" else "number"
        numbers = self.numbers(name)
        readable = numbers.bad is None and not np.isnan(np.asarray(numbers.values, dtype=np.float64)).all()
        return "number" if readable else "time"

    def keys(self, name: str) -> NDArray[np.int64]:
        """A number for each different cell of a field or raw column; -1 where it is missing."""
        spec = self.field(name, "text")
        if spec.part is not None or spec.flag is not None:
            return np.asarray(self.texts(name).codes, dtype=np.int64)
        return keys_of(self._column(spec), (*self.spec.missing, *spec.missing))

    def is_unique(self, name: str) -> bool:
        """Whether no cell of a single column stands twice: cheaper to find out than `keys`."""
        spec = self.field(name, "text")
        column = self.raw.frame[spec.columns[0]] if len(spec.columns) == 1 else None
        return column is not None and not is_mixed(column) and bool(column.is_unique)

    def _typed(self, name: str, use: str) -> Any:
        spec = self.field(name, use)
        if spec.part is not None:  # it depends on what had happened by `as_of`
            return self.remember(("part", name), lambda: _part_of(self, spec))
        if (name, use) not in self.typed:
            self.typed[name, use] = self._read(name, spec, use)
        return self.typed[name, use]

    def remember(self, key: Any, make: Any) -> Any:
        """What `make` gives, made once for this log at this `as_of`."""
        if key not in self.seen:
            self.seen[key] = make()
        return self.seen[key]

    def _read(self, name: str, spec: FieldSpec, use: str) -> Any:
        column = self._column(spec)
        missing = (*self.spec.missing, *spec.missing)
        if use == "text":
            texts = texts_of(column, missing)
            return _flag_words(texts, spec) if spec.flag is not None else texts
        if use == "time":
            times = times_of(column, missing, written=spec.format)
            self._check_dates(name, spec, times)
            return times
        if use == "flag":
            return flags_of(column, missing, true=spec.true_values, false=spec.false_values)
        if spec.span is not None:
            return spans_of(column, missing)
        unit = float(SECONDS.get(spec.unit or "s", 1))
        return numbers_of(column, missing, decimal=self.spec.read.decimal, unit_seconds=unit)

    def _column(self, spec: FieldSpec) -> pd.Series[Any]:
        """The raw column of a field; several are joined by one space, empty where one of them is."""
        first, *others = spec.columns
        if not others:
            return self.raw.frame[first]
        tokens = (*self.spec.missing, *spec.missing)
        return joined([texts_of(self.raw.frame[name], tokens) for name in spec.columns])

    def _check_dates(self, name: str, spec: FieldSpec, times: Times) -> None:
        """A date written with / . or - and no format has several readings: that is for a person to decide."""
        if spec.format is not None or times.bad is None or times.texts is None:
            return
        codes, firsts = np.unique(times.texts.codes[times.bad], return_index=True)
        for place in np.argsort(firsts):
            cell = str(times.texts.words[codes[place]])
            readings = looks_like_date(cell)
            if readings:
                row = int(np.flatnonzero(times.bad)[firsts[place]])
                raise LogError(self._ambiguous(name, cell, row, readings))

    def _ambiguous(self, name: str, cell: str, row: int, readings: list[tuple[str, str]]) -> Issue:
        read = " or ".join(f'{day} (format: "{written}")' for day, written in readings)
        return self.definitions.issue(
            ("processes", self.process_id, "log", "fields", name),
            f"the times of {quoted(name)} are not ISO 8601 and have no `format`",
            found=f"{quoted(cell)} in {self.raw.place(row)}",
            expected="a `format` at the field",
            hint=f"it can be read as {read}",
        )

    def _weighed(self) -> Log:
        numbers = self.numbers(self.spec.weight)
        values = np.asarray(numbers.values, dtype=np.float64)
        with np.errstate(invalid="ignore"):
            good = (values >= 0) & (values < _WEIGHT_LIMIT) & (np.floor(values) == values)
        if good.all():
            return replace(self, weights=values.astype(np.int64))
        texts = self.texts(self.spec.weight)
        for row in np.flatnonzero(~good):
            cell = str(texts.at(np.array([row]))[0])
            reason = f"the weight {quoted(cell)} is no whole number of 0 or more"
            self.raw.rejected.append(_rejected_row(self.raw, int(row), reason))
        return Log(self.process_id, self.process, self.definitions, self.raw.keep(good), values[good].astype(np.int64))

    def rows(self, begin: int = 0, end: int | None = None) -> Rows:
        """The rows from `begin` to `end`."""
        return Rows(self, slice(begin, len(self) if end is None else min(end, len(self))))


def _rejected_row(raw: Raw, row: int, reason: str) -> Rejected:
    cells = (f"{name}={raw.frame[name].iloc[row]}" for name in raw.frame.columns)
    text = printable(", ".join(cells), _SHOWN)
    if raw.file_codes is None or raw.lines is None:
        return Rejected("", row + 1, reason, text)
    return Rejected(raw.files[raw.file_codes[row]], int(raw.lines[row]), reason, text)


def _flag_words(texts: Texts, spec: FieldSpec) -> Texts:
    """A flag as a segment is true or false, however it was written; what cannot be read is missing."""
    flags = [flag_of(word, spec.true_values, spec.false_values) for word in texts.words]
    codes = texts.look_up(np.maximum(np.array(flags, dtype=np.int64), -1), -1)
    return Texts(codes, np.array(["false", "true"], dtype=object))


def _part_of(log: Log, spec: FieldSpec) -> Texts:
    """Hour, weekday or date of a time field, by the clock of the document's zone."""
    if spec.of == log.spec.time and log.spec.begins is None:
        log = log.at(None)  # a row whose anchor is still to come is left out, but keeps its day
    ticks, per_second = log.rows().walls(str(spec.of))
    known = ticks != NAT
    days = clocks.to_days(ticks, per_second)
    if spec.part == "hour":
        codes = (ticks // (3600 * per_second)) % 24
        words = [str(hour) for hour in range(24)]
    elif spec.part == "weekday":
        codes, words = (days + 3) % 7, list(WEEKDAYS)
    else:
        seen, codes = _numbered(days)
        words = [clocks.day_of(int(day)).isoformat() for day in seen]
    return Texts(np.where(known, codes, -1), np.array(words, dtype=object))


def _numbered(days: NDArray[np.int64]) -> tuple[NDArray[np.int64], NDArray[np.int64]]:
    """The days there are (or may be), and the place of each row's day among them; without meaning where it has none."""
    first, last = clocks.bounds(days) or (0, -1)
    if last - first < _FEW_DAYS:
        return np.arange(first, last + 1, dtype=np.int64), days - first
    seen = np.unique(days[days != NAT])
    return seen, np.searchsorted(seen, days)


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
        """A field or raw column as text."""
        return self.log.texts(name).rows(self.part)

    def times(self, name: str) -> Times:
        """A field or raw column as times; one after `as_of` is empty, unless it is a promise."""
        if name not in self.cache:
            times = self.log.times(name).rows(self.part)
            future = self.future(name)
            self.cache[name] = times if future is None else replace(times, ticks=np.where(future, NAT, times.ticks))
        return self.cache[name]

    def future(self, name: str) -> Mask | None:
        """Which rows hold a time after `as_of`; None where none does, or where it does not matter."""
        log = self.log
        if log.as_of is None or name in log.remember("promises", lambda: promises(log.process)):
            return None
        times = log.times(name).rows(self.part)
        limit = log.as_of * times.per_second // NANO
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
        """Instants as ticks (of some rows), ticks a second, and rows whose local time exists twice or not at all."""
        times = self.times(name) if some is None else self.times(name).rows(some)
        ticks, unsure = self._instants(times, name)
        return ticks, times.per_second, unsure

    def walls(self, name: str) -> tuple[NDArray[np.int64], int]:
        """Local times of the document's zone as ticks, and ticks a second: what months and dates are cut by."""
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

    def has_gaps(self, name: str) -> bool:
        """Whether a row has no such time (yet)."""
        ticks = self.times(name).ticks
        return bool(len(ticks)) and bool(ticks.min() == NAT)

    def weights(self) -> NDArray[np.int64] | None:
        """How many interactions each row stands for; None where each is one."""
        return None if self.log.weights is None else self.log.weights[self.part]


def in_parts(log: Log, size: int) -> Iterator[Rows]:
    """The log's rows in parts of `size`."""
    for begin in range(0, len(log), size):
        yield log.rows(begin, begin + size)
