"""Draws the pictures of docs/gallery.md by its own code; run by `make pictures`.

A picture that the page shows is the figure of `ax` after the next block of Python. Colours are counted, so that a file is
small; what is drawn depends on matplotlib alone, and not on the day.
"""

from __future__ import annotations

import io
import os
import re
import sys
import tempfile
from pathlib import Path
from typing import TYPE_CHECKING, Any

import matplotlib as mpl

mpl.use("Agg")

from matplotlib import pyplot as plt
from PIL import Image
from support.places import ROOT

if TYPE_CHECKING:
    from collections.abc import Iterator

PAGE = ROOT / "docs" / "gallery.md"
FOLDER = ROOT / "docs" / "pictures"
_PART = re.compile(
    r"^!\[[^\]]*\]\(pictures/(?P<picture>[\w.]+)\)$|^```(?P<language>\w+)\n(?P<text>.*?)^```$", re.MULTILINE | re.DOTALL
)
_DOTS = 100
_COLOURS = 256


def parts() -> Iterator[tuple[str, str]]:
    """The pictures and blocks of the page in their order: `picture` with its name, or a language with the text."""
    for found in _PART.finditer(PAGE.read_text("utf-8")):
        yield ("picture", found["picture"]) if found["picture"] else (found["language"], found["text"])


def pictures() -> list[str]:
    """The names of the pictures that the page shows."""
    return [name for kind, name in parts() if kind == "picture"]


def drawn() -> Iterator[tuple[str, bytes]]:
    """Each picture as PNG, by the code of the page, which is run in a folder of its own."""
    names: dict[str, Any] = {}
    waiting = ""
    here = Path.cwd()
    with tempfile.TemporaryDirectory() as folder:
        os.chdir(folder)
        for kind, text in parts():
            if kind == "yaml":
                Path("service.yaml").write_text(text, "utf-8")
            elif kind == "picture":
                waiting = text
            elif kind == "python":
                exec(text, names)  # noqa: S102 - the documentation is ours
                if waiting:
                    yield waiting, _png(names["ax"].figure)
                waiting = ""
                plt.close("all")
        os.chdir(here)


def _png(figure: Any) -> bytes:
    """A figure as a PNG of few colours, without a date or the name of a program."""
    whole, small = io.BytesIO(), io.BytesIO()
    figure.savefig(whole, format="png", dpi=_DOTS, metadata={"Software": None})
    Image.open(whole).convert("RGB").quantize(_COLOURS, dither=Image.Dither.NONE).save(small, "png", optimize=True)
    return small.getvalue()


if __name__ == "__main__":
    FOLDER.mkdir(exist_ok=True)
    for name, content in drawn():
        (FOLDER / name).write_bytes(content)
        sys.stdout.write(f"docs/pictures/{name}: {len(content) / 1000:.0f} KB\n")
