"""What a condition means in an engine: `LazyLog` + `Condition` -> an expression that is true or false, never null.

Tests that engines do alike (numbers against limits, text against text) become comparisons. All others are held against
the different cells of their column by the pandas engine, once, so that they mean the same here.
"""

from __future__ import annotations

from functools import reduce
from typing import TYPE_CHECKING, Any

import narwhals as nw
import numpy as np
import pandas as pd

from svclight.definition.conditions import All, AnyOf, Not, Test
from svclight.definition.models import WEEKDAYS
from svclight.dialects.dialect import TEXT, TIME
from svclight.in_engine.cells import among, kind_of, numbers_of, words_of
from svclight.in_engine.expressions import everybody, nobody
from svclight.judging.contract import UnableError
from svclight.logs.condition_masks import met, time_limit
from svclight.logs.log import Log
from svclight.reading.sources import Raw
from svclight.thresholds import parse_interval
from svclight.values import clocks
from svclight.values.clocks import DAY, MONDAY, NANO
from svclight.values.text_dictionary import Texts

if TYPE_CHECKING:
    from collections.abc import Sequence

    from svclight.definition.conditions import Condition
    from svclight.in_engine.log import LazyLog


def condition_of(condition: Condition, log: LazyLog) -> nw.Expr:
    """Which rows meet the condition.

    Raises:
        UnableError: The engine cannot tell by itself.
    """
    match condition:
        case All(parts):
            return reduce(lambda one, other: one & other, [condition_of(part, log) for part in parts])
        case AnyOf(parts):
            return reduce(lambda one, other: one | other, [condition_of(part, log) for part in parts])
        case Not(part):
            return ~condition_of(part, log)
    return _test(condition, log)


def _of_type(values: Sequence[float], dtype: np.dtype[Any]) -> list[float]:
    """Numbers as the type of a column, as Polars compares no others; what no whole number is equal to is left out."""
    if dtype.kind == "f":
        return [float(value) for value in values]
    return [int(value) for value in values if int(value) == value]


def _test(test: Test, log: LazyLog) -> nw.Expr:
    kind = log.log.kind(test.column)
    if log.log.other(test.column) is not None:
        raise UnableError(f"{test.column} stands in another log")
    if kind == "part":
        return _part(test, log)
    if kind == "time" or (kind is None and _asks_time(test, log)):
        return _time(test, log)
    if test.limit:
        return _limit(test, log)
    if kind in ("number", "span"):
        numbers = numbers_of(test.column, log)
        wanted = _of_type([value for value in test.values if isinstance(value, int | float)], numbers.dtype)
        return _either(test, numbers.values.is_in(wanted) & ~numbers.missing, ~numbers.missing)
    there = kind_of(test.column, log).kind
    if there == TEXT and kind != "flag" and all(isinstance(value, str) for value in test.values):
        return _text(test, log)
    return _by_words(test, log)


def _either(test: Test, equal: nw.Expr, present: nw.Expr) -> nw.Expr:
    """The rows with one of the values; with none of them where negated; those without a value where null is one."""
    if test.negated:
        return present & ~equal
    return equal | ~present if None in test.values else equal


def _text(test: Test, log: LazyLog) -> nw.Expr:
    """Text against text. Tokens and blanks are no text, so they are equal to nothing."""
    column, tokens = log.raw(test.column), log.tokens(log.log.field(test.column, "text"))
    cell = nw.col(column)
    wanted = [value for value in test.values if isinstance(value, str) and value.strip() not in ("", *tokens)]
    equal = cell.is_in(wanted) & ~cell.is_null() if wanted else nobody(cell)
    return log.has_text(column, tokens) & ~equal if test.negated else equal


def _by_words(test: Test, log: LazyLog) -> nw.Expr:
    """The pandas engine says of each different cell whether it meets the test."""
    cells = words_of(test.column, log)
    rows = few(log.log, {log.raw(test.column): cells}).rows()
    return among(test.column, cells[np.asarray(met(test, rows))], log)


def few(log: Log, columns: dict[str, Any]) -> Log:
    """A log of a few rows, with only some of its columns."""
    return Log(log.process_id, log.process, log.definitions, Raw(pd.DataFrame(columns)), path=log.path)


def _limit(test: Test, log: LazyLog) -> nw.Expr:
    """Numbers against a limit."""
    spec = log.log.field(test.column, "number")
    interval = parse_interval(test.limit).in_unit("s" if spec.span is not None else spec.unit or "")
    numbers = numbers_of(test.column, log)
    missing: nw.Expr = numbers.missing
    holds = within(numbers.values, interval.comparisons(numbers.dtype))
    return ~missing & (~holds if test.negated else holds)


def within(values: nw.Expr, comparisons: Any) -> nw.Expr:
    """Which values meet all comparisons."""
    parts = [compare(values, end.item() if isinstance(end, np.generic) else end) for compare, end in comparisons]
    return reduce(lambda one, other: one & other, parts) if parts else everybody(values)


def _asks_time(test: Test, log: LazyLog) -> bool:
    """Whether a raw column is used as a time: its operand is one, or null is asked of a column of times."""
    if test.limit:
        try:
            parse_interval(test.limit)
        except ValueError:
            return True
        return False
    only_null = all(value is None for value in test.values)
    return only_null and (test.column in log.log.time_names or kind_of(test.column, log).kind == TIME)


def _time(test: Test, log: LazyLog) -> nw.Expr:
    """Times against times, as they stood at `as_of`."""
    seen = log.seen(test.column)
    if not test.limit and all(value is None for value in test.values):
        return seen if test.negated else ~seen
    ticks, per_second = log.instants(test.column), log.moment(test.column).per_second
    if test.limit:
        compare, bound = time_limit(test.limit, log.log.zone, per_second)
        holds: nw.Expr = compare(ticks, bound)
        return seen & (~holds if test.negated else holds)
    exact = [divmod(clocks.read_as_of(str(value), log.log.zone) * per_second, NANO) for value in test.values if value]
    wanted = [tick for tick, rest in exact if not rest]
    equal = ticks.is_in(wanted) & seen if wanted else nobody(ticks)
    return _either(test, equal, seen)


def _part(test: Test, log: LazyLog) -> nw.Expr:
    """An hour, a weekday or a date against its words: the pandas engine says which of them meet the test."""
    number, seen = part_of(test.column, log)
    spec = log.log.field(test.column, "text")
    if spec.part == "date":
        raise UnableError("conditions on dates are many words")
    words = [str(hour) for hour in range(24)] if spec.part == "hour" else list(WEEKDAYS)
    each = few(log.log, {"": range(len(words) + 1)})
    each.seen["part", test.column] = Texts(np.array([*range(len(words)), -1]), np.array(words, dtype=object))
    chosen = np.asarray(met(test, each.rows()))
    wanted = [place for place, holds in enumerate(chosen[:-1]) if holds]
    found = number.is_in(wanted) & seen if wanted else nobody(number)
    return found | ~seen if chosen[-1] else found


def part_of(name: str, log: LazyLog) -> tuple[nw.Expr, nw.Expr]:
    """An hour (0 to 23), a weekday (0 is Monday) or a day since 1970; and which rows have one."""
    spec = log.log.field(name, "text")
    time = str(spec.of)
    whole = time == log.log.anchor and log.log.spec.begins is None  # a row still to come keeps its day
    walls, per_second = log.walls(time, whole=whole), log.moment(time).per_second
    days = log.day_of(name, walls, per_second)
    seen = log.there(time) if whole else log.seen(time)
    if spec.part == "date":
        return days, seen
    if spec.part == "weekday":
        return (days + MONDAY) % 7, seen
    return (walls - days * (DAY * per_second)) // (3600 * per_second), seen
