"""The running period of a criterion day by day: what was rated so far, and how many are still to come.

In: a `CardTables`, best one that counts by day. Out: `RunningPeriod`: days as arrays, those on which the service is
open among them, up to which day it is seen, and the number rated that usual weeks would still add.
"""

from __future__ import annotations

from dataclasses import dataclass
from fractions import Fraction
from typing import TYPE_CHECKING, Final

import numpy as np

from svclight.counts.log_reach import RUNNING
from svclight.counts.tidy_tables import records_of, rows_of
from svclight.judging.working_hours import open_days
from svclight.thresholds import ZONES
from svclight.values import clocks

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from numpy.typing import NDArray

    from svclight.card.card_tables import CardTables
    from svclight.definition.criterion_id import CriterionId

    Days = NDArray[np.int64]

WEEKS: Final = 8
"""The mean of a weekday is taken over so many weeks."""
FEWEST_WEEKS: Final = 2
"""With fewer of a weekday nothing is said of those to come."""
BY_DAY: Final = "day"


@dataclass(frozen=True)
class RunningPeriod:
    """A period of a criterion as it stands, day by day. Days are numbers since 1970-01-01.

    Attributes:
        label: The period, such as `2026-03`; empty where there is none.
        is_running: Whether it is not over.
        first: Its first day.
        end: The day after its last.
        seen: The last day that is seen, at most its last one; None where no moment is known.
        begins: The day from which the log is complete, where that lies within it, else its first.
        by_day: Whether the numbers of its days are known.
        past: The open days from `begins` to `seen`.
        left: The open days after `seen`.
        to_come: How many will be rated on the days left, by the usual weeks; None where that is not known.
    """

    label: str
    is_running: bool
    first: int
    end: int
    seen: int | None
    begins: int
    by_day: bool
    past: Days
    left: Days
    to_come: Fraction | None


def running_period(
    card: CardTables, which: CriterionId, table: Mapping[str, Mapping[str, int]], kind: str, label: str | None = None
) -> RunningPeriod | None:
    """The newest period of a criterion, or the one that is named.

    Args:
        card: The card, by day or by a longer period.
        which: The criterion.
        table: Counts of the states by period of the card (see `target_counts.zone_counts`).
        kind: The kind of period that is wanted; for a card that is not by day its own.
        label: The period, where one is named.

    Returns:
        The period; None where the card has none.
    """
    marks = [row for row in records_of(rows_of(card.periods, which)) if row["period"]]
    labels = sorted(row["period"] for row in marks)
    seen = _seen_day(card, [name for name in labels if sum(table.get(name, {}).values())])
    known = [name for name in labels if seen is None or first_day(name) <= seen]
    if label is None and not known:
        return None
    number = _number_of(label) if label is not None else clocks.period_of_day(first_day(known[-1]), kind)
    first, end = (clocks.day_number(one(number, kind)) for one in (clocks.period_start, clocks.period_end))
    named = clocks.period_label(number, kind)
    here = None if seen is None else min(seen, end - 1)
    complete = _log_begins(marks)
    begins = first if complete is None else min(max(first, complete), end)
    is_open = _open_days(card, which, begins - 7 * WEEKS - 1, end)
    after = end if here is None else max(here + 1, first)
    left = is_open[(is_open >= after) & (is_open < end)]
    by_day = card.provenance.period == BY_DAY
    running = _is_running(card, end, here, left) if by_day else _is_marked_running(marks, named)
    past = is_open[(is_open >= begins) & (is_open < after)]
    to_come = None
    if by_day and running and here is not None:
        to_come = _to_come(card, table, is_open, left, (complete, here))
    return RunningPeriod(named, running, first, end, here, begins, by_day, past, left, to_come)


def days_of(period: RunningPeriod, table: Mapping[str, Mapping[str, int]]) -> dict[int, Mapping[str, int]]:
    """The counts of the states of those days of a period that have some, in their order; of a card by day."""
    days = ((first_day(label), counts) for label, counts in sorted(table.items()) if label)
    return {day: counts for day, counts in days if period.first <= day < period.end}


def rated_of(counts: Mapping[str, int]) -> int:
    """How many of these counts are rated."""
    return sum(counts.get(zone, 0) for zone in ZONES)


def _seen_day(card: CardTables, with_rows: Sequence[str]) -> int | None:
    """The last day that is seen: that of `as_of`, or the day before where `as_of` is its first instant."""
    known, zone = card.provenance, card.provenance.time_zone
    if not known.as_of:  # of a hand-kept table without a moment the newest day that has numbers
        return first_day(max(with_rows)) if with_rows and known.period == BY_DAY else None
    instant = clocks.read_as_of(known.as_of, zone)
    day = clocks.day_at(instant, zone)
    # a moment that nobody gave is that of the newest row; a log that knows dates alone has all of a day at its begin
    whole = not known.as_of_given or (known.period == BY_DAY and clocks.day_of(day).isoformat() in with_rows)
    return day if whole else clocks.day_at(instant - 1, zone)


def _is_running(card: CardTables, end: int, seen: int | None, left: Days) -> bool:
    """Whether a period is not over: as for every period of a log (see `log_reach`)."""
    known = card.provenance
    if seen is None or not known.as_of_given:
        return bool(len(left))
    return clocks.read_as_of(known.as_of, known.time_zone) < clocks.midnight(clocks.day_of(end), known.time_zone)


def _is_marked_running(marks: Sequence[Mapping[str, object]], label: str) -> bool:
    """Whether the card itself says that a period is not over."""
    return any(row["period"] == label and row["why"] == RUNNING for row in marks)


def _to_come(
    card: CardTables, table: Mapping[str, Mapping[str, int]], is_open: Days, left: Days, ends: tuple[int | None, int]
) -> Fraction | None:
    """The mean rated of the same weekday over the last weeks, for each day left, less what is rated there already.

    Args:
        card: The card.
        table: Counts of the states by day.
        is_open: Open days, those of the last weeks among them.
        left: The open days left.
        ends: The day from which the log is complete, and the last day that is seen.
    """
    begins, seen = ends
    last = seen if _is_whole_day(card, seen) else seen - 1
    first = max(last + 1 - 7 * WEEKS, begins if begins is not None else last + 1 - 7 * WEEKS)
    rated = {first_day(label): rated_of(counts) for label, counts in table.items() if label}
    if begins is None and rated:  # a hand-kept table is known from its first day on
        first = max(first, min(rated))
    served, total = set(is_open.tolist()), Fraction(0)
    for day in left.tolist():
        newest = day - 7 * ((day - last - 1) // 7 + 1)  # the newest day with the same weekday up to the last one
        same = [rated.get(one, 0) for one in range(newest, first - 1, -7) if one in served]
        if len(same) < FEWEST_WEEKS:
            return None
        # of a promise some of the days left have rated rows already: delivered early
        total += max(Fraction(sum(same), len(same)) - rated.get(day, 0), Fraction(0))
    return total


def _is_whole_day(card: CardTables, day: int) -> bool:
    """Whether all of a day is seen."""
    known = card.provenance
    if not known.as_of or not known.as_of_given:
        return True
    after = clocks.midnight(clocks.day_of(day + 1), known.time_zone)
    return clocks.read_as_of(known.as_of, known.time_zone) >= after


def _open_days(card: CardTables, which: CriterionId, first: int, end: int) -> Days:
    """The days on which the process is open; all of them where it has no calendar."""
    log = card.definitions.processes[which.process].log
    if log is None or log.calendar is None:
        return np.arange(first, end, dtype=np.int64)
    return open_days(card.definitions.document.calendars[log.calendar], first, end - 1)


def _log_begins(marks: Sequence[Mapping[str, object]]) -> int | None:
    """The day from which the log is complete; None of a hand-kept table."""
    return min((first_day(str(row["begins"])) for row in marks if row["begins"]), default=None)


def first_day(label: str) -> int:
    """The first day of a period that a card has."""
    kind, number = clocks.period_number(label)  # type: ignore[misc]  # a card's own label
    return clocks.day_number(clocks.period_start(number, kind))


def _number_of(label: str) -> int:
    """The number of a period that was looked at before."""
    return clocks.period_number(label)[1]  # type: ignore[index]  # the same
