"""The lines of an answer: each criterion with its verdict, its shares in the judged period, its change.

In: a card, verdicts on targets, control charts. Out: `AnswerLine`, the worst first. What got worse is told by `compare`
against the periods before, over all criteria together; what the control chart shows stands beside it.
"""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import TYPE_CHECKING, Any, Final

import numpy as np

from svclight.card.criterion_names import scored_criteria
from svclight.counts.tidy_tables import ids_of, periods_in, records_of, rows_of
from svclight.decisions import compare as comparing
from svclight.decisions import control_chart, control_words, verdicts
from svclight.decisions.check import newest_whole
from svclight.decisions.compared_sides import FEWEST_EARLIER
from svclight.decisions.verdicts import MET, MISSED, NO_DATA, worst_verdict
from svclight.processes import criterion_at
from svclight.wording.phrases import criterion_title

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Mapping

    import pandas as pd

    from svclight.decisions.check import Checks
    from svclight.definition.criterion_id import CriterionId
    from svclight.scorecard import Scorecard

NO_TARGET: Final = ""
SURE: Final = "sure"
LIKELY: Final = "likely"
"""Of a change where it is not known by how much periods differ: with fewer than four earlier ones."""
NO_CHANGE: Final = "none"
BEFORE: Final = {"day": 28, "week": 13, "month": 12, "quarter": 8, "year": 5}
"""A period is compared with so many before it, those there are."""


@dataclass(frozen=True)
class Change:
    """The change of a criterion against the periods before.

    Attributes:
        verdict: `better`, `worse`, `mixed`, `none` (none that chance would not make), or empty where none can be told.
        certainty: `sure`, or `likely` with fewer than four earlier periods.
        before: The number of periods before, added up.
        shares: For green and red the share before and the share now, 0 to 1.
        difference: That of the green share, with its interval (95 %).
        charted: What the control chart of the green share says: `steady`, `changing for the worse` and the like.
        since: The period in which the newest stretch of signals to the worse began; empty without any.
        last: The last period of that stretch.
        points: How many points raise that signal.
        rule: Its rule.
    """

    verdict: str = ""
    certainty: str = SURE
    before: int = 0
    shares: tuple[tuple[str, float, float], ...] = ()
    difference: tuple[float, float, float] = (np.nan, np.nan, np.nan)
    charted: str = ""
    since: str = ""
    last: str = ""
    points: int = 0
    rule: str = ""


@dataclass(frozen=True)
class AnswerLine:
    """A criterion: its verdict, its shares in the judged period, its change.

    Attributes:
        which: Its process and id.
        title: What people call it.
        process_title: What people call its process.
        period: The newest period that is neither partial nor immature; empty where there is none.
        verdict: The worst verdict on its targets; empty where it has none.
        rows: Its verdicts, as records of `Checks.table`.
        rated: How many are rated in the period.
        not_rated: How many are not.
        green: The green share and the ends of its interval, 0 to 1; NaN where nothing is rated.
        change: Its change against the periods before.
    """

    which: CriterionId
    title: str
    process_title: str
    period: str
    verdict: str
    rows: tuple[dict[str, Any], ...]
    rated: int
    not_rated: int
    green: tuple[float, float, float]
    change: Change

    @property
    def is_worse(self) -> bool:
        """Whether it got worse for sure."""
        return self.change.verdict in {verdicts.WORSE, verdicts.MIXED} and self.change.certainty == SURE

    @property
    def wants_care(self) -> bool:
        """Whether a target is missed or it got worse."""
        return self.verdict == MISSED or self.change.verdict in {verdicts.WORSE, verdicts.MIXED}


def answer_lines(card: Scorecard, checks: Checks, charts: control_chart.ControlLimits) -> tuple[AnswerLine, ...]:
    """A line for each criterion that is scored, the worst first."""
    return tuple(sorted(_lines(card, checks, charts), key=_badness))


def _lines(card: Scorecard, checks: Checks, charts: control_chart.ControlLimits) -> Iterator[AnswerLine]:
    """A line for each criterion that is scored, in the order of the definitions."""
    names = list(scored_criteria(card))
    judged: dict[CriterionId, list[dict[str, Any]]] = {}
    for which, row in zip(ids_of(checks.table), records_of(checks.table), strict=True):
        judged.setdefault(which, []).append(row)
    periods = {which: _period_of(card, which, judged.get(which, [])) for which in names}
    shares = {(*which, row["period"]): row for which, row in _share_rows(card)}
    changes = _changes(card, periods)
    charted = dict(zip(ids_of(charts.verdicts), records_of(charts.verdicts), strict=True))
    for which in names:
        rows = [row for row in judged.get(which, []) if row["period"] in ("", periods[which])]
        found = shares.get((*which, periods[which]))
        yield AnswerLine(
            which,
            criterion_title(which.criterion, criterion_at(card.definitions, which)),
            card.definitions.title(which.process),
            periods[which],
            worst_verdict(row["verdict"] for row in rows),
            tuple(rows),
            *_numbers(found),
            _charted(changes.get(which, Change()), charted.get(which), charts.signals, which),
        )


def _share_rows(card: Scorecard) -> Iterator[tuple[CriterionId, dict[str, Any]]]:
    shares = card.shares(by=[])
    yield from zip(ids_of(shares), records_of(shares), strict=True)


def _numbers(row: Mapping[str, Any] | None) -> tuple[int, int, tuple[float, float, float]]:
    """How many are rated and how many are not, and the green share with its interval."""
    if row is None:
        return 0, 0, (np.nan, np.nan, np.nan)
    rest = sum(int(row[state]) for state in ("pending", "missing", "not_applicable", "excluded"))
    low, high = (float(row[f"green_share_{end}"]) for end in ("low", "high"))
    return int(row["rated"]), rest, (float(row["green_share"]), low, high)


def _period_of(card: Scorecard, which: CriterionId, rows: Iterable[Mapping[str, Any]]) -> str:
    """The newest period that a criterion is judged in, by its verdicts or else the newest whole one."""
    named = [row["period"] for row in rows if row["period"]]
    return max(named, default=newest_whole(card, which, with_rows=True) or "")


def target_verdicts(line: AnswerLine) -> list[str]:
    """A verdict for each of its targets: the limits of one target for all zones are one."""
    wheres = dict.fromkeys(row["where"] for row in line.rows)
    return [worst_verdict(row["verdict"] for row in line.rows if row["where"] == where) for where in wheres]


def _badness(line: AnswerLine) -> tuple[int, float]:
    """The place of a line: missed, worse for sure, what cannot be told, what has no target, what is met."""
    green = line.green[0]
    share = 2.0 if np.isnan(green) else green
    if line.verdict == MISSED:
        return 0, share
    if line.is_worse:
        return 1, share
    ranks = {MET: 5, NO_TARGET: 4, NO_DATA: 3}
    return ranks.get(line.verdict, 2), share


def _changes(card: Scorecard, periods: Mapping[CriterionId, str]) -> dict[CriterionId, Change]:
    """The change of each criterion that has a period before the one that is judged."""
    found: dict[CriterionId, Change] = {}
    there = periods_in(card.counts)
    for period in sorted({*periods.values()} - {""}):
        mine = {which for which, judged in periods.items() if judged == period}
        if period not in there:  # an empty period is over and has nothing to compare
            continue
        known = {one for which in mine for one in _earlier(card, which, period)}
        earlier = sorted(known)[-BEFORE[card.provenance.period] :]
        if not earlier:
            continue
        made = comparing.compare(card, earlier, period)
        rows = made.table.to_dict("records")
        for which, place in zip(ids_of(made.verdicts), range(0, len(rows), 3), strict=True):
            if which in mine:
                found[which] = _change(rows[place : place + 3], len(earlier))
    return found


def _earlier(card: Scorecard, which: CriterionId, period: str) -> list[str]:
    """The periods of a criterion before one, those that are whole and have rows."""
    marks = rows_of(card.periods, which)
    whole = marks.loc[~marks["partial"] & ~marks["immature"], "period"].astype(str)
    there = periods_in(rows_of(card.counts, which))
    return [one for one in whole if "" < one < period and one in there]


def _change(rows: list[dict[Any, Any]], before: int) -> Change:
    """The change that the rows of a comparison tell: those of green, yellow and red."""
    green = rows[0]
    said, _, _ = str(green["verdict"]).removeprefix("likely ").partition(",")
    verdict = said if said in {verdicts.BETTER, verdicts.WORSE, verdicts.MIXED} else ""
    if green["verdict"] == verdicts.NO_DIFFERENCE:
        verdict = NO_CHANGE
    shares = tuple((row["zone"], row["share_before"], row["share_after"]) for row in rows if row["zone"] != "yellow")
    likely = str(green["verdict"]).startswith("likely") or green["earlier"] < FEWEST_EARLIER
    return Change(
        verdict,
        LIKELY if likely else SURE,
        before,
        shares,
        (float(green["difference"]), float(green["low"]), float(green["high"])),
    )


def _charted(change: Change, verdict: Mapping[str, Any] | None, signals: pd.DataFrame, which: CriterionId) -> Change:
    """The change with what the control chart says: the newest stretch of signals to the worse."""
    if verdict is None:
        return change
    charted = str(verdict["changing"])
    mine = [row for row in records_of(rows_of(signals, which)) if row["direction"] == "down"] if len(signals) else []
    if charted != control_words.WORSE or not mine:
        return replace(change, charted=charted)
    newest = max(mine, key=lambda row: (row["last"], row["points"]))
    return replace(
        change,
        charted=charted,
        since=newest["first"],
        last=newest["last"],
        points=int(newest["points"]),
        rule=newest["rule"],
    )
