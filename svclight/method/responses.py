"""Who was asked, and who of them answered: what the response rate divides.

In: a criterion that says who was asked, a view of the log, what became of its rows. Out: two masks.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from svclight.method.conditions import rows_meeting

if TYPE_CHECKING:
    from svclight.definition.conditions import Condition
    from svclight.method.rules import Mask
    from svclight.method.view import CellView


def asked_and_answered(asked: Condition, view: CellView, *, left: Mask, rated: Mask) -> tuple[Mask, Mask]:
    """The rows that were asked, and those of them that answered so that they could be rated.

    Args:
        asked: Who was asked.
        view: The log.
        left: The rows that are excluded or not applicable, of which nobody counts as asked; None where there are none.
        rated: The rows that are green, yellow or red.
    """
    rows = rows_meeting(asked, view)
    rows = rows if left is None else rows & ~left
    return rows, rows & rated
