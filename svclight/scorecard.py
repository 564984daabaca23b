"""The result: counts of a log's interactions by process, criterion, period and zone, and what follows from them.

In: the small tables that scoring makes. Out: `Scorecard`, a frozen value: counts, shares with their intervals,
reasons, rejected lines, provenance, a way back to single interactions, saving, and putting cards together. It holds
no row of a log.

Tables: `counts` has a row for every combination of keys that was seen and every state, zeros included, in the order
of `STATES`; key columns are categorical; `period` is empty where a row has no usable time, a segment where it is
missing.
"""

from __future__ import annotations

import gzip
import json
from dataclasses import asdict, dataclass, field, replace
from pathlib import Path
from typing import TYPE_CHECKING, Any, Final

import pandas as pd

from svclight import stats
from svclight._files import write_whole
from svclight._show import card_html, card_text
from svclight.errors import SvclightError, listed, printable, quoted
from svclight.processes import Definitions, from_plain
from svclight.tables import KEYS, build, part_of
from svclight.thresholds import STATES, ZONES

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Mapping, Sequence

    Interactions = Callable[..., pd.DataFrame]

FORMAT: Final = 1
"""The number of the file format of saved cards."""
_MOST_SHOWN: Final = 5
FEW: Final = 30
"""Shares of fewer rated interactions than this are flagged `few`."""


@dataclass(frozen=True)
class LogProvenance:
    """What is known of one log: its files (none for a frame), accepted rows, interactions (weights), rejected rows.

    `hand_kept`: it is no log but a table of numbers that people counted; `interactions` is then the sum over periods of
    the largest total that a criterion has in them.
    """

    process: str
    files: tuple[str, ...]
    rows: int
    interactions: int
    rejected: int
    hand_kept: bool = False


@dataclass(frozen=True)
class Provenance:
    """Where the numbers come from; it stands at the top of every report."""

    title: str
    version: str
    definition: str
    time_zone: str
    period: str
    by: tuple[str, ...]
    as_of: str
    as_of_given: bool
    logs: tuple[LogProvenance, ...]
    notices: tuple[str, ...] = ()
    svclight: str = ""

    @property
    def kept_by_hand(self) -> bool:
        """Whether all numbers come from hand-kept tables."""
        return bool(self.logs) and all(log.hand_kept for log in self.logs)


@dataclass(frozen=True, eq=False)
class Scorecard:
    """Counts of interactions in zones.

    Attributes:
        counts: `process, criterion, period, <segments>, zone, count`.
        reasons: `process, criterion, period, <segments>, zone, reason, count` for what is not rated, and for red
            that is no measured value.
        rejected: `file, line, reason, text` of rows that could not be read.
        values: A histogram: `process, criterion, period, zone, bin, count` (see `histogram`).
        periods: `process, criterion, period, partial, immature, as_of` (microseconds since 1970; -1 for none).
        definitions: What was measured.
        provenance: Where the numbers come from.
    """

    counts: pd.DataFrame
    reasons: pd.DataFrame
    rejected: pd.DataFrame
    values: pd.DataFrame
    periods: pd.DataFrame
    definitions: Definitions
    provenance: Provenance
    way_back: Interactions | None = field(default=None, repr=False, compare=False)

    @property
    def by(self) -> tuple[str, ...]:
        """The segments by which it is split."""
        return self.provenance.by

    def shares(self, by: str | Iterable[str] | None = None) -> pd.DataFrame:
        """Shares of the zones, 0 to 1, with 95 % intervals (Wilson; adjusted Wald for `net`).

        Args:
            by: Segments to keep, some of those of the card; the others are added up. All of them unless given.

        Returns:
            `process, criterion, period, <segments>`, `rated`, a count for each of the seven states,
            `<zone>_share` with `_low` and `_high`, `net` (percentage points) with `_low` and `_high`, `flag`. NaN where
            nothing is rated.

        Raises:
            SvclightError: The card is not split by such a segment.
        """
        keep = self.by if by is None else (by,) if isinstance(by, str) else tuple(by)
        unknown = [name for name in keep if name not in self.by]
        if unknown:
            raise SvclightError(
                f"the card is not split by {listed(unknown)}; it is split by {listed(self.by) or 'nothing'}"
            )
        wide = _wide(self.counts, keep)
        rated = wide[list(ZONES)].sum(axis=1).to_numpy()
        wide.insert(len(KEYS) + len(keep), "rated", rated)
        for zone in ZONES:
            part = wide[zone].to_numpy()
            wide[f"{zone}_share"] = stats.share(part, rated)
            wide[f"{zone}_share_low"], wide[f"{zone}_share_high"] = stats.wilson(part, rated)
        green, red = wide["green"].to_numpy(), wide["red"].to_numpy()
        wide["net"] = stats.net_score(green, red, rated)
        wide["net_low"], wide["net_high"] = stats.net_interval(green, red, rated)
        wide["flag"] = self._flags(wide)
        return wide

    def _flags(self, wide: pd.DataFrame) -> list[str]:
        marks = {
            (process, criterion, period): (partial, immature)
            for process, criterion, period, partial, immature, _ in self.periods.itertuples(index=False)
        }
        flags = []
        for process, criterion, period, rated in zip(*(wide[key] for key in (*KEYS, "rated")), strict=True):
            partial, immature = marks.get((process, criterion, period), (False, False))
            names = (("few", rated < FEW), ("partial", partial), ("immature", immature))
            flags.append(", ".join(name for name, holds in names if holds))
        return flags

    def interactions(
        self,
        process: str | None = None,
        criterion: str | None = None,
        *,
        zone: str | None = None,
        period: str | None = None,
        where: Mapping[str, str] | None = None,
        pseudonymise: str | None = None,
    ) -> pd.DataFrame:
        """The single interactions behind the counts, read again from the log.

        Args:
            process: Id of a process; all unless given.
            criterion: Id of a criterion; all unless given.
            zone: One of the seven states.
            period: Such as 2026-03.
            where: Values of segments by which the card is split.
            pseudonymise: A secret with which ids and customers are replaced by keyed hashes.

        Returns:
            `process, criterion, period, <segments>, id, customer, time, value, unit, weight, zone, reason`, in the
            order of the log.

        Raises:
            SvclightError: The log is not there any more (the card was opened from a file, or put together), there never
                was one (a hand-kept table), or a filter names what is not there.
        """
        if self.provenance.kept_by_hand:
            raise SvclightError("a hand-kept table has no single interactions, only their numbers")
        if self.way_back is None:
            raise SvclightError("this card has no way back to a log: score the log again to see its interactions")
        return self.way_back(
            process, criterion, zone=zone, period=period, where=dict(where or {}), pseudonymise=pseudonymise
        )

    def only(self, periods: str | Iterable[str]) -> Scorecard:
        """The card with some periods only.

        Raises:
            SvclightError: It has no such period.
        """
        wanted = [periods] if isinstance(periods, str) else list(periods)
        there = set(self.counts["period"].astype(str))
        unknown = [period for period in wanted if period not in there]
        if unknown:
            raise SvclightError(f"the card has no period {listed(unknown)}; it has {listed(sorted(there - {''}))}")
        return self._each(lambda table: table[table["period"].isin(wanted)])

    def __add__(self, other: Scorecard) -> Scorecard:
        """Puts together cards that share no period of a criterion and agree in its definition.

        Raises:
            SvclightError: They share some, or differ in a definition, in the kind of period or in their segments.
        """
        if not isinstance(other, Scorecard):
            return NotImplemented
        shared = sorted(_places(self) & _places(other))
        if shared:
            shown = ", ".join(f"{process}.{criterion} {period}" for process, criterion, period in shared[:_MOST_SHOWN])
            more = " …" if len(shared) > _MOST_SHOWN else ""
            said = f"both cards have {len(shared)} of the same periods ({shown}{more})"
            raise SvclightError(f"{said}: {_way_out(self, other)}")
        return _together(self, other)

    def replace(self, new: Scorecard) -> Scorecard:
        """Puts together cards that may share periods of a criterion: for those the newer `as_of` counts.

        On a tie it is the new card's. What was counted from a log takes the place of what was kept by hand.

        Raises:
            SvclightError: They differ in a definition, in the kind of period or in their segments.
        """
        mine, theirs = _seen_at(self), _seen_at(new)
        lost_here = {place for place in mine.keys() & theirs.keys() if theirs[place] >= mine[place]}
        lost_there = (mine.keys() & theirs.keys()) - lost_here
        return _together(self._without(lost_here), new._without(lost_there))

    def _without(self, places: set[tuple[str, str, str]]) -> Scorecard:
        if not places:
            return self

        def others(table: pd.DataFrame) -> pd.DataFrame:
            keys = zip(*(table[key] for key in KEYS), strict=True)
            kept = [key not in places for key in keys]
            return table[pd.Series(kept, index=table.index, dtype=bool)]  # a bare empty list would choose no columns

        return self._each(others)

    def _each(self, change: Callable[[pd.DataFrame], pd.DataFrame]) -> Scorecard:
        """The card with every table changed alike; it has no way back."""
        tables: dict[str, Any] = {
            name: _tidy(change(getattr(self, name)), self.definitions, self.by) for name in _TABLES
        }
        return replace(self, **tables, way_back=None)

    def save(self, path: str | Path) -> Path:
        """Writes the card to one file, without any customer's id and without the texts of rejected lines.

        Raises:
            SvclightError: The file cannot be written.
        """
        content = {
            "format": FORMAT,
            "definitions": self.definitions.raw,
            "provenance": asdict(self.provenance),
            "rejected": _columns(self.rejected.drop(columns="text")),
            **{name: _columns(getattr(self, name)) for name in _TABLES},
        }
        data = gzip.compress(json.dumps(content, ensure_ascii=False, separators=(",", ":")).encode(), mtime=0)
        return write_whole(Path(path), data)

    @classmethod
    def open(cls, path: str | Path) -> Scorecard:
        """Opens a saved card.

        Raises:
            SvclightError: There is no such file, or it is no saved card of this format.
        """
        name = printable(path, 200)
        try:
            content = json.loads(gzip.decompress(Path(path).read_bytes()))
        except OSError as error:
            if isinstance(error, gzip.BadGzipFile):
                raise SvclightError(f"{name}: this is no saved card") from None
            raise SvclightError(f"{name}: the file cannot be read: {error.strerror}") from None
        except (EOFError, ValueError):
            raise SvclightError(f"{name}: this is no saved card") from None
        if not isinstance(content, dict) or content.get("format") != FORMAT:
            found = content.get("format") if isinstance(content, dict) else None
            raise SvclightError(f"{name}: unknown format of a saved card; found {found}; expected {FORMAT}")
        definitions = from_plain(content["definitions"])
        kept = content["provenance"]
        logs = tuple(LogProvenance(**{**log, "files": tuple(log["files"])}) for log in kept.pop("logs"))
        by, notices = tuple(kept.pop("by")), tuple(kept.pop("notices"))
        provenance = Provenance(**kept, logs=logs, by=by, notices=notices)
        tables: dict[str, Any] = {table: _tidy(_frame(content[table]), definitions, provenance.by) for table in _TABLES}
        rejected = pd.DataFrame(content["rejected"], columns=["file", "line", "reason"]).assign(text="")
        return cls(**tables, rejected=rejected, definitions=definitions, provenance=provenance)

    def __getstate__(self) -> dict[str, Any]:
        return {**self.__dict__, "way_back": None}  # the way back holds a log, which does not travel with a card

    def __str__(self) -> str:
        return card_text(self)

    def _repr_html_(self) -> str:
        return card_html(self)


_TABLES: Final = ("counts", "reasons", "values", "periods")
_KINDS: Final = {"count": "int64", "bin": "int64", "as_of": "int64", "partial": "bool", "immature": "bool"}


def _columns(table: pd.DataFrame) -> dict[str, list[Any]]:
    return {str(name): table[name].astype(object).tolist() for name in table.columns}


def _frame(columns: dict[str, list[Any]]) -> pd.DataFrame:
    """The table again; the types stand here because a column without rows does not tell its own."""
    frame = pd.DataFrame(columns)
    return frame.astype({name: kind for name, kind in _KINDS.items() if name in frame.columns})


def _wide(counts: pd.DataFrame, keep: Sequence[str]) -> pd.DataFrame:
    """One row for each combination of keys, a column for each state."""
    keys = [*KEYS, *keep]
    rows = counts.iloc[:: len(STATES)][[*KEYS, *(name for name in counts.columns if name in keep)]].reset_index(
        drop=True
    )
    numbers = counts["count"].to_numpy().reshape(-1, len(STATES))
    wide = pd.concat([rows, pd.DataFrame(numbers, columns=list(STATES))], axis=1)
    if len(keep) < len(counts.columns) - len(KEYS) - 2:
        wide = wide.groupby(keys, observed=True, sort=False, as_index=False)[list(STATES)].sum()
    return wide[[*keys, *STATES]]


def _places(card: Scorecard) -> set[tuple[str, str, str]]:
    """The periods of criteria that a card has; rows without a usable time belong to no period."""
    return {place for place in zip(*(card.periods[key] for key in KEYS), strict=True) if place[2]}


def _way_out(first: Scorecard, second: Scorecard) -> str:
    """What to do with cards that share periods."""
    if any(log.hand_kept for card in (first, second) for log in card.provenance.logs):
        return "take them out of the hand-kept table, or use old.replace(new), where what was counted from a log counts"
    return "use old.replace(new), where the newer as_of counts"


def _seen_at(card: Scorecard) -> dict[tuple[str, str, str], int]:
    places = zip(*(card.periods[key] for key in KEYS), strict=True)
    return dict(zip(places, card.periods["as_of"].tolist(), strict=True))


def _together(first: Scorecard, second: Scorecard) -> Scorecard:
    _check_alike(first, second)
    definitions = _merged(first.definitions, second.definitions)
    by = first.by
    tables: dict[str, Any] = {}
    for name in _TABLES:
        frames = [getattr(card, name) for card in (first, second)]
        joined = build([part_of(frame, by) for frame in frames], list(frames[0].columns), definitions, by)
        keys = [column for column in joined.columns if column not in ("count", "partial", "immature", "as_of")]
        if "count" in joined.columns:  # both may have rows without a usable time
            tables[name] = joined.groupby(keys, sort=False, as_index=False, observed=True)["count"].sum()
        else:
            tables[name] = joined.drop_duplicates(keys, keep="last", ignore_index=True)
    rejected = pd.concat([first.rejected, second.rejected], ignore_index=True)
    kept, added = first.provenance, second.provenance
    newer = max(first.provenance, second.provenance, key=lambda provenance: provenance.as_of)
    logs = kept.logs + added.logs
    no_longer = {not_scored(log.process) for log in logs}
    notices = tuple(notice for notice in dict.fromkeys([*kept.notices, *added.notices]) if notice not in no_longer)
    provenance = replace(newer, logs=logs, notices=notices, definition=definitions.hash)
    return Scorecard(**tables, rejected=rejected, definitions=definitions, provenance=provenance)


def not_scored(process: str) -> str:
    """The notice that a process was given no log; it does not hold any more where another card has one."""
    return f"{quoted(process)} is not scored: it was given no log"


def _check_alike(first: Scorecard, second: Scorecard) -> None:
    for what, mine, theirs in (
        ("kind of period", first.provenance.period, second.provenance.period),
        ("segments", listed(first.by) or "none", listed(second.by) or "none"),
        ("time zone", first.provenance.time_zone, second.provenance.time_zone),
    ):
        if mine != theirs:
            raise SvclightError(f"the cards differ in their {what}: {mine} and {theirs}")
    theirs_by_id = second.definitions.processes
    for process_id, process in first.definitions.processes.items():
        other = theirs_by_id.get(process_id)
        if other is None:
            continue
        for criterion_id, criterion in process.criteria.items():
            if criterion_id in other.criteria and (
                criterion != other.criteria[criterion_id] or process.log != other.log
            ):
                raise SvclightError(
                    f"the cards differ in the definition of {process_id}.{criterion_id}: "
                    "score both logs with the same definition"
                )


def _merged(first: Definitions, second: Definitions) -> Definitions:
    """Definitions of both: processes and criteria of the first, then what only the second has."""
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


def _tidy(table: pd.DataFrame, definitions: Definitions, by: Sequence[str]) -> pd.DataFrame:
    return build([part_of(table, by)], list(table.columns), definitions, by)
