"""What is measured: a criterion and a view of the log -> the value of each row, and the rules for rows without one.

A measure is a function from a criterion and a view to `Measured`, named in `MEASURES`; a new one is added there, and
every engine whose view knows its words has it. Clocks have a module of their own.
"""

from __future__ import annotations

import math
import sys
from fractions import Fraction
from typing import TYPE_CHECKING, Any, Final

from svclight.method.clock_measures import BELOW_ZERO, delay, duration
from svclight.method.missing import number_rules, within_scale
from svclight.method.rules import Measured, Rule, any_of, rules_for
from svclight.values.quantities import SECONDS

if TYPE_CHECKING:
    from collections.abc import Callable

    from svclight.definition.models import Checklist, Count, Criterion, Repeat, ThresholdRow
    from svclight.method.rules import Mask
    from svclight.method.view import View, Words

IS_REPEAT: Final = "is a repeat itself"
NO_ITEM: Final = "no item applies"
SEVERAL_ROWS: Final = ("repeat", "recency", "frequency", "spend")
"""Measures that look at several rows at once, which the view of arrays alone does."""
_MOST_POINTS: Final = 2**53


def measure(criterion: Criterion, view: View, *, gave_up: str | None = None) -> Measured:
    """Measures a criterion over a view of the log: the values, and the rules for rows without one.

    Args:
        criterion: What is measured; no `worst`, which is put together from the outcomes of others.
        view: The log, as it stood at its `as_of`.
        gave_up: The time at which a duration or delay ends instead, for abandoned interactions.
    """
    return within_scale(criterion, MEASURES[criterion.measure.kind](criterion, view, gave_up), view)


def value(criterion: Criterion, view: View, _gave_up: str | None) -> Measured:
    """A number field as it stands; a negative length of time is missing, unless the scale reaches below 0."""
    name = str(criterion.measure.value)
    numbers, unit = view.numbers(name), view.log.unit(name)
    rules = number_rules(name, numbers, view, free=True)
    may_be_negative = criterion.scale is not None and criterion.scale[0] < 0
    if unit in SECONDS and not may_be_negative and (numbers.low is None or numbers.low < 0):
        rules += (Rule("missing", f"{name}{BELOW_ZERO}", numbers.values < 0, others=numbers.values >= 0),)
    return Measured(numbers.values, unit=unit, rules=rules, dtype=numbers.dtype, has_nan=numbers.has_nan)


def flag(criterion: Criterion, view: View, _gave_up: str | None) -> Measured:
    """A field of true and false; the definition says which of them is green, and the other is red."""
    name = str(criterion.measure.flag)
    flags = view.flags(name)

    def zones(row: ThresholdRow) -> tuple[Mask, Mask]:
        green = flags.true if row.green else flags.false
        return green, green

    rules = (*view.unread_flags(name), Rule("missing", f"{name} is empty", ~flags.true & ~flags.false))
    return Measured(flags.values, rules=rules, zones=zones)


def category(criterion: Criterion, view: View, _gave_up: str | None) -> Measured:
    """A text field; its zone is the list that names its word, and a word in no list is missing."""
    name = str(criterion.measure.category)
    words = view.words(name)

    def zones(row: ThresholdRow) -> tuple[Mask, Mask]:
        green, wider, _ = _words_in_lists(words, row)
        return words.rows(green), words.rows(wider)

    def unlisted_rules(row: ThresholdRow) -> tuple[Rule, ...]:
        return words.each(
            ~_words_in_lists(words, row)[2], lambda word: f"{name}: {word!r} is in no list".replace("'", '"')
        )

    rules = rules_for("missing", f"{name} is empty", words.missing)
    return Measured(words.values, rules=rules, zones=zones, unlisted_rules=unlisted_rules, words=words.words)


def _words_in_lists(words: Words, row: ThresholdRow) -> tuple[Any, Any, Any]:
    """The words in the green list, the words in the green or yellow one, and the words in any list."""
    green, yellow, red = (words.equal(tuple(getattr(row, zone) or ())) for zone in ("green", "yellow", "red"))
    return green, green | yellow, green | yellow | red


def count(criterion: Criterion, view: View, _gave_up: str | None) -> Measured:
    """The number of a step's events in each case up to `as_of`: at least that many in a case that goes on."""
    spec: Count = criterion.measure.count  # type: ignore[assignment]  # the caller looked at the kind
    return Measured(view.step_counts(spec.step, spec.distinct), open=view.open_cases())


def checklist(criterion: Criterion, view: View, _gave_up: str | None) -> Measured:
    """The percent of points reached among the items that apply; a failed critical item makes it 0."""
    spec: Checklist = criterion.measure.checklist  # type: ignore[assignment]  # the caller looked at the kind
    points: list[Any] = []
    most: list[Any] = []
    failed: list[Mask] = []
    rules: tuple[Rule, ...] = ()
    for name, weight in weights_of(spec.items).items():
        item = view.items(name)
        rules += view.unread_flags(name, item=True)
        points.append(view.weight_where(item.true, weight))
        most.append(view.weight_where(item.true | item.false, weight))
        failed += [item.false] if name in spec.critical else []
    whole = _sum(most)
    percent, dtype = view.percent(_sum(points), whole)
    if failed:
        percent = view.either(any_of(failed), 0.0, percent)
    none = whole == 0
    for unread in rules:  # an item that cannot be read may apply
        none = none & ~unread.rows
    rules += (Rule("not_applicable", NO_ITEM, none),)
    return Measured(percent, unit="%", rules=rules, dtype=dtype, has_nan=True)


def _sum(parts: list[Any]) -> Any:
    first, *others = parts
    return sum(others, start=first)


def weights_of(items: dict[str, float]) -> dict[str, int] | dict[str, float]:
    """Weights as whole numbers in the same proportions, so that percentages are exact: 0.1 and 0.3 are 1 and 3.

    Where they differ by so much that whole numbers do not hold them, they are parts of the largest.
    """
    exact = {name: Fraction(str(weight)) for name, weight in items.items()}
    scale = math.lcm(*(weight.denominator for weight in exact.values()))
    if sum(exact.values()) * scale < _MOST_POINTS:
        return {name: int(weight * scale) for name, weight in exact.items()}
    largest = max(exact.values())
    return {name: max(float(weight / largest), sys.float_info.min) for name, weight in exact.items()}


def repeat(criterion: Criterion, view: View, _gave_up: str | None) -> Measured:
    """The number of later contacts about the same within a window: at least that many before it is over."""
    spec: Repeat = criterion.measure.repeat  # type: ignore[assignment]  # the caller looked at the kind
    later = view.later_contacts(spec.same, spec.within.amount)
    rules: tuple[Rule, ...] = ()
    for name, unknown in later.unknown:
        column = str(view.log.spec.customer) if name == "customer" else name
        rules += (Rule("missing", view.log.lacks(column), unknown),)
    if spec.first_only:
        rules += (Rule("not_applicable", IS_REPEAT, later.repeats),)
    return Measured(later.counts, rules=rules, open=later.open, left=later.left)


def recency(_criterion: Criterion, view: View, _gave_up: str | None) -> Measured:
    """The time from a customer's last contact to the period's end."""
    values, per_second = view.recency()
    return Measured(values, Fraction(per_second), "s", per_second)


def frequency(criterion: Criterion, view: View, _gave_up: str | None) -> Measured:
    """The number of a customer's contacts in the window before the period's end."""
    return Measured(view.frequency(criterion.measure.spec.within.amount))


def spend(criterion: Criterion, view: View, _gave_up: str | None) -> Measured:
    """The sum that a customer spent in the window before the period's end."""
    spec: Any = criterion.measure.spend
    values, dtype, rules = view.spend(spec.amount, spec.within.amount)
    return Measured(values, unit=view.log.unit(spec.amount), rules=rules, dtype=dtype)


MEASURES: Final[dict[str, Callable[[Criterion, View, str | None], Measured]]] = {
    "value": value,
    "duration": duration,
    "delay": delay,
    "count": count,
    "flag": flag,
    "category": category,
    "repeat": repeat,
    "checklist": checklist,
    "recency": recency,
    "frequency": frequency,
    "spend": spend,
}
"""The measures by name; `worst` is put together from the outcomes of others."""
