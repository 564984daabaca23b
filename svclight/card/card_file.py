"""A card as one file, and back: gzipped JSON without customers' ids and without the text of rejected lines.

In: the tables of a card, or a file. Out: the bytes of the file (the same for the same card), or the tables.
"""

from __future__ import annotations

import gzip
import json
from dataclasses import asdict
from typing import TYPE_CHECKING, Any, Final

import pandas as pd

from svclight.card.card_tables import TABLES
from svclight.counts.log_notices import told_table
from svclight.counts.provenance import LogProvenance, Provenance
from svclight.counts.tidy_tables import KEYS, PERIODS, tidy
from svclight.errors import SvclightError, printable_text
from svclight.logs.usual_course import typed_steps
from svclight.processes import from_plain

if TYPE_CHECKING:
    from pathlib import Path

    from svclight.card.card_tables import CardTables

FORMAT: Final = 3
"""The number of the file format of saved cards."""
_WITHOUT_SUMS: Final = 2
"""The format before sums of values were kept; its cards open, without a summary."""
_ADDED: Final = {"bins": ("bin", "count"), "sums": ("measured", "sum")}
"""The tables that format 2 does not have, and their columns beside the keys."""
_KINDS: Final = {
    **dict.fromkeys(("count", "bin", "as_of", "asked", "answered", "measured", "squares"), "int64"),
    **dict.fromkeys(("pending", "certain"), "int64"),
    **dict.fromkeys(("partial", "immature"), "bool"),
}


def saved_bytes(card: CardTables, *, quote_cells: bool = False) -> bytes:
    """The card as the bytes of its file; the same card gives the same bytes.

    Args:
        card: The card.
        quote_cells: Whether examples of cells that could not be read are saved, too.
    """
    card = card if quote_cells else card.without_cells()
    content = {
        "format": FORMAT,
        "definitions": card.definitions.raw,
        "provenance": asdict(card.provenance),
        "unread": _to_columns(card.unread),
        "joins": _to_columns(card.joins),
        "rejected": _to_columns(card.rejected.drop(columns="text")),
        "steps": _to_columns(card.steps.astype(object).where(card.steps.notna(), None)),
        **{name: _to_columns(getattr(card, name)) for name in TABLES},
    }
    # one gzipped JSON file; without a time of writing in its header the same card gives the same bytes
    return gzip.compress(json.dumps(content, ensure_ascii=False, separators=(",", ":")).encode(), mtime=0)


def opened_tables(path: Path) -> dict[str, Any]:
    """The tables of a saved card, by attribute of `Scorecard`.

    Raises:
        SvclightError: There is no such file, or it is no saved card of this format.
    """
    name = printable_text(path, 200)
    try:
        content = json.loads(gzip.decompress(path.read_bytes()))
    except OSError as error:
        if isinstance(error, gzip.BadGzipFile):
            raise SvclightError(f"{name}: this is no saved card") from None
        raise SvclightError(f"{name}: the file cannot be read: {error.strerror}") from None
    except (EOFError, ValueError):
        raise SvclightError(f"{name}: this is no saved card") from None
    if not isinstance(content, dict) or content.get("format") not in (FORMAT, _WITHOUT_SUMS):
        found = content.get("format") if isinstance(content, dict) else None
        raise SvclightError(f"{name}: unknown format of a saved card; found {found}; expected {FORMAT}")
    definitions = from_plain(content["definitions"])
    kept = content["provenance"]
    logs = tuple(LogProvenance(**{**log, "files": tuple(log["files"])}) for log in kept.pop("logs"))
    by, notices = tuple(kept.pop("by")), tuple(kept.pop("notices"))
    provenance = Provenance(**kept, logs=logs, by=by, notices=notices)
    content["periods"] = _with_new_columns(content["periods"])
    if "squares" not in content:  # cards that were saved before values could be means of what a row stands for
        content["squares"] = {key: [] for key in (*KEYS, *by, "squares")}
    if content["format"] == _WITHOUT_SUMS:
        content |= {table: {key: [] for key in (*KEYS, *by, *columns)} for table, columns in _ADDED.items()}
    tables: dict[str, Any] = {table: tidy(_to_frame(content[table]), definitions, provenance.by) for table in TABLES}
    rejected = pd.DataFrame(content["rejected"], columns=["file", "line", "reason"]).assign(text="")
    steps = typed_steps(pd.DataFrame(content["steps"]))
    for name in ("unread", "joins"):
        if name in content:  # cards of earlier versions do not know them
            tables[name] = told_table(pd.DataFrame(content[name]))
    return {**tables, "rejected": rejected, "steps": steps, "definitions": definitions, "provenance": provenance}


def _with_new_columns(periods: dict[str, list[Any]]) -> dict[str, list[Any]]:
    """The periods of a card that was saved before it was told why one is partial, and how many rows are pending."""
    rows = len(periods["period"])
    unknown = {"pending": 0, "certain": -1, "why": "", "begins": "", "ends": ""}
    return {name: periods[name] if name in periods else [unknown[name]] * rows for name in PERIODS}


def _to_columns(table: pd.DataFrame) -> dict[str, list[Any]]:
    return {str(name): table[name].astype(object).tolist() for name in table.columns}


def _to_frame(columns: dict[str, list[Any]]) -> pd.DataFrame:
    """The table from its columns, with their types."""
    # a column without rows does not tell its type
    frame = pd.DataFrame(columns)
    return frame.astype({name: kind for name, kind in _KINDS.items() if name in frame.columns})
