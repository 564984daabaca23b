"""Commands for the review of limits: what a changed definition does, and zones beside customers' answers.

In: definitions, logs, what is asked. Out: text on standard output or in a file, a picture, exit codes.
"""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

import typer

from svclight.commands.common import (
    MISSED,
    Given,
    check_files,
    give_table,
    load_definitions,
    named_logs,
    need_log,
    notices_told,
    print_notices,
    print_text,
    write_text,
)
from svclight.commands.options import (
    AsOf,
    Customers,
    DefinitionPath,
    Lang,
    MaxRejected,
    MaxUnread,
    NoCard,
    NoTables,
    OneCriterion,
    Output,
    PeriodKind,
    Secret,
    SomeCriterion,
    SomeLogs,
)
from svclight.commands.results import chart, write_picture
from svclight.commands.terminal import print_message
from svclight.definition.criterion_id import CriterionId
from svclight.dialects.database_address import database_failures

OldPath = Annotated[Path, typer.Argument(metavar="OLD", help="The definition as it was.")]
NewPath = Annotated[Path, typer.Argument(metavar="NEW", help="The definition as it is now.")]


def diff(
    old: OldPath,
    new: NewPath,
    log: SomeLogs = None,
    table: NoTables = None,
    card: NoCard = None,
    period: PeriodKind = None,
    as_of: AsOf = None,
    customers: Customers = None,
    max_rejected: MaxRejected = None,
    max_unread: MaxUnread = None,
    criterion: SomeCriterion = None,
    pseudonymise: Secret = None,
    fail_on_change: Annotated[
        bool, typer.Option("--fail-on-change", help="Exit code 1 if an interaction changes zone or a verdict changes.")
    ] = False,
    lang: Lang = None,
    output: Output = None,
) -> None:
    """Compares the counts under two definitions, as Markdown; with --criterion the interactions that change, as CSV.

    Example: svclight diff old.yaml new.yaml --log hotline=calls.csv -o diff.md
    """
    from svclight.planning.changed_definition import diff as differ

    need_log(log, card, table, "which of them change is what is asked")
    check_files(Given(old, log), [output], [new, customers])
    before, after = load_definitions(old), load_definitions(new)
    logs = named_logs(log or [], before, after)
    with notices_told() as told, database_failures("the log"):
        found = differ(
            old,
            new,
            logs,
            period=period or "month",
            as_of=as_of,
            customers=customers,
            max_rejected=max_rejected,
            max_unread=max_unread,
            lang=lang,
        )
    print_notices(map(str, told))
    if criterion is None:
        write_text(found.markdown(), output)
    else:
        changed = found.interactions(*CriterionId.parse(criterion), pseudonymise=pseudonymise)
        give_table(changed, output)
    if fail_on_change and found.changes:
        raise typer.Exit(MISSED)


def calibrate(
    definition: DefinitionPath,
    criterion: OneCriterion,
    satisfaction: Annotated[
        str,
        typer.Option(
            "--satisfaction", metavar="FIELD", help="The field of the answers; survey.score for one of a joined log."
        ),
    ],
    log: SomeLogs = None,
    table: NoTables = None,
    card: NoCard = None,
    green: Annotated[str | None, typer.Option("--green", metavar="LIMIT", help='Good answers, such as ">= 4".')] = None,
    yellow: Annotated[
        str | None, typer.Option("--yellow", metavar="LIMIT", help='Neither good nor bad, such as ">= 3".')
    ] = None,
    as_of: AsOf = None,
    max_rejected: MaxRejected = None,
    max_unread: MaxUnread = None,
    seed: Annotated[
        int, typer.Option("--seed", metavar="N", help="The seed of the random draws for the intervals.")
    ] = 0,
    lang: Lang = None,
    picture: Annotated[
        Path | None, typer.Option("--picture", metavar="FILE", help="Also draw a picture: .png, .svg or .pdf.")
    ] = None,
    output: Annotated[
        Path | None,
        typer.Option("-o", "--output", metavar="FILE", help="A file for the proposed limits: .csv, .json or .parquet."),
    ] = None,
) -> None:
    """Compares the zones of a criterion with customers' answers, and proposes limits; nothing is changed.

    Example: svclight calibrate service.yaml --log calls.csv --criterion hotline.wait --satisfaction rating
    """
    from svclight.pages.exports import write_table
    from svclight.planning.calibrate import calibrate as calibrated

    need_log(log, card, table, "what each customer answered is what is asked")
    check_files(Given(definition, log), [output, picture])
    definitions = load_definitions(definition)
    with notices_told() as told, database_failures("the log"):
        found = calibrated(
            named_logs(log or [], definitions), definitions, criterion, satisfaction=satisfaction, green=green,
            yellow=yellow, as_of=as_of, max_rejected=max_rejected, max_unread=max_unread, seed=seed, lang=lang,
        )  # fmt: skip
    print_notices(map(str, told))
    print_text(str(found))
    if picture is not None:
        write_picture([chart("plot_calibration", found)], picture)
        print_message(f"note: the picture is {picture}")
    if output is not None:
        write_table(found.proposals, output)
