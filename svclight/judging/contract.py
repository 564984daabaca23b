"""The contract between a call and its logs: what every log is asked, and what it gives to the card.

In: nothing; frozen values alone. Out: `Call`, `Settled` and `Scored`, which `scoring`, pandas and engines share, so
that a card is put together in one way; and `Wanted`, the rows that are asked for on the way back to a log.
"""

from __future__ import annotations

from dataclasses import dataclass, field, replace
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping

    import pandas as pd

    from svclight.counts.count_tables import Tallied
    from svclight.counts.provenance import LogProvenance
    from svclight.errors import Notice
    from svclight.judging.judge import Judge
    from svclight.logs.joined_logs import JoinCount
    from svclight.logs.unread_fields import UnreadField
    from svclight.processes import Definitions
    from svclight.reading.sources import Rejected


@dataclass(frozen=True)
class Call:
    """What one call of `score` asks of every log.

    Attributes:
        definitions: What is measured.
        segments: The segments by which rows are grouped.
        kind: The kind of period: day, week, month, quarter, year.
        matured: Whether rows that are too young to be judged are pending.
        as_of: The moment given in the call, in nanoseconds; None if it gave none.
        people: The person behind a customer's id, for ids that share a person.
        progress: Called with the bytes read and the bytes there are.
        summary: Whether sums and fine histograms are counted in the same pass, since somebody will ask for them.
    """

    definitions: Definitions
    segments: tuple[str, ...]
    kind: str
    matured: bool = False
    as_of: int | None = None
    people: Mapping[str, str] = field(default_factory=dict)
    progress: Callable[[int, int], None] | None = None
    summary: bool = False

    def of_process(self, process: str) -> Call:
        """The same for the log of one process: split by those of the segments that it offers."""
        offered = self.definitions.segments_of(process)
        return replace(self, segments=tuple(name for name in self.segments if name in offered))

    def later(self) -> Call:
        """The same call for questions asked later, when nobody looks at a progress bar any more."""
        return replace(self, progress=None)


@dataclass(frozen=True)
class Settled:
    """The moment from which the logs of a call are seen, and how it came to be known.

    Attributes:
        as_of: The moment in nanoseconds; None without one, or while it is not known yet.
        given: Whether the call gave it.
        known: Whether it is known yet.
    """

    as_of: int | None
    given: bool
    known: bool = True


@dataclass(frozen=True)
class Scored:
    """One log, counted: the counts and what a card says beside them.

    Attributes:
        provenance: Where its numbers come from.
        tallied: The counts; the histogram among them only if it was counted at once.
        rejected: The lines that could not be read.
        steps: The table of how its cases follow the usual course, or a function that makes it.
        notices: The notices for the caller.
        told: The notices that quote cells.
        unread: The fields of which some cells cannot be read.
        joins: How many rows found a partner in each joined log.
        back: The way back: gives the judge of the rows that are asked for.
        late: Makes the same with the histogram, where it was not counted at once.
        amounts: Makes the same counts with the sums and the fine histogram of values, by one more pass over the log.
    """

    provenance: LogProvenance
    tallied: Tallied
    rejected: tuple[Rejected, ...]
    steps: pd.DataFrame | Callable[[], pd.DataFrame]
    notices: tuple[str, ...]
    back: Callable[[Wanted], Judge]
    amounts: Callable[[], Tallied]
    late: Callable[[], Tallied] | None = None
    told: tuple[Notice, ...] = ()
    unread: tuple[UnreadField, ...] = ()
    joins: tuple[JoinCount, ...] = ()


@dataclass(frozen=True)
class Wanted:
    """The interactions that are asked for; None and empty mean all.

    Attributes:
        process: Id of a process. A way back that has no such process gives nothing.
        criterion: Id of a criterion: others need not be judged, unless it is made of them.
        zone: One of the seven states.
        period: Such as 2026-03.
        where: Segments, each with the word that it must have; the empty word where it must be missing.
    """

    process: str | None = None
    criterion: str | None = None
    zone: str | None = None
    period: str | None = None
    where: tuple[tuple[str, str], ...] = ()
