"""Steps that commands share: from arguments to a card, and from results to files and exit codes.

In: what the user typed. Out: definitions, the card of the logs and hand-kept tables that were named, text on standard
output, exit codes. Everything that computes is loaded when a command runs, so that help comes at once.
"""

from __future__ import annotations

import glob
import sys
import warnings
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Any, Final, NoReturn

import typer

from svclight.commands.terminal import Progress, print_message, print_rejected
from svclight.dialects.database_address import database_failures, hide_secrets, is_address
from svclight.errors import Issue, SvclightError, SvclightNotice, quoted_list, quoted_text

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator

    import pandas as pd

    from svclight.processes import Definitions
    from svclight.scorecard import Scorecard

FINE, MISSED, WRONG, NOTHING = range(4)
_SETTLED: Final = {
    "as_of": "the card was counted as of its own moment",
    "matured": "what is pending was settled when the card was counted",
    "customers": "who stands behind the ids was settled when the card was counted",
}
"""Options of counting that a saved card has settled."""


def print_text(text: str) -> None:
    """Writes a text on standard output, with a line's end."""
    sys.stdout.write(text if text.endswith("\n") else text + "\n")


def load_definitions(path: Path) -> Definitions:
    """The definitions of a file or folder."""
    from svclight import processes

    return processes.load(path)


def kind_of(period: str) -> str:
    """The kind of a written period: 1999-02 is a month."""
    from svclight.values import clocks

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


def kind_of_all(periods: Iterable[str | None] | None) -> str | None:
    """The kind of several written periods; None without any.

    Raises:
        SvclightError: They are of different kinds, or one of them is no period.
    """
    named = [period for period in periods or () if period is not None]
    kinds = {kind_of(period) for period in named}
    if len(kinds) > 1:
        raise SvclightError(f"the periods are of different kinds: {quoted_list(named)}")
    return next(iter(kinds), None)


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


@dataclass(frozen=True)
class Stored:
    """A store, and the day or moment by which what counts had been told; None for all."""

    path: Path
    as_told: str | None


def counted_before(card: Path | None, from_store: Path | None, as_told: str | None) -> Path | Stored | None:
    """Where counts come from that were made before: a saved card, a store, or nowhere.

    Raises:
        SvclightError: Both were given, or `as_told` without a store.
    """
    if from_store is None:
        if as_told is not None:
            expected = "--from-store FILE beside it"
            raise SvclightError(Issue("--as-told asks a store, and none was given", expected=expected))
        return card
    if card is not None:
        raise SvclightError("--card and --from-store are two sources of counts: name one of them")
    return Stored(from_store, as_told)


@dataclass(frozen=True)
class Given:
    """What a command is to answer from: logs, hand-kept tables, or a saved card.

    Attributes:
        definition: A file or folder; a card has definitions of its own.
        logs: `PROCESS=FILE` arguments.
        tables: Hand-kept tables.
        card: A saved card, or a store.
    """

    definition: Path | None
    logs: list[str] | None = None
    tables: list[Path] | None = None
    card: Path | Stored | None = None

    def files(self) -> list[Path]:
        """All files that are read."""
        counted = self.card.path if isinstance(self.card, Stored) else self.card
        paths = [path for path in (self.definition, counted) if path is not None]
        # of a log all that it may mean: a file whose name holds =, or PROCESS=FILE; a glob is all of its files
        named = [
            text for log in self.logs or () if not is_address(log) for text in (log, log.partition("=")[2]) if text
        ]
        paths += [Path(found) for text in named for found in (text, *glob.glob(text))]  # noqa: PTH207 - also of roots
        folders = [path for path in paths if path.is_dir()]
        return [*paths, *(self.tables or ()), *(file for folder in folders for file in folder.iterdir())]


def check_files(given: Given, outputs: Iterable[Path | None], more: Iterable[Path | None] = ()) -> None:
    """Refuses outputs that would be written over an input of the call; `more` are inputs beside what is given."""
    from svclight.values.files import check_outputs

    inputs = [*given.files(), *(path for path in more if path is not None)]
    check_outputs([path for path in outputs if path is not None], inputs)


def need_log(logs: list[str] | None, card: Path | None, tables: list[Path] | None, why: str) -> None:
    """Refuses a card and a table for what only interactions can answer; `why` says what is asked of them.

    Raises:
        SvclightError: One was given, or no log.
    """
    if card is not None:
        raise SvclightError(f"--card: a saved card holds counts, and no interactions; {why}: give the log with --log")
    refuse_table(tables, why)
    if not logs:
        raise SvclightError(Issue("no log was given", expected="--log PROCESS=FILE"))


def refuse_table(tables: list[Path] | None, why: str) -> None:
    """Refuses a hand-kept table for what it cannot answer.

    Raises:
        SvclightError: One was given.
    """
    if tables:
        raise SvclightError(f"--table: a hand-kept table holds counts alone; {why}: give the log with --log")


@contextmanager
def notices_told() -> Iterator[list[SvclightNotice]]:
    """Gathers the notices of a call, so that a command says each once."""
    told: list[SvclightNotice] = []
    with warnings.catch_warnings(record=True) as caught:
        warnings.simplefilter("always", SvclightNotice)
        yield told
    for one in caught:
        if isinstance(one.message, SvclightNotice):
            told.append(one.message)
        else:
            warnings.warn_explicit(one.message, one.category, one.filename, one.lineno)


def print_notices(notices: Iterable[str]) -> None:
    """Says each notice once, on standard error."""
    for notice in dict.fromkeys(notices):
        print_message(f"note: {notice}")


def card_of(
    given: Given,
    *,
    by: list[str] | None = None,
    period: str | None = None,
    for_targets: bool = False,
    as_of: str | None = None,
    matured: bool = False,
    customers: Path | None = None,
    max_rejected: int | None = None,
    max_unread: str | None = None,
    summary: bool = False,
    quiet: bool = False,
) -> Scorecard:
    """The card of logs, of hand-kept tables, of both together; or a saved one. What is worth saying is said.

    Args:
        given: What to answer from.
        by: Segments by which to split.
        period: The kind of period; months unless given, for a saved card its own.
        for_targets: Whether it is split by the segments that targets name, too.
        as_of: The moment from which logs are seen, and by which periods of tables are over.
        matured: Whether what can still turn is pending.
        customers: Who stands behind the ids of customers.
        max_rejected: The most rejected lines that are bearable.
        max_unread: The share of a field's cells that may be unread.
        summary: Whether means, medians and sums will be asked for.
        quiet: Whether nothing is said: the same logs are counted once more, and it was said before.

    Raises:
        SvclightError: The call does not hold together, or what was given cannot be read.
    """
    _check_given(given, {"as_of": as_of, "matured": matured, "customers": customers})
    with notices_told() as told, database_failures("the log"), Progress() as progress:
        if given.card is not None:
            card = _opened_card(
                given.card, given.definition, by=by, period=period, max_rejected=max_rejected, max_unread=max_unread
            )
        else:
            definitions = load_definitions(given.definition)  # type: ignore[arg-type]  # `_check_given` looked
            split = [*(by or ()), *(_target_segments(given, definitions, by or ()) if for_targets else ())]
            bearable = {"max_rejected": max_rejected, "max_unread": max_unread}
            seen = {"as_of": as_of, "matured": matured, "customers": customers, "summary": summary, **bearable}
            card = _score_or_tally(given, definitions, by=split, period=period or "month", progress=progress, **seen)
    if quiet:
        return card
    kept = {notice.kept for notice in told}
    print_notices([*map(str, told), *(notice for notice in card.provenance.notices if notice not in kept)])
    print_rejected(card.rejected)
    return card


def _check_given(given: Given, seen: dict[str, Any]) -> None:
    """Refuses options that do not go together.

    Raises:
        SvclightError: Some do not.
    """
    counted = "--log PROCESS=FILE, --table FILE, or both; or --card FILE"
    if given.card is not None:
        option, what = ("--from-store", "a store") if isinstance(given.card, Stored) else ("--card", "a card")
        if given.logs or given.tables:
            raise SvclightError(f"{option} is {what} that was counted: it stands without --log and --table")
        for name, why in _SETTLED.items():
            if seen[name]:
                raise SvclightError(
                    f"--{name.replace('_', '-')} cannot stand beside {option}: {why}; score the log again"
                )
        return
    if not given.logs and not given.tables:
        raise SvclightError(Issue("no log was given", expected=counted))
    if given.definition is None:
        hint = "`svclight init hotline` prints one to start from"
        raise SvclightError(Issue("no definition was given", expected="DEFINITION, a YAML file or a folder", hint=hint))
    for name, why in (("matured", "what can still turn"), ("customers", "whose interactions they are")):
        if not given.logs and seen[name]:
            raise SvclightError(f"--{name} is for logs: a hand-kept table does not say {why}")


def _target_segments(given: Given, definitions: Definitions, by: Iterable[str]) -> list[str]:
    """The segments that targets of what is counted name, beside those of the call."""
    from svclight.decisions.check import segments_needed

    # of which processes a table has counts is seen when it is read
    counted = None if given.tables else named_logs(given.logs or [], definitions)
    return [name for name in segments_needed(definitions, counted) if name not in by]


def _opened_card(
    given: Path | Stored,
    definition: Path | None,
    *,
    by: list[str] | None,
    period: str | None,
    max_rejected: int | None,
    max_unread: str | None,
) -> Scorecard:
    """A saved card or one of a store, seen by a definition if one is given, with some of its segments added up."""
    from svclight.card.merging import with_definitions
    from svclight.counts.log_notices import bearable_share, check_unread_table

    if isinstance(given, Stored):
        from svclight import store

        card = store.card_of(given.path, as_told=given.as_told, by=by, period=period)
    else:
        card = _saved_card(given, by=by, period=period)
    lost = sum(log.rejected for log in card.provenance.logs)
    if max_rejected is not None and lost > max_rejected:
        raise SvclightError(f"{lost:,} lines were rejected, at most {max_rejected:,} are bearable")
    if max_unread is not None:
        check_unread_table(card.unread, bearable_share(max_unread))
    return card if definition is None else with_definitions(card, load_definitions(definition))


def _saved_card(path: Path, *, by: list[str] | None, period: str | None) -> Scorecard:
    """A saved card with some of its segments added up."""
    from svclight.card.merging import add_up
    from svclight.scorecard import Scorecard

    card = Scorecard.open(path)
    kind = card.provenance.period
    if period is not None and period != kind:
        hint = "score the log again"
        raise SvclightError(Issue(f"the card counts by {kind}", found=quoted_text(period), expected=kind, hint=hint))
    return card if by is None else add_up(card, by)


def _score_or_tally(given: Given, definitions: Definitions, *, by: list[str], period: str, **seen: Any) -> Scorecard:
    from svclight.hand_kept.tally import tally
    from svclight.scoring import score as scored

    if not given.tables:
        return scored(named_logs(given.logs or [], definitions), definitions, by=by, period=period, **seen)
    if not given.logs:
        return tally(given.tables, definitions, by=by, period=period, as_of=seen["as_of"])
    card = scored(named_logs(given.logs, definitions), definitions, by=by, period=period, **seen)
    return card + tally(given.tables, definitions, by=by, period=period, as_of=card.provenance.as_of or None)


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
