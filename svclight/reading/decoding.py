"""Bytes of a file -> text, with what cannot be decoded marked instead of stopping the reading.

In: the bytes of a file, packed or not, and the encoding that the definition names. Out: a text stream whose lines end
as they stand. A byte-order mark says more than a definition: where one stands, it is believed.
"""

from __future__ import annotations

import codecs
import io
import os
import stat
from typing import IO, TYPE_CHECKING, Any, Final

from svclight.reading.reading_hints import wide_encoding_hint

if TYPE_CHECKING:
    import contextlib
    from collections.abc import Callable

    from svclight.reading.open_file import LogFile

_BOMS: Final = (
    (codecs.BOM_UTF8, "utf-8"),
    (codecs.BOM_UTF32_LE, "utf-32"),
    (codecs.BOM_UTF32_BE, "utf-32"),
    (codecs.BOM_UTF16_LE, "utf-16"),
    (codecs.BOM_UTF16_BE, "utf-16"),
)
_KINDS: Final = {
    b"PK\x03\x04": "an Excel or zip file",
    b"PAR1": "a Parquet file",
    b"\xd0\xcf\x11\xe0": "an old Excel file",
    b"\x1f\x8b": "a gzip file",
    b"%PDF": "a PDF",
    b"BZh91AY&SY": "a bz2 file",
    b"ARROW1": "an Arrow file",
}
_HEAD: Final = 4096
_MARKS: Final = 0xDC00


def _mark_undecoded(error: Any) -> tuple[str, int]:
    """A lone surrogate, which no text can hold, for each byte that cannot be decoded; Python asks while it reads."""
    return "".join(chr(_MARKS + byte) for byte in error.object[error.start : error.end]), error.end


codecs.register_error("svclight.mark", _mark_undecoded)


def has_undecoded(text: str) -> bool:
    """Whether the text holds the mark of bytes that could not be decoded."""
    if text.isascii():  # nearly all lines are, and asking costs nothing
        return False
    try:
        text.encode("utf-8")
    except UnicodeEncodeError:
        return True
    return False


def open_text(file: LogFile, stack: contextlib.ExitStack) -> io.TextIOWrapper:
    """The file as a text stream, which `stack` closes.

    Raises:
        LogError: The file is empty, or its first bytes are those of another kind of file.
    """
    buffered = open_bytes(file, stack)
    head = buffered.peek(_HEAD)[:_HEAD]
    if not head:
        raise file.error("the file is empty")
    encoding = _encoding_of(file, head)
    return stack.enter_context(io.TextIOWrapper(buffered, encoding=encoding, errors="svclight.mark", newline=""))


def open_bytes(file: LogFile, stack: contextlib.ExitStack) -> io.BufferedReader:
    """The unpacked bytes of a file as a stream that reports its progress; `stack` closes it."""
    return stack.enter_context(io.BufferedReader(file.content.open(open_counted(file, stack), stack)))


def open_counted(file: LogFile, stack: contextlib.ExitStack) -> Any:
    """The bytes of a file as a stream that reports its progress; `stack` closes it.

    A file that grows meanwhile is read to the size that it had at the start: who writes may be in the middle of a line.
    """
    stream = stack.enter_context(file.path.open("rb"))
    if ".zip" in file.content.packings:  # a zip is read here and there
        return stream
    found = os.fstat(stream.fileno())
    return _Counted(stream, file.step, found.st_size if stat.S_ISREG(found.st_mode) else None)


def _encoding_of(file: LogFile, head: bytes) -> str:
    """The encoding of a file: by its byte-order mark, else as the definition says, else UTF-8."""
    declared = codecs.lookup(file.read.encoding or "utf-8").name
    bom = next((name for mark, name in _BOMS if head.startswith(mark)), None)
    kind = next((kind for start, kind in _KINDS.items() if head.startswith(start)), None)
    wide = "utf-16" if declared.startswith("utf-16") else "utf-32" if declared.startswith("utf-32") else None
    if bom is not None and bom != wide:  # a mark says more than a definition
        declared = bom
    elif wide is None and (kind is not None or b"\0" in head.splitlines()[0]):
        wide_hint = wide_encoding_hint(head, file.needed) or "is this the right file?"
        hint = f"it looks like {kind}: give it the suffix of its kind" if kind else wide_hint
        raise file.error("this is no text file", found="binary data", expected="delimited text", hint=hint)
    return "utf-8-sig" if declared == "utf-8" else declared


def name_of(text: io.TextIOWrapper) -> str:
    """The encoding of a text, as people call it."""
    return text.encoding.removesuffix("-sig")


class _Counted(io.RawIOBase):
    """A binary stream that ends after so many bytes, where it is told, and reports how far it has been read."""

    def __init__(self, stream: IO[bytes], step: Callable[[int], None] | None, size: int | None) -> None:
        self.stream, self.step, self.size, self.done = stream, step, size, 0

    def readable(self) -> bool:
        return True

    def readinto(self, buffer: Any) -> int:
        most = len(buffer) if self.size is None else min(len(buffer), self.size - self.done)
        data = self.stream.read(most)
        buffer[: len(data)] = data
        self.done += len(data)
        if self.step is not None:
            self.step(self.done)
        return len(data)
