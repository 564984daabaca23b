"""The brute-force scorer of logs of totals, written from the meaning of the numbers alone: no code of svclight is in it.

In: rows as plain cells (instants, words, numbers, None) and a criterion of totals. Out: how many interactions there are
by period, segment, state and reason; and which differences add up to less than 0 somewhere.
"""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any
from zoneinfo import ZoneInfo

if TYPE_CHECKING:
    from datetime import datetime

UNREAD = "unread"


@dataclass(frozen=True)
class Fields:
    """Fields of a log of totals by name: a column, or other fields that are added up or taken off."""

    columns: dict[str, str]
    sums: dict[str, list[str]]
    differences: dict[str, list[str]]
    empty_is_0: frozenset[str] = frozenset()

    def number(self, name: str, row: dict[str, Any]) -> Any:
        """The number of a field in a row; None where it is empty, UNREAD where it is no count."""
        if name in self.columns:
            return count_of(row[self.columns[name]])
        parts = [self.number(part, row) for part in {**self.sums, **self.differences}[name]]
        if UNREAD in parts:
            return UNREAD
        if None in parts and name not in self.empty_is_0:
            return None
        first, *others = [part or 0 for part in parts]
        return first + sum(others) if name in self.sums else first - sum(others)

    def takes_off(self, name: str) -> bool:
        """Whether a difference is in it."""
        return name in self.differences or any(self.takes_off(part) for part in self.sums.get(name, ()))


def count_of(cell: Any) -> Any:
    """A cell as a count."""
    if cell is None or cell != cell:  # noqa: PLR0124 - NaN
        return None
    return int(cell) if 0 <= cell < 2**53 and cell == int(cell) else UNREAD


@dataclass(frozen=True)
class Totals:
    """A criterion of totals: the fields by state, and the kind of row to which it applies; None for all."""

    states: dict[str, list[str]]
    applies: str | None = None


def brute_totals(
    rows: list[dict[str, Any]], fields: Fields, criterion: Totals, *, zone: str, as_of: datetime | None
) -> tuple[Counter[tuple[str, str, str, str]], set[tuple[str, str]]]:
    """Counts by (month, queue, state, reason), and the (month, queue) in which a sum is below 0.

    Rows of the kind `test` are excluded as a test.
    """
    counts: Counter[tuple[str, str, str, str]] = Counter()
    differences: Counter[tuple[str, str, str]] = Counter()
    states = {name: state for state, names in criterion.states.items() for name in names}
    for row in rows:
        at = row["at"]
        month = "" if at is None else f"{at.astimezone(ZoneInfo(zone)):%Y-%m}"
        group = (month, row["queue"] or "")
        numbers = {name: fields.number(name, row) for name in states}
        if None in numbers.values() or UNREAD in numbers.values():
            continue  # it gives nothing
        taken = None
        if row["kind"] == "test":
            taken = ("excluded", "a test")
        elif at is not None and as_of is not None and at > as_of:
            taken = ("excluded", "not begun")
        elif criterion.applies is not None and row["kind"] != criterion.applies:
            taken = ("not_applicable", "does not apply")
        elif at is None:
            taken = ("missing", "at is empty")
        for name, number in numbers.items():
            reason = "" if states[name] != "missing" else f"counted in {name}"
            counts[(*group, *(taken or (states[name], reason)))] += number
            if taken is None and fields.takes_off(name):
                differences[(*group, name)] += number
    below = {key[:2] for key, number in [*counts.items(), *differences.items()] if number < 0}
    return counts, below
