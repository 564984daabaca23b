"""Where the numbers of a card come from: definitions, logs, the moment from which they are seen.

In: what scoring knows. Out: frozen values that stand at the top of every report and in every saved card.
"""

from __future__ import annotations

import datetime as dt
import math
from dataclasses import dataclass
from functools import cache
from importlib.metadata import PackageNotFoundError, version
from typing import TYPE_CHECKING, Any, Self

if TYPE_CHECKING:
    from svclight.definition.merged_files import FileHead
    from svclight.processes import Definitions


@dataclass(frozen=True)
class LogProvenance:
    """One log of a card: its files (none for a frame), and its numbers of rows, interactions and rejected lines.

    `hand_kept`: it is no log but a table of numbers that people counted. Of such a table, and of a log of totals,
    `interactions` is the sum over periods of the largest total that a criterion has in them.
    """

    process: str
    files: tuple[str, ...]
    rows: int
    interactions: int
    rejected: int
    hand_kept: bool = False


@dataclass(frozen=True)
class Provenance:
    """The origin of a card's numbers, shown at the top of every report."""

    title: str
    version: str
    definition: str
    time_zone: str
    period: str
    by: tuple[str, ...]
    as_of: str
    as_of_given: bool
    logs: tuple[LogProvenance, ...]
    notices: tuple[str, ...] = ()
    svclight: str = ""
    matured: bool = False
    definition_files: tuple[FileHead, ...] = ()
    """What each definition file says of itself, where several were loaded together."""

    @classmethod
    def of(cls, definitions: Definitions, **known: Any) -> Self:
        """The provenance of a card, from what definitions say of themselves and what is known of the logs."""
        document = definitions.document
        of_document: dict[str, Any] = {
            "title": document.title or "",
            "version": document.version or "",
            "definition": definitions.hash,
            "time_zone": document.time_zone,
            "svclight": version_of(),
            "definition_files": definitions.heads,
        }
        return cls(**{**of_document, "as_of": "", "as_of_given": False, **known})

    @property
    def seen_at(self) -> float:
        """The moment `as_of` in seconds since 1970; before all others where there is none."""
        # as text, moments with other offsets (summer time) would stand in another order
        return dt.datetime.fromisoformat(self.as_of).timestamp() if self.as_of else -math.inf

    @property
    def kept_by_hand(self) -> bool:
        """Whether all numbers come from hand-kept tables."""
        return bool(self.logs) and all(log.hand_kept for log in self.logs)


@cache
def version_of() -> str:
    """The version of svclight; empty in a checkout that is not installed."""
    try:
        return version("svclight")
    except PackageNotFoundError:  # run from a checkout that is not installed
        return ""
