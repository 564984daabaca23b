"""Limits that fit the answers of customers, by three methods, with bootstrap intervals.

In: values of interactions, turned so that less is better, and the answers of the same customers. Out: for each method
the values up to which green and yellow would reach. No definition is known here. Values are put into at most
`MOST_CUTS` classes first, so that every pair of limits can be tried, and an interaction drawn again is a count in a
small table.

A limit at the edge of what was tried is no estimate: satisfaction may begin to fall before the shortest value that
enough customers answered, or not level off within the longest.
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
        in_classes: Whether a class holds several values, so that a limit may lie between two tops.
    """

    tops: Floats
    middles: Floats
    counts: Counts
    scores: Floats
    zones: NDArray[np.int64]
    in_classes: bool = False

    @classmethod
    def of(cls, values: Floats, scores: Floats, zones: NDArray[np.int64]) -> Answers:
        """Puts interactions into classes."""
        rows, tops, middles = _value_classes(values, MOST_CUTS)
        kinds, _, means = _value_classes(scores, MOST_ANSWERS)
        pairs, columns = np.unique(kinds * 3 + zones, return_inverse=True)
        counts = np.zeros((len(tops), len(pairs)), dtype=np.int64)
        np.add.at(counts, (rows, columns.ravel()), 1)
        return cls(tops, middles, counts, means[pairs // 3], pairs % 3, len(np.unique(values)) > len(tops))

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

    def edges(self) -> tuple[float, float]:
        """The least and the greatest limit that leaves enough answers on both sides; NaN where none does."""
        green, yellow = self.pairs()
        return (float(self.tops[green.min()]), float(self.tops[yellow.max()])) if len(green) else (np.nan, np.nan)

    def fall_pairs(self) -> tuple[NDArray[np.intp], NDArray[np.intp]]:
        """The places at which satisfaction may begin and end to fall: 0 before all values, k at the top of class k.

        Those outside of the edges are among them: a fall that goes on over the edge must not be pressed into what was
        tried, or the other end would be wrong, too.
        """
        classes = len(self.tops)
        if not self.has_yellow:  # one limit: from there on it falls to the greatest value
            starts = np.arange(classes)
            return starts, np.full(classes, classes)
        return np.triu_indices(classes + 1, 1)

    def fall_ends(self, places: NDArray[np.intp]) -> Floats:
        """The values at such places."""
        return np.where(places == 0, self.middles[0], self.tops[np.maximum(places - 1, 0)])


def _value_classes(values: Floats, most: int) -> tuple[NDArray[np.intp], Floats, Floats]:
    """The class of each value, the greatest value and the mean of each class: equal values share one."""
    different = np.unique(values)
    if len(different) > most:  # classes of about equally many values, each ending at a value that occurs
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
        yellow); all NaN where no pair of limits leaves each zone enough answers. Limits may stand at or beyond the
        edges: see `open_at_edges`.
    """
    tables = answers.counts[np.newaxis] if counts is None else counts
    green, yellow = answers.pairs()
    if not len(green):
        return {method: np.full((len(tables), 2), np.nan) for method in METHODS}
    found: dict[str, list[Floats]] = {method: [] for method in METHODS}
    ends = np.column_stack(
        [answers.tops[green], answers.tops[yellow] if answers.has_yellow else np.full(len(green), np.nan)]
    )
    begin, end = answers.fall_pairs()
    falls = np.column_stack([answers.fall_ends(begin), answers.fall_ends(end)])
    kept = falls[:, 1] > falls[:, 0]
    falls, slopes = falls[kept], _slopes(answers, falls[kept])
    if not answers.has_yellow:
        falls[:, 1] = np.nan
    for part in _table_parts(tables):
        for method, worth, places in (
            ("fall", _explained_by_fall(answers, part, slopes), falls),
            ("agreement", limit_kappas(answers, part, green, yellow), ends),
            ("tree", _explained_by_steps(answers, part, green, yellow), ends),
        ):
            found[method].append(places[worth.argmax(axis=1)])
    return {method: np.concatenate(parts) for method, parts in found.items()}


def _table_parts(tables: Counts) -> Iterator[Counts]:
    """Tables in parts: for each one every pair of limits is tried, and memory would grow with their number."""
    return (tables[begin : begin + _CHUNK] for begin in range(0, len(tables), _CHUNK))


def bootstrap_limits(answers: Answers, resamples: int, rng: np.random.Generator) -> dict[str, Floats]:
    """The limits that each method proposes for the same number of interactions, drawn again from these.

    Returns:
        For each method an array with a row a resample, as of `proposed_limits`.
    """
    return proposed_limits(answers, resample_table(answers.counts, resamples, rng))


def open_at_edges(answers: Answers, limits: Floats) -> Floats:
    """Limits with those at an edge of what was tried, or beyond it, as infinite: before, or later than, all of it."""
    first, last = answers.edges()
    found: Floats = np.where(limits <= first, -np.inf, np.where(limits >= last, np.inf, limits))
    return found


def limit_interval(answers: Answers, drawn: Floats) -> tuple[float, float]:
    """The 95 % percentile interval of limits that were found in resamples; an end is infinite where it is open.

    The ends are limits that were found, the outer ones, and where values were put into classes one class farther: the
    limit may lie inside of a class. What is later than the edge is not more than that: then the interval begins there.

    Args:
        answers: The interactions.
        drawn: The limits of one zone, as of `open_at_edges`.
    """
    known = drawn[~np.isnan(drawn)]
    if not len(known):
        return np.nan, np.nan
    low = float(np.quantile(known, 0.025, method="lower"))
    high = float(np.quantile(known, 0.975, method="higher"))
    first, last = answers.edges()
    low, high = min(low, last), max(high, first)
    if answers.in_classes:
        places = np.concatenate([[-np.inf], answers.tops, [np.inf]])
        low = low if low == last else float(places[max(int(np.searchsorted(places, low)) - 1, 0)])
        high = high if high == first else float(places[min(int(np.searchsorted(places, high)) + 1, len(places) - 1)])
    return low, high


def limit_kappas(answers: Answers, tables: Counts, green: NDArray[np.intp], yellow: NDArray[np.intp]) -> Floats:
    """Linearly weighted kappa between the zones of each pair of limits and the answers, a row a table."""
    # Linear weights count how many of the two boundaries (green or not, red or not) are crossed, so observed and
    # expected disagreement are sums over the boundaries, each of which depends on one of the limits alone.
    observed, expected = (
        first[:, green] + second[:, yellow]
        for first, second in zip(
            _disagreement(tables, answers.zones < 1), _disagreement(tables, answers.zones <= 1), strict=True
        )
    )
    ratio: Floats = np.divide(observed, expected, out=np.full(observed.shape, np.inf), where=expected > 0)
    return 1 - ratio


def _disagreement(tables: Counts, good: NDArray[np.bool_]) -> tuple[Floats, Floats]:
    """For each limit the interactions that it and the answers put on different sides, and how many chance would."""
    whole = tables.sum(axis=(1, 2))[:, np.newaxis].astype(np.float64)
    below = tables.sum(axis=2).cumsum(axis=1)
    good_below = tables[:, :, good].sum(axis=2).cumsum(axis=1)
    all_good = good_below[:, -1:]
    observed = (below - good_below) + (all_good - good_below)
    expected = (below * (whole - all_good) + (whole - below) * all_good) / whole
    return observed.astype(np.float64), expected


def _slopes(answers: Answers, falls: Floats) -> Floats:
    """The fall of each class, 0 to 1, if satisfaction falls in a straight line between two values, a row each."""
    start, end = falls[:, :1], falls[:, 1:]
    return np.clip((answers.middles[np.newaxis] - start) / (end - start), 0.0, 1.0)


def _explained_by_fall(answers: Answers, tables: Counts, slopes: Floats) -> Floats:
    """The part of the answers' sum of squares that a fall between two limits explains; 0 where answers rise instead."""
    heavy = tables.sum(axis=2).astype(np.float64)
    worth = tables @ answers.scores
    whole = heavy.sum(axis=1, keepdims=True)
    x, xx, xy = heavy @ slopes.T, heavy @ (slopes**2).T, worth @ slopes.T
    spread = xx - x**2 / whole
    shared = np.minimum(xy - x * worth.sum(axis=1, keepdims=True) / whole, 0.0)
    explained: Floats = np.divide(shared**2, spread, out=np.zeros_like(shared), where=spread > 0)
    return explained


def _explained_by_steps(answers: Answers, tables: Counts, green: NDArray[np.intp], yellow: NDArray[np.intp]) -> Floats:
    """The sum of squares that the means of the zones explain: most for the best regression tree of so many leaves.

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
