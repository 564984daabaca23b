"""Estimated values as they are shown: rounded in the unit in which they are shown, so that no digit claims too much.

In: a number and its unit. Out: text. What is declared is no estimate: a limit reads as it was declared.
"""

from __future__ import annotations

import math
from typing import TYPE_CHECKING, Final

from svclight.values.quantities import SECONDS, decimal_text, show_seconds
from svclight.wording.limit_words import quantity_text

if TYPE_CHECKING:
    from svclight.values.quantities import Quantity

_HOUR, _DAY = 3600, 86_400
_COARSE: Final = ((10 * _DAY, _HOUR), (_HOUR, 60), (60, 1))


def rough_time(seconds: float) -> str:
    """A length of time to about three digits: 59040.1 s is `16 h 24 min`.

    Examples:
        >>> from svclight.wording.estimates import rough_time
        >>> rough_time(59040.1), rough_time(1_810_000), rough_time(12.34)
        ('16 h 24 min', '20 d 23 h', '12.3 s')
    """
    size = abs(seconds)
    for least, step in _COARSE:  # the longer the time, the coarser the step that it is rounded to
        if size >= least:
            return show_seconds(round(seconds / step) * step)
    return show_seconds(round(seconds, 1 if size >= 1 else 3))


def declared_end(end: Quantity, unit: str, lang: str = "en") -> str:
    """The end of a limit as it was declared (`3 wk`); a bare number with `unit`, in which it is counted."""
    if end.units:
        return quantity_text(end, lang)
    return quantity_text(show_seconds(end.amount * SECONDS[unit]) if unit in SECONDS else f"{end} {unit}".strip(), lang)


def estimate_text(value: float, unit: str, lang: str = "en") -> str:
    """An estimated value with its unit: a time as `rough_time` has it, else three significant digits; `?` for none.

    Examples:
        >>> from svclight.wording.estimates import estimate_text
        >>> estimate_text(59040.1, "s"), estimate_text(59040.1, "s", "ru"), estimate_text(3.14159, "points", "ru")
        ('16 h 24 min', '16 ч 24 мин', '3,14 points')
    """
    if not math.isfinite(value):
        return "?"
    if unit in SECONDS:
        return quantity_text(rough_time(value * float(SECONDS[unit])), lang)
    digits = max(0, 2 - math.floor(math.log10(abs(value)))) if value else 0
    return quantity_text(f"{decimal_text(round(value, digits))} {unit}".strip(), lang)
