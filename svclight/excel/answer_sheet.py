"""The first sheet of a workbook: the verdict, three sentences, a row for each criterion; and what its charts show.

In: what is told, the periods that are shown. Out: a `Sheet`, and `Chart`s. Nothing is counted here.
"""

from __future__ import annotations

from fractions import Fraction
from typing import TYPE_CHECKING, Final

from svclight.excel.sheets import (
    COUNT,
    POINTS,
    SHARE,
    Chart,
    Column,
    Sheet,
    Table,
    interval_columns,
    period_cells,
    period_columns,
    sign_colours,
    zone_head,
)
from svclight.pages import answer_words, page_words
from svclight.pages.page_content import eyebrow
from svclight.thresholds import ZONES
from svclight.wording.catalogue import say, say_of

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from svclight.excel.sheets import Cell, Told
    from svclight.pages.answer_lines import AnswerLine
    from svclight.pages.page_periods import PagePeriods

MOST_PERIODS: Final = 24
"""The answer has the green shares of so many of the newest periods behind it."""


def answer_sheet(told: Told, shown: PagePeriods, notices: Sequence[str]) -> Sheet:
    """The first sheet: the verdict, three sentences, a row for each criterion, the worst first."""
    lang, found = told.lang, told.found
    rows = tuple(tuple(_answer_row(told, line, shown)) for line in found.lines)
    columns = _answer_columns(told, shown)
    nothing = say(
        "No interaction was counted. The logs hold none with a usable time, or all of them are excluded: "
        "see below what was read.", lang,
    )  # fmt: skip
    about = say("Shares are those of the interactions that are rated; ranges are 95 % intervals (Wilson).", lang)
    return Sheet(
        say_of("page of the workbook", "answer", lang),
        (found.heading, eyebrow(told.card, found), *found.sentences[1:]),
        (Table(columns, rows),) if rows else (),
        ((about,) if rows else (nothing,)) + tuple(notices),
        trend=len(columns) - len(_newest(shown)),
    )


def charts_of(told: Told, shown: PagePeriods) -> tuple[Chart, ...]:
    """A chart for each criterion, the worst first."""
    names = tuple(shown.names(told.lang))
    return tuple(
        Chart(
            ": ".join(reversed(told.name_cells(*line.which))),
            names,
            tuple(counts[: len(ZONES)] for counts in shown.of(*line.which)),
        )
        for line in told.found.lines
    )


def _newest(shown: PagePeriods) -> list[int]:
    """The places of the newest periods, those that stand for many left out."""
    return [place for place, column in enumerate(shown.columns) if not column.skipped][-MOST_PERIODS:]


def _answer_columns(told: Told, shown: PagePeriods) -> tuple[Column, ...]:
    lang, names = told.lang, shown.names(told.lang)
    changed = ((say("worse for sure", lang), "red"), (say("better for sure", lang), "green"))
    return (
        *told.name_columns(),
        *period_columns(told.found.kind, lang),
        Column(zone_head("green", lang), SHARE, bar="green"), *interval_columns(lang),
        Column(say("Target", lang)),
        Column(say("Verdict", lang), colours=sign_colours()),
        Column(say("Change", lang), colours=changed),
        Column(say_of("head of a table", "Points", lang), POINTS),
        Column(say("Grounds", lang)),
        Column(say("Rated", lang), COUNT), Column(say("Not rated", lang), COUNT),
        Column(page_words.by_kind(shown.kind, lang)),
        *(Column(names[place], SHARE) for place in _newest(shown)),
    )  # fmt: skip


def _answer_row(told: Told, line: AnswerLine, shown: PagePeriods) -> Iterator[Cell]:
    lang = told.lang
    yield from told.name_cells(*line.which)
    yield from period_cells(line.period, told.found.kind, lang)
    yield from (told.share_cell(share, *line.which, "green") for share in line.green)
    yield page_words.targets_text(line, told.found.checks, lang)
    yield " ".join(page_words.verdict_of(line, lang))
    difference = line.change.difference[0]
    change, grounds = answer_words.change_words(line, told.found.kind, lang)
    yield f"{page_words.arrow(line.change)} {change}" if line.change.verdict else change
    yield 100 * difference if line.change.verdict else None  # without a comparison it says nothing
    yield grounds
    yield from (line.rated, line.not_rated, None)
    counts = shown.of(*line.which)
    for place in _newest(shown):
        rated = sum(counts[place][: len(ZONES)])
        yield told.share_cell(float(Fraction(counts[place][0], rated)), *line.which, "green") if rated else None
