"""The outcomes of a criterion by code: (state, reason) pairs, and what becomes of reasons that quote a cell.

In: outcomes as they are met. Out: a small whole number for each, so that rows are counted by number and
put into words once.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Final

import numpy as np
import pandas as pd

from svclight.method.outcomes import part_reason
from svclight.thresholds import ZONES

if TYPE_CHECKING:
    from collections.abc import Iterator

    from numpy.typing import NDArray

    from svclight.method.rules import Rule

    Codes = NDArray[np.int32]

MOST_CELLS: Final = 2000
"""So many different words that no list names are told apart in a criterion's reasons; more are put together."""
MANY_CELLS: Final = "words in no list, too many to tell apart"


@dataclass(frozen=True)
class PartReasons:
    """The reasons of a part of a `worst`, kept as codes, since so many of them may quote a cell."""

    name: str
    codes: Codes
    outcomes: Outcomes

    def of(self, state: str) -> Iterator[tuple[bool, str]]:
        """Tells, for each outcome of the part, whether it is of a state, and its reason."""
        return ((one == state, reason) for one, reason in self.outcomes.pairs)

    def __call__(self, places: NDArray[np.intp]) -> NDArray[np.object_]:
        """The reasons of some rows."""
        reasons = [part_reason(self.name, reason) for _, reason in self.outcomes.pairs]
        return np.array(reasons, dtype=object)[self.codes[places]]


@dataclass
class Outcomes:
    """The (state, reason) pairs of a criterion by code; the first three are the measured zones."""

    pairs: list[tuple[str, str]] = field(default_factory=lambda: [(zone, "") for zone in ZONES])
    codes: dict[tuple[str, str], int] = field(default_factory=lambda: {(zone, ""): i for i, zone in enumerate(ZONES)})
    cells: set[int] = field(default_factory=set)

    def code(self, state: str, reason: str) -> int:
        """The code of a (state, reason) pair; a new pair gets a new code."""
        pair = (state, reason)
        if pair not in self.codes:
            self.codes[pair] = len(self.pairs)
            self.pairs.append(pair)
        return self.codes[pair]

    def fill(self, codes: Codes, rule: Rule) -> None:
        """Writes the outcome of a rule into the codes of the rows that it takes."""
        if not rule.rows.any():
            return
        if isinstance(rule.reason, str):
            codes[rule.rows] = self.code(rule.state, rule.reason)
            return
        places = np.flatnonzero(rule.rows)
        if isinstance(rule.reason, PartReasons):
            codes[places] = self._codes_of_part(rule.state, rule.reason)[rule.reason.codes[places]]
            return
        kinds, reasons = pd.factorize(rule.reason(places))
        codes[places] = np.array([self.cell_code(rule.state, reason) for reason in reasons], dtype=np.int32)[kinds]

    def _codes_of_part(self, state: str, part: PartReasons) -> Codes:
        """Translates the codes of a part's outcomes, for one state, to codes of these outcomes."""
        own = [self.code(state, part_reason(part.name, reason)) if is_it else 0 for is_it, reason in part.of(state)]
        return np.array(own, dtype=np.int32)

    def cell_code(self, state: str, reason: str) -> int:
        """The code of a reason that quotes a cell; beyond `MOST_CELLS` the others share one."""
        if len(self.cells) >= MOST_CELLS and (state, reason) not in self.codes:
            reason = MANY_CELLS
        code = self.code(state, reason)
        self.cells.add(code)
        return code

    def codes_of(self, other: Outcomes) -> NDArray[np.int64]:
        """Translates the codes of other outcomes to codes of these, entering pairs that are new."""
        pairs = enumerate(other.pairs)
        codes = [self.cell_code(*pair) if code in other.cells else self.code(*pair) for code, pair in pairs]
        return np.array(codes, dtype=np.int64)

    def reasons(self) -> list[tuple[str, str]]:
        """The (state, reason) pairs for tables; if too many different cells were quoted, they share one reason.

        So the tables do not depend on which cells came first.
        """
        if ("missing", MANY_CELLS) not in self.codes:
            return self.pairs
        return [
            (state, MANY_CELLS if code in self.cells else reason) for code, (state, reason) in enumerate(self.pairs)
        ]
