"""Writes sheets of plain data into a workbook: table objects, colours, heights of rows, pages as wide as A4.

In: an open workbook of xlsxwriter, `Sheet`s. Out: its worksheets. Text is written as text: nothing becomes a formula
or a link.
"""

from __future__ import annotations

import datetime as dt
from typing import TYPE_CHECKING, Any, Final

from svclight.card.lights import OUTLINE, PALETTES
from svclight.errors import printable_text
from svclight.excel.sheets import Number

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from svclight.excel.sheets import Cell, Column, Sheet, Table

# A text of a log may begin with = or http: it stays a text, and never becomes a formula or a link.
OPTIONS: Final = {
    "in_memory": True,
    "strings_to_formulas": False,
    "strings_to_urls": False,
    "strings_to_numbers": False,
}
CREATED: Final = dt.datetime(2000, 1, 1, tzinfo=dt.UTC)  # the same bytes for the same inputs: no clock is read
_A4: Final = 9
_LONGEST: Final = 2_000
_RIGHT: Final = {"valign": "top", "align": "right", "indent": 1}
PAINTS: Final = PALETTES["svclight"]
_NARROWEST: Final = 8
_WIDEST: Final = 38
_LONG: Final = 100
_WIDEST_OF_LONG: Final = 56
"""A column with a text of more than 100 characters may be wider."""
_NO_BREAK: Final = "\N{NO-BREAK SPACE}"
_INK: Final = "#5f6673"
_PALE: Final = 0.45
"""How much of its colour a bar keeps behind a number, which must be read on it."""
_TREND: Final = 24
"""The width of the column in which the periods are drawn."""
_LINE: Final = 15.75
"""The height of a line of text, in points."""
_LEAST_OF_TREND: Final = 21
"""The least height of a row in which periods are drawn."""


class Pen:
    """Writes sheets into a workbook; each format is made once."""

    def __init__(self, book: Any) -> None:
        self.book = book
        self._made: dict[tuple[tuple[str, Any], ...], Any] = {}
        self._tables = 0

    def style(self, **keys: Any) -> Any:
        """The format with these properties."""
        known = tuple(sorted(keys.items()))
        if known not in self._made:
            self._made[known] = self.book.add_format(keys)
        return self._made[known]

    def write(self, sheet: Sheet) -> None:
        """Writes a sheet: its lines, its tables, its notes, each as wide as the first table is printed."""
        page = self.book.add_worksheet(sheet.name)
        widths = _widths(sheet)
        last = (sheet.trend or max(len(widths), 1)) - 1
        for place, width in enumerate(widths):
            page.set_column(place, place, width)
        across = max(int(sum(widths[: last + 1])), 60)
        at = 0
        for place, text in enumerate(sheet.lines):
            self._write_line(page, at, last, text, across, is_heading=not place)
            at += 1
        at += 1
        heads = []
        for table in sheet.tables:
            if table.heading:
                page.write_string(at, 0, shown_text(table.heading, _LONGEST), self.style(bold=True))
                at += 1
            heads.append(at)
            self._write_table(page, at, table, _LEAST_OF_TREND if sheet.trend else _LINE)
            if sheet.trend:
                self._write_trends(page, at + 1, sheet, table)
            at += len(table.rows) + 2
        for text in sheet.notes:
            self._write_line(page, at, last, text, across)
            at += 1
        _set_print(page, heads)
        if sheet.trend:
            page.print_area(0, 0, max(at - 1, 1), last)

    def _write_line(self, page: Any, at: int, last: int, text: str, across: int, *, is_heading: bool = False) -> None:
        """Writes a line over all columns that are printed, as high as its text is long."""
        shown = shown_text(text, _LONGEST)
        size = 16 if is_heading else 11
        style = self.style(bold=is_heading, font_size=size, text_wrap=True, valign="top")
        lines = -(-len(shown) * size // (11 * across))
        page.set_row(at, _LINE * size / 11 * max(lines, 1))
        if last:
            page.merge_range(at, 0, at, last, "", style)
        page.write_string(at, 0, shown, style)

    def _write_table(self, page: Any, at: int, table: Table, least: float = _LINE) -> None:
        """Writes a table with its filters, rows at least so high; an unknown cell is left empty."""
        heads = list(_unlike(shown_text(column.head, 200) for column in table.columns))
        widths = _table_widths(table)
        for row, cells in enumerate(table.rows, at + 1):
            for place, (column, cell) in enumerate(zip(table.columns, cells, strict=True)):
                self._write_cell(page, (row, place), column, cell)
            lines = max(_lines_of(cell, width - 1) for cell, width in zip(cells, widths, strict=True))
            if lines > 1 or least > _LINE:
                page.set_row(row, max(_LINE * lines, least))
        self._tables += 1
        page.add_table(
            at, 0, at + len(table.rows), len(heads) - 1,
            {
                "name": f"table_{self._tables}", "style": "Table Style Light 1", "banded_rows": False,
                "columns": [
                    {"header": head, "header_format": self._head_style(column)}
                    for head, column in zip(heads, table.columns, strict=True)
                ],
            },
        )  # fmt: skip
        page.set_row(at, _LINE * max(_lines_of(head, width - 3) for head, width in zip(heads, widths, strict=True)))
        for place, column in enumerate(table.columns):
            self._colour(page, (at + 1, place, at + len(table.rows), place), column)

    def _head_style(self, column: Column) -> Any:
        """The format of a head: that of a number stands over its middle."""
        align = {"align": "center"} if column.pattern and "y" not in column.pattern else {"align": "left", "indent": 1}
        return self.style(bold=True, text_wrap=True, valign="vcenter", bottom=1, bottom_color=OUTLINE, **align)

    def _write_cell(self, page: Any, at: tuple[int, int], column: Column, cell: Cell) -> None:
        match cell:
            case None:
                pass
            case str():
                page.write_string(
                    *at,
                    shown_text(cell, _LONGEST),
                    self.style(text_wrap=True, valign="top", align="left", indent=1),
                )
            case dt.date():
                style = self.style(num_format=column.pattern, valign="top", align="left", indent=1)
                page.write_datetime(*at, dt.datetime.combine(cell, dt.time()), style)
            case Number(value, pattern):
                page.write_number(*at, value, self.style(num_format=pattern, **_RIGHT))
            case _:
                page.write_number(*at, cell, self.style(num_format=column.pattern, **_RIGHT))

    def _colour(self, page: Any, area: tuple[int, int, int, int], column: Column) -> None:
        """Has a column show bars behind shares, and colours behind signs and words."""
        if column.bar:
            page.conditional_format(*area, {
                "type": "data_bar", "data_bar_2010": True, "bar_solid": True,
                "bar_color": pale(PAINTS[column.bar].fill),
                "min_type": "num", "max_type": "num", "min_value": 0, "max_value": 1,
            })  # fmt: skip
        for word, zone in column.colours:
            paint = PAINTS[zone]
            style = self.style(bg_color=paint.fill, font_color=paint.text)
            how = "begins with" if len(word) == 1 else "containing"
            page.conditional_format(*area, {"type": "text", "criteria": how, "value": word, "format": style})

    def _write_trends(self, page: Any, at: int, sheet: Sheet, table: Table) -> None:
        """Draws the numbers behind each row as small bars; a row that is sorted takes its bars along."""
        from xlsxwriter.utility import xl_range_abs  # noqa: PLC0415 - loaded when used

        last = len(table.columns) - 1
        for row in range(at, at + len(table.rows)) if last >= sheet.trend else ():
            area = xl_range_abs(row, sheet.trend, row, last)
            page.add_sparkline(row, sheet.trend - 1, {
                "range": f"'{sheet.name}'!{area}", "type": "column", "min": 0, "max": 1, "series_color": _INK,
            })  # fmt: skip


def _widths(sheet: Sheet) -> list[int]:
    """The widths of the columns of a sheet, in characters."""
    found: list[int] = []
    for table in sheet.tables:
        for place, width in enumerate(_table_widths(table)):
            if place == len(found):
                found.append(width)
            found[place] = max(found[place], width)
    if sheet.trend:
        found[sheet.trend - 1] = _TREND
    return found


def _table_widths(table: Table) -> list[int]:
    """The widths of the columns of a table: those of their longest words and texts, within limits."""
    made = []
    for place, column in enumerate(table.columns):
        longest = max((len(cells[place]) for cells in table.rows if isinstance(cells[place], str)), default=0)  # type: ignore[arg-type] # texts
        words = [len(word) + 5 for word in column.head.split()]  # a filter's button stands beside it
        made.append(max(_NARROWEST, *words, min(longest + 4, _WIDEST if longest <= _LONG else _WIDEST_OF_LONG)))
    return made


def _lines_of(cell: Cell, width: int) -> int:
    """The number of lines that a text takes in so many characters, words unbroken."""
    if not isinstance(cell, str):
        return 1
    lines, room = 1, width
    for word in cell.split():
        if room < len(word) and room < width:
            lines, room = lines + 1, width
        lines += (len(word) - 1) // width
        room -= len(word) % width + 1
    return lines


def shown_text(text: str, limit: int) -> str:
    """The text with control characters written out; our own texts have no-break spaces, which stay."""
    return _NO_BREAK.join(printable_text(part, limit) for part in text.split(_NO_BREAK))[:limit]


def _unlike(heads: Iterator[str]) -> Iterator[str]:
    """The heads, each unlike all before: a table object takes no head twice, and none that is empty."""
    taken: set[str] = set()
    for head in heads:
        shown, again = head or "–", 1
        while shown.lower() in taken:
            again += 1
            shown = f"{head} ({again})"
        taken.add(shown.lower())
        yield shown


def pale(colour: str) -> str:
    """A paler colour of the same hue.

    Examples:
        >>> from svclight.excel.pen import pale
        >>> pale("#000000"), pale("#ffffff")
        ('#8c8c8c', '#ffffff')
    """
    parts = (int(colour[at : at + 2], 16) for at in (1, 3, 5))
    return "#" + "".join(f"{round(255 - (255 - part) * _PALE):02x}" for part in parts)


def set_paper(page: Any) -> None:
    """Has a sheet printed on A4, with its name and the number of the page below."""
    page.set_landscape()
    page.set_paper(_A4)
    page.set_margins(left=0.4, right=0.4, top=0.5, bottom=0.6)
    page.set_footer("&L&A&R&P / &N")
    page.hide_gridlines(2)


def _set_print(page: Any, heads: Sequence[int]) -> None:
    """Has a sheet printed as wide as the paper, the head of its only table on each page; heads are frozen."""
    set_paper(page)
    page.fit_to_pages(1, 0)
    if len(heads) == 1:
        page.repeat_rows(heads[0])
        page.freeze_panes(heads[0] + 1, 1)
