"""The command line: arguments in, calls, exit codes out.

0 fine, 1 a target is missed, 2 the definition, the log or the call is wrong, 3 nothing to judge. Results go to
standard output, messages to standard error; progress is shown on a terminal only. The commands stand in modules by
noun (`commands`), what they share in `commands.common`.
"""

from __future__ import annotations

import os
import sys
from typing import Final

import typer

from svclight.commands.cases import customers, scenario, survival
from svclight.commands.decisions import drivers, plan, what_if
from svclight.commands.definition import describe, init, schema, validate
from svclight.commands.review import calibrate, diff
from svclight.commands.score import check, demo, interactions, report, score
from svclight.commands.terminal import print_error
from svclight.errors import SvclightError

PIPE_CLOSED: Final = 141  # 128 + SIGPIPE: what shells say of a program whose reader went away

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
    (interactions, "Lists the interactions behind the counts."),
    (scenario, "Compares an event log with the usual scenario."),
    (customers, "Lists the zones that each customer met."),
    (survival, "Estimates the shares of a wait, had nobody given up."),
    (report, "Writes a report: HTML, Markdown or Excel."),
    (check, "Compares shares with the targets."),
    (plan, "Lists what to mend first."),
    (diff, "Compares the counts under two definitions."),
    (calibrate, "Compares zones with customers' answers."),
    (drivers, "Finds the segments that explain the reds."),
    (what_if, "Recounts with other values or limits."),
)
for _command, _help in _COMMANDS:
    app.command(short_help=_help)(_command)


def main() -> None:
    """Runs the command line and ends with its exit code."""
    try:
        app()
    except SvclightError as error:
        sys.exit(print_error(error))
    except BrokenPipeError:
        # Python flushes standard output once more at its end: there must be somewhere for it to go.
        os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())
        sys.exit(PIPE_CLOSED)
    except KeyboardInterrupt:
        sys.exit(130)
    except MemoryError:
        sys.exit(print_error(SvclightError("there is not enough memory for this log")))


if __name__ == "__main__":
    main()
