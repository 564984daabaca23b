"""The rule book played on arrays: for each row of a part of a log an outcome code.

In: a criterion and an `ArrayView`. Out: `Judged`: outcome codes, one a row, which are places in `Outcomes`, a list of
(state, reason) whose first three are the measured zones; and what was measured. Rules are written to the codes in the
reverse of their order, so that an earlier rule overwrites a later one.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

import numpy as np

from svclight.counts.outcome_codes import PartReasons
from svclight.method.abandons import shown_values
from svclight.method.maturity import turning_pairs
from svclight.method.outcomes import ladder_of, worst_ladder
from svclight.method.rules import Rule
from svclight.method.totals import shares_of, totals_ladder
from svclight.thresholds import RED, STATES, ZONES

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping

    from numpy.typing import NDArray

    from svclight.counts.outcome_codes import Outcomes
    from svclight.definition.models import Criterion, Process
    from svclight.judging.array_view import ArrayView
    from svclight.method.rules import Ladder, Measured

    Mask = NDArray[np.bool_]
    Codes = NDArray[np.int32]


@dataclass(frozen=True)
class Batch:
    """What rows count together as one outcome each.

    Attributes:
        codes: The outcome code of each row.
        weights: How many interactions each row counts; None where each counts one.
        field: The field that holds their number, in a log of totals.
    """

    codes: Codes
    weights: NDArray[np.int64] | None
    field: str = ""


@dataclass(frozen=True)
class Entries:
    """Rows and what they count, an entry for each row and outcome: of totals a row may have several, or none.

    Attributes:
        places: The place of the row.
        codes: The outcome code.
        weights: How many interactions it is.
        field: In a log of totals the field that counts them; empty where fields are added up.
    """

    places: NDArray[np.intp]
    codes: Codes
    weights: NDArray[np.int64]
    field: NDArray[np.object_]

    def some(self, kept: Mask) -> Entries:
        """Some of the entries."""
        return Entries(self.places[kept], self.codes[kept], self.weights[kept], self.field[kept])

    def added_up(self) -> Entries:
        """An entry for each row and outcome that is not 0, in the order of the rows."""
        keys = self.places * (int(self.codes.max(initial=0)) + 1) + self.codes
        _, first, number = np.unique(keys, return_index=True, return_inverse=True)
        weights = np.zeros(len(first), dtype=np.int64)
        np.add.at(weights, number, self.weights)
        kept = first[weights != 0]
        nameless = np.full(len(kept), "", dtype=object)
        return Entries(self.places[kept], self.codes[kept], weights[weights != 0], nameless)


@dataclass(frozen=True)
class Judged:
    """The outcomes of some rows by one criterion.

    Attributes:
        codes: Their outcome codes; of totals any zone where no rule takes the row, so that its fields are counted.
        measured: The measured values, of abandoned rows the time they waited; None for a `worst`.
        gone: The abandoned rows; None if there are none.
        choices: The rows to which each row of limits applies; None for all.
        totals: The counts of each field of a measure of totals.
        waiting: The rules that say how long the rows that they keep pending can still turn.
    """

    codes: Codes
    measured: Measured | None = None
    gone: Mask | None = None
    choices: tuple[Mask | None, ...] = (None,)
    totals: tuple[Batch, ...] = ()
    waiting: tuple[Rule, ...] = ()

    def batches(self, weights: NDArray[np.int64] | None) -> tuple[Batch, ...]:
        """What is counted of the rows: a batch for each field of totals, else each row as often as it weighs."""
        return self.totals or (Batch(self.codes, weights),)

    def entries(self, weights: NDArray[np.int64] | None) -> Entries:
        """The same, row by row."""
        batches, rows = self.batches(weights), np.arange(len(self.codes))
        each = [np.ones(len(rows), dtype=np.int64) if one.weights is None else one.weights for one in batches]
        return Entries(
            np.repeat(rows, len(batches)),
            np.column_stack([one.codes for one in batches]).ravel(),
            np.column_stack(each).ravel(),
            np.tile(np.array([one.field for one in batches], dtype=object), len(rows)),
        )

    def values_in_unit(self) -> NDArray[np.float64]:
        """The measured values in the criterion's unit; NaN for a `worst`, which measures nothing."""
        if self.measured is None:
            return np.full(len(self.codes), np.nan)
        values = np.asarray(self.measured.values, dtype=np.float64)
        return values if self.measured.per_unit == 1 else values / self.measured.per_unit

    def abandoned_rows(self) -> Mask:
        """The rows of abandoned interactions."""
        return np.zeros(len(self.codes), dtype=bool) if self.gone is None else self.gone

    def limit_places(self) -> NDArray[np.int64]:
        """The place, for each row, of the first row of limits that holds for it."""
        places = np.zeros(len(self.codes), dtype=np.int64)
        for place, chosen in enumerate(self.choices):
            if chosen is not None:
                places[chosen] = place
        return places


def judge_criterion(
    criterion: Criterion, view: ArrayView, left_out: tuple[Rule, ...], outcomes: Outcomes, *, matured: bool
) -> Judged:
    """Gives each row of a view its outcome by a criterion, and what was measured.

    Args:
        criterion: What is judged; no `worst`.
        view: Part of a log.
        left_out: The rules that leave rows out for all criteria, in their order.
        outcomes: Where new outcomes are entered.
        matured: Whether rows that are too young are pending, whatever they are now.
    """
    ladder = ladder_of(criterion, view, matured=matured)
    codes = _codes(ladder, left_out, outcomes)
    waiting = tuple(rule for rule in ladder.rules if rule.left is not None)
    return Judged(codes, shown_values(criterion, view, ladder), ladder.gone, ladder.choices, waiting=waiting)


def judge_totals(criterion: Criterion, view: ArrayView, left_out: tuple[Rule, ...], outcomes: Outcomes) -> Judged:
    """The outcomes of rows that hold counts: those of each field are a batch."""
    codes = _codes(totals_ladder(criterion, view), left_out, outcomes, rows=len(view.rows))
    counted = codes < len(ZONES)  # a rule gives no zone
    batches = []
    for share in shares_of(criterion, view):
        own = np.where(counted, outcomes.code(share.state, share.reason), codes).astype(np.int32)
        batches.append(Batch(own, share.values, share.name))
    return Judged(codes, totals=tuple(batches))


def judge_worst(
    criterion: Criterion,
    view: ArrayView,
    parts: Mapping[str, tuple[Codes, Outcomes]],
    left_out: tuple[Rule, ...],
    outcomes: Outcomes,
    *,
    matured: bool,
) -> Judged:
    """Gives each row its outcome by a `worst`, from the outcomes of its parts."""
    process = view.log.process
    rules = {name: list(_part_rules(name, process, *part)) for name, part in parts.items()}
    ladder = worst_ladder(criterion, rules, view, matured=matured)
    return Judged(_codes(ladder, left_out, outcomes, rows=len(view.rows)))


def _part_rules(name: str, process: Process, codes: Codes, outcomes: Outcomes) -> Iterator[Rule]:
    """One rule for each state of a part; one for each reason would be too many if cells are quoted.

    What is pending is told apart by whether a clock turns it.
    """
    clocks = turning_pairs(process.criteria[name], process, outcomes.pairs)
    kinds = np.array([2 * STATES.index(pair[0]) + (pair in clocks) for pair in outcomes.pairs])[codes]
    reasons = PartReasons(name, codes, outcomes)
    for kind in np.unique(kinds):
        place, by_clock = divmod(int(kind), 2)
        yield Rule(STATES[place], reasons, kinds == kind, by_clock=bool(by_clock))


def _codes(ladder: Ladder, left_out: tuple[Rule, ...], outcomes: Outcomes, *, rows: int = 0) -> Codes:
    """The outcome codes: zones first, then over them the rules from the last to the first."""
    if ladder.green is None:
        codes: Any = np.zeros(rows, dtype=np.int32)
    else:
        codes = (np.uint8(RED) - ladder.wider.view(np.uint8) - ladder.green.view(np.uint8)).astype(np.int32)
    for rule in reversed((*left_out, *ladder.rules)):
        outcomes.fill(codes, rule)
    return codes  # type: ignore[no-any-return]  # of these two types
