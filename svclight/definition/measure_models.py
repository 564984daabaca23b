"""The definition format, part `measure`: what is measured.

In: plain data. Out: frozen models, one class a measure, one attribute a key; `models` puts them together.
"""

from __future__ import annotations

from typing import Annotated, Any, Literal

from pydantic import ConfigDict, Discriminator, Field, Tag

from svclight.definition.key_types import Amount, AnyNames, Key, Model, Name, NameList, SomeNames, Weight, shape_of


class LastStep(Model):
    """The last event of a step."""

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
    """Calendar whose working time counts; elapsed time unless given."""
    by: Literal["instant", "date"] = "instant"
    """Whether instants are compared, or calendar dates."""
    minus: AnyNames = ()
    """Number fields in a unit of time that are subtracted."""


class Delay(Model):
    """Time by which a promise was missed; negative if early."""

    due: Name
    """Time field of the promise."""
    actual: Name
    """Time field of the moment at which the promise was kept."""
    calendar: Name | None = None
    """Calendar whose working time counts; elapsed time unless given."""
    by: Literal["instant", "date"] = "instant"
    """Whether instants are compared, or calendar dates."""


class Count(Model):
    """Number of times that a step happens in a case."""

    step: Name
    """Name of the step."""
    distinct: Name | None = None
    """Column whose different values are counted instead."""


class Repeat(Model):
    """Later contacts of the same customer within a window."""

    within: Amount
    """The window, such as 7 d."""
    same: SomeNames
    """Columns that must be the same: customer, topic."""
    first_only: bool = False
    """Whether contacts that are repeats themselves are left as not applicable."""


class Checklist(Model):
    """Percent of points reached among the items that apply."""

    items: Annotated[dict[Key, Weight], Field(min_length=1)]
    """Flag field of each item and its weight."""
    critical: NameList = ()
    """Items whose failure makes the result 0."""
    each: bool = False
    """Whether each item is a criterion of its own as well."""
    groups: dict[Key, SomeNames] = Field(default_factory=dict)
    """Items by the name of their group; each group is a criterion of its own, the percent of its own points."""


class Recency(Model):
    """Time since the customer's last interaction, at each period's end."""

    within: Amount
    """Window before the period's end, such as 90 d."""


class Frequency(Model):
    """Interactions of the customer in the window, at each period's end."""

    within: Amount
    """Window before the period's end, such as 90 d."""
    young: Literal["pending", "rated"] = "pending"
    """State of customers whose first interaction is younger than the window."""


class Spend(Model):
    """Sum of the customer's amounts in the window, at each period's end."""

    within: Amount
    """Window before the period's end, such as 90 d."""
    amount: Name
    """Number field of the amounts."""
    young: Literal["pending", "rated"] = "pending"
    """State of customers whose first interaction is younger than the window."""


class Totals(Model):
    """Numbers that are counts already, by the state in which they count."""

    green: NameList = ()
    """Number fields that count satisfied customers."""
    yellow: NameList = ()
    """Number fields that count neutral ones."""
    red: NameList = ()
    """Number fields that count dissatisfied ones."""
    missing: NameList = ()
    """Number fields that count those of whom it is not known."""

    @property
    def states(self) -> dict[str, str]:
        """The state in which each field counts, by its name."""
        return {name: state for state in type(self).model_fields for name in getattr(self, state)}


class Measure(Model):
    """The measure: exactly one of these keys."""

    model_config = ConfigDict(json_schema_extra={"minProperties": 1, "maxProperties": 1})

    value: Name | None = None
    """Number field, taken as it is."""
    duration: Duration | None = None
    """Time from one moment to another."""
    delay: Delay | None = None
    """Time by which a promise was missed."""
    count: Count | None = None
    """Number of times that a step happens (events)."""
    flag: Name | None = None
    """Field of true and false."""
    category: Name | None = None
    """Text field of categories."""
    repeat: Repeat | None = None
    """Number of later contacts about the same."""
    checklist: Checklist | None = None
    """Percent of points of a quality card."""
    worst: SomeNames | None = None
    """Criteria whose worst zone counts."""
    recency: Recency | None = None
    """Time since the customer's last interaction."""
    frequency: Frequency | None = None
    """Interactions of the customer in a window."""
    spend: Spend | None = None
    """Sum that the customer spent in a window."""
    totals: Totals | None = None
    """Numbers that are counts already (totals)."""

    @property
    def kind(self) -> str:
        """The name of the measure."""
        return next(name for name in type(self).model_fields if getattr(self, name) is not None)

    @property
    def spec(self) -> Any:
        """The value under the key of the measure."""
        return getattr(self, self.kind)
