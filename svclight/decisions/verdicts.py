"""Verdicts on a share that is known up to its interval, beside a target or a stored month.

In: a limit, a zone, the ends of an interval (0 to 1; a net score in percentage points). Out: one of a few words: met,
missed, cannot tell, too few, no data, accepted, no verdict; worse than the stored month. They are codes of tables, in
English; `verdict_words` says them in the language of the reader, `targets_heading` all of them together.
"""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, Final

import numpy as np

from svclight.thresholds import Interval
from svclight.wording.catalogue import say, say_counted, say_of, to_say_of
from svclight.wording.languages import periods_named, whole_number

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Mapping

MET: Final = to_say_of("verdict", "met")
MISSED: Final = to_say_of("verdict", "missed")
CANNOT_TELL: Final = to_say_of("verdict", "cannot tell")
TOO_FEW: Final = to_say_of("verdict", "too few")
NO_DATA: Final = to_say_of("verdict", "no data")
ACCEPTED: Final = to_say_of("verdict", "accepted")
NO_VERDICT: Final = to_say_of("verdict", "no verdict")
WARN: Final = to_say_of("verdict", "warn")
"""Of the budget of a running period, which is used up to the `warn_at` of its target."""
NOT_JUDGED: Final = to_say_of("verdict", "not judged")
"""Of a period that is passed over: it is no verdict, and changes no exit code."""
VERDICTS: Final = (MET, MISSED, ACCEPTED, CANNOT_TELL, TOO_FEW, NO_DATA, NO_VERDICT)
WORSE: Final = to_say_of("verdict", "worse")
"""Of a month that is held against another one."""
BETTER: Final = to_say_of("verdict", "better")
MIXED: Final = to_say_of("verdict", "mixed")
NO_DIFFERENCE: Final = to_say_of("verdict", "no difference that the data can show")
SIGNS: Final = {
    MET: "\N{CHECK MARK}", MISSED: "\N{MULTIPLICATION X}", ACCEPTED: "\N{MULTIPLICATION X}", CANNOT_TELL: "?",
    TOO_FEW: "?", NO_DATA: "?", NO_VERDICT: "?", "": "\N{EN DASH}",
}  # fmt: skip
"""Of verdicts on targets; without a target it is a dash."""
_WORST_FIRST: Final = (MISSED, CANNOT_TELL, TOO_FEW, NO_DATA)
_WEAK: Final = re.compile(r"likely (.+), if (\w+)s vary by chance alone")


def weaker_verdict(verdict: str, kind: str) -> str:
    """A verdict where it is not known by how much periods of a kind vary on their own."""
    return f"likely {verdict}, if {kind}s vary by chance alone" if verdict in {BETTER, WORSE, MIXED} else verdict


def verdict_words(code: str, lang: str) -> str:
    """A verdict of a table in a language.

    Examples:
        >>> from svclight.decisions.verdicts import verdict_words
        >>> verdict_words("cannot tell", "en"), verdict_words("missed", "ru")
        ('cannot tell', 'не достигнуто')
    """
    weak = _WEAK.fullmatch(code)
    if weak is None:
        return say_of("verdict", code, lang)
    periods = periods_named(weak[2], lang)
    return say(
        "likely {verdict}, if {periods} vary by chance alone",
        lang,
        verdict=say_of("verdict", weak[1], lang),
        periods=periods,
    )


def targets_heading(targets: Mapping[str, int], *, is_rated: bool, lang: str) -> str:
    """The verdict on all targets: `2 of 4 targets are met, 1 is missed, 1 cannot be told`."""
    total = sum(targets.values())
    if not is_rated:
        return say("Nothing is rated: there is nothing to judge", lang)
    if not total:
        return say("No target is declared: there is nothing to judge", lang)
    if total == 1:
        return _only_target(next(iter(targets)), lang)
    if targets.get(MET, 0) == total:
        return say("All {count} targets are met", lang, count=whole_number(total, lang))
    first = say_counted(
        "{count} of {total} targets is met", "{count} of {total} targets are met", targets.get(MET, 0), lang,
        total=whole_number(total, lang),
    )  # fmt: skip
    return ", ".join([first, *_other_counts(targets, lang)])


def _only_target(verdict: str, lang: str) -> str:
    match verdict:
        case "met":
            return say("The only target is met", lang)
        case "missed":
            return say("The only target is missed", lang)
        case "accepted":
            return say("The only target is missed, which is accepted", lang)
        case "cannot tell":
            return say("Whether the only target is met cannot be told", lang)
        case "too few":
            return say("Too few are rated to judge the only target", lang)
        case _:
            return say("The only target has no period to judge", lang)


def _other_counts(targets: Mapping[str, int], lang: str) -> Iterator[str]:
    """How many targets are not met, by what is said of them."""
    missed, accepted, unsure = (targets.get(one, 0) for one in (MISSED, ACCEPTED, CANNOT_TELL))
    few, none = targets.get(TOO_FEW, 0), targets.get(NO_DATA, 0) + targets.get(NO_VERDICT, 0)
    if missed:
        yield say_counted("{count} is missed", "{count} are missed", missed, lang)
    if accepted:
        yield say_counted("{count} miss is accepted", "{count} misses are accepted", accepted, lang)
    if unsure:
        yield say_counted("{count} cannot be told", "{count} cannot be told", unsure, lang)
    if few:
        yield say_counted("{count} has too few rated", "{count} have too few rated", few, lang)
    if none:
        yield say_counted("{count} has nothing to judge", "{count} have nothing to judge", none, lang)


def worst_verdict(found: Iterable[str]) -> str:
    """The worst of some verdicts; empty without any."""
    there = set(found)
    worst = [verdict for verdict in (*_WORST_FIRST, *VERDICTS) if verdict in there]
    return worst[0] if worst else ""


def verdicts_failing(*, strict: bool) -> frozenset[str]:
    """The verdicts that fail a check: missed and worse; with `strict` also those that cannot tell, and warnings."""
    more = {CANNOT_TELL, TOO_FEW, NO_DATA, WARN} if strict else set()
    return frozenset({MISSED, WORSE, *more})


def verdict_on(limit: Interval, zone: str, low: float, high: float) -> str:
    """The verdict on a share: met or missed where its whole interval is on one side of the limit, else cannot tell.

    Args:
        limit: The target, in percent or, for `net`, in percentage points.
        zone: The zone of the share, or `net`.
        low: The lower end of the share's interval, 0 to 1; a net score in percentage points.
        high: The upper end.
    """
    scale = 1 if zone == "net" else 100
    ends = np.array([low, high]) * scale
    if limit.holds(ends).all():
        return MET
    beyond = limit.lies_below(ends[:1]).all() or _lies_above(limit, ends[1:])
    return MISSED if beyond else CANNOT_TELL


def _lies_above(limit: Interval, values: np.ndarray[tuple[int, ...], np.dtype[np.float64]]) -> bool:
    """Whether all values lie short of the lower end."""
    if limit.low is None:
        return False
    return not Interval(low=limit.low, low_open=limit.low_open).holds(values).any()
