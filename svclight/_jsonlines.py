"""JSON lines -> cells of the needed columns: one object a line."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING, Any

from svclight._decoding import broken, name_of
from svclight._logfile import frame_of

if TYPE_CHECKING:
    import io

    import pandas as pd

    from svclight._logfile import LogFile


def read_json_lines(text: io.TextIOWrapper, file: LogFile) -> pd.DataFrame:
    """The needed keys of the objects; empty where an object lacks one.

    Raises:
        LogError: No line is a JSON object, or no object has one of the keys.
    """
    seen: dict[str, None] = {}
    lines: list[int] = []
    cells: list[list[Any]] = [[] for _ in file.needed]
    before = len(file.rejected)
    for number, line in enumerate(text, 1):
        if not line.strip("\ufeff \t\r\n"):
            continue
        row = _object(line)
        if row is None:
            reason = f"cannot be decoded as {name_of(text)}" if broken(line) else "is no JSON object"
            file.reject(number, reason, line)
            continue
        seen.update(dict.fromkeys(row))
        lines.append(number)
        for column, name in zip(cells, file.needed, strict=True):
            column.append(_cell(row.get(name)))
    if not lines and len(file.rejected) > before:
        raise file.error("the file holds no JSON lines", expected="one JSON object a line")
    if seen:
        file.places(list(seen))
    return frame_of(file.needed, cells, lines)


def _object(line: str) -> dict[str, Any] | None:
    if broken(line):
        return None
    try:
        row = json.loads(line.strip("\ufeff \t\r\n"))
    except (ValueError, RecursionError):
        return None
    return row if isinstance(row, dict) else None


def _cell(value: Any) -> Any:
    return json.dumps(value, ensure_ascii=False) if isinstance(value, dict | list) else value
