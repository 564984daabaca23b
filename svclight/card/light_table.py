"""A card as a traffic-light table: criteria in rows, periods in columns, a light in each cell.

In: the tables of a card. Out: `LightTable` and its parts. A period without data keeps its place; a long stretch of such
periods (a mistyped year) becomes one column that says how many it stands for. What is in no period is said in `notes`.
"""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING, Final

from svclight.card.headings import heading_criteria, processes_under
from svclight.card.lights import Column, Light, LightRow, LightTable, Response
from svclight.card.table_notes import of_customers_alone, origin_line, rejected_notes, undated_notes
from svclight.counts.tidy_tables import keys_as_text, rows_of
from svclight.errors import SvclightError, quoted_list, unknown_name
from svclight.logs.customers import of_customers
from svclight.processes import criterion_at, criterion_ids
from svclight.thresholds import STATES, ZONES
from svclight.values import clocks
from svclight.wording.catalogue import say
from svclight.wording.languages import language_of
from svclight.wording.shares import target_ends, targets_told

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Mapping

    import pandas as pd

    from svclight.card.card_tables import CardTables
    from svclight.definition.criterion_id import CriterionId
    from svclight.definition.models import Criterion
    from svclight.wording.shares import Ends

LONGEST_GAP: Final = 24
"""More periods in a row without any data than this become one column."""


def light_table(card: CardTables, lang: str | None = None) -> LightTable:
    """The card as a traffic-light table, in the language of the definitions unless given; segments are added up."""
    provenance, lang = card.provenance, language_of(lang, card.definitions)
    lights = _lights_by_key(card, card.shares(by=[]), lang)
    labels = sorted({period for _, _, period in lights if period})
    columns = columns_between(labels, provenance.period, lang)
    scored = {log.process for log in provenance.logs} | {process for process, _, _ in lights}
    responses = responses_of(card, lang=lang)
    rows = tuple(
        _light_row(card, which, lights, columns, responses, lang)
        for which in criterion_ids(card.definitions)
        if which.process in scored
    )
    rows = (*_heading_rows(card, scored, columns, lang), *rows)
    processes = {row.process: process_title(card, row.process) for row in rows}
    notes = (
        *provenance.notices,
        *of_customers_alone(rows, processes, provenance.period, lang),
        *undated_notes(rows, processes, lang),
        *rejected_notes(card, lang),
    )
    title, origin = provenance.title or say("Traffic lights", lang), origin_line(card, lang)
    return LightTable(title, origin, provenance.period, columns, rows, processes, notes, lang)


def lights_of(
    card: CardTables, which: CriterionId, where: Mapping[str, str] | None = None, *, lang: str | None = None
) -> tuple[tuple[Column, Light], ...]:
    """The lights of one criterion, or of one segment of it with `where`, in the order of its periods.

    Raises:
        SvclightError: There is no such process, criterion, segment or segment's value.
    """
    find_criterion(card, which)
    chosen, lang = dict(where or {}), language_of(lang, card.definitions)
    shares = card.shares(by=list(chosen))
    shares = keys_as_text(shares, ["process", "criterion", *chosen])
    for name, value in chosen.items():
        known = shares[name]
        if str(value) not in set(known):
            raise SvclightError(unknown_name(f"no interaction has this {name}", value, known.unique(), expected=""))
    shares = rows_of(shares, which)
    for name, value in chosen.items():
        shares = shares[shares[name] == str(value)]
    mine = {period: light for (_, _, period), light in _lights_by_key(card, shares, lang).items()}
    labels = {
        period
        for process, criterion, period in _lights_by_key(card, card.shares(by=[]), lang)
        if period and (process, criterion) == which
    }
    columns = columns_between(labels, card.provenance.period, lang)
    return tuple(zip(columns, _in_columns(mine, columns, lang), strict=True))


def _in_columns(lights: Mapping[str, Light], columns: tuple[Column, ...], lang: str) -> tuple[Light, ...]:
    """A light for each column, an empty one where its period has none."""
    empty = Light(lang=lang)
    return tuple(lights.get(column.label, empty) if column.label else empty for column in columns)


def find_criterion(card: CardTables, which: CriterionId) -> Criterion:
    """The definition of a criterion.

    Raises:
        SvclightError: There is no such process or criterion.
    """
    processes = card.definitions.processes
    if which.process not in processes:
        raise SvclightError(unknown_name("unknown process", which.process, processes))
    criteria = processes[which.process].criteria
    if which.criterion not in criteria:
        expected = quoted_list(criteria) or "none: it is a heading"
        what = f"the process {which.process} has no such criterion"
        raise SvclightError(unknown_name(what, which.criterion, criteria, expected=expected))
    return criteria[which.criterion]


def columns_between(labels: Iterable[str], kind: str, lang: str = "en") -> tuple[Column, ...]:
    """All periods from the first to the last of `labels`, also periods without data."""
    columns: list[Column] = []
    last: int | None = None
    for label in sorted(labels):
        found = clocks.period_number(label)
        number = found[1] if found else 0
        empty = 0 if last is None else number - last - 1
        if empty > LONGEST_GAP:  # a mistyped year must not make a table of a thousand columns
            columns.append(Column("", empty, lang))
        else:
            columns += [Column(clocks.period_label(number - back, kind), lang=lang) for back in range(empty, 0, -1)]
        columns.append(Column(label, lang=lang))
        last = number
    return tuple(columns)


def process_title(card: CardTables, process: str) -> str:
    """The title of a process behind the titles of the processes it is a part of: `Customer support / Hotline`."""
    titles: list[str] = []
    seen: set[str] = set()
    name: str | None = process
    while name is not None and name in card.definitions.processes and name not in seen:
        seen.add(name)
        titles.append(card.definitions.title(name))
        name = card.definitions.processes[name].part_of
    return " / ".join(reversed(titles))


def zone_targets(card: CardTables, which: CriterionId) -> tuple[Ends, ...]:
    """For each zone the ends of the declared targets of a criterion in percent."""
    ends = target_ends(criterion_at(card.definitions, which))
    return tuple(ends[zone] for zone in ZONES)


def _lights_by_key(card: CardTables, shares: pd.DataFrame, lang: str) -> dict[tuple[str, str, str], Light]:
    """The lights by process, criterion and period."""
    keys = zip(*(shares[name].astype(str) for name in ("process", "criterion", "period")), strict=True)
    counts = shares[list(STATES)].to_numpy().tolist()
    flags = [tuple(flag.split(", ")) if flag else () for flag in shares["flag"].astype(str)]
    told = {place: tuple(ends[zone] for zone in ZONES) for place, ends in targets_told(card.definitions).items()}
    none: tuple[Ends, ...] = ((),) * len(ZONES)  # a heading has no targets
    return {
        key: Light(tuple(map(int, row)), marks, targets=told.get((key[0], key[1]), none), lang=lang)
        for key, row, marks in zip(keys, counts, flags, strict=True)
    }


def _light_row(
    card: CardTables,
    which: CriterionId,
    lights: dict[tuple[str, str, str], Light],
    columns: tuple[Column, ...],
    responses: Mapping[tuple[str, ...], Response],
    lang: str,
) -> LightRow:
    """The row of a criterion: a light in each column, and its total over the whole log."""
    mine = {key[2]: replace(light, response=responses.get(key)) for key, light in lights.items() if key[:2] == which}
    total = tuple(sum(light.counts[place] for light in mine.values()) for place in range(len(STATES)))
    undated = sum(mine[""].counts) if "" in mine else 0
    asked = [response for key, response in responses.items() if key[:2] == which]
    whole = Response(sum(one.asked for one in asked), sum(one.answered for one in asked), lang) if asked else None
    owner = card_of(card, which)
    short = which.criterion.removeprefix(f"{owner}.").replace("_", " ") if owner else ""
    return LightRow(
        *which,
        card.definitions.title(*which),
        _in_columns(mine, columns, lang),
        Light(total, response=whole, targets=zone_targets(card, which), lang=lang),
        undated,
        counted_unit(card, which),
        owner,
        short,
        lang=lang,
    )


def _heading_rows(
    card: CardTables, scored: Iterable[str], columns: tuple[Column, ...], lang: str
) -> Iterator[LightRow]:
    """The rows of headings: what their parts count in total, for criteria that several of them have."""
    wanted = heading_criteria(card.definitions, scored)
    for heading in dict.fromkeys(which.process for which in wanted):
        whole = card.under_heading(heading)
        lights = _lights_by_key(whole, whole.shares(by=[]), lang)
        for which in wanted:
            if which.process == heading:
                yield _heading_row(card, which, lights, columns, lang)


def _heading_row(
    card: CardTables,
    which: CriterionId,
    lights: dict[tuple[str, str, str], Light],
    columns: tuple[Column, ...],
    lang: str,
) -> LightRow:
    """The row of a criterion of a heading; its title is that of its parts where they agree."""
    mine = {key[2]: light for key, light in lights.items() if key[:2] == which}
    parts = processes_under(card.definitions, which.process)
    titles = {
        card.definitions.title(name, which.criterion)
        for name in parts
        if which.criterion in card.definitions.processes[name].criteria
    }
    total = tuple(sum(light.counts[place] for light in mine.values()) for place in range(len(STATES)))
    return LightRow(
        *which,
        titles.pop() if len(titles) == 1 else which.criterion.replace("_", " "),
        _in_columns(mine, columns, lang),
        Light(total, lang=lang),
        sum(mine[""].counts) if "" in mine else 0,
        is_total=True,
        lang=lang,
    )


def responses_of(card: CardTables, by: Iterable[str] = (), *, lang: str = "en") -> dict[tuple[str, ...], Response]:
    """The customers asked and those who answered, by process, criterion, period and the segments that are kept."""
    keys = ["process", "criterion", "period", *by]
    texts = card.responses.astype(dict.fromkeys(keys, object)).fillna(dict.fromkeys(keys, ""))
    table = texts.groupby(keys, sort=False)[["asked", "answered"]].sum()
    pairs = zip(table["asked"].tolist(), table["answered"].tolist(), strict=True)
    return {key: Response(*pair, lang) for key, pair in zip(table.index, pairs, strict=True)}


def card_of(card: CardTables, which: CriterionId) -> str:
    """The quality card whose item a criterion is, or nothing."""
    owner, dot, _ = which.criterion.partition(".")
    return owner if dot and owner in card.definitions.processes[which.process].criteria else ""


def counted_unit(card: CardTables, which: CriterionId) -> str:
    """The unit that a criterion counts: customers at each period's end, cases of an event log, or interactions."""
    definition = card.definitions.processes[which.process]
    if of_customers(criterion_at(card.definitions, which), definition):
        return "customers"
    return "cases" if definition.log is not None and definition.log.rows == "events" else "interactions"
