"""The rules for logs of totals, whose rows hold counts already: what can be measured in them, and by which fields.

In: a criterion or a log whose single keys are valid, and the `Scope` of the process. Out: a finding for each broken
rule.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from svclight.definition.findings import Finding, Path, Scope, names_at
from svclight.definition.models import Totals
from svclight.errors import quoted_text
from svclight.thresholds import ZONES
from svclight.values.quantities import SECONDS

if TYPE_CHECKING:
    from collections.abc import Iterator

    from svclight.definition.models import Criterion, Log, Measure

COUNTS = ("number", "sum", "difference")
"""The kinds of field that can hold counts."""


def misplaced_findings(measure: Measure, scope: Scope, path: Path) -> Iterator[Finding]:
    """A finding where a measure does not fit what the rows of the log are."""
    here, log = (*path, "measure", measure.kind), scope.log
    if log is None:
        return
    if measure.totals is not None and log.rows != "totals":
        yield Finding(here, "counts stand in a log of totals alone", "`rows: totals` in the log", found="")
    elif log.rows == "totals" and measure.value is not None and "weight" not in scope.names("log"):
        message = "the value of a row of totals needs to know for how many interactions it stands"
        yield Finding(here, message, "a key `weight` in the log: the field that counts them", found="")
    elif log.rows == "totals" and measure.totals is None and measure.value is None:
        message = f"a row of totals is no single interaction: it has no {measure.kind}"
        hint = "name the fields that count: totals: {green: [IN_TIME], red: [LATE]}"
        yield Finding(here, message, "a measure of totals", hint, found="")


def totals_findings(totals: Totals, scope: Scope, path: Path) -> Iterator[Finding]:
    """Findings of a measure of totals: fields that count, each of them once, and some that are rated."""
    if not any(getattr(totals, zone) for zone in ZONES if zone in names_at(scope.raw, *path)):
        yield Finding(
            path, "no field counts satisfied or dissatisfied customers", "one of green, yellow, red", found=""
        )
    seen: dict[str, str] = {}
    for state in Totals.model_fields:
        for index, name in enumerate(getattr(totals, state)):
            here = (*path, state, index)
            yield from scope.type_findings(name, COUNTS, here)
            yield from _unit_findings(name, scope, here)
            if name in seen:
                message = f"{quoted_text(name)} counts as {seen[name]} already"
                yield Finding(here, message, "each number once", found="")
            seen.setdefault(name, state)


def _unit_findings(name: str, scope: Scope, path: Path) -> Iterator[Finding]:
    """A finding where a field is no count but a length of time or a share."""
    spec = scope.field(name)
    unit = None if spec is None else spec.unit
    if unit in (*SECONDS, "%", "share"):
        yield Finding(path, f"{quoted_text(name)} is no count: its unit is {unit}", "a field that counts", found="")


def needless_limit_findings(given: list[str], path: Path) -> Iterator[Finding]:
    """A finding for each limit of a measure of totals, which has none."""
    for key in [key for key in (*ZONES, "thresholds") if key in given]:
        hint = f"name the fields that count as {key} in the measure" if key in ZONES else ""
        yield Finding(
            (*path, key), "`totals` are counts already: nothing is held against a limit", "no limits", hint, ""
        )


def abandoned_row_findings(criterion: Criterion, scope: Scope, path: Path) -> Iterator[Finding]:
    """A finding where rows of totals are said to be abandoned."""
    if criterion.abandoned is not None and scope.log is not None and scope.log.rows == "totals":
        message = "a row of totals is no interaction that can be abandoned"
        hint = "name the field that counts the abandoned ones in the measure, such as red: [abandoned]"
        yield Finding((*path, "abandoned"), message, "no `abandoned`", hint, "")


def log_of_totals_findings(log: Log, path: Path) -> Iterator[Finding]:
    """Findings of keys of the log that need single interactions."""
    if log.rows == "totals" and log.repeated_ids is not None:
        message = "rows of totals are no versions of one interaction"
        hint = "rows that are the same in every column count once where the log has an `id`"
        yield Finding((*path, "repeated_ids"), message, "no `repeated_ids`", hint, "")
