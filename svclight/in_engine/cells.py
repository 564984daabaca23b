"""Cells of a log that stays in its engine, but for times: numbers, true and false, words.

In: a name and a `LazyLog`. Out: numbers with their type; or the different cells of a column, which the pandas engine
reads, and the rows that hold some of them.
"""

from __future__ import annotations

import operator
from dataclasses import replace
from functools import reduce
from typing import TYPE_CHECKING, Any, Final

import narwhals as nw
import numpy as np

from svclight.definition.models import FLAGS
from svclight.dialects.dialect import FLAG, NUMBER, OTHER, TEXT, TIME, WHOLE, Column, Written
from svclight.errors import UnableError
from svclight.in_engine.expressions import has_fraction, is_infinite, nobody
from svclight.method.view import Numbers
from svclight.values.columns import FALSE_VALUES, TRUE_VALUES
from svclight.values.text_dictionary import numeric_tokens, word_of
from svclight.values.time_text import parse_iso

if TYPE_CHECKING:
    from collections.abc import Sequence

    import pandas as pd

    from svclight.definition.models import FieldSpec
    from svclight.in_engine.log import LazyLog

_TRUTHS: Final = (*TRUE_VALUES, *FALSE_VALUES)
MOST_WORDS: Final = 10_000
"""So many different cells of a column are looked at one by one; beyond, the rows are judged by the pandas engine."""


def numbers_of(name: str, log: LazyLog) -> Numbers:
    """A field of numbers as an expression with its type, cells of text parsed by the engine.

    Raises:
        UnableError: The engine cannot read them by itself.
    """
    spec = log.log.field(name, "number")
    if spec.parts and log.log.other(name) is None and spec.at is None:
        return _combined_numbers(spec, log)
    column = log.raw(name)
    there, tokens = log.columns[column], log.tokens(spec)
    if spec.span is not None or there.kind not in (WHOLE, NUMBER, TEXT):
        raise UnableError(f"{name} is no number there")
    if there.kind == TEXT:
        new = f"number:{name}"
        if new not in log.before.read:
            log.before.read[new] = Written(column, tokens, decimal=log.log.spec.read.decimal)
            log.odd.append(nw.col(f"{new}?"))
        return Numbers(nw.col(new), nw.col(new).is_null(), dtype=np.dtype(np.float64), free=True)
    summed = there.kind == NUMBER and log.finite
    if summed:
        log.summed[column] = None
    elif there.kind == NUMBER:
        log.rare.append(is_infinite(nw.col(column)))
    return replace(numbers_in(column, tokens, log, finite=summed), low=log.lows.get(column))


def counts_in(name: str, log: LazyLog) -> tuple[nw.Expr, nw.Expr]:
    """The counts of that name as whole numbers, 0 where there is none; and the rows that hold a number that is none.

    Raises:
        UnableError: The engine cannot read them by itself.
    """
    numbers = numbers_of(name, log)
    sound = (numbers.values >= 0) & (numbers.values < 2**53)  # an engine may refuse to make others whole
    wrong = ~sound
    if numbers.dtype.kind == "f":
        # where a file says in its statistics that all are smaller, DuckDB neither compares nor looks for NaN, which
        # such statistics leave out; whether a number is finite it always looks up
        sound = sound & numbers.values.is_finite()
        wrong = wrong | has_fraction(numbers.values)
    counts = nw.when(sound).then(numbers.values).otherwise(nw.lit(0)).cast(nw.Int64)
    return counts, wrong & ~numbers.missing


def _combined_numbers(spec: FieldSpec, log: LazyLog) -> Numbers:
    """The sum of numbers, or the first less all others, in doubles; cells that cannot be read are odd already."""
    parts = [numbers_of(part, log) for part in spec.parts]
    values, missing = [part.values.cast(nw.Float64) for part in parts], [part.missing for part in parts]
    if spec.empty is not None:
        zero = nw.lit(float(spec.empty))
        values = [nw.when(gone).then(zero).otherwise(cell) for gone, cell in zip(missing, values, strict=True)]
        missing = [nobody(values[0])]
    made = reduce(operator.sub if spec.difference is not None else operator.add, values)
    gone = reduce(operator.or_, missing)
    return Numbers(made, gone, dtype=np.dtype(np.float64), has_nan=any(part.has_nan for part in parts))


def are_filled(column: str, tokens: Sequence[str], log: LazyLog) -> nw.Expr:
    """Which rows have a cell, also one that cannot be read, whatever it is read as.

    Raises:
        UnableError: The engine cannot tell by itself.
    """
    kind, cell = log.columns[column].kind, nw.col(column)
    if kind == TEXT:
        return log.has_text(column, tokens)
    if kind in (WHOLE, NUMBER) and all(word_of(mark) in tokens for mark in numeric_tokens(tokens)):
        missing: nw.Expr = numbers_in(column, tokens, log).missing
        return ~missing
    if kind == FLAG and not any(token.casefold() in _TRUTHS for token in tokens):
        return ~cell.is_null()
    if kind == TIME and all(parse_iso(token) is None for token in tokens):
        return ~cell.is_null()
    raise UnableError(f"which cells of {column} are filled")


def numbers_in(column: str, tokens: Sequence[str], log: LazyLog, *, finite: bool = False) -> Numbers:
    """A column of numbers as it stands; `finite` promises that none of them is NaN."""
    there, cell = log.columns[column], nw.col(column)
    missing, has_nan = cell.is_null(), there.kind == NUMBER and not finite and log.has_nan
    if has_nan:
        missing = missing | cell.is_nan()
    marks = numeric_tokens(tokens)
    if marks:
        missing = missing | cell.is_in([int(m) for m in marks if m.is_integer()] if there.kind == WHOLE else marks)
        missing = missing.fill_null(value=True)
    dtype = np.float32 if there.single else np.float64
    whole = there.kind == WHOLE
    return Numbers(cell, missing, dtype=np.dtype(np.int64 if whole else dtype), free=not marks, has_nan=has_nan)


def have_ids(log: LazyLog) -> nw.Expr:
    """The rows in which no part of the id is missing.

    Raises:
        UnableError: The engine cannot read an id as pandas does.
    """
    return reduce(lambda one, other: one & other, [_has_id(log, name) for name in log.log.id_names])


def _has_id(log: LazyLog, name: str) -> nw.Expr:
    column, spec = log.raw(name), log.log.field(name, "text")
    if spec.kind in FLAGS:
        raise UnableError(f"the id {name} is true or false")
    there, tokens = log.columns[column].kind, log.tokens(spec)
    if there == TEXT:
        return log.has_text(column, tokens)
    if there not in (WHOLE, NUMBER):
        raise UnableError(f"the id {name} is neither text nor a number")
    missing: nw.Expr = numbers_in(column, tokens, log).missing
    return ~missing


def is_flag(name: str, log: LazyLog) -> bool:
    """Whether a field is a column of true and false in the engine itself."""
    spec = log.log.field(name, "flag")
    if spec.kind != "flag":
        return False
    return log.columns[log.raw(name)].kind == FLAG and not (log.tokens(spec) or spec.true_values or spec.false_values)


def kind_of(name: str, log: LazyLog) -> Column:
    """The type of the raw column behind a name."""
    return log.columns.get(log.raw(name), Column(OTHER))


def words_of(name: str, log: LazyLog) -> pd.Series[Any]:
    """The different cells of the raw column behind a name, at most `MOST_WORDS`.

    Raises:
        UnableError: There are too many.
    """
    cells = log.distinct(log.raw(name))
    if cells is None:
        raise UnableError(f"{name} has more than {MOST_WORDS:,} different cells")
    return cells


def among(name: str, cells: pd.Series[Any], log: LazyLog) -> nw.Expr:
    """The rows whose cell in the raw column behind a name is one of some given cells."""
    column = nw.col(log.raw(name))
    there = log.columns[log.raw(name)]
    found = cells.dropna().tolist()
    parts = [column.is_in(found) & ~column.is_null()] if found else []
    if cells.isna().any():
        parts.append(column.is_null() | column.is_nan() if there.kind == NUMBER else column.is_null())
    return reduce(lambda one, other: one | other, parts) if parts else nobody(column)
