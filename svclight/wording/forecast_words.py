"""A forecast in words.

In: the numbers of a forecast (rows of `Forecasts.table`), a title, the code of a language. Out: sentences and notes.
"""

from __future__ import annotations

from fractions import Fraction
from math import isnan
from typing import TYPE_CHECKING, Any, Final

from svclight.thresholds import parse_interval
from svclight.wording.catalogue import say, say_counted
from svclight.wording.languages import decimal_sign, period_words, whole_number
from svclight.wording.limit_words import limit_text
from svclight.wording.outlook_words import percent_words
from svclight.wording.shares import percent_number, share_text
from svclight.wording.zone_words import zone_members

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from svclight.wording.shares import Ends

    Row = Mapping[str, Any]

_LEAST: Final = 0.001
"""A chance is never said to be none or certain: nearer to them it stands as `< 1 %`, `> 99 %`."""


def forecast_sentence(rows: Sequence[Row], title: str, ends: Ends, lang: str) -> str:
    """Where the periods to come will end; `ends` are those of the target, from which shares are told."""
    target = f" {limit_text(parse_interval(rows[0]['target']), lang)}" if rows[0]["target"] else ""
    parts = [_period_part(row, ends, lang) for row in rows]
    if rows[0]["season"]:
        parts.append(say("the season is part of it", lang))
    return f"{title}, {zone_members(rows[0]['zone'], lang)}{target}: {'; '.join(parts)}."


def _period_part(row: Row, ends: Ends, lang: str) -> str:
    """One period: the share at its end, the band, the chance."""
    values = {
        "period": period_words(row["period"], lang),
        "share": decimal_sign(share_text(row["forecast"], ends), lang),
        "band": _band_text(row, ends, lang),
    }
    if row["running"]:
        return say("{period} will end at about {share} ({band})", lang, **values)
    return say("{period} about {share} ({band})", lang, **values)


def _band_text(row: Row, ends: Ends, lang: str) -> str:
    """The 90 % band of the share, and the chance to meet the target."""
    low, high = (decimal_sign(percent_number(row[end], ends), lang) for end in ("low", "high"))
    band = say("90 %: {low} to {high} %", lang, low=low, high=high)
    if isnan(row["chance"]):
        return band
    odds = percent_words(Fraction(f"{min(max(row['chance'], _LEAST), 1 - _LEAST):.6f}"), lang)
    return say("{band}; met with a chance of {odds}", lang, band=band, odds=odds)


def backtest_note(sums: Sequence[tuple[int, int, int]], lang: str) -> str:
    """How many earlier periods ended within their bands: how far ahead, how many forecasts, how many inside."""
    parts = ", ".join(_backtest_part(*one, lang) for one in sums)
    return say(
        "backtest: so many earlier periods ended within a band that is meant to hold 90 %: {parts}", lang, parts=parts
    )


def _backtest_part(ahead: int, made: int, inside: int, lang: str) -> str:
    """How many of the forecasts so far ahead held."""
    values = {
        "held": whole_number(inside, lang),
        "all": whole_number(made, lang),
        "share": percent_words(Fraction(inside, made), lang),
    }
    if ahead:
        return say("{ahead} ahead {held} of {all} ({share})", lang, ahead=ahead, **values)
    return say("from its middle {held} of {all} ({share})", lang, **values)


def too_few_note(title: str, months: int, fewest: int, lang: str) -> str:
    """That there are too few periods to forecast."""
    return say_counted(
        "{title}: {count} whole period, {fewest} are needed for a forecast",
        "{title}: {count} whole periods, {fewest} are needed for a forecast",
        months,
        lang,
        title=title,
        fewest=fewest,
    )


def at_ends_note(title: str, lang: str) -> str:
    """A note that a criterion is counted at periods' ends, so that its days do not add up."""
    return say(
        "{title}: it is counted at a period's end, and days do not add up; a card by month gives a forecast",
        lang,
        title=title,
    )
