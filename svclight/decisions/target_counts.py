"""Counts of the zones by period, of those interactions alone that a target is for.

In: a `CardTables`, a criterion, one of its targets. Out: for each period how many are in each zone; a card that is not
split by a segment of the target is refused.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

import numpy as np
import pandas as pd

from svclight.counts.tidy_tables import rows_of
from svclight.definition.conditions import tests_in
from svclight.errors import SvclightError, quoted_list
from svclight.logs.array_cells import equal_words
from svclight.method.conditions import combine_tests, passing
from svclight.thresholds import parse_interval
from svclight.values.columns import Texts, numbers_of

if TYPE_CHECKING:
    from numpy.typing import NDArray

    from svclight.card.card_tables import CardTables
    from svclight.definition.conditions import Condition, Test
    from svclight.definition.criterion_id import CriterionId
    from svclight.definition.models import Target

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
