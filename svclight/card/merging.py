"""Cards put together: periods of one added to those of another, where both were measured alike.

In: the tables of two cards. Out: those of both, or an error that says in what they differ.
"""

from __future__ import annotations

import json
from dataclasses import replace
from fractions import Fraction
from typing import TYPE_CHECKING, Any, Final, TypeVar

import pandas as pd

from svclight.card.card_tables import LATE, CardTables
from svclight.counts.count_tables import TABLES
from svclight.counts.log_notices import add_tables
from svclight.counts.tidy_tables import KEYS, PERIODS, build, part_of, tidy
from svclight.errors import Issue, SvclightError, quoted_list, quoted_text
from svclight.logs.usual_course import no_steps
from svclight.processes import criterion_at, criterion_ids, from_plain

if TYPE_CHECKING:
    from collections.abc import Callable, Collection, Sequence

    from svclight.counts.provenance import Provenance
    from svclight.definition.criterion_id import CriterionId
    from svclight.definition.models import Criterion, Log
    from svclight.processes import Definitions

Card = TypeVar("Card", bound=CardTables)
_NUMBERS: Final = ("count", "asked", "answered", "squares", "measured", "sum", *PERIODS[len(KEYS) :])


def add_up(card: Card, by: Sequence[str]) -> Card:
    """The card split by some of its segments alone; the others are added up.

    Raises:
        SvclightError: It is not split by such a segment.
    """
    unknown = [name for name in by if name not in card.by]
    if unknown:
        split = quoted_list(card.by) or "nothing"
        hint = f"score the log again with {' '.join(f'--by {name}' for name in unknown)}"
        raise SvclightError(
            Issue("the card is not split by this segment", found=quoted_list(unknown), expected=split, hint=hint)
        )
    kept = tuple(name for name in card.by if name in by)
    if kept == card.by:
        return card
    gone = [name for name in card.by if name not in kept]

    def without(table: pd.DataFrame) -> pd.DataFrame:
        return _concat_tables([table.drop(columns=gone)], card.definitions, kept)

    tables: dict[str, Any] = {
        name: without(getattr(card, name)) for name in ("counts", "reasons", "responses", "squares")
    }
    tables |= {name: late_table(name, without, card) for name in ("bins", "sums")}
    return replace(card, **tables, provenance=replace(card.provenance, by=kept), way_back=None)


def with_definitions(card: Card, definitions: Definitions) -> Card:
    """The card as other definitions see it: with their titles and targets, where they measure the same.

    Raises:
        SvclightError: What was counted is defined otherwise, or not at all; time zone or working hours differ.
    """
    if definitions.document.time_zone != card.provenance.time_zone:
        zones = f"{card.provenance.time_zone} and {definitions.document.time_zone}"
        raise SvclightError(f"the card and the definition differ in their time zone: {zones}")
    places = card.periods[["process", "criterion"]].drop_duplicates().itertuples(index=False, name=None)
    other = [place for place in places if not _measures_alike(card.definitions, definitions, *place)]
    if other:
        names = quoted_list(f"{process}.{name}" for process, name in other)
        hint = "leave the definition out, as the card has its own, or score the log again"
        raise SvclightError(Issue("the card was counted by another definition", found=names, hint=hint))
    document, calendars = definitions.document, card.definitions.document.calendars
    changed = [name for name, calendar in calendars.items() if document.calendars.get(name) != calendar]
    if changed:
        raise SvclightError(f"the card was counted by other working hours: {quoted_list(changed)}; score the log again")
    kept = replace(
        card.provenance, title=document.title or "", version=document.version or "", definition=definitions.hash
    )
    return replace(card, definitions=definitions, provenance=kept, way_back=None)


def _measures_alike(first: Definitions, second: Definitions, process: str, name: str) -> bool:
    """Whether a criterion counts the same by two definitions, whatever is claimed of it."""
    both = [one for one in (definitions.processes.get(process) for definitions in (first, second)) if one is not None]
    criteria = [one.criteria[name] for one in both if name in one.criteria]
    if len(criteria) < len((first, second)):
        return False
    logs = [one.log for one in both]
    return logs[0] == logs[1] and criteria[0].deciding == criteria[1].deciding


def places_of(card: CardTables) -> set[tuple[str, str, str]]:
    """The periods of criteria in which a card has rows; rows without a usable time belong to no period."""
    there = card.counts[list(KEYS)].drop_duplicates()
    return {place for place in there.itertuples(index=False, name=None) if place[2]}


def seen_at(card: CardTables) -> dict[tuple[str, str, str], int]:
    """The moment from which each period of a criterion was seen (microseconds since 1970; -1 without one)."""
    places = zip(*(card.periods[key] for key in KEYS), strict=True)
    there = places_of(card)
    return {place: at for place, at in zip(places, card.periods["as_of"].tolist(), strict=True) if place in there}


def without_places(card: Card, places: Collection[tuple[str, str, str]]) -> Card:
    """The card without some periods of criteria."""
    if not places:
        return card

    def others(table: pd.DataFrame) -> pd.DataFrame:
        keys = zip(*(table[key] for key in KEYS), strict=True)
        kept = [key not in places for key in keys]
        return table[pd.Series(kept, index=table.index, dtype=bool)]  # a bare empty list would choose no columns

    return change_tables(card, others)


def change_tables(card: Card, change: Callable[[pd.DataFrame], pd.DataFrame]) -> Card:
    """The card with every table changed alike; it has no way back, and no steps, which are those of a whole log."""

    def change_table(table: pd.DataFrame) -> pd.DataFrame:
        return tidy(change(table), card.definitions, card.by)

    tables: dict[str, Any] = {name: change_table(getattr(card, name)) for name in TABLES if name not in LATE}
    tables |= {name: late_table(name, change_table, card) for name in LATE}
    return replace(card, **tables, steps=no_steps(), way_back=None)


def _periods_beside(card: CardTables, there: set[tuple[str, str, str]]) -> pd.DataFrame:
    """The periods of a card without those that are empty here, though there are rows in another card."""
    empty_here = there - places_of(card)
    keys = zip(*(card.periods[key] for key in KEYS), strict=True)
    kept = [key not in empty_here for key in keys]
    return card.periods[pd.Series(kept, index=card.periods.index, dtype=bool)]


def merge_cards(first: Card, *others: CardTables) -> Card:
    """One card from several that share no period of a criterion; of definitions that differ the first one's count.

    Raises:
        SvclightError: They differ in a definition, in the kind of period, in their segments, or in how they were made.
    """
    definitions = first.definitions
    for other in others:
        _check_alike(first, other)
        definitions = _merge_definitions(definitions, other.definitions)
    cards: tuple[CardTables, ...] = (first, *others)
    by = first.by

    def together(*frames: pd.DataFrame) -> pd.DataFrame:
        return _concat_tables(frames, definitions, by)

    tables: dict[str, Any] = {
        name: together(*(getattr(card, name) for card in cards)) for name in TABLES if name not in (*LATE, "periods")
    }
    there = set().union(*map(places_of, cards))
    more: dict[str, Any] = {
        **{name: add_tables([getattr(card, name) for card in cards]) for name in ("unread", "joins")},
        "periods": together(*(_periods_beside(card, there) for card in cards)),
        # a table without rows does not tell that lines are whole numbers
        "rejected": pd.concat([card.rejected.astype({"line": "int64"}) for card in cards], ignore_index=True),
        "steps": _of_the_newest(cards),
        "definitions": definitions,
        "provenance": _joint_provenance(cards, definitions),
    }
    tables |= {name: late_table(name, together, *cards) for name in LATE}
    return replace(first, **tables, **more, way_back=None)


def _joint_provenance(cards: Sequence[CardTables], definitions: Definitions) -> Provenance:
    """The provenance of cards that are put together: that of the newest, with the logs and notices of all."""
    each = [card.provenance for card in cards]
    newest = max(each, key=lambda provenance: provenance.seen_at)
    logs = tuple(log for one in each for log in one.logs)
    # a process without a log in one card may have it in another
    no_longer = {not_scored(log.process) for log in logs}
    notices = dict.fromkeys(notice for one in each for notice in one.notices if notice not in no_longer)
    return replace(newest, logs=logs, notices=tuple(notices), definition=definitions.hash)


def _concat_tables(frames: Sequence[pd.DataFrame], definitions: Definitions, by: Sequence[str]) -> pd.DataFrame:
    """One table from the same table of several cards."""
    joined = build([part_of(frame, by) for frame in frames], list(frames[0].columns), definitions, by)
    keys = [column for column in joined.columns if column not in _NUMBERS]
    added = ("count", "asked", "answered", "squares", "measured", "sum")
    counted = [column for column in added if column in joined.columns]
    if "sum" in counted:
        return _sum_fractions(joined, keys)
    if counted and len(joined):  # rows without a usable time are in no period, so that both cards may have some
        return joined.groupby(keys, sort=False, as_index=False, observed=True, dropna=False)[counted].sum()
    return joined.drop_duplicates(keys, keep="last", ignore_index=True)


def _sum_fractions(joined: pd.DataFrame, keys: list[str]) -> pd.DataFrame:
    """Sums of values that are exact fractions as text, those of the same keys added up."""
    again = joined.duplicated(keys, keep=False)
    if not again.any():
        return joined
    twice = joined[again].assign(sum=joined["sum"].map(Fraction))
    groups = twice.groupby(keys, sort=False, as_index=False, observed=True, dropna=False)
    summed = groups.agg({"measured": "sum", "sum": "sum"})
    return pd.concat([joined[~again], summed.assign(sum=summed["sum"].map(str))], ignore_index=True)[joined.columns]


def late_table(
    name: str, make: Callable[..., pd.DataFrame], *cards: CardTables
) -> pd.DataFrame | Callable[[], pd.DataFrame]:
    """A table made from those of cards, or a function that makes it when it is asked for."""

    # as late as those of the cards are: putting cards together asks for no histogram
    def made() -> pd.DataFrame:
        return make(*(getattr(card, name) for card in cards))

    return made if any(callable(vars(card)[name]) for card in cards) else made()


def not_scored(process: str) -> str:
    """The notice that a process was given no log."""
    return f"{quoted_text(process)} is not scored: it was given no log"


def way_out(first: CardTables, second: CardTables) -> str:
    """The advice for cards that share periods."""
    if any(log.hand_kept for card in (first, second) for log in card.provenance.logs):
        return "take them out of the hand-kept table, or use old.replace(new), where what was counted from a log counts"
    return "use old.replace(new), where the newer as_of counts"


def _of_the_newest(cards: Sequence[CardTables]) -> pd.DataFrame | Callable[[], pd.DataFrame]:
    """The steps of each process as the newest card saw them, or a function that makes them when asked.

    It is made as late as those of the cards are.
    """
    # medians cannot be added up: of each process the steps of one card stay as they are
    newest_first = sorted(cards, key=lambda card: card.provenance.seen_at, reverse=True)

    def newest_steps() -> pd.DataFrame:
        known: set[str] = set()
        kept = []
        for card in newest_first:
            kept.append(card.steps[~card.steps["process"].isin(known)])
            known |= set(card.steps["process"])
        return pd.concat(kept, ignore_index=True)

    return newest_steps if any(callable(vars(card)["steps"]) for card in cards) else newest_steps()


def _check_alike(first: CardTables, second: CardTables) -> None:
    """Refuses cards that differ in period, segments, time zone, maturity or the definition of a criterion."""
    by_hand = first.provenance.kept_by_hand or second.provenance.kept_by_hand
    matured = [card.provenance.matured and not by_hand for card in (first, second)]  # hand-kept numbers are neither
    for what, mine, theirs in (
        ("kind of period", first.provenance.period, second.provenance.period),
        ("segments", quoted_list(first.by) or "none", quoted_list(second.by) or "none"),
        ("time zone", first.provenance.time_zone, second.provenance.time_zone),
        ("`matured`", *matured),
    ):
        if mine != theirs:
            raise SvclightError(f"the cards differ in their {what}: {mine} and {theirs}")
    known = set(criterion_ids(second.definitions))
    for which in criterion_ids(first.definitions):
        if which in known and _what_counts(first, which) != _what_counts(second, which):
            raise SvclightError(
                f"the cards differ in the definition of {which}: score both logs with the same definition"
            )


def _what_counts(card: CardTables, which: CriterionId) -> tuple[Criterion, Log | None]:
    """A criterion and the log that it counts."""
    return criterion_at(card.definitions, which), card.definitions.processes[which.process].log


def _merge_definitions(first: Definitions, second: Definitions) -> Definitions:
    """The definitions of both cards: all of the first, then the processes and criteria of the second alone."""
    if first.raw == second.raw:
        return first
    raw = json.loads(json.dumps(first.raw))
    for name, calendar in second.raw.get("calendars", {}).items():
        raw.setdefault("calendars", {}).setdefault(name, calendar)
    for name, process in second.raw["processes"].items():
        mine = raw["processes"].setdefault(name, process)
        for criterion, content in process.get("criteria", {}).items():
            mine.setdefault("criteria", {}).setdefault(criterion, content)
        if "log" in process:
            mine.setdefault("log", process["log"])
    return from_plain(raw)
