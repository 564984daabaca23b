"""A card as one file, and back: gzipped JSON without customers' ids and without the text of rejected lines.

In: the tables of a card, or a file. Out: the bytes of the file (the same for the same card), or the tables. A file may
come from anywhere: its size is limited, packed and unpacked, and all in it is looked at before it becomes a card.
"""

from __future__ import annotations

import gzip
import json
import zlib
from dataclasses import asdict
from typing import TYPE_CHECKING, Any, BinaryIO, Final

import pandas as pd

from svclight.card.saved_content import checked_columns, checked_provenance
from svclight.counts.count_tables import TABLES
from svclight.counts.log_notices import JOINS_COLUMNS, UNREAD_COLUMNS, told_table
from svclight.counts.tidy_tables import PERIODS, columns_of, tidy
from svclight.errors import DefinitionError, Issue, SvclightError, printable_text
from svclight.logs.usual_course import COLUMNS as STEPS
from svclight.logs.usual_course import typed_steps
from svclight.processes import from_plain

if TYPE_CHECKING:
    from collections.abc import Sequence
    from pathlib import Path

    from svclight.card.card_tables import CardTables

FORMAT: Final = 3
"""The number of the file format of saved cards."""
_WITHOUT_SUMS: Final = 2
"""The format before sums of values were kept; its cards open, without a summary."""
_ADDED: Final = ("bins", "sums")
"""The tables that format 2 does not have."""
LARGEST: Final = 256 * 2**20
"""A card takes at most so many bytes, unpacked; a gigabyte of nothing packs into one megabyte."""
_REJECTED: Final = ("file", "line", "reason")
_TOLD: Final = {"unread": UNREAD_COLUMNS, "joins": JOINS_COLUMNS}
_KINDS: Final = {
    **dict.fromkeys(("count", "bin", "as_of", "asked", "answered", "measured", "squares"), "int64"),
    **dict.fromkeys(("pending", "certain"), "int64"),
    **dict.fromkeys(("partial", "immature"), "bool"),
}
_DAMAGES: Final = (LookupError, TypeError, ValueError, AttributeError, ArithmeticError, RecursionError)
"""What Python says of plain data that are not what they should be."""


def saved_bytes(card: CardTables, *, quote_cells: bool = False) -> bytes:
    """The card as the bytes of its file; the same card gives the same bytes.

    Args:
        card: The card.
        quote_cells: Whether examples of cells that could not be read are saved, too.

    Raises:
        SvclightError: It is too large to be opened again.
    """
    card = card if quote_cells else card.without_cells()
    content = {
        "format": FORMAT,
        "definitions": card.definitions.raw,
        "provenance": asdict(card.provenance),
        "unread": _to_columns(card.unread),
        "joins": _to_columns(card.joins),
        "rejected": _to_columns(card.rejected.drop(columns="text")),
        "steps": _to_columns(card.steps),
        **{name: _to_columns(getattr(card, name)) for name in TABLES},
    }
    text = json.dumps(content, ensure_ascii=False, separators=(",", ":")).encode()
    if len(text) > LARGEST:
        what = f"the card is too large to be saved: {len(text):,} bytes, and {LARGEST:,} are the most"
        raise SvclightError(Issue(what, hint="split it by fewer segments, or save fewer periods: card.only(…)"))
    # one gzipped JSON file; without a time of writing in its header the same card gives the same bytes
    return gzip.compress(text, mtime=0)


def opened_tables(path: Path) -> dict[str, Any]:
    """The tables of a saved card, by attribute of `Scorecard`.

    Raises:
        SvclightError: There is no such file, it is no saved card of this format, it is damaged, or too large.
    """
    name = printable_text(path, 200)
    try:
        with path.open("rb") as file:
            return tables_in(file, name)
    except OSError as error:
        raise SvclightError(f"{name}: the file cannot be read: {error.strerror}") from None


def tables_in(file: BinaryIO, name: str) -> dict[str, Any]:
    """The tables of a saved card, by attribute of `Scorecard`.

    Args:
        file: Its bytes, which can be read from any place.
        name: Where they stand, for messages.

    Raises:
        OSError: They cannot be read.
        SvclightError: It is no saved card of this format, it is damaged, or too large.
    """
    try:
        content = json.loads(_unpacked(file, name), parse_constant=_refuse_constant)
    except (gzip.BadGzipFile, EOFError, zlib.error, ValueError, RecursionError):
        raise SvclightError(f"{name}: this is no saved card, or it is damaged") from None
    if not isinstance(content, dict) or content.get("format") not in (FORMAT, _WITHOUT_SUMS):
        found = printable_text(content.get("format") if isinstance(content, dict) else None)
        raise SvclightError(f"{name}: unknown format of a saved card; found {found}; expected {FORMAT}")
    try:
        return _tables_of(content)
    except DefinitionError as error:
        raise SvclightError(f"{name}: the definition in this card is none: {error}") from None
    except (SvclightError, *_DAMAGES) as error:
        raise SvclightError(f"{name}: this card is damaged: {printable_text(error, 300)}") from None


def _unpacked(file: BinaryIO, name: str) -> bytes:
    """The bytes that are packed, never many more than a card may have."""
    head = file.read(2)
    file.seek(0, 2)
    size = file.tell()
    file.seek(max(size - 4, 0))  # where gzip says how large the content is: it may lie, so the content is counted, too
    declared = int.from_bytes(file.read(4), "little") if head == b"\x1f\x8b" else 0
    if max(size, declared) <= LARGEST:
        file.seek(0)
        with gzip.GzipFile(fileobj=file) as packed:
            content = packed.read(LARGEST + 1)
        if len(content) <= LARGEST:
            return content
    raise SvclightError(f"{name}: this is too large for a saved card: {LARGEST:,} bytes are the most")


def _refuse_constant(text: str) -> None:
    raise ValueError(f"{text} is no number of JSON")


def _tables_of(content: dict[str, Any]) -> dict[str, Any]:
    """The tables of a card from plain data; raises one of `_DAMAGES` or `SvclightError` where they are none."""
    definitions = from_plain(content["definitions"])
    provenance = checked_provenance(content["provenance"], definitions)
    content["periods"] = _with_new_columns(content["periods"])
    if "squares" not in content:  # cards that were saved before values could be means of what a row stands for
        content["squares"] = {name: [] for name in columns_of("squares", provenance.by)}
    if content["format"] == _WITHOUT_SUMS:
        content |= {table: {name: [] for name in columns_of(table, provenance.by)} for table in _ADDED}
    expected: dict[str, Sequence[str]] = {table: columns_of(table, provenance.by) for table in TABLES}
    expected |= {"rejected": _REJECTED, "steps": STEPS}
    # cards of earlier versions do not know these
    expected |= {name: columns for name, columns in _TOLD.items() if name in content}
    found = {
        table: checked_columns(table, content[table], columns, definitions, provenance.period)
        for table, columns in expected.items()
    }
    return {
        **{table: tidy(_to_frame(found[table]), definitions, provenance.by) for table in TABLES},
        **{table: told_table(pd.DataFrame(found[table])) for table in _TOLD if table in found},
        "rejected": pd.DataFrame(found["rejected"], columns=list(_REJECTED)).assign(text=""),
        "steps": typed_steps(pd.DataFrame(found["steps"])),
        "definitions": definitions,
        "provenance": provenance,
    }


def _with_new_columns(periods: dict[str, list[Any]]) -> dict[str, list[Any]]:
    """The periods of a card that was saved before it was told why one is partial, and how many rows are pending."""
    rows = len(periods["period"])
    unknown = {"pending": 0, "certain": -1, "why": "", "begins": "", "ends": ""}
    added: dict[str, list[Any]] = {
        str(name): [unknown[name]] * rows for name in PERIODS if name in unknown and name not in periods
    }
    return {**periods, **added}


def _to_columns(table: pd.DataFrame) -> dict[str, list[Any]]:
    # JSON knows null, and no NaN
    texts = {name: table[name].astype(object) for name in table.columns}
    return {str(name): column.where(column.notna(), None).tolist() for name, column in texts.items()}


def _to_frame(columns: dict[str, list[Any]]) -> pd.DataFrame:
    """The table from its columns, with their types."""
    # a column without rows does not tell its type
    frame = pd.DataFrame(columns)
    return frame.astype({name: kind for name, kind in _KINDS.items() if name in frame.columns})
