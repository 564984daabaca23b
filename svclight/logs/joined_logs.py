"""Joined logs: which row of another log belongs to each row of this one.

In: a log and the name of a joined one. Out: for each row the place of its partner, -1 where it has none. Where several
rows of the other log could be meant, `keep` says which; without it, rows that differ are an error.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import numpy as np
import pandas as pd

from svclight.definition.models import Log as LogSpec
from svclight.definition.models import Process, Read
from svclight.errors import LogError, printable_text, quoted_list, quoted_text
from svclight.logs.left_out_rows import unlike
from svclight.logs.log import Log

if TYPE_CHECKING:
    from numpy.typing import NDArray

    from svclight.definition.models import Join
    from svclight.processes import Definitions
    from svclight.reading.sources import Raw
    from svclight.values.columns import Texts

    Places = NDArray[np.intp]

_SHOWN = 3


def joined_log(process_id: str, name: str, definitions: Definitions, raw: Raw) -> Log:
    """The rows of a joined log, typed by the `fields` that the join declares."""
    spec = joined_spec(process_id, name, definitions)
    process = Process.model_construct(title=name, log=spec)
    return Log(process_id, process, definitions, raw, path=("processes", process_id, "log", "join", name))


def joined_spec(process_id: str, name: str, definitions: Definitions) -> LogSpec:
    """The definition by which a joined log is read: the join's own, or the process of that name."""
    join = join_of(definitions, process_id, name)
    process = definitions.processes.get(name)
    own = process.log if process is not None else None
    read = join.read or (own.read if own is not None else Read())
    missing = (*join.missing, *(own.missing if own is not None else ()))
    return LogSpec.model_construct(time="", fields=join.fields, missing=missing, read=read)


def join_of(definitions: Definitions, process_id: str, name: str) -> Join:
    """The definition of a join."""
    log: Any = definitions.processes[process_id].log
    found: Join = log.join[name]
    return found


def partners(log: Log, name: str) -> Places:
    """The row of the joined log that belongs to each row of a log; -1 for rows without one.

    Raises:
        LogError: Several rows that differ belong to one, and `keep` does not say which counts.
    """
    other, join = log.joined[name][0], join_of(log.definitions, log.process_id, name)
    mine, theirs = _keys([(log.texts(this), other.texts(that)) for this, that in join.on.items()])
    wanted = np.isin(theirs, mine) & (theirs >= 0)
    rows = np.flatnonzero(wanted)
    if join.keep is None or not other.raw.ordered:  # without an order none of them is the first or the last
        _check_same(log, name, rows, theirs[rows])
    if join.keep == "last":  # the one written last stays
        rows = rows[::-1]
    keys, firsts = np.unique(theirs[rows], return_index=True)
    found = np.full(int(max(mine.max(initial=-1), keys.max(initial=-1))) + 2, -1, dtype=np.intp)
    found[keys] = rows[firsts]
    return found[mine]


def _keys(pairs: list[tuple[Texts, Texts]]) -> tuple[NDArray[np.int64], NDArray[np.int64]]:
    """The key of each row of both logs as a number; -1 if a part of it is missing."""
    keys = None
    for mine, theirs in pairs:
        known = {word: place for place, word in enumerate(dict.fromkeys([*mine.words, *theirs.words]))}
        codes = np.concatenate(
            [
                texts.look_up(np.array([known[word] for word in texts.words], dtype=np.int64), -1)
                for texts in (mine, theirs)
            ]
        )
        if keys is None:
            keys = codes
        else:
            missing = (keys < 0) | (codes < 0)
            keys = np.where(missing, -1, pd.factorize(keys * (len(known) + 1) + codes)[0])
    assert keys is not None  # noqa: S101 - loading saw to it that `on` names a column
    return keys[: len(pairs[0][0].codes)], keys[len(pairs[0][0].codes) :]


def _check_same(log: Log, name: str, rows: Places, keys: NDArray[np.int64]) -> None:
    other = log.joined[name][0]
    differ, first, columns = unlike(other, rows, keys)
    if not differ.any():
        return
    join = join_of(log.definitions, log.process_id, name)
    shown = []
    for place in np.flatnonzero(differ)[:_SHOWN]:
        written = " / ".join(str(other.texts(that).at(rows[[place]])[0]) for that in join.on.values())
        shown.append(printable_text(written, 60) + other.raw.places(int(rows[first[place]]), int(rows[place])))
    count = len(np.unique(keys[differ]))
    raise LogError(
        log.definitions.issue(
            other.path,
            f"{count:,} {'row has' if count == 1 else 'rows have'} several partners in {quoted_text(name)} that differ",
            found="; ".join(shown) + (" …" if int(differ.sum()) > _SHOWN else ""),
            expected="one partner a row"
            + (", or `keep: first` or `keep: last`" if other.raw.ordered else ": a database keeps no order of rows"),
            hint=f"they differ in {quoted_list(columns)}",
        )
    )
