"""The plain data of a saved card, looked at before they become a card.

In: what JSON gave, and the definitions beside it. Out: the same columns in their order, and the provenance; a
`ValueError` (or what Python says of data of another kind) where something cannot be: a count below 0, a zone that is
none, a period of another kind, a criterion that is not defined.
"""

from __future__ import annotations

import datetime as dt
import re
from dataclasses import fields
from typing import TYPE_CHECKING, Any, Final

from svclight.counts.log_reach import BEGINS, ENDS, RUNNING, WINDOW
from svclight.counts.provenance import LogProvenance, Provenance
from svclight.definition.merged_files import FileHead
from svclight.errors import printable_text
from svclight.processes import check_segments
from svclight.thresholds import STATES
from svclight.values import clocks, histogram

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence

    from svclight.processes import Definitions

_MOST: Final = 2**63 - 1
_LONGEST: Final = 2000  # characters of an exact sum: those of doubles take fewer
_PLAIN: Final = {"str": str, "bool": bool, "int": int}


def checked_provenance(content: dict[str, Any], definitions: Definitions) -> Provenance:
    """The provenance of a card.

    Raises:
        ValueError: A part of it cannot be, or does not belong to these definitions.
    """
    kept = dict(content)
    logs = tuple(
        LogProvenance(**{**log, "files": tuple(log["files"])}) for log in _list_of(kept.pop("logs"), dict, "logs")
    )
    by, notices = tuple(kept.pop("by")), tuple(kept.pop("notices"))
    heads = tuple(FileHead(**head) for head in _list_of(kept.pop("definition_files", []), dict, "definition_files"))
    made = Provenance(**kept, logs=logs, by=by, notices=notices, definition_files=heads)
    parts: tuple[Provenance | LogProvenance | FileHead, ...] = (made, *logs, *heads)
    for part in parts:
        _check_fields(part)
    for day in (day for head in heads for day in (head.reviewed, head.review_due) if day):
        dt.date.fromisoformat(day)
    _check(made.period in clocks.PERIODS, "the kind of period", made.period)
    _check(made.time_zone == definitions.document.time_zone, "the time zone", made.time_zone)
    _check(made.definition == definitions.hash, "the mark of the definition", made.definition)
    _check(all(log.process in definitions.processes for log in logs), "a process", [log.process for log in logs])
    numbers = [number for log in logs for number in (log.rows, log.interactions, log.rejected)]
    wrong = [number for number in numbers if not _is_count(number)]
    _check(not wrong, "a number of rows", wrong[:1])
    if made.as_of:
        _check(dt.datetime.fromisoformat(made.as_of).tzinfo is not None, "as_of, which has no offset", made.as_of)
    check_segments(definitions, by)
    return made


def checked_columns(
    table: str, content: dict[str, Any], expected: Sequence[str], definitions: Definitions, kind: str
) -> dict[str, list[Any]]:
    """The columns of a table in their order.

    Args:
        table: Which, for messages.
        content: What stands in the file.
        expected: The columns that the table has.
        definitions: Those of the card.
        kind: The kind of its periods.

    Raises:
        ValueError: There are other columns, they differ in their length, or a cell cannot be.
    """
    _check(set(content) == set(expected), f"the columns of {table}", list(content))
    columns = {name: _list_of(content[name], object, name) for name in expected}
    _check(len({len(column) for column in columns.values()}) == 1, f"{table}: the length of", list(columns))
    for name, column in columns.items():
        holds = _OF_TABLES.get((table, name)) or _CELLS.get(name, _is_segment)
        wrong = next((cell for cell in column if not holds(cell)), None) if column else None
        _check(all(map(holds, column)), f"{table}.{name}", wrong)
    if "criterion" in columns:
        places = set(zip(columns["process"], columns["criterion"], strict=True))
        known = {(process, criterion) for process, criterion, _ in definitions.criteria()}
        _check(places <= known, f"{table}: a criterion", sorted(places - known)[:1])
    if "period" in columns:
        labels = {label for label in set(columns["period"]) if label}
        wrong_kind = [label for label in labels if (clocks.period_number(label) or ("",))[0] != kind]
        _check(not wrong_kind, f"{table}: a {kind}", wrong_kind[:1])
    if table == "counts":
        _check_states(columns)
    if table == "responses":
        pairs = zip(columns["answered"], columns["asked"], strict=True)
        _check(all(answered <= asked for answered, asked in pairs), "answered", "more than were asked")
    return columns


def _check_states(columns: dict[str, list[Any]]) -> None:
    """Each key of the counts has all states, once."""
    keys = list(zip(*(column for name, column in columns.items() if name not in ("zone", "count")), strict=True))
    pairs = set(zip(keys, columns["zone"], strict=True))
    _check(len(pairs) == len(keys) == len(STATES) * len(set(keys)), "the states of counts", f"{len(pairs)} of them")


def _is_text(cell: Any) -> bool:
    return isinstance(cell, str)


def _is_segment(cell: Any) -> bool:
    return cell is None or isinstance(cell, str)


def _is_whole(cell: Any) -> bool:
    return type(cell) is int and abs(cell) <= _MOST  # true and false are numbers to Python


def _is_count(cell: Any) -> bool:
    return _is_whole(cell) and bool(cell >= 0)


def _may_be_count(cell: Any) -> bool:
    return cell is None or _is_count(cell)


def _is_fraction(cell: Any) -> bool:
    """Whether a cell is an exact number as text: `185`, `3/8`."""
    return isinstance(cell, str) and len(cell) < _LONGEST and bool(re.fullmatch(r"-?\d+(/[1-9]\d*)?", cell, re.ASCII))


def _may_be_day(cell: Any) -> bool:
    """Whether a cell is a day, `2026-03-31`, or empty."""
    return cell == "" or (isinstance(cell, str) and (clocks.period_number(cell) or ("",))[0] == "day")


def _is_bool(cell: Any) -> bool:
    return isinstance(cell, bool)


_CELLS: Final[dict[str, Callable[[Any], bool]]] = {
    **dict.fromkeys(("process", "criterion", "period", "reason", "file", "step"), _is_text),
    **dict.fromkeys(("log", "field", "join", "example", "other_example", "hint"), _is_text),
    **dict.fromkeys(("begins", "ends"), _may_be_day),
    "why": lambda cell: cell in ("", RUNNING, BEGINS, WINDOW, ENDS),
    **dict.fromkeys(("count", "asked", "answered", "line", "measured", "squares", "pending"), _is_count),
    **dict.fromkeys(("cells", "unread", "rows", "matched", "other_rows"), _is_count),
    **dict.fromkeys(("cases", "of", "out_of_order", "left_order"), _may_be_count),
    **dict.fromkeys(("partial", "immature"), _is_bool),
    "share": lambda cell: isinstance(cell, int | float) and not isinstance(cell, bool) and 0 <= cell <= 1,
    "zone": lambda cell: cell in STATES,
    "bin": lambda cell: _is_whole(cell) and bool(abs(cell) <= histogram.SIDE),
    **dict.fromkeys(("as_of", "certain"), _is_whole),
    "median_seconds": lambda cell: cell is None or (isinstance(cell, int | float) and not isinstance(cell, bool)),
}
"""What each column of a table may hold; other columns are segments."""
_OF_TABLES: Final[dict[tuple[str, str], Callable[[Any], bool]]] = {
    ("bins", "bin"): lambda cell: _is_whole(cell) and bool(abs(cell) <= histogram.FINE_SIDE),
    ("sums", "sum"): _is_fraction,
}
"""Columns that hold something else in one table."""


def _check_fields(part: Provenance | LogProvenance | FileHead) -> None:
    """Refuses fields of another kind than the class declares."""
    for field in fields(part):
        found = getattr(part, field.name)
        kind = _PLAIN.get(str(field.type))
        if kind is not None:
            _check(type(found) is kind, field.name, found)
        elif str(field.type) == "tuple[str, ...]":
            _check(all(isinstance(one, str) for one in found), field.name, found)


def _list_of(content: Any, kind: type, name: str) -> list[Any]:
    _check(isinstance(content, list) and all(isinstance(one, kind) for one in content), name, content)
    return list(content)


def _check(holds: bool, what: str, found: Any) -> None:
    if not holds:
        raise ValueError(f"{what} cannot be: {printable_text(found)}")
