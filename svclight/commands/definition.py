"""Commands on definitions: init, validate, describe, schema.

In: arguments. Out: text, or a sheet to fill in by hand. What they compute is computed elsewhere.
"""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

import typer

from svclight.commands.common import Given, check_files, load_definitions, print_text, write_text
from svclight.commands.options import DefinitionPath, Output
from svclight.definition.for_authors import LANGUAGES, READY, ready_definition
from svclight.errors import printable_text


def init(
    kind: Annotated[str, typer.Argument(metavar="KIND", help=f"One of {', '.join(READY)}.")],
    lang: Annotated[
        str,
        typer.Option(
            "--lang", metavar="LANGUAGE", help=f"The language of titles and comments: {' or '.join(LANGUAGES)}."
        ),
    ] = "en",
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
    """
    if table:
        print_text(str(_table_sheet(kind, lang, output)))
        return
    write_text(ready_definition(kind, lang), output)


def _table_sheet(kind: str, lang: str, output: Path | None) -> Path:
    """Writes the sheet of a ready definition, or of one of the user's."""
    from svclight.pages.hand_kept_sheet import write_sheet
    from svclight.processes import loads

    definitions = loads(ready_definition(kind, lang), kind) if kind in READY else load_definitions(Path(kind))
    return write_sheet(definitions, output or Path(f"{Path(kind).stem}.xlsx"))


def validate(definition: DefinitionPath) -> None:
    """Checks a definition and lists all problems at once, with line numbers.

    Example: svclight validate service.yaml
    """
    definitions = load_definitions(definition)
    criteria = sum(1 for _ in definitions.criteria())
    print_text(
        f"{printable_text(definition, 200)}: fine (processes: {len(definitions.processes)}, criteria: {criteria}, "
        f"content: {definitions.hash})"
    )


def describe(definition: DefinitionPath, output: Output = None) -> None:
    """Prints the service standard in words (Markdown).

    Example: svclight describe service.yaml > standard.md
    """
    from svclight.wording.service_standard import describe_definitions as in_words

    check_files(Given(definition), [output])
    write_text(in_words(load_definitions(definition)), output)


def schema(output: Output = None) -> None:
    """Prints the JSON Schema of definitions, for completion and checks in an editor.

    Example: svclight schema > svclight.definition.for_authors.json
    """
    from svclight.definition.for_authors import schema_text

    write_text(schema_text(), output)
