"""Customers who come again, in words: how many, when an average one has paid back, whether reds cost some.

In: the numbers of a process, as `planning.cohorts` has them. Out: text in a language, not escaped for any format.
"""
# ruff: noqa: RUF001 - texts in Russian

from __future__ import annotations

import math
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, Final

from svclight.wording.languages import (
    RUSSIAN,
    counted,
    interval_words,
    money_text,
    period_words,
    points_interval_words,
    points_words,
    share_words,
    whole_number,
)

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping

_SAID: Final = (1, 3, 6, 12)
"""The months after the first that a sentence tells."""
_FEW: Final = 30
_MONTHS: Final = (("month", "months"), ("месяц", "месяца", "месяцев"))
_VERDICTS: Final = {
    "less": ("they come back less", "реже"),
    "more": ("they come back more", "чаще"),
    "neither": ("no difference that the data can show", "разницы не видно"),
}
_TEXTS: Final = {
    "unknown": (
        (
            "{title}: of no month it is known who came for the first time and came again; "
            "give `since` (the day from which the log is complete) or a smaller --look-back."
        ),
        (
            "{title}: ни для одного месяца не известно, кто пришёл впервые и пришёл ли снова; "
            "укажите `since` (с какого дня журнал полон) или меньшее --look-back."
        ),
    ),
    "again": (
        "{title}, customers who first came {span}: {parts}.",
        "{title}, клиенты, впервые пришедшие {span}: {parts}.",
    ),
    "after": (
        "{share} of {customers} come again {many} later (95 %: {interval})",
        "через {many} снова приходят {share} из {customers} (95 %: {interval})",
    ),
    "paid": (
        "An average customer has paid back the acquisition ({cost}) {many} after the first: {margin} of margin.",
        "Средний клиент окупает привлечение ({cost}) через {many} после первого: {margin} маржи.",
    ),
    "paid_at_once": (
        "An average customer has paid back the acquisition ({cost}) in the first month: {margin} of margin.",
        "Средний клиент окупает привлечение ({cost}) в первом же месяце: {margin} маржи.",
    ),
    "not_paid": (
        (
            "An average customer has not paid back the acquisition ({cost}) as far as is known: {margin} of margin "
            "in the first month and {many} after it."
        ),
        (
            "Средний клиент не окупил привлечение ({cost}) за известное время: {margin} маржи за первый месяц "
            "и {many} после него."
        ),
    ),
    "price": (
        (
            "The price of retention: five points more who come again in each month known ({many} after the first) are "
            "worth {each} of margin a new customer, {month} for the new customers of a month ({new} on average)."
        ),
        (
            "Цена удержания: если в каждом известном месяце ({many} после первого) снова приходят на пять пунктов "
            "больше, это {each} маржи на нового клиента, {month} на новых клиентов одного месяца (в среднем {new})."
        ),
    ),
    "without_amount": (
        "{title}: what a customer spends is not known: it takes a criterion that measures `spend`.",
        "{title}: сколько клиент тратит, не известно: нужен критерий с мерой `spend`.",
    ),
    "unread": (
        "Contacts whose amount is not known, and counts as 0: {many}.",
        "Контактов, у которых сумма не известна и считается за 0: {many}.",
    ),
    "nameless": (
        "Contacts that name no customer, and are in no number here: {many}.",
        "Контактов без клиента, которых нет ни в одном числе: {many}.",
    ),
    "red_unknown": (
        "Whether customers who met a red come back less is not known yet: of none the {within} after are over.",
        "Реже ли возвращаются встретившие красное, ещё не известно: ни у кого не прошло {within} после первого.",
    ),
    "few": (
        "Whether customers who met a red come back less cannot be told: there are {red} of them, and {other} others.",
        "Реже ли возвращаются встретившие красное, сказать нельзя: таких {red}, остальных {other}.",
    ),
    "reds": (
        (
            "Of {red} customers whose first contact was red {red_share} came again within {within} after that month, "
            "of {other} others {other_share} ({points}, 95 %: {interval}): {verdict}. "
            "What goes together is not yet a cause."
        ),
        (
            "Из {red} клиентов, чей первый контакт был красным, снова пришли за {within} после того месяца "
            "{red_share}, из {other} остальных {other_share} ({points}, 95 %: {interval}): {verdict}. "
            "Что бывает вместе, ещё не причина."
        ),
    ),
    "first_contact": (
        "A contact is a first one where {many} before its month are in the log, and the customer is not in them.",
        "Контакт считается первым, если до его месяца в журнале есть ещё {many}, и клиента в них нет.",
    ),
    "all_first": (
        "Everybody's first contact in the log counts as a first one: old customers of before it are among them.",
        "Первым считается первый контакт клиента в журнале: среди новых есть и те, кто приходил до его начала.",
    ),
}
"""Every sentence in English and in Russian."""


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
        yield _text("unknown", lang, title=found.title)
        return
    yield _again_text(found, lang)
    if found.values:
        yield _payback_text(found, lang)
        yield from _price_text(found, lang)
        yield from [_text("unread", lang, many=whole_number(found.unread, lang))] if found.unread else []
    if found.without_amount:
        yield _text("without_amount", lang, title=found.title)
    yield _red_text(found, lang)
    yield from [_text("nameless", lang, many=whole_number(found.nameless, lang))] if found.nameless else []


def _text(key: str, lang: str, **values: str) -> str:
    return _TEXTS[key][lang == RUSSIAN].format(**values)


def _months(count: int, lang: str) -> str:
    return counted(count, _MONTHS[lang == RUSSIAN], lang)


def _again_text(found: ProcessCohorts, lang: str) -> str:
    """How many come again, some months after their first."""
    first, last = (period_words(month, lang) for month in found.months)
    parts = [
        _text(
            "after",
            lang,
            many=_months(row["months_after"], lang),
            share=share_words(row["share"], lang),
            customers=whole_number(row["customers"], lang),
            interval=interval_words(row["low"], row["high"], lang),
        )
        for row in found.totals
        if row["months_after"] in _SAID
    ]
    span = first if first == last else f"{first}\N{EN DASH}{last}"
    return _text("again", lang, title=found.title, span=span, parts=", ".join(parts))


def _payback_text(found: ProcessCohorts, lang: str) -> str:
    """The month in which an average customer has paid back what it cost to win one."""
    paid = next((row for row in found.values if row["margin_so_far"] >= found.acquisition), None)
    last = found.values[-1] if paid is None else paid
    key = "not_paid" if paid is None else "paid" if last["months_after"] else "paid_at_once"
    cost, margin = (money_text(one, found.currency, lang) for one in (found.acquisition, last["margin_so_far"]))
    return _text(key, lang, cost=cost, margin=margin, many=_months(last["months_after"], lang))


def _price_text(found: ProcessCohorts, lang: str) -> Iterator[str]:
    """What five points more customers who come again are worth; nothing where nobody came."""
    worth = [row["worth_of_points"] for row in found.values if not math.isnan(row["worth_of_points"])]
    if worth:
        each, month = (money_text(sum(worth) * many, found.currency, lang) for many in (1, found.a_month))
        new = whole_number(found.a_month, lang)
        yield _text("price", lang, many=_months(len(worth), lang), each=each, month=month, new=new)


def _red_text(found: ProcessCohorts, lang: str) -> str:
    """Whether those whose first contact was red come back less."""
    row = found.red
    red, other = (whole_number(row[name], lang) for name in ("red_customers", "other_customers"))
    within = _months(row["within"], lang)
    if len(found.totals) < row["within"]:
        return _text("red_unknown", lang, within=within)
    if min(row["red_customers"], row["other_customers"]) < _FEW:
        return _text("few", lang, red=red, other=other)
    verdict = "less" if row["high"] < 0 else "more" if row["low"] > 0 else "neither"
    return _text(
        "reds",
        lang,
        red=red,
        other=other,
        within=within,
        red_share=share_words(row["red_share"], lang),
        other_share=share_words(row["other_share"], lang),
        points=points_words(row["difference"], lang),
        interval=points_interval_words(row["low"], row["high"], lang),
        verdict=_VERDICTS[verdict][lang == RUSSIAN],
    )


def cohort_notes(look_back: int, lang: str) -> tuple[str, ...]:
    """What counts as a first contact."""
    return (_text("first_contact" if look_back else "all_first", lang, many=_months(look_back, lang)),)
