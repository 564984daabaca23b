"""The durations of a Parquet file, which the format itself does not know: they lie there as whole numbers.

In: the key-value metadata of a file. Out: the unit of each column that its writer says is a duration. Writers by way of
Arrow (pandas, Polars, pyarrow) put their own schema beside Parquet's (`ARROW:schema`); pandas says it once more.
"""

from __future__ import annotations

import base64
import json
import re
import struct
from contextlib import suppress
from typing import TYPE_CHECKING, Final

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping

_UNITS: Final = ("s", "ms", "us", "ns")
_DURATION: Final = 18
"""The number of a duration among Arrow's types."""
_MARK: Final = b"\xff\xff\xff\xff"
_PANDAS: Final = re.compile(r"timedelta64\[(s|ms|us|ns)\]")


def durations_of(metadata: Mapping[bytes, bytes]) -> dict[str, str]:
    """The columns that are durations, with their unit: s, ms, us or ns.

    Args:
        metadata: The keys and values of a Parquet file; what cannot be understood says nothing.
    """
    found: dict[str, str] = {}
    with suppress(ValueError, TypeError, KeyError, AttributeError):
        columns = json.loads(metadata[b"pandas"])["columns"]
        told = {one["field_name"] or one["name"]: _PANDAS.fullmatch(one["numpy_type"]) for one in columns}
        found = {name: unit[1] for name, unit in told.items() if unit and isinstance(name, str)}
    with suppress(ValueError, struct.error, KeyError, IndexError):
        found |= dict(_arrow_durations(base64.b64decode(metadata[b"ARROW:schema"])))
    return found


# Arrow's schema is a flatbuffer: a table begins with the distance back to a list of places, one a field, of which those
# that are 0 are not there. https://flatbuffers.dev/internals, and Message.fbs and Schema.fbs of Arrow for the numbers.
def _arrow_durations(message: bytes) -> Iterator[tuple[str, str]]:
    """The durations of an Arrow schema and their units."""
    data = message[8:] if message.startswith(_MARK) else message[4:]
    header = _table_in(data, _whole(data, 0), 2)  # Message.header: the schema
    fields = _place(data, header, 1) if header else 0  # Schema.fields
    if not fields:
        return
    begin = fields + _whole(data, fields)
    for number in range(_whole(data, begin)):
        at = begin + 4 + 4 * number
        one = at + _whole(data, at)
        kind = _place(data, one, 2)  # Field.type_type
        name = _place(data, one, 0)  # Field.name
        if kind and name and data[kind] == _DURATION:
            unit = _place(data, _table_in(data, one, 3), 0)  # Duration.unit, milliseconds unless given
            yield _text(data, name), _UNITS[struct.unpack_from("<h", data, unit)[0] if unit else 1]


def _whole(data: bytes, at: int) -> int:
    return int(struct.unpack_from("<I", data, at)[0])


def _place(data: bytes, table: int, number: int) -> int:
    """The place of a field of a table; 0 where it is not there."""
    places = table - struct.unpack_from("<i", data, table)[0]
    size = struct.unpack_from("<H", data, places)[0]
    entry = 4 + 2 * number
    if places < 0 or entry >= size:
        return 0
    offset = struct.unpack_from("<H", data, places + entry)[0]
    return table + offset if offset else 0


def _table_in(data: bytes, table: int, number: int) -> int:
    """The place of a table that a field of another one leads to; 0 where it is not there."""
    at = _place(data, table, number)
    return at + _whole(data, at) if at else 0


def _text(data: bytes, at: int) -> str:
    begin = at + _whole(data, at)
    return data[begin + 4 : begin + 4 + _whole(data, begin)].decode()
