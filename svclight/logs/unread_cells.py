"""Cells that cannot be read as their field's type: the rule that makes them missing, and the cells for those who ask.

In: which cells could not be read, and the rows of a log. Out: a rule whose reason names the field alone, since counts
and reports quote no cell; and the same reasons with the cells in them, for single interactions.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

import numpy as np

from svclight.definition.names_used import cells_used, read_as
from svclight.errors import printable_text
from svclight.method.rules import Rule, rules_for

if TYPE_CHECKING:
    from collections.abc import Sequence

    from numpy.typing import NDArray

    from svclight.definition.models import FieldSpec
    from svclight.logs.log import Rows
    from svclight.values.columns import Flags

UNREADABLE: Final = -2
"""The value of a flag whose cell cannot be read."""
NOT_ASKED: Final = "n/a"
"""In a checklist this cell says, in any case, that the item does not apply."""
_KINDS: Final = {
    "number": "a number",
    "span": "a length of time like 1:02:03",
    "count": "a whole number of 0 or more",
    "time": "a time",
    "flag": "true or false",
}
_SHOWN: Final = 40


def not_asked(flags: Flags) -> NDArray[np.bool_]:
    """The rows whose cell says that an item of a checklist does not apply."""
    if flags.texts is None:
        return np.zeros(len(flags.values), dtype=bool)
    words = np.array([word.strip().casefold() == NOT_ASKED for word in flags.texts.words], dtype=bool)
    return flags.texts.look_up(words, missing=False)


def unread_rule(name: str, kind: str, bad: NDArray[np.bool_] | None) -> tuple[Rule, ...]:
    """The rule for the cells of a field that cannot be read; none where all can."""
    return rules_for("missing", unread_reason(name, kind), None if bad is None or not bad.any() else bad)


def unread_reason(name: str, kind: str) -> str:
    """The reason for cells that cannot be read, without the cells."""
    return f"{name} is not {_KINDS[kind]}"


def expected_cell(spec: FieldSpec, use: str) -> str:
    """As what the cells of a field are read, in words."""
    return _KINDS[_kind_of_cells(spec, use)]


def quoted_reason(name: str, kind: str, cell: str) -> str:
    """The reason for one cell that cannot be read, with the cell in it; a time that is no text has no cell to quote."""
    if not cell:
        return f"{name} is no time between the years 1 and 9999"
    return f'{name}: "{printable_text(cell, _SHOWN)}" is not {_KINDS[kind]}'


def _kind_of_cells(spec: FieldSpec, use: str) -> str:
    """As what the cells of a field are read: `use`, or a length of time where the field says so."""
    if use == "number" and spec.span is not None:
        return "span"
    return "flag" if use == "item" else use


def with_cells(reasons: Sequence[str], rows: Rows, places: NDArray[np.intp]) -> list[str]:
    """The reasons of some rows of a log, with the cell in each that speaks of a cell that cannot be read.

    Args:
        reasons: A reason for each place; one of a `worst` begins with the names of its parts.
        rows: The rows.
        places: Their places among the rows.
    """
    made = list(reasons)
    log = rows.log
    for name, use in cells_used(log.process).items():
        kind = _kind_of_cells(log.field(name, read_as(use)), use)
        said = unread_reason(name, kind)
        mine = [at for at, reason in enumerate(reasons) if reason == said or reason.endswith(f": {said}")]
        cells = log.unread_cells(name, read_as(use), rows.part.start + places[mine]) if mine else ()
        for at, cell in zip(mine, cells, strict=True):
            made[at] = reasons[at].removesuffix(said) + quoted_reason(name, kind, cell)
    return made
