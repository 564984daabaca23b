"""What a measure gives: values of rows, and what stands in the way of one.

Values are numbers: ticks of a clock (whole numbers, so that limits are met exactly), the numbers of a field, 1 and 0
for true and false, the places of categories. A value that is not complete is marked `open`: it is at least what is
given. Gaps say which rows have no value, and why; the first counts.
"""

from __future__ import annotations

from dataclasses import dataclass, replace
from fractions import Fraction
from typing import TYPE_CHECKING, Any

import numpy as np

from svclight.values.columns import unread_reason
from svclight.values.quantities import decimal_text

if TYPE_CHECKING:
    from collections.abc import Callable

    from numpy.typing import NDArray

    from svclight.definition.models import Criterion
    from svclight.values.columns import Numbers, Texts

    Mask = NDArray[np.bool_]
    Reason = str | Callable[[NDArray[np.intp]], NDArray[np.object_]]


@dataclass(frozen=True)
class Gap:
    """Rows without a value: their state, and the reason (a text, or the texts for given places)."""

    rows: Mask
    state: str
    reason: Reason


@dataclass(frozen=True)
class Measured:
    """Values of rows.

    Attributes:
        values: One number a row; without meaning where a gap is.
        factor: What an amount of a limit (seconds, days, or the field's own unit) is in the unit of the values.
        unit: The unit in which values are shown.
        per_unit: How many of the values' units make one of `unit`.
        gaps: The rows without a value; of several for a row the first counts.
        open: The rows whose value is at least the one given; None where all are complete.
        words: The categories, where values are their places.
    """

    values: NDArray[Any]
    factor: Fraction = Fraction(1)
    unit: str = ""
    per_unit: int = 1
    gaps: tuple[Gap, ...] = ()
    open: Mask | None = None
    words: NDArray[np.object_] | None = None

    def shown(self) -> NDArray[np.float64]:
        """The values in `unit`."""
        values = np.asarray(self.values, dtype=np.float64)
        return values if self.per_unit == 1 else values / self.per_unit


def number_gaps(name: str, numbers: Numbers, kind: str) -> tuple[Gap, ...]:
    """The gaps of a column of numbers: cells that cannot be read, infinite ones, empty ones."""
    values = numbers.values
    if values.dtype.kind in "iu":
        return ()
    finite = np.isfinite(values)
    if finite.all():
        return ()
    gaps = cells_gap(name, kind, numbers.bad, numbers.texts)
    return (
        *gaps,
        *gap(np.isinf(values), "missing", f"{name} is infinite"),
        *gap(~finite, "missing", f"{name} is empty"),
    )


def gap(rows: Mask, state: str, reason: Reason) -> tuple[Gap, ...]:
    """The rows as a gap; none where there are none."""
    return (Gap(rows, state, reason),) if rows.any() else ()


def cells_gap(name: str, kind: str, bad: Mask | None, texts: Texts | None) -> tuple[Gap, ...]:
    """The gap of cells that cannot be read; the cell stands in the reason."""
    if bad is None or not bad.any():
        return ()
    said = unread_reason(name, kind)

    def reasons(places: NDArray[np.intp]) -> NDArray[np.object_]:
        if texts is None:
            return np.full(len(places), f"{name} is no time between the years 1 and 9999", dtype=object)
        codes = texts.codes[places]
        made = {code: said(texts.words[code]) for code in np.unique(codes)}
        return np.array([made[code] for code in codes], dtype=object)

    return (Gap(bad, "missing", reasons),)


def within_scale(criterion: Criterion, measured: Measured) -> Measured:
    """Adds the gaps of values outside the scale and of values that are not whole."""
    gaps, values = measured.gaps, measured.values
    if criterion.scale is not None:
        low, high = (end * measured.per_unit for end in criterion.scale)
        outside = (values < low) | (values > high)
        gaps += gap(
            outside,
            "missing",
            f"outside the scale {decimal_text(criterion.scale[0])} to {decimal_text(criterion.scale[1])}",
        )
    if criterion.whole and (values.dtype.kind == "f" or measured.per_unit > 1):
        with np.errstate(invalid="ignore"):
            parts = np.mod(values, measured.per_unit) != 0
        gaps += gap(parts, "missing", "not a whole number")
    return replace(measured, gaps=gaps)
