"""Cards for people: the traffic-light table in a terminal and as plain text.

In: a card. Out: a table of rich, or text. Both show the same `LightTable`: the green share, a bar of the zones and the
rated count of each criterion and period, what is not rated beside it, notices and what is in no period under it. Text
from definitions is text: control characters are written out, markup of rich is not obeyed. rich is loaded when used.
"""

from __future__ import annotations

import io
import shutil
from typing import TYPE_CHECKING, Final

from svclight.card.course_table import HEADS
from svclight.card.light_table import light_table
from svclight.card.lights import PALETTES
from svclight.card.summary import ABOUT, summary_lines
from svclight.card.summary import HEADS as SUMMARY_HEADS
from svclight.errors import printable_text
from svclight.thresholds import ZONES
from svclight.wording.catalogue import say, say_of, to_say_of
from svclight.wording.languages import (
    language_of,
    older_periods_counted,
    period_kind,
    period_words,
    periods_named,
    whole_number,
)
from svclight.wording.zone_words import zone_letter, zone_members

if TYPE_CHECKING:
    from collections.abc import Iterator

    from rich.padding import Padding
    from rich.table import Table
    from rich.text import Text

    from svclight.card.card_tables import CardTables
    from svclight.card.course_table import Course
    from svclight.card.lights import Column, Light, LightRow, LightTable

__all__ = ["card_table", "card_text", "course_table", "light_table"]

LONGEST_TITLE: Final = 120
"""Titles are cut after so many characters."""
NARROWEST_TITLE, WIDEST_TITLE = 16, 26
_TEXT_WIDTH: Final = 100
_BETWEEN: Final = 2  # blank characters between two columns
_INDENT: Final = 2  # of items under their card
_NOT_APPLICABLE: Final = to_say_of("how many, in short", "n/a")
_COLOURS: Final = PALETTES["svclight"]
_BAR: Final = 7
"""A bar of zones has so many letters."""


def card_table(card: CardTables, *, width: int = 80, lang: str | None = None) -> Table:
    """The traffic-light table for a terminal of `width` characters.

    The newest periods that fit are shown; the caption says how many older ones are not, and how to see them.

    Args:
        card: The card.
        width: So many characters are there.
        lang: The language; that of the definitions unless given.
    """
    from rich import box  # noqa: PLC0415 - loaded when used
    from rich.table import Table  # noqa: PLC0415
    from rich.text import Text  # noqa: PLC0415

    whole = light_table(card, lang)
    shown, left_out, title_width = _fit_width(whole, width)
    table = Table(
        box=box.SIMPLE_HEAD,
        title=_plain_text(f"{whole.title}\n{whole.origin}", first="bold"),
        title_justify="left",
        title_style="",
        caption=_plain_text("\n".join(["", *note_lines(shown, left_out)])),
        caption_justify="left",
        caption_style="",
        show_edge=False,
        leading=1,
        padding=(0, 1, 0, 0),
        pad_edge=False,
    )
    table.add_column("", width=title_width, overflow="fold")
    for column in shown.columns:
        table.add_column(Text(column.heading), justify="center", no_wrap=True, min_width=_width_of(column, shown))
    table.add_column(Text(rest_heading(whole)), justify="left", no_wrap=True)
    for title, rows in shown.groups():
        table.add_row(Text(printable_text(title, LONGEST_TITLE), style="bold"))
        for place, row in enumerate(rows):
            cells = (_light_cell(light) for light in row.lights)
            table.add_row(_row_title(row), *cells, Text(_rest_text(row)), end_section=place == len(rows) - 1)
    return table


def summary_text_table(card: CardTables, lang: str | None = None) -> Table:
    """The summary of a card as a table for a terminal: a row for each criterion, period and segment with values."""
    from rich import box  # noqa: PLC0415 - loaded when used
    from rich.table import Table  # noqa: PLC0415
    from rich.text import Text  # noqa: PLC0415

    lang = language_of(lang, card.definitions)
    lines = summary_lines(card, card.by, lang)
    table = Table(box=box.SIMPLE_HEAD, show_edge=False, pad_edge=False, padding=(0, 1, 0, 0), caption_justify="left")
    if any("≈" in cell for line in lines for cell in line.cells):
        table.caption = Text(say(ABOUT, lang))
    segments = [" / ".join(card.by)] if card.by else []
    for head in ("", period_kind(card.provenance.period, lang), *segments):
        table.add_column(Text(head), overflow="fold")
    for head in SUMMARY_HEADS:
        table.add_column(Text(say(head, lang)), justify="right", no_wrap=True)
    for line in lines:
        name = f"{line.process}.{line.criterion}"
        period = period_words(line.period, lang) if line.period else say("no time", lang)
        cells = (name, period, *([line.where] if segments else []), *line.cells)
        table.add_row(*(Text(printable_text(cell, LONGEST_TITLE)) for cell in cells))
    return table


def course_table(course: Course) -> Table:
    """The usual course of a process as a table for a terminal."""
    from rich import box  # noqa: PLC0415 - loaded when used
    from rich.table import Table  # noqa: PLC0415
    from rich.text import Text  # noqa: PLC0415

    about = say("median: first times, of cases in the usual order", course.lang)
    table = Table(
        box=box.SIMPLE_HEAD,
        title=_plain_text(course.title, first="bold"),
        title_justify="left",
        title_style="",
        caption=_plain_text(f"{course.in_words}\n{about}"),
        caption_justify="left",
        caption_style="",
        show_edge=False,
        pad_edge=False,
        padding=(0, 1, 0, 0),
    )
    for place, head in enumerate(HEADS):
        table.add_column(Text(say(head, course.lang)), justify="left" if place in (0, 1) else "right", overflow="fold")
    for step in course.steps:
        style = "" if step.cases is not None else "dim"
        table.add_row(*(Text(printable_text(cell, LONGEST_TITLE), style=style) for cell in step.cells()))
    return table


def card_text(card: CardTables, *, width: int | None = None, lang: str | None = None) -> str:
    """The traffic-light table as plain text.

    Args:
        card: The card.
        width: So many characters are there; those of the terminal unless given.
        lang: The language; that of the definitions unless given.
    """
    from rich.console import Console  # noqa: PLC0415 - loaded when used

    wide = width or shutil.get_terminal_size((_TEXT_WIDTH, 24)).columns
    file = io.StringIO()
    console = Console(
        file=file, width=wide, color_system=None, force_terminal=False, legacy_windows=False, record=False,
        force_jupyter=False,  # in a notebook rich would show the table by itself, beside the fragment
    )  # fmt: skip
    console.print(card_table(card, width=wide, lang=lang))
    return "\n".join(line.rstrip() for line in file.getvalue().splitlines())


def fits_width(card: CardTables, width: int) -> bool:
    """Whether the traffic-light table of a card shows all its periods on a terminal of `width` characters."""
    return not _fit_width(light_table(card), width)[1]


def _fit_width(table: LightTable, width: int) -> tuple[LightTable, int, int]:
    """The newest columns that fit, the number of periods left out, and the width that is left for titles."""
    titles = [(title, 0) for title in table.processes.values()] + [(row.name, _indent(row)) for row in table.rows]
    longest = max((indent + len(printable_text(title, LONGEST_TITLE)) for title, indent in titles), default=0)
    rest_lines = [line for row in table.rows for line in _rest_text(row).split("\n")]
    beside = max(len(line) for line in [*rest_heading(table).split("\n"), *rest_lines]) + _BETWEEN
    wished = min(longest, max(NARROWEST_TITLE, min(width // 4, WIDEST_TITLE)))
    free = width - beside - wished
    fit = 0
    for column in reversed(table.columns):
        free -= _width_of(column, table) + _BETWEEN
        if free < 0 and fit:
            free += _width_of(column, table) + _BETWEEN
            break
        fit += 1
    shown, left_out = table.newest(fit)
    return shown, left_out, max(1, min(longest, wished + max(free, 0)))


def _width_of(column: Column, table: LightTable) -> int:
    place = table.columns.index(column)
    lines = [line for row in table.rows for line in _cell_lines(row.lights[place])]
    return max(len(line) for line in [column.heading, *lines])


def _cell_lines(light: Light) -> list[str]:
    answered = [] if light.response is None else [_answered_text(light), light.response.interval]
    if not light.rated_count:
        return [light.share, *(["n=0"] if light.not_rated_count else []), *filter(None, answered)]
    return [light.share, zone_bar(light), _count_text(light), *light.flags_in_words, *filter(None, answered)]


def zone_bar(light: Light) -> str:
    """The three zones as a bar of letters in their proportion, `GGGGGYR`: each zone that is there has one at least."""
    rated = light.counts[: len(ZONES)]
    wished = [_BAR * count / light.rated_count for count in rated]
    many = [max(int(one), 1 if one else 0) for one in wished]
    while sum(many) != _BAR:
        step = 1 if sum(many) < _BAR else -1
        # where one must grow or shrink, the one that is farthest from its part
        at = max(range(len(many)), key=lambda place: (many[place] + step > 0, step * (wished[place] - many[place])))
        many[at] += step
    return "".join(zone_letter(zone, light.lang) * count for zone, count in zip(ZONES, many, strict=True))


def _count_text(light: Light) -> str:
    return f"n={whole_number(light.rated_count, light.lang)}"


def _answered_text(light: Light) -> str:
    """The response rate in short."""
    return say("ans {share}", light.lang, share="" if light.response is None else light.response.share)


def _light_cell(light: Light) -> Text:
    """The cell of a light for a terminal: the green share, the zones as a bar, the number rated, flags."""
    from rich.text import Text  # noqa: PLC0415 - loaded when used

    lines = _cell_lines(light)
    if not light.rated_count:
        return Text("\n".join(lines), style="dim", justify="center")
    share, bar, *rest = lines
    shown = Text(f"{share}\n", justify="center")
    for zone in ZONES:
        letter = zone_letter(zone, light.lang)
        shown.append(letter * bar.count(letter), style=f"{_COLOURS[zone].text} on {_COLOURS[zone].fill}")
    return shown.append("\n" + "\n".join(rest))


def _row_title(row: LightRow) -> Padding:
    """The title; items stand indented under their card."""
    from rich.padding import Padding  # noqa: PLC0415 - loaded when used
    from rich.text import Text  # noqa: PLC0415

    return Padding(Text(printable_text(row.name, LONGEST_TITLE)), (0, 0, 0, _indent(row)))


def _indent(row: LightRow) -> int:
    return _INDENT if row.card else 0


def _plain_text(text: str, first: str = "") -> Text:
    """Text of which rich obeys nothing, its own line breaks kept; `first` is the style of the first line."""
    from rich.text import Text  # noqa: PLC0415 - loaded when used

    lines = [printable_text(line, 400) for line in text.split("\n")]
    made = Text("\n".join(lines))
    made.stylize(first, 0, len(lines[0]))
    return made


def rest_heading(table: LightTable) -> str:
    """The head of what is not rated, on two lines."""
    return say("not rated,\nall {periods}", table.lang, periods=periods_named(table.kind, table.lang))


def _rest_text(row: LightRow) -> str:
    words = {state: zone_members(state, row.lang) for state in row.rest}
    words["not_applicable"] = say_of("how many, in short", _NOT_APPLICABLE, row.lang)
    lines = [f"{whole_number(count, row.lang)} {words[state]}" for state, count in row.rest.items() if count]
    return "\n".join(lines) or row.rest_in_words


def note_lines(table: LightTable, left_out: int) -> Iterator[str]:
    """The lines under the table: its letters explained, periods that are not shown, notes."""
    lang = table.lang
    yield say("%: the green share; GGYR: green, yellow and red in their proportion; n: rated", lang)
    if table.has_responses:
        yield say("ans: response rate, the share of those asked who answered, and its 95 % interval", lang)
    if not table.columns:
        yield say("no data: there is no interaction with a usable time", lang)
    if left_out:
        older = older_periods_counted(left_out, table.kind, lang)
        yield say("{periods}: widen the terminal, or write a report (.html) or the counts (.csv)", lang, periods=older)
    yield from table.notes
