"""Recency, frequency and spend a second way: for every period, every customer seen so far is a row.

Written from SEMANTICS and FORMAT alone. A customer at a period's end is a `Group` of the contacts until then, and is judged
like a row; it counts 1 in that period.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime, timedelta
from fractions import Fraction
from typing import TYPE_CHECKING, Any

from support.brute import Gap, Group, Moment, State, moment, period_of, seconds
from support.brute_trade import Trade, period_around, window_of

if TYPE_CHECKING:
    from collections.abc import Iterator

KINDS = {"recency", "frequency", "spend"}


def is_of_customers(criterion: dict[str, Any]) -> bool:
    return bool(KINDS & set(criterion["measure"]))


@dataclass(frozen=True)
class Customer(Group):
    name: str
    period: str
    end: Moment  # the moment at which it is looked back
    is_cut: bool  # as_of cuts the period: what is said of its end is not yet settled


def customers(scorer: Trade, log: list[Any], *, as_of_given: bool) -> list[Customer]:
    """Every customer of every period from the first to the last one with an anchor, left out or not.

    Where as_of is given, to the one that it lies in; a period that begins at as_of has not begun.
    """
    known = [(scorer.anchor(one), one) for one in scorer.contacts]
    dated = sorted(((when, one) for when, one in known if isinstance(when, Moment)), key=lambda pair: pair[0].first)
    days = sorted(when.local.date() for when in map(scorer.anchor, log) if has_come(scorer, when))
    found = []
    last = days[-1] if days else None
    if days and as_of_given:
        last = max(last, (scorer.now.local - timedelta(microseconds=1)).date())
    for begin, following in periods(days, last, scorer.period):
        end = end_of(scorer, days, following, as_of_given=as_of_given)
        people: dict[str, list[Any]] = {}
        for when, one in dated:
            name = scorer.cell(one, scorer.log["customer"], "id")
            if when.first < midnight(scorer, following).first and has_come(scorer, when) and name is not Gap.EMPTY:
                people.setdefault(name, []).append(one)
        label = period_of(begin, scorer.period)
        found += [Customer(tuple(contacts), name, label, end, end is scorer.now) for name, contacts in people.items()]
    return found


def has_come(scorer: Trade, when: Moment | Gap) -> bool:
    return isinstance(when, Moment) and when.first <= scorer.now.first


def periods(days: list[date], last: date | None, period: str) -> Iterator[tuple[date, date]]:
    if last is not None:
        begin, following = period_around(days[0], period)
        while begin <= last:
            yield begin, following
            begin, following = period_around(following, period)


def midnight(scorer: Trade, day: date) -> Moment:
    return moment(datetime(day.year, day.month, day.day), scorer.home)  # noqa: DTZ001  # its zone is given


def end_of(scorer: Trade, days: list[date], following: date, *, as_of_given: bool) -> Moment:
    """The period's end; as_of where that is earlier, unless nobody gave it and the last day has an anchor."""
    end = midnight(scorer, following)
    has_ended = not as_of_given and following - timedelta(days=1) in days
    return end if has_ended or end.first <= scorer.now.first else scorer.now


def customer_state(scorer: Trade, customer: Customer, criterion: dict[str, Any]) -> State:
    if "applies" in criterion and not scorer.holds(criterion["applies"], customer):
        return "not_applicable", "applies"
    if scorer.matured and customer.is_cut:
        return "pending", "too young"
    ((kind, what),) = criterion["measure"].items()
    is_young = min(scorer.anchor(one).first for one in customer.rows) > customer.end.first - window_of(what)
    if kind != "recency" and what.get("young") != "rated" and is_young:
        return "pending", "young"
    status, value = looked_back(scorer, customer, kind, what)
    if status == "missing":
        return status, value
    limits = next(
        row for row in criterion.get("thresholds", [criterion]) if scorer.holds(row.get("where", {}), customer)
    )
    unit = scorer.unit(what["amount"]) if kind == "spend" else None
    return scorer.zone_if_certain(status, value, limits, unit)


def looked_back(scorer: Trade, customer: Customer, kind: str, what: dict[str, Any]) -> tuple[str, Any]:
    """Time since the last contact; how many contacts, or how much was spent, in the window."""
    end = customer.end.first
    if kind == "recency":
        return "known", seconds(end - max(scorer.anchor(one).first for one in customer.rows))
    inside = [one for one in customer.rows if scorer.anchor(one).first >= end - window_of(what)]
    if kind == "frequency":
        return "known", Fraction(sum(scorer.weight(one) for one in inside))
    amounts = [scorer.cell(one, what["amount"], "number") for one in inside]
    if any(isinstance(amount, Gap) for amount in amounts):
        return "missing", "amount"
    return "known", sum((amount * scorer.weight(one) for amount, one in zip(amounts, inside, strict=True)), Fraction(0))
