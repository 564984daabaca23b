"""A calibration in words: whether the limits stand where customers begin to be dissatisfied.

In: the tables of a calibration. Out: sentences, and notes on what to beware of. A sentence claims only what the
intervals bear.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, Final

import numpy as np

from svclight.statistics.agreement import equal_shares_p_value
from svclight.thresholds import ZONES
from svclight.values.quantities import SECONDS
from svclight.wording.estimates import estimate_text
from svclight.wording.result_words import p_value_text, upper_first
from svclight.wording.shares import share_text
from svclight.wording.short_phrases import count_text

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping

    import pandas as pd

    from svclight.planning.customer_answers import Pairs

METHOD_WORDS: Final = {
    "fall": "where satisfaction falls",
    "agreement": "where zones agree best with the answers",
    "tree": "where a regression tree parts the answers",
}
_STRENGTH: Final = ((0.0, "not at all"), (0.2, "slightly"), (0.4, "fairly"), (0.6, "moderately"), (0.8, "well"))
"""Words for kappa up to each bound, after Landis and Koch (1977), Biometrics 33, 159-174; above: very well."""
_LEVEL: Final = 0.05
_MINUTES: Final = 120.0
_FEW_ANSWERS: Final = 0.2


def calibration_in_words(
    tables: Mapping[str, pd.DataFrame], pairs: Pairs, direction: str, *, follows: bool
) -> tuple[tuple[str, ...], tuple[str, ...]]:
    """The sentences and the notes of a calibration."""
    sentences = [_agreement_text(tables["agreement"], int(tables["matrix"][list(ZONES)].to_numpy().sum()))]
    sentences += _turn_sentences(tables["proposals"], pairs.unit, direction, follows=follows)
    sentences += _heap_sentences(tables["heaps"])
    notes = [
        f"zones of the answers: {pairs.limits}",
        *_response_notes(tables["responses"], all_asked=bool(pairs.asked.all())),
    ]
    if direction in ("", "a band"):
        what = "a band has limits on two sides" if direction else "its values are no numbers with limits"
        notes.append(f"no limits are proposed: {what}")
    elif not len(tables["proposals"]):
        notes.append("no limits are proposed: fewer than 100 interactions have a value and an answer")
    if pairs.several:
        notes.append(
            "other limits hold for other dates or segments: proposals are held against those that hold last for "
            "everybody; `where` takes one segment"
        )
    return tuple(sentences), tuple(notes)


def _agreement_text(agreement: pd.DataFrame, answers: int) -> str:
    """The agreement of zones and answers in a sentence."""
    row: Any = agreement.set_index("coefficient").loc["kappa, linear"]
    if np.isnan(row["value"]):
        return (
            f"Zones and answers of {count_text(answers, 'interaction')} cannot be held against each other: "
            "one of them knows a single zone."
        )
    kappa = f"linear kappa {row['value']:.2f} (95 %: {row['low']:.2f} to {row['high']:.2f})"
    customers = count_text(answers, "customer")
    if row["low"] <= 0 <= row["high"]:
        return f"Whether the zones agree with what {customers} answered more than by chance cannot be told: {kappa}."
    word = next((word for bound, word in _STRENGTH if row["value"] <= bound), "very well")
    return f"The zones agree {word} with what {customers} answered: {kappa}."


def _turn_sentences(proposals: pd.DataFrame, unit: str, direction: str, *, follows: bool) -> Iterator[str]:
    """Sentences on the values at which satisfaction falls, beside the present limits."""
    if not len(proposals):
        return
    if not follows:
        yield "The answers do not follow this value, as far as the data can show: no limit can be read from them."
        return
    if proposals["limit"].isna().all() and not (proposals["beyond"] != "").any():
        yield "The values differ too little: no limits leave each zone 5 % of the answers."
        return
    verb = "ends" if direction == "lower is better" else "begins"
    for row in proposals[proposals["method"] == "fall"].to_dict("records"):
        if row["beyond"] or not np.isnan(row["limit"]):
            yield _turn_text({str(key): value for key, value in row.items()}, unit, verb)
    yield from _other_methods(proposals, unit)


def _turn_text(row: dict[str, Any], unit: str, verb: str) -> str:
    """The place where satisfaction begins to fall, or has fallen, beside the limit, in words."""
    green = row["zone"] == "green"
    if row["beyond"]:
        begun = "Customers turn" if green else "Their satisfaction has fallen to the end"
        turn = f"{begun} {_edge_text(row, unit)} ({_interval_text(row, unit)})"
    else:
        begun = "Customers turn at" if green else "Their satisfaction has fallen by"
        turn = f"{begun} {estimate_text(row['limit'], unit)} ({_interval_text(row, unit)})"
    if np.isnan(row["current"]):
        return f"{turn}; there is no limit of {row['zone']} to hold against it."
    ends = f"your {row['zone']} {verb} at {row['declared']}"
    place = row["edge"] if row["beyond"] else row["limit"]
    seconds = "seconds" if unit in SECONDS and place * float(SECONDS[unit]) < _MINUTES else "time"
    felt = f"{seconds} that nobody feels" if unit in SECONDS else "what nobody feels"
    meaning = {
        "later": f"you may be paying for {felt}"
        if green
        else "red counts interactions that have not yet lost the customer",
        "earlier": "green counts interactions that customers no longer call good"
        if green
        else "yellow counts interactions that have already lost the customer",
        "as it is": "the answers bear it out",
    }
    return f"{turn}, {ends}: {meaning[row['verdict']]}."


def _edge_text(row: Mapping[str, Any], unit: str) -> str:
    """The side of the edge on which a limit lies that was not found within what was tried."""
    edge = estimate_text(row["edge"], unit)
    if unit in SECONDS:
        side, which = ("later", "longest time") if row["beyond"] == "above" else ("earlier", "shortest time")
    else:
        side, which = ("above", "greatest value") if row["beyond"] == "above" else ("below", "least value")
    return f"{side}{' than' if unit in SECONDS else ''} {edge}, the {which} that enough customers answered"


def _interval_text(row: Mapping[str, Any], unit: str) -> str:
    """The interval of a limit in words; an open end is said as open."""
    low, high = (estimate_text(row[name], unit) for name in ("low", "high"))
    if np.isinf(row["low"]) and np.isinf(row["high"]):
        return "95 %: anywhere"
    later, earlier = ("or later", "or earlier") if unit in SECONDS else ("or more", "or less")
    if np.isinf(row["high"]):
        return f"95 %: {low} {later}"
    return f"95 %: {high} {earlier}" if np.isinf(row["low"]) else f"95 %: {low} to {high}"


def _other_methods(proposals: pd.DataFrame, unit: str) -> Iterator[str]:
    """The limits of the other methods for green, and whether all of them can be right at once."""
    green = proposals[proposals["zone"] == "green"]
    others = [
        f"{METHOD_WORDS[row['method']]}, green would end "
        f"{_edge_text(row, unit) if row['beyond'] else 'at ' + estimate_text(row['limit'], unit)} "
        f"({_interval_text(row, unit)})"
        for row in ({str(key): value for key, value in one.items()} for one in green.to_dict("records"))
        if row["method"] != "fall" and (row["beyond"] or not np.isnan(row["limit"]))
    ]
    if not others:
        return
    text = "; ".join(others)
    apart = green["low"].max() > green["high"].min()
    doubt = " The methods do not agree: look at the picture before you move a limit." if apart else ""
    yield f"{upper_first(text)}.{doubt}"


def _heap_sentences(heaps: pd.DataFrame) -> Iterator[str]:
    """A sentence for each limit with a heap of values just under it."""
    for row in heaps[heaps["heap"].astype(bool)].to_dict("records"):
        yield (
            f"Warning: values heap just inside the limit of {row['zone']} at {row['declared']}: "
            f"{row['counted']:,} where about {row['expected']:,.0f} are to be expected ({p_value_text(row['p'])}). "
            "The limit may be played to."
        )


def _response_notes(responses: pd.DataFrame, *, all_asked: bool) -> Iterator[str]:
    """Notes on how many answered, and whether customers who were served badly did so as often as others."""
    zones, whole = responses.iloc[:-1], responses.iloc[-1]
    rate = float(whole["response_rate"])
    if np.isnan(rate):
        return
    asked = "" if all_asked else " that were asked"
    yield f"{share_text(rate)} of {whole['interactions']:,} rated interactions{asked} have an answer"
    p = equal_shares_p_value(zones["answered"], zones["interactions"])
    rates = ", ".join(
        f"{row['zone']} {share_text(row['response_rate'])}" for row in zones.to_dict("records") if row["interactions"]
    )
    if p < _LEVEL:
        yield f"who answers depends on the zone ({rates}): the answers do not stand for all customers alike"
    elif rate < _FEW_ANSWERS:
        yield f"few answer (by zone: {rates}): those who do may differ from those who do not"
