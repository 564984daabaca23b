"""Verdicts on a share that is known up to its interval, beside a target or a stored month.

In: a limit, a zone, the ends of an interval (0 to 1; a net score in percentage points). Out: one of a few words: met,
missed, cannot tell, too few, no data, accepted, no verdict; worse than the stored month.
"""

from __future__ import annotations

from typing import Final

import numpy as np

from svclight.thresholds import Interval

MET: Final = "met"
MISSED: Final = "missed"
CANNOT_TELL: Final = "cannot tell"
TOO_FEW: Final = "too few"
NO_DATA: Final = "no data"
ACCEPTED: Final = "accepted"
NO_VERDICT: Final = "no verdict"
WARN: Final = "warn"
"""Of the budget of a running period, which is used up to the `warn_at` of its target."""
NOT_JUDGED: Final = "not judged"
"""Of a period that is passed over: it is no verdict, and changes no exit code."""
VERDICTS: Final = (MET, MISSED, ACCEPTED, CANNOT_TELL, TOO_FEW, NO_DATA, NO_VERDICT)
WORSE: Final = "worse"
"""Of a month that is held against a stored one."""


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
