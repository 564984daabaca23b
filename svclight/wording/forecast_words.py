"""A forecast in words of English and Russian.

In: the numbers of a forecast (rows of `Forecasts.table`), a title. Out: sentences and notes.
"""
# ruff: noqa: RUF001 - texts in Russian

from __future__ import annotations

from fractions import Fraction
from math import isnan
from typing import TYPE_CHECKING, Any, Final

from svclight.wording.languages import RUSSIAN, counted, decimal_sign, period_words, whole_number
from svclight.wording.outlook_words import percent_words
from svclight.wording.shares import percent_number, share_text

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from svclight.wording.shares import Ends

    Row = Mapping[str, Any]

_ZONES: Final = {
    "en": {"green": "green", "yellow": "yellow", "red": "red"},
    "ru": {"green": "зелёных", "yellow": "жёлтых", "red": "красных"},
}
_MONTHS: Final = {
    "en": ("whole period", "whole periods"),
    "ru": ("полный период", "полных периода", "полных периодов"),
}
_LEAST: Final = 0.001
"""A chance is never said to be none or certain: nearer to them it stands as `< 1 %`, `> 99 %`."""


def forecast_sentence(rows: Sequence[Row], title: str, ends: Ends, lang: str) -> str:
    """Where the periods to come will end; `ends` are those of the target, from which shares are told."""
    target = f" {_signs(rows[0]['target'])}" if rows[0]["target"] else ""
    season = ""
    if rows[0]["season"]:
        season = "; времена года учтены" if lang == RUSSIAN else "; the season is part of it"
    parts = "; ".join(_period_part(row, ends, lang) for row in rows)
    return f"{title}, {_ZONES[lang][rows[0]['zone']]}{target}: {parts}{season}."


def _period_part(row: Row, ends: Ends, lang: str) -> str:
    """One period: the share at its end, the band, the chance."""
    share = decimal_sign(share_text(row["forecast"], ends), lang)
    low, high = (decimal_sign(percent_number(row[end], ends), lang) for end in ("low", "high"))
    period = period_words(row["period"], lang)
    band = f"90 %: {low} … {high} %" if lang == RUSSIAN else f"90 %: {low} to {high} %"
    chance = ""
    if not isnan(row["chance"]):
        odds = percent_words(Fraction(f"{min(max(row['chance'], _LEAST), 1 - _LEAST):.6f}"), lang)
        chance = (
            f"; цель будет выполнена с вероятностью {odds}" if lang == RUSSIAN else f"; met with a chance of {odds}"
        )
    if lang == RUSSIAN:
        verb = "закончится на уровне около" if row["running"] else "около"
    else:
        verb = "will end at about" if row["running"] else "about"
    return f"{period} {verb} {share} ({band}{chance})"


def backtest_note(sums: Sequence[tuple[int, int, int]], lang: str) -> str:
    """How many earlier periods ended within their bands: how far ahead, how many forecasts, how many inside."""
    parts = []
    for ahead, made, inside in sums:
        held, of, part = (
            whole_number(inside, lang),
            whole_number(made, lang),
            percent_words(Fraction(inside, made), lang),
        )
        if lang == RUSSIAN:
            parts.append(f"{f'на {ahead} вперёд' if ahead else 'с середины'} {held} из {of} ({part})")
        else:
            parts.append(f"{f'{ahead} ahead' if ahead else 'from its middle'} {held} of {of} ({part})")
    said = ", ".join(parts)
    if lang == RUSSIAN:
        return f"проверка на прошлом: столько прежних периодов закончились в полосе, рассчитанной на 90 %: {said}"
    return f"backtest: so many earlier periods ended within a band that is meant to hold 90 %: {said}"


def too_few_note(title: str, months: int, fewest: int, lang: str) -> str:
    """That there are too few periods to forecast."""
    many = counted(months, _MONTHS[lang], lang)
    if lang == RUSSIAN:
        return f"{title}: {many}, для прогноза нужно {fewest}"
    return f"{title}: {many}, {fewest} are needed for a forecast"


def at_ends_note(title: str, lang: str) -> str:
    """A note that a criterion is counted at periods' ends, so that its days do not add up."""
    if lang == RUSSIAN:
        return f"{title}: считается на конец периода, дни не складываются; прогноз даёт карта по месяцам"
    return f"{title}: it is counted at a period's end, and days do not add up; a card by month gives a forecast"


def _signs(target: str) -> str:
    return target.replace(">=", "≥").replace("<=", "≤")
