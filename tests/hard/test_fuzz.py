"""Inputs that no person would write, thousands of each kind: refused in svclight's own words, or answered.

Each is drawn from its kind and number, so that a fault is found again. They are played in a process of their own, which
may take 10 s of processor time an input and 1 GiB of memory. Whatever was once answered wrongly lies in
`tests/data/corpus` and is played in every run.
"""

import json
import os
import subprocess
import sys
from pathlib import Path

import pytest
from support.fuzz_inputs import CORPUS, KINDS, Given, input_of
from support.fuzz_worker import fault_of
from support.places import ROOT

EXAMPLES = os.environ.get("SVCLIGHT_EXAMPLES")
MANY = 10_000 if EXAMPLES is None else 5 * int(EXAMPLES)
FEW = 40


def faults_of(kind: str, first: int, last: int, folder: Path) -> list[dict]:
    """What is wrong in the answers to inputs; a process that ended at one of them is followed by the next."""
    faults, progress = [], folder / "progress"
    surroundings = {
        **os.environ,
        "PYTHONPATH": f"{ROOT}:{ROOT / 'tests'}",
        "OMP_NUM_THREADS": "1",
        "OPENBLAS_NUM_THREADS": "1",
    }
    while first <= last:
        command = [sys.executable, "-m", "support.fuzz_worker", kind, str(first), str(last), str(progress)]
        progress.write_text("")
        done = subprocess.run(command, check=False, capture_output=True, text=True, env=surroundings, cwd=folder)
        said = [json.loads(line) for line in done.stdout.splitlines()]
        faults += [one for one in said if one != "done"]
        if "done" in said:
            break
        assert progress.read_text(), done.stderr
        at = int(progress.read_text())
        if not any(one["number"] == at for one in faults):
            faults.append(
                {"kind": kind, "number": at, "fault": f"ended with {done.returncode}", "trace": done.stderr[-3000:]}
            )
        first = at + 1
    return faults


def in_words(faults: list[dict]) -> str:
    return "\n\n".join(f"{one['kind']} {one['number']}: {one['fault']}\n{one['trace']}" for one in faults[:5])


@pytest.mark.slow
@pytest.mark.once
@pytest.mark.parametrize("kind", KINDS)
def test_thousands_of_inputs(kind, tmp_path):
    faults = faults_of(kind, 0, MANY - 1, tmp_path)
    assert not faults, f"{len(faults)} of {MANY:,}:\n{in_words(faults)}"


@pytest.mark.once
@pytest.mark.parametrize("kind", KINDS)
def test_a_few_inputs(kind, tmp_path):
    found = [(number, fault_of(input_of(kind, number), tmp_path, beside=False)) for number in range(FEW)]
    assert [one for one in found if one[1]] == []


@pytest.mark.parametrize("path", sorted(CORPUS.iterdir()), ids=lambda path: path.name)
def test_what_was_once_answered_wrongly(path, tmp_path):
    # the name is what was wrong; its last parts are those of the file
    name = path.name.partition(".")
    given = Given(
        {".yaml": "definition.yaml", ".svclight": "card.svclight"}.get(path.suffix, f"log.{name[2]}"), path.read_bytes()
    )
    assert fault_of(given, tmp_path, beside=True) == {}


def test_the_same_number_gives_the_same_input():
    assert all(input_of(kind, 7) == input_of(kind, 7) for kind in KINDS)
