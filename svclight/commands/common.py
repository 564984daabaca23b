"""Steps that commands share: from arguments to a card, and from results to files and exit codes.

In: what the user typed. Out: definitions, the card of the logs and hand-kept tables that were named, text on standard
output, exit codes. Everything that computes is loaded when a command runs, so that help comes at once.
"""

from __future__ import annotations

import sys
import warnings
from pathlib import Path
from typing import TYPE_CHECKING, Any, NoReturn

import typer

from svclight.commands.terminal import Progress, print_message, print_rejected
from svclight.dialects.database_address import database_failures, hide_secrets, is_address
from svclight.errors import Issue, SvclightError, quoted_list, quoted_text

if TYPE_CHECKING:
    from collections.abc import Iterable

    import pandas as pd

    from svclight.processes import Definitions
    from svclight.scorecard import Scorecard

FINE, MISSED, WRONG, NOTHING = range(4)


def print_text(text: str) -> None:
    """Writes a text on standard output, with a line's end."""
    sys.stdout.write(text if text.endswith("\n") else text + "\n")


def load_definitions(path: Path) -> Definitions:
    """The definitions of a file or folder."""
    from svclight import processes

    return processes.load(path)


def kind_of(period: str | None) -> str:
    """The kind of a written period: 1999-02 is a month."""
    from svclight.values import clocks

    if period is None:
        return "month"
    found = clocks.period_number(period)
    if found is None:
        raise SvclightError(
            Issue(
                "this is no period",
                found=quoted_text(period),
                expected="such as 2026-03, 2026-03-14, 2026-W09, 2026-Q1, 2026",
            )
        )
    return found[0]


def kind_of_all(periods: list[str] | None) -> str:
    """The kind of several written periods.

    Raises:
        SvclightError: They are of different kinds, or one of them is no period.
    """
    kinds = set(map(kind_of, periods)) if periods else {kind_of(None)}
    if len(kinds) > 1:
        raise SvclightError(f"the periods are of different kinds: {quoted_list(periods or [])}")
    return kinds.pop()


def named_logs(arguments: list[str], *definitions: Definitions) -> dict[str, Any]:
    """`PROCESS=FILE` and `JOIN=FILE` arguments as a mapping, for names of any of the definitions.

    A bare file is the log of the only process that has one. In place of a file the address of a table may stand.
    """
    logs = [(name, each.log) for one in definitions for name, each in one.processes.items()]
    with_log = list(dict.fromkeys(name for name, log in logs if log is not None))
    joins = dict.fromkeys(join for _, log in logs if log is not None for join in log.join)
    known = {*(name for name, _ in logs), *joins}
    found: dict[str, list[str]] = {}
    for argument in arguments:
        name, equals, path = argument.partition("=")
        # an address holds = in its parameters, and a file may have one in its name
        if is_address(argument) or not equals or (name not in known and Path(argument).exists()):
            if len(with_log) != 1:
                what, named = "which process is this the log of?", _log_names(with_log, joins)
                raise SvclightError(Issue(what, found=quoted_text(hide_secrets(argument)), expected=named))
            name, path = with_log[0], argument
        if not path:
            raise SvclightError(Issue("the log has no file", found=quoted_text(argument), expected="PROCESS=FILE"))
        found.setdefault(name, []).append(path)
    return {name: _open_source(name, paths) for name, paths in found.items()}


def _log_names(with_log: Iterable[str], joins: Iterable[str]) -> str:
    """The names under which logs may be given, in words."""
    also = [name for name in joins if name not in with_log]
    rest = f", or JOIN=FILE with one of {quoted_list(also)}" if also else ""
    return f"PROCESS=FILE with one of {quoted_list(with_log)}{rest}"


def _open_source(name: str, paths: list[str]) -> Any:
    """The files, or the address of a table."""
    if not any(is_address(path) for path in paths):
        return paths
    if len(paths) > 1:
        what = f"the log of {quoted_text(name)} is a table of a database and something else"
        shown = quoted_list(hide_secrets(path) for path in paths)
        raise SvclightError(Issue(what, found=shown, expected="one table", hint="a view puts several together"))
    return paths[0]


def score_logs(
    definitions: Definitions, logs: list[str] | None, tables: list[Path] | None = None, **options: Any
) -> Scorecard:
    """The card of logs, of hand-kept tables, or of both together."""
    from svclight.errors import SvclightNotice

    if not logs and not tables:
        raise SvclightError(Issue("no log was given", expected="--log PROCESS=FILE, --table FILE, or both"))
    if not logs and options.get("as_of") is not None:
        raise SvclightError("--as-of is the moment from which logs are seen: a hand-kept table has none")
    for name, why in (("matured", "what can still turn"), ("customers", "whose interactions they are")):
        if not logs and options.get(name):
            raise SvclightError(f"--{name} is for logs: a hand-kept table does not say {why}")
    with warnings.catch_warnings(), database_failures("the log"), Progress() as progress:
        warnings.simplefilter("ignore", SvclightNotice)  # they are said below
        card = _score_or_tally(definitions, logs, tables, progress=progress, **options)
    for notice in card.provenance.notices:
        print_message(f"note: {notice}")
    print_rejected(card.rejected)
    return card


def _score_or_tally(
    definitions: Definitions, logs: list[str] | None, tables: list[Path] | None, **options: Any
) -> Scorecard:
    from svclight.hand_kept.tally import tally
    from svclight.scoring import score as scored

    if not tables:
        return scored(named_logs(logs or [], definitions), definitions, **options)
    kept = tally(tables, definitions, by=options["by"], period=options["period"])
    return scored(named_logs(logs, definitions), definitions, **options) + kept if logs else kept


def give_table(table: pd.DataFrame, output: Path | None) -> None:
    """A table into a file by its suffix, or as CSV on standard output."""
    from svclight.pages.exports import as_csv, write_table

    if output is None:
        print_text(as_csv(table))
    else:
        write_table(table, output)


def write_text(text: str, output: Path | None) -> None:
    """Text into a file, or on standard output."""
    from svclight.values.files import write_whole

    if output is None:
        print_text(text)
    else:
        write_whole(output, text.encode())


def end_if_nothing_rated(card: Scorecard) -> None:
    """Ends with 3 where nothing is rated."""
    from svclight.thresholds import ZONES

    rated = card.counts.loc[card.counts["zone"].isin(ZONES), "count"].sum()
    if not rated:
        end_with_nothing("no interaction could be rated")


def end_with_nothing(why: str) -> NoReturn:
    """Ends with 3: there is nothing to judge."""
    print_message(f"note: {why}")
    raise typer.Exit(NOTHING)
