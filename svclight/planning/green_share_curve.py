"""The green share at every limit, and the gain of the last step of a tighter one.

In: a criterion as it is and as is supposed, recounted values. Out: `Curve`. The limit that is varied is the upper end
of green where lower is better and in a band, else the lower end; the other end of a band stays.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, Final

import numpy as np
import pandas as pd

from svclight.planning.recount import rule_in
from svclight.statistics import shares
from svclight.thresholds import scale_interval
from svclight.values.quantities import SECONDS, decimal_text, show_seconds
from svclight.wording.estimates import declared_end

if TYPE_CHECKING:
    from numpy.typing import NDArray

    from svclight.definition.models import Criterion
    from svclight.planning.recount import Recount
    from svclight.thresholds import Interval

STEPS: Final = 30
_AROUND: Final = 10
"""The curve goes in tenths of the present limit, up to three times of it."""
_GAIN_UNITS: Final = (("s", 300), ("min", 18_000), ("h", 432_000))
"""Gains are given by the second for limits up to 5 minutes, by the minute up to 5 hours, by the hour up to 5 days."""


@dataclass(frozen=True)
class Curve:
    """Green share by limit, now and with the supposed values; the limits that hold and are supposed."""

    now: pd.DataFrame
    after: pd.DataFrame | None
    limits: tuple[float, float]
    gain_unit: str
    upper: bool


def curve_of(
    criterion: Criterion, changed: Criterion, made: Recount, *, written: str, staying: tuple[int, int]
) -> Curve:
    """The curve of a criterion.

    Args:
        criterion: As it is; with several limits those that stand last, for everybody.
        changed: As is supposed.
        made: Its values.
        written: The unit in which its values are counted.
        staying: Green and rated interactions without a complete value.
    """
    now, then = (_green_limits(one, made.unit, written) for one in (criterion, changed))
    upper = now.high is not None
    ends = [float(end.amount) for one in (now, then) if (end := one.high if upper else one.low) is not None]
    limits = (ends[0], ends[-1])
    declared = {float(end.amount): declared_end(end, made.unit) for one in (now, then) for end in one.ends}
    places = _limit_places(limits, made.values, whole=made.unit != "s" and _are_whole(made.values))
    unit, length = _gain_unit(made.unit, limits[0])
    tables = [
        _curve_table(made.values[column].to_numpy(), made, now, places, staying, length).assign(
            limit=[declared.get(place) or _place_text(place, made.unit) for place in places]
        )
        for column in ("value", "new")
    ]
    same = (made.values["value"] == made.values["new"]).all()
    return Curve(tables[0], None if same else tables[1], limits, unit, upper)


def _green_limits(criterion: Criterion, unit: str, written: str) -> Interval:
    """Green of the limits that stand last for everybody, in seconds where values are times."""
    general = [place for place, row in enumerate(criterion.rows) if row.where is None]
    green = rule_in(criterion, unit, general[-1] if general else -1).green
    bare = all(end.dimension == "number" for end in green.ends)
    return scale_interval(green, SECONDS[written]) if bare and written in SECONDS else green


def _are_whole(values: pd.DataFrame) -> bool:
    numbers = values["value"].to_numpy()
    return bool(len(numbers) and (numbers == np.round(numbers)).all() and np.ptp(numbers) <= STEPS)


def _limit_places(limits: tuple[float, float], values: pd.DataFrame, *, whole: bool) -> NDArray[np.float64]:
    """The limits at which the curve is worked out, the present and the supposed ones among them."""
    numbers = values["value"].to_numpy()
    if whole:
        made = np.arange(np.floor(numbers.min()), np.ceil(numbers.max()) + 1)
    elif limits[0] > 0:
        made = np.arange(1, STEPS + 1) * limits[0] / _AROUND
    else:
        ends = np.quantile(numbers, [0.01, 0.99]) if len(numbers) else np.zeros(2)
        made = np.linspace(ends[0], ends[1], STEPS)
    return np.unique(np.append(np.round(made, 9), limits))


def _gain_unit(unit: str, limit: float) -> tuple[str, float]:
    """By which unit gains are given, and its length."""
    if unit != "s":
        return unit or "1", 1.0
    found = next((name for name, most in _GAIN_UNITS if abs(limit) <= most), "d")
    return found, float(SECONDS[found])


def _place_text(place: float, unit: str) -> str:
    """A place on the curve with its unit."""
    return show_seconds(round(place, 6)) if unit == "s" else f"{decimal_text(place)} {unit}".strip()


def _curve_table(
    numbers: NDArray[np.float64], made: Recount, green: Interval, places: NDArray[np.float64],
    staying: tuple[int, int], length: float,
) -> pd.DataFrame:  # fmt: skip
    """Green at each limit: values in order, their counts added up."""
    order = np.argsort(numbers, kind="stable")
    values, total = numbers[order], np.append(0, np.cumsum(made.values["count"].to_numpy()[order]))
    if green.high is not None:
        side: Any = "left" if green.high_open else "right"
        inside = total[np.searchsorted(values, places, side=side)]
        if green.low is not None:
            low = total[np.searchsorted(values, float(green.low.amount), side="right" if green.low_open else "left")]
            inside = np.maximum(0, inside - low)
    else:
        side = "right" if green.low_open else "left"
        inside = total[-1] - total[np.searchsorted(values, places, side=side)]
    counts, rated = inside + staying[0], int(total[-1]) + staying[1]
    share = shares.share(counts, np.full(len(counts), rated))
    low, high = shares.wilson_interval(counts, np.full(len(counts), rated))
    gain = np.append(np.nan, np.abs(np.diff(100 * share) / np.diff(places)) * length)
    return pd.DataFrame(
        {"limit": "", "at": places, "green": counts, "green_share": share, "green_share_low": low,
         "green_share_high": high, "gain": gain}
    )  # fmt: skip
