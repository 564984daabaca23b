"""What is asked of an engine: the outcomes of criteria as expressions, by what rows are grouped, and what is summed.

In: `LazyLog`, criteria that share a time, segments, the kind of period. Out: `Query`, compiled: it knows which rows
each rule of each criterion takes and no earlier one, and which are green, or green or yellow.
"""

from __future__ import annotations

from dataclasses import dataclass, field, replace
from typing import TYPE_CHECKING, Any

import narwhals as nw

from svclight.in_engine.cells import numbers_of
from svclight.in_engine.conditions import part_of
from svclight.in_engine.expression_view import ExpressionView
from svclight.in_engine.expressions import nobody
from svclight.judging.plan import with_parts
from svclight.logs.cases import CaseNames
from svclight.logs.left_out_rows import beginnings
from svclight.method.abandons import shown_values
from svclight.method.conditions import asked_and_answered
from svclight.method.left_out_rows import left_out_rules, placed_rows
from svclight.method.outcomes import LEFT, ladder_of, worst_ladder
from svclight.method.rules import Rule, all_of, any_of
from svclight.thresholds import ZONES

if TYPE_CHECKING:
    from collections.abc import Sequence

    from svclight.definition.models import Criterion
    from svclight.in_engine.log import LazyLog
    from svclight.method.rules import Ladder, Left

    Frame = nw.LazyFrame[Any]
    Pair = tuple[str, str]


@dataclass(frozen=True)
class Outcomes:
    """The outcomes of a criterion: for each rule the rows that it takes and no earlier one, and what has a zone.

    Their expressions may be null for rows that they do not hold for.
    """

    rules: tuple[Rule, ...]
    rest: nw.Expr | None
    green: nw.Expr
    wider: nw.Expr
    shown: nw.Expr | None = None
    """The values in their unit, what was waited where a row is abandoned; None where they are no numbers."""

    def rated(self, zone: nw.Expr) -> nw.Expr:
        """The rows that no rule takes and that are in a zone."""
        return zone if self.rest is None else self.rest & zone

    def each(self) -> list[Rule]:
        """Every outcome: each row has exactly one, and no expression is null."""
        green, wider = (self.rated(zone).fill_null(value=False) for zone in (self.green, self.wider))
        rules, untimed = [], None
        for rule in self.rules:
            rows = rule.rows.fill_null(value=False)
            rules.append(rule.alone(rows if untimed is None else rows & ~untimed))
            untimed = rows if rule.untimed else untimed
        if untimed is not None:
            green, wider = green & ~untimed, wider & ~untimed
        red = ~any_of([wider, *(rule.rows for rule in rules)])
        zones = (green, wider & ~green, red)
        return [*rules, *(Rule(zone, "", rows) for rows, zone in zip(zones, ZONES, strict=True))]


def outcomes_of(ladder: Ladder, out: Sequence[Rule], shown: nw.Expr | None, log: LazyLog) -> Outcomes:
    """The rules one after the other, after those that leave rows out for all criteria."""
    kept: list[nw.Expr] = []
    rules = []
    for rule in (*out, *ladder.rules):
        rules.append(replace(rule.alone(all_of([*kept, rule.rows])), untimed=rule.untimed))
        if not (rule.free or rule.untimed):
            kept.append(~rule.rows if rule.others is None else rule.others)
    none = nobody(nw.col(log.moment(log.log.anchor).column))  # rules take all rows of a `worst`
    green, wider = (none if zone is None else zone for zone in (ladder.green, ladder.wider))
    return Outcomes(tuple(rules), all_of(kept) if kept else None, green, wider, shown)


def _shown_values(criterion: Criterion, view: ExpressionView, ladder: Ladder) -> nw.Expr | None:
    """The values in their unit. Of abandoned rows what they waited is asked only where they are rated by it."""
    by_elapsed = criterion.abandoned is not None and criterion.abandoned.counts == "by_elapsed"
    measured = shown_values(criterion, view, ladder) if by_elapsed else ladder.measured
    if measured is None or measured.zones is not None:
        return None
    shown: nw.Expr = measured.values.cast(nw.Float64) / float(measured.per_unit)
    return shown


def _left_out(view: ExpressionView) -> tuple[Rule, ...]:
    """The rows that no criterion rates. Repeated ones are odd, and so are cases of which no event is left or seen."""
    return () if isinstance(view.log, CaseNames) else left_out_rules(view, beginnings(view.log))


def _is_simple(criterion: Criterion) -> bool:
    """Whether the rules of a criterion are so few and short that each can be asked wherever it is needed."""
    asks = (criterion.abandoned, criterion.applies, criterion.thresholds, criterion.scale, criterion.measure.worst)
    return criterion.measure.kind in ("value", "duration", "delay") and all(one is None for one in asks)


def _as_columns(ladder: Ladder, log: LazyLog, level: int) -> Ladder:
    """The same rules as columns, each computed once."""
    rules = _columns_of(ladder.rules, "rule", log, level)
    if ladder.green is None:
        return replace(ladder, rules=rules)
    zones = [zone.fill_null(value=False) for zone in (ladder.green, ladder.wider)]
    green, wider = log.before.computed("zone", zones, level=level)
    return replace(ladder, rules=rules, green=green, wider=wider)


def _columns_of(rules: Sequence[Rule], what: str, log: LazyLog, level: int) -> tuple[Rule, ...]:
    """Rules whose rows are columns that are never null; what is told of whole groups needs none."""
    asked = [rule.rows.fill_null(value=False) for rule in rules if not rule.untimed]
    rows = iter(log.before.computed(what, asked, level=level) if asked else ())
    return tuple(rule if rule.untimed else rule.alone(next(rows)) for rule in rules)


@dataclass
class Query:
    """What is asked of an engine about criteria that share a time.

    Attributes:
        log: The log.
        anchor: The time that places rows in periods.
        names: The criteria.
        segments: By what rows are split.
        kind: The kind of period.
        matured: Whether rows that are too young are pending.
        outcomes: The outcomes of each criterion, and of the parts of a `worst`.
        keys: The columns by which rows are grouped.
        sums: The columns that are summed.
        most: The columns of which the greatest is told: how long rows that a clock keeps pending can still turn.
        leaving: How many rules leave rows out for all criteria; they come first.
    """

    log: LazyLog
    anchor: str
    names: tuple[str, ...]
    segments: tuple[str, ...]
    kind: str
    matured: bool = False
    outcomes: dict[str, Outcomes] = field(default_factory=dict)
    keys: dict[str, nw.Expr] = field(default_factory=dict)
    sums: dict[str, nw.Expr] = field(default_factory=dict)
    most: dict[str, nw.Expr] = field(default_factory=dict)
    leaving: int = 0

    def compiled(self, order: Sequence[str]) -> Query:
        """The query with the outcomes of its criteria (and of their parts), and with what is grouped and summed.

        After that the log knows all rows that are odd for it.

        Raises:
            UnableError: The engine cannot tell by itself.
        """
        view = ExpressionView(self.log)
        out = _columns_of(_left_out(view), "left out", self.log, level=1)
        self.leaving = len(out)
        criteria = self.log.log.process.criteria
        wanted = with_parts(criteria, set(self.names))
        levels: dict[str, int] = {}
        for name in order:
            if name not in wanted:
                continue
            criterion = criteria[name]
            shown = None
            if criterion.measure.worst is None:
                ladder, levels[name] = ladder_of(criterion, view, matured=self.matured), 2
                shown = _shown_values(criterion, view, ladder)
            else:
                above = 1 + max(levels[part] for part in criterion.measure.worst)
                parts = {part: self._part(part, above) for part in criterion.measure.worst}
                ladder, levels[name] = worst_ladder(criterion, parts, view, matured=self.matured), above + 1
            computed = ladder if _is_simple(criterion) else _as_columns(ladder, self.log, levels[name])
            self.outcomes[name] = outcomes_of(computed, out, shown, self.log)
        self.keys, self.sums, self.most = _keys(self), _sums(self), _time_left(self)
        self.anchored()  # enters what it needs
        return self

    def rule(self, place: int, number: int) -> str:
        """The name of the sum of the rows that a rule takes: one for rules that all criteria share."""
        return f"all:{number}" if number < self.leaving else f"{place}:{number}"

    def waiting(self, place: int) -> list[tuple[str, Left]]:
        """The columns that say how long the rows of a criterion can still turn, and in which unit."""
        if self.log.log.process.criteria[self.names[place]].measure.worst is not None:
            return []  # it is told of its parts
        rules = enumerate(self.outcomes[self.names[place]].rules)
        return [(f"{place}:left{number}", rule.left) for number, rule in rules if rule.left is not None]

    def _part(self, name: str, level: int) -> list[Rule]:
        """The outcomes of a criterion, as columns that others are put together from."""
        each = self.outcomes[name].each()
        rows = self.log.before.computed(f"outcome:{name}", [one.rows for one in each], level=level)
        return [replace(one, rows=row) for one, row in zip(each, rows, strict=True)]

    def period(self) -> nw.Expr:
        """The number of each row's period; what has not begun keeps the one of its anchor."""
        log = self.log
        placed = placed_rows(ExpressionView(log), self.anchor, beginnings(log.log))
        if placed is None:
            return log.period(self.anchor)
        return log.period(self.anchor, nw.when(placed).then(log.walls(self.anchor, whole=True)))

    def counted(self) -> nw.Expr:
        """How many interactions a row is: its weight, or 1."""
        values = numbers_of(str(self.log.log.spec.weight), self.log).values
        # others are odd, and an engine may refuse to make them whole
        sound = (values >= 0) & (values < 2**53)
        return nw.when(sound).then(values).otherwise(nw.lit(0)).cast(nw.Int64)

    def anchored(self) -> nw.Expr:
        """The time of the log's anchor, of which the first and the last day are told."""
        log, name = self.log, self.log.log.anchor
        return nw.col(log.moment(name).column) if log.is_plain(name) else log.walls(name)

    def anywhere(self) -> nw.Expr:
        """A column that every log has."""
        return nw.col(self.log.moment(self.log.log.anchor).column)


def _keys(query: Query) -> dict[str, nw.Expr]:
    """The columns by which rows are grouped: the period, and what stands behind the segments."""
    made = {"period": query.period()}
    for name in query.segments:
        spec = query.log.log.field(name, "text")
        if spec.part is not None:
            number, seen = part_of(name, query.log)
            made[f"part:{name}"] = nw.when(seen).then(number)
            continue
        for column in spec.columns:
            made[f"raw:{column}"] = nw.col(column)
    return made


def _time_left(query: Query) -> dict[str, nw.Expr]:
    """How long each row that a clock keeps pending can still turn; null for all others."""
    made: dict[str, nw.Expr] = {}
    for place, name in enumerate(query.names):
        rules = query.outcomes[name].rules
        for column, left in query.waiting(place):
            rows = rules[int(column.partition(":left")[2])].rows
            made[column] = nw.when(rows).then(left.values)
    return made


def _sums(query: Query) -> dict[str, nw.Expr]:
    """The 0/1 columns of all criteria: a rule's rows, green, green or yellow; and who was asked, and who answered."""
    sums: dict[str, nw.Expr] = {}
    for place, name in enumerate(query.names):
        outcomes = query.outcomes[name]
        sums |= {query.rule(place, number): one.rows for number, one in enumerate(outcomes.rules) if not one.untimed}
        sums[f"{place}:green"] = outcomes.rated(outcomes.green)
        sums[f"{place}:wider"] = outcomes.rated(outcomes.wider)
        criterion = query.log.log.process.criteria[name]
        if criterion.asked is not None:
            each = outcomes.each()
            left, rated = (any_of(one.rows for one in each if one.state in states) for states in (LEFT, ZONES))
            asked, answered = asked_and_answered(criterion.asked, ExpressionView(query.log), left=left, rated=rated)
            sums[f"{place}:asked"] = sums[f"{place}:askers"] = asked
            sums[f"{place}:answered"] = answered
    return sums
