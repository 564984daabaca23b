"""Expressions that every engine computes alike: which rows none and all are, steps, fractions, infinite numbers.

In: narwhals expressions. Out: narwhals expressions.
"""

from __future__ import annotations

from functools import reduce
from typing import TYPE_CHECKING, Any

import narwhals as nw
import numpy as np

if TYPE_CHECKING:
    from svclight.clocks import Steps


def is_infinite(numbers: nw.Expr) -> nw.Expr:
    """Which numbers are infinite."""
    return (numbers == float("inf")) | (numbers == float("-inf"))


def has_fraction(numbers: nw.Expr) -> nw.Expr:
    """Which numbers are not whole; all that doubles hold from 2**53 on are, and have no room in whole numbers."""
    small = (numbers < 2.0**53) & (numbers > -(2.0**53))
    return nw.when(small).then(numbers.floor()).otherwise(numbers) != numbers


def nobody(column: nw.Expr) -> nw.Expr:
    """No row."""
    return column.is_null() & ~column.is_null()


def everybody(column: nw.Expr) -> nw.Expr:
    """Every row."""
    return column.is_null() | ~column.is_null()


def twofold(ticks: nw.Expr, steps: Steps) -> nw.Expr:
    """Which local times lie in the hours that exist twice or not at all."""
    parts = []
    for place in np.flatnonzero(steps.twofold):
        begin, end = int(steps.starts[place]), [int(start) for start in steps.starts[place + 1 : place + 2]]
        parts.append((ticks >= begin) & (ticks < end[0]) if end else ticks >= begin)
    return reduce(lambda one, other: one | other, parts)


def stepwise(values: nw.Expr, starts: Any, made: Any, dtype: Any) -> nw.Expr:
    """What belongs to the step in which each value lies: a tree, so that few comparisons lead to it."""
    if len(made) == 1:
        return nw.lit(made[0].item(), dtype)
    middle = len(made) // 2
    below = stepwise(values, starts[:middle], made[:middle], dtype)
    above = stepwise(values, starts[middle:], made[middle:], dtype)
    return nw.when(values < starts[middle].item()).then(below).otherwise(above)
