"""Raw columns of any dtype -> typed columns: numbers, times, flags, texts.

In: a pandas Series (numpy, nullable, Arrow-backed, categorical or plain objects) and what the field says of it. Out:
a frozen column over numpy arrays, one entry a row, with what is empty and what cannot be read kept apart. Text is read
once per different cell, never once per row; arrays of a frame are looked at, not copied, wherever that can be.
"""

from __future__ import annotations

import re
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING, Any, Final, Self

import numpy as np
import pandas as pd

from svclight.errors import printable_text
from svclight.values.clocks import DAY, FIRST_SECOND, LAST_SECOND, NANO, NAT
from svclight.values.text_dictionary import (
    NUMBER,
    TIME,
    Texts,
    float_of,
    is_mixed,
    join_texts,
    keys_of,
    numeric_tokens,
    take_or_fill,
    texts_of,
)
from svclight.values.time_text import looks_like_date, parse_iso, read_format, read_iso

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence

    from numpy.typing import NDArray

    Mask = NDArray[np.bool_]
    Part = slice | NDArray[np.intp]

__all__ = (
    "FALSE_VALUES",
    "MICRO",
    "TRUE_VALUES",
    "Flags",
    "Numbers",
    "Texts",
    "Times",
    "flag_of",
    "flags_of",
    "is_mixed",
    "join_texts",
    "keys_of",
    "looks_like_date",
    "numbers_of",
    "spans_of",
    "texts_of",
    "times_of",
    "unread_reason",
    "word_numbers",
)

MICRO: Final = 1_000_000
TRUE_VALUES: Final = ("true", "yes", "1", "1.0")
FALSE_VALUES: Final = ("false", "no", "0", "0.0")
_PER_SECOND: Final = {"s": 1, "ms": 1000, "us": MICRO, "ns": NANO}
_SPAN: Final = re.compile(
    r"(?:(?P<days>[+-]?\d{1,9}) days?,? \+?)?(?P<sign>[+-]?)(?:(?P<h>\d{1,9}):)?(?P<m>\d{1,9}):(?P<s>[0-5]\d)"
    r"(?P<f>\.\d+)?",
    re.ASCII,
)
_NANO_SECONDS: Final = (2**63 - 1) // NANO - DAY  # so far times reach in nanoseconds
_MINUTES: Final = 60


@dataclass(frozen=True)
class Numbers:
    """Numbers; NaN where missing or unreadable. `bad` marks those that cannot be read, `texts` has their cells."""

    values: NDArray[Any]
    bad: Mask | None = None
    texts: Texts | None = None

    def rows(self, part: Part) -> Self:
        """The same column for some rows."""
        return type(self)(self.values[part], _mask_rows(self.bad, part), self.texts and self.texts.rows(part))

    def take(self, places: NDArray[np.intp]) -> Self:
        """The numbers at places, in their order; none where a place is below 0."""
        values = take_or_fill(self.values, places, np.nan)
        texts = self.texts and self.texts.take(places)
        return replace(self, values=values, bad=_pick_mask(self.bad, places), texts=texts)


# Times stay whole ticks in the unit they came in, and limits are turned into ticks: no rounding decides a zone.
@dataclass(frozen=True)
class Times:
    """Times as ticks: local ones, or instants where `aware` (for all, or row by row); NAT where there is none."""

    ticks: NDArray[np.int64]
    per_second: int
    aware: bool | Mask
    bad: Mask | None = None
    texts: Texts | None = None

    def rows(self, part: Part) -> Self:
        """The same column for some rows."""
        aware = self.aware if isinstance(self.aware, bool) else self.aware[part]
        texts = self.texts and self.texts.rows(part)
        return type(self)(self.ticks[part], self.per_second, aware, _mask_rows(self.bad, part), texts)

    def take(self, places: NDArray[np.intp]) -> Self:
        """The times at places, in their order; none where a place is below 0."""
        aware = self.aware if isinstance(self.aware, bool) else take_or_fill(self.aware, places, fill=False)
        ticks, texts = take_or_fill(self.ticks, places, NAT), self.texts and self.texts.take(places)
        return replace(self, ticks=ticks, aware=aware, bad=_pick_mask(self.bad, places), texts=texts)


@dataclass(frozen=True)
class Flags:
    """True (1) and false (0); -1 where the cell is missing, -2 where it cannot be read."""

    values: NDArray[np.int8]
    texts: Texts | None = None

    def rows(self, part: Part) -> Self:
        """The same column for some rows."""
        return type(self)(self.values[part], self.texts and self.texts.rows(part))

    def take(self, places: NDArray[np.intp]) -> Self:
        """The flags at places, in their order; missing where a place is below 0."""
        return replace(self, values=take_or_fill(self.values, places, -1), texts=self.texts and self.texts.take(places))


def _mask_rows(mask: Mask | None, part: Part) -> Mask | None:
    """Some rows of a mask; None stays None, so that a column without a bad cell carries no mask."""
    return None if mask is None else mask[part]


def _pick_mask(mask: Mask | None, places: NDArray[np.intp]) -> Mask | None:
    return None if mask is None else take_or_fill(mask, places, fill=False)


def numbers_of(
    column: pd.Series[Any], missing: Sequence[str] = (), *, decimal: str = ".", unit_seconds: float = 1
) -> Numbers:
    """Reads a column as numbers; NaN where a cell is missing or unreadable.

    Args:
        column: A raw column of any dtype. A numeric column of a frame is looked at, not copied; its infinities stay.
        missing: Texts that mean no value; those that are numbers hold for numeric columns too.
        decimal: The decimal mark of numbers written as text.
        unit_seconds: How many seconds one unit has, for cells that are lengths of time.
    """
    column = _with_numpy_times(column)
    dtype = column.dtype
    kind = getattr(dtype, "kind", "O")
    if kind == "m":
        return Numbers(_without_tokens(_span_seconds(column) / unit_seconds, missing))
    if kind not in ("i", "u", "f"):
        return _numbers_of_texts(texts_of(column, missing), decimal, unit_seconds)
    if isinstance(dtype, np.dtype):
        return Numbers(_without_tokens(column.to_numpy(), missing))
    if kind == "i" and not column.hasnans:  # whole numbers stay whole: no rounding of a float may decide a zone
        return Numbers(_without_tokens(column.to_numpy(dtype=np.int64), missing))
    return Numbers(_without_tokens(column.to_numpy(dtype=np.float64, na_value=np.nan), missing))


def _with_numpy_times(column: pd.Series[Any]) -> pd.Series[Any]:
    """The column with numpy's own times where Arrow holds them; the unit stays, so that far years keep their place."""
    dtype = column.dtype
    if not isinstance(dtype, pd.ArrowDtype) or dtype.kind not in ("M", "m"):
        return column
    zone = getattr(dtype.pyarrow_dtype, "tz", None)
    numpy_dtype = getattr(dtype, "numpy_dtype")  # noqa: B009 - missing in the stubs
    return column.astype(numpy_dtype if zone is None else pd.DatetimeTZDtype(dtype.pyarrow_dtype.unit, "UTC"))


def _span_seconds(column: pd.Series[Any]) -> NDArray[np.float64]:
    ticks = column.to_numpy().view(np.int64)
    return np.where(ticks == NAT, np.nan, ticks / _PER_SECOND[str(column.dt.unit)])


def _without_tokens(values: NDArray[Any], missing: Sequence[str]) -> NDArray[Any]:
    """The numbers, NaN in place of those that a token of `missing` names."""
    tokens = numeric_tokens(missing)
    gone = np.isin(values, tokens) if tokens else None
    if gone is None or not gone.any():
        return values
    values = values.astype(np.float64) if values.dtype.kind in "iu" else values.copy()
    values[gone] = np.nan
    return values


def _numbers_of_texts(texts: Texts, decimal: str, unit_seconds: float) -> Numbers:
    values = word_numbers(texts, decimal)
    if texts.kinds is not None:
        for place in np.flatnonzero(texts.kinds == TIME):
            values[place] = _read_span(texts.words[place]) / unit_seconds
    return _numbers_by_word(texts, values)


def word_numbers(texts: Texts, decimal: str = ".") -> NDArray[np.float64]:
    """The different words of a column as numbers; NaN where a word is no number."""
    words = list(map(str.strip, texts.words))
    if decimal == ",":  # but a cell that was a number in its frame or workbook was never written with a comma
        kinds = texts.kinds if texts.kinds is not None else np.zeros(len(words))
        words = [word if kind == NUMBER else _with_point(word) for word, kind in zip(words, kinds, strict=True)]
    return np.fromiter(map(float_of, words), dtype=np.float64, count=len(words))


def _with_point(word: str) -> str:
    """A number written with a decimal comma, with a point; nothing where a point stands there, which means another."""
    return "" if "." in word else word.replace(",", ".")


def _numbers_by_word(texts: Texts, values: NDArray[np.float64]) -> Numbers:
    """The numbers of rows, looked up from the numbers of words; a number that is not finite counts as unreadable."""
    unread_words = ~np.isfinite(values)
    values[unread_words] = np.nan
    bad = texts.look_up(unread_words, missing=False) if unread_words.any() else None
    return Numbers(texts.look_up(values, np.nan), bad, texts)


def spans_of(column: pd.Series[Any], missing: Sequence[str] = ()) -> Numbers:
    """Reads a column of lengths of time (`1:02:03`, `2:03`, timedelta, time of day) as numbers of seconds."""
    column = _with_numpy_times(column)
    if column.dtype.kind == "m":
        return Numbers(_without_tokens(_span_seconds(column), missing))
    texts = texts_of(column, missing)
    return _numbers_by_word(texts, np.fromiter(map(_read_span, texts.words), dtype=np.float64, count=len(texts.words)))


def _read_span(word: str) -> float:
    """The seconds of a length of time such as `1:02:03`; NaN where the text is no length of time."""
    found = _SPAN.fullmatch(word.strip())
    if not found or (found["h"] is not None and int(found["m"]) >= _MINUTES):
        return float("nan")
    whole = int(found["h"] or 0) * 3600 + int(found["m"]) * 60 + int(found["s"])
    sign = -1 if found["sign"] == "-" else 1
    return int(found["days"] or 0) * DAY + sign * (whole + float(found["f"] or 0))


def flags_of(
    column: pd.Series[Any],
    missing: Sequence[str] = (),
    *,
    true: Sequence[str] | None = None,
    false: Sequence[str] | None = None,
) -> Flags:
    """Reads a column as true and false.

    Args:
        column: A raw column; one of booleans is looked at, not copied.
        missing: Texts that mean no value.
        true: The texts that mean true, exactly as they stand; true, yes and 1 in any case unless given.
        false: The texts that mean false; false, no and 0 in any case unless given.
    """
    if isinstance(column.dtype, np.dtype) and column.dtype.kind == "b" and not (missing or true or false):
        return Flags(column.to_numpy().view(np.int8))
    texts = texts_of(column, missing)
    values = np.array([flag_of(word, true, false) for word in texts.words], dtype=np.int8)
    return Flags(texts.look_up(values, -1), texts)


def flag_of(word: str, true: Sequence[str] | None = None, false: Sequence[str] | None = None) -> int:
    """Reads a text as a flag: 1 if it means true, 0 if it means false, -2 otherwise."""
    plain = word.strip()
    if plain in true if true is not None else plain.casefold() in TRUE_VALUES:
        return 1
    return 0 if (plain in false if false is not None else plain.casefold() in FALSE_VALUES) else -2


def times_of(column: pd.Series[Any], missing: Sequence[str] = (), *, written: str | None = None) -> Times:
    """Reads a column as times: ISO 8601 unless `written` is a strptime format, `unix` or `unix_ms`.

    A column of times is looked at in the unit in which it came (s, ms, us, ns), never converted.
    """
    column = _with_numpy_times(column)
    if column.dtype.kind == "M":
        aware = isinstance(column.dtype, pd.DatetimeTZDtype)
        plain = column.dt.tz_convert(None) if aware else column
        ticks, per_second = plain.to_numpy().view(np.int64), _PER_SECOND[str(plain.dt.unit)]
        return _within_calendar(Times(_without_times(ticks, per_second, missing), per_second, aware))
    if written in ("unix", "unix_ms") and not _holds_times(column):
        return _unix_times(numbers_of(column, missing), 1 if written == "unix" else 1000)
    return _times_of_texts(texts_of(column, missing), written)


def _holds_times(column: pd.Series[Any]) -> bool:
    """Whether some cells are times already, as in a workbook, so that no format is needed to read them."""
    return column.dtype == object and not is_mixed(column) and pd.api.types.infer_dtype(column) in ("datetime", "date")


def _without_times(ticks: NDArray[np.int64], per_second: int, missing: Sequence[str]) -> NDArray[np.int64]:
    """Ticks, NAT in place of the times that a token of `missing` names."""
    marks = [mark for mark in map(parse_iso, missing) if mark is not None]
    gone = np.isin(ticks, [nanos * per_second // NANO for nanos, _ in marks])
    return np.where(gone, NAT, ticks) if gone.any() else ticks


def _within_calendar(times: Times) -> Times:
    """The times, those outside the years 1 to 9999 marked as unreadable."""
    ticks, per_second = times.ticks, times.per_second
    if per_second == NANO or not len(ticks):  # 64 bits of nanoseconds end within the calendar
        return times
    low, high = FIRST_SECOND * per_second, (LAST_SECOND + 1) * per_second
    if ticks.min() >= low and ticks.max() < high:
        return times
    outside = (ticks != NAT) & ((ticks < low) | (ticks >= high))
    return replace(times, ticks=np.where(outside, NAT, ticks), bad=outside) if outside.any() else times


def _unix_times(numbers: Numbers, parts: int) -> Times:
    """Instants from numbers of seconds since 1970 (`parts` = 1) or of milliseconds (`parts` = 1000)."""
    values, scale = numbers.values, MICRO // parts
    known = ~np.isnan(values)
    far = known & ~((values > -(2.0**62) / scale) & (values < 2.0**62 / scale))  # 64 bits would not hold their ticks
    ticks = np.where(known & ~far, values, 0)
    ticks = ticks.astype(np.int64) * scale if values.dtype.kind in "iu" else np.rint(ticks * scale).astype(np.int64)
    ticks[~known | far] = NAT
    times = _within_calendar(Times(ticks, MICRO, aware=True, texts=numbers.texts))
    bads = [bad for bad in (far if far.any() else None, numbers.bad, times.bad) if bad is not None]
    return replace(times, bad=np.logical_or.reduce(bads) if bads else None)


def _times_of_texts(texts: Texts, written: str | None) -> Times:
    """Times of texts: in the format; as ISO 8601 where there is no format, and for cells that were times already."""
    words = texts.words
    iso = np.full(len(words), written is None) if texts.kinds is None or written is None else texts.kinds == TIME
    ticks, aware = np.full(len(words), NAT, dtype=np.int64), np.zeros(len(words), dtype=bool)
    parts = [(places, read(words[places])) for places, read in _readers(iso, written) if len(places)]
    # nanoseconds only where a text has them and every year fits: in 64 bits they reach from 1677 to 2262 alone
    fine = any((made.nanos[made.known] % 1000).any() for _, made in parts)
    fine = fine and all((np.abs(made.seconds[made.known]) < _NANO_SECONDS).all() for _, made in parts)
    per_second = NANO if fine else MICRO
    for places, made in parts:
        whole = made.seconds * per_second + made.nanos // (NANO // per_second)
        ticks[places], aware[places] = np.where(made.known, whole, NAT), made.aware & made.known
    unread_words = ticks == NAT
    bad = texts.look_up(unread_words, missing=False) if unread_words.any() else None
    same = bool(len(words)) and bool(aware[~unread_words].all()) and not unread_words.all()
    mixed = bool(aware.any()) and not same
    rows_aware = texts.look_up(aware, missing=False) if mixed else same
    return Times(texts.look_up(ticks, NAT), per_second, rows_aware, bad, texts)


def _readers(iso: Mask, written: str | None) -> list[tuple[NDArray[np.intp], Callable[..., Any]]]:
    by_format = (np.flatnonzero(~iso), lambda words: read_format(words, str(written)))
    return [(np.flatnonzero(iso), read_iso), by_format]


def unread_reason(name: str, kind: str) -> Callable[[str], str]:
    """A function that gives the reason for an unreadable cell, with the cell in it."""
    said = {"number": "a number", "span": "a length of time like 1:02:03", "time": "a time", "flag": "true or false"}[
        kind
    ]
    return lambda cell: f'{name}: "{printable_text(cell, 40)}" is not {said}'
