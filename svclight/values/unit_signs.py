"""Units, currency signs and percent signs as they stand beside numbers in cells: the signs that mean a unit.

In: the unit that a field declares. Out: the signs that a cell may bear for it. A sign of another unit is none: a cell
that bears it is not read, for nothing is converted in silence.
"""
# ruff: noqa: RUF001 - signs of other alphabets are meant

from __future__ import annotations

import re
from functools import cache
from typing import Final

SPELLINGS: Final = {
    "ms": ("ms", "msec", "msecs", "millisecond", "milliseconds", "мс"),
    "s": ("s", "sec", "secs", "second", "seconds", "с", "сек", "секунда", "секунды", "секунд"),
    "min": ("m", "min", "mins", "minute", "minutes", "м", "мин", "минута", "минуты", "минут"),
    "h": ("h", "hr", "hrs", "hour", "hours", "ч", "час", "часа", "часов"),
    "d": ("d", "day", "days", "д", "дн", "день", "дня", "дней"),
    "wk": ("w", "wk", "wks", "week", "weeks", "нед", "неделя", "недели", "недель"),
}
"""How units of time are written in cells, in any case and with a point behind."""
_DOLLARS: Final = ("AUD", "CAD", "HKD", "MXN", "NZD", "SGD", "USD")
_CURRENCIES: Final = {
    "BRL": ("R$",), "CHF": ("Fr.", "SFr."), "CNY": ("¥", "元"), "CZK": ("Kč",), "DKK": ("kr", "kr."), "EUR": ("€",),
    "GBP": ("£",), "ILS": ("₪",), "INR": ("₹",), "JPY": ("¥", "円"), "KRW": ("₩",), "KZT": ("₸",), "NOK": ("kr", "kr."),
    "PLN": ("zł",), "RUB": ("₽", "руб", "руб.", "р."), "SEK": ("kr", "kr."), "TRY": ("₺",), "UAH": ("₴", "грн", "грн."),
    **dict.fromkeys(_DOLLARS, ("$",)),
}  # fmt: skip


@cache
def signs_of(unit: str) -> frozenset[str]:
    """The signs that may stand beside a number counted in a unit, in lower case; none without a unit."""
    if not unit or unit == "share":  # a fraction of 1 has no sign: a percent sign beside it would mean another number
        return frozenset()
    points = (f"{sign}." for sign in SPELLINGS.get(unit, ()))
    codes = {code for code, signs in _CURRENCIES.items() if unit in signs}
    signs = (unit, *SPELLINGS.get(unit, ()), *points, *_CURRENCIES.get(unit, ()), *codes)
    return frozenset(sign.casefold() for sign in signs)


_BEHIND: Final = re.compile(r"(?P<number>.*[\d.,])\s*(?P<sign>[^\d\s][^\d]*)", re.DOTALL)
_BEFORE: Final = re.compile(r"(?P<minus>[+-]?)\s*(?P<sign>[^\d\s+-][^\d\s+-]*)\s*(?P<number>[+-]?[\d.,].*)", re.DOTALL)


def without_sign(word: str, unit: str) -> str:
    """The number in a cell that bears the unit's sign before or behind it: `$5`, `-5 €`, `72.2%`, `45 s`.

    The word itself where it bears no sign of the unit.
    """
    signs = signs_of(unit)
    if not signs:
        return word
    behind, before = _BEHIND.fullmatch(word), _BEFORE.fullmatch(word)
    if behind and behind["sign"].strip().casefold() in signs:
        return behind["number"].strip()
    if before and before["sign"].casefold() in signs and unit not in SPELLINGS:
        return before["minus"] + before["number"]
    return word
