"""Verdicts as annotations of GitHub: each at the line of its target in the definition.

In: verdicts and definitions. Out: lines such as `::error file=service.yaml,line=12::…`, which GitHub Actions shows in
the pull request. Values are escaped as GitHub's own toolkit does it.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, Final

from svclight.decisions.check import named_criteria
from svclight.decisions.verdicts import ACCEPTED, BETTER, MET, NO_DIFFERENCE, NOT_JUDGED, WARN, verdicts_failing
from svclight.definition.validation import place_of
from svclight.errors import printable_text
from svclight.processes import criterion_at, criterion_ids

if TYPE_CHECKING:
    from collections.abc import Iterator

    from svclight.decisions.check import Checks
    from svclight.processes import Definitions

    Path = tuple[str | int, ...]

_SILENT: Final = (MET, BETTER, NO_DIFFERENCE)


def verdict_annotations(checks: Checks, definitions: Definitions, *, strict: bool = False) -> Iterator[str]:
    """An error for each failing verdict, a warning for each accepted miss, a notice where no verdict can be given.

    A miss that will not be accepted much longer is a warning too, as is the budget of a running period that is used up
    to its `warn_at`; a newer period that is passed over is a notice.
    """
    failing = verdicts_failing(strict=strict)
    for row in (*checks.rows(), *checks.warning_rows()):
        path = _target_path(row, definitions)
        title = f"{row['process']}.{row['criterion']}: {row['verdict']}"
        where = f" where {row['where']}" if row["where"] else ""
        said = f"{row['period']}{where}: {row['zone']} {row['target']}; {row['reason']}".strip()
        yield from _annotation_line(row["verdict"], failing, definitions, path, (title, said))
    for row in checks.baseline_rows():
        title = f"{row['process']}.{row['criterion']}: {row['verdict']} than the baseline"
        said = f"{row['period']}: {row['zone']} {row['reason']}"
        path = ("processes", row["process"], "criteria", row["criterion"])
        yield from _annotation_line(row["verdict"], failing, definitions, path, (title, said))
    for row in checks.not_judged_rows():
        said = f"{row['period']}: {row['reason']}"
        path = ("processes", row["process"], *(("criteria", row["criterion"]) if row["criterion"] else ()))
        yield _workflow_command("notice", definitions, path, (f"{named_criteria(row)}: {NOT_JUDGED}", said))
    for note in checks.notes:
        path = _debt_path(note, definitions)
        yield _workflow_command("warning" if path else "notice", definitions, path, ("svclight", note))


def _annotation_line(
    verdict: str, failing: frozenset[str], definitions: Definitions, path: Path, text: tuple[str, str]
) -> Iterator[str]:
    if verdict not in _SILENT:
        level = "error" if verdict in failing else "warning" if verdict in (ACCEPTED, WARN) else "notice"
        yield _workflow_command(level, definitions, path, text)


def _workflow_command(level: str, definitions: Definitions, path: Path, text: tuple[str, str]) -> str:
    """A workflow command of GitHub Actions, at the line of a key of the definition."""
    place = place_of(path, definitions.places)
    values = {"file": place.file, "line": place.line, "title": text[0]}
    properties = ",".join(
        f"{name}={_escape_property(value)}" for name, value in values.items() if value not in ("", None)
    )
    return f"::{level} {properties}::{_escape_data(text[1])}"


def _target_path(row: dict[str, Any], definitions: Definitions) -> Path:
    """The key path of a target's zone; `targets` is a mapping or a list."""
    path = ("processes", row["process"], "criteria", row["criterion"], "targets")
    targets = definitions.processes[row["process"]].criteria[row["criterion"]].targets
    for place, target in enumerate(targets):
        where = "" if target.where is None else str(target.where)
        if where == row["where"] and str(getattr(target, row["zone"])) == row["target"]:
            listed = (*path, place) in definitions.places
            return (*path, place, row["zone"]) if listed else (*path, row["zone"])
    return path


def _debt_path(note: str, definitions: Definitions) -> Path:
    """The key path for a note: the accepted miss of the criterion that it begins with, if it is about one."""
    for which in criterion_ids(definitions):
        accepted = criterion_at(definitions, which).accepted
        if note.startswith(f"{which}: ") and accepted is not None and "accepted" in note:
            return ("processes", which.process, "criteria", which.criterion, "accepted", "until")
    return ()


def _escape_data(text: object) -> str:
    plain = printable_text(text, 2000)
    return plain.replace("%", "%25").replace("\r", "%0D").replace("\n", "%0A")


def _escape_property(text: object) -> str:
    return _escape_data(text).replace(":", "%3A").replace(",", "%2C")
