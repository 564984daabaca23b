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
from svclight.method.outcomes import ladder_of, worst_ladder
from svclight.method.rules import Rule
from svclight.thresholds import RED, STATES

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping

    from numpy.typing import NDArray

    from svclight.counts.outcome_codes import Outcomes
    from svclight.definition.models import Criterion
    from svclight.judging.array_view import ArrayView
    from svclight.method.rules import Ladder, Measured

    Mask = NDArray[np.bool_]
    Codes = NDArray[np.int16]


@dataclass(frozen=True)
class Judged:
    """The outcomes of some rows by one criterion.

    Attributes:
        codes: Their outcome codes.
        measured: The measured values, of abandoned rows the time they waited; None for a `worst`.
        gone: The abandoned rows; None if there are none.
        choices: The rows to which each row of limits applies; None for all.
    """

    codes: Codes
    measured: Measured | None = None
    gone: Mask | None = None
    choices: tuple[Mask | None, ...] = (None,)

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
    return Judged(codes, shown_values(criterion, view, ladder), ladder.gone, ladder.choices)


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
    rules = {name: list(_part_rules(name, *part)) for name, part in parts.items()}
    ladder = worst_ladder(criterion, rules, view, matured=matured)
    return Judged(_codes(ladder, left_out, outcomes, rows=len(view.rows)))


def _part_rules(name: str, codes: Codes, outcomes: Outcomes) -> Iterator[Rule]:
    """One rule for each state of a part; one for each reason would be too many if cells are quoted."""
    states = np.array([STATES.index(state) for state, _ in outcomes.pairs])[codes]
    reasons = PartReasons(name, codes, outcomes)
    for place in np.unique(states):
        yield Rule(STATES[place], reasons, states == place)


def _codes(ladder: Ladder, left_out: tuple[Rule, ...], outcomes: Outcomes, *, rows: int = 0) -> Codes:
    """The outcome codes: zones first, then over them the rules from the last to the first."""
    if ladder.green is None:
        codes: Any = np.zeros(rows, dtype=np.int16)
    else:
        codes = (np.uint8(RED) - ladder.wider.view(np.uint8) - ladder.green.view(np.uint8)).astype(np.int16)
    for rule in reversed((*left_out, *ladder.rules)):
        outcomes.fill(codes, rule)
    return codes  # type: ignore[no-any-return]  # of these two types
