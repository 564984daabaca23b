"""A plot as SVG to stand inside a page: the same bytes for the same picture, no ids that could meet those of another.

In: a function that draws on axes, a size, a key of letters and digits that is unique in the page. Out: an `<svg>`
element with a title and a description for screen readers. Text stays text (it can be found and copied, and needs no
glyphs here); dates, names of programs and ids that nothing refers to are taken out, numbers are cut to what can be
seen.
"""

from __future__ import annotations

import io
import re
import warnings
import xml.etree.ElementTree as ET
from typing import TYPE_CHECKING, Final

import matplotlib as mpl
from matplotlib.figure import Figure

if TYPE_CHECKING:
    from collections.abc import Callable

    from matplotlib.axes import Axes

_REFERENCE: Final = re.compile(r"url\(#([^)]+)\)")
_LONG_NUMBER: Final = re.compile(r"-?\d+\.\d{3,}")
_FONT: Final = re.compile(r"'DejaVu Sans'[^;]*")
_NUMBERED: Final = ("d", "x", "y", "width", "height", "transform", "points")
_NO_METADATA: Final = dict.fromkeys(("Date", "Creator", "Format", "Type"))


def draw_svg(draw: Callable[[Axes], Axes], *, size: tuple[float, float], key: str, title: str, description: str) -> str:
    """Draws and gives back the SVG.

    Args:
        draw: Draws on the axes that it is given.
        size: Width and height in inches.
        key: What its ids begin with.
        title: What a screen reader calls it.
        description: What a screen reader reads.
    """
    file = io.BytesIO()
    with mpl.rc_context(), warnings.catch_warnings():
        mpl.rcdefaults()  # a report does not depend on how its user likes plots
        mpl.rcParams.update({"svg.fonttype": "none", "svg.hashsalt": key})
        warnings.filterwarnings("ignore", "Glyph .* missing", UserWarning)  # the browser has the glyphs
        figure = Figure(figsize=size, layout="constrained")
        draw(figure.add_subplot())
        figure.savefig(file, format="svg", metadata=_NO_METADATA, transparent=True)
    root = ET.fromstring(file.getvalue())  # noqa: S314 - written a line above
    _clean_tree(root)
    _rename_ids(root, key)
    _add_description(root, key, title, description)
    return ET.tostring(root, encoding="unicode")


def _clean_tree(root: ET.Element) -> None:
    """Takes out names of spaces, metadata, styles that would hold for the whole page, and needless digits."""
    for element in root.iter():
        element.tag = _bare_name(element.tag)
        attributes = {_bare_name(name): value for name, value in element.attrib.items()}
        for name in _NUMBERED:
            if name in attributes:
                attributes[name] = _LONG_NUMBER.sub(lambda found: f"{float(found[0]):.2f}", attributes[name])
        if "style" in attributes:
            attributes["style"] = _FONT.sub("system-ui,sans-serif", attributes["style"])
        element.attrib.clear()
        element.attrib.update(attributes)
    for parent in list(root.iter()):
        for child in list(parent):
            if child.tag in ("metadata", "style"):
                parent.remove(child)
    for name in ("width", "height", "version"):  # the page says how large it is
        root.attrib.pop(name, None)


def _bare_name(name: str) -> str:
    return name.rpartition("}")[2]


def _rename_ids(root: ET.Element, key: str) -> None:
    """Ids that are referred to begin with the key; the others go."""
    used: dict[str, str] = {}
    for element in root.iter():
        for name, value in element.attrib.items():
            found = [value[1:]] if name == "href" else _REFERENCE.findall(value)
            for one in found:
                used.setdefault(one, f"{key}-{len(used)}")
    for element in root.iter():
        for name, value in list(element.attrib.items()):
            if name == "id":
                del element.attrib["id"]
                if value in used:
                    element.attrib["id"] = used[value]
            elif name == "href":
                element.attrib["href"] = f"#{used[value[1:]]}"
            else:
                element.attrib[name] = _REFERENCE.sub(lambda found: f"url(#{used[found[1]]})", value)


def _add_description(root: ET.Element, key: str, title: str, description: str) -> None:
    root.attrib |= {"role": "img", "aria-labelledby": f"{key}-title {key}-desc"}
    for place, (name, text) in enumerate((("title", title), ("desc", description))):
        element = ET.Element(name, {"id": f"{key}-{name}"})
        element.text = text
        root.insert(place, element)
