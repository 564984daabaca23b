"""Fields that are made of other fields: sums, differences, conditions, cells that are filled.

In: typed columns of a log. Out: a typed column, one entry a row. A number that is missing makes a sum missing, unless 0
stands for an empty cell; one that cannot be read always does, and its cell is the cell of the sum.
"""

from __future__ import annotations

from functools import reduce
from typing import TYPE_CHECKING, Any

import numpy as np
import pandas as pd

from svclight.values.columns import Flags, Numbers, Texts, texts_of

if TYPE_CHECKING:
    from collections.abc import Sequence

    from numpy.typing import NDArray

    from svclight.definition.models import FieldSpec

    Mask = NDArray[np.bool_]


def combined_numbers(parts: Sequence[Numbers], spec: FieldSpec) -> Numbers:
    """The sum of numbers, or the first less all others, in doubles; NaN where one of them is missing."""
    bads = [part.bad for part in parts if part.bad is not None]
    bad = np.logical_or.reduce(bads) if bads else None
    values = [_filled_up(part, spec.empty) for part in parts]
    # doubles whatever the columns hold: whole numbers and single precision would end where a sum does not
    made = reduce(np.subtract if spec.difference is not None else np.add, values)
    return Numbers(made, bad, None if bad is None else _unread_cells(parts))


def _filled_up(part: Numbers, empty: int | None) -> NDArray[np.float64]:
    values = np.asarray(part.values, dtype=np.float64)
    if empty is None:
        return values
    gone = np.isnan(values) if part.bad is None else np.isnan(values) & ~part.bad
    return np.where(gone, float(empty), values)


def _unread_cells(parts: Sequence[Numbers]) -> Texts:
    """The first cell of each row that could not be read; missing where all could."""
    codes = np.full(len(parts[0].values), -1, dtype=np.int64)
    words: list[Any] = []
    for part in parts:
        if part.bad is None or part.texts is None:
            continue
        rows = np.flatnonzero(part.bad & (codes < 0))
        codes[rows] = part.texts.codes[rows] + len(words)
        words += list(part.texts.words)
    return Texts(codes, np.array(words, dtype=object))


def number_words(numbers: Numbers) -> Texts:
    """Numbers as words, as a segment or a condition on text sees them."""
    return texts_of(pd.Series(numbers.values))


def met(rows: Mask) -> Flags:
    """True for some rows, false for all others: nothing is missing."""
    return Flags(rows.astype(np.int8))


def flag_words(flags: Flags) -> Texts:
    """True and false as words."""
    codes = np.maximum(flags.values.astype(np.int64), -1)
    return Texts(codes, np.array(["false", "true"], dtype=object))
