"""What a condition means for rows: `Rows` + `Condition` -> which rows meet it.

A number compares as a number, true/false as a flag, text as text, exactly. A missing cell meets nothing on its column,
neither a value nor `{not: value}`; `{column: null}` asks for it. The combining `not` is plain negation.
"""

from __future__ import annotations

import operator
from functools import reduce
from typing import TYPE_CHECKING, Any

import numpy as np

from svclight.definition.conditions import All, AnyOf, Not, Test
from svclight.thresholds import parse_interval
from svclight.values import clocks
from svclight.values.clocks import NANO, NAT
from svclight.values.columns import flag_of, word_numbers

if TYPE_CHECKING:
    import datetime as dt
    from collections.abc import Callable

    from numpy.typing import NDArray

    from svclight.definition.conditions import Condition, Scalar
    from svclight.logs.log import Rows
    from svclight.values.columns import Texts

    Mask = NDArray[np.bool_]


def met(condition: Condition | None, rows: Rows) -> Mask | None:
    """Which rows meet the condition; None where there is none, so that all do."""
    return None if condition is None else _met(condition, rows)


def _met(condition: Condition, rows: Rows) -> Mask:
    match condition:
        case All(parts):
            return reduce(np.logical_and, [_met(part, rows) for part in parts])
        case AnyOf(parts):
            return reduce(np.logical_or, [_met(part, rows) for part in parts])
        case Not(part):
            return ~_met(part, rows)
    kind = rows.log.kind(condition.column)
    if condition.limit:
        return _compared(condition, rows, kind)
    present, equal = _by_kind(condition, rows, kind)
    empty = ~present if None in condition.values else np.zeros(len(rows), dtype=bool)
    if condition.negated:
        return present & ~equal  # null among the values: whatever is there and none of the others
    return equal | empty


def _by_kind(test: Test, rows: Rows, kind: str | None) -> tuple[Mask, Mask]:
    """Which rows have a value in the column, and which have one of the test's."""
    values = [value for value in test.values if value is not None]
    if kind in ("number", "span"):
        numbers = _numbers(rows, test.column)
        return ~np.isnan(numbers), np.isin(numbers, values)
    if kind == "flag":
        flags = rows.flags(test.column).values
        return flags >= 0, np.isin(flags, [int(bool(value)) for value in values])
    if kind == "time" or (kind is None and not values and test.column in rows.log.time_names):
        ticks, per_second, _ = rows.instants(test.column)
        wanted = [divmod(_instant(str(value), rows) * per_second, NANO) for value in values]
        return ticks != NAT, np.isin(ticks, [tick for tick, rest in wanted if not rest]) & (ticks != NAT)
    texts = rows.texts(test.column)
    decimal = rows.log.spec.read.decimal
    table = rows.log.remember(repr(test), lambda: equal_words(texts, values, decimal))
    return ~texts.missing, texts.look_up(table, missing=False)


def _numbers(rows: Rows, name: str) -> NDArray[Any]:
    """The numbers of a column; an infinite one is none, as it is where it is measured or stands as text."""
    values = np.asarray(rows.numbers(name).values)
    return np.where(np.isinf(values), np.nan, values) if values.dtype.kind == "f" else values


def equal_words(texts: Texts, values: list[Any], decimal: str = ".") -> Mask:
    """Which words of a dictionary are one of the values."""
    found = np.zeros(len(texts.words), dtype=bool)
    for value in values:
        found |= _equal(texts, value, decimal)
    return found


def _equal(texts: Texts, value: Scalar, decimal: str) -> Mask:
    if isinstance(value, bool):
        return np.array([flag_of(word) == int(value) for word in texts.words], dtype=bool)
    if isinstance(value, int | float):
        return np.asarray(word_numbers(texts, decimal) == value, dtype=bool)
    return np.asarray(texts.words == value, dtype=bool)


def _compared(test: Test, rows: Rows, kind: str | None) -> Mask:
    if kind == "time" or (kind is None and _operand_is_time(test)):
        return _compared_times(test, rows)
    if kind == "part" and rows.log.field(test.column, "text").part == "date":
        texts = rows.texts(test.column)
        table = np.array([_text_holds(word, test.limit) for word in texts.words], dtype=bool)
        return _either(texts.look_up(table, missing=False), ~texts.missing, test)
    if kind == "part":
        texts = rows.texts(test.column)
        values = texts.look_up(np.array(texts.words, dtype=np.float64), np.nan)
    else:
        values = _numbers(rows, test.column)
    spec = rows.log.field(test.column, "number")
    interval = parse_interval(test.limit).in_unit("s" if spec.span is not None else spec.unit or "")
    return _either(interval.holds(values), ~np.isnan(values), test)


def _either(holds: Mask, present: Mask, test: Test) -> Mask:
    return present & ~holds if test.negated else present & holds


def _operator(limit: str) -> tuple[str, str]:
    text = limit.strip()
    sign = text[:2] if text[:2] in ("<=", ">=") else text[:1]
    return sign, text[len(sign) :].strip()


def _operand_is_time(test: Test) -> bool:
    try:
        parse_interval(test.limit)
    except ValueError:
        return True
    return False


def _text_holds(word: str, limit: str) -> bool:
    """Dates in ISO 8601 stand in the order of their text."""
    sign, day = _operator(limit)
    return {"<": word < day, "<=": word <= day, ">": word > day, ">=": word >= day}[sign]


def _instant(text: str, rows: Rows) -> int:
    return clocks.read_as_of(text, rows.log.zone)


def _compared_times(test: Test, rows: Rows) -> Mask:
    ticks, per_second, _ = rows.instants(test.column)
    compare, bound = time_limit(test.limit, rows.log.zone, per_second)
    return _either(compare(ticks, bound), ticks != NAT, test)


def time_limit(limit: str, zone: str, per_second: int) -> tuple[Callable[[Any, Any], Any], int]:
    """What must hold of instants in ticks for a limit such as `>= 2026-03-01`: a comparison, and the tick."""
    sign, text = _operator(limit)
    exact, rest = divmod(clocks.read_as_of(text, zone) * per_second, NANO)
    bound = exact + 1 if rest and sign in ("<", ">=") else exact
    return {"<": operator.lt, "<=": operator.le, ">": operator.gt, ">=": operator.ge}[sign], bound


def dates_hold(days: NDArray[np.int64], begin: dt.date | None, end: dt.date | None) -> Mask | None:
    """Which days lie in [begin, end); None where both are open. No day lies in none."""
    if begin is None and end is None:
        return None
    inside: Mask = days != NAT
    if begin is not None:
        inside &= days >= clocks.day_number(begin)
    if end is not None:
        inside &= days < clocks.day_number(end)
    return inside
