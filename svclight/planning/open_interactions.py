"""What is unfinished at `as_of`, and when it turns yellow and red: the list by which a dispatcher works.

In: logs and definitions, or a card that still knows the way to its logs; how soon something must turn to be listed.
Out: `OpenInteractions`: a row for each unfinished interaction and criterion with a clock (a duration or a delay), those
that turn soonest first. Rows are judged again by the functions that counted them. The ids of interactions stand here
and in `interactions`, in no report.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, Final

import numpy as np
import pandas as pd

from svclight.card.card_tables import check_card
from svclight.card.interactions import keyed_hashes, row_customers, row_ids
from svclight.decisions.result import Result
from svclight.definition.criterion_id import CriterionId
from svclight.errors import Issue, SvclightError, quoted_text, texts_of
from svclight.judging.contract import Wanted
from svclight.judging.turning_times import turning_times
from svclight.logs.log import PART, in_parts
from svclight.method.abandons import ABANDONED
from svclight.method.clock_measures import calendar_of
from svclight.method.limits import CLOCKS, limits_of
from svclight.processes import full_title
from svclight.scoring import score
from svclight.thresholds import GREEN, RED, YELLOW, ZONES
from svclight.values.clocks import NAT
from svclight.values.quantities import Quantity, parse_quantity
from svclight.wording.languages import language_of
from svclight.wording.limit_words import quantity_text
from svclight.wording.open_words import OpenCount, open_line, open_sentence, unmatched_note

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Mapping
    from pathlib import Path

    from numpy.typing import NDArray

    from svclight.definition.models import Criterion
    from svclight.judging.judge import Judge
    from svclight.judging.outcomes import Judged
    from svclight.logs.log import Log, Rows
    from svclight.processes import Definitions
    from svclight.scorecard import Scorecard

    Floats = NDArray[np.float64]

KEYS: Final = ("process", "criterion")
COLUMNS: Final = (
    *("id", "customer", "zone", "turns", "turns_at", "left", "yellow_at", "red_at", "to_yellow", "to_red"),
    *("calendar", "weight"),
)
_WORKING_DAYS: Final = "bd"
_MOST_SHOWN: Final = 40
"""So many lines are shown to people; a file has them all."""


@dataclass(frozen=True, repr=False)
class OpenInteractions(Result):
    """What is unfinished, soonest to turn first.

    Attributes:
        table: One row an interaction and criterion: `process, criterion, <segments>, id, customer`; `zone` now (by what
            has passed so far: what is too short still may become green); `turns` (the next worse zone, empty where it
            is red), `turns_at` (when), `left` (seconds until then: working time where `calendar` names one);
            `yellow_at, red_at, to_yellow, to_red`, the same for each zone; `calendar`, empty for elapsed time;
            `weight`. Times are in the document's zone; what has turned already, or turns in more than five years of a
            calendar, is null.
        counts: How many are unfinished, criterion by criterion, and what turns next.
        as_of: The moment from which the logs were seen.
        left: How soon something must turn to be in the table; None for all.
        lang: The language of sentences.
        notes: What holds for several criteria.
    """

    table: pd.DataFrame
    counts: tuple[OpenCount, ...]
    as_of: str
    left: str | None = None
    lang: str = "en"
    notes: tuple[str, ...] = ()

    @property
    def sentences(self) -> tuple[str, ...]:
        """Each criterion with something unfinished in words, without ids."""
        within = None if self.left is None else quantity_text(self.left, self.lang)
        return tuple(open_sentence(one, within, self.lang) for one in self.counts)

    def lines(self, most: int = _MOST_SHOWN) -> tuple[str, ...]:
        """Each interaction on a line, soonest first; at most so many."""
        titles = self._titles()
        rows = self.table.head(most).to_dict("records")
        shown = [open_line(row, titles[row["process"], row["criterion"]], self.lang) for row in rows]
        return (*shown, *([f"… {len(self.table) - most:,}"] if len(self.table) > most else []))

    def _columns_of(self, table: pd.DataFrame) -> tuple[str, ...]:
        left_out = ("process", "criterion", "customer", "yellow_at", "red_at", "to_yellow", "to_red", "weight", "left")
        return tuple(str(name) for name in table.columns if name not in left_out)

    def _titles(self) -> Mapping[Any, str]:
        return {(one.process, one.criterion): one.title for one in self.counts}

    def _lines(self) -> list[str]:
        return [*self.sentences, *self.notes]

    def __str__(self) -> str:
        nothing = () if self.counts else (open_sentence(None, None, self.lang),)
        return "\n".join([*self.sentences, *nothing, *self.lines(), *self.notes])


def open_interactions(  # noqa: PLR0913 - each is a question that a caller may answer, all but two by keyword
    logs: Any,
    definitions: Definitions | str | Path,
    *,
    left: str | None = None,
    by: str | Iterable[str] = (),
    as_of: Any = None,
    pseudonymise: str | None = None,
    max_rejected: int | None = None,
    max_unread: float | str | None = None,
    lang: str | None = None,
) -> OpenInteractions:
    """Lists what is unfinished at `as_of`: its zone now, and the time left until it turns yellow and red.

    Args:
        logs: A log for each process id, as `score` takes them.
        definitions: What `load` gave, or the path of a definition.
        left: Only what turns within this time, such as "4 bh", "30 min", "1 bd": working time where the criterion has a
            calendar. Working days leave out criteria without one.
        by: Segments that become columns, such as the team.
        as_of: The moment from which the logs are seen; the newest time in them unless given.
        pseudonymise: A secret with which ids and customers are replaced by keyed hashes.
        max_rejected: The most rejected lines that are bearable.
        max_unread: The share of a field's cells that may be unread.
        lang: The language of sentences, en or ru; that of the definitions unless given.

    Returns:
        A row for each unfinished interaction and criterion that measures a duration or a delay with an upper limit.

    Raises:
        SvclightError: As for `score`; or `left` is no length of time.

    Examples:
        >>> import pandas as pd
        >>> import svclight
        >>> definitions = svclight.loads('''
        ... svclight: 1
        ... time_zone: UTC
        ... processes:
        ...   desk:
        ...     title: Help desk
        ...     log: {id: ticket, time: opened, fields: {opened: {time: opened}, solved: {time: solved}}}
        ...     criteria:
        ...       solution: {measure: {duration: {from: opened, to: solved}}, green: "<= 4 h", yellow: "<= 8 h"}
        ... ''')
        >>> log = pd.DataFrame({"ticket": [1, 2], "opened": ["2026-03-02 09:00", "2026-03-02 05:30"], "solved": ""})
        >>> found = svclight.open_interactions(log, definitions, as_of="2026-03-02 11:00")
        >>> found.table[["id", "zone", "turns", "left"]].values.tolist()
        [['1', 'green', 'yellow', 7200.0], ['2', 'yellow', 'red', 9000.0]]
    """
    card = score(logs, definitions, by=by, as_of=as_of, max_rejected=max_rejected, max_unread=max_unread)
    return open_of_card(card, left=left, pseudonymise=pseudonymise, lang=lang)


def open_of_card(
    card: Scorecard, *, left: str | None = None, pseudonymise: str | None = None, lang: str | None = None
) -> OpenInteractions:
    """The same for a card that was just scored: its logs are read again.

    Raises:
        SvclightError: The card has no way back to a log, or `left` is no length of time.
    """
    check_card(card, "svclight.open_interactions")
    lang = language_of(lang, card.definitions)
    if card.way_back is None:
        raise SvclightError("this card has no way back to a log: what is unfinished stands in the log alone")
    if not any(criterion.measure.kind in CLOCKS for _, _, criterion in card.definitions.criteria()):
        raise SvclightError(
            Issue("no criterion has a clock, so nothing can be unfinished", expected="a measure duration or delay")
        )
    within = None if left is None else _length_of(left)
    # what goes on is pending, or red already where its limits have an upper end: an engine sends no other rows
    parts = [
        part
        for zone in ("pending", "red")
        for judge in card.way_back(Wanted(zone=zone))
        for part in _open_of_log(judge, zone)
    ]
    columns = [*KEYS, *card.by, *COLUMNS, "working_days"]
    table = pd.concat(parts, ignore_index=True) if parts else pd.DataFrame({name: [] for name in columns})
    table = _in_order(table.reindex(columns=columns))
    if pseudonymise is not None:
        for name in ("id", "customer"):
            table[name] = keyed_hashes(table[name], pseudonymise)
    soon = _turn_within(table, within)
    counts = tuple(_counts_of(card.definitions, table, soon))
    kept = table[soon].drop(columns="working_days").reset_index(drop=True)
    notes = unmatched_note(_without_calendar(table, within, card.definitions), lang)
    return OpenInteractions(kept, counts, card.provenance.as_of, left, lang, notes)


def _length_of(left: str) -> Quantity:
    """A length of time that a call names."""
    (text,) = texts_of(left, "left of svclight.open_interactions")
    expected = 'a length of time such as "4 bh", "30 min", "1 bd"'
    try:
        found = parse_quantity(text)
    except ValueError as error:
        raise SvclightError(
            Issue("left is no length of time", found=quoted_text(text), expected=expected, hint=str(error))
        ) from None
    if found.dimension not in ("time", _WORKING_DAYS) or found.amount < 0:
        raise SvclightError(Issue("left is no length of time", found=quoted_text(text), expected=expected))
    return found


def _open_of_log(judge: Judge, zone: str) -> Iterator[pd.DataFrame]:
    """The unfinished interactions of a process that are in one state, criterion by criterion."""
    criteria = judge.log.process.criteria
    names = [name for name in judge.order if criteria[name].measure.kind in CLOCKS]
    for rows in in_parts(judge.log, PART) if names else ():
        judged = judge.judge_rows(rows, names)
        for name in names:
            places = _open_places(judge, name, judged[name], zone)
            if len(places):
                yield from _open_rows(judge, rows, name, judged[name], places)


def _open_places(judge: Judge, name: str, judged: Judged, zone: str) -> NDArray[np.intp]:
    """The places of the rows of a state whose value still grows: what was given up is finished."""
    measured = judged.measured
    if measured is None or measured.open is None:
        return np.zeros(0, dtype=np.intp)
    pairs = judge.outcomes[name].pairs
    in_zone = np.array([state == zone and reason != ABANDONED for state, reason in pairs], dtype=bool)
    return np.flatnonzero(in_zone[judged.codes] & measured.open & ~judged.abandoned_rows())


def _open_rows(judge: Judge, rows: Rows, name: str, judged: Judged, places: NDArray[np.intp]) -> Iterator[pd.DataFrame]:
    """The table of some unfinished rows: one part for each row of limits by which they are judged."""
    criterion: Criterion = rows.log.process.criteria[name]
    limits_at, groups = judged.limit_places()[places], judge.groups(rows, judge.log.anchor_of(criterion))[1]
    weights = rows.weights()
    for place in np.unique(limits_at):
        mine = places[limits_at == place]
        times = _times_to_turn(criterion, rows.log, judged, mine, int(place))
        if times is None:  # no upper end: what goes on becomes better alone
            continue
        keys = judge.keys(criterion, groups[mine])
        segments = {one: np.array([*keys[one].words, ""], dtype=object)[keys[one].codes] for one in judge.segments}
        yield pd.DataFrame(
            {
                "process": rows.log.process_id,
                "criterion": name,
                **segments,
                "id": row_ids(rows, mine),
                "customer": row_customers(rows, mine),
                **times,
                "calendar": calendar_of(criterion) or "",
                "weight": np.ones(len(mine), dtype=np.int64) if weights is None else weights[mine],
            }
        )


def _times_to_turn(
    criterion: Criterion, log: Log, judged: Judged, places: NDArray[np.intp], row: int
) -> dict[str, Any] | None:
    """The zone of rows now, and when they turn; None where their limits have no upper end."""
    measured: Any = judged.measured
    limits = limits_of(criterion.rows[row], measured.factor, measured.unit)
    if limits.green.high is None:
        return None
    values = np.asarray(measured.values)[places]
    green = ~limits.green.lies_below(values)
    rated = green if limits.yellow is None else ~limits.yellow.lies_below(values)
    zones = np.where(green, GREEN, np.where(rated, YELLOW, RED))
    to_end = turning_times(criterion, log, measured, places, limits.green)
    to_red = to_end if limits.yellow is None else turning_times(criterion, log, measured, places, limits.yellow)
    yellow = green if limits.yellow is not None else np.zeros(len(places), dtype=bool)
    found: dict[str, Any] = {"zone": np.array(ZONES, dtype=object)[zones]}
    found["turns"] = np.where(yellow, "yellow", np.where(rated, "red", "")).astype(object)
    for name, turning, waits in (("yellow", to_end, yellow), ("red", to_red, rated)):
        found[f"{name}_at"] = _local_times(np.where(waits, turning.instants, NAT), log.zone)
        found[f"to_{name}"] = np.where(waits, turning.seconds, np.nan)
    found["turns_at"] = found["yellow_at"].where(yellow, found["red_at"])
    found["left"] = np.where(yellow, found["to_yellow"], found["to_red"])
    days = np.where(yellow, to_end.working_days, to_red.working_days)
    return {**found, "working_days": np.where(rated, days, np.nan)}


def _local_times(micros: NDArray[np.int64], zone: str) -> pd.DatetimeIndex:
    return pd.DatetimeIndex(micros.view("datetime64[us]")).tz_localize("UTC").tz_convert(zone)


def _in_order(table: pd.DataFrame) -> pd.DataFrame:
    """Soonest to turn first, by the instant; what is red already stands after them, in the order of the log."""
    return table.sort_values("turns_at", kind="stable", na_position="last", ignore_index=True)


def _turn_within(table: pd.DataFrame, within: Quantity | None) -> NDArray[np.bool_]:
    """The rows that turn within a length of time; all without one."""
    if within is None:
        return np.ones(len(table), dtype=bool)
    column = "working_days" if within.dimension == _WORKING_DAYS else "left"
    return table[column].to_numpy(dtype=np.float64) <= float(within.amount)


def _without_calendar(table: pd.DataFrame, within: Quantity | None, definitions: Definitions) -> tuple[str, ...]:
    """The titles of criteria that working days say nothing of."""
    if within is None or within.dimension != _WORKING_DAYS:
        return ()
    plain = table.loc[table["calendar"] == "", list(KEYS)].drop_duplicates()
    return tuple(definitions.title(process, name) for process, name in plain.itertuples(index=False))


def _counts_of(definitions: Definitions, table: pd.DataFrame, soon: NDArray[np.bool_]) -> Iterator[OpenCount]:
    """How many are unfinished of each criterion, by zone, and what turns next; weights are counted."""
    groups = dict(iter(table.assign(soon=soon).groupby(list(KEYS), sort=False)))
    for process, name, _ in definitions.criteria():
        part = groups.get((process, name))
        if part is None:
            continue
        zones = {zone: int(part.loc[part["zone"] == zone, "weight"].sum()) for zone in ZONES}
        waiting = part[part["left"].notna()]
        turns, left = ("", float("nan")) if waiting.empty else waiting[["turns", "left"]].iloc[0]
        title = full_title(definitions, CriterionId(process, name))
        yield OpenCount(
            *(process, name, title, zones), int(part.loc[part["soon"], "weight"].sum()), str(turns), float(left),
            working=bool((part["calendar"] != "").any()),
        )  # fmt: skip
