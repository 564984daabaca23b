"""What would be, in words.

In: what is supposed, a `WhatIf`. Out: text, not escaped for any format.
"""

from __future__ import annotations

import math
from typing import TYPE_CHECKING, Any, Final

import numpy as np

from svclight.thresholds import Interval

if TYPE_CHECKING:
    from collections.abc import Iterator

    from svclight._supposing import Supposed
    from svclight.models import Criterion

    Row = dict[str, Any]


_MANY_MINUTES: Final = 600


def supposing(supposed: Supposed, changed: Criterion) -> str:
    """What is supposed: `every value shifted by -10 s`, `green were <= 20 s, yellow <= 1 min`."""
    if supposed.definitions is None:
        return str(supposed)
    row = changed.rows[-1]
    zones = (("green", row.green), ("yellow", row.yellow))
    return ", ".join(f"{name} {zone}" for name, zone in zones if isinstance(zone, Interval))


def sentences(made: Any) -> Iterator[str]:
    """Shares before and after, who moved, what stays, what the next second gains, and what it costs."""
    row = made.table.iloc[-1].to_dict()
    if not row["rated_before"]:
        yield "Nothing is rated."
        return
    how = "every interaction was judged anew" if made.exact else "approximately, from the histogram of a card"
    yield f"{_span(made)}: {_change(row, 'green')}, {_change(row, 'red')} ({how})."
    moves = [f"{count:,} from {before} to {after}" for before, after, count in made.moved.itertuples(index=False)]
    yield f"Moved: {', '.join(moves)}." if moves else "No interaction changes its zone."
    stays = made.unmoved.groupby("reason", sort=False)["count"].sum()
    if len(stays):
        said = [f"{count:,} {reason or 'without a complete value'}" for reason, count in stays.items()]
        yield f"Not moved, as they have no complete measured value: {', '.join(said)}."
    yield from _gain(made)
    yield from _costs(made)


def _span(made: Any) -> str:
    return str(made.periods[0]) if len(made.periods) == 1 else f"{made.periods[0]} to {made.periods[-1]}"


def _change(row: Row, zone: str) -> str:
    before, after = (100 * row[f"{zone}_share_{side}"] for side in ("before", "after"))
    numbers = row[f"{zone}_after"] - row[f"{zone}_before"]
    return f"{zone} {before:.1f} % -> {after:.1f} % ({numbers:+,})"


def _gain(made: Any) -> Iterator[str]:
    """What the last step of the limit gains: there, and at the supposed one."""
    curve = made.curve
    for at, word in zip(dict.fromkeys(made.limits), ("where green ends now", "where it would end"), strict=False):
        rows = curve[np.isclose(curve["at"], at)]
        if len(rows) and not math.isnan(rows["gain"].iloc[0]):
            by = "1" if made.gain_unit == "1" else f"1 {made.gain_unit}"
            yield (
                f"At {rows['limit'].iloc[0]}, {word}, the last {by} of the limit makes {rows['gain'].iloc[0]:.2f} "
                "points of green."
            )


def _costs(made: Any) -> Iterator[str]:
    money = f" {made.currency}" if made.currency else ""
    if not math.isnan(made.minutes) and made.minutes:
        what = "shorter" if made.minutes > 0 else "longer"
        many = abs(made.minutes) >= _MANY_MINUTES
        spent = f"{abs(made.minutes) / 60:,.0f} h" if many else f"{abs(made.minutes):,.0f} min"
        held = (
            "To keep what is green now, interactions would have to be"
            if made.limits[0] != made.limits[1]
            else "They are"
        )
        worth = "" if math.isnan(made.cost) else f", {abs(made.cost):,.0f}{money} at the cost of a minute"
        yield f"{held} {spent} {what} in all{worth}."
    if not math.isnan(made.red_cost) and made.red_cost:
        word = "less" if made.red_cost > 0 else "more"
        yield f"Red interactions cost {abs(made.red_cost):,.0f}{money} {word}."
