"""Rows that no criterion rates: excluded by rule, not begun, or the repetition of another.

In: rows of a log at its `as_of`. Out: gaps, in the order in which the rules are asked; and for a whole log which rows
are left out at all.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

import numpy as np

from svclight.filters import met
from svclight.grouping import Gathered
from svclight.measured import Gap
from svclight.repeats import repeated
from svclight.rows import PART, in_parts

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator

    from numpy.typing import NDArray

    from svclight.logs import Log
    from svclight.rows import Rows

    Mask = NDArray[np.bool_]

NOT_BEGUN: Final = "not begun"
REPEATED: Final = "repeated"


def left_out(rows: Rows) -> tuple[Gap, ...]:
    """The rows that no criterion rates, in the order of the rules: excluded, not begun, repeated."""
    if isinstance(rows.log, Gathered):
        return rows.log.left_out(rows)
    gaps = _by_rule(rows)
    again = repeats(rows.log)
    return gaps if again is None else (*gaps, *_some(Gap(again[rows.part], "excluded", REPEATED)))


def left_out_of(log: Log) -> Mask:
    """Which rows of a whole log no criterion rates."""

    def found() -> Mask:
        out = np.zeros(len(log), dtype=bool)
        for rows in in_parts(log, PART):
            for gap in left_out(rows):
                out[rows.part] |= gap.rows
        return out

    return log.remember("left out", found)  # type: ignore[no-any-return]  # it holds what was found


def repeats(log: Log) -> Mask | None:
    """Which rows are repetitions of others; None where no id stands twice."""
    if isinstance(log, Gathered) or log.spec.id is None:
        return None

    def found() -> Mask | None:
        out = np.zeros(len(log), dtype=bool)
        for rows in in_parts(log, PART):
            for gap in _by_rule(rows):
                out[rows.part] |= gap.rows
        return repeated(log, out)

    return log.remember("repeats", found)  # type: ignore[no-any-return]  # the same


def _by_rule(rows: Rows) -> tuple[Gap, ...]:
    gaps = [
        Gap(mask, "excluded", rule.reason)
        for rule in rows.log.spec.exclude
        if (mask := met(rule.where, rows)) is not None
    ]
    return (*(gap for gap in gaps if gap.rows.any()), *not_begun(rows, beginnings(rows.log)))


def beginnings(log: Log) -> list[str]:
    """The times before which a row does not exist: where it begins, and the version of an id that it is."""
    if isinstance(log, Gathered):
        return [log.anchor]
    names = [log.spec.begins or log.anchor]
    by = log.spec.repeated_ids.by if log.spec.repeated_ids is not None else None
    if by is not None and log.remember(("sorts", by), lambda: log.sorts_as(by)) == "time":
        names.append(by)
    return names


def later(rows: Rows, names: Iterable[str]) -> Iterator[Mask]:
    """The rows of which one of the times lies after `as_of`, time by time."""
    for name in names:
        mask = rows.future(name)
        if mask is not None and mask.any():
            yield mask


def not_begun(rows: Rows, names: Iterable[str]) -> tuple[Gap, ...]:
    """The rows that do not exist yet."""
    return tuple(Gap(mask, "excluded", NOT_BEGUN) for mask in later(rows, names))


def _some(gap: Gap) -> tuple[Gap, ...]:
    return (gap,) if gap.rows.any() else ()
