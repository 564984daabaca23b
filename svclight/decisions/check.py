"""Targets of a definition held against the shares of a card: met, missed, cannot tell, too few, no data.

In: a `CardTables` and the `targets` and `accepted` of its definitions. Out: `Checks`, a table with one row for each
target and period judged. A share is known only up to its interval: a target inside it cannot be told. Nothing
measured is nothing claimed.
"""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any, Final

import numpy as np
import pandas as pd

from svclight.card.card_tables import check_card, worth_of
from svclight.card.criterion_names import scored_criteria
from svclight.counts.tidy_tables import periods_in, records_of, rows_of
from svclight.decisions import not_judged, stored_month
from svclight.decisions.check_words import accepted_words, debt_notes, rated_share_words, telling_words, too_few_words
from svclight.decisions.result import INTERVAL, Result
from svclight.decisions.target_counts import SQUARES, zone_counts
from svclight.decisions.verdicts import (
    ACCEPTED,
    CANNOT_TELL,
    MISSED,
    NO_DATA,
    NO_VERDICT,
    NOT_JUDGED,
    TOO_FEW,
    WARN,
    targets_heading,
    verdict_on,
    verdicts_failing,
    worst_verdict,
)
from svclight.definition.conditions import tests_in
from svclight.errors import Issue, SvclightError, quoted_list, quoted_text, texts_of
from svclight.processes import criterion_at
from svclight.statistics import shares
from svclight.thresholds import ZONES
from svclight.values import clocks
from svclight.wording.catalogue import say
from svclight.wording.languages import (
    language_of,
    period_words,
)
from svclight.wording.limit_words import condition_text
from svclight.wording.sentence_parts import limit_words, zone_of_target
from svclight.wording.shares import target_ends, targets_told

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Mapping

    from svclight.card.card_tables import CardTables
    from svclight.decisions.budget import Budgets
    from svclight.definition.criterion_id import CriterionId
    from svclight.definition.models import Accepted, Criterion, Target
    from svclight.processes import Definitions

COLUMNS: Final = (
    *("process", "criterion", "period", "where", "zone", "target"),
    *("rated", "share", "low", "high", "verdict", "reason"),
)
WARNINGS: Final = ("process", "criterion", "period", "where", "zone", "target", "used", "warn_at", "verdict", "reason")
"""The columns of warnings of running periods."""


@dataclass(frozen=True, repr=False)
class Checks(Result):
    """Verdicts on targets.

    Attributes:
        table: `process, criterion, period, where, zone, target, rated, share, low, high, verdict, reason`; shares
            0 to 1, a net score in percentage points. A target without a period left to judge has an empty period and
            `no data`.
        notes: Which accepted misses run out.
        baseline: How criteria do against a stored month (see `stored_month.compare_with_stored`); empty where none was
            given.
        not_judged: `process, criterion, period, reason`: newer periods that were passed over, why, and what to give;
            `criterion` is empty where that is so for all that are judged in the process.
        warnings: `process, criterion, period, where, zone, target, used, warn_at, verdict, reason`: the budgets of
            running periods that are used up to `warn_at` or beyond; empty unless budgets were given.
        titles: What people call the processes, and the criteria by `process.criterion`; those that have a title.
        conditions: The conditions of targets in words, by their text in the tables.
        lang: The language of reasons and notes; verdicts in the tables are English.
    """

    _columns = ("period", "where", "zone", "target", "share", INTERVAL, "rated", "verdict")

    table: pd.DataFrame
    notes: tuple[str, ...] = ()
    baseline: pd.DataFrame = field(default_factory=lambda: pd.DataFrame(columns=list(stored_month.COLUMNS)))
    not_judged: pd.DataFrame = field(default_factory=lambda: pd.DataFrame(columns=list(not_judged.COLUMNS)))
    warnings: pd.DataFrame = field(default_factory=lambda: pd.DataFrame(columns=list(WARNINGS)))
    titles: Mapping[str, str] = field(default_factory=dict)
    conditions: Mapping[str, str] = field(default_factory=dict)
    lang: str = "en"

    def count(self, verdict: str) -> int:
        """The number of targets, and of criteria against the baseline, that have this verdict."""
        return sum(int((table["verdict"] == verdict).sum()) for table in (self.table, self.baseline))

    def exit_code(self, *, strict: bool = False) -> int:
        """0 fine, 1 missed or worse than the baseline (strict: or not surely met, or warned of), 3 nothing to judge."""
        verdicts = {*self.table["verdict"], *self.baseline["verdict"]}
        if (verdicts | {*self.warnings["verdict"]}) & verdicts_failing(strict=strict):
            return 1
        return 3 if verdicts <= {NO_DATA, NO_VERDICT} else 0

    def __str__(self) -> str:
        return "\n".join(self.lines()) or say("no targets are declared: there is nothing to judge", self.lang)

    @property
    def heading(self) -> str:
        """What the verdicts say together: `2 of 4 targets are met, 1 is missed, 1 cannot be told`."""
        by_target: dict[tuple[str, ...], list[str]] = {}
        for row in self.rows():
            by_target.setdefault((row["process"], row["criterion"], row["period"], row["where"]), []).append(
                row["verdict"]
            )
        counted = Counter(worst_verdict(found) for found in by_target.values())
        return targets_heading(counted, is_rated=True, lang=self.lang)

    def _titles(self) -> Mapping[Any, str]:
        return {tuple(name.split(".", 1)): title for name, title in self.titles.items()}

    def _lines(self) -> list[str]:
        targets = len(self.table)
        return [self.heading, *list(self.lines())[targets:], *self.notes]

    def lines(self) -> Iterator[str]:
        """A line for each verdict: the part that is copied into the next command, and the words for people."""
        yield from map(self._target_line, self.rows())
        for row in self.baseline_rows():
            yield f"{self._line_head(row)}: {zone_of_target(row['zone'], self.lang)} {row['reason']}"
        yield from map(self._target_line, self.warning_rows())
        for row in self.not_judged_rows():
            yield f"{self._line_head({**row, 'verdict': NOT_JUDGED})}: {row['reason']}"

    def _target_line(self, row: dict[str, Any]) -> str:
        return f"{self._line_head(row)}{self.where_text(row)}: {self.target_text(row)}; {row['reason']}"

    def _line_head(self, row: dict[str, Any]) -> str:
        """The verdict, the criteria and the period of a line as the command line names them, with the titles beside."""
        place = " ".join(part for part in (named_criteria(row), row["period"]) if part)
        titles = [self.titles[name] for name in named_criteria(row).split(", ") if name in self.titles]
        return f"{row['verdict'].upper():11} {place}" + (f" ({', '.join(titles)})" if titles else "")

    def where_text(self, row: dict[str, Any]) -> str:
        """For which interactions a target is, with a space before it; empty for all."""
        where = say("where {where}", self.lang, where=self.conditions.get(row["where"], row["where"]))
        return f" {where}" if row["where"] else ""

    def target_text(self, row: dict[str, Any]) -> str:
        """The zone and the target of a row: `green ≥ 80 %`."""
        return f"{zone_of_target(row['zone'], self.lang)} {limit_words(row['target'], self.lang)}"

    def rows(self) -> list[dict[str, Any]]:
        """The verdicts on targets as records."""
        return records_of(self.table)

    def baseline_rows(self) -> list[dict[str, Any]]:
        """The verdicts against the baseline as records."""
        return records_of(self.baseline)

    def warning_rows(self) -> list[dict[str, Any]]:
        """The warnings of running periods as records."""
        return records_of(self.warnings)

    def not_judged_rows(self) -> list[dict[str, Any]]:
        """The periods that were passed over as records."""
        return records_of(self.not_judged)


def named_criteria(row: dict[str, Any]) -> str:
    """The criteria of a row of `Checks.not_judged`, as they are named on the command line."""
    names = [f"{row['process']}.{name}" for name in row["criterion"].split(", ")] if row["criterion"] else []
    return ", ".join(names) or str(row["process"])


def check(
    card: CardTables,
    periods: str | Iterable[str] | None = None,
    *,
    baseline: Any = None,
    baseline_period: str | None = None,
    running: Budgets | None = None,
    lang: str | None = None,
) -> Checks:
    """Compares the shares of a card with the targets of its definitions, and with a stored month.

    Args:
        card: A card that is split by the segments that targets name in `where`.
        periods: The periods to judge; unless given the newest of each criterion that is neither partial nor immature,
            be it empty. Those that are newer are told in `not_judged`.
        baseline: Counts that were stored before: a file of `svclight score -o`, a saved card, a frame, a card. Every
            criterion is held against them, with a target or without.
        baseline_period: The stored period; unless given the newest one before the period that is judged.
        running: Budgets, of a card by day at best: those of running periods that are used up to the `warn_at` of their
            target are warned of.
        lang: The language of reasons and notes, those of budgets excepted; that of the definitions unless given.

    Returns:
        The verdicts, in the order of the definitions.

    Raises:
        SvclightError: The card has no such period, or is not split by a segment that a target names; the baseline
            cannot be read, or has no such period.

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
        ...                       "green": 900, "yellow": 60, "red": 40})
        >>> checks = svclight.check(svclight.tally(table, definitions, as_of="2026-05-01"))
        >>> print(checks)
        MET         hotline.wait 2026-03: green ≥ 80 %; 90.0 % of 1,000 rated (95 %: 88.0 to 91.7 %)
        >>> checks.exit_code()
        0
    """
    check_card(card, "svclight.check")
    lang = language_of(lang, card.definitions)
    named = None if periods is None else list(texts_of(periods, "periods of svclight.check"))
    if named is not None:
        check_periods(card, named)
    scored = scored_criteria(card)
    table = pd.DataFrame(
        [row for which in scored for row in _criterion_rows(card, which, named, lang)], columns=list(COLUMNS)
    )
    told = [which for which in scored if criterion_at(card.definitions, which).targets or baseline is not None]
    newest = {which: newest_whole(card, which) for which in told}
    return Checks(
        table,
        tuple(dict.fromkeys(debt_notes(records_of(table), card.definitions, lang))),
        _beside_stored(card, named, baseline, baseline_period, lang),
        not_judged.periods_passed_over(card, newest if named is None else {}, lang),
        _budgets_warned_of(running),
        _titles(card.definitions),
        _conditions(card.definitions, lang),
        lang,
    )


def _titles(definitions: Definitions) -> dict[str, str]:
    """The titles of processes and criteria by what the command line calls them."""
    found: dict[str, str | None] = {name: process.title for name, process in definitions.processes.items()}
    found |= {f"{process}.{name}": criterion.title for process, name, criterion in definitions.criteria()}
    return {name: title for name, title in found.items() if title}


def _conditions(definitions: Definitions, lang: str) -> dict[str, str]:
    """The conditions of all targets in words, by their text."""
    targets = (target for _, _, criterion in definitions.criteria() for target in criterion.targets)
    return {str(target.where): condition_text(target.where, lang) for target in targets if target.where is not None}


def _beside_stored(
    card: CardTables, named: list[str] | None, baseline: Any, baseline_period: str | None, lang: str
) -> pd.DataFrame:
    """How criteria do against a stored month; without a row where none was given."""
    if baseline is None:
        return pd.DataFrame(columns=list(stored_month.COLUMNS))
    judged = [
        (which, period or "", bool(period) and is_immature(card, which, period or ""))
        for which in scored_criteria(card)
        for period in (named if named is not None else [newest_whole(card, which)])
    ]
    return stored_month.compare_with_stored(
        card.counts,
        judged,
        stored_month.stored_counts(baseline),
        period=baseline_period,
        targets=targets_told(card.definitions),
        lang=lang,
    )


def _budgets_warned_of(running: Budgets | None) -> pd.DataFrame:
    """The budgets of running periods that are used up to the `warn_at` of their target, or beyond.

    Where nothing is allowed each one that is bad is warned of.
    """
    if running is None:
        return pd.DataFrame(columns=list(WARNINGS))
    table = running.table.assign(verdict=WARN, reason=running.reasons)
    # of nothing that is allowed all is used at once
    used = table["used"].where(table["allowed"] > 0, np.where(table["bad"] > 0, np.inf, np.nan)).astype(np.float64)
    chosen = table["running"].astype(bool) & (used >= table["warn_at"].astype(np.float64))
    return table.loc[chosen, list(WARNINGS)].reset_index(drop=True)


def segments_needed(definitions: Definitions, processes: Iterable[str] | None = None) -> tuple[str, ...]:
    """The segments that targets of some processes name, of all unless given: by these a card must be split."""
    counted = None if processes is None else set(processes)
    found = (
        test.column
        for process, _, criterion in definitions.criteria()
        if counted is None or process in counted
        for target in criterion.targets
        for test in tests_in(target.where)
    )
    return tuple(dict.fromkeys(found))


def check_periods(card: CardTables, named: list[str]) -> None:
    """Refuses periods of another kind than the card's.

    Raises:
        SvclightError: One is no period, or of another kind.
    """
    there = sorted(periods_in(card.counts) - {""})
    for period in named:
        found = clocks.period_number(period)
        if found is None or found[0] != card.provenance.period:
            raise SvclightError(
                Issue(
                    f"this is no {card.provenance.period}",
                    found=quoted_text(period),
                    expected=f"one of {quoted_list(there)}",
                )
            )


def _criterion_rows(card: CardTables, which: CriterionId, named: list[str] | None, lang: str) -> Iterator[list[Any]]:
    """The verdicts on all targets of a criterion, as rows of `Checks.table`."""
    criterion = criterion_at(card.definitions, which)
    for target in criterion.targets:
        where = "" if target.where is None else str(target.where)
        table = zone_counts(card, which, target)
        for period in named if named is not None else [newest_whole(card, which)]:
            for zone in (*ZONES, "net"):
                limit = getattr(target, zone)
                if limit is None:
                    continue
                head = [*which, period or "", where, zone, str(limit)]
                if not period:
                    yield [*head, 0, np.nan, np.nan, np.nan, NO_DATA, say("no period is whole and mature", lang)]
                else:
                    mark = _mark_of(card, which, period)
                    yield [*head, *_verdict_cells(criterion, target, zone, period, table.get(period), mark, lang)]


def newest_whole(card: CardTables, which: CriterionId, *, with_rows: bool = False) -> str | None:
    """The newest period that is neither partial nor immature; on request one in which there are rows."""
    marks = rows_of(card.periods, which)
    whole = marks[(marks["period"] != "") & ~marks["partial"] & ~marks["immature"]]
    periods = periods_in(whole)
    if with_rows:
        periods &= periods_in(rows_of(card.counts, which))
    return max(periods, default=None)


def is_immature(card: CardTables, which: CriterionId, period: str) -> bool:
    """Whether interactions of a period can still turn."""
    return bool(_mark_of(card, which, period).get("immature", False))


def _mark_of(card: CardTables, which: CriterionId, period: str) -> dict[str, Any]:
    """What the card says of a period of a criterion, and whether it has no row; nothing of one that it has not."""
    marks = rows_of(card.periods, which)
    found = records_of(marks[marks["period"] == period])
    if not found:
        return {}
    is_empty = not (rows_of(card.counts, which)["period"] == period).any()
    return {**found[0], "is_empty": is_empty, "zone": card.provenance.time_zone}


def periods_of(card: CardTables, which: CriterionId, periods: str | Iterable[str] | None) -> tuple[str, ...]:
    """The periods of a criterion to add up: those that a call names, else all but immature ones.

    Raises:
        SvclightError: One that is named is of another kind than the card's.
    """
    if periods is not None:
        named = list(texts_of(periods, "the periods of a call"))
        check_periods(card, named)
        return tuple(sorted(named))
    there = sorted(periods_in(rows_of(card.counts, which)) - {""})
    return tuple(period for period in there if not is_immature(card, which, period))


def _verdict_cells(
    criterion: Criterion,
    target: Target,
    zone: str,
    period: str,
    counts: dict[str, int] | None,
    mark: dict[str, Any],
    lang: str,
) -> list[Any]:
    """The cells of a verdict's row: rated, share, low, high, verdict, reason."""
    if mark.get("is_empty", False):
        return [0, np.nan, np.nan, np.nan, NO_DATA, not_judged.why_empty(mark, lang)]
    counts = dict.fromkeys(ZONES, 0) | (counts or {})
    rated = sum(counts[each] for each in ZONES)
    if not rated:
        reason = say("no rated interaction in {period}", lang, period=period_words(period, lang))
        return [0, np.nan, np.nan, np.nan, NO_DATA, reason]
    effective = rated**2 / counts[SQUARES] if counts.get(SQUARES) else rated
    worth = {each: worth_of(counts[each], rated, effective) for each in ZONES}
    share, low, high = map(float, shares.zone_share(worth, zone))
    reasons = [rated_share_words(zone, (share, low, high), rated, target_ends(criterion)[zone], lang)]
    verdict = verdict_on(getattr(target, zone), zone, low, high)
    accepted = criterion.accepted
    if mark.get("immature", False):
        verdict = NO_VERDICT
        reasons.append(not_judged.why_immature(mark, mark["zone"], lang))
    elif effective < target.min_rated:
        verdict = TOO_FEW
        reasons += too_few_words(rated, effective, target.min_rated, lang)
    elif verdict == MISSED and accepted is not None and is_accepted(accepted, zone, period, low, high):
        verdict = ACCEPTED
        reasons.append(accepted_words(accepted, lang))
    elif verdict == CANNOT_TELL:
        reasons += telling_words(getattr(target, zone), zone, share, rated / effective, lang)
    return [rated, share, low, high, verdict, "; ".join(reasons)]


def is_accepted(accepted: Accepted, zone: str, period: str, low: float, high: float) -> bool:
    """Whether a miss is accepted: the period begins before `until`, and the share is not surely worse."""
    limit = getattr(accepted, zone)
    found = clocks.period_number(period)
    if limit is None or found is None:
        return False
    begins = clocks.period_start(found[1], found[0])
    return bool(begins < accepted.until and verdict_on(limit, zone, low, high) != MISSED)
