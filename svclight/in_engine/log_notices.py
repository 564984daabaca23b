"""What is said of a log that its engine counted: cells that could not be read, and conditions that meet nothing.

In: `Counting`: the log in its engine and the rows of it that pandas judges, among which are all rows with a cell that
cannot be read. Out: the same as for a log in pandas. The first rows answer most questions; the engine is asked only
where they do not.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, Final

import narwhals as nw
import numpy as np

from svclight.definition.names_used import cells_used, count_fields
from svclight.dialects.dialect import TEXT
from svclight.in_engine.cells import numbers_in
from svclight.in_engine.conditions import CellExpressions, few
from svclight.in_engine.expression_view import ExpressionView
from svclight.judging.pandas_log import judge_of
from svclight.logs.unmet_conditions import (
    MOST_WORDS,
    empty_columns,
    frequent_words,
    notice_of,
    unmet_conditions,
)
from svclight.logs.unread_fields import unread_fields, with_more_cells
from svclight.method.conditions import rows_meeting
from svclight.method.left_out_rows import excluded_rules
from svclight.method.rules import any_of
from svclight.method.totals import gaps_by_field

if TYPE_CHECKING:
    from svclight.errors import Notice
    from svclight.in_engine.added_counts import Counting
    from svclight.in_engine.log import LazyLog
    from svclight.logs.log import Log
    from svclight.logs.unmet_conditions import Unmet
    from svclight.logs.unread_fields import UnreadField

    Frame = nw.LazyFrame[Any]

FIRST_ROWS: Final = 4096
"""So many rows are looked at before an engine is asked whether a condition meets any."""


def unread_in_engine(counting: Counting) -> list[UnreadField]:
    """The fields that have cells which could not be read, of the rows of the engine and of those that pandas judges."""
    found = [] if counting.rest is None else unread_fields(counting.rest.at(counting.settled.as_of))
    counts = count_fields(counting.log.spec.process)
    names = dict.fromkeys([*(one.field for one in found), *counts])
    return with_more_cells(found, _own_cells(counting, tuple(names)), counting.log.spec) if names else []


def _own_cells(counting: Counting, names: tuple[str, ...]) -> dict[str, tuple[int, int]]:
    """The cells of fields in rows that the engine judged itself and that no rule excludes: filled, and without a count.

    The rows with a cell that cannot be read are not among them; an empty cell of totals counts nothing.
    """
    judged = counting.queries[0].log
    log = counting.log.raw_log(judged, counting.settled)
    view = ExpressionView(log)
    excluded = any_of(rule.rows for rule in excluded_rules(view))
    uses, gaps = cells_used(log.log.process), _gaps(view)
    asked = {}
    for place, name in enumerate(names):
        asked[f"filled:{place}"] = _has_cell(name, uses[name], log)
        if name in gaps:
            asked[f"gap:{place}"] = gaps[name]
    rows = counting.log.own_rows(log, judged, counting.call.kind)
    chosen = rows if excluded is None else rows.filter(~excluded)
    sums = (log.dialect.flag_as_number(one).sum().alias(key) for key, one in asked.items())
    row = {
        key: int(np.nan_to_num(float(value)))
        for key, value in log.dialect.collect(chosen.select(*sums)).iloc[0].items()
    }
    return {name: (row[f"filled:{place}"], row.get(f"gap:{place}", 0)) for place, name in enumerate(names)}


def _gaps(view: ExpressionView) -> dict[str, nw.Expr]:
    """The rows of totals that add nothing, by the number whose cell is empty."""
    found: dict[str, Any] = {}
    for criterion in view.log.process.criteria.values():
        for name, rows in gaps_by_field(criterion, view).items() if criterion.measure.totals else ():
            found[name] = any_of((found.get(name), rows))
    return {name: rows for name, rows in found.items() if rows is not None}


def _has_cell(name: str, use: str, log: LazyLog) -> nw.Expr:
    """The rows that have a cell in a field, whatever it holds."""
    if use == "time":
        return log.there(name)
    column, tokens = log.raw(name), log.tokens(log.log.field(name, use))
    if log.columns[column].kind == TEXT:
        return log.has_text(column, tokens)
    return ~numbers_in(column, tokens, log).missing if use in ("number", "count") else ~nw.col(column).is_null()


def unmet_in_engine(counting: Counting) -> list[Notice]:
    """The words, conditions and columns of a definition that meet nothing in a log."""
    log, as_of = counting.log, counting.settled.as_of
    first = log.log_of(log.frame.head(FIRST_ROWS)).at(as_of)
    if not len(first):
        return []
    found = _unmet(first, counting)
    if counting.rest is not None and found:
        also = _unmet(counting.rest.at(as_of), counting)
        found = [one for one in found if one in also]
    return [notice_of(one, first, _words(one, counting)) for one in found if not _is_met(one, counting)]


def _unmet(log: Log, counting: Counting) -> list[Unmet]:
    """What meets nothing in some rows; a part of a log may cut cases, which makes no condition true."""
    cases = judge_of(log, counting.settled, counting.call).log
    return [*unmet_conditions(log, cases), *empty_columns(log)]


def _is_met(unmet: Unmet, counting: Counting) -> bool:
    """Whether some row of the engine meets a condition, or has a cell in a column."""
    whole_of_cases = not unmet.column and unmet.path[0] == "criteria"
    log = counting.log.judged_log(counting.settled) if whole_of_cases else counting.log.log_at(counting.settled)
    if unmet.condition is not None:
        rows = rows_meeting(unmet.condition, CellExpressions(log))
    elif log.columns[unmet.column].kind == TEXT:
        rows = log.has_text(unmet.column, log.log.spec.missing)
    else:
        rows = ~nw.col(unmet.column).is_null()
    prepared = log.prepared_frame(counting.call.kind)
    return bool(len(log.dialect.collect(prepared.filter(rows).select(rows.alias("met")).head(1))))


def _words(unmet: Unmet, counting: Counting) -> list[str]:
    """The words of a column, the most frequent first."""
    if not unmet.column or unmet.condition is None:
        return []
    log = counting.log.log_at(counting.settled)
    column = log.raw(unmet.column)
    counted = log.prepared_frame(counting.call.kind).group_by(column).agg(nw.len().alias("rows of it"))
    table = log.dialect.collect(counted.sort("rows of it", descending=True).head(MOST_WORDS))
    words = few(log.log, {column: table[column].repeat(1).reset_index(drop=True)})
    words.weights = table["rows of it"].to_numpy(dtype=np.int64)
    return frequent_words(words, unmet.column)
