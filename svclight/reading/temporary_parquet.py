"""Cells that an exact reader accepts -> Parquet files beside each other, in a bounded amount of memory.

In: lines and cells, part by part, as the readers of text hand them on. Out: the query that gives them back, typed:
text, true and false, whole numbers, numbers. Text that no engine reads exactly as it stands takes this way.
"""

from __future__ import annotations

from abc import ABC, abstractmethod
from collections import defaultdict
from math import isfinite, isnan
from typing import TYPE_CHECKING, Any, Final

import numpy as np
import pandas as pd

from svclight.dialects.returned_columns import sql_literal, sql_name
from svclight.errors import UnableError

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence
    from pathlib import Path

    import duckdb
    from numpy.typing import NDArray

_ROWS: Final = 100_000
PLACE: Final = "svclight:place"
"""The column of each row's line while it is on its way: no column of a log bears this name."""
_EXACT, _LARGEST = 2**53, 2**63
_TEXT, _FLAG, _WHOLE, _LARGE, _FRACTION, _OTHER = "text", "flag", "whole", "large", "fraction", "other"
_TYPES: Final = {
    "VARCHAR": ({_TEXT}, {_TEXT}),
    "BOOLEAN": ({_FLAG}, {_FLAG}),
    "BIGINT": ({_WHOLE}, {_WHOLE, _LARGE}),
    "DOUBLE": ({_FRACTION}, {_WHOLE, _FRACTION}),
}


class _Parts(ABC):
    """Cells, gathered row by row and written part by part."""

    def __init__(self, names: Sequence[str], stem: Path, connection: duckdb.DuckDBPyConnection) -> None:
        self.names, self.files = names, _Files(stem, connection)
        self.lines: list[int] = []
        self.cells: list[list[Any]] = [[] for _ in names]

    def add(self, lines: Sequence[int], columns: Iterable[Iterable[Any]]) -> None:
        """Adds rows: their lines, and their cells column by column."""
        self.lines.extend(lines)
        for cells, more in zip(self.cells, columns, strict=True):
            cells.extend(more)
        if len(self.lines) >= _ROWS:
            self._next()

    def _next(self) -> None:
        """Writes the gathered cells, and begins anew."""
        self._write(np.array(self.lines, dtype=np.int64))
        self.lines, self.cells = [], [[] for _ in self.names]

    @abstractmethod
    def _write(self, lines: NDArray[np.int64]) -> None:
        """Writes the cells of some lines, if there are any."""


class TextParts(_Parts):
    """Cells of text."""

    def _write(self, lines: NDArray[np.int64]) -> None:
        if len(lines):
            columns = [pd.Series(cells, dtype=object) for cells in self.cells]
            self.files.write(columns, ["VARCHAR"] * len(self.names), lines)

    def query(self) -> str:
        """The query that gives all rows back: the columns under their names, and `PLACE`."""
        self._next()
        return self.files.query(self.names, ["VARCHAR"] * len(self.names))


class MixedParts(_Parts):
    """Cells of any kind; a column of several kinds cannot be given back."""

    def __init__(self, names: Sequence[str], stem: Path, connection: duckdb.DuckDBPyConnection) -> None:
        super().__init__(names, stem, connection)
        self.kinds: list[set[str]] = [set() for _ in names]

    def _write(self, lines: NDArray[np.int64]) -> None:
        kinds = [{_kind_of_cell(cell) for cell in cells if not _is_empty(cell)} for cells in self.cells]
        for known, found in zip(self.kinds, kinds, strict=True):
            known.update(found)
        types = [_type_of(found) for found in kinds]
        if len(lines) and None not in types:
            columns = [_typed_column(cells, str(kind)) for cells, kind in zip(self.cells, types, strict=True)]
            self.files.write(columns, list(map(str, types)), lines)

    def query(self) -> str:
        """The query that gives all rows back, as of `TextParts`.

        Raises:
            UnableError: A column holds cells of several types.
        """
        self._next()
        types = [_type_of(kinds) for kinds in self.kinds]
        if None in types:
            raise UnableError("columns with cells of several types must be read whole")
        return self.files.query(self.names, list(map(str, types)))


def _is_empty(cell: Any) -> bool:
    return cell is None or (isinstance(cell, float) and isnan(cell))


def _kind_of_cell(cell: Any) -> str:
    """The kind of a cell; whole numbers beyond those that a float holds exactly are a kind of their own."""
    if isinstance(cell, str):
        return _TEXT
    if isinstance(cell, bool):
        return _FLAG
    if isinstance(cell, int):
        return _WHOLE if abs(cell) <= _EXACT else _LARGE if -_LARGEST <= cell < _LARGEST else _OTHER
    return _FRACTION if isfinite(cell) else _OTHER


def _type_of(kinds: set[str]) -> str | None:
    """The one type that holds all cells exactly; None where there is none."""
    if not kinds:  # a column without any cell: any type gives it back
        return "VARCHAR"
    fitting = (
        name for name, (some, all_of) in _TYPES.items() if kinds <= all_of and (kinds & some or kinds == {_LARGE})
    )
    return next(fitting, None)


def _typed_column(cells: list[Any], kind: str) -> Any:
    """A column of cells of one kind, as pandas holds it."""
    empty = np.fromiter(map(_is_empty, cells), dtype=bool, count=len(cells))
    if kind == "VARCHAR":
        places: dict[str, int] = {}
        codes = [
            -1 if cell is None or gone else places.setdefault(_without_surrogates(cell), len(places))
            for cell, gone in zip(cells, empty, strict=True)
        ]
        return pd.Categorical.from_codes(codes, categories=pd.Index(list(places), dtype=object)) if places else None
    filled = [0 if gone else cell for cell, gone in zip(cells, empty, strict=True)]
    if kind == "BOOLEAN":
        return pd.arrays.BooleanArray(np.array(filled, dtype=bool), empty)
    if kind == "BIGINT":
        return pd.arrays.IntegerArray(np.array(filled, dtype=np.int64), empty)
    return pd.arrays.FloatingArray(np.array(filled, dtype=np.float64), empty)


def _without_surrogates(text: str) -> str:
    """The text with halves of characters written out, as `word_of` does for a frame."""
    # JSON can hold them, Parquet cannot
    return text if text.isascii() else text.encode("utf-8", "backslashreplace").decode()


class _Files:
    """Parquet files beside each other, by the types of their columns."""

    def __init__(self, stem: Path, connection: duckdb.DuckDBPyConnection) -> None:
        self.stem, self.connection, self.count = stem, connection, 0
        self.by_types: defaultdict[tuple[str, ...], list[Path]] = defaultdict(list)

    def write(self, columns: Sequence[Any], types: Sequence[str], lines: Any) -> None:
        """Writes rows; a column without any cell is None."""
        path = self.stem.with_name(f"{self.stem.name}-{self.count}.parquet")
        self.count += 1
        there = {str(number): column for number, column in enumerate(columns) if column is not None}
        chosen = [
            f"CAST({sql_name(number) if number in there else 'NULL'} AS {kind}) AS {sql_name(number)}"
            for number, kind in zip(map(str, range(len(types))), types, strict=True)
        ]
        self.connection.register("part", pd.DataFrame({**there, PLACE: lines}))
        columns = ", ".join([*chosen, sql_name(PLACE)])
        part = f"SELECT {columns} FROM part"  # noqa: S608 - all names are quoted
        self.connection.execute(f"COPY ({part}) TO {sql_literal(str(path))} (FORMAT parquet)")
        self.connection.unregister("part")
        self.by_types[tuple(types)].append(path)

    def query(self, names: Sequence[str], types: Sequence[str]) -> str:
        """The query that gives all rows back."""
        named = zip(names, types, strict=True)
        chosen = [
            f"CAST({sql_name(str(number))} AS {kind}) AS {sql_name(name)}" for number, (name, kind) in enumerate(named)
        ]
        files = [
            f"read_parquet([{', '.join(sql_literal(str(path)) for path in paths)}])" for paths in self.by_types.values()
        ]
        nothing = [f"NULL AS {sql_name(str(number))}" for number in range(len(names))]
        files = files or [f"(SELECT {', '.join([*nothing, f'CAST(0 AS BIGINT) AS {sql_name(PLACE)}'])} WHERE false)"]
        return " UNION ALL ".join(f"SELECT {', '.join([*chosen, sql_name(PLACE)])} FROM {one}" for one in files)  # noqa: S608 - all names are quoted
