"""Commands on cases and customers: scenario, customers, survival.

In: arguments. Out: tables, and the exit code. What they compute is computed elsewhere.
"""

from __future__ import annotations

import sys
from typing import TYPE_CHECKING, Annotated

import typer

from svclight.commands.common import (
    Given,
    card_of,
    check_files,
    counted_before,
    end_with_nothing,
    give_table,
    load_definitions,
    need_log,
    refuse_table,
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
    OneCriterion,
    Output,
    PeriodKind,
    Secret,
    SomeDefinition,
    SomeLogs,
)
from svclight.commands.terminal import print_message, show_course
from svclight.definition.criterion_id import CriterionId
from svclight.errors import Issue, SvclightError, quoted_list

if TYPE_CHECKING:
    from svclight.processes import Definitions


def scenario(
    definition: SomeDefinition = None,
    log: SomeLogs = None,
    table: NoTables = None,
    card: Card = None,
    from_store: FromStore = None,
    as_told: AsTold = None,
    as_of: AsOf = None,
    max_rejected: MaxRejected = None,
    max_unread: MaxUnread = None,
    lang: Lang = None,
    output: Output = None,
) -> None:
    """Compares an event log with the usual scenario: the cases with each step, and the time since the step before.

    A table on a terminal, CSV elsewhere.

    Example: svclight scenario service.yaml --log helpdesk=events.csv
    """
    from svclight.card.course_table import courses

    refuse_table(table, "steps are counted in event logs")
    given = Given(definition, log, card=counted_before(card, from_store, as_told))
    check_files(given, [output])
    if definition is not None:
        _check_steps(load_definitions(definition))
    made = card_of(given, as_of=as_of, max_rejected=max_rejected, max_unread=max_unread)
    if not len(made.steps):
        scored = [entry.process for entry in made.provenance.logs]
        raise SvclightError(
            Issue(
                f"{quoted_list(scored)} has no steps to hold against its log",
                expected=f"the log of one of {quoted_list(_with_steps(made.definitions)) or 'those with steps'}",
            )
        )
    if output is None and sys.stdout.isatty():
        for course in courses(made, lang):
            show_course(course)
    else:
        share = (made.steps["cases"] / made.steps["of"].where(made.steps["of"] > 0)).astype("Float64")
        shown = made.steps.copy()
        shown.insert(4, "share", share)
        give_table(shown, output)
    if not made.steps["of"].sum():
        end_with_nothing("there is no case")


def _with_steps(definitions: Definitions) -> list[str]:
    logs = ((name, process.log) for name, process in definitions.processes.items())
    return [name for name, log in logs if log is not None and log.rows == "events" and log.steps]


def _check_steps(definitions: Definitions) -> None:
    """Refuses definitions without a process whose steps could be counted."""
    if not _with_steps(definitions):
        raise SvclightError(
            Issue(
                "no process has an event log whose steps are named",
                expected="a log with `rows: events`, `step` and `steps`",
                hint="`svclight init helpdesk` prints a definition that has one",
            )
        )


def customers(
    definition: DefinitionPath,
    log: SomeLogs = None,
    table: NoTables = None,
    card: NoCard = None,
    shares: Annotated[
        bool, typer.Option("--shares", help="Count the customers who met no red, one or several, without ids.")
    ] = False,
    period: PeriodKind = None,
    as_of: AsOf = None,
    matured: Matured = False,
    customers: Customers = None,
    max_rejected: MaxRejected = None,
    max_unread: MaxUnread = None,
    pseudonymise: Secret = None,
    output: Output = None,
) -> None:
    """Lists the zones that each customer met by process and criterion, as CSV; or --shares of customers by period.

    Example: svclight customers service.yaml --log hotline=calls.csv --customers people.csv --shares
    """
    if shares and pseudonymise is not None:
        raise SvclightError("--pseudonymise is for ids, and the table of --shares has none")
    need_log(log, card, table, "whose they are stands in the log alone")
    given = Given(definition, log)
    check_files(given, [output], [customers])
    made = card_of(
        given,
        period=period,
        as_of=as_of,
        matured=matured,
        customers=customers,
        max_rejected=max_rejected,
        max_unread=max_unread,
    )
    found = made.customer_shares() if shares else made.customers(pseudonymise=pseudonymise)
    if matured:
        print_message("note: matured: what can still turn is pending, and in no customer's zones")
    give_table(found, output)
    if not len(found):
        end_with_nothing("no customer has a rated interaction")


def survival(
    definition: DefinitionPath,
    criterion: OneCriterion,
    log: SomeLogs = None,
    table: NoTables = None,
    card: NoCard = None,
    by: By = None,
    period: PeriodKind = None,
    as_of: AsOf = None,
    max_rejected: MaxRejected = None,
    max_unread: MaxUnread = None,
    output: Output = None,
) -> None:
    """Estimates the shares of a wait as if nobody had given up and everything had ended (Kaplan-Meier).

    Example: svclight survival service.yaml --log hotline=calls.csv --criterion hotline.wait
    """
    need_log(log, card, table, "how long each waited is what is asked")
    given = Given(definition, log)
    check_files(given, [output])
    which = CriterionId.parse(criterion)
    made = card_of(given, by=by, period=period, as_of=as_of, max_rejected=max_rejected, max_unread=max_unread)
    found = made.survival(*which)
    print_message(
        "note: an estimate (Kaplan-Meier), not counts: those who gave up and those who still wait are censored"
    )
    give_table(found, output)
    if not found["waits"].sum():
        end_with_nothing("there is no wait")
