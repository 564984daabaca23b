"""Kaplan-Meier shares of waits: an estimate had nobody given up and every wait come to its end.

In: the judge of a log, and a criterion that measures a wait. Out: Kaplan-Meier shares, one row a period, segment and
limits. Those who gave up and those who still wait are censored: of them it is known that they waited at least so long.
It answers another question than the counts do, so it is made on request only, and labelled as an estimate.
"""

from __future__ import annotations

from dataclasses import dataclass
from itertools import pairwise
from typing import TYPE_CHECKING, Any, Final

import numpy as np
import pandas as pd

from svclight.errors import SvclightError, quoted_text
from svclight.logs.condition_masks import rows_that_meet
from svclight.logs.left_out_rows import left_out
from svclight.logs.log import PART, in_parts
from svclight.method.limits import limits_of
from svclight.thresholds import GREEN, RED, YELLOW
from svclight.values.quantities import SECONDS

if TYPE_CHECKING:
    from collections.abc import Sequence

    from numpy.typing import NDArray

    from svclight.definition.models import Criterion, ThresholdRow
    from svclight.judging.judge import Judge
    from svclight.logs.log import Rows
    from svclight.method.rules import Measured
    from svclight.thresholds import Rule

ESTIMATE: Final = "Kaplan-Meier estimate"
_Z: Final = 1.959963984540054  # 95 % two-sided


@dataclass(frozen=True)
class _Waits:
    """The waits of rows: their length, whether they came to their end, and how many interactions each stands for."""

    group: NDArray[np.int64]
    limits: NDArray[np.int64]
    values: NDArray[Any]
    ended: NDArray[np.bool_]
    gone: NDArray[np.bool_]
    weights: NDArray[np.int64]
    measured: Measured


def survival_shares(judge: Judge, name: str) -> pd.DataFrame:
    """Kaplan-Meier shares of a wait.

    Returns:
        `process, criterion, period, <segments>, limits, waits, ended, given_up, unfinished, green_share,
        green_share_low, green_share_high, yellow_share, red_share, method`. Shares are 0 to 1; the interval is
        Greenwood's on the log-log scale (Kalbfleisch and Prentice 1980), NaN for bands; a share is NaN where no wait
        was seen as long as its limit.

    Raises:
        SvclightError: The criterion is no wait.
    """
    criterion = judge.log.process.criteria[name]
    if judge.log.spec.rows == "totals":
        raise SvclightError(
            f"{judge.log.process_id}.{name} counts what its log has counted already: how long each one waited is not "
            "known; survival needs a log of single interactions"
        )
    _check_wait(judge, name, criterion)
    parts = [_waits_of(judge, rows, name, criterion) for rows in in_parts(judge.log, PART)]
    columns = ["period", *judge.segments, "limits", "waits", "ended", "given_up", "unfinished"]
    shares = ["green_share", "green_share_low", "green_share_high", "yellow_share", "red_share"]
    made = _share_rows(judge, criterion, parts) if parts else []
    table = pd.DataFrame(made, columns=[*columns, *shares])
    table.insert(0, "process", judge.log.process_id)
    table.insert(1, "criterion", name)
    return table.assign(method=ESTIMATE)


def _check_wait(judge: Judge, name: str, criterion: Criterion) -> None:
    """Refuses a criterion that is no wait."""
    measure = criterion.measure
    unit = ""
    if measure.value is not None:
        spec = judge.log.field(measure.value, "number")
        unit = "s" if spec.span is not None else spec.unit or ""
    if measure.duration is None and unit not in SECONDS:
        raise SvclightError(
            f"{judge.log.process_id}.{name} is no wait but a measure of {quoted_text(measure.kind)}: "
            "survival is for a duration, or a value in a unit of time"
        )
    if measure.duration is not None and criterion.abandoned is not None and criterion.abandoned.at is None:
        raise SvclightError(
            judge.log.definitions.issue(
                ("processes", judge.log.process_id, "criteria", name, "abandoned"),
                "it is not known when customers gave up, so how long they had waited cannot be told",
                expected="a key `at` that names the time at which they gave up",
            )
        )


def _waits_of(judge: Judge, rows: Rows, name: str, criterion: Criterion) -> _Waits:
    """The waits of the rows that have a value and to which the criterion applies."""
    judged = judge.judge_rows(rows, (name,))[name]
    measured: Measured = judged.measured  # type: ignore[assignment]  # a wait is measured
    out = np.zeros(len(rows), dtype=bool)
    for rule in (*left_out(rows), *measured.rules):
        out |= rule.rows
    applies = rows_that_meet(criterion.applies, rows)
    kept = np.flatnonzero(~out if applies is None else ~out & applies)
    gone = judged.abandoned_rows()
    still = np.zeros(len(rows), dtype=bool) if measured.open is None else measured.open
    weights = rows.weights()
    return _Waits(
        judge.groups(rows, judge.log.anchor_of(criterion))[1][kept],
        judged.limit_places()[kept],
        measured.values[kept],
        (~gone & ~still)[kept],
        gone[kept],
        (np.ones(len(rows), dtype=np.int64) if weights is None else weights)[kept],
        measured,
    )


def _share_rows(judge: Judge, criterion: Criterion, parts: Sequence[_Waits]) -> list[list[Any]]:
    """The rows of the result: one for each group and each of the limits by which its waits were judged."""
    group, limits, values, ended, gone, weights = (
        np.concatenate([getattr(part, name) for part in parts])
        for name in ("group", "limits", "values", "ended", "gone", "weights")
    )
    counted = weights > 0
    table = []
    keys = np.column_stack([group, limits])[counted]
    for number, place in np.unique(keys, axis=0):
        rows = np.flatnonzero((group == number) & (limits == place) & counted)
        named = judge.keys(criterion, np.array([number]))
        words = [named[key].words[named[key].codes[0]] for key in ("period", *judge.segments)]
        done, lost, heavy = ended[rows], gone[rows], weights[rows]
        numbers = [int(heavy[mask].sum()) for mask in (np.ones(len(rows), bool), done, lost, ~done & ~lost)]
        measured = parts[0].measured
        rule = limits_of(criterion.rows[int(place)], measured.factor, measured.unit)
        shares = _kaplan_meier(values[rows], done, heavy, rule)
        table.append([*words, _limits_label(criterion.rows[int(place)]), *numbers, *shares])
    return table


def _limits_label(row: ThresholdRow) -> str:
    """For which interactions a row of limits holds, as a cell of the table names it."""
    parts = (
        "" if row.where is None else str(row.where),
        "" if row.from_ is None else f"from {row.from_}",
        "" if row.until is None else f"until before {row.until}",
    )
    return ", ".join(filter(None, parts)) or "all"


def _kaplan_meier(
    values: NDArray[Any], ended: NDArray[np.bool_], weights: NDArray[np.int64], rule: Rule
) -> list[float]:
    """Green share with its interval, yellow and red share."""
    from statsmodels.duration.survfunc import SurvfuncRight  # noqa: PLC0415 - loaded when an estimate is asked for

    nothing = [np.nan] * 5
    if not ended.any():
        return nothing
    times, at = np.unique(values, return_inverse=True)  # places, so that no rounding moves a wait over a limit
    curve = SurvfuncRight(at.astype(float), ended.astype(float), freq_weights=weights.astype(float))
    seen = times[curve.surv_times.astype(np.int64)]
    mass = -np.diff(np.append(1.0, curve.surv_prob))
    zones = rule.zones(seen)
    shares = [float(mass[zones == zone].sum()) for zone in (GREEN, YELLOW, RED)]
    if curve.surv_prob[-1] > 0 and not ended[values == times[-1]].all():
        reached = _zones_reachable(float(times[-1]), rule)  # of those who waited longest the end was not seen
        left = float(curve.surv_prob[-1]) if len(reached) == 1 else np.nan
        shares = [share + left if zone in reached else share for zone, share in enumerate(shares)]
    told = rule.green.low is None and not np.isnan(shares[0])
    low, high = _greenwood_interval(curve, zones) if told else (np.nan, np.nan)
    return [shares[0], low, high, *shares[1:]]


def _zones_reachable(longest: float, rule: Rule) -> set[int]:
    """The zones in which a wait can end that is known to be at least so long."""
    limits = [limit for limit in (rule.green, rule.yellow) if limit is not None]
    edges = sorted({longest, *(float(end.amount) for limit in limits for end in limit.ends if end.amount > longest)})
    between = [(low + high) / 2 for low, high in pairwise(edges)]
    return {int(zone) for zone in rule.zones(np.array([*edges, *between, edges[-1] + 1]))}


def _greenwood_interval(curve: Any, zones: NDArray[np.uint8]) -> tuple[float, float]:
    """The interval of the share that ended within green: one minus the survival at the limit, by Greenwood."""
    within = np.flatnonzero(zones == GREEN)
    if not len(within):
        return np.nan, np.nan
    left = float(curve.surv_prob[within[-1]])
    if not 0 < left < 1:
        return np.nan, np.nan
    at_risk, ends = (counts[: within[-1] + 1] for counts in (curve.n_risk, curve.n_events))
    # the curve's own error is Tsiatis's where rows have weights, and of another scale
    error = np.sqrt((ends / (at_risk * (at_risk - ends))).sum())
    spread = _Z * error / abs(np.log(left))
    return 1 - left ** np.exp(-spread), 1 - left ** np.exp(spread)
