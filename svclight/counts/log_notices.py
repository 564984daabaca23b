"""What is said of the cells of logs that could not be read, of joins, and of durations that run backwards.

In: what each log gave (`Scored`). Out: notices, tables of a card (`unread`, `joins`), and the error where more cells
could not be read than is bearable. A cell that cannot be read is not missing at random: where every wait over 999 s is
written "1,500", what is left flatters.
"""

from __future__ import annotations

from fractions import Fraction
from typing import TYPE_CHECKING, Any, Final

import numpy as np
import pandas as pd

from svclight.errors import Issue, LogError, Notice, SvclightError, quoted_text
from svclight.logs.unread_fields import LEAST_UNREAD
from svclight.method.clock_measures import BACKWARDS, BELOW_ZERO
from svclight.thresholds import ZONES
from svclight.values.quantities import decimal_text

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Sequence

    from svclight.counts.count_tables import Tallied, Tally
    from svclight.logs.joined_logs import JoinCount
    from svclight.logs.unread_fields import UnreadField
    from svclight.processes import Definitions

UNREAD_COLUMNS: Final = ("process", "log", "field", "cells", "unread", "share", "example", "file", "line", "hint")
JOINS_COLUMNS: Final = ("process", "join", "rows", "matched", "other_rows", "example", "other_example")
BEARABLE: Final = Fraction(1, 100)
"""The share of a field's cells that may be unread, unless a definition or a call says otherwise."""
_TYPES: Final = {
    **dict.fromkeys(("cells", "unread", "line", "rows", "matched", "other_rows"), "int64"),
    "share": "float64",
}
_WHOLE: Final = 100


def unread_table(fields: Iterable[UnreadField]) -> pd.DataFrame:
    """The table `unread`: one row a field that has cells which could not be read; see `CardTables`."""
    rows = [
        (one.process, one.log, one.field, one.cells, one.unread, one.share, *one.where, one.hint.keys) for one in fields
    ]
    return told_table(pd.DataFrame(rows, columns=list(UNREAD_COLUMNS)))


def joins_table(joins: Iterable[JoinCount]) -> pd.DataFrame:
    """The table `joins`: one row a joined log; see `CardTables`."""
    rows = [[getattr(one, name) for name in JOINS_COLUMNS] for one in joins]
    return told_table(pd.DataFrame(rows, columns=list(JOINS_COLUMNS)))


def told_table(frame: pd.DataFrame) -> pd.DataFrame:
    """The table `unread` or `joins` with the types of its columns, which a frame without rows does not tell."""
    return frame.astype({name: _TYPES.get(str(name), "object") for name in frame.columns})


def without_cells(table: pd.DataFrame) -> pd.DataFrame:
    """The table `unread` or `joins` as reports and saved cards have it: without the cells that it quotes."""
    blank: dict[str, Any] = {"example": "", "other_example": "", "line": 0}
    return table.assign(**{name: value for name, value in blank.items() if name in table})


def add_tables(tables: Sequence[pd.DataFrame]) -> pd.DataFrame:
    """The tables `unread` of several cards as one, or their tables `joins`: counts of the same field are added."""
    whole = pd.concat(tables, ignore_index=True)
    counted = [name for name in ("cells", "unread", "rows", "matched", "other_rows") if name in whole]
    keys = [name for name in ("process", "log", "field", "join") if name in whole]
    how: dict[Any, Any] = {name: "sum" if name in counted else "first" for name in whole if name not in keys}
    made = whole.groupby(keys, sort=False, as_index=False).agg(how)
    if "share" in made:
        made["share"] = made["unread"] / made["cells"]
    return told_table(made[list(whole.columns)])


def bearable_share(given: float | str) -> Fraction:
    """The share of cells that may be unread, as a call gives it.

    Raises:
        SvclightError: It is no share from 0 to 1, and no text such as "2 %".
    """
    text = str(given).strip()
    try:
        share = Fraction(text.removesuffix("%").strip()) / (_WHOLE if text.endswith("%") else 1)
    except (ValueError, ZeroDivisionError):
        share = Fraction(-1)
    if not 0 <= share <= 1:
        raise SvclightError(
            Issue(
                "`max_unread` is no share",
                found=quoted_text(given),
                expected='a number from 0 to 1, or text such as "2 %"',
            )
        )
    return share


def check_unread(fields: Iterable[UnreadField], definitions: Definitions, bearable: Fraction | None) -> None:
    """Refuses a log of which more cells of a field could not be read than is bearable.

    Args:
        fields: The fields that have such cells.
        definitions: They may say what is bearable, for a field or for all fields of a log.
        bearable: The share that the call allows; it counts before what a definition says.

    Raises:
        LogError: Some field has more, and at least `LEAST_UNREAD` of them.
    """
    issues = []
    for one in (field.without_empty for field in fields):
        most = _most(one, definitions, bearable)
        if one.unread >= LEAST_UNREAD and one.unread > most * one.cells:
            issues.append(_issue(one, definitions, most))
    if issues:
        raise LogError(issues)


def check_unread_table(table: pd.DataFrame, bearable: Fraction) -> None:
    """Refuses a saved card in whose logs more cells of a field could not be read than is bearable.

    Raises:
        SvclightError: Some field had more, and at least `LEAST_UNREAD` of them.
    """
    rows = table[["process", "field", "cells", "unread"]].to_numpy(dtype=object).tolist()
    issues = [
        Issue(
            f"{process}: {unread:,} of {cells:,} filled cells of {quoted_text(field)} could not be read",
            expected=f"at most {decimal_text(_WHOLE * bearable)} % of them",
        )
        for process, field, cells, unread in rows
        if unread >= LEAST_UNREAD and unread > bearable * cells
    ]
    if issues:
        raise SvclightError(issues)


def _most(field: UnreadField, definitions: Definitions, bearable: Fraction | None) -> Fraction:
    """The share of cells of a field that may be unread: the call's, else the field's, else the log's."""
    log: Any = definitions.processes[field.process].log
    fields = (log.join[field.log].fields if field.log != field.process else log.fields) or {}
    own = fields[field.field].max_unread if field.field in fields else None
    declared = own or log.max_unread
    return bearable if bearable is not None else BEARABLE if declared is None else declared.amount / _WHOLE


def _issue(field: UnreadField, definitions: Definitions, most: Fraction) -> Issue:
    log: Any = definitions.processes[field.process].log
    here: tuple[str, ...] = ("processes", field.process, "log")
    if field.log != field.process:
        here = (*here, "join", field.log, "fields", field.field)
    elif field.field in (log.fields or {}):
        here = (*here, "fields", field.field)
    return definitions.issue(
        here,
        f"{field.sentence}: too many to count the rest as if nothing were missing",
        found=field.place,
        expected=f"at most {decimal_text(_WHOLE * most)} % of them, or `max_unread` at the field",
        hint=field.hint.text,
    )


def quoting_notices(
    unread: Iterable[UnreadField], joins: Iterable[JoinCount], tallied: Tallied, definitions: Definitions
) -> list[Notice]:
    """What is said of one log: its cells that could not be read, its joins, its lengths of time that run backwards."""
    cells, partners = map(_unread_notice, unread), (one.notice for one in joins)
    return [*cells, *partners, *_backwards(tallied), *_below_zero(tallied, definitions)]


def _unread_notice(field: UnreadField) -> Notice:
    quoted = f", such as {field.place}" if field.place else ""
    tried = f"; tried on them: {field.hint.text}" if field.hint.text else ""
    kept = f"; tried on them: {field.hint.keys}" if field.hint.keys else ""
    return Notice(f"{field.sentence}{quoted}{tried}", f"{field.sentence}{kept}")


def _backwards(tallied: Tallied) -> Iterator[Notice]:
    """Durations of which more than half end before they begin: `from` and `to` are taken for each other."""
    for name, tally in tallied.criteria.items():
        backwards = _count(tally, [pair for pair in tally.pairs if pair[0] == "missing" and BACKWARDS in pair[1]])
        rated = _count(tally, [(zone, "") for zone in ZONES])
        if backwards > rated:
            where = f"processes.{tallied.process_id}.criteria.{name}.measure"
            whole = backwards + rated
            said = (
                f"{where}: {backwards:,} of {whole:,} durations end before they begin: are `from` and `to` exchanged?"
            )
            yield Notice(said, said)


def _below_zero(tallied: Tallied, definitions: Definitions) -> Iterator[Notice]:
    """Lengths of time of which more than is bearable are below 0, and so missing: early is mostly good news.

    A few are told nowhere but in `reasons`: the clocks of two machines differ by seconds in many a log.
    """
    for name, tally in tallied.criteria.items():
        below = {pair for pair in tally.pairs if pair[0] == "missing" and pair[1].endswith(BELOW_ZERO)}
        negative, rated = _count(tally, list(below)), _count(tally, [(zone, "") for zone in ZONES])
        if negative < LEAST_UNREAD or negative <= BEARABLE * (negative + rated):
            continue
        where, reasons = f"processes.{tallied.process_id}.criteria.{name}", ", ".join(sorted(pair[1] for pair in below))
        said = f"{where}.measure: {negative:,} of {negative + rated:,} values are missing: {reasons}"
        criterion = definitions.processes[tallied.process_id].criteria.get(name)
        if criterion is not None and criterion.measure.value is not None:
            said += "; where that means early, `scale: [LOW, HIGH]` with a LOW below 0 at the criterion counts them"
        yield Notice(said, said)


def _count(tally: Tally, pairs: Sequence[tuple[str, str]]) -> int:
    codes = [code for code, pair in enumerate(tally.pairs) if pair in pairs]
    return int(tally.outcomes.count[np.isin(tally.outcomes.codes, codes)].sum())
