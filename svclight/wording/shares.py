"""Shares, differences of shares and net scores as they are shown: one share has one text, wherever it stands.

In: a share (0 to 1; best as a fraction of counts), and the ends of the targets that are declared for it. Out: its text.
A share has one decimal, or as many (at most 4) as tell it from its targets, and is rounded by itself, halves away from
zero. What is not 0 never shows as 0 (`< 0.1 %`), what is not 100 never as 100 (`> 99.9 %`).
"""

from __future__ import annotations

import math
import re
from fractions import Fraction
from typing import TYPE_CHECKING, Final

from svclight.thresholds import ZONES

if TYPE_CHECKING:
    from collections.abc import Iterable

    from svclight.definition.models import Criterion
    from svclight.processes import Definitions

    Ends = tuple[Fraction, ...]

NO_DATA: Final = "no data"
"""The text of a share of nothing."""
MOST_DECIMALS: Final = 4
_WHOLE: Final = 100
_DIGITS: Final = 15
"""A share of up to 10^9 rated is told by so many decimals from all others, and from every half of a shown digit."""


def target_ends(criterion: Criterion) -> dict[str, Ends]:
    """The ends of all targets of a criterion by zone (and `net`), in percent or points: shares are told from them."""
    return {
        zone: tuple(
            end.amount for target in criterion.targets if (limit := getattr(target, zone)) for end in limit.ends
        )
        for zone in (*ZONES, "net")
    }


def targets_told(definitions: Definitions) -> dict[tuple[str, str], dict[str, Ends]]:
    """The ends of the targets of all criteria, by process and criterion."""
    return {(process, name): target_ends(criterion) for process, name, criterion in definitions.criteria()}


def share_text(share: Fraction | float, ends: Iterable[Fraction] = ()) -> str:
    """A share as percent.

    Args:
        share: 0 to 1; NaN where nothing is rated.
        ends: The ends of its targets, in percent.

    Examples:
        >>> from fractions import Fraction
        >>> from svclight.wording.shares import share_text
        >>> share_text(Fraction(1, 16)), share_text(Fraction(1, 5000)), share_text(float("nan"))
        ('6.3 %', '< 0.1 %', 'no data')
        >>> share_text(Fraction(7996, 10000), ends=[Fraction(80)])
        '79.96 %'
    """
    return NO_DATA if _is_nan(share) else f"{percent_number(share, ends)} %"


def percent_number(share: Fraction | float, ends: Iterable[Fraction] = ()) -> str:
    """A share as percent without the sign, `81.1`; empty where nothing is rated."""
    return "" if _is_nan(share) else number_text(_WHOLE * _exact(share), ends)


def interval_text(low: Fraction | float, high: Fraction | float, ends: Iterable[Fraction] = ()) -> str:
    """The interval of a share in percent, `79.1 to 82.9`; its ends are told from the targets as the share is."""
    ends = tuple(ends)
    return f"{percent_number(low, ends)} to {percent_number(high, ends)}"


def points_number(difference: Fraction | float, decimals: int = 1) -> str:
    """A difference of two shares in percentage points with its sign, `+2.9`, `-0.4`, `< +0.1`."""
    return _shown_number(_WHOLE * _exact(difference), decimals, signed=True)


def number_text(
    number: Fraction | float, ends: Iterable[Fraction] = (), *, signed: bool = False, least: int = 1
) -> str:
    """A number of percent or points (a net score): `least` decimals, or as many as tell it from its targets."""
    exact = _exact(number, _DIGITS - 3)
    ends = tuple(ends)
    decimals = next((many for many in range(least, MOST_DECIMALS) if _tells(exact, ends, many)), MOST_DECIMALS)
    shown = _shown_number(exact, decimals, signed=signed)
    # nearer to its target than any decimal shows: it still must not read as the target
    return (
        shown
        if _tells(exact, ends, decimals)
        else f"{'<' if exact * 10**decimals < _rounded(exact, decimals) else '>'} {shown}"
    )


def number_format(text: str) -> str:
    """The number format of a workbook by which a cell with the exact number shows this text.

    Examples:
        >>> from svclight.wording.shares import number_format
        >>> number_format("81.13 %"), number_format("< 0.1 %"), number_format("+12.0")
        ('0.00 %', '"< 0.1 %"', '+0.0;-0.0;0.0')
    """
    plain = re.fullmatch(r"([+\-\N{MINUS SIGN}]?)\d+\.(\d+)( %)?", text)
    if plain is None:
        return f'"{text}"'
    digits = f"0.{'0' * len(plain[2])}{plain[3] or ''}"
    return f"+{digits};-{digits};{digits}" if plain[1] == "+" else digits


def _is_nan(number: Fraction | float) -> bool:
    return isinstance(number, float) and math.isnan(number)


def _exact(number: Fraction | float, digits: int = _DIGITS) -> Fraction:
    """The fraction that a float stands for: 3 of 80 is 0.0375, and not the double below it."""
    return Fraction(f"{number:.{digits}f}") if isinstance(number, float) else Fraction(number)


def _rounded(number: Fraction, decimals: int) -> int:
    """The number in steps of its last decimal, rounded to whole ones, halves away from zero.

    By whole numbers: a page shows thousands of shares, and each operation on fractions looks for a common divisor.
    """
    steps: int = (2 * abs(number.numerator) * 10**decimals + number.denominator) // (2 * number.denominator)
    return steps if number >= 0 else -steps


def _tells(number: Fraction, ends: Iterable[Fraction], decimals: int) -> bool:
    """Whether the number as it is shown lies on the same side of every end as the number itself."""
    shown, steps = _rounded(number, decimals), 10**decimals
    if shown == 0 != number:  # reads as "between 0 and a step"
        return not any(0 < end * (1 if number > 0 else -1) * steps < 1 for end in ends)
    if abs(shown) == _WHOLE * steps and abs(number) < _WHOLE:  # reads as "between a step under 100 and 100"
        return not any(_WHOLE * steps - 1 < end * (1 if number > 0 else -1) * steps < _WHOLE * steps for end in ends)
    return all(_sign(shown - end * steps) == _sign(number - end) for end in ends)


def _sign(number: Fraction) -> int:
    return (number > 0) - (number < 0)


def _shown_number(number: Fraction, decimals: int, *, signed: bool) -> str:
    """The number with so many decimals; where it would read as a 0 or a 100 that it is not, what it lies beside."""
    shown, steps = _rounded(number, decimals), 10**decimals
    side, beside = "", shown
    if shown == 0 != number:
        side, beside = ("<", 1) if number > 0 else (">", -1)
    elif abs(shown) == _WHOLE * steps and abs(number) < _WHOLE:
        side, beside = (">", shown - 1) if number > 0 else ("<", shown + 1)
    # no float stands between the share and its text
    whole, rest = divmod(abs(beside), steps)
    digits = f"{whole}.{rest:0{decimals}}" if decimals else f"{whole}"
    sign = "-" if beside < 0 else "+" if signed and beside > 0 else ""
    return f"{side} {sign}{digits}".strip()
