"""The zones of a criterion beside the answers of the same customers: agreement, better limits, heaps.

In: logs, definitions, a criterion, the field of the answers. Out: `Calibration`: how far zones and answers agree,
satisfaction by value, limits that the answers propose, by three methods with bootstrap intervals, values that heap just
under a limit, who answered, and all of it in words. It changes nothing by itself.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, Final

import numpy as np
import pandas as pd

from svclight.decisions.result import Result
from svclight.definition.criterion_id import CriterionId
from svclight.errors import SvclightError, check_kind
from svclight.planning.calibrate_words import calibration_in_words
from svclight.planning.customer_answers import UNRATED, Pairs, pairs_of
from svclight.processes import Definitions, load
from svclight.statistics import heaping, limit_search, shares
from svclight.statistics.agreement import WEIGHTS, percentile_interval, resample_table, tau_b, weighted_kappa
from svclight.thresholds import ZONES
from svclight.values.quantities import SECONDS
from svclight.wording.catalogue import say
from svclight.wording.estimates import declared_end
from svclight.wording.languages import language_of
from svclight.wording.sentence_parts import notes_words

if TYPE_CHECKING:
    import datetime as dt
    from collections.abc import Mapping
    from pathlib import Path

    from numpy.typing import NDArray

    from svclight.thresholds import Interval

    Floats = NDArray[np.float64]

FEWEST: Final = 100
"""No limits are proposed from fewer answers than this."""
BINS: Final = 10
"""Satisfaction by value is shown in about so many classes."""
_LEVEL: Final = 0.05


@dataclass(frozen=True, repr=False)
class Calibration(Result):
    """A criterion held against answers.

    Attributes:
        process: Id of the process.
        criterion: Id of the criterion.
        title: What people call the criterion.
        satisfaction: The field of the answers.
        answer_limits: Which answers are green and yellow, in words.
        unit: The unit of values and limits.
        direction: `lower is better`, `higher is better`, `a band`, or nothing where values are no numbers.
        matrix: `zone, green, yellow, red`: interactions by the zone of the criterion (rows) and the answer (columns).
        agreement: `coefficient, value, low, high`: weighted kappa (none, linear, quadratic), Kendall's tau-b.
        by_value: `low, high` (a class holds its upper end), `answers, value` (mean), `answer` (mean), `green_share`,
            `red_share` of the answers (0 to 1), each with `_low` and `_high` (Wilson, 95 %).
        proposals: `method, zone, limit, low, high` (95 %, bootstrap), `beyond, edge, current` (the limit as it is),
            `declared` (its text), `verdict, kappa` (linear, with the limits of the method). An estimate at the edge of
            what was tried is none: `limit` is null, `beyond` says on which side of the `edge` it lies (`above`,
            `below`), and the interval has an infinite end. The verdict is `as it is`, `later`, `earlier` (customers
            turn later or earlier on the way from good to bad), or nothing.
        heaps: `zone, limit, declared, width, counted, expected, p, heap, why_not`: the class just under each limit.
        responses: `zone, interactions, answered, response_rate, response_rate_low, response_rate_high`; of those asked
            where the criterion of the answers says who was.
        follows: Whether the answers fall as the value worsens, beyond chance.
        sentences: What it comes to, in words.
        notes: What holds for all of it.
        lang: The language of sentences, notes and `answer_limits`; codes in the tables are English.
    """

    process: str
    criterion: str
    title: str
    satisfaction: str
    answer_limits: str
    unit: str
    direction: str
    matrix: pd.DataFrame
    agreement: pd.DataFrame
    by_value: pd.DataFrame
    proposals: pd.DataFrame
    heaps: pd.DataFrame
    responses: pd.DataFrame
    follows: bool
    sentences: tuple[str, ...] = ()
    notes: tuple[str, ...] = ()
    lang: str = "en"

    def __str__(self) -> str:
        name = f"{self.process}.{self.criterion}"
        head = say(
            "{title} ({criterion}) against {field}",
            self.lang,
            title=self.title,
            criterion=name,
            field=self.satisfaction,
        )
        return "\n".join([head, *self.sentences, *notes_words(self.notes, self.lang)])

    _shown = "by_value"
    _folded = ("agreement", "matrix", "proposals", "responses")

    def _small_table(self) -> pd.DataFrame:
        return self.proposals

    def _columns_of(self, table: pd.DataFrame) -> tuple[str, ...]:  # noqa: ARG002 - they do not depend on it
        return ("method", "zone", "declared", "limit", "verdict")


def calibrate(  # noqa: PLR0913 - each is a question that a caller may answer, all but three by keyword
    logs: Any,
    definitions: Definitions | str | Path,
    criterion: str,
    *,
    satisfaction: str,
    green: str | None = None,
    yellow: str | None = None,
    where: Mapping[str, str] | None = None,
    as_of: str | dt.date | dt.datetime | None = None,
    max_rejected: int | None = None,
    max_unread: float | str | None = None,
    resamples: int = 500,
    seed: int = 0,
    lang: str | None = None,
) -> Calibration:
    """Compares the zones of a criterion with the answers of the same customers, and proposes limits.

    Args:
        logs: As for `score`.
        definitions: What `load` gave, or the path of a definition.
        criterion: Which one, as `process.criterion`.
        satisfaction: The field of the answers; of a joined log `survey.score`. Where a criterion of the process
            measures it, answers have the zones of that criterion.
        green: Else which answers are good, such as `>= 4`. Without it more is better, and the upper third of the range
            from the least to the greatest answer is green, the lower third red.
        yellow: Which answers are neither good nor bad, such as `>= 3`; with `green` only.
        where: A segment and its value: these interactions alone.
        as_of: The moment from which the logs are seen.
        max_rejected: The most rejected lines that are bearable.
        max_unread: The share of a field's cells that may be unread, such as 0.02 or "2 %".
        resamples: How many times interactions are drawn again for bootstrap intervals.
        seed: Where drawing starts: the same seed gives the same intervals.
        lang: The language of the sentences; that of the definitions unless given.

    Returns:
        The `Calibration`.

    Raises:
        SvclightError: There is no such criterion, field or language, or no interaction has both a zone and an answer.

    Examples:
        >>> import pandas as pd
        >>> import svclight
        >>> definitions = svclight.loads('''
        ... svclight: 1
        ... time_zone: UTC
        ... processes:
        ...   hotline:
        ...     title: Hotline
        ...     log: {time: called, fields: {waited: {number: waited, unit: s}, answer: {number: answer}}}
        ...     criteria:
        ...       wait: {measure: {value: waited}, green: "<= 30 s", targets: {green: ">= 80 %"}}
        ... ''')
        >>> waits = list(range(1, 101)) * 3
        >>> log = pd.DataFrame({"called": "2026-03-10", "waited": waits,
        ...                     "answer": [5 if wait <= 60 else 1 for wait in waits]})
        >>> found = svclight.calibrate(
        ...     log, definitions, "hotline.wait", satisfaction="answer", green=">= 4", resamples=50
        ... )
        >>> found.proposals[["method", "zone", "limit", "current"]].dropna().values.tolist()
        [['fall', 'green', 40.0, 30.0], ['agreement', 'green', 59.0, 30.0], ['tree', 'green', 59.0, 30.0]]
    """
    definitions = definitions if isinstance(definitions, Definitions) else load(definitions)
    lang = language_of(lang, definitions)
    check_kind(criterion, str, "criterion of svclight.calibrate", "PROCESS.CRITERION such as hotline.wait")
    process, _, name = criterion.partition(".")
    which, options = (
        CriterionId(process, name),
        {"as_of": as_of, "max_rejected": max_rejected, "max_unread": max_unread},
    )
    given = (green, yellow)
    pairs = pairs_of(logs, definitions, which, satisfaction, given=given, where=where, options=options, lang=lang)
    both = (pairs.zones < UNRATED) & (pairs.said < UNRATED)
    if not both.any():
        raise SvclightError(
            f"no interaction has both a zone of {criterion} and an answer in {satisfaction}: there is nothing to "
            "hold it against"
        )
    rng = np.random.default_rng(seed)  # the same seed gives the same intervals
    matrix = np.zeros((len(ZONES), len(ZONES)), dtype=np.int64)
    np.add.at(matrix, (pairs.zones[both], pairs.said[both]), 1)
    direction = "" if pairs.rule is None else pairs.rule.green.direction
    proposals, follows = _proposal_table(pairs, direction, resamples, rng)
    tables: dict[str, Any] = {
        "matrix": pd.DataFrame(matrix, columns=list(ZONES)).assign(zone=ZONES)[["zone", *ZONES]],
        "agreement": _agreement_table(matrix, resamples, rng),
        "by_value": _by_value(pairs),
        "proposals": proposals,
        "heaps": _heap_table(pairs, direction),
        "responses": _response_table(pairs),
    }
    sentences, notes = calibration_in_words(tables, pairs, direction, follows=follows, lang=lang)
    head = (*which, definitions.title(*which), satisfaction, pairs.limits, pairs.unit, direction)
    return Calibration(*head, **tables, follows=follows, sentences=sentences, notes=notes, lang=lang)


def _agreement_table(matrix: NDArray[np.int64], resamples: int, rng: np.random.Generator) -> pd.DataFrame:
    """The agreement of zones and answers: kappa by weights, and tau-b with a bootstrap interval."""
    rows = [(f"kappa, {weights}", *weighted_kappa(matrix, weights)) for weights in WEIGHTS]
    drawn = tau_b(resample_table(matrix, resamples, rng))
    rows.append(("tau-b", float(tau_b(matrix)), *percentile_interval(drawn)))
    return pd.DataFrame(rows, columns=["coefficient", "value", "low", "high"])


def _has_value_and_answer(pairs: Pairs) -> NDArray[np.bool_]:
    """The interactions with a measured value and an answer."""
    return ~np.isnan(pairs.values) & (pairs.said < UNRATED) & ~np.isnan(pairs.scores)


def _zone_limits(pairs: Pairs) -> dict[str, Interval]:
    """The limits by zone."""
    if pairs.rule is None:
        return {}
    found = {"green": pairs.rule.green, "yellow": pairs.rule.yellow}
    return {zone: interval for zone, interval in found.items() if interval is not None}


def _by_value(pairs: Pairs) -> pd.DataFrame:
    """Satisfaction in classes of value; no class goes over a limit."""
    columns = ["low", "high", "answers", "value", "answer"]
    chosen = _has_value_and_answer(pairs) if pairs.rule is not None else np.zeros(len(pairs.values), dtype=bool)
    values, said_, answers = pairs.values[chosen], pairs.said[chosen], pairs.answers[chosen]
    counted = np.zeros((0, len(ZONES)), dtype=np.int64)
    rows: list[tuple[float, ...]] = []
    if len(values):
        limits = [float(end.amount) for interval in _zone_limits(pairs).values() for end in interval.ends]
        steps = np.quantile(values, np.linspace(0, 1, BINS + 1), method="inverted_cdf")
        inside = [limit for limit in limits if values.min() < limit < values.max()]
        edges = np.unique([*steps[1:], *inside])  # a class over a limit would mix zones
        place = np.searchsorted(edges, values)
        counted = np.zeros((len(edges), len(ZONES)), dtype=np.int64)
        np.add.at(counted, (place, said_), 1)
        starts = [float(values.min()), *edges[:-1].tolist()]
        for at in np.flatnonzero(counted.sum(axis=1)).tolist():
            here = place == at
            means = (float(values[here].mean()), float(answers[here].mean()))
            rows.append((starts[at], float(edges[at]), int(here.sum()), *means))
        counted = counted[counted.sum(axis=1) > 0]
    table = pd.DataFrame(rows, columns=columns)
    for code in (0, 2):
        part, whole = counted[:, code], counted.sum(axis=1)
        table[f"{ZONES[code]}_share"] = shares.share(part, whole)
        table[f"{ZONES[code]}_share_low"], table[f"{ZONES[code]}_share_high"] = shares.wilson_interval(part, whole)
    return table


def _proposal_table(
    pairs: Pairs, direction: str, resamples: int, rng: np.random.Generator
) -> tuple[pd.DataFrame, bool]:
    """Limits by each method, and whether answers follow the value at all."""
    columns = ["method", "zone", "limit", "low", "high", "beyond", "edge", "current", "declared", "verdict", "kappa"]
    chosen = _has_value_and_answer(pairs)
    if direction not in ("lower is better", "higher is better") or int(chosen.sum()) < FEWEST:
        return pd.DataFrame(columns=columns), False
    sign = 1.0 if direction == "lower is better" else -1.0  # the search knows one direction: less is better
    values, scores = sign * pairs.values[chosen], pairs.scores[chosen]
    answers = limit_search.Answers.of(values, scores, pairs.said[chosen])
    found, drawn = limit_search.proposed_limits(answers), limit_search.bootstrap_limits(answers, resamples, rng)
    rows = []
    for method in limit_search.METHODS:
        worth = _kappa_at(answers, found[method][0])
        limits = sign * limit_search.open_at_edges(answers, found[method][0])
        opened = limit_search.open_at_edges(answers, drawn[method])
        for at, (zone, interval) in enumerate({"green": None, "yellow": None, **_zone_limits(pairs)}.items()):
            ends = sorted(sign * end for end in limit_search.limit_interval(answers, opened[:, at]))
            beyond = {np.inf: "above", -np.inf: "below"}.get(float(limits[at]), "")
            edge = float(max(sign * one for one in answers.edges())) if beyond == "above" else np.nan
            edge = float(min(sign * one for one in answers.edges())) if beyond == "below" else edge
            limit = np.nan if beyond else float(limits[at])
            end = None if interval is None else interval.ends[0]
            current, declared = (np.nan, "") if end is None else (float(end.amount), declared_end(end, pairs.unit))
            verdict = _limit_verdict(sign, ends, current)
            rows.append((method, zone, limit, *ends, beyond, edge, current, declared, verdict, worth))
    return pd.DataFrame(rows, columns=columns), _answers_follow(values, scores)


def _kappa_at(answers: limit_search.Answers, limits: Floats) -> float:
    green = np.searchsorted(answers.tops, limits[:1])
    yellow = np.searchsorted(answers.tops, limits[1:]) if answers.has_yellow else green
    if np.isnan(limits[0]):
        return np.nan
    return float(limit_search.limit_kappas(answers, answers.counts[np.newaxis], green, yellow)[0, 0])


def _limit_verdict(sign: float, ends: list[float], current: float) -> str:
    if np.isnan([*ends, current]).any():
        return ""
    if ends[0] <= current <= ends[1]:
        return "as it is"
    return "later" if sign * ends[0] > sign * current else "earlier"


def _answers_follow(values: Floats, scores: Floats) -> bool:
    """Whether answers fall as the value worsens, by Kendall's tau-b at 5 %."""
    from scipy import stats as scipy_stats  # noqa: PLC0415 - loaded when used

    if len(np.unique(values)) == 1 or len(np.unique(scores)) == 1:
        return False
    found = scipy_stats.kendalltau(values, scores)
    return bool(found.statistic < 0 and found.pvalue < _LEVEL)


def _heap_table(pairs: Pairs, direction: str) -> pd.DataFrame:
    """The class just under each limit, over all interactions, answered or not."""
    rows = []
    values = pairs.values[~np.isnan(pairs.values)]
    for zone, interval in _zone_limits(pairs).items():
        for end, opened, sign in ((interval.high, interval.high_open, 1.0), (interval.low, interval.low_open, -1.0)):
            if end is None or not direction or not len(values):
                continue
            limit, times = sign * float(end.amount), pairs.unit in SECONDS
            length = float(SECONDS[pairs.unit]) if times else 1.0
            heap = heaping.heap_under(sign * values * length, limit * length, closed=not opened, times=times)
            numbers = (heap.width / length, heap.counted, heap.expected, heap.p, heap.is_one, heap.why_not)
            rows.append((zone, sign * limit, declared_end(end, pairs.unit), *numbers))
    return pd.DataFrame(
        rows, columns=["zone", "limit", "declared", "width", "counted", "expected", "p", "heap", "why_not"]
    )


def _response_table(pairs: Pairs) -> pd.DataFrame:
    """The number of customers asked and of answers, by the zone of the criterion."""
    rated = (pairs.zones < UNRATED) & pairs.asked
    whole = np.bincount(pairs.zones[rated], minlength=UNRATED)
    part = np.bincount(pairs.zones[rated & (pairs.said < UNRATED)], minlength=UNRATED)
    whole, part = np.append(whole, whole.sum()), np.append(part, part.sum())
    low, high = shares.wilson_interval(part, whole)
    rates = {"response_rate": shares.share(part, whole), "response_rate_low": low, "response_rate_high": high}
    return pd.DataFrame({"zone": [*ZONES, "all"], "interactions": whole, "answered": part, **rates})
