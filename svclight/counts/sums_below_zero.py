"""Sums below 0 in a log of totals: an error that names the fields.

In: what was counted of a process. Out: nothing, or a `LogError`. A difference may be below 0 in a row (a call offered
at 9:29 is answered at 9:31); over a period and segment it may not, else the fields do not belong together.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, Final

import numpy as np

from svclight.counts.count_tables import period_word
from svclight.definition.names_used import differences_of, field_of, parts_of
from svclight.errors import LogError, quoted_text

if TYPE_CHECKING:
    from collections.abc import Iterator

    from svclight.counts.count_tables import Counts, Tallied, Tally
    from svclight.definition.models import Log
    from svclight.errors import Issue
    from svclight.processes import Definitions

_SHOWN: Final = 3


def check_sums(tallied: Tallied, definitions: Definitions) -> None:
    """Refuses counts of totals that are below 0 in a period and segment.

    Raises:
        LogError: A field that takes one number from another adds up to less than 0, or what a rule leaves out does.
    """
    issues = [issue for name in tallied.criteria for issue in _issues(tallied, name, definitions)]
    if issues:
        raise LogError(issues)


def _issues(tallied: Tallied, name: str, definitions: Definitions) -> Iterator[Issue]:
    tally: Tally = tallied.criteria[name]
    if tally.differences is None:
        return
    process = definitions.processes[tallied.process_id]
    criterion: Any = process.criteria[name]
    path = ("processes", tallied.process_id, "criteria", name, "measure", "totals")
    fields, log = differences_of(criterion, process.log), process.log
    below = {fields[code]: places for code, places in _below(tally.differences)}
    for field, places in below.items():
        yield definitions.issue(
            (*path, criterion.measure.totals.states[field]),
            f"{quoted_text(field)} adds up to less than 0: {_formula(field, log)}",
            found=_in_groups(tallied, tally.differences, places),
            expected=f"0 or more in each {tallied.kind}{' and segment' if tallied.segments else ''}",
            hint="do the fields stand the right way round? "
            "What falls into the row after it evens out over longer periods and without segments",
        )
    for code, places in () if below else _below(tally.outcomes):
        state, reason = tally.pairs[code]
        yield definitions.issue(
            path,
            f"what is {state.replace('_', ' ')} ({reason}) adds up to less than 0",
            found=_in_groups(tallied, tally.outcomes, places),
            expected=f"0 or more in each {tallied.kind}{' and segment' if tallied.segments else ''}",
            hint="; ".join(f"{field} is {_formula(field, log)}" for field in fields),
        )


def _below(counts: Counts) -> Iterator[tuple[int, Any]]:
    """Each code that is below 0 somewhere, and where."""
    places = np.flatnonzero(counts.count < 0)
    for code in np.unique(counts.codes[places]):
        yield int(code), places[counts.codes[places] == code]


def _in_groups(tallied: Tallied, counts: Counts, places: Any) -> str:
    """The sums in their periods and segments; of many the first."""
    shown = [f"{counts.count[place]:,} in {_group(tallied, counts, int(place))}" for place in places[:_SHOWN]]
    more = len(places) - len(shown)
    return ", ".join(shown) + (f" and in {more:,} more" if more else "")


def _group(tallied: Tallied, counts: Counts, place: int) -> str:
    words = [
        f"{name} {column.words[column.codes[place]] or 'missing'}"
        for name, column in zip(tallied.segments, counts.segments, strict=True)
    ]
    period = period_word(int(counts.periods[place]), tallied.kind) or "rows without a time"
    return f"{period} ({', '.join(words)})" if words else period


def _formula(name: str, log: Log | None) -> str:
    """What a field is put together of: `offered less in_time`."""
    spec = None if log is None else field_of(name, log)
    parts = () if spec is None else parts_of(name, spec)
    if spec is None or not parts:
        return name
    said = [f"({_formula(part, log)})" if " " in _formula(part, log) else part for part in parts]
    return " and ".join(said) if spec.sum else f"{said[0]} less {' and '.join(said[1:])}"
