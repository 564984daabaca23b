"""What customers do: contact again, come back, buy.

In: rows and a criterion. Out: `Measured`. `repeat` looks from each contact at the later ones of the same customer;
recency, frequency and spend are asked of `Customers` at a period's end.
"""

from __future__ import annotations

from fractions import Fraction
from typing import TYPE_CHECKING, Any, Final

from svclight.clocks import NANO, NAT
from svclight.customers import Customers, after, contact_ticks, later_contacts
from svclight.measured import Gap, Measured, gap, within_scale

if TYPE_CHECKING:
    from svclight.models import Criterion, Repeat
    from svclight.rows import Rows

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
