"""Rows that no criterion rates: excluded by rule, not begun, or the repetition of another.

In: rows of a log at its `as_of`. Out: rules, in the order in which the rules are asked; and for a whole log which rows
are left out at all.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, Final

import numpy as np
import pandas as pd

from svclight.errors import LogError, printable_text, quoted_list
from svclight.logs.array_cells import ArrayCells
from svclight.logs.log import PART, in_parts
from svclight.logs.row_groups import Gathered
from svclight.method.left_out_rows import REPEATED, left_out_rules
from svclight.method.rules import Rule
from svclight.values.clocks import NAT
from svclight.values.columns import texts_of

if TYPE_CHECKING:
    from numpy.typing import NDArray

    from svclight.logs.log import Log, Rows

    Mask = NDArray[np.bool_]

_SHOWN: Final = 3


def left_out(rows: Rows) -> tuple[Rule, ...]:
    """The rules for rows that no criterion rates, in their order: excluded, not begun, repeated."""
    if isinstance(rows.log, Gathered):
        return rows.log.left_out(rows)
    rules, again = left_out_rules(ArrayCells(rows), beginnings(rows.log)), repeats(rows.log)
    return rules if again is None else (*rules, Rule("excluded", REPEATED, again[rows.part]))


def left_out_of(log: Log) -> Mask:
    """The rows of a whole log that no criterion rates."""

    def find() -> Mask:
        out = np.zeros(len(log), dtype=bool)
        for rows in in_parts(log, PART):
            for rule in left_out(rows):
                out[rows.part] |= rule.rows
        return out

    return log.remember("left out", find)  # type: ignore[no-any-return]  # it holds what was found


def repeats(log: Log) -> Mask | None:
    """The rows that repeat another row's id; None if no id stands twice."""
    if isinstance(log, Gathered) or log.spec.id is None:
        return None

    def find() -> Mask | None:
        out = np.zeros(len(log), dtype=bool)
        for rows in in_parts(log, PART):
            for rule in left_out_rules(ArrayCells(rows), beginnings(log)):
                out[rows.part] |= rule.rows
        return repeated_rows(log, out)

    return log.remember("repeats", find)  # type: ignore[no-any-return]  # the same


def beginnings(log: Log) -> list[str]:
    """The names of the times before which a row does not exist: its begin, and the version that repeats go by."""
    if isinstance(log, Gathered):
        return [log.anchor]
    names = [log.spec.begins or log.anchor]
    by = log.spec.repeated_ids.by if log.spec.repeated_ids is not None else None
    if by is not None and log.remember(("sorts", by), lambda: log.sorts_as(by)) == "time":
        names.append(by)
    return names


def repeated_rows(log: Log, out: Mask) -> Mask | None:
    """The rows that repeat another row's id, by the rule of `repeated_ids`; None if no id stands twice.

    Raises:
        LogError: Rows share an id and differ, and the definition does not say which one counts.
    """
    names = log.spec.id
    if names is None or not len(log) or (len(names) == 1 and log.is_unique(names[0])):
        return None
    keys = ids(log, names)
    rows = np.flatnonzero((keys >= 0) & ~out)
    times = np.bincount(keys[rows]) if len(rows) else np.array([], dtype=np.int64)
    if not (times > 1).any():
        return None
    rows = rows[times[keys[rows]] > 1]
    rule = log.spec.repeated_ids
    if rule is None:
        _check_same(log, rows, keys[rows])
        order = np.lexsort((rows, keys[rows]))
    else:
        order = _order(log, rows, keys[rows], first=rule.keep == "first", by=rule.by)
    ordered = rows[order]
    starts = np.append(True, np.diff(keys[ordered]) != 0)
    mask = np.zeros(len(log), dtype=bool)
    mask[ordered[~starts]] = True
    return mask


def ids(log: Log, names: tuple[str, ...]) -> NDArray[np.int64]:
    """The id of each row as a number; -1 if a part of it is missing."""
    key = (" ".join(names), "ids")
    if key not in log.typed:
        log.typed[key] = _ids(log, names)
    return log.typed[key]  # type: ignore[no-any-return]  # it holds what was found


def _ids(log: Log, names: tuple[str, ...]) -> NDArray[np.int64]:
    keys, *others = (log.keys(name) for name in names)
    missing = keys < 0
    for other in others:
        missing = missing | (other < 0)
        keys = pd.factorize(keys * (int(other.max(initial=0)) + 1) + other)[0]
    return np.where(missing, -1, keys) if missing.any() else keys


def _order(
    log: Log, rows: NDArray[np.int64], keys: NDArray[np.int64], *, first: bool, by: str | None
) -> NDArray[np.int64]:
    """Sorts rows so that, within each id, the row to keep comes first."""
    if by is None:
        if not log.raw.ordered:
            _check_ties(log, rows, keys, by)
        return np.lexsort((rows if first else -rows, keys))
    if log.sorts_as(by) == "number":
        values: NDArray[Any] = np.asarray(log.numbers(by).values, dtype=np.float64)[rows]
        unknown = np.isnan(values)
    else:
        values = log.at(None).rows().instants(by)[0][rows]
        unknown = values == NAT
    values = np.where(unknown, 0, values)
    if not log.raw.ordered:
        _check_ties(log, rows, pd.factorize(pd.MultiIndex.from_arrays([keys, values, unknown]))[0], by)
    return np.lexsort((-rows, values if first else -values, unknown, keys))


def unlike(log: Log, rows: NDArray[np.int64], keys: NDArray[np.int64]) -> tuple[Mask, NDArray[np.intp], list[str]]:
    """The rows that differ from the first row of their key, that first row, and the columns that differ."""
    groups, firsts = np.unique(keys, return_index=True)
    first = firsts[np.searchsorted(groups, keys)]
    differ = np.zeros(len(rows), dtype=bool)
    columns = []
    for name in log.raw.frame.columns:
        codes = texts_of(log.raw.frame[name].iloc[rows]).codes
        other = codes != codes[first]
        if other.any():
            columns.append(str(name))
        differ |= other
    return differ, first, columns


def _check_ties(log: Log, rows: NDArray[np.int64], ties: NDArray[Any], by: str | None) -> None:
    """Refuses rows of one id that differ and that nothing puts in an order, as chance would choose between them."""
    differ, _, columns = unlike(log, rows, ties)
    if not differ.any():
        return
    texts = [log.names(name) for name in log.spec.id]
    place = rows[np.flatnonzero(differ)[:1]]
    written = printable_text(" / ".join(str(text.at(place)[0]) for text in texts), 60)
    named = "nothing else orders them" if by is None else f"{by} is the same"
    raise LogError(
        log.definitions.issue(
            ("processes", log.process_id, "log", "repeated_ids"),
            "rows share an id, differ, and stand in no order: which one counts cannot be told",
            found=f"{written}: {named}, and {quoted_list(columns)} {'differ' if len(columns) > 1 else 'differs'}",
            expected="a `by` that tells them apart (a database keeps no order of rows)",
            hint="name a time or a number that grows with each version: repeated_ids: {keep: last, by: FIELD}",
        )
    )


def _check_same(log: Log, rows: NDArray[np.int64], keys: NDArray[np.int64]) -> None:
    differ, first, columns = unlike(log, rows, keys)
    if not differ.any():
        return
    places = np.flatnonzero(differ)
    texts = [log.names(name) for name in log.spec.id]
    shown = []
    for place in places[:_SHOWN]:
        written = " / ".join(str(text.at(rows[[place]])[0]) for text in texts)
        shown.append(printable_text(written, 60) + log.raw.places(int(rows[first[place]]), int(rows[place])))
    count = len(np.unique(keys[places]))
    raise LogError(
        log.definitions.issue(
            ("processes", log.process_id, "log", "id"),
            f"{count:,} {'id stands' if count == 1 else 'ids stand'} in rows that differ",
            found="; ".join(shown) + (" …" if len(places) > _SHOWN else ""),
            expected="one row an id, or `repeated_ids` that says which one counts",
            hint=f"they differ in {quoted_list(columns)}; "
            "for the newest row write repeated_ids: {keep: last, by: FIELD}",
        )
    )
