"""The logs of a call: given to their processes, read, typed, and joined with logs that belong to them.

In: what the caller gave, and definitions. Out: for each process its `Log`, with the logs that it joins, with who stands
behind the ids of customers, and, where its rows are events, with those that can be placed.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any

from svclight.definition.models import Read
from svclight.definition.names_used import joined_columns, raw_columns
from svclight.dialects.frames import leaving_notice
from svclight.errors import Issue, LogError, SvclightError, did_you_mean, quoted_list, quoted_text
from svclight.logs.cases import accepted_events, of_events
from svclight.logs.joined_logs import joined_log, joined_spec, partners
from svclight.logs.log import Log
from svclight.reading.sheet_marks import blind_notice
from svclight.reading.source import Source, source_of
from svclight.reading.sources import read_source
from svclight.values.columns import texts_of

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable

    from svclight.processes import Definitions
    from svclight.reading.sources import Raw


@dataclass(frozen=True)
class Sources:
    """The logs that the caller gave: one for each process, and one for each joined log."""

    logs: Mapping[str, Source]
    joined: Mapping[tuple[str, str], Source] = field(default_factory=dict)
    unused: tuple[str, ...] = ()
    why: Mapping[str, str] = field(default_factory=dict)
    """Why a log leaves its engine, by process."""

    def tables(self) -> list[Any]:
        """Those of the logs that engines hold."""
        given = (*self.logs.values(), *self.joined.values())
        return [source.table for source in given if source.table is not None]


def sources_of(logs: Any, definitions: Definitions) -> Sources:
    """Tells which of the given logs belongs to which process, in the order of the definition.

    Raises:
        SvclightError: No log was given, or one that belongs to nothing, or one that is joined is not there.
        LogError: What was given is no log, or there is no such file.
    """
    with_log = [name for name, process in definitions.processes.items() if process.log is not None]
    if not isinstance(logs, Mapping):
        if logs is None:
            raise SvclightError("no log was given")
        if len(with_log) != 1:
            raise SvclightError(f"which process is this the log of? give a mapping with one of {quoted_list(with_log)}")
        logs = {with_log[0]: logs}
    if not logs:
        raise SvclightError(f"no log was given; expected one for at least one of {quoted_list(with_log)}")
    given = {name: list(source) if isinstance(source, Iterator) else source for name, source in logs.items()}
    names = {name: tuple(_log(definitions, name).join) for name in with_log}
    _check_names(given, definitions, [*with_log, *(name for joins in names.values() for name in joins)])
    mine = {name: given[name] for name in with_log if name in given}
    if not mine:
        raise SvclightError(f"no log of a process was given; expected one for at least one of {quoted_list(with_log)}")
    joined = {(process, name): given.get(name) for process in mine for name in names[process]}
    _check_joins(joined, definitions)
    used = {*mine, *(name for _, name in joined)}
    known = {name: source_of(given[name]) for name in given if name in used}
    return Sources(
        {name: known[name] for name in mine},
        {(process, name): known[name] for process, name in joined},
        tuple(name for name in given if name not in used),
    )


def _log(definitions: Definitions, process_id: str) -> Any:
    return definitions.processes[process_id].log


def _check_names(names: Iterable[str], definitions: Definitions, known: list[str]) -> None:
    for name in names:
        if name in known:
            continue
        if name in definitions.processes:
            raise SvclightError(
                f"the process {quoted_text(name)} is a heading without a log; expected one of {quoted_list(known)}"
            )
        raise SvclightError(
            Issue(
                f"a log was given for the unknown process {quoted_text(name)}",
                expected=f"one of {quoted_list(dict.fromkeys(known))}",
                hint=did_you_mean(name, known),
            )
        )


def _check_joins(joined: Mapping[tuple[str, str], Any], definitions: Definitions) -> None:
    issues = [
        definitions.issue(
            ("processes", process, "log", "join", name),
            f"the joined log {quoted_text(name)} was not given",
            expected=f"a log under the name {quoted_text(name)} beside that of {quoted_text(process)}",
            hint=f"on the command line: --log {name}=FILE",
        )
        for (process, name), source in joined.items()
        if source is None
    ]
    if issues:
        raise SvclightError(issues)


def read_log(
    process_id: str,
    sources: Sources,
    definitions: Definitions,
    *,
    people: Mapping[str, str] | None = None,
    given: int | None = None,
    progress: Callable[[int, int], None] | None = None,
) -> Log:
    """Reads the log of a process, and those that it joins; messages name the key that needs a column."""
    process, spec = definitions.processes[process_id], _log(definitions, process_id)
    joined = {}
    for (owner, name), source in sources.joined.items():
        if owner == process_id:
            read = joined_spec(process_id, name, definitions).read
            raw = _raw(source, joined_columns(process, name), process_id, read, progress)
            joined[name] = (joined_log(process_id, name, definitions, raw), partners)
    raw = _raw(sources.logs[process_id], raw_columns(process), process_id, spec.read, progress)
    log = Log.of(process_id, definitions, raw, joined=joined, people=people, given=given)
    for one in (raw, *(other.raw for other, _ in joined.values())):
        if one.engine:
            log.notices[leaving_notice(len(one.frame), one.engine, sources.why.get(process_id, ""))] = None
        log.notices.update(dict.fromkeys(filter(None, map(blind_notice, one.files))))
    return accepted_events(log) if of_events(log) else log


def _raw(source: Source, needed: Mapping[str, Any], process_id: str, read: Read, progress: Any) -> Raw:
    return read_source(source, list(needed), read, where=where_of(process_id, needed), progress=progress)


def where_of(process_id: str, needed: Mapping[str, Any]) -> dict[str, str]:
    """The key of the definition that needs a column, for each column, so that messages can name it."""
    return {name: ".".join(map(str, ("processes", process_id, *path))) for name, path in needed.items()}


def people_of(customers: Any) -> dict[str, str]:
    """The person behind each id, from a table with the columns `id` and `person` (a frame or a file).

    Raises:
        LogError: The table cannot be read, or an id belongs to two persons.
    """
    if customers is None:
        return {}
    where = dict.fromkeys(("id", "person"), "the table of customers")
    raw = read_source(source_of(customers), ["id", "person"], Read(), where=where)
    ids, persons = (texts_of(raw.frame[name]) for name in ("id", "person"))
    found: dict[str, str] = {}
    first: dict[str, int] = {}
    issues = []
    for row, (one, person) in enumerate(zip(ids.codes, persons.codes, strict=True)):
        if one < 0 or person < 0:
            continue
        name, who = str(ids.words[one]), str(persons.words[person])
        if found.setdefault(name, who) != who:
            shown = f"{quoted_text(found[name])} and {quoted_text(who)}{raw.places(first[name], row)}"
            issues.append(Issue(f"the id {quoted_text(name)} belongs to two persons", found=shown, expected="one"))
        first.setdefault(name, row)
    if issues:
        raise LogError(issues)
    return found


def rejected_of(log: Log) -> list[Any]:
    """The rejected lines of a log and of those that it joins."""
    return [line for one in (log, *(other for other, _ in log.joined.values())) for line in one.raw.rejected]
