"""The answer in words: a heading for all targets, and a sentence each for what is good, worse and to mend.

In: lines of an answer, a plan. Out: `Sentence`: text, not escaped for any format, and the criteria that it names.
"""

from __future__ import annotations

import math
from dataclasses import dataclass
from fractions import Fraction
from typing import TYPE_CHECKING, Any, Final

from svclight.counts.tidy_tables import ids_of, records_of
from svclight.decisions import verdicts
from svclight.decisions.verdicts import MET
from svclight.planning.damage import MORE
from svclight.processes import criterion_at, full_title
from svclight.wording.catalogue import say, say_counted
from svclight.wording.languages import decimal_sign, period_words, points_words, share_words, whole_number
from svclight.wording.phrases import criterion_title, title_of_name
from svclight.wording.result_words import upper_first
from svclight.wording.shares import percent_number, target_ends

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from svclight.definition.criterion_id import CriterionId
    from svclight.pages.answer_lines import AnswerLine
    from svclight.pages.standing_out import StandingOut
    from svclight.planning.plan import Priorities
    from svclight.processes import Definitions

_MOST_NAMED: Final = 3
_PERCENT: Final = 100


@dataclass(frozen=True)
class Sentence:
    """A sentence, and the first criterion that it names; None where it names none."""

    text: str
    of: CriterionId | None = None


def names(lang: str) -> tuple[str, str, str]:
    """What the three sentences are called."""
    return say("Good", lang), say("Worse for sure", lang), say("Mend first", lang)


def good_sentence(lines: Sequence[AnswerLine], definitions: Definitions, lang: str) -> Sentence:
    """What is good: what got better for sure, else the target that is met by most."""
    rated = [line for line in lines if line.rated]
    if not rated:
        return Sentence(say("Nothing is rated.", lang))
    better = [line for line in lines if line.change.verdict == verdicts.BETTER and line.change.certainty == "sure"]
    if better:
        return _moves(better, say("Nothing else is better for sure.", lang), lang)
    met = [(_margin(line, definitions), line) for line in lines if line.verdict == MET]
    over = [(margin, line) for margin, line in met if margin is not None]
    if over:
        margin, line = max(over, key=lambda pair: pair[0])
        share = _share(line, definitions, lang)
        text = say(
            "{title} is {share} green, {points} over its target.",
            lang,
            title=line.title,
            share=share,
            points=_points(margin, lang),
        )
        return Sentence(text, line.which)
    if met:
        line = met[0][1]
        return Sentence(say("{title} meets its target.", lang, title=line.title), line.which)
    if any(line.rows for line in lines):
        return Sentence(say("No target is met for sure.", lang))
    best = max(rated, key=lambda line: line.green[0])
    share = _share(best, definitions, lang)
    return Sentence(
        say("{title} is {share} green; no target says whether that is enough.", lang, title=best.title, share=share),
        best.which,
    )


def _margin(line: AnswerLine, definitions: Definitions) -> float | None:
    """By how much the green share is over its own target, 0 to 1; None without such a target."""
    criterion = definitions.processes[line.which.process].criteria[line.which.criterion]
    lows = [
        float(target.green.low.amount) / _PERCENT
        for target in criterion.targets
        if target.where is None and target.green is not None and target.green.low is not None
    ]
    return line.green[0] - max(lows) if lows and line.rated else None


def _share(line: AnswerLine, definitions: Definitions, lang: str) -> str:
    criterion = definitions.processes[line.which.process].criteria[line.which.criterion]
    return share_words(line.green[0], lang, target_ends(criterion)["green"])


def _points(difference: float, lang: str) -> str:
    return points_words(difference, lang).lstrip("+")


def worse_sentence(lines: Sequence[AnswerLine], lang: str) -> Sentence:
    """What got worse for sure: at most three criteria by name, and that nothing else did."""
    sure = [line for line in lines if line.is_worse]
    if sure:
        return _moves(sorted(sure, key=lambda line: line.change.difference[0]), _nothing_else(lang), lang, worse=True)
    likely = [line for line in lines if line.change.verdict in {verdicts.WORSE, verdicts.MIXED}]
    if likely:
        found = _moves(likely, say("It takes four earlier periods to be sure.", lang), lang, worse=True)
        return Sentence(say("Perhaps: {text}", lang, text=found.text), found.of)
    if not any(line.change.verdict for line in lines):
        if any(line.change.before for line in lines):
            return Sentence(say("Too few are rated to compare with earlier periods.", lang))
        return Sentence(say("There is no earlier period to compare with.", lang))
    charted = [line for line in lines if line.change.since]
    if charted:
        return _by_charts(charted, lang)
    return Sentence(say("Nothing changed by more than chance.", lang))


def _nothing_else(lang: str) -> str:
    return say("Nothing else changed by more than chance.", lang)


def _by_charts(lines: Sequence[AnswerLine], lang: str) -> Sentence:
    """That nothing is worse for sure, though control charts show a signal."""
    titles = _listed([line.title for line in lines], lang)
    text = say(
        "Nothing changed by more than chance; the control chart of {titles} shows a signal to the worse.",
        lang,
        titles=titles,
    )
    return Sentence(text, lines[0].which)


def _moves(lines: Sequence[AnswerLine], rest: str, lang: str, *, worse: bool = False) -> Sentence:
    """The changes of some criteria, the largest first, and what is said of the rest."""
    said = [move_text(line, lang, worse=worse) for line in lines[:_MOST_NAMED]]
    more = len(lines) - _MOST_NAMED
    if more > 0:
        said.append(say_counted("{count} more criterion", "{count} more criteria", more, lang))
        return Sentence(upper_first("; ".join(said)) + ".", lines[0].which)
    return Sentence(f"{upper_first('; '.join(said))}. {rest}".strip(), lines[0].which)


def move_text(line: AnswerLine, lang: str, *, worse: bool) -> str:
    """The move of the zone that moved most in one direction: `Hold fell from 74.0 to 57.1 % green`."""
    zone, before, after = _told_move(line, worse=worse)
    first, second = (decimal_sign(percent_number(share), lang) for share in (before, after))
    values = {"title": line.title, "first": first, "second": second}
    if zone == "green":
        if after < before:
            return say("{title} fell from {first} to {second} % green", lang, **values)
        return say("{title} rose from {first} to {second} % green", lang, **values)
    if after > before:
        return say("{title} rose from {first} to {second} % red", lang, **values)
    return say("{title} fell from {first} to {second} % red", lang, **values)


def _told_move(line: AnswerLine, *, worse: bool) -> tuple[str, float, float]:
    """Green where it moved in the direction that is told, and else red."""
    green, red = line.change.shares
    moved = green[2] - green[1]
    if (moved < 0) == worse and moved and abs(moved) >= abs(red[2] - red[1]) / 2:
        return green
    return red


def mend_sentence(
    priorities: Priorities, outliers: Sequence[StandingOut], definitions: Definitions, lang: str
) -> Sentence:
    """What to mend first: the first line of the plan, and who stands out where that is somebody else."""
    first = _plan_sentence(priorities, lang)
    if not outliers or any(one.which == first.of and f", {one.name}" in first.text for one in outliers):
        return first
    outlier = outliers[0]
    named = {
        "name": outlier.name,
        "title": criterion_title(outlier.which.criterion, criterion_at(definitions, outlier.which)),
        "share": share_words(outlier.share, lang),
        "whole": share_words(outlier.whole, lang),
    }
    said = say("{name} stands out in {title}: {share} red, {whole} in all.", lang, **named)
    return Sentence(f"{first.text} {said}", first.of or outlier.which)


def _plan_sentence(priorities: Priorities, lang: str) -> Sentence:
    """The first line of the plan in words."""
    if not len(priorities.table):
        return Sentence(
            say("Nothing that is judged lies beyond its target.", lang)
            if priorities.tested
            else say("Nothing could be judged.", lang)
        )
    row = records_of(priorities.table.iloc[:1])[0]
    which = ids_of(priorities.table.iloc[:1])[0]
    title = plan_title(row, priorities, which)
    seen, sure = math.floor(round(row["above"], 6)), int(row["sure"])
    values = {"title": title, "seen": whole_number(max(seen, 1), lang)}
    if not row["target"]:
        return Sentence(
            say_counted(
                "{title}: {count} red, without a target.",
                "{title}: {count} reds, without a target.",
                max(seen, 1),
                lang,
                title=title,
            ),
            which,
        )
    if not sure:
        return Sentence(
            say("Nothing is beyond its target for sure; most is seen in {title}.", lang, title=title), which
        )
    return Sentence(_sure_text(row, sure, values, lang), which)


def _sure_text(row: Mapping[str, Any], sure: int, values: Mapping[str, str], lang: str) -> str:
    """How many are too many, or too few, for sure and as seen."""
    if row["side"] == MORE:
        return say_counted(
            "{title}: at least {count} green too few ({seen} seen).",
            "{title}: at least {count} greens too few ({seen} seen).", sure, lang, **values,
        )  # fmt: skip
    if row["zone"] == "yellow":
        return say_counted(
            "{title}: at least {count} yellow too many ({seen} seen).",
            "{title}: at least {count} yellows too many ({seen} seen).", sure, lang, **values,
        )  # fmt: skip
    return say_counted(
        "{title}: at least {count} red too many ({seen} seen).",
        "{title}: at least {count} reds too many ({seen} seen).", sure, lang, **values,
    )  # fmt: skip


def plan_title(row: Mapping[str, Any], priorities: Priorities, which: CriterionId) -> str:
    """The criterion of a line of the plan and its segments: `Waiting, West`."""
    segments = [str(row[name]) for name in priorities.by if row[name] is not None and row[name] == row[name]]
    title = priorities.titles[which]
    return ", ".join([title if title != which.criterion else title_of_name(title), *segments])


def unjudged_note(which: CriterionId, where: str, definitions: Definitions, lang: str) -> str:
    """That a target for a segment is not judged, and what to do."""
    values = {"title": full_title(definitions, which), "where": where}
    return say("{title}: the target for {where} is not judged, as the card is not split so", lang, **values)


def change_words(line: AnswerLine, kind: str, lang: str) -> tuple[str, str]:
    """The change of a criterion in two parts: a verdict in a word or two, and what it rests on."""
    change = line.change
    if not change.verdict:
        said = say("too few rated to compare", lang) if change.before else say("no comparison", lang)
        return said, _charted_words(line, lang)
    said = _change_verdict(line, lang)
    green = change.shares[0]
    against = _against(change.before, kind, lang)
    points = points_words(Fraction(f"{green[2] - green[1]:.12f}"), lang)
    detail = say("{points} on {against}", lang, points=points, against=against)
    more = _charted_words(line, lang)
    return said, f"{detail}; {more}" if more else detail


def _change_verdict(line: AnswerLine, lang: str) -> str:
    sure = line.change.certainty == "sure"
    match line.change.verdict:
        case "worse":
            return say("worse for sure", lang) if sure else say("perhaps worse", lang)
        case "better":
            return say("better for sure", lang) if sure else say("perhaps better", lang)
        case "mixed":
            return say("fewer yellow: more green and more red", lang)
        case _:
            return say("only chance", lang)


def _against(before: int, kind: str, lang: str) -> str:
    """The periods before: `the 12 months before`."""
    if before == 1:
        return say("the period before", lang)
    match kind:
        case "month":
            return say_counted("the {count} month before", "the {count} months before", before, lang)
        case "week":
            return say_counted("the {count} week before", "the {count} weeks before", before, lang)
        case "day":
            return say_counted("the {count} day before", "the {count} days before", before, lang)
        case "quarter":
            return say_counted("the {count} quarter before", "the {count} quarters before", before, lang)
        case _:
            return say_counted("the {count} year before", "the {count} years before", before, lang)


def _charted_words(line: AnswerLine, lang: str) -> str:
    """The newest signal to the worse of the control chart."""
    change = line.change
    if not change.since:
        return ""
    since = period_words(change.since, lang)
    if change.last != line.period:
        return say("low from {first} to {last}", lang, first=since, last=period_words(change.last, lang))
    match change.rule:
        case "outside":
            return say("outside its limits since {since}", lang, since=since)
        case "7 rising or falling":
            return say_counted(
                "falling for {count} point, since {since}",
                "falling for {count} points, since {since}",
                change.points,
                lang,
                since=since,
            )
        case _:
            return say("low since {since}", lang, since=since)


def _listed(texts: Sequence[str], lang: str) -> str:
    """Names in a row, `A, B and 2 more`."""
    shown = list(texts[:_MOST_NAMED])
    more = len(texts) - len(shown)
    if more:
        return say("{names} and {count} more", lang, names=", ".join(shown), count=whole_number(more, lang))
    if len(shown) == 1:
        return shown[0]
    return say("{names} and {last}", lang, names=", ".join(shown[:-1]), last=shown[-1])
