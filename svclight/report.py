"""Reports of a card as one HTML page, as Markdown, as an Excel file; and the plots, handed on.

In: a card, a path, verdicts on targets or none. Out: a file, written whole or not at all, with the same bytes for the
same card. What is said is worked out once, as plain data (`pages.answer`, `pages.page_content`), and then rendered. The
page needs no network; all text is escaped.
"""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Any, Final

from svclight import plots
from svclight.card.card_tables import check_card
from svclight.errors import Issue, SvclightError, quoted_text
from svclight.excel.report_workbook import report_workbook
from svclight.pages.html_page import page_html
from svclight.pages.markdown import markdown_report
from svclight.pages.page_content import page_of
from svclight.values.files import write_whole

if TYPE_CHECKING:
    from collections.abc import Callable

    from svclight.plots import (
        plot_budget,
        plot_calibration,
        plot_cohorts,
        plot_control,
        plot_distribution,
        plot_drivers,
        plot_effect,
        plot_forecast,
        plot_funnel,
        plot_need,
        plot_overview,
        plot_plan,
        plot_steps,
        plot_values,
        plot_what_if,
    )
    from svclight.scorecard import Scorecard

__all__ = [
    "html",
    "plot_budget",
    "plot_calibration",
    "plot_cohorts",
    "plot_control",
    "plot_distribution",
    "plot_drivers",
    "plot_effect",
    "plot_forecast",
    "plot_funnel",
    "plot_need",
    "plot_overview",
    "plot_plan",
    "plot_steps",
    "plot_values",
    "plot_what_if",
    "write",
]

SUFFIXES: Final = (".html", ".md", ".xlsx")


def write(
    card: Scorecard, path: str | Path, checks: Any = None, *, lang: str | None = None, quote_cells: bool = False
) -> Path:
    """Writes a report, by the suffix of the path: .html, .md or .xlsx.

    Args:
        card: What was counted.
        path: Where to.
        checks: Verdicts on targets as `check` gives them; a page has those of the newest period unless given.
        lang: The language of its reader, `en` or `ru`; that of the definitions unless given.
        quote_cells: Whether examples of cells that could not be read are shown.

    Returns:
        The path.

    Raises:
        SvclightError: The suffix is another one, the file cannot be written, or nothing is written in the language.

    Examples:
        >>> import pathlib
        >>> import tempfile
        >>> import pandas as pd
        >>> import svclight
        >>> definitions = svclight.loads('''
        ... svclight: 1
        ... time_zone: UTC
        ... processes:
        ...   hotline:
        ...     title: Hotline
        ...     log: {time: called, segments: [team], fields: {waited: {number: waited, unit: s}}}
        ...     criteria:
        ...       wait: {measure: {value: waited}, green: "<= 30 s", targets: {green: ">= 80 %"}}
        ... ''')
        >>> table = pd.DataFrame({"month": ["2026-03"], "process": "hotline", "criterion": "wait",
        ...                       "green": 900, "yellow": 60, "red": 40})
        >>> card = svclight.tally(table, definitions, as_of="2026-05-01")
        >>> with tempfile.TemporaryDirectory() as folder:
        ...     path = svclight.report.write(card, pathlib.Path(folder, "march.md"))
        ...     print(path.name, path.stat().st_size > 0)
        march.md True
    """
    check_card(card, "svclight.report.write")
    path = Path(path)
    makers: dict[str, Callable[[], bytes]] = {
        ".html": lambda: html(card, checks, lang=lang, quote_cells=quote_cells).encode(),
        ".md": lambda: markdown_report(card, checks, lang=lang).encode(),
        ".xlsx": lambda: report_workbook(card, checks, lang=lang),
    }
    card = card if quote_cells else card.without_cells()
    make = makers.get(path.suffix.lower())
    if make is None:
        raise SvclightError(
            Issue("a report cannot have this suffix", found=quoted_text(path.name), expected=" or ".join(SUFFIXES))
        )
    return write_whole(path, make())


def html(card: Scorecard, checks: Any = None, *, lang: str | None = None, quote_cells: bool = False) -> str:
    """The report of a card as the text of one HTML page.

    Args:
        card: What was counted.
        checks: Verdicts on targets as `check` gives them; those of the newest period unless given.
        lang: The language of its reader, `en` or `ru`; that of the definitions unless given.
        quote_cells: Whether examples of cells that could not be read are shown.

    Raises:
        SvclightError: Nothing is written in the language.
    """
    check_card(card, "svclight.report.html")
    return page_html(page_of(card if quote_cells else card.without_cells(), checks, lang=lang))


def __getattr__(name: str) -> Any:
    """A plot by its name: matplotlib is loaded by those who draw, and takes half a second of a report that does not."""
    if name not in plots.__all__:
        raise AttributeError(f"module 'svclight.report' has no attribute {name!r}")
    return getattr(plots, name)


def __dir__() -> list[str]:
    return sorted(__all__)
