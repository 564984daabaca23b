"""Periods that are not judged: which newer ones are passed over, why, and what to give so that they are judged.

In: the table of periods of a card. Out: rows of a table, one a process and period where the reason is the same, and the
words for why a period is partial or immature.
"""

from __future__ import annotations

import datetime as dt
from typing import TYPE_CHECKING, Any, Final

import pandas as pd

from svclight.counts.log_reach import BEGINS, ENDS, RUNNING, WINDOW, ends_in_words
from svclight.counts.tidy_tables import records_of, rows_of
from svclight.values import clocks

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping, Sequence

    from svclight.card.card_tables import CardTables
    from svclight.counts.provenance import Provenance
    from svclight.definition.criterion_id import CriterionId

COLUMNS: Final = ("process", "criterion", "period", "reason")
_MOST_UNJUDGED: Final = 3
"""Of a criterion of which no period can be judged so many are named, the newest."""


def periods_passed_over(card: CardTables, judged: Mapping[CriterionId, str | None]) -> pd.DataFrame:
    """The periods that are newer than those which are judged.

    Args:
        card: The card.
        judged: For each criterion the period that is judged; None where there is none.

    Returns:
        `process, criterion, period, reason`; several criteria are joined by a comma, and the cell is empty where the
        reason is that of all that are judged in the process.
    """
    found: dict[tuple[str, str, str], list[str]] = {}
    for which, period in judged.items():
        for row in _newer_periods(card, which, period):
            key = (which.process, row["period"], why_not_judged(row, card.provenance))
            found.setdefault(key, []).append(which.criterion)
    rows = []
    for (process, period, reason), names in found.items():
        mine = [which.criterion for which in judged if which.process == process]
        rows.append([process, "" if len(names) > 1 and names == mine else ", ".join(names), period, reason])
    return pd.DataFrame(rows, columns=list(COLUMNS))


def _newer_periods(card: CardTables, which: CriterionId, judged: str | None) -> Sequence[dict[str, Any]]:
    """The rows of the periods of a criterion after the one that is judged; a few of them where none is."""
    mine = rows_of(card.periods, which)
    rows = records_of(mine[mine["period"].astype(str) > (judged or "")])
    return rows if judged else rows[-_MOST_UNJUDGED:]


def why_not_judged(row: Mapping[str, Any], provenance: Provenance) -> str:
    """Why a period is not judged, and what to give, in words."""
    return "; ".join(_reasons(row, provenance)) + f", or --period {row['period']}"


def why_immature(row: Mapping[str, Any], zone: str) -> str:
    """How many interactions of an immature period are pending, and when the last of them is certain."""
    many = row["pending"]
    if not many:  # of a card that was saved before it was told
        return "its interactions can still turn"
    said = f"{many:,} of its interactions {'is' if many == 1 else 'are'} pending"
    if row["certain"] < 0:
        return said
    day = clocks.day_of(clocks.day_at(int(row["certain"]) * 1000, zone))
    return f"{said}, and the last of them is certain on {day}"


def why_empty(row: Mapping[str, Any]) -> str:
    """That a period has no row, and whether the log ends before it."""
    said = f"no row in {row['period']}"
    kind, number = clocks.period_number(row["period"]) or ("", 0)
    last = dt.date.fromisoformat(row["ends"]) if row["ends"] else None
    if last is None or last >= clocks.period_start(number, kind):
        return said
    return f"{said}: {ends_in_words(last, year=clocks.period_start(number, kind).year)}"


def _reasons(row: Mapping[str, Any], provenance: Provenance) -> Iterator[str]:
    if row["partial"]:
        yield _why_partial(row, provenance)
    if row["immature"]:
        known = row["certain"] >= 0
        newer = f": give a log of then with --as-of {_day_after(row, provenance.time_zone)}" if known else ""
        yield why_immature(row, provenance.time_zone) + newer


def _why_partial(row: Mapping[str, Any], provenance: Provenance) -> str:
    """Why a period is partial, and what to give."""
    kind, number = clocks.period_number(row["period"]) or ("", 0)
    begin, end = clocks.period_start(number, kind), clocks.period_end(number, kind)
    complete = f"complete from {row['begins']} on" if row["begins"] else "without any day"
    if row["why"] == RUNNING and provenance.as_of_given:
        return f"it is not over at {provenance.as_of}: give --as-of {end} and a log that reaches so far"
    if row["why"] == RUNNING:
        return _why_running(end, provenance)
    if row["why"] == BEGINS:
        said = f"the log is {complete}: give `since: {begin}` in the log where it is from then on"
        return f"{said}, `calendar` where its first days are closed"
    if row["why"] == WINDOW:
        said = f"what is measured looks back further than the log, which is {complete}"
        return f"{said}: give an older log, `since` in the log where it is complete from before that"
    if row["why"] == ENDS and row["ends"]:
        said = ends_in_words(dt.date.fromisoformat(row["ends"]), year=begin.year)
        return f"{said} Give all of it, `calendar` in the log where the days after that are closed"
    return "the log does not hold all of its days"  # of a card that was saved before it was told why


def _why_running(end: dt.date, provenance: Provenance) -> str:
    """Why a period that ends before a day is taken as not over where no moment was given, and what to give."""
    if provenance.kept_by_hand:
        return f"it is the newest of the table, and is taken as not over: give --as-of {end} where it is"
    last = end - dt.timedelta(days=1)
    said = f"the newest time of the logs is {provenance.as_of}, and its last day, {last}, has no interaction"
    return f"{said}: give --as-of {end} where it is over, `calendar` in the log where its last days are closed"


def _day_after(row: Mapping[str, Any], zone: str) -> dt.date:
    """The first day at whose first instant the last row is certain."""
    certain = int(row["certain"]) * 1000
    day = clocks.day_at(certain, zone)
    return clocks.day_of(day + int(clocks.midnight(clocks.day_of(day), zone) < certain))
