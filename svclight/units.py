"""Quantities as people write them: `30 s`, `1 min 30 s`, `1.5 h`, `PT2H`, `2 bd`, `80 %`, `7`.

In: text. Out: `Quantity`, an exact amount (a `Fraction`) in the base of its dimension, so that `1.1 h` is 3960 s and not
3960.0000000000005; and text again, for people. Dimensions: `time` (base: seconds), `bd` (working days), `%`, `number`
(no unit), and any other word, which is a label.
"""

from __future__ import annotations

import re
from dataclasses import dataclass, field
from fractions import Fraction
from typing import Final

SECONDS: Final = {
    "ms": Fraction(1, 1000),
    "s": Fraction(1),
    "min": Fraction(60),
    "h": Fraction(3600),
    "d": Fraction(86_400),
    "wk": Fraction(604_800),
}
"""Units of time and their length in seconds; a day is 24 hours."""

WORKING: Final = {"bh": "time", "bd": "bd"}
"""Units that need a calendar, and their dimension."""

_AMOUNT = r"[0-9]+(?:\.[0-9]*)?|\.[0-9]+"
_TERM = re.compile(rf"\s*({_AMOUNT})\s*([^\W\d_][\w/]*|%)?", re.UNICODE)
_ISO = re.compile(
    rf"P(?:(?P<wk>{_AMOUNT})W)?(?:(?P<d>{_AMOUNT})D)?"
    rf"(?:T(?:(?P<h>{_AMOUNT})H)?(?:(?P<min>{_AMOUNT})M)?(?:(?P<s>{_AMOUNT})S)?)?"
)
_MISSPELT: Final = {
    "sec": "s", "secs": "s", "second": "s", "seconds": "s", "minute": "min", "minutes": "min", "mins": "min",
    "m": "min", "hr": "h", "hrs": "h", "hour": "h", "hours": "h", "day": "d", "days": "d", "week": "wk",
    "weeks": "wk", "w": "wk", "msec": "ms", "percent": "%",
}  # fmt: skip


@dataclass(frozen=True)
class Quantity:
    """An exact amount in the base of `dimension`; `units` are those it was written with, `written` is how."""

    amount: Fraction
    dimension: str
    units: tuple[str, ...] = ()
    written: str = field(default="", compare=False)

    def __str__(self) -> str:
        if self.written:
            return self.written
        if self.dimension == "time":
            return show_seconds(self.amount, working="bh" in self.units)
        unit = "" if self.dimension == "number" else f" {self.dimension}"
        return f"{decimal(self.amount)}{unit}"


def dimension_of(unit: str) -> str:
    """The dimension of a field's unit: `time`, `%`, `number` for none, or the word itself."""
    if unit in SECONDS:
        return "time"
    return WORKING.get(unit, unit or "number")


def misspelt(unit: str) -> str:
    """The unit that a common other spelling means (`sec` -> `s`), or nothing."""
    return _MISSPELT.get(unit.casefold(), "")


def parse_quantity(text: str) -> Quantity:
    """Reads a quantity.

    Raises:
        ValueError: The text is no quantity; the message says why.
    """
    written = text.strip()
    sign = -1 if written.startswith(("-", "−")) else 1
    body = written.lstrip("+-−") if len(written) - len(written.lstrip("+-−")) <= 1 else ""
    iso = _ISO.fullmatch(body)
    if iso and body not in ("P", "PT") and not body.endswith("T"):
        terms = [(Fraction(amount), unit) for unit, amount in iso.groupdict().items() if amount]
    else:
        terms = _terms(body, text)
    units = tuple(unit for _, unit in terms)
    dimensions = {dimension_of(unit) for unit in units}
    if len(dimensions) > 1 or (len(terms) > 1 and dimensions != {"time"}):
        raise ValueError("only units of time can be put together, like 1 min 30 s")
    total = sum(amount * SECONDS.get(unit, Fraction(3600 if unit == "bh" else 1)) for amount, unit in terms)
    plain = (
        "" if iso and body.startswith("P") else " ".join(f"{decimal(amount)} {unit}".strip() for amount, unit in terms)
    )
    return Quantity(
        sign * Fraction(total),
        dimensions.pop(),
        units if units != ("",) else (),
        plain and ("-" if sign < 0 else "") + plain,
    )


def _terms(body: str, text: str) -> list[tuple[Fraction, str]]:
    terms: list[tuple[Fraction, str]] = []
    place = 0
    while place < len(body):
        term = _TERM.match(body, place)
        if term is None:
            break
        terms.append((Fraction(term[1]), term[2] or ""))
        place = term.end()
    if not terms or body[place:].strip():
        comma = re.fullmatch(r"\s*\d+,\d+.*", body)
        raise ValueError(
            f"a decimal has a point: {body.strip().replace(',', '.', 1)}"
            if comma
            else f"{text.strip()!r} is no quantity"
        )
    for _, unit in terms:
        if misspelt(unit):
            raise ValueError(f"the unit {unit!r} is written {misspelt(unit)!r}")
    return terms


def decimal(amount: Fraction | float) -> str:
    """The amount as a decimal without needless zeros: at most six places, exact where they suffice."""
    exact = Fraction(amount)
    if exact.denominator == 1:
        return f"{exact.numerator}"
    return f"{float(exact):.6f}".rstrip("0").rstrip(".")


def show_seconds(seconds: Fraction | float, *, working: bool = False) -> str:
    """Seconds in the largest units that say them exactly: 90 -> `1 min 30 s`, 0.5 -> `500 ms`."""
    left = abs(Fraction(seconds))
    sign = "-" if seconds < 0 else ""
    if working:
        return f"{sign}{decimal(left / 3600)} bh"
    if left == 0:
        return "0 s"
    parts = []
    for unit in ("d", "h", "min"):
        whole = left // SECONDS[unit]
        if whole:
            parts.append(f"{whole} {unit}")
            left -= whole * SECONDS[unit]
    if 0 < left < 1 and not parts:
        parts.append(f"{decimal(left * 1000)} ms")
    elif left:
        parts.append(f"{decimal(left)} s")
    return sign + " ".join(parts)
