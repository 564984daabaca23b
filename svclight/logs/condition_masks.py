"""Conditions asked of a part of a typed log: `Rows` + `Condition` -> which rows meet it, as an array."""

from __future__ import annotations

from typing import TYPE_CHECKING

from svclight.logs.array_cells import ArrayCells
from svclight.method.conditions import rows_meeting

if TYPE_CHECKING:
    import numpy as np
    from numpy.typing import NDArray

    from svclight.definition.conditions import Condition
    from svclight.logs.log import Rows


def rows_that_meet(condition: Condition | None, rows: Rows) -> NDArray[np.bool_] | None:
    """The rows that meet a condition; None without a condition, as then all do."""
    return None if condition is None else rows_meeting(condition, ArrayCells(rows))
