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
from svclight.errors import UnableError
from svclight.in_engine.cells import numbers_in
from svclight.in_engine.conditions import CellExpressions, few
from svclight.in_engine.expression_view import ExpressionView
from svclight.logs.unmet_conditions import (
    MOST_WORDS,
    all_questions,
    frequent_words,
    is_answered,
    is_of_cases,
    notice_of,
    unmet_questions,
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
    """The words, conditions and columns of a definition that meet nothing in a log; no row is brought for that."""
    if not counting.rows:
        return []
    spec = counting.log.spec
    asked = all_questions(spec)
    met = {one for one in asked if _is_met_by_rest(one, counting)}
    for first in (FIRST_ROWS, None):
        left = [one for one in asked if one not in met and not (first and is_of_cases(one))]
        met |= _met_questions(left, counting, first)
    return [notice_of(one, spec, _words(one, counting)) for one in unmet_questions(spec, met.__contains__)]


def _is_met_by_rest(question: Unmet, counting: Counting) -> bool:
    """Whether a row that pandas judges answers a question."""
    rest, cases = counting.rest, counting.judged_rest
    return rest is not None and cases is not None and is_answered(question, rest.at(counting.settled.as_of), cases)


def _met_questions(asked: list[Unmet], counting: Counting, first: int | None) -> set[Unmet]:
    """The questions that rows of the engine answer: all of them in one pass, or only its first rows."""
    met: set[Unmet] = set()
    for of_cases in (False, True):
        mine = [one for one in asked if is_of_cases(one) == of_cases]
        if not mine:
            continue
        log = counting.log.judged_log(counting.settled) if of_cases else counting.log.log_at(counting.settled)
        log.frame = log.frame if first is None else log.frame.head(first)
        rows = {f"met:{place}": _answering_rows(one, log).fill_null(value=False) for place, one in enumerate(mine)}
        prepared = log.prepared_frame(counting.call.kind).select(**rows)
        sums = (log.dialect.flag_as_number(nw.col(name)).sum().alias(name) for name in rows)
        found = log.dialect.collect(prepared.select(*sums)).iloc[0]
        met |= {one for place, one in enumerate(mine) if np.nan_to_num(float(found[f"met:{place}"] or 0)) > 0}
    return met


def _answering_rows(question: Unmet, log: LazyLog) -> nw.Expr:
    """The rows that meet a condition, or have a cell in a column."""
    if question.condition is not None:
        return rows_meeting(question.condition, CellExpressions(log))  # type: ignore[no-any-return]  # an expression
    if log.columns[question.column].kind == TEXT:
        return log.has_text(question.column, log.log.spec.missing)
    return ~nw.col(question.column).is_null()


def _words(unmet: Unmet, counting: Counting) -> list[str]:
    """The words of a column, the most frequent first."""
    if not unmet.column or unmet.condition is None:
        return []
    log = counting.log.log_at(counting.settled)
    try:
        column = log.raw(unmet.column)
    except UnableError:  # a part of a time, or several columns as one: it has no column of its own in the engine
        return []
    counted = log.prepared_frame(counting.call.kind).group_by(column).agg(nw.len().alias("rows of it"))
    table = log.dialect.collect(counted.sort("rows of it", descending=True).head(MOST_WORDS))
    words = few(log.log, {column: table[column]})
    words.weights = table["rows of it"].to_numpy(dtype=np.int64)
    return frequent_words(words, unmet.column)
