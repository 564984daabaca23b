"""Files -> a DuckDB relation of raw columns that is read when it is asked: no file is ever held whole.

In: a path, several paths or a glob, and the columns that are needed. Out: `Scan`: a relation with those columns, the
file and the line of each row, and the lines that could not be read: all of it the same as `sources` gives.

Sound text and Parquet are read where they lie. Text in another encoding is written as UTF-8 into a temporary folder
first. Text that an engine would split in another way than the exact reader (a quote that is not closed, a line with too
few columns) is read by the exact reader, part by part, and the accepted rows are kept in that folder as Parquet.
"""

from __future__ import annotations

import contextlib
import shutil
import tempfile
import weakref
from dataclasses import dataclass, field, replace
from functools import partial
from pathlib import Path
from stat import S_ISREG
from typing import TYPE_CHECKING, Any, Final, TypeVar

from svclight.dialects.returned_columns import exact_column, sql_literal, sql_name
from svclight.errors import UnableError
from svclight.reading.decoding import open_bytes, open_text
from svclight.reading.delimited import split_delimited
from svclight.reading.json_rows import split_json
from svclight.reading.parquet import duration_columns, literal_path, parquet_errors
from svclight.reading.plain_text_query import TextQuery, query_of_text
from svclight.reading.sources import (
    ARROW,
    EXCEL,
    JSON,
    PARQUET,
    XES,
    Rejected,
    failures_named,
    files_of,
    plain_path,
    with_progress,
)
from svclight.reading.temporary_parquet import PLACE, MixedParts, TextParts
from svclight.reading.xes import split_xes

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping, Sequence

    import duckdb

    from svclight.definition.models import Read
    from svclight.reading.open_file import LogFile
    from svclight.reading.source import Source

    Progress = Callable[[int, int], None]

Made = TypeVar("Made")

FILE: Final = "svclight:file"
"""The column with the place of a row's file in `Scan.files`."""
LINE: Final = "svclight:line"
"""The column with a row's line (Parquet: its row), from 1."""
MEMORY: Final = "700MB"
"""What the engine may hold; the rest it puts into the temporary folder."""
_ROW: Final = "file_row_number"
_STRICT: Final = 2
_SLOW: Final = "partial_aggregate_pushdown"
"""An optimizer that looks at sums of long expressions behind a join for seconds, whatever the size of the log."""
_UNEVEN: Final = "Expected Number of Columns"


@dataclass(frozen=True)
class Scan:
    """Raw columns of a log, read when they are asked for.

    Keep it as long as its relation is used: with it go the connection and the temporary files.

    Attributes:
        relation: The needed columns under their names, `FILE` and `LINE`. Cells of delimited text are VARCHAR and never
            null; cells of Parquet and JSON lines are typed as they are there.
        files: The files, as messages call them.
        rejected: The lines that could not be read.
        connection: The relation's own connection.
        underscored: Whether an underscore may stand in text.
        check: Raises a LogError where a file is damaged that is read only when the relation is asked.
    """

    relation: duckdb.DuckDBPyRelation
    files: tuple[str, ...]
    rejected: list[Rejected]
    connection: duckdb.DuckDBPyConnection
    underscored: bool = True
    check: Callable[[], None] = lambda: None


def scan_files(
    source: Source,
    needed: Sequence[str],
    read: Read,
    *,
    where: Mapping[str, str],
    progress: Progress | None = None,
    hasty: bool = False,
) -> Scan:
    """Opens files as a relation of the needed columns.

    Args:
        source: The log; `source_of` makes one of what a caller gave.
        needed: The columns, in the order in which they come out.
        read: How files are written.
        where: For each column the key of the definition that needs it, for messages.
        progress: Called with the bytes looked at so far and the bytes there are; queries are not part of it.
        hasty: The columns of text are counted by block, not by line, if the engine is strict: faster, but a query
            raises `duckdb.InvalidInputException` where one line has a column more and another one less.

    Returns:
        The `Scan`.

    Raises:
        UnableError: The files must be read by `read_source`: workbooks, what is no plain file, Parquet files that
            differ in a type, JSON lines with a column of several types, names that differ in case alone.
        LogError: There is no such file, it is not of its kind, or columns are absent.
    """
    import duckdb  # noqa: PLC0415 - loaded when used

    rejected: list[Rejected] = []
    files = files_of(source.paths, needed, read, where=where, rejected=rejected, progress=progress)
    _check_names(needed)
    if not (files and all(map(_can_stream, files))):
        raise UnableError("what is no plain file must be read whole")
    with contextlib.ExitStack() as stack:
        folder = Path(tempfile.mkdtemp(prefix="svclight-"))
        stack.callback(shutil.rmtree, folder, ignore_errors=True)
        opener = _Opener(
            folder, stack.enter_context(_open_connection(folder)), hasty=hasty and is_strict(duckdb.__version__)
        )
        queries = []
        for number, file in enumerate(with_progress(files, progress)):
            with failures_named(file):
                query = opener.query(_with_onward_progress(file), number)
            queries.append(replace(query, sql=_with_file(query.sql, needed, number)))
        connection = opener.connection
        if len({tuple(map(str, connection.sql(query.sql).types)) for query in queries}) > 1:
            # the engine would turn one type into another to put them together
            raise UnableError("files that differ in a type must be read whole")
        relation = connection.sql(" UNION ALL ".join(query.sql for query in queries))
        underscored = any(query.underscored for query in queries)
        check = partial(_check_parquet, tuple(opener.parquet))
        found = Scan(relation, tuple(file.name for file in files), rejected, connection, underscored, check)
        weakref.finalize(found, stack.pop_all().close)  # connection and folder go when the scan does, and not before
        return found


def _check_parquet(files: Sequence[tuple[LogFile, Path]]) -> None:
    """Reads the needed columns of Parquet files once.

    Raises:
        LogError: One of them is damaged.
    """
    import duckdb  # noqa: PLC0415 - loaded when used

    for file, path in files:
        cells = ", ".join(f"max(hash({sql_name(name)}))" for name in file.needed)
        with duckdb.connect() as base, parquet_errors(file):
            base.execute(f"SELECT {cells} FROM read_parquet({sql_literal(literal_path(path))})").fetchall()  # noqa: S608 - all names are quoted


def _with_file(query: str, needed: Sequence[str], number: int) -> str:
    file = f"CAST({number} AS INTEGER) AS {sql_name(FILE)}"
    return f"SELECT {', '.join([*map(sql_name, needed), file, sql_name(LINE)])} FROM ({query})"  # noqa: S608 - all names are quoted


def with_scan(
    work: Callable[[Scan], Made],
    source: Source,
    needed: Sequence[str],
    read: Read,
    *,
    where: Mapping[str, str],
    progress: Progress | None = None,
) -> Made:
    """Gives a scan of files to `work`: a hasty one, and a careful one where the engine meets an uneven line.

    Args:
        work: Asks the relation all that is to be known; it is called again where its first answers were in vain.
        source: As for `scan_files`, and so are the others.
        needed: The columns.
        read: How files are written.
        where: For each column the key of the definition that needs it.
        progress: Called with the bytes looked at so far and the bytes there are.

    Returns:
        What `work` gave.

    Raises:
        UnableError: The files must be read by `read_source`.
        LogError: There is no such file, it is not of its kind, or columns are absent.
    """
    import duckdb  # noqa: PLC0415 - loaded when used

    made = scan_files(source, needed, read, where=where, progress=progress, hasty=True)
    try:
        return work(made)
    except duckdb.InvalidInputException as error:
        if _UNEVEN not in str(error):
            raise
    return work(scan_files(source, needed, read, where=where))


def _with_line(sql: str, file: LogFile) -> str:
    """The query with the needed columns and the line of each row, under the name `LINE`."""
    return f"SELECT {', '.join([*map(sql_name, file.needed), f'{sql_name(PLACE)} AS {sql_name(LINE)}'])} FROM ({sql})"  # noqa: S608 - all names are quoted


def _check_names(needed: Sequence[str]) -> None:
    """Checks that the columns keep different names in an engine that takes A and a for the same.

    Raises:
        UnableError: They do not, or a name is none for an engine.
    """
    names = [name.casefold() for name in (*needed, FILE, LINE, _ROW)]
    if len(set(names)) < len(names) or not all(name and "\0" not in name for name in names):
        raise UnableError("columns that no engine tells apart must be read whole")


def _can_stream(file: LogFile) -> bool:
    """Whether a file can be read bit by bit by an engine: a plain file, no workbook, under a name that is text."""
    # a pipe can be read only once, and the bytes of a text are looked at before an engine splits them
    with contextlib.suppress(UnicodeEncodeError):
        str(file.path).encode()
        return file.content.suffix not in EXCEL and S_ISREG(file.path.stat().st_mode)
    return False


def _open_connection(folder: Path) -> duckdb.DuckDBPyConnection:
    """A connection of its own, with bounded memory, that loads no extension from elsewhere."""
    import duckdb  # noqa: PLC0415 - loaded when used

    spill = str(folder / "spilled")
    options: dict[str, Any] = {"memory_limit": MEMORY, "temp_directory": spill, "autoinstall_known_extensions": "false"}
    connection = duckdb.connect(config=options)
    connection.execute("SET TimeZone = 'UTC'")
    if (_SLOW,) in connection.execute("SELECT name FROM duckdb_optimizers()").fetchall():  # older versions have none
        connection.execute(f"SET disabled_optimizers = '{_SLOW}'")
    return connection


def is_strict(version: str) -> bool:
    """Whether a version of DuckDB refuses each line with another number of columns."""
    # its first versions let an empty cell too many pass
    return int(version.split(".", 1)[0]) >= _STRICT


def _with_onward_progress(file: LogFile) -> LogFile:
    """The file with a progress that never goes back."""
    # text is looked at, and may be read once more by the exact reader
    if file.step is None:
        return file
    step, furthest = file.step, [0]

    def onward(done: int) -> None:
        if done > furthest[0]:
            furthest[0] = done
            step(done)

    return replace(file, step=onward)


@dataclass(frozen=True)
class _Opener:
    """Makes the query that reads a file."""

    folder: Path
    connection: duckdb.DuckDBPyConnection
    hasty: bool
    parquet: list[tuple[LogFile, Path]] = field(default_factory=list)

    def query(self, file: LogFile, number: int) -> TextQuery:
        """The query that gives the needed columns and `LINE` of a file.

        Raises:
            UnableError: No query gives them exactly.
        """
        suffix, stem = file.content.suffix, self.folder / str(number)
        if suffix in (*PARQUET, *ARROW):
            stem.mkdir()
            return self._parquet(file, plain_path(file, stem))
        if suffix in JSON:
            mixed = MixedParts(file.needed, stem, self.connection)
            with contextlib.ExitStack() as stack:
                split_json(open_text(file, stack), file, into=mixed)
            return TextQuery(_with_line(mixed.query(), file))
        query = None if suffix in XES else query_of_text(file, stem, hasty=self.hasty)
        query = query or TextQuery(self._exact_query(file, stem))
        return replace(query, sql=_with_line(query.sql, file))

    def _parquet(self, file: LogFile, plain: Path) -> TextQuery:
        """The query of a Parquet file.

        Raises:
            UnableError: It takes what the engine does not have: durations of nanoseconds, a number of the row.
        """
        path = sql_literal(literal_path(plain))
        with parquet_errors(file):
            found = self.connection.execute(f"DESCRIBE SELECT * FROM read_parquet({path})").fetchall()  # noqa: S608 - the path is quoted
            durations = duration_columns(self.connection, plain)
        names = [name for name, *_ in found]
        places = file.places(names)
        if _ROW in map(str.casefold, names):  # the engine's own name for the number of a row is taken
            raise UnableError(f"a file with a column {_ROW} must be read whole")
        if durations.keys() & set(file.needed):
            raise UnableError("a file with durations must be read whole")
        chosen = [f"{exact_column(*found[place][:2])} AS {sql_name(names[place])}" for place in places]
        self.parquet.append((file, plain))
        line = f"{_ROW} + 1 AS {sql_name(LINE)}"
        sql = f"SELECT {', '.join([*chosen, line])} FROM read_parquet({path}, {_ROW} = true)"  # noqa: S608 - all names are quoted
        return TextQuery(sql)

    def _exact_query(self, file: LogFile, stem: Path) -> str:
        """By way of the exact reader."""
        parts = TextParts(file.needed, stem, self.connection)
        with contextlib.ExitStack() as stack:
            if file.content.suffix in XES:
                split_xes(open_bytes(file, stack), file, into=parts)
            else:
                split_delimited(open_text(file, stack), file, into=parts)
        return parts.query()
