"""Commands that help to decide: what to mend first, causes of the reds, other values and limits.

In: definitions, logs, what is asked. Out: text for people on standard output; with -o the table as a file.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Annotated, Any

import typer

from svclight.commands.common import end_if_nothing_rated, kind_of_all, load_definitions, score_logs
from svclight.commands.options import AsOf, By, DefinitionPath, Logs, MaxRejected, OneCriterion, Output, Periods
from svclight.commands.terminal import print_lines

if TYPE_CHECKING:
    from pathlib import Path

    import pandas as pd

    from svclight.scorecard import Scorecard


def plan(
    definition: DefinitionPath,
    log: Logs,
    by: By = None,
    period: Periods = None,
    order: Annotated[
        str | None, typer.Option("--order", metavar="ORDER", help="The order of the list: interactions or money.")
    ] = None,
    as_of: AsOf = None,
    max_rejected: MaxRejected = None,
    output: Output = None,
) -> None:
    """Lists what to mend first, by the interactions to be won for sure; --by makes a line for each segment.

    Example: svclight plan service.yaml --log hotline=calls.csv --by team
    """
    from svclight.planning import plan as planning

    card = _score_card(definition, log, period, by=by or (), as_of=as_of, max_rejected=max_rejected)
    made = planning.plan(card, period or None, order=order)
    _give_result(made.table, "\n".join(_plan_lines(made, str(definition), log)), output)
    end_if_nothing_rated(card)


def _plan_lines(made: Any, definition: str, logs: list[str]) -> list[str]:
    """The plan for people; the way back is the command alone."""
    head = [] if len(made.table) else ["nothing lies beyond its target"]
    return [*head, *(line for line in made.lines(definition, logs) if not line.startswith("   card."))]


def drivers(
    definition: DefinitionPath,
    log: Logs,
    criterion: OneCriterion,
    by: By = None,
    period: Periods = None,
    zone: Annotated[
        str, typer.Option("--zone", metavar="ZONE", help="The zone to explain: green, yellow or red.")
    ] = "red",
    as_of: AsOf = None,
    output: Output = None,
) -> None:
    """Finds the segments, and pairs of them, that explain the reds of a criterion; all segments unless --by names some.

    Example: svclight drivers service.yaml --log hotline=calls.csv --criterion hotline.wait --period 1999-02
    """
    from svclight.planning import drivers as driving

    card = _score_card(definition, log, period, as_of=as_of)
    made = driving.drivers(card, criterion, by=by or None, periods=period or None, zone=zone)
    _give_result(made.table, str(made), output)
    end_if_nothing_rated(card)


def what_if(
    definition: DefinitionPath,
    log: Logs,
    criterion: OneCriterion,
    shift: Annotated[
        str | None, typer.Option("--shift", metavar="AMOUNT", help='An amount to add to every value, such as "-10 s".')
    ] = None,
    scale: Annotated[
        str | None, typer.Option("--scale", metavar="FACTOR", help='A factor for every value: 0.9, "90 %".')
    ] = None,
    cap: Annotated[
        str | None, typer.Option("--cap", metavar="AMOUNT", help="The largest value allowed; larger ones become it.")
    ] = None,
    green: Annotated[
        str | None, typer.Option("--green", metavar="LIMIT", help='Another limit of green: "<= 20 s".')
    ] = None,
    yellow: Annotated[str | None, typer.Option("--yellow", metavar="LIMIT", help="Another limit of yellow.")] = None,
    period: Periods = None,
    as_of: AsOf = None,
    output: Output = None,
) -> None:
    """Recounts as if values were shifted, scaled or capped, or limits were others.

    Example: svclight what-if service.yaml --log hotline=calls.csv --criterion hotline.wait --shift "-10 s"
    """
    from svclight.planning import what_if as whatif

    limits = {name: limit for name, limit in (("green", green), ("yellow", yellow)) if limit is not None}
    card = _score_card(definition, log, period, as_of=as_of)
    made = whatif.what_if(
        card, criterion, shift=shift, scale=scale, cap=cap, limits=limits or None, periods=period or None
    )
    _give_result(made.table, str(made), output)
    end_if_nothing_rated(card)


def _score_card(definition: Path, logs: list[str], periods: list[str] | None, **options: Any) -> Scorecard:
    """The card of the logs, by the kind of the periods that are asked for."""
    return score_logs(load_definitions(definition), logs, period=kind_of_all(periods), **options)


def _give_result(table: pd.DataFrame, text: str, output: Path | None) -> None:
    """The table into a file, or the text for people."""
    from svclight.pages.exports import write_table

    if output is None:
        print_lines(text)
    else:
        write_table(table, output)
