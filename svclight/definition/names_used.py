"""The names that a process uses: the columns that must be read, and the times among them.

In: a process's definition. Out: names of fields and raw columns with the key that needs each first. In an event log the
ends of a duration are steps, no columns; a name such as `survey.score` is a field of a joined log.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from svclight.definition.conditions import tests_in
from svclight.definition.models import NUMBERS, StepWhere

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Iterator, Mapping

    from svclight.definition.conditions import Condition
    from svclight.definition.models import Criterion, Delay, FieldSpec, Join, Log, Process

    KeyPath = tuple[str | int, ...]
    Use = tuple[str | None, KeyPath]


MOST_DEEP: Final = 50
"""So many fields stand behind each other at most; more are a circle."""


def names_used(process: Process) -> dict[str, KeyPath]:
    """The fields and columns that a process needs, each with the key (under the process) that needs it first.

    The fields of which others are made are among them.
    """
    used: dict[str, KeyPath] = {}
    if process.log is not None:
        fields = process.log.fields or {}
        uses = list(_by_log(process.log))
        for name, criterion in process.criteria.items():
            uses += _by_criterion(criterion, process.log, ("criteria", name))
        for name_used, path in uses:
            if name_used is not None:
                _add(name_used, path, used, fields)
    return used


def _add(name: str, path: KeyPath, used: dict[str, KeyPath], fields: Mapping[str, FieldSpec]) -> None:
    """Enters a name with the key that needs it first, and after it the names of which it is made."""
    if name in used:
        return
    used[name] = path
    for part in fields[name].uses if name in fields else ():
        _add(part, ("log", "fields", name), used, fields)


def unit_behind(spec: FieldSpec | None, find: Callable[[str], FieldSpec | None], deep: int = 0) -> str | None:
    """The unit of a number; of one that is made of others, that of the first. None where that is no field.

    Args:
        spec: The field.
        find: Gives the field of a name.
        deep: How many fields were followed already: a circle has no unit.
    """
    if spec is None or deep > MOST_DEEP:
        return None
    if spec.parts:
        return unit_behind(find(spec.parts[0]), find, deep + 1)
    return "s" if spec.span is not None else spec.unit or ""


def _by_log(log: Log) -> Iterator[Use]:
    """The names that the keys of a log use, each with the key that needs it."""
    for key in ("time", "begins", "customer", "weight"):
        yield getattr(log, key), ("log", key)
    for key in ("id", "segments"):
        for name in getattr(log, key) or ():
            yield name, ("log", key)
    for index, rule in enumerate(log.exclude):
        yield from _by_condition(rule.where, ("log", "exclude", index, "where"))
    if log.repeated_ids is not None:
        yield log.repeated_ids.by, ("log", "repeated_ids", "by")
    yield log.step, ("log", "step")
    for name, step in (log.steps or {}).items():
        if isinstance(step, StepWhere):
            yield from _by_condition(step.where, ("log", "steps", name, "where"))
    for name, join in log.join.items():
        for this in join.on:
            yield this, ("log", "join", name, "on")


def _by_criterion(criterion: Criterion, log: Log, here: KeyPath) -> Iterator[Use]:
    """The names that the keys of a criterion use, each with the key that needs it."""
    for name in measured_fields(criterion, log):
        yield name, (*here, "measure")
    yield criterion.time, (*here, "time")
    for key in ("applies", "asked"):
        yield from _by_condition(getattr(criterion, key), (*here, key))
    if criterion.abandoned is not None:
        if not is_step(criterion.abandoned.at, log):
            yield criterion.abandoned.at, (*here, "abandoned", "at")
        yield from _by_condition(criterion.abandoned.where, (*here, "abandoned", "where"))
    for index, row in enumerate(criterion.thresholds or ()):
        yield from _by_condition(row.where, (*here, "thresholds", index, "where"))


def _by_condition(condition: Condition | None, path: KeyPath) -> Iterator[Use]:
    return ((test.column, (*path, test.column)) for test in tests_in(condition))


def names_of_cases(process: Process, segments: Iterable[str]) -> dict[str, None]:
    """The fields and columns of which a case of an event log has its last known value."""
    found = dict.fromkeys(segments)
    if process.log is None:
        return found
    names = [process.log.weight]
    for name, criterion in process.criteria.items():
        here = ("criteria", name)
        is_count = criterion.measure.count is not None  # it counts in the events themselves, not in their last values
        names += [
            used for used, path in _by_criterion(criterion, process.log, here) if not (is_count and "measure" in path)
        ]
    found |= dict.fromkeys(name for name in names if name is not None)
    return _without_made(found, process.log.fields or {})


def _without_made(names: Mapping[str, None], fields: Mapping[str, FieldSpec]) -> dict[str, None]:
    """The names with those of which they are made in place of fields that are made of others."""
    all_names: dict[str, KeyPath] = {}
    for name in names:
        _add(name, (), all_names, fields)
    return {name: None for name in all_names if name not in fields or not fields[name].uses}


def is_step(name: str | None, log: Log) -> bool:
    """Whether a name means a moment of a case and no column: a declared step, the first or the last event."""
    return log.rows == "events" and name is not None and name in {"start", "end", *(log.steps or {})}


def measured_fields(criterion: Criterion, log: Log | None) -> tuple[str, ...]:
    """The fields and columns that a criterion's measure reads."""
    measure, has_events = criterion.measure, log is not None and log.rows == "events"
    if measure.duration is not None:
        ends = () if has_events else (measure.duration.from_, measure.duration.to)
        return (*(end for end in ends if isinstance(end, str)), *measure.duration.minus)
    if measure.delay is not None:
        return (measure.delay.due, measure.delay.actual)
    if measure.checklist is not None:
        return tuple(measure.checklist.items)
    if measure.repeat is not None:
        return tuple(name for name in measure.repeat.same if name != "customer")
    if measure.totals is not None:
        return tuple(measure.totals.states)
    names = (measure.value, measure.flag, measure.category, measure.count and measure.count.distinct)
    return tuple(name for name in (*names, measure.spend and measure.spend.amount) if name)


def count_fields(process: Process) -> tuple[str, ...]:
    """The fields and columns whose cells are counts, for criteria of totals: those that others are put together of."""
    names = [name for one in process.criteria.values() if one.measure.totals for name in one.measure.totals.states]
    found: dict[str, None] = {}
    while names and process.log is not None:
        name = names.pop(0)
        spec = field_of(name, process.log)
        parts = () if spec is None else parts_of(name, spec)
        names += parts
        found |= {} if parts else {name: None}
    return tuple(found)


def differences_of(criterion: Criterion, log: Log | None) -> tuple[str, ...]:
    """The fields of a criterion of totals that take one number from another, be it in a sum."""
    names = criterion.measure.totals.states if criterion.measure.totals is not None else ()
    return tuple(name for name in names if log is not None and _takes_off(name, log))


def parts_of(name: str, spec: FieldSpec) -> tuple[str, ...]:
    """The fields that a field is put together of, those of a joined log by their full names; none for a column."""
    other, dot, _ = name.rpartition(".")
    return tuple(f"{other}{dot}{part}" for part in spec.parts)


def _takes_off(name: str, log: Log) -> bool:
    spec = field_of(name, log)
    if spec is None or spec.difference is not None:
        return spec is not None
    return any(_takes_off(part, log) for part in parts_of(name, spec))


def due_fields(process: Process) -> frozenset[str]:
    """The time fields that hold a promise (`delay.due`).

    They lie in the future by their nature, so that the newest of them does not tell when the log was seen.
    """
    delays = (criterion.measure.delay for criterion in process.criteria.values())
    return frozenset(one.due for one in delays if one is not None and not is_of_numbers(one, process.log))


def is_of_numbers(delay: Delay | None, log: Log | None) -> bool:
    """Whether a delay is the difference of two numbers, such as promised and real days, and not of two times."""
    spec = None if delay is None or log is None else field_of(delay.due, log)
    return spec is not None and any(getattr(spec, kind) is not None for kind in NUMBERS)


def is_averaged(criterion: Criterion, log: Log | None) -> bool:
    """Whether a criterion's value is the mean of what its row stands for, in a log with a weight."""
    if log is None or log.weight is None or criterion.measure.value is None:
        return False
    used: dict[str, KeyPath] = {}
    _add(criterion.measure.value, (), used, log.fields or {})
    specs = (field_of(name, log) for name in used)
    return any(spec is not None and spec.averaged for spec in specs)


def field_of(name: str, log: Log) -> FieldSpec | None:
    """The declared field of that name, of a log or, as NAME.field, of a joined one."""
    other, _, inner = name.partition(".")
    joined = log.join.get(other)
    return (log.fields or {}).get(name) or (joined.fields.get(inner) if joined is not None else None)


def time_fields(process: Process) -> dict[str, None]:
    """The fields and columns that the log's anchor and the criteria use as times."""
    log = process.log
    found = dict.fromkeys(name for name in (log and log.time, log and log.begins) if name)
    for criterion in process.criteria.values():
        delay = criterion.measure.delay
        clock = criterion.measure.duration or (None if is_of_numbers(delay, log) else delay)
        minus = set(criterion.measure.duration.minus) if criterion.measure.duration else set[str]()
        if clock is not None:
            found |= dict.fromkeys(name for name in measured_fields(criterion, log) if name not in minus)
        at = criterion.abandoned.at if criterion.abandoned is not None else None
        at = None if log is not None and is_step(at, log) else at
        found |= dict.fromkeys(name for name in (criterion.time, at) if name)
    return found


def cells_used(process: Process) -> dict[str, str]:
    """The fields and columns whose cells must be read as a `time`, `number`, `flag`, `item` or `count`.

    An item of a checklist is a flag that may be `n/a`, a count of totals a whole number of 0 or more. Each comes with
    its use.

    A field that is declared is read as its kind wherever it stands; a raw column as a measure or a comparison needs it.
    What is used as text alone is not among them: every cell is a text.
    """
    log = process.log
    fields = (log.fields if log is not None else None) or {}
    uses = {**_compared_columns(process), **_measured_columns(process), **dict.fromkeys(time_fields(process), "time")}
    for name in names_used(process):
        spec = fields.get(name)
        if spec is not None and spec.part is not None:
            uses.pop(name, None)  # an hour that is compared is read from its time, not as a number
            uses[str(spec.of)] = "time"
        elif spec is not None and uses.get(name) != "item":
            uses[name] = "number" if spec.kind == "span" else spec.kind
    uses |= dict.fromkeys(count_fields(process), "count")
    return {name: use for name, use in uses.items() if use in ("time", "number", "flag", "item", "count")}


def read_as(use: str) -> str:
    """As what cells of a use are read: an item of a checklist is a flag, a count a number."""
    return {"item": "flag", "count": "number"}.get(use, use)


def _measured_columns(process: Process) -> dict[str, str]:
    """The columns that measures read as numbers, or as true and false."""
    found: dict[str, str] = {}
    for criterion in process.criteria.values():
        measure = criterion.measure
        minus = measure.duration.minus if measure.duration is not None else ()
        numbers = (measure.value, measure.spend and measure.spend.amount, *minus)
        items = measure.checklist.items if measure.checklist is not None else ()
        found |= dict.fromkeys((name for name in numbers if name), "number")
        found |= {measure.flag: "flag"} if measure.flag else {}
        found |= dict.fromkeys(items, "item")
    return found


def _compared_columns(process: Process) -> dict[str, str]:
    """The columns that conditions compare with a limit, as numbers or as times."""
    found = {}
    for _, condition in conditions_of(process):
        for test in tests_in(condition):
            if test.limit:
                found[test.column] = "time" if test.compares_times else "number"
    return found


def conditions_of(process: Process) -> Iterator[tuple[KeyPath, Condition]]:
    """The conditions that a process asks of its log, each with its key (under the process)."""
    log = process.log
    if log is not None:
        yield from ((("log", "exclude", index, "where"), rule.where) for index, rule in enumerate(log.exclude))
        used = names_used(process)
        whens = ((name, spec.when) for name, spec in (log.fields or {}).items() if name in used)
        yield from ((("log", "fields", name, "when"), when) for name, when in whens if when is not None)
        steps = (log.steps or {}).items()
        yield from ((("log", "steps", name, "where"), one.where) for name, one in steps if isinstance(one, StepWhere))
    for name, criterion in process.criteria.items():
        for path, condition in _conditions_of_criterion(criterion):
            yield ("criteria", name, *path), condition


def _conditions_of_criterion(criterion: Criterion) -> Iterator[tuple[KeyPath, Condition]]:
    """The conditions of a criterion, each with its key under it."""
    made: list[tuple[KeyPath, Condition | None]] = [(("applies",), criterion.applies), (("asked",), criterion.asked)]
    if criterion.abandoned is not None:
        made.append((("abandoned", "where"), criterion.abandoned.where))
    made += [(("thresholds", index, "where"), row.where) for index, row in enumerate(criterion.thresholds or ())]
    return ((path, condition) for path, condition in made if condition is not None)


def raw_columns(process: Process) -> dict[str, KeyPath]:
    """The raw columns behind the names used, each with the key that needs it first."""
    log = process.log
    joins = log.join if log is not None else {}
    used = {name: path for name, path in names_used(process).items() if name.partition(".")[0] not in joins}
    return _columns_behind(used, (log.fields if log is not None else None) or {}, ("log", "fields"))


def joined_columns(process: Process, name: str) -> dict[str, KeyPath]:
    """The raw columns of a joined log that a process needs, each with the key that needs it first."""
    join: Join = process.log.join[name]  # type: ignore[union-attr]  # only a log has joins
    here: KeyPath = ("log", "join", name)
    used: dict[str, KeyPath] = dict.fromkeys(join.on.values(), (*here, "on"))
    for full, path in names_used(process).items():
        other, dot, inner = full.partition(".")
        if dot and other == name:
            used.setdefault(inner, path)
    return _columns_behind(used, join.fields, (*here, "fields"))


def _columns_behind(used: Mapping[str, KeyPath], fields: Mapping[str, FieldSpec], here: KeyPath) -> dict[str, KeyPath]:
    """The raw columns behind names, each with the key that needs it first."""
    names: dict[str, KeyPath] = {}
    for name, path in used.items():
        _add(name, path, names, fields)
    found: dict[str, KeyPath] = {}
    for name, path in names.items():
        spec = fields.get(name)
        for column in (name,) if spec is None else spec.columns:
            found.setdefault(column, path if spec is None else (*here, name))
    return found
