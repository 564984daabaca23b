"""Numbers, shares, lengths of time and dates in the language of the reader, as sentences of decisions write them.

In: values, and one of `LANGUAGES`. Out: plain text, not escaped for any format. Shares and points are rounded by
`wording.shares` alone; here they get the decimal sign and the words of the language.
"""

from __future__ import annotations

import math
import re
from functools import cache, lru_cache
from typing import TYPE_CHECKING, Final

from babel.dates import format_date
from babel.numbers import get_decimal_symbol

from svclight.definition.for_authors import LANGUAGES
from svclight.errors import SvclightError, unknown_name
from svclight.values import clocks
from svclight.wording.catalogue import decimal_as_written, say, say_counted, say_of, to_say_of
from svclight.wording.shares import NO_DATA, percent_number, points_number, share_text

if TYPE_CHECKING:
    import datetime as dt
    from collections.abc import Iterable
    from fractions import Fraction

    from svclight.processes import Definitions

_UNITS: Final = (
    to_say_of("unit of time", "d"),
    to_say_of("unit of time", "h"),
    to_say_of("unit of time", "min"),
    to_say_of("unit of time", "s"),
)
_PATTERNS: Final = {
    "month": to_say_of("pattern of dates", "LLL y"),
    "quarter": to_say_of("pattern of dates", "QQQ y"),
    "day": to_say_of("pattern of dates", "d MMM y"),
}
"""As Unicode has them (UTS 35)."""
_KINDS: Final = (
    to_say_of("kind of period", "day"),
    to_say_of("kind of period", "week"),
    to_say_of("kind of period", "month"),
    to_say_of("kind of period", "quarter"),
    to_say_of("kind of period", "year"),
)
_SEVERAL: Final = {
    "day": to_say_of("several of them", "days"),
    "week": to_say_of("several of them", "weeks"),
    "month": to_say_of("several of them", "months"),
    "quarter": to_say_of("several of them", "quarters"),
    "year": to_say_of("several of them", "years"),
}
_ENDS: Final = {
    "day": to_say_of("end of each", "day's end"),
    "week": to_say_of("end of each", "week's end"),
    "month": to_say_of("end of each", "month's end"),
    "quarter": to_say_of("end of each", "quarter's end"),
    "year": to_say_of("end of each", "year's end"),
}
_LENGTHS: Final = (86_400, 3_600, 60, 1)
_MINUS: Final = re.compile(r"(?<![\w.])-(?=[0-9])")


def check_language(lang: str) -> None:
    """Checks the language that a call names.

    Raises:
        SvclightError: Nothing is written in it.
    """
    if lang not in LANGUAGES:
        raise SvclightError(unknown_name("unknown language", lang, LANGUAGES))


def language_of(lang: str | None, definitions: Definitions) -> str:
    """The language that a call asks for, else that of its definitions.

    Raises:
        SvclightError: Nothing is written in it.
    """
    if lang is None:
        return definitions.language
    check_language(lang)
    return lang


def periods_counted(count: int, kind: str, lang: str) -> str:
    """So many periods of a kind.

    Examples:
        >>> from svclight.wording.languages import periods_counted
        >>> periods_counted(1, "month", "en"), periods_counted(22, "month", "ru"), periods_counted(5, "year", "ru")
        ('1 month', '22 месяца', '5 лет')
    """
    match kind:
        case "day":
            return say_counted("{count} day", "{count} days", count, lang)
        case "week":
            return say_counted("{count} week", "{count} weeks", count, lang)
        case "month":
            return say_counted("{count} month", "{count} months", count, lang)
        case "quarter":
            return say_counted("{count} quarter", "{count} quarters", count, lang)
    return say_counted("{count} year", "{count} years", count, lang)


def older_periods_counted(count: int, kind: str, lang: str) -> str:
    """That so many older periods are not shown."""
    match kind:
        case "day":
            return say_counted("{count} older day is not shown", "{count} older days are not shown", count, lang)
        case "week":
            return say_counted("{count} older week is not shown", "{count} older weeks are not shown", count, lang)
        case "month":
            return say_counted("{count} older month is not shown", "{count} older months are not shown", count, lang)
        case "quarter":
            return say_counted(
                "{count} older quarter is not shown", "{count} older quarters are not shown", count, lang
            )
    return say_counted("{count} older year is not shown", "{count} older years are not shown", count, lang)


def period_kind(kind: str, lang: str) -> str:
    """The name of a kind of period: `month`, `месяц`."""
    return say_of("kind of period", kind, lang)


def periods_named(kind: str, lang: str) -> str:
    """The periods of a kind, as a head of a table names them: `months`, `месяцы`."""
    return say_of("several of them", _SEVERAL[kind], lang)


def period_end_named(kind: str, lang: str) -> str:
    """The end of a period of a kind, after `at each`: `month's end`, `месяца`."""
    return say_of("end of each", _ENDS[kind], lang)


def decimal_sign(text: str, lang: str) -> str:
    """A text of numbers with the decimal sign of the language, `81,1 %`, and the minus sign of typesetting."""
    return _MINUS.sub("\N{MINUS SIGN}", text).replace(".", _decimal_symbol(lang))


@cache  # a page asks some ten thousand times, and Babel parses the name of the language each time
def _decimal_symbol(lang: str) -> str:
    return get_decimal_symbol(lang)


def whole_number(count: float, lang: str) -> str:
    """A whole number with the sign between thousands of the language: `12,345`, `12 345`."""
    return decimal_as_written(round(count), lang)


def money_text(amount: float, currency: str, lang: str) -> str:
    """An amount of money with two decimals, from 1,000 on without any, and its currency."""
    pattern = "#,##0.00" if abs(amount) < 1_000 else "#,##0"  # noqa: PLR2004 - no cents beside thousands
    return f"{decimal_as_written(amount, lang, pattern)} {currency}".rstrip()


def share_words(share: Fraction | float, lang: str, ends: Iterable[Fraction] = ()) -> str:
    """A share as percent, `81.1 %`, `81,1 %`; `ends` are those of its targets, in percent."""
    text = share_text(share, ends)
    return say("no data", lang) if text == NO_DATA else decimal_sign(text, lang)


def interval_words(low: float, high: float, lang: str, ends: Iterable[Fraction] = ()) -> str:
    """The interval of a share, `79.1 to 82.9 %`."""
    ends = tuple(ends)
    return f"{_range_words(percent_number(low, ends), percent_number(high, ends), lang)} %"


def points_words(difference: Fraction | float, lang: str) -> str:
    """A difference of shares in percentage points, `+2.9 points`, `+2,9 п. п.`."""
    number = decimal_sign(points_number(difference), lang).replace("-", "−")
    return say("{number} points", lang, number=number)


def points_interval_words(low: float, high: float, lang: str) -> str:
    """The interval of a difference of shares, `+1.2 to +4.6`."""
    return _range_words(points_number(low), points_number(high), lang)


def _range_words(low: str, high: str, lang: str) -> str:
    return decimal_sign(say("{low} to {high}", lang, low=low, high=high), lang)


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
    for length, unit in list(zip(_LENGTHS, _UNITS, strict=True))[0 if days else 1 :]:
        many, left = divmod(left, length)
        parts.append((many, say_of("unit of time", unit, lang)))
    first = next((place for place, (many, _) in enumerate(parts) if many), len(parts) - 1)
    return " ".join(f"{many} {unit}" for at, (many, unit) in enumerate(parts[first : first + 2]) if many or not at)


@lru_cache(maxsize=4096)  # a page names each period many times, and Babel parses the pattern each time
def period_words(period: str, lang: str) -> str:
    """A period as people name it.

    Examples:
        >>> from svclight.wording.languages import period_words
        >>> [period_words(period, "en") for period in ("2025-12", "2025-Q4", "2025-W09", "2025-12-14", "2025")]
        ['Dec 2025', 'Q4 2025', 'week 9 of 2025', '14 Dec 2025', '2025']
        >>> period_words("2025-12", "ru")
        'дек. 2025'
    """
    kind, number = clocks.period_number(period) or ("", 0)
    if kind == "week":
        year, week = period.split("-W")
        return say("week {week} of {year}", lang, week=int(week), year=year)
    if kind not in _PATTERNS:
        return period
    begin = clocks.period_start(number, kind)
    return format_date(begin, say_of("pattern of dates", _PATTERNS[kind], lang), locale=lang)


def span_words(first: str, last: str, lang: str) -> str:
    """The first and the last of several periods: one alone where they are the same."""
    begin, end = period_words(first, lang), period_words(last, lang)
    return begin if first == last else f"{begin}\N{EN DASH}{end}"


def date_words(day: dt.date, lang: str) -> str:
    """A date as people write it: `15 Jun 2026`, `15.06.2026`."""
    return format_date(day, say_of("pattern of dates", _PATTERNS["day"], lang), locale=lang)
