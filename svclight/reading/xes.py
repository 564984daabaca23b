"""XES, the XML of event logs -> cells of the needed columns, a row an event, in a bounded amount of memory.

In: the bytes of a file. Out: text cells: keys of the event as they stand, keys of its trace with `case:` before them.
The parser is Python's own expat. A document type, in which alone entities can be declared, is refused: no entity is
expanded, nothing is fetched from elsewhere.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any, Final
from xml.parsers import expat

from svclight.reading.open_file import TextCells

if TYPE_CHECKING:
    from collections.abc import Sequence

    import pandas as pd

    from svclight.errors import LogError
    from svclight.reading.open_file import Cells, LogFile

_CASE: Final = "case:"
_BATCH: Final = 20_000
_PIECE: Final = 1 << 16
_LONGEST: Final = 1 << 24
"""Bytes of one tag; a longer one is taken for damage, since the parser would hold all of it."""
_DEEPEST: Final = 100
_VALUES: Final = frozenset(("string", "date", "int", "float", "boolean", "id"))


def read_xes(stream: Any, file: LogFile) -> pd.DataFrame:
    """The needed columns of the events as categories of text, with the number of each event as its line.

    Raises:
        LogError: The file is no XES, is damaged, or columns are absent.
    """
    cells = TextCells(file.needed)
    split_xes(stream, file, into=cells)
    return cells.frame()


def split_xes(stream: Any, file: LogFile, *, into: Cells) -> None:
    """Hands the cells of the needed columns on, part by part, so that no more than a part is held.

    Raises:
        LogError: The file is no XES, is damaged, or columns are absent.
    """
    parser = expat.ParserCreate(file.read.encoding)
    events = _Events(file, parser, into)
    parser.StartElementHandler = events.start
    parser.EndElementHandler = events.end
    parser.StartDoctypeDeclHandler = events.refuse_document_type
    understood = 0
    try:
        while piece := stream.read(_PIECE):
            parser.Parse(piece, False)  # noqa: FBT003 - the parser takes no keywords
            understood = max(understood, parser.CurrentByteIndex)  # -1 while it waits for more of a tag
            if events.read_on(len(piece)) - understood > _LONGEST:
                raise file.error("a tag of the XML is too long", parser.CurrentLineNumber)
        if not events.done:
            raise file.error("the file is empty")
        parser.Parse(b"", True)  # noqa: FBT003 - as above
    except (expat.ExpatError, LookupError, ValueError) as error:
        raise _broken(file, error) from None
    events.finish()


def _broken(file: LogFile, error: Exception) -> LogError:
    line = getattr(error, "lineno", None)
    said = expat.ErrorString(error.code) if isinstance(error, expat.ExpatError) else str(error)
    return file.error("this is no XES file that can be read", line, found=str(said), hint="fetch or write it again")


@dataclass
class _Events:
    """What the parser calls, element by element.

    Attributes:
        file: The file.
        parser: The parser, which knows the line.
        into: Where rows go.
        path: The names of the elements that are open.
        trace: The keys and values of the open trace.
        event: Those of the open event.
        count: How many events have ended.
        began: Whether the open trace has had an event.
        seen: The columns that are there.
        lines: The numbers of the events that wait to be handed on.
        rows: Their cells.
        done: The bytes read.
    """

    file: LogFile
    parser: Any
    into: Cells
    path: list[str] = field(default_factory=list)
    trace: dict[str, str] = field(default_factory=dict)
    event: dict[str, str] = field(default_factory=dict)
    count: int = 0
    began: bool = False
    seen: dict[str, None] = field(default_factory=dict)
    lines: list[int] = field(default_factory=list)
    rows: list[list[str]] = field(default_factory=list)
    done: int = 0

    def read_on(self, count: int) -> int:
        """Counts bytes; gives how many were read."""
        self.done += count
        return self.done

    def start(self, tag: str, keys: dict[str, str]) -> None:
        """An element begins."""
        name = tag.rpartition(":")[2]
        if not self.path and name != "log":
            raise self.file.error("this is no XES event log", found=f"an XML file of <{tag}>", expected="<log>")
        if len(self.path) == _DEEPEST:
            raise self.file.error("the XML is nested too deep", self.parser.CurrentLineNumber)
        above = self.path[-1] if self.path else ""
        self.path.append(name)
        if name == "trace":
            self.trace, self.began = {}, False
        elif name == "event":
            self.event, self.began = {}, True
        elif name in _VALUES and above == "event" and "key" in keys:
            self.event[keys["key"]] = keys.get("value", "")
        elif name in _VALUES and above == "trace" and "key" in keys:
            self._add_to_trace(keys["key"], keys.get("value", ""))

    def _add_to_trace(self, key: str, value: str) -> None:
        if self.began:  # the rows before it are gone already: a trace may be longer than memory
            message = "a key of a trace stands behind its events"
            raise self.file.error(message, self.parser.CurrentLineNumber, found=key, expected="keys first, as XES says")
        self.trace[_CASE + key] = value

    def end(self, _tag: str) -> None:
        """An element ends: with an event ends a row, with a trace what its rows share."""
        name = self.path.pop()
        if name == "trace":
            self.seen.update(dict.fromkeys(self.trace))
            self.trace, self.began = {}, False
        if name != "event":
            return
        self.seen.update(dict.fromkeys(self.event))
        cells = self.trace | self.event
        self.count += 1  # a whole file may be one line, and places tell rows apart
        self.lines.append(self.count)
        self.rows.append([cells.get(column, "") for column in self.file.needed])
        if len(self.rows) == _BATCH:
            self._hand_on()

    def refuse_document_type(self, *_: Any) -> None:
        """A document type is no part of XES, and may hold entities that grow without end."""
        raise self.file.error("an XML file with a document type is not read", self.parser.CurrentLineNumber)

    def _hand_on(self) -> None:
        self.into.add(self.lines, _columns(self.rows, len(self.file.needed)))
        self.lines, self.rows = [], []

    def finish(self) -> None:
        """Hands the last rows on, and checks that the needed columns are there."""
        self._hand_on()
        if self.seen:
            self.file.places(list(self.seen))


def _columns(rows: Sequence[Sequence[str]], width: int) -> list[list[str]]:
    return [[row[place] for row in rows] for place in range(width)]
