"""P-values, periods and segments of a result in words, as sentences and plots write them.

In: p-values, labels of periods, segments with their values. Out: plain text, not escaped for any format.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, Final

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence

_LEAST_P: Final = 0.001
"""Smaller p-values say no more."""


def p_value_text(p: float) -> str:
    """A p-value as it is written: `p = 0.012`, `p < 0.001`."""
    return "p < 0.001" if p < _LEAST_P else f"p = {p:.3f}"


def span_text(periods: Sequence[str]) -> str:
    """The first and the last of some periods."""
    if not periods:
        return "no period"
    return str(periods[0]) if len(periods) == 1 else f"{periods[0]} to {periods[-1]}"


def segments_text(segments: Iterable[tuple[str, Any]]) -> str:
    """Segments with their values, `team west, topic (missing)`, without null ones, which a process does not offer."""
    return ", ".join(f"{name} {value or '(missing)'}" for name, value in segments if isinstance(value, str))


def upper_first(text: str) -> str:
    """The text with its first letter as a capital."""
    return text[:1].upper() + text[1:]
