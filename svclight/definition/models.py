"""The definition format as frozen pydantic models: one class a mapping, one attribute a key.

In: plain data. Out: `Document` and what stands in it. A model says which keys there are and of which type each is;
what keys must hold together (zones in order, a unit that fits, a field that exists) is in `document_checks`. The text
under each attribute becomes the help that an editor shows.
"""

from __future__ import annotations

from typing import Annotated, Any, Literal

from pydantic import Discriminator, Field, Tag

from svclight.definition.key_types import (
    WEEKDAYS,
    BadShare,
    Date,
    DateList,
    Days,
    Every,
    GoodShare,
    GreenOrAmount,
    Key,
    LessPoints,
    Model,
    Money,
    MorePoints,
    Name,
    NetScore,
    Points,
    Prose,
    Scale,
    Share,
    Spans,
    Where,
    Zone,
    one_or_rows_of,
    rows_of,
    shape_of,
)
from svclight.definition.log_models import (
    FIELD_KINDS,
    FLAGS,
    NUMBERS,
    Exclusion,
    FieldSpec,
    Join,
    Log,
    Read,
    RepeatedIds,
    StepWhere,
)
from svclight.definition.measure_models import (
    Checklist,
    Count,
    Delay,
    Duration,
    Frequency,
    LastStep,
    Measure,
    Recency,
    Repeat,
    Spend,
    Totals,
)

__all__ = [
    "FIELD_KINDS",
    "FLAGS",
    "NUMBERS",
    "WEEKDAYS",
    "Abandoned",
    "Accepted",
    "Action",
    "Calendar",
    "Change",
    "Checklist",
    "Cost",
    "Count",
    "Criterion",
    "Delay",
    "Document",
    "Duration",
    "Economics",
    "Exclusion",
    "Expected",
    "FieldSpec",
    "Frequency",
    "Holidays",
    "Join",
    "LastStep",
    "Log",
    "Measure",
    "Process",
    "Read",
    "Recency",
    "Repeat",
    "RepeatedIds",
    "Spend",
    "Step",
    "StepWhere",
    "Target",
    "ThresholdRow",
    "Totals",
    "Within",
]


class Holidays(Model):
    """Public holidays by country."""

    country: Name
    """Country code, such as IL or DE."""
    subdivision: Name | None = None
    """State or province, such as BY."""


class Calendar(Model):
    """Working hours, and the days that differ from them."""

    hours: dict[Days, Spans]
    """Weekdays and their hours: `mon-fri: "09:00-18:00"`; a list where a day has several spans."""
    holidays: Holidays | None = None
    """Public holidays on which nobody works."""
    closed: DateList = ()
    """Days on which nobody works, on top of the holidays."""
    open: dict[Date, Spans] = Field(default_factory=dict)
    """Days with hours of their own."""
    time_zone: Name | None = None
    """Time zone of the hours; the document's unless given."""


class Step(Model):
    """One step of the usual scenario."""

    step: Name
    """Short name."""
    actor: Name | None = None
    """The person or system that takes the step: customer, employee, system."""
    action: str | None = None
    """The action in words."""


class Within(Model):
    """Abandoned interactions with a short wait are excluded, the others are red."""

    excluded_within: GreenOrAmount
    """The longest wait that is excluded; or green, for waits that would be green."""


class Abandoned(Model):
    """The way in which interactions count that the customer gave up."""

    where: Where
    """Condition that abandoned interactions meet."""
    at: Name | None = None
    """Time field of the moment at which the customer gave up, if the measure is a duration."""
    counts: Annotated[
        Annotated[Within, Tag("mapping")] | Annotated[Literal["red", "by_elapsed", "excluded"], Tag("single")],
        Discriminator(shape_of),
    ] = "red"
    """red, by_elapsed (by the time waited), excluded, or {excluded_within: 5 s}."""


class ThresholdRow(Model):
    """Limits for a part of the interactions."""

    where: Where | None = None
    """Condition that these interactions meet, such as a segment; all if not given."""
    from_: Date | None = Field(default=None, alias="from")
    """First day on which these limits hold."""
    until: Date | None = None
    """First day on which they no longer hold."""
    green: Zone | None = None
    """Values with which the customer is satisfied."""
    yellow: Zone | None = None
    """Values with which the customer is neutral."""
    red: Zone | None = None
    """Categories that dissatisfy the customer."""


class Target(Model):
    """The share that the company wants to reach."""

    where: Where | None = None
    """Condition for the segment that the target is for; all interactions if not given."""
    green: GoodShare | None = None
    """Share of green, such as ">= 80 %"."""
    yellow: BadShare | None = None
    """Share of yellow."""
    red: BadShare | None = None
    """Share of red, such as "<= 5 %"."""
    net: NetScore | None = None
    """Green minus red in percentage points, such as ">= 30"."""
    min_rated: Annotated[int, Field(ge=1)] = 30
    """Number of rated interactions below which there is no verdict."""
    warn_at: Share | None = None
    """Part of the budget of reds (with `green`: of yellow and red) at which `check --running` warns, such as "75 %"."""


class Accepted(Model):
    """A missed target that is known and accepted until a date."""

    green: GoodShare | None = None
    """Accepted share of green."""
    yellow: BadShare | None = None
    """Accepted share of yellow."""
    red: BadShare | None = None
    """Accepted share of red."""
    net: NetScore | None = None
    """Accepted net score."""
    until: Date
    """First day on which the miss is no longer accepted."""
    reason: Prose
    """Reason for which the miss is accepted."""
    ticket: str | None = None
    """Ticket that tracks the work on the miss."""


class Change(Model):
    """A change of the service that starts new control limits."""

    at: Date
    """Day of the change."""
    reason: Prose
    """Description of the change."""


class Expected(Model):
    """The changes of shares that an action is to bring, in percentage points."""

    green: MorePoints | None = None
    """Points by which green is to rise, such as "+5 %"."""
    yellow: Points | None = None
    """Points by which yellow is to change."""
    red: LessPoints | None = None
    """Points by which red is to fall, such as "-3 %"."""


class Action(Model):
    """What was done so that a share becomes better."""

    at: Date
    """Day of the action."""
    what: Prose
    """The action in words."""
    owner: str | None = None
    """Person or team that is responsible."""
    expected: Expected | None = None
    """What it is to bring; without it what came after is told, and not held against anything."""
    ticket: str | None = None
    """Ticket that tracks the action."""


class Cost(Model):
    """Costs of an interaction in the document's currency."""

    red: Money | None = None
    """Cost of a red interaction."""
    yellow: Money | None = None
    """Cost of a yellow interaction."""
    minute: Money | None = None
    """Cost of a minute of service."""


class Criterion(Model):
    """One measure of a process with its zones: when customers are satisfied, neutral, dissatisfied."""

    title: Prose | None = None
    """Name of the criterion in tables and reports."""
    description: str | None = None
    """Explanation of the criterion for readers."""
    measure: Measure
    """The measure: one kind of it, with its fields."""
    applies: Where | None = None
    """Condition for the interactions that the criterion is for; all if not given."""
    time: Name | None = None
    """Time field that places the interaction in a period, if it is not the log's `time`."""
    scale: Scale | None = None
    """Lowest and highest possible value; values outside are missing."""
    whole: bool = False
    """Whether only whole numbers are possible; other values are missing."""
    green: Zone | None = None
    """Values with which the customer is satisfied."""
    yellow: Zone | None = None
    """Values with which the customer is neutral; a wider range than green."""
    red: Zone | None = None
    """Categories that dissatisfy the customer; with limits, all other values are red."""
    thresholds: rows_of(ThresholdRow) | None = None  # type: ignore[valid-type]  # the annotation is made by a function
    """Limits by segment and date, instead of green and yellow: the first row that matches counts."""
    abandoned: Abandoned | None = None
    """The way in which interactions count that the customer gave up."""
    asked: Where | None = None
    """Condition for the interactions after which the customer was asked, for the response rate."""
    targets: one_or_rows_of(Target) = ()  # type: ignore[valid-type]  # the annotation is made by a function
    """Shares that the company wants to reach."""
    accepted: Accepted | None = None
    """A missed target that is known and accepted until a date."""
    changes: rows_of(Change) = ()  # type: ignore[valid-type]  # the annotation is made by a function
    """Changes of the service that start new control limits."""
    actions: rows_of(Action) = ()  # type: ignore[valid-type]  # the annotation is made by a function
    """What was done so that the shares become better, and what was expected of it."""
    cost: Cost | None = None
    """Costs of an interaction."""

    @property
    def deciding(self) -> tuple[Any, ...]:
        """What decides its counts: criteria of one log that agree in it count alike, whatever is claimed of them."""
        of_values = (self.measure, self.applies, self.time, self.scale, self.whole)
        return (*of_values, self.green, self.yellow, self.red, self.thresholds, self.abandoned)

    @property
    def rows(self) -> tuple[ThresholdRow, ...]:
        """The limits as rows: those of `thresholds`, or one that holds always."""
        if self.thresholds is not None:
            return tuple(self.thresholds)
        return (ThresholdRow.model_construct(green=self.green, yellow=self.yellow, red=self.red),)


class Economics(Model):
    """What customers bring and cost, for the price of retention."""

    margin: Share
    """Share of what customers spend that is left, such as 30 %."""
    acquisition: Money
    """What it costs to win a customer, in the document's currency."""


class Process(Model):
    """A service process; without log and criteria it is a heading."""

    title: Prose
    """Name of the process in tables and reports."""
    description: str | None = None
    """Explanation of the process for readers."""
    part_of: Name | None = None
    """Id of the process that this process is a part of."""
    scenario: rows_of(Step) = ()  # type: ignore[valid-type]  # the annotation is made by a function
    """Usual course of the process, step by step."""
    log: Log | None = None
    """The log of the process: its columns, and how they are read."""
    criteria: dict[Key, Criterion] = Field(default_factory=dict)
    """Criteria by id."""
    economics: Economics | None = None
    """What customers bring and cost."""


class Document(Model):
    """The service of a company: its processes, and when a customer is satisfied with each."""

    svclight: Literal[1]
    """Version of this format."""
    title: str | None = None
    """Title of the document."""
    description: str | None = None
    """Explanation of the document for readers."""
    owner: str | None = None
    """Person or team that maintains the document."""
    version: str | None = None
    """Version of the document, in the owner's own numbering."""
    reviewed: Date | None = None
    """Day on which somebody last looked whether the document still says what it should."""
    review_every: Every | None = None
    """Time after which it is to be reviewed again, such as `6 months`."""
    language: Literal["en", "ru"] | None = None
    """Language of all that is written from this document; unless given English."""
    time_zone: Name
    """IANA time zone, such as Europe/Berlin: months begin in it, and times without an offset are read in it."""
    currency: str | None = None
    """Currency of `cost`."""
    calendars: dict[Key, Calendar] = Field(default_factory=dict)
    """Working hours by name."""
    processes: dict[Key, Process]
    """Processes of the service by id."""
