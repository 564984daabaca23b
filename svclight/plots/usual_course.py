"""Plots of the usual course of a process: a row for each step, from the first to the last.

In: a card with `steps`, a process, axes or none. Out: the axes: a bar for the share of cases that have each step, the
median time since the step before between two rows, the cases that are out of order beside it. Grey and text alone say
everything.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from svclight.card.card_tables import check_card
from svclight.card.course_table import course_of
from svclight.card.lights import OUTLINE
from svclight.plots import words
from svclight.plots.style import (
    FAINT,
    SMALL,
    inner_height,
    is_narrow,
    left_of,
    lines_in_row,
    own_axes,
    room_for_names,
    size_in_points,
    text_width,
    widest,
    wrap_to,
    write_at,
    write_notes,
    write_title,
)
from svclight.wording.catalogue import say, say_counted
from svclight.wording.languages import decimal_sign, whole_number
from svclight.wording.limit_words import quantity_text

if TYPE_CHECKING:
    from matplotlib.axes import Axes

    from svclight.card.course_table import Course, Step
    from svclight.scorecard import Scorecard

BAR_FILL: Final = "#c3ccd8"
_TALL: Final = 0.5
"""Height of a bar; 1 is the distance between two steps."""
_NARROW_SIZE, _USUAL_SIZE = 6.0, 8.0  # so that four lines fit into a row of half a page
_ROW: Final = 0.5  # inches


def steps_height(steps: int) -> float:
    """The height of a chart of so many steps, in inches."""
    return 1.2 + _ROW * max(steps, 2)


def plot_steps(
    card: Scorecard, process: str, *, title: str | None = None, lang: str | None = None, ax: Axes | None = None
) -> Axes:
    """Draws the steps of a process in their usual order, from the top.

    Each row has the share and number of cases that have the step, and how many of them are out of order; between two
    rows stands the median time since the step before. A step that the log does not know keeps its row, without a bar.

    Args:
        card: What was counted.
        process: Id of a process whose log is one of events with named steps.
        title: What stands above; the process's title unless given.
        lang: The language of the words in it; that of the definitions unless given.
        ax: Where to draw; a figure of its own unless given.

    Returns:
        The axes.

    Raises:
        SvclightError: There is no such process, or it has no steps.

    Examples:
        >>> import pandas as pd
        >>> import svclight
        >>> definitions = svclight.loads('''
        ... svclight: 1
        ... time_zone: UTC
        ... processes:
        ...   repair:
        ...     title: Repair
        ...     scenario: [{step: ordered}, {step: done}]
        ...     log: {rows: events, id: case, time: at, step: what, steps: {ordered: ordered, done: done}}
        ...     criteria:
        ...       length: {measure: {duration: {from: ordered, to: done}}, green: "<= 2 d"}
        ... ''')
        >>> log = pd.DataFrame({"case": [1, 1, 2], "at": ["2026-03-01", "2026-03-02", "2026-03-03"],
        ...                     "what": ["ordered", "done", "ordered"]})
        >>> ax = svclight.report.plot_steps(svclight.score(log, definitions), "repair")
        >>> ax.get_title(loc="left")
        'Repair: steps'
    """
    check_card(card, "svclight.report.plot_steps")
    lang, course = words.card_language(lang, card.definitions), course_of(card, process)
    ax = own_axes(ax, width=7.6, height=steps_height(len(course.steps)))
    size = _NARROW_SIZE if is_narrow(ax) else _USUAL_SIZE
    heading = say("{title}: steps", lang, title=course.title) if title is None else title
    meaning = say("bar: cases that have the step; arrow: median time since the step before", lang)
    notes = [f"{_course_words(course, lang)}; {meaning}"]
    most = lines_in_row(inner_height(ax, heading, notes, left=room_for_names(ax)) - 2 * SMALL, len(course.steps), size)
    names = [_step_name(step, room_for_names(ax), size, most) for step in course.steps]
    head = wrap_to(say("out of order", lang), 40 if is_narrow(ax) else 70)
    left, right = left_of(names, size), max(widest([head]), 20)
    wide = size_in_points(ax, left=left, right=right)[0]
    for down, step in enumerate(course.steps):
        _draw_step(ax, down, step, course, wide, lang)
    ax.set_ylim(max(len(course.steps), 2) - 0.5, -0.5)
    ax.set_yticks(range(len(course.steps)), names, fontsize=size, parse_math=False)
    ax.set_xlim(0, 100)
    ticks = range(0, 101, 50 if is_narrow(ax) else 20)
    ax.set_xticks(ticks, [words.percent_tick(at, lang) for at in ticks], fontsize=SMALL)
    ax.tick_params(length=0)
    ax.spines[["top", "right", "bottom"]].set_visible(False)
    write_at(ax, head, (1, 1), (5, 4), coords="axes fraction", color=FAINT, va="bottom", ha="left")
    write_title(ax, heading, rows=0.8 * (head.count("\n") + 1), left=left)
    write_notes(ax, notes, left=left)
    return ax


def _course_words(course: Course, lang: str) -> str:
    """The number of cases, and of those that leave the usual order."""
    if not course.cases:
        return say("there is no case", lang)
    cases = say_counted("{count} case", "{count} cases", course.cases, lang)
    share = words.share_in(course.left / course.cases, lang)
    left = {"count": whole_number(course.left, lang), "share": share}
    return say("{cases}; out of the usual order: {count} ({share})", lang, cases=cases, **left)


def _step_name(step: Step, room: float, size: float, most: int) -> str:
    """The step's name, and under it who does it."""
    name = wrap_to(step.name.replace("_", " "), room, size, most=max(most - bool(step.actor), 1))
    return f"{name}\n{wrap_to(f'({step.actor})', room, size, most=1)}" if step.actor else name


def _draw_step(ax: Axes, down: int, step: Step, course: Course, wide: float, lang: str) -> None:
    """One row, and the time before it."""
    if step.cases is None:
        ax.text(1, down, say("not in the log", lang), fontsize=SMALL, va="center", color=FAINT, style="italic")
    else:
        share = 100 * step.cases / course.cases if course.cases else 0.0
        ax.barh(down, share, _TALL, facecolor=BAR_FILL, edgecolor=OUTLINE, linewidth=0.7, zorder=2)
        text = f"{decimal_sign(step.share, lang)}  ({whole_number(step.cases, lang)})"
        inside = text_width(text, SMALL) + 8 < wide * share / 100
        shift, align = ((-4, 0), "right") if inside else ((4, 0), "left")
        write_at(ax, text, (share, down), shift, ha=align, zorder=4)
        write_at(ax, whole_number(step.out_of_order, lang), (1, down), (6, 0), coords=("axes fraction", "data"))
    if step.since:
        text = f"\N{DOWNWARDS ARROW} {quantity_text(step.since, lang)}"
        write_at(ax, text, (0, down - 0.5), (6, 0), color=FAINT, zorder=4)
