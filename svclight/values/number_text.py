"""Numbers as people and systems write them: `1234.5`, `1.234,5`, `12 345`, `$5`, `72.2 %` -> floats.

In: different texts, and how numbers are written in their column. Out: a float for each, NaN where a text is no number.
Nothing is guessed: a sign that could be a decimal mark or part thousands is what the column's form says, and thousands
that do not stand in groups of three are no thousands (`1,5` is never 15).
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import TYPE_CHECKING, Final

import numpy as np

from svclight.values.text_dictionary import float_of
from svclight.values.unit_signs import without_sign

if TYPE_CHECKING:
    from collections.abc import Iterable

    from numpy.typing import NDArray

_THOUSANDS: Final = {" ": r"\s", "'": "['\u2019]"}
"""Signs of thousands that stand for several: every kind of blank, both apostrophes."""


@dataclass(frozen=True)
class NumberForm:
    """How numbers are written in a column.

    Attributes:
        decimal: The decimal mark.
        thousands: The sign between groups of three digits; empty where there is none.
        unit: The unit of the field, whose sign may stand beside the number.
    """

    decimal: str = "."
    thousands: str = ""
    unit: str = ""


PLAIN: Final = NumberForm()
"""Numbers as programs write them."""


def read_numbers(words: Iterable[str], form: NumberForm) -> NDArray[np.float64]:
    """The numbers of texts; NaN where a text is no number in that form."""
    words = list(map(str.strip, words))
    plain = form.decimal == "." and form.thousands != "."
    values = np.fromiter(map(float_of if plain else _nothing, words), dtype=np.float64, count=len(words))
    # most cells are plain numbers: only what is left is taken apart
    for place in np.flatnonzero(np.isnan(values)):
        values[place] = float_of(_plain_number(words[place], form))
    return values


def _nothing(_word: str) -> float:
    return float("nan")


def _plain_number(word: str, form: NumberForm) -> str:
    """A number as Python writes it; the word itself, or nothing, where it is no number in that form."""
    word = without_sign(word, form.unit)
    whole, mark, fraction = word.partition(form.decimal)
    if form.thousands:
        sign = _THOUSANDS.get(form.thousands, re.escape(form.thousands))
        if re.fullmatch(rf"[+-]?\d{{1,3}}(?:{sign}\d{{3}})+", whole):
            whole = re.sub(sign, "", whole)
        elif re.search(sign, whole):
            return ""
    if form.decimal != "." and "." in whole + fraction:  # a point there means another number
        return ""
    return f"{whole}.{fraction}" if mark else whole
