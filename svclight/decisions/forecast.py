"""Where the running month will end, and the next ones: bands, chances to meet the target, and how well such bands held.

In: a `CardTables`, best by day, so that it is known how many are to come. Out: `Forecasts`: a table with one row for
each target and month to come, a backtest over the months that are known, sentences. Nothing but counts goes in.
"""

from __future__ import annotations

from dataclasses import dataclass
from math import ceil, floor
from typing import TYPE_CHECKING, Any, Final

import numpy as np
import pandas as pd

from svclight.card.card_tables import check_card
from svclight.card.criterion_names import named_criterion, scored_criteria
from svclight.counts.tidy_tables import records_of
from svclight.decisions.result import INTERVAL, Result
from svclight.decisions.running_period import BY_DAY, RunningPeriod, first_day, rated_of, running_period
from svclight.decisions.target_counts import zone_counts
from svclight.decisions.whole_periods import counts_by_period, whole_periods
from svclight.definition.criterion_checks import AT_THE_END
from svclight.definition.models import Target
from svclight.errors import Issue, SvclightError, quoted_text
from svclight.processes import criterion_at, full_title
from svclight.statistics.share_forecast import FEWEST, Forecast, day_dispersion, month_forecast, month_level
from svclight.thresholds import ZONES
from svclight.values import clocks
from svclight.wording import forecast_words
from svclight.wording.catalogue import say
from svclight.wording.languages import language_of
from svclight.wording.limit_words import condition_text
from svclight.wording.sentence_parts import notes_words
from svclight.wording.shares import target_ends

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping, Sequence

    from svclight.card.card_tables import CardTables
    from svclight.definition.criterion_id import CriterionId
    from svclight.thresholds import Interval

    Counts = Mapping[str, int]
    Months = Mapping[int, Counts]

COLUMNS: Final = (
    *("process", "criterion", "where", "zone", "target", "period", "running", "months", "rated", "share", "to_come"),
    *("forecast", "low", "high", "chance", "season"),
)
BACKTEST: Final = ("process", "criterion", "where", "zone", "ahead", "forecasts", "inside", "coverage")
_NEAR: Final = 1e-9
"""So near to a whole number a product of floats is that number."""
NEWEST: Final = 3
"""A month to come is expected to have as many rated as the mean of so many of the newest."""
MOST_PENDING: Final = 0.05
"""Where more of a running month are pending than this part of what is rated, what is rated is no sample of it."""


@dataclass(frozen=True, repr=False)
class Forecasts(Result):
    """Forecasts of shares.

    Attributes:
        table: `process, criterion, where, zone, target, period, running, months` (on which it is based), `rated` and
            `share` so far (of a running period), `to_come` (how many are expected to be rated), `forecast`, `low`,
            `high` (the 90 % band of the share at the period's end), `chance` (to meet the target; NaN without one),
            `season` (whether months of the year have levels of their own). Shares and chances are 0 to 1.
        backtest: `process, criterion, where, zone, ahead` (how many periods; 0: from the middle of it), `forecasts`
            (that could be made of earlier periods), `inside` (how many of these ended within their band), `coverage`.
        sentences: A sentence for each target.
        notes: What cannot be forecast, and the backtest in words.
        titles: The titles of process and criterion, and the condition of the target, one for each sentence.
        lang: The language of the sentences.
    """

    _columns = ("where", "zone", "target", "period", "forecast", INTERVAL, "chance")

    table: pd.DataFrame
    backtest: pd.DataFrame
    sentences: tuple[str, ...]
    notes: tuple[str, ...] = ()
    titles: tuple[str, ...] = ()
    lang: str = "en"

    def _titles(self) -> Mapping[Any, str]:
        asked = self.table[["process", "criterion", "where", "zone"]].astype(str).drop_duplicates()
        keys = asked[["process", "criterion"]].itertuples(index=False, name=None)
        return dict(zip(keys, self.titles, strict=False))

    def rows(self) -> list[dict[str, Any]]:
        """The forecasts as records."""
        return records_of(self.table)

    def __str__(self) -> str:
        lines = [*self.sentences, *notes_words(self.notes, self.lang)]
        return "\n".join(lines) or say("there is nothing to forecast", self.lang)


@dataclass(frozen=True)
class _Question:
    """Which share is forecast: of a criterion, for a target or none."""

    which: CriterionId
    target: Target
    zone: str
    limit: Interval | None

    @property
    def head(self) -> dict[str, Any]:
        """The first cells of a row."""
        where = "" if self.target.where is None else str(self.target.where)
        return {"process": self.which.process, "criterion": self.which.criterion, "where": where, "zone": self.zone}


def forecast(
    card: CardTables, criterion: str | None = None, *, ahead: int = 3, kind: str = "month", lang: str | None = None
) -> Forecasts:
    """Forecasts where the running month will end, and the next ones, from the counts of the months before.

    The level is an exponentially weighted mean of the months that are over, whole and mature, at least 6 of them;
    months of the year have levels of their own where there are 24 and they differ by more than chance. The band is as
    wide as forecasts so far ahead missed, and counting adds to it. Of the running month, what is rated so far stands,
    and draws the level towards it.

    Args:
        card: What was counted; by day it is known how many are to come. It is split by the segments that targets name.
        criterion: Only this one, as `process.criterion`; all of them unless given.
        ahead: How many months after the running one.
        kind: Into which kind of period the days of a card by day are added up.
        lang: The language of the sentences, `en` or `ru`; that of the definitions unless given.

    Returns:
        The `Forecasts`, for each target of green, yellow or red; of a criterion without one for green.

    Raises:
        SvclightError: There is no such criterion, the card is not split by a segment that a target names, or `ahead` is
            not 1 to 24.

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
        >>> months = [f"2025-{month:02}" for month in range(1, 13)]
        >>> table = pd.DataFrame({"month": months, "process": "hotline", "criterion": "wait",
        ...                       "green": [840, 860, 850] * 4, "yellow": 0, "red": [160, 140, 150] * 4})
        >>> found = svclight.forecast(svclight.tally(table, definitions, as_of="2026-01-01"), ahead=1)
        >>> found.table[["period", "forecast", "low", "high", "chance"]].round(2).values.tolist()
        [['2026-01', 0.85, 0.82, 0.88, 0.99]]
    """
    check_card(card, "svclight.forecast")
    lang = language_of(lang, card.definitions)
    clocks.check_kind_of_period(kind)
    if not 1 <= ahead <= 24:  # noqa: PLR2004 - two years
        raise SvclightError(Issue("so far ahead nothing is forecast", found=quoted_text(ahead), expected="1 to 24"))
    kind = kind if card.provenance.period == BY_DAY else card.provenance.period
    rows: list[dict[str, Any]] = []
    tested: list[dict[str, Any]] = []
    notes: dict[str, None] = {}
    said: list[str] = []
    titles: list[str] = []
    for asked in _questions(card, criterion, notes, lang):
        title = _title_of(card, asked, lang)
        found, checked, months = _answer(card, asked, ahead, kind)
        rows += found
        tested += checked
        if found:
            ends = target_ends(criterion_at(card.definitions, asked.which))[asked.zone]
            said.append(forecast_words.forecast_sentence(found, title, ends, lang))
            titles.append(title)
        else:
            notes[forecast_words.too_few_note(title, months, FEWEST, lang)] = None
    backtest = pd.DataFrame(tested, columns=list(BACKTEST))
    notes |= dict.fromkeys(_backtest_notes(backtest, lang))
    table = pd.DataFrame(rows, columns=list(COLUMNS))
    return Forecasts(table, backtest, tuple(said), tuple(notes), tuple(titles), lang)


def _questions(card: CardTables, only: str | None, notes: dict[str, None], lang: str) -> Iterator[_Question]:
    """What is forecast: each target of a share; of a criterion without one the share of green."""
    for which in scored_criteria(card) if only is None else [named_criterion(card, only)]:
        criterion = criterion_at(card.definitions, which)
        if card.provenance.period == BY_DAY and criterion.measure.kind in AT_THE_END:
            notes[forecast_words.at_ends_note(full_title(card.definitions, which), lang)] = None
            continue
        targets = [target for target in criterion.targets if any(getattr(target, zone) is not None for zone in ZONES)]
        if not targets:
            yield _Question(which, Target(), "green", None)
        for target in targets:
            for zone in ZONES:
                if getattr(target, zone) is not None:
                    yield _Question(which, target, zone, getattr(target, zone))


def _title_of(card: CardTables, asked: _Question, lang: str) -> str:
    title = full_title(card.definitions, asked.which)
    return title if asked.target.where is None else f"{title} ({condition_text(asked.target.where, lang)})"


def _answer(
    card: CardTables, asked: _Question, ahead: int, kind: str
) -> tuple[list[dict[str, Any]], list[dict[str, Any]], int]:
    """The rows of the forecast and of its backtest, and on how many periods they are based."""
    table = zone_counts(card, asked.which, asked.target)
    newest = running_period(card, asked.which, table, kind)
    if newest is None:
        return [], [], 0
    months = whole_periods(card, asked.which, table, kind, newest)
    if len(months) < FEWEST:
        return [], [], len(months)
    last = clocks.period_of_day(newest.first, kind)
    clumped = _dispersion_of_days(table, months, asked.zone, kind) if newest.by_day else 1.0
    rows = []
    if newest.is_running:
        so_far = counts_by_period(table, kind).get(last, {})
        expected, sure = _expected(months, newest, so_far, asked.zone)
        found = _forecast_of(months, asked.zone, last, kind, (expected, sure, clumped))
        rows.append(_row(asked, clocks.period_label(last, kind), months, found, so_far))
    for number in range(last + 1, last + ahead + 1):
        found = _forecast_of(months, asked.zone, number, kind, (_usual_rated(months), (0.0, 0.0), 1.0))
        rows.append(_row(asked, clocks.period_label(number, kind), months, found, None))
    tested = [*_backtest_half_way(asked, table, months, kind)] if newest.by_day else []
    return rows, [*tested, *_backtest(asked, months, kind, ahead)], len(months)


def _row(asked: _Question, period: str, months: Months, found: Forecast, so_far: Counts | None) -> dict[str, Any]:
    """A row of the table; `so_far` are the counts of a running period."""
    rated = rated_of(so_far or {})
    return {
        **asked.head,
        "target": "" if asked.limit is None else str(asked.limit),
        "period": period,
        "running": so_far is not None,
        "months": len(months),
        "rated": rated,
        "share": (so_far or {}).get(asked.zone, 0) / rated if rated else np.nan,
        "to_come": found.to_come,
        "forecast": found.share,
        "low": found.low,
        "high": found.high,
        "chance": np.nan if asked.limit is None else _chance(found, asked.limit),
        "season": found.level.season,
    }


def _usual_rated(months: Months) -> float:
    """How many a period usually has: the mean of the newest."""
    newest = list(months.values())[-NEWEST:]
    return sum(map(rated_of, newest)) / len(newest)


def _expected(months: Months, newest: RunningPeriod, so_far: Counts, zone: str) -> tuple[float, tuple[float, float]]:
    """How many of a running period are to come, and how many of how many are counted for sure."""
    rated, usual = rated_of(so_far), _usual_rated(months)
    if newest.to_come is not None:
        to_come = float(newest.to_come)
    elif newest.seen is None or not len(newest.past):
        return usual, (0.0, 0.0)  # how much of it is over is not known
    else:
        to_come = rated / len(newest.past) * len(newest.left)
    if so_far.get("pending", 0) > MOST_PENDING * rated:
        return rated + to_come or usual, (0.0, 0.0)
    return to_come, (float(so_far.get(zone, 0)), float(rated))


def _forecast_of(
    months: Months, zone: str, number: int, kind: str, running: tuple[float, tuple[float, float], float]
) -> Forecast:
    """The forecast of one period from those before it.

    `running` is how many are to come, how many of how many are counted, and the dispersion of days.
    """
    numbers = np.array(list(months), dtype=np.int64)
    counts = np.array([months[one].get(zone, 0) for one in months], dtype=np.float64)
    rated = np.array([rated_of(months[one]) for one in months], dtype=np.float64)
    # only months have months of the year
    of_year = numbers % 12 + 1 if kind == "month" else np.zeros_like(numbers)
    level = month_level(counts, rated, of_year, month=number % 12 + 1, ahead=number - int(numbers[-1]))
    return month_forecast(level, to_come=running[0], sure=running[1], clumped=running[2])


def _dispersion_of_days(table: Mapping[str, Counts], months: Months, zone: str, kind: str) -> float:
    """How many times more the days of whole periods vary than counting explains."""
    days = [
        (counts.get(zone, 0), rated_of(counts), clocks.period_of_day(first_day(label), kind))
        for label, counts in table.items()
        if label and rated_of(counts)
    ]
    inside = [day for day in days if day[2] in months]
    return day_dispersion(*(np.array(column) for column in zip(*inside, strict=True)))


def _chance(found: Forecast, limit: Interval) -> float:
    """The chance that a period ends within the limit, 0 to 1.

    The distribution is one of shares, a period has whole interactions: the limit lies half of one beyond the last that
    is within it, so that `>= 100 %` has a chance.
    """
    whole = found.sure[1] + found.to_come
    below, beyond = 1.0, 0.0
    if limit.high is not None:
        last = float(limit.high.amount) / 100 * whole
        below = found.chance_below((ceil(last - _NEAR) - 0.5 if limit.high_open else floor(last + _NEAR) + 0.5) / whole)
    if limit.low is not None:
        first = float(limit.low.amount) / 100 * whole
        beyond = found.chance_below(
            (floor(first + _NEAR) + 0.5 if limit.low_open else ceil(first - _NEAR) - 0.5) / whole
        )
    return max(below - beyond, 0.0)


def _backtest(asked: _Question, months: Months, kind: str, ahead: int) -> Iterator[dict[str, Any]]:
    """How many periods ended within the band that the periods before them would have given, by how far ahead."""
    numbers = list(months)
    for distance in range(1, ahead + 1):
        made, inside = 0, 0
        for place in range(FEWEST, len(numbers) + 1):
            before, number = {one: months[one] for one in numbers[:place]}, numbers[place - 1] + distance
            if number not in months:
                continue
            found = _forecast_of(before, asked.zone, number, kind, (_usual_rated(before), (0.0, 0.0), 1.0))
            share = months[number].get(asked.zone, 0) / rated_of(months[number])
            made, inside = made + 1, inside + (found.low <= share <= found.high)
        coverage = inside / made if made else np.nan
        yield {**asked.head, "ahead": distance, "forecasts": made, "inside": inside, "coverage": coverage}


def _backtest_half_way(
    asked: _Question, table: Mapping[str, Counts], months: Months, kind: str
) -> Iterator[dict[str, Any]]:
    """The same for bands that half of a period, by its days, and the periods before it would have given."""
    numbers, made, inside = list(months), 0, 0
    for place in range(FEWEST, len(numbers)):
        number = numbers[place]
        begin, end = (clocks.day_number(one(number, kind)) for one in (clocks.period_start, clocks.period_end))
        middle = (begin + end) // 2
        half = [counts for label, counts in table.items() if label and begin <= first_day(label) < middle]
        count, rated = sum(counts.get(asked.zone, 0) for counts in half), sum(map(rated_of, half))
        if not rated:
            continue
        to_come = rated / (middle - begin) * (end - middle)
        before = {one: months[one] for one in numbers[:place]}
        clumped = _dispersion_of_days(table, before, asked.zone, kind)
        found = _forecast_of(before, asked.zone, number, kind, (to_come, (float(count), float(rated)), clumped))
        share = months[number].get(asked.zone, 0) / rated_of(months[number])
        made, inside = made + 1, inside + (found.low <= share <= found.high)
    if made:
        yield {**asked.head, "ahead": 0, "forecasts": made, "inside": inside, "coverage": inside / made}


def _backtest_notes(backtest: pd.DataFrame, lang: str) -> Iterator[str]:
    """The backtest of all criteria together in words, by how far ahead."""
    sums: Sequence[tuple[int, int, int]] = [
        (int(str(ahead)), int(part["forecasts"].sum()), int(part["inside"].sum()))
        for ahead, part in backtest.groupby("ahead")
    ]
    if any(made for _, made, _ in sums):
        yield forecast_words.backtest_note([one for one in sums if one[1]], lang)
