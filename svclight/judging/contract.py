"""What a call asks of every log, and what each log gives to the card, whichever engine counted it.

In: nothing; frozen values alone. Out: `Call`, `Settled`, `Scored`, which `scoring` and `in_engine` share, and `Wanted`,
which rows are asked for on the way back to a log.
"""

from __future__ import annotations

from dataclasses import dataclass, field, replace
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping

    import pandas as pd

    from svclight.counts.count_tables import Tallied
    from svclight.counts.provenance import LogProvenance
    from svclight.judging.plan import Plan
    from svclight.processes import Definitions
    from svclight.reading.sources import Rejected


class UnableError(Exception):
    """An engine cannot judge a log by itself: the text says what it would need. The log then goes the way of pandas."""


@dataclass(frozen=True)
class Call:
    """What one call of `score` asks of every log.

    Attributes:
        definitions: What is measured.
        segments: By which segments rows are split.
        kind: The kind of period: day, week, month, quarter, year.
        matured: Whether rows that are too young to be judged are pending.
        as_of: The moment that the call gave, in nanoseconds; None where it gave none.
        people: Who stands behind a customer's id, where that is another name.
        progress: Called with the bytes read and the bytes there are.
    """

    definitions: Definitions
    segments: tuple[str, ...]
    kind: str
    matured: bool = False
    as_of: int | None = None
    people: Mapping[str, str] = field(default_factory=dict)
    progress: Callable[[int, int], None] | None = None

    def of_process(self, process: str) -> Call:
        """The same for the log of one process: split by those of the segments that it offers."""
        offered = self.definitions.segments_of(process)
        return replace(self, segments=tuple(name for name in self.segments if name in offered))

    def later(self) -> Call:
        """The same for what is asked after the call: nobody looks at a progress bar any more."""
        return replace(self, progress=None)


@dataclass(frozen=True)
class Settled:
    """From when logs are seen.

    Attributes:
        as_of: The moment in nanoseconds; None where there is none, or it is not known yet.
        given: Whether the call gave it.
        known: Whether it is known yet.
    """

    as_of: int | None
    given: bool
    known: bool = True


@dataclass(frozen=True)
class Scored:
    """One log, counted.

    Attributes:
        provenance: Where its numbers come from.
        tallied: What was counted; its histogram only where it was counted at once.
        rejected: The lines that could not be read.
        steps: How its cases follow the usual course, or what makes it.
        notices: What is worth saying.
        back: The way back: the plan of the rows that are asked for.
        late: Makes the same with the histogram, where it was not counted at once.
    """

    provenance: LogProvenance
    tallied: Tallied
    rejected: tuple[Rejected, ...]
    steps: pd.DataFrame | Callable[[], pd.DataFrame]
    notices: tuple[str, ...]
    back: Callable[[Wanted], Plan]
    late: Callable[[], Tallied] | None = None


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
