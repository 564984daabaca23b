"""Mutation testing: whether the tests of a module notice each small change of it.

`python -m support.mutants [MODULE TESTS]` (or `make mutants`) copies the checkout, lets mutmut change a module line by line and
run its tests against each change, and prints the changes that no test noticed. It ends with 1 where a module has more
than a tenth of them. Random examples and slow tests are left out: they would take hours.
"""

from __future__ import annotations

import re
import shutil
import subprocess
import sys
from typing import Final

from support.places import ROOT

FOLDER: Final = ROOT / "build" / "mutants"
COPIED: Final = ("svclight", "tests", "examples", "docs", "README.md", "CONTRIBUTING.md", "pyproject.toml")
MODULES: Final = {
    "svclight/thresholds.py": "tests/test_thresholds.py",
    "svclight/store/counting_mark.py": "tests/store/test_counting_mark.py",
}
"""Modules that hold the limit, and their tests."""
LEAST: Final = 0.9
CONFIG: Final = """
[tool.mutmut]
source_paths = ["svclight"]
only_mutate = ["{module}"]
pytest_add_cli_args_test_selection = ["{tests}"]
pytest_add_cli_args = ["-m", "not slow and not hypothesis"]
also_copy = ["tests", "examples", "docs", "README.md", "CONTRIBUTING.md"]
"""


def survivors_of(module: str, tests: str) -> tuple[int, list[str]]:
    """How many changes of a module were tried, and the names of those that no test noticed."""
    shutil.rmtree(FOLDER, ignore_errors=True)
    FOLDER.mkdir(parents=True)
    for name in COPIED:
        there = ROOT / name
        (shutil.copytree if there.is_dir() else shutil.copy)(there, FOLDER / name)
    with (FOLDER / "pyproject.toml").open("a", encoding="utf-8") as file:
        file.write(CONFIG.format(module=module, tests=tests))
    mutmut("run")
    lines = mutmut("results", "--all", "true").splitlines()
    found = dict(line.strip().rsplit(": ", 1) for line in lines if ": " in line)
    return len(found), [name for name, what in found.items() if what in ("survived", "no tests")]


def mutmut(*arguments: str) -> str:
    """What mutmut says."""
    command = [sys.executable, "-m", "mutmut", *arguments]
    return subprocess.run(command, cwd=FOLDER, text=True, capture_output=True, check=False).stdout


def changed_lines(name: str) -> str:
    """The line that was changed, and what it was changed to."""
    lines = re.findall(r"^[-+](?![-+]).*$", mutmut("show", name), re.MULTILINE)
    return "\n".join(f"    {line}" for line in lines)


def main() -> int:
    """Tries the modules; 1 where one has too many survivors."""
    given = sys.argv[1:]
    is_held = True
    for module, tests in {given[0]: given[1]}.items() if given else MODULES.items():
        tried, left = survivors_of(module, tests)
        killed = tried - len(left)
        sys.stdout.write(f"{module}: {killed} of {tried} changes are noticed by {tests}\n")
        for name in left:
            sys.stdout.write(f"  {name}\n{changed_lines(name)}\n")
        is_held = is_held and tried > 0 and killed >= LEAST * tried
    return 0 if is_held else 1


if __name__ == "__main__":
    sys.exit(main())
