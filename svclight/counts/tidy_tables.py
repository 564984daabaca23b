"""Tidy tables: parts by dictionary -> one frame with categorical keys, in the order of the definition.

In: parts, each a mapping from column to `Words` (a key by dictionary) or to an array. Out: a pandas frame: key columns
categorical with the words that occur (zones: all seven states), rows sorted by the keys in the order of the columns.
A table that few ask for may be made late.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, Final, cast, overload

import numpy as np
import pandas as pd

from svclight.definition.criterion_id import CriterionId
from svclight.thresholds import STATES

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Sequence

    from numpy.typing import NDArray

    from svclight.processes import Definitions

KEYS: Final = ("process", "criterion", "period")
_MOST_KEYS: Final = 1 << 62
_SORTED_BY: Final = ("reason", "bin")
_MARKS: Final = ("partial", "immature")
_TEXTS: Final = ("reason", "sum", "why", "begins", "ends")
PERIODS: Final = (*KEYS, "partial", "immature", "as_of", "pending", "certain", "why", "begins", "ends")
"""The columns of the table of periods."""


@dataclass(frozen=True)
class Words:
    """A column of words by dictionary: `codes[i]` is the place of row i's word in `words`; -1 where it has none."""

    codes: NDArray[Any]
    words: Sequence[str]


class LateTable:
    """A field of a frozen dataclass that takes a table, or a function that builds it when first asked for.

    The function is called when the table is first asked for, and what it makes is kept in its place.
    """

    def __set_name__(self, owner: type, name: str) -> None:
        self.name = name

    @overload
    def __get__(self, holder: None, owner: type) -> LateTable: ...
    @overload
    def __get__(self, holder: object, owner: type) -> pd.DataFrame: ...
    def __get__(self, holder: object | None, owner: type) -> LateTable | pd.DataFrame:
        """The table, built if need be."""
        if holder is None:
            raise AttributeError(self.name)  # so that a dataclass sees a field without a default
        given = vars(holder)[self.name]
        if callable(given):
            given = vars(holder)[self.name] = given()
        return given  # type: ignore[no-any-return]  # it holds what was set

    def __set__(self, holder: object, given: pd.DataFrame | Callable[[], pd.DataFrame]) -> None:
        vars(holder)[self.name] = given


Part = dict[str, Any]
"""Columns of a table: keys as `Words`, others as arrays. A segment that a process does not offer is not among them."""


def columns_of(table: str, by: Sequence[str]) -> list[str]:
    """The columns of a table of a card that is keyed by criterion and period."""
    return {
        "counts": [*KEYS, *by, "zone", "count"],
        "reasons": [*KEYS, *by, "zone", "reason", "count"],
        "values": [*KEYS, "zone", "bin", "count"],
        "periods": list(PERIODS),
        "responses": [*KEYS, *by, "asked", "answered"],
        "squares": [*KEYS, *by, "squares"],
        "bins": [*KEYS, *by, "bin", "count"],
        "sums": [*KEYS, *by, "measured", "sum"],
    }[table]


def build(parts: Sequence[Part], columns: Sequence[str], definitions: Definitions, by: Sequence[str]) -> pd.DataFrame:
    """Puts parts below each other as one tidy frame; `columns` names its columns, `by` the segments among them.

    A segment that a part does not have is null there.
    """
    made: dict[str, Any] = {}
    order: list[NDArray[Any]] = []
    for name in columns:
        if name in (*KEYS, *by, "zone"):
            keys = [part[name] if name in part else _no_words(part) for part in parts]
            kept = _words_in_order(name, {word for key in keys for word in _words_in_use(key)}, definitions)
            codes = _codes(keys, kept)
            made[name] = pd.Categorical.from_codes(
                codes, dtype=pd.CategoricalDtype(pd.Index(kept, dtype=object), ordered=name == "zone")
            )
            order.append(np.where(codes < 0, len(kept), codes) if codes.min(initial=0) < 0 else codes)  # null last
        else:
            made[name] = np.concatenate([part[name] for part in parts]) if parts else _nothing(name)
            if name in _SORTED_BY:
                order.append(pd.factorize(made[name], sort=True)[0])
    frame = pd.DataFrame({name: _series(name, values) for name, values in made.items()})
    places = _in_order(order)
    return frame if places is None else frame.iloc[places].reset_index(drop=True)


def _no_words(part: Part) -> Words:
    """The column of a segment that a part does not have."""
    return Words(np.full(len(part["process"].codes), -1, dtype=np.int8), ())


def _words_in_use(column: Words) -> list[str]:
    """The words of a column that occur in it."""
    seen = np.zeros(len(column.words), dtype=bool)
    seen[column.codes[column.codes >= 0]] = True
    return [word for word, there in zip(column.words, seen, strict=True) if there]


def _codes(columns: Sequence[Words], words: Sequence[str]) -> NDArray[Any]:
    """Puts columns below each other over one dictionary, in the smallest type, as rows may be many."""
    place = {word: at for at, word in enumerate(words)}
    size = np.min_scalar_type(-len(words) - 1)
    # the last place of a table is that of the code -1
    tables = [np.array([*(place.get(word, -1) for word in column.words), -1], dtype=size) for column in columns]
    codes = [table[column.codes] for table, column in zip(tables, columns, strict=True)]
    return np.concatenate([np.zeros(0, dtype=size), *codes])


def _in_order(columns: Sequence[NDArray[Any]]) -> NDArray[np.intp] | None:
    """The places of rows sorted by columns of codes, the first column first; None if they are sorted already.

    The codes of a row are put into one number: millions of rows are sorted by it in a part of the time.
    """
    key, size = np.zeros(len(columns[0]), dtype=np.int64), 1
    for codes in columns:
        width = int(codes.max(initial=0)) + 1
        size *= width
        key *= width
        key += codes
    if size > _MOST_KEYS:
        return np.lexsort(columns[::-1])
    return None if (key[1:] >= key[:-1]).all() else np.argsort(key, kind="stable")


def _nothing(name: str) -> NDArray[Any]:
    return np.array([], dtype=bool if name in _MARKS else object if name in _TEXTS else np.int64)


def _series(name: str, values: Any) -> Any:
    return pd.Series(values, dtype=object) if name in _TEXTS else values


def join_words(columns: Iterable[Words]) -> tuple[NDArray[np.int64], list[str]]:
    """Joins several columns by dictionary to one: codes and words."""
    known: dict[str, int] = {}
    codes = [np.zeros(0, dtype=np.int64)]
    for column in columns:
        table = np.array([known.setdefault(word, len(known)) for word in column.words] or [0], dtype=np.int64)
        codes.append(table[column.codes])
    return np.concatenate(codes), list(known)


def _words_in_order(name: str, seen: set[str], definitions: Definitions) -> list[str]:
    """The words of a key column in the order in which tables show them."""
    match name:
        case "zone":
            return list(STATES)
        case "process":
            return [word for word in definitions.processes if word in seen]
        case "criterion":
            return [word for word in dict.fromkeys(name for _, name, _ in definitions.criteria()) if word in seen]
        case _:
            return sorted_words(seen)


def part_of(frame: pd.DataFrame, by: Sequence[str]) -> Part:
    """Takes a frame apart into a part by dictionary."""
    made: Part = {}
    for name in frame.columns:
        column = frame[name]
        if name not in (*KEYS, *by, "zone"):
            made[name] = column.to_numpy()
            continue
        column = column if isinstance(column.dtype, pd.CategoricalDtype) else column.astype(object).astype("category")
        made[name] = Words(column.cat.codes.to_numpy(), [str(word) for word in column.cat.categories])
    return made


def rows_of(table: pd.DataFrame, which: CriterionId) -> pd.DataFrame:
    """The rows of a criterion in a table that is keyed by process and criterion."""
    return table[(table["process"] == which.process) & (table["criterion"] == which.criterion)]


def ids_of(table: pd.DataFrame) -> list[CriterionId]:
    """The criterion of each row of a table that is keyed by process and criterion."""
    return [CriterionId(*pair) for pair in zip(table["process"], table["criterion"], strict=True)]


def periods_in(table: pd.DataFrame) -> set[str]:
    """The periods of a table's rows, the empty word for rows that have none.

    Different words are looked for before they are made text: a table of counts says each period thousands of times.
    """
    return {str(period) for period in table["period"].unique()}


def records_of(table: pd.DataFrame) -> list[dict[str, Any]]:
    """The rows of a table, each by the names of its columns."""
    return cast("list[dict[str, Any]]", table.to_dict("records"))  # our tables have text for names


def sorted_words(words: Iterable[str]) -> list[str]:
    """Sorts words: numbers by value, then text, the empty word last."""

    def key(word: str) -> tuple[int, float, str]:
        try:
            return 0, float(word), word
        except ValueError:
            return (1 if word else 2), 0.0, word

    return sorted(words, key=key)


def tidy(table: pd.DataFrame, definitions: Definitions, by: Sequence[str]) -> pd.DataFrame:
    """Makes the keys of a table categorical, in the order of the definition."""
    return build([part_of(table, by)], list(table.columns), definitions, by)


def keys_as_text(table: pd.DataFrame, names: Iterable[str]) -> pd.DataFrame:
    """The table with some key columns as text; the empty word stands for a missing segment, and for one not offered."""
    columns = {name: table[name].astype(object) for name in names}
    return table.assign(**{name: column.where(column.notna(), "").astype(str) for name, column in columns.items()})


def null_unless_offered(table: pd.DataFrame, by: Iterable[str], definitions: Definitions) -> pd.DataFrame:
    """The table with null where a process does not offer a segment; a heading keeps the words of its parts."""
    logs = {name: process.log for name, process in definitions.processes.items()}
    made = {}
    for segment in by:
        without = {name for name, log in logs.items() if log is not None and segment not in (log.segments or ())}
        column = table[segment].astype(object)
        made[segment] = column.where(~table["process"].isin(without), None)
    return table.assign(**made)
