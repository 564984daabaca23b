"""What svclight brings along: the packages behind its core and its extras, each with its licence.

`python -m support.supply` writes docs/licences.md anew. Names and licences come from the metadata of the packages that are
installed here, so that the list is that of an environment in which everything was installed.
"""

from __future__ import annotations

import re
from importlib import metadata
from pathlib import Path
from typing import Final

from packaging.requirements import Requirement

EXTRAS: Final = ("arrow", "polars", "spark", "sql")
"""What users install beside the core; the tools of development are not handed on."""
ALLOWED: Final = {
    "MIT", "MIT-CMU", "BSD", "BSD-2-Clause", "BSD-3-Clause", "0BSD", "Apache-2.0", "ISC", "PSF", "PSF-2.0", "Zlib",
    "CC0-1.0", "MPL-2.0", "LGPL-3.0-only",
}  # fmt: skip
"""Licences under which a package may be used beside code of any licence, by their names in SPDX where they say one."""
PAGE: Final = Path(__file__).parents[2] / "docs" / "licences.md"
_WRITTEN_OUT: Final = {
    "MIT License": "MIT",
    "BSD License": "BSD",
    "Apache Software License": "Apache-2.0",
    "ISC License (ISCL)": "ISC",
    "Python Software Foundation License": "PSF",
    "Mozilla Public License 2.0 (MPL 2.0)": "MPL-2.0",
    "Apache License, Version 2.0": "Apache-2.0",
}
_HEAD: Final = """# Licences

svclight is under the MIT licence. What it brings along, with the packages behind these, and under which licences; `make licences` writes
this page from what is installed, and the tests refuse a licence that is not among those that go with code of any licence.
psycopg (LGPL) is loaded, not changed, and comes with the extra `sql` alone.

| package | licence | comes with |
|---|---|---|
"""


def plain_name(name: str) -> str:
    """The name of a package as indexes compare it."""
    return re.sub(r"[-_.]+", "-", name).lower()


def packages_behind(extra: str = "") -> set[str]:
    """The names of all packages that svclight needs, with an extra those that it needs for that, too."""
    found: set[str] = set()
    waiting = [("svclight", frozenset({extra} if extra else set()))]
    while waiting:
        name, extras = waiting.pop()
        for text in metadata.requires(name) or ():
            one = Requirement(text)
            wanted = one.marker is None or any(one.marker.evaluate({"extra": each}) for each in extras | {""})
            if wanted and plain_name(one.name) not in found:
                found.add(plain_name(one.name))
                waiting.append((one.name, frozenset(one.extras)))
    return found - {"svclight"}


def weight_of(name: str) -> int:
    """The bytes that an installed package takes, without what Python compiles."""
    places = [Path(file.locate()) for file in metadata.files(name) or () if file.suffix != ".pyc"]
    return sum(place.stat().st_size for place in places if place.is_file())


def licence_of(name: str) -> str:
    """The licence of an installed package, by its name in SPDX where it says one."""
    said = metadata.metadata(name)
    if said["License-Expression"]:
        return said["License-Expression"]
    classifiers = [line.rpartition(" :: ")[2] for line in said.get_all("Classifier") or () if "License ::" in line]
    named = [_WRITTEN_OUT[one] for one in classifiers if one in _WRITTEN_OUT]
    first = (said["License"] or "not said").splitlines()[0]
    return " OR ".join(named) or _WRITTEN_OUT.get(first, first)


def unknown_licences(text: str) -> set[str]:
    """The parts of a licence that are none of the allowed ones."""
    return set(re.split(r" AND | OR ", text)) - ALLOWED


def page_of_licences() -> str:
    """The page of all packages, those of the core first."""
    core = packages_behind()
    places = dict.fromkeys(sorted(core), "the core")
    for extra in EXTRAS:
        for name in sorted(packages_behind(extra) - core):
            places[name] = f"{places[name]}, `{extra}`" if name in places else f"`{extra}`"
    return _HEAD + "".join(f"| {name} | {licence_of(name)} | {place} |\n" for name, place in places.items())


if __name__ == "__main__":
    PAGE.write_text(page_of_licences(), encoding="utf-8")
