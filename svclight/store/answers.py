"""The answer to a call, kept in a store: counted and added, or found there because no file of it has changed.

In: a store, the question of a call, and what counts it. Out: the card, and what the store did. The state of files is
taken before they are read: one that changes meanwhile is read again the next time.
"""

from __future__ import annotations

from dataclasses import astuple, dataclass
from typing import TYPE_CHECKING

from svclight.store.run_rows import rows_of, run_of
from svclight.store.same_call import answered_run
from svclight.store.store_file import opened_store
from svclight.store.told_card import card_of_run

if TYPE_CHECKING:
    from collections.abc import Callable
    from pathlib import Path

    from svclight.scorecard import Scorecard
    from svclight.store.same_call import Question
    from svclight.store.store_file import StoreFile

_PLACE_OF_RUN = """
    WITH mine AS (FROM periods WHERE run = ?),
    others AS (
        SELECT process, criterion, periods.period, max(periods.seen) AS seen FROM periods JOIN runs USING (run)
        WHERE run <> ? AND runs.period = (SELECT period FROM runs WHERE run = ?) GROUP BY ALL
    )
    SELECT count(DISTINCT mine.period) FILTER (others.seen IS NULL),
        count(DISTINCT mine.period) FILTER (others.seen <= mine.seen),
        count(DISTINCT mine.period) FILTER (others.seen > mine.seen)
    FROM mine LEFT JOIN others USING (process, criterion, period) WHERE mine.period <> ''
"""


@dataclass(frozen=True)
class Answer:
    """What a store did with a call.

    Attributes:
        card: The answer.
        run: The number of its run.
        is_new: Whether the run was added: its counts were not there.
        is_read: Whether logs were read.
        periods: How many periods of the run nobody had counted, how many take the place of earlier counts, and for
            how many later counts were there already.
    """

    card: Scorecard
    run: int
    is_new: bool
    is_read: bool
    periods: tuple[int, int, int]


def keep_answer(path: Path, question: Question | None, count: Callable[[], Scorecard]) -> Answer:
    """The answer to a call, kept in a store.

    Args:
        path: The store; it is made where there is none.
        question: What the call asks of which files; None where that cannot be told, so that it is always counted.
        count: Counts.

    Raises:
        SvclightError: The file is no store, it cannot be written, or it stays in use.
    """
    if question is not None and path.is_file():
        with opened_store(path) as store:
            run = answered_run(store, question)
            if run is not None:
                return Answer(card_of_run(store, run), run, is_new=False, is_read=False, periods=_periods(store, run))
    card = count()
    mark, files = ("", ()) if question is None else (question.mark, question.files)
    made, rows = run_of(card, mark), rows_of(card)
    with opened_store(path, writes=True) as store:
        run, is_new = store.add_run(made, rows, [astuple(file) for file in files])
        return Answer(card, run, is_new=is_new, is_read=True, periods=_periods(store, run))


def _periods(store: StoreFile, run: int) -> tuple[int, int, int]:
    ((new, replaced, older),) = store.rows(_PLACE_OF_RUN, [run, run, run])
    return int(new), int(replaced), int(older)
