"""Verdicts on a share that is known up to its interval, beside a target or a stored month.

In: a limit, a zone, the ends of an interval (0 to 1; a net score in percentage points). Out: one of a few words: met,
missed, cannot tell, too few, no data, accepted, no verdict; worse than the stored month. They are codes of tables, in
English; `verdict_words` says them in the language of the reader.
"""

from __future__ import annotations

import re
from typing import Final

import numpy as np

from svclight.thresholds import Interval
from svclight.wording.catalogue import say, say_of, to_say_of
from svclight.wording.languages import periods_named

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
