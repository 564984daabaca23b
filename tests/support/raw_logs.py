"""Files read by both ways: whole, and as a relation of an engine. What one gives the other gives."""

from __future__ import annotations

import zipfile
from io import BytesIO
from typing import TYPE_CHECKING, Any

from svclight.definition.models import Read
from svclight.errors import LogError, UnableError
from svclight.reading.file_relation import FILE, LINE, scan_files
from svclight.reading.source import source_of
from svclight.reading.sources import Raw, read_source
from svclight.values.text_dictionary import word_of

if TYPE_CHECKING:
    from collections.abc import Sequence

NEEDED = ("at", "wait")


def read_both(source: Any, needed: Sequence[str] = NEEDED, **options: Any) -> Raw:
    """The raw columns of a log; held against the relation of the same files, where there is one."""
    where = {name: f"log.{name}" for name in needed}
    given = (source_of(source), list(needed), Read.model_validate(options))
    scan = said(scan_files, *given, where=where)
    raw = said(read_source, *given, where=where)
    if isinstance(raw, LogError):
        # damage inside of a Parquet file shows only when its relation is asked
        assert not isinstance(scan, LogError) or str(scan) == str(raw)
        raise raw
    if scan is not None:
        found = scan.relation.order(f'"{FILE}", "{LINE}"').fetchall()
        assert [row[-2:] for row in found] == list(zip(raw.file_codes.tolist(), raw.lines.tolist(), strict=True))
        assert [list(map(word_of, row[:-2])) for row in found] == words(raw)
        assert scan.rejected == raw.rejected
    return raw


def said(work: Any, *given: Any, **more: Any) -> Any:
    """What a reader gives, or the error with which it refuses; None where files must be read whole."""
    try:
        return work(*given, **more)
    except LogError as error:
        return error
    except UnableError:
        return None


def cells(raw: Raw) -> list[list[object]]:
    return raw.frame.astype(object).to_numpy().tolist()


def words(raw: Raw) -> list[list[str]]:
    return [list(map(word_of, row)) for row in cells(raw)]


def rejected(raw: Raw) -> list[tuple[int, str]]:
    return [(one.line, one.reason) for one in raw.rejected]


def zipped(**files: bytes | str) -> bytes:
    """A zip of files; two underscores in a name stand for a point."""
    return zip_of({name.replace("__", "."): content for name, content in files.items()})


def zip_of(files: dict[str, bytes | str]) -> bytes:
    made = BytesIO()
    with zipfile.ZipFile(made, "w") as archive:
        for name, content in files.items():
            archive.writestr(
                zipfile.ZipInfo(name), content, zipfile.ZIP_DEFLATED
            )  # of no time: the same bytes each time
    return made.getvalue()
