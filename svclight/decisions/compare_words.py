"""A comparison in words: one sentence a criterion, and notes for all of them.

In: the sides of a comparison and the table of differences. Out: text, not escaped for any format.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, Final

import numpy as np

from svclight.decisions.compared_sides import FEWEST_EARLIER, PART
from svclight.thresholds import ZONES
from svclight.wording.result_words import p_value_text, segments_text, upper_first
from svclight.wording.shares import points_interval, points_text, share_text, target_ends
from svclight.wording.short_phrases import count_text

if TYPE_CHECKING:
    from collections.abc import Iterator

    import pandas as pd

    from svclight.decisions.compared_sides import Sides
    from svclight.definition.models import Criterion
    from svclight.wording.shares import Ends

_SAID: Final = ("green", "red")
_MOST_NAMED: Final = 3
_WHOLE: Final = 0.9995


def comparison_sentence(made: Sides, table: pd.DataFrame, place: int) -> str:
    """The change of one criterion in a sentence."""
    rows = table.iloc[place * len(ZONES) : (place + 1) * len(ZONES)].to_dict("records")
    head = f"{_row_title(made, rows[0])}: {rows[0]['verdict']}"
    flags = _flag_text(rows[0])
    if not rows[0]["rated_before"] or not rows[0]["rated_after"]:
        return f"{head}{flags}."
    ends = target_ends(_criterion_of(made, rows[0]))
    changes = [_change_text(row, ends[row["zone"]]) for row in rows if row["zone"] in _SAID]
    parts = [
        f"{head}{flags}. {upper_first('; '.join(changes))}.",
        *_mix_sentences(made, rows, place, ends["green"]),
        _months_text(made, rows),
    ]
    return " ".join(part for part in parts if part)


def _row_title(made: Sides, row: dict[Any, Any]) -> str:
    definitions = made.card.definitions
    process, criterion = str(row["process"]), str(row["criterion"])
    named = definitions.title(_home_of(made, row), criterion)
    shown = [name for name in made.keys.columns if name not in ("process", "criterion")]
    where = segments_text((name, row[name]) for name in shown)
    return f"{definitions.title(process)}, {named}" + (f" ({where})" if where else "")


def _home_of(made: Sides, row: dict[Any, Any]) -> str:
    """The process that defines a row's criterion: the row's own, or for a sum of processes the first of them."""
    process, criterion = str(row["process"]), str(row["criterion"])
    homes = [of for of, name, _ in made.card.definitions.criteria() if name == criterion]
    return process if process in homes else homes[0]


def _criterion_of(made: Sides, row: dict[Any, Any]) -> Criterion:
    found: Criterion = made.card.definitions.processes[_home_of(made, row)].criteria[str(row["criterion"])]
    return found


def _flag_text(row: dict[Any, Any]) -> str:
    said = [f"{side} is {row[f'flag_{side}']}" for side in ("before", "after") if row[f"flag_{side}"]]
    return f" ({'; '.join(said)})" if said else ""


def _change_text(row: dict[Any, Any], ends: Ends) -> str:
    """The change of a zone in words: both shares, the difference, its interval, its p-value."""
    p = f", corrected {p_value_text(row['p_corrected'])}" if not np.isnan(row["p_corrected"]) else ""
    return (
        f"{row['zone']} {share_text(row['share_before'], ends)} of {row['rated_before']:,} -> "
        f"{share_text(row['share_after'], ends)} of {row['rated_after']:,} ({points_text(row['difference'])}, "
        f"95 %: {points_interval(row['low'], row['high'])}{p})"
    )


def _mix_sentences(made: Sides, rows: list[dict[Any, Any]], place: int, ends: Ends) -> Iterator[str]:
    """The change without the shift between segments in words, and the part of that shift."""
    green = rows[0]
    if not made.mix or not any(name.strip(" /") for name in made.names[place]):
        return  # no mix, or a process that offers none of its segments
    if np.isnan(green["at_mix"]):
        yield "No part is rated on both sides, so the mix cannot be held."
        return
    named = " x ".join("process" if name == PART else name for name in made.mix)
    part = (
        "" if green["covered"] > _WHOLE else f" (of the {share_text(green['covered'])} in parts that both sides have)"
    )
    kept = share_text(green["share_before"] + green["at_mix"], ends)
    interval = f"95 %: {points_interval(green['at_mix_low'], green['at_mix_high'])}"
    yield (
        f"At the first side's mix by {named}{part}: {green['verdict_at_mix']}; green would be {kept} "
        f"({points_text(green['at_mix'])}, {interval}), the mix makes {points_text(green['mix'])}."
    )
    yield from _opposite_moves(made, rows, place)


def _opposite_moves(made: Sides, rows: list[dict[Any, Any]], place: int) -> Iterator[str]:
    """The sentence that a total moves one way and every one of its parts the other; nothing elsewhere."""
    before, after = made.counts[place]
    both = (before.sum(axis=1) > 0) & (after.sum(axis=1) > 0)
    names = [name for name, there in zip(made.names[place], both, strict=True) if there]
    if len(names) < 2:  # noqa: PLR2004 - a total of several parts
        return
    steps = (after[both] / after[both].sum(axis=1, keepdims=True)) - (
        before[both] / before[both].sum(axis=1, keepdims=True)
    )
    for at, row in enumerate(rows):
        total = row["difference"]
        if row["zone"] in _SAID and total and (np.sign(steps[:, at]) == -np.sign(total)).all():
            fell, rose = ("rose", "fell") if total > 0 else ("fell", "rose")
            shown = " and ".join(names) if len(names) <= _MOST_NAMED else f"all {len(names)} parts"
            yield f"{upper_first(row['zone'])} {fell} in total though it {rose} in {shown}: what changed is the mix."


def _months_text(made: Sides, rows: list[dict[Any, Any]]) -> str:
    factor = max(
        (row["sigma_z"] for row in rows if row["zone"] in _SAID and not np.isnan(row["sigma_z"])), default=np.nan
    )
    if made.groups:
        return ""
    if rows[0]["earlier"] < FEWEST_EARLIER:
        return f"It takes {made.kind}s as binomial."
    if np.isnan(factor):
        return f"The {count_text(rows[0]['earlier'], f'earlier {made.kind}')} do not differ at all."
    return f"Widened by what {count_text(rows[0]['earlier'], f'earlier {made.kind}')} vary (sigma_z {factor:.2f})."


def comparison_notes(made: Sides, table: pd.DataFrame, correction: str) -> Iterator[str]:
    """The notes that hold for all sentences of a comparison."""
    tests = int(table["p_corrected"].notna().sum())
    method = {"holm": "Holm", "bh": "Benjamini-Hochberg"}[correction]
    yield f"p-values are corrected over {count_text(tests, 'test')} ({method}); points are percentage points"
    few = table.loc[table["earlier"] < FEWEST_EARLIER, "earlier"]
    if made.groups:
        yield f"two groups of the same {made.kind}s: that {made.kind}s differ does not come into it"
    elif len(few):
        there = f"{few.min()}" if few.min() == few.max() else f"{few.min()} to {few.max()}"
        yield (
            f"{made.kind}s are taken as binomial where fewer than {FEWEST_EARLIER} earlier ones are there ({there}): "
            f"what moves whole {made.kind}s can look like a change"
        )
    if not made.mix and not made.card.by:
        yield "the card is not split by any segment, so a change of the mix cannot be told from a change of the service"
