"""A JSON document -> the rows that stand in it as a list, one at a time: neither text nor document is held whole.

In: a text stream, and the dotted place of the rows (`data.items`; none where the list is the document itself). Out:
the items of the list. Where the way to the place leads through a list, or a text holds several documents (pages of an
interface, one a line), the rows of each count.
"""

from __future__ import annotations

import contextlib
import json
from stat import S_ISREG
from typing import TYPE_CHECKING, Any, Final

from svclight.errors import quoted_list, quoted_text
from svclight.reading.decoding import open_text

if TYPE_CHECKING:
    import io
    from collections.abc import Iterator, Sequence

    from svclight.errors import LogError
    from svclight.reading.open_file import LogFile

BLANKS: Final = " \t\r\n\ufeff"
"""Characters that may stand between values."""
_PIECE: Final = 1 << 16
_DEEPEST: Final = 100
_EXPONENT: Final = len("e+")
_MOST_PLACES: Final = 1_000


class BrokenJsonError(ValueError):
    """The text is no JSON, or ends in the middle."""


class JsonText:
    """A text stream of which JSON values are taken one after another.

    Attributes:
        source: The text of the latest value, as it stands.
        lists: How many lists of rows were met.
    """

    def __init__(self, stream: io.TextIOBase, head: str = "") -> None:
        self.stream, self.buffer, self.place, self.ended, self.line = stream, head, 0, False, 1
        self.decoder, self.source, self.lists = json.JSONDecoder(), "", 0

    def peek(self) -> str:
        """The next character that is no blank; empty at the end."""
        while True:
            char = self.buffer[self.place : self.place + 1]
            if char and char not in BLANKS:
                return char
            if not char and not self._read_on():
                return ""
            self.place += 1 if char else 0

    def take(self, expected: str) -> str:
        """Passes over the next character, one of those that are expected, and gives it.

        Raises:
            BrokenJsonError: Another one stands there, or none.
        """
        found = self.peek()
        if not found or found not in expected:
            raise self.broken(f"{quoted_text(found)} is not expected")
        self.place += 1
        return found

    def value(self) -> Any:
        """The next value.

        Raises:
            BrokenJsonError: There is none.
        """
        while True:
            self.peek()
            try:
                value, end = self.decoder.raw_decode(self.buffer, self.place)
            except RecursionError:
                raise self.broken("it is nested too deep") from None
            except ValueError as error:
                if self._read_on():  # the rest of the value may still come
                    continue
                raise self.broken(str(error).partition(":")[0]) from None
            # a number may go on behind the end of the buffer: 1, 1. and 1e+ are all 1 so far
            if isinstance(value, int | float) and end + _EXPONENT >= len(self.buffer):
                begin = self.place
                if self._read_on():
                    continue
                end -= begin  # what stands before the value is no longer held
            self.source, self.place = self.buffer[self.place : end], end
            return value

    def broken(self, what: str) -> BrokenJsonError:
        """The error that something is wrong at this place."""
        if self.ended and self.place >= len(self.buffer):
            return BrokenJsonError("it ends in the middle")
        return BrokenJsonError(f"{what} in line {self.line + self.buffer.count(chr(10), 0, self.place)}")

    def _read_on(self) -> bool:
        """Reads as much again as is held; false at the end of the text."""
        kept = self.buffer[self.place :]
        piece = "" if self.ended else self.stream.read(max(_PIECE, len(kept)))
        self.ended = not piece
        self.line += self.buffer.count("\n", 0, self.place)
        self.buffer, self.place = kept + piece, 0
        return not self.ended


def rows_of_document(text: JsonText, file: LogFile) -> Iterator[Any]:
    """The rows under the place that the definition names, whatever each of them is.

    Raises:
        LogError: The text is no JSON, or there is no list at that place.
    """
    path = file.read.path or ""
    try:
        while text.peek():
            yield from _rows_under(text, path)
    except BrokenJsonError as error:
        message, hint = "this is no JSON document that can be read", "fetch or write it again"
        raise file.error(message, found=str(error), hint=hint) from None
    if not text.lists:
        raise file.error(
            f"there is no list at {quoted_text(path)}", expected="the dotted place of the rows", hint=place_hint(file)
        )


def _rows_under(text: JsonText, path: str, depth: int = 0) -> Iterator[Any]:
    """The rows in the next value under a path; the value is passed over in any case."""
    opening = text.peek()
    if opening == "[" and depth < _DEEPEST:
        text.lists += not path
        for _ in _items(text):
            if path:
                yield from _rows_under(text, path, depth + 1)
            else:
                yield text.value()
    elif opening == "{" and path and depth < _DEEPEST:
        for key in _keys(text):
            if key == path or path.startswith(f"{key}."):
                yield from _rows_under(text, path[len(key) + 1 :], depth + 1)
            else:
                text.value()
    else:
        text.value()


def _items(text: JsonText) -> Iterator[None]:
    """Stops before each item of a list, which the caller takes."""
    text.take("[")
    if text.peek() == "]":
        text.take("]")
        return
    yield
    while text.take(",]") == ",":
        yield


def _keys(text: JsonText) -> Iterator[str]:
    """The keys of an object; the caller takes the value of each."""
    text.take("{")
    if text.peek() == "}":
        text.take("}")
        return
    while True:
        if text.peek() != '"':
            raise text.broken(f"{quoted_text(text.peek())} is not expected")
        key = text.value()
        text.take(":")
        yield key
        if text.take(",}") == "}":
            return


def place_hint(file: LogFile) -> str:
    """The places of a document at which rows stand, for the end of a message; empty where it is no document."""
    if not S_ISREG(file.path.stat().st_mode):  # a pipe can be read only once
        return ""
    try:
        places = places_of_lists(file)
    except BrokenJsonError:
        return ""
    if not places:
        return "no list of objects is in it"
    there = f"rows stand at {quoted_list(places)}"
    fitting = [place for place, keys in places.items() if set(file.needed) <= set(keys)]
    return f"{there}; this finds them: read: {{path: {fitting[0]}}}" if len(fitting) == 1 else there


def places_of_lists(file: LogFile) -> dict[str, Sequence[str]]:
    """The dotted places at which a document holds lists of objects, and the keys of the first object of each.

    Raises:
        BrokenJsonError: It is no document.
    """
    found: dict[str, Sequence[str]] = {}
    with contextlib.ExitStack() as stack:
        text = JsonText(open_text(file, stack))
        while text.peek() and len(found) < _MOST_PLACES:
            _add_places(text, "", found)
    return found


def _add_places(text: JsonText, place: str, found: dict[str, Sequence[str]]) -> None:
    """Adds the places in the next value, which is passed over; of a list the first item is looked into."""
    opening = text.peek()
    if opening == "{" and place.count(".") < _DEEPEST:
        for key in _keys(text):
            _add_places(text, f"{place}.{key}" if place else key, found)
    elif opening == "[":
        for number, _ in enumerate(_items(text)):
            item = text.value()
            if number == 0 and isinstance(item, dict):
                _add_places_in([item], place, found)
    else:
        text.value()


def _add_places_in(value: Any, place: str, found: dict[str, Sequence[str]]) -> None:
    """Adds the places in a value that is held."""
    if isinstance(value, list) and value and isinstance(value[0], dict):
        if place:
            found.setdefault(place, list(value[0]))
        value = value[0]
    if isinstance(value, dict) and place.count(".") < _DEEPEST:
        for key, inner in value.items():
            _add_places_in(inner, f"{place}.{key}" if place else key, found)


def json_error(file: LogFile) -> LogError:
    """The error for a text that holds no JSON lines: it may be a document whose rows stand somewhere in it."""
    hint = place_hint(file)
    if hint:
        return file.error("the rows stand in a part of the document", expected="read: {path: …}", hint=hint)
    return file.error("the file holds no JSON lines", expected="one JSON object a line, or a list of objects")
