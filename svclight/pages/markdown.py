"""A card's summary as short Markdown, for a pull request or the summary of a CI run.

In: a `Summary`. Out: text: where the numbers come from, the traffic-light table of the newest periods, verdicts, what
is not rated, notices. Text of definitions and logs is escaped: no markup, no HTML, no broken table.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from svclight.card.course_table import HEADS
from svclight.card.summary import ABOUT
from svclight.card.summary import HEADS as AMOUNT_HEADS
from svclight.wording.markdown_text import escape_cell, escape_text, table_lines
from svclight.wording.short_phrases import count_text

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator

    from svclight.card.lights import Light, LightRow, Response
    from svclight.pages.report_content import Summary

PERIODS: Final = 6
"""So many of the newest periods are shown."""
_LONGEST: Final = 400
_CHECKED: Final = ("process", "criterion", "period", "where", "zone", "target", "verdict", "reason")


def markdown_report(summary: Summary) -> str:
    """The Markdown text."""
    return "\n".join(_report_lines(summary)).rstrip() + "\n"


def _report_lines(summary: Summary) -> Iterator[str]:
    """The lines of the report: title and origin, the table of lights, verdicts, usual courses, notes."""
    yield f"## {_escape_cut(summary.title)}"
    yield ""
    yield _escape_cut(summary.table.origin)
    yield ""
    yield from _light_lines(summary)
    if summary.has_amounts:
        yield "### What was measured"
        yield ""
        yield from _table_lines(["Criterion", summary.kind, *AMOUNT_HEADS], _amount_rows(summary))
        yield ABOUT.capitalize() + "."
        yield ""
    head, rows = summary.checks
    if rows:
        places = [head.index(name) for name in _CHECKED if name in head]
        yield "### Targets"
        yield ""
        yield from _table_lines([head[place] for place in places], ([row[place] for place in places] for row in rows))
        yield ""
    for course in summary.courses:
        yield f"### {_escape_cut(course.title)}: the usual course"
        yield ""
        yield from _table_lines(list(HEADS), (list(step.cells()) for step in course.steps))
        yield f"{_escape_cut(course.in_words)}."
        yield ""
    for note in summary.notices:
        yield f"- {_escape_cut(note)}"


def _light_lines(summary: Summary) -> Iterator[str]:
    """The lines of the table of lights, with what its signs mean."""
    shown, left_out = summary.table.newest(PERIODS)
    columns = [column.heading for column in shown.columns]
    yield from _table_lines(
        ["Criterion", *columns, f"not rated, all {summary.kind}s"],
        (
            [_row_name(row, shown.processes), *(_light_cell(light) for light in row.lights), row.rest_in_words]
            for row in shown.rows
        ),
    )
    yield "G green, Y yellow, R red: the zone with most rated interactions; share of green; n rated."
    if shown.has_responses:
        yield "Response: the share of those asked who answered, and its 95 % interval."
    if left_out:
        verb = "is" if left_out == 1 else "are"
        yield f"{count_text(left_out, f'older {summary.kind}')} {verb} left out."
    if not columns:
        yield "No data: there is no interaction with a usable time."
    yield ""


def _amount_rows(summary: Summary) -> Iterator[list[str]]:
    """The newest period of each criterion in which something was measured."""
    for part in summary.criteria:
        if part.amounts:
            newest = max(part.amounts, key=lambda line: line.period)
            yield [_row_name(part.row, summary.table.processes), newest.period or "no time", *newest.cells]


def _row_name(row: LightRow, processes: dict[str, str]) -> str:
    """The title after its process; items of a quality card stand under it, with a dash."""
    if row.card:
        return f"\N{EN DASH} {row.name}"
    return f"{processes[row.process]}: {row.title}" if len(processes) > 1 else row.title


def _light_cell(light: Light) -> str:
    answered = "" if light.response is None else f"; response {_response_text(light.response)}"
    if not light.rated_count:
        return f"no data{answered}"
    flags = f", {', '.join(light.flags)}" if light.flags else ""
    return f"{light.letter} {light.share} (n={light.rated_count:,}{flags}){answered}"


def _response_text(response: Response) -> str:
    interval = f" ({response.interval})" if response.interval else ""
    return f"{response.share}{interval}"


def _escape_cut(text: object) -> str:
    """A text of the card, cut where it is longer than a table can bear."""
    return escape_text(text, _LONGEST)


def _table_lines(head: list[str], rows: Iterable[list[str]]) -> Iterator[str]:
    yield from table_lines(map(_escape_cell, head), (map(_escape_cell, row) for row in rows))


def _escape_cell(text: object) -> str:
    return escape_cell(text, _LONGEST)
