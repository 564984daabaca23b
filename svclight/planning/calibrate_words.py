"""A calibration in words: whether the limits stand where customers begin to be dissatisfied.

In: the tables of a calibration, a language. Out: sentences, and notes on what to beware of. A sentence claims only what
the intervals bear.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, Final

import numpy as np

from svclight.statistics.agreement import equal_shares_p_value
from svclight.thresholds import ZONES
from svclight.values.quantities import SECONDS
from svclight.wording.catalogue import say, say_counted, say_of, to_say, to_say_of
from svclight.wording.estimates import estimate_text
from svclight.wording.languages import decimal_sign, share_words, whole_number
from svclight.wording.limit_words import quantity_text
from svclight.wording.result_words import upper_first
from svclight.wording.sentence_parts import p_words
from svclight.wording.zone_words import zone_members

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping

    import pandas as pd

    from svclight.planning.customer_answers import Pairs

METHOD_WORDS: Final = {
    "fall": to_say("where satisfaction falls"),
    "agreement": to_say("where zones agree best with the answers"),
    "tree": to_say("where a regression tree parts the answers"),
}
_STRENGTH: Final = (
    (0.0, to_say_of("agreement", "not at all")),
    (0.2, to_say_of("agreement", "slightly")),
    (0.4, to_say_of("agreement", "fairly")),
    (0.6, to_say_of("agreement", "moderately")),
    (0.8, to_say_of("agreement", "well")),
    (np.inf, to_say_of("agreement", "very well")),
)
"""Words for kappa up to each bound, after Landis and Koch (1977), Biometrics 33, 159-174."""
_LEVEL: Final = 0.05
_MINUTES: Final = 120.0
_FEW_ANSWERS: Final = 0.2
_LIMIT_OF: Final = (to_say_of("limit of", "green"), to_say_of("limit of", "yellow"))
_TURNS: Final = {
    ("green", False): to_say("Customers turn at {place} ({interval})"),
    ("green", True): to_say("Customers turn {place} ({interval})"),
    ("yellow", False): to_say("Their satisfaction has fallen by {place} ({interval})"),
    ("yellow", True): to_say("Their satisfaction has fallen to the end {place} ({interval})"),
}
"""By the zone, and whether the place lies beyond what was tried."""
_MEANINGS: Final = {
    ("later", "yellow"): to_say("red counts interactions that have not yet lost the customer"),
    ("earlier", "green"): to_say("green counts interactions that customers no longer call good"),
    ("earlier", "yellow"): to_say("yellow counts interactions that have already lost the customer"),
    ("as it is", "green"): to_say("the answers bear it out"),
    ("as it is", "yellow"): to_say("the answers bear it out"),
}
_EDGES: Final = {
    (True, "above"): to_say("later than {edge}, the longest time that enough customers answered"),
    (True, "below"): to_say("earlier than {edge}, the shortest time that enough customers answered"),
    (False, "above"): to_say("above {edge}, the greatest value that enough customers answered"),
    (False, "below"): to_say("below {edge}, the least value that enough customers answered"),
}
"""By whether values are times, and the side on which a limit lies that was not found within what was tried."""

_OPEN: Final = {
    (True, "high"): to_say("95 %: {low} or later"),
    (False, "high"): to_say("95 %: {low} or more"),
    (True, "low"): to_say("95 %: {high} or earlier"),
    (False, "low"): to_say("95 %: {high} or less"),
}
"""Intervals by whether values are times, and which end is open."""


def calibration_in_words(
    tables: Mapping[str, pd.DataFrame], pairs: Pairs, direction: str, *, follows: bool, lang: str
) -> tuple[tuple[str, ...], tuple[str, ...]]:
    """The sentences and the notes of a calibration."""
    answers = int(tables["matrix"][list(ZONES)].to_numpy().sum())
    sentences = [_agreement_text(tables["agreement"], answers, lang)]
    sentences += _turn_sentences(tables["proposals"], pairs.unit, direction, follows=follows, lang=lang)
    sentences += _heap_sentences(tables["heaps"], lang)
    notes = [
        say("zones of the answers: {limits}", lang, limits=pairs.limits),
        *_response_notes(tables["responses"], all_asked=bool(pairs.asked.all()), lang=lang),
        *_proposal_notes(direction, has_proposals=len(tables["proposals"]) > 0, lang=lang),
    ]
    if pairs.several:
        notes.append(
            say(
                "other limits hold for other dates or segments: proposals are held against those that hold last for "
                "everybody; `where` takes one segment",
                lang,
            )
        )
    return tuple(sentences), tuple(notes)


def _proposal_notes(direction: str, *, has_proposals: bool, lang: str) -> Iterator[str]:
    """Why no limits are proposed; nothing where some are."""
    if not direction:
        yield say("no limits are proposed: its values are no numbers with limits", lang)
    elif direction == "a band":
        yield say("no limits are proposed: a band has limits on two sides", lang)
    elif not has_proposals:
        yield say("no limits are proposed: fewer than 100 interactions have a value and an answer", lang)


def _agreement_text(agreement: pd.DataFrame, answers: int, lang: str) -> str:
    """The agreement of zones and answers in a sentence."""
    row: Any = agreement.set_index("coefficient").loc["kappa, linear"]
    if np.isnan(row["value"]):
        return say_counted(
            "Zones and answers of {count} interaction cannot be held against each other: one of them knows a single "
            "zone.",
            "Zones and answers of {count} interactions cannot be held against each other: one of them knows a single "
            "zone.",
            answers,
            lang,
        )
    value, low, high = (decimal_sign(f"{row[name]:.2f}", lang) for name in ("value", "low", "high"))
    kappa = say("linear kappa {value} (95 %: {low} to {high})", lang, value=value, low=low, high=high)
    if row["low"] <= 0 <= row["high"]:
        return say_counted(
            "Whether the zones agree with what {count} customer answered more than by chance cannot be told: {kappa}.",
            "Whether the zones agree with what {count} customers answered more than by chance cannot be told: {kappa}.",
            answers,
            lang,
            kappa=kappa,
        )
    word = next(word for bound, word in _STRENGTH if row["value"] <= bound)
    return say_counted(
        "The zones agree {word} with what {count} customer answered: {kappa}.",
        "The zones agree {word} with what {count} customers answered: {kappa}.",
        answers,
        lang,
        word=say_of("agreement", word, lang),
        kappa=kappa,
    )


def _turn_sentences(proposals: pd.DataFrame, unit: str, direction: str, *, follows: bool, lang: str) -> Iterator[str]:
    """Sentences on the values at which satisfaction falls, beside the present limits."""
    if not len(proposals):
        return
    if not follows:
        yield say(
            "The answers do not follow this value, as far as the data can show: no limit can be read from them.", lang
        )
        return
    if proposals["limit"].isna().all() and not (proposals["beyond"] != "").any():
        yield say("The values differ too little: no limits leave each zone 5 % of the answers.", lang)
        return
    ends = direction == "lower is better"
    for row in _records(proposals[proposals["method"] == "fall"]):
        if row["beyond"] or not np.isnan(row["limit"]):
            yield _turn_text(row, unit, lang, ends=ends)
    yield from _other_methods(proposals, unit, lang)


def _records(table: pd.DataFrame) -> list[dict[str, Any]]:
    return [{str(key): value for key, value in row.items()} for row in table.to_dict("records")]


def _turn_text(row: dict[str, Any], unit: str, lang: str, *, ends: bool) -> str:
    """The place where satisfaction begins to fall, or has fallen, beside the limit, in words."""
    text = _TURNS[row["zone"], bool(row["beyond"])]
    turn = say(text, lang, place=_place_text(row, unit, lang), interval=_interval_text(row, unit, lang))
    zone = say_of("limit of", row["zone"], lang)
    if np.isnan(row["current"]):
        return say("{turn}; there is no limit of {zone} to hold against it.", lang, turn=turn, zone=zone)
    limit, meaning = quantity_text(row["declared"], lang), _meaning_text(row, unit, lang)
    if ends:
        return say(
            "{turn}, your {zone} ends at {limit}: {meaning}.", lang, turn=turn, zone=zone, limit=limit, meaning=meaning
        )
    return say(
        "{turn}, your {zone} begins at {limit}: {meaning}.", lang, turn=turn, zone=zone, limit=limit, meaning=meaning
    )


def _meaning_text(row: dict[str, Any], unit: str, lang: str) -> str:
    """What it means that customers turn where they do, beside the limit as it is."""
    if (row["verdict"], row["zone"]) != ("later", "green"):
        return say(_MEANINGS[row["verdict"], row["zone"]], lang)
    if unit not in SECONDS:
        return say("you may be paying for what nobody feels", lang)
    place = row["edge"] if row["beyond"] else row["limit"]
    if place * float(SECONDS[unit]) < _MINUTES:
        return say("you may be paying for seconds that nobody feels", lang)
    return say("you may be paying for time that nobody feels", lang)


def _place_text(row: Mapping[str, Any], unit: str, lang: str) -> str:
    """A limit, or the side of the edge on which it lies that was not found within what was tried."""
    if not row["beyond"]:
        return quantity_text(estimate_text(row["limit"], unit), lang)
    edge = quantity_text(estimate_text(row["edge"], unit), lang)
    return say(_EDGES[unit in SECONDS, row["beyond"]], lang, edge=edge)


def _interval_text(row: Mapping[str, Any], unit: str, lang: str) -> str:
    """The interval of a limit in words; an open end is said as open."""
    low, high = (quantity_text(estimate_text(row[name], unit), lang) for name in ("low", "high"))
    if np.isinf(row["low"]) and np.isinf(row["high"]):
        return say("95 %: anywhere", lang)
    times = unit in SECONDS
    if np.isinf(row["high"]):
        return say("95 %: {low} or later", lang, low=low) if times else say("95 %: {low} or more", lang, low=low)
    if np.isinf(row["low"]):
        return (
            say("95 %: {high} or earlier", lang, high=high) if times else say("95 %: {high} or less", lang, high=high)
        )
    return say("95 %: {low} to {high}", lang, low=low, high=high)


def _other_methods(proposals: pd.DataFrame, unit: str, lang: str) -> Iterator[str]:
    """The limits of the other methods for green, and whether all of them can be right at once."""
    green = proposals[proposals["zone"] == "green"]
    others = [
        _method_text(row, unit, lang)
        for row in _records(green)
        if row["method"] != "fall" and (row["beyond"] or not np.isnan(row["limit"]))
    ]
    if not others:
        return
    text = f"{upper_first('; '.join(others))}."
    if green["low"].max() > green["high"].min():
        doubt = say("The methods do not agree: look at the picture before you move a limit.", lang)
        text = f"{text} {doubt}"
    yield text


def _method_text(row: Mapping[str, Any], unit: str, lang: str) -> str:
    """Where green would end by another method."""
    values = {
        "method": say(METHOD_WORDS[row["method"]], lang),
        "place": _place_text(row, unit, lang),
        "interval": _interval_text(row, unit, lang),
    }
    if row["beyond"]:
        return say("{method}, green would end {place} ({interval})", lang, **values)
    return say("{method}, green would end at {place} ({interval})", lang, **values)


def _heap_sentences(heaps: pd.DataFrame, lang: str) -> Iterator[str]:
    """A sentence for each limit with a heap of values just under it."""
    for row in heaps[heaps["heap"].astype(bool)].to_dict("records"):
        yield say(
            "Warning: values heap just inside the limit of {zone} at {limit}: {counted} where about {expected} are to "
            "be expected ({p}). The limit may be played to.",
            lang,
            zone=say_of("limit of", row["zone"], lang),
            limit=quantity_text(row["declared"], lang),
            counted=whole_number(row["counted"], lang),
            expected=whole_number(row["expected"], lang),
            p=p_words(row["p"], lang),
        )


def _response_notes(responses: pd.DataFrame, *, all_asked: bool, lang: str) -> Iterator[str]:
    """Notes on how many answered, and whether customers who were served badly did so as often as others."""
    zones, whole = responses.iloc[:-1], responses.iloc[-1]
    rate = float(whole["response_rate"])
    if np.isnan(rate):
        return
    share, rated = share_words(rate, lang), whole_number(whole["interactions"], lang)
    if all_asked:
        yield say("{share} of {rated} rated interactions have an answer", lang, share=share, rated=rated)
    else:
        yield say(
            "{share} of {rated} rated interactions that were asked have an answer", lang, share=share, rated=rated
        )
    p = equal_shares_p_value(zones["answered"], zones["interactions"])
    rates = ", ".join(
        f"{zone_members(row['zone'], lang)} {share_words(row['response_rate'], lang)}"
        for row in zones.to_dict("records")
        if row["interactions"]
    )
    if p < _LEVEL:
        yield say(
            "who answers depends on the zone ({rates}): the answers do not stand for all customers alike",
            lang,
            rates=rates,
        )
    elif rate < _FEW_ANSWERS:
        yield say("few answer (by zone: {rates}): those who do may differ from those who do not", lang, rates=rates)
