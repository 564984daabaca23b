"""Reports of a card as one HTML page, as Markdown, as an Excel file; and the plots, handed on.

In: a card, a path, verdicts on targets or none. Out: a file, written whole or not at all, with the same bytes for the
same card. What is said is worked out once, as plain data (`pages.report_content`), and then rendered. The page needs
no network and no script; all text is escaped.
"""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Any, Final

from svclight.card.card_tables import check_card
from svclight.card.course_table import HEADS
from svclight.card.lights import LETTERS, OUTLINE, PALETTES, STATE_WORDS
from svclight.card.summary import ABOUT
from svclight.card.summary import HEADS as AMOUNT_HEADS
from svclight.errors import Issue, SvclightError, printable_text, quoted_text
from svclight.pages import svg
from svclight.pages.excel import report_workbook
from svclight.pages.markdown import markdown_report
from svclight.pages.report_content import summarize
from svclight.plots.budget import plot_budget
from svclight.plots.calibration import plot_calibration
from svclight.plots.card_plots import plot_distribution, plot_overview, plot_values
from svclight.plots.cohorts import plot_cohorts
from svclight.plots.control import plot_control
from svclight.plots.drivers import plot_drivers
from svclight.plots.effect import plot_effect
from svclight.plots.forecast import plot_forecast
from svclight.plots.funnel import plot_funnel
from svclight.plots.need import plot_need
from svclight.plots.plan import plot_plan
from svclight.plots.usual_course import plot_steps, steps_height
from svclight.plots.what_if import plot_what_if
from svclight.values.files import write_whole

if TYPE_CHECKING:
    from collections.abc import Callable

    from svclight.card.course_table import Course
    from svclight.pages.report_content import CriterionPart
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
    "summarize",
    "write",
]

SUFFIXES: Final = (".html", ".md", ".xlsx")
MOST_COLUMNS: Final = 120
"""The overview shows so many of the newest periods; the tables of the criteria show all."""
_WIDTH: Final = 7.6  # inches: as wide as the page's text, so that letters keep their size


def write(card: Scorecard, path: str | Path, checks: Any = None, *, quote_cells: bool = False) -> Path:
    """Writes a report, by the suffix of the path: .html, .md or .xlsx.

    Args:
        card: What was counted.
        path: Where to.
        checks: Verdicts on targets as `check` gives them, shown under the overview.
        quote_cells: Whether examples of cells that could not be read are shown.

    Returns:
        The path.

    Raises:
        SvclightError: The suffix is another one, or the file cannot be written.

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
        ".html": lambda: html(card, checks, quote_cells=quote_cells).encode(),
        ".md": lambda: markdown_report(summarize(card, checks)).encode(),
        ".xlsx": lambda: report_workbook(card, summarize(card, checks)),
    }
    card = card if quote_cells else card.without_cells()
    make = makers.get(path.suffix.lower())
    if make is None:
        raise SvclightError(
            Issue("a report cannot have this suffix", found=quoted_text(path.name), expected=" or ".join(SUFFIXES))
        )
    return write_whole(path, make())


def html(card: Scorecard, checks: Any = None, *, quote_cells: bool = False) -> str:
    """The report of a card as the text of one HTML page; `quote_cells` shows examples of cells that were not read."""
    check_card(card, "svclight.report.html")
    card = card if quote_cells else card.without_cells()
    import jinja2  # noqa: PLC0415 - loaded when used

    environment = jinja2.Environment(
        loader=jinja2.PackageLoader("svclight.pages", "templates"),
        autoescape=True,
        trim_blocks=True,
        lstrip_blocks=True,
        undefined=jinja2.StrictUndefined,
        finalize=_printable_value,
    )
    summary = summarize(card, checks)
    table, left_out = summary.table.newest(MOST_COLUMNS)
    return environment.get_template("report.html.j2").render(
        report=summary,
        table=table,
        left_out=left_out,
        plots=[_criterion_plots(card, part, place) for place, part in enumerate(summary.criteria)],
        courses=[(course, _step_chart(card, course, place)) for place, course in enumerate(summary.courses)],
        step_heads=HEADS,
        amount_heads=AMOUNT_HEADS,
        about=ABOUT,
        colours=PALETTES["svclight"],
        outline=OUTLINE,
        letters=LETTERS,
        states=STATE_WORDS,
    )


def _printable_value(value: Any) -> Any:
    """A value for the page: text with control characters written out; markup stays as it is."""
    return printable_text(value, 4000) if type(value) is str else value


def _criterion_plots(card: Scorecard, part: CriterionPart, place: int) -> list[Any]:
    """The plots of a criterion as markup, with captions."""
    from markupsafe import Markup  # noqa: PLC0415 - comes with jinja2

    of = (part.process, part.criterion)
    title = printable_text(part.title, 200)
    drawn = [
        svg.draw_svg(
            lambda ax: plot_distribution(card, *of, title=f"Shares by {card.provenance.period}", ax=ax),
            size=(_WIDTH, 3.1),
            key=f"c{place}d",
            title=f"{title}: shares of green, yellow and red",
            description=_newest_period(part),
        )
    ]
    if part.has_values:
        drawn.append(
            svg.draw_svg(
                lambda ax: plot_values(card, *of, title="Values", ax=ax),
                size=(_WIDTH, 2.7),
                key=f"c{place}v",
                title=f"{title}: values and limits",
                description="How the values are spread over the zones; the table above names the limits.",
            )
        )
    return [Markup(one) for one in drawn]  # noqa: S704 - made above; every text in it is escaped


def _step_chart(card: Scorecard, course: Course, place: int) -> Any:
    """The step chart of a process as markup."""
    from markupsafe import Markup  # noqa: PLC0415 - comes with jinja2

    drawn = svg.draw_svg(
        lambda ax: plot_steps(card, course.process, title="Steps in their usual order", ax=ax),
        size=(_WIDTH, steps_height(len(course.steps))),
        key=f"s{place}",
        title=f"{printable_text(course.title, 200)}: the usual course",
        description=f"{course.in_words}. All numbers are in the table.",
    )
    return Markup(drawn)  # noqa: S704 - made above; every text in it is escaped


def _newest_period(part: CriterionPart) -> str:
    """The newest rated period in words, for screen readers."""
    rated = [month for month in part.months if month.light.rated_count]
    if not rated:
        return "No data."
    newest = f"The newest, {rated[-1].name}: {rated[-1].light.in_words()}"
    return f"{len(rated)} periods with data. {newest}. All are in the table."


def __dir__() -> list[str]:
    return sorted(__all__)
