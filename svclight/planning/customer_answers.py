"""Interactions of a criterion, each with the answer of its customer.

In: logs, definitions, a criterion, the field of the answers. Out: `Pairs`, arrays with an entry an interaction: value
and zone of the criterion, answer and its zone, who was asked. Answers are judged by the criterion that measures them,
where there is one, so that they have its limits, its scale and its missing tokens.
"""

from __future__ import annotations

from dataclasses import dataclass, replace
from fractions import Fraction
from typing import TYPE_CHECKING, Any, Final

import numpy as np

from svclight.definition.conditions import parse_condition
from svclight.definition.models import Criterion, Measure
from svclight.errors import Issue, SvclightError, quoted_list, quoted_text, unknown_name
from svclight.judging.contract import Wanted
from svclight.logs.condition_masks import rows_that_meet
from svclight.logs.customers import of_customers
from svclight.logs.log import PART, in_parts
from svclight.method.limits import limits_of
from svclight.processes import criterion_at, criterion_ids
from svclight.scoring import score
from svclight.thresholds import ZONES, Interval, Rule, order_problem, parse_interval, scale_interval
from svclight.wording.catalogue import say
from svclight.wording.sentence_parts import limit_words
from svclight.wording.zone_words import zone_members

if TYPE_CHECKING:
    from collections.abc import Mapping

    from numpy.typing import NDArray

    from svclight.definition.criterion_id import CriterionId
    from svclight.judging.judge import Judge
    from svclight.logs.log import Rows
    from svclight.processes import Definitions

    Floats = NDArray[np.float64]
    Codes = NDArray[np.int64]

UNRATED: Final = len(ZONES)
_KINDS: Final = ("value", "flag", "category")
_SATISFIED: Final = 2.0


@dataclass(frozen=True)
class Pairs:
    """Interactions of a criterion, each with the answer of its customer.

    Attributes:
        values: What was measured, in `unit`; NaN where the zone is no measured one (abandoned, overdue) or is none.
        zones: 0 green, 1 yellow, 2 red, 3 not rated.
        answers: What was answered; NaN where nothing that can be rated was.
        scores: The same, turned so that more is better.
        said: The zone of the answer, 3 where there is none.
        asked: Who was asked.
        unit: The unit of the values.
        rule: The limits of the criterion that hold last for everybody, in `unit`; None for flags, categories, `worst`.
        several: Whether other limits hold for other dates or segments.
        limits: Which answers are green and yellow, in words.
    """

    values: Floats
    zones: Codes
    answers: Floats
    scores: Floats
    said: Codes
    asked: NDArray[np.bool_]
    unit: str
    rule: Rule | None
    several: bool
    limits: str


def pairs_of(
    logs: Any,
    definitions: Definitions,
    which: CriterionId,
    satisfaction: str,
    *,
    given: tuple[str | None, str | None],
    where: Mapping[str, str] | None,
    options: Mapping[str, Any],
    lang: str,
) -> Pairs:
    """Reads the log and judges both sides of each interaction.

    Raises:
        SvclightError: The criterion or the field is not there, or no answer belongs to an interaction of it.
    """
    process = which.process
    _check_criterion(definitions, which)
    _check_where(definitions, process, where or {})
    name = _criterion_of(definitions, which, satisfaction)
    own = _rule_given(given)
    if name is not None and own is not None:
        whose = f"those of {process}.{name}"
        raise SvclightError(f"{quoted_text(satisfaction)} has limits already, {whose}: leave out limits of the answers")
    asking = definitions if name is not None else _with_answers(definitions, process, satisfaction)
    card = score(logs, asking, **options)
    if card.way_back is None:  # a card that was just scored has one
        raise TypeError
    judges = card.way_back(Wanted(process))
    if not judges:
        raise SvclightError(f"no log was given for {quoted_text(process)}")
    judge = judges[0]
    names = (which.criterion, name or _ANSWERS)
    parts = [_of_rows(judge, rows, names, where) for rows in in_parts(judge.log, PART)]
    columns = [np.concatenate(column) for column in zip(*parts, strict=True)] if parts else [np.zeros(0)] * 5
    values, answers, asked = columns[0], columns[2], columns[4]
    zones, said = (np.asarray(columns[at], dtype=np.int64) for at in (1, 3))
    if name is None:
        rule = own or _rule_of_thirds(answers)
        said = np.where(np.isnan(answers), UNRATED, rule.zones(answers)).astype(np.int64)
        scores = -answers if rule.green.low is None else answers
        limits = _limits_in_words(rule, lang, are_given=own is not None)
    else:
        scores, answers = _answer_scores(definitions.processes[process].criteria[name], answers, said)
        limits = say("those of the criterion {title}", lang, title=definitions.title(process, name))
    unit, found, several = _value_limits(judge, which.criterion)
    return Pairs(values, zones, answers, scores, said, asked.astype(bool), unit, found, several, limits)


_ANSWERS: Final = "answers of customers"


def _check_criterion(definitions: Definitions, which: CriterionId) -> None:
    """Refuses a criterion that does not exist, or that counts customers, whose answers belong to no interaction."""
    known = criterion_ids(definitions)
    if which not in known:
        found, expected = str(which).rstrip("."), f"one of {quoted_list(known)}"
        raise SvclightError(unknown_name("unknown criterion", found, known, expected=expected))
    log: Any = definitions.processes[which.process].log  # it has criteria
    if log.rows == "totals":
        raise SvclightError(
            f"{which} counts what its log has counted already: a row of totals is no interaction whose customer "
            "answered; calibrate needs a log of single interactions"
        )
    if of_customers(criterion_at(definitions, which), definitions.processes[which.process]):
        raise SvclightError(
            f"{which} counts customers at each period's end; answers belong to interactions: "
            "calibrate another criterion"
        )


def _check_where(definitions: Definitions, process: str, where: Mapping[str, str]) -> None:
    """Refuses a segment that the log of the process does not offer."""
    log: Any = definitions.processes[process].log
    offered = log.segments or ()
    for name in where:
        if name not in offered:
            expected = f"one of {quoted_list(offered)}" if offered else "a log with `segments`"
            raise SvclightError(unknown_name("unknown segment", name, offered, expected=expected))


def _criterion_of(definitions: Definitions, which: CriterionId, satisfaction: str) -> str | None:
    """The criterion that measures the answers; None without one."""
    for name, one in definitions.processes[which.process].criteria.items():
        if one.measure.kind in _KINDS and one.measure.spec == satisfaction:
            if name == which.criterion:
                raise SvclightError(f"{which} measures {quoted_text(satisfaction)} itself: calibrate another criterion")
            return name
    return None


def _with_answers(definitions: Definitions, process: str, satisfaction: str) -> Definitions:
    """The definitions with a criterion more that reads the answers; its zones are not used."""
    log: Any = definitions.processes[process].log
    known = {
        **(log.fields or {}),
        **{f"{name}.{one}": f for name, join in log.join.items() for one, f in join.fields.items()},
    }
    spec = known.get(satisfaction)
    if spec is None and (log.fields is not None or "." in satisfaction):
        expected = f"one of {quoted_list(known)}"
        raise SvclightError(unknown_name("unknown field of answers", satisfaction, known, expected=expected))
    if spec is not None and spec.kind not in ("number", "span"):
        raise SvclightError(
            Issue(
                f"{quoted_text(satisfaction)} is a field of {spec.kind}", expected="a field of numbers",
                hint="or a criterion that says which answers are green",
            )
        )  # fmt: skip
    reading = Criterion.model_construct(measure=Measure(value=satisfaction), green=parse_interval(">= 0"))
    whole = definitions.processes[process]
    changed = whole.model_copy(update={"criteria": {**whole.criteria, _ANSWERS: reading}})
    processes = {**definitions.processes, process: changed}
    return replace(definitions, document=definitions.document.model_copy(update={"processes": processes}))


def _rule_given(given: tuple[str | None, str | None]) -> Rule | None:
    """The limits of the answers that the call gives; None where it gives none."""
    green, yellow = given
    if green is None:
        if yellow is not None:
            raise SvclightError("limits of the answers need green: yellow alone does not say who is satisfied")
        return None
    parsed = []
    for name, text in (("green", green), ("yellow", yellow)):
        try:
            parsed.append(None if text is None else parse_interval(text))
        except ValueError as error:
            raise SvclightError(
                Issue(
                    f"the {name} of the answers is no limit",
                    found=quoted_text(text),
                    expected='such as ">= 4"',
                    hint=str(error),
                )
            ) from None
    first, second = parsed
    problem = "" if second is None else order_problem(first, second)  # type: ignore[arg-type]  # green is there
    if problem:
        raise SvclightError(f"limits of the answers: {problem}")
    return Rule(first, second)  # type: ignore[arg-type]


def _rule_of_thirds(answers: Floats) -> Rule:
    """More is better; the upper third of the range from the least to the greatest answer is green, the lower red."""
    if np.isnan(answers).all():
        return Rule(parse_interval(">= 0"))
    low, high = float(np.nanmin(answers)), float(np.nanmax(answers))
    green, yellow = (f">= {_number_text(low + (high - low) * part)}" for part in (2 / 3, 1 / 3))
    return Rule(parse_interval(green), parse_interval(yellow))


def _number_text(number: float) -> str:
    return f"{number:.6f}".rstrip("0").rstrip(".")


def _limits_in_words(rule: Rule, lang: str, *, are_given: bool) -> str:
    """Which answers are green and yellow, and where that comes from."""
    limits = f"{zone_members('green', lang)} {limit_words(str(rule.green), lang)}"
    if rule.yellow is not None:
        limits = f"{limits}, {zone_members('yellow', lang)} {limit_words(str(rule.yellow), lang)}"
    if are_given:
        return say("given: {limits}", lang, limits=limits)
    return say("thirds of the range of the answers: {limits}", lang, limits=limits)


def _answer_scores(criterion: Criterion, answers: Floats, said: Codes) -> tuple[Floats, Floats]:
    """Answers turned so that more is better, and as they are; where they are no numbers or a band, by their zone."""
    green = criterion.rows[-1].green
    if criterion.measure.kind == "value" and isinstance(green, Interval) and green.direction != "a band":
        return (-answers if green.low is None else answers), answers
    ranked = np.where(said < UNRATED, _SATISFIED - said, np.nan)
    return ranked, (answers if criterion.measure.kind == "value" else ranked)


def _of_rows(judge: Judge, rows: Rows, names: tuple[str, str], where: Mapping[str, str] | None) -> tuple[Any, ...]:
    """Value, zone, answer, zone of the answer, asked or not, of a part of the log."""
    judged = judge.judge_rows(rows, names)
    columns: list[Any] = []
    for name in names:
        one, states = judged[name], [state for state, _ in judge.outcomes[name].pairs]
        zones = np.array([ZONES.index(state) if state in ZONES else UNRATED for state in states])[one.codes]
        values = np.full(len(rows), np.nan)
        if one.measured is not None and one.measured.words is None:
            values = np.where(one.codes < len(ZONES), one.values_in_unit(), np.nan)
        columns += [values, zones]
    asking = rows.log.process.criteria[names[1]].asked
    asked = rows_that_meet(asking, rows)
    columns.append(np.ones(len(rows), dtype=bool) if asked is None else asked)
    chosen = rows_that_meet(parse_condition(dict(where)), rows) if where else None
    weights = rows.weights()
    times = np.ones(len(rows), dtype=np.int64) if weights is None else weights
    times = times if chosen is None else np.where(chosen, times, 0)
    return tuple(np.repeat(column, times) for column in columns)


def _value_limits(judge: Judge, name: str) -> tuple[str, Rule | None, bool]:
    """The unit of the values, the limits that hold last for everybody, and whether there are others."""
    criterion = judge.log.process.criteria[name]
    rows = criterion.rows
    if not isinstance(rows[0].green, Interval) or not len(judge.log):
        return "", None, len(rows) > 1
    measured: Any = judge.judge_rows(judge.log.rows(0, 1), (name,))[name].measured
    general = [place for place, row in enumerate(rows) if row.where is None]
    newest = max(general, key=lambda place: (rows[place].until is None, rows[place].until or 0))
    rule = limits_of(criterion.rows[newest], measured.factor, measured.unit)

    length = 1 / Fraction(measured.per_unit)
    yellow = None if rule.yellow is None else scale_interval(rule.yellow, length)
    return measured.unit, Rule(scale_interval(rule.green, length), yellow), len(rows) > 1
