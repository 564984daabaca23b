"""The budget of a target: how many bad interactions a period may have, how many it has had, and when they are used up.

In: a `CardTables`, by day where the pace is asked, and the `targets` of its definitions. Out: `Budgets`, a table with
one row for each target of red or green. Bad is red for a target of red, yellow and red for one of green.
"""

from __future__ import annotations

from dataclasses import dataclass
from fractions import Fraction
from math import ceil
from typing import TYPE_CHECKING, Any, Final

import numpy as np
import pandas as pd

from svclight.card.card_tables import check_card
from svclight.card.criterion_names import scored_criteria
from svclight.counts.tidy_tables import records_of
from svclight.decisions.result import Result
from svclight.decisions.running_period import BY_DAY, RunningPeriod, days_of, rated_of, running_period
from svclight.decisions.target_counts import SQUARES, zone_counts
from svclight.definition.criterion_checks import AT_THE_END
from svclight.definition.criterion_id import CriterionId
from svclight.errors import Issue, SvclightError, quoted_text
from svclight.processes import criterion_at, full_title
from svclight.statistics.poisson import poisson_interval
from svclight.values import clocks
from svclight.wording import budget_words
from svclight.wording.catalogue import say
from svclight.wording.languages import language_of
from svclight.wording.limit_words import condition_text
from svclight.wording.sentence_parts import notes_words

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Mapping

    from svclight.card.card_tables import CardTables
    from svclight.definition.conditions import Condition
    from svclight.thresholds import Interval

    Counts = Mapping[str, Mapping[str, int]]
    Found = tuple[dict[str, Any], Condition | None]

COLUMNS: Final = (
    *("process", "criterion", "period", "where", "zone", "target", "running", "day", "days", "rated", "to_come"),
    *("bad", "allowed", "used", "left", "pending", "pace", "allowed_pace", "expected", "gone", "gone_low", "gone_high"),
    *("warn_at", "begins"),
)
BAD: Final = {"red": ("red",), "green": ("yellow", "red")}
"""Which zones are bad, by the zone of the target."""


@dataclass(frozen=True, repr=False)
class Budgets(Result):
    """Budgets of the targets of a card.

    Attributes:
        table: `process, criterion, period, where, zone, target, running`, `day` (of `days`; null where it is not
            known), `rated` so far, `to_come` (rated of the days left, by the usual weeks; NaN where that is not known),
            `bad`, `allowed` (of `rated` and `to_come`), `used` (bad by allowed; NaN where nothing is allowed), `left`,
            `pending`, `pace` (bad an open day), `allowed_pace`, `expected` (bad at the period's end at this pace),
            `gone` (the day at whose end nothing of it is left; null where that is not within the period), `gone_low`,
            `gone_high` (the first and the last day by the 95 % interval of what is bad so far), `warn_at` (0 to 1),
            `begins` (the day from which the log is complete, where that is later than the period's first; else null).
        sentences: Each row in words.
        reasons: The same without titles, as `check` says it.
        notes: What has no budget by day, and why.
        titles: The titles of process and criterion, and the condition of the target, a row each.
        lang: The language of the sentences.
    """

    _columns = ("period", "where", "zone", "target", "bad", "allowed", "used", "left")

    table: pd.DataFrame
    sentences: tuple[str, ...]
    reasons: tuple[str, ...]
    notes: tuple[str, ...] = ()
    titles: tuple[str, ...] = ()
    lang: str = "en"

    def _titles(self) -> Mapping[Any, str]:
        keys = self.table[["process", "criterion"]].astype(str).itertuples(index=False, name=None)
        return dict(zip(keys, self.titles, strict=False))  # a result that was made by hand may have none

    def rows(self) -> list[dict[str, Any]]:
        """The budgets as records."""
        return records_of(self.table)

    def __str__(self) -> str:
        lines = [*self.sentences, *notes_words(self.notes, self.lang)]
        return "\n".join(lines) or say("no target of red or green is declared: there is no budget", self.lang)


def budget(card: CardTables, period: str | None = None, *, kind: str = "month", lang: str | None = None) -> Budgets:
    """Tells how much of what the targets allow is used in a period, and, while it runs, when it will be gone.

    Args:
        card: A card by day (`period="day"` of `score` or `tally`): its days are added up to months. From a card by
            month only used, allowed and left are told. It is split by the segments that targets name in `where`.
        period: The period; unless given the newest one that has begun.
        kind: Into which kind of period days are added up.
        lang: The language of the sentences, `en` or `ru`; that of the definitions unless given.

    Returns:
        The `Budgets`, in the order of the definitions. Allowed is the share that the target allows of the rated of the
        period: while it runs, of those so far and those to come, which are for each open day left the mean rated of
        the same weekday over the last 8 weeks (at least 2); where that is not known, of those so far. The pace is bad
        so far by open days so far; the budget is gone on the first day at whose end bad so far and the pace of the open
        days to it are as many as allowed.

    Raises:
        SvclightError: The period is of another kind, or the card is not split by a segment that a target names.

    Examples:
        >>> import pandas as pd
        >>> import svclight
        >>> definitions = svclight.loads('''
        ... svclight: 1
        ... time_zone: UTC
        ... processes:
        ...   hotline:
        ...     title: Hotline
        ...     log: {time: called, segments: [team], fields: {waited: {number: waited, unit: s}}}
        ...     criteria:
        ...       wait: {measure: {value: waited}, green: "<= 30 s", targets: {green: ">= 80 %"}}
        ... ''')
        >>> table = pd.DataFrame({"month": ["2026-03"], "process": "hotline", "criterion": "wait",
        ...                       "green": 850, "yellow": 60, "red": 90})
        >>> print(svclight.budget(svclight.tally(table, definitions, as_of="2026-05-01")))
        Hotline, wait, Mar 2026: 150 of 200 not green used (75 %), 50 left.
    """
    check_card(card, "svclight.budget")
    lang = language_of(lang, card.definitions)
    clocks.check_kind_of_period(kind)
    kind = kind if card.provenance.period == BY_DAY else card.provenance.period
    if period is not None and (clocks.period_number(period) or ("",))[0] != kind:
        raise SvclightError(Issue(f"this is no {kind}", found=quoted_text(period), expected=f"a {kind} of the card"))
    notes: dict[str, None] = {}
    found = [
        one
        for which in scored_criteria(card)
        if not _stands_at_ends(card, which, notes, lang)
        for one in _criterion_rows(card, which, kind, period)
    ]
    rows = [row for row, _ in found]
    notes |= dict.fromkeys(_late_begins(card, rows, lang))
    titles = [full_title(card.definitions, CriterionId(row["process"], row["criterion"])) for row in rows]
    reasons = tuple(budget_words.used_words(row, lang) for row in rows)
    said = tuple(
        budget_words.budget_sentence(row, title, "" if where is None else condition_text(where, lang), reason, lang)
        for (row, where), title, reason in zip(found, titles, reasons, strict=True)
    )
    named = tuple(
        title if where is None else f"{title} ({condition_text(where, lang)})"
        for (_, where), title in zip(found, titles, strict=True)
    )
    return Budgets(pd.DataFrame(rows, columns=list(COLUMNS)), said, reasons, tuple(notes), named, lang)


def _late_begins(card: CardTables, rows: Iterable[Mapping[str, Any]], lang: str) -> Iterator[str]:
    """Which periods are seen from a day on alone, as their log begins within them."""
    for row in rows:
        if row["begins"] is not None:
            yield budget_words.begins_note(card.definitions.title(row["process"]), row["begins"], lang)


def _stands_at_ends(card: CardTables, which: CriterionId, notes: dict[str, None], lang: str) -> bool:
    """Whether a criterion has no numbers of days, which a note says where it has a target."""
    criterion = criterion_at(card.definitions, which)
    found = card.provenance.period == BY_DAY and criterion.measure.kind in AT_THE_END
    if found and any(target.red or target.green for target in criterion.targets):
        notes[budget_words.at_ends_note(full_title(card.definitions, which), lang)] = None
    return found


def _criterion_rows(card: CardTables, which: CriterionId, kind: str, label: str | None) -> Iterator[Found]:
    """The budgets of the targets of a criterion, each with the condition of its target."""
    for target in criterion_at(card.definitions, which).targets:
        limits = [(zone, getattr(target, zone)) for zone in BAD if getattr(target, zone) is not None]
        if not limits:
            continue
        table = zone_counts(card, which, target)
        period = running_period(card, which, table, kind, label)
        if period is None:
            continue
        for zone, limit in limits:
            head = {
                "process": which.process,
                "criterion": which.criterion,
                "where": "" if target.where is None else str(target.where),
                "zone": zone,
                "target": str(limit),
                "warn_at": np.nan if target.warn_at is None else float(target.warn_at.amount / 100),
            }
            yield {**head, **_budget_cells(period, table, zone, limit)}, target.where


def share_allowed(limit: Interval, zone: str) -> Fraction:
    """The share of bad interactions that a target allows, 0 to 1."""
    end = limit.high if zone == "red" else limit.low
    if end is None:  # a red target may be a lower bound only by mistake, which `validate` cannot know
        return Fraction(1)
    return end.amount / 100 if zone == "red" else 1 - end.amount / 100


def _budget_cells(period: RunningPeriod, table: Counts, zone: str, limit: Interval) -> dict[str, Any]:
    """The numbers of a budget."""
    days = days_of(period, table) if period.by_day else {period.first: table.get(period.label, {})}
    rated = sum(rated_of(counts) for counts in days.values())
    bad_by_day = {day: sum(counts.get(name, 0) for name in BAD[zone]) for day, counts in days.items()}
    bad = sum(bad_by_day.values())
    allowed = share_allowed(limit, zone) * (rated + (period.to_come or 0))
    cells: dict[str, Any] = {
        "period": period.label,
        "begins": clocks.day_of(period.begins).isoformat() if period.begins > period.first else None,
        "running": period.is_running,
        "day": None if period.seen is None or not period.is_running else period.seen - period.first + 1,
        "days": period.end - period.first,
        "rated": rated,
        "to_come": np.nan if period.to_come is None else float(period.to_come),
        "bad": bad,
        "allowed": float(allowed),
        "used": float(bad / allowed) if allowed else np.nan,
        "left": float(allowed - bad),
        "pending": sum(counts.get("pending", 0) for counts in days.values()),
    }
    each = _each_stands_for(days)
    return {**cells, **_pace_cells(period, bad_by_day, allowed, each)}


def _each_stands_for(days: Mapping[int, Mapping[str, int]]) -> float:
    """How many interactions tell as much as a single one: more than 1 where values are means of what rows stand for."""
    rated, squares = sum(map(rated_of, days.values())), sum(counts.get(SQUARES, 0) for counts in days.values())
    return squares / rated if squares and rated else 1.0


def _pace_cells(period: RunningPeriod, bad_by_day: Mapping[int, int], allowed: Fraction, each: float) -> dict[str, Any]:
    """The pace of a running period whose days are known, and the day on which its budget is gone."""
    cells: dict[str, Any] = dict.fromkeys(("pace", "allowed_pace", "expected"), np.nan)
    cells |= dict.fromkeys(("gone", "gone_low", "gone_high"))
    past, left, bad = len(period.past), period.left.tolist(), sum(bad_by_day.values())
    if period.by_day and bad >= max(allowed, Fraction(1)) and (not period.is_running or period.to_come is not None):
        return {**cells, "gone": _day_it_was_gone(bad_by_day, allowed), **_paces(period, bad, allowed)}
    if not period.is_running or period.to_come is None or not past:
        return cells
    low, high = (end * each for end in poisson_interval(bad / each))
    days = {"gone": Fraction(bad), "gone_low": Fraction(high), "gone_high": Fraction(low)}
    cells |= {name: _day_it_will_be_gone(number, past, allowed, left) for name, number in days.items()}
    return {**cells, **_paces(period, bad, allowed)}


def _paces(period: RunningPeriod, bad: int, allowed: Fraction) -> dict[str, float]:
    """Bad and allowed an open day, and bad at the period's end at this pace; of a running period alone."""
    past, left = len(period.past), len(period.left)
    if not period.is_running or not past:
        return {}
    pace = Fraction(bad, past)
    return {
        "pace": float(pace),
        "allowed_pace": float(allowed / (past + left)),
        "expected": float(bad + pace * left),
    }


def _day_it_was_gone(bad_by_day: Mapping[int, int], allowed: Fraction) -> str | None:
    """The first day at whose end as many as allowed were bad."""
    so_far = 0
    for day, bad in sorted(bad_by_day.items()):
        so_far += bad
        if so_far >= max(allowed, Fraction(1)):
            return clocks.day_of(day).isoformat()
    return None


def _day_it_will_be_gone(bad: Fraction, past: int, allowed: Fraction, left: list[int]) -> str | None:
    """The first open day at whose end so many bad and their pace are as many as allowed; None if there is none.

    Args:
        bad: How many are bad so far, or an end of the interval of that.
        past: The number of open days so far.
        allowed: How many may be.
        left: The open days left.
    """
    pace = bad / past
    if not pace:
        return None
    # what is gone by the upper end of the interval alone is not gone yet: the next day is the earliest
    steps = max(ceil((allowed - bad) / pace), 1)
    lasts = bad + pace * len(left) <= allowed  # also what ends with the last day
    return None if lasts else clocks.day_of(left[steps - 1]).isoformat()
