"""Lengths of time as they are written in cells: `1:02:03`, `3m 11s`, `PT3M11S`, `2 days, 1:00:00` -> seconds.

In: a text, and which two parts `00:03` means where that is declared. Out: a number of seconds, NaN where the text is no
length of time. Two parts have two readings, hours and minutes or minutes and seconds: which is meant is for a person to
say.
"""

from __future__ import annotations

import re
from fractions import Fraction
from typing import Final

from svclight.values.clocks import DAY
from svclight.values.quantities import SECONDS
from svclight.values.unit_signs import SPELLINGS

PARTS: Final = {"h:mm": (3600, 60), "m:ss": (60, 1)}
"""The formats of two parts, and how many seconds make one of each part."""
_CLOCK: Final = re.compile(
    r"(?:(?P<days>[+-]?\d{1,9}) days?,? \+?)?(?P<sign>[+-]?)(?:(?P<h>\d{1,9}):(?P<m>[0-5]\d):(?P<s>[0-5]\d)"
    r"|(?P<minutes>\d{1,9}):(?P<seconds>[0-5]\d)(?=\.))(?P<f>\.\d+)?",
    re.ASCII,
)
_TWO: Final = re.compile(r"(?P<sign>[+-]?)(?P<first>\d{1,9}):(?P<second>[0-5]\d)", re.ASCII)
_AMOUNT: Final = r"\d{1,9}(?:\.\d{1,9})?"
_ISO: Final = re.compile(
    rf"(?P<sign>[+-]?)P(?=.)(?:(?P<wk>{_AMOUNT})W)?(?:(?P<d>{_AMOUNT})D)?"
    rf"(?:T(?=.)(?:(?P<h>{_AMOUNT})H)?(?:(?P<min>{_AMOUNT})M)?(?:(?P<s>{_AMOUNT})S)?)?",
    re.ASCII | re.IGNORECASE,
)
_UNITS: Final = ("wk", "d", "h", "min", "s", "ms")


def _unit_pattern(unit: str) -> str:
    """An amount of a unit of time, however the unit is written; it may be left out."""
    words = "|".join(sorted(SPELLINGS[unit], key=len, reverse=True))
    return rf"(?:(?P<{unit}>{_AMOUNT})\s*(?:{words})(?![^\W\d_])\.?[\s,]*)?"


_WORDS: Final = re.compile(r"(?P<sign>[+-]?)\s*" + "".join(map(_unit_pattern, _UNITS)), re.IGNORECASE)


def read_span(word: str, written: str | None = None) -> float:
    """The seconds of a length of time; NaN where the text is none.

    Args:
        word: The text.
        written: `h:mm` or `m:ss`, what two parts mean; without it they are no length of time.
    """
    word = word.strip()
    two = _TWO.fullmatch(word)
    if two:
        return _two_parts(two, written) if written else float("nan")
    clock = _CLOCK.fullmatch(word)
    if clock:
        return _clock_seconds(clock)
    found = _ISO.fullmatch(word) or _WORDS.fullmatch(word)
    if not found or not any(found.groupdict().get(unit) for unit in _UNITS):
        return float("nan")
    # fractions, not floats: 1.1 h are 3960 s
    parts = (Fraction(found[unit]) * SECONDS[unit] for unit in _UNITS if found.groupdict().get(unit))
    return float(sum(parts, Fraction(0)) * (-1 if found["sign"] == "-" else 1))


def two_part_readings(word: str) -> list[tuple[float, str]]:
    """The readings of a text of two parts such as `00:03`: seconds, and the format that says so; none for others."""
    two = _TWO.fullmatch(word.strip())
    return [(_two_parts(two, written), written) for written in PARTS] if two else []


def _two_parts(found: re.Match[str], written: str) -> float:
    first, second = PARTS[written]
    seconds = int(found["first"]) * first + int(found["second"]) * second
    return float(-seconds if found["sign"] == "-" else seconds)


def _clock_seconds(found: re.Match[str]) -> float:
    if found["h"] is not None:
        whole = int(found["h"]) * 3600 + int(found["m"]) * 60 + int(found["s"])
    else:
        whole = int(found["minutes"]) * 60 + int(found["seconds"])
    sign = -1 if found["sign"] == "-" else 1
    return int(found["days"] or 0) * DAY + sign * (whole + float(found["f"] or 0))
