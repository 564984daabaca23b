"""What the commands share: their options, and the way from arguments to a card.

In: what the user typed. Out: definitions, the card of the logs that were named, text on standard output, exit codes.
Everything that computes is loaded when a command runs, so that help comes at once.
"""

from __future__ import annotations

import sys
import warnings
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any

import typer

from svclight._terminal import Progress, say, say_rejected
from svclight.errors import Issue, SvclightError, listed, quoted

if TYPE_CHECKING:
    from svclight.processes import Definitions
    from svclight.scorecard import Scorecard

FINE, MISSED, WRONG, NOTHING = range(4)

DefinitionPath = Annotated[Path, typer.Argument(metavar="DEFINITION", help="A YAML file, or a folder of them.")]
Logs = Annotated[
    list[str],
    typer.Option("--log", metavar="PROCESS=FILE", help="The log of a process; a glob, or again for more files."),
]
By = Annotated[list[str] | None, typer.Option("--by", metavar="SEGMENT", help="Split by a segment; again for more.")]
AsOf = Annotated[str | None, typer.Option("--as-of", metavar="TIME", help="The moment from which the logs are seen.")]
MaxRejected = Annotated[
    int | None, typer.Option("--max-rejected", metavar="N", min=0, help="Stop with 2 where more lines cannot be read.")
]
Output = Annotated[Path | None, typer.Option("-o", "--output", metavar="FILE", help="Write here.")]
PeriodKind = Annotated[str, typer.Option("--period", metavar="KIND", help="day, week, month, quarter or year.")]


def put(text: str) -> None:
    """Text on standard output, with a line's end."""
    sys.stdout.write(text if text.endswith("\n") else text + "\n")


def load(path: Path) -> Definitions:
    """The definitions of a file or folder."""
    from svclight import processes

    return processes.load(path)


def kind_of(period: str | None) -> str:
    """The kind of a written period: 1999-02 is a month."""
    from svclight import clocks

    if period is None:
        return "month"
    found = clocks.period_number(period)
    if found is None:
        raise SvclightError(
            Issue(
                "this is no period",
                found=quoted(period),
                expected="such as 2026-03, 2026-03-14, 2026-W09, 2026-Q1, 2026",
            )
        )
    return found[0]


def criterion_of(name: str | None) -> tuple[str | None, str | None]:
    """Process and criterion of `PROCESS.CRITERION`; the item of a quality card is `PROCESS.CARD.ITEM`."""
    if name is None:
        return None, None
    process, _, criterion = name.partition(".")
    if not criterion:
        raise SvclightError(
            Issue(
                "a criterion is named with its process",
                found=quoted(name),
                expected="PROCESS.CRITERION such as hotline.wait",
            )
        )
    return process, criterion


def _sources(logs: list[str], definitions: Definitions) -> Any:
    """`PROCESS=FILE` arguments as a mapping; a bare file where only one process has a log."""
    found: dict[str, list[str]] = {}
    for argument in logs:
        process, equals, path = argument.partition("=")
        if not equals or (process not in definitions.processes and Path(argument).exists()):
            with_log = [name for name, each in definitions.processes.items() if each.log is not None]
            if len(with_log) != 1:
                expected = f"PROCESS=FILE with one of {listed(with_log)}"
                raise SvclightError(
                    Issue("which process is this the log of?", found=quoted(argument), expected=expected)
                )
            process, path = with_log[0], argument
        if not path:
            raise SvclightError(Issue("the log has no file", found=quoted(argument), expected="PROCESS=FILE"))
        found.setdefault(process, []).append(path)
    return found


def score_logs(definitions: Definitions, logs: list[str], **options: Any) -> Scorecard:
    """The card of logs."""
    from svclight.errors import SvclightNotice
    from svclight.scoring import score as scored

    with warnings.catch_warnings(), Progress() as progress:
        warnings.simplefilter("ignore", SvclightNotice)  # they are said below
        card = scored(_sources(logs, definitions), definitions, progress=progress, **options)
    for notice in card.provenance.notices:
        say(f"note: {notice}")
    say_rejected(card.rejected)
    return card


def end(card: Scorecard) -> None:
    """Ends with 3 where nothing is rated."""
    from svclight.thresholds import ZONES

    rated = card.counts.loc[card.counts["zone"].isin(ZONES), "count"].sum()
    if not rated:
        say("note: no interaction could be rated")
        raise typer.Exit(NOTHING)
