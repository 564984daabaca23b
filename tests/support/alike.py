"""A card held against another one, table by table, to the last interaction: what engines must have in common.

In: the card of an engine, and that of the pandas engine for what is left of the same table there. Out: an AssertionError
where they differ, in which the first difference stands.
"""

from __future__ import annotations

import re
import warnings
from collections import Counter
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING, Any

import pandas as pd

from svclight.errors import SvclightNotice

if TYPE_CHECKING:
    from support.engines import Engine

    import svclight

TABLES = ("counts", "values", "periods", "responses", "steps", "bins", "sums")
NUMBERS = ("process", "rows", "interactions", "rejected", "hand_kept")


@dataclass(frozen=True)
class Alike:
    """How far a card can be like another one.

    Attributes:
        engine: What it was counted by; its files call rows without an id by their line.
        reasons: Whether reasons are the same word for word; they may quote a cell as it was written.
    """

    engine: Engine
    reasons: bool = True

    def check(self, found: Any, expected: Any) -> None:
        """Holds a card against another one, table by table."""
        for name in TABLES:
            pd.testing.assert_frame_equal(table_of(found, name), table_of(expected, name), obj=name)
        if self.reasons:
            pd.testing.assert_frame_equal(found.reasons, expected.reasons, obj="reasons")
        self.check_provenance(found.provenance, expected.provenance)
        self.check_rejected(found.rejected, expected.rejected)

    def check_provenance(self, found: Any, expected: Any) -> None:
        """Where the numbers come from, but for the names of files and what an engine has to say."""
        alike = {"logs": (), "notices": ()}
        assert replace(found, **alike) == replace(expected, **alike)
        numbers = [[[getattr(log, name) for name in NUMBERS] for log in one.logs] for one in (found, expected)]
        assert numbers[0] == numbers[1]

    def check_rejected(self, found: pd.DataFrame, expected: pd.DataFrame) -> None:
        """The lines that were rejected, and why."""
        if not self.engine.ordered:
            assert sorted(found["reason"]) == sorted(expected["reason"])
            return
        assert found["reason"].tolist() == expected["reason"].tolist()
        later = max(self.engine.first_line - 1, 0)  # a frame's rows are counted from 1
        assert (found["line"] - later).tolist() == expected["line"].tolist()

    def check_listed(self, found: pd.DataFrame, expected: pd.DataFrame) -> None:
        """Interactions; those without an id are known by their place, where the engine has one."""
        if self.engine.first_line:
            found = found.assign(id=[self._row(name) for name in found["id"]])
        if not self.reasons:
            found, expected = found.drop(columns="reason"), expected.drop(columns="reason")
        if not self.engine.ordered:
            found, expected = in_order(found), in_order(unplaced(expected, found))
        pd.testing.assert_frame_equal(found, expected, obj="interactions")

    def _row(self, name: str) -> str:
        place = re.fullmatch(r"log[.\w]+:(\d+)", name)
        return name if place is None else str(int(place[1]) - self.engine.first_line)


def table_of(card: svclight.Scorecard, name: str) -> pd.DataFrame:
    """A table of a card, without the notice that all events leave an engine for it."""
    with warnings.catch_warnings():
        warnings.simplefilter("ignore", SvclightNotice)
        table: pd.DataFrame = getattr(card, name)
        return table


def listed(card: svclight.Scorecard) -> pd.DataFrame:
    """All interactions behind a card, without the notice that all rows leave an engine for that."""
    with warnings.catch_warnings():
        warnings.simplefilter("ignore", SvclightNotice)
        return card.interactions()


def unplaced(expected: pd.DataFrame, found: pd.DataFrame) -> pd.DataFrame:
    """What is expected, but for the places of rows without an id: an engine without an order gives them no name."""
    known = Counter(found.astype(str).itertuples(index=False, name=None))
    kept = []
    for row in expected.astype(str).itertuples(index=False, name=None):
        there = known[row] > 0 or not row[list(expected.columns).index("id")].isdecimal()
        known[row] -= there
        kept.append(there)
    return expected.assign(id=expected["id"].where(pd.Series(kept, index=expected.index, dtype=bool), ""))


def in_order(table: pd.DataFrame) -> pd.DataFrame:
    """The rows in an order that depends on their cells alone."""
    texts = table.astype(str)
    return table.loc[texts.sort_values(list(texts.columns)).index].reset_index(drop=True)
