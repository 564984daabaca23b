"""A difference of definitions as Markdown, for the reviewer of a pull request.

In: a `Difference`. Out: text: a summary first, then for each criterion that changes what it says otherwise and a matrix
of zones, and the verdicts that turn. Text of definitions is escaped.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, Final

import pandas as pd

from svclight._markdown import escaped
from svclight.stats import shown_percentages
from svclight.thresholds import STATES

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator

    from svclight.differences import Difference

MOST_VERDICTS: Final = 50
_ORDER: Final = (*STATES, "absent")


def page(difference: Difference) -> str:
    """The Markdown text."""
    return "\n".join(_lines(difference)).rstrip() + "\n"


def _lines(difference: Difference) -> Iterator[str]:
    old, new = map(escaped, difference.names)
    yield f"## What the change does: {old} → {new}"
    yield ""
    yield _summary(difference)
    yield ""
    rows = difference.criteria.to_dict("records")
    yield from _table(("criterion", "change", "interactions", "change zone", "better", "worse"), map(_criterion, rows))
    about_log = difference.wording[difference.wording["criterion"] == ""]
    for process, part in about_log.groupby("process", sort=False):
        keys = ", ".join(what.removeprefix("log: ") for what in part["what"])
        yield f"The log of {escaped(str(process))} is read otherwise: {escaped(keys)}."
        yield ""
    for row in rows:
        yield from _details(difference, {str(key): value for key, value in row.items()})
    yield from _verdicts(difference)
    yield from (f"- {escaped(note)}" for note in difference.notes)


def _summary(difference: Difference) -> str:
    kinds = difference.criteria["change"]
    counts = {kind: int((kinds == kind).sum()) for kind in ("added", "removed", "renamed")}
    told = [_many(count, f"{kind} criterion", f"{kind} criteria") for kind, count in counts.items() if count]
    changed = int((difference.criteria["changed"].fillna(0) > 0).sum())
    said = "No interaction changes zone"
    if changed:
        said = f"Interactions change zone in {_many(changed, 'criterion', 'criteria')}"
    turned = len(difference.verdicts)
    verdicts = _many(turned, "verdict turns", "verdicts turn") if turned else "no verdict turns"
    return f"{'; '.join([said, verdicts, *told])}."


def _many(count: int, one: str, more: str) -> str:
    return f"{count:,} {one if count == 1 else more}"


def _criterion(row: dict[Any, Any]) -> tuple[str, ...]:
    change = f"renamed from {row['was']}" if row["was"] else str(row["change"])
    name = f"{row['process']}.{row['criterion']}"
    if pd.isna(row["interactions"]):
        return name, change, "", "", "", ""
    whole, moved = int(row["interactions"]), int(row["changed"])
    shown = f"{moved:,} ({shown_percentages([moved, whole - moved])[0]} %)" if whole and moved else "0"
    return name, change, f"{whole:,}", shown, f"{int(row['better']):,}", f"{int(row['worse']):,}"


def _details(difference: Difference, row: dict[str, Any]) -> Iterator[str]:
    """What a criterion says otherwise, and from where to where its interactions move."""
    chosen = (row["process"], row["criterion"])
    wording = _of(difference.wording, chosen)
    moved = not pd.isna(row["changed"]) and row["changed"] > 0
    if not len(wording) and not moved:
        return
    yield f"### {escaped('.'.join(chosen))}"
    yield ""
    if len(wording):
        said = wording[["what", "before", "after"]].itertuples(index=False, name=None)
        yield from _table(("", "before", "now"), said)
    if moved:
        matrix = _of(difference.matrix, chosen).pivot_table(
            index="before", columns="after", values="count", aggfunc="sum", fill_value=0
        )
        before, after = ([state for state in _ORDER if state in axis] for axis in (matrix.index, matrix.columns))
        moves: dict[str, dict[str, int]] = matrix.to_dict("index")  # type: ignore[assignment]  # keys are states
        head = ("before ↓, now →", *(state.replace("_", " ") for state in after))
        counts = (
            (f"**{state.replace('_', ' ')}**", *(_cell(int(moves[state][to]), same=state == to) for to in after))
            for state in before
        )
        yield from _table(head, counts, plain=True)


def _cell(count: int, *, same: bool) -> str:
    return f"{count:,}" if same or not count else f"**{count:,}**"


def _of(table: pd.DataFrame, name: tuple[str, str]) -> pd.DataFrame:
    return table[(table["process"] == name[0]) & (table["criterion"] == name[1])]


def _verdicts(difference: Difference) -> Iterator[str]:
    table = difference.verdicts
    if not len(table):
        return
    yield "### Verdicts that turn"
    yield ""
    rows = (
        (
            f"{row['process']}.{row['criterion']}" + (f" where {row['where']}" if row["where"] else ""),
            row["period"],
            _target(row),
            row["before"] or "no such target",
            row["after"] or "no such target",
        )
        for row in table.head(MOST_VERDICTS).to_dict("records")
    )
    yield from _table(("criterion", "period", "target", "before", "now"), rows)
    if len(table) > MOST_VERDICTS:
        yield f"and {len(table) - MOST_VERDICTS:,} more."
        yield ""


def _target(row: dict[Any, Any]) -> str:
    same = row["target_before"] == row["target"] or not row["target_before"]
    target = row["target"] or row["target_before"]
    return (
        f"{row['zone']} {target}" if same or not row["target"] else f"{row['zone']} {row['target_before']} → {target}"
    )


def _table(head: Iterable[str], rows: Iterable[Iterable[Any]], *, plain: bool = False) -> Iterator[str]:
    columns = list(head)
    yield "| " + " | ".join(columns) + " |"
    yield "|" + "---|" * len(columns)
    for row in rows:
        yield "| " + " | ".join(str(cell) if plain else escaped(str(cell)) for cell in row) + " |"
    yield ""
