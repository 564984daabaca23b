"""Commands on definitions: init, validate, describe, schema.

In: arguments. Out: text, a sheet to fill in by hand, or a folder with a whole service. What they compute is computed
elsewhere.
"""

from __future__ import annotations

import shlex
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from svclight.commands.common import Given, check_files, load_definitions, print_text, write_text
from svclight.commands.options import AsOf, DefinitionPath, Lang, Output
from svclight.definition.for_authors import LANGUAGES, READY, ready_definition, ready_service
from svclight.errors import Issue, SvclightError, printable_text, quoted_list

if TYPE_CHECKING:
    import datetime as dt

    from svclight.processes import Definitions


def init(
    kind: Annotated[str | None, typer.Argument(metavar="[KIND]", help=f"One of {', '.join(READY)}.")] = None,
    whole: Annotated[
        Path | None,
        typer.Option(
            "--all", metavar="FOLDER", help="Write all of them into a folder, a whole service that loads together."
        ),
    ] = None,
    with_logs: Annotated[
        bool,
        typer.Option("--with-logs", help="With --all: made-up logs, so that every command can be tried."),
    ] = False,
    lang: Annotated[
        str | None,
        typer.Option(
            "--lang",
            metavar="LANGUAGE",
            help=f"The language of titles and comments, {' or '.join(LANGUAGES)}; of a sheet that of its DEFINITION.",
        ),
    ] = None,
    table: Annotated[
        bool,
        typer.Option(
            "--table", help="Write the Excel sheet of a hand-kept table instead; KIND may then be a DEFINITION."
        ),
    ] = False,
    output: Output = None,
) -> None:
    """Prints a commented definition to start from; with --table, writes an Excel sheet to fill in by hand.

    Example: svclight init hotline > service.yaml

    Example: svclight init service.yaml --table -o numbers.xlsx

    Example: svclight init --all service --with-logs
    """
    if whole is not None:
        _refuse_beside_all({"KIND": kind, "--table": table, "-o": output})
        print_text(_write_service(whole, lang or LANGUAGES[0], with_logs=with_logs))
        return
    if kind is None:
        raise SvclightError(Issue("no kind was given", expected=f"one of {quoted_list(READY)}; or --all FOLDER"))
    if with_logs:
        raise SvclightError("--with-logs is for --all FOLDER, which has a place for the logs")
    if table:
        print_text(str(_table_sheet(kind, lang, output)))
        return
    write_text(ready_definition(kind, lang or LANGUAGES[0]), output)


def _refuse_beside_all(given: dict[str, object]) -> None:
    """Refuses what cannot stand beside --all: it writes every kind, each into a file of its own."""
    named = [name for name, value in given.items() if value]
    if named:
        raise SvclightError(f"--all writes every kind into its folder: it stands without {' and '.join(named)}")


def _write_service(folder: Path, lang: str, *, with_logs: bool) -> str:
    """Writes all ready definitions into a folder, and logs beside them; returns words on what to do with them.

    Raises:
        SvclightError: A file is there already: nothing is written, as it may hold what somebody has changed.
    """
    from svclight.values.files import write_whole

    logs = _made_up_logs(lang) if with_logs else {}
    files = {name: text.encode() for name, text in ready_service(lang).items()}
    files |= {f"{name}.csv": text.encode() for name, text in logs.items()}
    there = [name for name in files if (folder / name).exists()]
    if there:
        where, found = printable_text(folder, 200), quoted_list(there)
        raise SvclightError(Issue("files are there already", where, found=found, hint="name another folder"))
    try:
        folder.mkdir(parents=True, exist_ok=True)
    except OSError as error:
        raise SvclightError(f"{printable_text(folder, 200)}: the folder cannot be made: {error.strerror}") from None
    for name, content in files.items():
        write_whole(folder / name, content)
    at = shlex.quote(str(folder))
    options = " ".join(f"--log {name}={shlex.quote(str(folder / name))}.csv" for name in logs)
    return f"svclight validate {at}" + (f"\nsvclight score {at} {options}" if logs else "")


def _made_up_logs(lang: str) -> dict[str, str]:
    """The made-up logs of all kinds as CSV, by the name under which `--log` takes them."""
    from svclight.definition.ready_logs import ready_logs

    frames = {name: frame for kind in READY for name, frame in ready_logs(kind, lang).items()}
    return {name: frame.to_csv(index=False, lineterminator="\n") for name, frame in frames.items()}


def _table_sheet(kind: str, lang: str | None, output: Path | None) -> Path:
    """Writes the sheet of a ready definition, or of one of the user's."""
    from svclight.excel.hand_kept_sheet import write_sheet
    from svclight.processes import loads

    ready = loads(ready_definition(kind, lang or LANGUAGES[0]), kind) if kind in READY else None
    definitions = ready or load_definitions(Path(kind))
    return write_sheet(definitions, output or Path(f"{Path(kind).stem}.xlsx"), lang)


def validate(definition: DefinitionPath, as_of: AsOf = None) -> None:
    """Checks a definition and lists all problems at once, with line numbers; says when its review is due.

    Example: svclight validate service.yaml

    Example: svclight validate service.yaml --as-of 2026-06-01
    """
    definitions = load_definitions(definition)
    review = _review_line(definitions, as_of)
    criteria = sum(1 for _ in definitions.criteria())
    print_text(
        f"{printable_text(definition, 200)}: fine (processes: {len(definitions.processes)}, criteria: {criteria}, "
        f"content: {definitions.hash})" + (f"\n{review}" if review else "")
    )


def _review_line(definitions: Definitions, as_of: str | None) -> str:
    """When the review is due; that it is overdue only where it is known from when the definition is seen."""
    from svclight.wording.languages import date_words

    due = definitions.review_due
    if due is None:
        return ""
    day = date_words(due, LANGUAGES[0])
    if as_of is not None and _day_of(as_of, definitions) > due:
        return f"review overdue: it was due on {day}"
    return f"review due on {day}"


def _day_of(as_of: str, definitions: Definitions) -> dt.date:
    """The day of a moment in the document's time zone."""
    from svclight.logs.as_of import as_of_instant
    from svclight.values import clocks

    zone = definitions.document.time_zone
    return clocks.day_of(clocks.day_at(as_of_instant(as_of, zone), zone))


def describe(definition: DefinitionPath, lang: Lang = None, output: Output = None) -> None:
    """Prints the service standard in words (Markdown), in the language of the definition unless another is asked for.

    Example: svclight describe service.yaml > standard.md

    Example: svclight describe service.yaml --lang ru
    """
    from svclight.wording.service_standard import describe_definitions as in_words

    check_files(Given(definition), [output])
    write_text(in_words(load_definitions(definition), lang), output)


def schema(output: Output = None) -> None:
    """Prints the JSON Schema of definitions, for completion and checks in an editor.

    Example: svclight schema > svclight.schema.json
    """
    from svclight.definition.for_authors import schema_text

    write_text(schema_text(), output)
