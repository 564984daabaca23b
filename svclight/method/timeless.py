"""Rows without the time that places them in a period.

In: a criterion, a view, what was measured. Out: the rules that make such rows missing.
"""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

from svclight.method.rules import Rule, applicable, rules_for

if TYPE_CHECKING:
    from svclight.definition.models import Criterion
    from svclight.method.rules import Measured
    from svclight.method.view import View


def without_time(
    criterion: Criterion, view: View, measured: Measured | None, *, untimed: bool = False
) -> tuple[Rule, ...]:
    """The rules that make rows without a usable time missing, if they would otherwise be rated.

    Args:
        criterion: What is judged.
        view: The log.
        measured: What was measured; None for a `worst`.
        untimed: Whether no rule before these asks for the value, so that they can be told of whole groups.
    """
    anchor = view.log.anchor_of(criterion)
    seen = view.has_time(anchor)
    missing = view.some(~seen)
    if missing is None:
        return ()
    simple = measured is None or all(rule.state != "not_applicable" for rule in measured.rules)
    unread = (replace(rule, rows=applicable(rule.rows, measured)) for rule in view.unread(anchor, "time"))
    empty: tuple[Rule, ...] = rules_for("missing", f"{anchor} is empty", applicable(missing, measured))
    if simple:
        empty = tuple(replace(rule, others=seen, untimed=untimed and view.is_plain(anchor)) for rule in empty)
    return (*unread, *empty)
