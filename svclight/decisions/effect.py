"""What came after each action, held against what it was to bring.

In: a card whose criteria name `actions`. Out: `Effects`: for each action and zone that was promised the share in the
whole periods before it and after it, their difference with an interval that knows how much the periods before vary, and
one of a few verdicts. Works on counts alone, so hand-kept cards are asked like counted ones.
"""

from __future__ import annotations

from dataclasses import dataclass
from itertools import chain
from typing import TYPE_CHECKING, Any, Final

import numpy as np
import pandas as pd

from svclight.card.card_tables import FEW, CardTables, check_card, effective_of, squares_of, worth_of
from svclight.card.criterion_names import named_criterion
from svclight.counts.tidy_tables import records_of, rows_of
from svclight.decisions.compared_sides import FEWEST_EARLIER
from svclight.decisions.result import CHANGE_INTERVAL, Result
from svclight.definition.criterion_id import CriterionId
from svclight.errors import SvclightError
from svclight.processes import criterion_at, criterion_ids, full_title
from svclight.statistics import control_limits
from svclight.statistics.shares import share
from svclight.statistics.trends import straight_trend
from svclight.statistics.two_shares import newcombe_interval, widening_factor
from svclight.thresholds import ZONES
from svclight.values import clocks
from svclight.wording.effect_words import AS_PROMISED, CANNOT_TELL, LESS, NO_PROMISE, effect_notes, effect_sentence
from svclight.wording.languages import language_of
from svclight.wording.result_words import span_text

if TYPE_CHECKING:
    import datetime as dt
    from collections.abc import Iterable, Iterator, Mapping

    from numpy.typing import NDArray

    from svclight.definition.models import Action

    Floats = NDArray[np.float64]

COLUMNS: Final = (
    *("process", "criterion", "at", "what", "owner", "ticket", "zone", "expected"),
    *("before", "periods_before", "rated_before", "share_before", "after", "periods_after", "rated_after"),
    *("share_after", "difference", "low", "high", "sigma_z", "trend", "verdict"),
)
_LEVEL: Final = 0.05
VERDICTS: Final = (AS_PROMISED, LESS, CANNOT_TELL, NO_PROMISE)


@dataclass(frozen=True, repr=False)
class Effects(Result):
    """What came after each action, in the order of the definitions.

    Attributes:
        table: One row an action and zone: `process, criterion, at, what, owner, ticket, zone`; `expected` (the promised
            difference; NaN where nothing was promised); `before, periods_before, rated_before, share_before` (the whole
            and mature periods before the action, back to the action or change before it), `after, periods_after,
            rated_after, share_after` (those after it, up to the next one); `difference` (after less before), `low`,
            `high` (95 %), `sigma_z` (how many times more than by chance the periods before vary; NaN where they are
            too few to tell), `trend` (by how much a period the share moved before the action already; NaN where that is
            no more than chance, or there are fewer than 6); `verdict`. Shares and differences are -1 to 1; what cannot
            be told is NaN.
        periods: The periods behind the table, `row` (its row), `side` (before, after), `period, rated, share`.
        sentences: Each row in words.
        titles: The titles of process and criterion, a row each.
        lang: The language of sentences.
        notes: What holds for all of them.
    """

    table: pd.DataFrame
    periods: pd.DataFrame
    _columns = ("at", "what", "zone", "expected", "difference", CHANGE_INTERVAL, "verdict")

    sentences: tuple[str, ...]
    titles: tuple[str, ...]
    lang: str = "en"
    notes: tuple[str, ...] = ()

    def _titles(self) -> Mapping[Any, str]:
        keys = self.table[["process", "criterion"]].astype(str).itertuples(index=False, name=None)
        return dict(zip(keys, self.titles, strict=True))

    def __str__(self) -> str:
        return "\n".join([*self.sentences, *self.notes])


@dataclass(frozen=True)
class _Stretch:
    """Periods that are added up: labels, places in the calendar, the counts of a zone and of all rated, one by one."""

    labels: tuple[str, ...]
    places: Floats
    counts: Floats
    rated: Floats
    effective: Floats

    @property
    def share(self) -> float:
        """The share of the zone in all periods together."""
        return float(share(self.counts.sum(), self.rated.sum()))

    @property
    def worth(self) -> tuple[float, float]:
        """The counts of the zone and of all rated as single interactions that tell as much."""
        whole = float(effective_of(self.rated.sum(), squares_of(self.rated, self.effective).sum()))
        return float(worth_of(self.counts.sum(), self.rated.sum(), whole)), whole


def effect(card: CardTables, criterion: str | None = None, *, lang: str | None = None) -> Effects:
    """Holds what came after each action of the definitions against what it was to bring.

    The whole and mature periods before an action, back to the action or change of the service before it, are added up;
    those after it, up to the next one, likewise. The period in which the action falls is left out, unless it begins
    with it. The difference has Newcombe's interval, widened by how much the periods before vary (Student's t).

    Args:
        card: What was counted, or kept by hand.
        criterion: Only this one, such as hotline.wait; all that name actions unless given.
        lang: The language of sentences, en or ru; that of the definitions unless given.

    Returns:
        A row for each action and promised zone (green where nothing was promised). The verdict is `as promised` where
        the interval holds the promise, or lies beyond it, and does not hold 0; `less than promised` where it lies short
        of the promise; `cannot tell` where it holds both, where fewer than 4 periods before or none after are known, or
        where the share moved so before the action already.

    Raises:
        SvclightError: No criterion names an action, or the card has no such criterion.

    Examples:
        >>> import pandas as pd
        >>> import svclight
        >>> definitions = svclight.loads('''
        ... svclight: 1
        ... time_zone: UTC
        ... processes:
        ...   hotline:
        ...     title: Hotline
        ...     log: {time: called, fields: {waited: {number: waited, unit: s}}}
        ...     criteria:
        ...       wait:
        ...         measure: {value: waited}
        ...         green: "<= 30 s"
        ...         actions: [{at: 2026-05-01, what: two more people, expected: {green: "+5 %"}}]
        ... ''')
        >>> table = pd.DataFrame({"month": [f"2026-0{month}" for month in range(1, 8)], "process": "hotline",
        ...                       "criterion": "wait", "green": [800, 790, 810, 800, 860, 850, 855], "yellow": 0})
        >>> table["red"] = 1000 - table["green"]
        >>> found = svclight.effect(svclight.tally(table, definitions, as_of="2026-08-01"))
        >>> found.table[["share_before", "share_after", "verdict"]].values.tolist()
        [[0.8, 0.855, 'as promised']]
    """
    check_card(card, "svclight.effect")
    lang = language_of(lang, card.definitions)
    acting = _with_actions(card, criterion)
    shares = card.shares(by=[])  # of all criteria at once
    found = [one for which in acting for one in _of_criterion(card, which, shares)]
    table = pd.DataFrame([row for row, _, _ in found], columns=list(COLUMNS))
    kind = card.provenance.period
    rows = records_of(table)
    titles = tuple(full_title(card.definitions, CriterionId(row["process"], row["criterion"])) for row in rows)
    sentences = tuple(
        effect_sentence(row, title, kind, lang, fewest=FEWEST_EARLIER) for row, title in zip(rows, titles, strict=True)
    )
    return Effects(table, _periods_table(found), sentences, titles, lang, effect_notes(kind, lang))


def _periods_table(found: Iterable[tuple[list[Any], _Stretch, _Stretch]]) -> pd.DataFrame:
    """The periods behind each row of the table."""
    rows = [
        [row, side, label, int(rated), count / rated]
        for row, (_, *stretches) in enumerate(found)
        for side, stretch in zip(("before", "after"), stretches, strict=True)
        for label, count, rated in zip(stretch.labels, stretch.counts, stretch.rated, strict=True)
    ]
    return pd.DataFrame(rows, columns=["row", "side", "period", "rated", "share"])


def _with_actions(card: CardTables, named: str | None) -> list[CriterionId]:
    """The criteria that are asked for and name actions.

    Raises:
        SvclightError: There are none.
    """
    known = criterion_ids(card.definitions) if named is None else [named_criterion(card, named)]
    acting = [which for which in known if criterion_at(card.definitions, which).actions]
    if not acting:
        what = "no criterion names an action" if named is None else f"{named} names no action"
        raise SvclightError(f"{what}: give it `actions`, rows of `at`, `what`, `owner`, `expected`, `ticket`")
    return acting


def _of_criterion(
    card: CardTables, which: CriterionId, shares: pd.DataFrame
) -> Iterator[tuple[list[Any], _Stretch, _Stretch]]:
    """The rows of a criterion's actions in the order of their dates, each with both its stretches of periods."""
    criterion = criterion_at(card.definitions, which)
    series = _whole_periods(rows_of(shares, which))
    days = sorted({one.at for one in chain(criterion.actions, criterion.changes)})
    for action in sorted(criterion.actions, key=lambda one: one.at):
        before, after = _sides_of(series, action.at, days)
        for zone, expected in _promises(action):
            known = [action.at.isoformat(), action.what, action.owner or "", action.ticket or "", zone, expected]
            sides = _stretch(before, zone), _stretch(after, zone)
            yield [*which, *known, *_held_against(*sides, expected)], *sides


def _promises(action: Action) -> list[tuple[str, float]]:
    """The zones of which something was promised, and how much; green and NaN where nothing was."""
    found = [
        (zone, float(points.amount) / 100)
        for zone in ZONES
        if action.expected is not None and (points := getattr(action.expected, zone)) is not None
    ]
    return found or [("green", np.nan)]


def _whole_periods(wide: pd.DataFrame) -> pd.DataFrame:
    """The periods of a criterion that are whole and mature and of which enough are rated, with their first days."""
    unsure = wide["flag"].astype(str).str.contains("partial|immature")
    wide = wide[~unsure & (wide["effective"] >= FEW) & (wide["period"].astype(str) != "")]
    found = [one for one in map(clocks.period_number, wide["period"].astype(str)) if one is not None]
    begins, ends = ([make(number, kind) for kind, number in found] for make in (clocks.period_start, clocks.period_end))
    return wide.assign(place=[number for _, number in found], begin=begins, end=ends).sort_values("place")


def _sides_of(series: pd.DataFrame, at: dt.date, days: Iterable[dt.date]) -> tuple[pd.DataFrame, pd.DataFrame]:
    """The periods from the day of action or change before to this one, and from it to the next one."""
    days = list(days)
    first = max((day for day in days if day < at), default=None)
    last = min((day for day in days if day > at), default=None)
    spans = list(zip(series["begin"], series["end"], strict=True))
    before = [end <= at and (first is None or first <= begin) for begin, end in spans]
    after = [at <= begin and (last is None or end <= last) for begin, end in spans]
    return series[np.array(before, dtype=bool)], series[np.array(after, dtype=bool)]


def _stretch(part: pd.DataFrame, zone: str) -> _Stretch:
    """The periods of one side of an action."""
    numbers = (part[name].to_numpy(dtype=np.float64) for name in ("place", zone, "rated", "effective"))
    return _Stretch(tuple(part["period"].astype(str)), *numbers)


def _held_against(before: _Stretch, after: _Stretch, expected: float) -> list[Any]:
    """The numbers of both sides, their difference with its interval, and the verdict."""
    factor, low, high = _interval_of_difference(before, after)
    slope, p = straight_trend(before.places, before.counts / before.rated)
    trend = slope if p < _LEVEL else np.nan
    sides = [
        one
        for side in (before, after)
        for one in (span_text(side.labels) if side.labels else "", len(side.labels), int(side.rated.sum()), side.share)
    ]
    verdict = verdict_on_promise(low, high, expected)
    if verdict == AS_PROMISED and trend * expected > 0:  # it moved that way by itself: the action need not have done it
        verdict = CANNOT_TELL
    return [*sides, after.share - before.share, low, high, factor, trend, verdict]


def _interval_of_difference(before: _Stretch, after: _Stretch) -> tuple[float, float, float]:
    """How many times more than by chance the periods before vary, and the interval; NaN where they are too few."""
    if len(before.labels) < FEWEST_EARLIER or not after.labels:
        return np.nan, np.nan, np.nan
    worth = worth_of(before.counts, before.rated, before.effective)
    factor = float(control_limits.sigma_z([(worth, before.effective)])[0])
    # a share that is always 0 or always 1 has no variation to widen by
    widen = np.nan_to_num(widening_factor(factor, len(before.labels) - 1), nan=1.0)
    low, high = newcombe_interval(*before.worth, *after.worth, widen=widen)
    return factor, float(low), float(high)


def verdict_on_promise(low: float, high: float, expected: float) -> str:
    """The verdict on a difference that is known up to its interval, and was promised to be `expected`.

    Args:
        low: The lower end of the interval; NaN where there is none.
        high: The upper end.
        expected: The promise, below 0 where a share was to fall; NaN where nothing was promised.
    """
    if np.isnan(expected):
        return NO_PROMISE
    if np.isnan(low):
        return CANNOT_TELL
    # a fall that was promised is a rise of the other side
    low, high, expected = (low, high, expected) if expected > 0 else (-high, -low, -expected)
    if high < expected:
        return LESS
    return AS_PROMISED if low > 0 else CANNOT_TELL
