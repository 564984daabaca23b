"""A card as an Excel file: overview, shares, counts, reasons, rejected lines (without their text).

In: a card and its summary. Out: the file's bytes, the same for the same card. Text is written as text: nothing becomes
a formula or a link.
"""

from __future__ import annotations

import datetime as dt
import io
from functools import partial
from typing import TYPE_CHECKING, Any, Final

import pandas as pd

from svclight.card.course_table import HEADS
from svclight.card.lights import OUTLINE, PALETTES
from svclight.card.summary import summary_table
from svclight.errors import SvclightError, printable_text
from svclight.thresholds import ZONES
from svclight.wording.shares import number_format, number_text, share_text, targets_told

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Mapping

    from svclight.card.lights import Light
    from svclight.pages.report_content import Summary
    from svclight.scorecard import Scorecard
    from svclight.wording.shares import Ends

MOST_ROWS: Final = 1_048_575
"""Rows of a sheet, the head excepted."""
# A text of a log may begin with = or http: it stays a text, and never becomes a formula or a link.
OPTIONS: Final = {
    "in_memory": True,
    "strings_to_formulas": False,
    "strings_to_urls": False,
    "strings_to_numbers": False,
}
CREATED: Final = dt.datetime(2000, 1, 1, tzinfo=dt.UTC)  # the same bytes for the same inputs: no clock is read


def report_workbook(card: Scorecard, summary: Summary) -> bytes:
    """The bytes of the Excel file.

    Raises:
        SvclightError: A table has more rows than a sheet holds.
    """
    import xlsxwriter  # noqa: PLC0415 - loaded when used

    file = io.BytesIO()
    with xlsxwriter.Workbook(file, dict(OPTIONS)) as book:
        book.set_properties({"title": printable_text(summary.title, 200), "created": CREATED})
        styles = {
            "item": book.add_format({"indent": 2}),
            "bold": book.add_format({"bold": True}),
            **{zone: book.add_format(_zone_format(zone)) for zone in PALETTES["svclight"]},
        }
        formats = _Formats(book)
        styled = partial(_number_style, targets_told(card.definitions), formats)
        _write_overview(book.add_worksheet("overview"), summary, styles)
        tables = {"shares": card.shares(), "counts": card.counts, "reasons": card.reasons}
        if summary.has_amounts:
            tables["summary"] = summary_table(card).drop(columns="exact")
        if len(card.responses):
            tables["response rates"] = card.response_rates()
        told = {"unread": card.unread, "joins": card.joins}
        tables |= {name: table for name, table in told.items() if len(table)}
        for name, table in {**tables, "rejected": card.rejected[["file", "line", "reason"]]}.items():
            _write_table(book.add_worksheet(name), name, table, styles["bold"], styled)
        if summary.courses:
            _write_courses(book.add_worksheet("usual course"), summary, styles["bold"], formats)
    return file.getvalue()


class _Formats:
    """Number formats of a workbook, each made once, by the text that a cell is to show."""

    def __init__(self, book: Any) -> None:
        self._book = book
        self._made: dict[str, Any] = {}

    def showing(self, text: str) -> Any:
        """The format by which a cell with the exact number shows this text."""
        pattern = number_format(text)
        if pattern not in self._made:
            self._made[pattern] = self._book.add_format({"num_format": pattern})
        return self._made[pattern]


def _zone_format(zone: str) -> dict[str, Any]:
    paint = PALETTES["svclight"][zone]
    return {"bg_color": paint.fill, "font_color": paint.text, "border": 1, "border_color": OUTLINE, "align": "center"}


def _write_overview(sheet: Any, summary: Summary, styles: dict[str, Any]) -> None:
    """Writes provenance, then the traffic-light table, then counts that are not rated and further notes."""
    sheet.set_column(0, 0, 44)
    sheet.set_column(1, max(len(summary.table.columns), 1), 18)
    _write_row(sheet, 0, [summary.title], styles["bold"])
    at = 1
    for name, text in summary.facts:
        _write_row(sheet, at, [name, text])
        at += 1
    at += 1
    _write_row(sheet, at, ["Log", "Files", "Rows", "Interactions", "Rejected lines"], styles["bold"])
    for log in summary.logs:
        at += 1
        _write_row(sheet, at, log)
    for process, reason, count in summary.excluded:
        at += 1
        _write_row(sheet, at, [process, f"excluded: {reason}", count])
    at += 2
    heads = [column.heading for column in summary.table.columns]
    _write_row(sheet, at, ["Criterion", *heads, f"not rated, all {summary.kind}s"], styles["bold"])
    for row in summary.table.rows:
        at += 1
        name = f"{summary.table.processes[row.process]}: {row.title}"
        sheet.write_string(
            at, 0, printable_text(row.name if row.card else name, 400), styles["item"] if row.card else None
        )
        for place, light in enumerate(row.lights, 1):
            _write_light(sheet, (at, place), light, styles)
        _write_row(sheet, at, [f"{row.total.not_rated_count:,}"], first=len(row.lights) + 1)
    for note in summary.notices:
        at += 1
        _write_row(sheet, at + 1, [note])


def _write_courses(sheet: Any, summary: Summary, bold: Any, formats: _Formats) -> None:
    """Writes the steps of each process in their usual order, counts as numbers."""
    sheet.set_column(0, 1, 30)
    sheet.set_column(2, len(HEADS) - 1, 16)
    at = 0
    for course in summary.courses:
        _write_row(sheet, at, [course.title], bold)
        _write_row(sheet, at + 1, HEADS, bold)
        at += 2
        for step in course.steps:
            _write_row(sheet, at, step.cells())
            if step.cases is not None:
                sheet.write_number(at, 2, step.cases)
                sheet.write_number(at, len(HEADS) - 1, step.out_of_order)
                if step.of:
                    sheet.write_number(at, 3, step.cases / step.of, formats.showing(step.share))
            at += 1
        _write_row(sheet, at, [course.in_words])
        at += 2


def _write_light(sheet: Any, at: tuple[int, int], light: Light, styles: dict[str, Any]) -> None:
    """Writes the light of a criterion and period as text on its colour."""
    response = light.response
    answered = "" if response is None else f"; response {response.share} {response.interval}".rstrip()
    if not light.rated_count:
        sheet.write_string(*at, f"no data{answered}")
        return
    flags = f" ({', '.join(light.flags)})" if light.flags else ""
    sheet.write_string(
        *at, f"{light.letter} {light.share} n={light.rated_count:,}{flags}{answered}", styles[light.zone]
    )


def _write_row(sheet: Any, row: int, texts: Iterable[str], style: Any = None, first: int = 0) -> None:
    for place, text in enumerate(texts, first):
        sheet.write_string(row, place, printable_text(text, 2000), style)


def _write_table(
    sheet: Any, name: str, table: pd.DataFrame, bold: Any, style_of: Callable[[str, float, Mapping[Any, Any]], Any]
) -> None:
    """Writes a tidy table, numbers as numbers; unknown cells are left empty.

    `style_of` gives the format of a number from its column, the number, and the row that it stands in.
    """
    if len(table) > MOST_ROWS:
        raise SvclightError(
            f"the table {name} has {len(table):,} rows, a sheet of Excel holds {MOST_ROWS:,}: write the counts as .csv"
        )
    _write_row(sheet, 0, [str(column) for column in table.columns], bold)
    sheet.freeze_panes(1, 0)
    sheet.set_column(0, max(len(table.columns) - 1, 0), 14)
    for at, row in enumerate(table.to_dict("records"), 1):
        for place, (column, value) in enumerate(row.items()):
            if value is None or value is pd.NA:  # flags, categories and `worst` have no numbers
                continue
            if isinstance(value, int | float):
                if value == value:  # noqa: PLR0124 - NaN: nothing was rated
                    sheet.write_number(at, place, value, style_of(str(column), value, row))
            else:
                sheet.write_string(at, place, printable_text(value, 2000))


def _number_style(
    told: Mapping[tuple[str, str], Mapping[str, Ends]],
    formats: _Formats,
    column: str,
    value: float,
    row: Mapping[Any, Any],
) -> Any:
    """The format of a number: a share or net score shows the text that it has everywhere; others have none."""
    zone = "net" if column.startswith("net") else column.partition("_share")[0]
    if zone not in (*ZONES, "net"):
        return formats.showing(share_text(value)) if column.startswith("response_rate") else None
    ends = told[row["process"], row["criterion"]][zone]
    if zone == "net":
        return formats.showing(number_text(value, ends, signed=True))
    return formats.showing(share_text(value, ends)) if "_share" in column else None
