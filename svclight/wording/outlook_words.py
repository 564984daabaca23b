"""What sentences about numbers to come need of a language: percentages without decimals, days of a month.

In: shares, days (ISO), the code of a language (`en`, `ru`). Out: plain text.
"""
# ruff: noqa: RUF002 - examples in Russian

from __future__ import annotations

from fractions import Fraction
from typing import TYPE_CHECKING, Final

from babel.dates import format_date

from svclight.wording.catalogue import say, say_of, to_say, to_say_of
from svclight.wording.languages import decimal_sign
from svclight.wording.shares import number_text

if TYPE_CHECKING:
    import datetime as dt
    from collections.abc import Iterable

_ENDINGS: Final = {1: to_say("{number}st"), 2: to_say("{number}nd"), 3: to_say("{number}rd")}
_USUAL_ENDING: Final = to_say("{number}th")
_DAY_AND_MONTH: Final = to_say_of("pattern of dates", "d MMM")


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
    if month:
        return format_date(day, say_of("pattern of dates", _DAY_AND_MONTH, lang), locale=lang)
    return say("the {ordinal}", lang, ordinal=ordinal(day.day, lang))


def ordinal(number: int, lang: str) -> str:
    """An ordinal number as dates have it: `1st`, `12th`, `23rd`; in Russian `23-го`."""
    teens = 10 < number % 100 < 20  # noqa: PLR2004 - eleventh to nineteenth
    ending = _USUAL_ENDING if teens else _ENDINGS.get(number % 10, _USUAL_ENDING)
    return say(ending, lang, number=number)
