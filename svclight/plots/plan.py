"""Plots of a plan: bars of damage, the sure part of it, and the part of all damage so far.

In: a card or its priorities, axes or none. Out: the axes. Lines stand in the order of the plan, the first at the top.
"""

from __future__ import annotations

import math
from typing import TYPE_CHECKING, Any, Final

from svclight.card.lights import OUTLINE
from svclight.definition.criterion_id import CriterionId
from svclight.planning.plan import Priorities, plan
from svclight.planning.plan_words import amount_text, where_of
from svclight.plots import axes
from svclight.plots.axes import SMALL
from svclight.wording.shares import share_text

if TYPE_CHECKING:
    from matplotlib.axes import Axes

    from svclight.scorecard import Scorecard

SURE: Final = "#7f1424"
SEEN: Final = "#e3c4c8"
_BAR: Final = 0.68
_NARROW: Final = 230  # points; below only the numbers stand at the bars


def plot_plan(
    made: Scorecard | Priorities, *, most: int = 10, title: str | None = None, ax: Axes | None = None, **options: Any
) -> Axes:
    """Draws the first lines of a plan: interactions beyond the target, those that are sure dark.

    At each bar stand its number, the part of all damage, and the part of all lines down to it.

    Args:
        made: What `plan` gave, or a card.
        most: So many lines are drawn; the note says how many there are.
        title: What stands above; "What to mend first" unless given.
        ax: Where to draw; a figure of its own unless given.
        options: For a card, what else `plan` takes.

    Returns:
        The axes.

    Raises:
        SvclightError: As for `plan`.

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
        >>> table = pd.DataFrame({"month": "2026-03", "process": "hotline", "criterion": "wait",
        ...                       "team": ["east", "west"], "green": [900, 700], "yellow": 0, "red": [100, 300]})
        >>> priorities = svclight.plan(svclight.tally(table, definitions, by="team", as_of="2026-05-01"))
        >>> ax = svclight.report.plot_plan(priorities)
        >>> ax.get_title(loc="left")
        'What to mend first'
    """
    found = made if isinstance(made, Priorities) else plan(made, **options)
    money = found.order == "money"
    seen, sure = ("money", "sure_money") if money else ("above", "sure")
    rows = found.table.iloc[:most].to_dict("records")
    ax = axes.own_axes(ax, width=7.4, height=1.3 + 0.42 * max(len(rows), 3))
    axes.write_title(ax, "What to mend first" if title is None else title, rows=0)
    if not rows:
        return axes.draw_nothing(ax, found.nothing)
    widest = max((row[seen] for row in rows if not math.isnan(row[seen])), default=1.0)
    names = [_line_name(found, row, max(26, int(axes.size_in_points(ax)[0] / 12))) for row in rows]
    room = axes.room_beside(ax, names)
    texts = [_bar_text(row, (row[seen], row[sure]), money=money, short=room < _NARROW) for row in rows]
    for at, (row, text) in enumerate(zip(rows, texts, strict=True)):
        _draw_line(ax, at, (row[seen], row[sure]), text)
    longest = max(axes.text_width(text, SMALL) for text in texts) + 8
    ax.set_xlim(0, widest * max(1.05, room / max(room - longest, room / 4)))
    ax.set_ylim(len(rows) - 0.4, -0.6)
    ax.set_yticks(range(len(rows)), names, fontsize=SMALL, parse_math=False)
    ax.set_xticks([])
    ax.tick_params(length=0)
    ax.spines[["top", "right", "bottom"]].set_visible(False)
    axes.write_note_within(ax, _note_text(found, len(rows), money=money), room)
    return ax


def _draw_line(ax: Axes, at: int, numbers: tuple[float, float], text: str) -> None:
    seen, sure = (0.0 if math.isnan(number) else number for number in numbers)
    ax.barh(at, seen, _BAR, facecolor=SEEN, edgecolor=OUTLINE, linewidth=0.7, hatch="////", zorder=2)
    ax.barh(at, sure, _BAR, facecolor=SURE, edgecolor=OUTLINE, linewidth=0.7, zorder=3)
    axes.write_at(ax, text, (seen, at), (4, 0))


def _bar_text(row: dict[Any, Any], numbers: tuple[float, float], *, money: bool, short: bool) -> str:
    """The text at a bar."""
    seen, sure = numbers
    unit = f" {row['currency']}".rstrip() if money else ""
    said = (
        "no cost"
        if math.isnan(seen)
        else f"{amount_text(seen)}{unit}" + (f", sure {amount_text(sure)}" if sure else "")
    )
    return said if short else f"{said} · {share_text(row['damage_share'])} (Σ {share_text(row['cumulated'])})"


def _line_name(found: Priorities, row: dict[Any, Any], room: int) -> str:
    title, where = found.titles[CriterionId(row["process"], row["criterion"])], where_of(row, found.by)
    lines = axes.wrap_text(title, room, 1 if where else 2)
    return f"{lines}\n{axes.shorten_text(where, room)}" if where else lines


def _note_text(found: Priorities, drawn: int, *, money: bool) -> str:
    what = "what the interactions beyond the target cost" if money else "interactions beyond the target"
    spans = list(dict.fromkeys(found.table["period"]))
    said = [f"{', '.join(spans[:2])}{' …' if len(spans) > 2 else ''}", f"bar: {what}; dark: for sure"]  # noqa: PLR2004
    said.append("percent: of all damage, Σ: down to this line")
    if len(found.table) > drawn:
        said.append(f"{drawn} of {len(found.table):,} lines")
    if len(found.accepted):
        said.append(f"{len(found.accepted):,} accepted ones are not drawn")
    return "; ".join(said)
