"""A second route to the numbers: one row at a time, exact arithmetic, nothing but the standard library.

Written from SEMANTICS and FORMAT alone, for logs with one row an interaction, and slow on purpose: a reader can hold each
function against the rule that it quotes. The tests compare the engine with it on generated definitions and logs.
"""

from __future__ import annotations

import operator
import re
from collections import Counter
from dataclasses import dataclass, field, replace
from datetime import UTC, date, datetime, timedelta
from enum import Enum
from fractions import Fraction
from itertools import pairwise
from typing import Any
from unicodedata import normalize
from zoneinfo import ZoneInfo

Row = dict[str, object]  # what stands for one: a row of the log, or a Group where several are seen as one
State = tuple[str, str]  # zone and the kind of its reason

SECONDS = {unit: Fraction(size) for unit, size in {"s": 1, "min": 60, "h": 3600, "d": 86400, "wk": 604800}.items()}
SECONDS |= {"ms": Fraction(1, 1000), "bh": Fraction(3600)}
OPERATORS = {"<=": operator.le, "<": operator.lt, ">=": operator.ge, ">": operator.gt}
COMPARISON = re.compile(r"(<=|>=|<|>)\s*(.+)")
NUMBER = re.compile(r"[+-]?(\d+\.?\d*|\.\d+)([eE][+-]?\d+)?")
ISO = re.compile(r"\d{4}-\d\d-\d\d([T ]\d\d:\d\d(:\d\d(\.\d{1,6})?)?(Z|[+-]\d\d(:?\d\d)?)?)?")
WEEKDAYS = ("mon", "tue", "wed", "thu", "fri", "sat", "sun")
MADE = ("sum", "difference", "when", "filled")
TYPES = ("time", "number", "span", "flag", "text", "part", *MADE)


class Gap(Enum):
    EMPTY = "empty"
    UNREADABLE = "unreadable"


@dataclass(frozen=True)
class Moment:
    local: datetime  # as the document's zone shows it; as written where the changing clock leaves it open
    first: datetime  # the (earlier) instant
    open_clock: bool = False  # exists twice or not at all, and no `clock_change` says which reading counts


@dataclass(frozen=True)
class Group:
    """Rows that are seen as one, in the order of their times: the events of a case, the contacts of a customer."""

    rows: tuple[Any, ...]


def moment(written: datetime, home: ZoneInfo, zone: ZoneInfo | None = None, clock_change: str | None = None) -> Moment:
    """Offsets win; a naive time is read in `zone`, the document's `home` unless the field has one of its own."""
    if written.tzinfo is not None:
        readings = [written.astimezone(UTC)]
    else:
        readings = sorted({written.replace(tzinfo=zone or home, fold=fold).astimezone(UTC) for fold in (0, 1)})
    if len(readings) == 2 and clock_change is None:
        return Moment(written, readings[0], open_clock=True)
    instant = readings[-1 if clock_change == "later" else 0]
    return Moment(instant.astimezone(home).replace(tzinfo=None), instant)


def seconds(span: timedelta) -> Fraction:
    return Fraction(span // timedelta(microseconds=1), 10**6)


def quantity(text: str, unit: str | None) -> Fraction:
    """`1 min 30 s` in seconds; a bare number is in the field's `unit`."""
    if NUMBER.fullmatch(text):
        return Fraction(text) * SECONDS.get(unit or "", Fraction(1))
    parts = re.findall(r"([+-]?[\d.]+)\s*([a-z%]+)", text)
    return sum((Fraction(number) * SECONDS.get(part, Fraction(1)) for number, part in parts), Fraction(0))


def bounds(limit: str, unit: str | None) -> list[tuple[str, Fraction]]:
    """`<= 30 s` is one bound, `3 min .. 7 min` are two and both ends belong."""
    if ".." in limit:
        low, high = (end.strip() for end in limit.split(".."))
        lacks_unit = NUMBER.fullmatch(low) and not NUMBER.fullmatch(high)
        low = f"{low} {re.sub(r'.*[0-9. ]', '', high)}" if lacks_unit else low
        return [(">=", quantity(low, unit)), ("<=", quantity(high, unit))]
    sign, text = COMPARISON.fullmatch(limit).groups()
    return [(sign, quantity(text, unit))]


def belongs(value: object, limit: Any, unit: str | None) -> bool:
    if isinstance(value, bool):
        return value is limit
    if isinstance(value, str):
        return value in ([limit] if isinstance(limit, str) else limit)
    return all(OPERATORS[sign](value, bound) for sign, bound in bounds(limit, unit))


def zone_of(value: object, limits: dict[str, Any], unit: str | None) -> str | None:
    """What is not green or yellow is red; a category that is named in no list has no zone."""
    named = (zone for zone in ("green", "yellow", "red") if zone in limits and belongs(value, limits[zone], unit))
    return next(named, None if isinstance(value, str) else "red")


def probes(least: Fraction, limits: list[str], unit: str | None) -> list[Fraction]:
    """One point of every stretch of [least, no end) on which no limit lies, and the limits themselves."""
    edges = [least, *sorted({edge for limit in limits for _, edge in bounds(limit, unit) if edge > least})]
    return edges + [(low + high) / 2 for low, high in pairwise(edges)] + [edges[-1] + 1]


def period_of(day: date, period: str) -> str:
    year, week, _ = day.isocalendar()
    return {
        "day": day.isoformat(),
        "week": f"{year}-W{week:02}",
        "month": day.isoformat()[:7],
        "quarter": f"{day.year}-Q{(day.month + 2) // 3}",
        "year": f"{day.year}",
    }[period]


@dataclass
class Scorer:
    definition: dict[str, Any]
    process_id: str
    now: Moment | None = None  # `as_of`; while it is unknown, no time is in the future
    log: dict[str, Any] = field(init=False)
    criteria: dict[str, Any] = field(init=False)

    def __post_init__(self) -> None:
        process = self.definition["processes"][self.process_id]
        self.log, self.criteria = process["log"], process["criteria"]
        self.home = ZoneInfo(self.definition["time_zone"])
        self.fields = dict(self.log.get("fields", {}))
        self.dues = {c["measure"]["delay"]["due"] for c in self.criteria.values() if "delay" in c["measure"]}
        self.clocks = {self.log["time"], self.log.get("begins")} | self.dues
        self.clocks |= {name for criterion in self.criteria.values() for name in times_measured(criterion)}

    # --- cells -------------------------------------------------------------------------------------------------------

    def cell(self, row: Row, name: str, use: str) -> Any:
        """The typed value of a field, or of a raw column read as its use needs; a Gap where there is none."""
        spec = self.fields.get(name, {"text" if use == "id" else use: name})
        kind = next(kind for kind in TYPES if kind in spec)
        if kind in (*MADE, "part"):
            return self.part(row, spec) if kind == "part" else self.made(row, kind, spec)
        if isinstance(row, Group):  # the last known value
            values = [self.cell(one, name, use) for one in row.rows]
            return next((value for value in reversed(values) if value is not Gap.EMPTY), Gap.EMPTY)
        columns = spec[kind] if isinstance(spec[kind], list) else [spec[kind]]
        tokens = {"", *(plain(str(token)) for token in [*self.log.get("missing", []), *spec.get("missing", [])])}
        cells = [row[column] for column in columns]
        texts = [str(cell) for cell in cells]
        if tokens.intersection(map(plain, texts)) or any(cell is None or cell != cell for cell in cells):  # noqa: PLR0124  # NaN
            return Gap.EMPTY
        value = " ".join(texts) if use == "id" else self.read(kind, " ".join(texts), spec)  # ids stand as they are
        if kind == "time" and name not in self.dues and self.in_future(value):
            return Gap.EMPTY  # the row is as it stood at as_of
        return value

    def read(self, kind: str, text: str, spec: dict[str, Any]) -> Any:
        try:
            return getattr(self, f"read_{kind}")(text, spec)
        except (ValueError, OverflowError):
            return Gap.UNREADABLE

    def made(self, row: Row, kind: str, spec: dict[str, Any]) -> Any:
        """A field that is made of others: a number, or true or false."""
        if kind == "when":
            return self.holds(spec["when"], row)
        if kind == "filled":
            one = {"filled?": {"text": spec["filled"], "missing": spec.get("missing", [])}}
            return replace_fields(self, one).cell(row, "filled?", "text") is not Gap.EMPTY
        parts = [self.cell(row, name, "number") for name in spec[kind]]
        if Gap.UNREADABLE in parts:
            return Gap.UNREADABLE
        if Gap.EMPTY in parts and "empty" not in spec:
            return Gap.EMPTY
        first, *others = (Fraction(0) if part is Gap.EMPTY else part for part in parts)
        return first + sum(others) if kind == "sum" else first - sum(others)

    def in_future(self, value: object) -> bool:
        return isinstance(value, Moment) and self.now is not None and value.first > self.now.first

    def part(self, row: Row, spec: dict[str, Any]) -> Any:
        value = self.cell(row, spec["of"], "time")
        if isinstance(value, Gap):
            return value
        day = value.local
        return {
            "hour": Fraction(day.hour),
            "weekday": WEEKDAYS[day.weekday()],
            "date": day.date().isoformat(),
        }[spec["part"]]

    def read_time(self, text: str, spec: dict[str, Any]) -> Moment:
        layout = spec.get("format")
        if layout in {"unix", "unix_ms"}:
            ticks = self.read_number(text, {"unit": "s" if layout == "unix" else "ms"})
            written = datetime(1970, 1, 1, tzinfo=UTC) + timedelta(microseconds=int(ticks * 10**6))
        elif layout:
            written = datetime.strptime(text, layout)  # noqa: DTZ007  # its zone follows below
        elif ISO.fullmatch(text):
            written = datetime.fromisoformat(text)
        else:
            raise ValueError(text)
        zone = ZoneInfo(spec["time_zone"]) if "time_zone" in spec else None
        return moment(written, self.home, zone, spec.get("clock_change"))

    def read_number(self, text: str, spec: dict[str, Any]) -> Fraction:
        if not NUMBER.fullmatch(text):
            raise ValueError(text)
        return Fraction(text) * SECONDS.get(spec.get("unit", ""), Fraction(1))

    def read_span(self, text: str, _spec: dict[str, Any]) -> Fraction:
        hours, minutes, rest = re.fullmatch(r"(\d+):([0-5]\d):([0-5]\d(?:\.\d+)?)|.*", text).groups()
        return int(hours or "unreadable") * 3600 + int(minutes) * 60 + Fraction(rest)

    def read_flag(self, text: str, spec: dict[str, Any]) -> bool:
        if "true_values" in spec or "false_values" in spec:
            yes, no = (list(map(str, spec.get(key, []))) for key in ("true_values", "false_values"))
        else:
            text, yes, no = text.lower(), ["true", "yes", "1"], ["false", "no", "0"]
        return [True, False][[text in yes, text in no].index(True)]

    def read_text(self, text: str, _spec: dict[str, Any]) -> str:
        return plain(text)

    def unit(self, name: str) -> str | None:
        spec = self.fields.get(name, {})
        made = spec.get("sum") or spec.get("difference")
        return self.unit(made[0]) if made else "s" if "span" in spec else spec.get("unit")

    # --- conditions --------------------------------------------------------------------------------------------------

    def holds(self, condition: dict[str, Any], row: Row) -> bool:
        """Several keys mean *and*; the combining `not` is plain negation."""
        combined = {
            "any": lambda these: any(self.holds(one, row) for one in these),
            "all": lambda these: all(self.holds(one, row) for one in these),
            "not": lambda this: not self.holds(this, row),
        }
        return all(
            combined[key](wanted) if key in combined else self.meets(row, key, wanted)
            for key, wanted in condition.items()
        )

    def meets(self, row: Row, name: str, wanted: Any) -> bool:
        """A missing cell meets neither a value nor `{not: ...}`; `null` asks for it."""
        if isinstance(wanted, list):
            return any(self.meets(row, name, one) for one in wanted)
        if isinstance(wanted, dict) and "not" in wanted:
            return not self.meets(row, name, None) and not self.meets(row, name, wanted["not"])
        value = self.cell(row, name, self.use_of(name, wanted))
        if wanted is None or isinstance(value, Gap):
            return wanted is None and isinstance(value, Gap)
        return self.compares(value, wanted, self.unit(name))

    def compares(self, value: Any, wanted: Any, unit: str | None) -> bool:
        """A number as a number, true and false as a flag, text as text, exactly; `> 5` on numbers and times."""
        if isinstance(wanted, str) and (comparison := COMPARISON.fullmatch(wanted)):
            sign, text = comparison.groups()
            if isinstance(value, Moment):
                return OPERATORS[sign](value.first, self.read_time(text, {}).first)
            return OPERATORS[sign](value, quantity(text, unit))
        if isinstance(wanted, int | float) and not isinstance(wanted, bool):
            return value == quantity(str(wanted), unit)
        if isinstance(wanted, dict) and "is" not in wanted:
            ((how, text),) = wanted.items()
            found = {"contains": text in value, "starts": value.startswith(text), "ends": value.endswith(text)}
            return found[how] if how in found else text in re.split(r"[\s,;|]+", value)
        wanted = wanted["is"] if isinstance(wanted, dict) else wanted
        return value == (plain(wanted) if isinstance(wanted, str) else wanted)

    def use_of(self, name: str, wanted: Any) -> str:
        """How a raw column is read for a condition: by what it is compared with, for `null` by its other uses."""
        if wanted is None:
            return "time" if name in self.clocks else "text"
        if isinstance(wanted, bool):
            return "flag"
        comparison = COMPARISON.fullmatch(wanted) if isinstance(wanted, str) else None
        if comparison and ISO.fullmatch(comparison[2]):
            return "time"
        return "number" if comparison or isinstance(wanted, int | float) else "text"

    # --- values ------------------------------------------------------------------------------------------------------

    def measure(self, row: Row, criterion: dict[str, Any], until: str | None = None) -> tuple[str, Any]:
        """`known` with the value, `open` with its least possible value, or the state that the row is in instead."""
        (kind, what), *_ = criterion["measure"].items()
        if kind == "duration":
            end = self.moment_of(row, until or what["to"])
            if until and end is Gap.EMPTY:
                return "missing", "empty"
            result = self.elapsed(self.moment_of(row, what["from"]), end, criterion)
            return self.without_pauses(row, result, what.get("minus", []))
        if kind == "delay":
            due = self.cell(row, what["due"], "time")
            if due is Gap.EMPTY:
                return "not_applicable", "no promise"
            return self.elapsed(due, self.cell(row, what["actual"], "time"), criterion)
        value = self.cell(row, what, {"value": "number", "flag": "flag", "category": "text"}[kind])
        if isinstance(value, Gap):
            return "missing", value.value
        return self.possible(value, criterion, self.unit(what)) if kind == "value" else ("known", value)

    def moment_of(self, row: Row, name: Any) -> Moment | Gap:
        """When something happened that a duration is measured from or to."""
        return self.cell(row, name, "time")

    def elapsed(self, start: Moment | Gap, end: Moment | Gap, criterion: dict[str, Any]) -> tuple[str, Any]:
        """From start to end; an empty end is unfinished, and what has elapsed until as_of is the least it can be."""
        ((kind, how),) = criterion["measure"].items()
        if isinstance(start, Gap) or end is Gap.UNREADABLE:
            return "missing", "start" if isinstance(start, Gap) else "unreadable"
        status = "open" if end is Gap.EMPTY else "known"
        stop = self.now if end is Gap.EMPTY else end
        by_date = how.get("by") == "date"
        if not by_date and (start.open_clock or stop.open_clock):
            return "missing", "clock change"
        first, last = ((one.local.date() if by_date else one.first) for one in (start, stop))
        if kind == "duration" and status == "known" and last < first:
            return "missing", "below 0"
        return status, self.between(first, last, criterion)

    def between(self, first: date, last: date, _criterion: dict[str, Any]) -> Fraction:
        """Seconds from one instant to another, or from one calendar date to another."""
        return seconds(last - first)

    def without_pauses(self, row: Row, result: tuple[str, Any], minus: list[str]) -> tuple[str, Any]:
        pauses = [self.cell(row, name, "number") for name in minus]
        if result[0] == "missing" or any(isinstance(pause, Gap) for pause in pauses):
            return "missing", "minus" if result[0] != "missing" else result[1]
        if any(pause < 0 for pause in pauses):
            return "missing", "minus below 0"
        status, value = result[0], result[1] - sum(pauses)
        return ("missing", "below 0") if status == "known" and value < 0 else (status, value)

    def possible(self, value: Fraction, criterion: dict[str, Any], unit: str | None) -> tuple[str, Any]:
        size = SECONDS.get(unit or "", Fraction(1))
        if unit in SECONDS and value < 0 and not ("scale" in criterion and criterion["scale"][0] < 0):
            return "missing", "below 0"
        if "scale" in criterion:
            low, high = (quantity(str(end), unit) for end in criterion["scale"])
            if not low <= value <= high:
                return "missing", "scale"
        if criterion.get("whole") and (value / size).denominator != 1:
            return "missing", "not whole"
        return "known", value

    # --- states ------------------------------------------------------------------------------------------------------

    def state(self, row: Row, criterion: dict[str, Any]) -> State:
        """`applies`, then `abandoned`, then missing, then the zones."""
        if "applies" in criterion and not self.holds(criterion["applies"], row):
            return "not_applicable", "applies"
        parts = [self.state(row, self.criteria[part]) for part in criterion["measure"].get("worst", [])]
        result = worst(parts) if parts else self.measure(row, criterion)
        if result[0] == "not_applicable":  # no promise: the criterion does not apply, so nothing was given up
            return result
        if self.too_young(row, criterion):
            return "pending", "too young"
        if parts:
            return result
        if "abandoned" in criterion and self.gave_up(row, criterion["abandoned"]):
            return self.abandoned(row, criterion, criterion["abandoned"])
        return self.rated(row, criterion, result)

    def too_young(self, _row: Row, _criterion: dict[str, Any]) -> bool:
        """Only where rows must be old enough to be rated; see `brute_trade`."""
        return False

    def gave_up(self, row: Row, rule: dict[str, Any]) -> bool:
        """Who gives up after as_of was still waiting then: the row is as it stood."""
        still_waits = "at" in rule and self.in_future(replace(self, now=None).moment_of(row, rule["at"]))
        return self.holds(rule["where"], row) and not still_waits

    def abandoned(self, row: Row, criterion: dict[str, Any], rule: dict[str, Any]) -> State:
        """`red` and `excluded` ask for no value; the others hold the time until giving up against a limit."""
        counts = rule.get("counts", "red")
        if counts in ("red", "excluded"):
            return counts, "abandoned"
        result = self.measure(row, criterion, until=rule.get("at"))
        if counts == "by_elapsed":
            return self.rated(row, criterion, result)
        within = counts["excluded_within"]
        zone, reason = self.rated(row, criterion, result, within)
        return {"green": ("excluded", "short"), "red": ("red", "abandoned")}.get(zone, (zone, reason))

    def rated(self, row: Row, criterion: dict[str, Any], result: tuple[str, Any], within: str | None = None) -> State:
        """The zone of a value; with `within`, green is what is as short as that and red is all else."""
        status, value = result
        if status == "missing":
            return status, value
        limits = {"green": f"<= {within}"} if within not in (None, "green") else self.limits(row, criterion)
        if limits is None:
            return "missing", "no time"
        limits = {"green": limits["green"]} if within else limits
        return self.zone_if_certain(status, value, limits, self.measured_unit(criterion))

    def measured_unit(self, criterion: dict[str, Any]) -> str | None:
        return self.unit(criterion["measure"]["value"]) if "value" in criterion["measure"] else None

    def zone_if_certain(self, status: str, value: Any, limits: dict[str, Any], unit: str | None) -> State:
        """An unfinished row has a zone only where one zone holds the whole interval."""
        if status == "open":
            texts = [limits[zone] for zone in ("green", "yellow") if zone in limits]
            zones = {zone_of(point, limits, unit) for point in probes(value, texts, unit)}
            return (zones.pop(), "overdue") if len(zones) == 1 else ("pending", "unfinished")
        zone = zone_of(value, limits, unit)
        return (zone, "measured") if zone else ("missing", "category in no list")

    def limits(self, row: Row, criterion: dict[str, Any]) -> dict[str, Any] | None:
        """The first matching row of thresholds; dates are half-open. Without a time no zone can be asked for."""
        when = self.time_of(row, criterion)
        if isinstance(when, Gap):
            return None
        day = when.local.date().isoformat()
        return next(
            limits
            for limits in criterion.get("thresholds", [criterion])
            if str(limits.get("from", "")) <= day < str(limits.get("until", "9999-12-31"))
            and self.holds(limits.get("where", {}), row)
        )

    def time_of(self, row: Row, criterion: dict[str, Any]) -> Moment | Gap:
        return self.cell(row, criterion.get("time", self.log["time"]), "time")

    # --- the log -----------------------------------------------------------------------------------------------------

    def weight(self, row: Row) -> int | None:
        """How many interactions the row stands for; None: rejected, as it is no whole number of 0 or more."""
        if "weight" not in self.log:
            return 1
        value = self.cell(row, self.log["weight"], "number")
        return None if isinstance(value, Gap) or value < 0 or value.denominator != 1 else int(value)

    def newest(self, rows: list[Row]) -> Moment:
        """The default of as_of: the newest of the anchors and of the times that criteria use, a `due` excepted."""
        used = {
            self.log["time"],
            *(name for one in self.criteria.values() for name in self.times_used(one)),
        } - self.dues
        cells = [self.cell(row, name, "time") for row in rows for name in sorted(used)]
        return max((cell for cell in cells if isinstance(cell, Moment)), key=lambda cell: cell.first)

    def times_used(self, criterion: dict[str, Any]) -> set[str]:
        """What a criterion measures with, and the times that its conditions name."""
        conditions = [criterion.get("applies", {}), criterion.get("abandoned", {}).get("where", {})]
        conditions += [limits.get("where", {}) for limits in criterion.get("thresholds", [])]
        return times_measured(criterion).union(*(self.times_named(condition) for condition in conditions))

    def times_named(self, condition: dict[str, Any]) -> set[str]:
        """Declared times, and raw columns that are compared as times."""
        found: set[str] = set()
        for key, wanted in condition.items():
            if key in {"any", "all", "not"}:
                found |= {name for one in ([wanted] if key == "not" else wanted) for name in self.times_named(one)}
            elif self.is_time(key) and (key in self.fields or self.use_of(key, wanted) == "time"):
                found.add(key)
        return found

    def is_time(self, name: str) -> bool:
        return "time" in self.fields.get(name, {"time": name})

    def left_out(self, rows: list[Row]) -> dict[int, str]:
        """Place -> why, in the order in which it is asked: `exclude`, not begun, repeated ids."""
        found: dict[int, str] = {}
        for place, row in enumerate(rows):
            if any(self.holds(rule["where"], row) for rule in self.log.get("exclude", [])):
                found[place] = "exclude"
            elif not self.begun(row):
                found[place] = "not begun"
        left = [place for place in range(len(rows)) if place not in found]
        return found | dict.fromkeys(self.repeats(rows, left), "repeated")

    def begun(self, row: Row) -> bool:
        """By `begins`, else by the anchor unless that is a promise; a version by the time that says its age."""
        begins = self.log.get("begins", self.log["time"])
        repeated = self.log.get("repeated_ids", {}).get("by")
        names = ([] if begins in self.dues else [begins]) + ([repeated] if repeated and self.is_time(repeated) else [])
        ever = replace(self, now=None)
        return not any(self.in_future(ever.cell(row, name, "time")) for name in names)

    def repeats(self, rows: list[Row], places: list[int]) -> set[int]:
        """The rows that leave because another of their id stays."""
        columns = self.log.get("id", [])
        columns = [columns] if isinstance(columns, str) else columns
        groups: dict[tuple[str, ...], list[int]] = {}
        for place in places if columns else []:
            key = tuple(self.cell(rows[place], column, "id") for column in columns)
            if Gap.EMPTY not in key:  # a row without id repeats none
                groups.setdefault(key, []).append(place)
        return {place for group in groups.values() for place in group if place != self.stays(rows, group)}

    def stays(self, rows: list[Row], group: list[int]) -> int:
        rule = self.log.get("repeated_ids")
        if rule is None:  # the rows are the same in every column that is used
            return group[0]
        use = "time" if self.is_time(rule["by"]) else "number"
        ages = {place: self.cell(rows[place], rule["by"], use) for place in group}
        known = {place: getattr(age, "first", age) for place, age in ages.items() if not isinstance(age, Gap)}
        if not known:
            return group[-1]
        wanted = (max if rule["keep"] == "last" else min)(known.values())
        return max(place for place, age in known.items() if age == wanted)


def plain(text: str) -> str:
    """A word as words are compared: composed, with plain blanks, and none at its ends."""
    return re.sub("[\u00a0\u2007\u202f]", " ", normalize("NFC", text)).strip()


def replace_fields(scorer: Scorer, more: dict[str, Any]) -> Scorer:
    """The same scorer that knows more fields."""
    other = replace(scorer)
    other.fields = {**scorer.fields, **more}
    return other


def times_measured(criterion: dict[str, Any]) -> set[str]:
    """The ends of the measure, the criterion's own time, the time of giving up."""
    (kind, what), *_ = criterion["measure"].items()
    ends = [what.get(end) for end in ("from", "to", "actual")] if kind in {"duration", "delay"} else []
    return {
        name
        for name in (*ends, criterion.get("time"), criterion.get("abandoned", {}).get("at"))
        if isinstance(name, str)
    }


def worst(states: list[State]) -> State:
    zones = [zone for zone, _ in states]
    order = ["red", "pending", "missing", "yellow", "green", "excluded", "not_applicable"]
    return min(zones, key=order.index), "worst"


def as_it_stood(definition: dict[str, Any], process_id: str, rows: list[Row], as_of: str | None) -> Scorer:
    """The scorer that sees what could be seen at `as_of`."""
    ever = Scorer(definition, process_id)
    if as_of is not None:
        return replace(ever, now=ever.read_time(as_of, {}))
    accepted = [row for row in rows if ever.weight(row) is not None]
    return replace(ever, now=ever.newest(accepted)) if accepted else ever


def judged(scorer: Scorer, rows: list[Row]) -> list[tuple[Row, dict[str, State]]]:
    """Every accepted row with its state in each criterion."""
    accepted = [row for row in rows if scorer.weight(row) is not None]
    out = scorer.left_out(accepted)
    return [
        (
            row,
            {
                name: ("excluded", out[place]) if place in out else scorer.state(row, criterion)
                for name, criterion in scorer.criteria.items()
            },
        )
        for place, row in enumerate(accepted)
    ]


def brute_states(
    definition: dict[str, Any], process_id: str, rows: list[Row], *, as_of: str | None = None
) -> list[dict[str, State]]:
    """For each accepted row criterion -> (zone, kind of reason)."""
    return [states for _, states in judged(as_it_stood(definition, process_id, rows, as_of), rows)]


def brute_counts(
    definition: dict[str, Any],
    process_id: str,
    rows: list[Row],
    *,
    as_of: str | None = None,
    period: str = "month",
    by: tuple[str, ...] = (),
) -> dict[tuple[str, ...], int]:
    """(criterion, period, *segments, zone) -> count, zeros left out; a missing time or segment is an empty text."""
    scorer = as_it_stood(definition, process_id, rows, as_of)
    counts: Counter[tuple[str, ...]] = Counter()
    for row, states in judged(scorer, rows):
        # a row that has not begun stands in the month that is written in it, though that is in the future
        eyes = scorer if scorer.begun(row) else replace(scorer, now=None)
        segments = [eyes.cell(row, name, "text") for name in by]
        shown = ["" if isinstance(value, Gap) else str(value) for value in segments]
        for name, (zone, _) in states.items():
            when = eyes.time_of(row, eyes.criteria[name])
            label = "" if isinstance(when, Gap) else period_of(when.local.date(), period)
            counts[name, label, *shown, zone] += eyes.weight(row)
    return {key: count for key, count in counts.items() if count}
