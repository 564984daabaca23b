"""What was counted of a process, whichever engine counted it: put together, and laid out as tables.

In: `Tallied`, which says of each criterion how often each outcome occurred in each period and segment. Out: the tidy
tables of the process (`tables_of`), or one `Tallied` of two parts of its log (`add_parts`).
"""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass, field
from fractions import Fraction
from typing import TYPE_CHECKING, Any, Final

import numpy as np
import pandas as pd

from svclight.counts.outcome_codes import MOST_CELLS
from svclight.counts.tidy_tables import Part, Words, join_words, sorted_words
from svclight.thresholds import STATES, ZONES
from svclight.values import clocks, histogram

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping, Sequence

    from numpy.typing import NDArray

    from svclight.counts.log_reach import Reach

    Ints = NDArray[np.int64]
    Pair = tuple[str, str]

TABLES: Final = ("counts", "reasons", "values", "periods", "responses", "squares", "bins", "sums")
"""The tables that are made of what was counted."""
NO_PERIOD: Final = -(1 << 31)
"""Stands for the period of rows without a usable time; no day is so far back."""
_MOST: Final = 1 << 62


@dataclass(frozen=True)
class Counts:
    """The number of times that each code occurs in each period and segment; each key stands once.

    Attributes:
        periods: The period's number since 1970 (`clocks.period_numbers`), or `NO_PERIOD`.
        segments: A column for each segment by which the process is split; the empty word where it is missing.
        codes: What occurs, as `Tally` says.
        count: How many interactions; 0 where all of them weigh nothing, as they occur all the same.
    """

    periods: Ints
    segments: tuple[Words, ...]
    codes: Ints
    count: Ints


@dataclass(frozen=True)
class Amounts:
    """What the complete values of rated interactions come to, by period and segments.

    Attributes:
        bins: Their histogram; a code is one of `histogram.fine_codes`, counted from 0.
        sums: What they add up to: one code, 0; counts are exact fractions, in the unit of the values.
    """

    bins: Counts
    sums: Counts


@dataclass(frozen=True)
class Tally:
    """The counts of one criterion.

    Attributes:
        outcomes: Every interaction; a code is a place in `pairs`.
        pairs: (state, reason); the reason is empty for measured zones.
        cells: The pairs whose reason holds a cell that cannot be read, counted or not, each with the pair that all of
            its kind share where there are too many of them.
        asked: Those who were asked; code 1 who answered so that it could be rated, 0 who did not. None where the
            criterion does not say who was asked.
        values: Rated values without regard to segments; see `bin_code`. None where there are no numbers.
        by_clock: The pending pairs that a clock will turn, and not a person.
        certain: For each period in which some are pending by a clock the instant (nanoseconds since 1970) at which the
            last of them is certain; a period of which it is not known is left out.
        looks_back: How many seconds before a period's begin, and before its end, the measure looks.
        amounts: Their sums and finer histograms with regard to segments, where these were asked for.
        squares: The sum of the squared weights of rated rows; code 0. None where values are no means of what rows stand
            for.
        differences: What fields of totals that take one number from another count; a code is a place among them. None
            where the criterion has no such fields.
    """

    outcomes: Counts
    pairs: tuple[Pair, ...]
    cells: Mapping[Pair, Pair] = field(default_factory=dict)
    asked: Counts | None = None
    values: Counts | None = None
    amounts: Amounts | None = None
    squares: Counts | None = None
    differences: Counts | None = None
    by_clock: frozenset[Pair] = frozenset()
    certain: Mapping[int, int] = field(default_factory=dict)
    looks_back: tuple[int, int] = (0, 0)

    def reasons(self) -> list[Pair]:
        """The (state, reason) pairs for tables; if too many different cells were quoted, they share one reason.

        So the tables do not depend on which cells came first.
        """
        kinds = Counter(self.cells.values())
        too_many = {shared for shared, count in kinds.items() if count > MOST_CELLS or shared in self.cells}
        return [self.cells[pair] if self.cells.get(pair) in too_many else pair for pair in self.pairs]


@dataclass(frozen=True)
class Tallied:
    """The counts of one process, in the form that every engine gives.

    Attributes:
        process_id: Which.
        segments: By what it is split.
        kind: The kind of period.
        as_of: The moment from which the log was seen, in nanoseconds since 1970; None where there is none.
        criteria: What was counted of each criterion.
        anchor_days: The first and the last day (since 1970) of an anchor that had come by `as_of`; None without one.
        counts_as_over: Whether a period counts as over though `as_of` lies in it: its last day has an anchor, and no
            `as_of` was given.
        immature: Whether interactions of a criterion's period can still turn; third comes whether it counts as over.
        reach: How far the log reaches.
    """

    process_id: str
    segments: tuple[str, ...]
    kind: str
    as_of: int | None
    criteria: Mapping[str, Tally]
    reach: Reach


def bin_code(zone: Any, number: Any) -> Any:
    """The code of a value in a histogram, from its zone (a place in `ZONES`) and its bin."""
    return zone * histogram.BINS + (number + histogram.SIDE)


# --- two parts put together -------------------------------------------------------------------------------------------


def add_parts(first: Tallied, second: Tallied) -> Tallied:
    """Adds the counts of two parts of a process's log that were seen from one moment.

    That holds for what is counted row by row: an interaction that needs others (a repeated id, a later contact, a case)
    must have them in its part.

    Raises:
        ValueError: They are no parts of one process.
    """
    for what in ("process_id", "segments", "kind", "as_of"):
        mine, theirs = getattr(first, what), getattr(second, what)
        if mine != theirs:
            raise ValueError(f"the parts differ in {what}: {mine!r} and {theirs!r}")
    criteria = {**first.criteria, **second.criteria}
    for name in first.criteria.keys() & second.criteria.keys():
        criteria[name] = _tally_of(first.criteria[name], second.criteria[name])
    reach = first.reach.joined(second.reach)
    return Tallied(first.process_id, first.segments, first.kind, first.as_of, criteria, reach)


def _tally_of(first: Tally, second: Tally) -> Tally:
    pairs = tuple(dict.fromkeys([*first.pairs, *second.pairs]))
    codes = {pair: code for code, pair in enumerate(pairs)}
    table = np.array([codes[pair] for pair in second.pairs], dtype=np.int64)
    theirs = second.outcomes
    moved = Counts(theirs.periods, theirs.segments, table[theirs.codes], theirs.count)
    certain = {
        number: max(one.certain[number] for one in (first, second) if number in one.certain)
        for number in first.certain.keys() | second.certain.keys()
    }
    return Tally(
        _sum_of(first.outcomes, moved),
        pairs,
        {**first.cells, **second.cells},
        _sum_if_any(first.asked, second.asked),
        _sum_if_any(first.values, second.values),
        _sum_amounts(first.amounts, second.amounts),
        _sum_if_any(first.squares, second.squares),
        _sum_if_any(first.differences, second.differences),
        first.by_clock | second.by_clock,
        certain,
        first.looks_back,
    )


def _sum_if_any(first: Counts | None, second: Counts | None) -> Counts | None:
    return (first or second) if first is None or second is None else _sum_of(first, second)


def _sum_amounts(first: Amounts | None, second: Amounts | None) -> Amounts | None:
    if first is None or second is None:
        return first or second
    return Amounts(_sum_of(first.bins, second.bins), _sum_of(first.sums, second.sums))


def _sum_of(first: Counts, second: Counts) -> Counts:
    """Adds up counts of the same key."""
    segments = [join_words(columns) for columns in zip(first.segments, second.segments, strict=True)]
    periods = np.concatenate([first.periods, second.periods])
    codes = np.concatenate([first.codes, second.codes])
    places, number = _alike([periods, *(column for column, _ in segments), codes])
    counts = np.concatenate([first.count, second.count])
    count = np.zeros(len(places), dtype=counts.dtype)  # sums are fractions
    np.add.at(count, number, counts)
    return Counts(
        periods[places], tuple(Words(column[places], words) for column, words in segments), codes[places], count
    )


def _alike(columns: Sequence[NDArray[Any]]) -> tuple[NDArray[np.intp], NDArray[np.intp]]:
    """Finds equal rows of some columns: where each different row first stands, and its number for every row."""
    key, size = np.zeros(len(columns[0]), dtype=np.int64), 1
    for column in columns:
        low, high = (int(column.min()), int(column.max())) if len(column) else (0, 0)
        if size * (high - low + 1) > _MOST:
            key, seen = pd.factorize(key)
            size = len(seen)
        key, size = key * (high - low + 1) + (column.astype(np.int64) - low), size * (high - low + 1)
    number, seen = pd.factorize(key)
    places = np.empty(len(seen), dtype=np.intp)
    places[number[::-1]] = np.arange(len(number) - 1, -1, -1)  # the first place is the last that is written
    return places, number


def largest_totals(tallied: Tallied) -> int:
    """How many interactions a log of totals counts: over all periods the sum of the largest total of a criterion."""
    most: dict[int, int] = {}
    for tally in tallied.criteria.values():
        outcomes, total = tally.outcomes, Counter[int]()
        for period, count in zip(outcomes.periods.tolist(), outcomes.count.tolist(), strict=True):
            total[period] += count
        most |= {period: max(count, most.get(period, 0)) for period, count in total.items()}
    return sum(most.values())


# --- tables -----------------------------------------------------------------------------------------------------------


def tables_of(tallied: Tallied, names: Sequence[str] = TABLES) -> dict[str, list[Part]]:
    """The tables of one process, criterion by criterion: those of `TABLES`, or some of them by name."""
    made: dict[str, list[Part]] = {name: [] for name in names}
    for criterion, tally in tallied.criteria.items():
        makers = _table_makers(tallied, criterion, tally)
        for name in names:
            if name in makers:
                made[name].append(_counts_by_key(tallied, criterion, makers[name]()))
    return made


def _table_makers(tallied: Tallied, criterion: str, tally: Tally) -> dict[str, Callable[[], Part]]:
    """What makes each table that the counts of a criterion have."""
    makers: dict[str, Callable[[], Part]] = {
        "counts": lambda: _zone_counts(tallied, tally),
        "reasons": lambda: _reason_counts(tallied, tally),
        "periods": lambda: _marks(tallied, criterion),
    }
    values, asked, squares, amounts = tally.values, tally.asked, tally.squares, tally.amounts
    if values is not None:
        makers["values"] = lambda: _bins(tallied, values)
    if asked is not None:
        makers["responses"] = lambda: _responses(tallied, asked)
    if squares is not None:
        makers["squares"] = lambda: _squares(tallied, squares)
    if amounts is not None:
        makers["bins"] = lambda: _fine_bins(tallied, amounts.bins)
        makers["sums"] = lambda: _sums(tallied, tally.outcomes, amounts)
    return makers


def _counts_by_key(tallied: Tallied, criterion: str, columns: Part) -> Part:
    same = np.zeros(len(columns["period"].codes), dtype=np.int8)
    return {"process": Words(same, [tallied.process_id]), "criterion": Words(same, [criterion]), **columns}


def _keys(tallied: Tallied, counts: Counts, places: NDArray[np.intp]) -> Part:
    """The columns of keys (period and segments) for some of the counts."""
    segments = {
        name: Words(column.codes[places], column.words)
        for name, column in zip(tallied.segments, counts.segments, strict=True)
    }
    return {"period": _labels(counts.periods[places], tallied.kind), **segments}


def _labels(periods: Ints, kind: str) -> Words:
    """The labels of periods, such as 2026-03; empty for no period."""
    seen, codes = np.unique(periods, return_inverse=True)
    return Words(codes, [period_word(int(number), kind) for number in seen])


def period_word(number: int, kind: str) -> str:
    """How a period is written; empty for none."""
    return "" if number == NO_PERIOD else clocks.period_label(number, kind)


def _wide(counts: Counts, columns: Ints, width: int) -> tuple[NDArray[np.intp], Ints]:
    """Each group's counts side by side, with the place where the group first stands, in a table's order."""
    places, number = _alike([counts.periods, *(column.codes for column in counts.segments)])
    wide = np.zeros((len(places), width), dtype=np.int64)
    np.add.at(wide, (number, columns), counts.count)
    order = _order(counts, places)
    return places[order], wide[order]


def _order(counts: Counts, places: NDArray[np.intp]) -> NDArray[np.intp]:
    """Groups sorted by period, those without one last, then by the words of segments."""
    ranks = []
    for column in counts.segments:
        rank = {word: place for place, word in enumerate(sorted_words(set(column.words)))}
        ranks.append(np.array([rank[word] for word in column.words] or [0], dtype=np.int64)[column.codes[places]])
    periods = counts.periods[places]
    return np.lexsort([*ranks[::-1], periods, periods == NO_PERIOD])


def _zone_counts(tallied: Tallied, tally: Tally) -> Part:
    """The table of counts: all seven states of each group that occurs."""
    states = np.array([STATES.index(state) for state, _ in tally.pairs], dtype=np.int64)
    places, wide = _wide(tally.outcomes, states[tally.outcomes.codes], len(STATES))
    keys = {
        name: Words(np.repeat(column.codes, len(STATES)), column.words)
        for name, column in _keys(tallied, tally.outcomes, places).items()
    }
    zones = Words(np.tile(np.arange(len(STATES), dtype=np.int8), len(places)), STATES)
    return {**keys, "zone": zones, "count": wide.ravel()}


def _reason_counts(tallied: Tallied, tally: Tally) -> Part:
    """The table of reasons: the counts of all outcomes that have one."""
    pairs, counts = tally.reasons(), tally.outcomes
    first = {pair: code for code, pair in reversed(list(enumerate(pairs)))}
    same = np.array([first[pair] for pair in pairs], dtype=np.int64)
    chosen = np.flatnonzero(
        np.array([reason != "" for _, reason in pairs], dtype=bool)[counts.codes] & (counts.count > 0)
    )
    codes = same[counts.codes[chosen]]
    places, number = _alike([counts.periods[chosen], *(column.codes[chosen] for column in counts.segments), codes])
    summed = np.zeros(len(places), dtype=np.int64)
    np.add.at(summed, number, counts.count[chosen])
    states = np.array([STATES.index(state) for state, _ in pairs], dtype=np.int64)
    reasons = np.array([reason for _, reason in pairs], dtype=object)
    zones = Words(states[codes[places]], STATES)
    return {**_keys(tallied, counts, chosen[places]), "zone": zones, "reason": reasons[codes[places]], "count": summed}


def _bins(tallied: Tallied, values: Counts) -> Part:
    """The table of values: the histogram of a criterion's rated values."""
    zone, place = np.divmod(values.codes, histogram.BINS)
    labels = _labels(values.periods, tallied.kind)
    return {"period": labels, "zone": Words(zone, ZONES), "bin": place - histogram.SIDE, "count": values.count}


def _squares(tallied: Tallied, squares: Counts) -> Part:
    """The table of the sums of squared weights of rated rows."""
    places, wide = _wide(squares, np.zeros(len(squares.count), dtype=np.int64), 1)
    return {**_keys(tallied, squares, places), "squares": wide[:, 0]}


def _fine_bins(tallied: Tallied, bins: Counts) -> Part:
    """The fine histogram of a criterion's complete values."""
    keys = _keys(tallied, bins, np.arange(len(bins.count)))
    return {**keys, "bin": bins.codes - histogram.FINE_SIDE, "count": bins.count}


def _sums(tallied: Tallied, outcomes: Counts, amounts: Amounts) -> Part:
    """For each group that occurs the number of complete values, and their exact sum as text."""
    # groups without any value have a row: that nothing was measured is known, too
    all_of = [outcomes, amounts.bins, amounts.sums]
    periods = np.concatenate([one.periods for one in all_of])
    words = [join_words(columns) for columns in zip(*(one.segments for one in all_of), strict=True)]
    places, number = _alike([periods, *(codes for codes, _ in words)])
    begin, middle = len(outcomes.count), len(outcomes.count) + len(amounts.bins.count)
    measured, total = np.zeros(len(places), dtype=np.int64), np.array([Fraction()] * len(places), dtype=object)
    np.add.at(measured, number[begin:middle], amounts.bins.count)
    np.add.at(total, number[middle:], amounts.sums.count)
    nothing = np.zeros(len(periods), dtype=np.int64)
    groups = Counts(periods, tuple(Words(codes, known) for codes, known in words), nothing, nothing)
    texts = np.array([str(one) for one in total], dtype=object)
    return {**_keys(tallied, groups, places), "measured": measured, "sum": texts}


def _responses(tallied: Tallied, asked: Counts) -> Part:
    """The table of responses: the numbers of those asked and of those who answered in each group."""
    places, wide = _wide(asked, asked.codes, 2)
    return {**_keys(tallied, asked, places), "asked": wide.sum(axis=1), "answered": wide[:, 1]}


def _marks(tallied: Tallied, name: str) -> Part:
    """What holds of each period of a criterion: whether it is partial and why, how many rows a clock will turn."""
    tally, reach = tallied.criteria[name], tallied.reach
    waiting = _pending_by_clock(tally)
    seen = set(tally.outcomes.periods.tolist())
    # seen from a given moment, periods without any row are there, too
    numbers = sorted(seen | set(reach.empty_periods()))
    why = [_why_partial(tally, reach, number, has_rows=number in seen) for number in numbers]
    pending = np.array([waiting.get(number, 0) for number in numbers], dtype=np.int64)
    is_over = np.array([number != NO_PERIOD and reach.is_over(number) for number in numbers], dtype=bool)
    certain = np.array([_certain_micros(tally, number) for number in numbers], dtype=np.int64)
    begins, ends = (np.full(len(numbers), _iso(day), dtype=object) for day in (reach.begins, reach.last))
    return {
        "period": _labels(np.array(numbers, dtype=np.int64), tallied.kind),
        "partial": np.array([one != "" for one in why], dtype=bool),
        "immature": is_over & (pending > 0),
        "as_of": np.full(len(numbers), -1 if tallied.as_of is None else tallied.as_of // 1000, dtype=np.int64),
        "pending": pending,
        "certain": np.where(pending > 0, certain, -1),
        "why": np.array(why, dtype=object),
        "begins": begins,
        "ends": ends,
    }


def _why_partial(tally: Tally, reach: Reach, number: int, *, has_rows: bool) -> str:
    """Why a period is partial; rows without a time belong to none."""
    if number == NO_PERIOD:
        return ""
    before_begin, before_end = tally.looks_back
    return reach.why_partial(number, before_begin=before_begin, before_end=before_end, has_rows=has_rows)


def _pending_by_clock(tally: Tally) -> dict[int, int]:
    """How many rows of each period are pending by a clock."""
    chosen = np.array([pair in tally.by_clock for pair in tally.pairs], dtype=bool)[tally.outcomes.codes]
    periods, count = tally.outcomes.periods[chosen], tally.outcomes.count[chosen]
    found: Counter[int] = Counter()
    for number, rows in zip(periods.tolist(), count.tolist(), strict=True):
        found[number] += rows
    return dict(found)


def _certain_micros(tally: Tally, number: int) -> int:
    """The microsecond from which the last pending row of a period is certain; -1 where that is not known."""
    instant = tally.certain.get(number)
    return -1 if instant is None else -(-instant // 1000)


def _iso(day: int | None) -> str:
    return "" if day is None else clocks.day_of(day).isoformat()
