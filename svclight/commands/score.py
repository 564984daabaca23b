"""Commands that count: demo, score, interactions, report, check.

In: arguments. Out: tables and files, and the exit code. What they compute is computed elsewhere.
"""

from __future__ import annotations

import sys
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any

import typer

from svclight.commands.common import (
    Given,
    card_of,
    check_files,
    counted_before,
    end_if_nothing_rated,
    give_table,
    kind_of_all,
    need_log,
    print_text,
)
from svclight.commands.options import (
    AsOf,
    AsTold,
    By,
    Card,
    Customers,
    DefinitionPath,
    FromStore,
    Lang,
    Matured,
    MaxRejected,
    MaxUnread,
    NoCard,
    NoTables,
    OnePeriod,
    Output,
    PeriodKind,
    Periods,
    QuoteCells,
    Secret,
    SomeCriterion,
    SomeDefinition,
    SomeLogs,
    Tables,
)
from svclight.commands.outlook import days_card
from svclight.commands.stores import counted_into
from svclight.commands.terminal import print_lines, print_message, show_summary
from svclight.definition.criterion_id import CriterionId
from svclight.errors import Issue, SvclightError, printable_text, quoted_text

if TYPE_CHECKING:
    from collections.abc import Sequence

    from svclight.scorecard import Scorecard


def demo(
    output: Annotated[Path, typer.Option("-o", "--output", metavar="FOLDER", help="The folder for the files.")] = Path(
        "svclight-demo"
    ),
) -> None:
    """Runs every step on the shipped example: a made-up hotline, two years of calls.

    Example: svclight demo
    """
    from svclight.values.files import write_whole

    example = _examples_folder() / "hotline"
    try:
        output.mkdir(parents=True, exist_ok=True)
    except OSError as error:
        raise SvclightError(f"{printable_text(output, 200)}: the folder cannot be made: {error.strerror}") from None
    definition, log = (
        write_whole(output / name, (example / name).read_bytes()) for name in ("hotline.yaml", "calls.csv.gz")
    )
    card = card_of(Given(definition, [f"hotline={log}"]), as_of="2026-01-01T06:00", summary=True)
    from svclight.commands.terminal_answers import show_answer_of

    show_answer_of(card)
    path = write_report(card, output / "report.html")
    print_text(f"\nThe definition: {definition}\nThe log (made up): {log}\nThe report to open:\n{path.resolve()}")


def score(
    definition: SomeDefinition = None,
    log: SomeLogs = None,
    table: Tables = None,
    card: Card = None,
    from_store: FromStore = None,
    as_told: AsTold = None,
    by: By = None,
    period: PeriodKind = None,
    as_of: AsOf = None,
    matured: Matured = False,
    customers: Customers = None,
    max_rejected: MaxRejected = None,
    max_unread: MaxUnread = None,
    shares: Annotated[bool, typer.Option("--shares", help="Shares with their intervals instead of counts.")] = False,
    summary: Annotated[
        bool, typer.Option("--summary", help="Mean, median, 90 % and sum of what was measured instead of counts.")
    ] = False,
    output: Annotated[
        Path | None,
        typer.Option(
            "-o",
            "--output",
            metavar="FILE",
            help="A file for the counts (.csv, .parquet, .json) or for the card (.svclight).",
        ),
    ] = None,
    into: Annotated[
        Path | None,
        typer.Option(
            "--into",
            metavar="FILE",
            help="A store (.duckdb) to which the counts are added; files that are unchanged are not read.",
        ),
    ] = None,
    quote_cells: QuoteCells = False,
    months: Annotated[
        bool, typer.Option("--months", help="On a terminal also the table of the newest periods, as many as fit.")
    ] = False,
    lang: Lang = None,
) -> None:
    """Counts a log's interactions in zones; the answer in words and rows on a terminal, CSV elsewhere.

    Example: svclight score service.yaml --log hotline=calls.csv --by type -o counts.csv

    Example: svclight score service.yaml --log hotline=calls.csv --summary

    Example: svclight score service.yaml --table numbers.xlsx

    Example: svclight score --card may.svclight --shares -o shares.csv

    Example: svclight score service.yaml --log hotline=may.csv --as-of 2026-06-01 --into service.duckdb
    """
    if shares and summary:
        raise SvclightError("--shares and --summary are two tables: ask for one of them")
    given = Given(definition, log, table, counted_before(card, from_store, as_told))
    _check_output(output, only_tables=shares or summary)
    check_files(given, [output, into], [customers])
    seen = _seen_options(as_of, matured, customers, max_rejected, max_unread)
    is_plain = output is None and not (shares or summary)
    is_answered = is_plain and sys.stdout.isatty()
    saved = output if output is not None and output.suffix == ".svclight" else None
    if into is not None:
        # where a table goes to standard output, nothing else does
        say = print_text if is_plain or output is not None else print_message
        made = counted_into(into, given, say, by=by, period=period, for_targets=True, summary=True, **seen)
    else:
        kept = summary or saved is not None
        made = card_of(given, by=by, period=period, for_targets=is_answered, summary=kept, **seen)
    if summary:
        _give_summary(made, output)
    elif saved is not None:
        made.save(saved, quote_cells=quote_cells)
    elif is_answered:
        from svclight.commands.terminal_answers import show_answer_of

        show_answer_of(made, lang=lang, all_periods=months)
    elif into is None or not is_plain:
        give_table(made.shares() if shares else made.counts, output)
    end_if_nothing_rated(made)


def _check_output(output: Path | None, *, only_tables: bool) -> None:
    """Refuses a kind of file that `score` cannot write, before anything is read."""
    from svclight.pages.exports import TABLES

    known = TABLES if only_tables else (*TABLES, ".svclight")
    if output is not None and output.suffix not in known:
        expected = f"a name that ends in {', '.join(known)}"
        raise SvclightError(Issue("unknown kind of file", found=quoted_text(output.name), expected=expected))


def _give_summary(card: Scorecard, output: Path | None) -> None:
    """The summary of a card: a table on a terminal, else CSV or a file; what has none is told."""
    from svclight.card.summary import no_summary_notice, summary_table

    if notice := no_summary_notice(card):
        print_message(f"note: {notice}")
    if output is None and sys.stdout.isatty():
        show_summary(card)
    else:
        give_table(summary_table(card).drop(columns="exact"), output)


def interactions(
    definition: DefinitionPath,
    log: SomeLogs = None,
    table: NoTables = None,
    card: NoCard = None,
    criterion: SomeCriterion = None,
    zone: Annotated[str | None, typer.Option("--zone", metavar="ZONE", help="Only this zone or state.")] = None,
    period: OnePeriod = None,
    where: Annotated[
        list[str] | None,
        typer.Option(
            "--where", metavar="SEGMENT=WORD", help="Only those with this word in a segment; may be repeated."
        ),
    ] = None,
    by: By = None,
    as_of: AsOf = None,
    matured: Matured = False,
    customers: Customers = None,
    max_rejected: MaxRejected = None,
    max_unread: MaxUnread = None,
    pseudonymise: Secret = None,
    output: Output = None,
) -> None:
    """Lists the single interactions behind the counts, as CSV.

    Example: svclight interactions service.yaml --log hotline=calls.csv --criterion hotline.wait --zone red
    """
    need_log(log, card, table, "they are what is listed")
    given = Given(definition, log)
    check_files(given, [output], [customers])
    which = (None, None) if criterion is None else CriterionId.parse(criterion)
    words = _segment_words(where or [])
    split = list(dict.fromkeys([*(by or []), *words])) or None  # what is asked for must be told apart
    seen = _seen_options(as_of, matured, customers, max_rejected, max_unread)
    made = card_of(given, by=split, period=kind_of_all([period]), **seen)
    give_table(made.interactions(*which, zone=zone, period=period, where=words, pseudonymise=pseudonymise), output)
    end_if_nothing_rated(made)


def _segment_words(texts: Sequence[str]) -> dict[str, str]:
    """The words of several `--where SEGMENT=WORD`.

    Raises:
        SvclightError: One has no `=` in it, or two are about the same segment.
    """
    words: dict[str, str] = {}
    for segment, word in map(_segment_word, texts):
        if segment in words:
            message = f"--where names {quoted_text(segment)} twice"
            raise SvclightError(Issue(message, expected="one word for each segment", hint="ask for each by itself"))
        words[segment] = word
    return words


def _segment_word(text: str) -> tuple[str, str]:
    """The segment and the word of `--where team=west`; `team=` are the interactions without one.

    Raises:
        SvclightError: There is no `=` in it.
    """
    segment, equals, word = text.partition("=")
    if not equals or not segment.strip():
        raise SvclightError(
            Issue(
                "--where needs a segment and a word",
                found=quoted_text(text),
                expected="such as --where team=west",
                hint='"team=" finds those without a team',
            )
        )
    from svclight.values.text_dictionary import normal_word  # loaded when used: the help needs no pandas

    return segment.strip(), normal_word(word)


def report(
    output: Annotated[
        Path, typer.Option("-o", "--output", metavar="FILE", help="The file to write; it ends in .html, .md or .xlsx.")
    ],
    definition: SomeDefinition = None,
    log: SomeLogs = None,
    table: Tables = None,
    card: Card = None,
    from_store: FromStore = None,
    as_told: AsTold = None,
    by: By = None,
    period: PeriodKind = None,
    as_of: AsOf = None,
    matured: Matured = False,
    customers: Customers = None,
    max_rejected: MaxRejected = None,
    max_unread: MaxUnread = None,
    quote_cells: QuoteCells = False,
    lang: Lang = None,
) -> None:
    """Writes the report: one HTML page, Markdown, or Excel.

    Example: svclight report service.yaml --log hotline=calls.csv -o report.html
    """
    given = Given(definition, log, table, counted_before(card, from_store, as_told))
    check_files(given, [output], [customers])
    seen = _seen_options(as_of, matured, customers, max_rejected, max_unread)
    made = card_of(given, by=by, period=period, for_targets=True, summary=True, **seen)
    print_text(str(write_report(made, output, quote_cells=quote_cells, lang=lang)))
    end_if_nothing_rated(made)


def check(
    definition: SomeDefinition = None,
    log: SomeLogs = None,
    table: Tables = None,
    card: Card = None,
    from_store: FromStore = None,
    as_told: AsTold = None,
    by: By = None,
    period: Periods = None,
    as_of: AsOf = None,
    matured: Matured = False,
    customers: Customers = None,
    max_rejected: MaxRejected = None,
    max_unread: MaxUnread = None,
    strict: Annotated[
        bool, typer.Option("--strict", help="Fail on the verdicts `too few` and `cannot tell` and on warnings, too.")
    ] = False,
    junit: Annotated[Path | None, typer.Option("--junit", metavar="FILE", help="Also write JUnit XML.")] = None,
    markdown: Annotated[Path | None, typer.Option("--markdown", metavar="FILE", help="Also write Markdown.")] = None,
    baseline: Annotated[
        Path | None,
        typer.Option("--baseline", metavar="FILE", help="Stored counts; a significantly worse share fails, too."),
    ] = None,
    baseline_period: Annotated[
        str | None,
        typer.Option(
            "--baseline-period",
            metavar="PERIOD",
            help="The period of the baseline; the newest earlier one unless given.",
        ),
    ] = None,
    running: Annotated[
        bool,
        typer.Option("--running", help="Also warn of budgets of the running period that are used up to `warn_at`."),
    ] = False,
    github: Annotated[bool, typer.Option("--github", help="Also print annotations for GitHub.")] = False,
    lang: Lang = None,
) -> None:
    """Compares shares with the targets: exit code 0 fine, 1 a target is missed, 3 nothing to judge.

    Example: svclight check service.yaml --log hotline=calls.csv --period 1999-02
    """
    from svclight.decisions import check as gates
    from svclight.decisions.budget import budget
    from svclight.pages import exports
    from svclight.pages.github_annotations import verdict_annotations
    from svclight.pages.markdown import markdown_checks
    from svclight.values.files import write_whole
    from svclight.wording.languages import language_of
    from svclight.wording.sentence_parts import notes_words

    given = Given(definition, log, table, counted_before(card, from_store, as_told))
    check_files(given, [junit, markdown], [customers, baseline])
    seen = _seen_options(as_of, matured, customers, max_rejected, max_unread)
    made = card_of(given, by=by, period=kind_of_all(period), for_targets=True, **seen)
    days = (days_card(given, quiet=True, **seen) if log and not table else made) if running else None
    chosen = language_of(lang, made.definitions)

    def judged(lang: str) -> gates.Checks:
        budgets = None if days is None else budget(days, lang=lang)
        return gates.check(
            made, period or None, baseline=baseline, baseline_period=baseline_period, running=budgets, lang=lang
        )

    checks = judged(chosen)
    for_machines = checks if chosen == "en" or not (github or junit) else judged("en")
    if sys.stdout.isatty():
        from svclight.commands.terminal_answers import show_checks

        show_checks(made, checks, lang=lang)
    print_lines(str(checks))
    if github:
        print_lines("\n".join(verdict_annotations(for_machines, made.definitions, strict=strict)))
    for note in notes_words(checks.notes, chosen):
        print_message(note)
    if junit is not None:
        write_whole(junit, exports.checks_junit(for_machines, strict=strict))
    if markdown is not None:
        write_whole(markdown, markdown_checks(made, checks, lang=lang).encode())
    raise typer.Exit(checks.exit_code(strict=strict))


def _seen_options(
    as_of: str | None, matured: bool, customers: Path | None, max_rejected: int | None, max_unread: str | None
) -> dict[str, Any]:
    """The options of `score` that say how logs are read and seen."""
    bearable = {"max_rejected": max_rejected, "max_unread": max_unread}
    return {"as_of": as_of, "matured": matured, "customers": customers, **bearable}


def _examples_folder() -> Path:
    """The examples: in the package, or beside it in a checkout."""
    package = Path(__file__).parent.parent
    inside = package / "examples"
    return inside if inside.is_dir() else package.parent / "examples"


def write_report(card: Scorecard, path: Path, *, quote_cells: bool = False, lang: str | None = None) -> Path:
    """Writes the report of a card with its verdicts on targets; `quote_cells` shows cells that could not be read."""
    from svclight import report as reports
    from svclight.decisions import check as gates

    reports.write(card, path, checks=gates.check(card, lang=lang), quote_cells=quote_cells, lang=lang)
    return path
