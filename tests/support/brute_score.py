"""The whole call by brute force: rows, cases and customers with their states, counted.

In: a definition as plain data and rows as dicts. Out: states one by one, counts, and the response of those who were asked.
"""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass, field, replace
from typing import Any

from support.brute import Gap, Row, State, period_of
from support.brute_customers import customer_state, customers, is_of_customers
from support.brute_events import EventCase, Events
from support.brute_trade import Trade

Key = tuple[str, ...]
RATED = {"green", "yellow", "red"}


@dataclass(frozen=True)
class Call:
    definition: dict[str, Any]
    process_id: str
    rows: list[Row]
    others: dict[str, list[Row]] = field(default_factory=dict)
    as_of: str | None = None
    period: str = "month"
    by: tuple[str, ...] = ()
    matured: bool = False


@dataclass(frozen=True)
class Judged:
    """A row, a case or a customer in one criterion."""

    id: Key
    criterion: str
    period: str
    segments: Key
    state: State
    weight: int
    was_asked: bool


def judged(call: Call) -> list[Judged]:
    """Everything that is counted, in each criterion."""
    scorer, subjects = seen(call)
    found = [
        one_of(scorer, subject, name, out, call)
        for subject, out in subjects
        for name, criterion in scorer.criteria.items()
        if not is_of_customers(criterion)
    ]
    loyalty = {name: criterion for name, criterion in scorer.criteria.items() if is_of_customers(criterion)}
    if loyalty and scorer.contacts:
        log = [subject for subject, _ in subjects]
        for customer in customers(scorer, log, as_of_given=call.as_of is not None):
            segments = shown(scorer, customer, call.by)
            for name, criterion in loyalty.items():
                state = customer_state(scorer, customer, criterion)
                found.append(Judged((customer.name,), name, customer.period, segments, state, 1, was_asked=False))
    return found


def seen(call: Call) -> tuple[Trade, list[tuple[Any, str | None]]]:
    """The scorer that sees what could be seen at as_of, and each row or case with why it is left out."""
    has_events = call.definition["processes"][call.process_id]["log"].get("rows") == "events"
    kind = Events if has_events else Trade
    scorer = kind(call.definition, call.process_id, others=call.others, matured=call.matured, period=call.period)
    rows = scorer.accepted(call.rows) if has_events else [row for row in call.rows if scorer.weight(row) is not None]
    if call.as_of is not None:
        scorer = replace(scorer, now=scorer.read_time(call.as_of, {}))
    elif rows:
        scorer = replace(scorer, now=scorer.newest(rows))
    if has_events:
        subjects: list[tuple[Any, str | None]] = [(case, case.out) for case in scorer.cases(rows)]
    else:
        out = scorer.left_out(rows)
        subjects = [(row, out.get(place)) for place, row in enumerate(rows)]
    contacts = tuple(subject for subject, why in subjects if why is None)
    return replace(scorer, contacts=contacts), subjects


def one_of(scorer: Trade, subject: Any, name: str, out: str | None, call: Call) -> Judged:
    criterion = scorer.criteria[name]
    state = ("excluded", out) if out else scorer.state(subject, criterion)
    is_case = isinstance(subject, EventCase)
    # a row that has not begun stands in the month that is written in it, though that is in the future
    eyes = scorer if is_case or scorer.begun(subject) else replace(scorer, now=None)
    when = eyes.time_of(subject, criterion)
    period = "" if isinstance(when, Gap) else period_of(when.local.date(), call.period)
    asked = not is_case or not out
    return Judged(
        id=subject.id if is_case else identity(scorer, subject),
        criterion=name,
        period=period,
        segments=shown(eyes, subject.whole if is_case and out else subject, call.by),
        state=state,
        weight=eyes.weight(subject),
        was_asked=asked and "asked" in criterion and scorer.holds(criterion["asked"], subject),
    )


def identity(scorer: Trade, row: Row) -> Key:
    columns = scorer.log.get("id", [])
    cells = [scorer.cell(row, column, "id") for column in ([columns] if isinstance(columns, str) else columns)]
    return tuple("" if isinstance(cell, Gap) else cell for cell in cells)


def shown(scorer: Trade, subject: Any, by: Key) -> Key:
    cells = [scorer.cell(subject, name, "text") for name in by]
    return tuple("" if isinstance(cell, Gap) else str(cell) for cell in cells)


def counts(call: Call) -> dict[Key, int]:
    """(criterion, period, *segments, zone) -> count, zeros left out; a missing time or segment is an empty text."""
    found: Counter[Key] = Counter()
    for one in judged(call):
        found[one.criterion, one.period, *one.segments, one.state[0]] += one.weight
    return {key: count for key, count in found.items() if count}


def states(call: Call) -> list[dict[str, State]]:
    """For each accepted row or case criterion -> (zone, kind of reason), in the order of the log."""
    scorer, subjects = seen(call)
    names = [name for name, criterion in scorer.criteria.items() if not is_of_customers(criterion)]
    return [{name: one_of(scorer, subject, name, out, call).state for name in names} for subject, out in subjects]


def response(call: Call) -> dict[Key, tuple[int, int]]:
    """(criterion, period, *segments) -> how many were asked, and how many of them answered so that they are rated."""
    asked: Counter[Key] = Counter()
    answered: Counter[Key] = Counter()
    for one in judged(call):
        if one.was_asked and one.state[0] not in {"excluded", "not_applicable"}:
            key = (one.criterion, one.period, *one.segments)
            asked[key] += one.weight
            answered[key] += one.weight * (one.state[0] in RATED)
    return {key: (number, answered[key]) for key, number in asked.items() if number}
