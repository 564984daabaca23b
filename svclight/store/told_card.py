"""A card of what a store was told: of each period the run that was seen last, or that was by some earlier moment.

In: a store, segments, the kind of period, a moment. Out: one card, as `replace` would put the runs together, and what
is worth saying of runs that do not go together. Runs of which nothing is left are not opened.

Definitions change over the months. Of each process those of its newest run count; what an earlier run counted
otherwise (see `counting_mark`) is left out and told, so that one row of months is one measure.
"""

from __future__ import annotations

import io
import json
from dataclasses import replace
from typing import TYPE_CHECKING, Any

import pandas as pd

from svclight.card.card_file import tables_in
from svclight.card.merging import add_up, change_tables, merge_cards, places_of
from svclight.counts.tidy_tables import KEYS
from svclight.errors import Issue, SvclightError, quoted_list, quoted_text
from svclight.processes import from_plain
from svclight.scorecard import Scorecard

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from svclight.processes import Definitions
    from svclight.store.store_file import Run, StoreFile

    Place = tuple[str, str, str]

_NEWEST = """
    SELECT process, run FROM periods JOIN runs USING (run) WHERE list_contains(?, run)
    QUALIFY row_number() OVER (PARTITION BY process ORDER BY runs.seen DESC, run DESC) = 1
"""
_COUNTING = f"""
    WITH newest AS ({_NEWEST}),
    measured AS (SELECT DISTINCT process, criterion, counted FROM periods JOIN newest USING (run, process))
"""
_WINNERS = f"""
    {_COUNTING} SELECT run, process, criterion, period FROM periods JOIN measured USING (process, criterion, counted)
    WHERE list_contains(?, run)
    QUALIFY row_number() OVER (PARTITION BY process, criterion, period ORDER BY seen DESC, run DESC) = 1
"""
_OTHERWISE = f"""
    {_COUNTING} SELECT process, criterion, min(period), max(period) FROM periods
    WHERE list_contains(?, run) AND (process, criterion, period) NOT IN (
        SELECT (process, criterion, period) FROM periods JOIN measured USING (process, criterion, counted)
        WHERE list_contains(?, run)
    ) GROUP BY ALL ORDER BY ALL
"""


def card_of_runs(
    store: StoreFile, *, by: Sequence[str] | None, period: str | None, until: int | None
) -> tuple[Scorecard, list[str]]:
    """One card of the runs of a store.

    Args:
        store: The store.
        by: Segments to keep; those of the newest run unless given.
        period: The kind of period; that of the newest run unless given.
        until: Only runs that were seen before this moment, in microseconds since 1970; all unless given.

    Returns:
        The card, and notices of runs and criteria that are left out.

    Raises:
        SvclightError: There is no such run, or none is split by the segments.
    """
    runs = _runs_by(store, _runs_until(store, until), period)
    newest = runs[0]
    wanted = tuple(newest.by if by is None else by)
    alike = [run for run in runs if _is_alike(run, newest, wanted)]
    if not alike:
        split = [quoted_list(run.by) or "nothing" for run in runs]
        what = f"{store.name}: no run is split by {quoted_list(wanted)}"
        raise SvclightError(Issue(what, found=" or ".join(dict.fromkeys(split)), hint="score the logs again with --by"))
    numbers = [run.number for run in alike]
    cards = _winning_cards(store, numbers, wanted)
    owners = dict(store.rows(_NEWEST, [numbers]))
    definitions = _joint_definitions(cards, owners)
    others = [run for run in runs if run not in alike]
    # the newest comes last: where several say something of an empty period, the last one counts
    seen = [_seen_by(card, definitions) for card in reversed(cards.values())]
    return _merged(seen), [*_left_out(store, others), *_counted_otherwise(store, numbers)]


def _runs_until(store: StoreFile, until: int | None) -> list[Run]:
    """The runs that were seen before a moment, the newest first.

    Raises:
        SvclightError: There is none.
    """
    runs = store.runs()
    if not runs:
        hint = "`svclight score … --into FILE` adds one"
        raise SvclightError(Issue(f"{store.name}: there is no run in this store", hint=hint))
    told = [run for run in runs if until is None or 0 <= run.seen < until]
    if not told:
        first = min((run for run in runs if run.seen >= 0), key=lambda run: run.seen, default=None)
        found = "only runs without as_of" if first is None else f"as first run one that was seen from {first.as_of}"
        raise SvclightError(Issue(f"{store.name}: nothing had been told by then", found=found))
    return sorted(told, key=lambda run: (run.seen, run.number), reverse=True)


def _runs_by(store: StoreFile, runs: list[Run], period: str | None) -> list[Run]:
    """The runs by one kind of period.

    Raises:
        SvclightError: There is none.
    """
    kind = period or runs[0].period
    found = [run for run in runs if run.period == kind]
    if not found:
        kinds = quoted_list(dict.fromkeys(run.period for run in runs))
        what = f"{store.name}: no run counts by {quoted_text(kind)}"
        raise SvclightError(Issue(what, found=kinds, hint="score the logs again with --period"))
    return found


def _is_alike(run: Run, newest: Run, by: tuple[str, ...]) -> bool:
    """Whether a run can be put together with the newest."""
    same = (run.time_zone, run.matured) == (newest.time_zone, newest.matured)
    return same and set(by) <= set(run.by)


def _winning_cards(store: StoreFile, numbers: list[int], by: tuple[str, ...]) -> dict[int, Scorecard]:
    """By number, the newest first, the cards of runs with the periods that count of them; the others stay closed."""
    kept: dict[int, set[Place]] = {}
    for number, process, criterion, period in store.rows(_WINNERS, [numbers, numbers]):
        kept.setdefault(number, set()).add((process, criterion, period))
    kept.setdefault(numbers[0], set())  # that the newest log is empty is told, too
    return {
        number: _with_places(_split_by(card_of_run(store, number), by), kept[number])
        for number in numbers
        if number in kept
    }


def _split_by(card: Scorecard, by: tuple[str, ...]) -> Scorecard:
    """The card split by some of its segments, in this order."""
    card = add_up(card, by)
    if card.by == by:
        return card

    def ordered(table: pd.DataFrame) -> pd.DataFrame:
        segments = [name for name in by if name in table.columns]
        others = [name for name in table.columns if name not in by]
        return table[[*others[: len(KEYS)], *segments, *others[len(KEYS) :]]]

    return change_tables(replace(card, provenance=replace(card.provenance, by=by)), ordered)


def _with_places(card: Scorecard, places: set[Place]) -> Scorecard:
    """The card with some periods of criteria alone, and what belongs to no period of these criteria."""
    kept = {place[:2] for place in places}

    def chosen(table: pd.DataFrame) -> pd.DataFrame:
        keys = zip(*(table[key] for key in KEYS), strict=True)
        is_kept = [key in places or (key not in there and key[:2] in kept) for key in keys]
        return table[pd.Series(is_kept, index=table.index, dtype=bool)]

    there = places_of(card)
    return card if there == places else change_tables(card, chosen)


def card_of_run(store: StoreFile, number: int) -> Scorecard:
    """The card of one run, as it was added."""
    ((saved,),) = store.rows("SELECT card FROM runs WHERE run = ?", [number])
    tables: dict[str, Any] = tables_in(io.BytesIO(saved), f"{store.name}, run {number}")
    return Scorecard(**tables)


def _joint_definitions(cards: Mapping[int, Scorecard], owners: Mapping[str, int]) -> Definitions:
    """The definitions of the newest run, with each process as its own newest run defines it.

    Args:
        cards: The cards of runs by their number, the newest first.
        owners: The newest run of each process.
    """
    first, *others = cards
    raw = json.loads(json.dumps(cards[first].definitions.raw))
    for number in others:
        theirs = cards[number].definitions.raw
        for name, calendar in (theirs.get("calendars") or {}).items():
            raw.setdefault("calendars", {}).setdefault(name, calendar)
        for name, process in theirs["processes"].items():
            if owners.get(name) == number:
                raw["processes"][name] = process
            raw["processes"].setdefault(name, process)
    return cards[first].definitions if raw == cards[first].definitions.raw else from_plain(raw)


def _seen_by(card: Scorecard, definitions: Definitions) -> Scorecard:
    """The card with the titles and targets of other definitions, which count alike."""
    return replace(card, definitions=definitions, provenance=replace(card.provenance, definition=definitions.hash))


def _merged(cards: Sequence[Scorecard]) -> Scorecard:
    return merge_cards(*cards) if len(cards) > 1 else cards[0]


def _left_out(store: StoreFile, runs: Sequence[Run]) -> list[str]:
    """The notice of runs that cannot be put together with the newest."""
    if not runs:
        return []
    numbers = ", ".join(str(run.number) for run in sorted(runs, key=lambda run: run.number))
    why = "they have another time zone, another --matured, or lack one of the segments"
    return [f"{store.name}: of the runs of this store these are left out: {numbers}; {why}"]


def _counted_otherwise(store: StoreFile, numbers: list[int]) -> list[str]:
    """The notice of criteria that earlier runs counted by another definition."""
    rows = store.rows(_OTHERWISE, [numbers, numbers, numbers])
    if not rows:
        return []
    told = ", ".join(f"{process}.{criterion} of {first} to {last}" for process, criterion, first, last in rows)
    hint = "score the logs of these periods again with --into, or ask for what was told before with --as-told"
    return [f"{store.name}: left out, as the newest run of the process counts otherwise: {told}; {hint}"]
