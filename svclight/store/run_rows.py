"""What a card leaves in a store: the columns of its run, and its rows in the tables that people ask.

In: a card. Out: plain values and tables. The card itself stands there, too, as the bytes of its file: all that is read
back comes from these bytes, which are checked as those of any file are.
"""

from __future__ import annotations

import hashlib
from typing import TYPE_CHECKING, Any

import pandas as pd

from svclight.card.card_file import saved_bytes
from svclight.card.merging import seen_at
from svclight.card.summary import summary_table
from svclight.counts.tidy_tables import KEYS, ids_of
from svclight.decisions.check import check
from svclight.decisions.target_counts import without_unsplit_targets
from svclight.store.counting_mark import counting_mark

if TYPE_CHECKING:
    from svclight.card.card_tables import CardTables

_UNREAD = ("process", "log", "field", "cells", "unread", "share")


def run_of(card: CardTables, asked: str = "") -> dict[str, Any]:
    """The columns of a card's run; `asked` is the mark of the call that made it (see `same_call`)."""
    saved, kept = saved_bytes(card), card.provenance
    return {
        "key": hashlib.sha256(saved).hexdigest(),
        "as_of": kept.as_of,
        "seen": int(kept.seen_at * 1_000_000) if kept.as_of else -1,
        "period": kept.period,
        "split_by": list(kept.by),
        "time_zone": kept.time_zone,
        "matured": kept.matured,
        "definition": kept.definition,
        "title": kept.title,
        "version": kept.version,
        "svclight": kept.svclight,
        "asked": asked,
        "card": saved,
    }


def rows_of(card: CardTables) -> dict[str, pd.DataFrame]:
    """The rows of a card in the tables of a store."""
    judged, _ = without_unsplit_targets(card)  # targets of a segment by which nothing is split have no verdict here
    return {
        "periods": _places(card),
        "counts": card.counts,
        "summary": summary_table(card).drop(columns="exact"),
        "unread": card.unread[list(_UNREAD)],
        "checks": check(judged, lang="en").table,
    }


def _places(card: CardTables) -> pd.DataFrame:
    """The periods of criteria that have rows: the moment from which each was seen, and the mark of what was counted."""
    seen = seen_at(card)
    marks = card.periods[[*KEYS, "partial", "immature", "pending"]]
    places = list(zip(*(marks[key] for key in KEYS), strict=True))
    there = marks[pd.Series([place in seen for place in places], index=marks.index, dtype=bool)]
    known = {which: counting_mark(card.definitions, which) for which in set(ids_of(there))}
    moments = [seen[place] for place in places if place in seen]
    return there.assign(seen=pd.array(moments, dtype="int64"), counted=[known[which] for which in ids_of(there)])
