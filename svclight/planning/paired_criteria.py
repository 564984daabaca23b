"""The criteria and the rows of two definitions, paired.

In: two definitions; the plans of one process under each. Out: pairs of criteria, and for a pair the state of each row
under both. A row is the line of a file, the label of a frame's index, the case of an event log, or the customer at a
period's end: it is found again under both definitions even where they reject different rows.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, Final

import numpy as np
import pandas as pd

from svclight.logs.cases import of_events
from svclight.logs.customers import Customers
from svclight.logs.log import PART, in_parts
from svclight.thresholds import STATES

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping

    from numpy.typing import NDArray

    from svclight.definition.models import Criterion
    from svclight.judging.outcomes import Entries, Judged
    from svclight.judging.plan import Plan
    from svclight.logs.log import Log
    from svclight.processes import Definitions

ABSENT: Final = "absent"
"""The state of a row that only the other definition has."""
BOTH_STATES: Final = (*STATES, ABSENT)
_FILE: Final = 40


@dataclass(frozen=True)
class Place:
    """A criterion under both definitions: process and name in each, None where one lacks it, and its change."""

    old: tuple[str, str] | None
    new: tuple[str, str] | None
    change: str

    @property
    def name(self) -> tuple[str, str]:
        """The process and criterion under which the pair is shown: the new ones, the old ones where it was removed."""
        return self.new or self.old or ("", "")


def pair_criteria(old: Definitions, new: Definitions) -> list[Place]:
    """The criteria of both definitions: same, changed, renamed, added, removed; the new ones in their order first."""
    moved = renamed_processes(old, new)
    before = {(moved.get(process, process), name): (process, name) for process, name, _ in old.criteria()}
    after = [(process, name) for process, name, _ in new.criteria()]
    lost = [key for key in before if key not in after]
    found = []
    for key in after:
        origin = before.get(key) or _renamed_from(key, [before[one] for one in lost], old, new, moved)
        if origin is None:
            found.append(Place(None, key, "added"))
            continue
        lost = [one for one in lost if before[one] != origin]
        found.append(Place(origin, key, _kind_of_change(origin, key, old, new)))
    return [*found, *(Place(before[key], None, "removed") for key in lost)]


def _kind_of_change(origin: tuple[str, str], key: tuple[str, str], old: Definitions, new: Definitions) -> str:
    """The kind of change between two definitions of a criterion: `same`, `changed` or `renamed`."""
    if origin != key:
        return "renamed"
    same = (
        _criterion_at(old, origin) == _criterion_at(new, key) and old.processes[key[0]].log == new.processes[key[0]].log
    )
    return "same" if same and old.document.time_zone == new.document.time_zone else "changed"


def _criterion_at(definitions: Definitions, place: tuple[str, str]) -> Criterion:
    return definitions.processes[place[0]].criteria[place[1]]


def _renamed_from(
    key: tuple[str, str], lost: list[tuple[str, str]], old: Definitions, new: Definitions, moved: Mapping[str, str]
) -> tuple[str, str] | None:
    """The criterion that is gone and says the same in the same process; titles aside."""
    for origin in lost:
        if moved.get(origin[0], origin[0]) == key[0] and _content_of(_criterion_at(old, origin)) == _content_of(
            _criterion_at(new, key)
        ):
            return origin
    return None


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


def judge_rows(plan: Plan, name: str) -> Judgements:
    """The state of each row under one definition, in the order of the log; of totals that of each field of a row."""
    keys: list[NDArray[Any]] = []
    states: list[NDArray[np.int8]] = []
    weights: list[NDArray[np.int64]] = []
    for log, names in plan.populations():
        if name not in names:
            continue
        every = _row_keys(log)
        for rows in in_parts(log, PART):
            judged = plan.judged(rows, (name,))[name]
            entries = judged.entries(rows.weights())
            table = np.array([STATES.index(state) for state, _ in plan.outcomes[name].pairs], dtype=np.int8)
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
        texts = log.customers()
        return np.array([f"{log.number} {word}" for word in texts.at(np.arange(len(log)))], dtype=object)
    if of_events(log):
        columns = [log.texts(name).at(np.arange(len(log))) for name in log.id_names]
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
