"""The results of the rule book: rules with the rows that they take, and measured values.

In: nothing; frozen values. Out: `Rule`, `Measured`, `Ladder`. Which rows a rule takes is a mask: an array of true and
false where the typed log is asked, an expression where the log stays in its engine. The rule book joins masks with
`&`, `|`, `~` and compares values with `<`, `<=`, `==`, which mean the same for both; None stands for "no row", where a
view knows that without looking.
"""

from __future__ import annotations

from dataclasses import dataclass, replace
from fractions import Fraction
from functools import reduce
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable

    Mask = Any
    Reason = str | Callable[[Any], Any]


@dataclass(frozen=True)
class Left:
    """How long unfinished rows can still turn, from `as_of` on, by the clock of their measure.

    Attributes:
        values: In the units of the values that were measured; without meaning for rows that no rule keeps pending.
        factor: How many of them make a second, or a working day.
        by_date: Whether whole days are counted.
    """

    values: Any
    factor: Fraction
    by_date: bool = False


@dataclass(frozen=True)
class Rule:
    """A state and its reason, with the rows that have it unless an earlier rule took them.

    `others`, `free` and `untimed` are hints for engines, where each comparison costs a pass; arrays ignore them.

    Attributes:
        state: One of the seven states.
        reason: A text, or a function from places of rows to their texts, where a cell is quoted.
        rows: The rows; an expression may be null for rows that an earlier rule takes.
        others: A cheaper way to say which rows it leaves, good for comparisons of the same value alone: it may be null
            where there is no value, as a comparison with nothing is.
        free: Whether comparisons need not ask at all which rows it leaves: their values are null.
        untimed: Whether it takes all rows without a period that earlier rules leave, so that engines count such rows as
            whole groups.
        by_clock: Whether a clock will turn the rows that it keeps pending, and not what a person does.
        left: How long they can still turn, if that is known.
    """

    state: str
    reason: Reason
    rows: Mask
    others: Mask = None
    free: bool = False
    untimed: bool = False
    by_clock: bool = False
    left: Left | None = None

    def alone(self, rows: Mask) -> Rule:
        """The same rule for other rows, without the hints for its own."""
        return replace(self, rows=rows, others=None, free=False, untimed=False)


@dataclass(frozen=True)
class Measured:
    """The result of a measure: a value of each row, and the rules for rows without one.

    Attributes:
        values: The values; without meaning where a rule takes the row.
        factor: What an amount of a limit (seconds, days, or the field's own unit) is in the unit of the values.
        unit: The unit in which values are shown.
        per_unit: How many of the values' units make one of `unit`.
        rules: The rows without a value; of several rules for a row the first counts.
        open: The rows whose value is at least the one given; None if all are complete.
        left: How long those can still turn, if the values do not show it.
        zones: For values that are no numbers: the green rows, and the green or yellow ones, by a row of limits.
        unlisted_rules: For categories: the rules for those in no list of a row of limits.
        words: The categories, where values are their places.
        backwards: Rows that end before they begin, if the values do not show it.
        dtype: The type of the values; None for whole numbers.
        has_nan: Whether some values may be NaN.
    """

    values: Any
    factor: Fraction = Fraction(1)
    unit: str = ""
    per_unit: int = 1
    rules: tuple[Rule, ...] = ()
    open: Mask = None
    left: Left | None = None
    zones: Callable[[Any], tuple[Mask, Mask]] | None = None
    unlisted_rules: Callable[[Any], tuple[Rule, ...]] | None = None
    words: Any = None
    backwards: Mask = None
    dtype: Any = None
    has_nan: bool = False

    @property
    def is_whole(self) -> bool:
        """Whether the values are whole numbers."""
        return self.dtype is None or self.dtype.kind in "iu"


@dataclass(frozen=True)
class Ladder:
    """The rules of a criterion in their order, and the zones of the rows that no rule takes.

    Attributes:
        rules: The rules; of several that take a row the first counts.
        green: The rows that are green unless a rule takes them; None if rules take all rows.
        wider: Those that are green or yellow.
        measured: What was measured; None for a `worst`.
        gone: The abandoned rows; None if there are none.
        waited: The time that abandoned rows waited; None if it does not matter.
        choices: For each row of limits the rows for which it is the first that holds; None for all rows.
    """

    rules: tuple[Rule, ...]
    green: Mask = None
    wider: Mask = None
    measured: Measured | None = None
    gone: Mask = None
    waited: Measured | None = None
    choices: tuple[Mask, ...] = (None,)


def any_of(masks: Iterable[Mask]) -> Mask:
    """The rows of any of the masks; None if none of them has rows."""
    known = [mask for mask in masks if mask is not None]
    return reduce(lambda one, other: one | other, known) if known else None


def all_of(masks: Iterable[Mask]) -> Mask:
    """The rows of all of the masks."""
    return reduce(lambda one, other: one & other, masks)


def rules_for(state: str, reason: Reason, rows: Mask, **hints: Any) -> tuple[Rule, ...]:
    """A rule for the rows of a mask; none if the mask is known to be empty."""
    return () if rows is None else (Rule(state, reason, rows, **hints),)


def rules_among(rows: Mask, rules: Iterable[Rule]) -> tuple[Rule, ...]:
    """The same rules for the rows of a mask alone."""
    return tuple(rule.alone(rows & rule.rows) for rule in rules)


def applicable(rows: Mask, measured: Measured | None) -> Mask:
    """The rows of a mask without those to which a measure does not apply, such as delays without a promise."""
    for rule in measured.rules if measured is not None else ():
        if rule.state == "not_applicable":
            rows = rows & ~rule.rows
    return rows
