"""P-values as they are written, the periods of a cell, a first letter as a capital.

In: p-values, labels of periods, text. Out: plain text, not escaped for any format.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

if TYPE_CHECKING:
    from collections.abc import Sequence

_LEAST_P: Final = 0.001
"""Smaller p-values say no more."""


def p_value_text(p: float) -> str:
    """A p-value as it is written: `p = 0.012`, `p < 0.001`."""
    return "p < 0.001" if p < _LEAST_P else f"p = {p:.3f}"


def span_text(periods: Sequence[str]) -> str:
    """The first and the last of some periods as a cell of a table holds them; sentences take `span_words`."""
    if not periods:
        return "no period"
    return str(periods[0]) if len(periods) == 1 else f"{periods[0]} to {periods[-1]}"


def upper_first(text: str) -> str:
    """The text with its first letter as a capital."""
    return text[:1].upper() + text[1:]
