"""Periods that are not judged: which newer ones are passed over, why, and what to give so that they are judged.

In: the table of periods of a card, a language. Out: rows of a table, one a process and period where the reason is the
same, and the words for why a period is partial or immature. What is to be given stands as the command line takes it.
"""

from __future__ import annotations

import datetime as dt
from typing import TYPE_CHECKING, Any, Final

import pandas as pd

from svclight.counts.log_reach import BEGINS, ENDS, RUNNING, WINDOW
from svclight.counts.tidy_tables import records_of, rows_of
from svclight.values import clocks
from svclight.wording.catalogue import say, say_counted
from svclight.wording.languages import date_words, period_words
from svclight.wording.outlook_words import day_words

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping, Sequence

    from svclight.card.card_tables import CardTables
    from svclight.counts.provenance import Provenance
    from svclight.definition.criterion_id import CriterionId

COLUMNS: Final = ("process", "criterion", "period", "reason")
_MOST_UNJUDGED: Final = 3
"""Of a criterion of which no period can be judged so many are named, the newest."""


def periods_passed_over(card: CardTables, judged: Mapping[CriterionId, str | None], lang: str) -> pd.DataFrame:
    """The periods that are newer than those which are judged.

    Args:
        card: The card.
        judged: For each criterion the period that is judged; None where there is none.
        lang: The language of the reasons.

    Returns:
        `process, criterion, period, reason`; several criteria are joined by a comma, and the cell is empty where the
        reason is that of all that are judged in the process.
    """
    found: dict[tuple[str, str, str], list[str]] = {}
    for which, period in judged.items():
        for row in _newer_periods(card, which, period):
            key = (which.process, row["period"], why_not_judged(row, card.provenance, lang))
            found.setdefault(key, []).append(which.criterion)
    rows = []
    for (process, period, reason), names in found.items():
        mine = [which.criterion for which in judged if which.process == process]
        rows.append([process, "" if len(names) > 1 and names == mine else ", ".join(names), period, reason])
    return pd.DataFrame(rows, columns=list(COLUMNS))


def _newer_periods(card: CardTables, which: CriterionId, judged: str | None) -> Sequence[dict[str, Any]]:
    """The rows of the periods of a criterion after the one that is judged; a few of them where none is."""
    mine = rows_of(card.periods, which)
    rows = records_of(mine[mine["period"].astype(str) > (judged or "")])
    return rows if judged else rows[-_MOST_UNJUDGED:]


def why_not_judged(row: Mapping[str, Any], provenance: Provenance, lang: str) -> str:
    """Why a period is not judged, and what to give, in words."""
    reasons = "; ".join(_reasons(row, provenance, lang))
    return say("{reasons}, or --period {period}", lang, reasons=reasons, period=row["period"])


def why_immature(row: Mapping[str, Any], zone: str, lang: str) -> str:
    """How many interactions of an immature period are pending, and when the last of them is certain."""
    if not row["pending"]:  # of a card that was saved before it was told
        return say("its interactions can still turn", lang)
    if row["certain"] < 0:
        return say_counted(
            "{count} of its interactions is pending", "{count} of its interactions are pending", row["pending"], lang
        )
    return say_counted(
        "{count} of its interactions is pending, and the last of them is certain on {day}",
        "{count} of its interactions are pending, and the last of them is certain on {day}",
        row["pending"],
        lang,
        day=date_words(clocks.day_of(clocks.day_at(int(row["certain"]) * 1000, zone)), lang),
    )


def why_empty(row: Mapping[str, Any], lang: str) -> str:
    """That a period has no row, and whether the log ends before it."""
    kind, number = clocks.period_number(row["period"]) or ("", 0)
    last, begin = dt.date.fromisoformat(row["ends"]) if row["ends"] else None, clocks.period_start(number, kind)
    period = period_words(row["period"], lang)
    if last is None or last >= begin:
        return say("no row in {period}", lang, period=period)
    return say(
        "no row in {period}: the log ends on {day}: is it whole?",
        lang,
        period=period,
        day=_end_words(last, begin, lang),
    )


def _end_words(last: dt.date, begin: dt.date, lang: str) -> str:
    """The last day of a log, with its year where that is not the one of the period in question."""
    return day_words(last, lang, month=True) if last.year == begin.year else date_words(last, lang)


def _reasons(row: Mapping[str, Any], provenance: Provenance, lang: str) -> Iterator[str]:
    if row["partial"]:
        yield _why_partial(row, provenance, lang)
    if not row["immature"]:
        return
    why = why_immature(row, provenance.time_zone, lang)
    if row["certain"] >= 0:
        day = _day_after(row, provenance.time_zone)
        why = say("{why}: give a log of then with --as-of {day}", lang, why=why, day=day)
    yield why


def _why_partial(row: Mapping[str, Any], provenance: Provenance, lang: str) -> str:
    """Why a period is partial, and what to give."""
    kind, number = clocks.period_number(row["period"]) or ("", 0)
    begin, end = clocks.period_start(number, kind), clocks.period_end(number, kind)
    if row["why"] == RUNNING:
        return _why_running(end, provenance, lang)
    if row["why"] == BEGINS:
        return say(
            "{complete}: give `since: {day}` in the log where it is from then on, `calendar` where its first days are "
            "closed",
            lang,
            complete=_complete_words(row, lang),
            day=begin,
        )
    if row["why"] == WINDOW:
        return say(
            "what is measured looks back further than the log: {complete}: give an older log, `since` in the log where "
            "it is complete from before that",
            lang,
            complete=_complete_words(row, lang),
        )
    if row["why"] == ENDS and row["ends"]:
        return say(
            "the log ends on {day}: is it whole? Give all of it, `calendar` in the log where the days after that are "
            "closed",
            lang,
            day=_end_words(dt.date.fromisoformat(row["ends"]), begin, lang),
        )
    return say("the log does not hold all of its days", lang)  # of a card that was saved before it was told why


def _complete_words(row: Mapping[str, Any], lang: str) -> str:
    """From which day on the log is complete."""
    if not row["begins"]:
        return say("the log has no complete day", lang)
    return say("the log is complete from {day} on", lang, day=date_words(dt.date.fromisoformat(row["begins"]), lang))


def _why_running(end: dt.date, provenance: Provenance, lang: str) -> str:
    """Why a period that ends before a day is taken as not over, and what to give."""
    if provenance.as_of_given:
        return say(
            "it is not over at {as_of}: give --as-of {day} and a log that reaches so far",
            lang,
            as_of=provenance.as_of,
            day=end,
        )
    if provenance.kept_by_hand:
        return say(
            "it is the newest of the table, and is taken as not over: give --as-of {day} where it is", lang, day=end
        )
    return say(
        "the newest time of the logs is {as_of}, and its last day, {last}, has no interaction: give --as-of {day} "
        "where it is over, `calendar` in the log where its last days are closed",
        lang,
        as_of=provenance.as_of,
        last=date_words(end - dt.timedelta(days=1), lang),
        day=end,
    )


def _day_after(row: Mapping[str, Any], zone: str) -> dt.date:
    """The first day at whose first instant the last row is certain."""
    certain = int(row["certain"]) * 1000
    day = clocks.day_at(certain, zone)
    return clocks.day_of(day + int(clocks.midnight(clocks.day_of(day), zone) < certain))
