"""A budget in words of English and Russian.

In: the numbers of a budget (a row of `Budgets.table`), a title. Out: a sentence.
"""
# ruff: noqa: RUF001 - texts in Russian

from __future__ import annotations

import datetime as dt
from fractions import Fraction
from math import floor, isnan
from typing import TYPE_CHECKING, Any, Final

from svclight.values import clocks
from svclight.wording.languages import RUSSIAN, decimal_sign, period_words, whole_number
from svclight.wording.outlook_words import day_words, percent_words

if TYPE_CHECKING:
    from collections.abc import Mapping

    Row = Mapping[str, Any]

_BAD: Final = {
    "en": {"red": "red", "green": "not green"},
    "ru": {"red": "красных", "green": "не зелёных"},
}
_FEW: Final = 10
_NEAR: Final = 1e-9
"""So near to a whole number a product of floats is that number."""
_WHERE: Final = {"en": "where", "ru": "где"}


def budget_sentence(row: Row, title: str, said: str, lang: str) -> str:
    """A budget with its title: `said` is how much of it is used (`used_words`)."""
    where = f" {_WHERE[lang]} {row['where']}" if row["where"] else ""
    return f"{title}{where}, {period_words(row['period'], lang)}: {said}."


def used_words(row: Row, lang: str) -> str:
    """How much of a budget is used, on which day of the period, and when it is gone at this pace."""
    if not row["rated"]:
        said = "пока ничего не оценено" if lang == RUSSIAN else "nothing is rated"
        return said + _pending_words(row, lang)
    parts = [_used_part(row, lang) + _day_words(row, lang), _pace_words(row, lang)]
    return ("; " if row["running"] else ", ").join(part for part in parts if part) + _pending_words(row, lang)


def _used_part(row: Row, lang: str) -> str:
    """`150 of 200 not green used (75 %)`; where less than one is allowed no percentage says anything."""
    bad, allowed = whole_number(row["bad"], lang), _allowed_text(row["allowed"], lang)
    zone, so_far = _BAD[lang][row["zone"]], row["running"] and isnan(row["to_come"])
    if row["allowed"] < 1:
        none = not row["allowed"]
        if lang == RUSSIAN:
            return f"{bad} {zone}, а допустимо {'0' if none else 'меньше одного'}"
        return f"{bad} {zone}, and {'none' if none else 'less than one'} is allowed"
    ends = [Fraction(100), *([] if isnan(row["warn_at"]) else [Fraction(f"{100 * row['warn_at']:.10f}")])]
    used = percent_words(row["used"], lang, ends)
    if lang == RUSSIAN:
        return f"{'пока ' if so_far else ''}израсходовано {bad} из {allowed} {zone} ({used})"
    return f"{'so far ' if so_far else ''}{bad} of {allowed} {zone} used ({used})"


def _allowed_text(allowed: float, lang: str) -> str:
    """How many are allowed, rounded down: whole ones, or with a decimal where few are (1 of 1.5 is not all of it)."""
    tenths = floor(10 * allowed + _NEAR)
    if allowed >= _FEW or tenths % 10 == 0:
        return whole_number(floor(allowed + _NEAR), lang)
    return decimal_sign(f"{tenths // 10}.{tenths % 10}", lang)


def _day_words(row: Row, lang: str) -> str:
    """On which day of the period that is."""
    if not row["running"] or row["day"] is None:
        return ""
    day, days = row["day"], row["days"]
    return f" на {day}-й день из {days}" if lang == RUSSIAN else f" on day {day} of {days}"


def _pace_words(row: Row, lang: str) -> str:
    """When the budget is gone, or what is left of it."""
    if row["allowed"] < 1:
        return ""
    if row["bad"] > row["allowed"] or (row["bad"] == row["allowed"] and row["running"]):
        return _gone_words(row, lang)
    if not row["running"]:
        left = whole_number(floor(row["left"] + _NEAR), lang)
        return f"осталось {left}" if lang == RUSSIAN else f"{left} left"
    if isnan(row["pace"]):
        return ""
    if row["gone"] is None:
        return _lasting_words(row, lang)
    gone = _on_day(row, row["gone"], lang)
    said = f"при таком темпе кончится {gone}" if lang == RUSSIAN else f"at this pace gone {gone}"
    return f"{said} ({_between_words(row, lang)})"


def _gone_words(row: Row, lang: str) -> str:
    """That no more may be bad, or too many are, and since when."""
    over = whole_number(max(row["bad"] - floor(row["allowed"] + _NEAR), 1), lang)
    said = f"{over} сверх допустимого" if lang == RUSSIAN else f"{over} too many"
    if row["bad"] == row["allowed"]:
        said = "не осталось ничего" if lang == RUSSIAN else "none left"
    if row["gone"] is None:
        return said
    gone = _on_day(row, row["gone"], lang)
    return f"{said}, кончилось {gone}" if lang == RUSSIAN else f"{said}, gone {gone}"


def _lasting_words(row: Row, lang: str) -> str:
    """That the budget lasts at this pace, and from which day on it may be gone all the same."""
    about = whole_number(round(row["expected"]), lang)
    said = (
        f"при таком темпе хватит до конца (около {about} к концу"
        if lang == RUSSIAN
        else f"at this pace it lasts (about {about} by the end"
    )
    if row["gone_low"] is None:
        return f"{said})"
    low = _on_day(row, row["gone_low"], lang)
    return f"{said}; 95 %: может кончиться уже {low})" if lang == RUSSIAN else f"{said}; 95 %: it may be gone {low})"


def _between_words(row: Row, lang: str) -> str:
    """Between which days the budget is gone, by the 95 % interval."""
    low = _day(row, row["gone_low"], lang)
    if row["gone_high"] is None:
        return f"95 %: не раньше {low}, или хватит" if lang == RUSSIAN else f"95 %: {low} at the earliest, or it lasts"
    high = _day(row, row["gone_high"], lang)
    if low == high:
        return f"95 %: {low}"
    return f"95 %: {low} … {high}" if lang == RUSSIAN else f"95 %: {low} to {high}"


def _on_day(row: Row, day: str, lang: str) -> str:
    return _day(row, day, lang) if lang == RUSSIAN else f"on {_day(row, day, lang)}"


def _day(row: Row, day: str, lang: str) -> str:
    """A day; without its month where the period is one."""
    kind, _ = clocks.period_number(row["period"]) or ("", 0)
    return day_words(dt.date.fromisoformat(day), lang, month=kind != "month")


def _pending_words(row: Row, lang: str) -> str:
    """How many can still turn bad."""
    if not row["pending"]:
        return ""
    many = whole_number(row["pending"], lang)
    return f"; ещё не оценено: {many}" if lang == RUSSIAN else f"; {many} pending"


def begins_note(title: str, day: str, lang: str) -> str:
    """A note that a log begins within the period; `title` is that of the process."""
    date = day_words(dt.date.fromisoformat(day), lang, month=True)
    if lang == RUSSIAN:
        return f"{title}: журнал полон с {date}, бюджет посчитан по тому, что в нём есть"
    return f"{title}: the log is complete from {date} on, and the budget is that of what it holds"


def at_ends_note(title: str, lang: str) -> str:
    """A note that a criterion is counted at periods' ends, so that its days do not add up."""
    if lang == RUSSIAN:
        return f"{title}: считается на конец периода, дни не складываются; бюджет есть у карты по месяцам"
    return f"{title}: it is counted at a period's end, and days do not add up; a card by month has its budget"
