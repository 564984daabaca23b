"""Times written as text -> moments: ISO 8601 and strptime formats, read for many different texts at once.

In: an array of different texts. Out: `Moments`, one entry a text. Texts whose parts stand in fixed places, which nearly
all do, are read as columns of digits; what is left is read one by one. Nothing but digits is ever taken for a time: no
"now", no "today", no name of a zone other than UTC.
"""

from __future__ import annotations

import datetime as dt
import re
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, Final

import numpy as np
import pandas as pd

from svclight.values.clocks import DAY, FIRST_SECOND, LAST_SECOND, NANO

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Iterator, Mapping

    from numpy.typing import NDArray

    Mask = NDArray[np.bool_]
    Objects = NDArray[np.object_]
    Chars = NDArray[np.uint8]
    Piece = tuple[str, int]

_ISO: Final = re.compile(
    r"(?P<date>\d{4}-\d{2}-\d{2}|\d{8})"
    r"(?:[T ](?P<time>\d{2}(?::?\d{2}(?::?\d{2})?)?)(?:[.,](?P<fraction>\d+))?"
    r"\s?(?P<offset>Z|z|[+-]\d{2}(?::?\d{2}(?::\d{2})?)?)?)?",
    re.ASCII,
)
_WIDTHS: Final = {"Y": 4, "y": 2, "m": 2, "d": 2, "H": 2, "M": 2, "S": 2}
_LOWEST: Final = {"Y": 1, "y": 0, "m": 1, "d": 1, "H": 0, "M": 0, "S": 0}
_HIGHEST: Final = {"Y": 9999, "y": 99, "m": 12, "d": 31, "H": 23, "M": 59, "S": 59}
_OFFSET_WIDTHS: Final = (1, 5, 6)  # Z, +0200, +02:00
_FRACTION: Final = 9  # digits of a second that are read
_ISO_FORMS: Final = tuple(
    form + offset
    for form in ("%Y-%m-%d~%H:%M:%S", "%Y-%m-%d~%H:%M:%S.%f", "%Y-%m-%d~%H:%M", "%Y-%m-%d")
    for offset in ("", "%z")
    if offset == "" or "H" in form
)
UTC_NAMES: Final = {"UTC": "+0000", "GMT": "+0000", "Z": "+0000"}
"""The names that `%Z` reads without being told."""
_LONGEST: Final = 48
_BLOCK: Final = 1 << 16
_PIVOT: Final = 69  # of a year of two digits: 69 is 1969, 68 is 2068
EPOCH: Final = dt.datetime(1970, 1, 1)  # noqa: DTZ001 - written times, too, have no zone
MONTHS: Final = (
    *("January", "February", "March", "April", "May", "June"),
    *("July", "August", "September", "October", "November", "December"),
)


@dataclass(frozen=True)
class Moments:
    """Seconds since 1970 and nanoseconds of texts; `aware` where they have an offset (then UTC), `known` where read."""

    seconds: NDArray[np.int64]
    nanos: NDArray[np.int64]
    aware: Mask
    known: Mask

    @classmethod
    def none(cls, count: int) -> Moments:
        """Room for so many texts, none of them read."""
        zeros = np.zeros(count, dtype=np.int64)
        return cls(zeros, zeros.copy(), np.zeros(count, dtype=bool), np.zeros(count, dtype=bool))

    def enter_times(self, places: Any, seconds: Any, nanos: Any, aware: Any) -> None:
        """Enters what was read; instants outside the years 1 to 9999 are not known."""
        self.seconds[places], self.nanos[places], self.aware[places] = seconds, nanos, aware
        self.known[places] = (seconds >= FIRST_SECOND) & (seconds <= LAST_SECOND)


def read_iso(words: Objects) -> Moments:
    """Reads texts of ISO 8601, naive and with offsets."""
    made = Moments.none(len(words))
    words = _strip_words(words)
    for form in _ISO_FORMS:
        _read_fixed(words, form, made)
    _one_by_one(words, parse_iso, made)
    return made


def read_format(words: Objects, written: str, zones: Mapping[str, str] | None = None) -> Moments:
    """Reads texts in a strptime format; parts of one digit and fractions of up to nine digits are accepted.

    Args:
        words: The texts.
        written: The format.
        zones: The offset of each name that `%Z` reads, by the name in upper case; those of UTC unless given.
    """
    made = Moments.none(len(words))
    words = _strip_words(words)
    words, written = _with_offsets(words, written, UTC_NAMES if zones is None else zones)
    plain = _is_plain(written)
    if plain:
        _read_fixed(words, written, made)
        # parts of one digit (1.2.2026) get a zero before them and stand in fixed places too; a fraction must not
        if "%f" not in written and "%y" not in written:
            padded = np.array(
                [re.sub(r"(?<!\d)\d(?!\d)", r"0\g<0>", word) for word in words[~made.known]], dtype=object
            )
            late = Moments.none(len(padded))
            _read_fixed(padded, written, late)
            made.enter_times(np.flatnonzero(~made.known)[late.known], *_known_parts(late))
    if (not plain or "%y" in written) and _has_year(written):
        _by_pandas(words, written, made)
    # the slowest reader comes last and sees only what all others left
    _one_by_one(words, lambda word: _read_strptime(word, written), made)
    return made


def utc_names(zones: Mapping[str, str]) -> dict[str, str]:
    """The offset of each name that `%Z` reads, by the name in upper case: declared ones, and those of UTC."""
    return UTC_NAMES | {name.upper(): _offset_text(offset_seconds(offset) or 0) for name, offset in zones.items()}


def _offset_text(seconds: int) -> str:
    minutes = abs(seconds) // 60
    return f"{'-' if seconds < 0 else '+'}{minutes // 60:02}{minutes % 60:02}"


def _with_offsets(words: Objects, written: str, zones: Mapping[str, str]) -> tuple[Objects, str]:
    """The texts with an offset in place of a zone's name, and the format that reads them; both as they are without."""
    directives = re.findall(r"%(.)", written)
    if "Z" not in directives:
        return words, written
    names = "|".join(re.escape(name) for name in sorted(zones, key=len, reverse=True))
    name = re.compile(rf"(?<![^\W\d_])(?:{names})(?![^\W_])(?!.*(?<![^\W\d_])(?:{names})(?![^\W_]))", re.IGNORECASE)
    # an offset beside the name (GMT+0300 (MSK)) says all: the name is only passed over
    beside = "z" in directives

    def with_offset(word: str) -> str:
        return name.sub(lambda found: "UTC" if beside else zones[found[0].upper()], word, count=1)

    form = re.sub(r"%(.)", lambda found: {"%Z": "UTC" if beside else "%z"}.get(found[0], found[0]), written)
    # a text that has an offset already, but no name, is not in the format
    named = [with_offset(word) if name.search(word) else "" for word in words]
    return np.array(named, dtype=object), form


def _known_parts(moments: Moments) -> tuple[Any, Any, Any]:
    return tuple(part[moments.known] for part in (moments.seconds, moments.nanos, moments.aware))  # type: ignore[return-value]


def _strip_words(words: Objects) -> Objects:
    return np.array(list(map(str.strip, words)), dtype=object)


def _one_by_one(words: Objects, read: Callable[[str], tuple[int, bool] | None], made: Moments) -> None:
    """Reads, one by one, the texts that are still unknown; `read` gives nanoseconds since 1970, and if an offset."""
    for place in np.flatnonzero(~made.known):
        found = read(words[place])
        if found is not None:
            made.enter_times(place, *divmod(found[0], NANO), found[1])


def _is_plain(written: str) -> bool:
    """Whether a format has a whole date, each part once, and nothing else but digits and fixed text."""
    used = re.findall(r"%(.)", written)
    plain = set(used) <= {*_WIDTHS, "f", "z"} and len(set(used)) == len(used)
    return plain and {"m", "d"} <= set(used) and ("Y" in used) != ("y" in used)


def _read_fixed(words: Objects, form: str, made: Moments) -> None:
    """Reads the texts, not yet known, whose parts stand in the places that the form gives for their length.

    All texts of one length become one array of characters, whose columns are the digits.
    """
    if made.known.all():
        return
    lengths = np.fromiter(map(len, words), dtype=np.int64, count=len(words))
    lengths[made.known | ~np.fromiter(map(str.isascii, words), dtype=bool, count=len(words))] = 0
    for length in np.unique(lengths):
        for pieces in _layouts_of_length(form, int(length)):
            places = np.flatnonzero((lengths == length) & ~made.known)
            for begin in range(0, len(places), _BLOCK):
                block = places[begin : begin + _BLOCK]
                chars = np.frombuffer("".join(words[block]).encode("ascii"), dtype=np.uint8).reshape(-1, length)
                good, *found = _read_block(chars, pieces)
                made.enter_times(block[good], *(part[good] for part in found))


def _layouts_of_length(form: str, length: int) -> Iterator[list[Piece]]:
    """The parts of a form with their widths, in every way in which they make a text of the length."""
    parts = re.findall(r"%(.)|(.)", form, re.DOTALL)
    for offset in _OFFSET_WIDTHS if "%z" in form else (0,):
        sizes = {**_WIDTHS, "z": offset, "f": 0}
        rest = length - sum(sizes[field] if field else 1 for field, _ in parts)
        if rest == 0 if "%f" not in form else 1 <= rest <= _FRACTION:
            yield [(field or f"'{char}", {**sizes, "f": rest}[field] if field else 1) for field, char in parts]


def _read_block(chars: Chars, pieces: Iterable[Piece]) -> tuple[Any, Any, Any, Any]:
    """A mask of the texts that are times, their seconds, nanoseconds, and a mask of those with an offset."""
    good, at = np.ones(len(chars), dtype=bool), 0
    values: dict[str, Any] = dict.fromkeys("HMSfz", 0)
    for piece, width in pieces:
        part = chars[:, at : at + width]
        at += width
        if piece == "z":
            values["z"], sound = _read_offsets(part)
        elif piece[0] == "'":
            sound = np.isin(part[:, 0], [ord(char) for char in ("T ", piece[1])[piece != "'~"]])
        else:
            values[piece], sound = _read_digits(part)
            if piece in _HIGHEST:
                sound &= (values[piece] >= _LOWEST[piece]) & (values[piece] <= _HIGHEST[piece])
        good &= sound
    if "y" in values:
        values["Y"] = values["y"] + np.where(values["y"] >= _PIVOT, 1900, 2000)
    days, sound = _calendar_days(values["Y"], values["m"], values["d"])
    seconds = days * DAY + values["H"] * 3600 + values["M"] * 60 + values["S"] - values["z"]
    width = dict(pieces).get("f", _FRACTION)
    nanos = np.zeros(len(chars), dtype=np.int64) + values["f"] * 10 ** (_FRACTION - width)
    return good & sound, seconds, nanos, np.full(len(chars), "z" in dict(pieces))


def _read_digits(part: Chars) -> tuple[Any, Any]:
    digits = part - np.uint8(ord("0"))  # characters below the digits wrap around, so all others are more than 9
    powers = 10 ** np.arange(part.shape[1] - 1, -1, -1, dtype=np.int64)
    return digits.astype(np.int64) @ powers, (digits <= 9).all(axis=1)  # noqa: PLR2004 - the highest digit


def _read_offsets(part: Chars) -> tuple[Any, Any]:
    """Offsets in seconds: Z, +0200 or +02:00, as their width says."""
    if part.shape[1] == 1:
        return 0, part[:, 0] == ord("Z")
    (hours, fine), (minutes, sound) = _read_digits(part[:, 1:3]), _read_digits(part[:, -2:])
    sound &= fine & np.isin(part[:, 0], [ord("+"), ord("-")]) & (hours <= _HIGHEST["H"]) & (minutes <= _HIGHEST["M"])
    if part.shape[1] == _OFFSET_WIDTHS[-1]:
        sound &= part[:, 3] == ord(":")
    return np.where(part[:, 0] == ord("-"), -1, 1) * (hours * 3600 + minutes * 60), sound


def _calendar_days(years: NDArray[np.int64], months: NDArray[np.int64], days: NDArray[np.int64]) -> tuple[Any, Mask]:
    """Days since 1970 of dates, and which of them exist: 30 February does not."""
    number = (years - 1970) * 12 + months - 1
    first, following = (
        one.astype("datetime64[M]").astype("datetime64[D]").astype(np.int64) for one in (number, number + 1)
    )
    return first + days - 1, days <= following - first


def parse_iso(word: str) -> tuple[int, bool] | None:
    """Nanoseconds since 1970 of a time of ISO 8601, and whether it has an offset (then UTC); None where it is none."""
    found = _ISO.fullmatch(word.strip())
    if not found:
        return None
    clock, fraction = found["time"] or "", found["fraction"]
    digits = found["date"].replace("-", "") + clock.replace(":", "")
    if len(clock) > len("hh") and (":" in clock) != ("-" in found["date"]):
        return None
    if fraction and len(digits) < len("yyyymmddhhmmss"):
        return None
    try:
        moment = dt.datetime.strptime((digits + "000000")[: len("yyyymmddhhmmss")], "%Y%m%d%H%M%S")  # noqa: DTZ007 - see below
    except ValueError:
        return None
    offset = 0 if found["offset"] is None else offset_seconds(found["offset"])
    if offset is None:
        return None
    return (_whole_seconds(moment) - offset) * NANO + int(((fraction or "") + "0" * 9)[:9]), found["offset"] is not None


def _whole_seconds(moment: dt.datetime) -> int:
    since = moment - EPOCH
    return since.days * DAY + since.seconds


def offset_seconds(text: str) -> int | None:
    """The seconds of an offset such as Z, +02, -0530, +05:30:15; None where it is a day or more."""
    hour, *rest = re.findall(r"\d+", text) or [""]
    # +3 is +03:00, as +03 is
    digits = ("".join((hour.zfill(2) if len(hour) < len("hh") else hour, *rest)) + "000000")[:6]
    hours, minutes, seconds = int(digits[:2]), int(digits[2:4]), int(digits[4:])
    if hours > _HIGHEST["H"] or minutes > _HIGHEST["M"] or seconds > _HIGHEST["S"]:
        return None
    return (-1 if text[0] == "-" else 1) * (hours * 3600 + minutes * 60 + seconds)


def _has_year(written: str) -> bool:
    return re.search("%[YyGcx]", written) is not None


def _by_pandas(words: Objects, written: str, made: Moments) -> None:
    """Reads texts in formats with names of months and the like, all at once, with the reader of pandas."""
    places = np.flatnonzero(~made.known)
    # pandas takes "now" and "today" for times, whatever the format: texts without a digit are kept from it
    places = places[[any(map(str.isdigit, word)) for word in words[places]]] if len(places) else places
    aware = "%z" in written
    try:
        parsed = pd.to_datetime(pd.Series(words[places], dtype=object), format=written, errors="coerce", utc=aware)
    except (ValueError, re.error):  # a directive that it does not know, or one that stands twice
        return
    parsed = parsed.dt.tz_convert(None) if aware else parsed
    known = parsed.notna().to_numpy()
    micros = parsed.to_numpy()[known].astype("datetime64[us]").astype(np.int64)
    seconds, rest = np.divmod(micros, 1_000_000)
    made.enter_times(places[known], seconds, rest * 1000, aware)


def _read_strptime(word: str, written: str) -> tuple[int, bool] | None:
    """Nanoseconds since 1970 as Python's strptime reads a text, and whether it has an offset; None where it cannot."""
    if not _has_year(written):  # Python's default, said outright: later ones refuse a day without a year
        word, written = f"1900 {word}", f"%Y {written}"
    try:
        moment = dt.datetime.strptime(word, written)  # noqa: DTZ007 - the offset is taken care of below
    except (ValueError, OverflowError, re.error):
        return None
    shift = moment.utcoffset() or dt.timedelta()
    nanos = (_whole_seconds(moment.replace(tzinfo=None)) * 1_000_000 + moment.microsecond) * 1000
    return nanos - round(shift.total_seconds()) * NANO, moment.tzinfo is not None


def looks_like_date(word: str) -> list[tuple[str, str]]:
    """The readings of a text that is no ISO 8601 as a date with / . or - between its parts.

    Returns:
        For each possible reading the date in words and the strptime format; nothing where it is no such date.
    """
    found = re.match(r"\s*(\d{1,4})([/.-])(\d{1,2})\2(\d{1,4})(?=\D|$)", word)
    if not found:
        return []
    sep, parts = found[2], (found[1], found[3], found[4])
    year = "%Y" if max(map(len, parts)) == len("2026") else "%y"
    orders: tuple[str, ...] = (f"%d{sep}%m{sep}{year}", f"%m{sep}%d{sep}{year}", f"{year}{sep}%m{sep}%d")
    if len(parts[0]) == len("2026"):
        orders = orders[2:]
    elif year == "%Y":
        orders = orders[:2]
    readings = []
    for order in orders:
        try:
            day = dt.datetime.strptime(sep.join(parts), order)  # noqa: DTZ007 - a date has no zone
        except ValueError:
            continue
        readings.append((f"{day.day} {MONTHS[day.month - 1]} {day.year}", order + _time_format(word[found.end() :])))
    return readings


def _time_format(rest: str) -> str:
    """The format of what follows a date: nothing, or a clock time, on a dial of 12 hours or of 24."""
    zone = r"( ?(?:[+-]\d{2}:?\d{2}|[A-Z]{1,5})$)?"
    clock = re.match(rf"(,?[ T]?)\d{{1,2}}:\d{{2}}(:\d{{2}})?(\.\d+)?( ?[AaPp][Mm]\b)?{zone}", rest)
    if not clock:
        return ""
    hour, half = ("%I", clock[4][:-2] + "%p") if clock[4] else ("%H", "")
    end = clock[5] or ""
    # the name of a zone, UTC or MSK, is another sign than its distance; Z is read as one
    sign = "%Z" if len(end.strip()) > 1 and end.strip().isalpha() else "%z"
    offset = end[: end.startswith(" ")] + sign if end else ""
    return f"{clock[1]}{hour}:%M{':%S' if clock[2] else ''}{'.%f' if clock[3] else ''}{half}{offset}"
