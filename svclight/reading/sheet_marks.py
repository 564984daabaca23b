"""What the reader of workbooks does not give of a sheet: texts of error cells, and which cells are shown as percent.

In: an .xlsx, .xlsm or .ods file and a sheet. Out: by row and column from 0 the text of an error cell (`#N/A`), or
`PERCENT`. Other kinds (.xls, .xlsb) give nothing: their reader takes an error for an empty cell there.

calamine, the only reader of all kinds of workbooks, has no number formats and drops errors; openpyxl has both, but is
slow, reads .xlsx alone, and would be another dependency. So the XML of the sheet is passed through once more, and only
where it may hold such a cell at all.
"""

from __future__ import annotations

import re
import zipfile
from contextlib import suppress
from dataclasses import dataclass, field
from posixpath import normpath
from typing import TYPE_CHECKING, Any, Final
from xml.parsers import expat

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator
    from pathlib import Path

PERCENT: Final = "%"
"""The mark of a cell that is shown as percent."""
Marks = dict[tuple[int, int], str]
BLIND: Final = (".xls", ".xlsb")
"""Kinds of workbooks whose reader gives neither errors nor percent."""
_OFFICE: Final = (".xlsx", ".xlsm")
_OPEN: Final = (".ods",)
_BUILT_IN: Final = frozenset(("9", "10"))
"""The numbers of Excel's own formats of percent."""
_NO_SIGN: Final = re.compile(r'"[^"]*"|\\.|\[[^\]]*\]|[_*].')
"""Parts of a number format in which a percent sign is only text."""
_PIECE: Final = 1 << 16
_LONGEST: Final = 16
_ERROR: Final = re.compile(rb"""\bt=["']e["']""")


class UnreadableMarksError(Exception):
    """The XML of a workbook is damaged, or is none that may be read."""


def blind_notice(file: str) -> str:
    """What is said of a workbook whose errors look empty; nothing of other files."""
    if not file.lower().endswith(BLIND):
        return ""
    return (
        f"{file}: in a file of this kind an error such as #N/A looks like an empty cell, and 73.2 % like 0.732: "
        "save it as .xlsx where it has such cells"
    )


def sheet_marks(path: Path, sheet: int, name: str, *, height: int) -> Marks:
    """The marks of the cells of a sheet.

    Args:
        path: A workbook that its reader could open.
        sheet: The sheet's number from 0.
        name: Its name.
        height: How many rows it has.

    Raises:
        UnreadableMarksError: The XML is damaged.
    """
    suffix = path.suffix.lower()
    try:
        if suffix in _OFFICE:
            with zipfile.ZipFile(path) as book:
                return _office_marks(book, name)
        if suffix in _OPEN:
            with zipfile.ZipFile(path) as book:
                return _open_marks(book, sheet, height)
    except (expat.ExpatError, zipfile.BadZipFile, OSError, EOFError, ValueError, NotImplementedError) as error:
        raise UnreadableMarksError(str(error)) from None
    return {}


def _office_marks(book: zipfile.ZipFile, name: str) -> Marks:
    """The marks of a sheet of Excel's own format."""
    member = _member_of_sheet(book, name)
    styles = _percent_styles(book)
    if member is None or not (styles or _has_errors(book, member)):
        return {}
    cells = _OfficeCells(styles)
    with book.open(member) as stream:
        _parse(stream, cells.start, cells.end, cells.text)
    return cells.marks


def _member_of_sheet(book: zipfile.ZipFile, name: str) -> str | None:
    """The file of a sheet inside of a workbook."""
    targets: dict[str, str] = {}
    ids: dict[str, str] = {}

    def relation(tag: str, keys: dict[str, str]) -> None:
        if tag == "Relationship" and "Id" in keys and "Target" in keys:
            targets[keys["Id"]] = keys["Target"]

    def sheet(tag: str, keys: dict[str, str]) -> None:
        if tag == "sheet":
            named = {key.rpartition(":")[2]: value for key, value in keys.items()}
            ids[named.get("name", "")] = named.get("id", "")

    with suppress(
        KeyError
    ):  # a workbook may lay its files elsewhere: then its reader has found them, and nothing is told
        with book.open("xl/_rels/workbook.xml.rels") as stream:
            _parse(stream, relation)
        with book.open("xl/workbook.xml") as stream:
            _parse(stream, sheet)
        target = targets[ids[name]]
        member = target[1:] if target.startswith("/") else normpath(f"xl/{target}")
        return book.getinfo(member).filename
    return None


def _percent_styles(book: zipfile.ZipFile) -> frozenset[str]:
    """The numbers of the styles of cells that are shown as percent."""
    formats, styles, inside = set(_BUILT_IN), list[str](), list[str]()

    def start(tag: str, keys: dict[str, str]) -> None:
        inside.append(tag)
        if tag == "numFmt" and "%" in _NO_SIGN.sub("", keys.get("formatCode", "")):
            formats.add(keys.get("numFmtId", ""))
        elif tag == "xf" and "cellXfs" in inside:
            styles.append(keys.get("numFmtId", ""))

    with suppress(KeyError), book.open("xl/styles.xml") as stream:
        _parse(stream, start, lambda _: inside.pop())
    return frozenset(str(number) for number, one in enumerate(styles) if one in formats)


def _has_errors(book: zipfile.ZipFile, member: str) -> bool:
    """Whether some cell of a sheet is an error."""
    kept = b""
    with book.open(member) as stream:
        while piece := stream.read(_PIECE):
            if _ERROR.search(kept + piece):
                return True
            kept = piece[-_LONGEST:]
    return False


@dataclass
class _OfficeCells:
    """What the parser calls while it reads a sheet of Excel's own format."""

    styles: frozenset[str]
    marks: Marks = field(default_factory=dict)
    row: int = -1
    column: int = -1
    is_error: bool = False
    in_value: bool = False

    def start(self, tag: str, keys: dict[str, str]) -> None:
        """An element begins."""
        if tag == "c":
            self._start_cell(keys)
        elif tag == "v":
            self.in_value = self.is_error
        elif tag == "row":
            self.row, self.column = int(keys["r"]) - 1 if "r" in keys else self.row + 1, -1

    def _start_cell(self, keys: dict[str, str]) -> None:
        place = keys.get("r", "")
        self.column = _column_number(place) if place else self.column + 1
        self.is_error = keys.get("t") == "e"
        if keys.get("t", "n") == "n" and keys.get("s") in self.styles:
            self.marks[self.row, self.column] = PERCENT

    def text(self, text: str) -> None:
        """A piece of text stands inside of an element."""
        if self.in_value:
            place = (self.row, self.column)
            self.marks[place] = self.marks.get(place, "") + text

    def end(self, tag: str) -> None:
        """An element ends."""
        if tag == "v":
            self.in_value = False


def _column_number(place: str) -> int:
    """The number of a column from 0 by a cell's place such as AB12."""
    number = 0
    for letter in place.rstrip("0123456789"):
        number = 26 * number + ord(letter.upper()) - ord("A") + 1
    return number - 1


def _open_marks(book: zipfile.ZipFile, sheet: int, height: int) -> Marks:
    """The marks of a sheet of an OpenDocument."""
    cells = _OpenCells(sheet, height)
    with book.open("content.xml") as stream:
        _parse(stream, cells.start, cells.end, cells.text)
    return cells.marks


@dataclass
class _OpenCells:
    """What the parser calls while it reads an OpenDocument."""

    sheet: int
    height: int
    marks: Marks = field(default_factory=dict)
    table: int = -1
    row: int = 0
    column: int = 0
    rows: int = 1
    columns: int = 1
    mark: str = ""
    is_error: bool = False

    def start(self, tag: str, keys: dict[str, str]) -> None:
        """An element begins."""
        if tag == "table:table":
            self.table, self.row = self.table + 1, 0
        elif tag == "table:table-row":
            self.rows, self.column = int(keys.get("table:number-rows-repeated", 1)), 0
        elif tag in ("table:table-cell", "table:covered-table-cell"):
            self.columns = int(keys.get("table:number-columns-repeated", 1))
            self.is_error = keys.get("calcext:value-type") == "error"
            self.mark = PERCENT if keys.get("office:value-type") == "percentage" and not self.is_error else ""

    def text(self, text: str) -> None:
        """A piece of text stands inside of an element."""
        if self.is_error:
            self.mark += text.strip()

    def end(self, tag: str) -> None:
        """An element ends: a cell or a row may stand for several."""
        if tag in ("table:table-cell", "table:covered-table-cell"):
            if self.mark and self.table == self.sheet:
                self.marks.update(dict.fromkeys(self._places(), self.mark))
            self.column += self.columns
            self.mark, self.is_error = "", False
        elif tag == "table:table-row":
            self.row += self.rows

    def _places(self) -> Iterator[tuple[int, int]]:
        for row in range(self.row, min(self.row + self.rows, self.height)):
            for column in range(self.column, self.column + self.columns):
                yield row, column


def _parse(
    stream: Any,
    start: Callable[[str, dict[str, str]], None],
    end: Callable[[str], object] = lambda _: None,
    text: Callable[[str], None] = lambda _: None,
) -> None:
    """Passes XML through functions; a document type, in which alone entities can be declared, is refused."""
    parser = expat.ParserCreate()

    def refuse(*_: object) -> None:
        raise UnreadableMarksError("an XML file with a document type is not read")

    parser.StartElementHandler = start
    parser.EndElementHandler = end
    parser.CharacterDataHandler = text
    parser.StartDoctypeDeclHandler = refuse
    while piece := stream.read(_PIECE):
        parser.Parse(piece, False)  # noqa: FBT003 - the parser takes no keywords
    parser.Parse(b"", True)  # noqa: FBT003 - as above
