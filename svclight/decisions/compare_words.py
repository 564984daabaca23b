"""A comparison in words: one sentence a criterion, and notes for all of them.

In: the sides of a comparison and the table of differences. Out: text, not escaped for any format.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, Final

import numpy as np

from svclight.counts.tidy_tables import segments_in_words
from svclight.decisions.compared_sides import MOST_NEEDED, PART
from svclight.thresholds import ZONES
from svclight.wording.short_phrases import count_text

if TYPE_CHECKING:
    from collections.abc import Iterator

    import pandas as pd

    from svclight.decisions.compared_sides import Sides

_SAID: Final = ("green", "red")
_MOST_NAMED: Final = 3
_WHOLE: Final = 0.9995
_SMALL_P: Final = 0.001


def comparison_sentence(made: Sides, table: pd.DataFrame, place: int) -> str:
    """The change of one criterion in a sentence."""
    rows = table.iloc[place * len(ZONES) : (place + 1) * len(ZONES)].to_dict("records")
    head = f"{_row_title(made, rows[0])}: {rows[0]['verdict']}"
    flags = _flag_text(rows[0])
    if not rows[0]["rated_before"] or not rows[0]["rated_after"]:
        return f"{head}{flags}."
    changes = [_change_text(row) for row in rows if row["zone"] in _SAID]
    parts = [
        f"{head}{flags}. {_upper_first('; '.join(changes))}.",
        *_mix_sentences(made, rows, place),
        _months_text(made, rows),
    ]
    return " ".join(part for part in parts if part)


def _row_title(made: Sides, row: dict[Any, Any]) -> str:
    definitions = made.card.definitions
    process, criterion = str(row["process"]), str(row["criterion"])
    homes = [of for of, name, _ in definitions.criteria() if name == criterion]
    named = definitions.title(process if process in homes else homes[0], criterion)
    shown = [name for name in made.keys.columns if name not in ("process", "criterion")]
    where = segments_in_words(row, shown)
    return f"{definitions.title(process)}, {named}" + (f" ({where})" if where else "")


def _flag_text(row: dict[Any, Any]) -> str:
    said = [f"{side} is {row[f'flag_{side}']}" for side in ("before", "after") if row[f"flag_{side}"]]
    return f" ({'; '.join(said)})" if said else ""


def _change_text(row: dict[Any, Any]) -> str:
    """The change of a zone in words: both shares, the difference, its interval, its p-value."""
    p = f", corrected {_p_text(row['p_corrected'])}" if not np.isnan(row["p_corrected"]) else ""
    return (
        f"{row['zone']} {_percent_text(row['share_before'])} of {row['rated_before']:,} -> "
        f"{_percent_text(row['share_after'])} of {row['rated_after']:,} ({_points_text(row['difference'])}, "
        f"95 %: {100 * row['low']:+.1f} to {100 * row['high']:+.1f}{p})"
    )


def _mix_sentences(made: Sides, rows: list[dict[Any, Any]], place: int) -> Iterator[str]:
    """The change without the shift between segments in words, and the part of that shift."""
    green = rows[0]
    if not made.mix or not any(name.strip(" /") for name in made.names[place]):
        return  # no mix, or a process that offers none of its segments
    if np.isnan(green["at_mix"]):
        yield "No part is rated on both sides, so the mix cannot be held."
        return
    named = " x ".join("process" if name == PART else name for name in made.mix)
    part = (
        ""
        if green["covered"] > _WHOLE
        else f" (of the {_percent_text(green['covered'])} in parts that both sides have)"
    )
    kept = _percent_text(green["share_before"] + green["at_mix"])
    ends = f"95 %: {100 * green['at_mix_low']:+.1f} to {100 * green['at_mix_high']:+.1f}"
    yield (
        f"At the first side's mix by {named}{part}: {green['verdict_at_mix']}; green would be {kept} "
        f"({_points_text(green['at_mix'])}, {ends}), the mix makes {_points_text(green['mix'])}."
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
            yield f"{_upper_first(row['zone'])} {fell} in total though it {rose} in {shown}: what changed is the mix."


def _months_text(made: Sides, rows: list[dict[Any, Any]]) -> str:
    factor = max(
        (row["sigma_z"] for row in rows if row["zone"] in _SAID and not np.isnan(row["sigma_z"])), default=np.nan
    )
    if np.isnan(factor):
        return f"It takes {made.kind}s as binomial."
    return f"Widened by what {count_text(rows[0]['earlier'], f'earlier {made.kind}')} vary (sigma_z {factor:.2f})."


def comparison_notes(made: Sides, table: pd.DataFrame, correction: str) -> Iterator[str]:
    """The notes that hold for all sentences of a comparison."""
    tests = int(table["p_corrected"].notna().sum())
    method = {"holm": "Holm", "bh": "Benjamini-Hochberg"}[correction]
    yield f"p-values are corrected over {count_text(tests, 'test')} ({method}); points are percentage points"
    few = table.loc[table["sigma_z"].isna(), "earlier"]
    if len(few):
        there = f"{few.min()}" if few.min() == few.max() else f"{few.min()} to {few.max()}"
        yield (
            f"{made.kind}s are taken as binomial where fewer than {MOST_NEEDED} earlier ones are there ({there}): "
            f"what moves whole {made.kind}s can look like a change"
        )
    if not made.mix and not made.card.by:
        yield "the card is not split by any segment, so a change of the mix cannot be told from a change of the service"


def _percent_text(share: float) -> str:
    return f"{100 * share:.1f} %"


def _points_text(difference: float) -> str:
    return f"{100 * difference:+.1f} points"


def _p_text(p: float) -> str:
    return "p < 0.001" if p < _SMALL_P else f"p = {p:.3f}"


def _upper_first(text: str) -> str:
    return text[:1].upper() + text[1:]
