"""JSON lines -> cells of the needed columns: one object a line."""

from __future__ import annotations

import json
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any, Final

from svclight.reading.decoding import has_undecoded, name_of
from svclight.reading.open_file import frame_of

if TYPE_CHECKING:
    import io
    from collections.abc import Iterable, Iterator, Sequence

    import pandas as pd

    from svclight.reading.open_file import Cells, LogFile


_BATCH: Final = 20_000


def read_json_lines(text: io.TextIOWrapper, file: LogFile) -> pd.DataFrame:
    """The needed keys of the objects; empty where an object lacks one.

    Raises:
        LogError: No line is a JSON object, or no object has one of the keys.
    """
    cells = _Gathered([[] for _ in file.needed])
    split_json_lines(text, file, into=cells)
    return frame_of(file.needed, cells.columns, cells.lines)


def split_json_lines(text: io.TextIOWrapper, file: LogFile, *, into: Cells) -> None:
    """Hands the cells of the needed keys on, part by part, so that no more than a part is held.

    Raises:
        LogError: No line is a JSON object, or no object has one of the keys.
    """
    seen: dict[str, None] = {}
    rows: list[dict[str, Any]] = []
    lines: list[int] = []
    before, accepted = len(file.rejected), 0
    for number, row in _read_objects(text, file):
        seen.update(dict.fromkeys(row))
        lines.append(number)
        rows.append(row)
        if len(rows) == _BATCH:
            _hand_on(lines, rows, file, into)
            accepted, lines, rows = accepted + len(rows), [], []
    _hand_on(lines, rows, file, into)
    if not accepted + len(rows) and len(file.rejected) > before:
        raise file.error("the file holds no JSON lines", expected="one JSON object a line")
    if seen:
        file.places(list(seen))


def _hand_on(lines: list[int], rows: list[dict[str, Any]], file: LogFile, into: Cells) -> None:
    into.add(lines, [[_cell_of(row.get(name)) for row in rows] for name in file.needed])


def _read_objects(text: io.TextIOWrapper, file: LogFile) -> Iterator[tuple[int, dict[str, Any]]]:
    """The objects and their lines; what is none is rejected, but for blank lines."""
    for number, line in enumerate(text, 1):
        if not line.strip("\ufeff \t\r\n"):
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
    if has_undecoded(line):
        return None
    try:
        row = json.loads(line.strip("\ufeff \t\r\n"))
    except (ValueError, RecursionError):
        return None
    return row if isinstance(row, dict) else None


def _cell_of(value: Any) -> Any:
    return json.dumps(value, ensure_ascii=False) if isinstance(value, dict | list) else value
