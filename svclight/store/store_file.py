"""The file of a store: a DuckDB database of runs, which is written one run at a time, whole or not at all.

In: a path, the rows of a run. Out: the same rows, and who wrote them. Two who write wait for each other; a kill in the
middle leaves the runs before it. The tables are made to be asked by people, too: `counts`, `summary`, `unread`,
`checks`.
"""

from __future__ import annotations

import contextlib
import os
import secrets
import time
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, Final

import duckdb

from svclight.errors import Issue, SvclightError, printable_text, quoted_list
from svclight.values import clocks

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping, Sequence
    from pathlib import Path

    import pandas as pd

FORMAT: Final = 1
"""The number of the format of stores."""
_KEYS: Final = "run INTEGER, process VARCHAR, criterion VARCHAR, period VARCHAR"
_SCHEMA: Final = {
    "store": "format INTEGER",
    "runs": (
        "run INTEGER PRIMARY KEY, key VARCHAR UNIQUE, as_of VARCHAR, seen BIGINT, period VARCHAR, split_by VARCHAR[], "
        "time_zone VARCHAR, matured BOOLEAN, definition VARCHAR, title VARCHAR, version VARCHAR, svclight VARCHAR, "
        "asked VARCHAR, card BLOB"
    ),
    "files": "run INTEGER, process VARCHAR, file VARCHAR, bytes BIGINT, changed BIGINT",
    "periods": f"{_KEYS}, seen BIGINT, counted VARCHAR, partial BOOLEAN, immature BOOLEAN, pending BIGINT",
    "counts": f"{_KEYS}, segments MAP(VARCHAR, VARCHAR), zone VARCHAR, count BIGINT",
    "summary": (
        f"{_KEYS}, segments MAP(VARCHAR, VARCHAR), measured BIGINT, mean DOUBLE, median DOUBLE, p90 DOUBLE, "
        "sum DOUBLE, unit VARCHAR"
    ),
    "unread": 'run INTEGER, process VARCHAR, log VARCHAR, field VARCHAR, cells BIGINT, unread BIGINT, "share" DOUBLE',
    "checks": (
        f'{_KEYS}, "where" VARCHAR, zone VARCHAR, target VARCHAR, rated BIGINT, "share" DOUBLE, low DOUBLE, '
        "high DOUBLE, verdict VARCHAR, reason VARCHAR"
    ),
}
"""The columns of each table; `seen` and `changed` are whole microseconds and nanoseconds since 1970."""
_ATTEMPTS: Final = 600
_PAUSE: Final = 0.1
"""Who finds a store in use looks again so often, after so many seconds: a run is written in less than one."""
_IN_USE: Final = ("could not set lock", "different configuration", "being used by another process")
"""What DuckDB says where somebody else has the file open, in this process or in another."""


@dataclass(frozen=True)
class Run:
    """One run of a store.

    Attributes:
        number: Its number, from 1.
        as_of: The moment from which its logs were seen, ISO 8601; empty where there is none.
        seen: The same in microseconds since 1970; -1 where there is none.
        period: The kind of period.
        by: The segments by which it is split.
        time_zone: That of its definitions.
        matured: Whether what could still turn was pending.
    """

    number: int
    as_of: str
    seen: int
    period: str
    by: tuple[str, ...]
    time_zone: str
    matured: bool


class StoreFile:
    """An open store: what its runs are, and what they hold."""

    def __init__(self, connection: duckdb.DuckDBPyConnection, name: str) -> None:
        self._connection = connection
        self.name = name

    def runs(self) -> list[Run]:
        """All runs, in the order in which they were added.

        Raises:
            SvclightError: One of them is damaged.
        """
        names = "run, as_of, seen, period, split_by, time_zone, matured"
        return [self._run(*row) for row in self.rows(f"SELECT {names} FROM runs ORDER BY run")]

    def _run(self, *cells: Any) -> Run:
        """A run from the cells of its row: a store may come from anywhere."""
        kinds = (int, str, int, str, list, str, bool)
        is_sound = all(type(cell) is kind for cell, kind in zip(cells, kinds, strict=True))
        number, as_of, seen, period, by, zone, matured = cells
        if not is_sound or period not in clocks.PERIODS or not all(isinstance(name, str) for name in by):
            raise SvclightError(Issue(f"{self.name}: a run of this store is damaged", found=quoted_list(cells)))
        return Run(number, as_of, seen, period, tuple(by), zone, matured)

    def time_zone(self) -> str:
        """The time zone of the newest run; UTC where there is none."""
        found = self.rows("SELECT time_zone FROM runs ORDER BY seen DESC, run DESC LIMIT 1")
        return str(found[0][0]) if found else "UTC"

    def rows(self, query: str, values: Sequence[Any] = ()) -> list[tuple[Any, ...]]:
        """What a query answers, row by row."""
        return self._connection.execute(query, list(values)).fetchall()

    def table(self, query: str) -> pd.DataFrame:
        """What a query answers, as a table."""
        return self._connection.execute(query).df()

    def add_run(
        self, run: Mapping[str, Any], tables: Mapping[str, pd.DataFrame], files: Sequence[Sequence[Any]] = ()
    ) -> tuple[int, bool]:
        """Adds a run with its tables, all or nothing.

        Args:
            run: Its columns in `runs` but the number.
            tables: Its rows in the other tables, without the column `run`; segments in columns of their own, listed by
                `split_by` of the run.
            files: Its rows in `files`, likewise.

        Returns:
            The number of the run, and whether it is new: the same counts are never there twice. Those that are there
            are marked as those of these files.
        """
        connection = self._connection
        connection.execute("BEGIN TRANSACTION")
        there = self.rows("SELECT run FROM runs WHERE key = ?", [run["key"]])
        if there:
            ((number,),) = there
            connection.execute("UPDATE runs SET asked = ? WHERE run = ?", [run["asked"], number])
            connection.execute("DELETE FROM files WHERE run = ?", [number])
        else:
            ((number,),) = self.rows("SELECT coalesce(max(run), 0) + 1 FROM runs")
            marks = ", ".join("?" * (len(run) + 1))
            connection.execute(f"INSERT INTO runs (run, {', '.join(run)}) VALUES ({marks})", [number, *run.values()])
            for name, table in tables.items():
                if len(table):
                    self._insert(name, number, table, run["split_by"])
        for file in files:
            connection.execute("INSERT INTO files VALUES (?, ?, ?, ?, ?)", [number, *file])
        connection.execute("COMMIT")
        return int(number), not there

    def _insert(self, name: str, number: int, table: pd.DataFrame, by: Sequence[str]) -> None:
        """Adds rows to a table; segments go into one column, since those of another run are others."""
        # a segment may be called as a column is but for its letters' case, which the database does not tell apart
        segments = {one: f"segment {place}" for place, one in enumerate(by) if one in table.columns}
        plain = table.astype({one: object for one in table.columns if table[one].dtype == "category"})
        own = [f'"{one}"' for one in table.columns if one not in segments]
        if "segments" in _SCHEMA[name]:
            cells = ", ".join(f'"{column}"::VARCHAR' for column in segments.values())
            own.append(f"MAP([{', '.join(map(_literal, segments))}], [{cells}]) AS segments")
        self._connection.register("given", plain.rename(columns=segments))
        self._connection.execute(f"INSERT INTO {name} BY NAME SELECT {number} AS run, {', '.join(own)} FROM given")
        self._connection.unregister("given")


def _literal(text: str) -> str:
    return "'" + text.replace("'", "''") + "'"


@contextlib.contextmanager
def opened_store(path: Path, *, writes: bool = False) -> Iterator[StoreFile]:
    """Opens a store; one that is to be written is made where there is none.

    Raises:
        SvclightError: There is none to read, it is no store of this format, it is damaged, or it stays in use.
    """
    name = printable_text(path, 200)
    if not writes and not path.is_file():
        hint = "`svclight score … --into FILE` makes one"
        raise SvclightError(Issue(f"{name}: there is no such store", hint=hint))
    try:
        if writes and not path.exists():
            _make_store(path)
        with _connected(path, name, writes=writes) as connection:
            _check_format(connection, name)
            yield StoreFile(connection, name)
    except duckdb.Error as error:
        said = printable_text(str(error).partition("\n")[0], 300)
        raise SvclightError(Issue(f"{name}: this store cannot be used", found=said)) from None


def _connected(path: Path, name: str, *, writes: bool) -> duckdb.DuckDBPyConnection:
    """The connection to a file, when nobody else has it.

    Raises:
        SvclightError: Somebody else has it for too long.
    """
    # a store may come from anywhere: what stands in it reads no other file
    settings: dict[str, Any] = {"enable_external_access": "false", "autoinstall_known_extensions": "false"}
    for _ in range(_ATTEMPTS):
        try:
            return duckdb.connect(str(path), read_only=not writes, config=settings)
        except duckdb.Error as error:
            if not any(one in str(error).lower() for one in _IN_USE):
                raise
        time.sleep(_PAUSE)
    raise SvclightError(Issue(f"{name}: somebody else has this store open", hint="close it there, and try again"))


def _make_store(path: Path) -> None:
    """Makes a new store, which stands in its place only when it is whole; one that somebody made meanwhile stays.

    Raises:
        SvclightError: It cannot be written.
    """
    name = printable_text(path, 200)
    if not path.parent.is_dir():
        raise SvclightError(f"{name}: there is no such folder")
    beside = path.with_name(f".svclight-{secrets.token_hex(8)}.part")
    try:
        with duckdb.connect(str(beside)) as connection:
            for table, columns in _SCHEMA.items():
                connection.execute(f"CREATE TABLE {table} ({columns})")
            connection.execute("INSERT INTO store VALUES (?)", [FORMAT])
        with contextlib.suppress(FileExistsError):
            os.link(beside, path)  # unlike a move, a link takes nothing's place
    except OSError as error:
        raise SvclightError(f"{name}: the file cannot be written: {error.strerror}") from None
    finally:
        beside.unlink(missing_ok=True)


def _check_format(connection: duckdb.DuckDBPyConnection, name: str) -> None:
    """Refuses a file of another format.

    Raises:
        SvclightError: It is a database of something else, or a store of another version.
    """
    there = {table for (table,) in connection.execute("SELECT table_name FROM duckdb_tables()").fetchall()}
    if "store" not in there:
        names = quoted_list(sorted(there)) or "no table"
        hint = "name a new file: `svclight score … --into FILE` makes a store"
        raise SvclightError(Issue(f"{name}: this is a database, but no store", found=names, hint=hint))
    found = connection.execute("SELECT format FROM store").fetchall()
    if found != [(FORMAT,)]:
        shown = ", ".join(str(format_) for (format_,) in found) or "none"
        raise SvclightError(Issue(f"{name}: unknown format of a store", found=shown, expected=str(FORMAT)))
