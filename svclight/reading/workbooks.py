"""A sheet of an Excel or OpenDocument workbook -> cells of the needed columns, typed as they are in the sheet.

In: a file and what its definition says of sheet and header. Out: a frame of cells, with each row's number as its line.
An error cell is its text (`#N/A`), which no type reads; a cell that is shown as percent is a `PercentCell`.
"""

from __future__ import annotations

import contextlib
from dataclasses import dataclass
from decimal import Decimal
from typing import TYPE_CHECKING, Any, Final

from svclight.errors import LogError, printable_text, quoted_list, quoted_text
from svclight.reading.open_file import frame_of, joined_names
from svclight.reading.sheet_marks import PERCENT, UnreadableMarksError, sheet_marks
from svclight.values.text_dictionary import word_of

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence
    from pathlib import Path

    import pandas as pd

    from svclight.reading.open_file import LogFile

    Numbered = list[tuple[int, list[Any]]]

_LOOKED: Final = 30
"""So many rows of a sheet are searched for a header."""
_MOST_SHEETS: Final = 12
_MOST_NAMES: Final = 12


class PercentCell(float):
    """The number of percent that a cell shows: 73.2 of a cell that holds 0.732 and is shown as 73.2 %."""

    @property
    def share(self) -> float:
        """The number that the cell holds."""
        return float(Decimal(repr(float(self))).scaleb(-2))


@dataclass(frozen=True)
class Sheet:
    """A sheet of a workbook.

    Attributes:
        name: Its name.
        rows: Its cells from the first row and column on; errors as text, percent as `PercentCell`.
        merged: The first and the last row and column of each merged cell, from 0; None where the kind of workbook does
            not say.
    """

    name: str
    rows: list[list[Any]]
    merged: Sequence[tuple[tuple[int, int], tuple[int, int]]] | None

    @property
    def width(self) -> int:
        """The number of columns."""
        return max(map(len, self.rows), default=0)


def read_workbook(file: LogFile, path: Path) -> pd.DataFrame:
    """The needed columns of a sheet; rows without any cell are passed over.

    Args:
        file: The file.
        path: Where the workbook lies, unpacked.

    Raises:
        LogError: The file is no workbook, has no such sheet or no header, or columns are absent.
    """
    found = read_sheet(file, path)
    header, numbered = _split_header(found, file, path)
    absent = not set(file.needed) <= set(header)
    places = file.places(header, _sheet_hint(file, path, found.name) if absent else "")
    columns = [[row[place] for _, row in numbered] for place in places]
    return frame_of(file.needed, columns, [number for number, _ in numbered])


def read_sheet(file: LogFile, path: Path) -> Sheet:
    """The wanted sheet of a workbook; the first unless the definition names one.

    Raises:
        LogError: The file is no workbook, or has no such sheet.
    """
    book = _Book(file, path)
    wanted, names = file.read.sheet or 1, book.names
    if wanted in names:
        return book.sheet(names.index(str(wanted)))
    if isinstance(wanted, int) and wanted <= len(names):
        return book.sheet(wanted - 1)
    said = quoted_text(wanted) if isinstance(wanted, str) else str(wanted)
    raise file.error(f"there is no sheet {said}", hint=f"these are there: {quoted_list(names)}")


class _Book:
    """A workbook that is read sheet by sheet; what its reader says of damage becomes a LogError."""

    def __init__(self, file: LogFile, path: Path) -> None:
        from python_calamine import CalamineWorkbook  # noqa: PLC0415 - loaded when used

        # calamine reads every kind of workbook in one way, typed cells among them
        self.file, self.path = file, path
        self.book: Any = self._safely(CalamineWorkbook.from_path, path)
        self.names: list[str] = self.book.sheet_names

    def sheet(self, number: int, *, most: int | None = None) -> Sheet:
        """A sheet by its number from 0, or its first rows alone."""
        sheet = self._safely(self.book.get_sheet_by_index, number)
        rows = self._safely(sheet.to_python, skip_empty_area=False, nrows=most)
        name = self.names[number]
        if most is None:
            try:
                marks = sheet_marks(self.path, number, name, height=len(rows))
            except UnreadableMarksError as error:
                raise self._error(error) from None
            for (row, column), mark in marks.items():
                _mark(rows, row, column, mark)
        return Sheet(name, rows, getattr(sheet, "merged_cell_ranges", None))

    def _safely(self, work: Any, *given: Any, **more: Any) -> Any:
        try:
            return work(*given, **more)
        except (KeyboardInterrupt, SystemExit, MemoryError):
            raise
        except BaseException as error:  # noqa: BLE001 - a panic of the reader's language is no Exception
            raise self._error(error) from None

    def _error(self, error: BaseException) -> LogError:
        return self.file.error("this is no Excel file that can be read", hint=printable_text(error, 200))


def _mark(rows: list[list[Any]], row: int, column: int, mark: str) -> None:
    """Puts the text of an error, or the number of percent, in the place of what the reader gave."""
    if row >= len(rows) or column >= len(rows[row]):
        return
    cell = rows[row][column]
    if mark != PERCENT:
        rows[row][column] = mark
    elif isinstance(cell, int | float) and not isinstance(cell, bool):
        # by decimal digits: 0.07 times 100 is 7.000000000000001
        rows[row][column] = PercentCell(Decimal(repr(cell)).scaleb(2))


def _split_header(sheet: Sheet, file: LogFile, path: Path) -> tuple[list[str], Numbered]:
    """The names of the columns of a sheet, and its rows."""
    read = file.read
    numbered = [(number, row) for number, row in _filled(sheet.rows) if number > read.skip]
    if read.names:
        if numbered and len(read.names) > sheet.width:
            message = f"the sheet {quoted_text(sheet.name)} has fewer columns than names are given"
            found = f"{sheet.width} and {len(read.names)} names"
            raise file.error(message, found=found, hint=_sheet_hint(file, path, sheet.name))
        return [*read.names, *("" for _ in range(sheet.width - len(read.names)))], numbered
    if read.header is False:
        return [str(place + 1) for place in range(sheet.width)], numbered
    lines = [read.skip + line for line in read.header_lines]
    body = [(number, row) for number, row in numbered if number >= lines[0]]
    if not body or (len(lines) > 1 and lines[-1] > len(sheet.rows)):
        message = f"there is no header in row {lines[-1]} of the sheet"
        raise file.error(message, hint=_sheet_hint(file, path, sheet.name))
    if len(lines) == 1:
        return _texts(body[0][1]), body[1:]
    return _names_of_lines(sheet, lines), [(number, row) for number, row in body if number > lines[-1]]


def _filled(rows: list[list[Any]]) -> Iterator[tuple[int, list[Any]]]:
    """The rows that have a cell, with their numbers from 1."""
    return ((number, row) for number, row in enumerate(rows, 1) if any(cell not in ("", None) for cell in row))


def _texts(row: Sequence[Any]) -> list[str]:
    return [word_of(cell).strip() for cell in row]


def _names_of_lines(sheet: Sheet, lines: Sequence[int]) -> list[str]:
    """The names of columns from several rows: those of a column are joined by a blank."""
    texts = [_texts(sheet.rows[line - 1]) for line in lines]
    if sheet.merged is None:  # an empty cell is then taken for a part of the one at its left, as in text
        return joined_names(texts)
    for (top, left), (_, right) in sheet.merged:
        row = texts[lines.index(top + 1)] if top + 1 in lines[:-1] else []
        if left < len(row):  # cells may be merged outside of all that are filled
            row[left : right + 1] = [row[left]] * (min(right + 1, len(row)) - left)
    return [" ".join(filter(None, cells)) for cells in zip(*texts, strict=True)]


def _sheet_hint(file: LogFile, path: Path, name: str) -> str:
    """What the sheets of a workbook hold, and what finds the needed columns; tried on each sheet."""
    book = _Book(file, path)
    sheets, parts = list[Sheet](), list[str]()
    for number in range(min(len(book.names), _MOST_SHEETS)):
        with contextlib.suppress(LogError):  # of a sheet that is a chart there is nothing to say
            sheets.append(book.sheet(number, most=_LOOKED))
    if len(book.names) > 1:
        heads = [f"{quoted_text(one.name)} with {quoted_list(_head(one), _MOST_NAMES) or 'no cell'}" for one in sheets]
        parts.append(f"these sheets are there: {'; '.join(heads)}")
    found = next(
        (said for one in sorted(sheets, key=lambda one: one.name != name) if (said := _proposal(one, file, name))), ""
    )
    return "; ".join([*parts, *([found] if found else [])])


def _head(sheet: Sheet) -> list[str]:
    """The cells of the first row of a sheet that has several, else of the first that has one."""
    rows = [[text for text in _texts(row) if text] for _, row in _filled(sheet.rows)]
    return next((row for row in rows if len(row) > 1), rows[0] if rows else [])


def _proposal(sheet: Sheet, file: LogFile, name: str) -> str:
    """What finds the needed columns in a sheet, if anything does."""
    needed, read = set(file.needed), file.read
    where = "" if sheet.name == name else f"sheet: {quoted_text(sheet.name)}"
    for number, row in _filled(sheet.rows):
        if number > read.skip and needed <= set(_texts(row)):
            line = number - read.skip
            parts = [where, f"header: {line}" if read.header_lines != (line,) else ""]
            return f"this finds them: read: {{{', '.join(filter(None, parts))}}}" if any(parts) else ""
    if read.names and where and sheet.width >= len(read.names):
        return f"this has as many columns: read: {{{where}}}"
    return ""
