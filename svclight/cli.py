"""The command line: arguments in, calls, exit codes out.

0 fine, 1 a target is missed, 2 the definition, the log or the call is wrong, 3 nothing to judge. Results go to
standard output, messages to standard error; progress is shown on a terminal only. Everything that computes is loaded
when a command runs, so that help comes at once.
"""

from __future__ import annotations

import os
import sys
import warnings
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any, Final

import typer

from svclight._commands_review import calibrate, diff
from svclight._terminal import Progress, complain, print_lines, say, say_rejected, show
from svclight.errors import Issue, SvclightError, listed, printable, quoted
from svclight.ready import LANGUAGES, READY, ready_definition

if TYPE_CHECKING:
    from svclight.processes import Definitions
    from svclight.scorecard import Scorecard

FINE, MISSED, WRONG, NOTHING = range(4)
PIPE_CLOSED: Final = 141  # 128 + SIGPIPE: what shells say of a program whose reader went away

app = typer.Typer(
    name="svclight",
    help="Measures the quality of customer service by the traffic-light method.",
    no_args_is_help=True,
    add_completion=False,
    rich_markup_mode=None,
    pretty_exceptions_enable=False,
)

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
for _command, _help in (
    (diff, "What a changed definition does to the counts."),
    (calibrate, "Zones held against what customers say."),
):
    app.command(short_help=_help)(_command)


def main() -> None:
    """Runs the command line and ends with its exit code."""
    try:
        app()
    except SvclightError as error:
        sys.exit(complain(error))
    except BrokenPipeError:
        # Python flushes standard output once more at its end: there must be somewhere for it to go.
        os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())
        sys.exit(PIPE_CLOSED)
    except KeyboardInterrupt:
        sys.exit(130)
    except MemoryError:
        sys.exit(complain(SvclightError("there is not enough memory for this log")))


def _print(text: str) -> None:
    sys.stdout.write(text if text.endswith("\n") else text + "\n")


@app.command(short_help="The whole path on the shipped example.")
def demo(
    output: Annotated[Path, typer.Option("-o", "--output", metavar="FOLDER", help="Where the files go.")] = Path(
        "svclight-demo"
    ),
) -> None:
    """The whole path on the shipped example: a made-up hotline, two years of calls.

    Example: svclight demo
    """
    from svclight._files import write_whole

    example = _examples() / "hotline"
    try:
        output.mkdir(parents=True, exist_ok=True)
    except OSError as error:
        raise SvclightError(f"{printable(output, 200)}: the folder cannot be made: {error.strerror}") from None
    definition, log = (
        write_whole(output / name, (example / name).read_bytes()) for name in ("hotline.yaml", "calls.csv.gz")
    )
    definitions = _load(definition)
    card = _score(definitions, [f"hotline={log}"], as_of="2026-01-01T06:00")
    show(card)
    path = _report(card, output / "report.html")
    _print(f"\nThe definition: {definition}\nThe log (made up): {log}\nThe report to open:\n{path.resolve()}")


@app.command(short_help="A commented definition to start from.")
def init(
    kind: Annotated[str, typer.Argument(metavar="KIND", help=f"One of {', '.join(READY)}.")],
    lang: Annotated[
        str, typer.Option("--lang", metavar="LANGUAGE", help=f"Of titles and comments: {' or '.join(LANGUAGES)}.")
    ] = "en",
    output: Output = None,
) -> None:
    """Prints a commented definition to start from, one for each kind of process.

    Example: svclight init hotline > service.yaml
    """
    _write_text(ready_definition(kind, lang), output)


@app.command(short_help="All problems of a definition at once.")
def validate(definition: DefinitionPath) -> None:
    """Checks a definition; all problems at once, with line numbers.

    Example: svclight validate service.yaml
    """
    definitions = _load(definition)
    criteria = sum(1 for _ in definitions.criteria())
    _print(
        f"{printable(definition, 200)}: fine (processes: {len(definitions.processes)}, criteria: {criteria}, "
        f"content: {definitions.hash})"
    )


@app.command(short_help="The service standard in words.")
def describe(definition: DefinitionPath, output: Output = None) -> None:
    """Prints the service standard in words (Markdown).

    Example: svclight describe service.yaml > standard.md
    """
    from svclight.standard import describe as in_words

    _write_text(in_words(_load(definition)), output)


@app.command(short_help="JSON Schema of definitions, for editors.")
def schema(output: Output = None) -> None:
    """Prints the JSON Schema of definitions, for completion and checks in an editor.

    Example: svclight schema > svclight.schema.json
    """
    from svclight.schema import schema_text

    _write_text(schema_text(), output)


@app.command(short_help="Counts a log's interactions in zones.")
def score(
    definition: DefinitionPath,
    log: Logs,
    by: By = None,
    period: PeriodKind = "month",
    as_of: AsOf = None,
    max_rejected: MaxRejected = None,
    output: Annotated[
        Path | None,
        typer.Option(
            "-o", "--output", metavar="FILE", help="Counts as .csv, .parquet, .json; the card itself as .svclight."
        ),
    ] = None,
) -> None:
    """Counts a log's interactions in zones; a table on a terminal, CSV elsewhere.

    Example: svclight score service.yaml --log hotline=calls.csv --by type -o counts.csv
    """
    from svclight.exports import TABLES, as_csv, write_table

    if output is not None and output.suffix not in (*TABLES, ".svclight"):
        expected = f"a name that ends in {', '.join([*TABLES, '.svclight'])}"
        raise SvclightError(Issue("unknown kind of file", found=quoted(output.name), expected=expected))
    card = _score(_load(definition), log, by=by or (), period=period, as_of=as_of, max_rejected=max_rejected)
    if output is None and sys.stdout.isatty():
        show(card)
    elif output is None:
        _print(as_csv(card.counts))
    elif output.suffix == ".svclight":
        card.save(output)
    else:
        write_table(card.counts, output)
    _end(card)


@app.command(short_help="The single interactions behind the counts.")
def interactions(
    definition: DefinitionPath,
    log: Logs,
    criterion: Annotated[
        str | None, typer.Option("--criterion", metavar="PROCESS.CRITERION", help="Only this one.")
    ] = None,
    zone: Annotated[str | None, typer.Option("--zone", metavar="ZONE", help="Only this zone or state.")] = None,
    period: Annotated[
        str | None, typer.Option("--period", metavar="PERIOD", help="Only this one, such as 1999-01.")
    ] = None,
    by: By = None,
    as_of: AsOf = None,
    pseudonymise: Annotated[
        str | None, typer.Option("--pseudonymise", metavar="SECRET", help="Replace ids and customers by keyed hashes.")
    ] = None,
    output: Output = None,
) -> None:
    """Lists the single interactions behind the counts, as CSV.

    Example: svclight interactions service.yaml --log hotline=calls.csv --criterion hotline.wait --zone red
    """
    from svclight.exports import as_csv, write_table

    process, name = _criterion(criterion)
    card = _score(_load(definition), log, by=by or (), period=_kind(period), as_of=as_of)
    table = card.interactions(process, name, zone=zone, period=period, pseudonymise=pseudonymise)
    if output is None:
        _print(as_csv(table))
    else:
        write_table(table, output)
    _end(card)


@app.command(short_help="The report: HTML, Markdown or Excel.")
def report(
    definition: DefinitionPath,
    log: Logs,
    output: Annotated[
        Path, typer.Option("-o", "--output", metavar="FILE", help="A name that ends in .html, .md or .xlsx.")
    ],
    by: By = None,
    period: PeriodKind = "month",
    as_of: AsOf = None,
    max_rejected: MaxRejected = None,
) -> None:
    """Writes the report: one HTML page, Markdown, or Excel.

    Example: svclight report service.yaml --log hotline=calls.csv -o report.html
    """
    from svclight import gates

    definitions = _load(definition)
    needed = [name for name in gates.segments_needed(definitions) if name not in (by or ())]
    card = _score(definitions, log, by=[*(by or ()), *needed], period=period, as_of=as_of, max_rejected=max_rejected)
    _print(str(_report(card, output)))
    _end(card)


@app.command(short_help="Holds shares against the targets.")
def check(
    definition: DefinitionPath,
    log: Logs,
    period: Annotated[
        list[str] | None,
        typer.Option("--period", metavar="PERIOD", help="Judge this one, such as 1999-02; again for more."),
    ] = None,
    as_of: AsOf = None,
    max_rejected: MaxRejected = None,
    strict: Annotated[bool, typer.Option("--strict", help="Too few and cannot tell do not pass.")] = False,
    junit: Annotated[Path | None, typer.Option("--junit", metavar="FILE", help="Also write JUnit XML.")] = None,
    markdown: Annotated[Path | None, typer.Option("--markdown", metavar="FILE", help="Also write Markdown.")] = None,
    baseline: Annotated[
        Path | None,
        typer.Option("--baseline", metavar="FILE", help="Stored counts: being significantly worse gives 1, too."),
    ] = None,
    baseline_period: Annotated[
        str | None,
        typer.Option("--baseline-period", metavar="PERIOD", help="Their period; the newest earlier one unless given."),
    ] = None,
    github: Annotated[bool, typer.Option("--github", help="Also print annotations for GitHub.")] = False,
) -> None:
    """Holds shares against the targets: 0 fine, 1 a target is missed, 3 nothing to judge.

    Example: svclight check service.yaml --log hotline=calls.csv --period 1999-02
    """
    from svclight import exports, gates
    from svclight._files import write_whole
    from svclight._github import annotate

    definitions = _load(definition)
    kinds = {_kind(one) for one in period or ["2000-01"]}
    if len(kinds) > 1:
        raise SvclightError(f"the periods are of different kinds: {listed(period or [])}")
    by = [name for name in gates.segments_needed(definitions) if _offered(definitions, name)]
    card = _score(definitions, log, by=by, period=kinds.pop(), as_of=as_of, max_rejected=max_rejected)
    checks = gates.check(card, period or None, baseline=baseline, baseline_period=baseline_period)
    print_lines(str(checks))
    if github:
        print_lines("\n".join(annotate(checks, definitions, strict=strict)))
    for note in checks.notes:
        say(f"note: {note}")
    if junit is not None:
        write_whole(junit, exports.checks_junit(checks, strict=strict))
    if markdown is not None:
        write_whole(markdown, exports.checks_markdown(checks).encode())
    raise typer.Exit(checks.exit_code(strict=strict))


def _offered(definitions: Definitions, segment: str) -> bool:
    return all(
        segment in (process.log.segments or ()) for process in definitions.processes.values() if process.log is not None
    )


def _examples() -> Path:
    """The examples: in the package, or beside it in a checkout."""
    inside = Path(__file__).parent / "examples"
    return inside if inside.is_dir() else Path(__file__).parent.parent / "examples"


def _load(path: Path) -> Definitions:
    from svclight.processes import load

    return load(path)


def _kind(period: str | None) -> str:
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


def _criterion(name: str | None) -> tuple[str | None, str | None]:
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


def _score(definitions: Definitions, logs: list[str], **options: Any) -> Scorecard:
    from svclight.errors import SvclightNotice
    from svclight.scoring import score as scored

    with warnings.catch_warnings(), Progress() as progress:
        warnings.simplefilter("ignore", SvclightNotice)  # they are said below
        card = scored(_sources(logs, definitions), definitions, progress=progress, **options)
    for notice in card.provenance.notices:
        say(f"note: {notice}")
    say_rejected(card.rejected)
    return card


def _report(card: Scorecard, path: Path) -> Path:
    from svclight import gates
    from svclight import report as reports

    reports.write(card, path, checks=gates.check(card))
    return path


def _write_text(text: str, output: Path | None) -> None:
    from svclight._files import write_whole

    if output is None:
        _print(text)
    else:
        write_whole(output, text.encode())


def _end(card: Scorecard) -> None:
    """Ends with 3 where nothing is rated."""
    from svclight.thresholds import ZONES

    rated = card.counts.loc[card.counts["zone"].isin(ZONES), "count"].sum()
    if not rated:
        say("note: no interaction could be rated")
        raise typer.Exit(NOTHING)


if __name__ == "__main__":
    main()
