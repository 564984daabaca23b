"""The table of a card's periods in a notebook: in each cell the zones as a bar, the green share, the number rated.

In: a card. Out: an HTML fragment without scripts, in the colours of its surroundings; it begins at the newest periods.
Text from definitions is text: it is escaped, and control characters are written out.
"""

from __future__ import annotations

from itertools import islice
from typing import TYPE_CHECKING, Final

from svclight.card.display import note_lines, rest_heading
from svclight.card.light_table import light_table
from svclight.card.lights import OUTLINE, PALETTES
from svclight.thresholds import ZONES
from svclight.values.notebook_html import notes, shown
from svclight.wording.catalogue import say
from svclight.wording.languages import whole_number

if TYPE_CHECKING:
    from collections.abc import Iterator

    from svclight.card.card_tables import CardTables
    from svclight.card.lights import Light, LightRow, LightTable

MOST_COLUMNS: Final = 120
"""So many of the newest periods are shown."""
_COLOURS: Final = PALETTES["svclight"]
_GROUND: Final = "var(--jp-layout-color0,var(--vscode-editor-background,Canvas))"
# a wide table begins at its newest periods: only a box that runs from right to left can start there without a script
_STYLE: Final = (
    f".svclight-months th.name{{position:sticky;left:0;background:{_GROUND};min-width:11em;max-width:18em;"
    "font-weight:400;overflow-wrap:anywhere;vertical-align:top}"
    ".svclight-months th.group{font-weight:600;padding-top:10px}.svclight-months th.item{padding-left:1.2em}"
    ".svclight-months td.rest{min-width:12em}.svclight-months td.light{text-align:center;white-space:nowrap;"
    "font-variant-numeric:tabular-nums;padding-right:8px}"
    ".svclight-months th.period{text-align:center;white-space:nowrap}"
    ".svclight-months td small{display:block;color:var(--faint);font-size:11px}"
    f".svclight-months .zones{{display:flex;height:9px;min-width:4.5em;border:1px solid {OUTLINE};border-radius:2px;"
    "overflow:hidden;margin:2px 0 1px}.svclight-months .zones i{display:block;height:100%}"
    ".svclight-months table{margin:0 auto 0 0}"
) + "".join(f".svclight-months .{zone}{{background:{_COLOURS[zone].fill}}}" for zone in ZONES)


def months_html(card: CardTables, lang: str | None = None) -> str:
    """The periods of a card as a table, to stand in a fragment of `notebook_html`.

    Args:
        card: The card.
        lang: The language; that of the definitions unless given.
    """
    table, left_out = light_table(card, lang).newest(MOST_COLUMNS)
    head = "".join(f'<th scope="col" class="period">{shown(column.heading)}</th>' for column in table.columns)
    body = "".join(_group(title, rows, table) for title, rows in table.groups())
    criterion, rest = say("Criterion", table.lang), rest_heading(table).replace("\n", " ")
    legend = say("Bar: the shares of green, yellow and red; number: that of green; n: rated", table.lang)
    return (
        f'<style>{_STYLE}</style><div class="svclight-months"><div class="scroll" dir="rtl"><table dir="ltr">'
        f'<thead><tr><th scope="col" class="name">{shown(criterion)}</th>{head}'
        f'<th scope="col">{shown(rest)}</th></tr></thead>'
        f"<tbody>{body}</tbody></table></div></div>"
        # the first line of a terminal explains its letters
        f"{notes([legend, *islice(note_lines(table, left_out), 1, None)])}"
    )


def _group(title: str, rows: tuple[LightRow, ...], table: LightTable) -> str:
    """The rows of a process below its title."""
    name = f'<th scope="rowgroup" class="name group">{shown(title)}</th>'
    rest = f'<td colspan="{len(table.columns) + 1}"></td>'
    return f"<tr>{name}{rest}</tr>" + "".join(_row(row) for row in rows)


def _row(row: LightRow) -> str:
    cells = "".join(_cell(light) for light in row.lights)
    kind, rest = "name item" if row.card else "name", f'<td class="rest">{shown(row.rest_in_words)}</td>'
    return f'<tr><th scope="row" class="{kind}">{shown(row.name)}</th>{cells}{rest}</tr>'


def _cell(light: Light) -> str:
    """The cell of a light, all of its counts in the text that a pointer shows."""
    small = "".join(f"<small>{shown(line)}</small>" for line in _small_lines(light))
    return f'<td class="light" title="{shown(light.in_words())}">{_bar(light)}{shown(light.share)}{small}</td>'


def _bar(light: Light) -> str:
    """The three zones in their proportion; nothing where nothing is rated."""
    if not light.rated_count:
        return ""
    parts = zip(ZONES, light.counts[: len(ZONES)], strict=True)
    drawn = (f'<i class="{zone}" style="width:{100 * count / light.rated_count:.1f}%"></i>' for zone, count in parts)
    return f'<div class="zones">{"".join(drawn)}</div>'


def _small_lines(light: Light) -> Iterator[str]:
    """The number rated, flags, and the response rate."""
    if light.rated_count:
        yield f"n={whole_number(light.rated_count, light.lang)}"
    yield from light.flags_in_words
    if light.response is not None:
        yield say("ans {share}", light.lang, share=light.response.share)
        yield from filter(None, [light.response.interval])
