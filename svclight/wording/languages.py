"""Numbers, shares, lengths of time and dates in the language of the reader, as sentences of decisions write them.

In: values, and one of `LANGUAGES`. Out: plain text, not escaped for any format. Shares and points are rounded by
`wording.shares` alone; here they get the decimal sign and the words of the language.
"""
# ruff: noqa: RUF001 - texts in Russian

from __future__ import annotations

import math
from typing import TYPE_CHECKING, Final

from svclight.definition.for_authors import LANGUAGES
from svclight.errors import SvclightError, unknown_name
from svclight.values import clocks
from svclight.wording.shares import points_interval, points_number, share_text

if TYPE_CHECKING:
    from fractions import Fraction

RUSSIAN: Final = "ru"
MONTHS: Final = {
    "en": ("Jan", "Feb", "Mar", "Apr", "May", "Jun", "Jul", "Aug", "Sep", "Oct", "Nov", "Dec"),
    "ru": ("янв.", "февр.", "март", "апр.", "май", "июнь", "июль", "авг.", "сент.", "окт.", "нояб.", "дек."),
}
_UNITS: Final = {"en": ("d", "h", "min", "s"), "ru": ("д", "ч", "мин", "с")}
_LENGTHS: Final = (86_400, 3_600, 60, 1)
_FEW: Final = range(2, 5)
_TEENS: Final = range(11, 15)


def check_language(lang: str) -> None:
    """Checks the language that a call names.

    Raises:
        SvclightError: Nothing is written in it.
    """
    if lang not in LANGUAGES:
        raise SvclightError(unknown_name("unknown language", lang, LANGUAGES))


def counted(count: int, forms: tuple[str, ...], lang: str) -> str:
    """A count with its noun: two forms in English, three in Russian (1, 2 to 4, 5 and more).

    Examples:
        >>> from svclight.wording.languages import counted
        >>> counted(1, ("month", "months"), "en"), counted(22, ("месяц", "месяца", "месяцев"), "ru")
        ('1 month', '22 месяца')
    """
    return f"{whole_number(count, lang)} {forms[_form(count, lang)]}"


def _form(count: int, lang: str) -> int:
    if lang != RUSSIAN:
        return int(count != 1)
    last = count % 10
    if count % 100 in _TEENS:
        return 2
    return 0 if last == 1 else 1 if last in _FEW else 2


def decimal_sign(text: str, lang: str) -> str:
    """A text of numbers with the decimal sign of the language: `81.1 %`, `81,1 %`."""
    return text.replace(".", ",") if lang == RUSSIAN else text


def whole_number(count: float, lang: str) -> str:
    """A whole number with the sign between thousands of the language: `12,345`, `12 345`."""
    text = f"{count:,.0f}"
    return text.replace(",", "\N{NO-BREAK SPACE}") if lang == RUSSIAN else text


def money_text(amount: float, currency: str, lang: str) -> str:
    """An amount of money with two decimals, from 1,000 on without any, and its currency."""
    text = f"{amount:,.2f}" if abs(amount) < 1_000 else f"{amount:,.0f}"  # noqa: PLR2004 - no cents beside thousands
    if lang == RUSSIAN:
        text = text.replace(",", "\N{NO-BREAK SPACE}").replace(".", ",")
    return f"{text} {currency}".rstrip()


def share_words(share: Fraction | float, lang: str) -> str:
    """A share as percent, `81.1 %`, `81,1 %`."""
    text = share_text(share)
    return text.replace(".", ",").replace("no data", "нет данных") if lang == RUSSIAN else text


def interval_words(low: float, high: float, lang: str) -> str:
    """The interval of a share, `79.1 to 82.9 %`."""
    first, second = (share_text(end).removesuffix(" %") for end in (low, high))
    text = f"{first} to {second} %"
    return text.replace(".", ",").replace(" to ", " … ") if lang == RUSSIAN else text


def points_words(difference: Fraction | float, lang: str) -> str:
    """A difference of shares in percentage points, `+2.9 points`, `+2,9 п. п.`."""
    number = points_number(difference)
    return f"{number.replace('.', ',')} п.\N{NO-BREAK SPACE}п." if lang == RUSSIAN else f"{number} points"


def points_interval_words(low: float, high: float, lang: str) -> str:
    """The interval of a difference of shares, `+1.2 to +4.6`."""
    text = points_interval(low, high)
    return text.replace(".", ",").replace(" to ", " … ") if lang == RUSSIAN else text


def time_left_text(seconds: float, lang: str = "en", *, days: bool = True) -> str:
    """A length of time in its two largest units, rounded down: no more time is promised than there is.

    Args:
        seconds: The time; infinite where it never ends.
        lang: The language.
        days: Whether 24 hours are a day; of working time they are not.

    Examples:
        >>> from svclight.wording.languages import time_left_text
        >>> time_left_text(7_859.9), time_left_text(93_600), time_left_text(93_600, "ru", days=False)
        ('2 h 10 min', '1 d 2 h', '26 ч')
    """
    if not math.isfinite(seconds):
        return "?"
    left, parts = int(seconds), []
    pairs = list(zip(_LENGTHS, _UNITS[lang], strict=True))[0 if days else 1 :]
    for length, unit in pairs:
        many, left = divmod(left, length)
        parts.append((many, unit))
    first = next((place for place, (many, _) in enumerate(parts) if many), len(parts) - 1)
    return " ".join(f"{many} {unit}" for at, (many, unit) in enumerate(parts[first : first + 2]) if many or not at)


def period_words(period: str, lang: str) -> str:
    """A period as people name it: `2025-12` is Dec 2025; other kinds of period stand as they are."""
    found = clocks.period_number(period)
    if found is None or found[0] != "month":
        return period
    begin = clocks.period_start(found[1], "month")
    return f"{MONTHS[lang][begin.month - 1]} {begin.year}"


def date_words(year: int, month: int, day: int, lang: str) -> str:
    """A date as people write it: `15 Jun 2026`, `15.06.2026`."""
    return f"{day:02}.{month:02}.{year}" if lang == RUSSIAN else f"{day} {MONTHS['en'][month - 1]} {year}"
