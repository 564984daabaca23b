"""Plots of a plan: bars of damage, the sure part of it, and the part of all damage so far.

In: a card or its priorities, axes or none. Out: the axes. Lines stand in the order of the plan, the first at the top.
"""

from __future__ import annotations

import math
from typing import TYPE_CHECKING, Any, Final

from svclight.card.lights import OUTLINE
from svclight.definition.criterion_id import CriterionId
from svclight.planning.plan import Priorities, plan
from svclight.planning.plan_words import amount_text
from svclight.plots import words
from svclight.plots.style import (
    NARROW,
    SMALL,
    draw_nothing,
    inner_height,
    left_of,
    own_axes,
    room_for_names,
    size_in_points,
    widest,
    wrap_to,
    write_at,
    write_notes,
    write_title,
)
from svclight.wording.catalogue import say
from svclight.wording.languages import decimal_sign, whole_number
from svclight.wording.sentence_parts import stretch_words

if TYPE_CHECKING:
    from collections.abc import Iterator

    from matplotlib.axes import Axes

    from svclight.scorecard import Scorecard

SURE: Final = "#7f1424"
SEEN: Final = "#e3c4c8"
_BAR: Final = 0.68
_LINE: Final = "\n"
_LEAST_ROW: Final = 9.0
"""The height of a line of names, in points."""


def plot_plan(
    made: Scorecard | Priorities,
    *,
    most: int = 10,
    title: str | None = None,
    lang: str | None = None,
    ax: Axes | None = None,
    **options: Any,
) -> Axes:
    """Draws the first lines of a plan: interactions beyond the target, those that are sure dark.

    At each bar stand its number, the part of all damage, and the part of all lines down to it.

    Args:
        made: What `plan` gave, or a card.
        most: So many lines are drawn; the note says how many there are.
        title: What stands above; "What to mend first" unless given.
        lang: The language of the words in it; that of the result unless given.
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
    lang = words.result_language(lang, found)
    money = found.order == "money"
    seen, sure = ("money", "sure_money") if money else ("above", "sure")
    rows = found.table.iloc[:most].to_dict("records")
    ax = own_axes(ax, width=7.4, height=1.3 + (0.5 if found.by else 0.42) * max(len(rows), 3))
    heading = say("What to mend first", lang) if title is None else title
    if not rows:
        write_title(ax, heading, left=0)
        return draw_nothing(ax, found.nothing)
    rows = rows[: _rows_that_fit(ax, found, rows, heading, lang)]
    high = _inner_height(ax, found, heading, lang)
    names = [_line_name(found, row, room_for_names(ax), int(high / len(rows) / _LEAST_ROW), lang) for row in rows]
    left = left_of(names)
    room = size_in_points(ax, left=left)[0]
    short = room < 0.75 * NARROW
    texts = [_bar_text(row, (row[seen], row[sure]), lang, money=money, short=short) for row in rows]
    for at, (row, text) in enumerate(zip(rows, texts, strict=True)):
        _draw_line(ax, at, (row[seen], row[sure]), text)
    longest = max((row[seen] for row in rows if not math.isnan(row[seen])), default=1.0)
    ax.set_xlim(0, longest * max(1.05, room / max(room - widest(texts) - 10, room / 4)))
    ax.set_ylim(len(rows) - 0.4, -0.6)
    ax.set_yticks(range(len(rows)), names, fontsize=SMALL, parse_math=False)
    ax.set_xticks([])
    ax.tick_params(length=0)
    ax.spines[["top", "right", "bottom"]].set_visible(False)
    write_title(ax, heading, left=left)
    write_notes(ax, ["; ".join(_notes(found, len(rows), lang, money=money, short=short))], left=left)
    return ax


def _draw_line(ax: Axes, at: int, numbers: tuple[float, float], text: str) -> None:
    seen, sure = (0.0 if math.isnan(number) else number for number in numbers)
    ax.barh(at, seen, _BAR, facecolor=SEEN, edgecolor=OUTLINE, linewidth=0.7, hatch="////", zorder=2)
    ax.barh(at, sure, _BAR, facecolor=SURE, edgecolor=OUTLINE, linewidth=0.7, zorder=3)
    write_at(ax, text, (seen, at), (4, 0))


def _bar_text(row: dict[Any, Any], numbers: tuple[float, float], lang: str, *, money: bool, short: bool) -> str:
    """The text at a bar."""
    seen, sure = numbers
    if math.isnan(seen):
        shown = say("no cost", lang)
    else:
        unit = f" {row['currency']}".rstrip() if money else ""
        amounts = {"seen": f"{_amount(seen, lang)}{unit}", "sure": _amount(sure, lang)}
        shown = say("{seen}, sure {sure}", lang, **amounts) if sure else amounts["seen"]
    if short:
        return shown
    return f"{shown} · {words.share_in(row['damage_share'], lang)} (Σ {words.share_in(row['cumulated'], lang)})"


def _amount(number: float, lang: str) -> str:
    """A number of interactions, or of money, rounded down."""
    return whole_number(math.floor(number), lang) if number >= 1 else decimal_sign(amount_text(number), lang)


def _inner_height(ax: Axes, found: Priorities, heading: str, lang: str) -> float:
    """The height that the rows have together, in points."""
    notes = "; ".join(_notes(found, 0, lang, money=found.order == "money", short=False))
    return inner_height(ax, heading, [notes], left=room_for_names(ax))


def _rows_that_fit(ax: Axes, found: Priorities, rows: list[dict[Any, Any]], heading: str, lang: str) -> int:
    """How many rows have room for a line of their title and all of their cell."""
    lines = 1 + max(_cell_name(found, row, room_for_names(ax), lang).count(_LINE) + 1 for row in rows)
    return max(1, int(_inner_height(ax, found, heading, lang) / _LEAST_ROW / lines))


def _cell_name(found: Priorities, row: dict[Any, Any], room: float, lang: str) -> str:
    """The segments of a line, of two lines at most; empty without any."""
    return wrap_to(words.segments_in(((name, row[name]) for name in found.by), lang), room, most=2)


def _line_name(found: Priorities, row: dict[Any, Any], room: float, most: int, lang: str) -> str:
    """The criterion, and on lines of its own the cell."""
    title, cell = found.titles[CriterionId(row["process"], row["criterion"])], _cell_name(found, row, room, lang)
    below = cell.count(_LINE) + 1 if cell else 0
    return _LINE.join(filter(None, (wrap_to(title, room, most=max(most - below, 1)), cell)))


def _notes(found: Priorities, drawn: int, lang: str, *, money: bool, short: bool) -> Iterator[str]:
    """What bars and numbers are, and what is not drawn."""
    spans = list(dict.fromkeys(found.table["period"]))
    yield stretch_words([min(spans), max(spans)] if len(spans) > 1 else spans, lang)
    if money:
        yield say("bar: what the interactions beyond the target cost; dark: for sure", lang)
    else:
        yield say("bar: interactions beyond the target; dark: for sure", lang)
    if not short:
        yield say("percent: of all damage, Σ: down to this line", lang)
    if len(found.table) > drawn:
        shown = {"shown": whole_number(drawn, lang), "all": whole_number(len(found.table), lang)}
        yield say("{shown} of {all} lines", lang, **shown)
    if len(found.accepted):
        yield say("accepted and not drawn: {count}", lang, count=whole_number(len(found.accepted), lang))
