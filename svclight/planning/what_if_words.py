"""A supposition in words: what is supposed, who moved, what the last second of a limit gains, what it costs.

In: what was supposed and what came of it (a `WhatIf`, which stands above this module), a language. Out: sentences, not
escaped for any format.
"""

from __future__ import annotations

import math
from typing import TYPE_CHECKING, Any, Final

import numpy as np

from svclight.thresholds import Interval
from svclight.values.quantities import decimal_text
from svclight.wording.catalogue import say, to_say
from svclight.wording.languages import decimal_sign, share_words, whole_number
from svclight.wording.limit_words import quantity_text
from svclight.wording.sentence_parts import limit_words, stretch_words
from svclight.wording.shares import points_number
from svclight.wording.zone_words import reason_words, state_words, zone_members

if TYPE_CHECKING:
    from collections.abc import Iterator

    from svclight.definition.models import Criterion
    from svclight.planning.supposition import Supposed

    Row = dict[str, Any]

SIDES: Final = ("before", "after")
_MANY_MINUTES: Final = 600
_GAINS: Final = (
    to_say("At {limit}, where green ends now, the last {step} of the limit makes {gain} points of green."),
    to_say("At {limit}, where it would end, the last {step} of the limit makes {gain} points of green."),
)


def supposition_words(supposed: Supposed, changed: Criterion, lang: str) -> str:
    """What is supposed: `every value shifted by -10 s`, `green <= 20 s, yellow <= 1 min` with the signs of typesetting.

    `changed` is the criterion with the limits that are supposed.
    """
    match supposed.kind:
        case "shift":
            sign = "+" if supposed.amount is not None and supposed.amount.amount > 0 else ""
            amount = f"{sign}{quantity_text(str(supposed.amount), lang)}"
            return say("every value shifted by {amount}", lang, amount=amount)
        case "scale":
            factor = decimal_sign(decimal_text(supposed.factor), lang)
            return say("every value times {factor}", lang, factor=factor)
        case "cap":
            return say("no value above {amount}", lang, amount=quantity_text(str(supposed.amount), lang))
    row = changed.rows[-1]
    zones = (("green", row.green), ("yellow", row.yellow))
    return ", ".join(
        f"{zone_members(name, lang)} {limit_words(str(zone), lang)}"
        for name, zone in zones
        if isinstance(zone, Interval)
    )


def what_if_sentences(made: Any, lang: str) -> Iterator[str]:
    """Shares before and after, who moved, what stays, what the next second gains, and what it costs."""
    row = {str(name): value for name, value in made.table.iloc[-1].to_dict().items()}
    if not row["rated_before"]:
        yield say("Nothing is rated.", lang)
        return
    periods = stretch_words(made.periods, lang)
    changes = f"{_change_text(made, row, 'green', lang)}, {_change_text(made, row, 'red', lang)}"
    if made.exact:
        how = say("every interaction was judged anew", lang)
    else:
        how = say("approximately, from the histogram of a card", lang)
    yield f"{periods}: {changes} ({how})."
    yield _moves_text(made, lang)
    yield from _staying_text(made, lang)
    yield from _gain_sentences(made, lang)
    yield from _cost_sentences(made, lang)


def _moves_text(made: Any, lang: str) -> str:
    """How many go from which state to which."""
    moves = [
        say(
            "{count} from {before} to {after}",
            lang,
            count=whole_number(count, lang),
            before=state_words(before, lang),
            after=state_words(after, lang),
        )
        for before, after, count in made.moved.itertuples(index=False)
    ]
    if not moves:
        return say("No interaction changes its zone.", lang)
    return say("Moved: {moves}.", lang, moves=", ".join(moves))


def _staying_text(made: Any, lang: str) -> Iterator[str]:
    """What has no complete value, by its reason; nothing without any."""
    stays = made.unmoved.groupby("reason", sort=False)["count"].sum()
    if not len(stays):
        return
    unknown = say("without a complete value", lang)
    reasons = [
        f"{whole_number(count, lang)} {reason_words(str(reason), lang) if reason else unknown}"
        for reason, count in stays.items()
    ]
    yield say("Not moved, as they have no complete measured value: {reasons}.", lang, reasons=", ".join(reasons))


def _change_text(made: Any, row: Row, zone: str, lang: str) -> str:
    ends = made.targets.get(zone, ())
    before, after = (share_words(row[f"{zone}_share_{side}"], lang, ends) for side in SIDES)
    change = int(row[f"{zone}_after"] - row[f"{zone}_before"])
    sign = "+" if change >= 0 else "\N{MINUS SIGN}"
    return f"{zone_members(zone, lang)} {before} → {after} ({sign}{whole_number(abs(change), lang)})"


def _gain_sentences(made: Any, lang: str) -> Iterator[str]:
    """The gain of the last step of the limit, at the present limit and at the supposed one."""
    curve = made.curve
    for at, text in zip(dict.fromkeys(made.limits), _GAINS, strict=False):
        rows = curve[np.isclose(curve["at"], at)]
        if len(rows) and not math.isnan(rows["gain"].iloc[0]):
            step = "1" if made.gain_unit == "1" else quantity_text(f"1 {made.gain_unit}", lang)
            gain = decimal_sign(gain_text(rows["gain"].iloc[0]), lang)
            yield say(text, lang, limit=limit_words(str(rows["limit"].iloc[0]), lang), step=step, gain=gain)


def gain_text(points: float) -> str:
    """The gain of the last step of a limit in points, with two decimals: one step gains little."""
    return points_number(points / 100, 2).lstrip("+").replace("< +", "< ")


def _cost_sentences(made: Any, lang: str) -> Iterator[str]:
    """The costs of a supposition in words; nothing where no cost is given."""
    if not math.isnan(made.minutes) and made.minutes:
        spent = _minutes_text(made, lang)
        if not math.isnan(made.cost):
            money = _money_text(made.cost, made.currency, lang)
            spent = say("{time} in all, {money} at the cost of a minute", lang, time=spent, money=money)
        else:
            spent = say("{time} in all", lang, time=spent)
        yield f"{spent}."
    if not math.isnan(made.red_cost) and made.red_cost:
        money = _money_text(made.red_cost, made.currency, lang)
        if made.red_cost > 0:
            yield say("Red interactions cost {money} less.", lang, money=money)
        else:
            yield say("Red interactions cost {money} more.", lang, money=money)


def _minutes_text(made: Any, lang: str) -> str:
    """By how much interactions are shorter or longer, or would have to be."""
    minutes = abs(made.minutes)
    amount = (
        f"{whole_number(minutes / 60, lang)} h" if minutes >= _MANY_MINUTES else f"{whole_number(minutes, lang)} min"
    )
    time = quantity_text(amount, lang)
    if made.limits[0] != made.limits[1]:
        if made.minutes > 0:
            return say("To keep what is green now, interactions would have to be {time} shorter", lang, time=time)
        return say("To keep what is green now, interactions would have to be {time} longer", lang, time=time)
    if made.minutes > 0:
        return say("They are {time} shorter", lang, time=time)
    return say("They are {time} longer", lang, time=time)


def _money_text(amount: float, currency: str, lang: str) -> str:
    return f"{whole_number(abs(amount), lang)} {currency}".rstrip()
