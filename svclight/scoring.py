"""From logs and definitions to a `Scorecard`: every accepted row in exactly one state of every criterion, counted.

In: logs (pandas frames or files), definitions, what to split by. Out: a `Scorecard`. Here the call is checked, logs are
read, the moment from which they are seen is settled, and the tables are put together; `counting` does the counting.
"""

from __future__ import annotations

import warnings
from importlib.metadata import PackageNotFoundError, version
from typing import TYPE_CHECKING, Any

import pandas as pd

from svclight import asof, clocks
from svclight.cards import not_scored
from svclight.cases import Cases, of_events
from svclight.counting import Counted
from svclight.counts import tables_of
from svclight.errors import Issue, LogError, SvclightError, SvclightNotice, guess, listed, quoted
from svclight.plans import Plan
from svclight.processes import Definitions, load
from svclight.reading import Sources, people_of, read_log, rejected_of, sources_of
from svclight.scenarios import course
from svclight.scorecard import LogProvenance, Provenance, Scorecard
from svclight.tables import KEYS, build

if TYPE_CHECKING:
    import datetime as dt
    from collections.abc import Callable, Iterable, Mapping, Sequence
    from pathlib import Path

    from svclight.logs import Log
    from svclight.wanted import Wanted


def score(  # noqa: PLR0913 - each is a question that a caller may answer, all but two by keyword
    logs: Any,
    definitions: Definitions | str | Path,
    *,
    by: str | Iterable[str] = (),
    period: str = "month",
    as_of: str | dt.date | dt.datetime | None = None,
    matured: bool = False,
    customers: Any = None,
    max_rejected: int | None = None,
    progress: Callable[[int, int], None] | None = None,
) -> Scorecard:
    """Puts every interaction of the logs into one state per criterion, and counts.

    Args:
        logs: A log for each process id, and for each name that a log joins: a pandas frame, a path (or glob, or list of
            paths). With one process that has a log, the log alone.
        definitions: What `load` gave, or the path of a definition.
        by: Segments by which to split.
        period: day, week, month, quarter or year.
        as_of: The moment from which the logs are seen; the newest time in them unless given. Text is ISO 8601.
        matured: Rows that can still turn are pending, whatever they are now, so that fast ones do not flatter.
        customers: Who stands behind the ids of customers: a table (frame or file) with the columns `id` and `person`.
        max_rejected: The most rejected lines that are bearable, over all logs.
        progress: Called with the bytes read and the bytes there are, while files are read.

    Returns:
        The `Scorecard`.

    Raises:
        DefinitionError: A definition is wrong.
        LogError: A log cannot be read as its definition says.
        SvclightError: The call is wrong: no log, an unknown process, segment or period.
    """
    definitions = definitions if isinstance(definitions, Definitions) else load(definitions)
    segments = (by,) if isinstance(by, str) else tuple(by)
    if period not in clocks.PERIODS:
        raise SvclightError(
            Issue(
                "unknown period",
                found=quoted(period),
                expected=listed(clocks.PERIODS),
                hint=guess(period, clocks.PERIODS),
            )
        )
    given = None if as_of is None else _as_of(as_of, definitions)
    sources = sources_of(logs, definitions)
    _check_segments(segments, sources.logs, definitions)
    people = people_of(customers)
    read = [read_log(name, sources, definitions, people=people, progress=progress) for name in sources.logs]
    _check_rejected(read, max_rejected)
    moment, warning = asof.settle(read, given)
    options: dict[str, Any] = {"given_as_of": given is not None, "matured": matured}
    plans = [_plan(log, moment, segments, period, options) for log in read]
    counted = [Counted.of(plan) for plan in plans]
    notices = _notices(sources, definitions, [warning, *(notice for log in read for notice in log.notices)])
    provenance = _provenance(definitions, read, plans, notices)
    kept = _kept(sources, read)

    def way_back(wanted: Wanted) -> list[Plan]:
        names = [name for name in kept.logs if wanted.process in (None, name)]
        again = [read_log(name, kept, definitions, people=people) for name in names]
        return [_plan(log, moment, segments, period, options) for log in again]

    return _card(definitions, counted, provenance, way_back)


def _plan(log: Log, moment: int | None, segments: tuple[str, ...], period: str, options: Mapping[str, Any]) -> Plan:
    """How a log is judged as it stood at a moment; events are put together to cases."""
    seen = log.at(moment)
    return Plan.of(Cases.put_together(seen) if of_events(seen) else seen, segments, period, **options)


def _kept(sources: Sources, read: list[Log]) -> Sources:
    """The way back to the logs: their paths, or the needed columns of a frame as they were (no copy of their data)."""
    logs = {log.process_id: sources.logs[log.process_id] if log.raw.files else log.raw.frame for log in read}
    joined = {
        (log.process_id, name): sources.joined[log.process_id, name] if other.raw.files else other.raw.frame
        for log in read
        for name, (other, _) in log.joined.items()
    }
    return Sources(logs, joined)


def _as_of(as_of: Any, definitions: Definitions) -> int:
    try:
        return clocks.read_as_of(as_of, definitions.document.time_zone)
    except (ValueError, TypeError, AttributeError):
        raise SvclightError(
            Issue("as_of is no time", found=quoted(as_of), expected="ISO 8601 such as 2026-03-31 or 2026-03-31T12:00")
        ) from None


def _check_segments(segments: Sequence[str], sources: Iterable[str], definitions: Definitions) -> None:
    for name in segments:
        for process_id in sources:
            log = definitions.processes[process_id].log
            offered = (log and log.segments) or ()
            if name not in offered:
                raise SvclightError(
                    Issue(
                        f"{quoted(process_id)} has no segment {quoted(name)}",
                        expected=f"one of {listed(offered)}" if offered else "a log with `segments`",
                        hint=guess(name, offered),
                    )
                )
    if len(set(segments)) < len(segments):
        raise SvclightError(f"a segment is named twice: {listed(segments)}")


def _check_rejected(logs: list[Log], most: int | None) -> None:
    rejected = [line for log in logs for line in rejected_of(log)]
    if most is None or len(rejected) <= most:
        return
    shown = [Issue(f"rejected: {one.reason}", one.file, one.line, found=quoted(one.text)) for one in rejected[:10]]
    raise LogError([Issue(f"{len(rejected):,} lines were rejected, at most {most:,} are bearable"), *shown])


def _notices(sources: Sources, definitions: Definitions, more: Iterable[str]) -> tuple[str, ...]:
    """What is worth saying: kept in the provenance, and given as Python warnings."""
    without = [
        name for name, process in definitions.processes.items() if process.log is not None and name not in sources.logs
    ]
    notices = [not_scored(name) for name in without]
    notices += [f"the log {quoted(name)} is not used: what joins it was given no log" for name in sources.unused]
    notices += [notice for notice in dict.fromkeys(more) if notice]
    for notice in notices:
        warnings.warn(notice, SvclightNotice, stacklevel=3)
    return tuple(notices)


def _card(
    definitions: Definitions, counted: list[Counted], provenance: Provenance, way_back: Callable[[Wanted], list[Plan]]
) -> Scorecard:
    tables = [tables_of(one.tallied()) for one in counted]
    by = provenance.by
    empty = {
        "counts": [*KEYS, *by, "zone", "count"],
        "reasons": [*KEYS, *by, "zone", "reason", "count"],
        "values": [*KEYS, "zone", "bin", "count"],
        "periods": [*KEYS, "partial", "immature", "as_of"],
        "responses": [*KEYS, *by, "asked", "answered"],
    }
    joined = {}
    for name, columns in empty.items():
        joined[name] = build([part for table in tables for part in table[name]], columns, definitions, by)
    rejected = pd.DataFrame(
        [(one.file, one.line, one.reason, one.text) for made in counted for one in rejected_of(made.log)],
        columns=["file", "line", "reason", "text"],
    )
    courses = [course(one.log) for one in counted]
    steps = pd.concat(courses, ignore_index=True) if courses else course(None)
    return Scorecard(
        **joined, steps=steps, rejected=rejected, definitions=definitions, provenance=provenance, way_back=way_back
    )


def _provenance(definitions: Definitions, read: list[Log], plans: list[Plan], notices: tuple[str, ...]) -> Provenance:
    document, first = definitions.document, plans[0]
    as_of = first.log.as_of
    return Provenance(
        title=document.title or "",
        version=document.version or "",
        definition=definitions.hash,
        time_zone=document.time_zone,
        period=first.kind,
        by=first.segments,
        as_of="" if as_of is None else clocks.show_instant(as_of, document.time_zone),
        as_of_given=first.given_as_of,
        logs=tuple(_of_log(log, plan.log) for log, plan in zip(read, plans, strict=True)),
        notices=notices,
        svclight=_version(),
        matured=first.matured,
    )


def _of_log(log: Log, judged: Log) -> LogProvenance:
    interactions = len(judged) if judged.weights is None else int(judged.weights.sum())
    files = [log.raw.files, *(other.raw.files for other, _ in log.joined.values())]
    return LogProvenance(
        log.process_id,
        tuple(name for names in files for name in names),
        len(log),
        interactions,
        len(rejected_of(log)),
    )


def _version() -> str:
    try:
        return version("svclight")
    except PackageNotFoundError:  # run from a checkout that is not installed
        return ""
