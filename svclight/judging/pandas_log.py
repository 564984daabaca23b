"""A log that the pandas engine judges, from its reading to what it gives to a card.

In: the sources of a process and a call. Out: `InPandas`, which knows the newest time, counts the log, and reads it
again when single interactions are asked for. It is to pandas what `in_engine.run` is to engines.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from svclight.counts.provenance import LogProvenance
from svclight.judging.contract import Call, Scored, Settled
from svclight.judging.counting import Counted
from svclight.judging.judge import Judge
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

    from svclight.counts.count_tables import Tallied
    from svclight.logs.log import Log
    from svclight.logs.unread_fields import UnreadField


@dataclass
class InPandas:
    """A log that pandas counts, with what the call asks of it.

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
        """The id of the process that the log belongs to."""
        return self.log.process_id

    def newest(self) -> int | None:
        """The newest time in the log in nanoseconds; None for a log without times."""
        return next(iter(as_of.two_newest(self.log)), None)

    def second_newest(self, newest: int) -> int | None:
        """The newest time of a row that has no time as late as `newest`."""
        return max((time for time in as_of.two_newest(self.log) if time < newest), default=None)

    def needs_as_of(self) -> bool:
        """Whether results depend on `as_of`."""
        return bool(len(self.log)) and as_of.needs_as_of(self.log)

    def unread(self) -> list[UnreadField]:
        """The fields of which some cells cannot be read, before `as_of` is known."""
        return unread_fields(self.log)

    def score_at(self, settled: Settled) -> Scored:
        """Counts the log as it stood at a moment, for the card."""
        judge, again, call = judge_of(self.log, settled, self.call), self.again, self.call
        if of_events(self.log) and len(self.log):
            self.log.notices.update(dict.fromkeys(idle_steps(self.log, step_words(self.log))))
        counted = Counted.of(judge, amounts=call.summary)
        rejected = tuple(rejected_of(self.log))
        judged = judge.log
        raws = [self.log.raw, *(other.raw for other, _ in self.log.joined.values())]
        provenance = LogProvenance(
            self.process_id,
            tuple(name for raw in raws for name in raw.files or raw.origin),
            len(self.log),
            len(judged) if judged.weights is None else int(judged.weights.sum()),
            len(rejected),
        )
        tallied = counted.process_counts()
        seen = self.log.at(settled.as_of)
        return Scored(
            provenance,
            tallied,
            rejected,
            course(judged),
            tuple(self.log.notices),
            lambda _wanted: judge_of(again(), settled, call),
            (lambda: tallied) if call.summary else lambda: _tallied_amounts(again(), settled, call),
            told=tuple(unmet_notices(seen, judged)),
            unread=tuple(unread_fields(seen)),
            joins=tuple(join_counts(seen)),
        )


def _tallied_amounts(log: Log, settled: Settled, call: Call) -> Tallied:
    """The counts of a log with its sums and fine histograms: one more pass."""
    return Counted.of(judge_of(log, settled, call), amounts=True).process_counts()


def judge_of(log: Log, settled: Settled, call: Call) -> Judge:
    """The judge that judges a log as it stood at a moment; events are put together to cases."""
    seen = log.at(settled.as_of)
    return Judge.of(
        Cases.put_together(seen) if of_events(seen) else seen,
        call.segments,
        call.kind,
        given_as_of=settled.given,
        matured=call.matured,
    )


def _way_back(sources: Sources, log: Log) -> Sources:
    """The sources from which a log can be read again: paths, tables, or the columns of a frame that are in use."""
    name = log.process_id
    logs = {name: _way(sources.logs[name], log)}
    joined = {(name, other): _way(sources.joined[name, other], read) for other, (read, _) in log.joined.items()}
    return Sources(logs, joined)


def _way(source: Source, log: Log) -> Source:
    return source if source.frame is None else Source(frame=log.raw.frame)


def _read_again(process_id: str, sources: Sources, call: Call) -> Log:
    return read_log(process_id, sources, call.definitions, people=call.people, given=call.as_of, progress=call.progress)
