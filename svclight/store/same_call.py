"""Whether a call has been answered: the same question about the same files.

In: definitions, options, files. Out: a mark of the question, and the state of each file (its size, the moment of its
last change). A call whose mark and files stand in a store already need not read them again. What has no file, a table
of a database, is always read.
"""

from __future__ import annotations

import hashlib
import json
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from svclight.counts.provenance import version_of

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping
    from pathlib import Path

    from svclight.processes import Definitions
    from svclight.store.store_file import StoreFile


@dataclass(frozen=True, order=True)
class FileState:
    """A file as it was when it was read: what it is for, where it lies, its bytes, its last change (ns since 1970)."""

    role: str
    file: str
    size: int
    changed: int


@dataclass(frozen=True)
class Question:
    """What a call asks: its mark, and the files that answer it."""

    mark: str
    files: tuple[FileState, ...]


def question_of(definitions: Definitions, files: Mapping[str, Iterable[Path]], **options: Any) -> Question | None:
    """The question of a call; None where a file is not there, which who reads it will tell.

    Args:
        definitions: Those of the call.
        files: The files of each log and table, by what they are for.
        options: All else that decides the answer, as plain data.
    """
    asked = {"definition": definitions.hash, "svclight": version_of(), **options}
    text = json.dumps(asked, sort_keys=True, default=str)
    try:
        found = [_state_of(role, path) for role, paths in files.items() for path in paths]
    except OSError:
        return None
    return Question(hashlib.sha256(text.encode()).hexdigest()[:16], tuple(sorted(found)))


def _state_of(role: str, path: Path) -> FileState:
    there = path.stat()
    return FileState(role, str(path.resolve()), there.st_size, there.st_mtime_ns)


def answered_run(store: StoreFile, question: Question) -> int | None:
    """The run that answered a question about the same files; None where there is none."""
    for (run,) in store.rows("SELECT run FROM runs WHERE asked = ? ORDER BY run DESC", [question.mark]):
        rows = store.rows("SELECT process, file, bytes, changed FROM files WHERE run = ?", [run])
        if tuple(sorted(FileState(*row) for row in rows)) == question.files:
            return int(run)
    return None
