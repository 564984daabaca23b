"""Notes around the table of a card: the origin of its numbers, and news that a reader must see.

In: a card, rows of its traffic-light table, the code of a language. Out: a line of text, notes.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from svclight.wording.catalogue import say, say_counted, to_say
from svclight.wording.languages import period_end_named, whole_number

if TYPE_CHECKING:
    from collections.abc import Iterator

    from svclight.card.card_tables import CardTables
    from svclight.card.lights import LightRow
    from svclight.counts.provenance import LogProvenance

MATURED: Final = to_say("matured: what can still turn is pending")


def of_customers_alone(rows: tuple[LightRow, ...], processes: dict[str, str], kind: str, lang: str) -> Iterator[str]:
    """The notes of criteria that count customers at each period's end, not interactions."""
    for process, title in processes.items():
        names = [row.title for row in rows if row.process == process and row.counted == "customers"]
        if names:
            yield say_counted(
                "{title}: {criteria} counts customers at each {end}, not interactions",
                "{title}: {criteria} count customers at each {end}, not interactions",
                len(names),
                lang,
                title=title,
                criteria=", ".join(names),
                end=period_end_named(kind, lang),
            )


def undated_notes(rows: tuple[LightRow, ...], processes: dict[str, str], lang: str) -> Iterator[str]:
    """Notes of interactions without a usable time: one a process where its criteria agree, else one a criterion."""
    for process, title in processes.items():
        mine = [row for row in rows if row.process == process]
        counts = {row.undated for row in mine}
        if len(counts) == 1:
            yield from (_undated_note(title, count, lang) for count in counts if count)
        else:
            yield from (_undated_note(f"{title}, {row.title}", row.undated, lang) for row in mine if row.undated)


def _undated_note(title: str, count: int, lang: str) -> str:
    return say("{title}: without a usable time: {count}", lang, title=title, count=whole_number(count, lang))


def rejected_notes(card: CardTables, lang: str) -> Iterator[str]:
    """The note of lines that could not be read; nothing where all could be."""
    if len(card.rejected):
        many = whole_number(len(card.rejected), lang)
        yield say("lines that could not be read, and are not counted: {count}", lang, count=many)


def _kept_by_hand(card: CardTables, lang: str) -> str:
    if card.provenance.kept_by_hand:
        return say("kept by hand", lang)
    return say("in part kept by hand", lang) if any(log.hand_kept for log in card.provenance.logs) else ""


def _counted_text(card: CardTables, lang: str) -> str:
    """`31,359 interactions`, `21,348 events of 4,580 cases`, or both."""
    parts = []
    events = {log.process for log in card.provenance.logs if is_of_events(card, log)}
    logs = [log for log in card.provenance.logs if log.process not in events]
    if logs or not events:
        many = sum(log.interactions for log in logs)
        parts.append(say_counted("{count} interaction", "{count} interactions", many, lang))
    if events:
        cases = [log for log in card.provenance.logs if log.process in events]
        rows, whole = sum(log.rows for log in cases), sum(log.interactions for log in cases)
        events_counted = say_counted("{count} event", "{count} events", rows, lang)
        of = say_counted("{events} of {count} case", "{events} of {count} cases", whole, lang, events=events_counted)
        parts.append(of)
    return parts[0] if len(parts) == 1 else say("{first} and {last}", lang, first=parts[0], last=parts[1])


def is_of_events(card: CardTables, log: LogProvenance) -> bool:
    """Whether the rows of a log are events, so that its cases are counted."""
    spec = card.definitions.processes[log.process].log
    return spec is not None and spec.rows == "events" and not log.hand_kept


def origin_line(card: CardTables, lang: str) -> str:
    """Version, hash, number of interactions, moment of sight and time zone in one line."""
    provenance = card.provenance
    parts = (
        say("version {version}", lang, version=provenance.version) if provenance.version else "",
        say("definition {hash}", lang, hash=provenance.definition),
        _counted_text(card, lang),
        _kept_by_hand(card, lang),
        say(MATURED, lang) if provenance.matured else "",
        say("as of {time}", lang, time=provenance.as_of) if provenance.as_of else "",
        provenance.time_zone,
        say("added up over {segments}", lang, segments=", ".join(card.by)) if card.by else "",
    )
    return " · ".join(part for part in parts if part)
