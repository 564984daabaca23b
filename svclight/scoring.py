"""From logs and definitions to a `Scorecard`: every accepted row in exactly one state of every criterion, counted.

In: logs (pandas frames or files), definitions, what to split by. Out: a `Scorecard`. Here the call is checked, logs are
read, the moment from which they are seen is settled, and the tables are put together; `counting` does the counting.
"""

from __future__ import annotations

import warnings
from collections.abc import Iterable, Iterator, Mapping
from importlib.metadata import PackageNotFoundError, version
from typing import TYPE_CHECKING, Any

import pandas as pd

from svclight import asof, clocks
from svclight.counting import Counted, tables_of
from svclight.drilldown import interactions
from svclight.errors import DefinitionError, Issue, LogError, SvclightError, SvclightNotice, guess, listed, quoted
from svclight.logs import Log, raw_columns
from svclight.measures import MEASURES
from svclight.processes import Definitions, load
from svclight.scorecard import LogProvenance, Provenance, Scorecard
from svclight.sources import read_source
from svclight.tables import KEYS, build

if TYPE_CHECKING:
    import datetime as dt
    from collections.abc import Callable, Sequence
    from pathlib import Path


def score(
    logs: Any,
    definitions: Definitions | str | Path,
    *,
    by: str | Iterable[str] = (),
    period: str = "month",
    as_of: str | dt.date | dt.datetime | None = None,
    max_rejected: int | None = None,
    progress: Callable[[int, int], None] | None = None,
) -> Scorecard:
    """Puts every interaction of the logs into one state per criterion, and counts.

    Args:
        logs: A log for each process id: a pandas frame, a path (or glob, or list of paths). With one process that has a
            log, the log alone.
        definitions: What `load` gave, or the path of a definition.
        by: Segments by which to split.
        period: day, week, month, quarter or year.
        as_of: The moment from which the logs are seen; the newest time in them unless given. Text is ISO 8601.
        max_rejected: The most rejected lines that are bearable, over all logs.
        progress: Called with the bytes read and the bytes there are, while files are read.

    Returns:
        The `Scorecard`.

    Raises:
        DefinitionError: A definition is wrong, or needs what this version does not compute.
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
    sources = {
        name: list(source) if isinstance(source, Iterator) else source  # drill-down reads it a second time
        for name, source in _sources(logs, definitions).items()
    }
    _check_supported(sources, definitions)
    _check_segments(segments, sources, definitions)
    read = [read_log(process_id, source, definitions, progress) for process_id, source in sources.items()]
    _check_rejected(read, max_rejected)
    moment, warning = asof.settle(read, given)
    seen = [log.at(moment) for log in read]
    notices = _notices(sources, definitions, warning)
    counted = [Counted.of(log, segments, period, given_as_of=given is not None) for log in seen]
    provenance = _provenance(definitions, seen, segments, period, notices, given=given is not None)
    kept = {log.process_id: _kept(sources[log.process_id], log) for log in seen}

    def way_back(*asked: Any, **filters: Any) -> pd.DataFrame:
        again = [read_log(name, source, definitions).at(moment) for name, source in kept.items()]
        return interactions(again, segments, period, *asked, **filters)

    return _card(definitions, counted, provenance, way_back)


def _kept(source: Any, log: Log) -> Any:
    """The way back to a log: its paths, or the needed columns of a frame as they were (no copy of their data)."""
    return source if log.raw.files else log.raw.frame


def _as_of(as_of: Any, definitions: Definitions) -> int:
    try:
        return clocks.read_as_of(as_of, definitions.document.time_zone)
    except (ValueError, TypeError, AttributeError):
        raise SvclightError(
            Issue("as_of is no time", found=quoted(as_of), expected="ISO 8601 such as 2026-03-31 or 2026-03-31T12:00")
        ) from None


def _sources(logs: Any, definitions: Definitions) -> dict[str, Any]:
    """The log of each process, in the order of the definition."""
    with_log = [name for name, process in definitions.processes.items() if process.log is not None]
    if not isinstance(logs, Mapping):
        if logs is None:
            raise SvclightError("no log was given")
        if len(with_log) != 1:
            raise SvclightError(f"which process is this the log of? give a mapping with one of {listed(with_log)}")
        return {with_log[0]: logs}
    if not logs:
        raise SvclightError(f"no log was given; expected one for at least one of {listed(with_log)}")
    for name in logs:
        if name not in definitions.processes:
            raise SvclightError(
                Issue(
                    f"a log was given for the unknown process {quoted(name)}",
                    expected=f"one of {listed(with_log)}",
                    hint=guess(name, with_log),
                )
            )
        if name not in with_log:
            raise SvclightError(
                f"the process {quoted(name)} is a heading without a log; expected one of {listed(with_log)}"
            )
    return {name: logs[name] for name in with_log if name in logs}


def _check_supported(sources: Mapping[str, Any], definitions: Definitions) -> None:
    """Raises where a process needs what is not computed yet, naming each criterion."""
    issues = []
    for process_id in sources:
        process = definitions.processes[process_id]
        here = ("processes", process_id)
        log = process.log
        if log is not None and log.rows == "events":
            issues.append(
                definitions.issue(
                    (*here, "log", "rows"),
                    "event logs are not computed yet",
                    hint="give logs with one row an interaction",
                )
            )
            continue
        if log is not None and log.join:
            issues.append(
                definitions.issue(
                    (*here, "log", "join"), "joins of logs are not computed yet", hint="join the logs before"
                )
            )
        for name, criterion in process.criteria.items():
            path = (*here, "criteria", name, "measure", criterion.measure.kind)
            if criterion.measure.kind not in (*MEASURES, "worst"):
                issues.append(
                    definitions.issue(
                        path,
                        f"the measure `{criterion.measure.kind}` is not computed yet",
                        hint=f"take the criterion {quoted(name)} out to score the others",
                    )
                )
            elif getattr(criterion.measure.spec, "calendar", None) is not None:
                issues.append(
                    definitions.issue(
                        (*path, "calendar"),
                        "working time is not computed yet",
                        hint=f"take `calendar` out of {quoted(name)} to measure elapsed time",
                    )
                )
    if issues:
        raise DefinitionError(issues)


def _check_segments(segments: Sequence[str], sources: Mapping[str, Any], definitions: Definitions) -> None:
    for name in segments:
        for process_id in sources:
            offered = _log_of(definitions, process_id).segments or ()
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


def _log_of(definitions: Definitions, process_id: str) -> Any:
    return definitions.processes[process_id].log


def read_log(process_id: str, source: Any, definitions: Definitions, progress: Any = None) -> Log:
    """Reads a log; messages say which process it belongs to."""
    process = definitions.processes[process_id]
    needed = raw_columns(process)
    where = {name: ".".join(map(str, ("processes", process_id, *path))) for name, path in needed.items()}
    raw = read_source(source, list(needed), _log_of(definitions, process_id).read, where=where, progress=progress)
    return Log.of(process_id, definitions, raw)


def _check_rejected(logs: list[Log], most: int | None) -> None:
    rejected = [line for log in logs for line in log.raw.rejected]
    if most is None or len(rejected) <= most:
        return
    shown = [Issue(f"rejected: {one.reason}", one.file, one.line, found=quoted(one.text)) for one in rejected[:10]]
    raise LogError([Issue(f"{len(rejected):,} lines were rejected, at most {most:,} are bearable"), *shown])


def _notices(sources: Mapping[str, Any], definitions: Definitions, warning: str) -> tuple[str, ...]:
    """What is worth saying: kept in the provenance, and given as Python warnings."""
    without = [
        name for name, process in definitions.processes.items() if process.log is not None and name not in sources
    ]
    notices = [f"{quoted(name)} is not scored: it was given no log" for name in without]
    notices += [warning] if warning else []
    for notice in notices:
        warnings.warn(notice, SvclightNotice, stacklevel=3)
    return tuple(notices)


def _card(
    definitions: Definitions, counted: list[Counted], provenance: Provenance, way_back: Callable[..., pd.DataFrame]
) -> Scorecard:
    tables = [tables_of(one) for one in counted]
    by = provenance.by
    empty = {
        "counts": [*KEYS, *by, "zone", "count"],
        "reasons": [*KEYS, *by, "zone", "reason", "count"],
        "values": [*KEYS, "zone", "bin", "count"],
        "periods": [*KEYS, "partial", "immature", "as_of"],
    }
    joined = {}
    for name, columns in empty.items():
        joined[name] = build([part for table in tables for part in table[name]], columns, definitions, by)
    rejected = pd.DataFrame(
        [(one.file, one.line, one.reason, one.text) for made in counted for one in made.log.raw.rejected],
        columns=["file", "line", "reason", "text"],
    )
    return Scorecard(**joined, rejected=rejected, definitions=definitions, provenance=provenance, way_back=way_back)


def _provenance(
    definitions: Definitions,
    logs: list[Log],
    by: tuple[str, ...],
    period: str,
    notices: tuple[str, ...],
    *,
    given: bool,
) -> Provenance:
    document = definitions.document
    as_of = logs[0].as_of if logs else None
    return Provenance(
        title=document.title or "",
        version=document.version or "",
        definition=definitions.hash,
        time_zone=document.time_zone,
        period=period,
        by=by,
        as_of="" if as_of is None else clocks.show_instant(as_of, document.time_zone),
        as_of_given=given,
        logs=tuple(
            LogProvenance(
                log.process_id,
                log.raw.files,
                len(log),
                len(log) if log.weights is None else int(log.weights.sum()),
                len(log.raw.rejected),
            )
            for log in logs
        ),
        notices=notices,
        svclight=_version(),
    )


def _version() -> str:
    try:
        return version("svclight")
    except PackageNotFoundError:  # run from a checkout that is not installed
        return ""
