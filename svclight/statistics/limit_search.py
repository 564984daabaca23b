"""Where customers turn: limits that fit their answers, by three methods, with bootstrap intervals; formulas.

In: values of interactions, turned so that less is better, and what the same customers answered. Out: for each method
the values up to which green and yellow would reach. No definition is known here. Values are put into at most
`MOST_CUTS` classes first, so that every pair of limits can be tried, and an interaction drawn again is a count in a
small table.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Final

import numpy as np

from svclight.statistics.agreement import resample_table

if TYPE_CHECKING:
    from collections.abc import Iterator

    from numpy.typing import NDArray

    Floats = NDArray[np.float64]
    Counts = NDArray[np.int64]

METHODS: Final = ("fall", "agreement", "tree")
"""Where satisfaction falls; where zones agree best with answers; where a regression tree parts them."""
MOST_CUTS: Final = 80
"""So many different limits are tried."""
MOST_ANSWERS: Final = 100
LEAST_SHARE: Final = 0.05
"""Each zone of a proposal keeps at least this share of the answers."""
_CHUNK: Final = 100
_YELLOW: Final = 1


@dataclass(frozen=True)
class Answers:
    """Interactions with an answer, by class of value (rows) and kind of answer (columns).

    Attributes:
        tops: The greatest value of each class: a limit may stand there.
        middles: The mean value of each class.
        counts: How many interactions are in each class with each answer.
        scores: What the answers are worth, more is better.
        zones: The zone of each answer: 0 green, 1 yellow, 2 red.
    """

    tops: Floats
    middles: Floats
    counts: Counts
    scores: Floats
    zones: NDArray[np.int64]

    @classmethod
    def of(cls, values: Floats, scores: Floats, zones: NDArray[np.int64]) -> Answers:
        """Puts interactions into classes."""
        rows, tops, middles = _value_classes(values, MOST_CUTS)
        kinds, _, means = _value_classes(scores, MOST_ANSWERS)
        pairs, columns = np.unique(kinds * 3 + zones, return_inverse=True)
        counts = np.zeros((len(tops), len(pairs)), dtype=np.int64)
        np.add.at(counts, (rows, columns.ravel()), 1)
        return cls(tops, middles, counts, means[pairs // 3], pairs % 3)

    @property
    def has_yellow(self) -> bool:
        """Whether some answers are neither good nor bad."""
        return bool((self.zones == _YELLOW).any())

    def pairs(self) -> tuple[NDArray[np.intp], NDArray[np.intp]]:
        """The classes at which green and yellow may end, so that each zone keeps enough answers."""
        below = self.counts.sum(axis=1).cumsum()
        least = LEAST_SHARE * below[-1]
        if not self.has_yellow:
            ends = np.flatnonzero((below >= least) & (below[-1] - below >= least))
            return ends, ends
        green, yellow = np.triu_indices(len(below), 1)
        kept = (below[green] >= least) & (below[yellow] - below[green] >= least) & (below[-1] - below[yellow] >= least)
        return green[kept], yellow[kept]


def _value_classes(values: Floats, most: int) -> tuple[NDArray[np.intp], Floats, Floats]:
    """The class of each value, the greatest value and the mean of each class: equal values share one."""
    different = np.unique(values)
    if len(different) > most:
        ends = np.quantile(values, np.linspace(0, 1, most + 1)[1:], method="inverted_cdf")
        different = np.unique(ends)
    place = np.searchsorted(different, values)
    sums = np.bincount(place, weights=values, minlength=len(different))
    return place, different, sums / np.bincount(place, minlength=len(different))


def proposed_limits(answers: Answers, counts: Counts | None = None) -> dict[str, Floats]:
    """The limits that each method proposes.

    Args:
        answers: The interactions.
        counts: Tables of the same shape that take the place of theirs, on a first axis; theirs unless given.

    Returns:
        For each method an array with a row a table: where green ends, where yellow ends (NaN where no answer is
        yellow); all NaN where no pair of limits leaves each zone enough answers.
    """
    tables = answers.counts[np.newaxis] if counts is None else counts
    green, yellow = answers.pairs()
    if not len(green):
        return {method: np.full((len(tables), 2), np.nan) for method in METHODS}
    found: dict[str, list[Floats]] = {method: [] for method in METHODS}
    ends = np.column_stack(
        [answers.tops[green], answers.tops[yellow] if answers.has_yellow else np.full(len(green), np.nan)]
    )
    slopes = _slopes(answers, green, yellow)
    for part in _table_parts(tables):
        for method, worth in (
            ("fall", _explained_by_fall(answers, part, slopes)),
            ("agreement", limit_kappas(answers, part, green, yellow)),
            ("tree", _explained_by_steps(answers, part, green, yellow)),
        ):
            found[method].append(ends[worth.argmax(axis=1)])
    return {method: np.concatenate(parts) for method, parts in found.items()}


def _table_parts(tables: Counts) -> Iterator[Counts]:
    return (tables[begin : begin + _CHUNK] for begin in range(0, len(tables), _CHUNK))


def bootstrap_limits(answers: Answers, resamples: int, rng: np.random.Generator) -> dict[str, Floats]:
    """What each method would have proposed, had the same number of interactions been drawn from these."""
    return proposed_limits(answers, resample_table(answers.counts, resamples, rng))


def limit_kappas(answers: Answers, tables: Counts, green: NDArray[np.intp], yellow: NDArray[np.intp]) -> Floats:
    """Linearly weighted kappa between the zones of each pair of limits and the answers, a row a table.

    Linear weights count how many of the two boundaries (green or not, red or not) are crossed, so observed and
    expected disagreement are sums over the boundaries, each of which depends on one of the limits alone.
    """
    observed, expected = (
        first[:, green] + second[:, yellow]
        for first, second in zip(
            _disagreement(tables, answers.zones < 1), _disagreement(tables, answers.zones <= 1), strict=True
        )
    )
    ratio: Floats = np.divide(observed, expected, out=np.full(observed.shape, np.inf), where=expected > 0)
    return 1 - ratio


def _disagreement(tables: Counts, good: NDArray[np.bool_]) -> tuple[Floats, Floats]:
    """For each limit how many interactions it and the answers put on different sides, and how many chance would."""
    whole = tables.sum(axis=(1, 2))[:, np.newaxis].astype(np.float64)
    below = tables.sum(axis=2).cumsum(axis=1)
    good_below = tables[:, :, good].sum(axis=2).cumsum(axis=1)
    all_good = good_below[:, -1:]
    observed = (below - good_below) + (all_good - good_below)
    expected = (below * (whole - all_good) + (whole - below) * all_good) / whole
    return observed.astype(np.float64), expected


def _slopes(answers: Answers, green: NDArray[np.intp], yellow: NDArray[np.intp]) -> Floats:
    """How far each class has fallen, 0 to 1, if satisfaction falls in a straight line between two limits.

    Without yellow answers there is one limit, and the fall is a line from there on.
    """
    start = answers.tops[green][:, np.newaxis]
    end = (answers.tops[yellow] if answers.has_yellow else np.full(len(green), answers.middles[-1]))[:, np.newaxis]
    fallen = (answers.middles[np.newaxis] - start) / np.where(end > start, end - start, 1.0)
    return np.clip(fallen, 0.0, 1.0)


def _explained_by_fall(answers: Answers, tables: Counts, slopes: Floats) -> Floats:
    """What a fall between two limits explains of the answers' sum of squares; nothing where they rise instead."""
    heavy = tables.sum(axis=2).astype(np.float64)
    worth = tables @ answers.scores
    whole = heavy.sum(axis=1, keepdims=True)
    x, xx, xy = heavy @ slopes.T, heavy @ (slopes**2).T, worth @ slopes.T
    spread = xx - x**2 / whole
    shared = np.minimum(xy - x * worth.sum(axis=1, keepdims=True) / whole, 0.0)
    explained: Floats = np.divide(shared**2, spread, out=np.zeros_like(shared), where=spread > 0)
    return explained


def _explained_by_steps(answers: Answers, tables: Counts, green: NDArray[np.intp], yellow: NDArray[np.intp]) -> Floats:
    """What the means of the zones explain: the regression tree of so many leaves that fits best explains most.

    Source: Breiman, Friedman, Olshen, Stone (1984); on one variable the best partition (Fisher 1958) is found by trying
    all of them.
    """
    heavy = tables.sum(axis=2).cumsum(axis=1).astype(np.float64)
    worth = (tables @ answers.scores).cumsum(axis=1)
    if not answers.has_yellow:
        leaves = [
            (heavy[:, green], worth[:, green]),
            (heavy[:, -1:] - heavy[:, green], worth[:, -1:] - worth[:, green]),
        ]
    else:
        leaves = [
            (heavy[:, green], worth[:, green]),
            (heavy[:, yellow] - heavy[:, green], worth[:, yellow] - worth[:, green]),
            (heavy[:, -1:] - heavy[:, yellow], worth[:, -1:] - worth[:, yellow]),
        ]
    explained: Floats = np.zeros_like(leaves[0][0])
    for size, total in leaves:
        explained += np.divide(total**2, size, out=np.zeros_like(total), where=size > 0)
    return explained
