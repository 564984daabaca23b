"""The gallery shows every plot, each with its code (which `test_docs` runs), and pictures that are small."""

import re

from PIL import Image
from support import gallery

from svclight import plots


def test_every_plot_is_shown_with_its_code():
    code = "".join(text for kind, text in gallery.parts() if kind == "python")
    shown = re.findall(r"svclight\.report\.(plot_\w+)\(", code)
    assert set(shown) == set(plots.__all__)
    headed = re.findall(r"(?m)^### .*`(plot_\w+)`$", gallery.PAGE.read_text("utf-8"))
    assert sorted(headed) == sorted(plots.__all__)


def test_each_picture_stands_before_the_code_that_draws_it():
    kinds = [kind for kind, _ in gallery.parts()]
    for place, kind in enumerate(kinds):
        if kind == "picture":
            assert kinds[place + 1] == "python"


def test_pictures_are_there_and_small():
    assert set(gallery.pictures()) <= {path.name for path in gallery.FOLDER.glob("*")}
    for name in gallery.pictures():
        path = gallery.FOLDER / name
        assert path.stat().st_size < 40_000, name
        with Image.open(path) as picture:
            assert picture.mode == "P"
            assert min(picture.size) >= 200
            assert not picture.info.keys() & {"Software", "Creation Time"}
