"""A process of its own that plays inputs of one kind under limits: processor time an input, and memory.

In: kind, first and last number. Out: a line of JSON for each input that was not answered as it must be, and `done`. An
input that takes more than `MOST_SECONDS` of processor time ends the process with the trace of where it stood: what hangs
in a library heeds nothing else. What ends the process is told by the number that stands in the file of progress.

A fault that was found is looked at with `PYTHONPATH=tests python -m support.fuzz_worker limits 105 105`.
"""

from __future__ import annotations

import faulthandler
import json
import os
import resource
import signal
import sys
import tempfile
import traceback
from pathlib import Path
from typing import Any

from support import command_line
from support.fuzz_inputs import BESIDE, Given, input_of, play

from svclight import SvclightError

MOST_SECONDS = 10
MOST_MEMORY = 2**30
ROOM = 2**30
"""So many bytes of addresses may be asked for beside those that a process has once everything is loaded."""


def main(kind: str, first: int, last: int, progress: Path) -> None:
    """Plays inputs; prints what is wrong, and `done`."""
    signal.signal(signal.SIGPROF, signal.SIG_DFL)
    faulthandler.enable()
    faulthandler.register(signal.SIGPROF, all_threads=False, chain=True)
    with tempfile.TemporaryDirectory() as folder:
        place = Path(folder)
        for number in range(2 * BESIDE):  # what is loaded when used
            fault_of(input_of(kind, number), place, beside=True)
        most = addresses() + ROOM
        resource.setrlimit(resource.RLIMIT_AS, (most, most))
        for number in range(first, last + 1):
            progress.write_text(str(number))
            given = input_of(kind, number)
            signal.setitimer(signal.ITIMER_PROF, MOST_SECONDS)
            fault = fault_of(given, place, beside=number % BESIDE == 0)
            signal.setitimer(signal.ITIMER_PROF, 0)
            if most_memory() > MOST_MEMORY:
                fault = {"fault": f"more than {MOST_MEMORY:,} bytes of memory", "trace": ""}
            if fault:
                sys.stdout.write(json.dumps({"kind": kind, "number": number, **fault}) + "\n")
                sys.stdout.flush()
            if fault and "memory" in fault["fault"]:
                os._exit(1)  # what was the most memory stays so: the next inputs are for a new process
    sys.stdout.write(json.dumps("done") + "\n")


def addresses() -> int:
    """The bytes of addresses that this process has."""
    return int(Path("/proc/self/statm").read_text().split()[0]) * resource.getpagesize()


def most_memory() -> int:
    """The most bytes that this process has had; `getrusage` counts those of the process from which it was forked, too."""
    told = dict(line.split(":", 1) for line in Path("/proc/self/status").read_text().splitlines())
    return int(told["VmHWM"].split()[0]) * 1024


def fault_of(given: Given, folder: Path, *, beside: bool) -> dict[str, Any]:
    """What is wrong in the answer to an input; empty where nothing is."""
    try:
        play(given, folder, beside=beside)
        if beside:
            _play_command(given, folder)
    except SvclightError:
        return {}
    except BaseException as error:  # noqa: BLE001 - a panic of a reader is no Exception
        return {
            "fault": f"{type(error).__name__}: {error}"[:300],
            "trace": "".join(traceback.format_exception(error))[-3000:],
        }
    return {}


def _play_command(given: Given, folder: Path) -> None:
    """The same from the command line, which must say neither a trace nor that svclight failed."""
    path = folder / given.name
    path.write_bytes(given.content)
    kept = folder / "kept.yaml"
    if given.name.endswith(".yaml"):
        arguments: tuple[object, ...] = ("describe", path)
    elif given.name.endswith(".svclight"):
        arguments = ("check", "--card", path)
    else:
        from support.fuzz_inputs import documents

        kept.write_text(documents()[-1], "utf-8")
        arguments = ("score", kept, "--log", f"p={path}")
    out, err = command_line.Stream(), command_line.Stream()
    code = command_line.ended(arguments, out, err, folder, {"COLUMNS": "80", "NO_COLOR": "1"})
    said = err.text()
    assert code in range(4), said
    assert "Traceback" not in said, said
    assert "svclight itself failed" not in said, said


if __name__ == "__main__":
    main(sys.argv[1], int(sys.argv[2]), int(sys.argv[3]), Path(sys.argv[4]) if sys.argv[4:] else Path(os.devnull))
