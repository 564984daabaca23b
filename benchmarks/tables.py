"""The tables that svclight and queries by hand give, brought to one shape so that they can be held against each other.

In: a card, or what a form of `by_hand` gave. Out: whole numbers by month and segment (rows) and by criterion and state
(columns). A benchmark that compares different results says nothing: each case is checked before it is timed.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import numpy as np
import pandas as pd
import polars as pl

if TYPE_CHECKING:
    from work import Work

    from svclight import Scorecard


def of_card(work: Work, card: Scorecard) -> pd.DataFrame:
    """What svclight counted."""
    keys = ["period", *work.segments]
    counts = card.counts
    counts = counts.assign(state=counts["criterion"].astype(str) + "_" + counts["zone"].astype(str))
    wide = counts.pivot_table(index=keys, columns="state", values="count", aggfunc="sum", observed=True)
    return _in_order(wide)


def of_query(work: Work, found: Any) -> pd.DataFrame:
    """What a query or script counted; months come as dates, as periods or as numbers since the year 0."""
    table = found.to_pandas() if isinstance(found, pl.DataFrame) else found
    month = table["month"]
    if pd.api.types.is_integer_dtype(month):
        words = [f"{number // 12:04}-{number % 12 + 1:02}" for number in month]
    else:
        words = [str(value)[:7] for value in month]
    table = table.drop(columns="month").assign(period=words)
    return _in_order(table.set_index(["period", *work.segments]))


def _in_order(wide: pd.DataFrame) -> pd.DataFrame:
    """Keys as text and columns by name; a state that never occurs has no column."""
    wide = wide.loc[:, (wide.to_numpy() != 0).any(axis=0)].fillna(0).astype(np.int64)
    names = [str(name) for name in wide.index.names]
    plain = wide.reset_index()
    plain[names] = plain[names].astype(str)
    plain.columns = [str(name) for name in plain.columns]
    return plain.set_index(names).sort_index().sort_index(axis=1)


def check_same(ours: pd.DataFrame, theirs: pd.DataFrame, what: str) -> None:
    """Ends the run where two tables differ.

    Raises:
        SystemExit: They differ; the message says where.
    """
    if ours.equals(theirs):
        return
    if not ours.index.equals(theirs.index) or not ours.columns.equals(theirs.columns):
        raise SystemExit(f"{what}: other groups or states: {ours.shape} here, {theirs.shape} there")
    where = np.argwhere(ours.to_numpy() != theirs.to_numpy())
    row, column = where[0]
    raise SystemExit(
        f"{what}: {len(where)} numbers differ, the first at {ours.index[row]}, {ours.columns[column]}: "
        f"{ours.iloc[row, column]} here, {theirs.iloc[row, column]} there"
    )
