"""Joined logs: which row of another log belongs to each row of this one.

In: a log and the name of a joined one. Out: for each row the place of its partner, -1 where it has none. Where several
rows of the other log could be meant, `keep` says which; without it, rows that differ are an error.
"""

from __future__ import annotations

from dataclasses import dataclass
from itertools import chain
from typing import TYPE_CHECKING, Any, Final

import numpy as np
import pandas as pd

from svclight.definition.models import Log as LogSpec
from svclight.definition.models import Process, Read
from svclight.errors import LogError, Notice, printable_text, quoted_list, quoted_text
from svclight.logs.left_out_rows import unlike
from svclight.logs.log import Log

if TYPE_CHECKING:
    from collections.abc import Callable

    from numpy.typing import NDArray

    from svclight.definition.models import Join
    from svclight.errors import Issue
    from svclight.processes import Definitions
    from svclight.reading.sources import Raw
    from svclight.values.columns import Texts

    Places = NDArray[np.intp]

LEAST_KEYS: Final = 20
"""Where both logs have so many different keys, and none of them meets another, the join is taken for a mistake."""
_SHOWN = 3
_KEY_SHOWN = 60
_CHANGES: Final[dict[str, Callable[[str], str]]] = {
    "leading zeros": lambda word: word.lstrip("0") or "0",
    "`.0` at the end": lambda word: word.removesuffix(".0"),
    "the difference of small and capital letters": str.casefold,
    "blanks inside": lambda word: "".join(word.split()),
}
"""What may stand between keys that mean the same, and how they are written without it."""


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


@dataclass(frozen=True)
class JoinCount:
    """How many rows of a log found a partner in a joined one.

    Attributes:
        process: The process of the log.
        join: The name of the joined log.
        rows: The rows of the log.
        matched: Those that found a partner.
        other_rows: The rows of the joined log.
        example: The key of a row without a partner; empty where all have one.
        other_example: The key of a row of the joined log that belongs to none; empty where all do.
        keys: How many different keys the two logs have.
        differs: Where none found a partner, what stands between keys that would meet without it; empty if not known.
    """

    process: str
    join: str
    rows: int
    matched: int
    other_rows: int
    example: str = ""
    other_example: str = ""
    keys: tuple[int, int] = (0, 0)
    differs: str = ""

    @property
    def notice(self) -> Notice:
        """What is said of it."""
        said = (
            f"{self.process}: {self.matched:,} of {self.rows:,} rows found a partner in {quoted_text(self.join)} "
            f"({self.other_rows:,} rows)"
        )
        examples = (("without one", self.example), (f"of {self.join} without one", self.other_example))
        shown = [f"{what}: {quoted_text(key, _KEY_SHOWN)}" for what, key in examples if key]
        shown += [self.hint] if self.differs else []
        return Notice(f"{said}; {'; '.join(shown)}" if shown else said, said)

    @property
    def hint(self) -> str:
        """What would make the keys meet, tried on them; empty where nothing is known."""
        return f"they would meet without {self.differs}" if self.differs else ""


def join_counts(log: Log) -> list[JoinCount]:
    """How many rows found a partner in each joined log.

    Raises:
        LogError: None did, though both logs have at least `LEAST_KEYS` different keys, and the join does not say that
            partners are optional.
    """
    found = [_join_count(log, name) for name in log.joined]
    issues = [
        _no_partner(log, one)
        for one in found
        if not one.matched and min(one.keys) >= LEAST_KEYS and _needs_partners(log, one.join)
    ]
    if issues:
        raise LogError(issues)
    return found


def _needs_partners(log: Log, name: str) -> bool:
    return join_of(log.definitions, log.process_id, name).partners != "optional"


def _join_count(log: Log, name: str) -> JoinCount:
    other, join = log.joined[name][0], join_of(log.definitions, log.process_id, name)
    mine, theirs = _keys([(log.texts(this), other.texts(that)) for this, that in join.on.items()])
    rows = log.remember(("partners", name), lambda: partners(log, name))
    matched = int((rows >= 0).sum())
    alone = np.flatnonzero((rows < 0) & (mine >= 0))
    idle = np.flatnonzero((theirs >= 0) & ~np.isin(theirs, mine))
    return JoinCount(
        log.process_id,
        name,
        len(log),
        matched,
        len(other),
        _key_text([log.texts(this) for this in join.on], alone),
        _key_text([other.texts(that) for that in join.on.values()], idle),
        (len(np.unique(mine[mine >= 0])), len(np.unique(theirs[theirs >= 0]))),
        "" if matched else _difference_of_keys(log, name),
    )


def _difference_of_keys(log: Log, name: str) -> str:
    """What stands between the keys of two logs that would meet without it; empty if nothing that is tried does."""
    other, join = log.joined[name][0], join_of(log.definitions, log.process_id, name)
    pairs = [(log.texts(this), other.texts(that)) for this, that in join.on.items()]
    return next((said for said, change in _CHANGES.items() if _would_meet(pairs, change)), "")


def _key_text(columns: list[Texts], rows: Places) -> str:
    """The key of the first of some rows; empty where there is none."""
    return " / ".join(str(column.at(rows[:1])[0]) for column in columns) if len(rows) else ""


def _no_partner(log: Log, count: JoinCount) -> Issue:
    other = log.joined[count.join][0]
    return log.definitions.issue(
        (*other.path, "on"),
        f"no row of {quoted_text(log.process_id)} found a partner in {quoted_text(count.join)}",
        found=f"{quoted_text(count.example, _KEY_SHOWN)} here and {quoted_text(count.other_example, _KEY_SHOWN)} there",
        expected="keys that are the same text in both, or `partners: optional` in the join",
        hint=count.hint,
    )


def _would_meet(pairs: list[tuple[Texts, Texts]], change: Callable[[str], str]) -> bool:
    """Whether some key of both logs is the same once it is written in another way."""
    words = [[{change(str(word).strip()) for word in texts.words} for texts in pair] for pair in pairs]
    return all(mine & theirs for mine, theirs in words)


def _keys(pairs: list[tuple[Texts, Texts]]) -> tuple[NDArray[np.int64], NDArray[np.int64]]:
    """The key of each row of both logs as a number; -1 if a part of it is missing."""
    keys = None
    for mine, theirs in pairs:
        words = [[str(word).strip() for word in texts.words] for texts in (mine, theirs)]
        known = {word: place for place, word in enumerate(dict.fromkeys(chain(*words)))}
        codes = np.concatenate(
            [
                texts.look_up(np.array([known[word] for word in own], dtype=np.int64), -1)
                for texts, own in zip((mine, theirs), words, strict=True)
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
