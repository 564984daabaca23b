"""Delimited text -> cells of the needed columns; a line that cannot be decoded or split costs itself and no other.

In: a text stream and how it is written. Out: cells, many lines at a time, and rejected lines. Lines are split many at a
time; where a quote goes over several lines, or is not closed, one by one.
"""

from __future__ import annotations

import contextlib
import csv
import re
from collections.abc import Iterator
from dataclasses import dataclass
from itertools import islice
from operator import itemgetter
from typing import TYPE_CHECKING, Any, Final

from svclight.errors import quoted_text
from svclight.reading.decoding import has_undecoded, name_of
from svclight.reading.open_file import TextCells, joined_names, shown_line
from svclight.reading.reading_hints import LOOKED, encoding_hint, header_hint, width_hint

if TYPE_CHECKING:
    import io
    from collections.abc import Iterable, Sequence

    import pandas as pd

    from svclight.reading.open_file import Cells, LogFile

    Rows = list[list[str]]
    Record = tuple[int, list[str], str]
    """Line number, cells, and the line as it stands."""

MOST_LINES: Final = 10_000
"""A quoted cell over more lines than this is taken for a quote that was not closed."""
_BATCH: Final = 20_000
_LONGEST: Final = 1 << 24
_TABS: Final = (".tsv", ".tab")
_SEPARATOR: Final = re.compile(r'"?sep=([^\r\n])"?[\r\n]*', re.IGNORECASE)
_NOT_CLOSED: Final = "a quote is not closed, or text follows it"
# Python's own csv module is the measure of what a text says: in every encoding, with exact line numbers. A quote that
# is not closed costs its own line and no other.


@dataclass(frozen=True)
class Head:
    """The part of a text before its rows: the names of the columns, how many lines they take, the delimiter."""

    names: list[str]
    lines: int
    delimiter: str


def read_delimited(text: io.TextIOWrapper, file: LogFile) -> pd.DataFrame:
    """The needed columns of delimited text as categories, with each row's line.

    Raises:
        LogError: There is no header, or columns are absent.
    """
    cells = TextCells(file.needed)
    split_delimited(text, file, into=cells)
    return cells.frame()


def split_delimited(text: io.TextIOWrapper, file: LogFile, *, into: Cells) -> None:
    """Hands the cells of the needed columns on, part by part, so that no more than a part is held.

    Raises:
        LogError: There is no header, or columns are absent.
    """
    with _open_records(text, file) as (records, header, places):
        undecoded = f"cannot be decoded as {name_of(text)}"
        for lines, rows, sources in records.batches():
            # one look at a whole part: only where something is wrong in it are its lines looked at one by one
            if set(map(len, rows)) != {len(header)} or has_undecoded("".join(sources)):
                sound = list(_readable_records(lines, rows, sources, undecoded, file, len(header)))
                lines, rows = [line for line, _ in sound], [row for _, row in sound]  # noqa: PLW2901 - those that are sound
            into.add(lines, (map(itemgetter(place), rows) for place in places))


def head_of(text: io.TextIOWrapper, file: LogFile) -> Head:
    """The names of the columns of a text, the lines before its rows, and its delimiter.

    Raises:
        LogError: There is no header, or columns are absent.
    """
    with _open_records(text, file) as (records, header, _):
        return Head(header, records.lines.number, records.delimiter)


def declared_delimiter(line: str) -> str:
    """The delimiter that Excel writes into a first line of its own (`sep=;`); empty where the line is another."""
    found = _SEPARATOR.fullmatch(line)
    return found[1] if found else ""


def delimiter_of(file: LogFile) -> str:
    """The character between the columns of a text, as the definition or the suffix says."""
    return file.read.delimiter or ("\t" if file.content.suffix in _TABS else ",")


@contextlib.contextmanager
def _open_records(text: io.TextIOWrapper, file: LogFile) -> Iterator[tuple[_Records, list[str], list[int]]]:
    """The records after the header, the header, and the places of the needed columns in it."""
    limit = csv.field_size_limit(_LONGEST)  # a setting of the whole process: it is put back at the end
    try:
        records = _Records(text, file)
        records.skip(file.read.skip)
        opening = records.lines.look(LOOKED)
        header = _read_header(records, file, name_of(text))
        records.width = len(header)
        wide = width_hint(opening, file.read.names, file.read, records.delimiter) if file.read.names else ""
        if wide:  # else each line would be rejected, or filled up
            message = f"no line has the {len(header):,} columns of which the names are given"
            raise file.error(message, found=quoted_text(shown_line(opening[0])), hint=wide)
        absent = not set(file.needed) <= set(header)
        hint = header_hint(opening, file.needed, file.read, records.delimiter) if absent else ""
        yield records, header, file.places(header, hint)
    finally:
        csv.field_size_limit(limit)


def _readable_records(
    lines: Sequence[int], rows: Rows, sources: list[str], undecoded: str, file: LogFile, width: int
) -> Iterator[tuple[int, list[str]]]:
    """The lines and cells of the records that can be read; the others, but for blank lines, are rejected."""
    pad = file.read.short_lines == "pad"
    # a log whose names the definition gives is mostly a program's own, which leaves out what it does not know
    hint = "; `short_lines: pad` would fill it up" if file.read.names else ""
    for line, row, source in zip(lines, rows, sources, strict=True):
        if has_undecoded(source):
            file.reject(line, undecoded, source)
        elif len(row) == width:
            yield line, row
        elif row and pad and len(row) < width:
            yield line, [*row, *("" for _ in range(width - len(row)))]
        elif row:
            file.reject(line, f"{len(row)} columns found, {width} expected{hint if len(row) < width else ''}", source)


def _read_header(records: _Records, file: LogFile, encoding: str) -> list[str]:
    """The names of the columns: from the lines that the definition names, from the definition, or numbers."""
    read = file.read
    if read.names:
        return list(read.names)
    if read.header is False:
        first = records.first()
        return [str(place + 1) for place in range(len(first[1]))] if first else list(file.needed)
    begin = records.lines.number
    return joined_names([_header_cells(records, file, encoding, begin + wanted) for wanted in read.header_lines])


def _header_cells(records: _Records, file: LogFile, encoding: str, wanted: int) -> list[str]:
    """The cells of a line of names."""
    records.skip(wanted - 1 - records.lines.number)
    line, row, source = records.first(put_back=False) or (0, [], "")
    if not row:
        raise file.error(
            f"there is no header in line {wanted}", hint=f"the delimiter is {quoted_text(records.delimiter)}"
        )
    if has_undecoded(source):
        hint = encoding_hint(source, file.needed, encoding, records.delimiter)
        expected = f"text in {encoding}, or in the encoding that is named under `read`"
        raise file.error(
            "the header cannot be decoded", line, found=quoted_text(shown_line(source)), expected=expected, hint=hint
        )
    return [cell.strip() for cell in row]


class _Lines(Iterator[str]):
    """Numbered lines that can be read again from a line on."""

    def __init__(self, text: Iterable[str]) -> None:
        self.source, self.kept, self.number, self.record = iter(text), list[str](), 0, list[str]()

    def __next__(self) -> str:
        line = self.kept.pop() if self.kept else next(self.source)
        self.number += 1
        self.record.append(line)
        if len(self.record) > MOST_LINES:  # else a single quote would swallow the rest of the file
            raise csv.Error(_NOT_CLOSED)
        return line

    def again_after_first(self) -> str:
        """Goes back to the second line of the record; gives the first."""
        first, *others = self.record
        self.kept += reversed(others)
        self.number -= len(others)
        self.record = []
        return first

    def take(self, count: int) -> list[str]:
        """The next lines, as many as are wanted and there."""
        lines = [self.kept.pop() for _ in range(min(count, len(self.kept)))]
        lines += islice(self.source, count - len(lines))
        self.number += len(lines)
        return lines

    def look(self, count: int) -> list[str]:
        """The next lines, which stay."""
        lines = self.take(count)
        self.give_back(lines)
        return lines

    def give_back(self, lines: list[str]) -> None:
        """Puts lines back, to be read again."""
        self.kept += reversed(lines)
        self.number -= len(lines)


class _Records:
    """Splits lines into cells.

    `width` is the number of columns, once it is known: a record over several lines that has another number of them is
    taken for a quote that was not closed. A first line by which Excel declares the delimiter is passed over.

    Raises:
        LogError: The delimiter or the quote ends a line, or they are the same.
    """

    def __init__(self, text: Iterable[str], file: LogFile) -> None:
        self.lines, self.reject, self.width = _Lines(_without_mark(text)), file.reject, 0
        # as a byte-order mark does, the line says more than a definition: Excel obeys it, too
        declared = declared_delimiter("".join(self.lines.look(1)))
        self.delimiter = declared or delimiter_of(file)
        self.skip(1 if declared else 0)
        quote = file.read.quote or None
        _check_splitting(self.delimiter, file)
        quoting = csv.QUOTE_NONE if quote is None else csv.QUOTE_MINIMAL
        self.options: dict[str, Any] = {
            "delimiter": self.delimiter,
            "quoting": quoting,
            "quotechar": quote,
            "strict": True,
        }
        self.latest: list[str] = []

    def skip(self, lines: int) -> None:
        """Passes over lines before the header."""
        self.lines.take(max(lines, 0))

    def first(self, *, put_back: bool = True) -> Record | None:
        """The next record that is not blank."""
        record = next(self._one_by_one(), None)
        if record is not None and put_back:
            self.lines.give_back(self.latest)
        return record

    def batches(self) -> Iterator[tuple[Sequence[int], Rows, list[str]]]:
        """Line numbers, cells and lines of all records, in parts: many lines at once where each is a record."""
        while lines := self.lines.take(_BATCH):
            start = self.lines.number - len(lines) + 1
            try:
                rows = list(csv.reader(lines, **self.options))
            except csv.Error:
                rows = []
            if len(rows) == len(lines):  # as many records as lines: no quoted cell goes over several lines
                yield range(start, start + len(lines)), rows, lines
            else:
                self.lines.give_back(lines)
                records = list(self._one_by_one(until=self.lines.number + len(lines)))
                yield [line for line, _, _ in records], [row for _, row, _ in records], [text for *_, text in records]

    def _one_by_one(self, until: int | None = None) -> Iterator[Record]:
        """Records to the end, or to the first that ends at line `until` or later."""
        reader = csv.reader(self.lines, **self.options)
        while until is None or self.lines.number < until:
            try:
                row = next(reader)
            except StopIteration:
                return
            except csv.Error as error:
                long = "field larger" in str(error)
                reader = self._start_again("a cell is too long" if long else _NOT_CLOSED)
                continue
            record = self.lines.record
            if len(record) > 1 and self.width not in (0, len(row)):
                reader = self._start_again(_NOT_CLOSED)
                continue
            self.latest, self.lines.record = record, []
            if row:
                yield self.lines.number - len(record) + 1, row, "".join(record)

    def _start_again(self, reason: str) -> Any:
        """Rejects the first line of the record and goes on with the second."""
        first = self.lines.again_after_first()
        self.reject(self.lines.number, reason, first)
        return csv.reader(self.lines, **self.options)


def _check_splitting(delimiter: str, file: LogFile) -> None:
    quote = file.read.quote
    if delimiter in ("\r", "\n", quote) or quote in ("\r", "\n"):
        found = f"delimiter {quoted_text(delimiter)}, quote {quoted_text(quote)}"
        raise file.error("the file cannot be split", found=found, expected="two characters that do not end a line")


def _without_mark(text: Iterable[str]) -> Iterator[str]:
    """The lines of a text, the first one without a byte-order mark."""
    lines = iter(text)
    for first in islice(lines, 1):
        yield first.removeprefix("\ufeff")
    yield from lines
