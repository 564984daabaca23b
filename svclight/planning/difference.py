"""The effect of a changed definition as a value: tables, the interactions that change zone, a Markdown page.

In: what `diff` found. Out: `Difference`. Its page is for the reviewer of a pull request: a summary first, then for each
criterion that changes what it says otherwise and a matrix of zones, and the verdicts that turn. Text of definitions is
escaped.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from fractions import Fraction
from typing import TYPE_CHECKING, Any, Final

import numpy as np
import pandas as pd

from svclight.card import interactions as drilldown
from svclight.counts.tidy_tables import records_of, rows_of
from svclight.decisions.result import Result
from svclight.definition.criterion_id import CriterionId
from svclight.errors import SvclightError, quoted_list, unknown_name
from svclight.judging.contract import Wanted
from svclight.planning.paired_criteria import ABSENT, BOTH_STATES, PairedCriterion, judge_rows, match_rows
from svclight.wording.markdown_text import escape_cell, escape_text, table_lines
from svclight.wording.shares import share_text

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator

    from svclight.judging.judge import Judge

MOST_VERDICTS: Final = 50


@dataclass(frozen=True, repr=False)
class Difference(Result):
    """The effect of a changed definition on the counts.

    Attributes:
        criteria: `process, criterion, change` (same, changed, renamed, added, removed), `was` (its earlier name),
            `interactions` (all that either definition counts), `changed` (how many of them change zone or state),
            `better`, `worse` (how many move to a better or a worse zone). NaN where there is nothing to hold against.
        matrix: `process, criterion, before, after, count`: interactions by their state under both definitions;
            `absent` where one of them does not have the row.
        wording: `process, criterion, what, before, after`: what the definition says otherwise; without a criterion
            it is about the log.
        verdicts: `process, criterion, period, where, zone, target_before, target, before, after`: targets whose verdict
            turns, in every period; empty where one definition has no such target.
        names: What the old and the new definition are called.
        notes: What to bear in mind.
    """

    criteria: pd.DataFrame
    matrix: pd.DataFrame
    wording: pd.DataFrame
    verdicts: pd.DataFrame
    names: tuple[str, str]
    notes: tuple[str, ...] = ()
    sides: tuple[dict[str, Judge], dict[str, Judge]] = field(default=({}, {}), repr=False, compare=False)
    found: tuple[PairedCriterion, ...] = field(default=(), repr=False, compare=False)

    @property
    def changes(self) -> bool:
        """Whether an interaction changes state, a verdict turns, or a criterion comes or goes."""
        kinds = set(self.criteria["change"])
        return bool(kinds & {"added", "removed"} or len(self.verdicts) or self.criteria["changed"].fillna(0).sum())

    def interactions(
        self,
        process: str,
        criterion: str,
        *,
        before: str | None = None,
        after: str | None = None,
        pseudonymise: str | None = None,
    ) -> pd.DataFrame:
        """The interactions of a criterion whose state changes.

        Args:
            process: Id of the process in the new definition.
            criterion: Id of the criterion in the new definition.
            before: Only those in this state under the old one.
            after: Only those in this state under the new one.
            pseudonymise: A secret with which ids and customers are replaced by keyed hashes.

        Returns:
            `process, criterion, period, id, customer, time, value_before, value, unit, zone_before, zone,
            reason_before, reason`, in the order of the log; of a row of totals one for each field that changes its
            state, its number as `value` and its name as `unit`.

        Raises:
            SvclightError: Both definitions have no such criterion, or there is no such state.
        """
        for name, known in (("before", before), ("after", after)):
            if known is not None and known not in BOTH_STATES:
                raise SvclightError(unknown_name(f"unknown state {name}", known, BOTH_STATES))
        table = _changed_rows(self._pair(CriterionId(process, criterion)), self.sides)
        for column, wanted in (("zone_before", before), ("zone", after)):
            table = table if wanted is None else table[table[column] == wanted]
        if pseudonymise is not None:
            for name in ("id", "customer"):
                table = table.assign(**{name: drilldown.keyed_hashes(table[name], pseudonymise)})
        return table.reset_index(drop=True)

    def _pair(self, which: CriterionId) -> PairedCriterion:
        """A criterion that both definitions have, and whose log was given."""
        known = {pair.name: pair for pair in self.found if pair.old and pair.new and pair.new.process in self.sides[1]}
        if which not in known:
            problem, names = "this is no criterion that both definitions have", list(map(str, known))
            raise SvclightError(unknown_name(problem, which, names, expected=f"one of {quoted_list(names)}"))
        return known[which]

    def markdown(self) -> str:
        """The difference as Markdown, for a pull request."""
        return markdown_page(self)

    def __str__(self) -> str:
        return self.markdown()

    _shown = "matrix"
    _folded = ("verdicts", "wording")

    def _small_table(self) -> pd.DataFrame:
        return self.criteria

    def _lines(self) -> list[str]:
        before, after = self.names
        return [f"{before} \N{RIGHTWARDS ARROW} {after}", _summary_line(self), *self.notes]


def _changed_rows(pair: PairedCriterion, sides: tuple[dict[str, Judge], dict[str, Judge]]) -> pd.DataFrame:
    """Both drill-downs side by side, of the rows whose state differs."""
    tables, keys, of_totals = [], [], False
    for at, name in enumerate((pair.old, pair.new)):
        process, criterion = name or ("", "")
        judge = sides[at][process]
        of_totals |= judge.log.process.criteria[criterion].measure.totals is not None
        found = drilldown.find_interactions([judge], Wanted(process, criterion), judge.segments, each_field=True)
        tables.append(found.astype({"zone": object}))
        keys.append(judge_rows(judge, criterion).keys)
    first, second = match_rows(keys[0], keys[1])
    old = tables[0].reindex(np.where(first >= 0, first, len(tables[0]))).reset_index(drop=True)
    new = tables[1].reindex(np.where(second >= 0, second, len(tables[1]))).reset_index(drop=True)
    both = new.assign(**pair.name._asdict())
    for column in ("period", "id", "customer", "time", "unit"):
        both[column] = new[column].astype(object).where(second >= 0, old[column].astype(object))
    for column in ("value", "zone", "reason"):
        both[f"{column}_before"] = old[column]
    for column in ("zone", "zone_before"):
        both[column] = both[column].fillna(ABSENT)
    for column in ("reason", "reason_before"):
        both[column] = both[column].fillna("")
    columns = ["process", "criterion", "period", "id", "customer", "time", "value_before", "value", "unit"]
    columns += ["zone_before", "zone", "reason_before", "reason"]
    changed = both["zone"] != both["zone_before"]
    if of_totals:  # a number that is 0 counts nobody who changes
        changed &= both["value"].fillna(both["value_before"]) != 0
    return both.loc[changed, columns]


def markdown_page(difference: Difference) -> str:
    """The Markdown text."""
    return "\n".join(_page_lines(difference)).rstrip() + "\n"


def _page_lines(difference: Difference) -> Iterator[str]:
    """The lines of the Markdown page."""
    old, new = map(escape_text, difference.names)
    yield f"## What the change does: {old} → {new}"
    yield ""
    yield _summary_line(difference)
    yield ""
    rows = records_of(difference.criteria)
    yield from table_lines(
        ("criterion", "change", "interactions", "change zone", "better", "worse"),
        _escaped_rows(map(_criterion_cells, rows)),
    )
    about_log = difference.wording[difference.wording["criterion"] == ""]
    for process, part in about_log.groupby("process", sort=False):
        keys = ", ".join(what.removeprefix("log: ") for what in part["what"])
        yield f"The log of {escape_text(str(process))} is read otherwise: {escape_text(keys)}."
        yield ""
    for row in rows:
        yield from _detail_lines(difference, row)
    yield from _verdict_lines(difference)
    yield from (f"- {escape_text(note)}" for note in difference.notes)


def _summary_line(difference: Difference) -> str:
    """The whole difference in one line."""
    kinds = difference.criteria["change"]
    counts = {kind: int((kinds == kind).sum()) for kind in ("added", "removed", "renamed")}
    told = [_count_text(count, f"{kind} criterion", f"{kind} criteria") for kind, count in counts.items() if count]
    changed = int((difference.criteria["changed"].fillna(0) > 0).sum())
    said = "No interaction changes zone"
    if changed:
        said = f"Interactions change zone in {_count_text(changed, 'criterion', 'criteria')}"
    turned = len(difference.verdicts)
    verdicts = _count_text(turned, "verdict turns", "verdicts turn") if turned else "no verdict turns"
    return f"{'; '.join([said, verdicts, *told])}."


def _count_text(count: int, one: str, more: str) -> str:
    return f"{count:,} {one if count == 1 else more}"


def _criterion_cells(row: dict[Any, Any]) -> tuple[str, ...]:
    """The cells of a criterion in the table of changes."""
    change = f"renamed from {row['was']}" if row["was"] else str(row["change"])
    name = f"{row['process']}.{row['criterion']}"
    if pd.isna(row["interactions"]):
        return name, change, "", "", "", ""
    whole, moved = int(row["interactions"]), int(row["changed"])
    shown = f"{moved:,} ({share_text(Fraction(moved, whole))})" if whole and moved else "0"
    return name, change, f"{whole:,}", shown, f"{int(row['better']):,}", f"{int(row['worse']):,}"


def _detail_lines(difference: Difference, row: dict[str, Any]) -> Iterator[str]:
    """Lines on the changed wording of a criterion, and on the moves of its interactions."""
    which = CriterionId(row["process"], row["criterion"])
    wording = rows_of(difference.wording, which)
    moved = not pd.isna(row["changed"]) and row["changed"] > 0
    if not len(wording) and not moved:
        return
    yield f"### {escape_text(str(which))}"
    yield ""
    if len(wording):
        said = wording[["what", "before", "after"]].itertuples(index=False, name=None)
        yield from table_lines(("", "before", "now"), _escaped_rows(said))
    if moved:
        matrix = rows_of(difference.matrix, which).pivot_table(
            index="before", columns="after", values="count", aggfunc="sum", fill_value=0
        )
        before, after = ([state for state in BOTH_STATES if state in axis] for axis in (matrix.index, matrix.columns))
        moves: dict[str, dict[str, int]] = matrix.to_dict("index")  # type: ignore[assignment]  # keys are states
        head = ("before ↓, now →", *(state.replace("_", " ") for state in after))
        counts = (
            (f"**{state.replace('_', ' ')}**", *(_count_cell(int(moves[state][to]), same=state == to) for to in after))
            for state in before
        )
        yield from table_lines(head, counts)


def _count_cell(count: int, *, same: bool) -> str:
    return f"{count:,}" if same or not count else f"**{count:,}**"


def _verdict_lines(difference: Difference) -> Iterator[str]:
    """The lines on targets whose verdict turns."""
    table = difference.verdicts
    if not len(table):
        return
    yield "### Verdicts that turn"
    yield ""
    rows = (
        (
            f"{row['process']}.{row['criterion']}" + (f" where {row['where']}" if row["where"] else ""),
            row["period"],
            _target_text(row),
            row["before"] or "no such target",
            row["after"] or "no such target",
        )
        for row in table.head(MOST_VERDICTS).to_dict("records")
    )
    yield from table_lines(("criterion", "period", "target", "before", "now"), _escaped_rows(rows))
    if len(table) > MOST_VERDICTS:
        yield f"and {len(table) - MOST_VERDICTS:,} more."
        yield ""


def _target_text(row: dict[Any, Any]) -> str:
    same = row["target_before"] == row["target"] or not row["target_before"]
    target = row["target"] or row["target_before"]
    return (
        f"{row['zone']} {target}" if same or not row["target"] else f"{row['zone']} {row['target_before']} → {target}"
    )


def _escaped_rows(rows: Iterable[Iterable[Any]]) -> Iterator[Iterable[str]]:
    return (map(escape_cell, row) for row in rows)
