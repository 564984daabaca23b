"""The answer of a card as short Markdown, for a pull request or the summary of a CI run.

In: a card, its answer or verdicts. Out: text: the sentences, a row for each criterion, the worst first, and below them
the newest periods and where the numbers come from, folded. Each zone is a coloured square beside its letter. Text of
definitions and logs is escaped: no markup, no HTML, no broken table.
"""

from __future__ import annotations

import re
from html import escape
from typing import TYPE_CHECKING, Any, Final

from svclight.card.course_table import HEADS, courses
from svclight.card.light_table import light_table
from svclight.card.summary import summary_table
from svclight.counts.tidy_tables import ids_of, records_of
from svclight.decisions.verdicts import WORSE
from svclight.definition.criterion_id import CriterionId
from svclight.errors import printable_text
from svclight.pages.answer import answer
from svclight.pages.answer_rows import answer_rows, judged_period, report_notices, response_lines
from svclight.pages.exports import checks_markdown
from svclight.pages.page_words import flag_words, letters_of, percents
from svclight.pages.report_rest import Rest, rest_of, state_name
from svclight.thresholds import ZONES
from svclight.wording.catalogue import say, say_counted
from svclight.wording.estimates import estimate_text
from svclight.wording.languages import decimal_sign, period_words, whole_number
from svclight.wording.limit_words import quantity_text
from svclight.wording.markdown_text import escape_cell, escape_text, table_lines
from svclight.wording.zone_words import zone_name

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Mapping

    from svclight.card.lights import Light, LightRow
    from svclight.decisions.check import Checks
    from svclight.pages.answer import Answer
    from svclight.pages.answer_rows import ShownRow
    from svclight.scorecard import Scorecard

PERIODS: Final = 6
"""So many of the newest periods are shown."""
SQUARES: Final = ("\N{LARGE GREEN SQUARE}", "\N{LARGE YELLOW SQUARE}", "\N{LARGE RED SQUARE}")
_LONGEST: Final = 400


def markdown_report(card: Scorecard, checks: Checks | None = None, *, lang: str | None = None) -> str:
    """The report of a card as Markdown.

    Args:
        card: What was counted.
        checks: Verdicts on targets; those of the newest period unless given.
        lang: The language of its reader; that of the definitions unless given.
    """
    found = answer(card, checks, lang=lang)
    rest = rest_of(card, found.lang)
    title = card.provenance.title or say("Traffic lights", found.lang)
    lines = [f"## {_escape_cut(title)}", "", *_answer_lines(card, found), *_period_lines(card, found)]
    for course in courses(card):
        table = table_lines(map(_escape_cell, HEADS), (map(_escape_cell, step.cells()) for step in course.steps))
        lines += _folded(course.title, [*table, f"{_escape_cut(course.in_words)}."])
    lines += _folded(say("Where the numbers come from, and notes", found.lang), _origin_lines(card, found, rest))
    return _text_of(lines)


def markdown_checks(card: Scorecard, checks: Checks, *, lang: str | None = None) -> str:
    """Verdicts as Markdown: the sentence, a row for each criterion, and each verdict in a fold.

    The fold is open where something fails that the rows do not say: a criterion that is worse than the baseline, a
    budget that is used up.
    """
    found = answer(card, checks, lang=lang)
    is_open = WORSE in set(checks.baseline["verdict"]) or len(checks.warnings) > 0
    lines = [*_answer_lines(card, found, is_long=False)]
    lines += _folded(say("All verdicts", found.lang), checks_markdown(checks).rstrip("\n").split("\n"), is_open=is_open)
    return _text_of(lines)


def _text_of(lines: Iterable[str]) -> str:
    """The lines as text, without empty ones at the end."""
    return "\n".join(lines).rstrip() + "\n"


def _answer_lines(card: Scorecard, found: Answer, *, is_long: bool = True) -> Iterator[str]:
    """The lines of the sentences and of the rows."""
    heading, *sentences = found.sentences
    yield f"**{_escape_cut(heading)}**"
    yield ""
    if is_long:
        yield from (f"- {_escape_cut(sentence)}" for sentence in sentences)
        yield ""
    rows = answer_rows(card, found)
    if rows:
        heads = [say(head, found.lang) for head in ("Criterion", "Target", "Change")]
        heads.insert(1, judged_period(found) or say("Share", found.lang))
        lights = _newest_lights(card, found)
        yield from table_lines(
            map(_escape_cell, heads),
            (map(_unbroken, _row_cells(row, light, found.lang)) for row, light in zip(rows, lights, strict=True)),
        )


def _unbroken(text: str) -> str:
    """A text whose percent signs stay with their numbers where a line of a narrow table ends."""
    return re.sub(r"(?<=[0-9]) %", "\xa0%", text)


def _newest_lights(card: Scorecard, found: Answer) -> list[Light | None]:
    """For each line of an answer the light of the period in which it is judged; None where there is none."""
    table = light_table(card)
    places = {column.label: place for place, column in enumerate(table.columns)}
    rows = {CriterionId(row.process, row.criterion): row for row in table.criterion_rows}
    return [
        rows[line.which].lights[places[line.period]] if line.which in rows and line.period in places else None
        for line in found.lines
    ]


def _row_cells(row: ShownRow, light: Light | None, lang: str) -> list[str]:
    """The cells of a criterion, as Markdown."""
    targets = _targets_text(row)
    change = f"{row.change}: {row.detail}" if row.detail else row.change
    verdict = _escape_cell(f"{row.sign} {row.word}")
    return [
        _escape_cell(row.title),
        _zones_text(row, light, lang),
        f"{f'**{verdict}**' if row.verdict == 'missed' else verdict}{_escape_cell(targets)}",
        f"**{_escape_cell(change)}**" if row.is_worse else _escape_cell(change),
    ]


def _targets_text(row: ShownRow) -> str:
    """The targets after a verdict, each with its own sign where they differ."""
    signs = {target[0] for target in row.targets}
    said = row.targets if len(signs) > 1 else [target[2:] for target in row.targets]
    return f": {', '.join(said)}" if said else ""


def _zones_text(row: ShownRow, light: Light | None, lang: str) -> str:
    """Each zone as its square, letter and share; the interval stands at green."""
    if light is None or not light.rated_count:
        return _escape_cell(row.share[0])
    shares = [f"{share} %" for share in percents(light.counts[: len(ZONES)], lang)]
    shares[0] = f"**{row.share[0]}** ({row.share[1]})"
    marks = zip(SQUARES, letters_of(lang), shares, strict=True)
    return " ".join(f"{square} {letter} {share}" for square, letter, share in marks) + f" · {', '.join(row.share[2:])}"


def _period_lines(card: Scorecard, found: Answer) -> list[str]:
    """The green shares of the newest periods, the newest values, and what is not rated, in a fold."""
    table, left_out = light_table(card).newest(PERIODS)
    lang = found.lang
    if not table.columns:
        return [say("No data: there is no interaction with a usable time.", lang), ""]
    amounts = _newest_amounts(card, lang)
    titles = {(line.which.process, line.which.criterion): line.title for line in found.lines}
    heads = [say("Criterion", lang), *(period_words(column.heading, lang) for column in table.columns)]
    heads += [say("mean · median · 90 %", lang)] if amounts else []
    rows = [
        [
            _row_name(row, titles.get((row.process, row.criterion), row.title), table.processes),
            *(_period_cell(light, lang) for light in row.lights),
            *([amounts.get((row.process, row.criterion), "")] if amounts else []),
            _rest_words(row, lang),
        ]
        for row in table.rows
    ]
    lines = list(
        table_lines(
            map(_escape_cell, [*heads, say("Not rated in all periods", lang)]), (map(_escape_cell, row) for row in rows)
        )
    )
    older = say_counted("{count} older period is left out.", "{count} older periods are left out.", left_out, lang)
    return _folded(say("Green shares of the newest periods", lang), [*lines, *([older] if left_out else [])])


def _row_name(row: LightRow, title: str, processes: Mapping[str, str]) -> str:
    """The title after its process; items of a quality card stand under it, with a dash."""
    if row.card:
        return f"\N{EN DASH} {row.name}"
    return f"{processes[row.process]}: {title}" if len(processes) > 1 else title


def _period_cell(light: Light, lang: str) -> str:
    """The green share of a period with the number rated and its flags: `86.2 % of 1,436`."""
    if not light.rated_count:
        return say("no data", lang)
    share, rated = decimal_sign(light.share, lang), whole_number(light.rated_count, lang)
    flags = "".join(f", {flag_words(flag, lang)}" for flag in light.flags)
    return say("{share} of {count}", lang, share=share, count=rated) + flags


def _rest_words(row: LightRow, lang: str) -> str:
    """What is not rated in all periods, `3 pending, 1 missing`."""
    counts = [f"{whole_number(count, lang)} {state_name(state, lang)}" for state, count in row.rest.items() if count]
    return ", ".join(counts) or say("none", lang)


def _newest_amounts(card: Scorecard, lang: str) -> dict[tuple[str, str], str]:
    """Mean, median and 90 % point of each criterion in its newest period with values."""
    table = summary_table(card, [])
    table = table[table["measured"].fillna(0) > 0]
    return {
        (which.process, which.criterion): " · ".join(_amount(row, name, lang) for name in ("mean", "median", "p90"))
        for which, row in zip(ids_of(table), records_of(table), strict=True)  # the newest period is the last
    }


def _amount(row: dict[str, Any], name: str, lang: str) -> str:
    return quantity_text(estimate_text(row[name], row["unit"]), lang) if row[name] == row[name] else "?"


def _origin_lines(card: Scorecard, found: Answer, rest: Rest) -> Iterator[str]:
    """The facts on the whole report, what the squares mean, and what else must be seen."""
    lang = found.lang
    names = ", ".join(
        f"{square} {letter} {zone_name(zone, lang)}"
        for square, letter, zone in zip(SQUARES, letters_of(lang), ZONES, strict=True)
    )
    yield f"{_escape_cut(light_table(card, lang).origin)} · {names}"
    yield ""
    notes = (*report_notices(card, found, rest.notices), *response_lines(card, lang))
    yield from (f"- {_escape_cut(note)}" for note in notes)


def _folded(title: str, lines: Iterable[str], *, is_open: bool = False) -> list[str]:
    """Lines in a fold of GitHub; empty lines around them let it read Markdown there."""
    kept = list(lines)
    while kept and not kept[-1]:
        kept.pop()
    head = f"<details{' open' if is_open else ''}><summary>{escape(printable_text(title, _LONGEST))}</summary>"
    return [head, "", *kept, "", "</details>", ""]


def _escape_cut(text: object) -> str:
    """A text of the card, cut where it is longer than a table can bear."""
    return escape_text(text, _LONGEST)


def _escape_cell(text: object) -> str:
    return escape_cell(text, _LONGEST)
