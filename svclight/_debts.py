"""Accepted misses that run out: said in time, counted from the period that is judged, never from a clock.

In: verdicts as records, and the definitions. Out: notes.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, Final

from svclight import clocks

if TYPE_CHECKING:
    import datetime as dt
    from collections.abc import Iterable, Iterator

    from svclight.models import Accepted
    from svclight.processes import Definitions

SOON: Final = 30
"""So many days before an accepted miss runs out it is said."""


def notes(rows: Iterable[dict[str, Any]], definitions: Definitions, *, accepted: str, missed: str) -> Iterator[str]:
    """A note for each accepted miss that is over, or will be within `SOON` days after the judged period's end.

    Args:
        rows: Verdicts, with `process, criterion, period, zone, verdict`.
        definitions: Where misses are accepted.
        accepted: The verdict on a miss that is accepted.
        missed: The verdict on one that is not.
    """
    for row in rows:
        debt = definitions.processes[row["process"]].criteria[row["criterion"]].accepted
        found = clocks.period_number(row["period"]) if row["period"] else None
        if debt is None or found is None or getattr(debt, row["zone"]) is None:
            continue
        begin, end = clocks.period_start(found[1], found[0]), clocks.period_end(found[1], found[0])
        name = f"{row['process']}.{row['criterion']}: {row['zone']} {getattr(debt, row['zone'])}"
        why = f"{debt.reason}{f', {debt.ticket}' if debt.ticket else ''}"
        if row["verdict"] == accepted:
            yield from _running_out(debt, end, row["period"], f"{name} ({why})")
        elif row["verdict"] == missed and begin >= debt.until:
            yield f"{name} was accepted until {debt.until} and is no longer ({why})"


def _running_out(debt: Accepted, end: dt.date, period: str, name: str) -> Iterator[str]:
    left = (debt.until - end).days
    if left <= 0:
        yield f"{name} is accepted for the last time in {period}: until {debt.until}"
    elif left <= SOON:
        yield f"{name} is accepted until {debt.until} only, {left} {'day' if left == 1 else 'days'} after {period} ends"
