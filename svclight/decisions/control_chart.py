"""Control limits of a share by period: whether it is changing, and whether it meets its target.

In: a `CardTables`. Out: `ControlLimits`: for each criterion the share of a zone by period with the limits of Laney's p'
chart, the points that raise a rule, and two verdicts that are kept apart: whether the share is changing, and whether
what it is now meets the target. Limits begin anew at the criterion's `changes` and nowhere else. Partial and immature
periods, and one into which a change falls, are shown, but are no points.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, Final

import numpy as np
import pandas as pd

from svclight.card.card_tables import FEW, check_card
from svclight.card.light_table import columns_between
from svclight.counts.tidy_tables import keys_as_text
from svclight.decisions.compared_sides import phase_of
from svclight.decisions.verdicts import MET, MISSED, verdict_on
from svclight.definition.conditions import parse_condition
from svclight.errors import check_kind, quoted_list, texts_of
from svclight.statistics import control_limits as charts
from svclight.statistics import shares as formulas
from svclight.thresholds import ZONES, check_zone
from svclight.wording.result_words import segments_text
from svclight.wording.shares import share_text, target_ends
from svclight.wording.short_phrases import count_text

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Mapping, Sequence

    from numpy.typing import NDArray

    from svclight.card.card_tables import CardTables
    from svclight.definition.models import Criterion
    from svclight.thresholds import Interval
    from svclight.wording.shares import Ends

    Key = dict[str, str | None]
    """Process, criterion and segments of a chart."""

    Floats = NDArray[np.float64]
    Phases = NDArray[np.int64]


STEADY: Final = "steady"
BETTER: Final = "changing for the better"
WORSE: Final = "changing for the worse"
CHANGING: Final = "changing"
TRIAL: Final = "trial limits"
NO_LIMITS: Final = "no limits"
MEETS: Final = "meets it"
MISSES: Final = "misses it"
SOMETIMES: Final = "now meets it, now misses it"
NO_TARGET: Final = "no target"
CANNOT_TELL: Final = "cannot tell"
FEWEST_POINTS: Final = 12
"""Limits of fewer points are trial limits."""
_LEAST_POINTS: Final = 2


@dataclass(frozen=True, repr=False)
class ControlLimits:
    """Control limits of shares by period, and the signals of points that stand out.

    Attributes:
        table: One row a period from the first to the last, those without data included: `process, criterion,
            <segments>, period, zone, count, rated, share, center, lower, upper, sigma_z, phase` (from 0; -1 for a
            period that is no point), `trial`, `signals` (the rules that the point raises, `; ` between), `flag`.
            Shares are 0 to 1, NaN where there are none.
        signals: One row a signal: `process, criterion, <segments>, zone, rule, direction` (`up`, `down`), `first`,
            `last` (periods), `points` (how many), `phase`.
        verdicts: One row a criterion: `process, criterion, <segments>, zone, changing, target, meets, sentence`.
        zone: The zone whose share it is.
    """

    table: pd.DataFrame
    signals: pd.DataFrame
    verdicts: pd.DataFrame
    zone: str

    @property
    def sentences(self) -> tuple[str, ...]:
        """Each criterion in words."""
        return tuple(self.verdicts["sentence"])

    def __str__(self) -> str:
        return "\n".join(self.sentences) or "no criterion is rated: there is nothing to chart"

    def __repr__(self) -> str:
        return str(self)

    def _repr_html_(self) -> str:
        return str(self.verdicts.to_html(index=False, escape=True))


def control_limits(
    card: CardTables, *, zone: str = "green", by: str | Iterable[str] = (), narrower: bool = False
) -> ControlLimits:
    """Puts control limits around the share of a zone, and says which periods stand out.

    Rules: a point outside the limits; 7 on one side of the centre; 7 rising or falling; 2 of 3 in the outer third on
    the same side. Months without data keep their place but are no points: a run goes on over them.

    Args:
        card: What was counted.
        zone: `green`, `yellow` or `red`.
        by: Segments of the card; each of their values gets a chart of its own.
        narrower: Whether limits may be narrower than those of the plain p chart, where months vary less than chance.

    Returns:
        Limits, signals and verdicts, in the order of the definitions. It is changing where one of the newest 7 points
        raises a rule. Limits of fewer than 12 points since the last change are trial limits. Where the share is always
        0 or always 1, or there is one point alone, there are no limits.

    Raises:
        SvclightError: There is no such zone, or the card is not split by such a segment.

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
    segments = texts_of(by, "by of svclight.control_limits")
    made = [_build_chart(card, key, part, zone, narrower=narrower) for key, part in _criterion_series(card, segments)]
    keys = ["process", "criterion", *segments]
    table = _stack_tables([chart for chart, _, _ in made], [*keys, *_POINT])
    found = _stack_tables([signals for _, signals, _ in made], [*keys, *_SIGNAL])
    verdicts = pd.DataFrame([row for _, _, row in made], columns=[*keys, *_VERDICT])
    return ControlLimits(table, found, verdicts, zone)


_POINT: Final = (
    *("period", "zone", "count", "rated", "share", "center", "lower", "upper", "sigma_z", "phase", "trial"),
    *("signals", "flag"),
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


def _build_chart(
    card: CardTables, key: Key, part: pd.DataFrame, zone: str, *, narrower: bool
) -> tuple[pd.DataFrame, pd.DataFrame, dict[str, Any]]:
    """Points, signals and verdicts of one chart."""
    process, name = str(key["process"]), str(key["criterion"])
    criterion = card.definitions.processes[process].criteria[name]
    labels = [column.label for column in columns_between(part.index, card.provenance.period) if column.label]
    part = part.reindex(labels)
    rated = part["rated"].fillna(0).to_numpy(dtype=np.int64)
    count = part[zone].fillna(0).to_numpy(dtype=np.int64)
    flags = part["flag"].fillna("").to_numpy(dtype=object)
    phases = _period_phases(labels, criterion, rated, flags)
    chart = pd.DataFrame(
        {**key, "period": labels, "zone": zone, "count": count, "rated": rated, "share": formulas.share(count, rated)}
    )
    chart["flag"] = [_with_change(flag, label, criterion) for flag, label in zip(flags, labels, strict=True)]
    limits, rows, said = _phase_limits(chart, phases, narrower=narrower)
    counts = np.bincount(phases[phases >= 0], minlength=1)
    chart = chart.assign(
        **limits, phase=phases, trial=(phases >= 0) & (counts[phases] < FEWEST_POINTS), signals=said,
    )  # fmt: skip
    rows = [{**key, "zone": zone, **row} for row in rows]
    where = {name: value for name, value in key.items() if name not in ("process", "criterion") and value is not None}
    verdict = _chart_verdict(chart, rows, target_for(criterion, zone, where))
    title = card.definitions.title(process), card.definitions.title(process, name)
    ends = target_ends(criterion)[zone]
    text = chart_sentence(chart, rows, verdict, title=title, where=where, ends=ends)
    return chart, pd.DataFrame(rows), {**key, "zone": zone, **verdict, "sentence": text}


def _phase_limits(
    chart: pd.DataFrame, phases: Phases, *, narrower: bool
) -> tuple[dict[str, Floats], list[dict[str, Any]], list[str]]:
    """The limits of each point, the signals, and for each point the rules that it raises, in words."""
    labels, share = chart["period"].to_numpy(), chart["share"].to_numpy()
    rows: list[dict[str, Any]] = []
    made = {name: np.full(len(labels), np.nan) for name in ("center", "lower", "upper", "sigma_z")}
    said: list[list[str]] = [[] for _ in labels]
    for phase in range(int(phases.max(initial=-1)) + 1):
        places = np.flatnonzero(phases == phase)
        if len(places) < _LEAST_POINTS:
            continue
        count, rated = (chart[name].to_numpy()[places] for name in ("count", "rated"))
        limits = charts.p_prime(count, rated, narrower=narrower)
        if not 0 < float(limits.center) < 1:
            continue
        for name, values in made.items():
            values[places] = getattr(limits, name)
        for rule, up, points in _chart_signals(share[places], limits):
            at = places[points]
            head = {"rule": rule, "direction": "up" if up else "down", "first": labels[at[0]], "last": labels[at[-1]]}
            rows.append({**head, "points": len(at), "phase": phase})
            for place in at:
                said[place].append(rule)
    return made, rows, ["; ".join(dict.fromkeys(rules)) for rules in said]


def _with_change(flag: str, period: str, criterion: Criterion) -> str:
    """The flags of a period, `changed` among them where a change of the service falls into it."""
    inside = phase_of(period, [change.at for change in criterion.changes]) < 0
    return ", ".join(part for part in (flag, "changed" if inside else "") if part)


def _period_phases(labels: Sequence[str], criterion: Criterion, rated: Phases, flags: NDArray[np.object_]) -> Phases:
    """The phase of each period, from 0; -1 where it is no point."""
    dates = [change.at for change in criterion.changes]
    found = np.array([phase_of(label, dates) for label in labels], dtype=np.int64)
    unsure = np.array(["partial" in flag or "immature" in flag for flag in flags], dtype=bool)
    found[(rated == 0) | unsure] = -1
    _, found[found >= 0] = np.unique(found[found >= 0], return_inverse=True)
    return found


def _chart_signals(shares: Floats, limits: charts.PPrime) -> Iterator[tuple[str, bool, list[int]]]:
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


def _chart_verdict(chart: pd.DataFrame, rows: list[dict[str, Any]], target: Interval | None) -> dict[str, Any]:
    """Is it changing, and does it meet its target: by the newest phase's limits and the signals of its last points."""
    points = chart[chart["phase"] >= 0]
    newest = points[(points["phase"] == points["phase"].max()) & points["lower"].notna()]
    shown = "" if target is None else str(target)
    if not len(newest):
        return {"changing": NO_LIMITS, "target": shown, "meets": NO_TARGET if target is None else CANNOT_TELL}
    phase = int(newest["phase"].iloc[-1])
    good = {"green": "up", "red": "down"}.get(str(chart["zone"].iloc[0]), "")
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


def _target_verdict(newest: pd.DataFrame, target: Interval | None, changed: pd.DataFrame | None) -> str:
    """Whether the band in which months lie by chance is on the good side of the target, beyond it, or around it.

    Where the newest points raise a signal, the band may be that of what was: it says something where they agree.
    """
    if target is None:
        return NO_TARGET
    usual = newest["rated"] >= FEW  # a period of few has a band so wide that it meets and misses any target
    band = newest[usual] if usual.any() else newest
    last = band.iloc[-1]
    zone = str(last["zone"])
    found = {verdict_on(target, zone, float(last["lower"]), float(last["upper"]))}
    if changed is not None:
        found |= {verdict_on(target, zone, share, share) for share in changed["share"].tolist()}
    if len(found) > 1:
        return CANNOT_TELL
    return {MET: MEETS, MISSED: MISSES}.get(found.pop(), SOMETIMES)


_MOST_NAMED: Final = 3
_MEETS: Final = {
    "meets it": "The target {target} is met as long as nothing changes.",
    "misses it": "The target {target} is missed as long as nothing changes.",
    "now meets it, now misses it": "The target {target} lies between the limits: chance alone meets or misses it.",
    "cannot tell": "Whether the target {target} is met cannot be told {why}.",
    "no target": "",
}


def chart_sentence(
    chart: pd.DataFrame,
    signals: Sequence[Mapping[str, Any]],
    verdict: Mapping[str, Any],
    *,
    title: tuple[str, str],
    where: Mapping[str, str],
    ends: Ends,
) -> str:
    """A chart in words: whether the share is changing, and whether it meets its target, whose ends are `ends`."""
    segment = segments_text(where.items())
    named = ", ".join(title) + (f" ({segment})" if segment else "")
    head = f"{named}, {chart['zone'].iloc[0]}: {verdict['changing']}"
    points = chart[(chart["phase"] >= 0) & chart["lower"].notna()]
    if not len(points):
        return " ".join(part for part in (f"{head}. {_why_none(chart, ends)}", _target_text(verdict)) if part)
    last = points.iloc[-1]
    mine = [signal for signal in signals if signal["phase"] == last["phase"]]
    count = int((points["phase"] == last["phase"]).sum())
    trial = f", trial limits of {count_text(count, 'point')}" if last["trial"] else ""
    band = (
        f"Centre {share_text(last['center'], ends)}, limits {share_text(last['lower'], ends)} to "
        f"{share_text(last['upper'], ends)} in {last['period']} (sigma_z {last['sigma_z']:.2f}{trial})."
    )
    return " ".join(part for part in (f"{head}. {band}", _signals_text(mine), _target_text(verdict)) if part)


def _target_text(verdict: Mapping[str, Any]) -> str:
    why = "without limits" if verdict["changing"] == "no limits" else "while it is changing"
    return _MEETS[verdict["meets"]].format(target=verdict["target"], why=why)


def _why_none(chart: pd.DataFrame, ends: Ends) -> str:
    """The reason why a chart has no limits."""
    points = chart[chart["phase"] >= 0]
    newest = points[points["phase"] == points["phase"].max()]
    if len(newest) < 2:  # noqa: PLR2004 - two points make a range
        return f"There is no limit from {count_text(len(newest), 'whole and mature period')}."
    return f"There is no limit around a share that is always {share_text(newest['share'].iloc[0], ends)}."


def _signals_text(signals: Sequence[Mapping[str, Any]]) -> str:
    newest = sorted(signals, key=lambda signal: signal["last"], reverse=True)
    said = [_signal_text(signal) for signal in newest[:_MOST_NAMED]]
    more = f", and {len(newest) - _MOST_NAMED} more" if len(newest) > _MOST_NAMED else ""
    return f"Signals: {'; '.join(said)}{more}." if said else ""


def _signal_text(signal: Mapping[str, Any]) -> str:
    when = signal["first"] if signal["first"] == signal["last"] else f"{signal['first']} to {signal['last']}"
    return f"{signal['rule']}, {signal['direction']}, {when}"
