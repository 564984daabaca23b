"""Times in declared formats: one format or a list, strptime's own, `unix`, `unix_ms` and `excel`.

In: different texts (or numbers), the formats, and the offsets of named zones. Out: moments. Of a list the first format
that reads the whole cell counts; where two formats read one cell differently, the one that alone reads every cell.
"""

from __future__ import annotations

from dataclasses import dataclass
from itertools import combinations
from typing import TYPE_CHECKING, Any, Final

import numpy as np

from svclight.values.clocks import DAY, NANO, NAT
from svclight.values.text_dictionary import float_of
from svclight.values.time_text import Moments, read_format, utc_names

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from numpy.typing import NDArray

    Mask = NDArray[np.bool_]
    Objects = NDArray[np.object_]

SERIALS: Final = ("unix", "unix_ms", "excel")
"""Formats that are numbers."""
MICRO: Final = 1_000_000
_EXCEL_DAYS: Final = 25_569  # from Excel's day 0, which is 30 December 1899, to 1970
_LEAP_DAY: Final = 60  # Excel has a 29 February 1900, which did not exist
_AFTER_9999: Final = 2_958_466
_PARTS: Final = {"unix": 1, "unix_ms": 1000}


@dataclass(frozen=True)
class Conflict:
    """A text that two formats of a list read differently."""

    word: str
    formats: tuple[str, str]


def serial_ticks(values: NDArray[Any], written: str) -> tuple[NDArray[np.int64], Mask]:
    """Microseconds since 1970 of serial numbers, and which of them are too far for any; NAT where there is none.

    Args:
        values: The numbers; NaN where there is none.
        written: `unix` (seconds), `unix_ms`, or `excel` (days since 1900, read to the millisecond, as Excel does).
    """
    if written == "excel":
        return _excel_ticks(values.astype(np.float64))
    scale = MICRO // _PARTS[written]
    known = ~np.isnan(values)
    far = known & ~((values > -(2.0**62) / scale) & (values < 2.0**62 / scale))  # 64 bits would not hold their ticks
    ticks = np.where(known & ~far, values, 0)
    ticks = ticks.astype(np.int64) * scale if values.dtype.kind in "iu" else np.rint(ticks * scale).astype(np.int64)
    ticks[~known | far] = NAT
    return ticks, far


def _excel_ticks(values: NDArray[np.float64]) -> tuple[NDArray[np.int64], Mask]:
    known = ~np.isnan(values)
    day = np.floor(values)
    there = (day >= 1) & (day != _LEAP_DAY) & (values < _AFTER_9999)  # 0.5 is a time of day without a date
    days = np.where(there, values + (day < _LEAP_DAY) - _EXCEL_DAYS, 0)
    # a fraction of a day holds no exact second: 45000.6041666667 is 14:30:00, not 14:30:00.000003
    ticks = np.rint(days * (DAY * 1000)).astype(np.int64) * 1000
    return np.where(there, ticks, NAT), known & ~there


def read_formats(words: Objects, formats: Sequence[str], zones: Mapping[str, str]) -> tuple[Moments, Conflict | None]:
    """Reads texts in the first of the formats that fits the whole text.

    Returns:
        The moments; and a text that two formats read differently, where not exactly one of them reads every text.
    """
    each = [_read(words, written, zones) for written in formats]
    if len(each) == 1:
        return each[0], None
    conflict = _first_conflict(words, formats, each)
    whole = [made for made in each if made.known.all()]
    if conflict is not None and len(whole) == 1:
        return whole[0], None
    return _first_known(each), conflict


def _read(words: Objects, written: str, zones: Mapping[str, str]) -> Moments:
    if written not in SERIALS:
        return read_format(words, written, utc_names(zones))
    values = np.fromiter(map(float_of, map(str.strip, words)), dtype=np.float64, count=len(words))
    ticks, _ = serial_ticks(np.where(np.isfinite(values), values, np.nan), written)
    made, places = Moments.none(len(words)), np.flatnonzero(ticks != NAT)
    seconds, micros = np.divmod(ticks[places], MICRO)
    made.enter_times(places, seconds, micros * (NANO // MICRO), written != "excel")
    return made


def _first_conflict(words: Objects, formats: Sequence[str], each: Sequence[Moments]) -> Conflict | None:
    for (one, mine), (other, yours) in combinations(zip(formats, each, strict=True), 2):
        both = mine.known & yours.known
        differ = both & ~((mine.seconds == yours.seconds) & (mine.nanos == yours.nanos) & (mine.aware == yours.aware))
        if differ.any():
            return Conflict(str(words[np.flatnonzero(differ)[0]]), (one, other))
    return None


def _first_known(each: Sequence[Moments]) -> Moments:
    found = Moments.none(len(each[0].known))
    for made in each:
        places = np.flatnonzero(made.known & ~found.known)
        found.enter_times(places, made.seconds[places], made.nanos[places], made.aware[places])
    return found
