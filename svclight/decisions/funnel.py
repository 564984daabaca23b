"""Teams and employees beside the whole: a funnel, never a league table.

In: a `CardTables` that is split by a segment. Out: `Funnel`: for each value of the segment its share of a zone, and the
limits within which a group of its size lies by chance. Rows stand by name, not by share: those inside the limits differ
by no more than chance does, and their order would say nothing.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any, Final

import numpy as np
import pandas as pd

from svclight.card.card_tables import FEW, check_card, effective_of, squares_of, worth_of
from svclight.counts.tidy_tables import keys_as_text, periods_in, sorted_words
from svclight.decisions.compared_sides import named_periods
from svclight.decisions.funnel_words import FAR, FLAGGED_FEW, INSIDE, NEAR, NO_LIMITS, funnel_sentence, widening
from svclight.decisions.result import Result
from svclight.decisions.verdicts import NO_DATA
from svclight.definition.criterion_id import CriterionId
from svclight.errors import check_kind
from svclight.processes import criterion_titles, full_title
from svclight.statistics import funnel_limits
from svclight.statistics import shares as formulas
from svclight.thresholds import check_zone
from svclight.wording.catalogue import say
from svclight.wording.languages import language_of
from svclight.wording.shares import target_ends

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping

    from numpy.typing import NDArray

    from svclight.card.card_tables import CardTables


@dataclass(frozen=True, repr=False)
class Funnel(Result):
    """Groups against the whole.

    Attributes:
        table: One row a value of the segment, by name: `process, criterion, <segment>, zone, count, rated, effective`
            (how many single interactions tell as much), `share, others` (the share of all others), `center` (the
            whole's share), `low_95, high_95, low_998, high_998, factor` (the over-dispersion factor of the others,
            in the limits), `position` (`inside`, `beyond 95 %`, `beyond 99.8 %`, `few`, `no limits`, `no data`),
            `direction` (`up`, `down`), `flag` (few, partial, immature). Shares are 0 to 1.
        wholes: One row a criterion: `process, criterion, zone, groups, judged` (those of 30 rated and more), `count,
            rated, effective, center, factor` (the least of the groups': that with the oddest group left out),
            `sentence`.
        segment: The segment.
        zone: The zone whose share it is.
        periods: The periods that are added up.
        lang: The language of the sentences; codes in the tables are English.
        titles: What people call the criteria, by process and criterion.
    """

    table: pd.DataFrame
    wholes: pd.DataFrame
    segment: str
    zone: str
    periods: tuple[str, ...]
    lang: str = "en"
    titles: Mapping[CriterionId, str] = field(default_factory=dict)

    @property
    def sentences(self) -> tuple[str, ...]:
        """Each criterion in words."""
        return tuple(self.wholes["sentence"])

    def _columns_of(self, table: pd.DataFrame) -> tuple[str, ...]:  # noqa: ARG002 - they do not depend on it
        return (self.segment, "zone", "share", "others", "rated", "position")

    def __str__(self) -> str:
        return "\n".join(self.sentences) or say(
            "nothing is rated: there is nothing to hold against the whole", self.lang
        )


def funnel(
    card: CardTables,
    segment: str,
    *,
    zone: str = "red",
    periods: str | Iterable[str] | None = None,
    lang: str | None = None,
) -> Funnel:
    """Compares each value of a segment, such as a team, with the whole.

    Args:
        card: What was counted, by the segment.
        segment: Such as a team or an employee.
        zone: `green`, `yellow` or `red`.
        periods: The periods that are added up; all but immature ones unless given.
        lang: The language of the sentences; that of the definitions unless given.

    Returns:
        Shares and limits, values in the order of their names. Each group is held against the whole of the others. From
        5 groups on limits are wider by as much as the others differ by more than chance, with Student's quantile for
        groups - 2; of 2 to 4 that is not known, and said. Groups with fewer than 30 rated are flagged `few` and are
        neither inside nor beyond; they belong to the whole, but not to what the over-dispersion is found from.
        Interactions without a value of the segment are in the whole alone.

    Raises:
        SvclightError: The card is not split by the segment, has no such period, or there is no such zone or language.

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
        [['G', 0.102, 'inside'], ['H', 0.18, 'beyond 99.8 %']]
    """
    check_card(card, "svclight.funnel")
    check_kind(segment, str, "segment of svclight.funnel", "the name of a segment")
    check_zone(zone)
    lang = language_of(lang, card.definitions)
    shares = card.shares(by=segment)
    chosen = named_periods(card, periods)
    shares = shares[shares["period"].isin(chosen)]
    if periods is None:
        shares = shares[~shares["flag"].astype(str).str.contains("immature")]
    shares = keys_as_text(shares[shares[segment].notna()], ["process", "criterion", segment])
    made = [
        _criterion_groups(card, key, part, segment, zone, lang)
        for key, part in shares.groupby(["process", "criterion"], sort=False)
    ]
    tables = [table for table, _ in made if len(table)]
    table = pd.concat(tables, ignore_index=True) if tables else pd.DataFrame(columns=_column_names(segment))
    wholes = pd.DataFrame([whole for _, whole in made], columns=list(_WHOLE))
    there = periods_in(shares)
    used = tuple(period for period in chosen if period in there)
    return Funnel(table[_column_names(segment)], wholes, segment, zone, used, lang, criterion_titles(card.definitions))


_WHOLE: Final = (
    *("process", "criterion", "zone", "groups", "judged", "count", "rated", "effective"),
    *("center", "factor", "sentence"),
)


def _column_names(segment: str) -> list[str]:
    return [
        *("process", "criterion", segment, "zone", "count", "rated", "effective", "share", "others", "center"),
        *("low_95", "high_95", "low_998", "high_998", "factor", "position", "direction", "flag"),
    ]


def _criterion_groups(
    card: CardTables, key: Any, part: pd.DataFrame, segment: str, zone: str, lang: str
) -> tuple[pd.DataFrame, dict[str, Any]]:
    """The groups of one criterion, and the row of the whole."""
    process, criterion = map(str, key)
    part = part.assign(squares=squares_of(part["rated"], part["effective"]))
    count, rated = int(part[zone].sum()), int(part["rated"].sum())
    effective = float(effective_of(rated, part["squares"].sum()))
    groups = part.groupby(segment, sort=False).agg(
        count=(zone, "sum"), rated=("rated", "sum"), squares=("squares", "sum"), flags=("flag", _join_flags)
    )
    groups = groups.reindex(sorted_words(str(name) for name in groups.index if name != ""))
    whole: dict[str, Any] = {"process": process, "criterion": criterion, "zone": zone}
    table = _group_numbers(groups, (count, rated, effective))
    table = table.assign(
        **whole, flag=[_group_flag(*one) for one in zip(groups["flags"], table["effective"], strict=True)]
    )
    table.insert(0, segment, groups.index.to_numpy(dtype=object))
    judged = int((table["effective"] >= FEW).sum())
    factor = float(table.loc[table["effective"] >= FEW, "factor"].min()) if judged else 1.0
    whole |= {"groups": len(groups), "judged": judged, "count": count, "rated": rated, "effective": effective}
    whole |= {"center": float(formulas.share(count, rated)), "factor": factor}
    title = full_title(card.definitions, CriterionId(process, criterion))
    ends = target_ends(card.definitions.processes[process].criteria[criterion])[zone]
    whole["sentence"] = funnel_sentence(title, table, segment, whole, ends, lang)
    return table, whole


def _group_numbers(groups: pd.DataFrame, whole: tuple[int, int, float]) -> pd.DataFrame:
    """The share, limits and position of each group; `whole` is the count, the rated and the effective number of all."""
    count, rated, size = whole
    x, n = groups["count"].to_numpy(dtype=np.int64), groups["rated"].to_numpy(dtype=np.int64)
    effective = effective_of(n, groups["squares"].to_numpy())
    share, center = formulas.share(x, n), float(formulas.share(count, rated))
    enough = effective >= FEW
    factor = np.ones(len(groups))
    factor[enough] = funnel_limits.others_factor(worth_of(x, n, effective)[enough], effective[enough])
    inner, outer = (
        funnel_limits.funnel_limits(
            effective, center, level, widen=widening(factor, level, int(enough.sum())), whole=size
        )
        for level in funnel_limits.LEVELS
    )
    return pd.DataFrame(
        {
            "count": x, "rated": n, "effective": effective, "share": share,
            "others": formulas.share(count - x, rated - n), "center": center,
            "low_95": inner[0], "high_95": inner[1], "low_998": outer[0], "high_998": outer[1], "factor": factor,
            "position": _position(share, effective, inner, outer),
            "direction": np.where(share > center, "up", np.where(share < center, "down", "")),
        }
    )  # fmt: skip


def _join_flags(flags: pd.Series) -> str:
    found = set(", ".join(flags).split(", "))
    return ", ".join(name for name in ("partial", "immature") if name in found)


def _group_flag(flags: str, effective: float) -> str:
    return ", ".join(part for part in ("few" if effective < FEW else "", flags) if part)


def _position(share: NDArray[Any], effective: NDArray[Any], inner: Any, outer: Any) -> NDArray[np.object_]:
    """The position of each group between the limits; a share on a limit is inside it."""
    near = 1e-12  # the last digits of a float put no group beyond a limit
    found = np.full(len(share), INSIDE, dtype=object)
    for name, (low, high) in ((NEAR, inner), (FAR, outer)):
        with np.errstate(invalid="ignore"):
            found[(share < low - near) | (share > high + near)] = name
    found[np.isnan(inner[0])] = NO_LIMITS
    found[effective < FEW] = FLAGGED_FEW
    found[effective == 0] = NO_DATA
    return found
