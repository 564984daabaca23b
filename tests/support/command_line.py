"""Commands of svclight as a user types them, run inside the test's process: a process of its own costs twenty times as much.

In: arguments, the folder in which they are typed, the exit code that they must end with. Out: both streams and the code.
What only a process shows (signals, pipes, imports, the encoding of a stream) is tried in `test_cli`, by `run_process`.
"""

from __future__ import annotations

import contextlib
import io
import os
import sys
from dataclasses import dataclass
from pathlib import Path
from typing import Any
from unittest.mock import patch

from svclight import cli


@dataclass(frozen=True)
class Done:
    """What a command left behind."""

    stdout: str
    stderr: str
    returncode: int


class Stream(io.TextIOWrapper):
    """A stream of text into memory, in UTF-8, which says whether it is a terminal."""

    def __init__(self, *, terminal: bool = False) -> None:
        self.bytes = io.BytesIO()
        super().__init__(self.bytes, encoding="utf-8", newline="\n", write_through=True)
        self.terminal = terminal

    def isatty(self) -> bool:
        return self.terminal

    def text(self) -> str:
        self.flush()
        return self.bytes.getvalue().decode()


def run(*arguments: object, code: int = 0, cwd: Path | str | None = None) -> Done:
    """Runs a command whose streams are no terminals, 80 columns wide; it must end with the code and show no trace."""
    out, err = Stream(), Stream()
    found = ended(arguments, out, err, cwd, {"COLUMNS": "80", "NO_COLOR": "1"})
    done = Done(out.text(), err.text(), found)
    assert done.returncode == code, done.stderr + done.stdout
    assert "Traceback" not in done.stderr
    return done


def on_a_terminal(*arguments: object, cwd: Path | str | None = None) -> str:
    """What a command shows on a terminal of 100 columns, with its colours; it must end with 0."""
    screen = Stream(terminal=True)
    # all colours, as other tests have them: Rich keeps the codes of a style as it was first shown
    seen = {"COLUMNS": "100", "TERM": "xterm-256color", "COLORTERM": "truecolor"}
    found = ended(arguments, screen, screen, cwd, seen, without="NO_COLOR")
    assert found == 0, screen.text()
    return screen.text()


def ended(
    arguments: tuple[object, ...],
    out: Stream,
    err: Stream,
    cwd: Path | str | None,
    environment: dict[str, str],
    without: str = "",
) -> int:
    """The code with which a command ends that writes to these streams; argv, folder and environment are then as before."""
    with contextlib.ExitStack() as stack:
        stack.enter_context(patch.object(sys, "argv", ["svclight", *map(str, arguments)]))
        stack.enter_context(patch.dict(os.environ, environment))
        os.environ.pop(without, None)
        stack.enter_context(contextlib.chdir(cwd or Path.cwd()))
        stack.enter_context(contextlib.redirect_stdout(out))
        stack.enter_context(contextlib.redirect_stderr(err))
        try:
            cli.main()
        except SystemExit as end:
            return _code(end.code)
    return 0


def _code(said: Any) -> int:
    """An exit code as the shell sees it: nothing is 0, and a message is 1."""
    return said if isinstance(said, int) else int(said is not None)
