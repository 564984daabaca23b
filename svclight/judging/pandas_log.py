"""A log that the pandas engine judges, from its reading to what it gives to a card.

In: a `Log`, and how it is read again. Out: `InPandas`, which tells the newest time, counts, and leads back to rows.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from svclight.counts.provenance import LogProvenance
from svclight.judging.contract import Call, Scored, Settled
from svclight.judging.counting import Counted
from svclight.judging.plan import Plan
from svclight.logs import as_of
from svclight.logs.cases import Cases, idle_steps, of_events, step_words
from svclight.logs.joined_logs import join_counts
from svclight.logs.logs_of_call import Sources, read_log, rejected_of
from svclight.logs.unmet_conditions import unmet_notices
from svclight.logs.unread_fields import unread_fields
from svclight.logs.usual_course import course
from svclight.reading.source import Source

if TYPE_CHECKING:
    from collections.abc import Callable

    from svclight.logs.log import Log
    from svclight.logs.unread_fields import UnreadField


@dataclass
class InPandas:
    """A log in pandas.

    Attributes:
        log: The log.
        call: What is asked of it.
        again: Reads it again: a card holds no row, only the way back.
    """

    log: Log
    call: Call
    again: Callable[[], Log]

    @classmethod
    def of(
        cls,
        process_id: str,
        sources: Sources,
        call: Call,
    ) -> InPandas:
        """Reads the log of a process."""
        log = _read_again(process_id, sources, call)
        kept, later = _way_back(sources, log), call.later()
        return cls(log, later, lambda: _read_again(process_id, kept, later))

    @property
    def process_id(self) -> str:
        """Whose log it is."""
        return self.log.process_id

    def newest(self) -> int | None:
        """The newest time that tells how far the log goes, in nanoseconds; None where there is none."""
        return next(iter(as_of.two_newest(self.log)), None)

    def second_newest(self, newest: int) -> int | None:
        """The newest time of a row that has none as late as `newest`."""
        return max((time for time in as_of.two_newest(self.log) if time < newest), default=None)

    def needs_as_of(self) -> bool:
        """Whether results depend on the moment from which it is seen."""
        return bool(len(self.log)) and as_of.needs_as_of(self.log)

    def unread(self) -> list[UnreadField]:
        """The fields of which some cells cannot be read, before the moment is known from which the log is seen."""
        return unread_fields(self.log)

    def scored(self, settled: Settled) -> Scored:
        """Counts it as it stood at a moment."""
        plan, again, call = plan_of(self.log, settled, self.call), self.again, self.call
        if of_events(self.log) and len(self.log):
            self.log.notices.update(dict.fromkeys(idle_steps(self.log, step_words(self.log))))
        counted = Counted.of(plan)
        rejected = tuple(rejected_of(self.log))
        judged = plan.log
        raws = [self.log.raw, *(other.raw for other, _ in self.log.joined.values())]
        provenance = LogProvenance(
            self.process_id,
            tuple(name for raw in raws for name in raw.files or raw.origin),
            len(self.log),
            len(judged) if judged.weights is None else int(judged.weights.sum()),
            len(rejected),
        )
        tallied = counted.tallied()
        seen = self.log.at(settled.as_of)
        return Scored(
            provenance,
            tallied,
            rejected,
            course(judged),
            tuple(self.log.notices),
            lambda _wanted: plan_of(again(), settled, call),
            told=tuple(unmet_notices(seen, judged)),
            unread=tuple(unread_fields(seen)),
            joins=tuple(join_counts(seen)),
        )


def plan_of(log: Log, settled: Settled, call: Call) -> Plan:
    """How a log is judged as it stood at a moment; events are put together to cases."""
    seen = log.at(settled.as_of)
    return Plan.of(
        Cases.put_together(seen) if of_events(seen) else seen,
        call.segments,
        call.kind,
        given_as_of=settled.given,
        matured=call.matured,
    )


def _way_back(sources: Sources, log: Log) -> Sources:
    """The way back to a log: its paths, its engine, or the needed columns of a frame (no copy of their data)."""
    name = log.process_id
    logs = {name: _way(sources.logs[name], log)}
    joined = {(name, other): _way(sources.joined[name, other], read) for other, (read, _) in log.joined.items()}
    return Sources(logs, joined)


def _way(source: Source, log: Log) -> Source:
    return source if source.frame is None else Source(frame=log.raw.frame)


def _read_again(process_id: str, sources: Sources, call: Call) -> Log:
    return read_log(process_id, sources, call.definitions, people=call.people, progress=call.progress)
