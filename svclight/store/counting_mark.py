"""The mark of what decides a criterion's counts: two runs with the same mark measured the same.

In: definitions and a criterion. Out: a short text. Titles, targets and the like do not change it, nor does a field or a
calendar that the criterion does not use: what a company adds to its definition must not part a month from the next.
"""

from __future__ import annotations

import hashlib
import json
from typing import TYPE_CHECKING, Any, Final

from svclight.definition.names_used import names_used

if TYPE_CHECKING:
    from collections.abc import Iterator

    from svclight.definition.criterion_id import CriterionId
    from svclight.processes import Definitions

_DECIDING: Final = (
    *("measure", "applies", "time", "scale", "whole", "green", "yellow", "red", "thresholds", "abandoned"),
)
"""The keys of a criterion that decide its counts (see `Criterion.deciding`)."""
_TELLING: Final = ("segments", "max_unread", "customer_may_be_shown", "fields")
"""The keys of a log that decide no count; of its fields those stand in the mark that are used."""


def counting_mark(definitions: Definitions, which: CriterionId) -> str:
    """The mark of a criterion of some definitions: 12 hexadecimal digits."""
    text = json.dumps(_deciding_content(definitions, which), sort_keys=True)
    return hashlib.sha256(text.encode()).hexdigest()[:12]


def _deciding_content(definitions: Definitions, which: CriterionId) -> dict[str, Any]:
    """All of a document that decides the counts of a criterion, as plain data."""
    process = definitions.processes[which.process]
    parts = (which.criterion, *(process.criteria[which.criterion].measure.worst or ()))
    raw = definitions.raw["processes"][which.process]
    content: dict[str, Any] = {"criteria": [(name, _chosen(_raw_criterion(raw, name), _DECIDING)) for name in parts]}
    if process.log is not None:
        alone = process.model_copy(
            update={
                "criteria": {name: process.criteria[name] for name in parts},
                "log": process.log.model_copy(update={"segments": None}),
            }
        )
        fields = _chosen(raw["log"].get("fields") or {}, tuple(names_used(alone)))
        log = {key: value for key, value in raw["log"].items() if key not in _TELLING}
        content |= {"log": log, "fields": fields}
    named = set(_texts(content))
    calendars = definitions.raw.get("calendars") or {}
    return content | {"calendars": {name: one for name, one in calendars.items() if name in named}}


def _raw_criterion(raw: dict[str, Any], name: str) -> dict[str, Any]:
    """A criterion as it is written; an item or a group of a quality card stands in its card: `card.item`."""
    found: dict[str, Any] = raw["criteria"][name.partition(".")[0]]
    return found


def _chosen(raw: dict[str, Any], keys: tuple[str, ...]) -> dict[str, Any]:
    return {key: raw[key] for key in keys if key in raw}


def _texts(content: Any) -> Iterator[str]:
    """All texts that stand as values in plain data."""
    if isinstance(content, str):
        yield content
    elif isinstance(content, dict | list | tuple):
        for one in content.values() if isinstance(content, dict) else content:
            yield from _texts(one)
