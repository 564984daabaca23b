"""The definition format, part `measure`: what is measured.

In: plain data. Out: frozen models, one class a measure, one attribute a key; `models` puts them together.
"""

from __future__ import annotations

from typing import Annotated, Any, Literal

from pydantic import ConfigDict, Discriminator, Field, Tag

from svclight.definition.key_types import Amount, AnyNames, Model, Name, NameList, SomeNames, Weight, shape_of


class LastStep(Model):
    """The last time a step happened."""

    last: Name
    """Name of the step."""


Moment = Annotated[Annotated[LastStep, Tag("mapping")] | Annotated[Name, Tag("single")], Discriminator(shape_of)]


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
    minus: AnyNames = ()
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
    same: SomeNames
    """What must be the same: customer, topic."""
    first_only: bool = False
    """Contacts that are repeats themselves are not applicable."""


class Checklist(Model):
    """Percent of the points that apply."""

    items: Annotated[dict[Name, Weight], Field(min_length=1)]
    """Flag field of each item and its weight."""
    critical: NameList = ()
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
    young: Literal["pending", "rated"] = "pending"
    """What customers are whose first contact is younger than the window."""


class Spend(Model):
    """What the customer spent in the window, at each period's end."""

    within: Amount
    """How far back is looked."""
    amount: Name
    """Number field that is added up."""
    young: Literal["pending", "rated"] = "pending"
    """What customers are whose first contact is younger than the window."""


class Measure(Model):
    """What is measured: exactly one of these."""

    model_config = ConfigDict(json_schema_extra={"minProperties": 1, "maxProperties": 1})

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
    worst: SomeNames | None = None
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
