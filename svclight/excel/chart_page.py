"""The sheet of charts of a workbook: green, yellow and red of each criterion by period.

In: an open workbook, `Chart`s. Out: a worksheet with native charts, and beside them, not printed, their numbers.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, Final

from svclight.card.lights import OUTLINE
from svclight.excel.pen import PAINTS, set_paper, shown_text
from svclight.pages import page_words
from svclight.thresholds import ZONES
from svclight.wording.catalogue import say, say_of
from svclight.wording.zone_words import zone_members

if TYPE_CHECKING:
    from collections.abc import Sequence

    from svclight.excel.pen import Pen
    from svclight.excel.sheets import Chart

_CHART: Final = (620, 280)
"""Width and height of a chart in pixels."""
_CHART_ROWS: Final = 15
_CHART_COLUMNS: Final = 10
_ROWS_A_PAGE: Final = 3
_SCALE: Final = 70
"""In percent: so two charts stand beside each other on A4, three under each other."""
_DATA: Final = 24
"""The column from which the numbers of the charts stand, beside them and not printed."""


def write_charts(pen: Pen, charts: Sequence[Chart], lang: str) -> None:
    """Draws each criterion's zones by period; the numbers stand beside the charts, where no filter moves them."""
    name = say_of("page of the workbook", "charts", lang)
    page = pen.book.add_worksheet(name)
    page.write_string(
        0, 0, say("Green, yellow and red of what is rated, by period", lang), pen.style(bold=True, font_size=16)
    )
    for place, chart in enumerate(charts):
        at, first = place * (len(chart.periods) + 2), _DATA
        _write_chart_data(page, at, first, chart, lang)
        drawn = _chart(pen.book, name, at, first, len(chart.periods))
        row, column = 2 + place // 2 * _CHART_ROWS, place % 2 * _CHART_COLUMNS
        page.insert_chart(row, column, drawn, {"object_position": 3})
    set_paper(page)
    page.set_print_scale(_SCALE)
    rows = -(-len(charts) // 2)
    page.print_area(0, 0, 2 + rows * _CHART_ROWS, 2 * _CHART_COLUMNS - 1)
    # Excel heeds no breaks of pages where it fits a sheet to the paper: so the scale is given
    page.set_h_pagebreaks([2 + row * _CHART_ROWS for row in range(_ROWS_A_PAGE, rows, _ROWS_A_PAGE)])


def _write_chart_data(page: Any, at: int, first: int, chart: Chart, lang: str) -> None:
    """Writes the title of a chart, the zones, and a row for each period."""
    page.write_string(at, first, shown_text(chart.title, 120))
    letters = page_words.letters_of(lang)
    for place, (letter, zone) in enumerate(zip(letters, ZONES, strict=True), 1):
        page.write_string(at, first + place, f"{letter} {zone_members(zone, lang)}")
    for row, (period, counts) in enumerate(zip(chart.periods, chart.counts, strict=True), at + 1):
        page.write_string(row, first, period)
        for place, count in enumerate(counts, 1):
            page.write_number(row, first + place, count)


def _chart(book: Any, name: str, at: int, first: int, periods: int) -> Any:
    """A chart of stacked shares over the numbers that stand at a place of a sheet."""
    made = book.add_chart({"type": "column", "subtype": "percent_stacked"})
    for place, zone in enumerate(ZONES, 1):
        made.add_series({
            "name": [name, at, first + place],
            "categories": [name, at + 1, first, at + periods, first],
            "values": [name, at + 1, first + place, at + periods, first + place],
            "fill": {"color": PAINTS[zone].fill}, "border": {"color": OUTLINE, "width": 0.5}, "gap": 25,
        })  # fmt: skip
    made.set_title({"name": [name, at, first], "name_font": {"size": 11}, "overlay": False})
    made.set_x_axis({"num_font": {"size": 8}, "text_axis": True})
    made.set_y_axis(
        {
            "num_format": "0 %",
            "num_font": {"size": 8},
            "major_gridlines": {"visible": True, "line": {"color": "#d0d0d0"}},
        }
    )
    made.set_legend({"position": "bottom", "font": {"size": 9}})
    made.set_size({"width": _CHART[0], "height": _CHART[1]})
    return made
