"""Logs -> raw columns: frames, and files of delimited text, JSON, XES, Parquet, Arrow and Excel.

In: a pandas frame, a path, several paths or a glob, and the columns that are needed. Out: `Raw`: those columns and no
others (text stays text: types come later), where each row stands, and the lines that could not be decoded or split.
Such a line is rejected with file, line number, reason and text; it never stops the reading.
"""

from __future__ import annotations

import contextlib
import tempfile
from dataclasses import dataclass, field
from pathlib import Path
from stat import S_ISREG
from typing import TYPE_CHECKING, Any, Final

import numpy as np
import pandas as pd

from svclight.dialects.frames import origin_of, to_pandas
from svclight.errors import check_columns, printable_text
from svclight.reading.arrow_files import parquet_of_arrow
from svclight.reading.decoding import open_bytes, open_text
from svclight.reading.delimited import read_delimited
from svclight.reading.json_rows import read_json
from svclight.reading.open_file import LINE, LogFile, Rejected
from svclight.reading.packed_files import content_of, unpacking
from svclight.reading.parquet import read_parquet
from svclight.reading.source import Source, file_size
from svclight.reading.workbooks import read_workbook
from svclight.reading.xes import read_xes
from svclight.values.text_dictionary import as_needed

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator, Mapping, Sequence

    from numpy.typing import NDArray

    from svclight.definition.models import Read

    Progress = Callable[[int, int], None]

__all__ = ("ARROW", "EXCEL", "JSON", "PARQUET", "XES", "Raw", "Rejected", "read_source")

EXCEL: Final = (".xlsx", ".xlsm", ".xlsb", ".xls", ".ods")
JSON: Final = (".jsonl", ".ndjson", ".json")
PARQUET: Final = (".parquet", ".pq")
XES: Final = (".xes",)
ARROW: Final = (".arrow", ".arrows", ".feather", ".ipc")


@dataclass
class Raw:
    """Raw columns of one log.

    Attributes:
        frame: The needed columns, one row an accepted line; its index is that of a frame that was given.
        files: The files read; empty for a frame.
        file_codes: Per row the place in `files`; None for a frame.
        lines: Per row its line (Parquet: its row) from 1; None for a whole frame.
        rejected: The lines that could not be read.
        engine: The engine from which the rows were brought; empty where they were no engine's.
        ordered: Whether the order of rows means something.
        origin: Where a table of a database lies.
    """

    frame: pd.DataFrame
    files: tuple[str, ...] = ()
    file_codes: NDArray[np.int32] | None = None
    lines: NDArray[np.int64] | None = None
    rejected: list[Rejected] = field(default_factory=list)
    engine: str = ""
    ordered: bool = True
    origin: tuple[str, ...] = ()

    def place(self, row: int) -> str:
        """The place of a row: file and line, or the frame's index; empty where rows have no order."""
        if not self.ordered:
            return ""
        if self.file_codes is None or self.lines is None:
            label = self.frame.index[row]
            return printable_text(" / ".join(map(str, label)) if isinstance(label, tuple) else label)
        return f"{self.files[self.file_codes[row]]}:{self.lines[row]}"

    def places(self, one: int, other: int) -> str:
        """The places of two rows in brackets, for the end of a message; empty where rows have no place."""
        return f" ({self.place(one)} and {self.place(other)})" if self.ordered else ""

    def keep(self, rows: NDArray[np.bool_]) -> Raw:
        """The log with some of its rows."""
        codes = None if self.file_codes is None else self.file_codes[rows]
        lines = None if self.lines is None else self.lines[rows]
        return Raw(self.frame[rows], self.files, codes, lines, self.rejected, self.engine, self.ordered, self.origin)

    def at(self, rows: NDArray[np.intp]) -> Raw:
        """The places of some rows, without their columns."""
        codes = None if self.file_codes is None else self.file_codes[rows]
        lines = None if self.lines is None else self.lines[rows]
        return Raw(self.frame[[]].iloc[rows], self.files, codes, lines, self.rejected)


def read_source(
    source: Source, needed: Sequence[str], read: Read, *, where: dict[str, str], progress: Progress | None = None
) -> Raw:
    """Reads the needed columns of a frame or of files.

    Args:
        source: The log; `source_of` makes one of what a caller gave.
        needed: The columns, in the order in which they come out.
        read: How files are written.
        where: For each column the key of the definition that needs it, for messages.
        progress: Called with the bytes read so far and the bytes there are.

    Raises:
        LogError: There is no such file, it is not of its kind, or columns are absent.
    """
    if source.frame is not None:
        there = as_needed(source.frame.columns, needed)
        check_columns(there, needed, where)
        # the caller's columns are looked at, never copied or changed
        places = {name: place for place, name in reversed(list(enumerate(there))) if isinstance(name, str)}
        chosen = source.frame.iloc[:, [places[name] for name in needed]].copy(deep=False)
        chosen.columns = pd.Index(needed)
        return Raw(chosen)
    if source.table is not None:
        frame, dialect = to_pandas(source.table, needed, where)
        return Raw(frame, engine=dialect.name, ordered=dialect.ordered, origin=origin_of(source.table))
    rejected: list[Rejected] = []
    files = files_of(source.paths, needed, read, where=where, rejected=rejected, progress=progress)
    names = tuple(file.name for file in files)
    parts = [_read_table(file) for file in with_progress(files, progress)]
    frame = pd.DataFrame({name: _join_columns([part[name] for part in parts]) for name in (*needed, LINE)})
    lines = frame.pop(LINE).to_numpy(dtype=np.int64)
    codes = np.repeat(np.arange(len(parts), dtype=np.int32), [len(part) for part in parts])
    return Raw(frame, names, codes, lines, rejected)


def files_of(
    paths: Sequence[Path],
    needed: Sequence[str],
    read: Read,
    *,
    where: Mapping[str, str],
    rejected: list[Rejected],
    progress: Progress | None,
) -> list[LogFile]:
    """Files ready to be read one after another, each with the name that messages call it by."""
    sizes = [file_size(path) for path in paths]
    steps = [_progress_step(progress, sum(sizes[:number]), sum(sizes)) for number in range(len(paths))]
    parts = zip(paths, _short_names(paths), steps, strict=True)
    return [LogFile(content_of(path, name), name, needed, read, where, rejected, step) for path, name, step in parts]


def with_progress(files: Sequence[LogFile], progress: Progress | None) -> Iterator[LogFile]:
    """The files one after another; when a file has been read, its end is reported as progress."""
    sizes = [file.path.stat().st_size for file in files]
    for number, file in enumerate(files):
        yield file
        if progress is not None:
            progress(sum(sizes[: number + 1]), sum(sizes))


def _progress_step(progress: Progress | None, done: int, total: int) -> Callable[[int], None] | None:
    return None if progress is None else lambda at: progress(done + at, total)


def _join_columns(parts: list[pd.Series[Any]]) -> pd.Series[Any]:
    """One column of several files; where the files differ in its type, the cells stay as they are."""
    parts = [part for part in parts if len(part)] or parts[:1]
    if len(parts) == 1:
        return parts[0]
    if all(isinstance(part.dtype, pd.CategoricalDtype) for part in parts):
        return pd.Series(pd.api.types.union_categoricals(parts))
    if len({part.dtype for part in parts}) > 1:
        parts = [part.astype(object) for part in parts]
    return pd.concat(parts, ignore_index=True)


def _short_names(paths: Sequence[Path]) -> list[str]:
    """File names for messages and reports: the last part where that tells them apart."""
    short = [path.name for path in paths]
    return short if len(set(short)) == len(short) else [str(path) for path in paths]


def _read_table(file: LogFile) -> pd.DataFrame:
    """The needed columns of a file, and each row's line; a broken file is a LogError."""
    with failures_named(file):
        return _read_by_suffix(file)


@contextlib.contextmanager
def failures_named(file: LogFile) -> Iterator[None]:
    """Turns errors inside the block, of a file that is read, into a LogError with its name."""
    try:
        with unpacking(file.path, file.name):
            found = file.path.stat()
            if S_ISREG(found.st_mode) and not found.st_size:
                raise file.error("the file is empty")
            yield
    except UnicodeError as error:  # of encodings that take part in no error handling
        raise file.error(f"the file cannot be decoded as {file.read.encoding}", hint=printable_text(error)) from None
    except OSError as error:
        raise file.error("the file cannot be read", hint=error.strerror or printable_text(error)) from None


def _read_by_suffix(file: LogFile) -> pd.DataFrame:
    """Reads a file as its suffix says; one with another suffix is delimited text."""
    suffix = file.content.suffix
    with contextlib.ExitStack() as stack:
        if suffix in (*PARQUET, *ARROW, *EXCEL):
            folder = Path(stack.enter_context(tempfile.TemporaryDirectory(prefix="svclight-")))
            path = plain_path(file, folder)
            return read_workbook(file, path) if suffix in EXCEL else read_parquet(file, path)
        if suffix in XES:
            return read_xes(open_bytes(file, stack), file)
        text = open_text(file, stack)
        return read_json(text, file) if suffix in JSON else read_delimited(text, file)


def plain_path(file: LogFile, folder: Path) -> Path:
    """The path of a file that is read as a whole, unpacked into a folder where it is packed; Arrow as Parquet.

    Raises:
        LogError: The file is empty, or is no Arrow file.
    """
    path = file.content.unpack(folder)
    if file.content.packings and not path.stat().st_size:
        raise file.error("the file is empty")
    return parquet_of_arrow(file, path, folder) if file.content.suffix in ARROW else path
