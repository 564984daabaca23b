"""Bytes of delimited text -> whether each line is one row of the same number of columns, to every reader alike.

In: a file or a stream of bytes, and how it should be written. Out: `Sound`, which says how the lines end and whether
there are quotes; None for bytes that are no UTF-8, null characters, blank lines, other numbers of columns, quotes
anywhere but around a cell, and lines that end in several ways. Only sound text may be left to an engine, which splits
lines by rules of its own: a quote that is not closed, mixed line ends or a foreign encoding would change the rows.

The test costs a small part of splitting the lines: all its work is done on whole blocks of bytes.
"""

from __future__ import annotations

from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass, replace
from itertools import pairwise
from typing import TYPE_CHECKING, Any, Final

import numpy as np

if TYPE_CHECKING:
    from collections.abc import Callable
    from pathlib import Path

    from numpy.typing import NDArray

    Bytes = NDArray[np.uint8]

_BLOCK: Final = 1 << 20
"""So many bytes at a time: threads wait for each other once a step, and there are few steps."""
_LONGEST: Final = 1 << 20
"""A longer line is left to the exact reader: an engine has a limit of its own."""
_ASCII: Final = 127
_NEWLINE, _RETURN = 10, 13
_PARTS: Final = 2


@dataclass(frozen=True)
class Dialect:
    """The way in which a text should be written.

    Attributes:
        delimiter: The character between cells; one byte.
        quote: The quoting character, one byte; empty where there is none.
        width: The number of columns.
        counted: Whether the columns of each line are counted, or only those of a whole block.
    """

    delimiter: str
    quote: str
    width: int
    counted: bool = True


@dataclass(frozen=True)
class Sound:
    """The way in which sound text is written.

    Attributes:
        quoted: Whether there are quotes.
        returns: Whether a carriage return ends lines; None where there is no line.
        underscored: Whether an underscore stands anywhere, which some readers pass over in numbers.
    """

    quoted: bool = False
    returns: bool | None = None
    underscored: bool = False

    def __and__(self, other: Sound | None) -> Sound | None:
        """Both parts together; None where their lines end in different ways."""
        if other is None:
            return None
        known = {part.returns for part in (self, other) if part.returns is not None}
        if len(known) > 1:
            return None
        underscored = self.underscored or other.underscored
        return Sound(self.quoted or other.quoted, next(iter(known), None), underscored)


def sound_file(path: Path, dialect: Dialect, *, begin: int, step: Callable[[int], None] | None = None) -> Sound | None:
    """Looks at the lines of a file from a place on: the way they are written; None where they are not sound.

    Args:
        path: A file that is not packed.
        dialect: How it should be written.
        begin: The place of the first byte of the rows.
        step: Called with the bytes looked at so far.
    """
    size = path.stat().st_size
    # Several parts at once. Each begins after a line end, which is the beginning of a row where the part before is
    # sound: then no line end stands in quotes.
    places = [begin, *(_line_after(path, begin + (size - begin) * part // _PARTS) for part in range(1, _PARTS)), size]
    spans = list(pairwise(places))
    told = (
        None if step is None else lambda done: step(min(size, begin + done * _PARTS))
    )  # the first part stands for all
    with ThreadPoolExecutor(_PARTS - 1) as pool:
        others = [pool.submit(_sound_part, path, dialect, span, None) for span in spans[1:]]
        found = _sound_part(path, dialect, spans[0], told)
        for other in others:
            found = found and found & other.result()
    return found


def _line_after(path: Path, place: int) -> int:
    with path.open("rb") as stream:
        stream.seek(place)
        stream.readline(2 * _LONGEST)  # within a longer line the part before is not sound
        return stream.tell()


def _sound_part(
    path: Path, dialect: Dialect, span: tuple[int, int], step: Callable[[int], None] | None
) -> Sound | None:
    begin, end = span
    with path.open("rb", buffering=0) as stream:
        stream.seek(begin)
        return sound_stream(stream, dialect, size=end - begin, step=step)


def sound_stream(
    stream: Any, dialect: Dialect, *, size: int | None = None, step: Callable[[int], None] | None = None
) -> Sound | None:
    """Looks at the rows of a stream of bytes: the way they are written; None where they are not sound.

    Args:
        stream: A binary stream that stands at the beginning of a row.
        dialect: How the rows should be written.
        size: How many bytes are looked at; all unless given.
        step: Called with the bytes looked at so far.
    """
    text, found, left, done = _Text(_BLOCK), Sound(), size, 0
    while True:
        count = text.fill(stream, left)
        left, done = left if left is None else left - count, done + count
        if step is not None:
            step(done)
        if not count:
            text.end()
        lines = text.lines()
        part = _sound_lines(text, lines, dialect) if lines else Sound()
        if part is not None and not count:  # only a line without an end is left
            part = replace(part, returns=None)
        together = found & part
        if together is None or not (lines or text.grow()):
            return None
        if not count:
            return together
        text.drop(lines)
        found = together


class _Text:
    """A block of text, of which whole lines are taken."""

    def __init__(self, size: int) -> None:
        self.buffer, self.filled = bytearray(size), 0
        self._found = np.empty(0, dtype=bool)

    def count(self, byte: int, size: int) -> int:
        """The number of times that a byte stands among the first `size` bytes."""
        # the mask is kept from block to block: new memory costs more than counting
        if len(self._found) < size:
            self._found = np.empty(len(self.buffer), dtype=bool)
        found = np.equal(np.frombuffer(self.buffer, dtype=np.uint8, count=size), byte, out=self._found[:size])
        return int(np.count_nonzero(found))

    def fill(self, stream: Any, left: int | None) -> int:
        """Reads on until the block is full; returns how many bytes were read."""
        room = len(self.buffer) - self.filled
        with memoryview(self.buffer) as view:
            count = stream.readinto(view[self.filled : self.filled + (room if left is None else min(room, left))])
        self.filled += count or 0
        return count or 0

    def end(self) -> None:
        """Ends the last line of the text, which has no end."""
        # with a carriage return before it a second one is added: such a line is not sound
        if self.filled:
            self.buffer[self.filled :] = b"\r\n" if self.buffer[self.filled - 1] == _RETURN else b"\n"
            self.filled = len(self.buffer)

    def lines(self) -> int:
        """The number of bytes of the whole lines in the block."""
        return self.buffer.rfind(b"\n", 0, self.filled) + 1

    def drop(self, lines: int) -> None:
        """Takes the lines away."""
        self.filled -= lines
        self.buffer[: self.filled] = self.buffer[lines : lines + self.filled]

    def grow(self) -> bool:
        """Makes room where the block holds no line end; false where a line would be too long."""
        if self.filled == len(self.buffer):
            self.buffer.extend(bytes(len(self.buffer)))
        return len(self.buffer) <= _LONGEST


def _sound_lines(block: _Text, size: int, dialect: Dialect) -> Sound | None:
    """The way in which the whole lines at the beginning of a block are written; None where they are not sound."""
    # from the cheapest test to the dearest
    buffer = block.buffer
    text = np.frombuffer(buffer, dtype=np.uint8, count=size)
    if buffer.find(0, 0, size) >= 0 or not _is_utf8(text):
        return None
    returns = buffer.find(_RETURN, 0, size) >= 0
    if returns and not _ends_alike(text):
        return None
    quoted = bool(dialect.quote) and buffer.find(ord(dialect.quote), 0, size) >= 0
    if quoted or dialect.counted:
        made = _quoted_rows(text, dialect) if quoted else _plain_rows(text, dialect)
    else:
        made = block.count(ord(dialect.delimiter), size) == (dialect.width - 1) * block.count(_NEWLINE, size)
    return Sound(quoted, returns, buffer.find(b"_", 0, size) >= 0) if made else None


def _is_utf8(text: Bytes) -> bool:
    """Whether bytes are UTF-8."""
    if text.max() <= _ASCII:  # ASCII needs no decoding
        return True
    try:
        text.tobytes().decode("utf-8")
    except UnicodeDecodeError:
        return False
    return True


def _ends_alike(text: Bytes) -> bool:
    """Whether a carriage return stands before each line end, and nowhere else."""
    ends = np.flatnonzero(text == _NEWLINE)
    before = text[ends - 1]
    before[ends == 0] = 0
    return bool((before == _RETURN).all()) and np.count_nonzero(text == _RETURN) == len(ends)


def _plain_rows(text: Bytes, dialect: Dialect) -> bool:
    """Whether each line has its number of columns, in text without quotes."""
    marks, ends = text == ord(dialect.delimiter), text == _NEWLINE
    np.logical_or(marks, ends, out=marks)
    return _in_rows(text.take(np.flatnonzero(marks)), dialect)


def _in_rows(marks: Bytes, dialect: Dialect) -> bool:
    """Whether delimiters and line ends come in their turn: `width` - 1 delimiters, then a line end."""
    ends = marks[dialect.width - 1 :: dialect.width]
    whole = len(marks) % dialect.width == 0 and bool((ends == _NEWLINE).all())
    return whole and np.count_nonzero(marks == _NEWLINE) == len(ends)


def _quoted_rows(text: Bytes, dialect: Dialect) -> bool:
    """Whether each line has its columns, quotes stand around whole cells, and no cell goes over several lines."""
    delimiter, quote = ord(dialect.delimiter), ord(dialect.quote)
    places = np.flatnonzero((text == delimiter) | (text == _NEWLINE) | (text == quote))
    marks = text[places]
    quotes = marks == quote
    inside = np.logical_xor.accumulate(quotes)  # for a quote: whether it opens a cell
    if (inside & (marks == _NEWLINE)).any():
        return False
    opens, closes = places[quotes & inside], places[quotes & ~inside]
    before, after = text[opens - 1], text[closes + 1]  # a line end follows: each block ends with one
    before[opens == 0] = _NEWLINE
    if not (_one_of(before, (delimiter, _NEWLINE, quote)) and _one_of(after, (delimiter, _NEWLINE, _RETURN, quote))):
        return False
    return _in_rows(marks[~quotes & ~inside], dialect)


def _one_of(found: Bytes, wanted: tuple[int, ...]) -> bool:
    return bool(np.isin(found, wanted).all())
