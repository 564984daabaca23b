"""The criteria and the rows of two definitions, paired.

In: two definitions; the judges of one process under each. Out: pairs of criteria, and for a pair the state of each row
under both. A row is the line of a file, the label of a frame's index, the case of an event log, or the customer at a
period's end: it is found again under both definitions even where they reject different rows.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, Final

import numpy as np
import pandas as pd

from svclight.definition.criterion_id import CriterionId
from svclight.logs.cases import of_events
from svclight.logs.customers import Customers
from svclight.logs.log import PART, in_parts
from svclight.processes import criterion_at, criterion_ids
from svclight.thresholds import STATES

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping

    from numpy.typing import NDArray

    from svclight.definition.models import Criterion
    from svclight.judging.judge import Judge
    from svclight.judging.outcomes import Entries, Judged
    from svclight.logs.log import Log
    from svclight.processes import Definitions

ABSENT: Final = "absent"
"""The state of a row that only the other definition has."""
BOTH_STATES: Final = (*STATES, ABSENT)
_FILE: Final = 40


@dataclass(frozen=True)
class PairedCriterion:
    """A criterion under both definitions: its id in each, None where one lacks it, and its change."""

    old: CriterionId | None
    new: CriterionId | None
    change: str

    @property
    def name(self) -> CriterionId:
        """The id under which the pair is shown: the new one, the old one where it was removed."""
        return self.new or self.old or CriterionId("", "")


def pair_criteria(old: Definitions, new: Definitions) -> list[PairedCriterion]:
    """The criteria of both definitions: same, changed, renamed, added, removed; the new ones in their order first."""
    moved = renamed_processes(old, new)
    before = {which._replace(process=moved.get(which.process, which.process)): which for which in criterion_ids(old)}
    after = criterion_ids(new)
    lost = [key for key in before if key not in after]
    found = []
    for key in after:
        origin = before.get(key) or _renamed_from(key, [before[one] for one in lost], old, new, moved)
        if origin is None:
            found.append(PairedCriterion(None, key, "added"))
            continue
        lost = [one for one in lost if before[one] != origin]
        found.append(PairedCriterion(origin, key, _kind_of_change(origin, key, old, new)))
    return [*found, *(PairedCriterion(before[key], None, "removed") for key in lost)]


def _kind_of_change(origin: CriterionId, key: CriterionId, old: Definitions, new: Definitions) -> str:
    """The kind of change between two definitions of a criterion: `same`, `changed` or `renamed`."""
    if origin != key:
        return "renamed"
    same = criterion_at(old, origin) == criterion_at(new, key)
    same = same and old.processes[key.process].log == new.processes[key.process].log
    return "same" if same and old.document.time_zone == new.document.time_zone else "changed"


def _renamed_from(
    key: CriterionId, lost: list[CriterionId], old: Definitions, new: Definitions, moved: Mapping[str, str]
) -> CriterionId | None:
    """The criterion that is gone and says the same in the same process; titles aside."""
    content = _content_of(criterion_at(new, key))
    same_process = (one for one in lost if moved.get(one.process, one.process) == key.process)
    return next((one for one in same_process if _content_of(criterion_at(old, one)) == content), None)


def _content_of(criterion: Criterion) -> Criterion:
    return criterion.model_copy(update={"title": None, "description": None})


def renamed_processes(old: Definitions, new: Definitions) -> dict[str, str]:
    """Old id -> new id of processes that read the same log and have the same criteria under another id."""
    gone = [name for name, process in old.processes.items() if name not in new.processes and process.log is not None]
    found: dict[str, str] = {}
    for name, process in new.processes.items():
        if name in old.processes or process.log is None:
            continue
        for other in gone:
            twin = old.processes[other]
            if other not in found and twin.log == process.log and twin.criteria == process.criteria:
                found[other] = name
                break
    return found


@dataclass(frozen=True)
class Judgements:
    """The outcomes of the rows of a population: the key, the place of the state in `BOTH_STATES`, the weight."""

    keys: pd.Index[Any]
    states: NDArray[np.int8]
    weights: NDArray[np.int64]


def judge_rows(judge: Judge, name: str) -> Judgements:
    """The state of each row under one definition, in the order of the log; of totals that of each field of a row."""
    keys: list[NDArray[Any]] = []
    states: list[NDArray[np.int8]] = []
    weights: list[NDArray[np.int64]] = []
    for log, names in judge.populations():
        if name not in names:
            continue
        every = _row_keys(log)
        for rows in in_parts(log, PART):
            judged = judge.judge_rows(rows, (name,))[name]
            entries = judged.entries(rows.weights())
            table = np.array([STATES.index(state) for state, _ in judge.outcomes[name].pairs], dtype=np.int8)
            keys.append(_entry_keys(every[rows.part], judged, entries))
            states.append(table[entries.codes])
            weights.append(entries.weights)
    nothing = np.zeros(0, dtype=np.int64)
    return Judgements(
        pd.Index(np.concatenate(keys) if keys else nothing),
        np.concatenate(states) if states else nothing.astype(np.int8),
        np.concatenate(weights) if weights else nothing,
    )


def _entry_keys(keys: NDArray[Any], judged: Judged, entries: Entries) -> NDArray[Any]:
    """The keys of entries: those of their rows, and in a log of totals of their fields."""
    if not judged.totals:
        return keys
    pairs = zip(keys[entries.places].tolist(), entries.field.tolist(), strict=True)
    return np.array([f"{key} {field}" for key, field in pairs], dtype=object)


def _row_keys(log: Log) -> NDArray[Any]:
    """The keys by which rows are the same under both definitions."""
    if isinstance(log, Customers):
        words = log.customers().at(np.arange(len(log)))
        pairs = zip(log.ends.number.tolist(), words, strict=True)
        return np.array([f"{number} {word}" for number, word in pairs], dtype=object)
    if of_events(log):
        columns = [log.names(name).at(np.arange(len(log))) for name in log.id_names]
        return np.array([" / ".join(map(str, parts)) for parts in zip(*columns, strict=True)], dtype=object)
    raw = log.raw
    if raw.file_codes is not None and raw.lines is not None:
        return (raw.file_codes.astype(np.int64) << _FILE) + raw.lines
    index = raw.frame.index
    if index.is_unique:
        return np.asarray(index.to_flat_index() if index.nlevels > 1 else index, dtype=object)
    again = pd.Series(index.to_flat_index() if index.nlevels > 1 else index).groupby(index).cumcount()
    return np.array([f"{label} {count}" for label, count in zip(index, again, strict=True)], dtype=object)


def match_rows(old: pd.Index[Any], new: pd.Index[Any]) -> tuple[NDArray[np.intp], NDArray[np.intp]]:
    """The places of each row under both definitions, -1 where one lacks it: first all new rows, then those only old."""
    if old.equals(new):
        same = np.arange(len(new))
        return same, same
    origin = old.get_indexer(new)
    only_old = np.setdiff1d(np.arange(len(old)), origin[origin >= 0])
    missing = np.full(len(only_old), -1, dtype=np.intp)
    return np.concatenate([origin, only_old]), np.concatenate([np.arange(len(new)), missing])


def count_moves(old: Judgements, new: Judgements) -> Iterator[tuple[str, str, int]]:
    """The moves of interactions: state before, state after, and how many; only moves that occur."""
    first, second = match_rows(old.keys, new.keys)
    before = np.append(old.states, np.int8(len(STATES)))[first]
    after = np.append(new.states, np.int8(len(STATES)))[second]
    weights = np.where(second >= 0, np.append(new.weights, 0)[second], np.append(old.weights, 0)[first])
    size = len(BOTH_STATES)
    counts = np.zeros(size * size, dtype=np.int64)
    np.add.at(counts, before.astype(np.int64) * size + after, weights)
    for place in np.flatnonzero(counts).tolist():
        yield BOTH_STATES[place // size], BOTH_STATES[place % size], int(counts[place])
