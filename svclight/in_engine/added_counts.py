"""What was counted of a log in its engine, and the rows of it that pandas judges: both put together.

In: compiled queries and what came back, the odd rows as the pandas engine has them. Out: `Counting`: how many rows and
interactions there are, what is worth saying, how far the log goes, and what was counted.
"""

from __future__ import annotations

from dataclasses import dataclass, replace
from functools import cached_property
from typing import TYPE_CHECKING

import numpy as np

from svclight.counts.count_tables import Counts, Tallied, add_parts
from svclight.dialects.frames import leaving_notice
from svclight.errors import quoted_text
from svclight.in_engine.returned_counts import first_and_last_day, newest_of, tallies
from svclight.judging.counting import Counted
from svclight.judging.log_calendars import reach_of
from svclight.judging.maturity import with_worst
from svclight.judging.pandas_log import plan_of
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
        """How many rows were accepted."""
        return int(self.found[0].groups["raw rows"].sum()) + (0 if self.rest is None else len(self.rest))

    @property
    def interactions(self) -> int:
        """How many interactions they are."""
        here, rest = int(self.found[0].groups["all"].sum()), self.judged_rest
        if rest is None:
            return here
        return here + (len(rest) if rest.weights is None else int(rest.weights.sum()))

    @property
    def rejected(self) -> list[Rejected]:
        """The lines that could not be read."""
        return [*self.log.rejected, *([] if self.rest is None else self.rest.raw.rejected)]

    @property
    def notices(self) -> list[str]:
        """What is worth saying."""
        rest = self.rest
        here = [*self.queries[0].log.notices, *self.log.said_of(rest)]
        if rest is None:
            return here
        here += rest.notices
        if self.log.files or not len(rest):
            return here
        why = f"cells or ids of {quoted_text(self.log.process_id)} that need a closer look"
        return [*here, leaving_notice(len(rest), self.log.dialect.name, why)]

    def newest(self) -> int | None:
        """The newest time that was seen while counting."""
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
        """A time of another row than that of the newest, near enough to need no warning; None where none is known.

        Two groups never share a row.
        """
        log, found = self.queries[0].log, set[int]()
        if log.counted:  # of events the newest times are not told with the counts
            return None
        limit = newest - LONG_AFTER + 2 * DAY * NANO  # as written, a time may be a day from its instant
        for name in moments(self.log.spec.process):
            per_second = log.moment(name).per_second
            ticks = newest_of(self.found[0], name, log)
            found |= set(np.flatnonzero((ticks != NAT) & (ticks > limit * per_second // NANO)).tolist())
        return limit if len(found) > 1 else None

    def tallied(self, as_of: int | None, values: Mapping[str, Counts] | None = None) -> Tallied:
        """What was counted, the rows that pandas judges included; with the histogram where it is given."""
        criteria = {
            name: tally if values is None else replace(tally, values=values.get(name))
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
        return add_parts(made, Counted.of(plan_of(self.rest, settled, self.call)).tallied())

    @cached_property
    def judged_rest(self) -> Log | None:
        """The interactions that pandas judges: its rows, or the cases that are made of them."""
        return None if self.rest is None else plan_of(self.rest, self.settled, self.call).log
