"""Plots of the usual course of a process: a row for each step, from the first to the last.

In: a card with `steps`, a process, axes or none. Out: the axes: a bar for the share of cases that have each step, the
median time since the step before between two rows, the cases that are out of order beside it. Grey and text alone say
everything.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from svclight.card.card_tables import check_card
from svclight.card.course_table import NOT_IN_LOG, course_of
from svclight.card.lights import OUTLINE
from svclight.plots import axes
from svclight.plots.axes import FAINT, SMALL

if TYPE_CHECKING:
    from matplotlib.axes import Axes

    from svclight.card.course_table import Course, Step
    from svclight.scorecard import Scorecard

BAR_FILL: Final = "#c3ccd8"
_TALL: Final = 0.5
"""Height of a bar; 1 is the distance between two steps."""
_SMALLER: Final = 6.0  # so that four lines fit into a row
_ROW: Final = 0.5  # inches


def steps_height(steps: int) -> float:
    """The height of a chart of so many steps, in inches."""
    return 1.2 + _ROW * max(steps, 2)


def plot_steps(card: Scorecard, process: str, *, title: str | None = None, ax: Axes | None = None) -> Axes:
    """Draws the steps of a process in their usual order, from the top.

    Each row has the share and number of cases that have the step, and how many of them are out of order; between two
    rows stands the median time since the step before. A step that the log does not know keeps its row, without a bar.

    Args:
        card: What was counted.
        process: Id of a process whose log is one of events with named steps.
        title: What stands above; the process's title unless given.
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
    course = course_of(card, process)
    ax = axes.own_axes(ax, width=7.6, height=steps_height(len(course.steps)))
    narrow = axes.size_in_points(ax)[0] < 300  # noqa: PLR2004 - points; half a page
    for down, step in enumerate(course.steps):
        _draw_step(ax, down, step, course)
    count = max(len(course.steps), 2)
    ax.set_ylim(count - 0.5, -0.5)
    names = [_step_name(step, *((18, 3) if narrow else (30, 2))) for step in course.steps]
    beside = max(axes.text_width(name, _SMALLER if narrow else 8) for name in names) + 30  # and the column at the right
    ax.set_yticks(range(len(course.steps)), names, fontsize=_SMALLER if narrow else 8, parse_math=False)
    ax.set_xlim(0, 100)
    ticks = range(0, 101, 50 if narrow else 20)
    ax.set_xticks(ticks, [f"{at} %" for at in ticks], fontsize=SMALL)
    ax.tick_params(length=0)
    ax.spines[["top", "right", "bottom"]].set_visible(False)
    axes.write_at(
        ax, "out of\norder" if narrow else "out of order", (1, 1), (3, 4), coords="axes fraction", color=FAINT,
        va="bottom", ha="left",
    )  # fmt: skip
    axes.write_title(ax, f"{course.title}: steps" if title is None else title, rows=1, beside=beside)
    axes.write_notes(
        ax,
        [f"{course.in_words}; bar: cases that have the step; arrow: median time since the step before"],
        beside=beside,
    )
    return ax


def _step_name(step: Step, width: int, lines: int) -> str:
    """The step's name, and under it who does it."""
    name = axes.wrap_text(step.name.replace("_", " "), width, lines)
    if not step.actor:
        return name
    return f"{name}\n{axes.wrap_text(f'({step.actor})', width, 1)}"


def _draw_step(ax: Axes, down: int, step: Step, course: Course) -> None:
    """One row, and the time before it."""
    if step.cases is None:
        ax.text(1, down, NOT_IN_LOG, fontsize=SMALL, va="center", color=FAINT, style="italic")
    else:
        share = 100 * step.cases / course.cases if course.cases else 0.0
        ax.barh(down, share, _TALL, facecolor=BAR_FILL, edgecolor=OUTLINE, linewidth=0.7, zorder=2)
        wide = axes.size_in_points(ax)[0]
        text = f"{step.share}  ({step.cases:,})"
        inside = axes.text_width(text, SMALL) + 8 < wide * share / 100
        shift, align = ((-4, 0), "right") if inside else ((4, 0), "left")
        axes.write_at(ax, text, (share, down), shift, ha=align, zorder=4)
        axes.write_at(ax, f"{step.out_of_order:,}", (1, down), (6, 0), coords=("axes fraction", "data"))
    if step.since:
        text = f"\N{DOWNWARDS ARROW} {step.since}"
        axes.write_at(ax, text, (0, down - 0.5), (6, 0), color=FAINT, zorder=4)
