"""A raw column and what a field says of it -> a typed column.

In: the columns of a log as they lie there, and a `FieldSpec`. Out: `Times`, `Numbers`, `Flags` or `Texts`, one entry a
row; the hour, weekday or date of times; the first cell that is a date with several readings.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, Final

import numpy as np

from svclight.definition.models import WEEKDAYS
from svclight.values import clocks
from svclight.values.clocks import NAT
from svclight.values.columns import (
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
from svclight.values.quantities import SECONDS

if TYPE_CHECKING:
    from collections.abc import Sequence

    import pandas as pd
    from numpy.typing import NDArray

    from svclight.definition.models import FieldSpec

_FEW_DAYS: Final = 100_000


def raw_column(frame: pd.DataFrame, spec: FieldSpec, missing: Sequence[str]) -> pd.Series[Any]:
    """The raw column behind a field; several are joined by one space, empty if one of them is."""
    first, *others = spec.columns
    return frame[first] if not others else join_texts([texts_of(frame[name], missing) for name in spec.columns])


def typed_column(column: pd.Series[Any], spec: FieldSpec, use: str, *, missing: Sequence[str], decimal: str) -> Any:
    """Types a raw column for its use: as `text`, `time`, `flag` or `number` (a span in seconds)."""
    if use == "text":
        texts = texts_of(column, missing)
        return _flag_words(texts, spec) if spec.flag is not None else texts
    if use == "time":
        return times_of(column, missing, written=spec.format)
    if use == "flag":
        return flags_of(column, missing, true=spec.true_values, false=spec.false_values)
    if spec.span is not None:
        return spans_of(column, missing)
    return numbers_of(column, missing, decimal=decimal, unit_seconds=float(SECONDS.get(spec.unit or "s", 1)))


def ambiguous_date(times: Times) -> tuple[int, str, list[tuple[str, str]]] | None:
    """The first date with / . or - that can be read in several ways: its row, its text, and the readings."""
    if times.bad is None or times.texts is None:
        return None
    codes, firsts = np.unique(times.texts.codes[times.bad], return_index=True)
    for place in np.argsort(firsts):
        cell = str(times.texts.words[codes[place]])
        readings = looks_like_date(cell)
        if readings:
            return int(np.flatnonzero(times.bad)[firsts[place]]), cell, readings
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
