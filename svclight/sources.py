"""Logs as they lie there -> raw columns: frames, and files of delimited text, JSON lines, Parquet and Excel.

In: a pandas frame, a path, several paths or a glob, and the columns that are needed. Out: `Raw`: those columns and no
others (text stays text: types come later), where each row stands, and the lines that could not be decoded or split. Such a
line is rejected with file, line number, reason and text; it never stops the reading.
"""

from __future__ import annotations

import codecs
import contextlib
import csv
import glob
import gzip
import io
import json
import zlib
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field
from pathlib import Path
from typing import IO, TYPE_CHECKING, Any, Final

import numpy as np
import pandas as pd

from svclight.errors import Issue, LogError, guess, listed, printable, quoted

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence

    from numpy.typing import NDArray

    from svclight.models import Read

    Progress = Callable[[int, int], None]

EXCEL: Final = (".xlsx", ".xlsm", ".xlsb", ".xls", ".ods")
JSON_LINES: Final = (".jsonl", ".ndjson", ".json")
PARQUET: Final = (".parquet", ".pq")
MOST_LINES: Final = 10_000
"""A quoted cell over more lines than this is taken for a quote that was not closed."""
_BATCH: Final = 20_000
_SHOWN: Final = 200
_BOMS: Final = (
    (codecs.BOM_UTF8, "utf-8"),
    (codecs.BOM_UTF32_LE, "utf-32"),
    (codecs.BOM_UTF32_BE, "utf-32"),
    (codecs.BOM_UTF16_LE, "utf-16"),
    (codecs.BOM_UTF16_BE, "utf-16"),
)


def _mark(error: UnicodeError) -> tuple[str, int]:
    """Puts a lone surrogate, which no text can hold, in the place of each stretch that cannot be decoded."""
    if not isinstance(error, UnicodeDecodeError):
        raise error
    return "".join(chr(0xDC00 + byte) for byte in error.object[error.start : error.end]), error.end


codecs.register_error("svclight.mark", _mark)


@dataclass(frozen=True)
class Rejected:
    """A line that could not be read."""

    file: str
    line: int
    reason: str
    text: str


@dataclass
class Raw:
    """Raw columns of one log.

    Attributes:
        frame: The needed columns, one row an accepted line; its index is that of a frame that was given.
        files: The files read; empty for a frame.
        file_codes: Per row the place in `files`; None for a frame.
        lines: Per row its line (Parquet: its row) from 1; None for a frame.
        rejected: The lines that could not be read.
    """

    frame: pd.DataFrame
    files: tuple[str, ...] = ()
    file_codes: NDArray[np.int32] | None = None
    lines: NDArray[np.int64] | None = None
    rejected: list[Rejected] = field(default_factory=list)

    def place(self, row: int) -> str:
        """Where a row stands: file and line, or the frame's index."""
        if self.file_codes is None or self.lines is None:
            return printable(self.frame.index[row])
        return f"{self.files[self.file_codes[row]]}:{self.lines[row]}"

    def keep(self, rows: NDArray[np.bool_]) -> Raw:
        """The same log with some of its rows."""
        codes = None if self.file_codes is None else self.file_codes[rows]
        lines = None if self.lines is None else self.lines[rows]
        return Raw(self.frame[rows], self.files, codes, lines, self.rejected)


@dataclass
class _Columns:
    """Cells of the needed columns of one file, gathered line by line."""

    names: list[str]
    cells: list[list[Any]]
    lines: list[int] = field(default_factory=list)

    @classmethod
    def of(cls, names: list[str]) -> _Columns:
        return cls(names, [[] for _ in names])


def read_source(
    source: Any, needed: Sequence[str], read: Read, *, where: dict[str, str], progress: Progress | None = None
) -> Raw:
    """Reads the needed columns of a frame or of files.

    Args:
        source: A pandas frame, a path or glob, or a list of them.
        needed: The columns, in the order in which they come out.
        read: How files are written.
        where: For each column the key of the definition that needs it, for messages.
        progress: Called with the bytes read so far and the bytes there are.

    Raises:
        LogError: There is no such file, it is not of its kind, or columns are absent.
    """
    if isinstance(source, pd.DataFrame):
        return _frame(source, needed, where)
    if not isinstance(source, str | Path | Iterable):
        kind = f"{type(source).__module__}.{type(source).__qualname__}"
        raise LogError(Issue("this is no log", found=kind, expected="a pandas frame, a path, or a list of paths"))
    files = _paths(source)
    names = _short_names(files)
    total = sum(file.stat().st_size for file in files)
    done, parts, rejected = 0, [], list[Rejected]()
    for file, name in zip(files, names, strict=True):
        start = done
        step = (lambda at, start=start: progress(start + at, total)) if progress is not None else None
        parts.append(_File(file, name, list(needed), read, where, rejected, step).columns())
        done += file.stat().st_size
        if progress is not None:
            progress(done, total)
    frame = pd.concat(parts, ignore_index=True) if len(parts) > 1 else parts[0]
    lines = frame.pop("\0line").to_numpy(dtype=np.int64)
    codes = np.repeat(np.arange(len(parts), dtype=np.int32), [len(part) for part in parts])
    return Raw(frame[list(needed)], tuple(names), codes, lines, rejected)


def _frame(source: pd.DataFrame, needed: Sequence[str], where: dict[str, str]) -> Raw:
    names = list(source.columns)
    _all_there(names, needed, where, "", "")
    return Raw(source[list(needed)].copy(deep=False))


def _paths(source: Any) -> list[Path]:
    found: list[Path] = []
    for one in [source] if isinstance(source, str | Path) else source:
        path = Path(one)
        if path.is_file():
            found.append(path)
        elif path.is_dir():
            raise LogError(
                Issue("this is a folder", printable(path, 200), hint=f"name its files: {printable(path, 200)}/*.csv")
            )
        elif glob.has_magic(str(path)):
            matched = [Path(file) for file in sorted(glob.glob(str(path), recursive=True)) if Path(file).is_file()]  # noqa: PTH207 - a pattern may be absolute
            if not matched:
                raise LogError(Issue("no file matches the pattern", printable(path, 200)))
            found += matched
        else:
            near = guess(path.name, [file.name for file in path.parent.glob("*")] if path.parent.is_dir() else [])
            raise LogError(Issue("there is no such file", printable(path, 200), hint=near))
    if not found:
        raise LogError("no log was given")
    return found


def _short_names(files: list[Path]) -> list[str]:
    """File names for messages and reports: the last part where that tells them apart."""
    short = [file.name for file in files]
    return short if len(set(short)) == len(short) else [str(file) for file in files]


def _all_there(names: list[Any], needed: Sequence[str], where: dict[str, str], file: str, hint: str) -> None:
    """Raises where a needed column is absent or stands more than once."""
    issues = []
    for name in needed:
        times = names.count(name)
        if times > 1:
            places = " and ".join(str(place + 1) for place, other in enumerate(names) if other == name)
            issues.append(
                Issue(
                    f"the column {quoted(name)} stands {times} times",
                    file,
                    path=where[name],
                    found=f"columns {places}",
                    hint="rename all but one",
                )
            )
        elif times == 0:
            there = f"these columns are there: {listed(names, 40)}" if names else "there are no columns"
            near = guess(name, names)
            hints = "; ".join(part for part in (near, there, hint) if part)
            issues.append(Issue(f"the log has no column {quoted(name)}", file, path=where[name], hint=hints))
    if issues:
        raise LogError(issues)


@dataclass
class _File:
    """One file of a log."""

    path: Path
    name: str
    needed: list[str]
    read: Read
    where: dict[str, str]
    rejected: list[Rejected]
    step: Callable[[int], None] | None = None

    def columns(self) -> pd.DataFrame:
        """The needed columns as text (Excel and Parquet: as typed there), and each row's line as `\\0line`."""
        suffixes = [suffix.lower() for suffix in self.path.suffixes]
        gz = suffixes[-1:] == [".gz"]
        suffix = (suffixes[:-1] if gz else suffixes)[-1:] or [""]
        try:
            if self.path.stat().st_size == 0:
                raise LogError(Issue("the file is empty", self.name))
            if suffix[0] in PARQUET and not gz:
                return self._parquet()
            if suffix[0] in EXCEL and not gz:
                return self._excel()
            with contextlib.ExitStack() as opened:
                stream = self._opened(opened, gz=gz)
                if suffix[0] in JSON_LINES:
                    return self._table(self._json_lines(self._text(stream, self.read.encoding)))
                tab = suffix[0] in (".tsv", ".tab")
                return self._table(self._delimited(stream, self.read.delimiter or ("\t" if tab else ",")))
        except (EOFError, gzip.BadGzipFile, zlib.error) as error:
            said = "ends in the middle" if isinstance(error, EOFError) else "is no sound gzip file"
            raise LogError(Issue(f"the compressed file {said}", self.name, hint="fetch or write it again")) from None
        except OSError as error:
            raise LogError(Issue("the file cannot be read", self.name, hint=error.strerror or str(error))) from None

    def _opened(self, opened: contextlib.ExitStack, *, gz: bool) -> IO[bytes]:
        """The file's bytes, unpacked; `opened` closes what is opened here."""
        stream: Any = opened.enter_context(self.path.open("rb"))
        if self.step is not None:
            stream = _Counted(stream, self.step)
        return opened.enter_context(gzip.GzipFile(fileobj=stream)) if gz else stream  # type: ignore[no-any-return]

    def _text(self, stream: IO[bytes], encoding: str | None) -> io.TextIOWrapper:
        """The stream as text; what cannot be decoded is marked."""
        buffered = io.BufferedReader(stream)  # type: ignore[arg-type]  # a stream that can be peeked into
        head = buffered.peek(4096)[:4096]
        if not head:
            raise LogError(Issue("the file is empty", self.name))
        bom = next((name for mark, name in _BOMS if head.startswith(mark)), None)
        chosen = encoding or bom or "utf-8"
        if codecs.lookup(chosen).name == "utf-8":
            chosen = "utf-8-sig"
        wide = codecs.lookup(chosen).name.startswith(("utf-16", "utf-32"))
        if b"\0" in head and not wide:
            kind = {b"PK": "an Excel or zip file", b"PA": "a Parquet file", b"\xd0\xcf": "an old Excel file"}.get(
                head[:2]
            )
            hint = f"it looks like {kind}: give it the suffix of its kind" if kind else "is this the right file?"
            raise LogError(
                Issue("this is no text file", self.name, found="binary data", expected="delimited text", hint=hint)
            )
        if head[:2] == b"\x1f\x8b":
            raise LogError(
                Issue("this is no text file", self.name, found="gzip data", hint="give the file the suffix .gz")
            )
        return io.TextIOWrapper(buffered, encoding=chosen, errors="svclight.mark", newline="")

    def _reject(self, line: int, reason: str, text: str) -> None:
        self.rejected.append(Rejected(self.name, line, reason, _shown(text)))

    def _table(self, columns: _Columns) -> pd.DataFrame:
        data = {name: pd.Series(cells, dtype=object) for name, cells in zip(columns.names, columns.cells, strict=True)}
        return pd.DataFrame({**data, "\0line": np.array(columns.lines, dtype=np.int64)})

    def _delimited(self, stream: IO[bytes], delimiter: str) -> _Columns:
        text = self._text(stream, self.read.encoding)
        records = _Records(text, delimiter, self.read.quote, self._reject)
        header = self._header(records, delimiter)
        records.width = len(header)
        _all_there(header, self.needed, self.where, self.name, _delimiter_hint(header, delimiter))
        places = [header.index(name) for name in self.needed]
        columns = _Columns.of(self.needed)
        for batch in _batches(records):
            good = []
            for line, cells, source in batch:
                if _broken(source):
                    self._reject(line, f"cannot be decoded as {text.encoding.removesuffix('-sig')}", source)
                elif len(cells) != len(header):
                    self._reject(line, f"{len(cells)} columns found, {len(header)} expected", source)
                else:
                    good.append((line, cells))
            columns.lines += [line for line, _ in good]
            for target, place in zip(columns.cells, places, strict=True):
                target += [cells[place] for _, cells in good]
        return columns

    def _header(self, records: _Records, delimiter: str) -> list[str]:
        wanted = self.read.header
        if isinstance(wanted, tuple):
            return list(wanted)
        if wanted is False:
            return self._numbered(records)
        for line, cells, _ in records:
            if line >= wanted:
                names = [cell.strip() for cell in cells]
                if any(map(_broken, names)):
                    raise LogError(
                        Issue(
                            "the header cannot be decoded",
                            self.name,
                            line,
                            hint="name the encoding: read: {encoding: cp1251}",
                        )
                    )
                return names
        raise LogError(
            Issue(f"there is no header in line {wanted}", self.name, hint=f"the delimiter is {quoted(delimiter)}")
        )

    def _numbered(self, records: _Records) -> list[str]:
        """Names 1, 2, 3 for a file without a header; its first line is a row and is put back."""
        first = next(records, None)
        if first is None:
            raise LogError(Issue("the file is empty", self.name))
        records.waiting.append(first)
        return [str(place + 1) for place in range(len(first[1]))]

    def _json_lines(self, text: io.TextIOWrapper) -> _Columns:
        columns, seen, broken = _Columns.of(self.needed), dict[str, None](), len(self.rejected)
        for number, line in enumerate(text, 1):
            written = line.strip().lstrip("\ufeff")
            if not written:
                continue
            if _broken(written):
                self._reject(number, f"cannot be decoded as {text.encoding}", line)
                continue
            try:
                row = json.loads(written, parse_float=str, parse_int=str)
            except (ValueError, RecursionError):
                row = None
            if not isinstance(row, dict):
                self._reject(number, "is no JSON object", line)
                continue
            seen.update(dict.fromkeys(row))
            columns.lines.append(number)
            for target, name in zip(columns.cells, self.needed, strict=True):
                target.append(_json_cell(row.get(name)))
        if not columns.lines and len(self.rejected) > broken:
            raise LogError(Issue("the file holds no JSON lines", self.name, expected="one JSON object a line"))
        if seen:
            _all_there(list(seen), self.needed, self.where, self.name, "")
        return columns

    def _excel(self) -> pd.DataFrame:
        from python_calamine import CalamineError, CalamineWorkbook  # noqa: PLC0415 - loaded when used

        try:
            book = CalamineWorkbook.from_path(self.path)
            sheet = self.read.sheet
            if isinstance(sheet, str) and sheet not in book.sheet_names:
                raise LogError(
                    Issue(
                        f"there is no sheet {quoted(sheet)}",
                        self.name,
                        hint=f"these are there: {listed(book.sheet_names)}",
                    )
                )
            if isinstance(sheet, int) and sheet > len(book.sheet_names):
                raise LogError(
                    Issue(f"there is no sheet {sheet}", self.name, hint=f"there are {len(book.sheet_names)}")
                )
            page = (
                book.get_sheet_by_name(sheet) if isinstance(sheet, str) else book.get_sheet_by_index((sheet or 1) - 1)
            )
            rows = page.to_python(skip_empty_area=False)
        except (CalamineError, OSError, ValueError) as error:
            raise LogError(Issue("this is no Excel file that can be read", self.name, hint=printable(error))) from None
        numbered = ((number, row) for number, row in enumerate(rows, 1) if any(cell not in ("", None) for cell in row))
        header = self._excel_header(numbered)
        _all_there(header, self.needed, self.where, self.name, "")
        columns = _Columns.of(self.needed)
        for number, row in numbered:
            columns.lines.append(number)
            for target, name in zip(columns.cells, self.needed, strict=True):
                target.append(row[header.index(name)])
        return self._table(columns)

    def _excel_header(self, numbered: Iterator[tuple[int, list[Any]]]) -> list[str]:
        wanted = self.read.header
        if isinstance(wanted, tuple):
            return list(wanted)
        if wanted is False:
            raise LogError(
                Issue("an Excel sheet without a header needs names", self.name, hint="read: {header: [name, name]}")
            )
        for number, row in numbered:
            if number >= wanted:
                return [str(cell).strip() for cell in row]
        raise LogError(Issue("the sheet is empty", self.name))

    def _parquet(self) -> pd.DataFrame:
        import duckdb  # noqa: PLC0415 - loaded when used

        with duckdb.connect() as base:
            base.execute("SET TimeZone = 'UTC'")
            try:
                there = base.execute("SELECT * FROM read_parquet(?) LIMIT 0", [_literal(self.path)]).description or []
                _all_there([column[0] for column in there], self.needed, self.where, self.name, "")
                chosen = ", ".join('"' + name.replace('"', '""') + '"' for name in self.needed)
                query = f"SELECT {chosen} FROM read_parquet(?)"  # noqa: S608 - names are quoted, the path is a parameter
                frame = base.execute(query, [_literal(self.path)]).df()
            except duckdb.Error as error:
                raise LogError(
                    Issue("this is no Parquet file that can be read", self.name, hint=printable(error))
                ) from None
        frame.columns = pd.Index(self.needed)
        return frame.assign(**{"\0line": np.arange(1, len(frame) + 1)})


def _literal(path: Path) -> str:
    """The path so that DuckDB takes no character of it for a pattern."""
    return "".join(f"[{char}]" if char in "*?[" else char for char in str(path))


def _json_cell(value: Any) -> Any:
    if isinstance(value, dict | list):
        return json.dumps(value, ensure_ascii=False)
    if isinstance(value, bool):
        return "true" if value else "false"
    return value


class _Counted(io.RawIOBase):
    """A binary stream that tells how far it has been read."""

    def __init__(self, stream: IO[bytes], step: Callable[[int], None]) -> None:
        self.stream, self.step = stream, step

    def readable(self) -> bool:
        return True

    def readinto(self, buffer: Any) -> int:
        data = self.stream.read(len(buffer))
        buffer[: len(data)] = data
        self.step(self.stream.tell())
        return len(data)

    def close(self) -> None:
        self.stream.close()
        super().close()


_Record = tuple[int, list[str], str]
"""Line number, cells, and the line as it stands."""


class _Lines(Iterator[str]):
    """Numbered lines that can be read again from a line on."""

    def __init__(self, text: Iterable[str]) -> None:
        self.source, self.kept, self.number, self.record = iter(text), list[str](), 0, list[str]()

    def __next__(self) -> str:
        line = self.kept.pop() if self.kept else next(self.source)
        self.number += 1
        self.record.append(line if self.number > 1 else line.lstrip("\ufeff"))
        if len(self.record) > MOST_LINES:
            raise csv.Error("a quote is not closed")
        return self.record[-1]

    def again_after_first(self) -> str:
        """Goes back to the second line of the record; gives the first."""
        first, *others = self.record
        self.kept += reversed(others)
        self.number -= len(others)
        self.record = []
        return first


class _Records(Iterator[_Record]):
    """Splits lines into cells; a quote that is not closed costs its own line and no other.

    `width` is the number of columns, once it is known: a record over several lines that has another number of them is
    taken for a quote that was not closed.
    """

    def __init__(
        self, text: Iterable[str], delimiter: str, quote: str, reject: Callable[[int, str, str], None]
    ) -> None:
        quoting: Any = csv.QUOTE_MINIMAL if quote else csv.QUOTE_NONE
        self.options: dict[str, Any] = {
            "delimiter": delimiter,
            "quoting": quoting,
            "quotechar": quote or None,
            "strict": True,
        }
        self.lines, self.reject, self.width = _Lines(text), reject, 0
        self.reader = csv.reader(self.lines, **self.options)
        self.waiting: list[_Record] = []

    def __next__(self) -> _Record:
        if self.waiting:
            return self.waiting.pop()
        while True:
            try:
                cells = next(self.reader)
            except csv.Error as error:
                self._again(
                    "a cell is too long"
                    if "field larger" in str(error)
                    else "a quote is not closed, or text follows it"
                )
                continue
            record = self.lines.record
            if len(record) > 1 and self.width not in (0, len(cells)):
                self._again("a quote is not closed")
                continue
            self.lines.record = []
            if cells:
                return self.lines.number - len(record) + 1, cells, "".join(record)

    def _again(self, reason: str) -> None:
        """Rejects the first line of the record and goes on with the second."""
        first = self.lines.again_after_first()
        self.reject(self.lines.number, reason, first)
        self.reader = csv.reader(self.lines, **self.options)


def _batches(records: Iterator[_Record]) -> Iterator[list[_Record]]:
    batch: list[_Record] = []
    for record in records:
        batch.append(record)
        if len(batch) == _BATCH:
            yield batch
            batch = []
    yield batch


def _broken(text: str) -> bool:
    """Whether the text holds the mark of bytes that could not be decoded."""
    if text.isascii():
        return False
    try:
        text.encode("utf-8")
    except UnicodeEncodeError:
        return True
    return False


def _shown(text: str) -> str:
    """A rejected line for people: bytes that could not be decoded as \\xNN, on one line, cut."""
    plain = "".join(f"\\x{ord(c) - 0xDC00:02x}" if 0xDC00 <= ord(c) <= 0xDCFF else c for c in text.rstrip("\r\n"))
    return printable(plain, _SHOWN)


def _delimiter_hint(header: list[str], delimiter: str) -> str:
    """Where the whole header is one column, the delimiter that it seems to have."""
    if len(header) != 1:
        return ""
    others = {
        name: header[0].count(char)
        for char, name in ((";", ";"), ("\t", "\\t"), (",", ","), ("|", "|"))
        if char != delimiter
    }
    most = max(others, key=lambda name: others[name])
    return f'is the delimiter another? read: {{delimiter: "{most}"}}' if others[most] else ""
