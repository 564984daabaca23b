"""The traffic-light table as plain data: criteria in rows, periods in columns, a light in each cell.

In: a card. Out: `LightTable`, frozen values that the terminal, the notebook, the report and the overview plot show
alike, so that none of them counts or rounds on its own. A period without data keeps its place; a long stretch of such
periods (a mistyped year) becomes one column that says how many it stands for. What is in no period is said in `notes`.
"""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import TYPE_CHECKING, Final

import numpy as np

from svclight import clocks
from svclight._origin import of_customers_alone, origin, rejected, undated
from svclight._words import plural
from svclight.customers import of_customers
from svclight.errors import Issue, SvclightError, guess, listed, quoted
from svclight.stats import shown_percentages, wilson
from svclight.thresholds import STATES, ZONES

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Mapping

    import pandas as pd

    from svclight.models import Criterion
    from svclight.scorecard import Scorecard

__all__ = (
    "LETTERS", "LONGEST_GAP", "NOT_RATED", "NO_DATA", "OUTLINE", "PALETTES", "STATE_WORDS", "Column", "Light",
    "LightRow", "LightTable", "Paint", "Response", "card_of", "columns_between", "counted", "find", "light_table",
    "lights_of", "plural", "process_title", "responses_of",
)  # fmt: skip

NO_DATA: Final = "no data"
LETTERS: Final = {"green": "G", "yellow": "Y", "red": "R"}
NOT_RATED: Final = STATES[len(ZONES) :]
STATE_WORDS: Final = {state: state.replace("_", " ") for state in STATES}
LONGEST_GAP: Final = 24
"""More periods in a row without any data than this become one column."""


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


@dataclass(frozen=True)
class Response:
    """How many of those asked answered."""

    asked: int
    answered: int

    @property
    def share(self) -> str:
        """The response rate as it is shown; `no data` where nobody was asked."""
        shown = shown_percentages((self.answered, self.asked - self.answered))[0]
        return f"{shown} %" if shown else NO_DATA

    @property
    def interval(self) -> str:
        """Its interval in percent (Wilson, 95 %), `41.0 to 49.5`; empty where nobody was asked."""
        if not self.asked:
            return ""
        low, high = wilson(np.array([self.answered]), np.array([self.asked]))
        return f"{100 * low[0]:.1f} to {100 * high[0]:.1f}"


@dataclass(frozen=True)
class Light:
    """One criterion in one period: a count for each of the seven states, the flags of its shares, the response."""

    counts: tuple[int, ...] = (0,) * len(STATES)
    flags: tuple[str, ...] = ()
    response: Response | None = None

    @property
    def rated(self) -> int:
        """Green, yellow and red together."""
        return sum(self.counts[: len(ZONES)])

    @property
    def not_rated(self) -> int:
        """The other four states together."""
        return sum(self.counts[len(ZONES) :])

    @property
    def zone(self) -> str:
        """The zone that holds most rated interactions, on a tie the worse; empty where nothing is rated."""
        if not self.rated:
            return ""
        rated = self.counts[: len(ZONES)]
        return max(zip(rated, range(len(ZONES)), ZONES, strict=True))[2]

    @property
    def letter(self) -> str:
        """G, Y or R; empty where nothing is rated."""
        return LETTERS.get(self.zone, "")

    @property
    def percentages(self) -> tuple[str, ...]:
        """The shares of green, yellow and red as they are shown, `81.1 %`; `no data` where nothing is rated."""
        return tuple(f"{text} %" if text else NO_DATA for text in shown_percentages(self.counts[: len(ZONES)]))

    @property
    def share(self) -> str:
        """The green share as it is shown."""
        return self.percentages[0]

    def said(self) -> str:
        """All that is known of it in words."""
        named = [(STATE_WORDS[state], count) for state, count in zip(STATES, self.counts, strict=True)]
        parts = [f"{word} {count:,}" for word, count in named if count]
        parts += self.flags
        if self.response is not None:
            parts.append(f"response rate {self.response.share} of {self.response.asked:,} asked")
        return ", ".join(parts) or NO_DATA


@dataclass(frozen=True)
class Column:
    """A period, or with `skipped` a stretch of so many periods without data."""

    label: str
    skipped: int = 0

    @property
    def heading(self) -> str:
        """What stands over the column."""
        return f"… {self.skipped:,} …" if self.skipped else self.label


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

    @property
    def name(self) -> str:
        """What it is called where its card stands above it."""
        return self.short or self.title

    @property
    def rest(self) -> dict[str, int]:
        """What is not rated, by state, of the whole log."""
        return dict(zip(NOT_RATED, self.total.counts[len(ZONES) :], strict=True))


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
    """

    title: str
    origin: str
    kind: str
    columns: tuple[Column, ...]
    rows: tuple[LightRow, ...]
    processes: dict[str, str]
    notes: tuple[str, ...]

    def groups(self) -> Iterator[tuple[str, tuple[LightRow, ...]]]:
        """The title of each process, and its rows."""
        for process, title in self.processes.items():
            yield title, tuple(row for row in self.rows if row.process == process)

    @property
    def has_responses(self) -> bool:
        """Whether a criterion says who was asked."""
        return any(light.response is not None for row in self.rows for light in (*row.lights, row.total))

    def newest(self, most: int) -> tuple[LightTable, int]:
        """The table with at most so many columns, the newest ones, and the number of periods left out."""
        left_out = self.columns[: max(len(self.columns) - most, 0)]
        cut = len(left_out)
        rows = tuple(replace(row, lights=row.lights[cut:]) for row in self.rows)
        return replace(self, columns=self.columns[cut:], rows=rows), sum(column.skipped or 1 for column in left_out)


def light_table(card: Scorecard) -> LightTable:
    """The card as a traffic-light table; segments are added up."""
    provenance = card.provenance
    lights = _keyed(card.shares(by=[]))
    labels = sorted({period for _, _, period in lights if period})
    columns = columns_between(labels, provenance.period)
    scored = {log.process for log in provenance.logs} | {process for process, _, _ in lights}
    responses = responses_of(card)
    rows = tuple(
        _row(card, (process, criterion), lights, columns, responses)
        for process, criterion, _ in card.definitions.criteria()
        if process in scored
    )
    processes = {row.process: process_title(card, row.process) for row in rows}
    notes = (
        *provenance.notices,
        *of_customers_alone(rows, processes, provenance.period),
        *undated(rows, processes),
        *rejected(card),
    )
    return LightTable(
        provenance.title or "Traffic lights", origin(card), provenance.period, columns, rows, processes, notes
    )


def lights_of(
    card: Scorecard, process: str, criterion: str, where: Mapping[str, str] | None = None
) -> tuple[tuple[Column, Light], ...]:
    """The lights of one criterion in the order of its periods, of one segment with `where`.

    Raises:
        SvclightError: There is no such process, criterion, segment or segment's value.
    """
    find(card, process, criterion)
    chosen = dict(where or {})
    shares = card.shares(by=list(chosen))
    for name, value in chosen.items():
        known = shares[name].astype(str)
        if str(value) not in set(known):
            hint = guess(value, known.unique())
            raise SvclightError(Issue(f"no interaction has this {name}", found=quoted(value), hint=hint))
    for name, value in {"process": process, "criterion": criterion, **chosen}.items():
        shares = shares[shares[name].astype(str) == str(value)]
    mine = {period: light for (_, _, period), light in _keyed(shares).items()}
    labels = {
        period for of, name, period in _keyed(card.shares(by=[])) if period and (of, name) == (process, criterion)
    }
    columns = columns_between(labels, card.provenance.period)
    return tuple((column, mine.get(column.label, Light()) if column.label else Light()) for column in columns)


def find(card: Scorecard, process: str, criterion: str) -> Criterion:
    """The definition of a criterion.

    Raises:
        SvclightError: There is no such process or criterion.
    """
    processes = card.definitions.processes
    if process not in processes:
        raise SvclightError(
            Issue("unknown process", found=quoted(process), expected=listed(processes), hint=guess(process, processes))
        )
    criteria = processes[process].criteria
    if criterion not in criteria:
        raise SvclightError(
            Issue(
                f"the process {process} has no such criterion",
                found=quoted(criterion),
                expected=listed(criteria) or "none: it is a heading",
                hint=guess(criterion, criteria),
            )
        )
    return criteria[criterion]


def columns_between(labels: Iterable[str], kind: str) -> tuple[Column, ...]:
    """All periods from the first to the last of `labels`, those without data included."""
    columns: list[Column] = []
    last: int | None = None
    for label in sorted(labels):
        found = clocks.period_number(label)
        number = found[1] if found else 0
        empty = 0 if last is None else number - last - 1
        if empty > LONGEST_GAP:
            columns.append(Column("", empty))
        else:
            columns += [Column(clocks.period_label(number - back, kind)) for back in range(empty, 0, -1)]
        columns.append(Column(label))
        last = number
    return tuple(columns)


def process_title(card: Scorecard, process: str) -> str:
    """The title of a process after those it is a part of: `Customer support / Hotline`."""
    titles: list[str] = []
    seen: set[str] = set()
    name: str | None = process
    while name is not None and name in card.definitions.processes and name not in seen:
        seen.add(name)
        titles.append(card.definitions.title(name))
        name = card.definitions.processes[name].part_of
    return " / ".join(reversed(titles))


def _keyed(shares: pd.DataFrame) -> dict[tuple[str, str, str], Light]:
    keys = zip(*(shares[name].astype(str) for name in ("process", "criterion", "period")), strict=True)
    counts = shares[list(STATES)].to_numpy().tolist()
    flags = [tuple(flag.split(", ")) if flag else () for flag in shares["flag"].astype(str)]
    return {key: Light(tuple(map(int, row)), marks) for key, row, marks in zip(keys, counts, flags, strict=True)}


def _row(
    card: Scorecard,
    of: tuple[str, str],
    lights: dict[tuple[str, str, str], Light],
    columns: tuple[Column, ...],
    responses: Mapping[tuple[str, ...], Response],
) -> LightRow:
    mine = {key[2]: replace(light, response=responses.get(key)) for key, light in lights.items() if key[:2] == of}
    total = tuple(sum(light.counts[place] for light in mine.values()) for place in range(len(STATES)))
    undated = sum(mine[""].counts) if "" in mine else 0
    cells = tuple(mine.get(column.label, Light()) if column.label else Light() for column in columns)
    asked = [response for key, response in responses.items() if key[:2] == of]
    whole = Response(sum(one.asked for one in asked), sum(one.answered for one in asked)) if asked else None
    owner = card_of(card, *of)
    short = of[1].removeprefix(f"{owner}.").replace("_", " ") if owner else ""
    return LightRow(
        *of, card.definitions.title(*of), cells, Light(total, response=whole), undated, counted(card, *of), owner, short
    )


def responses_of(card: Scorecard, by: Iterable[str] = ()) -> dict[tuple[str, ...], Response]:
    """How many were asked and answered by process, criterion, period and the segments that are kept."""
    keys = ["process", "criterion", "period", *by]
    table = card.responses.astype(dict.fromkeys(keys, str)).groupby(keys, sort=False)[["asked", "answered"]].sum()
    pairs = zip(table["asked"].tolist(), table["answered"].tolist(), strict=True)
    return {key: Response(*pair) for key, pair in zip(table.index, pairs, strict=True)}


def card_of(card: Scorecard, process: str, criterion: str) -> str:
    """The quality card whose item a criterion is, or nothing."""
    owner, dot, _ = criterion.partition(".")
    return owner if dot and owner in card.definitions.processes[process].criteria else ""


def counted(card: Scorecard, process: str, criterion: str) -> str:
    """What a criterion counts: customers at each period's end, cases of an event log, or interactions."""
    definition = card.definitions.processes[process]
    if of_customers(definition.criteria[criterion], definition):
        return "customers"
    return "cases" if definition.log is not None and definition.log.rows == "events" else "interactions"
