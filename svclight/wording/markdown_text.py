"""Text of definitions and logs as text of a Markdown page: no markup, no HTML, no link, no formula, no broken table.

In: any text, cells of a table. Out: Markdown that shows just this text, on one line; the lines of a table.
"""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, Final

from svclight.errors import printable_text

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator

_LONGEST: Final = 2000
# An underscore inside a word means nothing in Markdown: it stays as it is, so that names can be read and copied.
# GitHub takes `$` for a formula.
_MARKS: Final = re.compile(r"[\\`*\[\]|~$#]|(?<!\w)_|_(?!\w)")
_AT_START: Final = re.compile(r"^[+\-=>]|^[0-9]+(?=[.)]\s)")
"""What begins a list, a quotation or a heading, where a line begins with it."""


def escape_text(value: object, limit: int = _LONGEST) -> str:
    """The text as Markdown that shows just this text, on one line, cut at `limit` characters."""
    return _AT_START.sub(
        lambda mark: mark[0] + "\\" if mark[0].isdigit() else "\\" + mark[0], escape_cell(value, limit)
    )


def escape_cell(value: object, limit: int = _LONGEST) -> str:
    """The same for the cell of a table, where no line begins."""
    plain = printable_text(" ".join(str(value).split()), limit)
    plain = re.sub(r"&(?=[#\w])", "&amp;", plain)
    plain = re.sub(r"<(?=[A-Za-z/!?])", "&lt;", plain)
    return _MARKS.sub(lambda mark: "\\" + mark[0], plain)


def table_lines(head: Iterable[str], rows: Iterable[Iterable[str]]) -> Iterator[str]:
    """The lines of a table and an empty one after it; the cells are Markdown already."""
    columns = list(head)
    yield "| " + " | ".join(columns) + " |"
    yield "|" + "---|" * len(columns)
    for row in rows:
        yield "| " + " | ".join(row) + " |"
    yield ""
