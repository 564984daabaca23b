"""A card as an Excel file: the answer first, then its numbers as numbers, and where they come from.

In: a card, verdicts on its targets or none, the language of the reader. Out: the file's bytes, the same for the same
card.
"""

from __future__ import annotations

import io
from typing import TYPE_CHECKING, Any, Final

from svclight.excel.answer_sheet import answer_sheet, charts_of
from svclight.excel.chart_page import write_charts
from svclight.excel.decision_sheets import MOST_LINES, plan_sheet, targets_sheet
from svclight.excel.number_sheets import periods_sheet, responses_sheet, segments_sheet, summary_sheet
from svclight.excel.pen import CREATED, OPTIONS, Pen, shown_text
from svclight.excel.rest_sheets import rest_sheets
from svclight.excel.sheets import told_of
from svclight.pages.answer import answer
from svclight.pages.answer_rows import report_notices
from svclight.pages.page_content import plan_commands, plan_notes
from svclight.pages.page_periods import page_periods
from svclight.pages.report_rest import rest_of
from svclight.wording.catalogue import say

if TYPE_CHECKING:
    from collections.abc import Iterator

    from svclight.excel.sheets import Sheet, Told
    from svclight.pages.page_periods import PagePeriods
    from svclight.scorecard import Scorecard

MOST_CHARTS: Final = 12
"""So many criteria have charts: more are neither read nor opened quickly."""


def report_workbook(card: Scorecard, checks: Any = None, *, lang: str | None = None) -> bytes:
    """The bytes of the Excel file.

    Args:
        card: What was counted.
        checks: Verdicts on targets as `check` gives them; those of the newest period unless given.
        lang: The language of its reader; that of the definitions unless given.

    Raises:
        SvclightError: Nothing is written in the language.
    """
    import xlsxwriter  # noqa: PLC0415 - loaded when used

    told = told_of(card, answer(card, checks, lang=lang))
    shown = page_periods(card)
    first, *others = _sheets(told, shown)
    charts = charts_of(told, shown)
    file = io.BytesIO()
    with xlsxwriter.Workbook(file, dict(OPTIONS)) as book:
        title = card.provenance.title or say("Service quality", told.lang)
        book.set_properties({"title": shown_text(title, 200), "created": CREATED})
        pen = Pen(book)
        pen.write(first)
        if 0 < len(charts) <= MOST_CHARTS:
            write_charts(pen, charts, told.lang)
        for sheet in others:
            pen.write(sheet)
    return file.getvalue()


def _sheets(told: Told, shown: PagePeriods) -> Iterator[Sheet]:
    """The sheets in their order; one without a row is left out."""
    card, found = told.card, told.found
    rest = rest_of(card, told.lang)
    yield answer_sheet(told, shown, report_notices(card, found, rest.notices))
    if any(line.rated or line.not_rated for line in found.lines) or len(card.counts):
        yield periods_sheet(told)
    if card.by and len(card.counts):
        yield segments_sheet(told)
    if len(found.checks.table):
        yield targets_sheet(told)
    if len(found.priorities.table):
        commands = plan_commands(found.priorities, card, MOST_LINES)
        notes = plan_notes(found.priorities, told.lang, MOST_LINES)
        yield plan_sheet(told, commands, notes)
    summary = summary_sheet(told)
    if summary.tables[0].rows:
        yield summary
    if len(card.responses):
        yield responses_sheet(told)
    yield from rest_sheets(told, rest)
