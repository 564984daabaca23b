"""Cells of any dtype -> text by dictionary: each different cell once, and for each row its place.

In: a pandas Series (numpy, nullable, Arrow-backed, categorical or plain objects). Out: `Texts`. All text of a log
passes here, so here it is settled how a number, a time or a flag of a frame is written, and what counts as empty.
"""

from __future__ import annotations

import datetime as dt
import unicodedata
from dataclasses import dataclass, replace
from decimal import Decimal, InvalidOperation
from typing import TYPE_CHECKING, Any, Final, Self

import numpy as np
import pandas as pd

from svclight.values.threads import cores, map_in_order

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence

    from numpy.typing import NDArray

    Mask = NDArray[np.bool_]
    Objects = NDArray[np.object_]
    Part = slice | NDArray[np.intp]

TEXT, NUMBER, TIME = 0, 1, 2
"""What a word was in the frame: text, a number, or a time or length of time (written here as ISO 8601)."""
_PART: Final = 1 << 18
_NO_BREAK: Final = dict.fromkeys((0xA0, 0x2007, 0x202F), " ")
_EXACT: Final = 2**53  # up to here every whole number has a float of its own


@dataclass(frozen=True)
class Texts:
    """Text by dictionary: `codes[i]` is the place of row i's text in `words`; -1 where the cell is missing.

    `kinds` says what each word was (TEXT, NUMBER, TIME); None where all were text.
    """

    codes: NDArray[Any]
    words: Objects
    kinds: NDArray[np.int8] | None = None

    def rows(self, part: Part) -> Self:
        """The same column for some rows."""
        return type(self)(self.codes[part], self.words, self.kinds)

    def take(self, places: NDArray[np.intp]) -> Self:
        """The texts at places, in their order; missing where a place is below 0."""
        return replace(self, codes=take_or_fill(self.codes, places, -1))

    @property
    def missing(self) -> Mask:
        """A mask of the rows that have no text."""
        missing: Mask = self.codes < 0
        return missing

    def look_up(self, table: NDArray[Any], missing: Any) -> NDArray[Any]:
        """The entry of `table` (one a word) for each row, `missing` where there is no text."""
        found: NDArray[Any] = np.append(table, np.array([missing], dtype=table.dtype))[self.codes]
        return found

    def at(self, rows: NDArray[Any]) -> Objects:
        """The texts of some rows; empty where missing."""
        found: Objects = np.append(self.words, np.array([""], dtype=object))[self.codes[rows]]
        return found


def take_or_fill(values: NDArray[Any], places: NDArray[np.intp], fill: Any) -> NDArray[Any]:
    """The values at places, in their order; `fill` where a place is below 0."""
    none = places < 0
    if not none.any():
        return values[places]
    dtype = values.dtype
    if isinstance(fill, float):
        dtype = np.result_type(dtype, np.float64)
    elif dtype.kind == "u":  # codes of a dictionary that are never below 0
        dtype = np.dtype(np.int64)
    found: NDArray[Any] = np.full(len(places), fill, dtype=dtype)
    found[~none] = values[places[~none]]
    return found


def with_plain_blanks(word: str) -> str:
    """A word with a blank in place of each no-break space."""
    return word.translate(_NO_BREAK)


def normal_word(word: str) -> str:
    """A word in the form in which words are compared: NFC, no blanks at its ends, no-break spaces inside as blanks."""
    if word.isascii():
        return word.strip()
    return with_plain_blanks(unicodedata.normalize("NFC", word)).strip()


def as_needed(there: Iterable[Any], needed: Iterable[str]) -> list[Any]:
    """The names of columns, each that means a needed one under that one's name: column names are words, too.

    A column of the very name comes before one that has it in its normal form alone.
    """
    names = list(there)
    wanted = set(needed) - set(names)
    if not wanted:
        return names
    plain = [normal_word(name) if isinstance(name, str) else name for name in names]
    return [word if word in wanted else name for name, word in zip(names, plain, strict=True)]


def texts_of(column: pd.Series[Any], missing: Sequence[str] = (), *, normal: bool = False) -> Texts:
    """Reads a column as text by dictionary; empty and blank cells, null, NaN, NaT and tokens of `missing` are missing.

    The work is done once per different cell: everything that reads text (numbers, times, flags, conditions) asks the
    few words, not the many rows.

    Args:
        column: A raw column of any dtype.
        missing: Texts that mean no value.
        normal: Whether words are put in their normal form, in which they are compared; ids stay as they stand.
    """
    if isinstance(column.dtype, pd.CategoricalDtype):
        codes, uniques = column.cat.codes.to_numpy(), _object_array(column.cat.categories)
    else:
        codes, uniques = _factorize_sound(column)
    words, kinds = uniques, np.zeros(len(uniques), dtype=np.int8)
    # plain ASCII text, which most columns are, is its own word: nothing has to be written anew
    plain = set(map(type, uniques)) == {str} and all(map(str.isascii, uniques))
    if not plain:
        words = _object_array(map(word_of, uniques))
        kinds = np.fromiter(map(_kind_of_cell, uniques), dtype=np.int8, count=len(words))
    tokens = {"", *map(normal_word, missing)}
    compared = list(map(str.strip if plain else normal_word, words))
    gone = np.fromiter(map(tokens.__contains__, compared), dtype=bool, count=len(words))
    return _merge_alike(codes, _object_array(compared) if normal else words, gone, kinds)


def _merge_alike(codes: NDArray[Any], words: Objects, gone: Mask, kinds: NDArray[np.int8]) -> Texts:
    """The dictionary with one code for words that are written alike, and -1 for words that mean a missing cell."""
    there = words[~gone] if gone.any() else words
    if len(set(there)) == len(there):  # hardly ever are two words written alike
        marks = kinds[~gone]
        table = np.append(np.where(gone, -1, np.cumsum(~gone) - 1), -1)
        return Texts(codes if len(there) == len(words) else table[codes], there, marks if marks.any() else None)
    kept: dict[str, int] = {}
    table = np.full(len(words) + 1, -1, dtype=np.int64)
    for place in np.flatnonzero(~gone):
        table[place] = kept.setdefault(words[place], len(kept))
    marks = np.zeros(len(kept), dtype=np.int8)
    np.maximum.at(marks, table[:-1][~gone], kinds[~gone])
    return Texts(table[codes], _object_array(kept), marks if marks.any() else None)


def join_texts(parts: Sequence[Texts]) -> pd.Series[Any]:
    """Several columns as one, the texts of a row joined by one space; missing where one of them is missing."""
    codes, words = np.asarray(parts[0].codes, dtype=np.int64), _without_midnight(parts[0])
    for part in parts[1:]:
        size = max(len(part.words), 1)
        # two codes as one number: only the pairs of words that occur are ever put together as text
        pairs = np.where((codes < 0) | part.missing, -1, codes * size + part.codes)
        codes, seen = pd.factorize(pairs, use_na_sentinel=False)
        codes = np.where(pairs < 0, -1, codes)
        words = _object_array("" if pair < 0 else f"{words[pair // size]} {part.words[pair % size]}" for pair in seen)
    return pd.Series(np.append(words, np.array([None], dtype=object))[codes], dtype=object)


def _without_midnight(texts: Texts) -> Objects:
    """The words, a day's first instant as the date alone: a clock time follows."""
    if texts.kinds is None:
        return texts.words
    pairs = zip(texts.words, texts.kinds, strict=True)
    return _object_array(word.removesuffix(" 00:00:00") if kind == TIME else word for word, kind in pairs)


def _object_array(values: Iterable[Any]) -> Objects:
    """A one-dimensional array of objects, whatever they are."""
    if isinstance(values, pd.api.extensions.ExtensionArray | pd.Index) and isinstance(values.dtype, pd.StringDtype):
        found: Objects = values.to_numpy(dtype=object)  # a list would ask for each cell by itself
        return found
    listed = list(values)
    made = np.empty(len(listed), dtype=object)
    made[:] = listed
    return made


def _factorize_sound(column: pd.Series[Any]) -> tuple[NDArray[Any], Objects]:
    """Codes (-1 where empty) and the different cells of a column; a signalling NaN is empty, as any NaN is."""
    try:
        return _factorize_parts(column)
    except (TypeError, InvalidOperation):  # it has no hash, and stops whoever compares it
        cells = [None if isinstance(cell, Decimal) and cell.is_snan() else cell for cell in column]
        return _factorize_parts(pd.Series(_object_array(cells), dtype=object))


def _factorize_parts(column: pd.Series[Any]) -> tuple[NDArray[Any], Objects]:
    """Codes (-1 where empty) and the different cells of a column."""
    if is_mixed(column):
        return _factorize_mixed(column)
    if len(column) <= _PART:
        return _factorize_whole(column)
    # part by part while the different cells are few: that touches less memory, and all cores take part
    codes = np.empty(len(column), dtype=np.int32)
    known: dict[Any, int] = {}
    parts = (column.iloc[begin : begin + _PART] for begin in range(0, len(column), _PART))
    for number, (part, uniques) in enumerate(map_in_order(_factorize_whole, parts, workers=cores())):
        begin = number * _PART
        if len(uniques) > _PART // 16:  # nearly every cell differs: parts would be put together at a loss
            return _factorize_whole(column)
        table = np.array([known.setdefault(value, len(known)) for value in uniques] + [-1], dtype=np.int32)
        codes[begin : begin + _PART] = table[part]
    return codes, _object_array(known)


def _factorize_whole(column: pd.Series[Any]) -> tuple[NDArray[Any], Objects]:
    codes, uniques = pd.factorize(column)
    return codes, _object_array(uniques)


def is_mixed(column: pd.Series[Any]) -> bool:
    """Whether the cells of a column are objects of several kinds."""
    # pandas would take 1 and True for the same cell, and cannot put lists into a dictionary
    dtype = column.dtype
    if isinstance(dtype, pd.ArrowDtype):
        return dtype.kind == "O" and dtype.type in (list, dict)
    return (
        isinstance(dtype, np.dtype)
        and dtype.kind == "O"
        and pd.api.types.infer_dtype(column, skipna=True) in ("mixed", "mixed-integer")
    )


def _factorize_mixed(column: pd.Series[Any]) -> tuple[NDArray[Any], Objects]:
    """Codes and different cells of a column of mixed objects, cells of different types kept apart."""
    values = column.to_numpy(dtype=object)
    empty = np.asarray(column.isna())
    known: dict[Any, int] = {}
    kept: list[Any] = []
    codes = np.full(len(values), -1, dtype=np.int64)
    for place in np.flatnonzero(~empty):
        value = values[place]
        if type(value).__hash__ is None or isinstance(value, tuple):
            value = str(value)
        codes[place] = known.setdefault((type(value), value), len(known))
        if len(known) > len(kept):
            kept.append(value)
    return codes, _object_array(kept)


def keys_of(column: pd.Series[Any], missing: Sequence[str] = ()) -> NDArray[np.int64]:
    """A number for each different cell of a column, -1 where it is missing.

    Equal cells have equal numbers, which is all that a search for repeats needs; numbers and strings are not written as
    text for it.
    """
    dtype = column.dtype
    numeric = getattr(dtype, "kind", "O") in ("i", "u", "f")
    if not numeric and not isinstance(dtype, pd.StringDtype):
        return np.asarray(texts_of(column, missing).codes, dtype=np.int64)
    codes, uniques = pd.factorize(column)
    if numeric:
        gone = np.isin(np.asarray(uniques), numeric_tokens(missing))
    else:
        stripped = pd.Series(uniques, dtype=dtype).str.strip()
        gone = stripped.isin(["", *map(normal_word, missing)]).to_numpy(dtype=bool)
        if not all(map(_is_plain_token, missing)):  # a cell may be written otherwise and mean it
            gone |= stripped.map(normal_word).isin([*map(normal_word, missing)]).to_numpy(dtype=bool)
    return np.where(np.append(gone, True)[codes], -1, codes) if gone.any() else codes


def _is_plain_token(token: str) -> bool:
    """Whether a token can be written in one way alone, but for blanks at its ends."""
    return token.isascii() and " " not in token.strip()


def numeric_tokens(missing: Sequence[str]) -> list[float]:
    """The tokens of `missing` that are finite numbers, as numbers: a numeric column is compared with them."""
    return [number for number in (float_of(token.strip()) for token in missing) if np.isfinite(number)]


def float_of(word: str) -> float:
    """The number that a text is; NaN where it is none."""
    if "_" in word or not word.isascii():  # Python would take 1_000 and digits of every script
        return float("nan")
    try:
        return float(word)
    except ValueError:
        return float("nan")


def word_of(value: Any) -> str:
    """A cell as text, empty where missing: as it stands; whole numbers without a decimal point, times as ISO 8601."""
    if isinstance(value, str):
        # half a character (a lone surrogate) cannot be written to any file: it is shown by its number
        return value if value.isascii() else value.encode("utf-8", "backslashreplace").decode()
    if isinstance(value, bool | np.bool_):  # before numbers: to Python True is one
        return "true" if value else "false"
    if value is None or value is pd.NA or value != value:  # noqa: PLR0124 - NaN and NaT differ from themselves
        return ""
    if isinstance(value, float | np.floating):
        number = float(value)
        return str(int(number)) if number.is_integer() and abs(number) < _EXACT else repr(number)
    if isinstance(value, Decimal):
        return f"{value.normalize():f}" if value.is_finite() else str(value)
    return _word_of_time(value)


def _word_of_time(value: Any) -> str:
    """A time or length of time as ISO 8601; all other objects as Python writes them."""
    if isinstance(value, np.datetime64 | np.timedelta64):
        value = pd.Timestamp(value) if isinstance(value, np.datetime64) else pd.Timedelta(value)
    if isinstance(value, dt.datetime):
        return value.isoformat(sep=" ")
    if isinstance(value, dt.timedelta):
        return _clock_text(value)
    if isinstance(value, dt.time) and value.microsecond and value.tzinfo is None:
        return value.isoformat().rstrip("0")  # as an engine writes it
    if isinstance(value, bytes):
        return value.decode("utf-8", "backslashreplace")
    return str(value)


def _clock_text(span: dt.timedelta) -> str:
    """A length of time as hours, minutes and seconds: 26:03:07.5."""
    nanos = (span.days * 86_400 + span.seconds) * 10**9 + span.microseconds * 1000 + getattr(span, "nanoseconds", 0)
    seconds, rest = divmod(abs(nanos), 10**9)
    fraction = f".{rest:09}".rstrip("0") if rest else ""
    return f"{'-' if nanos < 0 else ''}{seconds // 3600}:{seconds // 60 % 60:02}:{seconds % 60:02}{fraction}"


def _kind_of_cell(value: Any) -> int:
    """The kind of a cell of a frame: TEXT, NUMBER or TIME."""
    if isinstance(value, str):
        return TEXT
    if isinstance(value, dt.date | dt.timedelta | np.datetime64 | np.timedelta64):
        return TIME  # a time of day is text, as Parquet's is by way of an engine: a span since midnight, and no number
    numeric = isinstance(value, int | float | np.number | Decimal) and not isinstance(value, bool)
    return NUMBER if numeric else TEXT
