"""The periods of a criterion that are whole and mature, with their counts: of a card by day its days are added up.

In: a `CardTables` and counts of a target by period. Out: for each period, in calendar order, its number and counts.
"""

from __future__ import annotations

from collections import Counter
from typing import TYPE_CHECKING

from svclight.counts.tidy_tables import records_of, rows_of
from svclight.decisions.running_period import BY_DAY, first_day, rated_of
from svclight.values import clocks

if TYPE_CHECKING:
    from collections.abc import Mapping

    from svclight.card.card_tables import CardTables
    from svclight.decisions.running_period import RunningPeriod
    from svclight.definition.criterion_id import CriterionId


def whole_periods(
    card: CardTables,
    which: CriterionId,
    table: Mapping[str, Mapping[str, int]],
    kind: str,
    newest: RunningPeriod,
) -> dict[int, Mapping[str, int]]:
    """The counts of the states of all periods that are over, whole, mature, and have something rated.

    Args:
        card: The card, by day or by the kind of period.
        which: The criterion.
        table: Counts of the states by period of the card (see `target_counts.zone_counts`).
        kind: The kind of period.
        newest: The newest period, up to which it goes.

    Returns:
        By the number of the period, in calendar order.
    """
    sums, unsure = counts_by_period(table, kind), set()
    for row in records_of(rows_of(card.periods, which)):
        if row["period"] and (row["partial"] or row["immature"]):
            unsure.add(clocks.period_of_day(first_day(row["period"]), kind))
    if newest.is_running:
        unsure.add(clocks.period_of_day(newest.first, kind))
    last = clocks.period_of_day(newest.first, kind)
    begins = _begins(card, which, kind)
    return {
        number: counts
        for number, counts in sorted(sums.items())
        if number <= last and number not in unsure and number >= begins and rated_of(counts)
    }


def counts_by_period(table: Mapping[str, Mapping[str, int]], kind: str) -> dict[int, Mapping[str, int]]:
    """Counts of the states by the number of the period that holds them."""
    sums: dict[int, Counter[str]] = {}
    for label, counts in table.items():
        if label:
            sums.setdefault(clocks.period_of_day(first_day(label), kind), Counter()).update(counts)
    return dict(sums)


def _begins(card: CardTables, which: CriterionId, kind: str) -> int:
    """The number of the first period that the log holds whole, by its days; of a card by month its marks say so."""
    found = [row["begins"] for row in records_of(rows_of(card.periods, which)) if row["begins"]]
    if card.provenance.period != BY_DAY or not found:
        return -(10**9)
    day = min(map(first_day, found))
    number = clocks.period_of_day(day, kind)
    return number if clocks.day_number(clocks.period_start(number, kind)) == day else number + 1
