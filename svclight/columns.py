"""Raw columns of any dtype -> typed columns: numbers, times, flags, texts.

In: a pandas Series (numpy, nullable, Arrow-backed, categorical or plain objects) and what the field says of it. Out: a
frozen column over numpy arrays, one entry a row, with what is empty and what cannot be read kept apart. Text is read once
per different cell, never once per row; arrays of a frame are looked at, not copied, wherever their dtype allows it.
"""

from __future__ import annotations

import datetime as dt
import re
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING, Any, Final, Self

import numpy as np
import pandas as pd

from svclight.clocks import DAY, NAT
from svclight.errors import printable

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Sequence

    from numpy.typing import NDArray

    Mask = NDArray[np.bool_]
    Objects = NDArray[np.object_]
    Part = slice | NDArray[np.intp]

MICRO: Final = 1_000_000
TRUE_VALUES: Final = ("true", "yes", "1", "1.0")
FALSE_VALUES: Final = ("false", "no", "0", "0.0")
_PER_SECOND: Final = {"s": 1, "ms": 1000, "us": MICRO, "ns": 1_000_000_000}
_PART: Final = 1 << 18
_ISO: Final = re.compile(
    r"(?P<date>\d{4}-\d{2}-\d{2}|\d{8})"
    r"(?:[T ](?P<time>\d{2}(?::?\d{2}(?::?\d{2})?)?)(?:[.,](?P<fraction>\d+))?\s?(?P<offset>Z|z|[+-]\d{2}(?::?\d{2}(?::\d{2})?)?)?)?"
)
_SPAN: Final = re.compile(r"(?P<sign>-?)(?:(?P<h>\d+):)?(?P<m>\d+):(?P<s>[0-5]\d)(?P<f>\.\d+)?")
_FIRST_TICK, _LAST_TICK = (
    (dt.date(year, month, day) - dt.date(1970, 1, 1)).days * DAY for year, month, day in ((1, 1, 1), (9999, 12, 31))
)


@dataclass(frozen=True)
class Texts:
    """Text by dictionary: `codes[i]` is the place of row i's text in `words`; -1 where the cell is missing.

    `native` marks the words that were times or lengths of time in the frame and are written here as ISO text.
    """

    codes: NDArray[Any]
    words: Objects
    native: Mask | None = None

    def rows(self, part: Part) -> Self:
        """The same column for some rows."""
        return replace(self, codes=self.codes[part])

    @property
    def missing(self) -> Mask:
        """Which rows have no text."""
        return self.codes < 0

    def look_up(self, table: NDArray[Any], missing: Any) -> NDArray[Any]:
        """The entry of `table` (one a word) for each row, `missing` where there is no text."""
        return np.append(table, np.array([missing], dtype=table.dtype))[self.codes]

    def at(self, rows: NDArray[Any]) -> Objects:
        """The texts of some rows; empty where missing."""
        return self.look_up(self.words, "")[rows] if len(rows) else np.array([], dtype=object)


@dataclass(frozen=True)
class Numbers:
    """Numbers; NaN where the cell is missing or cannot be read. `bad` marks those that cannot, `texts` has their cells."""

    values: NDArray[Any]
    bad: Mask | None = None
    texts: Texts | None = None

    def rows(self, part: Part) -> Self:
        """The same column for some rows."""
        return replace(
            self, values=self.values[part], bad=_part(self.bad, part), texts=self.texts and self.texts.rows(part)
        )


@dataclass(frozen=True)
class Times:
    """Times as ticks: local ones of `zone`, or instants where `aware` (for all, or row by row); NAT where there is none."""

    ticks: NDArray[np.int64]
    per_second: int
    aware: bool | Mask
    bad: Mask | None = None
    texts: Texts | None = None

    def rows(self, part: Part) -> Self:
        """The same column for some rows."""
        aware = self.aware if isinstance(self.aware, bool) else self.aware[part]
        texts = self.texts and self.texts.rows(part)
        return replace(self, ticks=self.ticks[part], aware=aware, bad=_part(self.bad, part), texts=texts)


@dataclass(frozen=True)
class Flags:
    """True (1) and false (0); -1 where the cell is missing, -2 where it cannot be read."""

    values: NDArray[np.int8]
    texts: Texts | None = None

    def rows(self, part: Part) -> Self:
        """The same column for some rows."""
        return replace(self, values=self.values[part], texts=self.texts and self.texts.rows(part))


def _part(mask: Mask | None, part: Part) -> Mask | None:
    return None if mask is None else mask[part]


def texts_of(column: pd.Series[Any], missing: Sequence[str] = ()) -> Texts:
    """The column as text. Empty and blank cells, null, NaN, NaT and the tokens of `missing` have none."""
    if isinstance(column.dtype, pd.CategoricalDtype):
        codes, uniques = column.cat.codes.to_numpy(), column.cat.categories.to_numpy(dtype=object)
    else:
        codes, uniques = _factorized(column)
    words = np.array([_word(value) for value in uniques], dtype=object)
    native = np.array([isinstance(value, dt.date | dt.time | dt.timedelta) for value in uniques], dtype=bool)
    tokens = {token.strip() for token in missing}
    gone = np.array([word.strip() in tokens or not word.strip() or word != word for word in words], dtype=bool)  # noqa: PLR0124 - NaN
    return _merged(codes, words, gone, native)


def _merged(codes: NDArray[Any], words: Objects, gone: Mask, native: Mask) -> Texts:
    """Gives the same code to words that are written alike, and -1 to those that are gone."""
    if not gone.any() and len(set(words)) == len(words):
        return Texts(codes, words, native if native.any() else None)
    kept: dict[str, int] = {}
    table = np.full(len(words) + 1, -1, dtype=np.int64)
    for place, word in enumerate(words):
        if not gone[place]:
            table[place] = kept.setdefault(word, len(kept))
    first = dict(zip(reversed(words.tolist()), reversed(native.tolist()), strict=True))
    marks = np.array([first[word] for word in kept], dtype=bool)
    return Texts(table[codes], np.array(list(kept), dtype=object), marks if marks.any() else None)


def _factorized(column: pd.Series[Any]) -> tuple[NDArray[Any], Objects]:
    """Codes (-1 where empty) and the different cells, part by part while they are few: that touches less memory."""
    if len(column) <= _PART:
        return _factorized_whole(column)
    codes = np.empty(len(column), dtype=np.int32)
    known: dict[Any, int] = {}
    for begin in range(0, len(column), _PART):
        part, uniques = _factorized_whole(column.iloc[begin : begin + _PART])
        if len(uniques) > _PART // 16:
            return _factorized_whole(column)
        table = np.array([known.setdefault(value, len(known)) for value in uniques] + [-1], dtype=np.int32)
        codes[begin : begin + _PART] = table[part]
    return codes, _objects(known)


def _objects(values: Iterable[Any]) -> Objects:
    """A one-dimensional array of objects, whatever they are."""
    listed = list(values)
    made = np.empty(len(listed), dtype=object)
    made[:] = listed
    return made


def _factorized_whole(column: pd.Series[Any]) -> tuple[NDArray[Any], Objects]:
    try:
        codes, uniques = pd.factorize(column)
    except TypeError:  # cells that are lists or mappings cannot be told apart by hashing
        codes, uniques = pd.factorize(column.map(str, na_action="ignore"))
    return codes, _objects(uniques)


def keys_of(column: pd.Series[Any], missing: Sequence[str] = ()) -> NDArray[np.int64]:
    """A number for each different cell, -1 where it is missing: all that finding repeats needs, without any text."""
    dtype = column.dtype
    if isinstance(dtype, np.dtype) and dtype.kind in "iuf":
        return pd.factorize(_without(column.to_numpy(), missing))[0]
    if not isinstance(dtype, pd.StringDtype):
        return np.asarray(texts_of(column, missing).codes, dtype=np.int64)
    codes, uniques = pd.factorize(column)
    words = pd.Series(uniques, dtype=dtype).str.strip()
    gone = (words.isin(["", *(token.strip() for token in missing)])).to_numpy()
    return np.where(np.append(gone, True)[codes], -1, codes) if gone.any() else codes  # noqa: FBT003 - code -1 is the last


def _word(value: Any) -> str:
    """A cell as text: as it stands, but whole numbers without a decimal point and times as ISO 8601."""
    if isinstance(value, str):
        return value
    if value is None or value is pd.NaT or value is pd.NA:
        return ""
    if isinstance(value, bool | np.bool_):
        return "true" if value else "false"
    if isinstance(value, float | np.floating):
        whole = value.is_integer() and abs(value) < 2**53
        return "" if value != value else str(int(value)) if whole else repr(float(value))  # noqa: PLR0124 - NaN
    if isinstance(value, dt.datetime):
        return value.isoformat(sep=" ")
    if isinstance(value, bytes):
        return value.decode("utf-8", "backslashreplace")
    return str(value)


def numbers_of(
    column: pd.Series[Any], missing: Sequence[str] = (), *, decimal: str = ".", unit_seconds: float = 1
) -> Numbers:
    """The column as numbers. Lengths of time are counted in `unit_seconds`; infinities are kept (they cannot be)."""
    dtype = column.dtype
    if pd.api.types.is_timedelta64_dtype(dtype):
        seconds = column.to_numpy() / np.timedelta64(1, "us") / (MICRO * unit_seconds)
        return Numbers(_without(seconds, missing))
    if (
        isinstance(dtype, pd.CategoricalDtype)
        or not pd.api.types.is_numeric_dtype(dtype)
        or pd.api.types.is_bool_dtype(dtype)
    ):
        return _numbers_of_texts(texts_of(column, missing), decimal)
    if isinstance(dtype, np.dtype):
        return Numbers(_without(column.to_numpy(), missing))
    if not column.hasnans and dtype.kind in "iu":
        return Numbers(_without(column.to_numpy(dtype=np.int64), missing))
    return Numbers(_without(column.to_numpy(dtype=np.float64, na_value=np.nan), missing))


def _without(values: NDArray[Any], missing: Sequence[str]) -> NDArray[Any]:
    """The numbers without those that a token names."""
    tokens = [number for number in (_number(token, ".") for token in missing) if np.isfinite(number)]
    gone = np.isin(values, tokens) if tokens else None
    if gone is None or not gone.any():
        return values
    values = values.astype(np.float64) if values.dtype.kind in "iu" else values.copy()
    values[gone] = np.nan
    return values


def _number(text: str, decimal: str) -> float:
    return float(_parsed_numbers(np.array([text], dtype=object), decimal)[0])


def _parsed_numbers(words: Objects, decimal: str) -> NDArray[np.float64]:
    series = pd.Series(words, dtype=object)
    if decimal == ",":
        series = series.where(~series.str.contains(".", regex=False).astype(bool), "x").str.replace(
            ",", ".", regex=False
        )
    return np.array(pd.to_numeric(series.str.strip(), errors="coerce"), dtype=np.float64)  # a copy that can be written


def _numbers_of_texts(texts: Texts, decimal: str) -> Numbers:
    values = _parsed_numbers(texts.words, decimal) if len(texts.words) else np.array([], dtype=np.float64)
    unread = ~np.isfinite(values)
    values[unread] = np.nan
    bad = texts.look_up(unread, missing=False) if unread.any() else None
    return Numbers(texts.look_up(values, np.nan), bad, texts)


def spans_of(column: pd.Series[Any], missing: Sequence[str] = ()) -> Numbers:
    """The column's lengths of time (`1:02:03`, `2:03`, timedelta, time of day) as seconds."""
    if pd.api.types.is_timedelta64_dtype(column.dtype):
        return numbers_of(column, missing)
    texts = texts_of(column, missing)
    values = np.array([_seconds(word) for word in texts.words], dtype=np.float64)
    unread = np.isnan(values)
    bad = texts.look_up(unread, missing=False) if unread.any() else None
    return Numbers(texts.look_up(values, np.nan), bad, texts)


def _seconds(word: str) -> float:
    days, _, clock = word.strip().rpartition(" days, " if " days, " in word else " day, ")
    found = _SPAN.fullmatch(clock)
    if not found or (found["h"] is not None and int(found["m"]) >= 60):  # noqa: PLR2004 - minutes of an hour
        return float("nan")
    whole = int(days or 0) * DAY + int(found["h"] or 0) * 3600 + int(found["m"]) * 60 + int(found["s"])
    return (-1 if found["sign"] else 1) * (whole + float(found["f"] or 0))


def flags_of(
    column: pd.Series[Any],
    missing: Sequence[str] = (),
    *,
    true: Sequence[str] | None = None,
    false: Sequence[str] | None = None,
) -> Flags:
    """The column as true and false; `true` and `false` are exact texts, else true/false, yes/no, 1/0 in any case."""
    if isinstance(column.dtype, np.dtype) and column.dtype.kind == "b" and not (missing or true or false):
        return Flags(column.to_numpy().view(np.int8))
    texts = texts_of(column, missing)
    values = np.array([flag_of(word, true, false) for word in texts.words], dtype=np.int8)
    return Flags(texts.look_up(values, -1), texts)


def flag_of(word: str, true: Sequence[str] | None = None, false: Sequence[str] | None = None) -> int:
    """1, 0, or -2 for a text that is neither."""
    plain = word.strip()
    if plain in true if true is not None else plain.casefold() in TRUE_VALUES:
        return 1
    return 0 if (plain in false if false is not None else plain.casefold() in FALSE_VALUES) else -2


def times_of(column: pd.Series[Any], missing: Sequence[str] = (), *, written: str | None = None) -> Times:
    """The column as times: ISO 8601 unless `written` is a strptime format, `unix` or `unix_ms`."""
    dtype = column.dtype
    if isinstance(dtype, pd.ArrowDtype) and dtype.kind == "M":
        column = column.astype(dtype.numpy_dtype if dtype.pyarrow_dtype.tz is None else pd.DatetimeTZDtype("ns", "UTC"))
        dtype = column.dtype
    if isinstance(dtype, pd.DatetimeTZDtype) or (isinstance(dtype, np.dtype) and dtype.kind == "M"):
        aware = isinstance(dtype, pd.DatetimeTZDtype)
        plain = column.dt.tz_convert(None) if aware else column
        ticks = plain.to_numpy().view(np.int64)
        return _checked(
            Times(_without_times(ticks, str(plain.dt.unit), missing), _PER_SECOND[str(plain.dt.unit)], aware)
        )
    if written in ("unix", "unix_ms"):
        return _unix(numbers_of(column, missing), 1 if written == "unix" else 1000)
    return _times_of_texts(texts_of(column, missing), written)


def _without_times(ticks: NDArray[np.int64], unit: str, missing: Sequence[str]) -> NDArray[np.int64]:
    marks = [parse_iso(token) for token in missing]
    gone = np.isin(ticks, [mark[0] * _PER_SECOND[unit] // _PER_SECOND["ns"] for mark in marks if mark is not None])
    return np.where(gone, NAT, ticks) if gone.any() else ticks


def _checked(times: Times) -> Times:
    """Times outside the years 1 to 9999 cannot be read."""
    ticks, per_second = times.ticks, times.per_second
    if per_second == _PER_SECOND["ns"] or not len(ticks):
        return times
    outside = (ticks != NAT) & ((ticks < _FIRST_TICK * per_second) | (ticks >= (_LAST_TICK + DAY) * per_second))
    return replace(times, ticks=np.where(outside, NAT, ticks), bad=outside) if outside.any() else times


def _unix(numbers: Numbers, parts: int) -> Times:
    values, scale = numbers.values, MICRO // parts
    if values.dtype.kind in "iu":
        fits = np.abs(values) < np.iinfo(np.int64).max // scale
        ticks = np.where(fits, values, 0).astype(np.int64) * scale
        far = ~fits
    else:
        known = ~np.isnan(values)
        far = known & ~(np.abs(values) < 2.0**62 / scale)
        ticks = np.where(known & ~far, np.rint(np.where(known & ~far, values, 0) * scale), 0).astype(np.int64)
        ticks[~known] = NAT
    bad = far if numbers.bad is None else far | numbers.bad
    ticks[far] = NAT
    times = _checked(Times(ticks, MICRO, aware=True, bad=numbers.bad, texts=numbers.texts))
    return replace(times, bad=bad if times.bad is None else bad | times.bad)


def _times_of_texts(texts: Texts, written: str | None) -> Times:
    words = texts.words
    ticks, aware = np.full(len(words), NAT, dtype=np.int64), np.zeros(len(words), dtype=bool)
    iso = np.ones(len(words), dtype=bool) if written is None else texts.native
    fine = False
    if iso is not None and iso.any():
        nanos = [parse_iso(word) if plain else None for word, plain in zip(words, iso, strict=True)]
        fine = any(one is not None and one[0] % 1000 for one in nanos)
        fine = fine and all(one is None or abs(one[0]) < 2**63 for one in nanos)
        for place, one in enumerate(nanos):
            if one is not None:
                ticks[place], aware[place] = one[0] if fine else one[0] // 1000, one[1]
    per_second = _PER_SECOND["ns"] if fine else MICRO
    if written is not None:
        own = np.ones(len(words), dtype=bool) if iso is None else ~iso
        read, with_offset = _formatted(words[own], written)
        ticks[own] = np.where(read == NAT, NAT, read * (per_second // MICRO))
        aware[own] = with_offset
    unread = ticks == NAT
    bad = texts.look_up(unread, missing=False) if unread.any() else None
    rows_aware = bool(aware.all()) if aware.all() or not aware.any() else texts.look_up(aware, missing=False)
    rows_aware = False if not len(words) else rows_aware
    return Times(texts.look_up(ticks, NAT), per_second, rows_aware, bad, texts)


def parse_iso(word: str) -> tuple[int, bool] | None:
    """Nanoseconds since 1970 of a time of ISO 8601, and whether it has an offset (then UTC); None where it is none."""
    found = _ISO.fullmatch(word.strip())
    if not found:
        return None
    digits = found["date"].replace("-", "") + (found["time"] or "").replace(":", "")
    if (":" in (found["time"] or ":")) != ("-" in found["date"]) and len(found["time"] or "") > 2:  # noqa: PLR2004 - hh
        return None
    fraction = found["fraction"]
    if fraction and len(digits) < len("yyyymmddhhmmss"):
        return None
    try:
        parts = [int(digits[a:b]) for a, b in ((0, 4), (4, 6), (6, 8), (8, 10), (10, 12), (12, 14)) if a < len(digits)]
        moment = dt.datetime(*parts) - dt.datetime(1970, 1, 1)  # type: ignore[arg-type]  # noqa: DTZ001 - zone comes later
    except ValueError:
        return None
    nanos = (moment.days * DAY + moment.seconds) * 1_000_000_000 + int(((fraction or "") + "0" * 9)[:9])
    if found["offset"] is None:
        return nanos, False
    hours, minutes, seconds = _offset(found["offset"])
    return nanos - (-1 if found["offset"][0] == "-" else 1) * (
        hours * 3600 + minutes * 60 + seconds
    ) * 1_000_000_000, True


def _offset(text: str) -> tuple[int, int, int]:
    digits = (re.sub(r"\D", "", text) + "000000")[:6]
    return int(digits[:2]), int(digits[2:4]), int(digits[4:])


def _formatted(words: Objects, written: str) -> tuple[NDArray[np.int64], bool]:
    """Ticks (microseconds) of texts in a strptime format, and whether the format has an offset."""
    with_offset = "%z" in written
    if not len(words):
        return np.array([], dtype=np.int64), with_offset
    try:
        parsed = pd.to_datetime(
            pd.Series(words, dtype=object).str.strip(), format=written, errors="coerce", utc=with_offset
        )
        if with_offset:
            parsed = parsed.dt.tz_convert(None)
        ticks = parsed.to_numpy().astype("datetime64[us]").view(np.int64).copy()
    except ValueError:  # a directive that pandas does not know: strptime below reads all
        ticks = np.full(len(words), NAT, dtype=np.int64)
    for place in np.flatnonzero(ticks == NAT):
        ticks[place] = _strptime(words[place].strip(), written)
    return ticks, with_offset


def _strptime(word: str, written: str) -> int:
    """What pandas cannot hold (far years) or does not know, by Python's own reading; NAT where that fails too."""
    try:
        moment = dt.datetime.strptime(word, written)  # noqa: DTZ007 - the offset is taken care of below
    except (ValueError, OverflowError):
        return NAT
    shift = moment.utcoffset() or dt.timedelta()
    since = moment.replace(tzinfo=None) - shift - dt.datetime(1970, 1, 1)  # noqa: DTZ001 - both are plain
    return (since.days * DAY + since.seconds) * MICRO + since.microseconds


def looks_like_date(word: str) -> list[tuple[str, str]]:
    """How a text that is not ISO 8601 can be read as a date with / . or - between its parts.

    Returns:
        For each possible reading the date in words and the strptime format; nothing where it is no such date.
    """
    found = re.match(r"\s*(\d{1,4})([/.-])(\d{1,2})\2(\d{1,4})(?=\D|$)", word)
    if not found:
        return []
    sep, parts = found[2], (found[1], found[3], found[4])
    year = "%Y" if max(map(len, parts)) == len("2026") else "%y"
    orders = (f"%d{sep}%m{sep}{year}", f"%m{sep}%d{sep}{year}", f"{year}{sep}%m{sep}%d")
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
        readings.append((f"{day.day} {day:%B} {day.year}", order + _time_format(word[found.end() :])))
    return readings


def _time_format(rest: str) -> str:
    """The format of what follows a date: nothing, hours and minutes, or with seconds."""
    clock = re.match(r"([ T]?)\d{1,2}:\d{2}(:\d{2})?(\.\d+)?", rest)
    if not clock:
        return ""
    return f"{clock[1]}%H:%M{':%S' if clock[2] else ''}{'.%f' if clock[3] else ''}"


def unread(name: str, kind: str) -> Callable[[str], str]:
    """The reason for a cell that cannot be read: the cell stands in it."""
    said = {"number": "a number", "span": "a length of time like 1:02:03", "time": "a time", "flag": "true or false"}[
        kind
    ]
    return lambda cell: f'{name}: "{printable(cell, 40)}" is not {said}'
