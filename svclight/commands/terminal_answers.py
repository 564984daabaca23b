"""Answers on a terminal: the sentence first, then a row for each criterion, then what else must be seen.

In: a card, its answer, what a command found. Out: text on standard output, wrapped at the width of the terminal.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from svclight.commands.decision_rows import (
    comparison_heading,
    comparison_rows,
    plan_rows,
    plan_sentence,
)
from svclight.commands.terminal_rows import Screen, periods_shown, rows_table
from svclight.pages.answer_rows import (
    answer_rows,
    course_span,
    judged_period,
    not_judged_lines,
    not_rated_lines,
    response_lines,
)
from svclight.wording.catalogue import say
from svclight.wording.languages import language_of

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence

    from svclight.decisions.check import Checks
    from svclight.decisions.compare import Comparison
    from svclight.pages.answer import Answer
    from svclight.pages.answer_rows import ShownRow
    from svclight.planning.plan import Priorities
    from svclight.scorecard import Scorecard

_FIRST: Final = "bold"


def show_answer_of(card: Scorecard, *, lang: str | None = None, all_periods: bool = False) -> None:
    """Prints the answer of a card, its rows, the table of its periods, and its notes.

    Args:
        card: What was counted.
        lang: The language of the sentences; that of the definitions unless given.
        all_periods: Whether the table of periods is shown even where only the newest of them fit.
    """
    from svclight.card.display import card_table, fits_width
    from svclight.pages.answer import answer as answered

    screen = Screen()
    answer = answered(card, lang=lang)
    show_rows(screen, answer.sentences, answer_rows(card, answer), _heads_of(card, answer, screen.width))
    for note in answer.notes:
        screen.print(f"- {note}")
    if all_periods or fits_width(card, screen.width):
        screen.print("")
        screen.print_rich(card_table(card, width=screen.width, lang=answer.lang))
    else:
        _show_notes(screen, card, answer)


def show_checks(card: Scorecard, checks: Checks, *, lang: str | None = None) -> None:
    """Prints what verdicts say together, and a row for each criterion."""
    from svclight.pages.answer import answer as answered

    screen, answer = Screen(), answered(card, checks, lang=lang)
    rows = answer_rows(card, answer)
    show_rows(screen, [answer.heading], rows, _heads_of(card, answer, screen.width))
    screen.print("")


def show_plan(card: Scorecard, priorities: Priorities, *, lang: str | None = None) -> None:
    """Prints what to mend first, and a row for each of the first lines of a plan."""
    screen, lang = Screen(), language_of(lang, card.definitions)
    heads = [say("Criterion", lang), say("Share", lang), say("Target", lang), say("To mend", lang)]
    rows = plan_rows(card, priorities, lang)
    show_rows(
        screen,
        [plan_sentence(priorities, card.definitions, lang)],
        rows,
        [*heads, _bars_head(card, lang, screen.width)],
    )
    screen.print("")


def show_comparison(card: Scorecard, made: Comparison, *, lang: str | None = None) -> None:
    """Prints what changed over all criteria, and a row for each of them."""
    screen, lang = Screen(), language_of(lang, card.definitions)
    heads = [say("Criterion", lang), say("Green", lang), say("Change", lang), say("Difference", lang)]
    rows = comparison_rows(card, made, lang)
    show_rows(screen, [comparison_heading(made, lang)], rows, [*heads, _bars_head(card, lang, screen.width)])
    screen.print("")


def _heads_of(card: Scorecard, answer: Answer, width: int) -> list[str]:
    """The heads of the columns of an answer."""
    lang = answer.lang
    green = say("Green", lang) + f"\n{judged_period(answer)}"
    return [say("Criterion", lang), green, say("Target", lang), say("Change", lang), _bars_head(card, lang, width)]


def _bars_head(card: Scorecard, lang: str, width: int) -> str:
    """The head of the bars: the periods that they show, on two lines."""
    return course_span(card, lang, periods_shown(width)).replace("\N{EN DASH}", "\N{EN DASH}\n")


def show_rows(screen: Screen, sentences: Iterable[str], rows: Sequence[ShownRow], heads: Sequence[str]) -> None:
    """Prints sentences, the first of them in bold, and a row for each criterion."""
    for place, sentence in enumerate(sentences):
        screen.print(sentence, "" if place else _FIRST)
    if rows:
        screen.print("")
        screen.print_rich(rows_table(rows, heads, width=screen.width, ascii_only=screen.ascii_only))


def _show_notes(screen: Screen, card: Scorecard, answer: Answer) -> None:
    """Prints where the numbers come from, what is not rated, and what else must be seen."""
    from svclight.card.light_table import light_table

    table, lang = light_table(card, answer.lang), answer.lang
    screen.print("")
    screen.print(table.title, _FIRST)
    screen.print(table.origin, "dim")
    _show_list(screen, say("Not rated in all periods:", lang), not_rated_lines(card, lang))
    _show_list(screen, say("Response in all periods:", lang), response_lines(card, lang))
    _show_list(screen, say("Not judged:", lang), not_judged_lines(card, answer))
    for note in table.notes:
        screen.print(f"- {note}")
    screen.print(say("The table of all periods: --months, or a report (.html)", lang), "dim")


def _show_list(screen: Screen, head: str, lines: Sequence[str]) -> None:
    """Prints lines below their name; nothing without any."""
    for place, line in enumerate([head, *lines] if lines else []):
        screen.print(f"  {line}" if place else line)
