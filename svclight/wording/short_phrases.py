"""A criterion in short words for tables: its measure, its limits, its rule for abandoned interactions.

In: models of the definition. Out: plain text, not escaped for any format.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, Final

from svclight.thresholds import ZONES, Interval

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

    from svclight.definition.models import Abandoned, Criterion, Process, Target, ThresholdRow

_COUNTS: Final = {
    "red": "red, whatever they waited",
    "by_elapsed": "rated by the time until they were given up",
    "excluded": "excluded",
}


def count_text(count: int, word: str) -> str:
    """`1 month`, `24 months`."""
    return f"{count:,} {word}" if count == 1 else f"{count:,} {word}s"


def measure_facts(criterion: Criterion, process: Process) -> Iterator[tuple[str, str]]:
    """The names and texts of all keys that decide the numbers of a criterion, limits excepted."""
    yield "Measured", short_measure(criterion, process)
    if criterion.applies is not None:
        yield "Applies where", str(criterion.applies)
    if criterion.time is not None:
        yield "Month of", criterion.time
    if criterion.scale is not None:
        low, high = (f"{end:g}" for end in criterion.scale)
        yield "Possible values", f"{low} to {high}{', whole numbers' if criterion.whole else ''}"
    if measure_has_rule(criterion):
        yield "Abandoned", short_abandons(criterion.abandoned)
    for target in criterion.targets:
        yield "Target" if target.where is None else f"Target where {target.where}", short_target(target)
    if criterion.accepted is not None:
        known = criterion.accepted
        ticket = f" ({known.ticket})" if known.ticket else ""
        yield "Accepted", f"{short_target(known)} until before {known.until}: {known.reason}{ticket}"
    for change in criterion.changes:
        yield "Changed", f"{change.at}: {change.reason}"


def measure_has_rule(criterion: Criterion) -> bool:
    """Whether the criterion has a rule for abandoned interactions: the worst of others has theirs, counts have none."""
    return criterion.measure.kind not in ("worst", "totals") or criterion.abandoned is not None


def short_measure(criterion: Criterion, process: Process) -> str:
    """The measure of a criterion in short words."""
    measure = criterion.measure
    spec = measure.spec
    calendar = f", in working time of {spec.calendar}" if getattr(spec, "calendar", None) else ""
    dates = ", by calendar date" if getattr(spec, "by", "instant") == "date" else ""
    match measure.kind:
        case "value" | "flag" | "category":
            return str(spec)
        case "duration":
            less = f", less {', '.join(spec.minus)}" if spec.minus else ""
            return f"time from {_short_moment(spec.from_)} to {_short_moment(spec.to)}{less}{dates}{calendar}"
        case "delay":
            return f"how late {spec.actual} is against {spec.due}{dates}{calendar}"
        case "worst":
            return "worst zone of: " + ", ".join(_part_title(name, process) for name in spec)
        case _:
            return _SAID[measure.kind](spec)


def _part_title(name: str, process: Process) -> str:
    """A criterion, or the item of a quality card."""
    known = process.criteria.get(name)
    return (known.title if known is not None else None) or name


def _short_count(spec: Any) -> str:
    return f"different values of {spec.distinct} at {spec.step}" if spec.distinct else f"how often {spec.step} happens"


def _short_repeat(spec: Any) -> str:
    first = "; only of contacts that are no repeats themselves" if spec.first_only else ""
    return f"contacts that follow within {spec.within} with the same {', '.join(spec.same)}{first}"


def _short_checklist(spec: Any) -> str:
    items = ", ".join(f"{name} ({weight:g})" for name, weight in spec.items.items())
    critical = f"; 0 % where one of these fails: {', '.join(spec.critical)}" if spec.critical else ""
    return f"percent of the points that apply: {items}{critical}"


def _short_totals(spec: Any) -> str:
    unknown = f"; missing: {', '.join(spec.missing)}" if spec.missing else ""
    return f"counts of the log{unknown}"


_SAID: Final[dict[str, Callable[[Any], str]]] = {
    "totals": _short_totals,
    "count": _short_count,
    "repeat": _short_repeat,
    "checklist": _short_checklist,
    "recency": lambda spec: (
        f"time since the customer's last interaction, looking back {spec.within} from a period's end"
    ),
    "frequency": lambda spec: f"interactions of a customer in the {spec.within} before a period's end",
    "spend": lambda spec: f"sum of {spec.amount} of a customer in the {spec.within} before a period's end",
}


def _short_moment(moment: Any) -> str:
    return moment if isinstance(moment, str) else f"the last {moment.last}"


def short_abandons(rule: Abandoned | None) -> str:
    """The rule for abandoned interactions in short words; empty without a rule."""
    if rule is None:
        return "no rule: counted like all others"
    within = getattr(rule.counts, "excluded_within", None)
    if within is None:
        counts = _COUNTS[str(rule.counts)]
    elif within == "green":
        counts = "excluded while they would be green, else red"
    else:
        counts = f"excluded up to {within}, else red"
    return f"{counts} (where {rule.where})"


def short_target(target: Target | Any) -> str:
    """The limits of a target, `green >= 80 %, red <= 5 %`."""
    zones = (*ZONES, "net")
    return ", ".join(f"{zone} {getattr(target, zone)}" for zone in zones if getattr(target, zone) is not None)


def limit_rows(criterion: Criterion) -> Iterator[tuple[str, str, str, str]]:
    """For whom the limits hold, and green, yellow and red in words; nothing for the worst of others."""
    if criterion.measure.worst is not None:
        return
    if criterion.measure.totals is not None:
        counted = criterion.measure.totals
        yield ("all", *(", ".join(getattr(counted, zone)) or "none" for zone in ZONES))  # type: ignore[misc]  # three
        return
    for row in criterion.rows:
        red = zone_text(row.red) if row.red is not None else "everything else"
        yield (
            short_scope(row) or "all",
            zone_text(row.green),
            zone_text(row.yellow) if row.yellow is not None else "none",
            red,
        )


def short_scope(row: ThresholdRow) -> str:
    """For which interactions a row of limits holds; empty for all."""
    parts = (
        str(row.where) if row.where is not None else "",
        f"from {row.from_}" if row.from_ is not None else "",
        f"until before {row.until}" if row.until is not None else "",
    )
    return ", ".join(part for part in parts if part)


def zone_text(limit: Any) -> str:
    """A limit as it is written."""
    if isinstance(limit, Interval):
        return str(limit)
    if isinstance(limit, bool):
        return "yes" if limit else "no"
    return ", ".join(str(word) for word in limit or ())
