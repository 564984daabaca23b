"""JSON, one object a line or a list of objects in a document -> cells of the needed columns, and rejected rows.

In: a text stream. Out: cells, many rows at a time. Lists and objects inside an object are JSON text; `customer.id` is
the key `id` of the object under `customer`, where no key bears that very name.
"""

from __future__ import annotations

import io
import json
from dataclasses import dataclass, field
from itertools import chain
from typing import TYPE_CHECKING, Any, Final

from svclight.reading.decoding import has_undecoded, name_of
from svclight.reading.json_documents import BLANKS, JsonText, json_error, place_hint, rows_of_document
from svclight.reading.open_file import frame_of

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Sequence

    import pandas as pd

    from svclight.reading.open_file import Cells, LogFile


_BATCH: Final = 20_000
_DOCUMENT: Final = ".json"
_ABSENT: Final = object()


def read_json(text: io.TextIOWrapper, file: LogFile) -> pd.DataFrame:
    """The needed keys of the objects; empty where an object lacks one.

    Raises:
        LogError: There is no JSON object, or no object has one of the keys.
    """
    cells = _Gathered([[] for _ in file.needed])
    split_json(text, file, into=cells)
    return frame_of(file.needed, cells.columns, cells.lines)


def split_json(text: io.TextIOWrapper, file: LogFile, *, into: Cells) -> None:
    """Hands the cells of the needed keys on, part by part, so that no more than a part is held.

    Raises:
        LogError: There is no JSON object, or no object has one of the keys.
    """
    head = _read_blanks(text)
    if file.read.path or (file.content.suffix == _DOCUMENT and head.endswith("[")):
        _hand_on_all(_document_objects(JsonText(text, head), text, file), file, into)
        return
    before = len(file.rejected)
    lines = chain(io.StringIO(head + text.readline(), newline=""), text)
    if not _hand_on_all(_line_objects(lines, text, file), file, into) and len(file.rejected) > before:
        raise json_error(file)


def _read_blanks(text: io.TextIOWrapper) -> str:
    """The beginning of a text up to its first character that is no blank."""
    head = ""
    while char := text.read(1):
        head += char
        if char not in BLANKS:
            break
    return head


def _hand_on_all(objects: Iterable[tuple[int, dict[str, Any]]], file: LogFile, into: Cells) -> int:
    """Hands on the cells of all objects; gives how many there are."""
    seen: dict[str, None] = {}
    rows: list[dict[str, Any]] = []
    lines: list[int] = []
    accepted = 0
    for number, row in objects:
        seen.update(dict.fromkeys(row))
        lines.append(number)
        rows.append(row)
        if len(rows) == _BATCH:
            _hand_on(lines, rows, file, into, seen)
            accepted, lines, rows = accepted + len(rows), [], []
    _hand_on(lines, rows, file, into, seen)
    if seen:
        is_document = file.content.suffix == _DOCUMENT and not set(file.needed) <= set(seen)
        file.places(list(seen), place_hint(file) if is_document else "")
    return accepted + len(rows)


def _hand_on(lines: list[int], rows: list[dict[str, Any]], file: LogFile, into: Cells, seen: dict[str, None]) -> None:
    """Hands on the cells of some objects, and notes the names inside of objects that are there."""
    columns = [[_value_at(row, name) for row in rows] for name in file.needed]
    for name, column in zip(file.needed, columns, strict=True):
        if name not in seen and any(value is not _ABSENT for value in column):
            seen[name] = None
    into.add(lines, [list(map(_cell_of, column)) for column in columns])


def _value_at(row: dict[str, Any], name: str) -> Any:
    """The value of a key, or of a key in an object inside that a dotted name leads to."""
    if name in row or "." not in name:
        return row.get(name, _ABSENT)
    for key, value in row.items():
        if isinstance(value, dict) and name.startswith(f"{key}."):
            found = _value_at(value, name[len(key) + 1 :])
            if found is not _ABSENT:
                return found
    return _ABSENT


def _document_objects(
    document: JsonText, text: io.TextIOWrapper, file: LogFile
) -> Iterator[tuple[int, dict[str, Any]]]:
    """The objects of a list and their numbers from 1; other items are rejected."""
    for number, row in enumerate(rows_of_document(document, file), 1):
        if has_undecoded(document.source):
            file.reject(number, f"cannot be decoded as {name_of(text)}", document.source)
        elif isinstance(row, dict):
            yield number, row
        else:
            file.reject(number, "is no JSON object", document.source)


def _line_objects(lines: Iterable[str], text: io.TextIOWrapper, file: LogFile) -> Iterator[tuple[int, dict[str, Any]]]:
    """The objects of a text and their lines; other lines, but for blank ones, are rejected."""
    for number, line in enumerate(lines, 1):
        if not line.strip(BLANKS):
            continue
        row = _read_object(line)
        if row is None:
            reason = f"cannot be decoded as {name_of(text)}" if has_undecoded(line) else "is no JSON object"
            file.reject(number, reason, line)
        else:
            yield number, row


@dataclass
class _Gathered:
    """The cells of a whole file, column by column."""

    columns: list[list[Any]]
    lines: list[int] = field(default_factory=list)

    def add(self, lines: Sequence[int], columns: Iterable[Iterable[Any]]) -> None:
        """Adds rows: their lines, and their cells column by column."""
        self.lines += lines
        for column, cells in zip(self.columns, columns, strict=True):
            column.extend(cells)


def _read_object(line: str) -> dict[str, Any] | None:
    """The JSON object of a line; None where the line is none."""
    if has_undecoded(line):
        return None
    try:
        row = json.loads(line.strip(BLANKS))
    except (ValueError, RecursionError):
        return None
    return row if isinstance(row, dict) else None


def _cell_of(value: Any) -> Any:
    """A value as a cell: lists and objects as JSON text."""
    if value is _ABSENT:
        return None
    return json.dumps(value, ensure_ascii=False) if isinstance(value, dict | list) else value
