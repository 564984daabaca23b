"""The empty Excel sheet of a hand-kept table: a row a month, process and criterion, to be filled in by people.

In: definitions. Out: the file's bytes, the same for the same definitions, which `tally` reads once it is filled in. The
sheet `counts` has drop-downs and rules for what may be written, `how to` says in words when an interaction is green,
`lists` holds what the drop-downs offer.
"""

from __future__ import annotations

import datetime as dt
import io
from typing import TYPE_CHECKING, Any, Final

from svclight.card.lights import OUTLINE, PALETTES
from svclight.errors import Issue, SvclightError, printable_text, quoted_text
from svclight.hand_kept.cells import criterion_titles, ids_named, process_titles
from svclight.pages.excel import CREATED, OPTIONS
from svclight.thresholds import STATES, ZONES
from svclight.values.files import write_whole
from svclight.wording import short_phrases

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator
    from pathlib import Path

    from svclight.processes import Definitions

ROWS: Final = 5_000
"""Rows with drop-downs and rules."""
KEYS: Final = ("month", "process", "criterion")
HEADS: Final = (*KEYS, *(state.replace("_", " ") for state in STATES), "comment")
_COUNTS: Final = range(len(KEYS), len(KEYS) + len(STATES))
_WIDTHS: Final = (12, 48)
"""The narrowest and the widest column of names, in characters; longer names are wrapped."""
_LONGEST: Final = 200
"""Longer titles are written as ids: Excel looks up no text of more than 255 characters."""
_LINE, _TALLEST = 15, 400  # heights of a line and of the tallest row, in points; Excel has none above 409
_SHEET: Final = "counts"
_MEANS: Final = {
    "green": "the customer is satisfied",
    "yellow": "the customer is neutral",
    "red": "the customer is dissatisfied",
    "pending": "not finished, and the zone is not certain yet",
    "missing": "there should be a value, and there is none",
    "not_applicable": "the criterion does not concern them",
    "excluded": "left out by a rule",
}


def sheet_workbook(definitions: Definitions) -> bytes:
    """The Excel file.

    Raises:
        SvclightError: The definitions have no criterion.
    """
    import xlsxwriter  # noqa: PLC0415 - loaded when used

    offered = names_offered(definitions)
    if not offered:
        raise SvclightError("the definition has no criterion: there is nothing to keep a table of")
    file = io.BytesIO()
    with xlsxwriter.Workbook(file, dict(OPTIONS)) as book:
        title = definitions.document.title or "Service quality"
        book.set_properties({"title": printable_text(title, 200), "created": CREATED})
        counts = book.add_worksheet(_SHEET)
        _write_counts_page(book, counts, offered)
        _how_to(book, book.add_worksheet("how to"), definitions, offered)
        _write_lists_page(book.add_worksheet("lists"), offered)
    return file.getvalue()


def write_sheet(definitions: Definitions, path: Path) -> Path:
    """Writes the Excel file, where there is none yet: it may be filled in, and nobody can count last year again.

    Raises:
        SvclightError: The name does not end in .xlsx, the file is there already or cannot be written, or there is no
            criterion.
    """
    if path.suffix.lower() != ".xlsx":
        expected = "a name that ends in .xlsx"
        raise SvclightError(Issue("unknown kind of file", found=quoted_text(path.name), expected=expected))
    if path.exists():
        raise SvclightError(Issue("the file is there already", printable_text(path, 200), hint="name another with -o"))
    return write_whole(path, sheet_workbook(definitions))


def names_offered(definitions: Definitions) -> dict[str, tuple[tuple[str, str, str], ...]]:
    """The entries of the drop-downs: for each process its criteria, as (process id, criterion id, text offered).

    The keys are the processes as written: by title where it leads back to the process, else by id. So are criteria.
    """
    offered: dict[str, tuple[tuple[str, str, str], ...]] = {}
    for process, each in definitions.processes.items():
        if not each.criteria:
            continue
        found_by_excel = not set(each.title) & set("*?~")  # its search takes these for patterns, and knows no capitals
        leads_to = ids_named(each.title.casefold(), process_titles(definitions)) if found_by_excel else []
        written = _offered_name(each.title, process, leads_to)
        offered[written] = tuple(
            (process, criterion, _offered_name(title, criterion, ids_named(title, titles)))
            for titles in [criterion_titles(process, definitions)]
            for criterion, title in titles.items()
        )
    return offered


def _offered_name(title: str, own: str, leads_to: list[str]) -> str:
    plain = printable_text(title, _LONGEST) == title == title.strip()
    return title if plain and leads_to == [own] else own


def _column_width(texts: Iterable[str]) -> int:
    low, high = _WIDTHS
    return min(max([low, *(len(text) + 2 for text in texts)]), high)


def _write_counts_page(book: Any, page: Any, offered: dict[str, tuple[tuple[str, str, str], ...]]) -> None:
    """The table itself: a header that stays, formats of whole columns, and a rule for each column."""
    criteria = [written for each in offered.values() for *_, written in each]
    wrapped = book.add_format({"text_wrap": True, "valign": "top"})
    page.set_column(0, 0, 11, book.add_format({"num_format": "yyyy-mm", "align": "left", "valign": "top"}))
    page.set_column(1, 1, _column_width(offered), wrapped)
    page.set_column(2, 2, _column_width(criteria), wrapped)
    page.set_column(_COUNTS[0], _COUNTS[-1], 13, book.add_format({"num_format": "#,##0", "valign": "top"}))
    page.set_column(_COUNTS[-1] + 1, _COUNTS[-1] + 1, 30, wrapped)
    for place, head in enumerate(HEADS):
        page.write_string(0, place, head, book.add_format(_head_format(head)))
    page.freeze_panes(1, len(KEYS))
    page.set_landscape()
    page.fit_to_pages(1, 0)
    page.repeat_rows(0)
    for place, rule in enumerate(_cell_rules(len(offered))):
        page.data_validation(1, place, ROWS, place, rule)


def _head_format(head: str) -> dict[str, Any]:
    look: dict[str, Any] = {"bold": True, "border": 1, "border_color": OUTLINE, "bg_color": "#e8eaed"}
    if head in ZONES:
        paint = PALETTES["svclight"][head]
        look |= {"bg_color": paint.fill, "font_color": paint.text}
    return look


def _cell_rules(processes: int) -> Iterator[dict[str, Any]]:
    """The rules for each column, with words beside the cell and words for a wrong entry."""
    yield _cell_rule(
        "Month",
        "The month, such as 2026-03, or any date in it.",
        validate="date",
        criteria="between",
        minimum=dt.datetime(1990, 1, 1),  # noqa: DTZ001 - Excel has no zones
        maximum=dt.datetime(2199, 12, 31),  # noqa: DTZ001 - the same
    )
    listed = f"lists!$A$2:$A${processes + 1}"
    yield _cell_rule("Process", "Choose one from the list.", validate="list", source=f"={listed}")
    at = f"MATCH($B2,{listed},0)"
    first, many = (f"INDEX(lists!${column}$2:${column}${processes + 1},{at})" for column in "BC")
    source = f"=OFFSET(lists!$E$1,{first},0,{many},1)"
    yield _cell_rule("Criterion", "Choose the process first, then one from the list.", validate="list", source=source)
    for state in STATES:
        words = state.replace("_", " ").capitalize()
        said = f"How many interactions of the month: {_MEANS[state]}. A whole number, 0 or more."
        yield _cell_rule(words, said, validate="integer", criteria=">=", value=0)


def _cell_rule(title: str, message: str, **rule: Any) -> dict[str, Any]:
    """A rule of xlsxwriter: titles up to 32 characters, messages up to 255."""
    texts = {"input_title": title, "input_message": message, "error_title": title, "error_message": message}
    return {**texts, **rule}


def _write_lists_page(page: Any, offered: dict[str, tuple[tuple[str, str, str], ...]]) -> None:
    """Processes with the place and number of their criteria in the list beside; criteria process by process."""
    page.set_column(0, 0, _column_width(offered))
    page.set_column(4, 4, _column_width(written for each in offered.values() for *_, written in each))
    for place, head in enumerate(("process", "first", "criteria", "", "criterion")):
        page.write_string(0, place, head)
    at = 1
    for row, (process, criteria) in enumerate(offered.items(), 1):
        page.write_string(row, 0, process)
        page.write_number(row, 1, at)
        page.write_number(row, 2, len(criteria))
        for *_, written in criteria:
            page.write_string(at, 4, written)
            at += 1


def _how_to(
    book: Any, page: Any, definitions: Definitions, offered: dict[str, tuple[tuple[str, str, str], ...]]
) -> None:
    """Writes the page that explains the table, and for each criterion its zones."""
    wrapped, bold = (book.add_format({"text_wrap": True, "valign": "top", "bold": style}) for style in (False, True))
    widths = (34, 34, 26, 26, 26, 26)
    for place, width in enumerate(widths):
        page.set_column(place, place, width)
    page.set_landscape()
    page.fit_to_pages(1, 0)
    plain = book.add_format({"valign": "top"})
    at = 0
    for text in _advice_lines(definitions):
        page.write_string(at, 0, text, bold if at == 0 else plain)
        at += 1
    heads = ("process", "criterion", "for", *ZONES)
    for place, head in enumerate(heads):
        page.write_string(at + 1, place, head, book.add_format(_head_format(head)))
    at += 2
    for process, criteria in offered.items():
        for process_id, criterion_id, written in criteria:
            criterion = definitions.processes[process_id].criteria[criterion_id]
            rows = list(short_phrases.limit_rows(criterion)) or [("the worst zone of others", "", "", "")]
            for limits in rows:
                texts = [printable_text(text, 2000) for text in (process, written, *limits)]
                # Not every program finds the height of a row by itself; a line may break a little before its end.
                lines = max(-(-len(text) // (width - 4)) for text, width in zip(texts, widths, strict=True))
                page.set_row(at, min(_LINE * max(lines, 1), _TALLEST))
                for place, text in enumerate(texts):
                    page.write_string(at, place, text, wrapped)
                at += 1


def _advice_lines(definitions: Definitions) -> Iterator[str]:
    yield printable_text(definitions.document.title or "Service quality", 200)
    yield f'Write in the sheet "{_SHEET}": one row for each month, process and criterion.'
    yield "Count every interaction of the month in one column: green, yellow or red, as the table below says."
    yield "Those that cannot be rated stand in pending, missing, not applicable or excluded; these may stay empty."
    yield "An empty cell beside a number is 0. A row without any number is passed over. The same row twice is an error."
    segments = sorted({
        name for each in definitions.processes.values() if each.log is not None for name in each.log.segments or ()
    })  # fmt: skip
    if segments:
        yield f"To split the counts, add a column that is called as one of: {', '.join(segments)}."
    yield "Columns whose names begin with comment, remark, note or # are for people; they are not used."
    yield f"Definition {definitions.hash}. To see the table as traffic lights: svclight score DEFINITION --table FILE"
