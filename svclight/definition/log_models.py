"""The definition format, part `log`: where the interactions of a process stand and how they are read.

In: plain data. Out: frozen models, one class a mapping, one attribute a key; `models` puts them together.
"""

from __future__ import annotations

from typing import Annotated, Literal

from pydantic import Discriminator, Field, Tag

from svclight.definition.conditions import tests_in
from svclight.definition.key_types import (
    Date,
    Header,
    Key,
    Model,
    Name,
    NameList,
    Names,
    Offset,
    Prose,
    Share,
    Sheet,
    SomeNames,
    Thousands,
    Tokens,
    Unit,
    Where,
    rows_of,
    shape_of,
)
from svclight.definition.measure_models import Moment  # noqa: TC001 - the models need it when they are built

FIELD_KINDS = ("time", "number", "span", "flag", "text", "part", "sum", "difference", "when", "filled")
NUMBERS = ("number", "span", "sum", "difference")
"""Kinds of fields that are numbers."""
FLAGS = ("flag", "when", "filled")
"""Kinds of fields that are true or false."""


class Read(Model):
    """The way in which the log's files are written."""

    delimiter: Annotated[str, Field(min_length=1, max_length=1)] | None = None
    """Character between columns; a comma (a tab in .tsv files) unless given."""
    encoding: Name | None = None
    """Text encoding, such as utf-8 or cp1251; utf-8 unless given."""
    decimal: Literal[".", ","] = "."
    """Decimal mark of numbers."""
    thousands: Thousands | None = None
    """Sign between groups of three digits; a blank stands for every kind of blank, an apostrophe for both."""
    quote: Annotated[str, Field(max_length=1)] = '"'
    """Quoting character; empty if cells are not quoted."""
    skip: Annotated[int, Field(ge=0)] = 0
    """So many lines (rows of a sheet) are passed over first; `header` counts from there."""
    header: Header = 1
    """Line with the column names, or several, whose names are joined by a blank; false if there is none (columns are
    then 1, 2, 3); or the names themselves."""
    columns: SomeNames | None = None
    """Names of the columns, where no line has them."""
    short_lines: Literal["pad"] | None = None
    """A line with too few columns is taken as if empty cells stood at its end; without it, it is rejected."""
    sheet: Sheet | None = None
    """Sheet of an Excel file, by name or number from 1; the first unless given."""
    path: Name | None = None
    """Dotted place in a JSON document under which the rows stand: data.items."""

    @property
    def names(self) -> tuple[str, ...] | None:
        """The names of the columns that the definition gives; None where a line of the file has them."""
        given = self.columns or (self.header if isinstance(self.header, tuple) else ())
        return tuple(name for name in given if isinstance(name, str)) or None

    @property
    def header_lines(self) -> tuple[int, ...]:
        """The lines of the names, from 1, after those that are skipped; none where no line has names."""
        if self.header is False or self.names:
            return ()
        lines = self.header if isinstance(self.header, tuple) else (self.header,)
        return tuple(line for line in lines if not isinstance(line, str))


class FieldSpec(Model):
    """A typed name over raw columns, or over other fields; it is exactly one of its kinds."""

    time: Names | None = None
    """Column of a time; several are joined by one space."""
    number: Name | None = None
    """Column of a number."""
    span: Name | None = None
    """Column of a length of time such as 1:02:03, 3m 11s, PT3M11S; it counts in seconds."""
    flag: Name | None = None
    """Column of true and false."""
    text: Name | None = None
    """Column of text."""
    part: Literal["hour", "weekday", "date"] | None = None
    """Part of a time field: hour, weekday or date; needs `of`."""
    sum: SomeNames | None = None
    """Number fields of one unit that are added."""
    difference: SomeNames | None = None
    """Number fields of one unit: the first one less all others."""
    when: Where | None = None
    """Condition: true if the row meets it, else false; never missing."""
    filled: Name | None = None
    """Column: true if its cell is not missing, else false."""
    of: Name | None = None
    """Time field that the part is taken from."""
    format: Names | None = None
    """Format of the time: as for Python's strptime, or unix, unix_ms, excel, or a list of which the first that reads
    the whole cell counts; ISO 8601 unless given. Of a span, what two parts mean: h:mm or m:ss."""
    time_zone: Name | None = None
    """Time zone of times without an offset; the document's unless given."""
    zones: dict[Key, Offset] | None = None
    """Names of time zones in the cells (%Z), and their distance from UTC; UTC, GMT and Z need none."""
    clock_change: Literal["earlier", "later"] | None = None
    """Reading that counts for a time in the hour that a clock change repeats or skips."""
    unit: Unit | None = None
    """Unit of the number: ms, s, min, h, d, wk, %, share (a fraction of 1), or any word; its sign may stand beside the
    number in a cell."""
    averaged: bool = False
    """Whether the number is the mean of what its row stands for, in a log with a weight."""
    empty: Literal[0] | None = None
    """What stands for an empty cell in a sum or difference; without it the whole is missing."""
    true_values: Tokens | None = None
    """Texts that mean true."""
    false_values: Tokens | None = None
    """Texts that mean false."""
    at: Moment | None = None
    """In an event log: the cell at that step of the case, or at {last: STEP}, and not the last known one."""
    missing: Tokens = ()
    """Texts read as missing, besides those of the log."""
    max_unread: Share | None = None
    """Share of the field's cells that may be unread; the log's unless given."""

    @property
    def kind(self) -> str:
        """The one key that says what the field is."""
        return next(kind for kind in FIELD_KINDS if getattr(self, kind) is not None)

    @property
    def columns(self) -> tuple[str, ...]:
        """The raw columns it reads; none for a field that is made of others."""
        if self.time is not None:
            return self.time
        return tuple(name for name in (self.number, self.span, self.flag, self.text, self.filled) if name is not None)

    @property
    def parts(self) -> tuple[str, ...]:
        """The fields that a sum or difference is made of."""
        return self.sum or self.difference or ()

    @property
    def uses(self) -> tuple[str, ...]:
        """The fields and columns that it is made of, where it is made of others."""
        tested = tuple(test.column for test in tests_in(self.when))
        return (*self.parts, *tested, *((self.of,) if self.part is not None and self.of is not None else ()))


class Exclusion(Model):
    """Rows that are left out, and the reason for it."""

    where: Where
    """Condition that these rows meet."""
    reason: Prose
    """Reason for leaving them out; every report shows it."""
    expect: bool = True
    """Whether such rows are expected; if not, nothing is said where there are none."""


class RepeatedIds(Model):
    """The choice among rows that share an id."""

    keep: Literal["first", "last"]
    """Whether the first or the last row stays."""
    by: Name | None = None
    """Field that puts the rows in an order; unless given, they stay as they stand in the log."""


class StepWhere(Model):
    """A step that events are recognised as by a condition."""

    where: Where
    """Condition that the events of this step meet."""


StepSpec = Annotated[
    Annotated[StepWhere, Tag("mapping")] | Annotated[Names, Tag("list")] | Annotated[Names, Tag("single")],
    Discriminator(shape_of),
]


class Join(Model):
    """Fields of another log, joined to this one."""

    on: dict[Key, Name]
    """Column of this log, and the column of the other log that must equal it."""
    keep: Literal["first", "last"] | None = None
    """Whether the first or the last of several matching rows counts."""
    fields: dict[Key, FieldSpec]
    """Fields of the other log, used as NAME.field."""
    partners: Literal["optional"] | None = None
    """Optional where it is no mistake that no row finds a partner."""
    missing: Tokens = ()
    """Texts read as missing in every column of the other log."""
    read: Read | None = None
    """The way in which the other log's files are written; unless given, as for the process of that name."""


class Log(Model):
    """The log of a process: what its rows are, and how its columns are read."""

    rows: Literal["interactions", "events", "totals"] = "interactions"
    """Kind of row: interactions, events of cases, or counts already, such as half-hours of a queue."""
    id: Names | None = None
    """Column or columns that identify an interaction or a case."""
    time: Name
    """Time field that places an interaction in its period."""
    begins: Name | None = None
    """Time field of the moment from which the row exists, if it is not `time`."""
    since: Date | None = None
    """Day from which the log is complete; the day of the first interaction unless given."""
    calendar: Name | None = None
    """Calendar of the days on which the service is open; every day unless given."""
    customer: Name | None = None
    """Column with the id of the customer."""
    customer_may_be_shown: bool = False
    """Whether results may be split by the customer, so that ids of customers stand in reports and saved cards."""
    weight: Name | None = None
    """Column with the number of interactions that a row stands for."""
    segments: NameList | None = None
    """Columns by which results may be split."""
    missing: Tokens = ()
    """Texts read as missing in every column; empty cells always are."""
    max_unread: Share | None = None
    """Share of each field's cells that may be unread; 1 % unless given."""
    read: Read = Read()
    """Delimiter, encoding and the like of the log's files."""
    fields: dict[Key, FieldSpec] | None = None
    """Typed names over raw columns."""
    exclude: rows_of(Exclusion) = ()  # type: ignore[valid-type]  # the annotation is made by a function
    """Rows that are no interactions."""
    repeated_ids: RepeatedIds | None = None
    """The choice among rows that share an id."""
    step: Name | None = None
    """Column that names the step (events)."""
    steps: dict[Key, StepSpec] | None = None
    """Steps by name: the value in the `step` column, a list of values, or {where: condition} (events)."""
    ends: NameList | None = None
    """Steps with which a case ends (events)."""
    repeated_rows: Literal["drop"] | None = None
    """drop, to count events once that are equal in every column (events)."""
    join: dict[Key, Join] = Field(default_factory=dict)
    """Other logs by name, whose fields are used in this process."""
