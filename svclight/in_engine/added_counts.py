"""The counts of a log in its engine, and of its odd rows in pandas, added up.

In: compiled queries with the engine's answers, and the odd rows as a pandas log. Out: `Counting`: the counts of the
process, its numbers of rows and interactions, the notices, and the newest times. An engine counts what it reads as
pandas does; adding the rest here makes the counts those of pandas, whatever the engine.
"""

from __future__ import annotations

from dataclasses import dataclass, replace
from functools import cached_property
from typing import TYPE_CHECKING, Any

import numpy as np

from svclight.counts.count_tables import Tallied, add_parts
from svclight.dialects.frames import leaving_notice
from svclight.errors import quoted_text
from svclight.in_engine.returned_counts import first_and_last_day, newest_of, tallies
from svclight.judging.counting import Counted
from svclight.judging.log_calendars import reach_of
from svclight.judging.maturity import with_worst
from svclight.judging.pandas_log import judge_of
from svclight.logs.as_of import LONG_AFTER, moments, two_newest
from svclight.values.clocks import DAY, NANO, NAT

if TYPE_CHECKING:
    from collections.abc import Mapping

    from svclight.in_engine.aggregation import Query
    from svclight.in_engine.engine_log import EngineLog
    from svclight.in_engine.returned_counts import Found
    from svclight.judging.contract import Call, Settled
    from svclight.logs.log import Log
    from svclight.reading.sources import Rejected


@dataclass(frozen=True)
class Counting:
    """A log counted in its engine, and the rows of it that pandas judges."""

    log: EngineLog
    queries: list[Query]
    found: list[Found]
    rest: Log | None
    settled: Settled
    call: Call

    @property
    def rows(self) -> int:
        """The number of accepted rows, those counted in the engine and those judged by pandas together."""
        return int(self.found[0].groups["raw rows"].sum()) + (0 if self.rest is None else len(self.rest))

    @property
    def interactions(self) -> int:
        """The number of interactions: the sum of the rows' weights, in the engine and in pandas together."""
        here, rest = int(self.found[0].groups["all"].sum()), self.judged_rest
        if rest is None:
            return here
        return here + (len(rest) if rest.weights is None else int(rest.weights.sum()))

    @property
    def rejected_lines(self) -> list[Rejected]:
        """The lines of the log's files, and the rows brought to pandas, that could not be read."""
        return [*self.log.rejected, *([] if self.rest is None else self.rest.raw.rejected)]

    @property
    def notices(self) -> list[str]:
        """The notices for the caller: of the log, of its events, and of rows that pandas had to judge."""
        rest = self.rest
        here = [*self.queries[0].log.notices, *self.log.notices_of(rest)]
        if rest is None:
            return here
        here += rest.notices
        if self.log.files or not len(rest):
            return here
        why = f"cells or ids of {quoted_text(self.log.process_id)} that need a closer look"
        return [*here, leaving_notice(len(rest), self.log.dialect.name, why)]

    def newest(self) -> int | None:
        """The newest time in the log in nanoseconds, which came back with the counts; None for a log without times."""
        log, found = self.queries[0].log, []
        for name in log.passed:
            moment = log.moment(name)
            known = np.concatenate([newest_of(one, name, log) for one in self.found])
            known = known[known != NAT]
            if len(known):
                found.append(self.log.latest(log, name, int(known.max())) * (NANO // moment.per_second))
        if self.rest is not None:
            found += two_newest(self.rest)[:1]
        return max(found, default=None)

    def near(self, newest: int) -> int | None:
        """A time close before the newest one and in another row, so that no warning is due; None if none is known.

        Two groups never share a row.
        """
        log, found = self.queries[0].log, set[int]()
        if log.counted:  # a query of cases gives no newest times of events
            return None
        limit = newest - LONG_AFTER + 2 * DAY * NANO  # as written, a time may be a day from its instant
        for name in moments(self.log.spec.process):
            per_second = log.moment(name).per_second
            ticks = newest_of(self.found[0], name, log)
            found |= set(np.flatnonzero((ticks != NAT) & (ticks > limit * per_second // NANO)).tolist())
        return limit if len(found) > 1 else None

    def process_counts(
        self, as_of: int | None, more: Mapping[str, Mapping[str, Any]] | None = None, *, amounts: bool = False
    ) -> Tallied:
        """The counts of the process, engine and pandas added up.

        Args:
            as_of: The moment from which the log is seen.
            more: Further attributes of the `Tally` of criteria, as the engine counted them.
            amounts: Whether the sums and fine histograms of values are among them.
        """
        criteria = {
            name: replace(tally, **(more or {}).get(name, {}))
            for query, found in zip(self.queries, self.found, strict=True)
            for name, tally in tallies(found, query).items()
        }
        query, kind = self.queries[0], self.call.kind
        spec = query.log.log.at(as_of)
        criteria = with_worst(spec.process, criteria)
        ends = first_and_last_day(self.found[0], query.log)
        reach = reach_of(spec, kind, lambda: self.log.anchor_days(query.log), ends, given=self.settled.given)
        made = Tallied(self.log.process_id, self.call.segments, kind, as_of, criteria, reach)
        if self.rest is None:
            return made
        settled = replace(self.settled, as_of=as_of)
        return add_parts(made, Counted.of(judge_of(self.rest, settled, self.call), amounts=amounts).process_counts())

    @cached_property
    def judged_rest(self) -> Log | None:
        """The log of the interactions that pandas judges: the rows themselves, or the cases made of events."""
        return None if self.rest is None else judge_of(self.rest, self.settled, self.call).log
