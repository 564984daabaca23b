"""A call by brute force and by the engine, so that every worked example is held by both."""

from __future__ import annotations

import warnings
from typing import Any

import pandas as pd
from support.brute_score import Call, counts
from support.strategies import PROCESS, to_yaml

import svclight
from svclight.errors import SvclightNotice

Counts = dict[tuple[str, ...], int]


def frame(rows: list[dict[str, Any]]) -> pd.DataFrame:
    """Object columns: text, None and now and then a number, as a CSV read without types would give them."""
    columns = list(dict.fromkeys(column for row in rows for column in row))
    return pd.DataFrame({column: pd.Series([row.get(column) for row in rows], dtype=object) for column in columns})


def card_of(call: Call, columns: tuple[str, ...] = ()) -> svclight.Scorecard:
    """The engine's card; `columns` are those of a log without rows."""
    logs = {call.process_id: frame(call.rows), **{name: frame(rows) for name, rows in call.others.items()}}
    logs = {
        name: log if len(log.columns) else pd.DataFrame(columns=list(columns), dtype=object)
        for name, log in logs.items()
    }
    with warnings.catch_warnings():
        warnings.simplefilter("ignore", SvclightNotice)
        return svclight.score(
            logs,
            svclight.loads(to_yaml(call.definition)),
            by=call.by,
            period=call.period,
            as_of=call.as_of,
            max_unread=1,
            **({"matured": True} if call.matured else {}),
        )


def engine_counts(call: Call, columns: tuple[str, ...] = ()) -> Counts:
    found = card_of(call, columns).counts
    keys = found[["criterion", "period", *call.by, "zone"]].astype(object).fillna("").astype(str)
    return {tuple(key): count for key, count in zip(keys.to_numpy(), found["count"], strict=True) if count}


def brute_counts(call: Call, _columns: tuple[str, ...] = ()) -> Counts:
    svclight.loads(to_yaml(call.definition))  # what the rules refuse is no example
    return counts(call)


def made(
    rows: list[dict[str, Any]],
    log: dict[str, Any],
    criteria: dict[str, Any],
    *,
    zone: str = "UTC",
    calendars: dict[str, Any] | None = None,
    **options: Any,
) -> Call:
    """A call with one process; every row has all columns."""
    process = {
        "title": "Desk",
        "log": log,
        "criteria": {name: {"title": name, **what} for name, what in criteria.items()},
    }
    definition: dict[str, Any] = {"svclight": 1, "title": "Example", "time_zone": zone, "processes": {PROCESS: process}}
    if calendars:
        definition["calendars"] = calendars
    columns = list(dict.fromkeys(column for row in rows for column in row))
    filled = [{column: row.get(column) for column in columns} for row in rows]
    return Call(definition, PROCESS, filled, **{"as_of": "2030-01-01", **options})


def zones(found: Counts, criterion: str) -> dict[str, int]:
    """All periods and segments of a criterion together."""
    total: dict[str, int] = {}
    for key, number in found.items():
        if key[0] == criterion:
            total[key[-1]] = total.get(key[-1], 0) + number
    return total
