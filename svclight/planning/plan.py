"""Priorities: criteria and segments in the order of the damage that can be mended for sure.

In: a `Scorecard`, counted or kept by hand. Out: `Priorities`: one line for each cell whose share lies beyond its
target, with the damage in interactions, its part of all damage, what is certain of it, what is usual, what it would
take to reach the target, and the way to its interactions. Misses that are accepted stand apart.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any, Final

import numpy as np
import pandas as pd

from svclight.card.card_tables import check_card
from svclight.counts.tidy_tables import KEYS, ids_of, records_of, rows_of
from svclight.decisions.check import check_periods, is_accepted, is_immature, newest_whole
from svclight.decisions.result import INTERVAL, Result
from svclight.decisions.verdicts import MISSED, TOO_FEW
from svclight.definition.conditions import tests_in
from svclight.definition.criterion_id import CriterionId
from svclight.errors import Issue, SvclightError, quoted_list, quoted_text, texts_of, unknown_name
from svclight.planning import damage, plan_words, sure_damage
from svclight.processes import criterion_at, criterion_ids
from svclight.wording.catalogue import say, say_counted
from svclight.wording.languages import date_words, language_of, period_words, share_words
from svclight.wording.result_words import span_text, upper_first
from svclight.wording.sentence_parts import list_words, notes_words
from svclight.wording.shares import targets_told

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Mapping, Sequence

    from numpy.typing import NDArray

    from svclight.scorecard import Scorecard
    from svclight.wording.shares import Ends

ORDERS: Final = ("interactions", "money")
_MOST_SAID: Final = 10


@dataclass(frozen=True, repr=False)
class Priorities(Result):
    """The criteria and segments to mend first.

    Attributes:
        table: One row a line, the first to mend first: `process, criterion, period, <segments>, rated, effective`
            (how many single interactions tell as much), `green, yellow, red, zone, target, share, low, high, side,
            above` (interactions beyond the target), `verdict` (`missed`, `cannot tell`, `too few`, `no target`),
            `sure` (those that are certain, a whole number), `damage_share`, `cumulated` (of the damage of all lines,
            accepted ones included; 0 to 1), `usual, earlier, trend, price, money, sure_money, currency, needed, why`.
            Shares are 0 to 1, a net score in percentage points.
        accepted: The same for misses that are accepted, with `until`, `reason` and `ticket`.
        notes: What the list does not say by itself.
        by: The segments of the cells.
        order: `interactions` or `money`.
        titles: What people call the criteria, by process and criterion.
        targets: The ends of their targets by zone, from which shares are told.
        tested: How many cells were held against a target, those that reach it included: the tests that are corrected.
        nothing: What is said where there is no line.
        lang: The language of sentences and notes, of `needed` and `why`; codes in the tables are English.
    """

    table: pd.DataFrame
    accepted: pd.DataFrame
    notes: tuple[str, ...]
    by: tuple[str, ...]
    order: str
    titles: dict[CriterionId, str]
    targets: Mapping[tuple[str, str], Mapping[str, Ends]] = field(default_factory=dict)
    tested: int = 0
    nothing: str = ""
    lang: str = "en"

    @property
    def sentences(self) -> tuple[str, ...]:
        """Each line in words."""
        rows = zip(records_of(self.table), ids_of(self.table), strict=True)
        return tuple(
            plan_words.line_sentence(row, self.titles[which], self.by, self._ends(row), self.lang)
            for row, which in rows
        )

    @property
    def reasons(self) -> tuple[str, ...]:
        """Each line in words without its name, as it stands under one."""
        rows = records_of(self.table)
        return tuple(upper_first(plan_words.reason_text(row, self._ends(row), self.lang)) for row in rows)

    def _ends(self, row: dict[str, Any]) -> Ends:
        """The ends of the targets of a line's share."""
        return self.targets.get((row["process"], row["criterion"]), {}).get(row["zone"], ())

    def drill(self, place: int) -> dict[str, Any]:
        """The arguments of `card.interactions` that give the interactions behind a line; the first line is 1.

        Raises:
            SvclightError: There is no such line.
        """
        if not 1 <= place <= len(self.table):
            raise SvclightError(
                Issue("there is no such line", found=quoted_text(place), expected=f"1 to {len(self.table)}")
            )
        row = records_of(self.table.iloc[[place - 1]])[0]
        return plan_words.interactions_call(row, "" if " to " in row["period"] else row["period"], self.by)

    def command(self, place: int, definition: str = "service.yaml", logs: Sequence[str] = ()) -> str:
        """The command that lists the interactions behind a line; without `logs` it has PROCESS=FILE."""
        arguments = self.drill(place)
        return plan_words.command_line(arguments, definition, logs or [f"{arguments['process']}=FILE"])

    def lines(self, definition: str = "service.yaml", logs: Sequence[str] = ()) -> Iterator[str]:
        """The list for people: the first lines, each with the way to its interactions, accepted misses, and notes."""
        for place, sentence in enumerate(self.sentences[:_MOST_SAID], 1):
            yield f"{place}. {sentence}"
            yield f"   {plan_words.call_text(self.drill(place))}"
            yield f"   {self.command(place, definition, logs)}"
        if len(self.table) > _MOST_SAID:
            yield say_counted(
                "{count} more line, {share} of all damage: it is in the table",
                "{count} more lines, {share} of all damage: they are in the table",
                len(self.table) - _MOST_SAID,
                self.lang,
                share=share_words(self.table["damage_share"][_MOST_SAID:].sum(), self.lang),
            )
        for row, which in zip(records_of(self.accepted), ids_of(self.accepted), strict=True):
            yield self._acceptance_line(row, self.titles[which])
        yield from notes_words(self.notes, self.lang)

    def _acceptance_line(self, row: dict[str, Any], title: str) -> str:
        where = plan_words.where_of(row, self.by, self.lang)
        named = f"{title}, {where}" if where else title
        return say(
            "accepted: {title}: {standing}; {share} of all damage; until {day}: {why}",
            self.lang,
            title=named,
            standing=plan_words.standing_text(row, self._ends(row), self.lang),
            share=share_words(row["damage_share"], self.lang),
            day=date_words(row["until"], self.lang),
            why=", ".join(part for part in (row["reason"], row["ticket"]) if part),
        )

    def __str__(self) -> str:
        if not len(self.table):
            return "\n".join([self.nothing, *self.lines()])
        return "\n".join(self.lines())

    def _columns_of(self, table: pd.DataFrame) -> tuple[str, ...]:  # noqa: ARG002 - they do not depend on it
        return ("period", *self.by, "zone", "target", "share", INTERVAL, "verdict", "sure", "above", "damage_share")

    def _lines(self) -> list[str]:
        notes = [f"note: {note}" for note in self.notes]
        return [*(self.sentences or [self.nothing]), *notes]


def plan(
    card: Scorecard,
    periods: str | Iterable[str] | None = None,
    *,
    by: str | Iterable[str] | None = None,
    order: str | None = None,
    lang: str | None = None,
) -> Priorities:
    """Lists the criteria and segments to mend first, by the damage that can be mended for sure.

    A cell is a criterion in one segment (all of `by` together). Its damage is the number of interactions that its
    target does not allow: reds above the target for red, greens missing to that for green, and so on; where several
    targets hold, the one that is missed most clearly. Without a target every red is damage, and such lines stand last.
    For sure is what is left of the damage where chance is given its due: at the better end of the share's interval,
    whose level is that of Holm's correction over all cells of the plan. A cell's own target comes before that for all.
    Criteria that are the worst of others, and items of a quality card, are not listed beside what they are made of.

    Args:
        card: What was counted.
        periods: The periods that are added up; unless given the newest of each criterion that is neither partial nor
            immature. One that is immature is left out, and said.
        by: Segments of the card by which cells are made, each where a process offers it; all of them unless given. A
            criterion is split by those that its own targets name, too.
        order: `interactions` or `money` (needs `cost`); money where every criterion that is listed has a cost of what
            is to turn, unless given.
        lang: The language of the sentences; that of the definitions unless given.

    Returns:
        The `Priorities`.

    Raises:
        SvclightError: There is no such period, segment, order or language, or no cost.

    Examples:
        >>> import pandas as pd
        >>> import svclight
        >>> definitions = svclight.loads('''
        ... svclight: 1
        ... time_zone: UTC
        ... processes:
        ...   hotline:
        ...     title: Hotline
        ...     log: {time: called, segments: [team], fields: {waited: {number: waited, unit: s}}}
        ...     criteria:
        ...       wait: {measure: {value: waited}, green: "<= 30 s", targets: {green: ">= 80 %"}}
        ... ''')
        >>> table = pd.DataFrame({"month": "2026-03", "process": "hotline", "criterion": "wait",
        ...                       "team": ["east", "west"], "green": [900, 700],
        ...                       "yellow": 0, "red": [100, 300]})
        >>> priorities = svclight.plan(svclight.tally(table, definitions, by="team", as_of="2026-05-01"))
        >>> priorities.table[["team", "zone", "target", "sure"]].round(1).values.tolist()
        [['west', 'green', '>= 80 %', 68.0]]
    """
    check_card(card, "svclight.plan")
    lang = language_of(lang, card.definitions)
    keep = card.by if by is None else texts_of(by, "by of svclight.plan")
    named = None if periods is None else list(texts_of(periods, "periods of svclight.plan"))
    if named is not None:
        check_periods(card, named)
    unknown = [name for name in keep if name not in card.by]
    if unknown:
        raise SvclightError(
            f"the card is not split by {quoted_list(unknown)}; it is split by {quoted_list(card.by) or 'nothing'}"
        )
    notes: dict[str, None] = {}
    parts = [
        _of_criterion(card, which, named, _cell_segments(card, which, keep), notes, lang)
        for which in _criteria_to_list(card, notes, lang)
    ]
    keep += tuple(name for name in card.by if name not in keep and any(name in part.columns for part in parts))
    cells = sure_damage.add_sure_damage(_stack_lines(parts, keep))
    tested = sure_damage.tested_lines(cells)
    table = cells[cells["above"] > 0].reset_index(drop=True)
    chosen = _rank_order(table, order, notes, lang)
    ranked = _rank_lines(table, chosen, card, lang)
    debts = [_acceptance(card, row) for row in records_of(ranked)]
    apart = np.array([debt is not None for debt in debts], dtype=bool)
    mine = _add_words(_add_cumulated(ranked, ~apart), chosen, lang)
    known = pd.DataFrame([debt for debt in debts if debt is not None], columns=["until", "reason", "ticket"])
    accepted = pd.concat([_add_cumulated(ranked, apart), known], axis=1)
    if card.way_back is None and len(mine):
        notes[say("the card has no way back to a log: score it again to see the interactions", lang)] = None
    notes |= dict.fromkeys(plan_words.chance_notes(tested, sure_damage.LEVEL, mine, lang))
    titles = {which: card.definitions.title(*which) for which in criterion_ids(card.definitions)}
    nothing = plan_words.nothing_text(cells, tested, accepted=len(accepted), lang=lang)
    told = targets_told(card.definitions)
    return Priorities(mine, accepted, tuple(notes), keep, chosen, titles, told, tested, nothing, lang)


def _criteria_to_list(card: Scorecard, notes: dict[str, None], lang: str) -> Iterator[CriterionId]:
    """The criteria to list: all counted ones, without criteria made of others and without items."""
    there = set(ids_of(card.counts[list(KEYS[:2])].drop_duplicates()))
    for which in criterion_ids(card.definitions):
        if which not in there:
            continue
        parts = criterion_at(card.definitions, which).measure.worst
        if parts is not None and all((which.process, part) in there for part in parts):
            titles = [card.definitions.title(which.process, part) for part in parts]
            notes[
                say(
                    "{title} is the worst of {parts}: its damage is theirs, and listed there",
                    lang,
                    title=card.definitions.title(*which),
                    parts=list_words(titles, lang),
                )
            ] = None
        elif "." in which.criterion:
            title = card.definitions.title(which.process, which.criterion.partition(".")[0])
            notes[say("{title} stands for its items: score its card by them to see which fail", lang, title=title)] = (
                None
            )
        else:
            yield which


def _cell_segments(card: Scorecard, which: CriterionId, by: Sequence[str]) -> tuple[str, ...]:
    """The segments by which cells of a criterion are made.

    Those of the call that its process offers, and those that its own targets name, where the card is split by them.
    """
    process, name = which
    offered = card.definitions.segments_of(process)
    targets = card.definitions.processes[process].criteria[name].targets
    of_targets = {test.column for target in targets for test in tests_in(target.where)}
    return tuple(one for one in dict.fromkeys([*by, *card.by]) if one in offered and (one in by or one in of_targets))


def _of_criterion(
    card: Scorecard, which: CriterionId, named: list[str] | None, by: Sequence[str], notes: dict[str, None], lang: str
) -> pd.DataFrame:
    """The lines of one criterion, its periods added up."""
    title = card.definitions.title(*which)
    periods = _periods_to_add(card, which, named, notes, lang)
    if not periods:
        return pd.DataFrame()
    for where in damage.targets_beside(criterion_at(card.definitions, which), by, lang):
        notes[
            say(
                "a target of {title} is for {where}: it is not used, as cells are not made by that",
                lang,
                title=title,
                where=where,
            )
        ] = None
    table = damage.damage_cells(card, which, periods, _earlier_periods(card, which, periods[0]), by)
    table.insert(2, "period", span_text(periods))
    return table.assign(number=len(periods))


def _periods_to_add(
    card: Scorecard, which: CriterionId, named: list[str] | None, notes: dict[str, None], lang: str
) -> list[str]:
    """The periods of a criterion that are added up, in their order."""
    title = card.definitions.title(*which)
    if named is None:
        newest = newest_whole(card, which, with_rows=True)
        if newest is None:
            notes[say("{title}: no period is whole and mature", lang, title=title)] = None
        return [] if newest is None else [newest]
    young = [period for period in named if is_immature(card, which, period)]
    for period in young:
        shown = period_words(period, lang)
        notes[
            say("{title}: {period} is left out, as its interactions can still turn", lang, title=title, period=shown)
        ] = None
    return sorted({*named} - {*young})


def _earlier_periods(card: Scorecard, which: CriterionId, first: str) -> list[str]:
    """The newest periods before the first that are neither partial nor immature."""
    marks = rows_of(card.periods, which)
    whole = marks.loc[~marks["partial"] & ~marks["immature"], "period"]
    before = sorted(period for period in whole.astype(str) if "" < period < first)
    return before[-damage.MOST_EARLIER :]


def _stack_lines(parts: Sequence[pd.DataFrame], by: Sequence[str]) -> pd.DataFrame:
    """The lines of all criteria; keys as text, so that tables of different criteria agree."""
    full = [part for part in parts if len(part)]
    if not full:
        return pd.DataFrame(columns=[*KEYS, *by, *damage.NUMBERS, "number"])
    texts = dict.fromkeys([*KEYS, *by], "object")
    # a criterion that is not split by a segment has null there
    whole = [part.reindex(columns=[*dict.fromkeys([*KEYS, *by, *part.columns])]) for part in full]
    return pd.concat([part.astype(texts) for part in whole], ignore_index=True)


def _rank_order(table: pd.DataFrame, order: str | None, notes: dict[str, None], lang: str) -> str:
    """The column by which lines are ranked; a note says what another order would need."""
    if order is not None and order not in ORDERS:
        raise SvclightError(unknown_name("unknown order", order, ORDERS))
    priced = table["price"].notna()
    if order == "money" and len(table) and not priced.any():
        raise SvclightError("no criterion that is listed has a `cost` of what is to turn: there is no order by money")
    chosen = order or ("money" if len(table) and priced.all() else "interactions")
    if chosen == "money":
        notes[say('in the order of money; order="interactions" is the other', lang)] = None
    elif order is None and priced.any():
        notes[
            say(
                'some criteria have no cost, so lines stand by interactions; order="money" puts those with a cost '
                "first",
                lang,
            )
        ] = None
    return chosen


def _rank_lines(table: pd.DataFrame, order: str, card: Scorecard, lang: str) -> pd.DataFrame:
    """The lines in their order, with their part of all damage, their money and what it would take."""
    made = table.assign(
        money=table["above"] * table["price"],
        sure_money=table["sure"] * table["price"],
        currency=card.definitions.document.currency or "",
        damage_share=table["above"] / table["above"].sum() if len(table) else [],
    )
    kind = card.provenance.period
    made["needed"] = [plan_words.needed_text(row, row["number"], kind, lang) for row in records_of(made)]
    keys = ["sure", "above"] if order == "interactions" else ["sure_money", "money", "sure", "above"]
    # what is missed for sure, then the other targets, then criteria for which nobody has said what is enough
    standing = made["verdict"].map({MISSED: 2, damage.NO_TARGET: 0}).fillna(1)
    ranked = made.assign(standing=standing).sort_values(
        ["standing", *keys], ascending=False, kind="stable", na_position="last", ignore_index=True
    )
    return ranked.drop(columns=["number", "standing", "bound", "deviate", "min_rated"])


def _acceptance(card: Scorecard, row: dict[str, Any]) -> dict[str, Any] | None:
    """The end and the reason of the acceptance of a miss; None where it is not accepted, or too few are rated."""
    which = CriterionId(row["process"], row["criterion"])
    known, last = criterion_at(card.definitions, which).accepted, row["period"].rpartition(" to ")[2]
    if known is None or row["verdict"] == TOO_FEW or not is_accepted(known, row["zone"], last, row["low"], row["high"]):
        return None
    return {"until": known.until, "reason": known.reason, "ticket": known.ticket or ""}


def _add_cumulated(ranked: pd.DataFrame, mine: NDArray[np.bool_]) -> pd.DataFrame:
    """Some of the lines, with the part of all damage down to each."""
    part = ranked[mine].reset_index(drop=True)
    part.insert(list(part.columns).index("damage_share") + 1, "cumulated", part["damage_share"].cumsum())
    return part


def _add_words(table: pd.DataFrame, order: str, lang: str) -> pd.DataFrame:
    """The lines with the reason for the place of each."""
    by_money = order == "money"
    return table.assign(
        why=[
            plan_words.why_ranked(row, first=at == 0, by_money=by_money, lang=lang)
            for at, row in enumerate(records_of(table))
        ]
    )
