"""Steps of an event log: which of its events are a step.

In: the name of a step, and a view of the events. Out: the rows that are the step.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from svclight.definition.models import StepWhere
from svclight.method.conditions import rows_meeting

if TYPE_CHECKING:
    from svclight.method.rules import Mask
    from svclight.method.view import CellView


def rows_of_step(step: str, view: CellView) -> Mask:
    """The events that meet the step's condition, or whose column of steps holds one of its words."""
    spec = view.log.spec.steps[step]
    if isinstance(spec, StepWhere):
        return rows_meeting(spec.where, view)
    return view.equal_text(str(view.log.spec.step), tuple(spec))[1]
