"""What stands around a table of a card: where its numbers come from, and what else must be seen.

In: a card, rows of its traffic-light table. Out: a line of text, notes.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from svclight.wording.short_phrases import count_text

if TYPE_CHECKING:
    from collections.abc import Iterator

    from svclight.card.card_tables import CardTables
    from svclight.card.lights import LightRow
    from svclight.counts.provenance import LogProvenance

MATURED: Final = "matured: what can still turn is pending"


def of_customers_alone(rows: tuple[LightRow, ...], processes: dict[str, str], kind: str) -> Iterator[str]:
    """Which criteria count customers, not interactions."""
    for process, title in processes.items():
        names = [row.title for row in rows if row.process == process and row.counted == "customers"]
        if names:
            verb = "counts" if len(names) == 1 else "count"
            yield f"{title}: {', '.join(names)} {verb} customers at each {kind}'s end, not interactions"


def undated_notes(rows: tuple[LightRow, ...], processes: dict[str, str]) -> Iterator[str]:
    """One note a process where its criteria agree, else one a criterion."""
    for process, title in processes.items():
        mine = [row for row in rows if row.process == process]
        counts = {row.undated for row in mine}
        if len(counts) == 1:
            counts.discard(0)
            yield from (f"{title}: without a usable time: {count:,}" for count in counts)
        else:
            yield from (f"{title}, {row.title}: without a usable time: {row.undated:,}" for row in mine if row.undated)


def rejected_notes(card: CardTables) -> Iterator[str]:
    """How many lines could not be read."""
    if len(card.rejected):
        yield f"lines that could not be read, and are not counted: {len(card.rejected):,}"


def _kept_by_hand(card: CardTables) -> str:
    if card.provenance.kept_by_hand:
        return "kept by hand"
    return "in part kept by hand" if any(log.hand_kept for log in card.provenance.logs) else ""


def _counted_text(card: CardTables) -> str:
    """`31,359 interactions`, `21,348 events of 4,580 cases`, or both."""
    parts = []
    events = {log.process for log in card.provenance.logs if is_of_events(card, log)}
    logs = [log for log in card.provenance.logs if log.process not in events]
    if logs or not events:
        parts.append(count_text(sum(log.interactions for log in logs), "interaction"))
    if events:
        cases = [log for log in card.provenance.logs if log.process in events]
        rows, whole = sum(log.rows for log in cases), sum(log.interactions for log in cases)
        parts.append(f"{count_text(rows, 'event')} of {count_text(whole, 'case')}")
    return " and ".join(parts)


def is_of_events(card: CardTables, log: LogProvenance) -> bool:
    """Whether the rows of a log are events, and what is counted are cases."""
    spec = card.definitions.processes[log.process].log
    return spec is not None and spec.rows == "events" and not log.hand_kept


def origin_line(card: CardTables) -> str:
    """Version, hash, what was counted, how it was seen, time zone, in one line."""
    provenance = card.provenance
    parts = (
        f"version {provenance.version}" if provenance.version else "",
        f"definition {provenance.definition}",
        _counted_text(card),
        _kept_by_hand(card),
        MATURED if provenance.matured else "",
        f"as of {provenance.as_of}" if provenance.as_of else "",
        provenance.time_zone,
        f"added up over {', '.join(card.by)}" if card.by else "",
    )
    return " · ".join(part for part in parts if part)
