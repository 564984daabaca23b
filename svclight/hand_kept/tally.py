"""Hand-kept tables -> a `Scorecard`: numbers that people counted, by month, process, criterion and zone.

In: a pandas frame or files, wide (a column for each zone) or long (`zone`, `count`), and definitions. Out: a card like
one that `score` counts, so that it can be shown, checked, saved and added to a counted one. It has no reasons, no
values and no single interactions. Everything that is wrong with a table is said at once, with its places.
"""

from __future__ import annotations

import warnings
from collections import defaultdict
from typing import TYPE_CHECKING, Any

import numpy as np
import pandas as pd

from svclight.counts.log_reach import RUNNING
from svclight.counts.provenance import LogProvenance, Provenance
from svclight.counts.tidy_tables import KEYS, Words, build, columns_of
from svclight.errors import (
    Issue,
    LogError,
    SvclightNotice,
    quoted_text,
    texts_of,
)
from svclight.hand_kept.rows import read_rows, repeated_counts, unused_notices
from svclight.hand_kept.tables import read_tables
from svclight.logs.as_of import as_of_instant
from svclight.logs.usual_course import course
from svclight.processes import Definitions, check_segments, load
from svclight.scorecard import Scorecard
from svclight.thresholds import STATES
from svclight.values import clocks

if TYPE_CHECKING:
    import datetime as dt
    from collections.abc import Collection, Iterable, Iterator, Sequence
    from pathlib import Path

    from numpy.typing import NDArray

    from svclight.hand_kept.rows import Key, Row
    from svclight.hand_kept.tables import HandTable


def tally(
    table: Any,
    definitions: Definitions | str | Path,
    *,
    by: str | Iterable[str] = (),
    period: str = "month",
    as_of: str | dt.date | dt.datetime | None = None,
) -> Scorecard:
    """Reads hand-kept numbers into a card.

    Columns, in any capitals: `month` or `period` (2026-03, 2026-Q1, 2026-W09, 2026-03-14, 2026, or a date: the period
    that holds it), `process` and `criterion` (ids or titles), then either `green`, `yellow`, `red` and, where they are
    kept, `pending`, `missing`, `not_applicable`, `excluded`; or `zone` and `count`. Segments of the definition may have
    columns; what begins with comment, remark, note or # is not used. The names may be Russian: `Месяц`, `Процесс`,
    `Критерий`, `Зелёная`, `Жёлтая`, `Красная`, `Зона`, `Количество` and so on. Counts are whole numbers; an empty cell
    is 0 where the row has another count, and a row without any is passed over.

    Args:
        table: A pandas frame, a path (delimited text, Excel, OpenDocument: the first sheet), or a list of paths.
        definitions: What `load` gave, or the path of a definition.
        by: Segments by which to split; segment columns that are not named are added up.
        period: day, week, month, quarter or year.
        as_of: The moment from which the table is seen: a period that is not over by then is partial. Unless given, all
            are over but the newest of the table, and a notice says so.

    Returns:
        The card: `counts` with all seven states; `reasons`, `rejected` and `values` without rows; in `periods` nothing
        is immature and `as_of` is -1. In `provenance`, `rows` are those of the table, and `interactions` is
        the sum over periods of the largest total that a criterion of the process has in them.

    Raises:
        DefinitionError: A definition is wrong.
        LogError: The table cannot be read; its `issues` hold every problem.
        SvclightError: The call is wrong: an unknown segment or period.

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
        ...       wait: {measure: {value: waited}, green: "<= 30 s", targets: {green: ">= 80 %"}}
        ... ''')
        >>> table = pd.DataFrame({"month": ["2026-03"], "process": "hotline", "criterion": "wait",
        ...                       "green": 900, "yellow": 60, "red": 40})
        >>> card = svclight.tally(table, definitions, as_of="2026-05-01")
        >>> print(card.counts[["period", "zone", "count"]].head(3).to_string(index=False))
         period   zone  count
        2026-03  green    900
        2026-03 yellow     60
        2026-03    red     40
    """
    definitions = definitions if isinstance(definitions, Definitions) else load(definitions)
    segments = texts_of(by, "by of svclight.tally")
    check_segments(definitions, segments)
    clocks.check_kind_of_period(period)
    seen = None if as_of is None else as_of_instant(as_of, definitions.document.time_zone)
    tables = read_tables(table, definitions.segments_of())
    issues = [issue for each in tables for issue in each.rejected]
    read = [read_rows(each, definitions, by=segments, period=period) for each in tables]
    rows = [row for found, _ in read for row in found]
    issues += [issue for each in tables for issue in _without_column(each, rows, segments, definitions)]
    issues += [issue for _, wrong in read for issue in wrong]
    issues += repeated_counts(rows)
    if issues:
        raise LogError(issues)
    running = _running_periods(rows, seen, definitions.document.time_zone)
    notices = tuple(notice for each in tables for notice in unused_notices(each, segments))
    notices += tuple(_taken_as_running(one) for one in running if seen is None)
    for notice in notices:  # after all problems: where the table is refused, they are no news
        warnings.warn(notice, SvclightNotice, stacklevel=2)
    logs = tuple(_log_provenance(rows, tables, definitions))
    moment = "" if seen is None else clocks.show_instant(seen, definitions.document.time_zone)
    provenance = Provenance.of(
        definitions, by=segments, period=period, notices=notices, logs=logs, as_of=moment, as_of_given=seen is not None
    )
    return _build_card(rows, running, definitions, provenance)


def _running_periods(rows: Iterable[Row], as_of: int | None, zone: str) -> set[str]:
    """The periods that are not over at a moment; without one the newest."""
    labels = {row.key[2] for row in rows}
    if as_of is None:
        return {max(labels)} if labels else set()
    return {label for label in labels if clocks.midnight(_end_of(label), zone) > as_of}


def _end_of(label: str) -> dt.date:
    """The first day after a written period."""
    kind, number = clocks.period_number(label)  # type: ignore[misc]  # it was read as one
    return clocks.period_end(number, kind)


def _taken_as_running(label: str) -> str:
    """The notice of the newest period where no moment was given."""
    return (
        f"{label}, the newest period of the table, is taken as not over, as no as_of was given: "
        f"as_of {_end_of(label)} (--as-of {_end_of(label)}) says that it is"
    )


def _without_column(
    table: HandTable, rows: Iterable[Row], segments: Iterable[str], definitions: Definitions
) -> Iterator[Issue]:
    """Segments by which the call splits and that a process of the table offers, but that have no column there."""
    processes = dict.fromkeys(row.key[0] for row in rows if row.table is table)
    offered = definitions.segments_of(*processes) if processes else ()
    for name in segments:
        if name in offered and name not in table.columns:
            hint = "the call splits by it: give it a column; an empty cell is a missing segment"
            yield Issue(f"the table has no column {quoted_text(name)}", table.name, hint=hint)


def _sum_counts(rows: Iterable[Row]) -> dict[Key, NDArray[np.int64]]:
    """Counts of the seven states by key."""
    sums: dict[Any, Any] = defaultdict(lambda: np.zeros(len(STATES), dtype=np.int64))
    for row in rows:
        for state, count in row.counts.items():
            sums[row.key][STATES.index(state)] += count
    return sums


def _build_card(
    rows: list[Row], running: Collection[str], definitions: Definitions, provenance: Provenance
) -> Scorecard:
    """The card of rows that have no issue; periods that are `running` are partial."""
    by = provenance.by
    sums = _sum_counts(rows)
    places = list(dict.fromkeys(key[:3] for key in sums))
    zones = np.arange(len(STATES))
    keys = [(*key[:3], *key[3]) for key in sums]
    counts: dict[str, Any] = {
        name: _words_of(np.repeat(column, len(STATES))) for name, column in _key_columns(keys, by)
    }
    counts |= {"zone": Words(np.tile(zones, len(sums)), STATES), "count": np.concatenate([*sums.values(), zones[:0]])}
    periods: dict[str, Any] = {name: _words_of(column) for name, column in _key_columns(places, ())}
    is_running = [place[2] in running for place in places]
    periods["partial"] = np.array(is_running, dtype=bool)
    periods["immature"] = np.zeros(len(places), dtype=bool)
    for number, nothing in (("as_of", -1), ("pending", 0), ("certain", -1)):
        periods[number] = np.full(len(places), nothing, dtype=np.int64)
    for text in ("begins", "ends"):
        periods[text] = np.full(len(places), "", dtype=object)
    periods["why"] = np.array([RUNNING if one else "" for one in is_running], dtype=object)
    return Scorecard(
        counts=build([counts], columns_of("counts", by), definitions, by),
        reasons=build([], columns_of("reasons", by), definitions, by),
        rejected=pd.DataFrame({name: pd.Series(dtype=object) for name in ("file", "line", "reason", "text")}),
        values=build([], columns_of("values", by), definitions, by),
        bins=build([], columns_of("bins", by), definitions, by),
        sums=build([], columns_of("sums", by), definitions, by),
        periods=build([periods], columns_of("periods", by), definitions, by),
        responses=build([], columns_of("responses", by), definitions, by),
        squares=build([], columns_of("squares", by), definitions, by),
        steps=course(None),
        definitions=definitions,
        provenance=provenance,
    )


def _key_columns(
    keys: Sequence[tuple[str | None, ...]], by: Sequence[str]
) -> Iterator[tuple[str, NDArray[np.object_]]]:
    names = (*KEYS, *by)
    for place, name in enumerate(names):
        yield name, np.array([key[place] for key in keys], dtype=object)


def _words_of(column: NDArray[np.object_]) -> Words:
    codes, words = pd.factorize(column)  # -1 for None
    return Words(codes, [str(word) for word in words])


def _log_provenance(rows: list[Row], tables: Sequence[HandTable], definitions: Definitions) -> Iterator[LogProvenance]:
    """The provenance of each process in the tables; without any counts, of each process that could have some."""
    totals: dict[tuple[str, str], dict[str, int]] = defaultdict(lambda: defaultdict(int))
    for row in rows:
        process, criterion, period, _ = row.key
        totals[process, period][criterion] += sum(row.counts.values())
    for process, definition in definitions.processes.items():
        mine = [row for row in rows if row.key[0] == process]
        if not definition.criteria or (rows and not mine):
            continue
        used = [row.table.file for row in mine] or [table.file for table in tables]
        files = tuple(file for file in dict.fromkeys(used) if file)
        most = sum(max(each.values()) for (name, _), each in totals.items() if name == process)
        yield LogProvenance(process, files, len(mine), most, 0, hand_kept=True)
