"""The rows of an answer as texts, which terminal, Markdown and notebook show alike.

In: a card and its answer, in a language. Out: `ShownRow`: criterion, share, verdict, change in words, and the green
shares of the newest periods, which each medium draws in its own way. Nothing is escaped for any format.
"""

from __future__ import annotations

import math
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, Final

from svclight.card.light_table import columns_between, light_table
from svclight.decisions.verdicts import MET, MISSED, NO_DATA, NO_VERDICT, SIGNS, TOO_FEW
from svclight.pages.answer_lines import NO_TARGET
from svclight.pages.answer_words import change_words
from svclight.pages.page_words import response_text
from svclight.wording.catalogue import say, say_counted, say_of, to_say, to_say_of
from svclight.wording.languages import interval_words, period_words, share_words, span_words
from svclight.wording.sentence_parts import limit_words
from svclight.wording.shares import target_ends

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from svclight.pages.answer import Answer
    from svclight.pages.answer_lines import AnswerLine
    from svclight.processes import Definitions
    from svclight.scorecard import Scorecard
    from svclight.wording.shares import Ends

NEWEST: Final = 24
"""The course of a row is that of so many of the newest periods."""
_SHORT: Final = {
    MET: to_say_of("target in short", "met"),
    MISSED: to_say_of("target in short", "missed"),
    "accepted": to_say_of("target in short", "missed, accepted"),
    "cannot tell": to_say_of("target in short", "cannot tell"),
    TOO_FEW: to_say_of("target in short", "too few rated"),
    NO_DATA: to_say_of("target in short", "no data"),
    NO_VERDICT: to_say_of("target in short", "no verdict"),
    NO_TARGET: to_say_of("target in short", "no target"),
}
_TARGETS: Final = {
    "green": to_say("green {limit}"),
    "yellow": to_say("yellow {limit}"),
    "red": to_say("red {limit}"),
    "net": to_say("net score {limit}"),
}


@dataclass(frozen=True)
class ShownRow:
    """A criterion as it is shown.

    Attributes:
        title: What people call it, after its process where there are several.
        share: The share in words, and what stands below it: interval, number rated.
        verdict: The code of the verdict, which decides about a colour.
        sign: The sign of the verdict.
        word: The verdict in a word or two.
        targets: Each target with the sign of its own verdict.
        change: The change in a word or two.
        detail: What the change rests on.
        course: The green shares of the newest periods, 0 to 1; NaN where nothing is rated.
        is_worse: Whether it got worse for sure.
    """

    title: str
    share: tuple[str, ...]
    verdict: str
    sign: str
    word: str
    targets: tuple[str, ...]
    change: str
    detail: str
    course: tuple[float, ...]
    is_worse: bool = False


def answer_rows(card: Scorecard, answer: Answer) -> tuple[ShownRow, ...]:
    """The rows of an answer, in its order: the worst first."""
    courses = green_courses(card)
    several = len({line.which.process for line in answer.lines}) > 1
    newest = max((line.period for line in answer.lines), default="")
    return tuple(
        _answer_row(
            line, answer, courses.get(line.which, ()), card.definitions, several=several, is_older=line.period < newest
        )
        for line in answer.lines
    )


def _answer_row(
    line: AnswerLine,
    answer: Answer,
    course: tuple[float, ...],
    definitions: Definitions,
    *,
    several: bool,
    is_older: bool,
) -> ShownRow:
    """The row of a criterion; one that is judged in an older period than others names it."""
    lang = answer.lang
    ends = target_ends(definitions.processes[line.which.process].criteria[line.which.criterion])
    older = [period_words(line.period, lang)] if is_older and line.period else []
    return ShownRow(
        full_title(line.process_title, line.title, several=several),
        (*share_lines(line.green, line.rated, lang, ends["green"]), *older),
        line.verdict,
        verdict_sign(line.verdict),
        verdict_word(line.verdict, lang),
        tuple(f"{verdict_sign(row['verdict'])} {target_words(row, lang)}" for row in line.rows),
        *change_words(line, answer.kind, lang),
        course,
        is_worse=line.is_worse,
    )


def full_title(process: str, criterion: str, *, several: bool) -> str:
    """The title of a criterion, after that of its process where several are shown."""
    return f"{process}: {criterion}" if several else criterion


def share_lines(green: Sequence[float], rated: int, lang: str, ends: Ends) -> tuple[str, ...]:
    """The green share, its interval, the number rated; that there is no data where nothing is rated."""
    if not rated:
        return (share_words(math.nan, lang),)
    share, low, high = green
    interval = interval_words(low, high, lang, ends)
    return share_words(share, lang, ends), interval, say_counted("{count} rated", "{count} rated", rated, lang)


def verdict_sign(code: str) -> str:
    """The sign of a verdict on a target: a tick, a cross, a question mark, a dash."""
    return SIGNS[code]


def verdict_word(code: str, lang: str) -> str:
    """The verdict on a target in a word or two."""
    return say_of("target in short", _SHORT[code], lang)


def target_words(row: Mapping[str, Any], lang: str) -> str:
    """The target of a row of `Checks.table` in words: `green ≥ 75 %`."""
    text = say(_TARGETS[row["zone"]], lang, limit=limit_words(str(row["target"]), lang))
    return f"{text} ({row['where']})" if row["where"] else text


def green_courses(card: Scorecard, by: Sequence[str] = ()) -> dict[tuple[str, ...], tuple[float, ...]]:
    """The green shares in the newest periods of the card, empty ones included.

    Args:
        card: What was counted.
        by: Segments of the card.

    Returns:
        The course of each process, criterion and values of the segments, `""` for a null one.
    """
    shares = card.shares(by=list(by))
    keys = ["process", "criterion", *by]
    named = shares[[*keys, "period"]].astype(object).fillna("").astype(str).to_numpy(dtype=object).tolist()
    found: dict[tuple[str, ...], dict[str, float]] = {}
    for (*key, period), share in zip(named, shares["green_share"].tolist(), strict=True):
        found.setdefault(tuple(key), {})[period] = share
    labels = newest_periods(card)
    return {key: tuple(mine.get(label, math.nan) for label in labels) for key, mine in found.items()}


def newest_periods(card: Scorecard, most: int = NEWEST) -> tuple[str, ...]:
    """The newest periods of a card, empty ones included; a long stretch without data is one empty label."""
    labels = sorted({str(period) for period in card.counts["period"].unique()} - {""})
    return tuple(column.label for column in columns_between(labels, card.provenance.period)[-most:])


def course_span(card: Scorecard, lang: str, most: int = NEWEST) -> str:
    """The periods that a course of at most so many shows, in words."""
    labels = [label for label in newest_periods(card, most) if label]
    return span_words(labels[0], labels[-1], lang) if labels else ""


def judged_period(answer: Answer) -> str:
    """The newest period in which a criterion of an answer is judged, in words; empty where none is."""
    newest = max((line.period for line in answer.lines), default="")
    return period_words(newest, answer.lang) if newest else ""


def not_rated_lines(card: Scorecard, lang: str) -> list[str]:
    """What is not rated in all periods, a line for each criterion that has some."""
    rows = light_table(card, lang).criterion_rows
    return [f"{row.title}: {row.rest_in_words}" for row in rows if any(row.rest.values())]


def response_lines(card: Scorecard, lang: str) -> list[str]:
    """The shares of those asked who answered, over all periods: a line for each criterion that asks."""
    asked = [(row.title, row.total.response) for row in light_table(card).criterion_rows]
    return [f"{title}: {response_text(one.asked, one.answered, lang)}" for title, one in asked if one and one.asked]


def not_judged_lines(card: Scorecard, answer: Answer) -> list[str]:
    """The newer periods that are passed over, and why."""
    return [_passed_over_text(card, row, answer.lang) for row in answer.checks.not_judged_rows()]


def report_notices(card: Scorecard, answer: Answer, notices: Sequence[str]) -> tuple[str, ...]:
    """What else must be seen in a report: targets and periods that are not judged, accepted misses, notices of logs."""
    return (*answer.notes, *not_judged_lines(card, answer), *answer.checks.notes, *notices)


def _passed_over_text(card: Scorecard, row: Mapping[str, Any], lang: str) -> str:
    names = row["criterion"].split(", ") if row["criterion"] else [None]
    titles = ", ".join(card.definitions.title(row["process"], name) for name in names)
    return f"{titles}, {period_words(row['period'], lang)}: {row['reason']}"
