"""Plots of calibrations: satisfaction by value over the zones, present limits and proposed ones.

In: a `Calibration`, axes or none. Out: the axes.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, Final

import numpy as np

from svclight.card.lights import OUTLINE, paints_of
from svclight.errors import SvclightError, check_kind
from svclight.planning.calibrate import Calibration
from svclight.planning.calibrate_words import METHOD_WORDS
from svclight.plots import axes, words
from svclight.plots.style import (
    FAINT,
    INK,
    SMALL,
    own_axes,
    paler_colour,
    size_in_points,
    text_width,
    wrap_to,
    write_at,
    write_notes,
    write_title,
)
from svclight.values.quantities import SECONDS
from svclight.wording.catalogue import say
from svclight.wording.estimates import estimate_text
from svclight.wording.languages import whole_number
from svclight.wording.limit_words import quantity_text
from svclight.wording.sentence_parts import limit_words

if TYPE_CHECKING:
    import pandas as pd
    from matplotlib.axes import Axes

    from svclight.card.lights import Paint

_LOG_FROM: Final = 20.0
_TOP: Final = 108.0
"""The axis of shares goes beyond 100 %, where the names of the zones stand."""
_ROW: Final = 26.0
"""The height of a proposal below the shares, in points: its words, and its marks under them."""
_STEPS: Final = tuple(lead * 10.0**power for power in range(-4, 9) for lead in (1, 2, 5))
_TIME_STEPS: Final = (
    *(lead * 10.0**power for power in range(-4, 1) for lead in (1, 2, 5)),
    *(10, 15, 30, 60, 120, 300, 600, 900, 1800, 3600, 7200, 14_400, 21_600, 43_200, 86_400, 172_800, 604_800),
    *(1_209_600, 2_592_000, 7_776_000, 31_536_000),
)
_MOST_TICKS: Final = 8


def plot_calibration(
    calibration: Calibration,
    *,
    palette: str = "svclight",
    title: str | None = None,
    lang: str | None = None,
    ax: Axes | None = None,
) -> Axes:
    """Draws the share of satisfied customers by value, with intervals, over the zones of the criterion.

    Full lines are the limits as they are; below, each method has a row with the limits that it proposes, the letter of
    the zone that ends there in a circle, and their bootstrap intervals. Where values are skewed the axis has a log
    scale.

    Args:
        calibration: What `calibrate` gave.
        palette: `svclight` or `classic`.
        title: What stands above; the criterion's title unless given.
        lang: The language of the words in it; that of the result unless given.
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
    lang = words.result_language(lang, calibration)
    ax = own_axes(ax, width=7.2, height=4.2)
    _draw_shares(ax, table)
    methods = [part for _, part in calibration.proposals.groupby("method", sort=False) if part["limit"].notna().any()]
    strip = _strip_height(ax, len(methods))
    _draw_zones(ax, calibration, paints, lang)
    lines = _draw_limits(ax, calibration, lang)
    for row, part in enumerate(methods):
        _draw_proposal(ax, part[part["limit"].notna()], -strip * (row + 1) / len(methods), strip / len(methods), lang)
    _scale_axes(ax, calibration.unit, strip, lang)
    named = say("{title}: satisfied customers by value", lang, title=calibration.title)
    write_title(ax, named if title is None else title, rows=lines)
    write_notes(ax, _note_lines(calibration, lang, proposals=bool(methods)))
    return ax


def _draw_shares(ax: Axes, table: pd.DataFrame) -> None:
    """Draws the share of satisfied customers by value, with its intervals."""
    values, shares = table["value"].to_numpy(), 100 * table["green_share"].to_numpy()
    below, above = (100 * table[f"green_share_{end}"].to_numpy() for end in ("low", "high"))
    if values.min() > 0 and values.max() > _LOG_FROM * values.min():
        ax.set_xscale("log")
    ax.errorbar(
        values, shares, yerr=[shares - below, above - shares], fmt="o-", color=INK, ecolor=FAINT, elinewidth=1.0,
        capsize=2, markersize=4, linewidth=1.2, zorder=3,
    )  # fmt: skip


def _strip_height(ax: Axes, rows: int) -> float:
    """How far below 0 the rows of proposals reach, on the axis of shares."""
    points = min(_ROW * rows, 0.5 * size_in_points(ax)[1])
    return _TOP * points / (size_in_points(ax)[1] - points)


def _draw_proposal(ax: Axes, part: pd.DataFrame, bottom: float, tall: float, lang: str) -> None:
    """Draws where one method lets green and yellow end: its words, and under them intervals with letters in circles."""
    height = bottom + 0.32 * tall
    limits = part["limit"].to_numpy()
    # an open end goes to the edge of the picture
    low, high = (np.clip(part[name].to_numpy(), *ax.get_xlim()) for name in ("low", "high"))
    ax.errorbar(
        limits, np.full(len(limits), height), xerr=np.clip([limits - low, high - limits], 0, None), fmt="o", color=INK,
        ecolor=INK, markerfacecolor="#ffffff", elinewidth=1.1, capsize=3, markersize=8, zorder=4,
    )  # fmt: skip
    for limit, zone in zip(limits, part["zone"], strict=True):
        letter = words.zone_letter(zone, lang)
        write_at(ax, letter, (limit, height), (0, -0.2), size=6, ha="center", va="center_baseline", color=INK, zorder=5)
    text = wrap_to(say(METHOD_WORDS[str(part["method"].iloc[0])], lang), size_in_points(ax)[0] - 6, 6.5, most=1)
    coords = ("axes fraction", "data")
    write_at(ax, text, (0, bottom + 0.82 * tall), (4, 0), size=6.5, coords=coords, ha="left", color=FAINT, zorder=5)


def _draw_zones(ax: Axes, calibration: Calibration, paints: dict[str, Paint], lang: str) -> None:
    """Draws zones behind the shares, with their names, and widens the axis to the limits."""
    left, right = ax.get_xlim()
    places = [limit for _, limit in _current_limits(calibration)]
    left, right = min(left, *places), max(right, *places)
    ax.set_xlim(left, right)
    for zone, low, high in _zone_bands(calibration, places, left, right):
        ax.fill_between([low, high], 0, _TOP, color=paler_colour(paints[zone].fill, 0.3), linewidth=0, zorder=0)
        texts = (words.lettered_zone(zone, lang), words.zone_letter(zone, lang))
        room = _points_along(ax, high) - _points_along(ax, low)
        text = next((text for text in texts if text_width(text, SMALL) + 4 < room), "")
        middle = (low * high) ** 0.5 if ax.get_xscale() == "log" else (low + high) / 2
        ax.text(middle, _TOP - 1, text, fontsize=SMALL, ha="center", va="top", color=OUTLINE, zorder=4)


def _draw_limits(ax: Axes, calibration: Calibration, lang: str) -> int:
    """Draws the limits as lines with their text above; returns how many lines of text stand there."""
    limits = [(limit_words(text, lang), limit) for text, limit in _current_limits(calibration)]
    halves = [text_width(text, 8) / 2 + 2 for text, _ in limits]
    places = [_points_along(ax, limit) for _, limit in limits]
    rows = axes.rows_above([(at - half, at + half) for at, half in zip(places, halves, strict=True)])
    for (text, limit), row in zip(limits, rows, strict=True):
        ax.plot([limit, limit], [0, _TOP], color=INK, linewidth=1.1, zorder=2)
        coords = ("data", "axes fraction")
        write_at(ax, text, (limit, 1), (0, 3 + 10 * row), size=8, coords=coords, ha="center", va="bottom")
    return max(rows, default=0) + 1


def _points_along(ax: Axes, value: float) -> float:
    """How far a value stands from the left end of the axis, in points."""
    left, right = ax.get_xlim()
    is_log = ax.get_xscale() == "log"
    part = np.log(value / left) / np.log(right / left) if is_log else (value - left) / (right - left)
    return float(part) * size_in_points(ax)[0]


def _scale_axes(ax: Axes, unit: str, strip: float, lang: str) -> None:
    """Sets both axes."""
    left, right = ax.get_xlim()
    axes.scale_to_percent(ax, lang)
    ax.set_ylim(-strip, _TOP)
    ax.axhline(0, color=FAINT, linewidth=0.8, zorder=1)
    ticks = _round_ticks(ax, unit, left, right)
    labels = [quantity_text(estimate_text(tick, unit), lang) for tick in ticks]
    ax.set_xticks(*axes.thinned(ticks, labels, size_in_points(ax)[0]), fontsize=SMALL)
    ax.set_xticks([], minor=True)
    axes.draw_grid(ax)


def _round_ticks(ax: Axes, unit: str, left: float, right: float) -> list[float]:
    """Some round places."""
    length = float(SECONDS.get(unit, 1))
    steps = _TIME_STEPS if unit in SECONDS else _STEPS
    if ax.get_xscale() == "log":
        every = [step / length for step in steps if left <= step / length <= right]
        return every[:: max(1, -(-len(every) // _MOST_TICKS))]
    if unit in SECONDS:
        return [tick / length for tick in axes.round_times(left * length, right * length, _MOST_TICKS)]
    return axes.round_numbers(left, right, _MOST_TICKS)


def _current_limits(calibration: Calibration) -> list[tuple[str, float]]:
    """The present limits as they were declared, from left to right: the heap table knows both ends of a band."""
    rows: list[dict[Any, Any]] = calibration.heaps.to_dict("records")
    limits = [(str(row["declared"]), float(row["limit"])) for row in rows if np.isfinite(row["limit"])]
    return sorted(limits, key=lambda one: one[1])


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


def _note_lines(calibration: Calibration, lang: str, *, proposals: bool) -> list[str]:
    """What lines and circles are, and who answered."""
    whole = calibration.responses.iloc[-1]
    numbers = {"answered": int(whole["answered"]), "all": int(whole["interactions"])}
    shown = {name: whole_number(number, lang) for name, number in numbers.items()}
    satisfied = {
        "field": calibration.satisfaction.replace("_", " "),
        "limits": limit_words(calibration.answer_limits, lang),
    }
    return [
        say(
            "lines: limits as they are; circles: proposed ones, with 95 % intervals",
            lang,
        )
        if proposals
        else say("lines: limits as they are", lang),
        say("answers: {field} ({limits}); {answered} of {all} answered", lang, **satisfied, **shown),
    ]
