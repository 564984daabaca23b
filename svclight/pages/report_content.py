"""A report of a card as plain data: its parts in their order, with every number already shown as text.

In: a card, and verdicts on targets or none. Out: `Summary`, frozen values that HTML, Markdown and Excel render without
counting anything themselves. No text of a log's line and no id of a customer is in it. Segments are added up; of the
newest period that can be judged each criterion also has its segments.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, Final

from svclight.card.card_tables import check_card
from svclight.card.light_table import light_table, responses_of, zone_targets
from svclight.card.lights import STATE_WORDS, Light, LightTable
from svclight.card.summary import summary_lines
from svclight.card.value_bars import NUMERIC
from svclight.counts.tidy_tables import rows_of
from svclight.definition.criterion_id import CriterionId
from svclight.pages.report_rest import Rest, rest_of
from svclight.thresholds import ZONES
from svclight.wording import short_phrases
from svclight.wording.shares import interval_text, number_text, share_text, target_ends, targets_told

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    import pandas as pd

    from svclight.card.course_table import Course
    from svclight.card.lights import LightRow
    from svclight.card.summary import SummaryLine
    from svclight.scorecard import Scorecard
    from svclight.wording.shares import Ends

MOST_SEGMENTS: Final = 60
"""Segments of a criterion are listed up to so many, those with most rated interactions."""


@dataclass(frozen=True)
class Part:
    """A period or a segment of a criterion, as it is shown.

    Attributes:
        name: The period, or the segment's values.
        light: Its counts and flags.
        shares: For green, yellow and red the share and its interval, `81.1 %` and `79.1 to 82.9`.
        net: The net score and its interval.
    """

    name: str
    light: Light
    shares: tuple[tuple[str, str], ...]
    net: tuple[str, str]


@dataclass(frozen=True)
class CriterionPart:
    """The part of a report on one criterion."""

    process: str
    criterion: str
    process_title: str
    title: str
    description: str
    facts: tuple[tuple[str, str], ...]
    limits: tuple[tuple[str, str, str, str], ...]
    has_values: bool
    months: tuple[Part, ...]
    row: LightRow
    reasons: tuple[tuple[str, str, str], ...]
    amounts: tuple[SummaryLine, ...]
    segments_of: str
    segments: tuple[Part, ...]
    segments_left_out: int

    @property
    def has_responses(self) -> bool:
        """Whether it says who was asked."""
        return self.row.total.response is not None


@dataclass(frozen=True)
class Summary:
    """The report's content.

    Attributes:
        title: The definitions' title.
        facts: What it is measured by and from when: name and text.
        logs: Process, files, rows, interactions and rejected lines of each log.
        excluded: Process, reason and count of what is left out by rule, of every criterion of the process alike.
        notices: What else must be seen.
        table: The traffic-light table.
        kind: The kind of period.
        by: The segments by which the card is split.
        criteria: In the order of the definitions.
        rejected: File, reason and count of lines that could not be read.
        lines: File, line and reason of the first of them.
        unread: Log, field, filled cells, unread cells, their share, an example, a way out: of fields with such cells.
        joins: Process, joined log, rows, rows with a partner, rows of the joined log.
        courses: How the cases of event logs follow the usual course, one a process.
        checks: Head and rows of the verdicts on targets, empty where there are none.
    """

    title: str
    facts: tuple[tuple[str, str], ...]
    logs: tuple[tuple[str, ...], ...]
    excluded: tuple[tuple[str, ...], ...]
    notices: tuple[str, ...]
    table: LightTable
    kind: str
    by: tuple[str, ...]
    criteria: tuple[CriterionPart, ...]
    rejected: tuple[tuple[str, ...], ...]
    lines: tuple[tuple[str, ...], ...]
    unread: tuple[tuple[str, ...], ...]
    joins: tuple[tuple[str, ...], ...]
    courses: tuple[Course, ...]
    checks: tuple[tuple[str, ...], tuple[tuple[str, ...], ...]]

    @property
    def has_amounts(self) -> bool:
        """Whether something was measured in numbers."""
        return any(part.amounts for part in self.criteria)


def summarize(card: Scorecard, checks: Any = None) -> Summary:
    """The report of a card as plain data: its parts in their order, every number as text.

    Args:
        card: What was counted.
        checks: Verdicts on targets, as `check` gives them; a table stands in its `table`.
    """
    check_card(card, "svclight.report.summarize")
    table = light_table(card)
    amounts = summary_lines(card)
    shares = {tuple(row[:3]): row for row in _share_rows(card.shares(by=[]), 3)}
    rest = rest_of(card, "en")
    return Summary(
        title=table.title,
        facts=rest.facts,
        logs=rest.logs,
        excluded=rest.excluded,
        notices=rest.notices,
        table=table,
        kind=table.kind,
        by=card.by,
        criteria=tuple(_criterion_part(card, table, row, shares, (amounts, rest)) for row in table.criterion_rows),
        rejected=rest.rejected,
        lines=rest.lines,
        unread=rest.unread,
        joins=rest.joins,
        courses=rest.courses,
        checks=_check_rows(checks, card),
    )


def _criterion_part(
    card: Scorecard, table: LightTable, row: LightRow, shares: dict[Any, Any], more: tuple[Sequence[SummaryLine], Rest]
) -> CriterionPart:
    """The part of the report on one criterion."""
    amounts, rest = more
    definition = card.definitions.processes[row.process].criteria[row.criterion]
    ends = target_ends(definition)["net"]
    months = tuple(
        _period_part(column.heading, light, shares.get((row.process, row.criterion, column.label)), ends)
        for column, light in zip(table.columns, row.lights, strict=True)
    )
    period, segments = _segment_parts(card, row, table)
    return CriterionPart(
        process=row.process,
        criterion=row.criterion,
        process_title=table.processes[row.process],
        title=row.title,
        description=definition.description or "",
        facts=tuple(short_phrases.measure_facts(definition, card.definitions.processes[row.process])),
        limits=tuple(short_phrases.limit_rows(definition)),
        has_values=definition.measure.kind in NUMERIC and not row.card,  # an item is kept or not
        months=months,
        row=row,
        reasons=rest.reasons[CriterionId(row.process, row.criterion)],
        amounts=tuple(one for one in amounts if (one.process, one.criterion) == (row.process, row.criterion)),
        segments_of=period,
        segments=segments[:MOST_SEGMENTS],
        segments_left_out=max(len(segments) - MOST_SEGMENTS, 0),
    )


def _period_part(name: str, light: Light, row: Any, net_ends: Ends) -> Part:
    """A period or segment as it is shown.

    `row` holds the columns of `Scorecard.shares` after its keys; None where there is no such row. `net_ends` are those
    of the targets of the net score.
    """
    if row is None or not light.rated_count:
        return Part(name, light, (("no data", ""),) * len(ZONES), ("no data", ""))
    numbers = row[-1]
    shares = tuple(
        (shown, interval_text(numbers[f"{zone}_share_low"], numbers[f"{zone}_share_high"], ends))
        for zone, shown, ends in zip(ZONES, light.percentages, light.targets, strict=True)
    )
    net, low, high = (_net_text(numbers[column], net_ends) for column in ("net", "net_low", "net_high"))
    return Part(name, light, shares, (net, f"{low} to {high}"))


def _net_text(number: float, ends: Ends) -> str:
    return number_text(number, ends, signed=True).replace("-", "\N{MINUS SIGN}")


def _share_rows(shares: pd.DataFrame, keys: int) -> Iterator[tuple[Any, ...]]:
    """Keys as text, and the numbers by name."""
    names = [str(name) for name in shares.columns]
    for values in shares.itertuples(index=False, name=None):
        yield (*(str(value) for value in values[:keys]), dict(zip(names[keys:], values[keys:], strict=True)))


def _segment_parts(card: Scorecard, row: LightRow, table: LightTable) -> tuple[str, tuple[Part, ...]]:
    """The newest period of the criterion that can be judged, and its segments, those with most rated first."""
    judged = [
        column.label
        for column, light in zip(table.columns, row.lights, strict=True)
        if light.rated_count and not {"partial", "immature"} & set(light.flags)
    ]
    by = [name for name in card.by if name in card.definitions.segments_of(row.process)]
    if not by or not judged:
        return "", ()
    keys = 3 + len(by)
    shares = card.shares(by=by)
    responses = responses_of(card, by)
    ends = target_ends(card.definitions.processes[row.process].criteria[row.criterion])["net"]
    mine = rows_of(shares[shares["period"] == judged[-1]], CriterionId(row.process, row.criterion))
    parts = []
    for found in _share_rows(mine, keys):
        numbers = found[-1]
        light = Light(
            tuple(int(numbers[state]) for state in STATE_WORDS),
            tuple(filter(None, numbers["flag"].split(", "))),
            responses.get(found[:keys]),
            zone_targets(card, CriterionId(row.process, row.criterion)),
        )
        parts.append(_period_part(" / ".join(name or "(missing)" for name in found[3:keys]), light, found, ends))
    return judged[-1], tuple(sorted(parts, key=lambda part: -part.light.rated_count))


def _check_rows(checks: Any, card: Scorecard) -> tuple[tuple[str, ...], tuple[tuple[str, ...], ...]]:
    if checks is None or not len(checks.table):
        return (), ()
    head = tuple(str(name) for name in checks.table.columns)
    told = targets_told(card.definitions)
    rows = []
    for row in checks.table.to_dict("records"):
        ends = told.get((row["process"], row["criterion"]), {}).get(row["zone"], ())
        rows.append(tuple(_verdict_cell(name, row[name], row["zone"], ends) for name in head))
    return head, tuple(rows)


def _verdict_cell(name: str, value: Any, zone: str, ends: Ends) -> str:
    """The text of a cell of the verdicts: shares in percent, a net score in points, nothing for NaN."""
    if value is None or value != value:  # noqa: PLR0124 - not a number
        return ""
    if name in ("share", "low", "high") and isinstance(value, float):
        return number_text(value, ends) if zone == "net" else share_text(value, ends)
    return f"{value:,}" if name == "rated" else str(value)
