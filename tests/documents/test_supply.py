"""What svclight brings along: licences that go with any code, a lock that holds what pyproject.toml asks for."""

import re
import tomllib
from importlib.util import find_spec

import pytest
from packaging.requirements import Requirement
from support import supply
from support.needs import need
from support.places import ROOT

LOCK = (ROOT / "requirements-dev.txt").read_text("utf-8")
PROJECT = tomllib.loads((ROOT / "pyproject.toml").read_text("utf-8"))["project"]
pytestmark = pytest.mark.once


def all_installed() -> None:
    for name in ("pyarrow", "polars", "pyspark", "ibis", "psycopg"):
        need(find_spec(name), f"{name} is not installed")


def test_no_licence_forbids_use_beside_other_code():
    all_installed()
    packages = set().union(*(supply.packages_behind(extra) for extra in ("", *supply.EXTRAS)))
    wrong = {name: supply.licence_of(name) for name in sorted(packages)}
    assert {name: found for name, found in wrong.items() if supply.unknown_licences(found)} == {}


def test_an_unknown_licence_is_found():
    assert supply.unknown_licences("MIT OR GPL-3.0-only") == {"GPL-3.0-only"}
    assert supply.unknown_licences("BSD-3-Clause AND MIT") == set()


def test_the_page_of_licences_is_that_of_what_is_installed():
    all_installed()
    assert supply.PAGE.read_text("utf-8") == supply.page_of_licences()


def test_what_comes_along_weighs_no_more_than_is_said():
    weights = {name: supply.weight_of(name) / 1e6 for name in supply.packages_behind()}
    said = re.search(r"brings (\d+) MB of packages", (ROOT / "docs" / "performance.md").read_text("utf-8"))
    heaviest = sorted(weights, key=weights.__getitem__)[-6:]
    assert sum(weights.values()) < 1.05 * int(said[1]), {name: round(weights[name]) for name in heaviest}
    assert min(weights.values()) > 0


def locked() -> dict[str, list[str]]:
    """The versions that the lock names, by package."""
    found: dict[str, list[str]] = {}
    for name, version in re.findall(r"^([A-Za-z0-9_.-]+)==(\S+)", LOCK, re.MULTILINE):
        found.setdefault(supply.plain_name(name), []).append(version)
    return found


def test_the_lock_has_a_hash_for_each_package():
    blocks = re.split(r"^(?=[A-Za-z0-9])", LOCK, flags=re.MULTILINE)[1:]
    assert len(blocks) > 100
    assert [block for block in blocks if "--hash=sha256:" not in block] == []


def test_the_lock_holds_what_the_project_asks_for():
    found = locked()
    extras = PROJECT["optional-dependencies"]
    asked = [
        Requirement(text) for text in (*PROJECT["dependencies"], *(one for each in extras.values() for one in each))
    ]
    for one in asked:
        if one.name != "svclight":
            versions = found[supply.plain_name(one.name)]
            assert all(one.specifier.contains(version, prereleases=True) for version in versions), f"{one}: make lock"
