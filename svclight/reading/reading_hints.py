"""What a person can write under `read` where a text was opened in a wrong way, each proposal tried on the text first.

In: the first lines of a text, as they were decoded, and the columns that are needed. Out: the end of a message, such as
`this finds them: read: {delimiter: ";"}`; empty where nothing that was tried helps. A hint that leads nowhere costs a
person more than none.
"""

from __future__ import annotations

import csv
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, Final

from svclight.errors import printable_text, quoted_list, quoted_text

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from svclight.definition.models import Read

LOOKED: Final = 30
"""So many lines are looked at."""
_DELIMITERS: Final = {",": ",", ";": ";", "\t": "\\t", "|": "|"}
_ENCODINGS: Final = ("utf-8", "cp1252", "cp1251", "cp1250", "cp866", "koi8-r", "shift_jis", "gb18030")
_WIDE: Final = ("utf-16-le", "utf-16-be")
_FIRST_MARK: Final = 0xDC00
_LAST_MARK: Final = 0xDCFF
_MOST_FITS: Final = 3


@dataclass(frozen=True)
class _Trial:
    """One way of reading a header, and the needed columns that it finds."""

    delimiter: str
    line: int
    found: tuple[str, ...]


def header_hint(opening: Sequence[str], needed: Sequence[str], read: Read, delimiter: str) -> str:
    """The delimiter, or the line of the header, by which the needed columns are found.

    Args:
        opening: The first lines, without those that are skipped.
        needed: The columns.
        read: How the definition says that the text is written.
        delimiter: The delimiter by which they were not found.
    """
    if read.names or len(read.header_lines) > 1:
        return ""
    line = (read.header_lines or (1,))[0]
    trials = [trial for trial in _trials(opening, needed, read, delimiter) if trial.found]
    best = max(
        trials, key=lambda trial: (len(trial.found), trial.line == line, trial.delimiter == delimiter), default=None
    )
    if best is None or (best.delimiter, best.line) == (delimiter, line):
        return ""
    parts = [] if best.delimiter == delimiter else [f'delimiter: "{_DELIMITERS[best.delimiter]}"']
    parts += [] if best.line == line else [f"header: {best.line}"]
    written = f"read: {{{', '.join(parts)}}}"
    if len(best.found) == len(needed):
        return f"this finds {'it' if len(needed) == 1 else 'them'}: {written}"
    return f"with {written} these of them are there: {quoted_list(best.found)}"


def _trials(opening: Sequence[str], needed: Sequence[str], read: Read, delimiter: str) -> Iterator[_Trial]:
    """The ways of reading that give most of the lines below the header as many cells as it has names."""
    for char in dict.fromkeys((delimiter, *_DELIMITERS)):
        if char in ("\r", "\n", read.quote):
            continue
        rows = [_split(line, char, read) for line in opening]
        for line, row in enumerate(rows, 1):
            if read.header is False and line > 1:
                break
            names = [cell.strip() for cell in row] if read.header else [str(place + 1) for place in range(len(row))]
            below = [len(other) for other in rows[line:] if other]
            if 2 * sum(width == len(row) for width in below) >= len(below):
                yield _Trial(char, line, tuple(name for name in needed if name in names))


def width_hint(opening: Sequence[str], names: Sequence[str], read: Read, delimiter: str) -> str:
    """The delimiter that splits most lines into as many cells as names are given, where none is split so."""
    pad, width = read.short_lines == "pad", len(names)

    def fits(char: str) -> list[bool]:
        rows = [row for row in (_split(line, char, read) for line in opening) if row]
        return [len(row) == width or (pad and 1 < len(row) < width) for row in rows]

    if width == 1 or any(fits(delimiter)):
        return ""
    for char in _DELIMITERS:
        found = fits(char) if char not in (delimiter, read.quote) else []
        if 2 * sum(found) > len(found):
            return f'this reads them: read: {{delimiter: "{_DELIMITERS[char]}"}}'
    return ""


def _split(line: str, delimiter: str, read: Read) -> list[str]:
    options: dict[str, Any] = {"quotechar": read.quote} if read.quote else {"quoting": csv.QUOTE_NONE}
    try:
        return next(csv.reader([line], delimiter=delimiter, **options), [])
    except csv.Error:  # a cell that is too long
        return []


def encoding_hint(header: str, needed: Sequence[str], encoding: str, delimiter: str) -> str:
    """The encodings in which a header can be read and has the needed columns, each with a name as it would read.

    Args:
        header: The line, with a mark for each byte that could not be decoded.
        needed: The columns.
        encoding: The encoding in which it cannot be decoded.
        delimiter: What stands between the names.
    """
    fits, parted = _encodings_that_fit(header, needed, encoding, delimiter), ""
    for char in _DELIMITERS:  # two causes at once: the export of another country has its own encoding and delimiter
        if not fits and char != delimiter:
            fits, parted = _encodings_that_fit(header, needed, encoding, char), f', delimiter: "{_DELIMITERS[char]}"'
    if not fits:
        return ""
    if all(name.isascii() for name in needed):  # no needed name tells one encoding from another
        shown = [f"{name} reads {quoted_text(word, 40)}" for name, word in list(fits.items())[:_MOST_FITS]]
        return f"name the encoding: read: {{encoding: {next(iter(fits))}{parted}}}; {', '.join(shown)}"
    return f"this finds them: read: {{encoding: {next(iter(fits))}{parted}}}"


def _encodings_that_fit(header: str, needed: Sequence[str], encoding: str, delimiter: str) -> dict[str, str]:
    """The encodings in which a header, split so, has the needed columns, each with a name as it would read."""
    fits = {}
    for name in _ENCODINGS:
        try:
            names = [cell.strip(' \r\n"') for cell in _bytes_of(header, encoding).decode(name).split(delimiter)]
        except UnicodeError:
            continue
        if set(needed) <= set(names) and all(map(str.isprintable, names)):
            fits[name] = next((one for one in names if not one.isascii()), "")
    return fits


def _bytes_of(text: str, encoding: str) -> bytes:
    """The bytes that a text was decoded from, those that could not be decoded among them."""
    parts = (
        bytes([ord(char) - _FIRST_MARK]) if _FIRST_MARK <= ord(char) <= _LAST_MARK else char.encode(encoding)
        for char in text
    )
    return b"".join(parts)


def wide_encoding_hint(head: bytes, needed: Sequence[str]) -> str:
    """The encoding of two bytes a character in which the beginning of a text has the needed columns; empty if none."""
    for name in _WIDE:
        text = head[: len(head) // 2 * 2].decode(name, errors="ignore")
        first = next(iter(text.splitlines()), "")
        if needed and all(column in first for column in needed) and first.replace("\t", " ").isprintable():
            return f"this reads it: read: {{encoding: {printable_text(name)}}}"
    return ""
