"""Partial and immature periods a second way: day by day, row by row.

Written from SEMANTICS alone. Slow on purpose.
"""

from __future__ import annotations

import itertools
from datetime import date, timedelta
from typing import Any

from support.brute import period_of
from support.brute_calendar import spans_on
from support.brute_customers import customers, has_come, is_of_customers, midnight
from support.brute_score import Call, one_of, seen
from support.brute_trade import Trade, period_around, window_of

DAY = timedelta(days=1)
Marks = dict[tuple[str, str], tuple[bool, bool, int]]


def marks(call: Call) -> Marks:
    """(criterion, period) -> whether it is partial, whether it is immature, how many rows are pending by a clock."""
    scorer, subjects = seen(call)
    pending: dict[tuple[str, str], int] = {}
    for subject, out in subjects:
        for name, criterion in scorer.criteria.items():
            if is_of_customers(criterion):
                continue
            one = one_of(scorer, subject, name, out, call)
            waits = one.state[0] == "pending" and waits_for_a_clock(scorer, subject, criterion)
            key = (name, one.period)
            pending[key] = pending.get(key, 0) + one.weight * waits
    log = [subject for subject, _ in subjects]
    if any(map(is_of_customers, scorer.criteria.values())) and scorer.contacts:
        for customer in customers(scorer, log, as_of_given=call.as_of is not None):
            for name, criterion in scorer.criteria.items():
                if is_of_customers(criterion):
                    pending[name, customer.period] = 0
    days = sorted(when.local.date() for when in map(scorer.anchor, log) if has_come(scorer, when))
    return {
        (name, period): marked(Whole(call, scorer, days), scorer.criteria[name], period, count)
        for (name, period), count in pending.items()
    }


def waits_for_a_clock(scorer: Trade, subject: Any, criterion: dict[str, Any]) -> bool:
    """Whether a clock turns a row that is pending: of a `worst` that of any part which is pending."""
    parts = criterion["measure"].get("worst")
    if parts is None:
        return bool({"duration", "delay", "repeat"} & set(criterion["measure"]))
    if scorer.too_young(subject, criterion):
        return True
    there = [scorer.criteria[part] for part in parts]
    return any(
        scorer.state(subject, part)[0] == "pending" and waits_for_a_clock(scorer, subject, part) for part in there
    )


def marked(whole: Whole, criterion: dict[str, Any], period: str, count: int) -> tuple[bool, bool, int]:
    if not period:
        return False, False, count
    begin, following = whole.around(period)
    return whole.is_partial(criterion, begin, following), whole.is_over(following) and count > 0, count


class Whole:
    """The days of a log, and which of its periods they hold."""

    def __init__(self, call: Call, scorer: Trade, days: list[date]) -> None:
        self.call, self.scorer, self.days = call, scorer, days
        self.log = scorer.log

    def around(self, period: str) -> tuple[date, date]:
        """The first day of a period, and that of the next one."""
        begin, following = period_around(self.scorer.now.local.date(), self.call.period)
        while period_of(begin, self.call.period) != period:
            earlier = period < period_of(begin, self.call.period)
            begin, following = period_around(begin - DAY if earlier else following, self.call.period)
        return begin, following

    def is_open(self, day: date) -> bool:
        name = self.log.get("calendar")
        return name is None or bool(spans_on(self.call.definition["calendars"][name], day))

    def last_open(self, following: date) -> date | None:
        days = (following - DAY * back for back in range(1, 500))
        return next((day for day in days if self.is_open(day)), None)

    def is_over(self, following: date) -> bool:
        if midnight(self.scorer, following).first <= self.scorer.now.first:
            return True
        last = self.last_open(following)
        return self.call.as_of is None and bool(self.days) and last is not None and self.days[-1] >= last

    def is_partial(self, criterion: dict[str, Any], begin: date, following: date) -> bool:
        since = date.fromisoformat(str(self.log["since"])) if "since" in self.log else None
        reaches_back = since or (self.days[0] if self.days else None)
        if reaches_back is None or not self.is_over(following):
            return True
        lacking = [begin + DAY * step for step in range((min(reaches_back, following) - begin).days)]
        if any(map(self.is_open, lacking)):
            return True
        back_to = midnight(self.scorer, reaches_back).first
        for from_begin, window in self.windows(criterion):
            if back_to > midnight(self.scorer, begin if from_begin else following).first - window:
                return True
        return self.stopped(following)

    def windows(self, criterion: dict[str, Any]) -> list[tuple[bool, timedelta]]:
        ((kind, what),) = criterion["measure"].items()
        if kind == "worst":
            return [pair for part in what for pair in self.windows(self.scorer.criteria[part])]
        if is_of_customers(criterion):
            return [(False, window_of(what))]
        return [(True, window_of(what))] if kind == "repeat" and what.get("first_only") else []

    def stopped(self, following: date) -> bool:
        last = self.last_open(following)
        if not self.days or last is None or last <= self.days[-1]:
            return False
        if "calendar" in self.log:
            return True
        near = sorted({day for day in self.days if day >= self.days[-1] - 92 * DAY})
        gaps = [later - earlier for earlier, later in itertools.pairwise(near)]
        return last - self.days[-1] > max([7 * DAY, *gaps])


def card_marks(card: Any) -> Marks:
    """The same of a card, of the periods in which it has rows."""
    rows = card.counts[["criterion", "period"]].astype(object).fillna("").astype(str).drop_duplicates()
    there = set(rows.itertuples(index=False, name=None))
    columns = (card.periods[name] for name in ("criterion", "period", "partial", "immature", "pending"))
    found = {
        (str(name), str(period)): (bool(partial), bool(immature), int(pending))
        for name, period, partial, immature, pending in zip(*columns, strict=True)
    }
    return {key: found[key] for key in there}
