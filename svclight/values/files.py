"""Files are written whole or not at all: beside their place first, then moved there.

In: a path and bytes. Out: the path, or an error with nothing half-written left. Two who write the same file at once
leave one of both versions, whole. A link at the path is refused: nothing is written where it leads to.
"""

from __future__ import annotations

import contextlib
import os
import secrets
import stat
from typing import TYPE_CHECKING

from svclight.errors import Issue, SvclightError, printable_text, quoted_text

if TYPE_CHECKING:
    from pathlib import Path


def write_whole(path: Path, data: bytes) -> Path:
    """Writes a file whole or not at all, and returns its path.

    A file that is replaced hands its permissions on. A pipe or a device is written to as it stands.

    Raises:
        SvclightError: It cannot be written, or a link stands there.
    """
    name = printable_text(path, 200)
    try:
        there = _status(path)
        if there is not None and not stat.S_ISREG(there.st_mode) and not stat.S_ISDIR(there.st_mode):
            path.write_bytes(data)  # a pipe cannot be replaced, and a device must not be
            return path
        if path.is_symlink():
            hint = "name the file itself, or take the link away"
            found = quoted_text(path.readlink(), 200)
            raise SvclightError(Issue(f"{name}: this is a link, and is not followed", found=found, hint=hint))
        _replace(path, data, None if there is None else stat.S_IMODE(there.st_mode))
    except BrokenPipeError:  # the reader of a pipe went away: no error of who writes
        raise
    except OSError as error:
        raise SvclightError(f"{name}: the file cannot be written: {error.strerror}") from None
    return path


def _status(path: Path) -> os.stat_result | None:
    """What stands at a path, behind links; None where there is nothing."""
    try:
        return path.stat()
    except FileNotFoundError:
        return None


def _replace(path: Path, data: bytes, mode: int | None) -> None:
    """Puts a new file in the place of an old one."""
    # In the same folder: a move there is one step, so that a reader finds the old file or the new one, never a part.
    # The name cannot be foreseen and must be new: no link planted there is followed, and two writers do not meet.
    beside = path.with_name(f".svclight-{secrets.token_hex(8)}.part")
    descriptor = os.open(beside, os.O_WRONLY | os.O_CREAT | os.O_EXCL | getattr(os, "O_NOFOLLOW", 0), 0o666)
    try:
        with open(descriptor, "wb") as file:  # noqa: PTH123 - of a descriptor
            file.write(data)
        if mode is not None:
            beside.chmod(mode)
        beside.replace(path)
    except BaseException:  # an interrupt leaves no part behind either
        with contextlib.suppress(OSError):  # the folder may be the one that cannot be written
            beside.unlink(missing_ok=True)
        raise


def check_outputs(outputs: list[Path], inputs: list[Path]) -> None:
    """Refuses outputs that would be written over an input of the same call, or over each other.

    Args:
        outputs: Where results go.
        inputs: What is read; names that lead nowhere are passed over.

    Raises:
        SvclightError: Two are the same file, under whatever names and links.
    """
    for place, output in enumerate(outputs):
        same = next((one for one in inputs if _are_same(output, one)), None)
        if same is not None:
            what = f"{printable_text(output, 200)} is an input of this call, and would be written over"
            raise SvclightError(Issue(what, found=quoted_text(same, 200), hint="name another file with -o"))
        if any(_are_same(output, other) for other in outputs[:place]):
            raise SvclightError(f"{printable_text(output, 200)}: two results of this call would be the same file")


def _are_same(first: Path, second: Path) -> bool:
    """Whether two paths lead to one file, by links of either kind, too."""
    try:
        return first.samefile(second)
    except OSError:  # one of them is not there (yet)
        return os.path.realpath(first) == os.path.realpath(second)
