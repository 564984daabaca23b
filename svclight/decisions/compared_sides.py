"""The two sides of a comparison as counts: their periods, criteria and strata, and the periods before.

In: one card and two stretches of periods, or two cards. Out: `Sides`, counts by criterion and stratum on both sides,
with flags and the variation of earlier periods. It knows no test and no verdict.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, Final

import numpy as np
import pandas as pd

from svclight.card.card_tables import FEW, CardTables, effective_of, squares_of, worth_of
from svclight.card.headings import processes_under
from svclight.counts.tidy_tables import ids_of, keys_as_text, null_unless_offered
from svclight.errors import Issue, SvclightError, did_you_mean, quoted_list, texts_of
from svclight.processes import criterion_at, criterion_ids
from svclight.statistics import control_limits
from svclight.thresholds import ZONES
from svclight.values import clocks

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Sequence

    from numpy.typing import NDArray

    from svclight.definition.criterion_id import CriterionId

    Floats = NDArray[np.float64]

FEWEST_EARLIER: Final = 4
"""So many earlier periods are needed before their variation is used."""
_SQUARES: Final = "squares"
PART: Final = "part"
"""The column that says of which process under a heading a count is."""


@dataclass(frozen=True)
class Sides:
    """Counts on both sides.

    Attributes:
        card: The first side's card.
        keys: `process, criterion, <segments>`, a row for each comparison.
        kind: Kind of period.
        before: What the first side is, in words.
        after: What the second side is.
        mix: The segments (and `part`) that make strata.
        names: For each comparison its strata in words.
        counts: For each comparison the strata x zones of the first and of the second side.
        squares: For each comparison the sums of squared weights of the strata, of the first and of the second side.
        flags: For each side and comparison `few`, `partial`, `immature`.
        groups: Whether the sides are two cards of the same periods: groups, so that months do not come into it.
        earlier: For each comparison how many earlier periods there are, the earlier side's own among them.
        sigma_z: Comparisons x zones; NaN where earlier periods are too few.
        freedom: Its degrees of freedom, for each comparison.
    """

    card: CardTables
    keys: pd.DataFrame
    kind: str
    periods: tuple[tuple[str, ...], tuple[str, ...]]
    two_cards: bool
    mix: tuple[str, ...]
    names: tuple[tuple[str, ...], ...]
    counts: tuple[tuple[Floats, Floats], ...]
    squares: tuple[tuple[Floats, Floats], ...]
    flags: tuple[tuple[str, ...], tuple[str, ...]]
    groups: bool
    earlier: NDArray[np.int64]
    sigma_z: Floats
    freedom: Floats

    def totals(self) -> tuple[Floats, Floats, Floats, Floats]:
        """The counts by zone and the number rated, before and after."""
        added = [np.array([pair[side].sum(axis=0) for pair in self.counts]) for side in (0, 1)]
        before, after = (one.reshape(-1, len(ZONES)) for one in added)
        return before, before.sum(axis=1), after, after.sum(axis=1)

    def effective_totals(self) -> tuple[Floats, Floats, Floats, Floats]:
        """The same as single interactions that tell as much: less where values are means of what rows stand for."""
        before, rated_before, after, rated_after = self.totals()
        squares = (np.array([pair[side].sum() for pair in self.squares]) for side in (0, 1))
        found = [effective_of(n, sums) for n, sums in zip((rated_before, rated_after), squares, strict=True)]
        worth = [
            worth_of(x, n[:, np.newaxis], effective[:, np.newaxis])
            for x, n, effective in zip((before, after), (rated_before, rated_after), found, strict=True)
        ]
        return worth[0], found[0], worth[1], found[1]

    def strata(self) -> Iterator[tuple[Floats, Floats, Floats, Floats, Floats]]:
        """For each comparison its strata as effective counts by zone and number, before and after; rated before."""
        for pair, sums in zip(self.counts, self.squares, strict=True):
            numbers: list[Floats] = []
            for counts, squares in zip(pair, sums, strict=True):
                rated = counts.sum(axis=1)
                effective = effective_of(rated, squares)
                numbers += [worth_of(counts, rated[:, np.newaxis], effective[:, np.newaxis]), effective]
            yield numbers[0], numbers[1], numbers[2], numbers[3], pair[0].sum(axis=1)

    @property
    def is_weak(self) -> NDArray[np.bool_]:
        """Whether a difference may be what whole periods differ by: the earlier ones are too few to tell."""
        return (self.earlier < FEWEST_EARLIER) & (not self.groups)

    @property
    def covered_share(self) -> Floats:
        """The share of the first side that lies in strata rated on both sides; NaN without a mix."""
        found = [before.sum(axis=1) @ (after.sum(axis=1) > 0) / max(before.sum(), 1) for before, after in self.counts]
        return np.array(found, dtype=np.float64) if self.mix else np.full(len(found), np.nan)


def both_sides(card: CardTables, before: Any, after: Any, *, by: Sequence[str], heading: str | None) -> Sides:
    """Both sides of a comparison.

    Raises:
        SvclightError: A card has no such period, segment or heading, a period is on both sides, the cards differ in a
            definition, or nothing is there to be compared.
    """
    other = before if isinstance(before, CardTables) else card
    if other is not card or after is None:
        if not isinstance(before, CardTables):
            raise SvclightError("compare needs two periods of a card, or two cards; the second one is missing")
        _check_alike(card, other)
        chosen = [named_periods(one, after) for one in (card, other)]
    else:
        chosen = [named_periods(card, one) for one in (before, after)]
        shared = sorted(set(chosen[0]) & set(chosen[1]))
        if shared:
            raise SvclightError(f"{quoted_list(shared)} cannot be on both sides of a comparison")
    parts = _process_headings(card, heading)
    mix = tuple(name for name in card.by if name in other.by and name not in by)
    grouped = [
        _group_counts(one, periods, (*by, *mix), parts, heading)
        for one, periods in zip((card, other), chosen, strict=True)
    ]
    mix = (*((PART,) if heading else ()), *mix)
    keys, names, counts, squares = _pair_sides(grouped[0], grouped[1], ["process", "criterion", *by], mix, card)
    if not len(keys):
        raise SvclightError("there is nothing to compare: neither side has an interaction with a usable time")
    groups = other is not card and chosen[0] == chosen[1]
    first = card if not chosen[0] or min(chosen[0]) <= min(chosen[1], default="") else other
    later = "" if groups else max((min(one) for one in chosen if one), default="")
    earlier, sigma_z, freedom = _variation(first, keys, later, parts, heading, by)
    flags = tuple(
        _flags_of(one, keys, periods, parts, _effective_sizes(counts, squares, side))
        for side, (one, periods) in enumerate(zip((card, other), chosen, strict=True))
    )
    keys = null_unless_offered(keys, by, card.definitions)
    return Sides(
        card, keys, card.provenance.period, (tuple(chosen[0]), tuple(chosen[1])), other is not card, mix, names, counts,
        squares, (flags[0], flags[1]), groups, earlier, sigma_z, freedom,
    )  # fmt: skip


def _effective_sizes(
    counts: Sequence[tuple[Floats, Floats]], squares: Sequence[tuple[Floats, Floats]], side: int
) -> list[float]:
    """The effective number of one side of each comparison, its strata together."""
    return [float(effective_of(pair[side].sum(), sums[side].sum())) for pair, sums in zip(counts, squares, strict=True)]


def named_periods(card: CardTables, named: str | Iterable[str] | None) -> list[str]:
    """Periods of a card in their order; all unless named."""
    there = sorted({str(period) for period in card.counts["period"]} - {""})
    if named is None:
        return there
    wanted = list(texts_of(named, "the periods of a call"))
    unknown = [period for period in wanted if period not in there]
    if unknown or not wanted:
        expected = f"some of {quoted_list(there)}" if there else ""
        hint = did_you_mean(unknown[0], there) if unknown else ""
        raise SvclightError(
            Issue("the card has no such period", found=quoted_list(unknown) or "none", expected=expected, hint=hint)
        )
    return sorted(set(wanted))


def _process_headings(card: CardTables, heading: str | None) -> dict[str, str]:
    """Process -> the process under whose name it is compared."""
    processes = card.definitions.processes
    if heading is None:
        return {name: name for name in processes}
    return dict.fromkeys(processes_under(card.definitions, heading), heading)


def _check_alike(first: CardTables, second: CardTables) -> None:
    """Refuses cards that differ in the kind of period or in the definition of a criterion."""
    kinds = first.provenance.period, second.provenance.period
    if kinds[0] != kinds[1]:
        raise SvclightError(f"the cards differ in their kind of period: {kinds[0]} and {kinds[1]}")
    theirs = set(criterion_ids(second.definitions))
    for which in criterion_ids(first.definitions):
        both = [criterion_at(card.definitions, which).deciding for card in (first, second) if which in theirs]
        if both and both[0] != both[1]:
            raise SvclightError(
                f"the cards differ in the definition of {which}: score both logs with the same definition"
            )


def _group_counts(
    card: CardTables, periods: Sequence[str], segments: Sequence[str], parts: dict[str, str], heading: str | None
) -> pd.DataFrame:
    """Counts of the zones of the periods together and their sum of squared weights, by criterion and segments."""
    wide = card.shares(by=segments)
    wide = wide[wide["period"].isin(periods) & wide["process"].isin(list(parts))]
    wide = wide.assign(**{_SQUARES: squares_of(wide["rated"], wide["effective"])})
    wide = keys_as_text(
        wide[["process", "criterion", *segments, *ZONES, _SQUARES]], ["process", "criterion", *segments]
    )
    if heading is not None:
        wide[PART] = wide["process"]
        wide["process"] = heading
    numbers = [*ZONES, _SQUARES]
    keys = [name for name in wide.columns if name not in numbers]
    return wide.groupby(keys, sort=False)[numbers].sum()


def _pair_sides(
    first: pd.DataFrame, second: pd.DataFrame, keys: list[str], mix: Sequence[str], card: CardTables
) -> tuple[
    pd.DataFrame, tuple[tuple[str, ...], ...], tuple[tuple[Floats, Floats], ...], tuple[tuple[Floats, Floats], ...]
]:
    """Both sides by comparison and stratum: keys, names, counts, squares; what one side lacks is 0 there."""
    both = first.add_suffix("_before").join(second.add_suffix("_after"), how="outer")
    both = both.fillna(0).astype(np.float64).reset_index()
    order = {name: place for place, (_, name, _) in enumerate(card.definitions.criteria())}
    processes = {name: place for place, name in enumerate(card.definitions.processes)}
    both = both.assign(
        _process=both["process"].map(processes), _criterion=both["criterion"].map(order).fillna(len(order))
    ).sort_values(["_process", "_criterion", *keys[2:], *mix], kind="stable")
    rows, names, counts, squares = [], [], [], []
    for key, part in both.groupby(keys, sort=False):
        rows.append(key)
        names.append(tuple(" / ".join(stratum) for stratum in zip(*(part[name] for name in mix), strict=True)))
        before, after = (
            part[[f"{zone}{side}" for zone in ZONES]].to_numpy(dtype=np.float64) for side in ("_before", "_after")
        )
        counts.append((before, after))
        sums = [part[f"{_SQUARES}{side}"].to_numpy(dtype=np.float64) for side in ("_before", "_after")]
        squares.append((sums[0], sums[1]))
    return pd.DataFrame(rows, columns=keys), tuple(names), tuple(counts), tuple(squares)


def _variation(
    card: CardTables,
    keys: pd.DataFrame,
    later: str,
    parts: dict[str, str],
    heading: str | None,
    by: Sequence[str],
) -> tuple[NDArray[np.int64], Floats, Floats]:
    """The number of earlier periods of each comparison, their variation by zone, and its degrees of freedom.

    Earlier are those before `later`, the first period of the later side: those of the earlier side are among them.
    Those that are partial, immature, of under 30 rated, or hold a change of the service are left out, and no range
    spans a change.
    """
    wide = card.shares(by=by)
    early = wide["period"].astype(str) < later
    wide = wide[early & (wide["period"] != "") & wide["process"].isin(list(parts))]
    wide = wide.assign(**{_SQUARES: squares_of(wide["rated"], wide["effective"])})
    wide = wide.assign(process=wide["process"].astype(str).map(parts)) if heading is not None else wide
    names = ["process", "criterion", *by]
    wide = keys_as_text(wide, [*names, "period"])
    wide = wide.assign(unsure=wide["flag"].astype(str).str.contains("partial|immature"))
    added = wide.groupby([*names, "period"], sort=True)[[*ZONES, _SQUARES, "unsure"]].sum().reset_index()
    added = added[added["unsure"] == 0]
    series = dict(iter(added.groupby(names, sort=False)))
    found = [_earlier_series(card, series.get(tuple(key)), heading) for key in keys.itertuples(index=False)]
    earlier, sigma_z, freedom = zip(*found, strict=True)
    return np.array(earlier, dtype=np.int64), np.array(sigma_z, dtype=np.float64), np.array(freedom, dtype=np.float64)


def _earlier_series(card: CardTables, part: pd.DataFrame | None, heading: str | None) -> tuple[int, Floats, float]:
    """The number of earlier periods of one comparison, their variation by zone, and its degrees of freedom."""
    nothing = np.full(len(ZONES), np.nan)
    if part is None:
        return 0, nothing, np.inf
    counts = part[list(ZONES)].to_numpy(dtype=np.float64)
    rated = counts.sum(axis=1)
    effective = effective_of(rated, part[_SQUARES])
    counts = worth_of(counts, rated[:, np.newaxis], effective[:, np.newaxis])
    changes = [] if heading is not None else criterion_at(card.definitions, ids_of(part)[0]).changes
    dates = [change.at for change in changes]
    phases = np.array([phase_of(period, dates) for period in part["period"]], dtype=np.int64)
    use = (effective >= FEW) & (phases >= 0)
    months, kinds = int(use.sum()), np.unique(phases[use])
    if months < FEWEST_EARLIER or months == len(kinds):
        return months, nothing, np.inf
    chosen = [counts[use & (phases == phase)].T for phase in kinds]
    factor, _ = control_limits.sigma_z([(one, one.sum(axis=0)) for one in chosen])
    return months, factor, float(months - len(kinds))


def phase_of(period: str, changes: Iterable[Any]) -> int:
    """The number of changes of the service before a period; -1 where one falls into it, after its first day."""
    dates = list(changes)
    found = clocks.period_number(period) if dates else None
    if found is None:
        return 0
    kind, number = found
    begin, end = (clocks.period_start(number + more, kind) for more in (0, 1))
    return -1 if any(begin < date < end for date in dates) else sum(date <= begin for date in dates)


def _flags_of(
    card: CardTables, keys: pd.DataFrame, periods: Sequence[str], parts: dict[str, str], rated: Sequence[float]
) -> tuple[str, ...]:
    """The flags of one side of each comparison: `few`, `partial`, `immature`."""
    marks = card.periods[card.periods["period"].isin(periods)]
    found: dict[CriterionId, set[str]] = {}
    for which, partial, immature in zip(ids_of(marks), marks["partial"], marks["immature"], strict=True):
        names = {name for name, holds in (("partial", partial), ("immature", immature)) if holds}
        found.setdefault(which._replace(process=parts.get(which.process, "")), set()).update(names)
    said = []
    for which, count in zip(ids_of(keys), rated, strict=True):
        mine = found.get(which, set()) | ({"few"} if count < FEW else set())
        said.append(", ".join(name for name in ("few", "partial", "immature") if name in mine))
    return tuple(said)
