"""The options that commands share, each declared once: a name means the same in every command.

In: nothing. Out: annotated types for the parameters of commands. An option of a single command stands at that command.
"""

from __future__ import annotations

from pathlib import Path
from typing import Annotated, Final

import typer

DefinitionPath = Annotated[Path, typer.Argument(metavar="DEFINITION", help="A YAML file, or a folder of them.")]
SomeDefinition = Annotated[
    Path | None,
    typer.Argument(
        metavar="[DEFINITION]", help="A YAML file, or a folder of them; a card has its own.", show_default=False
    ),
]
_LOG: Final = typer.Option(
    "--log",
    metavar="PROCESS=FILE",
    help="The log of a process, or one that it joins; a glob, or again for more files; or postgresql://HOST/DATABASE/TABLE.",
)
SomeLogs = Annotated[list[str] | None, _LOG]
Tables = Annotated[
    list[Path] | None,
    typer.Option("--table", metavar="FILE", help="A hand-kept table of counts; with --log, its periods are added."),
]
Card = Annotated[Path | None, typer.Option("--card", metavar="FILE", help="A saved card (.svclight) instead of logs.")]
# of commands that ask the interactions: taken only to say why not
NoTables = Annotated[list[Path] | None, typer.Option("--table", hidden=True)]
NoCard = Annotated[Path | None, typer.Option("--card", hidden=True)]
Debug = Annotated[bool, typer.Option("--debug", help="Show the Python traceback of an error.")]
By = Annotated[list[str] | None, typer.Option("--by", metavar="SEGMENT", help="Split by a segment; again for more.")]
AsOf = Annotated[
    str | None,
    typer.Option(
        "--as-of", metavar="TIME", help="The moment from which logs and tables are seen: what is over by then."
    ),
]
Matured = Annotated[
    bool,
    typer.Option("--matured", help="What can still turn is pending, whatever it is now."),
]
Customers = Annotated[
    Path | None,
    typer.Option("--customers", metavar="FILE", help="Who stands behind the ids of customers: columns id and person."),
]
Secret = Annotated[
    str | None, typer.Option("--pseudonymise", metavar="SECRET", help="Replace ids and customers by keyed hashes.")
]
MaxRejected = Annotated[
    int | None, typer.Option("--max-rejected", metavar="N", min=0, help="Stop with 2 where more lines cannot be read.")
]
Output = Annotated[Path | None, typer.Option("-o", "--output", metavar="FILE", help="Write here.")]
PeriodKind = Annotated[
    str | None, typer.Option("--period", metavar="KIND", help="day, week, month, quarter or year; month unless given.")
]
_PERIOD: Final = "such as 1999-02"
Periods = Annotated[
    list[str] | None,
    typer.Option("--period", metavar="PERIOD", help=f"Only this one, {_PERIOD}; again for more."),
]
OnePeriod = Annotated[str | None, typer.Option("--period", metavar="PERIOD", help=f"Only this one, {_PERIOD}.")]
OneCriterion = Annotated[
    str, typer.Option("--criterion", metavar="PROCESS.CRITERION", help="Which one, such as hotline.wait.")
]
SomeCriterion = Annotated[
    str | None, typer.Option("--criterion", metavar="PROCESS.CRITERION", help="Only this one, such as hotline.wait.")
]
