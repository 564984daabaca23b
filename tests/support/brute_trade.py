"""The measures of the trade a second way: working time, quality cards, repeats, joined logs, rows that are too young.

Written from SEMANTICS and FORMAT alone, on top of `brute`; `brute_events` and `brute_customers` add what is counted by case
and by customer. Slow on purpose.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import date, datetime, timedelta
from fractions import Fraction
from functools import cached_property
from typing import Any
from zoneinfo import ZoneInfo

from support.brute import Gap, Group, Moment, Row, Scorer, bounds, quantity, seconds
from support.brute_calendar import Hours

Rows = list[Row]
ITEM = "{} as it stands"


@dataclass
class Trade(Scorer):
    """A scorer that also knows the other logs of the call, and all contacts of its own."""

    others: dict[str, Rows] = field(default_factory=dict)
    matured: bool = False
    period: str = "month"
    contacts: tuple[Any, ...] = ()  # the rows that are not left out, in the order of the log

    def __post_init__(self) -> None:
        super().__post_init__()
        self.criteria = {name: one for card in self.criteria.items() for name, one in self.with_items(*card)}
        for name in {item for one in self.criteria.values() for item in items_of(one)}:
            spec = self.fields.get(name, {"text": name})
            column = spec.get("flag", spec.get("text"))
            self.fields[ITEM.format(name)] = {"text": column, "missing": spec.get("missing", [])}
        self.calendars = {
            name: Hours(calendar, ZoneInfo(calendar.get("time_zone", self.definition["time_zone"])))
            for name, calendar in self.definition.get("calendars", {}).items()
        }

    def with_items(self, name: str, criterion: dict[str, Any]) -> list[tuple[str, dict[str, Any]]]:
        """`each` also gives a criterion an item, `groups` a smaller card a group; they apply where the card does."""
        card = criterion["measure"].get("checklist", {})
        inherited = {key: criterion[key] for key in ("applies", "time") if key in criterion}
        items = card.get("items", []) if card.get("each") else []
        alone = [(f"{name}.{item}", {"measure": {"item": item}, "green": ">= 100 %", **inherited}) for item in items]
        return [(name, criterion), *(self.group(name, criterion, group) for group in card.get("groups", {})), *alone]

    def group(self, name: str, criterion: dict[str, Any], group: str) -> tuple[str, dict[str, Any]]:
        """A card with the items of a group alone, judged by the limits of the whole card."""
        card = criterion["measure"]["checklist"]
        names = card["groups"][group]
        fewer = {
            "items": {item: card["items"][item] for item in names},
            "critical": [item for item in card.get("critical", []) if item in names],
        }
        return f"{name}.{group}", {**criterion, "measure": {"checklist": fewer}}

    # --- joined logs -------------------------------------------------------------------------------------------------

    @cached_property
    def joined(self) -> dict[str, Scorer]:
        """How the cells of each joined log are read; what has not happened at as_of is empty there too."""
        made = {}
        for name, join in self.log.get("join", {}).items():
            log = {"time": "", "fields": join["fields"], "missing": self.log.get("missing", [])}
            process = {"log": log, "criteria": {}}
            made[name] = Scorer({**self.definition, "processes": {name: process}}, name, self.now)
        return made

    def cell(self, row: Row, name: str, use: str) -> Any:
        other, _, inner = name.partition(".")
        if other not in self.log.get("join", {}) or isinstance(row, Group):
            return super().cell(row, name, use)
        partner = self.partner(row, other)
        return Gap.EMPTY if partner is None else self.joined[other].cell(partner, inner, use)

    def partner(self, row: Row, other: str) -> Row | None:
        """The first or last row of the other log with the same keys; an empty key is the same as none."""
        join = self.log["join"][other]
        mine = [self.cell(row, column, "text") for column in join["on"]]
        theirs = [
            (one, [self.joined[other].cell(one, column, "text") for column in join["on"].values()])
            for one in self.others[other]
        ]
        found = [] if Gap.EMPTY in mine else [one for one, keys in theirs if keys == mine]
        return found[0 if join.get("keep") == "first" else -1] if found else None

    def unit(self, name: str) -> str | None:
        other, _, inner = name.partition(".")
        return self.joined[other].unit(inner) if other in self.log.get("join", {}) else super().unit(name)

    # --- working time ------------------------------------------------------------------------------------------------

    def between(self, first: date, last: date, criterion: dict[str, Any]) -> Fraction:
        ((_, how),) = criterion["measure"].items()
        if "calendar" not in how:
            return super().between(first, last, criterion)
        hours, in_days = self.calendars[how["calendar"]], in_working_days(criterion)
        if isinstance(first, datetime):
            return hours.between(first, last, in_days=in_days)
        return hours.between_dates(first, last, in_days=in_days)

    # --- measures ----------------------------------------------------------------------------------------------------

    def measure(self, row: Row, criterion: dict[str, Any], until: str | None = None) -> tuple[str, Any]:
        ((kind, what),) = criterion["measure"].items()
        if kind == "checklist":
            return self.card(row, what)
        if kind == "item":
            point = self.point(row, what)
            return point if point[0] != "known" else ("known", Fraction(100 * point[1]))
        if kind == "repeat":
            return self.came_again(row, what)
        return super().measure(row, criterion, until)

    def point(self, row: Row, name: str) -> tuple[str, Any]:
        """Whether an item is kept; an empty cell or n/a means that it does not apply."""
        text = self.cell(row, ITEM.format(name), "text")
        if text is Gap.EMPTY or text.lower() == "n/a":
            return "not_applicable", "item"
        try:
            return "known", self.read_flag(text, self.fields.get(name, {}))
        except ValueError:
            return "missing", "unreadable"

    def card(self, row: Row, what: dict[str, Any]) -> tuple[str, Any]:
        """Percent of the points of the items that apply; a failed critical item makes it 0."""
        points = {name: self.point(row, name) for name in what["items"]}
        if any(status == "missing" for status, _ in points.values()):
            return "missing", "unreadable"
        kept = {name: value for name, (status, value) in points.items() if status == "known"}
        if not kept:
            return "not_applicable", "no item applies"
        if any(kept.get(name) is False for name in what.get("critical", [])):
            return "known", Fraction(0)
        weights = {name: Fraction(str(what["items"][name])) for name in kept}
        return "known", 100 * sum(weights[name] for name in kept if kept[name]) / sum(weights.values())

    def came_again(self, row: Row, what: dict[str, Any]) -> tuple[str, Any]:
        """How many later contacts are about the same, within the window; its limit belongs to it."""
        who, when = self.same(row, what), self.anchor(row)
        if who is None:
            return "missing", "customer"
        if isinstance(when, Gap):
            return "missing", "no time"
        window = window_of(what)
        others = [(one, self.anchor(one)) for one in self.contacts if self.same(one, what) == who]
        place = next(place for place, (one, _) in enumerate(others) if one is row)
        gaps = [
            (then.first - when.first, other > place)
            for other, (_, then) in enumerate(others)
            if other != place and isinstance(then, Moment)
        ]
        none = timedelta(0)
        earlier = [gap for gap, below in gaps if gap < none or (gap == none and not below)]
        later = [gap for gap, below in gaps if gap > none or (gap == none and below)]
        if what.get("first_only") and any(-gap <= window for gap in earlier):
            return "not_applicable", "a repeat itself"
        is_over = self.now.first >= when.first + window
        return "known" if is_over else "open", Fraction(sum(gap <= window for gap in later))

    def same(self, row: Row, what: dict[str, Any]) -> tuple[object, ...] | None:
        """What later contacts must share; None where a part of it is missing."""
        names = [self.log["customer"] if name == "customer" else name for name in what["same"]]
        uses = ("id" if name == "customer" else "text" for name in what["same"])
        found = [self.cell(row, name, use) for name, use in zip(names, uses, strict=True)]
        keys = tuple(value.first if isinstance(value, Moment) else value for value in found)
        return None if any(isinstance(value, Gap) for value in found) else keys

    def anchor(self, row: Row) -> Moment | Gap:
        return self.cell(row, self.log["time"], "time")

    # --- matured -----------------------------------------------------------------------------------------------------

    def too_young(self, row: Row, criterion: dict[str, Any]) -> bool:
        """The start of a clock, plus the widest upper limit of yellow that is valid in the period, is after as_of."""
        when = self.time_of(row, criterion)
        if not self.matured or isinstance(when, Gap):
            return False
        clocks = [(self.clock_begins(row, one), one) for one in self.clocks_of(criterion)]
        return any(self.can_turn(begun, when, one) for begun, one in clocks if isinstance(begun, Moment))

    def clock_begins(self, row: Row, criterion: dict[str, Any]) -> Moment | Gap:
        """When the clock of a measure begins: `from`, `due`, the contact."""
        ((kind, what),) = criterion["measure"].items()
        if kind not in {"duration", "delay"}:
            return self.anchor(row)
        return self.moment_of(row, what["from" if kind == "duration" else "due"])

    def clocks_of(self, criterion: dict[str, Any]) -> list[dict[str, Any]]:
        parts = criterion["measure"].get("worst")
        if parts is None:
            return [criterion]
        return [one for part in parts for one in self.clocks_of(self.criteria[part])]

    def can_turn(self, begun: Moment, when: Moment, criterion: dict[str, Any]) -> bool:
        ((kind, what),) = criterion["measure"].items()
        if kind == "repeat":
            return begun.first + window_of(what) > self.now.first
        if kind not in {"duration", "delay"}:
            return False
        widest = self.widest(criterion, when.local.date())
        if "calendar" in what:
            hours = self.calendars[what["calendar"]]
            return hours.between(begun.first, self.now.first, in_days=in_working_days(criterion)) < widest
        return seconds(self.now.first - begun.first) < widest

    def widest(self, criterion: dict[str, Any], day: date) -> Fraction:
        begin, end = period_around(day, self.period)
        uppers = [Fraction(0)]
        for row in criterion.get("thresholds", [criterion]):
            valid = (
                str(row.get("from", "")) < end.isoformat() and str(row.get("until", "9999-12-31")) > begin.isoformat()
            )
            if valid:
                limits = bounds(row.get("yellow", row["green"]), None)
                uppers += [limit for sign, limit in limits if sign in {"<=", "<"}]
        return max(uppers)


def items_of(criterion: dict[str, Any]) -> list[str]:
    return list(criterion["measure"].get("checklist", {}).get("items", {}))


def in_working_days(criterion: dict[str, Any]) -> bool:
    """All limits of a criterion are in working days, or none is."""
    rows = criterion.get("thresholds", [criterion])
    return any("bd" in row.get(zone, "") for row in rows for zone in ("green", "yellow"))


def window_of(what: dict[str, Any]) -> timedelta:
    microseconds = quantity(str(what["within"]), None) * 10**6
    return timedelta(microseconds=int(microseconds))


def period_around(day: date, period: str) -> tuple[date, date]:
    """The first day of the period in which the day lies, and of the next one."""
    if period in {"day", "week"}:
        begin = day - timedelta(days=day.weekday() if period == "week" else 0)
        return begin, begin + timedelta(days=7 if period == "week" else 1)
    months = {"month": 1, "quarter": 3, "year": 12}[period]
    place = (day.year * 12 + day.month - 1) // months * months
    first, following = (date(at // 12, at % 12 + 1, 1) for at in (place, place + months))
    return first, following
