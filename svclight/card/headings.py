"""Headings: the counts of the processes that are parts of one, added up under its name.

In: the tables of a card and a heading, the process that others name in `part_of`. Out: the same tables with the heading
in place of its parts. Counts are added, never shares: 90 of 100 and 5 of 20 are together 79.17 %.
"""

from __future__ import annotations

from collections import Counter
from typing import TYPE_CHECKING, Final

import pandas as pd

from svclight.counts.tidy_tables import KEYS
from svclight.definition.criterion_id import CriterionId
from svclight.errors import Issue, SvclightError, quoted_list, quoted_text, unknown_name
from svclight.processes import criterion_ids

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping

    from svclight.processes import Definitions


_NUMBERS: Final = ("count", "squares", "asked", "answered")


def processes_under(definitions: Definitions, heading: str) -> tuple[str, ...]:
    """The heading and the processes that are parts of it, and parts of parts, in the order of the definitions.

    Raises:
        SvclightError: There is no such process, or no other is a part of it.
    """
    processes = definitions.processes
    if heading not in processes:
        raise SvclightError(unknown_name("unknown process", heading, processes))
    found, size = {heading}, 0
    while len(found) > size:  # parts of parts too, until no more are found
        size = len(found)
        found |= {name for name, process in processes.items() if process.part_of in found}
    if size == 1:
        headings = dict.fromkeys(process.part_of for process in processes.values() if process.part_of)
        expected = f"one of {quoted_list(headings)}" if headings else "a process that others name in part_of"
        raise SvclightError(Issue("no process is a part of it", found=quoted_text(heading), expected=expected))
    return tuple(name for name in processes if name in found)


def with_parts_added(tables: Mapping[str, pd.DataFrame], parts: Iterable[str], heading: str) -> dict[str, pd.DataFrame]:
    """The tables of a card with the rows of some processes as rows of their heading.

    A period is partial or immature where it is so for one of the parts.

    Args:
        tables: `periods`, and tables of counts, by name.
        parts: The processes.
        heading: The process under whose name their rows stand.
    """
    chosen = list(parts)
    made = {}
    for name, table in tables.items():
        mine = table[table["process"].isin(chosen)]
        renamed = mine.assign(process=pd.Categorical([heading] * len(mine), categories=[heading]))
        numbers = [column for column in renamed if column in _NUMBERS]
        keys = [column for column in renamed if column not in numbers] if numbers else list(KEYS)
        groups = renamed.groupby(keys, sort=False, observed=True, dropna=False)
        made[name] = (groups[numbers].sum() if numbers else groups[["partial", "immature"]].any()).reset_index()
    return made


def heading_criteria(definitions: Definitions, scored: Iterable[str]) -> list[CriterionId]:
    """The criteria that headings have in total: those of a name that at least two of their parts were scored by."""
    known, found = set(scored), []
    for heading in dict.fromkeys(process.part_of for process in definitions.processes.values() if process.part_of):
        parts = set(processes_under(definitions, heading)) & known
        names = Counter(which.criterion for which in criterion_ids(definitions) if which.process in parts)
        found += [CriterionId(heading, name) for name, times in names.items() if times > 1]
    return found
