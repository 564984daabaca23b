"""The query of one counting pass: outcomes of criteria as expressions, columns to group by, columns to sum.

In: `LazyLog`, criteria that share a time, segments, the kind of period. Out: `Query`, compiled from the rule book: for
each criterion the rows that each rule takes and no earlier one, and the rows that are green, or green or yellow. One
query counts all of its criteria, so that the log is read once.
"""

from __future__ import annotations

from dataclasses import dataclass, field, replace
from functools import reduce
from typing import TYPE_CHECKING, Any

import narwhals as nw

from svclight.errors import UnableError
from svclight.in_engine.cells import counts_in
from svclight.in_engine.conditions import part_of
from svclight.in_engine.expression_view import ExpressionView
from svclight.in_engine.expressions import nobody
from svclight.judging.judge import with_parts
from svclight.logs.cases import CaseNames
from svclight.logs.left_out_rows import beginnings
from svclight.method.abandons import shown_values
from svclight.method.conditions import asked_and_answered
from svclight.method.left_out_rows import left_out_rules, placed_rows
from svclight.method.outcomes import LEFT, ladder_of, worst_ladder
from svclight.method.rules import Rule, all_of, any_of
from svclight.method.totals import Share, shares_of, totals_ladder
from svclight.thresholds import ZONES

if TYPE_CHECKING:
    from collections.abc import Sequence

    from svclight.definition.models import Criterion
    from svclight.in_engine.log import LazyLog
    from svclight.method.rules import Ladder, Left, Measured

    Frame = nw.LazyFrame[Any]
    Pair = tuple[str, str]


@dataclass(frozen=True)
class Outcomes:
    """The rules of one criterion as expressions, so cut that each row falls under one of them or into a zone.

    Their expressions may be null for rows that they do not hold for.
    """

    rules: tuple[Rule, ...]
    rest: nw.Expr | None
    green: nw.Expr
    wider: nw.Expr
    measured: Measured | None = None
    """The measured numbers, of abandoned rows the time they waited; None if the criterion has no numbers."""
    shares: tuple[Share, ...] = ()
    """What each field of a measure of totals counts of the rows that no rule takes; no zone is asked of these."""
    uncut: tuple[Rule, ...] = ()
    """The rules in their order, not cut: of several that take a row the first counts."""

    @property
    def shown(self) -> nw.Expr:
        """The measured numbers in their unit, as doubles; only for outcomes that have some."""
        measured: Any = self.measured
        made: nw.Expr = measured.values.cast(nw.Float64) / float(measured.per_unit)
        return made

    def in_zone(self, zone: nw.Expr) -> nw.Expr:
        """The rows of a zone that no rule takes."""
        return zone if self.rest is None else self.rest & zone

    def each(self) -> list[Rule]:
        """Every outcome of the criterion as a rule: each row falls under exactly one, and no expression is null."""
        green, wider = (self.in_zone(zone).fill_null(value=False) for zone in (self.green, self.wider))
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

    def rows_in(self, state: str) -> list[nw.Expr]:
        """The rows that are in a state; of totals those that may count something in it."""
        if self.shares:
            some = [share.values != 0 for share in self.shares if share.state == state]
            return [*some, *(rule.rows.fill_null(value=False) for rule in self.rules if rule.state == state)]
        return [one.rows for one in self.each() if one.state == state]


def outcomes_of(ladder: Ladder, out: Sequence[Rule], measured: Measured | None, log: LazyLog) -> Outcomes:
    """Cuts the rules of a criterion by their order: each takes only the rows that no earlier rule took."""
    kept: list[nw.Expr] = []
    rules = []
    for rule in (*out, *ladder.rules):
        rules.append(replace(rule.alone(all_of([*kept, rule.rows])), untimed=rule.untimed))
        if not (rule.free or rule.untimed):
            kept.append(~rule.rows if rule.others is None else rule.others)
    none = nobody(nw.col(log.moment(log.log.anchor).column))  # rules take all rows of a `worst`
    green, wider = (none if zone is None else zone for zone in (ladder.green, ladder.wider))
    rest = all_of(kept) if kept else None
    return Outcomes(tuple(rules), rest, green, wider, measured, uncut=(*out, *ladder.rules))


def _shown_values(criterion: Criterion, view: ExpressionView, ladder: Ladder) -> Measured | None:
    """The measured numbers of a criterion; of abandoned rows the time they waited, if they are rated by it."""
    by_elapsed = criterion.abandoned is not None and criterion.abandoned.counts == "by_elapsed"
    measured = shown_values(criterion, view, ladder) if by_elapsed else ladder.measured
    return None if measured is None or measured.zones is not None else measured


def _as_share_columns(shares: Sequence[Share], log: LazyLog) -> tuple[Share, ...]:
    """The same shares as columns of whole numbers, each computed once."""
    values = log.before.as_columns("share", [share.values for share in shares], level=1)
    return tuple(replace(share, values=value) for share, value in zip(shares, values, strict=True))


def _left_out(view: ExpressionView) -> tuple[Rule, ...]:
    """The rules for rows that no criterion rates. Repeated rows and cases without a visible event are odd instead."""
    return () if isinstance(view.log, CaseNames) else left_out_rules(view, beginnings(view.log))


def _is_simple(criterion: Criterion) -> bool:
    """Whether the rules of a criterion are few and short enough to be written out wherever they are needed."""
    asks = (criterion.abandoned, criterion.applies, criterion.thresholds, criterion.scale, criterion.measure.worst)
    return criterion.measure.kind in ("value", "duration", "delay") and all(one is None for one in asks)


def _as_columns(ladder: Ladder, log: LazyLog, level: int) -> Ladder:
    """The same ladder of rules with its masks as computed columns, so that no mask is computed twice."""
    rules = _columns_of(ladder.rules, "rule", log, level)
    if ladder.green is None:
        return replace(ladder, rules=rules)
    zones = [zone.fill_null(value=False) for zone in (ladder.green, ladder.wider)]
    green, wider = log.before.as_columns("zone", zones, level=level)
    return replace(ladder, rules=rules, green=green, wider=wider)


def _columns_of(rules: Sequence[Rule], what: str, log: LazyLog, level: int) -> tuple[Rule, ...]:
    """The rules with their masks as computed columns without null; rules counted by whole groups need no mask."""
    asked = [rule.rows.fill_null(value=False) for rule in rules if not rule.untimed]
    rows = iter(log.before.as_columns(what, asked, level=level) if asked else ())
    return tuple(rule if rule.untimed else rule.alone(next(rows)) for rule in rules)


@dataclass
class Query:
    """One query to the engine: the criteria that share a time, the columns to group by, and the sums to take.

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
        totals: The columns of whole numbers that are summed: what rows of totals count.
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
    totals: dict[str, nw.Expr] = field(default_factory=dict)
    most: dict[str, nw.Expr] = field(default_factory=dict)
    leaving: int = 0

    def compile_rules(self, order: Sequence[str]) -> Query:
        """Asks the rule book for each criterion (and its parts), and enters the columns to group by and to sum.

        After that the log knows all rows that are odd for it.

        Raises:
            UnableError: The engine cannot judge a criterion by itself.
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
            measured = None
            if criterion.measure.totals is not None:
                ladder = _as_columns(totals_ladder(criterion, view), self.log, 2)
                made = outcomes_of(ladder, out, None, self.log)
                self.outcomes[name] = replace(made, shares=_as_share_columns(shares_of(criterion, view), self.log))
                continue
            if criterion.measure.worst is None:
                ladder, levels[name] = ladder_of(criterion, view, matured=self.matured), 2
                measured = _shown_values(criterion, view, ladder)
            else:
                above = 1 + max(levels[part] for part in criterion.measure.worst)
                parts = {part: self._part(part, above) for part in criterion.measure.worst}
                ladder, levels[name] = worst_ladder(criterion, parts, view, matured=self.matured), above + 1
            computed = ladder if _is_simple(criterion) else _as_columns(ladder, self.log, levels[name])
            self.outcomes[name] = outcomes_of(computed, out, measured, self.log)
        self.keys, self.sums, self.totals = _keys(self), _sums(self), _totals(self)
        self.most = _time_left(self)
        self.anchor_time()  # enters what it needs
        return self

    def rule(self, place: int, number: int) -> str:
        """The column name of the sum of a rule's rows; rules that leave rows out for all criteria share one."""
        shared = number < self.leaving and not self.outcomes[self.names[place]].shares
        return f"all:{number}" if shared else f"{place}:{number}"

    def waiting(self, place: int) -> list[tuple[str, Left]]:
        """The columns that say how long the rows of a criterion can still turn, and in which unit."""
        if self.log.log.process.criteria[self.names[place]].measure.worst is not None:
            return []  # it is told of its parts
        rules = enumerate(self.outcomes[self.names[place]].rules)
        return [(f"{place}:left{number}", rule.left) for number, rule in rules if rule.left is not None]

    def _part(self, name: str, level: int) -> list[Rule]:
        """The outcomes of a criterion as computed columns, from which a `worst` is put together."""
        each = self.outcomes[name].each()
        rows = self.log.before.as_columns(f"outcome:{name}", [one.rows for one in each], level=level)
        return [replace(one, rows=row) for one, row in zip(each, rows, strict=True)]

    def period(self) -> nw.Expr:
        """The number of each row's period; a row that has not begun keeps the period of its anchor."""
        log = self.log
        placed = placed_rows(ExpressionView(log), self.anchor, beginnings(log.log))
        if placed is None:
            return log.period(self.anchor)
        return log.period(self.anchor, nw.when(placed).then(log.walls(self.anchor, whole=True)))

    def weight(self) -> nw.Expr:
        """The number of interactions that each row stands for: its weight, or 1."""
        return counts_in(str(self.log.log.spec.weight), self.log)[0]  # rows with others are odd

    def anchor_time(self) -> nw.Expr:
        """The time by which rows are placed; its first and last day come back with the counts."""
        log, name = self.log, self.log.log.anchor
        return nw.col(log.moment(name).column) if log.is_plain(name) else log.walls(name)

    def anywhere(self) -> nw.Expr:
        """A column that every log has, for expressions that need one of any content."""
        return nw.col(self.log.moment(self.log.log.anchor).column)


def _keys(query: Query) -> dict[str, nw.Expr]:
    """The columns by which rows are grouped: the number of the period, and the raw columns behind the segments."""
    made = {"period": query.period()}
    for name in query.segments:
        spec = query.log.log.field(name, "text")
        if spec.part is not None:
            number, seen = part_of(name, query.log)
            made[f"part:{name}"] = nw.when(seen).then(number)
            continue
        if spec.kind in ("when", "filled"):
            true = ExpressionView(query.log).flags(name).true
            made[f"part:{name}"] = nw.when(true).then(nw.lit(1, nw.Int64)).otherwise(nw.lit(0, nw.Int64))
            continue
        if spec.parts or spec.at is not None:
            raise UnableError(f"{name} is no column")
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
    """The columns of true and false to sum: each rule's rows, green, green or yellow, asked and answered."""
    sums: dict[str, nw.Expr] = {}
    for place, name in enumerate(query.names):
        outcomes = query.outcomes[name]
        if outcomes.shares:
            continue
        sums |= {query.rule(place, number): one.rows for number, one in enumerate(outcomes.rules) if not one.untimed}
        sums[f"{place}:green"] = outcomes.in_zone(outcomes.green)
        sums[f"{place}:wider"] = outcomes.in_zone(outcomes.wider)
        criterion = query.log.log.process.criteria[name]
        if criterion.asked is not None:
            each = outcomes.each()
            left, rated = (any_of(one.rows for one in each if one.state in states) for states in (LEFT, ZONES))
            asked, answered = asked_and_answered(criterion.asked, ExpressionView(query.log), left=left, rated=rated)
            sums[f"{place}:asked"] = sums[f"{place}:askers"] = asked
            sums[f"{place}:answered"] = answered
    return sums


def _totals(query: Query) -> dict[str, nw.Expr]:
    """What rows of totals count: the sum of their fields, what each rule takes of it, and each field of the others."""
    sums: dict[str, nw.Expr] = {}
    for place, name in enumerate(query.names):
        outcomes = query.outcomes[name]
        if not outcomes.shares:
            continue
        whole = reduce(lambda one, other: one + other, [share.values for share in outcomes.shares])
        sums[f"{place}:whole"] = whole
        for number, rule in enumerate(outcomes.rules):
            if not rule.untimed:
                sums[query.rule(place, number)] = _counted_in(rule.rows, whole)
        for number, share in enumerate(outcomes.shares):
            sums[f"{place}:share:{number}"] = _counted_in(outcomes.rest, share.values)
        sums |= _totals_asked(query, place, whole)
    return sums


def _totals_asked(query: Query, place: int, whole: nw.Expr) -> dict[str, nw.Expr]:
    """How many were asked by rows of totals, how many answered, and how many rows ask; nothing where it is not said."""
    outcomes, criterion = query.outcomes[query.names[place]], query.log.log.process.criteria[query.names[place]]
    if criterion.asked is None:
        return {}
    # rules of whole groups leave nothing that is rated; without them each row stands in the rules or is counted
    rules = [replace(rule, rows=rule.rows.fill_null(value=False)) for rule in outcomes.rules]
    left = any_of(rule.rows for rule in rules if rule.state in LEFT)
    rated = ~any_of([nobody(query.anywhere()), *(rule.rows for rule in rules)])
    asked, answered = asked_and_answered(criterion.asked, ExpressionView(query.log), left=left, rated=rated)
    zones = [share.values for share in outcomes.shares if share.state in ZONES]
    return {
        f"{place}:asked": _counted_in(asked, whole),
        f"{place}:askers": _counted_in(asked, nw.lit(1, nw.Int64)),
        f"{place}:answered": _counted_in(answered, reduce(lambda one, other: one + other, zones)),
    }


def _counted_in(rows: nw.Expr | None, values: nw.Expr) -> nw.Expr:
    """The values of some rows, 0 of the others; None stands for all rows."""
    return values if rows is None else nw.when(rows).then(values).otherwise(nw.lit(0, nw.Int64))
