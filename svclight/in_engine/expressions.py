"""The columns that an engine computes before it counts, stage by stage, each from those of earlier stages.

In: what expressions need, as it turns up while they are put together. Out: the frame with all of it.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any

import narwhals as nw
import numpy as np

from svclight.errors import UnableError

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from svclight.dialects.dialect import Column, Dialect, Written

    Frame = nw.LazyFrame[Any]
    from svclight.values.clocks import Steps

INSTANT, SEEN, SEEN_WALL, PLACED = range(4)
"""What times are made into, level by level: instants; those that have come, and local times; local times that have
come; what days are cut from."""


@dataclass
class Preparation:
    """The columns that an engine computes before it counts, by name, in the order of the stages.

    Attributes:
        first: Made of raw columns.
        read: Text read as numbers or times.
        ticks: Times as whole ticks.
        times: What times are made into, by level.
        days: Days of ticks, so many of which make a second.
        periods: Periods of naive times, or of days where the flag says so.
        tables: Small tables, and the key by which each is joined.
        last: All else, by level.
    """

    first: dict[str, nw.Expr] = field(default_factory=dict)
    read: dict[str, Written] = field(default_factory=dict)
    ticks: dict[str, tuple[str, Column]] = field(default_factory=dict)
    times: dict[int, dict[str, nw.Expr]] = field(default_factory=dict)
    days: dict[str, tuple[str, int]] = field(default_factory=dict)
    periods: dict[str, tuple[str, bool]] = field(default_factory=dict)
    tables: dict[str, tuple[nw.Expr, Frame]] = field(default_factory=dict)
    last: dict[int, dict[str, nw.Expr]] = field(default_factory=dict)

    def time(self, name: str, made: nw.Expr, *, level: int) -> nw.Expr:
        """Enters a computed time as a column at a level; it may use columns of lower levels."""
        self.times.setdefault(level, {}).setdefault(name, made)
        return nw.col(name)

    def as_columns(self, what: str, expressions: Sequence[nw.Expr], *, level: int) -> list[nw.Expr]:
        """Enters expressions as columns, so that each is computed once and later expressions stay small.

        Those of one level are computed at once, from columns of lower levels.
        """
        stage = self.last.setdefault(level, {})
        names = [f"{what}:{level}:{len(stage) + place}" for place in range(len(expressions))]
        stage.update(zip(names, expressions, strict=True))
        return [nw.col(name) for name in names]

    def prepare_frame(self, frame: Frame, dialect: Dialect, kind: str) -> Frame:
        """The frame with all entered columns; `kind` is the kind of period.

        Raises:
            UnableError: The engine cannot compute them.
        """
        frame = frame.with_columns(*_with_aliases(self.first)) if self.first else frame
        if self.read:
            read = dialect.parse_text(frame, self.read)
            if read is None:
                raise UnableError(f"{dialect.name} reads no text as numbers or times")
            frame = read
        if self.ticks:
            frame = dialect.compute_once(dialect.ticks(frame, self.ticks))
        for _, named in sorted(self.times.items()):
            frame = dialect.compute_once(frame.with_columns(*_with_aliases(named)))
        if self.days:
            frame = dialect.days(frame, self.days)
        if self.periods:
            frame = dialect.periods(frame, self.periods, kind)
        for name, (key, table) in self.tables.items():
            frame = frame.with_columns(key.alias(name)).join(table, on=name, how="left")
        frame = dialect.compute_once(frame)
        for _, named in sorted(self.last.items()):
            frame = dialect.compute_once(frame.with_columns(*_with_aliases(named)))
        return frame


def _with_aliases(made: Mapping[str, nw.Expr]) -> list[nw.Expr]:
    return [expression.alias(name) for name, expression in made.items()]


def is_infinite(numbers: nw.Expr) -> nw.Expr:
    """The rows whose number is infinite."""
    return (numbers == float("inf")) | (numbers == float("-inf"))


def has_fraction(numbers: nw.Expr) -> nw.Expr:
    """The rows whose number is not whole; from 2**53 on all doubles are, and do not fit whole numbers."""
    small = (numbers < 2.0**53) & (numbers > -(2.0**53))
    return nw.when(small).then(numbers.floor()).otherwise(numbers) != numbers


def nobody(column: nw.Expr) -> nw.Expr:
    """A mask of no row."""
    return column.is_null() & ~column.is_null()


def everybody(column: nw.Expr) -> nw.Expr:
    """A mask of all rows."""
    return column.is_null() | ~column.is_null()


def twofold(ticks: nw.Expr, steps: Steps) -> nw.Expr:
    """The rows whose local time lies in the hours that a clock change repeats or skips; any answer without a time.

    A time of 2999 makes a thousand such hours: they are steps of a tree, for in a chain of "or" no engine goes so deep.
    """
    return stepwise(ticks, steps.starts, steps.twofold, nw.Boolean)


def stepwise(values: nw.Expr, starts: Any, made: Any, dtype: Any) -> nw.Expr:
    """The value of a step function at each row: a tree of comparisons, so that few of them lead to each step."""
    is_step = np.append(True, made[1:] != made[:-1])  # every second one of the steps of local times is none
    starts, made = starts[is_step], made[is_step]
    if len(made) == 1:
        return nw.lit(made[0].item(), dtype)
    middle = len(made) // 2
    below = stepwise(values, starts[:middle], made[:middle], dtype)
    above = stepwise(values, starts[middle:], made[middle:], dtype)
    return nw.when(values < starts[middle].item()).then(below).otherwise(above)
