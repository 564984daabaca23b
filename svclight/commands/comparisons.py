"""Commands that hold shares against each other: two periods, the months of a criterion, the groups of a segment.

In: definitions; logs, hand-kept tables or a saved card; what is asked. Out: sentences on standard output; with -o a
file by its suffix: .md, .csv, .json, .parquet, .png, .svg, .pdf.
"""

from __future__ import annotations

import sys
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from svclight.commands.common import Given, card_of, check_files, counted_before, end_if_nothing_rated, kind_of_all
from svclight.commands.options import (
    AsOf,
    AsTold,
    By,
    Card,
    FromStore,
    Lang,
    MaxRejected,
    MaxUnread,
    Output,
    Periods,
    SomeCriterion,
    SomeDefinition,
    SomeLogs,
    Tables,
)
from svclight.commands.results import chart, give_result
from svclight.errors import Issue, SvclightError, quoted_list
from svclight.wording.catalogue import say

if TYPE_CHECKING:
    import pandas as pd

    from svclight.scorecard import Scorecard

Sides = Annotated[
    list[str] | None,
    typer.Argument(metavar="[BEFORE AFTER]", help="Two periods, such as 2026-01 2026-02.", show_default=False),
]
Against = Annotated[
    Path | None,
    typer.Option("--against", metavar="FILE", help="A saved card to compare with, such as that of a control group."),
]
Heading = Annotated[
    str | None,
    typer.Option("--heading", metavar="PROCESS", help="Add up the processes that are parts of this heading."),
]
Zone = Annotated[str, typer.Option("--zone", metavar="ZONE", help="The share of which zone: green, yellow or red.")]


def compare(
    definition: SomeDefinition = None,
    sides: Sides = None,
    log: SomeLogs = None,
    table: Tables = None,
    card: Card = None,
    from_store: FromStore = None,
    as_told: AsTold = None,
    against: Against = None,
    by: By = None,
    heading: Heading = None,
    as_of: AsOf = None,
    max_rejected: MaxRejected = None,
    max_unread: MaxUnread = None,
    lang: Lang = None,
    output: Output = None,
) -> None:
    """Says what changed from one period to another, and what of it is more than chance.

    Without periods the newest two that are over and mature are compared. With --against FILE the periods are those to
    take from both cards, all unless given: FILE is the side before.

    Example: svclight compare service.yaml 2026-01 2026-02 --log hotline=calls.csv --by team
    """
    from svclight.decisions.compare import compare as compared

    definition, periods = _definition_and_periods(definition, sides or [], has_card=bool(card or from_store))
    given = Given(definition, log, table, counted_before(card, from_store, as_told))
    check_files(given, [output, against])
    scored = card_of(
        given, by=by, period=kind_of_all(periods), as_of=as_of, max_rejected=max_rejected, max_unread=max_unread
    )
    segments = by or ()
    if against is not None:
        from svclight.scorecard import Scorecard

        made = compared(Scorecard.open(against), scored, periods or None, by=segments, heading=heading, lang=lang)
    else:
        before, after = periods or _newest_two(scored)
        made = compared(scored, before, after, by=segments, heading=heading, lang=lang)
    if output is None and sys.stdout.isatty():
        from svclight.commands.terminal_answers import show_comparison

        show_comparison(scored, made, lang=lang)
    give_result(str(made), made.table, output, title=f"{made.before} → {made.after}")
    end_if_nothing_rated(scored)


def _definition_and_periods(
    definition: Path | None, sides: list[str], *, has_card: bool
) -> tuple[Path | None, list[str]]:
    """The definition and the periods of a call: with a card the first argument may be a period.

    Raises:
        SvclightError: There is one period alone, or there are more than two.
    """
    from svclight.values import clocks

    if has_card and definition is not None and clocks.period_number(str(definition)) and not definition.exists():
        definition, sides = None, [str(definition), *sides]
    if len(sides) not in (0, 2):
        raise SvclightError(
            Issue("two periods are compared", found=quoted_list(sides), expected="such as 2026-01 2026-02, or none")
        )
    return definition, sides


def _newest_two(card: Scorecard) -> tuple[str, str]:
    """The newest two periods that are over and mature in some criterion.

    Raises:
        SvclightError: There are no two.
    """
    marks = card.periods[~card.periods["partial"] & ~card.periods["immature"]]
    there = sorted(set(marks["period"].astype(str)) & set(card.counts["period"].astype(str)) - {""})
    if len(there) < 2:  # noqa: PLR2004 - a pair
        found = quoted_list(there) or "none"
        raise SvclightError(
            Issue(
                "there are no two periods to compare",
                found=found,
                expected="two that are over and mature",
                hint="name two: svclight compare service.yaml 2026-01 2026-02 …",
            )
        )
    return there[-2], there[-1]


def control(
    definition: SomeDefinition = None,
    log: SomeLogs = None,
    table: Tables = None,
    card: Card = None,
    from_store: FromStore = None,
    as_told: AsTold = None,
    criterion: SomeCriterion = None,
    zone: Zone = "green",
    of: Annotated[
        str, typer.Option("--of", metavar="WHAT", help="What is charted: share, or mean or median of the values.")
    ] = "share",
    by: By = None,
    as_of: AsOf = None,
    max_rejected: MaxRejected = None,
    max_unread: MaxUnread = None,
    lang: Lang = None,
    output: Output = None,
) -> None:
    """Says of each criterion whether its months are steady or changing, by control limits.

    Example: svclight control service.yaml --log hotline=calls.csv -o chart.png
    """
    from svclight.decisions.control_chart import control_limits

    given = Given(definition, log, table, counted_before(card, from_store, as_told))
    check_files(given, [output])
    scored = card_of(given, by=by, as_of=as_of, max_rejected=max_rejected, max_unread=max_unread)
    made = control_limits(scored, zone=zone, by=by or (), of=of, lang=lang)
    verdicts, limits = _rows_of(scored, criterion, made.verdicts, made.table)
    drawn = {"zone": zone, "of": of, "lang": made.lang}
    charts = [
        chart("plot_control", scored, process, name, **drawn, where=dict(zip(by or (), values, strict=True)))
        for process, name, *values in verdicts[["process", "criterion", *(by or ())]].to_numpy(dtype=object)
    ]
    said = "\n".join(verdicts["sentence"]) or str(made)
    give_result(said, limits, output, title=say("Steady or changing", made.lang), draw=charts)
    end_if_nothing_rated(scored)


def funnel(
    segment: Annotated[str, typer.Option("--segment", metavar="SEGMENT", help="The groups: such as team.")],
    definition: SomeDefinition = None,
    log: SomeLogs = None,
    table: Tables = None,
    card: Card = None,
    from_store: FromStore = None,
    as_told: AsTold = None,
    criterion: SomeCriterion = None,
    zone: Zone = "red",
    period: Periods = None,
    as_of: AsOf = None,
    max_rejected: MaxRejected = None,
    max_unread: MaxUnread = None,
    lang: Lang = None,
    output: Output = None,
) -> None:
    """Says which groups of a segment differ from the others by more than chance.

    Example: svclight funnel service.yaml --log hotline=calls.csv --segment team
    """
    from svclight.decisions.funnel import funnel as funnelled

    given = Given(definition, log, table, counted_before(card, from_store, as_told))
    check_files(given, [output])
    scored = card_of(
        given,
        by=[segment],
        period=kind_of_all(period),
        as_of=as_of,
        max_rejected=max_rejected,
        max_unread=max_unread,
    )
    made = funnelled(scored, segment, zone=zone, periods=period or None, lang=lang)
    wholes, groups = _rows_of(scored, criterion, made.wholes, made.table)
    drawn = {"segment": segment, "zone": zone, "periods": period or None, "lang": made.lang}
    charts = [
        chart("plot_funnel", scored, process, name, **drawn)
        for process, name in wholes[["process", "criterion"]].to_numpy(dtype=object)
    ]
    said = "\n".join(wholes["sentence"]) or str(made)
    give_result(said, groups, output, title=say("Who differs, by {segment}", made.lang, segment=segment), draw=charts)
    end_if_nothing_rated(scored)


def _rows_of(card: Scorecard, criterion: str | None, *tables: pd.DataFrame) -> list[pd.DataFrame]:
    """The rows of tables that are about a criterion; all of them where none is named.

    Raises:
        SvclightError: There is no such criterion.
    """
    if criterion is None:
        return list(tables)
    from svclight.card.criterion_names import named_criterion
    from svclight.counts.tidy_tables import rows_of

    which = named_criterion(card, criterion)
    return [rows_of(table, which) for table in tables]
