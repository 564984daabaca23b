"""The damage of a plan's lines that is certain, with one correction over all lines that are held against a target.

In: the cells of all criteria with the distance of their share from the target. Out: the same with `verdict` and `sure`:
a line is missed for sure where its one-sided score test against the target, corrected by Holm over all cells with
enough rated (those that reach their target were tested, too), is below 2.5 %.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

import numpy as np

from svclight.decisions.verdicts import CANNOT_TELL, MISSED, TOO_FEW
from svclight.planning.damage import MORE, NO_TARGET
from svclight.statistics import shares as formulas
from svclight.statistics.distributions import normal_point, normal_tail
from svclight.statistics.two_shares import holm_steps

if TYPE_CHECKING:
    import pandas as pd
    from numpy.typing import NDArray

    Floats = NDArray[np.float64]

LEVEL: Final = 0.025
"""A line on its target looks missed by chance so often, where it is the only one."""
_DIGITS: Final = 6  # the last digits of a float take no interaction away


def add_sure_damage(cells: pd.DataFrame) -> pd.DataFrame:
    """The cells of a plan with `verdict` and `sure`.

    Args:
        cells: `green, yellow, red, rated, effective, zone, target, side, bound` (the end of the target that is missed;
            0 to 1, a net score in points; NaN without a target), `deviate` (of the score test, more is worse),
            `min_rated`, for all cells of the plan.

    Returns:
        `sure` is the whole number of interactions beyond the target at the lower Wilson bound (of a net score: of the
        adjusted Wald interval) at the level of the line's step in Holm's procedure: 0.025 / (m - k + 1) for line k of
        m.
    """
    has_target = cells["target"].to_numpy(dtype=object) != ""
    few = cells["effective"].to_numpy(dtype=np.float64) < cells["min_rated"].to_numpy(dtype=np.float64)
    tested = has_target & ~few
    p = np.where(tested, normal_tail(cells["deviate"].to_numpy(dtype=np.float64)), np.nan)
    levels, missed = holm_steps(p, LEVEL)
    sure = np.zeros(len(cells))
    z = -normal_point(levels[missed])
    sure[missed] = np.floor(np.round(_damage_at(cells[missed], z), _DIGITS))
    verdict = np.where(few, TOO_FEW, np.where(~has_target, NO_TARGET, np.where(missed, MISSED, CANNOT_TELL)))
    return cells.assign(verdict=verdict.astype(object), sure=sure)


def tested_lines(cells: pd.DataFrame) -> int:
    """How many cells are held against a target: the m of Holm's procedure."""
    return int(((cells["target"] != "") & (cells["effective"] >= cells["min_rated"])).sum())


def _damage_at(cells: pd.DataFrame, z: Floats) -> Floats:
    """The interactions beyond the target at the better end of one-sided intervals, each with its own deviate."""
    rated, bound = (cells[name].to_numpy(dtype=np.float64) for name in ("rated", "bound"))
    worth = {zone: cells[zone] * cells["effective"] / cells["rated"] for zone in ("green", "yellow", "red")}
    found = np.zeros(len(cells))
    for zone in dict.fromkeys(cells["zone"]):
        mine = (cells["zone"] == zone).to_numpy()
        part = {name: counts.to_numpy(dtype=np.float64)[mine] for name, counts in worth.items()}
        _, low, high = formulas.zone_share(part, zone, z[mine])
        step = np.where(cells["side"].to_numpy()[mine] == MORE, bound[mine] - high, low - bound[mine])
        # one red made green is two points of a hundred of a net score
        found[mine] = step * rated[mine] / (200 if zone == "net" else 1)
    return np.maximum(found, 0.0)
