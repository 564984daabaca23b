"""Raw columns of any dtype -> typed columns: numbers, times, flags, texts.

In: a pandas Series (numpy, nullable, Arrow-backed, categorical or plain objects) and what the field says of it. Out:
a frozen column over numpy arrays, one entry a row, with what is empty and what cannot be read kept apart. Text is read
once per different cell, never once per row; arrays of a frame are looked at, not copied, wherever that can be.
"""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import TYPE_CHECKING, Any, Final, Self

import numpy as np
import pandas as pd

from svclight.values.clocks import DAY, FIRST_SECOND, LAST_SECOND, NANO, NAT
from svclight.values.number_text import PLAIN, NumberForm, read_numbers
from svclight.values.span_text import read_span
from svclight.values.text_dictionary import (
    NUMBER,
    TIME,
    Texts,
    is_mixed,
    join_texts,
    keys_of,
    normal_word,
    numeric_tokens,
    take_or_fill,
    texts_of,
)
from svclight.values.time_formats import SERIALS, Conflict, read_formats, serial_ticks
from svclight.values.time_text import looks_like_date, parse_iso, read_iso

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

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
    "are_counts",
    "flag_of",
    "flags_of",
    "has_cell",
    "is_mixed",
    "join_texts",
    "keys_of",
    "looks_like_date",
    "numbers_of",
    "spans_of",
    "texts_of",
    "times_of",
    "word_numbers",
)

MICRO: Final = 1_000_000
TRUE_VALUES: Final = ("true", "yes", "1", "1.0")
FALSE_VALUES: Final = ("false", "no", "0", "0.0")
_PER_SECOND: Final = {"s": 1, "ms": 1000, "us": MICRO, "ns": NANO}
_NANO_SECONDS: Final = (2**63 - 1) // NANO - DAY  # so far times reach in nanoseconds
_COUNT_LIMIT: Final = 2.0**53


def are_counts(values: NDArray[Any]) -> Mask:
    """Which numbers are whole, 0 or more, and so small that every whole number up to there is exact in a double."""
    with np.errstate(invalid="ignore"):
        sound: Mask = (values >= 0) & (values < _COUNT_LIMIT) & (np.floor(values) == values)
    return sound


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
    """Times as ticks: local ones, or instants where `aware` (for all, or row by row); NAT where there is none.

    `conflict` is a cell that two formats of a list read differently, so that the list cannot be used; `bad` marks cells
    that cannot be read, `texts` has them.
    """

    ticks: NDArray[np.int64]
    per_second: int
    aware: bool | Mask
    bad: Mask | None = None
    texts: Texts | None = None
    conflict: Conflict | None = None

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


def has_cell(column: Texts | Numbers | Times | Flags) -> Mask:
    """Which rows have a cell, also one that cannot be read."""
    match column:
        case Texts():
            return ~column.missing
        case Flags():
            return np.asarray(column.values != -1)
        case Times():
            present, bad = column.ticks != NAT, column.bad
        case Numbers():
            present, bad = ~np.isnan(np.asarray(column.values, dtype=np.float64)), column.bad
    return np.asarray(present if bad is None else present | bad)


def numbers_of(
    column: pd.Series[Any], missing: Sequence[str] = (), *, form: NumberForm = PLAIN, unit_seconds: float = 1
) -> Numbers:
    """Reads a column as numbers; NaN where a cell is missing or unreadable.

    Args:
        column: A raw column of any dtype. A numeric column of a frame is looked at, not copied; its infinities stay.
            Numbers of half precision become doubles.
        missing: Texts that mean no value; those that are numbers hold for numeric columns too.
        form: How numbers are written as text.
        unit_seconds: How many seconds one unit has, for cells that are lengths of time.
    """
    column = _with_numpy_times(column)
    dtype = column.dtype
    kind = getattr(dtype, "kind", "O")
    if kind == "m":
        return Numbers(_without_tokens(_span_seconds(column) / unit_seconds, missing))
    if kind not in ("i", "u", "f"):
        return _numbers_of_texts(texts_of(column, missing), form, unit_seconds)
    if isinstance(dtype, np.dtype):
        values = column.to_numpy()
        # half precision ends at 65,504 and tells no whole numbers apart from 2,048 on: nothing is computed in it
        return Numbers(_without_tokens(values.astype(np.float64) if values.dtype == np.float16 else values, missing))
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


def _numbers_of_texts(texts: Texts, form: NumberForm, unit_seconds: float) -> Numbers:
    values = word_numbers(texts, form)
    if texts.kinds is not None:
        for place in np.flatnonzero(texts.kinds == TIME):
            values[place] = read_span(texts.words[place]) / unit_seconds
    return _numbers_by_word(texts, values)


def word_numbers(texts: Texts, form: NumberForm = PLAIN) -> NDArray[np.float64]:
    """The different words of a column as numbers; NaN where a word is no number."""
    values = read_numbers(texts.words, form)
    if texts.kinds is not None:  # a cell that was a number in its frame or workbook was never written in any form
        places = np.flatnonzero(texts.kinds == NUMBER)
        values[places] = read_numbers(texts.words[places], PLAIN)
    return values


def _numbers_by_word(texts: Texts, values: NDArray[np.float64]) -> Numbers:
    """The numbers of rows, looked up from the numbers of words; a number that is not finite counts as unreadable."""
    unread_words = ~np.isfinite(values)
    values[unread_words] = np.nan
    bad = texts.look_up(unread_words, missing=False) if unread_words.any() else None
    return Numbers(texts.look_up(values, np.nan), bad, texts)


def spans_of(column: pd.Series[Any], missing: Sequence[str] = (), *, written: str | None = None) -> Numbers:
    """Reads a column of lengths of time (`1:02:03`, `3m 11s`, timedelta, time of day) as numbers of seconds.

    Cells of two parts (`00:03`) are read as `written` says, `h:mm` or `m:ss`; without it they cannot be read.
    """
    column = _with_numpy_times(column)
    if column.dtype.kind == "m":
        return Numbers(_without_tokens(_span_seconds(column), missing))
    texts = texts_of(column, missing)
    seconds = np.fromiter((read_span(word, written) for word in texts.words), dtype=np.float64, count=len(texts.words))
    return _numbers_by_word(texts, seconds)


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
        true: The texts that mean true, in their normal form; true, yes and 1 in any case unless given.
        false: The texts that mean false; false, no and 0 in any case unless given.
    """
    if isinstance(column.dtype, np.dtype) and column.dtype.kind == "b" and not (missing or true or false):
        return Flags(column.to_numpy().view(np.int8))
    texts = texts_of(column, missing)
    values = np.array([flag_of(word, true, false) for word in texts.words], dtype=np.int8)
    return Flags(texts.look_up(values, -1), texts)


def flag_of(word: str, true: Sequence[str] | None = None, false: Sequence[str] | None = None) -> int:
    """Reads a text as a flag: 1 if it means true, 0 if it means false, -2 otherwise."""
    plain = normal_word(word)
    if plain in true if true is not None else plain.casefold() in TRUE_VALUES:
        return 1
    return 0 if (plain in false if false is not None else plain.casefold() in FALSE_VALUES) else -2


def times_of(
    column: pd.Series[Any],
    missing: Sequence[str] = (),
    *,
    written: str | Sequence[str] | None = None,
    zones: Mapping[str, str] | None = None,
) -> Times:
    """Reads a column as times.

    Args:
        column: A raw column. One of times is looked at in the unit in which it came (s, ms, us, ns), never converted.
        missing: Texts that mean no time.
        written: A format, or several of which the first that reads the whole cell counts: strptime's, `unix`,
            `unix_ms`, `excel`; ISO 8601 unless given.
        zones: The offsets of names that `%Z` reads, besides those of UTC.
    """
    column = _with_numpy_times(column)
    if column.dtype.kind == "M":
        aware = isinstance(column.dtype, pd.DatetimeTZDtype)
        plain = column.dt.tz_convert(None) if aware else column
        ticks, per_second = plain.to_numpy().view(np.int64), _PER_SECOND[str(plain.dt.unit)]
        return _within_calendar(Times(_without_times(ticks, per_second, missing), per_second, aware))
    formats = (written,) if isinstance(written, str) else tuple(written or ())
    if len(formats) == 1 and formats[0] in SERIALS and column.dtype.kind in ("i", "u", "f"):
        return _serial_times(numbers_of(column, missing), formats[0])
    return _times_of_texts(texts_of(column, missing), formats, zones or {})


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


def _serial_times(numbers: Numbers, written: str) -> Times:
    """Times of numbers: of seconds or milliseconds since 1970, or of Excel's days."""
    ticks, far = serial_ticks(numbers.values, written)
    times = _within_calendar(Times(ticks, MICRO, aware=written != "excel", texts=numbers.texts))
    bads = [bad for bad in (far if far.any() else None, numbers.bad, times.bad) if bad is not None]
    return replace(times, bad=np.logical_or.reduce(bads) if bads else None)


def _times_of_texts(texts: Texts, written: Sequence[str], zones: Mapping[str, str]) -> Times:
    """Times of texts: in the formats; as ISO 8601 where there are none, and for cells that were times already."""
    words = texts.words
    iso = np.full(len(words), not written) if texts.kinds is None or not written else texts.kinds == TIME
    ticks, aware = np.full(len(words), NAT, dtype=np.int64), np.zeros(len(words), dtype=bool)
    by_iso, by_format = np.flatnonzero(iso), np.flatnonzero(~iso)
    parts = [(by_iso, read_iso(words[by_iso]))] if len(by_iso) else []
    conflict = None
    if len(by_format):
        made, conflict = read_formats(words[by_format], written, zones)
        parts.append((by_format, made))
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
    return Times(texts.look_up(ticks, NAT), per_second, rows_aware, bad, texts, conflict)
