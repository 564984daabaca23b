"""The structure is kept by machines: the direction of imports, and what importing costs."""

import ast
import subprocess
import sys
from pathlib import Path

import pytest

PACKAGE = Path(__file__).resolve().parent.parent / "svclight"

ORDER = (PACKAGE.parent / "docs" / "architecture.md").read_text("utf-8")
"""The page names every module once, in the order in which they may use each other."""


HEAVY = "matplotlib, duckdb, polars, pyspark, ibis, narwhals, pandas, numpy, pyarrow, scipy, statsmodels, pydantic, holidays, rich, jinja2"


def loaded_by(code: str) -> set[str]:
    """Which heavy packages a fresh Python has loaded after some code."""
    said = f"\nimport sys; sys.stderr.write(','.join(name for name in '{HEAVY}'.split(', ') if name in sys.modules))"
    done = subprocess.run([sys.executable, "-c", code + said], check=True, capture_output=True, text=True)
    return set(filter(None, done.stderr.split(",")))


def modules() -> list[str]:
    listed = [line.split("`")[1].removesuffix(".py") for line in ORDER.splitlines() if line.startswith("| `")]
    return [name for name in listed if not name.endswith("/")]


def imported(path: Path) -> set[str]:
    """The modules of the package that a module imports when it runs (not those for types alone)."""
    tree = ast.parse(path.read_text("utf-8"))
    for node in ast.walk(tree):
        if isinstance(node, ast.If) and isinstance(node.test, ast.Name) and node.test.id == "TYPE_CHECKING":
            node.body = []
    found = set()
    for node in ast.walk(tree):
        if isinstance(node, ast.ImportFrom) and node.module == "svclight":
            found |= {alias.name for alias in node.names}
        elif isinstance(node, ast.ImportFrom) and (node.module or "").startswith("svclight."):
            found.add(node.module.split(".")[1])
    return found


def test_every_module_has_its_place():
    assert sorted(modules()) == sorted(path.stem for path in PACKAGE.glob("*.py") if path.stem != "__init__")


@pytest.mark.parametrize("name", modules())
def test_a_module_imports_only_from_those_above_it(name):
    above = modules()[: modules().index(name)]
    assert imported(PACKAGE / f"{name}.py") <= set(above)


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
