"""The command line: arguments in, calls, exit codes out.

0 fine, 1 a target is missed, 2 the definition, the log or the call is wrong (or svclight itself is), 3 nothing to
judge; 130 after an interrupt; 0 where the reader of a pipe went away. Results go to standard output, messages to
standard error; progress is shown on a terminal only. The commands stand in modules by noun (`commands`), what they
share in `commands.common`.
"""

from __future__ import annotations

import contextlib
import functools
import gc
import inspect
import os
import sys
import traceback
from typing import TYPE_CHECKING, Annotated, Any, Final

import typer

from svclight.commands.cases import customers, scenario, survival
from svclight.commands.common import FINE, WRONG
from svclight.commands.comparisons import compare, control, funnel
from svclight.commands.decisions import drivers, plan, what_if
from svclight.commands.definition import describe, init, schema, validate
from svclight.commands.follow_up import cohorts, effect, open_
from svclight.commands.options import Debug
from svclight.commands.outlook import budget, forecast, need
from svclight.commands.review import calibrate, diff
from svclight.commands.score import check, demo, interactions, report, score
from svclight.commands.stores import runs
from svclight.commands.terminal import print_error
from svclight.errors import Issue, SvclightError, printable_text

if TYPE_CHECKING:
    from collections.abc import Callable

INTERRUPTED: Final = 130  # 128 + SIGINT, as shells have it

app = typer.Typer(
    name="svclight",
    help="Measures the quality of customer service by the traffic-light method.",
    no_args_is_help=True,
    add_completion=False,
    rich_markup_mode=None,
    pretty_exceptions_enable=False,
)
_COMMANDS: Final = (
    (demo, "Runs every step on the shipped example."),
    (init, "Prints a commented definition to start from."),
    (validate, "Lists all problems of a definition at once."),
    (describe, "Prints the service standard in words."),
    (schema, "Prints the JSON Schema of definitions."),
    (score, "Counts a log's interactions in zones."),
    (runs, "Lists what a store was told."),
    (interactions, "Lists the interactions behind the counts."),
    (scenario, "Compares an event log with the usual scenario."),
    (customers, "Lists the zones that each customer met."),
    (survival, "Estimates the shares of a wait, had nobody given up."),
    (report, "Writes a report: HTML, Markdown or Excel."),
    (check, "Compares shares with the targets."),
    (compare, "Says what changed between two periods."),
    (control, "Says whether the months are steady or changing."),
    (funnel, "Says which groups differ by more than chance."),
    (plan, "Lists what to mend first."),
    (diff, "Compares the counts under two definitions."),
    (calibrate, "Compares zones with customers' answers."),
    (drivers, "Finds the segments that explain the reds."),
    (what_if, "Recounts with other values or limits."),
    (open_, "Lists what is unfinished and about to turn."),
    (effect, "Holds what came after actions against what was promised."),
    (cohorts, "Counts the customers who come again, by first month."),
    (budget, "Tells how much of what targets allow is used."),
    (forecast, "Tells where the running month and the next ones will end."),
    (need, "Tells how many interactions it takes to see a difference."),
)


def _with_debug(command: Callable[..., None]) -> Callable[..., None]:
    """The command with the option --debug, which `main` looks at."""

    @functools.wraps(command)
    def run(*, debug: bool, **options: Any) -> None:  # noqa: ARG001 - `_is_debugged` looks: a call may fail before this
        command(**options)

    # typer evaluates annotations in the module of the function that it is given, which knows no name of the command's
    known = inspect.signature(command, eval_str=True)
    debug = inspect.Parameter("debug", inspect.Parameter.KEYWORD_ONLY, default=False, annotation=Debug)
    parameters = [*known.parameters.values(), debug]
    run.__signature__ = known.replace(parameters=parameters)  # type: ignore[attr-defined]  # functions may have one
    run.__annotations__ = {one.name: one.annotation for one in parameters}
    return run


for _command, _help in _COMMANDS:
    # a command may bear the name of a builtin, a function not
    app.command(_command.__name__.rstrip("_").replace("_", "-"), short_help=_help)(_with_debug(_command))


def _show_version(asked: bool) -> None:
    if asked:
        from svclight.counts.provenance import version_of  # noqa: PLC0415 - loaded when used: help needs none

        sys.stdout.write(f"svclight {version_of()}\n")
        raise typer.Exit(FINE)


@app.callback()
def _every_command(
    *,
    _version: Annotated[
        bool, typer.Option("--version", callback=_show_version, is_eager=True, help="Show the version, and end.")
    ] = False,
    _debug: Debug = False,
) -> None:
    """Measures the quality of customer service by the traffic-light method."""


def main() -> None:
    """Runs the command line and ends with its exit code."""
    # a command ends soon, and what takes memory are arrays, which no cycle holds: looking for cycles was a twentieth
    # of the time of a report
    gc.set_threshold(50_000, 20, 100)
    for name in ("stdout", "stderr"):
        if getattr(sys, name) is None:  # closed by who started the process: what is written there goes nowhere
            setattr(sys, name, open(os.devnull, "w", encoding="utf-8"))  # noqa: PTH123, SIM115 - open until the end
    try:
        ended = _command_line()(standalone_mode=False)
        sys.stdout.flush()  # a disk that is full is told of here, not when Python ends
    except BaseException as error:  # noqa: BLE001 - Python itself would end with 1, which means a missed target
        sys.exit(_code_of(error))
    sys.exit(ended if isinstance(ended, int) else FINE)


@functools.cache
def _command_line() -> Callable[..., Any]:
    """The command line, put together once a process: typer does so anew at each call of `app`."""
    return typer.main.get_command(app)


def _code_of(error: BaseException) -> int:
    """The exit code of what ended a command, after its message was printed."""
    if _is_debugged():
        traceback.print_exception(error)
    if isinstance(error, OSError | SystemExit):
        _forget_output()
    if isinstance(error, KeyboardInterrupt | typer.Abort):
        return INTERRUPTED
    if isinstance(error, BrokenPipeError | SystemExit):  # typer ends so where a pipe was closed
        return FINE
    if hasattr(error, "show"):  # the call is wrong: exceptions of click show themselves
        error.show()
        return WRONG
    return print_error(error if isinstance(error, SvclightError) else _as_problem(error))


def _is_debugged() -> bool:
    return "--debug" in sys.argv[1:]


def _as_problem(error: BaseException) -> SvclightError:
    """What is said of an error that is none of the user's."""
    if isinstance(error, MemoryError):
        return SvclightError("there is not enough memory for this log")
    if isinstance(error, OSError) and error.strerror:
        return SvclightError(Issue(error.strerror, str(error.filename or "standard output")))
    said = f"{type(error).__name__}: {printable_text(error, 300)}"
    hint = "" if _is_debugged() else "run it again with --debug to see where"
    return SvclightError(Issue("svclight itself failed, and nothing that you gave is wrong", found=said, hint=hint))


def _forget_output() -> None:
    """Sends what standard output still holds to nowhere: Python writes it once more at its end."""
    with contextlib.suppress(OSError, ValueError):  # a stream that is no file
        os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())


if __name__ == "__main__":
    main()
