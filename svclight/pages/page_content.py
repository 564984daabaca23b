"""The page of a report as plain data: every text as it is shown, in its order, in the language of the reader.

In: a card, and verdicts on its targets or none. Out: `Page`, which a template lays out without counting anything. Its
first lines are the answer, then a row for each criterion, its months, its details, what to mend, what was not rated,
and where the numbers come from. No text of a log's line and no id of a customer is in it.
"""

from __future__ import annotations

from dataclasses import dataclass, replace
from math import floor
from typing import TYPE_CHECKING, Any, Final
from urllib.parse import quote

from svclight.card.light_table import counted_unit
from svclight.card.summary import summary_table
from svclight.counts.tidy_tables import ids_of, keys_as_text, records_of
from svclight.decisions.verdicts import SIGNS, verdict_words
from svclight.definition.criterion_id import CriterionId
from svclight.pages import answer_words, figures, page_figures, page_words
from svclight.pages.answer import Answer, answer
from svclight.pages.answer_rows import report_notices
from svclight.pages.page_periods import page_periods, segment_counts
from svclight.pages.report_rest import Rest, rest_of
from svclight.thresholds import STATES, ZONES
from svclight.wording import short_phrases
from svclight.wording.catalogue import say, say_counted
from svclight.wording.languages import decimal_sign, interval_words, period_words, whole_number
from svclight.wording.shares import percent_number, target_ends

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping, Sequence

    from svclight.pages.answer_lines import AnswerLine
    from svclight.pages.answer_words import Sentence
    from svclight.pages.page_figures import Drawn
    from svclight.pages.page_periods import PagePeriods
    from svclight.planning.plan import Priorities
    from svclight.scorecard import Scorecard

MOST_LINES: Final = 20
"""So many lines of the plan are shown; how many more there are is said."""
NEWEST_ROWS: Final = 12
"""The table of a criterion's periods shows so many; older ones are folded."""


@dataclass(frozen=True)
class Told:
    """One of the three sentences: its name, its text, the place that it links to, and the class of its colour."""

    name: str
    text: str
    link: str
    colour: str


@dataclass(frozen=True)
class Row:
    """A criterion in the table of all: the worst stands first.

    Attributes:
        key: The id of its details in the page.
        title: What people call it.
        process: What people call its process.
        process_id: The id of its process, by which rows are filtered.
        limits: For whom limits hold, and those of green, yellow and red.
        share: The green share without its sign; empty where nothing is rated.
        interval: Its interval.
        of: How many are rated, and how many not.
        verdict: Code, sign and words of its verdict.
        targets: Its targets.
        change: Code, sign, words and grounds of its change.
        spark: Its periods as small bars.
        is_critical: Whether a target is missed or it got worse.
        order: Numbers by which rows are sorted: share, verdict, change, rated.
    """

    key: str
    title: str
    process: str
    process_id: str
    limits: tuple[tuple[str, str, str, str], ...]
    share: str
    interval: str
    of: tuple[str, str]
    verdict: tuple[str, str, str]
    targets: str
    change: tuple[str, str, str, str]
    spark: str
    is_critical: bool
    order: tuple[float, float, float, float]


@dataclass(frozen=True)
class Month:
    """A period of a criterion as it is shown.

    Attributes:
        name: What it is called.
        flags: What must be known of it.
        rated: How many are rated.
        shares: The shares of green, yellow and red in percent.
        net: Green less red, in points.
        rest: How many are not rated.
        response: The share of those asked who answered; empty where nobody was asked.
    """

    name: str
    flags: str
    rated: str
    shares: tuple[str, ...]
    net: str
    rest: str
    response: str


@dataclass(frozen=True)
class Details:
    """The details of a criterion: facts, figures, periods, reasons, what is counted, what was measured, targets."""

    row: Row
    description: str
    facts: tuple[tuple[str, str], ...]
    figures: tuple[Drawn, ...]
    months: tuple[Month, ...]
    reasons: tuple[tuple[str, str, str], ...]
    counted: str
    amounts: tuple[tuple[str, ...], ...]
    targets: tuple[tuple[str, str, str], ...]

    @property
    def has_responses(self) -> bool:
        """Whether it says who was asked."""
        return any(month.response for month in self.months)


@dataclass(frozen=True)
class ToMend:
    """A line of the plan: its title, its reason, its bar, the amounts in it, the command for its interactions."""

    title: str
    text: str
    bar: str
    amounts: str
    command: str


@dataclass(frozen=True)
class Page:
    """The page.

    Attributes:
        lang: The language.
        title: What is measured.
        eyebrow: What is measured, how many, in which period.
        heading: The verdict on all targets.
        told: The three sentences.
        rows: A row for each criterion.
        kind: What the periods that are shown are called, and the heading of a table by them.
        added_up: That smaller periods were added up; empty where they were not.
        columns: The names of the periods.
        overview: For each criterion its title, its key and its cells: a bar of the zones and the green share.
        details: In the order of the rows.
        plan: What to mend first.
        plan_notes: What the plan does not say by itself.
        rest: What was not rated, what could not be read, where the numbers come from.
        processes: Id and title of each process.
        segments: For each segment its values by which the page can be narrowed.
        data: The counts for that, as JSON is made of it.
        counts: The counts as CSV.
    """

    lang: str
    title: str
    eyebrow: str
    heading: str
    told: tuple[Told, ...]
    rows: tuple[Row, ...]
    kind: tuple[str, str]
    added_up: str
    columns: tuple[str, ...]
    overview: tuple[tuple[str, str, tuple[tuple[str, str], ...]], ...]
    details: tuple[Details, ...]
    plan: tuple[ToMend, ...]
    plan_notes: tuple[str, ...]
    rest: Rest
    processes: tuple[tuple[str, str], ...]
    segments: tuple[tuple[str, tuple[str, ...]], ...]
    data: dict[str, Any]
    counts: str

    @property
    def has_overview(self) -> bool:
        """Whether there are several periods, or totals of headings, to be seen side by side."""
        return len(self.columns) > 1 or any(not key for _, key, _ in self.overview)


def page_of(card: Scorecard, checks: Any = None, *, lang: str | None = None) -> Page:
    """The page of a card.

    Raises:
        SvclightError: Nothing is written in the language.
    """
    found = answer(card, checks, lang=lang)
    shown, chosen = page_periods(card), found.lang
    names = shown.names(chosen)
    rest = rest_of(card, chosen)
    rest = replace(rest, notices=report_notices(card, found, rest.notices))
    rows = tuple(_row(card, line, shown, names, found) for line in found.lines)
    amounts = _amounts(card, shown)
    details = tuple(
        _details(card, line, row, shown, names, (found, amounts.get(line.which, []), rest))
        for line, row in zip(found.lines, rows, strict=True)
        if any(one.rated for one in found.lines)  # of an empty log one short page
    )
    segments = segment_counts(card, shown)
    return Page(
        lang=chosen,
        title=card.provenance.title or say("Service quality", chosen),
        eyebrow=eyebrow(card, found),
        heading=found.heading,
        told=tuple(_told(found)),
        rows=rows,
        kind=(page_words.kind_name(shown.kind, chosen), page_words.by_kind(shown.kind, chosen)),
        added_up=page_words.added_up(shown.kind, chosen) if shown.is_added_up else "",
        columns=tuple(names),
        overview=tuple(_overview(found, rows, shown)),
        details=details,
        plan=tuple(_plan_lines(found.priorities, card, chosen)),
        plan_notes=plan_notes(found.priorities, chosen, MOST_LINES),
        rest=rest,
        processes=tuple(dict.fromkeys((row.process_id, row.process) for row in rows)),
        segments=tuple((name, tuple(values)) for name, values in segments.items()),
        data=_data(found, rows, shown, names, segments),
        counts=_counts_csv(shown),
    )


def key_of(which: CriterionId) -> str:
    """The id of a criterion's details in the page: whatever its own id holds, it is one word, and nobody else's."""
    return f"c-{quote(str(which), safe='.')}"


def eyebrow(card: Scorecard, found: Answer) -> str:
    """What is measured, how many interactions, in which period the newest verdicts are."""
    lang = found.lang
    judged = sorted({line.period for line in found.lines} - {""})
    many = sum(log.interactions for log in card.provenance.logs)
    parts = [
        card.provenance.title or say("Service quality", lang),
        say_counted("{count} interaction", "{count} interactions", many, lang),
        say("judged: {period}", lang, period=period_words(judged[-1], lang)) if judged else "",
    ]
    return " · ".join(part for part in parts if part)


def _told(found: Answer) -> Iterator[Told]:
    """The three sentences, each with the place of what it names."""
    places = (found.good, "#criteria", "G"), (found.worse, "#criteria", "R"), (found.mend, "#plan", "ink")
    for name, (sentence, other, colour) in zip(answer_words.names(found.lang), places, strict=True):
        yield Told(name, sentence.text, _link(sentence, other), colour)


def _link(sentence: Sentence, other: str) -> str:
    return other if sentence.of is None or other == "#plan" else f"#{key_of(sentence.of)}"


def _row(card: Scorecard, line: AnswerLine, shown: PagePeriods, names: Sequence[str], found: Answer) -> Row:
    definition = card.definitions.processes[line.which.process].criteria[line.which.criterion]
    lang, ends = found.lang, target_ends(definition)["green"]
    sign, said = page_words.verdict_of(line, lang)
    change, grounds = answer_words.change_words(line, found.kind, lang)
    share = "" if not line.rated else decimal_sign(percent_number(line.green[0], ends), lang)
    code = line.change.verdict or "unknown"
    difference = line.change.difference[0]
    return Row(
        key=key_of(line.which),
        title=line.title,
        process=line.process_title,
        process_id=line.which.process,
        limits=tuple(_limit_texts(definition, lang)),
        share=share,
        interval=interval_words(*line.green[1:], lang, ends) if line.rated else "",
        of=(whole_number(line.rated, lang), _not_rated(line.not_rated, lang)),
        verdict=(line.verdict.replace(" ", "-") or "no-target", sign, said),
        targets=page_words.targets_text(line, found.checks, lang),
        change=(code if line.change.certainty == "sure" else "unknown", page_words.arrow(line.change), change, grounds),
        spark=page_figures.spark(line, shown, names, _green_target(line), lang),
        is_critical=line.wants_care,
        order=(
            line.green[0] if line.rated else -1.0,
            float(found.lines.index(line)),
            0.0 if difference != difference else difference,  # noqa: PLR0124 - not a number
            float(line.rated),
        ),
    )


def _not_rated(count: int, lang: str) -> str:
    return say_counted("{count} not rated", "{count} not rated", count, lang) if count else ""


def _green_target(line: AnswerLine) -> float | None:
    """The lower end of its own target for green, 0 to 1."""
    for row in line.rows:
        if row["zone"] == "green" and not row["where"] and row["target"].startswith(">"):
            return float(row["target"].lstrip(">= ").rstrip(" %")) / 100
    return None


def _limit_texts(definition: Any, lang: str) -> Iterator[tuple[str, str, str, str]]:
    """For whom limits hold, empty for all, and the limits of green, yellow and red."""
    for scope, green, yellow, red in short_phrases.limit_rows(definition, lang):
        yield ("" if scope == say("all", lang) else scope), green, yellow, red


def _amounts(card: Scorecard, shown: PagePeriods) -> dict[CriterionId, list[Mapping[str, Any]]]:
    """Mean, median and the like of each criterion, by the periods that are shown."""
    larger = shown.larger if shown.is_added_up else None
    table = keys_as_text(summary_table(card, [], larger=larger), ["process", "criterion", "period"])
    made: dict[CriterionId, list[Mapping[str, Any]]] = {}
    for row in records_of(table[(table["measured"].fillna(0) > 0) & (table["period"] != "")]):
        made.setdefault(CriterionId(row["process"], row["criterion"]), []).append(row)
    return made


def _judged_amounts(
    line: AnswerLine, amounts: Sequence[Mapping[str, Any]], shown: PagePeriods
) -> Mapping[str, Any] | None:
    """The row of the period that is judged: a later one is not over, and flatters; without it the newest."""
    judged = shown.larger.get(line.period, "")
    return next((row for row in amounts if row["period"] == judged), amounts[-1] if amounts else None)


def _details(
    card: Scorecard,
    line: AnswerLine,
    row: Row,
    shown: PagePeriods,
    names: Sequence[str],
    more: tuple[Answer, list[Mapping[str, Any]], Rest],
) -> Details:
    found, amounts, rest = more
    definition = card.definitions.processes[line.which.process].criteria[line.which.criterion]
    offered = card.definitions.segments_of(line.which.process)
    drawn = [
        page_figures.changing(line, found.charts, found.lang, target=_green_target(line)),
        *(page_figures.differing(line, one, found.lang) for name, one in found.funnels.items() if name in offered),
        page_figures.values_drawn(card, line, _judged_amounts(line, amounts, shown), found.lang),
        page_figures.amounts_drawn(line, amounts, _judged_amounts(line, amounts, shown), found.lang),
    ]
    facts = short_phrases.measure_facts(definition, card.definitions.processes[line.which.process], found.lang)
    return Details(
        row,
        definition.description or "",
        tuple(facts),
        tuple(one for one in drawn if one is not None),
        tuple(_months(line.which, shown, names, found.lang)),
        rest.reasons.get(line.which, ()),
        page_words.counted_name(counted_unit(card, line.which), found.lang),
        tuple(page_figures.amount_cells(one, found.lang) for one in reversed(amounts)),
        tuple(_target_rows(line, found)),
    )


def _target_rows(line: AnswerLine, found: Answer) -> Iterator[tuple[str, str, str]]:
    """Each target of a criterion, its verdict with its sign, and why."""
    for row in line.rows:
        said = f"{SIGNS[row['verdict']]} {verdict_words(row['verdict'], found.lang)}"
        yield page_words.target_text(row, found.checks, found.lang), said, row["reason"]


def _months(which: CriterionId, shown: PagePeriods, names: Sequence[str], lang: str) -> Iterator[Month]:
    """The periods of a criterion that have data, the newest first."""
    there = list(zip(shown.columns, names, shown.of(*which), strict=True))
    for column, name, counts in reversed(there):
        if not sum(counts):
            continue
        rated, rest = counts[: len(ZONES)], counts[len(ZONES) :]
        flags = shown.flags.get((*which, column.label), ())
        asked, answered = shown.responses.get((*which, column.label), (0, 0))
        yield Month(
            name,
            ", ".join(page_words.flag_words(flag, lang) for flag in flags),
            whole_number(sum(rated), lang),
            page_words.percents(rated, lang),
            page_words.net_text(rated, lang),
            whole_number(sum(rest), lang) if sum(rest) else "",
            page_words.response_text(asked, answered, lang) if asked else "",
        )


def _overview(
    found: Answer, rows: Sequence[Row], shown: PagePeriods
) -> Iterator[tuple[str, str, tuple[tuple[str, str], ...]]]:
    """For each heading and each criterion its title, its key, and for each period a bar and the green share."""
    for heading, title, counts in shown.totals:
        yield f"{heading}: {title}", "", tuple(_overview_cell(one, found.lang) for one in counts)
    for line, row in zip(found.lines, rows, strict=True):
        rated = (counts[: len(ZONES)] for counts in shown.of(*line.which))
        yield row.title, row.key, tuple(_overview_cell(one, found.lang) for one in rated)


def _overview_cell(counts: Sequence[int], lang: str) -> tuple[str, str]:
    return figures.share_bar(counts) if sum(counts) else "", page_words.percents(counts, lang)[0]


def _plan_lines(priorities: Priorities, card: Scorecard, lang: str) -> Iterator[ToMend]:
    """The first lines of the plan, each with the command that lists its interactions."""
    table = priorities.table.iloc[:MOST_LINES]
    most = float(table["above"].max()) if len(table) else 1.0
    reasons, commands = priorities.reasons, plan_commands(priorities, card, MOST_LINES)
    for place, (row, which) in enumerate(zip(records_of(table), ids_of(table), strict=True)):
        title = answer_words.plan_title(row, priorities, which)
        sure, seen = (whole_number(floor(round(row[name], 6)), lang) for name in ("sure", "above"))
        amounts = say("{sure} for sure, {seen} seen", lang, sure=sure, seen=seen)
        bar = figures.excess(float(row["sure"]), float(row["above"]), most, amounts)
        yield ToMend(title, reasons[place], bar, amounts, commands[place])


def plan_commands(priorities: Priorities, card: Scorecard, most: int) -> list[str]:
    """For each of the first lines of the plan the command that lists its interactions; empty for hand-kept tables."""
    which = ids_of(priorities.table.iloc[:most])
    if card.provenance.kept_by_hand:
        return [""] * len(which)
    files = {log.process: log.files[0] for log in card.provenance.logs if log.files and not log.hand_kept}
    return [
        priorities.command(place, logs=[f"{one.process}={files.get(one.process, 'FILE')}"])
        for place, one in enumerate(which, 1)
    ]


def plan_notes(priorities: Priorities, lang: str, most: int) -> tuple[str, ...]:
    """What the plan does not say by itself, and how many of its lines are left out where `most` are shown."""
    more = len(priorities.table) - most
    said = [] if len(priorities.table) else [priorities.nothing]
    if more > 0:
        said.append(say_counted("{count} more line is not shown", "{count} more lines are not shown", more, lang))
    return (*said, *priorities.notes)


def _data(
    found: Answer,
    rows: Sequence[Row],
    shown: PagePeriods,
    names: Sequence[str],
    segments: dict[str, dict[str, dict[tuple[str, str], list[tuple[int, ...]]]]],
) -> dict[str, Any]:
    """What the script of the page narrows by: counts of the zones by criterion and period, and by segments."""
    whole = {
        row.key: [counts[: len(ZONES)] for counts in shown.of(*line.which)]
        for line, row in zip(found.lines, rows, strict=True)
    }
    parts = [
        {key_of(CriterionId(*which)): counts for which, counts in of_value.items()}
        for values in segments.values()
        for of_value in values.values()
    ]
    places = {column.label: place for place, column in enumerate(shown.columns)}
    judged = {row.key: places.get(line.period, -1) for line, row in zip(found.lines, rows, strict=True)}
    return {"periods": list(names), "whole": whole, "parts": parts, "judged": judged}


def _counts_csv(shown: PagePeriods) -> str:
    """The counts of all states as CSV, for a spreadsheet."""
    lines = [",".join(("process", "criterion", "period", *STATES))]
    for key, counts in shown.counts.items():
        lines.append(",".join([*key, *map(str, counts)]))
    return "\n".join(lines) + "\n"
