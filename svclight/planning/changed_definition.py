"""The effect of a changed definition: the same logs under the old one and the new one.

In: two definitions and logs. Out: `Difference`: which criteria were added, removed, renamed or changed and how, how
many interactions change zone, from where to where, and which months' verdicts turn; which interactions those are only
where it is asked. Both definitions see the whole log; rows are matched by where they stand.
"""

from __future__ import annotations

import warnings
from collections.abc import Mapping
from typing import TYPE_CHECKING, Any, Final

import numpy as np
import pandas as pd

from svclight.counts.tidy_tables import ids_of, periods_in
from svclight.decisions import check
from svclight.decisions.verdicts import NO_DATA
from svclight.definition.criterion_id import CriterionId
from svclight.errors import SvclightError, SvclightNotice, quoted_list, unknown_name
from svclight.judging.contract import Wanted
from svclight.planning.difference import Difference
from svclight.planning.paired_criteria import PairedCriterion, count_moves, judge_rows, pair_criteria, renamed_processes
from svclight.processes import Definitions, criterion_at, load
from svclight.scoring import score
from svclight.thresholds import ZONES
from svclight.wording import short_phrases
from svclight.wording.catalogue import say
from svclight.wording.languages import language_of
from svclight.wording.zone_words import zone_name

if TYPE_CHECKING:
    import datetime as dt
    from collections.abc import Iterable, Iterator
    from pathlib import Path

    from svclight.judging.judge import Judge
    from svclight.scorecard import Scorecard

VERDICTS: Final = ["process", "criterion", "period", "where", "zone", "target_before", "target", "before", "after"]
WORDING: Final = ["process", "criterion", "what", "before", "after"]
_KEYS: Final = ["process", "criterion", "period", "where", "zone"]


def diff(  # noqa: PLR0913 - each is a question that a caller may answer, all but three by keyword
    old: Definitions | str | Path,
    new: Definitions | str | Path,
    logs: Any,
    *,
    period: str = "month",
    as_of: str | dt.date | dt.datetime | None = None,
    customers: Any = None,
    max_rejected: int | None = None,
    max_unread: float | str | None = None,
    lang: str | None = None,
) -> Difference:
    """Compares two definitions on the same logs: which interactions change their zone.

    Args:
        old: The definition as it was: what `load` gave, or a path.
        new: The definition as it is now.
        logs: As for `score`; a log may be given under the process's name in either definition.
        period: The kind of period whose verdicts are compared.
        as_of: The moment from which both see the logs; unless given each settles it by the times that it uses.
        customers: Who stands behind the ids of customers.
        max_rejected: The most rejected lines that are bearable.
        max_unread: The share of a field's cells that may be unread, such as 0.02 or "2 %".
        lang: The language of the page; that of the new definition unless given.

    Returns:
        The `Difference`. It keeps a way to single interactions, so it holds the logs while it lives.

    Raises:
        DefinitionError: A definition is wrong.
        LogError: A log cannot be read.
        SvclightError: No log belongs to a process of either definition, or the language is unknown.

    Examples:
        >>> import pandas as pd
        >>> import svclight
        >>> text = '''
        ... svclight: 1
        ... time_zone: UTC
        ... processes:
        ...   hotline:
        ...     title: Hotline
        ...     log: {time: called, fields: {waited: {number: waited, unit: s}}}
        ...     criteria:
        ...       wait: {measure: {value: waited}, green: "<= 30 s"}
        ... '''
        >>> old, new = svclight.loads(text), svclight.loads(text.replace("30 s", "20 s"))
        >>> log = pd.DataFrame({"called": "2026-03-10 09:00", "waited": [10, 25, 90]})
        >>> found = svclight.diff(old, new, log)
        >>> found.criteria[["criterion", "change", "interactions", "changed", "worse"]].values.tolist()
        [['wait', 'changed', 3.0, 1.0, 1.0]]
    """
    before, after = (one if isinstance(one, Definitions) else load(one) for one in (old, new))
    lang = language_of(lang, after)
    names = [name if isinstance(one, Definitions) else str(one) for one, name in ((old, "before"), (new, "after"))]
    moved = renamed_processes(before, after)
    options: dict[str, Any] = {
        "period": period, "as_of": as_of, "customers": customers, "max_rejected": max_rejected,
        "max_unread": max_unread,
    }  # fmt: skip
    given = _by_name(logs, (before, after), moved)
    sides = [_score_or_none(one, mine, options) for one, mine in zip((before, after), given, strict=True)]
    if sides[0] is None and sides[1] is None:
        raise SvclightError("no log of a process was given")
    found = tuple(pair_criteria(before, after))
    judges = (
        _judges_by_process(sides[0], (pair.old for pair in found)),
        _judges_by_process(sides[1], (pair.new for pair in found)),
    )
    criteria, matrix = _change_tables(found, judges)
    verdicts = _turned_verdicts(found, sides[0], sides[1])
    head = (f"{names[0]} ({before.hash})", f"{names[1]} ({after.hash})")
    wording = pd.DataFrame(
        list(_wording_rows(found, before, after, moved, lang)),
        columns=["process", "criterion", "what", "before", "after"],
    )
    notes = tuple(_note_lines(before, after, sides, lang))
    titles = {CriterionId(process, name): one.title for process, name, one in after.criteria() if one.title}
    return Difference(criteria, matrix, wording, verdicts, head, notes, titles, lang, judges, found)


def _by_name(logs: Any, pair: tuple[Definitions, Definitions], moved: Mapping[str, str]) -> tuple[Any, Any]:
    """The logs that each definition knows, under its own names."""
    if not isinstance(logs, Mapping):
        return logs, logs
    back = {new: old for old, new in moved.items()}
    known = [
        {name for name, process in one.processes.items() if process.log is not None}
        | {join for process in one.processes.values() if process.log is not None for join in process.log.join}
        for one in pair
    ]
    unknown = [name for name in logs if name not in known[0] | known[1]]
    if unknown:
        every = sorted(known[0] | known[1])
        problem = "a log was given for a process of neither definition"
        raise SvclightError(unknown_name(problem, unknown[0], every, expected=f"one of {quoted_list(every)}"))
    names = {old: old for old in known[0]} | back
    first = {names[name]: log for name, log in logs.items() if name in names}
    names = {new: new for new in known[1]} | dict(moved)
    return first, {names[name]: log for name, log in logs.items() if name in names}


def _score_or_none(definitions: Definitions, logs: Any, options: Mapping[str, Any]) -> Scorecard | None:
    """The card of the logs; None where no log is of a process of this definition."""
    if isinstance(logs, Mapping) and not any(name in definitions.processes for name in logs):
        return None
    given = list(logs) if isinstance(logs, Mapping) else list(definitions.processes)
    by = check.segments_needed(definitions, given)
    with warnings.catch_warnings():
        warnings.simplefilter("ignore", SvclightNotice)  # they are in the notes
        return score(logs, definitions, by=by, **options)


def _judges_by_process(card: Scorecard | None, names: Iterable[CriterionId | None]) -> dict[str, Judge]:
    """The way back to the rows of the processes that are compared, read once more."""
    if card is None or card.way_back is None:
        return {}
    wanted = [Wanted(process) for process in dict.fromkeys(name.process for name in names if name)]
    return {judge.log.process_id: judge for one in wanted for judge in card.way_back(one)}


def _change_tables(
    found: tuple[PairedCriterion, ...], sides: tuple[dict[str, Judge], dict[str, Judge]]
) -> tuple[pd.DataFrame, pd.DataFrame]:
    """The changes of counts by criterion, and the moves of interactions between states."""
    criteria, matrix = [], []
    for pair in found:
        was = str(pair.old) if pair.old and pair.old != pair.name else ""
        head = [*pair.name, pair.change, was]
        if not pair.old or not pair.new or pair.old.process not in sides[0] or pair.new.process not in sides[1]:
            criteria.append([*head, *[np.nan] * 4])
            continue
        judged = (
            judge_rows(sides[at][which.process], which.criterion) for at, which in enumerate((pair.old, pair.new))
        )
        moved = list(count_moves(*judged))
        matrix += [[*pair.name, *move] for move in moved]
        changed = [(a, b, count) for a, b, count in moved if a != b]
        rated = [(ZONES.index(a), ZONES.index(b), count) for a, b, count in changed if {a, b} <= set(ZONES)]
        numbers = (
            sum(count for *_, count in moved),
            sum(count for *_, count in changed),
            sum(count for a, b, count in rated if b < a),
            sum(count for a, b, count in rated if b > a),
        )
        criteria.append([*head, *map(float, numbers)])
    columns = ["process", "criterion", "change", "was", "interactions", "changed", "better", "worse"]
    return (
        pd.DataFrame(criteria, columns=columns),
        pd.DataFrame(matrix, columns=["process", "criterion", "before", "after", "count"]),
    )


def _turned_verdicts(found: tuple[PairedCriterion, ...], old: Scorecard | None, new: Scorecard | None) -> pd.DataFrame:
    """Targets whose verdict turns."""
    names = {pair.old: pair.name for pair in found if pair.old}
    before, after = _check_each_period(old), _check_each_period(new)
    shown = [names[which] for which in ids_of(before)]
    before = before.assign(process=[one.process for one in shown], criterion=[one.criterion for one in shown])
    both = (
        before.astype(object)
        .merge(after.astype(object), how="outer", on=_KEYS, suffixes=("_before", ""), sort=False)
        .fillna("")
    )
    turned = both[both["verdict_before"] != both["verdict"]]
    order = {pair.name: at for at, pair in enumerate(found)}
    at = [order[which] for which in ids_of(turned)]
    turned = turned.assign(at=at).sort_values(["at", "where", "zone", "period"], kind="stable", ignore_index=True)
    return turned.rename(columns={"verdict_before": "before", "verdict": "after"})[VERDICTS]


def _check_each_period(card: Scorecard | None) -> pd.DataFrame:
    """The verdict on each target in every period that it has data in."""
    periods = [] if card is None else sorted(periods_in(card.counts) - {""})
    columns = [*_KEYS, "target", "verdict"]
    if card is None or not periods:
        return pd.DataFrame(columns=columns, dtype=object)
    table = check.check(card, periods).table
    return table.loc[table["verdict"] != NO_DATA, columns]


def _wording_rows(
    found: tuple[PairedCriterion, ...], old: Definitions, new: Definitions, moved: Mapping[str, str], lang: str
) -> Iterator[tuple[str, str, str, str, str]]:
    """The changes in wording between both definitions, a row each."""
    for name, process in old.processes.items():
        other = new.processes.get(moved.get(name, name))
        if other is None or process.log is None or other.log is None:
            continue
        for key in type(process.log).model_fields:
            if getattr(process.log, key) != getattr(other.log, key):
                yield moved.get(name, name), "", f"log: {key}", "", ""
    for pair in found:
        if not pair.old or not pair.new:
            continue
        before, after = (
            dict(_criterion_facts(definitions, name, lang)) for definitions, name in ((old, pair.old), (new, pair.new))
        )
        for what in dict.fromkeys([*before, *after]):
            if before.get(what, "") != after.get(what, ""):
                yield *pair.name, what, before.get(what, ""), after.get(what, "")


def _criterion_facts(definitions: Definitions, which: CriterionId, lang: str) -> Iterator[tuple[str, str]]:
    """The keys that decide the numbers of a criterion, in words."""
    process, criterion = definitions.processes[which.process], criterion_at(definitions, which)
    for scope, *zones in short_phrases.limit_rows(criterion, lang):
        for zone, text in zip(ZONES, zones, strict=True):
            name = zone_name(zone, lang)
            yield (name if scope == say("all", lang) else f"{name}, {scope}"), text
    yield from short_phrases.measure_facts(criterion, process, lang)


def _note_lines(old: Definitions, new: Definitions, sides: list[Scorecard | None], lang: str) -> Iterator[str]:
    """The notes of a comparison of definitions: other changes that a reader must see."""
    if old.document.time_zone != new.document.time_zone:
        zones = {"before": old.document.time_zone, "now": new.document.time_zone}
        yield say("the time zone is another: {before}, now {now}", lang, **zones)
    if old.document.calendars != new.document.calendars:
        names = {*old.document.calendars, *new.document.calendars}
        changed = sorted(n for n in names if old.document.calendars.get(n) != new.document.calendars.get(n))
        yield say("calendars are others: {names}", lang, names=quoted_list(changed))
    cards = [side for side in sides if side is not None]
    seen = [card.provenance.as_of for card in cards]
    if len(set(seen)) > 1 and not all(card.provenance.as_of_given for card in cards):
        yield say(
            "the definitions see the log from different moments, {before} and {now}: give as_of",
            lang,
            before=seen[0],
            now=seen[1],
        )
    yield from dict.fromkeys(notice for card in cards for notice in card.provenance.notices)
