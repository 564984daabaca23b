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
    Date,
    DateList,
    Days,
    GreenOrAmount,
    Limit,
    Model,
    Money,
    Name,
    Scale,
    Spans,
    Where,
    Zone,
    one_or_rows_of,
    rows_of,
    shape_of,
)
from svclight.definition.log_models import (
    FIELD_KINDS,
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
)

__all__ = [
    "FIELD_KINDS",
    "WEEKDAYS",
    "Abandoned",
    "Accepted",
    "Calendar",
    "Change",
    "Checklist",
    "Cost",
    "Count",
    "Criterion",
    "Delay",
    "Document",
    "Duration",
    "Exclusion",
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
    "Within",
]


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
    """Who does it: customer, employee, system."""
    action: str | None = None
    """What is done."""


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
        Discriminator(shape_of),
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

    red: Money | None = None
    """Cost of a red interaction."""
    yellow: Money | None = None
    """Cost of a yellow interaction."""
    minute: Money | None = None
    """Cost of a minute of service."""


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
    targets: one_or_rows_of(Target) = ()  # type: ignore[valid-type]  # the annotation is made by a function
    """What share the company wants to reach."""
    accepted: Accepted | None = None
    """A miss that is known and accepted for a time."""
    changes: rows_of(Change) = ()  # type: ignore[valid-type]  # the annotation is made by a function
    """Changes of the service that start new control limits."""
    cost: Cost | None = None
    """What an interaction costs."""

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
    criteria: dict[Name, Criterion] = Field(default_factory=dict)
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
    calendars: dict[Name, Calendar] = Field(default_factory=dict)
    """Working hours by name."""
    processes: dict[Name, Process]
    """The service's processes by id."""
