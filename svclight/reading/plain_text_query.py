"""A file of delimited text -> the query by which an engine reads it as the exact reader would, or None.

In: a file and how it is written. Out: SQL over the file itself, or over a copy in UTF-8 where it is written in another
encoding. None where the text is not sound: then only the exact reader gives its rows.
"""

from __future__ import annotations

import contextlib
import gzip
import io
import os
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING, Any, Final

from svclight.dialects.returned_columns import sql_literal, sql_name
from svclight.reading.decoding import open_counted, open_text
from svclight.reading.delimited import head_of
from svclight.reading.parquet import literal_path
from svclight.reading.plain_text import Dialect, Sound, sound_file, sound_stream
from svclight.reading.temporary_parquet import PLACE

if TYPE_CHECKING:
    from pathlib import Path

    from svclight.reading.delimited import Head
    from svclight.reading.open_file import LogFile

_DELIMITERS: Final = frozenset(",;\t|:^~")
_QUOTES: Final = frozenset(("", '"', "'"))
_BOM: Final = b"\xef\xbb\xbf"
_PIECE: Final = 1 << 20
_GZIP: Final = (".gz",)
"""The one packing that an engine reads by itself."""


@dataclass(frozen=True)
class TextQuery:
    """The query that reads a file, and whether an underscore may stand in its text."""

    sql: str
    underscored: bool = True


def query_of_text(file: LogFile, stem: Path, *, hasty: bool = False) -> TextQuery | None:
    """The query that gives the needed columns of sound text and each row's line; None where the text is not sound.

    Args:
        file: The file.
        stem: Where a copy may be written: a path without suffix.
        hasty: Whether the columns are counted by block, not by line.

    Raises:
        LogError: There is no header, or columns are absent.
    """
    trial = replace(file, rejected=[], step=None)  # the exact reader may come after: nothing is rejected twice
    with contextlib.ExitStack() as stack:
        text = open_text(trial, stack)
        encoding, head = text.encoding, head_of(text, trial)
    dialect = Dialect(head.delimiter, file.read.quote, len(head.names), counted=not hasty)
    if trial.rejected or dialect.width == 1 or dialect.delimiter not in _DELIMITERS or dialect.quote not in _QUOTES:
        return None
    path, packed = file.path, file.content.packings == _GZIP
    if encoding != "utf-8-sig" or (packed and _ends_in_zero(path)) or file.content.packings not in ((), _GZIP):
        path, packed = stem.with_suffix(".csv"), False
        if not _copy_as_utf8(file, path):
            return None
    found = _sound_text(path, file, head, dialect, packed=packed)
    if found is None:
        return None
    return TextQuery(_reader_query(path, file, head, dialect, found, packed=packed), found.underscored)


def _ends_in_zero(path: Path) -> bool:
    """Whether a packed file may end in padding zeros."""
    # gzip passes over them, an engine does not
    with path.open("rb") as stream:
        stream.seek(-1, os.SEEK_END)
        return stream.read() == b"\0"


def _copy_as_utf8(file: LogFile, path: Path) -> bool:
    """Writes the text as UTF-8; false where some of it cannot be decoded."""
    with contextlib.ExitStack() as stack:
        text, copy = open_text(file, stack), stack.enter_context(path.open("wb"))
        mark = "\ufeff"
        while piece := text.read(_PIECE):
            try:
                copy.write(piece.removeprefix(mark).encode())
            except UnicodeEncodeError:
                return False
            mark = ""
    return True


def _sound_text(path: Path, file: LogFile, head: Head, dialect: Dialect, *, packed: bool) -> Sound | None:
    """The way in which a text is written, its header among it; None where it is not sound."""
    with contextlib.ExitStack() as stack:
        stream: Any = open_counted(file, stack) if packed else stack.enter_context(path.open("rb"))
        if packed:
            stream = stack.enter_context(gzip.GzipFile(fileobj=stream))
        if not head.lines and stream.peek(len(_BOM)).startswith(_BOM):  # a second mark would belong to the first cell
            return None
        before = b"".join(stream.readline() for _ in range(head.lines))
        found = _sound_head(before, head, dialect)
        if found is not None and packed:
            return found & sound_stream(stream, dialect)
    step = file.step if path == file.path else None
    return found and found & sound_file(path, dialect, begin=len(before), step=step)


def _sound_head(before: bytes, head: Head, dialect: Dialect) -> Sound | None:
    """The way in which the lines before the rows are written; None where an engine may skip others."""
    if head.lines <= 1:
        found = sound_stream(io.BytesIO(before.removeprefix(_BOM)), dialect)
        return found and replace(found, underscored=False)  # names of columns are no numbers
    lines = before.splitlines(keepends=True)
    try:
        before.decode("utf-8")
    except UnicodeDecodeError:
        return None
    if len(lines) != head.lines or b"\0" in before or (dialect.quote and dialect.quote.encode() in before):
        return None
    returns = {line.endswith(b"\r\n") for line in lines}
    if not all(line.rstrip(b"\r\n") for line in lines):  # engines do not agree on whether a blank line counts
        return None
    return Sound(quoted=False, returns=returns.pop()) if len(returns) == 1 else None


def _reader_query(path: Path, file: LogFile, head: Head, dialect: Dialect, sound: Sound, *, packed: bool) -> str:
    """The query by which the engine reads a text."""
    # every option is given, so that nothing is guessed; lines are counted only where a query asks for them
    quote, text = sql_literal(dialect.quote if sound.quoted else ""), sql_literal("VARCHAR")
    places = file.places(head.names)
    options = {
        "columns": f"{{{', '.join(f'c{place}: {text}' for place in range(dialect.width))}}}",
        "auto_detect": "false",
        "header": "false",
        "skip": str(head.lines),
        "delim": sql_literal(dialect.delimiter),
        "quote": quote,
        "escape": quote,
        "new_line": sql_literal("\\r\\n" if sound.returns else "\\n"),
        "compression": sql_literal("gzip" if packed else "none"),
        "hive_partitioning": "false",
        "nullstr": sql_literal(
            "\n"
        ),  # no cell of sound text holds a line end, so that none is null: empty ones are empty
    }
    written = ", ".join(f"{name} = {value}" for name, value in options.items())
    cells = [f"c{place} AS {sql_name(name)}" for place, name in zip(places, file.needed, strict=True)]
    rows = f"SELECT *, row_number() OVER () AS number FROM read_csv({sql_literal(literal_path(path))}, {written})"  # noqa: S608 - all names are quoted
    return f"SELECT {', '.join([*cells, f'number + {head.lines} AS {sql_name(PLACE)}'])} FROM ({rows})"  # noqa: S608 - all names are quoted
