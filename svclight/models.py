"""The definition format as frozen pydantic models: one class a mapping, one attribute a key.

In: plain data. Out: `Document` and what stands in it. A model says which keys there are and of which type each is; what
keys must hold together (zones in order, a unit that fits, a field that exists) is in `rules`. The text under each
attribute becomes the help that an editor shows.
"""

from __future__ import annotations

import datetime as dt
import re
from typing import Annotated, Any, Literal

from pydantic import (
    BaseModel,
    BeforeValidator,
    ConfigDict,
    Discriminator,
    Field,
    PlainValidator,
    Tag,
    WithJsonSchema,
)
from pydantic_core import PydanticCustomError

from svclight.conditions import Condition, ConditionProblem, parse_condition
from svclight.thresholds import Interval, parse_interval
from svclight.units import Quantity, parse_quantity

FIELD_KINDS = ("time", "number", "span", "flag", "text", "part")
WEEKDAYS = ("mon", "tue", "wed", "thu", "fri", "sat", "sun")
_SPAN = re.compile(r"(?P<from>[0-9]{1,2}:[0-5][0-9])\s*-\s*(?P<to>[0-9]{1,2}:[0-5][0-9])")


def problem(message: str, expected: str = "", hint: str = "", path: tuple[str | int, ...] = ()) -> PydanticCustomError:
    """An error of ours inside pydantic: `path` leads from the validated value to the place that is meant."""
    context = {"message": message, "expected": expected, "hint": hint, "path": path}
    return PydanticCustomError("svclight", "{message}", context)


def _limit(raw: Any) -> Interval:
    expected = 'a limit in quotes such as "<= 30 s", ">= 4", "3 min .. 7 min"'
    if isinstance(raw, Interval):
        return raw
    if not isinstance(raw, str):
        hint = f'did you mean "<= {raw}"?' if isinstance(raw, int | float) and not isinstance(raw, bool) else ""
        raise problem("this is no limit", expected, hint)
    try:
        return parse_interval(raw)
    except ValueError as error:
        raise problem("this is no limit", expected, str(error)) from None


def _zone(raw: Any) -> Interval | bool | tuple[str | int | float, ...]:
    if isinstance(raw, bool):
        return raw
    if isinstance(raw, list | tuple):
        if not raw:
            raise problem("the list is empty", "at least one category")
        for index, item in enumerate(raw):
            if isinstance(item, bool) or not isinstance(item, str | int | float):
                raise problem("a category is text or a number", "text", path=(index,))
        return tuple(raw)
    return _limit(raw)


def _quantity(raw: Any) -> Quantity:
    if isinstance(raw, Quantity):
        return raw
    expected = "a quantity such as 30 s, 5 min, 7 d"
    if not isinstance(raw, str):
        raise problem("this is no quantity", expected)
    try:
        return parse_quantity(raw)
    except ValueError as error:
        raise problem("this is no quantity", expected, str(error)) from None


def _condition(raw: Any) -> Condition:
    try:
        return parse_condition(raw)
    except ConditionProblem as error:
        raise problem(str(error), error.expected, path=error.path) from None


def _date(raw: Any) -> dt.date:
    if isinstance(raw, dt.date):
        return raw
    try:
        if isinstance(raw, str) and re.fullmatch(r"\d{4}-\d{2}-\d{2}", raw):
            return dt.date.fromisoformat(raw)
    except ValueError as error:
        raise problem("there is no such day", "a date such as 2026-03-31", str(error)) from None
    raise problem("this is no date", "a date such as 2026-03-31")


def _one_or_more(raw: Any) -> Any:
    return tuple(raw) if isinstance(raw, list | tuple) else (raw,)


def _listed(raw: Any) -> Any:
    return tuple(raw) if isinstance(raw, list) else raw


def _tokens(raw: Any) -> Any:
    if isinstance(raw, list):
        return tuple(
            f"{item}" if isinstance(item, int | float) and not isinstance(item, bool) else item for item in raw
        )
    return raw


def _span(raw: Any) -> str:
    found = _SPAN.fullmatch(raw.strip()) if isinstance(raw, str) else None
    if found is None:
        raise problem("these are no hours", 'hours such as "09:00-18:00"')
    ends = [60 * int(text.split(":")[0]) + int(text.split(":")[1]) for text in found.group("from", "to")]
    if max(ends) > 24 * 60 or ends[0] == 24 * 60 or ends[0] == ends[1]:
        raise problem("these are no hours", 'two different times from 00:00 to 24:00, such as "22:00-06:00"')
    return str(raw).strip()


def _days(raw: Any) -> str:
    names = raw.split("-") if isinstance(raw, str) else []
    if not 1 <= len(names) <= 2 or any(name not in WEEKDAYS for name in names):  # noqa: PLR2004 - a day, or first and last
        raise problem("this is no day of the week", "a day or a range of days: " + ", ".join(WEEKDAYS) + ", mon-fri")
    return str(raw)


_LIMIT_SCHEMA: dict[str, Any] = {
    "type": "string",
    "examples": ["<= 30 s", ">= 4", "3 min .. 7 min"],
    "pattern": r"^\s*((<=|>=|<|>)\s*\S.*|\S.*\.\.\s*\S.*)$",
}
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

Limit = Annotated[Interval, PlainValidator(_limit), WithJsonSchema(_LIMIT_SCHEMA)]
Zone = Annotated[
    Interval | bool | tuple[str | int | float, ...],
    PlainValidator(_zone),
    WithJsonSchema({"anyOf": [_LIMIT_SCHEMA, {"type": "boolean"}, _CATEGORIES_SCHEMA]}),
]
Amount = Annotated[
    Quantity,
    PlainValidator(_quantity),
    WithJsonSchema({"type": "string", "examples": ["30 s", "7 d", "1 min 30 s"]}),
]
Where = Annotated[Condition, PlainValidator(_condition), WithJsonSchema(_CONDITION_SCHEMA)]
Date = Annotated[dt.date, PlainValidator(_date), WithJsonSchema({"type": "string", "format": "date"})]
Span = Annotated[str, PlainValidator(_span), WithJsonSchema({"type": "string", "examples": ["09:00-18:00"]})]
Days = Annotated[str, PlainValidator(_days), WithJsonSchema({"type": "string", "examples": ["mon-fri", "sat"]})]
Name = Annotated[str, Field(min_length=1)]
Names = Annotated[
    tuple[Name, ...],
    BeforeValidator(_one_or_more),
    Field(strict=False, min_length=1),
    WithJsonSchema({"anyOf": [{"type": "string"}, {"type": "array", "items": {"type": "string"}, "minItems": 1}]}),
]
NameList = Annotated[tuple[Name, ...], BeforeValidator(_listed), Field(strict=False, min_length=1)]
Tokens = Annotated[
    tuple[str, ...],
    BeforeValidator(_tokens),
    Field(strict=False),
    WithJsonSchema({"type": "array", "items": {"type": ["string", "number"]}}),
]
Spans = Annotated[
    tuple[Span, ...],
    BeforeValidator(_one_or_more),
    Field(strict=False, min_length=1),
    WithJsonSchema({"anyOf": [{"type": "string"}, {"type": "array", "items": {"type": "string"}}]}),
]


def shape(raw: Any) -> str:
    """Which form of a value that may be a mapping, a list or a single one is meant."""
    if isinstance(raw, dict | BaseModel):
        return "mapping"
    return "list" if isinstance(raw, list | tuple) else "single"


class Model(BaseModel):
    """A frozen mapping that knows all its keys."""

    model_config = ConfigDict(extra="forbid", frozen=True, strict=True, use_attribute_docstrings=True)


def rows_of(model: Any) -> Any:
    """A tuple of models that YAML writes as a list."""
    return Annotated[tuple[model, ...], BeforeValidator(_listed), Field(strict=False)]


class Holidays(Model):
    """Public holidays by country."""

    country: Name
    """Country code, such as IL or DE."""
    subdivision: Name | None = None
    """State or province, such as BY."""


class Calendar(Model):
    """Working hours."""

    hours: dict[Days, Spans]
    """Weekdays and their hours: `mon-fri: "09:00-18:00"`; a list where a day has several spans."""
    holidays: Holidays | None = None
    """Public holidays on which nobody works."""
    closed: Annotated[tuple[Date, ...], BeforeValidator(_listed), Field(strict=False)] = ()
    """Days on which nobody works, on top of the holidays."""
    open: dict[Date, Spans] = {}
    """Days with hours of their own."""
    time_zone: Name | None = None
    """Time zone of the hours; the document's unless given."""


class Step(Model):
    """One step of the usual scenario."""

    step: Name
    """Short name."""
    actor: Name | None = None
    """Who does it: customer, employee, system."""
    action: str | None = None
    """What is done."""


def _header(raw: Any) -> int | Literal[False] | tuple[str, ...]:
    if raw is False or (isinstance(raw, int) and not isinstance(raw, bool) and raw >= 1):
        return raw
    if isinstance(raw, list | tuple) and raw and all(isinstance(name, str) and name for name in raw):
        return tuple(raw)
    raise problem("this is no header", "the number of a line from 1, false, or a list of column names")


def _sheet(raw: Any) -> str | int:
    if isinstance(raw, bool) or not isinstance(raw, str | int) or raw in ("", 0):
        raise problem("this is no sheet", "a sheet's name, or its number from 1")
    return raw


Header = Annotated[
    int | Literal[False] | tuple[str, ...],
    PlainValidator(_header),
    WithJsonSchema(
        {
            "anyOf": [
                {"type": "integer", "minimum": 1},
                {"const": False},
                {"type": "array", "items": {"type": "string"}},
            ]
        }
    ),
]


class Read(Model):
    """How the log's files are written."""

    delimiter: Annotated[str, Field(min_length=1, max_length=1)] | None = None
    """Character between columns; a comma (a tab in .tsv files) unless given."""
    encoding: Name | None = None
    """Text encoding, such as utf-8 or cp1251; utf-8 unless given."""
    decimal: Literal[".", ","] = "."
    """Decimal mark of numbers."""
    quote: Annotated[str, Field(max_length=1)] = '"'
    """Quoting character; empty where there is none."""
    header: Header = 1
    """Line in which the column names stand; false where there are none (columns are then 1, 2, 3); or the names."""
    sheet: Annotated[str | int, PlainValidator(_sheet), WithJsonSchema({"type": ["string", "integer"]})] | None = None
    """Sheet of an Excel file, by name or number from 1; the first unless given."""


class FieldSpec(Model):
    """A typed name over raw columns; one of time, number, span, flag, text, part."""

    time: Names | None = None
    """Column of a time; several are joined by one space."""
    number: Name | None = None
    """Column of a number."""
    span: Name | None = None
    """Column of a length of time written 1:02:03."""
    flag: Name | None = None
    """Column of true and false."""
    text: Name | None = None
    """Column of text."""
    part: Literal["hour", "weekday", "date"] | None = None
    """Part of a time field; needs `of`."""
    of: Name | None = None
    """Time field whose part is meant."""
    format: Name | None = None
    """How the time is written: Python's strptime, or unix, unix_ms; ISO 8601 unless given."""
    time_zone: Name | None = None
    """Time zone of naive times; the document's unless given."""
    clock_change: Literal["earlier", "later"] | None = None
    """Which reading counts of a time that exists twice or not at all."""
    unit: Annotated[str, Field(pattern=r"^(%|[^\W\d_][\w/]*)$")] | None = None
    """Unit of the number: ms, s, min, h, d, wk, %, or any word."""
    true_values: Tokens | None = None
    """Texts that mean true."""
    false_values: Tokens | None = None
    """Texts that mean false."""
    missing: Tokens = ()
    """Texts read as missing, besides those of the log."""

    @property
    def kind(self) -> str:
        """The one key that says what the field is."""
        return next(kind for kind in FIELD_KINDS if getattr(self, kind) is not None)

    @property
    def columns(self) -> tuple[str, ...]:
        """The raw columns it reads; none for a part."""
        if self.time is not None:
            return self.time
        return tuple(name for name in (self.number, self.span, self.flag, self.text) if name is not None)


class Exclusion(Model):
    """Rows that are left out by rule."""

    where: Where
    """Which rows."""
    reason: Name
    """Why; it stands in every report."""


class RepeatedIds(Model):
    """Which of the rows that share an id stays."""

    keep: Literal["first", "last"]
    """The first or the last one."""
    by: Name | None = None
    """Field that orders them; the order of rows unless given."""


class StepWhere(Model):
    """A step found by a condition."""

    where: Where
    """Which events are this step."""


StepSpec = Annotated[
    Annotated[StepWhere, Tag("mapping")] | Annotated[Names, Tag("list")] | Annotated[Names, Tag("single")],
    Discriminator(shape),
]


class Join(Model):
    """Fields of another log, joined to this one."""

    on: dict[Name, Name]
    """Column of this log: column of the other."""
    keep: Literal["first", "last"] | None = None
    """Which of several rows counts."""
    fields: dict[Name, FieldSpec]
    """Fields of the other log, used as NAME.field."""


class Log(Model):
    """Where the interactions of a process stand."""

    rows: Literal["interactions", "events"] = "interactions"
    """What a row is: an interaction, or one event of a case."""
    id: Names | None = None
    """Column or columns that identify an interaction or a case."""
    time: Name
    """Anchor: its month is the interaction's month."""
    begins: Name | None = None
    """Time at which a row begins to exist, where that is not the anchor."""
    customer: Name | None = None
    """Who the customer is."""
    weight: Name | None = None
    """How many interactions a row stands for."""
    segments: NameList | None = None
    """Columns by which results may be split."""
    missing: Tokens = ()
    """Texts read as missing in every column; empty cells always are."""
    read: Read = Read()
    """How the files are written."""
    fields: dict[Name, FieldSpec] | None = None
    """Typed names over raw columns."""
    exclude: rows_of(Exclusion) = ()  # type: ignore[valid-type]  # the annotation is made by a function
    """Rows that are no interactions."""
    repeated_ids: RepeatedIds | None = None
    """Which of the rows that share an id stays."""
    step: Name | None = None
    """Column that names the step (events)."""
    steps: dict[Name, StepSpec] | None = None
    """Steps by name: the value in the `step` column, a list of values, or {where: condition} (events)."""
    ends: NameList | None = None
    """Steps that finish a case (events)."""
    repeated_rows: Literal["drop"] | None = None
    """Drop events that stand twice (events)."""
    join: dict[Name, Join] = {}
    """Other logs whose fields are used here."""


class LastStep(Model):
    """The last time a step happened."""

    last: Name
    """Name of the step."""


Moment = Annotated[Annotated[LastStep, Tag("mapping")] | Annotated[Name, Tag("single")], Discriminator(shape)]


class Duration(Model):
    """Time from one moment to another."""

    from_: Moment = Field(alias="from")
    """Time field; in event logs a step, start, end, or {last: STEP}."""
    to: Moment
    """Time field; in event logs a step, start, end, or {last: STEP}."""
    calendar: Name | None = None
    """Count working time of this calendar only."""
    by: Literal["instant", "date"] = "instant"
    """Compare instants, or calendar dates."""
    minus: Names = Field(default=(), validate_default=False)
    """Number fields in a unit of time that are taken off."""


class Delay(Model):
    """How late against a promise; early is negative."""

    due: Name
    """Time field of the promise."""
    actual: Name
    """Time field of what happened."""
    calendar: Name | None = None
    """Count working time of this calendar only."""
    by: Literal["instant", "date"] = "instant"
    """Compare instants, or calendar dates."""


class Count(Model):
    """How often a step happens."""

    step: Name
    """Name of the step."""
    distinct: Name | None = None
    """Count different values of this column instead."""


class Repeat(Model):
    """Later contacts of the same customer within a window."""

    within: Amount
    """The window, such as 7 d."""
    same: NameList
    """What must be the same: customer, topic."""
    first_only: bool = False
    """Contacts that are repeats themselves are not applicable."""


class Checklist(Model):
    """Percent of the points that apply."""

    items: dict[Name, Annotated[float, Field(gt=0)]]
    """Flag field of each item and its weight."""
    critical: Annotated[tuple[Name, ...], BeforeValidator(_listed), Field(strict=False)] = ()
    """Items that make the whole 0 when they fail."""
    each: bool = False
    """Also a criterion for each item."""


class Recency(Model):
    """Time since the customer's last interaction, at each period's end."""

    within: Amount
    """How far back is looked."""


class Frequency(Model):
    """Interactions of the customer in the window, at each period's end."""

    within: Amount
    """How far back is looked."""


class Spend(Model):
    """What the customer spent in the window, at each period's end."""

    within: Amount
    """How far back is looked."""
    amount: Name
    """Number field that is added up."""


class Measure(Model):
    """What is measured: exactly one of these."""

    value: Name | None = None
    """A number field as it is."""
    duration: Duration | None = None
    """Time from one moment to another."""
    delay: Delay | None = None
    """How late against a promise."""
    count: Count | None = None
    """How often a step happens (events)."""
    flag: Name | None = None
    """A true/false field."""
    category: Name | None = None
    """A text field."""
    repeat: Repeat | None = None
    """Later contacts about the same."""
    checklist: Checklist | None = None
    """Percent of the points of a quality card."""
    worst: NameList | None = None
    """The worst zone of these criteria."""
    recency: Recency | None = None
    """Time since the customer's last interaction."""
    frequency: Frequency | None = None
    """Interactions of the customer in a window."""
    spend: Spend | None = None
    """What the customer spent in a window."""

    @property
    def kind(self) -> str:
        """The name of the measure."""
        return next(name for name in type(self).model_fields if getattr(self, name) is not None)

    @property
    def spec(self) -> Any:
        """What stands under that name."""
        return getattr(self, self.kind)


def _green_or_amount(raw: Any) -> Quantity | Literal["green"]:
    return "green" if raw == "green" else _quantity(raw)


GreenOrAmount = Annotated[
    Quantity | Literal["green"],
    PlainValidator(_green_or_amount),
    WithJsonSchema({"type": "string", "examples": ["green", "5 s"]}),
]


class Within(Model):
    """Short abandoned ones leave, others are red."""

    excluded_within: GreenOrAmount
    """A time, or green: those that would be green leave."""


class Abandoned(Model):
    """What happens to interactions that the customer gave up."""

    where: Where
    """Which ones are abandoned."""
    at: Name | None = None
    """Time at which the customer gave up, where the measure is a duration."""
    counts: Annotated[
        Annotated[Within, Tag("mapping")] | Annotated[Literal["red", "by_elapsed", "excluded"], Tag("single")],
        Discriminator(shape),
    ] = "red"
    """red, by_elapsed (by what was waited), excluded, or {excluded_within: 5 s}."""


class ThresholdRow(Model):
    """Limits for a part of the interactions."""

    where: Where | None = None
    """For which segment."""
    from_: Date | None = Field(default=None, alias="from")
    """First day on which these limits hold."""
    until: Date | None = None
    """First day on which they no longer hold."""
    green: Zone | None = None
    """The customer is satisfied."""
    yellow: Zone | None = None
    """The customer is neutral."""
    red: Zone | None = None
    """Categories that dissatisfy."""


class Target(Model):
    """What share the company wants to reach."""

    where: Where | None = None
    """For which segment."""
    green: Limit | None = None
    """Share of green, such as ">= 80 %"."""
    yellow: Limit | None = None
    """Share of yellow."""
    red: Limit | None = None
    """Share of red, such as "<= 5 %"."""
    net: Limit | None = None
    """Green minus red in percentage points, such as ">= 30"."""
    min_rated: Annotated[int, Field(ge=1)] = 30
    """Fewer rated interactions than this give no verdict."""


class Accepted(Model):
    """A miss that is known and accepted for a time."""

    green: Limit | None = None
    """Accepted share of green."""
    yellow: Limit | None = None
    """Accepted share of yellow."""
    red: Limit | None = None
    """Accepted share of red."""
    net: Limit | None = None
    """Accepted net score."""
    until: Date
    """First day on which it is no longer accepted."""
    reason: Name
    """Why it is accepted."""
    ticket: str | None = None
    """Where the work on it is tracked."""


class Change(Model):
    """A change of the service that starts new control limits."""

    at: Date
    """Day of the change."""
    reason: Name
    """What changed."""


class Cost(Model):
    """What an interaction costs, in the document's currency."""

    red: Annotated[float, Field(ge=0, allow_inf_nan=False)] | None = None
    """Cost of a red interaction."""
    yellow: Annotated[float, Field(ge=0, allow_inf_nan=False)] | None = None
    """Cost of a yellow interaction."""
    minute: Annotated[float, Field(ge=0, allow_inf_nan=False)] | None = None
    """Cost of a minute of service."""


Targets = Annotated[tuple[Target, ...], BeforeValidator(_one_or_more), Field(strict=False)]
Scale = Annotated[
    tuple[Annotated[float, Field(allow_inf_nan=False)], Annotated[float, Field(allow_inf_nan=False)]],
    BeforeValidator(_listed),
    Field(strict=False),
]


class Criterion(Model):
    """One thing that is measured, and its zones."""

    title: Name | None = None
    """What people call it."""
    description: str | None = None
    """What it is about."""
    measure: Measure
    """What is measured."""
    applies: Where | None = None
    """To which interactions it applies; to all unless given."""
    time: Name | None = None
    """Time field whose month counts, where it is not the interaction's."""
    scale: Scale | None = None
    """Lowest and highest possible value; others are missing."""
    whole: bool = False
    """Only whole numbers are possible; others are missing."""
    green: Zone | None = None
    """The customer is satisfied."""
    yellow: Zone | None = None
    """The customer is neutral; wider than green."""
    red: Zone | None = None
    """Categories that dissatisfy; for limits, what is left is red."""
    thresholds: rows_of(ThresholdRow) | None = None  # type: ignore[valid-type]  # the annotation is made by a function
    """Limits by segment and date, instead of green and yellow: the first row that matches counts."""
    abandoned: Abandoned | None = None
    """What happens to interactions that the customer gave up."""
    asked: Where | None = None
    """Who was asked, for the response rate."""
    targets: Targets = ()
    """What share the company wants to reach."""
    accepted: Accepted | None = None
    """A miss that is known and accepted for a time."""
    changes: rows_of(Change) = ()  # type: ignore[valid-type]  # the annotation is made by a function
    """Changes of the service that start new control limits."""
    cost: Cost | None = None
    """What an interaction costs."""

    @property
    def rows(self) -> tuple[ThresholdRow, ...]:
        """The limits as rows: those of `thresholds`, or one that holds always."""
        if self.thresholds is not None:
            return tuple(self.thresholds)
        return (ThresholdRow.model_construct(green=self.green, yellow=self.yellow, red=self.red),)


class Process(Model):
    """A service process; a heading where it has neither log nor criteria."""

    title: Name
    """What people call it."""
    description: str | None = None
    """What it is about."""
    part_of: Name | None = None
    """Id of the process that it is a part of."""
    scenario: rows_of(Step) = ()  # type: ignore[valid-type]  # the annotation is made by a function
    """Its usual course, step by step."""
    log: Log | None = None
    """Where its interactions stand."""
    criteria: dict[Name, Criterion] = {}
    """What is measured, and its zones."""


class Document(Model):
    """The service of a company: its processes, and when a customer is satisfied with each."""

    svclight: Literal[1]
    """Version of this format."""
    title: str | None = None
    """What the document is about."""
    description: str | None = None
    """More about it."""
    owner: str | None = None
    """Who keeps it."""
    version: str | None = None
    """Its own version."""
    time_zone: Name
    """IANA time zone, such as Europe/Berlin: months are cut in it, naive times are read in it."""
    currency: str | None = None
    """Currency of `cost`."""
    calendars: dict[Name, Calendar] = {}
    """Working hours by name."""
    processes: dict[Name, Process]
    """The service's processes by id."""
