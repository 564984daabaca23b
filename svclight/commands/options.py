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
    help="The log of a process or of a join: a file, a glob, or postgresql://HOST/DATABASE/TABLE; may be repeated.",
)
SomeLogs = Annotated[list[str] | None, _LOG]
Tables = Annotated[
    list[Path] | None,
    typer.Option("--table", metavar="FILE", help="A hand-kept table of counts; with --log, its periods are added."),
]
Card = Annotated[Path | None, typer.Option("--card", metavar="FILE", help="A saved card (.svclight) instead of logs.")]
FromStore = Annotated[
    Path | None,
    typer.Option(
        "--from-store", metavar="FILE", help="A store (.duckdb) instead of logs: of each period the run seen last."
    ),
]
AsTold = Annotated[
    str | None,
    typer.Option("--as-told", metavar="TIME", help="Of --from-store only what had been told by this day or moment."),
]
# of commands that ask the interactions: taken only to say why not
NoTables = Annotated[list[Path] | None, typer.Option("--table", hidden=True)]
NoCard = Annotated[Path | None, typer.Option("--card", hidden=True)]
Debug = Annotated[bool, typer.Option("--debug", help="Show the Python traceback of an error.")]
By = Annotated[
    list[str] | None, typer.Option("--by", metavar="SEGMENT", help="Split by this segment; may be repeated.")
]
AsOf = Annotated[
    str | None,
    typer.Option(
        "--as-of", metavar="TIME", help="The moment from which logs and tables are seen: what is over by then."
    ),
]
Matured = Annotated[
    bool,
    typer.Option("--matured", help="Count interactions as pending while their zone can still change."),
]
Customers = Annotated[
    Path | None,
    typer.Option(
        "--customers", metavar="FILE", help="A table of the person behind each customer id: columns id and person."
    ),
]
Secret = Annotated[
    str | None, typer.Option("--pseudonymise", metavar="SECRET", help="Replace ids and customers by keyed hashes.")
]
MaxUnread = Annotated[
    str | None,
    typer.Option(
        "--max-unread", metavar="SHARE", help='Stop with exit code 2 if more of a field cannot be read, such as "2 %".'
    ),
]
QuoteCells = Annotated[
    bool, typer.Option("--quote-cells", help="Show examples of cells that could not be read in what is written.")
]
MaxRejected = Annotated[
    int | None,
    typer.Option("--max-rejected", metavar="N", min=0, help="Stop with exit code 2 if more lines cannot be read."),
]
Output = Annotated[Path | None, typer.Option("-o", "--output", metavar="FILE", help="The file to write.")]
PeriodKind = Annotated[
    str | None, typer.Option("--period", metavar="KIND", help="day, week, month, quarter or year; month unless given.")
]
_PERIOD: Final = "such as 1999-02"
Periods = Annotated[
    list[str] | None,
    typer.Option("--period", metavar="PERIOD", help=f"Only this period, {_PERIOD}; may be repeated."),
]
OnePeriod = Annotated[str | None, typer.Option("--period", metavar="PERIOD", help=f"Only this period, {_PERIOD}.")]
OneCriterion = Annotated[
    str, typer.Option("--criterion", metavar="PROCESS.CRITERION", help="The criterion, such as hotline.wait.")
]
Lang = Annotated[
    str | None,
    typer.Option("--lang", metavar="LANGUAGE", help="The language of sentences, en or ru; that of the definition."),
]
SomeCriterion = Annotated[
    str | None,
    typer.Option("--criterion", metavar="PROCESS.CRITERION", help="Only this criterion, such as hotline.wait."),
]
