"""Hand-kept tables, as frames or files -> columns by their role.

In: a pandas frame, or a file (text, Excel, OpenDocument: its first sheet; packed ones, too). Out: `HandTable`: the
cells of each column that has a meaning, the place of each row, and which columns are for people only. The names of
columns may be Russian; capitals and blanks in them do not matter. Text may be split by `;`, tab, `,` or `|`: what makes
most names known counts.
"""

from __future__ import annotations

import contextlib
import csv
import tempfile
from dataclasses import dataclass, replace
from pathlib import Path
from typing import TYPE_CHECKING, Any, Final

import pandas as pd

from svclight.definition.models import Read
from svclight.errors import Issue, LogError, did_you_mean, printable_text, quoted_list, quoted_text
from svclight.hand_kept.cells import text_of
from svclight.hand_kept.column_names import NAMES, REMARKS, is_remark, language_of, role_of
from svclight.reading.decoding import has_undecoded, open_text
from svclight.reading.delimited import declared_delimiter
from svclight.reading.open_file import LogFile
from svclight.reading.packed_files import content_of
from svclight.reading.source import source_of
from svclight.reading.sources import ARROW, EXCEL, JSON, PARQUET, XES, read_source
from svclight.reading.workbooks import read_sheet
from svclight.thresholds import STATES, ZONES

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Mapping, Sequence

    from svclight.reading.sources import Rejected

PERIOD: Final = "period"
REQUIRED: Final = (PERIOD, "process", "criterion")
LONG: Final = ("zone", "count")
_ROLES: Final = (*REQUIRED, *LONG, *STATES)
_DELIMITERS: Final = (";", "\t", ",", "|")
_FRAME: Final = "the frame"
_RUSSIAN_EXCEL: Final = "cp1251"
"""The encoding in which Excel in Russian saves a CSV."""
_MOST_SHOWN: Final = 200
_LONGEST: Final = 100_000  # of a first line; Python's csv module takes no longer cells


@dataclass(frozen=True)
class HandTable:
    """A hand-kept table.

    Attributes:
        name: The file's name, with its sheet; `the frame` for a frame.
        file: The file's name; empty for a frame.
        lines: Per row its line in the file, or its index in the frame.
        columns: The cells of each column by what it is: `period`, `process`, `criterion`, the states, or `zone` and
            `count`, and segments by their names.
        heads: How these columns are called in the table.
        segments: Which of them are segments.
        remarks: Columns with cells that are for people only.
        rejected: Lines that cannot be read.
    """

    name: str
    file: str
    lines: tuple[Any, ...]
    columns: Mapping[str, Sequence[Any]]
    heads: Mapping[str, str]
    segments: tuple[str, ...]
    remarks: tuple[str, ...]
    rejected: tuple[Issue, ...] = ()

    @property
    def states(self) -> tuple[str, ...]:
        """The states that have a column of their own; none where the table is long."""
        return tuple(state for state in STATES if state in self.columns)

    def place(self, row: int) -> str:
        """The place of a row in words."""
        return f"{self.name}:{self.lines[row]}" if self.file else f"{self.name}, row {self.lines[row]}"

    def issue(self, row: int, column: str, issue: Issue) -> Issue:
        """The issue at its place: the row, and the column if one is named."""
        head = f"column {quoted_text(self.heads[column])}" if column else ""
        if self.file:
            return Issue(issue.message, self.name, self.lines[row], head, issue.found, issue.expected, issue.hint)
        path = f"row {self.lines[row]}" + (f", {head}" if head else "")
        return Issue(issue.message, self.name, None, path, issue.found, issue.expected, issue.hint)


def read_tables(source: Any, segments: Iterable[str]) -> list[HandTable]:
    """The tables of a frame, a path, or a list of paths.

    Args:
        source: What was given.
        segments: Names that a column of a segment may have.

    Raises:
        LogError: A file cannot be read, or columns are absent, unknown or there twice.
    """
    if isinstance(source, pd.DataFrame):
        return [_of_frame(source, list(segments))]
    paths = source if isinstance(source, list | tuple) else [source]
    wrong = [one for one in paths if not isinstance(one, str | Path)]
    if wrong or not paths:
        found = f"{type(wrong[0]).__module__}.{type(wrong[0]).__qualname__}" if wrong else "an empty list"
        raise LogError(Issue("this is no table", found=found, expected="a pandas frame, a path, or a list of paths"))
    names = [Path(one).name for one in paths]
    shown = names if len(set(names)) == len(names) else [str(one) for one in paths]
    tables, issues = list[HandTable](), list[Issue]()
    for path, name in zip(paths, shown, strict=True):
        try:
            tables.append(_of_file(Path(path), printable_text(name, _MOST_SHOWN), list(segments)))
        except LogError as error:
            issues += error.issues
    if issues:
        raise LogError(issues)
    return tables


def _of_frame(frame: pd.DataFrame, segments: list[str]) -> HandTable:
    cells = [frame.iloc[:, place].astype(object).tolist() for place in range(frame.shape[1])]
    lines = tuple(printable_text(" / ".join(map(str, at)) if isinstance(at, tuple) else at) for at in frame.index)
    return _hand_table([text_of(name) for name in frame.columns], cells, lines, (_FRAME, ""), segments)


def _of_file(path: Path, name: str, segments: list[str]) -> HandTable:
    """The table of a file: delimited text, or the first sheet of a workbook."""
    suffix = content_of(path, name).suffix
    if suffix in (*JSON, *PARQUET, *ARROW, *XES):
        hint = "read it into a frame and give that"
        raise LogError(Issue("a hand-kept table is delimited text, Excel or OpenDocument", name, hint=hint))
    # Read once for nothing but the problems of the file as a whole, before its delimiter is known.
    read_source(source_of(path), () if suffix in EXCEL else ("1",), Read(header=False, quote=""), where={"1": ""})
    if suffix in EXCEL:
        layout = _first_sheet(LogFile(content_of(path, name), name, (), Read(), {}, []))
        label = f"{name} ({printable_text(layout.sheet)})"
    else:
        layout, label = _layout_of_text(path, name, segments), name
    if not layout.width:
        return _hand_table([], [], (), (label, name), segments)
    places = [str(place) for place in range(1, layout.width + 1)]
    read = Read(delimiter=layout.delimiter, encoding=layout.encoding, header=False)
    raw = read_source(source_of(path), places, read, where=dict.fromkeys(places, ""))
    cells = [raw.frame[place].tolist() for place in places]
    lines = () if raw.lines is None else tuple(raw.lines.tolist())
    rejected = tuple(_rejected_issues(raw.rejected, label))
    if rejected and (not lines or raw.rejected[0].line < lines[0]):  # the header is among them
        raise LogError(rejected)
    names = [text_of(column[0]) if column else "" for column in cells]
    table = _hand_table(names, [column[1:] for column in cells], lines[1:], (label, name), segments)
    return replace(table, rejected=rejected)


def _rejected_issues(lines: Iterable[Rejected], label: str) -> Iterator[Issue]:
    hint = "save the table as CSV UTF-8 or as .xlsx"
    for one in lines:
        message = f"the line cannot be read: {one.reason}"
        yield Issue(message, label, one.line, found=quoted_text(one.text), hint=hint)


@dataclass(frozen=True)
class _Layout:
    """How a file is laid out: its number of columns, a text's delimiter and encoding, the name of a sheet."""

    width: int
    delimiter: str | None = None
    encoding: str | None = None
    sheet: str = ""


def _first_sheet(file: LogFile) -> _Layout:
    """The layout of the first sheet of a workbook."""
    with tempfile.TemporaryDirectory(prefix="svclight-") as folder:
        sheet = read_sheet(file, file.content.unpack(Path(folder)))
    return _Layout(sheet.width, sheet=sheet.name)


def _layout_of_text(path: Path, name: str, segments: list[str]) -> _Layout:
    """The layout of a text: UTF-8, or what Excel writes in Russian where that, and only that, makes names known."""
    plain, names = _header_of_text(path, name, segments, None)
    if has_undecoded("".join(names)):
        russian, names = _header_of_text(path, name, segments, _RUSSIAN_EXCEL)
        if language_of(names) == "ru":
            return russian
    return plain


def _header_of_text(path: Path, name: str, segments: list[str], encoding: str | None) -> tuple[_Layout, list[str]]:
    """The layout of a text in an encoding, by the delimiter that makes most names of columns known; and these names."""
    file = LogFile(content_of(path, name), name, (), Read(encoding=encoding), {}, [])
    with contextlib.ExitStack() as stack:
        lines = (line.removeprefix("\ufeff") for line in open_text(file, stack))
        declared, head = "", ""
        while not head and (line := next(lines, "")):
            declared = declared or declared_delimiter(line)
            head = "" if declared_delimiter(line) else line.strip("\r\n")
    head = head[:_LONGEST]
    split = {char: next(csv.reader([head], delimiter=char), []) for char in declared or _DELIMITERS}
    known = {char: sum(role_of(cell, segments) is not None for cell in cells) for char, cells in split.items()}
    best = max(split, key=lambda char: (known[char], len(split[char])))
    return _Layout(len(split[best]), best, encoding), split[best]


def _how_to_name_it(lang: str) -> str:
    """How a column for people is to be called, in the names of the table's language."""
    *first, last = REMARKS[lang]
    return f"a column for people begins with {', '.join(first)} or {last}"


def _repeated_column_issue(head: str, found: str, label: str) -> Issue:
    return Issue(f"the column {quoted_text(head)} stands twice", label, found=found, expected="one")


def _hand_table(
    names: list[str], cells: list[list[Any]], lines: tuple[Any, ...], called: tuple[str, str], segments: list[str]
) -> HandTable:
    """The table of named columns."""
    lang = language_of(names)
    heads, remarks, issues = dict[str, str](), list[str](), list[Issue]()
    columns = dict[str, list[Any]]()
    for number, (head, column) in enumerate(zip(names, cells, strict=True), 1):
        role = role_of(head, segments)
        filled = any(text_of(cell) for cell in column)
        if role in columns:
            both = f"{quoted_text(heads[role])} and {quoted_text(head)}"
            issues.append(_repeated_column_issue(NAMES[lang].get(role, role), both, called[0]))
        elif role is not None:
            heads[role], columns[role] = head, column
        elif is_remark(head):
            remarks += [head] if filled else []
        elif head:
            issues.append(_unknown_column_issue(head, segments, lang, called[0]))
        elif filled:
            message = "a column without a name has cells"
            issues.append(Issue(message, called[0], found=f"column {number}", hint=_how_to_name_it(lang)))
    issues += _column_set_issues(columns, heads, called, names)
    if issues:
        raise LogError(issues)
    found = tuple(role for role in columns if role not in _ROLES)
    return HandTable(called[0], called[1], lines, columns, heads, found, tuple(remarks))


def _unknown_column_issue(head: str, segments: list[str], lang: str, label: str) -> Issue:
    known = [*segments, *(NAMES[lang][role] for role in _ROLES), *REMARKS[lang][:-1]]
    expected = f"one of {quoted_list(known, 20)}"
    hint = "; ".join(filter(None, (did_you_mean(head, known), _how_to_name_it(lang))))
    return Issue("unknown column", label, found=quoted_text(head), expected=expected, hint=hint)


def _column_set_issues(
    columns: Mapping[str, Any], heads: Mapping[str, str], called: tuple[str, str], names: list[str]
) -> list[Issue]:
    """The issues with the columns as a set: absent ones, and a table both long and wide."""
    long, wide = [name for name in LONG if name in columns], [name for name in STATES if name in columns]
    if long and wide:
        both = f"{quoted_list(heads[name] for name in long)} and {quoted_list(heads[name] for name in wide)}"
        expected = "a count for each zone (green, yellow, red), or zone and count"
        return [Issue("the table is both wide and long", called[0], found=both, expected=expected)]
    absent = [name for name in (*REQUIRED, *(LONG if long else ZONES)) if name not in columns]
    named = [name for name in names if name]
    there = f"these columns are there: {quoted_list(named, 20)}" if named else "there are no columns"
    first = "; the first sheet is read" if called[0] != called[1] and called[1] else ""
    lang = language_of(names)
    said = [NAMES[lang][name] for name in absent]
    if not said:
        return []
    message = f"the table has no {'column' if len(said) == 1 else 'columns'} {quoted_list(said)}"
    return [Issue(message, called[0], hint=there + first)]
