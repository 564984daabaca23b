"""The order of the rules: for each row of a log the state it is in, and the reason.

In: a criterion and a view of the log. Out: a `Ladder`: not applicable, too young, abandoned, without a time, without a
value, unfinished, and then zones. The rules that leave rows out for all criteria come before, and are asked once.
"""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING, Any, Final

from svclight.method.abandons import ABANDONED, abandoned_rows, with_abandons
from svclight.method.conditions import rows_meeting
from svclight.method.limits import by_value, limit_choices
from svclight.method.maturity import young_rules
from svclight.method.measures import measure
from svclight.method.missing import without_time
from svclight.method.rules import Ladder, Rule, any_of, applicable

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping, Sequence

    from svclight.definition.models import Criterion
    from svclight.method.view import View

YOUNG: Final = "young"
DOES_NOT_APPLY: Final = "does not apply"
NO_PART: Final = "no part applies"
WORST_FIRST: Final = ("red", "pending", "missing", "yellow", "green", "excluded")
"""What a `worst` asks of its parts, in this order; where none applies, it does not apply."""
LEFT: Final = ("excluded", "not_applicable")
"""What is neither rated nor could be."""


def ladder_of(criterion: Criterion, view: View, *, matured: bool) -> Ladder:
    """The rules and zones of a criterion over a view of the log; a `worst` has its own function.

    Args:
        criterion: What is judged.
        view: The log.
        matured: Whether rows that are too young are pending, whatever they are now.
    """
    measured = measure(criterion, view)
    choices = limit_choices(criterion, view, view.log.anchor_of(criterion))
    ladder = by_value(criterion, view, measured, choices)
    by_elapsed = criterion.abandoned is not None and criterion.abandoned.counts == "by_elapsed"
    timeless = without_time(criterion, view, measured, untimed=not by_elapsed and not matured)
    ladder = replace(ladder, rules=(*timeless, *ladder.rules), measured=measured, choices=choices)
    if criterion.abandoned is not None:
        ladder = with_abandons(criterion, view, ladder)
    young = [
        *(young_rules(criterion, view) if matured else ()),
        *_young_customers(criterion, view),
    ]
    too_young = [replace(rule, rows=applicable(rule.rows, measured)) for rule in young]
    return replace(ladder, rules=(*rows_not_applying(criterion, view), *too_young, *ladder.rules))


def _young_customers(criterion: Criterion, view: View) -> tuple[Rule, ...]:
    """The rule for customers who came too short a time ago to say how often they come, or what they spend."""
    measure = criterion.measure
    if measure.kind not in ("frequency", "spend") or measure.spec.young == "rated":
        return ()
    return (Rule("pending", YOUNG, view.young_customers(measure.spec.within.amount)),)


def rows_not_applying(criterion: Criterion, view: View) -> tuple[Rule, ...]:
    """The rule for rows to which the definition does not apply the criterion."""
    if criterion.applies is None:
        return ()
    applies = rows_meeting(criterion.applies, view)
    return (Rule("not_applicable", DOES_NOT_APPLY, ~applies, others=applies),)


def worst_ladder(criterion: Criterion, parts: Mapping[str, Sequence[Rule]], view: View, *, matured: bool) -> Ladder:
    """The rules of a `worst` from those of its parts: the worst state of any part counts.

    Args:
        criterion: What is judged.
        parts: For each part its outcomes as rules, of which every row has exactly one. A reason that is no text names
            the part itself (`part_reason`).
        view: The log.
        matured: Whether rows that are too young are pending.
    """
    there = [(name, rule) for name, outcomes in parts.items() for rule in outcomes]
    # a row that a clock will turn says so, whatever else it waits for
    there.sort(key=lambda pair: pair[1].state == "pending" and not pair[1].by_clock)
    rules = [
        replace(rule, reason=part_reason(name, rule.reason)) if isinstance(rule.reason, str) else rule
        for state in WORST_FIRST
        for name, rule in there
        if rule.state == state
    ]
    rules.append(Rule("not_applicable", NO_PART, view.everybody()))
    if criterion.time is not None:
        rules = _before_rated(without_time(criterion, view, None), rules)
    if criterion.abandoned is not None:
        gone = abandoned_rows(criterion, view, None)
        rules.insert(0, Rule(str(criterion.abandoned.counts), ABANDONED, gone))
    if matured:
        rules = _before_rated(young_rules(criterion, view), rules)
    return Ladder((*rows_not_applying(criterion, view), *rules))


def part_reason(name: str, reason: str) -> str:
    """The reason of a part of a `worst`, with the part's name; zones need no reason."""
    return f"{name}: {reason}" if reason else ""


def _before_rated(first: Iterable[Rule], rules: list[Rule]) -> list[Rule]:
    """Puts rules before others, except for rows that the others leave out or that the measure is not for."""
    first = list(first)
    left = _left_rows(rules) if first else None
    return [*(rule if left is None else replace(rule, rows=rule.rows & ~left) for rule in first), *rules]


def _left_rows(rules: Iterable[Rule]) -> Any:
    """The rows that rules leave out, or that the measure does not apply to."""
    taken, left = None, []
    for rule in rules:
        if rule.state in LEFT:
            left.append(rule.rows if taken is None else rule.rows & ~taken)
        taken = any_of((taken, rule.rows))
    return any_of(left)
