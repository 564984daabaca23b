"""The traffic-light table as plain data: criteria in rows, periods in columns, a light in each cell.

In: counts and texts. Out: `Light`, `LightRow`, `LightTable` and the colours of zones: frozen values that the terminal,
the notebook, the report and the overview plot show alike, so that none of them counts or rounds on its own.
"""

from __future__ import annotations

from dataclasses import dataclass, replace
from fractions import Fraction
from typing import TYPE_CHECKING, Final

import numpy as np

from svclight.errors import SvclightError, unknown_name
from svclight.statistics.shares import wilson_interval
from svclight.thresholds import STATES, ZONES
from svclight.wording.catalogue import say, say_of
from svclight.wording.languages import (
    interval_words,
    period_words,
    share_words,
    whole_number,
)
from svclight.wording.zone_words import flag_word, zone_members

if TYPE_CHECKING:
    from collections.abc import Iterator

    from svclight.wording.shares import Ends

LETTERS: Final = {"green": "G", "yellow": "Y", "red": "R"}
NOT_RATED: Final = STATES[len(ZONES) :]
STATE_WORDS: Final = {state: state.replace("_", " ") for state in STATES}


@dataclass(frozen=True)
class Paint:
    """Colour of a zone and a colour in which text on it can be read."""

    fill: str
    text: str


PALETTES: Final = {
    "svclight": {
        "green": Paint("#9fd8a8", "#0d2b14"),
        "yellow": Paint("#c78500", "#1c1200"),
        "red": Paint("#7f1424", "#ffffff"),
    },
    "classic": {
        "green": Paint("#3fae5a", "#04150a"),
        "yellow": Paint("#ffd43b", "#2b2100"),
        "red": Paint("#d1242f", "#ffffff"),
    },
}
"""Colours of the zones: the first palette stays apart in grey and for colour-blind readers, the other is the usual."""
OUTLINE: Final = "#2b2f36"
"""The dark outline that stands around every colour."""


def paints_of(palette: str) -> dict[str, Paint]:
    """The colours of the zones in a palette.

    Raises:
        SvclightError: There is no such palette.
    """
    if palette not in PALETTES:
        raise SvclightError(unknown_name("unknown palette", palette, PALETTES))
    return PALETTES[palette]


@dataclass(frozen=True)
class Response:
    """The number of customers asked, and of those who answered; `lang` is the language in which they are shown."""

    asked: int
    answered: int
    lang: str = "en"

    @property
    def share(self) -> str:
        """The response rate as it is shown; `no data` where nobody was asked."""
        return share_words(Fraction(self.answered, self.asked), self.lang) if self.asked else say("no data", self.lang)

    @property
    def interval(self) -> str:
        """Its interval in percent (Wilson, 95 %), `41.0 to 49.5`; empty where nobody was asked."""
        if not self.asked:
            return ""
        low, high = wilson_interval(np.array([self.answered]), np.array([self.asked]))
        return interval_words(low[0], high[0], self.lang).removesuffix(" %")


@dataclass(frozen=True)
class Light:
    """One criterion in one period.

    Attributes:
        counts: A count for each of the seven states.
        flags: The flags of its shares.
        response: Who was asked, and who answered.
        targets: For each zone the ends of its declared targets in percent, from which its share is told.
        lang: The language in which it is shown.
    """

    counts: tuple[int, ...] = (0,) * len(STATES)
    flags: tuple[str, ...] = ()
    response: Response | None = None
    targets: tuple[Ends, ...] = ((),) * len(ZONES)
    lang: str = "en"

    @property
    def rated_count(self) -> int:
        """Green, yellow and red together."""
        return sum(self.counts[: len(ZONES)])

    @property
    def not_rated_count(self) -> int:
        """The other four states together."""
        return sum(self.counts[len(ZONES) :])

    @property
    def zone(self) -> str:
        """The zone that holds most rated interactions, on a tie the worse; empty where nothing is rated."""
        if not self.rated_count:
            return ""
        rated = self.counts[: len(ZONES)]
        return max(zip(rated, range(len(ZONES)), ZONES, strict=True))[2]  # on a tie the greater place, which is worse

    @property
    def percentages(self) -> tuple[str, ...]:
        """The shares of green, yellow and red as they are shown, `81.1 %`; `no data` where nothing is rated."""
        if not self.rated_count:
            return (say("no data", self.lang),) * len(ZONES)
        counts = self.counts[: len(ZONES)]
        return tuple(
            share_words(Fraction(count, self.rated_count), self.lang, ends)
            for count, ends in zip(counts, self.targets, strict=True)
        )

    @property
    def share(self) -> str:
        """The green share as it is shown."""
        return self.percentages[0]

    @property
    def flags_in_words(self) -> tuple[str, ...]:
        """Its flags in words."""
        return tuple(flag_word(flag, self.lang) for flag in self.flags)

    def in_words(self) -> str:
        """All counts, flags and the response rate of the light in words."""
        named = [(zone_members(state, self.lang), count) for state, count in zip(STATES, self.counts, strict=True)]
        parts = [f"{word} {whole_number(count, self.lang)}" for word, count in named if count]
        parts += self.flags_in_words
        if self.response is not None:
            share, asked = self.response.share, whole_number(self.response.asked, self.lang)
            parts.append(say("response rate {share} of {count} asked", self.lang, share=share, count=asked))
        return ", ".join(parts) or say("no data", self.lang)


@dataclass(frozen=True)
class Column:
    """A period, or with `skipped` a stretch of so many periods without data; `lang` is that of its heading."""

    label: str
    skipped: int = 0
    lang: str = "en"

    @property
    def heading(self) -> str:
        """The text over the column."""
        if self.skipped:
            return f"… {whole_number(self.skipped, self.lang)} …"
        year, is_week, week = self.label.partition("-W")
        if is_week:  # a week in words is longer than its numbers
            return say_of("head of a column", "W{week} {year}", self.lang, week=int(week), year=year)
        return period_words(self.label, self.lang)


@dataclass(frozen=True)
class LightRow:
    """One criterion.

    Attributes:
        process: Id of the process.
        criterion: Id of the criterion.
        title: What people call it.
        lights: One for each column.
        total: All periods together, and what is in none.
        undated: Interactions without a usable time: in the total, in no column.
        counted: What is counted: `interactions`, `cases` of an event log, or `customers` at each period's end.
        card: For the item of a quality card the card's id; else empty.
        short: The title where it stands under the card's.
        is_total: Whether it is the total of a heading: what several processes count in criteria of this name.
        lang: The language in which its counts are shown.
    """

    process: str
    criterion: str
    title: str
    lights: tuple[Light, ...]
    total: Light
    undated: int
    counted: str = "interactions"
    card: str = ""
    short: str = ""
    is_total: bool = False
    lang: str = "en"

    @property
    def name(self) -> str:
        """The name of the criterion under the heading of its card, if it is an item; else its title."""
        return self.short or self.title

    @property
    def rest(self) -> dict[str, int]:
        """The counts of the states that are not rated, over the whole log."""
        return dict(zip(NOT_RATED, self.total.counts[len(ZONES) :], strict=True))

    @property
    def rest_in_words(self) -> str:
        """These counts in words, `3 pending, 1 missing`; `none` where all are rated."""
        counts = {state: whole_number(count, self.lang) for state, count in self.rest.items() if count}
        return ", ".join(f"{count} {zone_members(state, self.lang)}" for state, count in counts.items()) or say_of(
            "not rated", "none", self.lang
        )


@dataclass(frozen=True)
class LightTable:
    """The whole table.

    Attributes:
        title: The definitions' title.
        origin: Version, hash, time zone and `as_of` in one line.
        kind: Kind of period: day, week, month, quarter, year.
        columns: The periods from the first to the last.
        rows: The criteria in the order of the definitions.
        processes: Titles of the processes in rows, by id.
        notes: What else must be seen: notices, rejected lines, interactions without a usable time.
        lang: The language in which it is shown.
    """

    title: str
    origin: str
    kind: str
    columns: tuple[Column, ...]
    rows: tuple[LightRow, ...]
    processes: dict[str, str]
    notes: tuple[str, ...]
    lang: str = "en"

    def groups(self) -> Iterator[tuple[str, tuple[LightRow, ...]]]:
        """The title of each process, and its rows."""
        for process, title in self.processes.items():
            yield title, tuple(row for row in self.rows if row.process == process)

    @property
    def has_responses(self) -> bool:
        """Whether a criterion says who was asked."""
        return any(light.response is not None for row in self.rows for light in (*row.lights, row.total))

    @property
    def criterion_rows(self) -> tuple[LightRow, ...]:
        """The rows of criteria, without the totals of headings."""
        return tuple(row for row in self.rows if not row.is_total)

    def newest(self, most: int) -> tuple[LightTable, int]:
        """The table with at most so many columns, the newest ones, and the number of periods left out."""
        left_out = self.columns[: max(len(self.columns) - most, 0)]
        cut = len(left_out)
        rows = tuple(replace(row, lights=row.lights[cut:]) for row in self.rows)
        return replace(self, columns=self.columns[cut:], rows=rows), sum(column.skipped or 1 for column in left_out)
