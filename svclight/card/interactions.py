"""Single interactions behind the counts of a card, read again from the log.

In: typed logs at their `as_of`, and what is wanted. Out: a table with a row for each interaction and criterion that
passes, `process, criterion, period, <segments>, id, customer, time, value, unit, weight, zone, reason`; of a row of
totals one for each zone in which it counts some. Rows are judged part by part by the same functions that counted them.
"""

from __future__ import annotations

import hashlib
import hmac
from itertools import chain
from types import NoneType
from typing import TYPE_CHECKING, Any

import numpy as np
import pandas as pd

from svclight.errors import Issue, SvclightError, check_kind, did_you_mean, quoted_list, quoted_text
from svclight.logs.customers import Customers
from svclight.logs.log import PART, in_parts
from svclight.logs.unread_cells import with_cells
from svclight.thresholds import STATES
from svclight.values import clocks
from svclight.values.clocks import NAT
from svclight.values.columns import MICRO

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Mapping, Sequence

    from numpy.typing import NDArray

    from svclight.judging.contract import Wanted
    from svclight.judging.judge import Judge
    from svclight.judging.outcomes import Entries, Judged
    from svclight.logs.log import Rows

_KEYED_DIGITS = 16


def find_interactions(
    judges: list[Judge],
    wanted: Wanted,
    by: Sequence[str],
    *,
    pseudonymise: str | None = None,
    each_field: bool = False,
) -> pd.DataFrame:
    """The wanted interactions as a table, in the order of the definition and the log.

    Args:
        judges: How the logs are judged.
        wanted: The filters; none of a process that does not offer a segment of `where`.
        by: The segments that are columns; null where a process does not offer one.
        pseudonymise: A secret with which ids and customers are replaced by keyed hashes.
        each_field: Whether of totals each field has a row of its own, be it 0: its number is the value, its name the
            unit.
    """
    filtered = {name for name, _ in wanted.where}
    mine = [
        judge for judge in judges if wanted.process in (None, judge.log.process_id) and filtered <= set(judge.segments)
    ]
    parts = [part for judge in mine for part in _interactions_of_log(judge, wanted, each_field=each_field)]
    columns = ["process", "criterion", "period", *by]
    columns += ["id", "customer", "time", "value", "unit", "weight", "zone", "reason"]
    if not parts:
        return pd.DataFrame({name: [] for name in columns})
    table = pd.concat(parts, ignore_index=True).reindex(columns=columns)
    if pseudonymise is not None:
        for name in ("id", "customer"):
            table[name] = keyed_hashes(table[name], pseudonymise)
    return table


def check_wanted(
    wanted: Wanted, criteria: Mapping[str, Iterable[str]], words: Mapping[str, Iterable[str]], kind: str
) -> None:
    """Refuses a process, criterion, state, period, segment or word that the card does not have, before a log is read.

    Args:
        wanted: The filters.
        criteria: The criteria of each process that has a log.
        words: The words of each segment by which the card is split. The empty word may be asked for anyway.
        kind: The kind of period.

    Raises:
        SvclightError: A filter names a process, criterion, zone, period, segment or word that is not there.
    """
    _check_known("process", wanted.process, criteria)
    named = [names for process, names in criteria.items() if wanted.process in (None, process)]
    _check_known("criterion", wanted.criterion, chain.from_iterable(named))
    _check_known("zone", wanted.zone, STATES)
    for name, word in wanted.where:
        _check_known("segment", name, words)
        if word != "":  # a segment is missing in no row, or in some: both are answers
            _check_known(name, word, words[name])
    if wanted.period:
        found = clocks.period_number(wanted.period)
        if found is None or found[0] != kind:
            example = clocks.period_label(int(clocks.period_numbers(np.array([20_000]), kind)[0]), kind)
            raise SvclightError(
                Issue(f"this is no {kind}", found=quoted_text(wanted.period), expected=f"a {kind} such as {example}")
            )


def _check_known(what: str, name: str | None, known: Iterable[str]) -> None:
    check_kind(name, str | NoneType, f"a {what}", "its name, or None for all")
    names = list(dict.fromkeys(known))
    if name is not None and name not in names:
        expected = f"one of {quoted_list(names)}" if names else f"none: the card is not split by a {what}"
        hint = did_you_mean(name, names) or did_you_mean(name.rpartition(".")[2], names)
        raise SvclightError(Issue(f"unknown {what}", found=quoted_text(name), expected=expected, hint=hint))


def _interactions_of_log(judge: Judge, wanted: Wanted, *, each_field: bool) -> Iterator[pd.DataFrame]:
    """The wanted interactions of a process, part by part."""
    tables: dict[str, list[pd.DataFrame]] = {
        name: [] for name in judge.log.process.criteria if wanted.criterion in (None, name)
    }
    for log, names in judge.populations():
        mine = [name for name in names if name in tables]
        for rows in in_parts(log, PART) if mine else ():
            judged = judge.judge_rows(rows, mine)
            for name in mine:
                entries = judged[name].entries(rows.weights())
                if judged[name].totals and not each_field:
                    entries = entries.added_up()
                tables[name].append(_interactions_of_rows(judge, rows, name, (judged[name], entries), wanted))
    for parts in tables.values():
        yield from (part for part in parts if len(part))


def _interactions_of_rows(
    judge: Judge, rows: Rows, name: str, outcomes: tuple[Judged, Entries], wanted: Wanted
) -> pd.DataFrame:
    """The wanted interactions of a criterion among some rows, as a table."""
    criterion, pairs = rows.log.process.criteria[name], judge.outcomes[name].pairs
    (judged, entries), kept = outcomes, np.ones(len(outcomes[1].codes), dtype=bool)
    places, codes = entries.places, entries.codes
    if wanted.zone is not None:
        kept &= np.array([state == wanted.zone for state, _ in pairs], dtype=bool)[codes]
    anchor = rows.log.anchor_of(criterion)
    periods, groups = judge.groups(rows, judge.log.anchor_of(criterion))
    if wanted.period is not None:
        labels = judge.periods[judge.log.anchor_of(criterion)].labels(periods)
        kept &= np.array([word == wanted.period for word in labels.words], dtype=bool)[labels.codes[places]]
    for segment, value in wanted.where:
        texts = rows.texts(segment)
        kept &= texts.look_up(np.asarray(texts.words == value, dtype=bool), missing=value == "")[places]
    entries = entries.some(kept)
    places, codes = entries.places, entries.codes
    keys = judge.keys(criterion, groups[places])
    columns: dict[str, Any] = {
        **{key: np.array([*column.words, ""], dtype=object)[column.codes] for key, column in keys.items()},
        "id": row_ids(rows, places),
        "customer": row_customers(rows, places),
        "time": _row_times(rows, anchor, places),
        "value": _row_values(judged, entries, pairs),
        "unit": entries.field if judged.measured is None else judged.measured.unit,
        "weight": entries.weights,
        "zone": pd.Categorical([pairs[code][0] for code in codes], categories=list(STATES), ordered=True),
        "reason": with_cells([pairs[code][1] for code in codes], rows, places),
    }
    table = pd.DataFrame(columns)
    table.insert(0, "process", rows.log.process_id)
    table.insert(1, "criterion", name)
    return table


def row_ids(rows: Rows, places: NDArray[np.intp]) -> list[str]:
    """The ids of rows as they stand in the log; without an id, file and line, or the frame's index."""
    columns = [rows.names(name).at(places) for name in rows.log.id_names]
    raw, start = rows.log.raw, rows.part.start
    made = []
    for index, place in enumerate(places):
        parts = [str(column[index]) for column in columns]
        made.append(" / ".join(parts) if parts and all(parts) else raw.place(start + int(place)))
    return made


def row_customers(rows: Rows, places: NDArray[np.intp]) -> Any:
    """The customers of rows as they stand in the log; empty where it names none."""
    name = rows.log.spec.customer
    if isinstance(rows.log, Customers):
        return rows.log.customers().rows(rows.part).at(places)
    return "" if name is None else rows.names(name).at(places)


def _row_times(rows: Rows, anchor: str, places: NDArray[np.intp]) -> pd.DatetimeIndex:
    """The times that place interactions in periods, in the document's zone; times still to come are among them."""
    whole = rows.log.at(None).rows(rows.part.start, rows.part.stop)
    ticks, per_second, _ = whole.instants(anchor)
    ticks = ticks[places]
    micros = ticks // (per_second // MICRO) if per_second >= MICRO else ticks * (MICRO // per_second)
    index = pd.DatetimeIndex(np.where(ticks == NAT, NAT, micros).view("datetime64[us]"))
    return index.tz_localize("UTC").tz_convert(rows.log.zone)


def _row_values(judged: Judged, entries: Entries, pairs: list[tuple[str, str]]) -> Any:
    """The measured values: numbers in their unit, true and false, categories; nothing where there is no value."""
    measured, codes, places = judged.measured, entries.codes, entries.places
    if measured is None:
        return np.where(entries.field == "", np.nan, entries.weights)
    without = np.array([state in ("missing", "not_applicable", "excluded") for state, _ in pairs], dtype=bool)[codes]
    for rule in measured.rules:
        without |= rule.rows[places]
    if measured.words is not None:
        words = np.append(measured.words, np.array([""], dtype=object))
        return words[measured.values[places]]
    return np.where(without, np.nan, judged.values_in_unit()[places])


def keyed_hashes(column: pd.Series[Any], secret: str) -> list[str]:
    """Keyed hashes (HMAC-SHA256) of texts: equal texts have equal hashes, and only the secret leads back."""
    known: dict[str, str] = {"": ""}
    for text in column:
        if text not in known:
            digest = hmac.new(secret.encode(), str(text).encode(), hashlib.sha256).hexdigest()
            known[str(text)] = digest[:_KEYED_DIGITS]
    return [known[str(text)] for text in column]
