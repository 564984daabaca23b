"""Examples in docstrings run as they stand, and stand in all that an analyst calls."""

import doctest
import inspect
from importlib import import_module
from pathlib import Path

import pytest

import svclight

PACKAGE = Path(svclight.__file__).parent
WITH_EXAMPLES = [path for path in sorted(PACKAGE.rglob("*.py")) if ">>> " in path.read_text("utf-8")]
CALLED = [name for name in svclight.__all__ if inspect.isfunction(getattr(svclight, name))]
PLOTS = [name for name in svclight.report.__all__ if name.startswith("plot_")]


def module_of(path):
    return import_module(".".join(("svclight", *path.relative_to(PACKAGE).with_suffix("").parts)))


EXAMPLES = {
    test.name: test
    for path in WITH_EXAMPLES
    for test in doctest.DocTestFinder().find(module_of(path), globs={})
    if test.examples
}


@pytest.mark.parametrize("name", EXAMPLES)
def test_an_example_runs_by_itself_and_prints_what_it_says(name):
    told = []
    runner = doctest.DocTestRunner()
    runner.run(EXAMPLES[name], out=told.append)
    assert not told, "".join(told)


@pytest.mark.parametrize("name", [*CALLED, *(f"report.{plot}" for plot in PLOTS), "report.write"])
def test_what_an_analyst_calls_has_an_example(name):
    home, _, own = name.rpartition(".")
    called = getattr(getattr(svclight, home) if home else svclight, own)
    assert ">>> import svclight" in called.__doc__


@pytest.mark.parametrize("kind", [svclight.Definitions, svclight.Scorecard])
def test_methods_of_definitions_and_cards_have_examples(kind):
    methods = {
        name: method
        for base in kind.__mro__
        for name, method in vars(base).items()
        if not name.startswith("_") and (inspect.isfunction(method) or isinstance(method, classmethod))
    }
    assert methods
    assert not [name for name, method in methods.items() if ">>> import svclight" not in method.__doc__]
