"""Commands that look ahead: how much of a budget is used, where months will end, how many interactions it takes.

In: definitions, logs, what is asked. Out: sentences on standard output; with -o the table or its picture as a file.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Annotated, Any

import typer

from svclight.commands.common import Given, card_of, check_files, counted_before, end_if_nothing_rated, kind_of_all
from svclight.commands.options import (
    AsOf,
    AsTold,
    Card,
    FromStore,
    Lang,
    MaxRejected,
    MaxUnread,
    OnePeriod,
    Output,
    PeriodKind,
    SomeCriterion,
    SomeDefinition,
    SomeLogs,
    Tables,
)
from svclight.commands.results import chart, give_result
from svclight.definition.for_authors import LANGUAGES
from svclight.errors import Issue, SvclightError, quoted_text

if TYPE_CHECKING:
    from svclight.scorecard import Scorecard


def need(
    share: Annotated[str, typer.Argument(metavar="SHARE", help='A share, such as "80 %".')],
    other: Annotated[
        str | None, typer.Argument(metavar="[OTHER]", help="The share of the other side.", show_default=False)
    ] = None,
    target: Annotated[
        str | None, typer.Option("--target", metavar="SHARE", help="A target instead of another share.")
    ] = None,
    power: Annotated[
        str, typer.Option("--power", metavar="SHARE", help="The chance to see a difference that is there.")
    ] = "80 %",
    level: Annotated[
        str, typer.Option("--level", metavar="SHARE", help="The chance to see one that is not there.")
    ] = "5 %",
    lang: Lang = None,
    output: Output = None,
) -> None:
    """Tells how many rated interactions show a difference of two shares, or tell a share from a target.

    Example: svclight need "80 %" "75 %"
    """
    from svclight.decisions.need import needed

    read = {"target": target, "other": other, "power": power, "level": level}
    shares: dict[str, Any] = {name: None if text is None else _share_of(text) for name, text in read.items()}
    found = needed(_share_of(share), **shares, lang=lang or LANGUAGES[0])
    draw = [chart("plot_need", found)]
    give_result(str(found), found.table, output, title="How many it takes", draw=draw)


def budget(
    definition: SomeDefinition = None,
    log: SomeLogs = None,
    table: Tables = None,
    card: Card = None,
    from_store: FromStore = None,
    as_told: AsTold = None,
    period: OnePeriod = None,
    by_day: Annotated[bool, typer.Option("--by-day", help="The hand-kept table has a row a day.")] = False,
    as_of: AsOf = None,
    max_rejected: MaxRejected = None,
    max_unread: MaxUnread = None,
    lang: Lang = None,
    output: Output = None,
) -> None:
    """Tells how much of what the targets allow is used in the running month, and when it is gone at this pace.

    Example: svclight budget service.yaml --log hotline=calls.csv --as-of 2026-03-19
    """
    from svclight.decisions.budget import budget as budgets

    given = Given(definition, log, table, counted_before(card, from_store, as_told))
    check_files(given, [output])
    kind = kind_of_all([period]) or "month"
    counted = days_card(given, kind=kind, by_day=by_day, as_of=as_of, max_rejected=max_rejected, max_unread=max_unread)
    found = budgets(counted, period, kind=kind, lang=lang)
    draw = [chart("plot_budget", found)] if len(found.table) else []
    give_result(str(found), found.table, output, title="Budgets of targets", draw=draw)
    end_if_nothing_rated(counted)


def forecast(
    definition: SomeDefinition = None,
    log: SomeLogs = None,
    table: Tables = None,
    card: Card = None,
    from_store: FromStore = None,
    as_told: AsTold = None,
    criterion: SomeCriterion = None,
    ahead: Annotated[
        int, typer.Option("--ahead", metavar="N", help="How many periods after the running one.", min=1, max=24)
    ] = 3,
    period: PeriodKind = None,
    by_day: Annotated[bool, typer.Option("--by-day", help="The hand-kept table has a row a day.")] = False,
    as_of: AsOf = None,
    max_rejected: MaxRejected = None,
    max_unread: MaxUnread = None,
    lang: Lang = None,
    output: Output = None,
) -> None:
    """Tells where the running month and the next ones will end, with bands that are meant to hold 90 of 100.

    Example: svclight forecast service.yaml --log hotline=calls.csv --ahead 2
    """
    from svclight.decisions.forecast import forecast as forecasts

    given = Given(definition, log, table, counted_before(card, from_store, as_told))
    check_files(given, [output])
    kind = period or "month"
    counted = days_card(given, kind=kind, by_day=by_day, as_of=as_of, max_rejected=max_rejected, max_unread=max_unread)
    found = forecasts(counted, criterion, ahead=ahead, kind=kind, lang=lang)
    draw = [chart("plot_forecast", found, place) for place in range(1, len(found.sentences) + 1)]
    give_result(str(found), found.table, output, title="Where months will end", draw=draw)
    end_if_nothing_rated(counted)


def days_card(given: Given, *, kind: str = "month", by_day: bool = False, **seen: Any) -> Scorecard:
    """A card by day of logs, or of a hand-kept table that is so; else a card as it is, or by the kind of period.

    Args:
        given: What to answer from.
        kind: The kind of period in which a hand-kept table is, unless it is by day.
        by_day: Whether a hand-kept table has a row a day.
        seen: What else `card_of` takes.
    """
    days = by_day or not given.tables
    return card_of(given, period=None if given.card else "day" if days else kind, for_targets=True, **seen)


def _share_of(text: str) -> float:
    """A share of the command line, `80 %`.

    Raises:
        SvclightError: It is none.
    """
    from svclight.values.quantities import parse_quantity

    expected = 'a share with its sign, such as "80 %"'
    try:
        read = parse_quantity(text)
    except ValueError as error:
        raise SvclightError(
            Issue("this is no share", found=quoted_text(text), expected=expected, hint=str(error))
        ) from None
    if read.dimension != "%":
        hint = f"did you mean {text} %?" if read.dimension == "number" else ""
        raise SvclightError(Issue("this is no share", found=quoted_text(text), expected=expected, hint=hint))
    return float(read.amount / 100)
