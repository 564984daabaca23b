"""A comparison in words: one sentence a criterion, and notes for all of them.

In: the sides of a comparison and the table of differences, a language. Out: text, not escaped for any format.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, Final

import numpy as np

from svclight.decisions.compared_sides import FEWEST_EARLIER, PART
from svclight.decisions.verdicts import verdict_words
from svclight.thresholds import ZONES
from svclight.wording.catalogue import say, say_counted
from svclight.wording.languages import (
    decimal_sign,
    periods_counted,
    periods_named,
    points_interval_words,
    points_words,
    share_words,
    whole_number,
)
from svclight.wording.result_words import upper_first
from svclight.wording.sentence_parts import (
    flags_words,
    list_words,
    p_words,
    segments_words,
    stretch_words,
)
from svclight.wording.shares import target_ends
from svclight.wording.zone_words import zone_members

if TYPE_CHECKING:
    from collections.abc import Iterator

    import pandas as pd

    from svclight.decisions.compared_sides import Sides
    from svclight.definition.models import Criterion
    from svclight.wording.shares import Ends

_SAID: Final = ("green", "red")
_MOST_NAMED: Final = 3
_WHOLE: Final = 0.9995


def side_words(made: Sides, lang: str) -> tuple[str, str]:
    """What the first and the second side are: their periods, or the cards."""
    first, second = (stretch_words(periods, lang) for periods in made.periods)
    if not made.two_cards:
        return first, second
    return (
        say("the first card ({periods})", lang, periods=first),
        say("the second card ({periods})", lang, periods=second),
    )


def comparison_sentence(made: Sides, table: pd.DataFrame, place: int, lang: str) -> str:
    """The change of one criterion in a sentence."""
    rows = table.iloc[place * len(ZONES) : (place + 1) * len(ZONES)].to_dict("records")
    verdict = verdict_words(rows[0]["verdict"], lang)
    head = f"{_row_title(made, rows[0], lang)}: {verdict}{_flag_text(rows[0], lang)}."
    if not rows[0]["rated_before"] or not rows[0]["rated_after"]:
        return head
    ends = target_ends(_criterion_of(made, rows[0]))
    changes = [_change_text(row, ends[row["zone"]], lang) for row in rows if row["zone"] in _SAID]
    parts = [
        f"{head} {upper_first('; '.join(changes))}.",
        *_mix_sentences(made, rows, place, ends["green"], lang),
        _months_text(made, rows, lang),
    ]
    return " ".join(part for part in parts if part)


def _row_title(made: Sides, row: dict[Any, Any], lang: str) -> str:
    definitions = made.card.definitions
    process, criterion = str(row["process"]), str(row["criterion"])
    named = definitions.title(_home_of(made, row), criterion)
    shown = [name for name in made.keys.columns if name not in ("process", "criterion")]
    where = segments_words(((name, row[name]) for name in shown), lang)
    return f"{definitions.title(process)}, {named}" + (f" ({where})" if where else "")


def _home_of(made: Sides, row: dict[Any, Any]) -> str:
    """The process that defines a row's criterion: the row's own, or for a sum of processes the first of them."""
    process, criterion = str(row["process"]), str(row["criterion"])
    homes = [of for of, name, _ in made.card.definitions.criteria() if name == criterion]
    return process if process in homes else homes[0]


def _criterion_of(made: Sides, row: dict[Any, Any]) -> Criterion:
    found: Criterion = made.card.definitions.processes[_home_of(made, row)].criteria[str(row["criterion"])]
    return found


def _flag_text(row: dict[Any, Any], lang: str) -> str:
    before, after = (flags_words(row[f"flag_{side}"], lang) if row[f"flag_{side}"] else "" for side in _SIDES)
    said = [
        say("before: {flags}", lang, flags=before) if before else "",
        say("after: {flags}", lang, flags=after) if after else "",
    ]
    return f" ({'; '.join(part for part in said if part)})" if before or after else ""


_SIDES: Final = ("before", "after")


def _change_text(row: dict[Any, Any], ends: Ends, lang: str) -> str:
    """The change of a zone in words: both shares, the difference, its interval, its p-value."""
    change = say(
        "{zone} {share_before} of {rated_before} → {share_after} of {rated_after}",
        lang,
        zone=zone_members(row["zone"], lang),
        share_before=share_words(row["share_before"], lang, ends),
        rated_before=whole_number(row["rated_before"], lang),
        share_after=share_words(row["share_after"], lang, ends),
        rated_after=whole_number(row["rated_after"], lang),
    )
    numbers = [points_words(row["difference"], lang), _interval_text(row["low"], row["high"], lang)]
    if not np.isnan(row["p_corrected"]):
        numbers.append(say("corrected {p}", lang, p=p_words(row["p_corrected"], lang)))
    return f"{change} ({', '.join(numbers)})"


def _interval_text(low: float, high: float, lang: str) -> str:
    return f"95 %: {points_interval_words(low, high, lang)}"


def _mix_sentences(made: Sides, rows: list[dict[Any, Any]], place: int, ends: Ends, lang: str) -> Iterator[str]:
    """The change without the shift between segments in words, and the part of that shift."""
    green = rows[0]
    if not made.mix or not any(name.strip(" /") for name in made.names[place]):
        return  # no mix, or a process that offers none of its segments
    if np.isnan(green["at_mix"]):
        yield say("No part is rated on both sides, so the mix cannot be held.", lang)
        return
    process, covered = say("process", lang), ""
    if green["covered"] <= _WHOLE:
        share = share_words(green["covered"], lang)
        covered = say("of the {share} in parts that both sides have", lang, share=share)
        covered = f" ({covered})"
    yield say(
        "With the mix by {segments} as in {before}{covered}: {verdict}; green would be {share} ({points}, {interval}), "
        "the mix makes {mix}.",
        lang,
        segments=" \N{MULTIPLICATION SIGN} ".join(process if name == PART else name for name in made.mix),
        before=side_words(made, lang)[0],
        covered=covered,
        verdict=verdict_words(green["verdict_at_mix"], lang),
        share=share_words(green["share_before"] + green["at_mix"], lang, ends),
        points=points_words(green["at_mix"], lang),
        interval=_interval_text(green["at_mix_low"], green["at_mix_high"], lang),
        mix=points_words(green["mix"], lang),
    )
    yield from _opposite_moves(made, rows, place, lang)


def _opposite_moves(made: Sides, rows: list[dict[Any, Any]], place: int, lang: str) -> Iterator[str]:
    """The sentence that a total moves one way and every one of its parts the other; nothing elsewhere."""
    before, after = made.counts[place]
    both = (before.sum(axis=1) > 0) & (after.sum(axis=1) > 0)
    names = [name for name, there in zip(made.names[place], both, strict=True) if there]
    if len(names) < 2:  # noqa: PLR2004 - a total of several parts
        return
    steps = (after[both] / after[both].sum(axis=1, keepdims=True)) - (
        before[both] / before[both].sum(axis=1, keepdims=True)
    )
    few = len(names) <= _MOST_NAMED
    parts = list_words(names, lang) if few else say_counted("all {count} part", "all {count} parts", len(names), lang)
    for at, row in enumerate(rows):
        total = row["difference"]
        if row["zone"] not in _SAID or not total or (np.sign(steps[:, at]) != -np.sign(total)).any():
            continue
        zone = upper_first(zone_members(row["zone"], lang))
        if total > 0:
            yield say(
                "{zone} rose in total though it fell in {parts}: what changed is the mix.", lang, zone=zone, parts=parts
            )
        else:
            yield say(
                "{zone} fell in total though it rose in {parts}: what changed is the mix.", lang, zone=zone, parts=parts
            )


def _months_text(made: Sides, rows: list[dict[Any, Any]], lang: str) -> str:
    """By how much periods are taken to vary on their own."""
    factor = max(
        (row["sigma_z"] for row in rows if row["zone"] in _SAID and not np.isnan(row["sigma_z"])), default=np.nan
    )
    if made.groups:
        return ""
    if rows[0]["earlier"] < FEWEST_EARLIER:
        return say(
            "{periods} are taken to vary by chance alone.", lang, periods=upper_first(periods_named(made.kind, lang))
        )
    periods = periods_counted(rows[0]["earlier"], made.kind, lang)
    if np.isnan(factor):
        return say("The {periods} before do not differ at all.", lang, periods=periods)
    factor_shown = decimal_sign(f"{factor:.2f}", lang)
    return say(
        "The interval allows for how much the {periods} before vary (sigma_z {factor}).", lang, periods=periods,
        factor=factor_shown,
    )  # fmt: skip


def comparison_notes(made: Sides, table: pd.DataFrame, correction: str, lang: str) -> Iterator[str]:
    """The notes that hold for all sentences of a comparison."""
    method = {"holm": "Holm", "bh": "Benjamini-Hochberg"}[correction]
    yield say_counted(
        "p-values are corrected for {count} test ({method}); points are percentage points",
        "p-values are corrected for {count} tests ({method}); points are percentage points",
        int(table["p_corrected"].notna().sum()),
        lang,
        method=method,
    )
    few = table.loc[table["earlier"] < FEWEST_EARLIER, "earlier"]
    if made.groups:
        yield say("two groups of the same periods: that periods differ does not come into it", lang)
    elif len(few):
        ends = (str(few.min()), str(few.max()))
        yield say(
            "{periods} are taken to vary by chance alone where fewer than {fewest} earlier ones are there ({there}): "
            "what moves a whole period can look like a change",
            lang,
            periods=periods_named(made.kind, lang),
            fewest=FEWEST_EARLIER,
            there=ends[0] if ends[0] == ends[1] else say("{low} to {high}", lang, low=ends[0], high=ends[1]),
        )
    if not made.mix and not made.card.by:
        yield say(
            "the card is not split by any segment, so a change of the mix cannot be told from a change of the service",
            lang,
        )
