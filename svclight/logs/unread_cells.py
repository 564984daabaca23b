"""Cells that cannot be read as their field's type: the rule that makes them missing, with the cell in the reason.

In: which cells could not be read, and their texts. Out: a rule, whose reasons are made for the rows that are asked for.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

from svclight.method.rules import Rule
from svclight.values.columns import unread_reason

if TYPE_CHECKING:
    from numpy.typing import NDArray

    from svclight.values.columns import Texts


def unread_rule(name: str, kind: str, bad: NDArray[np.bool_] | None, texts: Texts | None) -> tuple[Rule, ...]:
    """The rule for the unreadable cells of a field; none if all cells can be read."""
    if bad is None or not bad.any():
        return ()
    said = unread_reason(name, kind)

    def reasons(places: NDArray[np.intp]) -> NDArray[np.object_]:
        if texts is None:
            return np.full(len(places), f"{name} is no time between the years 1 and 9999", dtype=object)
        codes = texts.codes[places]
        made = {code: said(texts.words[code]) for code in np.unique(codes)}
        return np.array([made[code] for code in codes], dtype=object)

    return (Rule("missing", reasons, bad),)
