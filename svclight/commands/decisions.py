"""Commands that help to decide: what to mend first, causes of the reds, other values and limits.

In: definitions, logs, what is asked. Out: text for people on standard output; with -o a file by its suffix.
"""

from __future__ import annotations

import sys
from typing import TYPE_CHECKING, Annotated, Any

import typer

from svclight.commands.common import (
    Given,
    card_of,
    check_files,
    counted_before,
    end_if_nothing_rated,
    kind_of_all,
    need_log,
)
from svclight.commands.options import (
    AsOf,
    AsTold,
    By,
    Card,
    DefinitionPath,
    FromStore,
    Lang,
    MaxRejected,
    MaxUnread,
    NoCard,
    NoTables,
    OneCriterion,
    Output,
    Periods,
    SomeDefinition,
    SomeLogs,
    Tables,
)
from svclight.commands.results import chart, give_result
from svclight.wording.catalogue import say

if TYPE_CHECKING:
    from svclight.scorecard import Scorecard


def plan(
    definition: SomeDefinition = None,
    log: SomeLogs = None,
    table: Tables = None,
    card: Card = None,
    from_store: FromStore = None,
    as_told: AsTold = None,
    by: By = None,
    period: Periods = None,
    order: Annotated[
        str | None, typer.Option("--order", metavar="ORDER", help="The order of the list: interactions or money.")
    ] = None,
    as_of: AsOf = None,
    max_rejected: MaxRejected = None,
    max_unread: MaxUnread = None,
    lang: Lang = None,
    output: Output = None,
) -> None:
    """Lists what to mend first, by the interactions to be won for sure; --by makes a line for each segment.

    Example: svclight plan service.yaml --log hotline=calls.csv --by team
    """
    from svclight.planning import plan as planning

    given = Given(definition, log, table, counted_before(card, from_store, as_told))
    check_files(given, [output])
    scored = card_of(
        given,
        by=by,
        period=kind_of_all(period),
        for_targets=True,
        as_of=as_of,
        max_rejected=max_rejected,
        max_unread=max_unread,
    )
    made = planning.plan(scored, period or None, by=_asked_split(given, scored, by), order=order, lang=lang)
    if output is None and sys.stdout.isatty():
        from svclight.commands.terminal_answers import show_plan

        show_plan(scored, made, lang=lang)
    text, draw = "\n".join(_plan_lines(made, given)), [chart("plot_plan", made)] if len(made.table) else []
    give_result(text, made.table, output, title=say("What to mend first", made.lang), draw=draw)
    end_if_nothing_rated(scored)


def _asked_split(given: Given, card: Scorecard, by: list[str] | None) -> tuple[str, ...]:
    """The segments by which the call asks for lines: those of --by, else those of a card that was saved so."""
    return tuple(by) if by is not None else card.by if given.card is not None else ()


def _plan_lines(made: Any, given: Given) -> list[str]:
    """The plan for people; the way back is the command alone, and only where there is a log."""
    head = [] if len(made.table) else [made.nothing]
    lines = made.lines(str(given.definition), given.logs or ())
    hidden = ("   card.",) if given.logs else ("   card.", "   svclight ")
    return [*head, *(line for line in lines if not line.startswith(hidden))]


def drivers(
    criterion: OneCriterion,
    definition: SomeDefinition = None,
    log: SomeLogs = None,
    table: Tables = None,
    card: Card = None,
    from_store: FromStore = None,
    as_told: AsTold = None,
    by: By = None,
    period: Periods = None,
    zone: Annotated[
        str, typer.Option("--zone", metavar="ZONE", help="The zone to explain: green, yellow or red.")
    ] = "red",
    as_of: AsOf = None,
    max_rejected: MaxRejected = None,
    max_unread: MaxUnread = None,
    lang: Lang = None,
    output: Output = None,
) -> None:
    """Finds the segments, and pairs of them, that explain the reds of a criterion; all segments unless --by names some.

    Example: svclight drivers service.yaml --log hotline=calls.csv --criterion hotline.wait --period 1999-02
    """
    from svclight.planning import drivers as driving

    given = Given(definition, log, table, counted_before(card, from_store, as_told))
    check_files(given, [output])
    # a log is counted by pairs of segments when it is asked for; a table must be split by all of them at once
    split = by if table or card else None
    scored = card_of(
        given, by=split, period=kind_of_all(period), as_of=as_of, max_rejected=max_rejected, max_unread=max_unread
    )
    made = driving.drivers(scored, criterion, by=by or None, periods=period or None, zone=zone, lang=lang)
    give_result(
        str(made),
        made.table,
        output,
        title=say("What explains the reds", made.lang),
        draw=[chart("plot_drivers", made)],
    )
    end_if_nothing_rated(scored)


def what_if(
    definition: DefinitionPath,
    criterion: OneCriterion,
    log: SomeLogs = None,
    table: NoTables = None,
    card: NoCard = None,
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
    max_rejected: MaxRejected = None,
    max_unread: MaxUnread = None,
    lang: Lang = None,
    output: Output = None,
) -> None:
    """Recounts as if values were shifted, scaled or capped, or limits were others.

    Example: svclight what-if service.yaml --log hotline=calls.csv --criterion hotline.wait --shift "-10 s"
    """
    from svclight.planning import what_if as whatif

    need_log(log, card, table, "each is judged anew")
    given = Given(definition, log)
    check_files(given, [output])
    limits = {name: limit for name, limit in (("green", green), ("yellow", yellow)) if limit is not None}
    scored = card_of(given, period=kind_of_all(period), as_of=as_of, max_rejected=max_rejected, max_unread=max_unread)
    made = whatif.what_if(
        scored, criterion, shift=shift, scale=scale, cap=cap, limits=limits or None, periods=period or None, lang=lang
    )
    give_result(str(made), made.table, output, title=say("As if", made.lang), draw=[chart("plot_what_if", made)])
    end_if_nothing_rated(scored)
