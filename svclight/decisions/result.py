"""What all decisions have in common: how a result shows itself.

In: a frozen value with sentences and tables. Out: its text in a plain interpreter; in a notebook its sentences, a small
table as people read it (titles instead of ids, percent instead of fractions, words instead of codes), and all of its
numbers in a fold. What a column holds is told by its name, which means the same in every table.
"""

from __future__ import annotations

import math
from typing import TYPE_CHECKING, Any, ClassVar, Final

import pandas as pd

from svclight.decisions.verdicts import verdict_words
from svclight.definition.for_authors import LANGUAGES
from svclight.thresholds import parse_interval
from svclight.values import notebook_html
from svclight.values.clocks import period_number
from svclight.values.notebook_html import TextTable
from svclight.wording.catalogue import say, say_counted, say_of, to_say, to_say_of
from svclight.wording.languages import (
    decimal_sign,
    interval_words,
    period_words,
    points_interval_words,
    points_words,
    share_words,
    whole_number,
)
from svclight.wording.phrases import title_of_name
from svclight.wording.sentence_parts import limit_words
from svclight.wording.shares import number_text
from svclight.wording.zone_words import zone_name

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping, Sequence

    from svclight.wording.shares import Ends

INTERVAL: Final = "interval"
"""Stands for the columns `low` and `high` of a share."""
CHANGE_INTERVAL: Final = "interval of the difference"
"""Stands for the columns `low` and `high` of a difference of shares."""
_SHARES: Final = frozenset({
    "share", "share_before", "share_after", "center", "lower", "upper", "others", "outside_share", "forecast", "chance",
    "damage_share", "cumulated", "used", "green_share", "yellow_share", "red_share", "green_share_before",
    "green_share_after", "red_share_before", "red_share_after", "coverage", "share_within", "other",
})  # fmt: skip
_FLOORED: Final = frozenset({"above", "bad", "allowed", "left"})
"""Numbers of interactions that are no whole ones: what is not quite there is not there."""
_ZONES: Final = frozenset({"green", "yellow", "red"})
_HEADS: Final = {
    "period": to_say("Period"), "zone": to_say("Zone"), "target": to_say("Target"), "share": to_say("Share"),
    "rated": to_say("Rated"), "verdict": to_say("Verdict"), INTERVAL: to_say("95 % interval"),
    CHANGE_INTERVAL: to_say("95 % interval"), "share_before": to_say("Before"), "share_after": to_say("After"),
    "difference": to_say("Difference"), "where": to_say("Where"), "changing": to_say("Changing"),
    "sure": to_say("For sure"), "above": to_say("Seen"), "damage_share": to_say("Of all damage"),
    "position": to_say("Position"), "others": to_say("The others"), "used": to_say("Used"), "left": to_say("Left"),
    "allowed": to_say("Allowed"), "bad": to_say("Bad"), "forecast": to_say("Forecast"), "chance": to_say("Chance"),
    "needed": to_say("Needed"), "segment": to_say("Segment"), "value": to_say("Value"),
    "lift": to_say("Times as often"),
    "outside_share": to_say("Elsewhere"), "meets": to_say("Meets"), "green_share_before": to_say("Green before"),
    "green_share_after": to_say("Green after"), "red_share_before": to_say("Red before"),
    "red_share_after": to_say("Red after"), "count": to_say("Count"), "turns": to_say("Turns"),
    "turns_at": to_say("Turns at"), "months_after": to_say("Months after"), "customers": to_say("Customers"),
    "came": to_say("Came again"), "share_within": to_say("Within so many months"), "method": to_say("Method"),
    "declared": to_say("Declared"), "limit": to_say("Limit"), "segment_2": to_say("Segment 2"),
    "value_2": to_say("Value 2"), "at": to_say("At"), "what": to_say("What"), "expected": to_say("Expected"),
    "other": to_say("Against"),
}  # fmt: skip
_CONTEXTS: Final = {"changing": "chart", "position": "position"}
"""Columns of codes that catalogues know in a context."""
_INSIDE: Final = (to_say_of("position", "inside"), to_say_of("position", "few"), to_say_of("position", "no limits"))
_NO_TARGET: Final = to_say("no target")


class Result:
    """A result that shows itself: in a plain interpreter as `print` has it, in a notebook with a table of its own."""

    _shown: ClassVar[str] = "table"
    """The table that a notebook shows whole."""
    _folded: ClassVar[tuple[str, ...]] = ()
    """Other tables that stand beside it in the fold."""
    _columns: ClassVar[tuple[str, ...]] = ()
    """The columns of the small table; all of them unless given."""

    def __repr__(self) -> str:
        return str(self)

    def _repr_html_(self) -> str:
        lang = getattr(self, "lang", LANGUAGES[0])
        small = self._small_table()
        columns = self._columns_of(small)
        made = shown_table(small, columns, self._titles(), lang, most=notebook_html.MOST_ROWS, ends=self._target_ends())
        whole = {name: getattr(self, name) for name in (self._shown, *self._folded)}
        return result_html(self._lines(), made, whole, lang=lang)

    def _small_table(self) -> pd.DataFrame:
        """The rows of the small table."""
        table: pd.DataFrame = getattr(self, self._shown)
        return table

    def _columns_of(self, table: pd.DataFrame) -> tuple[str, ...]:
        """The columns of the small table: those of the class, else all but process and criterion."""
        keys = ("process", "criterion", "sentence")
        return self._columns or tuple(str(name) for name in table.columns if name not in keys)

    def _titles(self) -> Mapping[Any, str]:
        """What people call the criteria, by process and criterion."""
        found: Mapping[Any, str] = getattr(self, "titles", {})
        return found

    def _target_ends(self) -> Mapping[str, Ends]:
        """For each zone the ends of the targets from which shares are told, where they are those of all rows."""
        return {}

    def _lines(self) -> list[str]:
        """The sentences of a notebook."""
        return str(self).splitlines()


def shown_table(
    table: pd.DataFrame,
    columns: Iterable[str],
    titles: Mapping[Any, str],
    lang: str,
    *,
    most: int | None = None,
    ends: Mapping[str, Ends] | None = None,
) -> TextTable:
    """The chosen columns of a table as texts; process and criterion become one title.

    Args:
        table: The table.
        columns: Its columns, in their order; `INTERVAL` and `CHANGE_INTERVAL` stand for two of them.
        titles: What people call criteria, by process and criterion.
        lang: The language of the reader.
        most: So many rows at most; all unless given.
        ends: For each zone the ends of the targets from which shares are told; those of a row's own target otherwise.
    """
    rows = table.head(most if most is not None else len(table)).to_dict("records")
    names = [name for name in columns if name in table or name in (INTERVAL, CHANGE_INTERVAL)]
    names = [name for name in names if any(not _is_nothing(_cell_value(row, name)) for row in rows)]
    has_criteria = {"process", "criterion"} <= set(table.columns)
    head = [say("Criterion", lang)] if has_criteria else []
    head += [_head(name, lang) for name in names]
    cells = tuple(
        (*((_title(row, titles),) if has_criteria else ()), *(_cell(row, name, lang, ends or {}) for name in names))
        for row in rows
    )
    shift = int(has_criteria)
    numbers = {place + shift for place, name in enumerate(names) if _is_number(table, name)}
    return TextTable(tuple(head), cells, frozenset(numbers))


def result_html(
    lines: Sequence[str], small: TextTable, whole: Mapping[str, pd.DataFrame], *, lang: str, more: Sequence[str] = ()
) -> str:
    """What a notebook shows of a result.

    Args:
        lines: Its sentences; after some the others are folded.
        small: Its small table.
        whole: Its tables by name, which are folded.
        lang: The language of the reader.
        more: Notes below the table.
    """
    most = notebook_html.MOST_SENTENCES
    rest = say_counted("{count} more line", "{count} more lines", len(lines) - most, lang) if len(lines) > most else ""
    return notebook_html.fragment(
        notebook_html.paragraphs(lines[:most]),
        notebook_html.fold(rest, notebook_html.notes(lines[most:])),
        notebook_html.table(small),
        notebook_html.notes(more),
        *(_folded_table(name, table, len(whole) > 1, lang) for name, table in whole.items()),
    )


def _folded_table(name: str, table: pd.DataFrame, is_named: bool, lang: str) -> str:
    """A whole table in a fold; one of several bears its name."""
    title = say_counted("All numbers: {count} row", "All numbers: {count} rows", len(table), lang)
    head = f"{title} ({name})" if is_named else title
    return notebook_html.fold(head, notebook_html.table(whole_table(table)) + _rows_left_out(table, lang))


def whole_table(table: pd.DataFrame) -> TextTable:
    """All columns of a table by their names, numbers to four digits."""
    rows = table.head(notebook_html.MOST_FOLDED).astype(object).to_numpy().tolist()
    numbers = {place for place, name in enumerate(table.columns) if pd.api.types.is_numeric_dtype(table[name].dtype)}
    cells = tuple(tuple(_plain_number(cell) for cell in row) for row in rows)
    return TextTable(tuple(map(str, table.columns)), cells, frozenset(numbers))


def _rows_left_out(table: pd.DataFrame, lang: str) -> str:
    left_out = len(table) - notebook_html.MOST_FOLDED
    if left_out <= 0:
        return ""
    text = say_counted("{count} more row is in the table.", "{count} more rows are in the table.", left_out, lang)
    return notebook_html.notes([text])


def _plain_number(value: Any) -> str:
    if isinstance(value, float):
        return "" if math.isnan(value) else f"{value:.4g}"
    return "" if value is None or value is pd.NA or value is pd.NaT else str(value)


def _head(name: str, lang: str) -> str:
    """The name of a column in words; that of a segment stays."""
    return say(_HEADS[name], lang) if name in _HEADS else name.replace("_", " ")


def _title(row: Mapping[Any, Any], titles: Mapping[Any, str]) -> str:
    key = (str(row["process"]), str(row["criterion"]))
    return titles.get(key) or title_of_name(key[1])


def _cell_value(row: Mapping[Any, Any], name: str) -> Any:
    return row["low"] if name in (INTERVAL, CHANGE_INTERVAL) else row[name]


def _is_nothing(value: Any) -> bool:
    return value is None or value is pd.NA or value == "" or (isinstance(value, float) and math.isnan(value))


def _is_number(table: pd.DataFrame, name: str) -> bool:
    return name in (INTERVAL, CHANGE_INTERVAL) or pd.api.types.is_numeric_dtype(table[name].dtype)


def _ends_of(row: Mapping[Any, Any], name: str, known: Mapping[str, Ends]) -> Ends:
    """The ends of the targets from which the share of a column is told."""
    zone = str(row["zone"]) if "zone" in row else name.partition("_")[0]
    if zone in known or not row.get("target") or row["target"] != row["target"]:
        return known.get(zone, ())
    return tuple(end.amount for end in parse_interval(str(row["target"])).ends)


def _cell(row: Mapping[Any, Any], name: str, lang: str, known: Mapping[str, Ends]) -> str:  # noqa: PLR0911 - a kind of column each
    """The cell of a column in words."""
    value = _cell_value(row, name)
    if _is_nothing(value):
        return ""
    if name in (INTERVAL, "share") and row.get("zone") == "net":
        ends = [row["low"], row["high"]] if name == INTERVAL else [value]
        return " \N{HORIZONTAL ELLIPSIS} ".join(decimal_sign(number_text(end, signed=True), lang) for end in ends)
    if name == INTERVAL:
        return interval_words(row["low"], row["high"], lang, _ends_of(row, name, known))
    if name == CHANGE_INTERVAL:
        return points_interval_words(row["low"], row["high"], lang)
    if name == "difference":
        return points_words(value, lang)
    if name in _SHARES and isinstance(value, float):
        return share_words(value, lang, _ends_of(row, name, known))
    return _word(value, name, lang)


def _word(value: Any, name: str, lang: str) -> str:  # noqa: PLR0911 - a kind of value each
    """The cell of a column that holds no share."""
    if isinstance(value, pd.Timestamp):
        return value.strftime("%Y-%m-%d %H:%M")
    if isinstance(value, bool):
        return say("yes", lang) if value else say("no", lang)
    if name in _FLOORED:
        return whole_number(math.floor(round(float(value), 6)), lang)
    if isinstance(value, float):
        return whole_number(value, lang) if value.is_integer() else decimal_sign(f"{value:.3g}", lang)
    if isinstance(value, int):
        return whole_number(value, lang)
    text = str(value)
    if name == "verdict":
        return say("no target", lang) if text == _NO_TARGET else verdict_words(text, lang)
    if name in _CONTEXTS:
        return say_of(_CONTEXTS[name], text, lang)
    if name in {"zone", "turns"} and text in _ZONES:
        return zone_name(text, lang)
    if name == "target":
        return limit_words(text, lang)
    return period_words(text, lang) if name == "period" and period_number(text) else text
