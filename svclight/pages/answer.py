"""What a manager asks first: how good is the service, what got worse for sure, what to mend first.

In: a card, and verdicts on its targets or none. Out: `Answer`: a verdict for all targets, three sentences, and a line
for each criterion, the worst first. It puts together what `check`, `compare`, `control_limits` and `plan` say of the
newest period that can be judged, and counts nothing itself.
"""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass
from typing import TYPE_CHECKING

import pandas as pd

from svclight.card.card_tables import check_card
from svclight.decisions.check import Checks, check
from svclight.decisions.control_chart import ControlLimits, control_limits
from svclight.decisions.result import Result, result_html
from svclight.decisions.target_counts import without_unsplit_targets
from svclight.decisions.verdicts import targets_heading
from svclight.pages import answer_words, page_words
from svclight.pages.answer_lines import AnswerLine, answer_lines, target_verdicts
from svclight.pages.standing_out import segment_funnels, standing_out
from svclight.planning.plan import Priorities, plan
from svclight.values.notebook_html import TextTable
from svclight.wording.catalogue import say
from svclight.wording.languages import interval_words, language_of, share_words, whole_number

if TYPE_CHECKING:
    from collections.abc import Mapping

    from svclight.decisions.funnel import Funnel
    from svclight.definition.criterion_id import CriterionId
    from svclight.pages.answer_words import Sentence
    from svclight.scorecard import Scorecard


@dataclass(frozen=True, repr=False)
class Answer(Result):
    """The answer in ten seconds.

    Attributes:
        heading: The verdict on all targets together.
        good: What is good.
        worse: What got worse for sure.
        mend: What to mend first.
        lines: A line for each criterion that is scored, the worst first.
        checks: The verdicts on targets.
        charts: The control charts of the green shares.
        priorities: The plan.
        funnels: The funnel of each segment by which the card is split.
        lang: The language of the sentences.
        kind: The kind of period.
        notes: Which targets are not judged, as the card is not split by their segments.
    """

    heading: str
    good: Sentence
    worse: Sentence
    mend: Sentence
    lines: tuple[AnswerLine, ...]
    checks: Checks
    charts: ControlLimits
    priorities: Priorities
    funnels: Mapping[str, Funnel]
    lang: str
    kind: str
    notes: tuple[str, ...] = ()

    @property
    def sentences(self) -> tuple[str, ...]:
        """The heading and the three sentences, each with its name."""
        named = zip(answer_words.names(self.lang), (self.good, self.worse, self.mend), strict=True)
        return (self.heading, *(f"{name}: {one.text}" for name, one in named))

    @property
    def table(self) -> pd.DataFrame:
        """A row a criterion: `process, criterion, period, rated, green_share, verdict, change, charted`."""
        return pd.DataFrame(
            [
                [
                    *(*line.which, line.period, line.rated, line.green[0]),
                    *(line.verdict, line.change.verdict, line.change.charted),
                ]
                for line in self.lines
            ],
            columns=["process", "criterion", "period", "rated", "green_share", "verdict", "change", "charted"],
        )  # fmt: skip

    def _repr_html_(self) -> str:
        heads = ("Criterion", "Green", "95 % interval", "Rated", "Target", "Change")
        small = TextTable(
            tuple(say(head, self.lang) for head in heads),
            tuple(self._shown_row(line) for line in self.lines),
            frozenset({1, 2, 3}),
        )
        return result_html(list(self.sentences), small, {"table": self.table}, lang=self.lang, more=self.notes)

    def _shown_row(self, line: AnswerLine) -> tuple[str, ...]:
        """The cells of a criterion in a notebook."""
        sign, verdict = page_words.verdict_of(line, self.lang)
        targets = page_words.targets_text(line, self.checks, self.lang)
        share, low, high = line.green
        return (
            line.title,
            share_words(share, self.lang),
            interval_words(low, high, self.lang) if line.rated else "",
            whole_number(line.rated, self.lang),
            f"{sign} {verdict}" + (f": {targets}" if targets else ""),
            ": ".join(filter(None, answer_words.change_words(line, self.kind, self.lang))),
        )

    def __str__(self) -> str:
        return "\n".join(self.sentences)


def answer(card: Scorecard, checks: Checks | None = None, *, lang: str | None = None) -> Answer:
    """Tells how good the service is, what got worse for sure and what to mend first.

    Args:
        card: What was counted.
        checks: Verdicts on targets, such as those of another period; of the newest one unless given.
        lang: The language of the sentences; that of the definitions unless given.

    Returns:
        The `Answer`. A criterion is judged in its newest period that is neither partial nor immature, and compared with
        the periods before it, at most 12 months (28 days, 13 weeks, 8 quarters, 5 years), added up, with p-values
        corrected over all criteria. Targets for segments by which the card is not split are not judged, and that is
        said in the notes.

    Raises:
        SvclightError: Nothing is written in the language.

    Examples:
        >>> import pandas as pd
        >>> import svclight
        >>> definitions = svclight.loads('''
        ... svclight: 1
        ... time_zone: UTC
        ... processes:
        ...   hotline:
        ...     title: Hotline
        ...     log: {time: called, fields: {waited: {number: waited, unit: s}}}
        ...     criteria:
        ...       wait: {title: Waiting, measure: {value: waited}, green: "<= 30 s", targets: {green: ">= 80 %"}}
        ... ''')
        >>> months = [f"2026-{month:02}" for month in range(1, 7)]
        >>> table = pd.DataFrame({"month": months, "process": "hotline", "criterion": "wait",
        ...                       "green": [900, 890, 905, 895, 900, 700], "yellow": 0,
        ...                       "red": [100, 110, 95, 105, 100, 300]})
        >>> print(svclight.answer(svclight.tally(table, definitions, as_of="2026-07-01")))
        The only target is missed
        Good: No target is met for sure.
        Worse for sure: Waiting fell from 89.8 to 70.0 % green. Nothing else changed by more than chance.
        Mend first: Waiting: at least 72 greens too few (100 seen).
    """
    check_card(card, "svclight.answer")
    chosen = language_of(lang, card.definitions)
    left_out: list[tuple[CriterionId, str]] = []
    if checks is None:
        card, left_out = without_unsplit_targets(card)
        checks = check(card, lang=chosen)
    charts = control_limits(card, lang=chosen)
    lines = answer_lines(card, checks, charts)
    priorities, funnels = plan(card, lang=chosen), segment_funnels(card, lines)
    targets = Counter(verdict for line in lines for verdict in target_verdicts(line))
    return Answer(
        targets_heading(targets, is_rated=any(line.rated for line in lines), lang=chosen),
        answer_words.good_sentence(lines, card.definitions, chosen),
        answer_words.worse_sentence(lines, chosen),
        answer_words.mend_sentence(priorities, standing_out(funnels), card.definitions, chosen),
        lines,
        checks,
        charts,
        priorities,
        funnels,
        chosen,
        card.provenance.period,
        tuple(answer_words.unjudged_note(which, where, card.definitions, chosen) for which, where in left_out),
    )
