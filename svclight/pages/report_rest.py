"""What stands at the end of a report: what was not rated and why, what could not be read, where the numbers come from.

In: a card, the language of the reader. Out: `Rest`, rows of texts. Nothing is lost silently: every interaction that is
in no zone is counted here under its reason. No text of a log's line and no id of a customer is in it.
"""

from __future__ import annotations

import datetime as dt
from collections import Counter
from dataclasses import dataclass
from fractions import Fraction
from typing import TYPE_CHECKING, Final

from svclight.card.course_table import courses
from svclight.card.light_table import light_table, process_title
from svclight.card.lights import STATE_WORDS
from svclight.card.summary import no_summary_notice
from svclight.card.table_notes import is_of_events
from svclight.definition.criterion_id import CriterionId
from svclight.errors import printable_text, quoted_text
from svclight.wording.catalogue import say, say_counted, to_say
from svclight.wording.languages import date_words, share_words, whole_number

if TYPE_CHECKING:
    from collections.abc import Iterator

    import pandas as pd

    from svclight.card.card_tables import CardTables
    from svclight.card.course_table import Course

    Texts = tuple[str, ...]

MOST_REASONS: Final = 25
"""The reasons of a criterion are listed up to so many; the others are put together."""
MOST_LINES: Final = 50
"""Rejected lines are listed one by one up to so many; all are counted."""
_STATES: Final = {
    "green": to_say("green"), "yellow": to_say("yellow"), "red": to_say("red"), "pending": to_say("pending"),
    "missing": to_say("missing"), "not_applicable": to_say("not applicable"), "excluded": to_say("excluded"),
}  # fmt: skip
_CUT: Final = {
    "day": to_say("days, cut in this zone"), "week": to_say("weeks, cut in this zone"),
    "month": to_say("months, cut in this zone"), "quarter": to_say("quarters, cut in this zone"),
    "year": to_say("years, cut in this zone"),
}  # fmt: skip


@dataclass(frozen=True)
class Rest:
    """The end of a report.

    Attributes:
        facts: What it is measured by and from when: name and text.
        logs: Process, files, rows, interactions and rejected lines of each log.
        excluded: Process, reason and count of what is left out by rule, of every criterion of the process alike.
        reasons: For each criterion state, reason and count of what is not rated, or red without a value.
        totals: For each criterion that has some: process, title, and counts of pending, missing, not applicable and
            excluded.
        notices: What else must be seen.
        rejected: File, reason and count of lines that could not be read.
        lines: File, line and reason of the first of them.
        unread: Log, field, filled cells, unread cells, their share, an example, a way out: of fields with such cells.
        joins: Process, joined log, rows, rows with a partner, rows of the joined log.
        courses: How the cases of event logs follow the usual course, one a process.
    """

    facts: tuple[tuple[str, str], ...]
    logs: tuple[Texts, ...]
    excluded: tuple[Texts, ...]
    reasons: dict[CriterionId, tuple[tuple[str, str, str], ...]]
    totals: tuple[Texts, ...]
    notices: Texts
    rejected: tuple[Texts, ...]
    lines: tuple[Texts, ...]
    unread: tuple[Texts, ...]
    joins: tuple[Texts, ...]
    courses: tuple[Course, ...]


def rest_of(card: CardTables, lang: str) -> Rest:
    """The end of the report of a card."""
    table = light_table(card, lang)
    rows = table.criterion_rows
    return Rest(
        facts=tuple(fact_rows(card, lang)),
        logs=tuple(log_rows(card, lang)),
        excluded=tuple(excluded_rows(card, lang)),
        reasons={
            which: tuple(reason_rows(card, which, lang))
            for which in (CriterionId(row.process, row.criterion) for row in rows)
        },
        totals=tuple(
            (table.processes[row.process], row.title, *(whole_number(count, lang) for count in row.rest.values()))
            for row in rows
            if row.total.not_rated_count
        ),
        notices=(*table.notes, *filter(None, [no_summary_notice(card)])),
        rejected=tuple(rejected_rows(card.rejected, lang)),
        lines=tuple(rejected_lines(card.rejected)),
        unread=tuple(unread_rows(card, lang)),
        joins=tuple(join_rows(card, lang)),
        courses=tuple(courses(card, lang)),
    )


def state_name(state: str, lang: str) -> str:
    """A state as people say it."""
    return say(_STATES[state], lang)


def fact_rows(card: CardTables, lang: str) -> Iterator[tuple[str, str]]:
    """The facts on the whole report, name and text."""
    provenance = card.provenance
    matured = say("yes: what can still turn is pending, whatever it is now", lang) if provenance.matured else ""
    split = say("{names}; totals add them up", lang, names=", ".join(card.by)) if card.by else ""
    known = (
        (say("Definition", lang), provenance.definition),
        *_document_facts(card, lang),
        (say("Time zone", lang), provenance.time_zone),
        (say("Periods", lang), say(_CUT[provenance.period], lang)),
        (say("As of", lang), _as_of(card, lang)),
        (say("Matured", lang), matured),
        (say("Segments", lang), split),
        ("svclight", provenance.svclight),
    )
    yield from ((name, text) for name, text in known if text)


def _document_facts(card: CardTables, lang: str) -> Iterator[tuple[str, str]]:
    """The version, the owner and the review of the definition, of several files each by its name."""
    document, heads = card.definitions.document, card.provenance.definition_files
    if not heads:
        due = card.definitions.review_due
        yield say("Version", lang), card.provenance.version
        yield say("Owner", lang), document.owner or ""
        yield say("Reviewed", lang), date_words(document.reviewed, lang) if document.reviewed else ""
        yield say("Next review", lang), _due_words(card, due, lang) if due else ""
    for head in heads:
        reviewed, due = (dt.date.fromisoformat(day) if day else None for day in (head.reviewed, head.review_due))
        parts = (
            head.title,
            say("Version: {version}", lang, version=head.version) if head.version else "",
            say("Owner: {name}", lang, name=head.owner) if head.owner else "",
            say("Reviewed: {day}", lang, day=date_words(reviewed, lang)) if reviewed else "",
            say("Next review: {day}", lang, day=_due_words(card, due, lang)) if due else "",
        )
        yield head.file, " · ".join(filter(None, parts)) or say("says nothing of itself", lang)


def _due_words(card: CardTables, due: dt.date, lang: str) -> str:
    """The day of a review, and that it is overdue at the moment from which the logs are seen."""
    day, as_of = date_words(due, lang), card.provenance.as_of
    overdue = bool(as_of) and dt.datetime.fromisoformat(as_of).date() > due
    return say("{day}, overdue", lang, day=day) if overdue else day


def _as_of(card: CardTables, lang: str) -> str:
    """The moment from which the logs were seen, and how it is known; `none` for hand-kept tables."""
    provenance = card.provenance
    if provenance.kept_by_hand:
        return say("none (hand-kept table)", lang)
    as_of = provenance.as_of or say("no time in the logs", lang)
    given = say("given with the call", lang) if provenance.as_of_given else say("the newest time in the logs", lang)
    none = say("none for hand-kept tables", lang)
    rest = f"; {none}" if any(log.hand_kept for log in provenance.logs) else ""
    return f"{as_of} ({given}{rest})"


def log_rows(card: CardTables, lang: str) -> Iterator[tuple[str, ...]]:
    """The facts on each log: process, files, rows, interactions, rejected lines."""
    for log in card.provenance.logs:
        by_hand, frame = say("kept by hand", lang), say("a frame", lang)
        files = (", ".join(log.files) or frame) + (f" ({by_hand})" if log.hand_kept else "")
        rows, whole = whole_number(log.rows, lang), whole_number(log.interactions, lang)
        if is_of_events(card, log):
            rows = say_counted("{count} event", "{count} events", log.rows, lang)
            whole = say_counted("{count} case", "{count} cases", log.interactions, lang)
        yield process_title(card, log.process), files, rows, whole, whole_number(log.rejected, lang)


def excluded_rows(card: CardTables, lang: str) -> Iterator[tuple[str, ...]]:
    """Reasons for which every criterion of a process leaves out the same number: rules for rows, not for criteria."""
    for process in dict.fromkeys(process for process, _, _ in card.definitions.criteria()):
        found = reason_counts(card, process)
        first, *others = found.values() or ({},)
        for (state, reason), count in first.items():
            if state == "excluded" and all(other.get((state, reason)) == count for other in others):
                yield process_title(card, process), reason, whole_number(count, lang)


def reason_counts(card: CardTables, process: str) -> dict[str, Counter[tuple[str, str]]]:
    """Counts of (state, reason) by criterion, over all periods."""
    reasons = card.reasons[card.reasons["process"] == process]
    found: dict[str, Counter[tuple[str, str]]] = {}
    columns = (reasons[name].tolist() for name in ("criterion", "zone", "reason", "count"))
    for criterion, state, reason, count in zip(*columns, strict=True):
        found.setdefault(str(criterion), Counter())[str(state), str(reason)] += int(count)
    return found


def reason_rows(card: CardTables, which: CriterionId, lang: str) -> Iterator[tuple[str, str, str]]:
    """State, reason and count of interactions that are not rated, or red without a value; most first."""
    counts = reason_counts(card, which.process).get(which.criterion, Counter())
    order = list(STATE_WORDS)
    ordered = sorted(counts.items(), key=lambda item: (order.index(item[0][0]), -item[1], item[0][1]))
    for (state, reason), count in ordered[:MOST_REASONS]:
        yield state_name(state, lang), printable_text(reason, 160), whole_number(count, lang)
    others = ordered[MOST_REASONS:]
    if others:
        more = say_counted("{count} more reason", "{count} more reasons", len(others), lang)
        yield say("other", lang), more, whole_number(sum(count for _, count in others), lang)


def rejected_rows(rejected: pd.DataFrame, lang: str) -> Iterator[tuple[str, ...]]:
    """File, reason and count of rejected lines."""
    counts = Counter(zip(rejected["file"].astype(str), rejected["reason"].astype(str), strict=True))
    for (file, reason), count in sorted(counts.items()):
        yield file, printable_text(reason, 160), whole_number(count, lang)


def rejected_lines(rejected: pd.DataFrame) -> Iterator[tuple[str, ...]]:
    """File, line and reason of the first rejected lines."""
    for file, line, reason in rejected[["file", "line", "reason"]].head(MOST_LINES).itertuples(index=False, name=None):
        yield str(file), f"{line}", printable_text(reason, 160)


def unread_rows(card: CardTables, lang: str) -> Iterator[tuple[str, ...]]:
    """The fields of which some cells could not be read; the example is empty unless the card quotes cells."""
    for row in card.unread.to_dict("records"):
        owner = process_title(card, row["process"]) + ("" if row["log"] == row["process"] else f" ({row['log']})")
        share = share_words(Fraction(row["unread"], row["cells"]), lang)
        line = say("{file}, line {line}", lang, file=row["file"], line=row["line"])
        place = f" ({line})" if row["file"] and row["line"] else ""
        example = quoted_text(row["example"], 40) + place if row["example"] else ""
        cells, unread = (whole_number(row[name], lang) for name in ("cells", "unread"))
        yield owner, row["field"], cells, unread, share, example, row["hint"]


def join_rows(card: CardTables, lang: str) -> Iterator[tuple[str, ...]]:
    """Process, joined log, rows, rows with a partner, rows of the joined log."""
    for row in card.joins.to_dict("records"):
        counted = (whole_number(row[name], lang) for name in ("rows", "matched", "other_rows"))
        yield process_title(card, row["process"]), row["join"], *counted
