"""Customers by the month of their first contact: how many come again, what that is worth, and whether reds cost some.

In: logs that name their customers, and definitions. Out: `Cohorts`: for each first month and each of the 12 months
after it the share that came again with its interval; with `economics` the month in which an average customer has paid
back; the difference between those who met a red first and the others. Only months that are known at `as_of` are told.
"""

from __future__ import annotations

from dataclasses import dataclass
from itertools import takewhile
from typing import TYPE_CHECKING, Any, Final

import numpy as np
import pandas as pd

from svclight.card.card_tables import check_card
from svclight.decisions.result import INTERVAL, Result
from svclight.errors import Issue, SvclightError, check_kind
from svclight.judging.contract import Wanted
from svclight.planning.returning_customers import MOST_AFTER, Returns, returns_of
from svclight.scoring import score
from svclight.statistics.shares import share, wilson_interval
from svclight.statistics.two_shares import newcombe_interval
from svclight.values import clocks
from svclight.wording.cohort_words import ProcessCohorts, cohort_notes, cohort_sentences
from svclight.wording.languages import language_of

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable
    from pathlib import Path

    from numpy.typing import NDArray

    from svclight.definition.models import Process
    from svclight.judging.judge import Judge
    from svclight.processes import Definitions
    from svclight.scorecard import Scorecard

    Ints = NDArray[np.int64]

LOOK_BACK: Final = 12
"""A contact is a first one where so many months before its month are known to have none."""
RED_WITHIN: Final = 3
"""Whoever met a red is followed for so many months."""
MORE_POINTS: Final = 0.05
_SHARES: Final = ("share", "low", "high")
TABLE: Final = (
    *("process", "first_month", "months_after", "customers", "came", *_SHARES),
    *("came_within", *(f"{name}_within" for name in _SHARES)),
)
TOTALS: Final = tuple(name for name in TABLE if name != "first_month")
VALUES: Final = ("process", "months_after", "customers", "spent", "margin", "margin_so_far", "worth_of_points")
REDS: Final = (
    *("process", "within", "red_customers", "red_came", "red_share", "other_customers", "other_came", "other_share"),
    *("difference", "low", "high"),
)


@dataclass(frozen=True, repr=False)
class Cohorts(Result):
    """Customers by the month of their first contact. No id of a customer is in it.

    Attributes:
        table: One row a process, first month and number of months after it (1 to 12): `customers` (whose first contact
            lies in that month), `came` (of them with a contact in the month so many months later), `share, low, high`
            (Wilson, 95 %); `came_within, share_within, low_within, high_within`, the same of a contact in any month up
            to it. Months that are not over or not whole are not there.
        totals: The same for all first months together that are known so far, one row a process and number of months.
        values: With `economics`: `process, months_after` (from 0), `customers`, and of an average one of them what is
            `spent` in that month, its `margin`, `margin_so_far`; `worth_of_points`, what five points more who come
            again in that month are worth by customer.
        reds: One row a process: of those whose first contact was red and of the others how many came again within 3
            months, and the `difference` (red less others) with Newcombe's interval.
        processes: What the sentences are made of.
        lang: The language of sentences.
        notes: What holds for all of them.
    """

    table: pd.DataFrame
    totals: pd.DataFrame
    values: pd.DataFrame
    reds: pd.DataFrame
    processes: tuple[ProcessCohorts, ...]
    lang: str = "en"
    notes: tuple[str, ...] = ()

    def _columns_of(self, table: pd.DataFrame) -> tuple[str, ...]:  # noqa: ARG002 - they do not depend on it
        return ("months_after", "customers", "came", "share", INTERVAL, "share_within")

    def _small_table(self) -> pd.DataFrame:
        return self.totals

    @property
    def sentences(self) -> tuple[str, ...]:
        """What each process says, in words."""
        return tuple(sentence for one in self.processes for sentence in cohort_sentences(one, self.lang))

    def __str__(self) -> str:
        return "\n".join([*self.sentences, *self.notes])


def cohorts(
    logs: Any,
    definitions: Definitions | str | Path,
    *,
    look_back: int = LOOK_BACK,
    as_of: Any = None,
    customers: Any = None,
    max_rejected: int | None = None,
    max_unread: float | str | None = None,
    lang: str | None = None,
) -> Cohorts:
    """Tells how many customers come again in the 12 months after the month of their first contact.

    Args:
        logs: A log for each process id, as `score` takes them; those that name a `customer` are asked.
        definitions: What `load` gave, or the path of a definition.
        look_back: A contact is a first one where so many months before its month are in the log (`since`, else from its
            first day on): without them, every old customer would be new in the first months of the log.
        as_of: The moment from which the logs are seen; the newest time in them unless given.
        customers: Who stands behind the ids of customers: a table with the columns `id` and `person`.
        max_rejected: The most rejected lines that are bearable.
        max_unread: The share of a field's cells that may be unread.
        lang: The language of sentences, en or ru; that of the definitions unless given.

    Returns:
        The `Cohorts`. What a customer spends is known where a criterion of the process measures `spend`.

    Raises:
        SvclightError: As for `score`; or no log names a customer.

    Examples:
        >>> import pandas as pd
        >>> import svclight
        >>> definitions = svclight.loads('''
        ... svclight: 1
        ... time_zone: UTC
        ... processes:
        ...   shop:
        ...     title: Shop
        ...     log: {time: at, customer: who, since: 2020-01-01, fields: {at: {time: at}, x: {number: x}}}
        ...     criteria: {c: {measure: {value: x}, green: "<= 5"}}
        ... ''')
        >>> log = pd.DataFrame({"at": ["2026-01-05", "2026-01-07", "2026-02-03"], "who": ["ann", "bob", "ann"], "x": 1})
        >>> found = svclight.cohorts(log, definitions, as_of="2026-03-01")
        >>> found.table[["first_month", "months_after", "customers", "came", "share"]].values.tolist()
        [['2026-01', 1, 2, 1, 0.5]]
    """
    seen = {"as_of": as_of, "customers": customers, "max_rejected": max_rejected, "max_unread": max_unread}
    return cohorts_of_card(score(logs, definitions, **seen), look_back=look_back, lang=lang)


def cohorts_of_card(card: Scorecard, *, look_back: int = LOOK_BACK, lang: str | None = None) -> Cohorts:
    """The same for a card by months that was just scored: its logs are read again.

    Raises:
        SvclightError: The card has no way back to a log, or no log names a customer.
    """
    check_card(card, "svclight.cohorts")
    lang = language_of(lang, card.definitions)
    check_kind(look_back, int, "look_back of svclight.cohorts", "a whole number of months")
    if look_back < 0:
        raise SvclightError(Issue("look_back counts months back", found=str(look_back), expected="0 or more"))
    if card.way_back is None:
        raise SvclightError("this card has no way back to a log: whose contacts they are stands in the log alone")
    judges = [one for one in card.way_back(Wanted()) if one.log.spec.customer is not None]
    if not judges:
        raise SvclightError("no log says who the customer is: give it a key `customer`")
    found = [_of_process(judge, card.definitions, look_back) for judge in judges]
    columns = (TABLE, TOTALS, VALUES, REDS)
    table, totals, values, reds = (
        pd.DataFrame([row for one in found for row in one[place]], columns=list(names))
        for place, names in enumerate(columns)
    )
    words = tuple(one[-1] for one in found)
    return Cohorts(table, totals, values, reds, words, lang, cohort_notes(look_back, lang))


def _of_process(judge: Judge, definitions: Definitions, look_back: int) -> tuple[Any, ...]:
    """The rows of the four tables of a process, and what its sentences are made of."""
    process: Process = judge.log.process
    amount = _amount_of(process)
    returns = returns_of(judge, amount)
    is_whole = _wholeness(judge)
    known = [_is_known(judge, int(month), look_back) and is_whole(int(month)) for month in returns.months]
    # of each first month so many months after are whole, one after the other; -1 where the month is not known
    pairs = zip(returns.months, known, returns.customers, strict=True)
    ages = np.array([_ages(int(month), is_whole) if there and many else -1 for month, there, many in pairs], np.int64)
    name = judge.log.process_id
    table = [row for place in np.flatnonzero(ages >= 1) for row in _cohort_rows(name, returns, int(place), ages)]
    totals = [_total_row(name, returns, ages, age) for age in range(1, int(ages.max(initial=0)) + 1)]
    values = _value_rows(name, process, returns, ages) if amount is not None and process.economics else []
    red = _red_row(name, returns, ages)
    words = _words_of(definitions, judge, returns, ages, (totals, values, red))
    return table, totals, values, [red], words


def _words_of(
    definitions: Definitions, judge: Judge, returns: Returns, ages: Ints, rows: tuple[Any, Any, Any]
) -> ProcessCohorts:
    """What the sentences of a process are made of."""
    economics, (totals, values, red) = judge.log.process.economics, rows
    told = returns.months[ages >= 1]
    return ProcessCohorts(
        title=definitions.title(judge.log.process_id),
        months=tuple(clocks.period_label(int(month), "month") for month in told[[0, -1]]) if len(told) else (),
        totals=tuple(dict(zip(TOTALS, row, strict=True)) for row in totals),
        values=tuple(dict(zip(VALUES, row, strict=True)) for row in values),
        red=dict(zip(REDS, red, strict=True)),
        a_month=float(returns.customers[ages >= 0].mean()) if (ages >= 0).any() else 0.0,
        acquisition=economics.acquisition if economics else float("nan"),
        currency=definitions.document.currency or "",
        without_amount=economics is not None and _amount_of(judge.log.process) is None,
        unread=returns.unread,
        nameless=returns.nameless,
    )


def _amount_of(process: Process) -> str | None:
    """The field that holds what a contact spent: that of the first criterion of spend."""
    return next((one.measure.spend.amount for one in process.criteria.values() if one.measure.spend is not None), None)


def _wholeness(judge: Judge) -> Callable[[int], bool]:
    """Whether a month is over and the log holds all of it."""
    reach = judge.reach()
    return lambda month: not reach.why_partial(month, before_begin=0, before_end=0, has_rows=True)


def _is_known(judge: Judge, month: int, look_back: int) -> bool:
    """Whether the log reaches back so many months before a month."""
    begins = judge.reach().begins
    first = clocks.day_number(clocks.period_start(month - look_back, "month"))
    return begins is not None and begins <= first


def _ages(month: int, is_whole: Callable[[int], bool]) -> int:
    """How many months after a month are whole, one after the other; 12 at most."""
    return sum(1 for _ in takewhile(is_whole, range(month + 1, month + MOST_AFTER + 1)))


def _cohort_rows(name: str, returns: Returns, place: int, ages: Ints) -> Iterable[list[Any]]:
    """The rows of one first month."""
    label, whole = clocks.period_label(int(returns.months[place]), "month"), int(returns.customers[place])
    for age in range(1, int(ages[place]) + 1):
        came, within = int(returns.came[place, age]), int(returns.came_within[place, age])
        yield [name, label, age, whole, came, *_with_interval(came, whole), within, *_with_interval(within, whole)]


def _total_row(name: str, returns: Returns, ages: Ints, age: int) -> list[Any]:
    """All first months together of which the month so many months after is known."""
    mine = ages >= age
    whole = int(returns.customers[mine].sum())
    came, within = int(returns.came[mine, age].sum()), int(returns.came_within[mine, age].sum())
    return [name, age, whole, came, *_with_interval(came, whole), within, *_with_interval(within, whole)]


def _with_interval(part: int, whole: int) -> list[float]:
    low, high = wilson_interval(part, whole)
    return [float(share(part, whole)), float(low), float(high)]


def _value_rows(name: str, process: Process, returns: Returns, ages: Ints) -> list[list[Any]]:
    """What an average customer spends in each month after the first, and what is left of it."""
    margin = float(process.economics.margin.amount) / 100  # type: ignore[union-attr]  # the caller looked
    rows: list[list[Any]] = []
    so_far = 0.0
    for age in range(int(ages.max(initial=-1)) + 1):
        mine = ages >= age
        whole, came = int(returns.customers[mine].sum()), int(returns.came[mine, age].sum())
        spent = float(returns.spent[mine, age].sum())
        so_far += margin * spent / whole
        # five more of a hundred, each of whom spends what one who comes spends; nobody came: nobody to go by
        worth = MORE_POINTS * margin * spent / came if age and came else np.nan
        rows.append([name, age, whole, spent / whole, margin * spent / whole, so_far, worth])
    return rows


def _red_row(name: str, returns: Returns, ages: Ints) -> list[Any]:
    """How many came again of those whose first contact was red, and of the others that were rated."""
    mine = ages >= RED_WITHIN
    red, other = (int(number) for number in returns.first_red[mine].sum(axis=0))
    red_came, other_came = (int(number) for number in returns.red_within[mine, :, RED_WITHIN].sum(axis=0))
    low, high = newcombe_interval(other_came, other, red_came, red)
    shares = float(share(red_came, red)), float(share(other_came, other))
    return [
        *(name, RED_WITHIN, red, red_came, shares[0], other, other_came, shares[1]),
        *(shares[0] - shares[1], float(low), float(high)),
    ]
