"""The plot of the values of a criterion: bars by zone, bands behind them, limits.

In: a card, ids, axes or none. Out: the axes. The bars come from `value_bars` as numbers.
"""

from __future__ import annotations

from fractions import Fraction
from typing import TYPE_CHECKING

from svclight.card.card_tables import check_card
from svclight.card.light_table import counted_unit, find_criterion, zone_targets
from svclight.card.lights import OUTLINE, paints_of
from svclight.card.value_bars import NUMERIC, value_picture
from svclight.counts.tidy_tables import rows_of
from svclight.definition.criterion_id import CriterionId
from svclight.errors import SvclightError
from svclight.plots import axes, words
from svclight.plots.style import (
    INK,
    SMALL,
    own_axes,
    paler_colour,
    size_in_points,
    text_width,
    write_at,
    write_in_middle,
    write_notes,
    write_title,
)
from svclight.thresholds import ZONES
from svclight.wording.catalogue import say, say_counted
from svclight.wording.languages import whole_number
from svclight.wording.sentence_parts import limit_words

if TYPE_CHECKING:
    from collections.abc import Sequence

    from matplotlib.axes import Axes

    from svclight.card.lights import Paint
    from svclight.card.value_bars import Picture
    from svclight.scorecard import Scorecard
    from svclight.wording.shares import Ends


def plot_values(
    card: Scorecard,
    process: str,
    criterion: str,
    *,
    palette: str = "svclight",
    title: str | None = None,
    lang: str | None = None,
    ax: Axes | None = None,
) -> Axes:
    """Draws how a criterion's values are spread over its zones; a bar ends exactly at each limit.

    Where values are skewed, the axis is logarithmic; where they are whole numbers, each has its bar. With limits that
    differ by date or segment those that hold last for everybody are drawn, and the note says so.

    Args:
        card: What was counted.
        process: Id of the process.
        criterion: Id of a criterion whose values are numbers.
        palette: `svclight` or `classic`.
        title: What stands above; the criterion's title unless given.
        lang: The language of the words in it; that of the definitions unless given.
        ax: Where to draw; a figure of its own unless given.

    Returns:
        The axes.

    Raises:
        SvclightError: There is no such process, criterion, palette or language, or the criterion's values are no
            numbers.

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
        >>> ax = svclight.report.plot_values(svclight.score(log, definitions), "hotline", "wait")
        >>> ax.get_title(loc="left")
        'wait: values'
    """
    check_card(card, "svclight.report.plot_values")
    lang = words.card_language(lang, card.definitions)
    paints, which = paints_of(palette), CriterionId(process, criterion)
    kind = find_criterion(card, which).measure.kind
    if kind not in NUMERIC:
        raise SvclightError(f"{which} has no values to draw: its measure is {kind}; plot_distribution draws its zones")
    made = value_picture(card, which)
    ax = own_axes(ax, width=6.8, height=3.2)
    if made.scale == "log":
        ax.set_xscale("log")
    zero = _draw_bars(ax, made, paints)
    _draw_bands(ax, made, paints, zone_targets(card, which), lang)
    axes.set_value_axis(ax, made, zero, lang)
    level = _limit_lines(ax, made, lang)
    named = say("{title}: values", lang, title=card.definitions.title(*which))
    write_title(ax, named if title is None else title, rows=level + 1, left=0)
    if not made.total:
        write_in_middle(ax, say("no data", lang))
    write_notes(ax, _note_lines(card, made, which, lang), left=0)
    return ax


def _draw_bars(ax: Axes, made: Picture, paints: dict[str, Paint]) -> float | None:
    """Draws bars stacked by zone; returns the place of the bar of zeros, None where there is none."""
    for bar in made.bars:
        _value_bar(ax, (bar.low, bar.high), bar.counts, made.height(bar), paints)
    low, high = _axis_range(made)
    zero = None
    if made.scale == "log":
        ratio = (high / low) ** 0.035
        if any(made.zeros):  # a logarithm has no place for 0: its bar stands apart at the left
            _value_bar(ax, (low / ratio**2, low / ratio), made.zeros, 1.0, paints)
            zero, low = low / ratio**1.5, low / ratio**2
        ax.set_xlim(low / ratio, high * ratio)
    else:
        ax.set_xlim(low - 0.03 * (high - low), high + 0.03 * (high - low))
    return zero


def _axis_range(made: Picture) -> tuple[float, float]:
    """The range of the axis: all bars, empty ones too, and all limits."""
    places = [limit.at for limit in made.limits]
    ends = [*places, *(end for bar in made.bars for end in (bar.low, bar.high))]
    if made.bars:
        return min(ends), max(ends)
    return min(0.0, *places), max(places) + 0.5 * max(abs(max(places)), 1.0)


def _value_bar(
    ax: Axes, ends: tuple[float, float], counts: Sequence[int], height: float, paints: dict[str, Paint]
) -> None:
    """Draws one bar, its zones stacked."""
    low, high = ends
    bottom = 0.0
    for zone, count in zip(ZONES, counts, strict=True):
        if count:
            ax.bar(
                low, count * height, high - low, bottom=bottom, align="edge", zorder=2,
                facecolor=paints[zone].fill, edgecolor=OUTLINE, linewidth=0.5,
            )  # fmt: skip
            bottom += count * height


def _draw_bands(ax: Axes, made: Picture, paints: dict[str, Paint], targets: Sequence[Ends], lang: str) -> None:
    """Draws the zones behind the bars, with their letters and the share of the values in each."""
    left, right = ax.get_xlim()
    counts = [sum(bar.counts[zone] for bar in made.bars) + made.zeros[zone] for zone in range(len(ZONES))]
    for zone, low, high in made.bands:
        low, high = max(low, left), min(high, right)  # noqa: PLW2901 - what can be seen of it
        if low >= high:
            continue
        ax.axvspan(low, high, color=paler_colour(paints[zone].fill, 0.22), linewidth=0, zorder=0)
        middle = (low * high) ** 0.5 if made.scale == "log" else (low + high) / 2
        wide = _points_along(ax, made, high) - _points_along(ax, made, low)
        place = ZONES.index(zone)
        letter = words.zone_letter(zone, lang)
        texts = [words.lettered_zone(zone, lang), letter]
        if sum(one == zone for one, _, _ in made.bands) == 1 and made.total:
            share = words.share_in(Fraction(counts[place], made.total), lang, targets[place])
            texts = [f"{texts[0]} {share}", f"{letter} {share}", *texts]
        text = next((text for text in texts if text_width(text, SMALL) + 4 < wide), "")
        ax.text(middle, 0.97, text, transform=ax.get_xaxis_transform(), fontsize=SMALL, ha="center", va="top", zorder=4)
    ax.set_xlim(left, right)


def _limit_lines(ax: Axes, made: Picture, lang: str) -> int:
    """Draws a line at each limit, its text above; returns how many lines of text there are."""
    texts = [limit_words(limit.text, lang) for limit in made.limits]
    places = [_points_along(ax, made, limit.at) for limit in made.limits]
    halves = [text_width(text, 8) / 2 + 2 for text in texts]
    rows = axes.rows_above([(at - half, at + half) for at, half in zip(places, halves, strict=True)])
    for limit, text, row in zip(made.limits, texts, rows, strict=True):
        ax.axvline(limit.at, color=INK, linewidth=1.1, zorder=3)
        shift, coords = (0, 3 + 10 * row), ("data", "axes fraction")
        write_at(ax, text, (limit.at, 1), shift, size=8, coords=coords, ha="center", va="bottom", color="black")
    return max(rows, default=0)


def _points_along(ax: Axes, made: Picture, value: float) -> float:
    """How far a value stands from the left end of its axis, in points."""
    left, right = map(made.place, ax.get_xlim())
    return size_in_points(ax, left=0)[0] * (made.place(value) - left) / (right - left)


def _note_lines(card: Scorecard, made: Picture, which: CriterionId, lang: str) -> list[str]:
    """The lines of the note under a plot of values."""
    counts = rows_of(card.counts, which)
    rated = int(counts.loc[counts["zone"].isin(ZONES), "count"].sum())
    numbers = {"many": whole_number(made.total, lang), "rated": whole_number(rated, lang)}
    notes = [say("{many} of {rated} rated have a value", lang, **numbers)]
    if counted_unit(card, which) == "customers":
        notes.append(say("counted: customers at each period's end", lang))
    if rated > made.total:
        more = whole_number(rated - made.total, lang)
        notes.append(say("{count} rated without one (abandoned, overdue)", lang, count=more))
    if made.beyond[0]:
        notes.append(
            say_counted(
                "the first bar also holds {count} value beyond it",
                "the first bar also holds {count} values beyond it",
                made.beyond[0],
                lang,
            )
        )
    if made.beyond[1]:
        notes.append(
            say_counted(
                "the last bar also holds {count} value beyond it",
                "the last bar also holds {count} values beyond it",
                made.beyond[1],
                lang,
            )
        )
    if made.several:
        notes.append(say("other limits hold for other dates or segments: drawn are those that hold last for all", lang))
    return ["; ".join(notes)]
