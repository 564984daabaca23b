"""Damage by criterion and segment: the interactions beyond the shares that targets allow.

In: a card, the periods of a criterion, segments. Out: a table, one row a cell (criterion x segments), with the distance
of its share from its target; without a target every red is damage. What of it is sure depends on all cells of a plan
(`sure_damage`).
"""

from __future__ import annotations

from dataclasses import dataclass
from functools import reduce
from typing import TYPE_CHECKING, Any, Final

import numpy as np
import pandas as pd

from svclight.card.card_tables import FEW, effective_of, squares_of, worth_of
from svclight.counts.tidy_tables import KEYS, rows_of
from svclight.decisions.target_counts import meets_condition
from svclight.definition.conditions import tests_in
from svclight.processes import criterion_at
from svclight.statistics import shares as formulas
from svclight.thresholds import ZONES
from svclight.wording.catalogue import to_say_of
from svclight.wording.limit_words import condition_text

if TYPE_CHECKING:
    from collections.abc import Sequence

    from numpy.typing import NDArray

    from svclight.definition.criterion_id import CriterionId
    from svclight.definition.models import Cost, Criterion, Target
    from svclight.scorecard import Scorecard
    from svclight.thresholds import Interval

    Floats = NDArray[np.float64]
    Mask = NDArray[np.bool_]

NO_TARGET: Final = to_say_of("verdict", "no target")
WORSE, BETTER, USUAL, UNKNOWN = "worse than usual", "better than usual", "as usual", "no earlier periods"
MORE, FEWER = "more", "fewer"
MOST_EARLIER: Final = 12
"""So many earlier periods say what is usual."""
FEWEST_EARLIER: Final = 3
_MAD: Final = 1.4826  # a median absolute deviation times this is the standard deviation of a normal distribution
_BEYOND: Final = 2.0
NUMBERS: Final = (
    *("rated", "effective", *ZONES, "zone", "target", "share", "low", "high", "side", "above"),
    *("bound", "deviate", "min_rated", "usual", "earlier", "trend", "price"),
)


@dataclass(frozen=True)
class Aim:
    """The share that a zone is to have: a target, or none (then every red is damage); `cells` says for which cells."""

    zone: str
    limit: Interval | None
    min_rated: int
    cells: Mask


def damage_cells(
    card: Scorecard, which: CriterionId, periods: Sequence[str], earlier: Sequence[str], by: Sequence[str]
) -> pd.DataFrame:
    """The cells of a criterion beside their targets, over some periods together.

    Args:
        card: What was counted.
        which: Its criterion.
        periods: The periods that are added up.
        earlier: Those that say what is usual.
        by: Segments of the card by which cells are made.

    Returns:
        `process, criterion, <segments>`, `rated`, `effective` (how many single interactions tell as much), the counts
        of the zones, `zone` (the one whose target is missed by most), `target` (empty without one), `share` with
        `low` and `high` (95 %; 0 to 1, a net score in percentage points), `side` (`more` where the share is to grow,
        else `fewer`), `above` (interactions beyond the target, 0 where it is reached), `bound` (its end),
        `deviate` (of the one-sided score test against it, more is worse), `min_rated`, `usual` (the median of the
        earlier periods), `earlier` (how many there are), `trend`, `price` (of an interaction that is turned; NaN where
        no cost is given). Cells without a rated interaction are left out.
    """
    criterion = criterion_at(card.definitions, which)
    mine = rows_of(card.shares(by=by), which)
    cells = _sum_cells(mine[mine["period"].isin(periods)], by)
    cells = cells[cells["rated"] > 0].reset_index(drop=True)  # nothing rated is no damage
    aims = _cell_aims(criterion, cells, by)
    table = _worst_aim(cells, aims)
    table = _with_usual(table, mine[mine["period"].isin(earlier)], by)
    table["price"] = [_price(criterion.cost, row) for row in table.to_dict("records")]
    table.insert(0, "process", which.process)
    table.insert(1, "criterion", which.criterion)
    return table[[*KEYS[:2], *by, *NUMBERS]]


def targets_beside(criterion: Criterion, by: Sequence[str], lang: str) -> list[str]:
    """The targets that are for segments by which cells are not made, in words."""
    return [
        condition_text(target.where, lang)
        for target in criterion.targets
        if target.where is not None and not _can_be_held(target, by)
    ]


def _can_be_held(target: Target, by: Sequence[str]) -> bool:
    return all(test.column in by for test in tests_in(target.where))


def _sum_cells(table: pd.DataFrame, by: Sequence[str]) -> pd.DataFrame:
    """One row a cell: its segments, the counts of the zones, rated, effective."""
    numbers = table[[*by, *ZONES]].assign(squares=squares_of(table["rated"], table["effective"]))
    columns = [*ZONES, "squares"]
    if by:
        summed = numbers.groupby(list(by), observed=True, sort=True, as_index=False)[columns].sum()
    else:
        summed = pd.DataFrame(
            {name: [numbers[name].sum()] for name in columns} if len(numbers) else {}, columns=columns
        )
    summed["rated"] = summed[list(ZONES)].sum(axis=1)
    summed["effective"] = effective_of(summed["rated"], summed["squares"])
    return summed.drop(columns="squares")


def _cell_aims(criterion: Criterion, cells: pd.DataFrame, by: Sequence[str]) -> list[Aim]:
    """The aims of cells: targets for a segment come before those for all; without any target, no red."""
    held = [target for target in criterion.targets if _can_be_held(target, by)]
    everywhere = np.ones(len(cells), dtype=bool)
    made: list[Aim] = []
    for zone in (*ZONES, "net"):
        own = [target for target in held if target.where is not None and getattr(target, zone) is not None]
        masks = [meets_condition(target.where, cells) for target in own]
        made += [
            Aim(zone, getattr(target, zone), target.min_rated, mask) for target, mask in zip(own, masks, strict=True)
        ]
        # a target for all holds where no segment has one of its own
        left = everywhere & ~reduce(np.logical_or, masks, ~everywhere)
        made += [
            Aim(zone, getattr(target, zone), target.min_rated, left)
            for target in held
            if target.where is None and getattr(target, zone) is not None
        ]
    without = everywhere & ~reduce(np.logical_or, [aim.cells for aim in made], ~everywhere)
    return [*made, Aim("red", None, FEW, without)]


def _worst_aim(cells: pd.DataFrame, aims: Sequence[Aim]) -> pd.DataFrame:
    """The cells, each with the aim that it misses most clearly (then: by which it misses most)."""
    held = [_cell_numbers(cells, aim) for aim in aims]
    # one number that sorts by what lies beyond the interval first, and by `above` where that is equal
    score = np.array([np.where(one["applies"], one["beyond"] * 1e9 + one["above"], -1.0) for one in held])
    best = score.argmax(axis=0)
    names = ("share", "low", "high", "side", "above", "bound", "deviate")
    made = {name: np.array([held[at][name][row] for row, at in enumerate(best)]) for name in names}
    chosen = [aims[at] for at in best]
    targets = ["" if aim.limit is None else str(aim.limit) for aim in chosen]
    return cells.assign(
        zone=[aim.zone for aim in chosen], target=targets, min_rated=[aim.min_rated for aim in chosen], **made
    )


def _cell_numbers(cells: pd.DataFrame, aim: Aim) -> dict[str, Any]:
    """The share and interval of all cells in the aim's zone, and the interactions that lie beyond the aim."""
    rated, effective = cells["rated"].to_numpy(), cells["effective"].to_numpy()
    worth = {zone: worth_of(cells[zone], rated, effective) for zone in ZONES}
    share, low, high = formulas.zone_share(worth, aim.zone)
    turned = rated / 200 if aim.zone == "net" else rated  # one red made green is two points of a hundred
    bottom, top = _aim_range(aim)
    above = np.round(turned * np.maximum(0, np.maximum(bottom - share, share - top)), 9)  # 10 of 100 is not over 10 %
    beyond = np.round(turned * np.maximum(0, np.maximum(bottom - high, low - top)), 9)
    # of a band the end that the share lies nearer to, or beyond
    more = bottom - share > share - top
    bound = np.where(more, bottom, top)
    known = aim.limit is not None
    deviate = np.where(more, -1.0, 1.0) * formulas.score_deviate(worth, aim.zone, bound) if known else np.nan
    return {
        "applies": aim.cells, "share": share, "low": low, "high": high, "side": np.where(more, MORE, FEWER),
        "above": above, "beyond": beyond, "bound": bound if known else np.full(len(cells), np.nan),
        "deviate": np.broadcast_to(deviate, len(cells)),
    }  # fmt: skip


def _aim_range(aim: Aim) -> tuple[float, float]:
    """The range of values in which the aim is reached: shares 0 to 1, a net score in points."""
    if aim.limit is None:
        return -np.inf, 0.0
    low, high = aim.limit.low, aim.limit.high
    scale = 1.0 if aim.zone == "net" else 100.0
    return (
        -np.inf if low is None else float(low.amount) / scale,
        np.inf if high is None else float(high.amount) / scale,
    )


def _with_usual(table: pd.DataFrame, earlier: pd.DataFrame, by: Sequence[str]) -> pd.DataFrame:
    """Adds the median of each cell's earlier periods, and whether it is worse or better than they vary."""
    known = earlier[earlier["effective"] >= FEW]
    shares = {zone: formulas.zone_share(known, zone)[0] for zone in set(table["zone"])}  # of all cells at once
    places: dict[Any, Any] = (
        known.groupby(list(by) if len(by) > 1 else by[0], observed=True).indices if by else {(): slice(None)}
    )
    keys = [(tuple(row) if len(by) != 1 else row[0]) for row in table[list(by)].astype(object).to_numpy()]
    rows = [
        _trend(row, shares[row["zone"]][places.get(key, slice(0))])
        for key, row in zip(keys, table.to_dict("records"), strict=True)
    ]
    columns = pd.DataFrame(rows, columns=["usual", "earlier", "trend"], index=table.index)
    return pd.concat([table, columns], axis=1)


def _trend(row: dict[Any, Any], earlier: NDArray[np.float64]) -> tuple[float, int, str]:
    """The median of the earlier shares, their number, and the share now beside them in a word."""
    if len(earlier) < FEWEST_EARLIER:
        return np.nan, len(earlier), UNKNOWN
    usual = float(np.median(earlier))
    half = (row["high"] - row["low"]) / 2 / formulas.Z95
    # by how much earlier periods vary, and by how much the share itself is not known; medians, as a bad month before
    # must not widen the usual
    spread = np.hypot(half, _MAD * float(np.median(np.abs(earlier - usual))))
    step = (row["share"] - usual) * (1 if row["zone"] in ("yellow", "red") else -1)
    word = WORSE if step > _BEYOND * spread else BETTER if step < -_BEYOND * spread else USUAL
    return usual, len(earlier), word


def _price(cost: Cost | None, row: dict[Any, Any]) -> float:
    """The worth of turning one of the interactions that the target does not allow."""
    zone = row["zone"]
    if cost is None or (cost.red is None and zone != "yellow") or (cost.yellow is None and zone == "yellow"):
        return np.nan
    if zone == "yellow":
        return float(cost.yellow)  # type: ignore[arg-type]  # looked at above
    if zone != "green":
        return float(cost.red)  # type: ignore[arg-type]
    # a green too few is a red or a yellow too many: its cost is that of their mix
    worse = row["red"] + row["yellow"]
    dear = row["red"] * (cost.red or 0.0) + row["yellow"] * (cost.yellow or 0.0)
    return float(dear / worse) if worse else np.nan
