"""The definition format, part `log`: where the interactions of a process stand and how they are read.

In: plain data. Out: frozen models, one class a mapping, one attribute a key; `models` puts them together.
"""

from __future__ import annotations

from typing import Annotated, Literal

from pydantic import Discriminator, Field, Tag

from svclight.definition.key_types import (
    Header,
    Model,
    Name,
    NameList,
    Names,
    Sheet,
    Tokens,
    Unit,
    Where,
    rows_of,
    shape_of,
)

FIELD_KINDS = ("time", "number", "span", "flag", "text", "part")


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
    sheet: Sheet | None = None
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
    unit: Unit | None = None
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
    expect: bool = True
    """Whether such rows are expected: it is told where there are none."""


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
    Discriminator(shape_of),
]


class Join(Model):
    """Fields of another log, joined to this one."""

    on: dict[Name, Name]
    """Column of this log: column of the other."""
    keep: Literal["first", "last"] | None = None
    """Which of several rows counts."""
    fields: dict[Name, FieldSpec]
    """Fields of the other log, used as NAME.field."""
    partners: Literal["optional"] | None = None
    """Optional where it is no mistake that no row finds a partner."""
    missing: Tokens = ()
    """Texts read as missing in every column of the other log."""
    read: Read | None = None
    """How the other log's files are written; as the process of that name says, where there is one."""


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
    join: dict[Name, Join] = Field(default_factory=dict)
    """Other logs whose fields are used here."""
