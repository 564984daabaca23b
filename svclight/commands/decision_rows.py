"""The sentence and the rows of a plan and of a comparison, as a terminal shows them.

In: a card and what was found in it. Out: a sentence, and `ShownRow` as an answer has them. Nothing is escaped for any
format.
"""

from __future__ import annotations

import math
from collections import Counter
from functools import cache
from typing import TYPE_CHECKING, Any, Final

from svclight.counts.tidy_tables import ids_of, records_of
from svclight.decisions import verdicts
from svclight.pages import answer_words
from svclight.pages.answer_lines import NO_TARGET
from svclight.pages.answer_rows import (
    ShownRow,
    full_title,
    green_courses,
    share_lines,
    target_words,
    verdict_sign,
    verdict_word,
)
from svclight.planning.damage import MORE
from svclight.planning.damage import NO_TARGET as WITHOUT_TARGET
from svclight.values.clocks import period_number
from svclight.wording.catalogue import say, say_counted, say_of, to_say_of
from svclight.wording.languages import (
    decimal_sign,
    interval_words,
    period_words,
    points_interval_words,
    points_words,
    share_words,
    whole_number,
)
from svclight.wording.shares import number_text, target_ends

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping, Sequence

    from svclight.decisions.compare import Comparison
    from svclight.definition.criterion_id import CriterionId
    from svclight.planning.plan import Priorities
    from svclight.processes import Definitions
    from svclight.scorecard import Scorecard

MOST_LINES: Final = 10
_SIGNS: Final = {verdicts.BETTER: "▲", verdicts.WORSE: "▼", verdicts.MIXED: "▼", verdicts.NO_DIFFERENCE: "="}
_CHANGES: Final = {
    verdicts.BETTER: to_say_of("change in short", "better"),
    verdicts.WORSE: to_say_of("change in short", "worse"),
    verdicts.MIXED: to_say_of("change in short", "more green and more red"),
    verdicts.NO_DIFFERENCE: to_say_of("change in short", "only chance"),
    "too few": to_say_of("change in short", "too few rated"),
    "no verdict": to_say_of("change in short", "no verdict"),
    "no data": to_say_of("change in short", "no data"),
}


def plan_sentence(priorities: Priorities, definitions: Definitions, lang: str) -> str:
    """What to mend first, with its name."""
    name = answer_words.names(lang)[2]
    return f"{name}: {answer_words.mend_sentence(priorities, (), definitions, lang).text}"


def plan_rows(card: Scorecard, priorities: Priorities, lang: str) -> tuple[ShownRow, ...]:
    """The first lines of a plan."""
    table = priorities.table.iloc[:MOST_LINES]
    course = _course_finder(card)
    return tuple(
        _plan_row(place, row, which, priorities, course, lang)
        for place, (row, which) in enumerate(zip(records_of(table), ids_of(table), strict=True), 1)
    )


def _plan_row(
    place: int,
    row: Mapping[str, Any],
    which: CriterionId,
    priorities: Priorities,
    course: Callable[..., tuple[float, ...]],
    lang: str,
) -> ShownRow:
    verdict = NO_TARGET if row["verdict"] == WITHOUT_TARGET else str(row["verdict"])
    change, detail = _too_many(row, lang)
    return ShownRow(
        f"{place}. {answer_words.plan_title(row, priorities, which)}",
        _zone_share_lines(row, priorities, which, lang),
        verdict,
        verdict_sign(verdict),
        verdict_word(verdict, lang),
        (target_words({**row, "where": ""}, lang),) if row["target"] else (),
        change,
        detail,
        course(which, _segments(row, priorities.by)),
    )


def _segments(row: Mapping[str, Any], by: Sequence[str]) -> tuple[tuple[str, str], ...]:
    """The segments of a row with their values, without null ones."""
    return tuple((name, str(row[name])) for name in by if row[name] is not None and row[name] == row[name])


def _course_finder(card: Scorecard) -> Callable[..., tuple[float, ...]]:
    """A function that finds the course of a criterion in some segments; the shares are added up once for each split."""

    @cache
    def courses(names: tuple[str, ...]) -> dict[tuple[str, ...], tuple[float, ...]]:
        return green_courses(card, names)

    def find(which: CriterionId, segments: Sequence[tuple[str, str]]) -> tuple[float, ...]:
        names = tuple(name for name, _ in segments)
        if any(name not in card.by for name in names):
            return ()
        return courses(names).get((*which, *(value for _, value in segments)), ())

    return find


def _zone_share_lines(row: Mapping[str, Any], priorities: Priorities, which: CriterionId, lang: str) -> tuple[str, ...]:
    """The share of the zone that a line of a plan is about, its interval, and the number rated."""
    zone, ends = row["zone"], priorities.targets.get(which, {}).get(row["zone"], ())
    numbers = (row["share"], row["low"], row["high"])
    if zone == "net":
        share, low, high = (decimal_sign(number_text(number, ends, signed=True), lang) for number in numbers)
        said, interval = say("net score {share}", lang, share=share), say("{low} to {high}", lang, low=low, high=high)
    else:
        said, interval = share_words(row["share"], lang, ends), interval_words(row["low"], row["high"], lang, ends)
        said = _of_zone(said, zone, lang)
    return said, interval, say_counted("{count} rated", "{count} rated", int(row["rated"]), lang)


def _of_zone(share: str, zone: str, lang: str) -> str:
    """A share with its zone: `84.9 % green`."""
    match zone:
        case "green":
            return say("{share} green", lang, share=share)
        case "yellow":
            return say("{share} yellow", lang, share=share)
        case _:
            return say("{share} red", lang, share=share)


def _too_many(row: Mapping[str, Any], lang: str) -> tuple[str, str]:
    """How many are beyond the target for sure and as seen, and their part of all damage."""
    seen, sure = max(math.floor(round(row["above"], 6)), 1), int(row["sure"])
    of_all = say("{share} of all damage", lang, share=share_words(row["damage_share"], lang))
    if not row["target"]:
        return say_counted("{count} red", "{count} reds", seen, lang), of_all
    if row["side"] == MORE:
        many = say_counted("{count} too few for sure", "{count} too few for sure", sure, lang)
    else:
        many = say_counted("{count} too many for sure", "{count} too many for sure", sure, lang)
    return many, say("{seen} seen; {part}", lang, seen=whole_number(seen, lang), part=of_all)


def comparison_heading(made: Comparison, lang: str) -> str:
    """What changed, over all criteria: `Nov 2025 → Dec 2025: 1 of 5 is worse for sure, 4 show only chance`."""
    found = Counter(_plain_verdict(code) for code in made.verdicts["verdict"])
    parts = list(_counted_changes(found, lang))
    text = ", ".join(parts) if parts else say("nothing could be compared", lang)
    return f"{_side_words(made.before, lang)} \N{RIGHTWARDS ARROW} {_side_words(made.after, lang)}: {text}"


def _counted_changes(found: Counter[tuple[str, bool]], lang: str) -> list[str]:
    """How many criteria changed in which way."""
    worse, maybe = (found[verdicts.WORSE, sure] + found[verdicts.MIXED, sure] for sure in (True, False))
    better, perhaps = (found[verdicts.BETTER, sure] for sure in (True, False))
    same = found[verdicts.NO_DIFFERENCE, True]
    rest = found.total() - worse - maybe - better - perhaps - same
    if same and same == found.total():
        return [say("nothing changed by more than chance", lang)]
    told = (
        (worse, say_counted("{count} is worse for sure", "{count} are worse for sure", worse, lang)),
        (maybe, say_counted("{count} is perhaps worse", "{count} are perhaps worse", maybe, lang)),
        (better, say_counted("{count} is better for sure", "{count} are better for sure", better, lang)),
        (perhaps, say_counted("{count} is perhaps better", "{count} are perhaps better", perhaps, lang)),
        (same, say_counted("{count} shows only chance", "{count} show only chance", same, lang)),
        (rest, say_counted("{count} cannot be told", "{count} cannot be told", rest, lang)),
    )
    return [text for count, text in told if count]


def _plain_verdict(code: str) -> tuple[str, bool]:
    """The verdict of a comparison without what weakens it, and whether it is sure."""
    said, _, _ = code.removeprefix("likely ").partition(", if ")
    return said, not code.startswith("likely ")


def _side_words(side: str, lang: str) -> str:
    """A side of a comparison; a single period as people write it."""
    return period_words(side, lang) if period_number(side) else side


def comparison_rows(card: Scorecard, made: Comparison, lang: str) -> tuple[ShownRow, ...]:
    """The criteria of a comparison, those that got worse first."""
    course = _course_finder(card)
    names = [str(name) for name in made.verdicts.columns]
    by = names[2 : names.index("verdict")]
    greens = [row for row in records_of(made.table) if row["zone"] == "green"]
    several = made.verdicts["process"].nunique() > 1
    rows = [
        _comparison_row(row, which, card.definitions, by, course, lang=lang, several=several)
        for row, which in zip(greens, ids_of(made.verdicts), strict=True)
    ]
    order = [verdicts.WORSE, verdicts.MIXED, verdicts.BETTER]
    return tuple(sorted(rows, key=lambda row: order.index(row.verdict) if row.verdict in order else len(order)))


def _comparison_row(
    row: Mapping[str, Any],
    which: CriterionId,
    definitions: Definitions,
    by: Sequence[str],
    course: Callable[..., tuple[float, ...]],
    *,
    lang: str,
    several: bool,
) -> ShownRow:
    verdict, is_sure = _plain_verdict(str(row["verdict"]))
    word = say_of("change in short", _CHANGES[verdict], lang)
    title, ends = _criterion_title(which, definitions)
    segments = _segments(row, by)
    green = (row["share_after"], math.nan, math.nan)
    share = share_lines(green, int(row["rated_after"]), lang, ends)
    before = [say("before: {share}", lang, share=share_words(row["share_before"], lang, ends))]
    told = not math.isnan(row["difference"])
    return ShownRow(
        ", ".join([full_title(definitions.title(which.process), title, several=several), *(v for _, v in segments)]),
        (share[0], *before, *share[2:]),
        verdict,
        _SIGNS.get(verdict, "?"),
        word if is_sure else say("perhaps {verdict}", lang, verdict=word),
        (),
        points_words(row["difference"], lang) if told else "",
        say("95 %: {interval}", lang, interval=points_interval_words(row["low"], row["high"], lang)) if told else "",
        course(which, segments),
        is_worse=verdict in {verdicts.WORSE, verdicts.MIXED} and is_sure,
    )


def _criterion_title(which: CriterionId, definitions: Definitions) -> tuple[str, Any]:
    """The title of a criterion and the ends of its targets for green; of a heading those of its first part."""
    for process, name, criterion in definitions.criteria():
        if name == which.criterion and (
            process == which.process or name not in definitions.processes[which.process].criteria
        ):
            return definitions.title(process, name), target_ends(criterion)["green"]
    return which.criterion, ()
