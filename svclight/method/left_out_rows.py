"""Rows that no criterion rates: excluded by a rule of the log, not begun, or the repetition of another.

In: a view of the log. Out: the rules that leave rows out, in the order in which they are asked, once for all criteria.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from svclight.method.conditions import rows_meeting
from svclight.method.rules import Rule, any_of, rules_for

if TYPE_CHECKING:
    from collections.abc import Iterable

    from svclight.method.rules import Mask
    from svclight.method.view import CellView

NOT_BEGUN: Final = "not begun"
REPEATED: Final = "repeated"


def left_out_rules(view: CellView, beginnings: Iterable[str]) -> tuple[Rule, ...]:
    """The rules that leave rows out for all criteria, repeated ids excepted.

    Args:
        view: The log.
        beginnings: The times before which a row does not exist.
    """
    return (*excluded_rules(view), *not_begun_rules(view, beginnings))


def excluded_rules(view: CellView) -> tuple[Rule, ...]:
    """The rules of the definition's `exclude`; in an event log they take events."""
    return tuple(Rule("excluded", rule.reason, rows_meeting(rule.where, view)) for rule in view.log.spec.exclude)


def not_begun_rules(view: CellView, beginnings: Iterable[str]) -> tuple[Rule, ...]:
    """The rules for rows that do not exist yet: a row begins when the last of some times has come."""
    return tuple(rule for name in beginnings for rule in rules_for("excluded", NOT_BEGUN, view.later(name)))


def placed_rows(view: CellView, anchor: str, beginnings: Iterable[str]) -> Mask:
    """The rows that have begun, so that they stand in a period by a time; None for all rows.

    A time after `as_of` places no row, but for one that has not begun: it is left out of the period in which it lies.
    """
    later, beginnings = view.later(anchor), tuple(beginnings)
    if later is None or anchor in beginnings:
        return None
    return any_of([~later, *(view.later(name) for name in beginnings)])
