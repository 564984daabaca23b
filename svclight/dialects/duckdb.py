"""DuckDB in its own words: SQL for times, periods and text.

In: a narwhals frame over a DuckDB relation. Out: the same with columns more. `at` and its like are keywords: every name
is quoted.
"""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, Any, Final

import narwhals as nw
import numpy as np
import pandas as pd

from svclight.dialects.dialect import DIFFERENT, Aggregate, Column, Dialect, Known, Written, digits_only
from svclight.dialects.number_tables import BEGIN, END, list_text, runs_of
from svclight.dialects.returned_columns import exact_column, pandas_column, sql_literal, sql_name
from svclight.values.clocks import DAY, NANO

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping, Sequence

    import duckdb
    from numpy.typing import NDArray

    Frame = nw.LazyFrame[Any]

_MONTHS: Final = "(year({0}) * 12 + month({0}) - 23641)"
_QUARTERS: Final = "(year({0}) * 4 + quarter({0}) - 7881)"

_BUSY: Final = re.compile(r"\b(read_csv|read_json\w*|where|join|group|limit)\b", re.IGNORECASE)


class DuckDB(Dialect):
    """DuckDB's own words."""

    name = "DuckDB"
    has_nan, orders_by_bytes, sums_tell = False, True, True

    def __init__(self, *, underscored: bool = True, check: Callable[[], None] = lambda: None) -> None:
        self._underscored = underscored  # whether an underscore may stand in text, which it passes over in numbers
        self._check = check  # raises where files behind the query are damaged: a query says less of it

    def unable(self, names: Sequence[str]) -> str:
        return "the name '*' means all columns to it" if "*" in names else ""

    def at_hand(self, frame: Frame) -> bool:
        query = frame.to_native().sql_query()
        return "read_parquet(" in query and not _BUSY.search(query)

    def plain_columns(self, frame: Frame, names: Sequence[str]) -> Frame:
        schema = frame.collect_schema()
        return _select_columns(frame, {name: _cast_sql(name, schema[name]) for name in names}, all_others=False)

    def aggregate_groups(
        self, frame: Frame, keys: Sequence[str], found: Mapping[str, Aggregate], known: Mapping[str, Known]
    ) -> Frame:
        """As for all engines; cells at one time are taken to differ where any cells of their group do.

        That takes a single pass, and a group too many that goes to pandas is slow, never wrong.
        """
        made = {name: _aggregate_sql(one) for name, one in found.items()}
        for name, one in known.items():
            cell, time, how = sql_name(one.cell), sql_name(one.time), one.how
            there = f"CASE WHEN {time} IS NOT NULL THEN {cell} END"
            differ, made[name] = f"COALESCE(min({there}) <> max({there}), FALSE)", f"arg_{how}({cell}, {time})"
            if one.empty:  # a cell in a struct is never passed over
                made[name] = f"arg_{how}({{'cell': {cell}}}, {time}).cell"
                differ = f"({differ} OR count({there}) NOT IN (0, count({time})))"
            made[f"{name}?"] = f"COALESCE({differ} AND {how}({time}, 2)[1] = {how}({time}, 2)[2], FALSE)"
        columns = [*map(sql_name, keys), *(f"{sql} AS {sql_name(name)}" for name, sql in made.items())]
        relation = frame.to_native().aggregate(", ".join(columns), ", ".join(map(sql_name, keys)))
        return nw.from_native(relation)  # type: ignore[no-any-return]  # DuckDB is not typed

    def as_they_come(self, frame: Frame, name: str) -> Frame:
        return _select_columns(frame, {name: "row_number() OVER ()"})

    def without_nan(self, frame: Frame) -> Frame:
        """The frame with NaN made null."""
        # DuckDB folds `x <= 30` to true by the statistics of a Parquet file, which leave NaN out
        schema = frame.collect_schema()
        floats = [name for name, dtype in schema.items() if dtype.is_float()]
        made = {name: sql_name(name) for name in schema}
        made |= {name: f"CASE WHEN isnan({sql_name(name)}) THEN NULL ELSE {sql_name(name)} END" for name in floats}
        return _select_columns(frame, made, all_others=False)

    def ticks(self, frame: Frame, wanted: Mapping[str, tuple[str, Column]]) -> Frame:
        made = {
            new: f"epoch_{'ns' if column.per_second == NANO else 'us'}({sql_name(name)})"
            for new, (name, column) in wanted.items()
        }
        return _select_columns(frame, made)

    def days(self, frame: Frame, wanted: Mapping[str, tuple[str, int]]) -> Frame:
        return _select_columns(
            frame, {new: _days_sql(sql_name(name), second) for new, (name, second) in wanted.items()}
        )

    def periods(self, frame: Frame, wanted: Mapping[str, tuple[str, bool]], kind: str) -> Frame:
        return _select_columns(
            frame, {new: _period_sql(sql_name(name), kind, days) for new, (name, days) in wanted.items()}
        )

    def parse_text(self, frame: Frame, wanted: Mapping[str, Written]) -> Frame | None:
        read = {new: _time_sql(one) if one.formats else _number_sql(one) for new, one in wanted.items()}
        odd = {
            f"{new}?": _doubtful_time_sql(new, one)
            if one.formats
            else _doubtful_number_sql(new, one, underscored=self._underscored)
            for new, one in wanted.items()
        }
        return _select_columns(_select_columns(frame, read), odd)

    def table(self, frame: Frame, columns: Mapping[str, NDArray[np.int64]]) -> Frame | None:
        """A small table of whole numbers that can be joined to the frame."""
        # made out of the frame's own relation, as only relations of one connection can be joined; nothing is read
        one_row: duckdb.DuckDBPyRelation = frame.to_native().limit(0).aggregate('count(*) AS "rows"')
        key, runs = next(iter(columns)), runs_of(columns)
        lists = columns if runs is None else runs
        rows = one_row.project(
            ", ".join(f"unnest({_number_list(values)}) AS {sql_name(name)}" for name, values in lists.items())
        )
        if runs is None:
            return nw.from_native(rows)
        own = f"unnest(range({sql_name(key + BEGIN)}, {sql_name(key + END)})) AS {sql_name(key)}"
        return nw.from_native(rows.project(", ".join([own, *(sql_name(name) for name in columns if name != key)])))

    def long(self, frame: Frame, columns: Sequence[str], index: Sequence[str]) -> Frame:
        """A row for each cell of some columns."""
        # in SQL: the query of narwhals would look for the relation on another connection
        names, cells = ", ".join(map(sql_literal, columns)), ", ".join(map(sql_name, columns))
        made = {"name": f"unnest([{names}])", "cell": f"unnest([{cells}])"}
        return _select_columns(frame, {**{name: sql_name(name) for name in index}, **made}, all_others=False)

    def collect(self, frame: Frame) -> pd.DataFrame:
        relation: duckdb.DuckDBPyRelation = frame.to_native()
        names, kinds = relation.columns, list(map(str, relation.types))
        chosen = (f'{exact_column(*pair)} AS "{place}"' for place, pair in enumerate(zip(names, kinds, strict=True)))
        import duckdb  # noqa: PLC0415 - there is a relation of it, so it is loaded

        try:
            found = relation.project(", ".join(chosen)).fetchnumpy()
        except duckdb.Error:
            self._check()
            raise
        return pd.DataFrame(
            {
                name: pandas_column(found[str(place)], kind)
                for place, (name, kind) in enumerate(zip(names, kinds, strict=True))
            }
        )


def _select_columns(frame: Frame, made: Mapping[str, str], *, all_others: bool = True) -> Frame:
    if not made and all_others:
        return frame
    columns = [f"{sql} AS {sql_name(name)}" for name, sql in made.items()]
    relation = frame.to_native().project(", ".join(["*", *columns] if all_others else columns))
    return nw.from_native(relation)  # type: ignore[no-any-return]  # DuckDB is not typed


def _aggregate_sql(found: Aggregate) -> str:
    column = sql_name(found.column)
    if found.how != DIFFERENT:
        return f"{found.how}({column})"
    # `count(DISTINCT …)` groups all rows once more and joins both groups: four times as long
    return f"COALESCE(len(list_distinct(list({column}) FILTER (WHERE {column} IS NOT NULL))), 0)"


def _number_list(values: NDArray[np.int64]) -> str:
    """A list of whole numbers as SQL."""
    if len(values) and (np.diff(values) == 1).all():
        return f"range({values[0]}, {values[-1] + 1})"
    return f"CAST('{list_text(values)}' AS BIGINT[])"


def _cast_sql(name: str, dtype: Any) -> str:
    """The column in SQL, as a type on which engines agree."""
    if dtype.is_decimal() or dtype == nw.Float16:
        return f"CAST({sql_name(name)} AS DOUBLE)"
    return f"CAST({sql_name(name)} AS VARCHAR)" if dtype == nw.Enum else sql_name(name)


def _days_sql(sql: str, per_second: int) -> str:
    """Whole days, downwards also before 1970 (DuckDB's `//` and `%` go towards 0)."""
    day = DAY * per_second
    return f"(({sql} - (({sql} % {day}) + {day}) % {day}) // {day})"


def _period_sql(sql: str, kind: str, days: bool) -> str:
    """The number of the period, since 1970, that holds a time (or, with `days`, a day), as SQL."""
    date = f"(DATE '1970-01-01' + {sql}::INTEGER)" if days else sql
    match kind:
        case "month":
            return _MONTHS.format(date)
        case "quarter":
            return _QUARTERS.format(date)
        case "year":
            return f"(year({date}) - 1970)"
    number = f"{sql}::BIGINT" if days else f"(CAST({sql} AS DATE) - DATE '1970-01-01')"
    return f"({number})" if kind == "day" else f"(({number} + 3 + 7000000) // 7 - 1000000)"


def _is_missing(written: Written) -> str:
    tokens = ", ".join(map(sql_literal, dict.fromkeys(["", *written.missing])))
    return f"({sql_name(written.column)} IN ({tokens}))"  # null is neither missing nor odd: it is not read at all


def _number_sql(written: Written) -> str:
    """The number that a text is, as SQL; null where it is missing or no number."""
    cell = sql_name(written.column)
    text = cell if written.decimal == "." else f"replace({cell}, ',', '.')"
    number = f"TRY_CAST({text} AS DOUBLE)"
    if not any(map(number_like, written.missing)):
        return number
    return f"CASE WHEN NOT {_is_missing(written)} THEN {number} END"


def _doubtful_number_sql(new: str, written: Written, *, underscored: bool) -> str:
    """Whether engines may differ in a text, as SQL: it is no number, not finite, or has a digit separator."""
    # where a number was found it is not asked whether the text is missing: no token of `missing` is a number there
    cell, number = sql_name(written.column), sql_name(new)
    parts = [f"CASE WHEN {number} IS NULL THEN NOT {_is_missing(written)} ELSE NOT isfinite({number}) END"]
    if underscored:
        parts.append(f"contains({cell}, '_')")
    if written.decimal != ".":
        parts.append(f"contains({cell}, '.')")
    if any(map(number_like, written.missing)):  # a token with spaces around it
        parts.append(f"{cell} <> trim({cell})")
    return f"COALESCE({' OR '.join(parts)}, FALSE)"


def number_like(token: str) -> bool:
    """Whether a token could be read as a number."""
    return bool(np.isfinite(_read_float(token)))


def _read_float(token: str) -> float:
    try:
        return float(token)
    except ValueError:
        return float("nan")


def _time_sql(written: Written) -> str:
    """The time that a text is, as SQL; null where it is missing or no time."""
    return f"TRY_STRPTIME({sql_name(written.column)}, [{', '.join(map(sql_literal, written.formats))}])"


def _doubtful_time_sql(new: str, written: Written) -> str:
    """Whether engines may differ in a text, as SQL: it is no time, or is not written with all its digits."""
    # a text of full length without blanks around it in which a time was found has all its digits: no LIKE is asked
    cell, moment = sql_name(written.column), sql_name(new)
    patterns = [str(digits_only(form)) for form in written.formats]
    lengths = ", ".join(str(len(pattern.removesuffix("%")) + 5 * pattern.endswith("%")) for pattern in patterns)
    full = f"strlen({cell}) IN ({lengths}) AND {cell} >= '0' AND NOT suffix({cell}, ' ')"
    shape = f"({' OR '.join(f'{cell} LIKE {sql_literal(pattern)}' for pattern in patterns)}) AND {cell} >= '0'"
    unsure = f"NOT {_is_missing(written)} AND ({moment} IS NULL OR NOT isfinite({moment}) OR NOT ({shape}))"
    return f"COALESCE(CASE WHEN {full} THEN {moment} IS NULL ELSE {unsure} END, FALSE)"
