"""The store: what was counted, month after month, in one file that remembers what was told when.

In: cards, one run at a time. Out: one card of all runs, or of those that had been told by some moment. Of a period that
several runs have counted the one counts that was seen last, as for `card.replace`; the others are kept.
"""

from __future__ import annotations

import datetime as dt
import re
import warnings
from pathlib import Path
from typing import TYPE_CHECKING, Final

from svclight.card.card_tables import check_card
from svclight.errors import SvclightNotice, check_kind, texts_of
from svclight.logs.as_of import as_of_instant
from svclight.store.run_rows import rows_of, run_of
from svclight.store.store_file import opened_store
from svclight.store.told_card import card_of_runs

if TYPE_CHECKING:
    from collections.abc import Iterable

    import pandas as pd

    from svclight.scorecard import Scorecard

__all__ = ["add_run", "card_of", "runs_of"]

_DAY: Final = re.compile(r"\s*\d{4}-\d\d-\d\d\s*")
_RUNS: Final = """
    SELECT run, as_of, runs.period, array_to_string(split_by, ', ') AS split_by, min(periods.period) AS first,
        max(periods.period) AS last, count(DISTINCT periods.process) AS processes, title, version, definition, svclight
    FROM runs LEFT JOIN periods USING (run) GROUP BY ALL ORDER BY run
"""


def add_run(card: Scorecard, path: str | Path) -> int:
    """Adds a card to a store as a run; the store is made where there is none. The same card is never there twice.

    The file is a DuckDB database, which can be asked by itself: `runs`, `periods`, `counts`, `summary`, `unread`,
    `checks`. It holds no row of a log, no id of a customer and no cell that could not be read. Who finds it in use
    waits; a kill in the middle leaves it as it was.

    Returns:
        The number of the run; that of the run that is there, where it has the same counts.

    Raises:
        SvclightError: The file is no store, it cannot be written, or it stays in use for a minute.

    Examples:
        >>> import pathlib
        >>> import tempfile
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
        ...                       "green": 900, "yellow": 0, "red": 100})
        >>> card = svclight.tally(table, definitions, as_of="2026-04-01")
        >>> with tempfile.TemporaryDirectory() as folder:
        ...     svclight.store.add_run(card, pathlib.Path(folder, "service.duckdb"))
        1
    """
    check_card(card, "svclight.store.add_run")
    with opened_store(_path_of(path, "add_run"), writes=True) as store:
        return store.add_run(run_of(card), rows_of(card))[0]


def card_of(
    path: str | Path,
    *,
    as_told: str | dt.date | dt.datetime | None = None,
    by: str | Iterable[str] | None = None,
    period: str | None = None,
) -> Scorecard:
    """One card of the runs of a store: of each period the run that was seen last.

    Args:
        path: The store.
        as_told: Only runs that had been told by then, as their `as_of` says: a moment, or a day, which counts whole.
            Text is ISO 8601.
        by: Segments to keep, some of those of the runs; those of the newest run unless given.
        period: The kind of period; that of the newest run unless given.

    Returns:
        The card. What it tells of whole logs (rejected lines, unread cells, joins) is that of all runs of which some
        period counts. It has no way back to logs.

    Raises:
        SvclightError: There is no such store, it has no such run, or it cannot be read.

    Examples:
        >>> import pathlib
        >>> import tempfile
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
        ...                       "green": 900, "yellow": 0, "red": 100})
        >>> with tempfile.TemporaryDirectory() as folder:
        ...     path = pathlib.Path(folder, "service.duckdb")
        ...     for green, seen in ((900, "2026-04-01"), (920, "2026-04-08")):  # twenty calls came late
        ...         card = svclight.tally(table.assign(green=green), definitions, as_of=seen)
        ...         run = svclight.store.add_run(card, path)
        ...     now = svclight.store.card_of(path)
        ...     told = svclight.store.card_of(path, as_told="2026-04-02")
        >>> now.shares()["rated"].tolist(), told.shares()["rated"].tolist()
        ([1020], [1000])
    """
    wanted = None if by is None else texts_of(by, "by of svclight.store.card_of")
    with opened_store(_path_of(path, "card_of")) as store:
        until = None if as_told is None else _end_of(as_told, store.time_zone())
        card, notices = card_of_runs(store, by=wanted, period=period, until=until)
    for notice in notices:
        warnings.warn(SvclightNotice(notice), stacklevel=2)
    return card


def _end_of(as_told: str | dt.date | dt.datetime, zone: str) -> int:
    """The microsecond before which a run was told: a day counts whole, a moment itself too."""
    moment = as_of_instant(as_told, zone, "as_told")
    if isinstance(as_told, dt.datetime) or (isinstance(as_told, str) and not _DAY.fullmatch(as_told)):
        return moment // 1000 + 1
    return as_of_instant(_next_day(as_told), zone, "as_told") // 1000


def _next_day(day: str | dt.date) -> dt.date:
    known = dt.date.fromisoformat(day.strip()) if isinstance(day, str) else day
    return known if known == dt.date.max else known + dt.timedelta(days=1)


def runs_of(path: str | Path) -> pd.DataFrame:
    """What a store was told, run by run.

    Returns:
        `run, as_of, period, split_by, first, last, processes, title, version, definition, svclight`: the moment from
        which its logs were seen, the kind of period, its segments, its first and last period, how many processes it
        counts, and by which definitions and which svclight.

    Raises:
        SvclightError: There is no such store, or it cannot be read.

    Examples:
        >>> import pathlib
        >>> import tempfile
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
        ...                       "green": 900, "yellow": 0, "red": 100})
        >>> with tempfile.TemporaryDirectory() as folder:
        ...     path = pathlib.Path(folder, "service.duckdb")
        ...     run = svclight.store.add_run(svclight.tally(table, definitions, as_of="2026-04-01"), path)
        ...     svclight.store.runs_of(path)[["run", "as_of", "first", "last"]].values.tolist()
        [[1, '2026-04-01T00:00:00+00:00', '2026-03', '2026-03']]
    """
    with opened_store(_path_of(path, "runs_of")) as store:
        return store.table(_RUNS)


def _path_of(path: str | Path, function: str) -> Path:
    check_kind(path, str | Path, f"path of svclight.store.{function}", "a path such as service.duckdb")
    return Path(path)
