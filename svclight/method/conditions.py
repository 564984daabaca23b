"""Conditions of a definition, asked of a view of a log: the rows that meet them.

Conditions say, too, which events are a step, and who was asked.

A number compares as a number, true/false as a flag, text as text, exactly. A missing cell meets nothing on its column,
neither a value nor `{not: value}`; `{column: null}` asks for it. The combining `not` is plain negation. A time after
`as_of` has not happened, and is missing.
"""

from __future__ import annotations

import operator
from typing import TYPE_CHECKING, Any, Final

from svclight.definition.conditions import All, AnyOf, Not, Test
from svclight.definition.models import FLAGS, NUMBERS, StepWhere
from svclight.method.rules import Measured, all_of, any_of
from svclight.thresholds import parse_interval
from svclight.values import clocks
from svclight.values.clocks import NANO

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence

    from svclight.definition.conditions import Condition, Scalar
    from svclight.method.rules import Mask
    from svclight.method.view import CellView

    Compare = Callable[[Any, Any], Any]
    Cells = tuple[Mask, Mask]

_COMPARE: Final[dict[str, Compare]] = {"<": operator.lt, "<=": operator.le, ">": operator.gt, ">=": operator.ge}


def rows_meeting(condition: Condition, view: CellView) -> Mask:
    """The rows that meet a condition."""

    def rows_of(test: Test) -> Mask:
        known = view.by_cells(test, _rows_passing)
        return _rows_passing(test, view) if known is None else known

    return combine_tests(condition, rows_of)


def combine_tests(condition: Condition, rows_of: Callable[[Test], Mask]) -> Mask:
    """The rows that meet a condition, put together from the rows that pass each of its tests."""
    match condition:
        case All(parts):
            return all_of([combine_tests(part, rows_of) for part in parts])
        case AnyOf(parts):
            return any_of([combine_tests(part, rows_of) for part in parts])
        case Not(part):
            return ~combine_tests(part, rows_of)
    return rows_of(condition)


def is_of_time(test: Test, view: CellView) -> bool:
    """Whether a test compares times: of a time field, or of a raw column that is used as one."""
    kind = view.log.kind(test.column)
    if kind is not None:
        return bool(kind == "time")
    if test.how:
        return False
    if test.limit:
        return test.compares_times
    only_null = all(value is None for value in test.values)
    return only_null and (test.column in view.log.time_names or view.holds_times(test.column))


def _rows_passing(test: Test, view: CellView) -> Mask:
    return passing(test, *_cells(test, view))


def passing(test: Test, present: Mask, chosen: Mask) -> Mask:
    """The rows whose cell passes a test.

    Args:
        test: The test.
        present: The rows that have a cell.
        chosen: Those in which it is one of the test's values, or within its limit.
    """
    if test.negated:
        return present & ~chosen
    if test.limit:
        return present & chosen
    return chosen | ~present if None in test.values else chosen


def _cells(test: Test, view: CellView) -> Cells:
    """The rows that have a cell, and those whose cell is one of the values or within the limit."""
    kind = view.log.kind(test.column)
    values = [value for value in test.values if value is not None]
    if is_of_time(test, view):
        return _times(test, values, view)
    if test.how:
        return view.words_passing(test.column, test.passes)
    if test.limit:
        return _parts_within(test, view) if kind == "part" else _numbers_within(test, view)
    if kind in NUMBERS:
        numbers = view.numbers(test.column)
        wanted = [value for value in values if isinstance(value, int | float)]
        present = view.everybody() if numbers.missing is None else ~numbers.missing
        return present, view.one_of(numbers.values, wanted, numbers.dtype) & present
    if kind in FLAGS:
        flags = view.flags(test.column)
        chosen = [flags.true if value else flags.false for value in values]
        return flags.true | flags.false, any_of([view.nobody(), *chosen])
    return view.equal_text(test.column, values)


def _numbers_within(test: Test, view: CellView) -> Cells:
    numbers = view.numbers(test.column)
    interval = parse_interval(test.limit).in_unit(view.log.unit(test.column))
    present = view.everybody() if numbers.missing is None else ~numbers.missing
    return present, view.inside(Measured(numbers.values, dtype=numbers.dtype), interval)


def _parts_within(test: Test, view: CellView) -> Cells:
    """Compares hours as numbers, and dates in ISO 8601 by the order of their texts."""
    if view.log.field(test.column, "text").part == "date":
        compare, day = _comparison(test.limit)
        return view.words_passing(test.column, lambda word: bool(compare(word, day)))
    interval = parse_interval(test.limit)
    return view.words_passing(test.column, lambda word: interval.contains(float(word)))


def _times(test: Test, values: Sequence[Scalar], view: CellView) -> Cells:
    """Compares instants with instants, as exactly as they are written."""
    seen = view.has_time(test.column)
    if not test.limit and not values:
        return seen, view.nobody()
    per_second = view.ticks_a_second(test.column)
    instants = view.instants(test.column, per_second)
    if test.limit:
        compare, bound = _time_limit(test.limit, view.log.zone, per_second)
        return seen, compare(instants, bound)
    exact = [divmod(clocks.read_as_of(str(value), view.log.zone) * per_second, NANO) for value in values]
    return seen, view.one_of(instants, [tick for tick, rest in exact if not rest], None) & seen


def _comparison(limit: str) -> tuple[Compare, str]:
    """The comparison written in a limit such as `>= 3`, and the text after its sign."""
    text = limit.strip()
    sign = text[:2] if text[:2] in ("<=", ">=") else text[:1]
    return _COMPARE[sign], text[len(sign) :].strip()


def _time_limit(limit: str, zone: str, per_second: int) -> tuple[Compare, int]:
    """The comparison written in a limit such as `>= 2026-03-01`, and its instant as a tick."""
    compare, text = _comparison(limit)
    exact, rest = divmod(clocks.read_as_of(text, zone) * per_second, NANO)
    return compare, exact + 1 if rest and compare in (operator.lt, operator.ge) else exact


def rows_of_step(step: str, view: CellView) -> Mask:
    """The events that meet the step's condition, or whose column of steps holds one of its words."""
    spec = view.log.spec.steps[step]
    if isinstance(spec, StepWhere):
        return rows_meeting(spec.where, view)
    return view.equal_text(str(view.log.spec.step), tuple(spec))[1]


def asked_and_answered(asked: Condition, view: CellView, *, left: Mask, rated: Mask) -> tuple[Mask, Mask]:
    """The rows in which a customer was asked, and the rows with an answer that could be rated.

    Args:
        asked: Who was asked.
        view: The log.
        left: The rows that are excluded or not applicable, of which nobody counts as asked; None if there are none.
        rated: The rows that are green, yellow or red.
    """
    rows = rows_meeting(asked, view)
    rows = rows if left is None else rows & ~left
    return rows, rows & rated
