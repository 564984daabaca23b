"""The limits of a criterion in Russian, for people who sort interactions into zones by hand.

In: models of a definition. Out: rows of plain text: for whom the limits hold, then green, yellow and red. Names of
columns and their words stay as the log has them.
"""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, Any, Final

from svclight.definition.conditions import All, AnyOf, Not, Test
from svclight.thresholds import ZONES, Interval

if TYPE_CHECKING:
    from collections.abc import Iterator

    from svclight.definition.conditions import Condition, Scalar
    from svclight.definition.models import Criterion, ThresholdRow

_UNITS: Final = {
    "ms": "мс", "s": "с", "min": "мин", "h": "ч", "d": "дн.", "wk": "нед.", "bd": "раб. дн.", "bh": "раб. ч",
}  # fmt: skip
_NO_ZONE: Final = "—"  # the word for it would be the answer "no" of a flag
_AMOUNT: Final = re.compile(r"(?<=[0-9] )(ms|s|min|h|d|wk|bd|bh)\b")
_TESTS: Final = {
    "contains": "содержит", "starts": "начинается с", "ends": "кончается на", "word": "содержит слово",
}  # fmt: skip


def limit_rows_in_russian(criterion: Criterion) -> Iterator[tuple[str, str, str, str]]:
    """For whom the limits hold, and green, yellow and red; nothing for the worst of others."""
    if criterion.measure.worst is not None:
        return
    if criterion.measure.totals is not None:
        green, yellow, red = (", ".join(getattr(criterion.measure.totals, zone)) or _NO_ZONE for zone in ZONES)
        yield "все", green, yellow, red
        return
    for row in criterion.rows:
        yellow = _NO_ZONE if row.yellow is None else _limit(row.yellow)
        yield _scope(row) or "все", _limit(row.green), yellow, "всё остальное" if row.red is None else _limit(row.red)


def _limit(limit: Any) -> str:
    """A zone's range, categories, or flag."""
    if isinstance(limit, Interval):
        return _AMOUNT.sub(lambda unit: _UNITS[unit[0]], str(limit))
    if isinstance(limit, bool):
        return "да" if limit else "нет"
    return ", ".join(str(word) for word in limit or ())


def _scope(row: ThresholdRow) -> str:
    """The interactions for which a row of limits holds; empty for all."""
    parts = (
        "" if row.where is None else _condition(row.where),
        "" if row.from_ is None else f"с {row.from_}",
        "" if row.until is None else f"до {row.until}",
    )
    return ", ".join(part for part in parts if part)


def _condition(condition: Condition) -> str:
    match condition:
        case Test():
            return _test(condition)
        case Not(part):
            return f"не ({_condition(part)})"
        case All(parts):
            return " и ".join(map(_in_brackets, parts))
        case AnyOf(parts):
            return " или ".join(map(_in_brackets, parts))


def _in_brackets(part: Condition) -> str:
    """A part of a condition, in brackets where it has parts itself."""
    return _condition(part) if isinstance(part, Test) else f"({_condition(part)})"


def _test(test: Test) -> str:
    negation = "не " if test.negated else ""
    if test.limit:
        return f"{test.column} {negation}{_AMOUNT.sub(lambda unit: _UNITS[unit[0]], test.limit.strip())}"
    words = " или ".join(map(_word, test.values))
    return f"{test.column} {negation}{_TESTS[test.how]} {words}" if test.how else f"{test.column}: {negation}{words}"


def _word(value: Scalar) -> str:
    """A value of a condition: a flag in Russian, an empty cell by its name, another as it stands."""
    if value is None:
        return "пусто"
    return {True: "да", False: "нет"}[value] if isinstance(value, bool) else str(value)
