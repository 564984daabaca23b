"""Arrow and Feather files -> the needed columns as a Parquet file, part by part, which is then read as any other is.

In: a file and a folder. Out: the path of the Parquet file; Parquet keeps Arrow's own schema beside its own, so that no
type is lost. pyarrow does it, which is no dependency: DuckDB reads Arrow's files by an extension that it would fetch
from the network, and Polars reads neither streams nor Feather's first version.
"""

from __future__ import annotations

from importlib.util import find_spec
from typing import TYPE_CHECKING, Any

from svclight.errors import printable_text

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

    from svclight.reading.open_file import LogFile


def parquet_of_arrow(file: LogFile, path: Path, folder: Path) -> Path:
    """The path of a Parquet file with the needed columns.

    Args:
        file: The file.
        path: Where it lies, unpacked.
        folder: Where the Parquet file is written.

    Raises:
        LogError: pyarrow is not installed, the file is no Arrow file, is damaged, or columns are absent.
    """
    if find_spec("pyarrow") is None:
        message, hint = "an Arrow file is read by pyarrow, which is not installed", "pip install 'svclight[arrow]'"
        raise file.error(message, hint=hint)
    import pyarrow as pa  # noqa: PLC0415 - no dependency: loaded where there is such a file

    target = folder / "arrow.parquet"
    try:
        with pa.OSFile(str(path)) as source:
            _copy(source, file, target)
    except (pa.ArrowException, OSError, ValueError, KeyError) as error:
        hint = printable_text(str(error).partition("\n")[0], 200)
        raise file.error("this is no Arrow or Feather file that can be read", hint=hint) from None
    return target


def _copy(source: Any, file: LogFile, target: Path) -> None:
    """Writes the needed columns of all parts; each is checked first, since Arrow believes the numbers in a file."""
    import pyarrow as pa  # noqa: PLC0415 - as above
    import pyarrow.parquet as pq  # noqa: PLC0415 - as above

    schema, batches = _open(source)
    places = file.places(schema.names)
    chosen = pa.schema([schema.field(place) for place in places])
    with pq.ParquetWriter(target, chosen) as writer:
        for batch in batches:
            batch.validate(full=True)
            columns = [batch.column(place) for place in places]
            writer.write_batch(pa.record_batch(columns, schema=chosen))


def _open(source: Any) -> tuple[Any, Iterator[Any]]:
    """The schema and the parts of a file, of a stream, or of a file of Feather's first version."""
    import pyarrow as pa  # noqa: PLC0415 - as above
    from pyarrow import feather, ipc  # noqa: PLC0415 - as above

    start = source.read(6)
    source.seek(0)
    if start.startswith(b"FEA1"):
        table = feather.read_table(source)
        return table.schema, iter(table.to_batches())
    if start.startswith(b"ARROW1"):
        reader = ipc.open_file(source)
        return reader.schema, (reader.get_batch(number) for number in range(reader.num_record_batches))
    if not start:
        raise pa.ArrowInvalid("the file is empty")
    stream = ipc.open_stream(source)
    return stream.schema, iter(stream)
