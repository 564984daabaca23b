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
from svclight.decisions.verdicts import verdict_words
from svclight.definition.criterion_id import CriterionId
from svclight.errors import SvclightError, quoted_list, unknown_name
from svclight.judging.contract import Wanted
from svclight.planning.paired_criteria import ABSENT, BOTH_STATES, PairedCriterion, judge_rows, match_rows
from svclight.wording.catalogue import say, say_counted, say_of, to_say_of
from svclight.wording.languages import share_words, whole_number
from svclight.wording.markdown_text import escape_cell, escape_text, table_lines
from svclight.wording.sentence_parts import limit_words, zone_of_target
from svclight.wording.zone_words import state_words

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Mapping

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
        titles: What people call the criteria that have a title, by process and criterion.
        lang: The language of the page, of `wording` and the notes; codes in the tables are English.
    """

    criteria: pd.DataFrame
    matrix: pd.DataFrame
    wording: pd.DataFrame
    verdicts: pd.DataFrame
    names: tuple[str, str]
    notes: tuple[str, ...] = ()
    titles: Mapping[CriterionId, str] = field(default_factory=dict)
    lang: str = "en"
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
        return [f"{before} \N{RIGHTWARDS ARROW} {after}", _summary_line(self, self.lang), *self.notes]


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
    return "\n".join(_page_lines(difference, difference.lang)).rstrip() + "\n"


def _page_lines(difference: Difference, lang: str) -> Iterator[str]:
    """The lines of the Markdown page."""
    old, new = map(escape_text, difference.names)
    yield "## " + say("What the change does: {old} → {new}", lang, old=old, new=new)
    yield ""
    yield _summary_line(difference, lang)
    yield ""
    rows = records_of(difference.criteria)
    heads = ("criterion", "change", "interactions", "change zone", "better", "worse")
    yield from table_lines(_heads(heads, lang), _escaped_rows(_criterion_cells(row, lang) for row in rows))
    about_log = difference.wording[difference.wording["criterion"] == ""]
    for process, part in about_log.groupby("process", sort=False):
        keys = ", ".join(what.removeprefix("log: ") for what in part["what"])
        name = escape_text(str(process))
        yield say("The log of {process} is read otherwise: {keys}.", lang, process=name, keys=escape_text(keys))
        yield ""
    for row in rows:
        yield from _detail_lines(difference, row, lang)
    yield from _verdict_lines(difference, lang)
    yield from (f"- {escape_text(note)}" for note in difference.notes)


_HEADS: Final = (
    to_say_of("head of changes", "criterion"),
    to_say_of("head of changes", "change"),
    to_say_of("head of changes", "interactions"),
    to_say_of("head of changes", "change zone"),
    to_say_of("head of changes", "better"),
    to_say_of("head of changes", "worse"),
    to_say_of("head of changes", "period"),
    to_say_of("head of changes", "target"),
    to_say_of("head of changes", "before"),
    to_say_of("head of changes", "now"),
)
_CHANGES: Final = (
    to_say_of("change", "same"),
    to_say_of("change", "changed"),
    to_say_of("change", "renamed"),
    to_say_of("change", "added"),
    to_say_of("change", "removed"),
)


def _heads(names: Iterable[str], lang: str) -> list[str]:
    return [say_of("head of changes", name, lang) for name in names]


def _summary_line(difference: Difference, lang: str) -> str:
    """The whole difference in one line."""
    kinds = difference.criteria["change"]
    changed, turned = int((difference.criteria["changed"].fillna(0) > 0).sum()), len(difference.verdicts)
    parts = [say("No interaction changes zone", lang), say("no verdict turns", lang)]
    if changed:
        parts[0] = say_counted(
            "Interactions change zone in {count} criterion",
            "Interactions change zone in {count} criteria",
            changed,
            lang,
        )
    if turned:
        parts[1] = say_counted("{count} verdict turns", "{count} verdicts turn", turned, lang)
    added, removed, renamed = (int((kinds == kind).sum()) for kind in ("added", "removed", "renamed"))
    if added:
        parts.append(say_counted("{count} added criterion", "{count} added criteria", added, lang))
    if removed:
        parts.append(say_counted("{count} removed criterion", "{count} removed criteria", removed, lang))
    if renamed:
        parts.append(say_counted("{count} renamed criterion", "{count} renamed criteria", renamed, lang))
    return f"{'; '.join(parts)}."


def _criterion_cells(row: dict[Any, Any], lang: str) -> tuple[str, ...]:
    """The cells of a criterion in the table of changes."""
    change = say("renamed from {name}", lang, name=row["was"]) if row["was"] else say_of("change", row["change"], lang)
    name = f"{row['process']}.{row['criterion']}"
    if pd.isna(row["interactions"]):
        return name, change, "", "", "", ""
    whole, moved = int(row["interactions"]), int(row["changed"])
    shown = "0"
    if whole and moved:
        shown = f"{whole_number(moved, lang)} ({share_words(Fraction(moved, whole), lang)})"
    better, worse = (whole_number(int(row[side]), lang) for side in ("better", "worse"))
    return name, change, whole_number(whole, lang), shown, better, worse


def _detail_lines(difference: Difference, row: dict[str, Any], lang: str) -> Iterator[str]:
    """Lines on the changed wording of a criterion, and on the moves of its interactions."""
    which = CriterionId(row["process"], row["criterion"])
    wording = rows_of(difference.wording, which)
    moved = not pd.isna(row["changed"]) and row["changed"] > 0
    if not len(wording) and not moved:
        return
    title = difference.titles.get(which, "")
    yield f"### {escape_text(f'{which} ({title})' if title else str(which))}"
    yield ""
    if len(wording):
        texts = wording[["what", "before", "after"]].itertuples(index=False, name=None)
        yield from table_lines(("", *_heads(("before", "now"), lang)), _escaped_rows(texts))
    if moved:
        matrix = rows_of(difference.matrix, which).pivot_table(
            index="before", columns="after", values="count", aggfunc="sum", fill_value=0
        )
        before, after = ([state for state in BOTH_STATES if state in axis] for axis in (matrix.index, matrix.columns))
        moves: dict[str, dict[str, int]] = matrix.to_dict("index")  # type: ignore[assignment]  # keys are states
        head = (say("before ↓, now →", lang), *(state_words(state, lang) for state in after))
        counts = (
            (
                f"**{state_words(state, lang)}**",
                *(_count_cell(int(moves[state][to]), lang, same=state == to) for to in after),
            )
            for state in before
        )
        yield from table_lines(head, counts)


def _count_cell(count: int, lang: str, *, same: bool) -> str:
    shown = whole_number(count, lang)
    return shown if same or not count else f"**{shown}**"


def _verdict_lines(difference: Difference, lang: str) -> Iterator[str]:
    """The lines on targets whose verdict turns."""
    table = difference.verdicts
    if not len(table):
        return
    yield "### " + say("Verdicts that turn", lang)
    yield ""
    rows = (_turned_cells(row, lang) for row in records_of(table.head(MOST_VERDICTS)))
    heads = ("criterion", "period", "target", "before", "now")
    yield from table_lines(_heads(heads, lang), _escaped_rows(rows))
    if len(table) > MOST_VERDICTS:
        yield say("and {count} more.", lang, count=whole_number(len(table) - MOST_VERDICTS, lang))
        yield ""


def _turned_cells(row: dict[str, Any], lang: str) -> tuple[str, ...]:
    """The cells of a target whose verdict turns."""
    name, where = f"{row['process']}.{row['criterion']}", say("where {where}", lang, where=row["where"])
    none = say("no such target", lang)
    before, now = (verdict_words(row[side], lang) if row[side] else none for side in ("before", "after"))
    return f"{name} {where}" if row["where"] else name, row["period"], _target_text(row, lang), before, now


def _target_text(row: dict[str, Any], lang: str) -> str:
    """The zone and the target; where it is another one now, both."""
    zone, before, now = zone_of_target(row["zone"], lang), row["target_before"], row["target"]
    if not before or not now or before == now:
        return f"{zone} {limit_words(now or before, lang)}"
    return f"{zone} {limit_words(before, lang)} → {limit_words(now, lang)}"


def _escaped_rows(rows: Iterable[Iterable[Any]]) -> Iterator[Iterable[str]]:
    return (map(escape_cell, row) for row in rows)
