"""An interrupt ends the work in every route: with 130, without a trace, and nothing is left behind."""

import os
import subprocess
import sys

import pytest
from support.interrupted import ROUTES, write_logs
from support.needs import module
from support.places import ROOT

POINTS = (0.2, 0.4, 0.6, 0.8)
"""Where in the time of a whole run the interrupt comes."""

pytestmark = pytest.mark.once


@pytest.fixture(scope="module")
def logs(tmp_path_factory):
    folder = tmp_path_factory.mktemp("logs")
    write_logs(folder)
    return folder


def run(route: str, logs, temporary, after: int) -> subprocess.CompletedProcess:
    """The program, which takes its temporary files from a folder."""
    surroundings = {**os.environ, "PYTHONPATH": f"{ROOT}:{ROOT / 'tests'}", "TMPDIR": str(temporary)}
    command = [sys.executable, "-m", "support.interrupted", route, str(logs), str(after)]
    return subprocess.run(command, check=False, capture_output=True, text=True, env=surroundings)


@pytest.mark.slow
@pytest.mark.parametrize("route", ROUTES)
def test_an_interrupt_ends_the_work_and_leaves_nothing(route, logs, tmp_path):
    if route == "Polars":
        module("polars")
    whole = run(route, logs, tmp_path, 0)
    assert (whole.returncode, whole.stderr) == (0, "")
    taken = float(whole.stdout.split()[-1]) * 1000
    ended = [run(route, logs, tmp_path, max(1, int(taken * point))) for point in POINTS]
    # a run may be faster than the one that was timed, and over before the interrupt comes
    assert [one.stderr for one in ended if one.returncode not in (0, 130)] == []
    assert 130 in {one.returncode for one in ended}
    # an interrupt that meets C code which cannot raise is told of by Python itself, and lost
    said = [one.stderr for one in ended if one.stderr and not one.stderr.startswith("Exception ignored in")]
    assert said == []
    assert list(tmp_path.iterdir()) == []
