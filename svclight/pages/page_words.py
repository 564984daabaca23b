"""The words of the page: findings over its figures, verdicts, limits, kinds of period.

In: codes and numbers of decisions. Out: plain text in the language of the reader, not escaped for any format.
"""

from __future__ import annotations

from fractions import Fraction
from typing import TYPE_CHECKING, Any, Final

from svclight.decisions import control_words, verdicts
from svclight.statistics.shares import wilson_interval
from svclight.wording.catalogue import say, say_counted, say_of, to_say
from svclight.wording.languages import decimal_sign, interval_words, period_words, share_words, whole_number
from svclight.wording.sentence_parts import limit_words
from svclight.wording.shares import number_text, percent_number
from svclight.wording.zone_words import zone_name

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping, Sequence

    from svclight.decisions.check import Checks
    from svclight.pages.answer_lines import AnswerLine, Change

_VERDICTS: Final = {
    verdicts.MET: to_say("Target met"), verdicts.MISSED: to_say("Target missed"),
    verdicts.ACCEPTED: to_say("Missed, which is accepted"), verdicts.CANNOT_TELL: to_say("Cannot tell"),
    verdicts.TOO_FEW: to_say("Too few rated"), verdicts.NO_DATA: to_say("Nothing to judge"),
    verdicts.NO_VERDICT: to_say("No verdict yet"), "": to_say("No target"),
}  # fmt: skip
_BY_KIND: Final = {
    "day": to_say("By day"), "week": to_say("By week"), "month": to_say("By month"),
    "quarter": to_say("By quarter"), "year": to_say("By year"),
}  # fmt: skip
_KINDS: Final = {
    "day": to_say("Day"), "week": to_say("Week"), "month": to_say("Month"), "quarter": to_say("Quarter"),
    "year": to_say("Year"),
}  # fmt: skip
_ADDED_UP: Final = {
    "week": to_say("Shown by week: the days of a week are added up."),
    "month": to_say("Shown by month: what lies in a month is added up."),
    "quarter": to_say("Shown by quarter: the months of a quarter are added up."),
    "year": to_say("Shown by year: what lies in a year is added up."),
}
_MOST_NAMED: Final = 3


def letters_of(lang: str) -> tuple[str, str, str]:
    """The letters of green, yellow and red."""
    return (
        say_of("letter of a zone", "G", lang),
        say_of("letter of a zone", "Y", lang),
        say_of("letter of a zone", "R", lang),
    )


def zone_names(lang: str) -> tuple[str, str, str]:
    """The zones."""
    return zone_name("green", lang), zone_name("yellow", lang), zone_name("red", lang)


def verdict_of(line: AnswerLine, lang: str) -> tuple[str, str]:
    """The sign and the words of a verdict."""
    return verdicts.SIGNS[line.verdict], say(_VERDICTS[line.verdict], lang)


def arrow(change: Change) -> str:
    """The sign of a change of the green share: up, down, or under a tenth of a point; a dash where none is known."""
    difference = change.difference[0]
    if not change.verdict or difference != difference:  # noqa: PLR0124 - not a number
        return "–"
    if abs(difference) < 5e-4:  # noqa: PLR2004 - a tenth of a point is shown
        return "→"
    return "↗" if difference > 0 else "↘"


def targets_text(line: AnswerLine, checks: Checks, lang: str) -> str:
    """The targets of a criterion, `G ≥ 65 %`; of several each with the sign of its own verdict, `✓ G ≥ 65 %`."""
    said = {target_text(row, checks, lang): verdicts.SIGNS[row["verdict"]] for row in line.rows}
    return ", ".join(said if len(said) == 1 else (f"{sign} {text}" for text, sign in said.items()))


def target_text(row: Mapping[str, Any], checks: Checks, lang: str) -> str:
    """The target of a row of verdicts: `G ≥ 65 %`, and for whom it is."""
    letters = dict(zip(("green", "yellow", "red"), letters_of(lang), strict=True)) | {"net": say("net", lang)}
    where = checks.conditions.get(row["where"], row["where"])
    limit = f"{letters[row['zone']]} {limit_words(row['target'], lang)}"
    return f"{limit} ({where})" if where else limit


def by_kind(kind: str, lang: str) -> str:
    """`By month`."""
    return say(_BY_KIND[kind], lang)


def kind_name(kind: str, lang: str) -> str:
    """`Month`."""
    return say(_KINDS[kind], lang)


def added_up(kind: str, lang: str) -> str:
    """That smaller periods are added up to those that are shown."""
    return say(_ADDED_UP[kind], lang)


def percents(counts: Sequence[int], lang: str) -> tuple[str, ...]:
    """The shares of counts in percent, `57.1`; empty where there is nothing."""
    total = sum(counts)
    return tuple(decimal_sign(percent_number(Fraction(count, total)), lang) if total else "" for count in counts)


def net_text(counts: Sequence[int], lang: str) -> str:
    """Green less red in percentage points, `+12.5`; empty where nothing is rated."""
    total = sum(counts)
    if not total:
        return ""
    points = number_text(Fraction(100 * (counts[0] - counts[2]), total), signed=True)
    return decimal_sign(points, lang).replace("-", "−")


def response_text(asked: int, answered: int, lang: str) -> str:
    """The response rate with its interval: `40.0 % of 10 (16.8 to 68.7 %)`."""
    low, high = map(float, wilson_interval(answered, asked))
    share, interval = share_words(Fraction(answered, asked), lang), interval_words(low, high, lang)
    return say("{share} of {count} ({interval})", lang, share=share, count=whole_number(asked, lang), interval=interval)


def counted_name(unit: str, lang: str) -> str:
    """What is counted: interactions, cases, customers."""
    known = {
        "interactions": to_say("Interactions"), "cases": to_say("Cases"), "customers": to_say("Customers"),
    }  # fmt: skip
    return say(known[unit], lang)


def period_tip(name: str, counts: Sequence[int], flags: Iterable[str], lang: str) -> str:
    """What is said of a period: its name, its shares, how many are rated, its flags."""
    shares = " · ".join(
        f"{letter} {share} %" for letter, share in zip(letters_of(lang), percents(counts, lang), strict=True)
    )
    rated = say_counted("{count} rated", "{count} rated", sum(counts), lang)
    return "\n".join([name, *([shares] if sum(counts) else []), rated, *(flag_words(flag, lang) for flag in flags)])


def flag_words(flag: str, lang: str) -> str:
    """A flag of a period."""
    known = {
        "few": to_say("under 30 rated"), "partial": to_say("not all of it is in the log"),
        "immature": to_say("can still change"), "changed": to_say("the service changed in it"),
    }  # fmt: skip
    return say(known[flag], lang) if flag in known else flag


def chart_finding(line: AnswerLine, lang: str) -> str:
    """Whether the green share is changing."""
    since = period_words(line.change.since, lang) if line.change.since else ""
    match line.change.charted:
        case control_words.STEADY:
            return say("Is it changing? No: it moves by chance alone", lang)
        case control_words.WORSE:
            return say("Is it changing? To the worse, since {since}", lang, since=since)
        case control_words.BETTER:
            return say("Is it changing? To the better", lang)
        case control_words.CHANGING:
            return say("Is it changing? Yes, up and down", lang)
        case control_words.TRIAL:
            return say("Is it changing? There are too few periods to be sure", lang)
        case _:
            return say("Is it changing? No limits can be drawn", lang)


def differing_finding(names: Sequence[str], *, judged: int, lang: str) -> str:
    """Who differs from the whole."""
    if not judged:
        return say("Who differs? Too few are rated to tell", lang)
    if not names:
        return say("Who differs? Nobody by more than chance", lang)
    shown = ", ".join(names[:_MOST_NAMED])
    more = len(names) - _MOST_NAMED
    if more > 0:
        return say("Who differs? {names} and {count} more", lang, names=shown, count=whole_number(more, lang))
    return say("Who differs? {names}", lang, names=shown)


def values_finding(period: str, median: str, p90: str, lang: str) -> str:
    """How long, or how much, it is in a period; that is empty where that is not known."""
    if not period:
        return say("How is it spread?", lang)
    values = {"period": period, "median": median, "p90": p90}
    return say("{period}: half take at most {median}, nine of ten at most {p90}", lang, **values)
