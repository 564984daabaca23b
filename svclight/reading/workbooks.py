"""A sheet of an Excel or OpenDocument workbook -> cells of the needed columns, typed as they are there."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from svclight.errors import printable_text, quoted_list, quoted_text
from svclight.reading.open_file import frame_of
from svclight.values.text_dictionary import word_of

if TYPE_CHECKING:
    import pandas as pd

    from svclight.reading.open_file import LogFile


def read_workbook(file: LogFile) -> pd.DataFrame:
    """The needed columns of the sheet; rows without any cell are passed over.

    Raises:
        LogError: It is no workbook, has no such sheet or no header, or columns are absent.
    """
    rows = _read_sheet(file)
    numbered = [(number, row) for number, row in enumerate(rows, 1) if any(cell not in ("", None) for cell in row)]
    header, numbered = _split_header(numbered, file)
    places = file.places(header)
    columns = [[row[place] for _, row in numbered] for place in places]
    return frame_of(file.needed, columns, [number for number, _ in numbered])


def _read_sheet(file: LogFile) -> list[list[Any]]:
    from python_calamine import CalamineError, CalamineWorkbook  # noqa: PLC0415 - loaded when used

    sheet = file.read.sheet or 1
    try:
        book = CalamineWorkbook.from_path(file.path)
        names = book.sheet_names
        if sheet in names:
            return book.get_sheet_by_name(str(sheet)).to_python(skip_empty_area=False)
        if isinstance(sheet, int) and sheet <= len(names):
            return book.get_sheet_by_index(sheet - 1).to_python(skip_empty_area=False)
    except (CalamineError, OSError, ValueError) as error:
        raise file.error("this is no Excel file that can be read", hint=printable_text(error)) from None
    said = quoted_text(sheet) if isinstance(sheet, str) else str(sheet)
    raise file.error(f"there is no sheet {said}", hint=f"these are there: {quoted_list(names)}")


def _split_header(
    numbered: list[tuple[int, list[Any]]], file: LogFile
) -> tuple[list[str], list[tuple[int, list[Any]]]]:
    """The names of the columns, and the rows that follow."""
    wanted = file.read.header
    if isinstance(wanted, tuple):
        return [*wanted, *("" for _ in range(_table_width(numbered) - len(wanted)))], numbered
    if wanted is False:
        return [str(place + 1) for place in range(_table_width(numbered))], numbered
    rows = [(number, row) for number, row in numbered if number >= wanted]
    if not rows:
        raise file.error(f"there is no header in row {wanted} of the sheet")
    return [word_of(cell).strip() for cell in rows[0][1]], rows[1:]


def _table_width(numbered: list[tuple[int, list[Any]]]) -> int:
    return max((len(row) for _, row in numbered), default=0)
