"""Customers who come again, in words: how many, when an average one has paid back, whether reds cost some.

In: the numbers of a process, as `planning.cohorts` has them. Out: text in a language, not escaped for any format.
"""

from __future__ import annotations

import math
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, Final

from svclight.wording.catalogue import say
from svclight.wording.languages import (
    interval_words,
    money_text,
    periods_counted,
    points_interval_words,
    points_words,
    share_words,
    span_words,
    whole_number,
)

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping

_SHOWN: Final = (1, 3, 6, 12)
"""The months after the first that a sentence tells."""
_FEW: Final = 30


@dataclass(frozen=True)
class ProcessCohorts:
    """The numbers of a process that its sentences tell.

    Attributes:
        title: Its title.
        months: The first and the last month whose new customers are known; nothing where none is.
        totals: For 1, 2 … months after the first: `customers, came, share, low, high` and the same within them.
        values: For 0, 1 … months after the first what an average customer spends, `margin, margin_so_far` and so on.
        red: Those whose first contact was red beside the others.
        a_month: New customers a month.
        acquisition: What it costs to win one; NaN where that is not declared.
        currency: The currency of amounts.
        without_amount: Whether economics are declared and no criterion says what a contact spent.
        unread: Contacts whose amount cannot be read.
        nameless: Contacts that name no customer.
    """

    title: str
    months: tuple[str, ...]
    totals: tuple[Mapping[str, Any], ...]
    values: tuple[Mapping[str, Any], ...]
    red: Mapping[str, Any]
    a_month: float
    acquisition: float
    currency: str
    without_amount: bool
    unread: int
    nameless: int


def cohort_sentences(found: ProcessCohorts, lang: str) -> Iterator[str]:
    """What a process says: who comes again, what that is worth, whether reds cost some."""
    if not found.months:
        yield say(
            "{title}: of no month it is known who came for the first time and came again; "
            "give `since` (the day from which the log is complete) or a smaller --look-back.",
            lang,
            title=found.title,
        )
        return
    yield _again_text(found, lang)
    if found.values:
        yield _payback_text(found, lang)
        yield from _price_text(found, lang)
        yield from _unread_text(found, lang)
    if found.without_amount:
        yield say(
            "{title}: what a customer spends is not known: it takes a criterion that measures `spend`.",
            lang,
            title=found.title,
        )
    yield _red_text(found, lang)
    if found.nameless:
        many = whole_number(found.nameless, lang)
        yield say("Contacts that name no customer, and are in no number here: {count}.", lang, count=many)


def _months(count: int, lang: str) -> str:
    return periods_counted(count, "month", lang)


def _again_text(found: ProcessCohorts, lang: str) -> str:
    """How many come again, some months after their first."""
    parts = [
        say(
            "{share} of {customers} come again {months} later (95 %: {interval})",
            lang,
            months=_months(row["months_after"], lang),
            share=share_words(row["share"], lang),
            customers=whole_number(row["customers"], lang),
            interval=interval_words(row["low"], row["high"], lang),
        )
        for row in found.totals
        if row["months_after"] in _SHOWN
    ]
    first, last = found.months
    return say(
        "{title}, customers who first came {span}: {parts}.",
        lang,
        title=found.title,
        span=span_words(first, last, lang),
        parts=", ".join(parts),
    )


def _payback_text(found: ProcessCohorts, lang: str) -> str:
    """The month in which an average customer has paid back what it cost to win one."""
    paid = next((row for row in found.values if row["margin_so_far"] >= found.acquisition), None)
    last = found.values[-1] if paid is None else paid
    cost, margin = (money_text(one, found.currency, lang) for one in (found.acquisition, last["margin_so_far"]))
    months = _months(last["months_after"], lang)
    if paid is None:
        return say(
            "An average customer has not paid back the acquisition ({cost}) as far as is known: {margin} of margin "
            "in the first month and {months} after it.",
            lang,
            cost=cost,
            margin=margin,
            months=months,
        )
    if not last["months_after"]:
        return say(
            "An average customer has paid back the acquisition ({cost}) in the first month: {margin} of margin.",
            lang,
            cost=cost,
            margin=margin,
        )
    return say(
        "An average customer has paid back the acquisition ({cost}) {months} after the first: {margin} of margin.",
        lang,
        cost=cost,
        margin=margin,
        months=months,
    )


def _price_text(found: ProcessCohorts, lang: str) -> Iterator[str]:
    """What five points more customers who come again are worth; nothing where nobody came."""
    worth = [row["worth_of_points"] for row in found.values if not math.isnan(row["worth_of_points"])]
    if worth:
        each, month = (money_text(sum(worth) * many, found.currency, lang) for many in (1, found.a_month))
        yield say(
            "The price of retention: five points more who come again in each month known ({months} after the first) "
            "are worth {each} of margin a new customer, {month} for the new customers of a month ({new} on average).",
            lang,
            months=_months(len(worth), lang),
            each=each,
            month=month,
            new=whole_number(found.a_month, lang),
        )


def _unread_text(found: ProcessCohorts, lang: str) -> Iterator[str]:
    """How many amounts could not be read; nothing where all could be."""
    if found.unread:
        many = whole_number(found.unread, lang)
        yield say("Contacts whose amount is not known, and counts as 0: {count}.", lang, count=many)


def _red_text(found: ProcessCohorts, lang: str) -> str:
    """Whether those whose first contact was red come back less."""
    row = found.red
    red, other = (whole_number(row[name], lang) for name in ("red_customers", "other_customers"))
    within = _months(row["within"], lang)
    if len(found.totals) < row["within"]:
        return say(
            "Whether customers who met a red come back less is not known yet: of none the {months} after are over.",
            lang,
            months=within,
        )
    if min(row["red_customers"], row["other_customers"]) < _FEW:
        return say(
            "Whether customers who met a red come back less cannot be told: there are {red} of them, and {other} "
            "others.",
            lang,
            red=red,
            other=other,
        )
    return say(
        "Of {red} customers whose first contact was red {red_share} came again within {months} after that month, "
        "of {other} others {other_share} ({points}, 95 %: {interval}): {verdict}. "
        "What goes together is not yet a cause.",
        lang,
        red=red,
        other=other,
        months=within,
        red_share=share_words(row["red_share"], lang),
        other_share=share_words(row["other_share"], lang),
        points=points_words(row["difference"], lang),
        interval=points_interval_words(row["low"], row["high"], lang),
        verdict=_verdict(row, lang),
    )


def _verdict(row: Mapping[str, Any], lang: str) -> str:
    if row["high"] < 0:
        return say("they come back less", lang)
    return say("they come back more", lang) if row["low"] > 0 else say("no difference that the data can show", lang)


def cohort_notes(look_back: int, lang: str) -> tuple[str, ...]:
    """What counts as a first contact."""
    if not look_back:
        return (
            say(
                "Everybody's first contact in the log counts as a first one: old customers of before it are among "
                "them.",
                lang,
            ),
        )
    return (
        say(
            "A contact is a first one where {months} before its month are in the log, and the customer is not in them.",
            lang,
            months=_months(look_back, lang),
        ),
    )
