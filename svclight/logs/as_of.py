"""The moment from which logs are seen.

In: typed logs. Out: `as_of` where none was given: the newest time in all logs of a call.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import numpy as np

from svclight.definition.conditions import tests_in
from svclight.definition.names_used import due_fields, is_of_numbers, measured_fields, names_used, time_fields
from svclight.errors import Issue, LogError, SvclightError, quoted_text
from svclight.logs.log import in_parts
from svclight.values import clocks
from svclight.values.clocks import DAY, NANO, NAT

if TYPE_CHECKING:
    from numpy.typing import NDArray

    from svclight.definition.models import Process
    from svclight.logs.log import Log, Rows

_PART = 1 << 20
_SEEN_FROM = ("duration", "delay", "repeat", "recency", "frequency", "spend")
"""Measures whose values depend on when they are looked at."""
LONG_AFTER = 31 * DAY * NANO
TOO_LONG_AFTER = 366 * DAY * NANO
"""Where the newest time stands so long after all others, it is no moment from which a log was seen."""


def moments(process: Process) -> list[str]:
    """The names of the times that tell how far a log goes: its anchor and those of criteria, but no promises."""
    names = dict(time_fields(process))
    log = process.log
    if log is None:
        return []
    used_by_criteria = {
        name for criterion in process.criteria.values() for name in (*measured_fields(criterion, log), criterion.time)
    }
    if log.begins is not None and log.begins not in used_by_criteria:
        names.pop(log.begins, None)
    used = names_used(process)
    kinds = {name: spec.kind for name, spec in (log.fields or {}).items()}
    for criterion in process.criteria.values():
        conditions = [criterion.applies, None if criterion.abandoned is None else criterion.abandoned.where]
        conditions += [row.where for row in criterion.thresholds or ()]
        conditions += [spec.when for name, spec in (log.fields or {}).items() if name in used]
        names |= {test.column: None for one in conditions for test in tests_in(one) if kinds.get(test.column) == "time"}
    due = due_fields(process)
    return [name for name in names if name not in due]


def two_newest(log: Log) -> list[int]:
    """The newest time of a log in nanoseconds, and the newest of a row without one as late; fewer if none is."""

    def find() -> list[int]:
        best: list[int] = []
        for rows in in_parts(log.at(None), _PART):
            best = _two_newest([*best, *_newest_of(rows, moments(log.process))])
        return best

    return log.remember("two newest", find)  # type: ignore[no-any-return]  # it holds what was found


def warning(newest: int, other: int, zone: str) -> str:
    """The warning about a newest time that lies far after all others; empty if it does not.

    Raises:
        LogError: It lies so far after them that nothing can be told from it.
    """
    gap = newest - other
    if gap <= LONG_AFTER:
        return ""
    said = (
        f"as_of is {clocks.show_instant(newest, zone)}, the newest time in the log, {gap // (DAY * NANO):,} days after "
        "the newest earlier time of another row"
    )
    if gap > TOO_LONG_AFTER:
        raise LogError(f"{said}: correct it, or give as_of (--as-of), the moment at which the log was taken")
    return f"{said}: is it a slip? If so, correct it or give as_of"


def _newest_of(rows: Rows, names: list[str]) -> list[int]:
    """The two newest times of different rows, in nanoseconds."""
    first, holders = _newest_but(rows, names, None)
    if first is None:
        return []
    second, _ = _newest_but(rows, names, holders)
    return [first] if second is None else [first, second]


def _newest_but(rows: Rows, names: list[str], but: NDArray[np.bool_] | None) -> tuple[int | None, NDArray[np.bool_]]:
    """The newest time of the rows outside a mask, and the rows that have it.

    Only times close to the newest as written are turned into instants: offsets move a time by less than a day.
    """
    newest: int | None = None
    holders = np.zeros(len(rows), dtype=bool)
    for name in names:
        times = rows.times(name)
        written = times.ticks if but is None else np.where(but, NAT, times.ticks)
        last = int(written.max()) if len(written) else NAT
        if last == NAT:
            continue
        near = np.flatnonzero(written > last - 2 * DAY * times.per_second)
        ticks, per_second, _ = rows.instants(name, near)
        here = int(ticks.max()) * (NANO // per_second)
        if newest is None or here > newest:
            newest, holders = here, np.zeros(len(rows), dtype=bool)
        if here == newest:
            holders[near[ticks == ticks.max()]] = True
    return newest, holders


def _two_newest(values: list[int]) -> list[int]:
    return sorted(set(values), reverse=True)[:2]


def needs_as_of(log: Log) -> bool:
    """Whether results depend on the moment from which the log is seen."""
    measures = [criterion.measure for criterion in log.process.criteria.values()]
    kinds = {one.kind for one in measures if not is_of_numbers(one.delay, log.spec)}
    return log.spec.begins is not None or bool(kinds & set(_SEEN_FROM))


def as_of_instant(as_of: Any, zone: str, name: str = "as_of") -> int:
    """The moment from which a call sees logs, in nanoseconds; `name` is what it is called in messages.

    Raises:
        SvclightError: It is no time.
    """
    try:
        return clocks.read_as_of(as_of, zone)
    except (ValueError, TypeError, AttributeError):
        expected = "ISO 8601 such as 2026-03-31 or 2026-03-31T12:00"
        raise SvclightError(Issue(f"{name} is no time", found=quoted_text(as_of), expected=expected)) from None
