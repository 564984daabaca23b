"""Logs of generated examples with native types: the cells of text that `strategies` draws, as numbers, times and flags.

In: a `Call` whose rows hold text. Out: the same call with other cells, and its logs as tables of cells for `engines`. What
a type cannot hold is null, or NaN where it is no number, so that both stand in one column.
"""

from __future__ import annotations

from copy import deepcopy
from dataclasses import dataclass, replace
from datetime import UTC, datetime
from decimal import Decimal, InvalidOperation
from typing import TYPE_CHECKING, Any

import pandas as pd
from hypothesis import strategies as st
from support.engines import Column, Table, text_table
from support.strategies import NOWS, PROCESS, TIME_COLUMNS, pick
from support.strategies_trade import has_time

if TYPE_CHECKING:
    from collections.abc import Callable

    from support.brute_score import Call

    Rows = list[dict[str, Any]]

NAN = float("nan")
TIMES = ("time", "instant", "time_ns", "instant_ns")
TYPES: dict[str, tuple[str, ...]] = {
    **dict.fromkeys(TIME_COLUMNS, (*TIMES, "time", "instant", "date")),
    **dict.fromkeys(("sent", "number", "ticket", "unix", "unix_ms", "n"), ("whole",)),
    **dict.fromkeys(("wait", "score", "hold", "paid", "stars"), ("number", "number", "decimal")),
    **dict.fromkeys(("ok", "kept", "greets", "solves", "polite"), ("flag",)),
    "day": ("date",),
}
"""The types that a column of an example may have, beside text."""
_FLAGS = {"true": True, "yes": True, "1": True, "ja": True, "false": False, "no": False, "0": False, "nein": False}


@dataclass(frozen=True)
class Typed:
    """An example: the call with the cells that it has, and its logs by name."""

    call: Call
    tables: dict[str, Table]


def as_text(call: Call, columns: list[str]) -> Typed:
    """The example as a CSV would give it; `columns` are those of a log without rows."""
    tables = {name: text_table(rows, names_of(rows, columns)) for name, rows in logs_of(call).items()}
    return Typed(with_tables(call, tables), tables)


@st.composite
def typed(draw: st.DrawFn, call: Call, columns: list[str]) -> Typed:
    """The example with columns of any type that they may have."""
    tables = {}
    for name, rows in logs_of(call).items():
        table = text_table(rows, names_of(rows, columns))
        kinds = {column: pick(draw, "text", *TYPES[column]) for column in table if column in TYPES}
        tables[name] = {
            column: native(what, kinds[column]) if kinds.get(column, "text") != "text" else what
            for column, what in table.items()
        }
    made = with_tables(call, tables)
    made = replace(made, definition=with_dates(made.definition, tables[call.process_id]))
    # what is missing may have been the only time
    made = made if made.as_of is not None or has_time(made) else replace(made, as_of=NOWS[0])
    return Typed(made, tables)


def with_dates(definition: dict[str, Any], table: Table) -> dict[str, Any]:
    """The definition for a log whose days are dates, no longer text in a format."""
    if "day" not in table or table["day"].kind != "date":
        return definition
    made = deepcopy(definition)
    made["processes"][PROCESS]["log"]["fields"]["called"]["format"] = "%Y-%m-%d %H:%M:%S"
    return made


def logs_of(call: Call) -> dict[str, Rows]:
    return {call.process_id: call.rows, **call.others}


def names_of(rows: Rows, columns: list[str]) -> list[str]:
    return list(dict.fromkeys(column for row in rows for column in row)) or columns


def with_tables(call: Call, tables: dict[str, Table]) -> Call:
    """The call with the cells of the tables."""
    rows = {name: as_rows(table) for name, table in tables.items()}
    others = {name: rows[name] for name in call.others}
    return replace(call, rows=rows[call.process_id], others=others)


def as_rows(table: Table) -> Rows:
    cells = zip(*(column.cells for column in table.values()), strict=True)
    return [dict(zip(table, row, strict=True)) for row in cells]


def native(column: Column, kind: str) -> Column:
    """A column of text as one of another kind: what cannot be read is missing."""
    read = READ[kind]
    return Column(kind, [None if cell is None else read(cell) for cell in column.cells])


def _number(text: str) -> float:
    try:
        return float(text)
    except ValueError:
        return NAN


def _decimal(text: str) -> Decimal | None:
    try:
        found = Decimal(text)
    except InvalidOperation:
        return None
    return round(found, 3) if found.is_finite() else None


def _whole(text: str) -> int | None:
    found = _decimal(text)
    return None if found is None or found != int(found) else int(found)


def _moment(text: str) -> datetime | None:
    try:
        return datetime.fromisoformat(text)
    except ValueError:
        return None


def _time(text: str) -> datetime | None:
    found = _moment(text)
    return None if found is None else found.replace(tzinfo=None)


def _instant(text: str) -> datetime | None:
    found = _moment(text)
    return None if found is None else found.replace(tzinfo=found.tzinfo or UTC).astimezone(UTC)


def _nano(read: Callable[[str], datetime | None]) -> Callable[[str], pd.Timestamp | None]:
    def made(text: str) -> pd.Timestamp | None:
        found = read(text)
        return None if found is None else pd.Timestamp(found)

    return made


def _date(text: str) -> Any:
    found = _moment(text) or _german(text)
    return None if found is None else found.date()


def _german(text: str) -> datetime | None:
    try:
        return datetime.strptime(text, "%d.%m.%Y")  # noqa: DTZ007  # a date has no zone
    except ValueError:
        return None


READ: dict[str, Callable[[str], Any]] = {
    "number": _number,
    "decimal": _decimal,
    "whole": _whole,
    "flag": lambda text: _FLAGS.get(text.lower()),
    "time": _time,
    "instant": _instant,
    "time_ns": _nano(_time),
    "instant_ns": _nano(_instant),
    "date": _date,
}
