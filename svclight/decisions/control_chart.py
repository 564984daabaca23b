"""Control limits of a share, or of a mean or median value, by period: is it changing, does it meet its target.

In: a `CardTables`. Out: `ControlLimits`: for each criterion the share of a zone by period with the limits of Laney's p'
chart (of values: of an XmR chart), the points that raise a rule, and two verdicts that are kept apart: whether it is
changing, and whether what it is now meets the target. Limits begin anew at the criterion's `changes` and nowhere else.
Partial and immature periods, those of under 30 rated, and one into which a change falls, are shown, but are no points.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any, Final

import numpy as np
import pandas as pd

from svclight.card.card_tables import FEW, check_card, worth_of
from svclight.card.light_table import columns_between
from svclight.card.summary import summary_table
from svclight.counts.tidy_tables import keys_as_text
from svclight.decisions.compared_sides import phase_of
from svclight.decisions.control_words import (
    BETTER,
    CANNOT_TELL,
    CHANGING,
    MEETS,
    MISSES,
    NO_LIMITS,
    NO_TARGET,
    SOMETIMES,
    STEADY,
    TRIAL,
    WORSE,
    chart_sentence,
    share_told,
    value_told,
)
from svclight.decisions.result import Result
from svclight.decisions.verdicts import MET, MISSED, verdict_on
from svclight.definition.conditions import parse_condition
from svclight.errors import SvclightError, check_kind, quoted_list, texts_of, unknown_name
from svclight.processes import criterion_titles
from svclight.statistics import control_limits as charts
from svclight.statistics import shares as formulas
from svclight.thresholds import ZONES, check_zone
from svclight.values import clocks
from svclight.wording.catalogue import say
from svclight.wording.languages import language_of
from svclight.wording.shares import target_ends

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Mapping, Sequence

    from numpy.typing import NDArray

    from svclight.card.card_tables import CardTables
    from svclight.definition.criterion_id import CriterionId
    from svclight.definition.models import Criterion
    from svclight.thresholds import Interval

    Key = dict[str, str | None]
    """Process, criterion and segments of a chart."""

    Floats = NDArray[np.float64]
    Phases = NDArray[np.int64]


FEWEST_POINTS: Final = 12
"""Limits of fewer points are trial limits."""
SHARE: Final = "share"
CHARTED: Final = (SHARE, "mean", "median")
_YEAR: Final = 12
_LEAST_POINTS: Final = 2


@dataclass(frozen=True, repr=False)
class ControlLimits(Result):
    """Control limits of shares by period, and the signals of points that stand out.

    Attributes:
        table: One row a period from the first to the last, those without data included: `process, criterion,
            <segments>, period, zone, count, rated, effective` (how many single interactions tell as much), `share,
            value` (what is charted: the share, or the mean or median), `unit` (of the value), `center` (of the point:
            that of its month of the year where these have their own), `lower, upper, sigma_z, phase` (from 0; -1 for a
            period that is no point), `trial`, `seasonal`, `signals` (the rules that the point raises, `; ` between),
            `flag`. Shares are 0 to 1, NaN where there are none.
        signals: One row a signal: `process, criterion, <segments>, zone, rule, direction` (`up`, `down`), `first`,
            `last` (periods), `points` (how many), `phase`.
        verdicts: One row a criterion: `process, criterion, <segments>, zone, changing, target, meets, sentence`.
        zone: The zone whose share it is; `mean` or `median` where values are charted.
        lang: The language of the sentences; codes in the tables are English.
        titles: What people call the criteria, by process and criterion.
    """

    _columns = ("zone", "changing", "target")

    table: pd.DataFrame
    signals: pd.DataFrame
    verdicts: pd.DataFrame
    zone: str
    lang: str = "en"
    titles: Mapping[CriterionId, str] = field(default_factory=dict)

    @property
    def sentences(self) -> tuple[str, ...]:
        """Each criterion in words."""
        return tuple(self.verdicts["sentence"])

    def _small_table(self) -> pd.DataFrame:
        return self.verdicts

    def _columns_of(self, table: pd.DataFrame) -> tuple[str, ...]:
        names = [str(name) for name in table.columns]
        return (*names[2 : names.index("zone")], *self._columns)

    def __str__(self) -> str:
        return "\n".join(self.sentences) or say("no criterion is rated: there is nothing to chart", self.lang)


def control_limits(
    card: CardTables,
    *,
    zone: str = "green",
    by: str | Iterable[str] = (),
    narrower: bool = False,
    of: str = SHARE,
    lang: str | None = None,
) -> ControlLimits:
    """Puts control limits around the share of a zone, or a mean value, and says which periods stand out.

    Rules: a point outside the limits; 7 on one side of the centre; 7 rising or falling; 2 of 3 in the outer third on
    the same side. Months without data, and those of under 30 rated, keep their place but are no points: a run goes on
    over them. From 24 months on, where months of the year explain more than chance (F test, 1 %), limits stand around
    the month's own level.

    Args:
        card: What was counted.
        zone: `green`, `yellow` or `red`.
        by: Segments of the card; each of their values gets a chart of its own.
        narrower: Whether limits may be narrower than those of the plain p chart, where months vary less than chance.
        of: What is charted: the `share` of the zone, or the `mean` or `median` of the values, as an XmR chart (needs a
            card of a log; criteria without numbers are left out).
        lang: The language of the sentences; that of the definitions unless given.

    Returns:
        Limits, signals and verdicts, in the order of the definitions. It is changing where one of the newest 7 points
        raises a rule. Limits of fewer than 12 points since the last change are trial limits. Where the share is always
        0 or always 1, or there is one point alone, there are no limits.

    Raises:
        SvclightError: There is no such zone or language, or the card is not split by such a segment.

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
        ...                       "green": [900, 910, 905] * 4, "yellow": 0, "red": [100, 90, 95] * 4})
        >>> limits = svclight.control_limits(svclight.tally(table, definitions, as_of="2026-05-01"))
        >>> limits.verdicts[["changing", "meets"]].values.tolist()
        [['steady', 'meets it']]
        >>> limits.table[["center", "lower", "upper"]].iloc[-1].round(3).tolist()
        [0.905, 0.877, 0.933]
    """
    check_card(card, "svclight.control_limits")
    check_kind(zone, str, "zone of svclight.control_limits", f"one of {quoted_list(ZONES)}")
    check_zone(zone)
    if of not in CHARTED:
        raise SvclightError(unknown_name("unknown series", of, CHARTED))
    lang = language_of(lang, card.definitions)
    segments = texts_of(by, "by of svclight.control_limits")
    series = _criterion_series(card, segments) if of == SHARE else _value_series(card, segments, of)
    named = zone if of == SHARE else of
    made = [_build_chart(card, key, part, named, narrower=narrower, lang=lang) for key, part in series]
    keys = ["process", "criterion", *segments]
    table = _stack_tables([chart for chart, _, _ in made], [*keys, *_POINT])
    found = _stack_tables([signals for _, signals, _ in made], [*keys, *_SIGNAL])
    verdicts = pd.DataFrame([row for _, _, row in made], columns=[*keys, *_VERDICT])
    return ControlLimits(table, found, verdicts, named, lang, criterion_titles(card.definitions))


_POINT: Final = (
    *("period", "zone", "count", "rated", "effective", "share", "value", "unit", "center", "lower", "upper", "sigma_z"),
    *("phase", "trial", "seasonal", "signals", "flag"),
)
_SIGNAL: Final = ("zone", "rule", "direction", "first", "last", "points", "phase")
_VERDICT: Final = ("zone", "changing", "target", "meets", "sentence")


def _stack_tables(frames: list[pd.DataFrame], columns: list[str]) -> pd.DataFrame:
    """One table from those of several charts; with its columns even where there is no row."""
    kept = [frame for frame in frames if len(frame)]
    return pd.concat(kept, ignore_index=True)[columns] if kept else pd.DataFrame(columns=columns)


def _criterion_series(card: CardTables, segments: Sequence[str]) -> Iterator[tuple[Key, pd.DataFrame]]:
    """Each criterion (and segment) with its shares by period; a segment that its process does not offer is None."""
    keys = ["process", "criterion", *segments]
    shares = card.shares(by=segments)
    shares = keys_as_text(shares[shares["period"] != ""], [*keys, "period"])
    for key, part in shares.groupby(keys, sort=False):
        named = dict(zip(keys, map(str, key), strict=True))
        offered = card.definitions.segments_of(named["process"])
        split = {name: named[name] if name in offered else None for name in segments}
        yield {**named, **split}, part.set_index("period")


def _value_series(card: CardTables, segments: Sequence[str], of: str) -> Iterator[tuple[Key, pd.DataFrame]]:
    """The same with the mean or median of each period's values as `value`, and how many were measured as `rated`."""
    keys = ["process", "criterion", *segments, "period"]
    values = summary_table(card, segments)
    values = keys_as_text(values[values[of].notna()], keys).set_index(keys)
    for key, part in _criterion_series(card, segments):
        place = tuple(key[name] or "" for name in keys[:-1])
        rows = [values.loc[(*place, period)] if (*place, period) in values.index else None for period in part.index]
        if not any(row is not None for row in rows):
            continue
        measured = np.array([0 if row is None else int(row["measured"]) for row in rows], dtype=np.int64)
        part = part.assign(  # noqa: PLW2901 - the series with its values
            value=[np.nan if row is None else float(row[of]) for row in rows],
            unit=next(str(row["unit"]) for row in rows if row is not None),
            effective=worth_of(measured, part["rated"], part["effective"]),
            rated=measured,
        )
        flags = part["flag"].astype(str).str.replace(r"^few(, )?", "", regex=True)
        part["flag"] = np.where(
            (part["effective"] > 0) & (part["effective"] < FEW), ("few, " + flags).str.removesuffix(", "), flags
        )
        yield key, part


def _build_chart(
    card: CardTables, key: Key, part: pd.DataFrame, zone: str, *, narrower: bool, lang: str
) -> tuple[pd.DataFrame, pd.DataFrame, dict[str, Any]]:
    """Points, signals and verdicts of one chart; `zone` is `mean` or `median` where values are charted."""
    process, name = str(key["process"]), str(key["criterion"])
    criterion = card.definitions.processes[process].criteria[name]
    chart = _chart_points(card, part, zone).assign(**key)
    flags = chart["flag"].to_numpy(dtype=object)
    phases = _period_phases(chart["period"].tolist(), criterion, chart["rated"].to_numpy(), flags)
    chart["flag"] = [_with_change(flag, label, criterion) for flag, label in zip(flags, chart["period"], strict=True)]
    limits, rows, said = _phase_limits(chart, phases, narrower=narrower)
    counts = np.bincount(phases[phases >= 0], minlength=1)
    chart = chart.assign(
        **limits, phase=phases, trial=(phases >= 0) & (counts[phases] < FEWEST_POINTS), signals=said,
    )  # fmt: skip
    rows = [{**key, "zone": zone, **row} for row in rows]
    where = {name: value for name, value in key.items() if name not in ("process", "criterion") and value is not None}
    target = target_for(criterion, zone, where) if zone in ZONES else None
    verdict = _chart_verdict(chart, rows, target, _good_direction(criterion, zone))
    title = card.definitions.title(process), card.definitions.title(process, name)
    if "unit" in part:
        told = value_told(str(part["unit"].iloc[0]), lang)
    else:
        told = share_told(target_ends(criterion)[zone], lang)
    text = chart_sentence(chart, rows, verdict, title=title, where=where, told=told, lang=lang)
    return chart, pd.DataFrame(rows), {**key, "zone": zone, **verdict, "sentence": text}


def _chart_points(card: CardTables, part: pd.DataFrame, zone: str) -> pd.DataFrame:
    """One row a period from the first to the last: what is counted and charted."""
    labels = [column.label for column in columns_between(part.index, card.provenance.period) if column.label]
    part = part.reindex(labels)
    rated = part["rated"].fillna(0).to_numpy(dtype=np.int64)
    of_shares = zone in ZONES
    count = part[zone].fillna(0).to_numpy(dtype=np.int64) if of_shares else rated
    share = formulas.share(count, rated) if of_shares else np.full(len(labels), np.nan)
    return pd.DataFrame(
        {
            "period": labels, "zone": zone, "count": count, "rated": rated,
            "effective": part["effective"].fillna(0).to_numpy(dtype=np.float64), "share": share,
            "value": share if of_shares else part["value"].to_numpy(dtype=np.float64),
            "unit": "" if of_shares else str(part["unit"].dropna().iloc[0]),
            "flag": part["flag"].fillna("").to_numpy(dtype=object),
        }
    )  # fmt: skip


def _good_direction(criterion: Criterion, zone: str) -> str:
    """The direction in which it is better: `up`, `down`, or nothing."""
    if zone in ZONES:
        return {"green": "up", "red": "down"}.get(zone, "")
    green = criterion.rows[-1].green if criterion.rows else None
    return {"lower is better": "down", "higher is better": "up"}.get(getattr(green, "direction", ""), "")


def _phase_limits(
    chart: pd.DataFrame, phases: Phases, *, narrower: bool
) -> tuple[dict[str, Any], list[dict[str, Any]], list[str]]:
    """The limits of each point, the signals, and for each point the rules that it raises, in words."""
    labels, values = chart["period"].to_numpy(), chart["value"].to_numpy(dtype=np.float64)
    rows: list[dict[str, Any]] = []
    made = {name: np.full(len(labels), np.nan) for name in ("level", "lower", "upper", "sigma_z")}
    seasonal = np.zeros(len(labels), dtype=bool)
    said: list[list[str]] = [[] for _ in labels]
    for phase in range(int(phases.max(initial=-1)) + 1):
        places = np.flatnonzero(phases == phase)
        if len(places) < _LEAST_POINTS:
            continue
        limits, seasonal[places] = _limits_of(chart.iloc[places], narrower=narrower)
        if np.isnan(limits.lower).all():
            continue
        for name, numbers in made.items():
            numbers[places] = getattr(limits, name)
        for rule, up, points in _chart_signals(values[places], limits):
            at = places[points]
            head = {"rule": rule, "direction": "up" if up else "down", "first": labels[at[0]], "last": labels[at[-1]]}
            rows.append({**head, "points": len(at), "phase": phase})
            for place in at:
                said[place].append(rule)
    made["center"] = made.pop("level")
    return {**made, "seasonal": seasonal}, rows, ["; ".join(dict.fromkeys(rules)) for rules in said]


def _limits_of(points: pd.DataFrame, *, narrower: bool) -> tuple[charts.Limits, bool]:
    """The limits of the points of one phase, and whether they stand around the levels of the months of the year."""
    values, weights = (points[name].to_numpy(dtype=np.float64) for name in ("value", "effective"))
    of_shares = points["zone"].iloc[0] in ZONES
    weights = weights if of_shares else np.ones(len(points))  # each mean or median is a point like any other
    level = None
    found = [clocks.period_number(label) for label in points["period"]]
    months = [number % _YEAR for kind, number in filter(None, found) if kind == "month"]
    if len(months) == len(points) >= charts.SEASON_FROM:
        levels, p = charts.month_levels(values, weights, months)
        level = levels if p < charts.SEASON_LEVEL else None
    if of_shares:
        events = worth_of(points["count"], points["rated"], weights)
        return charts.p_prime(events, weights, narrower=narrower, level=level), level is not None
    return charts.xmr(values, level=level), level is not None


def _with_change(flag: str, period: str, criterion: Criterion) -> str:
    """The flags of a period, `changed` among them where a change of the service falls into it."""
    inside = phase_of(period, [change.at for change in criterion.changes]) < 0
    return ", ".join(part for part in (flag, "changed" if inside else "") if part)


def _period_phases(labels: Sequence[str], criterion: Criterion, rated: Phases, flags: NDArray[np.object_]) -> Phases:
    """The phase of each period, from 0; -1 where it is no point."""
    dates = [change.at for change in criterion.changes]
    found = np.array([phase_of(label, dates) for label in labels], dtype=np.int64)
    unsure = np.array([any(word in flag for word in ("few", "partial", "immature")) for flag in flags], dtype=bool)
    found[(rated == 0) | unsure] = -1
    _, found[found >= 0] = np.unique(found[found >= 0], return_inverse=True)
    return found


def _chart_signals(shares: Floats, limits: charts.Limits) -> Iterator[tuple[str, bool, list[int]]]:
    """Rule, direction and points of each signal: a point outside alone, the other rules by stretches."""
    for (rule, up), marked in charts.rule_signals(shares, limits).items():
        places = np.flatnonzero(marked)
        if rule == charts.OUTSIDE:
            yield from ((rule, up, [place]) for place in places.tolist())
            continue
        gap = 2 if rule == charts.OUTER_THIRD else 1  # two of three: one point between them may lie elsewhere
        for stretch in np.split(places, np.flatnonzero(np.diff(places) > gap) + 1):
            if len(stretch):
                yield rule, up, stretch.tolist()


def target_for(criterion: Criterion, zone: str, where: Mapping[str, str] | None = None) -> Interval | None:
    """The target for a zone: the segment's own if it has one, else the target for all."""
    asked = parse_condition(dict(where)) if where else None
    for target in sorted(criterion.targets, key=lambda one: one.where is None):
        limit: Interval | None = getattr(target, zone)
        if limit is not None and target.where in (asked, None):
            return limit
    return None


def _chart_verdict(
    chart: pd.DataFrame, rows: list[dict[str, Any]], target: Interval | None, good: str
) -> dict[str, Any]:
    """Is it changing, and does it meet its target: by the newest phase's limits and the signals of its last points."""
    points = chart[chart["phase"] >= 0]
    newest = points[points["phase"] == points["phase"].max()]
    shown = "" if target is None else str(target)
    if not newest["lower"].notna().any():
        return {"changing": NO_LIMITS, "target": shown, "meets": _constant_verdict(newest, target)}
    phase = int(newest["phase"].iloc[-1])
    recent = newest.iloc[-charts.RUN :]
    mine = [row for row in rows if row["phase"] == phase and row["last"] >= recent["period"].iloc[0]]
    last = max((row["last"] for row in mine), default="")
    directions = {row["direction"] for row in mine if row["last"] == last}  # what came before was before the change
    changing = STEADY
    if newest["trial"].iloc[-1]:
        changing = TRIAL
    elif directions:
        changing = CHANGING if len(directions) > 1 or not good else BETTER if directions == {good} else WORSE
    return {"changing": changing, "target": shown, "meets": _target_verdict(newest, target, recent if mine else None)}


def _constant_verdict(newest: pd.DataFrame, target: Interval | None) -> str:
    """Whether a share that is always 0 or always 1 meets its target, by the interval of all its points together."""
    if target is None:
        return NO_TARGET
    if len(newest) < _LEAST_POINTS:
        return CANNOT_TELL
    effective = float(newest["effective"].sum())
    low, high = formulas.wilson_interval(float(newest["share"].iloc[-1]) * effective, effective)
    found = verdict_on(target, str(newest["zone"].iloc[-1]), float(low), float(high))
    return {MET: MEETS, MISSED: MISSES}.get(found, CANNOT_TELL)


def _target_verdict(newest: pd.DataFrame, target: Interval | None, changed: pd.DataFrame | None) -> str:
    """Whether the band in which months lie by chance is on the good side of the target, beyond it, or around it.

    Where months of the year have levels of their own, the bands of the last twelve months together. Where the newest
    points raise a signal, the band may be that of what was: it says something where they agree.
    """
    if target is None:
        return NO_TARGET
    zone = str(newest["zone"].iloc[-1])
    band = newest.iloc[-_YEAR if newest["seasonal"].iloc[-1] else -1 :]
    found = {verdict_on(target, zone, float(band["lower"].min()), float(band["upper"].max()))}
    if changed is not None:
        found |= {verdict_on(target, zone, share, share) for share in changed["share"].tolist()}
    if len(found) > 1:
        return CANNOT_TELL
    return {MET: MEETS, MISSED: MISSES}.get(found.pop(), SOMETIMES)
