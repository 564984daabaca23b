"""Suppositions on a criterion: values shifted, scaled or capped, or other limits; read, checked, applied.

In: text of a call (`-10 s`, `0.9`, `1`, `<= 20 s`), a criterion. Out: `Supposed`, which gives new values for measured
ones in their own unit, or definitions with other limits.
"""

from __future__ import annotations

import copy
from dataclasses import dataclass
from fractions import Fraction
from typing import TYPE_CHECKING, Any, Final

import numpy as np

from svclight.definition.document_checks import NUMERIC, value_unit
from svclight.errors import Issue, SvclightError, quoted_list, quoted_text, unknown_name
from svclight.processes import criterion_at, from_plain
from svclight.thresholds import Interval, scale_interval, unit_problem
from svclight.values.quantities import SECONDS, SHARE, Quantity, parse_quantity

if TYPE_CHECKING:
    from collections.abc import Mapping

    from numpy.typing import NDArray

    from svclight.definition.criterion_id import CriterionId
    from svclight.definition.models import Criterion, Process
    from svclight.processes import Definitions

KINDS: Final = ("shift", "scale", "cap", "limits")
_ZONES: Final = ("green", "yellow")


@dataclass(frozen=True)
class Supposed:
    """One thing that is supposed to be other than it is.

    Attributes:
        kind: `shift`, `scale`, `cap` or `limits`.
        amount: By how much values are shifted, or at what they are capped.
        factor: What they are multiplied with.
        definitions: Those with the other limits.
    """

    kind: str
    amount: Quantity | None = None
    factor: Fraction = Fraction(1)
    definitions: Definitions | None = None

    def values(self, criterion: Criterion, old: NDArray[Any], length: Fraction, per_unit: int) -> NDArray[Any]:
        """New values for old ones; an amount of 1 (a second, a day, the field's unit) is `length` of their units.

        `per_unit` of their units make one as it is shown. What cannot be below nothing does not go there, what has a
        scale does not leave it.
        """
        if self.kind == "scale":
            new = old * float(self.factor)
        else:
            step = (self.amount.amount if self.amount is not None else Fraction(0)) * length
            whole = step.denominator == 1 and old.dtype.kind in "iu"
            moved: Any = int(step) if whole else float(step)
            new = old + moved if self.kind == "shift" else np.minimum(old, moved)
        low, high = (None if end is None else end * per_unit for end in _value_range(criterion))
        new = new if low is None else np.maximum(new, int(low) if float(low).is_integer() else low)
        return new if high is None else np.minimum(new, int(high) if float(high).is_integer() else high)


def _value_range(criterion: Criterion) -> tuple[float | None, float | None]:
    """The least and the greatest value that a criterion can have; None where there is no bound."""
    if criterion.scale is not None:
        return criterion.scale[0], criterion.scale[1]
    if criterion.measure.kind == "checklist":
        return 0.0, 100.0
    return (None if criterion.measure.kind in ("delay", "value", "spend") else 0.0), None


def read_supposition(definitions: Definitions, which: CriterionId, given: Mapping[str, Any]) -> Supposed:
    """The supposition of a call on a criterion.

    Args:
        definitions: What is measured.
        which: Its criterion.
        given: `shift`, `scale`, `cap`, `limits`; None where nothing is said.

    Raises:
        SvclightError: Not exactly one is given, the criterion has no numbers, or an amount does not fit its unit.
    """
    said = [kind for kind in KINDS if given.get(kind) is not None]
    if len(said) != 1:
        found = quoted_list(said) if said else "nothing"
        raise SvclightError(Issue("suppose exactly one thing", found=found, expected=f"one of {quoted_list(KINDS)}"))
    process, criterion = definitions.processes[which.process], criterion_at(definitions, which)
    if criterion.measure.totals is not None:
        raise SvclightError(
            f"{which} counts what its log has counted already: there is no value that could be moved or held "
            "against other limits; what_if needs a log of single interactions"
        )
    if criterion.measure.kind not in NUMERIC:
        raise SvclightError(f"{which} has no numbers to move: its measure is {criterion.measure.kind}")
    kind = said[0]
    if kind == "limits":
        return Supposed(kind, definitions=_with_limits(definitions, which, given[kind]))
    quantity = _read_quantity(kind, given[kind])
    if kind == "scale":
        if quantity.dimension not in ("number", "%") or quantity.amount < 0:
            raise SvclightError(Issue("scale is a factor", found=quoted_text(given[kind]), expected="0.9, or 90 %"))
        return Supposed(kind, factor=quantity.amount / (100 if quantity.dimension == "%" else 1))
    _check_unit(kind, quantity, criterion, process)
    return Supposed(kind, amount=quantity)


def _read_quantity(kind: str, given: Any) -> Quantity:
    if isinstance(given, Quantity):
        return given
    try:
        return parse_quantity(str(given))
    except ValueError as error:
        expected = "an amount such as -10 s, 1 min or 1"
        raise SvclightError(Issue(f"{kind}: {error}", found=quoted_text(given), expected=expected)) from None


def _check_unit(kind: str, quantity: Quantity, criterion: Criterion, process: Process) -> None:
    """Refuses an amount whose unit does not fit the values of the criterion."""
    unit = value_unit(criterion.measure, process.log) or ""
    calendar = getattr(criterion.measure.spec, "calendar", None) is not None
    problem = unit_problem(Interval(high=quantity), unit, calendar=calendar)
    if problem:
        raise SvclightError(f"{kind}: {problem}")
    there = {
        end.dimension for row in criterion.rows for zone in (row.green, row.yellow) for end in getattr(zone, "ends", ())
    }
    if ("bd" in there) != (quantity.dimension == "bd"):
        raise SvclightError(f"{kind}: the limits are in {quoted_list(sorted(there))}, and so must {quantity} be")


def _with_limits(definitions: Definitions, which: CriterionId, limits: Any) -> Definitions:
    """The definitions with other limits of one criterion, which hold for all; zones that are not given stay."""
    given = {"green": limits} if isinstance(limits, str) else dict(limits)
    for zone in given:
        if zone not in _ZONES:
            raise SvclightError(unknown_name("unknown zone of limits", zone, _ZONES))
    raw: Any = copy.deepcopy(definitions.raw)
    criterion = raw["processes"][which.process]["criteria"].get(which.criterion)
    if criterion is None:
        raise SvclightError(f"{which} is an item of a quality card: it has no limits of its own")
    if criterion.pop("thresholds", None) is not None and "green" not in given:
        raise SvclightError(f"{which} has limits by segment or date: give green, and yellow where there is one")
    criterion.update(given)
    return from_plain(raw)


def in_values(interval: Interval, unit: str, factor: Fraction) -> Interval:
    """A limit in the unit of values: `unit` where `factor` is 1, else `factor` of them to an amount of 1."""
    return interval.in_unit(unit) if factor == 1 else scale_interval(interval, factor)


def length_of(quantity_unit: str, factor: Fraction, quantity: Quantity | None) -> Fraction:
    """The size of an amount of 1 in the unit of the values: a second is 1/60 where values are minutes."""
    if factor == 1 and quantity is not None and quantity.dimension == "time" and quantity_unit in SECONDS:
        return 1 / SECONDS[quantity_unit]
    if quantity_unit == SHARE and quantity is not None and quantity.dimension == "%":
        return Fraction(1, 100)
    return factor
