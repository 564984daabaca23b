"""Files are written whole or not at all: beside their place first, then moved there.

In: a path and bytes. Out: the path, or an error with nothing half-written left.
"""

from __future__ import annotations

import contextlib
from typing import TYPE_CHECKING

from svclight.errors import SvclightError, printable_text

if TYPE_CHECKING:
    from pathlib import Path


def write_whole(path: Path, data: bytes) -> Path:
    """Writes a file whole or not at all: beside its place first, then moved there.

    Raises:
        SvclightError: It cannot be written.
    """
    beside = path.with_name(f".{path.name}.part")
    try:
        beside.write_bytes(data)
        beside.replace(path)
    except OSError as error:
        with contextlib.suppress(OSError):  # the folder may be the one that cannot be written
            beside.unlink(missing_ok=True)
        raise SvclightError(f"{printable_text(path, 200)}: the file cannot be written: {error.strerror}") from None
    return path
