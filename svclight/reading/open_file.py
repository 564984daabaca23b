"""One file of a log while it is read: its name, what is needed of it, and the lines that could not be read.

In: what a definition needs of a file. Out: `Cells` of the needed columns, gathered line by line, or an error that lists
what is there and guesses what was meant.
"""

from __future__ import annotations

from collections import defaultdict
from dataclasses import dataclass
from itertools import count
from typing import TYPE_CHECKING, Any, Final, Protocol

import numpy as np
import pandas as pd

from svclight.errors import Issue, LogError, check_columns, printable_text
from svclight.values.text_dictionary import as_needed

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Mapping, Sequence
    from pathlib import Path

    from svclight.definition.models import Read
    from svclight.reading.packed_files import Content

LINE: Final = "\0line"
"""The name of the column that holds each row's line: no column of a log bears it."""
_SHOWN: Final = 200
_FIRST_MARK, _LAST_MARK = 0xDC00, 0xDCFF  # lone surrogates: what bytes that cannot be decoded are marked by


@dataclass(frozen=True)
class Rejected:
    """A line that could not be read; its number is 0 where rows have no order, as in a database."""

    file: str
    line: int
    reason: str
    text: str


@dataclass(frozen=True)
class LogFile:
    """A file of a log.

    Attributes:
        content: Where it lies, and what lies in it where it is packed.
        name: How messages call it.
        needed: The columns that are wanted, in the order in which they come out.
        read: How it is written.
        where: For each column the key of the definition that needs it, for messages.
        rejected: Where the lines go that could not be read.
        step: Called with the bytes read so far.
    """

    content: Content
    name: str
    needed: Sequence[str]
    read: Read
    where: Mapping[str, str]
    rejected: list[Rejected]
    step: Callable[[int], None] | None = None

    @property
    def path(self) -> Path:
        """Where the file lies."""
        return self.content.path

    def reject(self, line: int, reason: str, text: str) -> None:
        """Puts a line on the list of those that could not be read."""
        self.rejected.append(Rejected(self.name, line, reason, shown_line(text)))

    def error(self, message: str, line: int | None = None, **more: str) -> LogError:
        """An error with this file as its place."""
        return LogError(Issue(message, self.name, line, **more))

    def places(self, names: Sequence[Any], hint: str = "") -> list[int]:
        """The places of the needed columns among those that are there."""
        names = as_needed(names, self.needed)
        check_columns(names, self.needed, self.where, self.name, hint)
        return [names.index(name) for name in self.needed]


def shown_line(text: str) -> str:
    r"""A rejected line as people see it: on one line, cut, with \xNN for each byte that could not be decoded."""
    # cut first: a line may have millions of characters
    cut = text[: _SHOWN + 1] if len(text) > _SHOWN else text.rstrip("\r\n")
    plain = "".join(f"\\x{ord(c) - _FIRST_MARK:02x}" if _FIRST_MARK <= ord(c) <= _LAST_MARK else c for c in cut)
    return printable_text(plain, _SHOWN)


def joined_names(lines: Sequence[Sequence[str]]) -> list[str]:
    """The names of columns from the cells of one line, or of several: then those of a column are joined by a blank.

    An empty cell of an upper line takes the one at its left: so a cell over several columns is written in text.
    """
    width = max(map(len, lines))
    filled = [_carried(line, width) for line in lines[:-1]]
    last = [*lines[-1], *("" for _ in range(width - len(lines[-1])))]
    return [" ".join(filter(None, cells)) for cells in zip(*filled, last, strict=True)]


def _carried(cells: Sequence[str], width: int) -> list[str]:
    """The cells, an empty one filled with the one at its left, up to a width."""
    made, latest = [], ""
    for place in range(width):
        latest = (cells[place] if place < len(cells) else "") or latest
        made.append(latest)
    return made


class Cells(Protocol):
    """A receiver of the cells of the needed columns while a file is read."""

    def add(self, lines: Sequence[int], columns: Iterable[Iterable[Any]]) -> None:
        """Adds rows: their lines, and their cells column by column."""


class TextCells:
    """Text cells of the needed columns by dictionary: each different text is kept once, and read once later."""

    def __init__(self, names: Sequence[str]) -> None:
        self.names, self.lines = names, [np.array([], dtype=np.int64)]
        self.words = [defaultdict[str, int](count().__next__) for _ in names]  # each new text gets the next number
        self.codes = [[np.array([], dtype=np.int32)] for _ in names]

    def add(self, lines: Sequence[int], columns: Iterable[Iterable[str]]) -> None:
        """Adds rows: their lines, and their cells column by column."""
        self.lines.append(np.array(lines, dtype=np.int64))
        for words, codes, cells in zip(self.words, self.codes, columns, strict=True):
            codes.append(np.fromiter(map(words.__getitem__, cells), dtype=np.int32, count=len(lines)))

    def frame(self) -> pd.DataFrame:
        """The columns as categories of text, and each row's line."""
        made = {
            name: pd.Categorical.from_codes(np.concatenate(codes), categories=pd.Index(list(words), dtype=object))
            for name, words, codes in zip(self.names, self.words, self.codes, strict=True)
        }
        return pd.DataFrame({**made, LINE: np.concatenate(self.lines)})


def frame_of(names: Sequence[str], columns: Iterable[Sequence[Any]], lines: Sequence[int]) -> pd.DataFrame:
    """A frame of columns of cells as they come, with each row's line."""
    made = {name: pd.Series(cells, dtype=object) for name, cells in zip(names, columns, strict=True)}
    return pd.DataFrame({**made, LINE: np.array(lines, dtype=np.int64)})
