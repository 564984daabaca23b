"""What is wanted of the way back from a card to its log, so that no more is brought back than that.

In: the filters of a call. Out: `Wanted`, a value that a way back reads. What comes back holds all that is wanted, and
may hold more: whoever asks filters what comes.
"""

from __future__ import annotations

from dataclasses import dataclass


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
