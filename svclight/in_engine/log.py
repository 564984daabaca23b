"""A log that stays in its engine, as its definition sees it: names -> narwhals expressions over typed columns.

In: a process, a frame that narwhals takes lazily, and the moment from which it is seen. Out: `LazyLog`, which gives
times as whole ticks, instants and local times, numbers, and true or false, and which enters what the engine must
compute first. Rows that the engine might not read as the pandas engine does are listed in `odd`: they are judged there.
"""

from __future__ import annotations

import re
from dataclasses import dataclass, field
from functools import reduce
from typing import TYPE_CHECKING, Any, Final

import narwhals as nw
import numpy as np

from svclight.dialects.dialect import TEXT, TIME, WHOLE, Column, Written, column_of, digits_only
from svclight.dialects.normal_form import BLANKS, is_plain, may_differ
from svclight.errors import UnableError
from svclight.in_engine.expressions import INSTANT, PLACED, SEEN, SEEN_WALL, Preparation, stepwise, twofold
from svclight.values import clocks
from svclight.values.clocks import DAY, NANO
from svclight.values.columns import MICRO
from svclight.values.text_dictionary import normal_word, numeric_tokens
from svclight.values.time_text import parse_iso

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping, Sequence

    import pandas as pd
    from numpy.typing import NDArray

    from svclight.definition.models import FieldSpec
    from svclight.dialects.dialect import Dialect
    from svclight.logs.log import Log

    Frame = nw.LazyFrame[Any]

_FIRST_SAFE, _LAST_SAFE = (clocks.FIRST_SECOND + 400 * DAY), (clocks.LAST_SECOND - 400 * DAY)
_MOST_TICKS: Final = 2**63 - 1
_FIRST_PRINTED, _AFTER_PRINTED = "!", "\x7f"


def _never_meet(formats: Sequence[str]) -> bool:
    """Whether no text can be read in two of the formats, so that none can be read differently by them."""
    # between the digits of a text stand the signs of its format: where they differ, no text is in both
    signs = {re.sub(r"\s+", " ", re.sub("%.", "", written).strip()) for written in formats}
    return len(signs) == len(formats)


@dataclass(frozen=True)
class Moment:
    """A time of a log.

    Attributes:
        column: The engine's column, or the one that is read from text.
        per_second: How many ticks make a second.
        aware: Whether ticks are instants; else they are local times of `zone`.
        zone: See there.
        change: Which reading counts of a time that exists twice.
        native: Whether `column` is a time of the engine and not of ticks.
    """

    column: str
    per_second: int
    aware: bool
    zone: str
    change: clocks.Change | None
    native: bool


@dataclass
class LazyLog:
    """A log that stays in its engine: the fields of its definition as expressions over raw columns.

    Attributes:
        log: The log as its definition sees it, without rows: it knows what names mean.
        frame: The raw columns that are needed.
        dialect: The engine's own words.
        as_of: The moment from which it is seen (nanoseconds); None for as it is written.
        passed: The times of which none lies after `as_of`.
        settled: Whether `as_of` is known yet.
        bounds: The smallest and the greatest tick of times, by the name of their column; None before the first look.
        look_at_bounds: Looks at them: one pass over the log, the first time.
        forms: How times are written that stand as text, by their column.
        odd: Masks of rows that the pandas engine judges.
        rare: Masks of odd rows that logs hardly ever have.
        finite: Whether numbers are taken to be finite: the sums of `summed` tell whether they are.
        summed: The columns of numbers that were taken to be finite.
        lows: The smallest number of columns, as far as it is known.
        distinct: Gives the different cells of a column; None if there are too many.
        notices: The notices about it, for the caller.
        before: The columns that the engine computes before it counts.
        moments: Times that are no columns of the log, by name.
        ended: Rows that will have no more times; None if the log declares no end.
        counted: The column with the number of events that make up each case; empty for rows that are no cases.
        odd_ids: The ids of cases that are odd because one of their events is; None for rows that are no cases.
        at_hand: Whether the different cells of a column cost next to nothing.
        marked: The columns of text of which rows in another than the normal form are odd.
        looked_up: The columns whose different cells are looked up anyway.
    """

    log: Log
    frame: Frame
    dialect: Dialect
    as_of: int | None = None
    passed: frozenset[str] = frozenset()
    settled: bool = True
    bounds: Mapping[str, tuple[int, int]] | None = None
    look_at_bounds: Callable[[], Mapping[str, tuple[int, int]]] = dict
    forms: Mapping[str, tuple[str, ...]] = field(default_factory=dict)
    distinct: Callable[[str], pd.Series[Any] | None] = lambda _: None
    notices: dict[str, None] = field(default_factory=dict)
    lows: Mapping[str, float] = field(default_factory=dict)
    columns: dict[str, Column] = field(default_factory=dict)
    odd: list[nw.Expr] = field(default_factory=list)
    rare: list[nw.Expr] = field(default_factory=list)
    finite: bool = False
    summed: dict[str, None] = field(default_factory=dict)
    before: Preparation = field(default_factory=Preparation)
    moments: Mapping[str, Moment] = field(default_factory=dict)
    ended: nw.Expr | None = None
    counted: str = ""
    odd_ids: Frame | None = None
    at_hand: bool = False
    marked: dict[str, None] = field(default_factory=dict)
    looked_up: frozenset[str] = frozenset()

    def __post_init__(self) -> None:
        if not self.columns:
            self.columns = {name: column_of(dtype) for name, dtype in self.frame.collect_schema().items()}

    @property
    def has_nan(self) -> bool:
        """Whether a column of numbers can hold NaN."""
        return self.finite or self.dialect.has_nan

    def now(self) -> int:
        """The moment from which the log is seen, in nanoseconds."""
        self._check_settled()
        return self.as_of or 0

    def _check_settled(self) -> None:
        """Nothing may depend on a moment that is not known yet: `EngineLog.depends_on_as_of` says so before."""
        if not self.settled:
            raise RuntimeError("the moment from which the log is seen is asked for before it is known")

    def prepared_frame(self, kind: str) -> Frame:
        """The frame with all columns that expressions asked for; `kind` is the kind of period.

        Raises:
            UnableError: The engine cannot compute them.
        """
        return self.before.prepare_frame(self.frame, self.dialect, kind)

    def any_odd(self) -> nw.Expr | None:
        """The odd rows, which pandas judges; None if the engine reads every cell as pandas does."""
        parts = [*self.odd, *self.rare]
        return reduce(lambda one, other: one | other, parts) if parts else None

    def look_up_in_table(self, name: str, key: nw.Expr, columns: Mapping[str, NDArray[np.int64]]) -> dict[str, nw.Expr]:
        """Joins a small table by its first column, and gives its columns; null in rows without a match.

        Raises:
            UnableError: The engine takes no tables.
        """
        named = {column: f"{column} of:{name}" for column in columns}
        on = next(iter(named.values()))
        if on not in self.before.tables:
            table = self.dialect.table(self.frame, {named[column]: values for column, values in columns.items()})
            if table is None:
                raise UnableError(f"{self.dialect.name} takes no tables of working time")
            self.before.tables[on] = (key, table)
        return {column: nw.col(new) for column, new in named.items()}

    # Text ------------------------------------------------------------------------------------------------------------

    def raw(self, name: str) -> str:
        """The name of the one raw column behind a field.

        Raises:
            UnableError: There are several, or it is a part of a time.
        """
        spec = self.log.field(name, "text")
        if len(spec.columns) != 1 or self.log.other(name) is not None:
            raise UnableError(f"{name} is put together from several columns")
        if spec.at is not None:
            raise UnableError(f"{name} stands in the row of a step")
        return spec.columns[0]

    def tokens(self, spec: FieldSpec) -> tuple[str, ...]:
        """The texts that say that a cell of the field is missing."""
        return tuple(dict.fromkeys(normal_word(token) for token in (*self.log.spec.missing, *spec.missing)))

    def stripped(self, column: str) -> nw.Expr:
        """The text of a column without blanks at its ends."""
        return self.dialect.strip_chars(nw.col(column), BLANKS)

    def mark_other_forms(self, column: str) -> None:
        """Rows whose text may be another word in its normal form are judged by the pandas engine."""
        if column not in self.marked:
            self.marked[column] = None
            self.rare.append(~nw.col(column).is_null() & may_differ(nw.col(column)))

    def has_text(self, column: str, tokens: Sequence[str]) -> nw.Expr:
        """The rows with a text in a column: no blank cell, and no token for a missing one."""
        if not is_plain(tokens):
            self.mark_other_forms(column)
        cell = nw.col(column)
        there = ~cell.is_null() & ~self.stripped(column).is_in(["", *tokens])
        if not self.dialect.orders_by_bytes:
            return there
        # most cells begin with a printable character, and not as a token does: nothing need be stripped to tell
        plain = (cell >= _FIRST_PRINTED) & (cell < _AFTER_PRINTED)
        for token in filter(None, tokens):
            plain = plain & ~cell.str.starts_with(token)
        return nw.when(plain).then(nw.lit(value=True)).otherwise(there)

    # Times -----------------------------------------------------------------------------------------------------------

    def moment(self, name: str) -> Moment:
        """The time behind a name: its column, and how to read it.

        Raises:
            UnableError: The engine cannot read it by itself.
        """
        if name in self.moments:
            return self.moments[name]
        spec = self.log.field(name, "time")
        if self.log.other(name) is not None:
            raise UnableError(f"{name} stands in another log")
        zone = spec.time_zone or self.log.zone
        column = self._join_columns(spec.columns, self.tokens(spec)) if len(spec.columns) > 1 else spec.columns[0]
        there = self.columns[column]
        tokens = self.tokens(spec)
        if there.kind == TIME:
            if any(parse_iso(token) is not None for token in tokens):
                raise UnableError(f"times of {name} are missing by a token")
            return Moment(column, there.per_second, there.aware, zone, spec.clock_change, native=True)
        if there.kind == WHOLE and spec.format in (("unix",), ("unix_ms",)) and not numeric_tokens(tokens):
            return self._unix(column, zone, spec)
        if there.kind != TEXT:
            raise UnableError(f"{name} is neither a time nor text")
        written = spec.format or self.forms.get(column, ())
        if not written or any(digits_only(form) is None for form in written) or not _never_meet(spec.format or ()):
            raise UnableError(f"times of {name} in another form than digits")
        new = f"time:{name}"
        if new not in self.before.read:
            self.before.read[new] = Written(column, tokens, written)
            self.odd.append(nw.col(f"{new}?"))
            self.columns[new] = Column(TIME, MICRO)
        return Moment(new, MICRO, aware=False, zone=zone, change=spec.clock_change, native=True)

    def _join_columns(self, columns: Sequence[str], tokens: Sequence[str]) -> str:
        """Joins several columns of text by one space; the result is missing if one of them is."""
        if any(self.columns[column].kind != TEXT for column in columns):
            raise UnableError(f"{', '.join(columns)} are not all text")
        new = f"joined:{' '.join(columns)}"
        there = reduce(lambda one, other: one & other, [self.has_text(column, tokens) for column in columns])
        text = nw.concat_str([nw.col(column) for column in columns], separator=" ")
        self.before.first[new] = nw.when(there).then(text)
        self.columns[new] = Column(TEXT)
        return new

    def _unix(self, column: str, zone: str, spec: FieldSpec) -> Moment:
        scale = MICRO if spec.format == ("unix",) else MICRO // 1000
        new = f"unix:{column}"
        if new in self.before.first:
            return Moment(new, MICRO, aware=True, zone=zone, change=spec.clock_change, native=False)
        self.before.first[new] = nw.col(column).cast(nw.Int64) * scale
        far = (nw.col(column) < _FIRST_SAFE * MICRO // scale) | (nw.col(column) > _LAST_SAFE * MICRO // scale)
        self.odd.append(~nw.col(column).is_null() & far)
        return Moment(new, MICRO, aware=True, zone=zone, change=spec.clock_change, native=False)

    def there(self, name: str) -> nw.Expr:
        """The rows with the time as it is written, also after `as_of`."""
        return ~nw.col(self.moment(name).column).is_null()

    def ticks(self, name: str) -> nw.Expr:
        """The time in ticks as it is written, also where it lies after `as_of`."""
        moment = self.moment(name)
        if not moment.native:
            return nw.col(moment.column)
        new = f"ticks:{moment.column}"
        if new not in self.before.ticks:
            self.before.ticks[new] = (moment.column, self.columns[moment.column])
            low, high = _FIRST_SAFE * moment.per_second, _LAST_SAFE * moment.per_second
            far = nw.col(new).is_null()
            if moment.per_second != NANO and not self._lies_within(moment.column, low, high):
                far = far | (nw.col(new) < low) | (nw.col(new) > high)
            self.odd.append(~nw.col(moment.column).is_null() & far)
        return nw.col(new)

    def _lies_within(self, column: str, low: int, high: int) -> bool:
        bounds = None if self.bounds is None else self.bounds.get(column)
        return bounds is not None and bounds[0] >= low and bounds[1] <= high

    def ranges(self) -> Mapping[str, tuple[int, int]]:
        """The smallest and greatest tick of each time, by column; looked at when first asked for."""
        if self.bounds is None:
            self.bounds = self.look_at_bounds()
        return self.bounds

    def range_of(self, name: str) -> tuple[int, int]:
        """The smallest and the greatest tick of a time."""
        moment = self.moment(name)
        found = self.ranges().get(moment.column)
        if found is None:
            return 0, 0
        low, high = _FIRST_SAFE * moment.per_second, _LAST_SAFE * moment.per_second
        return min(max(found[0], low), high), min(max(found[1], low), high)

    def later(self, name: str) -> nw.Expr | None:
        """The rows whose time lies after `as_of`; None if the time may, as a promise does."""
        if name in self.log.always_seen or name in self.passed:
            return None
        self._check_settled()
        if self.as_of is None:
            return None
        moment = self.moment(name)
        limit = clocks.ticks_at(self.as_of, moment.per_second)
        if moment.aware or moment.zone == "UTC":
            return self.there(name) & (self.ticks(name) > limit)
        at = np.array([limit], dtype=np.int64)
        wall = int(clocks.to_wall(at, moment.per_second, moment.zone)[0])
        if clocks.is_steady(wall, moment.per_second, moment.zone):
            return self.there(name) & (self.ticks(name) > wall)
        return self.there(name) & (self._instants(name) > limit)

    def is_plain(self, name: str) -> bool:
        """Whether the engine's time is already the local time of all rows that have one."""
        moment = self.moment(name)
        return not moment.aware and moment.zone == self.log.zone and self.later(name) is None

    def has_time(self, name: str) -> nw.Expr:
        """The rows that have the time at `as_of`."""
        later = self.later(name)
        return self.there(name) if later is None else self.there(name) & ~later

    def instants(self, name: str) -> nw.Expr:
        """The instants of a time in ticks; null in rows that have none at `as_of`."""
        later = self.later(name)
        ticks = self._instants(name)
        return ticks if later is None else self.before.time(f"seen:{name}", nw.when(~later).then(ticks), level=SEEN)

    def _instants(self, name: str) -> nw.Expr:
        moment, ticks = self.moment(name), self.ticks(name)
        if moment.aware or moment.zone == "UTC":
            return ticks
        new = f"instant:{name}"
        if new not in self.before.times.get(INSTANT, {}):
            steps = clocks.offsets_of_local_times(*self.range_of(name), moment.per_second, moment.zone, moment.change)
            if moment.change is None and steps.twofold.any():
                # a column: many filters ask for it, and each of its many steps costs as often as it is written
                odd = ~ticks.is_null() & twofold(ticks, steps)
                self.odd.append(self.before.time(f"twofold:{name}", odd, level=INSTANT))
            offset = stepwise(ticks, steps.starts, steps.offsets * moment.per_second, nw.Int64)
            self.before.time(new, ticks - offset, level=INSTANT)
        return nw.col(new)

    def walls(self, name: str, *, whole: bool = False) -> nw.Expr:
        """The local times of the document's zone in ticks; null in rows without one (at `as_of`, unless `whole`)."""
        moment = self.moment(name)
        is_local = not moment.aware and moment.zone == self.log.zone
        walls = self.ticks(name) if is_local else self._walls(name, moment)
        later = None if whole else self.later(name)
        if later is None:
            return walls
        return self.before.time(f"seen wall:{name}", nw.when(~later).then(walls), level=SEEN_WALL)

    def _walls(self, name: str, moment: Moment) -> nw.Expr:
        new = f"wall:{name}"
        instants = self._instants(name)
        if self.log.zone == "UTC":
            return instants
        if new not in self.before.times.get(SEEN, {}):
            low, high = self.range_of(name)
            day = DAY * moment.per_second
            steps = clocks.offsets_of_instants(low - 2 * day, high + 2 * day, moment.per_second, self.log.zone)
            offset = stepwise(instants, steps.starts, steps.offsets * moment.per_second, nw.Int64)
            self.before.time(new, instants + offset, level=SEEN)
        return nw.col(new)

    def days(self, name: str) -> nw.Expr:
        """The day of the time in the document's zone; null in rows that have none at `as_of`."""
        self.before.time(f"day of:{name}", self.walls(name), level=PLACED)
        self.before.days[f"days:{name}"] = (f"day of:{name}", self.moment(name).per_second)
        return nw.col(f"days:{name}")

    def day_of(self, name: str, walls: nw.Expr, per_second: int) -> nw.Expr:
        """The day of local times that were computed before, entered under the name of their own."""
        self.before.time(f"clock of:{name}", walls, level=PLACED)
        self.before.days[f"day:{name}"] = (f"clock of:{name}", per_second)
        return nw.col(f"day:{name}")

    def period(self, name: str, walls: nw.Expr | None = None) -> nw.Expr:
        """The number of the period of a time, or of the local times `walls` if given."""
        moment, new = self.moment(name), f"period:{name}"
        if walls is None and moment.native and not moment.aware and moment.zone == self.log.zone:
            self.before.periods[new] = (moment.column, False)
            return nw.col(new)
        chosen = self.walls(name, whole=True) if walls is None else walls
        self.before.time(f"placed:{name}", chosen, level=PLACED)
        self.before.days[f"placed days:{name}"] = (f"placed:{name}", moment.per_second)
        self.before.periods[new] = (f"placed days:{name}", True)
        return nw.col(new)
