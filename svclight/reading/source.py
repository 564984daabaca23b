"""A log as the caller gave it, and what it is: asked once, and known from then on.

In: a pandas frame; what stays in an engine (a Polars frame, a DuckDB relation, a Spark frame, an ibis table), or the
address of such a table; a path, a pattern, or a list of them. Out: `Source`, which holds one of the three: a frame, a
table in an engine, the paths of files that are there.
"""

from __future__ import annotations

import glob
import os
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from pathlib import Path
from stat import S_ISDIR
from typing import Any, Final

import pandas as pd

from svclight.dialects.database_address import is_address, table_of
from svclight.dialects.frames import is_lazy
from svclight.errors import Issue, LogError, did_you_mean, printable_text
from svclight.reading.packed_files import unpacked_size

_SHOWN: Final = 200
_PACKED: Final = 8
"""So many times larger text is about than its gzip or bz2."""


@dataclass(frozen=True, eq=False)
class Source:
    """A log before it is read.

    Attributes:
        frame: The pandas frame; None for other logs.
        table: What stays in an engine; None for other logs.
        paths: The files, in the order in which they are read; none for other logs.
    """

    frame: pd.DataFrame | None = None
    table: Any = None
    paths: tuple[Path, ...] = ()

    @property
    def size(self) -> int:
        """How many bytes the files have, about, once they are unpacked."""
        return sum(unpacked_size(path, file_size(path), times=_PACKED) for path in self.paths)


def source_of(given: Any) -> Source:
    """Recognises a log that was given to a call: a frame, files, or a table of an engine.

    Raises:
        LogError: It is no log, there is no such file, or a file is named twice.
        SvclightError: The database of an address cannot be reached, or has no such table.
    """
    if isinstance(given, pd.DataFrame):
        return Source(frame=given)
    if isinstance(given, str) and is_address(given):
        return Source(table=table_of(given))
    if is_lazy(given):
        return Source(table=given)
    paths = [path for named in _named_paths(given) for path in _files_at(named)]
    _check_once(paths)
    return Source(paths=tuple(paths))


def _named_paths(source: Any) -> list[str | os.PathLike[str]]:
    """The paths that were given, one or several.

    Raises:
        LogError: Something else was given.
    """
    if isinstance(source, str | os.PathLike):
        source = [source] if source != "" else []
    if isinstance(source, bytes | Mapping) or hasattr(source, "read") or not isinstance(source, Iterable):
        raise _no_log(source)
    given = list(source)
    wrong = [one for one in given if not isinstance(one, str | os.PathLike)]
    if wrong:
        raise _no_log(wrong[0] if isinstance(source, list | tuple) else source)
    if not given:
        raise LogError("no log was given")
    return given


def _no_log(source: Any) -> LogError:
    kind = f"{type(source).__module__}.{type(source).__qualname__}"
    hint = "put several frames together with pandas.concat" if isinstance(source, pd.DataFrame) else ""
    expected = "a pandas frame, a frame, relation or table of an engine, a path, or a list of paths"
    return LogError(Issue("this is no log", found=kind, expected=expected, hint=hint))


def _files_at(given: str | os.PathLike[str]) -> list[Path]:
    """The file of that path, or the files that match it."""
    path = Path(given)
    shown = printable_text(path, _SHOWN)
    try:
        mode = path.stat().st_mode
    except (OSError, ValueError):  # none of that name, too long a name, a name with a null character
        return _matching_files(path, shown)
    if S_ISDIR(mode):
        raise LogError(Issue("this is a folder", shown, hint=f"name its files: {shown}/*.csv"))
    return [path]


def _matching_files(path: Path, shown: str) -> list[Path]:
    if glob.has_magic(str(path)):
        found = [file for file in sorted(glob.glob(str(path), recursive=True)) if os.path.isfile(file)]  # noqa: PTH113, PTH207 - a pattern may be absolute; neither raises
        if not found:
            raise LogError(Issue("no file matches the pattern", shown))
        return [Path(file) for file in found]
    raise _no_file(path)


def file_size(path: Path) -> int:
    """The size of a file in bytes.

    Raises:
        LogError: It is not there any more: a card leads back to its files long after they were read.
    """
    try:
        return path.stat().st_size
    except OSError:
        raise _no_file(path) from None


def _no_file(path: Path) -> LogError:
    siblings = [Path(file).name for file in glob.glob(str(path.parent / "*"))]  # noqa: PTH207 - never raises
    hint = did_you_mean(path.name, siblings)
    return LogError(Issue("there is no such file", printable_text(path, _SHOWN), hint=hint))


def _check_once(paths: list[Path]) -> None:
    """A file that is named twice would count twice."""
    seen = set[str]()
    for path in paths:
        real = os.path.realpath(path)
        if real in seen:
            raise LogError(
                Issue("the file is named twice", printable_text(path, _SHOWN), hint="its rows would count twice")
            )
        seen.add(real)
