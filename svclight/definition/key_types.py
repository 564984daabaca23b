"""The types of single values in a definition: limits, quantities, dates, hours, names, conditions.

In: the plain value that YAML gives for one key. Out: the typed value, or an error that names the value expected; and
for each type its part of the JSON Schema. `models` puts these types together.
"""

from __future__ import annotations

import datetime as dt
import math
import re
from functools import partial
from typing import Annotated, Any, Literal

from pydantic import BaseModel, BeforeValidator, ConfigDict, Field, PlainValidator, WithJsonSchema
from pydantic_core import PydanticCustomError

from svclight.definition.conditions import Condition, ConditionError, parse_condition
from svclight.definition.review_dates import CalendarLength, parse_calendar_length
from svclight.errors import did_you_mean
from svclight.thresholds import Interval, parse_interval
from svclight.values.quantities import Quantity, is_unit, parse_quantity
from svclight.values.text_dictionary import normal_word
from svclight.values.time_text import offset_seconds

WEEKDAYS = ("mon", "tue", "wed", "thu", "fri", "sat", "sun")
DAY_MINUTES = 24 * 60
_RANGES = (*WEEKDAYS, *(f"{first}-{last}" for first in WEEKDAYS for last in WEEKDAYS if first != last))
_LIMITS = 'a limit in quotes such as "<= 30 s", ">= 4", "3 min .. 7 min"; true or false; or a list of categories'
_SPAN = re.compile(r"(?P<from>[0-9]{1,2}:[0-5][0-9])\s*-\s*(?P<to>[0-9]{1,2}:[0-5][0-9])")


def key_problem(
    message: str, expected: str = "", hint: str = "", path: tuple[str | int, ...] = ()
) -> PydanticCustomError:
    """An error with words of our own that pydantic collects with its others.

    Args:
        message: The problem.
        expected: A value that would be right.
        hint: A guess at the value that was meant.
        path: The keys from the validated value to the place of the problem.
    """
    context = {"message": message, "expected": expected, "hint": hint, "path": path}
    return PydanticCustomError("svclight", "{message}", context)


def _read_limit(raw: Any) -> Interval:
    """A limit such as `<= 30 s`; other values are refused with a guess at the limit that was meant."""
    if not isinstance(raw, str):
        number = isinstance(raw, int | float) and not isinstance(raw, bool)
        # YAML reads an unquoted 30 as a number, which says nothing of the side on which values are good
        meant = f'did you mean "<= {raw}"?' if number and math.isfinite(raw) else "a limit is finite"
        raise key_problem("this is no limit", _LIMITS, meant if number else "")
    if not raw.strip():  # to YAML an unquoted > begins a text of several lines, here an empty one
        raise key_problem("this is no limit", _LIMITS, 'a limit that begins with > stands in quotes, such as ">4"')
    try:
        return parse_interval(raw)
    except ValueError as error:
        raise key_problem("this is no limit", _LIMITS, str(error)) from None


def _read_share_limit(raw: Any, *, sign: str, unit: str) -> Interval:
    """A limit of a share or of a net score; of a bare number the limit that was meant is guessed by what is good."""
    if isinstance(raw, bool) or not isinstance(raw, int | float) or not math.isfinite(raw):
        return _read_limit(raw)
    amount = raw if raw > 1 or not unit else round(raw * 100, 10)
    expected = f'a limit in quotes such as "{sign} {"30" if not unit else "80 %" if sign == ">=" else "5 %"}"'
    raise key_problem("this is no limit", expected, f'did you mean "{sign} {amount:g}{unit}"?')


def _read_zone(raw: Any) -> Interval | bool | tuple[str | int | float, ...]:
    """A zone: a limit, true or false, or a list of categories."""
    if isinstance(raw, bool):
        return raw
    if isinstance(raw, str) and re.fullmatch(r"[^\W\d_][^\d<>=]*", raw.strip()):
        flag = {"true": "true", "yes": "true", "false": "false", "no": "false"}.get(raw.strip().casefold())
        hint = (
            f"a flag is written {flag}, without quotes"
            if flag
            else f"categories are written as a list: [{raw.strip()}]"
        )
        raise key_problem("this is no limit", _LIMITS, hint)
    if not isinstance(raw, list):
        return _read_limit(raw)
    if not raw:
        raise key_problem("the list is empty", "at least one category")
    for index, item in enumerate(raw):
        if isinstance(item, bool) or not isinstance(item, str | int | float):
            raise key_problem("a category is text or a number", "text in quotes", path=(index,))
    return tuple(map(_read_name, raw))


def _read_quantity(raw: Any) -> Quantity:
    """A quantity such as `5 min`; a bare number has no unit."""
    expected = "a quantity such as 30 s, 5 min, 7 d"
    if isinstance(raw, bool) or not isinstance(raw, str | int | float):
        raise key_problem("this is no quantity", expected)
    try:
        return parse_quantity(f"{raw}")
    except ValueError as error:
        raise key_problem("this is no quantity", expected, str(error)) from None


def _read_condition(raw: Any) -> Condition:
    try:
        return parse_condition(raw)
    except ConditionError as error:
        raise key_problem(str(error), error.expected, path=error.path) from None


def _read_date(raw: Any) -> dt.date:
    """A date as `2026-03-31`, and in no other form."""
    expected = "a date such as 2026-03-31"
    if not isinstance(raw, str) or not re.fullmatch(r"[0-9]{4}-[0-9]{2}-[0-9]{2}", raw):
        raise key_problem("this is no date", expected)
    try:
        return dt.date.fromisoformat(raw)
    except ValueError as error:
        raise key_problem("there is no such day", expected, str(error)) from None


def _read_calendar_length(raw: Any) -> CalendarLength:
    """A length of time as a calendar has it, `6 months`."""
    try:
        return parse_calendar_length(raw if isinstance(raw, str) else "")
    except ValueError as error:
        raise key_problem(str(error), "whole days, weeks, months or years, such as 6 months") from None


def _one_or_more(raw: Any) -> Any:
    return tuple(raw) if isinstance(raw, list) else (raw,)


def _as_list(raw: Any) -> Any:
    return tuple(raw) if isinstance(raw, list) else raw


def _read_tokens(raw: Any) -> Any:
    if not isinstance(raw, list):
        return raw
    numbers_as_text = (
        f"{item}" if isinstance(item, int | float) and not isinstance(item, bool) else item for item in raw
    )
    return tuple(map(_read_name, numbers_as_text))


def _read_span(raw: Any) -> str:
    """Hours such as `09:00-18:00`; the end may lie on the next day."""
    found = _SPAN.fullmatch(raw.strip()) if isinstance(raw, str) else None
    if found is None:
        raise key_problem("these are no hours", 'hours such as "09:00-18:00"')
    begin, end = minutes_of(found[0])
    if max(begin, end) > DAY_MINUTES or begin in (end, DAY_MINUTES):
        raise key_problem("these are no hours", 'two different times from 00:00 to 24:00, such as "22:00-06:00"')
    return found[0]


def minutes_of(span: str) -> tuple[int, int]:
    """The two ends of hours such as `09:00-18:00`, in minutes since midnight."""
    begin, end = (60 * int(hour) + int(minute) for hour, minute in re.findall(r"([0-9]+):([0-9]+)", span))
    return begin, end


def _read_days(raw: str) -> str:
    """A day of the week such as `sat`, or a range such as `mon-fri`."""
    names = raw.split("-")
    wrong = [name for name in names if name not in WEEKDAYS]
    if wrong or len(names) > 2:  # noqa: PLR2004 - a day, or the first and the last one
        expected = "a day or a range of days: " + ", ".join(WEEKDAYS) + ", mon-fri"
        raise key_problem(
            "this is no day of the week", expected, did_you_mean("-".join(name[:3] for name in names), _RANGES)
        )
    return raw


def days_of(days: str) -> list[str]:
    """The days of a range such as `sun-thu`, in the order of the week from its first."""
    first, _, last = days.partition("-")
    begin, end = WEEKDAYS.index(first), WEEKDAYS.index(last or first)
    return [WEEKDAYS[place % 7] for place in range(begin, end + 1 if begin <= end else end + 8)]


def _read_share(raw: Any) -> Quantity:
    """A share of cells such as `1 %`."""
    expected = "a share from 0 % to 100 %, such as 1 %"
    try:
        share = parse_quantity(raw) if isinstance(raw, str) else None
    except ValueError as error:
        raise key_problem("this is no share", expected, str(error)) from None
    if share is None or share.dimension != "%":
        hint = f"did you mean {raw} %?" if isinstance(raw, int | float) and not isinstance(raw, bool) else ""
        raise key_problem("this is no share", expected, hint)
    if not 0 <= share.amount <= 100:  # noqa: PLR2004 - percent
        raise key_problem("there is no such share", expected)
    return share


def _read_points(raw: Any, *, sign: str) -> Quantity:
    """A change of a share in percentage points, such as `+5 %`; `sign` is that of a change for the better."""
    expected = f"points of the share such as {sign or '+'}5 %"
    try:
        points = parse_quantity(raw) if isinstance(raw, str) else None
    except ValueError as error:
        raise key_problem("this is no change of a share", expected, str(error)) from None
    if points is None or points.dimension != "%":
        hint = f'did you mean "{raw} %"?' if isinstance(raw, int | float) and not isinstance(raw, bool) else ""
        raise key_problem("this is no change of a share", expected, hint)
    if not 0 < abs(points.amount) <= 100:  # noqa: PLR2004 - percent
        raise key_problem("no share changes so", expected, "more than 0 and at most 100 points")
    if sign and (points.amount > 0) != (sign == "+"):
        raise key_problem("this would be a change for the worse", expected)
    return points


def _read_offset(raw: Any) -> str:
    """The distance of a time zone from UTC, such as `+03:00`."""
    fits = isinstance(raw, str) and re.fullmatch(r"Z|[+-][0-9]{1,2}(:?[0-9]{2})?", raw.strip())
    if not fits or offset_seconds(raw.strip()) is None:
        raise key_problem("this is no distance from UTC", 'text in quotes such as "+03:00"')
    return str(raw.strip())


def _read_thousands(raw: Any) -> str:
    sign = {"\u2019": "'"}.get(raw, normal_word(raw) or " ") if isinstance(raw, str) and raw else raw
    if sign not in (",", ".", " ", "'"):
        raise key_problem("this is no sign of thousands", 'one of ",", ".", " ", "\'"')
    return str(sign)


def _read_scale(raw: Any) -> Any:
    if not isinstance(raw, list) or len(raw) != 2:  # noqa: PLR2004 - two ends
        raise key_problem("this is no scale", "[lowest, highest]")
    return tuple(raw)


def _read_unit(raw: Any) -> str:
    if not isinstance(raw, str) or not is_unit(raw):
        raise key_problem("this is no unit", "ms, s, min, h, d, wk, %, or a word")
    return raw


_LIMIT_SCHEMA: dict[str, Any] = {
    "type": "string",
    "examples": ["<= 30 s", ">= 4", "3 min .. 7 min"],
    "pattern": r"^\s*((<=|>=|<|>)\s*\S.*|\S.*\.\.\s*\S.*)$",
}
_SHARE_SCHEMA: dict[str, Any] = {"type": "string", "examples": ["1 %", "0.5 %"]}
_VALUE_SCHEMA: dict[str, Any] = {"type": ["string", "number", "boolean", "null"]}
_CONDITION_SCHEMA: dict[str, Any] = {
    "type": "object",
    "minProperties": 1,
    "additionalProperties": {
        "anyOf": [_VALUE_SCHEMA, {"type": "array", "minItems": 1}, {"type": "object", "minProperties": 1}]
    },
    "examples": [
        {"outcome": "AGENT"},
        {"outcome": {"not": "HANG"}},
        {"any": [{"type": ["a", "b"]}, {"waited": "> 5"}]},
    ],
}
_CATEGORIES_SCHEMA = {"type": "array", "items": {"type": ["string", "number"]}, "minItems": 1}

Limit = Annotated[Interval, PlainValidator(_read_limit), WithJsonSchema(_LIMIT_SCHEMA)]
_good, _bad, _net = (
    partial(_read_share_limit, sign=sign, unit=unit) for sign, unit in ((">=", " %"), ("<=", " %"), (">=", ""))
)
GoodShare = Annotated[Interval, PlainValidator(_good), WithJsonSchema(_LIMIT_SCHEMA | {"examples": [">= 80 %"]})]
BadShare = Annotated[Interval, PlainValidator(_bad), WithJsonSchema(_LIMIT_SCHEMA | {"examples": ["<= 5 %"]})]
NetScore = Annotated[Interval, PlainValidator(_net), WithJsonSchema(_LIMIT_SCHEMA | {"examples": [">= 30"]})]
Zone = Annotated[
    Interval | bool | tuple[str | int | float, ...],
    PlainValidator(_read_zone),
    WithJsonSchema({"anyOf": [_LIMIT_SCHEMA, {"type": "boolean"}, _CATEGORIES_SCHEMA]}),
]
Amount = Annotated[
    Quantity,
    PlainValidator(_read_quantity),
    WithJsonSchema({"type": "string", "examples": ["30 s", "7 d", "1 min 30 s"]}),
]
Share = Annotated[Quantity, PlainValidator(_read_share), WithJsonSchema(_SHARE_SCHEMA)]
_more, _less, _any_way = (partial(_read_points, sign=sign) for sign in ("+", "-", ""))
MorePoints = Annotated[Quantity, PlainValidator(_more), WithJsonSchema({"type": "string", "examples": ["+5 %"]})]
LessPoints = Annotated[Quantity, PlainValidator(_less), WithJsonSchema({"type": "string", "examples": ["-3 %"]})]
Points = Annotated[Quantity, PlainValidator(_any_way), WithJsonSchema({"type": "string", "examples": ["-3 %"]})]
Offset = Annotated[str, PlainValidator(_read_offset), WithJsonSchema({"type": "string", "examples": ["+03:00", "Z"]})]
Thousands = Annotated[str, PlainValidator(_read_thousands), WithJsonSchema({"enum": [",", ".", " ", "'"]})]
Where = Annotated[Condition, PlainValidator(_read_condition), WithJsonSchema(_CONDITION_SCHEMA)]
Date = Annotated[dt.date, PlainValidator(_read_date), WithJsonSchema({"type": "string", "format": "date"})]
Every = Annotated[
    CalendarLength,
    PlainValidator(_read_calendar_length),
    WithJsonSchema({"type": "string", "examples": ["6 months", "1 year"]}),
]
Span = Annotated[str, PlainValidator(_read_span), WithJsonSchema({"type": "string", "examples": ["09:00-18:00"]})]
Days = Annotated[str, PlainValidator(_read_days), WithJsonSchema({"type": "string", "examples": ["mon-fri", "sat"]})]


def _read_name(raw: Any) -> Any:
    return normal_word(raw) if isinstance(raw, str) else raw


Prose = Annotated[str, Field(min_length=1)]
"""Text for people, as it is written."""
Key = Annotated[str, Field(min_length=1)]
"""A name that is declared here, as it is written: blanks at its ends are refused."""
Name = Annotated[str, BeforeValidator(_read_name), Field(min_length=1)]
"""A name of something, in the normal form in which words are compared."""
Names = Annotated[
    tuple[Name, ...],
    BeforeValidator(_one_or_more),
    Field(strict=False, min_length=1),
    WithJsonSchema({"anyOf": [{"type": "string"}, {"type": "array", "items": {"type": "string"}, "minItems": 1}]}),
]
AnyNames = Annotated[
    tuple[Name, ...], BeforeValidator(_one_or_more, json_schema_input_type=Name | list[Name]), Field(strict=False)
]
DateList = Annotated[tuple[Date, ...], BeforeValidator(_as_list), Field(strict=False)]
NameList = Annotated[tuple[Name, ...], BeforeValidator(_as_list), Field(strict=False)]
SomeNames = Annotated[tuple[Name, ...], BeforeValidator(_as_list), Field(strict=False, min_length=1)]
Tokens = Annotated[
    tuple[str, ...],
    BeforeValidator(_read_tokens),
    Field(strict=False),
    WithJsonSchema({"type": "array", "items": {"type": ["string", "number"]}}),
]
Spans = Annotated[
    tuple[Span, ...],
    BeforeValidator(_one_or_more),
    Field(strict=False, min_length=1),
    WithJsonSchema({"anyOf": [{"type": "string"}, {"type": "array", "items": {"type": "string"}}]}),
]


def shape_of(raw: Any) -> str:
    """The form in which a value is written: `mapping`, `list` or `single`; it chooses the branch of a union."""
    if isinstance(raw, dict):
        return "mapping"
    return "list" if isinstance(raw, list) else "single"


class Model(BaseModel):
    """A frozen mapping of a definition; a key that it does not know is an error."""

    model_config = ConfigDict(extra="forbid", frozen=True, strict=True, use_attribute_docstrings=True, defer_build=True)


def rows_of(model: Any) -> Any:
    """A tuple of models that YAML writes as a list."""
    return Annotated[tuple[model, ...], BeforeValidator(_as_list), Field(strict=False)]


def one_or_rows_of(model: Any) -> Any:
    """A tuple of models that YAML writes as a list, or one of them alone."""
    as_written = BeforeValidator(_one_or_more, json_schema_input_type=model | list[model])
    return Annotated[tuple[model, ...], as_written, Field(strict=False)]


def _is_line(raw: Any) -> bool:
    return isinstance(raw, int) and not isinstance(raw, bool) and raw >= 1


def _read_header(raw: Any) -> int | Literal[False] | tuple[int, ...] | tuple[str, ...]:
    """The number of a line, several in their order, false, or names."""
    if raw is False or _is_line(raw):
        return raw  # type: ignore[no-any-return]  # plain data has no type
    if isinstance(raw, list) and raw and all(isinstance(name, str) and name for name in raw):
        return tuple(raw)
    if isinstance(raw, list) and raw and all(map(_is_line, raw)) and raw == sorted(set(raw)):
        return tuple(raw)
    expected = "the number of a line from 1, several in their order such as [5, 6], false, or a list of column names"
    raise key_problem("this is no header", expected)


def _read_sheet(raw: Any) -> str | int:
    if isinstance(raw, bool) or not isinstance(raw, str | int) or raw in ("", 0):
        raise key_problem("this is no sheet", "a sheet's name, or its number from 1")
    return raw


Header = Annotated[
    int | Literal[False] | tuple[int, ...] | tuple[str, ...],
    PlainValidator(_read_header),
    WithJsonSchema(
        {
            "anyOf": [
                {"type": "integer", "minimum": 1},
                {"const": False},
                {"type": "array", "items": {"type": "string"}, "minItems": 1},
                {"type": "array", "items": {"type": "integer", "minimum": 1}, "minItems": 1},
            ]
        }
    ),
]


Unit = Annotated[str, PlainValidator(_read_unit), WithJsonSchema({"type": "string", "examples": ["s", "min", "%"]})]
Weight = Annotated[float, Field(gt=0, allow_inf_nan=False)]
Money = Annotated[float, Field(ge=0, allow_inf_nan=False)]
Number = Annotated[float, Field(allow_inf_nan=False)]
Scale = Annotated[tuple[Number, Number], BeforeValidator(_read_scale), Field(strict=False)]
Sheet = Annotated[str | int, PlainValidator(_read_sheet), WithJsonSchema({"type": ["string", "integer"]})]


def _green_or_amount(raw: Any) -> Quantity | Literal["green"]:
    return "green" if raw == "green" else _read_quantity(raw)


GreenOrAmount = Annotated[
    Quantity | Literal["green"],
    PlainValidator(_green_or_amount),
    WithJsonSchema({"type": "string", "examples": ["green", "5 s"]}),
]
