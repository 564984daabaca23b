"""Rules that make rows missing: the value or the time that places a row is empty, or cannot be used.

In: a criterion, columns of a view. Out: the rules for rows without a value, in the order in which they are asked, and
for rows without the time that places them in a period.
"""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING, Final

from svclight.method.rules import Measured, Rule, applicable, rules_for
from svclight.values.quantities import decimal_text

if TYPE_CHECKING:
    from svclight.definition.models import Criterion, FieldSpec
    from svclight.method.view import Numbers, View

_EMPTY: Final = " is empty"


def number_rules(name: str, numbers: Numbers, view: View, *, free: bool) -> tuple[Rule, ...]:
    """The rules for a column of numbers.

    Args:
        name: The column.
        numbers: Its numbers.
        view: The log.
        free: Whether later rules compare nothing but these numbers, so that they need not ask which are missing.
    """
    spec = view.log.field(name, "number")
    if spec.parts:
        return _rules_of_parts(name, spec, numbers, view)
    if numbers.missing is None:
        return ()
    kind = "span" if spec.span is not None else "number"
    return (
        *view.unread(name, kind),
        *rules_for("missing", f"{name} is infinite", numbers.infinite),
        Rule("missing", f"{name}{_EMPTY}", numbers.missing, free=free and numbers.free),
    )


def is_of_empty(rule: Rule) -> bool:
    """Whether a rule is the one for empty cells of a column of numbers."""
    return isinstance(rule.reason, str) and rule.reason.endswith(_EMPTY)


def _rules_of_parts(name: str, spec: FieldSpec, numbers: Numbers, view: View) -> tuple[Rule, ...]:
    """The rules for a sum or difference: those of its parts, of which an empty one may count as 0."""
    rules: list[Rule] = []
    for part in spec.parts:
        mine = number_rules(part, view.numbers(part), view, free=False)
        rules += [rule for rule in mine if spec.empty is None or not is_of_empty(rule)]
    rules += rules_for("missing", f"{name} is infinite", numbers.infinite)
    return (*rules, *rules_for("missing", f"{name}{_EMPTY}", numbers.missing))


def within_scale(criterion: Criterion, measured: Measured, view: View) -> Measured:
    """Adds the rules for values outside the scale and for values that are not whole."""
    rules = list(measured.rules)
    if criterion.scale is not None:
        low, high = (end * measured.per_unit for end in criterion.scale)
        reason = f"outside the scale {decimal_text(criterion.scale[0])} to {decimal_text(criterion.scale[1])}"
        rules.append(Rule("missing", reason, (measured.values < low) | view.above(measured, high)))
    if criterion.whole and not (measured.is_whole and measured.per_unit == 1):
        rules.append(Rule("missing", "not a whole number", view.not_whole(measured)))
    return replace(measured, rules=tuple(rules))


def without_time(
    criterion: Criterion, view: View, measured: Measured | None, *, untimed: bool = False
) -> tuple[Rule, ...]:
    """The rules that make rows without a usable time missing, if they would otherwise be rated.

    Args:
        criterion: What is judged.
        view: The log.
        measured: What was measured; None for a `worst`.
        untimed: Whether no rule before these asks for the value, so that whole groups can be counted at once.
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
