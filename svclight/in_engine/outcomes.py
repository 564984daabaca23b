"""The rows that no criterion rates, in an engine: excluded, not begun. Repeated ones are judged by pandas."""

from __future__ import annotations

from typing import TYPE_CHECKING

from svclight.in_engine.conditions import condition_of
from svclight.logs.cases import CaseNames
from svclight.logs.left_out_rows import NOT_BEGUN, beginnings
from svclight.method.rules import Rule

if TYPE_CHECKING:
    import narwhals as nw

    from svclight.in_engine.log import LazyLog


def left_out(log: LazyLog) -> tuple[Rule, ...]:
    """The rows that no criterion rates.

    So are cases of which no event is left, or none is seen.
    """
    if isinstance(log.log, CaseNames):
        return ()
    excluded = [Rule("excluded", rule.reason, condition_of(rule.where, log)) for rule in log.log.spec.exclude]
    return (*excluded, *(Rule("excluded", NOT_BEGUN, rows) for rows in not_begun(log)))


def not_begun(log: LazyLog) -> list[nw.Expr]:
    """The rows that do not exist yet, time by time."""
    later = (log.later(name) for name in beginnings(log.log))
    return [rows for rows in later if rows is not None]
