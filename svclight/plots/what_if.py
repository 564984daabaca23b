"""Plots of a supposition: the green share at every limit, the present end of green and the supposed one.

In: what `what_if` gave, axes or none. Out: the axes.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

import numpy as np

from svclight.card.lights import OUTLINE
from svclight.errors import check_kind
from svclight.planning.what_if import WhatIf
from svclight.planning.what_if_words import gain_text
from svclight.plots import axes
from svclight.plots.axes import FAINT, SMALL
from svclight.wording.result_words import span_text
from svclight.wording.shares import share_text

if TYPE_CHECKING:
    import pandas as pd
    from matplotlib.axes import Axes


NOW: Final = "#2b2f36"
THEN: Final = "#c78500"
_BAND: Final = "#d7ebd9"


def plot_what_if(made: WhatIf, *, title: str | None = None, ax: Axes | None = None) -> Axes:
    """Draws the green share against the limit, as it is and as is supposed.

    Args:
        made: What `what_if` gave.
        title: What stands above; the criterion's title and what is supposed unless given.
        ax: Where to draw; a figure of its own unless given.

    Returns:
        The axes.

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
        >>> log = pd.DataFrame({"called": "2026-03-10 09:00", "team": "east", "waited": [10, 20, 35, 90]})
        >>> made = svclight.what_if(log, definitions, "hotline.wait", limits={"green": "<= 20 s"}, as_of="2026-04-01")
        >>> ax = svclight.report.plot_what_if(made)
        >>> ax.get_title(loc="left")
        'wait: what if green <= 20 s?'
    """
    check_kind(made, WhatIf, "svclight.report.plot_what_if takes a result", "what svclight.what_if gave")
    ax = axes.own_axes(ax, width=6.8, height=3.6)
    named = f"{made.title}: what if {made.supposed}?"
    axes.write_title_within(ax, named if title is None else title, axes.size_in_points(ax)[0], rows=2)
    curve = made.curve
    ax.fill_between(
        curve["at"], 100 * curve["green_share_low"], 100 * curve["green_share_high"], color=_BAND, linewidth=0, zorder=1
    )
    _draw_curve(ax, curve, NOW, "solid")
    if made.curve_after is not None:
        _draw_curve(ax, made.curve_after, THEN, (0, (5, 2)))
    _draw_limits(ax, made)
    _scale_axes(ax, curve, made.limits[0])
    axes.write_notes(ax, _note_lines(made))
    return ax


def _draw_curve(ax: Axes, curve: pd.DataFrame, colour: str, style: str | tuple[int, tuple[int, int]]) -> None:
    ax.plot(curve["at"], 100 * curve["green_share"], color=colour, linestyle=style, linewidth=1.6, zorder=3)


def _draw_limits(ax: Axes, made: WhatIf) -> None:
    """Draws a line at each end of green, with the share as a number above the axes."""
    now, then = made.limits
    places = [(now, made.curve, NOW, "now")]
    if made.curve_after is not None:
        places.append((then, made.curve_after, THEN, "then"))
    elif then != now:
        places.append((then, made.curve, THEN, "then"))
    for row, (at, curve, colour, word) in enumerate(places):
        share = float(curve.loc[np.isclose(curve["at"], at), "green_share"].iloc[0])
        ax.axvline(at, color=colour, linewidth=1.0, linestyle=(0, (2, 2)), zorder=2)
        ax.plot(
            [at], [100 * share], marker="os"[row], markersize=6, markerfacecolor=colour, markeredgecolor=OUTLINE,
            zorder=5,
        )  # fmt: skip
        text, shift = f"{word}: {share_text(share, made.targets.get('green', ()))}", (4, 3 + 10 * row)
        axes.write_at(ax, text, (at, 1), shift, coords=("data", "axes fraction"), ha="left", va="bottom")


def _scale_axes(ax: Axes, curve: pd.DataFrame, now: float) -> None:
    """Sets both axes: the limits in their unit, the green share in percent."""
    low, high = float(curve["at"].min()), float(curve["at"].max())
    around = 0.02 * (high - low) or 0.5
    ax.set_xlim(low - around, high + around)
    multiples = curve[(np.round(curve["at"] / now, 6) % 1 == 0)] if now > 0 else curve
    every = max(1, round(len(multiples) / max(3, axes.size_in_points(ax)[0] / 52)))
    shown = multiples.iloc[::every]
    ax.set_xticks(list(shown["at"]), list(shown["limit"]), fontsize=SMALL)
    axes.scale_to_percent(ax)
    ax.set_ylabel("green", fontsize=SMALL, color=FAINT)
    axes.draw_grid(ax)


def _note_lines(made: WhatIf) -> list[str]:
    said = [f"limit of green; {span_text(made.periods)}; band: 95 % interval"]
    if made.curve_after is not None:
        said[0] += "; dashed: with the values that are supposed"
    if not made.exact:
        said[0] += "; approximate, from the histogram of a card"
    gains = [_gain_text(made, at, word) for at, word in zip(dict.fromkeys(made.limits), ("now", "then"), strict=False)]
    return [*said, "; ".join(gain for gain in gains if gain)]


def _gain_text(made: WhatIf, at: float, word: str) -> str:
    gain = float(made.curve.loc[np.isclose(made.curve["at"], at), "gain"].iloc[0])
    by = "1" if made.gain_unit == "1" else f"1 {made.gain_unit}"
    return "" if np.isnan(gain) else f"{word}, the last {by} of the limit makes {gain_text(gain)} points of green"
