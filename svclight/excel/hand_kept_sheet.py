"""The empty Excel sheet of a hand-kept table: a row a month, process and criterion, to be filled in by people.

In: definitions and a language. Out: the file's bytes, the same for the same definitions, which `tally` reads once it is
filled in. The sheet `counts` has drop-downs and rules for what may be written, `how to` says in words when an
interaction is green, `lists` holds what the drop-downs offer.
"""

from __future__ import annotations

import datetime as dt
import io
from typing import TYPE_CHECKING, Any, Final

from svclight.card.lights import OUTLINE, PALETTES
from svclight.errors import Issue, SvclightError, printable_text, quoted_text, unknown_name
from svclight.excel.pen import CREATED, OPTIONS
from svclight.excel.sheet_texts import last_line, remarks_line, sheet_texts, split_line
from svclight.hand_kept.cells import criterion_titles, ids_named, process_titles
from svclight.hand_kept.column_names import COMMENT, NAMES
from svclight.thresholds import STATES, ZONES
from svclight.values.files import write_whole
from svclight.wording.short_phrases import limit_rows

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator
    from pathlib import Path

    from svclight.definition.models import Criterion
    from svclight.processes import Definitions

    Offered = dict[str, tuple[tuple[str, str, str], ...]]
    """For each process as written its criteria: process id, criterion id, text offered."""

ROWS: Final = 5_000
"""Rows with drop-downs and rules."""
KEYS: Final = ("period", "process", "criterion")
COLUMNS: Final = (*KEYS, *STATES, COMMENT)
"""The roles of the table's columns, in their order."""
_COUNTS: Final = range(len(KEYS), len(KEYS) + len(STATES))
_WIDTHS: Final = (12, 48)
"""The narrowest and the widest column of names, in characters; longer names are wrapped."""
_LONGEST: Final = 200
"""Longer titles are written as ids: Excel looks up no text of more than 255 characters."""
_LINE, _TALLEST = 15, 400  # heights of a line and of the tallest row, in points; Excel has none above 409


def sheet_workbook(definitions: Definitions, lang: str | None = None) -> bytes:
    """The Excel file in a language of tables; that of the definitions unless given.

    Raises:
        SvclightError: The definitions have no criterion, or there are no tables in that language.
    """
    import xlsxwriter  # noqa: PLC0415 - loaded when used

    lang = lang or definitions.language
    if lang not in NAMES:
        raise SvclightError(unknown_name("there is no sheet in the language", lang, NAMES))
    offered = names_offered(definitions)
    if not offered:
        raise SvclightError("the definition has no criterion: there is nothing to keep a table of")
    file = io.BytesIO()
    counts, how_to, lists = sheet_texts(lang).pages
    with xlsxwriter.Workbook(file, dict(OPTIONS)) as book:
        title = definitions.document.title or sheet_texts(lang).title
        book.set_properties({"title": printable_text(title, 200), "created": CREATED})
        _write_counts_page(book, book.add_worksheet(counts), offered, lang)
        _write_how_to(book, book.add_worksheet(how_to), definitions, offered, lang)
        _write_lists_page(book.add_worksheet(lists), offered, lang)
    return file.getvalue()


def write_sheet(definitions: Definitions, path: Path, lang: str | None = None) -> Path:
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
    return write_whole(path, sheet_workbook(definitions, lang))


def names_offered(definitions: Definitions) -> Offered:
    """The entries of the drop-downs: for each process its criteria, as (process id, criterion id, text offered).

    The keys are the processes as written: by title where it leads back to the process, else by id. So are criteria.
    """
    offered: Offered = {}
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


def _write_counts_page(book: Any, page: Any, offered: Offered, lang: str) -> None:
    """The table itself: a header that stays, formats of whole columns, and a rule for each column."""
    criteria = [written for each in offered.values() for *_, written in each]
    wrapped = book.add_format({"text_wrap": True, "valign": "top"})
    page.set_column(0, 0, 11, book.add_format({"num_format": "yyyy-mm", "align": "left", "valign": "top"}))
    page.set_column(1, 1, _column_width(offered), wrapped)
    page.set_column(2, 2, _column_width(criteria), wrapped)
    page.set_column(_COUNTS[0], _COUNTS[-1], 13, book.add_format({"num_format": "#,##0", "valign": "top"}))
    page.set_column(_COUNTS[-1] + 1, _COUNTS[-1] + 1, 30, wrapped)
    for place, role in enumerate(COLUMNS):
        page.write_string(0, place, NAMES[lang][role], book.add_format(_head_format(role)))
    page.freeze_panes(1, len(KEYS))
    page.set_landscape()
    page.fit_to_pages(1, 0)
    page.repeat_rows(0)
    for place, rule in enumerate(_cell_rules(len(offered), lang)):
        page.data_validation(1, place, ROWS, place, rule)


def _head_format(role: str) -> dict[str, Any]:
    look: dict[str, Any] = {"bold": True, "border": 1, "border_color": OUTLINE, "bg_color": "#e8eaed"}
    if role in ZONES:
        paint = PALETTES["svclight"][role]
        look |= {"bg_color": paint.fill, "font_color": paint.text}
    return look


def _cell_rules(processes: int, lang: str) -> Iterator[dict[str, Any]]:
    """The rules for each column, with words beside the cell and words for a wrong entry."""
    texts, names = sheet_texts(lang), {role: name[:1].upper() + name[1:] for role, name in NAMES[lang].items()}
    yield _cell_rule(
        names["period"],
        texts.month,
        validate="date",
        criteria="between",
        minimum=dt.datetime(1990, 1, 1),  # noqa: DTZ001 - Excel has no zones
        maximum=dt.datetime(2199, 12, 31),  # noqa: DTZ001 - the same
    )
    lists = texts.pages[2] if texts.pages[2].isascii() else f"'{texts.pages[2]}'"
    listed = f"{lists}!$A$2:$A${processes + 1}"
    yield _cell_rule(names["process"], texts.process, validate="list", source=f"={listed}")
    at = f"MATCH($B2,{listed},0)"
    first, many = (f"INDEX({lists}!${column}$2:${column}${processes + 1},{at})" for column in "BC")
    source = f"=OFFSET({lists}!$E$1,{first},0,{many},1)"
    yield _cell_rule(names["criterion"], texts.criterion, validate="list", source=source)
    for state in STATES:
        yield _cell_rule(names[state], texts.means[state], validate="integer", criteria=">=", value=0)


def _cell_rule(title: str, message: str, **rule: Any) -> dict[str, Any]:
    """A rule of xlsxwriter: titles up to 32 characters, messages up to 255."""
    texts = {"input_title": title, "input_message": message, "error_title": title, "error_message": message}
    return {**texts, **rule}


def _write_lists_page(page: Any, offered: Offered, lang: str) -> None:
    """Processes with the place and number of their criteria in the list beside; criteria process by process."""
    page.set_column(0, 0, _column_width(offered))
    page.set_column(4, 4, _column_width(written for each in offered.values() for *_, written in each))
    process_head, first, many, criterion_head = sheet_texts(lang).listed
    for place, head in enumerate((process_head, first, many, "", criterion_head)):
        page.write_string(0, place, head)
    at = 1
    for row, (process, criteria) in enumerate(offered.items(), 1):
        page.write_string(row, 0, process)
        page.write_number(row, 1, at)
        page.write_number(row, 2, len(criteria))
        for *_, written in criteria:
            page.write_string(at, 4, written)
            at += 1


def _write_how_to(book: Any, page: Any, definitions: Definitions, offered: Offered, lang: str) -> None:
    """Writes the page that explains the table, and for each criterion its zones."""
    wrapped, bold = (book.add_format({"text_wrap": True, "valign": "top", "bold": style}) for style in (False, True))
    widths = (34, 34, 26, 26, 26, 26)
    for place, width in enumerate(widths):
        page.set_column(place, place, width)
    page.set_landscape()
    page.fit_to_pages(1, 0)
    plain = book.add_format({"valign": "top"})
    at = 0
    for text in _advice_lines(definitions, lang):
        page.write_string(at, 0, text, bold if at == 0 else plain)
        at += 1
    heads = (*sheet_texts(lang).heads, *(NAMES[lang][zone] for zone in ZONES))
    for place, (head, role) in enumerate(zip(heads, ("", "", "", *ZONES), strict=True)):
        page.write_string(at + 1, place, head, book.add_format(_head_format(role)))
    for row, texts in enumerate(_rows_of_limits(definitions, offered, lang), at + 2):
        # Not every program finds the height of a row by itself; a line may break a little before its end.
        lines = max(-(-len(text) // (width - 4)) for text, width in zip(texts, widths, strict=True))
        page.set_row(row, min(_LINE * max(lines, 1), _TALLEST))
        for place, text in enumerate(texts):
            page.write_string(row, place, text, wrapped)


def _rows_of_limits(definitions: Definitions, offered: Offered, lang: str) -> Iterator[list[str]]:
    """Process, criterion, for whom, green, yellow and red, as they stand on the page that explains the table."""
    for process, criteria in offered.items():
        for process_id, criterion_id, written in criteria:
            criterion = definitions.processes[process_id].criteria[criterion_id]
            for limits in _limits_of(criterion, lang):
                yield [printable_text(text, 2000) for text in (process, written, *limits)]


def _limits_of(criterion: Criterion, lang: str) -> list[tuple[str, str, str, str]]:
    """For whom limits hold, and green, yellow and red in words; the worst of others has none of its own."""
    return list(limit_rows(criterion, lang)) or [(sheet_texts(lang).worst, "", "", "")]


def _advice_lines(definitions: Definitions, lang: str) -> Iterator[str]:
    """The lines above the limits: the title, how to fill in the table, what else may stand in it."""
    texts = sheet_texts(lang)
    yield printable_text(definitions.document.title or texts.title, 200)
    yield from texts.advice
    segments = sorted({
        name for each in definitions.processes.values() if each.log is not None for name in each.log.segments or ()
    })  # fmt: skip
    if segments:
        yield split_line(", ".join(segments), lang)
    yield remarks_line(lang)
    yield last_line(definitions.hash, lang)
