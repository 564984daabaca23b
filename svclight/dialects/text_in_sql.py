"""Text read as numbers and times by engines that are asked in SQL, in expressions that all of them take alike.

In: a narwhals frame and how its text is written. Out: the same with columns more, as `Dialect.parse_text` says. No
engine's own reader of numbers or times is asked about a cell before its shape is known: each takes texts that pandas
does not, and the reverse.
"""

from __future__ import annotations

from functools import reduce
from typing import TYPE_CHECKING, Any, Final

import narwhals as nw

from svclight.dialects.dialect import DIRECTIVE, WIDTHS

if TYPE_CHECKING:
    from collections.abc import Mapping

    from svclight.dialects.dialect import Written

    Frame = nw.LazyFrame[Any]

_NUMBER: Final = "^[+-]?[0-9]{1,255}([.][0-9]{1,255})?$"
_CENTURY: Final = 69
"""Two digits of a year from here on are of the last century, as strptime has it."""
_MICRO: Final = 6
"""Digits of a microsecond."""


def read_text(frame: Frame, wanted: Mapping[str, Written]) -> Frame:
    """Adds text read as numbers, or as times in ticks of a microsecond; under the name with `?` the doubtful rows.

    Args:
        frame: The rows.
        wanted: For each new column the text it is read from, and how that is written.
    """
    # step by step: texts of the right shape, then their values, then the rows that have none
    shaped = {
        f"{new}!{place}": _safe_text(written, *_shape_patterns(written, form))
        for new, written in wanted.items()
        for place, form in enumerate(written.formats or ("",))
    }
    frame = frame.with_columns(*(cell.alias(name) for name, cell in shaped.items()))
    read = {new: _read_value(new, written) for new, written in wanted.items()}
    frame = frame.with_columns(*(values.alias(new) for new, values in read.items()))
    return frame.with_columns(
        *((nw.col(new).is_null() & ~_is_empty(written)).alias(f"{new}?") for new, written in wanted.items())
    )


def _read_value(new: str, written: Written) -> nw.Expr:
    """The numbers of a text, or its ticks in the first form that fits; null where none fits."""
    if not written.formats:
        return _read_number(nw.col(f"{new}!0"), written)
    found: nw.Expr = nw.lit(None, nw.Int64)
    for place, form in reversed(list(enumerate(written.formats))):
        cell = nw.col(f"{new}!{place}")
        ticks, holds = _read_time(cell, form)
        found = nw.when((~cell.is_null() & holds).fill_null(value=False)).then(ticks).otherwise(found)
    return found


def _is_empty(written: Written) -> nw.Expr:
    cell = nw.col(written.column)
    return cell.is_null() | cell.is_in(["", *written.missing]).fill_null(value=False)


def _safe_text(written: Written, pattern: str, others: str) -> nw.Expr:
    """The text where it has the shape; null elsewhere, so that no reader of it can fail."""
    cell = nw.col(written.column)
    fits = cell.str.contains(pattern) & ~cell.str.contains(others)  # `$` may stand before the end of a line, too
    return nw.when(~_is_empty(written) & fits).then(cell)


def _shape_patterns(written: Written, form: str) -> tuple[str, str]:
    """The regular expression that a text must match, and one for characters that must not be in it."""
    if not form:
        mark = written.decimal
        return _NUMBER.replace("[.]", f"[{mark}]"), f"[^0-9+{mark}-]"
    parts = DIRECTIVE.findall(form)
    shape = "".join(_digit_pattern(field) if field else f"[{char}]" for field, char in parts)
    chars = "".join(dict.fromkeys(char for field, char in parts if not field and char not in "-]^[\\"))
    return f"^{shape}$", f"[^0-9{chars}-]"


def _digit_pattern(field: str) -> str:
    return f"[0-9]{{{WIDTHS[field]}}}" if WIDTHS[field] else f"[0-9]{{1,{_MICRO}}}"


def _read_number(cell: nw.Expr, written: Written) -> nw.Expr:
    text = cell if written.decimal == "." else cell.str.replace_all(written.decimal, ".", literal=True)
    return text.cast(nw.Float64)


def _read_time(cell: nw.Expr, form: str) -> tuple[nw.Expr, nw.Expr]:
    """The ticks of cells that have the shape of a time, and which of them are times of the calendar."""
    parts = _time_fields(cell, form)
    year, month, day = _full_year(parts), parts["m"], parts["d"]
    hour, minute, second = (parts.get(field) for field in "HMS")
    holds = [year >= 1, month >= 1, month <= 12, day >= 1, day <= _days_in(year, month)]  # noqa: PLR2004 - months
    ticks = days_of(year, month, day) * 86_400
    for part, most, length in ((hour, 23, 3600), (minute, 59, 60), (second, 59, 1)):
        if part is not None:
            holds.append(part <= most)
            ticks = ticks + part * length
    ticks = ticks * 10**_MICRO
    return ticks + parts["f"] if "f" in parts else ticks, reduce(lambda one, other: one & other, holds)


def _time_fields(cell: nw.Expr, form: str) -> dict[str, nw.Expr]:
    """The parts of a time as whole numbers."""
    made, place = {}, 0
    for field, _ in DIRECTIVE.findall(form):
        if field == "f":  # the last one
            made[field] = nw.concat_str(cell, nw.lit("0" * _MICRO)).str.slice(place, _MICRO).cast(nw.Int64)
        elif field:
            made[field] = cell.str.slice(place, WIDTHS[field]).cast(nw.Int64)
        place += WIDTHS[field] if field else 1
    return made


def _full_year(parts: Mapping[str, nw.Expr]) -> nw.Expr:
    if "Y" in parts:
        return parts["Y"]
    short = parts["y"]
    return nw.when(short >= _CENTURY).then(short + 1900).otherwise(short + 2000)


def _days_in(year: nw.Expr, month: nw.Expr) -> nw.Expr:
    leap = (year % 4 == 0) & ((year % 100 != 0) | (year % 400 == 0))
    february = nw.when(leap).then(nw.lit(29, nw.Int64)).otherwise(nw.lit(28, nw.Int64))
    others = nw.when(month.is_in([4, 6, 9, 11])).then(nw.lit(30, nw.Int64)).otherwise(nw.lit(31, nw.Int64))
    return nw.when(month == 2).then(february).otherwise(others)  # noqa: PLR2004 - February


def days_of(year: nw.Expr, month: nw.Expr, day: nw.Expr) -> nw.Expr:
    """Days since 1970 of a day of the Gregorian calendar, for years from 1 on."""
    # years are taken to begin with March: the leap day is their last, and months are counted by one formula
    early = month < 3  # noqa: PLR2004 - January and February belong to the year before
    whole = nw.when(early).then(year - 1).otherwise(year)
    place = nw.when(early).then(month + 9).otherwise(month - 3)
    leaps = _floor_divide(whole, 4) - _floor_divide(whole, 100) + _floor_divide(whole, 400)
    return whole * 365 + leaps + _floor_divide(place * 153 + 2, 5) + day - 719_469


def _floor_divide(number: nw.Expr, by: int) -> nw.Expr:
    """A whole number from 0 on, divided by another and rounded down."""
    # engines do not agree on the types that `/` and `//` give
    return ((number - number % by) / float(by)).cast(nw.Int64)
