"""Contacts of a customer in an engine: the later ones of each row, found by windows over rows with the same keys.

In: `LazyLog`, the names that must be the same, the length of the window. Out: what `method.view.Contacts` says, as
expressions. A row counts others, so that a row which pandas must judge takes all rows of its customer with it: the keys
that all criteria have in common are entered in the log, and rows that share them are judged by one engine.
"""

from __future__ import annotations

import math
from fractions import Fraction
from typing import TYPE_CHECKING, Any, Final

import narwhals as nw

from svclight.dialects.dialect import TEXT, WHOLE, LaterRows
from svclight.dialects.normal_form import may_be_padded, may_differ
from svclight.errors import UnableError
from svclight.in_engine.cells import counts_in, numbers_in
from svclight.in_engine.conditions import CellExpressions
from svclight.logs.left_out_rows import beginnings
from svclight.method.left_out_rows import left_out_rules
from svclight.method.rules import Left, all_of, any_of
from svclight.method.view import Contacts
from svclight.values import clocks

if TYPE_CHECKING:
    from svclight.definition.models import Process
    from svclight.in_engine.log import LazyLog

_FAR: Final = 2**62
"""Ticks beyond this are left to pandas: sums and differences of others are whole numbers of 64 bits."""
_LONGEST: Final = 2**61


def has_contacts(process: Process) -> bool:
    """Whether a criterion counts later contacts, so that rows are judged among others."""
    return any(one.measure.repeat is not None for one in process.criteria.values())


def enter_shared_keys(log: LazyLog) -> None:
    """Enters in the log the keys by which rows are judged together: those that all `repeat` criteria have in common.

    Raises:
        UnableError: They have none, or the engine cannot tell which cells of a key are the same.
    """
    criteria = log.log.process.criteria.values()
    each = [one.measure.repeat.same for one in criteria if one.measure.repeat is not None]
    if not each:
        return
    common = [name for name in dict.fromkeys(each[0]) if all(name in same for same in each)]
    if not common:
        raise UnableError("contacts by keys that have nothing in common")
    log.shared = tuple(_key(name, log) for name in common)


def later_contacts(log: LazyLog, same: tuple[str, ...], within: Fraction) -> Contacts:
    """The later contacts of each row that are the same in all names, within a window of seconds.

    Raises:
        UnableError: The engine cannot tell which cells of a key are the same, or the window is too long.
    """
    keys = {name: _key(name, log) for name in same}
    ticks, per_second = log.instants(log.log.anchor), log.moment(log.log.anchor).per_second
    length = math.floor(within * per_second)
    if length > _LONGEST:
        raise UnableError("so long a window")
    far = (ticks > _FAR) | (ticks < -_FAR)
    log.rare.append(~ticks.is_null() & far)
    asked = _later_rows(log, keys, nw.when(~far).then(ticks), length)
    if not log.order:  # which of two contacts at the same time is the later one, an order of rows alone can tell
        log.rare.append(nw.col(asked.since) == 0)
    now = clocks.now_at(log.now(), per_second)
    until = nw.when(~far).then(ticks) + length
    return Contacts(
        nw.col(asked.counts).fill_null(0),
        ~ticks.is_null() & (until > now),
        Left(until - now, Fraction(per_second)),
        (nw.col(asked.since) <= length).fill_null(value=False),
        tuple((name, nw.col(key).is_null()) for name, key in keys.items()),
    )


def _later_rows(log: LazyLog, keys: dict[str, str], ticks: nw.Expr, length: int) -> LaterRows:
    """Enters what is asked about the contacts that follow each one: what is left out is no contact."""
    out = any_of(rule.rows for rule in left_out_rules(CellExpressions(log), beginnings(log.log)))
    known = all_of(_has_key(name, log) for name in keys)
    chosen = known if out is None else known & ~out.fill_null(value=False)
    weight: Any = nw.lit(1, nw.Int64)
    if log.log.spec.weight is not None:
        weight = counts_in(str(log.log.spec.weight), log)[0]
    name = " ".join(keys.values())
    log.before.named_column(f"contact at:{name}", nw.when(chosen).then(ticks))
    log.before.named_column("contacts", weight)
    counts = f"later in {length}:{name}"
    asked = LaterRows(
        tuple(keys.values()), f"contact at:{name}", "contacts", log.order, length, counts, f"since in {length}:{name}"
    )
    log.before.later_rows[counts] = asked
    return asked


def _key(name: str, log: LazyLog) -> str:
    """The name of the column with the cells of a key, in the form in which the same texts are the same; null without.

    Raises:
        UnableError: The engine cannot tell which cells are the same.
    """
    field = _field(name, log)
    column, kind = log.raw(field), log.columns[log.raw(field)].kind
    if log.log.field(field, "text").kind != "text" or kind not in (TEXT, WHOLE):
        raise UnableError(f"which cells of {field} are the same")
    cell, key = nw.col(column), f"key:{name}"
    if kind == TEXT and name != "customer":  # the id of a customer is the text as it stands
        if log.any_text(column, may_differ):
            raise UnableError(f"texts of {field} that may be the same in another form")
        # to strip all cells takes as long as all the counting
        cell = log.stripped(column) if log.any_text(column, may_be_padded) else cell
    log.before.named_column(key, nw.when(_has_key(name, log)).then(cell))
    return key


def _has_key(name: str, log: LazyLog) -> nw.Expr:
    """The rows with a cell of a key."""
    field = _field(name, log)
    column, tokens = log.raw(field), log.tokens(log.log.field(field, "text"))
    if log.columns[column].kind != TEXT:
        return ~numbers_in(column, tokens, log).missing  # type: ignore[no-any-return]  # an expression
    if log.any_text(column, may_be_padded):
        return log.has_text(column, tokens)
    return ~nw.col(column).is_null() & ~nw.col(column).is_in(["", *tokens])


def _field(name: str, log: LazyLog) -> str:
    """The field behind a name of `same`: `customer` is the log's."""
    return str(log.log.spec.customer) if name == "customer" else name
