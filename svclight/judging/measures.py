"""What is measured: `Rows` + criterion -> the value of each row, and what stands in the way of one.

A measure is a function from a criterion and rows to `Measured`, named in `MEASURES`; a new one is added there. Here are
those that look at a row's own cells, at the steps of a case or at a customer; clocks have a module of their own.
"""

from __future__ import annotations

import math
import sys
from fractions import Fraction
from typing import TYPE_CHECKING, Any, Final

import numpy as np

from svclight.judging.clock_measures import delay, duration
from svclight.logs.cases import Cases
from svclight.logs.customers import Customers, after, contact_ticks, later_contacts
from svclight.logs.measured_values import Gap, Measured, cells_gap, gap, number_gaps, within_scale
from svclight.values.clocks import NANO, NAT
from svclight.values.quantities import SECONDS

if TYPE_CHECKING:
    from collections.abc import Callable

    from numpy.typing import NDArray

    from svclight.definition.models import Checklist, Criterion, Repeat
    from svclight.logs.log import Rows

IS_REPEAT: Final = "is a repeat itself"


def repeat(criterion: Criterion, rows: Rows, _gave_up: str | None) -> Measured:
    """How many later contacts of the same there are within the window; at least so many where it is not over."""
    spec: Repeat = criterion.measure.repeat  # type: ignore[assignment]  # the caller looked at the kind
    log, window = rows.log, spec.within.amount
    later = log.remember(("later", spec.same, window), lambda: later_contacts(log, spec.same, window))
    gaps: tuple[Gap, ...] = ()
    for name, unknown in later.unknown:
        gaps += gap(unknown[rows.part], "missing", log.lacks(str(log.spec.customer) if name == "customer" else name))
    if spec.first_only:
        gaps += gap(later.is_repeat[rows.part], "not_applicable", IS_REPEAT)
    ticks, per_second = log.remember("contacts", lambda: contact_ticks(log))
    as_of = NAT if log.as_of is None else log.as_of * per_second // NANO
    open_rows = (after(ticks[rows.part], window * per_second) > as_of) & (ticks[rows.part] != NAT)
    values = later.counts[rows.part]
    return within_scale(criterion, Measured(values, gaps=gaps, open=open_rows if open_rows.any() else None))


def recency(criterion: Criterion, rows: Rows, _gave_up: str | None) -> Measured:
    """The time from a customer's last contact to the period's end."""
    customers = _customers(rows)
    factor = Fraction(customers.per_second)
    made = Measured(customers.recency()[rows.part], factor, "s", customers.per_second)
    return within_scale(criterion, made)


def frequency(criterion: Criterion, rows: Rows, _gave_up: str | None) -> Measured:
    """How many contacts a customer had in the window before the period's end."""
    window = criterion.measure.spec.within.amount
    return within_scale(criterion, Measured(_customers(rows).frequency(window)[rows.part]))


def spend(criterion: Criterion, rows: Rows, _gave_up: str | None) -> Measured:
    """What a customer spent in the window before the period's end."""
    spec: Any = criterion.measure.spend
    customers = _customers(rows)
    values, reasons = customers.remember(
        ("spend", spec.amount, spec.within.amount), lambda: customers.spend(spec.within.amount, spec.amount)
    )
    unknown, unit = reasons[rows.part], rows.log.field(spec.amount, "number").unit or ""
    gaps = gap(unknown != "", "missing", lambda places: unknown[places])
    return within_scale(criterion, Measured(values[rows.part], unit=unit, gaps=gaps))


def _customers(rows: Rows) -> Customers:
    """The customers whose rows these are; criteria of this kind are asked of no others."""
    log: Any = rows.log
    customers: Customers = log
    return customers


NO_ITEM: Final = "no item applies"
NOT_ASKED: Final = "n/a"
"""In a checklist this cell says, in any case, that the item does not apply."""
UNREADABLE: Final = -2
"""The value of a flag whose cell cannot be read."""
_MOST_POINTS: Final = 2**53


def measure(criterion: Criterion, rows: Rows, *, gave_up: str | None = None) -> Measured:
    """The values of a criterion.

    Args:
        criterion: What is measured.
        rows: Part of a log, as it stood at its `as_of`.
        gave_up: The time at which a duration or delay ends instead, for abandoned interactions.
    """
    return MEASURES[criterion.measure.kind](criterion, rows, gave_up)


def _value(criterion: Criterion, rows: Rows, _gave_up: str | None) -> Measured:
    name = str(criterion.measure.value)
    spec = rows.log.field(name, "number")
    unit = "s" if spec.span is not None else spec.unit or ""
    numbers = rows.numbers(name)
    gaps = number_gaps(name, numbers, "span" if spec.span is not None else "number")
    if unit in SECONDS:
        below = numbers.values < 0
        gaps += gap(below, "missing", f"{name} is below 0")
    return within_scale(criterion, Measured(numbers.values, unit=unit, gaps=gaps))


def _flag(criterion: Criterion, rows: Rows, _gave_up: str | None) -> Measured:
    name = str(criterion.measure.flag)
    flags = rows.flags(name)
    bad = flags.values == UNREADABLE
    gaps = (*cells_gap(name, "flag", bad, flags.texts), *gap(flags.values == -1, "missing", f"{name} is empty"))
    return Measured(flags.values.astype(np.float64), gaps=gaps)


def _category(criterion: Criterion, rows: Rows, _gave_up: str | None) -> Measured:
    name = str(criterion.measure.category)
    texts = rows.texts(name)
    gaps = gap(texts.missing, "missing", f"{name} is empty")
    return Measured(np.asarray(texts.codes, dtype=np.int64), gaps=gaps, words=texts.words)


def _count(criterion: Criterion, rows: Rows, _gave_up: str | None) -> Measured:
    """How often a step happened in each case up to `as_of`; at least so often where the case is not ended."""
    spec, log = criterion.measure.count, rows.log
    if spec is None or not isinstance(log, Cases):  # loading saw to it
        raise TypeError(criterion.measure.kind)
    counts = log.remember(("count", spec.step, spec.distinct), lambda: log.counts(spec.step, spec.distinct))
    ended = log.ended()
    still = None if ended is None or ended.all() else ~ended[rows.part]
    return within_scale(criterion, Measured(counts[rows.part], open=still))


def _checklist(criterion: Criterion, rows: Rows, _gave_up: str | None) -> Measured:
    """Percent of the points of the items that apply; a failed critical one makes it 0."""
    spec: Checklist = criterion.measure.checklist  # type: ignore[assignment]  # the caller looked at the kind
    got: NDArray[Any] = np.zeros(len(rows), dtype=np.int64)
    most = got
    failed, unread = np.zeros(len(rows), dtype=bool), np.zeros(len(rows), dtype=bool)
    gaps: tuple[Gap, ...] = ()
    for name, weight in weights_of(spec.items).items():
        values, bad = _item(name, rows)
        gaps += bad
        unread |= np.logical_or.reduce([gap.rows for gap in bad], initial=False)
        got = got + weight * (values == 1)
        most = most + weight * (values >= 0)
        if name in spec.critical:
            failed |= values == 0
    gaps += gap((most == 0) & ~unread, "not_applicable", NO_ITEM)
    percent = np.where(failed, 0.0, 100 * got / np.where(most == 0, 1, most))
    return within_scale(criterion, Measured(percent, unit="%", gaps=gaps))


def _item(name: str, rows: Rows) -> tuple[NDArray[np.int8], tuple[Gap, ...]]:
    """1 passed, 0 failed, -1 does not apply; and the gap of cells that cannot be read."""
    flags = rows.flags(name)
    bad = flags.values == UNREADABLE
    if not bad.any() or flags.texts is None:
        return flags.values, ()
    words = np.array([word.strip().casefold() == NOT_ASKED for word in flags.texts.words], dtype=bool)
    left_out = flags.texts.look_up(words, missing=False)
    return np.where(left_out, -1, flags.values).astype(np.int8), cells_gap(name, "flag", bad & ~left_out, flags.texts)


def weights_of(items: dict[str, float]) -> dict[str, int] | dict[str, float]:
    """Weights in whole numbers of the same proportions, so that percentages are exact: 0.1 and 0.3 are 1 and 3.

    Where they differ by so much that whole numbers do not hold them, they are parts of the largest.
    """
    exact = {name: Fraction(str(weight)) for name, weight in items.items()}
    scale = math.lcm(*(weight.denominator for weight in exact.values()))
    if sum(exact.values()) * scale < _MOST_POINTS:
        return {name: int(weight * scale) for name, weight in exact.items()}
    largest = max(exact.values())
    return {name: max(float(weight / largest), sys.float_info.min) for name, weight in exact.items()}


MEASURES: Final[dict[str, Callable[[Criterion, Rows, str | None], Measured]]] = {
    "value": _value,
    "duration": duration,
    "delay": delay,
    "count": _count,
    "flag": _flag,
    "category": _category,
    "repeat": repeat,
    "checklist": _checklist,
    "recency": recency,
    "frequency": frequency,
    "spend": spend,
}
"""The measures by name; `worst` is put together from the zones of others."""
