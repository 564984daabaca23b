"""A funnel in words: the conclusions that a manager may draw from it, and those that are none.

In: the groups of a criterion with their positions, the whole, a language. Out: a sentence, not escaped for any format.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, Final

import numpy as np

from svclight.card.card_tables import FEW
from svclight.statistics import funnel_limits
from svclight.wording.catalogue import say, say_counted, say_of, to_say, to_say_of
from svclight.wording.languages import decimal_sign, share_words, whole_number
from svclight.wording.zone_words import zone_members

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    import pandas as pd

    from svclight.wording.shares import Ends

INSIDE: Final = "inside"
NEAR: Final = to_say_of("position", "beyond 95 %")
FAR: Final = to_say_of("position", "beyond 99.8 %")
NO_LIMITS: Final = "no limits"
FLAGGED_FEW: Final = "few"
_ABOVE: Final = to_say("above: {names}")
_BELOW: Final = to_say("below: {names}")
_MOST_NAMED: Final = 8
_MANY: Final = 20
"""From so many groups on, one is expected beyond the 95 % limits by chance."""


def funnel_sentence(
    title: str, table: pd.DataFrame, segment: str, whole: Mapping[str, Any], ends: Ends, lang: str
) -> str:
    """A funnel in words; `whole` is the row of all groups together, `ends` are those of the targets of its share."""
    if not whole["rated"]:
        return say("{title}: no data.", lang, title=title)
    if not len(table):
        return say("{title}: no interaction has a {segment}.", lang, title=title, segment=segment)
    head = say(
        "{title}, {zone} {share} of {rated} in all",
        lang,
        title=title,
        zone=zone_members(whole["zone"], lang),
        share=share_words(whole["center"], lang, ends),
        rated=whole_number(whole["rated"], lang),
    )
    return f"{head}: {_conclusion(table, segment, lang)}"


def _conclusion(table: pd.DataFrame, segment: str, lang: str) -> str:
    """Which groups are beyond the limits, and what else there is to say of them."""
    judged = table[table["position"].isin([INSIDE, NEAR, FAR])]
    few = int((table["position"] == FLAGGED_FEW).sum())
    if not len(judged):
        return _why_none_judged(table, segment, few, lang)
    beyond = [_group_names(judged[judged["position"] == name], segment, name, lang) for name in (FAR, NEAR)]
    said = "; ".join(text for text in beyond if text) or say("nobody is beyond the limits", lang)
    parts = [f"{said}.", _dispersion_text(judged, lang)]
    if len(judged) >= _MANY:
        parts.append(
            say(
                "By chance alone about {count} of {groups} are beyond 95 %.",
                lang,
                count=whole_number(0.05 * len(judged), lang),
                groups=whole_number(len(judged), lang),
            )
        )
    if few:
        parts.append(
            say_counted(
                "{count} with under {fewest} rated is not judged.",
                "{count} with under {fewest} rated are not judged.",
                few,
                lang,
                fewest=FEW,
            )
        )
    return " ".join(part for part in parts if part)


def _why_none_judged(table: pd.DataFrame, segment: str, few: int, lang: str) -> str:
    """The reason why no group is held against the others."""
    if (table["position"] == NO_LIMITS).any():
        center = float(table["center"].iloc[0])
        if center in {0.0, 1.0}:
            return say("it is {share} everywhere, so nobody differs.", lang, share=share_words(center, lang))
        return say("there is no other {segment} to hold it against.", lang, segment=segment)
    if few:
        return say_counted(
            "none could be judged: {count} group of under {fewest} rated.",
            "none could be judged: {count} groups of under {fewest} rated.",
            few,
            lang,
            fewest=FEW,
        )
    return say("none could be judged: no {segment} has a rated interaction.", lang, segment=segment)


def widening(factor: Any, level: float, judged: int) -> Any:
    """How many times farther than chance the limits stand: the root of the factor, by Student's quantile."""
    return np.sqrt(factor) * funnel_limits.quantile_ratio(level, judged)


def _dispersion_text(judged: pd.DataFrame, lang: str) -> str:
    """By how much limits are widened, or that it is not known by how much groups differ by nature."""
    if len(judged) < funnel_limits.FEWEST_WIDENED:
        return say_counted(
            "{count} group does not tell by how much groups differ by nature: the limits are those of chance alone.",
            "{count} groups do not tell by how much groups differ by nature: the limits are those of chance alone.",
            len(judged),
            lang,
        )
    factor = float(judged["factor"].min())  # an outlier stands in the factor of all others, and not in its own
    if factor <= 1:
        return ""
    wider = decimal_sign(f"{widening(factor, funnel_limits.LEVELS[0], len(judged)):.2f}", lang)
    return say("As wide as groups differ from each other, the limits are {wider} times those of chance.", lang,
               wider=wider)  # fmt: skip


def _group_names(rows: pd.DataFrame, segment: str, position: str, lang: str) -> str:
    """The groups in a position in words, the first of them by name; empty without any."""
    texts = []
    for direction, text in (("up", _ABOVE), ("down", _BELOW)):
        names: Sequence[str] = rows.loc[rows["direction"] == direction, segment].astype(str).tolist()
        if names:
            texts.append(say(text, lang, names=_names_text(names, lang)))
    return f"{say_of('position', position, lang)}, {', '.join(texts)}" if texts else ""


def _names_text(names: Sequence[str], lang: str) -> str:
    shown = ", ".join(names[:_MOST_NAMED])
    if len(names) <= _MOST_NAMED:
        return shown
    return say("{names} and {count} more", lang, names=shown, count=whole_number(len(names) - _MOST_NAMED, lang))
