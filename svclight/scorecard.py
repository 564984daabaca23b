"""The result: counts of a log's interactions by process, criterion, period and zone, and what follows from them.

In: the small tables that scoring makes. Out: `Scorecard`, a frozen value: counts, shares with their intervals,
reasons, rejected lines, provenance, a way back to single interactions, saving, and putting cards together. It holds
no row of a log.

Tables: `counts` has a row for every combination of keys that was seen and every state, zeros included, in the order
of `STATES`; key columns are categorical; `period` is empty where a row has no usable time, a segment where it is
missing.
"""

from __future__ import annotations

from dataclasses import dataclass, field, replace
from pathlib import Path
from typing import TYPE_CHECKING, Any, Final

import pandas as pd

from svclight import drilldown, people, stats
from svclight._files import write_whole
from svclight._scored import Wanted
from svclight._show import card_html, card_text
from svclight.cards import TABLES, opened_tables, places_of, saved_bytes, seen_at, tidy, together, values_of, way_out
from svclight.errors import SvclightError, listed
from svclight.provenance import LogProvenance, Provenance
from svclight.scenarios import no_steps
from svclight.survival import survival
from svclight.tables import KEYS, LateTable
from svclight.thresholds import STATES, ZONES

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Mapping, Sequence

    from svclight.plans import Plan
    from svclight.processes import Definitions

__all__ = ("FEW", "LogProvenance", "Provenance", "Scorecard")

_MOST_SHOWN: Final = 5
FEW: Final = 30
"""Shares of fewer rated interactions than this are flagged `few`."""


@dataclass(frozen=True, eq=False, repr=False, kw_only=True)
class Scorecard:
    """Counts of interactions in zones.

    Attributes:
        counts: `process, criterion, period, <segments>, zone, count`.
        reasons: `process, criterion, period, <segments>, zone, reason, count` for what is not rated, and for red
            that is no measured value.
        rejected: `file, line, reason, text` of rows that could not be read.
        values: A histogram: `process, criterion, period, zone, bin, count` (see `histogram`). Where a function is given
            that makes it, it is made when it is first asked for, once.
        periods: `process, criterion, period, partial, immature, as_of` (microseconds since 1970; -1 for none).
        responses: `process, criterion, period, <segments>, asked, answered` of criteria that say who was `asked`.
        steps: How the cases of event logs follow the usual course (see `scenarios.course`); as late as `values`.
        definitions: What was measured.
        provenance: Where the numbers come from.
        way_back: Reads the logs again: gives the plans of the processes in which the wanted interactions are.
    """

    counts: pd.DataFrame
    reasons: pd.DataFrame
    rejected: pd.DataFrame
    values: LateTable = LateTable()  # noqa: RUF009 - a descriptor, which holds nothing of a card
    periods: pd.DataFrame
    responses: pd.DataFrame
    steps: LateTable = LateTable()  # noqa: RUF009 - the same
    definitions: Definitions
    provenance: Provenance
    way_back: Callable[[Wanted], list[Plan]] | None = field(default=None, repr=False, compare=False)

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
        wanted = Wanted(process, criterion, zone, period, tuple((where or {}).items()))
        return drilldown.interactions(self._plans(wanted), wanted, pseudonymise=pseudonymise)

    def _plans(self, wanted: Wanted) -> list[Plan]:
        """The plans of the processes in which the wanted interactions are."""
        if self.provenance.kept_by_hand:
            raise SvclightError("a hand-kept table has no single interactions, only their numbers")
        if self.way_back is None:
            raise SvclightError("this card has no way back to a log: score the log again to see its interactions")
        scored = [log.process for log in self.provenance.logs]
        criteria = {process: list(self.definitions.processes[process].criteria) for process in scored}
        drilldown.check(wanted, criteria, self.by, self.provenance.period)
        return self.way_back(wanted)

    def response_rates(self) -> pd.DataFrame:
        """How many of those asked answered, for criteria that say who was `asked`.

        Returns:
            `process, criterion, period, <segments>, asked, answered, response_rate, response_rate_low,
            response_rate_high` (0 to 1, Wilson, 95 %); NaN where nobody was asked.
        """
        asked, answered = (self.responses[name].to_numpy() for name in ("asked", "answered"))
        low, high = stats.wilson(answered, asked)
        rates = {"response_rate": stats.share(answered, asked), "response_rate_low": low, "response_rate_high": high}
        return self.responses.assign(**rates)

    def customers(self, *, pseudonymise: str | None = None) -> pd.DataFrame:
        """Which zones each customer met in each process and criterion, read again from the logs.

        Args:
            pseudonymise: A secret with which customers are replaced by keyed hashes.

        Returns:
            `period, customer, process, criterion, green, yellow, red, worst`: rated interactions, and the worst zone
            met.

        Raises:
            SvclightError: The logs are not there any more, or no process says who its customers are.
        """
        return people.zones_met(self._plans(Wanted()), pseudonymise=pseudonymise)

    def customer_shares(self) -> pd.DataFrame:
        """How many customers of each period met no red, one, or several, over all processes and criteria.

        Returns:
            `period, customers, no_red, one_red, several_reds`, each of the three with `_share`, `_share_low` and
            `_share_high` (0 to 1, Wilson, 95 %).

        Raises:
            SvclightError: As for `customers`.
        """
        return people.reds_by_period(self.customers())

    def survival(self, process: str, criterion: str) -> pd.DataFrame:
        """An estimate for a wait: the shares had nobody given up and everything come to its end (Kaplan-Meier).

        Returns:
            `process, criterion, period, <segments>, limits, waits, ended, given_up, unfinished, green_share,
            green_share_low, green_share_high, yellow_share, red_share, method`.

        Raises:
            SvclightError: The log is not there any more, or the criterion is no wait.
        """
        (plan,) = self._plans(Wanted(process, criterion))
        return survival(plan, criterion)

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
        shared = sorted(places_of(self) & places_of(other))
        if shared:
            shown = ", ".join(f"{process}.{criterion} {period}" for process, criterion, period in shared[:_MOST_SHOWN])
            more = " …" if len(shared) > _MOST_SHOWN else ""
            said = f"both cards have {len(shared)} of the same periods ({shown}{more})"
            raise SvclightError(f"{said}: {way_out(self, other)}")
        return together(self, other)

    def replace(self, new: Scorecard) -> Scorecard:
        """Puts together cards that may share periods of a criterion: for those the newer `as_of` counts.

        On a tie it is the new card's. What was counted from a log takes the place of what was kept by hand.

        Raises:
            SvclightError: They differ in a definition, in the kind of period or in their segments.
        """
        mine, theirs = seen_at(self), seen_at(new)
        lost_here = {place for place in mine.keys() & theirs.keys() if theirs[place] >= mine[place]}
        lost_there = (mine.keys() & theirs.keys()) - lost_here
        return together(self._without(lost_here), new._without(lost_there))

    def _without(self, places: set[tuple[str, str, str]]) -> Scorecard:
        if not places:
            return self

        def others(table: pd.DataFrame) -> pd.DataFrame:
            keys = zip(*(table[key] for key in KEYS), strict=True)
            kept = [key not in places for key in keys]
            return table[pd.Series(kept, index=table.index, dtype=bool)]  # a bare empty list would choose no columns

        return self._each(others)

    def _each(self, change: Callable[[pd.DataFrame], pd.DataFrame]) -> Scorecard:
        """The card with every table changed alike; it has no way back, and no steps, which are those of a whole log."""

        def changed(table: pd.DataFrame) -> pd.DataFrame:
            return tidy(change(table), self.definitions, self.by)

        tables: dict[str, Any] = {name: changed(getattr(self, name)) for name in TABLES if name != "values"}
        return replace(self, **tables, values=values_of(changed, self), steps=no_steps(), way_back=None)

    def save(self, path: str | Path) -> Path:
        """Writes the card to one file, without any customer's id and without the texts of rejected lines.

        Raises:
            SvclightError: The file cannot be written.
        """
        return write_whole(Path(path), saved_bytes(self))

    @classmethod
    def open(cls, path: str | Path) -> Scorecard:
        """Opens a saved card.

        Raises:
            SvclightError: There is no such file, or it is no saved card of this format.
        """
        return cls(**opened_tables(Path(path)))

    def __getstate__(self) -> dict[str, Any]:
        # the way back holds a log, which does not travel with a card, and so may what makes the values
        return {**self.__dict__, "values": self.values, "way_back": None}

    def __repr__(self) -> str:
        shown = (f"{name}={value!r}" for name, value in vars(self).items() if name != "way_back")
        return f"{type(self).__name__}({', '.join(shown)})"  # values that are not made yet are not made for this

    def __str__(self) -> str:
        return card_text(self)

    def _repr_html_(self) -> str:
        return card_html(self)


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
