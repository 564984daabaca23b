"""A raw column and what a field says of it -> a typed column.

In: the columns of a log as they lie there, and a `FieldSpec`. Out: `Times`, `Numbers`, `Flags` or `Texts`, one entry a
row; the hour, weekday or date of times; the first cell that is a date with several readings.
"""

from __future__ import annotations

import datetime as dt
from dataclasses import replace
from typing import TYPE_CHECKING, Any, Final

import numpy as np
import pandas as pd

from svclight.definition.models import WEEKDAYS
from svclight.logs.derived_fields import flag_words, met
from svclight.reading.workbooks import PercentCell
from svclight.values import clocks
from svclight.values.clocks import NAT
from svclight.values.columns import (
    Numbers,
    Texts,
    Times,
    flag_of,
    flags_of,
    join_texts,
    looks_like_date,
    numbers_of,
    spans_of,
    texts_of,
    times_of,
)
from svclight.values.number_text import NumberForm
from svclight.values.quantities import SECONDS, SHARE
from svclight.values.span_text import two_part_readings
from svclight.values.time_text import EPOCH, MONTHS

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping, Sequence

    from numpy.typing import NDArray

    from svclight.definition.models import FieldSpec

    Found = tuple[int, str, list[tuple[Any, str]]]

FIRST_ANCHOR: Final = clocks.day_number(dt.date(1980, 1, 1)) * clocks.DAY
"""The second, by its own clock, before which no time places a row: it is a slip, or stands for none."""
AFTER_AS_OF: Final = 366 * clocks.DAY * clocks.NANO
"""So many nanoseconds after a given `as_of` none does either."""
_FEW_DAYS: Final = 100_000


def raw_column(frame: pd.DataFrame, spec: FieldSpec, missing: Sequence[str]) -> pd.Series[Any]:
    """The raw column behind a field; several are joined by one space, empty if one of them is."""
    first, *others = spec.columns
    return frame[first] if not others else join_texts([texts_of(frame[name], missing) for name in spec.columns])


def typed_column(
    column: pd.Series[Any],
    spec: FieldSpec,
    use: str,
    *,
    missing: Sequence[str],
    decimal: str = ".",
    thousands: str | None = None,
) -> Any:
    """Types a raw column for its use: as `text`, `id` (text as it stands), `time`, `flag` or `number`.

    Cells that cannot be read are `bad` in `Times` and `Numbers`, -2 in `Flags`; a span is a number of seconds.

    Args:
        column: The raw cells, or some of them.
        spec: The field.
        use: See above.
        missing: Texts that mean no value.
        decimal: The decimal mark of numbers in text.
        thousands: The sign between their groups of three digits.
    """
    if spec.filled is not None:
        flags = met(~texts_of(column, missing).missing)
        return flag_words(flags) if use in ("text", "id") else flags
    if use in ("text", "id"):
        texts = texts_of(column, missing, normal=use == "text")
        return _flag_words(texts, spec) if spec.flag is not None else texts
    if use == "time":
        return times_of(column, missing, written=spec.format, zones=spec.zones)
    if use == "flag":
        return flags_of(column, missing, true=spec.true_values, false=spec.false_values)
    if spec.span is not None:
        return spans_of(column, missing, written=spec.format[0] if spec.format else None)
    form = NumberForm(decimal, thousands or "", spec.unit or "")
    if spec.unit == SHARE and column.dtype == object:  # what a sheet shows as 73.2 % is a share of 0.732
        column = column.map(lambda cell: cell.share if isinstance(cell, PercentCell) else cell)
    return numbers_of(column, missing, form=form, unit_seconds=float(SECONDS.get(spec.unit or "s", 1)))


def latest_anchor(given: int | None) -> int | None:
    """The last instant that places a row in a period, where the moment is given from which its log is seen."""
    return None if given is None else given + AFTER_AS_OF


def without_far_times(times: Times, column: pd.Series[Any], zone: str, latest: int | None) -> Times:
    """Times without those that are no time of an interaction: they are read as cells that cannot be read.

    Args:
        times: The times that place rows in their periods.
        column: The raw column behind them.
        zone: Where times without an offset are local.
        latest: The last instant, in nanoseconds, that is taken for one; None where there is no such limit.
    """
    first = FIRST_ANCHOR * times.per_second
    far = (times.ticks != NAT) & (times.ticks < first)
    if latest is not None:
        last = clocks.ticks_at(latest, times.per_second)
        local = int(clocks.to_wall(np.array([last], dtype=np.int64), times.per_second, zone)[0])
        far |= times.ticks > np.where(times.aware, last, local)
    if not far.any():
        return times
    bad = far if times.bad is None else times.bad | far
    texts = texts_of(column, ()) if times.texts is None else times.texts
    return replace(times, ticks=np.where(far, NAT, times.ticks), bad=bad, texts=texts)


def read_in_words(word: str, written: str, zones: Mapping[str, str] | None) -> str:
    """A text that a format reads, as the time that it means."""
    times = times_of(pd.Series([word], dtype=object), written=written, zones=zones)
    seconds, rest = divmod(int(times.ticks[0]), times.per_second)
    moment = EPOCH + dt.timedelta(seconds=seconds, microseconds=rest * 1_000_000 // times.per_second)
    day = f"{moment.day} {MONTHS[moment.month - 1]} {moment.year}"
    return day if moment.time() == dt.time() else f"{day} {moment.time().isoformat()}"


def unclear_span(spans: Numbers) -> Found | None:
    """The first length of time of two parts such as 00:03: its row, its text, and how it can be read."""
    return _first_reading(spans, two_part_readings)


def ambiguous_date(times: Times) -> Found | None:
    """The first date written with / . or - that has several readings: its row, its text, and how it can be read."""
    return _first_reading(times, looks_like_date)


def _first_reading(column: Times | Numbers, readings_of: Callable[[str], list[tuple[Any, str]]]) -> Found | None:
    """The first unread cell of which there are readings: its row, its text, and they; None where there is none."""
    if column.bad is None or column.texts is None:
        return None
    codes, firsts = np.unique(column.texts.codes[column.bad], return_index=True)
    for place in np.argsort(firsts):
        cell = str(column.texts.words[codes[place]])
        readings = readings_of(cell)
        if readings:
            return int(np.flatnonzero(column.bad)[firsts[place]]), cell, readings
    return None


def _flag_words(texts: Texts, spec: FieldSpec) -> Texts:
    """A flag as text, true or false however it was written; an unreadable cell is missing."""
    flags = [flag_of(word, spec.true_values, spec.false_values) for word in texts.words]
    codes = texts.look_up(np.maximum(np.array(flags, dtype=np.int64), -1), -1)
    return Texts(codes, np.array(["false", "true"], dtype=object))


def day_part(ticks: NDArray[np.int64], per_second: int, part: str | None) -> Texts:
    """The hour, weekday or date of local times in ticks, as text."""
    known = ticks != NAT
    days = clocks.to_days(ticks, per_second)
    if part == "hour":
        codes = (ticks // (3600 * per_second)) % 24
        words = [str(hour) for hour in range(24)]
    elif part == "weekday":
        codes, words = (days + clocks.MONDAY) % 7, list(WEEKDAYS)
    else:
        seen, codes = _number_days(days)
        words = [clocks.day_of(int(day)).isoformat() for day in seen]
    return Texts(np.where(known, codes, -1), np.array(words, dtype=object))


def _number_days(days: NDArray[np.int64]) -> tuple[NDArray[np.int64], NDArray[np.int64]]:
    """The different days, and the place of each row's day among them (of any, for a row without a day)."""
    first, last = clocks.tick_range(days) or (0, -1)
    if last - first < _FEW_DAYS:
        return np.arange(first, last + 1, dtype=np.int64), days - first
    seen = np.unique(days[days != NAT])
    return seen, np.searchsorted(seen, days)
