"""Totals: rows that hold counts already. What a row adds to each state, and which rows add nothing.

In: a criterion of totals and a view of the log. Out: `Share` of each field: how many interactions it counts in each
row, and as what. The interactions of a field share a state: a rule that takes the row (excluded, does not apply, no
time) takes those of all its fields. A row in which one of the fields is empty or cannot be read adds nothing: its sum
is not known.
"""

from __future__ import annotations

from dataclasses import dataclass, replace
from functools import reduce
from typing import TYPE_CHECKING, Any

from svclight.definition.names_used import parts_of
from svclight.method.missing import without_time
from svclight.method.outcomes import rows_not_applying
from svclight.method.rules import Ladder, any_of
from svclight.method.view import RowCounts
from svclight.thresholds import ZONES

if TYPE_CHECKING:
    from collections.abc import Iterator

    from svclight.definition.models import Criterion
    from svclight.method.rules import Mask
    from svclight.method.view import CellView, View


@dataclass(frozen=True)
class Share:
    """What a field of a criterion of totals adds.

    Attributes:
        name: The field.
        state: The state of the interactions that it counts, where no rule takes the row.
        reason: Their reason; empty for zones.
        values: How many they are, a row; 0 in rows that add nothing.
    """

    name: str
    state: str
    reason: str
    values: Any


def totals_ladder(criterion: Criterion, view: View) -> Ladder:
    """The rules for rows of counts; what they leave is counted field by field, so that no row has a zone."""
    timeless = without_time(criterion, view, None, untimed=True)
    return Ladder((*rows_not_applying(criterion, view), *timeless))


def shares_of(criterion: Criterion, view: View) -> tuple[Share, ...]:
    """What each field of a criterion adds, in the order of the definition."""
    states: dict[str, str] = criterion.measure.spec.states
    counts = {name: counts_of(name, view) for name in states}
    unknown = any_of(one.unknown for one in counts.values())
    return tuple(
        Share(name, state, "" if state in ZONES else f"counted in {name}", _known(counts[name].values, unknown, view))
        for name, state in states.items()
    )


def rows_without_counts(criterion: Criterion, view: View) -> Mask:
    """The rows that add nothing to a criterion: a field is empty or cannot be read; None where there are none."""
    return any_of(gaps_by_field(criterion, view).values())


def gaps_by_field(criterion: Criterion, view: CellView) -> dict[str, Mask]:
    """The rows that add nothing to a criterion, by the number that they lack: its cell is empty or cannot be read.

    An empty cell that stands for 0 is no gap. None where a number lacks in no row.
    """
    found: dict[str, Mask] = {}
    for name in criterion.measure.spec.states:
        for column, rows in _gaps(name, view, zero=False):
            found[column] = any_of((found.get(column), rows))
    return found


def _gaps(name: str, view: CellView, *, zero: bool) -> Iterator[tuple[str, Mask]]:
    """The numbers behind a field, and the rows that lack them; with `zero` an empty cell stands for 0."""
    spec = view.log.field(name, "number")
    parts = parts_of(name, spec)
    if not parts:
        counts = view.counts(name)
        yield name, counts.unread if zero else counts.unknown
    for part in parts:
        yield from _gaps(part, view, zero=zero or spec.empty is not None)


def counts_of(name: str, view: View) -> RowCounts:
    """The counts of a field: those of its cells, or what its fields add up to.

    A field that is put together is empty where one of its fields is, unless empty ones stand for 0; it cannot be read
    where one of them cannot.
    """
    spec = view.log.field(name, "number")
    parts = [counts_of(part, view) for part in parts_of(name, spec)]
    if not parts:
        return view.counts(name)
    values = reduce(lambda one, other: one + other if spec.sum else one - other, [part.values for part in parts])
    empty = None if spec.empty is not None else any_of(part.empty for part in parts)
    made = RowCounts(values, empty, any_of(part.unread for part in parts))
    return replace(made, values=_known(values, made.unknown, view))


def _known(values: Any, unknown: Mask, view: View) -> Any:
    """The values, 0 where they are not known."""
    return values if unknown is None else view.either(~unknown, values, 0)
