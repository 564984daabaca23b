"""The periods of the page: those of the card, or larger ones to which they are added up where there are very many.

In: a card. Out: `PagePeriods`: columns in calendar order and the counts of each criterion in them, with those of the
segments. A period without data keeps its place.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Final

from svclight.card.light_table import columns_between, light_table, responses_of
from svclight.counts.tidy_tables import keys_as_text
from svclight.thresholds import STATES, ZONES
from svclight.values import clocks
from svclight.wording.languages import period_words

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping, Sequence

    from svclight.card.card_tables import CardTables
    from svclight.card.lights import Column

    Counts = tuple[int, ...]

MOST: Final = 60
"""So many periods can be read in one row; more are added up to larger ones."""
MOST_SEGMENTS: Final = 60
"""The page can be narrowed to so many values of a segment, those with most rated interactions."""
_LARGER: Final = {"day": ("week", "month", "quarter", "year"), "week": ("month", "quarter", "year"),
                  "month": ("quarter", "year"), "quarter": ("year",), "year": ()}  # fmt: skip


@dataclass(frozen=True)
class PagePeriods:
    """The periods that are shown, and what is counted in them.

    Attributes:
        kind: The kind of the periods that are shown.
        larger: For each period of the card the one that is shown, in which it lies.
        is_added_up: Whether they are larger than those of the card.
        columns: The periods in calendar order.
        counts: For each criterion and period the counts of the seven states; a key that is absent has none.
        flags: For each criterion and period its flags.
        responses: For each criterion and period how many were asked and how many answered.
        totals: For each heading and criterion that several of its parts have: the titles, and the counts by period.
    """

    kind: str
    larger: dict[str, str]
    is_added_up: bool
    columns: tuple[Column, ...]
    counts: dict[tuple[str, str, str], Counts]
    flags: dict[tuple[str, str, str], tuple[str, ...]]
    responses: dict[tuple[str, str, str], Counts]
    totals: tuple[tuple[str, str, tuple[Counts, ...]], ...]

    def names(self, lang: str) -> list[str]:
        """What people call the periods."""
        return [f"… {one.skipped:,} …" if one.skipped else period_words(one.label, lang) for one in self.columns]

    def of(self, process: str, criterion: str) -> list[Counts]:
        """The counts of a criterion in each period."""
        none = (0,) * len(STATES)
        return [self.counts.get((process, criterion, column.label), none) for column in self.columns]


def page_periods(card: CardTables) -> PagePeriods:
    """The periods of a card as the page shows them."""
    shares = keys_as_text(card.shares(by=[]), ["process", "criterion", "period"])
    labels = sorted(set(shares["period"]) - {""})
    kind, larger = shown_kind(labels, card.provenance.period)
    counts: dict[tuple[str, str, str], list[int]] = {}
    flags: dict[tuple[str, str, str], tuple[str, ...]] = {}
    columns = [shares[name].tolist() for name in ("process", "criterion", "period", *STATES, "flag")]
    for process, criterion, period, *numbers, flag in zip(*columns, strict=True):
        key = (process, criterion, larger.get(period, ""))
        known = counts.setdefault(key, [0] * len(STATES))
        for place, number in enumerate(numbers):
            known[place] += int(number)
        if kind == card.provenance.period:
            flags[key] = tuple(filter(None, flag.split(", ")))
    columns_shown = columns_between({larger[label] for label in labels}, kind)
    return PagePeriods(
        kind,
        larger,
        kind != card.provenance.period,
        columns_shown,
        {key: tuple(numbers) for key, numbers in counts.items()},
        flags,
        _responses(card, larger),
        tuple(_totals(card, larger, columns_shown)),
    )


def _responses(card: CardTables, larger: Mapping[str, str]) -> dict[tuple[str, str, str], Counts]:
    """How many were asked and how many answered, of criteria that say who was asked."""
    found: dict[tuple[str, str, str], Counts] = {}
    for (process, criterion, period), one in responses_of(card).items():
        asked, answered = found.get((process, criterion, larger.get(period, "")), (0, 0))
        found[process, criterion, larger.get(period, "")] = (asked + one.asked, answered + one.answered)
    return found


def _totals(
    card: CardTables, larger: Mapping[str, str], columns: Sequence[Column]
) -> Iterator[tuple[str, str, tuple[Counts, ...]]]:
    """What the parts of each heading count together, for criteria that several of them have."""
    if not any(process.part_of for process in card.definitions.processes.values()):
        return  # a table of all periods takes its time
    table = light_table(card)
    places = {column.label: place for place, column in enumerate(columns)}
    for row in table.rows:
        if not row.is_total:
            continue
        counts = [[0] * len(ZONES) for _ in columns]
        for column, light in zip(table.columns, row.lights, strict=True):
            for zone in range(len(ZONES)):
                if column.label:
                    counts[places[larger[column.label]]][zone] += light.counts[zone]
        yield table.processes[row.process], row.title, tuple(map(tuple, counts))


def shown_kind(labels: Sequence[str], kind: str) -> tuple[str, dict[str, str]]:
    """The smallest kind of which there are not too many, and the period of that kind in which each label lies.

    Examples:
        >>> from svclight.pages.page_periods import shown_kind
        >>> shown_kind(["2025-12-31", "2026-01-01"], "day")
        ('day', {'2025-12-31': '2025-12-31', '2026-01-01': '2026-01-01'})
        >>> days = [f"2025-{month:02}-{day:02}" for month in range(1, 13) for day in range(1, 29)]
        >>> shown_kind(days, "day")[0], shown_kind(days, "day")[1]["2025-03-05"]
        ('week', '2025-W10')
    """
    found = {label: label for label in labels}
    for one in (kind, *_LARGER[kind]):
        found = {label: _period_around(label, one) for label in labels}
        if len(columns_between(set(found.values()), one)) <= MOST:
            return one, found
    return "year", found


def _period_around(label: str, kind: str) -> str:
    """The period of a kind in which the first day of another lies."""
    own, number = clocks.period_number(label) or ("", 0)
    if own == kind:
        return label
    begin = clocks.period_start(number, own)
    return clocks.period_label(clocks.period_of_day(clocks.day_number(begin), kind), kind)


def segment_counts(card: CardTables, shown: PagePeriods) -> dict[str, dict[str, dict[tuple[str, str], list[Counts]]]]:
    """For each segment and value the counts of green, yellow and red of each criterion in each period."""
    places = {column.label: place for place, column in enumerate(shown.columns)}
    found: dict[str, dict[str, dict[tuple[str, str], list[Counts]]]] = {}
    for name in card.by:
        shares = card.shares(by=[name])
        shares = keys_as_text(
            shares[shares[name].notna() & (shares["period"] != "")], ["process", "criterion", "period", name]
        )
        rated = shares.groupby(name, sort=False)["rated"].sum().sort_values(ascending=False, kind="stable")
        kept = sorted(str(value) for value in rated.index[:MOST_SEGMENTS] if value != "")
        of_values: dict[str, dict[tuple[str, str], list[Counts]]] = {value: {} for value in kept}
        columns = [shares[one].tolist() for one in (name, "process", "criterion", "period", *ZONES)]
        for value, process, criterion, period, *numbers in zip(*columns, strict=True):
            if value in of_values:
                empty: list[Counts] = [(0, 0, 0)] * len(shown.columns)
                mine = of_values[value].setdefault((process, criterion), empty)
                place = places[shown.larger[period]]
                mine[place] = tuple(int(a) + b for a, b in zip(numbers, mine[place], strict=True))
        found[name] = of_values
    return found
