"""Commands that follow up: what is unfinished, what came after a measure, which customers come again.

In: definitions, logs, what is asked. Out: sentences on standard output; with -o a file
by its suffix: .md, .csv, .json, .parquet, .png, .svg, .pdf.
"""

from __future__ import annotations

from typing import Annotated

import typer

from svclight.commands.common import (
    Given,
    card_of,
    check_files,
    counted_before,
    end_if_nothing_rated,
    end_with_nothing,
    need_log,
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
    MaxRejected,
    MaxUnread,
    NoCard,
    NoTables,
    Output,
    PeriodKind,
    Secret,
    SomeCriterion,
    SomeDefinition,
    SomeLogs,
    Tables,
)
from svclight.commands.results import chart, give_result


def open_(
    definition: DefinitionPath,
    log: SomeLogs = None,
    table: NoTables = None,
    card: NoCard = None,
    left: Annotated[
        str | None, typer.Option("--left", metavar="TIME", help='Only what turns within this time: "4 bh", "30 min".')
    ] = None,
    by: By = None,
    as_of: AsOf = None,
    max_rejected: MaxRejected = None,
    max_unread: MaxUnread = None,
    pseudonymise: Secret = None,
    lang: Lang = None,
    output: Output = None,
) -> None:
    """Lists what is unfinished: its zone now, the time left until it turns yellow and red, soonest first.

    Example: svclight open service.yaml --log helpdesk=tickets.csv --left "4 bh" --as-of 2026-03-06T16:00
    """
    from svclight.planning.open_interactions import open_of_card

    need_log(log, card, table, "what is unfinished stands in the log alone")
    given = Given(definition, log)
    check_files(given, [output])
    scored = card_of(given, by=by, as_of=as_of, max_rejected=max_rejected, max_unread=max_unread)
    found = open_of_card(scored, left=left, pseudonymise=pseudonymise, lang=lang)
    give_result(str(found), found.table, output, title="What is unfinished")
    if not any(one.interactions for one in scored.provenance.logs):
        end_with_nothing("the log has no interaction")


def effect(
    definition: SomeDefinition = None,
    log: SomeLogs = None,
    table: Tables = None,
    card: Card = None,
    from_store: FromStore = None,
    as_told: AsTold = None,
    criterion: SomeCriterion = None,
    period: PeriodKind = None,
    as_of: AsOf = None,
    max_rejected: MaxRejected = None,
    max_unread: MaxUnread = None,
    lang: Lang = None,
    output: Output = None,
) -> None:
    """Holds what came after each action of the definition against what it was to bring.

    Example: svclight effect service.yaml --log hotline=calls.csv -o effect.png
    """
    from svclight.decisions.effect import effect as effects

    given = Given(definition, log, table, counted_before(card, from_store, as_told))
    check_files(given, [output])
    scored = card_of(given, period=period, as_of=as_of, max_rejected=max_rejected, max_unread=max_unread)
    found = effects(scored, criterion, lang=lang)
    draw = [chart("plot_effect", found, row) for row in range(len(found.table))]
    give_result(str(found), found.table, output, title="What came after actions", draw=draw)
    end_if_nothing_rated(scored)


def cohorts(
    definition: DefinitionPath,
    log: SomeLogs = None,
    table: NoTables = None,
    card: NoCard = None,
    look_back: Annotated[
        int, typer.Option("--look-back", metavar="MONTHS", min=0, help="The months before that show who is new.")
    ] = 12,
    as_of: AsOf = None,
    customers: Customers = None,
    max_rejected: MaxRejected = None,
    max_unread: MaxUnread = None,
    lang: Lang = None,
    output: Output = None,
) -> None:
    """Counts how many customers come again 1 to 12 months after the month of their first contact, without ids.

    Example: svclight cohorts service.yaml --log shop=orders.csv -o cohorts.png
    """
    from svclight.planning.cohorts import cohorts_of_card

    need_log(log, card, table, "whose contacts they are stands in the log alone")
    given = Given(definition, log)
    check_files(given, [output], [customers])
    scored = card_of(given, as_of=as_of, customers=customers, max_rejected=max_rejected, max_unread=max_unread)
    found = cohorts_of_card(scored, look_back=look_back, lang=lang)
    draw = [chart("plot_cohorts", found, name) for name in found.totals["process"].unique()]
    give_result(str(found), found.table, output, title="Customers who come again", draw=draw)
    if found.table.empty:
        end_with_nothing("of no month it is known who came for the first time and came again")
