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
from svclight.plots import axes, words
from svclight.plots.style import (
    FAINT,
    SMALL,
    left_of,
    own_axes,
    size_in_points,
    write_at,
    write_notes,
    write_title,
)
from svclight.wording.catalogue import say, to_say
from svclight.wording.languages import decimal_sign
from svclight.wording.limit_words import quantity_text
from svclight.wording.sentence_parts import limit_words, series_name, stretch_words

if TYPE_CHECKING:
    import pandas as pd
    from matplotlib.axes import Axes

NOW: Final = "#2b2f36"
THEN: Final = "#c78500"
_BAND: Final = "#d7ebd9"
_NAMED: Final = (to_say("now: {share}"), to_say("then: {share}"))
_GAINS: Final = (
    to_say("now, the last {step} of the limit makes {gain} points of green"),
    to_say("then, the last {step} of the limit makes {gain} points of green"),
)


def plot_what_if(made: WhatIf, *, title: str | None = None, lang: str | None = None, ax: Axes | None = None) -> Axes:
    """Draws the green share against the limit, as it is and as is supposed.

    Args:
        made: What `what_if` gave.
        title: What stands above; the criterion's title and what is supposed unless given.
        lang: The language of the words in it; that of the result unless given.
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
        'wait: what if green ≤ 20 s?'
    """
    check_kind(made, WhatIf, "svclight.report.plot_what_if takes a result", "what svclight.what_if gave")
    lang = words.result_language(lang, made)
    ax = own_axes(ax, width=6.8, height=3.6)
    supposed = limit_words(made.supposed, lang)
    named = say("{title}: what if {supposed}?", lang, title=made.title, supposed=supposed)
    curve = made.curve
    ax.fill_between(
        curve["at"], 100 * curve["green_share_low"], 100 * curve["green_share_high"], color=_BAND, linewidth=0, zorder=1
    )
    _draw_curve(ax, curve, NOW, "solid")
    if made.curve_after is not None:
        _draw_curve(ax, made.curve_after, THEN, (0, (5, 2)))
    _scale_axes(ax, curve, made.limits[0], lang)
    rows = _draw_limits(ax, made, lang)
    left = left_of([]) + 12  # the name of the axis
    write_title(ax, named if title is None else title, rows=rows, left=left)
    write_notes(ax, _note_lines(made, lang), left=left)
    return ax


def _draw_curve(ax: Axes, curve: pd.DataFrame, colour: str, style: str | tuple[int, tuple[int, int]]) -> None:
    ax.plot(curve["at"], 100 * curve["green_share"], color=colour, linestyle=style, linewidth=1.6, zorder=3)


def _draw_limits(ax: Axes, made: WhatIf, lang: str) -> int:
    """Draws a line at each end of green, with the share as a number above the axes; returns the lines of text."""
    now, then = made.limits
    places = [(now, made.curve, NOW)]
    if made.curve_after is not None:
        places.append((then, made.curve_after, THEN))
    elif then != now:
        places.append((then, made.curve, THEN))
    middle = sum(ax.get_xlim()) / 2
    for row, (at, curve, colour) in enumerate(places):
        share = float(curve.loc[np.isclose(curve["at"], at), "green_share"].iloc[0])
        ax.axvline(at, color=colour, linewidth=1.0, linestyle=(0, (2, 2)), zorder=2)
        ax.plot(
            [at], [100 * share], marker="os"[row], markersize=6, markerfacecolor=colour, markeredgecolor=OUTLINE,
            zorder=5,
        )  # fmt: skip
        text = say(_NAMED[row], lang, share=words.share_in(share, lang, made.targets.get("green", ())))
        side, shift = ("left", 4) if at < middle else ("right", -4)
        write_at(ax, text, (at, 1), (shift, 3 + 10 * row), coords=("data", "axes fraction"), ha=side, va="bottom")
    return len(places)


def _scale_axes(ax: Axes, curve: pd.DataFrame, now: float, lang: str) -> None:
    """Sets both axes: the limits in their unit, the green share in percent."""
    low, high = float(curve["at"].min()), float(curve["at"].max())
    around = 0.02 * (high - low) or 0.5
    ax.set_xlim(low - around, high + around)
    whole = curve[(np.round(curve["at"] / now, 6) % 1 == 0)] if now > 0 else curve
    every = whole if len(whole) >= axes.FEWEST_TICKS else curve
    labels = [quantity_text(str(limit), lang) for limit in every["limit"]]
    ax.set_xticks(
        *axes.thinned(list(every["at"]), labels, size_in_points(ax, left=left_of([]) + 12)[0]), fontsize=SMALL
    )
    axes.scale_to_percent(ax, lang)
    ax.set_ylabel(series_name("green", lang), fontsize=SMALL, color=FAINT)
    axes.draw_grid(ax)


def _note_lines(made: WhatIf, lang: str) -> list[str]:
    """What is drawn, and what the last step of each limit gains."""
    parts = [
        say("across: the limit of green", lang),
        stretch_words(made.periods, lang),
        say("band: 95 % interval", lang),
    ]
    if made.curve_after is not None:
        parts.append(say("dashed: with the values that are supposed", lang))
    if not made.exact:
        parts.append(say("approximate, from the histogram of a card", lang))
    pairs = zip(dict.fromkeys(made.limits), _GAINS, strict=False)
    return ["; ".join(parts), "; ".join(filter(None, (_gain_text(made, at, text, lang) for at, text in pairs)))]


def _gain_text(made: WhatIf, at: float, text: str, lang: str) -> str:
    """What the last step of the limit gains; empty where it is not known."""
    gain = float(made.curve.loc[np.isclose(made.curve["at"], at), "gain"].iloc[0])
    step = "1" if made.gain_unit == "1" else quantity_text(f"1 {made.gain_unit}", lang)
    return "" if np.isnan(gain) else say(text, lang, step=step, gain=decimal_sign(gain_text(gain), lang))
