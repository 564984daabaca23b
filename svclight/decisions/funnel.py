"""Teams and employees beside the whole: a funnel, never a league table.

In: a `CardTables` that is split by a segment. Out: `Funnel`: for each value of the segment its share of a zone, and the
limits within which a group of its size lies by chance. Rows stand by name, not by share: those inside the limits differ
by no more than chance does, and their order would say nothing.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, Final

import numpy as np
import pandas as pd

from svclight.card.card_tables import FEW, check_card
from svclight.counts.tidy_tables import keys_as_text, sorted_words
from svclight.decisions.compared_sides import named_periods
from svclight.errors import check_kind
from svclight.statistics import funnel_limits
from svclight.statistics import shares as formulas
from svclight.thresholds import check_zone
from svclight.wording.shares import share_text, target_ends

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence

    from numpy.typing import NDArray

    from svclight.card.card_tables import CardTables

INSIDE: Final = "inside"
NEAR: Final = "beyond 95 %"
FAR: Final = "beyond 99.8 %"
NO_LIMITS: Final = "no limits"
FLAGGED_FEW: Final = "few"
NO_DATA: Final = "no data"
_FEWEST_PARTS: Final = 2
_MOST_NAMED: Final = 8
_MANY: Final = 20
"""From so many groups on, one is expected beyond the 95 % limits by chance."""


@dataclass(frozen=True, repr=False)
class Funnel:
    """Groups against the whole.

    Attributes:
        table: One row a value of the segment, by name: `process, criterion, <segment>, zone, count, rated, share,
            center` (the whole's share), `low_95, high_95, low_998, high_998, factor` (the over-dispersion factor in
            the limits), `position` (`inside`, `beyond 95 %`, `beyond 99.8 %`, `few`, `no limits`, `no data`),
            `direction` (`up`, `down`), `flag` (few, partial, immature). Shares are 0 to 1.
        wholes: One row a criterion: `process, criterion, zone, groups, count, rated, center, dispersion` (as it is
            found), `factor` (as it is used), `sentence`.
        segment: The segment.
        zone: The zone whose share it is.
        periods: The periods that are added up.
    """

    table: pd.DataFrame
    wholes: pd.DataFrame
    segment: str
    zone: str
    periods: tuple[str, ...]

    @property
    def sentences(self) -> tuple[str, ...]:
        """Each criterion in words."""
        return tuple(self.wholes["sentence"])

    def __str__(self) -> str:
        return "\n".join(self.sentences) or "nothing is rated: there is nothing to hold against the whole"

    def __repr__(self) -> str:
        return str(self)

    def _repr_html_(self) -> str:
        return str(self.table.to_html(index=False, escape=True))


def funnel(card: CardTables, segment: str, *, zone: str = "red", periods: str | Iterable[str] | None = None) -> Funnel:
    """Compares each value of a segment, such as a team, with the whole.

    Args:
        card: What was counted, by the segment.
        segment: Such as a team or an employee.
        zone: `green`, `yellow` or `red`.
        periods: The periods that are added up; all but immature ones unless given.

    Returns:
        Shares and limits, values in the order of their names. Groups with fewer than 30 rated are flagged `few` and
        are neither inside nor beyond; they belong to the whole, but not to what the over-dispersion is found from.
        Interactions without a value of the segment are in the whole alone.

    Raises:
        SvclightError: The card is not split by the segment, has no such period, or there is no such zone.

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
        ...                       "team": list("ABCDEFGH"), "green": [900, 905, 895, 910, 890, 902, 898, 820],
        ...                       "yellow": 0, "red": [100, 95, 105, 90, 110, 98, 102, 180]})
        >>> found = svclight.funnel(svclight.tally(table, definitions, by="team", as_of="2026-05-01"), "team")
        >>> found.table[["team", "share", "position"]].values.tolist()[-2:]
        [['G', 0.102, 'inside'], ['H', 0.18, 'beyond 95 %']]
    """
    check_card(card, "svclight.funnel")
    check_kind(segment, str, "segment of svclight.funnel", "the name of a segment")
    check_zone(zone)
    shares = card.shares(by=segment)
    chosen = named_periods(card, periods)
    shares = shares[shares["period"].isin(chosen)]
    if periods is None:
        shares = shares[~shares["flag"].astype(str).str.contains("immature")]
    shares = keys_as_text(shares[shares[segment].notna()], ["process", "criterion", segment])
    made = [
        _criterion_groups(card, key, part, segment, zone)
        for key, part in shares.groupby(["process", "criterion"], sort=False)
    ]
    tables = [table for table, _ in made if len(table)]
    table = pd.concat(tables, ignore_index=True) if tables else pd.DataFrame(columns=_column_names(segment))
    wholes = pd.DataFrame([whole for _, whole in made], columns=list(_WHOLE))
    used = tuple(period for period in chosen if period in set(shares["period"].astype(str)))
    return Funnel(table[_column_names(segment)], wholes, segment, zone, used)


_WHOLE: Final = (
    *("process", "criterion", "zone", "groups", "count", "rated"),
    *("center", "dispersion", "factor", "sentence"),
)


def _column_names(segment: str) -> list[str]:
    return [
        *("process", "criterion", segment, "zone", "count", "rated", "share", "center"),
        *("low_95", "high_95", "low_998", "high_998", "factor", "position", "direction", "flag"),
    ]


def _criterion_groups(
    card: CardTables, key: Any, part: pd.DataFrame, segment: str, zone: str
) -> tuple[pd.DataFrame, dict[str, Any]]:
    """The groups of one criterion, and the row of the whole."""
    process, criterion = map(str, key)
    count, rated = int(part[zone].sum()), int(part["rated"].sum())
    groups = part.groupby(segment, sort=False).agg(
        count=(zone, "sum"), rated=("rated", "sum"), flags=("flag", _join_flags)
    )
    groups = groups.reindex(sorted_words(str(name) for name in groups.index if name != ""))
    x, n = groups["count"].to_numpy(dtype=np.int64), groups["rated"].to_numpy(dtype=np.int64)
    center = float(formulas.share(count, rated))
    enough = n >= FEW
    dispersion, factor = float("nan"), 1.0
    if enough.sum() >= _FEWEST_PARTS:
        dispersion = funnel_limits.over_dispersion(x[enough], n[enough], center)
        factor = funnel_limits.factor_used(dispersion, int(enough.sum()))
    share = formulas.share(x, n)
    inner, outer = (funnel_limits.funnel_limits(n, center, level, factor) for level in funnel_limits.LEVELS)
    whole: dict[str, Any] = {"process": process, "criterion": criterion, "zone": zone}
    position = _position(share, n, inner, outer)
    table = pd.DataFrame(
        {**whole, segment: groups.index.to_numpy(dtype=object), "count": x, "rated": n, "share": share},
    ).assign(
        center=center, low_95=inner[0], high_95=inner[1], low_998=outer[0], high_998=outer[1], factor=factor,
        position=position, direction=np.where(share > center, "up", np.where(share < center, "down", "")),
        flag=[_group_flag(flags, many) for flags, many in zip(groups["flags"], n, strict=True)],
    )  # fmt: skip
    title = f"{card.definitions.title(process)}, {card.definitions.title(process, criterion)}"
    ends = target_ends(card.definitions.processes[process].criteria[criterion])[zone]
    said = f"{share_text(center, ends)} of {rated:,} in all" if rated else ""
    whole |= {"groups": len(groups), "count": count, "rated": rated, "center": center, "dispersion": dispersion}
    return table, {**whole, "factor": factor, "sentence": _funnel_sentence(title, table, segment, said)}


def _join_flags(flags: pd.Series) -> str:
    found = set(", ".join(flags).split(", "))
    return ", ".join(name for name in ("partial", "immature") if name in found)


def _group_flag(flags: str, rated: int) -> str:
    return ", ".join(part for part in ("few" if rated < FEW else "", flags) if part)


def _position(share: NDArray[Any], rated: NDArray[Any], inner: Any, outer: Any) -> NDArray[np.object_]:
    """The position of each group between the limits; a share on a limit is inside it."""
    near, least = 1e-12, 0  # the last digits of a float put no group beyond a limit
    found = np.full(len(share), INSIDE, dtype=object)
    for name, (low, high) in ((NEAR, inner), (FAR, outer)):
        with np.errstate(invalid="ignore"):
            found[(share < low - near) | (share > high + near)] = name
    found[np.isnan(inner[0])] = NO_LIMITS
    found[rated < FEW] = FLAGGED_FEW
    found[rated == least] = NO_DATA
    return found


def _funnel_sentence(title: str, table: pd.DataFrame, segment: str, whole: str) -> str:
    """A funnel in words: the conclusions that a manager may draw from it, and those that are none.

    `whole` is the share of all groups together in words, empty where nothing is rated.
    """
    if not whole:
        return f"{title}: no data."
    if not len(table):
        return f"{title}: no interaction has a {segment}."
    factor = float(table["factor"].iloc[0])
    judged = table[table["position"].isin([INSIDE, NEAR, FAR])]
    beyond = [_group_names(judged[judged["position"] == name], segment, name) for name in (FAR, NEAR)]
    said = "; ".join(text for text in beyond if text) or "nobody is beyond the limits"
    parts = [f"{title}, {table['zone'].iloc[0]} {whole}: {said}."]
    if factor > 1:
        parts.append(f"Groups differ by more than chance: the limits are {factor**0.5:.2f} times as wide.")
    if len(judged) >= _MANY:
        parts.append(f"By chance alone about {0.05 * len(judged):.0f} of {len(judged):,} are beyond 95 %.")
    few = int((table["position"] == FLAGGED_FEW).sum())
    if few:
        parts.append(f"{few:,} with under {FEW} rated {'is' if few == 1 else 'are'} not judged.")
    return " ".join(parts)


def _group_names(rows: pd.DataFrame, segment: str, position: str) -> str:
    """The groups in a position in words, the first of them by name; empty without any."""
    texts = []
    for direction, word in (("up", "above"), ("down", "below")):
        names: Sequence[str] = rows.loc[rows["direction"] == direction, segment].astype(str).tolist()
        more = f" and {len(names) - _MOST_NAMED} more" if len(names) > _MOST_NAMED else ""
        if names:
            texts.append(f"{word}: {', '.join(names[:_MOST_NAMED])}{more}")
    return f"{position}, {', '.join(texts)}" if texts else ""
