"""Conditions of a definition (`where`, `applies`, `asked`) as frozen values.

In: plain data as YAML gives it. Out: a `Condition`: `All`, `AnyOf`, `Not` over `Test`s of one column each. Which rows
meet a condition is decided in `logs`; here it is read, put into words, and asked for the columns that it needs.
"""

from __future__ import annotations

import re
from dataclasses import dataclass, field, replace
from typing import TYPE_CHECKING, Any

from svclight.errors import quoted_text
from svclight.thresholds import parse_interval
from svclight.values.text_dictionary import normal_word

if TYPE_CHECKING:
    from collections.abc import Iterator

Scalar = str | int | float | bool | None
Path = tuple[str | int, ...]

_TEXT_TESTS = ("contains", "starts", "ends", "word")
_OPERATORS = {"is", "not", *_TEXT_TESTS}
_BETWEEN_WORDS = re.compile(r"[\s,;|]+")
_SAID = {"contains": "contains", "starts": "starts with", "ends": "ends with", "word": "has the word"}
_EXAMPLE = "a mapping such as {column: value}"
_COMPARES = re.compile(r"\s*(?:<=|>=|<|>)\s*\S")


@dataclass(frozen=True)
class Test:
    """One column against values: met where the cell is one of them, or none of them with `negated`.

    `limit` instead of `values` compares a number or a time (`> 5`). With `how` (contains, starts, ends, word) it is met
    where the cell's text contains one of the values, starts or ends with it, or has it among its words. A missing cell
    meets nothing but None. `path` says where in the condition the test stands.
    """

    column: str
    values: tuple[Scalar, ...] = ()
    negated: bool = False
    limit: str = ""
    how: str = ""
    path: Path = field(default=(), compare=False, repr=False)

    @property
    def compares_times(self) -> bool:
        """Whether the limit is a time such as `>= 2026-03-01`, and no number."""
        try:
            parse_interval(self.limit)
        except ValueError:
            return bool(self.limit)
        return False

    def __str__(self) -> str:
        if self.limit:
            return f"{self.column} {'not ' if self.negated else ''}{self.limit.strip()}"
        shown = [_value_text(value) for value in self.values]
        if self.how:
            return f"{self.column} {'not ' if self.negated else ''}{_SAID[self.how]} {' or '.join(shown)}"
        if len(shown) == 1:
            return f"{self.column} is {'not ' if self.negated else ''}{shown[0]}"
        return f"{self.column} is {'none' if self.negated else 'one'} of {', '.join(shown)}"

    def passes(self, cell: str) -> bool:
        """Whether a text, in its normal form, passes a test of `how`, whatever `negated` says."""
        among = set(_BETWEEN_WORDS.split(cell)) if self.how == "word" else set[str]()
        for value in map(str, self.values):
            if self.how == "word":
                found = value in among
            elif self.how == "contains":
                found = value in cell
            else:
                found = cell.startswith(value) if self.how == "starts" else cell.endswith(value)
            if found:
                return True
        return False


@dataclass(frozen=True)
class All:
    """Met where every part is met."""

    parts: tuple[Condition, ...]

    def __str__(self) -> str:
        return " and ".join(_in_brackets(part) for part in self.parts)


@dataclass(frozen=True)
class AnyOf:
    """Met where at least one part is met."""

    parts: tuple[Condition, ...]

    def __str__(self) -> str:
        return " or ".join(_in_brackets(part) for part in self.parts)


@dataclass(frozen=True)
class Not:
    """Met where the part is not met: plain negation."""

    part: Condition

    def __str__(self) -> str:
        return f"not ({self.part})"


Condition = Test | All | AnyOf | Not


def tests_in(condition: Condition | None) -> Iterator[Test]:
    """The tests of single columns that a condition is made of, in its order."""
    match condition:
        case Test():
            yield condition
        case All(parts) | AnyOf(parts):
            for part in parts:
                yield from tests_in(part)
        case Not(part):
            yield from tests_in(part)


def parse_condition(raw: Any) -> Condition:
    """Reads a condition from the plain data of its key.

    Raises:
        ConditionError: The data is no condition; the message says why, `path` where inside it.
    """
    return _parse_mapping(raw, ())


class ConditionError(ValueError):
    """A problem inside a condition, with the keys that lead to it."""

    def __init__(self, message: str, path: Path, expected: str = "", found: Any = None) -> None:
        super().__init__(message)
        self.path, self.expected, self.found = path, expected, found


def _parse_mapping(raw: Any, path: Path) -> Condition:
    """The condition of a mapping, all of whose keys must be met."""
    if not isinstance(raw, dict):
        raise ConditionError("a condition is a mapping", path, _EXAMPLE, raw)
    if not raw:
        raise ConditionError("a condition names at least one column", path, _EXAMPLE, raw)
    parts = [_parse_key(key, value, (*path, key)) for key, value in raw.items()]
    # several columns in one mapping must all be met
    return parts[0] if len(parts) == 1 else All(tuple(parts))


def _parse_key(key: str, value: Any, path: Path) -> Condition:
    """One key of a condition: `any`, `all` and `not` combine conditions, another key is a column."""
    # a column may bear one of these names: `all: x` and `any: {is: x}` are tests of it
    if key in ("any", "all") and isinstance(value, list):
        if not value:
            raise ConditionError(f"`{key}` names at least one condition", path, "a list of conditions", value)
        inner = tuple(_parse_mapping(item, (*path, index)) for index, item in enumerate(value))
        return AnyOf(inner) if key == "any" else All(inner)
    if key in ("any", "all") and isinstance(value, dict) and not _OPERATORS & set(value):
        raise ConditionError(f"`{key}` combines a list", path, f"{key}: [{{column: value}}, {{column: value}}]", value)
    if key == "not" and isinstance(value, dict):
        return Not(_parse_mapping(value, path))
    if key == "not" and isinstance(value, list):
        raise ConditionError("`not` takes one condition", path, "not: {column: value}", value)
    return _parse_test(key, value, path)


def _parse_test(column: str, raw: Any, path: Path) -> Test:
    """The test of one column: a value, a list of values, a comparison, or the negation of one."""
    if isinstance(raw, dict) and set(raw) == {"not"}:
        inner = _parse_test(column, raw["not"], (*path, "not"))
        if inner.negated:
            raise ConditionError("`not` stands twice", path, f"{{{column}: value}}", raw)
        return replace(inner, negated=True, path=path)
    column = normal_word(column)
    if isinstance(raw, dict) and set(raw) == {"is"}:  # the way to a text that reads like a comparison: {is: "> 5"}
        return Test(column, _read_scalars(raw["is"], (*path, "is")), path=path)
    if isinstance(raw, dict) and len(raw) == 1 and set(raw) <= set(_TEXT_TESTS):
        how, wanted = next(iter(raw.items()))
        return Test(column, _read_texts(how, wanted, (*path, how)), how=how, path=path)
    if isinstance(raw, dict):
        expected = "{not: value}, {is: text}, or {contains: text}, {starts: …}, {ends: …}, {word: …}"
        raise ConditionError(f"{quoted_text(column)} is held against a mapping", path, expected, raw)
    if isinstance(raw, str) and _COMPARES.match(raw):
        return Test(column, limit=raw, path=path)
    return Test(column, _read_scalars(raw, path), path=path)


def _read_scalars(raw: Any, path: Path) -> tuple[Scalar, ...]:
    """The values that a column is compared with, at least one."""
    values = raw if isinstance(raw, list) else [raw]
    if not values:
        raise ConditionError("a list of values has at least one", path, "a list such as [a, b]", raw)
    for value in values:
        if not (value is None or isinstance(value, str | int | float)):
            expected = "text, a number, true, false or null"
            raise ConditionError("a column is held against single values", path, expected, value)
    return tuple(normal_word(value) if isinstance(value, str) else value for value in values)


def _read_texts(how: str, raw: Any, path: Path) -> tuple[Scalar, ...]:
    """The texts that a cell is searched for: not empty, and for `word` single words."""
    values = _read_scalars(raw, path)
    for value in values:
        if value is None or isinstance(value, bool) or value == "":
            raise ConditionError(f"`{how}` looks for a text", path, f"{how}: text", value)
        if how == "word" and _BETWEEN_WORDS.search(str(value)):
            expected = "one word, without blanks, commas, semicolons and bars; or `contains`"
            raise ConditionError("this is more than one word", path, expected, value)
    return tuple(map(str, values))


def _value_text(value: Scalar) -> str:
    if value is None:
        return "empty"
    if isinstance(value, bool):
        return "true" if value else "false"
    return f"{value:g}" if isinstance(value, float) else str(value) or '""'


def _in_brackets(condition: Condition) -> str:
    return f"({condition})" if isinstance(condition, All | AnyOf) else str(condition)
