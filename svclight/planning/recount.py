"""Interactions judged twice, as they are and as supposed: their moves between states, and their values.

In: judges (exact, from the log) or a card's histogram (approximate). Out: `Recount`: small tables. Only measured values
move: what is not finished, was given up or has no value stays as it is, and is listed. With other limits everything is
judged anew.
"""

from __future__ import annotations

from dataclasses import dataclass, replace
from fractions import Fraction
from typing import TYPE_CHECKING, Any

import numpy as np
import pandas as pd

from svclight.card.summary import shown_unit
from svclight.counts.tidy_tables import rows_of
from svclight.errors import SvclightError
from svclight.judging.judge import Judge
from svclight.logs.log import PART, in_parts
from svclight.method.abandons import ABANDONED
from svclight.method.limits import limits_of
from svclight.planning.supposition import Supposed, in_values, length_of
from svclight.processes import criterion_at
from svclight.thresholds import STATES, ZONES, Interval, Rule
from svclight.values import histogram
from svclight.values.quantities import SECONDS

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from numpy.typing import NDArray

    from svclight.definition.criterion_id import CriterionId
    from svclight.definition.models import Criterion
    from svclight.judging.outcomes import Judged
    from svclight.logs.log import Rows
    from svclight.scorecard import Scorecard


@dataclass(frozen=True)
class Recount:
    """Interactions as they are and as is supposed.

    Attributes:
        flows: `period, before, after, count`: states, and how many interactions go from the one to the other.
        values: `value, new, zone, count` of the measured values of the periods that are asked for, in `unit`.
        unmoved: `state, reason, count` of what has no complete measured value and so stays as it is; nothing where
            everything was judged anew.
        unit: Unit of the values; seconds where they are times.
        exact: Whether it comes from the log itself.
    """

    flows: pd.DataFrame
    values: pd.DataFrame
    unmoved: pd.DataFrame
    unit: str
    exact: bool


def from_log(judge: Judge, name: str, supposed: Supposed, periods: Sequence[str]) -> Recount:
    """Recounts interactions from the log: every row is judged twice, as it is and as supposed."""
    log, other = judge.log, supposed.definitions
    second = judge
    if other is not None:  # other limits are another definition: rows are judged again by all of its rules
        changed = replace(log, definitions=other, process=other.processes[log.process_id], remembered={})
        second = Judge.of(changed, judge.segments, judge.kind, given_as_of=judge.given_as_of, matured=judge.matured)
    flows, values, unmoved, unit = [], [], [], ""
    for rows, also in _row_parts(judge, second, name):
        judged = judge.judge_rows(rows, (name,))[name]
        moves = _can_move(judged)
        labels = _period_labels(judge, rows, name)
        weights = rows.weights()
        heavy = np.ones(len(rows), dtype=np.int64) if weights is None else weights
        before = _state_places(judge, name, judged.codes)
        new, shown, unit = _new_values(rows, name, judged, supposed)
        after = before.copy()
        if other is not None:
            after = _state_places(second, name, second.judge_rows(also, (name,))[name].codes)
        else:
            after[moves] = _new_zones(rows, name, judged, new)[moves]
        flows.append(pd.DataFrame({"period": labels, "before": before, "after": after, "count": heavy}))
        inside = np.isin(labels.astype(object), list(periods))
        values.append(_value_table(shown, before, heavy, moves & inside))
        stays = ~moves & inside if other is None else np.zeros(len(rows), dtype=bool)
        unmoved.append(_unmoved_table(judge, name, judged, heavy, stays))
    return Recount(_add_parts(flows), _add_parts(values), _add_parts(unmoved), unit, exact=True)


def _row_parts(judge: Judge, second: Judge, name: str) -> Iterator[tuple[Rows, Rows]]:
    """The rows of a criterion's population, under both definitions."""
    for (log, names), (also, _) in zip(judge.populations(), second.populations(), strict=True):
        if name in names:
            yield from zip(in_parts(log, PART), in_parts(also, PART), strict=True)


def _can_move(judged: Judged) -> NDArray[np.bool_]:
    """Rows that are rated by a complete value of their own."""
    measured = judged.measured
    moves: NDArray[np.bool_] = judged.codes < len(ZONES)
    if measured is not None and measured.open is not None:
        moves &= ~measured.open
    return moves if judged.gone is None else moves & ~judged.gone


def _period_labels(judge: Judge, rows: Rows, name: str) -> NDArray[np.object_]:
    anchor = judge.log.anchor_of(rows.log.process.criteria[name])
    numbers, _ = judge.groups(rows, anchor)
    words = judge.periods[anchor].labels(numbers)
    labels: NDArray[np.object_] = np.array(words.words or [""], dtype=object)[words.codes]
    return labels


def _state_places(judge: Judge, name: str, codes: NDArray[Any]) -> NDArray[np.int64]:
    """The place of each row's state in `STATES`."""
    places = np.array([STATES.index(state) for state, _ in judge.outcomes[name].pairs], dtype=np.int64)
    states: NDArray[np.int64] = places[codes]
    return states


def _new_values(
    rows: Rows, name: str, judged: Judged, supposed: Supposed
) -> tuple[NDArray[Any], tuple[NDArray[np.float64], NDArray[np.float64]], str]:
    """New values, old and new ones as they are shown, and the unit: seconds for times."""
    criterion, measured = rows.log.process.criteria[name], judged.measured
    if measured is None:
        raise SvclightError(f"{name} has no values")
    new = measured.values
    if supposed.definitions is None:
        length = length_of(measured.unit, measured.factor, supposed.amount)
        new = supposed.values(criterion, measured.values, length, measured.per_unit)
    unit = SECONDS.get(measured.unit, Fraction(1)) / measured.per_unit  # one division, so that 30 s stay 30 s
    top, bottom = unit.numerator, unit.denominator
    shown = (np.asarray(measured.values, np.float64) * top / bottom, np.asarray(new, np.float64) * top / bottom)
    return new, shown, "s" if measured.unit in SECONDS else measured.unit


def _new_zones(rows: Rows, name: str, judged: Judged, new: NDArray[Any]) -> NDArray[np.int64]:
    """The zones of new values under the limits of each row."""
    criterion = rows.log.process.criteria[name]
    measured: Any = judged.measured  # it has values
    zones = np.zeros(len(new), dtype=np.int64)
    for row, choice in zip(criterion.rows, judged.choices, strict=True):
        part = slice(None) if choice is None else choice
        zones[part] = limits_of(row, measured.factor, measured.unit).zones(new[part])
    return zones


def _value_table(
    shown: tuple[NDArray[np.float64], NDArray[np.float64]], zones: NDArray[np.int64], heavy: Any, chosen: Any
) -> pd.DataFrame:
    old, new = (one[chosen] for one in shown)
    return pd.DataFrame({"value": old, "new": new, "zone": zones[chosen], "count": heavy[chosen]})


def _unmoved_table(judge: Judge, name: str, judged: Judged, heavy: Any, chosen: Any) -> pd.DataFrame:
    """The interactions that keep their state, by state and reason."""
    pairs = judge.outcomes[name].reasons()
    codes = judged.codes[chosen]
    states = np.array([state for state, _ in pairs], dtype=object)[codes]
    # a rated row that stays and has no reason was abandoned, and is rated by the time that it waited
    reasons = np.array([why or ABANDONED for _, why in pairs], dtype=object)[codes]
    if judged.measured is not None and judged.measured.open is not None:
        reasons = np.where((codes < len(ZONES)) & judged.measured.open[chosen], "not finished", reasons)
    kept = np.isin(states.astype(str), [*ZONES, "pending", "missing"])
    return pd.DataFrame({"state": states[kept], "reason": reasons[kept], "count": heavy[chosen][kept]})


def _add_parts(parts: Sequence[pd.DataFrame]) -> pd.DataFrame:
    """Parts put together, counts of equal rows added."""
    table = pd.concat(parts, ignore_index=True)
    keys = [name for name in table.columns if name != "count"]
    return table.groupby(keys, sort=True)["count"].sum().reset_index()


# --- from a card alone ------------------------------------------------------------------------------------------------


def from_histogram(card: Scorecard, which: CriterionId, supposed: Supposed, periods: Sequence[str]) -> Recount:
    """Recounts interactions from the histogram that a card keeps: each value is known to about 2 %.

    Raises:
        SvclightError: The card has no values, or limits differ by segment or date.
    """
    criterion = criterion_at(card.definitions, which)
    values = rows_of(card.values, which)
    if not len(values):
        raise SvclightError(f"{which}: the card holds no values of it; what_if needs the log")
    if len(criterion.rows) > 1:
        raise SvclightError(f"{which} has limits by segment or date; what_if needs the log for them")
    unit = shown_unit(criterion, card.definitions.processes[which.process].log)
    rule = rule_in(criterion, unit)
    zones = np.array([ZONES.index(zone) for zone in values["zone"]], dtype=np.int64)
    old = np.array([_place_in_bin(int(at), int(zone), rule) for at, zone in zip(values["bin"], zones, strict=True)])
    length = length_of(unit, Fraction(1), supposed.amount)
    new, wanted = old, rule
    if supposed.definitions is None:
        new = supposed.values(criterion, old, length, 1)
    else:
        wanted = rule_in(criterion_at(supposed.definitions, which), unit)
    after = zones if supposed.definitions is None and (new == old).all() else wanted.zones(new).astype(np.int64)
    numbers = values["count"].to_numpy()
    labels = values["period"].astype(str).to_numpy(dtype=object)
    flows = pd.DataFrame({"period": labels, "before": zones, "after": after, "count": numbers})
    each = float(SECONDS.get(unit, Fraction(1)))
    inside = np.isin(labels.astype(str), list(periods))
    shown = pd.DataFrame({"value": old * each, "new": new * each, "zone": zones, "count": numbers})[inside]
    rest = _flows_of_rest(card, which, flows)
    unmoved = rest[rest["period"].isin(periods) & rest["before"].isin([0, 1, 2, 3, 4])]
    said = pd.DataFrame(
        {"state": [STATES[at] for at in unmoved["before"]], "reason": "", "count": unmoved["count"].to_numpy()}
    )
    return Recount(
        _add_parts([flows, rest]),
        _add_parts([shown]),
        _add_parts([said]),
        "s" if unit in SECONDS else unit,
        exact=False,
    )


def _flows_of_rest(card: Scorecard, which: CriterionId, flows: pd.DataFrame) -> pd.DataFrame:
    """The interactions that a histogram does not hold: they keep their state."""
    # pending, missing and the like, and rated ones without a value of their own, such as abandoned ones
    all_of = rows_of(card.counts, which).groupby(["period", "zone"], observed=True)["count"].sum().reset_index()
    known = flows.groupby(["period", "before"])["count"].sum()
    rows = []
    for period, zone, count in all_of.itertuples(index=False):
        state = STATES.index(zone)
        left = int(count) - int(known.get((str(period), state), 0))
        if left:
            rows.append((str(period), state, state, left))
    return pd.DataFrame(rows, columns=["period", "before", "after", "count"])


def rule_in(criterion: Criterion, unit: str, place: int = -1) -> Rule:
    """Limits of a criterion in a unit; the last ones unless `place` says others."""
    row = criterion.rows[place]
    green, yellow = (
        in_values(zone, unit, Fraction(1)) if isinstance(zone, Interval) else None for zone in (row.green, row.yellow)
    )
    if green is None:
        raise ValueError("limits without green do not load")
    return Rule(green, yellow)


def _place_in_bin(number: int, zone: int, rule: Rule) -> float:
    """A place in a bin and zone: the lower edge where that is a whole number, else the middle."""
    low, high = histogram.bin_edges(number)
    # whole numbers first: counts and ratings stand on them; then places just beside a limit that cuts the bin
    whole = [edge for edge in (low, high) if edge == round(edge)]
    cuts = [float(end.amount) for limit in (rule.green, rule.yellow) if limit is not None for end in limit.ends]
    beside = [cut + side * 1e-9 * max(abs(cut), 1e-6) for cut in cuts if low <= cut <= high for side in (0, -1, 1)]
    candidates = np.array([*whole, (low + high) / 2, low, high, *beside], dtype=np.float64)
    fits = rule.zones(candidates) == zone
    return float(candidates[fits][0]) if fits.any() else (low + high) / 2
