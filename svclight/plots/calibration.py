"""Plots of calibrations: satisfaction by value over the zones, present limits and proposed ones.

In: a `Calibration`, axes or none. Out: the axes.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, Final

import numpy as np

from svclight.card.lights import LETTERS, OUTLINE, paints_of
from svclight.errors import SvclightError, check_kind
from svclight.planning.calibrate import Calibration
from svclight.planning.calibrate_words import METHOD_WORDS
from svclight.plots import axes
from svclight.plots.axes import FAINT, SMALL
from svclight.values.quantities import SECONDS
from svclight.wording.estimates import estimate_text

if TYPE_CHECKING:
    from matplotlib.axes import Axes

    from svclight.card.lights import Paint

_LINE: Final = "#10131a"
_LOG_FROM: Final = 20.0
_STRIP: Final = -36
"""Down to here, under the shares, is the room of the proposals."""
_STEPS: Final = tuple(lead * 10.0**power for power in range(-4, 9) for lead in (1, 2, 5))
_TIME_STEPS: Final = (
    *(lead * 10.0**power for power in range(-4, 1) for lead in (1, 2, 5)),
    *(10, 15, 30, 60, 120, 300, 600, 900, 1800, 3600, 7200, 14_400, 21_600, 43_200, 86_400, 172_800, 604_800),
    *(1_209_600, 2_592_000, 7_776_000, 31_536_000),
)
_MOST_TICKS: Final = 8
_MARKS: Final = ("o", "s", "D")


def plot_calibration(calibration: Calibration, *, palette: str = "svclight", ax: Axes | None = None) -> Axes:
    """Draws the share of satisfied customers by value, with intervals, over the zones of the criterion.

    Full lines are the limits as they are; marks with a bar, in the lower part, are the limits that each method proposes
    with their bootstrap intervals. Where values are skewed the axis is logarithmic.

    Args:
        calibration: What `calibrate` gave.
        palette: `svclight` or `classic`.
        ax: Where to draw; a figure of its own unless given.

    Returns:
        The axes.

    Raises:
        SvclightError: There is no such palette, or the criterion's values are no numbers with limits.

    Examples:
        >>> import pandas as pd
        >>> import svclight
        >>> definitions = svclight.loads('''
        ... svclight: 1
        ... time_zone: UTC
        ... processes:
        ...   hotline:
        ...     title: Hotline
        ...     log: {time: called, fields: {waited: {number: waited, unit: s}, answer: {number: answer}}}
        ...     criteria:
        ...       wait: {measure: {value: waited}, green: "<= 30 s", targets: {green: ">= 80 %"}}
        ... ''')
        >>> waits = list(range(1, 101)) * 3
        >>> log = pd.DataFrame({"called": "2026-03-10", "waited": waits,
        ...                     "answer": [5 if wait <= 60 else 1 for wait in waits]})
        >>> found = svclight.calibrate(
        ...     log, definitions, "hotline.wait", satisfaction="answer", green=">= 4", resamples=50
        ... )
        >>> ax = svclight.report.plot_calibration(found)
        >>> ax.get_title(loc="left")
        'wait: satisfied customers by value'
    """
    what = "svclight.report.plot_calibration takes a result"
    check_kind(calibration, Calibration, what, "what svclight.calibrate gave")
    paints = paints_of(palette)
    table = calibration.by_value
    if not len(table):
        name = f"{calibration.process}.{calibration.criterion}"
        raise SvclightError(f"{name} has no values with limits to draw satisfaction over")
    ax = axes.own_axes(ax, width=7.2, height=4.2)
    values, shares = table["value"].to_numpy(), 100 * table["green_share"].to_numpy()
    below, above = (100 * table[f"green_share_{end}"].to_numpy() for end in ("low", "high"))
    if values.min() > 0 and values.max() > _LOG_FROM * values.min():
        ax.set_xscale("log")
    ax.errorbar(
        values, shares, yerr=[shares - below, above - shares], fmt="o-", color=_LINE, ecolor=FAINT, elinewidth=1.0,
        capsize=2, markersize=4, linewidth=1.2, zorder=3, label="satisfied, with 95 % interval",
    )  # fmt: skip
    _draw_proposals(ax, calibration)
    _draw_frame(ax, calibration, paints)
    axes.write_title(ax, f"{calibration.title}: satisfied customers by value", rows=1)
    axes.write_notes(ax, _note_lines(calibration))
    return ax


def _draw_proposals(ax: Axes, calibration: Calibration) -> None:
    """Draws for each method where green and yellow would end, a row each."""
    table = calibration.proposals[calibration.proposals["limit"].notna()]
    for row, ((method, part), mark) in enumerate(zip(table.groupby("method", sort=False), _MARKS, strict=False)):
        height = -9 - 10 * row
        limits = part["limit"].to_numpy()
        # an open end goes to the edge of the picture
        low, high = (np.clip(part[name].to_numpy(), *ax.get_xlim()) for name in ("low", "high"))
        spread = [limits - low, high - limits]
        ax.errorbar(
            limits, np.full(len(limits), height), xerr=np.clip(spread, 0, None), fmt=mark, color=_LINE, ecolor=_LINE,
            markerfacecolor="#ffffff", elinewidth=1.1, capsize=3, markersize=5, zorder=4,
        )  # fmt: skip
        for limit, zone in zip(limits, part["zone"], strict=True):
            axes.write_at(ax, LETTERS[zone], (limit, height), (0, 3.5), ha="center", va="bottom", color=_LINE, zorder=5)
        axes.write_at(
            ax, METHOD_WORDS[str(method)], (1, height), (-4, 0), coords=("axes fraction", "data"), ha="right",
            color=_LINE, zorder=5, bbox={"facecolor": "#ffffff", "edgecolor": "none", "alpha": 0.75, "pad": 1.0},
        )  # fmt: skip


def _draw_frame(ax: Axes, calibration: Calibration, paints: dict[str, Paint]) -> None:
    """Zones behind, limits as lines with their text above, axes."""
    left, right = ax.get_xlim()
    limits = _current_limits(calibration)
    places = [limit for _, limit in limits if np.isfinite(limit)]
    for limit in places:
        left, right = min(left, limit), max(right, limit)
    for zone, low, high in _zone_bands(calibration, places, left, right):
        ax.axvspan(low, high, facecolor=axes.paler_colour(paints[zone].fill, 0.3), linewidth=0, zorder=0)
        middle = (low * high) ** 0.5 if ax.get_xscale() == "log" else (low + high) / 2
        ax.text(
            middle, 0.985, f"{LETTERS[zone]} {zone}", transform=ax.get_xaxis_transform(), fontsize=SMALL, ha="center",
            va="top", color=OUTLINE, zorder=4, clip_on=True,
        )  # fmt: skip
    for declared, limit in limits:
        ax.axvline(limit, color=_LINE, linewidth=1.1, zorder=2)
        coords = ("data", "axes fraction")
        axes.write_at(ax, declared, (limit, 1), (0, 3), size=8, coords=coords, ha="center", va="bottom", color="black")
    ax.set_xlim(left, right)
    axes.scale_to_percent(ax)
    ax.set_ylim(_STRIP if len(calibration.proposals) else 0, 108)
    ax.axhline(0, color=FAINT, linewidth=0.8, zorder=1)
    ticks = _round_ticks(ax, calibration.unit, left, right)
    ax.set_xticks(ticks, [estimate_text(tick, calibration.unit) for tick in ticks], fontsize=SMALL)
    ax.set_xticks([], minor=True)
    axes.draw_grid(ax)


def _round_ticks(ax: Axes, unit: str, left: float, right: float) -> list[float]:
    """Some round places."""
    length = float(SECONDS.get(unit, 1))
    steps = _TIME_STEPS if unit in SECONDS else _STEPS
    if ax.get_xscale() == "log":
        every = [step / length for step in steps if left <= step / length <= right]
        return every[:: max(1, -(-len(every) // _MOST_TICKS))]
    step = next((one / length for one in steps if (right - left) * length / one <= _MOST_TICKS), steps[-1] / length)
    return [float(step * at) for at in range(int(np.ceil(left / step)), int(np.floor(right / step)) + 1)]


def _current_limits(calibration: Calibration) -> list[tuple[str, float]]:
    """The present limits as they were declared: those of the heap table, which knows both ends of a band."""
    rows: list[dict[Any, Any]] = calibration.heaps.to_dict("records")
    return [(str(row["declared"]), float(row["limit"])) for row in rows]


def _zone_bands(
    calibration: Calibration, places: list[float], left: float, right: float
) -> list[tuple[str, float, float]]:
    """Zones from left to right."""
    edges = [left, *sorted(set(places)), right]
    zones = ["green", "yellow", "red"] if len(set(places)) > 1 else ["green", "red"]
    if calibration.direction == "higher is better":
        zones = [*reversed(zones)]
    if calibration.direction == "a band":
        inner = zones[:-1]
        zones = ["red", *inner[:0:-1], "green", *inner[1:], "red"]
    return [(zone, low, high) for zone, low, high in zip(zones, edges[:-1], edges[1:], strict=False) if low < high]


def _note_lines(calibration: Calibration) -> list[str]:
    letters = "full lines: limits as they are; marks: limits that the answers propose, with 95 % bootstrap intervals"
    whole = calibration.responses.iloc[-1]
    answered = f"{int(whole['answered']):,} of {int(whole['interactions']):,} answered"
    return [
        letters if len(calibration.proposals) else "full lines: limits as they are",
        f"satisfied: {calibration.satisfaction}, {calibration.answer_limits}; {answered}",
    ]
