"""Conditions that meet nothing: words that no cell of their column has, conditions that no row meets, empty columns.

In: a `Log`. Out: `Unmet`, one for each word, condition and column, in words with the nearest words that are there: a
typing error in a condition is silent otherwise. It changes no count.
"""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import TYPE_CHECKING, Any, Final

import numpy as np

from svclight.definition.conditions import Test, tests_in
from svclight.definition.names_used import conditions_of, raw_columns
from svclight.errors import Notice, did_you_mean, quoted_list, quoted_text
from svclight.logs.condition_masks import rows_that_meet
from svclight.logs.log import PART, in_parts
from svclight.values.columns import texts_of

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator, Sequence

    from svclight.definition.conditions import Condition
    from svclight.logs.log import Log

_SHOWN: Final = 5
"""So many of the most frequent words of a column are told."""
MOST_WORDS: Final = 10_000
"""Among so many words of a column, the most frequent, the nearest to a word that was not found is looked for."""
_FIRST_CELLS: Final = 1000


@dataclass(frozen=True)
class Unmet:
    """A condition that meets nothing in a log.

    Attributes:
        path: The key of the condition, under the process.
        condition: A test of one word, or a whole condition; None for a column without any cell.
        column: The column; empty for a whole condition.
    """

    path: tuple[str | int, ...]
    condition: Condition | None
    column: str = ""


def unmet_questions(log: Log, is_met: Callable[[Unmet], bool]) -> list[Unmet]:
    """The words, conditions and columns of a definition that meet nothing.

    Args:
        log: The log, with or without its rows.
        is_met: Whether some row answers a question; a whole condition is asked where each of its words is met.
    """
    found: dict[Any, Unmet] = {}
    for path, condition in expected_conditions(log):
        words = [one for one in (Unmet(path, test, test.column) for test in word_tests(condition)) if not is_met(one)]
        for one in words:
            found.setdefault((one.column, one.condition), one)
        if not words and not is_met(Unmet(path, condition)):
            found.setdefault(path, Unmet(path, condition))
    columns = (Unmet(path, None, column) for column, path in raw_columns(log.process).items())
    return [*found.values(), *(one for one in columns if not is_met(one))]


def all_questions(log: Log) -> list[Unmet]:
    """All that `unmet_questions` may ask."""
    asked: dict[Unmet, None] = {}
    unmet_questions(log, lambda one: asked.setdefault(one) is None)
    return list(asked)


def is_of_cases(question: Unmet) -> bool:
    """Whether a question is asked of the cases of an event log: conditions of criteria see their last known values."""
    return not question.column and question.path[0] == "criteria"


def is_answered(question: Unmet, log: Log, cases: Log) -> bool:
    """Whether some row of a log meets a condition or has a cell in a column.

    Args:
        question: The condition or column.
        log: The log as it stood at its moment; of an event log the events.
        cases: The cases of an event log; the same log for others.
    """
    if question.condition is None:
        return question.column not in log.raw.frame or _has_cells(log, question.column)
    return _is_met(question.condition, cases if is_of_cases(question) else log)


def expected_conditions(log: Log) -> Iterator[tuple[tuple[str | int, ...], Condition]]:
    """The conditions of which the definition does not say that rows need not meet them."""
    silent = {("log", "exclude", at, "where") for at, rule in enumerate(log.spec.exclude) if not rule.expect}
    return ((path, condition) for path, condition in conditions_of(log.process) if path not in silent)


def word_tests(condition: Condition) -> Iterator[Test]:
    """A test for each single word that a condition asks for, negated or not; limits, null and flags have no words."""
    for test in tests_in(condition):
        for value in test.values:
            if value is not None and not isinstance(value, bool):
                yield replace(test, values=(value,), negated=False)


def _is_met(condition: Condition, log: Log) -> bool:
    """Whether some row meets a condition; parts that come after the first such row are not looked at."""
    return any(bool(np.any(rows_that_meet(condition, rows))) for rows in in_parts(log, PART))


def _has_cells(log: Log, column: str) -> bool:
    cells = log.raw.frame[column]
    if isinstance(cells.dtype, np.dtype) and cells.dtype.kind != "O" and not log.spec.missing:
        return bool(cells.notna().any())  # numbers and times need not be written as text to be there
    first = cells.iloc[:_FIRST_CELLS]
    if not len(first):
        return False
    return not texts_of(first, log.spec.missing).missing.all() or not texts_of(cells, log.spec.missing).missing.all()


def notice_of(unmet: Unmet, log: Log, words: Sequence[str]) -> Notice:
    """What is said of something that meets nothing.

    Args:
        unmet: What meets nothing.
        log: The log.
        words: The words of the column, the most frequent first.
    """
    where = ".".join(map(str, ("processes", log.process_id, *unmet.path)))
    if unmet.condition is None:
        said = f"{where}: no cell of the column {quoted_text(unmet.column)} is filled"
    else:
        said = f"{where}: no row meets `{unmet.condition}`"
    value = unmet.condition.values[0] if isinstance(unmet.condition, Test) and unmet.condition.values else ""
    near = did_you_mean(value, words)
    shown = f"; the most frequent words are {quoted_list(words[:_SHOWN])}" if words else ""
    return Notice(f"{said}{shown}{f' - {near}' if near else ''}", said)


def frequent_words(log: Log, column: str) -> list[str]:
    """The words of a column, the most frequent first, then in their own order; a row counts as often as it weighs."""
    texts = log.texts(column)
    known = texts.codes >= 0
    weights = None if log.weights is None else log.weights[known]
    counts = np.bincount(texts.codes[known], weights, minlength=len(texts.words))
    order = sorted(np.flatnonzero(counts), key=lambda code: (-counts[code], str(texts.words[code])))
    return [str(texts.words[code]) for code in order[:MOST_WORDS]]


def unmet_notices(log: Log, cases: Log) -> list[Notice]:
    """The notices of all that meets nothing in a log that pandas judges; none of a log without rows."""
    if not len(log):
        return []
    found = unmet_questions(log, lambda question: is_answered(question, log, cases))
    return [notice_of(one, log, _words_beside(one, log)) for one in found]


def _words_beside(unmet: Unmet, log: Log) -> list[str]:
    return frequent_words(log, unmet.column) if unmet.column and unmet.condition is not None else []
