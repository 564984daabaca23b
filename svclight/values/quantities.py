"""Quantities as people write them: `30 s`, `1 min 30 s`, `1.5 h`, `PT2H`, `2 bd`, `80 %`, `7`.

In: text. Out: `Quantity`, an exact amount (a `Fraction`) in the base of its dimension, so that `1.1 h` is 3960 s and
not 3960.0000000000005; and text again, for people. Dimensions: `time` (base: seconds), `bd` (working days), `%`,
`number` (no unit), and any other word, which is a label.
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

SHARE: Final = "share"
"""The unit of a fraction of 1, of which 0.8 is 80 %."""

_AMOUNT = r"[0-9]+(?:\.[0-9]*)?|\.[0-9]+"
# A unit of time may be followed by the next amount (1min30s); any other word may hold digits itself (m2).
_UNIT = r"(?:ms|min|wk|bh|bd|[shd])(?![^\W\d]|/)|[^\W\d_][\w/]*|[^\s\w.,:;<>=+\-\u2212\"'()\[\]{}#/\\][\w/]*"
_TERM = re.compile(rf"\s*({_AMOUNT})\s*({_UNIT})?")
_WORD = re.compile(_UNIT)
_ISO = re.compile(
    rf"P(?=.)(?:(?P<wk>{_AMOUNT})W)?(?:(?P<d>{_AMOUNT})D)?"
    rf"(?:T(?=.)(?:(?P<h>{_AMOUNT})H)?(?:(?P<min>{_AMOUNT})M)?(?:(?P<s>{_AMOUNT})S)?)?"
)
_MINUS: Final = ("-", "\u2212")  # the second is the minus sign of typesetting
MOST_DIGITS: Final = 100
"""More digits than any amount has, and fewer than a float can hold."""
_MISSPELT: Final = {
    "sec": "s", "secs": "s", "second": "s", "seconds": "s", "minute": "min", "minutes": "min", "mins": "min",
    "hr": "h", "hrs": "h", "hour": "h", "hours": "h", "day": "d", "days": "d", "week": "wk",
    "weeks": "wk", "msec": "ms", "percent": "%",
}  # fmt: skip
_SHORT: Final = {"m": "min", "w": "wk", "pct": "%"}


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
        return f"{decimal_text(self.amount)}{unit}"


def dimension_of(unit: str) -> str:
    """The dimension of a field's unit: `time`, `%` (also of `share`), `number` for none, or the word itself."""
    if unit in SECONDS:
        return "time"
    if unit == SHARE:
        return "%"
    return WORKING.get(unit, unit or "number")


def unit_of_misspelling(unit: str) -> str:
    """The unit that a common misspelling means (`sec` -> `s`); empty where the text is no known misspelling."""
    return _MISSPELT.get(unit.casefold(), "")


def probable_unit(unit: str) -> str:
    """The unit probably meant where `unit` cannot be right (`m` -> `min`, `H` -> `h`); empty without a guess."""
    plain = unit.casefold()
    known = plain if plain in {*SECONDS, *WORKING} and plain != unit else ""
    return known or unit_of_misspelling(unit) or _SHORT.get(plain, "")


def is_unit(text: str) -> bool:
    """Whether the text may be the unit of a field: a word or a sign such as € or %."""
    return _WORD.fullmatch(text) is not None


def parse_quantity(text: str) -> Quantity:
    """Reads a quantity such as `30 s`, `1 min 30 s`, `PT2H` or `80 %`.

    Returns:
        The exact amount in the base of its dimension: seconds for units of time, else as it is written.

    Raises:
        ValueError: The text is no quantity; the message says why.
    """
    written = text.strip()
    body = written[1:] if written.startswith((*_MINUS, "+")) else written
    iso = _ISO.fullmatch(body)
    terms = (
        [(amount, unit) for unit, amount in iso.groupdict().items() if amount] if iso else _read_terms(body, written)
    )
    if any(len(amount) > MOST_DIGITS for amount, _ in terms):
        raise ValueError(f"an amount has at most {MOST_DIGITS} digits")
    dimensions = {dimension_of(unit) for _, unit in terms}
    if len(dimensions) > 1 or (len(terms) > 1 and dimensions != {"time"}):
        raise ValueError("only units of time can be put together, like 1 min 30 s")
    # fractions, not floats: 1.1 h is 3960 s exactly, and no rounding decides a zone
    total = sum((Fraction(amount) * _unit_length(unit) for amount, unit in terms), Fraction(0))
    negative = written.startswith(_MINUS)
    shown = "" if iso else " ".join(f"{amount} {unit}".strip() for amount, unit in terms)
    return Quantity(
        -total if negative else total,
        dimensions.pop(),
        tuple(unit for _, unit in terms if unit),
        f"-{shown}" if negative and shown else shown,
    )


def _unit_length(unit: str) -> Fraction:
    """The length of a unit in the base of its dimension: 60 for `min`, 100 for `share`, 1 for others."""
    if unit == SHARE:
        return Fraction(100)
    return SECONDS["h"] if unit == "bh" else SECONDS.get(unit, Fraction(1))


def _read_terms(body: str, text: str) -> list[tuple[str, str]]:
    """The amounts of a text and their units, as they are written."""
    terms: list[tuple[str, str]] = []
    place = 0
    while term := _TERM.match(body, place):
        terms.append((term[1], term[2] or ""))
        place = term.end()
    if body[place:].strip() or not terms or re.match(r"[\d.]+[eE][+-]?\d", body):
        raise ValueError(_why_no_quantity(body.strip(), text))
    for _, unit in terms:
        if unit_of_misspelling(unit):
            raise ValueError(f"the unit {unit!r} is written {unit_of_misspelling(unit)!r}")
    return terms


def _why_no_quantity(body: str, text: str) -> str:
    """Why a text is no quantity."""
    if re.fullmatch(r"\d+,\d+.*", body):
        return f"a decimal has a point: {body.replace(',', '.', 1)}"
    if re.match(r"[\d.]+[eE][+-]?\d", body):
        return "a decimal is written out, without an exponent"
    if re.match(r"\.?(?:inf(?:inity)?|nan)\b|∞", body, re.IGNORECASE):
        return "a limit is finite"
    return f"{text!r} is no quantity"


def decimal_text(amount: Fraction | float) -> str:
    """An amount as decimal text without needless zeros: at most six places, exact where six suffice."""
    exact = Fraction(amount)
    if exact.denominator == 1:
        return f"{exact.numerator}"
    shown = f"{float(exact):.6f}".rstrip("0").rstrip(".")
    # an amount above 0 never reads as 0: a limit of 1e-9 is shown with its exponent
    return f"{float(exact):g}" if shown in ("0", "-0") else shown


def show_seconds(seconds: Fraction | float, *, working: bool = False) -> str:
    """Seconds in the largest units that say them exactly: 90 -> `1 min 30 s`, 0.5 -> `500 ms`."""
    left = abs(Fraction(seconds))
    sign = "-" if seconds < 0 else ""
    if working:
        return f"{sign}{decimal_text(left / 3600)} bh"
    if left == 0:
        return "0 s"
    parts = []
    for unit in ("d", "h", "min"):
        whole = left // SECONDS[unit]
        if whole:
            parts.append(f"{whole} {unit}")
            left -= whole * SECONDS[unit]
    if 0 < left < 1 and not parts:
        parts.append(f"{decimal_text(left * 1000)} ms")
    elif left:
        parts.append(f"{decimal_text(left)} s")
    return sign + " ".join(parts)
