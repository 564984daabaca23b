"""The differences between engines behind one small interface: times as whole numbers, periods, text as numbers.

In: a narwhals LazyFrame and the columns that are wanted. Out: the same frame with columns more, all computed in the
engine; or its rows as a pandas frame. All else is written once, in narwhals expressions over whole numbers, numbers,
text and booleans, on which engines agree.
"""

from __future__ import annotations

import re
from abc import ABC, abstractmethod
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, Final, Self

import narwhals as nw

from svclight.values.clocks import NANO
from svclight.values.columns import MICRO

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping, Sequence

    import numpy as np
    import pandas as pd
    from numpy.typing import NDArray

    Frame = nw.LazyFrame[Any]

WHOLE, NUMBER, FLAG, TEXT, TIME, OTHER = "whole", "number", "flag", "text", "time", "other"
"""What a column of an engine holds."""
FIRST, LAST, NUMBER_OF, DIFFERENT = "min", "max", "count", "different"
"""What can be found of a column in a group: its least, its greatest, how many cells, how many different ones."""
MONTHS_TO_1970: Final = 1970 * 12 + 1
"""`year * 12 + month` of January 1970, from which periods are counted."""
DIRECTIVE: Final = re.compile(r"%(.)|([^%])", re.DOTALL)
WIDTHS: Final = {"Y": 4, "y": 2, "m": 2, "d": 2, "H": 2, "M": 2, "S": 2, "f": 0}


@dataclass(frozen=True)
class Column:
    """A column as the engine has it.

    Attributes:
        kind: What it holds.
        per_second: How many ticks of a time make a second.
        aware: Whether times are instants.
        single: Whether numbers have single precision.
        is_date: Whether times are days.
    """

    kind: str
    per_second: int = 0
    aware: bool = False
    single: bool = False
    is_date: bool = False


def column_of(dtype: Any) -> Column:
    """The kind of a column by its narwhals dtype."""
    if dtype == nw.Boolean:
        return Column(FLAG)
    if dtype.is_integer():  # int64 cannot hold the widest ones
        return Column(OTHER if dtype in (nw.Int128, nw.UInt128, nw.UInt64) else WHOLE)
    if dtype.is_float() or dtype.is_decimal():
        return Column(NUMBER, single=dtype == nw.Float32)
    if dtype == nw.Date:
        return Column(TIME, MICRO, is_date=True)
    if isinstance(dtype, nw.Datetime):
        return Column(TIME, NANO if dtype.time_unit == "ns" else MICRO, aware=dtype.time_zone is not None)
    return Column(TEXT if dtype in (nw.String, nw.Categorical, nw.Enum) else OTHER)


@dataclass(frozen=True)
class Written:
    """The way in which text of a column is read in the engine.

    Attributes:
        column: Where it stands.
        missing: The texts that say that there is nothing.
        formats: For times strptime formats of digits; none for numbers.
        decimal: For numbers the decimal mark.
    """

    column: str
    missing: tuple[str, ...] = ()
    formats: tuple[str, ...] = ()
    decimal: str = "."


@dataclass(frozen=True)
class Aggregate:
    """A number that is asked of a column for each group: `FIRST`, `LAST`, `NUMBER_OF` or `DIFFERENT`."""

    how: str
    column: str


@dataclass(frozen=True)
class Known:
    """The cell of a column at the greatest or least of some times.

    Attributes:
        cell: The column of the cells.
        time: The column of their times, null for a cell that does not count.
        how: `LAST` or `FIRST`.
        empty: Whether a cell that is null counts as one.
    """

    cell: str
    time: str
    how: str = LAST
    empty: bool = False


# A dialect holds what narwhals does not say alike in all engines: times as whole ticks, period numbers, text as numbers
# and times, rows as pandas frames. All else is written once, over whole numbers, numbers, text and booleans: narwhals
# gives one set of expressions that all engines take lazily, without conversion, and depends on nothing itself.
class Dialect(ABC):
    """An engine in its own words; the methods written out here hold for most engines."""

    name: str
    ordered: bool = False
    """Whether its rows have an order."""
    has_nan: bool = True
    """Whether NaN can stand in what `without_nan` gives; else it is null there."""
    orders_by_bytes: bool = False
    """Whether texts are ordered by their bytes, whatever the language."""
    # NaN and infinity turn a sum into what is not finite: one sum a column says that none of them is there, for a third
    # of what it costs to ask each number. PostgreSQL stops at a sum that is too large; Spark and ibis were not tried.
    sums_tell: bool = False
    """Whether a sum of numbers never fails and is finite only where all numbers are."""

    @classmethod
    def of(cls, native: Any) -> Self:  # noqa: ARG003 - engines differ in it
        """The engine of a frame of its own."""
        return cls()

    def unable(self, names: Sequence[str]) -> str:  # noqa: ARG002 - engines differ in it
        """The reason why a log with columns of these names cannot be judged in the engine; empty where it can."""
        return ""

    def with_row_numbers(self, frame: Frame, name: str) -> Frame | None:  # noqa: ARG002 - the same
        """Adds the number of each row, from 0; None where rows have no order."""
        return None

    def at_hand(self, frame: Frame) -> bool:  # noqa: ARG002 - the same
        """Whether the least and the greatest of a column cost next to nothing: in memory, or known to the file."""
        return False

    def long(self, frame: Frame, columns: Sequence[str], index: Sequence[str]) -> Frame:
        """A row for each cell of some columns: its column as `name`, itself as `cell`, and the cells of the index."""
        return frame.unpivot(list(columns), index=list(index), variable_name="name", value_name="cell")

    def as_they_come(self, frame: Frame, name: str) -> Frame:  # noqa: ARG002 - the same
        """Adds a number for the order in which rows would come back, where the engine does not keep that order."""
        return frame

    def aggregate_groups(
        self, frame: Frame, keys: Sequence[str], found: Mapping[str, Aggregate], known: Mapping[str, Known]
    ) -> Frame:
        """One row for each different key, null among them.

        Args:
            frame: The rows.
            keys: The columns of the key.
            found: What is found of each group.
            known: The cells at the greatest or least time of each group; under the name with `?` whether they may
                differ.
        """
        # the greatest time of each group comes first, then the cells that stand at it
        ends = [_AGGREGATED[one.how](nw.col(one.time)).over(*keys).alias(f"{name}@") for name, one in known.items()]
        frame = self._with(frame, ends)
        there = {name: nw.col(one.time) == nw.col(f"{name}@") for name, one in known.items()}
        cells = [nw.when(there[name]).then(nw.col(one.cell)).alias(f"{name}!") for name, one in known.items()]
        counted = [name for name, one in known.items() if one.empty]
        places = [nw.when(there[name]).then(nw.lit(1, nw.Int64)).alias(f"{name}#") for name in counted]
        frame = self._with(frame, [*cells, *places])
        more = {f"{name}{mark}": Aggregate(how, f"{name}!") for name in known for mark, how in _ENDS}
        more |= {f"{name}{mark}={mark}": Aggregate(NUMBER_OF, f"{name}{mark}") for name in counted for mark in "!#"}
        frame = self.compute_once(self.group(frame, keys, {**found, **more}))
        several = {name: (nw.col(f"{name}<") != nw.col(f"{name}>")).fill_null(value=False) for name in known}
        for name in counted:
            full, all_of_them = nw.col(f"{name}!=!"), nw.col(f"{name}#=#")
            several[name] = several[name] | ((full > 0) & (full < all_of_them))
        marks = [rows.alias(f"{name}?") for name, rows in several.items()]
        return self._with(frame, [*marks, *(nw.col(f"{name}<").alias(name) for name in known)])

    def group(self, frame: Frame, keys: Sequence[str], found: Mapping[str, Aggregate]) -> Frame:
        """One row for each different key, null among them, with what is found of each group."""
        # `n_unique` counts null as a value of its own: one is taken off where there is one
        empty = {f"{name}?": nw.col(one.column).is_null() for name, one in found.items() if one.how == DIFFERENT}
        flags = [
            nw.when(no).then(nw.lit(1, nw.Int64)).otherwise(nw.lit(0, nw.Int64)).alias(name)
            for name, no in empty.items()
        ]
        made = [_AGGREGATED[one.how](nw.col(one.column)).alias(name) for name, one in found.items()]
        frame = self._with(frame, flags).group_by(*keys).agg(*made, *(nw.col(name).max() for name in empty))
        counted = [(nw.col(name.removesuffix("?")) - nw.col(name)).alias(name.removesuffix("?")) for name in empty]
        return self._with(frame, counted)

    def _with(self, frame: Frame, made: Sequence[nw.Expr]) -> Frame:
        return self.compute_once(frame.with_columns(*made)) if made else frame

    @abstractmethod
    def plain_columns(self, frame: Frame, names: Sequence[str]) -> Frame:
        """The columns alone, of types on which engines agree: decimals as doubles, categories as text."""

    def without_nan(self, frame: Frame) -> Frame:
        """The frame with NaN made null, where the engine may take NaN for another number."""
        return frame

    @abstractmethod
    def ticks(self, frame: Frame, wanted: Mapping[str, tuple[str, Column]]) -> Frame:
        """Adds times as whole ticks since 1970: of the instant where aware, else of what is written."""

    @abstractmethod
    def days(self, frame: Frame, wanted: Mapping[str, tuple[str, int]]) -> Frame:
        """Adds the days since 1970 of columns of ticks, so many of which make a second."""

    @abstractmethod
    def periods(self, frame: Frame, wanted: Mapping[str, tuple[str, bool]], kind: str) -> Frame:
        """Adds the numbers, since 1970, of the periods of naive times, or (where the flag says so) of days."""

    def parse_text(self, frame: Frame, wanted: Mapping[str, Written]) -> Frame | None:  # noqa: ARG002 - the same
        """Adds text read as numbers or naive times, and under the name with `?` whether engines may differ in it.

        Times may be ticks of a microsecond already: `ticks` and `periods` take them as they are. Engines may differ in
        a text that is neither missing nor written in the most common way: it may still be a number or a time, and
        pandas decides. None where the engine has no way to read text safely.
        """
        return None

    def flag_as_number(self, flag: nw.Expr) -> nw.Expr:
        """A column of true and false as one that can be summed, so that its sum counts the rows that are true."""
        return flag

    def strip_chars(self, cell: nw.Expr, chars: str) -> nw.Expr:
        """Text without any of the characters at either of its ends."""
        return cell.str.strip_chars(chars)

    def compute_once(self, frame: Frame) -> Frame:
        """The frame with its columns computed once, where the engine would repeat their expressions at each use."""
        return frame

    def table(self, frame: Frame, columns: Mapping[str, NDArray[np.int64]]) -> Frame | None:  # noqa: ARG002 - the same
        """A small table of whole numbers that can be joined to the frame; None where the engine takes none."""
        return None

    @abstractmethod
    def collect(self, frame: Frame) -> pd.DataFrame:
        """The rows, as the pandas engine reads them."""


_AGGREGATED: Final[dict[str, Callable[[nw.Expr], nw.Expr]]] = {
    FIRST: nw.Expr.min,
    LAST: nw.Expr.max,
    NUMBER_OF: nw.Expr.count,
    DIFFERENT: nw.Expr.n_unique,
}
_ENDS: Final = (("<", FIRST), (">", LAST))


def digits_only(written: str) -> str | None:
    """The LIKE pattern of texts in a strptime format of digits at full width; None for all other formats."""
    # only formats that every engine reads alike: a whole date, each part once, no letters, a fraction at the end alone
    parts = DIRECTIVE.findall(written)
    fields = [field for field, _ in parts if field]
    others = "".join(char for _, char in parts)
    if set(fields) - set(WIDTHS) or len(set(fields)) < len(fields) or any(map(str.isalnum, others.replace("T", ""))):
        return None
    if not {"m", "d"} <= set(fields) or len({"Y", "y"} & set(fields)) != 1 or "%" in others or "_" in others:
        return None
    if "f" in fields and parts[-1][0] != "f":
        return None
    return "".join("_" * WIDTHS[field] if field else char for field, char in parts) + ("_%" if "f" in fields else "")
