"""The two sides of a comparison as counts: their periods, criteria and strata, and the periods before.

In: one card and two stretches of periods, or two cards. Out: `Sides`, counts by criterion and stratum on both sides,
with flags and the variation of earlier periods. It knows no test and no verdict.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, Final

import numpy as np
import pandas as pd

from svclight.card.card_tables import FEW, CardTables
from svclight.counts.tidy_tables import ids_of, keys_as_text, null_unless_offered
from svclight.errors import Issue, SvclightError, did_you_mean, quoted_list, quoted_text, texts_of, unknown_name
from svclight.processes import criterion_at, criterion_ids
from svclight.statistics import control_limits
from svclight.thresholds import ZONES
from svclight.values import clocks
from svclight.wording.result_words import span_text

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Sequence

    from numpy.typing import NDArray

    from svclight.definition.criterion_id import CriterionId

    Floats = NDArray[np.float64]

MOST_NEEDED: Final = 12
"""So many earlier periods are needed before their variation is used."""
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
        flags: For each side and comparison `few`, `partial`, `immature`.
        earlier: For each comparison how many earlier periods there are.
        sigma_z: Comparisons x zones; NaN where earlier periods are too few.
        freedom: Its degrees of freedom, for each comparison.
    """

    card: CardTables
    keys: pd.DataFrame
    kind: str
    before: str
    after: str
    mix: tuple[str, ...]
    names: tuple[tuple[str, ...], ...]
    counts: tuple[tuple[Floats, Floats], ...]
    flags: tuple[tuple[str, ...], tuple[str, ...]]
    earlier: NDArray[np.int64]
    sigma_z: Floats
    freedom: Floats

    def totals(self) -> tuple[Floats, Floats, Floats, Floats]:
        """The counts by zone and the number rated, before and after."""
        added = [np.array([pair[side].sum(axis=0) for pair in self.counts]) for side in (0, 1)]
        before, after = (one.reshape(-1, len(ZONES)) for one in added)
        return before, before.sum(axis=1), after, after.sum(axis=1)

    def strata(self) -> Iterator[tuple[Floats, Floats, Floats, Floats]]:
        """For each comparison the counts by zone of its strata and the number rated, before and after."""
        for before, after in self.counts:
            yield before, before.sum(axis=1), after, after.sum(axis=1)

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
        labels = tuple(
            f"{name} ({span_text(periods)})"
            for name, periods in zip(("first card", "second card"), chosen, strict=True)
        )
    else:
        chosen = [named_periods(card, one) for one in (before, after)]
        shared = sorted(set(chosen[0]) & set(chosen[1]))
        if shared:
            raise SvclightError(f"{quoted_list(shared)} cannot be on both sides of a comparison")
        labels = tuple(map(span_text, chosen))
    parts = _process_headings(card, heading)
    mix = tuple(name for name in card.by if name in other.by and name not in by)
    grouped = [
        _group_counts(one, periods, (*by, *mix), parts, heading)
        for one, periods in zip((card, other), chosen, strict=True)
    ]
    mix = (*((PART,) if heading else ()), *mix)
    keys, names, counts = _pair_sides(grouped[0], grouped[1], ["process", "criterion", *by], mix, card)
    if not len(keys):
        raise SvclightError("there is nothing to compare: neither side has an interaction with a usable time")
    earlier, sigma_z, freedom = _variation(card, keys, chosen[0], parts, heading, by)
    flags = tuple(
        _flags_of(one, keys, periods, parts, [pair[side].sum() for pair in counts])
        for side, (one, periods) in enumerate(zip((card, other), chosen, strict=True))
    )
    keys = null_unless_offered(keys, by, card.definitions)
    return Sides(
        card, keys, card.provenance.period, labels[0], labels[1], mix, names, counts, (flags[0], flags[1]),
        earlier, sigma_z, freedom,
    )  # fmt: skip


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
    if heading not in processes:
        raise SvclightError(unknown_name("unknown process", heading, processes))
    found, size = {heading}, 0
    while len(found) > size:  # parts of parts too, until no more are found
        size = len(found)
        found |= {name for name, process in processes.items() if process.part_of in found}
    if size == 1:
        headings = dict.fromkeys(process.part_of for process in processes.values() if process.part_of)
        raise SvclightError(
            Issue(
                "no process is a part of it", found=quoted_text(heading),
                expected=f"one of {quoted_list(headings)}" if headings else "a process that others name in part_of",
            )
        )  # fmt: skip
    return dict.fromkeys(found, heading)


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
    """Counts of the zones of the periods together, by criterion and segments."""
    wide = card.shares(by=segments)
    wide = wide[wide["period"].isin(periods) & wide["process"].isin(list(parts))]
    wide = keys_as_text(wide[["process", "criterion", *segments, *ZONES]], ["process", "criterion", *segments])
    if heading is not None:
        wide[PART] = wide["process"]
        wide["process"] = heading
    keys = [name for name in wide.columns if name not in ZONES]
    return wide.groupby(keys, sort=False)[list(ZONES)].sum()


def _pair_sides(
    first: pd.DataFrame, second: pd.DataFrame, keys: list[str], mix: Sequence[str], card: CardTables
) -> tuple[pd.DataFrame, tuple[tuple[str, ...], ...], tuple[tuple[Floats, Floats], ...]]:
    """Both sides by comparison and stratum; counts that one side lacks are 0 there."""
    both = first.add_suffix("_before").join(second.add_suffix("_after"), how="outer")
    both = both.fillna(0).astype(np.float64).reset_index()
    order = {name: place for place, (_, name, _) in enumerate(card.definitions.criteria())}
    processes = {name: place for place, name in enumerate(card.definitions.processes)}
    both = both.assign(
        _process=both["process"].map(processes), _criterion=both["criterion"].map(order).fillna(len(order))
    ).sort_values(["_process", "_criterion", *keys[2:], *mix], kind="stable")
    rows, names, counts = [], [], []
    for key, part in both.groupby(keys, sort=False):
        rows.append(key)
        names.append(tuple(" / ".join(stratum) for stratum in zip(*(part[name] for name in mix), strict=True)))
        before, after = (
            part[[f"{zone}{side}" for zone in ZONES]].to_numpy(dtype=np.float64) for side in ("_before", "_after")
        )
        counts.append((before, after))
    return pd.DataFrame(rows, columns=keys), tuple(names), tuple(counts)


def _variation(
    card: CardTables,
    keys: pd.DataFrame,
    periods: Sequence[str],
    parts: dict[str, str],
    heading: str | None,
    by: Sequence[str],
) -> tuple[NDArray[np.int64], Floats, Floats]:
    """The number of earlier periods of each comparison, their variation by zone, and its degrees of freedom.

    Earlier are those before the first side; where it has several periods, its own are among them. Those that are
    partial, immature, or hold a change of the service are left out, and no range spans a change.
    """
    wide = card.shares(by=by)
    # where the first side has several periods, its own are among the earlier ones
    last = periods[-1] if len(periods) > 1 else ""
    early = (wide["period"].astype(str) < (periods[0] if periods else "")) | (wide["period"].astype(str) <= last)
    wide = wide[early & (wide["period"] != "") & wide["process"].isin(list(parts))]
    wide = wide.assign(process=wide["process"].astype(str).map(parts)) if heading is not None else wide
    names = ["process", "criterion", *by]
    wide = keys_as_text(wide, [*names, "period"])
    wide = wide.assign(unsure=wide["flag"].astype(str).str.contains("partial|immature"))
    added = wide.groupby([*names, "period"], sort=True)[[*ZONES, "unsure"]].sum().reset_index()
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
    changes = [] if heading is not None else criterion_at(card.definitions, ids_of(part)[0]).changes
    dates = [change.at for change in changes]
    phases = np.array([phase_of(period, dates) for period in part["period"]], dtype=np.int64)
    use = (counts.sum(axis=1) > 0) & (phases >= 0)
    if use.sum() < MOST_NEEDED:
        return int(use.sum()), nothing, np.inf
    chosen = [counts[use & (phases == phase)].T for phase in np.unique(phases[use])]
    factor, freedom = control_limits.sigma_z([(one, one.sum(axis=0)) for one in chosen])
    return int(use.sum()), factor, freedom


def phase_of(period: str, changes: Iterable[Any]) -> int:
    """The number of changes of the service before a period; -1 where one falls into it, after its first day."""
    found = clocks.period_number(period)
    if found is None:
        return 0
    kind, number = found
    begin, end = (clocks.period_start(number + more, kind) for more in (0, 1))
    dates = list(changes)
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
