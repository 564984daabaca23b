"""What came after an action in words: what was done, the shares before and after, the promise, the verdict.

In: rows of `decisions.effect`. Out: text in a language, not escaped for any format.
"""

from __future__ import annotations

import datetime as dt
import math
from typing import TYPE_CHECKING, Any, Final

from svclight.wording.languages import (
    RUSSIAN,
    counted,
    date_words,
    period_words,
    points_interval_words,
    points_words,
    share_words,
    whole_number,
)

if TYPE_CHECKING:
    from collections.abc import Mapping

AS_PROMISED: Final = "as promised"
LESS: Final = "less than promised"
CANNOT_TELL: Final = "cannot tell"
NO_PROMISE: Final = "nothing was promised"
_IN_RUSSIAN: Final = {
    AS_PROMISED: "как обещано",
    LESS: "меньше, чем обещано",
    CANNOT_TELL: "сказать нельзя",
    NO_PROMISE: "ничего не было обещано",
}
_ZONES: Final = {"green": ("Green", "Зелёных"), "yellow": ("Yellow", "Жёлтых"), "red": ("Red", "Красных")}
_KINDS: Final = {
    "day": (("day", "days"), ("день", "дня", "дней")),
    "week": (("week", "weeks"), ("неделя", "недели", "недель")),
    "month": (("month", "months"), ("месяц", "месяца", "месяцев")),
    "quarter": (("quarter", "quarters"), ("квартал", "квартала", "кварталов")),
    "year": (("year", "years"), ("год", "года", "лет")),
}


def periods_counted(count: int, kind: str, lang: str) -> str:
    """So many periods: `6 months`, `6 месяцев`."""
    return counted(count, _KINDS[kind][lang == RUSSIAN], lang)


def effect_sentence(row: Mapping[str, Any], title: str, kind: str, lang: str, *, fewest: int) -> str:
    """What came after an action: the verdict first, then the shares, then why it cannot be told where it cannot.

    Args:
        row: A row of the table.
        title: The criterion in words.
        kind: The kind of period.
        lang: The language.
        fewest: So many periods before are needed.
    """
    russian = lang == RUSSIAN
    more = ", ".join(text for text in (row["owner"], row["ticket"]) if text)
    when = date_words(dt.date.fromisoformat(row["at"]), lang) + (f", {more}" if more else "")
    verdict = _IN_RUSSIAN[row["verdict"]] if russian else row["verdict"]
    head = f"{title}. {row['what']} ({when}): {verdict}."
    parts = [head, _shares_text(row, kind, lang), _reason_text(row, kind, lang, fewest)]
    return " ".join(part for part in parts if part)


def _shares_text(row: Mapping[str, Any], kind: str, lang: str) -> str:
    """The shares before and after, their difference, and the promise; nothing where one side has no period."""
    if not row["periods_before"] or not row["periods_after"]:
        return ""
    russian = lang == RUSSIAN
    sides = []
    for side in ("before", "after"):
        many = periods_counted(row[f"periods_{side}"], kind, lang)
        first, _, last = row[side].partition(" to ")
        span = period_words(first, lang) + (f"\N{EN DASH}{period_words(last, lang)}" if last else "")
        of = "из" if russian else "of"
        rated = whole_number(row[f"rated_{side}"], lang)
        sides.append(f"{share_words(row[f'share_{side}'], lang)} {of} {rated} ({many}: {span})")
    told = points_words(row["difference"], lang)
    if not math.isnan(row["low"]):
        told += f", 95 %: {points_interval_words(row['low'], row['high'], lang)}"
    if not math.isnan(row["expected"]):
        told += f"; {'обещано' if russian else 'promised'} {points_words(row['expected'], lang)}"
    return f"{_ZONES[row['zone']][russian]} {sides[0]} → {sides[1]}: {told.removesuffix('.')}."


_NO_AFTER, _FEW_BEFORE, _MOVED_BEFORE, _HOLDS_BOTH, _NOTHING_SEEN = range(5)
_REASONS: Final = {
    _NO_AFTER: ("No {kind} after it is whole, mature and large enough.", "Целых периодов после этого ещё нет."),
    _FEW_BEFORE: (
        "Known before it: {many}; to know how much they vary by themselves, at least {fewest} are needed.",
        "До этого известно: {many}; чтобы знать, насколько они колеблются сами, нужно не меньше {fewest}.",
    ),
    _MOVED_BEFORE: (
        "The share moved that way before it already: {trend} a {kind}.",
        "Доля и до этого менялась в ту же сторону: {trend} за период.",
    ),
    _HOLDS_BOTH: (
        "The interval holds both what was promised and 0.",
        "Интервал содержит и обещанное, и ноль.",
    ),
    _NOTHING_SEEN: ("No change can be seen at all.", "Изменения не видно вовсе."),
}


def _reason_text(row: Mapping[str, Any], kind: str, lang: str, fewest: int) -> str:
    """Why it cannot be told, or what a shortfall means; nothing where the verdict says it all."""
    reason = _reason_of(row, fewest)
    if reason is None:
        return ""
    many = periods_counted(row["periods_before"], kind, lang)
    trend = "" if math.isnan(row["trend"]) else points_words(row["trend"], lang)
    return _REASONS[reason][lang == RUSSIAN].format(kind=kind, many=many, fewest=fewest, trend=trend)


def _reason_of(row: Mapping[str, Any], fewest: int) -> int | None:
    if not row["periods_after"]:
        return _NO_AFTER
    if row["periods_before"] < fewest:
        return _FEW_BEFORE
    holds_zero = row["low"] <= 0 <= row["high"]
    if row["verdict"] == CANNOT_TELL:
        return _HOLDS_BOTH if holds_zero else _MOVED_BEFORE
    return _NOTHING_SEEN if row["verdict"] == LESS and holds_zero else None


def effect_notes(kind: str, lang: str) -> tuple[str, ...]:
    """What holds for all sentences."""
    if lang == RUSSIAN:
        said = "Интервал учитывает, насколько периоды до действия колеблются сами. Что было после, ещё не значит "
        return (f"{said}«из-за этого»: в то же время могло измениться и другое.",)
    said = f"Intervals know how much the {_KINDS[kind][0][1]} before vary by themselves."
    return (f"{said} What came after an action need not have come of it: other things may have changed, too.",)
