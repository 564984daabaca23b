"""How many interactions it takes, in words.

In: shares, 0 to 1, whole numbers, the code of a language. Out: a sentence.
"""

from __future__ import annotations

from fractions import Fraction
from typing import Final

from svclight.wording.catalogue import say, say_counted
from svclight.wording.languages import whole_number
from svclight.wording.outlook_words import percent_words

_SHOWN_DIGITS: Final = 2


def difference_sentence(first: float, second: float, needed: int, odds: tuple[float, float], lang: str) -> str:
    """How many rated on each side show a difference; `odds` are power and level."""
    one, other = _told_apart(first, second, lang)
    return say_counted(
        "To see a difference between {one} and {other} takes {count} rated interaction on each side ({odds}).",
        "To see a difference between {one} and {other} takes {count} rated interactions on each side ({odds}).",
        needed,
        lang,
        one=one,
        other=other,
        odds=_odds_text(odds, lang),
    )


def target_sentence(share: float, target: float, needed: int, odds: tuple[float, float], lang: str) -> str:
    """How many rated tell a share from a target; `odds` are power and level."""
    one, other = _told_apart(share, target, lang)
    return say_counted(
        "To tell {one} from a target of {other} takes {count} rated interaction ({odds}).",
        "To tell {one} from a target of {other} takes {count} rated interactions ({odds}).",
        needed,
        lang,
        one=one,
        other=other,
        odds=_odds_text(odds, lang),
    )


def about_text(needed: int, lang: str = "en") -> str:
    """How many would tell, as a note beside a verdict: two digits of the number, rounded up: it is no more exact."""
    step = 10 ** max(len(str(needed)) - _SHOWN_DIGITS, 0)
    return say("about {count} rated would tell", lang, count=whole_number(-(-needed // step) * step, lang))


def _told_apart(first: float, second: float, lang: str) -> tuple[str, str]:
    """Two shares with as many decimals as tell them from each other."""
    one, other = (Fraction(f"{share:.12f}") for share in (first, second))
    return percent_words(one, lang, [100 * other]), percent_words(other, lang, [100 * one])


def _odds_text(odds: tuple[float, float], lang: str) -> str:
    power, level = (percent_words(one, lang) for one in odds)
    return say("seen with a chance of {power}, at a level of {level}", lang, power=power, level=level)
