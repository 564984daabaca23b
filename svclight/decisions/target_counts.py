"""Counts of the zones by period, of those interactions alone that a target is for.

In: a `CardTables`, a criterion, one of its targets. Out: for each period how many are in each zone; a card that is not
split by a segment of the target is refused.
"""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING, Final, TypeVar

import numpy as np
import pandas as pd

from svclight.card.card_tables import CardTables
from svclight.counts.tidy_tables import rows_of
from svclight.definition.conditions import tests_in
from svclight.definition.criterion_id import CriterionId
from svclight.errors import SvclightError, quoted_list
from svclight.logs.array_cells import equal_words
from svclight.method.conditions import combine_tests, passing
from svclight.thresholds import parse_interval
from svclight.values.columns import Texts, numbers_of

if TYPE_CHECKING:
    from collections.abc import Sequence

    from numpy.typing import NDArray

    from svclight.definition.conditions import Condition, Test
    from svclight.definition.models import Target

Card = TypeVar("Card", bound=CardTables)
SQUARES: Final = "squares"
"""Beside the zones of a period: the sum of the squared weights, where values are means of what rows stand for."""


def zone_counts(card: CardTables, which: CriterionId, target: Target) -> dict[str, dict[str, int]]:
    """Counts of the states by period, of the segments that the target means.

    Raises:
        SvclightError: The card is not split by a segment that the target names.
    """
    counts = rows_of(card.counts, which)
    if target.where is not None:
        missing = [test.column for test in tests_in(target.where) if test.column not in card.by]
        if missing:
            needed = quoted_list(dict.fromkeys(missing))
            split = " ".join(f"--by {column}" for column in dict.fromkeys(missing))
            raise SvclightError(
                f"a target of {which} is for {target.where}, and the card is not split so: "
                f"score the log by {needed} ({split})"
            )
        counts = counts[meets_condition(target.where, counts)]
    summed = counts.groupby(["period", "zone"], observed=True)["count"].sum()
    table: dict[str, dict[str, int]] = {}
    for period, zone, count in summed.reset_index().itertuples(index=False):
        table.setdefault(str(period), {})[str(zone)] = int(count)
    squares = rows_of(card.squares, which)
    if target.where is not None and len(squares):
        squares = squares[meets_condition(target.where, squares)]
    for period, square in squares.groupby("period", observed=True)["squares"].sum().items():
        table.setdefault(str(period), {})[SQUARES] = int(square)
    return table


def without_unsplit_targets(card: Card) -> tuple[Card, list[tuple[CriterionId, str]]]:
    """The card without the targets that it cannot be judged by: those for segments by which it is not split.

    Returns:
        The card, and the criterion and the condition of each target that was left out.
    """
    left_out: list[tuple[CriterionId, str]] = []
    processes = {}
    for process_id, process in card.definitions.processes.items():
        criteria = {}
        for name, criterion in process.criteria.items():
            kept = tuple(one for one in criterion.targets if _is_split_for(one, card.by))
            gone = [one for one in criterion.targets if one not in kept]
            left_out += [(CriterionId(process_id, name), str(one.where)) for one in gone]
            criteria[name] = criterion.model_copy(update={"targets": kept}) if gone else criterion
        processes[process_id] = process.model_copy(update={"criteria": criteria})
    if not left_out:
        return card, []
    document = card.definitions.document.model_copy(update={"processes": processes})
    return replace(card, definitions=replace(card.definitions, document=document)), left_out


def _is_split_for(target: Target, by: Sequence[str]) -> bool:
    """Whether a card that is split so can be judged by a target."""
    return target.where is None or all(test.column in by for test in tests_in(target.where))


def meets_condition(condition: Condition, counts: pd.DataFrame) -> NDArray[np.bool_]:
    """Which rows of the counts meet a condition on their segments."""
    return combine_tests(condition, lambda test: _passing(test, counts))  # type: ignore[no-any-return]  # a mask of arrays


def _passing(test: Test, counts: pd.DataFrame) -> NDArray[np.bool_]:
    """Which rows of the counts pass a test on their segment; the empty word is a missing one, and so is null."""
    # judged once per word of a segment, not per row: key columns are categorical
    column = counts[test.column].cat
    words = np.asarray([*column.categories, ""], dtype=object)  # the last place is that of the code -1
    present = words != ""
    if test.limit:
        chosen = parse_interval(test.limit).holds(numbers_of(pd.Series(words, dtype=object)).values)
    else:
        values = [value for value in test.values if value is not None]
        chosen = equal_words(Texts(np.arange(len(words)), words), values) & present
    return passing(test, present, chosen)[column.codes]  # type: ignore[no-any-return]  # the same
