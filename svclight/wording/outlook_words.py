"""What sentences about numbers to come need of a language: percentages without decimals, days of a month.

In: shares, days (ISO), the code of a language (`en`, `ru`). Out: plain text.
"""
# ruff: noqa: RUF001, RUF002 - texts in Russian

from __future__ import annotations

from fractions import Fraction
from typing import TYPE_CHECKING, Final

from svclight.wording.languages import MONTHS, RUSSIAN, decimal_sign
from svclight.wording.shares import number_text

if TYPE_CHECKING:
    import datetime as dt
    from collections.abc import Iterable

_OF_MONTH: Final = (
    *("января", "февраля", "марта", "апреля", "мая", "июня"),
    *("июля", "августа", "сентября", "октября", "ноября", "декабря"),
)


def percent_words(share: Fraction | float, lang: str, ends: Iterable[Fraction] = ()) -> str:
    """A percentage without decimals, such as the part of a budget that is used or a chance: `75 %`.

    Args:
        share: 1 is 100 %; it may be more.
        lang: The language.
        ends: Limits in percent, from which it is told by as many decimals as that takes.

    Examples:
        >>> from fractions import Fraction
        >>> from svclight.wording.outlook_words import percent_words
        >>> percent_words(0.75, "en"), percent_words(Fraction(9996, 10000), "ru", [Fraction(100)])
        ('75 %', '> 99 %')
    """
    exact = Fraction(f"{share:.12f}") if isinstance(share, float) else share
    return decimal_sign(f"{number_text(100 * exact, ends, least=0)} %", lang)


def day_words(day: dt.date, lang: str, *, month: bool) -> str:
    """A day in a sentence: `the 24th` where its month is plain, else `24 Mar`; in Russian `24-го`, `24 марта`.

    Examples:
        >>> import datetime as dt
        >>> from svclight.wording.outlook_words import day_words
        >>> [day_words(dt.date(2026, 3, 23), lang, month=month) for lang in ("en", "ru") for month in (False, True)]
        ['the 23rd', '23 Mar', '23-го', '23 марта']
    """
    if lang == RUSSIAN:
        return f"{day.day} {_OF_MONTH[day.month - 1]}" if month else f"{day.day}-го"
    return f"{day.day} {MONTHS[lang][day.month - 1]}" if month else f"the {ordinal(day.day)}"


def ordinal(number: int) -> str:
    """An English ordinal number: `1st`, `12th`, `23rd`."""
    teens = 10 < number % 100 < 20  # noqa: PLR2004 - eleventh to nineteenth
    return f"{number}{'th' if teens else {1: 'st', 2: 'nd', 3: 'rd'}.get(number % 10, 'th')}"
