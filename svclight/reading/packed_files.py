"""A file that may be packed -> what lies inside, as a stream of bytes or as a plain file.

In: a path. Out: `Content`: the name of what lies inside, whose suffix says its kind, and the packings around it: `.gz`,
`.bz2`, and `.zip` with one file inside (what macOS and file managers add to a zip does not count).
"""

from __future__ import annotations

import bz2
import contextlib
import gzip
import lzma
import shutil
import stat
import struct
import zipfile
import zlib
from dataclasses import dataclass
from pathlib import Path, PurePosixPath
from typing import TYPE_CHECKING, Any, Final

from svclight.errors import Issue, LogError, printable_text, quoted_list

if TYPE_CHECKING:
    from collections.abc import Iterator

PACKINGS: Final = (".gz", ".bz2", ".zip")
_KINDS: Final = {".gz": "gzip", ".bz2": "bz2", ".zip": "zip"}
_MOST: Final = 3
"""So many packings may lie in each other: a zip can hold itself."""
_ENCRYPTED: Final = 1
_ADDED: Final = ("__MACOSX/", ".DS_Store", "Thumbs.db", "desktop.ini")
_HINT: Final = "fetch or write it again"


@dataclass(frozen=True)
class Content:
    """What lies in a file.

    Attributes:
        path: The file.
        name: The name of what lies inside; that of the file where it is not packed.
        packings: The packings around it, the outer one first.
    """

    path: Path
    name: str
    packings: tuple[str, ...] = ()

    @property
    def suffix(self) -> str:
        """The suffix that says the kind of the content, in small letters."""
        return PurePosixPath(self.name).suffix.lower()

    def open(self, stream: Any, stack: contextlib.ExitStack) -> Any:
        """The unpacked bytes as a stream, which `stack` closes.

        Args:
            stream: The bytes of the file.
            stack: See there.
        """
        for packing in self.packings:
            stream = stack.enter_context(_unpacked(stream, packing, stack))
        return stream

    def unpack(self, folder: Path) -> Path:
        """The path of a plain file with the content: the file itself, or a copy in the folder."""
        if not self.packings:
            return self.path
        copy = folder / f"unpacked{self.suffix}"
        with contextlib.ExitStack() as stack:
            source = self.open(stack.enter_context(self.path.open("rb")), stack)
            shutil.copyfileobj(source, stack.enter_context(copy.open("wb")), 1 << 20)
        return copy


def content_of(path: Path, name: str) -> Content:
    """What lies in a file, as its suffixes say; a zip is looked into.

    Args:
        path: The file.
        name: How messages call it.

    Raises:
        LogError: A zip is damaged, encrypted, or has no file or several inside.
    """
    inner, packings = path.name, list[str]()
    while (suffix := PurePosixPath(inner).suffix.lower()) in PACKINGS:
        if len(packings) == _MOST:
            raise LogError(Issue("the file is packed too many times", name, found=" in ".join(packings[::-1])))
        inner = inner[: -len(suffix)] if suffix != ".zip" else _name_in_zip(path, packings, name)
        packings.append(suffix)
    return Content(path, inner, tuple(packings))


def unpacked_size(path: Path, size: int, *, times: int) -> int:
    """How many bytes a file has, about, once it is unpacked: of a zip what it says, of others `times` its size."""
    packing = path.suffix.lower()
    if packing == ".zip":
        with (
            contextlib.suppress(OSError, zipfile.BadZipFile, struct.error, ValueError),
            zipfile.ZipFile(path) as archive,
        ):
            return sum(one.file_size for one in archive.infolist())
    return size * times if packing in PACKINGS else size


def _name_in_zip(path: Path, packings: list[str], name: str) -> str:
    """The name of the one file in a zip, which may itself be packed."""
    try:
        with unpacking(path, name), contextlib.ExitStack() as stack:
            if not stat.S_ISREG(path.stat().st_mode):  # the list of a zip stands at its end
                raise LogError(Issue("a zip must be a plain file", name, hint="write it into a file first"))
            stream = Content(path, "", tuple(packings)).open(stack.enter_context(path.open("rb")), stack)
            found = _files_in(stack.enter_context(zipfile.ZipFile(stream)))
    except OSError as error:
        raise LogError(Issue("the file cannot be read", name, hint=error.strerror or printable_text(error))) from None
    if len(found) == 1:
        return PurePosixPath(found[0].filename).name
    if not found:
        raise LogError(Issue("there is no file in the zip", name, expected="one file"))
    names = quoted_list(one.filename for one in found)
    hint = "unpack it and name the files of the log"
    raise LogError(
        Issue(f"there are {len(found):,} files in the zip", name, found=names, expected="one file", hint=hint)
    )


def _files_in(archive: zipfile.ZipFile) -> list[zipfile.ZipInfo]:
    """The files of a zip but for what systems add to it by themselves."""
    found = [one for one in archive.infolist() if not one.is_dir()]
    return [one for one in found if not (one.filename.startswith(_ADDED[0]) or one.filename.endswith(_ADDED[1:]))]


def _unpacked(stream: Any, packing: str, stack: contextlib.ExitStack) -> Any:
    if packing == ".gz":
        return gzip.GzipFile(fileobj=stream)
    if packing == ".bz2":
        return bz2.BZ2File(stream)
    archive = stack.enter_context(zipfile.ZipFile(stream))
    found = _files_in(archive)
    if not found or found[0].flag_bits & _ENCRYPTED:
        raise zipfile.BadZipFile("it is encrypted" if found else "it is empty")
    return archive.open(found[0])


@contextlib.contextmanager
def unpacking(path: Path, name: str) -> Iterator[None]:
    """Turns what Python raises while it unpacks a file inside the block into a LogError with the file's name."""
    kind = _KINDS.get(path.suffix.lower(), "")
    try:
        yield
    except EOFError:
        raise LogError(Issue("the compressed file ends in the middle", name, hint=_HINT)) from None
    except (gzip.BadGzipFile, zlib.error, lzma.LZMAError):
        raise LogError(Issue(f"the compressed file is no sound {kind} file", name, hint=_HINT)) from None
    except (zipfile.BadZipFile, NotImplementedError, struct.error) as error:
        found = printable_text(error)
        raise LogError(Issue(f"the compressed file is no sound {kind} file", name, found=found, hint=_HINT)) from None
    except OSError as error:
        if error.errno is not None or not kind:  # bz2 says so of what it cannot unpack
            raise
        raise LogError(Issue(f"the compressed file is no sound {kind} file", name, hint=_HINT)) from None
