"""Customers by the month of their first contact: who comes again in which month, spends how much, and met a red first.

In: the judge of a log that names its customers. Out: `Returns`: arrays by first month and months after it. No id of a
customer leaves this module.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, Final

import numpy as np

from svclight.definition.criterion_checks import AT_THE_END
from svclight.logs.customers import contact_ticks
from svclight.logs.left_out_rows import left_out_of
from svclight.logs.log import PART, in_parts
from svclight.logs.row_groups import Grouped
from svclight.thresholds import ZONES
from svclight.values import clocks
from svclight.values.clocks import NAT

if TYPE_CHECKING:
    from collections.abc import Iterator

    from numpy.typing import NDArray

    from svclight.definition.models import Criterion, Process
    from svclight.judging.judge import Judge

    Ints = NDArray[np.int64]
    Mask = NDArray[np.bool_]

MOST_AFTER: Final = 12
"""So many months after the first one are looked at."""
_LOOKS_AHEAD: Final = ("repeat", *AT_THE_END)
"""Measures that look at later contacts themselves: whoever does not come again is red by them, whatever was done."""


@dataclass(frozen=True)
class Returns:
    """The customers of a process, by the month of their first contact (rows) and the months after it (columns 0 to 12).

    Attributes:
        months: The first months, counted from January 1970.
        customers: How many there are of each.
        came: How many of them had a contact in each month after; in column 0 all.
        came_within: How many had one in any of the months 1 to this one.
        spent: What they spent in each month; NaN without an amount.
        unread: How many contacts have no amount that can be read.
        nameless: How many contacts name no customer, and are in no other number.
        first_red: How many of them met a red at their first contact, and how many one that was rated and not red.
        red_within: How many of each of the two had a contact in any of the months 1 to this one.
    """

    months: Ints
    customers: Ints
    came: Ints
    came_within: Ints
    spent: NDArray[np.float64]
    unread: int
    nameless: int
    first_red: Ints
    red_within: Ints


@dataclass(frozen=True)
class _Contacts:
    """Contacts in the order of their customers: whose each is, how many months after the first, and its row.

    `first` is the row of each customer's first contact, `month` its month; `nameless` contacts are not among them.
    """

    whose: NDArray[np.intp]
    age: Ints
    rows: NDArray[np.intp]
    first: NDArray[np.intp]
    month: Ints
    nameless: int


def returns_of(judge: Judge, amount: str | None) -> Returns:
    """What became of the customers of a log.

    Args:
        judge: How the log is judged, by months.
        amount: The field that holds what a contact spent; None without one.
    """
    contacts = _contacts_of(judge)
    first, size = int(contacts.month.min(initial=0)), 0
    if len(contacts.month):
        size = int(contacts.month.max()) - first + 1
    cohort = contacts.month - first
    inside = contacts.age <= MOST_AFTER
    whose, age = contacts.whose[inside], contacts.age[inside]
    active = np.zeros((len(contacts.first), MOST_AFTER + 1), dtype=bool)
    active[whose, age] = True
    within = np.logical_or.accumulate(active[:, 1:], axis=1)
    within = np.column_stack([np.zeros(len(within), dtype=bool), within])
    red, rated = _met_first(judge, contacts.first)
    groups = (red, rated & ~red)
    spent, unread = _spent(judge, amount, contacts, inside, cohort, size)
    return Returns(
        np.arange(first, first + size),
        np.bincount(cohort, minlength=size),
        _added(active, cohort, size),
        _added(within, cohort, size),
        spent,
        unread,
        contacts.nameless,
        np.column_stack([np.bincount(cohort[group], minlength=size) for group in groups]),
        np.stack([_added(within[group], cohort[group], size) for group in groups], axis=1),
    )


def _contacts_of(judge: Judge) -> _Contacts:
    """The contacts of a log that count: of known customers, up to `as_of`, and not left out."""
    log = judge.log
    codes = np.asarray(log.customers().codes, dtype=np.intp)
    ticks, per_second = contact_ticks(log)
    months = np.concatenate([judge.groups(rows, log.anchor)[0] for rows in in_parts(log, PART)] or [codes])
    chosen = (ticks != NAT) & ~left_out_of(log) & (months > 0)
    if log.weights is not None:
        chosen &= log.weights > 0
    if log.as_of is not None:  # an anchor that is a promise may lie in the future
        chosen &= ticks <= clocks.ticks_at(log.as_of, per_second)
    named = chosen & (codes >= 0)
    grouped = Grouped.of(codes, ticks, named, int(codes.max(initial=-1)) + 1)
    firsts = grouped.first()
    there = np.flatnonzero(firsts >= 0)
    place = np.zeros(len(firsts), dtype=np.intp)
    place[there] = np.arange(len(there))
    since_1970 = judge.periods[log.anchor].since_1970(months)
    whose, month = place[grouped.groups], since_1970[firsts[there]]
    ages, nameless = since_1970[grouped.rows] - month[whose], int((chosen & (codes < 0)).sum())
    return _Contacts(whose, ages, grouped.rows, firsts[there], month, nameless)


def _added(marks: Mask, cohort: Ints, size: int) -> Ints:
    """The rows of a mask added up by first month."""
    found = np.zeros((size, marks.shape[1]), dtype=np.int64)
    np.add.at(found, cohort, marks)
    return found


def _spent(
    judge: Judge, amount: str | None, contacts: _Contacts, inside: Mask, cohort: Ints, size: int
) -> tuple[NDArray[np.float64], int]:
    """What the customers of each first month spent in each month after, and how many amounts are not known."""
    found = np.full((size, MOST_AFTER + 1), np.nan)
    if amount is None:
        return found, 0
    rows, weights = contacts.rows[inside], judge.log.weights
    values = np.asarray(judge.log.numbers(amount).values, dtype=np.float64)[rows]
    known = np.isfinite(values)
    heavy = np.where(known, values, 0.0) * (1 if weights is None else weights[rows])
    found[:] = 0.0
    np.add.at(found, (cohort[contacts.whose[inside]], contacts.age[inside]), heavy)
    return found, int((~known).sum())


def _met_first(judge: Judge, first: NDArray[np.intp]) -> tuple[Mask, Mask]:
    """Which customers met a red at their first contact, and which one that was rated, by any criterion of contacts."""
    names = list(criteria_of_contacts(judge.log.process))
    red, rated = np.zeros(len(judge.log), dtype=bool), np.zeros(len(judge.log), dtype=bool)
    for rows in in_parts(judge.log, PART) if names else ():
        judged = judge.judge_rows(rows, names)
        for name in names:
            states = np.array([state for state, _ in judge.outcomes[name].pairs], dtype=object)[judged[name].codes]
            red[rows.part] |= states == "red"
            rated[rows.part] |= np.isin(states.astype(str), ZONES)
    return red[first], rated[first]


def criteria_of_contacts(process: Process) -> Iterator[str]:
    """The criteria that say what a customer met at a contact, and not whether another one followed."""
    for name, criterion in process.criteria.items():
        if not _looks_ahead(criterion, process):
            yield name


def _looks_ahead(criterion: Criterion, process: Process) -> bool:
    parts: Any = criterion.measure.worst or ()
    return criterion.measure.kind in _LOOKS_AHEAD or any(_looks_ahead(process.criteria[one], process) for one in parts)
