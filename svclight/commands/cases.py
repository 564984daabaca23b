"""Commands on cases and customers: scenario, customers, survival.

In: arguments. Out: tables, and the exit code. What they compute is computed elsewhere.
"""

from __future__ import annotations

import sys
from typing import TYPE_CHECKING, Annotated

import typer

from svclight.commands.common import end_with_nothing, give_table, load_definitions, score_logs
from svclight.commands.options import (
    AsOf,
    By,
    Customers,
    DefinitionPath,
    Logs,
    Matured,
    MaxRejected,
    OneCriterion,
    Output,
    PeriodKind,
    Secret,
)
from svclight.commands.terminal import print_message, show_course
from svclight.definition.criterion_id import CriterionId
from svclight.errors import Issue, SvclightError, quoted_list

if TYPE_CHECKING:
    from svclight.processes import Definitions


def scenario(
    definition: DefinitionPath,
    log: Logs,
    as_of: AsOf = None,
    max_rejected: MaxRejected = None,
    output: Output = None,
) -> None:
    """Compares an event log with the usual scenario: the cases with each step, and the time since the step before.

    A table on a terminal, CSV elsewhere.

    Example: svclight scenario service.yaml --log helpdesk=events.csv
    """
    from svclight.card.course_table import courses

    definitions = load_definitions(definition)
    _check_steps(definitions)
    card = score_logs(definitions, log, as_of=as_of, max_rejected=max_rejected)
    if not len(card.steps):
        scored = [entry.process for entry in card.provenance.logs]
        raise SvclightError(
            Issue(
                f"{quoted_list(scored)} has no steps to hold against its log",
                expected=f"the log of one of {quoted_list(_with_steps(definitions))}",
            )
        )
    if output is None and sys.stdout.isatty():
        for course in courses(card):
            show_course(course)
    else:
        share = (card.steps["cases"] / card.steps["of"].where(card.steps["of"] > 0)).astype("Float64")
        table = card.steps.copy()
        table.insert(4, "share", share)
        give_table(table, output)
    if not card.steps["of"].sum():
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
    log: Logs,
    shares: Annotated[
        bool, typer.Option("--shares", help="Count the customers who met no red, one or several, without ids.")
    ] = False,
    period: PeriodKind = "month",
    as_of: AsOf = None,
    matured: Matured = False,
    customers: Customers = None,
    pseudonymise: Secret = None,
    output: Output = None,
) -> None:
    """Lists the zones that each customer met by process and criterion, as CSV; or --shares of customers by period.

    Example: svclight customers service.yaml --log hotline=calls.csv --customers people.csv --shares
    """
    if shares and pseudonymise is not None:
        raise SvclightError("--pseudonymise is for ids, and the table of --shares has none")
    card = score_logs(
        load_definitions(definition), log, period=period, as_of=as_of, matured=matured, customers=customers
    )
    table = card.customer_shares() if shares else card.customers(pseudonymise=pseudonymise)
    if matured:
        print_message("note: matured: what can still turn is pending, and in no customer's zones")
    give_table(table, output)
    if not len(table):
        end_with_nothing("no customer has a rated interaction")


def survival(
    definition: DefinitionPath,
    log: Logs,
    criterion: OneCriterion,
    by: By = None,
    period: PeriodKind = "month",
    as_of: AsOf = None,
    output: Output = None,
) -> None:
    """Estimates the shares of a wait as if nobody had given up and everything had ended (Kaplan-Meier).

    Example: svclight survival service.yaml --log hotline=calls.csv --criterion hotline.wait
    """
    which = CriterionId.parse(criterion)
    card = score_logs(load_definitions(definition), log, by=by or (), period=period, as_of=as_of)
    table = card.survival(*which)
    print_message(
        "note: an estimate (Kaplan-Meier), not counts: those who gave up and those who still wait are censored"
    )
    give_table(table, output)
    if not table["waits"].sum():
        end_with_nothing("there is no wait")
