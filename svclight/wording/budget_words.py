"""A budget in words.

In: the numbers of a budget (a row of `Budgets.table`), a title, the code of a language. Out: a sentence.
"""

from __future__ import annotations

import datetime as dt
from fractions import Fraction
from math import floor, isnan
from typing import TYPE_CHECKING, Any, Final

from svclight.values import clocks
from svclight.wording.catalogue import say
from svclight.wording.languages import decimal_sign, period_words, whole_number
from svclight.wording.outlook_words import day_words, percent_words
from svclight.wording.zone_words import zone_members

if TYPE_CHECKING:
    from collections.abc import Mapping

    Row = Mapping[str, Any]

_BAD: Final = {"red": "red", "green": "not green"}
"""What is bad, by the zone of the target."""
_FEW: Final = 10
_NEAR: Final = 1e-9
"""So near to a whole number a product of floats is that number."""


def budget_sentence(row: Row, title: str, where: str, used: str, lang: str) -> str:
    """A budget with its title, the condition of its target (empty without one), and how much of it is used."""
    period = period_words(row["period"], lang)
    if where:
        values = {"title": title, "where": where, "period": period, "used": used}
        return say("{title} where {where}, {period}: {used}.", lang, **values)
    return f"{title}, {period}: {used}."


def used_words(row: Row, lang: str) -> str:
    """How much of a budget is used, on which day of the period, and when it is gone at this pace."""
    if not row["rated"]:
        return _with_pending(say("nothing is rated", lang), row, lang)
    parts = [_with_day(_used_part(row, lang), row, lang), _pace_words(row, lang)]
    return _with_pending(("; " if row["running"] else ", ").join(filter(None, parts)), row, lang)


def _used_part(row: Row, lang: str) -> str:
    """`150 of 200 not green used (75 %)`; where less than one is allowed no percentage says anything."""
    bad, zone = whole_number(row["bad"], lang), zone_members(_BAD[row["zone"]], lang)
    if not row["allowed"]:
        return say("{bad} {zone}, and none is allowed", lang, bad=bad, zone=zone)
    if row["allowed"] < 1:
        return say("{bad} {zone}, and less than one is allowed", lang, bad=bad, zone=zone)
    ends = [Fraction(100), *([] if isnan(row["warn_at"]) else [Fraction(f"{100 * row['warn_at']:.10f}")])]
    values = {
        "bad": bad,
        "zone": zone,
        "allowed": _allowed_text(row["allowed"], lang),
        "used": percent_words(row["used"], lang, ends),
    }
    if row["running"] and isnan(row["to_come"]):
        return say("so far {bad} of {allowed} {zone} used ({used})", lang, **values)
    return say("{bad} of {allowed} {zone} used ({used})", lang, **values)


def _allowed_text(allowed: float, lang: str) -> str:
    """How many are allowed, rounded down: whole ones, or with a decimal where few are (1 of 1.5 is not all of it)."""
    tenths = floor(10 * allowed + _NEAR)
    if allowed >= _FEW or tenths % 10 == 0:
        return whole_number(floor(allowed + _NEAR), lang)
    return decimal_sign(f"{tenths // 10}.{tenths % 10}", lang)


def _with_day(used: str, row: Row, lang: str) -> str:
    """What is used, and on which day of the period that is."""
    if not row["running"] or row["day"] is None:
        return used
    return say("{used} on day {day} of {days}", lang, used=used, day=row["day"], days=row["days"])


def _pace_words(row: Row, lang: str) -> str:
    """When the budget is gone, or what is left of it."""
    if row["allowed"] < 1:
        return ""
    if row["bad"] > row["allowed"] or (row["bad"] == row["allowed"] and row["running"]):
        return _gone_words(row, lang)
    if not row["running"]:
        return say("{count} left", lang, count=whole_number(floor(row["left"] + _NEAR), lang))
    if isnan(row["pace"]):
        return ""
    if row["gone"] is None:
        return _lasting_words(row, lang)
    gone, between = _day(row, row["gone"], lang), _between_words(row, lang)
    return say("at this pace gone on {day} ({interval})", lang, day=gone, interval=between)


def _gone_words(row: Row, lang: str) -> str:
    """That no more may be bad, or too many are, and since when."""
    over = whole_number(max(row["bad"] - floor(row["allowed"] + _NEAR), 1), lang)
    used = say("none left", lang) if row["bad"] == row["allowed"] else say("{count} too many", lang, count=over)
    if row["gone"] is None:
        return used
    return say("{used}, gone on {day}", lang, used=used, day=_day(row, row["gone"], lang))


def _lasting_words(row: Row, lang: str) -> str:
    """That the budget lasts at this pace, and from which day on it may be gone all the same."""
    about = whole_number(round(row["expected"]), lang)
    if row["gone_low"] is None:
        return say("at this pace it lasts (about {count} by the end)", lang, count=about)
    low = _day(row, row["gone_low"], lang)
    return say(
        "at this pace it lasts (about {count} by the end; 95 %: it may be gone on {day})", lang, count=about, day=low
    )


def _between_words(row: Row, lang: str) -> str:
    """Between which days the budget is gone, by the 95 % interval."""
    low = _day(row, row["gone_low"], lang)
    if row["gone_high"] is None:
        return say("95 %: {day} at the earliest, or it lasts", lang, day=low)
    high = _day(row, row["gone_high"], lang)
    return f"95 %: {low}" if low == high else say("95 %: {low} to {high}", lang, low=low, high=high)


def _day(row: Row, day: str, lang: str) -> str:
    """A day; without its month where the period is one."""
    kind, _ = clocks.period_number(row["period"]) or ("", 0)
    return day_words(dt.date.fromisoformat(day), lang, month=kind != "month")


def _with_pending(used: str, row: Row, lang: str) -> str:
    """What is used, and how many can still turn bad."""
    if not row["pending"]:
        return used
    return say("{used}; {count} pending", lang, used=used, count=whole_number(row["pending"], lang))


def begins_note(title: str, day: str, lang: str) -> str:
    """A note that a log begins within the period; `title` is that of the process."""
    date = day_words(dt.date.fromisoformat(day), lang, month=True)
    return say(
        "{title}: the log is complete from {day} on, and the budget is that of what it holds",
        lang,
        title=title,
        day=date,
    )


def at_ends_note(title: str, lang: str) -> str:
    """A note that a criterion is counted at periods' ends, so that its days do not add up."""
    return say(
        "{title}: it is counted at a period's end, and days do not add up; a card by month has its budget",
        lang,
        title=title,
    )
