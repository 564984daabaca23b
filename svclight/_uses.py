"""Which names a process uses, and what for: the columns that must be read, the times that matter.

In: a process's definition. Out: names of fields and raw columns with the key that needs each first.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from svclight.conditions import tests

if TYPE_CHECKING:
    from collections.abc import Iterator

    from svclight.conditions import Condition
    from svclight.models import Criterion, Log, Process

    KeyPath = tuple[str | int, ...]
    Use = tuple[str | None, KeyPath]


def names_used(process: Process) -> dict[str, KeyPath]:
    """The fields and columns that a process needs, each with the key (under the process) that needs it first."""
    used: dict[str, KeyPath] = {}
    if process.log is not None:
        uses = list(_by_log(process.log))
        for name, criterion in process.criteria.items():
            uses += _by_criterion(criterion, ("criteria", name))
        for name_used, path in uses:
            if name_used is not None:
                used.setdefault(name_used, path)
    return used


def _by_log(log: Log) -> Iterator[Use]:
    for key in ("time", "begins", "customer", "weight"):
        yield getattr(log, key), ("log", key)
    for key in ("id", "segments"):
        for name in getattr(log, key) or ():
            yield name, ("log", key)
    for index, rule in enumerate(log.exclude):
        yield from _by_condition(rule.where, ("log", "exclude", index, "where"))
    if log.repeated_ids is not None:
        yield log.repeated_ids.by, ("log", "repeated_ids", "by")


def _by_criterion(criterion: Criterion, here: KeyPath) -> Iterator[Use]:
    for name in measured_fields(criterion):
        yield name, (*here, "measure")
    yield criterion.time, (*here, "time")
    yield from _by_condition(criterion.applies, (*here, "applies"))
    if criterion.abandoned is not None:
        yield criterion.abandoned.at, (*here, "abandoned", "at")
        yield from _by_condition(criterion.abandoned.where, (*here, "abandoned", "where"))
    for index, row in enumerate(criterion.thresholds or ()):
        yield from _by_condition(row.where, (*here, "thresholds", index, "where"))


def _by_condition(condition: Condition | None, path: KeyPath) -> Iterator[Use]:
    return ((test.column, (*path, test.column)) for test in tests(condition))


def measured_fields(criterion: Criterion) -> tuple[str, ...]:
    """The fields that a criterion's measure reads."""
    measure = criterion.measure
    if measure.duration is not None:
        ends = (measure.duration.from_, measure.duration.to)
        return (*(end for end in ends if isinstance(end, str)), *measure.duration.minus)
    if measure.delay is not None:
        return (measure.delay.due, measure.delay.actual)
    return tuple(name for name in (measure.value, measure.flag, measure.category) if name is not None)


def promises(process: Process) -> frozenset[str]:
    """The time fields that say what is due: they lie in the future by their nature."""
    delays = (criterion.measure.delay for criterion in process.criteria.values())
    return frozenset(delay.due for delay in delays if delay is not None)


def time_fields(process: Process) -> dict[str, None]:
    """The fields and columns that the log's anchor and the criteria use as times."""
    log = process.log
    found = dict.fromkeys(name for name in (log and log.time, log and log.begins) if name)
    for criterion in process.criteria.values():
        clock = criterion.measure.duration or criterion.measure.delay
        minus = set(criterion.measure.duration.minus) if criterion.measure.duration else set[str]()
        if clock is not None:
            found |= dict.fromkeys(name for name in measured_fields(criterion) if name not in minus)
        found |= dict.fromkeys(
            name for name in (criterion.time, criterion.abandoned and criterion.abandoned.at) if name
        )
    return found


def raw_columns(process: Process) -> dict[str, KeyPath]:
    """The raw columns behind the names used, each with the key that needs it first."""
    fields = (process.log.fields if process.log is not None else None) or {}
    found: dict[str, KeyPath] = {}
    for name, path in names_used(process).items():
        spec = fields.get(name)
        if spec is not None and spec.part is not None:
            name, spec = str(spec.of), fields.get(str(spec.of))  # noqa: PLW2901 - the field behind it is meant
        columns = (name,) if spec is None else spec.columns
        for column in columns:
            found.setdefault(column, path if spec is None else ("log", "fields", name))
    return found
