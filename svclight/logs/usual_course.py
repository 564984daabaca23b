"""The usual course of a process, held against its log: which steps happen, how long after each other, in which order.

In: the cases of an event log whose `steps` are declared. Out: one row a step, in the order of the scenario (of `steps`
where there is none). A step of the scenario that the log does not know stands there too, without numbers.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, Final

import numpy as np
import pandas as pd

from svclight.logs.cases import Cases
from svclight.logs.left_out_rows import left_out_of
from svclight.values.clocks import NAT

if TYPE_CHECKING:
    from numpy.typing import NDArray

    from svclight.definition.models import Process

COLUMNS: Final = ("process", "step", "cases", "of", "median_seconds", "out_of_order", "left_order")


def usual_order(process: Process) -> list[str]:
    """The steps in the order in which they usually happen."""
    known = list((process.log.steps or {}) if process.log is not None else ())
    written = [step.step for step in process.scenario]
    return [*written, *(name for name in known if name not in written)] if written else known


def course(log: Any) -> pd.DataFrame:
    """How the cases of a log follow the usual course: one row for each step; empty for other logs.

    Returns:
        `process, step, cases, of, median_seconds, out_of_order, left_order`: `cases` of all `of` have the step; the
        median time since the step before it that the case has (first times, those in order alone); `out_of_order`
        have it before a step that usually comes earlier; `left_order` do so anywhere (the same number in each row).
        Numbers are missing where the log does not know the step. Cases that are excluded or not begun are left out.
    """
    if not isinstance(log, Cases) or not log.spec.steps:
        return no_steps()
    kept = ~left_out_of(log)
    rows: list[list[Any]] = []
    latest = np.full(len(log), NAT, dtype=np.int64)  # of the steps so far, the latest first time
    before = latest.copy()  # the first time of the nearest earlier step that the case has
    left = np.zeros(len(log), dtype=bool)
    for step in usual_order(log.process):
        if step not in log.spec.steps:
            rows.append([step, None, None, None])
            continue
        ticks, per_second, _ = log.rows().instants(log.moment(step))
        there = kept & (ticks != NAT)
        early = there & (latest != NAT) & (ticks < latest)
        timed = there & (before != NAT) & (ticks >= before)
        since = ticks[timed] - before[timed]
        rows.append([step, int(there.sum()), _median(since, per_second), int(early.sum())])
        left |= early
        latest, before = np.where(there, np.maximum(latest, ticks), latest), np.where(there, ticks, before)
    table = pd.DataFrame(rows, columns=["step", "cases", "median_seconds", "out_of_order"])
    return typed_steps(table.assign(process=log.process_id, of=int(kept.sum()), left_order=int(left.sum())))


def no_steps() -> pd.DataFrame:
    """The table of the usual course without rows."""
    return typed_steps(pd.DataFrame({name: [] for name in COLUMNS}))


def typed_steps(table: pd.DataFrame) -> pd.DataFrame:
    """The table of the usual course, its columns in their order and types; whole numbers may be missing."""
    types: dict[str, Any] = {"process": object, "step": object, "median_seconds": "float64"}
    return table[list(COLUMNS)].astype({name: types.get(name, "Int64") for name in COLUMNS})


def _median(ticks: NDArray[np.int64], per_second: int) -> float | None:
    return float(np.median(ticks)) / per_second if len(ticks) else None
