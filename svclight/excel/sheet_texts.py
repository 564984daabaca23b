"""What the empty sheet of a hand-kept table says to people.

In: the code of a language. Out: its `SheetTexts`. The names of columns are those that are read
(`hand_kept.column_names`); here are the words around them.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from svclight.hand_kept.column_names import REMARKS
from svclight.wording.catalogue import say, say_of

if TYPE_CHECKING:
    from collections.abc import Mapping


@dataclass(frozen=True)
class SheetTexts:
    """Texts of the sheet.

    Attributes:
        title: The title where the definition has none.
        pages: The names of the pages: the table itself, how to fill it in, what the drop-downs offer.
        month, process, criterion: What is said beside a cell of these columns.
        means: What is said beside a cell of each state.
        advice: Lines above the limits.
        heads: The columns of the limits, zones excepted: process, criterion, for whom.
        listed: The columns of the page of lists: process, first, number of criteria, criterion.
        worst: What stands in place of limits for the worst of other criteria.
    """

    title: str
    pages: tuple[str, str, str]
    month: str
    process: str
    criterion: str
    means: Mapping[str, str]
    advice: tuple[str, ...]
    heads: tuple[str, str, str]
    listed: tuple[str, str, str, str]
    worst: str


def sheet_texts(lang: str) -> SheetTexts:
    """The texts of the sheet in a language."""
    pages = _page_names(lang)
    process, criterion = say_of("head of the sheet", "process", lang), say_of("head of the sheet", "criterion", lang)
    first, many = say_of("head of the sheet", "first", lang), say_of("head of the sheet", "criteria", lang)
    return SheetTexts(
        title=say("Service quality", lang),
        pages=pages,
        month=say("The month, such as 2026-03, or any date in it.", lang),
        process=say("Choose one from the list.", lang),
        criterion=say("Choose the process first, then one from the list.", lang),
        means=_meanings(lang),
        advice=_advice(pages[0], lang),
        heads=(process, criterion, say_of("head of the sheet", "for", lang)),
        listed=(process, first, many, criterion),
        worst=say("the worst zone of others", lang),
    )


def _page_names(lang: str) -> tuple[str, str, str]:
    return (
        say_of("page of the sheet", "counts", lang),
        say_of("page of the sheet", "how to", lang),
        say_of("page of the sheet", "lists", lang),
    )


def _meanings(lang: str) -> Mapping[str, str]:
    """What is said beside a cell of each state."""
    means = {
        "green": say("the customer is satisfied", lang),
        "yellow": say("the customer is neutral", lang),
        "red": say("the customer is dissatisfied", lang),
        "pending": say("not finished, and the zone is not certain yet", lang),
        "missing": say("there should be a value, and there is none", lang),
        "not_applicable": say("the criterion does not concern them", lang),
        "excluded": say("left out by a rule", lang),
    }
    return {
        state: say("How many interactions of the month: {means}. A whole number, 0 or more.", lang, means=text)
        for state, text in means.items()
    }


def _advice(page: str, lang: str) -> tuple[str, ...]:
    """How to fill in the page of counts."""
    return (
        say('Write in the sheet "{page}": one row for each month, process and criterion.', lang, page=page),
        say("Count every interaction of the month in one column: green, yellow or red, as the table below says.", lang),
        say(
            "Those that cannot be rated stand in pending, missing, not applicable or excluded; these may stay empty.",
            lang,
        ),
        say(
            "An empty cell beside a number is 0. A row without any number is passed over. "
            "The same row twice is an error.",
            lang,
        ),
    )


def split_line(segments: str, lang: str) -> str:
    """The line on segments, by which counts may be split."""
    return say("To split the counts, add a column that is called as one of: {segments}.", lang, segments=segments)


def remarks_line(lang: str) -> str:
    """The line on columns that are for people."""
    *first, last = (say_of("name of a column", "{name}", lang, name=name) for name in REMARKS[lang])
    return say(
        "Columns whose names begin with {first} or {last} are for people; they are not used.",
        lang,
        first=", ".join(first),
        last=last,
    )


def last_line(definition: str, lang: str) -> str:
    """The line on the definition, and on how to see the table as traffic lights."""
    return say(
        "Definition {definition}. To see the table as traffic lights: svclight score DEFINITION --table FILE",
        lang,
        definition=definition,
    )
