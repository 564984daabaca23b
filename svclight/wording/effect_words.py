"""What came after an action in words: what was done, the shares before and after, the promise, the verdict.

In: rows of `decisions.effect`. Out: text in a language, not escaped for any format.
"""

from __future__ import annotations

import datetime as dt
import math
from typing import TYPE_CHECKING, Any, Final

from svclight.wording.catalogue import say, say_of, to_say, to_say_of
from svclight.wording.languages import (
    date_words,
    periods_counted,
    periods_named,
    points_interval_words,
    points_words,
    share_words,
    span_words,
    whole_number,
)
from svclight.wording.result_words import upper_first
from svclight.wording.zone_words import zone_members

if TYPE_CHECKING:
    from collections.abc import Mapping

AS_PROMISED: Final = to_say("as promised")
LESS: Final = to_say("less than promised")
CANNOT_TELL: Final = to_say("cannot tell")
NO_PROMISE: Final = to_say("nothing was promised")
_ONE: Final = (
    to_say_of("for one of them", "day"),
    to_say_of("for one of them", "week"),
    to_say_of("for one of them", "month"),
    to_say_of("for one of them", "quarter"),
    to_say_of("for one of them", "year"),
)
_NONE: Final = (
    to_say_of("none of them", "day"),
    to_say_of("none of them", "week"),
    to_say_of("none of them", "month"),
    to_say_of("none of them", "quarter"),
    to_say_of("none of them", "year"),
)


def effect_sentence(row: Mapping[str, Any], title: str, kind: str, lang: str, *, fewest: int) -> str:
    """What came after an action: the verdict first, then the shares, then why it cannot be told where it cannot.

    Args:
        row: A row of the table.
        title: The criterion in words.
        kind: The kind of period.
        lang: The language.
        fewest: So many periods before are needed.
    """
    when = date_words(dt.date.fromisoformat(row["at"]), lang)
    known = ", ".join(filter(None, (when, row["owner"], row["ticket"])))
    head = f"{title}. {row['what']} ({known}): {say(row['verdict'], lang)}."
    return " ".join(filter(None, (head, _shares_text(row, kind, lang), _reason_text(row, kind, lang, fewest))))


def _shares_text(row: Mapping[str, Any], kind: str, lang: str) -> str:
    """The shares before and after, their difference, and the promise; nothing where one side has no period."""
    if not row["periods_before"] or not row["periods_after"]:
        return ""
    before, after = (_side_text(row, side, kind, lang) for side in ("before", "after"))
    change = points_words(row["difference"], lang)
    if not math.isnan(row["low"]):
        change += f", 95 %: {points_interval_words(row['low'], row['high'], lang)}"
    if not math.isnan(row["expected"]):
        change = say("{change}; promised {points}", lang, change=change, points=points_words(row["expected"], lang))
    zone = upper_first(zone_members(row["zone"], lang))
    return f"{zone} {before} → {after}: {change.removesuffix('.')}."


def _side_text(row: Mapping[str, Any], side: str, kind: str, lang: str) -> str:
    """The share of the periods before or after, of how many, and which periods they are."""
    first, _, last = row[side].partition(" to ")
    return say(
        "{share} of {rated} ({periods}: {span})",
        lang,
        share=share_words(row[f"share_{side}"], lang),
        rated=whole_number(row[f"rated_{side}"], lang),
        periods=periods_counted(row[f"periods_{side}"], kind, lang),
        span=span_words(first, last or first, lang),
    )


def _reason_text(row: Mapping[str, Any], kind: str, lang: str, fewest: int) -> str:
    """Why it cannot be told, or what a shortfall means; nothing where the verdict says it all."""
    if not row["periods_after"]:
        kind = say_of("none of them", kind, lang)
        return say("No {kind} after it is whole, mature and large enough.", lang, kind=kind)
    if row["periods_before"] < fewest:
        many = periods_counted(row["periods_before"], kind, lang)
        return say(
            "Known before it: {periods}; to know how much they vary by themselves, at least {fewest} are needed.",
            lang,
            periods=many,
            fewest=fewest,
        )
    holds_zero = row["low"] <= 0 <= row["high"]
    if row["verdict"] == CANNOT_TELL and holds_zero:
        return say("The interval holds both what was promised and 0.", lang)
    if row["verdict"] == CANNOT_TELL:
        trend, each = points_words(row["trend"], lang), say_of("for one of them", kind, lang)
        return say("The share moved that way before it already: {trend} a {kind}.", lang, trend=trend, kind=each)
    return say("No change can be seen at all.", lang) if row["verdict"] == LESS and holds_zero else ""


def effect_notes(kind: str, lang: str) -> tuple[str, ...]:
    """What holds for all sentences."""
    return (
        say(
            "Intervals know how much the {periods} before vary by themselves. What came after an action need not have "
            "come of it: other things may have changed, too.",
            lang,
            periods=periods_named(kind, lang),
        ),
    )
