"""Who stands out: the value of a segment, such as a team, that has more red than chance does, over all criteria.

In: a card, lines of an answer. Out: the funnel of each segment, and `StandingOut`, those beyond
their limits also where all of them are tested together.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Final

from svclight.counts.tidy_tables import ids_of, periods_in, records_of
from svclight.decisions.funnel import funnel
from svclight.decisions.funnel_words import FAR
from svclight.pages.answer_lines import BEFORE
from svclight.statistics.distributions import normal_tail

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping, Sequence

    from svclight.decisions.funnel import Funnel
    from svclight.definition.criterion_id import CriterionId
    from svclight.pages.answer_lines import AnswerLine
    from svclight.scorecard import Scorecard

_LEVEL: Final = 0.05
"""At most so often is a value called standing out where none does, over all criteria and segments (Bonferroni)."""
_AT_LIMIT: Final = 3.0902
"""A limit of 99.8 % lies so many standard deviations from the centre."""


@dataclass(frozen=True)
class StandingOut:
    """A value of a segment: its criterion, its name, its red share and that of the whole, 0 to 1."""

    which: CriterionId
    name: str
    share: float
    whole: float
    too_many: float


def segment_funnels(card: Scorecard, lines: Sequence[AnswerLine]) -> dict[str, Funnel]:
    """The funnel of each segment, over the judged period and those with which it is compared."""
    judged = max((line.period for line in lines), default="")
    there = sorted(period for period in periods_in(card.counts) if "" < period <= judged)
    if not there:
        return {}
    chosen = there[-BEFORE[card.provenance.period] :]
    return {name: funnel(card, name, periods=chosen) for name in card.by}


def standing_out(funnels: Mapping[str, Funnel]) -> list[StandingOut]:
    """All that are sure to have more red than chance does, those with most reds beyond the share of the whole first."""
    return sorted(_all_beyond(funnels), key=lambda one: -one.too_many)


def _all_beyond(funnels: Mapping[str, Funnel]) -> Iterator[StandingOut]:
    tested = sum(int((one.table["effective"] > 0).sum()) for one in funnels.values())
    for segment, made in funnels.items():
        for which, row in zip(ids_of(made.table), records_of(made.table), strict=True):
            if row["position"] != FAR or row["direction"] != "up":
                continue
            deviate = (row["share"] - row["center"]) / ((row["high_998"] - row["center"]) / _AT_LIMIT)
            if tested * float(normal_tail(deviate)) < _LEVEL:
                too_many = row["rated"] * (row["share"] - row["center"])
                yield StandingOut(which, str(row[segment]), row["share"], row["center"], too_many)
