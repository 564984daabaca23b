"""The house: what stands where, how many modules a folder holds, and what importing costs. Layers are kept by `make lint`."""

import re
import subprocess
import sys
from pathlib import Path

import pytest

PACKAGE = Path(__file__).resolve().parent.parent / "svclight"
FRONT_DOORS = {"__init__", "cli", "errors", "processes", "report", "scorecard", "scoring", "thresholds"}
MOST_MODULES = 20

HEAVY = "matplotlib, duckdb, polars, pyspark, ibis, narwhals, pandas, numpy, pyarrow, scipy, statsmodels, pydantic, holidays, rich, jinja2"


def loaded_by(code: str) -> set[str]:
    """Which heavy packages a fresh Python has loaded after some code."""
    said = f"\nimport sys; sys.stderr.write(','.join(name for name in '{HEAVY}'.split(', ') if name in sys.modules))"
    done = subprocess.run([sys.executable, "-c", code + said], check=True, capture_output=True, text=True)
    return set(filter(None, done.stderr.split(",")))


def test_the_front_doors_are_all_that_stands_at_the_top():
    assert {path.stem for path in PACKAGE.glob("*.py")} == FRONT_DOORS


def test_no_folder_is_a_corridor():
    folders = {path.parent for path in PACKAGE.rglob("*.py")} - {PACKAGE}
    sizes = {folder.name: len(list(folder.glob("*.py"))) - 1 for folder in folders}
    assert {name: size for name, size in sizes.items() if not 4 <= size <= MOST_MODULES} == {}


def test_no_module_is_private_and_each_says_what_it_is():
    names = [path for path in PACKAGE.rglob("*.py") if path.stem != "__init__"]
    assert [path.name for path in names if path.stem.startswith("_")] == []
    assert [path for path in PACKAGE.rglob("*.py") if not path.read_text("utf-8").startswith('"""')] == []


def test_importing_loads_neither_plots_nor_engines():
    assert loaded_by("import svclight") == set()


def test_help_loads_nothing_that_computes():
    code = "import svclight.cli; svclight.cli.app(['--help'], standalone_mode=False)"
    assert loaded_by(code) <= {"rich"}  # typer may load it


def test_definitions_load_no_engine_and_no_statistics():
    assert loaded_by("from svclight import load, score") <= {"numpy", "pandas", "pydantic", "pyarrow", "narwhals"}


def test_scoring_loads_no_plots():
    code = (
        "import svclight, pandas; d = svclight.loads('svclight: 1\\ntime_zone: UTC\\nprocesses: {p: {title: P, log: {time: at}, "
        "criteria: {c: {measure: {value: x}, green: \"<= 5\"}}}}'); svclight.score(pandas.DataFrame({'at': ['2026-01-01'], 'x': [1]}), d)"
    )
    assert loaded_by(code).isdisjoint(
        {"matplotlib", "duckdb", "polars", "pyspark", "ibis", "scipy", "statsmodels", "holidays"}
    )


def test_public_names_are_what_is_documented():
    import svclight

    assert set(svclight.__all__) <= set(dir(svclight))
    assert all(getattr(svclight, name) is not None for name in svclight.__all__)
    with pytest.raises(AttributeError, match="has no attribute 'nothing'"):
        svclight.nothing  # noqa: B018 - the access is what is tested


def test_the_page_lists_every_module_in_its_room():
    page = (PACKAGE.parent / "docs" / "architecture.md").read_text("utf-8")
    rooms = re.findall(r"^### `(\w+)`\n(.*?)(?=^### |\Z)", page, flags=re.MULTILINE | re.DOTALL)
    listed = {
        (room, name) for room, table in rooms for name in re.findall(r"^\| `(\w+)` \|", table, flags=re.MULTILINE)
    }
    there = {(path.parent.name, path.stem) for path in PACKAGE.glob("*/*.py") if path.stem != "__init__"}
    assert listed == there
