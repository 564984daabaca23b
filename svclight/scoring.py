"""From logs and definitions to a `Scorecard`: every accepted row in exactly one state of every criterion, counted.

In: logs (pandas frames, files, tables of engines), definitions, segments. Out: a `Scorecard`. It is the front door of
counting: here the call is checked, logs are opened, the moment from which they are seen is settled, and the tables of
the card are put together. Judging and counting is the work of `judging` and `in_engine`.
"""

from __future__ import annotations

import warnings
from dataclasses import replace
from functools import cache, partial
from typing import TYPE_CHECKING, Any, Final

import pandas as pd

from svclight.card.card_tables import LATE
from svclight.card.merging import not_scored
from svclight.counts.count_tables import TABLES, largest_totals, tables_of
from svclight.counts.log_notices import bearable_share, check_unread, joins_table, quoting_notices, unread_table
from svclight.counts.log_reach import ends_in_words
from svclight.counts.provenance import Provenance
from svclight.counts.sums_below_zero import check_sums
from svclight.counts.tidy_tables import build, columns_of
from svclight.dialects.frames import interrupts_told, turn_of
from svclight.errors import (
    Issue,
    LogError,
    SvclightNotice,
    UnableError,
    check_kind,
    quoted_list,
    quoted_text,
    texts_of,
)
from svclight.judging.contract import Call, Scored, Settled
from svclight.judging.pandas_log import InPandas
from svclight.logs.as_of import as_of_instant, warning
from svclight.logs.logs_of_call import Sources, people_of, sources_of
from svclight.processes import Definitions, check_segments, load
from svclight.scorecard import Scorecard
from svclight.values import clocks

if TYPE_CHECKING:
    import datetime as dt
    from collections.abc import Callable, Iterable, Sequence
    from fractions import Fraction
    from pathlib import Path

    from svclight.counts.count_tables import Tallied
    from svclight.errors import Notice
    from svclight.in_engine.run import InEngine
    from svclight.judging.contract import Wanted
    from svclight.judging.judge import Judge


LARGE: Final = 8 * 2**20
"""Files of so many bytes are counted as DuckDB reads them, part by part; smaller ones are read whole: it is faster."""


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
    max_unread: float | str | None = None,
    summary: bool = False,
    progress: Callable[[int, int], None] | None = None,
) -> Scorecard:
    """Puts every interaction of the logs into one state per criterion, and counts.

    Args:
        logs: A log for each process id, and for each name that a log joins: a pandas frame; what stays in an engine (a
            Polars frame, a DuckDB relation, a Spark frame, an ibis table); a path (or glob, or list of paths); the
            address of a table of PostgreSQL. With one process that has a log, the log alone.
        definitions: What `load` gave, or the path of a definition.
        by: Segments by which to split, each where a process offers it; in the rows of others its column is null.
        period: day, week, month, quarter or year.
        as_of: The moment from which the logs are seen; the newest time in them unless given. Text is ISO 8601.
        matured: Rows that can still turn are pending, whatever they are now, so that fast ones do not flatter.
        customers: Who stands behind the ids of customers: a table (frame or file) with the columns `id` and `person`.
        max_rejected: The most rejected lines that are bearable, over all logs.
        max_unread: The share of a field's cells that may be unread, such as 0.02 or "2 %"; as the definition says (1 %)
            unless given.
        summary: Means, medians and sums are counted in the same pass, for a report or `card.summary()` that follows;
            unless given in a second pass, when they are first asked for, as engines always do.
        progress: Called with the bytes read and the bytes there are, while files are read.

    Returns:
        The `Scorecard`.

    Raises:
        DefinitionError: A definition is wrong.
        LogError: A log cannot be read as its definition says.
        SvclightError: The call is wrong: no log, an unknown process, segment or period.

    Examples:
        >>> import pandas as pd
        >>> import svclight
        >>> definitions = svclight.loads('''
        ... svclight: 1
        ... time_zone: UTC
        ... processes:
        ...   hotline:
        ...     title: Hotline
        ...     log: {time: called, segments: [team], fields: {waited: {number: waited, unit: s}}}
        ...     criteria:
        ...       wait: {measure: {value: waited}, green: "<= 30 s", yellow: "<= 60 s"}
        ... ''')
        >>> calls = pd.DataFrame({"called": ["2026-03-02 09:00", "2026-03-02 09:05", "2026-03-09 14:30"],
        ...                       "waited": [30, 45, 8], "team": ["a", "b", "a"]})
        >>> card = svclight.score(calls, definitions, by="team")
        >>> counts = card.counts
        >>> counts.loc[counts["count"] > 0, ["criterion", "period", "team", "zone", "count"]].values.tolist()
        [['wait', '2026-03', 'a', 'green', 2], ['wait', '2026-03', 'b', 'yellow', 1]]
    """
    definitions = definitions if isinstance(definitions, Definitions) else load(definitions)
    segments = texts_of(by, "by of svclight.score")
    if max_rejected is not None:
        check_kind(max_rejected, int, "max_rejected of svclight.score", "a whole number")
    check_kind(period, str, "period of svclight.score", f"one of {quoted_list(clocks.PERIODS)}")
    clocks.check_kind_of_period(period)
    given = None if as_of is None else as_of_instant(as_of, definitions.document.time_zone)
    sources = sources_of(logs, definitions)
    check_segments(definitions, segments)
    people = people_of(customers)
    seen = Call(definitions, segments, period, matured=matured, as_of=given, people=people)
    call = replace(seen, summary=summary, progress=progress)
    bearable = None if max_unread is None else bearable_share(max_unread)
    with turn_of(*sources.tables()), interrupts_told():
        read = [_open_log(name, sources, call.of_process(name)) for name in sources.logs]
        settled = _settle_as_of(read, call, bearable)
        scored = [_checked_totals(log.score_at(settled), definitions) for log in read]
        far_ahead = _warning(read, settled, definitions)
    _check_rejected(scored, max_rejected)
    check_unread([field for one in scored for field in one.unread], definitions, bearable)
    said = [far_ahead, *(notice for one in scored for notice in one.notices)]
    said += _without_segment(segments, sources, definitions)
    quoting: list[Notice] = []
    for one in scored:
        quoting += [*one.told, *quoting_notices(one.unread, one.joins, one.tallied, definitions)]
    # of a few rows that are tried out it is true as well: the card says it, no warning does
    quiet = tuple(filter(None, (_stopped(one.tallied) for one in scored)))
    provenance = _provenance(call, scored, settled, (*_notices(sources, definitions, said, quoting), *quiet))
    return _card(definitions, scored, provenance)


def _open_log(name: str, sources: Sources, call: Call) -> InPandas | InEngine:
    """Opens the log of a process in its engine, or in pandas if the engine cannot judge it."""
    source = sources.logs[name]
    if source.table is None and source.size < LARGE:
        return InPandas.of(name, sources, call)
    from svclight.in_engine.run import in_engine  # noqa: PLC0415 - only where a log stays in an engine

    try:
        return in_engine(name, source, call)
    except UnableError as error:
        why = {} if source.table is None else {name: str(error)}  # files leave no engine: nobody waits to hear why
        return InPandas.of(name, replace(sources, why=why), call)


def _settle_as_of(logs: Sequence[InPandas | InEngine], call: Call, bearable: Fraction | None) -> Settled:
    """Settles the moment from which the logs are seen: the given one, or the newest time in all of them.

    Raises:
        LogError: It cannot be told from the logs, and results depend on it.
    """
    if call.as_of is not None:
        return Settled(call.as_of, given=True)
    newest = max((time for time in (log.newest() for log in logs) if time is not None), default=None)
    if newest is None and any(log.needs_as_of() for log in logs):
        check_unread([field for log in logs for field in log.unread()], call.definitions, bearable)
        raise LogError(
            "there is no time in the logs from which to see them: give as_of, the moment at which they were taken"
        )
    return Settled(newest, given=False)


def _warning(logs: Sequence[InPandas | InEngine], settled: Settled, definitions: Definitions) -> str:
    """The warning about a newest time that lies far after all others; empty if `as_of` was given."""
    if settled.given or settled.as_of is None:
        return ""
    newest = settled.as_of
    others = [time for time in (log.second_newest(newest) for log in logs) if time is not None]
    return warning(newest, max(others), definitions.document.time_zone) if others else ""


def _without_segment(segments: Iterable[str], sources: Sources, definitions: Definitions) -> list[str]:
    """The notices of segments that none of the logs offers, though another process does."""
    offered = definitions.segments_of(*sources.logs)
    return [
        f"no log that was given has the segment {quoted_text(name)}, so its column is empty; "
        f"they have {quoted_list(offered) or 'none'}"
        for name in segments
        if name not in offered
    ]


def _stopped(tallied: Tallied) -> str:
    """What is said where a log ends so long before its newest period that is over that it may have stopped."""
    reach = tallied.reach
    if reach.last is None or reach.as_of is None or not reach.stopped():
        return ""
    newest = clocks.day_of(clocks.day_at(reach.as_of - 1, reach.zone)).year
    return f"{tallied.process_id}: {ends_in_words(clocks.day_of(reach.last), year=newest)}"


def _checked_totals(scored: Scored, definitions: Definitions) -> Scored:
    """The same; of a log of totals with the interactions that its rows count.

    Raises:
        LogError: What is counted of a period and segment is below 0.
    """
    provenance = scored.provenance
    if definitions.processes[provenance.process].log.rows != "totals":  # type: ignore[union-attr]  # it was scored
        return scored
    check_sums(scored.tallied, definitions)
    return replace(scored, provenance=replace(provenance, interactions=largest_totals(scored.tallied)))


def _check_rejected(scored: Sequence[Scored], most: int | None) -> None:
    rejected = [line for one in scored for line in one.rejected]
    if most is None or len(rejected) <= most:
        return
    shown = [Issue(f"rejected: {one.reason}", one.file, one.line, found=quoted_text(one.text)) for one in rejected[:10]]
    raise LogError([Issue(f"{len(rejected):,} lines were rejected, at most {most:,} are bearable"), *shown])


def _notices(
    sources: Sources, definitions: Definitions, more: Iterable[str], quoting: Sequence[Notice]
) -> tuple[str, ...]:
    """Gives the notices of a call as Python warnings, and hands them on to the provenance without cells."""
    without = [
        name for name, process in definitions.processes.items() if process.log is not None and name not in sources.logs
    ]
    notices = [not_scored(name) for name in without]
    notices += [f"the log {quoted_text(name)} is not used: what joins it was given no log" for name in sources.unused]
    notices += [notice for notice in dict.fromkeys(more) if notice]
    for notice in [*map(SvclightNotice, notices), *(SvclightNotice(one.text, one.kept) for one in quoting)]:
        warnings.warn(notice, stacklevel=3)
    return (*notices, *(notice.kept for notice in quoting))


def _card(definitions: Definitions, scored: Sequence[Scored], provenance: Provenance) -> Scorecard:
    by = provenance.by
    now = [name for name in TABLES if name not in LATE]
    tables = [tables_of(one.tallied, [*now, "values"]) for one in scored]

    def join_parts(name: str, parts: Iterable[Any]) -> pd.DataFrame:
        return build(list(parts), columns_of(name, by), definitions, by)

    # what is kept here lives as long as the card: no log
    backs = [(one.tallied.process_id, one.back) for one in scored]
    courses = [one.steps for one in scored]
    steps = partial(_joined_steps, courses)

    def way_back(wanted: Wanted) -> list[Judge]:
        return [back(wanted) for process_id, back in backs if wanted.process in (None, process_id)]

    return Scorecard(
        **{name: join_parts(name, (part for table in tables for part in table[name])) for name in now},
        **_late_tables(scored, [table["values"] for table in tables], join_parts),
        steps=steps if any(map(callable, courses)) else steps(),
        rejected=_rejected_table(scored),
        unread=unread_table([field for one in scored for field in one.unread]),
        joins=joins_table([join for one in scored for join in one.joins]),
        definitions=definitions,
        provenance=provenance,
        way_back=way_back,
    )


def _late_tables(
    scored: Sequence[Scored], now: Sequence[list[Any]], join_parts: Callable[[str, Iterable[Any]], pd.DataFrame]
) -> dict[str, Any]:
    """The tables that a card makes when they are first asked for; `now` are the values that are known already."""
    bins = list(zip(now, (one.late for one in scored), strict=True))
    sums = [one.amounts for one in scored]

    def values() -> pd.DataFrame:
        late = [parts if make is None else tables_of(make(), ["values"])["values"] for parts, make in bins]
        return join_parts("values", (part for parts in late for part in parts))

    @cache  # one pass over the logs makes both tables
    def amounts() -> dict[str, pd.DataFrame]:
        names = ("bins", "sums")
        late = [tables_of(one(), names) for one in sums]
        return {name: join_parts(name, (part for table in late for part in table[name])) for name in names}

    return {
        "values": values if any(one.late is not None for one in scored) else values(),
        "bins": lambda: amounts()["bins"],
        "sums": lambda: amounts()["sums"],
    }


def _rejected_table(scored: Iterable[Scored]) -> pd.DataFrame:
    """The lines that were no interactions."""
    rows = [(line.file, line.line, line.reason, line.text) for one in scored for line in one.rejected]
    return pd.DataFrame(rows, columns=["file", "line", "reason", "text"])


def _joined_steps(courses: Iterable[pd.DataFrame | Callable[[], pd.DataFrame]]) -> pd.DataFrame:
    """The usual courses of all processes; some are made when they are asked for."""
    return pd.concat([one() if callable(one) else one for one in courses], ignore_index=True)


def _provenance(call: Call, scored: Sequence[Scored], settled: Settled, notices: tuple[str, ...]) -> Provenance:
    zone = call.definitions.document.time_zone
    return Provenance.of(
        call.definitions,
        period=call.kind,
        by=call.segments,
        logs=tuple(one.provenance for one in scored),
        notices=notices,
        as_of="" if settled.as_of is None else clocks.show_instant(settled.as_of, zone),
        as_of_given=settled.given,
        matured=call.matured,
    )
